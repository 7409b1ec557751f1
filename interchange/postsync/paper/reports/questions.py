"""Open questions: what the checks find, and lines that wait for somebody, with room for the answer."""

from __future__ import annotations

from collections.abc import Iterator

from postsync.cueing import check_timeline
from postsync.findings import SEVERITIES, Finding
from postsync.paper.document import Document, Row, Section
from postsync.paper.heads import document
from postsync.paper.lines import PaperLine, Request, clean, paper_lines
from postsync.paper.values import column, fields

FIELDS = ("severity", "where", "in", "question", "todo", "answer", "code")
WAITING = ("to_be_written", "hold")


def questions(request: Request) -> Document:
    """Give the questions, the worst first; the sentences of checks are those that `check` prints."""
    words = request.words
    lines = paper_lines(request)
    found = [one for work in request.works for one in check_timeline(work, request.project)]
    groups = [
        (words.say(f"severity.{severity}"), [_row(request, one) for one in found if one.severity == severity])
        for severity in SEVERITIES
    ]
    groups.append((words.say("waiting"), list(_waiting(request, lines))))
    columns = (
        column(words, "where in", 22, "who"),
        column(words, "question", 40),
        column(words, "todo", 28, "small"),
        column(words, "answer", 25, "write"),
    )
    sections = [
        Section(((name, str(len(rows))),), tuple(rows), new_page=False) for name, rows in groups if rows
    ]  # fmt: skip
    return document(
        request, "questions", lines, fields=fields(FIELDS, words), columns=columns, sections=tuple(sections),
        landscape=True, marks=(),
    )  # fmt: skip


def _row(request: Request, found: Finding) -> Row:
    values = {
        "severity": request.words.say(f"severity.{found.severity}"),
        "where": clean(found.where),
        "in": found.time or "",
        "question": clean(found.words()),
        "todo": clean(found.remedy),
        "code": found.code,
    }
    return Row(values)


def _waiting(request: Request, lines: list[PaperLine]) -> Iterator[Row]:
    words = request.words
    for line in lines:
        flags = [flag for flag in WAITING if line.has(flag)]
        if flags and not line.struck:
            values = {
                "severity": words.say("waiting"),
                "where": " ".join(part for part in (line.number, line.character) if part),
                "in": line.start,
                "question": ", ".join(words.code("flags", flag) for flag in flags)
                + (f": {line.line}" if line.line else ""),
            }
            yield Row(values)
