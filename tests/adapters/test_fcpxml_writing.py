"""The FCPXML writer: storylines, sound by role, exact times, cues; valid against Apple's DTDs and read back the same."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import postsync
from fcpxml_written import agreement, dtd_of, made_programme, read_back, sounds, written
from postsync import verbs
from postsync.demo import unpack_example
from postsync.errors import PostsyncError, UnknownOption
from postsync.formats.conversion import read_file
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    MediaFacts,
    PlainMarker,
    TimelineFacts,
    build_track,
    cue_marker,
    placed_tracks,
    put_characters,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, to_time_range
from postsync_adapters.fcpxml.writing.resources import address
from postsync_adapters.fcpxml.writing.roles import role_of_name

F = Fraction
RATE = Rate.of(F(24))

SAMPLED = [
    "fcpxml/23.98.fcpxml", "fcpxml/24With25Media.fcpxml", "fcpxml/MulticamMarkers.fcpxml",
    "fcpxml/SyncClipRoles.fcpxml", "fcpxml/TimelineSample.fcpxml", "fcpxml/v1.2_3_clip_100_50_50.fcpxml",
    "resolve/otio/picchu_effects.otio",
]  # fmt: skip
"""Of every kind one; `python benchmarks/fcpxml_writing.py` runs all of the corpus."""


def media(name: str = "shot", kind: str = "picture", channels: int | None = 2, start: int = 0, **facts: Any) -> Any:
    reference = otio.schema.ExternalReference(
        target_url=f"file:///M/{name}.mov", available_range=to_time_range(F(start), F(100))
    )
    reference.name = name
    put_media_facts(reference, MediaFacts(name=name, channels=channels, sample_rate=48000, kind=kind, **facts))
    return reference


def clip(reference: Any, facts: ClipFacts | None = None, name: str = "shot") -> Any:
    made = otio.schema.Clip(name=name, media_reference=reference.clone())
    put_clip_facts(made, facts or ClipFacts())
    return made


def programme(*tracks: tuple[str, str, list[Laid]], rate: Rate = RATE, start: int = 0) -> Any:
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(rate, start, 48000))
    for name, kind, laid in tracks:
        timeline.tracks.append(build_track(name, kind, laid, [rate.fps, 48000]))
    return timeline


def spine(data: bytes) -> Any:
    return etree.fromstring(data).find(".//spine")


# ------------------------------------------------------------------------------------------------------- real timelines


@pytest.mark.parametrize("name", SAMPLED)
def test_a_real_timeline_is_valid_and_reads_back_the_same_in_three_versions(corpus: Path, name: str) -> None:
    for timeline in read_file(corpus / name, Report()).timelines:
        for version in ("1.8", "1.9", "1.14"):
            result = agreement(timeline, version, dtd_of(corpus / "fcpxml-dtd", version))
            assert (result.valid, result.fault, result.unnamed) == (True, "", [])


@pytest.mark.parametrize("version", ["1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14"])
def test_every_version_and_profile_is_valid_against_its_dtd(corpus: Path, version: str) -> None:
    for profile in ("final-cut", "resolve"):
        result = agreement(made_programme(12), version, dtd_of(corpus / "fcpxml-dtd", version), profile=profile)
        assert (result.valid, result.unnamed) == (True, [])


def test_writing_twice_gives_the_same_bytes_and_leaves_the_timeline_alone() -> None:
    timeline = made_programme(40)
    before = timeline.to_json_string()
    assert written(timeline) == written(timeline)
    assert timeline.to_json_string() == before


# ---------------------------------------------------------------------------------------------------------- storylines


def test_a_picture_and_its_own_sound_become_one_clip() -> None:
    picture, sound = clip(media()), clip(media(), ClipFacts(channels=(1, 2), role="dialogue.Boom"))
    timeline = programme(("V1", "Video", [Laid(picture, F(0), F(2))]), ("A1", "Audio", [Laid(sound, F(0), F(2))]))
    children = list(spine(written(timeline)))
    assert [(child.tag, child.get("audioRole"), len(child)) for child in children] == [
        ("asset-clip", "dialogue.Boom", 0)
    ]


def test_sound_that_is_out_of_step_hangs_below_the_picture_in_a_lane_of_its_own() -> None:
    picture, sound = clip(media()), clip(media("boom", "sound", 1), ClipFacts(role="dialogue.Boom"), "boom")
    timeline = programme(("V1", "Video", [Laid(picture, F(0), F(4))]), ("A1", "Audio", [Laid(sound, F(1), F(9))]))
    first, gap = spine(written(timeline))
    hung = first.find("asset-clip")
    assert (hung.get("lane"), hung.get("offset"), hung.get("duration")) == ("-1", "1s", "9s")
    assert (gap.tag, gap.get("offset"), gap.get("duration")) == ("gap", "4s", "6s")


def test_for_resolve_the_lane_of_a_sound_is_the_number_of_its_track() -> None:
    sound = clip(media("boom", "sound", 1))
    timeline = programme(("A1", "Audio", []), ("A2", "Audio", [Laid(sound, F(0), F(1))]))
    hung = spine(written(timeline, profile="resolve"))[0][0]
    assert (hung.get("lane"), hung.get("offset"), hung.get("enabled")) == ("2", "3600/1s", "1")


def test_picture_edits_go_to_frames_and_the_move_is_named_while_sound_stays_exact() -> None:
    off = F(1, 48000)
    picture, sound = clip(media()), clip(media(), ClipFacts(channels=(1, 2), role="dialogue"))
    timeline = programme(("V1", "Video", [Laid(picture, off, F(2))]), ("A1", "Audio", [Laid(sound, off, F(2))]))
    report = Report()
    again = read_back(written(timeline, report))
    seen, heard = placed_tracks(again)
    assert (seen.clips[0].record_in, heard.clips[0].record_in) == (0, off)
    assert [loss.moved_by for loss in report if loss.code == "time-rounded"] == [-off]


def test_a_hole_and_the_end_of_the_picture_are_gaps_without_a_seam() -> None:
    timeline = programme(("V1", "Video", [Laid(clip(media()), F(1), F(1)), Laid(clip(media()), F(3), F(1))]))
    timeline.tracks.markers.append(to_otio_marker(PlainMarker(F(9), name="late"), 24))
    items = [(item.tag, item.get("offset"), item.get("duration")) for item in spine(written(timeline))]
    assert items[:4] == [
        ("gap", "0s", "1s"),
        ("asset-clip", "1s", "1s"),
        ("gap", "2s", "1s"),
        ("asset-clip", "3s", "1s"),
    ]
    assert items[4][:2] == ("gap", "4s")


def test_a_dissolve_above_the_picture_gets_a_storyline_of_its_own() -> None:
    timeline = programme(
        ("V1", "Video", [Laid(clip(media()), F(0), F(9))]),
        ("V2", "Video", [Laid(clip(media()), F(2), F(2), F(10)), Laid(clip(media()), F(4), F(2), F(20))]),
    )
    half = otio.opentime.RationalTime(12, 24)
    timeline.tracks[1].insert(2, otio.schema.Transition("Cross Dissolve", "SMPTE_Dissolve", half, half))
    line = spine(written(timeline))[0].find("spine")
    assert (line.get("lane"), line.get("offset")) == ("1", "2s")
    assert [(one.tag, one.get("offset")) for one in line] == [
        ("asset-clip", "0s"), ("transition", "3600/2400s"), ("asset-clip", "2s"),
    ]  # fmt: skip


def test_clips_that_lie_over_each_other_get_lanes_of_their_own() -> None:
    inner = otio.schema.Stack(
        children=[build_track(str(n), "Video", [Laid(clip(media()), F(0), F(2))], [24]) for n in (1, 2)]
    )
    timeline = programme(("V1", "Video", []))
    timeline.tracks[0].append(inner)
    assert [child.get("lane") for child in spine(written(timeline))[0]] == ["1"]


# -------------------------------------------------------------------------------------------------------------- inside


@pytest.mark.parametrize("speed", [F(2), F(1, 2), F(-1), F(24000, 25025), F(0)])
def test_a_constant_speed_comes_back_exactly(speed: Fraction) -> None:
    made = clip(media(start=50), ClipFacts(speed=speed))
    timeline = programme(("V1", "Video", [Laid(made, F(1), F(3), F(90))]))
    found = placed_tracks(read_back(written(timeline)))[0].clips[0]
    assert (found.record_in, found.duration, found.source_start, found.facts.speed) == (1, 3, 90, speed)


def test_media_of_another_rate_is_conformed_frame_for_frame_or_not_at_all() -> None:
    for speed, scale in ((F(24, 25), None), (F(1), "0")):
        made = clip(media(rate="25/1"), ClipFacts(speed=1 / F(25, 24) if speed != 1 else speed))
        timeline = programme(("V1", "Video", [Laid(made, F(0), F(5))]))
        conform = spine(written(timeline))[0].find("conform-rate")
        assert (conform.get("srcFrameRate"), conform.get("scaleEnabled")) == ("25", scale)


def test_levels_key_frames_and_fades_come_back() -> None:
    facts = ClipFacts(
        role="dialogue", gain_points=((F(0), -3.0), (F(1), -96.5), (F(2), 0.0)), fade_in=Fade(F(1, 4), "s-curve"),
        fade_out=Fade(F(1, 2), "equal-power"),
    )  # fmt: skip
    timeline = programme(("Dialogue", "Audio", [Laid(clip(media("a", "sound", 1), facts), F(1), F(2))]))
    report = Report()
    found = placed_tracks(read_back(written(timeline, report)))[0].clips[0].facts
    assert found.gain_points == ((F(0), -3.0), (F(1), -144.0), (F(2), 0.0))
    assert (found.fade_in, found.fade_out) == (Fade(F(1, 4), "s-curve"), Fade(F(1, 2), "logarithmic"))
    assert {loss.code for loss in report} >= {"fade-curve-changed", "value-clamped"}


def test_channels_that_are_not_heard_are_switched_off_by_name() -> None:
    made = clip(media("a", "sound", 4), ClipFacts(role="dialogue.Lav", channels=(2,)))
    item = spine(written(programme(("A1", "Audio", [Laid(made, F(0), F(1))]))))[0][0]
    sources = [(one.get("srcCh"), one.get("active"), one.get("role")) for one in item.iter("audio-channel-source")]
    assert sources == [("2", None, "dialogue.Lav"), ("1", "0", None), ("3", "0", None), ("4", "0", None)]


@pytest.mark.parametrize(
    ("name", "role"),
    [("A1", "dialogue.A1"), ("MX", "music.MX"), ("SFX 2", "effects.SFX 2"), ("ADR ROBIN", "dialogue.ADR ROBIN"),
     ("Dialogue", "dialogue"), ("Music Score 1", "music.Score 1"), ("", "dialogue"), ("a.b", "dialogue.a b")],
)  # fmt: skip
def test_a_track_without_roles_becomes_a_subrole_of_its_name(name: str, role: str) -> None:
    assert role_of_name(name) == role


@pytest.mark.parametrize(
    ("stated", "url"),
    [("/M/12 A#1.wav", "file:///M/12%20A%231.wav"), ("C:\\S\\a.wav", "file:///C:/S/a.wav"),
     ("file:///M/12%20A.wav", "file:///M/12%20A.wav"), ("file:///M/é b.wav", "file:///M/%C3%A9%20b.wav"),
     ("sub/a.wav", "sub/a.wav")],
)  # fmt: skip
def test_addresses_of_media_are_percent_encoded_once(stated: str, url: str) -> None:
    assert address(stated) == url


def test_media_without_an_address_is_offline_and_named() -> None:
    made = otio.schema.Clip("lost", otio.schema.MissingReference(name="lost 1"), to_time_range(F(0), F(2)))
    timeline = programme(("V1", "Video", []))
    timeline.tracks[0].append(made)
    report = Report()
    root = etree.fromstring(written(timeline, report))
    assert root.find(".//media-rep").get("src") == "file:///offline/lost%201"
    assert [loss.code for loss in report] == ["media-without-address"]


def test_the_start_timecode_and_drop_frame_are_those_of_the_timeline() -> None:
    rate = Rate.of(F(30000, 1001), True)
    timeline = programme(("V1", "Video", [Laid(clip(media()), F(0), F(1001, 1000))]), rate=rate, start=107892)
    sequence = etree.fromstring(written(timeline)).find(".//sequence")
    assert (sequence.get("tcFormat"), sequence.get("tcStart")) == ("DF", "107999892/30000s")
    assert sequence.find("spine")[0].get("offset") == "107999892/30000s"


# ------------------------------------------------------------------------------------------------------------- markers


def test_markers_keep_kind_and_exact_time_on_the_clip_that_shows_them() -> None:
    timeline = programme(("V1", "Video", [Laid(clip(media(), ClipFacts(speed=F(2))), F(0), F(8), F(40))]))
    plain = [
        PlainMarker(F(1, 3), name="a", comment="two\nlines"),
        PlainMarker(F(2), F(3), "b", kind="to-do", colour="red"),
        PlainMarker(F(4), name="c", kind="completed", colour="green"),
        PlainMarker(F(5), name="d", kind="chapter", colour="orange"),
        PlainMarker(F(6), F(1), "e", "Hello", kind="caption"),
    ]
    timeline.tracks.markers.extend(to_otio_marker(one) for one in plain)
    found = [one for _, one in timeline_markers(read_back(written(timeline)))]
    assert [(one.record_in, one.duration, one.name, one.comment, one.kind) for one in found] == [
        (one.record_in, one.duration, one.name, one.comment, one.kind) for one in plain
    ]


def test_a_cue_is_a_to_do_with_its_line_in_the_name_and_its_tag_in_the_note() -> None:
    timeline = programme(("V1", "Video", [Laid(clip(media()), F(0), F(8))]))
    put_characters(timeline, [Character("r", "ROBIN")])
    facts = TimelineFacts(RATE)
    cue = Cue(uid="7KQ2M9XD", number="R106", record_in=24, record_out=72, character="r", line="Hold there!")
    done = Cue(uid="8KQ2M9XD", number="R107", record_in=96, character="r", line="Run!", status="recorded")
    timeline.tracks.markers.extend([cue_marker(cue, facts, "ROBIN"), cue_marker(done, facts, "ROBIN")])
    marks = [dict(one.items()) for one in spine(written(timeline)).iter("marker")]
    assert marks[0] == {
        "start": "1s", "duration": "2s", "value": "R106 ROBIN: Hold there!", "completed": "0",
        "note": "Hold there!\n{adr=7KQ2M9XD}",
    }  # fmt: skip
    assert (marks[1]["value"], marks[1]["completed"]) == ("R107 ROBIN: Run!", "1")


def test_cues_that_come_back_are_the_same_cues(tmp_path: Path) -> None:
    work = tmp_path / "R1.otio"
    timeline = programme(("V1", "Video", [Laid(clip(media()), F(0), F(8))]))
    put_characters(timeline, [Character("r", "ROBIN")])
    cue = Cue(uid="7KQ2M9XD", number="R106", record_in=24, character="r", line="Run!", status="recorded")
    timeline.tracks.markers.append(cue_marker(cue, TimelineFacts(RATE), "ROBIN"))
    postsync.write(timeline, work)
    done = verbs.convert(work, tmp_path / "R1.fcpxml")
    assert [loss.code for loss in done.report if loss.level == "loss"] == []
    merged = verbs.merge(work, tmp_path / "R1.fcpxml", tmp_path / "merged.otio").merge
    assert [(one.number, one.changes) for one in merged.cues] == [("R106", ())]


# --------------------------------------------------------------------------------------------------------- what is kept


def test_adjustments_keywords_and_effects_of_a_document_go_back_into_a_new_one(corpus: Path) -> None:
    timeline = read_file(corpus / "fcpxml" / "TimelineSample.fcpxml", Report()).timelines[0]
    before = etree.parse(str(corpus / "fcpxml" / "TimelineSample.fcpxml"))
    report = Report()
    after = etree.fromstring(written(timeline, report, version="1.13"))
    for tag in ("adjust-colorConform", "filter-video", "keyword"):
        assert before.find(f".//spine//{tag}") is None or after.find(f".//spine//{tag}") is not None
    older = Report()
    written(timeline, older, version="1.8")
    assert any("adjustment" in loss.facts.get("feature", "") for loss in older)


# --------------------------------------------------------------------------------------------------------------- faults


def test_a_size_that_is_none_is_refused_in_one_sentence() -> None:
    with pytest.raises(UnknownOption, match="width and height"):
        written(made_programme(4), size="large")


def test_names_with_controls_quotes_and_every_script_survive() -> None:
    name = "a\"<&>' \u0645\u0631\u062d\u0628\u0627 \U0001f3ac"
    timeline = programme(("V1", "Video", [Laid(clip(media(), name=name + "\x07"), F(0), F(1))]))
    report = Report()
    assert placed_tracks(read_back(written(timeline, report)))[0].clips[0].clip.name == name
    assert "text-replaced" in {loss.code for loss in report}


def test_an_empty_timeline_is_one_gap() -> None:
    assert [item.tag for item in spine(written(programme()))] == ["gap"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.fractions(0, 50, max_denominator=96000), st.fractions(F(1, 48000), 20, max_denominator=48000)),
        min_size=1, max_size=6,
    ),
    st.sampled_from([F(24), F(24000, 1001), F(25), F(30000, 1001), F(60)]),
)  # fmt: skip
def test_sound_at_any_time_comes_back_exactly(spans: list[tuple[Fraction, Fraction]], fps: Fraction) -> None:
    rate = Rate.of(fps)
    tracks = [
        (f"A{n}", "Audio", [Laid(clip(media("a", "sound", 1), ClipFacts(role=f"dialogue.{n}")), at, length, at / 2)])
        for n, (at, length) in enumerate(spans, 1)
    ]
    timeline = programme(*tracks, rate=rate)
    assert sounds(read_back(written(timeline))) == sounds(timeline)


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def write(self, _: Any) -> int:
            raise OSError(28, "No space left on device")

    from postsync.formats.format import write_to
    from postsync_adapters.fcpxml import FORMAT, FcpxmlWriteOptions

    with pytest.raises(PostsyncError, match="No space left"):
        write_to(FORMAT, made_programme(4), Full(), Report(), FcpxmlWriteOptions())


def test_a_name_that_ends_in_fcpxmld_is_a_bundle_whose_other_files_stay(tmp_path: Path) -> None:
    bundle = tmp_path / "R1.fcpxmld"
    postsync.write(made_programme(4), bundle)
    (bundle / "data").write_text("tracked")
    postsync.write(made_programme(8), bundle)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["R1.fcpxmld"]
    assert sorted(one.name for one in bundle.iterdir()) == ["Info.fcpxml", "data"]
    assert len(read_file(bundle, Report()).timelines) == 1


def test_a_turnover_for_final_cut_holds_the_timeline_with_its_cues(tmp_path: Path) -> None:
    work = tmp_path / "R1.otio"
    timeline = programme(("V1", "Video", [Laid(clip(media()), F(0), F(8))]))
    cue = Cue(uid="7KQ2M9XD", number="R106", record_in=24, line="Run!")
    timeline.tracks.markers.append(cue_marker(cue, TimelineFacts(RATE)))
    postsync.write(timeline, work)
    verbs.turnover(work, tmp_path / "out", application="final-cut")
    root = etree.parse(str(tmp_path / "out" / "R1.fcpxml")).getroot()
    assert root.get("version") == "1.11"
    assert [mark.get("note") for mark in root.iter("marker")] == ["Run!\n{adr=7KQ2M9XD}"]


@pytest.mark.parametrize(
    ("read", "profile", "version"),
    [("1.13", "final-cut", "1.13"), ("1.13", "resolve", "1.9"), ("1.2", "final-cut", "1.9")],
)
def test_a_document_keeps_its_version_where_final_cut_is_to_read_it(read: str, profile: str, version: str) -> None:
    timeline = made_programme(4)
    timeline.metadata["fcpxml"] = {"version": read}
    assert etree.fromstring(written(timeline, profile=profile)).get("version") == version


def test_compound_clips_are_opened_and_said() -> None:
    timeline, report = otio.schema.Timeline("R1"), Report()
    put_timeline_facts(timeline, TimelineFacts(RATE))
    inner = [
        build_track(f"V{number}", "Video", [Laid(otio.schema.Clip(f"shot {number}", media()), F(0), F(4), F(0))], [24])
        for number in (1, 2)
    ]
    nest = Laid(otio.schema.Stack("montage", children=inner), F(0), F(4), F(0))
    timeline.tracks.append(build_track("V1", "Video", [nest], [24]))
    found = [
        clip.clip.name for track in placed_tracks(read_back(written(timeline, report)), "video") for clip in track.clips
    ]
    assert found == ["shot 1", "shot 2"]
    assert [loss.facts["name"] for loss in report if loss.code == "nest-opened"] == ["montage"]


@pytest.mark.parametrize("retime", [(), ((F(0), F(34)), (F(4), F(30)))])
def test_a_reversed_clip_is_written_from_its_last_moment_over_its_whole_file(retime: Any) -> None:
    timeline, clip = otio.schema.Timeline("R1"), otio.schema.Clip("shot", media())
    put_timeline_facts(timeline, TimelineFacts(RATE))
    put_clip_facts(clip, ClipFacts(speed=F(-1), retime=retime))
    timeline.tracks.append(build_track("V1", "Video", [Laid(clip, F(0), F(4), F(30))], [24]))
    root = etree.fromstring(written(timeline))
    assert [point.get("value") for point in root.iter("timept")] == ["100s", "0s"]
    (back,) = placed_tracks(read_back(etree.tostring(root)), "video")[0].clips
    assert (back.source_start, back.facts.retime) == (30, ((F(0), F(34)), (F(4), F(30))))


def test_a_project_goes_back_into_the_event_of_its_own_name(tmp_path):
    reel = unpack_example(tmp_path)
    timeline, _ = postsync.read(reel)
    timeline.name = "The Crossing R1 v2"
    postsync.write(timeline, tmp_path / "work.otio")
    verbs.convert(tmp_path / "work.otio", tmp_path / "back.fcpxml")
    root = etree.parse(str(tmp_path / "back.fcpxml"))
    names = [root.find(f".//{tag}").get("name") for tag in ("event", "project")]
    assert names == ["The Crossing", "The Crossing R1 v2"]
