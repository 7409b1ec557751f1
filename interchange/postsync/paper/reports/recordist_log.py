"""The recordist's log: a row for each take that is known and a blank one for each cue that waits.

Its CSV and its workbook read back as takes (`place --log`): their headings are among those that `placing.take_log` knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from postsync.model import Take
from postsync.paper.document import Document, Row, Section, Value
from postsync.paper.heads import counted, document, grouped
from postsync.paper.lines import PaperLine, Request, clean, paper_lines
from postsync.paper.values import column, fields, line_row

FIELDS = ("number", "character", "in", "line", "take", "circled", "status", "microphone", "file", "comment")
SELECTED = {"circled": "x"}
STATUS = {"no_good": "NG", "alternate": "alt", "hold": "hold"}


def recordist_log(request: Request) -> Document:
    """Give the log by reel."""
    words = request.words
    lines = [line for line in paper_lines(request) if not line.struck]
    sections = [
        Section(((words.say("reel"), reel), counted(of_reel, words)), tuple(_rows(request, of_reel)))
        for reel, of_reel in grouped(lines, lambda line: line.reel).items()
    ]
    columns = (
        column(words, "number", 10, "number"),
        column(words, "character in", 17, "who"),
        column(words, "line", 30, "small"),
        column(words, "take", 6, "text"),
        column(words, "circled status", 8, "text"),
        column(words, "microphone", 10, "text"),
        column(words, "file", 24, "small"),
        column(words, "comment", 24, "small"),
    )
    return document(
        request, "recordist-log", lines, fields=fields(FIELDS, words), columns=columns, sections=tuple(sections),
        landscape=True,
    )  # fmt: skip


def _rows(request: Request, lines: list[PaperLine]) -> Iterator[Row]:
    for line in lines:
        row = line_row(line, ("number", "character", "in", "line"), request)
        for take in line.takes:
            yield Row({**row.values, **_take(take)}, row.state, row.mark)
        if not line.takes:
            yield Row(row.values, "blank", row.mark)


def _take(take: Take) -> dict[str, Value]:
    selected = take.selected or ""
    return {
        "take": clean(take.take),
        "circled": SELECTED.get(selected, ""),
        "status": STATUS.get(selected, ""),
        "microphone": clean(take.microphone),
        "file": clean(take.file or ", ".join(take.files)),
        "comment": clean(take.note),
    }
