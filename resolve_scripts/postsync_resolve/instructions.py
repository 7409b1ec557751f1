"""The instructions that `postsync` wrote: `postsync.resolve-instructions/1`, checked before anything is changed.

They say how the timeline shall look. docs/resolve-exchange.md has every field.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Dict, List, Mapping, Optional, Tuple

from postsync_resolve.asking import Stop, known_rate
from postsync_resolve.clock import Clock, frame_of_label
from postsync_resolve.saving import read_json

SCHEMA = "postsync.resolve-instructions/1"

COLOURS = (
    "Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia", "Rose", "Lavender", "Sky", "Mint", "Lemon",
    "Sand", "Cocoa", "Cream",
)  # fmt: skip
"""The colours of markers; Resolve refuses any other word, and these in other letters."""


@dataclass(frozen=True)
class WantedCue:
    """A cue as its marker shall look. `frame` counts from the timeline's first; `was` is the plain marker it was read from."""

    uid: str
    label: str
    frame: int
    duration: int
    color: str
    name: str
    note: str
    custom_data: str
    was: Optional[Mapping[str, Any]] = None


@dataclass(frozen=True)
class WantedClip:
    """A take as it shall lie. Frames count from the timeline's first; `source_in` and `record_rest` are exact seconds."""

    id: str
    cue: str
    name: str
    track: str
    channels: int
    file_path: str
    record_frame: int
    record_rest: Fraction
    duration: int
    source_in: Fraction
    enabled: bool = True
    gain_db: Optional[float] = None
    fade_in: int = 0
    fade_out: int = 0
    color: Optional[str] = None


@dataclass(frozen=True)
class Instructions:
    """How a timeline shall look."""

    timeline: Mapping[str, Any]
    cues: Tuple[WantedCue, ...]
    remove: Tuple[str, ...] = ()
    clips: Tuple[WantedClip, ...] = ()


def read_instructions(path: str) -> Instructions:
    """Read a file of instructions. Stops with the place of what is wrong with it."""
    return instructions_of(read_json(path, SCHEMA), path)


def instructions_of(document: Mapping[str, Any], path: str) -> Instructions:
    """Make instructions of a document that was read from `path`."""
    reader = _Reader(path)
    timeline = document.get("timeline")
    if not isinstance(timeline, dict):
        raise reader.fault("timeline", "an object", timeline)
    cues = tuple(reader.cue(facts, "cues[%d]" % at) for at, facts in reader.listed(document, "cues"))
    clips = tuple(reader.clip(facts, "clips[%d]" % at) for at, facts in reader.listed(document, "clips"))
    remove = document.get("remove") or []
    if not isinstance(remove, list):
        raise reader.fault("remove", "a list of uids", remove)
    uids = [cue.uid for cue in cues]
    twice = next((uid for uid in uids if uids.count(uid) > 1), None)
    if twice:
        raise reader.fault("cues", "each uid once", twice)
    both = next((uid for uid in remove if uid in uids), None)
    if both:
        raise reader.fault("remove", "uids that are not among the cues", both)
    return Instructions(timeline, cues, tuple(str(uid) for uid in remove), clips)


@dataclass(frozen=True)
class _Reader:
    """Reads values out of objects and names the place of a wrong one."""

    path: str

    def fault(self, place: str, expected: str, found: Any) -> Stop:
        shown = "nothing" if found is None else repr(found)
        return Stop("%s: %s: expected %s, found %s. Nothing was changed." % (self.path, place, expected, shown))

    def listed(self, document: Mapping[str, Any], name: str) -> List[Tuple[int, Dict[str, Any]]]:
        found = document.get(name) or []
        if not isinstance(found, list):
            raise self.fault(name, "a list", found)
        for at, facts in enumerate(found):
            if not isinstance(facts, dict):
                raise self.fault("%s[%d]" % (name, at), "an object", facts)
        return list(enumerate(found))

    def words(self, facts: Mapping[str, Any], name: str, place: str, needed: bool = True) -> str:
        found = facts.get(name)
        if found is None and not needed:
            return ""
        if not isinstance(found, str) or (needed and not found):
            raise self.fault("%s.%s" % (place, name), "a text", found)
        return found

    def number(self, facts: Mapping[str, Any], name: str, place: str, least: Optional[int] = None) -> int:
        found = facts.get(name)
        if isinstance(found, bool) or not isinstance(found, int) or (least is not None and found < least):
            expected = "a whole number" if least is None else "a whole number from %d on" % least
            raise self.fault("%s.%s" % (place, name), expected, found)
        return found

    def seconds(self, facts: Mapping[str, Any], name: str, place: str) -> Fraction:
        found = facts.get(name)
        try:
            value = Fraction(str(found))
        except (ValueError, ZeroDivisionError):
            value = Fraction(-1)
        if found is None or value < 0:
            raise self.fault("%s.%s" % (place, name), 'seconds such as "1001/24000"', found)
        return value

    def cue(self, facts: Dict[str, Any], place: str) -> WantedCue:
        color, was = self.words(facts, "color", place), facts.get("was")
        if color not in COLOURS:
            raise self.fault(place + ".color", "one of " + " ".join(COLOURS), color)
        if was is not None and not isinstance(was, dict):
            raise self.fault(place + ".was", "an object or null", was)
        return WantedCue(
            self.words(facts, "uid", place),
            self.words(facts, "label", place, needed=False) or self.words(facts, "name", place, needed=False),
            self.number(facts, "frame", place),
            self.number(facts, "duration", place, 1),
            color,
            self.words(facts, "name", place, needed=False),
            self.words(facts, "note", place, needed=False),
            self.words(facts, "custom_data", place),
            was,
        )

    def clip(self, facts: Dict[str, Any], place: str) -> WantedClip:
        gain = facts.get("gain_db")
        if gain is not None and (isinstance(gain, bool) or not isinstance(gain, (int, float))):
            raise self.fault(place + ".gain_db", "decibels or null", gain)
        return WantedClip(
            self.words(facts, "id", place),
            self.words(facts, "cue", place, needed=False),
            self.words(facts, "name", place, needed=False),
            self.words(facts, "track", place),
            self.number(facts, "channels", place, 1),
            self.words(facts, "file_path", place),
            self.number(facts, "record_frame", place),
            self.seconds(facts, "record_rest", place),
            self.number(facts, "duration", place, 1),
            self.seconds(facts, "source_in", place),
            facts.get("enabled") is not False,
            None if gain is None else float(gain),
            self.number(facts, "fade_in", place, 0) if facts.get("fade_in") is not None else 0,
            self.number(facts, "fade_out", place, 0) if facts.get("fade_out") is not None else 0,
            self.words(facts, "color", place, needed=False) or None,
        )


def check_clock(instructions: Instructions, clock: Clock, name: str) -> None:
    """Refuse instructions that count in another clock than the timeline does: every frame of them would be a wrong one."""
    told = instructions.timeline
    rate = (known_rate(told.get("frame_rate")) or "").split()
    drop = bool(told.get("drop_frame"))
    if not rate or rate[0] != clock.rate or drop != clock.drop:
        raise Stop(
            "The cues count in %s, the timeline %r runs at %s%s: open the timeline that they belong to. Nothing was changed."
            % (_rate(told.get("frame_rate"), drop), name, clock.rate, " drop frame" if clock.drop else "")
        )
    start = frame_of_label(str(told.get("start_timecode") or ""), clock.nominal, clock.drop)
    if start is not None and start != clock.start:
        raise Stop(
            "The cues count from %s, the timeline %r starts at %s: run the job again with it open. Nothing was changed."
            % (told.get("start_timecode"), name, clock.label(0))
        )


def _rate(given: Any, drop: bool) -> str:
    return "%s%s" % (given, " drop frame" if drop and "DF" not in str(given) else "")
