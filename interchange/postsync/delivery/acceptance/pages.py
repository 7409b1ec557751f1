"""The pages of the kit: what a person does with it in each application, and the table of what was verified where.

Both are made from tables, the second from `docs/acceptance/verified.json`, so that nothing stands there that nobody sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postsync.delivery.acceptance.reels import REELS
from postsync.delivery.applications import APPLICATIONS
from postsync.errors import FormatError

TITLES = {
    "pro-tools": "Pro Tools",
    "media-composer": "Media Composer",
    "premiere": "Premiere Pro",
    "nuendo": "Nuendo",
    "logic": "Logic Pro",
    "resolve": "DaVinci Resolve",
    "final-cut": "Final Cut Pro",
    "reaper": "Reaper",
    "recording": "an ADR recorder",
}

EXPORTS = {
    "pro-tools": "File > Export > Selected Tracks as New AAF/OMF: AAF, link to the media; and "
    "File > Export > Session Info as Text: all sections, UTF-8, time format timecode",
    "media-composer": "Output > Export to File: AAF, sound only, link to the media; and Tools > Markers, "
    "right-click > Export Markers",
    "premiere": "File > Export > Final Cut Pro XML",
    "nuendo": "File > Export > AAF, link to the media; and File > Export > MIDI File",
    "logic": "File > Export > Project as AAF File; and File > Export > Selection as MIDI File",
    "resolve": "File > Export > Timeline: OTIO; the same as AAF; and from the media pool "
    "Timelines > Export > Timeline Markers to EDL",
    "final-cut": "File > Export XML, the newest version",
    "reaper": "Region/Marker Manager: Export regions/markers; and File > Export project MIDI",
    "recording": "the recorder's own session, as AAF or as text",
}
"""How each application gives back what it took; its manual says so."""

NOT_YET = "not yet"


@dataclass(frozen=True)
class Result:
    """What somebody saw: an application and its version, when, who, and how many of the twelve came back the same."""

    application: str
    version: str
    date: str
    by: str
    same: int
    differences: str = ""


def read_results(path: Path) -> list[Result]:
    """Read `verified.json`: a list of objects with the fields of `Result`. FormatError names what is wrong."""
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        results = [Result(**row) for row in rows]
    except (OSError, ValueError, TypeError) as fault:
        raise FormatError("no list of results", path=path, found=str(fault)) from fault
    for number, one in enumerate(results, start=1):
        if one.application not in TITLES:
            raise FormatError(
                "an application of that name is not in the kit", path=path, place=f"result {number}",
                expected=", ".join(TITLES), found=one.application,
            )  # fmt: skip
    return results


def overview(results: Sequence[Result]) -> str:
    """Give the first page: how the kit is made, what is in it, and the table *verified in*."""
    reels = [[str(one.number), one.name, one.tests] for one in REELS]
    return "\n".join(
        [
            _HEAD,
            _table(["", "reel", "what it tests"], reels),
            "## Verified in\n",
            _table(["application", "version", "date", "by", "came back the same"], list(_verified(results))),
            _FOOT,
        ]
    )


_HEAD = """# The acceptance kit

Twelve small turnovers, each of which tests one thing, for people who have the applications. Made by one command, the same each
time:

```sh
python -m postsync.delivery.acceptance KIT
```

`KIT/pro-tools/03 handles/` and its neighbours are whole turnovers: timeline file, sound, markers, cue sheet, work and report.
Names of applications behind the folder make only those. Then, for each:

1. import it as the page of the application says;
2. look at what the table says that it tests;
3. export it again as the page says;
4. `postsync verify SENT RETURNED --json > "03 handles.json"`, where SENT is the file that was imported;
5. send the JSON, with the version of the application and your name, or add a line to `verified.json` beside this page.
"""

_FOOT = """A cell that says *not yet* means just that: nobody has sent a result. Nothing here was filled in from manuals.
"""


def _verified(results: Sequence[Result]) -> list[list[str]]:
    rows: list[list[str]] = []
    for key, title in TITLES.items():
        name = f"[{title}]({key}.md)"
        own = sorted((one for one in results if one.application == key), key=lambda one: one.date)
        rows += [[name, one.version, one.date, one.by, _came_back(one)] for one in own] or [[name, *[NOT_YET] * 4]]
    return rows


def _came_back(one: Result) -> str:
    return f"{one.same} of {len(REELS)}" + (f": {one.differences}" if one.differences else "")


def application_page(key: str) -> str:
    """Give the page of one application: import these, look, export that, verify, send."""
    title = TITLES[key]
    files = [
        [f"`…{one.suffix}`", one.what, one.how]
        for one in APPLICATIONS[key]
        if not one.remembers and one.format != "cue_table"
    ]
    look = [[f"{one.title}", one.tests, ""] for one in REELS]
    return "\n".join(
        [
            f"# The kit in {title}\n",
            f"Make it: `python -m postsync.delivery.acceptance KIT {key}`. One folder a reel, each in a new session or project "
            "of the reel's rate and start, at 48 kHz.\n",
            "## Import\n",
            _table(["file", "what it is", "how"], files),
            "## Look\n",
            _table(["reel", "what must be there", "seen"], look),
            "## Export\n",
            f"{EXPORTS[key]}.\n",
            "## Compare and send\n",
            f'```sh\npostsync verify "KIT/{key}/03 handles/SENT" RETURNED --json > "03 handles.json"\n```\n',
            "SENT is the file that was imported. Send the twelve documents with the application's version.\n",
        ]
    )


def all_pages(results: Sequence[Result]) -> Mapping[str, str]:
    """Give every page by its file name."""
    return {"README.md": overview(results)} | {f"{key}.md": application_page(key) for key in TITLES}


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"
