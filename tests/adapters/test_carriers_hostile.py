"""Damaged files of every carrier: each reads or is refused in one sentence of ours, and never takes long."""

from __future__ import annotations

import random
import time

import pytest

import postsync
from carrier_pairs import OPTIONS, carriers
from cue_matrix import made_timeline
from postsync.errors import PostsyncError
from postsync.formats.conversion import read_file
from postsync.report import Report
from postsync_adapters import formats

NEW = (
    "cubase_archive", "dapt", "fairlight_adr", "reaper_markers", "reaper_project", "srt", "ttml", "wav_markers", "webvtt",
)  # fmt: skip
READ_ONLY = {
    "premiere_markers": "Marker Name\tDescription\tIn\tOut\tDuration\tMarker Type\n"
    "a\tb\t01:00:10:00\t01:00:11:16\t00:00:01:16\tComment\n" * 6,
    "resolve_edit_index": '#,Record In,Record Out,Name,Color,Notes\n1,01:00:10:00,01:00:11:16,"a","Red","b"\n' * 6,
}
DAMAGES = 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    files = {name: text.encode() for name, text in READ_ONLY.items()}
    for name in NEW:
        path = folder / f"R1{formats()[name].suffixes[0]}"
        postsync.write(made_timeline(6, seed=2), path, as_format=name, options={**OPTIONS.get(name, {})})
        files[name] = path.read_bytes()
    return files


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Cut, repeat, blank or change some bytes, as transfers and editors do."""
    place, length = dice.randrange(len(data)), dice.choice((1, 2, 7, 60, 400))
    how = dice.randrange(5)
    if how == 0:
        return data[:place]
    if how == 1:
        return data[:place] + data[place + length :]
    if how == 2:
        return data[: place + length] + data[place:]
    if how == 3:
        return data[:place] + bytes(dice.randrange(256) for _ in range(length)) + data[place + length :]
    digits = [at for at, byte in enumerate(data[:20000]) if byte in b"0123456789"]
    at = dice.choice(digits)
    return data[:at] + dice.choice((b"9" * 30, b"-", b"", b"1e9", "٣".encode())) + data[at + 1 :]


@pytest.mark.parametrize("name", sorted([*NEW, *READ_ONLY]))
def test_a_damaged_file_reads_or_is_refused_in_one_sentence(whole, tmp_path, name):
    dice = random.Random(name)
    data = whole[name][-60000:] if name == "wav_markers" and len(whole[name]) < 60000 else whole[name]
    path = tmp_path / f"R1{formats()[name].suffixes[0]}"
    for _ in range(DAMAGES):
        path.write_bytes(damaged(data, dice))
        began = time.process_time()
        try:
            read_file(path, Report(), from_format=name)
        except PostsyncError as fault:
            assert "\n" not in str(fault) and "Error:" not in str(fault), str(fault)
        assert time.process_time() - began < 5


@pytest.mark.parametrize("name", [name for name in carriers() if name in ("cubase_archive", "dapt", "ttml")])
def test_a_bomb_of_entities_is_refused(tmp_path, name):
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{layers}]><tt>&e11;</tt>'
    path = tmp_path / "bomb.xml"
    path.write_text(bomb)
    with pytest.raises(PostsyncError, match=r"entities of its own|entity amplification"):
        read_file(path, Report(), from_format=name)


@pytest.mark.parametrize("name", ["cubase_archive", "dapt", "ttml"])
def test_elements_nested_without_end_are_refused(tmp_path, name):
    path = tmp_path / "deep.xml"
    inside = "<div>" * 50_000 + "</div>" * 50_000
    path.write_text(f'<tt xmlns="http://www.w3.org/ns/ttml"><body>{inside}</body></tt>')
    with pytest.raises(PostsyncError):
        read_file(path, Report(), from_format=name)
