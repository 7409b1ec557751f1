"""What other programs say of pairs: offsets (s, positive where the take is late) and processor time, as one line of JSON.

Run by `alignment.py` with an interpreter that has them. Each gets the guide cut to its line, and the best setting known.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import warnings
import wave
from collections.abc import Callable
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
warnings.simplefilter("ignore")

import numpy as np  # noqa: E402

RATE, HOP = 16_000, 80
Offset = Callable[[np.ndarray, np.ndarray], float]


def waveforms() -> Offset:
    """The plain correlation of the samples, as programs do that align recordings of one event (syncstart and others)."""

    def offset(guide: np.ndarray, take: np.ndarray) -> float:
        size = 1 << (len(guide) + len(take)).bit_length()
        peaks = np.fft.irfft(np.conj(np.fft.rfft(guide, size)) * np.fft.rfft(take, size), size)
        place = int(np.argmax(peaks))
        return (place if place < size // 2 else place - size) / RATE

    return offset


def mfcc_dtw() -> Offset:
    """librosa: MFCC of guide and take, both trimmed, warped end to end; the median of the path."""
    import librosa

    def offset(guide: np.ndarray, take: np.ndarray) -> float:
        trimmed = [librosa.effects.trim(sound, top_db=30, frame_length=400, hop_length=HOP) for sound in (guide, take)]
        features = [
            librosa.feature.mfcc(y=sound, sr=RATE, n_mfcc=20, n_fft=512, win_length=400, hop_length=HOP)
            for sound, _ in trimmed
        ]
        features = [(one - one.mean(1, keepdims=True)) / (one.std(1, keepdims=True) + 1e-9) for one in features]
        _, path = librosa.sequence.dtw(*features, metric="euclidean")
        lag = np.median(path[:, 1] - path[:, 0]) * HOP
        return float(lag + trimmed[1][1][0] - trimmed[0][1][0]) / RATE

    return offset


def offset_finder() -> Offset:
    """audio-offset-finder with frames every 5 ms."""
    from audio_offset_finder.audio_offset_finder import find_offset_between_buffers

    def offset(guide: np.ndarray, take: np.ndarray) -> float:
        found = find_offset_between_buffers(
            guide, take, RATE, hop_length=HOP, win_length=400, nfft=512, max_frames=20_000
        )
        return -float(found["time_offset"])

    return offset


def spectrograms() -> Offset:
    """audalign's correlation of spectrograms; it takes files."""
    import audalign

    recognizer = audalign.CorrelationSpectrogramRecognizer()
    recognizer.config.multiprocessing = False
    folder = Path(tempfile.mkdtemp())

    def offset(guide: np.ndarray, take: np.ndarray) -> float:
        for name, sound in (("guide", guide), ("take", take)):
            with wave.open(str(folder / f"{name}.wav"), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        found = audalign.align_files(str(folder / "guide.wav"), str(folder / "take.wav"), recognizer=recognizer)
        return float(found["guide.wav"] - found["take.wav"]) if found else 0.0

    return offset


PEERS = {
    "correlation of waveforms": waveforms,
    "DTW on MFCC (librosa)": mfcc_dtw,
    "audio-offset-finder": offset_finder,
    "audalign, spectrograms": spectrograms,
}


def processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    files = sorted(Path(sys.argv[1]).glob("*.npz"))
    told = {}
    for name, build in PEERS.items():
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                told[name] = run(build(), files)
        except ImportError as fault:
            told[name] = {"missing": str(fault)}
    print(json.dumps(told))


def run(offset: Offset, files: list[Path]) -> dict[str, object]:
    offset(*pair(files[0])[:2])  # what is compiled or loaded on first use does not count
    started, found = processor(), []
    for file in files:
        guide, take, start = pair(file)
        try:
            found.append(offset(guide, take) - start)
        except Exception:  # noqa: BLE001 - a peer that gives up has found nothing
            found.append(0.0)
    return {"offsets": found, "processor": processor() - started}


def pair(file: Path) -> tuple[np.ndarray, np.ndarray, float]:
    held = np.load(file)
    first, end = (round(float(edge) * RATE) for edge in held["line"])
    return held["guide"][max(first, 0) : end], held["take"], max(first, 0) / RATE


if __name__ == "__main__":
    main()
