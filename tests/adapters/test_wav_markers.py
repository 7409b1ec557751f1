"""Cue points of WAV files: a real one, Reaper's loops, a silent file and a copy, and cues there and back."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from fractions import Fraction

import pytest

from adapters.carriers import (
    CUE,
    at,
    codes,
    plains,
    read_bytes,
    read_path,
    timeline_facts,
    with_cues,
    with_markers,
    written,
)
from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.model import Project, timeline_cues
from postsync.report import Report
from postsync.sound import read_facts
from postsync_adapters.wav_markers import FORMAT


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content


def test_the_points_of_a_real_file_are_read_with_their_texts_in_any_script(corpus):
    report = Report()
    timeline = read_path(FORMAT, corpus / "wav" / "cue_chunks" / "izotoperx_cues_test.wav", report)
    found = [(one.record_in, one.name, one.comment[:16]) for one in plains(timeline)]
    assert found == [
        (Fraction(1000, 48000), "Marker 1", ""),
        (Fraction(5000, 48000), "Marker 2", "Marker Comment 1"),
        (Fraction(10000, 48000), "Marker 3", "Лорем ипсум доло"),
    ]
    assert codes(report)[:1] == ["rate-guessed"]


def test_a_wav_without_cue_points_is_an_empty_timeline_at_its_stamp(corpus):
    path = next((corpus / "wav" / "sounddevices").glob("*.WAV"))
    timeline, sound = read_path(FORMAT, path), read_facts(path)
    facts = timeline_facts(timeline)
    assert plains(timeline) == []
    assert facts.start_frame == Fraction(sound.time_reference, sound.sample_rate) * facts.rate.fps // 1


def test_the_loops_of_the_sampler_chunk_are_lengths_as_reaper_writes_them():
    fmt = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 48000, 96000, 2, 16))
    cue = chunk(b"cue ", struct.pack("<IIIIIII", 1, 7, 48000, 0x61746164, 0, 0, 48000))
    loops = chunk(b"smpl", struct.pack("<28xII", 1, 0) + struct.pack("<IIIIII", 7, 0, 48000, 95999, 0, 0))
    body = b"WAVE" + fmt + chunk(b"data", b"\0" * 200000) + cue + loops
    (marker,) = plains(read_bytes(FORMAT, b"RIFF" + struct.pack("<I", len(body)) + body, rate="25"))
    assert (marker.record_in, marker.duration) == (1, 1)


def test_a_silent_file_states_stamp_and_rate_and_brings_the_cues_back():
    cues = [
        replace(CUE, note="plane\nover"),
        replace(CUE, uid="7KQ2M9XE", number="R107", record_in=481, record_out=None),
    ]
    cues = [replace(cue, colour=None) for cue in cues]
    data = written(FORMAT, with_cues(*cues, rate="29.97 DF"))
    sound = read_facts(io.BytesIO(data))
    assert (sound.sample_rate, sound.bits, sound.stamped) == (48000, 16, True)
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    timeline = read_bytes(FORMAT, data)
    assert (timeline_facts(timeline).rate.name, timeline_facts(timeline).start_frame) == ("29.97 DF", 108000)
    spot(timeline, Project(), Report())
    assert timeline_cues(timeline) == cues


def test_markers_keep_name_comment_and_length():
    data = written(
        FORMAT, with_markers(at(24, name="VFX", comment="clean\nup", frames=12)), sample_rate="8000", bits="8"
    )
    (marker,) = plains(read_bytes(FORMAT, data))
    assert (marker.record_in, marker.duration, marker.name, marker.comment) == (1, Fraction(1, 2), "VFX", "clean\nup")


def test_a_copy_keeps_sound_and_chunks_and_has_the_new_points_alone(corpus, tmp_path):
    source = corpus / "wav" / "cue_chunks" / "izotoperx_cues_test.wav"
    timeline = read_path(FORMAT, source, rate="24")
    del timeline.tracks.markers[1:]
    report = Report()
    timeline.tracks.markers.extend(with_markers(at(240, name="late")).tracks.markers)
    data = written(FORMAT, timeline, report, onto=str(source))
    old, new = read_facts(source), read_facts(io.BytesIO(data))
    original = source.read_bytes()
    assert [one.label for one in new.cue_points] == ["Marker 1"]
    assert data[new.data_offset : new.data_offset + new.data_size] == original[old.data_offset :][: old.data_size]
    assert [(one.id) for one in new.chunks] == ["fmt ", "data", "cue ", "LIST"]
    assert codes(report) == ["cue-outside-timeline"]


def test_what_is_no_wav_is_refused_in_one_sentence():
    with pytest.raises(FormatError, match="not a WAV file"):
        read_bytes(FORMAT, b"RIFF\0\0\0\0AVI ")
