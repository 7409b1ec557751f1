"""Number and check a long list of cues, and print the processor time of each step and how it grows.

`python benchmarks/cues.py`, with `--cues 20000` for another length. The last column is the time per cue against that of a list
a quarter as long: about 1 where the work grows with the list, 4 where it grows with its square.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters")]

from postsync.cueing import check_timeline, number_cues, number_timeline, renumber_cues  # noqa: E402
from postsync.model import (  # noqa: E402
    Character,
    Cue,
    NumberRules,
    NumberScheme,
    Project,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
)
from postsync.report import Report  # noqa: E402
from postsync.timing import Rate  # noqa: E402

FACTS = TimelineFacts(Rate.of(Fraction(24)), 86400)
SHOW = Project(numbers=NumberRules(NumberScheme("{prefix}{reel}-{seq:03}")))
CAST = {
    f"part-{number}": Character(f"part-{number}", f"PART {number}", actor=f"Actor {number % 40}")
    for number in range(60)
}
WORDS = [
    "hold",
    "there",
    "what",
    "is",
    "his",
    "fault",
    "plane",
    "over",
    "the",
    "river",
    "never",
    "again",
    "come",
    "back",
    "to",
    "me",
    "now",
]


def made_cues(count: int) -> list[Cue]:
    """Cues of sixty characters over the day, three seconds apart, some overlapping; the seed is fixed."""
    dice = random.Random(7)
    return [
        Cue(
            uid=f"{number:08}",
            record_in=number * 72 + dice.randrange(48),
            record_out=number * 72 + 48 + dice.randrange(120),
            character=f"part-{dice.randrange(60)}",
            line=" ".join(dice.choices(WORDS, k=6)),
            scene=str(number // 40),
        )
        for number in range(count)
    ]


def timeline_of(cues: list[Cue]) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline("long")
    put_timeline_facts(timeline, FACTS)
    put_characters(timeline, CAST.values())
    timeline.tracks.markers.extend(cue_marker(cue, FACTS) for cue in cues)
    return timeline


def with_inserts(cues: list[Cue]) -> list[Cue]:
    """A numbered list into which every tenth cue came later."""
    done = number_cues(cues, CAST, FACTS, SHOW).cues
    return [dataclasses.replace(cue, number=None) if place % 10 == 5 else cue for place, cue in enumerate(done)]


def steps(count: int) -> dict[str, float]:
    cues, results = made_cues(count), dict[str, float]()

    def timed(name: str, act: Callable[..., Any], *given: Any) -> Any:
        began = time.process_time()
        result = act(*given)
        results[name] = time.process_time() - began
        return result

    timed("number a new list", number_cues, cues, CAST, FACTS, SHOW)
    timed("number inserts", number_cues, with_inserts(cues), CAST, FACTS, SHOW)
    timed("renumber", renumber_cues, cues, CAST, FACTS, SHOW)
    timeline = timeline_of(cues)
    timed("number a timeline", number_timeline, timeline, SHOW, Report())
    timed("check a timeline", check_timeline, timeline, SHOW)
    return results


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cues", type=int, default=20_000)
    count = asked.parse_args().cues
    short, whole = steps(max(1, count // 4)), steps(count)
    print(f"{count} cues{'':18} seconds  growth")
    for name, seconds in whole.items():
        print(f"{name:28} {seconds:7.2f} {seconds / 4 / short[name]:7.2f}")


if __name__ == "__main__":
    main()
