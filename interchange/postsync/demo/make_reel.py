"""Make the packaged example: `python -m postsync.demo.make_reel FOLDER`. The same bytes each time.

Four mono recordings as a field recorder stamps them (48 kHz, 16 bit, bext and iXML, 23.976 frames a second) and a Final Cut
project that cuts them, with ADR markers in the forms that people type. The sound is a voice-like hum, so that the files stay
small when packed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from postsync.sound import Bext, write_wav
from postsync.timing import Rate, parse_timecode, samples_of_frame, seconds_of_frame

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

SHOTS = ((0, 60, "12A-3"), (60, 48, "12B-1"), (108, 72, "14-5"))

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
    folder.mkdir(parents=True, exist_ok=True)
    for recording in RECORDINGS:
        _write_recording(folder / recording.name, recording)
    (folder / "The Crossing R1.fcpxml").write_bytes(_project().encode())


def _write_recording(path: Path, recording: Recording) -> None:
    first = parse_timecode(recording.timecode, RATE)
    stamp = samples_of_frame(first, RATE, SAMPLE_RATE)
    bext = Bext(
        description=f"sSCENE={recording.scene}\r\nsTAKE={recording.take}\r\nsTAPE=24Y11M23\r\nsTRK1={recording.track}\r\n",
        originator="postsync demo",
        originator_reference=recording.name,
        date="2024-11-23",
        time=recording.timecode[:8],
        time_reference=stamp,
        version=1,
        umid=bytes(64),
        loudness=None,
        coding_history="A=PCM,F=48000,W=16,M=mono,T=made\r\n",
    )
    count = recording.seconds * SAMPLE_RATE
    with path.open("wb") as file:
        write_wav(
            file,
            sample_rate=SAMPLE_RATE,
            bits=16,
            blocks=[_hum(recording.pitch, count)],
            length_samples=count,
            bext=bext,
            ixml=_ixml(recording, stamp).encode(),
        )


def _hum(pitch: int, count: int) -> bytes:
    """Give a hum that rises and falls like syllables; it repeats exactly, so that it packs well."""
    period = SAMPLE_RATE // pitch
    wave = np.sin(2 * np.pi * np.arange(period) / period) + 0.4 * np.sin(6 * np.pi * np.arange(period) / period)
    voice = np.tile(wave, count // period + 1)[:count]
    syllables = np.repeat(np.tile([0.0, 0.6, 1.0, 0.7, 0.2, 0.0], count), SAMPLE_RATE // 20)[:count]
    return bytes((voice * syllables * 6000).astype("<i2").tobytes())


def _ixml(recording: Recording, stamp: int) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<BWFXML><IXML_VERSION>1.61</IXML_VERSION><PROJECT>The Crossing</PROJECT>'
        f"<SCENE>{recording.scene}</SCENE><TAKE>{recording.take}</TAKE><TAPE>24Y11M23</TAPE><CIRCLED>TRUE</CIRCLED>"
        f"<FILE_UID>DEMO{recording.name[:8].replace('-', '')}{recording.track.upper()}</FILE_UID>"
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


def _project() -> str:
    start = parse_timecode("01:00:00:00", RATE)
    shots = "\n".join(_shot(number, start) for number in range(len(SHOTS)))
    total = sum(frames for _, frames, _ in SHOTS)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>

<fcpxml version="1.9">
    <resources>
        <format id="r1" name="FFVideoFormat1080p2398" frameDuration="1001/24000s" width="1920" height="1080"/>
{_assets()}
    </resources>
    <library>
        <event name="The Crossing">
            <project name="The Crossing R1">
                <sequence format="r1" duration="{_time(total)}" tcStart="{_time(start)}" tcFormat="NDF" audioLayout="stereo" \
audioRate="48k">
                    <spine>
{shots}
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
        for number, (_, _, name) in enumerate(SHOTS)
    ]
    lines += [
        f'        <asset id="a{number}" name="{recording.name[:-4]}" start="{_time(parse_timecode(recording.timecode, RATE))}" '
        f'duration="{recording.seconds}s" hasAudio="1" audioSources="1" audioChannels="1" audioRate="48000">'
        f'<media-rep kind="original-media" src="./{recording.name}"/></asset>'
        for number, recording in enumerate(RECORDINGS)
    ]
    return "\n".join(lines)


def _shot(number: int, start: int) -> str:
    at, frames, name = SHOTS[number]
    source = parse_timecode(RECORDINGS[0].timecode, RATE) + 12
    inside = [_sound(cut, source) for cut in CUTS if cut.record_in == at]
    inside += [_marker(marker, source - at) for marker in MARKERS if at <= marker[0] < at + frames]
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
