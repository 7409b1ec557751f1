"""Cues and markers as a project: markers and regions, or empty items with notes on a track for each character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import NAME_AND_NOTE, NAME_ONLY, TagLevel
from postsync.formats import Options
from postsync.model import COLOURS, nearest_colour, rgb_bytes, timeline_facts
from postsync.report import Report
from postsync.timing import seconds_of_frame
from postsync_adapters._carried import SHORTEST, Shown, short_decimal_text, shown_markers
from postsync_adapters.reaper_project.project import COLOUR_SET, DROP, NTSC, REGION

PLACES = 14
"""Decimals of the seconds that we write, as Reaper does."""

QUOTES = "\"'`"
"""A text that holds all three cannot be quoted: its back-ticks become apostrophes, as in Reaper."""

_HEAD = """<REAPER_PROJECT 0.1 "7.0/postsync" 0
  PROJOFFS {start} 0 0
  TIMEMODE 1 5 -1 {base} {kind} 0 -1
  SAMPLERATE {sample_rate} 0 0
  TEMPO 120 4 4
"""


@dataclass(frozen=True)
class ReaperProjectWriteOptions(Options):
    """`cues`: as `regions`, or as empty `items` on a track for each character, line and notes inside them. `tags` as ever."""

    cues: Literal["regions", "items"] = "regions"
    tags: TagLevel = "uid"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: ReaperProjectWriteOptions) -> None:
    """Write a project of markers and regions, or of markers and items with notes."""
    facts = timeline_facts(timeline)
    kind = DROP if facts.rate.drop else NTSC if facts.rate.is_ntsc else 0
    start = short_decimal_text(seconds_of_frame(facts.start_frame, facts.rate), PLACES)
    head = _HEAD.format(start=start, base=facts.rate.nominal, kind=kind, sample_rate=facts.sample_rate or 48000)
    file.write(head.encode())
    carrier = NAME_AND_NOTE if options.cues == "items" else NAME_ONLY
    shown = shown_markers(timeline, carrier, options.tags, report)
    in_items = [one for one in shown if options.cues == "items" and (one.cue is not None or one.text.comment)]
    in_markers = [one for one in shown if one not in in_items] if in_items else shown
    for one in in_markers:
        if one.cue is None and all(mark in one.text.name for mark in QUOTES):
            now = one.text.name.replace("`", "'")
            report.note("marker-text-changed", where=one.where, was=one.text.name, now=now)
    for piece in (*_marker_rows(in_markers), *_tracks(in_items), ">\n"):
        file.write(piece.encode("utf-8", "replace"))


def _marker_rows(shown: Iterable[Shown]) -> Iterator[str]:
    counts = {0: 0, REGION: 0}
    for one in shown:
        kind = 0 if one.end is None else REGION
        counts[kind] += 1
        number, name = counts[kind], _quoted(one.text.name)
        place = short_decimal_text(one.start, PLACES)
        yield f"  MARKER {number} {place} {name} {kind} {_colour(one)} 1 R {_guid(one, number)} 0\n"
        if one.end is not None:
            yield f'  MARKER {number} {short_decimal_text(one.end, PLACES)} "" {REGION}\n'


def _tracks(shown: Sequence[Shown]) -> Iterator[str]:
    """Yield a track for each character, in order of their first cue, with an empty item for each cue."""
    for name in dict.fromkeys(one.character for one in shown):
        yield f"  <TRACK\n    NAME {_quoted(name or 'Markers')}\n"
        for one in shown:
            if one.character == name:
                length = SHORTEST if one.end is None else one.end - one.start
                notes = "".join(f"        |{row}\n" for row in one.text.comment.split("\n"))
                place, lasting = short_decimal_text(one.start, PLACES), short_decimal_text(length, PLACES)
                yield (
                    f"    <ITEM\n      POSITION {place}\n      LENGTH {lasting}\n"
                    f"      NAME {_quoted(one.text.name)}\n      <NOTES\n{notes}      >\n    >\n"
                )
        yield "  >\n"


def _quoted(text: str) -> str:
    quote = next((mark for mark in QUOTES if mark not in text), None)
    text = text.replace("\n", " ")
    return f"{quote}{text}{quote}" if quote else "`" + text.replace("`", "'") + "`"


def _colour(one: Shown) -> int:
    kept = one.plain.colour_rgb
    rgb = kept if kept and nearest_colour(kept) == one.colour else COLOURS.get(one.colour or "")
    if rgb is None:
        return 0
    red, green, blue = rgb_bytes(rgb)
    return COLOUR_SET | blue << 16 | green << 8 | red


def _guid(one: Shown, number: int) -> str:
    """Give the id that the marker came with, or one of its own: the same each time it is written."""
    kept = str((one.plain.extra.get("reaper") or {}).get("guid") or "")
    if kept:
        return kept
    seed = one.cue.uid if one.cue else f"{number}\x1f{one.text.name}"
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest().upper()
    return f"{{{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}}}"
