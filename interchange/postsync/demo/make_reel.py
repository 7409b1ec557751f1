"""Make the packaged example: `python -m postsync.demo.make_reel FOLDER`. The same bytes each time.

`reel`: four mono recordings as a field recorder stamps them (48 kHz, 16 bit, bext and iXML, 23.976 frames a second) and a
Final Cut project that cuts them, with ADR markers in the forms that people type. `new cut`: the project after the editor went
over it. `from Resolve`: the same reel as Resolve exports it, a timeline without its markers, and these as an EDL. `ADR
takes`: what the session brought, against the picture, each some milliseconds beside its guide. The voices are
vowels of made throats: they mean nothing, but a take can be laid on its guide as with people.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from postsync.cueing import spot
from postsync.formats.conversion import read_file, write_file
from postsync.model import Project
from postsync.report import Report
from postsync.sound import Bext, write_wav
from postsync.timing import Rate, format_timecode, parse_timecode, samples_of_frame, seconds_of_frame

Samples = NDArray[Any]
"""Numbers of a channel, one for each sample."""

Shot = tuple[int, int, str, int]
"""Frame of the timeline, length, name, and frames into the picture."""
Markers = tuple[tuple[int, str, str, str | None], ...]

RATE = Rate.of(Fraction(24000, 1001))
SAMPLE_RATE = 48000


@dataclass(frozen=True)
class Recording:
    """One made recording: file name, first label, length in seconds, pitch in Hz, and what the recordist wrote."""

    name: str
    timecode: str
    seconds: int
    pitch: int
    scene: str
    take: str
    track: str


RECORDINGS = (
    Recording("12A-T3_Boom.wav", "14:12:07:00", 4, 110, "12A", "3", "Boom"),
    Recording("12A-T3_Rosa.wav", "14:12:07:00", 4, 165, "12A", "3", "Rosa"),
    Recording("12B-T1_Boom.wav", "14:31:40:12", 3, 98, "12B", "1", "Boom"),
    Recording("14-T5_Boom.wav", "16:02:11:08", 4, 131, "14", "5", "Boom"),
)


@dataclass(frozen=True)
class Cut:
    """One use of a recording: place and length on the timeline, frames into the recording, lane and role."""

    recording: int
    record_in: int
    frames: int
    source_in: int
    lane: int
    role: str


CUTS = (
    Cut(0, 0, 60, 12, -1, "dialogue.Boom"),
    Cut(1, 0, 60, 12, -2, "dialogue.Rosa"),
    Cut(2, 60, 48, 6, -1, "dialogue.Boom"),
    Cut(3, 108, 72, 10, -1, "dialogue.Boom"),
)

SHOTS = ((0, 60, "12A-3", 12), (60, 48, "12B-1", 12), (108, 72, "14-5", 12))

NEW_CUTS = (
    Cut(2, 0, 40, 14, -1, "dialogue.Boom"),
    Cut(0, 40, 60, 12, -1, "dialogue.Boom"),
    Cut(1, 40, 60, 12, -2, "dialogue.Rosa"),
    Cut(3, 100, 60, 10, -1, "dialogue.Boom"),
)
"""The scene opens with what stood second, shorter by eight frames at its head; the last shot ends twelve frames sooner."""

NEW_SHOTS = ((0, 40, "12B-1", 20), (40, 60, "12A-3", 12), (100, 60, "14-5", 12))


@dataclass(frozen=True)
class Take:
    """A take of a cue: its file, the frame of the timeline where the line begins, how late it was spoken (ms), its pitch."""

    name: str
    record_in: int
    late: int
    pitch: int
    circled: bool


TAKES = (
    Take("R101_ROSA_T1.wav", 8, 96, 181, circled=False),
    Take("R101_ROSA_T2.wav", 8, -38, 178, circled=True),
    Take("R103_ROSA_T1.wav", 70, 54, 176, circled=True),
    Take("R104_YURI_T1.wav", 120, 21, 92, circled=False),
    Take("R104_YURI_T3.wav", 120, -67, 95, circled=True),
    Take("R105_ROSA_T1.wav", 150, 0, 180, circled=True),
)
TAKE_SECONDS = 4
LEAD_FRAMES = 36
"""Every take begins this much before its line."""

PAUSE_FRAMES = 5
"""Nobody speaks so long before a line begins: who records a line again says that line and no other."""


@dataclass(frozen=True)
class Line:
    """A line that is spoken again: its first frame of the timeline, and the frame by which it is over."""

    begin: int
    end: int


MARKERS = (
    (8, "R101 ROSA: You said the boat would wait.", "Reason: plane overhead", "0"),
    (34, "R102 JONAS: I said “might”. There’s a difference.", "Reason: performance", "0"),
    (70, "R103 ROSA: ¿Y mi hermano? Where is he?", "Reason: clothing noise", "0"),
    (96, "Fix colour on this shot", "", None),
    (120, "R104 ЮРИЙ: Никто не придёт. <beat> Nobody.", "Reason: added line", "0"),
    (150, "R105 ROSA: =Wait= for me…", "Reason: off mic", "0"),
)


def make_reel(folder: Path) -> None:
    """Write the recordings and the project into a folder."""
    for name in ("reel", "new cut", "from Resolve", "ADR takes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for recording in RECORDINGS:
        _write_recording(folder / "reel" / recording.name, recording)
    for take in TAKES:
        _write_take(folder / "ADR takes" / take.name, take)
    old, new = (
        _project("The Crossing R1", SHOTS, CUTS, MARKERS),
        _project("The Crossing R1 v4", NEW_SHOTS, NEW_CUTS, ()),
    )
    (folder / "reel" / "The Crossing R1.fcpxml").write_bytes(old.encode())
    (folder / "new cut" / "The Crossing R1 v4.fcpxml").write_bytes(new.encode())
    _write_as_resolve(folder / "reel" / "The Crossing R1.fcpxml", folder / "from Resolve")


def _write_as_resolve(reel: Path, folder: Path) -> None:
    """Write the reel as the two files that come out of Resolve's menus, with the media where an editor has them."""
    timeline = read_file(reel, Report()).timelines[0]
    for clip in timeline.find_clips():
        clip.media_reference.target_url = f"file:///Volumes/Crossing/{Path(clip.media_reference.target_url).name}"
    spot(timeline, Project(), Report())
    write_file(
        timeline,
        folder / "The Crossing R1 markers.edl",
        Report(),
        as_format="resolve_marker_edl",
        options={"tags": "none"},
    )
    timeline.tracks.markers.clear()
    write_file(timeline, folder / "The Crossing R1.otio", Report(), as_format="resolve_otio")


def _write_recording(path: Path, recording: Recording) -> None:
    places = np.arange(recording.seconds * SAMPLE_RATE)
    sound = _voice(recording.pitch, _spoken(recording.scene, places))
    for cut in (one for one in CUTS if RECORDINGS[one.recording].scene == recording.scene):
        for line in _lines(cut):
            sound[_between(places, cut, line.begin - PAUSE_FRAMES, line.begin)] = 0
    _write(path, recording, parse_timecode(recording.timecode, RATE), sound)


def _write_take(path: Path, take: Take) -> None:
    """Write a take: the line of its cue, spoken again by another throat and a little beside it."""
    cut, line = next((cut, line) for cut in CUTS for line in _lines(cut) if line.begin == take.record_in)
    begin = take.record_in - LEAD_FRAMES
    inside = (
        samples_of_frame(cut.source_in + begin - cut.record_in, RATE, SAMPLE_RATE) - take.late * SAMPLE_RATE // 1000
    )
    places = inside + np.arange(TAKE_SECONDS * SAMPLE_RATE)
    sound = _voice(take.pitch, _spoken(RECORDINGS[cut.recording].scene, places))
    heard = _between(places, cut, line.begin, line.end)
    name, character, number = take.name[:-4].split("_")
    about = Recording(take.name, "", TAKE_SECONDS, take.pitch, name, number[1:], character)
    _write(path, about, parse_timecode("01:00:00:00", RATE) + begin, sound * heard, circled=take.circled)


def _lines(cut: Cut) -> Iterator[Line]:
    """Yield the lines that begin in a cut; each is over a pause before the next, or before the cut is."""
    starts = [frame for frame, _, _, done in MARKERS if done is not None and 0 <= frame - cut.record_in < cut.frames]
    for begin, following in pairwise([*starts, cut.record_in + cut.frames]):
        yield Line(begin, following - PAUSE_FRAMES)


def _between(places: Samples, cut: Cut, begin: int, end: int) -> Samples:
    """Tell which places of a cut's recording lie between two frames of the timeline."""
    edges = [samples_of_frame(cut.source_in + frame - cut.record_in, RATE, SAMPLE_RATE) for frame in (begin, end)]
    return np.asarray((places >= edges[0]) & (places < edges[1]))


def _write(path: Path, recording: Recording, first: int, sound: Samples, *, circled: bool = True) -> None:
    stamp = samples_of_frame(first, RATE, SAMPLE_RATE)
    bext = Bext(
        description=f"sSCENE={recording.scene}\r\nsTAKE={recording.take}\r\nsTAPE=24Y11M23\r\nsTRK1={recording.track}\r\n",
        originator="postsync demo",
        originator_reference=recording.name,
        date="2024-11-23",
        time=format_timecode(first, RATE)[:8],
        time_reference=stamp,
        version=1,
        umid=bytes(64),
        loudness=None,
        coding_history="A=PCM,F=48000,W=16,M=mono,T=made\r\n",
    )
    with path.open("wb") as file:
        write_wav(
            file,
            sample_rate=SAMPLE_RATE,
            bits=16,
            blocks=[(sound * 6000).astype("<i2").tobytes()],
            length_samples=len(sound),
            bext=bext,
            ixml=_ixml(recording, stamp, circled=circled).encode(),
        )


VOWELS = ((730, 1150), (480, 1900), (290, 2250), (480, 900), (310, 800), (660, 1700))
"""First and second formant in Hz."""


def _spoken(scene: str, places: Samples) -> tuple[Samples, Samples]:
    """Give the vowel (-1 for silence) and the loudness at some samples of what is said in a scene, before and behind too."""
    dice = random.Random(scene)
    lengths = [dice.choice((0.09, 0.12, 0.16, 0.21)) for _ in range(80)]
    vowels = np.array([-1 if dice.random() < 0.2 else dice.randrange(len(VOWELS)) for _ in lengths])
    ends = np.cumsum(lengths)
    seconds = np.clip(places / SAMPLE_RATE + 3, 0, ends[-1] - 0.01)
    syllable = np.searchsorted(ends, seconds, side="right")
    into = (ends[syllable] - seconds) / np.array(lengths)[syllable]
    return vowels[syllable], np.sin(np.pi * into)


def _voice(pitch: int, spoken: tuple[Samples, Samples]) -> Samples:
    """Give harmonics of a pitch, each as loud as the formants of the vowel make it."""
    vowel, loudness = spoken
    time = np.arange(len(vowel)) / SAMPLE_RATE
    sound = np.zeros(len(vowel))
    for harmonic in range(1, 3000 // pitch):
        heard = [sum(1 / (1 + ((harmonic * pitch - formant) / 90) ** 2) for formant in one) for one in (*VOWELS, ())]
        sound += np.array(heard)[vowel] * np.sin(2 * np.pi * harmonic * pitch * time)
    return np.asarray(sound * loudness / 2)


def _ixml(recording: Recording, stamp: int, *, circled: bool) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML><IXML_VERSION>1.61</IXML_VERSION><PROJECT>The Crossing</PROJECT>'
        f"<SCENE>{recording.scene}</SCENE><TAKE>{recording.take}</TAKE><TAPE>24Y11M23</TAPE><CIRCLED>{str(circled).upper()}</CIRCLED>"
        f"<FILE_UID>DEMO{re.sub('[^A-Z0-9]', '', recording.name[:-4].upper())}</FILE_UID>"
        "<SPEED><MASTER_SPEED>24000/1001</MASTER_SPEED><TIMECODE_RATE>24000/1001</TIMECODE_RATE>"
        "<TIMECODE_FLAG>NDF</TIMECODE_FLAG><FILE_SAMPLE_RATE>48000</FILE_SAMPLE_RATE><AUDIO_BIT_DEPTH>16</AUDIO_BIT_DEPTH>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{stamp >> 32}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{stamp & 0xFFFFFFFF}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        "<TIMESTAMP_SAMPLE_RATE>48000</TIMESTAMP_SAMPLE_RATE></SPEED>"
        "<TRACK_LIST><TRACK_COUNT>1</TRACK_COUNT><TRACK><CHANNEL_INDEX>1</CHANNEL_INDEX>"
        f"<INTERLEAVE_INDEX>1</INTERLEAVE_INDEX><NAME>{recording.track}</NAME></TRACK></TRACK_LIST></BWFXML>\n"
    )


def _time(frames: int) -> str:
    seconds = seconds_of_frame(frames, RATE)
    return f"{seconds.numerator}/{seconds.denominator}s" if seconds.denominator > 1 else f"{seconds.numerator}s"


def _project(name: str, shots: tuple[Shot, ...], cuts: tuple[Cut, ...], markers: Markers) -> str:
    start = parse_timecode("01:00:00:00", RATE)
    story = "\n".join(_shot(shot, start, cuts, markers) for shot in shots)
    total = sum(frames for _, frames, *_ in shots)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>

<fcpxml version="1.9">
    <resources>
        <format id="r1" name="FFVideoFormat1080p2398" frameDuration="1001/24000s" width="1920" height="1080"/>
{_assets()}
    </resources>
    <library>
        <event name="The Crossing">
            <project name="{name}">
                <sequence format="r1" duration="{_time(total)}" tcStart="{_time(start)}" tcFormat="NDF" audioLayout="stereo" \
audioRate="48k">
                    <spine>
{story}
                    </spine>
                </sequence>
            </project>
        </event>
    </library>
</fcpxml>
"""


def _assets() -> str:
    lines = [
        f'        <asset id="v{number}" name="{name}" start="{_time(parse_timecode(RECORDINGS[0].timecode, RATE))}" '
        f'duration="{_time(240)}" hasVideo="1" format="r1"><media-rep kind="original-media" src="./{name}.mov"/></asset>'
        for number, (_, _, name, _) in enumerate(SHOTS)
    ]
    lines += [
        f'        <asset id="a{number}" name="{recording.name[:-4]}" start="{_time(parse_timecode(recording.timecode, RATE))}" '
        f'duration="{recording.seconds}s" hasAudio="1" audioSources="1" audioChannels="1" audioRate="48000">'
        f'<media-rep kind="original-media" src="./{recording.name}"/></asset>'
        for number, recording in enumerate(RECORDINGS)
    ]
    return "\n".join(lines)


def _shot(shot: Shot, start: int, cuts: tuple[Cut, ...], markers: Markers) -> str:
    at, frames, name, inside_frames = shot
    number = [known for _, _, known, _ in SHOTS].index(name)
    source = parse_timecode(RECORDINGS[0].timecode, RATE) + inside_frames
    inside = [_sound(cut, source) for cut in cuts if cut.record_in == at]
    inside += [_marker(marker, source - at) for marker in markers if at <= marker[0] < at + frames]
    head = (
        f'                        <asset-clip ref="v{number}" offset="{_time(start + at)}" name="{name}" '
        f'start="{_time(source)}" duration="{_time(frames)}" format="r1" tcFormat="NDF" srcEnable="video">'
    )
    return "\n".join([head, *inside, "                        </asset-clip>"])


def _sound(cut: Cut, offset: int) -> str:
    recording = RECORDINGS[cut.recording]
    start = parse_timecode(recording.timecode, RATE) + cut.source_in
    return (
        f'                            <asset-clip ref="a{cut.recording}" lane="{cut.lane}" offset="{_time(offset)}" '
        f'name="{recording.name[:-4]}" start="{_time(start)}" duration="{_time(cut.frames)}" audioRole="{cut.role}"/>'
    )


def _marker(marker: tuple[int, str, str, str | None], source_of_zero: int) -> str:
    at, text, note, completed = marker
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    done = f' completed="{completed}"' if completed is not None else ""
    more = f' note="{note}"' if note else ""
    return (
        f'                            <marker start="{_time(source_of_zero + at)}" duration="1001/24000s" '
        f'value="{escaped}"{done}{more}/>'
    )


if __name__ == "__main__":
    make_reel(Path(sys.argv[1]))
