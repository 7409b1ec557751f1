"""Cues as text and numbers: what makes a marker a cue, how a cue is written into other programs' markers, and its identity.

`identity` makes the uid, `tags` the block that carries it through poor text fields, `text` lays a cue out for a carrier,
`reading` and `spotting` read plain markers back as cues, `rows` gives cues to people, `sidecar` keeps them whole.
"""

from postsync.cueing.identity import is_uid, new_uid
from postsync.cueing.rows import STRUCK_STATUSES, CueRow, cue_rows
from postsync.cueing.sidecar import SCHEMA, cue_document, cues_json, timeline_from_document
from postsync.cueing.spotting import character_id, spot
from postsync.cueing.tags import Tag, TagLevel, find_tag, strip_tag, write_tag
from postsync.cueing.text import (
    cue_details,
    cue_name,
    cue_note,
    cue_title,
    joined_with_tag,
    one_line,
    printable,
    to_ascii,
)

__all__ = [
    "SCHEMA",
    "STRUCK_STATUSES",
    "CueRow",
    "Tag",
    "TagLevel",
    "character_id",
    "cue_details",
    "cue_document",
    "cue_name",
    "cue_note",
    "cue_rows",
    "cue_title",
    "cues_json",
    "find_tag",
    "is_uid",
    "joined_with_tag",
    "new_uid",
    "one_line",
    "printable",
    "spot",
    "strip_tag",
    "timeline_from_document",
    "to_ascii",
    "write_tag",
]
