"""What a job sees of a timeline, and how the reader of snapshots takes it: every build, every clock."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from postsync.model import placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync_adapters.resolve_snapshot import FORMAT
from postsync_resolve.asking import known_rate
from postsync_resolve.snapshot import take_snapshot
from resolve_double import PROFILES, V21_0, V21_1, Profile, Timeline, new_world
from resolve_double.menu import RATES, make_timeline


def snapshot(timeline: Timeline) -> dict[str, Any]:
    _, resolve = new_world(timeline.world.profile, timeline, page="fairlight")
    return take_snapshot(resolve, resolve.project, timeline)


def read(found: dict[str, Any], tmp_path: Path, report: Report | None = None) -> Any:
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with path.open("rb") as file:
        (timeline,) = FORMAT.read(file, Report() if report is None else report, FORMAT.read_options())
    return timeline


@pytest.mark.parametrize("build", PROFILES)
@pytest.mark.parametrize(("rate_name", "rate", "drop", "start"), RATES)
def test_markers_and_clips_arrive_at_their_exact_times(
    tmp_path: Path, build: str, rate_name: str, rate: float, drop: bool, start: str
) -> None:
    report = Report()
    timeline = read(snapshot(make_timeline(PROFILES[build], rate=rate, drop=drop, start=start)), tmp_path, report)
    facts = timeline_facts(timeline)
    fps = facts.rate.fps
    assert (facts.rate.name, facts.start_timecode) == (rate_name, start)
    times = {
        plain.name or plain.comment: (plain.record_in * fps, plain.duration * fps)
        for _, plain in timeline_markers(timeline)
    }
    assert times == {
        "R101": (7, 0), "R102 MARY": (1000, 40), "LINE": (112, 0), "CUT OFF": (62, 0), "Hold there!": (120, 40),
    }  # fmt: skip
    for track in placed_tracks(timeline)[:2]:
        clip = track.clips[0]
        assert (clip.record_in * fps, clip.duration * fps, clip.source_in * fps) == (100, 200, 48)
        assert clip.media_start == Fraction(facts.start_frame) / fps
    assert not report.losses


def test_text_colour_and_custom_data_of_a_marker_are_kept(tmp_path: Path) -> None:
    timeline = read(snapshot(make_timeline(V21_0)), tmp_path)
    plain = next(plain for _, plain in timeline_markers(timeline) if plain.name == "R102 MARY")
    assert (plain.comment, plain.colour, plain.custom_data) == ("Never, I said.\nNever.", "fuchsia", "uid-102")


def test_a_marker_outside_the_used_part_of_its_clip_is_not_visible(tmp_path: Path) -> None:
    timeline = read(snapshot(make_timeline(V21_0)), tmp_path)
    visible = {plain.name: plain.visible for _, plain in timeline_markers(timeline) if plain.attached_to}
    assert visible == {"LINE": True, "CUT OFF": False, "": True}


def test_clip_facts_arrive(tmp_path: Path) -> None:
    picture, sound, muted = placed_tracks(read(snapshot(make_timeline(V21_1)), tmp_path))
    assert (picture.clips[0].enabled, sound.clips[0].enabled, muted.facts.muted) == (False, True, True)
    assert picture.clips[0].facts.link_group == sound.clips[0].facts.link_group == "a"
    assert (sound.clips[0].facts.channels, sound.facts.channels) == ((3, 4), 2)
    media = sound.clips[0].media
    assert (media.channels, media.sample_rate, media.bits, media.kind) == (4, 48000, 24, "sound")
    assert sound.clips[0].url == "/Sound/12A-3.wav"


def test_methods_that_answer_nothing_or_raise_lose_only_their_own_answer(tmp_path: Path) -> None:
    profile = Profile(
        silent=frozenset({"GetLinkedItems", "GetMediaPoolItem", "GetTrackName", "GetLeftOffset", "GetCurrentPage"}),
        raising=frozenset({"GetClipColor"}),
    )
    report = Report()
    timeline = read(snapshot(make_timeline(profile)), tmp_path, report)
    fps = timeline_facts(timeline).rate.fps
    assert [track.clips[0].record_in * fps for track in placed_tracks(timeline)[:2]] == [100, 100]
    assert "value-unreadable" in {loss.code for loss in report}


def test_the_page_is_restored() -> None:
    class Restless(Timeline):
        def GetMarkers(self) -> Any:
            self.world.page = "edit"
            return super().GetMarkers()

    plain = make_timeline(V21_0)
    restless = Restless(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    snapshot(restless)
    assert restless.world.page == "fairlight"


@pytest.mark.parametrize(
    ("given", "meant"),
    [(24.0, "24"), ("24", "24"), (23.976024, "23.976"), ("23", "23.976"), ("29", "29.97"), ("29.97 DF", "29.97 DF"),
     (59, "59.94"), ("60.0", "60"), ("47", "47.952"), ("", None), (None, None), ("11", None)],
)  # fmt: skip
def test_every_spelling_of_a_rate_is_known(given: Any, meant: str | None) -> None:
    assert known_rate(given) == meant
