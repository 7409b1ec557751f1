"""The jobs that the page offers: what each takes, what may be asked of it, and what its results are called."""

from __future__ import annotations

from postsync.app import doing
from postsync.app.task import Field, Slot, Task
from postsync.delivery.applications import APPLICATIONS
from postsync.delivery.checks import CHECKED
from postsync.errors import UnknownOption
from postsync.formats.format import Purpose
from postsync.paper.forms import FORMS
from postsync.paper.kinds import KINDS
from postsync.paper.words import Words
from postsync_adapters import formats

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
            doing.turnover,
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
            doing.place,
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
            doing.reconform,
            (Field("cut", "switch", False),),
            called=lambda first, answers: f"{first} reconformed",
        ),
        Task(
            "conform",
            (Slot("edit", ("timeline",)), Slot("rushes", ("folder", "other"), many=True)),
            doing.conform,
            (
                Field("application", "choice", "pro-tools", ("none", *_TARGETS)),
                Field("media", "choice", "copy", _MEDIA),
                Field("relink", "switch", False),
                _SEARCH,
            ),
            called=lambda first, answers: f"{first} conformed",
        ),
        Task(
            "compare",
            (Slot("old", ("timeline",)), Slot("new", ("timeline",))),
            doing.compare,
            called=lambda first, answers: f"{first} changes",
        ),
        Task(
            "merge",
            (Slot("work", _WORK), Slot("returned", ("list", "timeline", "sound"))),
            doing.merge,
            (Field("prefer", "choice", "ask", ("ask", "ours", "theirs")), Field("omit_missing", "switch", False)),
            called=lambda first, answers: f"{first} merged",
        ),
        Task(
            "report",
            (Slot("works", _WORK, many=True), Slot("earlier", _WORK, many=True, optional=True)),
            doing.report,
            (
                Field("kind", "choice", "browser", tuple(KINDS)),
                Field("form", "choice", "auto", ("auto", *FORMS)),
                Field("revision", "text", ""),
                Field("each_character", "switch", False),
            ),
            called=lambda first, answers: f"{first} {answers['kind']}",
        ),
        Task(
            "number",
            (Slot("file", _WORK),),
            doing.number,
            called=lambda first, answers: f"{first} numbered",
        ),
        Task(
            "sync",
            (Slot("guide", ("sound", "timeline", "folder")), Slot("takes", ("sound", "folder"), many=True)),
            doing.sync,
            (_SEARCH,),
            called=lambda first, answers: f"{first} sync",
        ),
        Task(
            "check",
            (Slot("file", _WORK), Slot("guide", ("sound",), optional=True)),
            doing.check,
            (Field("checked_for", "choice", "none", ("none", *CHECKED)), _SEARCH),
            writes=False,
        ),
        Task(
            "verify",
            (Slot("sent", _WORK), Slot("returned", _WORK)),
            doing.verify,
            writes=False,
        ),
        Task(
            "extract",
            (Slot("file", ("timeline",)),),
            doing.extract,
            called=lambda first, answers: f"{first} sound",
        ),
        Task(
            "convert",
            (Slot("file", (*_WORK, "sound")),),
            doing.convert,
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
