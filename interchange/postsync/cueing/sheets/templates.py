"""Which columns a sheet has, in which order and under which headers: templates of ours, of other programs, and of the show.

A template is named (`template=sheet`), or columns are listed (`columns=number,in,line`, with headers where wanted:
`columns=number=Loop #,line=Dialogue`). A show keeps its own in `postsync.toml` under `[sheets.NAME]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from postsync.cueing.sheets.columns import ALIASES, COLUMNS, folded_header
from postsync.cueing.sheets.texts import join_list, split_list
from postsync.errors import UnknownOption
from postsync.model import Project


@dataclass(frozen=True)
class Head:
    """One column of a layout: our column and the header that it gets."""

    column: str
    header: str


Layout = tuple[Head, ...]

_FULL = tuple(name for name in COLUMNS if name not in (
    "title", "seconds_in", "seconds_out", "tv", "optional", "to_be_written", "ad_lib", "effort", "omitted",
))  # fmt: skip

TEMPLATES: dict[str, tuple[str, ...]] = {
    "full": _FULL,
    "sheet": (
        "number", "character", "actor", "tc_in", "tc_out", "line", "direction", "reasons", "note", "priority", "flags",
        "status", "reel", "scene", "translations", "uid", "rate", "start",
    ),
    "minimal": ("number", "character", "tc_in", "tc_out", "line"),
    "translation": ("number", "character", "line", "translations", "note", "uid"),
    "ptulsconv": (
        "title", "character=Character Name", "number=Cue Number", "reel", "version", "tc_in=Start", "tc_out=Finish",
        "seconds_in", "seconds_out", "line=Prompt", "reasons", "note", "tv",
    ),
    "reaadr": (
        "number=cue_id", "character=character", "tc_in=start", "tc_out=end", "line=line", "direction=direction",
        "kind=cue_type", "status=status", "note=notes",
    ),
}  # fmt: skip
"""Our templates: everything; a sheet to work with; the least; what a translator gets; and those of two other programs."""


def layout_of(template: str, columns: str = "", headers: str = "") -> Layout:
    """Give the columns to write: those listed, else those of the template. UnknownOption names what does not exist.

    >>> [head.header for head in layout_of("minimal")]
    ['Number', 'Character', 'In', 'Out', 'Line']
    """
    named = {name: header for name, header in (_named(entry) for entry in split_list(headers)) if header}
    entries = split_list(columns) or TEMPLATES.get(template)
    if entries is None:
        raise UnknownOption(f"no template {template!r}", remedy=f"there are: {', '.join(TEMPLATES)}")
    heads: list[Head] = []
    for entry in entries:
        name, header = _named(entry)
        heads.append(Head(name, header or named.get(name) or COLUMNS[name].header))
    return tuple(dict.fromkeys(heads))


def header_words(template: str | None, columns: str, headers: str) -> dict[str, str]:
    """Give the headers of the options as words to find columns by: folded header and the column that it means."""
    entries = (*TEMPLATES.get(template or "", ()), *split_list(columns), *split_list(headers))
    return {folded_header(header): name for name, header in map(_named, entries) if header}


def _named(entry: str) -> tuple[str, str]:
    """Take `number=Loop #` apart; the header is empty where none is given."""
    name, _, header = entry.partition("=")
    name = name.strip()
    name = ALIASES.get(name, name)
    if name not in COLUMNS:
        raise UnknownOption(f"no column {name!r}", remedy=f"there are: {', '.join(COLUMNS)}")
    return name, header.strip()


def sheet_options(given: Mapping[str, Any], project: Project, *, reading: bool) -> dict[str, Any]:
    """Put what the show's project file says of sheets into the options of a format.

    A template of the show becomes its columns and headers. A sheet that is read without one is read by the headers of all
    sheets of the show. UnknownOption where nobody knows the template.
    """
    options = dict(given)
    template = options.get("template")
    if template is None:
        sheets = list(project.sheets.values()) if reading else []
    elif template in project.sheets:
        sheets = [project.sheets[options.pop("template")]]
    elif template in TEMPLATES:
        return options
    else:
        known = ", ".join((*TEMPLATES, *project.sheets))
        raise UnknownOption(f"no template {template!r}", remedy=f"there are: {known}")
    headers = {name: header for sheet in sheets for name, header in sheet.headers.items()}
    if headers:
        options.setdefault("headers", _headers_text(headers))
    if template is not None and sheets and sheets[0].columns:
        options.setdefault("columns", join_list(sheets[0].columns))
    return options


def _headers_text(headers: Mapping[str, str]) -> str:
    return join_list(f"{name}={header}" for name, header in headers.items())
