"""From a list to a timeline: every event at its record time on every track that it names, with its notes.

Length is record length; source used is that times speed. Where a source says something else, that is reported and the source
stays as written in the clip's metadata. A transition starts at the record in of what comes in. The whole list rides along
in the timeline's metadata, so that a list which nobody changed is written word for word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError
from postsync.formats import ReadOptions, Timelines, path_of
from postsync.model import TimelineFacts, put_timeline_facts, without_searching_for_cycles
from postsync.report import Report
from postsync.timing import Rate, parse_timecode
from postsync.wording import counted
from postsync_adapters.edl.channels import Channel, audio_line, channels_of
from postsync_adapters.edl.clips import Builder
from postsync_adapters.edl.clock import Decision, Labels, crosses_midnight, decide_rate
from postsync_adapters.edl.edits import Edit, Grouped, grouped
from postsync_adapters.edl.laying import Piece, layers_of, track_order
from postsync_adapters.edl.lists import EditList, Event
from postsync_adapters.edl.locators import put_locators, spots_of
from postsync_adapters.edl.notes import patches_of, speed_of, split_of
from postsync_adapters.edl.parse import parse_bytes

NOWHERE = Channel("NONE", 0)
"""Where events go that name no channel: a sound track of that name, as Premiere means it."""


@dataclass(frozen=True)
class EdlReadOptions(ReadOptions):
    """`start`: the label of the timeline's first frame; else the earliest record time of the list."""

    start: str | None = None


def read(file: BinaryIO, report: Report, options: EdlReadOptions) -> Timelines:
    """Read the one timeline of a list."""
    path = path_of(file)
    edit_list = parse_bytes(file.read(), report)
    if not edit_list.events and not any(note.kind in ("title", "locator", "fcm") for note in edit_list.notes):
        raise FormatError(
            path=path,
            expected="event lines with four timecodes each",
            found=f"{counted(len(edit_list.lines), 'line')} without one",
        )
    name = edit_list.title or options.name or (path.stem if path else "")
    return [timeline_of(edit_list, report, options, name)]


@without_searching_for_cycles()
def timeline_of(
    edit_list: EditList, report: Report, options: EdlReadOptions | None = None, name: str | None = None
) -> otio.schema.Timeline:
    """Make the timeline of a list. Raises RateError where the rate asked for is not the list's."""
    asked = options or EdlReadOptions()
    return _Reading(edit_list, report, asked, edit_list.title if name is None else name).timeline()


class _Reading:
    """One list on its way to a timeline."""

    def __init__(self, edit_list: EditList, report: Report, options: EdlReadOptions, name: str) -> None:
        self.list, self.report, self.options, self.name = edit_list, report, options, name
        self.groups: Grouped = grouped(edit_list.lines)
        self.spots = spots_of(self.groups)
        self.events = edit_list.events
        self.decision = self._decide(self.events)
        self.rate: Rate = self.decision.rate
        self.labels = Labels(self.rate)
        self.midnight: int | None = None

    def timeline(self) -> otio.schema.Timeline:
        """Lay every edit, then build the tracks."""
        for note in self.list.notes:
            if note.kind == "damaged":
                self.report.note("line-ignored", source=f"line {note.line}", text=note.text.strip())
        self.midnight = self._midnight()
        tracks = self._pieces()
        start = self._start([piece.start for pieces in tracks.values() for piece in pieces])
        timeline = otio.schema.Timeline(name=self.name)
        facts = TimelineFacts(self.rate, start, producer=self.list.producer, format="edl")
        put_timeline_facts(timeline, facts)
        builder = Builder(self.labels, facts, self.groups, self.report)
        layers: dict[Channel, list[list[Piece]]] = {}
        for channel in sorted(tracks, key=track_order):
            for piece in tracks[channel]:
                builder.measure(piece)
            layers[channel] = layers_of(tracks[channel])
        for layer in (layer for each in layers.values() for layer in each):
            builder.reach(layer)
        made = [track for channel, each in layers.items() for track in self._tracks(channel, each, builder)]
        timeline.tracks.extend(made)
        put_locators(timeline, self.spots, self.labels, self._unwrapped, facts, self.report)
        timeline.metadata["edl"] = {
            "text": self.list.text(), "dialect": self.list.dialect, "encoding": self.list.encoding,
            "reel": max((len(event.reel) for event in self.events), default=0),
            "colons": not any(";" in event.record_in for event in self.events),
            "mark": self.list.mark.hex(), "newline": self.list.newline, "head": [note.text for note in self.groups.head],
            "tail": [note.text for note in self.groups.tail],
        }  # fmt: skip
        return timeline

    # ------------------------------------------------------------------------------------------------------- the clock

    def _decide(self, events: list[Event]) -> Decision:
        spots = [spot.label for spot, _ in self.spots if len(spot.label) > 9]
        reverse = {
            -int(speed.fps)
            for edit in self.groups.edits
            for note in edit.of_kind("speed")
            if (speed := speed_of(note)) is not None and speed.fps < 0 and speed.fps.denominator == 1
        }
        decision = decide_rate(events, spots, self.groups.record_mode, reverse, self.options.rate)
        code = "rate-found" if decision.sure else "rate-guessed"
        self.report.note(code, where=self.name, rate=decision.rate.name, why=decision.why)
        return decision

    def _midnight(self) -> int | None:
        known = [(event.record_in, event.record_out) for event in self.events]
        return crosses_midnight(
            ((self.labels[start], self.labels[end]) for start, end in known), self.rate.frames_per_day
        )

    def _unwrapped(self, frame: int) -> int:
        """Give a record time counted on where the list has run through midnight."""
        late = self.midnight is not None and frame < self.rate.frames_per_day // 2
        return frame + self.rate.frames_per_day if late else frame

    def _start(self, starts: list[int]) -> int:
        if self.options.start is not None:
            return parse_timecode(self.options.start, self.rate, place="option start")
        earliest = min(starts, default=None)
        why = "the earliest record time; a list states none"
        if earliest is None:
            spots = [self.labels[spot.label] for spot, _ in self.spots if len(spot.label) > 9]
            hour = 3600 * self.rate.nominal
            earliest = self.labels[f"{min(spots, default=0) // hour:02}:00:00:00"]
            why = "the hour of the first locator; the list has no events"
        self.report.note("start-guessed", where=self.name, start=self.labels.text(earliest), why=why)
        return earliest

    # ---------------------------------------------------------------------------------------------------------- laying

    def _pieces(self) -> dict[Channel, list[Piece]]:
        """Put every edit on its tracks."""
        tracks: dict[Channel, list[Piece]] = {}
        order = 0
        for edit in self.groups.edits:
            channels, patches = self._channels(edit), patches_of(edit.notes)
            late = self._late(edit)
            for side in self._sides(edit):
                for channel in channels:
                    order += 1
                    piece = replace(side) if len(channels) > 1 else side
                    piece.order, piece.linked = order, len(channels) > 1
                    piece.channel = patches.get(channel.number, channel.number) if channel.kind == "A" else None
                    if late:
                        piece.late = min(late.get(channel.kind, 0), piece.end - piece.start)
                        piece.start += piece.late
                    on = _key_track(channel) if piece.event.is_key else channel
                    tracks.setdefault(on, []).append(piece)
        return tracks

    def _channels(self, edit: Edit) -> tuple[Channel, ...]:
        found = channels_of(edit.main.channels)
        more = [one for note in edit.notes if note.kind == "audio" for one in audio_line(note.value)]
        if found is None:
            code = edit.main.channels
            self.report.note("value-unreadable", source=f"line {edit.main.line}", name="channels", value=code)
            found = (Channel(code.upper(), 0),)
        everything = tuple(dict.fromkeys([*found, *more])) if more else found
        if not everything:
            where = f"event {edit.main.number}"
            self.report.note("channels-unstated", where=where, source=f"line {edit.main.line}", name=edit.main.channels)
        return everything or (NOWHERE,)

    def _late(self, edit: Edit) -> dict[str, int]:
        """Give how much later a kind of track begins in a split edit."""
        splits = [split for note in edit.notes if note.kind == "split" and (split := split_of(note)) is not None]
        return {part: self.labels[delay] for part, delay in splits}

    def _sides(self, edit: Edit) -> Iterable[Piece]:
        """Yield the events of an edit that are clips of their own; the outgoing side is told to the one that comes in."""
        first, main = edit.first, edit.main
        source, target = edit.value("from_clip"), edit.value("to_clip")
        if first is None:
            name = (target or source) if not main.is_cut else (source or target)
            mixed = self._mixed(main)
            yield self._piece(edit, main, name or edit.value("key_clip"), mixed)
            return
        if not first.has_no_record or first.is_background:
            yield self._piece(edit, first, source, 0)
        if main.is_key:
            yield self._piece(edit, main, edit.value("key_clip") or target, self._mixed(main))
            return
        piece = self._piece(edit, main, target or ("" if source else main.reel), self._mixed(main))
        piece.outgoing, piece.outgoing_name = first, source
        yield piece

    def _mixed(self, event: Event) -> int:
        digits = "".join(letter for letter in event.duration if letter.isdecimal())
        return int(digits) if digits and not event.is_cut else 0

    def _piece(self, edit: Edit, event: Event, name: str, mixed: int) -> Piece:
        start, end = self._unwrapped(self.labels[event.record_in]), self._unwrapped(self.labels[event.record_out])
        for label in (event.record_in, event.record_out):
            if not self.labels.exists(label):
                frame = self.labels[label]
                self.report.note(
                    "timecode-repaired",
                    where=f"event {event.number}",
                    source=f"line {event.line}",
                    was=label,
                    now=self.labels.text(frame),
                )
        if end < start:
            end = self._mended(event, start)
        return Piece(start, end, 0, event, edit, name or event.reel, None, mixed)

    def _mended(self, event: Event, start: int) -> int:
        """Give the end of an event whose record out lies before its in: by its source length."""
        length = 0
        if ":" in event.source_in or ";" in event.source_in:
            try:
                length = self.labels[event.source_out] - self.labels[event.source_in]
            except KeyError:
                length = 0
        end = start + max(length, 0)
        now = self.labels.text(end)
        self.report.note(
            "timecode-repaired",
            where=f"event {event.number}",
            source=f"line {event.line}",
            was=event.record_out,
            now=now,
        )
        return end

    def _tracks(self, channel: Channel, layers: list[list[Piece]], builder: Builder) -> Iterable[otio.schema.Track]:
        for number, layer in enumerate(layers):
            name = channel.name if number == 0 else f"{channel.name} ({number + 1})"
            if number:
                self.report.note("events-overlap", where=channel.name, events=len(layer), track=name)
            yield builder.track(name, channel, layer)


def _key_track(channel: Channel) -> Channel:
    return Channel(f"{channel.name} key", 0)
