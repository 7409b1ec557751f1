"""Beeps and streamers: where each one lies, as notes and as sound, and the folder of the stage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import mido
import numpy as np
import opentimelineio as otio
import pytest

import postsync
from postsync import model, verbs
from postsync.errors import FormatError
from postsync.model import Cue, RecordingRules, TimelineFacts, cue_marker, placed_tracks
from postsync.placing import beep_blocks, beep_length, cue_guides, guide_notes
from postsync.sound import read_facts, read_samples
from postsync.timing import as_rate, round_half_up, samples_of_frame

RATE = 48_000


def timeline(*frames: int, rate: str = "24", start: int = 86_400, **facts: Any) -> Any:
    clock = TimelineFacts(as_rate(rate), start, sample_rate=RATE)
    made = otio.schema.Timeline("R1")
    model.put_timeline_facts(made, clock)
    for number, frame in enumerate(frames, start=1):
        cue = Cue(uid=f"AAAAAAA{number + 1}", number=f"R10{number}", record_in=frame, record_out=frame + 48, **facts)
        made.tracks.markers.append(cue_marker(cue, clock))
    return made


def test_three_beeps_lie_a_second_apart_and_the_fourth_beat_is_the_line() -> None:
    [guide] = cue_guides(timeline(240), RecordingRules())
    assert guide.beeps == (7, 8, 9)
    assert (guide.line_in, guide.streamer, guide.starts) == (10, 7, 4)


@pytest.mark.parametrize(
    ("spacing", "first"), [("20f", Fraction(180, 24)), ("16f", Fraction(192, 24)), ("500ms", Fraction(17, 2))]
)
def test_beeps_lie_as_far_apart_as_the_show_has_them(spacing: str, first: Fraction) -> None:
    [guide] = cue_guides(timeline(240), RecordingRules(spacing=spacing))
    assert guide.beeps[0] == first


def test_a_pre_roll_of_the_cue_comes_before_that_of_the_show() -> None:
    [guide] = cue_guides(timeline(480, pre_roll=Fraction(9)), RecordingRules())
    assert guide.starts == 11


def test_a_second_is_one_of_the_timecode_so_that_beeps_fall_on_frames() -> None:
    [guide] = cue_guides(timeline(240, rate="23.976"), RecordingRules())
    assert [beep * Fraction(24000, 1001) for beep in guide.beeps] == [168, 192, 216]


def test_beeps_before_the_timeline_are_left_out_and_counted() -> None:
    [guide] = cue_guides(timeline(36), RecordingRules())
    assert (guide.beeps, guide.left_out, guide.starts) == ((Fraction(1, 2),), 2, 0)


def test_counts_that_meet_are_on_tracks_of_their_own() -> None:
    guides = cue_guides(timeline(240, 264, 600), RecordingRules())
    assert [guide.layer for guide in guides] == [0, 1, 0]
    notes = guide_notes(guides, TimelineFacts(as_rate("24")), beeps=True, streamers=False)
    assert {name: len(found) for name, found in notes.items()} == {"Beeps": 6, "Beeps 2": 3}


def test_struck_cues_are_not_counted_in() -> None:
    assert cue_guides(timeline(240, status="omitted"), RecordingRules()) == []


def test_a_beep_is_a_kilohertz_of_forty_milliseconds_at_minus_twenty() -> None:
    [guide] = cue_guides(timeline(240), RecordingRules())
    sound = np.frombuffer(b"".join(beep_blocks(guide, RATE)), "<i2").astype(float) / 32_767
    assert len(sound) == beep_length(guide, RATE) == 6 * RATE
    for second in (3, 4, 5):
        beep = sound[second * RATE : second * RATE + 1920]
        assert np.argmax(np.abs(np.fft.rfft(beep))) == 40
        assert 20 * np.log10(np.abs(beep).max()) == pytest.approx(-20, abs=0.1)
        assert not sound[second * RATE + 1920 : second * RATE + RATE].any()
    assert not sound[: 3 * RATE].any()


def seconds_of_notes(path: Path) -> dict[str, list[tuple[Fraction, Fraction]]]:
    """The notes of a file by track: beginnings and ends in seconds, by the tempo of the first track."""
    midi = mido.MidiFile(path)
    tempo = next(message.tempo for message in midi.tracks[0] if message.type == "set_tempo")
    found: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for track in midi.tracks[1:]:
        at, on = 0, 0
        for message in track:
            at += message.time
            if message.type == "note_on":
                on = at
            elif message.type == "note_off":
                ends = [Fraction(tick * tempo, midi.ticks_per_beat * 1_000_000) for tick in (on, at)]
                found.setdefault(track.name, []).append((ends[0], ends[1]))
    return found


@pytest.mark.parametrize("rate", ["23.976", "24", "25", "29.97 DF", "30"])
def test_notes_begin_on_their_frames_at_every_rate(tmp_path: Path, rate: str) -> None:
    made = timeline(240, rate=rate)
    postsync.write(made, tmp_path / "R1.mid", options={"guides": "both", "beep_spacing": "24f"})
    frame = as_rate(rate).seconds_per_frame
    assert seconds_of_notes(tmp_path / "R1.mid") == {
        "Beeps": [((240 - 24 * n) * frame, (242 - 24 * n) * frame) for n in (3, 2, 1)],
        "Streamers": [((240 - 3 * as_rate(rate).nominal) * frame, 240 * frame)],
    }


def test_a_file_with_notes_reads_back_as_its_markers(tmp_path: Path) -> None:
    postsync.write(timeline(240, 600), tmp_path / "R1.mid", options={"guides": "both"})
    back, _ = postsync.read(tmp_path / "R1.mid")
    assert len(back.tracks.markers) == 2


def test_without_being_asked_there_are_no_notes(tmp_path: Path) -> None:
    postsync.write(timeline(240), tmp_path / "R1.mid")
    assert len(mido.MidiFile(tmp_path / "R1.mid").tracks) == 1


def the_folder(tmp_path: Path, made: Any, rules: str = "") -> Any:
    postsync.write(made, tmp_path / "R1.otio")
    (tmp_path / "postsync.toml").write_text(rules)
    return verbs.turnover(tmp_path / "R1.otio", tmp_path / "stage", application="recording", date="2026-01-01")


@pytest.mark.parametrize("rate", ["24", "24000/1001", "30000/1001"])
def test_the_stage_gets_beeps_in_place_and_stamped(tmp_path: Path, rate: str) -> None:
    done = the_folder(tmp_path, timeline(480, 504, 2000, rate=rate), '[recording]\npre_roll = "8s"\nbeeps = 2\n')
    clock = as_rate(rate)
    names = sorted(path.name for path in (tmp_path / "stage" / "Beeps").iterdir())
    assert names == ["R101 beeps.wav", "R102 beeps.wav", "R103 beeps.wav"]
    back, _ = postsync.read(tmp_path / "stage" / "R1.aaf")
    tracks = placed_tracks(back, "audio")
    assert [track.name for track in tracks] == ["BEEPS", "BEEPS 2"]
    lines = {"R101 beeps": 480, "R102 beeps": 504, "R103 beeps": 2000}
    for track in tracks:
        for clip in track.clips:
            line = samples_of_frame(lines[clip.clip.name], clock, RATE)
            assert clip.record_out * RATE == line
            facts = read_facts(tmp_path / "stage" / "Beeps" / f"{clip.clip.name}.wav")
            sound = read_samples(facts, 0, facts.length_samples)[0]
            begin = round_half_up(clip.record_in * RATE)
            first = begin + int(np.flatnonzero(sound)[0])
            assert abs(first - (line - 2 * clock.nominal / clock.fps * RATE)) <= 2
            assert facts.time_reference == samples_of_frame(86_400, clock, RATE) + begin
    assert set(seconds_of_notes(tmp_path / "stage" / "R1 markers.mid")) == {
        "Beeps", "Beeps 2", "Streamers", "Streamers 2",
    }  # fmt: skip
    assert any(made.path.name == "Beeps" for made in done.files)


def test_a_stage_without_beeps_gets_none(tmp_path: Path) -> None:
    the_folder(tmp_path, timeline(480), "[recording]\nbeeps = 0\n")
    assert not (tmp_path / "stage" / "Beeps").exists()


@pytest.mark.parametrize("line", ['pre_roll = "long"', "beeps = 99", 'spacing = "0s"', 'beep = "1s"'])
def test_a_wrong_rule_is_named_by_its_key(tmp_path: Path, line: str) -> None:
    with pytest.raises(FormatError, match=r"postsync\.toml:recording"):
        the_folder(tmp_path, timeline(480), f"[recording]\n{line}\n")
