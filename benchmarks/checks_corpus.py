"""Check every readable file of a folder for every application and print what was found.

`python benchmarks/checks_corpus.py CORPUS`, with `--for APPLICATION` for one of them, `--files` for a line a file,
`--codes` for how many files have each finding.

Nothing may end in anything but a table row or one of our sentences; the exit code is 1 where something did.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters")]

from postsync import verbs  # noqa: E402
from postsync.delivery.checks import CHECKED  # noqa: E402
from postsync.errors import PostsyncError, UnknownFormat  # noqa: E402
from postsync.findings import SEVERITIES  # noqa: E402
from postsync.formats.conversion import recognise  # noqa: E402


def readable(folder: Path) -> list[tuple[Path, str]]:
    """Give the files that a format claims, with its name."""
    found: list[tuple[Path, str]] = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        try:
            found.append((path, recognise(path).name))
        except UnknownFormat:
            continue
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--for", dest="application", choices=list(CHECKED))
    asked.add_argument("--files", action="store_true")
    asked.add_argument("--codes", action="store_true")
    given = asked.parse_args()
    files = readable(given.corpus)
    crashes = 0
    print(f"{'application':16}{'format':20}" + "".join(f"{name:>10}" for name in (
        "files", "refused", "clean", "errors", "warnings", "notes", "seconds")))  # fmt: skip
    for application in [given.application] if given.application else CHECKED:
        rows: dict[str, Counter[str]] = {}
        codes: Counter[str] = Counter()
        for path, name in files:
            row = rows.setdefault(name, Counter())
            crashes += _one(path, application, row, codes, given.files)
        for name, row in sorted(rows.items()):
            _line(application, name, row)
        total: Counter[str] = Counter()
        for row in rows.values():
            total.update(row)
        _line(application, "all", total)
        if given.codes:
            print("  " + ", ".join(f"{code} {count}" for code, count in codes.most_common()))
    print(f"{crashes} crashes")
    raise SystemExit(crashes > 0)


def _one(path: Path, application: str, row: Counter[str], codes: Counter[str], show: bool) -> bool:
    """Check one file and add it up; True where it ended in an error that is not ours."""
    began = time.perf_counter()
    row["files"] += 1
    try:
        found = verbs.check(path, application=application).findings
    except PostsyncError as fault:
        row["refused"] += 1
        if show:
            print(f"    {path.name}: {fault.sentence()}")
        return False
    except Exception as fault:  # noqa: BLE001 - this is what is looked for
        print(f"    CRASH {path}: {type(fault).__name__}: {fault}")
        return True
    row["milliseconds"] += round((time.perf_counter() - began) * 1000)
    counts = Counter(one.severity for one in found)
    row.update({f"{severity}s": counts[severity] for severity in SEVERITIES})
    row["clean"] += not counts["error"] and not counts["warning"]
    codes.update({one.code for one in found})
    if show:
        said = ", ".join(f"{code} {count}" for code, count in Counter(one.code for one in found).most_common())
        print(f"    {path.name}: {said or 'nothing found'}")
    return False


def _line(application: str, name: str, row: Counter[str]) -> None:
    cells = (row["files"], row["refused"], row["clean"], row["errors"], row["warnings"], row["notes"])
    print(
        f"{application:16}{name:20}" + "".join(f"{cell:10}" for cell in cells) + f"{row['milliseconds'] / 1000:10.1f}"
    )


if __name__ == "__main__":
    main()
