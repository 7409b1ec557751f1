"""Checks of names: too long, missing, shared, or made of characters that files and lists cannot hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from postsync.delivery.checks.subject import Subject, Use
from postsync.findings import Finding, finding

FORBIDDEN = {"/": "a Mac", ":": "a Mac", "\\": "Windows", "*": "Windows", "?": "Windows", '"': "Windows", "<": "Windows",
             ">": "Windows", "|": "Windows"}  # fmt: skip
"""What no file's name can hold, and where."""

WORDS = {"\n": "a line break", "\r": "a line break", "\t": "a tab", "\0": "a zero", "\ufffd": "a letter that was lost"}


def names_long(subject: Subject) -> Iterator[Finding]:
    """Find names that are longer than what arrives whole, each once."""
    limit = subject.application.longest_name
    for use in _once(subject):
        name = use.clip.clip.name or ""
        if len(name) > limit.number:
            yield subject.at("name-long", use, what="clip", name=name, length=len(name), limit=limit.number)
    for track in subject.tracks:
        name = track.track.name or ""
        if len(name) > limit.number:
            yield finding("name-long", track.name, what="track", name=name, length=len(name), limit=limit.number)


def names_missing(subject: Subject) -> Iterator[Finding]:
    """Find clips without a name."""
    for use in subject.clips:
        if not (use.clip.clip.name or use.clip.media.name):
            yield subject.at("name-missing", use, what="clip")


def names_broken(subject: Subject) -> Iterator[Finding]:
    """Find names that hold line breaks, tabs and other signs that are no letters."""
    for use in _once(subject):
        if found := _signs(use.clip.clip.name or ""):
            yield subject.at("name-character", use, what="clip", name=use.clip.clip.name, characters=found)
    for track in subject.tracks:
        if found := _signs(track.track.name or ""):
            yield finding("name-character", track.name, what="track", name=track.track.name, characters=found)
    if found := _signs(subject.timeline.name or ""):
        yield finding("name-character", what="timeline", name=subject.timeline.name, characters=found)


def _signs(name: str) -> str:
    found = (WORDS.get(one, f"U+{ord(one):04X}") for one in name if one in WORDS or ord(one) < 32 or ord(one) == 127)
    return ", ".join(dict.fromkeys(found))


def file_names(subject: Subject) -> Iterator[Finding]:
    """Find media files whose name another computer cannot store."""
    for medium in subject.media.values():
        held = [one for one in dict.fromkeys(medium.name) if one in FORBIDDEN] if medium.row.path else []
        system = FORBIDDEN[held[0]] if held else "Windows"
        ends = medium.name[-1:] in (" ", ".") or medium.name[:1] == " "
        if held or ends:
            said = ", ".join(held) if held else "a space or full stop at its end"
            yield subject.of("file-name-character", medium, name=medium.name, characters=said, system=system)


def _once(subject: Subject) -> Iterator[Use]:
    """Yield the first clip of each name."""
    seen: set[str] = set()
    for use in subject.clips:
        name = use.clip.clip.name or ""
        if name not in seen:
            seen.add(name)
            yield use


def track_names(subject: Subject) -> Iterator[Finding]:
    """Find sound tracks without a name, and names that several have."""
    counted = Counter((track.track.name or "").casefold() for track in subject.sound)
    for track in subject.sound:
        name = (track.track.name or "").casefold()
        if not name:
            yield finding("track-unnamed", track.name)
        elif counted.pop(name, 1) > 1:
            count = sum((one.track.name or "").casefold() == name for one in subject.sound)
            yield finding("track-name-twice", track.name, count=count)
