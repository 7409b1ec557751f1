"""Samples by range and channel: numbers for measuring, bytes for copying."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from postsync.errors import MediaError
from postsync.sound import WavFacts, as_float32, channel_bytes, read_facts, read_samples, write_wav

VALUES = [[0, 1, -1, 5, -6], [100, -100, 127, -128, 7]]
"""Two channels that fit into eight bits."""


def little_endian(value: int, width: int) -> bytes:
    return bytes([value + 128]) if width == 1 else value.to_bytes(width, "little", signed=True)


def made(folder: Path, *, bits: int, channels: list[list[int]] = VALUES) -> WavFacts:
    frames = b"".join(little_endian(value, bits // 8) for frame in zip(*channels, strict=True) for value in frame)
    path = folder / "made.wav"
    with path.open("wb") as file:
        write_wav(
            file,
            sample_rate=48000,
            bits=bits,
            channels=len(channels),
            blocks=[frames],
            length_samples=len(channels[0]),
        )
    return read_facts(path)


def made_float(folder: Path, bits: int, values: list[list[float]]) -> WavFacts:
    frames = np.array(values, dtype=f"<f{bits // 8}").T.tobytes()
    path = folder / "float.wav"
    with path.open("wb") as file:
        write_wav(
            file,
            sample_rate=48000,
            bits=bits,
            channels=len(values),
            blocks=[frames],
            length_samples=len(values[0]),
            float_samples=True,
        )
    return read_facts(path)


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_pcm_of_every_depth_comes_out_as_it_went_in(tmp_path: Path, bits: int) -> None:
    samples = read_samples(made(tmp_path, bits=bits), 0, 5)
    assert samples.dtype == np.int32
    assert samples.tolist() == VALUES


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_the_ends_of_the_scale_keep_their_sign(tmp_path: Path, bits: int) -> None:
    ends = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
    facts = made(tmp_path, bits=bits, channels=[ends])
    assert read_samples(facts, 0, 2).tolist() == [ends]
    assert as_float32(read_samples(facts, 0, 2), facts)[0].tolist() == pytest.approx([-1, 1], abs=1e-4)


@pytest.mark.parametrize("bits", [32, 64])
def test_float_stays_float(tmp_path: Path, bits: int) -> None:
    facts = made_float(tmp_path, bits, [[0.5, -1.25], [2.0, 0.0]])
    samples = read_samples(facts, 0, 2)
    assert samples.dtype == np.dtype(f"<f{bits // 8}")
    assert samples.tolist() == [[0.5, -1.25], [2.0, 0.0]]
    assert as_float32(samples, facts).dtype == np.float32


def test_channels_come_in_the_order_asked_for(tmp_path: Path) -> None:
    facts = made(tmp_path, bits=24)
    assert read_samples(facts, 1, 2, [2, 1, 2]).tolist() == [[-100, 127], [1, -1], [-100, 127]]


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_outside_the_file_there_is_silence(tmp_path: Path, bits: int) -> None:
    facts = made(tmp_path, bits=bits)
    assert read_samples(facts, -2, 9, [1]).tolist() == [[0, 0, *VALUES[0], 0, 0]]
    assert read_samples(facts, 50, 3, [1]).tolist() == [[0, 0, 0]]
    assert read_samples(facts, -50, 3, [1]).tolist() == [[0, 0, 0]]
    assert read_samples(facts, 0, 0, [1]).tolist() == [[]]


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_one_channel_is_copied_bit_for_bit(tmp_path: Path, bits: int) -> None:
    facts = made(tmp_path, bits=bits)
    expected = b"".join(little_endian(value, bits // 8) for value in [0, *VALUES[1], 0])
    assert b"".join(channel_bytes(facts, 2, -1, 7)) == expected


def test_long_ranges_come_in_blocks_that_join_without_a_seam(tmp_path: Path) -> None:
    ramp = np.arange(1_000_000, dtype="<i4")
    frames = np.column_stack([ramp, -ramp]).astype("<i4").view(np.uint8).reshape(-1, 2, 4)[:, :, :3].tobytes()
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        write_wav(file, sample_rate=48000, bits=24, channels=2, blocks=[frames], length_samples=len(ramp))
    facts = read_facts(path)
    blocks = list(channel_bytes(facts, 2, 0, len(ramp)))
    assert len(blocks) == 3
    assert max(map(len, blocks)) <= 2**20
    assert b"".join(blocks) == (-ramp).view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    assert (read_samples(facts, 0, len(ramp), [2])[0] == -ramp).all()


def test_mono_splits_of_a_recorder_are_copied_whole(corpus: Path) -> None:
    path = corpus / "wav/sounddevices/A101_1_1.WAV"
    facts = read_facts(path)
    whole = b"".join(channel_bytes(facts, 1, 0, facts.length_samples))
    assert hashlib.sha256(whole).digest() == hashlib.sha256(path.read_bytes()[facts.data_offset :]).digest()


def test_a_file_that_became_shorter_ends_in_silence(tmp_path: Path) -> None:
    facts = made(tmp_path, bits=16)
    path = tmp_path / "made.wav"
    path.write_bytes(path.read_bytes()[: facts.data_offset + 2 * facts.block_align])
    assert read_samples(facts, 0, 5, [1]).tolist() == [[0, 1, 0, 0, 0]]


def test_a_container_wider_than_its_bits_is_read_at_its_own_width(tmp_path: Path) -> None:
    facts = replace(made(tmp_path, bits=24), bits=20)
    assert read_samples(facts, 0, 5).tolist() == VALUES


@pytest.mark.parametrize("channel", [0, 3, -1])
def test_a_channel_that_is_not_there_is_refused_at_once(tmp_path: Path, channel: int) -> None:
    facts = made(tmp_path, bits=16)
    with pytest.raises(MediaError, match=f"no such channel, expected 1 to 2, found {channel}"):
        channel_bytes(facts, channel, 0, 1)
    with pytest.raises(MediaError):
        read_samples(facts, 0, 1, [channel])


def test_compressed_sound_is_refused(tmp_path: Path) -> None:
    facts = replace(made(tmp_path, bits=16), format_tag=0x55)
    with pytest.raises(MediaError, match="format 85"):
        read_samples(facts, 0, 1)


def test_sound_that_went_away_is_a_media_error(tmp_path: Path) -> None:
    facts = made(tmp_path, bits=16)
    (tmp_path / "made.wav").unlink()
    with pytest.raises(MediaError, match="cannot be read"):
        read_samples(facts, 0, 1)


def test_facts_of_a_stream_have_no_sound_to_go_back_to(tmp_path: Path) -> None:
    made(tmp_path, bits=16)
    facts = read_facts(io.BytesIO((tmp_path / "made.wav").read_bytes()))
    with pytest.raises(MediaError, match="without a file of its own"):
        read_samples(facts, 0, 1)
