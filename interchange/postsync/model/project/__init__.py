"""The project file `postsync.toml` and what it decides: reels, cast, numbers, vocabularies, colours, minutes, cue rules.

`record` is the project itself, `scheme` the template of its numbers, `vocabulary` its codes, `colouring` the colours of cues;
`reading` makes it from the file with the help of `table`, which names every mistake by its key.
"""

from postsync.model.project.colouring import STATUS_COLOURS, ColourRules, assigned_colours
from postsync.model.project.reading import FILE_NAME, find_project, read_project
from postsync.model.project.record import DIALECTS, CueRules, Dialect, NumberRules, Project, Reel, hour_of
from postsync.model.project.recording import RecordingRules
from postsync.model.project.scheme import (
    COUNTERS,
    LONGEST_SUFFIX,
    SUFFIX_LETTERS,
    NumberScheme,
    Series,
    reel_in_numbers,
)
from postsync.model.project.vocabulary import Code, CodeTable, Vocabulary

__all__ = [
    "COUNTERS",
    "DIALECTS",
    "FILE_NAME",
    "LONGEST_SUFFIX",
    "STATUS_COLOURS",
    "SUFFIX_LETTERS",
    "Code",
    "CodeTable",
    "ColourRules",
    "CueRules",
    "Dialect",
    "NumberRules",
    "NumberScheme",
    "Project",
    "RecordingRules",
    "Reel",
    "Series",
    "Vocabulary",
    "assigned_colours",
    "find_project",
    "hour_of",
    "read_project",
    "reel_in_numbers",
]
