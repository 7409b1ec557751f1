"""The recordist's log as rows of cells: which file is which cue, which take was circled, what was noted.

Logs are sheets of the house, or the reports of recorders (Sound Devices, Zoom) with lines of their own above the header.
Columns are known by their headers, in the words of the languages that stages write; a column that nobody knows is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from postsync.cueing.sheets import live
from postsync.placing.take_names import without_tails
from postsync.placing.takes import TakeFile

HEADINGS: dict[str, tuple[str, ...]] = {
    "file": (
        "file", "file name", "filename", "sound file", "wav", "clip", "clip name", "datei", "dateiname", "fichier", "archivo",
        "nom du fichier", "audio file", "name",
    ),
    "cue": (
        "cue", "cue #", "cue no", "cue number", "cue id", "number", "no", "#", "loop", "loop #", "loop no", "adr", "adr #",
        "adr no", "line #", "line no", "nummer", "numero", "boucle", "id",
    ),
    "scene": ("scene", "sc", "slate", "szene", "sequence", "plan", "escena"),
    "take": ("take", "tk", "take #", "take no", "prise", "toma", "klappe", "einstellung"),
    "circled": (
        "circled", "circle", "circ", "select", "selected", "selects", "sel", "print", "printed", "pick", "picked", "buy",
        "keep", "cercle", "gut", "kopierer",
    ),
    "status": ("status", "rating", "result", "take type", "quality"),
    "character": ("character", "char", "role", "rolle", "personnage", "figur"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks", "anmerkung", "bemerkung", "remarque", "notas"),
}  # fmt: skip

YES = frozenset({
    "x", "yes", "y", "true", "1", "*", "@", "o", "ok", "circled", "circle", "sel", "select", "print", "pick", "✓", "✔", "oui",
    "ja", "si", "buy", "keep", "good", "best",
})  # fmt: skip
NO_GOOD = frozenset({"ng", "no good", "n.g.", "bad", "fs", "false start", "no_good", "false_start"})

LINES_ABOVE = 60
"""The lines of a report in which its header is looked for: recorders write who, where and what before it."""

_SPACE = re.compile(r"[\s_.:]+")


@dataclass(frozen=True)
class LogRow:
    """One line of a log, None where it says nothing; `place` is its file and line.

    >>> rows = log_rows([["File", "Cue", "Take"], ["R104_T1.wav", "R104", "1"]], "log.csv")
    >>> rows[0].file, rows[0].cue, rows[0].circled
    ('R104_T1.wav', 'R104', None)
    """

    place: str
    file: str | None = None
    cue: str | None = None
    scene: str | None = None
    take: str | None = None
    circled: bool | None = None
    no_good: bool = False
    character: str | None = None
    note: str | None = None


@dataclass
class TakeLog:
    """The rows of all logs, found by the file or by the scene and take that they speak of.

    >>> log = TakeLog()
    >>> log.add(log_rows([["File", "Cue"], ["R104_T1.wav", "R104"]], "log.csv"))
    >>> [row.cue for row in log.unused]
    ['R104']
    """

    rows: list[LogRow] = field(default_factory=list)
    _by_file: dict[str, list[LogRow]] = field(default_factory=dict)
    _by_slate: dict[tuple[str, str], list[LogRow]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def add(self, rows: Sequence[LogRow]) -> None:
        """Enter rows."""
        for row in rows:
            self.rows.append(row)
            if row.file:
                for name in {_file_key(row.file), _file_key(without_tails(row.file))}:
                    self._by_file.setdefault(name, []).append(row)
            slate = row.cue or row.scene
            if slate and row.take:
                self._by_slate.setdefault(_slate_key(slate, row.take), []).append(row)

    def row_for(self, take: TakeFile, said: Sequence[tuple[str, str]]) -> LogRow | None:
        """Give the one row that speaks of a take: by its file, else by scene or cue and take. `said` are those of the take."""
        names = [_file_key(path.name) for path in (take.path, *take.siblings)]
        names += [_file_key(without_tails(take.path.name))]
        for key in names:
            rows = self._by_file.get(key, [])
            if len(rows) == 1:
                return self._use(rows[0])
            if rows:
                return None
        for scene, number in said:
            rows = self._by_slate.get(_slate_key(scene, number), [])
            if len(rows) == 1 and (not rows[0].file or _file_key(rows[0].file) in names):
                return self._use(rows[0])
        return None

    def _use(self, row: LogRow) -> LogRow:
        self.used.add(row.place)
        return row

    @property
    def unused(self) -> list[LogRow]:
        """The rows of which no take was found."""
        return [row for row in self.rows if row.place not in self.used]


def _file_key(name: str) -> str:
    base = PurePosixPath(name.replace("\\", "/")).name
    stem = re.sub(r"\.(?:wav|bwf|wave|aiff?|rf64)$", "", base, flags=re.IGNORECASE)
    return unicodedata.normalize("NFC", stem).casefold().strip()


def _slate_key(scene: str, take: str) -> tuple[str, str]:
    return scene.casefold().replace(" ", "").replace("-", "").replace("_", ""), take.casefold().lstrip("0 ") or "0"


def log_rows(cells: Sequence[Sequence[object]], name: str) -> list[LogRow]:
    """Read the cells of one log under its header; an empty list where no header of a log stands in it.

    >>> [row.cue for row in log_rows([["File", "Cue"], ["R104_T1.wav", "R104"]], "log.csv")]
    ['R104']
    >>> log_rows([["no header", "of a log"]], "notes.csv")
    []
    """
    head, columns = _header(cells)
    if head is None:
        return []
    return list(_rows(cells, head, columns, name))


def _header(cells: Sequence[Sequence[object]]) -> tuple[int | None, dict[int, str]]:
    """Find the line with most words of a header: a log needs a take and what it is a take of."""
    best: tuple[int | None, dict[int, str]] = (None, {})
    for line, row in enumerate(cells[:LINES_ABOVE]):
        columns = _columns(row)
        names = set(columns.values())
        if (
            len(names) > len(best[1])
            and ("file" in names or "take" in names)
            and names & {"cue", "scene", "take", "circled"}
        ):
            best = line, columns
    return best if len(best[1]) > 1 else (None, {})


def _columns(row: Sequence[object]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        word = _SPACE.sub(" ", str(cell or "").strip().casefold()).strip()
        name = next((name for name, words in HEADINGS.items() if word in words), None)
        if name is not None and name not in found.values():
            found[place] = name
    return found


def _rows(cells: Sequence[Sequence[object]], head: int, columns: Mapping[int, str], name: str) -> Iterator[LogRow]:
    for line, row in enumerate(cells[head + 1 :], start=head + 2):
        values = {what: _text(row[place]) for place, what in columns.items() if place < len(row)}
        if not any(values.get(what) for what in ("file", "cue", "scene")):
            continue
        status = (values.get("status") or "").casefold().strip()
        said = (values.get("circled") or "").casefold().strip()
        yield LogRow(
            place=f"{name}:{line}",
            file=values.get("file"),
            cue=values.get("cue"),
            scene=values.get("scene"),
            take=values.get("take"),
            circled=_circled(said, status),
            no_good=status in NO_GOOD or said in NO_GOOD,
            character=values.get("character"),
            note=values.get("note"),
        )


def _circled(said: str, status: str) -> bool | None:
    if said:
        return said in YES
    return True if status in YES else None


def _text(cell: object) -> str | None:
    """Give a cell as text; a spreadsheet keeps the take 3 as the number 3.0, and our own CSV an apostrophe before `-No!`."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return live(str(cell).strip()) or None
