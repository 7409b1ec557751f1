"""The jobs that the page offers: a table of what each takes, what may be asked of it, and the verb that does it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync import verbs
from postsync.app.answers import (
    Say,
    checked,
    compared,
    converted,
    merged,
    placed,
    reconformed,
    reported,
    turned_over,
    verified,
)
from postsync.app.running import Done, Run
from postsync.app.shelf import Item, keep_beside
from postsync.cueing import SUFFIX
from postsync.delivery.applications import APPLICATIONS
from postsync.delivery.checks import CHECKED
from postsync.errors import FormatError, UnknownOption
from postsync.formats.format import Purpose
from postsync.model import file_name
from postsync.paper.forms import FORMS
from postsync.paper.kinds import KINDS
from postsync.paper.words import Words
from postsync.timing import duration_from_text, parse_rate
from postsync_adapters import formats

TAKES_FOLDER = "Takes"
"""Where dropped takes are kept beside the results that play them."""


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


def _reading(item: Item) -> dict[str, Any]:
    """Give how an item is read, as the person settled it when looking into it."""
    rate = item.settings.get("rate")
    return {"rate": parse_rate(rate) if rate else None, "all_markers": bool(item.settings.get("all_markers"))}


def _turnover(given: Given) -> Done:
    source, answers = given.one("timeline"), given.answers
    made = verbs.turnover(
        source.path,
        given.folder,
        application=answers["application"],
        cues=given.path("cues"),
        handles=duration_from_text(answers["handles"]),
        media=answers["media"],
        search=answers["search"],
        date=given.today,
        progress=given.run.advance,
        **_reading(source),
    )
    return turned_over(made, given.say)


def _place(given: Given) -> Done:
    work, answers = given.one("work"), given.answers
    takes = [keep_beside(item, given.folder / TAKES_FOLDER) for item in given.items["takes"]]
    done = verbs.place(
        work.path,
        takes,
        given.folder,
        guides=[item.path for item in given.items.get("guide", ())],
        logs=[item.path for item in given.items.get("log", ())],
        by=answers["by"],
        accept_guesses=answers["accept_guesses"],
        alternates=answers["alternates"],
        alone=answers["alone"],
        application=answers["application"],
        media=answers["media"],
        search=answers["search"],
        date=given.today,
        progress=given.run.advance,
        **_reading(work),
    )
    return placed(done, given.say)


def _reconform(given: Given) -> Done:
    old, new, work = given.one("old"), given.one("new"), given.one("work")
    done = verbs.reconform(
        old.path, new.path, work.path, given.folder, cut=given.answers["cut"], date=given.today, **_reading(work)
    )
    return reconformed(done, given.say)


def _compare(given: Given) -> Done:
    old, new = given.one("old"), given.one("new")
    name = file_name(f"{old.path.stem} to {new.path.stem}")
    found = verbs.diff(
        old.path,
        new.path,
        out=given.folder / f"{name} changes.edl",
        text=given.folder / f"{name} changes.txt",
        page=given.folder / f"{name}.html",
        rate=_reading(old)["rate"],
    )
    return compared(found, given.say)


def _merge(given: Given) -> Done:
    work, returned, answers = given.one("work"), given.one("returned"), given.answers
    cue_document = work.path.name.endswith(SUFFIX)
    out = given.folder / f"{file_name(_stem(work.path))}{SUFFIX if cue_document else '.otio'}"
    done = verbs.merge(
        work.path,
        returned.path,
        out,
        prefer=None if answers["prefer"] == "ask" else answers["prefer"],
        omit_missing=answers["omit_missing"],
        date=given.today,
        **_reading(returned),
    )
    return merged(done, given.say)


def _check(given: Given) -> Done:
    item, answers = given.one("file"), given.answers
    application = None if answers["checked_for"] == "none" else answers["checked_for"]
    guide = given.path("guide")
    found = verbs.check(
        item.path, application=application, search=answers["search"], guides=[guide] if guide else [], **_reading(item)
    )
    return checked(found, given.say)


def _verify(given: Given) -> Done:
    return verified(verbs.verify(given.one("sent").path, given.one("returned").path), given.say)


def _convert(given: Given) -> Done:
    item = given.one("file")
    row = next(one for one in verbs.formats() if one.name == given.answers["format"])
    target = given.folder / f"{file_name(_stem(item.path))}{row.suffixes[0]}"
    return converted(verbs.convert(item.path, target, as_format=row.name, **_reading(item)), given.say)


def _report(given: Given) -> Done:
    works, answers, first = given.items["works"], given.answers, given.one("works")
    kind = KINDS[answers["kind"]]
    form = next(iter(kind.forms)) if answers["form"] == "auto" else answers["form"]
    how: dict[str, Any] = {
        "as_form": form,
        "earlier": [item.path for item in given.items.get("earlier", ())],
        "language": given.language,
        "date": given.today,
        "revision": answers["revision"] or None,
        **_reading(first),
    }
    paths = [item.path for item in works]
    if answers["each_character"]:
        return reported(verbs.report(paths, kind.name, into=given.folder, **how), given.say)
    name = file_name(f"{_stem(first.path)} {kind.name}")
    return reported(verbs.report(paths, kind.name, given.folder / f"{name}.{form}", **how), given.say)


def _stem(path: Path) -> str:
    return path.name.removesuffix(SUFFIX) if path.name.endswith(SUFFIX) else path.stem


_SEARCH = Field("search", "folders", ())
_MEDIA = ("copy", "embed", "link")
_WORK = ("timeline", "list")
_TARGETS = tuple(APPLICATIONS)


def _writable() -> dict[str, str]:
    """Give the formats that can be written with their titles, those of whole timelines first."""
    every = sorted(formats().values(), key=lambda one: (one.purpose, one.title.casefold()))
    return {one.name: one.title for one in every if one.write is not None and one.purpose is not Purpose.PAPER}


FORMATS = _writable()

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Task(
            "turnover",
            (Slot("timeline", ("timeline",)), Slot("cues", ("list", "timeline"), optional=True)),
            _turnover,
            (
                Field("application", "choice", "pro-tools", _TARGETS),
                Field("handles", "text", "4s"),
                Field("media", "choice", "copy", _MEDIA),
                _SEARCH,
            ),
            called=lambda first, answers: f"{first} for {answers['application']}",
        ),
        Task(
            "place",
            (
                Slot("work", _WORK),
                Slot("takes", ("sound", "folder"), many=True),
                Slot("log", ("list", "other"), many=True, optional=True),
                Slot("guide", ("sound",), many=True, optional=True),
            ),
            _place,
            (
                Field("application", "choice", "pro-tools", _TARGETS),
                Field("by", "choice", "auto", ("auto", "cue", "stamp", "sync")),
                Field("media", "choice", "copy", _MEDIA),
                Field("alternates", "switch", True),
                Field("accept_guesses", "switch", False),
                Field("alone", "switch", False),
                _SEARCH,
            ),
            called=lambda first, answers: f"{first} placed",
        ),
        Task(
            "reconform",
            (Slot("old", ("timeline",)), Slot("new", ("timeline",)), Slot("work", _WORK)),
            _reconform,
            (Field("cut", "switch", False),),
            called=lambda first, answers: f"{first} reconformed",
        ),
        Task(
            "compare",
            (Slot("old", ("timeline",)), Slot("new", ("timeline",))),
            _compare,
            called=lambda first, answers: f"{first} changes",
        ),
        Task(
            "merge",
            (Slot("work", _WORK), Slot("returned", ("list", "timeline"))),
            _merge,
            (Field("prefer", "choice", "ask", ("ask", "ours", "theirs")), Field("omit_missing", "switch", False)),
            called=lambda first, answers: f"{first} merged",
        ),
        Task(
            "report",
            (Slot("works", _WORK, many=True), Slot("earlier", _WORK, many=True, optional=True)),
            _report,
            (
                Field("kind", "choice", "browser", tuple(KINDS)),
                Field("form", "choice", "auto", ("auto", *FORMS)),
                Field("revision", "text", ""),
                Field("each_character", "switch", False),
            ),
            called=lambda first, answers: f"{first} {answers['kind']}",
        ),
        Task(
            "check",
            (Slot("file", _WORK), Slot("guide", ("sound",), optional=True)),
            _check,
            (Field("checked_for", "choice", "none", ("none", *CHECKED)), _SEARCH),
            writes=False,
        ),
        Task(
            "verify",
            (Slot("sent", _WORK), Slot("returned", _WORK)),
            _verify,
            writes=False,
        ),
        Task(
            "convert",
            (Slot("file", _WORK),),
            _convert,
            (Field("format", "choice", "otio", tuple(FORMATS)),),
            called=lambda first, answers: f"{first} as {answers['format']}",
        ),
    )
}
"""The jobs in the order in which the page shows them."""


def task_named(name: str) -> Task:
    """Give a job; UnknownOption where there is none of that name."""
    if name not in TASKS:
        raise UnknownOption(f"there is no job {name!r}", remedy=f"there are: {', '.join(TASKS)}")
    return TASKS[name]


def choice_titles(language: str) -> dict[str, str]:
    """Give the words of choices that have a title already: formats and reports."""
    words = Words.of(language)
    formats_by_name = {f"choice.format.{name}": title for name, title in FORMATS.items()}
    return formats_by_name | {f"choice.kind.{name}": words.say(f"kind.{name}") for name in KINDS}


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
