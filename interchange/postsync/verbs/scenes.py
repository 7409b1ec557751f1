"""Scenes and takes of an edit under new names: `scene rename`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.conforming.rushes.scenes import Renamed, SceneTable, rename_clips, scene_rows
from postsync.errors import FormatError
from postsync.formats.conversion import format_for_writing, read_file, recognise, write_file
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs.take_logs import read_tables


@dataclass(frozen=True)
class SceneRenaming:
    """What `scene rename` did: the clips with old and new names, and the rows for which there was none.

    >>> Path("scenes.csv").write_bytes(b"Old scene,New scene\\n12A,12C\\n") > 0
    True
    >>> done = verbs.scene_rename(reel, "scenes.csv", "R1 renamed.otio")
    >>> len(done.renamed), len(done.table.unused)
    (3, 0)
    """

    source: Path
    target: Path
    renamed: tuple[Renamed, ...]
    table: SceneTable
    report: Report

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.scene-rename/1`."""
        return {
            "schema": "postsync.scene-rename/1",
            "source": str(self.source),
            "target": str(self.target),
            "renamed": [
                {"track": one.track, "old": one.old, "new": one.new, "row": one.row.place} for one in self.renamed
            ],
            "unused": [{"row": row.place, "scene": row.old_scene, "take": row.old_take} for row in self.table.unused],
            "losses": self.report.to_json(),
        }


def scene_rename(
    source: Path | str,
    table: Path | str,
    target: Path | str,
    *,
    as_format: str | None = None,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> SceneRenaming:
    """Give the clips of an edit the scenes and takes of a table of old and new names, and write all to another file.

    Raises FormatError where the table has no columns for old and new scenes, or gives one take two names.

    >>> Path("new scenes.csv").write_bytes(b"Old scene,New scene\\n12A,12C\\n") > 0
    True
    >>> done = verbs.scene_rename(reel, "new scenes.csv", "R1 scenes.otio")
    >>> done.target.name
    'R1 scenes.otio'
    """
    report, source, target = Report(), Path(source), Path(target)
    rows = read_scene_table(Path(table), report)
    writer = format_for_writing(target, as_format, recognise(source) if source.exists() else None)
    chosen = read_file(source, report, from_format=from_format, rate=rate, options=options).choose(timeline)
    done = rename_clips(chosen, rows)
    for row in rows.unused:
        report.note("row-unused", where=row.place, name=f"scene {row.old_scene} take {row.old_take or '*'}")
    write_file(chosen, target, report, as_format=writer.name, read_from=[source])
    return SceneRenaming(source, target, tuple(done), rows, report)


def read_scene_table(path: Path, report: Report) -> SceneTable:
    """Read a table of old and new scenes from CSV, TSV or XLSX."""
    rows = [row for name, cells in read_tables(path, report) for row in scene_rows(cells, name)]
    if not rows:
        raise FormatError(
            "not a table of scenes", path=path, expected="columns for the old and the new scene",
            remedy="head them Old scene, New scene and, where takes change too, Old take, New take",
        )  # fmt: skip
    return SceneTable(rows)
