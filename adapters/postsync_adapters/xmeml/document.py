"""An XMEML document opened safely: its numbers and rates, and what it defines once and names by id afterwards.

The truth is Apple's "Final Cut Pro XML Interchange Format" and files of the programs that write it since: Premiere, Resolve,
Lightworks, Hiero, scripts. No editing program declares entities, so a document that does is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from postsync.report import Report
from postsync.timing import Rate, as_rate, repair_timecode, round_half_up
from postsync_adapters._xml import xml_root

Element = Any
"""An `lxml` element; lxml carries no types."""

DEFINED = ("file", "sequence", "clip", "multiclip", "clipitem", "generatoritem")
"""Elements that are written whole at their first use and by `id` alone afterwards; scripts do so with clip items too."""

FLICKS = 705_600_000
"""Units per second that hold every usual frame and sample whole."""

_LARGEST = 2**53
_NUMBER = re.compile(r"-?\d{1,18}(?:[.,]\d{1,18})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_FASTEST = 1000
_MOST = 10**17
"""Ticks of Premiere in four days; beyond, nothing is meant."""


def parse(file: BinaryIO, path: Path | None) -> Element:
    """Give the root of a document; FormatError where it is broken, dangerous or no XMEML."""
    root: Element = xml_root(file, path, "xmeml", keep_blanks=False)
    return root


# ------------------------------------------------------------------------------------------------------------- values


def text(element: Element | None, path: str) -> str:
    """Give the text of a descendant without white space around it; empty where there is none."""
    return "" if element is None else (element.findtext(path) or "").strip()


@lru_cache(maxsize=65536)
def number(written: str | None) -> Fraction | None:
    """Read a number exactly; Hiero writes frames as `12.0`, programs in other languages `3,98`. None where there is none."""
    stripped = (written or "").strip()
    found = Fraction(stripped.replace(",", ".")) if _NUMBER.fullmatch(stripped) else None
    return None if found is None or abs(found) > _MOST else found


def truth(written: str, default: bool) -> bool:
    """Read `TRUE` or `FALSE`."""
    return {"TRUE": True, "FALSE": False}.get(written.strip().upper(), default)


def rate_of(element: Element | None) -> Fraction | None:
    """Give the frames a second of an element's own `rate`; None where it has none or one of 0."""
    rate = None if element is None else element.find("rate")
    return None if rate is None else _speed(rate.findtext("timebase"), rate.findtext("ntsc"))


@lru_cache(maxsize=1024)
def _speed(timebase: str | None, ntsc: str | None) -> Fraction | None:
    base = number(timebase)
    if base is None or not 0 < base <= _FASTEST:
        return None
    if base.denominator != 1:
        exact = as_rate(base).fps
        short = exact.limit_denominator(20_000)
        return short if abs(short - exact) < Fraction(1, 10**8) else exact
    return base * 1000 / 1001 if truth(ntsc or "", False) else base


def held(time: Fraction) -> Fraction:
    """Give a time as it is, or on the nearest flick where OpenTimelineIO's numbers cannot hold it."""
    if abs(time.numerator) <= _LARGEST and time.denominator <= _LARGEST:
        return time
    return Fraction(round_half_up(time * FLICKS), FLICKS)


def line_of(element: Element) -> str:
    """Say where an element stands."""
    return f"line {element.sourceline}"


# ---------------------------------------------------------------------------------------------------------- timecodes


@dataclass(frozen=True)
class Start:
    """A timecode block: the first frame, at its rate."""

    frame: int
    fps: Fraction
    drop: bool

    @property
    def seconds(self) -> Fraction:
        """The exact time from 00:00:00:00."""
        return self.frame / self.fps


def start_of(element: Element | None, fallback: Fraction | None, report: Report | None = None) -> Start | None:
    """Read the timecode block of a sequence or file; the label counts where the frame is missing.

    Premiere writes drop-frame labels with semicolons throughout, which say so too where nothing else does.
    """
    block = None if element is None else element.find("timecode")
    fps = rate_of(block) or fallback
    if block is None or fps is None:
        return None
    label = text(block, "string")
    drop = (text(block, "displayformat") or ("DF" if ";" in label else "NDF")).upper() == "DF"
    frame = number(block.findtext("frame"))
    if frame is None:
        frame = _of_label(label.replace(";", ":"), fps, drop)
    if frame is None and label and report is not None:
        report.note("value-unreadable", source=line_of(block), name="timecode", value=label)
    return None if frame is None else Start(int(frame), fps, drop)


def _of_label(label: str, fps: Fraction, drop: bool) -> Fraction | None:
    counted = repair_timecode(label, clock_rate(fps, drop)) if label else None
    return None if counted is None else Fraction(counted)


def clock_rate(fps: Fraction, drop: bool) -> Rate:
    """Make a rate; drop-frame labels only where they exist."""
    rate = Rate.of(fps)
    return rate.with_drop(drop and rate.can_drop)


# ---------------------------------------------------------------------------------------------------------- documents


@dataclass
class Document:
    """A document, with everything that it defines by id."""

    root: Element
    report: Report
    by_resolve: bool = False
    definitions: dict[tuple[str, str], Element] = field(default_factory=dict[tuple[str, str], Element])
    _broken: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def resolved(self, element: Element) -> Element | None:
        """Give the definition that an element is or names; None, noted once, where its id names nothing."""
        if len(element):
            return element
        key = (str(element.tag), element.get("id") or "")
        found = self.definitions.get(key)
        if found is None and key not in self._broken:
            self._broken.add(key)
            self.report.note("reference-broken", source=line_of(element), name=f"{key[0]} {key[1]!r}")
        return found

    def defined(self, tag: str, name: str) -> Element | None:
        """Give what an id names, without a word where it names nothing."""
        return self.definitions.get((tag, name))


def open_document(root: Element, report: Report) -> Document:
    """Collect the definitions of a document."""
    document = Document(root, report, _is_resolves(root))
    for element in root.iter(*DEFINED):
        if len(element) and element.get("id"):
            document.definitions.setdefault((str(element.tag), element.get("id")), element)
    return document


def _is_resolves(root: Element) -> bool:
    """Tell Resolve's documents: links name a clip and no more, levels go down to 0.00001, no clip names its master."""
    links = list(root.iter("link"))
    if any(one.find("mediatype") is not None for one in links):
        return False
    if any(text(one, "name").endswith("(Resolve)") for one in root.iter("sequence")):
        return True
    if any(one.text == "1e-05" for one in root.iter("valuemin")):
        return True
    return bool(links) and next(root.iter("masterclipid"), None) is None


def producer_of(document: Document) -> str | None:
    """Name the program that wrote a document, by what only it writes."""
    if document.by_resolve:
        return "DaVinci Resolve"
    if next(document.root.iter("pproTicksIn"), None) is not None:
        return "Adobe Premiere Pro"
    if any(name.startswith(("MZ.", "TL.")) for one in document.root.iter("sequence") for name in one.attrib):
        return "Adobe Premiere Pro"
    return "Final Cut Pro" if next(document.root.iter("itemhistory"), None) is not None else None


def sequences(document: Document) -> Iterator[Element]:
    """Yield the sequences of the document and its bins in order; those that stand only within clips are opened there.

    A bin may name by id alone a sequence whose definition stands where another one uses it.
    """
    given: set[int] = set()
    for element in document.root.iter("sequence"):
        if any(one.tag in ("clipitem", "clip") for one in element.iterancestors()):
            continue
        whole = document.resolved(element)
        if whole is not None and id(whole) not in given:
            given.add(id(whole))
            yield whole


def browser_clips(root: Element) -> Iterator[Element]:
    """Yield the clips of the bins."""
    for element in root.iter("clip"):
        parent = element.getparent()
        if len(element) and parent is not None and parent.tag in ("xmeml", "children", "bin", "project"):
            yield element


# ------------------------------------------------------------------------------------------------------ what is kept


def kept(element: Element | None, known: frozenset[str] | tuple[str, ...]) -> str:
    """Give the children that we have no record for, as text, to be written back as they were."""
    if element is None:
        return ""
    return "".join(raw(child) for child in element if child.tag not in known)


def raw(element: Element) -> str:
    """Give an element as text, without the white space behind it."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def from_raw(kept_text: str) -> list[Element]:
    """Give the elements of a kept text."""
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, remove_blank_text=True)
    return list(etree.fromstring(f"<kept>{kept_text}</kept>", parser)) if kept_text else []
