"""What ptulsconv writes: events as JSON, a session as JSON, and its CSV."""

from __future__ import annotations

import dataclasses
import io
import json

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from postsync.cueing import spot
from postsync.errors import FormatError, PostsyncError
from postsync.formats.conversion import recognise
from postsync.model import (
    Character,
    Cue,
    Project,
    TimelineFacts,
    cue_marker,
    placed_tracks,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate, seconds_of_frame
from postsync_adapters.ptulsconv_json import FORMAT, EventReadOptions, EventWriteOptions

RATE = as_rate("23.976")
FACTS = TimelineFacts(RATE, 86400)


def fraction(frame):
    seconds = seconds_of_frame(frame, RATE)
    return {"numerator": seconds.numerator, "denominator": seconds.denominator}


def event(text="Hold there!", first=86448, last=86496, track="ROBIN", **tags):
    return [text, track, "R1 v4", tags, fraction(first), fraction(last)]


def read(rows, report=None, **options):
    data = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    timeline = FORMAT.read(io.BytesIO(data), Report() if report is None else report, EventReadOptions(**options))[0]
    spot(timeline, Project(), Report())
    return timeline


def reel(*cues):
    timeline = otio.schema.Timeline("R1 v4")
    put_timeline_facts(timeline, FACTS)
    put_characters(timeline, [Character("1", "ROBIN", actor="E. Flynn")])
    timeline.tracks.markers.extend(cue_marker(cue, FACTS, "ROBIN") for cue in cues)
    return timeline


CUE = Cue(
    uid="7KQ2M9XD", number="R106", record_in=48, record_out=96, character="1", line="I owe $500 [laughs] {x}",
    reasons=("noise", "AR4"), reason_note="plane", priority=2, uses=("theatrical", "tv"), scene="12 A", reel="R1",
    note="no = yes", extra={"title": "Robin Hood", "supervisor": "N. L."},
)  # fmt: skip


def test_events_with_a_number_are_cues_and_all_of_them_clips():
    timeline = read([event("Music", track="MX"), event(QN="R106", R="noise", TV="TV", Sc="12 A", Title="Robin")])
    (cue,) = timeline_cues(timeline)
    assert (cue.number, cue.line, cue.reasons, cue.uses, cue.scene) == (
        "R106", "Hold there!", ("noise",), ("theatrical", "tv"), "12 A",
    )  # fmt: skip
    assert (cue.record_in, cue.record_out, cue.extra) == (48, 96, {"title": "Robin"})
    assert [track.name for track in placed_tracks(timeline)] == ["MX", "ROBIN"]
    assert [one.name for one in timeline_characters(timeline).values()] == ["ROBIN"]


def test_the_rate_is_the_one_on_whose_frames_the_times_lie():
    report = Report()
    assert timeline_facts(read([event(QN="1", first=86401)], report)).rate == RATE
    assert "rate-found" in {loss.code for loss in report}
    assert timeline_facts(read([event(QN="1")], rate=as_rate(24))).rate == as_rate(24)


def test_what_is_written_is_what_ptulsconv_writes():
    file = io.BytesIO()
    FORMAT.write(reel(CUE), file, Report(), EventWriteOptions(tags="none"))
    ((text, track, session, tags, start, finish),) = json.loads(file.getvalue())
    assert (text, track, session) == ("I owe $500 [laughs] {x}", "ROBIN", "R1 v4")
    assert tags == {
        "Title": "Robin Hood", "Supv": "N. L.", "QN": "R106", "P": "2", "Sc": "12 A", "Reel": "R1", "Note": "no = yes",
        "R": "noise, AR4 (plane)", "Actor": "E. Flynn", "Char": "ROBIN", "TV": "TV",
    }  # fmt: skip
    assert (start, finish) == (fraction(86448), fraction(86496))


@pytest.mark.parametrize("tags", ["none", "uid", "full"])
def test_cues_come_back_as_they_were(tags):
    file = io.BytesIO()
    FORMAT.write(reel(CUE), file, Report(), EventWriteOptions(tags=tags))
    (cue,) = timeline_cues(read(file.getvalue()))
    for name in ("number", "line", "reasons", "reason_note", "priority", "uses", "scene", "reel", "note", "extra"):
        assert getattr(cue, name) == getattr(CUE, name), name
    assert (cue.uid == CUE.uid) == (tags != "none")


@pytest.mark.parametrize(
    "rows", [b"", b"[[", {"a": 1}, [1], [["a", "b"]], [event()[:5]], [[*event()[:4], "x", "y"]], [event(first=5, last=1)]]
)  # fmt: skip
def test_what_is_no_list_of_events_is_refused_in_a_sentence(rows):
    with pytest.raises(FormatError) as refused:
        read(rows)
    assert refused.value.sentence()


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_damaged_file_reads_or_is_refused(data):
    whole = json.dumps([event(QN="R106"), event("Run", 90000, 90100)]).encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    hurt = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 9)) :]
    try:
        read(hurt)
    except PostsyncError as fault:
        assert fault.sentence()


RAW = {
    "header": {
        "session_name": "R1 v4", "sample_rate": 48000.0, "bit_depth": 24, "start_timecode": "01:00:00:00",
        "timecode_fps": "23.976", "timecode_drop_frame": False, "count_audio_tracks": 1, "count_clips": 0, "count_files": 0,
    },
    "files": [], "clips": [], "plugins": [],
    "tracks": [{
        "name": "ROBIN", "comments": "{Actor=E. Flynn}", "user_delay_samples": 0, "state": ["Solo"], "plugins": [],
        "clips": [{
            "channel": 1, "event": 1, "clip_name": "Hold there! $QN=R106", "start_timecode": "01:00:02:00",
            "finish_timecode": "01:00:04:00", "duration": "00:00:02:00", "timestamp": None, "state": "Unmuted",
        }],
    }],
    "markers": [{
        "number": 1, "location": "01:00:01:00", "time_reference": 48048, "units": "Samples", "name": "$Reel=R1", "comments": "",
    }],
}  # fmt: skip


def test_a_session_that_ptulsconv_wrote_as_json_reads_as_its_text_does(tmp_path):
    path = tmp_path / "session.json"
    path.write_text(json.dumps(RAW), encoding="utf-8")
    assert recognise(path).name == "pro_tools_text"
    timeline, _ = postsync.read(path)
    spot(timeline, Project(), Report())
    (cue,) = timeline_cues(timeline)
    assert (cue.number, cue.reel, cue.record_in, cue.record_out) == ("R106", "R1", 48, 96)
    assert [one.actor for one in timeline_characters(timeline).values()] == ["E. Flynn"]
    assert placed_tracks(timeline)[0].facts.soloed
    path.write_text(json.dumps(RAW)[:-20], encoding="utf-8")
    with pytest.raises(FormatError, match="breaks off"):
        postsync.read(path)


def test_its_csv_tells_its_rate_by_labels_and_seconds(tmp_path):
    path = tmp_path / "cues.csv"
    postsync.write(reel(dataclasses.replace(CUE, record_in=53)), path, options={"template": "ptulsconv"})
    assert path.read_text(encoding="utf-8-sig").splitlines()[0] == (
        "Title,Character Name,Cue Number,Reel,Version,Start,Finish,Start Seconds,Finish Seconds,Prompt,Reason,Note,TV"
    )
    timeline, report = postsync.read(path)
    assert timeline_facts(timeline).rate == RATE
    assert "rate-found" in {loss.code for loss in report}
    (cue,) = timeline_cues(timeline)
    assert (cue.number, cue.line, cue.record_in, cue.uses) == ("R106", CUE.line, 53, ("theatrical", "tv"))
