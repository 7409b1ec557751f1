"""Old cut and new cut: what became of each frame, and of everything that lies on them.

`names`, `cuts`, `reading` and `layers` make segments of sources of a timeline, `identities` learns which names can be trusted,
`candidates` finds every shared stretch, `chains` chooses among them, `bridges` fills what lies between, `compare` puts it
together as a `change_map`. `following` takes one stretch through the map; `moving`, `moving_cues`, `moving_clips` and
`reconforming` a whole work, and back; `belonging` refuses the work of another programme. `change_list` tells a map to people,
`change_edl` to programs. `rushes` is the other half of the word: an edit conformed onto the recorder's own channels.
"""

from postsync.conforming.belonging import refuse_another_past, refuse_another_programme
from postsync.conforming.bridges import Healing
from postsync.conforming.change_edl import change_timelines, changes_of_timeline
from postsync.conforming.change_list import ChangeRow, change_list_text, change_rows
from postsync.conforming.change_map import ChangeMap, Piece, Side
from postsync.conforming.compare import ChangeOptions, Tracks, changes, dialogue_changes
from postsync.conforming.cuts import Cut, ReelSpan, Segment
from postsync.conforming.following import FLAGS, STATUSES, Fate, Fragment, follow
from postsync.conforming.moving import Maps, Moved, Outcome
from postsync.conforming.names import DEFAULT_PATTERNS, VERSION_PATTERNS, Namer, shooting_day
from postsync.conforming.reading import cut_of
from postsync.conforming.reconforming import reconform, undo

__all__ = [
    "DEFAULT_PATTERNS",
    "FLAGS",
    "STATUSES",
    "VERSION_PATTERNS",
    "ChangeMap",
    "ChangeOptions",
    "ChangeRow",
    "Cut",
    "Fate",
    "Fragment",
    "Healing",
    "Maps",
    "Moved",
    "Namer",
    "Outcome",
    "Piece",
    "ReelSpan",
    "Segment",
    "Side",
    "Tracks",
    "change_list_text",
    "change_rows",
    "change_timelines",
    "changes",
    "changes_of_timeline",
    "cut_of",
    "dialogue_changes",
    "follow",
    "reconform",
    "refuse_another_past",
    "refuse_another_programme",
    "shooting_day",
    "undo",
]
