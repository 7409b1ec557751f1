"""Files of the index as recordings: mono files of one take put together, copies told from takes, names folded for looking up.

Mono files of one folder, length, rate and stamp are one pass, whatever their names say. A copy has the same stamp, length,
channels and identity as another file, or without one the same name, header and sound; where two files share an identity and
differ in these, the identity is of no use and said to be so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from postsync.conforming.names import bare_name
from postsync.conforming.rushes.passes import joined_passes
from postsync.conforming.rushes.reading import day_in_name, folded, slate, slate_in_name
from postsync.conforming.rushes.records import CHANNEL_TAIL, Recording, RushFile

DAY_FOLDERS = 3
"""Folders above a file whose names may say the day: recorders and data wranglers make one for each."""

_ROLL_FOLDER = re.compile(r"(?:SR|AR|SND|AUDIO|ROLL|TAPE|DAY)?[\s_-]?\d", re.IGNORECASE)


def recordings_of(files: Iterable[RushFile]) -> list[Recording]:
    """Put files together into recordings, in order of their paths."""
    passes: dict[tuple[object, ...], list[RushFile]] = {}
    for file in files:
        passes.setdefault(_pass_of(file), []).append(file)
    alone = joined_passes(_without_copies(passes.values()))
    return [replace(one, number=number) for number, one in enumerate(alone)]


def _pass_of(file: RushFile) -> tuple[object, ...]:
    """Give what the files of one pass have in common."""
    folder, _, name = file.path.replace("\\", "/").rpartition("/")
    sound = (folder, file.length, file.sample_rate, file.stamp)
    if file.channels != 1:
        return ("poly", file.path)
    if file.family:
        return ("family", file.family, *sound)
    if not file.stamp:
        return ("file", file.path)
    if file.scene and file.take:
        return ("slate", file.scene, file.take, file.roll, *sound)
    stem = name.rpartition(".")[0]
    bare = CHANNEL_TAIL.sub("", stem)
    return ("file", file.path) if bare == stem else ("name", bare.casefold(), *sound)


def _without_copies(passes: Iterable[list[RushFile]]) -> list[Recording]:
    """Make recordings; what is the same sound in two places is one, and knows of the other."""
    found: dict[tuple[object, ...], Recording] = {}
    order: list[tuple[object, ...]] = []
    for files in passes:
        recording = _recording(sorted(_each_once(files), key=_file_order))
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


def _each_once(files: Sequence[RushFile]) -> list[RushFile]:
    """Leave out the copies of a file that lie in its own folder."""
    found: dict[object, RushFile] = {}
    for file in files:
        identity = file.file_uid or file.umid
        found.setdefault((identity, file.track(1)) if identity else file.path, file)
    return list(found.values())


def _sameness(recording: Recording) -> tuple[object, ...]:
    """Give what only copies of one recording share.

    A Zoom or an old recorder gives no identity: then name, size, header and some of the sound are what copies share.
    """
    first = recording.first
    if not first.stamp:
        return ("path", first.path)
    if not (first.file_uid or first.umid):
        return tuple(_alike(file) for file in recording.files) if first.sound_print else ("path", first.path)
    sound = tuple(
        (file.channels, file.length, file.bits, file.stamp, file.file_uid, file.umid) for file in recording.files
    )
    told = (first.sample_rate, first.scene, first.take)
    return ("same", *told, sound)


def _alike(file: RushFile) -> RushFile:
    """Give all that is known of a file, wherever it lies and whenever it was copied there."""
    return replace(file, path=Path(file.path).name, modified=0)


def _file_order(file: RushFile) -> tuple[int, str]:
    """Order the mono files of a set as the recorder's tracks are."""
    number = file.track(1).recorder_track
    return (number if number is not None else 1000, file.path)


def _recording(files: Sequence[RushFile]) -> Recording:
    first = files[0]
    scene_take = slate(first.scene, first.take)
    if scene_take is None and not first.scene and not first.take:
        scene_take = slate_in_name(first.stem)
    names = frozenset(bare_name(text) for file in files for text in (file.path, file.original_name) if text)
    rolls, days = _rolls(first), _days(first)
    bare = {CHANNEL_TAIL.sub("", name) for name in names} if len(files) > 1 else set[str]()
    return Recording(-1, tuple(files), rolls, days, scene_take, names | bare)


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
