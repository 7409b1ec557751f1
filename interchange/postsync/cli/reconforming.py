"""The commands `diff` and `reconform`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import rich_click as click

from postsync.cli.common import ALL_MARKERS, FOLDER, PATH, Common, console, finish, progress_bar, verb
from postsync.cli.conform_tables import draw_difference, draw_episodes, draw_reconform, draw_undone

_TRACKS = click.option(
    "--tracks",
    type=click.Choice(["auto", "picture", "sound"]),
    default="auto",
    show_default=True,
    help="What is compared; auto is the picture, and beside it the sound where both cuts have some.",
)
_HEAL = click.option(
    "--heal",
    type=click.Choice(["none", "touching", "gaps", "inserts"]),
    default="inserts",
    show_default=True,
    help="What is put together: nothing, touching events, also over gaps, also over replaced pictures.",
)
_VERSIONS = click.option(
    "--version-pattern",
    "versions",
    multiple=True,
    metavar="PATTERN",
    help="How effects shots write their version: v-number, ver-number, trailing-number, or your own with # (_cmp#).",
)
_OLD_NAME = click.option("--old-timeline", metavar="NAME", help="Which timeline of OLD, where it holds several.")
_NEW_NAME = click.option("--new-timeline", metavar="NAME", help="Which timeline of NEW, where it holds several.")
_REELS = click.option(
    "--reels", is_flag=True, help="Each cut is a folder of reels, or a file of several: one programme."
)
_JOBS = click.option(
    "--jobs", type=click.IntRange(1), default=1, metavar="N", help="For folders of episodes: so many at once."
)


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@_OLD_NAME
@_NEW_NAME
@click.option("--out", type=PATH, metavar="CHANGE.edl", help="Write the change EDL.")
@click.option("--list", "text", type=PATH, metavar="FILE.txt", help="Write the change list.")
@click.option("--page", type=PATH, metavar="FILE.html", help="Write a picture of the change.")
@_TRACKS
@_HEAL
@_VERSIONS
@_REELS
@verb
def diff(common: Common, old: Path, new: Path, **how: Any) -> None:
    """Say what changed from the cut OLD to the cut NEW, in any two formats.

    Every new frame is looked for in the old cut by what both lists know of its source. The running total of the list ends
    at the difference of the lengths.

    Example: postsync diff "R1 v12.edl" "R1 v13.edl" --out "R1 changes.edl"
    """
    from postsync import verbs

    found = verbs.diff(old, new, **common.reading(), **_versions(how))
    if not common.json:
        draw_difference(console(), found)
    finish(common, found.report, found.to_json())


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.argument("work", type=PATH)
@_OLD_NAME
@_NEW_NAME
@click.option("--into", required=True, type=FOLDER, help="The folder for the moved work and the reports.")
@click.option("--cut", is_flag=True, help="Cut placed sound where its picture was cut, with short fades.")
@click.option(
    "--as", "as_formats", multiple=True, metavar="FORMAT", help="Write the moved timeline so too; repeatable."
)
@click.option(
    "--markers", multiple=True, metavar="FORMAT", help="Write the cues in the colours of their status; repeatable."
)
@click.option("--date", metavar="DATE", help="The date in the cues' history; default today.")
@click.option("--undo", is_flag=True, help="Take WORK back to OLD, where it was before its last reconform.")
@_TRACKS
@_HEAL
@_VERSIONS
@_REELS
@_JOBS
@ALL_MARKERS
@verb
def reconform(common: Common, old: Path, new: Path, work: Path, into: Path, **how: Any) -> None:
    """Move the cues, markers and placed clips of WORK from the cut OLD to the cut NEW.

    Nothing is dropped and nothing is cut unless asked for: each cue gets a status, and what needs ears is flagged. Lost cues
    stay in the list. WORK itself is left as it is. Folders of episodes are joined by name, whatever their version.

    Example: postsync reconform "R1 v12.edl" "R1 v13.edl" R1.otio --into "R1 v13"
    """
    from postsync import verbs

    undo, jobs = how.pop("undo"), how.pop("jobs")
    if undo:
        done = verbs.undo_reconform(
            work,
            old,
            into / f"{work.name.removesuffix('.cues.json').removesuffix('.otio')}.otio",
            rate=common.rate,
            old_timeline=how["old_timeline"],
        )
        if not common.json and not common.quiet:
            draw_undone(console(), done)
        finish(common, done.report, done.to_json())
        return
    how["date"] = how["date"] or datetime.date.today().isoformat()  # noqa: DTZ011 - the day on which a person works
    plan = {**common.reading(), **_versions(how)}
    if work.is_dir() and not how["reels"] and not work.suffix:
        with progress_bar(common) as progress:
            episodes = verbs.reconform_folder(old, new, work, into, jobs=jobs, progress=progress, **plan)
        if not common.json and not common.quiet:
            draw_episodes(console(), episodes)
        finish(common, episodes.report, episodes.to_json(), failed=bool(episodes.failed))
        return
    done = verbs.reconform(old, new, work, into, **plan)
    if not common.json and not common.quiet:
        draw_reconform(console(), done)
    finish(common, done.report, done.to_json())


def _versions(how: dict[str, Any]) -> dict[str, Any]:
    """Leave the usual patterns where none was typed."""
    if not how["versions"]:
        del how["versions"]
    return how
