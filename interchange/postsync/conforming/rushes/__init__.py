"""Rushes: an index of what the recorders wrote, and an edit conformed onto their own channels.

`records` are a file, a recording and its microphones; `reading` makes a row of a header, `database` keeps rows, `indexing`
brings them up to date, `recordings` puts mono sets together. `events` are what an edit plays, `book` finds recordings,
`clocks` says how stamps and labels go together, `evidence` what speaks for which recording, `matching` joins the two in
`matches`, `unplaced` says why it did not, `hearing` proves them by their sound. `laying` puts the microphones below the edit,
`relinking` exchanges its media, `scenes` gives new names, `log` tells what was found.
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
