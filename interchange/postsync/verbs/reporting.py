"""Paper: the reports that people hold in their hands, `report`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from postsync.errors import CannotWrite, UnknownOption
from postsync.formats.files import whole_file
from postsync.model import Project, file_name, find_project, natural_key, unique_name
from postsync.paper.kinds import KINDS, Kind, kind_named
from postsync.paper.lines import PaperOptions, Request, paper_lines
from postsync.paper.words import LOCALES, is_day, is_spoken
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs.paper_works import Reading

WHOLE_SET = "all"
"""The kind that is every kind."""


@dataclass(frozen=True)
class Reported:
    """What `report` wrote: the files, what kind of report and in which form.

    >>> done = verbs.report("R1.otio", "cue-sheet", "R1 sheet A.html", date="2026-01-08")
    >>> done.kind, done.form, [path.name for path in done.files]
    ('cue-sheet', 'html', ['R1 sheet A.html'])
    """

    works: tuple[Path, ...]
    kind: str
    form: str
    files: tuple[Path, ...]
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give what was made as plain values for programs."""
        return {
            "schema": "postsync.reported/1",
            "works": [str(path) for path in self.works],
            "kind": self.kind,
            "form": self.form,
            "files": [str(path) for path in self.files],
            "losses": self.report.to_json(),
        }


def report(
    works: Path | str | Sequence[Path | str],
    kind: str,
    out: Path | str | None = None,
    *,
    into: Path | str | None = None,
    as_form: str | None = None,
    earlier: Sequence[Path | str] = (),
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    project: Project | None = None,
    **asked: Any,
) -> Reported:
    """Write a report of one work, or of several (a reel each), into one file, or into a folder a file for each character.

    The kind `all` writes every report into the folder.

    `earlier` are the works as they were when paper last went out: what changed since is marked. `asked` are the fields of
    `PaperOptions`. Raises UnknownOption for a report or a form that does not exist, and for a character that is nobody.
    Refused are also a date that is no day and a language that has no words, for nobody would look for them on the paper.

    Raises CannotWrite where there are no cues to write files of.

    >>> done = verbs.report("R1.otio", "cue-sheet", "R1 sheet.html", date="2026-01-08")
    >>> [path.name for path in done.files]
    ['R1 sheet.html']
    """
    _refuse_unsaid(asked)
    paths = [Path(one) for one in ([works] if isinstance(works, (str, Path)) else works)]
    whole = kind.casefold() == WHOLE_SET
    wanted, done = kind_named(next(iter(KINDS)) if whole else kind), Report()
    found = find_project(paths[0]) if project is None else project
    reading = Reading(found, timeline, all_markers, {"from_format": from_format, "rate": rate, "options": options})
    read = reading.works(paths, done)
    request = Request(
        works=read,
        project=found,
        earlier=reading.earlier([Path(one) for one in earlier], paths, read),
        options=PaperOptions(**asked),
    )
    form = as_form or _form_of(wanted, out)
    _refuse_nobody(request)
    if whole:
        written = _all(request, form, _folder(into), done)
    elif out is not None:
        written = _one(wanted, request, form, Path(out), done)
    else:
        _refuse_cueless(request, paths[0])
        written = _each(wanted, request, form, _folder(into), done)
    return Reported(tuple(paths), WHOLE_SET if whole else wanted.name, form, tuple(written), done)


def _form_of(kind: Kind, out: Path | str | None) -> str:
    suffix = Path(out).suffix.lstrip(".").casefold() if out is not None else next(iter(kind.forms))
    return {"htm": "html"}.get(suffix, suffix)


def _refuse_unsaid(asked: Mapping[str, Any]) -> None:
    """Refuse a date that is no day and a language without words."""
    date, language = asked.get("date"), asked.get("language") or "en"
    if date and not is_day(date):
        raise UnknownOption(f"{date!r} is no date", remedy="write it as year-month-day, such as 2026-03-09")
    if not is_spoken(language):
        raise UnknownOption(f"no words in {language!r}", remedy=f"there are: {', '.join(LOCALES)}")


def _refuse_nobody(request: Request) -> None:
    """Refuse characters and reels that no line has, each by its name: an empty script helps nobody."""
    options = request.options
    every = replace(request, options=replace(options, characters=(), reels=()))
    for name in options.characters:
        if not paper_lines(replace(every, options=replace(options, characters=(name,), reels=()))):
            names = sorted({line.character for line in paper_lines(every) if line.character}, key=natural_key)
            raise UnknownOption(f"no lines of {name}", remedy=f"the characters are: {', '.join(names)}")
    for reel in options.reels:
        if not paper_lines(replace(every, options=replace(options, characters=(), reels=(reel,)))):
            reels = ", ".join(dict.fromkeys(line.reel for line in paper_lines(every) if line.reel))
            raise UnknownOption(f"no lines in reel {reel}", remedy=f"the reels are: {reels}")
    if (options.characters or options.reels) and not paper_lines(request):
        who, where = ", ".join(options.characters), ", ".join(options.reels)
        raise UnknownOption(f"no lines of {who} in reel {where}", remedy="leave --character or --reel out")


def _one(kind: Kind, request: Request, form: str, out: Path, report: Report) -> list[Path]:
    drawn = kind.draw(request, form, report)
    with whole_file(out) as file:
        file.write(drawn)
    return [out]


def _folder(into: Path | str | None) -> Path:
    """Give the folder to write into, made where it is not there."""
    if into is None:
        raise UnknownOption("where to is not said", remedy="name a file with --out, or a folder with --into")
    folder = Path(into)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise CannotWrite(f"cannot write here: {fault.strerror}", path=folder) from fault
    return folder


def _refuse_cueless(request: Request, path: Path) -> None:
    if not paper_lines(request):
        raise CannotWrite("there are no cues to write files of", path=path, remedy="name the work, or --all-markers")


def _all(request: Request, form: str, folder: Path, report: Report) -> list[Path]:
    """Write every report into a folder, those that are for one person into a folder inside it."""
    written: list[Path] = []
    for kind in KINDS.values():
        own = form if form in kind.forms else next(iter(kind.forms))
        if kind.for_each:
            written += _each(kind, request, own, _folder(folder / kind.name), report)
        else:
            written += _one(kind, request, own, folder / f"{kind.name}.{own}", report)
    return written


def _each(kind: Kind, request: Request, form: str, folder: Path, report: Report) -> list[Path]:
    """Write the report once for each character into a folder, and once for the lines of nobody where there are any.

    Names that differ by capitals alone are one character's: `--character` knows no capitals either.
    """
    names = {line.character.casefold(): line.character for line in reversed(paper_lines(request))}
    written: list[Path] = []
    for name in reversed(names.values()):
        own = replace(request, options=replace(request.options, characters=(name,)))
        called = file_name(f"{name or request.words.say('no_character')} {kind.name}")
        written += _one(
            kind, own, form, folder / f"{unique_name(called, [one.stem for one in written])}.{form}", report
        )
    return written
