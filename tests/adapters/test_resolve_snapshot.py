"""The snapshot that our Resolve script writes: what is read of it, and how its faults are named."""

from __future__ import annotations

import copy
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from postsync.errors import FormatError
from postsync.formats import Claim
from postsync.model import clip_take, placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync_adapters.resolve_snapshot import FORMAT, read, sniff

F = Fraction


@pytest.fixture
def snapshot(fixtures: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((fixtures / "resolve" / "snapshot_23976.json").read_text(encoding="utf-8"))
    return copy.deepcopy(found)


def open_snapshot(facts: Any, report: Report | None = None) -> Any:
    file = io.BytesIO(json.dumps(facts).encode())
    (timeline,) = read(file, Report() if report is None else report, FORMAT.read_options())
    return timeline


def test_a_snapshot_is_known_by_its_schema(fixtures: Path) -> None:
    head = (fixtures / "resolve" / "snapshot_23976.json").read_bytes()[:4096]
    assert (sniff(head), sniff(b'{"schema": "else"}')) == (Claim.CERTAIN, Claim.NO)


def test_the_clock_is_that_of_the_timeline(snapshot: dict[str, Any]) -> None:
    facts = timeline_facts(open_snapshot(snapshot))
    assert (facts.rate.name, facts.start_timecode) == ("23.976", "01:00:00:00")
    assert facts.producer == "DaVinci Resolve Studio 19.1.3.7"


def test_places_are_exact_at_23_976(snapshot: dict[str, Any]) -> None:
    timeline = open_snapshot(snapshot)
    (picture,), (sound,) = (track.clips for track in placed_tracks(timeline))
    assert (picture.record_in, picture.duration) == (F(240 * 1001, 24000), F(120 * 1001, 24000))
    assert (sound.source_in, sound.media_start) == (F(48 * 1001, 24000), F(1728000 * 1001, 24000))
    assert [one.record_in * F(24000, 1001) for _, one in timeline_markers(timeline)] == [250, 260]


@pytest.mark.parametrize(("given", "meant"), [("23", "23.976"), ("23.0", "23.976"), ("23.98", "23.976"), ("24", "24")])
def test_rates_with_their_decimals_cut_off_are_known(snapshot: dict[str, Any], given: str, meant: str) -> None:
    snapshot["timeline"]["frame_rate"] = given
    assert timeline_facts(open_snapshot(snapshot)).rate.name == meant


def test_picture_at_another_rate_counts_its_offset_in_its_own_frames(snapshot: dict[str, Any]) -> None:
    item = snapshot["tracks"][0]["items"][0]
    item["media"] = {**item["media"], "fps": "50", "start_tc": "00:00:00:00"}
    item.update(left_offset=100, source_start_time=2.0, source_end_time=2.0 + 120 * 1001 / 24000)
    assert placed_tracks(open_snapshot(snapshot))[0].clips[0].source_in == 2


def test_a_retimed_clip_is_known_by_its_source_seconds(snapshot: dict[str, Any]) -> None:
    item = snapshot["tracks"][1]["items"][0]
    start = 1728000 * 1001 / 24000
    item.update(source_start_time=start + 3.0, source_end_time=start + 3.0 + 2 * 120 * 1001 / 24000)
    (clip,) = placed_tracks(open_snapshot(snapshot))[1].clips
    assert (clip.facts.speed, clip.source_in) == (2, 3)


def test_a_stated_speed_counts(snapshot: dict[str, Any]) -> None:
    snapshot["tracks"][1]["items"][0]["speed_percent"] = 50.0
    assert placed_tracks(open_snapshot(snapshot))[1].clips[0].facts.speed == F(1, 2)


def test_transitions_among_the_clips_are_left_out_and_said(snapshot: dict[str, Any]) -> None:
    report = Report()
    item = {
        "name": "Cross Dissolve",
        "start": 86400 + 230,
        "end": 86400 + 250,
        "type": "",
        "media": None,
        "markers": [],
    }
    snapshot["tracks"][0]["items"].append(item)
    assert len(placed_tracks(open_snapshot(snapshot, report))[0].clips) == 1
    assert [(loss.code, loss.time) for loss in report] == [("transition-not-carried", "01:00:09:14")]


def test_titles_without_media_stay_as_clips(snapshot: dict[str, Any]) -> None:
    item = {"name": "Title", "start": 86400, "end": 86410, "media": None}
    snapshot["tracks"][0]["items"].append(item)
    assert [clip.clip.name for clip in placed_tracks(open_snapshot(snapshot))[0].clips] == ["Title", "12A-3.mov"]


def our_mark(**cue: Any) -> str:
    return json.dumps({"postsync": {"cue": {"uid": "7KQ2M9XD", "record_in": 250, **cue}}})


@pytest.mark.parametrize(
    ("custom_data", "read_again"),
    [("", True), ("others", True), ('{"postsync": {"lifted": "7KQ2M9XD"}}', False), ('{"postsync": "lifted"}', True)],
)
def test_a_marker_of_a_clip_that_became_a_cue_is_not_read_again(
    snapshot: dict[str, Any], custom_data: str, read_again: bool
) -> None:
    item = snapshot["tracks"][1]["items"][0]
    item["markers"] = [{"frame": 60, "name": "ROBIN: Stand!", "note": "", "duration": 1, "custom_data": custom_data}]
    names = [plain.name for _, plain in timeline_markers(open_snapshot(snapshot))]
    assert ("ROBIN: Stand!" in names) is read_again


def test_where_a_marker_was_in_resolve_is_remembered(snapshot: dict[str, Any]) -> None:
    item = snapshot["tracks"][1]["items"][0]
    item["markers"] = [{"frame": 60, "name": "ROBIN: Stand!", "note": "x", "duration": 1, "custom_data": ""}]
    markers = {
        marker.name: dict(marker.metadata["resolve_snapshot"]) for marker in open_snapshot(snapshot).tracks.markers
    }
    assert markers["ROBIN: Stand!"] == {
        "frame": 60, "name": "ROBIN: Stand!", "note": "x", "custom_data": "", "item": item["unique_id"],
    }  # fmt: skip
    assert all("item" not in was for name, was in markers.items() if name != "ROBIN: Stand!")


@pytest.mark.parametrize("media", ["3F8S2KQD", "3F8S2KQD/2"])
def test_a_clip_of_a_take_knows_its_cue(snapshot: dict[str, Any], media: str) -> None:
    take = {"uid": "3F8S2KQD", "take": "3"}
    snapshot["markers"][0]["custom_data"] = our_mark(takes=[take], placements=[{"take": "3F8S2KQD", "track": "ADR"}])
    snapshot["tracks"][1]["items"][0]["media"]["take"] = media
    (clip,) = placed_tracks(open_snapshot(snapshot))[1].clips
    assert (clip.facts.cue_uid, clip_take(clip.clip)) == ("7KQ2M9XD", "3F8S2KQD")


def test_a_take_of_no_cue_is_a_clip_like_others(snapshot: dict[str, Any]) -> None:
    snapshot["markers"][0]["custom_data"] = our_mark(takes="none", placements=[3])
    snapshot["tracks"][1]["items"][0]["media"]["take"] = "3F8S2KQD"
    (clip,) = placed_tracks(open_snapshot(snapshot))[1].clips
    assert (clip.facts.cue_uid, clip_take(clip.clip)) == (None, None)


def test_a_start_frame_that_disagrees_with_its_label_is_said(snapshot: dict[str, Any]) -> None:
    report = Report()
    snapshot["timeline"]["start_timecode"] = "02:00:00:00"
    timeline = open_snapshot(snapshot, report)
    assert timeline_facts(timeline).start_timecode == "02:00:00:00"
    assert placed_tracks(timeline)[0].clips[0].record_in == F(240 * 1001, 24000)
    assert [loss.code for loss in report] == ["stamp-disagrees"]


FAULTS = [
    (("schema",), "postsync.resolve-snapshot/2", r"\$\.schema: expected 'postsync.resolve-snapshot/1'"),
    (("timeline",), None, r"\$\.timeline: expected an object, found nothing"),
    (("timeline", "frame_rate"), "eleventy", r"\$\.timeline\.frame_rate: expected a frame rate"),
    (("timeline", "frame_rate"), "", r"\$\.timeline\.frame_rate: expected a frame rate"),
    (("timeline", "start_timecode"), "01:00:00:77", r"\$\.timeline\.start_timecode"),
    (("tracks",), {}, r"\$\.tracks: expected a list"),
    (("tracks", 0), 3, r"\$\.tracks\[0\]: expected an object, found 3"),
    (("tracks", 0, "type"), "smell", r"\$\.tracks\[0\]\.type: expected video, audio or subtitle"),
    (("tracks", 0, "items", 0, "start"), None, r"\$\.tracks\[0\]\.items\[0\]\.start: expected a number, found nothing"),
    (("tracks", 0, "items", 0, "end"), 5, r"\$\.tracks\[0\]\.items\[0\]\.end: expected a frame from"),
    (("tracks", 1, "items", 0, "audio_mapping"), "{", r"audio_mapping: expected Resolve's channel mapping"),
    (("markers", 0, "frame"), "x", r"\$\.markers\[0\]\.frame: expected a number, found 'x'"),
]


@pytest.mark.parametrize(("way", "value", "sentence"), FAULTS)
def test_a_fault_is_named_by_its_place(
    snapshot: dict[str, Any], way: tuple[Any, ...], value: Any, sentence: str
) -> None:
    holder = snapshot
    for step in way[:-1]:
        holder = holder[step]
    holder[way[-1]] = value
    with pytest.raises(FormatError, match=sentence):
        open_snapshot(snapshot)


def test_half_a_file_is_refused(fixtures: Path) -> None:
    data = (fixtures / "resolve" / "snapshot_23976.json").read_bytes()
    with pytest.raises(FormatError, match=r"line .*not JSON"):
        read(io.BytesIO(data[: len(data) // 2]), Report(), FORMAT.read_options())
