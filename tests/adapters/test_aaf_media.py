"""Media inside AAFs and beside them: the same samples at the same places as pyaaf2 reads, and WAVs that say what they are."""

from __future__ import annotations

import io
import json
import random
import struct
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import numpy as np
import pytest
from click.testing import CliRunner

from adapters.aaf_player import Player
from postsync.cli import main
from postsync.demo import unpack_example
from postsync.errors import MediaError
from postsync.model import placed_tracks
from postsync.report import Report
from postsync.sound import (
    Bext,
    EmbeddedSound,
    StatedSound,
    open_essence,
    read_facts,
    write_embedded,
    write_wav,
)
from postsync.sound.recognition import IDENTITY, STAMP, Recording, SoundIndex
from postsync.verbs import convert, media_extract, media_find, media_list, opened, turnover
from postsync_adapters.aaf.media import embedded

EMBEDDING = [
    "libaaf/PR_AIFF_Internal.aaf",
    "libaaf/PR_WAV_Internal.aaf",
    "libaaf/PT_PCM_Internal.aaf",
    "otio/marker-over-audio.aaf",
]


# ------------------------------------------------------------------------------------------- what pyaaf2 says of a file


def their_sound(essence: Any) -> bytes:
    """The samples of embedded media as pyaaf2 and the standard library give them, little endian."""
    data = essence.open("r").read()
    if data[:4] == b"RIFF":
        with wave.open(io.BytesIO(data)) as file:
            return file.readframes(file.getnframes())
    if data[:4] == b"FORM":
        place = data.index(b"SSND")
        size = struct.unpack_from(">I", data, place + 4)[0] - 8
        return np.frombuffer(data[place + 16 : place + 16 + size], ">i2").astype("<i2").tobytes()
    return data


def their_clips(file: Any) -> list[tuple[Fraction, Fraction, str, Fraction]]:
    """Where clips play embedded media: (record in, duration, mob, place in the media), in seconds, by a walk with pyaaf2."""
    found = []
    for mob in file.content.toplevel():
        for slot in mob.slots:
            found += list(_their_slot(slot))
    return sorted(found)


def _their_slot(slot: Any) -> Iterator[tuple[Fraction, Fraction, str, Fraction]]:
    rate = Fraction(slot.edit_rate.numerator, slot.edit_rate.denominator) if hasattr(slot, "edit_rate") else Fraction(1)
    at = 0
    components = list(slot.segment.components) if isinstance(slot.segment, aaf2.components.Sequence) else [slot.segment]
    for item in components:
        if isinstance(item, aaf2.components.Transition):
            at -= item.length
            continue
        inner = item
        while isinstance(inner, aaf2.components.OperationGroup):
            inner = next(iter(inner.segments))
        if isinstance(inner, aaf2.components.SourceClip):
            place, mob = _their_file(inner, rate)
            if mob is not None:
                yield Fraction(at) / rate, Fraction(item.length) / rate, mob.mob_id.urn, place
        at += item.length


def _their_file(clip: Any, rate: Fraction) -> tuple[Fraction, Any]:
    place = Fraction(clip.start) / rate
    while clip.mob is not None:
        if isinstance(clip.mob, aaf2.mobs.SourceMob):
            return place, clip.mob
        slot = clip.slot
        clip = slot.segment.components[0] if isinstance(slot.segment, aaf2.components.Sequence) else slot.segment
        place += Fraction(clip.start) / Fraction(slot.edit_rate.numerator, slot.edit_rate.denominator)
    return place, None


# ------------------------------------------------------------------------------------------------------------ null test


@pytest.mark.parametrize("name", EMBEDDING)
def test_embedded_media_are_the_same_samples_as_pyaaf2_reads(corpus: Path, name: str) -> None:
    path = corpus / "aaf" / name
    with path.open("rb") as stream, aaf2.open(str(path), "r") as theirs:
        sounds = embedded(stream, Report())
        by_uid = {essence.mob_id.urn: their_sound(essence) for essence in theirs.content.essencedata}
        assert {sound.uid for sound in sounds} == set(by_uid)
        for sound in sounds:
            assert sound.essence is not None
            ours = b"".join(sound.essence.blocks())
            assert len(ours) > 10_000
            assert ours == by_uid[sound.uid][: len(ours)]
            rest = by_uid[sound.uid][len(ours) :]
            assert not any(rest), "sound was left behind"


@pytest.mark.parametrize("name", EMBEDDING[:3])
def test_embedded_media_sound_at_the_same_places(corpus: Path, name: str) -> None:
    path = corpus / "aaf" / name
    with aaf2.open(str(path), "r") as theirs, path.open("rb") as stream:
        inside = {essence.mob_id.urn: their_sound(essence) for essence in theirs.content.essencedata}
        expected = [clip for clip in their_clips(theirs) if clip[2] in inside]
        placed = [
            clip
            for timeline in opened(path).timelines
            for track in placed_tracks(timeline, "audio")
            for clip in track.clips
            if clip.media.embedded
        ]
        ours = sorted((clip.record_in, clip.duration, clip.media.uid, clip.source_in) for clip in placed)
        assert ours == expected
        assert ours
        sounds = {sound.uid: sound.essence for sound in embedded(stream, Report())}
        for record_in, duration, uid, source_in in expected:
            same_samples(sounds[uid], inside[uid], source_in, duration, str(record_in))


def same_samples(essence: Any, theirs: bytes, source_in: Fraction, duration: Fraction, seed: str) -> None:
    """200 places of a clip hold the same sample in both."""
    dice, width = random.Random(seed), essence.block_align
    first = int(source_in * essence.sample_rate)
    last = min(int((source_in + duration) * essence.sample_rate), essence.length_samples)
    for place in (first, last - 1, *(dice.randrange(first, last) for _ in range(200))):
        assert b"".join(essence.blocks(place, 1)) == theirs[place * width : (place + 1) * width]


# ----------------------------------------------------------------------------------------------------------- extraction


@pytest.mark.parametrize("name", EMBEDDING)
def test_embedded_media_come_out_as_wav_with_their_stamp(corpus: Path, tmp_path: Path, name: str) -> None:
    made = media_extract(corpus / "aaf" / name, tmp_path / "out")
    written = [row for row in made.rows if row.written]
    assert len(written) == 1
    facts = read_facts(written[0].written)
    assert facts.bext is not None and facts.ixml is not None
    assert facts.time_reference == round(written[0].start * facts.sample_rate)
    assert facts.ixml.timestamp_samples == facts.time_reference
    assert facts.length_samples == round(written[0].duration * facts.sample_rate)


def test_the_stamp_is_the_place_on_the_tape(corpus: Path, tmp_path: Path) -> None:
    made = media_extract(corpus / "aaf/otio/marker-over-audio.aaf", tmp_path)
    (row,) = made.rows
    assert row.start_timecode == "01:00:00:00"
    facts = read_facts(row.written)
    assert (facts.time_reference, facts.bits, facts.length_samples) == (172_800_000, 24, 480_000)
    assert facts.tape == "testmono24_tape"


def test_extracting_twice_writes_nothing_new_and_never_over_another_file(corpus: Path, tmp_path: Path) -> None:
    source = corpus / "aaf/libaaf/PT_PCM_Internal.aaf"
    first = media_extract(source, tmp_path).rows[0].written
    assert media_extract(source, tmp_path).rows[0].written == first
    assert [one.name for one in tmp_path.iterdir()] == [first.name]
    first.write_bytes(b"somebody else's")
    second = media_extract(source, tmp_path).rows[0].written
    assert second != first
    assert first.read_bytes() == b"somebody else's"
    assert read_facts(second).ixml.current_filename == second.name


def test_scene_take_and_note_of_the_bin_go_into_the_wav() -> None:
    essence = open_essence(io.BytesIO(b"\1\0" * 480), StatedSound(1, 48000, 16))
    sound = EmbeddedSound(
        "urn:1", "12A-3", 960, "sound", essence, start=Fraction(3600), rate=Fraction(24000, 1001), tape="A101",
        columns={"Scene": "12A", "Take": "3", "Comments": "hum"},
    )  # fmt: skip
    made = io.BytesIO()
    write_embedded(sound, made, "12A-3.wav")
    made.seek(0)
    facts = read_facts(made)
    assert (facts.scene, facts.take, facts.tape, facts.note) == ("12A", "3", "A101", "hum")
    assert facts.bext.description_fields["SCENE"] == "12A"
    assert facts.frame_rate == Fraction(24000, 1001)
    assert facts.time_reference == 172_800_000


def test_the_stamp_that_an_embedded_wav_carries_itself_is_kept() -> None:
    inner = io.BytesIO()
    write_wav(
        inner, sample_rate=48000, bits=24, channels=2, blocks=[bytes(600)], length_samples=100,
        bext=Bext(description="sSCENE=9\r\n", time_reference=77),
    )  # fmt: skip
    sound = EmbeddedSound("urn:2", "x", 0, "sound", open_essence(inner), start=Fraction(3600))
    made = io.BytesIO()
    write_embedded(sound, made, "x.wav")
    made.seek(0)
    facts = read_facts(made)
    assert (facts.time_reference, facts.channels, facts.scene) == (77, 2, "9")


# ----------------------------------------------------------------------------------------------------- ways of wrapping


def aiff(kind: bytes | None, bits: int, samples: bytes, frames: int, channels: int = 1) -> io.BytesIO:
    common = struct.pack(">hIh", channels, frames, bits) + bytes.fromhex("400ebb80000000000000")
    if kind is not None:
        common += kind + b"\4none\0"
    chunks = b"".join(
        name + struct.pack(">I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in ((b"COMM", common), (b"SSND", bytes(8) + samples))
    )
    return io.BytesIO(b"FORM" + struct.pack(">I", len(chunks) + 4) + (b"AIFF" if kind is None else b"AIFC") + chunks)


@pytest.mark.parametrize(
    ("kind", "bits", "stored", "expected", "floating"),
    [
        (None, 16, "0102fffe", "0201feff", False),
        (b"NONE", 24, "010203fffefd", "030201fdfeff", False),
        (b"twos", 16, "0102fffe", "0201feff", False),
        (b"sowt", 16, "0102fffe", "0102fffe", False),
        (b"in32", 32, "01020304fffefdfc", "04030201fcfdfeff", False),
        (b"fl32", 32, "3f800000bf800000", "0000803f000080bf", True),
        (None, 8, "00ff", "807f", False),
        (b"raw ", 8, "00ff", "00ff", False),
    ],
)
def test_every_plain_aiff_comes_out_as_a_wav_holds_it(
    kind: bytes | None, bits: int, stored: str, expected: str, floating: bool
) -> None:
    essence = open_essence(aiff(kind, bits, bytes.fromhex(stored), 2))
    assert (essence.sample_rate, essence.length_samples, essence.is_float) == (48000, 2, floating)
    assert b"".join(essence.blocks()).hex() == expected


def test_a_compressed_aiff_is_refused_in_words() -> None:
    with pytest.raises(MediaError, match="compressed"):
        open_essence(aiff(b"ima4", 16, bytes(34), 1))


def klv(key: str, value: bytes, long: bool = False) -> bytes:
    length = b"\x84" + struct.pack(">I", len(value)) if long or len(value) > 127 else bytes([len(value)])
    return bytes.fromhex(key) + length + value


HEADER_KEY = "060e2b34020501010d01020101020400"
SOUND_KEY = "060e2b34010201010d01030116010101"
OTHER_SOUND = "060e2b34010201010d01030116010102"
PICTURE_KEY = "060e2b34010201010d01030115010500"


def test_frame_wrapped_sound_of_an_mxf_is_joined_and_only_the_first_track_is_taken() -> None:
    frames = [bytes([number]) * 6 for number in range(1, 4)]
    body = b"".join(
        klv(PICTURE_KEY, b"picture") + klv(SOUND_KEY, frame, long=True) + klv(OTHER_SOUND, b"other!")
        for frame in frames
    )
    essence = open_essence(io.BytesIO(klv(HEADER_KEY, bytes(200)) + body), StatedSound(1, 48000, 16))
    assert (essence.container, essence.length_samples) == ("MXF", 9)
    assert b"".join(essence.blocks()) == b"".join(frames)
    assert b"".join(essence.blocks(2, 2)) == b"\1\1\2\2"


def test_an_mxf_without_plain_sound_is_refused() -> None:
    aes3 = "060e2b34010201010d01030116010301"
    for body in (klv(PICTURE_KEY, b"picture"), klv(aes3, b"blocks")):
        with pytest.raises(MediaError, match="without plain sound"):
            open_essence(io.BytesIO(klv(HEADER_KEY, bytes(8)) + body), StatedSound(1, 48000, 16))


def test_bare_samples_end_where_their_length_says() -> None:
    essence = open_essence(io.BytesIO(bytes(9000)), StatedSound(1, 48000, 24, length_samples=1000))
    assert essence.length_samples == 1000
    assert sum(map(len, essence.blocks())) == 3000


def test_a_stream_that_nothing_describes_is_refused() -> None:
    with pytest.raises(MediaError, match="nothing describes"):
        open_essence(io.BytesIO(bytes(100)))


# -------------------------------------------------------------------------------------------------------------- finding


def test_linked_media_are_found_beside_the_aaf_and_below_it(corpus: Path) -> None:
    folder = corpus / "aaf/libaaf"
    beside = media_find(folder / "PT_WAV_External_same_directory.aaf").rows[0]
    below = media_find(folder / "PT_WAV_External_sub_directory.aaf").rows[0]
    assert beside.found is not None and beside.found.path.name.startswith("PT_WAV_Exte")
    assert below.found is not None and below.found.path.parent.name == "PT_WAV_External_sub_directory"


def test_a_file_that_was_found_is_described_by_its_own_header(tmp_path: Path) -> None:
    reel = unpack_example(tmp_path / "edit").rename(tmp_path / "R1.fcpxml")  # whose writer does not see the sound
    convert(reel, tmp_path / "linked.aaf")
    [stated] = {row.media.bits for row in media_list(tmp_path / "linked.aaf").rows}
    [found] = {row.media.bits for row in media_find(tmp_path / "linked.aaf", search=[tmp_path / "edit"]).rows}
    assert (stated, found) == (24, 16)


def test_what_is_not_found_says_everywhere_it_was_looked_for(corpus: Path, tmp_path: Path) -> None:
    found = media_find(corpus / "aaf/libaaf/DR_Mono_Clip_Positioning.aaf", search=[tmp_path])
    missing = [row for row in found.rows if row.found is None]
    assert missing
    assert all(any("C:/Users" in place for place in row.tried) for row in missing)
    assert all(f"below {tmp_path}" in row.tried for row in missing)
    assert {loss.code for loss in found.report.of_level("loss")} >= {"media-missing"}


def test_found_media_are_copied_and_nothing_is_written_over(corpus: Path, tmp_path: Path) -> None:
    source = corpus / "aaf/libaaf/PT_WAV_External_same_directory.aaf"
    row = media_find(source, into=tmp_path).rows[0]
    assert row.written is not None and row.found is not None
    assert row.written.read_bytes() == row.found.path.read_bytes()
    assert media_find(source, into=tmp_path).rows[0].written == row.written


def test_a_renamed_recording_is_found_by_its_identity_and_by_its_stamp(tmp_path: Path) -> None:
    umid = bytes.fromhex("060a2b3401010105 01010f2013000000 00112233445566778899aabbccddeeff".replace(" ", ""))
    for name, stamp, identity in (("one.wav", 48_000, umid), ("two.wav", 96_000, b"")):
        with (tmp_path / name).open("wb") as file:
            write_wav(
                file, sample_rate=48000, bits=16, channels=1, blocks=[bytes(9600)], length_samples=4800,
                bext=Bext(time_reference=stamp, umid=identity, version=1),
            )  # fmt: skip
    index = SoundIndex([tmp_path])
    urn = "urn:smpte:umid:" + ".".join(umid.hex()[place : place + 8] for place in range(0, 64, 8))
    assert index.find(Recording(uid=urn)) == index.find(Recording(uid=urn, sample_rate=1))
    found = index.find(Recording(uid=urn))
    assert (found.path.name, found.how) == ("one.wav", IDENTITY)
    found = index.find(Recording(None, 48000, Fraction(2), Fraction(1, 10)))
    assert (found.path.name, found.how) == ("two.wav", STAMP)


def test_several_recordings_of_one_stamp_are_no_find(tmp_path: Path) -> None:
    for name in ("one.wav", "two.wav"):
        with (tmp_path / name).open("wb") as file:
            write_wav(
                file, sample_rate=48000, bits=16, blocks=[bytes(9600)], length_samples=4800, bext=Bext(time_reference=9)
            )
    answer = SoundIndex([tmp_path]).find(Recording(None, 48000, Fraction(9, 48000), Fraction(1, 10)))
    assert "2 files fit equally well" in answer.reason


# --------------------------------------------------------------------------------------------------------- command line


def test_the_list_names_each_file_once_with_its_clips(corpus: Path) -> None:
    listed = media_list(corpus / "aaf/libaaf/MC_Fades.aaf")
    urls = [row.url for row in listed.rows]
    assert len(set(urls)) == len(urls)
    assert sum(row.clips for row in listed.rows) >= len(listed.rows)
    assert not listed.report.of_level("loss")


def test_the_commands_print_json_with_all_fields(corpus: Path, tmp_path: Path) -> None:
    source = str(corpus / "aaf/libaaf/PR_WAV_Internal.aaf")
    for words in (["list", source], ["find", source], ["extract", source, "--into", str(tmp_path)]):
        done = CliRunner().invoke(main, ["media", *words, "--json"])
        assert done.exit_code == 0, done.output
        document = json.loads(done.stdout)
        assert document["schema"] == "postsync.media/1"
        assert [row["embedded"] for row in document["media"]] == [True]
        assert set(document["media"][0]) >= {
            "name",
            "url",
            "path",
            "found",
            "how",
            "tried",
            "written",
            "online",
            "clips",
        }


def test_the_list_of_another_format_reads_too(corpus: Path) -> None:
    path = next((corpus / "fcpxml").glob("*.fcpxml"))
    assert media_list(path).format == "fcpxml"


# ------------------------------------------------------------------------------------------------------------- turnover


@pytest.mark.parametrize("mode", ["copy", "embed", "link"])
@pytest.mark.parametrize("name", EMBEDDING[:3])
def test_embedded_sound_is_turned_over_and_sounds_as_it_did(corpus: Path, tmp_path: Path, name: str, mode: str) -> None:
    source = corpus / "aaf" / name
    made = turnover(source, tmp_path / "out", media=mode)
    assert made.media_missing == ()
    aaf = next(file.path for file in made.files if file.path.suffix == ".aaf")
    clip = next(
        clip
        for timeline in opened(source).timelines
        for track in placed_tracks(timeline, "audio")
        for clip in track.clips
    )
    with source.open("rb") as stream, Player(aaf) as player:
        essence = embedded(stream, Report())[0].essence
        assert essence is not None
        track = player.tracks[0]
        segment = track.segments[0]
        first = round(clip.source_in * essence.sample_rate)
        for place in (0, 1, 7, segment.length // 2, segment.length - 2):
            sound = player.sound_at(track, segment.start + place)
            assert sound is not None
            expected = b"".join(essence.blocks(first + place, 1)) or bytes(essence.block_align)
            assert player.bytes_of(sound) == expected
    assert not list((tmp_path / "out").glob(".*"))
