"""The commands that look: `inspect`, `cues`, `formats`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from postsync.cli.common import ALL_MARKERS, DIALECT, PATH, Common, console, finish, verb
from postsync.cli.tables import draw_cues, draw_format, draw_formats, draw_inspection


@click.command()
@click.argument("file", type=PATH)
@ALL_MARKERS
@verb
def inspect(common: Common, file: Path, all_markers: bool) -> None:
    """Show what is in FILE: timelines, tracks, clips, markers, cues and oddities.

    Example: postsync inspect reel3.fcpxml --json
    """
    from postsync import verbs

    found = verbs.inspect(file, all_markers=all_markers, **common.reading())
    if not common.json:
        draw_inspection(console(), found.document)
    finish(common, found.report, found.to_json())


@click.command()
@click.argument("file", type=PATH)
@DIALECT
@ALL_MARKERS
@verb
def cues(common: Common, file: Path, **how: Any) -> None:
    """List the ADR cues of FILE in record order.

    Example: postsync cues "R1 markers.edl" --rate 23.976
    """
    from postsync import verbs

    found = verbs.cues(file, **how, **common.reading())
    if not common.json:
        draw_cues(console(), found)
    finish(common, found.report, found.to_json())


@click.command()
@click.argument("name", required=False)
@verb
def formats(common: Common, name: str | None) -> None:
    """Show which formats are read and written, and what each can hold; with NAME, the options of that format.

    Example: postsync formats aaf
    """
    from postsync import verbs
    from postsync.report import Report

    rows = verbs.formats(name)
    if not common.json:
        draw_format(console(), rows[0]) if name else draw_formats(console(), rows)
    finish(common, Report(), {"schema": "postsync.formats/1", "formats": [row.to_json() for row in rows]})
