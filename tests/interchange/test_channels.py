"""Clips of several channels become mono clips on parallel tracks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    TimelineFacts,
    build_track,
    clip_facts,
    placed_tracks,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
)
from postsync.placing import mono_tracks
from postsync.report import Report
from postsync.timing import as_rate


def clip(name: str, channels: tuple[int, ...] | None = None, of: int | None = None) -> Any:
    made = otio.schema.Clip(name=name, media_reference=otio.schema.ExternalReference(target_url=f"{name}.wav"))
    put_clip_facts(made, ClipFacts(channels=channels))
    put_media_facts(made.media_reference, MediaFacts(channels=of))
    return made


def timeline(*clips: Any, name: str = "DX", kind: str = "Audio") -> Any:
    made = otio.schema.Timeline()
    put_timeline_facts(made, TimelineFacts(as_rate(25)))
    laid = [Laid(one, Fraction(place), Fraction(1)) for place, one in enumerate(clips)]
    made.tracks.append(build_track(name, kind, laid, [25]))
    return made


def placed(made: Any) -> dict[str, list[tuple[str, Fraction, tuple[int, ...] | None]]]:
    return {
        track.name: [(one.clip.name, one.record_in, one.facts.channels) for one in track.clips]
        for track in placed_tracks(made)
    }


def test_two_channels_become_left_and_right() -> None:
    report = Report()
    given = timeline(clip("st", (1, 2)), clip("mono", (3,)))
    assert placed(mono_tracks(given, report)) == {
        "DX.L": [("st", 0, (1,)), ("mono", 1, (3,))],
        "DX.R": [("st", 0, (2,))],
    }
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("channel-split", "st")]


def test_more_channels_are_counted() -> None:
    made = mono_tracks(timeline(clip("poly", (2, 5, 6))), Report())
    assert placed(made) == {"DX.A1": [("poly", 0, (2,))], "DX.A2": [("poly", 0, (5,))], "DX.A3": [("poly", 0, (6,))]}


def test_channels_that_nobody_named_are_those_of_the_media() -> None:
    assert list(placed(mono_tracks(timeline(clip("st", of=2)), Report()))) == ["DX.L", "DX.R"]
    assert list(placed(mono_tracks(timeline(clip("unknown")), Report()))) == ["DX"]


def test_mono_tracks_and_pictures_stay_as_they_are_and_the_original_is_untouched() -> None:
    report = Report()
    picture = timeline(clip("v", (1, 2)), name="V1", kind="Video")
    assert list(placed(mono_tracks(picture, report))) == ["V1"]
    given = timeline(clip("st", (1, 2)))
    before = given.to_json_string()
    mono_tracks(given, report)
    assert given.to_json_string() == before


def test_a_clip_in_a_nest_is_split_too() -> None:
    stack = otio.schema.Stack(name="nest")
    stack.append(build_track("", "Audio", [Laid(clip("st", (1, 2)), Fraction(0), Fraction(1))], [25]))
    made = mono_tracks(timeline(stack), Report())
    assert placed(made) == {"DX.L": [("st", 0, (1,))], "DX.R": [("st", 0, (2,))]}


def test_a_transition_between_channels_that_are_not_there_goes() -> None:
    made = timeline(clip("st", (1, 2)), clip("m1", (1,)), clip("m2", (1,)))
    offset = otio.opentime.RationalTime(2, 25)
    made.tracks[0].insert(2, otio.schema.Transition(in_offset=offset, out_offset=offset))
    left, right = mono_tracks(made, Report()).tracks
    kinds = [[type(item).__name__ for item in track] for track in (left, right)]
    assert kinds == [["Clip", "Clip", "Transition", "Clip"], ["Clip", "Gap", "Gap"]]
    assert clip_facts(right[0]).channels == (2,)
