"""Find a recording by what it is, where its name was lost: by UMID, or by time stamp and length together.

EBU Tech 3285. Pro Tools and Media Composer rename what they copy, and an AAF that came from one of them names the copy;
the identity in `bext` and the stamp stay. A stamp of 0 says nothing, and two recorders that ran together share theirs, so
several files that fit are no find.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from postsync.errors import MediaError
from postsync.sound.locate import Found, Missing
from postsync.sound.wav import WavFacts, read_facts
from postsync.timing import round_half_up

IDENTITY = "by its identity"
STAMP = "by its time stamp and length"

_UMID_URN = "urn:smpte:umid:"
_BASIC_UMID = 64


@dataclass(frozen=True)
class Recording:
    """What is known of a recording: its id, rate in Hz, start in seconds from midnight, and length in seconds."""

    uid: str | None = None
    sample_rate: int | None = None
    start: Fraction | None = None
    duration: Fraction | None = None


class SoundIndex:
    """The WAV files below some folders, read once, when the first recording is asked for."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    def find(self, wanted: Recording) -> Found | Missing:
        """Give the one file that is the recording."""
        for how, hits in ((IDENTITY, self._by_identity(wanted)), (STAMP, self._by_stamp(wanted))):
            if len(hits) == 1:
                return Found(hits[0], how)
            if hits:
                listed = ", ".join(str(hit) for hit in hits)
                return Missing((), f"{len(hits)} files fit equally well {how}: {listed}")
        return Missing(())

    def _by_identity(self, wanted: Recording) -> list[Path]:
        uid = _digits(wanted.uid)
        return [path for path, facts in self._files if uid and uid in _identities(facts)]

    def _by_stamp(self, wanted: Recording) -> list[Path]:
        if not wanted.start or not wanted.duration or not wanted.sample_rate:
            return []
        stamp = round_half_up(wanted.start * wanted.sample_rate)
        length = round_half_up(wanted.duration * wanted.sample_rate)
        asked = (wanted.sample_rate, stamp, length)
        return [
            path
            for path, facts in self._files
            if (facts.sample_rate, facts.time_reference, facts.length_samples) == asked
        ]

    @cached_property
    def _files(self) -> list[tuple[Path, WavFacts]]:
        return list(_sounds(self.folders))


def _sounds(folders: Sequence[Path]) -> Iterator[tuple[Path, WavFacts]]:
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in sorted(names):
                if name.lower().endswith((".wav", ".bwf", ".wave")):
                    try:
                        yield Path(folder, name), read_facts(Path(folder, name))
                    except MediaError:
                        continue


def _digits(uid: str | None) -> str:
    """Give an id as bare letters and digits, whatever stands between them."""
    bare = (uid or "").lower().removeprefix(_UMID_URN)
    return "".join(letter for letter in bare if letter.isalnum())


def _identities(facts: WavFacts) -> set[str]:
    """Give the ids that a file carries: the basic part of its UMID, and what iXML calls it."""
    umid = facts.bext.umid.hex()[:_BASIC_UMID] if facts.bext else ""
    told = _digits(facts.ixml.file_uid) if facts.ixml else ""
    return {one for one in (umid, told) if one.strip("0")}
