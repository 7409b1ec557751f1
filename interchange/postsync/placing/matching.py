"""Takes to cues: each take weighs what its name, its header, its folder, the log and its time stamp say, and says so.

Every piece of evidence gives points to a cue; a take is paired with the cue that has most of them. How sure that is depends on
how many there are, on how far the next cue lies behind, and on what speaks against it. Nothing is ever paired because it is
left over: a take that nothing speaks for stays unpaired.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from postsync.model import Character, Cue, TimelineFacts
from postsync.placing.cue_index import EQUAL, CueIndex
from postsync.placing.doubts import doubted
from postsync.placing.pairings import Evidence, Pairing
from postsync.placing.stamps import StampClock, judged, stamp_place
from postsync.placing.take_log import LogRow, TakeLog
from postsync.placing.take_names import TakeName, read_name
from postsync.placing.takes import TakeFile

SURE_NAME = 3.3
STAMP, ALONE_THERE, STAMP_EXCLUDES = 2.5, 1.5, -1.5
"""Points of a stamp whose take covers the whole cue, of one that can only mean this cue, and of one that rules it out."""

CHARACTER, OTHER_CHARACTER, SCENE, AGREE = 0.5, -1.0, 0.5, 0.5
LOGGED = 5.0
CLEAR_LEAD = 1.5
"""Points by which the best cue must lead the next to be as sure as it would be alone."""

UNCERTAIN = 0.5
"""What a stamp counts that may have been counted at another sample rate than the file's."""

USUAL_RATE = 48_000

POINT_CUE = Fraction(2)
"""Seconds that a cue without an out is taken to last, where only its place counts."""

SOURCES: tuple[tuple[str, float], ...] = (
    ("file name", 1.0), ("iXML scene", 1.0), ("clip name in the file", 0.9), ("original file name", 0.85), ("folder", 0.9),
    ("folder above", 0.7), ("cue point", 0.8), ("note", 0.7), ("tape", 0.5),
)  # fmt: skip
"""What a take says in words, and how much each counts beside the others."""


WORDS = frozenset({"log", *(source for source, _ in SOURCES)})

CONTRADICTED = 0.5
"""What is left of the confidence of a cue that only the stamp speaks for, while words name another."""


@dataclass(frozen=True)
class Matching:
    """All takes with their cues, the cues without takes, rows of the log that fit no take, and what the stamps are worth.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
    >>> len(matching.pairings), [cue.number for cue in matching.cues_without_takes]
    (6, ['R102'])
    """

    pairings: tuple[Pairing, ...]
    cues_without_takes: tuple[Cue, ...]
    log_unused: tuple[LogRow, ...]
    clock: StampClock

    def of(self, uid: str) -> list[Pairing]:
        """Give the pairings of a cue."""
        return [one for one in self.pairings if one.cue is not None and one.cue.uid == uid]


def match_takes(
    takes: Sequence[TakeFile],
    cues: Sequence[Cue],
    facts: TimelineFacts,
    characters: Mapping[str, Character] | None = None,
    log: TakeLog | None = None,
) -> Matching:
    """Pair takes with cues. The rate of the timeline and its first frame say what the stamps mean.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
    >>> [(one.recorded.name, one.cue.number) for one in matching.pairings][:2]
    [('R101_ROSA_T1', 'R101'), ('R101_ROSA_T2', 'R101')]
    """
    matcher = _Matcher(cues, facts, characters or {}, log or TakeLog())
    pairings = matcher.pair(takes)
    placed = {one.cue.uid for one in pairings if one.cue is not None and one.copy_of is None}
    missing = tuple(cue for cue in cues if cue.uid not in placed and cue.status not in ("omitted", "lost", "replaced"))
    return Matching(tuple(pairings), missing, tuple(matcher.log.unused), matcher.clock)


@dataclass(frozen=True)
class _Place:
    """Where a take lies by its stamp, whether that is beyond doubt, and what must be said of it."""

    at: Fraction | None
    certain: bool
    remarks: tuple[str, ...] = ()


@dataclass
class _Said:
    """What one take says in words, read once."""

    recorded: TakeFile
    name: TakeName
    row: LogRow | None = None
    characters: set[str] = field(default_factory=set)
    evidence: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))

    def words(self) -> dict[str, list[Evidence]]:
        """Give the evidence of words alone, by cue."""
        found = {uid: [one for one in all_of if one.source in WORDS] for uid, all_of in self.evidence.items()}
        return {uid: kept for uid, kept in found.items() if kept}


class _Matcher:
    def __init__(
        self, cues: Sequence[Cue], facts: TimelineFacts, characters: Mapping[str, Character], log: TakeLog
    ) -> None:
        self.index = CueIndex(cues, characters)
        self.facts, self.log, self.clock = facts, log, StampClock()
        spans = sorted(((*_span(cue, facts), cue) for cue in cues), key=lambda one: one[0])
        self.spans = {cue.uid: (start, end) for start, end, cue in spans}
        self._starts = [start for start, _, _ in spans]
        self._ordered = spans
        self._longest = max((end - start for start, end, _ in spans), default=Fraction(0))

    def pair(self, takes: Sequence[TakeFile]) -> list[Pairing]:
        said = [self._read(take) for take in takes]
        named = [(one.recorded, *self.spans[uid]) for one in said for uid in [_named_for_sure(one)] if uid]
        self.clock = judged(named, self.facts)
        return doubted([self._decide(one) for one in said], self.index.cues)

    def _read(self, take: TakeFile) -> _Said:
        said = _Said(take, read_name(take.name))
        told = {"file name": said.name}
        for source, text in _texts(take):
            told[source] = read_name(text)
        for source, weight in SOURCES:
            if source in told:
                self._weigh(said, source, told[source], weight)
        _add_once(said)
        said.row = self.log.row_for(take, self._slates(said))
        if said.row is not None:
            self._weigh_row(said, said.row)
        return said

    def _slates(self, said: _Said) -> list[tuple[str, str]]:
        """Give what a log without files may call a take: its scene, or the cues that its words name, with its number."""
        number = said.recorded.take or said.name.take
        named = [uid for uid, found in said.evidence.items() if _sum(found) >= SURE_NAME]
        scenes = [said.recorded.scene, *(self.index.by_uid[uid].number for uid in named)]
        return [(scene, number) for scene in scenes if scene and number]

    def _weigh(self, said: _Said, source: str, name: TakeName, weight: float) -> None:
        if source in ("file name", "folder", "folder above", "iXML scene", "note"):
            said.characters |= self.index.characters_in(name.words)[0]
        for hit in self.index.hits(name):
            said.evidence[hit.uid].append(Evidence(source, hit.why, hit.points * weight))

    def _weigh_row(self, said: _Said, row: LogRow) -> None:
        for text, least in ((row.cue, 0.0), (row.scene, SURE_NAME)):
            hits = [hit for hit in self.index.hits(read_name(text)) if hit.points > least] if text else []
            for hit in hits:
                points = LOGGED * min(hit.points / EQUAL, 1.0)
                said.evidence[hit.uid].append(Evidence("log", f"{row.place} says {text}", points))
            if hits:
                break
        if row.character:
            said.characters |= self.index.characters_in(read_name(row.character).words)[0]

    def _decide(self, said: _Said) -> Pairing:
        take = said.recorded
        place = self._place(said)
        around = self._around(place.at, take) if place.at is not None else {}
        scores = {uid: list(found) for uid, found in said.evidence.items()}
        for uid in around:
            scores.setdefault(uid, [])
        for uid, found in scores.items():
            found.extend(self._more(said, self.index.by_uid[uid], around, place))
        ranked = sorted(scores, key=lambda uid: (-_sum(scores[uid]), uid))
        said_of = _told(said)
        if not ranked or _sum(scores[ranked[0]]) < 0.5:
            return replace(said_of, stamp_place=place.at, remarks=place.remarks)
        best = ranked[0]
        second = ranked[1] if len(ranked) > 1 and _sum(scores[ranked[1]]) > 0 else None
        confidence = _confidence(_sum(scores[best]), _sum(scores[second]) if second else 0.0)
        remarks = list(place.remarks)
        other = _contradicted(said, best)
        if other is not None:
            confidence = round(confidence * CONTRADICTED, 3)
            remarks.append(f"its words say {self.index.by_uid[other].number}")
        return replace(
            said_of,
            cue=self.index.by_uid[best],
            confidence=confidence,
            reasons=tuple(scores[best]),
            runner_up=self.index.by_uid[second] if second else None,
            stamp_place=place.at,
            remarks=tuple(remarks),
        )

    def _place(self, said: _Said) -> _Place:
        """Give where a take lies by its stamp. A file at another rate than the session's may be stamped at either."""
        take, session = said.recorded, self.facts.sample_rate or USUAL_RATE
        place, remarks = stamp_place(take, self.facts, self.clock), list[str]()
        if take.converter_rate and take.converter_rate != take.sample_rate:
            remarks.append(f"recorded at {take.converter_rate}, stamped {take.sample_rate}")
        if take.sample_rate == session:
            return _Place(place, True, tuple(remarks))
        remarks.append(f"its sample rate is {take.sample_rate}, that of the session {session}")
        other, named = stamp_place(take, self.facts, self.clock, session), _named_for_sure(said)
        if named and place is not None and other is not None:
            here, there = (_covers(self.spans[named], at, take.duration) for at in (place, other))
            if there and not here:
                return _Place(other, False, (*remarks, f"its time stamp counts at {session}"))
        return _Place(place, False, tuple(remarks))

    def _around(self, place: Fraction, take: TakeFile) -> dict[str, Fraction]:
        """Give the cues that a take reaches by its stamp, with the share of each that it covers."""
        end = place + take.duration
        found: dict[str, Fraction] = {}
        for number in range(bisect_left(self._starts, place - self._longest), len(self._starts)):
            cue_in, cue_out, cue = self._ordered[number]
            if cue_in >= end:
                break
            share = _covers((cue_in, cue_out), place, take.duration)
            if share:
                found[cue.uid] = share
        return found

    def _more(self, said: _Said, cue: Cue, around: Mapping[str, Fraction], place: _Place) -> Iterator[Evidence]:
        """Yield what speaks for or against a cue beside words: who speaks, the scene, and the time stamp."""
        if said.characters and cue.character is not None:
            fits = cue.character in said.characters
            who = " and ".join(sorted(self.index.characters[one].name for one in said.characters))
            yield Evidence("character", f"it names {who}", CHARACTER if fits else OTHER_CHARACTER)
        if cue.scene and said.recorded.scene and cue.scene.casefold() == said.recorded.scene.casefold():
            yield Evidence("scene", f"both are scene {cue.scene}", SCENE)
        if place.at is None:
            return
        label, weight = self.facts.timecode(place.at), 1.0 if place.certain else UNCERTAIN
        share = around.get(cue.uid)
        if share is None:
            yield Evidence("time stamp", f"it begins at {label}, not at the cue", STAMP_EXCLUDES)
            return
        yield Evidence(
            "time stamp",
            f"it begins at {label} and covers {int(share * 100)} % of the cue",
            STAMP * weight * float(share),
        )
        rivals = [uid for uid in around if not said.characters or self.index.by_uid[uid].character in said.characters]
        if place.certain and rivals == [cue.uid] and share > Fraction(1, 2):
            yield Evidence("time stamp", "no other cue lies there", ALONE_THERE)


def _span(cue: Cue, facts: TimelineFacts) -> tuple[Fraction, Fraction]:
    start = cue.seconds_in(facts)
    return start, max(cue.seconds_out(facts) or start + POINT_CUE, start + Fraction(1, 100))


def _covers(span: tuple[Fraction, Fraction], place: Fraction, duration: Fraction) -> Fraction:
    inside = min(span[1], place + duration) - max(span[0], place)
    return max(inside, Fraction(0)) / (span[1] - span[0])


def _texts(take: TakeFile) -> Iterator[tuple[str, str]]:
    """Yield what a take says in words, beside the name of its file."""
    parents = [parent.name for parent in take.path.parents[:2]]
    labels = [text for point in take.cue_points for text in (point.label, point.note) if text]
    for source, text in (
        ("iXML scene", take.scene), ("clip name in the file", take.region_name),
        ("original file name", take.original_name), ("folder", parents[0] if parents else None),
        ("folder above", parents[1] if len(parents) > 1 else None), ("cue point", labels[0] if len(labels) == 1 else None),
        ("note", take.note), ("tape", take.tape),
    ):  # fmt: skip
        if text and text.strip():
            yield source, text


def _add_once(said: _Said) -> None:
    """Keep the strongest words for each cue: a header that repeats the name is no second witness, but a little more sure."""
    for uid, found in said.evidence.items():
        found.sort(key=lambda one: -one.points)
        rest = [replace(one, points=0.0) for one in found[1:]]
        if any(one.points >= SURE_NAME for one in found[1:]):
            rest[0] = replace(rest[0], points=AGREE)
        said.evidence[uid] = [found[0], *rest]


def _named_for_sure(said: _Said) -> str | None:
    """Give the one cue that words alone make sure, None where they make none or several."""
    sums = sorted(((_sum(found), uid) for uid, found in said.evidence.items()), reverse=True)
    if not sums or sums[0][0] < SURE_NAME or (len(sums) > 1 and sums[1][0] > sums[0][0] - CLEAR_LEAD):
        return None
    return sums[0][1]


def _contradicted(said: _Said, best: str) -> str | None:
    """Give another cue that words name plainly, where they do not name the best one as well."""
    strongest = {uid: max(one.points for one in found) for uid, found in said.words().items()}
    others = [uid for uid, points in strongest.items() if uid != best and points >= SURE_NAME]
    return others[0] if others and strongest.get(best, 0.0) < SURE_NAME else None


def _sum(found: Sequence[Evidence]) -> float:
    return sum(one.points for one in found)


def _confidence(best: float, second: float) -> float:
    """Give 0 to 1: from the points of the best cue, less where the next is close."""
    lead = min(1.0, max(0.0, (best - second) / CLEAR_LEAD))
    return round((1 - math.exp(-max(best, 0.0) / 2)) * lead, 3)


def _told(said: _Said) -> Pairing:
    """Give what a take says of itself: number, kind, whether it was chosen; the log has the last word."""
    take, name, row = said.recorded, said.name, said.row
    types = set(take.take_types)
    kind = name.kind
    for kind_type, own in (("PICKUP", "pickup"), ("WILD_TRACK", "wild"), ("REHEARSAL", "rehearsal")):
        kind = own if kind_type in types and kind == "take" else kind
    selected = name.selected
    if take.circled:
        selected = "circled"
    if types & {"NO_GOOD", "FALSE_START"}:
        selected = "no_good"
    if row is not None:
        selected = "circled" if row.circled else selected
        selected = None if row.circled is False and selected == "circled" else selected
        selected = "no_good" if row.no_good else selected
    number = (row.take if row else None) or take.take or name.take
    return Pairing(take, take=number, kind=kind, selected=selected, note=(row.note if row else None) or take.note)
