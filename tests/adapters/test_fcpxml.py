"""The FCPXML reader: exact times of everything that is seen, heard or marked."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from fcpxml_agreement import Agreement, agreement
from postsync.errors import FormatError
from postsync.formats import Claim, ReadOptions
from postsync.formats.format import read_with
from postsync.model import clip_facts, placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters.fcpxml import FORMAT, sniff
from postsync_adapters.fcpxml.time import conform_factor, time_map

F = Fraction

RESOURCES = """
<format id="f24" name="x" frameDuration="1/24s"/><format id="f25" frameDuration="1/25s"/>
<asset id="av" name="AV" src="file:///av.mov" start="100s" duration="50s" hasVideo="1" hasAudio="1"
 audioChannels="2" format="f24"/>
<asset id="v" name="V" src="file:///v.mov" start="100s" duration="50s" hasVideo="1" format="f24"/>
<asset id="wav" name="WAV" src="file:///w.wav" start="500s" duration="60s" hasAudio="1" audioChannels="2"/>
"""


def document(spine: str, resources: str = "", start: str = "0s", form: str = "f24", tc: str = "NDF") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9"><resources>{RESOURCES}{resources}</resources><library><event name="E"><project name="P">
<sequence format="{form}" tcStart="{start}" tcFormat="{tc}" audioRate="48k"><spine>{spine}</spine></sequence>
</project></event></library></fcpxml>""".encode()


def read(text: bytes, report: Report | None = None, **options: Any) -> Any:
    assert FORMAT.read is not None
    return FORMAT.read(io.BytesIO(text), report if report is not None else Report(), ReadOptions(**options))[0]


def clips(timeline: Any, kind: str = "audio") -> list[tuple[str, str, Fraction, Fraction, Fraction]]:
    return [
        (track.name, clip.clip.name, clip.record_in, clip.duration, clip.source_start)
        for track in placed_tracks(timeline, kind)
        for clip in track.clips
    ]


def markers(timeline: Any) -> dict[str, tuple[Fraction, bool]]:
    return {plain.name: (plain.record_in, plain.visible) for _, plain in timeline_markers(timeline)}


@pytest.fixture
def reel(fixtures: Path) -> tuple[Any, Report]:
    report = Report()
    timelines = read_with(FORMAT, fixtures / "fcpxml" / "little_reel.fcpxml", report, ReadOptions())
    return timelines[0], report


# --------------------------------------------------------------------------------------------------- the little reel


def test_the_clock_is_that_of_the_sequence(reel: tuple[Any, Report]) -> None:
    facts = timeline_facts(reel[0])
    assert (facts.rate.text, facts.start_timecode, facts.sample_rate) == ("24000/1001", "01:00:00:00", 48000)
    assert (facts.producer, facts.format) == ("Final Cut Pro", "fcpxml")


def test_sound_lies_on_tracks_by_role_with_dialogue_first_and_music_last(reel: tuple[Any, Report]) -> None:
    assert clips(reel[0]) == [
        ("Dialogue ADR", "ADR 101", F(2002, 1000), F(3003, 1000), F(43201)),
        ("Dialogue Boom", "12A-3", F(0), F(1001, 100), F(86880480, 24000)),
        ("Effects", "Insert 25", F(1001, 100), F(1001, 200), F(0)),
        ("Music", "1m1", F(1001, 100) + F(25025, 24000), F(10), F(0)),
    ]


def test_a_component_that_is_switched_off_is_left_out_and_noted(reel: tuple[Any, Report]) -> None:
    assert [loss.facts["name"] for loss in reel[1] if loss.code == "clip-inactive"] == ["12A-3 dialogue.Lav"]


def test_a_clip_keeps_channels_level_fade_note_lane_and_speed(reel: tuple[Any, Report]) -> None:
    facts = {clip.clip.name: clip.facts for track in placed_tracks(reel[0], "audio") for clip in track.clips}
    assert facts["12A-3"].channels == (1,)
    assert facts["12A-3"].note == "best take"
    assert (facts["ADR 101"].gain_db, facts["ADR 101"].lane, facts["ADR 101"].role) == (-3.0, -1, "dialogue.ADR")
    assert facts["ADR 101"].fade_in is not None
    assert facts["ADR 101"].fade_in.duration == F(1, 4)
    assert facts["Insert 25"].speed == F(24000, 25025)
    assert facts["1m1"].speed == 1


def test_a_disabled_clip_stays_disabled_and_what_hangs_on_it_plays_on(reel: tuple[Any, Report]) -> None:
    enabled = {clip.clip.name: clip.enabled for track in placed_tracks(reel[0], "audio") for clip in track.clips}
    assert enabled == {"ADR 101": True, "12A-3": True, "Insert 25": False, "1m1": True}


def test_media_is_the_original_with_its_address_as_written(reel: tuple[Any, Report]) -> None:
    clip = placed_tracks(reel[0], "video")[0].clips[0]
    assert (clip.url, clip.media_start, clip.media_duration) == (
        "file:///Volumes/RUSHES/12A%2D3.mov",
        3600,
        F(3003, 50),
    )
    assert (clip.media.tape, clip.media.channels, clip.media.sample_rate) == ("A012", 2, 48000)
    assert (clip.media.rate, clip.media.uid, clip.media.kind) == ("24000/1001", "AAAA", "picture")


def test_picture_lies_on_v1_and_titles_above_it(reel: tuple[Any, Report]) -> None:
    assert [row[:4] for row in clips(reel[0], "video")] == [
        ("V1", "12A-3", F(0), F(1001, 100)),
        ("V1", "Insert 25", F(1001, 100), F(1001, 200)),
        ("V2", "Opening", F(0), F(1001, 500)),
    ]
    title = placed_tracks(reel[0], "video")[1].clips[0].clip.media_reference
    assert (title.generator_kind, title.parameters["text"]) == ("title", "LITTLE REEL")


def test_markers_come_with_kind_colour_text_place_and_host(reel: tuple[Any, Report]) -> None:
    found = {plain.name: plain for _, plain in timeline_markers(reel[0])}
    cue = found["ADR 101"]
    assert (cue.record_in, cue.duration, cue.kind, cue.colour) == (F(1001, 1000), 0, "to-do", "red")
    assert cue.comment == "JOHN: Hello there.\n(noise)"
    assert cue.attached_to is not None
    assert cue.attached_to.clip == "12A-3"
    assert cue.origin == "project 'Little Reel' / asset-clip '12A-3' (line 30)"
    assert cue.extra["host"] == "file:///Volumes/RUSHES/12A%2D3.mov"
    assert F(cue.extra["host_time"]) == F(86904504, 24000)
    assert (found["ADR 102"].kind, found["ADR 102"].colour) == ("completed", "green")
    assert (found["Insert"].kind, found["Insert"].colour) == ("chapter", "orange")
    assert found["Insert"].record_in == F(1001, 100) + 2 * F(25025, 24000)
    assert found["breath"].record_in == F(2002, 1000) + 1
    assert (found["slate"].visible, found["breath"].visible) == (False, True)


def test_captions_are_markers_with_length_and_text(reel: tuple[Any, Report]) -> None:
    caption = next(plain for _, plain in timeline_markers(reel[0]) if plain.kind == "caption")
    assert (caption.record_in, caption.duration, caption.comment) == (F(1001, 1000), F(1001, 1000), "Hello there")


def test_a_bundle_is_read_by_its_info_file(reel: tuple[Any, Report], fixtures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Little.fcpxmld"
    folder.mkdir()
    (folder / "Info.fcpxml").write_bytes((fixtures / "fcpxml" / "little_reel.fcpxml").read_bytes())
    (folder / "other.fcpxml").write_bytes(b"<fcpxml/>")
    assert clips(read_with(FORMAT, folder, Report(), ReadOptions())[0]) == clips(reel[0])


# ------------------------------------------------------------------------------------------------------------ traps


def test_a_rate_is_never_cut_to_a_whole_number() -> None:
    resources = '<format id="p" name="FFVideoFormat1080i5994"/>'
    assert timeline_facts(read(document("", resources, form="p"))).rate.fps == F(30000, 1001)


def test_a_sequence_without_a_rate_takes_a_guess_and_says_so() -> None:
    report = Report()
    assert timeline_facts(read(document("", form="gone"), report)).rate.fps == 24
    assert {loss.code for loss in report} == {"rate-guessed", "reference-broken"}
    assert timeline_facts(read(document("", form="gone"), rate=Rate.of(F(25)))).rate.fps == 25


def test_connected_clips_count_from_the_local_time_of_their_parent() -> None:
    spine = """<asset-clip ref="v" name="a" offset="3600s" start="110s" duration="10s">
    <asset-clip ref="wav" name="w" lane="-1" offset="112s" start="501s" duration="30s"/></asset-clip>"""
    assert clips(read(document(spine, start="3600s"))) == [("Dialogue", "w", F(2), F(30), F(501))]


def test_marker_start_is_local_time_and_the_end_is_outside() -> None:
    spine = """<asset-clip ref="v" name="a" offset="0s" start="110s" duration="10s">
    <marker start="110s" value="in"/><marker start="119s" value="late"/><marker start="120s" value="end"/>
    <marker start="5s" value="before"/></asset-clip>"""
    assert markers(read(document(spine))) == {
        "before": (F(-105), False),
        "in": (F(0), True),
        "late": (F(9), True),
        "end": (F(10), False),
    }


def test_conforming_scales_a_clip_but_not_what_hangs_on_it() -> None:
    spine = """<asset-clip ref="v" name="a" offset="0s" start="100s" duration="10s"><conform-rate srcFrameRate="25"/>
    <asset-clip ref="wav" name="w" lane="1" offset="104s" start="500s" duration="4s"><marker start="502s" value="m"/>
    </asset-clip></asset-clip>"""
    timeline = read(document(spine))
    assert clips(timeline) == [("Dialogue", "w", F(25, 6), F(4), F(500))]
    assert markers(timeline) == {"m": (F(25, 6) + 2, True)}


@pytest.mark.parametrize(
    ("source", "timeline", "factor"),
    [
        (F(24000, 1001), F(24), F(1000, 1001)),
        (F(24000, 1001), F(50), F(1000, 1001)),
        (F(24000, 1001), F(60000, 1001), F(1000, 1001)),
        (F(24000, 1001), F(30000, 1001), F(1)),
        (F(25), F(24), F(25, 24)),
        (F(25), F(24000, 1001), F(25025, 24000)),
        (F(24), F(25), F(24, 25)),
        (F(60), F(60000, 1001), F(1001, 1000)),
        (F(24), F(30), F(1)),
    ],
)
def test_conform_factors_are_those_that_final_cut_shows(source: F, timeline: F, factor: F) -> None:
    assert conform_factor(source, timeline) == factor


def test_a_retimed_clip_has_markers_in_adjusted_and_contents_in_original_time() -> None:
    spine = """<clip name="c" offset="0s" start="10s" duration="10s"><timeMap><timept time="0s" value="100s"/>
    <timept time="20s" value="140s"/></timeMap><video ref="av" offset="100s" start="100s" duration="40s">
    <audio ref="av" lane="-1" offset="100s" start="100s" duration="40s" role="dialogue" srcCh="1, 2"/></video>
    <marker start="15s" value="m"/></clip>"""
    timeline = read(document(spine))
    assert markers(timeline) == {"m": (F(5), True)}
    assert clips(timeline)[0][2:] == (0, 10, 120)
    assert clip_facts(placed_tracks(timeline, "audio")[0].clips[0].clip).speed == 2
    assert clips(timeline, "video")[0][2:] == (0, 10, 120)


def test_a_variable_retime_gives_points_in_the_media_file() -> None:
    spine = """<asset-clip ref="av" name="c" offset="0s" start="0s" duration="10s"><timeMap>
    <timept time="0s" value="100s"/><timept time="4s" value="104s"/><timept time="10s" value="116s"/></timeMap>
    </asset-clip>"""
    clip = placed_tracks(read(document(spine)), "audio")[0].clips[0]
    assert clip.facts.retime == ((F(0), F(0)), (F(4), F(4)), (F(10), F(16)))


def test_a_map_backwards_and_a_hold_are_read_between_their_points() -> None:
    retime = time_map([(F(10), F(0)), (F(0), F(10)), (F(20), F(0))])
    assert retime is not None
    assert (retime.value(F(4)), retime.value(F(15)), retime.value(F(-1))) == (6, 0, 11)


def test_contents_are_cut_to_their_container() -> None:
    spine = """<clip name="c" offset="0s" start="110s" duration="5s"><video ref="v" offset="100s" start="100s"
    duration="50s"/><clip name="s" lane="-1" offset="112s" start="500s" duration="8s"><audio ref="wav" name="s"
    offset="500s" start="500s" duration="60s" role="effects" srcCh="2"/></clip></clip>"""
    timeline = read(document(spine))
    assert clips(timeline) == [("Effects", "s", F(2), F(8), F(500))]
    assert clips(timeline, "video") == [("V1", "c", F(0), F(5), F(110))]


def test_a_split_edit_sounds_at_its_own_place() -> None:
    spine = """<asset-clip ref="av" name="a" offset="10s" start="110s" duration="5s" audioStart="108s"
    audioDuration="7s"/>"""
    timeline = read(document(spine))
    assert clips(timeline) == [("Dialogue", "a", F(8), F(7), F(108))]
    assert clips(timeline, "video") == [("V1", "a", F(10), F(5), F(110))]


MULTICAM = """<media id="mc" name="MC"><multicam format="f24" tcStart="3600s">
<mc-angle name="A" angleID="A"><asset-clip ref="av" name="cam" offset="0s" start="100s" duration="20s">
<marker start="104s" value="on A"/></asset-clip></mc-angle>
<mc-angle name="B" angleID="B"><asset-clip ref="wav" name="rec" offset="0s" start="500s" duration="20s">
<marker start="503s" value="on B"/></asset-clip></mc-angle>
<mc-angle name="C" angleID="C"><asset-clip ref="av" name="off" offset="0s" start="100s" duration="20s">
<marker start="103s" value="on C"/></asset-clip></mc-angle></multicam></media>"""


def test_multicam_angles_count_from_zero_and_only_active_ones_sound() -> None:
    spine = """<mc-clip ref="mc" name="m" offset="0s" start="3602s" duration="5s">
    <mc-source angleID="A" srcEnable="video"/><mc-source angleID="B" srcEnable="audio"/></mc-clip>"""
    timeline = read(document(spine, MULTICAM))
    assert clips(timeline) == [("Dialogue", "rec", F(0), F(5), F(502))]
    assert markers(timeline) == {"on A": (F(2), True), "on B": (F(1), True), "on C": (F(1), False)}


def test_a_multicam_without_sources_takes_its_first_angle() -> None:
    spine = '<mc-clip ref="mc" name="m" offset="0s" start="3602s" duration="5s"/>'
    assert [row[1] for row in clips(read(document(spine, MULTICAM)))] == ["cam"]


def test_the_first_alternative_of_an_audition_is_the_one_that_plays() -> None:
    spine = """<audition offset="5s"><asset-clip ref="av" name="one" start="100s" duration="5s">
    <marker start="101s" value="x"/></asset-clip><asset-clip ref="av" name="two" start="100s" duration="5s">
    <marker start="101s" value="y"/></asset-clip></audition>"""
    timeline = read(document(spine))
    assert clips(timeline) == [("Dialogue", "one", F(5), F(5), F(100))]
    assert markers(timeline) == {"x": (F(6), True), "y": (F(6), False)}


def test_a_sync_clip_sounds_with_the_roles_that_are_on() -> None:
    report = Report()
    spine = """<sync-clip name="s" offset="0s" start="110s" duration="5s"><asset-clip ref="av" name="cam" offset="100s"
    start="100s" duration="50s" audioRole="dialogue.Camera"><asset-clip ref="wav" name="rec" lane="-1" offset="100s"
    start="500s" duration="50s"><audio-channel-source srcCh="1" role="dialogue.Boom"/><audio-channel-source srcCh="2"
    role="dialogue.Lav"/></asset-clip></asset-clip>
    <sync-source sourceID="storyline"><audio-role-source role="dialogue.Camera" active="0"/></sync-source>
    <sync-source sourceID="connected"><audio-role-source role="dialogue.Boom"/>
    <audio-role-source role="dialogue.Lav" active="0"/></sync-source></sync-clip>"""
    timeline = read(document(spine), report)
    assert clips(timeline) == [("Dialogue Boom", "rec", F(0), F(5), F(510))]
    assert [loss.code for loss in report] == ["clip-inactive", "clip-inactive"]


COMPOUND = """<media id="cc" name="CC"><sequence format="f24" tcStart="3600s"><spine>
<asset-clip ref="av" name="in" offset="3600s" start="100s" duration="20s" audioRole="effects.FX 1">
<marker start="104s" value="used"/><marker start="115s" value="unused"/></asset-clip></spine></sequence></media>"""


def test_a_compound_clip_is_opened_to_its_leaves_and_cut() -> None:
    spine = '<ref-clip ref="cc" name="c" offset="7s" start="3602s" duration="5s"/>'
    timeline = read(document(spine, COMPOUND))
    assert clips(timeline) == [("Effects FX 1", "in", F(7), F(5), F(102))]
    assert markers(timeline) == {"used": (F(9), True), "unused": (F(20), False)}
    assert [row[:4] for row in clips(timeline, "video")] == [("V1", "c", F(7), F(5))]


def test_a_compound_clip_shown_without_sound_is_silent_and_a_role_can_be_off() -> None:
    spine = '<ref-clip ref="cc" name="c" offset="0s" start="3602s" duration="5s" srcEnable="video"/>'
    assert clips(read(document(spine, COMPOUND))) == []
    spine = """<ref-clip ref="cc" name="c" offset="0s" start="3602s" duration="5s">
    <audio-role-source role="effects" active="0"/></ref-clip>"""
    assert clips(read(document(spine, COMPOUND))) == []


def test_a_compound_clip_inside_itself_is_noted() -> None:
    report = Report()
    loop = """<media id="l" name="L"><sequence format="f24" tcStart="0s"><spine>
    <ref-clip ref="l" name="again" offset="0s" duration="5s"/></spine></sequence></media>"""
    read(document('<ref-clip ref="l" name="c" offset="0s" duration="5s"/>', loop), report)
    assert [loss.code for loss in report] == ["reference-broken"]


def test_channels_in_tree_form_are_components_of_one_recording() -> None:
    spine = """<gap offset="0s" start="3600s" duration="10s"><clip name="rec" lane="-1" offset="3601s" start="500s"
    duration="5s"><audio ref="wav" offset="500s" start="500s" duration="60s" role="dialogue.MixL" srcCh="1">
    <audio ref="wav" lane="-1" offset="500s" start="500s" duration="60s" role="dialogue.MixR" srcCh="2"/></audio>
    </clip></gap>"""
    timeline = read(document(spine))
    assert [row[0] for row in clips(timeline)] == ["Dialogue MixL", "Dialogue MixR"]
    assert {row[2:] for row in clips(timeline)} == {(F(1), F(5), F(500))}
    assert clips(timeline, "video") == []


def test_overlapping_clips_of_a_role_take_further_tracks() -> None:
    spine = """<gap offset="0s" duration="20s"><asset-clip ref="wav" name="a" lane="-1" offset="0s" start="500s"
    duration="5s"/><asset-clip ref="wav" name="b" lane="-2" offset="4s" start="500s" duration="5s"/>
    <asset-clip ref="wav" name="c" lane="-1" offset="6s" start="500s" duration="5s"/></gap>"""
    assert [row[:2] for row in clips(read(document(spine)))] == [
        ("Dialogue", "a"),
        ("Dialogue", "c"),
        ("Dialogue 2", "b"),
    ]


def test_levels_of_component_and_clip_add_and_keyframes_count_from_the_clip() -> None:
    spine = """<asset-clip ref="wav" name="a" offset="0s" start="510s" duration="10s"><adjust-volume amount="-6dB"/>
    <audio-channel-source srcCh="1"><adjust-volume><param name="amount"><keyframeAnimation>
    <keyframe time="512s" value="0dB"/><keyframe time="516s" value="-96dB"/></keyframeAnimation></param></adjust-volume>
    </audio-channel-source></asset-clip>"""
    facts = placed_tracks(read(document(spine)), "audio")[0].clips[0].facts
    assert facts.gain_points == ((F(0), -6.0), (F(2), -6.0), (F(6), -144.0), (F(10), -144.0))


def test_drop_frame_is_labelling_and_a_start_off_the_frame_is_guessed() -> None:
    report = Report()
    resources = '<format id="d" frameDuration="1001/30000s"/>'
    timeline = read(document("", resources, start="3600s", form="d", tc="DF"), report)
    assert timeline_facts(timeline).start_timecode == "01:00:00;00"
    assert [loss.code for loss in report] == ["start-guessed"]


def test_markers_of_a_transition_count_from_one_hour_and_it_stands_on_its_cut() -> None:
    spine = """<asset-clip ref="v" name="a" offset="0s" start="100s" duration="5s"/><transition name="X" offset="4s"
    duration="2s"><marker start="3601s" value="m"/></transition>
    <asset-clip ref="v" name="b" offset="5s" start="100s" duration="5s"/>"""
    report = Report()
    timeline = read(document(spine), report)
    assert markers(timeline) == {"m": (F(5), True)}
    assert [(item.record_in, item.duration) for item in placed_tracks(timeline)[0].items] == [(0, 5), (4, 2), (5, 5)]
    assert not list(report)


def test_secondary_storylines_count_from_their_own_offset() -> None:
    spine = """<asset-clip ref="v" name="a" offset="0s" start="110s" duration="9s"><spine lane="1" offset="112s">
    <asset-clip ref="v" name="x" offset="0s" start="100s" duration="2s"/><gap offset="2s" duration="1s"/>
    <asset-clip ref="v" name="y" offset="3s" start="100s" duration="2s"/></spine></asset-clip>"""
    assert [row[:3] for row in clips(read(document(spine)), "video")][1:] == [("V2", "x", 2), ("V2", "y", 5)]


def test_what_begins_before_the_programme_is_cut_and_noted() -> None:
    report = Report()
    spine = """<asset-clip ref="v" name="a" offset="10s" start="110s" duration="5s">
    <asset-clip ref="wav" name="w" lane="-1" offset="108s" start="500s" duration="4s"/></asset-clip>"""
    assert clips(read(document(spine, start="10s"), report)) == [("Dialogue", "w", F(0), F(2), F(502))]
    assert [loss.code for loss in report] == ["value-clamped"]


def test_unknown_elements_and_broken_references_are_noted() -> None:
    report = Report()
    read(document('<asset-clip ref="no" name="a" offset="0s" duration="2s"><sparkle/></asset-clip>'), report)
    assert {loss.code for loss in report} == {"element-ignored", "reference-broken"}


# ----------------------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"<fcpxml version='1.9'><resources></fcpxml>", "not well-formed"),
        (b"<xmeml/>", "expected an fcpxml element"),
        (b"<!DOCTYPE fcpxml><fcpxml version='1.9'><asset-clip/></fcpxml>", "holds no project and no clip"),
        (b"<!DOCTYPE fcpxml [<!ENTITY a 'b'>]><fcpxml version='1.9'>&a;</fcpxml>", "entities of its own"),
        (b"<!DOCTYPE fcpxml [<!ENTITY a SYSTEM 'file:///etc/hosts'>]><fcpxml>&a;</fcpxml>", "entities of its own"),
        (b"", "not well-formed"),
    ],
)
def test_what_cannot_be_read_says_why(text: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read(text)


def test_a_fault_names_its_line() -> None:
    with pytest.raises(FormatError) as fault:
        read(b"<fcpxml>\n<a b=c/>\n</fcpxml>")
    assert fault.value.place == "2"


def test_the_format_is_known_by_its_head_in_utf_8_and_utf_16() -> None:
    text = '<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml/>'
    assert [sniff(text.encode(code)) for code in ("utf-8", "utf-16", "utf-16-be")] == [Claim.CERTAIN] * 3
    assert sniff(b"<!DOCTYPE xmeml><xmeml/>") is Claim.NO


# ------------------------------------------------------------------------------------------------------ real exports


@pytest.fixture(scope="module")
def found(corpus: Path) -> Agreement:
    return agreement(corpus)


def test_every_marker_and_placement_of_real_exports_is_where_final_cut_shows_it(found: Agreement) -> None:
    print("\n".join(found.lines()))
    assert found.faults == []
    for name in ("markers", "placements", "clips", "inside retimes"):
        assert found.counts[f"{name} right"] == found.counts[name]
    assert (found.counts["markers"], found.counts["placements"] > 1100) == (327, True)
    assert found.counts["inside retimes"] > 20


def test_only_a_document_that_is_no_xml_is_refused(found: Agreement) -> None:
    assert len(found.refused) == 1
    assert "cutlass_malformed_attribute" in found.refused[0]


def test_the_same_file_under_many_ids_has_one_address(corpus: Path) -> None:
    path = corpus / "fcpxml" / "resolve_1.9_scene_cuts_173_assets.fcpxml"
    timeline = read_with(FORMAT, path, Report(), ReadOptions())[0]
    assert len({clip.url for clip in placed_tracks(timeline)[0].clips}) == 1
    assert timeline_facts(timeline).producer == "DaVinci Resolve"
