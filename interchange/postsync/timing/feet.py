"""Feet and frames of film, as stages still print them.

Counted from the reel's picture start. 35 mm has 64 perforations a foot, so 3-perf film prints feet and perforations; the
count starts at 0+00. Film change notes count inclusive last frames; timecode lists use exclusive outs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from postsync.errors import FormatError


@dataclass(frozen=True)
class FilmGauge:
    """How a film stock counts: `units_per_foot` of `units_per_frame` each (perforations for 3-perf, else frames).

    >>> FilmGauge(units_per_foot=64, units_per_frame=3) == FILM_GAUGES["35mm-3perf"]
    True
    """

    units_per_foot: int
    units_per_frame: int = 1


FILM_GAUGES: dict[str, FilmGauge] = {
    "35mm-4perf": FilmGauge(16),
    "35mm-3perf": FilmGauge(64, 3),
    "35mm-2perf": FilmGauge(32),
    "16mm": FilmGauge(40),
}
"""The film stocks by name, and how each counts a foot.

>>> FILM_GAUGES["35mm-4perf"].units_per_foot
16
"""

_FEET = re.compile(r"^\s*(-?)(\d+)\s*\+\s*(\d+)(?:\.\d+)?\s*$")


def format_feet(frame: int, gauge: str = "35mm-4perf") -> str:
    """Give `feet+frames` (perforations for 3-perf) of a frame counted from the reel's start.

    >>> format_feet(1439)
    '89+15'
    """
    film = FILM_GAUGES[gauge]
    feet, rest = divmod(abs(frame) * film.units_per_frame, film.units_per_foot)
    return f"{'-' if frame < 0 else ''}{feet}+{rest:02}"


def frames_from_feet(text: str, gauge: str = "35mm-4perf") -> int:
    """Read `feet+frames` as a frame count; FormatError where it is not that or names no whole frame.

    >>> frames_from_feet("10+08")
    168
    """
    match = _FEET.match(text)
    film = FILM_GAUGES[gauge]
    if match is None or int(match[3]) >= film.units_per_foot:
        raise FormatError(expected=f"feet+frames of {gauge}", found=repr(text))
    units = int(match[2]) * film.units_per_foot + int(match[3])
    frames, rest = divmod(units, film.units_per_frame)
    if rest:
        raise FormatError(f"{text} is not the start of a frame of {gauge}", found=repr(text))
    return -frames if match[1] else frames
