"""The command `merge`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import rich_click as click

from postsync.cli.common import ALL_MARKERS, DIALECT, PATH, Common, console, finish, verb
from postsync.cli.tables import draw_merge


@click.command()
@click.argument("work", type=PATH)
@click.argument("returned", type=PATH)
@click.argument("out", type=PATH)
@click.option("--as", "as_format", metavar="FORMAT", help="The format of OUT, where the suffix does not say.")
@click.option(
    "--base", type=PATH, metavar="FILE.cues.json", help="The cue document that says what was written; found by itself."
)
@click.option(
    "--offset",
    type=click.Choice(["take", "leave"]),
    default="take",
    show_default=True,
    help="Where the whole list moved: move our cues too, or leave them where they are.",
)
@click.option(
    "--prefer", type=click.Choice(["ours", "theirs"]), help="Settle conflicts this way instead of listing them."
)
@click.option(
    "--omit-missing", is_flag=True, help="Mark cues that did not come back as omitted; they stay in the list."
)
@click.option("--date", metavar="DATE", help="The date in the cues' history; default today.")
@DIALECT
@ALL_MARKERS
@verb
def merge(common: Common, work: Path, returned: Path, out: Path, **how: Any) -> None:
    """Bring a cue list that came back (RETURNED) into WORK and write OUT.

    Each cue is known again by its tag, its number, or what it says and where it stands. A field that came back changed is
    taken; one that both sides changed is listed as a conflict, and the exit code is 1. Nothing is dropped: cues that did
    not come back stay, and what may be one of ours but is not sure is kept apart for you to confirm.

    Example: postsync merge R1.otio "R1 cues back from Anna.xlsx" "R1 merged.otio"
    """
    from postsync import verbs

    date = how.pop("date") or datetime.date.today().isoformat()  # noqa: DTZ011 - the day on which a person merges
    take_offset = how.pop("offset") == "take"
    done = verbs.merge(work, returned, out, date=date, take_offset=take_offset, **common.reading(), **how)
    if not common.json and not common.quiet:
        draw_merge(console(), done)
    finish(common, done.report, done.to_json(), failed=not done.settled)
