"""From a timeline to an XMEML document of one sequence, as Premiere, Final Cut Pro 7 or Resolve take it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import opentimelineio as otio
from lxml import etree

from postsync.cueing import Carrier, TagLevel, lay_out
from postsync.formats import Options
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_colour,
    cue_of,
    plain,
    plain_marker,
    rgb_bytes,
    timeline_characters,
    timeline_facts,
)
from postsync.model.colours import COLOURS, colour_in
from postsync.report import Report
from postsync.timing import frame_at, nearest_frame, seconds_of_frame
from postsync.wording import counted
from postsync_adapters._xml import picture_size
from postsync_adapters.xmeml.document import Element, from_raw
from postsync_adapters.xmeml.files import Files
from postsync_adapters.xmeml.items import Items
from postsync_adapters.xmeml.labels import PREMIERE_COLOURS, colour_of
from postsync_adapters.xmeml.markers import CHAPTER
from postsync_adapters.xmeml.plan import Host, Joint, Piece, Row, lanes_of, rows_of
from postsync_adapters.xmeml.profiles import Profile, ProfileName, add, add_rate, profile_named, shown

CARRIER = Carrier()
"""A marker has a name and a comment of any length, in several lines."""

PAIRED = ("currentExplodedTrackIndex", "totalExplodedTrackCount", "premiereTrackType")
NAMED_KINDS = ("to-do", "completed", "caption")
"""Kinds of markers that the format has no word for."""

TRACK_TYPES = {1: "Mono", 2: "Stereo", 6: "5.1"}


@dataclass(frozen=True)
class XmemlWriteOptions(Options):
    """How a document is written.

    `profile`: the program it is for; that of the document which was read, else Premiere. `version`: 4 or 5; that of the
    profile. `tags`: what is written behind a cue so that it is known again. `size`: of the picture, where nothing states it.
    """

    profile: ProfileName = "as_read"
    version: Literal[4, 5] | None = None
    tags: TagLevel = "uid"
    size: str = "1920x1080"


def write(timeline: otio.schema.Timeline, file: BinaryIO, report: Report, options: XmemlWriteOptions) -> None:
    """Write one sequence."""
    facts = timeline_facts(timeline)
    profile = profile_named(options.profile, facts)
    if not (facts.rate.fps.denominator == 1 or facts.rate.is_ntsc):
        report.note(
            "rate-guessed", where=timeline.name, rate=facts.rate.name, why="the format counts whole frames a second"
        )
    root = etree.Element("xmeml", version=str(options.version or profile.version))
    _Writer(timeline, facts, profile, report, options).add_sequence(root)
    etree.indent(root, "\t")
    body = etree.tostring(root, encoding="UTF-8")
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n' + body + b"\n")


@dataclass
class _Placed:
    """An item that was written, with where it stands: what its links say."""

    identity: str
    kind: str
    track: int
    place: int
    element: Element


Group = tuple[Any, ...]


class _Writer:
    def __init__(
        self, timeline: Any, facts: TimelineFacts, profile: Profile, report: Report, options: XmemlWriteOptions
    ) -> None:
        self._timeline = timeline
        self._facts = facts
        self._profile = profile
        self._report = report
        self._options = options
        self._files = Files(facts, profile, report)
        self._items = Items(facts.rate, profile, self._files, report)
        self._groups: dict[Group, list[_Placed]] = {}
        self._count = 0
        about = timeline.metadata.get("xmeml")
        self._about: dict[str, Any] = {} if about is None else plain(about)

    def add_sequence(self, root: Element) -> None:
        facts, about = self._facts, self._about
        lanes = lanes_of(self._timeline, facts, self._report)
        for lane in lanes:
            for piece in lane.pieces:
                self._files.note_use(piece)
        rows = rows_of(lanes, facts, self._profile, self._together, self._report)
        sequence = add(root, "sequence", None, id="sequence-1", **(about.get("attributes") or {}))
        if self._profile.pairs:
            sequence.set("explodedTracks", "true")
        rest = self._kept("kept")
        for one in rest:
            if one.tag in ("uuid", "updatebehavior"):
                sequence.append(one)
        add(sequence, "name", shown(self._timeline.name, "sequence", self._report))
        add(sequence, "duration", max((piece.end for row in rows for piece in row.pieces), default=0))
        add_rate(sequence, facts.rate)
        self._add_timecode(sequence)
        media = add(sequence, "media")
        media.extend(self._kept("media"))
        self._add_tracks(add(media, "video"), [row for row in rows if row.source.kind != "audio"])
        self._add_tracks(add(media, "audio"), [row for row in rows if row.source.kind == "audio"])
        self._add_links()
        self._add_markers(sequence, rows)
        sequence.extend(one for one in rest if one.getparent() is not sequence)

    def _together(self, piece: Piece) -> bool:
        """Say whether one item stands for all channels of a clip."""
        return not self._profile.by_channel and (piece.width == 1 or self._files.uses_all_channels(piece))

    def _kept(self, part: str) -> list[Element]:
        try:
            return from_raw(str(self._about.get(part) or ""))
        except etree.XMLSyntaxError:
            self._report.note("value-unreadable", name="xmeml", value=str(self._about.get(part))[:60])
            return []

    def _add_timecode(self, sequence: Element) -> None:
        block = add(sequence, "timecode")
        add_rate(block, self._facts.rate)
        add(block, "string", self._facts.start_timecode)
        add(block, "frame", self._facts.start_frame)
        add(block, "displayformat", "DF" if self._facts.rate.drop else "NDF")
        block.extend(self._kept("timecode"))

    # ---------------------------------------------------------------------------------------------------------- tracks

    def _add_tracks(self, media: Element, rows: list[Row]) -> None:
        sound = media.tag == "audio"
        kept = self._kept(str(media.tag))
        media.extend(kept)
        if not any(one.tag == "format" for one in kept):
            self._add_format(media, sound)
        for number, row in enumerate(rows, 1):
            track = add(media, "track", None, **self._track_attributes(row, sound))
            if row.name != f"{media.tag[0].upper()}{number}" and not self._profile.pairs:
                add(track, "name", shown(row.name, row.name, self._report))
            for place, one in enumerate(row.ordered(), 1):
                if isinstance(one, Joint):
                    self._items.add_joint(track, one, sound)
                else:
                    self._add_clip(track, one, row, number, place)
            self._add_state(track, row, sound)

    def _track_attributes(self, row: Row, sound: bool) -> dict[str, str]:
        about = row.source.track.metadata.get("xmeml")
        kept: dict[str, str] = {} if about is None else plain(about).get("attributes") or {}
        attributes = {name: value for name, value in kept.items() if name not in PAIRED}
        attributes.pop("MZ.TrackName", None)
        if self._profile.pairs and row.name != f"{row.source.kind[0].upper()}{row.source.index}":
            attributes["MZ.TrackName"] = shown(row.name, row.name, self._report)
        if sound and self._profile.pairs and row.channel is not None:
            kind = TRACK_TYPES.get(row.width, "Adaptive")
            attributes |= dict(zip(PAIRED, (str(row.channel), str(row.width), kind), strict=True))
        return attributes

    def _add_format(self, media: Element, sound: bool) -> None:
        about = add(add(media, "format"), "samplecharacteristics")
        if sound:
            add(about, "depth", 16)
            add(about, "samplerate", self._facts.sample_rate or 48000)
            return
        width, height = picture_size(self._options.size)
        add_rate(about, self._facts.rate)
        add(about, "width", width)
        add(about, "height", height)

    def _add_state(self, track: Element, row: Row, sound: bool) -> None:
        add(track, "enabled", not row.source.facts.muted)
        about = row.source.track.metadata.get("xmeml")
        kept = [] if about is None else from_raw(str(plain(about).get("kept") or ""))
        output = next((one for one in kept if one.tag == "outputchannelindex"), None)
        track.extend(one for one in kept if one is not output)
        if sound and self._profile.by_channel:
            first = int(output.text or 1) if output is not None and (output.text or "").strip().isdigit() else 1
            add(track, "outputchannelindex", first + (row.channel or 0))

    def _add_clip(self, track: Element, piece: Piece, row: Row, number: int, place: int) -> None:
        self._count += 1
        name = shown(piece.placed.clip.name, piece.where, self._report)
        identity = self._profile.item_id.format(name=name or "clip", number=self._count)
        item = self._items.add_clip(track, piece, row, identity)
        kind = "audio" if row.source.kind == "audio" else "video"
        self._groups.setdefault(_group_of(piece), []).append(_Placed(identity, kind, number, place, item))

    # ----------------------------------------------------------------------------------------------------------- links

    def _add_links(self) -> None:
        for group in self._groups.values():
            if len(group) < 2:
                continue
            for one in group:
                for other in group:
                    link = add(one.element, "link")
                    add(link, "linkclipref", other.identity)
                    if self._profile.bare_links:
                        continue
                    add(link, "mediatype", other.kind)
                    add(link, "trackindex", other.track)
                    add(link, "clipindex", other.place)
                    if other.kind == "audio":
                        add(link, "groupindex", 1)

    # --------------------------------------------------------------------------------------------------------- markers

    def _add_markers(self, sequence: Element, rows: list[Row]) -> None:
        characters = timeline_characters(self._timeline)
        hosts = _hosts(rows) if self._facts.format == "xmeml" else {}
        kinds: Counter[str] = Counter()
        for marker in self._timeline.tracks.markers:
            cue = cue_of(marker)
            if cue is not None:
                self._add_cue(sequence, cue, characters)
                continue
            about = marker.metadata.get("xmeml")
            kept = "" if about is None else str(about.get("kept") or "")
            record = plain_marker(marker)
            kinds[record.kind] += record.kind in NAMED_KINDS and (record.visible or not kept)
            self._add_plain(sequence, record, kept, hosts)
        for kind, count in (+kinds).items():
            words = f"{counted(count, 'mark')} as {kind}"
            self._report.note("feature-not-carried", feature=words, format="Final Cut Pro 7 XML", count=count)

    def _add_plain(self, sequence: Element, record: PlainMarker, kept: str, hosts: Hosts) -> None:
        """Add a marker to the sequence, or to the clip of the document that it was read from."""
        host = _host_of(record, hosts)
        if host is not None:
            at = (record.record_in - host.start) * host.fps + host.first
            self._marker(host.item, record, round(at), round(record.duration * host.fps), kept)
            return
        rate = self._facts.rate
        if not record.visible:
            self._report.note("marker-outside-clip", name=record.name or record.comment)
            return
        frame = frame_at(record.record_in, rate)
        moved = seconds_of_frame(frame, rate) - record.record_in
        if moved:
            where, how = record.name or record.comment, f"{float(moved):.4f} s"
            label = self._facts.label(frame)
            self._report.note("time-rounded", where=where, time=label, moved_by=moved, grid="frame", moved=how)
        length = max(nearest_frame(record.duration, rate), 1) if record.duration else 0
        self._marker(sequence, record, frame, length, kept)

    def _marker(self, holder: Element, record: PlainMarker, frame: int, length: int, kept: str) -> None:
        where = record.name or record.comment or "marker"
        element = add(holder, "marker")
        comment = record.comment
        if record.kind == "chapter":
            comment = f"{CHAPTER}\n{comment}".strip()
        add(element, "comment", shown(comment, where, self._report) or None)
        add(element, "name", shown(record.name, where, self._report) or None)
        add(element, "in", frame)
        add(element, "out", frame + length if length else -1)
        try:
            rest = from_raw(kept)
        except etree.XMLSyntaxError:
            rest = []
        element.extend(rest)
        if colour_of(element)[0] != record.colour:
            for one in rest:
                if one.tag in ("color", "pproColor"):
                    element.remove(one)
            self._add_colour(element, record.colour, where)

    def _add_cue(self, sequence: Element, cue: Cue, characters: dict[str, Character]) -> None:
        facts = self._facts
        where = cue.number or cue.uid
        if cue.record_in < 0:
            self._report.note("cue-outside-timeline", where=where, time=facts.label(cue.record_in), name=where)
        if cue.precise_in is not None and cue.precise_in != seconds_of_frame(cue.record_in, facts.rate):
            left = cue.precise_in - seconds_of_frame(cue.record_in, facts.rate)
            self._report.note("cue-off-frame", where=where, moved_by=-left, remainder=f"{float(left):.4f}")
        said = lay_out(cue, characters, CARRIER, self._options.tags)
        element = add(sequence, "marker")
        add(element, "comment", shown(said.comment, where, self._report) or None)
        add(element, "name", shown(said.name, where, self._report) or None)
        add(element, "in", cue.record_in)
        known = cue.record_out is not None and cue.record_out > cue.record_in
        add(element, "out", cue.record_out if known else -1)
        self._add_colour(element, cue_colour(characters, cue), where)

    def _add_colour(self, element: Element, colour: str | None, where: str) -> None:
        """Add a colour: Premiere's number, none for green, or the parts that Final Cut 7 shows."""
        if colour is None:
            return
        if not self._profile.premiere_colours:
            block = add(element, "color")
            for part, value in zip(("alpha", "red", "green", "blue"), (0, *rgb_bytes(COLOURS[colour])), strict=True):
                add(block, part, value)
            return
        chosen = colour_in((*PREMIERE_COLOURS, "green"), colour, "green")
        if chosen != colour or chosen == "green":
            now = "none, which Premiere shows green" if chosen == "green" else chosen
            self._report.note("marker-colour-changed", where=where, was=colour, now=now)
        if chosen != "green":
            add(element, "pproColor", PREMIERE_COLOURS[chosen])


def _group_of(piece: Piece) -> Group:
    """Give what a clip is linked by: its group, or picture and sound of one file that play the same stretch together."""
    placed = piece.placed
    if placed.facts.link_group:
        return (placed.facts.link_group,)
    return placed.url or id(piece), piece.start, piece.end, placed.source_in


Hosts = dict[tuple[str, str], list[Piece]]


def _hosts(rows: list[Row]) -> Hosts:
    """Give the clips by the names of track and clip, as markers that hang on them know them."""
    found: Hosts = {}
    for row in rows:
        for piece in row.pieces if not row.channel else ():
            found.setdefault((row.source.name, piece.placed.clip.name), []).append(piece)
    return found


def _host_of(record: PlainMarker, hosts: Hosts) -> Host | None:
    """Give the item that a marker hangs on: of those of its names the one that plays nearest to it."""
    hung = record.attached_to
    found = [] if hung is None else hosts.get((hung.track or "", hung.clip or "")) or []
    at = record.record_in
    nearest = min(found, key=lambda one: max(one.placed.record_in - at, at - one.placed.record_out), default=None)
    return None if nearest is None else nearest.host
