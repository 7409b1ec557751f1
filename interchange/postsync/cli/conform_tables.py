"""How `diff` and `reconform` look on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from postsync.cli.listing import Listing
from postsync.model import timeline_cues
from postsync.wording import counted

LONG_LIST = 60


def draw_difference(out: Console, found: Any) -> None:
    """Draw a change list; where files were written, their names."""
    out.print(found.text.rstrip("\n"), markup=False)
    for path in found.written:
        out.print(f"Written: {path}", markup=False)


def draw_reconform(out: Console, done: Any) -> None:
    """Draw the counts, what needs ears, and the files."""
    outcome = done.outcome
    counts = ", ".join(f"{count} {status}" for status, count in outcome.counts.items()) or "no cues"
    maps = outcome.maps.picture
    out.print(f"{maps.old.name} to {maps.new.name}: {counted(len(outcome.cues), 'cue')}: {counts}", markup=False)
    others = [
        counted(len(rows), word) for rows, word in ((outcome.markers, "marker"), (outcome.clips, "placed clip")) if rows
    ]
    if others:
        out.print(f"Also moved: {', '.join(others)}")
    if outcome.derived:
        out.print(f"New cues for parts of split lines: {len(outcome.derived)}")
    if outcome.left_out:
        out.print(f"Clips of the work's own picture that were left, the new cut brings its picture: {outcome.left_out}")
    ears = outcome.needs_ears
    if ears:
        out.print(f"\nTo be heard and looked at: {len(ears)}")
        out.print(_ears_table(ears, maps.new))
        if len(ears) > LONG_LIST:
            out.print(f"… and {len(ears) - LONG_LIST} more, all in the report")
    for path in done.written:
        out.print(f"Written: {path}", markup=False)


def _ears_table(ears: list[Any], new: Any) -> Listing:
    table = Listing("what", "new in", "moved", "status", "check")
    for column in table.columns[:-1]:
        column.no_wrap = True
    for one in ears[:LONG_LIST]:
        fate = one.fate
        told = one.text if one.kind == "clip" else one.character
        name = " ".join(part for part in (one.number or one.kind, told) if part)
        place = "lost" if fate.new_in is None else new.label(fate.new_in)
        delta = "" if fate.delta is None else f"{fate.delta:+d}"
        table.add_row(escape(name), place, delta, fate.status, escape(one.check))
    return table


def draw_undone(out: Console, done: Any) -> None:
    """Say which cut the work stands on again, and where it was written."""
    made = done.outcome.timelines[0]
    cues = len(timeline_cues(made))
    out.print(
        f"Back on {done.outcome.maps.picture.old.name}: {counted(cues, 'cue where it was', 'cues where they were')}",
        markup=False,
    )
    for path in done.written:
        out.print(f"Written: {path}", markup=False)


def draw_episodes(out: Console, found: Any) -> None:
    """Draw a folder of episodes, a line each."""
    for one in found.episodes:
        if one.done is None:
            out.print(f"{one.name}: {one.sentence}", markup=False, style="red")
            continue
        counts = ", ".join(f"{count} {status}" for status, count in one.done["counts"].items()) or "no cues"
        out.print(f"{one.name}: {counts}", markup=False)
