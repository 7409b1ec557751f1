"""The command `check`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from postsync.cli.common import ALL_MARKERS, PATH, Common, console, finish, verb
from postsync.cli.tables import draw_findings


@click.command()
@click.argument("file", type=PATH)
@ALL_MARKERS
@verb
def check(common: Common, file: Path, all_markers: bool) -> None:
    """Say what is wrong with the cues of FILE, or may be, and what to do.

    Numbers, characters and actors, lines, times, reels, tags and takes; also against postsync.toml. Exits with 1 when an
    error is found. --verbose shows every finding and the notes.

    Example: postsync check reel1.otio
    """
    from postsync import verbs

    found = verbs.check(file, all_markers=all_markers, **common.reading())
    if not common.json:
        draw_findings(console(), found.findings, verbose=common.verbose)
    finish(common, found.report, found.to_json())
    if found.has_errors:
        raise SystemExit(1)
