"""Losses read the same each time, errors carry facts and survive pickling."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from postsync import errors
from postsync.report import LOSS_CODES, Report


def test_losses_are_grouped_and_counted_losses_before_notes():
    report = Report()
    report.note("clip-disabled", name="12A")
    report.note("marker-shortened", format="Toy list", duration="12 frames")
    report.note("marker-shortened", format="Toy list", duration="3 frames")
    assert report.as_text() == "2 markers made points: Toy list\n1 disabled clip left out"


def test_a_single_loss_says_where_and_how_much():
    report = Report()
    report.note("marker-shortened", where="A3 / 'ADR 104'", time="01:02:03:04", duration="12 frames")
    assert report.as_text(verbose=True) == "A3 / 'ADR 104', 01:02:03:04: marker made a point (12 frames)"


def test_the_worst_move_is_exact():
    report = Report()
    report.note("time-rounded", moved_by=Fraction(-1, 90000), grid="sample", moved="x")
    report.note("time-rounded", moved_by=Fraction(1, 100000), grid="sample", moved="x")
    assert report.worst_move() == Fraction(1, 90000)
    assert report.to_json()[0]["moved_by"] == "-1/90000"


def test_only_losses_that_were_not_allowed_are_forbidden():
    report = Report()
    report.note("clip-disabled", name="a")
    report.note("media-missing", media="a", tried="b")
    assert [loss.code for loss in report.forbidden()] == ["media-missing"]
    assert report.forbidden(["media-missing"]) == []


def test_a_code_that_is_not_in_the_table_is_refused():
    with pytest.raises(KeyError, match="LOSS_CODES"):
        Report().note("something-lost")


@pytest.mark.parametrize("code", LOSS_CODES)
def test_every_code_reads_without_its_facts(code):
    report = Report()
    report.note(code)
    assert report.as_text(verbose=True)
    assert report.losses[0].kind in ("dropped", "changed", "guessed")
    assert report.losses[0].level in ("loss", "note")


ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.PostsyncError)]


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_keeps_its_facts_through_pickling(kind):
    fault = kind("broken", path="reel1.edl", place=57, expected="a timecode", found="'x'", remedy="export again")
    again = pickle.loads(pickle.dumps(fault))
    assert str(again) == "reel1.edl:57: broken, expected a timecode, found 'x'; export again"
    assert again.facts() == fault.facts()
    assert type(again) is kind


def test_an_error_is_also_the_builtin_that_callers_catch():
    assert issubclass(errors.FormatError, ValueError)
    assert issubclass(errors.UnknownFormat, LookupError)
    assert issubclass(errors.MediaError, OSError)
    assert issubclass(errors.ResolveError, RuntimeError)
