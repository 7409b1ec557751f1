"""The command `verify`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from postsync.cli.common import PATH, Common, console, finish, verb
from postsync.cli.tables import draw_verification


@click.command()
@click.argument("sent", type=PATH)
@click.argument("returned", type=PATH)
@verb
def verify(common: Common, sent: Path, returned: Path) -> None:
    """Compare SENT with RETURNED, what an application gave back of it: per clip and per cue, what moved, changed or is gone.

    What one of the two formats has no place for is not compared, and named. The exit code is 1 where anything differs.

    Example: postsync verify "R1/The Crossing R1.aaf" "R1 from Pro Tools.aaf"
    """
    from postsync import verbs

    found = verbs.verify(sent, returned, **common.reading())
    if not common.json:
        draw_verification(console(), found.verification, verbose=common.verbose)
    finish(common, found.report, found.to_json(), failed=not found.verification.same)
