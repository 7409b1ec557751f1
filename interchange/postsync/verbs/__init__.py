"""The jobs people have, one function each: what the command line does, for programs.

Each takes paths and returns a record, never text. Losses are in the record's `report`. The functions lie in modules by the
kind of job: looking, converting, numbering, checking, merging, reconforming, conforming to rushes, syncing,
placing, turning over, verifying, media, reporting.
"""

from postsync.verbs.checking import Checked, check
from postsync.verbs.conforming import Conformed, conform
from postsync.verbs.converting import Conversion, convert
from postsync.verbs.episodes import Episodes, reconform_folder
from postsync.verbs.looking import CueList, FormatRow, Inspection, cues, formats, inspect, opened
from postsync.verbs.media import MediaList, media_extract, media_find, media_list
from postsync.verbs.merging import Merged, merge
from postsync.verbs.numbering import Numbered, number, renumber
from postsync.verbs.placing import Placed, place
from postsync.verbs.reconforming import Difference, Reconformed, diff, reconform, undo_reconform
from postsync.verbs.reporting import Reported, report
from postsync.verbs.rushes import Indexed, rushes_index
from postsync.verbs.scenes import SceneRenaming, scene_rename
from postsync.verbs.syncing import Synced, sync
from postsync.verbs.turning_over import demo, turnover
from postsync.verbs.verifying import Verified, verify

__all__ = [
    "Checked",
    "Conformed",
    "Conversion",
    "CueList",
    "Difference",
    "Episodes",
    "FormatRow",
    "Indexed",
    "Inspection",
    "MediaList",
    "Merged",
    "Numbered",
    "Placed",
    "Reconformed",
    "Reported",
    "SceneRenaming",
    "Synced",
    "Verified",
    "check",
    "conform",
    "convert",
    "cues",
    "demo",
    "diff",
    "formats",
    "inspect",
    "media_extract",
    "media_find",
    "media_list",
    "merge",
    "number",
    "opened",
    "place",
    "reconform",
    "reconform_folder",
    "renumber",
    "report",
    "rushes_index",
    "scene_rename",
    "sync",
    "turnover",
    "undo_reconform",
    "verify",
]
