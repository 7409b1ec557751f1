"""Sentences for people: a noun goes with its number, in code, in tables of texts and in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from postsync.app.words import WORDS as APP_WORDS
from postsync.app.words import Sayer
from postsync.finding_codes import FindingCode
from postsync.findings import FINDING_CODES, finding
from postsync.paper.browser.words import PAGE_WORDS
from postsync.paper.word_table import WORDS as PAPER_WORDS
from postsync.report import LOSS_CODES, Report
from postsync.wording import counted, fill

COUNTING = re.compile(r"\{\w+:([^{}]*\|[^{}]*)\}")


@pytest.mark.parametrize(
    ("number", "forms", "told"),
    [
        (0, ("cue",), "0 cues"),
        (1, ("cue",), "1 cue"),
        (2, ("cue",), "2 cues"),
        ("1", ("cue",), "1 cue"),
        (11, ("loss", "losses"), "11 losses"),
        (1, ("take lies", "takes lie"), "1 take lies"),
    ],
)
def test_a_noun_goes_with_its_number(number: int | str, forms: tuple[str, ...], told: str) -> None:
    assert counted(number, *forms) == told


def test_a_template_counts_by_itself() -> None:
    template = "{count:clip stays|clips stay} in {name:>6}"
    assert fill(template, {"count": 1, "name": "R1"}) == "1 clip stays in     R1"
    assert fill(template, {"count": "3", "name": "R1"}) == "3 clips stay in     R1"


def test_a_loss_of_one_cue_says_one_cue() -> None:
    report = Report()
    report.note("clips-not-in-list", count=1, format="CSV")
    report.note("cue-field-not-carried", field="notes", what="notes", count=1, was="x", format="CSV")
    assert report.grouped() == ["notes of 1 cue not carried: CSV", "1 clip stays behind: a list of cues: CSV"]


def test_a_finding_counts_its_markers() -> None:
    told = [finding("markers-not-taken", count=count, application="X", format="Y").words() for count in (1, 2)]
    assert [words.partition(",")[0] for words in told] == ["1 marker", "2 markers"]


def test_the_app_counts_in_each_language() -> None:
    facts = {"name": "R1", "clips": 1, "cues": 2, "sounds": 1}
    assert Sayer("en")("done.turnover", **facts) == "R1: 1 sound clip, 2 cues, 1 sound file."
    assert Sayer("de")("done.turnover", **facts) == "R1: 1 Tonclip, 2 Cues, 1 Tondatei."


def test_no_table_sets_a_bare_number_before_clips_cues_or_the_like() -> None:
    # `1 cues` and `1 clips` were printed until the templates counted. Numbers that are never one may stay bare: see NEVER_ONE.
    bare = re.compile(
        r"\{(?:count|clips|cues|markers|frames|events|sounds)\} (?:\w+ )?(cue|clip|marker|frame|event|take|file)s\b"
    )
    found = [text for text in _texts() if bare.search(text) and text not in NEVER_ONE]
    assert found == []


NEVER_ONE = (
    FINDING_CODES["seconds-only"].one,
    FINDING_CODES["markers-on-one-frame"].one,
    FINDING_CODES["media-name-twice"].one,
    FINDING_CODES["media-id-twice"].one,
    *PAGE_WORDS["shown"],
)


def _texts() -> Iterator[str]:
    for loss in LOSS_CODES.values():
        yield from (loss.one, loss.many, loss.detail)
    for code in FINDING_CODES.values():
        assert isinstance(code, FindingCode)
        yield from (code.one, code.many, code.remedy)
    for table in (APP_WORDS, PAPER_WORDS, PAGE_WORDS):
        for texts in table.values():
            yield from texts


def test_every_counting_field_names_two_forms() -> None:
    forms = [match[1].split("|") for text in _texts() for match in COUNTING.finditer(text)]
    assert len(forms) > 20
    assert all(len(pair) == 2 and all(pair) and pair[0] != pair[1] for pair in forms)
