"""The cue sheet: a page to print and write on, one HTML file without scripts or anything from outside.

One table for each reel, in record order; its head repeats on every printed page and names title, episode, reel, version and
date; `page x of y` stands in the margin. Every text is escaped, the page's own policy forbids all but its style, and
`dir="auto"` lets right-to-left lines run their way. It reads in black and white: nothing depends on colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import BinaryIO, Literal

import opentimelineio as otio

from postsync.cueing import CueRow, cue_rows, printable
from postsync.formats import Claim, Feature, Format, Options, Purpose
from postsync.model import Project
from postsync.report import Report

TAKE_BOXES = 5

PAPERS = {"A4": "A4 landscape", "Letter": "letter landscape"}

FONTS = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "PingFang SC", "Hiragino Sans", '
    '"Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Noto Sans CJK SC", "Geeza Pro", "Noto Sans Arabic", '
    '"Arial Hebrew", "Noto Sans Hebrew", "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif'
)
"""Fonts that the systems have; those behind Latin are for Chinese, Japanese, Korean, Arabic, Hebrew and emoji."""

STYLE = """
@page { size: %(paper)s; margin: 12mm 10mm 14mm;
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; }
  @bottom-left { content: %(footer)s; font: 8pt sans-serif; } }
* { box-sizing: border-box; }
body { margin: 0; color: #000; background: #fff; font: 9.5pt/1.35 %(fonts)s; }
table { width: 100%%; border-collapse: collapse; table-layout: fixed; }
section + section { break-before: page; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.head th { border: 0; padding: 0 0 2.5mm; font-weight: 400; text-align: start; vertical-align: bottom; }
.head .title { font-size: 15pt; font-weight: 700; margin-inline-end: 5mm; }
.head .fact { display: inline-block; margin-inline-end: 5mm; }
.head .fact b { font-weight: 600; }
.names th { border-top: 1.2pt solid #000; border-bottom: 1.2pt solid #000; padding: 1mm 1.5mm; text-align: start;
  font-size: 8pt; font-weight: 600; letter-spacing: .02em; }
td { border-bottom: .4pt solid #777; padding: 1.6mm 1.5mm; vertical-align: top; overflow-wrap: anywhere; }
td.text { white-space: pre-line; unicode-bidi: plaintext; }
.number { font-weight: 700; font-size: 11pt; }
.tc { font-variant-numeric: tabular-nums; white-space: nowrap; direction: ltr; }
.tc small { display: block; color: #333; }
.who { font-weight: 600; }
.who small, .line small, .why small { display: block; font-weight: 400; font-size: 8pt; color: #333; }
.line { font-size: 11pt; }
.takes { white-space: nowrap; }
.takes i { display: inline-block; width: 5.6mm; height: 5.6mm; border: .6pt solid #000; margin-inline-end: .9mm;
  font: 6pt/1 sans-serif; padding: .5mm; color: #555; }
.struck td { text-decoration: line-through; color: #444; }
.struck td.takes { text-decoration: none; }
.struck .state { display: inline-block; text-decoration: none; font-weight: 700; }
.none { padding: 8mm 0; }
@media screen { body { max-width: 297mm; margin: 8mm auto; padding: 0 8mm; } section + section { margin-top: 14mm; } }
"""

WIDTHS = {"Cue": 7, "In / Out": 10, "Character": 13, "Line": 35, "Reason": 11, "Note": 11, "Takes": 13}
"""Columns and their share of the page in per cent."""


@dataclass(frozen=True)
class SheetOptions(Options):
    """What stands in the head of the page, and its paper.

    `title` is the timeline's name where not given; `date` is printed as given, so the same input makes the same page.
    """

    title: str | None = None
    episode: str | None = None
    version: str | None = None
    date: str | None = None
    paper: Literal["A4", "Letter"] = "A4"
    language: str = "en"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: SheetOptions) -> None:
    """Write the sheet."""
    project = Project(episode=options.episode, picture_version=options.version)
    rows = cue_rows(timeline, project)
    title = printable(options.title or timeline.name or "Cue sheet")
    reels = _by_reel(rows)
    body = "\n".join(_section(title, reel, of_reel, options) for reel, of_reel in reels) or _empty(title, options)
    file.write(_page(title, body, options).encode("utf-8", "replace"))


def _by_reel(rows: Iterable[CueRow]) -> list[tuple[str, list[CueRow]]]:
    reels: dict[str, list[CueRow]] = {}
    for row in rows:
        reels.setdefault(row.reel, []).append(row)
    return list(reels.items())


def _page(title: str, body: str, options: SheetOptions) -> str:
    style = STYLE % {"paper": PAPERS[options.paper], "fonts": FONTS, "footer": css_text(title)}
    language = options.language if re.fullmatch(r"[A-Za-z0-9-]{2,35}", options.language) else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def css_text(text: str) -> str:
    """Write a text as a CSS string in which nothing but letters and digits stands for itself.

    >>> css_text("R1")
    '"R1"'
    """
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in " ".join(text.split())) + '"'


def _section(title: str, reel: str, rows: list[CueRow], options: SheetOptions) -> str:
    columns = "".join(f'<col style="width:{width}%">' for width in WIDTHS.values())
    names = "".join(f'<th scope="col">{name}</th>' for name in WIDTHS)
    head = _head(title, reel, rows, options)
    lines = "\n".join(_row(row) for row in rows)
    return (
        f"<section>\n<table>\n<colgroup>{columns}</colgroup>\n<thead>\n"
        f'<tr class="head"><th colspan="{len(WIDTHS)}">{head}</th></tr>\n<tr class="names">{names}</tr>\n</thead>\n'
        f"<tbody>\n{lines}\n</tbody>\n</table>\n</section>"
    )


def _head(title: str, reel: str, rows: list[CueRow], options: SheetOptions) -> str:
    struck = sum(row.struck for row in rows)
    facts = {
        "Episode": options.episode or _common(row.episode for row in rows),
        "Reel": reel,
        "Version": options.version or _common(row.version for row in rows),
        "Date": options.date or "",
        "Cues": f"{len(rows) - struck}" + (f" and {struck} struck" if struck else ""),
    }
    told = "".join(
        f'<span class="fact">{name} <b dir="auto">{escape(printable(text))}</b></span>'
        for name, text in facts.items()
        if text
    )
    return f'<span class="title" dir="auto">{escape(title)}</span>{told}'


def _common(texts: Iterable[str]) -> str:
    """Give the value that all rows share; none where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _row(row: CueRow) -> str:
    state = f'<small class="state">{escape(row.status)}</small>' if row.struck else ""
    marks = " · ".join(part for part in (_unless(row.kind, "line"), row.flags, _use(row.uses), _priority(row)) if part)
    cells = [
        f'<td class="number" dir="auto">{escape(row.number)}{state}</td>',
        f'<td class="tc">{escape(row.tc_in)}<br>{escape(row.tc_out)}{_small(row.duration and f"{row.duration} s")}</td>',
        f'<td class="who" dir="auto">{escape(row.character)}{_small(row.actor)}</td>',
        f'<td class="line text" dir="auto">{escape(row.line)}{_small(row.direction)}</td>',
        f'<td class="why text" dir="auto">{escape(row.reasons)}{_small(row.reason_note)}{_small(marks)}</td>',
        f'<td class="note text" dir="auto">{escape(row.note)}</td>',
        f'<td class="takes">{"".join(f"<i>{take}</i>" for take in range(1, TAKE_BOXES + 1))}</td>',
    ]
    struck = ' class="struck"' if row.struck else ""
    return f"<tr{struck}>{''.join(cells)}</tr>"


def _unless(text: str, usual: str) -> str:
    return "" if text == usual else text


def _use(uses: str) -> str:
    return ", ".join(use for use in uses.split(", ") if use != "theatrical")


def _priority(row: CueRow) -> str:
    return f"priority {row.priority}" if row.priority else ""


def _small(text: str) -> str:
    return f'<small dir="auto">{escape(text)}</small>' if text else ""


def _empty(title: str, options: SheetOptions) -> str:
    return f'<section><h1 dir="auto">{escape(title)}</h1><p class="none">No cues.</p></section>'


FORMAT = Format(
    name="cue_sheet",
    title="Cue sheet",
    suffixes=(".html", ".htm"),
    sniff=lambda head: Claim.NO,
    writes=Feature.CUES | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.PAPER,
    write_options=SheetOptions,
    write=write,
)
globals().update(FORMAT.otio_functions())
