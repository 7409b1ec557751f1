"""Placed clips through the map: takes on their tracks follow their cues, whole; cut only where that is asked for.

What the old cut plays itself is not placed: it is in the new cut again. Clips that meet on one track after the move go side by
side; clips whose picture is gone lie switched off on a track of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.conforming.following import Fate
from postsync.conforming.moving import Clock, Maps, Moved, fate_of_record, record_of, standing
from postsync.conforming.moving_cues import NewReel, reel_of
from postsync.model import (
    Fade,
    Laid,
    PlacedClip,
    PlacedTrack,
    PlacedTransition,
    TrackFacts,
    block,
    build_track,
    clip_facts,
    lay_without_overlaps,
    placed_tracks,
    plain,
    put_block,
    put_clip_facts,
    put_timeline_facts,
    timeline_facts,
    to_json,
)
from postsync.timing import fraction_text, from_rational_time, round_half_up

LOST_TRACK = "Lost"
HANDLE_SECONDS = 1
"""So much a take may sound before and after its line: handles, which follow the line whatever picture lies under them."""

EDGE_FADE = Fraction(1, 100)
"""Where sound is cut it fades over this many seconds; a hard edge clicks."""

ClipKey = tuple[str, int, int, str]


@dataclass
class Lane:
    """One track of placed clips in a new reel, as it fills."""

    name: str
    kind: str
    facts: TrackFacts
    metadata: dict[str, Any]
    laid: list[Laid] = field(default_factory=lambda: [])
    mixes: list[PlacedTransition] = field(default_factory=lambda: [])


def clips_of_cut(timelines: Sequence[Any]) -> Counter[ClipKey]:
    """Give what marks the clips that a cut plays itself: kind, place, length and name."""
    found: Counter[ClipKey] = Counter()
    for timeline in timelines:
        facts = timeline_facts(timeline)
        for track in placed_tracks(timeline):
            for clip in track.clips:
                found[_key(track, clip, facts.start_frame, facts.rate.fps)] += 1
    return found


def without_shared_tracks(work: Any, old: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Give work and old cut without the tracks that both have word for word: nothing is placed on those.

    A feature has tens of thousands of clips; asking each what it is takes longer than all the rest.
    """
    texts = Counter(track.to_json_string(-1) for timeline in old for track in timeline.tracks)
    shared: Counter[str] = Counter()
    kept: list[Any] = []
    for track in work.tracks:
        text = track.to_json_string(-1)
        if shared[text] < texts[text] and '"cue_uid"' not in text and '"reconform"' not in text:
            shared[text] += 1
        else:
            kept.append(track)
    return _with_tracks(work, kept), [
        _with_tracks(one, [track for track in one.tracks if not shared[track.to_json_string(-1)]]) for one in old
    ]


def _with_tracks(timeline: Any, tracks: Sequence[Any]) -> Any:
    """Make a timeline of some tracks of another, with its clock."""
    made = otio.schema.Timeline(timeline.name)
    put_timeline_facts(made, timeline_facts(timeline))
    made.tracks.extend([track.deepcopy() for track in tracks])
    return made


def _key(track: PlacedTrack, clip: PlacedClip, start: int, fps: Fraction) -> ClipKey:
    return track.kind, start + round(clip.record_in * fps), round(clip.duration * fps), clip.clip.name.strip()


class ClipMover:
    """Moves the placed clips of one work onto tracks of the new reels."""

    def __init__(
        self,
        maps: Maps,
        clock: Clock,
        reels: Sequence[NewReel],
        cue_fates: Mapping[str, Fate],
        *,
        cut: bool = False,
        stands: str = "old",
    ) -> None:
        self.maps, self.clock, self.reels, self.cue_fates, self.cut = maps, clock, reels, cue_fates, cut
        self.stands = stands
        self.new_has_picture = any(track.kind == "Video" for reel in reels for track in reel.timeline.tracks)
        self.rows: list[Moved] = []
        self.left_out = 0
        self._sources: list[Any] = []
        self._lanes: dict[tuple[int, str, str, int], Lane] = {}

    def move(self, work: Any, old: Sequence[Any]) -> None:
        """Take every placed clip of a work along; what the old cut plays itself is left."""
        work, old = without_shared_tracks(work, old)
        if not len(work.tracks):
            return
        self._sources.append(work)
        here = [reel.timeline for reel in self.reels] if self.stands == "here" else []
        left = clips_of_cut([*old, *here])
        for track in placed_tracks(work):
            whole: dict[Fraction, PlacedClip] = {}
            for clip in track.clips:
                if self._is_placed(track, clip, left):
                    whole[clip.record_in] = clip
                    self._move(track, clip)
            self._keep_mixes(track, whole)

    def _is_placed(self, track: PlacedTrack, clip: PlacedClip, left: Counter[ClipKey]) -> bool:
        """Whether a clip is work and not the cut itself; what neither cut has and the new one brings anew is counted."""
        record = block(clip.clip).get("reconform")
        if clip.facts.cue_uid is not None or record is not None:
            return True
        key = _key(track, clip, self.clock.facts.start_frame, self.clock.facts.rate.fps)
        if left[key] > 0:
            left[key] -= 1
            return False
        # A work that stands on a later cut has that cut's clips; its own know where they came from.
        if self.stands == "before" or (track.kind == "video" and self.new_has_picture):
            self.left_out += 1
            return False
        return True

    def _move(self, track: PlacedTrack, clip: PlacedClip) -> None:
        record = block(clip.clip).get("reconform")
        where = standing(record, self.maps)
        record_in = clip.record_in
        if where == "here" and record is not None:
            self._lay(track, clip, fate_of_record(record), clip.record_in, None)
            return
        if where == "before" and record is not None:
            record_in = Fraction(record["was"]["record_in"])
        start = self.clock.of_seconds(record_in)
        end = max(self.clock.of_seconds(record_in + clip.duration), start + 1)
        if self.stands == "here" and record is None:
            # Placed since the work stands on the new cut: it is where it belongs.
            self._lay(track, clip, Fate("unchanged", start, end, start, end), clip.record_in, None)
            return
        fate = self._followed(clip, start, end)
        was = {"record_in": fraction_text(record_in), "track": track.name, "enabled": clip.enabled}
        kept = record_of(fate, self.maps, was, record)
        if fate.new_in is None:
            self._lay(track, clip, fate, record_in, kept)
            return
        reel = reel_of(self.reels, fate.new_in)
        # Whole frames are added to the exact place, so that a take stays on its sample.
        offset = Fraction(fate.new_in - fate.old_in) / self.maps.picture.new.rate.fps
        at = self.clock.start + record_in + offset + Fraction(self.clock.shift - reel.span.shift) / self.clock.rate.fps
        self._lay(track, clip, fate, at - Fraction(reel.facts.start_frame) / reel.facts.rate.fps, kept)

    def _followed(self, clip: PlacedClip, start: int, end: int) -> Fate:
        """Give a clip the place that its cue has, and the fate of its cue where it sounds no longer than that and handles.

        What sounds further lies over other picture too, which its own fate tells of.
        """
        own = self.maps.follow(start, end)
        cue = self.cue_fates.get(clip.facts.cue_uid or "")
        if cue is None or cue.delta is None:
            return own
        moved = replace(own, new_in=start + cue.delta, new_out=end + cue.delta)
        handle = round_half_up(HANDLE_SECONDS * self.maps.picture.old.rate.fps)
        if own.delta is None or (cue.old_in - handle <= start and end <= cue.old_out + handle):
            return replace(moved, status=cue.status, flags=cue.flags, frames=cue.frames)
        return own if own.delta == cue.delta else moved

    def _lay(
        self, track: PlacedTrack, clip: PlacedClip, fate: Fate, at: Fraction, record: dict[str, Any] | None
    ) -> None:
        """Lay a copy of a clip on its track of the new reel; `record` is None where it was moved already."""
        reel = reel_of(self.reels, fate.old_in if fate.new_in is None else fate.new_in)
        place = self.reels.index(reel)
        lost = fate.new_in is None
        name = LOST_TRACK if lost else track.name
        lane = self._lanes.get((place, track.kind, name, 0 if lost else track.index))
        if lane is None:
            lane = Lane(name, track.track.kind, track.facts, {} if lost else plain(track.track.metadata))
            self._lanes[place, track.kind, name, 0 if lost else track.index] = lane
        made = clip.clip.deepcopy()
        made.source_range = None
        if record is not None:
            put_block(made, {"reconform": record})
        if lost:
            made.enabled = False
        if self.cut and not lost and record is not None and len(fate.fragments) > 0 and fate.needs_ears:
            lane.laid += self._fragments(clip, made, fate, at)
        elif -clip.duration < at < 0 and record is not None:
            lane.laid.append(_part(clip, made, 0, -at, clip.duration + at, Fraction(0)))
        else:
            lane.laid.append(Laid(made, max(at, Fraction(0)), clip.duration, clip.source_start))
        uid = clip.facts.cue_uid or ""
        self.rows.append(
            Moved("clip", uid, "", "", clip.clip.name, track.name, fate, self.maps.picture.old.reel_at(fate.old_in).name,
                  reel.span.name, record is None)
        )  # fmt: skip

    def _fragments(self, clip: PlacedClip, made: Any, fate: Fate, at: Fraction) -> list[Laid]:
        """Cut a clip where its picture was cut; every new edge fades."""
        fps, laid = self.maps.picture.new.rate.fps, []
        steady = [one for one in fate.fragments if one.ratio == 1]
        for number, one in enumerate(steady):
            head = Fraction(one.old_in - fate.old_in) / fps
            length = Fraction(one.old_out - one.old_in) / fps
            if one.old_out == fate.old_out:
                length = clip.duration - head
            if length <= 0:
                continue
            shift = Fraction(one.delta - (fate.delta or 0)) / fps
            early = max(-(at + head + shift), Fraction(0))
            if early < length:
                begin = at + head + shift + early
                laid.append(_part(clip, made, number, head + early, length - early, begin))
        return laid

    def _keep_mixes(self, track: PlacedTrack, whole: Mapping[Fraction, PlacedClip]) -> None:
        """Remember the transitions of the track; those whose clips still touch are laid again."""
        lanes = [
            lane
            for (_, kind, name, index), lane in self._lanes.items()
            if (kind, name, index) == (track.kind, track.name, track.index)
        ]
        for item in track.items:
            if isinstance(item, PlacedTransition) and item.cut in whole:
                after = whole[item.cut]
                for lane in lanes:
                    place = _new_place(lane, after)
                    if place is not None:
                        lane.mixes.append(replace(item, cut=place))

    def tracks(self) -> tuple[dict[int, list[Any]], set[int]]:
        """Give the new tracks by reel, and the places in `rows` of clips that meet others on their track."""
        made: dict[int, list[Any]] = {}
        for (place, _, _, _), lane in self._lanes.items():
            facts = self.reels[place].facts
            preferred: list[Fraction | int] = [facts.rate.fps]
            preferred += [facts.sample_rate] if facts.sample_rate else []
            layers = lay_without_overlaps([(one.record_in, one.record_in + one.duration) for one in lane.laid])
            for layer in range(max(layers, default=-1) + 1):
                chosen = [one for one, where in zip(lane.laid, layers, strict=True) if where == layer]
                name = lane.name if layer == 0 else f"{lane.name} ({layer + 1})"
                track = build_track(name, lane.kind, chosen, preferred, facts=lane.facts)
                for key, value in lane.metadata.items():
                    if key not in track.metadata:
                        track.metadata[key] = value
                _lay_mixes(track, lane.mixes)
                made.setdefault(place, []).append(track)
        return made, self._collisions()

    def _collisions(self) -> set[int]:
        """Give the rows of clips that lie over another of their track."""
        met: set[int] = set()
        by_track: dict[tuple[str, str], list[int]] = {}
        for number, row in enumerate(self.rows):
            if row.fate.new_in is not None:
                by_track.setdefault((row.new_reel, row.track), []).append(number)
        for rows in by_track.values():
            rows.sort(key=lambda number: self.rows[number].fate.new_in or 0)
            reach, holder = -1, -1
            for number in rows:
                fate = self.rows[number].fate
                if (fate.new_in or 0) < reach:
                    met |= {number, holder}
                if (fate.new_out or 0) > reach:
                    reach, holder = fate.new_out or 0, number
        return met


def _part(clip: PlacedClip, made: Any, number: int, head: Fraction, length: Fraction, at: Fraction) -> Laid:
    """Cut a piece out of a placed clip, in step with what it was: every new edge fades, and the way back is kept with it."""
    part, facts = made.deepcopy(), clip.facts
    put_clip_facts(
        part,
        replace(
            clip_facts(part),
            fade_in=facts.fade_in if head == 0 else Fade(EDGE_FADE),
            fade_out=facts.fade_out if head + length == clip.duration else Fade(EDGE_FADE),
            gain_points=tuple(
                (time - head, level) for time, level in facts.gain_points if head <= time <= head + length
            ),
        ),
    )
    cut = {
        "part": number,
        "whole_duration": fraction_text(clip.duration),
        "head": fraction_text(head),
        "source_start": fraction_text(clip.source_start),
        "fade_in": to_json(facts.fade_in),
        "fade_out": to_json(facts.fade_out),
        "gain_points": to_json(facts.gain_points),
    }
    put_block(part, {"reconform": {**block(part)["reconform"], "cut": cut}})
    return Laid(part, at, length, clip.source_start + head * facts.speed)


def _new_place(lane: Lane, clip: PlacedClip) -> Fraction | None:
    """Give where a clip begins now; None where it is not on this track any more."""
    at = fraction_text(clip.record_in)
    for one in lane.laid:
        was = (block(one.item).get("reconform") or {}).get("was") or {}
        if was.get("record_in") == at and one.item.name == clip.clip.name:
            return one.record_in
    return None


def _lay_mixes(track: Any, mixes: Sequence[PlacedTransition]) -> None:
    """Put transitions back between clips that still touch."""
    at = Fraction(0)
    by_cut = {mix.cut: mix for mix in mixes}
    places: list[tuple[int, PlacedTransition]] = []
    children = list(track)
    for number, item in enumerate(children):
        mix = by_cut.get(at)
        if (
            mix is not None
            and number
            and all(isinstance(one, otio.schema.Clip) for one in (children[number - 1], item))
        ):
            places.append((number, mix))
        at += from_rational_time(item.duration())
    for number, mix in reversed(places):
        track.insert(number, mix.transition.deepcopy())
