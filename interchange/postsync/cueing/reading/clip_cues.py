"""Cues that are named clips on tracks of their characters, as they are spotted in Pro Tools and as we send them there.

A clip is a cue when it carries our tag, when the tag language gives it a number (`$QN=R106`), when its track is named as EdiCue
names one, or when it plays no file and reads as a cue in plain words. In the tag language a clip also has what the session's
name, the markers before it, ranges (`@`) over it, its track and its track's comment say; `&` goes on with the clip before.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from postsync.cueing.clip_names import unprotected_line
from postsync.cueing.reading.dialects import (
    FLAG_KEYS,
    VALUE_KEYS,
    Said,
    dialect_of,
    read_edicue,
    read_edicue_track,
    read_tag_language,
)
from postsync.cueing.reading.marker_cues import Found
from postsync.cueing.reading.marker_text import read_marker_text, said_reading
from postsync.cueing.reading.signs import Reading, Signs
from postsync.cueing.tags import find_tag, part_at_tag, strip_tag
from postsync.model import (
    NAMESPACE,
    CueRules,
    Dialect,
    PlainMarker,
    Vocabulary,
    block,
    plain_marker,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import Rate, from_rational_time, seconds_of_frame

ClipCues = Literal["auto", "all", "none"]
"""Which clips are cues: those that say so, all that play no file, none."""

NEAR = Fraction(2, 44_100)
"""How far a clip on a frame may stand from it: a sample or two, on either side."""

_SIGNS = ("{adr=", "$QN=", "{QN=", "$qn=")


@dataclass(frozen=True)
class NamedClip:
    """A clip by its names: its own, its track's and that one's comment.

    `listed` says that it plays a file we know of; `given` is what it says where a file holds that taken apart.
    """

    clip: Any
    name: str
    track: str
    comment: str
    start: Fraction
    end: Fraction
    muted: bool = False
    listed: bool = False
    origin: str | None = None
    given: Said | None = None
    cue_uid: str | None = None


@dataclass
class TagContext:
    """What the tag language says outside of a clip, in the order in which one outweighs the other."""

    session: Said
    markers: list[tuple[Fraction, Said]]
    ranges: list[tuple[Fraction, Fraction, Said]] = field(default_factory=list)

    def at(self, time: Fraction) -> list[Said]:
        """Give what holds at a time, the weakest first."""
        before = [said for start, said in self.markers if start <= time]
        over = [said for start, end, said in self.ranges if start <= time <= end]
        return [self.session, *before, *over]


@dataclass(frozen=True)
class ClipCueRules:
    """What is known before clips are read: the show's rules and words, its cast, the notation, which clips count."""

    rules: CueRules
    vocabulary: Vocabulary
    cast: Collection[str] = ()
    dialect: Dialect = "auto"
    which: ClipCues = "auto"

    def signs(self, dialect: Dialect, track: str, *, trusted: bool) -> Signs:
        """Give what the readers of texts want to know."""
        return Signs(self.rules, self.cast, trusted, dialect, track, self.vocabulary)


def named_clips(timeline: otio.schema.Timeline, known: Collection[str] = ()) -> list[NamedClip]:
    """Give the sound clips of a timeline that none of the `known` cues was read from, where their names may be those of cues.

    Where a reader asked for it, as that of session texts does, that is every clip; elsewhere it is those with a sign.
    """
    facts = timeline_facts(timeline)
    whole = "clip_cues" in block(timeline)
    if not whole and not any(_has_sign(item.name) for track in timeline.tracks for item in track):
        return []
    grid = Grid(Fraction(block(timeline).get("precision") or 0), facts.rate)
    found: list[NamedClip] = []
    for track in timeline.tracks:
        if track.kind == otio.schema.TrackKind.Audio:
            comment = str((track.metadata.get("pro_tools_text") or {}).get("comments") or "")
            for clip, start, end in _laid(track):
                if whole or _has_sign(clip.name):
                    one = _named(clip, track.name, comment, grid, (start, end))
                    if one.cue_uid not in known:
                        found.append(one)
    return found


def _has_sign(name: str | None) -> bool:
    return bool(name) and any(sign in str(name) for sign in _SIGNS)


def _laid(track: otio.schema.Track) -> Iterator[tuple[Any, Fraction, Fraction]]:
    """Yield the clips of a track with their places; a nest is passed over, since no session names cues in one."""
    at = Fraction(0)
    for item in track:
        if isinstance(item, otio.schema.Transition):
            continue
        length = from_rational_time(item.duration())
        if isinstance(item, otio.schema.Clip):
            yield item, at, at + length
        at += length


def _named(clip: Any, track: str, comment: str, grid: Grid, place: tuple[Fraction, Fraction]) -> NamedClip:
    """Read what is known of a clip, as JSON: item by item its metadata would take ten times as long."""
    known = json.loads(clip.to_json_string(-1))
    facts = known["metadata"].get(NAMESPACE) or {}
    media = known["media_references"].get(known["active_media_reference_key"]) or {}
    stated = (media.get("metadata") or {}).get(NAMESPACE) or {}
    file = stated.get("name") or media.get("target_url")
    return NamedClip(
        clip, clip.name, track, comment, grid.line(place[0]), grid.line(place[1]),
        muted=bool(facts.get("muted")) or not known.get("enabled", True),
        listed=bool(file and file != clip.name),
        origin=facts.get("origin"),
        given=_given(known["metadata"].get("ptulsconv")),
        cue_uid=facts.get("cue_uid"),
    )  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """The frame lines of a timeline whose times were cut by up to `precision` seconds."""

    precision: Fraction
    rate: Rate

    def line(self, time: Fraction) -> Fraction:
        """Give the frame line that a time may stand on, else the time; one cut to the second says nothing of frames.

        A clip on a frame may stand a sample or two from it, on either side.
        """
        if self.precision > self.rate.seconds_per_frame * 3 / 2 or (time * self.rate.fps).denominator == 1:
            return time
        line = seconds_of_frame(-(-(time - NEAR) * self.rate.fps // 1), self.rate)
        return line if line <= time + max(self.precision, NEAR) else time


def _given(event: Any) -> Said | None:
    """Read an event that ptulsconv has taken apart: its text and its tags by key."""
    if event is None:
        return None
    tags = {str(key): str(value) for key, value in event["tags"].items()}
    codes = tuple(FLAG_KEYS[key] for key, value in tags.items() if key in FLAG_KEYS and value == key)
    fields = {
        VALUE_KEYS.get(key.casefold(), key): value for key, value in tags.items() if key not in (*FLAG_KEYS, "adr")
    }
    return Said(str(event["text"]), fields, codes)


# --------------------------------------------------------------------------------------------------------- which ones


def clip_cues(
    timeline: otio.schema.Timeline, rules: ClipCueRules, report: Report, known: Collection[str] = ()
) -> list[tuple[Any, Found]]:
    """Give the clips of a timeline that are cues, each with what it says; not those that `known` cues were read from."""
    clips = named_clips(timeline, known) if rules.which != "none" else []
    if not clips:
        return []
    dialect = _dialect(clips, rules)
    if dialect == "tags":
        return list(_in_tag_language(timeline, clips, rules, report))
    read = _in_edicue if dialect == "edicue" else _in_plain_words
    found: list[tuple[Any, Found]] = []
    for clip in clips:
        reading = read(clip, rules)
        tag = find_tag(clip.name)
        if reading is None or (clip.muted and tag is None):
            if reading is not None:
                report.note("cue-muted", where=clip.name, source=clip.origin)
            continue
        found.append((clip.clip, _found(clip, reading, strip_tag(clip.name), rules)))
    return found


def _dialect(clips: list[NamedClip], rules: ClipCueRules) -> Dialect:
    """Say in which notation the names are; where our tag stands in them, what follows it tells."""
    if rules.dialect != "auto":
        return rules.dialect
    tails = [part_at_tag(clip.name)[2] for clip in clips if find_tag(clip.name)]
    keys = rules.rules.tag_keys
    tracks = {clip.track for clip in clips}
    if not tails:
        texts = (text for clip in clips for text in (clip.name, clip.track, clip.comment))
        return dialect_of(texts, tracks, keys)
    if any(tails):
        return "tags"
    return "edicue" if dialect_of((), tracks) == "edicue" else "plain"


def _found(clip: NamedClip, reading: Reading, human: str, rules: ClipCueRules) -> Found:
    plain = PlainMarker(clip.start, clip.end - clip.start, human, origin=clip.origin)
    return Found(None, plain, find_tag(clip.name), None, reading, rules.vocabulary)


def _in_plain_words(clip: NamedClip, rules: ClipCueRules) -> Reading | None:
    tag = find_tag(clip.name)
    trusted = tag is not None or (rules.which == "all" and not clip.listed)
    if clip.listed and tag is None:
        return None
    reading = read_marker_text(strip_tag(clip.name), "", rules.signs("plain", clip.track, trusted=trusted))
    if reading is None or reading.character is not None or not trusted:
        return reading
    return dataclasses.replace(reading, character=clip.track or None)


def _in_edicue(clip: NamedClip, rules: ClipCueRules) -> Reading | None:
    """Read a clip of a track that is named as EdiCue names it; on other tracks only a tag makes a cue."""
    on_cue_track = dialect_of((), [clip.track]) == "edicue" or (rules.dialect == "edicue" and not clip.listed)
    if not on_cue_track and find_tag(clip.name) is None and rules.which != "all":
        return None
    said = read_edicue(strip_tag(clip.name))
    fields = {**read_edicue_track(clip.track), **said.fields}
    said = Said(unprotected_line(said.text), fields, (), said.reason_code)
    return said_reading("EdiCue", said, rules.signs("edicue", clip.track, trusted=True))


# ------------------------------------------------------------------------------------------------------- tag language


def _in_tag_language(
    timeline: otio.schema.Timeline, clips: list[NamedClip], rules: ClipCueRules, report: Report
) -> Iterator[tuple[Any, Found]]:
    """Read clips in the order of tracks, each with what is said around it."""
    context = _context(timeline, rules.rules.tag_keys)
    if rules.dialect == "auto" and _is_in_our_layout(clips, rules):
        rules = dataclasses.replace(rules, dialect="plain")
    held: list[_Spoken] = []
    for clip in clips:
        said, mode = _said(clip, rules.rules.tag_keys)
        tagged = find_tag(clip.name) is not None
        if clip.muted and not tagged:
            if "number" in said.fields:
                report.note("cue-muted", where=said.fields["number"], source=clip.origin)
            continue
        if mode == "@":
            context.ranges.append((clip.start, clip.end, said))
        elif mode == "&" and held and held[-1].clip.track == clip.track and clip.start >= held[-1].clip.end:
            held[-1] = held[-1].with_more(clip, said)
        else:
            held.append(_Spoken(clip, said, tuple(context.at(clip.start)), tagged))
    for one in held:
        found = one.found(rules)
        if found is not None:
            yield one.clip.clip, found


def _laid_out(clip: NamedClip, rules: ClipCueRules) -> Reading | None:
    plain = read_marker_text(clip.name, "", rules.signs("plain", clip.track, trusted=False))
    return plain if plain is not None and plain.number and plain.form.startswith("number character") else None


def _is_in_our_layout(clips: list[NamedClip], rules: ClipCueRules) -> bool:
    """Whether most clips read `R106 ROBIN: …`, so that what looks like a tag is in their lines."""
    if any(find_tag(clip.name) for clip in clips):
        return False
    return 2 * sum(_laid_out(clip, rules) is not None for clip in clips) > len(clips)


def _context(timeline: otio.schema.Timeline, keys: Collection[str]) -> TagContext:
    markers: list[tuple[Fraction, Said]] = []
    for marker in timeline.tracks.markers:
        plain = plain_marker(marker)
        if plain.attached_to is None and plain.kind == "marker" and not find_tag(plain.name):
            beside, said = read_tag_language(plain.comment, keys), read_tag_language(plain.name, keys)
            markers.append((plain.record_in, _merged([beside, said])))
    markers.sort(key=lambda one: one[0])
    return TagContext(read_tag_language(timeline.name, keys), markers)


def _said(clip: NamedClip, keys: Collection[str]) -> tuple[Said, str]:
    """Give what a clip says, and the sign it begins with: `@` a range, `&` more of the clip before, else none.

    Where our tag stands in the name, the line lies before it and the fields behind, and nothing in the line is a field.
    """
    if clip.given is not None:
        return clip.given, ""
    line, tag, fields = part_at_tag(clip.name)
    if tag:
        said = read_tag_language(fields, keys)
        return Said(unprotected_line(line.strip()), said.fields, said.codes), ""
    text = clip.name.strip()
    mode = text[:1] if text[:1] in ("@", "&", "!") else ""
    said = read_tag_language(text[len(mode) :].strip(), keys)
    return Said(unprotected_line(said.text), said.fields, said.codes), mode


def _merged(parts: Iterable[Said]) -> Said:
    """Put what several places say together; the later outweigh the earlier."""
    fields: dict[str, str] = {}
    codes: dict[tuple[str, str], None] = {}
    for said in parts:
        fields |= said.fields
        codes |= dict.fromkeys(said.codes)
    return Said("", fields, tuple(codes))


@dataclass(frozen=True)
class _Spoken:
    """A clip with what it says and what is said around it."""

    clip: NamedClip
    said: Said
    around: tuple[Said, ...]
    tagged: bool

    def with_more(self, clip: NamedClip, said: Said) -> _Spoken:
        """Give it with the text, the fields and the end of a clip that goes on with it."""
        text = " ".join(part for part in (self.said.text, said.text) if part)
        merged = _merged([self.said, said])
        longer = dataclasses.replace(self.clip, end=clip.end)
        return dataclasses.replace(self, clip=longer, said=dataclasses.replace(merged, text=text))

    def found(self, rules: ClipCueRules) -> Found | None:
        """Give it as a cue; None where it has no number, which in this language makes a cue."""
        keys = rules.rules.tag_keys
        comment, track = read_tag_language(self.clip.comment, keys), read_tag_language(self.clip.track, keys)
        around = [] if self.tagged else [*self.around, comment, track]
        whole = _merged([*around, self.said])
        plain = self.laid_out(rules)
        if plain is not None:
            return _found(self.clip, plain, self.clip.name, rules)
        every = rules.which == "all" and not self.clip.listed
        if "number" not in whole.fields and not self.tagged and not every:
            return None
        who = whole.fields.get("character") or track.text or self.clip.track
        text = dataclasses.replace(whole, text=self.said.text, fields={**whole.fields, "character": who})
        reading = said_reading("tag language", text, rules.signs("tags", self.clip.track, trusted=True))
        return _found(self.clip, reading, strip_human(self.clip.name), rules)

    def laid_out(self, rules: ClipCueRules) -> Reading | None:
        """Read a name that is in our own layout, `R106 ROBIN: …`, whatever its line looks like."""
        if self.tagged or self.clip.listed or rules.dialect != "plain":
            return None
        return _laid_out(self.clip, rules)


def strip_human(name: str) -> str:
    """Give a name as it was before its tag went in, which is what the tag's check was made of."""
    line, _, fields = part_at_tag(name)
    return f"{line.strip()} {fields.strip()}".strip()
