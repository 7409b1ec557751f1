"""The twelve reels of the acceptance kit, each with one thing to test, and the sound that they play.

Every recording is a tone of its own pitch in syllables, so that a person hears at once which clip plays, and begins at its own
time of day, so that a program sees it by the stamp.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio

from postsync.formats import whole_file
from postsync.model import (
    CURVES,
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    MediaFacts,
    PlainMarker,
    TimelineFacts,
    build_track,
    put_characters,
    put_clip_facts,
    put_cue,
    put_media_facts,
    put_timeline_facts,
    to_otio_marker,
)
from postsync.sound import Bext, url_from_path, write_wav
from postsync.timing import Rate, as_rate, parse_timecode, to_rational_time, to_time_range

SAMPLE_RATE = 48_000
RECORDED_SECONDS = 8
FIRST_STAMP = 36_000
"""Seconds since midnight at which the first recording begins; each further one a minute later."""

UNICODE = (
    ("R101 ROSA: ¿Y mi hermano?", "Ñandú, “quoted”, naïve – dash"),
    ("R102 ЮРИЙ: Никто не придёт.", "Кириллица"),
    ("R103 美咲: 待って！", "日本語のメモ"),
    ("R104 ZOË: Straße & <angle> 🎬", "emoji, & and < > \" '"),
    ("R105 سلمى: انتظر", "right to left"),
)


@dataclass
class Bench:
    """A reel while it is made: its clock, where its sound lies, its tracks and markers."""

    sounds: Path
    rate: Rate
    start: str = "01:00:00:00"
    tracks: list[tuple[str, list[Any]]] = field(default_factory=list[tuple[str, list[Any]]])
    markers: list[PlainMarker] = field(default_factory=list[PlainMarker])

    @property
    def clock(self) -> TimelineFacts:
        """Rate and start."""
        return TimelineFacts(self.rate, parse_timecode(self.start, self.rate), sample_rate=SAMPLE_RATE)

    def frames(self, count: int) -> Fraction:
        """Give frames in seconds."""
        return Fraction(count) / self.rate.fps

    def clip(
        self, number: int, at: int, length: int, source: int = 48, *, channels: int = 1, facts: ClipFacts | None = None
    ) -> Laid:
        """Give a clip of a recording: place, length and place in the recording in frames."""
        name = f"Take {number:03}" if channels == 1 else f"Stereo {number:03}"
        path = _recording(self.sounds / f"{name}.wav", number, channels)
        stamp = Fraction(FIRST_STAMP + 60 * number)
        reference = otio.schema.ExternalReference(
            url_from_path(path.resolve().as_posix()), to_time_range(stamp, Fraction(RECORDED_SECONDS))
        )
        facts_of_file = MediaFacts(name=path.name, channels=channels, sample_rate=SAMPLE_RATE, bits=16, kind="sound")
        put_media_facts(reference, facts_of_file)
        clip = otio.schema.Clip(name, reference)
        put_clip_facts(clip, facts or ClipFacts(channels=tuple(range(1, channels + 1))))
        return Laid(clip, self.frames(at), self.frames(length), stamp + self.frames(source))

    def track(self, name: str, *items: Any) -> None:
        """Add a sound track: clips by their times; a (place, transition) goes between them."""
        self.tracks.append((name, list(items)))

    def made(self, name: str) -> otio.schema.Timeline:
        """Give the timeline."""
        timeline = otio.schema.Timeline(name)
        put_timeline_facts(timeline, self.clock)
        for title, items in self.tracks:
            laid = [item for item in items if isinstance(item, Laid)]
            track = build_track(title, "Audio", laid, [self.rate.fps, SAMPLE_RATE])
            for item in items:
                if isinstance(item, tuple):
                    track.insert(*item)
            timeline.tracks.append(track)
        timeline.tracks.markers.extend(to_otio_marker(one, self.rate.fps) for one in self.markers)
        return timeline


def _recording(path: Path, number: int, channels: int) -> Path:
    """Write a recording where it is not there yet."""
    if path.exists():
        return path
    count = RECORDED_SECONDS * SAMPLE_RATE
    times = np.arange(count) / SAMPLE_RATE
    syllables = np.clip(np.sin(2 * np.pi * (2 + number % 3) * times), 0, 1)
    pitches = [110 * 2 ** ((number * 5 + 7 * channel) % 24 / 12) for channel in range(channels)]
    sound = np.stack([6000 * syllables * np.sin(2 * np.pi * pitch * times) for pitch in pitches], axis=1)
    stamp = (FIRST_STAMP + 60 * number) * SAMPLE_RATE
    said = f"sSCENE=KIT\r\nsTAKE={number}\r\nsTAPE=KIT\r\n"
    with whole_file(path) as file:  # what has the name is taken as it is, by the line above
        write_wav(
            file, sample_rate=SAMPLE_RATE, bits=16, channels=channels, blocks=[sound.astype("<i2").tobytes()],
            length_samples=count, bext=Bext(said, "postsync", f"KIT{number:03}", time_reference=stamp, version=1),
        )  # fmt: skip
    return path


# ---------------------------------------------------------------------------------------------------------- the twelve


def _drop_frame(bench: Bench) -> None:
    bench.track("DX", *(bench.clip(n, 90 * n, 60) for n in range(1, 5)))
    bench.markers += [PlainMarker(bench.frames(90 * n), name=f"drop {n}") for n in range(1, 5)]


def _start(bench: Bench) -> None:
    bench.track("DX", bench.clip(1, 0, 50), bench.clip(2, 50, 50), bench.clip(3, 125, 25))
    bench.markers.append(PlainMarker(bench.frames(50), name="two seconds after 10:00:00:00"))


def _handles(bench: Bench) -> None:
    last = int(RECORDED_SECONDS * bench.rate.fps)
    bench.track("DX", bench.clip(1, 0, 48, 72), bench.clip(2, 60, 48, 0), bench.clip(3, 120, 48, last - 48))


def _fades(bench: Bench) -> None:
    for number, curve in enumerate(CURVES, start=1):
        facts = ClipFacts(channels=(1,), fade_in=Fade(bench.frames(12), curve), fade_out=Fade(bench.frames(18), curve))
        bench.track(f"DX {curve}", bench.clip(number, 12 * number, 72, facts=facts))


def _levels(bench: Bench) -> None:
    flat = (-12.0, -3.0, 0.0, 6.0)
    bench.track(
        "DX flat",
        *(bench.clip(n, 60 * n, 48, facts=ClipFacts(channels=(1,), gain_db=db)) for n, db in enumerate(flat, start=1)),
    )
    points = ((Fraction(0), -18.0), (bench.frames(24), 0.0), (bench.frames(48), -6.0))
    bench.track("DX moving", bench.clip(5, 60, 72, facts=ClipFacts(channels=(1,), gain_points=points)))


def _stereo(bench: Bench) -> None:
    bench.track("MX", bench.clip(1, 0, 72, channels=2), bench.clip(2, 96, 48, channels=2))
    right = ClipFacts(channels=(2,))
    bench.track("FX", bench.clip(3, 24, 48, channels=2, facts=right))


def _unicode(bench: Bench) -> None:
    bench.track("DX Ünïcødé", bench.clip(1, 0, 120, 24))
    bench.markers += [
        PlainMarker(bench.frames(12 + 20 * n), bench.frames(8), name, comment)
        for n, (name, comment) in enumerate(UNICODE)
    ]


def _many(bench: Bench) -> None:
    for row in range(8):
        clips = [bench.clip(1 + (row + n) % 12, 8 * n, 6, 24 + n) for n in range(25)]
        bench.track(f"DX {row + 1}", *clips)


def _cross_fades(bench: Bench) -> None:
    kind = otio.schema.TransitionTypes.SMPTE_Dissolve
    fps = bench.rate.fps

    def fade(before: int, after: int) -> Any:
        return otio.schema.Transition(
            "cross fade", kind, to_rational_time(bench.frames(before), fps), to_rational_time(bench.frames(after), fps)
        )

    bench.track(
        "DX", bench.clip(1, 0, 48), bench.clip(2, 48, 48), bench.clip(3, 96, 48), (1, fade(6, 6)), (3, fade(2, 10))
    )


def _retimes(bench: Bench) -> None:
    for number, speed in enumerate((Fraction(1, 2), Fraction(2), Fraction(25, 24)), start=1):
        bench.track(f"FX {speed}", bench.clip(number, 0, 48, facts=ClipFacts(channels=(1,), speed=speed)))


def _nested(bench: Bench) -> None:
    inner = build_track("inner", "Audio", [bench.clip(2, 0, 60), bench.clip(3, 60, 60)], [bench.rate.fps, SAMPLE_RATE])
    stack = otio.schema.Stack("Scene 12", [inner], source_range=to_time_range(bench.frames(24), bench.frames(72)))
    bench.track("DX", bench.clip(1, 0, 48), Laid(stack, bench.frames(48), bench.frames(72), bench.frames(24)))


def _cues(bench: Bench) -> None:
    bench.track("DX", bench.clip(1, 0, 150, 24))


ROSA, YURI = Character("ROSA", "ROSA", actor="Ana Ruiz"), Character("YURI", "ЮРИЙ", actor="Oleg Petrov")


def _with_cues(timeline: otio.schema.Timeline, clock: TimelineFacts) -> None:
    """Put cues with every kind of field on a timeline."""
    cues = (
        Cue(uid="K2TA2222", record_in=10, record_out=40, number="R101", character="ROSA", line="You said the boat would wait."),
        Cue(
            uid="K2TA2223", record_in=60, record_out=90, number="R102", character="YURI", line="Никто не придёт. {softly}",
            scene="12A", priority=1, note="plane overhead", reasons=("noise",),
        ),
        Cue(uid="K2TA2224", record_in=100, record_out=130, number="R103", character="ROSA", line="Wait = for me; “now”."),
    )  # fmt: skip
    for cue in cues:
        marker = otio.schema.Marker()
        put_cue(marker, cue, clock)
        timeline.tracks.markers.append(marker)
    put_characters(timeline, (ROSA, YURI))


# ------------------------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class KitReel:
    """One reel: its number and name, what it tests and what a person should look at, and how it is made.

    `minds` are the codes of findings that an application may rightly have of it: they are what the reel is about.
    """

    number: int
    name: str
    tests: str
    fill: Callable[[Bench], None]
    rate: str = "24"
    start: str = "01:00:00:00"
    tags: str = "uid"
    handles: Fraction = Fraction(2)
    minds: tuple[str, ...] = ()
    cues: bool = False

    @property
    def title(self) -> str:
        """The name of its folder and timeline."""
        return f"{self.number:02} {self.name}"

    def timeline(self, sounds: Path) -> otio.schema.Timeline:
        """Make the timeline, and in a folder the recordings that it plays."""
        bench = Bench(sounds, as_rate(self.rate.removesuffix(" drop"), drop=self.rate.endswith("drop")), self.start)
        self.fill(bench)
        made = bench.made(self.title)
        if self.cues:
            _with_cues(made, bench.clock)
        return made


REELS = (
    KitReel(1, "drop frame", "29.97 drop frame: clips and markers stand on the labels they had", _drop_frame,
            rate="29.97 drop", start="00:59:59;20"),
    KitReel(2, "start timecode", "a start of 10:00:00:00 at 25: the first clip begins there", _start, "25", "10:00:00:00"),
    KitReel(3, "handles", "two seconds before and behind each clip, less where the recording ends", _handles),
    KitReel(4, "fades", "fades in and out of every curve", _fades),
    KitReel(5, "levels", "clip levels of -12, -3, 0 and +6 dB, and a curve of three points", _levels),
    KitReel(6, "stereo", "clips of two channels, and one that plays only its right channel", _stereo),
    KitReel(7, "unicode", "markers and names in five scripts, with signs that break XML and CSV", _unicode, "25"),
    KitReel(8, "many clips", "two hundred short clips on eight tracks", _many),
    KitReel(9, "cross fades", "a cross fade in the middle of its cut and one that is not", _cross_fades),
    KitReel(10, "retimes", "clips at half, double and 25/24 speed", _retimes, minds=("clip-retimed", "clip-off-speed")),
    KitReel(11, "nested", "a nest of two clips, used from its second second on", _nested, minds=("clip-nested",)),
    KitReel(12, "cues", "cues with character, line, scene, priority, reason and note in their full tag", _cues, "23.976",
            tags="full", cues=True),
)  # fmt: skip
"""The twelve."""
