"""Old cut and new cut into the map between them: `changes`.

Names are learned from the two lists, every shared stretch becomes a candidate, the heaviest chain is what kept its order, the
rest moved or was repeated, and what lies between is bridged where time stood still. The work grows with n log n.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from postsync.conforming.bridges import Bridges, Healing, holes
from postsync.conforming.candidates import Candidate, Index, is_timed
from postsync.conforming.chains import chained, heaviest_chain
from postsync.conforming.change_map import ChangeMap, Kind, Piece, Side, healed
from postsync.conforming.cuts import Cut, Segment
from postsync.conforming.identities import learn, learn_aliases, learn_shifts
from postsync.conforming.names import DEFAULT_PATTERNS, Namer, version_patterns
from postsync.conforming.reading import cut_of
from postsync.errors import RateError
from postsync.model import without_searching_for_cycles
from postsync.wording import counted

Tracks = Literal["auto", "picture", "sound"]
"""What two cuts are compared by.

>>> from typing import get_args
>>> get_args(Tracks)
('auto', 'picture', 'sound')
"""


@dataclass(frozen=True)
class ChangeOptions:
    """How two cuts are compared.

    `tracks`: picture, sound, or what both cuts have (picture first). `versions` are the ways in which effects shots write
    their version (`names.VERSION_PATTERNS`, or a text with `#` for the number). `heal` says what holes are bridged.

    >>> ChangeOptions(tracks="picture", heal="none").versions
    ('v-number', 'ver-number')
    """

    tracks: Tracks = "auto"
    versions: tuple[str, ...] = DEFAULT_PATTERNS
    heal: Healing = "inserts"


def changes(old: Any, new: Any, options: ChangeOptions | None = None) -> ChangeMap:
    """Give the map from an old cut to a new one; each an OTIO timeline, its reels in a list, or a `Cut`.

    Raises RateError where the two count frames differently though they run at one nominal rate, such as 24 and 23.976.

    >>> import opentimelineio as otio
    >>> cut = otio.schema.Timeline(global_start_time=otio.opentime.RationalTime(86400, 24))
    >>> changes(cut, cut).is_identity
    True
    """
    asked = options or ChangeOptions()
    namer = Namer(version_patterns(asked.versions))
    one, other = (each if isinstance(each, Cut) else cut_of(each, namer) for each in (old, new))
    one, other = _at_one_rate(one, other)
    was_sound, is_sound = _kinds(one, other, asked.tracks)
    track = "sound" if is_sound else "picture"
    with without_searching_for_cycles():
        return _Comparison(one.of_kind(sound=was_sound), other.of_kind(sound=is_sound), asked).map(track)


def dialogue_changes(old: Any, new: Any, options: ChangeOptions | None = None) -> ChangeMap | None:
    """Give the map by the sound tracks, where both cuts have some beside their picture; None where not.

    Raises RateError as `changes` does.

    >>> dialogue_changes(timeline, timeline).track
    'sound'
    """
    asked = options or ChangeOptions()
    namer = Namer(version_patterns(asked.versions))
    one, other = (each if isinstance(each, Cut) else cut_of(each, namer) for each in (old, new))
    both = [any(seg.sound is sound for seg in cut.segments) for cut in (one, other) for sound in (True, False)]
    return changes(one, other, replace(asked, tracks="sound")) if all(both) else None


def _at_one_rate(old: Cut, new: Cut) -> tuple[Cut, Cut]:
    if old.rate.fps == new.rate.fps:
        return old, new
    if old.rate.nominal == new.rate.nominal:
        raise RateError(
            "the cuts count the same frames at different speeds",
            found=f"{old.name} at {old.rate.name}, {new.name} at {new.rate.name}",
            remedy="read both at one rate: --rate",
        )
    return old.at_rate(new.rate), new


def _kinds(old: Cut, new: Cut, tracks: Tracks) -> tuple[bool, bool]:
    """Choose sound or picture of each cut: what was asked for, else what both have, else what each has."""
    has = [{one.sound for one in cut.segments} for cut in (old, new)]
    wanted = {"picture": [False], "sound": [True], "auto": [False, True]}[tracks]
    for sound in wanted:
        if sound in has[0] and sound in has[1]:
            return sound, sound
    return tuple(wanted[0] if wanted[0] in each or not each else not wanted[0] for each in has)  # type: ignore[return-value]


class _Comparison:
    """Two cuts on their way to a map."""

    def __init__(self, old: Cut, new: Cut, options: ChangeOptions) -> None:
        self.old, self.new, self.options = old, new, options
        self.warnings: list[str] = []
        self.identities = learn(old.segments, new.segments)

    def map(self, track: str) -> ChangeMap:
        """Find the pieces."""
        found = self._candidates()
        pieces = self._pieces(found)
        sides = _side(self.old), _side(self.new)
        if self.options.heal != "none":
            pieces = healed(pieces)
        bridges = Bridges(self.old.segments, self.new.segments, self.identities, self.options.heal)
        for hole in list(holes(pieces, *sides)):
            pieces += [piece for piece in bridges.fill(hole) if hole.edges == "both" or not _overlaps(pieces, piece)]
        pieces.sort(key=lambda piece: piece.new_in)
        if self.options.heal != "none":
            pieces = healed(pieces)
        self._warn(found)
        shots = tuple(
            (one.record_in, one.record_out, one.name, new)
            for cut, new in ((self.old, False), (self.new, True))
            for one in cut.segments
            if one.weight > 0.1
        )
        return ChangeMap(*sides, tuple(pieces), track, tuple(self.warnings), shots, self.options.versions)

    # ------------------------------------------------------------------------------------------------------ candidates

    def _candidates(self) -> list[Candidate]:
        """Look for shared stretches; where many shots find none, ask whether their names or time bases changed."""
        found = Index(self.old.segments, self.identities).candidates(self.new.segments)
        missing = self._unmatched(found)
        if not missing:
            return found
        names = _all_names(self.old.segments), _all_names(self.new.segments)
        aliases = learn_aliases(self.old.segments, missing, *names)
        self.identities.learned(aliases, learn_shifts(self._pairs(missing)))
        if self.identities.aliases or self.identities.shifts:
            self._tell()
            found = Index(self.old.segments, self.identities).candidates(self.new.segments)
        return found

    def _unmatched(self, found: Sequence[Candidate]) -> list[Segment]:
        """Give the timed segments of the new cut that nothing was found for."""
        spans = sorted((one.new_in, one.new_out) for one in found)
        starts = [span[0] for span in spans]
        reach: list[int] = []
        for span in spans:
            reach.append(max(span[1], reach[-1] if reach else span[1]))
        missing: list[Segment] = []
        for one in self.new.segments:
            place = bisect_right(starts, one.record_out - 1) - 1
            if is_timed(one) and one.weight > 0.1 and (place < 0 or reach[place] <= one.record_in):
                missing.append(one)
        return missing

    def _pairs(self, missing: Sequence[Segment]) -> Iterator[tuple[str, Segment, Segment]]:
        """Yield shots of one name whose source times do not meet, in the order in which both lists have them."""
        by_name: dict[str, list[Segment]] = {}
        wanted = {name for one in missing for name, _ in self.identities.keys(one)}
        for one in self.old.segments:
            for name, _ in self.identities.keys(one)[:4]:
                if name in wanted and is_timed(one):
                    by_name.setdefault(name, []).append(one)
        counts: dict[str, int] = {}
        for one in missing:
            for name, _ in self.identities.keys(one):
                there = by_name.get(name)
                if there:
                    place = counts.get(name, 0)
                    counts[name] = place + 1
                    yield name, one, there[min(place, len(there) - 1)]
                    break

    def _tell(self) -> None:
        shifts, aliases = self.identities.shifts, self.identities.aliases
        if shifts:
            common = max(set(shifts.values()), key=list(shifts.values()).count)
            self.warnings.append(
                f"source time of {counted(len(shifts), 'source')} stands {counted(common, 'frame')} later in the new cut"
            )
        if aliases:
            name, other = next(iter(aliases.items()))
            self.warnings.append(
                f"{counted(len(aliases), 'source was', 'sources were')} renamed, such as {other} to {name}"
            )

    def _warn(self, found: Sequence[Candidate]) -> None:
        missing = {one.name for one in self._unmatched(found)}
        if missing:
            shown = ", ".join(sorted(missing)[:3])
            told = counted(len(missing), "name of the new cut plays", "names of the new cut play")
            self.warnings.append(f"{told} nothing of the old one, such as {shown}")
        bad = len([name for name in self.identities.bad if not name.startswith("reel ")])
        if bad:
            shown = ", ".join(sorted(self.identities.bad)[:3])
            self.warnings.append(f"{bad} names stand for several things and were not trusted, such as {shown}")

    # ---------------------------------------------------------------------------------------------------------- pieces

    def _pieces(self, found: Sequence[Candidate]) -> list[Piece]:
        """Choose among the candidates, and say of each piece what kind it is."""
        chosen, again = chained(found)
        lone = [one for place, one in enumerate(chosen) if place not in again and one.ratio > 0]
        on_chain = {lone[place][:3] for place in heaviest_chain(lone)}
        doubtful = _doubtful(found, chosen) | {place for place, one in enumerate(chosen) if one.doubtful}
        return [
            Piece(
                one.new_in, one.new_out, one.old_in, one.ratio,
                _kind(one, place in again, one[:3] in on_chain),
                one.evidence,
                min(1.0, one.weight / max(one.new_out - one.new_in, 1)) * (0.7 if place in doubtful else 1.0),
                place in doubtful, one.version_changed,
            )
            for place, one in enumerate(chosen)
        ]  # fmt: skip


def _side(cut: Cut) -> Side:
    told = ";".join([f"{one.record_in},{one.record_out},{one.phase},{one.names[:1]}" for one in cut.segments])
    reels = [(reel.start, reel.end) for reel in cut.reels]
    fingerprint = hashlib.sha256(f"{cut.rate.text}{reels}{told}".encode()).hexdigest()[:12]
    return Side(cut.name, cut.rate, cut.reels, fingerprint)


def _overlaps(pieces: Sequence[Piece], piece: Piece) -> bool:
    """Whether new time is spoken for already: the two edges of a hole may both have claimed one shot."""
    return any(one.new_in < piece.new_out and piece.new_in < one.new_out for one in pieces[-8:])


def _kind(one: Candidate, again: bool, on_chain: bool) -> Kind:
    if one.ratio != 1:
        return "retimed"
    return "repeat" if again else "order" if on_chain else "moved"


def _all_names(segments: Iterable[Segment]) -> set[str]:
    return {name for one in segments for name in one.names}


def _doubtful(found: Sequence[Candidate], chosen: Sequence[Candidate]) -> set[int]:
    """Give the chosen stretches that might as well have come from elsewhere: all of their run has another place."""
    starts = [one.new_in for one in chosen]
    elsewhere = [0] * len(chosen)
    for one in found:
        place = max(0, bisect_right(starts, one.new_in) - 1)
        while place < len(chosen) and chosen[place].new_in < one.new_out:
            mine = chosen[place]
            shared = min(one.new_out, mine.new_out) - max(one.new_in, mine.new_in)
            if shared > 0 and one.old_in - one.new_in != mine.old_in - mine.new_in and one.ratio == mine.ratio == 1:
                elsewhere[place] = max(elsewhere[place], shared)
            place += 1
    doubtful: set[int] = set()
    run: list[int] = []
    every: list[Candidate | None] = [*chosen, None]
    for place, after in enumerate(every):
        last = chosen[run[-1]] if run else None
        if after is None or last is None or after.new_in != last.new_out or _away(after) != _away(last):
            if run and all(elsewhere[each] >= 0.95 * (chosen[each].new_out - chosen[each].new_in) for each in run):
                doubtful.update(run)
            run = []
        run.append(place)
    return doubtful


def _away(one: Candidate) -> tuple[Any, int]:
    return one.ratio, one.old_in - one.new_in
