"""Cue numbers: given by the scheme, kept for life, never used twice."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync import model
from postsync.cueing import (
    derived_prefix,
    follows_scheme,
    number_cues,
    number_timeline,
    renumber_cues,
    spot,
)
from postsync.errors import CannotWrite, FormatError
from postsync.model import Character, Cue, NumberRules, NumberScheme, Project, TimelineFacts
from postsync.report import Report
from postsync.timing import Rate

FACTS = TimelineFacts(Rate.of(Fraction(24)), 86400)
CAST = {name.lower(): Character(name.lower(), name) for name in ("ROBIN", "GUY", "MARION")}


def cue(at, number=None, character="robin", **facts):
    return Cue(uid=f"U{at:07}", record_in=at * 24, number=number, character=character, **facts)


def project(template="{prefix}{reel}{seq:02}", **rules):
    return Project(numbers=NumberRules(NumberScheme(template), **rules))


def numbers_of(cues, show=None, **how):
    done = number_cues(cues, CAST, FACTS, show or project(), **how)
    return [one.number for one in done.cues]


# ------------------------------------------------------------------------------------------------------- fresh lists


def test_cues_are_numbered_per_character_and_reel_in_record_order():
    cues = [cue(30, character="guy"), cue(10), cue(20), cue(3700)]
    assert numbers_of(cues) == ["R101", "R102", "G101", "R201"]


@pytest.mark.parametrize(
    ("template", "rules", "numbers"),
    [
        ("{reel}{seq:03}", {}, ["1001", "1002", "1003"]),
        ("R{reel}-{prefix}-{seq:03}", {}, ["R1-R-001", "R1-R-002", "R1-G-001"]),
        ("{seq:03}", {"start": 10, "step": 10}, ["010", "020", "030"]),
        ("ADR {seq}", {}, ["ADR 1", "ADR 2", "ADR 3"]),
        ("{char}_{seq:02}", {"counter": "global"}, ["ROBIN_01", "ROBIN_02", "GUY_03"]),
        ("{reel:02}x{seq:02}", {}, ["01x01", "01x02", "01x03"]),
    ],
)
def test_a_scheme_is_a_template(template, rules, numbers):
    assert numbers_of([cue(1), cue(2), cue(3, character="guy")], project(template, **rules)) == numbers


def test_episode_and_version_come_from_the_cue_or_the_project():
    show = dataclasses.replace(project("{episode}{version}-{seq:02}"), episode="104", picture_version="v3")
    assert numbers_of([cue(1), cue(2, episode="105")], show) == ["104v3-01", "105v3-01"]


def test_a_cue_without_what_the_scheme_needs_is_left_and_named():
    done = number_cues([cue(1, character=None), cue(2)], CAST, FACTS, project())
    assert [one.number for one in done.cues] == [None, "R101"]
    assert done.left == {"U0000001": "no character"}


def test_the_reel_is_the_field_then_the_table_then_the_hour():
    reels = (model.Reel("R3", "01:00:00:00"), model.Reel("Reel 04", "01:10:00:00"))
    show = dataclasses.replace(project("{reel}{seq:02}"), reels=reels)
    assert numbers_of([cue(1), cue(700), cue(800, reel="7AB")], show) == ["301", "401", "7AB01"]
    assert numbers_of([cue(1)], project("{reel}{seq:02}")) == ["101"]


# ---------------------------------------------------------------------------------------------------- frozen numbers


def test_a_cue_between_two_numbers_takes_a_suffix_and_the_neighbours_stay():
    cues = [cue(1, "R106"), cue(2), cue(3), cue(4, "R107")]
    assert numbers_of(cues) == ["R106", "R106A", "R106B", "R107"]


def test_i_and_o_are_no_suffixes():
    cues = [cue(1, "R106"), *(cue(at) for at in range(2, 17)), cue(20, "R107")]
    assert "".join(number[-1] for number in numbers_of(cues)[1:-1]) == "ABCDEFGHJKLMNPQ"


def test_a_second_insert_takes_a_double_letter():
    assert numbers_of([cue(1, "R106"), cue(2), cue(3, "R106A")]) == ["R106", "R106AA", "R106A"]
    assert numbers_of([cue(1, "R106A"), cue(2), cue(3, "R106B")]) == ["R106A", "R106BA", "R106B"]
    assert numbers_of([cue(1, "R106A"), cue(2), cue(3, "R107")]) == ["R106A", "R106B", "R107"]


def test_a_cue_before_the_first_takes_the_number_below_with_a_letter():
    assert numbers_of([cue(1), cue(2, "R101")]) == ["R100A", "R101"]


def test_steps_leave_room_that_is_used_first():
    cues = [cue(1, "010"), cue(2), cue(3), cue(4, "020")]
    assert numbers_of(cues, project("{seq:03}", start=10, step=10)) == ["010", "013", "016", "020"]


def test_after_the_last_number_the_sequence_goes_on():
    assert numbers_of([cue(1, "R106"), cue(2), cue(3)]) == ["R106", "R107", "R108"]
    assert numbers_of([cue(1, "025"), cue(2)], project("{seq:03}", start=10, step=10)) == ["025", "030"]


def test_omitted_and_lost_cues_keep_their_numbers_and_need_none():
    cues = [cue(1, "R101", status="omitted"), cue(2, status="lost"), cue(3), cue(4, "R102")]
    assert numbers_of(cues) == ["R101", None, "R101A", "R102"]


def test_a_former_number_is_never_used_again():
    cues = [cue(1, "R101", former_numbers=("R102", "R101A")), cue(2), cue(3, "R103"), cue(4)]
    assert numbers_of(cues) == ["R101", "R101B", "R103", "R104"]
    assert numbers_of([cue(1, "1001", former_numbers=("R102",)), cue(2)]) == ["1001", "R103"]


def test_numbers_that_follow_no_scheme_are_kept():
    assert numbers_of([cue(1, "WILD-7"), cue(2)]) == ["WILD-7", "R101"]


def test_parts_of_a_split_cue_take_suffixes_even_at_the_end():
    first = cue(1, "R106")
    parts = [cue(2, derived_from=first.uid), cue(3, derived_from="U0000002")]
    assert numbers_of([first, *parts]) == ["R106", "R106A", "R106B"]


def test_parts_that_came_from_each_other_are_numbered_all_the_same():
    cues = [cue(1, derived_from="U0000002"), cue(2, derived_from="U0000001")]
    assert numbers_of(cues) == ["R101", "R101A"]


def test_two_cues_of_one_uid_are_not_given_one_number():
    twin = dataclasses.replace(cue(1), record_in=100)
    done = number_cues([cue(1), twin], CAST, FACTS, project())
    assert [one.number for one in done.cues] == ["R101", None]
    assert done.left == {"U0000001": "another cue has its uid"}


def test_the_result_counts_what_was_done():
    done = number_cues([cue(1, "R106"), cue(2), cue(3, "R107"), cue(4)], CAST, FACTS, project())
    assert (done.kept, done.count("suffixed"), done.count("numbered")) == (2, 1, 1)
    assert [(change.old, change.new) for change in done.changes] == [(None, "R106A"), (None, "R108")]


# -------------------------------------------------------------------------------------------------------- renumbering


def test_renumbering_under_a_new_scheme_remembers_the_old_numbers():
    done = renumber_cues([cue(1, "1001"), cue(2, "1001A"), cue(3, "1002")], CAST, FACTS, project())
    assert [one.number for one in done.cues] == ["R101", "R102", "R103"]
    assert [one.former_numbers for one in done.cues] == [("1001",), ("1001A",), ("1002",)]
    assert [(change.old, change.new) for change in done.changes] == [
        ("1001", "R101"),
        ("1001A", "R102"),
        ("1002", "R103"),
    ]


def test_renumbering_never_gives_a_number_that_another_cue_had():
    done = renumber_cues([cue(1, "R101"), cue(2, "R101A"), cue(3, "R102")], CAST, FACTS, project())
    assert [one.number for one in done.cues] == ["R101", "R103", "R104"]


def test_renumbering_leaves_omitted_cues_alone():
    done = renumber_cues([cue(1, "1001", status="omitted"), cue(2, "1002")], CAST, FACTS, project())
    assert [one.number for one in done.cues] == ["1001", "R101"]


def test_renumbering_is_refused_once_a_take_exists():
    cues = [cue(1, "1001", takes=({"take": 1},))]
    with pytest.raises(CannotWrite, match="1001"):
        renumber_cues(cues, CAST, FACTS, project())
    assert renumber_cues(cues, CAST, FACTS, project(), force=True).cues[0].number == "R101"


# ------------------------------------------------------------------------------------------------- prefixes and guesses


@pytest.mark.parametrize(
    ("name", "taken", "prefix"),
    [
        ("ROBIN", set(), "R"),
        ("Rena", {"r"}, "RE"),
        ("ELDER REN", {"e"}, "ER"),
        ("Робин", set(), "Р"),
        ("羅賓", set(), "羅"),
        ("#2", set(), "X"),
        ("R", {"r"}, "RA"),
    ],
)
def test_a_prefix_is_the_shortest_that_is_free(name, taken, prefix):
    assert derived_prefix(name, taken) == prefix


@given(st.lists(st.text(max_size=8), max_size=30))
def test_derived_prefixes_are_unique_and_hold_no_digits(names):
    taken: set[str] = set()
    for name in names:
        prefix = derived_prefix(name, taken)
        assert prefix.casefold() not in taken
        assert prefix.isalpha()
        taken.add(prefix.casefold())


def test_a_prefix_is_learned_from_the_numbers_that_a_character_has():
    done = number_cues([cue(1, "RB106"), cue(2)], CAST, FACTS, project())
    assert done.cues[1].number == "RB107"
    assert done.guessed == {"robin": "as its numbers have it"}


def test_a_list_without_a_project_goes_on_in_its_own_scheme():
    done = number_cues([cue(1, "1001"), cue(2, "1002"), cue(3), cue(4, "1003")], CAST, FACTS)
    assert done.cues[2].number == "1002A"
    assert done.scheme.template == "{reel}{seq:03}"


def test_a_letter_that_several_characters_share_is_no_prefix():
    done = number_cues([cue(1, "R101"), cue(2, "R102", character="guy"), cue(3, character="guy")], CAST, FACTS)
    assert done.scheme.template == "R{reel}{seq:02}"
    assert done.cues[2].number == "R103"


def test_a_guessed_prefix_that_no_number_got_is_not_kept():
    done = number_cues([cue(1, "X"), cue(2, character="guy")], CAST, FACTS, project())
    assert {one.id: one.prefix for one in done.characters.values()} == {"robin": None, "guy": "G", "marion": None}


def test_guesses_are_in_the_report_and_the_prefix_stays():
    timeline = otio.schema.Timeline("R1")
    model.put_timeline_facts(timeline, FACTS)
    for one in (cue(1), cue(2)):
        timeline.tracks.markers.append(model.cue_marker(one, FACTS))
    model.put_characters(timeline, CAST.values())
    report = Report()
    number_timeline(timeline, Project(), report)
    assert [one.number for one in model.timeline_cues(timeline)] == ["R101", "R102"]
    assert [marker.name for marker, _ in model.cue_markers(timeline)] == ["R101 ROBIN", "R102 ROBIN"]
    assert {loss.code for loss in report} == {"scheme-guessed", "prefix-guessed"}
    assert model.timeline_characters(timeline)["robin"].prefix == "R"


# ---------------------------------------------------------------------------------------------------------- the scheme


@pytest.mark.parametrize("template", ["{reel}", "{seq}{seq}", "{sequence}", "{seq:x}", "R{", "{seq}}"])
def test_a_template_that_cannot_number_is_refused(template):
    with pytest.raises(FormatError):
        NumberScheme(template)


TEMPLATES = [
    "{reel}{seq:03}",
    "R{reel}-{prefix}-{seq:03}",
    "{prefix}{reel}{seq:02}",
    "ADR {seq:03}",
    "{prefix}.{reel}.{seq:02}x",
]


@given(
    st.sampled_from(TEMPLATES),
    st.integers(1, 12),
    st.sampled_from(["R", "SC", "GUY", "РБ"]),
    st.integers(0, 99),
    st.sampled_from(["", "A", "BC"]),
)
def test_the_expression_of_a_scheme_reads_what_the_scheme_writes(template, reel, prefix, sequence, suffix):
    scheme = NumberScheme(template)
    series = scheme.series({"reel": str(reel), "prefix": prefix})
    number = series.write(sequence, suffix)
    assert re.fullmatch(scheme.pattern(), number)
    assert re.fullmatch(scheme.pattern([str(reel), "30"]), number)
    assert series.read(number) == (sequence, suffix)


@pytest.mark.parametrize("text", ["VFX010", "SH0100", "V12", "Marker", "marker12", "take104", "R1-ROB", "10:00"])
def test_the_expression_of_a_scheme_leaves_other_names_alone(text):
    assert not any(re.fullmatch(NumberScheme(template).pattern(), text) for template in TEMPLATES)


def test_plain_markers_are_read_by_the_scheme_of_the_project(tmp_path):
    path = tmp_path / "postsync.toml"
    path.write_text('[numbers]\nscheme = "{prefix}_{reel}.{seq:02}"\n', encoding="utf-8")
    timeline = otio.schema.Timeline("R1")
    model.put_timeline_facts(timeline, FACTS)
    plain = model.PlainMarker(Fraction(1), name="ROB_1.04 ROBIN", comment="Hold there!")
    timeline.tracks.markers.append(model.to_otio_marker(plain, 24))
    spot(timeline, model.read_project(path), Report())
    (found,) = model.timeline_cues(timeline)
    assert (found.number, found.character, found.line) == ("ROB_1.04", "robin", "Hold there!")


def test_following_the_scheme_means_ones_own_character_and_reel():
    cast = {"robin": Character("robin", "ROBIN", prefix="R")}
    good, elsewhere, free = cue(1, "r101a"), cue(1, "R201"), cue(1, "WILD-1")
    assert [follows_scheme(one, cast, FACTS, project()) for one in (good, elsewhere, free)] == [True, False, False]


# ------------------------------------------------------------------------------------------------------- natural order


def test_suffixes_sort_as_they_were_put_in():
    numbers = ["R106BA", "R107", "R106", "R10", "R106B", "R106AA", "R9", "R106A", "2", "١٠", "R106AAA"]
    ordered = ["2", "١٠", "R9", "R10", "R106", "R106AAA", "R106AA", "R106A", "R106BA", "R106B", "R107"]
    assert sorted(numbers, key=model.natural_key) == ordered


def test_a_run_of_digits_of_any_length_sorts():
    assert model.natural_key("9" * 5000) < model.natural_key("1" + "0" * 5000)


@given(st.lists(st.text(max_size=6), max_size=6))
def test_natural_order_is_total(texts):
    keys = [model.natural_key(text) for text in texts]
    assert all((left == right) == (keys[i] == keys[j]) for i, left in enumerate(texts) for j, right in enumerate(texts))
    backwards = texts[::-1]
    assert sorted(backwards, key=model.natural_key) == sorted(texts, key=model.natural_key)


# ---------------------------------------------------------------------------------------------------- what always holds

SCHEMES = st.sampled_from(["{prefix}{reel}{seq:02}", "{reel}{seq:03}", "{seq:03}", "{seq:02}-{prefix}"])
HAND_MADE = st.sampled_from([None, None, None, "R101", "R102", "R101A", "1001", "001", "001A", "X", "G101", "R1100"])


@st.composite
def lists(draw):
    count = draw(st.integers(0, 14))
    cues, used = [], set()
    for at in range(count):
        number = draw(HAND_MADE)
        number = None if number in used else number
        former = [] if not draw(st.booleans()) else [draw(HAND_MADE)]
        former = tuple(one for one in former if one and one not in used and one != number)
        used |= {number, *former}
        parent = draw(st.one_of(st.none(), st.integers(0, 13)))
        cues.append(
            cue(
                at,
                number,
                draw(st.sampled_from(["robin", "guy", None])),
                former_numbers=former,
                status=draw(st.sampled_from(["spotted", "spotted", "omitted", "lost"])),
                derived_from=None if parent is None else f"U{parent:07}",
                reel=draw(st.sampled_from([None, "1", "2"])),
            )
        )
    return cues


def show_of(template, step):
    return project(template, step=step)


@settings(max_examples=150)
@given(lists(), SCHEMES, st.sampled_from([1, 10]))
def test_numbering_twice_changes_nothing_and_nobody_loses_a_number(cues, template, step):
    once = number_cues(cues, CAST, FACTS, show_of(template, step))
    had = {one.uid: one.number for one in cues if one.number}
    assert all(one.number == had[one.uid] for one in once.cues if one.uid in had)
    twice = number_cues(once.cues, once.characters, FACTS, show_of(template, step))
    assert twice.changes == ()
    assert [one.number for one in twice.cues] == [one.number for one in once.cues]


@settings(max_examples=150)
@given(lists(), SCHEMES, st.sampled_from([1, 10]), st.booleans())
def test_numbers_are_unique_also_against_former_ones(cues, template, step, anew):
    act = renumber_cues if anew else number_cues
    done = act(cues, CAST, FACTS, show_of(template, step))
    owners: dict[str, str] = {}
    for one in done.cues:
        for number in {(one.number or "").casefold(), *(former.casefold() for former in one.former_numbers)} - {""}:
            assert owners.setdefault(number, one.uid) == one.uid


@settings(max_examples=100)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=20, unique=True), st.integers(1, 4))
def test_cues_put_in_again_and_again_keep_everybody_in_order(places, rounds):
    cues: list[Cue] = []
    out_of_order: set[str] = set()
    for number in range(rounds):
        taken = {one.record_in for one in cues}
        cues += [new for at in places[number::rounds] if (new := cue(at)).record_in not in taken]
        done = number_cues(cues, CAST, FACTS, project("{seq:03}"))
        out_of_order |= set(done.out_of_order)
        cues = list(done.cues)
    kept = [one.number for one in cues if one.uid not in out_of_order]
    assert kept == sorted(kept, key=model.natural_key)
