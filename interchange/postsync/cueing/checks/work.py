"""What the checks look at: cues in record order, the cast, the clock, the project, and the picture where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from postsync.cueing.numbering.prefixes import with_prefixes
from postsync.cueing.rows import STRUCK_STATUSES
from postsync.cueing.text import cue_name
from postsync.findings import Finding, finding
from postsync.model import (
    Character,
    Cue,
    PlacedClip,
    Project,
    TimelineFacts,
    block,
    from_json,
    placed_tracks,
    timeline_cues,
    timeline_duration,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import frame_at


@dataclass(frozen=True)
class Work:
    """A list of cues to be checked.

    `cast` is as it is stored, so an id may stand there twice. `end` is the frame after the timeline's last, None where there is
    no picture and no sound; `cuts` are the frames at which the picture cuts. All frames count from the timeline's first.
    """

    cues: tuple[Cue, ...]
    cast: tuple[Character, ...]
    facts: TimelineFacts
    project: Project
    end: int | None = None
    cuts: tuple[int, ...] = ()
    report: Report | None = None

    @cached_property
    def characters(self) -> dict[str, Character]:
        """The cast by id, with what the project says and the prefixes that its numbers show."""
        known = self.project.cast({one.id: one for one in reversed(self.cast)})
        scheme = self.project.numbers.scheme
        return with_prefixes(known, self.cues, scheme)[0] if scheme and "prefix" in scheme.tokens else known

    @cached_property
    def live(self) -> tuple[Cue, ...]:
        """The cues that are to be recorded: all but those that are struck."""
        return tuple(cue for cue in self.cues if cue.status not in STRUCK_STATUSES)

    def name(self, cue: Cue) -> str:
        """Give what people call a cue; its uid where it has neither number nor character."""
        return cue_name(cue, self.characters) or cue.uid

    def place(self, cue: Cue) -> str:
        """Give name and time of another cue that a finding speaks of."""
        return f"{self.name(cue)} at {self.time(cue)}"

    def time(self, cue: Cue) -> str:
        """Give the timecode of a cue's in."""
        return self.facts.label(cue.record_in)

    def found(self, code: str, cue: Cue, **facts: object) -> Finding:
        """Make a finding on a cue."""
        return finding(code, self.name(cue), self.time(cue), **facts)


def work_of(timeline: otio.schema.Timeline, project: Project, report: Report | None = None) -> Work:
    """Give the work of a timeline. `report` is what its reader noted; some of that is a finding too."""
    facts = timeline_facts(timeline)
    duration = timeline_duration(timeline)
    stored: list[dict[str, Any]] = block(timeline).get("characters") or []
    return Work(
        cues=tuple(timeline_cues(timeline)),
        cast=tuple(from_json(Character, one) for one in stored),
        facts=facts,
        project=project,
        end=-frame_at(-duration, facts.rate) if duration else None,
        cuts=tuple(sorted(set(_cuts(timeline, facts)))),
        report=report,
    )


def _cuts(timeline: otio.schema.Timeline, facts: TimelineFacts) -> Iterable[int]:
    """Yield the frames at which picture clips begin and end; a clip that only goes on in the next is no cut."""
    for track in placed_tracks(timeline, "video"):
        clips = [clip for clip in track.clips if clip.enabled]
        through = {before.record_out for before, after in pairwise(clips) if _goes_on(before, after)}
        for clip in clips:
            yield from (frame_at(time, facts.rate) for time in (clip.record_in, clip.record_out) if time not in through)


def _goes_on(before: PlacedClip, after: PlacedClip) -> bool:
    media = (before.url, before.media.name)
    same = any(media) and media == (after.url, after.media.name) and before.facts.speed == after.facts.speed
    reached = before.source_in + before.duration * before.facts.speed
    return same and before.record_out == after.record_in and reached == after.source_in


def grouped(cues: Iterable[Cue], key: Any) -> Mapping[Any, list[Cue]]:
    """Give cues by a key, each group in record order; those whose key is None are left aside."""
    groups: dict[Any, list[Cue]] = {}
    for cue in cues:
        value = key(cue)
        if value is not None:
            groups.setdefault(value, []).append(cue)
    return groups
