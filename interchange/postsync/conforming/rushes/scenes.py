"""Scenes and takes under new names, from a table of old and new: in the clips of an edit, or in the rushes of it.

Scripts renumber scenes between shoot and cut. All rows count at once, so that 12 may become 13 while 13 becomes 14; a row
without a take is for every take of its scene. Of a clip's name only scene and take change, whatever stands round them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from postsync.conforming.rushes.reading import folded
from postsync.conforming.rushes.records import RushFile
from postsync.errors import FormatError
from postsync.model import clip_facts, put_clip_facts

HEADINGS: dict[str, tuple[str, ...]] = {
    "old_scene": (
        "old scene",
        "scene",
        "old",
        "from",
        "shooting scene",
        "slate",
        "alte szene",
        "szene",
        "scène",
        "von",
    ),
    "old_take": ("old take", "take", "from take", "alte klappe", "prise"),
    "new_scene": ("new scene", "new", "to", "cut scene", "neue szene", "nouvelle scène", "nach"),
    "new_take": ("new take", "to take", "neue klappe", "nouvelle prise"),
}
"""The fields of a table and how their columns are headed, in any case."""

LINES_ABOVE = 20

_TOKEN = re.compile(r"[^\s_/.,:()-]+")
_WORDS = ("TAKE", "TK", "T", "SCENE", "SC")
_TAKE = re.compile(r"(?P<word>(?:TAKE|TK|T)?)(?P<zeros>0*)(?P<take>\d{1,3})(?P<camera>[A-Z]{0,2})$", re.IGNORECASE)


@dataclass(frozen=True)
class SceneRow:
    """One line of a table: what an old scene, or one take of it, is called now; `place` is its file and line."""

    place: str
    old_scene: str
    new_scene: str
    old_take: str | None = None
    new_take: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What it is looked up by."""
        return folded(self.old_scene), None if self.old_take is None else folded(self.old_take)


@dataclass(frozen=True)
class Renamed:
    """A clip that got another name, by which row."""

    track: str
    old: str
    new: str
    row: SceneRow


class SceneTable:
    """The rows by old scene and take; FormatError where two rows give one old take different new names."""

    def __init__(self, rows: Sequence[SceneRow]) -> None:
        self.rows = tuple(rows)
        self.used: set[str] = set()
        self._by_key: dict[tuple[str, str | None], SceneRow] = {}
        for row in rows:
            there = self._by_key.setdefault(row.key, row)
            if (there.new_scene, there.new_take) != (row.new_scene, row.new_take):
                raise FormatError(
                    f"scene {row.old_scene} gets two new names", place=row.place, expected=f"one, as in {there.place}",
                    found=f"{there.new_scene} and {row.new_scene}", remedy="leave one of the rows",
                )  # fmt: skip

    def row(self, scene: str, take: str | None) -> SceneRow | None:
        """Give the row of a scene and take: its own, else that of all takes of the scene."""
        own = self._by_key.get((folded(scene), None if take is None else folded(take)))
        found = own or self._by_key.get((folded(scene), None))
        if found is not None:
            self.used.add(found.place)
        return found

    @property
    def unused(self) -> list[SceneRow]:
        """The rows for which nothing was found."""
        return [row for row in self.rows if row.place not in self.used]


def scene_rows(cells: Sequence[Sequence[object]], name: str) -> list[SceneRow]:
    """Read a table of old and new scenes; an empty list where no header of one stands in it."""
    for line, row in enumerate(cells[:LINES_ABOVE]):
        columns = _columns(row)
        if {"old_scene", "new_scene"} <= set(columns):
            return list(_rows(cells[line + 1 :], columns, name, line + 2))
    return []


def _columns(row: Sequence[object]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        word = " ".join(str(cell or "").casefold().replace("_", " ").split())
        field = next((field for field, words in HEADINGS.items() if word in words and field not in found), None)
        if field is not None:
            found[field] = place
    return found


def _rows(cells: Sequence[Sequence[object]], columns: Mapping[str, int], name: str, first: int) -> Iterable[SceneRow]:
    for line, row in enumerate(cells, start=first):
        values = {field: _text(row[place]) for field, place in columns.items() if place < len(row)}
        old, new = values.get("old_scene"), values.get("new_scene")
        if old and new:
            yield SceneRow(f"{name}:{line}", old, new, values.get("old_take"), values.get("new_take"))


def _text(cell: object) -> str | None:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return None if cell is None else str(cell).strip() or None


def renamed(name: str, table: SceneTable) -> tuple[str, SceneRow] | None:
    """Give a name with the scene and take of the table, and the row; None where it has none of them.

    >>> renamed("12A-3B.new.01", SceneTable([SceneRow("t:2", "12A", "112")]))[0]
    '112-3B.new.01'
    """
    tokens = [token for token in _TOKEN.finditer(name) if token[0].upper() not in _WORDS]
    for scene, take in pairwise(tokens):
        match = _TAKE.match(take[0])
        if match is None:
            continue
        row = table.row(scene[0], match["take"])
        if row is not None:
            said = take[0] if row.new_take is None else f"{match['word']}{row.new_take}{match['camera']}"
            return name[: scene.start()] + row.new_scene + name[scene.end() : take.start()] + said + name[
                take.end() :
            ], row
    return None


def rename_clips(timeline: Any, table: SceneTable) -> list[Renamed]:
    """Give the clips of a timeline their new names, in place; what they play stays."""
    done: list[Renamed] = []
    for track in timeline.tracks:
        for clip in track.find_clips():
            found = renamed(clip.name, table)
            facts = clip_facts(clip)
            said = _renamed_facts(facts.extra, table)
            if said is not None:
                put_clip_facts(clip, replace(facts, extra={**facts.extra, **said[0]}))
            if found is not None:
                done.append(Renamed(track.name, clip.name, found[0], found[1]))
                clip.name = found[0]
            elif said is not None:
                done.append(Renamed(track.name, clip.name, clip.name, said[1]))
    return done


def _renamed_facts(extra: Mapping[str, Any], table: SceneTable) -> tuple[dict[str, str], SceneRow] | None:
    scene, take = extra.get("scene"), extra.get("take")
    row = table.row(scene, take if isinstance(take, str) else None) if isinstance(scene, str) else None
    if row is None:
        return None
    return {"scene": row.new_scene, **({"take": row.new_take} if row.new_take else {})}, row


def renamed_rushes(files: Iterable[RushFile], table: SceneTable) -> list[RushFile]:
    """Give the rows of an index as the cut calls their scenes and takes; the files themselves are not touched."""
    return [_renamed_file(file, table) for file in files]


def _renamed_file(file: RushFile, table: SceneTable) -> RushFile:
    row = table.row(file.scene, file.take) if file.scene else None
    if row is None:
        return file
    return replace(file, scene=row.new_scene, take=row.new_take or file.take)
