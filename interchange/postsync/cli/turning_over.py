"""The commands `turnover` and `demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from postsync.cli.common import ALL_MARKERS, FOLDER, PATH, Common, console, finish, progress_bar, verb
from postsync.cli.tables import draw_turnover


@click.command()
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
@click.option("--embed", is_flag=True, help="Sound inside the AAF.")
@click.option("--link", is_flag=True, help="Point at the files where they are; poly files are still split.")
@click.option("--copy-media", "copy", is_flag=True, help="New mono WAVs with handles beside the AAF (the default).")
@click.option(
    "--media", "search", type=FOLDER, multiple=True, metavar="FOLDER", help="Look for media here too; repeatable."
)
@click.option("--date", metavar="DATE", help="The date on paper; default today.")
@ALL_MARKERS
@verb
def turnover(common: Common, source: Path, into: Path, **how: Any) -> None:
    """Make the folder that the next application needs from the timeline IN.

    Sound as AAF with every clip in place to the sample, the cues as markers and MIDI, a cue sheet and table, the work
    itself, and a report of what was lost or is missing.

    Applications: pro-tools, media-composer, premiere, nuendo, logic, resolve, final-cut, reaper, recording.

    Example: postsync turnover reel1.otio --cues "R1 markers.edl" --media /Volumes/Sound --into R1
    """
    from postsync import verbs

    plan = _turnover_arguments(common, how)
    with progress_bar(common) as progress:
        made = verbs.turnover(source, into, progress=progress, **plan)
    if not common.json and not common.quiet:
        draw_turnover(console(), made)
    finish(common, made.report, made.to_json())


def _turnover_arguments(common: Common, how: dict[str, Any]) -> dict[str, Any]:
    """Give what the verb takes from what was typed."""
    import datetime

    return {
        **common.reading(),
        "application": how["application"],
        "cues": how["cue_file"],
        "tags": how["tags"],
        "handles": how["handles"],
        "media": _media_mode(how),
        "search": how["search"],
        "date": how["date"] or datetime.date.today().isoformat(),  # noqa: DTZ011 - the day where the paper is printed
        "all_markers": how["all_markers"],
    }


def _media_mode(how: dict[str, Any]) -> str:
    asked = [mode for mode in ("embed", "link", "copy") if how[mode]]
    if len(asked) > 1:
        raise click.UsageError("choose one of --embed, --link and --copy-media")
    return asked[0] if asked else "copy"


@click.command()
@click.argument("folder", type=FOLDER, default=Path("postsync demo"))
@verb
def demo(common: Common, folder: Path) -> None:
    """Turn over a small made reel with ADR markers and say what came out.

    Works from a bare install and offline. FOLDER is made where you are ("postsync demo").

    Example: postsync demo ~/Desktop/demo
    """
    from postsync import demo as packaged
    from postsync import verbs

    made = verbs.demo(folder)
    if not common.json:
        for line in packaged.summary(made):
            console().print(line, markup=False)
    finish(common, made.report, made.to_json())
