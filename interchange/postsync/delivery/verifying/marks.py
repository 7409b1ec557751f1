"""Markers and cues of two timelines, compared: cues by their identity, markers by what they say."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import Cast
from postsync.cueing.merging.cue_values import VALUE_NAMES, cue_values, is_usual
from postsync.cueing.merging.knowing_again import know_again, known_cues
from postsync.delivery.verifying.differences import CHANGED, GONE, MOVED, NEW, Difference
from postsync.delivery.verifying.edits import Ruler
from postsync.delivery.verifying.pairing import paired
from postsync.formats import Feature
from postsync.model import (
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_of,
    plain_marker,
    timeline_characters,
    timeline_cues,
)
from postsync.timing import frame_at, seconds_of_frame

ALWAYS = ("number", "character", "line")
"""Fields that every carrier of cues holds in its text."""


def compared_cues(
    sent: otio.schema.Timeline, returned: otio.schema.Timeline, ruler: Ruler, *, whole: bool
) -> Iterator[Difference]:
    """Yield the cues that moved, changed, are gone or new; fields that the file does not hold are no difference.

    `whole` says that both files hold whole records, so that a field which says nothing any more was lost.
    """
    mine, theirs = timeline_cues(sent), timeline_cues(returned)
    frame = ruler.sent.rate.seconds_per_frame
    joined = know_again(known_cues(sent, mine), known_cues(returned, theirs), frame)
    pairs = {pair.ours: pair.theirs for pair in joined.pairs}
    casts = [Cast(timeline_characters(one).values()) for one in (sent, returned)]
    for place, cue in enumerate(mine):
        where, time = _name(cue, casts[0]), ruler.sent.label(cue.record_in)
        if place not in pairs:
            yield Difference("cue", GONE, where, time)
            continue
        back = theirs[pairs[place]]
        one, other = cue_values(cue, ruler.sent, casts[0]), cue_values(back, ruler.returned, casts[1])
        yield from _moves(cue, back, where, ruler)
        for name in (name for name in VALUE_NAMES if name not in ("in", "out")):
            if name == "colour" and not whole and not one[name]:
                continue  # Programs that know no marker without a colour give it theirs.
            held = whole or name in ALWAYS or not is_usual(name, other[name])
            if held and one[name] != other[name] and not (is_usual(name, one[name]) and is_usual(name, other[name])):
                yield Difference("cue", CHANGED, where, time, name, one[name], other[name])
    known = set(pairs.values())
    for place, cue in enumerate(theirs):
        if place not in known:
            yield Difference("cue", NEW, _name(cue, casts[1]), ruler.returned.label(cue.record_in))


def _moves(cue: Cue, back: Cue, where: str, ruler: Ruler) -> Iterator[Difference]:
    """Compare in and out by the finest step of both files; an out that one of them does not know is not compared."""
    ends = (
        (
            "record_in",
            _at(cue.seconds_in(ruler.sent), ruler.sent),
            _at(back.seconds_in(ruler.returned), ruler.returned),
        ),
        (
            "record_out",
            _at(cue.seconds_out(ruler.sent), ruler.sent),
            _at(back.seconds_out(ruler.returned), ruler.returned),
        ),
    )
    for name, one, other in ends:
        if one is None or other is None:
            continue
        if abs(one - (other - ruler.offset)) > max(ruler.grain, ruler.sent.rate.seconds_per_frame / 2):
            time = ruler.sent.label(cue.record_in)
            yield Difference("cue", MOVED, where, time, name, _label(one, ruler.sent), _label(other, ruler.returned))


def _at(seconds: Fraction | None, facts: TimelineFacts) -> Fraction | None:
    return None if seconds is None else seconds + seconds_of_frame(facts.start_frame, facts.rate)


def _label(time: Fraction, facts: TimelineFacts) -> str:
    return facts.label(frame_at(time, facts.rate) - facts.start_frame)


def _name(cue: Cue, cast: Cast) -> str:
    return " ".join(part for part in (cue.number, cast.name(cue.character)) if part) or cue.uid


MARKER_VALUES = (
    ("name", Feature.MARKERS),
    ("comment", Feature.MARKER_COMMENTS),
    ("duration", Feature.MARKER_DURATIONS),
    ("colour", Feature.MARKER_COLOURS),
)


def compared_markers(sent: otio.schema.Timeline, returned: otio.schema.Timeline, ruler: Ruler) -> Iterator[Difference]:
    """Yield the markers that are no cues and moved, changed, are gone or new."""
    mine, theirs = _plain(sent, ruler.sent), _plain(returned, ruler.returned)
    step = max(ruler.grain, Fraction(1, 48_000)) * 2
    late = {id(one): time - ruler.offset for time, one in theirs}

    def at(pair: tuple[Fraction, PlainMarker]) -> Fraction:
        return late.get(id(pair[1]), pair[0])

    frame = ruler.sent.rate.seconds_per_frame
    signs: tuple[Any, ...] = (
        lambda pair: (_texts(pair[1]), round(at(pair) / step)),
        lambda pair: _texts(pair[1]) or None,
        lambda pair: round(at(pair) / step),
        lambda pair: pair[1].name or None,
        lambda pair: round(at(pair) / frame),
    )
    pairs = paired(mine, theirs, signs, at)
    for place, (time, marker) in enumerate(mine):
        where, label = marker.name or marker.comment[:40] or "marker", _label(time, ruler.sent)
        if place not in pairs:
            yield Difference("marker", GONE, where, label)
            continue
        back_time, back = theirs[pairs[place]]
        if not _same_place(time, back_time - ruler.offset, ruler):
            yield Difference("marker", MOVED, where, label, "record_in", label, _label(back_time, ruler.returned))
        for name, needs in MARKER_VALUES:
            one, other = getattr(marker, name), getattr(back, name)
            if needs & ruler.shared and one != other and not _alike(name, marker, back, ruler):
                yield Difference("marker", CHANGED, where, label, name, one, other)
    known = set(pairs.values())
    for place, (time, marker) in enumerate(theirs):
        if place not in known:
            where = marker.name or marker.comment[:40] or "marker"
            yield Difference("marker", NEW, where, _label(time, ruler.returned))


def _same_place(one: Fraction, other: Fraction, ruler: Ruler) -> bool:
    """Whether two markers lie as near as both files keep them: where only frames are kept, on one frame."""
    if abs(one - other) <= max(ruler.grain, ruler.sent.rate.seconds_per_frame / 2):
        return True
    on_one_frame = frame_at(one, ruler.sent.rate) == frame_at(other, ruler.sent.rate)
    return Feature.SUBFRAME not in ruler.shared and on_one_frame


def _alike(name: str, one: PlainMarker, other: PlainMarker, ruler: Ruler) -> bool:
    """Whether a value that is another one still says the same: texts that changed places, a colour that nobody chose."""
    if name == "duration":
        half_a_frame = ruler.sent.rate.seconds_per_frame / 2  # AAF and Avid count lengths of markers in frames.
        return abs(one.duration - other.duration) <= max(ruler.grain, half_a_frame)
    if name == "colour":
        return one.colour is None
    return _texts(one) == _texts(other)


def _texts(marker: PlainMarker) -> frozenset[str]:
    """Give what a marker says, wherever it stands: AAF and Media Composer have one place where others have two."""
    return frozenset(text for text in (marker.name, marker.comment) if text)


def _plain(timeline: otio.schema.Timeline, facts: TimelineFacts) -> list[tuple[Fraction, PlainMarker]]:
    zero = seconds_of_frame(facts.start_frame, facts.rate)
    found = [plain_marker(marker) for marker in timeline.tracks.markers if cue_of(marker) is None]
    return [(zero + marker.record_in, marker) for marker in found if marker.visible]
