"""The jobs people have, one function each: what the command line does, for programs.

Each takes paths and returns a record, never text. Losses are in the record's `report`. The functions lie in modules by the
kind of job: looking, converting, turning over, media.
"""

from postsync.verbs.converting import Conversion, convert
from postsync.verbs.looking import CueList, FormatRow, Inspection, cues, formats, inspect, opened
from postsync.verbs.media import MediaList, media_extract, media_find, media_list
from postsync.verbs.turning_over import demo, turnover

__all__ = [
    "Conversion",
    "CueList",
    "FormatRow",
    "Inspection",
    "MediaList",
    "convert",
    "cues",
    "demo",
    "formats",
    "inspect",
    "media_extract",
    "media_find",
    "media_list",
    "opened",
    "turnover",
]
