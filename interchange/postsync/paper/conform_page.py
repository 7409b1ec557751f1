"""The picture of a reconform: one HTML page, old cut above, new cut below, bands between them, the cues on top.

It needs nothing from outside, no script and no network; every text is escaped and the page's own policy forbids all but its
style. Colours say the kind of change and words say it too: the legend, the tooltips, the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from postsync.conforming import ChangeMap, Moved, Outcome, Piece, Side, change_rows
from postsync.conforming.change_list import WORDS, signed_timecode
from postsync.paper.cue_report import colour_of, report_rows
from postsync.paper.html_page import html_frame, page_text
from postsync.timing import format_feet
from postsync.wording import counted

STYLE = """
:root { --ink: #1c1f24; --soft: #5b6470; --line: #d5dae0; --paper: #fff; --old: #c9d1da; --new: #b9c6d4; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 20px 24px 60px; max-width: 1500px; color: var(--ink); background: var(--paper);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
h1 { font-size: 22px; margin: 0 0 2px; } h2 { font-size: 16px; margin: 30px 0 8px; }
.facts, .legend { color: var(--soft); } .facts b { color: var(--ink); font-weight: 600; }
.facts span, .legend span { display: inline-block; margin-inline-end: 18px; white-space: nowrap; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-inline-end: 5px; border-radius: 2px; }
figure { margin: 10px 0; border: 1px solid var(--line); border-radius: 4px; overflow-x: auto; background: #fbfcfd; }
svg { display: block; } svg text { font: 10px system-ui, sans-serif; fill: var(--soft); }
svg .name { fill: var(--ink); } svg .side { font-weight: 600; fill: var(--ink); font-size: 11px; }
.shot { fill: var(--old); stroke: #fff; stroke-width: .6; } .shot.odd { fill: #dbe1e8; }
.order { fill: #8fa3b8; fill-opacity: .28; } .still { fill: #8fa3b8; fill-opacity: .14; }
.moved { fill: #e8862e; fill-opacity: .5; } .repeat { fill: #9b5fc0; fill-opacity: .45; }
.retimed { fill: #3f51b5; fill-opacity: .4; } .bridge { fill: #2196c9; fill-opacity: .3; }
.inserted { fill: #2e9e57; } .deleted { fill: #cf3a3a; } .trim { fill: #d9a400; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } .scroll { overflow-x: auto; }
th { text-align: start; color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); padding: 4px 8px; }
td { border-bottom: 1px solid var(--line); padding: 4px 8px; vertical-align: top; }
td.n { font-variant-numeric: tabular-nums; white-space: nowrap; text-align: end; }
td.t { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.text { min-width: 110px; max-width: 380px; unicode-bidi: plaintext; overflow-wrap: anywhere; }
.scroll td:last-child { min-width: 170px; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-inline-end: 6px; border: 1px solid #0003; }
.all td { color: var(--soft); } .ears td { color: var(--ink); }
@media print { figure { overflow: hidden; } body { padding: 0; } tr { break-inside: avoid; } }
"""

CUE_COLOURS = {
    "mint": "#7fd6b0", "green": "#3aa655", "cyan": "#20b2c4", "yellow": "#e0a800", "lemon": "#c9b800", "pink": "#e0559a",
    "purple": "#7b4fc9", "blue": "#2f6fde", "lavender": "#a48ae0", "red": "#cf3a3a", "fuchsia": "#c22bb0",
}  # fmt: skip

LEGEND = (
    ("order", "kept its order"), ("moved", "moved"), ("repeat", "repeated"), ("retimed", "speed changed"),
    ("bridge", "picture replaced"), ("inserted", "new"), ("trim", "trimmed"), ("deleted", "gone"),
)  # fmt: skip
LEGEND_COLOURS = {
    "order": "#c3cdd8", "moved": "#f0b27a", "repeat": "#c9a7dd", "retimed": "#9fa8da", "bridge": "#a5d3e8",
    "inserted": "#2e9e57", "trim": "#d9a400", "deleted": "#cf3a3a",
}  # fmt: skip

WIDTH, GAP, MARGIN = 1440, 24, 8
DETAIL_PIXELS_PER_SECOND, WIDEST = 10, 60_000
NAMED_FROM, ROW = 34, 9
OLD_TOP, BAR, BAND = 34, 18, 86


def conform_page(outcome: Outcome) -> str:
    """Give the page of a reconform, or of a comparison alone where nothing was moved."""
    changes = outcome.maps.picture
    title = f"{changes.old.name} to {changes.new.name}"
    every = report_rows(outcome)
    asked = _asking(every, outcome)
    parts = [
        f'<h1 dir="auto">{page_text(title)}</h1>',
        _facts(changes, outcome, len(asked)),
        f'<p class="legend">{"".join(_legend())}</p>',
        f"<figure>{_Drawing(changes, outcome, WIDTH).svg()}</figure>",
    ]
    wide = min(WIDEST, round(changes.new.length / changes.new.rate.fps) * DETAIL_PIXELS_PER_SECOND)
    if wide > WIDTH:
        parts += ["<h2>In detail</h2>", f"<figure>{_Drawing(changes, outcome, wide).svg()}</figure>"]
    parts += [*_cue_tables(outcome, every, asked), "<h2>Changes</h2>", _change_table(changes)]
    if changes.warnings:
        parts += [
            "<h2>Notes</h2>",
            "<ul>" + "".join(f"<li>{page_text(one)}</li>" for one in changes.warnings) + "</ul>",
        ]
    return html_frame(title, STYLE, "\n".join(parts))


def _facts(changes: ChangeMap, outcome: Outcome, asked: int) -> str:
    difference = changes.new.length - changes.old.length
    facts = {
        "Difference": f"{difference:+d} frames ({signed_timecode(difference, changes)})",
        "Known": f"{changes.share('order', 'moved', 'repeat', 'retimed'):.1%} of new time",
        "Bridged": f"{changes.share('bridge'):.1%}",
        "New": f"{1 - changes.share():.1%}",
        "Rate": changes.new.rate.name,
    }
    if outcome.cues:
        facts["Cues"] = str(len(outcome.cues))
    if asked:
        facts["To be heard and looked at"] = str(asked)
    return (
        '<p class="facts">'
        + "".join(f"<span>{name} <b>{page_text(text)}</b></span>" for name, text in facts.items())
        + "</p>"
    )


def _legend() -> Iterator[str]:
    for kind, words in LEGEND:
        yield f'<span><i style="background:{LEGEND_COLOURS[kind]}"></i>{words}</span>'


class _Axis:
    """Puts frames of one cut on the page: reels one after another with a gap between."""

    def __init__(self, side: Side, pixels_per_frame: float) -> None:
        self.side, self.scale = side, pixels_per_frame
        self.lefts: list[float] = []
        left = float(MARGIN)
        for reel in side.reels:
            self.lefts.append(left)
            left += (reel.end - reel.start) * pixels_per_frame + GAP

    def at(self, frame: int) -> float:
        """Give the place of a frame."""
        place = 0
        for number, reel in enumerate(self.side.reels):
            if reel.start <= frame:
                place = number
        reel = self.side.reels[place]
        inside = min(max(frame - reel.start, 0), reel.end - reel.start)
        return round(self.lefts[place] + inside * self.scale, 2)


class _Drawing:
    """One drawing of a map at one scale."""

    def __init__(self, changes: ChangeMap, outcome: Outcome, width: int) -> None:
        self.changes, self.outcome, self.width = changes, outcome, width
        gaps = GAP * (max(len(changes.old.reels), len(changes.new.reels)) - 1)
        longest = max(changes.old.length, changes.new.length, 1)
        scale = (width - 2 * MARGIN - gaps) / longest
        self.old, self.new = _Axis(changes.old, scale), _Axis(changes.new, scale)
        self.rows = _cue_rows(outcome.cues, self.old, new=False), _cue_rows(outcome.cues, self.new, new=True)
        self.cue_height = ROW * max([row for _, row in self.rows[0]], default=-1) + ROW if outcome.cues else 0
        self.old_top = OLD_TOP + self.cue_height
        self.new_top = self.old_top + BAR + BAND

    def svg(self) -> str:
        """Give the drawing."""
        below = ROW * max([row for _, row in self.rows[1]], default=-1) + ROW
        height = self.new_top + BAR + below + 34
        title = f"{self.changes.old.name} above, {self.changes.new.name} below"
        body = "".join(
            (
                *self._ruler(self.old, 12), *self._cues(new=False), *self._shots(self.old, self.old_top, new=False),
                *self._bands(), *self._shots(self.new, self.new_top, new=True), *self._gone(), *self._come(),
                *self._cues(new=True), *self._ruler(self.new, height - 8),
            )
        )  # fmt: skip
        return (
            f'<svg role="img" width="{self.width}" height="{height}" viewBox="0 0 {self.width} {height}">'
            f"<title>{page_text(title)}</title>{body}</svg>"
        )

    def _ruler(self, axis: _Axis, y: int) -> Iterator[str]:
        step = max(1, round(90 / axis.scale / float(axis.side.rate.fps)))
        for reel in axis.side.reels:
            frames = round(step * axis.side.rate.fps)
            for frame in range(reel.start, reel.end, frames):
                x = axis.at(frame)
                if x < self.width - 60:
                    yield f'<text x="{x}" y="{y}">{axis.side.label(frame)}</text>'

    def _shots(self, axis: _Axis, top: int, *, new: bool) -> Iterator[str]:
        odd = False
        for start, end, name, of_new in self.changes.shots:
            if of_new is not new:
                continue
            x, wide = axis.at(start), axis.at(end) - axis.at(start)
            if wide < 0.5 and axis.scale < 0.05:
                continue
            odd = not odd
            tip = f"{name}, {axis.side.label(start)} to {axis.side.label(end)}"
            mark = " odd" if odd else ""
            place = f'x="{x}" y="{top}" width="{max(wide, 0.4):.2f}" height="{BAR}"'
            yield f'<rect class="shot{mark}" {place}><title>{page_text(tip)}</title></rect>'
            if wide > NAMED_FROM:
                letters = int(wide / 6)
                yield f'<text class="name" x="{x + 3}" y="{top + 12}">{page_text(name[:letters])}</text>'

    def _bands(self) -> Iterator[str]:
        top, bottom = self.old_top + BAR + 1, self.new_top - 1
        ordered = sorted(self.changes.pieces, key=lambda piece: piece.kind not in ("order", "bridge"))
        for piece in ordered:
            low, high = piece.old_span
            corners = (self.old.at(low), self.old.at(high), self.new.at(piece.new_out), self.new.at(piece.new_in))
            if piece.ratio < 0:
                corners = (corners[0], corners[1], corners[3], corners[2])
            points = f"{corners[0]},{top} {corners[1]},{top} {corners[2]},{bottom} {corners[3]},{bottom}"
            kind = "still" if piece.kind == "order" and piece.delta == 0 else piece.kind
            yield f'<polygon class="{kind}" points="{points}"><title>{page_text(self._told(piece))}</title></polygon>'

    def _told(self, piece: Piece) -> str:
        changes = self.changes
        delta = f"{piece.delta:+d} frames" if piece.delta else "in place"
        return (
            f"{WORDS_OF_KIND[piece.kind]}, {delta}: {changes.old.label(piece.old_span[0])} to "
            f"{changes.new.label(piece.new_in)}, {counted(piece.length, 'frame')}, by {piece.evidence}, "
            f"sure {piece.confidence:.0%}"
        )

    def _gone(self) -> Iterator[str]:
        for row in change_rows(self.changes):
            if row.old is not None and row.kind in ("delete", "trim-head", "trim-tail"):
                kind = "deleted" if row.kind == "delete" else "trim"
                yield self._mark(self.old, row.old, row.old + row.frames, self.old_top + BAR - 4, kind, row.kind)

    def _come(self) -> Iterator[str]:
        for start, end in self.changes.inserted:
            yield self._mark(self.new, start, end, self.new_top, "inserted", "insert")

    def _mark(self, axis: _Axis, start: int, end: int, y: int, css: str, kind: str) -> str:
        x, wide = axis.at(start), max(axis.at(end) - axis.at(start), 1.2)
        tip = f"{WORDS[kind]}: {counted(end - start, 'frame')} at {axis.side.label(start)}"
        return (
            f'<rect class="{css}" x="{x}" y="{y}" width="{wide:.2f}" height="4"><title>{page_text(tip)}</title></rect>'
        )

    def _cues(self, *, new: bool) -> Iterator[str]:
        axis = self.new if new else self.old
        for one, row in self.rows[1 if new else 0]:
            start, end = (one.fate.new_in, one.fate.new_out) if new else (one.fate.old_in, one.fate.old_out)
            if start is None or end is None:
                continue
            x, wide = axis.at(start), max(axis.at(end) - axis.at(start), 2)
            y = self.new_top + BAR + 4 + ROW * row if new else self.old_top - 3 - ROW * (row + 1)
            colour = CUE_COLOURS[colour_of(one)]
            tip = f"{one.number or one.uid} {one.character}: {one.text} - {one.fate.status}. {one.check}"
            place = f'x="{x}" y="{y}" width="{wide:.2f}" height="{ROW - 2}" rx="1.5"'
            yield f'<rect fill="{colour}" {place}><title>{page_text(tip)}</title></rect>'


WORDS_OF_KIND = {
    "order": "kept its order", "moved": "moved", "repeat": "repeated", "retimed": "speed changed",
    "bridge": "picture replaced, time stands",
}  # fmt: skip


def _cue_rows(cues: Sequence[Moved], axis: _Axis, *, new: bool) -> list[tuple[Moved, int]]:
    """Give each cue the first free row, at most six: the eye finds no more."""
    free = [float("-inf")] * 6
    placed: list[tuple[Moved, int]] = []
    found = [one for one in cues if not new or one.fate.new_in is not None]
    for one in sorted(found, key=lambda each: (each.fate.new_in or 0) if new else each.fate.old_in):
        start, end = (one.fate.new_in or 0, one.fate.new_out or 0) if new else (one.fate.old_in, one.fate.old_out)
        row = next((number for number, reach in enumerate(free) if reach <= axis.at(start)), len(free) - 1)
        free[row] = max(axis.at(end), axis.at(start) + 2)
        placed.append((one, row))
    return placed


Rows = Sequence[dict[str, str]]


def _asking(every: Rows, outcome: Outcome) -> Rows:
    """Give the rows that somebody must hear or look at."""
    label = outcome.maps.picture.old.label
    ears = {(one.kind, one.uid, label(one.fate.old_in)) for one in outcome.needs_ears}
    return [row for row in every if row["Check"] and (row["What"], row["UID"], row["Old in"]) in ears]


def _cue_tables(outcome: Outcome, every: Rows, asked: Rows) -> Iterator[str]:
    if not every:
        return
    colours = {one.uid: CUE_COLOURS[colour_of(one)] for one in outcome.cues}
    counts = ", ".join(f"{count} {status}" for status, count in outcome.counts.items())
    yield f"<h2>To be heard and looked at: {len(asked)}</h2>"
    yield _cue_table(asked, colours, "ears") if asked else "<p>Nothing.</p>"
    yield f"<h2>Everything: {page_text(counts)}</h2>"
    yield _cue_table(every, colours, "all")


def _cue_table(rows: Iterable[dict[str, str]], colours: dict[str, str], css: str) -> str:
    names = ("Number", "Character", "Text", "Old in", "New in", "Moved", "Status", "Check")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "\n".join(
        f'<tr><td class="t"><i class="dot" style="background:{colours.get(row["UID"], "#b8c0c8")}"></i>'
        f"{page_text(row['Number'] or row['What'])}</td><td>{page_text(row['Character'])}</td>"
        f'<td class="text" dir="auto">{page_text(row["Text"])}</td><td class="t">{row["Old in"]}</td>'
        f'<td class="t">{row["New in"] or "lost"}</td><td class="n">{row["Moved frames"]}</td>'
        f'<td class="t">{row["Status"]}</td><td>{page_text(row["Check"])}</td></tr>'
        for row in rows
    )
    return f'<div class="scroll"><table class="{css}"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def _change_table(changes: ChangeMap) -> str:
    names = ("New timecode", "Feet", "Change", "Frames", "Total", "Shot")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    lines = []
    for row in change_rows(changes):
        words = " ".join(part for part in (WORDS[row.kind], row.detail) if part)
        frames = f"{row.growth:+d}" if row.growth else str(row.frames)
        lines.append(
            f'<tr><td class="t">{changes.new.label(row.at)}</td><td class="n">{format_feet(changes.new.footage_at(row.at))}'
            f'</td><td>{page_text(words)}</td><td class="n">{frames}</td><td class="n">{row.total:+d}</td>'
            f'<td class="text">{page_text(row.name)}</td></tr>'
        )
    body = "\n".join(lines) or '<tr><td colspan="6">None: both cuts are the same.</td></tr>'
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'
