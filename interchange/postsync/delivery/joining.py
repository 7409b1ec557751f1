"""Putting the cues of one file onto the picture of another, by timecode; what the picture holds already is joined with them.

An editor exports a timeline and its marker list on the same day, so most of a list stands on the timeline already. Such a cue
is one cue: the list outweighs the timeline in what it states, the rest stays, and so does the identity that was written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing import Merge, MergePlan, merge_cues, told
from postsync.errors import RateError
from postsync.model import (
    Cue,
    PlainMarker,
    TimelineFacts,
    block,
    character_name,
    cue_markers,
    cue_of,
    put_block,
    put_characters,
    put_cue,
    timeline_characters,
    timeline_duration,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import from_rational_time, seconds_of_frame, to_time_range

Markers = Sequence[tuple[otio.schema.Marker, PlainMarker]]

_TOLD = ("merge-offset", "merge-unsure", "merge-copy", "merge-actor-differs")
"""What a merge says that holds of a list of the same day too."""


def join_cues(
    picture: otio.schema.Timeline,
    cues: otio.schema.Timeline,
    report: Report,
    *,
    start_stated: bool,
    name: str = "",
    made_up: Collection[str] = (),
) -> int:
    """Put every marker and cue of one timeline on another at the same timecode; say how many cues were there already.

    `name` is what the list is called; `made_up` are uids that nobody has written down yet, of either side: where one cue has
    such a uid and one that was written, the written one stays. Raises RateError in one sentence where the rates or the stated
    starts disagree, or where no marker falls into the picture: each would put every cue in the wrong place without a word.

    The picture is changed in place; times are compared by timecode.

    >>> picture, _ = postsync.read("new cut/The Crossing R1 v4.fcpxml")
    >>> [join_cues(picture, timeline, report, start_stated=True, name="R1.otio") for _ in range(2)]
    [0, 5]
    """
    here, there = timeline_facts(picture), timeline_facts(cues)
    _refuse_other_clock(here, there, start_stated)
    shift = seconds_of_frame(there.start_frame - here.start_frame, here.rate)
    found = list(timeline_markers(cues))
    _refuse_elsewhere(found, shift, timeline_duration(picture), here, there, report)
    own = Report()
    merged = merge_cues(picture, cues, MergePlan(name, prefer="theirs"), own)
    theirs = {cue.uid: cue for _, cue in cue_markers(cues)}
    _put_markers(picture, merged, found, shift)
    _put_records(picture, merged, theirs, made_up)
    report.extend(Report(loss for loss in own if loss.code in _TOLD))
    _note_joined(merged, len(theirs), name, here, report)
    return len(merged.cues)


def _refuse_elsewhere(
    found: Markers, shift: Fraction, length: Fraction, here: TimelineFacts, there: TimelineFacts, report: Report
) -> None:
    """Refuse a list of which nothing falls into the picture, and name what of another does not."""
    outside = [plain for _, plain in found if not 0 <= plain.record_in + shift < length]
    if found and len(outside) == len(found):
        raise RateError(
            "none of the cues lies in this picture",
            expected=f"timecodes from {here.start_timecode} to {here.timecode(length)}",
            found=f"the first at {there.timecode(found[0][1].record_in)}",
        )
    for plain in outside:
        report.note("cue-outside-timeline", time=there.timecode(plain.record_in), name=plain.name or plain.comment)


def _refuse_other_clock(here: TimelineFacts, there: TimelineFacts, start_stated: bool) -> None:
    if here.rate != there.rate:
        raise RateError(
            "the cues count at another rate than the picture",
            expected=here.rate.name,
            found=there.rate.name,
            remedy="export both from the same timeline, or say --rate where the cue file leaves it open",
        )
    if start_stated and here.start_frame != there.start_frame:
        raise RateError(
            "the cues begin at another timecode than the picture",
            expected=here.start_timecode,
            found=there.start_timecode,
            remedy="export both from the same timeline",
        )


def _put_markers(picture: otio.schema.Timeline, merged: Merge, found: Markers, shift: Fraction) -> None:
    """Give the picture the markers of the merge, a new cue's with all that it held, and those of the list that are no cues.

    A marker that stands in both files is one; where only one side reads it as a cue, it is that cue.
    """
    frame = timeline_facts(picture).rate.seconds_per_frame

    def sign(plain: PlainMarker, later: Fraction = Fraction(0)) -> tuple[int, str, str]:
        return round((plain.record_in + later) / frame), plain.name, plain.comment

    here = {sign(plain) for _, plain in timeline_markers(picture)}
    came: dict[str, otio.schema.Marker] = {}
    others: list[otio.schema.Marker] = []
    cued: set[tuple[int, str, str]] = set()
    for marker, plain in found:
        cue, copy = cue_of(marker), marker.deepcopy()
        copy.marked_range = to_time_range(plain.record_in + shift, from_rational_time(marker.marked_range.duration))
        if cue is not None:
            came[cue.uid] = copy
            cued.add(sign(plain, shift))
        elif sign(plain, shift) not in here:
            others.append(copy)
    joined = {one.uid for one in merged.cues}
    markers: list[otio.schema.Marker] = []
    for marker, plain in timeline_markers(merged.timeline):
        cue = cue_of(marker)
        if cue is not None and cue.uid not in joined and cue.uid in came:
            put_cue(came[cue.uid], cue, timeline_facts(picture))
            markers.append(came[cue.uid])
        elif cue is not None or sign(plain) not in cued:
            markers.append(marker)
    picture.tracks.markers[:] = [*markers, *others]


def _put_records(
    picture: otio.schema.Timeline, merged: Merge, theirs: Mapping[str, Cue], made_up: Collection[str]
) -> None:
    """Write the merged records, each with its past on both sides and under the uid that somebody may know already."""
    facts, cast = timeline_facts(picture), timeline_characters(merged.timeline)
    put_characters(picture, cast.values())
    came = {
        **{uid: uid for uid in (*merged.new, *merged.unsure, *merged.copies)},
        **{one.uid: one.theirs for one in merged.cues},
    }
    taken = {cue.uid for _, cue in cue_markers(picture)}
    known: dict[str, str] = {}
    for marker, cue in cue_markers(picture):
        other = theirs.get(came.get(cue.uid, ""))
        if other is None:
            continue
        whole = _with_past(cue, other)
        if cue.uid in made_up and not (other.uid in made_up or other.uid in taken):
            known[cue.uid] = other.uid
            whole = replace(whole, uid=other.uid)
        put_cue(marker, whole, facts, character_name(cast, whole), was=cue)
    for clip in picture.find_clips() if known else ():
        uid = block(clip).get("cue_uid")
        if uid in known:
            put_block(clip, {"cue_uid": known[uid]})


def _with_past(cue: Cue, other: Cue) -> Cue:
    """Give a cue with what a merge of values leaves aside: what happened to it where it came from."""
    history = (*other.history, *(change for change in cue.history if change not in other.history))
    return replace(
        cue,
        history=history,
        derived_from=cue.derived_from or other.derived_from,
        reconform=cue.reconform or other.reconform,
    )


def _note_joined(merged: Merge, count: int, name: str, facts: TimelineFacts, report: Report) -> None:
    """Say how many cues were there already, and what of them the list says otherwise."""
    if merged.cues:
        report.note("cues-joined", joined=len(merged.cues), count=count, carrier=name)
    changed: dict[str, list[Any]] = defaultdict(list)
    for one in merged.cues:
        for change in one.changes:
            changed[change.field].append(change)
    for name_of_field, changes in changed.items():
        first = changes[0]
        report.note(
            "cue-joined-field", field=name_of_field.replace("_", " "), count=len(changes), carrier=name,
            was=told(first.field, first.ours, facts), now=told(first.field, first.result, facts),
        )  # fmt: skip
