"""How an FCPXML document is written: which version, for whom, and whether into one that exists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from postsync.cueing import TagLevel
from postsync.formats import Options

Version = Literal["1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14"]
USUAL_VERSION: Version = "1.9"
VERSIONS: tuple[str, ...] = get_args(Version)
Profile = Literal["final-cut", "resolve"]


@dataclass(frozen=True)
class FcpxmlWriteOptions(Options):
    """How an FCPXML document is written.

    `version`: that of the document that was read where it goes back to Final Cut, so that all it holds can go with it;
    else 1.9, which every Final Cut since 10.4.9 reads and Resolve since 19.1. `profile`: the habits of the program that is
    to read it. `size`: width and height of a new sequence, which no timeline of ours states. `tags`: what is
    written behind a cue so that it is known again. `into`: an existing document or bundle, into whose project of the same
    name (or the only one) cues and placed takes are put, everything else kept.
    """

    version: Version | None = None
    profile: Profile = "final-cut"
    size: str = "1920x1080"
    tags: TagLevel = "uid"
    into: Path | None = None


@dataclass(frozen=True)
class Habits:
    """What one program writes differently from the other.

    `reduced`: times are fractions in lowest terms, also where they are whole (`5/1s`). `sound_above`: the lane of a sound
    clip is the number of its track, not a place below the picture. `says_enabled`: clips that are on say so too.
    """

    reduced: bool
    sound_above: bool
    says_enabled: bool


HABITS: dict[Profile, Habits] = {
    "final-cut": Habits(reduced=False, sound_above=False, says_enabled=False),
    "resolve": Habits(reduced=True, sound_above=True, says_enabled=True),
}
