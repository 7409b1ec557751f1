"""The beeps of a stage: a WAV for each cue, stamped where its pre-roll begins, and tracks on which they lie.

A stage that opens the AAF has them in place; one that does not spots each file to its time stamp.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from postsync.formats.files import made_folder, whole_file
from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    Project,
    TimelineFacts,
    TrackFacts,
    build_track,
    file_name,
    put_clip_facts,
    put_media_facts,
    timeline_facts,
    unique_name,
)
from postsync.placing import CueGuide, beep_blocks, beep_length, cue_guides
from postsync.report import Report
from postsync.sound import Bext, url_from_path, write_wav
from postsync.timing import round_half_up, seconds_of_frame, to_time_range

BEEP_FOLDER = "Beeps"
BITS = 16
USUAL_RATE = 48_000


def beep_tracks(timeline: Any, into: Path, project: Project, report: Report, made: list[Path]) -> list[Any]:
    """Write the beeps of every cue and give the tracks on which they lie; each file is added to `made` as it is written."""
    facts = timeline_facts(timeline)
    rate = facts.sample_rate or USUAL_RATE
    guides = [one for one in cue_guides(timeline, project.recording) if one.beeps]
    for one in guides:
        if one.left_out:
            report.note("beeps-left-out", where=one.cue.number or one.cue.uid, count=one.left_out)
    names: set[str] = set()
    layers: dict[int, list[Laid]] = {}
    ends: list[Fraction] = []
    for one in guides:
        path = _write(one, made_folder(into / BEEP_FOLDER), facts, rate, names, made)
        laid = _clip(one, path, facts, rate)
        # Pre-rolls are longer than counts: they meet more often, and a file lies on one track whole.
        layer = next((number for number, end in enumerate(ends) if end <= laid.record_in), len(ends))
        ends[layer : layer + 1] = [laid.record_in + laid.duration]
        layers.setdefault(layer, []).append(laid)
    return [_track(layer, laid, facts, rate) for layer, laid in sorted(layers.items())]


def _write(guide: CueGuide, folder: Path, facts: TimelineFacts, rate: int, names: set[str], made: list[Path]) -> Path:
    name = unique_name(f"{file_name(guide.cue.number or guide.cue.uid)} beeps", names)
    names.add(name)
    path = folder / f"{name}.wav"
    stamp = _start(facts, rate) + round_half_up(guide.starts * rate)
    made.append(path)
    with whole_file(path) as file:
        write_wav(
            file, sample_rate=rate, bits=BITS, blocks=beep_blocks(guide, rate), length_samples=beep_length(guide, rate),
            bext=Bext(description=name, originator="postsync", time_reference=stamp),
        )  # fmt: skip
    return path


def _start(facts: TimelineFacts, rate: int) -> int:
    return round_half_up(seconds_of_frame(facts.start_frame, facts.rate) * rate)


def _clip(guide: CueGuide, path: Path, facts: TimelineFacts, rate: int) -> Laid:
    begin, length = Fraction(round_half_up(guide.starts * rate), rate), Fraction(beep_length(guide, rate), rate)
    stamp = Fraction(_start(facts, rate), rate) + begin
    reference = otio.schema.ExternalReference(url_from_path(str(path.absolute())), to_time_range(stamp, length))
    reference.name = path.stem
    put_media_facts(reference, MediaFacts(name=path.name, channels=1, sample_rate=rate, bits=BITS, kind="sound"))
    clip = otio.schema.Clip(path.stem, reference)
    put_clip_facts(clip, ClipFacts(channels=(1,)))
    return Laid(clip, begin, length, stamp)


def _track(layer: int, laid: Sequence[Laid], facts: TimelineFacts, rate: int) -> Any:
    name = "BEEPS" if layer == 0 else f"BEEPS {layer + 1}"
    return build_track(name, "Audio", laid, [facts.rate.fps, rate], facts=TrackFacts(channels=1))
