"""Bytes to text: every encoding that lists come in, never a failure, and the same bytes back."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postsync.errors import UnknownOption
from postsync.formats import decode_text, encode_text, known_encoding
from postsync.report import Report


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain", "utf-8"),
        ("Où là? “Ça” 台詞", "utf-8"),
        ("Où là? C’est “ça”, René…", "cp1252"),
        ("Où là? C’est “ça”, René…", "mac_roman"),
        ("Größe über Österreich", "mac_roman"),
        ("Größe über Österreich", "cp1252"),
        ("* FROM CLIP NAME: 镜头一.mov", "gb18030"),
        ("* FROM CLIP NAME: 台詞テスト.mov", "shift_jis"),
        ("Heading\r\nFPS\t24", "utf-16-le"),
        ("Heading\r\nFPS\t24", "utf-16-be"),
    ],
)
def test_a_text_is_read_in_the_encoding_that_it_was_written_in(text: str, encoding: str):
    found = decode_text(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_is_believed_and_kept(mark: bytes):
    encoding = {3: "utf-8"}.get(len(mark), "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be")
    found = decode_text(mark + "é".encode(encoding))
    assert (found.text, found.mark, found.guessed) == ("é", mark, False)


def test_only_a_guess_is_reported():
    report = Report()
    decode_text(b"caf\xe9 du coin", report)
    decode_text("café".encode(), report)
    assert [loss.facts["encoding"] for loss in report] == ["Windows-1252"]


def test_an_encoding_that_was_asked_for_is_used_without_a_word():
    report = Report()
    assert decode_text(b"caf\x8e", report, "mac_roman").text == "café"
    assert not report.losses


def test_an_encoding_that_nobody_knows_is_refused_by_name():
    with pytest.raises(UnknownOption, match="klingon"):
        known_encoding("klingon")
    with pytest.raises(UnknownOption, match="not ascii"):
        decode_text(b"\xff", None, "ascii")


def test_a_letter_without_a_place_gives_no_bytes():
    assert encode_text("台", "cp1252") is None
    assert encode_text("é", "cp1252") == b"\xe9"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_and_written_back_the_same(data: bytes):
    found = decode_text(data)
    assert encode_text(found.text, found.encoding, found.mark) == data
