"""FCPXML, the exchange format of Final Cut Pro, versions 1.0 to 1.14, as a file or a bundle.

`document` opens it safely and knows the resources, `time` the clocks, `reading` walks the story elements and makes timelines
of what it finds, `writing` makes new documents, `insertion` puts cues and takes into existing ones, `checking` says what a
document breaks. The truth lies in Apple's DTDs and, where they are silent, in the
timecodes that Final Cut shows for its own exports.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from postsync.formats import Feature, Format, path_of
from postsync.report import Report
from postsync_adapters._xml import xml_sniffer
from postsync_adapters.fcpxml.checking import check
from postsync_adapters.fcpxml.insertion import insert
from postsync_adapters.fcpxml.reading import FcpxmlReadOptions, bundle, read
from postsync_adapters.fcpxml.writing import FcpxmlWriteOptions, serialised_document

sniff = xml_sniffer("fcpxml")


def write(timeline: Any, file: BinaryIO, report: Report, options: FcpxmlWriteOptions) -> None:
    """Write a timeline as a new document, or its cues and placed takes into an existing one."""
    if options.into is None:
        file.write(serialised_document(timeline, report, options))
    else:
        file.write(insert(timeline, report, options, path_of(file)))


CARRIED = (
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
    | Feature.ROLES
    | Feature.SUBFRAME
    | Feature.MARKERS
    | Feature.MARKER_COMMENTS
    | Feature.MARKER_DURATIONS
    | Feature.MARKER_COLOURS
)

FORMAT = Format(
    name="fcpxml",
    title="FCPXML",
    suffixes=(".fcpxml", ".fcpxmld"),
    sniff=sniff,
    reads=CARRIED,
    writes=CARRIED | Feature.CUES,
    read_options=FcpxmlReadOptions,
    write_options=FcpxmlWriteOptions,
    read=read,
    write=write,
    bundle=bundle,
    bundle_suffix=".fcpxmld",
    bundle_document="Info.fcpxml",
    check=check,
)
globals().update(FORMAT.otio_functions())
