"""A cue list that came back: known again, merged field by field, nothing dropped."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.cueing import EVERY_FIELD, MergePlan, Snapshot, merge_cues, spot, take_snapshot
from postsync.cueing.identity import new_uid
from postsync.cueing.merging.likeness import folded, likeness, number_key
from postsync.cueing.merging.three_way import Written, settle
from postsync.errors import RateError
from postsync.model import (
    Character,
    Cue,
    PlainMarker,
    Project,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate, seconds_of_frame

FILM = Rate.of(Fraction(24))
ROBIN, MUCH = Character("robin", "ROBIN"), Character("much", "MUCH")
UIDS = ("AAAAAAAA", "BBBBBBBB", "CCCCCCCC", "DDDDDDDD", "EEEEEEEE")


def work(*cues: Cue, rate: Rate = FILM, start: int = 86400) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline("R1")
    facts = TimelineFacts(rate, start)
    put_timeline_facts(timeline, facts)
    put_characters(timeline, (ROBIN, MUCH))
    timeline.tracks.markers.extend(cue_marker(cue, facts) for cue in cues)
    return timeline


def cue(place: int, **more: object) -> Cue:
    known = {
        "number": f"R10{place + 1}",
        "record_in": 240 * (place + 1),
        "record_out": 240 * (place + 1) + 48,
        "character": "robin",
        "line": f"This is what line number {place + 1} says",
    }
    return Cue(uid=UIDS[place], **{**known, **more})


REEL = tuple(cue(place) for place in range(5))


def base_of(timeline: otio.schema.Timeline) -> Snapshot:
    return take_snapshot(timeline, timeline, "cue_table", "r1.csv")


def merged(ours, theirs, base=REEL, report=None, **plan):
    given = {"carrier": "r1.csv", "base": None if base is None else base_of(work(*base)), "carried": EVERY_FIELD}
    return merge_cues(
        work(*ours), work(*theirs), MergePlan(**{**given, **plan}), Report() if report is None else report
    )


def changed(place: int, **fields: object) -> tuple[Cue, ...]:
    return tuple(dataclasses.replace(one, **fields) if one.uid == UIDS[place] else one for one in REEL)


def lines(result) -> list[str | None]:
    return [one.line for one in timeline_cues(result.timeline)]


# ------------------------------------------------------------------------------------------------------ field by field


def test_a_field_that_came_back_changed_is_taken_and_the_old_value_is_in_the_history():
    result = merged(REEL, changed(1, line="Run!"), when="2026-03-01")
    one = timeline_cues(result.timeline)[1]
    assert one.line == "Run!"
    (entry,) = one.history
    assert (entry.when, entry.who, entry.field, entry.old, entry.new) == (
        "2026-03-01", "r1.csv", "line", "This is what line number 2 says", "Run!",
    )  # fmt: skip


def test_a_field_that_only_we_changed_stays_ours():
    assert lines(merged(changed(1, line="Run!"), REEL))[1] == "Run!"


def test_changes_of_two_fields_of_one_cue_come_together():
    result = merged(changed(1, line="Run!"), changed(1, note="ask Anna"))
    one = timeline_cues(result.timeline)[1]
    assert (one.line, one.note, result.conflicts) == ("Run!", "ask Anna", 0)


def test_a_change_that_both_made_is_no_conflict():
    result = merged(changed(1, line="Run!"), changed(1, line="Run!"))
    assert (lines(result)[1], result.conflicts) == ("Run!", 0)


def test_a_conflict_keeps_ours_and_theirs_beside_it_and_is_listed():
    report = Report()
    result = merged(changed(1, line="Run!"), changed(1, line="Stay!"), report=report)
    one = timeline_cues(result.timeline)[1]
    assert one.line == "Run!"
    assert one.extra["conflicts"]["line"]["theirs"] == "Stay!"
    assert result.conflicts == 1
    assert [loss.sentence() for loss in report] == [
        "R102, 01:00:20:00: both sides changed line: ours kept, theirs beside it (ours Run!, theirs Stay!)"
    ]


@pytest.mark.parametrize(("prefer", "line"), [("ours", "Run!"), ("theirs", "Stay!")])
def test_conflicts_can_be_settled_one_way(prefer, line):
    result = merged(changed(1, line="Run!"), changed(1, line="Stay!"), prefer=prefer)
    assert (lines(result)[1], result.conflicts) == (line, 0)


def test_reasons_added_on_both_sides_add_up_and_one_taken_away_goes():
    base = changed(1, reasons=("noise", "technical"))
    result = merged(
        tuple(
            dataclasses.replace(one, reasons=("noise", "technical", "tv")) if one.uid == UIDS[1] else one
            for one in base
        ),
        tuple(dataclasses.replace(one, reasons=("technical", "added")) if one.uid == UIDS[1] else one for one in base),
        base,
    )
    assert timeline_cues(result.timeline)[1].reasons == ("technical", "tv", "added")
    assert result.conflicts == 0


def test_a_cleared_cell_clears_only_where_the_file_holds_the_field():
    ours = changed(1, note="ask Anna")
    theirs = changed(1, line="Run!")
    assert timeline_cues(merged(ours, theirs, ours).timeline)[1].note is None
    assert timeline_cues(merged(ours, theirs, ours, carried=frozenset({"line"})).timeline)[1].note == "ask Anna"
    assert timeline_cues(merged(ours, theirs, ours, carried=None).timeline)[1].note == "ask Anna"


def test_a_change_that_came_back_in_capitals_is_carried_over_to_our_spelling():
    written = Written("Hold there! What’s his fault?", "HOLD THERE! WHAT'S HIS FAULT?")
    assert settle("line", written, written.was, written.shown).verdict == "ours"
    assert (
        settle("line", written, written.was, "HOLD THERE! WHAT'S THEIR FAULT?").value
        == "Hold there! What’s THEIR fault?"
    )


# ----------------------------------------------------------------------------------------------------- known again


def test_a_renumbered_list_without_tags_is_joined_by_what_it_says_not_by_its_numbers():
    theirs = [
        dataclasses.replace(one, uid=f"ZZZZZZZ{one.uid[0]}", number=f"R10{place}") for place, one in enumerate(REEL)
    ]
    result = merged(REEL, theirs)
    assert [one.uid for one in result.cues] == list(UIDS)
    assert [one.number for one in timeline_cues(result.timeline)] == ["R100", "R101", "R102", "R103", "R104"]


def test_a_cue_is_known_by_its_former_number():
    ours = [
        dataclasses.replace(one, number=f"X{place}", former_numbers=(one.number,)) for place, one in enumerate(REEL)
    ]
    theirs = [
        dataclasses.replace(one, uid=f"ZZZZZZZ{one.uid[0]}", line=f"wholly other words {one.number}") for one in REEL
    ]
    assert {one.uid for one in merged(ours, theirs, None).cues} == set(UIDS)


def test_the_nearest_of_two_copies_keeps_the_uid_and_the_other_gets_its_own():
    copy = PlainMarker(Fraction(10), name="R101 ROBIN: No {adr=AAAAAAAA}")
    late = PlainMarker(Fraction(90), name="R101 ROBIN: No {adr=AAAAAAAA}")
    returned = otio.schema.Timeline("back")
    put_timeline_facts(returned, TimelineFacts(FILM, 86400))
    returned.tracks.markers.extend(to_otio_marker(one) for one in (late, copy))
    spot(returned, Project(), Report())
    ours = work(cue(0, record_in=240, line="No"))
    result = merge_cues(ours, returned, MergePlan("back.edl"), Report())
    kept, made = timeline_cues(result.timeline)
    assert (kept.uid, kept.record_in) == ("AAAAAAAA", 240)
    assert (made.uid != "AAAAAAAA", made.derived_from, made.record_in) == (True, "AAAAAAAA", 2160)
    assert result.copies == {made.uid: "AAAAAAAA"}


def test_the_copy_at_the_old_place_keeps_the_uid_even_where_it_comes_later():
    first = PlainMarker(Fraction(2), name="R101 ROBIN: No {adr=AAAAAAAA}")
    second = PlainMarker(Fraction(10), name="R101 ROBIN: No {adr=AAAAAAAA}")
    returned = otio.schema.Timeline("back")
    put_timeline_facts(returned, TimelineFacts(FILM, 86400))
    returned.tracks.markers.extend(to_otio_marker(one) for one in (first, second))
    spot(returned, Project(), Report())
    result = merge_cues(work(cue(0, line="No")), returned, MergePlan("back.edl"), Report())
    assert [(one.uid == "AAAAAAAA", one.record_in) for one in timeline_cues(result.timeline)] == [
        (False, 48),
        (True, 240),
    ]


def test_what_may_be_one_of_ours_but_is_not_sure_is_kept_apart_to_be_confirmed():
    report = Report()
    stranger = dataclasses.replace(cue(1), uid="ZZZZZZZZ", number=None, record_in=9000, record_out=9048)
    result = merged(REEL, (REEL[0], stranger), report=report)
    assert result.unsure == {"ZZZZZZZZ": [UIDS[1]]}
    assert len(timeline_cues(result.timeline)) == 6
    assert "merge-unsure" in [loss.code for loss in report]


def test_new_and_missing_cues_are_named_and_nothing_goes():
    report = Report()
    new = cue(4, number="R200", line="Entirely different words here", record_in=5000, record_out=None)
    result = merged(REEL[:4], (*REEL[1:4], dataclasses.replace(new, uid="ZZZZZZZZ")), report=report)
    assert (result.new, result.missing) == (["ZZZZZZZZ"], [UIDS[0]])
    assert {one.uid for one in timeline_cues(result.timeline)} == {*UIDS[:4], "ZZZZZZZZ"}
    assert {loss.code for loss in report} == {"merge-new", "merge-missing"}


def test_a_cue_made_after_the_list_was_written_is_not_missing():
    assert merged(REEL, REEL[:4], REEL[:4]).missing == []


def test_missing_cues_are_omitted_only_on_request_and_keep_their_number():
    result = merged(REEL, REEL[1:], omit_missing=True, when="2026-03-01")
    gone = timeline_cues(result.timeline)[0]
    assert (gone.status, gone.number, gone.omitted_on) == ("omitted", "R101", "2026-03-01")


# ----------------------------------------------------------------------------------------------------------- the time


def moved(by: int) -> list[Cue]:
    return [dataclasses.replace(one, record_in=one.record_in + by, record_out=one.record_out + by) for one in REEL]


def test_a_list_that_moved_as_a_whole_is_said_once():
    report = Report()
    result = merged(REEL, moved(240), report=report)
    assert [one.record_in for one in timeline_cues(result.timeline)] == [480, 720, 960, 1200, 1440]
    assert [loss.sentence() for loss in report] == ["the whole list stands +00:00:10:00 from ours (taken)"]
    assert all(not one.changes for one in result.cues)


def test_an_offset_can_be_left_and_one_of_an_unknown_start_always_is():
    for plan in ({"take_offset": False}, {"start_known": False}):
        result = merged(REEL, moved(-240), **plan)
        assert [one.record_in for one in timeline_cues(result.timeline)] == [240, 480, 720, 960, 1200]
        assert result.offset == -10


def test_one_cue_that_moved_within_a_list_that_moved_is_told_apart():
    theirs = moved(240)
    theirs[2] = dataclasses.replace(theirs[2], record_in=theirs[2].record_in + 7)
    result = merged(REEL, theirs)
    assert [one.record_in for one in timeline_cues(result.timeline)] == [480, 720, 967, 1200, 1440]
    assert [(one.number, [change.field for change in one.changes]) for one in result.cues if one.changes] == [
        ("R103", ["in"])
    ]


def test_cues_next_to_each_other_that_moved_alike_are_said_in_one_line():
    report = Report()
    theirs = [*REEL[:2], *moved(10)[2:]]
    merged((*REEL,), theirs, report=report)
    assert "R103 to R105 by +00:00:00:10" in " ".join(loss.sentence() for loss in report)


def test_a_list_whose_timeline_was_given_another_start_moves_nothing():
    report = Report()
    result = merge_cues(work(*REEL), work(*REEL, start=0), MergePlan("r1.otio", base=base_of(work(*REEL))), report)
    assert [one.record_in for one in timeline_cues(result.timeline)] == [240, 480, 720, 960, 1200]
    assert (result.offset, result.offset_taken) == (-3600, False)
    assert "left out: its timeline starts so much later or earlier" in report.losses[0].sentence()


def test_lists_with_other_starts_are_compared_by_timecode():
    shifted = [dataclasses.replace(one, record_in=one.record_in + 24, record_out=one.record_out + 24) for one in REEL]
    result = merge_cues(work(*REEL), work(*shifted, start=86400 - 24), MergePlan("x"), Report())
    assert (result.offset, [one.changes for one in result.cues]) == (0, [()] * 5)


def test_the_exact_time_of_a_cue_survives_a_carrier_of_whole_frames():
    exact = cue(0, precise_in=seconds_of_frame(240, FILM) + Fraction(1, 100))
    ours, shown = work(exact), work(dataclasses.replace(exact, precise_in=None))
    base = take_snapshot(ours, shown, "midi_markers", "r1.mid")
    result = merge_cues(ours, shown, MergePlan("r1.mid", base=base), Report())
    assert timeline_cues(result.timeline)[0].precise_in == exact.precise_in


def test_another_speed_is_refused_in_one_sentence():
    with pytest.raises(RateError, match="expected 24, found 25"):
        merge_cues(work(*REEL), work(*REEL, rate=Rate.of(Fraction(25))), MergePlan("x"), Report())


# ------------------------------------------------------------------------------------------------------ no base, tags


def test_without_a_base_the_text_that_came_back_is_taken_and_that_is_said():
    report = Report()
    result = merged(REEL, changed(1, line="Run!"), None, report=report)
    assert lines(result)[1] == "Run!"
    assert [loss.code for loss in report] == ["merge-without-base"]


def test_without_a_base_a_text_that_only_lost_its_case_or_its_end_is_not_a_change():
    upper = [dataclasses.replace(one, line=one.line.upper()) for one in REEL]
    cut = [dataclasses.replace(one, line=one.line[:10] + "…") for one in REEL]
    assert lines(merged(REEL, upper, None)) == lines(merged(REEL, cut, None)) == [one.line for one in REEL]


def test_without_a_base_letters_that_ascii_cannot_show_are_not_lost_beside_an_edit():
    ours = (cue(0, line="Où est mon frère?"), cue(1, line="где мой брат"), cue(2, line="не беги сегодня"))
    came = (cue(0, line="Ou est mon frere donc?"), cue(1, line="??? ??? ????"), cue(2, line="?? RUN ???????"))
    assert lines(merged(ours, came, None)) == ["Où est mon frere donc?", "где мой брат", "не RUN сегодня"]


def test_a_rewritten_line_of_the_same_person_on_the_same_frame_of_a_list_of_points_is_known():
    ours = tuple(dataclasses.replace(one, number=None) for one in REEL)
    points = [dataclasses.replace(one, uid=f"{one.uid[:7]}9", record_out=None) for one in ours]
    points[2] = dataclasses.replace(points[2], line="No!")
    result = merge_cues(work(*ours), work(*points), MergePlan("back.edl"), Report())
    assert (len(result.cues), result.new, lines(result)[2]) == (5, [], "No!")


def test_a_name_that_came_back_as_question_marks_speaks_against_nobody():
    yuri = Character("yuri", "Юрий")
    ours, back = (work(cue(0, character="yuri")) for _ in range(2))
    put_characters(ours, (yuri,))
    put_characters(back, (dataclasses.replace(yuri, name="????"),))
    back.tracks.markers[:] = [
        cue_marker(dataclasses.replace(cue(0), uid=UIDS[4], character="yuri"), TimelineFacts(FILM, 86400))
    ]
    result = merge_cues(ours, back, MergePlan("back.mid"), Report())
    assert ([one.key for one in result.cues], timeline_characters(result.timeline)["yuri"].name) == (
        ["fingerprint"],
        "Юрий",
    )


@pytest.mark.parametrize("base", [True, False])
def test_a_number_that_a_spreadsheet_counted_is_not_a_change(base):
    ours = (cue(0, number="001", scene="3.10"), cue(1, number="002"))
    came = (cue(0, number="1", scene="3.1"), cue(1, number="12"))
    result = merged(ours, came, ours if base else None)
    first, second = timeline_cues(result.timeline)
    assert (first.number, first.scene, second.number) == ("001", "3.10", "12")


def test_a_full_tag_stands_in_for_what_was_written():
    from postsync.cueing import NAME_ONLY, lay_out

    sent = work(cue(0, reasons=("noise",), note="old note"))
    text = lay_out(timeline_cues(sent)[0], timeline_characters(sent), NAME_ONLY, "full").name
    returned = otio.schema.Timeline("back")
    put_timeline_facts(returned, TimelineFacts(FILM, 86400))
    edited = text.replace("line number 1", "LINE number one")
    returned.tracks.markers.append(to_otio_marker(PlainMarker(Fraction(10), Fraction(2), edited)))
    spot(returned, Project(), Report())
    ours = work(cue(0, reasons=("noise", "tv"), note="new note"))
    one = timeline_cues(merge_cues(ours, returned, MergePlan("back.mid"), Report()).timeline)[0]
    assert (one.line, one.note, one.reasons) == ("This is what LINE number one says", "new note", ("noise", "tv"))


def test_a_number_that_hundreds_share_tells_none_of_them():
    crowd = tuple(
        Cue(uid=new_uid(f"ours {place}", {}), number="R1", record_in=place * 240, line=f"line {place}")
        for place in range(120)
    )
    theirs = [dataclasses.replace(one, uid=new_uid(one.uid, {}), record_in=one.record_in + 7) for one in crowd]
    result = merge_cues(work(*crowd), work(*reversed(theirs)), MergePlan("back"), Report())
    assert (len(result.cues), result.new, result.unsure) == (120, [], {})
    assert lines(result) == [one.line for one in crowd]


# --------------------------------------------------------------------------------------------------------- properties

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).map(str.strip).filter(bool)
_TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "c", "Hold there!"]), _TEXT)
_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "line": _TEXTS,
        "note": _TEXTS,
        "scene": _TEXTS,
        "priority": st.one_of(st.none(), st.integers(1, 3)),
        "reasons": st.lists(st.sampled_from(["noise", "tv", "added"]), unique=True).map(tuple),
        "status": st.sampled_from(["spotted", "recorded", "cut"]),
        "translations": st.dictionaries(st.sampled_from(["de", "fr"]), st.sampled_from(["ja", "oui"])),
        "record_in": st.integers(200, 260),
    },
)
_EDITS = st.lists(_FIELDS, min_size=5, max_size=5)


def edit(edits) -> list[Cue]:
    return [dataclasses.replace(one, **fields) for one, fields in zip(REEL, edits, strict=True)]


@settings(max_examples=60, deadline=None)
@given(_EDITS, _EDITS)
def test_random_edits_on_both_sides_lose_nothing_and_conflicts_are_complete(mine, their):
    ours, theirs = edit(mine), edit(their)
    result = merged(ours, theirs, take_offset=True)
    told = {one.uid: {change.field: change for change in one.changes} for one in result.cues}
    for base, one, other, end in zip(
        REEL, ours, theirs, sorted(timeline_cues(result.timeline), key=lambda one: one.uid), strict=True
    ):
        for name in ("line", "note", "scene", "priority", "status"):
            was, mine_now, their_now, now = (getattr(cue, name) for cue in (base, one, other, end))
            if mine_now == was:
                assert now == their_now
            elif their_now in (was, mine_now):
                assert now == mine_now
            else:
                assert now == mine_now
                assert told[base.uid][name].verdict == "conflict"
                assert end.extra["conflicts"][name]["theirs"] == their_now
        added = (set(one.reasons) | set(other.reasons)) - set(base.reasons)
        assert set(end.reasons) == added


@settings(max_examples=60, deadline=None)
@given(_EDITS, _EDITS)
def test_merging_either_way_round_gives_the_same_where_there_is_no_conflict(mine, their):
    one, other = merged(edit(mine), edit(their)), merged(edit(their), edit(mine))
    assert one.conflicts == other.conflicts
    for left, right in zip(timeline_cues(one.timeline), timeline_cues(other.timeline), strict=False):
        if one.conflicts == 0:
            for name in ("line", "note", "scene", "priority", "status", "translations"):
                assert getattr(left, name) == getattr(right, name)
            assert set(left.reasons) == set(right.reasons)


@settings(max_examples=40, deadline=None)
@given(_EDITS, _EDITS)
def test_merging_the_same_list_a_second_time_changes_nothing(mine, their):
    once = merged(edit(mine), edit(their))
    again = merge_cues(
        once.timeline, work(*edit(their)), MergePlan("r1.csv", base=base_of(work(*REEL)), carried=EVERY_FIELD), Report()
    )
    assert timeline_cues(again.timeline) == timeline_cues(once.timeline)


@given(st.text(), st.text())
def test_likeness_is_symmetric_between_none_and_one(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


def test_texts_and_numbers_are_folded_as_carriers_change_them():
    assert folded("“Où, là?!”") == folded("OU LA")
    assert number_key("007") == number_key("7")
    assert number_key("R106A") != number_key("R106")
    assert number_key("ADR 104") == number_key("adr_104".replace("_", " "))
