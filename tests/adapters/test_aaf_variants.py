"""Shapes that real AAFs take beside the usual one: tapes whose timecode jumps, slots of samples, kinds nobody knows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from aaf2.auid import AUID

from adapters.test_aaf_read import RATE, SAMPLES, Maker, clips, making, timelines
from postsync.model import timeline_facts
from postsync.paper.inspection import inspection
from postsync.report import Report

ELEVEN = 11 * 3600 * RATE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made.aaf"


def one_clip(path: Path) -> Any:
    (timeline,) = timelines(path)
    (clip,) = clips(timeline)
    return clip


def on_tape(make: Maker, start: int, *slots: Any) -> Any:
    """Make a master whose file begins at a frame of a tape that holds these slots."""
    tape = make.f.create.SourceMob()
    tape["EssenceDescription"].value = make.f.create.TapeDescriptor()
    make.mob(tape, "roll 7", make.slot(1, make.clip(None, 0, 100_000)), *slots)
    master = make.master("a")
    file = make.f.content.mobs[master.slots[0].segment.mob_id]
    file.slots[0].segment["SourceID"].value = tape.mob_id
    file.slots[0].segment["StartTime"].value = start
    return master


def timecode(make: Maker, start: int, length: int, fps: int = RATE, drop: bool = False) -> Any:
    code = make.f.create.Timecode(fps, drop=drop, length=length)
    code.start = start
    return code


def play(make: Maker, *parts: Any) -> None:
    make.composition("R1", make.timecode(1, 86_400), make.slot(2, make.sequence(*parts)))


# ------------------------------------------------------------------------------------------------------------- tapes


def test_a_tape_whose_timecode_jumps_is_read_where_the_file_lies_on_it(path: Path) -> None:
    with making(path) as make:
        codes = make.f.create.Sequence("timecode", 10_000)
        codes["Components"].value = [timecode(make, 864_000, 1000), timecode(make, ELEVEN, 9000)]
        play(make, make.clip(on_tape(make, 1500, make.slot(2, codes)), 24, 48))
    assert one_clip(path).source_start * RATE == ELEVEN + 500 + 24


def test_timecode_behind_a_pull_down_counts_the_frames_of_the_tape(path: Path) -> None:
    with making(path) as make:
        pulled = make.f.create.Pulldown()
        pulled.media_kind = "timecode"
        pulled["InputSegment"].value = timecode(make, 900, 1250, fps=30, drop=True)
        for name, value in {"Length": 1000, "PhaseFrame": 0, "PulldownDirection": 0, "PulldownKind": 0}.items():
            pulled[name].value = value
        play(make, make.clip(on_tape(make, 24, make.slot(2, pulled)), 24, 48))
    (timeline,) = timelines(path)
    (clip,) = clips(timeline)
    assert (clip.source_start, clip.media.rate, clip.media.drop_frame) == (32, "30/1", True)


def test_real_tapes_of_thirty_frames_keep_their_timecode_in_a_film_project(corpus: Path) -> None:
    (timeline,) = timelines(corpus / "aaf/pyaaf2/linear01.aaf")
    assert [(clip.source_start, clip.media.rate) for clip in clips(timeline)] == [(30, "30/1")]


def test_timecode_in_a_slot_of_samples_counts_frames(path: Path) -> None:
    with making(path) as make:
        master = on_tape(make, 0, make.slot(2, timecode(make, 864_000, 10**9), SAMPLES))
        whole = make.slot(1, timecode(make, 86_400, 10**9), SAMPLES)
        make.composition("R1", whole, make.slot(2, make.clip(master, SAMPLES, 2 * SAMPLES), SAMPLES))
    report = Report()
    (timeline,) = timelines(path, report)
    assert timeline_facts(timeline).start_timecode == "01:00:00:00"
    assert [clip.source_start for clip in clips(timeline)] == [36_001]
    assert "rate-guessed" in {loss.code for loss in report}


def test_the_origin_of_a_slot_moves_its_zero(path: Path) -> None:
    with making(path) as make:
        master = make.master("a")
        make.f.content.mobs[master.slots[0].segment.mob_id].slots[0]["Origin"].value = 100
        play(make, make.clip(master, 10, 24))
    assert one_clip(path).source_in == Fraction(110, RATE)


def test_media_without_timecode_show_none(path: Path) -> None:
    with making(path) as make:
        play(make, make.clip(on_tape(make, 0), 24, 48))
    (item,) = inspection(path, "aaf", timelines(path), [])["timelines"][0]["tracks"][0]["items"]
    assert (item["source_in"], item["source_timecode"]) == ("1/1", None)


# ------------------------------------------------------------------------------------------------------------- clips


def test_a_clip_that_begins_before_its_media_keeps_its_sync(path: Path) -> None:
    with making(path) as make:
        play(make, make.clip(make.master("a"), -12, 48))
    assert one_clip(path).source_in == Fraction(-1, 2)


@pytest.mark.parametrize("number", [0, 7])
def test_a_clip_that_names_no_slot_of_its_master_plays_the_only_one_there_is(path: Path, number: int) -> None:
    with making(path) as make:
        play(make, make.clip(make.master("a"), 10, 24, slot=number))
    assert one_clip(path).url == "file:///Volumes/Sound/a.wav"


def test_a_path_in_a_text_locator_is_where_the_media_lie(path: Path) -> None:
    with making(path) as make:
        master = make.master("a")
        locator = make.f.create.TextLocator()
        locator["Name"].value = "D:\\Audio\\roll 3\\a.wav"
        make.f.content.mobs[master.slots[0].segment.mob_id].descriptor["Locator"].value = [locator]
        play(make, make.clip(master, 0, 24))
    assert one_clip(path).url == "D:\\Audio\\roll 3\\a.wav"


def test_a_disabled_clip_is_muted_also_without_an_alternative(path: Path) -> None:
    with making(path) as make:
        selector = make.f.create.Selector()
        selector.media_kind = "sound"
        selector["Length"].value = 48
        selector["Selected"].value = make.clip(make.master("a"), 1, 48)
        selector["ComponentAttributeList"].value = [make.f.create.TaggedValue("_DISABLE_CLIP_FLAG", 1)]
        play(make, selector)
    assert one_clip(path).facts.muted


# ------------------------------------------------------------------------------------------------ tracks and timelines


def test_a_track_of_a_kind_nobody_knows_is_what_is_in_it(path: Path) -> None:
    with making(path) as make:
        odd = make.f.create.DataDef(AUID("11111111-2222-3333-4444-555555555555"), "Odd", "")
        make.f.dictionary.register_def(odd)
        sequence = make.sequence(make.clip(make.master("a"), 0, 24))
        sequence["DataDefinition"].value = odd
        make.composition("R1", make.timecode(1, 0), make.slot(2, sequence))
    (timeline,) = timelines(path)
    assert [track.kind for track in timeline.tracks] == [otio.schema.TrackKind.Audio]


def test_a_composition_of_any_usage_is_a_timeline_where_none_is_top_level(path: Path) -> None:
    with making(path) as make:
        clip = make.clip(make.master("a"), 0, 24)
        make.composition("R1", make.timecode(1, 0), make.slot(2, clip), usage="Usage_LowerLevel")
    assert [one.name for one in timelines(path)] == ["R1"]


def test_an_effect_over_nothing_rides_along_and_is_said(path: Path) -> None:
    matte = "aaaaaaaa-0000-0000-0000-000000000001"
    with making(path) as make:
        definition = make.f.create.OperationDef(AUID(matte), "Matte", "")
        definition.media_kind = "picture"
        definition["NumberInputs"].value = 0
        definition["IsTimeWarp"].value = False
        definition["OperationCategory"].value = "OperationCategory_Effect"
        make.f.dictionary.register_def(definition)
        groups = [make.group(matte, 24, inputs, "picture") for inputs in ([], [make.filler(24, "picture")])]
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(*groups, kind="picture")))
    report = Report()
    (timeline,) = timelines(path, report)
    assert [item.metadata["aaf"]["effects"][0]["Operation"] for item in timeline.tracks[0]] == [matte, matte]
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("element-ignored", "Matte")] * 2
