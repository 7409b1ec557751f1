"""Read 20,000 cues from a file of every carrier, and print the processor seconds; three are the most that any may take.

`python benchmarks/cue_speed.py [COUNT] [NAME …]`. Which carriers there are is asked of the format records: one that reads
markers or cues and for which no file can be made here is an error. "as cues" adds what it takes to make cues of markers.
"growth" is the time per cue against that of a file a quarter as long: about 1 where the work grows with the file.
Each figure is the better of two readings, since whatever else a machine does slows the processor down.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

from carrier_pairs import OPTIONS, carriers  # noqa: E402
from postsync.cueing import NamingRules, cue_clips, spot  # noqa: E402
from postsync.formats import Feature, Format, make_options, options_for  # noqa: E402
from postsync.formats.format import read_with  # noqa: E402
from postsync.model import (  # noqa: E402
    Character,
    Cue,
    Project,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    timeline_facts,
)
from postsync.report import Report  # noqa: E402
from postsync.timing import Rate  # noqa: E402
from postsync_adapters import formats  # noqa: E402
from pro_tools_made import Export, session_text  # noqa: E402

LIMIT = 3.0
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
FACTS = TimelineFacts(Rate.of(Fraction(24)), 86400)


def timeline_of(count: int) -> otio.schema.Timeline:
    """Make cues of twenty characters, two frames apart, so that the longest list fits into half an hour."""
    timeline = otio.schema.Timeline("long")
    put_timeline_facts(timeline, FACTS)
    put_characters(timeline, [Character(str(one), f"PART {one}") for one in range(20)])
    for number in range(count):
        uid = "".join(LETTERS[number // 31**place % 31] for place in range(8))
        cue = Cue(
            uid=uid,
            number=f"R{1000 + number}",
            character=str(number % 20),
            line=f"Hold there, what is his fault {number}?",
            record_in=number * 2,
            record_out=number * 2 + 30,
        )
        timeline.tracks.markers.append(cue_marker(cue, FACTS, f"PART {number % 20}"))
    return timeline


def written(fmt: Format, timeline: Any) -> bytes:
    """Write with the tag, without reading back."""
    file = io.BytesIO()
    wanted = {**options_for(fmt.write_options, {"tags": "uid"}), **OPTIONS.get(fmt.name, {})}
    assert fmt.write is not None
    fmt.write(timeline, file, Report(), make_options(fmt.write_options, wanted, fmt.name))
    return file.getvalue()


def rows(count: int) -> list[tuple[str, str, str, str]]:
    """Give name, line, first and last label of each cue, for files that we only read, as their programs write them."""
    times = [(FACTS.label(n * 2), FACTS.label(n * 2 + 30)) for n in range(count)]
    return [(f"R{1000 + n} PART {n % 20}", f"Hold there {n}?", *times[n]) for n in range(count)]


def marker_table(count: int) -> bytes:
    """Give a marker CSV of Nuendo's kind."""
    lines = [f"{n},{name}: {line},{first},{last}" for n, (name, line, first, last) in enumerate(rows(count), 1)]
    return "\n".join(["ID,Description,Position,End", *lines]).encode()


def premiere_markers(count: int) -> bytes:
    """Give a marker list of Premiere."""
    lines = [f"{name}\t{line}\t{first}\t{last}\t00:00:01:06\tComment\n" for name, line, first, last in rows(count)]
    return "".join(["Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n", *lines]).encode()


def resolve_edit_index(count: int) -> bytes:
    """Give an edit index of Resolve."""
    lines = [f',,,,"{first}","{last}","{name}","Red","{line}"\n' for name, line, first, last in rows(count)]
    return "".join(["#,Reel,V,C,Record In,Record Out,Name,Color,Notes\n", *lines]).encode()


def resolve_snapshot(count: int) -> bytes:
    """Give what our script writes inside Resolve."""
    clock = {"name": "long", "frame_rate": "24", "start_timecode": "01:00:00:00", "start_frame": 86400}
    markers = [
        {"frame": n * 2, "color": "Red", "name": name, "note": line, "duration": 30, "custom_data": ""}
        for n, (name, line, _, _) in enumerate(rows(count))
    ]
    return json.dumps(
        {"schema": "postsync.resolve-snapshot/1", "timeline": clock, "tracks": [], "markers": markers}
    ).encode()


def pro_tools_text(count: int) -> bytes:
    """Give a session text whose cues are clips on a track of each character, as mixers get them."""
    timeline = cue_clips(timeline_of(count), NamingRules(), Report())
    return session_text(timeline, Export("timecode")).encode()


def excel_workbook(count: int) -> bytes:
    """Give our workbook as Excel saves it: with every text in a table of its own, once."""
    texts: dict[str, int] = {}

    def shared(cell: re.Match[str]) -> str:
        return f't="s"><v>{texts.setdefault(cell[1], len(texts))}</v>'

    source = zipfile.ZipFile(io.BytesIO(written(formats()["cue_workbook"], timeline_of(count))))
    parts = {name: source.read(name).decode() for name in source.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(r't="inlineStr"><is><t[^>]*>([^<]*)</t></is>', shared, parts[sheet])
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    space = re.search(r'xmlns="([^"]*)"', parts[sheet])
    assert texts and space is not None
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space[1]}">{strings}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    contents = "[Content_Types].xml"
    parts[contents] = re.sub(r"<Override[^>]*sharedStrings[^>]*/>", "", parts[contents]).replace("</Types>", override)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return file.getvalue()


MADE: dict[str, Callable[[int], bytes]] = {
    "cue_workbook/Excel": excel_workbook,
    "marker_table": marker_table,
    "premiere_markers": premiere_markers,
    "pro_tools_text": pro_tools_text,
    "resolve_edit_index": resolve_edit_index,
    "resolve_snapshot": resolve_snapshot,
}
"""Files that we do not write, by the format that reads them and, after a slash, the program that does."""


def names() -> list[str]:
    """Name a file for each format that reads markers or cues; fail where none can be made."""
    read = {fmt.name for fmt in formats().values() if fmt.read and fmt.reads & (Feature.MARKERS | Feature.CUES)}
    ours = {*carriers(), "otio"}
    missing = read - ours - {name.partition("/")[0] for name in MADE}
    if missing:
        raise SystemExit(f"no file of 20,000 cues is made here for {', '.join(sorted(missing))}")
    return sorted({*(read & ours), *MADE})


def file_of(name: str, count: int) -> bytes:
    """Give a file of some cues."""
    return MADE[name](count) if name in MADE else written(formats()[name], timeline_of(count))


def seconds(fmt: Format, data: bytes) -> tuple[float, float, int]:
    """Time the reading of a file, as every command reads one, then the making of cues, and count what became cues."""
    known = {"rate": FACTS.rate, "start": FACTS.start_timecode, **OPTIONS.get(fmt.name, {})}
    options = make_options(fmt.read_options, options_for(fmt.read_options, known), fmt.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long" + fmt.suffixes[0])
        path.write_bytes(data)
        began = time.process_time()
        timeline = read_with(fmt, path, Report(), options)[0]
        read = time.process_time() - began
    began = time.process_time() - read
    spot(timeline, Project(), Report(), all_markers=True, dialect="plain")
    assert timeline_facts(timeline).rate == FACTS.rate
    return read, time.process_time() - began, len(timeline.tracks.markers)


def better(fmt: Format, data: bytes) -> tuple[float, float, int]:
    """Give the better of two readings: what other programs on the machine take counts for none."""
    return min(seconds(fmt, data), seconds(fmt, data))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"{count} cues{'':14} bytes      read   as cues   growth      cues")
    slow: list[str] = []
    for name in sys.argv[2:] or names():
        fmt, data = formats()[name.partition("/")[0]], file_of(name, count)
        read, whole, cues = better(fmt, data)
        less, _, _ = better(fmt, file_of(name, count // 4))
        slow += [name] if read > LIMIT else []
        print(f"{name:20} {len(data):>9} {read:>8.2f}s {whole:>8.2f}s {read / less / 4:>8.2f} {cues:>9}", flush=True)
    print("slower than three seconds:", ", ".join(slow) or "none")


if __name__ == "__main__":
    main()
