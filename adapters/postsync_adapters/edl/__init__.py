"""Edit decision lists: CMX 3600 and the wider File lists, of every program that writes them, picture and sound.

Two views. The list itself, without loss: `parse_bytes` and `EditList`, whose text is what was read but for white space. And
the timeline. `tables` holds what differs between programs; `parse` and `lists` are the list; `edits`, `channels`, `clock` and
`notes` say what its lines mean; `laying`, `sources`, `clips` and `read` make the timeline; `programme`, `reels`, `events` and
`write` make a list of one; `locators` goes both ways.

    >>> parse_text("001  A001     V     C        01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00\\n").events[0].reel
    'A001'
"""

from __future__ import annotations

from postsync.formats import Claim, Feature, Format, decode_text
from postsync_adapters.edl.lists import EditList, Event, Note, split_list
from postsync_adapters.edl.parse import EVENT, parse_bytes, parse_text
from postsync_adapters.edl.read import EdlReadOptions, read, timeline_of
from postsync_adapters.edl.write import EdlWriteOptions, edit_list_of, track_lists, write

RESOLVE_MARKER = "|C:ResolveColor"
HEADS = ("TITLE:", "FCM:", "* LOC:", "*LOC:", "LOC:")


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a list: certainly with an event, perhaps with a head or locators alone.

    A list of Resolve's markers is a list, but certainly a marker list; which it is, its own format says.
    """
    if head[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        return Claim.NO
    lines = decode_text(head).text.replace("\r", "\n").split("\n")[:-1] or [""]
    if any(len(line) < 400 and EVENT.match(line) for line in lines):
        return Claim.MAYBE if any(RESOLVE_MARKER in line for line in lines) else Claim.CERTAIN
    return Claim.MAYBE if any(line.lstrip().upper().startswith(HEADS) for line in lines[:40]) else Claim.NO


_CARRIED = (
    Feature.PICTURE
    | Feature.SOUND
    | Feature.TRACK_NAMES
    | Feature.START_TIMECODE
    | Feature.DROP_FRAME
    | Feature.MEDIA
    | Feature.SOURCE_TIMECODE
    | Feature.GAIN
    | Feature.GAIN_POINTS
    | Feature.TRANSITIONS
    | Feature.SPEED
    | Feature.CLIP_NOTES
    | Feature.CUE_LINKS
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.MARKER_COLOURS
)

FORMAT = Format(
    name="edl",
    title="CMX 3600 EDL",
    suffixes=(".edl",),
    sniff=sniff,
    reads=_CARRIED,
    writes=_CARRIED | Feature.CUES,
    read_options=EdlReadOptions,
    write_options=EdlWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())

__all__ = [
    "FORMAT",
    "EditList",
    "EdlReadOptions",
    "EdlWriteOptions",
    "Event",
    "Note",
    "edit_list_of",
    "parse_bytes",
    "parse_text",
    "split_list",
    "timeline_of",
    "track_lists",
]
