"""Recordings of one pass put together: recorders write the mix, or a second group of tracks, to files of their own.

Sound Devices and Zaxcom keep a stereo mix on a card of its own beside the poly file of the microphones, data wranglers split
poly files and leave both. All of these begin on one sample, are as long to the sample, and are of one family, slate or name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from postsync.conforming.rushes.records import CHANNEL_TAIL, Recording


def joined_passes(recordings: Iterable[Recording]) -> list[Recording]:
    """Give recordings, those of one pass as one; what cannot be told apart for certain stays as it is."""
    groups: dict[tuple[object, ...], list[Recording]] = {}
    for one in recordings:
        key = (one.first.stamp, one.length, one.sample_rate, one.first.day) if one.first.stamp else (one.first.path,)
        groups.setdefault(key, []).append(one)
    return [one for group in groups.values() for one in (_joined(group) if len(group) > 1 else group)]


def _joined(group: Sequence[Recording]) -> list[Recording]:
    """Put the mixes and further tracks of a group to the recording with the most microphones that they belong to."""
    ordered = sorted(group, key=lambda one: (_is_mix(one), len(one.files), -len(one.microphones)))
    found: list[Recording] = []
    for one in ordered:
        owners = [place for place, other in enumerate(found) if _belongs(one, other)]
        if len(owners) == 1:
            found[owners[0]] = _with(found[owners[0]], one)
        else:
            found.append(one)
    return found


def _belongs(one: Recording, other: Recording) -> bool:
    """Whether a recording is the mix, further tracks, or another form of a pass."""
    if not _is_one_pass(one, other):
        return False
    if _is_mix(one) or _is_the_same_split(one, other):
        return True
    return _family(one) is not None and _labels(one).isdisjoint(_labels(other))


def _is_one_pass(one: Recording, other: Recording) -> bool:
    """Whether family, slate or name say that two recordings of one stamp and length are one pass."""
    if _family(one) is not None and _family(one) == _family(other):
        return True
    if one.rolls != other.rolls:
        return False
    if one.scene_take is not None and other.scene_take is not None:
        return one.scene_take == other.scene_take
    return not _bare(one).isdisjoint(_bare(other))


def _is_the_same_split(one: Recording, other: Recording) -> bool:
    """Whether one recording is the other in mono files: each channel that has a name is there under that name."""
    names = [track.name for file in one.files for track in file.tracks if track.name]
    there = {track.name for track in other.first.tracks}
    return len(one.files) > len(other.files) == 1 and len(names) == len(one.microphones) and there.issuperset(names)


def _with(recording: Recording, other: Recording) -> Recording:
    """Give a recording with the files of another, but for a mix or microphones that it has itself."""
    mixes = sum(one.is_mix for one in recording.microphones)
    twice = mixes >= len(other.microphones) if _is_mix(other) else _is_the_same_split(other, recording)
    return replace(
        recording, files=recording.files if twice else (*recording.files, *other.files),
        names=recording.names | other.names, days=recording.days | other.days,
        scene_take=recording.scene_take or other.scene_take, copies=(*recording.copies, *other.copies),
    )  # fmt: skip


def _is_mix(recording: Recording) -> bool:
    return all(one.is_mix for one in recording.microphones)


def _family(recording: Recording) -> str | None:
    return recording.first.family


def _labels(recording: Recording) -> set[tuple[str, int | None]]:
    tracks = (file.track(channel) for file in recording.files for channel in range(1, file.channels + 1))
    return {(track.name, track.recorder_track) for track in tracks}


def _bare(recording: Recording) -> set[str]:
    return {CHANNEL_TAIL.sub("", file.stem).casefold() for file in recording.files}
