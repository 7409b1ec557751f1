"""The look at a batch of takes: waveforms of guide and take over each other, the offset drawn, sorted by what matters.

One HTML file without a script and without anything from outside: sorting is done by the browser's own layout. The guide lies
above the line, the take below it where it was laid; an arrow and its outline show it slipped by the offset. Where phrases ask
for slips of their own, dashes show where the take may be cut and bars where the pieces would lie. What is not sure offers
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from postsync.paper.html_page import html_frame, page_text
from postsync.sound.alignment import Alignment, edits
from postsync.wording import counted

WIDTH, HEIGHT, POINTS_PER_SECOND = 1200, 60, 100

SORTS = (("sure", "least sure first"), ("off", "farthest off first"), ("given", "as given"), ("name", "by name"))
"""What the page can be sorted by; the first is how it opens."""

STYLE = """
:root { --ink: #1c1f24; --soft: #5b6470; --line: #d5dae0; --guide: #7b8794; --take: #2f6fde; --slipped: #e8862e; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 20px 24px 60px; max-width: 1260px; color: var(--ink); background: #fff;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
h1 { font-size: 22px; margin: 0 0 2px; } .facts, .legend { color: var(--soft); }
.legend span { margin-inline-end: 18px; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-inline-end: 5px; }
label { margin-inline-end: 14px; cursor: pointer; }
main { display: flex; flex-direction: column; }
article { border-top: 1px solid var(--line); padding: 10px 0; }
article h2 { font-size: 15px; margin: 0; unicode-bidi: plaintext; }
.verdict { border-radius: 3px; padding: 0 7px; color: #fff; background: #8a929c; } .in-sync { background: #2e9e57; }
.check { background: #b98a00; } .off { background: #cf3a3a; }
p { margin: 2px 0; } p span { display: inline-block; margin-inline-end: 18px; font-variant-numeric: tabular-nums; }
.doubted span { color: var(--soft); }
svg { display: block; width: 100%; height: auto; background: #fbfcfd; border: 1px solid var(--line); border-radius: 4px; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.guide { fill: var(--guide); } .take { fill: var(--take); fill-opacity: .55; }
.slipped { fill: none; stroke: var(--slipped); stroke-width: 1; } .cut { stroke: #9b5fc0; stroke-dasharray: 3 3; }
.shift { stroke: var(--slipped); stroke-width: 2; fill: none; } svg .moved { fill: var(--slipped); font-weight: 600; }
.piece { fill: #9b5fc0; } .second { stroke: var(--line); } .cue { fill: #2f6fde; fill-opacity: .06; }
@media print { article { break-inside: avoid; } form { display: none; } }
"""


class WavesLike(Protocol):
    """Peaks to draw: those of the guide from `start` (s) on, those of the take from `lead` seconds before that on."""

    @property
    def start(self) -> Fraction:
        """Where the picture begins, in seconds of the guide."""
        ...

    @property
    def lead(self) -> Fraction:
        """By how many seconds the take's peaks begin earlier."""
        ...

    @property
    def guide(self) -> bytes:
        """Peaks of the guide."""
        ...

    @property
    def take(self) -> bytes:
        """Peaks of the take."""
        ...


@dataclass(frozen=True)
class SyncLook:
    """One take on the page. `laid_at` is where its first sample lay in the guide (s); `why` says why nothing was measured."""

    guide: str
    take: str
    cue: str | None
    alignment: Alignment | None
    waves: WavesLike | None
    laid_at: Fraction
    why: str


def sync_page(looks: Sequence[SyncLook]) -> str:
    """Give the page of a batch."""
    orders = _orders(looks)
    sorting = "\n".join(f"#by-{key}:checked ~ main > article {{ order: var(--{key}); }}" for key, _ in SORTS)
    choices = "".join(
        f'<input type="radio" name="sort" id="by-{key}"{"" if number else " checked"}> '
        f'<label for="by-{key}">{words}</label>'
        for number, (key, words) in enumerate(SORTS)
    )
    cards = "\n".join(_card(look, order) for look, order in zip(looks, orders, strict=True))
    sure = sum(look.alignment is not None and look.alignment.sure for look in looks)
    title = f"Sync of {counted(len(looks), 'take')}"
    body = (
        f'<h1>{title}</h1>\n<p class="facts">{sure} measured, {len(looks) - sure} without an offset to believe. '
        f"Nothing was moved.</p>\n{_legend()}\n{choices}\n<main>\n{cards}\n</main>"
    )
    return html_frame(title, STYLE + sorting, body)


def _orders(looks: Sequence[SyncLook]) -> list[str]:
    """Give the place of each take in every sorting, as custom properties."""
    keys: dict[str, Any] = {
        "sure": lambda look: look.alignment.confidence if look.alignment else -1.0,
        # A number that is not believed is not how far a take is off.
        "off": lambda look: -abs(look.alignment.offset_frames) if look.alignment and look.alignment.sure else 1,
        "given": lambda look: 0,
        "name": lambda look: (look.take.casefold(), look.guide.casefold()),
    }
    styles = [""] * len(looks)
    for name, _ in SORTS:
        by = keys[name]
        for place, number in enumerate(sorted(range(len(looks)), key=lambda number: by(looks[number]))):
            styles[number] += f"--{name}:{place};"
    return styles


def _legend() -> str:
    rows = (
        ("#7b8794", "guide"),
        ("#2f6fde", "take as laid"),
        ("#e8862e", "take slipped by the offset"),
        ("#9b5fc0", "cut, and its pieces each in sync"),
    )
    return (
        '<p class="legend">'
        + "".join(f'<span><i style="background:{one}"></i>{words}</span>' for one, words in rows)
        + "</p>"
    )


def _card(look: SyncLook, order: str) -> str:
    found = look.alignment
    title = f"{look.cue}: {look.take}" if look.cue else look.take
    verdict = "not measured" if found is None else found.verdict
    head = f'<h2><span class="verdict {verdict.replace(" ", "-")}">{verdict}</span> {page_text(title)}</h2>'
    why = look.why or (found.reason if found else "") or ""
    doubted = "" if found is None or found.sure else ' class="doubted"'
    body = f"<p>{page_text(why)}</p>" if why or found is None else f"<p{doubted}>{_facts(look.guide, found)}</p>"
    return f'<article style="{order}">{head}{body}{_drawing(look)}</article>'


def _facts(guide: str, found: Alignment) -> str:
    facts = found.to_json()
    slips = ", ".join(f"{found.milliseconds(one.offset_samples):+.0f} ms" for one in found.phrases)
    said = [
        f"{abs(facts['offset_ms'])} ms {facts['direction'] or ''}",
        f"{facts['offset_frames']:+.2f} frames",
        f"{facts['offset_samples']:+d} samples",
        f"confidence {facts['confidence']:.2f}",
        "the guide's own recording" if found.same_recording else f"spread {facts['spread_ms']} ms",
        "" if found.same_recording else f"drift {facts['drift_ms_per_second']:+.0f} ms/s",
        f"{len(found.phrases)} phrases: {slips}" if len(found.phrases) > 1 and found.sure else "",
        f"guide {guide}",
    ]
    return "".join(f"<span>{page_text(one)}</span>" for one in said if one)


def _drawing(look: SyncLook) -> str:
    """Draw guide and take; a second is as wide as the whole allows."""
    waves, found = look.waves, look.alignment
    if waves is None or found is None or not waves.guide:
        return ""
    scale = WIDTH / len(waves.guide)
    lead = -float(waves.lead * POINTS_PER_SECOND)
    line = [_across(look, Fraction(edge, found.sample_rate), scale) for edge in found.line]
    parts = [
        f'<rect class="cue" x="{line[0]:.1f}" y="0" width="{max(line[1] - line[0], 0):.1f}" height="{2 * HEIGHT}"/>',
        *_seconds(waves, scale),
        f'<path class="guide" d="{_outline(waves.guide, 0, scale, HEIGHT, -1)}"/>',
        f'<path class="take" d="{_outline(waves.take, lead, scale, HEIGHT, 1)}"/>',
        *(_slip(waves, found, scale, line) if found.sure else ()),
        *(_pieces(look, found, scale) if found.sure and len(found.phrases) > 1 else ()),
        f'<text x="4" y="12">guide</text><text x="4" y="{2 * HEIGHT - 8}">take</text>',
    ]
    return f'<svg viewBox="0 0 {WIDTH} {2 * HEIGHT}" role="img" aria-label="waveforms">{"".join(parts)}</svg>'


def _across(look: SyncLook, time: Fraction, scale: float) -> float:
    """Give where a time of the guide (s) lies in the drawing."""
    assert look.waves is not None
    return float((time - look.waves.start) * POINTS_PER_SECOND) * scale


def _seconds(waves: WavesLike, scale: float) -> Iterator[str]:
    """Draw a line at each second of the guide, at most about twelve."""
    first, length = -(-waves.start // 1), Fraction(len(waves.guide), POINTS_PER_SECOND)
    for second in range(first, int(waves.start + length) + 1, max(1, int(length) // 12)):
        across = float((second - waves.start) * POINTS_PER_SECOND) * scale
        yield f'<line class="second" x1="{across:.1f}" x2="{across:.1f}" y1="0" y2="{2 * HEIGHT}"/>'
        if 40 < across < WIDTH - 30:
            yield f'<text x="{across + 3:.1f}" y="12">{second} s</text>'


def _slip(waves: WavesLike, found: Alignment, scale: float, line: Sequence[float]) -> Iterator[str]:
    """Draw the take where it would lie, and an arrow as long as the slip."""
    lead, offset = -float(waves.lead * POINTS_PER_SECOND), float(found.offset_seconds) * POINTS_PER_SECOND
    yield f'<path class="slipped" d="{_outline(waves.take, lead - offset, scale, HEIGHT, 1)}"/>'
    end, low = (line[0] + line[1]) / 2, 2 * HEIGHT - 14
    begin = end + offset * scale
    back = 5 if begin > end else -5
    if abs(begin - end) > 2:
        yield f'<path class="shift" d="M{begin:.1f} {low}H{end:.1f}m{back} -4l{-back} 4l{back} 4"/>'
    words = f"{-found.milliseconds(found.offset_samples):+.0f} ms"
    yield f'<text class="moved" x="{max(begin, end) + 6:.1f}" y="{low + 4}">{words}</text>'


def _pieces(look: SyncLook, found: Alignment, scale: float) -> Iterator[str]:
    """Draw where the take may be cut, and where each piece would lie."""
    rate = found.sample_rate
    for one in found.phrases[1:]:
        at = _across(look, Fraction(one.take_in, rate) + look.laid_at, scale)
        yield f'<line class="cut" x1="{at:.1f}" x2="{at:.1f}" y1="{HEIGHT}" y2="{2 * HEIGHT - 5}"/>'
    for piece in edits(found.phrases):
        begin, end = (
            min(max(_across(look, Fraction(edge, rate) + look.laid_at, scale), 0.0), WIDTH)
            for edge in (piece.record_in, piece.record_out)
        )
        if end - begin > 1:
            yield f'<rect class="piece" x="{begin:.1f}" y="{2 * HEIGHT - 4}" width="{end - begin - 1:.1f}" height="4"/>'


def _outline(peaks: bytes, start: float, scale: float, zero: int, side: int) -> str:
    """Give the path of a waveform on one side of the middle, from a place (in peaks) on."""
    reach = (HEIGHT - 4) / 127
    points = [
        f"{(start + number) * scale:.1f} {zero + side * peak * reach:.1f}"
        for number, peak in enumerate(peaks)
        if -2 <= (start + number) * scale <= WIDTH + 2
    ]
    if not points:
        return f"M0 {zero}"
    first, last = points[0].split()[0], points[-1].split()[0]
    return f"M{first} {zero}L" + "L".join(points) + f"L{last} {zero}Z"
