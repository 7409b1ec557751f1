"""Sound of any file as the mono 24-bit PCM of a session: one channel, one rate, any range.

Policy of samples: PCM of up to 24 bits and lossless codecs arrive bit for bit, the shorter ones in the high bits. What has more
(32-bit PCM, float, what AAC and MP3 decode to, a changed rate) is rounded to the nearest step of 24 bits, halves to even,
without dither: the error lies 144 dB below full scale, under the noise of any recording, and the same copy comes out the same
every time. What is louder than full scale is clipped and counted. A stream that has the session's rate is never resampled.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from postsync.sound.rendering.decoding import Decoder, Samples
from postsync.sound.rendering.opening import OpenedSound, open_sound
from postsync.sound.rendering.resampling import resampled
from postsync.sound.rendering.statements import header_of
from postsync.sound.wav import PCM, WavFacts
from postsync.timing import round_half_up

BITS = 24
_HIGHEST, _LOWEST = 2**23 - 1, -(2**23)


class RenderedSound:
    """The sound of a media file at a session's rate. `facts` are those that a WAV of all its channels would have.

    `clipped` counts samples that were louder than full scale, `damaged` the packets that could not be decoded, both over
    everything that was asked for.

    >>> sound = RenderedSound.of(Path("reel/12A-T3_Boom.wav"), 48000)
    >>> sound.facts.length_samples, sound.clipped
    (192000, 0)
    >>> sound.close()
    """

    def __init__(self, sound: OpenedSound, sample_rate: int) -> None:
        self.sound = sound
        self.facts = _facts(sound, sample_rate)
        self.clipped = 0
        self._decoder = Decoder(sound)

    @classmethod
    def of(cls, path: Path, sample_rate: int) -> RenderedSound:
        """Open a file; MediaError where it has no sound, cannot be read, or PyAV is not installed."""
        return cls(open_sound(path), sample_rate)

    @property
    def damaged(self) -> int:
        """Packets that could not be decoded: silence stands for them."""
        return self._decoder.damaged

    @property
    def kinds(self) -> str:
        """What the sound is, in words: `aac 44100 Hz`."""
        return ", ".join(dict.fromkeys(f"{stream.codec} {stream.sample_rate} Hz" for stream in self.sound.streams))

    def close(self) -> None:
        """Close the file; the next range opens it again."""
        self._decoder.close()

    def blocks(self, channel: int, start: int, count: int) -> Iterator[bytes]:
        """Yield `count` samples of a channel (from 1) from `start`, as little-endian 24-bit PCM.

        Positions are at the session's rate, from the first sample as the file plays. Raises MediaError as reading does.
        """
        for samples in self._samples(channel, start, count):
            yield self._packed(samples)

    def _samples(self, channel: int, start: int, count: int) -> Iterator[Samples]:
        stream, _ = self.sound.stream_of(channel)
        ratio = Fraction(self.facts.sample_rate, stream.sample_rate)
        if ratio == 1:
            return self._decoder.channel(channel, start, count)
        return resampled(lambda first, some: self._decoder.channel(channel, first, some), start, count, ratio)

    def _packed(self, samples: Samples) -> bytes:
        whole = np.rint(samples)
        self.clipped += int(np.count_nonzero((whole > _HIGHEST) | (whole < _LOWEST)))
        numbers = np.clip(whole, _LOWEST, _HIGHEST).astype("<i4")
        return numbers.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _facts(sound: OpenedSound, sample_rate: int) -> WavFacts:
    """Describe the whole sound as the WAV that it would be; no such file is written."""
    lengths = (round_half_up(Fraction(stream.length * sample_rate, stream.sample_rate)) for stream in sound.streams)
    bext, ixml, reference = header_of(sound, sample_rate)
    length, align = max(lengths), sound.channels * BITS // 8
    return WavFacts(
        path=sound.path, container=sound.container, format_tag=PCM, channels=sound.channels, sample_rate=sample_rate,
        bits=BITS, block_align=align, data_offset=0, data_size=length * align, length_samples=length,
        time_reference=reference, bext=bext, ixml=ixml,
    )  # fmt: skip
