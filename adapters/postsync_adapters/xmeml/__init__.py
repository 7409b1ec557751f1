"""XMEML, the XML of Final Cut Pro 7, versions 4 and 5, as Premiere, Resolve and Final Cut 7 exchange it.

`document` opens it safely and knows what is defined once; `cuts` says where items lie, `tracks` which tracks are one and
what sounds, `media`, `effects`, `clips` and `markers` what the items are, `read` puts it together. For writing, `profiles`
is the table of the three programs, `plan` puts clips on frames and tracks, `files`, `filters` and `items` make elements,
`write` the rest; `checking` says what a document breaks. The truth lies in Apple's description of the format and, where
the programs differ, in the files that each of them wrote.
"""

from __future__ import annotations

from postsync.formats import Feature, Format
from postsync_adapters._xml import xml_sniffer
from postsync_adapters.xmeml.checking import check
from postsync_adapters.xmeml.read import read
from postsync_adapters.xmeml.write import XmemlWriteOptions, write

sniff = xml_sniffer("xmeml")


_CARRIED = (
    Feature.PICTURE
    | Feature.SOUND
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
    | Feature.SPEED
    | Feature.DISABLED
    | Feature.CLIP_NOTES
    | Feature.CUE_LINKS
    | Feature.TRACK_STATE
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.MARKER_COLOURS
)

FORMAT = Format(
    name="xmeml",
    title="Final Cut Pro 7 XML",
    suffixes=(".xml",),
    sniff=sniff,
    reads=_CARRIED,
    writes=_CARRIED | Feature.CUES,
    write_options=XmemlWriteOptions,
    read=read,
    write=write,
    check=check,
)
globals().update(FORMAT.otio_functions())
