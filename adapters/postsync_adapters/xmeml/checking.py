"""What in an XMEML document Premiere or Resolve refuses or misreads, whatever its timelines are.

What people report of Resolve's importer: it makes no timeline of a sequence without a rate, and gives up without a word at a
file without a timecode block or an address with a bare percent sign. Where frames and Premiere's ticks differ it reads the
ticks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from postsync.findings import Finding, finding
from postsync.formats import path_of
from postsync.report import Report
from postsync_adapters.xmeml.cuts import TICKS
from postsync_adapters.xmeml.document import DEFINED, Document, line_of, number, open_document, parse, rate_of, text

_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

Rule = Callable[[Document], Iterator[Finding]]


def check(file: BinaryIO | Any) -> list[Finding]:
    """Give everything that an open document breaks. Raises FormatError where it cannot be parsed."""
    file.seek(0)
    document = open_document(parse(file, path_of(file)), Report())
    return [one for rule in RULES for one in rule(document)]


def rates(document: Document) -> Iterator[Finding]:
    """Find sequences without a rate."""
    for sequence in document.root.iter("sequence"):
        if len(sequence) and rate_of(sequence) is None:
            yield finding("xmeml-rate", f"sequence {text(sequence, 'name')!r}, {line_of(sequence)}")


def references(document: Document) -> Iterator[Finding]:
    """Find what is named by id and never defined; each once."""
    told: set[tuple[str, str]] = set()
    for element in document.root.iter(*DEFINED):
        key = (str(element.tag), element.get("id") or "")
        if len(element) or key in told or document.defined(*key) is not None:
            continue
        told.add(key)
        yield finding("xmeml-reference", line_of(element), tag=key[0], ref=key[1])


def percents(document: Document) -> Iterator[Finding]:
    """Find addresses with a percent sign that stands for itself."""
    for element in document.root.iter("pathurl"):
        if _BARE_PERCENT.search(element.text or ""):
            yield finding("xmeml-percent", line_of(element), url=(element.text or "").strip())


def timecodes(document: Document) -> Iterator[Finding]:
    """Find files that state no timecode."""
    for file in document.root.iter("file"):
        if len(file) and file.find("pathurl") is not None and file.find("timecode") is None:
            yield finding("xmeml-timecode", f"file {text(file, 'name')!r}, {line_of(file)}")


def ticks(document: Document) -> Iterator[Finding]:
    """Find in points whose frames and ticks are a frame or more apart; where the speed is changed they may be."""
    for item in document.root.iter("clipitem"):
        frame, stated, fps = number(item.findtext("in")), number(item.findtext("pproTicksIn")), rate_of(item)
        remapped = any(text(one, "effectid") == "timeremap" for one in item.iterfind("filter/effect"))
        if (
            frame is None
            or stated is None
            or fps is None
            or frame < 0
            or remapped
            or item.find("subclipinfo") is not None
        ):
            continue
        by_ticks = stated * fps / TICKS
        if abs(by_ticks - frame) >= 1:
            where = f"clip {text(item, 'name')!r}, {line_of(item)}"
            yield finding("xmeml-ticks", where, frame=frame, ticks=f"{float(by_ticks):.2f}")


RULES: tuple[Rule, ...] = (rates, references, percents, timecodes, ticks)
