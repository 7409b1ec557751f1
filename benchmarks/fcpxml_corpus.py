"""Read every FCPXML document of a corpus and print what agrees with what Final Cut showed.

`python benchmarks/fcpxml_corpus.py CORPUS`. Every marker and every placement of its `expected.json`, what becomes a clip, and
what inside retimed clips follows the time map; then each document that is refused, and each thing that does not agree.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

from fcpxml_agreement import agreement  # noqa: E402


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("corpus", type=Path)
    found = agreement(asked.parse_args().corpus)
    print("\n".join([*found.lines(), *(f"refused: {one}" for one in found.refused)]))
    raise SystemExit(bool(found.faults))


if __name__ == "__main__":
    main()
