"""What we write as AAF is what we read again: places to the sample, levels, fades, mutes, notes, markers, and who a cue is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from adapters.test_aaf_write import RATES, clip, frames, make_wav, media, timeline, written
from postsync.cueing import spot
from postsync.model import (
    Cue,
    Fade,
    Laid,
    PlainMarker,
    Project,
    TrackFacts,
    cue_marker,
    placed_tracks,
    put_block,
    put_track_facts,
    timeline_cues,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, round_half_up
from postsync_adapters.aaf.read import AafReadOptions, read

SAMPLES = 48000


def read_back(made: Any, path: Path) -> Any:
    with written(made, path).open("rb") as file:
        (found,) = read(file, Report(), AafReadOptions())
    return found


def whole(tmp_path: Path, rate: Rate) -> Any:
    """A timeline of everything that the writer carries."""
    one = make_wav(tmp_path / "one.wav", 1, 400_000, stamp=1_234_567)
    two = make_wav(tmp_path / "zwei ö 声.wav", 2, 400_000)
    stamp, length = Fraction(1_234_567, SAMPLES), Fraction(400_000, SAMPLES)
    second = frames(24, rate)
    fades = {"fade_in": Fade(Fraction(1, 8)), "fade_out": Fade(Fraction(1, 4), "equal-power")}

    def stamped() -> Any:
        return media(one, start=stamp, length=length)

    points = ((Fraction(0), 0.0), (Fraction(1, 4), -6.0), (Fraction(1, 2), -144.0))
    laid = [
        Laid(clip("a", stamped(), gain_db=-3.0, note="keep"), frames(24, rate), second, stamp + 1),
        Laid(clip("b", media(two), gain_points=points), frames(48, rate), second, Fraction(2)),
        Laid(clip("c 声", stamped(), muted=True, **fades), frames(96, rate), second, stamp + 3),
    ]
    made = timeline(rate, {"DX": laid, "empty": []}, start=rate.nominal * 3600)
    crossing = otio.schema.Transition(
        "cross", otio.schema.TransitionTypes.SMPTE_Dissolve,
        otio.opentime.RationalTime(2400, SAMPLES), otio.opentime.RationalTime(4800, SAMPLES),
    )  # fmt: skip
    put_block(crossing, {"curve": "logarithmic"})
    made.tracks[0].insert(2, crossing)
    put_track_facts(made.tracks[1], TrackFacts(muted=True, soloed=False, pan=-0.5, gain_db=6.0))
    return made


def table(found: Any) -> list[tuple[Any, ...]]:
    """Give what plays, with levels to a hundredth of a dB and times to the sample."""
    rows: list[tuple[Any, ...]] = []
    for track in placed_tracks(found):
        for one in track.clips:
            facts = one.facts
            points = [(round(time * SAMPLES), round(level, 2)) for time, level in facts.gain_points]
            fades = [fade and (round(fade.duration * SAMPLES), fade.curve) for fade in (facts.fade_in, facts.fade_out)]
            times = [round_half_up(time * SAMPLES) for time in (one.record_in, one.record_out, one.source_in)]
            gain = None if facts.gain_db is None else round(facts.gain_db, 2)
            rows.append((one.clip.name, one.url, *times, gain, points, *fades, facts.muted, facts.note))
    return rows


@pytest.mark.parametrize("name", RATES)
def test_clips_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    made = whole(tmp_path, RATES[name])
    found = read_back(made, tmp_path / "out.aaf")
    was, now = table(made), table(found)
    assert [row[:6] + row[7:] for row in now] == [row[:6] + row[7:] for row in was]
    assert set(was[1][6]) < set(now[1][6])
    assert now[1][6][-1][1] == -144.0


@pytest.mark.parametrize("name", RATES)
def test_clock_tracks_and_cross_fade_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    made = whole(tmp_path, RATES[name])
    found = read_back(made, tmp_path / "out.aaf")
    assert (found.name, timeline_facts(found).start_timecode) == (made.name, timeline_facts(made).start_timecode)
    assert timeline_facts(found).rate == RATES[name]
    tracks = placed_tracks(found)
    assert [track.name for track in tracks] == ["DX", "empty"]
    state = tracks[1].facts
    assert (state.muted, state.soloed, state.pan, round(state.gain_db or 0, 2)) == (True, False, -0.5, 6.0)
    (crossing,) = [item for item in tracks[0].items if not hasattr(item, "media")]
    assert (crossing.before * SAMPLES, crossing.after * SAMPLES) == (2400, 4800)
    assert crossing.transition.metadata["postsync"]["curve"] == "logarithmic"


def test_level_and_pan_that_move_over_a_track_come_back(tmp_path: Path) -> None:
    made = whole(tmp_path, RATES["25"])
    levels = ((Fraction(0), 0.0), (Fraction(2), -12.0))
    pans = ((Fraction(1), -1.0), (Fraction(3), 1.0))
    put_track_facts(made.tracks[0], TrackFacts(gain_points=levels, pan_points=pans))
    found = placed_tracks(read_back(made, tmp_path / "out.aaf"))[0].facts
    read_levels = [(time, round(level, 2)) for time, level in found.gain_points]
    read_pans = [(time, round(level, 4)) for time, level in found.pan_points]
    assert set(levels) <= set(read_levels) and {level for time, level in read_levels if time > 2} <= {-12.0}
    assert set(pans) <= set(read_pans) and {side for time, side in read_pans if not 1 < time < 3} == {-1.0, 1.0}


def test_source_timecode_comes_back_to_the_sample(tmp_path: Path) -> None:
    made = whole(tmp_path, RATES["23.976"])
    found = read_back(made, tmp_path / "out.aaf")
    first = placed_tracks(found)[0].clips[0]
    assert first.source_start * SAMPLES == 1_234_567 + SAMPLES


@pytest.mark.parametrize("name", RATES)
def test_a_cue_is_the_same_cue_and_a_marker_lies_at_the_same_sample(tmp_path: Path, name: str) -> None:
    rate = RATES[name]
    made = whole(tmp_path, rate)
    facts = timeline_facts(made)
    cues = [
        Cue(uid="7KQ2M9XD", number="R106", record_in=30, record_out=60, character="ROBIN", line="Hold there!"),
        Cue(uid="8ABCDEFG", number="R107", record_in=61, character="ROBIN", line="Zwölf ♯"),
    ]
    made.tracks.markers.extend(cue_marker(cue, facts) for cue in cues)
    plain = [
        PlainMarker(frames(100, rate), frames(4, rate), "Fix", "colour", "red", "#E12401"),
        PlainMarker(frames(7, rate), Fraction(0), "m1", "note", "green"),
    ]
    made.tracks.markers.extend(to_otio_marker(one, rate.fps) for one in plain)
    found = read_back(made, tmp_path / "out.aaf")
    spot(found, Project(), Report())
    back = {cue.uid: (cue.number, cue.record_in, cue.record_out, cue.line) for cue in timeline_cues(found)}
    assert back == {cue.uid: (cue.number, cue.record_in, cue.record_out, cue.line) for cue in cues}
    others = [
        (one.record_in, one.duration, one.name, one.comment, one.colour)
        for _, one in timeline_markers(found)
        if one.name != "ADR"
    ]
    assert others == [
        (frames(7, rate), 0, "m1", "note", "green"), (frames(100, rate), frames(4, rate), "Fix", "colour", "red"),
    ]  # fmt: skip


def test_writing_what_was_read_gives_the_same_timeline(tmp_path: Path) -> None:
    first = read_back(whole(tmp_path, RATES["25"]), tmp_path / "one.aaf")
    second = read_back(first, tmp_path / "two.aaf")
    assert table(second) == table(first)


@pytest.mark.parametrize("colour", ["purple", "sand", "green", "magenta", "red"])
def test_a_marker_keeps_a_colour_that_media_composer_has_not(tmp_path: Path, colour: str) -> None:
    rate = RATES["24"]
    made = whole(tmp_path, rate)
    made.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name="here", colour=colour), rate.fps))
    found = read_back(made, tmp_path / "out.aaf")
    assert [marker.colour for _, marker in timeline_markers(found)] == [colour]


def test_a_marker_outside_the_used_part_of_its_clip_is_left_out_and_said(tmp_path: Path) -> None:
    made = whole(tmp_path, RATES["24"])
    made.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(1), name="cut off", visible=False)))
    report = Report()
    written(made, tmp_path / "out.aaf", report)
    assert [loss.facts["name"] for loss in report if loss.code == "marker-outside-clip"] == ["cut off"]
