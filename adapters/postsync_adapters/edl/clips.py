"""OpenTimelineIO objects for the pieces of a list, a whole track at once.

Metadata handed to OTIO's constructors is copied value by value, a hundred times as slow as the objects themselves. So a track
is put together as OTIO's own JSON and made in one call; the blocks hold only what is not the default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from postsync.cueing import note_and_uid
from postsync.model import SCHEMA, TimelineFacts
from postsync.report import Report
from postsync.sound import url_from_path
from postsync.timing import fraction_text
from postsync_adapters.edl.channels import Channel
from postsync_adapters.edl.clock import Labels
from postsync_adapters.edl.edits import Edit, Grouped
from postsync_adapters.edl.laying import Piece, continues
from postsync_adapters.edl.lists import Event, Note, event_text
from postsync_adapters.edl.notes import Level, colour_decision, comments_of, level_of
from postsync_adapters.edl.sources import Playing, Sources, base_name
from postsync_adapters.edl.tables import BLACK_REELS, EQUAL_POWER, GENERATOR_REELS, LAYOUTS

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_text = json.encoder.encode_basestring
"""A text alone: what the encoder does with it, without asking first what it is."""


class Builder:
    """Makes the tracks of one list."""

    def __init__(self, labels: Labels, facts: TimelineFacts, groups: Grouped, report: Report) -> None:
        self.facts, self.report = facts, report
        self.sources = Sources(labels, groups, report)
        self._labels = labels
        self._rate = f'{{"OTIO_SCHEMA":"RationalTime.1","rate":{float(facts.rate.fps)!r},"value":'
        self._layout = LAYOUTS["cmx3600"]
        self._playing: dict[int, Playing] = {}

    def measure(self, piece: Piece) -> None:
        """Take down what a piece plays; every piece is measured before any clip is made."""
        self._playing[id(piece)] = self.sources.playing(piece)

    def reach(self, layer: Iterable[Piece]) -> None:
        """Take down what transitions use beyond the outs of the clips that they leave."""
        for before, piece in pairwise(layer):
            if piece.mixed and before.end == piece.start:
                self.sources.reach(self._playing[id(before)], piece.mixed)

    def track(self, name: str, channel: Channel, layer: Iterable[Piece]) -> otio.schema.Track:
        """Make one track of pieces that do not overlap."""
        kind = otio.schema.TrackKind.Video if channel.kind.startswith("V") else otio.schema.TrackKind.Audio
        items: list[str] = []
        at, before = self.facts.start_frame, None
        for piece in layer:
            if piece.start > at:
                items.append(self._gap(piece.start - at))
            if piece.mixed or piece.outgoing is not None:
                items.extend(self._mix(piece, before, kind))
            items.append(self._clip(piece, self._playing[id(piece)]))
            at, before = piece.end, piece
        head = _json(
            {"OTIO_SCHEMA": "Track.1", "kind": kind, "name": name, "metadata": {"edl": {"channel": channel.name}}}
        )
        text = f'{head[:-1]},"children":[{",".join(items)}]}}'
        return otio.core.deserialize_json_from_string(text)

    def _time(self, frames: int) -> str:
        return f"{self._rate}{frames}.0}}"

    def _range(self, first: int, frames: int) -> str:
        return (
            f'{{"OTIO_SCHEMA":"TimeRange.1","start_time":{self._rate}{first}.0}},"duration":{self._rate}{frames}.0}}}}'
        )

    def _gap(self, frames: int) -> str:
        return f'{{"OTIO_SCHEMA":"Gap.1","source_range":{self._range(0, frames)}}}'

    # ----------------------------------------------------------------------------------------------------- transitions

    def _mix(self, piece: Piece, before: Piece | None, kind: str) -> list[str]:
        """Give what a piece comes in by: the outgoing side where it is no clip yet, and the transition."""
        side = piece.outgoing
        made: list[str] = []
        if side is not None and (before is None or not continues(before, piece)):
            if side.reel.upper() in BLACK_REELS:
                made += [self._gap(0)] if before is not None and before.end == piece.start else []
            else:
                made.append(self._outgoing(piece, side))
        if piece.mixed:
            made.append(self._transition(piece, side, kind))
        return made

    def _outgoing(self, piece: Piece, side: Event) -> str:
        """Make the clip of an outgoing side that nothing before goes on as: no length, its source running under the mix."""
        name = piece.outgoing_name or side.reel
        stand_in = Piece(piece.start, piece.start, 0, side, Edit(side, piece.edit.first_mode), name, piece.channel)
        return self._clip(stand_in, self.sources.outgoing(piece), "outgoing")

    def _transition(self, piece: Piece, side: Event | None, kind: str) -> str:
        event = piece.event
        effect = next((note for note in piece.edit.notes if note.kind == "effect"), None)
        name = "" if effect is None else effect.value.strip() or effect.head.strip(" *\t")
        power = kind == otio.schema.TrackKind.Audio and EQUAL_POWER in name.casefold()
        wipe = event.is_wipe and kind == otio.schema.TrackKind.Video
        edl: dict[str, Any] = {"transition": event.transition, "duration": event.duration, "line": event.line}
        if side is not None:
            edl["outgoing"] = {"event": event_text(side, self._layout), "line": side.line, "name": piece.outgoing_name}
        head = {
            "OTIO_SCHEMA": "Transition.1", "name": name,
            "transition_type": "SMPTE_Wipe" if wipe else otio.schema.TransitionTypes.SMPTE_Dissolve,
            "metadata": {"edl": edl, "postsync": {"schema": SCHEMA, "curve": "equal-power" if power else "linear"}},
        }  # fmt: skip
        return f'{_json(head)[:-1]},"in_offset":{self._time(0)},"out_offset":{self._time(piece.mixed)}}}'

    # ----------------------------------------------------------------------------------------------------------- clips

    def _clip(self, piece: Piece, playing: Playing, side: str = "") -> str:
        event, edit = piece.event, piece.edit
        notes = edit.notes if event is edit.main else edit.of_kind("fcp_reel")
        edl = f'{{"event":{_text(event_text(event, self._layout))},"line":{event[0]}'
        if side:
            edl += f',"side":{_json(side)}'
        if notes:
            rows = "\n".join([note[2] + note[3] for note in notes])
            edl += f',"notes":{_text(rows)}'
        colour = self._colour(edit) if notes else ""
        effects = "" if playing.speed == 1 else f'"effects":[{_json(_effect(playing.speed))}],'
        return (
            f'{{"OTIO_SCHEMA":"Clip.2","name":{_text(piece.name)},{effects}'
            f'"metadata":{{"edl":{edl}}},{colour}"postsync":{self._facts(piece, playing, notes)}}},'
            f'"source_range":{self._range(playing.first, piece.end - piece.start)},'
            f'"media_references":{{"DEFAULT_MEDIA":{self._media(piece, playing)}}},'
            '"active_media_reference_key":"DEFAULT_MEDIA"}'
        )

    def _facts(self, piece: Piece, playing: Playing, notes: list[Note]) -> str:
        """Give our block of a clip: only what is not the default."""
        facts: dict[str, Any] = {}
        if piece.channel is not None:
            facts["channels"] = [piece.channel]
        if piece.linked:
            facts["link_group"] = f"line {piece.event.line}"
        if playing.speed != 1:
            facts["speed"] = fraction_text(playing.speed)
        if notes:
            note, uid = note_and_uid(comments_of(notes))
            facts |= {name: said for name, said in (("note", note), ("cue_uid", uid)) if said}
            self._levels(facts, piece, playing)
        more = f",{_json(facts)[1:-1]}" if facts else ""
        return f'{{"schema":{SCHEMA},"origin":"line {piece.event.line}"{more}}}'

    def _levels(self, facts: dict[str, Any], piece: Piece, playing: Playing) -> None:
        """Add the levels of a sound clip's channel: one level, or a curve where they are at several places."""
        if piece.channel is None:
            return
        found = [
            level
            for note in piece.edit.notes
            if note.kind in ("level", "mix") and (level := level_of(note)) is not None
            and level.channel in (None, piece.channel, _record_channel(piece))
        ]  # fmt: skip
        if not found:
            return
        points = self._points(found, playing)
        if len(points) == 1:
            facts["gain_db"] = points[0][1]
        else:
            facts["gain_points"] = points
        if found[0].pan is not None:
            facts["extra"] = {"pan": found[0].pan}

    def _points(self, levels: list[Level], playing: Playing) -> list[list[Any]]:
        rate, points = self.facts.rate, {}
        for level in levels:
            frame = self._labels[level.label] if level.label else playing.first
            at = Fraction(frame - playing.first) / rate.fps / (abs(playing.speed) or 1)
            points[at] = level.db
        return [[fraction_text(at), points[at]] for at in sorted(points)]

    def _media(self, piece: Piece, playing: Playing) -> str:
        """Make the reference of a clip: black or a generator, a file that the list gives a path to, or one only named."""
        event, edit = piece.event, piece.edit
        reel = event.reel.upper()
        if reel in GENERATOR_REELS:
            kind = GENERATOR_REELS[reel]
            return _json(
                {"OTIO_SCHEMA": "GeneratorReference.1", "name": reel, "generator_kind": kind, "parameters": {}}
            )
        low, high = self.sources.extent(playing.key)
        file = playing.file
        name = _text(base_name(file) or piece.name)
        facts = f'"schema":{SCHEMA},"name":{name}'
        tape = self.sources.tape(event, edit)
        if tape is not None:
            facts += f',"tape":{_text(tape)}'
        umid = self.sources.umid(event.reel, file)
        if umid is not None:
            facts += f',"uid":{_text(umid)}'
        if playing.drop != self.facts.rate.drop:
            facts += f',"rate":{_text(self.facts.rate.text)},"drop_frame":{_json(playing.drop)}'
        head = f'"OTIO_SCHEMA":"MissingReference.1","name":{name}'
        if "/" in file or "\\" in file:
            head = f'"OTIO_SCHEMA":"ExternalReference.1","target_url":{_text(url_from_path(file))}'
        extent = self._range(low, max(high - low, 1))
        return f'{{{head},"metadata":{{"postsync":{{{facts}}}}},"available_range":{extent}}}'

    def _colour(self, edit: Edit) -> str:
        """Give the colour decision as the official adapter keeps it, as a part of the metadata; empty where there is none."""
        sop: Note | None = None
        sat: Note | None = None
        for note in edit.notes:
            if note[1] == "asc_sop":
                sop = note
            elif note[1] == "asc_sat":
                sat = note
        if sop is None and sat is None:
            return ""
        found = colour_decision(sop, sat)
        for row, name in ((sop, "asc_sop"), (sat, "asc_sat")):
            if row is not None and name not in found:
                self.report.note("value-unreadable", source=f"line {row.line}", name=name.upper(), value=row.value)
        return f'"cdl":{_json(found)},' if found else ""


def _effect(speed: Fraction) -> dict[str, Any]:
    if speed == 0:
        return {"OTIO_SCHEMA": "FreezeFrame.1", "effect_name": "FreezeFrame", "time_scalar": 0.0}
    return {"OTIO_SCHEMA": "LinearTimeWarp.1", "effect_name": "LinearTimeWarp", "time_scalar": float(speed)}


def _record_channel(piece: Piece) -> int | None:
    digits = "".join(letter for letter in piece.event.channels if letter.isdecimal())
    return int(digits) if digits else None
