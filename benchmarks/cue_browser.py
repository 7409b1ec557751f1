"""The cue browser with two thousand cues: how large the page is, how long making it takes, and how soon a browser shows it.

Opening is compared with the same list as a plain table in the same browser, in turns, since how fast a machine is matters
less than how much the page adds. Needs Chromium and playwright: `python benchmarks/cue_browser.py [CUES]`.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("interchange", "adapters", "tests")]

from headless import browser  # noqa: E402
from paper_show import PROJECT, feature  # noqa: E402
from postsync.paper.browser import browser_bytes, shown_cues  # noqa: E402
from postsync.paper.lines import PaperOptions, Request  # noqa: E402
from postsync.report import Report  # noqa: E402

ROUNDS = 7
SHOWN = "performance.getEntriesByType('navigation')[0].loadEventEnd"
SEARCH = """() => { const box = document.getElementById("search"); box.value = "plane";
    const start = performance.now(); document.getElementById("by-status").dispatchEvent(new Event("change"));
    document.body.offsetHeight; return performance.now() - start; }"""


def main(cues: int = 2000) -> None:
    works = feature(6, -(-cues // 6))
    request = Request(works, PROJECT, options=PaperOptions(date="2026-01-02"))
    start = time.process_time()
    page = browser_bytes(shown_cues(request), Report())
    took = time.process_time() - start
    count = sum(len(work.tracks.markers) for work in works)
    print(f"{count} cues: {len(page) / 1e6:.2f} MB, made in {took:.2f} s of processor time")
    table = re.search(rb"<table id=\"list\".*</table>", page, re.DOTALL)
    assert table is not None
    plain = b"<!DOCTYPE html><meta charset=utf-8><title>list</title>" + table[0]
    with tempfile.TemporaryDirectory() as folder, browser() as chrome:
        files = {name: Path(folder) / f"{name}.html" for name in ("browser", "plain")}
        files["browser"].write_bytes(page)
        files["plain"].write_bytes(plain)
        times: dict[str, list[float]] = {name: [] for name in files}
        searches: list[float] = []
        for _ in range(ROUNDS):
            for name, path in files.items():
                opened = chrome.new_page()
                opened.goto(path.as_uri())
                times[name].append(opened.evaluate(SHOWN))
                if name == "browser":
                    searches.append(opened.evaluate(SEARCH))
                opened.close()
    shown, bare = median(times["browser"]), median(times["plain"])
    print(f"open and ready: {shown:.0f} ms; the same list as a plain table {bare:.0f} ms; ratio {shown / bare:.2f}")
    print(f"first search through all: {median(searches):.0f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
