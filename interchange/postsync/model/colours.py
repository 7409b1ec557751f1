"""The colours of markers: one list of names, their RGB, and the nearest of a palette.

Resolve's sixteen marker colours and OpenTimelineIO's others. RGB values are those that Resolve and Avid write into AAF where
files show them (Red #E12401, Purple #9013FE), else the colour as drawn.
"""

from __future__ import annotations

from collections.abc import Iterable

from postsync.report import Report

COLOURS: dict[str, str] = {
    "blue": "#007FE3",
    "cyan": "#00CED0",
    "green": "#00AD00",
    "yellow": "#F09D00",
    "red": "#E12401",
    "pink": "#FF44C8",
    "purple": "#9013FE",
    "fuchsia": "#C02E6F",
    "rose": "#FFA1B9",
    "lavender": "#A193C8",
    "sky": "#92E2FD",
    "mint": "#72DB00",
    "lemon": "#DCE95A",
    "sand": "#C4915E",
    "cocoa": "#6E5143",
    "cream": "#F5EBE1",
    "orange": "#F06D00",
    "magenta": "#CC33CC",
    "black": "#000000",
    "white": "#FFFFFF",
}
"""Our names of colours, with the RGB of Resolve's sixteen and OTIO's others.

>>> COLOURS["blue"], len(COLOURS)
('#007FE3', 20)
"""

RESOLVE_COLOURS = tuple(COLOURS)[:16]
"""The sixteen that Resolve takes for markers, in its own order.

>>> RESOLVE_COLOURS[:3]
('blue', 'cyan', 'green')
"""

OTIO_COLOURS = ("pink", "red", "orange", "yellow", "green", "cyan", "blue", "purple", "magenta", "black", "white")


def colour_name(text: str | None) -> str | None:
    """Give our name for a colour as any program spells it (`RED`, `ResolveColorBlue`, `Sky`); None where unknown.

    >>> colour_name("ResolveColorBlue"), colour_name("RED"), colour_name("plaid")
    ('blue', 'red', None)
    """
    if not text:
        return None
    folded = text.strip().lower()
    for prefix in ("resolvecolor", "clipcolor", "markercolor"):
        folded = folded.removeprefix(prefix)
    return folded if folded in COLOURS else None


def rgb_text(red: int, green: int, blue: int) -> str:
    """Write three bytes as `#RRGGBB`.

    >>> rgb_text(225, 36, 1)
    '#E12401'
    """
    return f"#{red:02X}{green:02X}{blue:02X}"


def rgb_bytes(text: str) -> tuple[int, int, int]:
    """Read `#RRGGBB` as three bytes.

    >>> rgb_bytes("#E12401")
    (225, 36, 1)
    """
    digits = text.lstrip("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def nearest_colour(rgb: str, palette: Iterable[str] = tuple(COLOURS)) -> str:
    """Give the name in the palette whose RGB lies nearest.

    >>> nearest_colour("#E02000"), nearest_colour("#E02000", RESOLVE_COLOURS[:3])
    ('red', 'green')
    """
    wanted = rgb_bytes(rgb)
    return min(
        palette,
        key=lambda name: sum((have - want) ** 2 for have, want in zip(rgb_bytes(COLOURS[name]), wanted, strict=True)),
    )


def colour_in(palette: Iterable[str], name: str | None, default: str = "blue") -> str:
    """Give the colour of a palette that stands for one of our names.

    >>> colour_in(("red", "green", "blue"), "rose"), colour_in(("red", "blue"), None)
    ('red', 'blue')
    """
    choices = tuple(palette)
    if name in choices and name is not None:
        return name
    return nearest_colour(COLOURS[name], choices) if name in COLOURS and name is not None else default


def shown_colour(palette: Iterable[str], name: str | None, default: str, where: str, report: Report) -> str:
    """Give the colour of a palette that stands for one of our names, and note where it is another.

    >>> report = Report()
    >>> shown_colour(["red", "blue"], "cyan", "red", "R106", report), report.as_text()
    ('blue', '1 marker colour changed to the nearest')
    """
    chosen = colour_in(palette, name, default)
    if name is not None and chosen != name:
        report.note("marker-colour-changed", where=where, was=name, now=chosen)
    return chosen
