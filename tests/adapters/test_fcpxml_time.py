"""Times of FCPXML are exact however they are made, and the short way through a document gives what the long one gives."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from postsync.report import Report
from postsync_adapters.fcpxml import FORMAT
from postsync_adapters.fcpxml.document import projects, upper
from postsync_adapters.fcpxml.reading import FcpxmlReadOptions, walk
from postsync_adapters.fcpxml.time import ZERO, minus, near_seconds, plus, precedes, quotient, seconds, sum_of

F = Fraction
TIMES = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=120_000)


@given(TIMES, TIMES)
def test_exact_sums_are_those_of_fractions(one: Fraction, other: Fraction) -> None:
    assert plus(one, other) == sum_of(one.as_integer_ratio(), other.as_integer_ratio()) == one + other
    assert minus(one, other) == one - other
    assert precedes(one, other) is (one < other)
    assert hash(plus(one, other)) == hash(one + other)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_a_quotient_is_in_lowest_terms(top: int, bottom: int) -> None:
    made = quotient(top, bottom)
    assert (made.numerator, made.denominator) == Fraction(top, bottom).as_integer_ratio()
    assert repr(made) == repr(Fraction(top, bottom))


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_a_time_reads_as_it_is_written(top: int, bottom: int) -> None:
    assert seconds(f"{top}/{bottom}s") == F(top, bottom)
    assert seconds(f"-{top}/{bottom}s") == F(-top, bottom)
    assert seconds(f"{top}s") == seconds(str(top)) == top


@pytest.mark.parametrize(
    "text", ["", "s", "/", "5/s", "/5s", "5/0s", "0/0s", "1_0s", "5 0s", "٣s", "5/٣s", "1/2/3s", "5ss"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert seconds(text) is None
    assert near_seconds(text) is None


def test_a_time_that_nobody_means_is_not_near() -> None:
    assert seconds("1000000001s") == 1_000_000_001
    assert near_seconds("1000000001s") is None
    assert near_seconds("1000000000000/1000s") == 10**9


def test_nothing_is_the_one_zero_that_spares_the_arithmetic() -> None:
    assert seconds("0s") is ZERO
    assert seconds("0/24000s") is ZERO
    assert seconds("-0s") is ZERO


RESOURCES = """<format id="f" frameDuration="1/24s"/>
<asset id="a" name="A" src="file:///a.mov" start="100s" duration="90s" hasVideo="1" hasAudio="1" audioChannels="2" format="f"/>
<asset id="v" name="V" src="file:///v.mov" start="0s" duration="90s" hasVideo="1" format="f"/>
<asset id="w" name="W" src="file:///w.wav" start="50s" duration="90s" hasAudio="1" audioChannels="1"/>"""

SAID = [
    "",
    '<marker start="101s" duration="1/24s" value="m"/>',
    '<note>n</note><keyword start="100s" duration="1s" value="k"/>',
    '<adjust-volume amount="-3dB"/>',
    '<conform-rate srcFrameRate="25"/>',
    '<audio-channel-source srcCh="1" role="effects"/>',
    '<asset-clip ref="w" lane="-1" offset="100s" start="51s" duration="2s" audioRole="music"/>',
    '<asset-clip ref="a" lane="1" offset="101s" start="130s" duration="1s" enabled="0"/>',
]
ITEMS = st.tuples(
    st.sampled_from(["a", "v", "w", "gone"]),
    st.integers(0, 90),
    st.integers(0, 90),
    st.sampled_from(["", ' srcEnable="video"', ' enabled="0"', ' audioRole="effects.fx"', ' audioStart="2404/24s"']),
    st.sampled_from(SAID),
)


def document(items: list[tuple[str, int, int, str, str]]) -> bytes:
    at, rows = 30, []
    for ref, late, length, said, inside in items:
        rows.append(
            f'<asset-clip ref="{ref}" name="{ref}" offset="{at * 1001}/24000s" start="{2400 + late}/24s" '
            f'duration="{length}/24s"{said}>{inside}</asset-clip>'
        )
        at += length
    return f"""<!DOCTYPE fcpxml><fcpxml version="1.9"><resources>{RESOURCES}</resources><project name="P">
<sequence format="f" tcStart="1s"><spine>{"".join(rows)}</spine></sequence></project></fcpxml>""".encode()


def read(text: bytes) -> tuple[str, list[str]]:
    assert FORMAT.read is not None
    report = Report()
    timelines: Any = FORMAT.read(io.BytesIO(text), report, FcpxmlReadOptions())
    return timelines[0].to_json_string(-1), [str(loss) for loss in report.losses]


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, max_size=6))
def test_a_clip_that_plays_as_it_is_reads_as_it_would_the_long_way(items: list[tuple[str, int, int, str, str]]) -> None:
    text = document(items)
    short = read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "is_plain", lambda host: False)
        assert read(text) == short


def test_a_length_that_does_not_read_is_noted_once() -> None:
    notes = read(document([("a", 0, 24, "", "")]).replace(b'duration="24/24s"', b'duration="long"'))[1]
    assert len(notes) == 1
    assert "value-unreadable" in notes[0]


def test_a_lane_that_is_no_number_is_none() -> None:
    text = document([("a", 0, 24, "", SAID[6].replace('lane="-1"', 'lane="--1"'))])
    assert '"W"' in read(text)[0]


def test_projects_are_found_above_the_sequences_in_the_order_of_the_document() -> None:
    sequence = "<sequence><spine><clip><project name='inside'/></clip></spine></sequence>"
    root = etree.fromstring(
        f"<fcpxml><library><event><project name='1'>{sequence}</project></event></library>"
        f"<event><project name='2'>{sequence}</project></event><project name='3'/></fcpxml>"
    )
    assert [one.get("name") for one in upper(root, "project")] == ["1", "2", "3"]
    assert [one.get("name") for one, _ in projects(root)] == ["1", "2"]
