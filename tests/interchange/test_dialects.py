"""Notations that people put into names: the tag language, EdiCue's naming, and plain words left alone."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest

from postsync.cueing import spot
from postsync.cueing.reading.dialects import dialect_of, read_edicue, read_edicue_track, read_tag_language
from postsync.model import (
    CueRules,
    PlainMarker,
    Project,
    TimelineFacts,
    character_name,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    to_otio_marker,
)
from postsync.model.markers import Attachment
from postsync.report import Report
from postsync.timing import Rate


def spotted(*markers: PlainMarker, project: Project | None = None, **how):
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(Rate.of(Fraction(24)), 86400))
    timeline.tracks.markers.extend(to_otio_marker(marker) for marker in markers)
    report = Report()
    spot(timeline, project or Project(), report, **how)
    return timeline_cues(timeline), timeline_characters(timeline), report


def at(second: int, name: str, comment: str = "", track: str | None = None) -> PlainMarker:
    attached = Attachment(track=track) if track else None
    return PlainMarker(Fraction(second), Fraction(2), name, comment, attached_to=attached)


def test_every_key_of_the_tag_language_lands_in_its_field():
    name = (
        "Hold there! {Char=Robin Hood} $QN=R106 {Actor=E. Flynn} $CN=1 $P=2 {R=noise, plane over} {Note=ask Anna} "
        "{Rq=director} $Sc=12A $Ver=v7 $Reel=R1 $Mins=10 [TV] [OPT] [EFF]"
    )
    (cue,), cast, report = spotted(at(1, name))
    assert (cue.number, cue.line, cue.note, cue.scene, cue.picture_version, cue.reel) == (
        "R106", "Hold there!", "ask Anna", "12A", "v7", "R1",
    )  # fmt: skip
    assert (cue.priority, cue.minutes, cue.requested_by, cue.kind) == (2, "10", "director", "effort")
    assert (cue.uses, cue.flags) == (("theatrical", "tv"), ("optional",))
    assert (cast[cue.character].name, cast[cue.character].actor) == ("Robin Hood", "E. Flynn")
    assert cue.reason_note == "noise, plane over"
    assert cue.extra["cast_number"] == "1"
    assert [loss.facts["form"] for loss in report if loss.code == "cue-guessed"] == ["tag language"]


@pytest.mark.parametrize(
    ("text", "left", "fields"),
    [
        ("I owe you $500 [laughs] $QN=R106", "I owe you $500 [laughs]", {"number": "R106"}),
        ("{softly} Hold there! $QN=1", "{softly} Hold there!", {"number": "1"}),
        ("[two words] no $QN=1", "[two words] no", {"number": "1"}),
        ("Hold $QN=R106 there!", "Hold there!", {"number": "R106"}),
        ("$QN=R106", "", {"number": "R106"}),
        ("{note=a = b}", "", {"note": "a = b"}),
        ("{adr=7KQ2M9XD;n=R1}", "{adr=7KQ2M9XD;n=R1}", {}),
        ("$HOUSE=x words", "$HOUSE=x words", {}),
    ],
)
def test_only_known_keys_are_tags_and_the_rest_stays_in_the_line(text, left, fields):
    said = read_tag_language(text)
    assert (said.text, said.fields) == (left, fields)


def test_keys_that_the_house_declared_are_tags_too():
    (cue,), _, _ = spotted(at(1, "Hold! $QN=R1 $HOUSE=x"), project=Project(cue_rules=CueRules(tag_keys=("HOUSE",))))
    assert (cue.line, cue.extra) == ("Hold!", {"HOUSE": "x"})


def test_in_the_tag_language_a_name_without_a_number_is_no_cue():
    cues, _, _ = spotted(at(1, "Hold! $QN=R1"), at(2, "scene {Sc=12A}"))
    assert [cue.number for cue in cues] == ["R1"]


def test_an_omitted_and_a_recorded_cue_say_so():
    cues, _, _ = spotted(at(1, "Hold! $QN=R1 [OMIT]"), at(2, "Run! $QN=R2 {Shot=2026-03-01}"))
    assert [cue.status for cue in cues] == ["omitted", "recorded"]
    assert cues[1].extra["recorded_on"] == "2026-03-01"


def test_edicue_names_give_reason_comment_character_and_actor():
    marker = at(1, "Where is she? [N] {plane over second half}", track="Leo Tan[LEO]{J. Smith}")
    (cue,), cast, _ = spotted(marker)
    assert (cue.line, cue.reasons, cue.note) == ("Where is she?", ("noise",), "plane over second half")
    who = cast[cue.character]
    assert (who.name, who.prefix, who.actor) == ("Leo Tan", "LEO", "J. Smith")


def test_a_code_of_the_house_in_brackets_is_kept_and_a_stage_direction_is_no_code():
    assert read_edicue("Where is she? [AR4]").reason_code == "AR4"
    assert read_edicue("Where is she? [laughs]").text == "Where is she? [laughs]"
    assert read_edicue_track("ROBIN") == {"character": "ROBIN"}


@pytest.mark.parametrize(
    ("texts", "tracks", "dialect"),
    [
        (["Hold! $QN=R1"], [], "tags"),
        (["{Note=x}"], [], "tags"),
        (["{softly} no", "$500", "[laughs]"], ["ROBIN"], "plain"),
        (["Where is she? [N]"], ["Leo Tan[LEO]{J. Smith}"], "edicue"),
        ([], [], "plain"),
    ],
)
def test_the_notation_of_a_file_is_told_from_all_its_names(texts, tracks, dialect):
    assert dialect_of(texts, tracks) == dialect


def test_the_notation_can_be_forced():
    marker = at(1, "R106 ROBIN: pay $QN=5 now")
    (plain,), cast, _ = spotted(marker, dialect="plain")
    assert (plain.number, character_name(cast, plain), plain.line) == ("R106", "ROBIN", "pay $QN=5 now")
    (tagged,), _, _ = spotted(marker, dialect="tags")
    assert tagged.number == "5"
    rules = CueRules(dialect="plain")
    assert spotted(marker, project=Project(cue_rules=rules))[0][0].number == "R106"


def test_a_tag_inside_the_line_of_a_cue_in_our_own_layout_is_not_its_number():
    texts = (
        "R106 ROBIN: they wrote $QN=R999 on it",
        "R107 it says $QN=R999",
        "R108 ????: ??? $QN=R999",
        "Go! $QN=R109",
    )
    found, _, _ = spotted(*(at(place, text) for place, text in enumerate(texts)))
    assert [one.number for one in found] == ["R106", "R107", "R108", "R109"]
    assert found[0].line == "they wrote $QN=R999 on it"


def test_numbers_of_all_common_shapes_are_read_before_a_character():
    texts = ("3A12 ROBIN: Hold!", "R1-ROB-014 ROBIN: Hold!", "R106 - ROBIN - Hold!", "1001 ROBIN: Hold!")
    found, cast, _ = spotted(*(at(place, text) for place, text in enumerate(texts)))
    assert [one.number for one in found] == ["3A12", "R1-ROB-014", "R106", "1001"]
    assert {(character_name(cast, one), one.line) for one in found} == {("ROBIN", "Hold!")}


def test_a_line_that_begins_with_a_dash_keeps_it_behind_a_number():
    (one,), _, _ = spotted(at(1, "R106 - Who's there?"))
    assert (one.number, one.line) == ("R106", "- Who's there?")
