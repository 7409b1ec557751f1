"""The jobs of a session, one after another in a thread of their own, with progress; a job can be stopped where it counts."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from postsync.errors import PostsyncError, UnknownOption

Progress = Callable[[str, int, int], None]
STATES = ("waiting", "running", "done", "failed", "stopped")

_log = logging.getLogger("postsync.app")


class Stopped(Exception):
    """The person stopped the job."""


@dataclass(frozen=True)
class Made:
    """One file that a job made."""

    path: Path
    what: str = ""
    how: str = ""


@dataclass(frozen=True)
class Done:
    """What a job did: sentences, its files, what waits for a person, rows to read (a head first), losses."""

    lines: tuple[str, ...] = ()
    files: tuple[Made, ...] = ()
    waits: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    losses: tuple[str, ...] = ()
    notes: int = 0


@dataclass
class Run:
    """One job, from waiting to its end. `folder` is new and the job's own."""

    id: str
    name: str
    folder: Path | None
    state: str = "waiting"
    what: str = ""
    done: int = 0
    total: int = 0
    outcome: Done | None = None
    error: str = ""
    stopping: bool = field(default=False)

    def advance(self, what: str, done: int, total: int) -> None:
        """Note how far it is; ends the job here where the person stopped it."""
        self.what, self.done, self.total = what, done, total
        if self.stopping:
            raise Stopped

    def to_json(self) -> dict[str, Any]:
        """Give how far it is, and what it did once it is done."""
        return {
            "id": self.id,
            "name": self.name,
            "folder": None if self.folder is None else str(self.folder),
            "state": self.state,
            "what": self.what,
            "done": self.done,
            "total": self.total,
            "error": self.error,
            "outcome": None if self.outcome is None else _outcome_json(self.outcome, self.folder),
        }


def _outcome_json(done: Done, folder: Path | None) -> dict[str, Any]:
    names = [
        str(one.path.relative_to(folder) if folder and one.path.is_relative_to(folder) else one.path)
        for one in done.files
    ]
    return {
        "lines": done.lines,
        "files": [
            {"name": name, "what": one.what, "how": one.how} for name, one in zip(names, done.files, strict=True)
        ],
        "waits": done.waits,
        "table": done.table,
        "losses": done.losses,
        "notes": done.notes,
    }


def _with_the_rest(done: Done, folder: Path | None) -> Done:
    """Name also what lies in the job's folder and was not named, such as the cue document beside a list."""
    if folder is None:
        return done
    named = {part for one in done.files for part in (one.path, *one.path.parents)}
    rest = sorted(path for path in folder.iterdir() if path not in named)
    return replace(done, files=(*done.files, *map(Made, rest)))


class Runs:
    """All jobs of a session by id."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self._ids = count(1)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="postsync job")

    def get(self, run: str) -> Run:
        """Give a job by its id."""
        if run not in self.runs:
            raise UnknownOption(f"there is no job {run!r}")
        return self.runs[run]

    def start(self, name: str, folder: Path | None, job: Callable[[Run], Done]) -> Run:
        """Put a job behind those that run."""
        run = Run(str(next(self._ids)), name, folder)
        self.runs[run.id] = run
        self._worker.submit(self._do, run, job)
        return run

    def end(self) -> None:
        """Stop what runs and wait until it has tidied up."""
        for run in self.runs.values():
            run.stopping = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _do(self, run: Run, job: Callable[[Run], Done]) -> None:
        if run.stopping:
            run.state = "stopped"
            return
        run.state = "running"
        try:
            run.outcome = _with_the_rest(job(run), run.folder)
            run.state = "done"
            return
        except Stopped:
            run.error, ended = "", "stopped"
        except PostsyncError as fault:
            run.error, ended = fault.sentence(), "failed"
        except Exception as fault:  # noqa: BLE001 - a job that fails in an unforeseen way must not end the app
            _log.exception("the job %s failed", run.name)
            run.error, ended = f"unexpected: {type(fault).__name__}: {fault}", "failed"
        if run.folder is not None:
            shutil.rmtree(run.folder, ignore_errors=True)  # It was made for this job: half a result helps nobody.
        run.state = ended
