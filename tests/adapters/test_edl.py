"""Lists as timelines and back: every event where it says, what contradicts itself reported, and nothing lost on the way."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from edl_lists import CUT, DISSOLVE, HEAD, clips, codes, made, written
from postsync.errors import FormatError, RateError
from postsync.model import (
    Character,
    Cue,
    PlacedClip,
    PlacedTransition,
    clip_facts,
    cue_marker,
    placed_tracks,
    put_characters,
    put_clip_facts,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.edl import (
    FORMAT,
    EdlReadOptions,
    parse_bytes,
    parse_text,
    timeline_of,
)

# ---------------------------------------------------------------------------------------------------------------- rate

RATES = {
    "changelist/Demo_edit_v1.edl": "25",
    "guerilla-di-edl/TRAILER_EDL.edl": "25",
    "edl-genius/cmx3600.edl": "29.97 DF",
    "edl-genius/070816_EG101_HEISTS_ROUGH_CUT_SOURCES_PART 1.edl": "29.97",
    "pycmx/INS4_R1_DX_092117.edl": "24",
    "pycmx/TEST.edl": "24",
    "pycmx/test_25.edl": "25",
    "guerilla-di-edl/REVERSE.EDL": "25",
    "edl-to-youtube/example.edl": "25",
    "sg-otio/cut_import_example.edl": "24",
}


@pytest.mark.parametrize("name", RATES)
def test_the_rate_is_found_from_the_list(corpus: Path, name: str) -> None:
    report = Report()
    timeline = timeline_of(parse_bytes((corpus / "edl" / name).read_bytes()), report)
    assert timeline_facts(timeline).rate.name == RATES[name]
    assert any(loss.code in ("rate-found", "rate-guessed") and loss.facts["why"] for loss in report)


def test_a_rate_that_was_asked_for_is_taken_and_said() -> None:
    report = Report()
    assert timeline_facts(made(HEAD + CUT, report, rate=as_rate("23.976"))).rate.name == "23.976"
    assert codes(report)["rate-found"] == 1 and codes(report)["rate-guessed"] == 0


def test_a_rate_that_has_not_the_frame_numbers_of_the_list_is_refused(corpus: Path) -> None:
    edit_list = parse_bytes((corpus / "edl/edl-genius/cmx3600.edl").read_bytes())
    with pytest.raises(RateError, match="frame numbers 0 to 23"):
        timeline_of(edit_list, Report(), EdlReadOptions(rate=as_rate("24")))


def test_drop_frame_is_what_the_list_says_not_what_stands_before_the_frames() -> None:
    text = "FCM: DROP FRAME\n001  A V C 01:00:00:00 01:00:10:00 01:00:00:00 01:00:10:00\n"
    timeline = made(text)
    assert timeline_facts(timeline).rate.name == "29.97 DF" and timeline_facts(timeline).start_frame == 107892


def test_semicolons_alone_mean_drop_frame() -> None:
    timeline = made("001  A V C 01;00;00;00 01;00;10;00 01:00:00;00 01:00:10;00\n")
    assert timeline_facts(timeline).rate.drop


def test_a_source_counts_as_the_fcm_line_before_it_says() -> None:
    text = "FCM: DROP FRAME\nFCM: NON-DROP FRAME\n"
    text = "FCM: DROP FRAME\n001 A V C 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\nFCM: NON-DROP FRAME\n"
    text += "002 B V C 01:01:00:00 01:01:01:00 01:00:01:00 01:00:02:00\n"
    first, second = clips(made(text))
    assert first.source_start == Fraction(107892 * 1001, 30000) and second.source_start == Fraction(
        109800 * 1001, 30000
    )
    assert second.media.rate == "30000/1001" and not second.media.drop_frame


# -------------------------------------------------------------------------------------------------------------- events


def test_an_event_lies_where_it_says_with_its_reel_and_name() -> None:
    (clip,) = clips(made(HEAD + CUT + "* FROM CLIP NAME:  12A-3\n* SOURCE FILE: A001C002\n"))
    assert (clip.record_in, clip.duration, clip.source_start) == (0, 2, 3600)
    assert (clip.clip.name, clip.media.tape, clip.media.name) == ("12A-3", "A001", "A001C002")


@pytest.mark.parametrize(
    ("code", "names"),
    [("V", "V1"), ("V2", "V2"), ("A", "A1"), ("A12", "A12"), ("AA", "A1 A2"), ("AA/V", "V1 A1 A2"), ("A2/V", "V1 A2"),
     ("VA1A2", "V1 A1 A2"), ("A3A4", "A3 A4"),
     ("B", "V1 A1"), ("NONE", "NONE"), ("VA12", "V1 A1 A2"), ("A1234", "A1 A2 A3 A4"), ("ASMBL", "V1 A1 A2")],
)  # fmt: skip
def test_every_channel_map_is_understood(code: str, names: str) -> None:
    timeline = made(HEAD + CUT.replace(" V  ", f" {code}  "))
    assert " ".join(track.name for track in timeline.tracks) == names


def test_aud_lines_add_channels_even_behind_the_comments() -> None:
    timeline = made(HEAD + CUT.replace(" V  ", " NONE  ") + "* FROM CLIP NAME: x\nAUD  3    4\n")
    assert [track.name for track in timeline.tracks] == ["A3", "A4"]
    assert [clip.facts.channels for clip in clips(timeline)] == [(3,), (4,)]


def test_a_patch_says_which_channel_of_the_source_sounds() -> None:
    timeline = made(HEAD + CUT.replace(" V  ", " A3 ") + "* PATCH A001:  FROM SOURCE 1 TO RECORD 3\n")
    assert clips(timeline)[0].facts.channels == (1,)


def test_an_unknown_channel_gets_a_track_of_its_name_and_is_reported() -> None:
    report = Report()
    timeline = made(HEAD + CUT.replace(" V  ", " X7 "), report)
    assert [track.name for track in timeline.tracks] == ["X7"] and codes(report)["value-unreadable"] == 1


def test_a_dissolve_begins_at_the_record_in_of_what_comes_in() -> None:
    (track,) = placed_tracks(made(HEAD + DISSOLVE))
    first, mix, second = track.items
    assert isinstance(mix, PlacedTransition) and (mix.cut, mix.before, mix.after) == (2, 0, Fraction(1, 2))
    assert isinstance(second, PlacedClip) and (second.record_in, second.clip.name) == (2, "two")
    assert isinstance(first, PlacedClip) and first.media_duration == Fraction(5, 2)


def test_an_outgoing_side_that_nothing_before_goes_on_as_is_a_clip_without_length() -> None:
    text = HEAD + DISSOLVE.split("\n", 1)[1]
    names = [(clip.clip.name, clip.duration) for clip in clips(made(text))]
    assert names == [("one", 0), ("two", 1)]


def test_a_repeated_number_is_not_a_transition() -> None:
    text = HEAD + CUT + CUT.replace("10:00:00:00", "10:00:02:00").replace("10:00:02:00\n", "10:00:04:00\n")
    assert len(clips(made(text))) == 2


def test_a_fade_from_black_may_be_the_first_thing_on_a_track() -> None:
    text = "001  BL  V  C  00:00:00:00 00:00:00:00 10:00:00:00 10:00:00:00\n"
    text += "001  A  V  D 024  01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"
    (track,) = placed_tracks(made(HEAD + text))
    assert [type(item) for item in track.items] == [PlacedTransition, PlacedClip]


def test_premieres_constant_power_is_an_equal_power_cross_fade(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/pycmx/test_25.edl").read_bytes()), Report())
    mixes = [item for track in timeline.audio_tracks() for item in track if isinstance(item, otio.schema.Transition)]
    assert mixes and {mix.metadata["postsync"]["curve"] for mix in mixes} == {"equal-power"}


def test_a_key_lies_above_its_background(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/guerilla-di-edl/KEY_TRANSITION.EDL").read_bytes()), Report())
    assert [(track.name, track[-1].name) for track in timeline.tracks] == [
        ("V1", "foobarz_0118_023-APPLE PRORES WITH ALPHA.MOV"), ("V1 key", "foobarz_0118_026-APPLE PRORES WITH ALPHA.MOV"),
    ]  # fmt: skip


@pytest.mark.parametrize(("fps", "speed"), [("048.0", "2"), ("031.7", "317/240"), ("12.5", "25/48"), ("000.0", "0")])
def test_m2_is_the_speed(fps: str, speed: str) -> None:
    (clip,) = clips(made(HEAD + CUT + f"M2   A001     {fps}    01:00:00:00\n", rate=as_rate("24")))
    assert clip.facts.speed == Fraction(speed) and clip.duration == 2


def test_backwards_is_entered_at_the_highest_frame() -> None:
    (clip,) = clips(made(HEAD + CUT + "M2   A001    -024.0     01:00:00:00\n"))
    assert clip.facts.speed == -1 and clip.source_start == 3600 - Fraction(47, 24)


def test_m2_goes_to_the_side_of_its_reel() -> None:
    text = HEAD + DISSOLVE + "M2   A001    048.0   01:00:02:00\nM2   B002    012.0   02:00:00:00\n"
    assert [clip.facts.speed for clip in clips(made(text, rate=as_rate("24")))] == [1, Fraction(1, 2)]


@pytest.mark.parametrize(
    "line",
    [
        "M2   001            212.5                01:00:00:00",
        "M2   001  212.5",
        "M2   001  212.5  1009",
        "M2   TAPE 12        212.5                01:00:00:00",
        "M2   001  212.5    MSTR     I +00:00:00:10",
    ],
)
def test_a_reel_that_is_a_number_is_not_the_speed(line: str) -> None:
    assert clips(made(HEAD + CUT + line + "\n", rate=as_rate("25")))[0].facts.speed == Fraction("8.5")


def test_a_reel_that_is_a_number_keeps_its_speed_in_a_real_list(corpus: Path) -> None:
    path = corpus / "edl/guerilla-di-edl/TRAILER_EDL.edl"
    found = [clip.facts.speed for clip in clips(timeline_of(parse_bytes(path.read_bytes()), Report()))]
    assert [speed for speed in found if speed != 1] == [
        Fraction("20.2"),
        Fraction("12.384"),
        Fraction("8.5"),
        Fraction("0.6"),
    ]


def test_the_speed_of_an_outgoing_side_is_not_that_of_what_comes_in_from_the_same_reel() -> None:
    text = CUT + "002  A001     V     C        01:00:02:00 01:00:02:00 10:00:02:00 10:00:02:00\n"
    text += "002  A001     V     D    012 02:00:00:00 02:00:02:00 10:00:02:00 10:00:04:00\n"
    text += "M2   A001           048.0                01:00:02:00\n"
    assert [clip.facts.speed for clip in clips(made(HEAD + text))] == [1, 1]


def test_the_speed_of_an_outgoing_side_is_written_where_the_list_entered_it() -> None:
    text = CUT + "M2   A001           048.0                01:00:00:00\n"
    text += "002  A001     V     C        01:00:03:00 01:00:03:00 10:00:02:00 10:00:02:00\n"
    text += "002  A001     V     D    012 02:00:00:00 02:00:02:00 10:00:02:00 10:00:04:00\n"
    text += "M2   A001           048.0                01:00:03:00\n"
    anew = written(made(HEAD + text, rate=as_rate("24")), track="V1")
    assert "01:00:03:00 01:00:03:00 10:00:02:00" in anew and anew.count("048.0                01:00:03:00") == 1
    assert [clip.facts.speed for clip in clips(made(anew, rate=as_rate("24")))] == [2, 1]


def test_an_outgoing_side_that_was_a_whole_event_is_written_from_its_end(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/guerilla-di-edl/TRAILER_EDL.edl").read_bytes()), Report())
    text = written(timeline, track="V1")
    assert "006I     V     C        06:42:57:13 06:42:57:13 01:00:02:24 01:00:02:24" in text
    assert (
        "007D     V     C        07:07:30:06 07:07:30:06 01:00:11:05 01:00:11:05" in text
    )  # called 007-D in the notes
    assert "M2   003            309.6                03:03:19:19" in text


def test_a_speed_that_changes_is_written_as_its_average_and_said() -> None:
    timeline = made(HEAD + CUT, rate=as_rate("24"))
    clip = timeline.tracks[0][0]
    turns = ((Fraction(0), Fraction(0)), (Fraction(1), Fraction(2)), (Fraction(2), Fraction(3)))
    put_clip_facts(clip, replace(clip_facts(clip), retime=turns))
    report = Report()
    text = written(timeline, report)
    assert "M2   A001           036.0" in text and "* TIMEWARP EFFECT AT SEQUENCE TC 10:00:00:00." in text
    assert [loss.facts["was"] for loss in report if loss.code == "speed-rounded"] == ["100.0 to 200.0 %"]


def test_a_name_of_two_lines_stays_one_line_also_as_a_reel() -> None:
    timeline = otio.schema.Timeline("R1", global_start_time=otio.opentime.RationalTime(86400, 24))
    used = otio.opentime.range_from_start_end_time(*(otio.opentime.RationalTime(frame, 24) for frame in (0, 24)))
    timeline.tracks.append(otio.schema.Track("V1"))
    timeline.tracks[0].append(otio.schema.Clip("first\nsecond", source_range=used))
    assert not parse_text(written(timeline)).verbatim() and "first second REPLACED BY: FIRST_SE" in written(timeline)


def test_an_event_with_words_behind_its_times_is_read() -> None:
    report = Report()
    (clip,) = clips(made(HEAD + CUT.rstrip() + "  SHOT_010 *\n", report))
    assert (clip.record_in, clip.duration, clip.media.tape) == (0, 2, "A001") and not codes(report)["line-ignored"]
    assert written(made(HEAD + CUT.rstrip() + "  SHOT_010 *\n")).split() == (HEAD + CUT + "SHOT_010 *").split()


def test_a_line_of_two_times_is_damaged_not_sound() -> None:
    report = Report()
    assert not clips(made(HEAD + "001  A001     V     C        10:00:00:00 10:00:01:00\n", report))
    assert codes(report)["line-ignored"] == 1


def test_frame_numbers_as_sources_are_read(corpus: Path) -> None:
    name = "edl/sg-otio/jrun_demo_absolute_frames1.edl"
    first = clips(timeline_of(parse_bytes((corpus / name).read_bytes()), Report()))[0]
    assert first.source_start == Fraction(1009, 24)


def test_events_that_overlap_keep_their_times_on_a_second_track() -> None:
    report = Report()
    timeline = made(HEAD + CUT + CUT.replace("001 ", "002 ").replace("10:00:02:00", "10:00:05:00"), report)
    assert [track.name for track in timeline.tracks] == ["V1", "V1 (2)"] and codes(report)["events-overlap"] == 1
    assert all(clip.record_in == 0 for clip in clips(timeline))


def test_lengths_that_disagree_are_reported_with_their_line_and_the_record_stands() -> None:
    report = Report()
    (clip,) = clips(made(HEAD + CUT.replace("01:00:02:00", "01:00:09:00"), report))
    (loss,) = [loss for loss in report if loss.code == "lengths-disagree"]
    assert clip.duration == 2 and (loss.source, loss.facts) == ("line 3", {"was": "216", "now": "48"})


def test_a_programme_may_run_through_midnight(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/anima/test_v003.edl").read_bytes()), Report())
    assert timeline_facts(timeline).start_timecode == "23:59:59:01"
    assert [clip.record_in for clip in clips(timeline)] == [0, Fraction(176, 24), Fraction(231, 24)]


def test_a_record_out_before_its_in_is_mended_by_the_source_and_said() -> None:
    report = Report()
    (clip,) = clips(made(HEAD + CUT.replace("10:00:02:00", "00:00:00:00"), report))
    assert clip.duration == 2 and codes(report)["timecode-repaired"] == 1


def test_split_edits_let_a_part_begin_late() -> None:
    timeline = made(HEAD + "SPLIT:    AUDIO DELAY=  00:00:00:12\n" + CUT.replace(" V  ", " B  "))
    sound = next(clip for track in placed_tracks(timeline, "audio") for clip in track.clips)
    assert (sound.record_in, sound.duration, sound.source_start) == (
        Fraction(1, 2),
        Fraction(3, 2),
        3600 + Fraction(1, 2),
    )


def test_final_cut_says_what_a_reel_was_called(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/guerilla-di-edl/TRAILER_EDL.edl").read_bytes()), Report())
    assert "006-I" in {clip.media.tape for clip in clips(timeline)}


def test_levels_and_comments_come_with_the_clip() -> None:
    text = HEAD + CUT.replace(" V  ", " A  ")
    text += "* AUDIO LEVEL AT 01:00:00:12 IS -6.00 DB  (REEL A001 A1)\n"
    text += "* AUDIO LEVEL AT 01:00:01:00 IS +2.50 DB  (REEL A001 A1)\n"
    text += "* a first comment\n* and a second\n"
    (clip,) = clips(made(text))
    assert clip.facts.gain_points == ((Fraction(1, 2), -6.0), (Fraction(1), 2.5))
    assert clip.facts.note == "a first comment\nand a second"


def test_comments_that_were_broken_in_a_word_are_joined(corpus: Path) -> None:
    data = (corpus / "edl/edl-genius/070816_EG101_HEISTS_ROUGH_CUT_SOURCES_PART 1.edl").read_bytes()
    note = clips(timeline_of(parse_bytes(data), Report()))[0].facts.note
    assert note and "SURVEILLANCE CAMERAS CAPTURED AND RECORDED" in note


def test_avids_table_of_sources_gives_ids(corpus: Path) -> None:
    data = (corpus / "edl/EDL_tools/KMP-4K_and_CTM_CMX_3600_MarkersAtTheEnd.edl").read_bytes()
    media = [clip.media for clip in clips(timeline_of(parse_bytes(data), Report()))]
    assert media[2].uid == "060a2b340101010501010d43-13-a1-00-00-{62f583f0-1189-05db-00804582f8000000}"


def test_a_colour_decision_is_kept_as_others_keep_it(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/otio-cmx3600-adapter/cdl.edl").read_bytes()), Report())
    found = next(clip.clip.metadata["cdl"] for clip in clips(timeline) if "cdl" in clip.clip.metadata)
    assert found["asc_sat"] == 0.9 and list(found["asc_sop"]["slope"]) == [0.1, 0.2, 0.3]


def test_a_damaged_event_is_reported_by_its_line_and_the_others_are_read() -> None:
    report = Report()
    timeline = made(HEAD + CUT + "002  B  V  C  01:00:00:00 01:0\n" + CUT.replace("001 ", "003 "), report)
    assert len(clips(timeline)) == 2
    assert [(loss.source, loss.code) for loss in report if loss.code == "line-ignored"] == [("line 4", "line-ignored")]


def test_a_file_without_anything_of_a_list_is_refused() -> None:
    with pytest.raises(FormatError, match="event lines with four timecodes"):
        FORMAT.read(io.BytesIO(b"hello\nworld\n"), Report(), EdlReadOptions())  # type: ignore[misc]


# ------------------------------------------------------------------------------------------------------------- markers

LOCATORS = {
    "EDL_tools/KMP-4K_and_CTM_File_32_Markers.edl": (4, "THIS IS A MARKER"),
    "EDL_tools/KMP-4K_and_CTM_CMX_3600_MarkersAtTheEnd.edl": (4, "This is a marker"),
    "EDL_tools/gt4005_vfxMarkers_01.edl": (43, "Black"),
    "sg-otio/DD_509_LOCKED_VFX_LINK.edl": (3, "DD509_0010"),
    "sg-otio/cut_import_example.edl": (32, None),
    "pycmx/cdl_example01.edl": (37, "Sc 117 INTERCUT"),
    "Remendo-Minecraft/Timeline 1.edl": (82, ""),
}


@pytest.mark.parametrize("name", LOCATORS)
def test_every_locator_of_a_real_list_is_a_marker(corpus: Path, name: str) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl" / name).read_bytes()), Report())
    markers = [plain for _, plain in timeline_markers(timeline)]
    count, text = LOCATORS[name]
    assert len(markers) == count and (text is None or text in {marker.comment for marker in markers})


def test_a_locator_lies_at_its_record_time_wherever_its_line_stands() -> None:
    timeline = made("* LOC: 10:00:01:12 magenta  first\n" + HEAD + CUT + "LOC: 0:09:59:00 Blue\n", start="10:00:00:00")
    found = [(plain.record_in, plain.colour, plain.comment) for _, plain in timeline_markers(timeline)]
    assert (Fraction(3, 2), "magenta", "first") in found


def test_a_word_that_is_no_colour_belongs_to_the_text() -> None:
    ((_, plain),) = timeline_markers(made(HEAD + CUT + "* LOC: 10:00:01:12 VFX shot\n"))
    assert (plain.colour, plain.comment) == (None, "VFX shot")


def test_cues_are_written_as_locators_with_their_tag_and_come_back() -> None:
    timeline = made(HEAD + CUT)
    put_characters(timeline, [Character(id="1", name="ROBIN")])
    cue = Cue(uid="7KQ2M9XD", number="R106", record_in=24, record_out=40, character="1", line="Hold there!")
    timeline.tracks.markers.append(cue_marker(cue, timeline_facts(timeline), "ROBIN"))
    text = written(timeline)
    assert "* LOC: 10:00:01:00 RED     R106 ROBIN: Hold there! {adr=7KQ2M9XD" in text
    assert len(list(timeline_markers(made(text)))) == 1
