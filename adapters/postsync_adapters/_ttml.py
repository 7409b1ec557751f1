"""Timed text in XML, after the W3C's TTML2 and its profile DAPT: the document both formats share.

Times are seconds, clock times, frames or ticks from the programme's start, or timecodes where the time base says so; they
count from the beginning of the element around them. Who speaks is an agent of the head. A whole record of ours may stand in
the metadata of an event, where other programs let it be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from postsync.cueing import is_uid
from postsync.errors import FormatError, RateError
from postsync.formats import grain_of, meant_time, rate_of_times, start_of_times
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate, parse_timecode, repair_timecode, seconds_of_frame
from postsync_adapters._carried import TimesReadOptions
from postsync_adapters._xml import local_name, xml_root

TT = "http://www.w3.org/ns/ttml"
METADATA = f"{TT}#metadata"
PARAMETER = f"{TT}#parameter"
DAPT = "http://www.w3.org/ns/ttml/profile/dapt#metadata"
EBU = "urn:ebu:tt:metadata"
OURS = "urn:postsync:cue"
OLDER = (f"http://www.w3.org/{draft}/ttaf1" for draft in ("2006/04", "2006/10"))
OLDER_NAMESPACES = {f"{one}{part}": f"{TT}{part}" for one in OLDER for part in ("", "#metadata", "#parameter")}
"""The names of the drafts, under which most DFXP was written; a document may also bear none at all."""
XML = "http://www.w3.org/XML/1998/namespace"

ID_AHEAD = "adr-"
"""Before a uid in `xml:id`, which may not begin with a digit."""

EXACT = Fraction(0)
"""The grain of a time in frames, ticks or whole seconds."""

_CLOCK = re.compile(r"(\d{2,4}):(\d\d):(\d\d)(?:\.(\d{1,12})|[:;](\d{2,4})(?:\.\d{1,4})?)?", re.ASCII)
_OFFSET = re.compile(r"(\d{1,12})(?:\.(\d{1,12}))?(h|ms|m|s|f|t)", re.ASCII)
_UNITS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}


@dataclass(frozen=True)
class Event:
    """One script event or subtitle. `start` and `end` are exact seconds of the document's clock, with their grain.

    `texts` by language, in order; `spans` are those parts of the first text that have a time of their own; `descriptions`
    by their type, empty for those without.
    """

    line: int
    id: str
    start: Fraction
    end: Fraction | None
    grain: Fraction
    agents: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    spans: tuple[tuple[Fraction, str], ...] = ()
    represents: str = ""
    on_screen: str = ""
    title: str = ""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    record: Mapping[str, Any] | None = None

    @property
    def uid(self) -> str | None:
        """Our uid, where the id holds one."""
        uid = self.id.removeprefix(ID_AHEAD)
        return uid if uid != self.id and is_uid(uid) else None


@dataclass(frozen=True)
class Speaker:
    """An agent: the name that is read, and who plays the character."""

    name: str
    actor: str | None = None


@dataclass(frozen=True)
class Document:
    """A document that was read: its language and that of the original, its speakers by id, its events in order of time."""

    facts: TimelineFacts
    language: str
    original: str
    speakers: Mapping[str, Speaker]
    events: tuple[Event, ...]

    def place(self, seconds: Fraction, grain: Fraction) -> Fraction:
        """Give the exact seconds from the timeline's first frame that a time of the document means."""
        return meant_time(seconds, self.facts.rate, grain)

    def speaker(self, event: Event) -> Speaker | None:
        """Give who speaks; several together are one, as they are recorded together."""
        known = [self.speakers[one] for one in event.agents if one in self.speakers]
        if len(known) < 2:
            return known[0] if known else None
        return Speaker(" & ".join(one.name for one in known))


def read_document(
    file: BinaryIO, path: Path | None, report: Report, options: TimesReadOptions, name: str, format_name: str
) -> Document:
    """Read a document; its clock is what it states, else what was asked for, else what its times tell."""
    root = xml_root(file, path, huge=True)
    if local_name(root) != "tt":
        raise FormatError(path=path, place=f"line {root.sourceline}", expected="the element tt", found=local_name(root))
    _bring_up_to_date(root)
    clock = _Clock(root, path)
    events = sorted(_Walk(clock, report).events(root), key=lambda event: event.start)
    stated = clock.stated_rate()
    times = [(event.start, event.grain) for event in events]
    rate = options.rate or stated or rate_of_times(times, name, report)
    first = _stated_start(root)
    if options.start is None and first is not None:
        start = repair_timecode(first, rate) or 0
    elif clock.smpte and options.start is None:
        start = 0
    else:
        start = start_of_times(options.start, rate, name, report)
    facts = TimelineFacts(rate, start, format=format_name)
    if clock.smpte:
        zero = seconds_of_frame(start, rate)
        events = [_moved(event, zero) for event in events]
    original = root.get(f"{{{DAPT}}}langSrc", "")
    return Document(facts, root.get(f"{{{XML}}}lang", ""), original, _speakers(root), tuple(events))


def _bring_up_to_date(root: Any) -> None:
    """Give the elements and attributes of a draft, or of a document without namespaces, their names of today."""
    space = etree.QName(root).namespace
    if space == TT:
        return
    for element in root.iter(etree.Element):
        element.tag = _name_of_today(element.tag, "" if space is None else space)
        for name in list(element.attrib):
            today = _name_of_today(name, None)
            if today != name:
                element.set(today, element.attrib.pop(name))


def _name_of_today(name: str, plain: str | None) -> str:
    """Give a name by its namespace of today; `plain` is the namespace that stands for that of timed text."""
    space, local = name[1:].split("}", 1) if name.startswith("{") else ("", name)
    if plain is not None and space == plain:
        return f"{{{TT}}}{local}"
    return f"{{{OLDER_NAMESPACES[space]}}}{local}" if space in OLDER_NAMESPACES else name


def _moved(event: Event, zero: Fraction) -> Event:
    """Take the start off the timecodes of an event."""
    return replace(event, start=event.start - zero, end=None if event.end is None else event.end - zero)


def _stated_start(root: Any) -> str | None:
    """Give the timecode that the document says its time 0 stands for."""
    for tag in (f"{{{DAPT}}}daptOriginTimecode", f"{{{EBU}}}documentStartOfProgramme"):
        found = next((str(one.text).strip() for one in root.iter(tag) if one.text), None)
        if found is not None:
            return found
    return None


def _speakers(root: Any) -> dict[str, Speaker]:
    agents = {one.get(f"{{{XML}}}id", ""): one for one in root.iter(f"{{{METADATA}}}agent")}
    names = {key: _agent_name(one) for key, one in agents.items()}
    speakers: dict[str, Speaker] = {}
    for key, one in agents.items():
        played = one.find(f"{{{METADATA}}}actor")
        actor = None if played is None else names.get(played.get("agent", ""))
        speakers[key] = Speaker(names[key] or key, actor)
    return speakers


def _agent_name(agent: Any) -> str:
    names = {one.get("type", ""): " ".join((one.text or "").split()) for one in agent.iter(f"{{{METADATA}}}name")}
    return names.get("alias") or names.get("full") or next(iter(names.values()), "")


# ---------------------------------------------------------------------------------------------------------- the clock


class _Clock:
    """What the time expressions of one document count."""

    def __init__(self, root: Any, path: Path | None) -> None:
        self.path = path
        self.smpte = root.get(f"{{{PARAMETER}}}timeBase", "media") == "smpte"
        self.drop = root.get(f"{{{PARAMETER}}}dropMode", "nonDrop").startswith("drop")
        self.frame_rate = self._frame_rate(root)
        sub_frames = self._number(root, "subFrameRate", 1)
        ticks = self._number(root, "tickRate", 0)
        self._known: dict[str, tuple[Fraction, Fraction]] = {}
        self.ticks = ticks or (self.frame_rate or Fraction(1)) * sub_frames

    def _frame_rate(self, root: Any) -> Fraction | None:
        stated = self._number(root, "frameRate", 0)
        parts = re.findall(r"\d{1,9}", root.get(f"{{{PARAMETER}}}frameRateMultiplier", "1 1"))
        if not stated or len(parts) != 2 or not int(parts[0]) or not int(parts[1]):
            return stated or None
        return stated * int(parts[0]) / int(parts[1])

    def _number(self, root: Any, name: str, default: int) -> Fraction:
        text = root.get(f"{{{PARAMETER}}}{name}", "").strip()
        return Fraction(int(text)) if re.fullmatch(r"[1-9]\d{0,11}", text) else Fraction(default)

    def stated_rate(self) -> Rate | None:
        """Give the rate that the document states; None where it states none that labels can have."""
        if self.frame_rate is None:
            return None
        try:
            return as_rate(self.frame_rate, drop=self.drop)
        except RateError:
            return as_rate(self.frame_rate)

    def seconds(self, text: str, line: int) -> tuple[Fraction, Fraction]:
        """Give a time expression as seconds with their grain; FormatError where it is none."""
        if text not in self._known:  # an element is looked at several times: for itself and for what is in it
            self._known[text] = self._read(text.strip(), line)
        return self._known[text]

    def _read(self, text: str, line: int) -> tuple[Fraction, Fraction]:
        clock, offset = _CLOCK.fullmatch(text), _OFFSET.fullmatch(text)
        if clock:
            return self._clock_time(clock, text, line)
        if offset:
            return self._offset_time(offset)
        expected = "a time such as 00:00:10.500, 10.5s or 250f"
        raise FormatError(path=self.path, place=f"line {line}", expected=expected, found=repr(text))

    def _clock_time(self, match: re.Match[str], text: str, line: int) -> tuple[Fraction, Fraction]:
        hours, minutes, seconds, decimals, frames = match.groups()
        whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
        if self.smpte:
            rate = self.stated_rate() or as_rate("30")
            label = f"{hours}:{minutes}:{seconds}:{(frames or '0').zfill(2)}"
            return seconds_of_frame(parse_timecode(label, rate, path=self.path, place=f"line {line}"), rate), EXACT
        if frames is not None:
            return whole + int(frames) / (self.frame_rate or Fraction(30)), EXACT
        return whole + Fraction(int(decimals or 0), 10 ** len(decimals or "")), grain_of(decimals)

    def _offset_time(self, match: re.Match[str]) -> tuple[Fraction, Fraction]:
        number = Fraction(int(match[1] + (match[2] or "")), 10 ** len(match[2] or ""))
        if match[3] in _UNITS:
            unit = _UNITS[match[3]]
            return number * unit, grain_of(match[2]) * unit if match[2] else EXACT
        return number / (self.ticks if match[3] == "t" else self.frame_rate or Fraction(30)), EXACT


# ----------------------------------------------------------------------------------------------------------- the walk


@dataclass(frozen=True)
class _Around:
    """What an element has from those around it."""

    start: Fraction = Fraction(0)
    end: Fraction | None = None
    grain: Fraction = EXACT
    timed: bool = False
    language: str = ""
    agents: tuple[str, ...] = ()
    represents: str = ""
    on_screen: str = ""
    preserve: bool = False


class _Walk:
    """Goes through the body and yields its events: in DAPT the divisions with paragraphs, else the paragraphs."""

    def __init__(self, clock: _Clock, report: Report) -> None:
        self.clock, self.report = clock, report

    def events(self, root: Any) -> Iterator[Event]:
        """Yield every event of a document."""
        whole = self._inside(root, _Around())
        script = root.get(f"{{{DAPT}}}scriptType") is not None
        for body in root.iterfind(f"{{{TT}}}body"):
            yield from self._events(body, self._inside(body, whole), script)

    def _events(self, element: Any, around: _Around, script: bool) -> Iterator[Event]:
        paragraphs = [one for one in element if local_name(one) == "p"]
        if script and local_name(element) == "div" and (paragraphs or not element.findall(f"{{{TT}}}div")):
            if around.timed:
                yield self._event(element, around, paragraphs)
            return
        for child, inside in self._children(element, around):
            if local_name(child) == "div":
                yield from self._events(child, inside, script)
            elif local_name(child) == "p":
                yield from self._paragraph(child, inside)

    def _paragraph(self, element: Any, around: _Around) -> Iterator[Event]:
        spans = [(one, inside) for one, inside in self._children(element, around) if _is_timed_span(one)]
        if spans and not _is_timed(element):
            for span, inside in spans:
                yield self._event(span, inside, [span])
        elif around.timed:
            yield self._event(element, around, [element])
        elif self._text(element, around):
            self.report.note("line-ignored", source=f"line {element.sourceline}", text=self._text(element, around))

    def _children(self, element: Any, around: _Around) -> Iterator[tuple[Any, _Around]]:
        """Yield the elements inside one, each with what holds in it; in a sequence each begins where the one before ends."""
        in_sequence, base = element.get("timeContainer") == "seq", around.start
        for child in element.iterchildren(etree.Element):
            inside = self._inside(child, around, base)
            yield child, inside
            if in_sequence:
                base = self._end_of(child, inside) or inside.start

    def _end_of(self, element: Any, inside: _Around) -> Fraction | None:
        """Give where an element ends by itself: as it states, else with the last of what is in it."""
        if element.get("end") or element.get("dur"):
            return inside.end
        ends = [self._end_of(one, within) for one, within in self._children(element, inside)]
        return max((end for end in ends if end is not None), default=None)

    def _inside(self, element: Any, around: _Around, base: Fraction | None = None) -> _Around:
        """Give what holds inside an element: its own times, counted from the beginning of the one around (or `base`)."""
        line = element.sourceline or 0
        base = around.start if base is None else base
        start, end, grain = base, around.end, around.grain
        timed = _is_timed(element)
        if element.get("begin"):
            offset, grain = self.clock.seconds(element.get("begin"), line)
            start = offset if self.clock.smpte else base + offset
            grain = max(grain, around.grain)
        if element.get("dur"):
            end = start + self.clock.seconds(element.get("dur"), line)[0]
        if element.get("end"):
            offset = self.clock.seconds(element.get("end"), line)[0]
            stated = offset if self.clock.smpte else base + offset
            end = min(end, stated) if element.get("dur") and end is not None else stated
        space = element.get(f"{{{XML}}}space")
        return _Around(
            start, end, grain, timed or around.timed,
            element.get(f"{{{XML}}}lang", around.language),
            tuple(element.get(f"{{{METADATA}}}agent", "").split()) or around.agents,
            element.get(f"{{{DAPT}}}represents", around.represents),
            element.get(f"{{{DAPT}}}onScreen", around.on_screen),
            around.preserve if space is None else space == "preserve",
        )  # fmt: skip

    def _event(self, element: Any, around: _Around, paragraphs: list[Any]) -> Event:
        texts: list[tuple[str, str]] = []
        for one in paragraphs:
            inside = around if one is element else self._inside(one, replace(around, timed=False))
            texts.append((inside.language, self._text(one, inside)))
        end = self._end_of(element, around) if around.end is None else around.end
        end = None if end is not None and end <= around.start else end
        metadata = [one for one in element.iter(f"{{{METADATA}}}desc") if (one.text or "").strip()]
        title = next((one.text or "" for one in element.iter(f"{{{METADATA}}}title")), "")
        return Event(
            element.sourceline or 0,
            element.get(f"{{{XML}}}id", ""),
            around.start,
            end,
            around.grain,
            around.agents,
            tuple(texts),
            tuple(self._spans(paragraphs, around)),
            around.represents,
            around.on_screen,
            " ".join(title.split()),
            {one.get(f"{{{DAPT}}}descType", ""): (one.text or "").strip() for one in metadata},
            self._record(element),
        )

    def _spans(self, paragraphs: list[Any], around: _Around) -> Iterator[tuple[Fraction, str]]:
        """Yield the timed parts of the first paragraph that has any, from the event's beginning."""
        for one in paragraphs:
            inside = self._inside(one, around)
            timed = [(within.start, span) for span, within in self._children(one, inside) if _is_timed_span(span)]
            yield from ((start, "".join(span.itertext())) for start, span in timed)
            if timed:
                return

    def _record(self, element: Any) -> Mapping[str, Any] | None:
        """Give the whole record of ours; None where there is none, or where somebody damaged it."""
        found = next(element.iter(f"{{{OURS}}}record"), None)
        if found is None:
            return None
        try:
            record = json.loads(found.text or "")
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict) and is_uid(str(record.get("uid", ""))):
            return record
        self.report.note("value-unreadable", source=f"line {found.sourceline}", name="record", value=found.text or "")
        return None

    def _text(self, element: Any, around: _Around) -> str:
        """Give the text as it is shown: breaks as newlines, metadata left out, white space as `xml:space` has it."""
        raw = "".join(_letters(element))
        if around.preserve:
            return raw.replace("\x1e", "\n")
        rows = (" ".join(row.split()) for row in raw.split("\x1e"))
        return "\n".join(rows).strip("\n")


def _is_timed(element: Any) -> bool:
    return bool(element.get("begin") or element.get("end") or element.get("dur"))


def _is_timed_span(element: Any) -> bool:
    return local_name(element) == "span" and _is_timed(element)


def _letters(element: Any) -> Iterator[str]:
    """Yield the letters of an element; a `br` is a record separator, which XML cannot hold otherwise."""
    yield element.text or ""
    for child in element:
        kind = local_name(child)
        if kind == "br":
            yield "\x1e"
        elif kind == "span":
            yield from _letters(child)
        yield child.tail or ""
