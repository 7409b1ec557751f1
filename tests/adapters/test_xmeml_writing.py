"""Writing the XML of Final Cut Pro 7 for Premiere, Resolve and Final Cut 7: what goes out comes back."""

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
from null_test import Wanted, null_test, wav
from postsync import demo as packaged
from postsync.cueing import spot
from postsync.errors import CannotWrite
from postsync.formats import ReadOptions
from postsync.formats.conversion import read_file
from postsync.formats.format import make_options, write_to
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    MediaFacts,
    PlacedClip,
    PlacedTransition,
    PlainMarker,
    Project,
    TimelineFacts,
    TrackFacts,
    build_track,
    cue_marker,
    placed_tracks,
    put_characters,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import as_rate, to_time_range
from postsync.verbs import turnover
from postsync_adapters.xmeml import FORMAT
from xmeml_expected import expected
from xmeml_round_trip import round_trip

PROFILES = ("premiere", "final-cut-7", "resolve")
RATE = as_rate("25")


def made_clip(name: str = "12A-3", width: int = 2, seconds: int = 200, **facts: Any) -> otio.schema.Clip:
    media = otio.schema.ExternalReference(f"file:///Sound/{name}.wav", to_time_range(Fraction(3600), Fraction(seconds)))
    put_media_facts(media, MediaFacts(f"{name}.wav", width, 48000, kind="sound"))
    clip = otio.schema.Clip(name, media)
    put_clip_facts(clip, ClipFacts(**facts))
    return clip


def made_timeline(*laid: Laid, kind: str = "Audio", rate: Any = RATE, **track: Any) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(rate, rate.nominal * 3600, 48000))
    if laid:
        name = f"{kind[0]}1"
        timeline.tracks.append(build_track(name, kind, laid, [rate.fps, 48000], facts=TrackFacts(**track)))
    return timeline


def at(record_in: Any, duration: Any, source_in: Any = 10, clip: otio.schema.Clip | None = None) -> Laid:
    return Laid(clip or made_clip(), Fraction(record_in), Fraction(duration), 3600 + Fraction(source_in))


def written(timeline: Any, report: Report | None = None, **options: Any) -> bytes:
    buffer = io.BytesIO()
    notes = Report() if report is None else report
    write_to(FORMAT, timeline, buffer, notes, make_options(FORMAT.write_options, options, "xmeml"))
    return buffer.getvalue()


def back(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    assert FORMAT.read is not None
    return FORMAT.read(io.BytesIO(written(timeline, report, **options)), Report(), ReadOptions())[0]


def clips(timeline: Any) -> list[PlacedClip]:
    return [one for lane in placed_tracks(timeline) for one in lane.clips]


# ---------------------------------------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("profile", ["as_read", *PROFILES])
def test_every_document_of_the_corpus_comes_back_clip_by_clip(corpus: Path, tmp_path: Path, profile: str) -> None:
    for name in expected(corpus):
        if name == "jumpcutter_yoga.xml":
            continue  # a thousand cuts alike: `benchmarks/xmeml_corpus.py` has it
        for timeline in read_file(corpus / "xmeml" / name, Report()).timelines:
            found = round_trip(timeline, tmp_path / "again.xml", profile)
            assert found.faults == [], name
            assert (found.kept, found.markers_kept) == (found.clips, found.markers)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["24With25Media", "23.98", "SyncClipRoles", "MulticamSample", "29.97d", "AudioOnly"])
def test_fcpxml_keeps_every_sound_clip_and_marker_through_it(
    corpus: Path, tmp_path: Path, name: str, profile: str
) -> None:
    path = corpus / "fcpxml" / f"{name}.fcpxml"
    if not path.exists():
        pytest.skip(f"the corpus has no {name}")
    for timeline in read_file(path, Report()).timelines:
        found = round_trip(timeline, tmp_path / "through.xml", profile)
        assert found.faults == []
        assert (found.kept, found.markers_kept) == (found.clips, found.markers)


def test_what_is_written_again_is_the_same_bytes(corpus: Path) -> None:
    for name in ("premiere_example.xml", "fcp7_transitions.xml", "resolve_60_audio_only.xml"):
        (timeline,) = read_file(corpus / "xmeml" / name, Report()).timelines
        first = written(timeline)
        assert FORMAT.read is not None
        (again,) = FORMAT.read(io.BytesIO(first), Report(), ReadOptions())
        assert written(again) == first, name


def at_session_rate(wanted: Wanted) -> Any:
    scale = Fraction(wanted.session, wanted.sample_rate)
    used = [(int(start * scale) - 1, int(end * scale) + 2) for start, end in wanted.used]
    length, stamp = int(wanted.length * scale) + 1, None if wanted.stamp is None else round(wanted.stamp * scale)
    return wav(Wanted(wanted.path, wanted.number, wanted.channels, wanted.session, length, used, stamp, wanted.session))


@pytest.mark.parametrize(
    "name", ["fcp7_links_levels", "kdenlive_like_fcp5_audio", "premiere_enable_property", "premiere_example"]
)
def test_the_sound_of_a_document_sounds_to_the_sample_in_an_aaf(corpus: Path, tmp_path: Path, name: str) -> None:
    outcome = null_test(corpus / "xmeml" / f"{name}.xml", tmp_path, maker=at_session_rate)
    assert outcome.faults == [] and outcome.right == outcome.clips > 0


# ---------------------------------------------------------------------------------------------------------------- cues


@pytest.mark.parametrize("profile", PROFILES)
def test_cues_are_sequence_markers_and_come_back_as_cues(profile: str) -> None:
    timeline = made_timeline(at(0, 20))
    facts = timeline_facts(timeline)
    put_characters(timeline, [Character("1", "ROBIN", colour="red")])
    cue = Cue(uid="7KQ2M9XD", number="R106", character="1", record_in=50, record_out=150, line="Hold there!\nNow.")
    timeline.tracks.markers.append(cue_marker(cue, facts, "ROBIN"))
    returned = back(timeline, profile=profile, tags="full")
    ((_, plain),) = timeline_markers(returned)
    assert (plain.record_in, plain.duration, plain.name, plain.colour) == (2, 4, "R106 ROBIN", "red")
    spot(returned, Project(), Report())
    (found,) = timeline_cues(returned)
    assert (found.uid, found.number, found.record_in, found.record_out) == ("7KQ2M9XD", "R106", 50, 150)
    assert found.line == "Hold there!\nNow."


def test_a_marker_of_a_clip_goes_back_to_its_clip(corpus: Path) -> None:
    (timeline,) = read_file(corpus / "xmeml" / "premiere_example.xml", Report()).timelines
    root = etree.fromstring(written(timeline))
    on_clips = [one for one in root.iter("marker") if one.getparent().tag == "clipitem"]
    assert [one.findtext("in") for one in on_clips] == ["73"]
    assert len(root.findall("sequence/marker")) == 3 + 1  # its own, and that of the nest, which is opened


def test_the_colour_of_a_marker_is_the_nearest_that_premiere_has_and_said() -> None:
    report = Report()
    timeline = made_timeline()
    timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name="x", colour="cocoa"), 25))
    ((_, plain),) = timeline_markers(back(timeline, report, profile="premiere"))
    assert plain.colour in ("red", "orange", "yellow", "purple")
    assert "marker-colour-changed" in {loss.code for loss in report}


def test_kinds_of_markers_that_it_has_no_word_for_are_named() -> None:
    report = Report()
    timeline = made_timeline()
    for kind in ("to-do", "chapter"):
        timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name=kind, kind=kind), 25))
    returned = back(timeline, report)
    assert [plain.kind for _, plain in timeline_markers(returned)] == ["marker", "chapter"]
    assert [loss.facts["feature"] for loss in report] == ["1 mark as to-do"]


def test_markers_outside_the_used_part_are_left_out_and_named() -> None:
    report = Report()
    timeline = made_timeline()
    timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name="x", visible=False), 25))
    assert list(timeline_markers(back(timeline, report))) == []
    assert [loss.code for loss in report] == ["marker-outside-clip"]


# --------------------------------------------------------------------------------------------------------------- clips


@pytest.mark.parametrize("profile", PROFILES)
def test_levels_fades_state_notes_and_links_come_back(profile: str) -> None:
    facts = {
        "gain_points": ((Fraction(0), -6.0), (Fraction(2), 0.0)), "fade_in": Fade(Fraction(1)), "note": "plane",
        "fade_out": Fade(Fraction(12, 25), "equal-power"), "extra": {"take": "3", "pan": -0.5}, "channels": (1,),
    }  # fmt: skip
    other = made_clip("B", gain_db=-12.5, channels=(2,))
    other.enabled = False
    timeline = made_timeline(at(1, 4, clip=made_clip(**facts)), at(6, 2, clip=other), muted=True)
    (lane,) = placed_tracks(back(timeline, profile=profile))
    one, two = lane.clips
    assert (one.facts.channels, two.facts.channels) == ((1,), (2,))
    assert one.facts.gain_points == facts["gain_points"]
    assert (one.facts.fade_in, one.facts.fade_out, one.facts.note) == (facts["fade_in"], facts["fade_out"], "plane")
    assert (one.facts.extra["take"], one.facts.extra["pan"]) == ("3", -0.5)
    assert (two.facts.gain_db, two.enabled, lane.facts.muted) == (-12.5, False, True)


def test_a_stereo_clip_is_two_linked_items_that_premiere_knows_as_one() -> None:
    root = etree.fromstring(written(made_timeline(at(0, 4)), profile="premiere"))
    tracks = root.findall("sequence/media/audio/track")
    assert [(one.get("currentExplodedTrackIndex"), one.get("premiereTrackType")) for one in tracks] == [
        ("0", "Stereo"), ("1", "Stereo"),
    ]  # fmt: skip
    items = list(root.iter("clipitem"))
    assert [one.findtext("sourcetrack/trackindex") for one in items] == ["1", "2"]
    assert [[link.findtext("linkclipref") for link in one.findall("link")] for one in items] == [
        ["clipitem-1", "clipitem-2"], ["clipitem-1", "clipitem-2"],
    ]  # fmt: skip
    (lane,) = placed_tracks(back(made_timeline(at(0, 4)), profile="premiere"))
    assert lane.clips[0].facts.channels == (1, 2)


def test_picture_and_sound_of_one_file_that_play_together_are_linked() -> None:
    timeline = made_timeline(at(0, 4, clip=made_clip(width=1)))
    timeline.tracks.insert(0, build_track("V1", "Video", [at(0, 4, clip=made_clip(width=1))], [25]))
    timeline.tracks.append(build_track("A2", "Audio", [at(1, 4, clip=made_clip(width=1))], [25]))
    root = etree.fromstring(written(timeline, profile="final-cut-7"))
    links = [[link.findtext("mediatype") for link in one.findall("link")] for one in root.iter("clipitem")]
    assert links == [["video", "audio"], ["video", "audio"], []]


def test_mono_and_stereo_clips_of_one_track_get_tracks_of_their_own() -> None:
    timeline = made_timeline(at(0, 4), at(5, 4, clip=made_clip("boom", 1)))
    lanes = placed_tracks(back(timeline, profile="premiere"))
    assert [[one.facts.channels for one in lane.clips] for lane in lanes] == [[(1,)], [(1, 2)]]


def test_a_file_is_written_whole_once_with_its_timecode() -> None:
    root = etree.fromstring(written(made_timeline(at(0, 4), at(5, 4)), profile="resolve"))
    files = list(root.iter("file"))
    assert [len(one) > 0 for one in files] == [True, False] and files[0].get("id") == files[1].get("id")
    assert files[0].findtext("timecode/frame") == "90000"
    assert files[0].findtext("pathurl") == "file://localhost/Sound/12A-3.wav"


@pytest.mark.parametrize(
    ("url", "address"),
    [("file:///C:/Ton/Ä %231.wav", "file://localhost/C%3a/Ton/%C3%84%20%231.wav"),
     ("/Volumes/S/a.wav", "file://localhost/Volumes/S/a.wav"), ("//nas/s/a.wav", "file://nas/s/a.wav"),
     ("a b.wav", "a%20b.wav")],
)  # fmt: skip
def test_addresses_are_encoded_once(url: str, address: str) -> None:
    clip = made_clip()
    clip.media_reference.target_url = url
    root = etree.fromstring(written(made_timeline(at(0, 4, clip=clip)), profile="premiere"))
    assert root.find(".//pathurl").text == address


def test_sound_between_frames_stays_in_sync_where_ticks_say_so() -> None:
    record, source = Fraction(101, 48), Fraction(1003, 96)
    report = Report()
    (found,) = clips(back(made_timeline(at(record, 4, source)), report, profile="premiere"))
    assert found.record_in != record and found.source_in - found.record_in == source - record
    assert {loss.code for loss in report} >= {"time-rounded", "feature-not-carried"}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("before", "after"), [(10, 10), (0, 12), (12, 0), (3, 9)])
def test_a_cross_fade_keeps_its_cut_and_reach(profile: str, before: int, after: int) -> None:
    timeline = made_timeline(at(0, 4, clip=made_clip(width=1)), at(4, 4, 50, made_clip(width=1)))
    time = otio.opentime.RationalTime
    timeline.tracks[0].insert(1, otio.schema.Transition("x", "SMPTE_Dissolve", time(before, 25), time(after, 25)))
    (lane,) = placed_tracks(back(timeline, profile=profile))
    (dissolve,) = [one for one in lane.items if isinstance(one, PlacedTransition)]
    assert (dissolve.cut, dissolve.before * 25, dissolve.after * 25) == (4, before, after)
    assert [(one.record_in, one.duration, one.source_in) for one in lane.clips] == [(0, 4, 10), (4, 4, 50)]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("speed", [Fraction(2), Fraction(1, 3), Fraction(960, 1001), Fraction(-1), Fraction(0)])
def test_a_constant_speed_comes_back_from_where_it_begins(profile: str, speed: Fraction) -> None:
    clip = made_clip(width=1, speed=speed)
    (found,) = clips(back(made_timeline(at(2, 4, 10, clip)), profile=profile))
    assert (found.facts.speed, found.record_in, found.duration) == (speed, 2, 4)
    assert abs(found.source_in - 10) < Fraction(1, 10**6)


def test_a_speed_ramp_comes_back_point_by_point() -> None:
    retime = ((Fraction(0), Fraction(10)), (Fraction(2), Fraction(12)), (Fraction(4), Fraction(20)))
    (found,) = clips(back(made_timeline(at(0, 4, 10, made_clip(retime=retime)))))
    assert found.facts.retime == retime


def test_nests_are_opened_and_said() -> None:
    report = Report()
    timeline = made_timeline()
    inner = [build_track(name, "Audio", [at(0, 8, clip=made_clip(name, 1))], [25]) for name in ("A", "B")]
    stack = otio.schema.Stack("scene", children=inner)
    timeline.tracks.append(build_track("A1", "Audio", [Laid(stack, Fraction(2), Fraction(4), Fraction(1))], [25]))
    found = clips(back(timeline, report))
    assert sorted((one.clip.name, one.record_in, one.source_in) for one in found) == [("A", 2, 11), ("B", 2, 11)]
    assert "nest-opened" in {loss.code for loss in report}


def test_a_cross_fade_of_a_nest_beyond_the_part_that_plays_is_no_transition_of_the_programme() -> None:
    inner = build_track("A1", "Audio", [at(0, 4), at(4, 4, 20)], [25])
    cut = otio.opentime.RationalTime(5, 25)
    inner.insert(1, otio.schema.Transition("Cross fade", in_offset=cut, out_offset=cut))
    nest = otio.schema.Stack("Scene", source_range=to_time_range(Fraction(0), Fraction(2)), children=[inner])
    timeline = made_timeline(at(0, 8))
    timeline.tracks[0].clear()
    timeline.tracks[0].append(nest)
    report = Report()
    (one,) = clips(back(timeline, report, profile="resolve"))
    assert (one.record_in, one.duration) == (0, 2)
    assert not any(isinstance(item, PlacedTransition) for lane in placed_tracks(timeline) for item in lane.items)
    assert "transition-not-carried" not in {loss.code for loss in report}


def test_key_frames_in_the_handles_go_back(corpus: Path) -> None:
    (timeline,) = read_file(corpus / "xmeml" / "kdenlive_like_fcp5_audio.xml", Report()).timelines
    root = etree.fromstring(written(timeline))
    keys = [
        [one.text for one in curve.iter("when")]
        for curve in root.iter("parameter")
        if curve.find("keyframe") is not None
    ]
    assert ["0", "64", "97", "103", "105"] in keys


def test_what_rode_along_goes_back(corpus: Path) -> None:
    (timeline,) = read_file(corpus / "xmeml" / "premiere_example.xml", Report()).timelines
    before = etree.parse(corpus / "xmeml" / "premiere_example.xml").getroot().find("sequence")
    after = etree.fromstring(written(timeline)).find("sequence")
    for path in ("uuid", "labels/label2", "media/video/format/samplecharacteristics/codec/name"):
        assert after.findtext(path) == before.findtext(path) is not None
    item = after.find("media/video/track/clipitem")
    assert (item.findtext("alphatype"), item.findtext("labels/label2"), item.get("frameBlend")) == (
        "none", "Iris", "FALSE",
    )  # fmt: skip
    assert after.get("MZ.Sequence.PreviewFrameSizeWidth") == "1280"


def test_a_note_that_was_changed_is_written_into_the_log_that_was_read(corpus: Path) -> None:
    (timeline,) = read_file(corpus / "xmeml" / "premiere_example.xml", Report()).timelines
    clip = timeline.tracks[0][1]
    put_clip_facts(clip, ClipFacts(note="use for ADR"))
    root = etree.fromstring(written(timeline))
    assert "use for ADR" in [one.text for one in root.iter("lognote")]


# ------------------------------------------------------------------------------------------------- approved and made up


def small_reel() -> otio.schema.Timeline:
    """A dissolve of sound, picture with its sound, a disabled stereo clip, a cue and a marker."""
    timeline = made_timeline(at(0, 4, clip=made_clip(width=1, gain_db=-6.0)), at(4, 4, 50, made_clip("B", 1)))
    time = otio.opentime.RationalTime
    timeline.tracks[0].insert(1, otio.schema.Transition("x", "SMPTE_Dissolve", time(10, 25), time(10, 25)))
    off = made_clip("12A-3", fade_in=Fade(Fraction(1), "equal-power"), note="plane")
    off.enabled = False
    timeline.tracks.append(build_track("DIA 2", "Audio", [at(2, 3, clip=off)], [25]))
    timeline.tracks.insert(0, build_track("V1", "Video", [at(0, 4, clip=made_clip(width=1))], [25]))
    facts = timeline_facts(timeline)
    cue = Cue(uid="7KQ2M9XD", number="R106", character="1", record_in=50, record_out=150, line="Hold there!")
    put_characters(timeline, [Character("1", "ROBIN")])
    timeline.tracks.markers.append(cue_marker(cue, facts, "ROBIN"))
    timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(7), name="act 2", kind="chapter"), 25))
    return timeline


@pytest.mark.parametrize("profile", PROFILES)
def test_a_small_reel_is_written_as_it_was_approved(fixtures: Path, accept: bool, profile: str) -> None:
    golden = fixtures / "golden" / f"small_reel.{profile}.xml"
    data = written(small_reel(), profile=profile)
    if accept:
        golden.write_bytes(data)
    assert data == golden.read_bytes()


RATES = st.sampled_from(["23.976", "24", "25", "29.97", "29.97 DF", "30", "50", "59.94"])
EDITS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 90), st.integers(0, 900), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(rate=RATES, edits=EDITS, profile=st.sampled_from(PROFILES), channel=st.integers(1, 2))
def test_any_edit_on_frames_comes_back_exactly(
    rate: str, edits: list[tuple[int, int, int, bool]], profile: str, channel: int
) -> None:
    clock = as_rate(rate)
    frame, record, laid = 1 / clock.fps, 0, []
    for number, (gap, length, source, enabled) in enumerate(edits):
        clip = made_clip(f"take {number % 3}", channels=(channel,))
        clip.enabled = enabled
        laid.append(at((record + gap) * frame, length * frame, source * frame, clip))
        record += gap + length
    timeline = made_timeline(*laid, rate=clock)
    essence = [
        [
            (one.clip.name, one.record_in, one.duration, one.source_in, one.enabled, one.facts.channels)
            for one in clips(each)
        ]
        for each in (timeline, back(timeline, profile=profile))
    ]
    assert essence[0] == essence[1]


# -------------------------------------------------------------------------------------------------------------- options


@pytest.mark.parametrize(("profile", "version"), [("premiere", "4"), ("final-cut-7", "5"), ("resolve", "5")])
def test_each_program_has_its_version(profile: str, version: str) -> None:
    assert etree.fromstring(written(made_timeline(at(0, 1)), profile=profile)).get("version") == version
    assert etree.fromstring(written(made_timeline(at(0, 1)), profile=profile, version="4")).get("version") == "4"


def test_a_document_is_written_as_the_program_that_it_came_from(corpus: Path) -> None:
    (timeline,) = read_file(corpus / "xmeml" / "resolve_60_two_tracks.xml", Report()).timelines
    root = etree.fromstring(written(timeline))
    assert root.get("version") == "5" and root.find(".//link/mediatype") is None


def test_the_size_of_the_picture_is_asked_for_where_nothing_states_it() -> None:
    root = etree.fromstring(written(made_timeline(at(0, 1)), size="2048x858"))
    assert root.findtext(".//video/format/samplecharacteristics/width") == "2048"
    with pytest.raises(CannotWrite, match="picture size"):
        written(made_timeline(at(0, 1)), size="large")


def test_drop_frame_and_true_rates_are_written() -> None:
    timeline = made_timeline(at(0, Fraction(1001, 30)), rate=as_rate("29.97 DF"))
    facts = timeline_facts(back(timeline))
    assert (facts.rate.name, facts.start_frame) == ("29.97 DF", 108000)


def test_text_that_xml_cannot_hold_is_replaced_and_named() -> None:
    report = Report()
    (found,) = clips(back(made_timeline(at(0, 1, clip=made_clip("a\x07b <&> \"'"))), report))
    assert found.clip.name == "ab <&> \"'" and "text-replaced" in {loss.code for loss in report}


def test_solo_and_pan_of_tracks_are_named() -> None:
    report = Report()
    written(made_timeline(at(0, 1), soloed=True, pan=0.5), report)
    assert [loss.facts["feature"] for loss in report] == ["1 solo, pan or level of a track"]


def test_a_timeline_of_five_lines_can_be_written() -> None:
    timeline = otio.schema.Timeline("plain")
    track = otio.schema.Track("V1")
    track.append(otio.schema.Clip("x", source_range=to_time_range(Fraction(1), Fraction(2), 24)))
    timeline.tracks.append(track)
    (found,) = clips(back(timeline))
    assert (found.clip.name, found.duration) == ("x", 2)


def test_the_timeline_that_is_written_stays_as_it_was() -> None:
    timeline = made_timeline(at(0, 4), at(5, 4))
    before = timeline.to_json_string()
    written(timeline)
    assert timeline.to_json_string() == before


def test_a_turnover_for_premiere_is_the_edit_with_its_cues(tmp_path: Path) -> None:
    reel = Path(packaged.REEL) / "The Crossing R1.fcpxml"
    made = turnover(reel, tmp_path / "out", application="premiere", date="2026-01-01")
    (xml,) = (file.path for file in made.files if file.path.suffix == ".xml")
    timeline, _ = postsync.read(xml)
    assert made.cues == sum("{adr=" in plain.comment for _, plain in timeline_markers(timeline)) > 0


def test_a_fade_between_frames_is_rounded_aloud() -> None:
    report = Report()
    (found,) = clips(back(made_timeline(at(0, 4, clip=made_clip(fade_in=Fade(Fraction(1, 2))))), report))
    assert found.facts.fade_in is not None and found.facts.fade_in.duration == Fraction(13, 25)
    assert [loss.code for loss in report] == ["time-rounded"]


def test_an_end_between_frames_is_rounded_aloud() -> None:
    report = Report()
    (one,) = clips(back(made_timeline(at(1, Fraction(1, 48000))), report))
    assert (one.record_in, one.duration) == (1, Fraction(1, 25))
    assert [loss.moved_by for loss in report if loss.code == "time-rounded"] == [Fraction(1, 25) - Fraction(1, 48000)]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_clip_of_no_length_is_left_out_aloud_and_does_not_become_a_frame(profile: str) -> None:
    report = Report()
    timeline = made_timeline(at(1, 1))
    timeline.tracks[0].insert(1, otio.schema.Clip("nothing", source_range=to_time_range(Fraction(0), Fraction(0))))
    assert [one.clip.name for one in clips(back(timeline, report, profile=profile))] == ["12A-3"] * (
        2 if profile == "final-cut-7" else 1
    )
    assert [loss.facts["name"] for loss in report if loss.code == "clip-below-frame"] == ["nothing"]
