"""The cue sheets that a show keeps in its project file: `[sheets.NAME]` with its columns and their headers.

    [sheets.stage]
    columns = ["number", "character", "in", "out", "line"]
    headers = { number = "Loop #", character = "Rolle" }

Which columns exist is known to `cueing.sheets`; here only the shape is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync.errors import FormatError


@dataclass(frozen=True)
class SheetTemplate:
    """One sheet of a show: the names of its columns in order, and their headers where they are not ours.

    >>> Project(sheets={"stage": SheetTemplate(("number", "line"), {"line": "Dialogue"})}).sheets["stage"].columns
    ('number', 'line')
    """

    columns: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def sheet_templates(data: Mapping[str, Any], path: Path) -> dict[str, SheetTemplate]:
    """Read the section `sheets` of a project file; FormatError names the sheet that is wrong.

    >>> sheets = sheet_templates({"sheets": {"mixer": {"columns": ["number", "line"]}}}, Path("postsync.toml"))
    >>> sheets["mixer"].columns
    ('number', 'line')
    """
    section = data.get("sheets", {})
    if not isinstance(section, Mapping):
        raise FormatError(path=path, place="sheets", expected="[sheets.NAME]", found=repr(section))
    return {str(name): _template(entry, f"sheets.{name}", path) for name, entry in section.items()}


def _template(entry: Any, place: str, path: Path) -> SheetTemplate:
    if not isinstance(entry, Mapping) or set(entry) - {"columns", "headers"}:
        raise FormatError(path=path, place=place, expected="columns, headers", found=str(entry))
    columns, headers = entry.get("columns", []), entry.get("headers", {})
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise FormatError(path=path, place=f"{place}.columns", expected="a list of names", found=str(columns))
    if not isinstance(headers, Mapping) or not all(isinstance(header, str) for header in headers.values()):
        raise FormatError(path=path, place=f"{place}.headers", expected="headers by column", found=str(headers))
    return SheetTemplate(tuple(columns), dict(headers))
