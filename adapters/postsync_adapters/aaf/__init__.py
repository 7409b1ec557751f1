"""AAF: whole timelines as picture and sound programs write them, and the sound of one for every program that opens it.

The AAF Object and Edit Protocol specifications of the AMWA, and files of Media Composer, DaVinci Resolve, Premiere and Pro
Tools where these do otherwise. Reading: `objects` and what it rests on give the objects of a file, `reading` makes timelines of
them, `read` is the way in; `checking` says what a file breaks. Writing: `writing` makes objects of a timeline, for the
application that is to open them.
"""

from __future__ import annotations

from postsync.formats import EVERYTHING, Claim, Feature, Format
from postsync_adapters.aaf.checking import check
from postsync_adapters.aaf.media import embedded
from postsync_adapters.aaf.read import AafReadOptions, read
from postsync_adapters.aaf.writing import WriteOptions, write

COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")

AAF_FILES = (
    bytes.fromhex("0102010d00020000060e2b3403020101"),
    bytes.fromhex("414146420d004f4d060e2b34010101ff"),
)
"""The class ids behind it: files in sectors of 4096 bytes (Resolve, Media Composer) and of 512 (Premiere, Pro Tools)."""


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are those of an AAF."""
    return Claim.CERTAIN if head[:8] == COMPOUND_FILE and head[8:24] in AAF_FILES else Claim.NO


def carried(options: WriteOptions) -> Feature:
    """Say what the application that a file is for takes of all that an AAF can hold."""
    left_out = Feature.NONE
    if not options.row.picture:
        left_out |= Feature.PICTURE
    if not options.row.speeds:
        left_out |= Feature.SPEED
    return _WRITES & ~left_out


_WRITES = (
    Feature.SOUND
    | Feature.PICTURE
    | Feature.SPEED
    | Feature.TRACK_NAMES
    | Feature.START_TIMECODE
    | Feature.DROP_FRAME
    | Feature.MEDIA
    | Feature.SOURCE_TIMECODE
    | Feature.MULTICHANNEL
    | Feature.GAIN
    | Feature.GAIN_POINTS
    | Feature.FADES
    | Feature.TRANSITIONS
    | Feature.DISABLED
    | Feature.CLIP_NOTES
    | Feature.CUE_LINKS
    | Feature.ROLES
    | Feature.TRACK_STATE
    | Feature.SUBFRAME
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.MARKER_COLOURS
    | Feature.CUES
)

FORMAT = Format(
    name="aaf",
    title="AAF",
    suffixes=(".aaf",),
    sniff=sniff,
    reads=EVERYTHING & ~(Feature.CUES | Feature.CUE_RECORDS),
    writes=_WRITES,
    read_options=AafReadOptions,
    write_options=WriteOptions,
    read=read,
    write=write,
    embedded=embedded,
    check=check,
    narrowed=carried,
)
globals().update(FORMAT.otio_functions())
