"""What our script saw in an open DaVinci Resolve, as JSON: `postsync.resolve-snapshot/1`.

The script `Export ADR Cues` writes it inside Resolve, where nothing of ours can be imported; this module is the other half.
Values are those that the scripting interface gave. The spaces they count in, which Resolve does not name, are:

- `timeline.start_frame`, `end_frame`, and `start`, `end` of items: absolute frames, the start label included;
- `markers` of the timeline: frames from its first frame;
- `markers` of items: frames of the source from its first frame;
- `left_offset`: frames of the source before the item, at the timeline's rate on sound tracks;
- `source_start_time`, `source_end_time`: seconds by the media's own timecode.
"""

from __future__ import annotations

from postsync.formats import MARKER_FEATURES, Claim, Feature, Format
from postsync_adapters.resolve_snapshot.read import read

SCHEMA_FAMILY = b"postsync.resolve-snapshot/"


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a snapshot of ours."""
    return Claim.CERTAIN if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and SCHEMA_FAMILY in head else Claim.NO


FORMAT = Format(
    name="resolve_snapshot",
    title="DaVinci Resolve snapshot",
    suffixes=(".json",),
    sniff=sniff,
    reads=(
        Feature.PICTURE | Feature.SOUND | Feature.TRACK_NAMES | Feature.START_TIMECODE | Feature.DROP_FRAME | Feature.MEDIA
        | Feature.SOURCE_TIMECODE | Feature.MULTICHANNEL | Feature.SPEED | Feature.DISABLED | Feature.TRACK_STATE
        | Feature.SUBFRAME | MARKER_FEATURES
    ),
    read=read,
    claims_suffixes_in_otio=False,
)  # fmt: skip
globals().update(FORMAT.otio_functions())
