"""The recorder's channels laid under the edit: one track for each microphone, every clip on its sample.

What lies on the tracks of the mix stays as it is. Clips of one microphone lie on one track whatever recording they come from;
where edits overlap, on a second. What sound editors look for later stands with the media in the columns that Pro Tools and
Media Composer know: scene, take, sound roll, shooting date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from postsync.conforming.rushes.matching import Conform, Match, Piece
from postsync.conforming.rushes.records import Microphone, Recording, RushFile
from postsync.model import (
    ClipFacts,
    Planned,
    TimelineFacts,
    TrackFacts,
    clip_members,
    lay_without_overlaps,
    media_members,
    planned_track,
    stated_facts,
    to_json,
)
from postsync.sound import url_from_path
from postsync.timing import fraction_text, round_half_up

By = Literal["microphone", "channel"]

USUAL_RATE = 48_000

SUFFIX_OF_LANES = "{name} ({number})"


@dataclass(frozen=True)
class LayPlan:
    """How microphones become tracks: `by` their names or the recorder's track numbers.

    `mix` lays the recorder's mix too; None does so where the edit has no sound of its own.
    """

    by: By = "microphone"
    mix: bool | None = None


@dataclass
class _Lane:
    """The clips of one microphone, and how it is ordered among the others."""

    name: str
    order: tuple[int, int]
    planned: list[Planned] = field(default_factory=list[Planned])


@dataclass(frozen=True)
class LaidTracks:
    """The tracks that were laid, in order, and how many clips lie on them."""

    names: tuple[str, ...]
    clips: int


def lay(timeline: Any, conform: Conform, plan: LayPlan) -> LaidTracks:
    """Lay the microphones of every placed event on new tracks of a timeline, below those that it has."""
    lanes: dict[str, _Lane] = {}
    media = _Media()
    for match in conform.placed:
        with_mix = match.event.is_picture if plan.mix is None else plan.mix
        for piece in match.pieces:
            for microphone in chosen_microphones(piece.recording, with_mix):
                key, lane = _lane_of(microphone, plan.by)
                lane = lanes.setdefault(key, lane)
                lane.order = min(lane.order, _order(microphone))
                lane.planned.append(_planned(match, piece, microphone, media))
    taken = {track.name for track in timeline.tracks}
    names: list[str] = []
    clips = 0
    for lane in sorted(lanes.values(), key=lambda one: (one.order, one.name)):
        for name, planned in _without_overlaps(lane):
            shown = _free(name, taken)
            timeline.tracks.append(_track(shown, planned, conform.facts))
            names.append(shown)
            clips += len(planned)
    return LaidTracks(tuple(names), clips)


def chosen_microphones(recording: Recording, with_mix: bool) -> list[Microphone]:
    """Give the channels that are laid: without the mix where it has others."""
    alone = [one for one in recording.microphones if not one.is_mix]
    return list(recording.microphones) if with_mix or not alone else alone


def _lane_of(microphone: Microphone, by: By) -> tuple[str, _Lane]:
    number = _order(microphone)[1]
    name = microphone.name if by == "microphone" else f"ISO {number}" if not microphone.is_mix else f"MIX {number}"
    return " ".join(name.casefold().split()), _Lane(name, _order(microphone))


def _order(microphone: Microphone) -> tuple[int, int]:
    """Order the mix first, then by the recorder's tracks."""
    track = microphone.file.track(microphone.channel)
    return (0 if microphone.is_mix else 1, track.recorder_track or microphone.channel)


def _without_overlaps(lane: _Lane) -> Iterator[tuple[str, list[Planned]]]:
    layers = lay_without_overlaps([(one.record_in, one.record_out) for one in lane.planned])
    for layer in range(max(layers, default=-1) + 1):
        name = lane.name if not layer else SUFFIX_OF_LANES.format(name=lane.name, number=layer + 1)
        yield name, [one for one, own in zip(lane.planned, layers, strict=True) if own == layer]


def _free(name: str, taken: set[str]) -> str:
    shown, number = name, 2
    while shown in taken:
        shown, number = SUFFIX_OF_LANES.format(name=name, number=number), number + 1
    taken.add(shown)
    return shown


def _track(name: str, planned: Iterable[Planned], facts: TimelineFacts) -> Any:
    preferred: Sequence[Fraction | int] = [facts.rate.fps, facts.sample_rate or USUAL_RATE]
    return planned_track(name, "Audio", planned, preferred, facts=TrackFacts(channels=1))


class _Media:
    """The JSON of the reference to each file, made once."""

    def __init__(self) -> None:
        self._made: dict[str, str] = {}

    def of(self, file: RushFile) -> str:
        found = self._made.get(file.path)
        if found is None:
            found = self._made[file.path] = media_members(
                Path(file.path).name, url_from_path(file.path), media_columns(file), media_range(file)
            )
        return found


def media_range(file: RushFile) -> tuple[Fraction, Fraction]:
    """Give where the media of a file begin by its stamp, and how long they are, in seconds."""
    return Fraction(file.stamp or 0, file.sample_rate), Fraction(file.length, file.sample_rate)


def media_columns(file: RushFile) -> dict[str, Any]:
    """Give what is known of a file as the facts of media, with the columns that bins and field recorder matching ask for."""
    columns = {
        "Scene": file.scene, "Take": file.take, "Soundroll": file.roll, "Shoot Date": file.day, "Comments": file.note,
        "Circled": None if not file.circled else "yes",
    }  # fmt: skip
    facts: dict[str, Any] = {
        "name": Path(file.path).name, "channels": file.channels, "sample_rate": file.sample_rate, "bits": file.bits,
        "tape": file.roll, "uid": file.file_uid, "kind": "sound",
        "extra": {"columns": {name: value for name, value in columns.items() if value}},
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def start_in_media(piece: Piece, file: RushFile) -> Fraction:
    """Give where a piece begins by the file's own timecode, on the nearest sample."""
    sample = round_half_up(piece.position * file.sample_rate)
    return Fraction((file.stamp or 0) + sample, file.sample_rate)


def _planned(match: Match, piece: Piece, microphone: Microphone, media: _Media) -> Planned:
    event, file = match.event, microphone.file
    record_in = event.record_in + piece.start
    facts = _facts(match, piece, microphone)
    members = clip_members(clip_name(file, microphone), facts, media.of(file), enabled=event.clip.enabled)
    return Planned(members, record_in, record_in + piece.duration, start_in_media(piece, file))


def clip_name(file: RushFile, microphone: Microphone) -> str:
    """Give what a clip is called: scene, take and microphone, or the file where it states none."""
    told = "-".join(part for part in (file.scene, file.take) if part)
    return f"{told or file.stem} {microphone.name}"


def _facts(match: Match, piece: Piece, microphone: Microphone) -> dict[str, Any]:
    """Give the facts of a clip: its channel, the fades and mutes of the edit that it lies under, where it came from."""
    mix, file = match.event.clip.facts, microphone.file
    whole = len(match.pieces) == 1 and piece.duration == match.event.duration
    facts = stated_facts(
        ClipFacts(
            channels=(microphone.channel,), muted=mix.muted, note=_note(match, file),
            fade_in=mix.fade_in if whole else None, fade_out=mix.fade_out if whole else None,
            extra={name: value for name, value in (("scene", file.scene), ("take", file.take)) if value},
        )
    )  # fmt: skip
    if piece.speed != 1:
        facts["speed"] = fraction_text(piece.speed)
    if mix.retime:
        facts["retime"] = to_json(_retimed(match, piece))
    return facts


def _retimed(match: Match, piece: Piece) -> tuple[tuple[Fraction, Fraction], ...]:
    """Give the changes of speed of an event in the seconds of the recorder's file."""
    clip = match.event.clip
    scale = abs(piece.speed / match.event.speed) if match.event.speed else Fraction(1)
    return tuple((time, (value - clip.source_in) * scale + piece.position) for time, value in clip.facts.retime)


def _note(match: Match, file: RushFile) -> str:
    told: Mapping[str, str | None] = {"scene": file.scene, "take": file.take, "roll": file.roll}
    return ", ".join([*(f"{name} {value}" for name, value in told.items() if value), f"by {match.level}"])
