"""Cues as named clips on tracks of their characters: how spotted cues reach a digital audio workstation with their length.

    track ROBIN          clip  Hold there! {adr=7KQ2M9XD} $QN=R106 {R=noise} [TV]      tag language
    track Robin[ROB]{E}  clip  Hold there! [N] {plane over} {adr=7KQ2M9XD}             EdiCue
    track ROBIN          clip  R106 ROBIN: Hold there! {adr=7KQ2M9XD}                  plain

The tag language is that of ptulsconv, whose program stops at a `$` or a bracket that is not a tag, so the line loses those;
EdiCue's naming is that of Non-Lethal Applications. `reading.clip_cues` reads all three back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import opentimelineio as otio

from postsync.cueing.numbering.prefixes import derived_prefix
from postsync.cueing.tags import TagLevel, TagStyle, write_tag
from postsync.cueing.text import NAME_ONLY, lay_out, one_line
from postsync.model import (
    Character,
    Cue,
    Laid,
    MediaFacts,
    TimelineFacts,
    TrackFacts,
    Vocabulary,
    build_track,
    character_name,
    lay_without_overlaps,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    to_json,
    unique_name,
)
from postsync.model.clip_moulds import ClipMould, MediaPlan
from postsync.model.facts import ClipFacts, stated_facts
from postsync.report import Report
from postsync.timing import seconds_of_frame, to_time_range

Naming = Literal["tags", "edicue", "plain"]
"""The notation in which clips are named for cues.

>>> from typing import get_args
>>> get_args(Naming)
('tags', 'edicue', 'plain')
"""

POINT_SECONDS = 1
"""How long the clip of a cue is whose end nobody knows."""

UNNAMED_TRACK = "ADR"


@dataclass(frozen=True)
class NamingRules:
    """How names are written: the notation, what of our tag goes in, the show's letters for reasons.

    `silence` is the file that the clips play, and `silence_seconds` how long it is; without it they play nothing.

    >>> NamingRules(naming="edicue").tags
    'uid'
    """

    naming: Naming = "tags"
    tags: TagLevel = "uid"
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    silence: str | None = None
    silence_seconds: Fraction = Fraction(0)


# ------------------------------------------------------------------------------------------------------------- names


def clip_name(cue: Cue, characters: dict[str, Character], rules: NamingRules, *, elsewhere: bool = False) -> str:
    """Give the name of a cue's clip; `elsewhere` says that its track is not named for its character.

    >>> cue = Cue(uid="7KQ2M9XD", number="R106", record_in=0, line="Hold there!", reasons=("noise",))
    >>> clip_name(cue, {}, NamingRules())
    'Hold there! {adr=7KQ2M9XD} $QN=R106 $R=noise'
    """
    return _NAMES[rules.naming](cue, characters, rules, elsewhere)


def track_name(character: Character | None, name: str, naming: Naming) -> str:
    """Give the name of a character's track; EdiCue's holds prefix and actor too.

    >>> track_name(Character("1", "Leo Tan", prefix="LEO", actor="J. Smith"), "Leo Tan", "edicue")
    'Leo Tan[LEO]{J. Smith}'
    """
    shown = _protected(name or UNNAMED_TRACK) if naming != "plain" else one_line(name or UNNAMED_TRACK)
    if naming != "edicue" or character is None:
        return shown
    prefix = _value(character.prefix) or derived_prefix(character.name, set())
    return f"{shown}[{prefix}]{{{_value(character.actor)}}}"


def _tag_language(cue: Cue, characters: dict[str, Character], rules: NamingRules, elsewhere: bool) -> str:
    line = protected_line(cue.line or "")
    held = tag_language_fields(cue, characters, character=elsewhere)
    fields = " ".join(tag_text(key, value) for key, value in held.items())
    block = _block(cue, characters, rules, f"{line} {fields}", altered=unprotected_line(line) != (cue.line or ""))
    return " ".join(part for part in (line, block, fields) if part)


def _edicue(cue: Cue, characters: dict[str, Character], rules: NamingRules, elsewhere: bool) -> str:
    letters = [rules.vocabulary.reasons.letters(code) or code.upper() for code in cue.reasons]
    code = f"[{'+'.join(letters)}]" if letters else ""
    note = f"{{{_value(cue.note).replace('=', ':')}}}" if cue.note else ""  # `{word=` would be the tag language
    line = protected_line(cue.line or "")
    human = " ".join(part for part in (line, code, note) if part)
    block = _block(cue, characters, rules, human, altered=unprotected_line(line) != (cue.line or ""))
    return f"{human} {block}".strip()


def _plain(cue: Cue, characters: dict[str, Character], rules: NamingRules, elsewhere: bool) -> str:
    return lay_out(cue, characters, NAME_ONLY, rules.tags).name


_NAMES: dict[str, Callable[[Cue, dict[str, Character], NamingRules, bool], str]] = {
    "tags": _tag_language,
    "edicue": _edicue,
    "plain": _plain,
}


def _block(cue: Cue, characters: dict[str, Character], rules: NamingRules, human: str, *, altered: bool) -> str:
    who = characters.get(cue.character or "")
    return write_tag(
        cue,
        TagStyle(rules.tags),
        character=character_name(characters, cue),
        actor=who.actor if who else None,
        human=human,
        altered=altered,
    )


_FIELDS: tuple[tuple[str, str], ...] = (
    ("QN", "number"), ("P", "priority"), ("Sc", "scene"), ("Reel", "reel"), ("Ver", "picture_version"),
    ("Rq", "requested_by"), ("Mins", "minutes"), ("Note", "note"),
)  # fmt: skip
"""Keys of the tag language and the fields of a cue that they hold as text."""


def tag_language_fields(cue: Cue, characters: dict[str, Character], *, character: bool = True) -> dict[str, str]:
    """Give what the tag language holds of a cue beside its line, by key; a flag is its own value."""
    who = characters.get(cue.character or "")
    values = {key: getattr(cue, name) for key, name in _FIELDS}
    note = f" ({one_line(cue.reason_note)})" if cue.reason_note else ""
    values["R"] = f"{', '.join(cue.reasons)}{note}".strip()
    values["Actor"] = who.actor if who else None
    values["Char"] = character_name(characters, cue) if character else None
    marks = {
        "EFF": cue.kind == "effort", "TV": "tv" in cue.uses, "TBW": "to_be_written" in cue.flags,
        "ADLIB": "ad_lib" in cue.flags, "OPT": "optional" in cue.flags, "OMIT": cue.status == "omitted",
    }  # fmt: skip
    fields = {key: _value("" if value is None else str(value)) for key, value in values.items()}
    return {key: text for key, text in fields.items() if text} | {mark: mark for mark, here in marks.items() if here}


def tag_text(key: str, value: str) -> str:
    """Write one field of the tag language.

    >>> tag_text("Sc", "12 A"), tag_text("QN", "R106"), tag_text("TV", "TV")
    ('{Sc=12 A}', '$QN=R106', '[TV]')
    """
    if key == value:
        return f"[{key}]"
    return f"{{{key}={value}}}" if re.search(r"\s", value) or value.startswith("(") else f"${key}={value}"


_ROUND = str.maketrans("{}[]", "()()")
_OPENS = re.compile(r"(?:(?<=\s)|^)(?=\$|'+\$)|^(?=[@&!]|'+[@&!])")
_OPENED = re.compile(r"(?:(?<=\s)|^)'(?='*\$)|^'(?='*[@&!])")


def protected_line(line: str) -> str:
    """Give a line as a name can hold it: round brackets, and a quote mark before what would be read as a sign.

    >>> protected_line("$500 [laughs]")
    "'$500 (laughs)"
    """
    return _OPENS.sub("'", _protected(line))


def unprotected_line(line: str) -> str:
    """Take the quote marks off again; the brackets stay round.

    >>> unprotected_line("'$500 (laughs)")
    '$500 (laughs)'
    """
    return _OPENED.sub("", line)


def _protected(text: str) -> str:
    return one_line(text).translate(_ROUND)


def _value(text: str | None) -> str:
    return _protected(text or "")


# ------------------------------------------------------------------------------------------------------------- clips


def cue_clips(timeline: otio.schema.Timeline, rules: NamingRules, report: Report) -> otio.schema.Timeline:
    """Give a timeline of the cues of another as named clips, one track for each character, more where its cues overlap.

    A cue without an end gets a clip of a second.

    >>> clips = cue_clips(timeline, NamingRules(), Report())
    >>> [track.name for track in clips.audio_tracks()]
    ['ROSA', 'JONAS', 'ЮРИЙ']
    """
    facts, characters = timeline_facts(timeline), timeline_characters(timeline)
    result = otio.schema.Timeline(name=timeline.name)
    put_timeline_facts(result, facts)
    groups: dict[str, list[Cue]] = {}
    for cue in timeline_cues(timeline):
        groups.setdefault(character_name(characters, cue), []).append(cue)
    taken: list[str] = []
    for name, cues in groups.items():
        spans = [_span(cue, facts) for cue in cues]
        layers = lay_without_overlaps(spans)
        for layer in range(max(layers) + 1):
            shown = unique_name(name or UNNAMED_TRACK, taken)
            taken.append(shown)
            own = [one for one, place in zip(zip(cues, spans, strict=True), layers, strict=True) if place == layer]
            result.tracks.append(_track(shown, own, name, characters, rules, facts, report))
    return result


def _track(
    shown: str,
    cues: list[tuple[Cue, tuple[Fraction, Fraction]]],
    name: str,
    characters: dict[str, Character],
    rules: NamingRules,
    facts: TimelineFacts,
    report: Report,
) -> otio.schema.Track:
    """Lay cues that do not overlap on a track of their character."""
    laid: list[Laid] = []
    mould = ClipMould("", {otio.schema.Clip.DEFAULT_MEDIA_KEY: _silence(rules, facts)}, ClipFacts())
    for cue, (start, end) in cues:
        if cue.record_out is None:
            report.note("cue-without-end", where=cue.number or cue.uid, time=facts.label(cue.record_in))
        clip = mould.clip(to_time_range(Fraction(0), end - start), stated_facts(ClipFacts(cue_uid=cue.uid)))
        clip.name = clip_name(cue, characters, rules, elsewhere=shown != name)
        laid.append(Laid(clip, start, end - start))
    preferred: list[Fraction | int] = [facts.rate.fps, *([facts.sample_rate] if facts.sample_rate else [])]
    title = track_name(characters.get(cues[0][0].character or ""), shown, rules.naming)
    return build_track(title, otio.schema.TrackKind.Audio, laid, preferred, facts=TrackFacts(channels=1))


def longest_cue(timeline: otio.schema.Timeline) -> Fraction:
    """Give the length in seconds of the longest clip that the cues of a timeline become, 0 where there are none.

    >>> longest_cue(timeline)
    Fraction(1001, 1000)
    """
    facts = timeline_facts(timeline)
    spans = (_span(cue, facts) for cue in timeline_cues(timeline))
    return max((end - start for start, end in spans), default=Fraction(0))


def _silence(rules: NamingRules, facts: TimelineFacts) -> MediaPlan:
    if rules.silence is None:
        return MediaPlan.of("", None, {}, None)
    metadata = {"postsync": to_json(MediaFacts(channels=1, sample_rate=facts.sample_rate, kind="sound"))}
    return MediaPlan.of("silence", rules.silence, metadata, to_time_range(Fraction(0), rules.silence_seconds))


def _span(cue: Cue, facts: TimelineFacts) -> tuple[Fraction, Fraction]:
    start, end = cue.seconds_in(facts), cue.seconds_out(facts)
    if end is None or end <= start:
        return start, start + seconds_of_frame(facts.rate.nominal * POINT_SECONDS, facts.rate)
    return start, end
