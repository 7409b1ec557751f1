"""Interchange for ADR and post sync between picture editors and sound.

>>> import postsync
>>> from postsync import demo
>>> timeline, report = postsync.read(demo.REEL / "The Crossing R1.fcpxml")
>>> report = postsync.write(timeline, "reel1.mid")
>>> report.as_text().splitlines()[0]
'6 marker colours not carried: MIDI marker file'

`read`, `write` and `convert` are here with the records, the report and the errors; each verb of the command line is a
function in `postsync.verbs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from postsync.errors import (
    AmbiguousFormat,
    CannotWrite,
    FormatError,
    MediaError,
    MissingLibrary,
    PostsyncError,
    RateError,
    ResolveError,
    UnknownFormat,
    UnknownOption,
)
from postsync.model import Character, ClipFacts, Cue, Fade, MediaFacts, PlainMarker, Project, TimelineFacts
from postsync.report import Loss, Report
from postsync.timing import Rate

__version__ = "0.1.0"

__all__ = [
    "AmbiguousFormat",
    "CannotWrite",
    "Character",
    "ClipFacts",
    "Cue",
    "Fade",
    "FormatError",
    "Loss",
    "MediaError",
    "MediaFacts",
    "MissingLibrary",
    "PlainMarker",
    "PostsyncError",
    "Project",
    "Rate",
    "RateError",
    "Report",
    "ResolveError",
    "TimelineFacts",
    "UnknownFormat",
    "UnknownOption",
    "__version__",
    "convert",
    "read",
    "write",
]


def read(
    path: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> tuple[Any, Report]:
    """Read a timeline of any format; gives the `otio.schema.Timeline` and the report of what was not kept.

    A file with several timelines needs the name of one. Raises UnknownFormat, FormatError or UnknownOption.

    >>> timeline, report = postsync.read(reel)
    >>> timeline.name, len(timeline.audio_tracks()), len(report.losses)
    ('The Crossing R1', 2, 0)
    """
    from postsync.formats.conversion import read_file

    report = Report()
    return read_file(path, report, from_format=from_format, rate=rate, options=options).choose(timeline), report


def write(
    timeline: Any, path: Path | str, *, as_format: str | None = None, options: Mapping[str, Any] | None = None
) -> Report:
    """Write a timeline, whole or not at all; gives the report of what the format could not hold.

    What has the name is replaced: a script knows what it writes over. The format is that of `as_format`, else of the suffix.
    Raises CannotWrite where the place cannot be written to or the timeline cannot become this format, UnknownFormat or
    UnknownOption for a name that there is not.

    >>> report = postsync.write(timeline, "R1 list.edl")
    >>> [loss.code for loss in report][:2]
    ['metadata-not-carried', 'feature-not-carried']
    """
    from postsync.formats.conversion import write_file

    report = Report()
    write_file(timeline, path, report, as_format=as_format, options=options, keep=False)
    return report


def convert(source: Path | str, target: Path | str, **how: Any) -> Report:
    """Turn a file of any format into one of any other; gives the report. `how` is that of `postsync.verbs.convert`.

    Raises what `read` and `write` raise.

    >>> report = postsync.convert(reel, "R1 markers.mid")
    >>> report.as_text().splitlines()[0]
    '1 marker colour not carried: MIDI marker file'
    """
    from postsync import verbs

    return verbs.convert(source, target, **how).report
