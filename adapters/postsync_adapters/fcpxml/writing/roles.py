"""The role of a sound clip: its own, its track's, or what the name of the track says.

Final Cut has no tracks; a role and subrole is what its people sort by. A track of another program becomes a subrole of its
name, so that the tracks are told apart and come back in their order of names.
"""

from __future__ import annotations

import re

from postsync.model import PlacedClip, PlacedTrack
from postsync_adapters.fcpxml.reading.roles import role_text, role_title

WORDS = (
    (re.compile(r"\b(?:music|mx|mus|score|songs?)\b", re.IGNORECASE), "music"),
    (
        re.compile(r"\b(?:effects?|fx|sfx|hfx|foley|fol|amb\w*|atmos?\w*|bgs?|room ?tone|wild ?fx)\b", re.IGNORECASE),
        "effects",
    ),
)
"""Words in names of tracks that stand for Final Cut's other two roles; everything else is dialogue."""

_ADR = re.compile(r"\b(?:adr|loops?|vo|voice ?over)\b", re.IGNORECASE)


def role_of(placed: PlacedClip, track: PlacedTrack) -> str:
    """Give the role to write."""
    return placed.facts.role or track.facts.role or role_of_name(track.track.name)


def role_of_name(name: str) -> str:
    """Give a role for a track of this name.

    >>> role_of_name("SFX 2"), role_of_name("ADR ROBIN"), role_of_name("Dialogue"), role_of_name("A1")
    ('effects.SFX 2', 'dialogue.ADR ROBIN', 'dialogue', 'dialogue.A1')
    """
    plain = " ".join(name.replace(".", " ").replace("?", " ").split())
    words = plain.replace("_", " ")
    main = (
        "dialogue" if _ADR.search(words) else next((role for found, role in WORDS if found.search(words)), "dialogue")
    )
    if not plain or plain.casefold() == main:
        return main
    first, _, rest = plain.partition(" ")
    sub = rest if first.casefold() == main and rest else plain
    return f"{main}.{sub}"


def comes_back_as(role: str, name: str) -> bool:
    """Say whether a reader of the document gives a track of this role the same name."""
    return role_title(role_text(role)) == name
