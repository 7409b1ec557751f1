"""The clip of a take: its media, a file for each microphone, the record that goes with it, the note that programs show."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.model import ChannelSource, MediaFacts, Take, put_media_facts
from postsync.placing.lanes import Wish
from postsync.placing.pairings import Pairing
from postsync.sound import url_from_path
from postsync.timing import to_time_range


def take_files(pairing: Pairing) -> list[Path]:
    """Give the files of a take, one for each microphone where they are split."""
    return [pairing.recorded.path, *pairing.recorded.siblings]


def clip_of_take(pairing: Pairing) -> tuple[otio.schema.Clip, Fraction]:
    """Make the clip of a take with a reference for each of its files; give where the media begin by their stamp."""
    take = pairing.recorded
    start = Fraction(take.time_reference or 0, take.sample_rate)
    span = to_time_range(start, take.duration)
    references: dict[str, Any] = {}
    for number, path in enumerate(take_files(pairing)):
        reference = otio.schema.ExternalReference(url_from_path(str(path.absolute())), span)
        reference.name = path.stem
        channels = 1 if take.siblings else take.channels
        put_media_facts(
            reference,
            MediaFacts(name=path.name, channels=channels, sample_rate=take.sample_rate, bits=take.bits, tape=take.tape,
                       uid=take.identity if not number else None, kind="sound"),
        )  # fmt: skip
        references[otio.schema.Clip.DEFAULT_MEDIA_KEY if not number else f"A{number + 1}"] = reference
    clip = otio.schema.Clip(take.name)
    clip.set_media_references(references, otio.schema.Clip.DEFAULT_MEDIA_KEY)
    return clip, start


def take_sources(pairing: Pairing) -> tuple[ChannelSource, ...]:
    """Say of a take in several mono files which of them each channel is."""
    files = take_files(pairing)
    if len(files) == 1:
        return ()
    keys = [otio.schema.Clip.DEFAULT_MEDIA_KEY, *(f"A{number}" for number in range(2, len(files) + 1))]
    return tuple(
        ChannelSource(number, path.stem, url_from_path(str(path.absolute())), key)
        for number, (path, key) in enumerate(zip(files, keys, strict=True), start=1)
    )


def take_record(pairing: Pairing) -> Take:
    """Give the record of a take as clips and cues carry it."""
    recorded = pairing.recorded
    return Take(
        uid=recorded.uid,
        take=pairing.take,
        kind=pairing.kind,
        selected=pairing.selected,
        file=recorded.path.name,
        files=tuple(path.name for path in take_files(pairing)) if recorded.siblings else (),
        sample_rate=recorded.sample_rate,
        start_sample=recorded.stamp,
        length_samples=recorded.length_samples,
        recorded_on=recorded.recorded_on,
        microphone=" + ".join(name for name in recorded.microphones if name) or None,
        note=pairing.note,
        paired_by=pairing.why(),
        confidence=pairing.confidence,
    )


def clip_note(wish: Wish) -> str:
    """Give what the clip says of itself where a program shows notes."""
    cue = wish.pairing.cue
    number = f"{cue.number} " if cue is not None and cue.number else ""
    take = f"take {wish.take.take}" if wish.take.take else wish.take.kind
    chosen = f", {wish.take.selected.replace('_', ' ')}" if wish.take.selected else ""
    return f"{number}{take}{chosen}"
