"""A document of timed text, written: the head with who speaks, then an event for each cue; shared by TTML and DAPT."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

import opentimelineio as otio

from postsync.cueing import TagLevel
from postsync.model import Character, TimelineFacts, timeline_characters, timeline_facts, to_json
from postsync_adapters._carried import Spoken, short_decimal_text
from postsync_adapters._ttml import DAPT, EBU, ID_AHEAD, METADATA, OURS, PARAMETER, TT
from postsync_adapters._xml import xml_text

_NAMESPACES = {"xmlns": TT, "xmlns:ttm": METADATA, "xmlns:ttp": PARAMETER, "xmlns:daptm": DAPT, "xmlns:postsync": OURS}

PLACES = 12
"""Decimals of the seconds that we write."""


@dataclass(frozen=True)
class Shape:
    """How a document of one format is written: the attributes of its root and the element that states the start."""

    root: Mapping[str, str]
    start: str
    ebu: bool = False


def attributes(values: Mapping[str, str | None]) -> str:
    """Write attributes; those without a value are left out."""
    return "".join(f" {name}={quoteattr(xml_text(value))}" for name, value in values.items() if value is not None)


def element(name: str, text: str, **values: str | None) -> str:
    """Write an element that holds text."""
    named = {key.replace("__", ":"): value for key, value in values.items()}
    return f"<{name}{attributes(named)}>{escape(xml_text(text))}</{name}>"


def text_of(text: str) -> str:
    """Write a text with its breaks."""
    return "<br/>".join(escape(xml_text(row)) for row in text.split("\n"))


def seconds_of(seconds: Fraction) -> str:
    """Write seconds as an offset time."""
    return short_decimal_text(max(Fraction(0), seconds), PLACES) + "s"


def times_of(cue: Spoken) -> dict[str, str | None]:
    """Give begin and end; a point has no end."""
    return {"begin": seconds_of(cue.start), "end": None if cue.end is None else seconds_of(cue.end)}


def identity_of(cue: Spoken, tags: TagLevel) -> dict[str, str | None]:
    """Give the id under which a cue is known again."""
    return {"xml:id": None if tags == "none" else f"{ID_AHEAD}{cue.cue.uid}"}


def record_of(cue: Spoken, tags: TagLevel) -> str:
    """Give the element with the whole record, at level `full`."""
    if tags != "full":
        return ""
    record = {**to_json(cue.cue), "character_name": cue.character}
    return element("postsync:record", json.dumps(record, ensure_ascii=False))


class Agents:
    """The speakers of a document by name, with their ids."""

    def __init__(self, cues: Iterable[Spoken], cast: Mapping[str, Character]) -> None:
        self.ids: dict[str, str] = {}
        self._actors: dict[str, str] = {}
        for cue in cues:
            if cue.character and cue.character not in self.ids:
                self.ids[cue.character] = f"character_{len(self.ids) + 1}"
                known = cast.get(cue.cue.character or "")
                if known is not None and known.actor:
                    self._actors[cue.character] = known.actor

    def elements(self) -> Iterator[str]:
        """Yield the agents: people first, then the characters that they play."""
        people = {name: f"actor_{place}" for place, name in enumerate(dict.fromkeys(self._actors.values()), 1)}
        for name, key in people.items():
            full = element("ttm:name", name, type="full")
            yield f'<ttm:agent type="person" xml:id="{key}">{full}</ttm:agent>'
        for name, key in self.ids.items():
            actor = self._actors.get(name)
            played = f'<ttm:actor agent="{people[actor]}"/>' if actor else ""
            alias = element("ttm:name", name, type="alias")
            yield f'<ttm:agent type="character" xml:id="{key}">{alias}{played}</ttm:agent>'


def document(timeline: otio.schema.Timeline, shape: Shape, agents: Agents, events: Iterable[str]) -> Iterator[str]:
    """Yield a whole document piece by piece."""
    facts = timeline_facts(timeline)
    named = {**_NAMESPACES, **({"xmlns:ebuttm": EBU} if shape.ebu else {})}
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<tt{attributes({**named, **shape.root, **_rate(facts)})}>\n'
    start = element(shape.start, facts.start_timecode)
    yield "<head>\n<metadata>\n"
    if timeline.name:
        yield element("ttm:title", timeline.name) + "\n"
    yield (f"<ebuttm:documentMetadata>{start}</ebuttm:documentMetadata>" if shape.ebu else start) + "\n"
    yield from (f"{one}\n" for one in agents.elements())
    yield "</metadata>\n</head>\n<body>\n"
    yield from events
    yield "</body>\n</tt>\n"


def _rate(facts: TimelineFacts) -> dict[str, str | None]:
    """State the frame rate, by which frames are known again from seconds."""
    nominal = facts.rate.nominal
    share = facts.rate.fps / nominal
    return {
        "ttp:frameRate": str(nominal),
        "ttp:frameRateMultiplier": None if share == 1 else f"{share.numerator} {share.denominator}",
        "ttp:dropMode": "dropNTSC" if facts.rate.drop else None,
    }


def cast_of(timeline: otio.schema.Timeline) -> dict[str, Character]:
    """Give the cast by id."""
    return timeline_characters(timeline)
