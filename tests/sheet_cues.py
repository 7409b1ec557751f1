"""Cues for the tests and benchmarks of cue sheets: generated ones with every field filled, in every script."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction

import opentimelineio as otio

from postsync.cueing import new_uid
from postsync.model import (
    Character,
    Cue,
    SyncPoint,
    TimelineFacts,
    character_name,
    cue_marker,
    put_characters,
    put_timeline_facts,
)
from postsync.model.cues import FLAGS, KINDS, REASONS, SCREENS, STATUSES
from postsync.timing import Rate

FILM = Rate.of(Fraction(24))

TEXTS = (
    "Hold there! What's his fault?", "<b>bold</b>", "\"quoted\" 'so', and; more", "=1+1", "'=1+1", "''=1+1", "-No!", "+49",
    "@SUM(A1)", "＝1+1", "שלום עולם", "住手！", "🎬 cut 👩‍👩‍👧", "two\nlines\n\nand a\ttab",
    "'tis", "'", "1-2", "001", "01:00:05", "1e5",
    "TRUE", "#REF!", "_x000D_ _x0041_", "Ça va — là-bas…", "Привет, мир", "مرحبا", "नमस्ते", "a" * 3000, "[laughs] $500 {softly}",
    "{adr=7KQ2M9XD}", "noise, tv; plane", "sep=;", "N/P", "|bar|",
)  # fmt: skip


def timeline_of(
    cues: Iterable[Cue], cast: Iterable[Character] = (), rate: Rate = FILM, start: int | None = None
) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline(name="R1")
    facts = TimelineFacts(rate, 3600 * rate.nominal if start is None else start)
    put_timeline_facts(timeline, facts)
    characters = {one.id: one for one in cast}
    put_characters(timeline, characters.values())
    for cue in cues:
        timeline.tracks.markers.append(cue_marker(cue, facts, character_name(characters, cue)))
    return timeline


CAST = (
    Character("robin", "ROBIN", actor="E. Flynn"),
    Character("14", "SISTER MARY-ANN / VO"),
    Character("老人", "老人", actor="Ōé"),
)


def generated_cues(count: int, seed: int = 1) -> list[Cue]:
    """Give cues in record order with every field that a sheet holds filled in some of them."""
    chance = random.Random(seed)
    taken: set[str] = set()
    return [_cue(place, chance, taken) for place in range(count)]


def _cue(place: int, chance: random.Random, taken: set[str]) -> Cue:
    def text() -> str | None:
        return chance.choice(TEXTS) if chance.random() < 0.5 else None

    def some(words: Iterable[str]) -> tuple[str, ...]:
        words = list(words)
        return tuple(chance.sample(words, chance.randrange(min(4, len(words)))))

    uid = new_uid(f"{place} {chance.random()}", taken)
    taken.add(uid)
    start = place * 60 + chance.randrange(12)
    exact = Fraction(chance.randrange(1, 1000), 24 * 1000) if chance.random() < 0.3 else None
    return Cue(
        uid=uid, number=f"R{place + 101:04}", former_numbers=some(["R1", "old, one", '"q"']), episode=text(), reel="1-2",
        scene=chance.choice(["12", "001", "1-2", None]), shot=text(), picture_version=text(), record_in=start,
        record_out=start + 40 if place % 7 else None,
        precise_in=None if exact is None else Fraction(start, 24) + exact,
        precise_out=Fraction(start + 40, 24) + exact if exact is not None and place % 7 else None,
        sync_points=(SyncPoint(Fraction(start, 24), "slam, hard"), SyncPoint(Fraction(1001, 24000))) if place % 5 == 0 else (),
        character=chance.choice(["robin", "14", "老人", None]), line=text(), production_line=text(),
        alternates=some(["Stop!", 'He said "no"', '"Quoted" start', "two\nlines", "a, b"]),
        translations={"de": "Halt!", "pt-BR": "Pare, por favor"} if place % 4 == 0 else {},
        kind=chance.choice([*KINDS, "Sync Fix"]), reasons=some([*REASONS, "AR4", "plane, car"]), reason_note=text(),
        uses=chance.choice([("theatrical",), ("tv", "airline"), ()]), flags=some([*FLAGS, "Rewrite"]),
        screen=chance.choice([*SCREENS, None]), priority=chance.choice([1, 2, 30, None]), direction=text(), note=text(),
        engineer_note=text(), pronunciation=text(), requested_by=text(), minutes=chance.choice(["4.5", "7", None]),
        pre_roll=chance.choice([Fraction(5), Fraction(1001, 240), None]), post_roll=chance.choice([Fraction(5, 2), None]),
        head_handle=chance.choice([Fraction(1), None]), tail_handle=chance.choice([Fraction(4), None]),
        status=chance.choice([*STATUSES, "In Dub"]), omitted_reason=text(), omitted_on=chance.choice(["2026-01-02", None]),
        group=text(), derived_from=chance.choice(["7KQ2M9XD", None]), colour=chance.choice(["red", "sky", None]),
        extra={"Cabin": "B", "Status": "as it was", "= sum": "x"} if place % 6 == 0 else {},
    )  # fmt: skip
