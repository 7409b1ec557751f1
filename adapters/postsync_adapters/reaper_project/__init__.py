"""Reaper's project file: markers and regions, items with notes as cues, and items of sound and picture as clips.

Plain text: blocks of `<NAME … >`, in each a line for every value. A region is two `MARKER` lines of one number, the second
without a name giving its end; positions are seconds from the project's start, whose label `PROJOFFS` shifts. `TIMEMODE`
holds the frame rate. A text is quoted with whichever of three quotes it does not hold. After projects that Reaper saved.

    MARKER 1 10 "R106 ROBIN: Hold there! {adr=7KQ2M9XD}" 1 16852449 1 R {8A1C…} 0
    MARKER 1 11.6666666666667 "" 1
"""

from __future__ import annotations

from postsync.formats import CUE_FEATURES, Claim, Feature, Format, Purpose
from postsync_adapters._carried import TimesReadOptions
from postsync_adapters.reaper_project.read import read
from postsync_adapters.reaper_project.write import ReaperProjectWriteOptions, write

__all__ = ["FORMAT", "ReaperProjectWriteOptions", "read", "sniff", "write"]


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a project."""
    return Claim.CERTAIN if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<REAPER_PROJECT") else Claim.NO


FORMAT = Format(
    name="reaper_project",
    title="Reaper project",
    suffixes=(".rpp",),
    sniff=sniff,
    purpose=Purpose.CUES,
    reads=(CUE_FEATURES & ~Feature.CUES & ~Feature.CUE_RECORDS)
    | Feature.PICTURE
    | Feature.SOUND
    | Feature.TRACK_NAMES
    | Feature.MEDIA
    | Feature.GAIN
    | Feature.FADES
    | Feature.SPEED
    | Feature.DISABLED
    | Feature.TRACK_STATE
    | Feature.SUBFRAME,
    writes=(CUE_FEATURES & ~Feature.CUE_RECORDS) | Feature.SUBFRAME,
    read_options=TimesReadOptions,
    write_options=ReaperProjectWriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
)
globals().update(FORMAT.otio_functions())
