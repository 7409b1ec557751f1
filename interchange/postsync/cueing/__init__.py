"""Cues as text and numbers: what makes a marker a cue, how a cue is written into other programs' markers, and its identity.

`identity` makes the uid, `tags` the block that carries it through poor text fields, `text` lays a cue out for a carrier,
`reading` and `spotting` read plain markers back as cues, `rows` gives cues to people, `sidecar` keeps them whole.
"""

from postsync.cueing.cast import Cast, character_id
from postsync.cueing.free_frames import on_free_frames
from postsync.cueing.identity import is_uid, new_uid
from postsync.cueing.rows import STRUCK_STATUSES, CueRow, cue_rows
from postsync.cueing.sidecar import SCHEMA, cue_document, cues_json, timeline_from_document
from postsync.cueing.spotting import spot
from postsync.cueing.tags import Tag, TagLevel, TagStyle, find_tag, strip_tag, tag_record, write_tag
from postsync.cueing.text import (
    NAME_AND_NOTE,
    NAME_ONLY,
    Carrier,
    MarkerText,
    cue_details,
    cue_name,
    lay_out,
    one_line,
    printable,
    to_ascii,
)

__all__ = [
    "NAME_AND_NOTE",
    "NAME_ONLY",
    "SCHEMA",
    "STRUCK_STATUSES",
    "Carrier",
    "Cast",
    "CueRow",
    "MarkerText",
    "Tag",
    "TagLevel",
    "TagStyle",
    "character_id",
    "cue_details",
    "cue_document",
    "cue_name",
    "cue_rows",
    "cues_json",
    "find_tag",
    "is_uid",
    "lay_out",
    "new_uid",
    "on_free_frames",
    "one_line",
    "printable",
    "spot",
    "strip_tag",
    "tag_record",
    "timeline_from_document",
    "to_ascii",
    "write_tag",
]
