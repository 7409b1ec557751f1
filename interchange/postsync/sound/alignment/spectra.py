"""Guide and take as spectra that can be held against each other, however differently they were recorded.

40 mel bands every 5 ms. What a boom in a street and a microphone in a booth have in common is what rises above both their
noises: each gets the stationary noise of the other added, and what is left below that common floor is exactly nothing.
Frame n is centred on n × 5 ms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from postsync.sound.same_recording import fast_length

Array = NDArray[np.float32]

RATE = 16_000
HOP = 80
FRAMES_PER_SECOND = RATE // HOP
WINDOW, SIZE, BANDS = 400, 512, 40
LOWEST_HZ, HIGHEST_HZ = 80.0, 7600.0

_BLOCK = 4096
_PASSED = 0.95
_LOUD_PART, _LOUD_FRAMES = 0.05, 60
_NOISE_PERCENTILE = 10.0
_FLOOR = 10**-4.5
_SLOPE = 5
_SMOOTH = 4


@dataclass(frozen=True)
class Heard:
    """One recording as it is compared: features (one row a frame) and, of each frame, how much it is speech (0 to 1)."""

    features: Array
    speech: Array

    def __len__(self) -> int:
        return len(self.speech)


def at_comparing_rate(sound: Any, sample_rate: int) -> Array:
    """Give mono sound at 16 kHz; sample n lies at exactly n / 16000 s."""
    return at_rate(sound, sample_rate, RATE)


def at_rate(sound: Any, sample_rate: int, rate: int) -> Array:
    """Give mono sound at another rate, without what lies above 0.95 of the lower half rate; no sample moves.

    Through one transform of the whole, which is for measuring cues, not for reels.
    """
    given: Array = np.asarray(sound, np.float32)
    if sample_rate == rate or not len(given):
        return given
    common = math.gcd(sample_rate, rate)
    up, down = rate // common, sample_rate // common
    groups = fast_length(-(-len(given) // down) + 64)
    spectrum = np.fft.rfft(given, groups * down)
    kept = np.zeros(groups * up // 2 + 1, spectrum.dtype)
    count = min(len(spectrum), len(kept))
    kept[:count] = spectrum[:count] * _lowpass(count, groups / common, min(rate, sample_rate) / 2)
    made: Array = np.fft.irfft(kept, groups * up).astype(np.float32)
    made *= np.float32(up / down)
    return made[: -(-len(given) * up // down)]


def _lowpass(bins: int, bins_per_hertz: float, highest: float) -> Array:
    """Fade out over the last twentieth, so that the edge does not ring."""
    hertz = np.arange(bins) / bins_per_hertz
    fade: Array = np.clip((highest - hertz) / (highest * (1 - _PASSED)), 0, 1).astype(np.float32)
    return fade


def band_powers(sound: Array) -> Array:
    """Give the power in each band, one row every 5 ms; sound is mono at 16 kHz."""
    count = len(sound) // HOP + 1
    padded = np.pad(sound, (WINDOW // 2, WINDOW // 2 + HOP))
    windows: Any = sliding_window_view(padded, WINDOW)[::HOP][:count]
    powers = np.empty((count, BANDS), np.float32)
    shape, bands = np.hanning(WINDOW).astype(np.float32), _bands()
    for at in range(0, count, _BLOCK):
        spectrum = np.fft.rfft(windows[at : at + _BLOCK] * shape, SIZE)
        powers[at : at + _BLOCK] = (spectrum.real**2 + spectrum.imag**2) @ bands
    return powers


@lru_cache(maxsize=1)
def _bands() -> Array:
    """Give the weights of the bands: triangles, evenly spaced in mel."""
    edges = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)
    hertz = 700 * (10 ** (edges / 2595) - 1)
    bins = np.arange(SIZE // 2 + 1)[:, None] * RATE / SIZE
    rising = (bins - hertz[:-2]) / (hertz[1:-1] - hertz[:-2])
    falling = (hertz[2:] - bins) / (hertz[2:] - hertz[1:-1])
    weights: Array = np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
    return weights


def _mel(hertz: float) -> float:
    return 2595 * math.log10(1 + hertz / 700)


def compared(guide: Array, take: Array) -> tuple[Heard, Heard]:
    """Make the band powers of two recordings comparable: one loudness, one floor of noise."""
    guide, take = _evened(guide), _evened(take)
    guide_noise, take_noise = _noise(guide), _noise(take)
    floor = guide_noise + take_noise + np.float32(_FLOOR / BANDS)
    return _heard(guide + take_noise, floor), _heard(take + guide_noise, floor)


def _evened(powers: Array) -> Array:
    """Scale powers so that the energy is 1 which the loudest twentieth of the frames exceeds, or the loudest 300 ms."""
    energy = powers.sum(1)
    rank = max(1, min(int(len(energy) * _LOUD_PART), _LOUD_FRAMES))
    made: Any = powers / max(float(np.partition(energy, -rank)[-rank]), 1e-20)
    return np.asarray(made, np.float32)


def _noise(powers: Array) -> Array:
    noise: Any = np.percentile(powers, _NOISE_PERCENTILE, axis=0)
    return np.asarray(noise, np.float32)


def _heard(powers: Array, floor: Array) -> Heard:
    decibels = 10 * np.log10(np.maximum((powers + np.float32(_FLOOR / BANDS)) / floor, 1))
    level = decibels.mean(1)
    rank = max(1, min(int(len(level) * _LOUD_PART), _LOUD_FRAMES))
    loud = max(float(np.partition(level, -rank)[-rank]), 1e-6)
    speech = np.clip(1.25 * level / loud - 0.12, 0, 1)
    features = np.hstack([_even(decibels - decibels.mean(0)), _even(_slopes(decibels))])
    return Heard(_smoothed(features).astype(np.float32), speech.astype(np.float32))


def _even(values: Any) -> Any:
    return values / max(float(np.sqrt(np.mean(np.square(values)))), 1e-6)


def _slopes(values: Any) -> Any:
    """Give the slope over eleven frames by least squares."""
    steps = np.arange(-_SLOPE, _SLOPE + 1)
    padded = np.pad(values, ((_SLOPE, _SLOPE), (0, 0)), mode="edge")
    total = sum(step * padded[_SLOPE + step : _SLOPE + step + len(values)] for step in steps)
    return total / float(np.sum(steps**2))


def _smoothed(values: Any) -> Any:
    """Average over 20 ms, centred: four frames, the outer two by half."""
    half = _SMOOTH // 2
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    parts = [
        padded[half + step : half + step + len(values)] * (0.5 if abs(step) == half else 1.0)
        for step in range(-half, half + 1)
    ]
    return sum(parts) / _SMOOTH
