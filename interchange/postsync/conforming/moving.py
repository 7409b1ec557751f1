"""Everything that lies on a cut through the map: cues, plain markers and placed clips, with what became of each.

Positions move, nothing else: text, character, takes and ids stay. Each thing keeps where it was, so that it can be undone and
moved again from there. What was moved through this very map already stays where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from postsync.conforming.change_map import ChangeMap, Side
from postsync.conforming.following import FLAGS, STATUSES, Fate, Fragment, follow
from postsync.model import TimelineFacts
from postsync.timing import Rate, round_half_up
from postsync.wording import fill

ADVICE = {
    "unchanged": "",
    "moved": "",
    "moved-block": "the scene stands elsewhere: check what comes before and after",
    "head-trimmed": "check the beginning: {frames:frame of picture is|frames of picture are} gone",
    "tail-trimmed": "check the end: {frames:frame of picture is|frames of picture are} gone",
    "both": "check both ends: {frames:frame of picture is|frames of picture are} gone",
    "lengthened": "picture opened up by {frames:frame|frames} inside the line: check sync after it",
    "shortened": "{frames:frame is|frames are} gone inside the line: check sync after it",
    "split": "the picture of the line is in several places: choose",
    "reordered": "the picture inside the line was put in another order",
    "retimed": "the picture runs at another speed: check sync",
    "picture-replaced": "other picture stands here: check that the line still fits",
    "repeated": "the picture is used again: decide whether the line is too",
    "lost": "the picture is gone",
}
"""What a person should do about each status."""


def advice(status: str, frames: int, flags: Iterable[str]) -> str:
    """Say what a person should do about what became of a thing, empty where nothing; unknown flags say nothing.

    >>> advice("shortened", -1, ["conflict"])
    '1 frame is gone inside the line: check sync after it; dialogue and picture moved differently: dialogue was followed'
    """
    told = [fill(ADVICE[status], {"frames": abs(frames)}), *(FLAGS.get(flag, "") for flag in flags)]
    return "; ".join(part for part in told if part)


@dataclass(frozen=True)
class Maps:
    """The maps that things are moved by: picture, and dialogue where both cuts have sound.

    >>> maps = Maps(changes(timeline, timeline))
    >>> maps.is_identity, maps.dialogue is None
    (True, True)
    """

    picture: ChangeMap
    dialogue: ChangeMap | None = None

    @property
    def identity(self) -> str:
        """A short name of both."""
        return self.picture.identity + (f"-{self.dialogue.identity}" if self.dialogue is not None else "")

    @property
    def is_identity(self) -> bool:
        """Whether nothing changed."""
        return self.picture.is_identity and (self.dialogue is None or self.dialogue.is_identity)

    def follow(self, old_in: int, old_out: int, sync: int | None = None) -> Fate:
        """Give what became of a stretch: by the dialogue under it where there is any, else by the picture.

        Where the two disagree the dialogue is kept and the fate says `conflict`.
        """
        by_picture = follow(self.picture, old_in, old_out, sync)
        if self.dialogue is None:
            return by_picture
        by_sound = follow(self.dialogue, old_in, old_out, sync)
        if not any(one.kind != "bridge" for one in by_sound.fragments):
            return by_picture
        if by_sound.delta == by_picture.delta:
            return by_sound if by_sound.status != "unchanged" or by_picture.status == "unchanged" else by_picture
        return _with_flag(by_sound, "conflict")


def _with_flag(fate: Fate, flag: str) -> Fate:
    return fate if flag in fate.flags else replace(fate, flags=(*fate.flags, flag))


@dataclass(frozen=True)
class Moved:
    """What became of one thing. `kind` is cue, marker or clip; `proposed` are numbers for the other parts of a split cue.

    Times are frames from 00:00:00:00 of their own reels, `old_reel` and `new_reel`.

    >>> moved = reconform(timeline, Maps(changes(timeline, timeline)), timeline).cues[0]
    >>> moved.kind, moved.number, moved.fate.status
    ('cue', 'R101', 'unchanged')
    """

    kind: str
    uid: str
    number: str
    character: str
    text: str
    track: str
    fate: Fate
    old_reel: str = ""
    new_reel: str = ""
    already: bool = False
    proposed: tuple[str, ...] = ()

    @property
    def check(self) -> str:
        """What a person should do, in words; empty where nothing."""
        return advice(self.fate.status, self.fate.frames, self.fate.flags)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        fate = self.fate
        return {
            "kind": self.kind,
            "uid": self.uid or None,
            "number": self.number or None,
            "character": self.character or None,
            "text": self.text or None,
            "track": self.track or None,
            "status": fate.status,
            "old_in": fate.old_in,
            "old_out": fate.old_out,
            "new_in": fate.new_in,
            "new_out": fate.new_out,
            "delta": fate.delta,
            "frames": fate.frames,
            "flags": list(fate.flags),
            "needs_ears": fate.needs_ears,
            "check": self.check,
            "old_reel": self.old_reel or None,
            "new_reel": self.new_reel or None,
            "fragments": [one.to_json() for one in fate.fragments],
            "also_at": [one.to_json() for one in fate.again],
            "neighbours": list(fate.neighbours) if fate.status == "lost" else None,
            "proposed_numbers": list(self.proposed),
            "already": self.already,
        }


@dataclass
class Outcome:
    """What became of all: everything that was there, in its old order, and the timelines of the new cut that hold it now.

    >>> outcome = reconform(timeline, Maps(changes(timeline, new_cut)), new_cut)
    >>> len(outcome.timelines), len(outcome.cues), outcome.left_out
    (1, 5, 0)
    """

    maps: Maps
    timelines: list[Any] = field(default_factory=lambda: [])
    cues: list[Moved] = field(default_factory=lambda: [])
    markers: list[Moved] = field(default_factory=lambda: [])
    clips: list[Moved] = field(default_factory=lambda: [])
    derived: list[str] = field(default_factory=lambda: [])
    left_out: int = 0
    """Clips of the work that the old cut does not have and that were left, because the new cut brings its own picture."""

    @property
    def counts(self) -> dict[str, int]:
        """How many cues have each status; they add up to the number of cues."""
        found = Counter(one.fate.status for one in self.cues)
        return {status: found[status] for status in STATUSES if found[status]}

    @property
    def needs_ears(self) -> list[Moved]:
        """Everything that somebody must look at."""
        return [one for one in (*self.cues, *self.markers, *self.clips) if one.fate.needs_ears]

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.reconform/1`."""
        return {
            "schema": "postsync.reconform/1",
            "rate": self.maps.picture.new.rate.text,
            "map": self.maps.identity,
            "old": self.maps.picture.old.to_json(),
            "new": self.maps.picture.new.to_json(),
            "cues": [one.to_json() for one in self.cues],
            "counts": self.counts,
            "markers": [one.to_json() for one in self.markers],
            "clips": [one.to_json() for one in self.clips],
            "derived": list(self.derived),
            "left_out": self.left_out,
            "changes": self.maps.picture.to_json(),
            "dialogue_changes": None if self.maps.dialogue is None else self.maps.dialogue.to_json(),
        }


@dataclass(frozen=True)
class Clock:
    """The clock of a work on the axis of the map: its frames are those of one reel of the old cut."""

    facts: TimelineFacts
    rate: Rate
    shift: int

    @classmethod
    def of(cls, facts: TimelineFacts, side: Side, name: str) -> Clock:
        """Find the reel of a work: the one of its name where labels alone do not say, else the one that holds its start."""
        shifted = [reel for reel in side.reels if reel.shift]
        named = [reel for reel in side.reels if reel.name == name]
        return cls(facts, side.rate, (named[0].shift if shifted and named else 0))

    def on_axis(self, frame: int) -> int:
        """Give the place on the axis of a frame counted from the beginning of the work."""
        return self.of_seconds(Fraction(frame) / self.facts.rate.fps)

    def of_seconds(self, seconds: Fraction) -> int:
        """Give the place on the axis that a time from the beginning of the work is nearest to."""
        return round_half_up((self.start + seconds) * self.rate.fps) + self.shift

    @property
    def start(self) -> Fraction:
        """The first frame in seconds from 00:00:00:00."""
        return Fraction(self.facts.start_frame) / self.facts.rate.fps


def record_of(fate: Fate, maps: Maps, was: dict[str, Any], before: Any) -> dict[str, Any]:
    """Give what a thing remembers of a reconform: where it was, what became of it, through which map, and what was before."""
    return {
        "status": fate.status,
        "delta": fate.delta,
        "flags": list(fate.flags),
        "frames": fate.frames,
        "fragments": [one.to_json() for one in fate.fragments],
        "old_in": fate.old_in,
        "old_out": fate.old_out,
        "neighbours": list(fate.neighbours),
        "from_version": maps.picture.old.name,
        "to_version": maps.picture.new.name,
        "old_cut": maps.picture.old.fingerprint,
        "new_cut": maps.picture.new.fingerprint,
        "map": maps.identity,
        "was": was,
        "before": before,
    }


def fate_of_record(record: dict[str, Any]) -> Fate:
    """Give the fate that a record remembers."""
    fragments = tuple(
        Fragment(one["old_in"], one["old_out"], one["new_in"], one["new_out"], one["kind"], Fraction(one["ratio"]))
        for one in record["fragments"]
    )
    delta = record["delta"]
    start, end = (None, None) if delta is None else (record["old_in"] + delta, record["old_out"] + delta)
    low, high = record.get("neighbours") or (None, None)
    return Fate(
        record["status"], record["old_in"], record["old_out"], start, end, tuple(record["flags"]), record["frames"],
        fragments, neighbours=(low, high),
    )  # fmt: skip


def standing(record: dict[str, Any] | None, maps: Maps) -> str:
    """Say where a thing stands: `here` through this map already, `before` on a later cut than the old one, else `old`.

    What stands on another new cut of the same old one goes through the map from where it was on the old cut.
    """
    if record is None or not isinstance(record.get("was"), dict):
        return "old"
    if record.get("map") == maps.identity:
        return "here"
    old = maps.picture.old.fingerprint
    return "before" if record.get("old_cut") == old and record.get("new_cut") != old else "old"
