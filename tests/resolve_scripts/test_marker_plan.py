"""Any cues onto any markers, with any trouble: foreign markers stay, the result is as planned or as before, twice is once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync_resolve import applying
from postsync_resolve.marker_plan import MarkerPlan, plan_markers, uid_of, with_nudge
from resolve_double import PROFILES, V21_0, marker
from resolve_double.scenes import CLOCK, mark, reel, scenes


def foreign(there: dict[int, dict[str, Any]], plan: MarkerPlan) -> dict[int, dict[str, Any]]:
    """Markers that no job may touch: those without a mark of ours, but for the plain ones that became a cue."""
    adopted = {one["frame"] for one in plan.delete} | {one["frame"] for one, _ in plan.stamp}
    plain = {frame for frame, facts in there.items() if not facts["customData"]}
    return {
        frame: facts
        for frame, facts in there.items()
        if uid_of(facts["customData"]) is None and not (frame in adopted and frame in plain)
    }


@settings(deadline=None)
@given(scene=scenes(), build=st.sampled_from(sorted(PROFILES)))
def test_the_timeline_looks_as_planned_and_foreign_markers_as_before(scene: Any, build: str) -> None:
    there, wanted, gone = scene
    timeline = reel(there, build)
    before = applying.markers_now(timeline)
    plan = plan_markers(before, wanted, gone, CLOCK)
    assert applying.apply_markers(timeline, plan, before).whole
    assert {frame: timeline.markers[frame] for frame in foreign(there, plan)} == foreign(there, plan)
    shown = {uid_of(facts["customData"]) for facts in timeline.markers.values()}
    assert {cue.uid for cue in wanted if CLOCK.holds(cue.frame)} <= shown | {
        row.uid for row in plan.rows if row.result == "refused"
    }
    assert not shown & set(gone)


@settings(deadline=None)
@given(scene=scenes())
def test_the_same_cues_twice_change_nothing_the_second_time(scene: Any) -> None:
    there, wanted, gone = scene
    timeline = reel(there)
    for _ in range(2):
        before = applying.markers_now(timeline)
        plan = plan_markers(before, wanted, gone, CLOCK)
        applying.apply_markers(timeline, plan, before)
    assert plan.touched == [] and not {row.result for row in plan.rows} & {
        "added",
        "changed",
        "moved",
        "adopted",
        "removed",
    }


@settings(deadline=None)
@given(scene=scenes(), trouble=st.lists(st.sampled_from([..., False, None]), max_size=12), name=st.sampled_from(
    ["AddMarker", "DeleteMarkerAtFrame", "UpdateMarkerCustomData"]))  # fmt: skip
def test_trouble_leaves_the_plan_or_what_was_or_says_what_is_missing(scene: Any, trouble: list[Any], name: str) -> None:
    there, wanted, gone = scene
    timeline = reel(there)
    before = applying.markers_now(timeline)
    plan = plan_markers(before, wanted, gone, CLOCK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("postsync_resolve.asking.PATIENCE", (0.0,))
        timeline.world.fail(name, *trouble)
        outcome = applying.apply_markers(timeline, plan, before)
    timeline.world.faults.clear()
    now = applying.markers_now(timeline)
    if outcome.whole:
        assert applying.differences(now, plan.after) == []
    elif not outcome.left:
        assert applying.differences(now, before) == []
    else:  # Undo Last Change brings back what is named
        assert applying.restore(timeline, before, plan.touched) == []
        assert applying.differences(applying.markers_now(timeline), before) == []


@settings(deadline=None)
@given(scene=scenes())
def test_undo_is_exact(scene: Any) -> None:
    there, wanted, gone = scene
    timeline = reel(there)
    before = applying.markers_now(timeline)
    plan = plan_markers(before, wanted, gone, CLOCK)
    applying.apply_markers(timeline, plan, before)
    assert applying.restore(timeline, before, plan.touched) == []
    assert timeline.markers == there


@settings(deadline=None)
@given(scene=scenes())
def test_a_stamp_changes_nothing_that_is_seen(scene: Any) -> None:
    there, wanted, _ = scene
    timeline = reel(there)
    before = applying.markers_now(timeline)
    plan = plan_markers(before, wanted, (), CLOCK, only_stamp=True)
    applying.apply_markers(timeline, plan, before)
    hidden = [{**facts, "customData": ""} for _, facts in sorted(timeline.markers.items())]
    assert hidden == [{**facts, "customData": ""} for _, facts in sorted(there.items())]


def test_a_nudge_is_written_only_where_there_is_one() -> None:
    late = with_nudge(mark("AAAAAAAA"), 2)
    assert json.loads(late)["postsync"] == {"cue": {"uid": "AAAAAAAA"}, "nudge": 2}
    assert json.loads(with_nudge(late, 0)) == json.loads(mark("AAAAAAAA")) and with_nudge("other", 3) == "other"


def test_the_double_starts_with_a_marker_on_a_frame() -> None:
    assert list(reel({5: marker("a")}).GetMarkers()) == [V21_0.number(5)]
