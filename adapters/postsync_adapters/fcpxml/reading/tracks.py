"""Tracks from what a walk found: picture by lanes, sound by role and subrole, without overlaps and at exact times.

Final Cut has no audio tracks. Every component keeps its own role; a track is one role and subrole, and a further one where
clips of a role overlap. Lanes are those of Resolve, whose documents write the number of the track there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple, TypeVar

import opentimelineio as otio

from postsync.cueing import note_and_uid
from postsync.errors import RateError
from postsync.model import (
    Planned,
    TrackFacts,
    clip_members,
    lay_without_overlaps,
    planned_track,
    stack_members,
    to_json,
    track_text,
    with_fact,
)
from postsync.report import Report
from postsync.timing import fraction_text
from postsync_adapters.fcpxml.document import Element, metadata, note_text
from postsync_adapters.fcpxml.reading.attributes import ANCHORABLE
from postsync_adapters.fcpxml.reading.dissolves import Ends, sounding_cuts, with_crossings, with_dissolves
from postsync_adapters.fcpxml.reading.kept import kept_of
from postsync_adapters.fcpxml.reading.marking import MARKERS
from postsync_adapters.fcpxml.reading.media import generator_text, media_text
from postsync_adapters.fcpxml.reading.options import FcpxmlReadOptions
from postsync_adapters.fcpxml.reading.roles import is_among, role_key, role_names, role_parts, role_title
from postsync_adapters.fcpxml.reading.scene import Component, Dissolve, Host, Picture, Seen, Story
from postsync_adapters.fcpxml.reading.words import text_runs
from postsync_adapters.fcpxml.time import ONE, ZERO, holdable, is_holdable, nearest_flick

Preferred = Sequence[Fraction | int]
Join = Callable[[list[Any]], list[Any]]
"""What puts transitions among the items of a track."""
T = TypeVar("T")


@dataclass(frozen=True)
class Layout:
    """What tracks are laid with: the preferred rates, where moves are noted, and what was asked for.

    `said` is what notes and metadata of an element say, `alike` the texts of plain clips by all that they have in common.
    """

    preferred: Preferred
    report: Report
    options: FcpxmlReadOptions
    said: dict[Element, dict[str, Any]] = field(default_factory=dict)
    alike: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def track(
        self,
        name: str,
        kind: str,
        planned: Sequence[Planned],
        facts: TrackFacts | None = None,
        join: Join | None = None,
    ) -> otio.schema.Track:
        """Lay a track at exact times; where their fractions are wider than OpenTimelineIO's numbers, on flicks."""
        lay = partial(planned_track, name, kind, preferred=self.preferred, facts=facts, join=join)
        return self._laid(lay, name, planned)

    def text(self, name: str, kind: str, planned: Sequence[Planned]) -> str:
        """Give the text of a track that stands inside another's stack."""
        return self._laid(lambda items: track_text(name, kind, items, self.preferred), name, planned)

    def _laid(self, lay: Callable[[Iterable[Planned]], T], name: str, planned: Sequence[Planned]) -> T:
        kept = planned
        moved: set[Fraction] = set()
        if not all(is_holdable(one[3]) for one in planned):
            kept = [one._replace(source_start=holdable(one.source_start)) for one in planned]
            moved = {one.source_start - was.source_start for one, was in zip(kept, planned, strict=True)}
        try:
            track = lay(kept)
        except RateError:
            kept = [_on_flicks(one) for one in planned]
            moved |= {
                now - was
                for one, other in zip(kept, planned, strict=True)
                for now, was in zip(one[1:], other[1:], strict=True)
            }
            track = lay(kept)
        moved -= {Fraction(0)}
        if moved:
            self.report.note(
                "time-rounded", where=name, moved_by=max(moved, key=abs), grid="flick", moved="less than 1 ns"
            )
        return track


def _on_flicks(one: Planned) -> Planned:
    return Planned(one.members, *map(nearest_flick, one[1:]))


# ------------------------------------------------------------------------------------------------------------ sound


class _Lot(NamedTuple):
    """Components that share tracks: their order, name and role."""

    key: tuple[Any, ...]
    title: str
    role: str | None


def sound_tracks(story: Story, layout: Layout) -> list[otio.schema.Track]:
    """Lay components on one track for each role, or lane, and each layer of overlaps."""
    lots = _lots(story, layout)
    crossings = sounding_cuts(story.crossings, map(_ends, story.components))
    tracks: list[otio.schema.Track] = []
    for lot in sorted(lots):
        ours = lots[lot]
        layers = lay_without_overlaps([(one.record_in, one.record_out) for one in ours])
        for layer, mine in enumerate(_by_number(ours, layers)):
            name = lot.title + (f" {layer + 1}" if layer else "")
            planned = [_sounding(one, layout) for one in mine]
            join = None
            if crossings:
                join = partial(with_crossings, [_ends(one) for one in mine], crossings, layout.preferred)
            tracks.append(layout.track(name, "Audio", planned, TrackFacts(role=lot.role), join))
    return tracks


def _ends(one: Component) -> Ends:
    return Ends(one.record_in, one.record_out, one.host.scene.storyline)


def _by_number(things: Sequence[T], numbers: Sequence[int]) -> list[list[T]]:
    lists: list[list[T]] = [[] for _ in range(max(numbers, default=-1) + 1)]
    for thing, number in zip(things, numbers, strict=True):
        lists[number].append(thing)
    return lists


def _lots(story: Story, layout: Layout) -> dict[_Lot, list[Component]]:
    """Give the components of each lot; those of roles that were asked to be left out are noted."""
    options = layout.options
    left_out, order = role_names(options.leave_out), role_names(options.role_order)
    lots: dict[_Lot, list[Component]] = {}
    lists: dict[Any, list[Component]] = {}
    for one in story.components:
        if left_out and is_among(one.role, left_out):
            layout.report.note("clip-left-out", source=one.host.path, name=f"{one.name} {one.role}")
            continue
        mark = one.lane if options.tracks == "lanes" else one.role
        mine = lists.get(mark)
        if mine is None:
            mine = lists[mark] = lots.setdefault(_lot(one, options, order), [])
        mine.append(one)
    return lots


def _lot(one: Component, options: FcpxmlReadOptions, order: Sequence[str]) -> _Lot:
    if options.tracks == "lanes":
        lane = one.lane or 0
        return _Lot((lane > 0, abs(lane)), f"Lane {lane}", None)
    role = role_parts(one.role)[0] if options.subroles == "merge" else one.role
    return _Lot((role_key(role, order),), role_title(role), role)


def _sounding(one: Component, layout: Layout) -> Planned:
    host = one.host
    if one.levels or one.retime or one.speed is not ONE or not _is_bare(host) or host.element.get("srcID"):
        members = _sound_members(one, layout)
    else:
        alike = one[3:9]  # from the asset to the lane
        made = layout.alike.get(alike)
        members = layout.alike[alike] = _sound_members(one, layout) if made is None else made
    planned: Planned = tuple.__new__(Planned, (with_fact(members, "origin", host.path), *one[:3]))
    return planned


def _is_bare(host: Host) -> bool:
    """Say whether no child of an element says anything of the clip itself: markers and what hangs on it do not."""
    return not host.children or (host.tag == "asset-clip" and host.parts.keys() <= _BESIDE)


_BESIDE = ANCHORABLE | MARKERS


def _sound_members(one: Component, layout: Layout) -> str:
    host = one.host
    facts: dict[str, Any] = {"role": one.role}
    if one.channels is not None:
        facts["channels"] = one.channels
    if one.lane is not None:
        facts["lane"] = one.lane
    if one.speed is not ONE and one.speed != 1:
        facts["speed"] = fraction_text(one.speed)
    if one.retime:
        facts["retime"] = to_json(one.retime)
    for name, value in one.levels.items():
        facts[name] = value if type(value) is float else to_json(value)
    foreign = None
    if host.children:
        _add_note(host, facts, layout)
        alone = one.asset is None or not one.asset.has_video or host.element.get("srcEnable") == "audio"
        foreign = kept_of(host, sound=True, alone=alone)
    source_id = host.element.get("srcID")
    if source_id:
        facts["extra"] = {**facts.get("extra", {}), "source_id": source_id}
    return clip_members(one.name, facts, media_text(one.asset, one.name), enabled=one.enabled, foreign=foreign)


def _add_note(host: Host, facts: dict[str, Any], layout: Layout) -> None:
    """Add what the note and the metadata of a clip say, which its picture and all of its sound share."""
    if "note" not in host.parts and "metadata" not in host.parts:
        return
    said = layout.said.get(host.element)
    if said is None:
        said = layout.said[host.element] = _said(host)
    facts.update(said)


def _said(host: Host) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "note" in host.parts:
        note, uid = note_and_uid(note_text(host.element) or "")
        said |= {"note": note} if uid is None else {"note": note, "cue_uid": uid}
    if "metadata" in host.parts:
        said["extra"] = metadata(host.named("metadata"))
    return said


# ---------------------------------------------------------------------------------------------------------- picture


def picture_tracks(story: Story, layout: Layout) -> list[otio.schema.Track]:
    """Lay the primary storyline on V1 and each lane above it on further tracks, lanes below it on the last."""
    tracks: list[otio.schema.Track] = []
    for rank, pictures in _by_layer(story.seen):
        planned = [_seen(picture, layout, ZERO) for picture in pictures]
        name = f"V{len(tracks) + 1}"
        dissolves = [one for one in story.seen.dissolves if one.rank == rank]
        lost: list[Dissolve] = []
        join = partial(with_dissolves, dissolves, layout.preferred, lost) if dissolves else None
        tracks.append(layout.track(name, "Video", planned, join=join))
        for one in lost:
            layout.report.note("transition-not-carried", where=name, source=one.path, name=one.name)
    return tracks


def _by_layer(seen: Seen) -> Iterable[tuple[int | None, list[Picture]]]:
    """Yield what lies on each picture track, bottom to top; the first layer of a rank with its number."""
    if not seen.pictures:
        return
    ranks: dict[int, list[Picture]] = {0: []}
    for picture in seen.pictures:
        ranks.setdefault(picture.host.rank, []).append(picture)
    for rank in sorted(ranks, key=lambda one: (one < 0, abs(one))):
        pictures = ranks[rank]
        layers = lay_without_overlaps([picture.span for picture in pictures])
        for layer, mine in enumerate(_by_number(pictures, layers) or [[]]):
            yield (None if layer else rank), mine


def _seen(picture: Picture, layout: Layout, start: Fraction) -> Planned:
    host, asset, playing, span = picture.host, picture.asset, picture.playing, picture.span
    source_start = playing.source_start
    if picture.inner is not None:
        members, source_start = _stack(picture, picture.inner, layout), ZERO
    elif asset is None or playing.retime or playing.speed is not ONE or not _is_bare(host):
        members = _picture_members(picture, layout)
    else:
        alike = (asset, host.name, _role(host), host.lane, host.enabled)
        made = layout.alike.get(alike)
        members = layout.alike[alike] = _picture_members(picture, layout) if made is None else made
    if start is not ZERO:
        span = span[0] - start, span[1] - start
    planned: Planned = tuple.__new__(Planned, (with_fact(members, "origin", host.path), *span, source_start))
    return planned


def _role(host: Host) -> str | None:
    role: str | None = host.element.get("videoRole") or host.element.get("role")
    return role


def _picture_facts(picture: Picture, layout: Layout) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Give the facts of a picture clip, and what it keeps under the format's name."""
    host, playing = picture.host, picture.playing
    facts: dict[str, Any] = {}
    role = _role(host)
    if role:
        facts["role"] = role
    if host.lane is not None:
        facts["lane"] = host.lane
    if playing.speed is not ONE and playing.speed != 1 and picture.inner is None:
        facts["speed"] = fraction_text(playing.speed)
    if playing.retime:
        facts["retime"] = to_json(playing.retime)
    if not host.children:
        return facts, None
    _add_note(host, facts, layout)
    return facts, kept_of(host, sound=False)


def _picture_members(picture: Picture, layout: Layout) -> str:
    host = picture.host
    facts, foreign = _picture_facts(picture, layout)
    return clip_members(host.name, facts, _picture_media(picture), enabled=host.enabled, foreign=foreign)


def _stack(picture: Picture, inner: Seen, layout: Layout) -> str:
    """Give a compound clip that shows several things: its own tracks, cut to what is used, from its first frame."""
    facts, foreign = _picture_facts(picture, layout)
    texts = [
        layout.text(f"V{number}", "Video", [_seen(one, layout, picture.span[0]) for one in pictures])
        for number, (_, pictures) in enumerate(_by_layer(inner), start=1)
    ]
    for dissolve in inner.dissolves:
        layout.report.note("transition-not-carried", where=picture.host.name, source=dissolve.path, name=dissolve.name)
    return stack_members(picture.host.name, facts, texts, enabled=picture.host.enabled, foreign=foreign)


def _picture_media(picture: Picture) -> str:
    host = picture.host
    if host.tag == "title" or (host.tag in ("video", "live-drawing") and picture.asset is None):
        return generator_text(host.name, host.tag, picture.text, text_runs(host.element))
    return media_text(picture.asset, host.name)
