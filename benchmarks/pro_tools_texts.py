"""Every real Pro Tools text against what was counted in it, one session in several forms, and made cues through every carrier.

    python benchmarks/pro_tools_texts.py [COUNT]

The corpus is found by POSTSYNC_CORPUS. COUNT (20,000) is how many made cues the timed files hold; the matrix takes 1,000.
"""

from __future__ import annotations

import io
import os
import re
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("interchange", "adapters", "tests")]

import postsync  # noqa: E402
from cue_matrix import made_timeline  # noqa: E402
from postsync.cueing import NamingRules, cue_clips, spot  # noqa: E402
from postsync.cueing.cast import Cast  # noqa: E402
from postsync.cueing.merging.cue_values import cue_values, is_usual  # noqa: E402
from postsync.cueing.merging.written import note_lost_fields, take_snapshot  # noqa: E402
from postsync.formats import decode_text  # noqa: E402
from postsync.formats.format import make_options  # noqa: E402
from postsync.model import (  # noqa: E402
    Project,
    placed_tracks,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report  # noqa: E402
from postsync_adapters import formats  # noqa: E402
from postsync_adapters.pro_tools_text.parse import parse_session  # noqa: E402
from pro_tools_made import Export, session_text  # noqa: E402

CORPUS = Path(os.environ.get("POSTSYNC_CORPUS") or ROOT.parent / "shared" / "corpus") / "cues"
TEXT = formats()["pro_tools_text"]
NAMINGS = ("tags", "edicue", "plain")


def known() -> dict[str, tuple[str, ...]]:
    """Give what SOURCES.md says was counted: tracks, events, markers by file."""
    table = (CORPUS / "SOURCES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (protools/.*?\.txt) \|(.*)\|$", table, re.MULTILINE)
    cells = {file: re.split(r"(?<!\\)\|", rest) for file, rest in rows}
    return {file: tuple(cell.strip() for cell in row[4:7]) for file, row in cells.items()}


def corpus_table() -> None:
    columns = ("tracks", "events", "markers", "as counted", "times", "true to ms", "cues")
    print(f"{'file':50}", *(f"{column:>12}" for column in columns))
    right = 0
    for file, counted in known().items():
        path = CORPUS / file
        session = parse_session(decode_text(path.read_bytes()).text, path)
        timeline, _ = postsync.read(path)
        cues = spot(timeline, Project(), Report())
        markers = str(len(session.markers)) if session.has_markers else "no section"
        found = (str(len(session.tracks)), str(sum(len(one.rows) for one in session.tracks)), markers)
        same = found == (counted[0], counted[1], counted[2].replace(" (8-column)", ""))
        right += same
        kept = timeline.metadata["postsync"]
        form = timeline.metadata["pro_tools_text"]["time_format"]
        within = float(Fraction(kept["precision"]) * 1000)
        name = path.name.removeprefix("SessionText_").removesuffix(".txt")[:50]
        cells = (*found, "yes" if same else "NO", form[:12], f"{within:.3f}", str(cues))
        print(f"{name:50}", *(f"{cell:>12}" for cell in cells))
    print(f"{right} of {len(known())} as counted\n")


def places(path: Path) -> list[tuple[str, Fraction, Fraction]]:
    timeline, _ = postsync.read(path)
    return [
        (clip.clip.name, clip.record_in * 48_000, clip.record_out * 48_000)
        for track in placed_tracks(timeline)
        for clip in track.clips
    ]


def one_session() -> None:
    folder = CORPUS / "protools" / "ptulsconv"
    truth = places(folder / "Robin Hood Spottingsamples.txt")
    print("one session of 92 clips against its export in samples     same names  farthest in samples")
    for name in ("DF", "MSS", "2"):
        other = places(folder / f"Robin Hood Spotting{name}.txt")
        pairs = list(zip(truth, other, strict=True))
        far = max(max(abs(one[1] - two[1]), abs(one[2] - two[2])) for one, two in pairs)
        print(f"Robin Hood Spotting{name:38} {sum(one[0] == two[0] for one, two in pairs):>10} {float(far):>20.1f}")
    print()


def matrix(count: int) -> None:
    """Print what came through of made cues: known by uid, fields that came back, that changed and were named, and were not."""
    timeline = made_timeline(count, seed=1)
    print(f"{count} hostile cues: uid, fields whole, fields named as lost, fields lost unnamed")
    for naming in NAMINGS:
        for tags in ("uid", "full"):
            clips = cue_clips(timeline, NamingRules(naming, tags), Report())
            for export in (Export("samples"), Export("timecode", subframes=True), Export("timecode")):
                text = session_text(clips, export).encode("utf-8", "surrogatepass")
                back = TEXT.read(io.BytesIO(text), Report(), TEXT.read_options())[0]
                shown = f"{naming}, {export.form}{' fine' * export.subframes}, tags {tags}"
                print(f"  Pro Tools text, {shown:40}", outcome(timeline, back))
    for name in ("midi_markers", "ptulsconv_json"):
        for tags in ("uid", "full"):
            data = written(name, timeline, tags)
            print(f"  {name}, tags {tags:40}", outcome(timeline, read(name, data, timeline)))
    print()


def outcome(timeline: Any, back: Any) -> str:
    """Say what came back of the cues of a timeline."""
    spot(back, Project(), Report(), all_markers=True, clip_dialect="auto", dialect="plain")
    facts, theirs = timeline_facts(timeline), timeline_facts(back)
    casts = [Cast(timeline_characters(one).values()) for one in (timeline, back)]
    report = Report()
    note_lost_fields(take_snapshot(timeline, back, "", ""), "", report)
    named = {loss.facts["field"].replace(" ", "_") for loss in report}
    found = {cue.uid: cue for cue in timeline_cues(back)}
    uids = whole = lost = unnamed = 0
    for cue in timeline_cues(timeline):
        other = found.get(cue.uid)
        if other is None:
            continue
        uids += 1
        was, now = cue_values(cue, facts, casts[0]), cue_values(other, theirs, casts[1])
        for name, value in was.items():
            if not is_usual(name, value):
                whole += value == now[name]
                lost += value != now[name] and name in named
                unnamed += value != now[name] and name not in named
    return f"{uids}/{len(timeline_cues(timeline))} {whole:>7} {lost:>7} {unnamed:>4}"


def written(name: str, timeline: Any, tags: str) -> bytes:
    fmt, file = formats()[name], io.BytesIO()
    assert fmt.write is not None
    fmt.write(timeline, file, Report(), make_options(fmt.write_options, {"tags": tags}, name))
    return file.getvalue()


def read(name: str, data: bytes, timeline: Any) -> Any:
    fmt = formats()[name]
    assert fmt.read is not None
    facts = timeline_facts(timeline)
    known = {"rate": facts.rate} | ({"start": facts.start_timecode} if hasattr(fmt.read_options(), "start") else {})
    return fmt.read(io.BytesIO(data), Report(), fmt.read_options(**known))[0]


def speeds(count: int) -> None:
    timeline = made_timeline(count, seed=2)
    clips = cue_clips(timeline, NamingRules(), Report())
    texts = {
        "pro_tools_text": session_text(clips, Export("timecode", subframes=True)).encode("utf-8", "surrogatepass"),
        **{name: written(name, timeline, "uid") for name in ("midi_markers", "ptulsconv_json")},
    }
    print(f"{count} cues (processor seconds)   read   with cues found")
    for name, data in texts.items():
        began = time.process_time()
        back = read(name, data, timeline)
        middle = time.process_time()
        spot(back, Project(), Report(), all_markers=True)
        print(f"{name:30} {middle - began:>6.2f} {time.process_time() - began:>13.2f}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    corpus_table()
    one_session()
    matrix(min(count, 1000))
    speeds(count)


if __name__ == "__main__":
    main()
