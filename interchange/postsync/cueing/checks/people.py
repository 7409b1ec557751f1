"""Checks of who speaks: cues without a character, ids with two names or actors, one voice in two places at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from postsync.cueing.checks.work import Work, grouped
from postsync.findings import Finding, finding
from postsync.model import Character, Cue

NAMELESS_KINDS = ("group", "foley", "song")
"""Kinds that are nobody's line."""

_MOST_AT_ONCE = 16


def characters_missing(work: Work) -> Iterator[Finding]:
    """Find cues that are nobody's, and cues whose character the cast does not know."""
    for cue in work.live:
        if cue.character is None:
            if cue.kind not in NAMELESS_KINDS:
                yield work.found("character-missing", cue)
        elif cue.character not in work.characters:
            yield work.found("character-unknown", cue, character=cue.character)


def characters_differing(work: Work) -> Iterator[Finding]:
    """Find ids that stand for two names or two actors, in the cast and against the project."""
    records: dict[str, list[Character]] = {}
    for one in (*work.cast, *work.project.characters):
        records.setdefault(one.id, []).append(one)
    for character, same in records.items():
        names, spoken = _different(one.name for one in same), {one.name.casefold() for one in same}
        aliases = {alias.casefold() for one in same for alias in one.aliases}
        if len(names) > 1 and len(spoken - aliases) > 1:
            yield finding("character-two-names", names[0], character=character, names=" and ".join(names))
    actors: dict[str, list[str]] = {}
    for one in (*work.cast, *work.project.characters):
        if one.actor:
            stated = work.project.stated_character(one) or one
            actors.setdefault(stated.id, []).append(one.actor)
    for character, several in actors.items():
        if len(names := _different(several)) > 1:
            yield finding("character-two-actors", character, character=character, names=" and ".join(names))


def characters_twice(work: Work) -> Iterator[Finding]:
    """Find names that stand in the cast under two ids."""
    ids: dict[str, list[Character]] = {}
    for one in work.cast:
        ids.setdefault(one.name.casefold(), []).append(one)
    for same in ids.values():
        if len(different := _different(one.id for one in same)) > 1:
            yield finding("character-two-ids", same[0].name, name=same[0].name, ids=", ".join(different))


def _different(words: Iterable[str]) -> list[str]:
    return list({word.casefold(): word for word in words}.values())


def characters_overlapping(work: Work) -> Iterator[Finding]:
    """Find cues that overlap another of the same character in the same version of the film."""
    for cues in grouped(work.live, lambda cue: cue.character).values():
        for cue, other in overlaps(cues, _same_version):
            yield work.found("character-overlap", cue, other=work.place(other))


def actors_overlapping(work: Work) -> Iterator[Finding]:
    """Find cues of several characters that one actor would have to speak at once; other passes (`group`) do not count."""

    def actor(cue: Cue) -> str | None:
        known = work.characters.get(cue.character or "")
        return known.actor.casefold() if known and known.actor else None

    def clash(cue: Cue, other: Cue) -> bool:
        in_one_pass = cue.group is None or other.group is None or cue.group == other.group
        return cue.character != other.character and in_one_pass and _same_version(cue, other)

    for cues in grouped(work.live, actor).values():
        for cue, other in overlaps(cues, clash):
            who = work.characters[cue.character or ""].actor
            yield work.found("actor-overlap", cue, actor=who, other=work.place(other))


def _same_version(cue: Cue, other: Cue) -> bool:
    """Whether both are heard in one version: a line and its TV cover lie over each other by design."""
    return not cue.uses or not other.uses or not set(cue.uses).isdisjoint(other.uses)


def overlaps(cues: Sequence[Cue], clash: Callable[[Cue, Cue], bool]) -> Iterator[tuple[Cue, Cue]]:
    """Yield each cue that begins before an earlier one ends, with the one that ends last of those it clashes with.

    Only the latest-ending few are remembered, so a list in which everything overlaps takes no longer than another.
    """
    running: list[tuple[int, Cue]] = []
    for cue in sorted(cues, key=lambda one: one.record_in):
        running = [(end, other) for end, other in running if end > cue.record_in]
        other = next((other for _, other in running if clash(cue, other)), None)
        if other is not None:
            yield cue, other
        end = cue.record_in if cue.record_out is None else cue.record_out
        running = sorted([*running, (end, cue)], key=lambda one: -one[0])[:_MOST_AT_ONCE]
