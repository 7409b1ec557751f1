"""What a media file says of itself, as the header of a WAV can say it: stamp, scene, take, reel, names, identity.

The time stamp is that of the file's own timecode track (QuickTime `tmcd`, the packages of an MXF), else what tags say as
`time_reference` or `timecode`. Labels are counted at their exact rate, as `bext` wants it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from postsync.errors import RateError
from postsync.sound.bext import LARGEST_STAMP, Bext
from postsync.sound.consolidate import ORIGINATOR
from postsync.sound.ixml import Ixml, parse_ixml
from postsync.sound.ixml_writing import as_chunk, new_root, set_rate, set_stamp, set_xml
from postsync.sound.rendering.opening import OpenedSound
from postsync.timing import Rate, as_rate, parse_timecode, round_half_up

_IDENTITIES = uuid.UUID("3a1f0c52-8b1e-5d7e-9c55-0d6a4f3b7e21")

TAGS = {
    "project": ("com.apple.proapps.project", "project"),
    "scene": ("com.apple.proapps.scene", "scene"),
    "take": ("com.apple.proapps.take", "take"),
    "tape": ("com.apple.proapps.reel", "reel_name", "reel", "tape"),
    "note": ("com.apple.proapps.logNote", "com.apple.quicktime.comment", "comment", "description"),
}
"""The tags in which cameras, recorders and editors keep what iXML has elements for; the first that is filled counts."""


@dataclass(frozen=True)
class Stamp:
    """The first sample by the file's own timecode, in exact seconds, and the rate that its labels count at."""

    seconds: Fraction
    rate: Rate | None


def stamp_of(sound: OpenedSound) -> Stamp | None:
    """Give where a file lies in time; None where it does not say."""
    for track in sound.movie:
        if track.timecode is not None:
            return _of_frames(track.timecode.start_frame, track.timecode.rate)
    if sound.mxf is not None and sound.mxf.start_frame is not None and sound.mxf.rate is not None:
        return _of_frames(sound.mxf.start_frame, sound.mxf.rate)
    tags = dict(sound.tags)
    counted = tags.get("time_reference", "").strip()
    if counted.isdecimal() and len(counted) <= 20:
        return Stamp(Fraction(int(counted), sound.streams[0].sample_rate), None)
    return _of_label(tags.get("timecode", ""), sound.picture_rate)


def _of_frames(frame: int, rate: Rate) -> Stamp:
    return Stamp(frame % rate.frames_per_day / rate.fps, rate)


def _of_label(label: str, rate: Fraction | None) -> Stamp | None:
    if not label or rate is None:
        return None
    try:
        counted = as_rate(rate, drop=";" in label)
        return _of_frames(parse_timecode(label, counted), counted)
    except (ValueError, RateError):
        return None


def header_of(sound: OpenedSound, sample_rate: int) -> tuple[Bext, Ixml | None, int | None]:
    """Give `bext`, iXML and time stamp of the whole sound at a rate, as a WAV of it would state them."""
    stamp = stamp_of(sound)
    reference = None if stamp is None else min(max(round_half_up(stamp.seconds * sample_rate), 0), LARGEST_STAMP)
    identity = _identity(sound)
    said = {what: _said(sound, what) for what in TAGS}
    lines = [f"s{what.upper()}={said[what]}\r\n" for what in ("scene", "take", "tape") if said[what]]
    bext = Bext(
        description="".join(lines),
        originator=ORIGINATOR,
        originator_reference=identity[:32],
        time_reference=reference or 0,
        version=1,
        coding_history=_history(sound),
    )
    return bext, parse_ixml(_ixml(sound, said, identity, stamp, reference or 0, sample_rate)), reference


def _said(sound: OpenedSound, what: str) -> str | None:
    tags = dict(sound.tags)
    found = next((tags[key.lower()].strip() for key in TAGS[what] if tags.get(key.lower(), "").strip()), None)
    if found or what != "tape":
        return found
    reels = [track.timecode.reel for track in sound.movie if track.timecode is not None]
    return next((reel for reel in reels if reel), sound.mxf.tape if sound.mxf is not None else None)


def _identity(sound: OpenedSound) -> str:
    """Give the id of the original: an MXF's own, else one of its name and what it holds."""
    if sound.mxf is not None and sound.mxf.umid:
        return sound.mxf.umid
    facts = [(stream.codec, stream.sample_rate, stream.channels, stream.length) for stream in sound.streams]
    return uuid.uuid5(_IDENTITIES, f"{sound.path.name}|{facts}").hex.upper()


def _history(sound: OpenedSound) -> str:
    """Say what the sound was before, as EBU R 98 does; kinds that it does not know get their own name."""
    stream = sound.streams[0]
    kind = "PCM" if stream.codec.startswith("pcm") else stream.codec.upper()
    mode = {1: "mono", 2: "stereo"}.get(stream.channels, "multitrack")
    return f"A={kind},F={stream.sample_rate},M={mode},T={sound.container.upper()}\r\n"


def _ixml(
    sound: OpenedSound,
    said: dict[str, str | None],
    identity: str,
    stamp: Stamp | None,
    reference: int,
    sample_rate: int,
) -> bytes:
    root = new_root()
    for what, text in said.items():
        if text:
            set_xml(root, text, what.upper())
    set_xml(root, identity, "FILE_UID")
    if stamp is not None and stamp.rate is not None:
        set_rate(root, stamp.rate)
    for name, value in (("FILE_SAMPLE_RATE", sample_rate), ("AUDIO_BIT_DEPTH", 24)):
        set_xml(root, str(value), "SPEED", name)
    set_stamp(root, reference, sample_rate)
    tracks = etree.SubElement(root, "TRACK_LIST")
    set_xml(tracks, str(sound.channels), "TRACK_COUNT")
    for channel in range(1, sound.channels + 1):
        track = etree.SubElement(tracks, "TRACK")
        for name in ("CHANNEL_INDEX", "INTERLEAVE_INDEX"):
            set_xml(track, str(channel), name)
        set_xml(track, channel_name(sound, channel), "NAME")
    return as_chunk(root)


def channel_name(sound: OpenedSound, channel: int) -> str:
    """Give the name of a channel: that of its track, with the loudspeaker where the track has several, else a number."""
    stream, within = sound.stream_of(channel)
    speaker = stream.channel_names[within - 1] if stream.channels > 1 and stream.channel_names else ""
    speaker = {"FL": "L", "FR": "R", "FC": "C"}.get(speaker, speaker)
    if stream.name:
        tail = speaker or str(within)
        return stream.name if stream.channels == 1 else f"{stream.name}.{tail}"
    return speaker if len(sound.streams) == 1 and speaker else f"A{channel}"
