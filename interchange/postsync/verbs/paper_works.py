"""The works that paper is made of, and as they were when it last went out, with each cue known again.

Cues of our own works keep their identity. Those that are found in markers get one from where and what they are, so that a
marker which moved, or a list under another name, would be one cue gone and another new: these are known again by number,
words and place, as in a list that came back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from postsync.cueing import spot
from postsync.cueing.merging.knowing_again import Known, know_again, known_cues
from postsync.formats.conversion import read_file
from postsync.model import (
    Project,
    character_name,
    cue_marker,
    cue_markers,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report


@dataclass(frozen=True)
class Reading:
    """How works are read: what holds for the show, which timeline, whether every marker is a cue, the reader's options.

    `found` gathers the uids of cues that were found in markers.
    """

    project: Project
    timeline: str | None
    all_markers: bool
    how: Mapping[str, Any]
    found: set[str] = field(default_factory=set)

    def works(self, paths: Sequence[Path], report: Report) -> tuple[Any, ...]:
        """Read the works; a file of several timelines says which there are where none is named."""
        works: list[Any] = []
        for path in paths:
            opened = read_file(path, report, **self.how)
            one = opened.choose(self.timeline if len(paths) == 1 or len(opened.timelines) > 1 else None)
            self._spot(one, report)
            if not timeline_cues(one):
                report.note("work-without-cues", name=path.name, markers=sum(1 for _ in timeline_markers(one)))
            works.append(one)
        return tuple(works)

    def earlier(self, paths: Sequence[Path], works: Sequence[Path], today: Sequence[Any]) -> tuple[Any, ...]:
        """Read the works as they were, at the rate of the works: at another every cue would have moved.

        What else was said of how to read holds for files whose names end alike: the earlier state may come from elsewhere.
        """
        endings = {path.suffix.casefold() for path in works}
        before: list[Any] = []
        for path in paths:
            how = self.how if path.suffix.casefold() in endings else {"rate": self.how.get("rate")}
            opened = read_file(path, Report(), **how)
            before.append(opened.choose(self.timeline if len(opened.timelines) > 1 else None))
            self._spot(before[-1], Report())
        if before and self.found:
            self._name_as_today(before, today)
        return tuple(before)

    def _spot(self, timeline: Any, report: Report) -> None:
        carried = {cue.uid for cue in timeline_cues(timeline)}
        spot(timeline, self.project, report, all_markers=self.all_markers)
        self.found.update(cue.uid for cue in timeline_cues(timeline) if cue.uid not in carried)

    def _name_as_today(self, before: Sequence[Any], today: Sequence[Any]) -> None:
        """Give earlier cues the uids of the cues of today that they are, where one of the two was found in a marker."""
        ours, theirs = _all_known(today), _all_known(before)
        joined = know_again(ours, theirs, timeline_facts(today[0]).rate.seconds_per_frame)
        names = {
            theirs[pair.theirs].uid: ours[pair.ours].uid
            for pair in joined.pairs
            if self.found & {ours[pair.ours].uid, theirs[pair.theirs].uid}
        }
        for timeline in before:
            _rename(timeline, names)


def _all_known(timelines: Sequence[Any]) -> list[Known]:
    every = [one for timeline in timelines for one in known_cues(timeline)]
    return [replace(one, place=place) for place, one in enumerate(every)]


def _rename(timeline: Any, names: Mapping[str, str]) -> None:
    """Give cues of a timeline other uids."""
    facts, cast = timeline_facts(timeline), timeline_characters(timeline)
    anew = {
        id(marker): cue_marker(replace(cue, uid=names[cue.uid]), facts, character_name(cast, cue))
        for marker, cue in cue_markers(timeline)
        if names.get(cue.uid, cue.uid) != cue.uid
    }
    if anew:
        timeline.tracks.markers[:] = [anew.get(id(marker), marker) for marker in timeline.tracks.markers]
