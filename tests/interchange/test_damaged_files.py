"""Damaged files of every format: each reads, or is refused in words of ours. 100,000 of them: `benchmarks/damaged.py`."""

from __future__ import annotations

import re
from fractions import Fraction

import opentimelineio as otio
import pytest

from damage import KINDS, Original, damaged, made_originals, outcome_of
from postsync.errors import FormatError, RateError
from postsync.formats.conversion import formats, read_file
from postsync.model import TimelineFacts, put_timeline_facts
from postsync.model.laying import Planned, clip_members, media_members, planned_track
from postsync.report import Report
from postsync.timing import Rate, as_rate, from_rational_time

COPIES = 11


@pytest.fixture(scope="module")
def originals() -> dict[str, Original]:
    return {one.format: one for one in made_originals()}


@pytest.mark.parametrize("name", sorted(name for name, fmt in formats().items() if fmt.read and fmt.write))
def test_a_damaged_file_reads_or_is_refused_in_our_words(name, originals):
    for number in range(COPIES):
        kind, data = damaged(originals[name], number)
        outcome = outcome_of(formats()[name], kind, data)
        assert outcome.result in ("read", "refused"), (kind, number, outcome.detail)
        assert outcome.seconds < 20, (kind, number, outcome)


def test_the_damage_leaves_some_files_readable_and_breaks_others(originals):
    results = [
        outcome_of(formats()[name], *damaged(one, number)).result
        for name, one in originals.items() for number in range(len(KINDS))
    ]  # fmt: skip
    assert results.count("read") > 50
    assert results.count("refused") > 50


def refusal(tmp_path, original, name, *exchange):
    path = tmp_path / original.name
    path.write_bytes(original.data.replace(*exchange, 1))
    with pytest.raises(FormatError) as refused:
        read_file(path, Report(), from_format=name)
    return str(refused.value)


def test_an_infinite_frame_in_a_cue_list_is_refused(tmp_path, originals):
    said = refusal(tmp_path, originals["cue_list"], "cue_list", b'"record_in": 48', b'"record_in": 1e999')
    assert "not a Cue record" in said


def test_a_workbook_whose_beginning_is_gone_is_refused(tmp_path, originals):
    workbook = originals["cue_workbook"]
    assert "not a whole workbook" in refusal(tmp_path, workbook, "cue_workbook", workbook.data[:200], b"")


def test_otio_that_refers_to_a_marker_without_its_fields_is_refused(tmp_path, originals):
    assert "not OpenTimelineIO JSON" in refusal(tmp_path, originals["otio"], "otio", b'"marked_range"', b'"range"')


def test_a_workbook_without_its_list_of_parts_is_refused(tmp_path, originals):
    said = refusal(tmp_path, originals["cue_workbook"], "cue_workbook", b"[Content_Types].xml", b"[Content_Tapes].xml")
    assert "not a whole workbook" in said


def test_a_rate_that_no_clock_counts_is_refused():
    with pytest.raises(RateError, match="no clock counts"):
        Rate.of(Fraction(10**22))


def test_a_clip_shorter_than_any_unit_lies_before_the_one_that_begins_with_it():
    members = clip_members("12A", {}, media_members("12A", None, {}, None))
    long, none = Planned(members, Fraction(0), Fraction(2)), Planned(members, Fraction(0), Fraction(0))
    track = planned_track("A1", "Audio", [long, none], [24])
    assert [item.source_range.duration.value for item in track] == [0, 48]


SYNTAX_THAT_ENDS_THE_PROCESS = (
    '{"":"","":{"":"","":5,"":"","":[],"":{"":"","":"","":null,"effects":[],"":{"":{"":"","":5,'
    '"":9},"":{"":"","":2,"":0}},"effects":{"OTIO_SCHEMA":".1","":[[]],"":2}'
)
"""At this OpenTimelineIO's own reader ends with a fault of memory."""


def test_otio_with_an_error_of_syntax_is_refused_and_nothing_ends(tmp_path):
    path = tmp_path / "broken.otio"
    path.write_text(SYNTAX_THAT_ENDS_THE_PROCESS, encoding="utf-8")
    with pytest.raises(FormatError, match="not OpenTimelineIO JSON"):
        read_file(path, Report(), from_format="otio")


def test_otio_of_a_schema_before_the_first_is_refused_and_nothing_ends(tmp_path, originals):
    assert "Clip.-1" in refusal(tmp_path, originals["otio"], "otio", b"Clip.2", b"Clip.-1")


@pytest.mark.parametrize("rate", [0.0, -24.0, float("inf"), float("nan")])
def test_a_time_that_counts_at_no_rate_is_refused(rate):
    with pytest.raises(RateError, match="counts at no rate"):
        from_rational_time(otio.opentime.RationalTime(44, rate))


def test_otio_in_which_a_name_stands_twice_is_refused_and_nothing_ends(tmp_path, originals):
    said = refusal(tmp_path, originals["otio"], "otio", b'"effects": []', b'"effects": [], "effects": []')
    assert "'effects' twice" in said


@pytest.mark.parametrize("text", ["24/0", "0/1s"])
def test_a_rate_over_nothing_is_refused(text):
    with pytest.raises(RateError, match="above zero"):
        as_rate(text)


def test_a_clock_that_counts_beyond_any_number_is_refused():
    with pytest.raises(RateError, match="no clock counts so far"):
        put_timeline_facts(otio.schema.Timeline(), TimelineFacts(as_rate("24"), 0, sample_rate=10**25))


def test_an_event_that_begins_at_infinity_is_refused(tmp_path, originals):
    events = originals["ptulsconv_json"]
    start = re.search(rb'"numerator": \d+', events.data)[0]
    assert "event 1" in refusal(tmp_path, events, "ptulsconv_json", start, b'"numerator": 1e999')
