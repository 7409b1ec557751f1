"""Avid Log Exchange: the list of sources that a lab or an assistant hands over with a turnover.

Every column is kept under its own name and in its own place; what the usual ones mean is in `columns`, the text of the file in
`log`. After Avid's own description of its logs and the logs that Media Composer, Resolve and dailies systems write.

    Heading                              Column                       Data
    FIELD_DELIM   TABS                   Name   Tracks  Start  End    12A-3  VA1A2  01:00:00:00  01:00:10:00
    FPS           24
"""

from __future__ import annotations

from postsync.formats import Claim, Feature, Format, decode_text
from postsync_adapters.ale.log import SECTIONS, AvidLog, parse_log
from postsync_adapters.ale.read import AleReadOptions, read
from postsync_adapters.ale.write import AleWriteOptions, write

__all__ = ["FORMAT", "AleReadOptions", "AleWriteOptions", "AvidLog", "parse_log", "read", "sniff", "write"]


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a log: its sections, each a word alone on a line."""
    lines = decode_text(head[: len(head) // 2 * 2]).text.replace("\r", "\n").split("\n")
    words = [line.strip().casefold() for line in lines if line.strip()]
    found = [word for word in words if word in SECTIONS]
    if words and words[0] == "heading" and (len(found) > 1 or any(word.startswith("field_delim") for word in words)):
        return Claim.CERTAIN
    return Claim.MAYBE if found[:2] == ["column", "data"] else Claim.NO


_CARRIED = (
    Feature.PICTURE
    | Feature.SOUND
    | Feature.DROP_FRAME
    | Feature.MEDIA
    | Feature.SOURCE_TIMECODE
    | Feature.MULTICHANNEL
    | Feature.CLIP_NOTES
    | Feature.CUES
)

FORMAT = Format(
    name="ale",
    title="Avid Log Exchange",
    suffixes=(".ale",),
    sniff=sniff,
    reads=_CARRIED,
    writes=_CARRIED,
    read_options=AleReadOptions,
    write_options=AleWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
