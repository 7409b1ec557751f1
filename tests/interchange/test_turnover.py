"""A turnover is complete or not there, everything in it arrives, and the right sample of the right file sounds."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from click.testing import CliRunner

import postsync
from adapters.aaf_player import Player
from null_test import null_test
from postsync import demo as packaged
from postsync import verbs
from postsync.cli import main
from postsync.delivery import APPLICATIONS, served
from postsync.errors import CannotWrite, MediaError, PostsyncError, RateError, UnknownOption
from postsync.formats.conversion import recognise
from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    TimelineFacts,
    build_track,
    placed_tracks,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_cues,
)
from postsync.sound import path_from_url, read_facts
from postsync.timing import as_rate, to_time_range
from postsync_adapters import formats

DEMO = Path(packaged.REEL) / "The Crossing R1.fcpxml"

SAMPLED = [
    "fcpxml/23.98.fcpxml",
    "fcpxml/29.97d.fcpxml",
    "fcpxml/24With25Media.fcpxml",
    "fcpxml/AudioOnly.fcpxml",
    "fcpxml/SyncClipRoles.fcpxml",
    "fcpxml/MulticamSample.fcpxml",
    "fcpxml/otio_fcpx_project.fcpxml",
    "fcpxml/resolve_1.8_mixed_rate_connected.fcpxml",
    "resolve/otio/picchu_effects.otio",
    "aaf/libaaf/PT_Fades.aaf",
    "aaf/libaaf/DR_Mono_Clip_Positioning.aaf",
    "edl/pycmx/test_25.edl",
]
"""Of every kind one; `python benchmarks/turnovers.py` runs all of the corpus."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return verbs.demo(tmp_path_factory.mktemp("demo"))


def files(made):
    return {file.what: file.path for file in made.files}


def nested_reel(path: Path, speed: float | None = None) -> Path:
    """A nest within a nest, used from its second second on, so that its first clip is heard from within; at a speed."""
    fps = 24
    inner = build_track("inner", "Audio", [nested_clip(1, 0), nested_clip(2, 4)], [fps])
    nest = otio.schema.Stack("Scene 12", [inner])
    for name in ("Scene 12", "Reel"):
        nest = otio.schema.Stack(name, [otio.schema.Track(name, [nest], kind="Audio")])
    nest.source_range = to_time_range(Fraction(2), Fraction(5), fps)
    if speed is not None:
        nest.effects.append(otio.schema.LinearTimeWarp(time_scalar=speed))
    timeline = otio.schema.Timeline("nested")
    put_timeline_facts(timeline, TimelineFacts(as_rate(fps), 86400, sample_rate=48000))
    timeline.tracks.append(build_track("DX", "Audio", [Laid(nest, Fraction(1), Fraction(5), Fraction(2))], [fps]))
    postsync.write(timeline, path)
    return path


def nested_clip(number: int, at: int) -> Laid:
    reference = otio.schema.ExternalReference(f"file:///x/{number}.wav", to_time_range(Fraction(0), Fraction(60)))
    put_media_facts(reference, MediaFacts(name=f"{number}.wav", channels=number, sample_rate=48000, bits=24))
    clip = otio.schema.Clip(f"take {number}", reference)
    put_clip_facts(clip, ClipFacts(channels=tuple(range(1, number + 1))))
    return Laid(clip, Fraction(at), Fraction(4), Fraction(10 * number))


@pytest.mark.parametrize("mode", ["copy", "embed", "link"])
def test_the_first_clip_of_a_nest_that_is_used_from_within_sounds_where_it_did(tmp_path, mode):
    outcome = null_test(nested_reel(tmp_path / "nested.otio"), tmp_path, mode=mode)
    assert (outcome.right, outcome.faults) == (3, [])


@pytest.mark.parametrize(
    ("speed", "places"),
    [
        (2.0, [("take 1", 1, 1, 12, 2), ("take 2", 2, 2, 20, 2)]),
        (0.5, [("take 1", 1, 4, 12, Fraction(1, 2)), ("take 2", 5, 1, 20, Fraction(1, 2))]),
        (-1.0, [("take 2", 1, 3, 20, -1), ("take 1", 4, 2, 12, -1)]),
        (0.0, [("take 1", 1, 5, 12, 0)]),
    ],
)
def test_what_lies_in_a_nest_of_another_speed_plays_at_that_speed_where_it_does(tmp_path, speed, places):
    timeline, _ = postsync.read(nested_reel(tmp_path / "nested.otio", speed))
    (track,) = placed_tracks(timeline, "audio")
    clips = sorted(track.clips, key=lambda clip: clip.record_in)
    assert [(one.clip.name, one.record_in, one.duration, one.source_in, one.facts.speed) for one in clips] == places


@pytest.mark.parametrize("profile", ["media-composer", "pro-tools"])
def test_a_nest_of_another_speed_sounds_right_or_is_said_to_run_at_its_own(tmp_path, profile):
    outcome = null_test(nested_reel(tmp_path / "nested.otio", 2.0), tmp_path, profile=profile)
    assert (outcome.right, outcome.faults) == (3, [])
    retimed = [loss for loss in outcome.made.report if loss.code == "clip-retimed"]
    assert len(retimed) == (3 if profile == "pro-tools" else 0)


def test_handles_in_frames_are_frames_of_the_timeline(tmp_path):
    made = CliRunner().invoke(main, ["turnover", str(DEMO), "--into", str(tmp_path / "R1"), "--handles", "12f"])
    assert made.exit_code == 0, made.output
    timeline, _ = postsync.read(tmp_path / "R1" / "The Crossing R1.aaf")
    heads = [clip.source_in for track in placed_tracks(timeline, "audio") for clip in track.clips]
    assert max(heads) == Fraction(12 * 1001, 24000)


def test_only_one_of_the_ways_to_take_sound_along_can_be_asked_for(tmp_path):
    made = CliRunner().invoke(main, ["turnover", str(DEMO), "--into", str(tmp_path / "R1"), "--embed", "--link"])
    assert (made.exit_code, (tmp_path / "R1").exists()) == (2, False)
    assert "choose one of --embed, --link and --copy-media" in made.output


@pytest.mark.parametrize("mode", ["copy", "embed", "link"])
def test_the_right_sample_of_the_demo_sounds(tmp_path, mode):
    alone = shutil.copy(DEMO, tmp_path)
    outcome = null_test(Path(alone), tmp_path, mode=mode)
    assert (outcome.right, outcome.faults) == (outcome.clips, [])
    assert outcome.clips == 4


WAYS = [
    ("media-composer", "native", "copy"),
    ("media-composer", "mono", "embed"),
    ("media-composer", "native", "link"),
    ("resolve", "native", "embed"),
    ("resolve", "native", "link"),
    ("generic", "native", "copy"),
    ("generic", "mono", "link"),
    ("pro-tools", "native", "embed"),
]
"""Of every application, way of channels and way of media some; `python benchmarks/turnovers.py --all` goes through all."""


@pytest.mark.parametrize(("profile", "channels", "mode"), WAYS)
def test_the_right_sample_sounds_for_every_application(corpus, tmp_path, profile, channels, mode):
    source = corpus / "fcpxml" / "AudioOnly.fcpxml"
    outcome = null_test(source, tmp_path, mode=mode, profile=profile, channels=channels, checked=True)
    assert (outcome.right, outcome.faults) == (outcome.clips, [])
    assert outcome.clips == 10


@pytest.mark.parametrize("name", SAMPLED)
def test_the_right_sample_of_a_real_timeline_sounds(corpus, tmp_path, name):
    outcome = null_test(corpus / name, tmp_path)
    assert (outcome.right, outcome.faults) == (outcome.clips, [])
    assert outcome.clips > 0


def test_the_demo_makes_a_complete_folder(demo):
    assert set(files(demo)) == {
        "sound and cue markers", "cue markers", "cue sheet", "cue table", "the work", "cue records", "report",
    }  # fmt: skip
    assert all(path.stat().st_size > 0 for path in files(demo).values())
    assert (demo.clips, demo.cues, demo.sound_files) == (4, 5, 4)
    assert len(packaged.summary(demo)) == 6


def test_copied_sound_keeps_its_stamp_scene_and_take(demo):
    facts = read_facts(demo.folder / "Audio Files" / "12A-T3_Boom.wav")
    original = read_facts(DEMO.parent / "12A-T3_Boom.wav")
    assert facts.time_reference == original.time_reference
    assert (facts.scene, facts.take, facts.tape) == ("12A", "3", "24Y11M23")


def test_another_reader_finds_the_clips_of_the_demo_at_the_same_samples(demo):
    theirs = otio.adapters.read_from_file(str(files(demo)["sound and cue markers"]), adapter_name="AAF")
    found = [
        (
            track.name,
            clip.name,
            round(clip.transformed_time(clip.trimmed_range().start_time, theirs.tracks).to_seconds() * 48000),
        )
        for track in theirs.tracks
        for clip in track.find_clips()
    ]
    frame = 2002
    assert sorted(found) == [
        ("Dialogue Boom", "12A-T3_Boom", 0),
        ("Dialogue Boom", "12B-T1_Boom", 60 * frame),
        ("Dialogue Boom", "14-T5_Boom", 108 * frame),
        ("Dialogue Rosa", "12A-T3_Rosa", 0),
    ]


def test_every_cue_of_the_demo_is_a_marker_of_the_aaf_on_its_frame(demo):
    with Player(files(demo)["sound and cue markers"]) as player:
        (slot,) = [slot for slot in player.composition.slots if slot.media_kind == "DescriptiveMetadata"]
        marks = [(mark["Position"].value, mark["Comment"].value) for mark in slot.segment.components]
    assert [position for position, _ in marks if _ != "Fix colour on this shot"][:5] == [8, 34, 70, 120, 150]
    assert any("ЮРИЙ: Никто не придёт. <beat> Nobody." in text for _, text in marks)


def test_every_cue_reads_back_from_each_carrier_with_its_uid(demo):
    work, _ = postsync.read(files(demo)["the work"])
    uids = [cue.uid for cue in timeline_cues(work)]
    for what in ("cue markers", "cue table", "cue records"):
        again = verbs.cues(files(demo)[what], rate=postsync.Rate.of(Fraction(24000, 1001)))
        assert [row.uid for row in again.rows] == uids, what
        assert [row.tc_in for row in again.rows] == [row.tc_in for row in verbs.cues(files(demo)["the work"]).rows], (
            what
        )


def test_a_second_turnover_makes_the_same_bytes(tmp_path):
    made = [verbs.demo(tmp_path / "d") for _ in range(2) if not shutil.rmtree(tmp_path / "d", ignore_errors=True)]
    first = {file.path.name: file.path.read_bytes() for file in made[0].files}
    assert {file.path.name: file.path.read_bytes() for file in made[1].files} == first


def test_missing_media_are_listed_with_the_folders_searched(tmp_path):
    source = tmp_path / "R1.fcpxml"
    shutil.copyfile(DEMO, source)
    (tmp_path / "sound").mkdir()
    made = verbs.turnover(source, tmp_path / "out", search=[tmp_path / "sound"])
    assert len(made.media_missing) == 4
    assert all(str(tmp_path / "sound") in " ".join(tried) for _, tried in made.media_missing)
    assert "Missing media, and where they were looked for" in files(made)["report"].read_text(encoding="utf-8")
    assert [loss.code for loss in made.report.of_level("loss")].count("media-missing") == 4


def test_missing_media_name_folders_not_every_path_that_was_tried(tmp_path):
    made = verbs.turnover(Path(shutil.copy(DEMO, tmp_path)), tmp_path / "out", search=[tmp_path])
    assert {len(tried) for _, tried in made.media_missing} == {3}


def test_media_without_sound_are_named_as_such(tmp_path):
    shutil.copytree(DEMO.parent, tmp_path / "reel")
    (tmp_path / "reel" / "14-T5_Boom.wav").unlink()
    (tmp_path / "reel" / "14-T5_Boom.mp3").write_bytes(b"ID3\x04" + bytes(200))
    made = verbs.turnover(tmp_path / "reel" / DEMO.name, tmp_path / "out")
    assert [Path(loss.facts["media"]).name for loss in made.report if loss.code == "media-unreadable"] == [
        "14-T5_Boom.mp3"
    ]


def test_sound_of_another_rate_begins_where_its_samples_meet_those_of_the_session(corpus, tmp_path):
    outcome = null_test(corpus / "xmeml" / "premiere_mixed_rates_from_fcp.xml", tmp_path)
    assert (outcome.clips, outcome.right, outcome.faults) == (128, 128, [])
    stamps = [read_facts(path).time_reference for path in sorted((tmp_path / "turnover" / "Audio Files").glob("*.wav"))]
    assert all(stamp % 147 == 0 for stamp in stamps)  # 147 samples at 44.1 kHz last as long as 160 at 48 kHz


def test_the_silence_of_a_list_is_no_missing_file(tmp_path):
    source = tmp_path / "black.edl"
    source.write_text(
        "TITLE: BLACK\nFCM: NON-DROP FRAME\n\n"
        "001  BL       AA    C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
        "002  A001     AA    C        01:00:00:00 01:00:02:00 01:00:02:00 01:00:04:00\n"
        "* FROM CLIP NAME: TAKE 1.MOV\n"
    )
    made = verbs.turnover(source, tmp_path / "out", options={"rate": "25"})
    assert [name for name, _ in made.media_missing] == ["TAKE 1.MOV"]


class TestCuesFromAnotherFile:
    def marker_list(self, tmp_path, start="01:00:02:00", fcm="NON-DROP FRAME"):
        path = tmp_path / "markers.edl"
        path.write_text(
            f"TITLE: R1\nFCM: {fcm}\n\n001  001      V     C        {start} 01:00:02:01 {start} 01:00:02:01  \n"
            " Wait for me |C:ResolveColorRed |M:R201 ROSA |D:20\n",
            encoding="utf-8",
        )
        return path

    def test_they_join_the_picture_by_timecode(self, tmp_path):
        made = verbs.turnover(DEMO, tmp_path / "out", cues=self.marker_list(tmp_path))
        rows = verbs.cues(files(made)["the work"]).rows
        assert [(row.number, row.tc_in, row.tc_out) for row in rows if row.number == "R201"] == [
            ("R201", "01:00:02:00", "01:00:02:20")
        ]

    def test_cues_that_the_timeline_holds_already_are_joined_and_the_report_says_how_many(self, tmp_path):
        lists = {"avid_markers": "R1.txt", "fcpxml": "again.fcpxml"}
        for number, (as_format, name) in enumerate(lists.items()):
            verbs.convert(DEMO, tmp_path / name, as_format=as_format)
            made = verbs.turnover(DEMO, tmp_path / f"out {number}", cues=tmp_path / name)
            told = [loss.sentence() for loss in made.report if loss.code == "cues-joined"]
            assert told == [f"5 of 5 cues of {name} were in the timeline already and were joined"]
            rows = verbs.cues(files(made)["the work"]).rows
            assert [row.number for row in rows] == ["R101", "R102", "R103", "R104", "R105"], as_format

    def test_their_file_wins_in_what_it_states_and_the_rest_of_the_cue_stays(self, tmp_path):
        verbs.convert(DEMO, tmp_path / "R1.edl", as_format="resolve_marker_edl", options={"tags": "none"})
        text = (tmp_path / "R1.edl").read_text(encoding="utf-8")
        (tmp_path / "R1.edl").write_text(text.replace("the boat would wait", "the ferry would wait"), encoding="utf-8")
        made = verbs.turnover(DEMO, tmp_path / "out", cues=tmp_path / "R1.edl")
        cue = timeline_cues(postsync.read(files(made)["the work"])[0])[0]
        assert (cue.line, cue.reasons) == ("You said the ferry would wait.", ("plane overhead",))
        (told,) = [loss for loss in made.report if loss.code == "cue-joined-field"]
        assert told.facts["was"] == "You said the boat would wait."

    @pytest.mark.parametrize("written", ["timeline", "list"])
    def test_a_uid_that_was_written_down_outlives_one_that_was_made_up_just_now(self, tmp_path, written):
        tags = {"timeline": {"tags": "uid"}, "list": {"tags": "none"}}
        one, other = (tags["timeline"], tags["list"]) if written == "timeline" else (tags["list"], tags["timeline"])
        verbs.convert(DEMO, tmp_path / "R1.fcpxml", options=one)
        verbs.convert(DEMO, tmp_path / "R1.edl", as_format="resolve_marker_edl", options=other)
        tagged = tmp_path / ("R1.fcpxml" if written == "timeline" else "R1.edl")
        made = verbs.turnover(tmp_path / "R1.fcpxml", tmp_path / "out", cues=tmp_path / "R1.edl")
        uids = [row.uid for row in verbs.cues(files(made)["the work"]).rows]
        assert uids == [row.uid for row in verbs.cues(tagged).rows]

    def test_one_that_may_be_a_cue_of_the_timeline_is_kept_apart_and_named(self, tmp_path):
        path = self.marker_list(tmp_path)
        path.write_text(path.read_text().replace("R201 ROSA", "R102 ROSA"))
        made = verbs.turnover(DEMO, tmp_path / "out", cues=path)
        assert [loss.where for loss in made.report if loss.code == "merge-unsure"] == ["R102"]
        rows = verbs.cues(files(made)["the work"]).rows
        assert [(row.character, row.line) for row in rows if row.number == "R102"][1] == ("ROSA", "Wait for me")

    def test_a_marker_that_is_no_cue_and_stands_in_both_files_is_one(self, tmp_path):
        verbs.convert(DEMO, tmp_path / "R1.edl", as_format="resolve_marker_edl")
        made = verbs.turnover(DEMO, tmp_path / "out", cues=tmp_path / "R1.edl")
        markers = postsync.read(files(made)["the work"])[0].tracks.markers
        assert [marker.name for marker in markers].count("Fix colour on this shot") == 1
        assert len(markers) == 6

    def test_a_file_given_as_cues_in_which_none_reads_as_one_is_taken_whole(self, tmp_path):
        path = self.marker_list(tmp_path)
        path.write_text(path.read_text().replace("R201 ROSA", "Marker 1").replace("Wait for me", "redo"))
        made = verbs.turnover(DEMO, tmp_path / "out", cues=path)
        assert "01:00:02:00" in [row.tc_in for row in verbs.cues(files(made)["the work"]).rows]
        assert "no-marker-is-a-cue" not in [loss.code for loss in made.report]

    def test_cues_that_lie_elsewhere_are_refused(self, tmp_path):
        with pytest.raises(RateError, match="none of the cues lies in this picture"):
            verbs.turnover(DEMO, tmp_path / "out", cues=self.marker_list(tmp_path, "05:00:02:00"))
        assert not (tmp_path / "out").exists()

    def test_another_rate_is_refused_in_one_sentence(self, tmp_path):
        work = tmp_path / "pal.otio"
        timeline = otio.schema.Timeline("pal", global_start_time=otio.opentime.RationalTime(90000, 25))
        postsync.write(timeline, work)
        with pytest.raises(RateError, match=r"another rate than the picture, expected 23[.]976, found 25"):
            verbs.turnover(DEMO, tmp_path / "out", cues=work)

    def test_another_start_is_refused_in_one_sentence(self, tmp_path):
        work = tmp_path / "other.otio"
        rate = 24000 / 1001
        postsync.write(otio.schema.Timeline("x", global_start_time=otio.opentime.RationalTime(0, rate)), work)
        with pytest.raises(RateError, match="another timecode than the picture"):
            verbs.turnover(DEMO, tmp_path / "out", cues=work)


class TestWhatGoesWrong:
    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"<html/>", "named as FCPXML"),
            (DEMO.read_bytes()[:900], "not well-formed"),
            (DEMO.read_bytes().replace(b"<!DOCTYPE fcpxml>", b'<!DOCTYPE fcpxml [<!ENTITY a "b">]>'), "entit"),
        ],
    )
    def test_a_broken_file_is_one_sentence_and_leaves_no_folder(self, tmp_path, content, word):
        source = tmp_path / "broken.fcpxml"
        source.write_bytes(content)
        with pytest.raises(PostsyncError, match=word) as caught:
            verbs.turnover(source, tmp_path / "out")
        assert "\n" not in str(caught.value) and str(source) in str(caught.value)
        assert not (tmp_path / "out").exists()

    def test_a_folder_that_cannot_be_made_is_one_sentence(self, tmp_path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(CannotWrite, match="cannot make this folder"):
            verbs.turnover(DEMO, tmp_path / "file" / "out")

    def test_a_failure_half_way_takes_away_what_was_made_and_keeps_the_rest(self, tmp_path, monkeypatch):
        from postsync.delivery import turnover as module

        def fail(*_: object, **__: object) -> None:
            raise CannotWrite("no space left on device")

        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine.txt").write_text("keep")
        monkeypatch.setattr(module, "write_file", fail)
        with pytest.raises(CannotWrite):
            verbs.turnover(DEMO, tmp_path / "out")
        assert [path.name for path in (tmp_path / "out").rglob("*")] == ["mine.txt"]

    def test_an_application_that_we_do_not_serve_lists_those_that_we_do(self, tmp_path):
        with pytest.raises(UnknownOption, match="pro-tools"):
            verbs.turnover(DEMO, tmp_path / "out", application="tape")

    def test_an_unreadable_recording_is_reported_not_fatal(self, tmp_path):
        shutil.copytree(DEMO.parent, tmp_path / "reel")
        (tmp_path / "reel" / "14-T5_Boom.wav").write_bytes(b"RIFF")
        made = verbs.turnover(tmp_path / "reel" / DEMO.name, tmp_path / "out")
        assert [loss.code for loss in made.report.of_level("loss") if "14-T5" in loss.sentence()] == [
            "media-unreadable"
        ]
        with pytest.raises(MediaError):
            read_facts(tmp_path / "reel" / "14-T5_Boom.wav")


def test_hostile_text_arrives_intact_and_inert(tmp_path):
    hostile = ['<script>alert("x")</script>', '=1+1"', "שלום עולם", "你好，等等我", "a & b < c 'd'"]
    body = DEMO.read_text(encoding="utf-8")
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for text in hostile]
    for number, text in enumerate(escaped):
        marker = f'<marker start="3600s" duration="1001/24000s" value="R9{number} ROSA: {text}" completed="0"/>'
        gap = f'<gap offset="0s" start="3600s" duration="1001/24000s">{marker}</gap>'
        body = body.replace("</spine>", f"{gap}</spine>", 1)
    source = tmp_path / "hostile.fcpxml"
    source.write_text(body, encoding="utf-8")
    made = verbs.turnover(source, tmp_path / "out", search=[DEMO.parent], all_markers=True)
    kept = json.loads(files(made)["cue records"].read_text(encoding="utf-8"))
    assert set(hostile) <= {cue["line"] for cue in kept["cues"]}
    page = files(made)["cue sheet"].read_text(encoding="utf-8")
    assert "<script>alert" not in page and "你好，等等我" in page and "שלום עולם" in page
    table = files(made)["cue table"].read_text(encoding="utf-8-sig")
    assert ",=1+1" not in table and ',"=1+1' not in table


# ---------------------------------------------------------------------------------------------- for each application


@pytest.mark.parametrize("application", served())
def test_each_application_gets_all_the_files_of_its_row_and_each_reads_back(application, tmp_path):
    reel = packaged.unpack_example(tmp_path)
    made = verbs.turnover(reel, tmp_path / "out", application=application, project=packaged.PROJECT, date="2026-01-01")
    there = [one.path.name for one in made.files]
    for one in APPLICATIONS[application]:
        path = next((made.folder / name for name in there if name.endswith(one.suffix)), None)
        assert path is not None or one.extra, one.format
        if path is not None and formats()[one.format].read is not None:
            assert recognise(path).name == one.format
            cues = verbs.cues(path, rate=postsync.Rate.of(Fraction(24000, 1001))).rows
            assert len(cues) == made.cues or one.format == "ale", one.format


@pytest.mark.parametrize("application", sorted(set(APPLICATIONS) - set(served())))
def test_a_row_whose_format_is_not_there_yet_is_refused_in_one_sentence(application, tmp_path):
    reel = packaged.unpack_example(tmp_path)
    done = CliRunner().invoke(main, ["turnover", str(reel), "--for", application, "--into", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "which we do not write" in done.stderr
    assert not (tmp_path / "out").exists()


def test_every_application_of_the_command_has_a_row():
    assert set(APPLICATIONS) == {
        "pro-tools", "media-composer", "premiere", "nuendo", "logic", "resolve", "final-cut", "reaper", "recording"
    }  # fmt: skip


@pytest.mark.parametrize("application", ["premiere", "final-cut"])
def test_media_that_stay_where_they_are_are_reached_from_the_folder_of_the_turnover(tmp_path, application):
    made = verbs.turnover(DEMO, tmp_path / "out", application=application)
    edit = next(file.path for file in made.files if file.path.suffix in (".xml", ".fcpxml"))
    urls = {clip.media_reference.target_url for clip in verbs.opened(edit).choose(None).find_clips()}
    paths = {Path(path_from_url(url)) for url in urls if url}
    assert len(paths) == 7 and all(path.is_absolute() for path in paths)
    assert {path.name for path in paths if not path.is_file()} == {"12A-3.mov", "12B-1.mov", "14-5.mov"}
    assert sorted(name for name, _ in made.media_missing) == ["12A-3.mov", "12B-1.mov", "14-5.mov"]


def test_pictures_beside_the_timeline_are_stated_whole_in_the_aaf(tmp_path):
    shutil.copytree(DEMO.parent, tmp_path / "reel")
    (tmp_path / "reel" / "12A-3.mov").write_bytes(b"")
    verbs.turnover(tmp_path / "reel" / DEMO.name, tmp_path / "out", application="media-composer")
    clips = verbs.opened(next((tmp_path / "out").glob("*.aaf"))).choose(None).find_clips()
    paths = {path_from_url(clip.media_reference.target_url) for clip in clips}
    assert str(tmp_path / "reel" / "12A-3.mov") in paths


def test_a_file_of_another_ending_is_not_put_in_place_of_a_picture(tmp_path):
    shutil.copytree(DEMO.parent, tmp_path / "reel")
    (tmp_path / "reel" / "12A-3.wav").write_bytes(b"")
    made = verbs.turnover(tmp_path / "reel" / DEMO.name, tmp_path / "out", application="premiere")
    edit = next(file.path for file in made.files if file.path.suffix == ".xml")
    urls = {clip.media_reference.target_url for clip in verbs.opened(edit).choose(None).find_clips()}
    assert any(url.endswith("12A-3.mov") for url in urls if url)
    assert not any(url.endswith("12A-3.wav") for url in urls if url)


def test_resolves_own_timeline_states_every_file_from_the_root(tmp_path):
    verbs.turnover(DEMO, tmp_path / "R", application="resolve")
    (made,) = (tmp_path / "R").glob("*.resolve.otio")
    urls = {str(clip.url) for track in placed_tracks(postsync.read(made)[0]) for clip in track.clips}
    assert len(urls) == 7 and all(Path(url).is_absolute() for url in urls)
    assert sum(Path(url).is_file() for url in urls) == 4  # the reel has no pictures
