"""A shoot as it happens: days, units, rolls and takes with every mishap of recorders, and lists of edits that play them.

Made by chance with the truth beside it: for each event the files that it plays and the sample. Mishaps: a second unit at the
same time of day, dates never set, headers without iXML or without anything, clocks an hour wrong, restarted, drifted or at
another speed, files renamed with and without a trace, copies, cards that are missing, one identity on two files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import opentimelineio as otio

from made_rushes import Header, make_rush
from postsync.formats.conversion import write_file
from postsync.model import Laid, MediaFacts, TimelineFacts, build_track, put_media_facts, put_timeline_facts
from postsync.report import Report
from postsync.timing import as_rate, to_time_range
from postsync.verbs import conform

FILM = as_rate(Fraction(24000, 1001))
FRAME = 2002
"""Samples of a frame at 48 k."""

HOUR = 86_400
"""Frames of a labelled hour."""

LAVS = ("ROBIN", "MARIAN", "JOHN", "TUCK", "SHERIFF", "WILL")


@dataclass
class Roll:
    """One day of one recorder."""

    name: str
    unit: str
    date: str
    split: bool
    habits: frozenset[str]
    folder: Path
    takes: list[Take] = field(default_factory=list)


@dataclass
class Take:
    """One recording: `start` and `length` in picture frames; at `restarted`, a frame of the day, its clock began anew."""

    roll: Roll
    number: int
    scene: str
    take: str
    start: int
    length: int
    names: tuple[str, ...]
    restarted: int | None = None
    missing: bool = False
    files: tuple[Path, ...] = ()
    original: str = ""

    @property
    def per_frame(self) -> int:
        """Samples that the recorder made of a picture frame."""
        return 2000 if "true 24" in self.roll.habits else FRAME

    @property
    def stamp(self) -> int:
        """What the recorder stamped."""
        habits = self.roll.habits
        frames = self.start - (self.restarted or 0)
        frames -= HOUR if "hour" in habits else 0
        return frames * self.per_frame + self.drift

    @property
    def drift(self) -> int:
        """Samples by which its clock had run ahead: four frames in ten hours."""
        return round((self.start - 8 * HOUR) * 4 * FRAME / (10 * HOUR)) if "drift" in self.roll.habits else 0

    @property
    def samples(self) -> int:
        return self.length * self.per_frame


@dataclass(frozen=True)
class Truth:
    """What an event plays: the file names of its recording, the sample where it begins, the speed.

    `slack` are the samples by which timecode alone can be wrong; `expected` is False where only sound could place it.
    """

    take: Take
    position: Fraction
    speed: Fraction
    slack: int = 0
    expected: bool = True


@dataclass
class Shoot:
    """All rolls, and the lists by their names with the truth of each event."""

    rolls: list[Roll]
    lists: dict[str, tuple[otio.schema.Timeline, list[Truth]]] = field(default_factory=dict)
    headers: dict[Path, Header] = field(default_factory=dict)

    @property
    def takes(self) -> list[Take]:
        return [take for roll in self.rolls for take in roll.takes]

    def write(self, folder: Path) -> int:
        """Write every header, sparse; give the number of files."""
        for path, header in self.headers.items():
            make_rush(folder / path, header)
        return len(self.headers)


HABITS: tuple[tuple[str, ...], ...] = (
    (), (), ("renamed",), ("no ixml",), ("bare",), ("wrong date",), ("hour",), ("true 24",), ("drift",), ("restarts",),
    ("copies",), ("renamed", "drift"), (), ("no ixml", "wrong date"), ("one uid",),
)  # fmt: skip


def made_shoot(seed: int = 1, *, files: int = 5000, events: int = 1000) -> Shoot:
    """A shoot of about so many files, with lists of so many events."""
    rng = random.Random(seed)
    shoot = Shoot([])
    scene = 1
    day = 0
    while len(shoot.headers) < files:
        day += 1
        date = f"2026-{3 + day // 28:02}-{1 + day % 28:02}"
        units = ["A", "B"] if day % 4 == 0 else ["A"]
        first = scene
        for unit in units:
            habits = frozenset(HABITS[day % len(HABITS)]) if unit == "A" else frozenset[str]()
            name = f"SR{day:03}" if unit == "A" else f"UNIT_B_{day:03}"
            roll = Roll(name, unit, date, (day + (unit == "B")) % 3 == 0, habits, Path(date) / name)
            scene = _shoot_day(roll, rng, first if unit == "A" else first + 500)
            shoot.rolls.append(roll)
            for take in roll.takes:
                _headers(shoot, take, rng)
            if len(shoot.headers) >= files:
                break
        scene = first + 8
    for number, (name, make) in enumerate(LISTS.items() if events else ()):
        count = events // len(LISTS) + (number < events % len(LISTS))
        shoot.lists[name] = make(shoot, rng, count)
    return shoot


def _shoot_day(roll: Roll, rng: random.Random, scene: int) -> int:
    at = rng.randrange(7 * HOUR, 9 * HOUR)
    if roll.date.endswith("-05"):
        at = 20 * HOUR  # A night, through midnight.
    take = 0
    letter = ""
    for number in range(1, rng.randrange(60, 90)):
        take += 1
        if take > rng.randrange(2, 9):
            take, letter = 1, "" if letter == "F" or rng.random() < 0.2 else chr(ord(letter or "@") + 1)
            scene += letter == ""
        length = rng.randrange(24 * 20, 24 * 150)
        names = ("MIX", "BOOM", *rng.sample(LAVS, rng.randrange(1, 5)))
        made = Take(roll, number, f"{scene}{letter}", str(take), at % (24 * HOUR), length, names)
        if "restarts" in roll.habits and number % 12 == 0:
            made.restarted = made.start - rng.randrange(24, 2400)
        made.missing = rng.random() < 0.003
        roll.takes.append(made)
        at += length + rng.randrange(24 * 30, 24 * 400)
    return scene + 1


def _headers(shoot: Shoot, take: Take, rng: random.Random) -> None:
    """Plan the files of a take as its recorder wrote them, and what became of their names."""
    roll, habits = take.roll, take.roll.habits
    stem = f"{roll.name}_{take.scene}_T{take.take:0>3}" if roll.unit == "A" else f"T{take.number:03}"
    take.original = f"{stem}.WAV"
    shown = stem
    if "renamed" in habits:
        shown = f"audio {roll.name[-3:]} {take.number:04}"
    uid = f"{roll.name}-{take.number}" if "one uid" not in habits or take.number > 4 else f"{roll.name}-1"
    plain = Header(
        length=take.samples, stamp=take.stamp % (24 * HOUR * FRAME), date="2000-01-01" if "wrong date" in habits else roll.date,
        recorder=f"REC {roll.unit}", roll=roll.name, scene=take.scene, take=take.take, uid=uid, circled=rng.random() < 0.3,
        rate="24/1" if "true 24" in habits else "24000/1001", flag="NDF",
        original=take.original if "renamed" in habits and take.number % 2 else None,
    )  # fmt: skip
    if "no ixml" in habits:
        plain = replace(plain, has_ixml=False)
    if "bare" in habits:
        plain = replace(plain, has_ixml=False, scene=None, take=None, roll=None)
    made = list(_files(take, shown, plain))
    take.files = tuple(path for path, _ in made)
    if not take.missing:
        shoot.headers |= dict(made)
        if "copies" in habits:
            shoot.headers |= {Path("backup") / path: header for path, header in made}


def _files(take: Take, shown: str, plain: Header) -> Iterator[tuple[Path, Header]]:
    folder = take.roll.folder
    if not take.roll.split:
        yield folder / f"{shown}.WAV", replace(plain, channels=len(take.names), tracks=take.names)
        return
    for place, name in enumerate(take.names, start=1):
        family = f"F {plain.uid} {take.number}"
        own = replace(plain, tracks=(name,), first_track=place, uid=f"{plain.uid}-{place}", family=family)
        yield folder / f"{shown}_{place}.WAV", own


# --------------------------------------------------------------------------------------------------------------------- lists


def _chosen(shoot: Shoot, rng: random.Random, count: int) -> Iterator[tuple[Take, int, int]]:
    """Yield takes with the frame within at which an event begins and its length."""
    takes = shoot.takes
    for _ in range(count):
        length = rng.randrange(18, 24 * 9)
        take = rng.choice(takes)
        while take.length < length + 48:
            take = rng.choice(takes)
        yield take, rng.randrange(2, take.length - length - 24), length


def _timeline(name: str, rows: list[dict]) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline(name)
    put_timeline_facts(timeline, TimelineFacts(FILM, HOUR, 48_000))
    laid, record = [], Fraction(0)
    for row in rows:
        clip = otio.schema.Clip(row["name"])
        media = otio.schema.ExternalReference(row["url"]) if "url" in row else otio.schema.MissingReference()
        media.name = row.get("file", "")
        if "media" in row:
            media.available_range = to_time_range(*row["media"], Fraction(48_000))
        facts = MediaFacts(name=row.get("file"), tape=row.get("roll"), kind="sound", sample_rate=48_000, channels=1)
        put_media_facts(media, facts)
        clip.media_reference = media
        length = Fraction(row["length"]) / FILM.fps
        laid.append(Laid(clip, record, length, row["source"]))
        record += length
    timeline.tracks.append(build_track("A1", "Audio", laid, [FILM.fps, 48_000]))
    return timeline


def _by_sound(take: Take, within: int) -> tuple[Fraction, Truth]:
    """Give the source time of an event by the file's own stamp, on a frame, and the truth."""
    stamp = take.stamp % (24 * HOUR * FRAME)
    label = -(-(stamp + within * take.per_frame) // FRAME)
    return Fraction(label) / FILM.fps, Truth(
        take, Fraction(label * FRAME - stamp), Fraction(1), expected=not take.missing
    )


def _by_picture(take: Take, within: int) -> tuple[Fraction, Truth]:
    """Give the source time of an event by the camera's timecode, and the truth."""
    label = (take.start + within) % (24 * HOUR)
    speed = Fraction(1000, 1001) if take.per_frame == 2000 else Fraction(1)
    truth = Truth(
        take, Fraction(within * take.per_frame), speed, abs(take.drift), take.restarted is None and not take.missing
    )
    return Fraction(label) / FILM.fps, truth


def _dialogue(shoot: Shoot, rng: random.Random, count: int):
    """A dialogue list of the cutting room: sound rolls of eight characters, times of the sound."""
    rows, truths = [], []
    for take, within, length in _chosen(shoot, rng, count):
        source, truth = _by_sound(take, within)
        name = f"{take.scene}-{take.take}" if rng.random() < 0.9 else f"line {rng.randrange(99)}"
        rows.append({"name": name, "roll": take.roll.name, "source": source, "length": length})
        truths.append(truth)
    return _timeline("dialogue", rows), truths


def _picture(shoot: Shoot, rng: random.Random, count: int):
    """A picture list: camera rolls with the day, times of the camera."""
    rows, truths = [], []
    for take, within, length in _chosen(shoot, rng, count):
        source, truth = _by_picture(take, within)
        camera = f"A{rng.randrange(1, 99):03}C{rng.randrange(1, 20):03}_{take.roll.date[2:].replace('-', '')}_R1AB"
        named = rng.random() < 0.97
        name = f"{take.scene}-{take.take}A" if named else camera
        rows.append({"name": name, "roll": camera, "source": source, "length": length})
        truths.append(truth)
    return _timeline("picture", rows), truths


def _project(shoot: Shoot, rng: random.Random, count: int):
    """An edit that links the recorder's own mix by its file, under the name that it had when it was linked."""
    rows, truths = [], []
    for take, within, length in _chosen(shoot, rng, count):
        source, truth = _by_sound(take, within)
        stamp = take.stamp % (24 * HOUR * FRAME)
        file = take.original if not take.roll.split else take.original.replace(".WAV", "_1.WAV")
        rows.append({
            "name": file.removesuffix(".WAV"), "file": file, "url": f"file:///Volumes/RAID/{take.roll.date}/{file}",
            "roll": take.roll.name if take.number % 3 else None, "source": source, "length": length,
            "media": (Fraction(stamp, 48_000), Fraction(take.samples, 48_000)),
        })  # fmt: skip
        truths.append(truth)
    return _timeline("project", rows), truths


def _synced(shoot: Shoot, rng: random.Random, count: int):
    """An edit of clips that were synced by timecode: times of the camera, roll and slate of the sound."""
    rows, truths = [], []
    for take, within, length in _chosen(shoot, rng, count):
        source, truth = _by_picture(take, within)
        rows.append({"name": f"{take.scene}-{take.take}", "roll": take.roll.name, "source": source, "length": length})
        truths.append(truth)
    return _timeline("synced", rows), truths


LISTS = {
    "dialogue.edl": _dialogue, "picture.edl": _picture, "project.xml": _project, "project.aaf": _project,
    "synced.otio": _synced,
}  # fmt: skip


def noise(seed: int, count: int) -> np.ndarray:
    """Sound of which no two stretches are alike."""
    return np.random.default_rng(seed).standard_normal(count).astype(np.float32) * 0.05


def heard_shoot(seed: int, events: int, folder: Path) -> tuple[Shoot, Path]:
    """A shoot of which the recordings that an edit plays hold sound, and the edit's own: copies of the mix, one for each event.

    Every mishap of clocks is in it; the truth expects all to be placed, for the sound is there. Gives the folder of the copies.
    """
    rng = random.Random(seed)
    shoot = made_shoot(seed, files=2400, events=0)
    takes = [take for take in shoot.takes if not take.missing and take.length > 24 * 25]
    rows, truths = [], []
    for number, take in enumerate(rng.sample(takes, events)):
        length = rng.randrange(24, 24 * 5)
        within = rng.randrange(24, take.length - length - 24)
        source, truth = _by_picture(take, within)
        name = f"cut {number:04}.WAV"
        rows.append({
            "name": f"{take.scene}-{take.take}", "roll": take.roll.name, "source": source, "length": length, "file": name,
            "url": f"file:///cut/{name}", "media": (source - 1, Fraction(length) / FILM.fps + 2),
        })  # fmt: skip
        truths.append(replace(truth, expected=True))
        _write_heard(shoot, folder, truths[-1], rows[-1], number)
    loud = {path for truth in truths for path in truth.take.files}
    for path, header in shoot.headers.items():
        if path not in loud:
            make_rush(folder / "rushes" / path, header)
    shoot.lists["synced.otio"] = (_timeline("synced", rows), truths)
    return shoot, folder / "cut"


def _write_heard(shoot: Shoot, folder: Path, truth: Truth, row: dict, number: int) -> None:
    """Write the files of a take with noise in the mix where an event plays, and the copy that the edit has of it.

    The copy begins a second before the event. Pulled pictures play the recorder's sound slower, so it is resampled.
    """
    count = round(Fraction(row["length"]) / FILM.fps * 48_000) + 2 * 48_000
    begin = int(truth.position)
    at = max(begin - 48_000, 0)
    own = noise(number + 1, count)
    places = (np.arange(count) - 48_000) * float(truth.speed) + (begin - at)
    cut = np.interp(places, np.arange(count), own, left=0, right=0)
    header = Header(length=count, has_ixml=False, has_bext=False)
    make_rush(folder / "cut" / row["file"], header, cut[None] * 0.6)
    for place, path in enumerate(truth.take.files):
        header = shoot.headers[path]
        sound = np.zeros((header.channels, min(count, header.length - at)), np.float32)
        sound[0] = own[: sound.shape[1]] if place == 0 else 0
        make_rush(folder / "rushes" / path, header, sound, at)


# ------------------------------------------------------------------------------------------------------------------- judging


@dataclass
class Judged:
    """How a conform did beside the truth."""

    events: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    def add(self, other: Judged) -> None:
        self.events += other.events
        self.right += other.right
        self.wrong += other.wrong
        self.why += other.why

    def told(self) -> str:
        return f"{self.events} events: {self.right} right, {len(self.wrong)} wrong, {len(self.why)} explained"


def judged(conform, truths: list[Truth], folder: Path, name: str, *, exact: bool = False) -> Judged:
    """Compare matches with the truth: files, sample and speed. `exact` also where timecode alone could be beside."""
    found = Judged(len(truths))
    assert len(conform.matches) == len(truths), f"{name}: {len(conform.matches)} events of {len(truths)}"
    for match, truth in zip(conform.matches, truths, strict=True):
        if not match.placed:
            assert match.why_not
            assert match.looked_for
            found.why.append(f"{name}: {match.why_not} [{', '.join(sorted(truth.take.roll.habits)) or 'plain'}]")
            continue
        [piece] = match.pieces
        paths = {file.path for file in piece.recording.files} | set(piece.recording.copies)
        same = bool({str(folder / path) for path in truth.take.files} & paths)
        beside = abs(piece.position * 48_000 - truth.position)
        if same and beside <= (1 if exact else 1 + truth.slack) and piece.speed == truth.speed:
            found.right += 1
        else:
            found.wrong.append(
                f"{name}: {match.event.name} {match.level} {float(beside)} samples beside, speed {piece.speed}"
            )
    return found


def written_list(timeline: otio.schema.Timeline, name: str, folder: Path) -> Path:
    """Write an edit as its name says."""
    path = folder / name
    suffix = path.suffix[1:]
    write_file(timeline, path, Report(), as_format="xmeml" if suffix == "xml" else suffix)
    return path


def conformed_list(shoot: Shoot, name: str, rushes: Path, folder: Path, **how):
    """Write a list of a shoot, conform it, and give that with the truth."""
    timeline, truths = shoot.lists[name]
    path = written_list(timeline, name, folder)
    how = {"check": False, **how}
    done = conform(path, folder / f"out {name}", rushes=[rushes], application="none", **how)
    return done, truths
