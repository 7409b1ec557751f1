"""Levels, fades, speed, transitions and nests of Resolve's OTIO as we write them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from adapters.carriers import codes
from adapters.resolve_otio_made import F, back, clip, crossed, document, items, level_of, only_clip, reread, timeline_of
from postsync.model import (
    SILENCE_DB,
    ClipFacts,
    Fade,
    Laid,
    build_track,
    placed_tracks,
    plain,
    put_clip_facts,
)
from postsync.report import Report

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
