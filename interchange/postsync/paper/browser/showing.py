"""What the cue browser shows: the reels as spans of frames, each cue with its place, its lane, and its facts as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import opentimelineio as otio

from postsync.cueing import STRUCK_STATUSES, CueRow, cue_rows, printable, strip_tag
from postsync.model import (
    Cue,
    Project,
    character_name,
    natural_key,
    timeline_characters,
    timeline_cues,
    timeline_duration,
    timeline_facts,
)
from postsync.model.colours import COLOURS
from postsync.timing import frame_at

MOST_LANES = 8
MOST_CHANGES = 20
REEL_GAP_SECONDS = 300
"""Where nothing states reels, a new hour of timecode begins one if at least this much is empty before it."""

OPEN_STATUSES = ("spotted", "approved")
"""What is still to be recorded."""


@dataclass(frozen=True)
class ShownReel:
    """One strip: its name and the frames it spans, counted from the timeline's first frame, the last exclusive."""

    name: str
    first: int
    last: int
    lanes: int


@dataclass(frozen=True)
class ShownCue:
    """One cue: its row of text, the numbers of its reel, character and status, the lane it lies in, and more facts.

    `facts` are pairs of a field's name and its text; `by_number` is its place when sorted by number as people count.
    """

    row: CueRow
    record_in: int
    record_out: int | None
    status: str
    reel: int
    character: int
    lane: int
    by_number: int
    facts: tuple[tuple[str, str], ...]
    takes: tuple[tuple[str, ...], ...]
    history: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether it is still to be recorded."""
        return self.status in OPEN_STATUSES


@dataclass(frozen=True)
class ShownCharacter:
    """A name in the list of characters, and its colour `#RRGGBB` where the show states one."""

    name: str
    colour: str | None


@dataclass(frozen=True)
class Shown:
    """All that the page shows. `rate` is its name; `label` gives the timecode of a frame."""

    title: str
    episode: str
    version: str
    rate: str
    clock: Any
    reels: tuple[ShownReel, ...]
    characters: tuple[ShownCharacter, ...]
    statuses: tuple[str, ...]
    cues: tuple[ShownCue, ...]

    @property
    def marks(self) -> list[str]:
        """Every reason, flag, version and kind that a cue has, beside what is usual."""
        return sorted({mark for cue in self.cues for mark in cue_marks(cue.row)}, key=str.casefold)


def shown_cues(timeline: otio.schema.Timeline, project: Project | None = None) -> Shown:
    """Gather what is shown of a timeline whose cues were spotted."""
    project = project or Project()
    facts, cues, rows = timeline_facts(timeline), timeline_cues(timeline), cue_rows(timeline, project)
    cast = project.cast(timeline_characters(timeline))
    names = [printable(character_name(cast, cue) or row.character) for cue, row in zip(cues, rows, strict=True)]
    characters = sorted(set(names), key=natural_key)
    reels_of = _reels(cues, rows, facts.start_frame, facts.rate)
    length = frame_at(timeline_duration(timeline), facts.rate)
    spans, lanes = _spans(cues, reels_of, length)
    statuses = tuple(dict.fromkeys(cue.status for cue in sorted(cues, key=lambda one: _status_place(one.status))))
    by_number = {place: order for order, place in enumerate(_by_number(rows))}
    reel_places = {reel.name: place for place, reel in enumerate(spans)}
    character_places = {name: place for place, name in enumerate(characters)}
    shown = [
        ShownCue(
            row=row,
            record_in=cue.record_in,
            record_out=cue.record_out,
            status=cue.status,
            reel=reel_places[reels_of[place]],
            character=character_places[names[place]],
            lane=lanes[place],
            by_number=by_number[place],
            facts=tuple(_facts(cue, row)),
            takes=tuple(_takes(cue)),
            history=tuple(_history(cue)),
        )
        for place, (cue, row) in enumerate(zip(cues, rows, strict=True))
    ]
    colours = {one.name: _rgb(one.colour) for one in cast.values()}
    return Shown(
        title=printable(" – ".join(part for part in (project.show, timeline.name) if part)),
        episode=_common(row.episode for row in rows),
        version=_common(row.version for row in rows),
        rate=facts.rate.name,
        clock=facts,
        reels=spans,
        characters=tuple(ShownCharacter(name, colours.get(name)) for name in characters),
        statuses=statuses,
        cues=tuple(shown),
    )


def cue_marks(row: CueRow) -> list[str]:
    """Give the reasons, flags, versions and kind of a cue that are worth a filter."""
    several = [mark for text in (row.reasons, row.flags, row.uses) for mark in text.split(", ")]
    return [mark for mark in (*several, row.kind) if mark and mark not in ("theatrical", "line")]


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _rgb(colour: str | None) -> str | None:
    """Give the RGB of a colour that the show states; those of no hue are left to the page, which must stay readable."""
    return COLOURS.get(colour) if colour and colour not in ("black", "white", "cream") else None


_ORDER = ("spotted", "approved", "recorded", "selected", "cut", "approved_final", *STRUCK_STATUSES)


def _status_place(status: str) -> int:
    return _ORDER.index(status) if status in _ORDER else len(_ORDER)


def _by_number(rows: Sequence[CueRow]) -> list[int]:
    return sorted(range(len(rows)), key=lambda place: (not rows[place].number, natural_key(rows[place].number), place))


# ------------------------------------------------------------------------------------------------------- where they lie


def _reels(cues: Sequence[Cue], rows: Sequence[CueRow], start: int, rate: Any) -> list[str]:
    """Give each cue's reel: as stated, else the hour where hours lie far apart, else one reel without a name."""
    if any(row.reel for row in rows):
        return [row.reel for row in rows]
    names: list[str] = []
    hour_frames, gap = rate.frames_per_day // 24, REEL_GAP_SECONDS * rate.nominal
    hours = [(start + cue.record_in) // hour_frames % 24 for cue in cues]
    far = [place for place in range(1, len(cues)) if _far(cues, hours, place, gap)]
    if not far:
        return [""] * len(cues)
    name = ""
    for place in range(len(cues)):
        name = str(hours[place]) if place == 0 or place in far else name
        names.append(name)
    return names


def _far(cues: Sequence[Cue], hours: Sequence[int], place: int, gap: int) -> bool:
    return hours[place] != hours[place - 1] and cues[place].record_in - cues[place - 1].record_in >= gap


def _spans(cues: Sequence[Cue], reels: Sequence[str], length: int) -> tuple[tuple[ShownReel, ...], list[int]]:
    """Give the strips in record order, and the lane of each cue in its strip; cues that overlap lie in lanes of their own."""
    members: dict[str, list[int]] = {}
    for place, reel in enumerate(reels):
        members.setdefault(reel, []).append(place)
    lanes, spans = [0] * len(cues), list[ShownReel]()
    for reel, places in members.items():
        free: list[int] = []
        for place in places:
            lanes[place] = _lane(free, cues[place].record_in, _end(cues[place]))
        first, last = cues[places[0]].record_in, max(_end(cues[place]) for place in places)
        if len(members) == 1:
            first, last = min(0, first), max(length, last)
        spans.append(ShownReel(reel, first, last, len(free)))
    return tuple(spans), lanes


def _end(cue: Cue) -> int:
    return max(cue.record_in + 1, cue.record_out or 0)


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


def _facts(cue: Cue, row: CueRow) -> Iterator[tuple[str, str]]:
    """Yield what is stated of a cue beside the columns of the list."""
    for name, text in _stated(cue, row):
        shown = printable(strip_tag(text or "")).strip()
        if shown:
            yield name, shown


def _stated(cue: Cue, row: CueRow) -> Iterator[tuple[str, str | None]]:
    yield "production_line", cue.production_line
    yield from (("alternate", text) for text in cue.alternates)
    yield from (("translation", f"{language}: {text}") for language, text in cue.translations.items())
    for name in ("direction", "reason_note", "note", "engineer_note", "pronunciation", "requested_by"):
        yield name, getattr(cue, name)
    for name in ("duration", "actor", "scene"):
        yield name, getattr(row, name) + (" s" if name == "duration" and row.duration else "")
    yield "shot", cue.shot
    for name in ("kind", "uses", "flags", "screen", "priority"):
        yield name, getattr(row, name)
    for name in ("minutes", "group", "omitted_reason", "omitted_on"):
        yield name, getattr(cue, name)
    yield "former_numbers", ", ".join(cue.former_numbers)
    yield "reconform", _reconform(cue.reconform or {})
    yield "uid", cue.uid
    yield from (("extra", f"{name}: {value}") for name, value in cue.extra.items())


def _reconform(stated: Mapping[str, Any]) -> str:
    """Say the last change: its status, its flags and what to check."""
    flags = stated.get("flags")
    parts = [stated.get("status"), ", ".join(map(str, flags)) if isinstance(flags, list) else None, stated.get("check")]
    return "; ".join(str(part) for part in parts if part)


def _takes(cue: Cue) -> Iterator[tuple[str, ...]]:
    for take in cue.takes:
        files = take.get("file") or ", ".join(map(str, take.get("files") or ()))
        selected = str(take.get("selected") or "").replace("_", " ")
        values = (take.get("take"), selected, take.get("rating"), files, take.get("note"))
        yield tuple("" if value is None else printable(str(value)) for value in values)


def _history(cue: Cue) -> Iterator[str]:
    """Yield the last changes, the latest first."""
    for change in reversed(cue.history[-MOST_CHANGES:]):
        who = " ".join(part for part in (change.when, change.who) if part)
        yield printable(f"{who} · {change.field}: {_short(change.old)} → {_short(change.new)}")


def _short(value: Any) -> str:
    text = "–" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"
