"""The verbs as commands. Each parses, calls one function of `postsync.verbs`, and prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from postsync import __version__
from postsync.cli.common import Common, console, finish, progress_bar, verb
from postsync.cli.tables import draw_cues, draw_formats, draw_inspection, draw_turnover

PATH = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="postsync")
def main() -> None:
    """Carry ADR cues and synced clips between picture editors and sound.

    \b
    postsync demo                                  see the main job run on a small made reel
    postsync inspect reel1.fcpxml                  what is in a file
    postsync cues reel1.fcpxml                     its ADR cues
    postsync turnover reel1.fcpxml --into R1       the folder for Pro Tools
    """


@main.command()
@click.argument("file", type=PATH)
@click.option("--all-markers", is_flag=True, help="Take every marker as a cue.")
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


@main.command()
@click.argument("file", type=PATH)
@click.option("--all-markers", is_flag=True, help="Take every marker as a cue.")
@verb
def cues(common: Common, file: Path, all_markers: bool) -> None:
    """List the ADR cues of FILE in record order.

    Example: postsync cues "R1 markers.edl" --rate 23.976
    """
    from postsync import verbs

    found = verbs.cues(file, all_markers=all_markers, **common.reading())
    if not common.json:
        draw_cues(console(), found.rows)
    finish(common, found.report, found.to_json())


@main.command()
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@click.option("--as", "as_format", metavar="FORMAT", help="The format to write, where the suffix does not say.")
@click.option("--all-markers", is_flag=True, help="Take every marker as a cue.")
@verb
def convert(common: Common, source: Path, target: Path, as_format: str | None, all_markers: bool) -> None:
    """Turn IN into OUT, whole or not at all; what OUT cannot hold is printed.

    Example: postsync convert reel1.fcpxml "reel1 cues.csv"
    """
    from postsync import verbs

    done = verbs.convert(source, target, as_format=as_format, all_markers=all_markers, **common.reading())
    if not common.json and not common.quiet:
        console().print(f"{target} ({done.read_as} to {done.written_as})", markup=False)
    finish(common, done.report, done.to_json())


@main.command()
@click.argument("source", metavar="IN", type=PATH)
@click.option("--for", "application", default="pro-tools", show_default=True, help="The application that receives it.")
@click.option("--into", required=True, type=FOLDER, help="The folder to make.")
@click.option(
    "--cues", "cue_file", type=PATH, metavar="MARKERS", help="Take the cues from this file, joined by timecode."
)
@click.option(
    "--tags",
    type=click.Choice(["none", "uid", "full"]),
    default="uid",
    show_default=True,
    help="The mark that cues carry in text.",
)
@click.option(
    "--handles", default="4s", show_default=True, metavar="LENGTH", help="Sound before and after each clip: 4s, 12f."
)
@click.option("--embed", "media", flag_value="embed", help="Sound inside the AAF.")
@click.option(
    "--link", "media", flag_value="link", help="Point at the files where they are; poly files are still split."
)
@click.option(
    "--copy-media", "media", flag_value="copy", help="New mono WAVs with handles beside the AAF (the default)."
)
@click.option(
    "--media", "search", type=FOLDER, multiple=True, metavar="FOLDER", help="Look for media here too; repeatable."
)
@click.option("--date", metavar="DATE", help="The date on paper; default today.")
@click.option("--all-markers", is_flag=True, help="Take every marker as a cue.")
@verb
def turnover(common: Common, source: Path, into: Path, **how: Any) -> None:
    """Make the folder that the next application needs from the timeline IN.

    Sound as AAF with every clip in place to the sample, the cues as markers and MIDI, a cue sheet and table, the work
    itself, and a report of what was lost or is missing.

    Example: postsync turnover reel1.otio --cues "R1 markers.edl" --media /Volumes/Sound --into R1
    """
    from postsync import verbs

    plan = _turnover_arguments(common, how)
    with progress_bar(common) as progress:
        made = verbs.turnover(source, into, progress=progress, **plan)
    if not common.json:
        draw_turnover(console(), made)
    finish(common, made.report, made.to_json())


def _turnover_arguments(common: Common, how: dict[str, Any]) -> dict[str, Any]:
    """Give what the verb takes from what was typed."""
    import datetime

    from postsync.timing import duration_from_text

    return {
        **common.reading(),
        "application": how["application"],
        "cues": how["cue_file"],
        "tags": how["tags"],
        "handles": duration_from_text(how["handles"], common.rate),
        "media": how["media"] or "copy",
        "search": how["search"],
        "date": how["date"] or datetime.date.today().isoformat(),  # noqa: DTZ011 - the day where the paper is printed
        "all_markers": how["all_markers"],
    }


@main.command()
@verb
def formats(common: Common) -> None:
    """Show which formats are read and written, and what each can hold."""
    from postsync import verbs
    from postsync.report import Report

    rows = verbs.formats()
    if not common.json:
        draw_formats(console(), rows)
    finish(common, Report(), {"schema": "postsync.formats/1", "formats": [row.to_json() for row in rows]})


@main.command()
@click.argument("folder", type=FOLDER, default=Path("postsync demo"))
@verb
def demo(common: Common, folder: Path) -> None:
    """Turn over a small made reel with ADR markers and say what came out.

    Works from a bare install and offline. FOLDER is made where you are ("postsync demo").
    """
    from postsync import demo as packaged
    from postsync import verbs

    made = verbs.demo(folder)
    if not common.json:
        for line in packaged.summary(made):
            console().print(line, markup=False)
    finish(common, made.report, made.to_json())
