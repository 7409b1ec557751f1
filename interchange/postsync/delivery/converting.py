"""The media of a conversion: what lies inside the file that is read, and what the new one is to have copied or embedded.

A turnover cuts media to what is used; a conversion takes them whole, because the file that it makes stands for the other.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.delivery.media import MediaJob, prepare_media
from postsync.delivery.turnover import AUDIO_FOLDER
from postsync.placing import mono_tracks, rejoined
from postsync.report import Report
from postsync.sound import MediaFinder

WHOLE = Fraction(10**6)
"""Seconds of handles that no file has."""


@contextmanager
def media_of_conversion(
    timeline: Any,
    target: Path,
    source: Path,
    mode: str,
    report: Report,
    *,
    several: bool = False,
    sample_rate: int | None = None,
    inside: Mapping[str, Path] | None = None,
) -> Generator[Any]:
    """Give a copy of a timeline whose media are ready for as long as the block lasts; copied ones stay beside the target.

    `mode` is `embed`, `link` or `copy`; `inside` are the files that sound from inside the source was taken out to.
    """
    passing = mode == "embed"
    folder = Path(tempfile.mkdtemp(prefix=".sound.", dir=target.parent)) if passing else target.parent / AUDIO_FOLDER
    job = MediaJob(
        MediaFinder((), source),
        folder,
        mode,
        WHOLE,
        report,
        sample_rate=sample_rate,
        several=several,
        inside=inside or {},
    )
    was_there = set(folder.glob("*"))
    try:
        mono = mono_tracks(timeline, Report() if several else report)
        prepare_media(mono, job)
        yield rejoined(timeline, mono) if several else mono
    except BaseException:
        for path in set(job.made) - was_there:
            path.unlink(missing_ok=True)
        raise
    finally:
        if passing:
            shutil.rmtree(folder, ignore_errors=True)
