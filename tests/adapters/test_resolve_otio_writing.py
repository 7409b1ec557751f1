"""Resolve's OTIO as we write it: compared with what Resolve wrote, and read back."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from adapters.carriers import CUE, codes, cues_of, with_cues, with_markers, written
from postsync import verbs
from postsync.cueing import spot
from postsync.formats import Claim, ReadOptions
from postsync.formats.conversion import format_for_writing, recognise
from postsync.model import (
    SILENCE_DB,
    ChannelSource,
    ClipFacts,
    Fade,
    Laid,
    MediaFacts,
    PlainMarker,
    Project,
    TimelineFacts,
    TrackFacts,
    build_track,
    placed_tracks,
    plain,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import as_rate, to_time_range
from postsync_adapters.resolve_otio import FORMAT, read

F = Fraction
RATE = as_rate("24")


def reread(data: bytes, report: Report | None = None) -> Any:
    (timeline,) = read(io.BytesIO(data), Report() if report is None else report, ReadOptions(name="back"))
    return timeline


def back(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    return reread(written(FORMAT, timeline, report, **options))


def document(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    return json.loads(written(FORMAT, timeline, report, **options))


def clip(
    record_in: Any = 0,
    duration: Any = 2,
    facts: ClipFacts | None = None,
    *,
    name: str = "12A-3.wav",
    source_in: Any = 1,
    media_start: Any = 3600,
    length: Any = 60,
    url: str | None = "file:///Volumes/Sound/12A-3.wav",
    **media: Any,
) -> Laid:
    """A clip of a file that begins at 01:00:00:00 and is a minute long."""
    available = to_time_range(F(media_start), F(length))
    reference: Any = otio.schema.MissingReference(available_range=available)
    if url is not None:
        reference = otio.schema.ExternalReference(url, available)
    reference.name = name
    put_media_facts(reference, MediaFacts(**{"name": name, "channels": 1, **media}))
    item = otio.schema.Clip(name, reference)
    put_clip_facts(item, facts or ClipFacts())
    return Laid(item, F(record_in), F(duration), F(media_start) + F(source_in))


def timeline_of(
    *clips: Laid, kind: str = "Audio", rate: Any = RATE, start: int = 86400, facts: TrackFacts | None = None
) -> Any:
    timeline = otio.schema.Timeline(name="R1")
    put_timeline_facts(timeline, TimelineFacts(rate, start))
    timeline.tracks.append(build_track("DX", kind, clips, [rate.fps], facts=facts))
    return timeline


def only_clip(timeline: Any) -> Any:
    ((one,),) = [track.clips for track in placed_tracks(timeline)]
    return one


def items(timeline: Any, track: int = 0) -> list[Any]:
    found: list[Any] = document(timeline)["tracks"]["children"][track]["children"]
    return found


def level_of(item: Any) -> dict[str, Any]:
    """The parameters of the level of a clip, by id."""
    (effect,) = [one for one in item["effects"] if one["metadata"]["Resolve_OTIO"]["Type"] == 62]
    return {one["Parameter ID"]: one for one in effect["metadata"]["Resolve_OTIO"]["Parameters"]}


# ------------------------------------------------------------------------------------------ against what Resolve wrote


def differences(ours: Any, theirs: Any, at: str = "") -> list[str]:
    """The places where two JSON documents differ by more than the last digit of a float."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            found
            for name in sorted({*ours, *theirs})
            for found in differences(ours.get(name, "absent"), theirs.get(name, "absent"), f"{at}/{name}")
        ]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            found
            for number, (one, other) in enumerate(zip(ours, theirs, strict=True))
            for found in differences(one, other, f"{at}[{number}]")
        ]
    if isinstance(ours, float) and isinstance(theirs, float):
        return [] if ours == pytest.approx(theirs, rel=1e-12, abs=1e-12) else [at]
    return [] if ours == theirs and type(ours) is type(theirs) else [at]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # One track of this file was cut down by hand and is two frames short: we fill it up, as Resolve does.
        ("picchu_effects", ["/name", "/tracks/children[12]/children"]),
        ("speedramp_10-200_25fps", ["/name"]),
        ("speedramp_50-10-100_24fps_media_tc", ["/name"]),
    ],
)
def test_what_resolve_wrote_comes_out_as_resolve_wrote_it(corpus: Path, name: str, expected: list[str]) -> None:
    data = (corpus / "resolve" / "otio" / f"{name}.otio").read_bytes()
    report = Report()
    assert differences(document(reread(data), report), json.loads(data)) == expected
    assert not report.losses


def test_a_clip_alone_looks_like_one_of_resolves(corpus: Path) -> None:
    data = json.loads((corpus / "resolve" / "otio" / "picchu_effects.otio").read_bytes())
    theirs = next(
        item
        for track in data["tracks"]["children"]
        if track["kind"] == "Audio"
        for item in track["children"]
        if item["OTIO_SCHEMA"] == "Clip.2" and item["effects"]
    )
    (ours,) = items(timeline_of(clip(facts=ClipFacts(gain_db=-17.0))))
    assert set(ours) == set(theirs)
    assert set(ours["media_references"]["DEFAULT_MEDIA"]) == set(theirs["media_references"]["DEFAULT_MEDIA"])
    (volume,) = ours["effects"]
    assert set(volume) == set(theirs["effects"][0])
    assert differences(volume, theirs["effects"][0]) == [
        "/metadata/Resolve_OTIO/Parameters[0]/Parameter Value"
    ]  # theirs has the noise of single precision


# ------------------------------------------------------------------------------------------------- clock, tracks, media


def test_the_head_is_that_of_resolve() -> None:
    made = document(timeline_of(clip()))
    assert made["metadata"] == {"Resolve_OTIO": {"Resolve OTIO Meta Version": "1.0"}}
    assert made["global_start_time"] == {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": 86400.0}


def test_fractional_rates_are_their_quotient() -> None:
    made = document(timeline_of(clip(), rate=as_rate("23.976")))
    assert made["global_start_time"]["rate"] == 24000 / 1001


def test_every_track_is_filled_up_to_the_end() -> None:
    timeline = timeline_of(clip(0, 2))
    timeline.tracks.append(build_track("FX", "Audio", [clip(4, 1)], [24]))
    timeline.tracks.append(build_track("MX", "Audio", [], [24]))
    made = document(timeline)["tracks"]["children"]
    lengths = [sum(item["source_range"]["duration"]["value"] for item in track["children"]) for track in made]
    assert lengths == [120, 120, 120]
    assert [item["OTIO_SCHEMA"] for item in made[2]["children"]] == ["Gap.1"]


def test_picture_lies_before_sound() -> None:
    timeline = timeline_of(clip())
    timeline.tracks.append(build_track("V1", "Video", [clip(name="A.mov")], [24]))
    assert [track["kind"] for track in document(timeline)["tracks"]["children"]] == ["Video", "Audio"]


def test_media_are_bare_paths_with_all_that_there_is_of_them() -> None:
    (item,) = items(timeline_of(clip(url="file:///Volumes/Sound%20A/12A-3.wav", rate="25/1")))
    media = item["media_references"]["DEFAULT_MEDIA"]
    assert media["target_url"] == "/Volumes/Sound A/12A-3.wav"
    assert media["available_range"]["start_time"] == {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": 90000.0}
    assert media["available_range"]["duration"]["value"] == 1500.0
    assert item["source_range"]["start_time"]["value"] == 3601 * 24


def test_windows_paths_have_backslashes() -> None:
    (item,) = items(timeline_of(clip(url="file:///C:/Sound/12A-3.wav")))
    assert item["media_references"]["DEFAULT_MEDIA"]["target_url"] == "C:\\Sound\\12A-3.wav"


def test_media_without_an_address_are_offline_and_named() -> None:
    report = Report()
    timeline = timeline_of(clip(url=None))
    assert codes(report) == []
    (item,) = document(timeline, report)["tracks"]["children"][0]["children"]
    assert item["media_references"]["DEFAULT_MEDIA"]["OTIO_SCHEMA"] == "MissingReference.1"
    assert codes(report) == ["media-without-address"]


def test_a_relative_path_is_offline_and_keeps_what_it_says() -> None:
    report = Report()
    (item,) = document(timeline_of(clip(url="./12A-3.wav")), report)["tracks"]["children"][0]["children"]
    media = item["media_references"]["DEFAULT_MEDIA"]
    assert (media["OTIO_SCHEMA"], media["metadata"]) == (
        "MissingReference.1",
        {"Resolve_OTIO": {"Media Url": "./12A-3.wav"}},
    )
    assert codes(report) == ["media-without-address"]


def test_clips_without_a_file_become_gaps_where_that_is_asked() -> None:
    report = Report()
    timeline = timeline_of(clip(0, 1), clip(1, 1, url=None, name="Title"), clip(2, 1))
    made = document(timeline, report, offline="gap")["tracks"]["children"][0]["children"]
    assert [one["OTIO_SCHEMA"] for one in made] == ["Clip.2", "Gap.1", "Clip.2"]
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("clip-left-out", "Title")]


def test_a_file_of_unknown_length_is_as_long_as_what_is_used_of_it() -> None:
    laid = [clip(0, 2), clip(2, 5, source_in=7)]
    for one in laid:
        one.item.media_reference.available_range = None
    made = items(timeline_of(*laid))
    assert {one["media_references"]["DEFAULT_MEDIA"]["available_range"]["duration"]["value"] for one in made} == {
        3600 * 24 + 12 * 24
    }  # the start of the file is not known either: its timecode counts from nothing


def test_a_track_is_as_wide_as_its_clips() -> None:
    stereo = clip(facts=ClipFacts(channels=(3, 4)), channels=8)
    timeline = timeline_of(clip(3, 1), stereo)
    (track,) = document(timeline)["tracks"]["children"]
    assert track["metadata"]["Resolve_OTIO"] == {"Audio Type": "Stereo", "Locked": False, "SoloOn": False}
    assert [one.facts.channels for one in placed_tracks(back(timeline))[0].clips] == [(3, 4), (1,)]


def test_mute_and_solo_of_tracks_and_clips_that_are_off_come_back() -> None:
    state = TrackFacts(channels=1, muted=True, soloed=True)
    timeline = back(timeline_of(clip(facts=ClipFacts(muted=True)), facts=state))
    (track,) = placed_tracks(timeline)
    assert track.facts == state
    assert [one.enabled for one in track.clips] == [False]


def test_pan_and_level_of_a_track_are_named_as_lost() -> None:
    report = Report()
    document(timeline_of(clip(), facts=TrackFacts(pan=-0.5)), report)
    assert [loss.facts["feature"] for loss in report] == ["1 pan or level of a track"]


def test_channels_in_files_of_their_own_become_clips_in_step() -> None:
    sources = (
        ChannelSource(1, "A.wav", "file:///A.wav", "DEFAULT_MEDIA"),
        ChannelSource(2, "B.wav", "file:///B.wav", "second", 1, F(1, 8)),
    )
    one = clip(facts=ClipFacts(channels=(1, 2), sources=sources), url="file:///A.wav")
    second = otio.schema.ExternalReference("file:///B.wav", to_time_range(F(3600), F(60)))
    references = {"DEFAULT_MEDIA": one.item.media_reference.clone(), "second": second}
    one.item.set_media_references(references, "DEFAULT_MEDIA")
    report = Report()
    tracks = placed_tracks(back(timeline_of(one), report))
    assert [track.name for track in tracks] == ["DX", "DX 2"]
    found = [(each.url, each.source_in, each.facts.channels) for track in tracks for each in track.clips]
    assert found == [("/A.wav", 1, (1,)), ("/B.wav", F(9, 8), (1,))]
    assert codes(report) == ["channel-split"]


def test_linked_clips_have_one_number_and_a_clip_alone_has_none() -> None:
    timeline = timeline_of(clip(0, 1, ClipFacts(link_group="a")), clip(1, 1, ClipFacts(link_group="b")))
    timeline.tracks.append(build_track("V1", "Video", [clip(0, 1, ClipFacts(link_group="a"))], [24]))
    made = document(timeline)["tracks"]["children"]
    groups = [
        [
            item["metadata"]["Resolve_OTIO"].get("Link Group ID")
            for item in one["children"]
            if "media_references" in item
        ]
        for one in made
    ]
    assert groups == [[1], [1, None]]


# ---------------------------------------------------------------------------------------------------------------- edges


def test_an_edge_between_frames_goes_to_the_nearest_and_the_sound_stays_in_place() -> None:
    report = Report()
    before = clip(F(100, 240), 2)  # ten frames exactly
    off = clip(F(1003, 240), F(481, 240), source_in=5)
    found = placed_tracks(back(timeline_of(before, off), report))[0].clips[1]
    assert (found.record_in * 24, found.duration * 24) == (100, 48)
    assert found.source_in - found.record_in == 5 - F(1003, 240)
    assert "time-rounded" in codes(report)


def test_an_edge_stays_inside_its_media() -> None:
    head = clip(F(1003, 240), F(481, 240), source_in=0)
    (found,) = placed_tracks(back(timeline_of(head)))[0].clips
    assert (found.record_in * 24, found.source_in) == (101, F(101, 24) - F(1003, 240))


def test_picture_is_slipped_by_part_of_a_frame_rather_than_leave_black() -> None:
    first, second = clip(0, F(1003, 240), source_in=0), clip(F(1003, 240), F(477, 240), source_in=0)
    pieces = placed_tracks(back(timeline_of(first, second, kind="Video")))[0].clips
    assert [(one.record_in * 24, one.record_out * 24) for one in pieces] == [(0, 100), (100, 148)]
    assert [one.source_in for one in pieces] == [0, 0]


def test_less_than_a_frame_is_left_out_and_named() -> None:
    report = Report()
    timeline = back(timeline_of(clip(F(1, 10), F(1, 1000))), report)
    assert not placed_tracks(timeline)[0].clips
    assert "clip-below-frame" in codes(report)


# ---------------------------------------------------------------------------------------------------------------- level


def test_a_level_is_inserted_in_decibels() -> None:
    (item,) = items(timeline_of(clip(facts=ClipFacts(gain_db=-8.5))))
    assert level_of(item) == {
        "volume": {
            "Default Parameter Value": 0.0, "Key Frames": {}, "Parameter ID": "volume", "Parameter Value": -8.5,
            "Variant Type": "Double", "maxValue": 30.0, "minValue": -100.0,
        }
    }  # fmt: skip


@pytest.mark.parametrize("facts", [ClipFacts(), ClipFacts(gain_db=0.0)])
def test_a_level_at_its_default_is_not_written(facts: ClipFacts) -> None:
    (item,) = items(timeline_of(clip(facts=facts)))
    assert item["effects"] == []


def test_points_of_a_level_are_frames_from_where_the_clip_begins() -> None:
    points = ((F(0), 0.0), (F(1, 2), -6.0), (F(3, 2), -20.0))
    timeline = timeline_of(clip(5, 2, ClipFacts(gain_points=points)))
    _, item = items(timeline)
    assert {frame: key["Value"] for frame, key in level_of(item)["volume"]["Key Frames"].items()} == {
        "0": 0.0, "12": -6.0, "36": -20.0,
    }  # fmt: skip
    assert only_clip(back(timeline)).facts.gain_points == points


def test_the_value_beside_key_frames_is_never_the_default_for_which_resolve_drops_them() -> None:
    points = ((F(0), 0.0), (F(1), -15.0), (F(3, 2), 0.0))
    (item,) = items(timeline_of(clip(facts=ClipFacts(gain_points=points))))
    assert level_of(item)["volume"]["Parameter Value"] == -15.0


def test_a_step_of_a_level_takes_two_frames_and_says_so() -> None:
    report = Report()
    timeline = timeline_of(clip(facts=ClipFacts(gain_points=((F(1), 0.0), (F(1), -10.0)))))
    assert only_clip(back(timeline, report)).facts.gain_points == ((F(1), 0.0), (F(25, 24), -10.0))
    assert codes(report) == ["time-rounded"]


def test_silence_is_the_lowest_level_and_comes_back_as_silence() -> None:
    report = Report()
    timeline = timeline_of(clip(facts=ClipFacts(gain_points=((F(0), 0.0), (F(1), SILENCE_DB)))))
    assert level_of(items(timeline)[0])["volume"]["Key Frames"]["24"]["Value"] == -100.0
    assert only_clip(back(timeline, report)).facts.gain_points[1] == (F(1), SILENCE_DB)
    assert not report.losses


def test_a_level_beyond_what_resolve_has_is_limited_and_said() -> None:
    report = Report()
    assert only_clip(back(timeline_of(clip(facts=ClipFacts(gain_db=36.0))), report)).facts.gain_db == 30.0
    assert codes(report) == ["value-clamped"]


def test_fades_are_frames_and_may_be_parts_of_one() -> None:
    facts = ClipFacts(fade_in=Fade(F(1, 100)), fade_out=Fade(F(1, 2), "equal-power"))
    report = Report()
    timeline = timeline_of(clip(facts=facts))
    parameters = level_of(items(timeline)[0])
    assert {name: one["Parameter Value"] for name, one in parameters.items()} == {"faderIn": 0.24, "faderOut": 12.0}
    assert all("Key Frames" not in one for one in parameters.values())
    found = only_clip(back(timeline, report)).facts
    assert (found.fade_in, found.fade_out) == (Fade(F(1, 100)), Fade(F(1, 2)))
    assert codes(report) == ["fade-curve-changed"]


def test_fades_of_picture_are_those_of_picture() -> None:
    timeline = timeline_of(clip(facts=ClipFacts(fade_in=Fade(F(1)))), kind="Video")
    (item,) = items(timeline)
    (effect,) = item["effects"]
    assert (effect["metadata"]["Resolve_OTIO"]["Effect Name"], effect["metadata"]["Resolve_OTIO"]["Type"]) == (
        "Video Faders", 36,
    )  # fmt: skip
    assert only_clip(back(timeline)).facts.fade_in == Fade(F(1))


def test_a_new_level_leaves_the_other_effects_of_a_clip_from_resolve_alone(corpus: Path) -> None:
    timeline = reread((corpus / "resolve" / "otio" / "picchu_effects.otio").read_bytes())
    found = next(one for track in placed_tracks(timeline, "audio") for one in track.clips if one.facts.gain_db)
    before = [plain(one.metadata) for one in found.clip.effects]
    put_clip_facts(found.clip, replace(found.facts, gain_db=-3.0, fade_in=Fade(F(1))))
    again = next(
        one for track in placed_tracks(back(timeline), "audio") for one in track.clips if one.facts.gain_db == -3.0
    )
    assert again.facts.fade_in == Fade(F(1))
    after = [plain(one.metadata) for one in again.clip.effects]
    assert [one["Resolve_OTIO"]["Effect Name"] for one in after] == [
        one["Resolve_OTIO"]["Effect Name"] for one in before
    ]
    assert after[1:] == before[1:]


# ---------------------------------------------------------------------------------------------------------------- speed


@pytest.mark.parametrize("speed", [F(2), F(1, 2), F(-1), F(-2)])
def test_constant_speed_is_the_standard_effect_and_comes_back(speed: Fraction) -> None:
    retime = ((F(0), 1 - 2 * speed), (F(2), F(1))) if speed < 0 else ()
    timeline = timeline_of(clip(facts=ClipFacts(speed=speed, retime=retime)), kind="Video")
    (item,) = items(timeline)
    (effect,) = item["effects"]
    assert (effect["OTIO_SCHEMA"], effect["time_scalar"]) == ("LinearTimeWarp.1", float(speed))
    found = only_clip(back(timeline))
    assert (found.facts.speed, found.facts.retime, found.source_in) == (speed, retime, 1)


def test_a_freeze_is_the_standard_effect() -> None:
    found = only_clip(back(timeline_of(clip(facts=ClipFacts(speed=F(0))), kind="Video")))
    assert found.facts.speed == 0


def test_a_ramp_covers_its_whole_media() -> None:
    retime = ((F(0), F(1)), (F(1), F(3, 2)), (F(2), F(7, 2)))
    timeline = timeline_of(clip(facts=ClipFacts(retime=retime), rate="24/1"), kind="Video")
    (item,) = items(timeline)
    keys = item["effects"][0]["metadata"]["Resolve_OTIO"]["Key Frames"]
    assert [key[:2] for key in keys] == [
        [0.0, 0.0],
        [3.0, 1.5],
        [pytest.approx(3 + (60 - 1 / 24 - 1.5) / 2), 60 - 1 / 24],
    ]
    assert only_clip(back(timeline)).facts.retime == retime


def test_a_ramp_that_turns_back_is_named() -> None:
    report = Report()
    retime = ((F(0), F(1)), (F(1), F(3, 2)), (F(2), F(1)))
    assert only_clip(back(timeline_of(clip(facts=ClipFacts(retime=retime)), kind="Video"), report)).facts.retime == ()
    assert "clip-retimed" in codes(report)


# ----------------------------------------------------------------------------------------------------------- transitions


def crossed(kind: str, curve: str = "linear", before: int = 6, after: int = 12) -> Any:
    timeline = timeline_of(clip(0, 2), clip(2, 2, source_in=9), kind=kind)
    transition = otio.schema.Transition(
        "mix",
        otio.schema.TransitionTypes.SMPTE_Dissolve,
        otio.opentime.RationalTime(before, 24),
        otio.opentime.RationalTime(after, 24),
        {"postsync": {"schema": 1, "curve": curve}},
    )
    timeline.tracks[0].insert(1, transition)
    return timeline


@pytest.mark.parametrize(("kind", "name", "number"), [("Audio", "Cross Fade 0 dB", 40), ("Video", "Cross Dissolve", 9)])
def test_a_transition_is_resolves_own_round_its_cut(kind: str, name: str, number: int) -> None:
    _, mix, _ = items(crossed(kind))
    assert (mix["name"], mix["metadata"]["Resolve_OTIO"]["Effects"]["Type"]) == (name, number)
    assert (mix["in_offset"]["value"], mix["out_offset"]["value"]) == (6.0, 12.0)
    first, found, second = placed_tracks(back(crossed(kind)))[0].items
    assert (found.cut, found.before, found.after) == (2, F(1, 4), F(1, 2))
    assert (first.record_out, second.record_in) == (2, 2)


def test_a_dissolve_runs_from_nothing_to_all() -> None:
    _, mix, _ = items(crossed("Video"))
    (progress,) = mix["metadata"]["Resolve_OTIO"]["Effects"]["Parameters"]
    assert {frame: key["Value"] for frame, key in progress["Key Frames"].items()} == {"0": 0.0, "18": 1.0}


def test_a_cross_fade_of_another_curve_is_linear_and_said() -> None:
    report = Report()
    document(crossed("Audio", "equal-power"), report)
    assert codes(report) == ["fade-curve-changed"]


def compound(name: str, *tracks: Any, start: int = 0, length: int = 48, **facts: Any) -> Any:
    about = {"Sequence Type": "Compound Clip", "Sequence ID": "{1}", "Sequence Fps": 24.0, **facts}
    used = otio.opentime.TimeRange(otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(length, 24))
    return otio.schema.Stack(name, children=list(tracks), source_range=used, metadata={"Resolve_OTIO": about})


def test_a_compound_clip_of_resolve_stays_one_with_all_that_is_in_it() -> None:
    report = Report()
    deep = compound("IN", build_track("V1", "Video", [clip(0, 4, name="C.mov")], [24]), length=24)
    inner = build_track("V1", "Video", [clip(0, 1, name="B.mov")], [24])
    inner.append(deep)
    timeline = timeline_of(clip(0, 2, name="A.mov"), kind="Video")
    timeline.tracks[0].append(compound("OUT", inner, start=12, length=36))
    first = document(timeline, report)
    assert not [loss.code for loss in report if loss.code == "nest-opened"]
    outer = first["tracks"]["children"][0]["children"][1]
    assert (outer["OTIO_SCHEMA"], outer["name"], outer["metadata"]["Resolve_OTIO"]["Sequence ID"]) == (
        "Stack.1", "OUT", "{1}",
    )  # fmt: skip
    assert outer["source_range"]["start_time"]["value"] == 12.0
    names = [one["name"] for one in outer["children"][0]["children"]]
    assert names == ["B.mov", "IN"] and outer["children"][0]["children"][1]["children"][0]["name"] == "V1"
    returned = reread(json.dumps(first).encode())
    found = [[(one.clip.name, one.record_in, one.duration) for one in track.clips] for track in placed_tracks(returned)]
    assert found == [[("A.mov", 0, 2), ("B.mov", 2, F(1, 2)), ("C.mov", F(5, 2), 1)]]
    assert document(returned) == first


def test_a_nest_of_another_program_is_opened_and_named() -> None:
    report = Report()
    timeline = timeline_of(kind="Video")
    nest = otio.schema.Stack("N", children=[build_track("V1", "Video", [clip(0, 2, name="B.mov")], [24])])
    timeline.tracks[0].append(nest)
    assert [one["name"] for one in document(timeline, report)["tracks"]["children"][0]["children"]] == ["B.mov"]
    assert codes(report) == ["nest-opened"]


def test_the_generators_of_resolve_go_back_as_they_came() -> None:
    colour = {"Effect Name": "Solid Color", "Enabled": True, "Name": "Solid Color", "Parameters": [], "Type": 5}
    reference = otio.schema.GeneratorReference("Solid Color", "Solid Color", parameters={"Resolve_OTIO": [colour]})
    item = otio.schema.Clip("Solid Color", reference)
    timeline = timeline_of(Laid(item, F(0), F(2)), kind="Video")
    (made,) = items(timeline)
    media = made["media_references"]["DEFAULT_MEDIA"]
    assert (media["OTIO_SCHEMA"], media["parameters"]["Resolve_OTIO"]) == ("GeneratorReference.1", [colour])


# --------------------------------------------------------------------------------------------------- markers and cues


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


# --------------------------------------------------------------------------------------------------------------- the rest


def test_the_bare_suffix_stays_that_of_a_work(tmp_path: Path) -> None:
    assert format_for_writing(Path("R1.otio")).name == "otio"
    assert format_for_writing(Path("R1.resolve.otio")).name == "resolve_otio"
    path = tmp_path / "R1.resolve.otio"
    path.write_bytes(written(FORMAT, timeline_of(clip())))
    assert recognise(path).name == "resolve_otio"


def test_a_work_that_began_as_resolves_file_stays_a_work(corpus: Path, tmp_path: Path) -> None:
    work, sent = tmp_path / "R1.otio", tmp_path / "R1.resolve.otio"
    verbs.convert(corpus / "resolve" / "otio" / "picchu_effects.otio", work)
    cue_marks = with_cues(CUE).tracks.markers
    timeline = postsync.read(work)[0]
    timeline.tracks.markers.append(cue_marks[0].clone())
    postsync.write(timeline, work)
    verbs.convert(work, sent)
    assert (recognise(work).name, recognise(sent).name) == ("otio", "resolve_otio")
    assert [cue.uid for cue in timeline_cues(postsync.read(work)[0])] == [CUE.uid]


def test_a_timeline_that_is_called_like_our_block_is_still_resolves() -> None:
    timeline = timeline_of(clip())
    timeline.name = "postsync"
    assert FORMAT.sniff(written(FORMAT, timeline)[:4096]) is Claim.CERTAIN


def test_the_timeline_that_is_written_stays_as_it_was() -> None:
    timeline = crossed("Audio")
    before = timeline.to_json_string()
    written(FORMAT, timeline)
    assert timeline.to_json_string() == before


def test_a_second_writing_is_the_same_to_the_byte() -> None:
    first = written(FORMAT, crossed("Video"))
    assert written(FORMAT, reread(first)).replace(b'"back"', b'"R1"') == first


def small_reel() -> Any:
    """Picture with a dissolve, sound with a level curve and a fade, linked, and a cue."""
    timeline = timeline_of(
        clip(0, 2, ClipFacts(link_group="a", gain_points=((F(0), 0.0), (F(1), -6.0)), fade_out=Fade(F(1, 4)))),
        clip(F(5, 2), 1, ClipFacts(gain_db=-3.5), name="14-5.wav", url="file:///C:/Sound/14-5.wav"),
        facts=TrackFacts(channels=1),
        start=90000,
        rate=as_rate("25"),
    )
    picture = build_track(
        "V1", "Video", [clip(0, 2, ClipFacts(link_group="a"), name="A.mov"), clip(2, 2, name="B.mov")], [25]
    )
    picture.insert(1, crossed("Video").tracks[0][1].clone())
    timeline.tracks.append(picture)
    timeline.tracks.markers.extend([marker.clone() for marker in with_cues(CUE, rate="25").tracks.markers])
    return timeline


def test_a_small_reel_is_what_somebody_approved(fixtures: Path, accept: bool) -> None:
    golden = fixtures / "golden" / "small_reel.resolve.otio"
    data = written(FORMAT, small_reel())
    if accept:
        golden.write_bytes(data)
    assert data == golden.read_bytes()


levels = st.floats(-99.9, 30).map(lambda level: round(level, 1))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["23.976", "24", "25", "29.97", "29.97 DF", "50", "59.94"]),
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 200), levels, st.integers(0, 40)), min_size=1, max_size=6),
)
def test_clips_on_frames_come_back_where_they_were(name: str, drawn: list[tuple[int, int, float, int]]) -> None:
    rate = as_rate(name)
    laid, at = [], 0
    for gap, length, level, fade in drawn:
        at += gap
        fades = Fade(F(min(fade, length)) / rate.fps) if fade else None
        facts = ClipFacts(channels=(1,), gain_db=level or None, fade_out=fades)
        laid.append(clip(F(at) / rate.fps, F(length) / rate.fps, facts, source_in=F(at) / 48000))
        at += length
    timeline = timeline_of(*laid, rate=rate, start=0)
    returned = back(timeline)
    assert timeline_facts(returned).rate.fps == rate.fps
    for ours, theirs in zip(placed_tracks(timeline)[0].clips, placed_tracks(returned)[0].clips, strict=True):
        assert (ours.record_in, ours.duration, ours.source_in) == (theirs.record_in, theirs.duration, theirs.source_in)
        assert (ours.facts.gain_db, ours.facts.fade_out) == (theirs.facts.gain_db, theirs.facts.fade_out)


def test_markers_are_in_order_of_time() -> None:
    marks = [PlainMarker(F(9), name="late"), PlainMarker(F(1), name="early")]
    returned = back(with_markers(*marks))
    assert [found.name for _, found in timeline_markers(returned)] == ["early", "late"]
