"""Sound as files: reading WAV headers and samples, writing WAVs, and finding the media of a timeline.

`chunks` walks a file, `bext`, `ixml` and `marks` read what its chunks say, `wav` puts the facts together, `samples`
gives the sound itself. `essence` gives sound that lies in a stream of another file (`aiff` and `mxf` are two of its
wrappings), `embedded` takes it out. `write` makes new files and `consolidate` the header of a cut-out copy. `places` knows how
paths and URLs are spelt, `locate` finds files by them, `elsewhere` states them for other folders. `rendering` gives the sound
of picture and compressed files. Channels count from 1, positions are samples from the file's start.
"""

from postsync.sound.bext import Bext
from postsync.sound.chunks import Chunk
from postsync.sound.consolidate import consolidated_metadata
from postsync.sound.elsewhere import address_from_elsewhere, is_named, is_relative
from postsync.sound.embedded import EmbeddedSound, write_embedded
from postsync.sound.essence import Essence, StatedSound, open_essence
from postsync.sound.ixml import Ixml, IxmlTrack, SyncPoint
from postsync.sound.locate import Found, MediaFinder, Missing, search_folders
from postsync.sound.marks import CuePoint, RegionStamp, marks_within
from postsync.sound.places import path_from_url, url_from_path
from postsync.sound.rendering import RenderedSound
from postsync.sound.samples import as_float32, channel_bytes, read_samples
from postsync.sound.wav import FORMAT_TAGS, WavFacts, read_facts
from postsync.sound.write import summary, wav_header, write_wav

__all__ = [
    "FORMAT_TAGS",
    "Bext",
    "Chunk",
    "CuePoint",
    "EmbeddedSound",
    "Essence",
    "Found",
    "Ixml",
    "IxmlTrack",
    "MediaFinder",
    "Missing",
    "RegionStamp",
    "RenderedSound",
    "StatedSound",
    "SyncPoint",
    "WavFacts",
    "address_from_elsewhere",
    "as_float32",
    "channel_bytes",
    "consolidated_metadata",
    "is_named",
    "is_relative",
    "marks_within",
    "open_essence",
    "path_from_url",
    "read_facts",
    "read_samples",
    "search_folders",
    "summary",
    "url_from_path",
    "wav_header",
    "write_embedded",
    "write_wav",
]
