"""The words of XMEML for what we name otherwise: marker colours, fades, and what programs log of a clip."""

from __future__ import annotations

from fractions import Fraction

from postsync.model import nearest_colour, rgb_text
from postsync_adapters.xmeml.document import Element, number, text

PREMIERE_COLOURS: dict[str, int] = {
    "red": 0xFF362CD2, "yellow": 0xFF2BA1D0, "purple": 0xFFB18BAF, "orange": 0xFF246FE9, "white": 0xFFFFFFFF,
    "blue": 0xFFFC8D42, "cyan": 0xFFD6F419,
}  # fmt: skip
"""Premiere's marker colours as its XML has them, alpha, blue, green, red. A green marker has none."""

CURVES = {"3db": "equal-power", "constant power": "equal-power", "exponential": "exponential"}
"""Parts of the names of sound transitions; all others are straight lines in gain."""

SOUND_EFFECTS = {
    "equal-power": ("Cross Fade (+3dB)", "KGAudioTransCrossFade3dB"),
    "linear": ("Cross Fade ( 0dB)", "KGAudioTransCrossFade0dB"),
}

LOGGED = {"scene": "scene", "shottake": "take", "description": "description"}
"""What `logginginfo` says of a clip, by our names; its `lognote` is the note."""


def curve_of(effect: Element | None) -> str:
    """Give the curve of a sound transition by its name."""
    said = f"{text(effect, 'effectid')} {text(effect, 'name')}".lower()
    return next((curve for part, curve in CURVES.items() if part in said), "linear")


def colour_of(marker: Element) -> tuple[str | None, str | None]:
    """Give the colour of a marker by our name and as `#RRGGBB`; None where it states none."""
    packed = number(marker.findtext("pproColor"))
    if packed is not None and 0 <= packed < 2**32:
        value = int(packed)
        rgb = rgb_text(value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF)
        named = next((name for name, known in PREMIERE_COLOURS.items() if known & 0xFFFFFF == value & 0xFFFFFF), None)
        return named or nearest_colour(rgb), rgb
    colour = marker.find("color")
    parts = [] if colour is None else [number(colour.findtext(part)) for part in ("red", "green", "blue")]
    if len(parts) != 3 or any(part is None for part in parts):
        return None, None
    rgb = rgb_text(*_bytes([part for part in parts if part is not None]))
    return nearest_colour(rgb), rgb


def _bytes(parts: list[Fraction]) -> tuple[int, int, int]:
    """Take colour parts to a byte each; some write 16 bits."""
    scale = 257 if max(parts) > 255 else 1
    red, green, blue = (min(max(int(part / scale), 0), 255) for part in parts)
    return red, green, blue
