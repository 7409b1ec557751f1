"""What is in a file that was given: its timelines, its cues, what is wrong with them, and what it may serve for."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from postsync import verbs
from postsync.app.shelf import PROJECT_FILE, Item
from postsync.cueing import CueRow, check_timeline, cue_rows, spot
from postsync.errors import PostsyncError, RateError, UnknownFormat
from postsync.findings import Finding, worst_first
from postsync.model import find_project
from postsync.paper import inspection
from postsync.placing.takes import AIFF_SUFFIXES, WAV_SUFFIXES
from postsync.report import Report
from postsync.timing import rate_asked

MOST_ROWS = 5000
MOST_LOOKED_AT = 20_000
SOUND = (*WAV_SUFFIXES, *AIFF_SUFFIXES)
FILM = (".mov", ".mp4", ".m4v", ".mxf", ".mp3", ".m4a", ".flac", ".caf")
RATES = (
    "23.976", "24", "25", "29.97", "29.97 DF", "30", "47.952", "48", "50", "59.94", "59.94 DF", "60", "100", "119.88", "120",
)  # fmt: skip
"""What a person may choose from where a file leaves its rate open."""

ROLES = ("timeline", "list", "sound", "folder", "project", "other")
"""What a file may be: a timeline with clips, a list of cues or markers, sound, a folder, the show's settings, anything else."""


def look(item: Item) -> dict[str, Any]:
    """Give what is in an item, as the page shows it; what cannot be read says why in `fault`."""
    simple = _by_name(item)
    if simple is not None:
        return simple
    try:
        return _inside(item)
    except RateError as fault:
        return _answer("list", fault=fault.sentence(), needs="rate")
    except UnknownFormat as fault:
        return _folder(item) if item.folder else _answer("other", fault=fault.sentence())
    except PostsyncError as fault:
        return _answer("other", fault=fault.sentence())


def _answer(role: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"fault": "", "needs": "", "format": "", "producer": None, "sounds": 0, "timelines": []}
    return {
        **empty,
        "cues": [],
        "more_cues": 0,
        "markers": 0,
        "findings": [],
        "losses": [],
        "notes": 0,
        "role": role,
        **more,
    }


def _by_name(item: Item) -> dict[str, Any] | None:
    """Give what is known without reading: sound, folders of sound, the show's settings."""
    suffix = item.path.suffix.lower()
    if item.name == PROJECT_FILE:
        return _answer("project")
    if not item.folder and suffix in (*SOUND, *FILM):
        return _answer("sound", sounds=1)
    return _folder(item) if item.folder and not suffix else None


def _folder(item: Item) -> dict[str, Any]:
    looked = islice(item.path.rglob("*"), MOST_LOOKED_AT)
    return _answer("folder", sounds=sum(path.suffix.lower() in SOUND for path in looked))


def _inside(item: Item) -> dict[str, Any]:
    report, settings = Report(), item.settings
    rate = settings.get("rate")
    opened = verbs.opened(item.path, report, rate=rate_asked(rate) if rate else None)
    project = find_project(item.path)
    chosen = _chosen(item, [timeline.name for timeline in opened.timelines])
    rows: list[CueRow] = []
    findings: list[Finding] = []
    for timeline in opened.timelines:
        if chosen and timeline.name != chosen:
            continue
        spot(timeline, project, report, all_markers=bool(settings.get("all_markers")))
        rows += cue_rows(timeline, project)
        findings += check_timeline(timeline, project, report)
    document = inspection(Path(item.name), opened.format.name, opened.timelines, [])
    timelines = [_timeline(one) for one in document["timelines"]]
    markers = sum(one["markers"] for one in timelines)
    return _answer(
        "timeline" if any(one["clips"] for one in timelines) else "list",
        needs="rate" if rate is None and any(loss.code == "rate-guessed" for loss in report) else "",
        format=opened.format.title,
        producer=document["producer"],
        timelines=timelines,
        chosen=chosen,
        cues=[_cue(row) for row in rows[:MOST_ROWS]],
        more_cues=max(0, len(rows) - MOST_ROWS),
        markers=markers,
        findings=[_finding(one) for one in worst_first(findings)],
        losses=_sentences(report),
        notes=len(report.of_level("note")),
    )


def _chosen(item: Item, names: list[str]) -> str:
    """Settle which timeline is meant where there are several: as the person said, else the first; "" for all."""
    if len(names) < 2:
        item.settings["timeline"] = None
        return ""
    asked = item.settings.get("timeline")
    item.settings["timeline"] = names[0] if asked not in ("", *names) else asked or None
    return item.settings["timeline"] or ""


def _timeline(document: dict[str, Any]) -> dict[str, Any]:
    tracks = document["tracks"]
    clips = [item for track in tracks for item in track["items"] if item["kind"] == "clip"]
    sound = [track for track in tracks if track["kind"] == "audio"]
    return {
        "name": document["name"],
        "rate": document["rate"],
        "drop_frame": document["drop_frame"],
        "start": document["start_timecode"],
        "seconds": float(Fraction(document["duration"])),
        "sound_tracks": len(sound),
        "picture_tracks": len(tracks) - len(sound),
        "clips": len(clips),
        "offline": sum((item["media"]["online"] is False) for item in clips),
        "markers": len(document["markers"]),
    }


def _cue(row: CueRow) -> list[str]:
    return [row.number, row.tc_in, row.tc_out, row.character, row.line, row.reasons, row.status]


def _finding(one: Finding) -> list[str]:
    return [one.severity, ", ".join(part for part in (one.where, one.time or "") if part), one.words(), one.remedy]


def _sentences(report: Report) -> list[str]:
    return report.grouped(notes=False)


def rows_of(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """Give findings as rows, the worst first."""
    return [tuple(_finding(one)) for one in worst_first(findings)]
