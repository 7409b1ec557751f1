"""One file into another of any format: `convert`."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.cueing import Naming, TagLevel, spot, with_show_colours
from postsync.delivery.converting import media_of_conversion
from postsync.delivery.media_files import at_hand
from postsync.delivery.turnover import MEDIA_CODES
from postsync.formats import Format, make_options, options_for
from postsync.formats.conversion import (
    Opened,
    embedded_in,
    fitting_writer,
    format_for_writing,
    format_named,
    read_file,
    recognise,
    split_options,
    with_sheets,
    write_file,
)
from postsync.model import Dialect, find_project
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs.cue_clips import with_cue_clips
from postsync.verbs.sidecars import MEMORY_FORMATS, write_sidecar


@dataclass(frozen=True)
class Conversion:
    """What `convert` did.

    >>> done = verbs.convert(reel, "R1 A.edl")
    >>> done.read_as, done.written_as, len(done.report.losses) > 0
    ('fcpxml', 'edl', True)
    """

    source: Path
    target: Path
    read_as: str
    written_as: str
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the conversion as plain values."""
        return {
            "schema": "postsync.conversion/1",
            "source": str(self.source),
            "target": str(self.target),
            "read_as": self.read_as,
            "written_as": self.written_as,
            "losses": self.report.to_json(),
        }


def convert(
    source: Path | str,
    target: Path | str,
    *,
    from_format: str | None = None,
    as_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    dialect: Dialect | None = None,
    tags: TagLevel | None = None,
    cue_clips: Naming | None = None,
) -> Conversion:
    """Turn a file of any format into one of any other; written whole or not at all.

    `dialect` is the notation of names in the source, `tags` the mark that cues carry where the target is one of text.
    With `cue_clips` the cues become clips named in a notation, on a track for each character, and nothing else is written.

    `options` are those of reading and of writing together; each goes where it is known, and one that neither knows
    raises UnknownOption.

    >>> verbs.convert(reel, "R1 markers.txt", as_format="avid_markers").target.name
    'R1 markers.txt'
    """
    report, source, target = Report(), Path(source), Path(target)
    reader = format_named(from_format) if from_format else (recognise(source) if source.exists() else None)
    writer = format_for_writing(target, as_format, reader)
    reads, writes = ({}, {}) if reader is None else split_options(reader, writer, options or {})
    reads = reads if reader is None else with_sheets(reader.read_options, reads, source, target)
    opened = read_file(source, report, from_format=from_format, rate=rate, options=reads)
    chosen = opened.choose(timeline)
    project = find_project(source)
    spot(chosen, project, report, all_markers=all_markers, dialect=dialect)
    work, named = chosen, None
    if cue_clips is not None:
        chosen, named = with_cue_clips(work, cue_clips, tags, target, project, report)
    if as_format is None:
        writer = fitting_writer(writer, target, reader, chosen, writes)
    if tags is not None:
        writes = {**options_for(writer.write_options, {"tags": tags}), **writes}
    writes = with_sheets(writer.write_options, writes, source, target)
    shown = chosen if writer.name in MEMORY_FORMATS else with_show_colours(chosen, project)
    source_of_sound = opened if cue_clips is None else None
    with _with_media(shown, source_of_sound, writer, writes, target, report) as (ready, options):
        own = report if ready is shown else Report()
        snapshot = write_file(ready, target, own, as_format=writer.name, options=options, read_from=[source])
        if own is not report:  # Media were looked for already; the writer, which looks once more, is not heard twice.
            report.extend(Report(loss for loss in own if loss.code not in MEDIA_CODES))
    write_sidecar(work, target, named or snapshot, report)
    return Conversion(source, target, opened.format.name, writer.name, report)


@contextmanager
def _with_media(
    timeline: Any, opened: Opened | None, writer: Format, given: Mapping[str, Any], target: Path, report: Report
) -> Generator[tuple[Any, Mapping[str, Any]]]:
    """Have the media ready that a file is to embed or have beside it; where it only links, the timeline is as it was.

    Sound from inside the file that was read goes inside the new one, unless the user wants it elsewhere. A file that is
    written anew in its own format is one that an application could not use: what it links to is made fit as well. None is
    for a timeline whose sound was made for it.
    """
    if opened is None or not options_for(writer.write_options, {"media": None}):
        yield timeline, given
        return
    asked = given.get("media")
    with embedded_in(opened, report) as sounds:
        mode = str(asked or ("embed" if any(sound.essence is not None for sound in sounds) else "link"))
        options = {**given, "media": mode}
        if mode == "link" and not sounds and writer is not opened.format:
            yield timeline, options
            return
        how = make_options(writer.write_options, options, writer.name)
        several, rate = getattr(how, "several_channels", False), getattr(how, "sample_rate", None)
        with (
            at_hand(sounds, target.parent, report, keep=mode == "link") as inside,
            media_of_conversion(
                timeline, target, opened.path, mode, report, several=several, sample_rate=rate, inside=inside
            ) as ready,
        ):
            yield ready, options
