"""The list itself: every line of every real list is known or kept, and written again it is the same text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.formats import decode_text
from postsync.report import Report
from postsync_adapters.edl import EditList, Event, parse_bytes, parse_text, split_list

COUNTS = {  # counted with grep
    "pycmx/TEST.edl": {"event": 148, "from_clip": 117, "patch": 103, "mix": 27},
    "EDL_tools/GT3001 MASTER LOCK 11242020 EDL with Locators.edl": {"event": 830, "locator": 24, "source_table": 342},
    "edl_conversion/Cory Carson_S3_Main Product Preview_V6_80234732_DIA.edl": {"event": 42, "level": 120, "audio": 11},
    "otio-cmx3600-adapter/speed_effects.edl": {"event": 548, "speed": 17},
    "guerilla-di-edl/TRAILER_EDL.edl": {"event": 38, "fcp_reel": 11, "generator": 8},
    "tk-framework-editorial/MessyTL_clean.EDL": {"event": 11, "autodesk": 7, "unsupported": 8},
    "sg-otio/scan_request_test.edl": {"event": 4, "asc_sop": 4, "asc_sat": 4},
    "EDL_tools/gt4005_vfxMarkers_01.edl": {"locator": 43},
    "sg-otio/pxy5.edl": {"event": 2, "fcm": 2},
    "edl-genius/070816_EG101_HEISTS_ROUGH_CUT_SOURCES_PART 1.edl": {"event": 590, "fcm": 101},
}

LINES = {
    "001  A001     V     C        01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00": ("A001", "V", "C", ""),
    "001 007    V    C         15:48:17:06 15:48:18:15 01:01:02:17 01:01:04:02": ("007", "V", "C", ""),
    "002        AX V     K B      00:01:06:06 00:01:08:03 01:00:04:10 01:00:06:07  ": ("AX", "V", "K B", ""),
    "002        AX V     K    000 00:00:03:08 00:00:03:08 01:00:04:10 01:00:04:10": ("AX", "V", "K", "000"),
    "005  EVL1_HEI V      008 00:01:01:10 00:01:01:20 01:00:03:01 01:00:03:11": ("EVL1_HEI", "V", "", "008"),
    "007  BL       AA    W001 025 00:00:00:00 00:00:10:20 00:01:59:01 00:02:10:21": ("BL", "AA", "W001", "025"),
    "001  AX       AA/V  C        00:00:00:00 00:56:55:22 00:00:00:00 00:56:55:22": ("AX", "AA/V", "C", ""),
    "1 MY REEL 2 A12 D (012) 01;00;00;00 01;00;01;00 10:00:00;00 10:00:01;00": ("MY REEL 2", "A12", "D", "(012)"),
    "001  AX       V     C        1009        1064        00:00:00:00 00:00:02:07": ("AX", "V", "C", ""),
    "000004  C_0022C003_241016_092821_h1F4X V     C        09:33:31:12 09:33:33:14 01:00:06:20 01:00:08:22": (
        "C_0022C003_241016_092821_h1F4X", "V", "C", ""
    ),
    "004  V C 01:00:00:000 01:00:01:119 10:00:00:000 10:00:01:119": ("", "V", "C", ""),
    "009  REEL  V2A5  C  01:00:00:00 xx:00:01:00 10:00:00:00 10:00:01:00": ("REEL", "V2A5", "C", ""),
}  # fmt: skip


def edls(corpus: Path) -> list[Path]:
    return sorted(path for path in corpus.rglob("*") if path.suffix.lower() == ".edl")


def words(text: str) -> list[str]:
    return text.replace("\0", " ").replace("\x1a", " ").split()


@pytest.mark.parametrize("line", LINES)
def test_an_event_line_is_read_whoever_wrote_it(line: str) -> None:
    (event,) = parse_text(line).events
    assert (event.reel, event.channels, event.transition, event.duration) == LINES[line]


@pytest.mark.parametrize("name", COUNTS)
def test_the_lines_of_a_real_list_are_known_by_kind(corpus: Path, name: str) -> None:
    counts = parse_bytes((corpus / "edl" / name).read_bytes()).counts()
    assert {kind: counts[kind] for kind in COUNTS[name]} == COUNTS[name]


def test_every_real_list_is_written_again_word_for_word(corpus: Path) -> None:
    for path in edls(corpus):
        data = path.read_bytes()
        assert words(parse_bytes(data).text()) == words(decode_text(data).text), path.name


def test_no_event_of_a_real_list_is_beyond_reading(corpus: Path) -> None:
    for path in edls(corpus):
        assert parse_bytes(path.read_bytes()).counts()["damaged"] == 0, path.name


def test_any_line_ending_and_any_mixture_of_them_is_read() -> None:
    row = "001  A001     V     C        01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00"
    found = parse_text(f"TITLE: x\r{row}\n{row}\r\n* FROM CLIP NAME: a\r\r\n{row}")
    assert [event.line for event in found.events] == [2, 3, 6]


def test_padding_of_blocks_is_white_space() -> None:
    assert parse_bytes(b"TITLE: R1\n\x1a\x1a\0\0\0").text() == "TITLE: R1\n"


def test_notes_are_known_with_any_number_of_stars_or_none() -> None:
    text = "* FROM CLIP NAME:  a\n*FROM CLIP NAME: b\n** FROM CLIP NAME : c\nfrom clip name: d\n* * FREEZE FRAME\n"
    assert [note.kind for note in parse_text(text).notes] == ["from_clip"] * 4 + ["freeze"]
    assert [note.value for note in parse_text(text).notes][:4] == ["a", "b", "c", "d"]


def test_a_damaged_event_is_kept_with_its_line() -> None:
    found = parse_text("TITLE: x\n001  A001  V  C  01:00:00:00 01:00:01:00 10:0\n")
    assert [(note.line, note.kind) for note in found.notes] == [(1, "title"), (2, "damaged")]


def test_one_word_can_be_changed_and_the_rest_stays() -> None:
    text = "TITLE: x\n001  A001     V     C        01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00\n* note\n"
    found = parse_text(text)
    found.lines[1] = found.events[0]._replace(reel="B002")
    assert words(found.text()) == words(text.replace("A001", "B002"))


def test_a_list_is_cut_into_parts_that_an_old_editor_can_count() -> None:
    rows = [f"{n:03}  A  V  C  01:00:00:00 01:00:01:00 10:00:00:00 10:00:01:00" for n in range(1, 8)]
    rows.insert(3, "003  B  V  D 012  01:00:00:00 01:00:01:00 10:00:01:00 10:00:02:00")
    parts = split_list(parse_text("TITLE: x\n" + "\n".join(rows)), 3)
    assert [[event.number for event in part.events] for part in parts] == [
        ["001", "002", "003", "003"], ["001", "002", "003"], ["001"]
    ]  # fmt: skip
    assert all(part.title == "x" for part in parts)


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_list_and_comes_back(text: str) -> None:
    assert words(parse_text(text).text()) == words(text.replace("\x0b", "\n").replace("\x0c", "\n"))


def test_damaged_copies_of_a_real_list_are_always_read(corpus: Path) -> None:
    data = (corpus / "edl/guerilla-di-edl/TRAILER_EDL.edl").read_bytes()
    dice = random.Random(7)
    for _ in range(150):
        broken = bytearray(data[: dice.randrange(len(data))])
        for _ in range(dice.randrange(12)):
            if broken:
                broken[dice.randrange(len(broken))] = dice.randrange(256)
        found = parse_bytes(bytes(broken), Report())
        assert isinstance(found, EditList) and all(isinstance(event, Event) for event in found.events)


def test_a_line_of_a_million_letters_ends_in_bounded_time() -> None:
    assert parse_text("001 " + "a " * 500_000).counts() == {"text": 1}
