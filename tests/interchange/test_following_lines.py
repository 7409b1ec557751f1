"""One line through a change map: every status, its flags, and what of it needs ears."""

from __future__ import annotations

from fractions import Fraction

import pytest

from moved_works import (
    mapped,
)
from postsync.conforming import (
    STATUSES,
    Maps,
    Piece,
    follow,
)

WHOLE = Piece(0, 1000, 0)
FATES = {
    "unchanged": (mapped(WHOLE), (100, 200), 0, 0),
    "moved": (mapped(Piece(24, 1000, 0)), (100, 200), 24, 0),
    "moved-block": (mapped(Piece(500, 1000, 0, kind="moved")), (100, 200), 500, 0),
    "head-trimmed": (mapped(Piece(0, 400, 120)), (100, 200), -120, -20),
    "tail-trimmed": (mapped(Piece(0, 180, 0)), (100, 200), 0, -20),
    "both": (mapped(Piece(0, 60, 110)), (100, 200), -110, -40),
    "lengthened": (mapped(Piece(0, 150, 0), Piece(162, 1000, 150)), (100, 200), 0, 12),
    "shortened": (mapped(Piece(0, 150, 0), Piece(150, 1000, 160)), (100, 200), 0, -10),
    "split": (mapped(Piece(0, 150, 0), Piece(700, 1000, 150)), (100, 200), 0, 0),
    "reordered": (mapped(Piece(0, 50, 150, kind="moved"), Piece(50, 200, 0)), (100, 200), 50, 0),
    "retimed": (mapped(Piece(0, 400, 0, Fraction(1, 2), "retimed")), (100, 200), 100, 100),
    "picture-replaced": (mapped(Piece(0, 1000, 0, kind="bridge")), (100, 200), 0, 0),
    "repeated": (mapped(Piece(0, 500, 0), Piece(600, 700, 100, kind="repeat")), (100, 200), 0, 0),
    "lost": (mapped(Piece(0, 90, 0), Piece(90, 500, 300)), (100, 200), None, 0),
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_its_condition(status):
    found, (start, end), delta, frames = FATES[status]
    fate = follow(found, start, end)
    assert (fate.status, fate.delta, fate.frames) == (status, delta, frames)


@pytest.mark.parametrize("status", [one for one in STATUSES if one not in ("unchanged", "moved")])
def test_all_but_a_plain_move_asks_for_ears(status):
    found, (start, end), _, _ = FATES[status]
    assert follow(found, start, end).needs_ears


def test_a_line_stays_with_the_fragment_that_holds_its_sync_point():
    found = mapped(Piece(0, 150, 0), Piece(700, 1000, 150))
    assert (follow(found, 100, 200).delta, follow(found, 100, 200, sync=180).delta) == (0, 550)


def test_a_line_whose_sync_point_is_gone_goes_with_the_longest_part():
    found = mapped(Piece(0, 10, 110), Piece(500, 570, 130, kind="moved"))
    assert follow(found, 100, 200).delta == -110
    assert follow(mapped(Piece(0, 10, 110), Piece(500, 570, 130)), 100, 200).delta == 370


def test_a_lost_line_names_its_nearest_surviving_neighbours():
    found, (start, end), _, _ = FATES["lost"]
    assert follow(found, start, end).neighbours == (90, 90)


def test_part_of_a_replaced_picture_is_flagged_and_so_is_a_doubtful_one():
    found = mapped(Piece(0, 150, 0), Piece(150, 160, 150, kind="bridge"), Piece(160, 1000, 160))
    assert follow(found, 100, 200).flags == ("partly-replaced",)
    assert follow(mapped(Piece(0, 500, 0, ambiguous=True)), 100, 200).flags == ("ambiguous",)


def test_a_new_version_under_a_line_is_said_and_asks_for_no_ears():
    fate = follow(mapped(Piece(0, 500, 0, version_changed=True)), 100, 200)
    assert (fate.flags, fate.needs_ears) == (("version-changed",), False)


def test_a_repeat_offers_the_other_place():
    found, (start, end), _, _ = FATES["repeated"]
    assert [one.new_in for one in follow(found, start, end).again] == [600]


@pytest.mark.parametrize(
    ("shift", "flags"),
    [(0, ()), (850, ("past-end",)), (-150, ("before-start",)), (900, ("outside",)), (-200, ("outside",))],
)
def test_a_line_over_an_edge_of_the_new_cut_is_told_from_one_outside_it(shift, flags):
    moved = mapped(Piece(100 + shift, 200 + shift, 100))
    assert follow(moved, 100, 200).flags == flags


def test_dialogue_is_kept_where_picture_disagrees_and_the_conflict_is_said():
    picture, dialogue = mapped(Piece(24, 1000, 0)), mapped(Piece(30, 1000, 0))
    fate = Maps(picture, dialogue).follow(100, 200)
    assert (fate.delta, "conflict" in fate.flags, fate.needs_ears) == (30, True, True)
    no_sound_here = mapped(Piece(500, 1000, 300))
    assert Maps(picture, no_sound_here).follow(100, 200).delta == 24
