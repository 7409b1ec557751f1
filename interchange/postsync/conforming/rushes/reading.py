"""A sound file's header as a row of the index: what iXML, `bext`, the name and the folder say of roll, day, scene and take.

Recorders differ in where they write these; `sound` knows. Here is only what an index asks for beyond: a day that can be true,
and names folded so that `SR005`, `sr-005` and the eight characters of a list are one roll.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from postsync.conforming.rushes.records import RushFile, TrackName
from postsync.errors import MediaError
from postsync.report import Report
from postsync.sound import WavFacts, read_facts
from postsync.timing import fraction_text

SUFFIXES = (".wav", ".wave", ".bwf", ".rf64")

OWN_FOLDERS = frozenset(
    {"__macosx", "fade files", "rendered files", "session file backups", ".trash", ".trashes", "$recycle.bin"}
)
"""Folders in which programs keep what is not rushes."""

FIRST_DAY = datetime.date(2003, 1, 1)
"""The day from which files are believed: clocks that were never set begin in 1970, 1980 or 2000, and iXML is of 2004."""

MOST_TRACKS = 128
PRINTED_BYTES = 4096

_DATE = re.compile(r"^\s*(\d{4})\D(\d{1,2})\D(\d{1,2})")
_DAY_IN_NAME = re.compile(
    r"(?<!\d)(?:(?:20)?(\d{2})[Yy](\d{2})[Mm](\d{2})|(?:20)?(\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01]))(?![\d])"
)
_SPLIT = re.compile(r"[^A-Z0-9]+")


def is_rush(name: str) -> bool:
    """Whether a file of that name may be a recorder's; macOS writes a `._` file of its own beside every file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def read_rush(path: str, size: int, modified: int) -> RushFile:
    """Read the header of one file; one that cannot be read gives a row that says why."""
    try:
        facts = read_facts(Path(path), Report())
    except MediaError as fault:
        return RushFile(path=path, size=size, modified=modified, problem=_without_path(fault))
    row = _row(path, size, modified, facts)
    return row if row.file_uid or row.umid or not row.stamp else replace(row, sound_print=_sound_print(facts))


def _sound_print(facts: WavFacts) -> str | None:
    """Give what stands for the sound of a file: some of its middle, which two recordings share only where both are silent."""
    try:
        with Path(facts.path or "").open("rb", buffering=0) as file:
            file.seek(facts.data_offset + facts.data_size // 2)
            return hashlib.blake2b(file.read(PRINTED_BYTES), digest_size=8).hexdigest()
    except OSError:
        return None


def _without_path(fault: MediaError) -> str:
    return ", ".join(
        part
        for part in (
            fault.message,
            f"expected {fault.expected}" if fault.expected else "",
            f"found {fault.found}" if fault.found else "",
        )
        if part
    )


def _row(path: str, size: int, modified: int, facts: WavFacts) -> RushFile:
    ixml, bext = facts.ixml, facts.bext
    rate = facts.frame_rate
    umid = bext.umid.hex() if bext is not None and bext.umid.strip(b"\0") else None
    recorder = " ".join((bext.originator, bext.originator_reference)).strip() if bext is not None else ""
    return RushFile(
        path=path, size=size, modified=modified, sample_rate=facts.sample_rate,
        converter_rate=_other_rate(facts), channels=facts.channels, bits=facts.bits, length=facts.length_samples,
        stamp=facts.time_reference or None, frame_rate=None if rate is None else fraction_text(rate),
        drop_frame=_drop(ixml.timecode_flag if ixml else None), roll=facts.tape, scene=facts.scene, take=facts.take,
        note=facts.note, circled=facts.circled, take_types=" ".join(ixml.take_types) if ixml else "",
        day=day_of_date(bext.date) if bext is not None else None, clock=(bext.time or None) if bext is not None else None,
        recorder=recorder or None, project=ixml.project if ixml else None, file_uid=ixml.file_uid if ixml else None,
        umid=umid, family=ixml.family_uid if ixml else None, original_name=ixml.original_filename if ixml else None,
        pre_record=ixml.pre_record_samples if ixml else None, tracks=_tracks(facts),
    )  # fmt: skip


def _other_rate(facts: WavFacts) -> int | None:
    rate = facts.ixml.digitizer_sample_rate if facts.ixml else None
    return rate if rate and rate != facts.sample_rate else None


def _drop(flag: str | None) -> bool | None:
    return None if flag is None else flag.strip().upper() == "DF"


def _tracks(facts: WavFacts) -> tuple[TrackName, ...]:
    listed = {
        track.interleave_index or place: track
        for place, track in enumerate(facts.ixml.tracks if facts.ixml else (), start=1)
    }
    found: list[TrackName] = []
    for channel in range(1, min(facts.channels, MOST_TRACKS) + 1):
        track = listed.get(channel)
        name = facts.channel_name(channel) or ""
        function = (track.function if track else None) or ""
        number = track.channel_index if track else None
        if name or function or number:
            found.append(TrackName(channel, name, function, number))
    return tuple(found)


def day_of_date(text: str) -> str | None:
    """Give the day `YYMMDD` of a `bext` date, whatever stands between; None for days on which nobody shot."""
    match = _DATE.match(text)
    if match is None:
        return None
    return _real_day(int(match[1]), int(match[2]), int(match[3]))


@lru_cache(maxsize=65536)
def day_in_name(text: str) -> str | None:
    """Give the day that a roll, a folder or a file is named with: `160909`, `2016-09-09`, `16Y09M09`; None without one.

    >>> day_in_name("16Y09M09"), day_in_name("A192C008_160909_R1BY"), day_in_name("SR005")
    ('160909', '160909', None)
    """
    for match in _DAY_IN_NAME.finditer(text):
        year, month, day = (int(one) for one in match.groups() if one is not None)
        found = _real_day(2000 + year, month, day)
        if found is not None:
            return found
    return None


def _real_day(year: int, month: int, day: int) -> str | None:
    try:
        date = datetime.date(year, month, day)
    except ValueError:
        return None
    return date.strftime("%y%m%d") if date >= FIRST_DAY else None


def next_day(day: str, count: int = 1) -> str:
    """Give the day some days later, as `YYMMDD`."""
    date = datetime.datetime.strptime(day, "%y%m%d").replace(tzinfo=datetime.timezone.utc)
    return (date + datetime.timedelta(days=count)).strftime("%y%m%d")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Give a roll, scene or take as they are compared: capitals and digits, numbers without leading zeros.

    >>> folded("sr-005") == folded("SR5"), folded("12 A")
    (True, '12A')
    """
    plain = _SPLIT.sub("", text.upper())
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain) or plain


_SCENE_WORD = re.compile(r"^(?:SCENE|SC)(?=[A-Z]?\d)")
_TAKE_WORD = re.compile(r"^(?:TAKE|TK|T)(?=\d)")
_SLATE_IN_NAME = re.compile(
    r"(?:SCENE|SC|S)?[\s._-]*(?P<scene>\d{1,3}[A-Z]{0,3})[\s._-]*[\s._-](?:TAKE|TK|T)[\s._-]?(?P<take>\d{1,3})(?![0-9A-Z])"
)


def slate(scene: str | None, take: str | None) -> tuple[str, str] | None:
    """Give scene and take as they are compared, with or without the words: Aaton writes `T03` where others write `3`.

    >>> slate("Sc. 12A", "T03"), slate("12A", "Take 3"), slate("12A", "")
    (('12A', '3'), ('12A', '3'), None)
    """
    if not scene or not take:
        return None
    found = folded(_SCENE_WORD.sub("", folded(scene))), folded(_TAKE_WORD.sub("", folded(take)))
    return found if all(found) else None


def slate_in_name(stem: str) -> tuple[str, str] | None:
    """Give scene and take of a file's name, where it says which number is the take; None else: numbers alone mean anything.

    >>> slate_in_name("12A-T03_1"), slate_in_name("Sc 7 Take 2"), slate_in_name("160909_T01"), slate_in_name("SR001-T012")
    (('12A', '3'), ('7', '2'), None, None)
    """
    match = _SLATE_IN_NAME.match(stem.upper())
    return slate(match["scene"], match["take"]) if match else None
