"""The strips of the cue browser: one drawing for each reel, all at one scale, and the legend that says the colours.

Places are per cent of the longest reel, so the browser itself stretches the strips when a person zooms in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from postsync.paper.browser.showing import Shown, ShownCue, ShownReel

RULER, LANE, LANE_GAP = 18, 14, 2
NARROWEST = 0.08
"""The width of the shortest cue in per cent of the strip, so that a point can still be seen and hit."""

TICKS_SECONDS = (10, 30, 60, 120, 300, 600, 1800, 3600)
MOST_TICKS = 12

STATUS_COLOURS = {
    "spotted": "#d1341f", "approved": "#b07800", "recorded": "#0f7f9b", "selected": "#2f6fde", "cut": "#2f8f3e",
    "approved_final": "#5a8f00", "omitted": "#7a6a60", "lost": "#8a3fd1", "replaced": "#a0714a",
}  # fmt: skip
UNKNOWN_STATUS = "#6b7280"

Say = Mapping[str, str]


def strip(shown: Shown, say: Say) -> str:
    """Give the section with every strip, its tools and its legend."""
    longest = max(reel.last - reel.first for reel in shown.reels) or 1
    reels = "\n".join(_reel(place, reel, shown, longest, say) for place, reel in enumerate(shown.reels))
    return "\n".join(
        (
            '<section class="strip" aria-labelledby="strip-title">',
            f'<div class="strip-head"><h2 id="strip-title">{escape(say["strip"])}</h2><div class="tools" hidden>',
            f'<label>{escape(say["colour"])} <select id="colour">',
            f'<option value="character">{escape(say["colour.character"])}</option>',
            f'<option value="status">{escape(say["colour.status"])}</option></select></label>',
            f'<label>{escape(say["zoom"])} <input type="range" id="zoom" min="1" max="20" step="0.5" value="1"></label>',
            "</div></div>",
            '<div class="scroll" id="scroll" tabindex="0" role="group" aria-labelledby="strip-title"><div id="wide">',
            reels,
            "</div></div>",
            _legend(shown, say),
            "</section>",
        )
    )


def _reel(place: int, reel: ShownReel, shown: Shown, longest: int, say: Say) -> str:
    """Draw one reel; all strips have the same scale, so a longer reel is longer."""
    cues = [cue for cue in shown.cues if cue.reel == place]
    height = RULER + reel.lanes * (LANE + LANE_GAP)
    name = reel_name(reel, say)
    first, last = cues[0].row.tc_in, cues[-1].row.tc_in
    told = say["strip.reel"].format(reel=name, count=len(cues), first=first, last=last)
    length = 100 * (reel.last - reel.first) / longest
    marks = "".join(_box(cue, reel, longest) for cue in cues)
    return (
        f'<h3 dir="auto">{escape(name)}</h3><svg width="100%" height="{height}" role="img" aria-label="{escape(told)}">'
        f'<rect class="bed" width="{length:.3f}%" height="{height}"/>{"".join(_ticks(reel, shown, longest))}{marks}</svg>'
    )


def _box(cue: ShownCue, reel: ShownReel, longest: int) -> str:
    end = cue.record_in if cue.record_out is None else cue.record_out
    x = 100 * (cue.record_in - reel.first) / longest
    width = max(NARROWEST, 100 * (end - cue.record_in) / longest)
    y = RULER + cue.lane * (LANE + LANE_GAP)
    struck = " x" if cue.row.struck else ""
    return (
        f'<rect class="q c{cue.character} {_status_class(cue.status)}{struck}" '
        f'x="{x:.3f}%" y="{y}" width="{width:.3f}%" height="{LANE}"/>'
    )


def _status_class(status: str) -> str:
    return "s-" + "".join(letter for letter in status if letter.isalnum())


def _ticks(reel: ShownReel, shown: Shown, longest: int) -> Iterator[str]:
    """Yield the ruler: a line and a timecode at whole steps of the clock."""
    clock = shown.clock
    nominal, start = clock.rate.nominal, clock.start_frame
    step = next((one * nominal for one in TICKS_SECONDS if longest / (one * nominal) <= MOST_TICKS), longest)
    frame = -(-(start + reel.first) // step) * step - start
    while frame < reel.last:
        x = 100 * (frame - reel.first) / longest
        yield (
            f'<line x1="{x:.3f}%" x2="{x:.3f}%" y1="0" y2="100%"/>'
            f'<text x="{x:.3f}%" dx="3" y="12">{escape(clock.label(frame)[:8])}</text>'
        )
        frame += step


def _legend(shown: Shown, say: Say) -> str:
    counts = [0] * len(shown.characters)
    for cue in shown.cues:
        counts[cue.character] += 1
    characters = "".join(
        f'<li><button type="button" value="{place}" aria-pressed="false"><i class="c{place}"></i>'
        f'<span dir="auto">{escape(one.name or say["character.none"])}</span> {counts[place]}</button></li>'
        for place, one in enumerate(shown.characters)
    )
    statuses = "".join(
        f'<li><button type="button" value="{escape(code)}" aria-pressed="false"><i class="{_status_class(code)}"></i>'
        f"<span>{escape(status_words(code, say))}</span> {sum(cue.status == code for cue in shown.cues)}</button></li>"
        for code in shown.statuses
    )
    return (
        f'<ul class="legend" id="of-character" aria-label="{escape(say["filter.character"])}">{characters}</ul>'
        f'<ul class="legend" id="of-status" aria-label="{escape(say["filter.status"])}">{statuses}</ul>'
    )


def colours(shown: Shown) -> Iterator[str]:
    """Yield the rules that colour strip and legend: hues of characters lie a golden angle apart, so neighbours differ."""
    for place, one in enumerate(shown.characters):
        yield f".by-character .c{place}{{--q:{one.colour or _hue(place)}}}"
    for code in shown.statuses:
        yield f".by-status .{_status_class(code)}{{--q:{STATUS_COLOURS.get(code, UNKNOWN_STATUS)}}}"


def _hue(place: int) -> str:
    hue = round(place * 137.508 + 210) % 360
    light = 36 if 40 < hue < 190 else 50  # Yellow to cyan look lighter than they are stated.
    return f"hsl({hue} 65% {light + (place // 12 % 3 - 1) * 7}%)"


def status_words(code: str, say: Say) -> str:
    """Give the words of a status; a code without words as it is written."""
    return say.get(f"status.{code}", code.replace("_", " "))


def reel_name(reel: ShownReel, say: Say) -> str:
    """Give the heading of a reel."""
    return say["reel"].format(name=reel.name) if reel.name else say["whole"]
