"""Menu scripts as Resolve runs them: their text, without `__file__`, with the application's names as globals; and a reel."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from postsync.timing import as_rate, parse_timecode
from resolve_double.application import Fusion
from resolve_double.pool import MediaPoolItem
from resolve_double.profiles import Profile, World
from resolve_double.timeline import Timeline, TimelineItem, Track, marker

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "resolve_scripts"

COMMAND = [
    sys.executable, "-c",
    f"import sys; sys.path[:0] = [{str(ROOT / 'interchange')!r}, {str(ROOT / 'adapters')!r}]; "
    "from postsync.cli import main; sys.exit(main())",
]  # fmt: skip
"""`postsync` of this checkout, as an installed command would be."""


def installed(job: str, command: list[str] | None = None) -> str:
    """Give the text of a menu script with the paths that an installation writes into it."""
    lines = (SCRIPTS / "menu" / f"{job}.py").read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        if line.startswith("POSTSYNC_COMMAND ="):
            lines[place] = f"POSTSYNC_COMMAND = {json.dumps(COMMAND if command is None else command)!r}"
        elif line.startswith("POSTSYNC_SUPPORT ="):
            lines[place] = f"POSTSYNC_SUPPORT = {json.dumps(str(SCRIPTS))!r}"
    return "\n".join(lines)


def run_menu(text: str, **names: Any) -> None:
    exec(compile(text, "<string>", "exec"), {"__name__": "__main__", **names})


def run_job(job: str, resolve: Any, answers: Any = (), command: list[str] | None = None, **names: Any) -> None:
    """Run a job whose file dialogs get these answers."""
    run_menu(installed(job, command), resolve=resolve, **{"fusion": Fusion(list(answers)), **names})


def make_timeline(
    profile: Profile,
    name: str = "R1 v12",
    rate: float = 24.0,
    drop: bool = False,
    start: str = "01:00:00:00",
    page: str = "edit",
) -> Timeline:
    """Give a reel of one clip on picture and sound, a subtitle, a muted track, and two markers of which one has custom data."""
    world = World(profile, page)
    exact = as_rate(f"{rate} DF" if drop else str(rate))
    first = parse_timecode(start, exact)
    wav = MediaPoolItem(
        world,
        {"File Name": "12A-3.wav", "File Path": "/Sound/12A-3.wav", "FPS": rate, "Start TC": start, "Type": "Audio",
         "Frames": "2000", "Audio Ch": "4", "Sample Rate": "48000", "Audio Bit Depth": "24", "Reel Name": ""},
        metadata={"Scene": "12A"},
    )  # fmt: skip
    sound = TimelineItem(world, "12A-3.wav", first + 100, first + 300, 48, wav, uid="b", kind="audio")
    sound.markers = {60: marker("LINE", "Noise", "Red"), 10: marker("CUT OFF")}
    sound.mapping = json.dumps({"track_mapping": {"1": {"channel_idx": [3, 4], "mute": False, "type": "Stereo"}}})
    picture = TimelineItem(world, "12A-3.mov", first + 100, first + 300, 48, wav, uid="a", enabled=False)
    sound.linked, picture.linked = [picture], [sound]
    subtitle = TimelineItem(world, "Hold there!", first + 120, first + 160, uid="c", kind="")
    long = TimelineItem(world, "13-1.mov", first + 300, first + 3000, 0, uid="d")
    return Timeline(
        world, name, rate, drop, start, first,
        [Track("video", "V1", [picture, long]), Track("audio", "Dialogue", [sound], sub_type="stereo"),
         Track("audio", "Muted", [], False, "mono"), Track("subtitle", "Subs", [subtitle])],
        {1000: marker("R102 MARY", "Never, I said.\nNever.", "Fuchsia", 40, "uid-102"), 7: marker("R101")},
    )  # fmt: skip


RATES = [
    ("23.976", 23.976, False, "01:00:00:00"),
    ("24", 24.0, False, "01:00:00:00"),
    ("25", 25.0, False, "10:00:00:00"),
    ("29.97", 29.97, False, "01:00:00:00"),
    ("29.97 DF", 29.97, True, "01:00:00;00"),
    ("50", 50.0, False, "00:59:50:00"),
    ("59.94", 59.94, False, "01:00:00:00"),
    ("59.94 DF", 59.94, True, "01:00:00;00"),
    ("60", 60.0, False, "09:59:52:10"),
]
"""Every clock that a timeline of ours may have: our name, the number, drop frame, the start label."""
