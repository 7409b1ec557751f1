"""Sessions of recorded takes as stages name them, made by chance with the truth beside them.

Every habit is one that is met: tracks named with the cue, track numbers of Pro Tools, folders, recorders' scenes, the log; and
every mishap: slips of the hand, copies, missing stamps, stamps at the wrong rate, takes of cues that are in no list.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.model import Character, Cue, TimelineFacts
from postsync.placing import LogRow, TakeFile, TakeLog
from postsync.timing import as_rate, samples_of_frame

CAST = [
    Character("1", "ROBIN", "R"), Character("2", "MARIAN", "M"), Character("3", "LITTLE JOHN", "LJ"),
    Character("4", "SHERIFF", "S"), Character("5", "TUCK", "T"),
]  # fmt: skip

STYLES: dict[str, Callable[[int, Character, int], str]] = {
    "plain": lambda n, who, reel: str(n),
    "prefix reel sequence": lambda n, who, reel: f"{who.prefix}{reel}{n % 100:02}",
    "reel thousand": lambda n, who, reel: f"{reel * 1000 + n}",
    "reel dash": lambda n, who, reel: f"R{reel}-{n}",
    "reel character": lambda n, who, reel: f"R{reel}-{who.prefix}-{n:03}",
    "reel letter": lambda n, who, reel: f"{reel}A{n:02}",
    "ADR number": lambda n, who, reel: f"ADR{n:03}",
}
"""Shapes of cue numbers: the number from 1 on, the character, the reel."""


@dataclass
class Session:
    """Cues, takes, and by the name of each take's file the uid of its cue (None: of no cue in the list) and its habit."""

    style: str
    cues: list[Cue]
    facts: TimelineFacts
    takes: list[TakeFile] = field(default_factory=list)
    truth: dict[Path, str | None] = field(default_factory=dict)
    habits: dict[Path, str] = field(default_factory=dict)
    log: TakeLog = field(default_factory=TakeLog)
    characters: dict[str, Character] = field(default_factory=lambda: {one.id: one for one in CAST})


def made_cues(style: str, count: int, rng: random.Random, facts: TimelineFacts) -> list[Cue]:
    """Cues every few seconds; now and then two characters speak at once."""
    cues, at, taken = [], 240, set[str]()
    for number in range(1, count + 1):
        who = rng.choice(CAST)
        reel = 1 + number * 4 // (count + 1)
        name = STYLES[style](number, who, reel)
        while name in taken:
            name += "A"
        taken.add(name)
        length = rng.randrange(24, 140)
        uid = "".join(rng.choice("ABCDEFGHJKMNPQRSTUVWXYZ23456789") for _ in range(8))
        cues.append(
            Cue(uid=uid, number=name, record_in=at, record_out=at + length, character=who.id, line=f"line {number}")
        )
        at += rng.choice([length // 2, length + 20, length + 60, length + 240])
    return cues


def slip(text: str, rng: random.Random) -> str:
    """A name with one slip of the hand in it."""
    kinds = ["confuse", "double", "drop", "swap"]
    kind, place = rng.choice(kinds), rng.randrange(len(text))
    if kind == "confuse":
        pairs = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z"}
        places = [number for number, letter in enumerate(text) if letter in pairs]
        if places:
            place = rng.choice(places)
            return text[:place] + pairs[text[place]] + text[place + 1 :]
    if kind == "drop" and len(text) > 2:
        return text[:place] + text[place + 1 :]
    if kind == "swap" and place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + text[place] + text[place:]


HABITS: dict[str, Callable[[str, Character, int, random.Random], str]] = {
    "number and T": lambda n, who, t, rng: f"{n}_T{t:02}",
    "number and pass": lambda n, who, t, rng: f"{n}_{t:02}",
    "number, character, tk": lambda n, who, t, rng: f"{n} {who.name.title()} tk{t}",
    "character first": lambda n, who, t, rng: f"{who.name.replace(' ', '_')}_{n}_T{t}",
    "ADR before": lambda n, who, t, rng: f"ADR_{n}_TAKE_{t}",
    "edit of a pass": lambda n, who, t, rng: f"{n}_{t:02}-{rng.randrange(1, 9):02}",
    "process": lambda n, who, t, rng: f"{n}_tk{t}-Gain_{rng.randrange(1, 9):02}",
    "channel": lambda n, who, t, rng: f"{n}_T{t:02}.A1",
    "show before": lambda n, who, t, rng: f"SHERWOOD_EP203_{n}_T{t}",
    "date before": lambda n, who, t, rng: f"2026-03-{rng.randrange(10, 28)} {n} take {t}",
    "pick-up": lambda n, who, t, rng: f"{n}_T{t}_PU",
    "circled": lambda n, who, t, rng: f"{n}_T{t}_CIRC",
    "lower case": lambda n, who, t, rng: f"{n}_{who.name}_t{t}".lower().replace(" ", "-"),
}
OTHER_HABITS = ("track number", "character track", "folder", "scene", "log", "uid")


def made_session(style: str, seed: int, takes: int = 1000, cues: int = 250) -> Session:
    """A session of some takes; the same for the same seed."""
    rng = random.Random(f"{style} {seed}")
    facts = TimelineFacts(as_rate("24000/1001"), 86_400, sample_rate=48_000)
    session = Session(style, made_cues(style, cues, rng, facts), facts)
    counters: dict[str, int] = {}
    rows: list[LogRow] = []
    while len(session.takes) < takes:
        _add_take(session, rng, counters, rows)
    session.log.add(rows)
    return session


def _add_take(session: Session, rng: random.Random, counters: dict[str, int], rows: list[LogRow]) -> None:
    cue = rng.choice(session.cues)
    who = session.characters[str(cue.character)]
    counters[cue.uid] = number = counters.get(cue.uid, 0) + 1
    habit = rng.choice([*HABITS, *OTHER_HABITS])
    folder, scene, stamped, truth = Path("/takes"), None, True, cue.uid
    text = str(cue.number)
    mishap = rng.random()
    if mishap < 0.06:
        text, habit = slip(text, rng), f"slip, {habit}"
    elif mishap < 0.12:
        stamped = False
    elif mishap < 0.15:
        habit, truth = "no cue of ours", None
    make = HABITS.get(habit.removeprefix("slip, "))
    if habit == "no cue of ours":
        name = rng.choice(["Room tone", f"R9{rng.randrange(900, 999)}_T1", "WILD walla 3", "slate", f"XZ{number}77_T2"])
    elif make is not None:
        name = make(text, who, number, rng)
    else:
        name, folder, scene, stamped = _other(habit.removeprefix("slip, "), text, cue, who, number, rng, stamped)
    path = folder / f"{name}.wav"
    while path in session.truth:
        path = path.with_name(f"{path.stem}.dup{rng.randrange(1, 99)}.wav")
    take = _take(path, cue, session.facts, rng, stamped=stamped, scene=scene, number=number, elsewhere=truth is None)
    if habit.endswith("log"):
        rows.append(LogRow(f"log.csv:{len(rows) + 2}", file=path.name, cue=cue.number, take=str(number)))
    session.takes.append(take)
    session.truth[path], session.habits[path] = truth, habit
    if mishap > 0.97:
        copy = path.with_name(f"{path.stem} copy.wav")
        session.takes.append(_moved(take, copy))
        session.truth[copy], session.habits[copy] = truth, "copy"


def _other(
    habit: str, text: str, cue: Cue, who: Character, number: int, rng: random.Random, stamped: bool
) -> tuple[str, Path, str | None, bool]:
    folder = Path("/takes")
    if habit == "folder":
        return f"Audio 1_{rng.randrange(1, 99):02}", folder / text, None, stamped
    if habit == "scene":
        return f"{rng.randrange(10**5, 10**6)}_{number:03}", folder, text, stamped
    if habit == "uid":
        return f"{cue.uid} {number}", folder, None, stamped
    if habit == "log":
        return f"ZOOM{rng.randrange(10**4):04}", folder, None, stamped
    if habit == "character track":
        return f"{who.name.title()}_{rng.randrange(1, 60):02}", folder, None, True
    return f"Audio {rng.randrange(1, 4)}_{rng.randrange(1, 200):02}", folder, None, True


def _take(
    path: Path, cue: Cue, facts: TimelineFacts, rng: random.Random, *, stamped: bool, scene: str | None, number: int,
    elsewhere: bool,
) -> TakeFile:  # fmt: skip
    assert cue.record_out is not None
    before, after = rng.randrange(10, 110), rng.randrange(10, 60)
    first = facts.start_frame + cue.record_in - before
    if elsewhere:
        first = facts.start_frame + 24 * 3600 * 3 + rng.randrange(10_000)
    frames = cue.record_out - cue.record_in + before + after
    stamp = samples_of_frame(first, facts.rate, 48_000)
    rate = 44_100 if rng.random() < 0.02 else 48_000
    if rate != 48_000 and rng.random() < 0.5:
        stamp = samples_of_frame(first, facts.rate, rate)
    length = int(Fraction(frames) / facts.rate.fps * rate) + rng.randrange(400)
    return TakeFile(path, rate, 1, length, time_reference=stamp if stamped else None, scene=scene,
                    take=str(number) if scene else None)  # fmt: skip


def _moved(take: TakeFile, path: Path) -> Any:
    return replace(take, path=path)


def stamped_by_the_wall(session: Session, rng: random.Random, *, revisited: float = 0.05) -> list[TakeFile]:
    """The takes of a session with stamps of the clock on the wall: one actor after the other, cue by cue.

    Now and then the director comes back to a cue while others are being recorded. Copies keep the stamp of their original.
    """
    cues = {cue.uid: cue for cue in session.cues}
    order: list[tuple[tuple[Any, ...], TakeFile]] = []
    for number, take in enumerate(session.takes):
        cue = cues.get(session.truth[take.path] or "")
        if cue is None or rng.random() < revisited:
            cue = rng.choice(session.cues)
        order.append(((str(cue.character), cue.record_in, number), take))
    seconds, moments = 36_000.0, dict[tuple[object, ...], int]()
    for _, take in sorted(order, key=lambda one: one[0]):
        seconds += float(take.duration) + rng.uniform(4, 40)
        moments.setdefault(_sound(take), round(seconds * 48_000))
    return [replace(one, time_reference=one.time_reference and moments[_sound(one)]) for one in session.takes]


def _sound(take: TakeFile) -> tuple[object, ...]:
    return take.time_reference or take.path, take.length_samples, take.path.parent
