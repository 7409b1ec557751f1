"""Session texts as Pro Tools makes them, from any timeline: rows, widths and roundings after real exports.

It knows nothing of our reader. Clips are placed on the sample below their time, as Pro Tools places them on its grid; every
form of time is then cut or rounded as that form is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.model import PlacedTransition, TimelineFacts, placed_tracks, timeline_facts
from postsync.timing import format_timecode

NEAR = 2
"""Samples by which a place may fall short of a frame and still show it."""


@dataclass(frozen=True)
class Location:
    """A memory location: sample from the session's start, number, name, comment; with a ruler or track from 2023.12."""

    sample: int
    number: int
    name: str
    comment: str = ""
    track: str = "Markers"
    track_type: str = "Ruler"


@dataclass(frozen=True)
class Export:
    """The options of the export window, and the age of the program."""

    form: str = "samples"
    subframes: bool = False
    old: bool = False
    marker_tracks: bool = False
    feet_rate: Fraction = Fraction(24)


def timecode(sample: int, facts: TimelineFacts, export: Export) -> str:
    sample_rate = facts.sample_rate or 48_000
    exact = Fraction(sample, sample_rate) * facts.rate.fps
    if not export.subframes:
        return format_timecode(facts.start_frame + int(exact + NEAR * facts.rate.fps / sample_rate), facts.rate)
    frame, part = divmod(int(exact * 100 + Fraction(1, 2)), 100)
    return f"{format_timecode(facts.start_frame + frame, facts.rate)}.{part:02}"


def minutes(sample: int, facts: TimelineFacts, export: Export) -> str:
    thousandths = sample * 1000 // (facts.sample_rate or 48_000)
    whole, rest = divmod(thousandths, 1000)
    return f"{whole // 60}:{whole % 60:02}" + (f".{rest:03}" if export.subframes else "")


def feet(sample: int, facts: TimelineFacts, export: Export) -> str:
    exact = Fraction(sample, facts.sample_rate or 48_000) * export.feet_rate
    hundredths = int(exact * 100 + Fraction(1, 2))
    frames = hundredths // 100 if export.subframes else int(exact + Fraction(NEAR, 1000))
    return f"{frames // 16}+{frames % 16:02}" + (f".{hundredths % 100:02}" if export.subframes else "")


FORMS: dict[str, Callable[[int, TimelineFacts, Export], str]] = {
    "samples": lambda sample, facts, export: str(sample),
    "timecode": timecode,
    "minutes": minutes,
    "feet": feet,
}


def session_text(timeline: Any, export: Export = Export(), locations: Iterable[Location] | None = None) -> str:
    """Give the export of a timeline's sound tracks, and of memory locations where some are given."""
    facts = timeline_facts(timeline)
    lines = [*_header(timeline, facts, export), "", ""]
    lines.append("T R A C K  L I S T I N G")
    for track in placed_tracks(timeline, "audio"):
        lines += [*_track(track, facts, export), "", ""]
    if locations is not None:
        lines += _locations(sorted(locations, key=lambda one: one.sample), facts, export)
    return "\n".join(lines) + "\n"


def _header(timeline: Any, facts: TimelineFacts, export: Export) -> list[str]:
    name = facts.rate.name.removesuffix(" DF")
    start = format_timecode(facts.start_frame, facts.rate) + (".00" if export.subframes else "")
    tracks = len(placed_tracks(timeline, "audio"))
    form = f"{name} {'Drop ' if facts.rate.drop else ''}Frame"
    rows = [
        f"SESSION NAME:\t{timeline.name}",
        f"SAMPLE RATE:\t{facts.sample_rate or 48_000}.000000",
        "BIT DEPTH:\t24-bit",
    ]
    if export.old:
        return [*rows, f"TIME CODE FORMAT:\t{form}", f"# OF AUDIO TRACKS:\t{tracks}", "# OF AUDIO REGIONS:\t0"]
    rows += [f"SESSION START TIMECODE:\t{start}", f"TIMECODE FORMAT:\t{form}"]
    return [*rows, f"# OF AUDIO TRACKS:\t{tracks}", "# OF AUDIO CLIPS:\t0", "# OF AUDIO FILES:\t0"]


def _track(track: Any, facts: TimelineFacts, export: Export) -> list[str]:
    if export.old:
        head = [f"TRACK NAME:\t{track.name}", "USER DELAY:\t0 Samples"]
        head.append("CHANNEL\tEVENT\tREGION NAME\tSTART TIME\tEND TIME\tDURATION")
    else:
        head = [f"TRACK NAME:\t{track.name}", "COMMENTS:\t", "USER DELAY:\t0 Samples", "STATE: "]
        names = (
            "CHANNEL ",
            "EVENT   ",
            f"{'CLIP NAME':30}",
            "START TIME    ",
            "END TIME      ",
            "DURATION      ",
            "STATE",
        )
        head.append("\t".join(names))
    shown = FORMS[export.form]
    for number, (name, start, end, muted) in enumerate(_events(track, facts.sample_rate or 48_000), 1):
        times = [shown(sample, facts, export) for sample in (start, end)]
        times.append(shown(end - start, TimelineFacts(facts.rate, 0, facts.sample_rate), export))
        if export.old:
            head.append("\t".join(["1", str(number), name, *times]))
        else:
            cells = [f"{1:<8}", f"{number:<8}", f"{name:30}", *(f"{time:>14}" for time in times)]
            head.append("\t".join([*cells, "Muted" if muted else "Unmuted"]))
    return head


def _events(track: Any, sample_rate: int) -> Iterator[tuple[str, int, int, bool]]:
    """Yield name, first and last sample and mute of each event: fades are events of their own, clips what they leave."""
    crossings = [item for item in track.items if isinstance(item, PlacedTransition)]
    starts = {item.cut: item.cut + item.after for item in crossings}
    ends = {item.cut: item.cut - item.before for item in crossings}
    for item in track.items:
        if isinstance(item, PlacedTransition):
            yield "(cross fade)", int(item.record_in * sample_rate), int(starts[item.cut] * sample_rate), False
            continue
        begin, end = item.record_in, item.record_out
        fade_in, fade_out = (fade.duration if fade else 0 for fade in (item.facts.fade_in, item.facts.fade_out))
        edges = [begin, starts.get(begin, begin + fade_in), ends.get(end, end - fade_out), end]
        places = [int(edge * sample_rate) for edge in edges]
        if fade_in:
            yield "(fade in)", places[0], places[1], item.facts.muted
        yield item.clip.name, places[1], places[2], item.facts.muted
        if fade_out:
            yield "(fade out)", places[2], places[3], item.facts.muted


def _locations(locations: list[Location], facts: TimelineFacts, export: Export) -> list[str]:
    columns = ["#   ", "LOCATION     ", "TIME REFERENCE    ", "UNITS    ", f"{'NAME':33}"]
    columns += [f"{'TRACK NAME':33}", "TRACK TYPE   "] if export.marker_tracks else []
    rows = ["M A R K E R S  L I S T I N G", "\t".join([*columns, "COMMENTS"])]
    filler = "\t".join(
        [" " * 4, " " * 13, " " * 18, " " * 11, " " * 33, *([" " * 33] * 2 if export.marker_tracks else []), ""]
    )
    for one in locations:
        place = FORMS[export.form](one.sample, facts, export)
        cells = [f"{one.number:<4}", f"{place:13}", f"{one.sample:<18}", f"{'Samples':9}", f"{one.name:33}"]
        cells += [f"{one.track:33}", f"{one.track_type:33}"] if export.marker_tracks else []
        rows.append("\t".join([*cells, one.comment.replace("\n", f"\n{filler}")]))
    return rows
