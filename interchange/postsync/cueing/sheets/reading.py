"""A table of cells read as a timeline of cues.

Nothing that stands in the sheet is dropped in silence: unknown columns ride along in `extra`, cells that are not what their
column holds too, rows without a time are named. The timeline remembers which fields of a cue the sheet carried (`carried`)
and which header was taken for what (`sheet`), so that a merge changes only what the sheet could say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing.identity import is_uid, new_uid
from postsync.cueing.sheets.cast import SheetCast
from postsync.cueing.sheets.clock import SheetClock, SheetQuestion
from postsync.cueing.sheets.codecs import CODECS
from postsync.cueing.sheets.columns import COLUMNS, MARKED, SHOWN_ONLY
from postsync.cueing.sheets.headings import Heading, Row, SheetColumn, find_heading
from postsync.cueing.sheets.rows import CueCells, cue_cells
from postsync.cueing.sheets.words import UNTRUE, WordReader
from postsync.errors import FormatError
from postsync.model import (
    Cue,
    Vocabulary,
    cue_marker,
    natural_key,
    put_block,
    put_characters,
    put_timeline_facts,
)
from postsync.report import Report
from postsync.timing import fraction_text


def read_sheet(rows: Sequence[Row], report: Report, question: SheetQuestion) -> otio.schema.Timeline:
    """Read the rows under the first header that we understand as cues.

    Raises FormatError where there is no such header, RateError where nothing states the frame rate.
    """
    heading = find_heading(rows, question.words)
    heading = heading or find_heading(rows, question.words, loose="named" if question.columns_named else "timed")
    if heading is None:
        expected = "a header with in, line, and number or character"
        raise FormatError(path=question.path, place="row 1", expected=expected, found="none")
    cells = cue_cells(rows, heading, report)
    clock = SheetClock.of(rows[: heading.row], cells, heading, question, report)
    timeline = otio.schema.Timeline(name=question.name)
    put_timeline_facts(timeline, clock.facts)
    reader = _CueReader(heading, clock, SheetCast(heading, cells), report, question.vocabulary)
    cues = [cue for one in cells if (cue := reader.cue(one)) is not None]
    _note_columns(heading, cells, report)
    put_characters(timeline, reader.cast.characters.values())
    names = {one.id: one.name for one in reader.cast.characters.values()}
    cues.sort(key=lambda cue: (cue.seconds_in(clock.facts), natural_key(cue.number or "")))
    timeline.tracks.markers[:] = [cue_marker(cue, clock.facts, names.get(cue.character or "")) for cue in cues]
    put_block(timeline, _memory(heading, cells))
    return timeline


# -------------------------------------------------------------------------------------------------------------- a cue


class _CueReader:
    """Makes a cue of each row; what it learns on the way (words, characters, uids) holds for the whole sheet."""

    def __init__(
        self, heading: Heading, clock: SheetClock, cast: SheetCast, report: Report, vocabulary: Vocabulary | None
    ) -> None:
        self.clock, self.cast, self.report = clock, cast, report
        self.words = WordReader(report, vocabulary)
        self.taken: set[str] = set()
        self.timed = "tc_in" in heading.names
        self.fields = [one for one in heading.columns if COLUMNS[one.column].codec and one.column != "uid"]
        self.kept = [one for one in heading.columns if one.column == "extra"]
        self.translated = [one for one in heading.columns if one.column == "translations"]
        self.marked = [one for one in heading.columns if one.column in MARKED]

    def cue(self, cells: CueCells) -> Cue | None:
        """Read one row; None where it names no time, which is reported with its text."""
        start = self.clock.place(cells.named("tc_in"), cells.source) if self.timed else Fraction(0)
        if start is None:
            self.report.note("line-ignored", source=cells.source, text=" | ".join(filter(None, cells.texts.values())))
            return None
        if not self.timed:
            self.report.note("cue-without-time", source=cells.source, name=cells.named("number") or cells.named("uid"))
        extra = cells.keyed(self.kept)
        values = self._values(cells, extra)
        values["translations"] = cells.keyed(self.translated)
        self._mark(values, cells)
        values["character"] = self.cast.character(cells)
        if cells.section_reel and not values.get("reel"):
            values["reel"] = cells.section_reel
        values |= self.clock.times(start, cells, values)
        return Cue(**values, **self._identity(cells, start), extra=extra)

    def _values(self, cells: CueCells, extra: dict[str, str]) -> dict[str, Any]:
        """Read the columns that hold one field each; a cell that is not what its column holds is kept beside the cue."""
        values: dict[str, Any] = {}
        for one in self.fields:
            text = cells.texts.get(one.index)
            if not text:
                continue
            column = COLUMNS[one.column]
            try:
                values[column.carries[0]] = CODECS[column.codec].read(column.carries[0], text, self.words)
            except ValueError:
                extra[one.header.strip()] = text
                self.report.note("value-unreadable", source=cells.source, name=one.header.strip(), value=text)
        return values

    def _mark(self, values: dict[str, Any], cells: CueCells) -> None:
        """Set what the columns of one mark each say."""
        for one in self.marked:
            if cells.texts.get(one.index, "").casefold() in UNTRUE:
                continue
            field, code = MARKED[one.column]
            if field in ("uses", "flags"):
                usual = ("theatrical",) if field == "uses" else ()
                values[field] = tuple(dict.fromkeys((*values.get(field, usual), code)))
            elif not values.get(field):
                values[field] = code

    def _identity(self, cells: CueCells, start: Fraction) -> dict[str, Any]:
        """Give the uid; a copied row gets one of its own and says where it came from."""
        stated = cells.named("uid").upper()
        if is_uid(stated) and stated not in self.taken:
            self.taken.add(stated)
            return {"uid": stated}
        seed = "\x1f".join((cells.named("number"), cells.named("line"), fraction_text(start), str(cells.row)))
        uid = new_uid(seed, self.taken)
        self.taken.add(uid)
        if not is_uid(stated):
            if stated:
                self.report.note("value-unreadable", source=cells.source, name="UID", value=stated)
            return {"uid": uid}
        self.report.note("uid-doubled", source=cells.source, was=stated, now=uid)
        return {"uid": uid, "derived_from": stated}


# --------------------------------------------------------------------------------------------- what the sheet carried


_PLACES = {"record_in": "in", "precise_in": "in", "record_out": "out", "precise_out": "out"}


def carried_fields(heading: Heading, cells: Iterable[CueCells]) -> list[str]:
    """Give the fields, as a merge names them, whose column stands in the sheet: an empty cell there was emptied by somebody.

    A column of one mark (`TV`) or one name beside the cue (`extra`) does not carry its whole field.
    """
    carried = (field for one in heading.columns for field in COLUMNS[one.column].carries)
    fields = {_PLACES.get(field, field) for field in carried}
    if any(one.section_character for one in cells):
        fields.add("character")
    if {"duration", "tc_in"} <= heading.names:
        fields.add("out")
    return sorted(fields)


def _memory(heading: Heading, cells: Sequence[CueCells]) -> dict[str, Any]:
    parts = {
        "translations": sorted(one.key for one in heading.columns if one.column == "translations"),
        "extra": sorted(one.key for one in heading.columns if one.column == "extra"),
        "character": [name for name in ("name", "actor") if {"name": "character"}.get(name, name) in heading.names],
        **{
            field: codes
            for field in ("uses", "flags", "kind", "status")
            if (codes := [MARKED[name][1] for name in sorted(heading.names) if MARKED.get(name, ("",))[0] == field])
        },
    }
    columns = [
        {"column": one.index + 1, "header": one.header, "field": one.column, "key": one.key or None, "how": one.how}
        for one in heading.columns
    ]
    return {
        "carried": carried_fields(heading, cells),
        "carried_parts": {field: names for field, names in parts.items() if names},
        "sheet": {"header_row": heading.row + 1, "columns": columns},
    }


def _note_columns(heading: Heading, cells: Sequence[CueCells], report: Report) -> None:
    """Say which header was taken for which field, wherever it is not our own, and what was kept or left aside."""
    filled = Counter(index for one in cells for index, text in one.texts.items() if text)
    for one in heading.columns:
        if one.column == "extra" and one.how == "kept":
            if filled[one.index]:
                report.note("column-kept", source=_place(one), header=one.key, cells=filled[one.index])
            elif one.header.strip():
                report.note("element-ignored", source=_place(one), name=one.header.strip())
        elif one.how in ("word", "show", "content"):
            label = COLUMNS[one.column].header + (f" ({one.key})" if one.key else "")
            unused = one.column in SHOWN_ONLY and one.column != "duration"
            report.note(
                "column-read", source=_place(one), header=one.header.strip() or f"column {one.index + 1}", field=label,
                how="shown only, not read" if unused else HOW[one.how],
            )  # fmt: skip


HOW = {"word": "by its header", "show": "by the show's own header", "content": "by what stands in it"}


def _place(one: SheetColumn) -> str:
    return f"column {one.index + 1}"
