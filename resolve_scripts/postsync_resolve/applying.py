"""Changing the markers of a timeline: delete, add, stamp; look again; take everything back where it is not as planned.

Nothing on a marker but its `customData` can be changed in place, so a change is a deletion and an addition, and between the two
the marker exists only in our file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, List, Sequence

from postsync_resolve.asking import ask, done
from postsync_resolve.marker_plan import Marker, MarkerPlan, same_marker
from postsync_resolve.snapshot import marker_list

if TYPE_CHECKING:
    from postsync_resolve.api import TimelineApi

ADVICE = "close any dialog that is open in Resolve and run the job again"


@dataclass
class Outcome:
    """Whether the timeline looks as planned; else what went wrong, and what could not be taken back."""

    whole: bool
    faults: List[str] = field(default_factory=list)
    left: List[str] = field(default_factory=list)


def markers_now(timeline: TimelineApi) -> List[Marker]:
    """Give the markers of a timeline as they are."""
    return marker_list(ask(lambda: timeline.GetMarkers(), []), "timeline", [])


def apply_markers(timeline: TimelineApi, plan: MarkerPlan, before: Sequence[Marker]) -> Outcome:
    """Carry out a plan that was made for the markers `before`."""
    if not _alike(markers_now(timeline), before):
        return Outcome(False, ["The markers changed while the job ran: run it again. Nothing was changed."])
    faults = _change(timeline, plan)
    if not faults:
        faults = differences(markers_now(timeline), plan.after)
    if not faults:
        return Outcome(True)
    left = restore(timeline, before, plan.touched)
    back = "Everything was taken back" if not left else "Not everything could be taken back"
    return Outcome(False, faults + ["%s: %s." % (back, ADVICE)], left)


def _change(timeline: TimelineApi, plan: MarkerPlan) -> List[str]:
    """Make the changes up to the first that Resolve refuses; give what it refused."""
    for marker in plan.delete:
        if not _delete(timeline, marker["frame"]):
            return ["Resolve did not delete the marker %s." % named(marker)]
    for marker in plan.add:
        if not add_marker(timeline, marker):
            return ["Resolve did not take the marker %s." % named(marker)]
    for marker, custom_data in plan.stamp:
        frame = marker["frame"]
        if not done(lambda frame=frame, text=custom_data: timeline.UpdateMarkerCustomData(frame, text)):
            return ["Resolve did not mark %s as a cue." % named(marker)]
    return []


def add_marker(timeline: TimelineApi, marker: Marker) -> bool:
    """Set a marker; all six values go with it, in order, as every build takes them."""
    taken = done(
        lambda: timeline.AddMarker(
            marker["frame"], marker["color"], marker["name"], marker["note"], marker["duration"], marker["custom_data"]
        )
    )
    return taken or any(same_marker(one, marker) for one in markers_now(timeline))  # the answer may have got lost


def _delete(timeline: TimelineApi, frame: int) -> bool:
    gone = done(lambda: timeline.DeleteMarkerAtFrame(frame))
    return gone or all(one["frame"] != frame for one in markers_now(timeline))


def restore(timeline: TimelineApi, wanted: Sequence[Marker], frames: Sequence[int]) -> List[str]:
    """Make the given frames look as in `wanted`, and give what could not be done. Other frames are left alone."""
    there = {marker["frame"]: marker for marker in markers_now(timeline)}
    shall = {marker["frame"]: marker for marker in wanted}
    anew = []
    for frame in frames:
        now, then = there.get(frame), shall.get(frame)
        if now is not None and then is not None and same_marker(now, then):
            continue
        if now is not None and then is not None and _only_marked_otherwise(now, then):
            custom_data = then["custom_data"]
            done(lambda frame=frame, text=custom_data: timeline.UpdateMarkerCustomData(frame, text))
            continue
        anew.append(then)
        if now is not None:
            _delete(timeline, frame)
    for marker in anew:
        if marker is not None:
            add_marker(timeline, marker)
    after = {marker["frame"]: marker for marker in markers_now(timeline)}
    return differences([after[one] for one in frames if one in after], [shall[one] for one in frames if one in shall])


def _only_marked_otherwise(now: Marker, then: Marker) -> bool:
    return same_marker(dict(now, custom_data=then["custom_data"]), then)


def differences(now: Sequence[Marker], wanted: Sequence[Marker]) -> List[str]:
    """Name every marker that is not as wanted, field by field."""
    there = {marker["frame"]: marker for marker in now}
    shall = {marker["frame"]: marker for marker in wanted}
    faults = []
    for frame in sorted(set(there) | set(shall)):
        found, then = there.get(frame), shall.get(frame)
        if then is None and found is not None:
            faults.append("%s is there and should not be." % named(found))
        elif found is None and then is not None:
            faults.append("%s is missing." % named(then))
        elif found is not None and then is not None and not same_marker(found, then):
            fields = [
                name for name in ("color", "name", "note", "duration", "custom_data") if found[name] != then[name]
            ]
            faults.append("%s came back with another %s." % (named(then), ", ".join(fields)))
    return faults


def named(marker: Marker) -> str:
    """Give what a person calls a marker."""
    return "%r on frame %d" % (marker["name"] or marker["note"][:40], marker["frame"])


def _alike(one: Sequence[Marker], two: Sequence[Marker]) -> bool:
    return len(one) == len(two) and all(same_marker(left, right) for left, right in zip(one, two))
