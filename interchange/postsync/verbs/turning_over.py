"""A timeline into the folder that the next application needs: `turnover`, and `demo` of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync import demo as packaged
from postsync.cueing import spot_new
from postsync.delivery import Turnover, TurnoverPlan, join_cues, make_turnover
from postsync.delivery.media import Progress
from postsync.delivery.media_files import at_hand
from postsync.errors import RateError
from postsync.formats.conversion import embedded_in, read_file
from postsync.model import Project, find_project, timeline_cues, timeline_facts
from postsync.report import Report
from postsync.sound import search_folders
from postsync.timing import Rate, duration_from_text


def turnover(
    source: Path | str,
    into: Path | str,
    *,
    application: str = "pro-tools",
    cues: Path | str | None = None,
    tags: str = "uid",
    handles: Fraction | str = Fraction(4),
    media: str = "copy",
    search: Sequence[Path | str] = (),
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    date: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    project: Project | None = None,
    progress: Progress | None = None,
) -> Turnover:
    """Make the folder that the next application needs from a timeline, with the cues of another file if given.

    `handles` in seconds, or as text such as `4s` or `12f`, in frames of the timeline; `media` is embed, link or copy;
    `search` are folders in which media are looked for.

    >>> made = verbs.turnover(reel, "R1 PT", search=["reel"])
    >>> made.clips, made.cues, made.sound_files
    (4, 5, 4)
    """
    report, source, folders = Report(), Path(source), search_folders(search)
    opened = read_file(source, report, from_format=from_format, rate=rate)
    chosen = opened.choose(timeline)
    found = find_project(source) if project is None else project
    said = Report()
    made_up = spot_new(chosen, found, said, all_markers=all_markers)
    # Where the cues come in a file of their own, nobody expects any of the timeline.
    report.extend(Report(loss for loss in said if cues is None or loss.code != "no-marker-is-a-cue"))
    if cues is not None:
        _join(chosen, Path(cues), found, report, made_up, all_markers=all_markers)
    with (
        embedded_in(opened, report) as sounds,
        at_hand(sounds, Path(into), report, keep=media == "link") as inside,
    ):
        plan = TurnoverPlan(
            application=application,
            tags=tags,
            handles=_length(handles, timeline_facts(chosen).rate),
            media=media,
            search=folders,
            date=date,
            project=found,
            options=dict(options or {}),
            inside=inside,
        )
        return make_turnover(chosen, Path(into), source, plan, report, progress)


def _length(handles: Fraction | str, rate: Rate) -> Fraction:
    return duration_from_text(handles, rate) if isinstance(handles, str) else handles


def _join(
    picture: Any, path: Path, project: Project, report: Report, made_up: Collection[str], *, all_markers: bool
) -> None:
    """Read a marker file at the picture's rate where it leaves its own open, and put its markers on the picture.

    A file that was given as the cues and in which nothing reads as one is taken whole: the user said what it is.
    """
    own, rate = Report(), timeline_facts(picture).rate
    try:
        opened = read_file(path, own)
    except RateError:
        own = Report()
        opened = read_file(path, own, rate=rate)
    if any(loss.code == "rate-guessed" for loss in own):
        own = Report()
        opened = read_file(path, own, from_format=opened.format.name, rate=rate)
    report.extend(own)
    start_stated = not any(loss.code == "start-guessed" for loss in own)
    chosen = opened.choose()
    said = Report()
    made_here = spot_new(chosen, project, said, all_markers=all_markers)
    if not timeline_cues(chosen):
        said = Report()
        made_here = spot_new(chosen, project, said, all_markers=True)
    report.extend(said)
    made_up = {*made_up, *made_here}
    join_cues(picture, chosen, report, start_stated=start_stated, name=path.name, made_up=made_up)


def demo(folder: Path | str) -> Turnover:
    """Unpack the example into a folder and turn it over for Pro Tools beside it.

    >>> made = verbs.demo("demo for docs")
    >>> made.clips, made.cues
    (4, 5)
    """
    folder = Path(folder)
    source = packaged.unpack_example(folder)
    return turnover(source, folder / "for Pro Tools", project=packaged.PROJECT, date="2026-01-01")
