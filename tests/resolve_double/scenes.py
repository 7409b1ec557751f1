"""Timelines with any markers on them, and any cues that shall stand there, for hypothesis."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from postsync_resolve.clock import Clock
from postsync_resolve.instructions import COLOURS, WantedCue
from resolve_double.profiles import PROFILES, World
from resolve_double.timeline import Timeline, TimelineItem, Track, marker

LENGTH = 60
UIDS = ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC", "DDDDDDDD", "EEEEEEEE"]

frames = st.integers(-3, LENGTH + 3)
words = st.sampled_from(["", "line", "a\nb", "été"])


def mark(uid: str) -> str:
    return json.dumps({"postsync": {"cue": {"uid": uid}}})


@st.composite
def markers(draw: Any) -> dict[int, dict[str, Any]]:
    """What stands on a timeline: foreign markers, some with data of others, and cues of ours, one of them perhaps twice."""
    data = st.sampled_from(["", "other", '{"a": 1}', *(mark(uid) for uid in UIDS)])
    return {
        frame: marker(draw(words), draw(words), draw(st.sampled_from(COLOURS)), draw(st.integers(1, 9)), draw(data))
        for frame in draw(st.sets(st.integers(0, LENGTH - 1), max_size=12))
    }


@st.composite
def cues(draw: Any, there: dict[int, dict[str, Any]]) -> list[WantedCue]:
    """Cues that shall be: anywhere, and some read from plain markers, which may have changed since."""
    wanted = []
    for uid in draw(st.lists(st.sampled_from(UIDS), unique=True)):
        was = None
        if there and draw(st.booleans()):
            frame = draw(st.sampled_from(sorted(there)))
            was = {
                "frame": frame,
                "name": draw(st.sampled_from([there[frame]["name"], "x"])),
                "note": there[frame]["note"],
            }
        wanted.append(
            WantedCue(
                uid, uid, draw(frames), draw(st.integers(1, 9)), draw(st.sampled_from(COLOURS)), draw(words), draw(words),
                mark(uid), was,
            )
        )  # fmt: skip
    return wanted


@st.composite
def scenes(draw: Any) -> tuple[dict[int, dict[str, Any]], list[WantedCue], list[str]]:
    there = draw(markers())
    wanted = draw(cues(there))
    gone = draw(st.lists(st.sampled_from([uid for uid in UIDS if uid not in {cue.uid for cue in wanted}] or [""])))
    return there, wanted, gone


def reel(there: dict[int, dict[str, Any]], build: str = "21.0") -> Timeline:
    world = World(PROFILES[build])
    clip = TimelineItem(world, "clip", 100, 100 + LENGTH)
    copied = {frame: dict(facts) for frame, facts in there.items()}
    return Timeline(world, "R1", 24.0, False, "00:00:04:04", 100, [Track("video", "V1", [clip])], copied)


CLOCK = Clock("24", False, 100, LENGTH)
