"""Clips and transitions as elements: places, files, levels, speeds, links, and what the clip was read with."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
from lxml import etree

from postsync.cueing import note_with_tag
from postsync.model import ClipFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate, parse_fraction, round_half_up, seconds_of_frame
from postsync_adapters.xmeml.cuts import TICKS
from postsync_adapters.xmeml.document import Element, clock_rate, from_raw
from postsync_adapters.xmeml.effects import Levels, linear, within
from postsync_adapters.xmeml.files import Files, source_time
from postsync_adapters.xmeml.filters import Place, add_curve, add_speed, add_transition_effect, generator_effect
from postsync_adapters.xmeml.labels import LOGGED, curve_of
from postsync_adapters.xmeml.plan import Host, Joint, Piece, Row
from postsync_adapters.xmeml.profiles import Profile, add, add_rate, shown

PREMIERE_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1"}
NOT_KEPT = ("premiereChannelType", "id")
PLACED = ("start", "end", "alignment", "rate", "cutPointTicks")


class Items:
    """Writes the items of one document."""

    def __init__(self, rate: Rate, profile: Profile, files: Files, report: Report) -> None:
        self._rate = rate
        self._profile = profile
        self._files = files
        self._report = report

    # ----------------------------------------------------------------------------------------------------------- clips

    def add_clip(self, track: Element, piece: Piece, row: Row, identity: str) -> Element:
        """Add the item of a piece, for the channel of its row or for all."""
        channel = row.channel
        clip = piece.placed.clip
        generator = isinstance(clip.media_reference, otio.schema.GeneratorReference)
        attributes = {
            name: value for name, value in (piece.kept.get("attributes") or {}).items() if name not in NOT_KEPT
        }
        item = add(track, "generatoritem" if generator else "clipitem", None, id=identity, **attributes)
        if channel is not None and self._profile.pairs and row.width in PREMIERE_CHANNELS:
            item.set("premiereChannelType", PREMIERE_CHANNELS[row.width])
        rest = _rest(piece, self._report)
        for one in rest:
            if one.tag == "masterclipid":
                item.append(one)
        place = self._place(piece)
        self._add_places(item, piece, place)
        for one in rest:
            if one.tag not in ("masterclipid", "filter", "logginginfo", "multiclip", "effect"):
                item.append(one)
        self._add_content(item, piece, rest, generator)
        self._add_filters(item, piece, place, rest, row.source.kind == "audio")
        if row.source.kind == "audio":
            self._add_source_track(item, piece, channel)
        self._add_log(item, piece, rest)
        if piece.host is None:
            start = seconds_of_frame(piece.start - piece.lead, self._rate)
            piece.host = Host(item, place.first, start, place.rate.fps)
        return item

    def _place(self, piece: Piece) -> Place:
        """Find the rate at which the in point is a whole frame: the sequence's, else the media's, else it is rounded."""
        start, end = piece.start - piece.lead, piece.end + piece.tail
        source_in, source_out = (source_time(piece.placed, frame, self._rate) for frame in (start, end))
        speed = piece.placed.facts.speed
        length = seconds_of_frame(end - start, self._rate)
        played = _played(source_in, piece, speed)
        rate = self._rate
        if (played * rate.fps).denominator != 1 and piece.placed.media.rate is not None:
            other = clock_rate(as_rate(piece.placed.media.rate).fps, False)
            rate = other if (played * other.fps).denominator == 1 else rate
        first = max(round_half_up(played * rate.fps), 0)
        last = first + max(round_half_up(length * rate.fps), 1)
        moved = first / rate.fps - played
        if moved and not self._profile.ticks and speed == 1:
            how = f"{float(moved):.4f} s"
            self._report.note("time-rounded", where=piece.where, moved_by=moved, grid="frame of the source", moved=how)
        return Place(rate, first, last, source_in, source_out)

    def _add_places(self, item: Element, piece: Piece, place: Place) -> None:
        placed = piece.placed
        add(item, "name", shown(placed.clip.name, piece.where, self._report))
        add(item, "enabled", placed.enabled and not placed.facts.muted)
        duration = placed.media_duration
        frames = place.last if duration is None else round_half_up(duration * place.rate.fps)
        add(item, "duration", max(frames, 1) if placed.facts.speed == 1 else max(frames, place.last))
        add_rate(item, place.rate)
        before, after = piece.before, piece.after
        add(item, "start", -1 if before is not None and before.hides else piece.start)
        add(item, "end", -1 if after is not None and after.hides else piece.end)
        add(item, "in", place.first)
        add(item, "out", place.last)
        if self._profile.ticks:
            low, high = sorted((place.source_in, place.source_out))
            add(item, "pproTicksIn", max(round_half_up(low * TICKS), 0))
            add(item, "pproTicksOut", max(round_half_up(high * TICKS), 0))

    def _add_content(self, item: Element, piece: Piece, rest: list[Element], generator: bool) -> None:
        multiclip = next((one for one in rest if one.tag == "multiclip"), None)
        effect = next((one for one in rest if one.tag == "effect"), None)
        if generator:
            item.append(effect if effect is not None else generator_effect(piece.placed.clip.media_reference))
        elif multiclip is not None:
            item.append(multiclip)
        elif piece.placed.url is not None or piece.placed.media.name or piece.channels is not None:
            self._files.add_to(item, piece)

    def _add_source_track(self, item: Element, piece: Piece, channel: int | None) -> None:
        block = add(item, "sourcetrack")
        add(block, "mediatype", "audio")
        channels = piece.channels or (1,)
        if channel is not None:
            add(block, "trackindex", channels[channel])
        else:
            add(block, "trackindex", 1 if self._files.uses_all_channels(piece) else channels[0])

    def _add_log(self, item: Element, piece: Piece, rest: list[Element]) -> None:
        """Add what is logged of the clip: the block it was read with, its note and take as they are now."""
        facts = piece.placed.facts
        block = next((one for one in rest if one.tag == "logginginfo"), None)
        said = {path: str(facts.extra.get(name) or "") for path, name in LOGGED.items()}
        said["lognote"] = note_with_tag(facts.note, facts.cue_uid)
        if block is None and not any(said.values()):
            return
        block = add(item, "logginginfo") if block is None else block
        for path, value in said.items():
            there = block.find(path)
            if value or there is not None:
                there = add(block, path) if there is None else there
                there.text = shown(value, piece.where, self._report) or None
        item.append(block)

    # --------------------------------------------------------------------------------------------------------- effects

    def _add_filters(self, item: Element, piece: Piece, place: Place, rest: list[Element], sound: bool) -> None:
        facts = piece.placed.facts
        if facts.speed != 1 or facts.retime:
            add_speed(item, piece, place, sound)
        if sound:
            self._add_level(item, piece, place, facts)
            pan, points = facts.extra.get("pan"), facts.extra.get("pan_points")
            if pan is not None or points or self._profile.levels:
                keys = [(parse_fraction(time), float(value)) for time, value in points or ()]
                add_curve(
                    item,
                    "Audio Pan",
                    "audiopan",
                    "Pan",
                    ("-1", "1"),
                    f"{float(pan or 0):.10g}",
                    self._keys(piece, place, keys, str),
                )
        for one in rest:
            if one.tag == "filter":
                item.append(one)

    def _add_level(self, item: Element, piece: Piece, place: Place, facts: ClipFacts) -> None:
        points = list(_all_levels(piece))
        if not facts.gain_db and not points and not self._profile.levels:
            return
        value = linear(points[0][1] if points else facts.gain_db or 0.0)
        limits = ("1e-05", "31.6228") if self._profile.levels else ("0", "3.98109")
        add_curve(item, "Audio Levels", "audiolevels", "Level", limits, value, self._keys(piece, place, points, linear))

    def _keys(
        self, piece: Piece, place: Place, points: list[tuple[Fraction, float]], form: Any
    ) -> list[tuple[int, str]]:
        """Give key frames in frames of the item; one between frames goes to the nearest."""
        lead = seconds_of_frame(piece.lead, self._rate)
        keys: dict[int, str] = {}
        for time, value in points:
            exact = place.first + (time + lead) * place.rate.fps
            frame = round_half_up(exact)
            if frame != exact:
                moved = (frame - exact) / place.rate.fps
                how = f"{float(moved):.4f} s"
                self._report.note("time-rounded", where=piece.where, moved_by=moved, grid="frame of a level", moved=how)
            keys.setdefault(frame, form(value))
        return sorted(keys.items())

    # ----------------------------------------------------------------------------------------------------- transitions

    def add_joint(self, track: Element, joint: Joint, sound: bool) -> None:
        """Add a transition, with the effect that it was read with."""
        item = add(track, "transitionitem")
        add(item, "start", joint.start)
        add(item, "end", joint.end)
        add(item, "alignment", _alignment(joint))
        if self._profile.ticks:
            add(item, "cutPointTicks", round_half_up(seconds_of_frame(joint.cut - joint.start, self._rate) * TICKS))
        add_rate(item, self._rate)
        item.extend(self._kept_of(joint, sound))
        if item.find("effect") is None:
            add_transition_effect(item, joint, sound, self._report)

    def _kept_of(self, joint: Joint, sound: bool) -> list[Element]:
        """Give what a transition, or the one that a fade was read from, held beside its place; not of another curve."""
        kept = _elements(joint.kept.get("kept"), self._report)
        for whole in _elements(joint.kept.get("whole"), self._report):
            kept = [one for one in whole if one.tag not in PLACED]
        effect = next((one for one in kept if one.tag == "effect"), None)
        if sound and effect is not None and curve_of(effect) != joint.curve:
            kept.remove(effect)
        return kept


def _alignment(joint: Joint) -> str:
    """Give the alignment that says where the cut is; that of the file where it says so too."""
    both = joint.left is not None and joint.right is not None
    middle = (joint.start + joint.end) // 2
    told = {
        "start": joint.start,
        "start-black": joint.start,
        "end": joint.end,
        "end-black": joint.end,
        "center": middle,
    }
    kept = str(joint.kept.get("alignment") or "")
    if told.get(kept) == joint.cut or (kept in told and not both):
        return kept
    if not both:
        return "start-black" if joint.left is None else "end-black"
    return next((name for name in ("center", "start", "end") if told[name] == joint.cut), "center")


def _played(source: Fraction, piece: Piece, speed: Fraction) -> Fraction:
    """Give the in point in the time that a retimed item counts: that of what it plays, not of its file."""
    if (piece.placed.facts.retime and speed > 0) or speed in (0, 1):
        return source
    if speed > 0:
        return source / speed
    length = piece.placed.media_duration
    return Fraction(0) if length is None or length < source else (length - source) / -speed


def _all_levels(piece: Piece) -> Levels:
    """Give the key frames of a level: those in the handles too, where the clip still plays what it was read with."""
    facts = piece.placed.facts
    stated = tuple((parse_fraction(time), float(gain)) for time, gain in piece.kept.get("levels") or ())
    played = within(stated, piece.placed.duration)
    same = played == facts.gain_points or (
        not facts.gain_points and {gain for _, gain in played} == {facts.gain_db or 0.0}
    )
    return stated if stated and same else facts.gain_points


def _rest(piece: Piece, report: Report) -> list[Element]:
    return _elements(piece.kept.get("kept"), report)


def _elements(kept: Any, report: Report) -> list[Element]:
    try:
        return from_raw(str(kept or ""))
    except etree.XMLSyntaxError:
        report.note("value-unreadable", name="xmeml", value=str(kept)[:60])
        return []
