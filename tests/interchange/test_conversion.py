"""Choosing a format by content, refusing with one sentence, writing whole or not at all."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest

import postsync
from postsync import verbs
from postsync.errors import AmbiguousFormat, CannotWrite, PostsyncError, UnknownFormat, UnknownOption
from postsync.formats import Feature, conversion, used_features, whole_file
from postsync.formats.format import make_options
from postsync.model import (
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_marker,
    placed_tracks,
    put_timeline_facts,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters import format_modules, formats


def reel(name="R1"):
    timeline = otio.schema.Timeline(name)
    facts = TimelineFacts(as_rate("29.97 DF"), 107892)
    put_timeline_facts(timeline, facts)
    cue = Cue(uid="7KQ2M9XD", number="R106", record_in=30, record_out=90, line="Hold there!", note="ask Anna")
    timeline.tracks.markers.append(cue_marker(cue, facts))
    return timeline


def test_a_work_keeps_everything(tmp_path):
    path = tmp_path / "reel.otio"
    assert len(postsync.write(reel(), path)) == 0
    again, report = postsync.read(path)
    assert len(report) == 0
    assert used_features(again) == used_features(reel())
    assert again.metadata["postsync"]["drop_frame"] is True


def test_what_a_file_does_not_hold_of_a_cue_is_named_field_by_field(tmp_path):
    report = postsync.write(reel(), tmp_path / "reel.mid")
    assert [(loss.code, loss.facts["field"]) for loss in report] == [("cue-field-not-carried", "note")]
    assert len(postsync.write(reel(), tmp_path / "reel.mid", options={"tags": "full"})) == 0


def test_what_a_format_has_no_place_for_is_named_before_it_is_written(tmp_path):
    timeline = reel()
    timeline.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name="Fix colour", colour="green")))
    report = postsync.write(timeline, tmp_path / "reel.csv")
    features = [loss.facts["feature"] for loss in report if loss.code == "feature-not-carried"]
    assert features == ["1 marker", "1 marker colour"]


def test_cues_without_any_clips_become_the_list_of_markers_where_a_suffix_is_shared(tmp_path):
    postsync.write(reel(), tmp_path / "WORK.cues.json")
    assert verbs.convert(tmp_path / "WORK.cues.json", tmp_path / "out.edl").written_as == "resolve_marker_edl"
    assert b"|M:R106" in (tmp_path / "out.edl").read_bytes()
    postsync.write(reel(), tmp_path / "mine.edl")
    assert b"|C:ResolveColor" in (tmp_path / "mine.edl").read_bytes()


def test_the_whole_list_is_written_for_cues_alone_where_it_is_asked_for(tmp_path):
    postsync.write(reel(), tmp_path / "WORK.cues.json")
    source, target = tmp_path / "WORK.cues.json", tmp_path / "out.edl"
    assert verbs.convert(source, target, as_format="edl").written_as == "edl"
    assert verbs.convert(source, target, options={"dialect": "file32"}).written_as == "edl"


def test_a_file_that_nobody_knows_lists_what_we_read(tmp_path):
    path = tmp_path / "notes.xyz"
    path.write_bytes(b"\x00\x01\x02 nothing")
    with pytest.raises(UnknownFormat, match=r"we read .*OpenTimelineIO"):
        postsync.read(path)


def test_a_folder_is_called_one_and_its_files_are_named(tmp_path):
    for name in ("R1.edl", "R2.otio", "notes.docx", ".R3.otio"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(
        UnknownFormat, match=r"this is a folder, expected a file; name one of those in it: R1.edl, R2.otio$"
    ):
        postsync.read(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnknownFormat, match="this is a folder, expected a file; name a file that we read"):
        postsync.read(tmp_path / "empty")


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(UnknownFormat, match="no such file"):
        postsync.read(tmp_path / "gone.otio")


def test_an_unknown_suffix_for_writing_asks_for_the_format(tmp_path):
    with pytest.raises(UnknownFormat, match="--as"):
        postsync.write(reel(), tmp_path / "reel.xyz")


def test_a_format_that_is_only_read_says_so(tmp_path):
    with pytest.raises(CannotWrite, match="read but not written"):
        postsync.write(reel(), tmp_path / "x.json", as_format="resolve_snapshot")


def test_an_option_that_a_format_does_not_have_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownOption, match=r"it has: .*tags"):
        postsync.write(reel(), tmp_path / "reel.mid", options={"tagz": "none"})
    with pytest.raises(UnknownOption, match="none or uid or full"):
        postsync.write(reel(), tmp_path / "reel.mid", options={"tags": "some"})


def test_several_timelines_are_listed_and_one_is_chosen_by_name(tmp_path):
    collection = otio.schema.SerializableCollection("both", [reel("R1"), reel("R2")])
    path = tmp_path / "both.otio"
    path.write_text(otio.adapters.otio_json.write_to_string(collection))
    with pytest.raises(UnknownOption, match="'R1', 'R2'"):
        postsync.read(path)
    assert postsync.read(path, timeline="R2")[0].name == "R2"


def test_a_tie_is_settled_by_the_suffix_and_else_named(tmp_path, monkeypatch):
    from dataclasses import replace

    twin = replace(formats()["otio"], name="otio_twin", suffixes=(".twin",))
    monkeypatch.setattr(conversion, "formats", lambda: {"otio": formats()["otio"], "otio_twin": twin})
    postsync.write(reel(), tmp_path / "reel.otio")
    assert conversion.recognise(tmp_path / "reel.otio").name == "otio"
    (tmp_path / "reel.otio").rename(tmp_path / "reel.data")
    with pytest.raises(AmbiguousFormat, match="otio or otio_twin"):
        conversion.recognise(tmp_path / "reel.data")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "reel.otio"
    path.write_text("the old one")
    with pytest.raises(RuntimeError), whole_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_text() == "the old one"
    assert [one.name for one in tmp_path.iterdir()] == ["reel.otio"]


def test_a_folder_that_is_missing_or_read_only_is_one_sentence(tmp_path):
    with pytest.raises(CannotWrite, match="cannot write here"):
        postsync.write(reel(), tmp_path / "none" / "reel.otio")


def test_a_foreign_exception_becomes_ours_with_the_original_as_cause(tmp_path):
    path = tmp_path / "reel.otio"
    path.write_text('{"OTIO_SCHEMA": "Timeline.1", "tracks": 3}')
    with pytest.raises(PostsyncError) as caught:
        postsync.read(path)
    assert str(path) in str(caught.value)


def test_of_several_timelines_of_one_name_each_can_be_chosen(tmp_path):
    one, two, other = (otio.schema.Timeline(name) for name in ("R1", "R1", "R1 (2)"))
    opened = conversion.Opened(tmp_path, formats()["otio"], [one, two, other])
    chosen = [opened.choose(name) for name in ("R1", "R1 (3)", "R1 (2)")]
    assert all(found is wanted for found, wanted in zip(chosen, (one, two, other), strict=True))
    with pytest.raises(UnknownOption, match=r"'R1', 'R1 \(3\)', 'R1 \(2\)'"):
        opened.choose()


def test_an_option_of_yes_or_no_says_so():
    with pytest.raises(UnknownOption, match="option clips, expected yes or no, found 'maybe'"):
        make_options(formats()["fcpxml"].read_options, {"clips": "maybe"}, "fcpxml")


def clip_of_two_seconds(name, rate=25):
    at = otio.opentime.RationalTime
    return otio.schema.Clip(name, source_range=otio.opentime.TimeRange(at(0, rate), at(2 * rate, rate)))


def test_clips_that_stand_in_a_stack_without_a_track_are_read(tmp_path):
    nest = otio.schema.Stack("nest", children=[clip_of_two_seconds("inner")])
    timeline = otio.schema.Timeline("R1")
    timeline.tracks.append(clip_of_two_seconds("top"))
    timeline.tracks.append(otio.schema.Track("A1", kind="Audio", children=[nest]))
    otio.adapters.write_to_file(timeline, str(tmp_path / "bare.otio"))
    again, _ = postsync.read(tmp_path / "bare.otio")
    found = [(track.kind, clip.clip.name, clip.duration) for track in placed_tracks(again) for clip in track.clips]
    assert found == [("video", "top", 2), ("audio", "inner", 2)]


def test_the_rate_of_a_timeline_with_nothing_but_nests_is_that_of_their_clips(tmp_path):
    inner = otio.schema.Track("A1", kind="Audio", children=[clip_of_two_seconds("inner", 30)])
    timeline = otio.schema.Timeline("R1")
    nest = otio.schema.Stack("nest", children=[inner])
    timeline.tracks.append(otio.schema.Track("A1", kind="Audio", children=[nest]))
    otio.adapters.write_to_file(timeline, str(tmp_path / "nests.otio"))
    assert timeline_facts(postsync.read(tmp_path / "nests.otio")[0]).rate.fps == 30


def test_a_rate_that_is_given_is_enough_where_a_timeline_shows_none(tmp_path):
    otio.adapters.write_to_file(otio.schema.Timeline("empty"), str(tmp_path / "empty.otio"))
    assert timeline_facts(postsync.read(tmp_path / "empty.otio", rate=as_rate("24"))[0]).rate.fps == 24


def test_every_format_is_an_adapter_of_opentimelineio_under_a_name_of_ours():
    names = otio.adapters.available_adapter_names()
    assert {fmt.otio_name for fmt in formats().values()} <= set(names)
    for name, module in format_modules().items():
        adapter = otio.adapters.from_name(f"postsync_{name}")
        assert adapter.module().FORMAT is module.FORMAT


def test_opentimelineio_reads_and_writes_through_us(tmp_path):
    report = Report()
    otio.adapters.write_to_file(reel(), str(tmp_path / "r.mid"), adapter_name="postsync_midi_markers", report=report)
    again = otio.adapters.read_from_file(str(tmp_path / "r.mid"), adapter_name="postsync_midi_markers")
    assert len(again.tracks.markers) == 1
    assert [loss.code for loss in report] == ["cue-field-not-carried"]


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_record_is_whole(name):
    fmt = formats()[name]
    assert fmt.title and (fmt.read or fmt.write)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in fmt.suffixes)
    assert bool(fmt.reads) == (fmt.read is not None)
    assert bool(fmt.writes) == (fmt.write is not None)


READERS = sorted(name for name, fmt in formats().items() if fmt.read is not None)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "content", [b"", b"\0" * 100, b"{}", b"<", b"[1]", b"\xff\xfe", b'{"OTIO_SCHEMA": 1}', b"RIFF" + b"\xff" * 40]
)
def test_every_reader_refuses_nonsense_with_our_error(name, content, tmp_path):
    path = tmp_path / f"broken{formats()[name].suffixes[0]}"
    path.write_bytes(content)
    try:
        postsync.read(path, from_format=name)
    except PostsyncError as fault:
        assert "\n" not in str(fault) and str(path) in str(fault)


def test_features_are_counted_per_item():
    timeline = reel()
    assert used_features(timeline)[Feature.CUES] == 1
    assert used_features(timeline)[Feature.DROP_FRAME] == 1
