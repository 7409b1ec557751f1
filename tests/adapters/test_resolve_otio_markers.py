"""Markers and cues of Resolve's OTIO as we write them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.carriers import CUE, codes, cues_of, with_cues, with_markers
from adapters.resolve_otio_made import F, back, document, reread, timeline_of
from postsync.cueing import spot
from postsync.model import (
    PlainMarker,
    Project,
    timeline_cues,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import as_rate


def test_a_marker_has_its_note_where_resolve_looks_for_it() -> None:
    plain_one = PlainMarker(F(3), F(1), "todo", "door slam", "orange")
    report = Report()
    (marker,) = document(with_markers(plain_one), report)["tracks"]["markers"]
    assert marker["metadata"]["Resolve_OTIO"] == {"Keywords": [], "Note": "door slam"}
    assert (marker["name"], marker["comment"], marker["color"]) == ("todo", "door slam", "YELLOW")
    assert marker["marked_range"]["start_time"]["value"] == 72.0
    assert marker["marked_range"]["duration"]["value"] == 24.0
    assert codes(report) == ["marker-colour-changed"]


def test_keywords_of_a_marker_go_back() -> None:
    timeline = with_markers(PlainMarker(F(1), name="R1"))
    marker = document(timeline)["tracks"]["markers"][0]
    marker["metadata"]["Resolve_OTIO"]["Keywords"] = ["adr"]
    whole = document(timeline)
    whole["tracks"]["markers"] = [marker]
    again = document(reread(json.dumps(whole).encode()))["tracks"]["markers"]
    assert again == [marker]


def test_markers_of_one_frame_stand_side_by_side() -> None:
    report = Report()
    both = [PlainMarker(F(1), name="one"), PlainMarker(F(1), name="two")]
    made = document(with_markers(*both), report)["tracks"]["markers"]
    assert [(one["name"], one["marked_range"]["start_time"]["value"]) for one in made] == [("one", 24.0), ("two", 25.0)]
    assert codes(report) == ["marker-nudged"]


def test_a_marker_that_nobody_sees_is_left_out_and_said() -> None:
    report = Report()
    hidden = PlainMarker(F(1), name="hidden", visible=False)
    assert document(with_markers(hidden), report)["tracks"]["markers"] == []
    assert codes(report) == ["marker-outside-clip"]


@pytest.mark.parametrize(
    "name", ["img_seq_embedded_tc", "qt_embedded_tc", "img_seq_with_handles", "img_seq_review", "movie_with_handles"]
)
def test_a_marker_of_a_clip_of_resolve_goes_back_onto_its_clip(corpus: Path, name: str) -> None:
    item = json.loads((corpus / "resolve" / "otio-clips" / f"{name}.json").read_bytes())
    rate = item["source_range"]["duration"]["rate"]
    whole = document(timeline_of(kind="Video", rate=as_rate(rate)))
    whole["tracks"]["children"][0]["children"] = [item]
    (again,) = document(reread(json.dumps(whole).encode()))["tracks"]["children"][0]["children"]
    ours, theirs = again["markers"][0], item["markers"][0]
    assert ours["marked_range"] == theirs["marked_range"]
    assert (ours["name"], ours["color"]) == (theirs["name"], theirs["color"])
    assert ours["metadata"]["Resolve_OTIO"] == theirs["metadata"]["Resolve_OTIO"]


@pytest.mark.parametrize("name", ["img_seq_2x_speed_resolve", "img_seq_reverse_speed_no_tc"])
def test_a_marker_of_a_retimed_clip_goes_to_its_place_on_the_timeline(corpus: Path, name: str) -> None:
    item = json.loads((corpus / "resolve" / "otio-clips" / f"{name}.json").read_bytes())
    whole = document(timeline_of(kind="Video"))
    whole["tracks"]["children"][0]["children"] = [item]
    first = reread(json.dumps(whole).encode())
    again = back(first)
    assert [found.record_in for _, found in timeline_markers(again)] == [
        found.record_in for _, found in timeline_markers(first)
    ]


@pytest.mark.parametrize("out", [CUE.record_in + 40, CUE.record_in + 1, None])
def test_a_cue_comes_back_with_its_place_and_its_line(out: int | None) -> None:
    timeline = with_cues(replace(CUE, record_out=out))
    returned = back(timeline)
    spot(returned, Project(), Report())
    assert cues_of(returned) == cues_of(timeline)
    assert [cue.uid for cue in timeline_cues(returned)] == [CUE.uid]


def test_two_cues_on_a_frame_come_back_where_they_were() -> None:
    other = replace(CUE, uid="B7KQ2M9X", number="R107")
    timeline = with_cues(CUE, other)
    returned = back(timeline)
    spot(returned, Project(), Report())
    assert sorted(cues_of(returned)) == sorted(cues_of(timeline))
