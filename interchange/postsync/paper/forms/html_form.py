"""A report as one HTML file that prints: no script, nothing from outside, every text escaped, a policy that forbids the rest.

The head of a table repeats on every printed page; `page x of y` stands in the margin. `dir="auto"` lets right-to-left lines run
their way. Nothing depends on colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from postsync.paper.document import TAKE_BOXES, Column, Document, Row, Section, Value, boxes_of
from postsync.paper.html_page import html_frame
from postsync.report import Report

FONTS = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "PingFang SC", "Hiragino Sans", '
    '"Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Noto Sans CJK SC", "Geeza Pro", "Noto Sans Arabic", '
    '"Arial Hebrew", "Noto Sans Hebrew", "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif'
)
"""Fonts that the systems have; those behind Latin are for Chinese, Japanese, Korean, Arabic, Hebrew and emoji."""

WRITING_LINES = 8
"""Lines to write notes on beneath a cue of the session."""


def html_bytes(document: Document, report: Report) -> bytes:
    """Give the page of a report."""
    return html_page(document).encode("utf-8", "replace")


def html_page(document: Document) -> str:
    """Give the page as text."""
    sections = [section for section in document.sections if section.rows]
    draw = {"table": _table, "sides": _sides, "session": _session}[document.look]
    body = "\n".join(draw(document, section) for section in sections) or _empty(document)
    title = document.title if document.title == document.name else f"{document.title} – {document.name}"
    main = f"<main>\n{body}\n{_notes(document)}</main>"
    return html_frame(title, _style(document), main, language=document.language, look=document.look)


def _style(document: Document) -> str:
    style = files("postsync.paper").joinpath("looks/report.css").read_text(encoding="utf-8")
    paper = {"A4": "A4", "Letter": "letter"}[document.paper]
    words = {
        "var-paper": f"{paper} {'landscape' if document.landscape else 'portrait'}",
        "var-footer": css_text(f"{document.title} – {document.name}"),
        "var-page": css_text(document.words.get("page", "")),
        "var-of": css_text(document.words.get("of", "")),
        "var-fonts": FONTS,
    }
    return re.sub("|".join(words), lambda found: words[found[0]], style)


def css_text(text: str) -> str:
    """Write a text as a CSS string in which nothing but letters and digits stands for itself.

    >>> css_text("R1")
    '"R1"'
    """
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in " ".join(text.split())) + '"'


def _head(document: Document, section: Section) -> str:
    facts = "".join(
        f'<span class="fact">{escape(name)} <b dir="auto">{escape(text)}</b></span>'
        for name, text in (*document.facts, *section.facts)
        if text
    )
    name = f"<h2>{escape(document.name)}</h2>" if document.name != document.title else ""
    return f'<h1 dir="auto">{escape(document.title)}</h1>{name}{facts}'


def _table(document: Document, section: Section) -> str:
    shares = sum(column.share for column in document.columns)
    widths = "".join(f'<col style="width:{100 * column.share / shares:.2f}%">' for column in document.columns)
    names = "".join(f'<th scope="col" class="{one.look}">{escape(one.heading)}</th>' for one in document.columns)
    rows = "\n".join(_row(document.columns, row) for row in section.rows)
    return (
        f"{_open(section)}\n<table>\n<colgroup>{widths}</colgroup>\n<thead>\n"
        f'<tr class="head"><th colspan="{len(document.columns)}">{_head(document, section)}</th></tr>\n'
        f'<tr class="names">{names}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</section>'
    )


def _open(section: Section) -> str:
    return '<section class="new-page">' if section.new_page else "<section>"


def _row(columns: Iterable[Column], row: Row) -> str:
    cells = "".join(_cell(column, row, first=place == 0) for place, column in enumerate(columns))
    return f"<tr{_classes(row)}>{cells}</tr>"


def _classes(row: Row) -> str:
    names = [name for name in (row.state, "marked" if row.mark else "") if name]
    return f' class="{" ".join(names)}"' if names else ""


def _cell(column: Column, row: Row, *, first: bool) -> str:
    if column.look == "boxes":
        return f'<td class="boxes">{"" if row.state in ("total", "context") else _boxes(row)}</td>'
    main, *rest = [row.values.get(key, "") for key in column.fields]
    mark = _mark(row) if first else ""
    main = "–" if column.look == "count" and main == 0 else main
    return f'<td class="{column.look}">{_text(main)}{mark}{"".join(map(_small, rest))}</td>'


def _boxes(row: Row) -> str:
    """Give the boxes for takes, those that there are in bold, the circled ones round; the sixth begins a new line."""
    boxes = [
        f'<i class="{state}">{escape(name)}</i>' if state else f"<i>{escape(name)}</i>" for name, state in boxes_of(row)
    ]
    return "".join(boxes[:TAKE_BOXES]) + ("<br>" + "".join(boxes[TAKE_BOXES:]) if len(boxes) > TAKE_BOXES else "")


def _mark(row: Row) -> str:
    return f'<span class="mark">{escape(row.mark)}</span>' if row.mark else ""


def _text(value: Value) -> str:
    return f'<span class="t" dir="auto">{escape(str(value))}</span>' if value != "" else ""


def _small(value: Value) -> str:
    return f'<small dir="auto">{escape(str(value))}</small>' if value != "" else ""


def _sides(document: Document, section: Section) -> str:
    articles = "\n".join(_side(document, row) for row in section.rows)
    return f"{_open(section)}\n<header>{_head(document, section)}</header>\n{articles}\n</section>"


def _side(document: Document, row: Row) -> str:
    meta, line = document.columns[0].fields, document.columns[1].fields
    number, *beside = [row.values.get(key, "") for key in meta]
    words, *under = [row.values.get(key, "") for key in line]
    size = "" if row.state == "context" else f' style="font-size:{document.size}pt"'
    below = "".join(f'<div class="under" dir="auto">{escape(str(one))}</div>' for one in under if one != "")
    room = '<div class="write"></div>' if row.state != "context" else ""
    return (
        f'<article{_classes(row)}><div class="meta">{_number(number, row)}'
        f"{''.join(map(_small, beside)).replace('<small', '<div').replace('</small', '</div')}</div>"
        f'<div><div class="say t" dir="auto"{size}>{escape(str(words))}</div>{below}{room}</div></article>'
    )


def _number(number: Value, row: Row) -> str:
    return f'<span class="number">{escape(str(number))}{_mark(row)}</span>' if number != "" else ""


def _session(document: Document, section: Section) -> str:
    pages = "\n".join(_session_page(document, section, row) for row in section.rows)
    return f"<section>\n{pages}\n</section>"


def _session_page(document: Document, section: Section, row: Row) -> str:
    meta, line, *rest = document.columns
    facts = "".join(
        f'<span class="fact">{escape(column.heading)} <b dir="auto">{escape(str(value))}</b></span>'
        for column in rest
        for value in [" · ".join(str(row.values[key]) for key in column.fields if row.values.get(key))]
        if value
    )
    number, *times = [str(row.values.get(key, "")) for key in meta.fields]
    words, *under = [row.values.get(key, "") for key in line.fields]
    below = "".join(f'<div class="under" dir="auto">{escape(str(one))}</div>' for one in under if one != "")
    return (
        f"<article{_classes(row)}><header>{_head(document, section)}</header>"
        f'<p><span class="number">{escape(number)}</span>{_mark(row)} {escape(" – ".join(filter(None, times)))}</p>'
        f'<div class="say t" dir="auto">{escape(str(words))}</div>{below}<p class="facts">{facts}</p>'
        f"{_room(document)}{_grid(document)}</article>"
    )


def _room(document: Document) -> str:
    """Give room to write notes, and who, when and where."""
    blanks = "".join(f"<span>{escape(document.words[key])}</span>" for key in ("hour", "day", "engineer", "studio"))
    lines = "<i></i>" * WRITING_LINES
    return f'<div class="room">{escape(document.words["notes"])}{lines}</div><div class="blanks">{blanks}</div>'


def _grid(document: Document) -> str:
    names = [document.words.get("take", ""), *(str(take) for take in range(1, 2 * TAKE_BOXES + 1))]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    blank = "".join("<td></td>" for _ in names)
    return f'<table class="grid"><tr>{head}</tr><tr>{blank}</tr><tr>{blank}</tr></table>'


def _notes(document: Document) -> str:
    marks = " · ".join(f"{letter} {words}" for letter, words in document.marks)
    lines: Sequence[str] = [*([marks] if marks else []), *document.notes]
    return f'<div class="notes">{"".join(f"<p>{escape(one)}</p>" for one in lines)}</div>\n' if lines else ""


def _empty(document: Document) -> str:
    blank = Section((), ())
    return f'<section>{_head(document, blank)}<p class="none">{escape(document.words.get("nothing", ""))}</p></section>'
