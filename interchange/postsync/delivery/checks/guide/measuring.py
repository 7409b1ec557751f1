"""How far the sound of a timeline lies from a guide: first all of it, then clip by clip.

The whole comes first, so that a guide that begins elsewhere, runs at another speed or has its polarity turned is said once and
not of every clip. A clip is then looked for at its own place, only after that elsewhere, and only what is sure is said: a clip
that cannot be heard above the others, that is silent or shorter than what can be told apart, is counted as not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from postsync.delivery.checks.guide.guides import STAMP, LaidGuide
from postsync.delivery.checks.guide.hearing import Assembly, HeardClip
from postsync.sound.same_recording import (
    OTHER,
    SAME,
    SHORT,
    SILENT,
    SPEEDS,
    TAKES_PLACE,
    THRESHOLDS,
    UNSURE,
    Match,
    Sound,
    at_any_speed,
    at_speed,
    loudness_db,
    same_recording,
)
from postsync.timing import round_half_up

PART = Fraction(4)
"""Seconds of a clip that are compared: its loudest."""

LONG_PART = Fraction(10)
"""Seconds where a clip is not at its place: the longer, the surer."""

NEAR, FAR = Fraction(1, 4), Fraction(30)
"""Seconds either side of its place in which a clip is looked for, first and then."""

SHORTEST_PROBE = Fraction(1, 2)
"""Seconds from which a clip tells where the whole lies."""

SEARCHED = Fraction(1800)
"""Seconds of guide that are searched through in all, where nothing says where it lies."""

ZERO = Fraction(0)

PROBES = 12
"""Places of the timeline at which the whole is measured."""

PROBE_NEAR, FURTHER = Fraction(5), Fraction(90)
"""Seconds either side in which the whole is looked for, first and then; where it is not found, all of the guide is searched."""

DRIFTING = Fraction(30)
"""Seconds from which a clip is measured near both ends."""

DRIFT_SAMPLES = 12
"""By how many samples its ends must differ before a clip is said to drift."""

SAME_PLACE = 2
"""Samples within which two measurements are one."""

ABSENT = "absent"
"""The verdict on a clip that would have to be heard in the guide, and is not."""

COMPARED = (SAME, ABSENT)


@dataclass(frozen=True)
class Alignment:
    """How all of a timeline lies against a guide: `offset` samples later in the guide than its start says, `speed` times as
    fast, `inverted` when the polarity is turned. `sure` says that it was measured; `agreed` of `measured` places say so."""

    offset: int = 0
    speed: Fraction = Fraction(1)
    inverted: bool = False
    sure: bool = False
    agreed: int = 0
    measured: int = 0
    by_pops: bool = False
    strength: float = 0.0


@dataclass(frozen=True)
class Measurement:
    """What was found of one clip. `offset` is by how many samples it lies later in the guide than all of the timeline does.

    `drift` is by how many samples it moves over `over` seconds; `why` says why it was not compared.
    """

    clip: HeardClip
    verdict: str
    offset: int = 0
    strength: float = 0.0
    inverted: bool = False
    speed: Fraction = Fraction(1)
    drift: int = 0
    over: Fraction = Fraction(0)
    why: str = ""

    @property
    def compared(self) -> bool:
        """Whether anything sure was found."""
        return self.verdict in COMPARED


WHY = {
    SILENT: "they are silent",
    SHORT: "they are too short to be told apart",
    UNSURE: "they could not be told apart from other sound with certainty",
    OTHER: "they could not be heard above the others",
}
"""Why clips that were listened to were not compared."""


@dataclass
class Measuring:
    """One guide against one timeline."""

    assembly: Assembly
    laid: LaidGuide
    alignment: Alignment = field(default_factory=Alignment)

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.assembly.rate

    def place(self, time: Fraction) -> int:
        """Give the sample of the guide at which a time of the timeline lies, by the alignment."""
        own = (time - self.laid.start) / self.alignment.speed
        return round_half_up(own * self.rate) + self.alignment.offset

    def heard(self, place: int, length: int, reach: Fraction) -> tuple[Sound, int]:
        """Give the guide round a place, and where in it the place lies."""
        wide = round_half_up(reach * self.rate)
        return self.laid.guide.samples(place - wide, length + 2 * wide), wide


# --------------------------------------------------------------------------------------------------------------- the whole


def aligned(one: Measuring) -> Alignment:
    """Find how all of the timeline lies against the guide: near its place, in all of the guide, at other speeds."""
    covered = list(_probes(one, one.laid.start, one.laid.end))
    searches = [(_near_matches, covered), (_further_matches, covered), (_speed_matches, covered)]
    if one.laid.how != STAMP:
        anywhere = list(
            _probes(one, Fraction(0), max((clip.placed.record_out for clip in one.assembly.audible), default=ZERO))
        )
        searches.insert(2, (_far_matches, anywhere))
    weak = Alignment()
    for search, probes in searches:
        found = [(start, match) for start, match in search(one, probes) if match.same]
        alignment = _agreed(found)
        places = _apart(start for start, _ in found)
        most = 2 * alignment.agreed >= places and (alignment.agreed > 1 or len(probes) == 1)
        if alignment.sure and most and alignment.strength >= THRESHOLDS.same:
            return alignment
        weak = weak if weak.sure else alignment
    # One place of many is not the whole: a clip that happens to lie right says nothing of a speed.
    enough = weak.agreed > 1 or weak.strength >= THRESHOLDS.same
    return weak if weak.sure and weak.speed == 1 and enough else Alignment()


def _probes(one: Measuring, first: Fraction, last: Fraction) -> Iterator[tuple[Fraction, Sound]]:
    """Yield loud stretches of the whole, spread between two times of the timeline."""
    spans = [
        (max(clip.placed.record_in, first, ZERO), min(clip.placed.record_out, last)) for clip in one.assembly.audible
    ]
    usual = [span for span in sorted(spans) if span[1] - span[0] >= SHORTEST_PROBE]
    step = max(len(usual) // PROBES, 1)
    longest = [max(usual[at : at + step], key=lambda span: span[1] - span[0]) for at in range(0, len(usual), step)]
    if 0 < len(longest) < PROBES:
        longest = [part for span in longest for part in _pieces(*span, -(-PROBES // len(longest)))]
    for start, end in longest[: 2 * PROBES]:
        middle = max(start, (start + end - 2 * PART) / 2)
        length = round_half_up(min(end - start, 2 * PART) * one.rate)
        sound = one.assembly.samples(middle, length)
        if loudness_db(sound) >= THRESHOLDS.silent_db:
            yield middle, sound


def _pieces(start: Fraction, end: Fraction, count: int) -> list[tuple[Fraction, Fraction]]:
    """Cut a stretch into as many pieces as are at least two parts long."""
    count = max(1, min(count, int((end - start) / (2 * PART))))
    step = (end - start) / count
    return [(start + at * step, start + (at + 1) * step) for at in range(count)]


Probes = Sequence[tuple[Fraction, Sound]]
Found = Iterator[tuple[Fraction, Match]]


def _near_matches(one: Measuring, probes: Probes) -> Found:
    for start, sound in probes:
        guide, at = one.heard(one.place(start), len(sound), PROBE_NEAR)
        yield start, same_recording(sound, guide, one.rate, expected=at)


def _further_matches(one: Measuring, probes: Probes) -> Found:
    """Search as far as leaders, bars and slates put a guide off."""
    for start, sound in _loudest(probes, 3):
        guide, at = one.heard(one.place(start), len(sound), FURTHER)
        yield start, same_recording(sound, guide, one.rate, expected=at)


def _far_matches(one: Measuring, probes: Probes) -> Found:
    """Search all of the guide: for the more places, the shorter it is."""
    count = max(3, int(SEARCHED / max(one.laid.guide.duration, Fraction(1))))
    for start, sound in _loudest(probes, count):
        best = Match(OTHER)
        place, hop = one.place(start), 60 * one.rate
        for block in range(0, one.laid.guide.length, hop):
            guide = one.laid.guide.samples(block, hop + len(sound))
            match = same_recording(sound, guide, one.rate, expected=min(max(place - block, 0), hop))
            if match.same and match.strength > max(best.strength, THRESHOLDS.same):
                offset = block + min(max(place - block, 0), hop) + match.offset - place
                best = Match(SAME, offset, match.strength, inverted=match.inverted)
        yield start, best


def _loudest(probes: Probes, count: int) -> Probes:
    chosen = sorted(probes, key=lambda probe: -loudness_db(probe[1]))[:count]
    return sorted(chosen, key=lambda probe: probe[0])


def _speed_matches(one: Measuring, probes: Probes) -> Found:
    """Look for the loudest probes at the usual other speeds, each about where it would lie by then; the best speed counts.

    At 0.1 % off, single words still agree with the guide, at one speed as at another: only at the true one do all agree.
    """
    best: tuple[tuple[int, float], list[tuple[Fraction, Match]]] = ((0, 0.0), [])
    for speed in SPEEDS:
        found: list[tuple[Fraction, Match]] = []
        for start, sound in _loudest(probes, 4):
            place = round_half_up((start - one.laid.start) / speed * one.rate)
            guide, at = one.heard(place, len(sound), PROBE_NEAR)
            match = same_recording(sound, guide, one.rate, expected=at, speed=speed)
            found.append((start, match))
        alignment = _agreed([each for each in found if each[1].same])
        best = max(best, ((alignment.agreed, alignment.strength), found), key=lambda one: one[0])
    yield from best[1]


def _agreed(found: list[tuple[Fraction, Match]]) -> Alignment:
    """Give what most of the places agree on; where as many say one thing as another, the smaller offset."""
    if not found:
        return Alignment()
    speed = found[0][1].speed
    width = SAME_PLACE if speed == 1 else 4 * TAKES_PLACE
    votes = {
        match.offset: _apart(start for start, other in found if abs(other.offset - match.offset) <= width)
        for _, match in found
    }
    offset = min(votes, key=lambda each: (-votes[each], abs(each)))
    agreeing = [match for _, match in found if abs(match.offset - offset) <= width]
    turned = Counter(match.inverted for match in agreeing).most_common(1)[0][0]
    middle = int(np.median([match.offset for match in agreeing]))
    strength = max(match.strength for match in agreeing)
    return Alignment(middle, speed, turned, True, votes[offset], len(found), strength=strength)


def _apart(starts: Iterable[Fraction]) -> int:
    """Count places; two that share sound are one."""
    count, last = 0, -2 * PART
    for start in sorted(starts):
        if start - last >= 2 * PART:
            count, last = count + 1, start
    return count


# ----------------------------------------------------------------------------------------------------------- clip by clip


def measured_clips(one: Measuring) -> Iterator[Measurement]:
    """Yield what is found of each clip that the guide should hold."""
    for clip in one.assembly.clips:
        start, end = _bounds(one, clip)
        if start >= end:
            continue
        if clip.why:
            yield Measurement(clip, "", why=clip.why)
        else:
            yield _measured(one, clip, start, end)


def _bounds(one: Measuring, clip: HeardClip) -> tuple[Fraction, Fraction]:
    """Give the part of a clip that the guide covers, in seconds of the timeline."""
    speed, offset = one.alignment.speed, Fraction(one.alignment.offset, one.rate)
    first = one.laid.start - offset * speed
    last = first + one.laid.guide.duration * speed
    return max(clip.placed.record_in, first), min(clip.placed.record_out, last)


def _measured(one: Measuring, clip: HeardClip, start: Fraction, end: Fraction) -> Measurement:
    at, part = _loud_part(one, clip, start, end, PART)
    match = _or_pulled(one, at, part, _matched(one, at, part, NEAR))
    if match.speed != 1:
        return _of(clip, match)
    if match.same and abs(match.offset) <= SAME_PLACE:
        return _with_drift(one, clip, start, end, _of(clip, match))
    if match.verdict == SILENT:
        return _of(clip, match)
    return _elsewhere(one, clip, start, end, match)


def _or_pulled(one: Measuring, at: Fraction, part: Sound, match: Match) -> Match:
    """Give the match at a pulled speed where that is far surer: at 0.1 % off, a few words still agree at their place."""
    if match.verdict in (SILENT, SHORT) or match.strength >= THRESHOLDS.same:
        return match
    guide, place = one.heard(one.place(at), len(part), NEAR)
    pulled = at_any_speed(_as_aligned(one, part), guide, one.rate, expected=place, speeds=SPEEDS[:2])
    return pulled if pulled is not None and pulled.strength > THRESHOLDS.clear * match.strength else match


def _elsewhere(one: Measuring, clip: HeardClip, start: Fraction, end: Fraction, near: Match) -> Measurement:
    """Look for a clip that is not at its place: further off, at another speed; or say that the guide has it not."""
    at, part = _loud_part(one, clip, start, end, LONG_PART)
    match = _matched(one, at, part, FAR)
    best = match if match.same else near
    if best.same:
        return _with_drift(one, clip, start, end, _of(clip, best))
    guide, place = one.heard(one.place(at), len(part), Fraction(2))
    other = at_any_speed(_as_aligned(one, part), guide, one.rate, expected=place)
    if other is not None:
        return _of(clip, other)
    return _absent(one, clip, at, part, match)


def _absent(one: Measuring, clip: HeardClip, at: Fraction, part: Sound, match: Match) -> Measurement:
    """Say that the guide does not have a clip, where our own mix shows that it would have to be heard."""
    length = Fraction(len(part), one.rate)
    if match.verdict == OTHER and one.assembly.is_whole(at - NEAR, at + length + NEAR):
        wide = round_half_up(NEAR * one.rate)
        own = one.assembly.samples(at - NEAR, len(part) + 2 * wide)
        should = same_recording(part, own, one.rate, expected=wide)
        if should.same and should.strength >= THRESHOLDS.same and match.at_expected < THRESHOLDS.heard:
            return Measurement(clip, ABSENT, strength=match.at_expected)
    return _of(clip, match)


def _of(clip: HeardClip, match: Match) -> Measurement:
    why = "" if match.same else WHY[match.verdict]
    offset = match.offset if match.same else 0
    return Measurement(clip, match.verdict, offset, match.strength, match.inverted, match.speed, why=why)


def _matched(one: Measuring, at: Fraction, part: Sound, reach: Fraction) -> Match:
    """Look for a part of a clip round its place, at the speed of the whole."""
    guide, place = one.heard(one.place(at), len(part), reach)
    return same_recording(_as_aligned(one, part), guide, one.rate, expected=place)


def _as_aligned(one: Measuring, part: Sound) -> Sound:
    return part if one.alignment.speed == 1 else at_speed(part, one.alignment.speed)


def _loud_part(
    one: Measuring, clip: HeardClip, start: Fraction, end: Fraction, length: Fraction
) -> tuple[Fraction, Sound]:
    """Give the loudest stretch of a clip: of up to twelve spread over it, where it is longer than one."""
    length = min(length, end - start)
    count = round_half_up(length * one.rate)
    places = min(12, max(1, int((end - start) / length))) if length else 1
    step = (end - start - length) / (places - 1) if places > 1 else Fraction(0)
    parts = [(start + at * step, clip.samples(start + at * step, count, one.rate)) for at in range(places)]
    return max(parts, key=lambda part: loudness_db(part[1]))


def _with_drift(one: Measuring, clip: HeardClip, start: Fraction, end: Fraction, found: Measurement) -> Measurement:
    """Measure a long clip near both ends: a recorder whose clock ran free lies right at one place only."""
    if end - start < DRIFTING:
        return found
    ends = [_loud_part(one, clip, *part, PART) for part in ((start, start + 2 * PART), (end - 2 * PART, end))]
    matches = [_matched(one, at, part, NEAR) for at, part in ends]
    if not all(match.same for match in matches):
        return found
    drift = matches[1].offset - matches[0].offset
    if abs(drift) < DRIFT_SAMPLES:
        return found
    over = ends[1][0] - ends[0][0]
    return Measurement(clip, SAME, matches[0].offset, found.strength, found.inverted, found.speed, drift, over)
