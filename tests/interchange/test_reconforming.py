"""Cues, markers and placed clips on a new cut: every status, nothing lost, and the way back."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

import postsync
from postsync import verbs
from postsync.cli import main
from postsync.conforming import (
    FLAGS,
    STATUSES,
    ChangeMap,
    Maps,
    Piece,
    ReelSpan,
    Side,
    change_list_text,
    change_rows,
    change_timelines,
    changes,
    changes_of_timeline,
    follow,
    reconform,
    undo,
)
from postsync.errors import CannotWrite, FormatError, RateError, UnknownFormat
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    PlainMarker,
    SyncPoint,
    TimelineFacts,
    block,
    cue_marker,
    placed_tracks,
    put_characters,
    put_clip_facts,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
    timeline_markers,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.edl import EdlReadOptions, EdlWriteOptions, edit_list_of, parse_text, timeline_of
from recuts import START, distances, edl, label, old_reel, places_of, recut, shows_the_same, some_cues

FPS = as_rate("24")


def mapped(*pieces: Piece, old: int = 1000, new: int = 1000) -> ChangeMap:
    """A map of a reel from 0, of the pieces given."""
    return ChangeMap(Side("old", FPS, (ReelSpan("R1", 0, old),)), Side("new", FPS, (ReelSpan("R1", 0, new),)), pieces)


# ---------------------------------------------------------------------------------------------------------- the statuses

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


# ----------------------------------------------------------------------------------------------------------- whole works


def cut(*shots: tuple[str, int, int], name: str = "R1"):
    """A list of (source, source in, length) as a timeline at 01:00:00:00."""
    lines, at = [f"TITLE: {name}\nFCM: NON-DROP FRAME\n"], START
    for number, (source, first, length) in enumerate(shots, 1):
        times = " ".join(label(frame) for frame in (first, first + length, at, at + length))
        lines.append(f"{number:03}  {source:<8} V     C        {times}\n* FROM CLIP NAME: {source}\n")
        at += length
    return timeline_of(parse_text("".join(lines)), Report(), EdlReadOptions())


OLD = (("A001C001", 100_000, 240), ("B001C002", 200_000, 240), ("C001C003", 300_000, 240))
NEW = (("A001C001", 100_000, 216), ("B001C002", 200_000, 240), ("D001C009", 900_000, 48), ("C001C003", 300_000, 240))


def work(
    *cues: Cue, markers: tuple[PlainMarker, ...] = (), clips: tuple[tuple[str, str, Fraction, str | None], ...] = ()
):
    """The old cut with cues, plain markers, and takes (track, name, seconds in, uid of the cue)."""
    made = cut(*OLD)
    facts = timeline_facts(made)
    put_characters(made, [Character("ROB", "Robin")])
    made.tracks.markers.extend([cue_marker(cue, facts, "Robin") for cue in cues])
    made.tracks.markers.extend([to_otio_marker(marker, facts.rate.fps) for marker in markers])
    for track_name in dict.fromkeys(row[0] for row in clips):
        at, children = Fraction(0), []
        for name, start, uid in (row[1:] for row in clips if row[0] == track_name):
            if start > at:
                children.append(otio.schema.Gap(source_range=seconds(Fraction(0), start - at)))
            take = otio.schema.Clip(name, otio.schema.MissingReference(name), seconds(Fraction(7, 2), Fraction(2)))
            put_clip_facts(take, ClipFacts(cue_uid=uid))
            children.append(take)
            at = start + 2
        made.tracks.append(otio.schema.Track(track_name, children, kind="Audio"))
    return made


def seconds(start: Fraction, length: Fraction):
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(int(start * 48000), 48000), otio.opentime.RationalTime(int(length * 48000), 48000)
    )


def cue(uid: str, start: int, end: int | None, **more) -> Cue:
    return Cue(
        uid=uid, number=f"R{uid[-1]}", character="ROB", line=f"line {uid[-1]}", record_in=start, record_out=end, **more
    )


def by_number(timeline) -> dict[str, Cue]:
    return {one.number or one.uid: one for one in timeline_cues(timeline)}


IN_B = cue("AAAAAAA2", 300, 350)
IN_C = cue("AAAAAAA3", 500, 540)
AT_THE_CUT = cue("AAAAAAA4", 200, 250)


def moved_work(given, **how):
    old, new = cut(*OLD, name="R1 v1"), cut(*NEW, name="R1 v2")
    return reconform(given, Maps(changes(old, new)), new, old, **how)


def test_cues_move_and_everything_else_of_them_stays():
    given = work(IN_B, IN_C, AT_THE_CUT)
    done = moved_work(given)
    after = by_number(done.timelines[0])
    assert {number: one.record_in for number, one in after.items()} == {"R2": 276, "R3": 524, "R4": 200}
    assert replace(after["R2"], record_in=300, record_out=350, reconform=None) == IN_B
    assert done.counts == {"moved": 2, "shortened": 1}
    assert sum(done.counts.values()) == 3


def test_a_cue_remembers_where_it_was_through_which_map_and_what_became_of_it():
    record = by_number(moved_work(work(IN_B)).timelines[0])["R2"].reconform
    assert (record["status"], record["delta"], record["was"]["record_in"]) == ("moved", -24, 300)
    assert (record["from_version"], record["to_version"]) == ("R1 v1", "R1 v2")


def test_exact_times_and_sync_points_move_by_whole_frames():
    exact = cue("AAAAAAA2", 300, 350, precise_in=Fraction(1201, 96), sync_points=(SyncPoint(Fraction(13), "lips"),))
    after = by_number(moved_work(work(exact)).timelines[0])["R2"]
    assert (after.precise_in, after.sync_points[0].time) == (Fraction(1201, 96) - 1, Fraction(12))


def test_where_takes_lie_goes_along_in_the_cue_and_comes_back():
    given = work(cue("AAAAAAA2", 300, 350, placements=({"track": "ADR 1", "record_in": 298}, {"record_in": "25/2"})))
    moved = moved_work(given).timelines[0]
    assert [one["record_in"] for one in by_number(moved)["R2"].placements] == [274, "23/2"]
    assert timeline_cues(undo(moved, cut(*OLD))) == timeline_cues(given)


def test_a_point_without_an_out_stays_a_point():
    assert by_number(moved_work(work(cue("AAAAAAA2", 300, None))).timelines[0])["R2"].record_out is None


def test_a_lost_cue_stays_in_the_list_as_lost():
    new = cut(OLD[0], OLD[2])
    done = reconform(work(IN_B), Maps(changes(cut(*OLD), new)), new, cut(*OLD))
    after = by_number(done.timelines[0])["R2"]
    assert (after.status, after.record_in, done.counts) == ("lost", 300, {"lost": 1})


def test_a_cue_whose_picture_comes_back_is_no_longer_lost():
    without_b, again = cut(OLD[0], OLD[2], name="v2"), cut(*OLD, name="v3")
    lost = reconform(work(IN_B), Maps(changes(cut(*OLD), without_b)), without_b, cut(*OLD)).timelines[0]
    back = reconform(lost, Maps(changes(cut(*OLD), again)), again, cut(*OLD))
    assert by_number(back.timelines[0])["R2"].status == "spotted"


def test_the_parts_of_a_split_line_become_cues_with_suffixes():
    long = cue("AAAAAAA4", 210, 280)
    new = cut(OLD[0], ("D001C009", 900_000, 480), OLD[1], OLD[2])
    done = reconform(work(long), Maps(changes(cut(*OLD), new)), new, cut(*OLD))
    after = by_number(done.timelines[0])
    assert {number: (one.record_in, one.record_out) for number, one in after.items()} == {
        "R4": (210, 280),
        "R4A": (720, 760),
    }
    assert (after["R4A"].derived_from, done.counts, done.cues[0].proposed) == ("AAAAAAA4", {"split": 1}, ("R4A",))


def test_plain_markers_move_like_points_and_keep_their_place_within_the_frame():
    marker = PlainMarker(Fraction(25, 2) + Fraction(1, 96), name="music in")
    after = [one for _, one in timeline_markers(moved_work(work(markers=(marker,))).timelines[0])]
    assert [(one.name, one.record_in) for one in after] == [("music in", marker.record_in - 1)]


def test_the_result_is_the_new_cut_with_the_placed_tracks_on_it():
    done = moved_work(work(IN_B, clips=(("ADR 1", "R2_tk3", Fraction(25, 2), "AAAAAAA2"),)))
    tracks = placed_tracks(done.timelines[0])
    assert [clip.clip.name for clip in tracks[0].clips] == ["A001C001", "B001C002", "D001C009", "C001C003"]
    take = tracks[1].clips[0]
    assert (tracks[1].name, take.record_in, take.duration, take.source_start) == (
        "ADR 1",
        Fraction(23, 2),
        2,
        Fraction(7, 2),
    )


def test_picture_that_the_old_list_calls_otherwise_is_left_for_the_new_cuts_and_counted():
    given = work(IN_B, clips=(("ADR 1", "wild", Fraction(12), None),))
    given.tracks[0][1].name = "the same shot by its slate"
    done = moved_work(given)
    assert [track.kind for track in placed_tracks(done.timelines[0])] == ["video", "audio"]
    assert done.left_out == 1


def test_a_clip_goes_with_its_cue_and_not_with_the_picture_under_it():
    over_the_cut = ("ADR 1", "R3_tk1", Fraction(19), "AAAAAAA3")
    take = placed_tracks(moved_work(work(IN_C, clips=(over_the_cut,))).timelines[0])[1].clips[0]
    assert take.record_in == 20


@pytest.mark.parametrize(("seconds_in", "status"), [(Fraction(39, 2), "moved"), (Fraction(19), "lengthened")])
def test_a_take_of_a_line_and_handles_has_the_status_of_its_cue_and_a_longer_one_its_own(seconds_in, status):
    soon_after_the_cut = cue("AAAAAAA3", 484, 520)
    done = moved_work(work(soon_after_the_cut, clips=(("ADR 1", "R3_tk1", seconds_in, "AAAAAAA3"),)))
    assert [(row.fate.status, row.fate.delta) for row in (*done.cues, *done.clips)] == [("moved", 24), (status, 24)]


def test_a_take_stays_on_its_sample():
    at = Fraction(600_001, 48_000)
    take = placed_tracks(moved_work(work(clips=(("ADR 1", "wild", at, None),))).timelines[0])[1].clips[0]
    assert take.record_in == at - 1


BEFORE_THE_LINE = ("ADR 1", "R2_tk1", Fraction(11), "AAAAAAA2")
"""A take that begins 1.5 s before its line, which the new cut opens with."""


def opened_with_the_line():
    line = cue("AAAAAAA2", 300, 350)
    given, new = work(line, clips=(BEFORE_THE_LINE,)), cut(("B001C002", 200_048, 192), OLD[2])
    return given, reconform(given, Maps(changes(cut(*OLD), new)), new, cut(*OLD)).timelines[0]


def test_a_take_that_would_begin_before_the_reel_loses_its_head_and_stays_in_sync():
    given, moved = opened_with_the_line()
    was, now = (placed_tracks(timeline, "audio")[0].clips[0] for timeline in (given, moved))
    line_was, line_now = (by_number(timeline)["R2"].record_in for timeline in (given, moved))
    assert now.record_in == 0 and line_now == 12
    heard = [
        clip.source_start + Fraction(line, 24) - clip.record_in for clip, line in ((was, line_was), (now, line_now))
    ]
    assert heard[0] == heard[1]
    assert now.duration == was.duration - 1


def test_a_take_that_lost_its_head_comes_back_whole():
    given, moved = opened_with_the_line()
    assert laid(undo(moved, cut(*OLD))) == laid(given)
    facts = [placed_tracks(one, "audio")[0].clips[0].facts for one in (undo(moved, cut(*OLD)), given)]
    assert facts[0] == facts[1]


def test_clips_that_meet_after_the_move_are_flagged_and_both_kept():
    new = cut(OLD[0], ("B001C002", 200_100, 140), OLD[2])
    rows = (("ADR 1", "one", Fraction(19), None), ("ADR 1", "two", Fraction(21), None))
    given = work(cue("AAAAAAA2", 240, 260), clips=tuple((*row[:3], None) for row in rows))
    done = reconform(given, Maps(changes(cut(*OLD), new)), new, cut(*OLD))
    names = [clip.clip.name for track in placed_tracks(done.timelines[0], "audio") for clip in track.clips]
    assert sorted(names) == ["one", "two"]
    squeezed = cut(OLD[0], ("C001C003", 300_000, 240))
    met = reconform(
        work(IN_B, IN_C, clips=(("ADR 1", "one", Fraction(9), None), ("ADR 1", "two", Fraction(41, 2), None))),
        Maps(changes(cut(*OLD), squeezed)),
        squeezed,
        cut(*OLD),
    )
    assert [row.fate.flags for row in met.clips if "collision" in row.fate.flags] == [("collision",)] * 2
    assert len([clip for track in placed_tracks(met.timelines[0], "audio") for clip in track.clips]) == 2


def test_a_clip_is_placed_whole_unless_cutting_is_asked_for():
    over_the_trim = (("ADR 1", "wild", Fraction(8), None),)
    whole = placed_tracks(moved_work(work(clips=over_the_trim)).timelines[0], "audio")[0].clips
    assert [(clip.record_in, clip.duration) for clip in whole] == [(8, 2)]
    (part,) = placed_tracks(moved_work(work(clips=over_the_trim), cut=True).timelines[0], "audio")[0].clips
    assert (part.record_in, part.duration, part.source_start) == (8, 1, Fraction(7, 2))
    assert (part.facts.fade_in, part.facts.fade_out is not None) == (None, True)


def test_a_clip_whose_picture_is_gone_lies_switched_off_on_a_track_of_its_own():
    new = cut(OLD[0], OLD[2])
    given = work(clips=(("ADR 1", "wild", Fraction(12), None),))
    done = reconform(given, Maps(changes(cut(*OLD), new)), new, cut(*OLD))
    track = placed_tracks(done.timelines[0], "audio")[0]
    assert (track.name, track.clips[0].enabled, done.clips[0].fate.status) == ("Lost", False, "lost")


def test_an_unchanged_cut_changes_nothing():
    given = work(IN_B, AT_THE_CUT, markers=(PlainMarker(Fraction(3), name="x"),))
    done = reconform(given, Maps(changes(cut(*OLD), cut(*OLD))), cut(*OLD), cut(*OLD))
    assert done.timelines[0].to_json_string() == given.to_json_string()
    assert done.counts == {"unchanged": 2}


def test_undo_takes_everything_back():
    given = work(
        IN_B, AT_THE_CUT, cue("AAAAAAA5", 230, 300), markers=(PlainMarker(Fraction(25, 2), name="music in"),),
        clips=(("ADR 1", "R2_tk3", Fraction(25, 2), "AAAAAAA2"), ("ADR 2", "wild", Fraction(8), None)),
    )  # fmt: skip
    for cutting in (False, True):
        back = undo(moved_work(given, cut=cutting).timelines[0], cut(*OLD))
        assert timeline_cues(back) == timeline_cues(given)
        assert [one for _, one in timeline_markers(back)] == [one for _, one in timeline_markers(given)]
        assert laid(back) == laid(given)


def laid(timeline):
    return [
        (
            track.name,
            clip.clip.name,
            clip.record_in,
            clip.duration,
            clip.source_start,
            clip.enabled,
            "reconform" in block(clip.clip),
        )
        for track in placed_tracks(timeline)
        for clip in track.clips
    ]


def test_what_went_through_a_map_already_stays_where_it_is():
    old, new = cut(*OLD, name="R1 v1"), cut(*NEW, name="R1 v2")
    maps = Maps(changes(old, new))
    once = reconform(work(IN_B, IN_C), maps, new, old).timelines[0]
    twice = reconform(once, maps, new, old)
    assert timeline_cues(twice.timelines[0]) == timeline_cues(once)
    assert [one.already for one in twice.cues] == [True, True]


def test_lines_that_a_new_cut_brings_as_markers_too_are_there_once_and_new_ones_stay():
    old, new = cut(*OLD, name="R1 v1"), cut(*NEW, name="R1 v2")
    facts = timeline_facts(new)
    by_editor = (
        replace(IN_B, uid="ZZZZZZZ2", record_in=276),
        replace(IN_C, uid="ZZZZZZZ3", number=None, record_in=524),
        cue("ZZZZZZZ9", 20, 30),
    )
    new.tracks.markers.extend([cue_marker(one, facts, "Robin") for one in by_editor])
    after = timeline_cues(reconform(work(IN_B, IN_C), Maps(changes(old, new)), new, old).timelines[0])
    assert [one.uid for one in after] == ["ZZZZZZZ9", "AAAAAAA2", "AAAAAAA3"]


def test_a_take_that_was_placed_since_stays_where_it_is():
    old, new = cut(*OLD, name="R1 v1"), cut(*NEW, name="R1 v2")
    maps = Maps(changes(old, new))
    once = reconform(work(IN_B), maps, new, old).timelines[0]
    take = otio.schema.Clip("late", otio.schema.MissingReference("late"), seconds(Fraction(0), Fraction(2)))
    gap = otio.schema.Gap(source_range=seconds(Fraction(0), Fraction(3)))
    once.tracks.append(otio.schema.Track("ADR 1", [gap, take], kind="Audio"))
    twice = placed_tracks(reconform(once, maps, new, old).timelines[0])
    assert [(track.kind, len(track.clips)) for track in twice] == [("video", 4), ("audio", 1)]
    assert twice[1].clips[0].record_in == 3


def test_another_new_cut_of_the_same_old_one_starts_from_where_things_were():
    old, second, third = cut(*OLD, name="v1"), cut(*NEW, name="v2"), cut(OLD[1], OLD[0], OLD[2], name="v3")
    once = reconform(work(IN_B), Maps(changes(old, second)), second, old).timelines[0]
    direct = reconform(work(IN_B), Maps(changes(old, third)), third, old).timelines[0]
    again = reconform(once, Maps(changes(old, third)), third, old).timelines[0]
    assert [one.record_in for one in timeline_cues(again)] == [one.record_in for one in timeline_cues(direct)]


def test_the_next_cut_starts_from_where_things_are():
    old, second = cut(*OLD, name="v1"), cut(*NEW, name="v2")
    third = cut(("E001C001", 500_000, 24), *NEW, name="v3")
    once = reconform(work(IN_B), Maps(changes(old, second)), second, old).timelines[0]
    after = timeline_cues(reconform(once, Maps(changes(second, third)), third, second).timelines[0])[0]
    assert after.record_in == 300
    assert after.reconform["before"]["delta"] == -24


def test_a_scene_that_goes_to_the_next_reel_takes_its_cues_along():
    def at_hour(timeline, hour, name):
        facts = timeline_facts(timeline)
        put_timeline_facts(timeline, TimelineFacts(facts.rate, hour * 86_400))
        timeline.name = name
        return timeline

    olds = [work(IN_C), at_hour(cut(("F001C001", 700_000, 100)), 2, "R2")]
    news = [cut(*OLD[:2]), at_hour(cut(OLD[2], ("F001C001", 700_000, 100)), 2, "R2")]
    done = reconform(olds, Maps(changes(olds, news)), news, olds)
    assert [[one.record_in for one in timeline_cues(reel)] for reel in done.timelines] == [[], [20]]
    assert (done.cues[0].old_reel, done.cues[0].new_reel) == ("R1", "R2")


# ----------------------------------------------------------------------------------------------- lists for people, EDLs


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


# -------------------------------------------------------------------------------------------------------------- commands


def run(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="postsync")


@pytest.fixture
def files(tmp_path) -> Path:
    for name, shots in (("R1 v1", OLD), ("R1 v2", NEW)):
        postsync.write(cut(*shots, name=name), tmp_path / f"{name}.edl")
    postsync.write(
        work(IN_B, IN_C, AT_THE_CUT, clips=(("ADR 1", "R2_tk3", Fraction(25, 2), "AAAAAAA2"),)), tmp_path / "R1.otio"
    )
    return tmp_path


def test_diff_prints_the_change_list_and_writes_what_was_asked_for(files):
    out, page = files / "changes.edl", files / "changes.html"
    done = run(
        "diff", files / "R1 v1.edl", files / "R1 v2.edl", "--out", out, "--page", page, "--list", files / "c.txt"
    )
    assert (done.exit_code, "Difference +24 frames" in done.stdout) == (0, True)
    assert changes_of_timeline(postsync.read(out)[0]).pieces == changes(cut(*OLD), cut(*NEW)).pieces
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_two_cuts_of_one_title_are_called_by_their_files(files):
    for name in ("R1 v1.edl", "R1 v2.edl"):
        text = (files / name).read_text()
        (files / name).write_text(re.sub("TITLE: .*", "TITLE: REEL 1", text))
    done = run("diff", files / "R1 v1.edl", files / "R1 v2.edl")
    assert "Change list: R1 v1.edl to R1 v2.edl" in done.stdout


def test_diff_gives_the_document_that_programs_rely_on(files):
    document = json.loads(run("diff", files / "R1 v1.edl", files / "R1 v2.edl", "--json").stdout)
    assert document["schema"] == "postsync.changes/1"
    assert document["rate"] == "24/1"
    piece = document["pieces"][0]
    assert {"new_in", "new_out", "old_in", "ratio", "kind", "evidence", "confidence"} <= set(piece)
    assert (piece["new_in"], piece["new_out"], piece["old_in"], piece["ratio"]) == (START, START + 216, START, "1/1")
    assert (document["inserted"], document["deleted"]) == ([[START + 456, START + 504]], [[START + 216, START + 240]])


def test_reconform_writes_the_moved_work_and_its_reports(files):
    into = files / "R1 v2"
    done = run(
        "reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", into,
        "--markers", "resolve_marker_edl", "--as", "avid_markers", "--date", "2026-03-01", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["schema"] == "postsync.reconform/1"
    assert document["counts"] == {"moved": 2, "shortened": 1}
    row = {one["number"]: one for one in document["cues"]}["R2"]
    assert (row["uid"], row["status"], row["delta"], row["old_in"], row["new_in"]) == (
        "AAAAAAA2", "moved", -24, START + 300, START + 276,
    )  # fmt: skip
    names = {path.name for path in into.iterdir()}
    ends = (
        ".otio",
        ".cues.json",
        " reconform.csv",
        " reconform.json",
        " changes.txt",
        " changes.edl",
        " reconform.html",
    )
    assert {f"R1{end}" for end in ends} | {"R1 status markers.edl", "R1.txt"} <= names
    marks = (into / "R1 status markers.edl").read_text(encoding="utf-8")
    assert (marks.count("ResolveColorGreen"), marks.count("ResolveColorLemon"), "{adr" in marks) == (2, 1, False)
    assert "check sync after it" in marks
    moved = by_number(postsync.read(into / "R1.otio")[0])["R2"]
    assert moved.history[-1].old == "01:00:12:12"
    assert moved.history[-1].new == "01:00:11:12"


def test_a_second_run_writes_the_same_bytes(files):
    def contents():
        run(
            "reconform",
            files / "R1 v1.edl",
            files / "R1 v2.edl",
            files / "R1.otio",
            "--into",
            files / "out",
            "--date",
            "x",
        )
        return {path.name: path.read_bytes() for path in sorted((files / "out").iterdir())}

    assert contents() == contents()


def test_an_unchanged_cut_leaves_the_cue_document_byte_for_byte(files):
    run("convert", files / "R1.otio", files / "R1.cues.json")
    before = (files / "R1.cues.json").read_bytes()
    done = run("reconform", files / "R1 v1.edl", files / "R1 v1.edl", files / "R1.cues.json", "--into", files / "same")
    assert done.exit_code == 0, done.output
    assert (files / "same" / "R1.cues.json").read_bytes() == before


def test_the_work_is_never_written_over(files):
    done = run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files)
    assert (done.exit_code, "choose another folder" in done.stderr) == (CannotWrite.exit_code, True)


def test_undo_is_a_command_too(files):
    into = files / "R1 v2"
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", into)
    done = run(
        "reconform", files / "R1 v1.edl", files / "R1 v2.edl", into / "R1.otio", "--undo", "--into", files / "back"
    )
    assert done.exit_code == 0, done.output
    back, was = (timeline_cues(postsync.read(path)[0]) for path in (files / "back" / "R1.otio", files / "R1.otio"))
    assert [replace(one, history=()) for one in back] == was


@pytest.fixture
def moved_files(files) -> Path:
    """The files, and the work on its new cut in `R1 v2`."""
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files / "R1 v2")
    return files


def undone(files: Path, old: Path, work: Path, *more: object):
    return run("reconform", old, files / "R1 v2.edl", work, "--undo", "--into", files / "back", *more)


def test_undo_onto_a_cut_of_another_rate_is_refused(moved_files):
    done = undone(moved_files, moved_files / "R1 v1.edl", moved_files / "R1 v2" / "R1.otio", "--rate", 25)
    assert (done.exit_code, (moved_files / "back").exists()) == (RateError.exit_code, False)
    assert "counted at another rate before its last reconform, expected 24, found 25, the rate of R1 v1" in done.stderr


def test_undo_onto_another_programme_is_refused(moved_files):
    postsync.write(cut(("P", 5, 97), ("Q", 5, 101), ("R", 5, 203), ("S", 5, 307)), moved_files / "R7 v1.edl")
    done = undone(moved_files, moved_files / "R7 v1.edl", moved_files / "R1 v2" / "R1.otio")
    assert (done.exit_code, (moved_files / "back").exists()) == (FormatError.exit_code, False)
    assert "the picture of the work is not in the cuts" in done.stderr


def test_undo_goes_one_reconform_at_a_time(moved_files):
    files = moved_files
    postsync.write(cut(*NEW[1:], name="R1 v3"), files / "R1 v3.edl")
    run("reconform", files / "R1 v2.edl", files / "R1 v3.edl", files / "R1 v2" / "R1.otio", "--into", files / "R1 v3")
    done = undone(files, files / "R1 v1.edl", files / "R1 v3" / "R1.otio")
    assert done.exit_code == FormatError.exit_code
    assert "expected R1 v2, the cut before its last reconform, found R1 v1; take it back one" in done.stderr
    assert undone(files, files / "R1 v2.edl", files / "R1 v3" / "R1.otio").exit_code == 0


def test_undo_takes_the_old_cut_from_another_format_too(moved_files):
    run("convert", moved_files / "R1 v1.edl", moved_files / "R1 v1.xml")
    done = undone(moved_files, moved_files / "R1 v1.xml", moved_files / "R1 v2" / "R1.otio")
    assert done.exit_code == 0, done.output


def episodes(folder: Path) -> tuple[Path, Path, Path]:
    places = folder / "old", folder / "new", folder / "work"
    for place in places:
        place.mkdir()
    for number in (1, 2):
        postsync.write(cut(*OLD), places[0] / f"EP10{number} v12.edl")
        postsync.write(cut(*NEW), places[1] / f"EP10{number}_v13.edl")
        postsync.write(work(IN_B, IN_C), places[2] / f"EP10{number}.otio")
    return places


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_of_episodes_is_done_at_once(tmp_path, jobs):
    done = run("reconform", *episodes(tmp_path), "--into", tmp_path / "out", "--jobs", jobs, "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert [(one["name"], one["counts"]) for one in document["episodes"]] == [
        ("EP101", {"moved": 2}),
        ("EP102", {"moved": 2}),
    ]
    assert (tmp_path / "out" / "EP102" / "EP102.otio").is_file()


def test_one_broken_episode_is_said_and_the_others_are_done(tmp_path):
    places = episodes(tmp_path)
    (places[1] / "EP101_v13.edl").write_text("no list at all\n")
    done = run("reconform", *places, "--into", tmp_path / "out")
    assert (done.exit_code, "EP101_v13.edl" in done.output) == (1, True)
    assert (tmp_path / "out" / "EP102" / "EP102.otio").is_file()


def test_an_episode_without_its_cut_is_refused_by_name(tmp_path):
    places = episodes(tmp_path)
    (places[0] / "EP101 v12.edl").unlink()
    with pytest.raises(UnknownFormat, match=r"EP101\.otio"):
        verbs.reconform_folder(*places, tmp_path / "out")


def test_a_programme_of_several_reels_is_one(tmp_path):
    for folder, shots in (("old", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        postsync.write(cut(*shots), tmp_path / folder / "R1.edl")
        text = (tmp_path / folder / "R1.edl").read_text().replace("R1", "R2").replace(" 01:00:", " 02:00:")
        (tmp_path / folder / "R2.edl").write_text(text)
    found = verbs.diff(tmp_path / "old", tmp_path / "new", out=tmp_path / "c.edl", reels=True)
    assert [reel.name for reel in found.changes.new.reels] == ["R1", "R2"]
    assert {path.name for path in found.written} == {"c R1.edl", "c R2.edl"}


def test_a_list_that_leaves_24_or_23_976_open_takes_the_rate_of_the_work(tmp_path, files):
    given = work(IN_B)
    put_timeline_facts(given, TimelineFacts(as_rate("23.976"), START))
    postsync.write(given, tmp_path / "W.otio")
    done = verbs.reconform(files / "R1 v1.edl", files / "R1 v2.edl", tmp_path / "W.otio", tmp_path / "out")
    assert done.outcome.maps.picture.new.rate.name == "23.976"
    assert by_number(done.outcome.timelines[0])["R2"].record_in == 276


def test_a_work_at_another_rate_than_the_cuts_is_refused_in_one_sentence(files):
    cuts = files / "R1 v1.edl", files / "R1 v2.edl"
    done = run("reconform", *cuts, files / "R1.otio", "--into", files / "o", "--rate", 25)
    assert (done.exit_code, (files / "o").exists()) == (RateError.exit_code, False)
    assert "expected 25, the rate of R1 v1, found 24 in" in done.stderr


def test_a_work_of_twice_as_many_frames_goes_along_and_the_report_says_so(tmp_path, files):
    given = otio.schema.Timeline("stage")
    put_timeline_facts(given, TimelineFacts(as_rate("48"), 2 * START))
    given.tracks.markers.append(cue_marker(cue("AAAAAAA2", 600, 700), timeline_facts(given), "Robin"))
    postsync.write(given, tmp_path / "W.otio")
    done = verbs.reconform(files / "R1 v1.edl", files / "R1 v2.edl", tmp_path / "W.otio", tmp_path / "out")
    assert [moved.fate.delta for moved in done.outcome.cues] == [-24]
    assert "times put on another frame rate" in " ".join(loss.sentence() for loss in done.report)


def test_a_work_whose_picture_neither_cut_has_is_refused_and_its_cues_alone_are_not(files):
    other = cut(("P", 5, 97), ("Q", 5, 101), ("R", 5, 203), ("S", 5, 307))
    other.tracks.markers.append(cue_marker(IN_B, timeline_facts(other), "Robin"))
    postsync.write(other, files / "R7.otio")
    given = files / "R1 v1.edl", files / "R1 v2.edl"
    done = run("reconform", *given, files / "R7.otio", "--into", files / "out")
    assert (done.exit_code, "the picture of the work is not in the cuts" in done.stderr) == (
        FormatError.exit_code,
        True,
    )
    run("convert", files / "R7.otio", files / "R7.cues.json")
    assert run("reconform", *given, files / "R7.cues.json", "--into", files / "out").exit_code == 0


def test_a_work_that_calls_its_sources_otherwise_is_known_by_its_edits(files):
    lengths = [length for _, _, length in OLD]
    postsync.write(cut(*((f"clip {place}", 7, length) for place, length in enumerate(lengths))), files / "R7.otio")
    done = run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R7.otio", "--into", files / "out")
    assert done.exit_code == 0, done.output


def test_a_cut_without_clips_is_refused_in_one_sentence(files):
    run("convert", files / "R1.otio", files / "R1.cues.json")
    done = run("diff", files / "R1.cues.json", files / "R1 v2.edl")
    assert (done.exit_code, "nothing to compare" in done.stderr) == (FormatError.exit_code, True)


def test_cuts_in_one_file_are_named(files):
    both = otio.schema.SerializableCollection("cuts", [cut(*OLD, name="v1"), cut(*NEW, name="v2")])
    otio.adapters.write_to_file(both, str(files / "cuts.otio"))
    where = files / "cuts.otio"
    assert run("diff", where, where).exit_code == 2
    done = run("diff", where, where, "--old-timeline", "v1", "--new-timeline", "v2")
    assert "Difference +24 frames" in done.stdout


# --------------------------------------------------------------------------------------------------------------- the page


def test_the_page_stands_alone_and_shows_both_cuts_and_every_cue(files):
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files / "out")
    page = (files / "out" / "R1 reconform.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not [word for word in ("<script", "http://", "https://", "url(") if word in page]
    for words in ("R1 v1", "R1 v2", "line 2", "shortened", "insert: 48 frames", "trim tail: 24 frames"):
        assert words in page


def test_the_page_counts_what_needs_ears_once(files):
    run("reconform", files / "R1 v1.edl", files / "R1 v2.edl", files / "R1.otio", "--into", files / "out", "--json")
    page = (files / "out" / "R1 reconform.html").read_text(encoding="utf-8")
    facts = re.search(r"To be heard and looked at <b>(\d+)</b>", page)
    table = re.search(r"<h2>To be heard and looked at: (\d+)</h2>", page)
    assert facts is not None and table is not None
    assert facts[1] == table[1] == "1"


def test_a_page_of_hostile_texts_is_only_text(tmp_path):
    given = work(replace(IN_B, line="<script>alert(1)</script> & \x07", number='"><b>'))
    old, new = cut(*OLD), cut(*NEW, name="<i>v2")
    from postsync.paper.conform_page import conform_page

    page = conform_page(reconform(given, Maps(changes(old, new)), new, old))
    assert not [word for word in ("<script>", '"><b>', "<i>v2", "\x07") if word in page]


def test_a_csv_never_runs_as_a_formula():
    from postsync.paper.cue_report import report_csv

    given = work(replace(IN_B, line="=HYPERLINK(1)"))
    old, new = cut(*OLD), cut(*NEW)
    text = report_csv(reconform(given, Maps(changes(old, new)), new, old)).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",moved," in text


# ------------------------------------------------------------------------------------------------------------ the manual

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reconform.md"


def test_the_examples_of_the_manual_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for folder in ("cuts", "works"):
        Path(folder).mkdir()
    for version, shots in enumerate((OLD, NEW, NEW[:2]), 1):
        postsync.write(cut(*shots), f"cuts/R1 v{version}.edl")
    postsync.write(work(IN_B, IN_C), "works/R1.otio")
    watching, in_memory = re.findall(
        r"<!-- run by the tests -->\n```python\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL
    )
    assert len([line for line in watching.splitlines() if line.strip()]) <= 20
    exec(watching.replace("while True:\n    look()\n    time.sleep(5)", "look()\nlook()"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed == ["R1 v2.edl {'moved': 2} 0 to be heard", "R1 v3.edl {'unchanged': 1, 'lost': 1} 1 to be heard"]
    exec(in_memory, {})
    assert capsys.readouterr().out.split() == [str(START + 324)]
    assert by_number(postsync.read("R1 on v2.otio")[0])["R2"].record_in == 276


def test_the_manual_names_every_status_and_flag():
    text = MANUAL.read_text(encoding="utf-8")
    assert not [word for word in (*STATUSES, *FLAGS) if f"`{word}`" not in text]
