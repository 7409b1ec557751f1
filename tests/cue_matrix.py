"""Thousands of made cues through models of what carriers do to text, with the tag and without it.

The suite runs a sample; `python benchmarks/cue_matrix.py` runs all of it and prints the table. The models know nothing of how
we lay a cue out: each takes a name, a note and times, does what a program of its kind does, and gives back what is left.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import opentimelineio as otio

from postsync.cueing import Carrier, lay_out, on_free_frames, spot
from postsync.cueing.cast import Cast
from postsync.cueing.merging.cue_values import cue_values
from postsync.cueing.merging.knowing_again import know_again, known_cues
from postsync.cueing.merging.written import note_lost_fields, take_snapshot
from postsync.cueing.tags import CUE_FIELDS, find_tag
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    Project,
    TimelineFacts,
    cue_marker,
    plain_marker,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, frame_at, seconds_of_frame

RATE = Rate.of(Fraction(24000, 1001))
START = 86400

WORDS = {
    script: words.split()
    for script, words in {
        "latin": "hold there what is his fault run now never again my brother the boat would wait café naïve Łódź déjà",
        "greek": "καλημέρα πού είναι ο αδελφός μου τρέξε τώρα ποτέ ξανά",
        "cyrillic": "никто не придёт сегодня где мой брат беги скорее",
        "hebrew": "שלום איפה אחי רוץ עכשיו לעולם לא",
        "arabic": "مرحبا أين أخي اركض الآن أبدا",
        "chinese": "你好 我的 兄弟 在哪里 快跑 永远 不会 再来 船 会 等",
        "japanese": "こんにちは 兄は どこ 走れ 今 二度と ない",
        "korean": "안녕 내 형제는 어디에 달려 지금 다시는",
        "thai": "สวัสดี พี่ชาย ของฉัน อยู่ที่ไหน วิ่ง",
    }.items()
}
HOSTILE = (
    "=SUM(A1)", "-No!", "+1", "@home", "$500", "[laughs]", "{softly}", '"quoted"', "it's", "a;b", "50%", "x=y", "a|b",
    "tab\there", "two\nlines", "🎬🎙️", "👩‍👩‍👧", "<b>bold</b>", "&amp;", "C:\\path\\", "(noise)", "…",
    "R101 ROBIN: no", "NOTE: x",
    "{adr=ABCDEFGH;n=X1}", "$QN=R999", "{Note=none}", "[TV]", "/ plane", "\u202eבּ", "e\u0301", "ﬁ", "%41%zz", "\\n",
)  # fmt: skip
NAMES = (
    "ROBIN", "MUCH", "LITTLE JOHN", "MARIAN", "Юрий", "李雷", "MÜLLER/ANNA", "Dr. Who", "O'NEIL", "ΝΙΚΟΣ", "דוד",
    "ليلى", "WOMAN #2",     "Guy 3 (drunk)", "ANNA-MARIA", "TV HOST", "花子", "민준", "BOY", "NARRATOR",
)  # fmt: skip


@dataclass(frozen=True)
class Model:
    """A carrier's limits as our writer knows them, and what the carrier itself does to name, note, in and length."""

    name: str
    carrier: Carrier
    text: Callable[[str], str] = str
    has_note: bool = True
    has_length: bool = True


def _cut(room: int) -> Callable[[str], str]:
    return lambda text: text[:room]


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


MODELS = (
    Model("name and note", Carrier()),
    Model("one line", Carrier(one_line=True), _one_line),
    Model(
        "one line without bars", Carrier(one_line=True, replaced="|"), lambda text: _one_line(text).replace("|", "/")
    ),
    Model("upper case", Carrier(one_line=True, upper=True), lambda text: _one_line(text).upper()),
    Model("ASCII", Carrier(one_line=True, ascii_only=True), lambda text: text.encode("ascii", "replace").decode()),
    Model("name only", Carrier(note=False, one_line=True), _one_line, has_note=False),
    Model(
        "MIDI-like: ASCII name, points",
        Carrier(note=False, one_line=True, ascii_only=True, points=True),
        lambda text: text.encode("ascii", "replace").decode(),
        has_note=False,
        has_length=False,
    ),
    Model("name of 64", Carrier(note=False, one_line=True, name_room=64), _cut(64), has_note=False),
    Model("note of 200", Carrier(one_line=True, name_room=40, note_room=200), _cut(200)),
    Model(
        "EDL locator: upper case name, points",
        Carrier(note=False, one_line=True, ascii_only=True, upper=True, points=True),
        lambda text: text.encode("ascii", "replace").decode().upper(),
        has_note=False,
        has_length=False,
    ),
    Model("one marker a frame", Carrier(one_line=True, one_per_frame=True), _one_line),
)


def made_timeline(count: int, seed: int) -> otio.schema.Timeline:
    """Make a reel of cues with hostile text in every script, some on one frame, some between frames."""
    dice = random.Random(seed)
    timeline = otio.schema.Timeline("R1")
    facts = TimelineFacts(RATE, START)
    put_timeline_facts(timeline, facts)
    cast = [Character(str(number), name, actor=f"Actor {number}") for number, name in enumerate(NAMES, 1)]
    put_characters(timeline, cast)
    frame = 100
    for number in range(1, count + 1):
        frame += dice.choice((0, 1, 12, 30, 60, 90, 200))
        who = dice.choice(cast)
        timeline.tracks.markers.append(cue_marker(_made_cue(number, frame, who, dice, facts), facts, who.name))
    return timeline


def _made_cue(number: int, frame: int, who: Character, dice: random.Random, facts: TimelineFacts) -> Cue:
    letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    rest = Fraction(dice.randrange(1, 2000), 48000 * 2) if dice.random() < 0.2 else Fraction(0)
    return Cue(
        uid="".join(letters[(number // 31**place + place * 7) % 31] for place in range(8)),
        number=f"R{1000 + number}",
        record_in=frame,
        record_out=frame + dice.randrange(1, 200),
        precise_in=seconds_of_frame(frame, facts.rate) + rest if rest else None,
        character=who.id,
        line=_text(dice),
        reasons=tuple(dice.sample(("noise", "technical", "added", "tv", "AR4"), dice.randrange(3))),
        reason_note=dice.choice((None, None, _text(dice)[:40].strip() or None)),
        priority=dice.choice((None, 1, 2, 3)),
        flags=tuple(dice.sample(("optional", "must", "hold"), dice.randrange(2))),
        kind=dice.choice(("line", "line", "effort", "group")),
        status=dice.choice(("spotted", "approved", "recorded")),
        note=dice.choice((None, None, None, _text(dice))),
        scene=dice.choice((None, "12A", "14")),
        reel=dice.choice((None, "R1")),
    )


def _text(dice: random.Random) -> str:
    words = WORDS[dice.choice(list(WORDS))]
    count = dice.choice((1, 2, 3, 5, 8, 13, 400 if dice.random() < 0.02 else 4))
    parts = [dice.choice(HOSTILE) if dice.random() < 0.12 else dice.choice(words) for _ in range(count)]
    return " ".join(parts)


def carried(
    timeline: otio.schema.Timeline,
    model: Model,
    *,
    tags: str = "full",
    shift: int = 0,
    edits: random.Random | None = None,
) -> otio.schema.Timeline:
    """Give what comes back from a carrier: its markers, read as cues. With `edits` a fifth of the lines are edited."""
    facts, cast = timeline_facts(timeline), timeline_characters(timeline)
    cues = timeline_cues(timeline)
    places = [(cue.record_in, cue.number or "") for cue in cues]
    frames = on_free_frames(places) if model.carrier.one_per_frame else [frame for frame, _ in places]
    returned = otio.schema.Timeline("back")
    put_timeline_facts(returned, facts)
    for cue, frame in zip(cues, frames, strict=True):
        late = frame - cue.record_in
        points = model.carrier.points or (cue.record_out or 0) - frame < 1
        sent = cue
        if edits is not None and edits.random() < 0.2:
            sent = dataclasses.replace(cue, line=edited(cue.line or "", edits))
        text = lay_out(sent, cast, dataclasses.replace(model.carrier, points=points), tags, nudge=late)
        name, note = model.text(text.name), model.text(text.comment) if model.has_note else ""
        length = max(0, (cue.record_out or frame) - frame) if model.has_length and not points else 0
        marker = PlainMarker(
            seconds_of_frame(frame + shift, facts.rate),
            seconds_of_frame(length, facts.rate),
            name,
            note,
            origin=cue.uid,
        )
        returned.tracks.markers.append(to_otio_marker(marker, facts.rate.fps))
    spot(returned, Project(), Report(), all_markers=True, dialect="plain")
    return returned


def edited(line: str, dice: random.Random) -> str:
    """Edit a line as people do: a word changed, taken out, put in, or the end said anew."""
    words = line.split() or ["no"]
    place = dice.randrange(len(words))
    how = dice.randrange(4)
    if how == 0:
        words[place] = dice.choice(("maybe", "нет", "不"))
    elif how == 1 and len(words) > 1:
        del words[place]
    elif how == 2:
        words.insert(place, dice.choice(("really", "очень", "很")))
    else:
        words = [*words[: max(1, len(words) - 2)], "instead"]
    return " ".join(words)


@dataclass(frozen=True)
class Kept:
    """What came through a carrier with the tag: cues known by uid, fields that the tag holds, those wrong, those unnamed."""

    cues: int
    uids: int
    fields: int
    wrong: list[str]
    unnamed: list[str]


def kept_with_tag(timeline: otio.schema.Timeline, model: Model) -> Kept:
    """Send every cue with its whole tag and compare each field that fits the block; the rest must be named."""
    returned = carried(timeline, model)
    facts = timeline_facts(timeline)
    mine, their = (Cast(timeline_characters(one).values()) for one in (timeline, returned))
    back = {cue.uid: cue for cue in timeline_cues(returned)}
    tags = {}
    for marker in returned.tracks.markers:
        plain = plain_marker(marker)
        tag = find_tag(plain.comment) or find_tag(plain.name)
        if tag is not None:
            tags[tag.uid] = tag
    snapshot = take_snapshot(timeline, returned, "model", model.name)
    report = Report()
    note_lost_fields(snapshot, model.name, report, timeline_facts(timeline))
    named = {loss.facts["field"].replace(" ", "_") for loss in report}
    checked, wrong, unnamed = 0, [], []
    for cue in timeline_cues(timeline):
        other = back.get(cue.uid)
        if other is None:
            continue
        was, shown = cue_values(cue, facts, mine), cue_values(other, facts, their)
        fits = {row.name for row in CUE_FIELDS} if not tags[cue.uid].cut else set()
        for name in was:
            if name in fits or name in ("in", "out"):
                checked += 1
                on_frame = name == "in" and frame_at(Fraction(was["in"]), facts.rate) == frame_at(
                    Fraction(shown["in"]), facts.rate
                )
                if was[name] != shown[name] and not on_frame:
                    wrong.append(f"{cue.number} {name}: {was[name]!r} came back as {shown[name]!r}")
            if was[name] != shown[name] and was[name] not in (None, [], {}) and name not in named:
                unnamed.append(f"{cue.number} {name}")
    return Kept(len(timeline_cues(timeline)), len(set(back) & set(tags)), checked, wrong, unnamed)


@dataclass(frozen=True)
class Rejoined:
    """What was known again without any tag: cues, rightly joined, wrongly joined, left for a person."""

    cues: int
    right: int
    wrong: int
    unsure: int
    new: int


def rejoined_without_tag(timeline: otio.schema.Timeline, model: Model, seed: int, shift: int = 240) -> Rejoined:
    """Send cues without tags, a fifth of the lines edited, all times shifted, and see which cue each is taken for."""
    returned = carried(timeline, model, tags="none", shift=shift, edits=random.Random(seed))
    truth = {}
    for marker in returned.tracks.markers:
        block = marker.metadata["postsync"]
        truth[block["cue"]["uid"]] = block["marker"]["origin"]
    ours, theirs = known_cues(timeline), known_cues(returned)
    joined = know_again(ours, theirs, RATE.seconds_per_frame)
    right = sum(ours[pair.ours].uid == truth[theirs[pair.theirs].uid] for pair in joined.pairs)
    left = len(theirs) - len(joined.pairs) - len(joined.unsure)
    return Rejoined(len(theirs), right, len(joined.pairs) - right, len(joined.unsure), left)
