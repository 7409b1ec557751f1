"""Rushes: an index of what the recorders wrote, and an edit conformed onto their own channels.

`records` are a file, a recording and its microphones; `reading` makes a row of a header, `database` keeps rows, `indexing`
brings them up to date, `recordings` puts mono sets together.
"""

from postsync.conforming.rushes.database import RushesIndex
from postsync.conforming.rushes.indexing import Indexing, index_rushes
from postsync.conforming.rushes.recordings import recordings_of, shared_identities
from postsync.conforming.rushes.records import Microphone, Recording, RushFile, TrackName

__all__ = [
    "Indexing",
    "Microphone",
    "Recording",
    "RushFile",
    "RushesIndex",
    "TrackName",
    "index_rushes",
    "recordings_of",
    "shared_identities",
]
