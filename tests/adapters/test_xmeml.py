"""Reading the XML of Final Cut Pro 7, Premiere and Resolve: what each says, and where each says it otherwise."""

from __future__ import annotations

import io
import sys
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest

from postsync.errors import FormatError
from postsync.formats import Claim, ReadOptions
from postsync.model import (
    PlacedClip,
    PlacedTransition,
    media_facts,
    placed_tracks,
    timeline_facts,
    timeline_markers,
    track_facts,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.xmeml import FORMAT

RATE = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"
FILE = (
    '<file id="f1"><name>12A-3.wav</name><pathurl>file://localhost/Sound/12A%20-3.wav</pathurl>'
    f"{RATE}<duration>5000</duration><timecode>{RATE}<frame>90000</frame><displayformat>NDF</displayformat></timecode>"
    "<media><audio><samplecharacteristics><depth>24</depth><samplerate>48000</samplerate></samplecharacteristics>"
    "<channelcount>2</channelcount></audio></media></file>"
)


def clip(
    start: int, end: int, first: int, more: str = "", *, file: str = '<file id="f1"/>', name: str = "12A-3"
) -> str:
    last = first + 100 if start < 0 or end < 0 else first + end - start
    return (
        f"<clipitem id='{name} {start}'><name>{name}</name>{RATE}<start>{start}</start><end>{end}</end><in>{first}</in>"
        f"<out>{last}</out>{file}{more}</clipitem>"
    )


def mix(start: int, end: int, alignment: str, name: str = "Cross Dissolve") -> str:
    return (
        f"<transitionitem>{RATE}<start>{start}</start><end>{end}</end><alignment>{alignment}</alignment>"
        f"<effect><name>{name}</name><effectid>{name}</effectid></effect></transitionitem>"
    )


def sequence(audio: str = "", video: str = "", more: str = "", rate: str = RATE) -> str:
    return (
        f'<sequence id="s1"><name>R1</name>{rate}<timecode>{rate}<frame>90000</frame></timecode><media><video>{video}'
        f"</video><audio>{audio}</audio></media>{more}</sequence>"
    )


def track(items: str, more: str = "", attributes: str = "") -> str:
    return f"<track {attributes}>{items}{more}</track>"


def read(body: str, report: Report | None = None, **options: Any) -> list[Any]:
    assert FORMAT.read is not None
    text = f'<?xml version="1.0"?>\n<!DOCTYPE xmeml>\n<xmeml version="4">{body}</xmeml>'
    return FORMAT.read(io.BytesIO(text.encode()), Report() if report is None else report, ReadOptions(**options))


def sound(body: str, report: Report | None = None) -> list[PlacedClip]:
    return [one for lane in placed_tracks(read(body, report)[0], "audio") for one in lane.clips]


def only(audio: str, report: Report | None = None) -> PlacedClip:
    (found,) = sound(sequence(track(audio)), report)
    return found


# ---------------------------------------------------------------------------------------------------------- the clock


def test_the_clock_is_the_rate_and_first_frame_of_the_sequence() -> None:
    ntsc = "<rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>"
    body = f"<sequence><name>R1</name>{ntsc}<timecode>{ntsc}<frame>107892</frame><displayformat>DF</displayformat></timecode>"
    facts = timeline_facts(read(f"{body}<media/></sequence>")[0])
    assert (facts.rate.name, facts.start_timecode) == ("29.97 DF", "01:00:00;00")


def test_the_label_counts_where_the_first_frame_is_missing() -> None:
    body = f"<sequence><name>R1</name>{RATE}<timecode>{RATE}<string>10:00:00:00</string></timecode></sequence>"
    assert timeline_facts(read(body)[0]).start_frame == 900000


@pytest.mark.parametrize(
    ("timebase", "ntsc", "name"), [("24", "TRUE", "23.976"), ("23.98", "FALSE", "23.976"), ("59", "FALSE", "59")]
)
def test_a_rate_is_a_time_base_and_a_flag(timebase: str, ntsc: str, name: str) -> None:
    rate = f"<rate><timebase>{timebase}</timebase><ntsc>{ntsc}</ntsc></rate>"
    assert timeline_facts(read(sequence(rate=rate))[0]).rate.name == name


def test_a_rate_of_nothing_is_guessed_aloud_or_asked_for() -> None:
    report = Report()
    none = "<rate><timebase>0</timebase></rate>"
    body = sequence(rate=none, audio=track(clip(0, 10, 0, file=FILE)))
    assert timeline_facts(read(body, report)[0]).rate.name == "25"
    assert [loss.code for loss in report] == ["rate-guessed"]
    assert timeline_facts(read(body, rate=as_rate("24"))[0]).rate.name == "24"


# --------------------------------------------------------------------------------------------------------------- clips


def test_a_clip_plays_its_file_from_the_in_point_after_the_files_own_timecode() -> None:
    found = only(clip(50, 150, 250, "<sourcetrack><trackindex>2</trackindex></sourcetrack>", file=FILE))
    assert (found.record_in, found.duration, found.source_in, found.source_start) == (2, 4, 10, 3610)
    assert (found.facts.channels, found.media.channels, found.media.sample_rate) == ((2,), 2, 48000)
    assert found.url == "file://localhost/Sound/12A%20-3.wav"


def test_a_file_is_defined_once_and_named_by_id_before_and_after() -> None:
    first, second, third = sound(sequence(track(clip(0, 10, 0) + clip(10, 20, 5, file=FILE) + clip(20, 30, 9))))
    assert first.url == second.url == third.url


def test_in_and_out_count_at_the_rate_of_the_clip_not_of_its_file() -> None:
    own = "<rate><timebase>50</timebase><ntsc>FALSE</ntsc></rate>"
    body = clip(0, 100, 200, file=FILE).replace(RATE, own, 1)
    assert only(body).source_in == 4


def test_premieres_ticks_say_where_a_source_begins_between_frames() -> None:
    ticks = 10 * 254_016_000_000 + 254_016_000_000 // 96
    body = clip(0, 100, 250, f"<pproTicksIn>{ticks}</pproTicksIn>", file=FILE)
    assert only(body).source_in == 10 + Fraction(1, 96)


@pytest.mark.parametrize(("slip", "said"), [("0", []), ("40", ["subframeoffset=40"])])
def test_a_slip_below_the_frame_is_named_and_rides_along(slip: str, said: list[str]) -> None:
    report = Report()
    found = only(clip(0, 50, 10, f"<subframeoffset>{slip}</subframeoffset>", file=FILE), report)
    assert f"<subframeoffset>{slip}</subframeoffset>" in found.clip.metadata["xmeml"]["kept"]
    assert [f"{loss.facts['name']}={loss.facts['value']}" for loss in report] == said


def test_a_subclips_in_point_counts_from_its_own_start() -> None:
    more = "<subclipinfo><startoffset>1000</startoffset><endoffset>10</endoffset></subclipinfo>"
    assert only(clip(0, 100, 250, more, file=FILE)).source_in == 50


def test_clips_and_tracks_that_are_off_stay_and_say_so() -> None:
    off = "<enabled>FALSE</enabled>"
    timeline = read(sequence(track(clip(0, 10, 0, off, file=FILE), off)))[0]
    (lane,) = placed_tracks(timeline)
    assert not lane.clips[0].enabled and lane.facts.muted


def test_a_clip_item_named_by_id_is_the_one_defined_elsewhere() -> None:
    video = track(clip(20, 60, 7, file=FILE))
    (found,) = sound(sequence(track('<clipitem id="12A-3 20"/>'), video))
    assert (found.record_in, found.source_in) == (Fraction(20, 25), Fraction(7, 25))


def test_notes_scene_and_take_come_from_what_is_logged() -> None:
    logged = "<logginginfo><scene>12A</scene><shottake>3</shottake><lognote>plane</lognote></logginginfo>"
    found = only(clip(0, 10, 0, logged + "<labels><label2>Iris</label2></labels>", file=FILE))
    assert (found.facts.note, found.facts.extra) == ("plane", {"scene": "12A", "take": "3", "label": "Iris"})


def test_generators_and_titles_are_clips_without_a_file() -> None:
    said = f"<effect><effectid>Text</effectid>{parameter('str', 'TITLE')}</effect>"
    item = clip(0, 10, 0, said, file="", name="Text").replace("clipitem", "generatoritem")
    (lane,) = placed_tracks(read(sequence("", track(item)))[0], "video")
    media = lane.clips[0].clip.media_reference
    assert isinstance(media, otio.schema.GeneratorReference)
    assert (media.generator_kind, media.parameters["text"]) == ("Text", "TITLE")


def test_a_multiclip_plays_the_angle_that_is_on() -> None:
    angles = "".join(
        f"<angle><activevideoangle>{on}</activevideoangle><activeaudioangle>{on}</activeaudioangle>"
        f'<clip id="{name}"><name>{name}</name><file id="{name}f"><pathurl>{name}.mov</pathurl>{RATE}</file></clip></angle>'
        for name, on in (("A", "FALSE"), ("B", "TRUE"))
    )
    body = clip(0, 10, 0, f'<multiclip id="m">{angles}</multiclip>', file="")
    assert only(body).url == "B.mov"


# ------------------------------------------------------------------------------------------------------ edges and mixes


def test_edges_of_minus_one_are_those_of_the_transition_and_the_cut_is_in_its_middle() -> None:
    items = clip(0, -1, 0, file=FILE) + mix(90, 110, "center") + clip(-1, 200, 50)
    (lane,) = placed_tracks(read(sequence("", track(items)))[0], "video")
    first, dissolve, second = lane.items
    assert isinstance(dissolve, PlacedTransition) and isinstance(first, PlacedClip) and isinstance(second, PlacedClip)
    assert (first.record_out, second.record_in, dissolve.cut) == (4, 4, 4)
    assert (dissolve.before, dissolve.after) == (Fraction(10, 25), Fraction(10, 25))
    assert second.source_in == Fraction(50 + 10, 25)


@pytest.mark.parametrize(("alignment", "cut"), [("start", 90), ("end", 110), ("center", 100)])
def test_the_alignment_says_where_the_cut_is(alignment: str, cut: int) -> None:
    items = clip(0, -1, 0, file=FILE) + mix(90, 110, alignment) + clip(-1, 200, 50)
    (lane,) = placed_tracks(read(sequence("", track(items)))[0], "video")
    assert lane.clips[0].record_out * 25 == lane.clips[1].record_in * 25 == cut


def test_a_cut_that_the_clips_state_stands_against_the_alignment() -> None:
    items = clip(0, 95, 0, file=FILE) + mix(90, 110, "center") + clip(95, 200, 50)
    (lane,) = placed_tracks(read(sequence("", track(items)))[0], "video")
    assert [one.record_in * 25 for one in lane.clips] == [0, 95]


def test_a_transition_at_the_head_of_a_track_does_not_move_the_clip() -> None:
    items = mix(0, 30, "center") + clip(-1, 100, 0, file=FILE)
    (lane,) = placed_tracks(read(sequence("", track(items)))[0], "video")
    assert (lane.clips[0].record_in, lane.clips[0].record_out, lane.clips[0].source_in) == (0, 4, 0)


def test_a_transition_on_one_side_of_sound_is_a_fade_with_its_curve() -> None:
    fade = mix(0, 25, "start-black", "KGAudioTransCrossFade3dB")
    found = only(fade + clip(-1, 100, 0, file=FILE))
    assert found.facts.fade_in is not None and found.facts.fade_out is None
    assert (found.facts.fade_in.duration, found.facts.fade_in.curve) == (1, "equal-power")


def test_clips_that_lie_over_each_other_get_a_track_each_and_it_is_said() -> None:
    report = Report()
    found = sound(sequence(track(clip(0, 100, 0, file=FILE) + clip(80, 120, 0))), report)
    assert [(one.record_in, one.duration) for one in found] == [(0, 4), (Fraction(80, 25), Fraction(40, 25))]
    assert [loss.code for loss in report] == ["events-overlap"]


# -------------------------------------------------------------------------------------------------------------- channels


def stereo(place: int, index: int) -> tuple[str, str]:
    attributes = f'currentExplodedTrackIndex="{place}" totalExplodedTrackCount="2" premiereTrackType="Stereo"'
    return attributes, f"<sourcetrack><trackindex>{index}</trackindex></sourcetrack>"


@pytest.mark.parametrize(
    ("indexes", "channels"), [((1, 2), (1, 2)), ((3, 4), (3, 4)), ((1, 1), (1, 2)), ((2, 2), (3, 4))]
)
def test_two_tracks_that_premiere_wrote_of_a_stereo_track_are_one(
    indexes: tuple[int, int], channels: tuple[int, int]
) -> None:
    pair = [stereo(place, index) for place, index in enumerate(indexes)]
    tracks = "".join(track(clip(0, 10, 0, index, file=FILE), attributes=marks) for marks, index in pair)
    (lane,) = placed_tracks(read(sequence(tracks))[0])
    assert lane.facts.channels == 2 and [one.facts.channels for one in lane.clips] == [channels]


def test_two_tracks_with_other_edits_stay_two() -> None:
    (left, one), (right, two) = stereo(0, 1), stereo(1, 2)
    tracks = track(clip(0, 10, 0, one, file=FILE), attributes=left) + track(clip(0, 9, 0, two), attributes=right)
    assert [lane.clips[0].facts.channels for lane in placed_tracks(read(sequence(tracks))[0])] == [(1,), (2,)]


def test_resolve_has_one_item_for_all_channels_of_a_track_of_the_file() -> None:
    item = clip(
        0, 10, 0, "<sourcetrack><trackindex>1</trackindex></sourcetrack><link><linkclipref>x</linkclipref></link>"
    )
    body = sequence(track(item.replace('<file id="f1"/>', FILE))).replace("<name>R1", "<name>R1 (Resolve)")
    assert sound(body)[0].facts.channels == (1, 2)
    assert timeline_facts(read(body)[0]).producer == "DaVinci Resolve"


def test_items_without_a_number_side_by_side_are_the_channels_in_order() -> None:
    tracks = track(clip(0, 10, 0, file=FILE)) + track(clip(0, 10, 0))
    assert [one.facts.channels for one in sound(sequence(tracks))] == [(1,), (2,)]
    assert only(clip(0, 10, 0, file=FILE)).facts.channels is None


def test_linked_items_share_a_group() -> None:
    link = "<link><linkclipref>12A-3 0</linkclipref></link><link><linkclipref>B 0</linkclipref></link>"
    body = sequence(track(clip(0, 10, 0, link, name="B")), track(clip(0, 10, 0, link, file=FILE)))
    picture, below = (lane.clips[0] for lane in placed_tracks(read(body)[0]))
    assert picture.facts.link_group == below.facts.link_group is not None


def test_links_that_name_track_and_place_alone_link_too() -> None:
    link = "".join(
        f"<link><mediatype>{kind}</mediatype><trackindex>1</trackindex><clipindex>{place}</clipindex></link>"
        for kind, place in (("video", 2), ("audio", 1))
    )
    pictures = clip(0, 5, 0, name="A") + clip(5, 10, 0, link, name="B")
    body = sequence(track(clip(5, 10, 0, link, file=FILE)), track(pictures))
    picture, below = placed_tracks(read(body)[0])
    assert picture.clips[0].facts.link_group is None
    assert picture.clips[1].facts.link_group == below.clips[0].facts.link_group is not None


def test_a_clip_of_no_length_is_named_not_lost_in_silence() -> None:
    report = Report()
    (kept,) = sound(sequence(track(clip(10, 10, 5, name="zero") + clip(20, 30, 0, file=FILE))), report)
    assert kept.record_in == Fraction(20, 25)
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("clip-below-frame", "zero")]


# --------------------------------------------------------------------------------------------------------------- effects


def effect(name: str, parameters: str, more: str = "") -> str:
    return f"<filter>{more}<effect><effectid>{name}</effectid>{parameters}</effect></filter>"


def parameter(name: str, value: str, keys: str = "") -> str:
    return f"<parameter><parameterid>{name}</parameterid><value>{value}</value>{keys}</parameter>"


def key(when: int, value: str) -> str:
    return f"<keyframe><when>{when}</when><value>{value}</value></keyframe>"


@pytest.mark.parametrize(
    ("written", "gain"), [("0.501187", -6.000004), ("2", 6.0206), ("0", -144.0), ("1,9953", 6.00012)]
)
def test_a_level_is_a_gain_in_decibels(written: str, gain: float) -> None:
    found = only(clip(0, 10, 0, effect("audiolevels", parameter("level", written)), file=FILE))
    assert found.facts.gain_db == pytest.approx(gain, abs=1e-4)


def test_level_key_frames_count_before_the_in_point() -> None:
    keys = key(250, "1") + key(275, "0.1") + key(275, "1")
    found = only(clip(50, 150, 250, effect("audiolevels", parameter("level", "1", keys)), file=FILE))
    assert found.facts.gain_points == ((0, 0.0), (1, -20.0))


def test_key_frames_in_the_handles_count_by_what_the_curve_passes_at_the_edges() -> None:
    keys = key(225, "1") + key(275, "0.1") + key(1000, "0.1")
    found = only(clip(50, 150, 250, effect("audiolevels", parameter("level", "1", keys)), file=FILE))
    assert found.facts.gain_points == ((0, -10.0), (1, -20.0), (4, -20.0))


def test_a_filter_that_is_off_changes_nothing_and_stays() -> None:
    off = effect("audiolevels", parameter("level", "0.1"), "<enabled>FALSE</enabled>")
    found = only(clip(0, 10, 0, off, file=FILE))
    assert found.facts.gain_db is None and "audiolevels" in found.clip.metadata["xmeml"]["kept"]


def test_pan_is_kept_beside_the_clip() -> None:
    found = only(clip(0, 10, 0, effect("audiopan", parameter("pan", "-1")), file=FILE))
    assert found.facts.extra["pan"] == -1.0


def remap(speed: str, keys: str = "", variable: str = "0", reverse: str = "FALSE") -> str:
    more = parameter("variablespeed", variable) + parameter("reverse", reverse)
    return effect("timeremap", parameter("speed", speed) + more + parameter("graphdict", "0", keys))


def test_a_retimed_clip_plays_from_the_frame_that_its_graph_shows() -> None:
    keys = key(0, "0") + key(100, "200") + key(1000, "2000")
    found = only(clip(0, 50, 100, remap("200", keys), file=FILE))
    assert (found.facts.speed, found.source_in, found.facts.retime) == (2, 8, ())


def test_a_reversed_clip_runs_from_its_end_back() -> None:
    keys = key(0, "1000") + key(1000, "0")
    found = only(clip(0, 50, 100, remap("100", keys, reverse="TRUE"), file=FILE))
    assert found.facts.speed == -1
    assert found.facts.retime == ((0, 36), (2, 34)) and found.source_in == 34


def test_a_speed_ramp_is_kept_as_its_map() -> None:
    keys = key(0, "0") + key(50, "50") + key(100, "250")
    found = only(clip(0, 100, 0, remap("100", keys, variable="1"), file=FILE))
    assert found.facts.retime == ((0, 0), (2, 2), (4, 10))


# ----------------------------------------------------------------------------------------------------------------- nests

INNER = (
    f'<sequence id="s2"><name>Scene</name>{RATE}<media><video>'
    + track(clip(0, 100, 10, file=FILE, name="inner"))
    + "</video><audio>"
    + track(clip(0, 100, 10, name="left"), "<outputchannelindex>1</outputchannelindex>")
    + track(clip(0, 100, 10, name="right"), "<outputchannelindex>2</outputchannelindex>")
    + "</audio></media><marker><name>in the nest</name><in>30</in><out>-1</out></marker></sequence>"
)


def test_a_nest_is_opened_where_it_is_used_and_sounds_by_its_outputs() -> None:
    index = "<sourcetrack><trackindex>{}</trackindex></sourcetrack>"
    picture = track(clip(200, 240, 20, file=INNER, name="nest"))
    audio = "".join(
        track(clip(200, 240, 20, index.format(n), file='<sequence id="s2"/>', name=f"nest {n}")) for n in (1, 2)
    )
    timeline = read(sequence(audio, picture))[0]
    found = {one.clip.name: one for lane in placed_tracks(timeline) for one in lane.clips}
    assert sorted(found) == ["inner", "left", "right"]
    assert all(
        (one.record_in, one.duration, one.source_in) == (8, Fraction(40, 25), Fraction(30, 25))
        for one in found.values()
    )
    marker = next(plain for _, plain in timeline_markers(timeline) if plain.name == "in the nest")
    assert marker.record_in == Fraction(210, 25) and marker.visible


def in_nest(more: str, report: Report | None = None) -> list[PlacedClip]:
    index = "<sourcetrack><trackindex>1</trackindex></sourcetrack>"
    return sound(sequence(track(clip(200, 240, 20, index + more, file=INNER, name="nest"))), report)


def test_a_nest_at_half_speed_plays_its_clips_and_markers_at_half_speed() -> None:
    index = "<sourcetrack><trackindex>1</trackindex></sourcetrack>"
    nest = clip(200, 240, 20, index + remap("50"), file=INNER, name="nest")
    timeline = read(sequence(track(nest)))[0]
    ((lane,),) = [placed_tracks(timeline, "audio")]
    (left,) = lane.clips
    assert (left.record_in, left.duration, left.facts.speed) == (8, Fraction(40, 25), Fraction(1, 2))
    assert left.source_in == Fraction(20, 25)  # ten frames into the nest, which begins ten frames into the file
    (marker,) = [plain for _, plain in timeline_markers(timeline)]
    assert marker.record_in == 8 + Fraction(2 * (30 - 10), 25) and not marker.visible


def test_the_level_of_a_nest_sounds_in_its_clips() -> None:
    (left,) = in_nest(effect("audiolevels", parameter("level", "0.5")))
    assert left.facts.gain_db == -6.0206


def test_what_no_clip_of_a_nest_can_say_is_named() -> None:
    report = Report()
    curve = effect("audiolevels", parameter("level", "1", key(20, "1") + key(60, "0.5")))
    (left,) = in_nest(curve + remap("100", reverse="TRUE"), report)
    assert left.facts.speed == 1 and left.facts.gain_db is None
    assert {"nest-not-retimed", "gain-points-not-carried"} <= {loss.code for loss in report}


def test_a_track_that_is_off_within_a_nest_stays_off() -> None:
    tracks = track(clip(0, 50, 0, file=FILE, name="off"), "<enabled>FALSE</enabled>") + track(clip(0, 50, 0, name="on"))
    inner = f'<sequence id="s2"><name>Scene</name>{RATE}<media><audio>{tracks}</audio></media></sequence>'
    found = sound(sequence(track(clip(0, 40, 0, file=inner, name="nest"))))
    assert {one.clip.name: one.enabled for one in found} == {"off": False, "on": True}


def test_a_fade_of_a_nest_is_named() -> None:
    report = Report()
    sound(sequence(track(mix(200, 210, "start-black") + clip(200, 240, 20, file=INNER, name="nest"))), report)
    assert "fade-not-carried" in {loss.code for loss in report}


def test_two_uses_of_a_nest_link_their_clips_apart() -> None:
    link = "<link><linkclipref>p</linkclipref></link><link><linkclipref>s</linkclipref></link>"
    inner = (
        f'<sequence id="s2"><name>Scene</name>{RATE}<media><video><track><clipitem id="p"><name>p</name><start>0</start>'
        f"<end>50</end><in>0</in><out>50</out>{FILE}{link}</clipitem></track></video><audio><track><clipitem id='s'>"
        f"<name>s</name><start>0</start><end>50</end><in>0</in><out>50</out><file id='f1'/>{link}</clipitem></track>"
        "</audio></media></sequence>"
    )
    outer = "<link><linkclipref>nest {0}</linkclipref></link><link><linkclipref>sound {0}</linkclipref></link>"
    video = clip(0, 40, 0, outer.format(0), file=inner, name="nest")
    video += clip(40, 80, 0, outer.format(40), file='<sequence id="s2"/>', name="nest")
    audio = "".join(clip(at, at + 40, 0, outer.format(at), file='<sequence id="s2"/>', name="sound") for at in (0, 40))
    lanes = placed_tracks(read(sequence(track(audio), track(video)))[0])
    (p1, p2), (s1, s2) = ([one.facts.link_group for one in lane.clips] for lane in lanes)
    assert p1 == s1 != p2 == s2


def test_nests_without_end_are_left_closed_and_named() -> None:
    report = Report()
    inside = clip(0, 10, 0, file='<sequence id="s1"/>', name="itself")
    read(sequence("", track(inside)), report)
    assert "reference-broken" in {loss.code for loss in report}


# --------------------------------------------------------------------------------------------------------------- markers


def test_a_sequences_markers_count_from_its_first_frame() -> None:
    more = "<marker><name>R106</name><comment>Hold there!</comment><in>50</in><out>75</out></marker>"
    ((_, plain),) = timeline_markers(read(sequence(more=more))[0])
    assert (plain.record_in, plain.duration, plain.name, plain.comment) == (2, 1, "R106", "Hold there!")


def test_a_clips_markers_count_in_its_media_and_hide_outside_the_used_part() -> None:
    more = "".join(f"<marker><name>{n}</name><in>{n}</in><out>-1</out></marker>" for n in (240, 260))
    timeline = read(sequence("", track(clip(50, 150, 250, more, file=FILE))))[0]
    found = [(plain.name, plain.record_in, plain.visible) for _, plain in timeline_markers(timeline)]
    assert found == [("240", Fraction(40, 25), False), ("260", Fraction(60, 25), True)]


def test_the_copies_of_a_marker_on_linked_picture_and_sound_are_one() -> None:
    report = Report()
    more = "<marker><name>x</name><in>260</in><out>-1</out></marker>"
    body = sequence(track(clip(50, 150, 250, more)), track(clip(50, 150, 250, more, file=FILE)))
    assert len(list(timeline_markers(read(body, report)[0]))) == 1
    assert [loss.code for loss in report] == ["cue-repeated"]


@pytest.mark.parametrize(
    ("written", "colour"),
    [("<pproColor>4281740498</pproColor>", "red"), ("<pproColor>4292277273</pproColor>", "cyan"),
     ("<color><alpha>0</alpha><red>255</red><green>0</green><blue>0</blue></color>", "red"),
     ("<color><red>0</red><green>43690</green><blue>0</blue></color>", "green"), ("", None)],
)  # fmt: skip
def test_a_marker_has_the_colour_of_premiere_or_of_final_cut(written: str, colour: str | None) -> None:
    more = f"<marker><name>x</name><in>0</in><out>-1</out>{written}</marker>"
    ((_, plain),) = timeline_markers(read(sequence(more=more))[0])
    assert plain.colour == colour


def test_a_chapter_marker_is_told_by_its_comment() -> None:
    more = "<marker><name>One</name><comment>&lt;CHAPTER&gt;</comment><in>0</in><out>-1</out></marker>"
    ((_, plain),) = timeline_markers(read(sequence(more=more))[0])
    assert (plain.kind, plain.comment) == ("chapter", "")


# ------------------------------------------------------------------------------------------------------------- documents


def test_every_sequence_of_the_bins_is_a_timeline() -> None:
    bins = f"<bin><name>b</name><children>{sequence()}{sequence().replace('R1', 'R2').replace('s1', 's2')}</children></bin>"
    found = read(f"<project><name>p</name><children>{bins}</children></project>")
    assert [one.name for one in found] == ["R1", "R2"]


def test_a_sequence_that_a_bin_names_by_id_is_a_timeline_too() -> None:
    outer = sequence("", track(clip(0, 40, 0, file=INNER, name="nest")))
    found = read(f'<bin><children>{outer}<sequence id="s2"/></children></bin>')
    assert [one.name for one in found] == ["R1", "Scene"]


def test_a_document_of_clips_alone_gives_a_timeline_for_each() -> None:
    item = clip(0, 5000, 0, file=FILE)
    more = "<marker><name>here</name><in>100</in><out>-1</out></marker>"
    body = f'<clip id="c"><name>12A-3</name>{RATE}<media><audio>{track(item)}</audio></media>{more}</clip>'
    (timeline,) = read(f"<bin><children>{body}</children></bin>")
    assert (timeline.name, timeline_facts(timeline).start_timecode) == ("12A-3", "01:00:00:00")
    assert [plain.record_in for _, plain in timeline_markers(timeline)] == [4]


def test_a_clip_of_one_file_and_no_tracks_still_shows_its_file() -> None:
    (timeline,) = read(f'<clip id="c"><name>12A-3</name>{RATE}<in>-1</in><out>-1</out>{FILE}</clip>')
    (lane,) = placed_tracks(timeline, "audio")
    assert lane.clips[0].duration == 200 and lane.clips[0].url is not None


def test_track_names_are_those_that_the_document_states() -> None:
    tracks = (
        track(clip(0, 10, 0, file=FILE), attributes='MZ.TrackName="DIA 1"') + track("", "<name>Boom</name>") + track("")
    )
    (timeline,) = read(sequence(tracks))
    assert [one.name for one in timeline.tracks] == ["DIA 1", "Boom", "A3"]


def test_what_has_no_record_rides_along() -> None:
    body = sequence(
        track(clip(0, 10, 0, "<alphatype>none</alphatype>", file=FILE), "<locked>TRUE</locked>"), "", "<uuid>u</uuid>"
    )
    timeline = read(body)[0]
    (lane,) = placed_tracks(timeline)
    assert "<alphatype>none</alphatype>" in lane.clips[0].clip.metadata["xmeml"]["kept"]
    assert "<locked>TRUE</locked>" in lane.track.metadata["xmeml"]["kept"]
    assert timeline.metadata["xmeml"]["kept"] == "<uuid>u</uuid>"
    assert track_facts(lane.track).origin and "12A-3.wav" in media_facts(lane.clips[0].clip.media_reference).name


# ---------------------------------------------------------------------------------------------------------------- safety


def test_xmeml_is_known_by_its_first_bytes() -> None:
    assert FORMAT.sniff(b'<?xml version="1.0"?>\n<!DOCTYPE xmeml>') is Claim.CERTAIN
    assert FORMAT.sniff("<xmeml version='5'>".encode("utf-16")) is Claim.CERTAIN
    assert FORMAT.sniff(b"<fcpxml version='1.9'>") is Claim.NO


@pytest.mark.parametrize(
    ("text", "said"),
    [("<xmeml><sequence>", "not well-formed"), ("<html/>", "expected an xmeml element"),
     ("<xmeml version='4'/>", "no sequence and no clip"),
     ('<!DOCTYPE xmeml [<!ENTITY a "b">]><xmeml/>', "entities of its own"),
     ("<xmeml>" + "<bin>" * 400 + "</bin>" * 400 + "</xmeml>", "not well-formed")],
)  # fmt: skip
def test_what_is_broken_or_dangerous_is_refused_in_a_sentence(text: str, said: str) -> None:
    assert FORMAT.read is not None
    with pytest.raises(FormatError, match=said):
        FORMAT.read(io.BytesIO(text.encode()), Report(), ReadOptions())


def test_a_nest_that_doubles_at_every_level_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["postsync_adapters.xmeml.read"], "MOST_NESTED", 2000)
    nests = ""
    for level in range(40):
        uses = "".join(
            clip(n * 10, n * 10 + 10, 0, file=f'<sequence id="n{level + 1}"/>', name=f"{level} {n}") for n in (0, 1)
        )
        nests += (
            f'<sequence id="n{level}"><name>{level}</name>{RATE}<media><video>{track(uses)}</video></media></sequence>'
        )
    report = Report()
    outer = sequence("", track(clip(0, 10, 0, file='<sequence id="n0"/>', name="outer")))
    read(f"<bin><children>{outer}{nests}</children></bin>", report)
    assert "reference-broken" in {loss.code for loss in report}
