"""The strips of the cue browser: one drawing for each reel, all at one scale, and the legend that says the colours.

Places are per cent of the longest reel, so the browser itself stretches the strips when a person zooms in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import escape

from postsync.paper.browser.showing import Shown, ShownCue, ShownReel
from postsync.timing import format_timecode

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


def strip(shown: Shown) -> str:
    """Give the section with every strip, its tools and its legend."""
    longest = max(reel.seconds for reel in shown.reels) or Fraction(1)
    return "\n".join(
        (
            '<section class="strip" aria-labelledby="strip-title">',
            f'<div class="strip-head"><h2 id="strip-title">{escape(shown.say("strip"))}</h2><div class="tools" hidden>',
            f'<label>{escape(shown.say("colour"))} <select id="colour">',
            f'<option value="character">{escape(shown.say("character"))}</option>',
            f'<option value="status">{escape(shown.say("status"))}</option></select></label>',
            f"<label>{escape(shown.say('zoom'))} ",
            '<input type="range" id="zoom" min="1" max="20" step="0.5" value="1"></label></div></div>',
            '<div class="scroll" id="scroll" tabindex="0" role="group" aria-labelledby="strip-title"><div id="wide">',
            *(_reel(place, reel, shown, longest) for place, reel in enumerate(shown.reels)),
            "</div></div>",
            _legend(shown),
            "</section>",
        )
    )


def _reel(place: int, reel: ShownReel, shown: Shown, longest: Fraction) -> str:
    """Draw one reel; all strips have the same scale, so a longer reel is longer."""
    cues = [cue for cue in shown.cues if cue.reel == place]
    height = RULER + reel.lanes * (LANE + LANE_GAP)
    name, scale = shown.reel_name(reel), 100 / float(longest * reel.clock.rate.fps)
    told = shown.say("strip.reel", reel=name, count=len(cues), first=cues[0].texts["in"], last=cues[-1].texts["in"])
    return (
        f'<div class="reel"><h3 dir="auto">{escape(name)}</h3>'
        f'<svg width="100%" height="{height}" role="img" aria-label="{escape(told)}">'
        f'<rect class="bed" width="{(reel.last - reel.first) * scale:.3f}%" height="{height}"/>'
        f"{''.join(_ticks(reel, longest, scale))}{''.join(_box(cue, reel, scale) for cue in cues)}</svg></div>"
    )


def _box(cue: ShownCue, reel: ShownReel, scale: float) -> str:
    width = max(NARROWEST, (cue.last - cue.first) * scale)
    y = RULER + cue.lane * (LANE + LANE_GAP)
    struck = " x" if cue.line.struck else ""
    return (
        f'<rect class="q c{cue.character} {_status_class(cue.line.cue.status)}{struck}" '
        f'x="{(cue.first - reel.first) * scale:.3f}%" y="{y}" width="{width:.3f}%" height="{LANE}"/>'
    )


def _status_class(status: str) -> str:
    return "s-" + "".join(letter for letter in status if letter.isascii() and letter.isalnum())


def _ticks(reel: ShownReel, longest: Fraction, scale: float) -> Iterator[str]:
    """Yield the ruler: a line and a timecode at whole steps of the clock."""
    rate = reel.clock.rate
    seconds = next((one for one in TICKS_SECONDS if longest / one <= MOST_TICKS), TICKS_SECONDS[-1])
    step = seconds * rate.nominal
    for frame in range(-(-reel.first // step) * step, reel.last, step):
        x = f"{(frame - reel.first) * scale:.3f}%"
        yield f'<line x1="{x}" x2="{x}" y1="0" y2="100%"/><text x="{x}" dx="3" y="12">{format_timecode(frame, rate)[:8]}</text>'


def _legend(shown: Shown) -> str:
    of_character = Counter(cue.character for cue in shown.cues)
    of_status = Counter(cue.line.cue.status for cue in shown.cues)
    characters = ((str(place), f"c{place}", name, of_character[place]) for place, name in enumerate(shown.names))
    statuses = ((code, _status_class(code), text, of_status[code]) for code, text in shown.statuses)
    return _chips("character", characters, shown) + _chips("status", statuses, shown)


def _chips(kind: str, chips: Iterable[tuple[str, str, str, int]], shown: Shown) -> str:
    made = "".join(
        f'<li><button type="button" value="{escape(value)}" aria-pressed="false"><i class="{name}"></i>'
        f'<span dir="auto">{escape(text)}</span> {count}</button></li>'
        for value, name, text, count in chips
    )
    return f'<ul class="legend" id="of-{kind}" aria-label="{escape(shown.say(kind))}">{made}</ul>'


def colours(shown: Shown) -> Iterator[str]:
    """Yield the rules that colour strip and legend: hues of characters lie a golden angle apart, so neighbours differ."""
    for place, (_, colour) in enumerate(shown.characters):
        yield f".by-character .c{place}{{--q:{colour or _hue(place)}}}"
    for code, _ in shown.statuses:
        yield f".by-status .{_status_class(code)}{{--q:{STATUS_COLOURS.get(code, UNKNOWN_STATUS)}}}"


def _hue(place: int) -> str:
    hue = round(place * 137.508 + 210) % 360
    light = 36 if 40 < hue < 190 else 50  # Yellow to cyan look lighter than they are stated.
    return f"hsl({hue} 65% {light + (place // 12 % 3 - 1) * 7}%)"
