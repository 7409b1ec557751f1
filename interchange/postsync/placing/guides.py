"""Beeps and streamers for the stage: when each cue is counted in, as times, as notes, and as sound.

Three beeps lie a second apart and the silent fourth beat is the line. Each cue is recorded in a pass of its own, so beeps of
one cue that fall into the count of another do not go on its track: they get the next one, to be muted or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from postsync.model import Cue, RecordingRules, TimelineFacts, lay_without_overlaps, timeline_cues, timeline_facts
from postsync.timing import round_half_up

BEEP_SECONDS = Fraction(1, 25)
BEEP_HERTZ = 1000
BEEP_LEVEL = 10 ** (-20 / 20)
"""1 kHz of 40 ms at -20 dBFS, as stages have it."""

EDGE_SECONDS = Fraction(1, 1000)
"""A beep fades over this long; a hard edge clicks in the actor's headphones."""

STRUCK = frozenset({"omitted", "lost", "replaced"})

BITS = 16


@dataclass(frozen=True)
class CueGuide:
    """How one cue is counted in; times in exact seconds from the timeline's first frame.

    `beeps` are their beginnings, `streamer` begins where a line runs up to `line_in`. `starts` is the pre-roll before.
    `left_out` counts the beeps that would lie before the timeline. `layer` is 0 where no other count is in the way, else 1 on.

    >>> from postsync.model import RecordingRules
    >>> guide = cue_guides(timeline, RecordingRules())[-1]
    >>> guide.cue.number, guide.line_in, len(guide.beeps), guide.left_out
    ('R105', Fraction(1001, 160), 3, 0)
    """

    cue: Cue
    line_in: Fraction
    starts: Fraction
    beeps: tuple[Fraction, ...]
    streamer: Fraction
    left_out: int = 0
    layer: int = 0


def cue_guides(timeline: Any, rules: RecordingRules) -> list[CueGuide]:
    """Give the count of every cue that is to be recorded, in record order; struck ones have none.

    A cue's own pre-roll comes before that of the show.

    >>> from postsync.model import RecordingRules
    >>> [guide.cue.number for guide in cue_guides(timeline, RecordingRules())]
    ['R101', 'R102', 'R103', 'R104', 'R105']
    """
    facts = timeline_facts(timeline)
    guides = [_guide(cue, rules, facts) for cue in timeline_cues(timeline) if cue.status not in STRUCK]
    spans = [(min((*one.beeps, one.streamer, one.line_in)), one.line_in) for one in guides]
    layers = lay_without_overlaps([(start, max(end, start + BEEP_SECONDS)) for start, end in spans])
    return [replace(one, layer=layer) for one, layer in zip(guides, layers, strict=True)]


def _guide(cue: Cue, rules: RecordingRules, facts: TimelineFacts) -> CueGuide:
    line_in, spacing = cue.seconds_in(facts), rules.seconds("spacing", facts.rate)
    wanted = [line_in - number * spacing for number in range(rules.beeps, 0, -1)]
    beeps = tuple(time for time in wanted if time >= 0)
    pre_roll = rules.seconds("pre_roll", facts.rate) if cue.pre_roll is None else cue.pre_roll
    starts = max(Fraction(0), min([line_in - pre_roll, *beeps]))
    streamer = max(Fraction(0), line_in - rules.seconds("streamer", facts.rate))
    return CueGuide(cue, line_in, starts, beeps, streamer, len(wanted) - len(beeps))


def beep_blocks(guide: CueGuide, sample_rate: int) -> Iterator[bytes]:
    """Yield the beeps of a cue as 16-bit mono samples, from the start of its pre-roll to its line.

    >>> from postsync.model import RecordingRules
    >>> guide = cue_guides(timeline, RecordingRules())[-1]
    >>> sum(len(block) for block in beep_blocks(guide, 48000)) == 2 * beep_length(guide, 48000)
    True
    """
    first = round_half_up(guide.starts * sample_rate)
    length = beep_length(guide, sample_rate)
    sound = np.zeros(length, "<i2")
    beep = _beep(sample_rate)
    for time in guide.beeps:
        at = round_half_up(time * sample_rate) - first
        room = min(len(beep), length - at)
        sound[at : at + room] = beep[:room]
    yield sound.tobytes()


def beep_length(guide: CueGuide, sample_rate: int) -> int:
    """Give how many samples the beeps of a cue are long, pre-roll included.

    >>> from postsync.model import RecordingRules
    >>> guide = cue_guides(timeline, RecordingRules())[-1]
    >>> beep_length(guide, 48000) == (guide.line_in - guide.starts) * 48000
    True
    """
    return round_half_up(guide.line_in * sample_rate) - round_half_up(guide.starts * sample_rate)


def _beep(sample_rate: int) -> Any:
    count = round_half_up(BEEP_SECONDS * sample_rate)
    places = np.arange(count)
    edge = max(1, round_half_up(EDGE_SECONDS * sample_rate))
    rise = np.minimum(1, np.minimum(places + 1, count - places) / edge)
    wave = np.sin(2 * np.pi * BEEP_HERTZ * places / sample_rate) * rise * BEEP_LEVEL
    return np.rint(wave * (2 ** (BITS - 1) - 1)).astype("<i2")


@dataclass(frozen=True)
class Note:
    """A note for a sequencer: when it sounds, in exact seconds, its key, and its channel from 0.

    >>> from postsync.model import RecordingRules, timeline_facts
    >>> guides = cue_guides(timeline, RecordingRules())
    >>> note = guide_notes(guides, timeline_facts(timeline), beeps=True, streamers=False)["Beeps"][0]
    >>> note.off - note.on == 2 / timing.as_rate("23.976").fps
    True
    """

    on: Fraction
    off: Fraction
    key: int
    channel: int


BEEP_KEY, STREAMER_KEY = 84, 60
BEEP_CHANNEL, STREAMER_CHANNEL = 9, 1
BEEP_FRAMES = 2


def guide_notes(
    guides: Sequence[CueGuide], facts: TimelineFacts, *, beeps: bool, streamers: bool
) -> dict[str, list[Note]]:
    """Give the notes of all counts by the name of their track: beeps of two frames, streamers as one long note.

    >>> from postsync.model import RecordingRules, timeline_facts
    >>> guides = cue_guides(timeline, RecordingRules())
    >>> notes = guide_notes(guides, timeline_facts(timeline), beeps=True, streamers=False)
    >>> {track: len(sounds) for track, sounds in notes.items()}
    {'Beeps': 3, 'Beeps 2': 4, 'Beeps 3': 2}
    """
    tracks: dict[str, list[Note]] = {}
    frame = facts.rate.seconds_per_frame
    for guide in guides:
        tail = f" {guide.layer + 1}" if guide.layer else ""
        for time in guide.beeps if beeps else ():
            off = min(time + BEEP_FRAMES * frame, guide.line_in)
            tracks.setdefault(f"Beeps{tail}", []).append(Note(time, off, BEEP_KEY, BEEP_CHANNEL))
        if streamers and guide.streamer < guide.line_in:
            note = Note(guide.streamer, guide.line_in, STREAMER_KEY, STREAMER_CHANNEL)
            tracks.setdefault(f"Streamers{tail}", []).append(note)
    return dict(sorted(tracks.items()))
