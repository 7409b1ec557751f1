"""Writes that are killed on the way, the same way for the same number: for the sample in the tests and the full count.

Each write is a command as people type it, over what it wrote before from an older work. A process of its own runs it and is
killed: at a moment of its time (SIGKILL from outside), at one of its steps on the disk (SIGKILL by itself), or at a size, where
the system cuts its file off in the middle of a write (SIGXFSZ). What must be true then: each file is the old one or the new
one, byte for byte; nothing half has a name that anybody asked for; and the same command once more makes the whole of it. A
file that one command writes twice, such as the records beside several carriers, may be the first of the two, whole.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from postsync.cli import main
from postsync.demo import unpack_example
from postsync.formats.conversion import formats, read_file, write_file
from postsync.model import cue_markers, put_cue, timeline_facts
from postsync.report import Report

State = dict[str, bytes]
WAYS = ("a moment", "a step", "a size") if hasattr(signal, "SIGXFSZ") else ("a moment", "a step")
MOMENTS = ("before", "during", "after")
TEMPORARY = (".part", "-journal", "-wal", "-shm")
HIDDEN = (".sound.", ".inside.")
KEPT_ASIDE = re.compile(r" of \d{4}-\d\d-\d\d \d{4}( \d+)?(\.[a-z]+)?\.\w+$")
KEPT_SENTENCE = b"what was there is kept beside it"
LONGEST = 120


@dataclass(frozen=True)
class Write:
    """A command that writes into a folder `{here}` from a `{work}`; `before` is what was written there once, if anything."""

    name: str
    command: tuple[str, ...]
    before: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Known:
    """A write that was let through: what was there (a copy lies at `before`), what is there after it, and how long it took, in
    how many steps, with how large a file."""

    write: Write
    place: Path
    before: Path
    old: State
    new: State
    seconds: float
    steps: int
    largest: int


@dataclass(frozen=True)
class Outcome:
    """What became of one kill: when it landed, what the files are then, names left beside them, and what is wrong."""

    write: str
    way: str
    landed: str
    state: str
    left: int
    faults: tuple[str, ...]


# ------------------------------------------------------------------------------------------------------------ the writes


def prepared(folder: Path) -> Path:
    """Make what the writes read: the packaged reel, its takes, an older and a newer work with its sound, lists and an AAF."""
    given = folder / "given"
    reel = unpack_example(given)
    for name, words in (("old", ""), ("new", " Once more, and longer than before.")):
        place = given / name
        shutil.copytree(reel.parent, place)
        work = place / "R1.otio"
        assert run(("number", str(reel), str(work), "--json")) == 0
        timeline = read_file(work, Report()).timelines[0]
        for marker, cue in list(cue_markers(timeline)):
            put_cue(marker, replace(cue, line=f"{cue.line or ''}{words}"), timeline_facts(timeline))
        write_file(timeline, work, Report())
        write_file(timeline, place / "R1.csv", Report(), as_format="cue_table")
        assert run(("turnover", str(work), "--into", str(place), "--embed", "--quiet", *DATE)) == 0
    return given


DATE = ("--date", "2026-01-01")
APPLICATIONS = (
    "pro-tools",
    "media-composer",
    "premiere",
    "nuendo",
    "logic",
    "resolve",
    "final-cut",
    "reaper",
    "recording",
)
REEL, CUT = "{given}/reel/The Crossing R1.fcpxml", "{given}/new cut/The Crossing R1 v4.fcpxml"
TAKES = "{given}/ADR takes"


def all_writes() -> list[Write]:
    """List a write in every format, and by every verb that writes."""
    written = [fmt for fmt in formats().values() if fmt.write is not None]
    made = [
        Write(fmt.name, ("convert", "{work}", f"{{here}}/R1{fmt.suffixes[0]}", "--as", fmt.name)) for fmt in written
    ]
    made += [
        Write(f"{fmt.name} bundle", ("convert", "{work}", f"{{here}}/R1{fmt.bundle_suffix}", "--as", fmt.name))
        for fmt in written
        if fmt.bundle_document
    ]
    made += [
        Write(f"turnover for {name}", ("turnover", "{work}", "--for", name, "--into", "{here}/R1", *DATE))
        for name in APPLICATIONS
    ]
    return [*made, *VERBS]


VERBS = (
    Write("turnover with its sound inside", ("turnover", "{work}", "--embed", "--into", "{here}/R1", *DATE)),
    Write("turnover into no folder", ("turnover", "{work}", "--into", "{here}/R1", *DATE), ()),
    Write("convert with its report", ("convert", "{work}", "{here}/R1.edl", "--report", "{here}/R1.json")),
    Write("convert with sound inside", ("convert", "{work}", "{here}/R1.aaf", "--option", "media=embed")),
    Write("number", ("number", "{work}", "{here}/R1.otio")),
    Write("renumber", ("renumber", "{work}", "{here}/R1.otio")),
    Write("merge", ("merge", "{work}", "{of}/R1.csv", "{here}/R1.otio")),
    Write("reports", ("report", "{work}", "--kind", "all", "--into", "{here}/R1", *DATE)),
    Write("report as PDF", ("report", "{work}", "--kind", "sides", "--out", "{here}/R1.pdf", *DATE)),
    Write("report as XLSX", ("report", "{work}", "--kind", "line-count", "--out", "{here}/R1.xlsx", *DATE)),
    Write("cue browser", ("report", "{work}", "--kind", "browser", "--out", "{here}/R1.html", *DATE)),
    Write("place", ("place", "{work}", TAKES, "--into", "{here}/R1", *DATE)),
    Write("sync", ("sync", "{work}", f"{TAKES}/R101_ROSA_T1.wav", "--page", "{here}/s.html", "--out", "{here}/s.csv")),
    Write("reconform", ("reconform", REEL, CUT, "{work}", "--into", "{here}/R1", "--as", "fcpxml", *DATE)),
    Write(
        "diff",
        ("diff", REEL, CUT, "--out", "{here}/c.edl", "--list", "{here}/c.txt", "--page", "{here}/c.html"),
        ("diff", CUT, REEL, "--out", "{here}/c.edl", "--list", "{here}/c.txt", "--page", "{here}/c.html"),
    ),
    Write("conform", ("conform", REEL, "--rushes", "{given}/reel", "--into", "{here}/R1", *DATE), ()),
    Write(
        "index of rushes",
        ("rushes", "index", "{given}/reel", TAKES, "--out", "{here}/film.sqlite"),
        ("rushes", "index", "{given}/reel", "--out", "{here}/film.sqlite"),
    ),
    Write("media taken out", ("media", "extract", "{of}/The Crossing R1.aaf", "--into", "{here}/R1"), ()),
    Write("media found", ("media", "find", "{work}", "--media", "{given}/reel", "--into", "{here}/R1"), ()),
    Write("demo", ("demo", "{here}/demo"), ()),
    Write("acceptance kit", ("kit", "{here}/kit"), ()),
    Write("launcher of the app", ("app", "--launcher", "{here}")),
    Write(
        "scripts for Resolve",
        ("resolve", "install", "--into", "{here}/Fusion/Scripts", "--command", "/usr/bin/true"),
        ("resolve", "install", "--into", "{here}/Fusion/Scripts", "--command", "/bin/true"),
    ),
    Write("file of a Resolve script", ("script", "{work}", "{here}/snapshot.json")),
)  # fmt: skip


def _kit(folder: str) -> None:
    from postsync.delivery.acceptance import REELS, make_kit

    make_kit(Path(folder), ["pro-tools"], REELS[:2])


def _script(work: str, target: str) -> None:
    """Write as the scripts inside Resolve do, which cannot use the library."""
    from postsync_resolve.saving import write_whole

    write_whole(target, Path(work).read_bytes())


OTHERS: dict[str, Callable[..., None]] = {"kit": _kit, "script": _script}


def run(command: tuple[str, ...]) -> int:
    """Run a command in this process, and give its exit code."""
    if command[0] in OTHERS:
        OTHERS[command[0]](*command[1:])
        return 0
    try:
        main.main(list(command), prog_name="postsync")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


# -------------------------------------------------------------------------------------------------------- the process


class Steps:
    """Count what a process does on the disk below a folder, as Python's audit hooks tell it; die at the step that is asked."""

    def __init__(self, folder: Path, marks: Any, last: int) -> None:
        self.folder, self.marks, self.last = str(folder), marks, last

    def __call__(self, event: str, facts: tuple[Any, ...]) -> None:
        if event not in _STEPS or not self._is_here(event, facts):
            return
        self.marks[0] += 1
        if self.marks[0] == 1:
            self.marks[1] = time.monotonic_ns()
        if self.marks[0] == self.last:
            os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    def _is_here(self, event: str, facts: tuple[Any, ...]) -> bool:
        if event == "open" and isinstance(facts[0], int):
            return self.marks[0] > 0  # the handle of a file that was just made
        if event == "open" and not (facts[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return False
        return any(isinstance(one, (str, bytes, os.PathLike)) and self.folder in os.fsdecode(one) for one in facts[:2])


_STEPS = frozenset(
    {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "tempfile.mkstemp",
     "tempfile.mkdtemp", "shutil.rmtree", "shutil.copyfile", "shutil.move", "sqlite3.connect"}
)  # fmt: skip


def _in_process(command: tuple[str, ...], place: Path, marks: Any, step: int, size: int) -> None:
    """Do a write, silently; `marks` are steps so far, when the first and the last was, and the exit code plus one."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if size:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    sys.addaudithook(Steps(place, marks, step))
    code = run(command)
    marks[2] = time.monotonic_ns()
    marks[3] = code + 1
    os._exit(0)


_processes: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def _started(command: tuple[str, ...], place: Path, *, step: int = 0, size: int = 0) -> tuple[Any, Any]:
    marks = _processes.RawArray("q", 4)
    child = _processes.Process(target=_in_process, args=(command, place, marks, step, size))
    child.start()
    return child, marks


def _let_through(command: tuple[str, ...], place: Path) -> Any:
    """Run a command in a process of its own to its end; give its marks. AssertionError where it fails."""
    child, marks = _started(command, place)
    child.join(LONGEST)
    assert marks[3] in (1, 2), f"{command} ended with {marks[3] - 1}"
    return marks


# --------------------------------------------------------------------------------------------------------- the killing


def known(write: Write, folder: Path, given: Path) -> Known:
    """Let a write through once over what was there before, to know what it makes."""
    place = folder / "here"
    before = write.command if write.before is None else write.before
    _emptied(place)
    if before:
        _let_through(_filled(before, place, given, "old"), place)
    old, kept = state_of(place), folder / "before"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(place, kept)
    marks = _let_through(_filled(write.command, place, given, "new"), place)
    new = state_of(place)
    return Known(
        write,
        place,
        kept,
        old,
        new,
        (marks[2] - marks[1]) / 1e9,
        int(marks[0]),
        max((path.stat().st_size for path in place.rglob("*")), default=1),
    )


def killed(one: Known, given: Path, number: int) -> Outcome:
    """Kill a write in the way of a number, look at what is there, and do it once more in peace."""
    dice, way = random.Random(number), WAYS[number % len(WAYS)]
    command = _filled(one.write.command, one.place, given, "new")
    shutil.rmtree(one.place)
    shutil.copytree(one.before, one.place)
    child, marks = _started(
        command,
        one.place,
        step=dice.randint(1, one.steps + 1) if way == "a step" else 0,
        size=dice.randint(1, one.largest) if way == "a size" else 0,
    )
    if way == "a moment":
        _kill_at(child, marks, dice.uniform(-0.05, 1.02) * one.seconds)
    child.join(LONGEST)
    found = state_of(one.place)
    faults = [*faults_of(one, found)]
    _let_through(command, one.place)
    faults += [f"once more: {fault}" for fault in faults_of(one, state_of(one.place), finished=True)]
    landed = "after" if marks[3] else "during" if marks[0] else "before"
    return Outcome(one.write.name, way, landed, _kind_of(one, found), len(_left(found)), tuple(faults))


def _kill_at(child: Any, marks: Any, delay: float) -> None:
    """Kill a process so many seconds after its first step on the disk, at once where that is negative."""
    while delay >= 0 and not marks[0] and child.is_alive():
        time.sleep(0.0005)
    until = time.monotonic() + delay
    while time.monotonic() < until and child.is_alive():
        time.sleep(min(0.001, max(until - time.monotonic(), 0)))
    child.kill()


def faults_of(one: Known, found: State, *, finished: bool = False) -> Iterable[str]:
    """Say what is wrong with the files of a folder in which a write was killed, or done again."""
    for name, data in found.items():
        if _is_temporary(name) or data == one.new.get(name) or (not finished and data == one.old.get(name)):
            continue
        if name not in one.new:
            yield f"{name} was never asked for"
        elif finished and _as_report(data) is not None and _as_report(data) == _as_report(one.new[name]):
            continue
        elif finished or not _is_whole_json(name, data):
            yield f"{name} is neither old nor new"
    for name in one.new if finished else one.old:
        if name not in found and (finished or name in one.new):
            yield f"{name} is gone"


def _as_report(data: bytes) -> list[Any] | None:
    """Give the losses of a report, but for what was set aside: a write that was killed has done so, the next has no need to."""
    try:
        return [loss for loss in json.loads(data)["losses"] if loss["code"] != "file-kept-aside"]
    except (ValueError, KeyError, TypeError):
        return None


def _is_whole_json(name: str, data: bytes) -> bool:
    try:
        return name.endswith(".json") and bool(json.loads(data))
    except ValueError:
        return False


def _kind_of(one: Known, found: State) -> str:
    """Whether the files are all old, all new, or some of both, which folders of several files may be."""
    found = {name: data for name, data in found.items() if not _is_temporary(name)}
    return "old" if found == one.old else "new" if found == one.new else "some of both"


def _left(found: State) -> list[str]:
    return [name for name in found if _is_temporary(name)]


def _is_temporary(name: str) -> bool:
    parts = Path(name).parts
    return any(part.endswith(TEMPORARY) or part.startswith(HIDDEN) for part in parts)


def state_of(place: Path) -> State:
    """Give the bytes of every file of a folder; of a database, which undoes what was not finished, what it says.

    What was kept of earlier works, and what reports say of it, depends on the minute and on where the kill came: left out.
    """
    files = [path for path in sorted(place.rglob("*")) if path.is_file() and not KEPT_ASIDE.search(path.name)]
    return {str(path.relative_to(place)): _said(path) for path in files}


def _said(path: Path) -> bytes:
    """Give what stands in a file. A database is asked as a copy with its journal, so that looking at it mends nothing."""
    if path.suffix == ".txt":
        return b"".join(line for line in path.read_bytes().splitlines(keepends=True) if KEPT_SENTENCE not in line)
    if path.suffix != ".sqlite":
        return path.read_bytes()
    with tempfile.TemporaryDirectory() as work:
        for one in path.parent.glob(f"{path.name}*"):
            shutil.copy(one, work)
        with closing(sqlite3.connect(Path(work) / path.name)) as base:
            return "\n".join(base.iterdump()).encode()


def _emptied(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)


def _filled(command: tuple[str, ...], place: Path, given: Path, which: str) -> tuple[str, ...]:
    words = {"here": place, "given": given, "work": given / which / "R1.otio", "of": given / which}  # fmt: skip
    return tuple(word.format(**words) for word in command)
