"""What was sent against what an application gave back: per clip and per cue, what moved, changed or is gone.

`pairing` finds which is which, `edits` compares clips, transitions and tracks, `marks` markers and cues; `differences` are what
they find. What one of the two files has no place for is not compared, and named.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.delivery.verifying.differences import CHANGED, MOVED, Difference, Verification
from postsync.delivery.verifying.edits import (
    CLIP_VALUES,
    TRANSITION_VALUES,
    PlacedTransition,
    Ruler,
    compared_edits,
    compared_tracks,
    edits_of,
    holds_more_than_cues,
    is_cue_clip,
    key_of,
    offset_of,
    pair_clips,
)
from postsync.delivery.verifying.likeness import (
    CUTS_WHERE_FADES_BEGIN,
    NAMES_TRACKS_ITSELF,
    counterparts,
    of_one_channel,
)
from postsync.delivery.verifying.marks import compared_cues, compared_markers
from postsync.delivery.verifying.pairing import paired
from postsync.formats import FEATURE_WORDS, Feature, used_features
from postsync.model import PlacedClip, block, placed_tracks, timeline_cues, timeline_facts

__all__ = ["Difference", "Verification", "verify_timelines"]

COMPARED = (
    Feature.SOURCE_TIMECODE | Feature.MEDIA | Feature.TRACK_NAMES | Feature.MULTICHANNEL | Feature.GAIN
    | Feature.GAIN_POINTS | Feature.FADES | Feature.TRANSITIONS | Feature.SPEED | Feature.DISABLED | Feature.CLIP_NOTES
    | Feature.TRACK_STATE | Feature.MARKERS | Feature.MARKER_COMMENTS | Feature.MARKER_DURATIONS | Feature.MARKER_COLOURS
    | Feature.PICTURE | Feature.SOUND | Feature.START_TIMECODE | Feature.SUBFRAME
)  # fmt: skip


def verify_timelines(
    sent: otio.schema.Timeline, returned: otio.schema.Timeline, sent_holds: Feature, returned_holds: Feature
) -> Verification:
    """Compare two timelines; `…_holds` say what the files they came from can hold.

    A file of cues alone is compared by its cues and markers.
    """
    shared = sent_holds & returned_holds
    if _names_tracks_itself(sent, returned):
        shared &= ~Feature.TRACK_NAMES
    sent, returned = of_one_channel((sent, returned))
    ruler = _ruler(sent, returned, shared)
    result = Verification(not_compared=_left_out(sent, shared))
    if Feature.PICTURE & shared or Feature.SOUND & shared:
        ruler = _compare_edits(sent, returned, ruler, result)
    if shared & (Feature.CUES | Feature.MARKERS):
        _compare_marks(sent, returned, ruler, result)
    return result


def _names_tracks_itself(sent: otio.schema.Timeline, returned: otio.schema.Timeline) -> bool:
    ours, theirs = timeline_facts(sent).format, timeline_facts(returned).format
    return theirs in NAMES_TRACKS_ITSELF and ours != theirs


def _ruler(sent: otio.schema.Timeline, returned: otio.schema.Timeline, shared: Feature) -> Ruler:
    ours, theirs = timeline_facts(sent), timeline_facts(returned)
    fine = Feature.SUBFRAME in shared
    grain = Fraction(1, max(ours.sample_rate or 48_000, 1)) if fine else ours.rate.seconds_per_frame / 2
    cut = (Fraction(block(one).get("precision") or 0) for one in (sent, returned))
    return Ruler(ours, theirs, max(grain, *cut), shared)


def _left_out(sent: otio.schema.Timeline, shared: Feature) -> list[str]:
    """Name what the timeline that was sent uses and one of the two files has no place for."""
    return [
        FEATURE_WORDS[feature][1] for feature in used_features(sent) if feature in COMPARED and feature not in shared
    ]


def _compare_edits(
    sent: otio.schema.Timeline, returned: otio.schema.Timeline, ruler: Ruler, result: Verification
) -> Ruler:
    kinds = [kind for kind, feature in (("video", Feature.PICTURE), ("audio", Feature.SOUND)) if feature & ruler.shared]
    whole = not CUTS_WHERE_FADES_BEGIN.isdisjoint({ruler.sent.format, ruler.returned.format})
    clips = [
        [
            edit
            for edit in edits_of(timeline, facts, PlacedClip, whole=whole)
            if edit.track.kind in kinds and not is_cue_clip(edit)
        ]
        for timeline, facts in ((sent, ruler.sent), (returned, ruler.returned))
    ]
    offset = offset_of(clips[0], clips[1], ruler)
    ruler = dataclasses.replace(ruler, offset=offset)
    result.offset = offset
    if offset:
        result.differences.append(Difference("timeline", MOVED, "everything", None, "offset", Fraction(0), offset))
    if ruler.sent.rate != ruler.returned.rate:
        rates = ruler.sent.rate.name, ruler.returned.rate.name
        result.differences.append(Difference("timeline", CHANGED, "clock", None, "rate", *rates))
    tracks = [
        [track for track in placed_tracks(timeline) if track.kind in kinds and holds_more_than_cues(track)]
        for timeline in (sent, returned)
    ]
    pairs = pair_clips(clips[0], clips[1], ruler)
    on = [(key_of(clips[0][here].track), key_of(clips[1][there].track)) for here, there in pairs.items()]
    ruler = dataclasses.replace(ruler, tracks=counterparts(on))
    result.differences += compared_tracks(tracks[0], tracks[1], ruler)
    _add("clip", clips[0], clips[1], compared_edits("clip", clips[0], clips[1], pairs, CLIP_VALUES, ruler), result)
    if Feature.TRANSITIONS in ruler.shared:
        _compare_transitions(sent, returned, ruler, result, kinds)
    return ruler


def _compare_transitions(
    sent: otio.schema.Timeline, returned: otio.schema.Timeline, ruler: Ruler, result: Verification, kinds: list[str]
) -> None:
    ours, theirs = (
        [edit for edit in edits_of(timeline, facts, PlacedTransition) if edit.track.kind in kinds]
        for timeline, facts in ((sent, ruler.sent), (returned, ruler.returned))
    )
    mine = {id(edit): ruler.tracks.get(key_of(edit.track), key_of(edit.track)) for edit in ours}
    signs: tuple[Any, ...] = (lambda edit: mine.get(id(edit), key_of(edit.track)),)
    pairs = paired(ours, theirs, signs, lambda edit: edit.record_in)
    found = compared_edits("transition", ours, theirs, pairs, TRANSITION_VALUES, ruler)
    _add("transition", ours, theirs, found, result)


def _compare_marks(
    sent: otio.schema.Timeline, returned: otio.schema.Timeline, ruler: Ruler, result: Verification
) -> None:
    whole = Feature.CUE_RECORDS in ruler.shared
    cues = compared_cues(sent, returned, ruler, whole=whole)
    _add("cue", timeline_cues(sent), timeline_cues(returned), cues, result)
    if Feature.MARKERS in ruler.shared:
        markers = list(compared_markers(sent, returned, ruler))
        counts = [len(one.tracks.markers) - len(timeline_cues(one)) for one in (sent, returned)]
        _add("marker", range(counts[0]), range(counts[1]), markers, result)


def _add(what: str, sent: Any, returned: Any, found: Any, result: Verification) -> None:
    differences = list(found)
    touched = {(one.where, one.time) for one in differences if one.kind != "new"}
    result.differences += differences
    result.counts[what] = {"sent": len(sent), "returned": len(returned), "same": max(0, len(sent) - len(touched))}
