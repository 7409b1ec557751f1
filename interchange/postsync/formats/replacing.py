"""What may be written over: what we wrote and nobody has touched since. Everything else is kept beside it, under its date.

A work is what a person keeps, whoever wrote it last. Of a list that carries cues the cue documents beside it remember how it
was written, so that one that was edited since, in a spreadsheet say, is known by its bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postsync.cueing import SUFFIX, cue_document
from postsync.errors import CannotWrite
from postsync.formats.files import digest_of
from postsync.report import Report

if TYPE_CHECKING:
    from postsync.formats.format import Format

WORKS = ("otio", "cue_list")
"""Formats that keep everything: their files are what a person works on."""

MOST_DOCUMENTS = 64
KEPT_ASIDE = "file-kept-aside"


def refuse_source(fmt: Format, path: Path, sources: Iterable[Path]) -> None:
    """Raise CannotWrite where a file is to be written over that was read, and is not a work: ours may hold less than it did."""
    if fmt.name in WORKS:
        return
    for source in sources:
        if source.exists() and path.exists() and source.samefile(path):
            raise CannotWrite("this is the file that is read", path=path, remedy="give the new one another name")


def is_replaceable(fmt: Format, path: Path, timeline: Any) -> bool:
    """Tell whether a file that is there may go without a copy: no reader, our own bytes, or nothing in it is new."""
    if fmt.read is None:
        return True
    if fmt.name == "cue_list":
        return path.is_file() and _cues(_document(path)) == _cues(json.loads(json.dumps(cue_document(timeline))))
    return fmt.name not in WORKS and path.is_file() and digest_of(path) in set(_remembered(path))


def _cues(document: Any) -> Any:
    """Give what a cue document says but for what it remembers of other files, which every further one adds to."""
    return {name: document[name] for name in document if name != "written"} if isinstance(document, dict) else None


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None


def say_kept(own: Report, report: Report) -> None:
    """Take over from the report of one of several files only what was kept of others."""
    report.extend(Report(loss for loss in own if loss.code == KEPT_ASIDE))


def _remembered(path: Path) -> Iterator[str]:
    """Yield the digests that the cue documents of its folder remember of files of that name."""
    for document in sorted(path.parent.glob(f"*{SUFFIX}"))[:MOST_DOCUMENTS]:
        try:
            yield str(_document(document)["written"][path.name]["digest"])
        except (TypeError, KeyError):
            continue
