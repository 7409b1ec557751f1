"""Cues as a table of cells: the header, and one row of texts for each cue.

The full template reads back as the same records. Fields without a column are named when the file is read back, which every
carrier of cues is; here only what is known of the characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from typing import Any

import opentimelineio as otio

from postsync.cueing.rows import seconds_text
from postsync.cueing.sheets.codecs import CODECS
from postsync.cueing.sheets.columns import COLUMNS, MARKED, extra_header, language_header
from postsync.cueing.sheets.templates import Layout
from postsync.cueing.text import printable
from postsync.model import (
    Character,
    Cue,
    Project,
    TimelineFacts,
    character_name,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import Rate, as_rate, format_timecode, seconds_of_frame


@dataclass(frozen=True)
class WrittenColumn:
    """One column as it is written: our column, its header, and the language or name where it is one of several."""

    column: str
    header: str
    key: str = ""


@dataclass(frozen=True)
class SheetTable:
    """A table ready for a file: its columns, and the rows, each with its cue."""

    columns: tuple[WrittenColumn, ...]
    rows: tuple[tuple[Cue, list[str]], ...]

    @property
    def headers(self) -> list[str]:
        """The cells of the header."""
        return [column.header for column in self.columns]


@dataclass(frozen=True)
class _Show:
    """What the cells of a timeline are made with."""

    title: str
    facts: TimelineFacts
    characters: dict[str, Character]
    project: Project


def sheet_table(
    timeline: otio.schema.Timeline, layout: Layout, report: Report, title: str, project: Project | None = None
) -> SheetTable:
    """Give the cues of a timeline as a table, in record order.

    `title` names the format in the report. The project's episode, picture version and reels fill cells that the cues leave
    open.
    """
    cues = timeline_cues(timeline)
    characters = timeline_characters(timeline)
    show = _Show(timeline.name or "", timeline_facts(timeline), characters, project or Project())
    columns = tuple(_spread(layout, cues))
    makers = [_maker(column, show) for column in columns]
    cleaner = _Cleaner(report)
    rows = tuple((cue, [cleaner.clean(make(cue), cue) for make in makers]) for cue in cues)
    _note_cast(show, columns, report, title)
    clean = tuple(WrittenColumn(one.column, printable(one.header), one.key) for one in columns)
    return SheetTable(clean, rows)


def _spread(layout: Layout, cues: list[Cue]) -> Iterator[WrittenColumn]:
    """Yield the columns, one for each language and for each name beside the cues where the layout asks for those."""
    for head in layout:
        if head.column == "translations":
            for language in sorted({language for cue in cues for language in cue.translations}):
                yield WrittenColumn("translations", language_header(language), language)
        elif head.column == "extra":
            keys = dict.fromkeys(key for cue in cues for key, value in cue.extra.items() if _is_held(value))
            for key in keys:
                yield WrittenColumn("extra", extra_header(key), key)
        else:
            yield WrittenColumn(head.column, head.header)


def _is_held(value: Any) -> bool:
    return isinstance(value, str) and value != ""


# ---------------------------------------------------------------------------------------------------------- the cells


Maker = Callable[[Cue], str]


def _maker(column: WrittenColumn, show: _Show) -> Maker:
    """Give the function that makes the cells of a column."""
    name, key = column.column, column.key
    if name in _SPECIAL:
        special = _SPECIAL[name]
        return lambda cue: special(cue, show)
    if name == "translations":
        return lambda cue: cue.translations.get(key, "")
    if name == "extra":
        return lambda cue: cue.extra[key] if _is_held(cue.extra.get(key)) else ""
    if name in MARKED:
        return _mark_maker(*MARKED[name], column.header)
    field, codec = COLUMNS[name].carries[0], CODECS[COLUMNS[name].codec]
    usual = _USUAL_SHOWN.get(field, _USUAL[field])
    return lambda cue: "" if (value := getattr(cue, field)) == usual or value is None else codec.show(field, value)


def _mark_maker(field: str, code: str, header: str) -> Maker:
    def mark(cue: Cue) -> str:
        value = getattr(cue, field)
        return header if code == value or (isinstance(value, tuple) and code in value) else ""

    return mark


def frame_label(frame: int, facts: TimelineFacts) -> str:
    """Give the label of a frame so that it reads back as the same: with its sign before 0 h, unwrapped after a day."""
    absolute, day = facts.start_frame + frame, facts.rate.frames_per_day
    through_midnight = day <= absolute < day + facts.start_frame - day // 2
    return format_timecode(absolute, facts.rate, wrap=through_midnight)


def rate_text(rate: Rate) -> str:
    """Give a rate as people call it, or as a fraction where that name is not exact."""
    if as_rate(rate.name) == rate:
        return rate.name
    return f"{rate.text} DF" if rate.drop else rate.text


def _out_label(cue: Cue, show: _Show) -> str:
    return "" if cue.record_out is None else frame_label(cue.record_out, show.facts)


def _duration(cue: Cue, show: _Show) -> str:
    end = cue.seconds_out(show.facts)
    return "" if end is None else seconds_text(end - cue.seconds_in(show.facts))


def _actor(cue: Cue, show: _Show) -> str:
    known = show.characters.get(cue.character or "")
    return (known.actor if known else None) or ""


def _reel(cue: Cue, show: _Show) -> str:
    return cue.reel or show.project.reel_at(show.facts.start_frame + cue.record_in, show.facts.rate) or ""


def _seconds(frame: int | None, show: _Show) -> str:
    if frame is None:
        return ""
    return str(float(seconds_of_frame(show.facts.start_frame + frame, show.facts.rate)))


def _takes(cue: Cue, show: _Show) -> str:
    """List the takes, the chosen one with a star."""
    return ", ".join(
        f"{take.get('take', '?')}{'*' if take.get('selected') in ('circled', True) else ''}" for take in cue.takes
    )


_SPECIAL: dict[str, Callable[[Cue, _Show], str]] = {
    "tc_in": lambda cue, show: frame_label(cue.record_in, show.facts),
    "tc_out": _out_label,
    "duration": _duration,
    "character": lambda cue, show: character_name(show.characters, cue),
    "character_id": lambda cue, show: cue.character or "",
    "actor": _actor,
    "reel": _reel,
    "episode": lambda cue, show: cue.episode or show.project.episode or "",
    "version": lambda cue, show: cue.picture_version or show.project.picture_version or "",
    "takes": _takes,
    "uid": lambda cue, show: cue.uid,
    "rate": lambda cue, show: rate_text(show.facts.rate),
    "start": lambda cue, show: format_timecode(show.facts.start_frame, show.facts.rate, wrap=False),
    "title": lambda cue, show: show.title,
    "seconds_in": lambda cue, show: _seconds(cue.record_in, show),
    "seconds_out": lambda cue, show: _seconds(cue.record_out, show),
}


def _usual() -> dict[str, Any]:
    usual: dict[str, Any] = {}
    for one in fields(Cue):
        usual[one.name] = one.default_factory() if one.default_factory is not MISSING else one.default
    return usual


_USUAL = _usual()
"""The value of each field that was never set."""

_USUAL_SHOWN = {"kind": None, "uses": None, "status": None}
"""Fields whose usual value is written too: people want to see it."""


# --------------------------------------------------------------------------------------------------------- the report


class _Cleaner:
    """Takes out of texts what no table can hold, and says so."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def clean(self, text: str, cue: Cue) -> str:
        """Give the text without control characters; a carriage return is only another way to break a line."""
        if text.isprintable():
            return text
        clean = printable(text)
        if clean != text.replace("\r\n", "\n").replace("\r", "\n"):
            self._report.note("text-replaced", where=f"cue {cue.number or cue.uid}", was=ascii(text), now=ascii(clean))
        return clean


def _note_cast(show: _Show, columns: tuple[WrittenColumn, ...], report: Report, title: str) -> None:
    """Say what is known of the characters and has no column."""
    cast = show.characters.values()
    actors = 0 if any(one.column == "actor" for one in columns) else sum(bool(one.actor) for one in cast)
    more = sum(bool(one.prefix or one.aliases or one.is_group or one.colour) for one in cast)
    for feature, count in (("column Actor", actors), ("prefix, aliases or colour of a character", more)):
        if count:
            report.note("feature-not-carried", feature=feature, format=title, count=count)
