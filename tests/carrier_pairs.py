"""Cues through one carrier and then through another, for every pair of formats that write and read cues.

Which carriers there are is asked of the format records, so a new one is in every pair. What a carrier holds by itself is
measured by sending the cues through it without tags: a field of a cue that comes through each of two carriers alone must come
through both, one after the other. With the tag no cue may lose its uid, and what changes must be named on the way.
"""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from postsync.cueing import spot
from postsync.cueing.cast import Cast
from postsync.cueing.merging.cue_values import cue_values
from postsync.cueing.merging.written import is_usual, take_snapshot
from postsync.formats import Feature, Format, make_options, options_for
from postsync.formats.format import write_to
from postsync.model import Project, timeline_characters, timeline_cues, timeline_facts
from postsync.report import Report
from postsync.timing import frame_at
from postsync_adapters import formats

OPTIONS: dict[str, dict[str, Any]] = {"ale": {"cues": "rows"}, "wav_markers": {"sample_rate": 8000, "bits": 8}}
"""A log of clips has rows for cues only where they are asked for; silence at full quality takes long to write."""

PLACES = ("in", "out")


def carriers() -> list[str]:
    """Name every format that writes cues and reads them, but the work itself."""
    return sorted(
        fmt.name
        for fmt in formats().values()
        if fmt.read is not None and fmt.write is not None and Feature.CUES in fmt.writes and fmt.name != "otio"
        if fmt.name != "cue_workbook" or importlib.util.find_spec("openpyxl") is not None
    )


def sent(timeline: Any, name: str, tags: str) -> tuple[Any, Report]:
    """Give what comes back of a timeline from one carrier, and what was said on the way."""
    fmt, report, file = formats()[name], Report(), io.BytesIO()
    wanted = {**options_for(fmt.write_options, {"tags": tags}), **OPTIONS.get(name, {})}
    write_to(fmt, timeline, file, report, make_options(fmt.write_options, wanted, name))
    return read_again(fmt, file.getvalue(), timeline, report), report


def read_again(fmt: Format, data: bytes, timeline: Any, report: Report) -> Any:
    """Read a file at the clock that is known, its markers as cues."""
    facts = timeline_facts(timeline)
    known = {"rate": facts.rate, "start": facts.start_timecode, "name": timeline.name, **OPTIONS.get(fmt.name, {})}
    assert fmt.read is not None
    options = make_options(fmt.read_options, options_for(fmt.read_options, known), fmt.name)
    returned = fmt.read(io.BytesIO(data), report, options)[0]
    spot(returned, Project(), Report(), all_markers=True, dialect="plain")
    return returned


def values_of(timeline: Any) -> dict[str, dict[str, Any]]:
    """Give the values of each cue by uid, its places by the frame that people see."""
    facts, cast = timeline_facts(timeline), Cast(timeline_characters(timeline).values())
    found: dict[str, dict[str, Any]] = {}
    for cue in timeline_cues(timeline):
        values = cue_values(cue, facts, cast)
        for place in PLACES:
            values[place] = None if values[place] is None else frame_at(Fraction(values[place]), facts.rate)
        found[cue.uid] = values
    return found


def held_alone(timeline: Any, name: str) -> dict[str, frozenset[str]]:
    """Give the fields of each cue that come through a carrier without any tag."""
    returned, _ = sent(timeline, name, "none")
    facts, snapshot = timeline_facts(timeline), take_snapshot(timeline, returned, name, "")
    held: dict[str, frozenset[str]] = {}
    for uid, cue in snapshot.cues.items():
        differs = {
            field for field, shown in cue["shown"].items() if not _same(field, cue["was"].get(field), shown, facts)
        }
        held[uid] = frozenset(set(cue["was"]) - differs)
    return held


def _same(field: str, was: Any, shown: Any, facts: Any) -> bool:
    if field not in PLACES or was is None or shown is None:
        return bool(was == shown)
    return frame_at(Fraction(was), facts.rate) == frame_at(Fraction(shown), facts.rate)


@dataclass(frozen=True)
class Through:
    """What came through a pair: cues, those with their uid, fields that had to come through, those wrong, those unnamed."""

    cues: int
    uids: int
    fields: int
    wrong: list[str]
    unnamed: list[str]


@dataclass
class Pairs:
    """Sends the cues of one timeline through pairs of carriers; what each does alone is done once."""

    timeline: Any

    def __post_init__(self) -> None:
        self.was = values_of(self.timeline)
        self._alone: dict[str, dict[str, frozenset[str]]] = {}
        self._first: dict[str, tuple[Any, Report]] = {}

    def alone(self, name: str) -> dict[str, frozenset[str]]:
        """Give what a carrier holds by itself."""
        if name not in self._alone:
            self._alone[name] = held_alone(self.timeline, name)
        return self._alone[name]

    def through(self, first: str, second: str) -> Through:
        """Send the cues through two carriers with their uid, and compare."""
        if first not in self._first:
            self._first[first] = sent(self.timeline, first, "uid")
        between, report = self._first[first]
        returned, later = sent(between, second, "uid")
        named = {str(loss.facts["field"]).replace(" ", "_") for loss in (*report, *later) if "field" in loss.facts}
        now = values_of(returned)
        checked, wrong, unnamed = 0, list[str](), list[str]()
        for uid, was in self.was.items():
            if uid not in now:
                continue
            must = self.alone(first)[uid] & self.alone(second)[uid]
            checked += len(must)
            for field, value in was.items():
                if now[uid][field] == value:
                    continue
                told = f"{was['number']} {field}: {value!r} came back as {now[uid][field]!r}"
                wrong += [told] if field in must else []
                unnamed += [told] if field not in named and not is_usual(field, value) else []
        return Through(len(self.was), len(self.was.keys() & now.keys()), checked, wrong, unnamed)
