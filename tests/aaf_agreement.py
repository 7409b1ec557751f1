"""What an independent reader says of an AAF, held against what `inspect` says: every fact, one by one.

The corpus keeps that reader's findings as JSON. It lets clips overlap under a cross fade, so our clips are widened to where
the cross fade begins and ends before they are compared. Where it is wrong by the file's own bytes, the fact is listed in
`ITS_ERRORS` and the proof is in `tests/adapters/test_aaf_agreement.py`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync import verbs
from postsync.model import block

RECOVERIES = {None: "keep", "remove-sample-accurate-edits": "join", "true-fades": "fades"}
CURVES = {"CURV_LIN": "linear", "CURV_PWR": "equal-power", "CURV_LOG": "logarithmic"}
FORMATS = {"MONO": 1, "STEREO": 2, "5.1": 6, "7.1": 8}

ITS_ERRORS = {
    ("DR_Markers", "marker 1 length"): "the file states no length, as MC_Markers does for its points",
    ("DR_Multichannel_stereo_single_source", "audio 1 clip 1 start"): "299.68 s counted twice",
    ("DR_Multichannel_stereo_single_source", "audio 1 clip 1 length"): "1.82 s counted twice",
    ("DR_Multichannel_stereo_single_source", "audio 1 clip 1 source"): "1/24 s counted twice",
    ("PT_PCM_Internal", "audio 1 clip 1 start"): "3600 s taken at 44100 instead of the slot's 16000",
    ("PT_PCM_Internal", "audio 1 clip 1 length"): "2 s of sound taken at 44100 instead of 16000",
    ("PT_WAV_External_same_directory", "audio 1 clip 1 start"): "3600 s taken at 44100 instead of 32000",
    ("PT_WAV_External_same_directory", "audio 1 clip 1 length"): "2 s taken at 44100 instead of 32000",
    ("PT_WAV_External_sub_directory", "audio 1 clip 1 start"): "3600 s taken at 44100 instead of 32000",
    ("PT_WAV_External_sub_directory", "audio 1 clip 1 length"): "2 s taken at 44100 instead of 32000",
}
"""Facts in which the other reader is wrong, and why."""

LEVEL_DB = 0.06
SILENT_DB = -90.0
POINT_TIME = 2e-5


@dataclass(frozen=True)
class Fact:
    """One fact of a JSON: what it is of, its kind, what the JSON states, what we read, and whether they agree."""

    name: str
    kind: str
    stated: Any
    read: Any
    agrees: bool


def expectations(corpus: Path) -> list[Path]:
    """Give the JSON files of the independent reader."""
    return sorted((corpus / "aaf" / "libaaf" / "expected").glob("*.json"))


def facts_of(expected: Path) -> list[Fact]:
    """Give every fact of one JSON with what we read."""
    stated = json.loads(expected.read_text(encoding="utf-8"))
    path = expected.parent.parent / f"{expected.stem}.aaf"
    how = {"pro_tools_edits": RECOVERIES[stated["pro_tools_recovery"]]}
    document = verbs.inspect(path, options=how).document
    (timeline,) = document["timelines"]
    comparison = _Comparison(stated)
    found = [*comparison.composition(timeline), *comparison.media(path)]
    for number, (want, have) in enumerate(_pairs(stated["tracks"], timeline["tracks"]), 1):
        found += comparison.track(number, want, have)
    found += comparison.markers(timeline["markers"])
    return found


def disagreements(stem: str, facts: Iterable[Fact]) -> list[Fact]:
    """Give the facts in which we and the other reader differ and it is not known to be wrong."""
    return [fact for fact in facts if not fact.agrees and (stem, fact.name) not in ITS_ERRORS]


def _pairs(wanted: list[Any], read: list[Any]) -> Iterator[tuple[Any, Any]]:
    for index in range(max(len(wanted), len(read))):
        yield (wanted[index] if index < len(wanted) else None, read[index] if index < len(read) else None)


class _Comparison:
    """Compares one JSON; times agree to a sample of the file, or to a frame where the JSON is rounded to frames."""

    def __init__(self, stated: dict[str, Any]) -> None:
        self.stated = stated
        fps = Fraction(*stated["edit_rate"])
        rates = [media["sample_rate"] for media in stated["media"] if media["sample_rate"]]
        self.slack = 1 / fps if stated["exact_to"] == "frame" else Fraction(1, min(rates, default=48000))

    def composition(self, have: dict[str, Any]) -> Iterator[Fact]:
        want = self.stated
        rate = Fraction(have["rate"])
        yield _equal("name", "composition", want["composition"], have["name"])
        near = abs(rate - Fraction(*want["edit_rate"])) < Fraction(1, 1000)
        yield Fact("rate", "composition", want["edit_rate"], have["rate"], near)
        yield _equal("nominal rate", "composition", want["timecode_fps"], -(-rate.numerator // rate.denominator))
        yield _equal("drop flag", "composition", want["drop_frame"], have["drop_frame"])
        label = have["start_timecode"]
        label = label[:-3] + label[-2:] if rate > 100 else label
        yield _equal("start timecode", "composition", want["start_timecode"], label)
        yield _equal("number of tracks", "composition", len(want["tracks"]), len(have["tracks"]))

    def media(self, path: Path) -> Iterator[Fact]:
        """Compare media as they are before any recovery, which takes some away."""
        (timeline,) = verbs.opened(path, options={"pro_tools_edits": "keep"}).timelines
        have = {}
        for clip in timeline.find_clips():
            for reference in clip.media_references().values():
                facts = block(reference)
                have[facts.get("name"), getattr(reference, "target_url", None)] = facts
        for number, want in enumerate(self.stated["media"], 1):
            embedded = want["url"] == "EMBEDDED"
            facts = have.get((want["name"], None if embedded else _stated_url(want, have)))
            name = f"media {number}"
            yield Fact(f"{name} url", "media", want["url"], facts is not None, facts is not None)
            if facts is None:
                continue
            yield _equal(f"{name} embedded", "media", embedded, facts.get("embedded", False))
            for field in ("channels", "sample_rate", "bits"):
                yield _equal(f"{name} {field}", "media", want[field], facts.get(field))
            yield _equal(f"{name} columns", "media", _filled(want["metadata"]), _columns(facts, want["metadata"]))

    # --------------------------------------------------------------------------------------------------------- tracks

    def track(self, number: int, want: dict[str, Any] | None, have: dict[str, Any] | None) -> Iterator[Fact]:
        if want is None or have is None:
            yield Fact(f"track {number}", "track", want and want["name"], have and have["name"], False)
            return
        name = f"{want['kind']} {have['index']}"
        yield _equal(f"{name} kind", "track", want["kind"], have["kind"])
        yield _equal(f"{name} name", "track", want["name"], have["name"])
        if want["format"] in FORMATS:
            yield _equal(f"{name} format", "track", FORMATS[want["format"]], have["channels"])
        yield _equal(f"{name} mute", "track", want["mute"], have["muted"])
        yield _equal(f"{name} solo", "track", want["solo"], have["soloed"])
        if want["pan"] is not None:
            yield _equal(f"{name} pan", "track", want["pan"], have["pan"])
        clips = [item for item in have["items"] if item["kind"] == "clip"]
        crossings = [item for item in have["items"] if item["kind"] == "transition"]
        yield _equal(f"{name} number of clips", "track", len(want["clips"]), len(clips))
        for index, (wanted, clip) in enumerate(zip(want["clips"], clips, strict=False), 1):
            yield from self.clip(f"{name} clip {index}", wanted, _widened(clip, crossings))
        yield _equal(f"{name} number of cross fades", "track", len(want["crossfades"]), len(crossings))
        for index, (wanted, crossing) in enumerate(zip(want["crossfades"], crossings, strict=False), 1):
            yield from self.cross_fade(f"{name} cross fade {index}", wanted, crossing, clips)

    def time(self, name: str, kind: str, want: list[int], have: Fraction) -> Fact:
        return Fact(name, kind, want, str(have), abs(Fraction(*want) - have) <= self.slack)

    def clip(self, name: str, want: dict[str, Any], have: dict[str, Any]) -> Iterator[Fact]:
        yield self.time(f"{name} start", "clip start", want["start"], have["start"])
        yield self.time(f"{name} length", "clip length", want["duration"], have["length"])
        yield self.time(f"{name} source", "source offset", want["source_offset"], have["source"])
        yield _equal(f"{name} channels", "channels", want["channels"], have["channels"])
        yield _equal(f"{name} mute", "clip mute", want["mute"], have["muted"])
        if want["name"] is not None:
            yield _equal(f"{name} name", "clip name", want["name"], have["name"])
        gain = (want["gain_db"] or 0.0, have["gain_db"] or 0.0)
        yield Fact(f"{name} gain", "gain", *gain, abs(gain[0] - gain[1]) <= LEVEL_DB)
        yield from self.points(name, want["volume_automation"], have, gain[1])
        for side in ("fade_in", "fade_out"):
            yield from self.fade(f"{name} {side}", want[side], have[side])
        for index, (wanted, source) in enumerate(zip(want["sources"], have["sources"], strict=False), 1):
            yield _equal(f"{name} source {index} channel", "channels", wanted["channel"], source["channel"])
            same = re.fullmatch(re.escape(source["name"] or "") + r"(_\d+)?", wanted["name"]) is not None
            yield Fact(f"{name} source {index} name", "channels", wanted["name"], source["name"], same)
        if want["sources"]:
            yield _equal(f"{name} sources", "channels", len(want["sources"]), len(have["sources"]))

    def points(self, name: str, want: list[list[float]], have: dict[str, Any], gain: float) -> Iterator[Fact]:
        points = have["points"]
        yield _equal(f"{name} automation points", "automation", len(want), len(points))
        for index, ((time, amplitude), (at, level)) in enumerate(zip(want, points, strict=False), 1):
            own = 10 ** ((level - gain) / 20)
            quiet = max(amplitude, own) < 10 ** (SILENT_DB / 20)
            near = quiet or abs(own / amplitude - 1) < 10 ** (LEVEL_DB / 20) - 1 or abs(own - amplitude) < 1e-6
            place = float(at / have["length"])
            agrees = near and abs(place - time) <= POINT_TIME
            yield Fact(f"{name} point {index}", "automation", [time, amplitude], [place, own], agrees)

    def fade(self, name: str, want: dict[str, Any] | None, have: dict[str, Any] | None) -> Iterator[Fact]:
        if want is None or have is None:
            yield _equal(name, "fade", want, have)
            return
        yield self.time(f"{name} length", "fade", want["duration"], Fraction(have["duration"]))
        yield _equal(f"{name} curve", "fade", CURVES[want["curve"]], have["curve"])

    def cross_fade(self, name: str, want: dict[str, Any], have: dict[str, Any], clips: list[Any]) -> Iterator[Fact]:
        yield self.time(f"{name} length", "cross fade", want["duration"], Fraction(have["duration"]))
        yield self.time(f"{name} cut point", "cross fade", want["cut_point"], Fraction(have["cut_point"]))
        yield _equal(f"{name} curve", "cross fade", CURVES[want["curve"]], have["curve"])
        cut = Fraction(have["record_in"]) + Fraction(have["cut_point"])
        before = sum(Fraction(clip["record_in"]) < cut for clip in clips)
        yield _equal(f"{name} place", "cross fade", want["after_clip"], before)

    # -------------------------------------------------------------------------------------------------------- markers

    def markers(self, have: list[dict[str, Any]]) -> Iterator[Fact]:
        wanted = sorted(self.stated["markers"], key=lambda one: Fraction(*one["start"]))
        yield _equal("number of markers", "marker", len(wanted), len(have))
        for number, (want, marker) in enumerate(zip(wanted, have, strict=False), 1):
            name = f"marker {number}"
            yield self.time(f"{name} place", "marker", want["start"], Fraction(marker["record_in"]))
            yield self.time(f"{name} length", "marker", want["duration"], Fraction(marker["duration"]))
            yield _equal(f"{name} colour", "marker", want["color"].upper(), marker["colour_rgb"])
            yield _equal(f"{name} name", "marker", want["name"], marker["name"])
            if marker["user"] is not None:  # Resolve's markers have a name and no user
                yield _equal(f"{name} user", "marker", want["name"], marker["user"])
            yield _equal(f"{name} comment", "marker", want["comment"], marker["comment"])


def _equal(name: str, kind: str, want: Any, have: Any) -> Fact:
    return Fact(name, kind, want, have, want == have)


def _stated_url(want: dict[str, Any], have: Iterable[Any]) -> str | None:
    """Give the URL as the file states it; where the other reader found the file, the JSON tells the place it found."""
    url: str = want["url"]
    if not url.startswith("."):
        return url
    file_name = url.rpartition("/")[2]
    return next((one for _, one in have if one and one.rpartition("/")[2] == file_name), None)


def _filled(metadata: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in metadata.items() if value}


def _columns(facts: dict[str, Any], wanted: dict[str, str]) -> dict[str, str]:
    columns = (facts.get("extra") or {}).get("columns") or {}
    return {name: value for name, value in columns.items() if name in wanted}


def _widened(clip: dict[str, Any], crossings: list[dict[str, Any]]) -> dict[str, Any]:
    """Give a clip as it is under the cross fades at its ends."""
    start, end = Fraction(clip["record_in"]), Fraction(clip["record_in"]) + Fraction(clip["duration"])
    wide_start, wide_end = start, end
    for crossing in crossings:
        begin = Fraction(crossing["record_in"])
        cut = begin + Fraction(crossing["cut_point"])
        wide_start = begin if cut == start else wide_start
        wide_end = begin + Fraction(crossing["duration"]) if cut == end else wide_end
    lead = start - wide_start
    points = [(Fraction(time) + lead, level) for time, level in clip["gain_points"]]
    return {
        **clip,
        "start": wide_start,
        "length": wide_end - wide_start,
        "source": Fraction(clip["source_in"]) - lead,
        "points": points,
    }


def summary(facts: list[Fact]) -> dict[str, tuple[int, int]]:
    """Count, for each kind of fact, those that agree and all of them."""
    total = Counter(fact.kind for fact in facts)
    good = Counter(fact.kind for fact in facts if fact.agrees)
    return {kind: (good[kind], total[kind]) for kind in total}
