"""A made feature for tests of paper: reels, a cast of forty, lines in eight scripts, every kind of cue that paper knows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.model import (
    Character,
    Cue,
    Project,
    Take,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    to_json,
)
from postsync.timing import as_rate

LINES = (
    "Hold there! What's his fault?",
    "Ελάτε εδώ, σας παρακαλώ· δεν θα αργήσω.",
    "Русский текст: послушай меня, я вернусь.",
    "שלום עולם, מה שלומך (היום) 123?",
    "مرحبا بالعالم، كيف الحال اليوم؟",
    "你好，世界，你要去哪里？",
    "こんにちは、世界。行きましょう。",
    "안녕하세요 세계, 어디 가세요?",
)
"""One line in each script: Latin, Greek, Cyrillic, Hebrew, Arabic, Chinese, Japanese, Korean."""

HOSTILE = (
    "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "=1+1", "@SUM(A1)", "+49", "-No!", "＝1", "\t=1",
    "#strong[x] $a$ *b* _c_ `d` \\u{41} @ref <label> //", "{adr=7KQ2M9XD;n=R1} said", "bell\x07 and escape\x1b[31m",
    "&amp; \" '",
    "\u202eright to left", "one\ntwo", "x" * 400,
)  # fmt: skip


def character(number: int) -> Character:
    """One of the cast; the last is the group."""
    name = "CROWD" if number == 39 else f"ROBIN {number}" if number else "ROBIN / HOOD"
    return Character(f"c{number}", name, actor=f"Actor {number}", is_group=number == 39)


def cue(reel: int, number: int) -> Cue:
    """One cue of a reel: by its number omitted, TV, optional, an effort, recorded, or just a line."""
    takes = tuple(
        to_json(Take(uid=f"T{reel}{number}{take}", take=str(take), selected="circled" if take == 2 else None,
                     file=f"R{reel}{number:02}_tk{take}.wav", microphone="U87" if take == 1 else None, note="good"))
        for take in (1, 2)
    ) if number % 6 == 5 else ()  # fmt: skip
    return Cue(
        uid=f"{reel}{number:03}".translate(str.maketrans("0123456789", "ABCDEFGHJK")) + "QRST",
        number=f"R{reel}{number:02}",
        reel=f"R{reel}",
        scene=str(number // 10 + 1),
        record_in=number * 100,
        record_out=number * 100 + 40,
        character=f"c{number % 40}",
        line=LINES[number % 8],
        production_line="Hold there, damn it!" if number % 13 == 0 else None,
        reasons=("tv",) if number % 13 == 0 else ("noise",),
        reason_note="plane" if number % 5 == 0 else None,
        direction="whispered" if number % 4 == 0 else None,
        note="ask Anna" if number % 7 == 0 else None,
        kind="effort" if number % 17 == 3 else "line",
        uses=("tv",) if number % 13 == 0 else ("theatrical",),
        flags=("optional",) if number % 9 == 0 else ("to_be_written",) if number % 19 == 1 else (),
        requested_by="Anna" if number % 10 == 0 else None,
        status="omitted" if number % 11 == 10 else "recorded" if takes else "spotted",
        takes=takes,
    )


def reel(number: int, cues: int = 150, *, extra: tuple[Cue, ...] = ()) -> Any:
    """One reel of the show."""
    facts = TimelineFacts(as_rate("24"), number * 86_400)
    timeline = otio.schema.Timeline(f"R{number} v12")
    put_timeline_facts(timeline, facts)
    cast = {one.id: one for one in map(character, range(40))}
    put_characters(timeline, cast.values())
    for one in (*(cue(number, place) for place in range(cues)), *extra):
        timeline.tracks.markers.append(
            cue_marker(one, facts, cast[one.character].name if one.character in cast else "")
        )
    return timeline


def feature(reels: int = 6, cues: int = 150) -> tuple[Any, ...]:
    """The whole show: six reels, forty characters, nine hundred cues."""
    return tuple(reel(number, cues) for number in range(1, reels + 1))


def later(cues: int = 150) -> Any:
    """Reel 1 a revision later: one line changed, one moved, one omitted, one new."""
    timeline = reel(1, cues)
    changes = {
        1: {"line": "Ελάτε."},
        2: {"record_in": 220, "record_out": 260},
        3: {"status": "omitted"},
    }
    facts, cast = TimelineFacts(as_rate("24"), 86_400), {one.id: one for one in map(character, range(40))}
    made = [replace(cue(1, place), **changes.get(place, {})) for place in range(cues)]
    made.append(replace(cue(1, 4), uid="NEWQRSTX", number="R104A", record_in=430, record_out=440))
    timeline.tracks.markers[:] = [cue_marker(one, facts, cast[one.character or "c0"].name) for one in made]
    return timeline


PROJECT = Project(show="The Crossing", episode="104", minutes={"line": Fraction(5), "effort": Fraction(5, 2)})
