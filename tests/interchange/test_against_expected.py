"""What the AAF says beside what Final Cut said: placements to the sample, cues to the frame.

The truth is `expected.json` of the corpus, made by another walk and checked against the times that Final Cut shows. The AAF is
read back by pyaaf2 and by the AAF adapter of OpenTimelineIO.
"""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from lxml import etree

from adapters.aaf_player import Player
from postsync.model import timeline_cues, timeline_facts
from postsync.timing import Rate, frame_at, round_half_up, seconds_of_frame
from postsync.verbs import opened, turnover

REAL = [
    "23.98", "24", "24With25Media", "29.97d", "30", "50", "Annotations", "AudioOnly", "DisabledClips", "Keywords", "RolesList",
    "BasicMarkers", "BasicMarkers_1HourProjectStart", "TwoClipsMarkers", "TransitionMarkers2", "Occlusion", "CutSample",
    "TimelineSample", "CaptionSample", "resolve_1.9_one_cut", "resolve_1.8_mixed_rate_connected", "file-cut_scenes",
    "setlog_odd_frame_duration", "sample_fcpx_1.11", "rubric_60_markers", "otio_fcpx_project", "v1.2_1_clip_25",
]  # fmt: skip
CONTAINERS = {"sync-clip", "ref-clip", "mc-clip", "clip", "title", "video"}
RATE = 48000
REPEATED = {"Audio Only_01"}
"""Projects that use the same stretch of the same file again, markers and all: each of those is one cue."""


@pytest.fixture(scope="module", params=REAL)
def case(request: pytest.FixtureRequest, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = corpus / "fcpxml" / f"{request.param}.fcpxml"
    truth = json.loads((corpus / "fcpxml" / "expected.json").read_text(encoding="utf-8"))[path.name]["projects"][0]
    timelines = opened(path).timelines
    name = timelines[0].name if len(timelines) > 1 else None
    made = turnover(path, tmp_path_factory.mktemp("t") / "out", timeline=name, all_markers=True)
    return truth, path, {file.what: file.path for file in made.files}


def seconds(text: str) -> Fraction:
    return Fraction(text.rstrip("s"))


def heard(truth: dict[str, Any], path: Path) -> Counter[tuple[int, int]]:
    """The audible placements outside containers and retimes, as samples from the first frame."""
    tree = etree.parse(path)
    sounding = {asset.get("id") for asset in tree.iter("asset") if asset.get("hasAudio") == "1"}
    special = {(e.get("name"), e.get("duration")) for e in tree.iter("asset-clip") if _is_special(e)}
    start = seconds(truth["tcStart"])
    spans = [
        (round_half_up((at - start) * RATE), round_half_up((at - start + length) * RATE))
        for one in truth["placements"]
        if one["tag"] == "asset-clip" and one["ref"] in sounding and not _inside(one["path"])
        and not any(one["name"] == name and one["duration"] in (None, length) for name, length in special)
        for at, length in [(seconds(one["at"]), seconds(one["duration"]))]
        if not any(one["name"] == name for name, _ in special)
    ]  # fmt: skip
    return Counter((begin, end - begin) for begin, end in spans)


def shown_markers(truth: dict[str, Any]) -> list[Fraction]:
    """The exact times, from the first frame, of markers in a used part; not of what an audition holds back."""
    start = seconds(truth["tcStart"])
    shown = [
        one for one in truth["markers"] if one["inside_host"] and not one["nested"] and not _held_back(one["path"])
    ]
    if truth["name"] in REPEATED:
        shown = list({one["name"]: one for one in reversed(shown)}.values())
    return [seconds(one["at"]) - start for one in shown]


def _is_special(clip: Any) -> bool:
    """Retimed, split, silent by choice, with components of its own, or cross-fading, which AAF lays overlapping."""
    keys = ("timeMap", "audio-channel-source")
    beside = [one for one in (clip.getprevious(), clip.getnext()) if one is not None and one.tag == "transition"]
    if any(one.find("filter-audio") is not None for one in beside):
        return True
    return (
        any(clip.find(key) is not None for key in keys)
        or clip.get("srcEnable") == "video"
        or clip.get("audioStart") is not None
    )


def _inside(path: str) -> bool:
    return bool(CONTAINERS & set(path.split("/"))) or _held_back(path)


def _held_back(path: str) -> bool:
    return any(part.startswith("audition") and part != "audition0" for part in path.split("/"))


def test_the_corpus_asks_for_enough_to_prove_something(corpus: Path) -> None:
    truths = json.loads((corpus / "fcpxml" / "expected.json").read_text(encoding="utf-8"))
    paths = [corpus / "fcpxml" / f"{name}.fcpxml" for name in REAL]
    asked = [
        (heard(truth, path), shown_markers(truth)) for path in paths for truth in truths[path.name]["projects"][:1]
    ]
    assert sum(spans.total() for spans, _ in asked) > 200
    assert sum(len(times) for _, times in asked) > 150


def test_placements_are_those_of_final_cut_by_pyaaf2(case: Any) -> None:
    truth, path, files = case
    with Player(files["sound and cue markers"]) as player:
        found = Counter({(one.start, one.length) for track in player.tracks for one in track.segments})
    assert {span for span in heard(truth, path) if span not in found} == set()


def test_placements_are_those_of_final_cut_by_the_adapter_of_opentimelineio(case: Any) -> None:
    truth, path, files = case
    theirs = otio.adapters.read_from_file(str(files["sound and cue markers"]), adapter_name="AAF")
    found: set[tuple[int, int]] = set()
    for track in theirs.tracks:
        at = 0.0
        for item in track:
            if isinstance(item, otio.schema.Transition):
                continue
            length = item.duration().to_seconds()
            found.add((round(at * RATE), round(length * RATE)))
            at += length
    assert {span for span in heard(truth, path) if span not in found} == set()


def test_every_cue_lies_on_the_frame_that_holds_its_exact_time(case: Any) -> None:
    truth, _, files = case
    rate, exact = Rate.of(Fraction(truth["rate"])), shown_markers(truth)
    expected = {frame_at(time, rate) for time in exact if time >= 0}
    with Player(files["sound and cue markers"]) as player:
        slots = [slot for slot in player.composition.slots if slot.media_kind == "DescriptiveMetadata"]
        found = {mark["Position"].value for slot in slots for mark in slot.segment.components}
    assert expected - found == set()


def test_the_remainder_of_a_cue_between_frames_is_kept(case: Any) -> None:
    truth, _, files = case
    (work,) = opened(files["the work"]).timelines
    facts = timeline_facts(work)
    kept = {cue.seconds_in(facts) for cue in timeline_cues(work)}
    off = {time for time in shown_markers(truth) if seconds_of_frame(frame_at(time, facts.rate), facts.rate) != time}
    assert off <= kept
