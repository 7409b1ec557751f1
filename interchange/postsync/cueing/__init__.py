"""Cues as text and numbers: what makes a marker a cue, how a cue is written into other programs' markers, and its identity.

`identity` makes the uid, `tags` the block that carries it through poor text fields, `text` lays a cue out for a carrier,
`clip_names` names clips for cues,
`reading` makes cues of plain markers, `merging` brings a list back that somebody edited, `numbering` numbers cues, `checks`
says what is wrong with them, `sheets` are tables of them, `rows` gives them to people, `sidecar` keeps them whole.
"""

from postsync.cueing.cast import Cast, character_id
from postsync.cueing.checks import CHECKS, check_timeline
from postsync.cueing.clip_names import Naming, NamingRules, clip_name, cue_clips, longest_cue
from postsync.cueing.colouring import with_show_colours
from postsync.cueing.free_frames import on_free_frames
from postsync.cueing.identity import is_uid, new_uid
from postsync.cueing.merging.cue_values import EVERY_FIELD, told
from postsync.cueing.merging.merge import merge_cues
from postsync.cueing.merging.outcome import CueMerge, FieldChange, Merge, MergePlan, Prefer
from postsync.cueing.merging.written import Snapshot, note_lost_fields, snapshot_from_json, take_snapshot
from postsync.cueing.numbering.numbers import (
    NumberChange,
    Numbering,
    number_cues,
    number_timeline,
    renumber_cues,
    renumber_timeline,
)
from postsync.cueing.numbering.prefixes import derived_prefix
from postsync.cueing.numbering.series import follows_scheme
from postsync.cueing.numbering.suffixes import free_suffixes
from postsync.cueing.reading.marker_cues import custom_record
from postsync.cueing.reading.spotting import spot, spot_new
from postsync.cueing.reading.stated import StatedCue, put_stated_cues
from postsync.cueing.rows import STRUCK_STATUSES, CueRow, cue_rows
from postsync.cueing.sidecar import (
    SCHEMA,
    SUFFIX,
    cue_document,
    cues_json,
    put_written,
    timeline_from_document,
    written_snapshots,
)
from postsync.cueing.tags import (
    Tag,
    TagLevel,
    TagStyle,
    find_tag,
    note_and_uid,
    note_with_tag,
    strip_tag,
    tag_record,
    write_tag,
)
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
    says_the_same,
    to_ascii,
)

__all__ = [
    "CHECKS",
    "EVERY_FIELD",
    "NAME_AND_NOTE",
    "NAME_ONLY",
    "SCHEMA",
    "STRUCK_STATUSES",
    "SUFFIX",
    "Carrier",
    "Cast",
    "CueMerge",
    "CueRow",
    "FieldChange",
    "MarkerText",
    "Merge",
    "MergePlan",
    "Naming",
    "NamingRules",
    "NumberChange",
    "Numbering",
    "Prefer",
    "Snapshot",
    "StatedCue",
    "Tag",
    "TagLevel",
    "TagStyle",
    "character_id",
    "check_timeline",
    "clip_name",
    "cue_clips",
    "cue_details",
    "cue_document",
    "cue_name",
    "cue_rows",
    "cues_json",
    "custom_record",
    "derived_prefix",
    "find_tag",
    "follows_scheme",
    "free_suffixes",
    "is_uid",
    "lay_out",
    "longest_cue",
    "merge_cues",
    "new_uid",
    "note_and_uid",
    "note_lost_fields",
    "note_with_tag",
    "number_cues",
    "number_timeline",
    "on_free_frames",
    "one_line",
    "printable",
    "put_stated_cues",
    "put_written",
    "renumber_cues",
    "renumber_timeline",
    "says_the_same",
    "snapshot_from_json",
    "spot",
    "spot_new",
    "strip_tag",
    "tag_record",
    "take_snapshot",
    "timeline_from_document",
    "to_ascii",
    "told",
    "with_show_colours",
    "write_tag",
    "written_snapshots",
]
