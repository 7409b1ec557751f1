"""Takes onto tracks: one ADR track for each character, the take that plays on it, its alternates muted beneath.

No two clips of a track overlap: where cues follow closely handles give way to the neighbour's line, and only where lines
themselves overlap is another track opened. A clip, its cue and its take name each other, so that a reconform moves them as one.
What lies on ADR tracks already stays where it is, and a take that was placed before is not placed again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    PlacedTrack,
    Placement,
    Take,
    TimelineFacts,
    TrackFacts,
    build_track,
    character_name,
    clip_take,
    cue_markers,
    placed_tracks,
    put_clip_facts,
    put_clip_take,
    put_cue,
    timeline_characters,
    timeline_facts,
    with_takes,
)
from postsync.placing.anchors import Anchor, By, Measure, anchor, on_frame, on_sample
from postsync.placing.lanes import Lane, Wish, free_name, give_way, track_order
from postsync.placing.matching import USUAL_RATE, Matching
from postsync.placing.pairings import Pairing
from postsync.placing.selects import select
from postsync.placing.take_clips import clip_note, clip_of_take, take_files, take_record, take_sources
from postsync.wording import counted

RECORDED_FROM = ("spotted", "approved")
"""The statuses that a cue leaves when a take of it is placed; what is further along stays."""

TRACK_WORD = "ADR"


@dataclass(frozen=True)
class PlacingPlan:
    """How takes are placed; lengths in seconds.

    `handles` is how far a clip reaches beyond its cue where the take has sound and no neighbour lies there; a cue's own
    handles come first. `fade` at both ends. `head` is how long before the line a take without a stamp begins. With `phrases`
    a take that was measured is cut in its silences, and each phrase slipped by its own offset.

    >>> plan = PlacingPlan(by="cue", alternates=False)
    >>> plan.handles, plan.fade
    (Fraction(1, 2), Fraction(1, 100))
    """

    by: By = "auto"
    handles: Fraction = Fraction(1, 2)
    fade: Fraction = Fraction(1, 100)
    head: Fraction | None = None
    alternates: bool = True
    accept_guesses: bool = False
    phrases: bool = False


@dataclass(frozen=True)
class PlacedTake:
    """One take and what became of it: `plays`, `alternate`, `placed before`, or why it was left out.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
    >>> row = place_takes(timeline, matching, PlacingPlan(by="cue")).rows[0]
    >>> row.pairing.recorded.name, row.what, row.track
    ('R101_ROSA_T1', 'alternate', 'ADR ROSA alt 1')
    """

    pairing: Pairing
    what: str
    why: str = ""
    track: str | None = None
    take: Take | None = None
    placements: tuple[Placement, ...] = ()
    anchor: Anchor | None = None

    @property
    def placed(self) -> bool:
        """Whether a clip was laid for it."""
        return bool(self.placements)

    @property
    def placement(self) -> Placement | None:
        """Where it lies; its first phrase where each has a place of its own."""
        return self.placements[0] if self.placements else None


_MANY = {"plays": "play", "alternate": "alternates", "guess": "guesses"}


@dataclass(frozen=True)
class Placing:
    """What a placing did: every take with its fate, the names of the tracks that it laid, what it was measured against.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
    >>> place_takes(timeline, matching, PlacingPlan(by="cue")).tracks
    ('ADR ROSA', 'ADR ROSA (2)', 'ADR ROSA alt 1', 'ADR ЮРИЙ', 'ADR ЮРИЙ alt 1')
    """

    matching: Matching
    rows: tuple[PlacedTake, ...]
    tracks: tuple[str, ...]
    guide: str = ""

    @property
    def placed(self) -> list[PlacedTake]:
        """The takes that were laid."""
        return [row for row in self.rows if row.placed]

    @property
    def counts(self) -> dict[str, int]:
        """How many takes had which fate, the first first."""
        return dict(Counter(row.what for row in self.rows))

    @property
    def amounts(self) -> str:
        """The counts in words: `4 play, 2 alternates`."""
        return ", ".join(counted(count, what, _MANY.get(what, what)) for what, count in self.counts.items())


def place_takes(timeline: Any, matching: Matching, plan: PlacingPlan, measure: Measure | None = None) -> Placing:
    """Place the paired takes on a timeline, which is changed, and say of every take what became of it.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> takes = read_takes([Path("ADR takes")], report)
    >>> matching = match_takes(takes, timeline_cues(timeline), timeline_facts(timeline))
    >>> placing = place_takes(timeline, matching, PlacingPlan(by="cue"))
    >>> [(row.what, row.track) for row in placing.rows][:2]
    [('alternate', 'ADR ROSA alt 1'), ('plays', 'ADR ROSA')]
    """
    placer = _Placer(timeline, plan, measure)
    rows: list[PlacedTake] = []
    for uid in dict.fromkeys(one.cue.uid for one in matching.pairings if one.cue is not None):
        rows += placer.take_up(matching.of(uid))
    rows += [PlacedTake(one, "unpaired", "nothing speaks for a cue") for one in matching.pairings if one.cue is None]
    rows += placer.lay()
    order = {one.recorded.path: place for place, one in enumerate(matching.pairings)}
    rows.sort(key=lambda row: order[row.pairing.recorded.path])
    _tell_cues(timeline, rows, placer.facts, placer.characters)
    return Placing(matching, tuple(rows), tuple(placer.names))


class _Placer:
    def __init__(self, timeline: Any, plan: PlacingPlan, measure: Measure | None) -> None:
        self.timeline, self.plan, self.measure = timeline, plan, measure
        self.facts, self.characters = timeline_facts(timeline), timeline_characters(timeline)
        tracks = placed_tracks(timeline, "audio")
        clips = [clip for track in tracks for clip in track.clips if clip.facts.cue_uid]
        self.there = {take for clip in clips if (take := clip_take(clip.clip))}
        self.count = Counter(str(clip.facts.cue_uid) for clip in clips)
        self.playing = {
            str(clip.facts.cue_uid): clip.clip.name for clip in clips if clip.enabled and not clip.facts.muted
        }
        self.tracks = {track.name: track for track in tracks if len(track.clips) == len(track.items)}
        self.taken = {track.name for track in tracks}
        self.lanes: dict[str, list[Lane]] = {}
        self.names: list[str] = []

    def take_up(self, pairings: Sequence[Pairing]) -> list[PlacedTake]:
        """Take in the takes of one cue; give those that are not laid, with the reason."""
        left: list[PlacedTake] = []
        good: list[Pairing] = []
        for one in pairings:
            reason = self._refused(one)
            if reason is None:
                good.append(one)
            else:
                left.append(PlacedTake(one, *reason))
        chosen = select(good)
        left += [PlacedTake(one, "left out", "it was marked as no good") for one in chosen.left_out]
        rest = list(chosen.alternates)
        if chosen.active is not None:
            uid = chosen.active.cue.uid if chosen.active.cue is not None else ""
            if uid in self.playing:
                # A person may have chosen since: what plays already is not taken away from the cue.
                rest.insert(0, chosen.active)
            else:
                self._wish(chosen.active, chosen.why, 0)
            first = max(self.count[uid], 1)
            why = f"{self.playing[uid]} plays already" if uid in self.playing else "alternate"
            for number, one in enumerate(rest, start=first):
                if self.plan.alternates:
                    self._wish(one, why, number)
                else:
                    left.append(PlacedTake(one, "left out", "alternates are not wanted"))
        return left

    def _refused(self, pairing: Pairing) -> tuple[str, str] | None:
        if pairing.copy_of:
            return "copy", f"it is a copy of {pairing.copy_of}"
        if pairing.recorded.uid in self.there:
            return "placed before", "it lies on the timeline already"
        if not pairing.sure and not self.plan.accept_guesses:
            return "guess", "not sure enough; --accept-guesses places it"
        if pairing.recorded.length_samples == 0:
            return "left out", "it holds no sound"
        return None

    def _wish(self, pairing: Pairing, why: str, number: int) -> None:
        cue = pairing.cue
        assert cue is not None
        at = anchor(pairing, self.plan.by, self.facts, self.plan.head, self.measure, phrases=self.plan.phrases)
        line = self._line(pairing, cue, at.place)
        start, end = self._with_handles(pairing, cue, at.place, line)
        wish = Wish(pairing, take_record(pairing), number == 0, at, *line, start, end, why)
        who = character_name(self.characters, cue)
        base = " ".join(part for part in (TRACK_WORD, who, f"alt {number}" if number else "") if part)
        lanes = self.lanes.setdefault(base, [Lane(base, self.tracks.get(base))])
        lane = next((lane for lane in lanes if lane.is_free(wish)), None)
        if lane is None:
            name = f"{base} ({len(lanes) + 1})"
            lane = Lane(name, self.tracks.get(name))
            lanes.append(lane)
        lane.wishes.append(wish)

    def _line(self, pairing: Pairing, cue: Cue, place: Fraction) -> tuple[Fraction, Fraction]:
        """Give what of a take plays whatever lies beside it: its cue, or all of it where it does not reach the cue.

        Where nothing says when the line ends, it is all from the cue on.
        """
        first, last = max(place, Fraction(0)), self._end(pairing, place)
        if pairing.kind == "wild":
            return first, last
        out = cue.seconds_out(self.facts)
        start = max(on_sample(cue.seconds_in(self.facts), self.facts), first)
        end = last if out is None else min(on_sample(out, self.facts), last)
        return (start, end) if start < end else (first, last)

    def _with_handles(
        self, pairing: Pairing, cue: Cue, place: Fraction, line: tuple[Fraction, Fraction]
    ) -> tuple[Fraction, Fraction]:
        earliest, latest = max(place, Fraction(0)), self._end(pairing, place)
        head = self.plan.handles if cue.head_handle is None else cue.head_handle
        tail = self.plan.handles if cue.tail_handle is None else cue.tail_handle
        if cue.seconds_out(self.facts) is None:
            head = line[0] - earliest
        start = on_frame(line[0] - head, self.facts, min(earliest, line[0]), line[0])
        end = on_frame(line[1] + tail, self.facts, line[1], max(latest, line[1]))
        return start, end

    def _end(self, pairing: Pairing, place: Fraction) -> Fraction:
        """Give the last whole sample of the session that a take reaches."""
        rate = self.facts.sample_rate or USUAL_RATE
        return Fraction((place + pairing.recorded.duration) * rate // 1, rate)

    def lay(self) -> list[PlacedTake]:
        """Lay every track and put it into the timeline, alternates beneath what plays."""
        rows: list[PlacedTake] = []
        for base in sorted(self.lanes, key=track_order):
            for lane in self.lanes[base]:
                rows += self._lay_lane(lane) if lane.wishes else []
        return rows

    def _lay_lane(self, lane: Lane) -> list[PlacedTake]:
        old = lane.track
        name = lane.name if old is not None or lane.name not in self.taken else free_name(lane.name, self.taken)
        lane.wishes.sort(key=lambda wish: wish.line_in)
        give_way(lane.wishes, [(clip.record_in, clip.record_out) for clip in old.clips] if old else [])
        laid: list[Laid] = []
        rows: list[PlacedTake] = []
        for wish in lane.wishes:
            clips, row = self._clips(wish, name)
            laid += clips
            rows.append(row)
        width = max([len(take_files(wish.pairing)) for wish in lane.wishes])
        width = max([width, *(wish.pairing.recorded.channels for wish in lane.wishes)])
        self._put(name, laid, old, width)
        self.taken.add(name)
        self.names.append(name)
        return rows

    def _put(self, name: str, laid: list[Laid], old: PlacedTrack | None, width: int) -> None:
        """Put a new track behind all others, or anew in the place of the one that it fills."""
        preferred: list[Fraction | int] = [self.facts.rate.fps, self.facts.sample_rate or USUAL_RATE]
        if old is None:
            made = build_track(name, "Audio", laid, preferred, facts=TrackFacts(channels=width))
            self.timeline.tracks.append(made)
            return
        kept: list[Laid] = []
        for clip in old.clips:
            item = clip.clip.deepcopy()
            kept.append(Laid(item, clip.record_in, clip.duration, clip.source_start))
        facts = replace(old.facts, channels=max(width, old.facts.channels or 1))
        made = build_track(name, "Audio", [*kept, *laid], preferred, facts=facts)
        for key in old.track.metadata:
            if key not in made.metadata:
                made.metadata[key] = old.track.metadata[key]
        place = next(number for number, track in enumerate(self.timeline.tracks) if track is old.track)
        self.timeline.tracks[place] = made

    def _clips(self, wish: Wish, track: str) -> tuple[list[Laid], PlacedTake]:
        """Make the clips of a take, one for each of its pieces, and say what became of it."""
        laid: list[Laid] = []
        placements: list[Placement] = []
        for start, end, place in self._spans(wish):
            clip, placement = self._clip(wish, track, start, end, place)
            laid.append(clip)
            placements.append(placement)
        what = "plays" if wish.active else "alternate"
        return laid, PlacedTake(wish.pairing, what, wish.why, track, wish.take, tuple(placements), wish.anchor)

    def _spans(self, wish: Wish) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Give beginning and end of each clip, and where the first sample of its take would lie."""
        at = wish.anchor
        if not at.pieces:
            return [(wish.start, wish.end, at.place)]
        spans: list[tuple[Fraction, Fraction, Fraction]] = []
        for piece in at.pieces:
            place = on_sample(at.place - at.slip - piece.offset, self.facts)
            start = max(wish.start, on_sample(place + piece.take_in, self.facts))
            end = min(wish.end, on_sample(place + piece.take_out, self.facts))
            if spans and start - spans[-1][1] <= Fraction(1, USUAL_RATE):
                # Pieces meet in a silence, of which either side has a hundredth of a second to spare and more: on a frame.
                half = self.facts.rate.seconds_per_frame / 2
                start = on_frame(start, self.facts, start - half, start + half)
                spans[-1] = (spans[-1][0], start, spans[-1][2])
            elif not spans and wish.start < start < wish.line_in:
                start = on_frame(start, self.facts, start, wish.line_in)
            if start < end:
                spans.append((start, end, place))
        return spans

    def _clip(self, wish: Wish, track: str, start: Fraction, end: Fraction, place: Fraction) -> tuple[Laid, Placement]:
        recorded, cue = wish.pairing.recorded, wish.pairing.cue
        assert cue is not None
        length, slip = end - start, place - (wish.anchor.place - wish.anchor.slip)
        fade = min(self.plan.fade, length / 2)
        edge = Fade(fade) if fade else None
        placement = Placement(
            take=wish.take.uid, track=track, clip=recorded.name, record_in=start, duration=length,
            source_in=start - place, offset_to_cue=start - cue.seconds_in(self.facts),
            placed_by=wish.anchor.placed_by, slip=slip, fit="cut" if wish.anchor.pieces else "slipped" if slip else "none",
            active=wish.active,
        )  # fmt: skip
        clip, media_start = clip_of_take(wish.pairing)
        facts = ClipFacts(
            cue_uid=cue.uid, fade_in=edge, fade_out=edge, muted=not wish.active, note=clip_note(wish), link_group=None,
            sources=take_sources(wish.pairing),
            channels=tuple(range(1, len(take_files(wish.pairing)) + 1)) if recorded.siblings else None,
        )  # fmt: skip
        put_clip_facts(clip, facts)
        put_clip_take(clip, wish.take, placement)
        return Laid(clip, start, length, media_start + placement.source_in), placement


def _tell_cues(
    timeline: Any, rows: Sequence[PlacedTake], facts: TimelineFacts, characters: Mapping[str, Character]
) -> None:
    """Write takes and placements into the cues, which are recorded from now on; selected where somebody chose."""
    placed: dict[str, list[PlacedTake]] = {}
    for row in rows:
        if row.placed and row.pairing.cue is not None:
            placed.setdefault(row.pairing.cue.uid, []).append(row)
    for marker, cue in cue_markers(timeline):
        mine = placed.get(cue.uid)
        if not mine:
            continue
        takes = [row.take for row in mine if row.take is not None]
        changed = with_takes(cue, takes, [placement for row in mine for placement in row.placements])
        if cue.status in RECORDED_FROM:
            chosen = any(take.selected == "circled" for take in takes)
            changed = replace(changed, status="selected" if chosen else "recorded")
        put_cue(marker, changed, facts, character_name(dict(characters), cue), was=cue)
