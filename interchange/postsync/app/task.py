"""What a job of the app is: places for files, questions with their answers, and the function that does it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync.app.answers import Say
from postsync.app.running import Done, Run
from postsync.app.shelf import Item
from postsync.errors import FormatError


@dataclass(frozen=True)
class Slot:
    """One place for files: its name, what may stand there (`ROLES`), whether several may, whether it may stay empty."""

    name: str
    roles: tuple[str, ...]
    many: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Field:
    """One question: `choice` of some words, `switch`, `text`, or `folders` of this computer. `usual` is its answer at first."""

    name: str
    kind: str
    usual: Any = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What a person gave to a job: items by slot, answers by field, the folder for the results, and how to tell what was done.

    `language` is that of paper.
    """

    items: Mapping[str, Sequence[Item]]
    answers: Mapping[str, Any]
    into: Path | None
    run: Run
    say: Say
    language: str = "en"

    def one(self, slot: str) -> Item:
        """Give the item of a slot that must be filled."""
        return self.items[slot][0]

    def path(self, slot: str) -> Path | None:
        """Give the path of a slot, None where it is empty."""
        return self.items[slot][0].path if self.items.get(slot) else None

    @property
    def folder(self) -> Path:
        """The folder of the job."""
        assert self.into is not None
        return self.into

    @property
    def today(self) -> str:
        """The day on which a person works."""
        return datetime.date.today().isoformat()  # noqa: DTZ011 - the day where the person is


@dataclass(frozen=True)
class Task:
    """One job: its slots and questions, whether it writes, and the function that does it.

    `called` says what the folder of its results is called, from the first file and the answers.
    """

    name: str
    slots: tuple[Slot, ...]
    do: Callable[[Given], Done]
    fields: tuple[Field, ...] = ()
    writes: bool = True
    called: Callable[[str, Mapping[str, Any]], str] = field(default=lambda first, answers: first)

    def to_json(self) -> dict[str, Any]:
        """Give what the page asks for."""
        return {
            "name": self.name,
            "writes": self.writes,
            "slots": [one.__dict__ for one in self.slots],
            "fields": [one.__dict__ for one in self.fields],
        }


def filled(task: Task, asked: Any) -> dict[str, Any]:
    """Give the answer to every question of a job, as usual where none was given; FormatError names a wrong one."""
    given = asked if isinstance(asked, dict) else {}
    return {one.name: _answer(one, given[one.name]) if one.name in given else one.usual for one in task.fields}


def _answer(asked: Field, given: Any) -> Any:
    fits = {
        "choice": isinstance(given, str) and given in asked.choices,
        "switch": isinstance(given, bool),
        "text": isinstance(given, str) and len(given) < 200,
        "folders": isinstance(given, list) and all(isinstance(one, str) and Path(one).is_dir() for one in given),
    }
    if not fits[asked.kind]:
        expected = f"one of {', '.join(asked.choices)}" if asked.choices else f"a {asked.kind}"
        raise FormatError(place=asked.name, expected=expected, found=repr(given))
    return tuple(given) if asked.kind == "folders" else given
