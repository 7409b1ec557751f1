"""Reading WAV headers: what the recorders of the corpus wrote, and files that broke other readers."""

from __future__ import annotations

import io
import struct
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.errors import MediaError
from postsync.report import Report
from postsync.sound import Bext, WavFacts, read_facts

FMT = struct.pack("<HHIIHH", 1, 1, 48000, 144000, 3, 24)
SOUND = bytes(range(30))


def chunk(name: bytes, content: bytes, *, size: int | None = None) -> bytes:
    return struct.pack("<4sI", name, len(content) if size is None else size) + content + b"\0" * (len(content) % 2)


def riff(*chunks: bytes, size: int | None = None, kind: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return struct.pack("<4sI", kind, len(body) if size is None else size) + body


def bext(description: bytes = b"", *, stamp: int = 0, version: int = 1, rest: bytes = b"") -> bytes:
    return struct.pack("<256s32s32s10s8sQH254x", description, b"Rec", b"", b"", b"", stamp, version) + rest


def ixml(inside: str) -> bytes:
    return f"<?xml version='1.0' encoding='UTF-8'?><BWFXML>{inside}</BWFXML>".encode()


def facts_of(content: bytes, report: Report | None = None) -> WavFacts:
    return read_facts(io.BytesIO(content), report)


def repairs(content: bytes) -> list[str]:
    report = Report()
    facts_of(content, report)
    return [loss.facts["what"] for loss in report if loss.code == "wav-repaired"]


# The corpus


@pytest.mark.parametrize(
    ("name", "stamp", "scene", "take", "tape", "rate"),
    [
        ("metacorder/Sr001-001-06_01.WAV", 2350375830, "001", "06", "Sr001", Fraction(25)),
        ("metacorder/Sr001-2C-01_02.WAV", 2354414956, "2C", "01", "Sr001", Fraction(25)),
        ("sounddevices/A101_1_1.WAV", 2190940753, "A101", "1", "18Y12M31", Fraction(24000, 1001)),
        ("sounddevices/A101_3.WAV", 2191661476, "A101", "3", "18Y12M31", Fraction(24000, 1001)),
        ("protools/PT A101_4.A1.wav", 2191709524, "A101", "4", "18Y12M31", Fraction(24000, 1001)),
        ("nuendo/wavinfo Test Project - Audio - Mono.wav", 172800000, None, None, None, Fraction(24)),
    ],
)
def test_a_recorders_stamp_and_take_are_read(
    corpus: Path, name: str, stamp: int, scene: str | None, take: str | None, tape: str | None, rate: Fraction
) -> None:
    facts = read_facts(corpus / "wav" / name)
    assert (facts.time_reference, facts.stamped) == (stamp, True)
    assert (facts.scene, facts.take, facts.tape, facts.frame_rate) == (scene, take, tape, rate)


def test_the_stamp_of_sound_devices_is_the_timecode_of_its_own_report(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/sounddevices/A101_1_1.WAV")
    assert facts.time_reference is not None
    assert facts.frame_rate is not None
    frames, beside = divmod(facts.time_reference * facts.frame_rate / facts.sample_rate, 1)
    assert (frames, beside / facts.frame_rate * facts.sample_rate) == (1094376, 1)


def test_a_missing_last_pad_byte_costs_nothing(corpus: Path) -> None:
    report = Report()
    facts = read_facts(corpus / "wav/sounddevices/A101_1_1.WAV", report)
    assert facts.data_offset + facts.data_size == (corpus / "wav/sounddevices/A101_1_1.WAV").stat().st_size
    assert (facts.data_size, facts.length_samples, len(report)) == (720717, 240239, 0)


def test_chunks_behind_the_sound_are_found(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV")
    assert [part.id for part in facts.chunks] == ["bext", "fmt ", "data", "iXML", "iXTC"]
    assert facts.note == "Tail Slate Cloth noise"


def test_garbage_behind_the_first_nul_is_not_text(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV")
    assert facts.bext is not None
    assert facts.bext.originator == "Metacorder Demo"
    assert facts.bext.coding_history == ""
    assert facts.bext.description_fields == {
        "SCENE": "2C",
        "TAKE": "01",
        "TAPE": "Sr001",
        "NOTE": "Tail Slate Cloth noise",
        "UBITS": "00000000",
    }


def test_metacorders_signed_low_word_is_taken_modulo(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV")
    assert facts.ixml is not None
    assert facts.ixml.timestamp_samples == 2354414956


def test_ten_seconds_of_pre_roll_are_read(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV")
    assert facts.ixml is not None
    assert facts.ixml.pre_record_samples == 480000
    assert [(point.kind, point.position) for point in facts.ixml.sync_points] == [("RELATIVE", 480000)]


def test_files_of_one_take_share_a_family(corpus: Path) -> None:
    files = [read_facts(corpus / f"wav/metacorder/Sr001-2C-01_0{number}.WAV") for number in (1, 2)]
    assert {file.ixml.family_uid for file in files if file.ixml} == {"1360855285"}
    assert [file.channel_name(1) for file in files] == ["Boom", "Lav Georgie"]


def test_circled_is_read_in_any_state(corpus: Path) -> None:
    assert read_facts(corpus / "wav/metacorder/Sr001-2C-01_01.WAV").circled is False
    assert read_facts(corpus / "wav/sounddevices/A101_3.WAV").circled is None


def test_a_poly_file_names_its_channels(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/sounddevices/A101_3.WAV")
    assert [facts.channel_name(channel) for channel in (1, 2, 3)] == ["MKH516 A", "Boom", None]


def test_pro_tools_leaves_a_stale_ixml_and_stamps_the_region(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/protools/PT A101_4.A1.wav")
    assert facts.ixml is not None
    assert facts.ixml.current_filename == "A101_4.WAV"
    region = facts.regions[0]
    assert (region.length, region.user_stamp, region.original_stamp) == (144140, 0, 2191709524)
    assert region.name == "PT A101_4.A1.wav"


def test_nuendo_is_extensible_and_measures_loudness(corpus: Path) -> None:
    facts = read_facts(corpus / "wav/nuendo/wavinfo Test Project - Audio - 5.1.wav")
    assert (facts.format_tag, facts.channels, facts.bits, facts.length_samples) == (1, 6, 24, 48000)
    assert facts.bext is not None
    assert (facts.bext.version, facts.bext.loudness) == (2, (-8000, 0, -12000, -8000, -8000))
    assert facts.ixml is not None
    assert facts.ixml.steinberg["MediaStartTime"] == "3600.0"
    assert [track.function for track in facts.ixml.tracks][:2] == ["L-5.1", "R-5.1"]


def test_cues_of_izotope_come_with_label_note_and_length(corpus: Path) -> None:
    cues = read_facts(corpus / "wav/cue_chunks/izotoperx_cues_test.wav").cue_points
    assert [(cue.position, cue.label, cue.length) for cue in cues] == [
        (1000, "Marker 1", None),
        (5000, "Marker 2", 5000),
        (10000, "Marker 3", 10000),
    ]
    assert cues[1].note == "Marker Comment 1"
    assert cues[2].note is not None
    assert cues[2].note.startswith("Лорем ипсум")


def test_wavinfo_reads_the_same(corpus: Path) -> None:
    wavinfo = pytest.importorskip("wavinfo")
    for path in sorted(path for path in (corpus / "wav").rglob("*") if path.suffix.lower() == ".wav"):
        ours, theirs = read_facts(path), wavinfo.WavInfoReader(str(path))
        assert (ours.channels, ours.sample_rate) == (theirs.fmt.channel_count, theirs.fmt.sample_rate)
        assert ours.length_samples == theirs.data.frame_count
        assert (ours.bext is None, ours.ixml is None) == (theirs.bext is None, theirs.ixml is None)
        if ours.bext is not None:
            assert (ours.bext.time_reference, ours.bext.version) == (theirs.bext.time_reference, theirs.bext.version)
            for mine, other in (
                ("description", "description"), ("originator", "originator"), ("date", "originator_date"),
                ("originator_reference", "originator_ref"), ("time", "originator_time"), ("coding_history", "coding_history"),
            ):  # fmt: skip
                assert getattr(ours.bext, mine) == getattr(theirs.bext, other).split("\0")[0], (path.name, mine)
        if ours.ixml is not None:
            for name in ("project", "scene", "take", "tape", "family_uid", "family_name"):
                if hasattr(ours.ixml, name):
                    assert (getattr(ours.ixml, name) or "") == (getattr(theirs.ixml, name) or "").strip(), (
                        path.name,
                        name,
                    )
            names = [(track.name or "", track.channel_index) for track in ours.ixml.tracks]
            assert names == [(one.name or "", int(one.channel_index or 0) or None) for one in theirs.ixml.track_list]
        cues = {cue.name: cue.sample_offset for cue in theirs.cues.cues} if theirs.cues and theirs.cues.cues else {}
        assert {cue.id: cue.position for cue in ours.cue_points} == cues


# Containers


def test_an_unfinished_recording_runs_to_the_end_of_the_file() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND, size=0), size=0)
    assert facts_of(content).length_samples == 10
    assert repairs(content) == ["data was never closed: read to the end of the file"]


def test_sizes_of_all_ones_in_a_plain_riff_run_to_the_end_of_the_file() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND, size=0xFFFFFFFF), size=0xFFFFFFFF)
    assert facts_of(content).length_samples == 10


def test_an_empty_recording_is_empty() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"data", b""), chunk(b"iXML", ixml("<SCENE>1</SCENE>")))
    facts = facts_of(content)
    assert (facts.length_samples, facts.scene, repairs(content)) == (0, "1", [])


def test_a_wrong_riff_size_is_not_believed() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND), chunk(b"bext", bext(stamp=7)), size=40)
    assert facts_of(content).time_reference == 7


def test_sound_that_was_cut_off_is_as_long_as_what_is_there() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND, size=3000))
    assert facts_of(content).length_samples == 10
    assert repairs(content) == ["data is cut short: 3000 bytes stated, 30 there"]


def test_a_forgotten_pad_byte_in_the_middle_is_read_past() -> None:
    odd = struct.pack("<4sI", b"PAD ", 3) + b"abc"
    content = riff(chunk(b"fmt ", FMT), odd, chunk(b"data", SOUND))
    assert facts_of(content).length_samples == 10
    assert "pad byte missing" in repairs(content)[0]


def test_of_two_bext_the_first_wins() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(stamp=5)), chunk(b"bext", bext(stamp=6)))
    assert facts_of(content).time_reference == 5


def test_a_header_need_not_lie_in_the_first_kilobytes() -> None:
    content = riff(chunk(b"PAD ", bytes(124664)), chunk(b"fmt ", FMT), chunk(b"data", SOUND))
    assert facts_of(content).data_offset == 124664 + 8 + 12 + 24 + 8


@pytest.mark.parametrize("kind", [b"RF64", b"BW64"])
def test_a_six_gigabyte_file_opens_at_once(tmp_path: Path, kind: bytes) -> None:
    data_size = 6 * 10**9
    name = chunk(b"iXML", ixml("<SCENE>42</SCENE>"))
    ds64 = chunk(b"ds64", struct.pack("<QQQI", data_size + 80 + len(name), data_size, data_size // 3, 0))
    head = riff(ds64, chunk(b"fmt ", FMT), struct.pack("<4sI", b"data", 0xFFFFFFFF), size=0xFFFFFFFF, kind=kind)
    path = tmp_path / "big.wav"
    with path.open("wb") as file:
        file.write(head)
        file.seek(data_size, 1)
        file.write(name)
    begun = time.perf_counter()
    facts = read_facts(path)
    assert time.perf_counter() - begun < 0.5
    assert (facts.container, facts.data_size, facts.length_samples) == (kind.decode(), data_size, 2 * 10**9)
    assert facts.scene == "42"


def test_ds64_holds_the_sizes_of_other_chunks_too() -> None:
    ds64 = struct.pack("<QQQI", 0, 30, 10, 2) + struct.pack("<4sQ4sQ", b"axml", 4, b"bext", 602)
    content = riff(
        chunk(b"ds64", ds64),
        chunk(b"axml", b"adm!", size=0xFFFFFFFF),
        chunk(b"bext", bext(stamp=9), size=0xFFFFFFFF),
        chunk(b"fmt ", FMT),
        chunk(b"data", SOUND, size=0xFFFFFFFF),
        kind=b"RF64",
    )
    facts = facts_of(content)
    assert [(part.id, part.size) for part in facts.chunks][1:] == [
        ("axml", 4),
        ("bext", 602),
        ("fmt ", 16),
        ("data", 30),
    ]
    assert facts.time_reference == 9


def test_lying_sizes_ask_for_no_memory() -> None:
    lies = [struct.pack("<4sI", name, 0xFFFFFFF0) for name in (b"bext", b"iXML", b"cue ", b"LIST", b"regn")]
    for lie in lies:
        assert facts_of(riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND), lie)).length_samples == 10
    cues = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<II4sIII", 1, 0, b"data", 0, 0, 77)
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND), chunk(b"cue ", cues)))
    assert [cue.position for cue in facts.cue_points] == [77]


def test_a_file_of_nothing_but_empty_chunks_ends() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"JUNK", b"") * 100_000)
    assert len(facts_of(content).chunks) == 4096


def test_small_letters_of_zoom_are_a_list_all_the_same() -> None:
    cues = struct.pack("<III4sIII", 1, 3, 0, b"data", 0, 0, 1200)
    label = b"adtl" + chunk(b"labl", struct.pack("<I", 3) + b"Caf\xe9\0")
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND), chunk(b"cue ", cues), chunk(b"list", label)))
    assert [(cue.position, cue.label) for cue in facts.cue_points] == [(1200, "Café")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"RIFX\0\0\0\0WAVE",
        b"RIFF\4\0\0\0AVI ",
        b"FORM\0\0\0\0AIFF",
        b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb",
    ],
)
def test_what_is_no_wav_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not.wav"
    path.write_bytes(content)
    with pytest.raises(MediaError) as refused:
        read_facts(path)
    assert refused.value.path == str(path)
    assert str(refused.value).startswith(f"{path}: not a WAV file, expected RIFF")


def test_a_missing_file_and_a_folder_are_media_errors(tmp_path: Path) -> None:
    for path in (tmp_path / "no.wav", tmp_path):
        with pytest.raises(MediaError, match="cannot be read"):
            read_facts(path)


@pytest.mark.parametrize("fmt", [b"", FMT[:8], struct.pack("<HHIIHH", 1, 0, 48000, 0, 0, 24), bytes(16)])
def test_a_file_that_does_not_describe_its_sound_is_refused(fmt: bytes) -> None:
    with pytest.raises(MediaError):
        facts_of(riff(chunk(b"fmt ", fmt), chunk(b"data", SOUND)))


# fmt


def test_zeros_behind_the_sixteen_bytes_of_pro_tools_change_nothing() -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT + bytes(24)), chunk(b"data", SOUND)))
    assert (facts.format_tag, facts.bits) == (1, 24)


def test_extensible_float_is_float() -> None:
    fmt = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 48000, 192000, 4, 32, 22, 32, 0) + b"\3\0" + bytes(14)
    assert facts_of(riff(chunk(b"fmt ", fmt), chunk(b"data", bytes(8)))).is_float


def test_an_impossible_block_is_made_from_channels_and_bits() -> None:
    fmt = struct.pack("<HHIIHH", 1, 2, 48000, 0, 0, 24)
    content = riff(chunk(b"fmt ", fmt), chunk(b"data", SOUND))
    assert (facts_of(content).block_align, facts_of(content).length_samples) == (6, 5)
    assert repairs(content) == ["block of 0 bytes for 2 channels of 24 bits"]


def test_compressed_sound_is_as_long_as_its_fact_says() -> None:
    fmt = struct.pack("<HHIIHH", 0x55, 1, 48000, 16000, 1, 0)
    facts = facts_of(riff(chunk(b"fmt ", fmt), chunk(b"fact", struct.pack("<I", 48000)), chunk(b"data", SOUND)))
    assert (facts.format_tag, facts.length_samples) == (0x55, 48000)


# bext


@pytest.mark.parametrize(
    ("raw", "text"), [("Tür".encode(), "Tür"), ("Tür".encode("latin-1"), "Tür"), (b"a\0\xff\xfe", "a")]
)
def test_bext_text_is_read_in_any_encoding(raw: bytes, text: str) -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(raw))))
    assert facts.bext is not None
    assert facts.bext.description == text


@pytest.mark.parametrize(("length", "stamp"), [(346, 77), (345, None), (100, None), (0, None)])
def test_a_short_bext_is_read_as_far_as_it_goes(length: int, stamp: int | None) -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(b"sSCENE=9", stamp=77)[:length])))
    assert facts.bext is not None
    assert facts.bext.time_reference == stamp
    assert facts.scene == ("9" if length else None)


@pytest.mark.parametrize("letter", ["s", "d", "g", "i", ""])
def test_every_recorders_letter_before_a_key_is_known(letter: str) -> None:
    keys = ("SCENE=12A", "TAKE=3", "SPEED=029.970-DF", "CIRCLED=TRUE", "TR1=Boom")
    lines = "".join(f"{letter}{key}\r\n" for key in keys)
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(lines.encode()))))
    assert (facts.scene, facts.take, facts.circled, facts.channel_name(1)) == ("12A", "3", True, "Boom")
    assert facts.frame_rate == Fraction(30000, 1001)


def test_a_mono_split_keeps_the_name_of_its_channel() -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(b"sTRK2=Boom\r\n"))))
    assert facts.channel_name(1) == "Boom"


def test_loudness_is_there_from_version_two_on() -> None:
    facts = [facts_of(riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(version=version)))).bext for version in (1, 2)]
    assert [record.loudness for record in facts if record] == [None, (0, 0, 0, 0, 0)]


# Time stamps


def test_a_stamp_of_zero_is_kept_and_is_no_stamp() -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(stamp=0))))
    assert (facts.time_reference, facts.stamped) == (0, False)


def test_without_bext_and_ixml_there_is_no_stamp() -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND)))
    assert (facts.time_reference, facts.stamped, facts.scene, facts.circled) == (None, False, None, None)


def test_ixml_stamps_a_file_whose_bext_does_not() -> None:
    words = (
        "<SPEED><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>1</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        "<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>2</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO></SPEED>"
    )
    for extra in ([], [chunk(b"bext", bext(stamp=0))]):
        facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", ixml(words)), *extra))
        assert facts.time_reference == 2**32 + 2


def test_a_stamp_counted_at_another_rate_is_counted_at_the_files() -> None:
    words = (
        "<SPEED><TIMESTAMP_SAMPLE_RATE>96000</TIMESTAMP_SAMPLE_RATE>"
        "<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>1001</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO></SPEED>"
    )
    assert facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", ixml(words)))).time_reference == 501


def test_stamps_that_disagree_are_told_and_bext_is_believed() -> None:
    words = "<BEXT><BWF_TIME_REFERENCE_LOW>5</BWF_TIME_REFERENCE_LOW></BEXT>"
    report = Report()
    told = [chunk(b"bext", bext(stamp=6)), chunk(b"iXML", ixml(words))]
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"data", SOUND), *told), report)
    assert facts.time_reference == 6
    assert [loss.sentence() for loss in report] == ["time stamps disagree (iXML 5 against bext 6)"]


# iXML


def test_ixml_beats_the_description() -> None:
    facts = facts_of(
        riff(
            chunk(b"fmt ", FMT),
            chunk(b"bext", bext(b"sSCENE=old\nsTAKE=1")),
            chunk(b"iXML", ixml("<SCENE>new</SCENE>")),
        )
    )
    assert (facts.scene, facts.take) == ("new", "1")


@pytest.mark.parametrize("pad", [b"\0" * 3889, b" " * 500, b"\0"])
def test_padding_round_ixml_is_no_matter(pad: bytes) -> None:
    for content in (ixml("<SCENE>Tür</SCENE>") + pad, pad + ixml("<SCENE>Tür</SCENE>")):
        assert facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", content))).scene == "Tür"


@pytest.mark.parametrize("content", [b"", b"\0" * 4000, b"   ", b"no xml at all", b"<", b"<?xml?>"])
def test_an_ixml_without_xml_says_nothing(content: bytes) -> None:
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", content)))
    assert facts.ixml is None or facts.ixml.scene is None


def test_a_torn_ixml_gives_what_came_before_the_tear() -> None:
    content = ixml("<SCENE>12A</SCENE><TAKE>3</TAKE>")[:-12]
    assert facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", content))).scene == "12A"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_ixml_in_the_wrong_encoding_is_read(encoding: str) -> None:
    content = "<?xml version='1.0' encoding='UTF-8'?><BWFXML><SCENE>Tür</SCENE></BWFXML>".encode(encoding)
    assert facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", content))).scene == "Tür"


def test_entities_of_an_ixml_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE BWFXML [<!ENTITY l0 "lol">{laughs}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    content = f"{head}<BWFXML><SCENE>a&l11;</SCENE><TAKE>&file;</TAKE></BWFXML>".encode()
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", content)))
    assert "secret" not in (facts.take or "")
    assert len(facts.scene or "") < 10


def test_take_types_of_both_ages_are_one_list() -> None:
    inside = "<TAKE_TYPE>PICKUP, no_good</TAKE_TYPE><WILD_TRACK>true</WILD_TRACK><FALSE_START>FALSE</FALSE_START>"
    facts = facts_of(riff(chunk(b"fmt ", FMT), chunk(b"iXML", ixml(inside))))
    assert facts.ixml is not None
    assert facts.ixml.take_types == ("PICKUP", "NO_GOOD", "WILD_TRACK")


@pytest.mark.parametrize(
    ("text", "rate"),
    [("24000/1001", Fraction(24000, 1001)), ("25/1", Fraction(25)), ("23.98", Fraction(24000, 1001)), ("24/0", None)],
)
def test_rates_are_exact_however_they_are_written(text: str, rate: Fraction | None) -> None:
    facts = facts_of(
        riff(chunk(b"fmt ", FMT), chunk(b"iXML", ixml(f"<SPEED><MASTER_SPEED>{text}</MASTER_SPEED></SPEED>")))
    )
    assert facts.frame_rate == rate


def test_facts_compare_by_what_they_say() -> None:
    content = riff(chunk(b"fmt ", FMT), chunk(b"bext", bext(b"sSCENE=1", stamp=4)), chunk(b"data", SOUND))
    assert facts_of(content) == facts_of(content)
    assert isinstance(facts_of(content).bext, Bext)


# Anything at all

WHOLE = riff(
    chunk(b"ds64", struct.pack("<QQQI", 0, 30, 10, 0)),
    chunk(b"bext", bext(b"sSCENE=1\r\nsTRK1=Boom", stamp=99, rest=b"A=PCM\r\n")),
    chunk(
        b"iXML",
        ixml("<SCENE>1</SCENE><SPEED><MASTER_SPEED>25/1</MASTER_SPEED></SPEED><TRACK_LIST><TRACK/></TRACK_LIST>"),
    ),
    chunk(b"fmt ", FMT),
    chunk(b"data", SOUND),
    chunk(b"cue ", struct.pack("<III4sIII", 1, 1, 0, b"data", 0, 0, 5)),
    chunk(b"LIST", b"adtl" + chunk(b"labl", b"\1\0\0\0Mark\0")),
    chunk(b"regn", bytes(92)),
)


def read_or_refuse(content: bytes) -> None:
    try:
        facts = facts_of(content, Report())
    except MediaError:
        return
    assert 0 <= facts.data_size <= len(content)
    assert facts.block_align >= facts.channels >= 1
    _ = (facts.scene, facts.take, facts.circled, facts.frame_rate, facts.channel_name(1), facts.stamped)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=1000)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)
    read_or_refuse(b"RIFF\0\0\0\0WAVE" + chunk(b"fmt ", FMT) + content)
    read_or_refuse(riff(chunk(b"fmt ", FMT), chunk(b"iXML", content), chunk(b"bext", content)))


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12), st.integers(0, len(WHOLE))
)
@settings(max_examples=300, deadline=1000)
def test_a_damaged_file_is_read_or_refused(damage: list[tuple[int, int]], end: int) -> None:
    content = bytearray(WHOLE)
    for at, value in damage:
        content[at] = value
    read_or_refuse(bytes(content))
    read_or_refuse(bytes(content[:end]))


@given(
    st.integers(0, 2**32 - 1), st.sampled_from([b"ds64", b"bext", b"iXML", b"fmt ", b"data", b"cue ", b"LIST", b"regn"])
)
@settings(max_examples=200, deadline=1000)
def test_no_size_can_do_harm(size: int, name: bytes) -> None:
    content = bytearray(WHOLE)
    at = content.index(name) + 4
    content[at : at + 4] = struct.pack("<I", size)
    read_or_refuse(bytes(content))
