"""What an AAF is told of a media file: the file's own header where it can be read, else what the timeline says of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from postsync.errors import CannotWrite, MediaError
from postsync.model import MediaFacts
from postsync.report import Report
from postsync.sound import WavFacts, path_from_url, read_facts, summary, url_from_path
from postsync.timing import Rate, as_rate, round_half_up
from postsync_adapters.aaf.writing.planned import MediaUse, PlannedClip

NOT_WAV = ("mov", "mp4", "m4v", "mxf", "aif", "aiff", "mp3", "m4a", "aac", "flac", "avi", "mts", "braw", "r3d")


@dataclass(frozen=True)
class Source:
    """One media file as the AAF states it. `length` and `stamp` in edit units of the file, `rate` of which make a second.

    `wav` is what the header of a WAV says, as read or as it must be; None for pictures. `stamp` is the place of the first
    unit on the tape, `code` the frame that the tape's timecode shows at its own beginning.
    """

    url: str | None
    path: Path | None
    name: str
    tape: str | None
    rate: Fraction
    channels: int
    length: int
    stamp: int
    code: int
    wav: WavFacts | None
    embedded: bool
    clock: Rate
    umid: str
    own: dict[str, Any]
    media: MediaFacts
    only: int | None = None
    """The one channel of the file that lies inside, where it has more."""

    @property
    def is_picture(self) -> bool:
        """Whether it is seen and not heard."""
        return self.wav is None


@dataclass(frozen=True)
class Needed:
    """How much of a file is used, for files that nobody can ask: seconds from its beginning, and channels."""

    end: Fraction = Fraction(0)
    channels: int = 1


@dataclass
class Files:
    """Finds out about each file once. `clock` is the timeline's rate, `session_rate` its sample rate in Hz."""

    report: Report
    session_rate: int
    clock: Rate
    embed: bool
    takes_channels: bool
    splits: bool
    """Whether each channel of a file is embedded by itself: Pro Tools misreads embedded files of several."""
    needed: dict[str, Needed] = field(default_factory=dict[str, Needed])
    _found: dict[str, Source] = field(default_factory=dict[str, Source])

    def announce(self, clip: PlannedClip, rate: Fraction) -> None:
        """Take down how much of its files a clip uses."""
        for use in clip.uses:
            key = key_of(clip, use)
            known = self.needed.get(key, Needed())
            end = (clip.in_units(use, rate) + clip.length * max(clip.speed, Fraction(0))) / rate
            channels = max(use.channel, use.media.channels or 1, known.channels)
            self.needed[key] = Needed(max(end, known.end), channels)

    def source(self, clip: PlannedClip, use: MediaUse, *, picture: bool) -> Source:
        """Give what is known of a file that a clip plays."""
        key = f"picture {key_of(clip, use)}" if picture else key_of(clip, use)
        if self.embed and self.splits:
            key = f"{key}\0{use.channel}"
        found = self._found.get(key)
        if found is None:
            wav = None if picture else self._wav(clip, use)
            if picture:
                found = self._of_picture(clip, use)
            else:
                found = self._of_facts(clip, use) if wav is None else self._of_wav(wav, use)
            self._found[key] = found
        return found

    def _wav(self, clip: PlannedClip, use: MediaUse) -> WavFacts | None:
        """Read the header of a file that exists; else say why it could not be."""
        path = Path(path_from_url(use.url)) if use.url else None
        if path is None or not path.is_absolute() or not path.is_file():
            self.report.note("media-missing", media=use.url or clip.name, tried=str(path or "nothing"))
            return None
        try:
            facts = read_facts(path, self.report)
            summary(facts)
        except (MediaError, CannotWrite) as fault:
            known = path.suffix.lower().lstrip(".") in NOT_WAV
            self.report.note("media-not-wav" if known else "media-unreadable", media=path.name, why=fault.message)
            return None
        if facts.channels > 1 and not self.takes_channels and not self.embed:
            self.report.note("media-not-mono", media=path.name, channels=facts.channels)
        return facts

    def _of_wav(self, wav: WavFacts, use: MediaUse) -> Source:
        assert wav.path is not None
        if wav.sample_rate != self.session_rate:
            self.report.note("media-rate-differs", media=wav.path.name, rate=wav.sample_rate)
        stated = max(round_half_up(use.media_start * wav.sample_rate), 0)
        stamp = wav.time_reference or stated
        if use.media_start and abs(stamp - stated) * self.clock.fps > wav.sample_rate:
            self.report.note("stamp-disagrees", where=wav.path.name, was=f"timeline {stated}", now=f"file {stamp}")
        clock = self._clock_of(use.media)
        code = 0 if wav.time_reference else _code(use.media_start, wav.sample_rate, clock)
        only = use.channel if self.embed and self.splits and 1 < wav.channels >= use.channel else None
        mono = wav if only is None else replace(wav, channels=1, block_align=wav.bytes_per_sample)
        name = wav.path.name if only is None else f"{wav.path.stem}_A{only}{wav.path.suffix}"
        return Source(
            url_from_path(wav.path.as_posix()), wav.path, name, use.media.tape or wav.tape or wav.path.stem,
            Fraction(wav.sample_rate), mono.channels, wav.length_samples, 0 if code else stamp, code, mono, self.embed, clock,
            wav.bext.umid.hex() if wav.bext else "", use.own, use.media, only,
        )  # fmt: skip

    def _of_facts(self, clip: PlannedClip, use: MediaUse) -> Source:
        """State what the timeline says of a file that cannot be read."""
        media, needed = use.media, self.needed[key_of(clip, use)]
        rate, channels = media.sample_rate or self.session_rate, needed.channels
        length = self._length(clip, use, Fraction(rate))
        bits = media.bits if media.bits in (8, 16, 24, 32) else 24
        made = WavFacts(None, "RIFF", 1, channels, rate, bits, channels * bits // 8, 44, 0, length)
        clock = self._clock_of(media)
        code = _code(use.media_start, rate, clock)
        stamp = 0 if code else max(round_half_up(use.media_start * rate), 0)
        name = _name(clip, use)
        return Source(
            use.url, None, name, media.tape or PurePosixPath(name).stem or clip.name, Fraction(rate), channels, length, stamp,
            code, made, False, clock, media.uid or "", use.own, media,
        )  # fmt: skip

    def _of_picture(self, clip: PlannedClip, use: MediaUse) -> Source:
        """State what the timeline says of a picture file: frames at its own rate."""
        media, clock = use.media, self._clock_of(use.media)
        length = self._length(clip, use, clock.fps)
        stamp = max(round_half_up(use.media_start * clock.fps), 0)
        name = _name(clip, use)
        return Source(
            use.url,
            None,
            name,
            media.tape,
            clock.fps,
            1,
            length,
            stamp,
            0,
            None,
            False,
            clock,
            media.uid or "",
            use.own,
            media,
        )

    def _length(self, clip: PlannedClip, use: MediaUse, rate: Fraction) -> int:
        seconds = use.media_duration
        if seconds is None:
            seconds = self.needed[key_of(clip, use)].end
        return max(round_half_up(seconds * rate), 1)

    def _clock_of(self, media: MediaFacts) -> Rate:
        """Give the rate that source timecode is told in: the media's own, else the timeline's."""
        if media.rate is None:
            return self.clock
        rate = as_rate(media.rate)
        return rate.with_drop(True) if media.drop_frame and rate.can_drop else rate


def _name(clip: PlannedClip, use: MediaUse) -> str:
    name = PurePosixPath(path_from_url(use.url)).name if use.url else use.media.name
    return name or clip.name


def _code(start: Fraction, rate: int, clock: Rate) -> int:
    """Give the timecode frame at which a file begins where only frames say it exactly; 0 where samples do."""
    frames = start * clock.fps
    exact = start > 0 and (start * rate).denominator != 1 and frames.denominator == 1
    return frames.numerator if exact else 0


def key_of(clip: PlannedClip, use: MediaUse) -> str:
    """Tell files apart: by URL, else by what the program called them."""
    return use.url or f"\0{use.media.uid or use.media.name or clip.name}"
