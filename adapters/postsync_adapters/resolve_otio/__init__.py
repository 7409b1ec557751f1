"""DaVinci Resolve's dialect of OpenTimelineIO, as Resolve 18.5 and later write and read it, in every edition.

The truth lies in files that Resolve wrote: plain OTIO whose sound facts (channels, level, fades), marker notes, links and
paths of offline media are in metadata under `Resolve_OTIO`. What Resolve takes on import is known from people who measured
it; it drops metadata of others, so nothing of ours is written beside its own.
"""

from postsync.formats import MARKER_FEATURES, Feature, Format
from postsync_adapters.resolve_otio.dialect import DIALECT, TITLE
from postsync_adapters.resolve_otio.reading import read, sniff
from postsync_adapters.resolve_otio.write import WriteOptions, write

_BOTH = (
    Feature.PICTURE | Feature.SOUND | Feature.TRACK_NAMES | Feature.START_TIMECODE | Feature.MEDIA
    | Feature.SOURCE_TIMECODE | Feature.MULTICHANNEL | Feature.GAIN | Feature.GAIN_POINTS | Feature.FADES
    | Feature.TRANSITIONS | Feature.SPEED | Feature.DISABLED | Feature.TRACK_STATE | MARKER_FEATURES
)  # fmt: skip

FORMAT = Format(
    name="resolve_otio",
    title=TITLE,
    # The bare suffix is that of a work, which must never become this by its name alone.
    suffixes=(".resolve.otio",),
    sniff=sniff,
    reads=_BOTH | Feature.SUBFRAME,
    writes=_BOTH | Feature.CUES,
    write_options=WriteOptions,
    read=read,
    write=write,
    claims_suffixes_in_otio=False,
    keeps=(DIALECT,),
)
globals().update(FORMAT.otio_functions())

__all__ = ["FORMAT", "WriteOptions", "read", "sniff", "write"]
