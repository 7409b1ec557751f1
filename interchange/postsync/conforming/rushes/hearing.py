"""Matches proven by their sound: what plays in the edit is looked for where the recording is laid, and moved to where it lies.

The edit plays the recorder's mix or a copy of it that a radio sent to the camera: one recording, which the phase transform
tells to the sample. A camera's own microphone is another recording of the same moment; then nothing is proven and nothing
refuted. That a match is wrong is believed only where most others of the edit were proven.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from statistics import median_low
from typing import Any

import numpy as np

from postsync.conforming.rushes.clocks import PLAIN, Clock, Place
from postsync.conforming.rushes.events import Event
from postsync.conforming.rushes.matches import Candidate, Conform, Match, piece_of
from postsync.conforming.rushes.records import Microphone, Recording
from postsync.errors import MediaError
from postsync.sound import WavFacts, as_float32, read_facts, read_samples
from postsync.sound.same_recording import OTHER, SAME, SHORT, SILENT, THRESHOLDS, Sound, same_recording
from postsync.sound.same_recording import Match as Heard
from postsync.timing import round_half_up, signed_milliseconds

LISTENED = Fraction(4)
"""Seconds of an event that are listened to, round its middle."""

AROUND = Fraction(3, 2)
"""Seconds before and behind in which a recording may lie beside where it was laid: cameras and recorders drift by frames."""

SEARCH_RATE, SEARCHED = 12_000, Fraction(60)
"""Samples a second at the least, and seconds at once, with which a whole recording is searched."""

ANYWHERE = replace(THRESHOLDS, heard=THRESHOLDS.same)
"""Where a whole recording is searched no place is expected, and none is believed sooner than another."""

LONGEST_SEARCH = Fraction(3600)
MOST_MICROPHONES = 8

ENOUGH_PROVEN, MOST = 3, Fraction(1, 2)
"""How many of the clips that were listened to must be proven, and which part of them, before another is refuted."""

STEADY = Fraction(1, 1000)
"""Seconds within which the offsets of a roll are one."""

Listen = Callable[[Event, Fraction, int, int], "Sound | None"]
"""Gives what an event plays from a time within it on: so many samples at a rate; None where its sound is not at hand."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Proof:
    """What the sound says of a match: `same`, `unsure`, `other`, `silent`, `short` or `absent`; in words what was done.

    `offset` is by how many samples of the recording the sound lay later than expected; it was corrected.
    """

    verdict: str
    offset: int = 0
    strength: float = 0.0
    says: str = ""

    @property
    def same(self) -> bool:
        """Whether the match is proven."""
        return self.verdict == SAME

    def to_json(self) -> dict[str, Any]:
        """Give the proof as plain values."""
        return {
            "verdict": self.verdict,
            "offset_samples": self.offset,
            "strength": round(self.strength, 1),
            "says": self.says,
        }


ABSENT = Proof("absent", says="the sound of the edit or of the recording is not at hand")


def prove(conform: Conform, listen: Listen, progress: Progress | None = None) -> Conform:
    """Listen to every event whose sound is at hand; give the matches proven, corrected, found or refuted."""
    ear = _Ear(listen)
    matches: list[Match] = []
    for number, match in enumerate(conform.matches):
        matches.append(ear.placed(match) if match.placed else ear.unplaced(match))
        if progress is not None and number % 16 == 0:
            progress("listening", number, len(conform.matches))
    if progress is not None and matches:
        progress("listening", len(matches), len(matches))
    heard = [
        match.proof for match in matches if match.proof is not None and match.proof.verdict in (SAME, OTHER, "unsure")
    ]
    proven = sum(proof.same for proof in heard)
    if proven >= ENOUGH_PROVEN and proven >= MOST * len(heard):
        matches = [_refuted(match) for match in matches]
    return replace(conform, matches=_with_steady_offsets(matches))


def _refuted(match: Match) -> Match:
    """Take back a match whose sound is another."""
    if not match.placed or match.proof is None or match.proof.verdict != OTHER:
        return match
    why = "its sound is not that of the recording, as the sound of the other clips is"
    shortlist = (match.chosen,) if match.chosen is not None else ()
    return replace(match, pieces=(), level=None, why_not=why, shortlist=shortlist)


def _with_steady_offsets(matches: Sequence[Match]) -> list[Match]:
    """Move what could not be heard by what all of its roll that could be heard lay beside."""
    offsets: dict[frozenset[str], list[Fraction]] = defaultdict(list)
    for match in matches:
        if match.placed and match.proof is not None and match.proof.same and match.level != "sound":
            recording = match.pieces[0].recording
            offsets[recording.rolls].append(Fraction(match.proof.offset, recording.sample_rate))
    return [_moved_with_roll(match, offsets) for match in matches]


def _moved_with_roll(match: Match, offsets: dict[frozenset[str], list[Fraction]]) -> Match:
    if not match.placed or match.proof is None or match.proof.verdict not in ("absent", SILENT, SHORT):
        return match
    found = offsets.get(match.pieces[0].recording.rolls, [])
    if len(found) < ENOUGH_PROVEN or max(found) - min(found) > STEADY or not any(found):
        return match
    offset = median_low(found)
    says = f"not heard; moved by {signed_milliseconds(offset)}, by which all that was heard of its roll lay beside"
    return replace(_at(match, match.pieces[0].position + offset), proof=replace(match.proof, says=says))


def _at(match: Match, position: Fraction) -> Match:
    """Give a match laid at another place of its recording."""
    piece, event = match.pieces[0], match.event
    used = event.used * abs(piece.speed / event.speed) if event.speed else Fraction(0)
    whole_start = position - piece.start * abs(piece.speed)
    clock = match.chosen.clock if match.chosen is not None else PLAIN
    return replace(match, pieces=(piece_of(event, piece.recording, _place(whole_start, used, piece.recording), clock),))


def _place(position: Fraction, used: Fraction, recording: Recording) -> Place:
    head = max(Fraction(0), -position)
    return Place(position, used, head, max(Fraction(0), position + used - recording.duration))


@dataclass
class _Ear:
    """Listens to the events of one edit."""

    listen: Listen

    def placed(self, match: Match) -> Match:
        """Listen to a match where it was laid, and where it is not there in all of its recording."""
        if len(match.pieces) != 1 or match.event.speed != 1 or match.event.clip.facts.retime:
            return match
        piece = match.pieces[0]
        clock = match.chosen.clock if match.chosen is not None else PLAIN
        start = piece.position - piece.start * piece.speed
        heard = self._near(match.event, piece.recording, start, clock)
        if heard is None:
            return replace(match, proof=ABSENT)
        if heard.verdict in (OTHER, "unsure"):
            found = self._search(match.event, piece.recording, clock)
            heard = found[0] if found is not None else heard
            start = found[1] if found is not None else start
            if found is not None:
                offset = round_half_up(
                    (start - (piece.position - piece.start * piece.speed)) * piece.recording.sample_rate
                )
                heard = replace(heard, offset=offset)
                return _proven(_at(match, start + piece.start * piece.speed), heard, piece.recording)
        if not heard.same:
            return replace(match, proof=Proof(heard.verdict, 0, heard.strength, _UNPROVEN[heard.verdict]))
        moved = (
            match
            if not heard.offset
            else _at(match, piece.position + Fraction(heard.offset, piece.recording.sample_rate))
        )
        return _proven(moved, heard, piece.recording)

    def unplaced(self, match: Match) -> Match:
        """Look for the sound of an event in everything that it could be."""
        if match.event.speed != 1 or match.event.clip.facts.retime:
            return match
        found: list[tuple[Candidate, Heard, Fraction]] = []
        for candidate in match.shortlist:
            there = self._anywhere(match.event, candidate)
            if there is not None:
                found.append((candidate, *there))
        if len(found) != 1:
            return match if not found else replace(match, why_not=f"{len(found)} recordings have its sound")
        candidate, heard, start = found[0]
        used = match.event.used * candidate.clock.speed
        piece = piece_of(match.event, candidate.recording, _place(start, used, candidate.recording), candidate.clock)
        reasons = ("its sound is in the recording", *candidate.reasons())
        placed = replace(
            match, pieces=(piece,), level="sound", reasons=reasons, why_not="", shortlist=(), chosen=candidate
        )
        return _proven(placed, replace(heard, offset=0), candidate.recording)

    def _anywhere(self, event: Event, candidate: Candidate) -> tuple[Heard, Fraction] | None:
        """Give where an event lies in a recording by its sound: where its time says, else wherever."""
        clock = candidate.clock if candidate.clock.believed else PLAIN
        if candidate.place is not None and candidate.clock.believed:
            heard = self._near(event, candidate.recording, candidate.place.position, clock)
            if heard is not None and heard.same:
                return heard, candidate.place.position + Fraction(heard.offset, candidate.recording.sample_rate)
        if candidate.file or candidate.words or candidate.place is not None:
            return self._search(event, candidate.recording, clock)
        return None

    # ------------------------------------------------------------------------------------------------------------ listening

    def _part(self, event: Event, rate: int) -> tuple[Fraction, Sound] | None:
        """Give the stretch of an event that is listened to: where it begins within, and its sound."""
        length = min(event.duration, LISTENED)
        begin = (event.duration - length) / 2
        sound = self.listen(event, begin, round_half_up(length * rate), rate)
        return None if sound is None else (begin, sound)

    def _near(self, event: Event, recording: Recording, start: Fraction, clock: Clock) -> Heard | None:
        """Listen round where an event is laid; its beginning lies at `start` of the recording."""
        rate = recording.sample_rate
        part = self._part(event, rate)
        if part is None:
            return None
        begin, sound = part
        first = round_half_up((start + begin * clock.speed) * rate)
        around = round_half_up(AROUND * rate)
        best: Heard | None = None
        for microphones in _guides(recording):
            try:
                guide = _sound(microphones, first - around, len(sound) + 2 * around)
            except MediaError:
                return best
            heard = same_recording(sound, guide, rate, expected=around, speed=1 / clock.speed)
            if heard.same or heard.verdict in (SILENT, SHORT):
                return heard
            best = heard if best is None or heard.strength > best.strength else best
        return best

    def _search(self, event: Event, recording: Recording, clock: Clock) -> tuple[Heard, Fraction] | None:
        """Look for an event in all of a recording: roughly first, then to the sample."""
        step = max(recording.sample_rate // SEARCH_RATE, 1)
        if recording.duration > LONGEST_SEARCH or recording.sample_rate % step:
            return None
        rate = recording.sample_rate // step
        part = self._part(event, rate)
        if part is None:
            return None
        begin, sound = part
        chunk = round_half_up(SEARCHED * recording.sample_rate)
        best: tuple[float, Fraction] | None = None
        for microphones in _guides(recording)[:1]:
            for first in range(0, recording.length, chunk):
                try:
                    guide = _slower(_sound(microphones, first, chunk + len(sound) * step), step)
                except MediaError:
                    return None
                heard = same_recording(sound, guide, rate, speed=1 / clock.speed, thresholds=ANYWHERE)
                if heard.same and (best is None or heard.strength > best[0]):
                    place = Fraction(first, recording.sample_rate) + Fraction(heard.offset, rate)
                    best = (heard.strength, place)
        if best is None:
            return None
        start = best[1] - begin * clock.speed
        exact = self._near(event, recording, start, clock)
        if exact is None or not exact.same:
            return None
        return exact, start + Fraction(exact.offset, recording.sample_rate)


_UNPROVEN = {
    OTHER: "another sound than the recording's",
    "unsure": "neither proven nor refuted",
    SILENT: "there is nothing to hear in the clip",
    SHORT: "the clip is too short to tell",
}


def _proven(match: Match, heard: Heard, recording: Recording) -> Match:
    offset = Fraction(heard.offset, recording.sample_rate)
    moved = f"; it lay {signed_milliseconds(offset)} beside and was moved" if heard.offset else ", on its sample"
    return replace(match, proof=Proof(SAME, heard.offset, heard.strength, f"proven{moved}"))


def _guides(recording: Recording) -> list[list[Microphone]]:
    """Give what an edit may play of a recording: its mix, else all microphones together, then each alone."""
    mix = [one for one in recording.microphones if one.is_mix]
    first = [mix] if mix else []
    everything = list(recording.microphones[:MOST_MICROPHONES])
    alone = [[one] for one in everything if not one.is_mix] if len(everything) > 1 else []
    return [*first, everything, *alone] if everything != mix else [*first, *alone]


def _sound(microphones: Sequence[Microphone], start: int, count: int) -> Sound:
    """Give the sum of some channels of a recording; silence outside."""
    made = np.zeros(count, np.float32)
    for path, channels in _by_file(microphones):
        facts = _facts(path)
        made += as_float32(read_samples(facts, start, count, channels), facts).sum(axis=0, dtype=np.float32)
    return made


def _by_file(microphones: Sequence[Microphone]) -> Iterator[tuple[str, list[int]]]:
    for path, found in groupby(microphones, key=lambda one: one.file.path):
        yield path, [one.channel for one in found]


@lru_cache(maxsize=4096)
def _facts(path: str) -> WavFacts:
    return read_facts(Path(path))


def _slower(sound: Sound, step: int) -> Sound:
    """Give sound at a fraction of its rate, each sample the mean of those that it stands for."""
    whole = len(sound) // step * step
    made: Sound = sound[:whole].reshape(-1, step).mean(axis=1, dtype=np.float32)
    return made
