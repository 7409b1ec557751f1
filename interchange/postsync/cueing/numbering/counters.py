"""The counters of a show at work: who stands next to whom, which numbers are taken, and what each cue without one is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from postsync.cueing.numbering.prefixes import with_prefixes
from postsync.cueing.numbering.series import MISSING, guessed_scheme, token_values
from postsync.cueing.numbering.suffixes import free_suffixes
from postsync.cueing.rows import STRUCK_STATUSES
from postsync.model import Character, Cue, Project, Series, TimelineFacts, natural_key, reel_in_numbers

Key = tuple[str | None, str | None, str | None]
"""What a counter counts within: character, reel, episode; None where it does not tell them apart."""


@dataclass(frozen=True)
class Given:
    """A number that was given, and how: `numbered`, `suffixed`, `gap` or `renumbered`."""

    number: str
    how: str


@dataclass(frozen=True)
class Placed:
    """A numbered cue of a counter: where it stands among the cues, and its number taken apart."""

    at: int
    sequence: int
    suffix: str


class Counters:
    """One numbering under way. `given` are the numbers given so far, `left` the cues that could have none, with the reason.

    Cues are in record order, and of two with one uid the second is left alone.
    """

    def __init__(
        self, cues: Iterable[Cue], characters: Mapping[str, Character], facts: TimelineFacts, project: Project
    ) -> None:
        self.facts, self.project, self.rules = facts, project, project.numbers
        everyone = list(cues)
        first = {cue.uid: cue for cue in reversed(everyone)}
        self.cues = sorted(first.values(), key=partial(_record_order, facts))
        cast = project.cast(characters)
        # A character that is only an id in the cues, as in lists of other programs, is as good as its name.
        cast |= {
            cue.character: Character(cue.character, cue.character)
            for cue in self.cues
            if cue.character and cue.character not in cast
        }
        self.scheme = self.rules.scheme or guessed_scheme(self.cues, cast, facts, project)
        self.characters, self.guessed = dict(cast), dict[str, str]()
        if "prefix" in self.scheme.tokens:
            self.characters, self.guessed = with_prefixes(cast, self.cues, self.scheme)
        self.owners = _owners(everyone)
        self.numbers = {cue.uid: cue.number for cue in self.cues if cue.number}
        self.given: dict[str, Given] = {}
        self.out_of_order: list[str] = []
        self.left: dict[str, str] = {}
        self.series: dict[str, Series] = {}
        self.keys: dict[str, Key] = {}
        self._place_in_series()
        self.highest: dict[Key, int] = {}
        for cue in self.cues:
            for number in (cue.number, *cue.former_numbers):
                self._note_used(cue, number)

    def _place_in_series(self) -> None:
        """Find the series and the counter of each cue; one whose tokens are not known is left without a number."""
        counter = self.rules.counter or self.scheme.counter
        known: dict[tuple[str | None, ...], Series | str] = {}
        for cue in self.cues:
            reel = self.project.reel_name(cue, self.facts.start_frame, self.facts.rate)
            alike = (reel, cue.character, cue.episode, cue.picture_version)
            if alike not in known:
                values = token_values(cue, self.characters, self.facts, self.project)
                missing = sorted(self.scheme.tokens - {"seq"} - set(values))
                known[alike] = MISSING[missing[0]] if missing else self.scheme.series(values)
            found = known[alike]
            if isinstance(found, Series):
                self.series[cue.uid] = found
                self.keys[cue.uid] = (
                    cue.character if "character" in counter else None,
                    reel_in_numbers(reel) if "reel" in counter else None,
                    cue.episode if "episode" in self.scheme.tokens else None,
                )
            elif not cue.number and cue.status not in STRUCK_STATUSES:
                self.left[cue.uid] = found

    def groups(self) -> list[list[Cue]]:
        """Give the cues of each counter, in record order."""
        groups: dict[Key, list[Cue]] = {}
        for cue in self.cues:
            if cue.uid in self.keys:
                groups.setdefault(self.keys[cue.uid], []).append(cue)
        return list(groups.values())

    # ------------------------------------------------------------------------------------------------- numbers

    def _note_used(self, cue: Cue, number: str | None) -> None:
        found = self.series[cue.uid].read(number) if number and cue.uid in self.series else None
        if found is not None:
            key = self.keys[cue.uid]
            self.highest[key] = max(found[0], self.highest.get(key, found[0]))

    def _is_free(self, cue: Cue, sequence: int, suffix: str = "") -> bool:
        """Whether no other cue has or had a number of a cue's series."""
        number = self.series[cue.uid].write(sequence, suffix)
        return self.owners.get(number.casefold(), cue.uid) == cue.uid

    def _give(self, cue: Cue, sequence: int, suffix: str = "", *, how: str, series: Series | None = None) -> None:
        """Give a cue its number for good."""
        number = (series or self.series[cue.uid]).write(sequence, suffix)
        self.owners[number.casefold()] = cue.uid
        self.numbers[cue.uid] = number
        self.given[cue.uid] = Given(number, how)
        self._note_used(cue, number)

    def number_group(self, group: list[Cue]) -> None:
        """Number one counter: runs of cues without a number, each between its numbered neighbours."""
        placed = (one for at, cue in enumerate(group) if (one := self._placed(at, cue)) is not None)
        run: list[Cue] = []
        before: Placed | None = None
        after = next(placed, None)
        for at, cue in enumerate(group):
            if after is not None and at == after.at:
                self._number_run(run, before, after)
                run, before, after = [], after, next(placed, None)
            elif self._wants_number(cue) and not self._is_part(cue):
                run.append(cue)
        self._continue(run)

    def renumber_group(self, group: list[Cue]) -> None:
        """Number one counter anew from the start."""
        self._count([cue for cue in group if cue.status not in STRUCK_STATUSES], self.rules.start, "renumbered")

    def _wants_number(self, cue: Cue) -> bool:
        return cue.uid not in self.numbers and cue.status not in STRUCK_STATUSES

    def _is_part(self, cue: Cue) -> bool:
        """Whether a cue was split off another one of the list."""
        return cue.derived_from is not None and cue.derived_from != cue.uid and cue.derived_from in self.series

    def _placed(self, at: int, cue: Cue) -> Placed | None:
        found = self.series[cue.uid].read(cue.number) if cue.number else None
        return None if found is None else Placed(at, *found)

    def _continue(self, run: Sequence[Cue]) -> None:
        """Go on above the highest number that the counter has used, on the steps of the scheme."""
        if run:
            start, step = self.rules.start, self.rules.step
            highest = self.highest.get(self.keys[run[0].uid], start - step)
            above = start if highest < start else start + ((highest - start) // step + 1) * step
            self._count(run, above, "numbered")

    def _count(self, run: Sequence[Cue], sequence: int, how: str) -> None:
        for cue in run:
            while not self._is_free(cue, sequence):
                sequence += self.rules.step
            self._give(cue, sequence, how=how)
            sequence += self.rules.step

    def _number_run(self, run: list[Cue], before: Placed | None, after: Placed) -> None:
        """Number cues that were put in before a numbered one."""
        low = self._below(after) if before is None else before
        if not run or (low is not None and (self._fill_gap(run, low, after) or self._add_suffixes(run, low, after))):
            return
        self.out_of_order += [cue.uid for cue in run]
        self._continue(run)

    def _below(self, first: Placed) -> Placed | None:
        """Give the place before the first number of a counter, which nobody has: 100 before 101; None below zero."""
        if first.suffix:
            return Placed(-1, first.sequence, "")
        return Placed(-1, max(0, first.sequence - self.rules.step), "") if first.sequence > 0 else None

    def _fill_gap(self, run: list[Cue], low: Placed, high: Placed) -> bool:
        """Spread cues over the numbers that the step leaves free after a number."""
        kinds = self._one_of_each_series(run)
        top = min(high.sequence, low.sequence + self.rules.step)
        between = range(low.sequence + 1, top)
        free = [number for number in between if all(self._is_free(cue, number) for cue in kinds)]
        if len(free) < len(run):
            return False
        for place, cue in enumerate(run, start=1):
            self._give(cue, free[place * (len(free) + 1) // (len(run) + 1) - 1], how="gap")
        return True

    def _add_suffixes(self, run: list[Cue], low: Placed, high: Placed) -> bool:
        """Give cues the number before them with suffix letters."""
        kinds = self._one_of_each_series(run)

        def is_taken(suffix: str) -> bool:
            return not all(self._is_free(cue, low.sequence, suffix) for cue in kinds)

        before = high.suffix if high.sequence == low.sequence else None
        suffixes = free_suffixes(len(run), low.suffix, before, self.scheme.letters, is_taken)
        for cue, suffix in zip(run, suffixes or [], strict=False):
            self._give(cue, low.sequence, suffix, how="suffixed")
        return suffixes is not None

    def _one_of_each_series(self, run: Iterable[Cue]) -> list[Cue]:
        return list({self.series[cue.uid]: cue for cue in run}.values())

    # ------------------------------------------------------------------------------------------ parts of a split cue

    def number_parts(self) -> None:
        """Give parts that a change split off the suffixes of the cue that they came from, parts of parts after their own."""
        waiting = [cue for cue in self.cues if cue.uid in self.series and self._wants_number(cue)]
        while waiting:
            ready = [cue for cue in waiting if cue.derived_from in self.numbers]
            # Parts whose origin has no number, or that came from each other, are numbered like any new cue.
            for cue in ready or waiting:
                if not self._number_part(cue):
                    self._continue([cue])
            waiting = [cue for cue in waiting if cue.uid not in self.numbers]

    def _number_part(self, cue: Cue) -> bool:
        """Give a part the next suffix of its origin; False where the origin has no number of the scheme."""
        origin = cue.derived_from or ""
        number, series = self.numbers.get(origin), self.series.get(origin)
        found = series.read(number) if number and series else None
        if found is None or series is None:
            return False
        sequence, suffix = found

        def is_taken(tried: str) -> bool:
            return series.write(sequence, tried).casefold() in self.owners

        suffixes = free_suffixes(1, suffix, None, self.scheme.letters, is_taken)
        if suffixes is None:
            return False
        self._give(cue, sequence, suffixes[0], how="suffixed", series=series)
        return True


def _record_order(facts: TimelineFacts, cue: Cue) -> tuple[object, ...]:
    """Order by time; of cues in one place, those that have a number come first and in its order."""
    return cue.seconds_in(facts), not cue.number, natural_key(cue.number or ""), cue.record_out or cue.record_in


def _owners(cues: Sequence[Cue]) -> dict[str, str]:
    """Give the numbers in use and the former ones, case folded, with the cue that each belongs to."""
    owners: dict[str, str] = {}
    for cue in cues:
        if cue.number:
            owners.setdefault(cue.number.casefold(), cue.uid)
    for cue in cues:
        for number in cue.former_numbers:
            owners.setdefault(number.casefold(), cue.uid)
    return owners
