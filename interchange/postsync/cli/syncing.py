"""The command `sync`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.markup import escape

from postsync.cli.common import ALL_MARKERS, FOLDER, PATH, Common, console, finish, progress_bar, verb
from postsync.cli.listing import Listing
from postsync.wording import counted

COLOURS = {"in sync": "green", "check": "yellow", "off": "red"}
COLUMNS = ("take", "cue", "verdict", "ms", "frames", "", "spread", "sure", "phrases")


@click.command()
@click.argument("guide", type=PATH)
@click.argument("takes", type=PATH, nargs=-1, required=True)
@click.option(
    "--in", "start", metavar="TIME", help="Where the words begin, counted from the guide's first sample: 12.5, 300f."
)
@click.option("--out-point", "end", metavar="TIME", help="Where the words end, counted likewise.")
@click.option("--cue", metavar="NUMBER", help="The cue that the take is of, where the guide is a timeline.")
@click.option(
    "--by",
    type=click.Choice(["auto", "stamp", "head"]),
    default="auto",
    help="How takes are laid first: by time stamps that meet, else head to head; or always so.",
)
@click.option("--search", default="1.5s", metavar="LENGTH", help="How far off a take may lie, on either side.")
@click.option(
    "--media", type=FOLDER, multiple=True, metavar="FOLDER", help="Look for a timeline's media here too; repeatable."
)
@click.option("--out", type=PATH, metavar="FILE.csv", help="Write the table.")
@click.option("--page", type=PATH, metavar="FILE.html", help="Write a page with the waveforms over each other.")
@click.option("--jobs", type=click.IntRange(1), default=1, metavar="N", help="So many at once.")
@ALL_MARKERS
@verb
def sync(
    common: Common, guide: Path, takes: tuple[Path, ...], start: str | None, end: str | None, search: str, **how: Any
) -> None:
    """Say how far each of TAKES lies from GUIDE, how sure that is, and what to slip. Nothing is moved.

    GUIDE is sound, a movie, a timeline (its production tracks, with cues and media at hand), or a folder of guides that have
    the names of the takes. An offset that is not sure is refused: the exit code is then 1.

    \b
    postsync sync R106_guide.wav R106_take3.wav
    postsync sync reel1.otio "ADR day 1" --media /Volumes/Sound --page sync.html --out sync.csv --jobs 4
    """
    from postsync import verbs
    from postsync.errors import UnknownOption

    if (start is None) != (end is None):
        raise UnknownOption("--in and --out-point", expected="both or neither")
    line = None if start is None or end is None else (start, end)
    reading = {name: value for name, value in common.reading().items() if name != "rate"}
    with progress_bar(common) as progress:
        found = verbs.sync(
            guide, takes, line=line, search=search, frame_rate=common.rate, progress=progress, **reading, **how
        )
    if not common.json:
        draw_sync(console(), found)
    finish(common, found.report, found.to_json(), failed=found.unsure > 0)


def draw_sync(out: Console, found: Any) -> None:
    """Draw one measurement in sentences, several as a table."""
    if len(found.rows) == 1:
        _draw_one(out, found.rows[0])
    else:
        _draw_rows(out, found.rows)
        believed = f"{found.unsure} without" if found.unsure else "each with"
        out.print(f"{counted(len(found.rows), 'take')}, {believed} an offset to believe")
    for path in (found.table, found.page):
        if path is not None:
            out.print(f"written: {path}", markup=False)


def _draw_one(out: Console, row: Any) -> None:
    if row.why:
        out.print(f"{row.pair.take.name}: {row.why}", markup=False, style="yellow")
        return
    facts = row.alignment.to_json()
    colour = COLOURS.get(facts["verdict"], "yellow")
    out.print(f"{escape(row.pair.take.name)}: [{colour}]{facts['verdict']}[/{colour}], {offset_words(facts)}")
    kind = "the guide's own recording" if facts["same_recording"] else f"spread {facts['spread_ms']} ms"
    out.print(f"confidence {facts['confidence']:.2f}, {kind}; laid by {row.laid_by}", markup=False)
    if not facts["same_recording"]:
        out.print(f"drift {facts['drift_ms_per_second']:+.0f} ms/s, tempo {facts['tempo_ratio']:.2f}", markup=False)
    if len(facts["phrases"]) > 1:
        out.print("one slip per phrase, cut in the take's silences (samples of the take):")
        for one in facts["phrases"]:
            out.print(f"  {one['take_in']} to {one['take_out']}: {one['offset_ms']:+.0f} ms", markup=False)


def _draw_rows(out: Console, rows: Any) -> None:
    table = Listing(*COLUMNS)
    for row in rows:
        if row.why:
            table.add_row(escape(row.pair.take.name), escape(row.cue or ""), f"[yellow]{escape(row.why)}[/yellow]")
            continue
        facts = row.alignment.to_json()
        colour = COLOURS.get(facts["verdict"], "yellow")
        table.add_row(
            escape(row.pair.take.name),
            escape(row.cue or ""),
            f"[{colour}]{facts['verdict']}[/{colour}]",
            f"{abs(facts['offset_ms'])}",
            f"{abs(facts['offset_frames']):.2f}",
            facts["direction"] or "",
            "same" if facts["same_recording"] else f"{facts['spread_ms']:.0f} ms",
            f"{facts['confidence']:.2f}",
            str(len(facts["phrases"]) or 1),
        )
    out.print(table)


def offset_words(facts: dict[str, Any]) -> str:
    """Say an offset: milliseconds, frames, late or early."""
    if facts["direction"] is None:
        return "0 ms"
    frames = abs(facts["offset_frames"])
    return (
        f"{abs(facts['offset_ms'])} ms {facts['direction']} ({frames:.2f} frames, {facts['offset_samples']:+d} samples)"
    )
