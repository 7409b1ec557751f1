"""Random reels and random editorial changes, with the truth of every frame: what the property tests and the benchmark share.

A reel is a list of shots; each shot knows for each of its frames which old frame it is. Scenes are cut between two to five
takes whose timecode runs on; among them effects shots with versions, cards, black, and shots used twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

START = 86400
HOUR = 86400
FPS = 24


@dataclass(frozen=True)
class Shot:
    """Frames of one source. `truth` is the old frame of each, None for new ones; `kind` is take, vfx, card or black."""

    source: str
    first: int
    truth: tuple[int | None, ...]
    kind: str = "take"
    speed: int = 100

    @property
    def length(self) -> int:
        return len(self.truth)

    def cut(self, start: int, end: int) -> Shot:
        """Give a part of it; a card begins anew wherever it is cut."""
        first = self.first if self.kind in ("card", "black") else self.first + start * self.speed // 100
        return replace(self, first=first, truth=self.truth[start:end])


@dataclass(frozen=True)
class Cue:
    """A line of the old cut."""

    start: int
    end: int


def old_reel(rng: random.Random, events: int, reused: float = 0.03) -> list[Shot]:
    """Make a reel with a leader at its head."""
    shots = [Shot("BL", 0, (None,) * 192, "black")]
    while len(shots) < events:
        takes = [
            (f"A{rng.randint(1, 399):03}C{rng.randint(1, 30):03}", rng.randint(HOUR, 22 * HOUR))
            for _ in range(rng.randint(2, 5))
        ]
        clocks = dict(takes)
        for _ in range(rng.randint(6, 16)):
            shots.append(_next_shot(rng, shots, clocks, reused))
    at = START
    placed = []
    for shot in shots[:events]:
        placed.append(replace(shot, truth=tuple(range(at, at + shot.length))))
        at += shot.length
    return placed


def _next_shot(rng: random.Random, shots: list[Shot], clocks: dict[str, int], reused: float) -> Shot:
    length = rng.randint(20, 160)
    chance = rng.random()
    if chance < reused and len(shots) > 8:
        return rng.choice(shots[1:])
    if chance < reused + 0.06:
        return Shot(f"VFX_{len(shots):04}_CMP_V{rng.randint(1, 12):03}", 9, (None,) * length, "vfx")
    if chance < reused + 0.08:
        return Shot(f"CARD {len(shots)}", HOUR, (None,) * length, "card")
    if chance < reused + 0.09:
        return Shot("BL", 0, (None,) * rng.randint(10, 40), "black")
    source = rng.choice(list(clocks))
    clocks[source] += rng.randint(0, 300)
    shot = Shot(source, clocks[source], (None,) * length)
    clocks[source] += length
    return shot


def recut(
    rng: random.Random, shots: Sequence[Shot], operations: int, without: Sequence[str] = ()
) -> tuple[list[Shot], list[str]]:
    """Change a reel as editors do; give it with the names of what was done."""
    result, done = list(shots), []
    names = [name for name in OPERATIONS if name not in without]
    while len(done) < operations:
        name = rng.choice(names)
        if OPERATIONS[name](rng, result):
            done.append(name)
    return result, done


def _place(rng: random.Random, shots: list[Shot], least: int = 16) -> int | None:
    fits = [number for number, shot in enumerate(shots) if number and shot.length >= least]
    return rng.choice(fits) if fits else None


def _new(rng: random.Random, length: int) -> Shot:
    return Shot(f"B{rng.randint(100, 999)}C{rng.randint(1, 9999):04}", rng.randint(HOUR, 22 * HOUR), (None,) * length)


def _delete_shot(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots)
    if place is None or len(shots) < 12:
        return False
    del shots[place]
    return True


def _ripple_delete(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots, 40)
    if place is None:
        return False
    shot = shots[place]
    start = rng.randint(4, shot.length - 20)
    end = rng.randint(start + 2, shot.length - 4)
    shots[place : place + 1] = [shot.cut(0, start), shot.cut(end, shot.length)]
    return True


def _insert(rng: random.Random, shots: list[Shot]) -> bool:
    shots.insert(rng.randint(1, len(shots)), _new(rng, rng.randint(10, 120)))
    return True


def _trim(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots, 24)
    if place is None:
        return False
    shot, frames = shots[place], rng.randint(1, 12)
    where = rng.choice(("head in", "tail in", "head out", "tail out"))
    if where == "head in":
        shots[place] = shot.cut(frames, shot.length)
    elif where == "tail in":
        shots[place] = shot.cut(0, shot.length - frames)
    elif shot.speed != 100:
        return False
    elif where == "tail out":
        shots[place] = replace(shot, truth=shot.truth + (None,) * frames)
    else:
        first = shot.first if shot.kind in ("card", "black") else shot.first - frames
        shots[place] = replace(shot, first=max(first, 0), truth=(None,) * frames + shot.truth)
        return first >= 0 or not shots.__setitem__(place, shot)
    return True


def _roll(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots, 24)
    if place is None or place + 1 >= len(shots):
        return False
    one, other = shots[place], shots[place + 1]
    frames = rng.randint(1, 10)
    if other.length < 24 or one.speed != 100 or other.speed != 100:
        return False
    shots[place] = replace(one, truth=one.truth + (None,) * frames)
    shots[place + 1] = other.cut(frames, other.length)
    return True


def _slip(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots, 30)
    if place is None or shots[place].kind != "take" or shots[place].speed != 100:
        return False
    shot, frames = shots[place], rng.randint(1, 12)
    shots[place] = replace(shot, first=shot.first + frames, truth=shot.truth[frames:] + (None,) * frames)
    return True


def _replace(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots)
    if place is None:
        return False
    shots[place] = _new(rng, shots[place].length)
    return True


def _cutaway(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots, 50)
    if place is None:
        return False
    shot = shots[place]
    start, length = rng.randint(8, 20), rng.randint(8, 20)
    shots[place : place + 1] = [shot.cut(0, start), _new(rng, length), shot.cut(start + length, shot.length)]
    return True


def _move(rng: random.Random, shots: list[Shot]) -> bool:
    if len(shots) < 20:
        return False
    start, count = rng.randint(1, len(shots) - 8), rng.randint(1, 6)
    block = shots[start : start + count]
    del shots[start : start + count]
    place = rng.randint(1, len(shots))
    shots[place:place] = block
    return True


def _picture(shot: Shot) -> tuple[str, int, int, int]:
    return shot.source, shot.first, shot.length, shot.speed


def _swap(rng: random.Random, shots: list[Shot]) -> bool:
    place = rng.randint(1, len(shots) - 2)
    if _picture(shots[place]) == _picture(shots[place + 1]):
        return False  # Nobody sees that the same picture was exchanged with itself.
    shots[place], shots[place + 1] = shots[place + 1], shots[place]
    return True


def _duplicate(rng: random.Random, shots: list[Shot]) -> bool:
    place = rng.randint(1, len(shots) - 1)
    shots.insert(rng.randint(1, len(shots)), shots[place])
    return True


def _new_version(rng: random.Random, shots: list[Shot]) -> bool:
    fits = [number for number, shot in enumerate(shots) if shot.kind == "vfx"]
    if not fits:
        return False
    place = rng.choice(fits)
    shots[place] = replace(shots[place], source=f"{shots[place].source[:-3]}{rng.randint(13, 40):03}")
    return True


def _drop_in(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots)
    if place is None or shots[place].kind != "take":
        return False
    shots[place] = replace(shots[place], source=f"FX_{rng.randint(1000, 9999)}_V001", first=9, kind="drop-in")
    return True


def _leader(rng: random.Random, shots: list[Shot]) -> bool:
    shots.insert(0, Shot(f"LEADER {rng.randint(1, 99)}", HOUR, (None,) * rng.randint(24, 192), "card"))
    return True


def _retime(rng: random.Random, shots: list[Shot]) -> bool:
    place = _place(rng, shots, 40)
    if place is None or shots[place].kind != "take" or shots[place].speed != 100:
        return False
    shot, speed = shots[place], rng.choice((50, 200))
    length = shot.length * 100 // speed
    shots[place] = replace(shot, speed=speed, truth=tuple(shot.truth[at * speed // 100] for at in range(length)))
    return True


OPERATIONS: dict[str, Callable[[random.Random, list[Shot]], bool]] = {
    "delete shot": _delete_shot, "ripple delete": _ripple_delete, "insert": _insert, "trim": _trim, "roll": _roll,
    "slip": _slip, "replace": _replace, "cutaway": _cutaway, "move": _move, "swap": _swap, "duplicate": _duplicate,
    "new version": _new_version, "drop-in": _drop_in, "leader": _leader, "retime": _retime,
}  # fmt: skip


def frames_of(shots: Sequence[Shot]) -> list[int | None]:
    """Give the old frame of every new frame."""
    return [old for shot in shots for old in shot.truth]


def some_cues(rng: random.Random, shots: Sequence[Shot], count: int) -> list[Cue]:
    """Lay lines over a reel, none in the leader."""
    last = START + sum(shot.length for shot in shots)
    cues = []
    for _ in range(count):
        length = rng.randint(12, 110)
        start = rng.randint(START + 192, last - length - 1)
        cues.append(Cue(start, start + length))
    return cues


def distances(cue: Cue, places: dict[int, list[int]]) -> set[int]:
    """Give every distance at which all frames of a line stand together in the new cut."""
    found = {place - cue.start for place in places.get(cue.start, ())}
    for frame in range(cue.start + 1, cue.end):
        found &= {place - frame for place in places.get(frame, ())}
        if not found:
            break
    return found


def shows_the_same(cue: Cue, delta: int, old: Sequence[Shot], new: Sequence[Shot]) -> bool:
    """Say whether the new cut shows, so far on, every frame of the picture that a line had.

    Of a shot that stood twice in a row one may go: which of the two is left is in no list, and the picture is the same.
    """
    was, now = _pictures(old), _pictures(new)
    frames = [(was.get(frame), now.get(frame + delta)) for frame in range(cue.start, cue.end)]
    return all(one == other for one, other in frames) and any(one is not None for one, _ in frames)


def _pictures(shots: Sequence[Shot]) -> dict[int, tuple[str, int]]:
    """Give source and frame of what is seen at each frame of a reel; black is nothing."""
    seen: dict[int, tuple[str, int]] = {}
    at = START
    for shot in shots:
        if shot.kind != "black":
            seen.update((at + n, (shot.source, shot.first + n * shot.speed // 100)) for n in range(shot.length))
        at += shot.length
    return seen


def places_of(shots: Sequence[Shot]) -> dict[int, list[int]]:
    """Give the new places of every old frame."""
    places: dict[int, list[int]] = {}
    at = START
    for shot in shots:
        for old in shot.truth:
            if old is not None and shot.speed == 100:
                places.setdefault(old, []).append(at)
            at += 1
    return places


def label(frame: int) -> str:
    """Give the timecode of a frame at 24."""
    seconds, frames = divmod(frame, FPS)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frames:02}"


def edl(shots: Sequence[Shot], title: str) -> str:
    """Write a reel as Media Composer writes a list."""
    lines, at = [f"TITLE:   {title} ", "FCM: NON-DROP FRAME"], START
    for number, shot in enumerate(shots, 1):
        reel = {"black": "BL", "card": "AX"}.get(shot.kind, shot.source.replace(" ", "_"))
        used = shot.length * shot.speed // 100
        lines.append(
            f"{number:06}  {reel:<32} V     C        {label(shot.first)} {label(shot.first + used)} "
            f"{label(at)} {label(at + shot.length)} "
        )
        if shot.speed != 100:
            lines.append(f"M2   {reel:<32} {shot.speed * FPS / 100:05.1f} {label(shot.first)} ")
        if shot.kind != "black":
            lines.append(f"* FROM CLIP NAME:  {shot.source} ")
            if shot.kind != "card":
                lines.append(f"* SOURCE FILE: {shot.source}")
        at += shot.length
    return "\n".join(lines) + "\n"


def timeline(shots: Sequence[Shot], name: str) -> Any:
    """Make a reel as a timeline of one sound track, for the formats that carry sound; a still is a file like any other."""
    import opentimelineio as otio

    def time(frames: int) -> Any:
        return otio.opentime.RationalTime(frames, FPS)

    def span(start: int, length: int) -> Any:
        return otio.opentime.TimeRange(time(start), time(length))

    made = otio.schema.Timeline(name, global_start_time=time(START))
    track = otio.schema.Track("DX", kind=otio.schema.TrackKind.Audio)
    for shot in shots:
        if shot.kind == "black":
            track.append(otio.schema.Gap(source_range=span(0, shot.length)))
            continue
        media = otio.schema.ExternalReference(
            f"file:///sound/{shot.source.replace(' ', '_')}.wav", span(0, 24 * HOUR), metadata={}
        )
        media.name = shot.source
        track.append(otio.schema.Clip(shot.source, media, span(shot.first, shot.length)))
    made.tracks.append(track)
    return made


def fcpxml(shots: Sequence[Shot], name: str) -> str:
    """Write a reel as Final Cut Pro does: an asset for each source, gaps for black."""
    sources = sorted({shot.source for shot in shots if shot.kind != "black"})
    ids = {source: f"r{number}" for number, source in enumerate(sources, 10)}
    assets = "".join(
        f'<asset id="{ids[source]}" name="{source}" start="0s" duration="{24 * HOUR}/{FPS}s" hasVideo="1" format="r1">'
        f'<media-rep kind="original-media" src="file:///picture/{source.replace(" ", "_")}.mov"/></asset>'
        for source in sources
    )
    at, items = START, []
    for shot in shots:
        place = f'offset="{at}/{FPS}s" duration="{shot.length}/{FPS}s" name="{shot.source}"'
        if shot.kind == "black":
            items.append(f'<gap {place} start="3600s"/>')
        else:
            items.append(f'<asset-clip ref="{ids[shot.source]}" {place} start="{shot.first}/{FPS}s"/>')
        at += shot.length
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.10"><resources>'
        f'<format id="r1" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>{assets}'
        f'</resources><library><event name="E"><project name="{name}"><sequence format="r1" tcStart="{START}/{FPS}s" '
        f'tcFormat="NDF" duration="{at - START}/{FPS}s"><spine>{"".join(items)}</spine></sequence></project></event>'
        "</library></fcpxml>\n"
    )
