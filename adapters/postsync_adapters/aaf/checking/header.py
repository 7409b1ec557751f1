"""Rules of the file as such: its sectors, its pattern, and who wrote it (Edit Protocol 254, 255)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking.whole import Whole
from postsync_adapters.aaf.reading.timelines import producer_of

EDIT_PROTOCOL = uuid.UUID("0d011201-0100-0000-060e-2b3404010105")
_SECTORS = 4096


def container(whole: Whole) -> Iterator[Finding]:
    """Find files of 512-byte sectors, as Premiere and Pro Tools write them."""
    size = whole.aaf.container.sector_size
    if size != _SECTORS:
        yield finding("aaf-sectors", found=size)


def pattern(whole: Whole) -> Iterator[Finding]:
    """Find files that do not say that they keep to the Edit Protocol: Resolve and Pro Tools do not."""
    stated = whole.aaf.header.get("OperationalPattern")
    if stated != EDIT_PROTOCOL:
        yield finding("aaf-pattern", found="not stated" if stated is None else stated)


def producer(whole: Whole) -> Iterator[Finding]:
    """Find files that do not say who wrote them."""
    if producer_of(whole.aaf) is None:
        yield finding("aaf-producer")
