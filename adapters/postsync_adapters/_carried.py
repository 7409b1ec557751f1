"""The cues and markers of a timeline as carriers show them: a time, a length and texts; shared by those without a clock.

Two kinds of carrier: lists of markers, whose one text holds number, character, line and tag, and lists of what is spoken,
which have a place of their own for each and carry cues alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio

from postsync.cueing import Carrier, MarkerText, TagLevel, lay_out, one_line, printable, strip_tag
from postsync.errors import FormatError
from postsync.formats import ReadOptions, frame_of_label, rate_of_labels, start_of_frames
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    character_name,
    cue_colour,
    cue_of,
    natural_key,
    plain_marker,
    put_timeline_facts,
    timeline_characters,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, seconds_of_frame

_NUMBER = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,2})?", re.ASCII)

LARGEST_NUMBER = 10**15
"""Numbers beyond are damage; those of times are far below."""

SHORTEST = Fraction(1, 1000)
"""How long a cue without an end is shown where a format must have one: no frame is as short, so readers know it again."""


@dataclass(frozen=True)
class TimesReadOptions(ReadOptions):
    """`start`: the label of the timeline's first frame, where the file states none."""

    start: str | None = None


@dataclass(frozen=True)
class Shown:
    """A cue or marker in a list of markers. Seconds count from the timeline's first frame; `end` is None for a point."""

    start: Fraction
    end: Fraction | None
    text: MarkerText
    colour: str | None
    character: str
    cue: Cue | None
    plain: PlainMarker

    @property
    def where(self) -> str:
        """What a person calls it."""
        number = (self.cue.number or self.cue.uid) if self.cue else ""
        return number or self.plain.name or self.plain.comment.partition("\n")[0]


LooksPointed = Callable[[Cue, TimelineFacts], bool]
"""Whether a cue has a length that the carrier gives to those without an out."""


def is_point(cue: Cue, _: TimelineFacts) -> bool:
    """Whether a cue has no length."""
    return cue.record_out is None or cue.record_out <= cue.record_in


def shown_markers(
    timeline: otio.schema.Timeline,
    carrier: Carrier,
    tags: TagLevel,
    report: Report,
    *,
    cues_only: bool = False,
    looks_pointed: LooksPointed = is_point,
) -> list[Shown]:
    """Give the cues and visible markers of a timeline in order; two at one time by number, as people count.

    A cue that looks there as one without an out does has the out in its tag.
    """
    facts, cast = timeline_facts(timeline), timeline_characters(timeline)
    shown: list[Shown] = []
    for marker in timeline.tracks.markers:
        cue = cue_of(marker)
        if cue is not None:
            fitting = replace(carrier, points=True) if looks_pointed(cue, facts) else carrier
            shown.append(_of_cue(cue, plain_marker(marker), fitting, tags, facts, cast))
        elif cues_only:
            continue
        elif (plain := plain_marker(marker)).visible:
            shown.append(_of_marker(plain, carrier, facts, report))
        else:
            report.note("marker-outside-clip", where=plain.name, time=facts.timecode(plain.record_in), name=plain.name)
    for one in shown:
        if one.start < 0:
            report.note("cue-outside-timeline", where=one.where, time=facts.timecode(one.start), name=one.where)
    return sorted(shown, key=lambda one: (one.start, natural_key((one.cue.number or "") if one.cue else "")))


def _of_cue(
    cue: Cue,
    plain: PlainMarker,
    carrier: Carrier,
    tags: TagLevel,
    facts: TimelineFacts,
    cast: dict[str, Character],
) -> Shown:
    return Shown(
        cue.seconds_in(facts),
        cue.seconds_out(facts),
        lay_out(cue, cast, carrier, tags),
        cue_colour(cast, cue),
        character_name(cast, cue),
        cue,
        plain,
    )


def _of_marker(plain: PlainMarker, carrier: Carrier, facts: TimelineFacts, report: Report) -> Shown:
    """Show a marker that is no cue; where there is no note, the comment follows the name."""
    told = ": ".join(text for text in (plain.name, plain.comment) if text)
    name, note = (plain.name, plain.comment) if carrier.note else (told, "")
    text = MarkerText(carrier.shown(name), carrier.shown(note))
    for was, now in ((name, text.name), (note, text.comment)):
        if was.strip() != now:
            time = facts.timecode(plain.record_in)
            report.note("marker-text-changed", where=name or note, time=time, was=repr(was), now=repr(now))
    end = plain.record_in + plain.duration if plain.duration > 0 else None
    return Shown(plain.record_in, end, text, plain.colour, "", None, plain)


# ------------------------------------------------------------------------------------------------------ what is spoken


@dataclass(frozen=True)
class Spoken:
    """A cue in a list of what is spoken: who, what, under which number; the tag apart from the line."""

    start: Fraction
    end: Fraction | None
    number: str
    character: str
    line: str
    tag: str
    cue: Cue

    @property
    def words(self) -> str:
        """The line for formats that have no tag in it, braces and all."""
        return printable(self.cue.line or "").strip()

    @property
    def tagged(self) -> str:
        """The line with the tag on a line of its own."""
        return "\n".join(part for part in (self.line, self.tag) if part)

    def stated_end(self) -> Fraction:
        """Give the end for formats that must have one: a line without an out stays as long as it takes to read."""
        return self.start + reading_time(self.line) if self.end is None else self.end


READING_SPEED = 17
"""Letters a second that viewers of subtitles read."""


def reading_time(line: str) -> Fraction:
    """Give the seconds that a line is shown to be read, one at least; white space, which programs lay anew, is no letter."""
    letters = len("".join(line.split()))
    return max(Fraction(1), Fraction(letters * 1000 // READING_SPEED, 1000))


SPOKEN = Carrier(line_only=True)


def spoken_cues(
    timeline: otio.schema.Timeline,
    tags: TagLevel,
    report: Report,
    carrier: Carrier = SPOKEN,
    *,
    looks_pointed: LooksPointed = is_point,
) -> Iterator[Spoken]:
    """Yield the cues of a timeline in record order, as lists of what is spoken have them; markers are none."""
    for one in shown_markers(timeline, carrier, tags, report, cues_only=True, looks_pointed=looks_pointed):
        assert one.cue is not None
        line = strip_tag(one.text.comment)
        number, who = (one_line(carrier.shown(text)) for text in (one.cue.number or "", one.character))
        yield Spoken(one.start, one.end, number, who, line, one.text.comment[len(line) :].strip(), one.cue)


def decimal_text(seconds: Fraction, places: int) -> str:
    """Give seconds with so many decimals, rounded half up, without a float.

    >>> decimal_text(Fraction(1, 3), 3)
    '0.333'
    """
    scaled = (2 * seconds.numerator * 10**places + seconds.denominator) // (2 * seconds.denominator)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, 10**places)
    return f"{sign}{whole}.{rest:0{places}}" if places else f"{sign}{whole}"


def short_decimal_text(seconds: Fraction, places: int) -> str:
    """Give seconds with at the most so many decimals, as `decimal_text` rounds them.

    >>> short_decimal_text(Fraction(3, 2), 9)
    '1.5'
    """
    return decimal_text(seconds, places).rstrip("0").rstrip(".")


def exact_number(text: str, name: str, place: str, path: Path | None = None) -> Fraction:
    """Read a number as programs write it, with a point and perhaps an exponent; FormatError where it is none."""
    if _NUMBER.fullmatch(text.strip()) is None or abs(Fraction(text.strip())) > LARGEST_NUMBER:
        raise FormatError(path=path, place=place, expected=f"a number for {name}", found=repr(text))
    return Fraction(text.strip())


# --------------------------------------------------------------------------------------------------- lists of labels


@dataclass(frozen=True)
class Labelled:
    """A marker in a list of timecodes: `length` counts frames, None where it is stated by `record_out`."""

    record_in: str
    record_out: str
    length: str
    plain: PlainMarker


def timeline_of_labels(
    rows: Sequence[Labelled],
    name: str,
    report: Report,
    options: TimesReadOptions,
    *,
    format_name: str,
    producer: str,
) -> otio.schema.Timeline:
    """Make the timeline of a list of timecodes, at the rate and start that were asked for or that the labels tell."""
    rate = options.rate or rate_of_labels([row.record_in for row in rows], name, report)
    timeline = otio.schema.Timeline(name=name)
    placed = [(_label(row.record_in, row, rate, report), row) for row in rows]
    found = [(frame, row) for frame, row in placed if frame is not None]
    start = start_of_frames(options.start, [frame for frame, _ in found], rate, name, report)
    put_timeline_facts(timeline, TimelineFacts(rate, start, producer=producer, format=format_name))
    for frame, row in sorted(found, key=lambda pair: pair[0]):
        plain = replace(
            row.plain,
            record_in=seconds_of_frame(frame - start, rate),
            duration=seconds_of_frame(_length(frame, row, rate, report), rate),
        )
        timeline.tracks.markers.append(to_otio_marker(plain, rate.fps))
    return timeline


def _label(label: str, row: Labelled, rate: Rate, report: Report) -> int | None:
    return frame_of_label(label, rate, row.plain.origin or "", report)


def _length(frame: int, row: Labelled, rate: Rate, report: Report) -> int:
    """Give the length in frames; one of a single frame is a point."""
    length = _label(row.length, row, rate.with_drop(False), report) if row.length else None
    if length is None:
        end = _label(row.record_out, row, rate, report) if row.record_out else None
        length = 0 if end is None else end - frame
    return length if length > 1 else 0
