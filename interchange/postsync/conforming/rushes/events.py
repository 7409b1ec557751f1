"""The sound events of an edit: what each clip of the mix says of the moment that it plays.

The channels of one edit are one event, as Media Composer and Pro Tools lay a mono clip on each of two tracks. Where an edit has
no sound at all its pictures speak. Formats keep scene, take and roll in columns of a bin, in logging information, in keywords
of their own or in the clip's name alone; each place is a row of the tables below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

import opentimelineio as otio

from postsync.conforming.names import bare_name, shooting_day
from postsync.conforming.rushes.reading import day_in_name, day_of_date, folded, slate
from postsync.model import PlacedClip, PlacedTrack, placed_tracks

Kinds = Literal["auto", "sound", "picture"]

SCENE_WORDS = ("scene",)
TAKE_WORDS = ("take", "shottake")
ROLL_WORDS = (
    "soundroll",
    "sound roll",
    "sound tape",
    "audio roll",
    "audioroll",
    "sound tc roll",
    "aux roll",
    "reel as written",
)
DAY_WORDS = ("shoot date", "shootdate", "shooting date", "date recorded", "recorddate")
FILE_WORDS = ("sound file", "audio file", "wav", "source file", "original file", "aux file")
"""Names of columns, in any case, and what they hold."""

_MARKED = re.compile(r'key="[^"]*?(?P<key>scene|take|reel|soundroll)"\s+value="(?P<value>[^"]*)"', re.IGNORECASE)
"""Metadata of FCPXML, which is kept as text: `com.apple.proapps.studio.scene` and its like."""

NUMBER_OF_NO_ROLL = "1"
"""Editors write reel `001` for what has none. Where the edit has other numbers too, it is the first roll of the shoot."""

_NO_ROLLS = frozenset({"", "AX", "BL", "BLACK", "GEN", "BARS", "AUX"})
_AVID_COPIES = re.compile(r"(?:\.(?:NEW|COPY|SUB)\.\d+)+$")
_EXTENSION = re.compile(r"\.(?:WAV|BWF|MOV|MXF|MP4|AIFF?|AAF)$")
_SCENE_WORD = re.compile(r"^(?:SCENE|SC|S(?=[\s._-]?\d))[\s._-]*")
_PARTS = re.compile(r"[\s_/.,:()-]+")
_TAKE = re.compile(r"^(?:TAKE|TK|T)?0*(?P<take>\d{1,3})(?P<camera>[A-Z]{0,2})$")
_JOINED = re.compile(r"^(?P<scene>\d[0-9A-Z]*?)(?:TAKE|TK|T)0*(?P<take>\d{1,3})$")
_URN = re.compile(r"^(?:URN:SMPTE:UMID:|UUID:)")

SceneTake = tuple[str, str]


@dataclass(frozen=True)
class Event:
    """One edit of the mix. Times in exact seconds; texts folded as the index has them.

    `source` is where it begins by its source's timecode and `used` how much of that it plays, `media_start` and
    `media_duration` are those of the source where the edit states them. `said_days` are shooting days with the name that says
    each, empty for a roll or a column.
    """

    number: int
    track: str
    clips: tuple[PlacedClip, ...]
    name: str
    record_in: Fraction
    duration: Fraction
    source: Fraction
    used: Fraction
    speed: Fraction
    media_start: Fraction
    media_duration: Fraction | None
    roll: str | None = None
    roll_text: str | None = None
    files: frozenset[str] = frozenset()
    uids: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    said_days: frozenset[tuple[str, str]] = frozenset()
    scene_takes: frozenset[SceneTake] = frozenset()
    is_picture: bool = False

    @property
    def record_out(self) -> Fraction:
        """The exclusive end."""
        return self.record_in + self.duration

    @property
    def timed(self) -> bool:
        """Whether it says where in its source it lies: lists give untimed material 00:00:00:00."""
        return self.source > 0 or self.media_start > 0

    @property
    def clip(self) -> PlacedClip:
        """The clip of its first channel."""
        return self.clips[0]


def events_of(timeline: Any, kinds: Kinds = "auto") -> list[Event]:
    """Give the events of a timeline in order of time: its sound, or its pictures where it has none or they are asked for."""
    tracks = placed_tracks(timeline)
    sound = [track for track in tracks if track.kind == "audio"]
    has_sound = any(track.clips for track in sound)
    chosen = (
        sound if kinds == "sound" or (kinds == "auto" and has_sound) else [one for one in tracks if one.kind == "video"]
    )
    found = list(_Told().events(chosen))
    numbers = {one.roll for one in found if one.roll and one.roll.isdecimal()}
    if numbers == {NUMBER_OF_NO_ROLL}:
        found = [replace(one, roll=None, roll_text=None) if one.roll in numbers else one for one in found]
    return list(_joined(found))


@dataclass
class _Told:
    """Reads what clips say; what names of one spelling mean is found out once."""

    known: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict[tuple[Any, ...], dict[str, Any]])

    def events(self, tracks: Iterable[PlacedTrack]) -> Iterator[Event]:
        for track in tracks:
            for clip in track.clips:
                if clip.duration > 0 and _may_have_rushes(clip):
                    yield self._event(track, clip)

    def _event(self, track: PlacedTrack, clip: PlacedClip) -> Event:
        speed = clip.facts.speed
        used = clip.duration * abs(speed)
        if clip.facts.retime:
            values = [value for _, value in clip.facts.retime]
            used = max(values) - min(values)
        return Event(
            0, track.name, (clip,), clip.clip.name or clip.media.name or "", clip.record_in, clip.duration,
            clip.source_start, used, speed, clip.media_start, clip.media_duration, is_picture=track.kind == "video",
            **self._names(clip),
        )  # fmt: skip

    def _names(self, clip: PlacedClip) -> dict[str, Any]:
        columns = _columns(clip)
        key = (clip.clip.name, clip.url, clip.media.name, clip.media.tape, clip.media.uid, *columns.items())
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = _read(clip, columns)
        return found


def _may_have_rushes(clip: PlacedClip) -> bool:
    """Leave out what no recorder recorded: generators, stills, freezes, black, and ADR that was placed."""
    media = clip.clip.media_reference
    if isinstance(media, otio.schema.GeneratorReference) or clip.media.kind == "still":
        return False
    if clip.facts.cue_uid or not clip.facts.speed:
        return False
    return folded(clip.media.tape or "") not in ("BL", "BLACK") and (clip.clip.name or "").upper() not in (
        "BL",
        "BLACK",
    )


def _columns(clip: PlacedClip) -> dict[str, str]:
    """Give what bins and loggers noted of a clip, by names in small letters."""
    found: dict[str, str] = {}
    for table in (clip.facts.extra, clip.media.extra.get("columns"), clip.media.extra):
        if isinstance(table, Mapping):
            found |= {
                str(name).lower(): value.strip() for name, value in table.items()
                if isinstance(value, str) and value.strip()
            }  # fmt: skip
    kept = clip.clip.metadata.get("fcpxml")
    xml = kept.get("xml") if kept is not None else None
    if isinstance(xml, str) and "value=" in xml:
        found |= {match["key"].lower(): match["value"] for match in _MARKED.finditer(xml) if match["value"]}
    kept = clip.clip.metadata.get("edl")
    written = str(kept.get("event") or "").split()[1:2] if kept is not None and not clip.media.tape else []
    if written and folded(written[0]) == NUMBER_OF_NO_ROLL:
        found["reel as written"] = written[0]
    return found


def _first(columns: Mapping[str, str], words: Iterable[str]) -> str | None:
    return next((columns[word] for word in words if columns.get(word)), None)


def _read(clip: PlacedClip, columns: Mapping[str, str]) -> dict[str, Any]:
    """Give roll, names, identities, days, scenes and takes of a clip."""
    roll_text = _first(columns, ROLL_WORDS) or clip.media.tape
    roll = folded(roll_text) if roll_text else ""
    texts = [text for text in (clip.clip.name, clip.media.name, clip.url, _first(columns, FILE_WORDS)) if text]
    texts += [source.name or source.url or "" for source in clip.facts.sources]
    names = [text for text in (clip.clip.name, clip.media.name) if text]
    scene, take = _first(columns, SCENE_WORDS), _first(columns, TAKE_WORDS)
    stated = slate(scene, take)
    scene_takes = frozenset({stated}) if stated else _scene_takes_of(names)
    day = _first(columns, DAY_WORDS)
    said = {(day_of_date(day) or day_in_name(day), "") if day else (None, "")}
    said |= {(shooting_day(bare_name(text)), bare_name(text)) for text in texts}
    said |= {(day_in_name(roll_text), "")} if roll_text else set[tuple[str | None, str]]()
    said_days = frozenset((one, text) for one, text in said if one)
    uids = {identity(clip.media.uid)} if clip.media.uid else set[str]()
    return {
        "roll": roll if roll not in _NO_ROLLS else None, "roll_text": roll_text, "scene_takes": scene_takes,
        "files": frozenset(bare_name(text) for text in texts if text.strip()), "uids": frozenset(uids),
        "days": frozenset(one for one, _ in said_days), "said_days": said_days,
    }  # fmt: skip


def identity(text: str) -> str:
    """Give an identity as it is compared: an AAF writes a UMID as a URN with dots, a WAV as bytes."""
    plain = _URN.sub("", text.strip().upper())
    return re.sub(r"[^0-9A-Z]", "", plain) if len(plain) > 30 else plain


def _scene_takes_of(names: Iterable[str]) -> frozenset[SceneTake]:
    return frozenset(found for name in names for found in scene_takes(name))


def scene_takes(name: str) -> list[SceneTake]:
    """Give every scene and take that a name can mean; which of them exist the index knows.

    >>> scene_takes("68A-4A"), scene_takes("Sc 12 Take 03.new.01"), ("2C", "1") in scene_takes("SR001-2C-01_02")
    ([('68A', '4')], [('12', '3')], True)
    """
    text = _EXTENSION.sub("", _AVID_COPIES.sub("", name.strip().upper().replace("\\\\", "/")))
    parts = [part for part in _PARTS.split(_SCENE_WORD.sub("", text)) if part]
    parts = [part for part in parts if part not in ("TAKE", "TK", "T", "SCENE", "SC")]
    found: list[SceneTake] = []
    for place in range(1, len(parts)):
        match = _TAKE.match(parts[place])
        if match is not None:
            found.append((folded(parts[place - 1]), match["take"]))
            if place > 1:
                found.append((folded(parts[place - 2] + parts[place - 1]), match["take"]))
    joined = _JOINED.match(parts[0]) if parts else None
    if joined is not None:
        found.append((folded(joined["scene"]), joined["take"]))
    return list(dict.fromkeys(found))


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """Yield events in order of time, the channels of one edit as one."""
    groups: dict[tuple[Any, ...], list[Event]] = {}
    for one in events:
        key = (one.record_in, one.duration, one.source, one.speed, one.roll, one.files if not one.roll else one.name)
        groups.setdefault(key, []).append(one)
    ordered = sorted(groups.values(), key=lambda group: group[0].record_in)
    for number, group in enumerate(ordered):
        clips = tuple(clip for one in group for clip in one.clips)
        yield replace(group[0], number=number, clips=clips)
