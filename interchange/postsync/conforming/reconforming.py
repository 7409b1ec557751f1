"""A work onto a new cut, and back: `reconform` and `undo`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.conforming.change_map import ChangeMap
from postsync.conforming.following import Fate
from postsync.conforming.moving import Clock, Maps, Outcome, standing
from postsync.conforming.moving_clips import ClipMover
from postsync.conforming.moving_cues import CueMover, NewReel, moved_row, new_reels, restored, restored_marker
from postsync.cueing import free_suffixes
from postsync.model import (
    Character,
    Cue,
    Laid,
    TimelineFacts,
    block,
    build_track,
    character_name,
    cue_marker,
    cue_markers,
    cue_of,
    placed_tracks,
    plain_marker,
    put_block,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)

SAME_LINE_SECONDS = 2
"""A line of the same words in the new cut is the same line no further from its place than this."""

SUFFIX_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters of the parts of a split cue; I and O look like figures."""


def reconform(
    works: Any, maps: Maps | ChangeMap, new: Any = None, old: Any = None, *, cut: bool = False, date: str = ""
) -> Outcome:
    """Move the cues, markers and placed clips of a work onto a new cut; the work itself is left as it is.

    `works`, `new` and `old` are OTIO timelines or lists of them, one for each reel. Without `new` the result has no clips but
    the placed ones; without `old` all clips of the work that have no cue are taken for the old cut's own. `cut` cuts placed
    sound where its picture was cut. `date` goes into the history of the cues.

    >>> outcome = reconform(timeline, Maps(changes(timeline, new_cut)), new_cut)
    >>> [(moved.number, moved.fate.status) for moved in outcome.cues]
    [('R101', 'moved'), ('R102', 'moved'), ('R103', 'moved-block'), ('R104', 'moved'), ('R105', 'moved')]
    """
    both = maps if isinstance(maps, Maps) else Maps(maps)
    given = _list(works)
    if both.is_identity and not any(_came_from(work, both) for work in given):
        return _unchanged(given, both)
    news = [one.deepcopy() for one in _list(new)] if new is not None else _bare(both.picture)
    reels = new_reels(news, both.picture.new.reels)
    outcome = Outcome(both, news)
    kept = {name: value for name in ("project", "written") if (value := block(given[0]).get(name))}
    for reel in reels if kept else ():
        put_block(reel.timeline, kept)
    for work in given:
        _Work(work, both, reels, outcome, date).move(_list(old) if old is not None else [work], cut=cut)
    return outcome


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _came_from(work: Any, maps: Maps) -> bool:
    """Whether anything of a work stands on a later cut than the old one, which is also the new one: it has to go back."""
    return any(standing(cue.reconform, maps) == "before" for _, cue in cue_markers(work))


def _bare(changes: ChangeMap) -> list[Any]:
    """Make timelines of the new cut that hold nothing but its clock."""
    timelines = []
    for reel in changes.new.reels:
        timeline = otio.schema.Timeline(name=reel.name)
        put_timeline_facts(timeline, TimelineFacts(changes.new.rate, reel.start - reel.shift))
        timelines.append(timeline)
    return timelines


def _unchanged(works: Sequence[Any], maps: Maps) -> Outcome:
    """Give works that stand on an unchanged cut as they are, every cue unchanged."""
    outcome = Outcome(maps, [work.deepcopy() for work in works])
    for work in works:
        facts, cast = timeline_facts(work), timeline_characters(work)
        clock = Clock.of(facts, maps.picture.old, work.name)
        reel = NewReel(work, facts, maps.picture.new.reel_at(clock.on_axis(0)))
        for _, cue in cue_markers(work):
            start = clock.on_axis(cue.record_in)
            end = start + 1 if cue.record_out is None else clock.on_axis(cue.record_out)
            fate = Fate("unchanged", start, end, start, end)
            outcome.cues.append(moved_row("cue", cue.uid, cue, character_name(cast, cue), fate, maps, reel))
    return outcome


class _Work:
    """One work on its way to the new reels."""

    def __init__(self, work: Any, maps: Maps, reels: Sequence[NewReel], outcome: Outcome, date: str) -> None:
        self.work, self.maps, self.reels, self.outcome = work, maps, reels, outcome
        self.facts = timeline_facts(work)
        self.cast = timeline_characters(work)
        self.cues = [cue for _, cue in cue_markers(work)]
        self.clock = Clock.of(self.facts, maps.picture.old, work.name)
        self.placed: list[tuple[Cue, NewReel]] = []
        self.mover = CueMover(maps, self.clock, reels, date)

    def move(self, old: Sequence[Any], *, cut: bool) -> None:
        """Move everything."""
        fates = self._cues()
        self._markers()
        stands = {standing(cue.reconform, self.maps) for cue in self.cues} - {"old"}
        where = "before" if "before" in stands else "here" if stands else "old"
        clips = ClipMover(self.maps, self.clock, self.reels, fates, cut=cut, stands=where)
        clips.move(self.work, old)
        tracks, met = clips.tracks()
        for place, made in tracks.items():
            self.reels[place].timeline.tracks.extend(made)
        self.outcome.left_out += clips.left_out
        for number, row in enumerate(clips.rows):
            if number in met:
                row = replace(row, fate=replace(row.fate, flags=(*row.fate.flags, "collision")))
            self.outcome.clips.append(row)

    def _cues(self) -> dict[str, Fate]:
        taken = {cue.uid for cue in self.cues}
        numbers: set[str | None] = {cue.number for cue in self.cues}
        for reel in self.reels:
            put_characters(reel.timeline, {**timeline_characters(reel.timeline), **self.cast}.values())
        fates: dict[str, Fate] = {}
        parents = {cue.derived_from for cue in self.cues if cue.derived_from}
        for cue in self.cues:
            moved, fate, reel, already = self.mover.cue(cue)
            fates[cue.uid] = fate
            parted = already or cue.uid in parents
            proposed = () if parted else self._parts(moved, fate, taken, numbers)
            self.placed.append((moved, reel))
            who = character_name(self.cast, cue)
            row = moved_row("cue", cue.uid, cue, who, fate, self.maps, reel, already=already, proposed=proposed)
            self.outcome.cues.append(row)
        for reel in self.reels:
            _lay_cues(reel.timeline, [one for one, where in self.placed if where is reel], reel.facts, self.cast)
        return fates

    def _parts(self, cue: Cue, fate: Fate, taken: set[str], numbers: set[str | None]) -> tuple[str, ...]:
        parts = list(self.mover.parts(cue, fate, taken))
        suffixes: list[str] | None = None
        if cue.number and parts:
            number = cue.number
            suffixes = free_suffixes(len(parts), "", None, SUFFIX_LETTERS, lambda end: f"{number}{end}" in numbers)
        found: list[str] = []
        for place, (part, reel) in enumerate(parts):
            own = f"{cue.number}{suffixes[place]}" if suffixes else None
            numbers.add(own)
            self.placed.append((replace(part, number=own), reel))
            self.outcome.derived.append(part.uid)
            found.append(own or part.uid)
        return tuple(found)

    def _markers(self) -> None:
        if len(self.cues) == len(self.work.tracks.markers):
            return
        there = {
            (one.record_in, one.name, one.comment)
            for reel in self.reels
            for marker, one in timeline_markers(reel.timeline)
            if cue_of(marker) is None
        }
        for marker, plain in timeline_markers(self.work):
            if cue_of(marker) is not None:
                continue
            moved, fate, reel, already = self.mover.marker(plain)
            if (moved.record_in, moved.name, moved.comment) not in there:
                reel.timeline.tracks.markers.append(to_otio_marker(moved, reel.facts.rate.fps))
            self.outcome.markers.append(moved_row("marker", "", plain, "", fate, self.maps, reel, already=already))


def _lay_cues(timeline: Any, cues: Sequence[Cue], facts: TimelineFacts, cast: dict[str, Character]) -> None:
    """Put the cues of a work onto a cut, in place of those that the cut brings of them: the work knows them whole.

    A cut that editors gave out with its markers has the lines too, under other uids; they are known by number, or by their
    words near the same place. What else the cut brings stays.
    """
    known = {cue.uid for cue in cues} | {cue.number for cue in cues if cue.number}
    said: dict[Any, list[int]] = {}
    for cue in cues:
        said.setdefault(_words(cue), []).append(cue.record_in)
    near = round(SAME_LINE_SECONDS * facts.rate.fps)

    def is_ours(marker: Any) -> bool:
        cue = cue_of(marker)
        if cue is None or cue.uid in known or cue.number in known:
            return cue is not None
        places = said.get(_words(cue), []) if cue.line else []
        return any(abs(place - cue.record_in) <= near for place in places)

    kept = [marker for marker in timeline.tracks.markers if not is_ours(marker)]
    made = [cue_marker(cue, facts, character_name(cast, cue)) for cue in cues]
    timeline.tracks.markers[:] = [*kept, *made]


def _words(cue: Cue) -> Any:
    return (cue.character, " ".join(cue.line.split()).casefold()) if cue.line else None


def undo(work: Any, old: Any) -> Any:
    """Give a work as it was before its last reconform, on the old cut: cues, markers and placed clips where they stood.

    Cues that were made of the parts of split ones go; everything else that people changed meanwhile stays.

    >>> from postsync.model import timeline_cues
    >>> moved = reconform(timeline, Maps(changes(timeline, new_cut)), new_cut, date="2026-01-08").timelines[0]
    >>> [cue.record_in for cue in timeline_cues(undo(moved, timeline))]
    [8, 34, 70, 120, 150]
    """
    result = old.deepcopy()
    facts, cast = timeline_facts(result), timeline_characters(work)
    put_characters(result, cast.values())
    cues = [cue_of(marker) for marker in work.tracks.markers]
    back = [restored(cue) for cue in cues if cue is not None and "part_of" not in (cue.reconform or {})]
    _lay_cues(result, back, facts, cast)
    there = {(one.record_in, one.name, one.comment) for _, one in timeline_markers(result)}
    for marker in work.tracks.markers:
        plain = restored_marker(plain_marker(marker))
        if cue_of(marker) is None and (plain.record_in, plain.name, plain.comment) not in there:
            result.tracks.markers.append(to_otio_marker(plain, facts.rate.fps))
    result.tracks.extend(_clips_back(work, facts))
    for name in ("project", "written"):
        if name in block(work):
            put_block(result, {name: block(work)[name]})
    return result


def _clips_back(work: Any, facts: TimelineFacts) -> list[Any]:
    """Give the tracks of the clips that a reconform moved, as they were; of the fragments of a clip the whole."""
    tracks: dict[tuple[str, str], list[Laid]] = {}
    done: set[tuple[str, str]] = set()
    for track in placed_tracks(work):
        for clip in track.clips:
            record = block(clip.clip).get("reconform")
            if not isinstance(record, dict):
                continue
            was, cut = record["was"], record.get("cut")
            whole = (was["record_in"], clip.clip.name + was["track"])
            if cut is not None and whole in done:
                continue
            done.add(whole)
            made = clip.clip.deepcopy()
            made.source_range = None
            made.enabled = bool(was.get("enabled", True))
            kept = dict(block(made))
            del kept["reconform"]
            if cut is not None:
                kept |= {name: cut[name] for name in ("fade_in", "fade_out", "gain_points") if name in cut}
            if record.get("before"):
                kept["reconform"] = record["before"]
            made.metadata["postsync"] = kept
            duration = Fraction(cut["whole_duration"]) if cut else clip.duration
            source = Fraction(cut["source_start"]) if cut else clip.source_start
            tracks.setdefault((track.track.kind, was["track"]), []).append(
                Laid(made, Fraction(was["record_in"]), duration, source)
            )
    preferred: list[Fraction | int] = [facts.rate.fps]
    preferred += [facts.sample_rate] if facts.sample_rate else []
    return [build_track(name, kind, laid, preferred) for (kind, name), laid in tracks.items()]
