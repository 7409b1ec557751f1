"""A made show for the cue browser: six reels, forty characters, lines in eight scripts, every status, flags and takes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    Change,
    Character,
    Cue,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
)
from postsync.model.cues import STATUSES
from postsync.timing import Rate

LINES = (
    "Hold there! What's his fault?",
    "Żółta łódź płynie, a Größe zählt – où est-il?",
    "Πού πήγαν όλοι; Γιατί δεν απαντά κανείς;",
    "Стой! Кто идёт? Подойди ближе.",
    "עצור! לאן אתה הולך, 3 אנשים?",
    "قف! إلى أين أنت ذاهب؟",
    "站住！你在这里做什么？",
    "どこへ行くの？待ってください。 어디 가세요?",
)
HOSTILE = "</script><script>window.hurt=1</script><img src=x onerror=window.hurt=1>&lt;\u2028{{7*7}}=1+1\x07"


def made_show(count: int, hostile: str | None = None) -> Any:
    """Give a timeline of so many cues; with a hostile text it stands in every field of text of the first cue."""
    facts = TimelineFacts(Rate.of(Fraction(24)), 86400)
    timeline = otio.schema.Timeline("The Crossing")
    put_timeline_facts(timeline, facts)
    cast = [Character(f"C{place:02}", f"ROLE {place:02}", actor=f"Actor {place}") for place in range(40)]
    put_characters(timeline, cast)
    each = -(-count // 6)
    markers = []
    for place in range(count):
        reel, inside = divmod(place, each)
        start = reel * 86400 + 240 + inside * (24 * 60 * 20 // each) + (12 if inside % 7 == 3 else 0)
        cue = _cue(place, _uid(place), reel + 1, inside, start, hostile if place == 0 else None)
        markers.append(cue_marker(cue, facts))
    timeline.tracks.markers[:] = markers
    return timeline


def _uid(place: int) -> str:
    letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    text = ""
    for _ in range(8):
        place, rest = divmod(place, len(letters))
        text = letters[rest] + text
    return text


def _cue(place: int, uid: str, reel: int, inside: int, start: int, hostile: str | None) -> Cue:
    status = STATUSES[place % len(STATUSES)]
    takes = ({"uid": f"T{place}", "take": "1", "selected": "circled", "file": f"R{reel}_{inside}_tk01.wav"},)
    return Cue(
        uid=uid,
        number=hostile or f"R{reel}{inside + 1:03}",
        reel=str(reel),
        scene=str(10 + inside // 9),
        record_in=start,
        record_out=None if place % 50 == 49 else start + 48,
        character=f"C{place % 40:02}",
        line=hostile or LINES[place % len(LINES)],
        reasons=("noise",) if place % 3 else ("technical", "clarity"),
        uses=("theatrical", "tv") if place % 11 == 0 else ("theatrical",),
        flags=("optional",) if place % 13 == 0 else (),
        kind="group" if place % 17 == 0 else "line",
        note=hostile or ("Off mic, plane overhead." if place % 4 == 0 else None),
        direction=hostile,
        status=status,
        takes=takes if status in ("recorded", "selected", "cut", "approved_final") else (),
        history=(Change("2026-01-02", "merge", "line", "old words", hostile or "new words"),) if place % 5 == 0 else (),
        extra={"Mood": hostile} if hostile else {},
    )
