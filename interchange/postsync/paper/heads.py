"""What stands at the head of reports, and the sections that lines are told by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from postsync.model import natural_key
from postsync.paper.document import Document, Section
from postsync.paper.lines import PaperLine, Request, clean
from postsync.paper.values import MARKED, line_row
from postsync.paper.words import Words

FORM_WORDS = ("page", "of", "take", "notes", "nothing", "hour", "day", "engineer", "studio")
"""Words that the forms write themselves."""


def document(request: Request, kind: str, lines: Sequence[PaperLine], **parts: Any) -> Document:
    """Give a report with its head: title, episode, version, date and revision, as far as they are known."""
    words, options = request.words, request.options
    title = clean(options.title or request.project.show or stated(lines, "title") or _names(request.works))
    facts = {
        "episode": common(line.episode for line in lines) or clean(options.episode or request.project.episode),
        "version": common(line.version for line in lines) or clean(options.version),
        "date": words.day(clean(options.date)),
        "revision": clean(options.revision),
        "supervisor": clean(request.project.supervisor or stated(lines, "supervisor")),
    }
    name = words.say(f"kind.{kind}")
    marks = tuple(
        (MARKED[mark], words.say(f"mark.{mark}")) for mark in MARKED if any(line.mark == mark for line in lines)
    )
    return Document(
        kind=kind,
        name=name,
        title=title or name,
        facts=tuple((words.say(key), value) for key, value in facts.items() if value),
        words={key: words.say(key) for key in FORM_WORDS},
        paper=options.paper or (words.locale.paper if "-" in options.language else request.project.paper),
        language=options.language,
        date=options.date,
        marks=parts.pop("marks", marks),
        **parts,
    )


def _names(works: Iterable[Any]) -> str:
    names = list(dict.fromkeys(work.name for work in works if work.name))
    return " – ".join(dict.fromkeys([names[0], names[-1]])) if names else ""


def stated(lines: Iterable[PaperLine], key: str) -> str:
    """Give what all lines say of the show in fields of their own, as sessions of the tag language do; else nothing."""
    return common(str(line.cue.extra.get(key) or "") for line in lines)


def common(texts: Iterable[str]) -> str:
    """Give the value that all share; none where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def grouped(
    lines: Iterable[PaperLine], key: Callable[[PaperLine], str], *, ordered: bool = False
) -> dict[str, list[PaperLine]]:
    """Give lines by a value; in the order in which the values come, or as people count them."""
    groups: dict[str, list[PaperLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return dict(sorted(groups.items(), key=lambda pair: (not pair[0], natural_key(pair[0])))) if ordered else groups


def counted(lines: Sequence[PaperLine], words: Words) -> tuple[str, str]:
    """Give how many cues there are, and how many of them are struck."""
    struck = sum(line.struck for line in lines)
    told = words.say("and_struck", count=len(lines) - struck, struck=struck) if struck else str(len(lines))
    return words.say("cues"), told


def section(
    request: Request,
    lines: Sequence[PaperLine],
    keys: Iterable[str],
    facts: Iterable[tuple[str, str]],
    *,
    new_page: bool = True,
) -> Section:
    """Give lines as a section, with their number in its head."""
    keys = tuple(keys)
    head = (*((name, text) for name, text in facts if text), counted(lines, request.words))
    return Section(head, tuple(line_row(line, keys, request) for line in lines), new_page)
