"""Hold our reading of the corpus' AAFs against an independent reader's and print the table: facts that agree of facts stated.

`python benchmarks/aaf_agreement.py CORPUS`, with `--all` to see every difference, also those in which the other reader is
wrong by the file's own bytes (they are starred in the table and proven in `tests/adapters/test_aaf_agreement.py`).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from aaf_agreement import ITS_ERRORS, Fact, disagreements, expectations, facts_of, summary  # noqa: E402

COLUMNS = {
    "composition": "comp.", "media": "media", "track": "tracks", "clip start": "start", "clip length": "length",
    "source offset": "source", "channels": "chan.", "clip name": "name", "clip mute": "mute", "gain": "gain",
    "automation": "autom.", "fade": "fades", "cross fade": "cross", "marker": "marks",
}  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    asked.add_argument("--all", action="store_true")
    given = asked.parse_args()
    total: Counter[str] = Counter()
    print(f"{'file':50}" + "".join(f"{title:>9}" for title in COLUMNS.values()))
    for path in expectations(given.corpus):
        facts = facts_of(path)
        print(f"{path.stem:50}{row(path.stem, facts)}")
        wrong = disagreements(path.stem, facts)
        for fact in (one for one in facts if not one.agrees and (given.all or one in wrong)):
            why = ITS_ERRORS.get((path.stem, fact.name), "")
            print(f"    {fact.name}: stated {fact.stated}, read {fact.read}  {why}")
        total.update(stated=len(facts), agree=sum(fact.agrees for fact in facts), open=len(wrong))
    known = total["stated"] - total["agree"] - total["open"]
    print(
        f"\n{total['stated']} facts: {total['agree']} agree, {known} errors of the other reader*, {total['open']} open"
    )
    raise SystemExit(total["open"] > 0)


def row(stem: str, facts: list[Fact]) -> str:
    """Give the counts of one file, one cell a kind of fact."""
    counts = summary(facts)
    starred = {fact.kind for fact in facts if not fact.agrees and (stem, fact.name) in ITS_ERRORS}
    cells = (
        "" if kind not in counts else f"{counts[kind][0]}/{counts[kind][1]}{'*' * (kind in starred)}"
        for kind in COLUMNS
    )
    return "".join(f"{cell:>9}" for cell in cells)


if __name__ == "__main__":
    main()
