"""Writing WAVs: right from the first byte, and the header of a cut-out copy."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from postsync.errors import CannotWrite
from postsync.sound import (
    FORMAT_TAGS,
    Bext,
    CuePoint,
    WavFacts,
    channel_bytes,
    consolidated_metadata,
    marks_within,
    read_facts,
    summary,
    wav_header,
    write_wav,
)
from postsync.sound.ixml import parse_ixml

FMT = struct.pack("<HHIIHH", 1, 1, 48000, 144000, 3, 24)


def written(length: int = 10, *, bits: int = 24, bext: Bext | None = None, ixml: bytes | None = None) -> bytes:
    file = io.BytesIO()
    sound = [bytes(length * bits // 8)]
    size = write_wav(file, sample_rate=48000, bits=bits, blocks=sound, length_samples=length, bext=bext, ixml=ixml)
    assert size == len(file.getvalue())
    return file.getvalue()


def facts_of(content: bytes) -> WavFacts:
    return read_facts(io.BytesIO(content))


def copied(facts: WavFacts, start: int, count: int, channel: int, **given: Any) -> WavFacts:
    """Cut a mono copy out of a file and read it back."""
    cut = {"start_sample": start, "count": count, "channel": channel, "new_name": "new.wav"}
    bext, ixml = consolidated_metadata(facts, **cut, **given)
    file = io.BytesIO()
    write_wav(
        file,
        sample_rate=facts.sample_rate,
        bits=facts.bits,
        blocks=channel_bytes(facts, channel, start, count),
        length_samples=count,
        bext=bext,
        ixml=ixml,
    )
    return facts_of(file.getvalue())


# The file


@pytest.mark.parametrize("length", [0, 1, 2, 9])
def test_what_is_written_is_read_back(length: int) -> None:
    bext = Bext(
        "sSCENE=Tür\r\n", "postsync", "REF", "2024-02-03", "04:05:06", 2**33 + 5, 1, bytes(64), None, "A=PCM\r\n"
    )
    facts = facts_of(written(length, bext=bext, ixml=b"<BWFXML><TAKE>3</TAKE></BWFXML>"))
    assert facts.bext == bext
    assert (facts.length_samples, facts.time_reference, facts.scene, facts.take) == (length, 2**33 + 5, "Tür", "3")


def test_chunks_come_in_the_order_that_every_reader_likes() -> None:
    facts = facts_of(written(bext=Bext(), ixml=b"<BWFXML/>"))
    assert [chunk.id for chunk in facts.chunks] == ["JUNK", "bext", "iXML", "fmt ", "data"]


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("extra", ["", "x"])
def test_every_chunk_is_even_by_content(length: int, extra: str) -> None:
    content = written(length, bext=Bext(coding_history=extra), ixml=f"<BWFXML>{extra}</BWFXML>".encode())
    facts = facts_of(content)
    assert [chunk.size % 2 for chunk in facts.chunks[:-1]] == [0, 0, 0, 0]
    assert len(content) % 2 == 0
    assert struct.unpack("<I", content[4:8]) == (len(content) - 8,)


def test_the_reserve_is_as_long_as_the_header_of_a_big_file() -> None:
    small = wav_header(FMT, 3000, 1000, Bext(), b"<BWFXML/>")
    big = wav_header(FMT, 6 * 10**9, 2 * 10**9, Bext(), b"<BWFXML/>")
    assert len(small) == len(big)
    assert (small[:4], small[12:16], big[:4], big[12:16]) == (b"RIFF", b"JUNK", b"RF64", b"ds64")


def test_a_file_above_four_gigabytes_is_rf64(tmp_path: Path) -> None:
    length = 2 * 10**9
    path = tmp_path / "big.wav"
    with path.open("wb") as file:
        file.write(wav_header(FMT, length * 3, length, Bext(time_reference=7), None))
        file.truncate(file.tell() + length * 3)
    facts = read_facts(path)
    assert (facts.container, facts.length_samples, facts.time_reference) == ("RF64", length, 7)


def test_the_border_to_rf64_lies_below_four_gigabytes() -> None:
    around = len(wav_header(FMT, 0, 0, None, None)) - 8
    largest = 2**32 - 2**16 - around
    assert wav_header(FMT, largest, 0, None, None)[:4] == b"RIFF"
    assert wav_header(FMT, largest + 2, 0, None, None)[:4] == b"RF64"


@pytest.mark.parametrize("given", [9, 11])
def test_sound_of_another_length_than_announced_is_refused(given: int) -> None:
    with pytest.raises(CannotWrite, match="expected 30 bytes"):
        write_wav(io.BytesIO(), sample_rate=48000, bits=24, blocks=[bytes(3)] * given, length_samples=10)


@pytest.mark.parametrize(("bits", "float_samples"), [(12, False), (0, False), (64, False), (16, True), (24, True)])
def test_sound_that_no_wav_holds_is_refused(bits: int, float_samples: bool) -> None:
    with pytest.raises(CannotWrite, match="no WAV has such sound"):
        write_wav(io.BytesIO(), sample_rate=48000, bits=bits, blocks=[], length_samples=0, float_samples=float_samples)


def test_a_description_that_is_too_long_is_cut_between_letters() -> None:
    facts = facts_of(written(bext=Bext(description="ü" * 200, originator="x" * 40, date="2024-02-03T00")))
    assert facts.bext is not None
    assert (facts.bext.description, facts.bext.originator) == ("ü" * 128, "x" * 32)
    assert facts.bext.date == "2024-02-03"


def test_loudness_makes_it_version_two() -> None:
    facts = facts_of(written(bext=Bext(loudness=(-2300, 500, -100, -2000, -2100), version=1)))
    assert facts.bext is not None
    assert (facts.bext.version, facts.bext.loudness) == (2, (-2300, 500, -100, -2000, -2100))


def test_wavinfo_reads_what_we_write(tmp_path: Path) -> None:
    wavinfo = pytest.importorskip("wavinfo")
    path = tmp_path / "ours.wav"
    bext = Bext("Scene 1", "postsync", time_reference=172800000, coding_history="A=PCM\r\n")
    path.write_bytes(written(9, bext=bext, ixml=b"<BWFXML><SCENE>12A</SCENE></BWFXML> "))
    theirs = wavinfo.WavInfoReader(str(path))
    assert (theirs.fmt.bits_per_sample, theirs.data.frame_count) == (24, 9)
    assert (theirs.bext.time_reference, theirs.bext.description, theirs.ixml.scene) == (172800000, "Scene 1", "12A")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


@given(TEXTS, TEXTS, st.integers(0, 2**64 - 1), st.binary(max_size=80))
@settings(max_examples=100, deadline=1000)
def test_any_bext_can_be_written(text: str, history: str, stamp: int, umid: bytes) -> None:
    facts = facts_of(written(bext=Bext(description=text, coding_history=history, time_reference=stamp, umid=umid)))
    assert facts.bext is not None
    assert text.startswith(facts.bext.description)
    assert (facts.bext.coding_history, facts.time_reference) == (history, stamp)
    assert facts.bext.umid == umid[:64].ljust(64, b"\0")


# The header that an AAF quotes


def test_a_summary_is_the_header_alone_with_the_real_size() -> None:
    facts = facts_of(written(10))
    assert summary(facts) == b"RIFF" + struct.pack("<I", 66) + b"WAVEfmt \x10\0\0\0" + FMT + b"data\x1e\0\0\0"
    assert len(summary(facts)) == 44
    assert summary(facts, channels=2)[22:24] == b"\2\0"


def test_the_summary_of_float_has_two_bytes_more() -> None:
    file = io.BytesIO()
    write_wav(file, sample_rate=48000, bits=32, blocks=[bytes(8)], length_samples=2, float_samples=True)
    assert len(summary(facts_of(file.getvalue()))) == 46
    assert facts_of(file.getvalue()).is_float


# A copy of one channel


def test_the_stamp_moves_to_the_first_written_sample(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/sounddevices/A101_3.WAV")
    copy = copied(facts, 1000, 500, 2)
    assert copy.time_reference == 2191661476 + 1000
    assert copy.ixml is not None
    assert copy.ixml.timestamp_samples == 2191661476 + 1000
    assert copy.length_samples == 500


def test_a_copy_keeps_take_and_the_name_of_its_one_channel(corpus: Path) -> None:
    copy = copied(read_facts(corpus / "wav/sounddevices/A101_3.WAV"), 0, 10, 2)
    assert (copy.scene, copy.take, copy.tape, copy.frame_rate) == ("A101", "3", "18Y12M31", Fraction(24000, 1001))
    assert (copy.channels, copy.channel_name(1)) == (1, "Boom")
    assert copy.ixml is not None
    assert [(track.channel_index, track.interleave_index) for track in copy.ixml.tracks] == [(2, 1)]
    assert copy.bext is not None
    assert "TRK1" not in copy.bext.description_fields
    assert copy.bext.description_fields["TRK2"] == "Boom"


def test_a_copy_can_be_traced_to_its_original(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/sounddevices/A101_3.WAV")
    copy = copied(facts, 0, 10, 1)
    assert copy.ixml is not None
    assert copy.ixml.original_filename == "A101_3.WAV"
    assert copy.ixml.current_filename == "new.wav"
    assert copy.ixml.parent_uid == "USSDVGR1112089007124014008228301"
    assert copy.bext is not None
    assert copy.bext.originator == "Sound Dev: 702T S#GR1112089007"
    assert copy.bext.coding_history.splitlines() == [
        "A=PCM,F=48000,W=24,M=stereo,R=48000,T=2 Ch",
        "A=PCM,F=48000,W=24,M=mono,T=postsync",
    ]
    assert copy.bext.umid == bytes(64)


def test_a_parent_that_is_told_stays_the_parent(corpus: Path) -> None:
    copy = copied(read_facts(corpus / "wav/sounddevices/A101_1_1.WAV"), 5, 10, 1)
    assert copy.ixml is not None
    assert copy.ixml.parent_uid == "USSDVGR1112089007124001008206301"
    assert copy.ixml.original_filename == "A101_1_1.WAV"


def test_the_same_copy_has_the_same_identity_and_another_has_another(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/sounddevices/A101_3.WAV")
    ranges = [(0, 10, 1), (0, 10, 1), (1, 10, 1), (0, 11, 1), (0, 10, 2)]
    names = [copied(facts, *cut).ixml for cut in ranges]
    uids = [ixml.file_uid for ixml in names if ixml]
    assert uids[0] == uids[1]
    assert len(set(uids)) == 4
    assert facts.ixml is not None
    assert facts.ixml.file_uid not in uids


def test_pre_roll_is_counted_from_the_new_first_sample(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV")
    inside, behind = copied(facts, 80000, 10, 1).ixml, copied(facts, 480001, 10, 1).ixml
    assert inside is not None
    assert behind is not None
    assert (inside.pre_record_samples, inside.sync_points[0].position) == (400000, 400000)
    assert (behind.pre_record_samples, behind.sync_points) == (None, ())


def test_the_copy_of_bext_inside_ixml_goes_along(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV")
    _, ixml = consolidated_metadata(facts, start_sample=4, channel=1, new_name="new.wav")
    assert b"<BWF_TIME_REFERENCE_LOW>2354414960</BWF_TIME_REFERENCE_LOW>" in ixml
    assert b"-1940552340" not in ixml


def test_a_copy_carries_all_of_its_bext_inside_ixml_too(corpus: Path) -> None:
    for path in sorted((corpus / "wav").rglob("*.[wW][aA][vV]"))[:20]:
        facts = read_facts(path)
        bext, ixml = consolidated_metadata(facts, start_sample=9, channel=1, new_name="new.wav")
        mirrored = etree.fromstring(ixml).find("BEXT")
        low, high = (int(mirrored.findtext(f"BWF_TIME_REFERENCE_{word}")) for word in ("LOW", "HIGH"))
        assert high * 2**32 + low == bext.time_reference, path.name
        assert mirrored.findtext("BWF_ORIGINATOR_REFERENCE").split() == bext.originator_reference.split()
        assert mirrored.findtext("BWF_CODING_HISTORY").split() == bext.coding_history.split()
        assert (mirrored.findtext("BWF_VERSION"), set(mirrored.findtext("BWF_UMID"))) == ("1", {"0"})


def test_what_only_the_description_says_of_a_take_is_in_the_ixml_of_its_copy() -> None:
    said = "sSPEED=029.970-DF\r\nsSCENE=12A\r\nsTAKE=3\r\nsTAPE=SR7\r\nsNOTE=plane\r\nsCIRCLED=TRUE\r\nsTRK1=Boom\r\n"
    _, raw = consolidated_metadata(
        facts_of(written(10, bext=Bext(said, time_reference=5))), start_sample=2, channel=1, new_name="new.wav"
    )
    told = parse_ixml(raw)
    assert told is not None
    assert (told.scene, told.take, told.tape, told.note, told.circled) == ("12A", "3", "SR7", "plane", True)
    assert (told.timecode_rate, told.master_speed, told.timecode_flag) == (*(Fraction(30000, 1001),) * 2, "DF")
    assert (told.timestamp_samples, told.file_sample_rate) == (7, 48000)
    assert [track.name for track in told.tracks] == ["Boom"]


def test_mono_copies_of_one_file_are_a_family(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/nuendo/wavinfo Test Project - Audio - 5.1.wav")
    copies = [copied(facts, 0, 10, channel).ixml for channel in (1, 2)]
    assert len({one.family_uid for one in copies if one}) == 1
    assert len({one.file_uid for one in copies if one}) == 2
    assert all(b"TOTAL_FILES" not in one.raw for one in copies if one)


MARKS = (CuePoint(1, 100, "in", None, 50), CuePoint(2, 130, "ж", "note", None), CuePoint(3, 900, "late"))


@pytest.mark.parametrize("length", [999, 1000])
def test_cue_points_are_written_behind_the_sound_and_read_back(length: int) -> None:
    file = io.BytesIO()
    size = write_wav(file, sample_rate=48000, bits=24, blocks=[bytes(length * 3)], length_samples=length, marks=MARKS)
    assert size == len(file.getvalue())
    facts = facts_of(file.getvalue())
    assert facts.cue_points == MARKS
    assert [chunk.id for chunk in facts.chunks] == ["JUNK", "fmt ", "data", "cue ", "LIST"]
    assert int.from_bytes(file.getvalue()[4:8], "little") == size - 8


def test_a_part_keeps_the_cue_points_inside_it_counted_from_its_first_sample() -> None:
    assert marks_within(MARKS, 120, 500) == (CuePoint(1, 10, "ж", "note", None),)
    assert marks_within(MARKS, 100, 20) == (CuePoint(1, 0, "in", None, 20),)
    assert marks_within(MARKS, 200, 100) == ()


def test_wavinfo_reads_the_same_of_every_copy(corpus: Path, tmp_path: Path) -> None:
    wavinfo = pytest.importorskip("wavinfo")
    for number, path in enumerate(sorted((corpus / "wav").rglob("*.[wW][aA][vV]"))):
        facts = read_facts(path)
        if facts.format_tag not in FORMAT_TAGS or facts.length_samples < 20:
            continue
        bext, ixml = consolidated_metadata(facts, start_sample=5, channel=1, new_name="new.wav")
        copy = tmp_path / f"{number}.wav"
        with copy.open("wb") as file:
            write_wav(
                file, sample_rate=facts.sample_rate, bits=facts.bytes_per_sample * 8, length_samples=11, bext=bext, ixml=ixml,
                blocks=channel_bytes(facts, 1, 5, 11), float_samples=facts.is_float,
                marks=marks_within(facts.cue_points, 5, 11),
            )  # fmt: skip
        ours, theirs = read_facts(copy), wavinfo.WavInfoReader(str(copy), bext_encoding="utf-8")
        assert theirs.bext.time_reference == ours.time_reference == (facts.time_reference or 0) + 5, path.name
        assert (theirs.ixml.scene, theirs.ixml.take, theirs.ixml.tape) == (facts.scene, facts.take, facts.tape), (
            path.name
        )
        assert (theirs.data.frame_count, theirs.fmt.channel_count) == (11, 1)
        assert [track.name for track in theirs.ixml.track_list] == [facts.channel_name(1) or ""], path.name


def test_nuendos_range_of_the_whole_file_is_not_carried_into_a_part(corpus: Path) -> None:
    copy = copied(read_facts(corpus / "wav/nuendo/wavinfo Test Project - Audio - 5.1.wav"), 0, 10, 3)
    assert copy.ixml is not None
    assert "MediaStartTime" not in copy.ixml.steinberg
    assert copy.ixml.steinberg["ProgramName"] == "Nuendo"
    assert [track.function for track in copy.ixml.tracks] == ["C-5.1"]
    assert copy.bext is not None
    assert (copy.bext.version, copy.bext.loudness) == (1, None)


def test_a_file_without_bext_gets_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "plain.wav"
    path.write_bytes(written(10))
    copy = copied(read_facts(path), 4, 2, 1, created=datetime(2024, 2, 3, 4, 5, 6), time_reference=172800000)  # noqa: DTZ001
    assert copy.bext is not None
    assert (copy.bext.originator, copy.bext.date, copy.bext.time) == ("postsync", "2024-02-03", "04:05:06")
    assert copy.time_reference == 172800000
    assert copy.ixml is not None
    assert copy.ixml.original_filename == "plain.wav"
    assert copy.ixml.file_uid == copy.bext.originator_reference


def test_nothing_is_dated_unless_a_date_is_given() -> None:
    bext, _ = consolidated_metadata(facts_of(written(10)), start_sample=0, channel=1, new_name="new.wav")
    assert (bext.date, bext.time) == ("", "")


def test_a_copy_that_begins_before_midnight_is_stamped_zero() -> None:
    bext, _ = consolidated_metadata(facts_of(written(10)), start_sample=-5, channel=1, new_name="new.wav")
    assert bext.time_reference == 0


def test_names_that_xml_cannot_hold_lose_only_their_odd_letters() -> None:
    _, ixml = consolidated_metadata(facts_of(written(10)), start_sample=0, channel=1, new_name="a\x01b\ud800c.wav")
    assert b"<CURRENT_FILENAME>abc.wav</CURRENT_FILENAME>" in ixml
