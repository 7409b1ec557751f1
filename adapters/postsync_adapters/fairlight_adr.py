"""The cue list of DaVinci Resolve's Fairlight ADR panel: what its menu imports and exports as CSV.

No header. Six quoted cells as the panel writes them (id, in, out, character, dialogue, done), or the four of the manual
(in, out, character, dialogue); told apart by where the first timecode stands. A line break is `<br>`, the out is exclusive.
The panel has no cue number: ours goes before the dialogue, with two spaces. After converters that feed the panel.

    "1","01:00:05:00","01:00:07:12","MARY","R106  I never said that.<br>Never.","False"
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import StatedCue, TagLevel, put_stated_cues
from postsync.errors import CannotWrite, FormatError
from postsync.formats import (
    Claim,
    Feature,
    Format,
    Options,
    Purpose,
    Timelines,
    decode_text,
    frame_of_label,
    path_of,
    rate_of_labels,
    start_of_frames,
)
from postsync.model import Cue, PlainMarker, TimelineFacts, put_timeline_facts, timeline_facts
from postsync.report import Report
from postsync.timing import Rate, frame_at, nearest_frame, seconds_of_frame
from postsync_adapters._carried import Spoken, TimesReadOptions, spoken_cues

DONE = ("recorded", "selected", "cut", "approved_final")
"""The states in which the panel would show a cue as done."""

RATE_LIMIT = 100
"""From here on frames have three digits, which the panel does not take."""

_LABEL = re.compile(r"\s*\d{1,2}[:;.]\d\d[:;.]\d\d[:;.,]\d{2,3}\s*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NUMBER_AHEAD = re.compile(r"(?P<number>(?:[^\s<>{}]{1,12} )?[^\s<>{}]*\d[^\s<>{}]*) {2}(?P<line>.*)", re.DOTALL)


@dataclass(frozen=True)
class FairlightWriteOptions(Options):
    """How the list is written.

    `columns`: 6 as the panel writes, 4 as in the manual. `number`: before the dialogue, or not at all. `tags`: what of the
    tag stands behind the dialogue, where the actor sees it.
    """

    columns: Literal[6, 4] = 6
    number: Literal["ahead", "none"] = "ahead"
    tags: TagLevel = "none"


@dataclass(frozen=True)
class _Row:
    """One row: its cells by what they hold, and its line in the file."""

    line: int
    record_in: str
    record_out: str
    character: str
    dialogue: str
    done: str = ""


def sniff(head: bytes) -> Claim:
    """Say whether the first row has four or six cells, with timecodes where the panel has them."""
    text = decode_text(head).text
    if "\0" in text:
        return Claim.NO
    first = next((row for row in csv.reader(io.StringIO(text[:2048], newline="")) if any(row)), [])
    return Claim.CERTAIN if _row(first, 1) else Claim.NO


# ------------------------------------------------------------------------------------------------------------- reading


def read(file: BinaryIO, report: Report, options: TimesReadOptions) -> Timelines:
    """Read the cues of one timeline."""
    path = path_of(file)
    rows = list(_rows(decode_text(file.read(), report).text, report))
    if not rows:
        expected = "rows of id, in, out, character, dialogue, done"
        raise FormatError(path=path, place="line 1", expected=expected, found="none")
    name = options.name or (path.stem if path else "")
    timeline = otio.schema.Timeline(name=name)
    rate = options.rate or rate_of_labels([row.record_in for row in rows], name, report)
    placed = [(frame, row) for row in rows if (frame := _frame(row.record_in, row, rate, report)) is not None]
    start = start_of_frames(options.start, [frame for frame, _ in placed], rate, name, report)
    facts = TimelineFacts(rate, start, producer="DaVinci Resolve", format=FORMAT.name)
    put_timeline_facts(timeline, facts)
    cues = [_stated(row, frame, facts, report) for frame, row in sorted(placed, key=lambda pair: pair[0])]
    put_stated_cues(timeline, cues, facts, report)
    return [timeline]


def _rows(text: str, report: Report) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    try:
        for cells in reader:
            row = _row(cells, reader.line_num)
            if row is not None:
                yield row
            elif any(cell.strip() for cell in cells):
                report.note("line-ignored", source=f"line {reader.line_num}", text=",".join(cells))
    except csv.Error as fault:
        raise FormatError(f"not a table ({fault})", place=f"line {reader.line_num}") from fault


def _row(cells: list[str], line: int) -> _Row | None:
    """Give a row of either width; a comma in the dialogue that nobody quoted parted it, which is undone."""
    ahead = 0 if cells and _LABEL.fullmatch(cells[0]) else 1
    times, rest = cells[ahead : ahead + 2], cells[ahead + 2 :]
    if len(rest) < 2 or not all(_LABEL.fullmatch(cell) for cell in times):
        return None
    done = rest.pop() if ahead and len(rest) > 2 else ""
    return _Row(line, times[0], times[1], rest[0], ",".join(rest[1:]), done)


def _frame(label: str, row: _Row, rate: Rate, report: Report) -> int | None:
    return frame_of_label(label, rate, f"line {row.line}", report)


def _stated(row: _Row, frame: int, facts: TimelineFacts, report: Report) -> StatedCue:
    end = _frame(row.record_out, row, facts.rate, report)
    length = 0 if end is None else end - frame
    text = _BREAK.sub("\n", row.dialogue).strip()
    ahead = _NUMBER_AHEAD.fullmatch(text)
    plain = PlainMarker(
        seconds_of_frame(frame - facts.start_frame, facts.rate),
        seconds_of_frame(length if length > 1 else 0, facts.rate),
        origin=f"line {row.line}",
    )
    return StatedCue(
        plain,
        number=ahead["number"] if ahead else None,
        character=row.character.strip() or None,
        line=ahead["line"] if ahead else text,
        fields={"status": "recorded"} if row.done.strip().casefold() == "true" else {},
    )


# ------------------------------------------------------------------------------------------------------------- writing


def _is_short(cue: Cue, _: TimelineFacts) -> bool:
    """Whether the panel shows a cue as it shows one without an out."""
    return (cue.record_out or cue.record_in) - cue.record_in <= 1


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: FairlightWriteOptions) -> None:
    """Write the cues in record order, under running numbers as the panel gives them."""
    facts = timeline_facts(timeline)
    if facts.rate.nominal >= RATE_LIMIT:
        raise CannotWrite(expected="a rate below 100: the panel reads frames of two digits", found=facts.rate.name)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for count, cue in enumerate(spoken_cues(timeline, options.tags, report, looks_pointed=_is_short), 1):
        first, last = (facts.label(frame) for frame in _frames(cue, facts, report))
        cells = [first, last, cue.character, _dialogue(cue, options)]
        done = str(cue.cue.status in DONE)
        writer.writerow([str(count), *cells, done] if options.columns == 6 else cells)
    file.write(text.getvalue().encode("utf-8", "replace"))


def _frames(cue: Spoken, facts: TimelineFacts, report: Report) -> tuple[int, int]:
    """Give in and exclusive out as whole frames; a point is one frame, as the panel has no less."""
    first = frame_at(cue.start, facts.rate)
    left = cue.start - seconds_of_frame(first, facts.rate)
    if left:
        where = cue.number or cue.cue.uid
        report.note("cue-off-frame", where=where, moved_by=-left, remainder=f"{float(left):.4f}")
    last = first + 1 if cue.end is None else nearest_frame(cue.end, facts.rate)
    return first, max(first + 1, last)


def _dialogue(cue: Spoken, options: FairlightWriteOptions) -> str:
    ahead = f"{cue.number}  " if cue.number and options.number == "ahead" else ""
    return (ahead + cue.tagged).replace("\n", "<br>")


FORMAT = Format(
    name="fairlight_adr",
    title="Fairlight ADR cue list",
    suffixes=(".fairlight.csv",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=Feature.CUES | Feature.DROP_FRAME,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    read_options=TimesReadOptions,
    write_options=FairlightWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
