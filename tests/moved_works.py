"""A small cut, the next one, and a work with cues, markers and takes on it: what the tests of recuts share."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
from click.testing import CliRunner

from postsync.cli import main
from postsync.conforming import (
    ChangeMap,
    Maps,
    Piece,
    ReelSpan,
    Side,
    changes,
    reconform,
)
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    PlainMarker,
    cue_marker,
    put_characters,
    put_clip_facts,
    timeline_cues,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.edl import EdlReadOptions, parse_text, timeline_of
from recuts import START, label

FPS = as_rate("24")


def mapped(*pieces: Piece, old: int = 1000, new: int = 1000) -> ChangeMap:
    """A map of a reel from 0, of the pieces given."""
    return ChangeMap(Side("old", FPS, (ReelSpan("R1", 0, old),)), Side("new", FPS, (ReelSpan("R1", 0, new),)), pieces)


def cut(*shots: tuple[str, int, int], name: str = "R1"):
    """A list of (source, source in, length) as a timeline at 01:00:00:00."""
    lines, at = [f"TITLE: {name}\nFCM: NON-DROP FRAME\n"], START
    for number, (source, first, length) in enumerate(shots, 1):
        times = " ".join(label(frame) for frame in (first, first + length, at, at + length))
        lines.append(f"{number:03}  {source:<8} V     C        {times}\n* FROM CLIP NAME: {source}\n")
        at += length
    return timeline_of(parse_text("".join(lines)), Report(), EdlReadOptions())


OLD = (("A001C001", 100_000, 240), ("B001C002", 200_000, 240), ("C001C003", 300_000, 240))
NEW = (("A001C001", 100_000, 216), ("B001C002", 200_000, 240), ("D001C009", 900_000, 48), ("C001C003", 300_000, 240))


def work(
    *cues: Cue, markers: tuple[PlainMarker, ...] = (), clips: tuple[tuple[str, str, Fraction, str | None], ...] = ()
):
    """The old cut with cues, plain markers, and takes (track, name, seconds in, uid of the cue)."""
    made = cut(*OLD)
    facts = timeline_facts(made)
    put_characters(made, [Character("ROB", "Robin")])
    made.tracks.markers.extend([cue_marker(cue, facts, "Robin") for cue in cues])
    made.tracks.markers.extend([to_otio_marker(marker, facts.rate.fps) for marker in markers])
    for track_name in dict.fromkeys(row[0] for row in clips):
        at, children = Fraction(0), []
        for name, start, uid in (row[1:] for row in clips if row[0] == track_name):
            if start > at:
                children.append(otio.schema.Gap(source_range=seconds(Fraction(0), start - at)))
            take = otio.schema.Clip(name, otio.schema.MissingReference(name), seconds(Fraction(7, 2), Fraction(2)))
            put_clip_facts(take, ClipFacts(cue_uid=uid))
            children.append(take)
            at = start + 2
        made.tracks.append(otio.schema.Track(track_name, children, kind="Audio"))
    return made


def seconds(start: Fraction, length: Fraction):
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(int(start * 48000), 48000), otio.opentime.RationalTime(int(length * 48000), 48000)
    )


def cue(uid: str, start: int, end: int | None, **more) -> Cue:
    return Cue(
        uid=uid, number=f"R{uid[-1]}", character="ROB", line=f"line {uid[-1]}", record_in=start, record_out=end, **more
    )


def by_number(timeline) -> dict[str, Cue]:
    return {one.number or one.uid: one for one in timeline_cues(timeline)}


IN_B = cue("AAAAAAA2", 300, 350)
IN_C = cue("AAAAAAA3", 500, 540)
AT_THE_CUT = cue("AAAAAAA4", 200, 250)


def moved_work(given, **how):
    old, new = cut(*OLD, name="R1 v1"), cut(*NEW, name="R1 v2")
    return reconform(given, Maps(changes(old, new)), new, old, **how)


def run(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="postsync")
