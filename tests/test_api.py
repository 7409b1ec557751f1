"""Every public name has words and an example that runs, and the pages of `docs/api` are made of them.

`pytest tests/test_api.py --accept` writes the pages.
"""

from __future__ import annotations

import doctest
import importlib
import io
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import api_pages
from api_pages import ALL_PAGES, PAGES, Page, errors_raised_by, has_example, own_names, page_text, public_names

PRIVATE_ROOMS = (
    "postsync.app", "postsync.cli", "postsync.resolve", "postsync.finding_codes", "postsync.loss_codes", "postsync.wording",
)  # fmt: skip
SHARED_BY_FORMATS = [("postsync_adapters._carried", "shown_markers")]  # a format lives in the folder of this module
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.fixture
def setting(tmp_path, monkeypatch) -> dict[str, Any]:
    """The names that a page begins with, made in an empty folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(api_pages.SETUP, "setup of the examples", "exec"), names)
    return names


def failures_of(where: str, doc: str, names: dict[str, Any]) -> str:
    """Run the examples of a docstring; gives what went wrong, empty where nothing did."""
    said = io.StringIO()
    test = doctest.DocTestParser().get_doctest(doc, names, where, None, None)
    doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(test, out=said.write)
    return said.getvalue()


def afresh(setting: dict[str, Any], room: str) -> dict[str, Any]:
    """Give what an example may use: the setting, its timelines unchanged, and the public names of its own room."""
    named_in_full = room in ("postsync", "postsync.verbs")
    own = {} if named_in_full else {name: value(room, name) for name in api_pages.names_of(room)}
    copies = {name: setting[name].deepcopy() for name in ("timeline", "new_cut")}
    return {**own, **setting, **copies, "report": setting["Report"](setting["report"].losses)}


def value(room: str, name: str) -> Any:
    return getattr(importlib.import_module(room), name)


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_public_name_has_words_and_an_example_that_runs(page: Page, setting):
    wrong = []
    for one in own_names(page):
        if not one.doc.strip() or one.doc.startswith(">>>"):
            wrong.append(f"{one.where}: no words")
        elif not has_example(one.doc):
            wrong.append(f"{one.where}: no example")
        elif "+SKIP" in one.doc:
            wrong.append(f"{one.where}: an example that nobody runs")
        else:
            wrong.append(failures_of(one.where, one.doc, afresh(setting, one.room)))
    assert "\n".join(filter(None, wrong)) == ""


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_public_function_names_the_errors_that_it_raises(page: Page):
    unsaid = {one.where: {name for name in errors_raised_by(one) if name not in one.doc} for one in own_names(page)}
    assert {where: names for where, names in unsaid.items() if names} == {}


@pytest.mark.parametrize("page", sorted(PAGES.parent.rglob("*.md")), ids=lambda page: page.stem)
def test_what_the_pages_import_is_public(page: Path):
    public = {room: set(api_pages.names_of(room)) for one in ALL_PAGES for room in one.modules}
    public["postsync"] |= {room.removeprefix("postsync.") for room in public if room.startswith("postsync.")}
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    taken = re.findall(r"^from (postsync[\w.]*) import (.+)$", "\n".join(blocks), re.MULTILINE)
    private = [(room, names) for room, names in taken if not set(names.split(", ")) <= public.get(room, set())]
    assert [one for one in private if one not in SHARED_BY_FORMATS] == []


@pytest.mark.parametrize("package", ["postsync", "postsync_adapters"])
def test_every_other_example_runs_too(package, setting):
    public = {(api_pages.home_of(one.room, one.name), one.name) for page in ALL_PAGES for one in public_names(page)}
    finder, wrong = doctest.DocTestFinder(recurse=True, exclude_empty=True), []
    for module in modules_below(package):
        for test in finder.find(module, module.__name__, module=module):
            name = test.name.removeprefix(f"{module.__name__}.")
            if test.examples and (module.__name__, name) not in public:
                wrong.append(failures_of(test.name, test.docstring or "", {**setting, **vars(module)}))
    assert "\n".join(filter(None, wrong)) == ""


def modules_below(package: str):
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_the_page_says_what_the_docstrings_say(page: Page, accept):
    place = PAGES / f"{page.name}.md"
    if accept:
        PAGES.mkdir(exist_ok=True)
        place.write_text(page_text(page), encoding="utf-8")
    assert place.read_text(encoding="utf-8") == page_text(page)


def test_every_room_is_public_or_said_to_be_private():
    rooms = {f"postsync.{found.name}" for found in pkgutil.iter_modules(importlib.import_module("postsync").__path__)}
    shown = {room for page in ALL_PAGES for room in page.modules}
    assert rooms - shown == {*PRIVATE_ROOMS, "postsync.__main__"}


def test_the_table_of_contents_links_every_page_and_shows_the_setting():
    contents = (PAGES.parent / "api.md").read_text(encoding="utf-8")
    assert [page.name for page in ALL_PAGES if f"(api/{page.name}.md)" not in contents] == []
    assert api_pages.SETUP in contents
    assert [room for room in PRIVATE_ROOMS if f"`{room}`" not in contents] == []
