"""What is public, where each name is defined, and the pages of `docs/api` made from the docstrings.

Public is what a room hands on in `__all__`, or, in a module without one, what it defines without an underscore. A constant
has its docstring behind its assignment, where editors look for it too.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import re
from dataclasses import dataclass, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "api"
WIDTH = 128

SETUP = """\
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio

import postsync
from postsync import Character, Cue, Project, Report, cueing, demo, timing, verbs
from postsync.timing import as_rate

reel = demo.unpack_example(Path())
timeline, report = postsync.read(reel)
cueing.spot(timeline, Project(), report)
postsync.write(timeline, "R1.otio")
new_cut, _ = postsync.read("new cut/The Crossing R1 v4.fcpxml")
"""


@dataclass(frozen=True)
class Page:
    """One page: the file's name, its heading, what it is about, and the modules whose names stand on it."""

    name: str
    title: str
    about: str
    modules: tuple[str, ...]


ALL_PAGES = (
    Page(
        "postsync",
        "Reading and writing",
        "What most scripts need: read, write, convert, and the records.",
        ("postsync",),
    ),
    Page(
        "verbs",
        "The jobs",
        "Each verb of the command is a function here; it takes paths and gives a record, whose `to_json()` is what `--json` "
        "prints. Reading raises UnknownFormat and FormatError, a name that there is not UnknownOption, writing CannotWrite, "
        "sound MediaError. `from_format`, `rate`, `timeline` and `options` are for the file that is read.",
        ("postsync.verbs", "postsync.demo"),
    ),
    Page(
        "errors",
        "Errors, losses and findings",
        "What was refused, what was lost and what was found, as facts: programs look at classes and codes, never at sentences.",
        ("postsync.errors", "postsync.report", "postsync.findings"),
    ),
    Page(
        "time",
        "Time",
        "Rates are fractions, frames and samples are integers, everything else is exact seconds.",
        ("postsync.timing",),
    ),
    Page(
        "model",
        "Timelines, clips, markers and cues",
        "A timeline is OpenTimelineIO's; what it has no field for lies in its metadata and is read and written here.",
        ("postsync.model",),
    ),
    Page("cueing", "Cues as text and numbers", "Spotting, numbers, tags, merging, checks.", ("postsync.cueing",)),
    Page(
        "formats",
        "Formats",
        "What a format is, and what a new one is made with: see [contributing](../contributing.md).",
        ("postsync.formats", "postsync_adapters"),
    ),
    Page("conforming", "Old cut and new cut", "Change maps, and works moved through them.", ("postsync.conforming",)),
    Page("placing", "Takes onto cues", "Takes, their pairing with cues, and placed clips.", ("postsync.placing",)),
    Page("sound", "Sound", "Headers, samples, and files found and written.", ("postsync.sound",)),
    Page(
        "delivery",
        "Turnovers and paper",
        "Folders for applications, and data for pages.",
        ("postsync.delivery", "postsync.paper"),
    ),
)


@dataclass(frozen=True)
class PublicName:
    """A public name with its docstring, which is empty where it has none."""

    room: str
    name: str
    value: Any
    doc: str
    source: Path
    line: int

    @property
    def where(self) -> str:
        """Its place in full, `postsync.timing.as_rate`."""
        return f"{self.room}.{self.name}"

    @property
    def is_called(self) -> bool:
        """Whether it is a function or a record that is made with arguments worth showing."""
        if inspect.isclass(self.value):
            return is_dataclass(self.value) or hasattr(self.value, "_fields")
        return inspect.isroutine(inspect.unwrap(self.value)) if callable(self.value) else False

    @property
    def call(self) -> str:
        """How it is called: its arguments with their defaults, a star before those that are given by name."""
        return f"{self.name}({', '.join(_arguments(self.value))})"


def _arguments(called: Any) -> list[str]:
    shown: list[str] = []
    starred = False
    for one in inspect.signature(called).parameters.values():
        if one.kind is one.KEYWORD_ONLY and not starred:
            shown.append("*")
        starred = starred or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        bare = str(one.replace(annotation=one.empty, default=one.empty))
        shown.append(bare if one.default is one.empty else f"{bare}={_default(one.default)}")
    return shown


def _default(given: Any) -> str:
    """Give a default as it is typed, where that is short and the same in every Python."""
    if isinstance(given, Fraction):
        return str(given) if given.denominator == 1 else f"Fraction({given.numerator}, {given.denominator})"
    plain = given is None or type(given) in (bool, int, float, str, bytes) or given == ()
    shown = json.dumps(given, ensure_ascii=False) if isinstance(given, str) else repr(given)
    return shown if plain and len(shown) <= 24 else "…"


@cache
def names_of(room: str) -> list[str]:
    """Give the public names of a module."""
    module = importlib.import_module(room)
    stated = getattr(module, "__all__", None)
    if stated is not None:
        return [name for name in stated if name != "__version__"]
    defined = [name for name in _definitions(room) if not name.startswith("_")]
    return [name for name in defined if hasattr(module, name)]


@cache
def public_names(page: Page) -> list[PublicName]:
    """Give the names of a page, each once, in order of name without case."""
    found: list[PublicName] = []
    for room in page.modules:
        module = importlib.import_module(room)
        found += [_public(room, module, name) for name in sorted(names_of(room), key=lambda name: (name.lower(), name))]
    return found


def _public(room: str, module: ModuleType, name: str) -> PublicName:
    home, node = _home(room, name)
    return PublicName(room, name, getattr(module, name), _docstring(home, name), Path(_source(home)), node)


@cache
def _source(room: str) -> str:
    spec = importlib.util.find_spec(room)
    assert spec is not None and spec.origin is not None
    return spec.origin


@cache
def _tree(room: str) -> ast.Module:
    return ast.parse(Path(_source(room)).read_text(encoding="utf-8"))


@cache
def _definitions(room: str) -> dict[str, tuple[int, ast.stmt, ast.stmt | None]]:
    """Give what a module defines: name to its place in the file, its node, and the node behind it."""
    body = _tree(room).body
    found: dict[str, tuple[int, ast.stmt, ast.stmt | None]] = {}
    for index, node in enumerate(body):
        behind = body[index + 1] if index + 1 < len(body) else None
        for name in _defined(node):
            found.setdefault(name, (node.lineno, node, behind))
    return found


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _home(room: str, name: str) -> tuple[str, int]:
    """Give the module that defines a name, following who hands it on, and the line there."""
    if name in _definitions(room):
        return room, _definitions(room)[name][0]
    for node in _tree(room).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _home(node.module, alias.name)
    raise LookupError(f"{room} does not say where {name} comes from")


def home_of(room: str, name: str) -> str:
    """Give the module that defines a public name."""
    return _home(room, name)[0]


def _docstring(home: str, name: str) -> str:
    _, node, behind = _definitions(home)[name]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return inspect.cleandoc(ast.get_docstring(node) or "")
    if isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Constant) and isinstance(behind.value.value, str):
        return inspect.cleandoc(behind.value.value)
    return ""


def errors_raised_by(one: PublicName) -> set[str]:
    """Give the errors of ours that a function raises itself, or by the functions of its own module that it calls."""
    home = home_of(one.room, one.name)
    functions = {node.name: node for node in _tree(home).body if isinstance(node, ast.FunctionDef)}
    raised: set[str] = set()
    seen: set[str] = set()
    ahead = {one.name} & functions.keys()
    while ahead:
        seen |= ahead
        nodes = [node for name in ahead for node in ast.walk(functions[name])]
        raised |= {_called(node.exc) for node in nodes if isinstance(node, ast.Raise) and node.exc is not None}
        ahead = {_called(node) for node in nodes if isinstance(node, ast.Call)} & functions.keys() - seen
    return raised & set(names_of("postsync.errors"))


def _called(node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.id if isinstance(target, ast.Name) else ""


def has_example(doc: str) -> bool:
    """Whether a docstring shows a use."""
    return any(line.startswith(">>>") for line in doc.splitlines())


@cache
def own_names(page: Page) -> list[PublicName]:
    """Give the names that are explained on a page: all but those that `postsync` hands on from the rooms of other pages."""
    elsewhere = {(home_of(other, name), name) for other in _other_rooms(page) for name in names_of(other)}
    return [
        one
        for one in public_names(page)
        if page.modules != ("postsync",) or (home_of(one.room, one.name), one.name) not in elsewhere
    ]


def _other_rooms(page: Page) -> list[str]:
    return [room for other in ALL_PAGES if other is not page for room in other.modules]


def page_text(page: Page) -> str:
    """Give a page: a section a name, with its words and its example, as the docstring has them."""
    parts = [f"# {page.title}", f"{page.about} How the examples begin: [the pages](../api.md)."]
    for room in page.modules:
        parts.append(f"## `{room}`")
        parts += [_section(one) for one in own_names(page) if one.room == room]
    handed_on = [one for one in public_names(page) if one not in own_names(page)]
    if handed_on:
        parts.append("## Handed on from the rooms")
        parts.append(
            "\n".join(
                f"- `{one.name}`: [{other.title}]({other.name}.md)" for one in handed_on for other in [_page_of(one)]
            )
        )
    return "\n\n".join(parts) + "\n"


def _page_of(one: PublicName) -> Page:
    home = (home_of(one.room, one.name), one.name)
    return next(
        page
        for page in ALL_PAGES[1:]
        for room in page.modules
        if one.name in names_of(room) and (home_of(room, one.name), one.name) == home
    )


def _section(one: PublicName) -> str:
    words, example = _parted(one.doc)
    shown = f"```text\n{_wrapped(one.call)}\n```\n\n" if one.is_called else ""
    members = (
        "".join(f"- `{name}`: {says}\n" for name, says in _members(one.value)) if inspect.isclass(one.value) else ""
    )
    return f"### `{one.name}`\n\n{shown}{words}\n\n```pycon\n{example}\n```" + (
        f"\n\n{members.rstrip()}" if members else ""
    )


def _members(kind: type) -> list[tuple[str, str]]:
    """Give the methods and properties of a class and of ours that it is made of, with the first line of what each says."""
    found: list[tuple[str, str]] = []
    ours = [
        one
        for one in kind.__mro__
        if one is kind or (one.__module__.startswith("postsync") and not issubclass(one, Exception))
    ]
    for name, member in {name: member for one in reversed(ours) for name, member in vars(one).items()}.items():
        bound = getattr(kind, name)
        if name.startswith("_") or issubclass(kind, Enum):
            continue
        if isinstance(member, property | cached_property):
            found.append((name, _first_line(member.__doc__)))
        elif inspect.isroutine(bound):
            given = [one for one in _arguments(bound) if one != "self"]
            found.append((f"{name}({', '.join(given)})", _first_line(bound.__doc__)))
    return found


def _first_line(doc: str | None) -> str:
    return inspect.cleandoc(doc or "").partition("\n\n")[0].replace("\n", " ")


def _parted(doc: str) -> tuple[str, str]:
    """Part a docstring into its words and all its examples."""
    words: list[str] = []
    examples: list[str] = []
    inside = False
    for line in doc.splitlines():
        inside = line.startswith(">>>") or (inside and bool(line.strip()))
        (examples if inside else words).append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(words)).strip(), "\n".join(examples)


def _wrapped(called: str) -> str:
    if len(called) <= 100:
        return called
    name, _, inner = called.partition("(")
    lines = [""]
    for part in inner[:-1].split(", "):
        if len(lines[-1]) + len(part) > 90:
            lines.append("")
        lines[-1] += f"{part}, "
    body = "\n".join(f"    {line.rstrip()}" for line in lines)
    return f"{name}(\n{body}\n)"
