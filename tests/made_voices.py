"""Voices made of numpy alone, and the time at which each of their sounds begins.

A source (pulses of a larynx, noise) goes through resonances that glide from sound to sound, as in any formant synthesiser.
Another voice has another throat, pitch and breath; another performance of a line has other durations and other targets. The
words mean nothing, the timing is exact: that is what they are for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

RATE = 16_000
HOP, SIZE = 80, 512

# Of each sound: first, second and third formant (Hz), voice, noise, middle of the noise (Hz), mean length (ms).
SOUNDS = {
    "a": (730, 1150, 2500, 1.0, 0.0, 0, 95), "e": (480, 1900, 2550, 0.9, 0.0, 0, 85),
    "i": (290, 2250, 3000, 0.8, 0.0, 0, 80), "o": (480, 900, 2400, 0.9, 0.0, 0, 90),
    "u": (310, 800, 2250, 0.7, 0.0, 0, 80), "A": (660, 1700, 2450, 1.0, 0.0, 0, 100),
    "@": (500, 1450, 2450, 0.7, 0.0, 0, 55), "E": (560, 1750, 2500, 0.9, 0.0, 0, 85),
    "l": (360, 1250, 2700, 0.5, 0.0, 0, 60), "r": (400, 1200, 1650, 0.5, 0.0, 0, 60),
    "w": (300, 700, 2200, 0.45, 0.0, 0, 60), "j": (280, 2200, 2900, 0.45, 0.0, 0, 55),
    "m": (250, 1000, 2200, 0.35, 0.0, 0, 65), "n": (250, 1500, 2500, 0.35, 0.0, 0, 60),
    "v": (300, 1100, 2300, 0.2, 0.06, 4500, 55), "z": (300, 1600, 2500, 0.2, 0.15, 5800, 70),
    "f": (300, 1100, 2300, 0.0, 0.08, 5000, 80), "s": (300, 1600, 2500, 0.0, 0.28, 5800, 95),
    "S": (300, 1800, 2500, 0.0, 0.30, 3300, 95), "h": (500, 1500, 2500, 0.0, 0.08, 1500, 50),
    "p": (400, 1000, 2200, 0.0, 0.20, 900, 75), "t": (400, 1700, 2600, 0.0, 0.28, 4300, 75),
    "k": (400, 1900, 2400, 0.0, 0.25, 2100, 80), "b": (350, 900, 2200, 0.25, 0.08, 800, 65),
    "d": (350, 1700, 2600, 0.25, 0.10, 3800, 60), "g": (350, 2000, 2400, 0.25, 0.10, 2000, 65),
}  # fmt: skip
VOWELS, STOPS = "aeiouA@E", "ptkbdg"
PAUSE = " "
OWN_WAY = np.array([0.15, 0.15, 0.12, 0.4, 0.5])
"""How far each voice is from the mean in forming a sound: formants, voice, noise, as deviations of their logarithms."""
ANOTHER_TIME = np.array([0.12, 0.12, 0.10, 0.5, 0.5])
"""How far one and the same voice is from itself."""


@dataclass(frozen=True)
class Voice:
    """A throat: how much smaller than a man's, its pitch (Hz), breath (0 to 1) and tilt of its spectrum (dB an octave).

    `accent` numbers the way in which its owner forms each sound.
    """

    size: float
    pitch: float
    breath: float
    tilt: float
    accent: int


@dataclass(frozen=True)
class Performance:
    """Sound at 16 kHz from the first sound of the line on, and when each of its sounds begins (s)."""

    sound: np.ndarray
    onsets: np.ndarray
    ends: np.ndarray


def voice(random: np.random.Generator) -> Voice:
    size = random.uniform(0.88, 1.25)
    pitch, breath, tilt = 115 * size ** random.uniform(2, 3.2), random.uniform(0, 0.5), random.uniform(-9, -4)
    return Voice(size, pitch, breath, tilt, int(random.integers(1 << 30)))


def line(random: np.random.Generator, syllables: int | None = None) -> str:
    """Give the sounds of a line; a space is a pause."""
    count = syllables or int(random.integers(5, 17))
    consonants = [sound for sound in SOUNDS if sound not in VOWELS]
    made = ""
    for number in range(count):
        made += str(random.choice(consonants)) if random.random() < 0.85 else ""
        made += str(random.choice(list(VOWELS)))
        made += str(random.choice(consonants)) if random.random() < 0.35 else ""
        if number < count - 1 and random.random() < 0.12:
            made += PAUSE
    return made


def durations(text: str, random: np.random.Generator) -> np.ndarray:
    """Give how long each sound of a free performance lasts (s)."""
    tempo = random.uniform(0.85, 1.2)
    mean = [0.18 if sound == PAUSE else SOUNDS[sound][6] / 1000 for sound in text]
    spread = [0.6 if sound == PAUSE else 0.25 for sound in text]
    stress = np.exp(np.convolve(random.standard_normal(len(text) + 6), np.ones(7) / 7, "valid") * 0.35)
    return np.maximum(np.array(mean) * tempo * stress * np.exp(random.standard_normal(len(text)) * spread), 0.02)


def fitted(lengths: np.ndarray, random: np.random.Generator, jitter: float = 0.018) -> np.ndarray:
    """Give the durations of an actor who follows a guide: each onset off by a jitter (s) that wanders slowly."""
    onsets = np.concatenate([[0], np.cumsum(lengths)])
    wander = np.convolve(random.standard_normal(len(onsets) + 4), np.ones(5) / np.sqrt(5), "valid") * jitter
    return np.maximum(np.diff(onsets + wander), 0.015)


def perform(text: str, lengths: np.ndarray, who: Voice, random: np.random.Generator) -> Performance:
    """Speak a line: sounds of the given lengths (s), each target a little off, as nobody says a word twice the same way."""
    onsets = np.concatenate([[0], np.cumsum(lengths)])
    frames = int(onsets[-1] * RATE / HOP) + 24
    tracks = _tracks(text, onsets, frames, who, random)
    source = _source(tracks, frames, who, random)
    shape = np.hanning(SIZE)
    windows = sliding_window_view(np.pad(source, (SIZE // 2, SIZE)), SIZE)[::HOP][:frames]
    spoken = np.fft.irfft(np.fft.rfft(windows * shape) * _throat(tracks, who), SIZE) * shape
    made = np.zeros(frames * HOP + SIZE)
    for number, part in enumerate(spoken):
        made[number * HOP : number * HOP + SIZE] += part
    made = made[SIZE // 2 : SIZE // 2 + frames * HOP]
    made *= 0.1 / max(float(np.sqrt(np.mean(made**2))), 1e-9)
    sounding = np.array([sound != PAUSE for sound in text])
    return Performance(made.astype(np.float32), onsets[:-1][sounding], onsets[1:][sounding])


def _tracks(text: str, onsets: np.ndarray, frames: int, who: Voice, random: np.random.Generator) -> np.ndarray:
    """Give the six controls of each frame, gliding over 30 ms; a stop is closed before it bursts."""
    times = np.arange(frames) * HOP / RATE
    own = np.random.default_rng(who.accent)
    accents = {sound: np.exp(own.standard_normal(5) * OWN_WAY) for sound in SOUNDS}
    made = np.zeros((6, frames))
    made[:3] = np.array([[500], [1500], [2500]])
    for number, sound in enumerate(text):
        inside = (times >= onsets[number]) & (times < onsets[number + 1])
        if sound == PAUSE:
            made[3:5, inside] = 0
            continue
        target = np.array(SOUNDS[sound][:6], float)
        target[:5] *= accents[sound] * np.exp(random.standard_normal(5) * ANOTHER_TIME)
        made[:, inside] = target[:, None]
        if sound in STOPS:
            made[4, inside & (times < onsets[number + 1] - 0.02)] = 0
    smooth = np.hanning(9)[1:-1] / np.hanning(9)[1:-1].sum()
    formants = [np.convolve(np.pad(row, 3, mode="edge"), smooth, "valid") for row in made[:3]]
    levels = [np.convolve(np.pad(row, 1, mode="edge"), np.ones(3) / 3, "valid") for row in made[3:5]]
    return np.stack([*formants, *levels, made[5]])


def _source(tracks: np.ndarray, frames: int, who: Voice, random: np.random.Generator) -> np.ndarray:
    """Give pulses at a pitch that falls and wanders, and breath."""
    count = frames * HOP
    place = np.arange(count) / count
    wander = np.interp(place, np.linspace(0, 1, 8), random.standard_normal(8)) * 0.12
    pitch = who.pitch * np.exp(wander - 0.15 * place)
    phase = np.cumsum(pitch / RATE)
    pulses = np.diff(np.floor(phase), prepend=0) * np.sqrt(RATE / who.pitch)
    noise = random.standard_normal(count)
    level = np.repeat(tracks[3:5], HOP, axis=1)
    return level[0] * (pulses + who.breath * 0.3 * noise) + level[1] * noise * 0.7


def _throat(tracks: np.ndarray, who: Voice) -> np.ndarray:
    """Give what the throat lets through of each frame: three resonances where there is voice, a band where there is noise."""
    hertz = np.fft.rfftfreq(SIZE, 1 / RATE)[None, :]
    formants = tracks[:3] * who.size
    widths, gains = (90, 120, 180), (1.0, 0.7, 0.4)
    tube = sum(
        gain / (1 + ((hertz - middle[:, None]) / width) ** 2)
        for middle, width, gain in zip(formants, widths, gains, strict=True)
    )
    tilt = 10 ** (who.tilt * np.log2(np.maximum(hertz, 100) / 500) / 20)
    hiss = np.exp(-(((hertz - tracks[5][:, None] * who.size**0.5) / 1300) ** 2))
    voiced = tracks[3] / np.maximum(tracks[3] + tracks[4], 1e-6)
    return voiced[:, None] * (tube + 0.01) * tilt + (1 - voiced)[:, None] * hiss
