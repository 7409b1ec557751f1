"""What becomes of everything that a timeline can hold, in every format that reads and writes; the tables of `docs/formats.md`.

`python benchmarks/nothing_lost.py` prints the tables, with `--write` puts them into the page. `--peers FOLDER` names where
OpenTimelineIO's own adapters are installed that the environment lacks (otio-fcpx-xml-adapter, otio-fcp-adapter).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("tests", "interchange", "adapters")]

import opentimelineio as otio  # noqa: E402

import postsync  # noqa: E402, F401 - makes our formats known
from nothing_lost import ARRIVED, NAMED, PEERS, PROBES, REFUSED, SILENT, Finding, probed, probed_by_peer  # noqa: E402
from postsync.formats import Format, Purpose  # noqa: E402
from postsync.formats.conversion import formats  # noqa: E402

PAGE = ROOT / "docs" / "formats.md"
BEGIN, END = "<!-- tables -->", "<!-- end of tables -->"
SIGNS = {ARRIVED: "●", NAMED: "○", REFUSED: "–", SILENT: "**!**"}
PEER_OF = {"AAF": "aaf", "fcpx_xml": "fcpxml", "fcp_xml": "xmeml", "cmx_3600": "edl"}

Results = dict[tuple[str, str], Finding]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--peers", type=Path)
    given = asked.parse_args()
    if given.peers:
        sys.path.append(str(given.peers))
    both = [fmt for fmt in formats().values() if fmt.read is not None and fmt.write is not None]
    with tempfile.TemporaryDirectory() as work:
        found = {(fmt.name, probe.name): probed(probe, fmt, Path(work)) for fmt in both for probe in PROBES}
        known = [name for name in PEERS if _is_known(name)]
        peers = {(name, probe.name): probed_by_peer(probe, name, Path(work)) for name in known for probe in PROBES}
    text = "\n".join([*_ours(both, found), *_beside(known, found, peers)])
    print(text)
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        head, tail = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{head}{BEGIN}\n\n{text}\n{END}{tail}", encoding="utf-8")
    raise SystemExit(any(one.verdict == SILENT for one in found.values()))


def _is_known(adapter: str) -> bool:
    """Whether an adapter of OpenTimelineIO's own is installed; those in a folder of their own are made known here."""
    if adapter in otio.adapters.available_adapter_names():
        return True
    module = {"fcpx_xml": "otio_fcpx_xml_adapter", "fcp_xml": "otio_fcp_adapter"}.get(adapter)
    try:
        manifest = __import__(module or "").plugin_manifest()
    except (ImportError, ValueError, AttributeError):
        return False
    otio.plugins.ActiveManifest().extend(manifest)
    return adapter in otio.adapters.available_adapter_names()


def _ours(both: list[Format], found: Results) -> list[str]:
    lines: list[str] = []
    for title, purpose in (("Whole timelines", Purpose.TIMELINE), ("Lists of cues and markers", Purpose.CUES)):
        columns = [fmt for fmt in both if fmt.purpose is purpose]
        lines += [f"### {title}", "", f"| | {' | '.join(fmt.name for fmt in columns)} |"]
        lines += ["| --- |" + " :-: |" * len(columns)]
        for probe in PROBES:
            cells = [SIGNS[found[fmt.name, probe.name].verdict] for fmt in columns]
            lines.append(f"| {probe.name} | {' | '.join(cells)} |")
        lines.append("")
    return lines


def _beside(known: list[str], found: Results, peers: Results) -> list[str]:
    """The same probes through OpenTimelineIO's own adapters, which have no way to say what is lost."""
    words = {ARRIVED: "●", SILENT: "lost", REFUSED: "fails"}
    lines = ["### The same through OpenTimelineIO's own adapters", ""]
    lines += [
        f"| | {' | '.join(f'{PEER_OF[name]}: ours | {name}' for name in known)} |",
        "| --- |" + " :-: | :-: |" * len(known),
    ]
    tally: dict[str, Counter[str]] = {name: Counter() for name in known}
    for probe in PROBES:
        cells: list[str] = []
        for name in known:
            verdict = peers[name, probe.name].verdict
            tally[name][verdict] += 1
            cells += [SIGNS[found[PEER_OF[name], probe.name].verdict], words[verdict]]
        lines.append(f"| {probe.name} | {' | '.join(cells)} |")
    lines.append("")
    for name in known:
        counts = tally[name]
        ours = Counter(found[PEER_OF[name], probe.name].verdict for probe in PROBES)
        lines.append(
            f"- {name}: {counts[ARRIVED]} arrive, {counts[SILENT]} are lost without a word, {counts[REFUSED]} fail; "
            f"ours: {ours[ARRIVED]} arrive, {ours[NAMED] + ours[REFUSED]} are named, {ours[SILENT]} lost without a word."
        )
    return [*lines, ""]


if __name__ == "__main__":
    main()
