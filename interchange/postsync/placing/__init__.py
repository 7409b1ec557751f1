"""Recorded takes onto their cues, and what the stage needs before that.

`takes` reads files by their headers, `take_names` and `take_log` what names and logs say, `stamps` what time stamps are worth;
`cue_index` finds cues in texts, `matching` makes `pairings` of takes with cues and says why, `doubts` what speaks against them,
`selects` chooses the take that plays. `anchors` says where a take lies, `lanes` which track it fits on, `take_clips` makes its
clip, `placements` lays it, `placement_log` tells what went where; `guides` counts cues in, with beeps and streamers.

`channels` splits clips of several channels into mono clips on parallel tracks, and joins them again.
"""

from postsync.placing.anchors import Anchor, By, Measure, Measured, Piece
from postsync.placing.channels import mono_tracks, rejoined, sounding_channels
from postsync.placing.cue_index import CueIndex, Hit
from postsync.placing.guides import CueGuide, Note, beep_blocks, beep_length, cue_guides, guide_notes
from postsync.placing.matching import Matching, match_takes
from postsync.placing.pairings import THRESHOLD, Evidence, Pairing
from postsync.placing.placement_log import log_json, log_text
from postsync.placing.placements import PlacedTake, Placing, PlacingPlan, place_takes
from postsync.placing.selects import Selection, select
from postsync.placing.stamps import StampClock, stamp_place
from postsync.placing.take_log import LogRow, TakeLog, log_rows
from postsync.placing.take_names import TakeName, read_name, words_of
from postsync.placing.takes import TakeFile, joined_takes, read_take, read_takes, sound_files

__all__ = [
    "THRESHOLD",
    "Anchor",
    "By",
    "CueGuide",
    "CueIndex",
    "Evidence",
    "Hit",
    "LogRow",
    "Matching",
    "Measure",
    "Measured",
    "Note",
    "Pairing",
    "Piece",
    "PlacedTake",
    "Placing",
    "PlacingPlan",
    "Selection",
    "StampClock",
    "TakeFile",
    "TakeLog",
    "TakeName",
    "beep_blocks",
    "beep_length",
    "cue_guides",
    "guide_notes",
    "joined_takes",
    "log_json",
    "log_rows",
    "log_text",
    "match_takes",
    "mono_tracks",
    "place_takes",
    "read_name",
    "read_take",
    "read_takes",
    "rejoined",
    "select",
    "sound_files",
    "sounding_channels",
    "stamp_place",
    "words_of",
]
