"""Time, exactly: rates as fractions, labels, frames, samples, feet and frames, and one rounding rule.

Positions are Python integers (frames from 00:00:00:00, or samples) or `Fraction` seconds; labels are only text. Drop-frame
counting is independent of the true rate. Floats exist in `edges` alone, where OpenTimelineIO demands them.
"""

from postsync.timing.edges import (
    common_rate,
    from_rational_time,
    from_timecode_object,
    rate_of_float,
    to_rational_time,
    to_time_range,
    to_timecode_object,
    whole_units,
)
from postsync.timing.feet import FILM_GAUGES, FilmGauge, format_feet, frames_from_feet
from postsync.timing.rates import DROP_NOMINALS, RATES, Rate, as_rate, parse_rate, rate_asked
from postsync.timing.seconds import (
    duration_from_text,
    fraction_text,
    frame_and_rest,
    frame_at,
    line_through,
    nearest_frame,
    parse_fraction,
    pull,
    relabel,
    retime,
    round_half_up,
    same_label,
    samples_of_frame,
    samples_of_seconds,
    seconds_of_frame,
    signed_milliseconds,
)
from postsync.timing.timecode import format_timecode, frame_of_parts, is_timecode, parse_timecode, repair_timecode

__all__ = [
    "DROP_NOMINALS",
    "FILM_GAUGES",
    "RATES",
    "FilmGauge",
    "Rate",
    "as_rate",
    "common_rate",
    "duration_from_text",
    "format_feet",
    "format_timecode",
    "fraction_text",
    "frame_and_rest",
    "frame_at",
    "frame_of_parts",
    "frames_from_feet",
    "from_rational_time",
    "from_timecode_object",
    "is_timecode",
    "line_through",
    "nearest_frame",
    "parse_fraction",
    "parse_rate",
    "parse_timecode",
    "pull",
    "rate_asked",
    "rate_of_float",
    "relabel",
    "repair_timecode",
    "retime",
    "round_half_up",
    "same_label",
    "samples_of_frame",
    "samples_of_seconds",
    "seconds_of_frame",
    "signed_milliseconds",
    "to_rational_time",
    "to_time_range",
    "to_timecode_object",
    "whole_units",
]
