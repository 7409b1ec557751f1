"""The project: what holds for a whole show, as `postsync.toml` states it. Every field has a default, so no file is needed."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, get_args

from postsync.errors import FormatError
from postsync.model.cues import Character, Cue
from postsync.model.project.colouring import ColourRules
from postsync.model.project.recording import RecordingRules
from postsync.model.project.scheme import NumberScheme, reel_in_numbers
from postsync.model.project.vocabulary import Vocabulary
from postsync.model.sheets import SheetTemplate
from postsync.timing import Rate, parse_timecode

Dialect = Literal["auto", "tags", "edicue", "plain"]
"""The notation of names of markers and clips; `auto` is what the names themselves look like.

>>> from typing import get_args
>>> get_args(Dialect)
('auto', 'tags', 'edicue', 'plain')
"""
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


@dataclass(frozen=True)
class Reel:
    """One reel: its name, first label, first and last frame of action as labels.

    >>> Reel("R1", start="01:00:00:00", ffoa="01:00:08:00").lfoa is None
    True
    """

    name: str
    start: str | None = None
    ffoa: str | None = None
    lfoa: str | None = None


@dataclass(frozen=True)
class CueRules:
    """What makes a plain marker a cue, beside its text.

    `words` are looked for as whole words in a marker's name or user, `colours` and `users` are compared whole;
    `number_pattern` is a regular expression for cue numbers of the show, made from its number scheme where the project gives
    only that. `dialect` is how text in markers and clip names is to be taken: `auto`, `tags` (the tag language), `edicue`
    (EdiCue and Cue Pro naming) or `plain`; `tag_keys` are keys of the tag language that the house has added.

    Texts are compared without regard to case.

    >>> CueRules(words=("ADR", "LOOP"), colours=("red",)).words
    ('ADR', 'LOOP')
    """

    words: tuple[str, ...] = ("ADR",)
    colours: tuple[str, ...] = ()
    users: tuple[str, ...] = ("ADR",)
    number_pattern: str = (
        r"(?:ADR[ _-]?)?(?=[A-Z0-9-]*\d)(?:[A-Z]{0,4}\d{1,5}(?:-[A-Z]{1,4}-\d{1,4})?|\d{1,2}[A-Z]\d{2,3})[A-Z]{0,2}"
    )
    dialect: Dialect = "auto"
    tag_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberRules:
    """How cues are numbered. `scheme` is None where the project states none; `counter` is one of `COUNTERS`.

    >>> project = Project(numbers=NumberRules(NumberScheme("{seq:03}"), start=10, step=10))
    >>> cues = [Cue(uid="7KQ2M9XD", record_in=0), Cue(uid="GME2BGKP", record_in=48)]
    >>> numbered = cueing.number_cues(cues, {}, timeline_facts(timeline), project)
    >>> [cue.number for cue in numbered.cues]
    ['010', '020']
    """

    scheme: NumberScheme | None = None
    counter: str | None = None
    start: int = 1
    step: int = 1


@dataclass(frozen=True)
class Project:
    """A show as its project file states it.

    >>> project = Project(show="The Crossing", reels=(Reel("R1", start="01:00:00:00"), Reel("R2", start="02:00:00:00")))
    >>> [reel.name for reel in project.reels], project.paper
    (['R1', 'R2'], 'A4')
    """

    show: str | None = None
    episode: str | None = None
    client: str | None = None
    supervisor: str | None = None
    picture_version: str | None = None
    rate: Rate | None = None
    reels: tuple[Reel, ...] = ()
    paper: str = "A4"
    cue_rules: CueRules = field(default_factory=CueRules)
    numbers: NumberRules = field(default_factory=NumberRules)
    characters: tuple[Character, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    colours: ColourRules = field(default_factory=ColourRules)
    minutes: Mapping[str, Fraction] = field(default_factory=dict, hash=False)
    sheets: Mapping[str, SheetTemplate] = field(default_factory=dict, hash=False)
    recording: RecordingRules = field(default_factory=RecordingRules)
    path: Path | None = None

    def reel_at(self, frame: int, rate: Rate) -> str | None:
        """Give the name of the reel that a frame, counted from 00:00:00:00, belongs to: the last that starts before it."""
        starts, names = _reel_starts(self.reels, rate)
        place = bisect_right(starts, frame)
        return names[place - 1] if place else None

    def reel_name(self, cue: Cue, start_frame: int, rate: Rate) -> str:
        """Give the reel of a cue: its field, else the project's reel at its in, else the hour of its in.

        `start_frame` is the timeline's first frame, counted from 00:00:00:00.
        """
        frame = start_frame + cue.record_in
        return cue.reel or self.reel_at(frame, rate) or str(hour_of(frame, rate))

    def minutes_of(self, cue: Cue) -> Fraction | None:
        """Give the time budget of a cue in minutes: its own, else that of its kind; None where neither is stated."""
        if cue.minutes is not None:
            try:
                return Fraction(cue.minutes.replace(",", "."))
            except (ValueError, ZeroDivisionError):
                return None
        return self.minutes.get(cue.kind)

    def colour_of(self, cue: Cue, characters: Mapping[str, Character]) -> str | None:
        """Give the colour of a cue's marker by the rules of the show; see `ColourRules`."""
        return self.colours.colour_of(cue, self.cast(characters))

    def cast(self, characters: Mapping[str, Character]) -> dict[str, Character]:
        """Give a timeline's characters with what the project says of them, by id; the project's word comes first.

        A character of the project is found by id, name or alias. Those that are not in the timeline are added.
        """
        if not self.characters:
            return dict(characters)
        merged = dict(characters)
        met: set[str] = set()
        for one in characters.values():
            own = self.stated_character(one)
            if own is not None:
                met.add(own.id)
                merged[one.id] = _with_facts(one, own)
        return merged | {own.id: own for own in self.characters if own.id not in met and own.id not in merged}

    def stated_character(self, one: Character) -> Character | None:
        """Give the project's own record of a timeline's character, found by id, name or alias."""
        return next((self._stated_by_word[word] for word in _words(one) if word in self._stated_by_word), None)

    @cached_property
    def _stated_by_word(self) -> dict[str, Character]:
        words: dict[str, Character] = {}
        for one in self.characters:
            for word in _words(one):
                words.setdefault(word, one)
        return words

    @property
    def reels_in_numbers(self) -> tuple[str, ...]:
        """The reels as they stand in cue numbers."""
        return tuple(reel_in_numbers(reel.name) for reel in self.reels)


def hour_of(frame: int, rate: Rate) -> int:
    """Give the hour of a frame's label, through midnight.

    >>> hour_of(86400, timing.as_rate(24))
    1
    """
    return frame % rate.frames_per_day * 24 // rate.frames_per_day


def _words(one: Character) -> Iterable[str]:
    return (word.casefold() for word in (one.id, one.name, *one.aliases))


def _with_facts(one: Character, own: Character) -> Character:
    """Give a timeline's character with what the project states; by its other names it is still found."""
    aliases = dict.fromkeys([*own.aliases, *one.aliases, own.id, one.name])
    return dataclasses.replace(
        one,
        name=own.name,
        prefix=own.prefix or one.prefix,
        actor=own.actor or one.actor,
        aliases=tuple(alias for alias in aliases if alias not in (one.id, own.name)),
        is_group=own.is_group or one.is_group,
        colour=own.colour or one.colour,
    )


@lru_cache(maxsize=32)
def _reel_starts(reels: tuple[Reel, ...], rate: Rate) -> tuple[list[int], list[str]]:
    """Give the first frames of the reels in order, and their names. A label that the rate does not have counts as no start."""
    placed: list[tuple[int, str]] = []
    for reel in reels:
        try:
            placed += [(parse_timecode(reel.start, rate), reel.name)] if reel.start else []
        except FormatError:
            continue
    placed.sort()
    return [start for start, _ in placed], [name for _, name in placed]
