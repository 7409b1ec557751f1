"""What a format is, what it carries, and how files are written whole.

`format` holds the record that ends each format module, `features` the closed list of what can be carried, `files` the safe
way to write, `text` the way from bytes to letters and back, `labels` and `grains` what bare labels and bare seconds say of
their clock. `conversion` (which knows all formats, and is therefore imported by its own name) opens and chooses.
"""

from postsync.formats.features import (
    CUE_FEATURES,
    EVERYTHING,
    FEATURE_WORDS,
    MARKER_FEATURES,
    Feature,
    used_features,
)
from postsync.formats.files import made_folder, whole_file
from postsync.formats.format import (
    Claim,
    Format,
    Options,
    Purpose,
    ReadOptions,
    Timelines,
    make_options,
    options_for,
    path_of,
)
from postsync.formats.grains import grain_of, meant_time, rate_of_times, start_of_times
from postsync.formats.labels import frame_of_label, marker_lengths, rate_of_labels, start_of_frames
from postsync.formats.text import MARKS, Text, decode_text, encode_text, known_encoding

__all__ = [
    "CUE_FEATURES",
    "EVERYTHING",
    "FEATURE_WORDS",
    "MARKER_FEATURES",
    "MARKS",
    "Claim",
    "Feature",
    "Format",
    "Options",
    "Purpose",
    "ReadOptions",
    "Text",
    "Timelines",
    "decode_text",
    "encode_text",
    "frame_of_label",
    "grain_of",
    "known_encoding",
    "made_folder",
    "make_options",
    "marker_lengths",
    "meant_time",
    "options_for",
    "path_of",
    "rate_of_labels",
    "rate_of_times",
    "start_of_frames",
    "start_of_times",
    "used_features",
    "whole_file",
]
