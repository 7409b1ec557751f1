"""Cue numbers by the show's scheme: given once, never changed in silence, never used again.

A number is shouted on the stage and stands in file names and mails. So cues that have one keep it; a cue that was put in
between takes its neighbour's with a suffix letter; omitted and lost cues keep theirs; and `renumber` is an act of its own that
remembers the former numbers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import opentimelineio as otio

from postsync.cueing.numbering.counters import Counters
from postsync.errors import CannotWrite
from postsync.model import (
    Character,
    Cue,
    NumberScheme,
    Project,
    TimelineFacts,
    character_name,
    cue_markers,
    put_characters,
    put_cue,
    timeline_characters,
    timeline_facts,
)
from postsync.report import Report


@dataclass(frozen=True)
class NumberChange:
    """A number that was given.

    `how` is `numbered` (the sequence went on), `suffixed`, `gap` (between two, where the step leaves room) or `renumbered`.

    `old` is None where the cue had none.

    >>> from postsync.model import NumberRules, NumberScheme
    >>> project = Project(numbers=NumberRules(NumberScheme("{reel}{seq:03}")))
    >>> change = renumber_timeline(timeline, project, report).changes[0]
    >>> change.old, change.new, change.how
    ('R101', '1001', 'renumbered')
    """

    uid: str
    old: str | None
    new: str
    how: str


@dataclass(frozen=True)
class Numbering:
    """What numbering did: every cue in record order, the cast with its prefixes, and the changes.

    `left` are the uids of cues that could not be numbered, with the reason; `guessed` the prefixes that the project does not
    give, by character id, with where each came from; `scheme_guessed` says that the project states no scheme;
    `out_of_order` are the uids of cues for which there was no room between their neighbours.

    `left` and `guessed` say why, in words. Nothing is written: the numbered cues are in `cues`.

    >>> numbering = number_timeline(timeline, Project(), report)
    >>> numbering.scheme.template, numbering.kept, numbering.left
    ('R{reel}{seq:02}', 5, {})
    """

    cues: tuple[Cue, ...]
    characters: dict[str, Character]
    changes: tuple[NumberChange, ...]
    left: dict[str, str]
    guessed: dict[str, str]
    scheme: NumberScheme
    scheme_guessed: bool
    out_of_order: tuple[str, ...] = ()

    @property
    def kept(self) -> int:
        """How many cues kept the number that they had."""
        changed = {change.uid for change in self.changes}
        return sum(bool(cue.number) and cue.uid not in changed for cue in self.cues)

    def count(self, how: str) -> int:
        """Give how many numbers were given in one way."""
        return sum(change.how == how for change in self.changes)


def number_cues(
    cues: Iterable[Cue], characters: Mapping[str, Character], facts: TimelineFacts, project: Project | None = None
) -> Numbering:
    """Number the cues that have no number. Those that have one keep it, whatever it is.

    After the last numbered cue of a counter the sequence goes on; between two, a cue takes a number that the step left free,
    else the suffix of the one before it; a part that was split off takes the suffix of the cue that it came from.

    >>> from postsync.model import NumberRules, NumberScheme, timeline_facts
    >>> project = Project(numbers=NumberRules(NumberScheme("{seq:03}")))
    >>> numbered = number_cues([Cue(uid="7KQ2M9XD", record_in=0)], {}, timeline_facts(timeline), project)
    >>> [cue.number for cue in numbered.cues]
    ['001']
    """
    cues = list(cues)
    counters = Counters(cues, characters, facts, project or Project())
    for group in counters.groups():
        counters.number_group(group)
    counters.number_parts()
    return _result(counters, cues)


def renumber_cues(
    cues: Iterable[Cue],
    characters: Mapping[str, Character],
    facts: TimelineFacts,
    project: Project | None = None,
    *,
    force: bool = False,
) -> Numbering:
    """Give every cue that is not struck a new number, in record order; what it had goes to `former_numbers`.

    No number is used that another cue has or had, so paper that is out never names the wrong line: under the scheme that the
    list already has, a cue whose number is in its place keeps it, and others take numbers above the used ones. Raises
    CannotWrite once any take exists, unless forced.

    >>> from postsync.model import NumberRules, NumberScheme, timeline_facts
    >>> project = Project(numbers=NumberRules(NumberScheme("{seq:03}")))
    >>> cues = [Cue(uid="7KQ2M9XD", number="R106", record_in=0)]
    >>> renumbered = renumber_cues(cues, {}, timeline_facts(timeline), project)
    >>> [(cue.number, cue.former_numbers) for cue in renumbered.cues]
    [('001', ('R106',))]
    """
    cues = list(cues)
    recorded = [cue for cue in cues if cue.takes]
    if recorded and not force:
        names = ", ".join(cue.number or cue.uid for cue in recorded[:5]) + (" …" if len(recorded) > 5 else "")
        raise CannotWrite(
            f"takes are recorded under the numbers of {len(recorded)} cues ({names})",
            remedy="renumbering would part them from their slates and files; force it only if that is known",
        )
    counters = Counters(cues, characters, facts, project or Project())
    for group in counters.groups():
        counters.renumber_group(group)
    return _result(counters, cues)


def _result(counters: Counters, cues: list[Cue]) -> Numbering:
    """Give every cue with its number in record order, and what was done; a guessed prefix counts only where it was used."""
    numbered = {cue.uid: _numbered(cue, counters.numbers.get(cue.uid)) for cue in counters.cues}
    first = {id(cue) for cue in counters.cues}
    repeats = [cue for cue in cues if id(cue) not in first]
    changes = [
        NumberChange(cue.uid, cue.number, counters.given[cue.uid].number, counters.given[cue.uid].how)
        for cue in counters.cues
        if cue.uid in counters.given and counters.given[cue.uid].number != cue.number
    ]
    used = {cue.character for cue in counters.cues if cue.uid in counters.given}
    guessed = {character: why for character, why in counters.guessed.items() if character in used}
    characters = {
        one.id: dataclasses.replace(one, prefix=None) if one.id in counters.guessed.keys() - used else one
        for one in counters.characters.values()
    }
    return Numbering(
        cues=(*numbered.values(), *repeats),
        characters=characters,
        changes=tuple(changes),
        left=counters.left | {cue.uid: "another cue has its uid" for cue in repeats if not cue.number},
        guessed=guessed,
        scheme=counters.scheme,
        scheme_guessed=counters.rules.scheme is None,
        out_of_order=tuple(counters.out_of_order),
    )


def _numbered(cue: Cue, number: str | None) -> Cue:
    """Give a cue a number; what it had is remembered."""
    if number is None or number == cue.number:
        return cue
    former = [one for one in (*cue.former_numbers, cue.number) if one and one != number]
    return dataclasses.replace(cue, number=number, former_numbers=tuple(dict.fromkeys(former)))


def number_timeline(timeline: otio.schema.Timeline, project: Project, report: Report) -> Numbering:
    """Number the cues of a timeline; guesses, and cues that were left without a number, are in the report.

    The cues on the timeline get their numbers in place.

    >>> numbering = number_timeline(timeline, Project(), Report())
    >>> len(numbering.cues), numbering.changes
    (5, ())
    """
    facts, pairs = timeline_facts(timeline), list(cue_markers(timeline))
    done = number_cues([cue for _, cue in pairs], timeline_characters(timeline), facts, project)
    _put(timeline, pairs, done, report)
    return done


def renumber_timeline(
    timeline: otio.schema.Timeline, project: Project, report: Report, *, force: bool = False
) -> Numbering:
    """Renumber the cues of a timeline; see `renumber_cues`.

    Raises CannotWrite where takes are recorded under the old numbers, unless forced.

    >>> from postsync.model import NumberRules, NumberScheme
    >>> project = Project(numbers=NumberRules(NumberScheme("{reel}{seq:03}")))
    >>> numbering = renumber_timeline(timeline, project, report)
    >>> [(change.old, change.new) for change in numbering.changes][:2]
    [('R101', '1001'), ('R102', '1002')]
    """
    facts, pairs = timeline_facts(timeline), list(cue_markers(timeline))
    cues = [cue for _, cue in pairs]
    done = renumber_cues(cues, timeline_characters(timeline), facts, project, force=force)
    _put(timeline, pairs, done, report)
    return done


def _put(
    timeline: otio.schema.Timeline, pairs: list[tuple[otio.schema.Marker, Cue]], done: Numbering, report: Report
) -> None:
    """Write the numbered cues and the cast with its prefixes, so that the next numbering has the same."""
    facts = timeline_facts(timeline)
    changed = {change.uid for change in done.changes}
    numbered = {cue.uid: cue for cue in done.cues if cue.uid in changed}
    for marker, cue in pairs:
        if cue.uid in numbered:
            put_cue(marker, numbered.pop(cue.uid), facts, character_name(done.characters, cue), was=cue)
    put_characters(timeline, done.characters.values())
    _note(done, facts, report)


def _note(done: Numbering, facts: TimelineFacts, report: Report) -> None:
    if done.scheme_guessed and done.changes:
        report.note("scheme-guessed", scheme=done.scheme.template)
    for character, why in sorted(done.guessed.items()):
        one = done.characters[character]
        report.note("prefix-guessed", where=one.name, prefix=one.prefix, why=why)
    for cue in done.cues:
        where, time = character_name(done.characters, cue) or cue.uid, facts.label(cue.record_in)
        if cue.uid in done.left:
            report.note("number-not-given", where=where, time=time, why=done.left[cue.uid])
        elif cue.uid in done.out_of_order:
            report.note("number-out-of-order", where=where, time=time, number=cue.number)
