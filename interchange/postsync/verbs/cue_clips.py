"""The cues of a timeline as named clips, with the silence that they play: what `convert --cue-clips` writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from postsync.cueing import (
    Naming,
    NamingRules,
    Snapshot,
    TagLevel,
    cue_clips,
    longest_cue,
    note_lost_fields,
    spot,
    take_snapshot,
)
from postsync.errors import CannotWrite
from postsync.formats import whole_file
from postsync.model import Project, timeline_facts
from postsync.report import Report
from postsync.sound import write_wav
from postsync.timing import round_half_up

TITLES = {"tags": "Names in the tag language", "edicue": "EdiCue names", "plain": "Plain names"}

COMES_BACK_AS = "pro_tools_text"
"""The format by which clips mostly come back, from whatever they were sent in."""

SAMPLE_RATE, BYTES_PER_SAMPLE = 48_000, 3
BLOCK_SAMPLES = 65_536


def with_cue_clips(
    timeline: Any, naming: Naming, tags: TagLevel | None, target: Path, project: Project, report: Report
) -> tuple[Any, Snapshot]:
    """Give a timeline of the cues as clips, and what their names say of each; what they do not say is in the report.

    The mono WAV of silence that the clips play is written beside the target, since applications show clips without sound
    as missing. CannotWrite where there are no cues.
    """
    longest = longest_cue(timeline)
    if not longest:
        raise CannotWrite("there are no cues to make clips of", path=target)
    rate = timeline_facts(timeline).sample_rate or SAMPLE_RATE
    path = target.with_name(f"{target.stem} silence.wav").absolute()
    length = round_half_up(longest * rate) + rate
    with whole_file(path) as file:
        write_wav(file, sample_rate=rate, bits=8 * BYTES_PER_SAMPLE, blocks=_silence(length), length_samples=length)
    rules = NamingRules(naming, tags or "uid", project.vocabulary, path.as_uri(), longest + 1)
    clips = cue_clips(timeline, rules, report)
    returned = clips.deepcopy()
    spot(returned, project, Report())
    snapshot = take_snapshot(timeline, returned, COMES_BACK_AS, target.name)
    note_lost_fields(snapshot, TITLES[naming], report, timeline_facts(timeline))
    return clips, snapshot


def _silence(samples: int) -> Iterator[bytes]:
    for start in range(0, samples, BLOCK_SAMPLES):
        yield bytes(BYTES_PER_SAMPLE * min(BLOCK_SAMPLES, samples - start))
