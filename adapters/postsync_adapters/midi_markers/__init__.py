"""Standard MIDI file with markers: the one plain file from which Pro Tools, Nuendo, Cubase and Logic all take markers.

A marker is a name at a tick. The tempo is chosen so that every frame is a whole number of ticks, which makes positions
exact at every rate; `FF 54` (SMPTE offset) holds the start, from which ticks count. Durations have no place: the tag in
the name carries the out. Written with mido; read with our own walk over the chunks, since mido gives up a whole file over
one odd event. Bytes after the Standard MIDI Files 1.0 specification; what the hosts do with them is noted where it counts.
"""

from __future__ import annotations

from postsync.formats import Claim, Feature, Format, Purpose
from postsync_adapters.midi_markers.read import MidiReadOptions, read
from postsync_adapters.midi_markers.write import MidiWriteOptions, write


def sniff(head: bytes) -> Claim:
    """Say whether the first bytes are a Standard MIDI File, bare or in a RIFF wrapper."""
    if head.startswith(b"MThd"):
        return Claim.CERTAIN
    return Claim.CERTAIN if head.startswith(b"RIFF") and head[8:12] == b"RMID" else Claim.NO


FORMAT = Format(
    name="midi_markers",
    title="MIDI marker file",
    suffixes=(".mid", ".midi", ".smf"),
    sniff=sniff,
    reads=Feature.MARKERS | Feature.START_TIMECODE | Feature.DROP_FRAME,
    writes=Feature.CUES | Feature.MARKERS | Feature.MARKER_COMMENTS | Feature.START_TIMECODE | Feature.DROP_FRAME,
    purpose=Purpose.CUES,
    read_options=MidiReadOptions,
    write_options=MidiWriteOptions,
    read=read,
    write=write,
)
globals().update(FORMAT.otio_functions())
