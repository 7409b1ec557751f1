"""Checks of numbers and identity: missing, used twice, used before, off the scheme; uids that two cues have."""

from __future__ import annotations

from collections.abc import Iterator

from postsync.cueing.checks.work import Work, grouped
from postsync.cueing.numbering.series import follows_scheme
from postsync.findings import Finding
from postsync.model import Cue


def numbers_missing(work: Work) -> Iterator[Finding]:
    """Find cues without a number."""
    yield from (work.found("number-missing", cue) for cue in work.live if not cue.number)


def numbers_used_twice(work: Work) -> Iterator[Finding]:
    """Find numbers that two cues of one episode have; omitted cues keep theirs."""
    for first, *others in grouped(work.cues, lambda cue: _in_episode(work, cue, cue.number)).values():
        for cue in others:
            yield work.found("number-used-twice", cue, number=cue.number, other=work.place(first))


def numbers_used_before(work: Work) -> Iterator[Finding]:
    """Find numbers that were once another cue's."""
    former: dict[tuple[str | None, str], Cue] = {}
    for cue in work.cues:
        for number in cue.former_numbers:
            former.setdefault(_in_episode(work, cue, number) or (None, ""), cue)
    for cue in work.cues:
        other = former.get(_in_episode(work, cue, cue.number) or (None, ""))
        if cue.number and other is not None and other is not cue:
            yield work.found("number-used-before", cue, number=cue.number, other=work.place(other))


def numbers_off_scheme(work: Work) -> Iterator[Finding]:
    """Find numbers that the project's scheme would not give to their character and reel."""
    scheme = work.project.numbers.scheme
    if scheme is None:
        return
    for cue in work.live:
        if cue.number and not follows_scheme(cue, work.characters, work.facts, work.project):
            yield work.found("number-off-scheme", cue, number=cue.number, scheme=scheme.template)


def uids_twice(work: Work) -> Iterator[Finding]:
    """Find cues that have the uid of another."""
    for first, *others in grouped(work.cues, lambda cue: cue.uid).values():
        yield from (work.found("uid-twice", cue, other=work.place(first)) for cue in others)


def _in_episode(work: Work, cue: Cue, number: str | None) -> tuple[str | None, str] | None:
    return (cue.episode or work.project.episode, number.casefold()) if number else None
