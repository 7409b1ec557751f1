"""Which series of numbers a cue belongs to: the values of a scheme's tokens in a cue, and the scheme that a list follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postsync.cueing.numbering.prefixes import with_prefixes
from postsync.model import Character, Cue, NumberScheme, Project, TimelineFacts, reel_in_numbers

USUAL_SCHEMES = (
    "{prefix}{reel}{seq:02}", "{reel}{seq:03}", "R{reel}-{prefix}-{seq:03}", "R{reel}{seq:02}", "R{reel}-{seq:03}",
    "R{reel}_{seq:03}", "{prefix}{seq:03}", "ADR{seq:03}", "ADR {seq:03}",
    "ADR {seq}", "ADR_{seq:03}", "ADR-{seq:03}", "{seq:03}", "{seq}",
)  # fmt: skip
"""Schemes that are tried on the numbers of a list whose project states none, the commonest first."""

MISSING = {
    "prefix": "no character",
    "char": "no character",
    "episode": "no episode: state it in postsync.toml",
    "version": "no picture version: state it in postsync.toml",
    "reel": "no reel: state the reels in postsync.toml",
}
"""Why a cue cannot be numbered by a scheme that needs a token."""


def follows_scheme(cue: Cue, characters: Mapping[str, Character], facts: TimelineFacts, project: Project) -> bool:
    """Whether a cue's number is one of the project's scheme for its own character and reel.

    >>> from postsync.model import NumberRules, NumberScheme, timeline_facts
    >>> project = Project(numbers=NumberRules(NumberScheme("R1{seq:02}")))
    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0)
    >>> follows_scheme(cue, {}, timeline_facts(timeline), project)
    True
    """
    scheme = project.numbers.scheme
    if scheme is None or cue.number is None:
        return True
    try:
        return scheme.series(token_values(cue, characters, facts, project)).read(cue.number) is not None
    except KeyError:
        return False


def token_values(
    cue: Cue, characters: Mapping[str, Character], facts: TimelineFacts, project: Project
) -> dict[str, str]:
    """Give what the tokens of a scheme stand for in a cue; those that are not known are left out."""
    values = {
        "reel": reel_in_numbers(project.reel_name(cue, facts.start_frame, facts.rate)),
        "episode": cue.episode or project.episode,
        "version": cue.picture_version or project.picture_version,
    }
    known = characters.get(cue.character or "")
    if known is not None:
        stated = project.stated_character(known) or known
        values |= {"prefix": known.prefix, "char": stated.id.upper()}
    return {token: "".join(value.split()) for token, value in values.items() if value}


def guessed_scheme(
    cues: Sequence[Cue], characters: Mapping[str, Character], facts: TimelineFacts, project: Project
) -> NumberScheme:
    """Give the usual scheme that most numbers of a list follow; without numbers, one that fits what the cues have."""
    numbered = [cue for cue in cues if cue.number]
    schemes = [NumberScheme(template) for template in USUAL_SCHEMES]
    fits = {scheme: _following(numbered, characters, facts, project, scheme) for scheme in schemes} if numbered else {}
    best = max(schemes, key=lambda scheme: fits.get(scheme, 0))
    if numbered and fits[best] * 2 > len(numbered):
        return best
    spoken = sum(cue.character in characters for cue in cues)
    return schemes[0] if spoken * 2 >= len(cues) else schemes[1]


def _following(
    cues: Sequence[Cue],
    characters: Mapping[str, Character],
    facts: TimelineFacts,
    project: Project,
    scheme: NumberScheme,
) -> int:
    """Count the cues whose numbers follow a scheme, prefixes as the numbers have them."""
    known, _ = with_prefixes(characters, cues, scheme) if "prefix" in scheme.tokens else (characters, {})
    count = 0
    for cue in cues:
        values = token_values(cue, known, facts, project)
        if scheme.tokens - {"seq"} <= set(values):
            count += scheme.series(values).read(cue.number or "") is not None
    return count
