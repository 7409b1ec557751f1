"""A change map told to people and to programs: the change list, the change EDL."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import postsync
from moved_works import (
    FPS,
    NEW,
    OLD,
    cut,
)
from postsync.conforming import (
    ChangeMap,
    Piece,
    ReelSpan,
    Side,
    change_list_text,
    change_rows,
    change_timelines,
    changes,
    changes_of_timeline,
    follow,
)
from postsync.errors import FormatError
from postsync.report import Report
from postsync_adapters.edl import EdlReadOptions, EdlWriteOptions, edit_list_of, parse_text, timeline_of
from recuts import START, distances, edl, old_reel, places_of, recut, shows_the_same, some_cues


def test_the_running_total_of_a_change_list_ends_at_the_difference():
    found = changes(cut(*OLD), cut(*NEW))
    rows = change_rows(found)
    assert [(row.kind, row.growth, row.total) for row in rows] == [("trim-tail", -24, -24), ("insert", 48, 24)]
    assert rows[-1].total == found.new.length - found.old.length


def test_a_new_version_is_told_with_both_versions():
    old = cut(OLD[0], ("VFX_01_V003", 1000, 100), OLD[2])
    new = cut(OLD[0], ("VFX_01_V012", 1000, 100), OLD[2])
    (row,) = change_rows(changes(old, new))
    assert (row.kind, row.detail, row.frames, row.growth, row.name) == ("version", "3 to 12", 100, 0, "VFX_01_V012")


def test_a_change_list_says_timecode_footage_and_what_its_counts_mean():
    text = change_list_text(changes(cut(*OLD), cut(*NEW)))
    assert "outs exclusive" in text
    assert "01:00:09:00       13+08  trim tail                    -24 -00:00:01:00     -24  A001C001" in text
    assert "Difference +24 frames, +00:00:01:00: in +48, out -24" in text


@pytest.mark.parametrize(
    ("new", "kinds"),
    [
        ((OLD[1], OLD[0], OLD[2]), ["moved-in", "moved-out"]),
        ((*OLD, OLD[0]), ["repeat"]),
        ((OLD[0], ("X001C001", 1_000_000, 240), OLD[2]), ["replaced"]),
        ((OLD[0], ("B001C002", 199_990, 250), OLD[2]), ["lengthen-head"]),
        ((OLD[0], ("B001C002", 200_000, 250), OLD[2]), ["lengthen-tail"]),
        ((OLD[0], ("B001C002", 200_010, 230), OLD[2]), ["trim-head"]),
        ((OLD[0], OLD[2]), ["delete"]),
    ],
)
def test_each_change_has_its_word(new, kinds):
    found = changes(cut(*OLD), cut(*new))
    rows = change_rows(found)
    assert sorted(row.kind for row in rows) == kinds
    assert sum(row.growth for row in rows) == found.new.length - found.old.length


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
@example(133)
def test_the_total_explains_the_lengths_of_any_recut_and_its_edl_is_the_same_map(seed):
    rng = random.Random(seed)
    old = old_reel(rng, 60)
    new, _ = recut(rng, old, rng.randint(0, 25))
    found = changes(*(timeline_of(parse_text(edl(one, "X")), Report(), EdlReadOptions()) for one in (old, new)))
    assert sum(row.growth for row in change_rows(found)) == found.new.length - found.old.length
    listed = edit_list_of(change_timelines(found)[0], Report(), EdlWriteOptions()).text()
    back = changes_of_timeline(timeline_of(parse_text(listed), Report(), EdlReadOptions()))
    assert [replace(one, confidence=0) for one in back.pieces] == [replace(one, confidence=0) for one in found.pieces]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
@example(10259)
def test_no_line_is_misplaced_without_a_flag_in_any_recut(seed):
    rng = random.Random(seed)
    old = old_reel(rng, 80, rng.choice((0.03, 0.18)))
    new, _ = recut(rng, old, rng.randint(1, 20))
    found = changes(*(timeline_of(parse_text(edl(one, "X")), Report(), EdlReadOptions()) for one in (old, new)))
    places = places_of(new)
    for line in some_cues(rng, old, 40):
        fate = follow(found, line.start, line.end)
        right = fate.needs_ears or fate.delta in distances(line, places)
        assert right or shows_the_same(line, fate.delta, old, new)


def test_a_change_edl_reads_back_as_the_same_map(tmp_path):
    pieces = (
        Piece(START, START + 100, START, 1, "order", "file", 1.0),
        Piece(START + 100, START + 150, START + 300, 1, "moved", "name", 0.95, True),
        Piece(START + 150, START + 350, START + 100, Fraction(1, 2), "retimed", "file", 0.5),
        Piece(START + 360, START + 460, START + 400, Fraction(-3, 7), "retimed", "tape", 0.49),
        Piece(START + 460, START + 500, START + 460, 1, "bridge", "shot length", 0.45, False, True),
    )
    spans = (ReelSpan("R1 V12", START, START + 600),), (ReelSpan("R1 V13", START, START + 500),)
    found = ChangeMap(Side("R1 V12", FPS, spans[0]), Side("R1 V13", FPS, spans[1]), pieces)
    path = tmp_path / "changes.edl"
    postsync.write(change_timelines(found)[0], path)
    back = changes_of_timeline(postsync.read(path)[0])
    assert back.pieces == pieces
    assert "R1_V12" in path.read_text()


def test_a_change_edl_of_another_program_is_a_map_too():
    text = (
        "TITLE: CHANGES\n001  OLD      V     C        01:00:00:00 01:00:10:00 01:00:00:00 01:00:10:00\n"
        "002  OLD      V     C        01:00:12:00 01:00:20:00 01:00:10:00 01:00:18:00\n"
    )
    found = changes_of_timeline(timeline_of(parse_text(text), Report(), EdlReadOptions()))
    assert [(piece.new_in - START, piece.old_in - START) for piece in found.pieces] == [(0, 0), (240, 288)]
    with pytest.raises(FormatError, match="change list"):
        changes_of_timeline(otio.schema.Timeline("none", global_start_time=otio.opentime.RationalTime(0, 24)))
