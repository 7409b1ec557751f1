"""How a show records: pre-roll, beeps and streamers, as `[recording]` of the project file states them.

Lengths are kept as people write them (`6s`, `20f`), since frames are only a length where a rate is known.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction

from postsync.errors import FormatError
from postsync.model.project.table import Table
from postsync.timing import Rate, as_rate, duration_from_text

MOST_BEEPS = 16
_ANY_RATE = as_rate("24")


@dataclass(frozen=True)
class RecordingRules:
    """How cues are counted in. `beeps` sound `spacing` apart, the beat after the last is the cue; a streamer ends at it.

    `pre_roll` is how long before the cue playback begins. The usual three beeps lie a second apart.

    >>> RecordingRules(beeps=3, spacing="16f").seconds("spacing", timing.as_rate(24))
    Fraction(2, 3)
    """

    beeps: int = 3
    spacing: str = "1s"
    streamer: str = "3s"
    pre_roll: str = "6s"

    def seconds(self, name: str, rate: Rate) -> Fraction:
        """Give a length in exact seconds. A second is one of the timecode, so that beeps fall on frames at NTSC too."""
        text = str(getattr(self, name))
        length = duration_from_text(text, rate)
        return length if "f" in text.casefold() else length * rate.nominal / rate.fps


def recording_rules(table: Table) -> RecordingRules:
    """Read the table `[recording]`; FormatError names the key that is wrong."""
    usual = RecordingRules()
    table.only({field.name for field in dataclasses.fields(RecordingRules)})
    beeps = table.whole("beeps", usual.beeps, least=0)
    if beeps > MOST_BEEPS:
        table.fail("beeps", expected=f"at most {MOST_BEEPS}", found=beeps)
    lengths = {name: table.text(name) or getattr(usual, name) for name in ("spacing", "streamer", "pre_roll")}
    for name, text in lengths.items():
        try:
            positive = duration_from_text(text, _ANY_RATE) > 0 or name != "spacing"
        except FormatError:
            positive = False
        if not positive:
            table.fail(name, expected="a length such as 1s, 20f or 800ms", found=repr(text))
    return RecordingRules(beeps, **lengths)
