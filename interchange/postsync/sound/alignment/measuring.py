"""From two pieces of sound to a measurement: the same recording first, else features, hypotheses, lag curves, judgement."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from postsync.sound.alignment.confidence import SURE, confidence
from postsync.sound.alignment.hypotheses import of_end_points, of_likeness, segments, tempos_for
from postsync.sound.alignment.judging import Judged, evidence, judged
from postsync.sound.alignment.lag_curve import REACH_FRAMES, follow, straight
from postsync.sound.alignment.likeness import likeness
from postsync.sound.alignment.phrases import phrases
from postsync.sound.alignment.records import LIMITS, NOTHING, Alignment, LagPoint, Limits, Phrase
from postsync.sound.alignment.spectra import (
    FRAMES_PER_SECOND,
    HOP,
    RATE,
    Array,
    Heard,
    at_comparing_rate,
    band_powers,
    compared,
)
from postsync.sound.same_recording import Match, Thresholds, loudness_db, same_recording

SEARCH_SECONDS = Fraction(3, 2)
HANDLE_SECONDS = 2
LONGEST_SECONDS = 120
_SILENT_DB = -75.0
_SHORTEST_FRAMES = 30
_ROOM_FRAMES = FRAMES_PER_SECOND // 10
_WIDEST_TEMPO = 0.34
_CURVE_STEP = 4
_SAME = Thresholds(heard=45.0)
_SECTION, _SECTION_HEARD, _SECTION_LOUD, _SECTIONS_PART = RATE, 6.0, 0.25, 0.75


def align(
    guide: Any,
    take: Any,
    sample_rate: int,
    *,
    line: tuple[int, int] | None = None,
    expected: int = 0,
    search_seconds: Fraction | float = SEARCH_SECONDS,
    frame_rate: Fraction = Fraction(24),
    limits: Limits = LIMITS,
) -> Alignment:
    """Measure how far a take lies from its guide. Nothing is moved.

    Both are mono at one sample rate, full scale is 1 as `as_float32` gives it. `line` is where the cue's words lie in the
    guide (samples in and out; all of its speech where not given). `expected` is the sample of the guide where the take's first
    sample lies; the take is looked for so many seconds on either side of that.

    >>> import numpy as np
    >>> noise = np.random.default_rng(1).standard_normal(96_000)
    >>> align(noise, noise[4800:], 48_000).offset_samples
    -4800
    """
    length = len(take)
    guide, start = _around(guide, sample_rate, line)
    take, cut = _reachable(take, len(guide), expected - start, round((search_seconds + HANDLE_SECONDS) * sample_rate))
    expected += cut - start
    guide, take = _finite(guide), _finite(take)
    found = Alignment(sample_rate, frame_rate=frame_rate)
    refused = _refusal(guide, take, sample_rate)
    if refused:
        return replace(found, reason=refused)
    own = None if line is None else (line[0] - start, line[1] - start)
    at16 = at_comparing_rate(guide, sample_rate), at_comparing_rate(take, sample_rate)
    match = _same(guide, take, at16, sample_rate, expected, search_seconds)
    if match is not None:
        found = _of_match(found, match, own or (0, len(guide)))
    else:
        found = _measured(found, at16, own, expected, search_seconds)
    verdict = limits.verdict(found.offset_frames, found.confidence) if found.reason is None else NOTHING
    return replace(found.moved(guide=start, take=cut, length=length), verdict=verdict)


def _around(guide: Any, sample_rate: int, line: tuple[int, int] | None) -> tuple[Array, int]:
    """Cut a guide to its line with handles; give where that begins in it."""
    guide = np.asarray(guide, np.float32)
    if line is None:
        return guide, 0
    begin = max(0, line[0] - HANDLE_SECONDS * sample_rate)
    return guide[begin : line[1] + HANDLE_SECONDS * sample_rate], begin


def _reachable(take: Any, guide_length: int, expected: int, room: int) -> tuple[Array, int]:
    """Cut a take to what can lie against the guide, so that nothing else sets its level and its noise."""
    begin = max(0, -expected - room)
    return np.asarray(take[begin : max(begin, guide_length - expected + room)], np.float32), begin


def _finite(sound: Array) -> Array:
    """Give sound without what is no number: float files may hold such samples, and one would spoil the whole."""
    return sound if np.isfinite(sound).all() else np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0)


def _refusal(guide: Array, take: Array, sample_rate: int) -> str | None:
    for name, sound in (("guide", guide), ("take", take)):
        if len(sound) < sample_rate // 4:
            return f"the {name} is shorter than a quarter of a second"
        if loudness_db(sound - sound.mean()) < _SILENT_DB:
            return f"the {name} is silent"
    if len(guide) > LONGEST_SECONDS * sample_rate:
        return f"the guide is longer than {LONGEST_SECONDS} s: give the in and out of the line"
    return None


def _same(
    guide: Array, take: Array, at16: tuple[Array, Array], sample_rate: int, expected: int, search: Any
) -> Match | None:
    """Give where the take lies when it is the guide's own recording: found at 16 kHz, then to the sample."""
    place = round(Fraction(expected * RATE, sample_rate))
    rough = _shifted(*at16, RATE, place, int(search * RATE))
    if not rough.same or not _throughout(*at16, place + rough.offset):
        return None
    if sample_rate == RATE:
        return rough
    near = expected + round(Fraction(rough.offset * sample_rate, RATE))
    exact = _shifted(guide, take, sample_rate, near, sample_rate // 100)
    return replace(exact, offset=exact.offset + near - expected) if exact.same else None


def _throughout(guide: Array, take: Array, place: int) -> bool:
    """Whether the take is heard at one place second by second, not in one vowel alone.

    Two voices that hold one pitch agree for a moment as well as a copy does under noise, but nowhere else.
    """
    parts = [
        (take[begin : begin + _SECTION], place + begin)
        for begin in range(0, len(take) - _SECTION + 1, _SECTION)
        if place + begin >= 0 and place + begin + _SECTION <= len(guide)
    ]
    levels = [loudness_db(part) for part, _ in parts]
    least = max(levels, default=0.0) + 20 * math.log10(_SECTION_LOUD)
    heard = [
        _shifted(guide, part, RATE, at, RATE // 5).at_expected >= _SECTION_HEARD
        for (part, at), level in zip(parts, levels, strict=True)
        if level >= least
    ]
    return sum(heard) >= _SECTIONS_PART * len(heard)


def _shifted(guide: Array, take: Array, sample_rate: int, expected: int, search: int) -> Match:
    """Look for the part of a take that the guide may hold, within the search on either side of a place."""
    begin, end = max(0, -expected - search), min(len(take), len(guide) - expected + search)
    if end - begin < sample_rate // 4:
        return Match("short")
    first = expected + begin - search
    last = expected + end + search
    window = np.pad(guide[max(first, 0) : max(last, 0)], (max(-first, 0), max(last - len(guide), 0)))
    return same_recording(take[begin:end], window, sample_rate, expected=search, thresholds=_SAME)


def _of_match(found: Alignment, match: Match, line: tuple[int, int]) -> Alignment:
    return replace(found, offset_samples=-match.offset, confidence=SURE, same_recording=True, line=line)


def _measured(
    found: Alignment, at16: tuple[Array, Array], line: tuple[int, int] | None, expected: int, search: Any
) -> Alignment:
    """Measure another performance of the line."""
    begin = round(Fraction(expected * FRAMES_PER_SECOND, found.sample_rate))
    moved = round(Fraction(expected * RATE, found.sample_rate)) - begin * HOP
    sound = np.pad(at16[1], (max(moved, 0), 0))[max(-moved, 0) :]
    guide, take = compared(band_powers(at16[0]), band_powers(sound))
    frames = _line_frames(guide, line, found.sample_rate)
    if frames is None:
        return replace(found, reason="no speech stands out of the guide")
    judgements = _judgements(guide, take, frames, begin, int(search * FRAMES_PER_SECOND))
    best = max(judgements, key=lambda one: one.score)
    weighed = evidence(best, judgements)
    return _told(found, best, guide, take, frames[0], begin, confidence(weighed), tuple(map(float, weighed)))


def _line_frames(guide: Heard, line: tuple[int, int] | None, sample_rate: int) -> tuple[int, int] | None:
    """Give the frames of the line: as the cue says, else from the first speech to the last."""
    if line is not None:
        begin, end = (round(Fraction(edge * FRAMES_PER_SECOND, sample_rate)) for edge in line)
    else:
        spoken = segments(guide.speech)
        if not spoken:
            return None
        begin, end = spoken[0][0] - _ROOM_FRAMES, spoken[-1][1] + _ROOM_FRAMES
    begin, end = max(0, begin), min(len(guide), end)
    return (begin, end) if end - begin >= _SHORTEST_FRAMES and guide.speech[begin:end].any() else None


def _judgements(guide: Heard, take: Heard, line: tuple[int, int], begin: int, search: int) -> list[Judged]:
    """Follow every hypothesis; lags are those of the take's frames, which lie `begin` frames after the guide's."""
    length = line[1] - line[0]
    middle = (-begin - search, -begin + search)
    tilt = max(abs(tempo - 1) for tempo in tempos_for(length))
    bent = int(max(tilt, min(_WIDEST_TEMPO, 2 * tilt)) * length / 2)
    reach = search + REACH_FRAMES + bent + 2
    table = likeness(guide, take, line, (-begin - reach, -begin + reach))
    ideas = of_likeness(table, middle) + of_end_points(table, take.speech, middle)
    curves = follow(table, [straight(length, one.middle_lag, one.tempo) for one in ideas])
    return [judged(curve, idea, guide, take, line[0]) for curve, idea in zip(curves, ideas, strict=True)]


def _told(
    found: Alignment,
    best: Judged,
    guide: Heard,
    take: Heard,
    first: int,
    begin: int,
    sure: float,
    why: tuple[float, ...],
) -> Alignment:
    """Turn frames into samples, and lags of the take's own frames into how late it lies."""
    points = tuple(
        LagPoint(
            _samples(first + row, found), _samples(int(best.curve.lags[row]) + begin, found),
            round(float(best.curve.correlation[row]), 3),
        )
        for row in range(0, len(best.curve.lags), _CURVE_STEP)
    )  # fmt: skip
    return replace(
        found,
        offset_samples=_samples(best.slip + begin, found),
        spread_ms=best.spread * 1000 / FRAMES_PER_SECOND,
        confidence=sure,
        tempo_ratio=best.tempo,
        drift=best.drift(guide.speech[first : first + len(best.curve.lags)]),
        line=(_samples(first, found), _samples(first + len(best.curve.lags), found)),
        phrases=tuple(
            Phrase(
                _samples(one.begin, found),
                _samples(one.end, found),
                _samples(one.slip + begin, found),
                *(_samples(edge, found) for edge in one.speech),
            )
            for one in phrases(best, guide, take, first)
        ),
        worst=_worst(best, points, guide, first, found),
        curve=points,
        evidence=why,
    )


def _worst(best: Judged, points: tuple[LagPoint, ...], guide: Heard, first: int, found: Alignment) -> LagPoint | None:
    """Give the moment of speech that is heard in both and lies farthest from the slip."""
    rows = range(0, len(best.curve.lags), _CURVE_STEP)
    heard = [row for row in rows if guide.speech[first + row] > 0.3 and best.curve.correlation[row] > 0.3]
    if not heard:
        return None
    return points[max(heard, key=lambda row: abs(float(best.curve.lags[row]) - best.slip)) // _CURVE_STEP]


def _samples(frames: float, found: Alignment) -> int:
    return round(Fraction(float(frames)) * found.sample_rate / FRAMES_PER_SECOND)
