"""What the cue browser shows: the reels as spans of frames, each cue with its place, its lane, and its facts as text.

The lines are those of all reports, so what is open, struck or changed counts here as it counts on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.cueing import told
from postsync.model import COLOURS, TimelineFacts, natural_key, timeline_characters, timeline_duration, timeline_facts
from postsync.paper.browser.words import say
from postsync.paper.document import Document
from postsync.paper.heads import document
from postsync.paper.lines import PaperLine, Request, clean, coded, paper_lines
from postsync.paper.values import MARKED, VALUES
from postsync.paper.words import Words
from postsync.timing import frame_at

MOST_LANES = 8
MOST_CHANGES = 20
LONGEST_VALUE = 160

LISTED = ("number", "in", "out", "character", "line", "reasons", "status")
"""What the list shows of a line, by the names of all reports; the reel comes to it where there are several."""

TOLD = (
    "mark", "production_line", "alternates", "direction", "reason_note", "note", "engineer_note", "pronunciation",
    "requested_by", "length", "actor", "scene", "kind", "uses", "flags", "screen", "priority", "minutes", "omitted_reason",
)  # fmt: skip
"""What the details show beside it."""


@dataclass(frozen=True)
class ShownReel:
    """One strip: its name, the frames it spans, counted from 00:00:00:00, the last exclusive, its lanes, and its clock."""

    name: str
    first: int
    last: int
    lanes: int
    clock: TimelineFacts

    @property
    def seconds(self) -> Fraction:
        """Its length."""
        return (self.last - self.first) / self.clock.rate.fps


@dataclass(frozen=True)
class ShownCue:
    """One cue: the line, the numbers of its reel and character, its lane, its place by number, and its texts.

    `first` and `last` are frames counted from 00:00:00:00, the last exclusive. `texts` are those of the list, by name;
    `facts` pairs of a heading and a text; `filters` the words that it can be found by beside character and status.
    """

    line: PaperLine
    reel: int
    character: int
    lane: int
    by_number: int
    texts: Mapping[str, str]
    facts: tuple[tuple[str, str], ...]
    filters: tuple[str, ...]
    takes: tuple[tuple[str, ...], ...]
    history: tuple[str, ...]

    @property
    def first(self) -> int:
        """Its in."""
        return _first(self.line)

    @property
    def last(self) -> int:
        """Its out; a point's is its in."""
        return max(self.first, _last(self.line) if self.line.cue.record_out is not None else self.first)

    @property
    def open(self) -> bool:
        """Whether it is still to be recorded."""
        return not self.line.struck and not self.line.recorded


@dataclass(frozen=True)
class Shown:
    """All that the page shows: the head of all reports, the words, strips, characters with the colours that the show states."""

    head: Document
    words: Words
    reels: tuple[ShownReel, ...]
    characters: tuple[tuple[str, str | None], ...]
    statuses: tuple[tuple[str, str], ...]
    cues: tuple[ShownCue, ...]

    def say(self, key: str, **facts: object) -> str:
        """Give a text in the language of the page."""
        return say(self.words, key, **facts)

    def reel_name(self, reel: ShownReel) -> str:
        """Give the heading of a strip."""
        return self.say("reel-named", name=reel.name) if reel.name else self.say("whole")

    @property
    def names(self) -> list[str]:
        """The characters as people read them."""
        return [name or self.say("no_character") for name, _ in self.characters]


def shown_cues(request: Request) -> Shown:
    """Gather what is shown of the works that a report was asked of."""
    words, lines = request.words, paper_lines(request)
    reels_of = [_reel_of(line, lines) for line in lines]
    reels, lanes = _strips(lines, reels_of, request.works)
    reel_places = {reel.name: place for place, reel in enumerate(reels)}
    names = sorted({line.character for line in lines}, key=natural_key)
    name_places = {name: place for place, name in enumerate(names)}
    by_number = {place: order for order, place in enumerate(_by_number(lines))}
    cues = [
        ShownCue(
            line=line,
            reel=reel_places[reels_of[place]],
            character=name_places[line.character],
            lane=lanes[place],
            by_number=by_number[place],
            texts={name: _value(name, line, request) for name in LISTED},
            facts=tuple((say(words, name), text) for name, text in _facts(line, request)),
            filters=tuple(_filters(line, request)),
            takes=tuple(_takes(line)),
            history=tuple(_history(line)),
        )
        for place, line in enumerate(lines)
    ]
    colours = _stated_colours(request)
    return Shown(
        head=document(request, "browser", lines, fields=(), columns=(), sections=()),
        words=words,
        reels=reels,
        characters=tuple((name, colours.get(name)) for name in names),
        statuses=tuple(_statuses(lines, request)),
        cues=tuple(cues),
    )


def _stated_colours(request: Request) -> dict[str, str]:
    """Give the RGB of the colours that the show states for characters; those of no hue would not be seen on paper."""
    cast = [one for work in request.works for one in request.project.cast(timeline_characters(work)).values()]
    hueless = ("black", "white", "cream")
    return {clean(one.name): COLOURS[one.colour] for one in cast if one.colour in COLOURS and one.colour not in hueless}


def _statuses(lines: Sequence[PaperLine], request: Request) -> Iterator[tuple[str, str]]:
    """Yield the statuses that there are, in the order of the work, with their words."""
    known = list(request.project.vocabulary.statuses.by_code)
    found = dict.fromkeys(line.cue.status for line in lines)
    for code in sorted(found, key=lambda one: known.index(one) if one in known else len(known)):
        yield code, coded([code], "statuses", request.project.vocabulary, request.words)


def _by_number(lines: Sequence[PaperLine]) -> list[int]:
    return sorted(
        range(len(lines)), key=lambda place: (not lines[place].number, natural_key(lines[place].number), place)
    )


# ------------------------------------------------------------------------------------------------------- where they lie


def _reel_of(line: PaperLine, lines: Sequence[PaperLine]) -> str:
    """Name the strip of a line: its reel, with the episode where there are several."""
    several = lines[0].episode != lines[-1].episode  # They are in order of episode.
    return " ".join(part for part in (line.episode if several else "", line.reel) if part)


def _strips(
    lines: Sequence[PaperLine], reels: Sequence[str], works: Sequence[Any]
) -> tuple[tuple[ShownReel, ...], list[int]]:
    """Give the strips in order, and the lane of each line in its strip: lines that overlap lie in lanes of their own."""
    members: dict[str, list[int]] = {}
    for place, reel in enumerate(reels):
        members.setdefault(reel, []).append(place)
    lanes, strips = [0] * len(lines), list[ShownReel]()
    for reel, places in members.items():
        free: list[int] = []
        for place in places:
            lanes[place] = _lane(free, _first(lines[place]), _last(lines[place]))
        clock = lines[places[0]].facts
        first = min(_first(lines[place]) for place in places)
        last = max(_last(lines[place]) for place in places)
        if len(works) == len(members):
            first, last = _whole(clock, works, first, last)
        strips.append(ShownReel(reel, first, last, len(free), clock))
    return tuple(strips), lanes


def _first(line: PaperLine) -> int:
    return line.facts.start_frame + line.cue.record_in


def _last(line: PaperLine) -> int:
    return line.facts.start_frame + max(line.cue.record_in + 1, line.cue.record_out or 0)


def _whole(clock: TimelineFacts, works: Sequence[Any], first: int, last: int) -> tuple[int, int]:
    """Widen a strip to the whole of its work, where each work is a reel and its clock says which."""
    fits = [work for work in works if timeline_facts(work) == clock]
    if len(fits) != 1:
        return first, last
    return min(first, clock.start_frame), max(
        last, clock.start_frame + frame_at(timeline_duration(fits[0]), clock.rate)
    )


def _lane(free: list[int], start: int, end: int) -> int:
    """Take the first lane that is free at a frame; where all are taken, the one that is free the soonest."""
    lane = next((number for number, until in enumerate(free) if until <= start), len(free))
    if lane == len(free):
        if lane < MOST_LANES:
            free.append(0)
        else:
            lane = free.index(min(free))
    free[lane] = max(end, free[lane])
    return lane


# --------------------------------------------------------------------------------------------------------- what they say


def _value(name: str, line: PaperLine, request: Request) -> str:
    return str(VALUES[name](line, request.words, request.project.vocabulary) or "")


def _facts(line: PaperLine, request: Request) -> Iterator[tuple[str, str]]:
    """Yield what is stated of a line beside the list, with the key of its heading."""
    for name in TOLD:
        text = _value(name, line, request)
        if text:
            yield name, text
    for name, held in _also(line):
        text = clean(held)
        if text:
            yield name, text


def _also(line: PaperLine) -> Iterator[tuple[str, str | None]]:
    cue = line.cue
    yield from (("translation", f"{language}: {text}") for language, text in cue.translations.items())
    yield "shot", cue.shot
    yield "group", cue.group
    yield "former_numbers", ", ".join(cue.former_numbers)
    yield "omitted_on", cue.omitted_on
    yield "reconform", _reconform(cue.reconform or {})
    yield "uid", cue.uid
    yield from (("extra", f"{name}: {_short(value)}") for name, value in cue.extra.items())


def _reconform(stated: Mapping[str, Any]) -> str:
    """Say the last change: its status, its flags and what to check."""
    flags = stated.get("flags")
    parts = [stated.get("status"), ", ".join(map(str, flags)) if isinstance(flags, list) else None, stated.get("check")]
    return "; ".join(str(part) for part in parts if part)


def _filters(line: PaperLine, request: Request) -> Iterator[str]:
    """Yield the words of reasons, flags, versions and kind that are worth a filter, and what became of it."""
    for name in ("reasons", "flags", "uses", "kind"):
        yield from filter(None, _value(name, line, request).split(", "))
    if line.mark in MARKED:
        yield request.words.say(f"mark.{line.mark}")


def _takes(line: PaperLine) -> Iterator[tuple[str, ...]]:
    for take in line.takes:
        files = take.file or ", ".join(take.files)
        selected = (take.selected or "").replace("_", " ")
        yield tuple(clean(text) for text in (take.take, selected, take.microphone, files, take.note))


def _history(line: PaperLine) -> Iterator[str]:
    """Yield the last changes, the latest first."""
    for change in reversed(line.cue.history[-MOST_CHANGES:]):
        who = " ".join(part for part in (change.when, change.who) if part)
        old, new = (told(change.field, value, line.facts, "–") for value in (change.old, change.new))
        yield clean(f"{who} · {change.field}: {old} → {new}")


def _short(value: Any) -> str:
    text = "–" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
