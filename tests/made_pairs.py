"""Pairs of a guide and a take whose timing is known, made of `made_voices` and of what happens on sets and in booths.

Every pair comes out the same for the same number. `KINDS` says what may happen to the take, `CONDITIONS` what to the guide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from made_voices import PAUSE, RATE, Performance, Voice, durations, fitted, line, perform, voice

Sound = np.ndarray
Random = np.random.Generator
HEAD = 1.2
"""Seconds of the guide before the line, about."""


@dataclass(frozen=True)
class Pair:
    """A guide and a take at 16 kHz, where the line lies in the guide (s), and when its sounds begin in both (s).

    `right` is false where the take holds another line: no offset is right then.
    """

    name: str
    kind: str
    condition: str
    guide: Sound
    take: Sound
    line: tuple[float, float] | None
    guide_onsets: np.ndarray
    take_onsets: np.ndarray
    right: bool = True

    @property
    def offset(self) -> float:
        """The median by which the take is late, head to head (s)."""
        return float(np.median(self.take_onsets - self.guide_onsets))

    def regret(self, slip: float) -> float:
        """By how much the mean deviation round a slip is worse than round the best slip (s)."""
        lags = self.take_onsets - self.guide_onsets
        return float(np.mean(np.abs(lags - slip)) - np.mean(np.abs(lags - np.median(lags))))


def made_pair(number: int, kind: str | None = None, condition: str | None = None) -> Pair:
    """Make the pair of a number; kind and condition are drawn where they are not given."""
    random = np.random.default_rng([number, 2024])
    kind = kind or str(random.choice(list(KINDS)))
    condition = condition or str(random.choice(list(CONDITIONS)))
    text, guide_voice = line(random), voice(random)
    lengths = durations(text, random)
    guide = perform(text, lengths, guide_voice, random)
    take, right = KINDS[kind](text, lengths, guide_voice, guide, random)
    before, late = random.uniform(0.8, 2.0), random.uniform(-1.1, 1.1)
    # What comes before the read, a false start or beeps, does not make the read late.
    before = max(before, take.onsets[0] - guide.onsets[0] - late + 0.1)
    begin = before + late - (take.onsets[0] - guide.onsets[0])
    guide_sound = _laid([(before, guide.sound)], before + len(guide.sound) / RATE + random.uniform(0.8, 2), random)
    length = begin + len(take.sound) / RATE + random.uniform(0.3, 1.2)
    in_out = (before - 0.1, before + guide.ends[-1] + 0.1)
    if kind in LOOSE:
        in_out = (max(0.0, in_out[0] + random.uniform(-0.3, 0.2)), in_out[1] + random.uniform(-0.2, 0.3))
    pair = Pair(
        f"{kind}_{number:04}", kind, condition, guide_sound, _laid([(begin, take.sound)], length, random),
        in_out if kind not in NO_LINE else None, guide.onsets + before, take.onsets + begin, right,
    )  # fmt: skip
    if kind in ("neighbours", "all"):
        pair = _with_neighbours(pair, guide_voice, random)
    heard = CONDITIONS[condition](pair.guide, random)
    return replace(pair, guide=_levelled(heard, random), take=_levelled(_booth(pair.take, random), random))


def _fitted(text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random) -> tuple[Performance, bool]:
    return perform(text, fitted(lengths, random), voice(random), random), True


def _free(text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random) -> tuple[Performance, bool]:
    return perform(text, durations(text, random), voice(random), random), True


def _same_actor(
    text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random
) -> tuple[Performance, bool]:
    again = replace(of, pitch=of.pitch * random.uniform(0.9, 1.1))
    loosely = lengths * np.exp(random.standard_normal(len(lengths)) * 0.2) * random.uniform(0.9, 1.12)
    return perform(text, loosely, again, random), True


def _pause(text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random) -> tuple[Performance, bool]:
    longer = fitted(lengths, random)
    pauses = [place for place, sound in enumerate(text) if sound == PAUSE] or [len(text) // 2]
    longer[int(random.choice(pauses))] += random.uniform(0.15, 0.45)
    return perform(text, longer, voice(random), random), True


def _false_start(
    text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random
) -> tuple[Performance, bool]:
    who, read = voice(random), fitted(lengths, random)
    begun = max(3, len(text) // 3)
    start = perform(text[:begun], read[:begun], who, random)
    return _after(start.sound, random.uniform(0.25, 0.6), perform(text, read, who, random)), True


def _beeps(text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random) -> tuple[Performance, bool]:
    beep = np.sin(2 * np.pi * 1000 * np.arange(int(0.08 * RATE)) / RATE) * 0.05
    train = np.concatenate([np.pad(beep, (0, int(0.5 * RATE)))] * 3)
    spoken, _ = _fitted(text, lengths, of, guide, random)
    return _after(train, 0.0, spoken), True


def _copied(text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random) -> tuple[Performance, bool]:
    return guide, True


def _wrong(text: str, lengths: np.ndarray, of: Voice, guide: Performance, random: Random) -> tuple[Performance, bool]:
    other = line(random, max(4, len(text) // 2))
    spoken = perform(other, durations(other, random), voice(random), random)
    return replace(spoken, onsets=guide.onsets, ends=guide.ends), False


def _after(sound: Sound, gap: float, spoken: Performance) -> Performance:
    """Put sound and a gap before a performance."""
    before = len(sound) / RATE + gap
    whole = np.concatenate([sound, np.zeros(int(gap * RATE)), spoken.sound])
    at = (len(whole) - len(spoken.sound)) / RATE
    assert abs(at - before) < 1e-3
    return Performance(whole, spoken.onsets + at, spoken.ends + at)


KINDS: dict[str, Callable[[str, np.ndarray, Voice, Performance, Random], tuple[Performance, bool]]] = {
    "fitted": _fitted,
    "fitted with in and out": _fitted,
    "free same actor": _same_actor,
    "free other actor": _free,
    "loose in and out": _fitted,
    "neighbours": _fitted,
    "false start": _false_start,
    "beeps": _beeps,
    "pause": _pause,
    "all": _pause,
    "other microphone": _copied,
    "wrong line": _wrong,
}
LOOSE = ("loose in and out", "all")
NO_LINE = ("fitted", "free same actor", "free other actor", "other microphone")
GOOD_ADR = ("fitted", "fitted with in and out")


def _laid(parts: list[tuple[float, Sound]], seconds: float, random: Random) -> Sound:
    made = random.standard_normal(int(seconds * RATE)) * 1e-5
    for start, sound in parts:
        begin = round(start * RATE)
        inside = sound[: max(0, len(made) - begin)]
        made[begin : begin + len(inside)] += inside
    return made


def _with_neighbours(pair: Pair, who: Voice, random: Random) -> Pair:
    """Put the lines before and after into the handles of the guide, and something else into those of the take."""
    guide = np.pad(pair.guide, (0, RATE))
    assert pair.line is not None
    for begin, end in ((0.0, pair.line[0] - 0.15), (pair.line[1] + 0.25, len(guide) / RATE)):
        if end - begin > 0.25:
            text = line(random, 12)
            spoken = perform(text, durations(text, random), who, random).sound[: int((end - begin) * RATE)]
            at = round((end if begin == 0 else begin) * RATE) - (len(spoken) if begin == 0 else 0)
            guide[at : at + len(spoken)] += spoken * np.hanning(len(spoken)) ** 0.2
    return replace(pair, guide=guide)


def _noise(count: int, random: Random, tilt: float = -0.5) -> Sound:
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum *= np.maximum(np.fft.rfftfreq(count, 1 / RATE), 40) ** tilt
    made = np.fft.irfft(spectrum, count)
    return made / np.sqrt(np.mean(made**2))


def _speech_level(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.sort(sound**2)[-len(sound) // 3 :])))


def _mixed(sound: Sound, other: Sound, decibels_down: float) -> Sound:
    return sound + other[: len(sound)] * _speech_level(sound) / max(_speech_level(other), 1e-9) * 10 ** (
        -decibels_down / 20
    )


def _room(sound: Sound, seconds: float, wet: float, random: Random) -> Sound:
    count = int(seconds * RATE)
    tail = random.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    tail *= wet / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    size = 1 << (len(sound) + count).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]


def _coloured(sound: Sound, low: float, high: float, random: Random) -> Sound:
    """Let through what lies between two frequencies (Hz), with a bump or two."""
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    gain = 1 / np.sqrt((1 + (low / np.maximum(hertz, 1)) ** 4) * (1 + (hertz / high) ** 4))
    for middle in np.exp(random.uniform(np.log(200), np.log(5000), 2)):
        gain *= 10 ** (random.uniform(-6, 6) / 20 * np.exp(-(np.log(np.maximum(hertz, 1) / middle) ** 2)))
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def _booth(sound: Sound, random: Random) -> Sound:
    return _mixed(_coloured(sound, 70, 7800, random), _noise(len(sound), random), random.uniform(35, 50))


def _at(decibels: float) -> Callable[[Sound, Random], Sound]:
    return lambda sound, random: _mixed(sound, _noise(len(sound), random), decibels)


def _boom(sound: Sound, random: Random) -> Sound:
    far = _room(_coloured(sound, 120, 5500, random), random.uniform(0.25, 0.5), random.uniform(0.4, 0.9), random)
    return _mixed(far, _noise(len(sound), random), random.uniform(8, 20))


def _lavalier(sound: Sound, random: Random) -> Sound:
    rustle = (
        _noise(len(sound), random, -1.0) * np.repeat(random.random(len(sound) // 1600 + 1) < 0.08, 1600)[: len(sound)]
    )
    return _mixed(_coloured(sound, 90, 3500, random), rustle + 0.05 * _noise(len(sound), random), random.uniform(6, 15))


def _music(sound: Sound, random: Random) -> Sound:
    time = np.arange(len(sound)) / RATE
    beat = random.uniform(0.35, 0.6)
    roots = 110 * 2 ** (random.integers(0, 12, int(time[-1] / (2 * beat)) + 1) / 12)
    root = roots[np.minimum((time / (2 * beat)).astype(int), len(roots) - 1)]
    phase = np.cumsum(root) / RATE
    chord = sum(
        np.sin(2 * np.pi * phase * ratio * harmonic) / harmonic
        for ratio in (1, 1.26, 1.5, 2)
        for harmonic in (1, 2, 3, 4, 5)
    )
    drums = random.standard_normal(len(sound)) * np.exp(-(time % beat) * 25) * 2
    return _mixed(sound, chord + drums, random.uniform(2, 14))


def _overlapping(sound: Sound, random: Random) -> Sound:
    text = line(random, 12)
    other = np.zeros(len(sound))
    spoken = perform(text, durations(text, random), voice(random), random).sound[: len(sound)]
    at = int(random.uniform(0, max(len(sound) - len(spoken), 1)))
    other[at : at + len(spoken)] = spoken
    return _mixed(sound, other, random.uniform(0, 12))


CONDITIONS: dict[str, Callable[[Sound, Random], Sound]] = {
    "clean": lambda sound, random: sound,
    "noise 20": _at(20),
    "noise 10": _at(10),
    "noise 5": _at(5),
    "noise 0": _at(0),
    "room": lambda sound, random: _room(sound, 0.6, 0.8, random),
    "boom": _boom,
    "lavalier": _lavalier,
    "music": _music,
    "overlapping speech": _overlapping,
}


def _levelled(sound: Sound, random: Random) -> Sound:
    peak = float(np.abs(sound).max())
    return (sound / max(peak, 1e-9) * 10 ** (random.uniform(-18, -3) / 20)).astype(np.float32)
