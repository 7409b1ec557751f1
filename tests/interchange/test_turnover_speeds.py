"""Clips that run at another speed than their own, heard: what the AAF says plays there is what the timeline plays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

import postsync
from null_test import make_media, null_test
from postsync import verbs
from postsync.model import ClipFacts, MediaFacts, TimelineFacts, put_clip_facts, put_media_facts, put_timeline_facts
from postsync.timing import Rate

RATE = 48000

SPEEDS: dict[str, dict[str, Any]] = {
    "half": {"speed": Fraction(1, 2)},
    "double": {"speed": Fraction(2)},
    "pulled down": {"speed": Fraction(1000, 1001)},
    "backwards": {"speed": Fraction(-1)},
    "eased": {"retime": ((Fraction(0), Fraction(3)), (Fraction(1), Fraction(7, 2)), (Fraction(2), Fraction(11, 2)))},
    "slowing to a stop": {
        "retime": ((Fraction(0), Fraction(3)), (Fraction(1), Fraction(5)), (Fraction(2), Fraction(5)))
    },
}


def reel(path: Path, name: str) -> Path:
    """One clip of two seconds between two that run as they are, each from the third second of its file."""
    timeline: Any = otio.schema.Timeline("speeds")
    put_timeline_facts(timeline, TimelineFacts(Rate.of(Fraction(25)), 90000, RATE))
    track = otio.schema.Track("DX", kind="Audio")
    for index, facts in enumerate(({}, SPEEDS[name], {})):
        media = otio.schema.ExternalReference(f"file:///Volumes/Rushes/{index}.wav", _span(0, 10))
        put_media_facts(media, MediaFacts(name=f"{index}.wav", channels=1, sample_rate=RATE, kind="sound"))
        clip = otio.schema.Clip(f"take {index}", media, _span(3, 2))
        put_clip_facts(clip, ClipFacts(channels=(1,), **facts))
        track.append(clip)
    timeline.tracks.append(track)
    postsync.write(timeline, path)
    return path


def _span(start: int, length: int) -> Any:
    return otio.opentime.TimeRange(*(otio.opentime.RationalTime(one * RATE, RATE) for one in (start, length)))


@pytest.mark.parametrize("profile", ["media-composer", "resolve", "generic"])
@pytest.mark.parametrize("name", SPEEDS)
def test_a_changed_speed_plays_the_sample_that_the_timeline_plays(tmp_path: Path, name: str, profile: str) -> None:
    checked = profile != "generic"  # It keeps what only some applications play.
    outcome = null_test(reel(tmp_path / "speeds.otio", name), tmp_path, profile=profile, checked=checked)
    assert (outcome.clips, outcome.right, outcome.faults) == (3, 3, [])
    with outcome.player() as player:
        warped = [one.warp is not None for track in player.tracks for one in track.segments]
    assert warped == [False, True, False]


@pytest.mark.parametrize("application", ["nuendo", "logic"])
def test_what_plays_no_speed_of_an_aaf_is_given_none(tmp_path: Path, application: str) -> None:
    make_media(verbs.opened(reel(tmp_path / "speeds.otio", "half")).choose(None), tmp_path / "media")
    made = verbs.turnover(
        tmp_path / "speeds.otio", tmp_path / "out", application=application, search=[tmp_path / "media"]
    )
    (aaf,) = (tmp_path / "out").glob("*.aaf")
    assert [one.sentence() for one in verbs.check(aaf, application=application).findings if one.rated == "error"] == []
    assert [loss.code for loss in made.report.of_level("loss")] == ["clip-retimed"]


@pytest.mark.parametrize("name", SPEEDS)
def test_pro_tools_plays_its_own_speed_and_the_report_says_so(tmp_path: Path, name: str) -> None:
    outcome = null_test(reel(tmp_path / "speeds.otio", name), tmp_path)
    assert outcome.right == 3
    codes = [loss.code for loss in outcome.made.report if loss.code in ("clip-retimed", "clip-off-speed")]
    assert codes == ["clip-off-speed" if name == "pulled down" else "clip-retimed"]
