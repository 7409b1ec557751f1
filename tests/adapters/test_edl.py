"""Lists as timelines and back: every event where it says, what contradicts itself reported, and nothing lost on the way."""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from postsync import verbs
from postsync.errors import CannotWrite, FormatError, PostsyncError, RateError
from postsync.formats import Claim, decode_text
from postsync.model import (
    Character,
    Cue,
    PlacedClip,
    PlacedTransition,
    clip_facts,
    cue_marker,
    media_facts,
    placed_tracks,
    put_characters,
    put_clip_facts,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import as_rate, format_timecode
from postsync_adapters import formats
from postsync_adapters.edl import (
    FORMAT,
    EdlReadOptions,
    EdlWriteOptions,
    edit_list_of,
    parse_bytes,
    parse_text,
    sniff,
    timeline_of,
    track_lists,
)

HEAD = "TITLE: R1\nFCM: NON-DROP FRAME\n"
CUT = "001  A001     V     C        01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00\n"


def made(text: str, report: Report | None = None, **options: Any) -> Any:
    return timeline_of(parse_text(text), Report() if report is None else report, EdlReadOptions(**options))


def clips(timeline: Any) -> list[PlacedClip]:
    return [clip for track in placed_tracks(timeline) for clip in track.clips]


def codes(report: Report) -> Counter[str]:
    return Counter(loss.code for loss in report)


def written(timeline: Any, report: Report | None = None, **options: Any) -> str:
    return edit_list_of(timeline, Report() if report is None else report, EdlWriteOptions(**options)).text()


def essence(timeline: Any) -> Counter[Any]:
    """What must survive: every clip and transition with its place, source, speed, name, reel, channels, levels and note."""
    found: Counter[Any] = Counter()
    for track in placed_tracks(timeline):
        channel = track.track.metadata["edl"]["channel"]
        for item in track.items:
            if isinstance(item, PlacedTransition):
                found[channel, item.cut, item.duration] += 1
            else:
                facts = item.facts
                found[
                    channel, item.record_in, item.duration, item.source_start, facts.speed, item.clip.name,
                    item.media.tape, facts.channels, facts.gain_db, facts.gain_points, facts.note,
                ] += 1  # fmt: skip
    return found


def edls(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.suffix.lower() == ".edl")


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


DISSOLVE = """001  A001     V     C        01:00:00:00 01:00:02:00 10:00:00:00 10:00:02:00
002  A001     V     C        01:00:02:00 01:00:02:00 10:00:02:00 10:00:02:00
002  B002     V     D    012 02:00:00:00 02:00:01:00 10:00:02:00 10:00:03:00
* FROM CLIP NAME:  one
* TO CLIP NAME:  two
"""


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


# ------------------------------------------------------------------------------------------------------------- writing


def test_lengths_of_markers_are_lost_only_where_the_list_is_written_anew(corpus: Path, tmp_path: Path) -> None:
    timeline, _ = postsync.read(corpus / "edl/edl-to-youtube/example.edl", from_format="edl")
    assert not codes(postsync.write(timeline, tmp_path / "same.edl", as_format="edl"))
    lost = postsync.write(timeline, tmp_path / "new.edl", as_format="edl", options={"content": "locators"})
    assert [loss.facts["feature"] for loss in lost if loss.code == "feature-not-carried"] == ["13 marker durations"]


def test_every_real_list_converted_to_a_list_is_the_same_text(corpus: Path, tmp_path: Path) -> None:
    for path in [one for one in edls(corpus) if one.stat().st_size < 12_000]:
        out = tmp_path / "out.edl"
        verbs.convert(path, out)
        had, has = (decode_text(one.read_bytes()).text.replace("\0", " ").replace("\x1a", " ") for one in (path, out))
        assert had.split() == has.split(), path.name


@pytest.mark.parametrize("dialect", ["cmx3600", "file16", "file32", "file128"])
def test_every_real_list_written_from_its_timeline_holds_the_same(corpus: Path, dialect: Any) -> None:
    for path in [one for one in edls(corpus) if one.stat().st_size < 12_000]:
        timeline = timeline_of(parse_bytes(path.read_bytes()), Report())
        facts = timeline_facts(timeline)
        again = made(written(timeline, dialect=dialect), rate=facts.rate, start=facts.start_timecode)
        assert essence(again) == essence(timeline), path.name
        assert len(list(timeline_markers(again))) == len(list(timeline_markers(timeline))), path.name


def test_a_change_to_the_timeline_is_in_the_list_and_the_notes_stay() -> None:
    timeline = made(HEAD + CUT + "* ASC_SAT 0.9\n* a note\n* FROM CLIP NAME: old\n")
    timeline.tracks[0][0].name = "new"
    text = written(timeline)
    assert all(row in text for row in ("FROM CLIP NAME:  new", "* ASC_SAT 0.9", "* a note")) and "NAME: old" not in text


def test_a_transition_round_a_cut_is_written_from_where_it_begins() -> None:
    timeline = made(HEAD + DISSOLVE)
    mix = next(item for item in timeline.tracks[0] if isinstance(item, otio.schema.Transition))
    mix.in_offset, mix.out_offset = (otio.opentime.RationalTime(6, 24) for _ in range(2))
    lines = [line.split() for line in written(timeline).splitlines() if line[:3] in ("001", "002")]
    assert lines[1][-4:] == ["01:00:01:18", "01:00:01:18", "10:00:01:18", "10:00:01:18"]
    assert lines[2][3:] == ["D", "012", "01:59:59:18", "02:00:01:00", "10:00:01:18", "10:00:03:00"]


def test_fades_at_an_edge_are_written_from_and_to_black() -> None:
    rate = 24
    time = otio.opentime.RationalTime
    track = otio.schema.Track("V1")
    clip = otio.schema.Clip("x", source_range=otio.opentime.TimeRange(time(0, rate), time(48, rate)))
    mixes = [otio.schema.Transition("", "SMPTE_Dissolve", time(0, rate), time(12, rate)) for _ in range(2)]
    mixes[1].in_offset, mixes[1].out_offset = time(12, rate), time(0, rate)
    track.extend([mixes[0], clip, mixes[1]])
    timeline = otio.schema.Timeline("T", global_start_time=time(86400, rate))
    timeline.tracks.append(track)
    rows = [line.split()[:5] for line in written(timeline).splitlines() if line[:1].isdigit()]
    assert rows == [
        ["001", "BL", "V", "C", "00:00:00:00"], ["001", "X", "V", "D", "012"],
        ["002", "X", "V", "C", "00:00:01:12"], ["002", "BL", "V", "D", "012"],
    ]  # fmt: skip


def test_lines_of_clips_that_nobody_changed_stand_as_they_were_read(corpus: Path) -> None:
    had = parse_bytes((corpus / "edl/pycmx/INS4_R1_DX_092117.edl").read_bytes())
    timeline = timeline_of(had, Report())
    timeline.tracks[0][0].name = "another"
    has = parse_text(written(timeline))
    assert Counter(event[2:] for event in has.events) == Counter(event[2:] for event in had.events)


def test_a_key_keeps_its_background_and_number(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/guerilla-di-edl/KEY_TRANSITION.EDL").read_bytes()), Report())
    rows = [(event.number, event.transition) for event in parse_text(written(timeline, dialect="cmx3600")).events]
    assert rows == [("001", "K B"), ("001", "K")]


def test_a_level_keeps_its_place() -> None:
    level = "* AUDIO LEVEL AT 01:00:00:20 IS -8.98 DB  (REEL A001 A1)"
    assert level[2:] in written(made(HEAD + CUT.replace(" V  ", " A  ") + level), dialect="file32")


def test_sources_of_one_short_reel_are_kept_apart_by_name() -> None:
    second = "002  A001     V     C        05:00:00:00 05:00:02:00 10:00:02:00 10:00:04:00\n"
    timeline = made(HEAD + CUT + "* FROM CLIP NAME: one\n" + second + "* FROM CLIP NAME: two\n")
    assert [clip.media_duration for clip in clips(timeline)] == [2, 2]


def test_an_event_without_channels_is_said_to_be_taken_for_sound() -> None:
    report = Report()
    made(HEAD + CUT.replace(" V  ", " NONE  "), report)
    assert codes(report)["channels-unstated"] == 1


def test_reels_are_cut_without_meeting_and_can_be_undone() -> None:
    text = HEAD
    for number, name in enumerate(["TC R1 V6 TEMP2 M DX", "TC R1 V6 TEMP2 ST FX", "ÄÖÜ 12345678"], 1):
        text += f"{number:06}  {name:<32} V     C  01:00:00:00 01:00:02:00 10:00:0{number}:00 10:00:0{number + 1}:00\n"
    timeline = made(text)
    short = written(timeline, dialect="cmx3600")
    reels = [event.reel for event in parse_text(short).events]
    assert len(set(reels)) == 3 and all(len(reel) <= 8 for reel in reels)
    assert [clip.media.tape for clip in clips(made(short))] == [clip.media.tape for clip in clips(timeline)]


def test_sound_alone_is_written_without_any_picture() -> None:
    timeline = made(HEAD + CUT.replace(" V  ", " AA/V"))
    text = written(timeline, content="sound")
    assert [event.channels for event in parse_text(text).events] == ["AA"]


def test_one_track_is_written_and_one_that_is_missing_is_refused() -> None:
    timeline = made(HEAD + CUT.replace(" V  ", " AA/V"))
    assert [event.channels for event in parse_text(written(timeline, track="a2")).events] == ["A2"]
    with pytest.raises(CannotWrite, match="it has V1, A1, A2"):
        written(timeline, track="V9")


def test_a_list_for_each_track() -> None:
    lists = track_lists(made(HEAD + CUT.replace(" V  ", " AA/V")), Report())
    assert {name: [event.channels for event in one.events] for name, one in lists.items()} == {
        "V1": ["V"], "A1": ["A"], "A2": ["A2"]
    }  # fmt: skip


def test_locators_alone_are_a_list_for_media_composer() -> None:
    timeline = made(HEAD + CUT + "* LOC: 10:00:01:00 GREEN   a place\n")
    assert (
        written(timeline, content="locators")
        == "TITLE:   R1\nFCM: NON-DROP FRAME\n* LOC: 10:00:01:00 GREEN   a place\n"
    )


def test_past_999_events_the_numbers_get_four_digits_and_it_is_said() -> None:
    rate, time = as_rate("24"), otio.opentime.RationalTime
    track = otio.schema.Track("V1")
    used = otio.opentime.TimeRange(time(0, 24), time(24, 24))
    track.extend([otio.schema.Clip(f"c{n}", source_range=used) for n in range(1001)])
    timeline = otio.schema.Timeline("T", global_start_time=time(86400, 24))
    timeline.tracks.append(track)
    report = Report()
    found = edit_list_of(timeline, report)
    assert found.events[-1].number == "1001" and codes(report)["list-past-999"] == 1
    assert len(clips(timeline_of(found, Report(), EdlReadOptions(rate=rate)))) == 1001


def test_what_does_not_lie_on_frames_is_moved_and_said() -> None:
    time = otio.opentime.RationalTime
    track = otio.schema.Track("A1", kind="Audio")
    track.append(otio.schema.Clip("x", source_range=otio.opentime.TimeRange(time(100, 48000), time(48010, 48000))))
    timeline = otio.schema.Timeline("T", global_start_time=time(0, 24))
    timeline.tracks.append(track)
    report = Report()
    assert len(edit_list_of(timeline, report).events) == 1 and codes(report)["time-rounded"] == 1


def test_a_disabled_clip_is_left_out_and_said() -> None:
    timeline = made(HEAD + CUT)
    timeline.tracks[0][0].enabled = False
    report = Report()
    assert not edit_list_of(timeline, report).events and codes(report)["clip-disabled"] == 1


def test_writing_leaves_the_timeline_as_it_was_and_is_the_same_twice() -> None:
    timeline = made(HEAD + DISSOLVE)
    before = timeline.to_json_string()
    assert written(timeline, dialect="file32") == written(timeline, dialect="file32")
    assert timeline.to_json_string() == before


# ------------------------------------------------------------------------------------------------- choosing the format


def test_a_list_is_certainly_a_list_and_a_marker_list_certainly_a_marker_list(corpus: Path) -> None:
    markers = formats()["resolve_marker_edl"].sniff
    for path in edls(corpus):
        head = path.read_bytes()[:4096]
        if b"ResolveColor" in head:
            assert (markers(head), sniff(head)) == (Claim.CERTAIN, Claim.MAYBE), path.name
        else:
            assert markers(head) is Claim.NO and sniff(head) > Claim.NO, path.name


def test_an_edit_with_a_marker_in_it_is_an_edit() -> None:
    head = (HEAD + CUT + " |C:ResolveColorBlue |M:x |D:1\n").encode()
    assert formats()["resolve_marker_edl"].sniff(head) is Claim.NO and sniff(head) is Claim.MAYBE


def test_inspect_shows_everything_of_a_list(corpus: Path) -> None:
    document = verbs.inspect(corpus / "edl/pycmx/TEST.edl").document
    (timeline,) = document["timelines"]
    items = [item for track in timeline["tracks"] for item in track["items"]]
    assert Counter(item["kind"] for item in items) == {"clip": 120, "transition": 28}
    assert document["producer"] == "Avid Media Composer" and len(timeline["markers"]) == 30


# --------------------------------------------------------------------------------------------------------- by way of AAF


def test_every_sound_event_goes_into_the_aaf_or_is_named(corpus: Path, tmp_path: Path) -> None:
    aaf2 = pytest.importorskip("aaf2")
    source = corpus / "edl/pycmx/INS4_R1_DX_092117.edl"
    report = verbs.convert(source, tmp_path / "x.aaf").report
    with aaf2.open(str(tmp_path / "x.aaf")) as f:
        (top,) = f.content.toplevel()
        slots = [slot for slot in top.slots if slot.media_kind == "Sound"]
        found = sum(
            len([one for one in slot.segment.components if type(one).__name__ == "SourceClip"]) for slot in slots
        )
    unwritten = codes(report)["element-ignored"]
    assert found + unwritten == len(parse_bytes(source.read_bytes()).events) == 466


def test_a_list_comes_back_from_aaf_with_its_sound_events(corpus: Path, tmp_path: Path) -> None:
    if formats()["aaf"].read is None:
        pytest.skip("AAF is not read yet")
    source = corpus / "edl/pycmx/INS4_R1_DX_092117.edl"
    verbs.convert(source, tmp_path / "x.aaf")
    verbs.convert(tmp_path / "x.aaf", tmp_path / "y.edl")
    had, has = (parse_bytes(one.read_bytes()).events for one in (source, tmp_path / "y.edl"))
    assert {event[8:] for event in had} <= {event[8:] for event in has}


# ------------------------------------------------------------------------------------------------- generated and damaged


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, Any]:
    """A list as programs write them: any rate, through midnight or not, cuts and dissolves on any channels."""
    rate = as_rate(draw(st.sampled_from(["24", "25", "29.97", "29.97 DF", "30", "50", "59.94 DF", "120"])))
    at = draw(st.integers(0, rate.frames_per_day - 1))
    rows = [f"TITLE: T\nFCM: {'' if rate.drop else 'NON-'}DROP FRAME"]
    for number in range(1, draw(st.integers(1, 12)) + 1):
        length, source = draw(st.integers(12, 500)), draw(st.integers(0, rate.frames_per_day // 2))
        code = draw(st.sampled_from(["V", "A", "A2", "AA", "AA/V", "B", "A2/V", "A7", "V3", "NONE"]))
        times = [format_timecode(frame, rate) for frame in (source, source + length, at, at + length)]
        mix = draw(st.sampled_from(["C       ", "D    012"]))
        if mix[0] == "D":
            cut = f"{times[0]} {times[0]} {times[2]} {times[2]}"
            rows.append(f"{number:03}  OLD      {code:<5} C        {cut}")
        rows.append(f"{number:03}  R{number:03}     {code:<5} {mix} {' '.join(times)}")
        rows.append(
            f"* FROM CLIP NAME:  old {number}\n* TO CLIP NAME:  new {number}" if mix[0] == "D" else f"* free {number}"
        )
        if code == "NONE" and draw(st.booleans()):
            rows.append("AUD  3    4")
        at += length + draw(st.integers(0, 100))
    return "\n".join(rows) + "\n", rate


@given(lists())
@settings(max_examples=60, deadline=None)
def test_any_list_survives_timeline_and_list_again(case: tuple[str, Any]) -> None:
    text, rate = case
    timeline = made(text, rate=rate)
    start = timeline_facts(timeline).start_timecode
    assert written(timeline).split() == text.split()
    again = made(written(timeline, dialect="file32"), rate=rate, start=start)
    assert essence(again) == essence(timeline)


def test_damaged_lists_are_read_or_refused_in_our_own_words(corpus: Path) -> None:
    dice = random.Random(11)
    names = ["guerilla-di-edl/TRAILER_EDL.edl", "sg-otio/pxy5.edl", "edl-genius/cmx3600.edl", "python-edl/test.edl"]
    for name in names:
        data = (corpus / "edl" / name).read_bytes()
        for _ in range(40):
            broken = bytearray(data[dice.randrange(40) : dice.randrange(40, len(data))])
            for _ in range(dice.randrange(25)):
                broken[dice.randrange(len(broken))] = dice.choice(b"0123456789:; *\nACDVM\xff\0")
            try:
                (timeline,) = FORMAT.read(io.BytesIO(bytes(broken)), Report(), EdlReadOptions())  # type: ignore[misc]
                written(timeline, dialect="cmx3600")
            except PostsyncError:
                continue


def test_every_event_of_every_real_list_is_on_the_timeline(corpus: Path) -> None:
    """Each line is a clip's own, or the outgoing side of a transition that names it."""
    for path in edls(corpus):
        if path.stat().st_size > 60_000:
            continue
        edit_list = parse_bytes(path.read_bytes())
        timeline = timeline_of(edit_list, Report())
        seen: set[int] = set()
        for track in timeline.tracks:
            for item in track:
                about = item.metadata.get("edl")
                seen.add(int(about["line"])) if about else None
                seen.add(int(about["outgoing"]["line"])) if about and "outgoing" in about else None
        assert {event.line for event in edit_list.events} <= seen, path.name


def test_clip_and_media_facts_are_plain_records() -> None:
    timeline = made(HEAD + CUT)
    clip = timeline.tracks[0][0]
    assert clip_facts(clip).origin == "line 3" and media_facts(clip.media_reference).tape == "A001"
