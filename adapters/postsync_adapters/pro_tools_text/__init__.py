"""Pro Tools' session text, "Session Info as Text": the one universal way by which spots and markers come out of a session.

Read only: Pro Tools never reads it. `parse` takes the text of any version apart into records (`session`), `markers` those of
its marker listing; `clock` reads the five forms of time; `clips` folds channels and fades; `read` makes the timeline.
`raw_json` reads a session that ptulsconv took apart. After
exports of Pro Tools 5 to 2024.
"""

from __future__ import annotations

from postsync.formats import Claim, Feature, Format, decode_text
from postsync_adapters.pro_tools_text.parse import HEADINGS, heading_of, lines_of
from postsync_adapters.pro_tools_text.raw_json import is_raw_json
from postsync_adapters.pro_tools_text.read import SessionTextOptions, read

__all__ = ["FORMAT", "SessionTextOptions", "read", "sniff"]


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a session text: its first header line, or a heading of spaced letters."""
    text = decode_text(head).text.lstrip("\ufeff \n\r")
    if is_raw_json(text):
        return Claim.CERTAIN
    lines = lines_of(text)
    if lines[0].startswith(("SESSION NAME:", "TRACK NAME:\t")):
        return Claim.CERTAIN
    return Claim.CERTAIN if any(heading_of(line) in HEADINGS for line in lines[:40]) else Claim.NO


FORMAT = Format(
    name="pro_tools_text",
    title="Pro Tools session text",
    suffixes=(".txt",),
    sniff=sniff,
    reads=(
        Feature.SOUND | Feature.TRACK_NAMES | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.MEDIA
        | Feature.FADES | Feature.TRANSITIONS | Feature.DISABLED | Feature.TRACK_STATE
        | Feature.SUBFRAME | Feature.MARKERS | Feature.MARKER_COMMENTS | Feature.CUES
    ),
    read_options=SessionTextOptions,
    read=read,
    claims_suffixes_in_otio=False,
)  # fmt: skip
globals().update(FORMAT.otio_functions())
