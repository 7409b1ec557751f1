"""`verify` with the text of the Pro Tools session that a timeline went into: per clip and cue, as exactly as the text is."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest

import postsync
from postsync import verbs
from postsync.cueing import NamingRules, cue_clips
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    TimelineFacts,
    TrackFacts,
    build_track,
    cue_marker,
    put_characters,
    put_clip_facts,
    put_timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync.timing import to_time_range as span
from pro_tools_made import Export, Location, session_text

FACTS = TimelineFacts(as_rate("29.97 DF"), 107892, 48_000)
SAMPLE = Fraction(1, 48_000)
CUES = [
    Cue(uid="7KQ2M9XD", number="R106", record_in=60, record_out=100, character="1", line="Hold there!"),
    Cue(uid="9KQ2M9XD", number="R107", record_in=130, record_out=171, character="1", line="I owe you $500"),
]
EXPORTS = [Export("samples"), Export("timecode", subframes=True), Export("timecode"), Export("minutes", subframes=True)]


def sent() -> otio.schema.Timeline:
    """Give a reel with fades, a cross fade, a muted clip and cues; clips lie between frames."""
    timeline = otio.schema.Timeline("R1 v4")
    put_timeline_facts(timeline, FACTS)
    put_characters(timeline, [Character("1", "ROBIN")])
    faded, muted = ClipFacts(fade_in=Fade(4800 * SAMPLE, "equal-power")), ClipFacts(muted=True)
    rows = [
        ("DX 1", [("12A-3", 1000, 90_000, faded), ("12B-1", 90_000, 200_000, None)]),
        ("DX 2", [("Room", 50_001, 150_007, muted), ("12C-2", 300_000, 301_602, None)]),
    ]
    for name, clips in rows:
        laid = []
        for text, start, end, facts in clips:
            clip = otio.schema.Clip(text)
            put_clip_facts(clip, facts or ClipFacts())
            laid.append(Laid(clip, start * SAMPLE, (end - start) * SAMPLE))
        track = build_track(name, "Audio", laid, [48_000], facts=TrackFacts(channels=1))
        if name == "DX 1":
            offsets = [span(Fraction(0), 1000 * SAMPLE, 48_000).duration] * 2
            track.insert(2, otio.schema.Transition("x", "SMPTE_Dissolve", *offsets))
        timeline.tracks.append(track)
    timeline.tracks.markers.extend(cue_marker(cue, FACTS, "ROBIN") for cue in CUES)
    return timeline


def session(export: Export, naming: str = "tags") -> str:
    """Give the text of the session that holds the reel and its cues as clips."""
    timeline = sent()
    clips = cue_clips(timeline, NamingRules(naming), Report())
    for track in list(clips.tracks):
        timeline.tracks.append(track.deepcopy())
    return session_text(timeline, export, [])


def verified(tmp_path, text):
    postsync.write(sent(), tmp_path / "sent.otio")
    (tmp_path / "session.txt").write_bytes(text.encode())
    return verbs.verify(tmp_path / "sent.otio", tmp_path / "session.txt").verification


def differences(found):
    return [(one.what, one.kind, one.where.split(" / ")[-1], one.field) for one in found.differences]


@pytest.mark.parametrize("naming", ["tags", "plain"])
@pytest.mark.parametrize("export", EXPORTS, ids=lambda one: f"{one.form}{' fine' * one.subframes}")
def test_a_session_that_nobody_touched_verifies(tmp_path, export, naming):
    found = verified(tmp_path, session(export, naming))
    assert differences(found) == []
    assert found.counts["clip"] == {"sent": 4, "returned": 4, "same": 4}
    assert found.counts["cue"] == {"sent": 2, "returned": 2, "same": 2}


def test_a_clip_moved_by_two_samples_is_found_in_samples_and_not_in_timecode(tmp_path):
    moved = session(Export("samples")).replace("300000", "300002").replace("301602", "301604")
    assert differences(verified(tmp_path, moved)) == [("clip", "moved", "'12C-2'", "record_in")]
    assert differences(verified(tmp_path, session(Export("timecode")))) == []


def test_what_happened_to_each_clip_is_said(tmp_path):
    text = session(Export("samples"))
    lines = text.split("\n")
    gone = "\n".join(line for line in lines if "12C-2" not in line)
    assert differences(verified(tmp_path, gone)) == [("clip", "gone", "'12C-2'", None)]
    unmuted = "\n".join(line.replace("\tMuted", "\tUnmuted") for line in lines)
    assert differences(verified(tmp_path, unmuted)) == [("clip", "changed", "'Room'", "enabled")]
    renamed = text.replace("12B-1 ", "12B-9 ")
    assert differences(verified(tmp_path, renamed)) == [("clip", "changed", "'12B-1'", "name")]


def test_what_happened_to_each_cue_is_said(tmp_path):
    text = session(Export("samples"))
    said = text.replace("Hold there!", "Hold it there!")
    assert differences(verified(tmp_path, said)) == [("cue", "changed", "R106 ROBIN", "line")]
    gone = "\n".join(line for line in text.split("\n") if "R107" not in line)
    assert differences(verified(tmp_path, gone)) == [("cue", "gone", "R107 ROBIN", None)]


def test_markers_of_a_session_are_compared_with_those_sent(tmp_path):
    timeline = sent()
    text = session_text(timeline, Export("samples"), [Location(96_096, 1, "FFOA")])
    found = verified(tmp_path, text)
    assert ("marker", "new", "FFOA", None) in differences(found)
