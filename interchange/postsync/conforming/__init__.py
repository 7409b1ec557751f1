"""Old cut and new cut: what became of each frame, and of everything that lies on them.

`names` and `cuts` read a cut as segments of sources, `identities` learns which names can be trusted, `candidates` finds every
shared stretch, `chains` chooses among them, `bridges` fills what lies between, `compare` puts it together as a `change_map`.
"""

from postsync.conforming.change_map import ChangeMap, Piece, Side
from postsync.conforming.compare import ChangeOptions, changes, dialogue_changes
from postsync.conforming.cuts import Cut, ReelSpan, Segment, cut_of
from postsync.conforming.names import VERSION_PATTERNS, Namer, shooting_day

__all__ = [
    "VERSION_PATTERNS",
    "ChangeMap",
    "ChangeOptions",
    "Cut",
    "Namer",
    "Piece",
    "ReelSpan",
    "Segment",
    "Side",
    "changes",
    "cut_of",
    "dialogue_changes",
    "shooting_day",
]
