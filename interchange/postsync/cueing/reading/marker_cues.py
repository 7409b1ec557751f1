"""What one marker says as a cue: its place, its text, its tag or record, each outweighing the other by a fixed order.

A whole record (custom data) or a tag whose check agrees with the text is our own word and stands as it was written. Where a
person edited the text beside it, what the text now says wins and the rest stays. A text without either is read by its shape,
which is a guess and is reported.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.cueing.cast import Cast
from postsync.cueing.identity import is_uid
from postsync.cueing.reading.comments import details_fields
from postsync.cueing.reading.signs import Reading
from postsync.cueing.tags import CUE_FIELDS, Tag, strip_tag, tag_record, text_check
from postsync.cueing.text import NAME_AND_NOTE, cue_name, lay_out
from postsync.errors import FormatError
from postsync.model import Cue, HeldMarker, PlainMarker, TimelineFacts, Vocabulary, cue_from_json, with_fields
from postsync.report import Report
from postsync.timing import fraction_text, frame_and_rest, seconds_of_frame


@dataclass(frozen=True)
class Found:
    """One marker that is a cue: its tag, the record kept out of sight, and what its text says.

    `stated` where the file itself says which field is which, so that nothing was guessed.
    """

    marker: HeldMarker | None
    plain: PlainMarker
    tag: Tag | None = None
    record: dict[str, Any] | None = None
    reading: Reading | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    stated: bool = False

    @property
    def where(self) -> str:
        """What a person calls it."""
        return strip_tag(self.plain.name or self.plain.comment.partition("\n")[0])


SHOWN_COLOUR = "colour_shown"
"""Beside a record: the colour that its marker was given where that is not the cue's own."""

BESIDE_RECORD = ("character_name", SHOWN_COLOUR)


def custom_record(custom_data: str | None) -> dict[str, Any] | None:
    """Give the cue record that one of our programs put out of sight, None where the data is another program's.

    >>> hidden = '{"postsync": {"cue": {"uid": "7KQ2M9XD", "number": "R106"}}}'
    >>> custom_record(hidden), custom_record("another program's data")
    ({'uid': '7KQ2M9XD', 'number': 'R106'}, None)
    """
    if not custom_data:
        return None
    try:
        data = json.loads(custom_data)
    except (ValueError, RecursionError):
        return None
    for name in ("postsync", "cue"):
        if isinstance(data, dict) and isinstance(data.get(name), dict):
            data = data[name]
    return data if isinstance(data, dict) and is_uid(str(data.get("uid", ""))) else None


def frames_late(custom_data: str | None) -> int:
    """Give by how many frames a marker stands after its cue, as our menu scripts in Resolve say beside the record."""
    if custom_record(custom_data) is None:
        return 0
    late = _mark(custom_data).get("nudge")
    return late if isinstance(late, int) and not isinstance(late, bool) and late > 0 else 0


def _mark(custom_data: str | None) -> dict[str, Any]:
    """Give what our menu scripts wrote around a record."""
    mark = json.loads(custom_data or "{}").get("postsync")
    return mark if isinstance(mark, dict) else {}


def _is_as_marked(plain: PlainMarker) -> bool:
    """Whether a marker still has the text that it had when it was made a cue's, which was not written by the record."""
    shown = _mark(plain.custom_data).get("shown")
    return isinstance(shown, dict) and (shown.get("name"), shown.get("note")) == (plain.name, plain.comment)


BLANK = Cue(uid="", record_in=0)
"""A cue of which nothing is known."""


def cue_from_marker(one: Found, blank: Cue, facts: TimelineFacts, cast: Cast, report: Report) -> Cue:
    """Make the cue of one marker; its uid is empty where nothing gives it one. `blank` has what the project says of all."""
    cue = _placed(_recorded(one, blank), one, facts, report)
    if one.record is not None:
        return _beside_record(cue, one, cast)
    cue = _as_read(cue, one, cast)
    if one.tag is not None:
        cue = _with_tag(cue, one.tag, one, cast, facts, report)
    elif not one.stated:
        _note_guess(cue, one, facts, cast, report)
    if one.plain.kind == "completed" and cue.status == _USUAL["status"]:
        return dataclasses.replace(cue, status="recorded")  # Final Cut's to-do that is done
    return cue


def _recorded(one: Found, blank: Cue) -> Cue:
    """Start from the whole record where one of our programs left it, else from nothing."""
    if one.record is not None:
        try:
            stated = {name: value for name, value in one.record.items() if name not in BESIDE_RECORD}
            return cue_from_json({"record_in": 0, **stated})
        except FormatError:
            return with_fields(blank, uid=str(one.record["uid"]))
    return blank


def _placed(cue: Cue, one: Found, facts: TimelineFacts, report: Report) -> Cue:
    """Put the cue where its marker stands: on the frame that holds the exact time, the exact time kept beside it.

    A marker that had to stand late says so in its tag; its end did not move.
    """
    rate, stands, duration = facts.rate, one.plain.record_in, one.plain.duration
    nudge = (one.tag.frames("t") or 0) if one.tag else -frames_late(one.plain.custom_data)
    start = stands + seconds_of_frame(nudge, rate) if nudge else stands
    first, remainder = frame_and_rest(start, rate)
    last, end = _end(first, stands + duration if duration else None, one.tag, facts)
    if remainder:
        label = facts.label(first)
        report.note(
            "cue-off-frame", where=one.where, time=label, source=one.plain.origin, moved_by=-remainder,
            remainder=fraction_text(remainder), frame=label,
        )  # fmt: skip
    if first < 0:
        report.note("cue-outside-timeline", where=one.where, time=facts.label(first), name=one.where)
    if one.record is not None and not remainder:
        return _unmoved(cue, first, last, end, -nudge)
    return with_fields(
        cue,
        record_in=first,
        record_out=last,
        precise_in=start if remainder else None,
        precise_out=end,
    )


def _unmoved(cue: Cue, first: int, last: int | None, end: Fraction | None, late: int) -> Cue:
    """Place a cue whose record stands beside the marker: what nobody moved is as fine as the record has it.

    A marker has a frame at least, so one of a single frame, or one that a late start used up, says nothing of the out.
    """
    length = (cue.record_out or cue.record_in) - cue.record_in
    unsaid = last is None and length <= late + 1
    if cue.record_in != first:
        last = first + length if unsaid and length else last
        return with_fields(cue, record_in=first, record_out=last, precise_in=None, precise_out=end)
    if end is None and (last == cue.record_out or unsaid):
        return cue
    return with_fields(cue, record_out=last, precise_out=end)


def _end(first: int, end: Fraction | None, tag: Tag | None, facts: TimelineFacts) -> tuple[int | None, Fraction | None]:
    """Give the exclusive end as a frame, and as exact seconds where it is off one.

    It is the marker's own, else what the tag says, else none.
    """
    if end is not None:
        last, rest = frame_and_rest(end, facts.rate)
        return max(first + 1, last), end if rest or last <= first else None
    length = (tag.frames("o") or 0) if tag else 0
    return (first + length, None) if length > 0 else (None, None)


def _beside_record(cue: Cue, one: Found, cast: Cast) -> Cue:
    """Take in what a person changed in the text beside a whole record."""
    reading, record = one.reading, one.record or {}
    if cue.character is not None:
        cast.add_as(cue.character, str(record.get("character_name") or cue.character))
    if reading is None or _is_as_marked(one.plain):
        return cue
    changed: dict[str, Any] = {}
    line = _line_before_the_rest(cue, one.plain.comment, cast) or reading.line
    known = {" ".join(text.split()) for text in (cue.line or "", NAME_AND_NOTE.shown(cue.line or ""))}
    if line and " ".join(line.split()) not in known:
        changed["line"] = line
    shown = cue_name(cue, cast.by_id)
    if one.plain.name.strip() not in ("", shown) and shown:
        changed |= {"number": reading.number} if reading.number else {}
        changed |= {"character": cast.id_of(reading.character)} if reading.character else {}
    return with_fields(cue, **changed)


def _line_before_the_rest(cue: Cue, comment: str, cast: Cast) -> str | None:
    """Give the line of a note as we write it, where what stands below the line is still what the record says."""
    shown = lay_out(cue, cast.by_id, NAME_AND_NOTE, "none").comment
    rest = shown[len(NAME_AND_NOTE.shown(cue.line or "")) :]
    return comment[: len(comment) - len(rest)].strip() if comment.endswith(rest) else None


_CUE_NAMES = {field.name for field in dataclasses.fields(Cue)}
_CUE_OR_CAST = {*_CUE_NAMES, "actor", "prefix"}


def _as_read(cue: Cue, one: Found, cast: Cast) -> Cue:
    """Take in what a text says; what no field of the record holds stays beside it."""
    reading = one.reading
    if reading is None:
        return cue
    own = {name: value for name, value in reading.fields.items() if name in _CUE_NAMES}
    beside = {name: value for name, value in reading.fields.items() if name not in _CUE_OR_CAST}
    fields = {**(details_fields(reading.details, one.vocabulary) if reading.details else {}), **own}
    fields |= {"number": reading.number, "line": reading.line, "note": reading.note}
    if reading.character:
        given = {name: reading.fields.get(name) for name in ("actor", "prefix")}
        fields["character"] = cast.id_of(reading.character, **given)
    if reading.reasons or reading.reason_note:
        fields |= {"reasons": reading.reasons, "reason_note": reading.reason_note}
    return with_fields(cue, **fields, **({"extra": {**cue.extra, **beside}} if beside else {}))


def _with_tag(cue: Cue, tag: Tag, one: Found, cast: Cast, facts: TimelineFacts, report: Report) -> Cue:
    """Join what the text says with what the tag says.

    The check tells which is newer: where it agrees nobody touched the text and the tag is the record; where it does not,
    the text wins in what it states. A tag without a check outweighs the reading unless its end was cut off.
    """
    stated = tag_record(tag)
    if "character" in stated:
        stated["character"] = cast.id_of(stated["character"], tag.fields.get("ac"))
    untouched = text_untouched(tag, one.plain)
    if untouched is False:
        report.note("cue-text-edited", where=one.where, time=facts.timecode(one.plain.record_in), now=cue.line or "")
    if untouched or (untouched is None and not tag.cut):
        if tag.is_full:
            stated = {**_USUAL_BUT_LINE, **stated}
        return with_fields(cue, uid=tag.uid, **stated)
    said = {name: value for name, value in stated.items() if getattr(cue, name) in (None, (), _USUAL[name])}
    return with_fields(cue, uid=tag.uid, **said)


_USUAL = {row.name: getattr(BLANK, row.name) for row in CUE_FIELDS}
_USUAL_BUT_LINE = {name: value for name, value in _USUAL.items() if name != "line"}


def text_untouched(tag: Tag, plain: PlainMarker) -> bool | None:
    """Whether the text beside a tag is the one that was written with it; None where the tag has no check."""
    check = tag.fields.get("h")
    if check is None:
        return None
    name, comment = strip_tag(plain.name), strip_tag(plain.comment)
    return check.lower() in {text_check(text) for text in (name, comment, f"{name}\n{comment}")}


def _note_guess(cue: Cue, one: Found, facts: TimelineFacts, cast: Cast, report: Report) -> None:
    if one.reading is None:
        return
    said = {
        "number": cue.number,
        "character": cast.name(cue.character),
        "line": cue.line,
        "reason": ", ".join(cue.reasons) or None,
    }
    reading = ", ".join(f"{name} {text!r}" for name, text in said.items() if text)
    report.note(
        "cue-guessed",
        where=one.where,
        time=facts.timecode(one.plain.record_in),
        source=one.plain.origin,
        reading=reading or "empty",
        form=one.reading.form,
    )
