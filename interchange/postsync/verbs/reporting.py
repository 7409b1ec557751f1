"""Paper: the reports that people hold in their hands, `report`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from postsync.cueing import spot
from postsync.errors import CannotWrite, UnknownOption
from postsync.formats.conversion import read_file
from postsync.formats.files import whole_file
from postsync.model import Project, file_name, find_project, unique_name
from postsync.paper.kinds import KINDS, Kind, kind_named
from postsync.paper.lines import PaperOptions, Request, paper_lines
from postsync.report import Report
from postsync.timing import Rate

WHOLE_SET = "all"
"""The kind that is every kind."""


@dataclass(frozen=True)
class Reported:
    """What `report` wrote: the files, what kind of report and in which form."""

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
    """
    paths = [Path(one) for one in ([works] if isinstance(works, (str, Path)) else works)]
    whole = kind.casefold() == WHOLE_SET
    wanted, done = kind_named(next(iter(KINDS)) if whole else kind), Report()
    found = find_project(paths[0]) if project is None else project
    how: dict[str, Any] = {"from_format": from_format, "rate": rate, "options": options}
    request = Request(
        works=tuple(_read(paths, timeline, found, done, all_markers, how)),
        project=found,
        earlier=tuple(_read([Path(one) for one in earlier], None, found, Report(), all_markers, {})),
        options=PaperOptions(**asked),
    )
    form = as_form or _form_of(wanted, out)
    _refuse_nobody(request)
    if whole:
        written = _all(request, form, _folder(into), done)
    elif out is not None:
        written = _one(wanted, request, form, Path(out), done)
    else:
        written = _each(wanted, request, form, _folder(into), done)
    return Reported(tuple(paths), WHOLE_SET if whole else wanted.name, form, tuple(written), done)


def _read(
    paths: Sequence[Path],
    timeline: str | None,
    project: Project,
    report: Report,
    all_markers: bool,
    how: dict[str, Any],
) -> Iterator[Any]:
    """Yield the timeline of each work with its cues: that of the name where a file holds several, or says which there are."""
    for path in paths:
        opened = read_file(path, report, **how)
        one = opened.choose(timeline if len(paths) == 1 or len(opened.timelines) > 1 else None)
        spot(one, project, report, all_markers=all_markers)
        yield one


def _form_of(kind: Kind, out: Path | str | None) -> str:
    suffix = Path(out).suffix.lstrip(".").casefold() if out is not None else next(iter(kind.forms))
    return {"htm": "html"}.get(suffix, suffix)


def _refuse_nobody(request: Request) -> None:
    """Refuse characters and reels that no line has: an empty script helps nobody."""
    every = paper_lines(replace(request, options=replace(request.options, characters=(), reels=())))
    if request.options.characters and not paper_lines(request):
        names = ", ".join(sorted({line.character for line in every if line.character}))
        raise UnknownOption(
            f"no lines of {', '.join(request.options.characters)}", remedy=f"the characters are: {names}"
        )
    if request.options.reels and not paper_lines(request):
        reels = ", ".join(dict.fromkeys(line.reel for line in every))
        raise UnknownOption(f"no lines in reel {', '.join(request.options.reels)}", remedy=f"the reels are: {reels}")


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
    """Write the report once for each character into a folder."""
    names = dict.fromkeys(line.character for line in paper_lines(request) if line.character)
    written: list[Path] = []
    for name in names:
        own = replace(request, options=replace(request.options, characters=(name,)))
        taken = [path.stem for path in written]
        written += _one(
            kind, own, form, folder / f"{unique_name(file_name(f'{name} {kind.name}'), taken)}.{form}", report
        )
    return written
