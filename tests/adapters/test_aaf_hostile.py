"""AAFs that are broken: each reads, or is refused in words of ours, soon and with little memory."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from aaf_damage import KINDS, damaged, outcome_of
from postsync.errors import FormatError
from postsync_adapters.aaf.container import Container
from postsync_adapters.aaf.objects import AafFile

COPIES = 22
"""How many copies of each kind; `benchmarks/damaged.py` reads 100,000 damaged files of all formats."""


@pytest.fixture(scope="module")
def originals(corpus: Path) -> list[bytes]:
    names = ("libaaf/DR_Markers.aaf", "libaaf/MC_Fades.aaf", "libaaf/PT_PCM_Internal.aaf", "libaaf/PR_Fades.aaf")
    return [(corpus / "aaf" / name).read_bytes() for name in names]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_reads_or_is_refused_by_us(kind: str, originals: list[bytes]) -> None:
    first = list(KINDS).index(kind)
    for number in range(first, first + COPIES * len(KINDS), len(KINDS)):
        way, data = damaged(originals[number % len(originals)], number)
        outcome = outcome_of(way, data)
        assert way == kind
        assert outcome.result in ("read", "refused"), (number, outcome)
        assert outcome.seconds < 20, (number, outcome)


def test_the_damage_leaves_some_files_readable_and_breaks_others(originals: list[bytes]) -> None:
    results = [outcome_of(*damaged(originals[number % 4], number)).result for number in range(66)]
    assert results.count("read") > 5
    assert results.count("refused") > 5


def test_a_chain_of_sectors_that_runs_in_a_circle_ends(originals: list[bytes]) -> None:
    data = bytearray(originals[0])
    first = struct.unpack_from("<I", data, 48)[0]
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 4096
    struct.pack_into("<I", data, table + 4 * first, first)
    with pytest.raises(FormatError, match="the directory"):
        Container(io.BytesIO(bytes(data)))


def test_a_size_beyond_the_file_is_not_believed(originals: list[bytes]) -> None:
    data = bytearray(originals[0])
    root = (struct.unpack_from("<I", data, 48)[0] + 1) * 4096
    struct.pack_into("<Q", data, root + 120, 1 << 60)
    with pytest.raises(FormatError, match="at most"):
        Container(io.BytesIO(bytes(data)))


def test_a_storage_that_holds_the_one_it_lies_in_is_refused(originals: list[bytes]) -> None:
    data = bytearray(originals[0])
    root = (struct.unpack_from("<I", data, 48)[0] + 1) * 4096
    name = "Header-2\0".encode("utf-16-le")
    header = next(place for place in range(0, len(data), 128) if data.startswith(name, place) and data[place + 66] == 1)
    data[header + 76 : header + 80] = data[root + 76 : root + 80]
    with pytest.raises(FormatError, match="of another storage"):
        AafFile.open(io.BytesIO(bytes(data))).header.get("Content")
