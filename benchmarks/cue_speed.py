"""Read 20,000 cues from a file of every carrier, and print the processor seconds; three are the most that any may take.

`python benchmarks/cue_speed.py [COUNT] [NAME …]`. "as cues" adds what it takes to make cues of markers. The last column is
the time per cue against that of a file a quarter as long: about 1 where the work grows with the file.
"""

from __future__ import annotations

import io
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

from carrier_pairs import OPTIONS, carriers  # noqa: E402
from postsync.cueing import spot  # noqa: E402
from postsync.formats import Format, make_options, options_for  # noqa: E402
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


def of_readers(count: int) -> dict[str, bytes]:
    """Give files of the formats that are only read, as their programs write them."""
    rows = [
        (f"R{1000 + n} PART {n % 20}", f"Hold there {n}?", *map(FACTS.label, (n * 2, n * 2 + 30))) for n in range(count)
    ]
    premiere = "".join(f"{name}\t{line}\t{first}\t{last}\t00:00:01:06\tComment\n" for name, line, first, last in rows)
    index = "".join(f',,,,"{first}","{last}","{name}","Red","{line}"\n' for name, line, first, last in rows)
    head = "#,Reel,V,C,Record In,Record Out,Name,Color,Notes\n"
    return {
        "premiere_markers": ("Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n" + premiere).encode(),
        "resolve_edit_index": (head + index).encode(),
    }


def seconds(fmt: Format, data: bytes) -> tuple[float, float, int]:
    """Time the reading of a file, then the making of cues, and count the markers."""
    known = {"rate": FACTS.rate, "start": FACTS.start_timecode, **OPTIONS.get(fmt.name, {})}
    options = make_options(fmt.read_options, options_for(fmt.read_options, known), fmt.name)
    began = time.process_time()
    assert fmt.read is not None
    timeline = fmt.read(io.BytesIO(data), Report(), options)[0]
    read = time.process_time() - began
    spot(timeline, Project(), Report(), all_markers=True, dialect="plain")
    assert timeline_facts(timeline).rate == FACTS.rate
    return read, time.process_time() - began, len(timeline.tracks.markers)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    asked = sys.argv[2:]
    files: dict[str, tuple[bytes, bytes]] = {}
    long, short = timeline_of(count), timeline_of(count // 4)
    readers = of_readers(count), of_readers(count // 4)
    names = sorted([*carriers(), *readers[0]])
    print(f"{count} cues{'':14} bytes      read   as cues   growth   markers")
    slow: list[str] = []
    for name in asked or names:
        fmt = formats()[name]
        files[name] = (
            (readers[0][name], readers[1][name]) if name in readers[0] else (written(fmt, long), written(fmt, short))
        )
        read, whole, markers = seconds(fmt, files[name][0])
        less, _, _ = seconds(fmt, files[name][1])
        slow += [name] if read > LIMIT else []
        print(f"{name:20} {len(files[name][0]):>9} {read:>8.2f}s {whole:>8.2f}s {read / less / 4:>8.2f} {markers:>9}")
    print("slower than three seconds:", ", ".join(slow) or "none")


if __name__ == "__main__":
    main()
