"""Reaper's project file: markers and regions as it saves them, notes of items, clips, and cues there and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from adapters.carriers import CUE, codes, plains, read_bytes, timeline_facts, with_cues, written
from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.model import Project, clip_facts, placed_tracks, timeline_cues
from postsync.report import Report
from postsync_adapters.reaper_project import FORMAT

PROJECT = """<REAPER_PROJECT 0.1 "7.69/win64" 1754800000
  PROJOFFS 3603.6 0 0
  TIMEMODE 1 5 -1 24 2 0 -1
  SAMPLERATE 48000 0 0
  MARKER 1 53.3866666666667 "A region" 1 33488896 1 R {4A6485AC-A85B-4408-9726-508DDEAF0438} 0 1
  MARKER 1 12.4 tuning 0 0 1 B {C} 0
  MARKER 1 64.064 "" 1
  MARKER 3 70 'Set 2 "the reels"' 1 0 1 R {B} 0
  MARKER 3 80 "" 1
  <TRACK {X}
    NAME ROBIN
    MUTESOLO 1 0 0
    <ITEM
      POSITION 2.002
      LENGTH 4.004
      MUTE 0 0
      NAME guide
      SOFFS 1.001
      PLAYRATE 1 1 0 -1 0 0.0025
      FADEIN 1 0.5 0 1 0 0 0
      VOLPAN 1 0 0.5 -1
      <SOURCE WAVE
        FILE "Audio/guide.wav"
      >
    >
    <ITEM
      POSITION 10.01
      LENGTH 1.001
      NAME "R106 ROBIN"
      <NOTES
        |Hold there!
        |{adr=7KQ2M9XD}
      >
    >
    <ITEM
      POSITION 20
      LENGTH 1
      <SOURCE MIDI
        HASDATA 1 960 QN
      >
    >
  >
>
"""


def test_markers_regions_rate_and_start_are_read_as_saved():
    timeline = read_bytes(FORMAT, PROJECT)
    facts = timeline_facts(timeline)
    found = [(one.record_in, one.duration, one.name, one.colour) for one in plains(timeline) if "marker" in one.origin]
    assert (facts.rate.name, facts.start_timecode, facts.sample_rate) == ("23.976", "01:00:00:00", 48000)
    assert found == [
        (Fraction("12.4"), 0, "tuning", None),
        (Fraction(1280 * 1001, 24000), Fraction(256 * 1001, 24000), "A region", "blue"),
        (70, 10, 'Set 2 "the reels"', None),
    ]


def test_an_empty_item_with_notes_is_a_cue_on_the_track_of_its_character():
    timeline = read_bytes(FORMAT, PROJECT)
    spot(timeline, Project(), Report())
    (cue,) = timeline_cues(timeline)
    assert (cue.uid, cue.number, cue.record_in, cue.record_out, cue.line) == (
        "7KQ2M9XD",
        "R106",
        240,
        264,
        "Hold there!",
    )


def test_other_items_are_clips_and_those_without_a_file_are_named():
    report = Report()
    (track,) = placed_tracks(read_bytes(FORMAT, PROJECT, report))
    (item,) = track.items
    facts = clip_facts(item.clip)
    assert (track.track.name, track.facts.muted, item.url) == ("ROBIN", True, "Audio/guide.wav")
    assert (item.record_in, item.duration, item.clip.source_range.start_time.to_seconds()) == (
        Fraction("2.002"), Fraction("4.004"), pytest.approx(1.001),
    )  # fmt: skip
    assert (facts.fade_in.duration, round(facts.gain_db, 2)) == (Fraction(1, 2), -6.02)
    assert codes(report) == ["element-ignored"]


@pytest.mark.parametrize(
    ("kind", "rate"), [("24 0", "24"), ("24 2", "23.976"), ("30 1", "29.97 DF"), ("30 2", "29.97")]
)
def test_the_rate_is_that_of_the_project(kind, rate):
    assert timeline_facts(read_bytes(FORMAT, PROJECT.replace("-1 24 2", f"-1 {kind}"))).rate.name == rate


@pytest.mark.parametrize("cues", ["regions", "items"])
def test_cues_come_back_from_regions_and_from_items(cues):
    sent = [
        replace(CUE, line='It\'s "so"', colour=None),
        replace(CUE, uid="7KQ2M9XE", number="M1", character="marian", record_in=300, record_out=None, colour=None),
    ]
    data = written(FORMAT, with_cues(*sent, rate="29.97 DF"), cues=cues, tags="full")
    timeline = read_bytes(FORMAT, data)
    assert (timeline_facts(timeline).rate.name, timeline_facts(timeline).start_frame) == ("29.97 DF", 108000)
    spot(timeline, Project(), Report())
    assert timeline_cues(timeline) == sent
    assert [track.name for track in timeline.tracks] == []


def test_an_item_holds_line_and_note_as_they_are():
    cue = replace(CUE, line="Hold\nthere!", note="plane over", reasons=("noise",), colour=None)
    timeline = read_bytes(FORMAT, written(FORMAT, with_cues(cue), cues="items"))
    spot(timeline, Project(), Report())
    (back,) = timeline_cues(timeline)
    assert (back.reasons, back.note) == (("noise",), "plane over")


def test_a_region_keeps_the_id_that_the_project_gave_it():
    again = written(FORMAT, read_bytes(FORMAT, PROJECT)).decode()
    assert '"A region" 1 33488896 1 R {4A6485AC-A85B-4408-9726-508DDEAF0438}' in again


def test_a_region_without_its_end_is_a_point_and_named():
    report = Report()
    timeline = read_bytes(FORMAT, PROJECT.replace('  MARKER 3 80 "" 1\n', ""), report)
    assert "value-unreadable" in codes(report) and plains(timeline)[-1].duration == 0


def test_what_is_no_project_and_a_position_that_is_none_are_refused():
    with pytest.raises(FormatError, match="<REAPER_PROJECT"):
        read_bytes(FORMAT, "<RPP\n>\n")
    with pytest.raises(FormatError, match=r"line 6.*a number for a marker's position"):
        read_bytes(FORMAT, PROJECT.replace("12.4", "NaN"))
    with pytest.raises(FormatError, match="nested deeper"):
        read_bytes(FORMAT, "<REAPER_PROJECT\n" + "<A\n" * 100)


def test_a_name_with_all_three_quotes_is_said_to_change():
    from adapters.carriers import at, with_markers

    report = Report()
    data = written(FORMAT, with_markers(at(10, name='`It\'s "so"`')), report)
    assert plains(read_bytes(FORMAT, data))[0].name == "'It's \"so\"'"
    assert codes(report) == ["marker-text-changed"]
