"""Files of the index as recordings: mono files of one take put together, copies told from takes, names folded for looking up.

Only files of one folder, length, rate and stamp are one pass, whatever their names say. A copy has the same stamp, length,
channels and identity as another file; where two files share an identity and differ in these, the identity is of no use and said
to be so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from postsync.conforming.names import bare_name
from postsync.conforming.rushes.reading import day_in_name, folded
from postsync.conforming.rushes.records import Microphone, Recording, RushFile

_CHANNEL_TAIL = re.compile(
    r"(?:[._ -](?:L|R|C|M|S|A\d{1,2}|CH\d{1,2}|TRK?\d{1,2}|\d{1,2}|BOOM\d?|LAV ?\d?|MIX[LR]?))$", re.IGNORECASE
)
"""How recorders name the mono files of a take: `A101_1_1`, `T003_BOOM`, `12A-3.A2`."""

DAY_FOLDERS = 3
"""Folders above a file whose names may say the day: recorders and data wranglers make one for each."""

_ROLL_FOLDER = re.compile(r"(?:SR|AR|SND|AUDIO|ROLL|TAPE|DAY)?[\s_-]?\d", re.IGNORECASE)


def recordings_of(files: Iterable[RushFile]) -> list[Recording]:
    """Put files together into recordings, in order of their paths."""
    passes: dict[tuple[object, ...], list[RushFile]] = {}
    for file in files:
        passes.setdefault(_pass_of(file), []).append(file)
    return [replace(one, number=number) for number, one in enumerate(_without_copies(passes.values()))]


def _pass_of(file: RushFile) -> tuple[object, ...]:
    """Give what the files of one pass have in common."""
    folder, _, name = file.path.replace("\\", "/").rpartition("/")
    sound = (folder, file.length, file.sample_rate, file.stamp)
    if file.channels != 1:
        return ("poly", file.path)
    if file.family:
        return ("family", file.family, *sound)
    stem = name.rpartition(".")[0]
    bare = _CHANNEL_TAIL.sub("", stem)
    if bare == stem or not file.stamp:
        return ("file", file.path)
    return ("name", bare.casefold(), file.scene, file.take, *sound)


def _without_copies(passes: Iterable[list[RushFile]]) -> list[Recording]:
    """Make recordings; what is the same sound in two places is one, and knows of the other."""
    found: dict[tuple[object, ...], Recording] = {}
    order: list[tuple[object, ...]] = []
    for files in passes:
        recording = _recording(sorted(files, key=_file_order))
        key = _sameness(recording)
        there = found.get(key)
        if there is not None:
            paths = tuple(file.path for file in recording.files)
            found[key] = replace(there, copies=(*there.copies, *paths), rolls=there.rolls | recording.rolls,
                                 names=there.names | recording.names, days=there.days | recording.days)  # fmt: skip
            continue
        found[key] = recording
        order.append(key)
    return [found[key] for key in order]


def _sameness(recording: Recording) -> tuple[object, ...]:
    """Give what only copies of one recording share; without an identity of its own a file is the same only as itself."""
    first = recording.first
    identity = first.file_uid or first.umid
    if not identity or not first.stamp:
        return ("path", first.path)
    sound = tuple(
        (file.channels, file.length, file.bits, file.stamp, file.file_uid, file.umid) for file in recording.files
    )
    told = (first.sample_rate, first.scene, first.take)
    return ("same", *told, sound)


def _file_order(file: RushFile) -> tuple[int, str]:
    """Order the mono files of a set as the recorder's tracks are."""
    number = file.track(1).recorder_track
    return (number if number is not None else 1000, file.path)


def _recording(files: Sequence[RushFile]) -> Recording:
    first = files[0]
    microphones = tuple(
        _microphone(file, channel, len(files) > 1) for file in files for channel in range(1, file.channels + 1)
    )
    scene_take = (folded(first.scene), folded(first.take)) if first.scene and first.take else None
    names = frozenset(bare_name(text) for file in files for text in (file.path, file.original_name) if text)
    rolls, days = _rolls(first), _days(first)
    bare = {_CHANNEL_TAIL.sub("", name) for name in names} if len(files) > 1 else set[str]()
    return Recording(-1, tuple(files), microphones, rolls, days, scene_take, names | bare)


def _microphone(file: RushFile, channel: int, split: bool) -> Microphone:
    track = file.track(channel)
    number = track.recorder_track or channel
    name = " ".join(track.name.split())
    if not name and split:
        tail = _CHANNEL_TAIL.search(file.stem)
        name = tail[0].strip("._ -").upper() if tail and not tail[0].strip("._ -").isdecimal() else ""
    return Microphone(name or f"ISO {number}", file, channel, track.is_mix)


def _rolls(file: RushFile) -> frozenset[str]:
    """Give the roll that a file states; where it states none, the folder that looks like one."""
    if file.roll:
        return frozenset({folded(file.roll)})
    folder = Path(file.path).parent.name
    return frozenset({folded(folder)}) if _ROLL_FOLDER.match(folder) else frozenset()


def _days(file: RushFile) -> frozenset[str]:
    """Give every day that speaks from a file: its own date, and those of its roll and folder."""
    folders = [folder.name for folder in Path(file.path).parents][:DAY_FOLDERS]
    named = (day_in_name(text) for text in (file.roll or "", *folders))
    return frozenset(day for day in (file.day, *named) if day)


def shared_identities(recordings: Iterable[Recording]) -> dict[str, list[Recording]]:
    """Give the identities that several recordings claim, with those: none of them says which is meant."""
    owners: dict[str, dict[int, Recording]] = defaultdict(dict)
    for one in recordings:
        for file in one.files:
            for uid in (file.file_uid, file.umid):
                if uid:
                    owners[uid.upper()][one.number] = one
    return {uid: list(found.values()) for uid, found in owners.items() if len(found) > 1}
