"""What becomes of damaged files in the adapters of others is counted fairly: read, refused, astray, too much, crashed."""

from __future__ import annotations

import os

import opentimelineio as otio
import pytest

import damage_peers
from damage_peers import CRASHED, READ, REFUSED, STRAY, TOO_MUCH, is_own_word, outcome_by_peer


def _says(fault):
    def read(path, adapter_name):
        raise fault

    return read


@pytest.mark.parametrize(
    ("read", "result"),
    [
        (lambda path, adapter_name: None, READ),
        (_says(otio.exceptions.NotSupportedError("not that")), REFUSED),
        (_says(KeyError("name")), STRAY),
        (_says(MemoryError()), TOO_MUCH),
        (lambda path, adapter_name: all(True for _ in iter(int, 1)), TOO_MUCH),
        (lambda path, adapter_name: os.abort(), CRASHED),
    ],
    ids=["reads", "refuses", "goes astray", "takes memory", "hangs", "crashes"],
)
@pytest.mark.skipif(
    damage_peers._processes.get_start_method() != "fork", reason="a made adapter lives in this process only"
)
def test_each_end_has_its_name(read, result, tmp_path, monkeypatch):
    monkeypatch.setattr(otio.adapters, "read_from_file", read)
    assert outcome_by_peer("cmx_3600", tmp_path / "x.edl", seconds=1)[0] == result


def test_an_adapter_that_reads_a_whole_list_is_said_to_read_it(tmp_path):
    path = tmp_path / "x.edl"
    path.write_text("TITLE: A\n\n001  A001     V     C        01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n")
    assert damage_peers.make_known("cmx_3600")
    assert outcome_by_peer("cmx_3600", path) == (READ, "")
    path.write_text("TITLE: A\n\n001  A001     V     C        01:00:00:00 01:00:01:00 01:00:00:00\n")
    assert outcome_by_peer("cmx_3600", path) == (REFUSED, "EDLParseError")


def test_what_a_line_of_the_adapter_raises_is_its_own_word_and_what_it_stumbles_over_is_not():
    with pytest.raises(ValueError) as raised:
        raise ValueError("not a number of frames")
    assert is_own_word(raised.value, ("test_damage_peers",))
    assert not is_own_word(raised.value, ("somebody_else",))
    with pytest.raises(ValueError) as stumbled:
        int("x")
    assert not is_own_word(stumbled.value, ("test_damage_peers",))
