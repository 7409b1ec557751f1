"""Cues, markers and placed clips of a work on a new cut: nothing lost, and the way back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import opentimelineio as otio
import pytest

from moved_works import (
    AT_THE_CUT,
    IN_B,
    IN_C,
    NEW,
    OLD,
    by_number,
    cue,
    cut,
    moved_work,
    seconds,
    work,
)
from postsync.conforming import (
    Maps,
    changes,
    reconform,
    undo,
)
from postsync.model import (
    PlainMarker,
    SyncPoint,
    TimelineFacts,
    block,
    cue_marker,
    placed_tracks,
    put_timeline_facts,
    timeline_cues,
    timeline_facts,
    timeline_markers,
)


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
