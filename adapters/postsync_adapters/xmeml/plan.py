"""What goes on which track of the document: clips on whole frames, cuts under transitions, one track for each channel.

Nests of any kind are opened; what then lies over each other, or has another number of channels, gets a track of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    PlacedClip,
    PlacedTrack,
    PlacedTransition,
    TimelineFacts,
    lay_without_overlaps,
    nest_names,
    placed_tracks,
    plain,
)
from postsync.report import Report
from postsync.timing import nearest_frame, seconds_of_frame
from postsync_adapters.xmeml.profiles import Profile


@dataclass
class Joint:
    """A transition on the frames of the sequence; `curve` is that of a sound fade which no transition was read for."""

    start: int
    end: int
    cut: int
    name: str
    curve: str
    kept: dict[str, Any]
    left: Piece | None = None
    right: Piece | None = None
    hides: bool = False


@dataclass(frozen=True)
class Host:
    """The item that a clip became, for the markers that hang on it: its in point in frames of `fps`, and where that plays."""

    item: Any
    first: int
    start: Fraction
    fps: Fraction


@dataclass
class Piece:
    """A clip on the frames of the sequence: `lead` and `tail` frames more of it are shown by transitions."""

    placed: PlacedClip
    start: int
    end: int
    channels: tuple[int, ...] | None
    kept: dict[str, Any]
    lead: int = 0
    tail: int = 0
    before: Joint | None = None
    after: Joint | None = None
    host: Host | None = None

    @property
    def width(self) -> int:
        """How many channels of sound it has; 1 for picture."""
        return len(self.channels) if self.channels else 1

    @property
    def where(self) -> str:
        """What it is called in a report."""
        return f"clip {self.placed.clip.name!r}"


@dataclass
class Row:
    """One track of the document: one `channel` of the `width` of its pieces; 0 and None where their channels stay together."""

    source: PlacedTrack
    name: str
    pieces: list[Piece]
    joints: list[Joint]
    width: int = 0
    channel: int | None = None

    def ordered(self) -> Iterator[Piece | Joint]:
        """Yield clips and transitions as they stand in a track: each transition between the clips that it joins."""
        waiting = sorted(self.joints, key=lambda joint: (joint.cut, joint.start))
        for piece in self.pieces:
            while waiting and (waiting[0].right is piece or waiting[0].cut <= piece.start):
                yield waiting.pop(0)
            yield piece
        yield from waiting


@dataclass
class Lane:
    """A track of the timeline with its clips and transitions on whole frames."""

    track: PlacedTrack
    pieces: list[Piece]
    joints: list[Joint]


def lanes_of(timeline: otio.schema.Timeline, facts: TimelineFacts, report: Report) -> list[Lane]:
    """Give the tracks of a timeline, picture first."""
    lanes: list[Lane] = []
    for track in placed_tracks(timeline):
        for name in nest_names(track.track):
            report.note("nest-opened", where=track.name, name=name)
        _note_state(track, report)
        pieces = [_piece(clip, track.kind, facts, report) for clip in _of_some_length(track, report)]
        joints = [_joint(item, facts) for item in track.items if isinstance(item, PlacedTransition)]
        lanes.append(Lane(track, pieces, joints))
    return lanes


def rows_of(
    lanes: list[Lane], facts: TimelineFacts, profile: Profile, together: Callable[[Piece], bool], report: Report
) -> list[Row]:
    """Give every track of the document; `together` says whether one item stands for all channels of a clip."""
    return [row for lane in lanes for row in _rows(lane, facts, profile, together, report)]


def _note_state(track: PlacedTrack, report: Report) -> None:
    state = track.facts
    lost = [name for name in ("soloed", "pan", "gain_db", "gain_points", "pan_points") if getattr(state, name)]
    if lost:
        words = "solo, pan or level of a track"
        report.note(
            "feature-not-carried", where=track.name, feature=f"1 {words}", format="Final Cut Pro 7 XML", count=1
        )


def _rows(
    lane: Lane, facts: TimelineFacts, profile: Profile, together: Callable[[Piece], bool], report: Report
) -> list[Row]:
    track = lane.track
    sound = track.kind == "audio"
    by_width: dict[int, list[Piece]] = {}
    for piece in lane.pieces:
        by_width.setdefault(piece.width if sound and not together(piece) else 0, []).append(piece)
    if not by_width:
        by_width[track.facts.channels or 1 if sound and profile.by_channel else 0] = []
    rows: list[Row] = []
    for width, ours in sorted(by_width.items()):
        layers = lay_without_overlaps([(Fraction(piece.start), Fraction(piece.end)) for piece in ours])
        for layer in range(max(layers, default=0) + 1):
            chosen = [one for one, at in zip(ours, layers, strict=True) if at == layer]
            name = track.name if not rows else f"{track.name} {len(rows) + 1}"
            rows.append(Row(track, name, sorted(chosen, key=lambda one: one.start), [], width))
    _share(lane.joints, rows, track, report)
    for row in rows:
        if sound:
            _add_fades(row, facts, report)
        _hide(row, profile)
    return [each for row in rows for each in (_by_channel(row) if row.width else [row])]


def _by_channel(row: Row) -> list[Row]:
    """Give a row for each channel; they share pieces and joints."""
    return [Row(row.source, row.name, row.pieces, row.joints, row.width, channel) for channel in range(row.width)]


def _of_some_length(track: PlacedTrack, report: Report) -> Iterator[PlacedClip]:
    """Yield the clips of a track that play; one of no length would have to play a frame."""
    for clip in track.clips:
        if clip.duration > 0:
            yield clip
        else:
            report.note("clip-below-frame", where=track.name, name=clip.clip.name)


def _piece(clip: PlacedClip, kind: str, facts: TimelineFacts, report: Report) -> Piece:
    start = nearest_frame(clip.record_in, facts.rate)
    end = max(nearest_frame(clip.record_out, facts.rate), start + 1)
    for frame, time in ((start, clip.record_in), (end, clip.record_out)):
        moved = seconds_of_frame(frame, facts.rate) - time
        _note_moved(moved, f"clip {clip.clip.name!r}", facts.label(frame), report)
    channels = None
    if kind == "audio":
        channels = clip.facts.channels or tuple(range(1, (clip.media.channels or 1) + 1))
    return Piece(clip, start, end, channels, _kept(clip.clip))


def _note_moved(moved: Fraction, where: str, time: str | None, report: Report) -> None:
    if moved:
        how = f"{float(moved):.4f} s"
        report.note("time-rounded", where=where, time=time, moved_by=moved, grid="frame", moved=how)


def _kept(holder: Any) -> dict[str, Any]:
    found = holder.metadata.get("xmeml") if len(holder.metadata) else None
    return {} if found is None else plain(found)


# --------------------------------------------------------------------------------------------------------- transitions


def _joint(item: PlacedTransition, facts: TimelineFacts) -> Joint:
    cut = nearest_frame(item.cut, facts.rate)
    start = cut - nearest_frame(item.before, facts.rate)
    end = cut + nearest_frame(item.after, facts.rate)
    ours = item.transition.metadata.get("postsync") or {}
    curve = str(ours.get("curve") or "linear")
    return Joint(start, max(end, start + 1), cut, item.transition.name, curve, _kept(item.transition))


def _share(joints: list[Joint], rows: list[Row], track: PlacedTrack, report: Report) -> None:
    """Give each transition to the row whose clips it joins."""
    for joint in joints:
        sides = [(row, *_sides(row, joint.cut)) for row in rows]
        row, left, right = max(sides, key=lambda side: (side[1] is not None) + (side[2] is not None))
        if left is None and right is None:
            report.note("transition-not-carried", where=track.name, name=joint.name)
            continue
        joint.left, joint.right = left, right
        _attach(row, joint)


def _sides(row: Row, cut: int) -> tuple[Piece | None, Piece | None]:
    left = next((piece for piece in row.pieces if piece.end == cut), None)
    return left, next((piece for piece in row.pieces if piece.start == cut), None)


def _attach(row: Row, joint: Joint) -> None:
    row.joints.append(joint)
    if joint.left is not None:
        joint.left.after = joint
    if joint.right is not None:
        joint.right.before = joint


def _add_fades(row: Row, facts: TimelineFacts, report: Report) -> None:
    """Make transitions of the fades of sound clips, which the format has no other form for."""
    for piece in row.pieces:
        for side, taken in (("fade_in", piece.before), ("fade_out", piece.after)):
            fade = getattr(piece.placed.facts, side)
            if fade is None:
                continue
            if taken is not None:
                report.note("fade-not-carried", where=row.name, name=piece.placed.clip.name)
                continue
            frames = max(nearest_frame(fade.duration, facts.rate), 1)
            _note_moved(seconds_of_frame(frames, facts.rate) - fade.duration, f"{piece.where} / fade", None, report)
            edge = piece.start if side == "fade_in" else piece.end
            start, end = (edge, edge + frames) if side == "fade_in" else (edge - frames, edge)
            joint = Joint(start, end, edge, "", fade.curve, {"whole": piece.kept.get(side) or ""})
            if side == "fade_in":
                joint.right = piece
            else:
                joint.left = piece
            _attach(row, joint)


def _hide(row: Row, profile: Profile) -> None:
    """Put the edges beside a transition under it, where the program can tell the cut from it."""
    for joint in row.joints:
        told = profile.ticks or joint.cut in (joint.start, joint.end, (joint.start + joint.end) // 2)
        both = joint.left is not None and joint.right is not None
        outside = joint.cut == (joint.end if joint.right is None else joint.start)
        joint.hides = (both and told and _has_head(joint)) or (not both and outside)
        if joint.hides and both and joint.left is not None and joint.right is not None:
            joint.left.tail, joint.right.lead = joint.end - joint.cut, joint.cut - joint.start


def _has_head(joint: Joint) -> bool:
    """Say whether the incoming clip has media for the part of the transition before its cut."""
    if joint.right is None:
        return True
    placed = joint.right.placed
    frames = joint.cut - joint.start
    seconds = placed.duration * frames / max(joint.right.end - joint.right.start, 1)
    return placed.facts.speed < 0 or placed.source_in - seconds * placed.facts.speed >= 0
