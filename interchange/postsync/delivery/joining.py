"""Putting the cues of one file onto the picture of another, by timecode."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio

from postsync.errors import RateError
from postsync.model import TimelineFacts, cue_of, put_cue, timeline_duration, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import from_rational_time, seconds_of_frame, to_time_range


def join_cues(picture: otio.schema.Timeline, cues: otio.schema.Timeline, report: Report, *, start_stated: bool) -> int:
    """Add every marker and cue of one timeline to another at the same timecode, and say how many there were.

    Raises RateError in one sentence where the rates or the stated starts disagree, or where no marker falls into the
    picture: each would put every cue in the wrong place without a word.

    The picture is changed in place; times are compared by timecode.

    >>> picture, _ = postsync.read("new cut/The Crossing R1 v4.fcpxml")
    >>> join_cues(picture, timeline, report, start_stated=True)
    6
    """
    here, there = timeline_facts(picture), timeline_facts(cues)
    _refuse_other_clock(here, there, start_stated)
    shift = seconds_of_frame(there.start_frame - here.start_frame, here.rate)
    length = timeline_duration(picture)
    found = list(timeline_markers(cues))
    outside = [plain for _, plain in found if not 0 <= plain.record_in + shift < length]
    if found and len(outside) == len(found):
        first = there.timecode(found[0][1].record_in)
        raise RateError(
            "none of the cues lies in this picture",
            expected=f"timecodes from {here.start_timecode} to {here.timecode(length)}",
            found=f"the first at {first}",
        )
    for plain in outside:
        report.note("cue-outside-timeline", time=there.timecode(plain.record_in), name=plain.name or plain.comment)
    for marker, plain in found:
        picture.tracks.markers.append(_shifted(marker, plain.record_in + shift, there, here))
    return len(found)


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


def _shifted(
    marker: otio.schema.Marker, record_in: Fraction, there: TimelineFacts, here: TimelineFacts
) -> otio.schema.Marker:
    """Copy a marker to its place on the picture; a cue it carries moves by the same whole frames."""
    copy = marker.deepcopy()
    cue = cue_of(marker)
    if cue is None:
        copy.marked_range = to_time_range(record_in, from_rational_time(marker.marked_range.duration))
        return copy
    frames = there.start_frame - here.start_frame
    shift = seconds_of_frame(frames, here.rate)
    moved = replace(
        cue,
        record_in=cue.record_in + frames,
        record_out=None if cue.record_out is None else cue.record_out + frames,
        precise_in=None if cue.precise_in is None else cue.precise_in + shift,
        precise_out=None if cue.precise_out is None else cue.precise_out + shift,
    )
    name, comment = copy.name, copy.comment
    put_cue(copy, moved, here)
    copy.name, copy.comment = name, comment
    return copy
