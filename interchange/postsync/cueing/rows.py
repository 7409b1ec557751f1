"""Cues as rows of text for people: what the table, the cue sheet and the command line all show."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio

from postsync.cueing.tags import strip_tag
from postsync.cueing.text import printable
from postsync.model import Cue, Project, character_name, timeline_characters, timeline_cues, timeline_facts
from postsync.timing import round_half_up

STRUCK_STATUSES = ("omitted", "lost", "replaced")
"""Cues that keep their number and their place in every list, struck through.

>>> STRUCK_STATUSES
('omitted', 'lost', 'replaced')
"""


@dataclass(frozen=True)
class CueRow:
    """One cue as people read it; every field is text, empty where nothing is known.

    >>> row = cue_rows(timeline)[0]
    >>> row.number, row.tc_in, row.character, row.struck
    ('R101', '01:00:00:08', 'ROSA', False)
    """

    number: str
    tc_in: str
    tc_out: str
    duration: str
    character: str
    actor: str
    line: str
    reasons: str
    reason_note: str
    kind: str
    uses: str
    flags: str
    priority: str
    screen: str
    direction: str
    note: str
    engineer_note: str
    status: str
    reel: str
    scene: str
    episode: str
    version: str
    colour: str
    uid: str
    struck: bool


def cue_rows(timeline: otio.schema.Timeline, project: Project | None = None) -> list[CueRow]:
    """Give the cues of a timeline as rows, in record order; the project fills in episode, version and reel.

    >>> [(row.number, row.tc_in, row.character) for row in cue_rows(timeline)][:2]
    [('R101', '01:00:00:08', 'ROSA'), ('R102', '01:00:01:10', 'JONAS')]
    """
    project = project or Project()
    facts = timeline_facts(timeline)
    characters = timeline_characters(timeline)
    rows: list[CueRow] = []
    for cue in timeline_cues(timeline):
        start, end = cue.seconds_in(facts), cue.seconds_out(facts)
        known = characters.get(cue.character or "")
        rows.append(
            CueRow(
                tc_in=facts.label(cue.record_in),
                tc_out="" if cue.record_out is None else facts.label(cue.record_out),
                duration="" if end is None else seconds_text(end - start),
                character=character_name(characters, cue),
                actor=(known.actor if known else None) or "",
                reel=cue.reel or project.reel_at(facts.start_frame + cue.record_in, facts.rate) or "",
                episode=cue.episode or project.episode or "",
                version=cue.picture_version or project.picture_version or "",
                **_texts(cue),
                struck=cue.status in STRUCK_STATUSES,
            )
        )
    return rows


def _texts(cue: Cue) -> dict[str, str]:
    """Give the fields that are text already, without tags and control characters."""
    texts = {
        name: printable(strip_tag(getattr(cue, name) or ""))
        for name in ("number", "line", "reason_note", "direction", "note", "engineer_note", "scene", "colour", "uid")
    }
    return texts | {
        "reasons": ", ".join(cue.reasons),
        "kind": _words(cue.kind),
        "uses": ", ".join(map(_words, cue.uses)),
        "flags": ", ".join(map(_words, cue.flags)),
        "priority": "" if cue.priority is None else str(cue.priority),
        "screen": _words(cue.screen or ""),
        "status": _words(cue.status),
    }


def _words(code: str) -> str:
    return code.replace("_", " ")


def seconds_text(duration: Fraction) -> str:
    """Give a length in seconds with one decimal, as cue sheets do.

    >>> seconds_text(Fraction(5, 3))
    '1.7'
    """
    tenths = round_half_up(duration * 10)
    sign = "-" if tenths < 0 else ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{rest}"
