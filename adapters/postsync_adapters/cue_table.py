"""Cues as a table: CSV or TSV for a spreadsheet, and back.

We write our own header; on reading, columns are found by the words that cue sheets of other programs use. A cell that a
spreadsheet would run as a formula (`=1+1`, but also the line `-No!`) gets an apostrophe in front, which our reader takes off
again. Columns `Rate` and `Timeline start` make the table readable without asking for the frame rate.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import CueRow, character_id, cue_rows, is_uid, new_uid
from postsync.errors import FormatError, RateError, UnknownOption
from postsync.formats import Claim, Feature, Format, Options, Purpose, ReadOptions, Timelines, path_of
from postsync.model import (
    Character,
    Cue,
    Project,
    TimelineFacts,
    cue_marker,
    natural_key,
    put_characters,
    put_timeline_facts,
    timeline_facts,
)
from postsync.model.cues import KINDS
from postsync.report import Report
from postsync.timing import (
    Rate,
    as_rate,
    fraction_text,
    frame_at,
    is_timecode,
    parse_timecode,
    repair_timecode,
    seconds_of_frame,
)

COLUMNS: dict[str, str] = {
    "number": "Number", "character": "Character", "actor": "Actor", "tc_in": "In", "tc_out": "Out",
    "duration": "Duration (s)", "line": "Line", "reasons": "Reason", "reason_note": "Reason note", "kind": "Kind",
    "uses": "Use", "flags": "Flags", "priority": "Priority", "screen": "Screen", "direction": "Direction", "note": "Note",
    "engineer_note": "Engineer note", "status": "Status", "reel": "Reel", "scene": "Scene", "episode": "Episode",
    "version": "Version", "colour": "Colour", "uid": "UID", "rate": "Rate", "start": "Timeline start",
}  # fmt: skip
"""Our columns by field, in order, with their headers."""

SYNONYMS: dict[str, str] = {
    "number": "number|cue|cue id|cue number|cue no|no|#|qn|loop|loop number|cue #",
    "character": "character|char|role|speaker|source|name|character name",
    "actor": "actor|talent|artist|voice|actor name",
    "tc_in": "in|start|tc in|timecode|start timecode|start time|in time|start tc|timecode in|begin",
    "tc_out": "out|end|tc out|end timecode|finish|end time|out time|end tc|timecode out",
    "line": "line|dialogue|dialog|text|script|prompt|words",
    "reasons": "reason|reasons|code|why|reason code",
    "reason_note": "reason note",
    "kind": "kind|cue type|type",
    "uses": "use|uses",
    "flags": "flags",
    "priority": "priority|p",
    "screen": "screen|on screen",
    "direction": "direction|performance",
    "note": "note|notes|comment|comments|remarks",
    "engineer_note": "engineer note|engineer notes",
    "status": "status|done|shot",
    "reel": "reel|rl",
    "scene": "scene|sc",
    "episode": "episode|ep",
    "version": "version|ver|picture version",
    "colour": "colour|color",
    "uid": "uid",
    "rate": "rate|frame rate|fps",
    "start": "timeline start",
    "duration": "duration|duration s|length",
}
"""Words that head a column in our tables and in those of other programs, without case and punctuation."""

KIND_WORDS = {"dialogue": "line", "dialog": "line", "walla": "group", "vo": "voice_over", "voiceover": "voice_over"}
STATUS_WORDS = {
    "not recorded": "spotted", "in progress": "approved", "needs review": "recorded", "done": "recorded", "true": "recorded",
    "yes": "recorded", "x": "recorded", "false": "spotted", "no": "spotted",
}  # fmt: skip
STATUSES_KEPT = {"spotted", "approved", "recorded", "selected", "cut", "approved_final", "omitted", "lost", "replaced"}

DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";"}
ROWS_SEARCHED = 30

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_CLOCK = re.compile(r"(?P<h>\d{1,3}):(?P<m>\d{2}):(?P<s>\d{2})[.,](?P<ms>\d{3})")


@dataclass(frozen=True)
class TableReadOptions(ReadOptions):
    """`start`: the timecode of the timeline's first frame, where the table has no column for it."""

    start: str | None = None


@dataclass(frozen=True)
class TableWriteOptions(Options):
    """How the table is written.

    `delimiter` of the cells; `columns`: names of our fields in the wanted order, joined by commas (all where empty);
    `bom`: a byte order mark, without which Excel takes UTF-8 for something else. `episode` and `version` fill cells that
    the cues leave open.
    """

    delimiter: Literal["comma", "tab", "semicolon"] = "comma"
    columns: str = ""
    bom: bool = True
    episode: str | None = None
    version: str | None = None


# ------------------------------------------------------------------------------------------------------------- writing


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: TableWriteOptions) -> None:
    """Write one row for each cue, in record order."""
    facts = timeline_facts(timeline)
    fields = _wanted(options.columns)
    clock = {"rate": facts.rate.name, "start": facts.start_timecode}
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=DELIMITERS[options.delimiter], lineterminator="\r\n")
    table.writerow([COLUMNS[field] for field in fields])
    project = Project(episode=options.episode, picture_version=options.version)
    for row in cue_rows(timeline, project):
        table.writerow([inert(clock[field] if field in clock else str(getattr(row, field))) for field in fields])
    file.write(text.getvalue().encode("utf-8-sig" if options.bom else "utf-8"))
    _note_left_out(timeline, fields, report)


def _wanted(columns: str) -> list[str]:
    fields = [name.strip() for name in columns.split(",") if name.strip()] or list(COLUMNS)
    unknown = [name for name in fields if name not in COLUMNS]
    if unknown:
        raise UnknownOption(f"no column {unknown[0]!r}", remedy=f"there are: {', '.join(COLUMNS)}")
    return fields


def _note_left_out(timeline: otio.schema.Timeline, fields: list[str], report: Report) -> None:
    """Say which filled fields the chosen columns have no place for."""
    rows = cue_rows(timeline)
    shown = {field.name for field in dataclasses.fields(CueRow)}
    for field in (field for field in COLUMNS if field in shown and field not in fields):
        count = sum(bool(getattr(row, field)) for row in rows)
        if count:
            report.note("feature-not-carried", feature=f"column {COLUMNS[field]}", format=FORMAT.title, count=count)


def inert(cell: str) -> str:
    """Keep a spreadsheet from running a cell: an apostrophe before what would be a formula.

    >>> inert("-No!"), live(inert("-No!"))
    ("'-No!", '-No!')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def live(cell: str) -> str:
    """Take the apostrophe of `inert` off again."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# ------------------------------------------------------------------------------------------------------------- reading


def sniff(head: bytes) -> Claim:
    """Say whether a header that we know stands in the first bytes: a time, a line, and a number or a character."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        text = head[: fault.start].decode("utf-8-sig", "replace")
    if "\0" in text or not text.strip():
        return Claim.NO
    found = _header(_cells(text, lenient=True))
    if found is None:
        return Claim.NO
    return Claim.CERTAIN if "uid" in found[1] else Claim.MAYBE


def read(file: BinaryIO, report: Report, options: TableReadOptions) -> Timelines:
    """Read the rows under the first header that we understand as cues."""
    path = path_of(file)
    table = _cells(_decoded(file.read(), report))
    found = _header(table)
    if found is None:
        raise FormatError(
            path=path, place="line 1", expected="a header with in, line, and number or character", found="none"
        )
    header, columns = found
    rows = [
        (place, _row(cells, columns)) for place, cells in enumerate(table[header + 1 :], start=header + 2) if any(cells)
    ]
    rows = [
        (place, row)
        for place, row in rows
        if row.get("tc_in", "").casefold() != table[header][columns["tc_in"]].casefold()
    ]
    facts = _facts(rows, options, report, path)
    timeline = otio.schema.Timeline(name=options.name or (path.stem if path else ""))
    put_timeline_facts(timeline, facts)
    _note_unknown(table[header], columns, report)
    _fill(timeline, rows, facts, report)
    return [timeline]


def _decoded(data: bytes, report: Report) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        report.note("text-encoding-guessed", encoding="Windows-1252")
        return data.decode("cp1252", "replace")


def _cells(text: str, *, lenient: bool = False) -> list[list[str]]:
    """Take the text apart by the delimiter that its first lines hold most of."""
    head = text[:4096]
    delimiter = max(DELIMITERS.values(), key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter):
            rows.append([live(cell) for cell in row])
            if lenient and len(rows) == ROWS_SEARCHED:
                break
    except csv.Error as fault:
        if not lenient:
            raise FormatError(f"not a table: {fault}", place=f"row {len(rows) + 1}") from fault
    return rows


def _header(table: list[list[str]]) -> tuple[int, dict[str, int]] | None:
    """Find the first row that heads a cue table, and which field each of its columns is."""
    for place, cells in enumerate(table[:ROWS_SEARCHED]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            field = _FIELD_OF_WORD.get(_folded(cell))
            if field is not None:
                columns.setdefault(field, column)
        if {"tc_in", "line"} <= set(columns) and {"number", "character"} & set(columns):
            return place, columns
    return None


def _folded(cell: str) -> str:
    """Fold a header; `Script (en-us)` and `Duration (s)` are `script` and `duration`."""
    cell = re.sub(r"(?<=\S)\s*\([^()]*\)", " ", cell)
    return " ".join(re.sub(r"[^\w#]+|_", " ", cell).casefold().split())


_FIELD_OF_WORD = {word: field for field, words in SYNONYMS.items() for word in words.split("|")}


def _row(cells: list[str], columns: dict[str, int]) -> dict[str, str]:
    return {field: cells[column].strip() for field, column in columns.items() if column < len(cells)}


def _note_unknown(header: list[str], columns: dict[str, int], report: Report) -> None:
    for column, cell in enumerate(header):
        if cell.strip() and column not in columns.values():
            report.note("element-ignored", source=f"column {column + 1}", name=cell.strip())


Rows = list[tuple[int, dict[str, str]]]


def _facts(rows: Rows, options: TableReadOptions, report: Report, path: Any) -> TimelineFacts:
    """Settle the clock: the options, else our own columns, else the hour of the earliest cue as start."""
    stated = next((row["rate"] for _, row in rows if row.get("rate")), None)
    if options.rate is None and stated is None:
        raise RateError("the table does not say its frame rate", path=path, remedy="give it with --rate")
    rate = options.rate or as_rate(stated or "")
    start = options.start or next((row["start"] for _, row in rows if row.get("start")), None)
    if start is not None:
        return TimelineFacts(rate, parse_timecode(start, rate, path=path, place="timeline start"), format="cue_table")
    frames = [frame for _, row in rows if (frame := repair_timecode(row.get("tc_in", ""), rate)) is not None]
    first = parse_timecode(f"{_hour_of(min(frames, default=0), rate):02}:00:00:00", rate)
    facts = TimelineFacts(rate, first, format="cue_table")
    report.note("start-guessed", start=facts.start_timecode, why="the hour of the earliest cue")
    return facts


def _hour_of(frame: int, rate: Rate) -> int:
    return max(0, frame) // (rate.frames_per_day // 24)


def _fill(timeline: otio.schema.Timeline, rows: Rows, facts: TimelineFacts, report: Report) -> None:
    cast: dict[str, Character] = {}
    cues: list[Cue] = []
    taken: set[str] = set()
    for place, row in rows:
        start = _time(row.get("tc_in", ""), facts, report, place)
        if start is None:
            report.note("line-ignored", source=f"row {place}", text=" | ".join(cell for cell in row.values() if cell))
            continue
        end = _time(row["tc_out"], facts, report, place) if row.get("tc_out") else None
        cue = _cue(row, start, end, facts, cast, taken, place)
        taken.add(cue.uid)
        cues.append(cue)
    put_characters(timeline, cast.values())
    for cue in sorted(cues, key=lambda cue: (cue.seconds_in(facts), natural_key(cue.number or ""))):
        who = cast[cue.character].name if cue.character else None
        timeline.tracks.markers.append(cue_marker(cue, facts, who))


def _time(text: str, facts: TimelineFacts, report: Report, place: int) -> Fraction | None:
    """Read a label, or a clock time with milliseconds, as seconds from the timeline's first frame."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds, thousandths = (int(part) for part in clock.groups())
        exact = Fraction(hours * 3600 + minutes * 60 + seconds) + Fraction(thousandths, 1000)
        return exact - seconds_of_frame(facts.start_frame, facts.rate)
    if not is_timecode(text):
        return None
    try:
        frame = parse_timecode(text, facts.rate)
    except FormatError:
        repaired = repair_timecode(text, facts.rate)
        if repaired is None:
            return None
        frame = repaired
        now = facts.label(frame - facts.start_frame)
        report.note("timecode-repaired", source=f"row {place}", was=text, now=now)
    if frame < facts.start_frame and frame + facts.rate.frames_per_day // 2 < facts.start_frame:
        frame += facts.rate.frames_per_day
    return seconds_of_frame(frame - facts.start_frame, facts.rate)


def _cue(
    row: dict[str, str],
    start: Fraction,
    end: Fraction | None,
    facts: TimelineFacts,
    cast: dict[str, Character],
    taken: set[str],
    place: int,
) -> Cue:
    first = frame_at(start, facts.rate)
    last = None if end is None or end <= start else max(first + 1, frame_at(end, facts.rate))
    uid = row.get("uid", "").upper()
    if not is_uid(uid) or uid in taken:
        uid = new_uid(
            "\x1f".join((row.get("number", ""), row.get("line", ""), fraction_text(start), str(place))), taken
        )
    texts: dict[str, Any] = {
        name: row.get(name) or None
        for name in ("number", "line", "direction", "note", "engineer_note", "reel", "scene")
    }
    return Cue(
        uid=uid,
        record_in=first,
        record_out=last,
        precise_in=start if start != seconds_of_frame(first, facts.rate) else None,
        precise_out=end if last is not None and end != seconds_of_frame(last, facts.rate) else None,
        character=_character(row, cast),
        episode=row.get("episode") or None,
        picture_version=row.get("version") or None,
        reason_note=row.get("reason_note") or None,
        reasons=tuple(_list(row.get("reasons", ""))),
        uses=tuple(_list(row.get("uses", ""))) or ("theatrical",),
        flags=tuple(_list(row.get("flags", ""))),
        priority=int(row["priority"]) if re.fullmatch(r"[1-9]\d{0,2}", row.get("priority", "")) else None,
        screen=_code(row.get("screen", "")) or None,
        colour=row.get("colour", "").lower() or None,
        **_states(row),
        **texts,
    )


def _states(row: dict[str, str]) -> dict[str, Any]:
    """Read kind and status; words that are nobody's code are kept beside the record."""
    kind, status = row.get("kind", ""), row.get("status", "")
    kind_code, status_code = _code(kind), _code(status)
    kind_code = KIND_WORDS.get(kind.casefold(), kind_code)
    status_code = STATUS_WORDS.get(status.casefold(), status_code)
    extra = {
        name: text
        for name, text, known in (("kind", kind, kind_code in KINDS), ("status", status, status_code in STATUSES_KEPT))
        if text and not known
    }
    return {
        "kind": kind_code if kind_code in KINDS else ("line" if not kind else "other"),
        "status": status_code if status_code in STATUSES_KEPT else "spotted",
        "extra": extra,
    }


def _character(row: dict[str, str], cast: dict[str, Character]) -> str | None:
    name = row.get("character", "")
    if not name:
        return None
    known = next((one for one in cast.values() if one.name.casefold() == name.casefold()), None)
    if known is None:
        known = Character(character_id(name, cast), name)
    cast[known.id] = dataclasses.replace(known, actor=known.actor or row.get("actor") or None)
    return known.id


def _list(text: str) -> Iterator[str]:
    for item in re.split(r"[,;]", text):
        if item.strip():
            yield _code(item)


def _code(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")


FORMAT = Format(
    name="cue_table",
    title="Cue table (CSV, TSV)",
    suffixes=(".csv", ".tsv"),
    sniff=sniff,
    reads=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.CUES,
    read_options=TableReadOptions,
    write_options=TableWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
