"""Takes that `place --by sync` slips: what it listens to, where it finds the line, and one slip for each phrase."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import postsync
from guide_reels import GuideReel, write_mono
from made_pairs import Pair, made_pair
from made_voices import RATE as MADE
from postsync import model, verbs
from postsync.model import Cue, Project, placed_tracks, timeline_cues
from postsync.sound import MediaFinder, RenderedSound
from postsync.sound.alignment.spectra import at_rate

RATE = 48_000
GOOD, PAUSED = made_pair(3, "fitted", "noise 20"), made_pair(8, "pause", "clean")
AT = 10
"""Seconds of the reel at which the guide of a pair begins."""


def at48(sound: np.ndarray) -> np.ndarray:
    return at_rate(sound, MADE, RATE)


def reel(folder: Path, pair: Pair, **more: np.ndarray) -> Path:
    """A timeline whose production track says the line of a pair, with its cue, and more tracks over it."""
    made = GuideReel(folder, seconds=30)
    made.add("12A-1", at48(pair.guide), AT)
    for track, sound in more.items():
        made.add(track, sound, AT, track=track.replace("_", " "))
    path = made.write()
    timeline = verbs.opened(path).timelines[0]
    start, end = (round((AT + pair.guide_onsets[place] + more) * 24) for place, more in ((0, 0.0), (-1, 0.3)))
    cue = Cue(uid="CUE00001", number="R106", record_in=start, record_out=end)
    timeline.tracks.markers.append(model.cue_marker(cue, made.clock))
    timeline.to_json_file(str(path))
    return path


def take(folder: Path, pair: Pair, *, stamped: bool = True, before: float = 0.0, name: str = "R106_T1.wav") -> Path:
    """The take of a pair, where the stage recorded it; silence before it, as in a pass that ran from far before."""
    sound = np.concatenate([np.zeros(round(before * RATE), np.float32), at48(pair.take)])
    stamp = round((3600 + AT - before) * RATE) if stamped else None
    return write_mono(folder / "Takes" / name, sound, rate=RATE, stamp=stamp)


def placed(work: Path, into: Path, **how: Any) -> verbs.Placed:
    return verbs.place(work, [work.parent / "Takes"], into, by="sync", date="2026-01-01", **how)


def slip_of(done: verbs.Placed) -> float:
    [row] = done.placing.rows
    assert row.placement is not None
    assert row.placement.placed_by == "sync", done.log.read_text()
    return float(row.placement.slip)


def test_a_take_is_slipped_to_the_production_track_of_its_timeline(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    take(tmp_path, GOOD)
    assert slip_of(placed(work, tmp_path / "out")) == pytest.approx(-GOOD.offset, abs=0.02)


def test_measuring_tells_how_far_it_is(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    take(tmp_path, GOOD)
    told: list[tuple[str, int, int]] = []
    placed(work, tmp_path / "out", progress=lambda *step: told.append(step))
    assert ("measuring takes", 1, 1) in told


def test_adr_music_and_beeps_of_the_timeline_are_no_guide(tmp_path: Path) -> None:
    other = made_pair(9, "fitted", "clean")
    loud = 3 * at48(other.guide)
    work = reel(tmp_path, GOOD, ADR_ROBIN=loud, BEEPS_2=loud, MX_1=loud)
    take(tmp_path, GOOD)
    assert slip_of(placed(work, tmp_path / "out")) == pytest.approx(-GOOD.offset, abs=0.02)


def test_a_track_that_says_dialogue_counts_whatever_else_it_says(tmp_path: Path) -> None:
    made = GuideReel(tmp_path, seconds=30)
    made.add("12A-1", at48(GOOD.guide), AT, track="DX + FX")
    made.add("song", at48(GOOD.take), AT, track="Music")
    from postsync.delivery.sync_guides import timeline_guide

    path = made.write()
    guide = timeline_guide(verbs.opened(path).timelines[0], path, MediaFinder([], beside=path), {})
    assert np.abs(guide.samples(AT * RATE, len(at48(GOOD.guide))) - at48(GOOD.guide)).max() < 1e-3


def test_sound_inside_the_work_is_the_guide_and_reaches_the_folder(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    timeline = verbs.opened(work).timelines[0]
    verbs.turnover(work, tmp_path / "sent", media="embed", date="2026-01-01")
    [sent] = (tmp_path / "sent").glob("*.aaf")
    (tmp_path / "sound" / "12A-1.wav").unlink()
    take(tmp_path, GOOD)
    done = verbs.place(sent, [tmp_path / "Takes"], tmp_path / "out", by="sync", date="2026-01-01")
    assert slip_of(done) == pytest.approx(-GOOD.offset, abs=0.02)
    assert not done.turnover.media_missing
    assert timeline_cues(timeline)


def test_a_guide_may_be_a_movie(tmp_path: Path) -> None:
    pytest.importorskip("av")
    from made_movies import KINDS, encode

    work = reel(tmp_path, GOOD)
    sound = np.rint(np.pad(at48(GOOD.guide), (AT * RATE, RATE)) * (2**23 - 1)).astype(np.int64)
    movie = encode(
        tmp_path / "R1 guide.mp4", KINDS["mp4 aac"], lambda _channel, at, count: sound[at : at + count],
        channels=1, sample_rate=RATE, length=len(sound), picture=Fraction(24), timecode="01:00:00:00",
    )  # fmt: skip
    assert RenderedSound.of(movie, RATE).facts.length_samples >= len(sound)
    take(tmp_path, GOOD)
    assert slip_of(placed(work, tmp_path / "out", guides=[movie])) == pytest.approx(-GOOD.offset, abs=0.02)


def test_guides_of_another_rate_and_of_several_files_lie_where_their_stamps_say(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    first = write_mono(tmp_path / "a.wav", np.zeros(5 * RATE, np.float32), rate=RATE, stamp=3600 * RATE)
    second = write_mono(tmp_path / "b.wav", GOOD.guide, rate=MADE, stamp=(3600 + AT) * MADE)
    take(tmp_path, GOOD)
    done = placed(work, tmp_path / "out", guides=[first, second])
    assert slip_of(done) == pytest.approx(-GOOD.offset, abs=0.02)


def test_a_list_of_cues_without_clips_has_its_guide_where_the_stamp_says(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    timeline = verbs.opened(work).timelines[0]
    timeline.tracks[:] = []
    timeline.to_json_file(str(work))
    guide = write_mono(tmp_path / "guide.wav", at48(GOOD.guide), rate=RATE, stamp=(3600 + AT) * RATE)
    take(tmp_path, GOOD)
    assert slip_of(placed(work, tmp_path / "out", guides=[guide])) == pytest.approx(-GOOD.offset, abs=0.02)


@pytest.mark.parametrize("before", [0.0, 4.0, 9.0])
def test_without_a_stamp_the_line_is_looked_for_in_all_of_the_take(tmp_path: Path, before: float) -> None:
    work = reel(tmp_path, GOOD)
    take(tmp_path, GOOD, stamped=False, before=before)
    done = placed(work, tmp_path / "out")
    [row] = done.placing.rows
    assert row.anchor is not None
    assert row.anchor.placed_by == "sync", done.log.read_text()
    assert float(row.anchor.place) == pytest.approx(AT - before - GOOD.offset, abs=0.02)


def test_a_take_in_aiff_is_measured_too(tmp_path: Path) -> None:
    if importlib.util.find_spec("av") is None:
        pytest.skip("AIFF is decoded by PyAV")
    from made_movies import KINDS, encode

    work = reel(tmp_path, GOOD)
    sound = np.rint(at48(GOOD.take) * (2**23 - 1)).astype(np.int64)
    encode(
        tmp_path / "Takes" / "R106_T1.aiff", KINDS["aiff"], lambda _channel, at, count: sound[at : at + count],
        channels=1, sample_rate=RATE, length=len(sound),
    )  # fmt: skip
    done = placed(work, tmp_path / "out")
    [row] = done.placing.rows
    assert row.anchor is not None
    assert float(row.anchor.place) == pytest.approx(AT - GOOD.offset, abs=0.02)


def test_a_take_that_the_guide_does_not_hold_stays_and_is_named(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    take(tmp_path, made_pair(9, "wrong line", "noise 5"))
    done = placed(work, tmp_path / "out")
    [row] = done.placing.rows
    assert row.placement is not None
    assert (row.placement.placed_by, row.placement.slip) == ("stamp", 0)
    assert [loss.code for loss in done.report if loss.code == "take-not-slipped"] == ["take-not-slipped"]
    assert "Guide: the production sound of the work." in done.log.read_text()


def test_a_clip_is_moved_only_where_the_measurement_is_surer_than_it_must_be_to_be_told(tmp_path: Path) -> None:
    from postsync.delivery.cue_measuring import SLIPPING
    from postsync.sound.alignment import LIMITS

    assert SLIPPING.limits.believed > LIMITS.believed
    found = SLIPPING.limits.verdict(Fraction(5), 0.6), LIMITS.verdict(Fraction(5), 0.6)
    assert found == ("unsure", "off")


def test_a_cue_without_length_is_no_reason_to_stop(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    timeline = verbs.opened(work).timelines[0]
    bad = Cue(uid="CUE00002", number="R107", record_in=480, record_out=480)
    timeline.tracks.markers.append(model.cue_marker(bad, model.timeline_facts(timeline)))
    timeline.to_json_file(str(work))
    take(tmp_path, GOOD)
    take(tmp_path, GOOD, stamped=False, name="R107_T1.wav")
    done = placed(work, tmp_path / "out")
    told = {row.pairing.recorded.name: row.anchor and row.anchor.placed_by for row in done.placing.rows}
    assert told == {"R106_T1": "sync", "R107_T1": "cue"}


def test_a_guide_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    take(tmp_path, GOOD)
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    with pytest.raises(postsync.PostsyncError, match=r"bad\.wav"):
        placed(work, tmp_path / "out", guides=[tmp_path / "bad.wav"])
    assert not list((tmp_path / "out").glob("*.aaf"))


# A slip for each phrase


def phrases_of(done: verbs.Placed) -> list[Any]:
    timeline = postsync.read(next(done.turnover.folder.glob("*.otio")))[0]
    return [clip for track in placed_tracks(timeline, "audio") for clip in track.clips if clip.facts.cue_uid]


def test_phrases_are_not_slipped_apart_unless_that_is_asked_for(tmp_path: Path) -> None:
    work = reel(tmp_path, PAUSED)
    take(tmp_path, PAUSED)
    assert len(phrases_of(placed(work, tmp_path / "out"))) == 1


def test_each_phrase_is_slipped_by_its_own_offset(tmp_path: Path) -> None:
    work = reel(tmp_path, PAUSED)
    take(tmp_path, PAUSED)
    done = placed(work, tmp_path / "out", phrases=True)
    clips = phrases_of(done)
    assert len(clips) > 1
    errors = [
        abs(float(clip.record_in - clip.source_in) + mine - (AT + theirs))
        for mine, theirs in zip(PAUSED.take_onsets, PAUSED.guide_onsets, strict=True)
        for clip in clips
        if clip.source_in <= mine < clip.source_in + clip.duration
    ]
    once = [abs(lag - PAUSED.offset) for lag in PAUSED.take_onsets - PAUSED.guide_onsets]
    assert np.mean(errors) < np.mean(once) / 2


def test_pieces_of_a_take_lie_on_samples_without_overlaps_and_name_cue_and_take(tmp_path: Path) -> None:
    work = reel(tmp_path, PAUSED)
    take(tmp_path, PAUSED)
    done = placed(work, tmp_path / "out", phrases=True)
    clips = phrases_of(done)
    assert all((clip.record_in * RATE).denominator == (clip.source_in * RATE).denominator == 1 for clip in clips)
    assert all(before.record_out <= after.record_in for before, after in pairwise(clips))
    [row] = done.placing.rows
    assert [one.fit for one in row.placements] == ["cut"] * len(clips)
    [cue] = timeline_cues(postsync.read(next(done.turnover.folder.glob("*.otio")))[0])
    assert [Fraction(one["record_in"]) for one in cue.placements] == [clip.record_in for clip in clips]
    assert len({one["take"] for one in cue.placements}) == 1
    assert f"cut into {len(clips)} phrases" in done.log.read_text()


@pytest.mark.parametrize("number", [8, 44])
def test_pieces_begin_and_meet_on_frames(tmp_path: Path, number: int) -> None:
    pair = made_pair(number, "pause", "clean")
    work = reel(tmp_path, pair)
    take(tmp_path, pair)
    clips = phrases_of(placed(work, tmp_path / "out", phrases=True))
    assert len(clips) > 1
    assert all((clip.record_in * 24).denominator == 1 for clip in clips)


def test_pieces_come_back_from_the_aaf_on_their_samples(tmp_path: Path) -> None:
    work = reel(tmp_path, PAUSED)
    take(tmp_path, PAUSED)
    done = placed(work, tmp_path / "out", phrases=True)
    came = postsync.read(next(done.turnover.folder.glob("*.aaf")))[0]
    [track] = [track for track in placed_tracks(came, "audio") if track.name.startswith("ADR")]
    assert [(clip.record_in, clip.source_in, clip.duration) for clip in track.clips] == [
        (clip.record_in, clip.source_in, clip.duration) for clip in phrases_of(done)
    ]


def test_placing_again_does_not_take_pieces_for_other_takes(tmp_path: Path) -> None:
    work = reel(tmp_path, PAUSED)
    take(tmp_path, PAUSED)
    done = placed(work, tmp_path / "out", phrases=True)
    first = next(done.turnover.folder.glob("*.otio"))
    again = verbs.place(first, [tmp_path / "Takes"], tmp_path / "again", date="2026-01-01")
    assert [row.what for row in again.placing.rows] == ["placed before"]


def test_sync_offers_the_edits_that_place_applies(tmp_path: Path) -> None:
    work = reel(tmp_path, PAUSED)
    path = take(tmp_path, PAUSED)
    [row] = verbs.sync(work, [path]).rows
    offered = row.to_json()["edits"]
    assert len(offered) == len(row.edits) > 1
    assert all(one["record_in"] == one["take_in"] - one["earlier"] for one in offered)
    [clips] = [phrases_of(placed(work, tmp_path / "out", phrases=True))]
    assert [one.earlier for one in row.edits] == [
        round((AT - (clip.record_in - clip.source_in)) * RATE) for clip in clips
    ]


def test_projects_lay_a_guide_by_its_reel(tmp_path: Path) -> None:
    work = reel(tmp_path, GOOD)
    guide = write_mono(tmp_path / "Reel 2 guide.wav", at48(GOOD.guide), rate=RATE)
    take(tmp_path, GOOD)
    reels = (replace(model.Reel("R1", "01:00:00:00")), model.Reel("R2", "01:00:10:00"))
    done = placed(work, tmp_path / "out", guides=[guide], project=Project(reels=reels))
    assert slip_of(done) == pytest.approx(-GOOD.offset, abs=0.02)
