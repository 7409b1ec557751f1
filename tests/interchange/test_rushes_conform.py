"""Events to their recordings: the order of trust, what is refused, clocks, midnight, and what is laid."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest

from postsync.conforming.rushes import RushFile, TrackName, recordings_of
from postsync.conforming.rushes.book import Book
from postsync.conforming.rushes.events import events_of, scene_takes
from postsync.conforming.rushes.laying import LayPlan, lay
from postsync.conforming.rushes.log import log_text
from postsync.conforming.rushes.matching import match_events
from postsync.conforming.rushes.relinking import relink
from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    TimelineFacts,
    build_track,
    placed_tracks,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    timeline_facts,
)
from postsync.timing import Rate, as_rate, parse_timecode, seconds_of_frame, to_time_range
from postsync.verbs import opened

FILM = as_rate(Fraction(24000, 1001))
TRACKS = tuple(TrackName(place + 1, name, "", place + 1) for place, name in enumerate(("MIX", "BOOM", "ROBIN")))


def at(label: str, rate: Rate = FILM) -> Fraction:
    return seconds_of_frame(parse_timecode(label, rate), rate)


def rush(name: str, start: str | None, seconds: int = 60, **facts: Any) -> RushFile:
    """A recording whose stamp is a label of 23.976."""
    rate = facts.pop("stamp_rate", FILM)
    stamp = None if start is None else round(at(start, rate) * 48_000)
    made = RushFile(
        path=f"/rushes/{name}.WAV", sample_rate=48_000, channels=3, bits=24, length=seconds * 48_000, stamp=stamp
    )
    return replace(made, **{"tracks": TRACKS, **facts})


def edit(*clips: dict[str, Any], rate: Rate = FILM, kind: str = "Audio"):
    """A timeline whose clips play one after another; each says `source`, and what else it is known by."""
    timeline = otio.schema.Timeline("R1")
    put_timeline_facts(timeline, TimelineFacts(rate, parse_timecode("01:00:00:00", rate), 48_000, format="edl"))
    laid, record = [], Fraction(0)
    for clip in clips:
        length = clip.get("length", Fraction(4))
        item = otio.schema.Clip(clip.get("name", "clip"))
        media = otio.schema.ExternalReference(clip["url"]) if "url" in clip else otio.schema.MissingReference()
        media.name = clip.get("file", "")
        if "media" in clip:
            media.available_range = to_time_range(*clip["media"])
        put_media_facts(media, MediaFacts(name=clip.get("file"), tape=clip.get("roll"), uid=clip.get("uid")))
        item.media_reference = media
        put_clip_facts(item, ClipFacts(**clip.get("facts", {})))
        source = clip.get("source", Fraction(0))
        source = at(source, rate) if isinstance(source, str) else source
        laid.append(Laid(item, record, length, source))
        record += length
    timeline.tracks.append(build_track("A1", kind, laid, [rate.fps, 48_000]))
    return timeline


def conformed(timeline: Any, *files: RushFile, form: str | None = None):
    facts = timeline_facts(timeline)
    facts = facts if form is None else replace(facts, format=form)
    return match_events(events_of(timeline), Book.of(recordings_of(files)), facts)


def only(timeline: Any, *files: RushFile, **how: Any):
    [match] = conformed(timeline, *files, **how).matches
    return match


def place(match: Any) -> tuple[str, Fraction]:
    [piece] = match.pieces
    return piece.recording.first.stem, piece.position * 48_000


# ------------------------------------------------------------------------------------------------------ the order of trust


def test_roll_and_timecode_find_the_recording_and_the_exact_sample():
    match = only(edit({"roll": "SR001", "source": "10:00:02:00"}), rush("T1", "10:00:00:00", roll="SR001"))
    assert place(match) == ("T1", 2 * 24 * 2002)
    assert match.level == "roll"


def test_a_file_is_known_by_its_identity_whatever_it_is_called_now():
    uid = "urn:smpte:umid:060a2b34.01010105.01010f10.13000000.6215bea9.06309806.6fc020a5.cbd40190"
    umid = "060a2b340101010501010f10130000006215bea9063098066fc020a5cbd40190" + "0" * 64
    files = rush("renamed", "10:00:00:00", umid=umid), rush("other", "10:00:00:00")
    match = only(edit({"uid": uid, "source": "10:00:02:00"}), *files)
    assert (match.level, place(match)[0]) == ("file", "renamed")


def test_a_file_is_known_by_the_name_that_it_had_before_it_was_renamed():
    renamed = rush("12A_3", "10:00:00:00", original_name="SR1-T001.WAV")
    match = only(edit({"file": "SR1-T001.WAV", "source": "10:00:02:00"}), renamed)
    assert (match.level, place(match)[0]) == ("file", "12A_3")


def test_a_number_that_recorders_give_every_day_is_no_name_of_a_file():
    clip, day = {"file": "T001.WAV", "source": "10:00:02:00"}, {"day": "160909"}
    assert only(edit(clip), rush("T001", "10:00:00:00", **day)).state == "ambiguous"
    assert only(edit(clip | {"roll": "SR1"}), rush("T001", "10:00:00:00", roll="SR1", **day)).placed


def test_where_edit_and_rushes_mean_the_same_file_its_start_counts_and_not_the_stamp():
    clip = {"file": "T001.WAV", "source": Fraction(3602), "media": (Fraction(3600), Fraction(60))}
    match = only(edit(clip), rush("T001", "10:00:00:00"), form="aaf")
    assert place(match) == ("T001", 2 * 48_000)


def test_the_shooting_day_and_the_time_of_day_find_a_recording_without_a_roll():
    files = rush("right", "10:00:00:00", day="160909"), rush("other day", "10:00:00:00", day="160910")
    match = only(edit({"name": "A192C008_160909_R1BY", "source": "10:00:02:00"}), *files)
    assert (match.level, place(match)[0]) == ("day", "right")


def test_scene_and_take_find_a_recording_where_its_time_agrees():
    files = rush("a", "10:00:00:00", scene="12A", take="3"), rush("b", "10:00:00:00", scene="12A", take="4")
    match = only(edit({"name": "12A-3", "source": "10:00:02:00"}), *files)
    assert (match.level, place(match)[0]) == ("scene", "a")


def test_scene_and_take_choose_between_recorders_that_ran_at_the_same_time():
    files = [rush(name, "10:00:00:00", roll="SR1", scene="12", take=name) for name in "34"]
    assert place(only(edit({"name": "12-4", "roll": "SR1", "source": "10:00:02:00"}), *files))[0] == "4"


def test_a_roll_that_a_list_cut_to_eight_characters_is_known():
    match = only(edit({"roll": "SOUNDROL", "source": "10:00:02:00"}), rush("T1", "10:00:00:00", roll="SoundRoll_17"))
    assert match.level == "roll"


def test_both_channels_of_an_edit_are_one_event():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00"})
    timeline.tracks.append(timeline.tracks[0].deepcopy())
    [event] = events_of(timeline)
    assert len(event.clips) == 2


@pytest.mark.parametrize(("reels", "rolls"), [(("001", "002"), ["1", "2"]), (("001", "001"), [None, None])])
def test_reel_001_of_a_list_is_a_roll_where_others_have_numbers_too(tmp_path, reels, rolls):
    lines = [
        f"{place:03}  {reel:8} AA    C        10:00:1{place}:00 10:00:1{place + 1}:00 01:00:0{place}:00 01:00:0{place + 1}:00"
        for place, reel in enumerate(reels, start=1)
    ]
    (tmp_path / "R1.edl").write_text("\n".join(["TITLE: R1", "FCM: NON-DROP FRAME", *lines, ""]))
    assert [event.roll for event in events_of(opened(tmp_path / "R1.edl").choose(None))] == rolls


@pytest.mark.parametrize(("scene", "take"), [("12A", "T03"), ("Sc 12A", "Take 3"), ("12a", "TK 03")])
def test_scene_and_take_of_a_recorder_are_known_with_and_without_the_words(scene, take):
    files = [rush("x", "10:00:00:00", scene=scene, take=take), rush("y", "10:00:00:00", scene=scene, take="T04")]
    assert place(only(edit({"name": "12A-3", "source": "10:00:02:00"}), *files))[0] == "x"


def test_a_file_whose_header_says_nothing_has_the_slate_of_its_name_where_that_says_which_number_is_the_take():
    files = [rush(name, "10:00:00:00") for name in ("12A-T03", "12A-T04", "160909_T03")]
    assert place(only(edit({"name": "12A-3", "source": "10:00:02:00"}), *files))[0] == "12A-T03"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("68A-4A", ("68A", "4")), ("VO 16/1", ("16", "1")), ("Sc 12 Take 03", ("12", "3")), ("12A_T003.WAV", ("12A", "3")),
     ("12AT3", ("12A", "3")), ("SR001-2C-01_02", ("2C", "1")), ("9M-1.SUB.01", ("9M", "1"))],
)  # fmt: skip
def test_scenes_and_takes_are_read_as_they_are_written(name, meant):
    assert meant in scene_takes(name)


def test_the_log_tells_recordings_of_one_slate_apart_by_roll_time_and_folder():
    slate = {"roll": "SR1", "scene": "12", "take": "3"}
    files = rush("D1/x", "10:00:00:00", **slate), rush("D2/y", "10:00:01:00", **slate)
    log = log_text(conformed(edit({"name": "12-3", "roll": "SR1", "source": "10:00:02:00"}), *files), None, "R1")
    assert "could be 12/3 (x.WAV), roll SR1, 10:00:00:00 to 10:00:59:22, in /rushes/D1:" in log
    assert "could be 12/3 (y.WAV), roll SR1, 10:00:01:00 to 10:01:00:22, in /rushes/D2:" in log


def test_the_log_says_where_a_clip_was_laid_by_timecode_sample_and_folder():
    done = conformed(edit({"roll": "SR1", "source": "10:00:02:00"}), rush("D1/x", "10:00:00:00", roll="SR1"))
    assert "x.WAV, 10:00:02:00 (sample 96096), in /rushes/D1" in log_text(done, None, "R1")


# ------------------------------------------------------------------------------------------------------------------ refusals


def test_two_recordings_that_fit_equally_are_a_shortlist_and_no_guess():
    files = [rush(name, "10:00:00:00", roll="SR1") for name in ("a", "b")]
    match = only(edit({"roll": "SR1", "source": "10:00:02:00"}), *files)
    assert (match.state, len(match.shortlist)) == ("ambiguous", 2)


def test_the_time_of_day_alone_places_nothing_and_says_what_was_recorded_then():
    match = only(edit({"source": "10:00:02:00"}), rush("T1", "10:00:00:00", day="160909"))
    assert match.state == "ambiguous"
    assert "time of day" in match.why_not


def test_a_clip_that_names_a_take_which_exists_is_not_laid_on_another():
    files = (
        rush("a", "10:00:00:00", roll="SR1", scene="12", take="3"),
        rush("b", "11:00:00:00", roll="SR1", scene="12", take="4"),
    )
    match = only(edit({"name": "12-4", "roll": "SR1", "source": "10:00:02:00"}), *files)
    assert not match.placed
    assert {one.recording.first.stem for one in match.shortlist} == {"a", "b"}


def test_a_clip_that_names_a_take_of_its_roll_is_not_laid_on_a_nameless_recording():
    files = rush("nameless", "10:00:00:00", roll="SR1"), rush("b", "11:00:00:00", roll="SR1", scene="12", take="4")
    assert not only(edit({"name": "12-4", "roll": "SR1", "source": "10:00:02:00"}), *files).placed


def test_an_identity_that_two_recordings_claim_decides_nothing():
    files = [rush(name, "10:00:00:00", file_uid="SAME", scene=name, take="1", length=length)
             for name, length in (("a", 4_800_000), ("b", 4_900_000))]  # fmt: skip
    match = only(edit({"uid": "SAME", "source": "10:00:02:00"}), *files)
    assert match.state == "ambiguous"


def test_a_recording_without_a_stamp_is_named_but_not_laid():
    match = only(edit({"name": "12-4", "source": "10:00:02:00"}), rush("a", None, scene="12", take="4"))
    assert match.state == "ambiguous"
    assert "stamp" in match.why_not


def test_what_is_missing_says_what_was_looked_for():
    match = only(edit({"name": "99-1", "roll": "SR9", "source": "10:00:02:00"}), rush("a", "12:00:00:00", roll="SR1"))
    assert match.state == "missing"
    assert "roll SR9, which is not in the rushes" in match.looked_for
    assert "10:00:02:00 to 10:00:05:23" in match.looked_for


# ------------------------------------------------------------------------------------------------------------------- clocks


def named(count: int, label: str = "{hour}:0{n}:02:00", **how: Any):
    clips = [{"name": f"12-{n}", "roll": "SR1", "source": label.format(hour=10, n=n)} for n in range(1, count + 1)]
    return edit(*clips, **how)


def test_a_clock_that_was_an_hour_wrong_is_found_by_vote():
    files = [rush(f"T{n}", f"09:0{n}:00:00", seconds=20, roll="SR1", scene="12", take=str(n)) for n in range(1, 6)]
    done = conformed(named(5), *files)
    assert [place(match) for match in done.matches] == [(f"T{n}", 2 * 24 * 2002) for n in range(1, 6)]
    assert done.clocks.by_roll["SR1"].votes == (5, 5)
    assert "1 h behind" in done.clocks.by_roll["SR1"].why


def test_pictures_pulled_down_beside_a_recorder_at_true_24_take_the_sound_with_them():
    true = as_rate(24)
    files = [
        rush(
            f"T{n}",
            f"10:0{n}:00:00",
            seconds=20,
            roll="SR1",
            scene="12",
            take=str(n),
            stamp_rate=true,
            frame_rate="24/1",
        )
        for n in range(1, 6)
    ]
    done = conformed(named(5), *files)
    assert [place(match) for match in done.matches] == [(f"T{n}", 2 * 48_000) for n in range(1, 6)]
    assert {match.pieces[0].speed for match in done.matches} == {Fraction(1000, 1001)}


def test_a_drop_frame_recorder_is_met_at_its_labels():
    drop = as_rate(Fraction(30000, 1001), drop=True)
    told = {"frame_rate": "30000/1001", "drop_frame": True, "stamp_rate": drop}
    labels = {n: f"10:0{n}:00:00" if n % 10 == 0 else f"10:0{n}:00;02" for n in range(1, 6)}
    files = [rush(f"T{n}", labels[n], seconds=20, roll="SR1", scene="12", take=str(n), **told) for n in range(1, 6)]
    done = conformed(named(5), *files)
    assert all(match.placed for match in done.matches)
    assert "labels" in done.clocks.by_roll["SR1"].why


def test_a_roll_whose_stamps_contradict_the_names_places_nothing_by_time_alone():
    files = [
        rush(f"T{n}", f"1{n}:0{n * 7 % 10}:11:07", seconds=20, roll="SR1", scene="12", take=str(n)) for n in range(1, 6)
    ]
    clips = [{"name": f"12-{n}", "roll": "SR1", "source": f"10:0{n}:02:00"} for n in range(1, 6)]
    clips.append({"name": "no take", "roll": "SR1", "source": "11:07:12:00"})
    done = conformed(edit(*clips), *files)
    assert not any(match.placed for match in done.matches)
    assert "in doubt" in done.matches[-1].why_not


def test_a_recorder_at_another_speed_is_not_believed_before_clips_have_said_how_it_goes():
    files = [rush("T1", "10:00:00:00", roll="SR1", frame_rate="24/1")]
    match = only(edit({"roll": "SR1", "source": "10:00:02:00"}), *files)
    assert not match.placed
    assert "counted at 24" in match.why_not


def test_a_recording_that_runs_through_midnight_holds_what_comes_after():
    match = only(edit({"roll": "SR1", "source": "00:00:10:00"}), rush("T1", "23:59:50:00", roll="SR1"))
    assert place(match) == ("T1", 20 * 24 * 2002)


def test_after_midnight_a_roll_of_the_day_before_is_of_the_day():
    match = only(
        edit({"name": "A192C008_160910_R1BY", "source": "00:00:10:00"}), rush("T1", "23:59:50:00", day="160909")
    )
    assert (match.level, place(match)[0]) == ("day", "T1")


# ------------------------------------------------------------------------------------------------------------------- pieces


def test_a_recording_that_goes_on_in_a_second_file_plays_as_two_pieces():
    first = rush("T1", "10:00:00:00", seconds=30, roll="SR1")
    second = replace(first, path="/rushes/T1_2.WAV", stamp=(first.stamp or 0) + first.length)
    match = only(edit({"roll": "SR1", "source": at("10:00:00:00") + 28}), first, second)
    assert [(piece.recording.first.stem, piece.start, piece.duration, piece.position) for piece in match.pieces] == [
        ("T1", 0, 2, 28), ("T1_2", 2, 2, 0),
    ]  # fmt: skip


def test_an_event_that_begins_before_the_recorder_rolled_is_laid_as_far_as_there_is_sound():
    files = [rush("T1", "10:00:00:00", roll="SR1", scene="12", take="1")]
    match = only(edit({"name": "12-1", "roll": "SR1", "source": at("10:00:00:00") - 1}), *files)
    [piece] = match.pieces
    assert (piece.start, piece.duration, piece.position) == (1, 3, 0)


def test_a_clip_at_another_speed_plays_the_microphones_so():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00", "facts": {"speed": Fraction(2)}})
    match = only(timeline, rush("T1", "10:00:00:00", roll="SR1"))
    assert match.pieces[0].speed == 2


# ------------------------------------------------------------------------------------------------------------------- tracks


def laid(timeline: Any, *files: RushFile, plan: LayPlan | None = None):
    done = conformed(timeline, *files)
    tracks = lay(timeline, done, plan or LayPlan())
    return tracks, {track.name: track for track in placed_tracks(timeline, "audio")}


def test_each_microphone_gets_a_track_below_the_mix_which_stays():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00"})
    tracks, by_name = laid(timeline, rush("T1", "10:00:00:00", roll="SR1", scene="12", take="1"))
    assert list(by_name) == ["A1", "BOOM", "ROBIN"]
    [clip] = by_name["ROBIN"].clips
    assert (clip.facts.channels, clip.clip.name, clip.record_in, clip.duration) == ((3,), "12-1 ROBIN", 0, 4)
    assert clip.source_in * 48_000 == 2 * 24 * 2002
    assert clip.media.extra["columns"] == {"Scene": "12", "Take": "1", "Soundroll": "SR1"}
    assert tracks.clips == 2


def test_microphones_of_one_name_share_a_track_and_overlaps_open_another():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00"}, {"roll": "SR1", "source": "10:00:09:00"})
    second = edit({"roll": "SR1", "source": "10:00:20:00"}).tracks[0]
    timeline.tracks.append(second.deepcopy())
    tracks, by_name = laid(timeline, rush("T1", "10:00:00:00", roll="SR1"))
    assert list(tracks.names) == ["BOOM", "BOOM (2)", "ROBIN", "ROBIN (2)"]
    assert [clip.record_in for clip in by_name["BOOM"].clips] == [0, 4]


def test_two_microphones_of_a_take_in_the_edit_are_laid_once():
    boom, rosa = (
        replace(rush(f"12A_{name}", "10:00:00:00", scene="12A", take="3"), channels=1, tracks=(TrackName(1, name),))
        for name in ("Boom", "Rosa")
    )
    timeline = edit({"file": "12A_Boom.WAV", "source": "10:00:02:00"})
    timeline.tracks.append(edit({"file": "12A_Rosa.WAV", "source": "10:00:02:00"}).tracks[0].deepcopy())
    tracks, by_name = laid(timeline, boom, rosa)
    assert tracks.names == ("Boom", "Rosa")
    assert len(by_name["Boom"].clips) == 1


def test_the_mix_is_laid_under_pictures_which_have_none():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00"}, kind="Video")
    tracks, _ = laid(timeline, rush("T1", "10:00:00:00", roll="SR1"))
    assert tracks.names == ("MIX", "BOOM", "ROBIN")


def test_tracks_may_follow_the_recorders_numbers():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00"})
    tracks, _ = laid(timeline, rush("T1", "10:00:00:00", roll="SR1"), plan=LayPlan("channel"))
    assert tracks.names == ("ISO 2", "ISO 3")


def test_relinking_keeps_the_edit_and_lets_it_play_the_recorders_mix():
    timeline = edit({"roll": "SR1", "source": "10:00:02:00"})
    before = [(clip.record_in, clip.duration) for track in placed_tracks(timeline) for clip in track.clips]
    assert relink(conformed(timeline, rush("T1", "10:00:00:00", roll="SR1"))) == 1
    [track] = placed_tracks(timeline)
    [clip] = track.clips
    assert [(clip.record_in, clip.duration)] == before
    assert (clip.url, clip.facts.channels, clip.source_in * 48_000) == ("file:///rushes/T1.WAV", (1,), 2 * 24 * 2002)


def test_relinking_a_clip_of_a_mix_file_keeps_the_channels_that_it_plays():
    slate = {"roll": "SR1", "scene": "12A", "take": "3"}
    mix = (TrackName(1, "Mix L"), TrackName(2, "Mix R"))
    files = rush("12A-3", "10:00:00:00", **slate), rush("12A-3_MIX", "10:00:00:00", channels=2, tracks=mix, **slate)
    timeline = edit({"roll": "SR1", "file": "12A-3_MIX.WAV", "source": "10:00:02:00", "facts": {"channels": (2,)}})
    relink(conformed(timeline, *files))
    [clip] = placed_tracks(timeline)[0].clips
    assert (clip.url, clip.facts.channels) == ("file:///rushes/12A-3_MIX.WAV", (2,))


# ---------------------------------------------------------------------------------------------------- what must not be silent


def test_a_roll_whose_recorder_had_another_date_is_of_the_day_that_named_clips_give_it():
    files = [
        rush(f"T{n}", f"10:0{n}:00:00", 20, roll="SR1", day="160910", scene="12", take=str(n)) for n in range(1, 6)
    ]
    files.append(rush("B", "10:05:00:00", 20, roll="B1", day="160909"))
    camera = "A192C008_160909_R1BY"
    clips = [{"name": f"12-{n}", "roll": camera, "source": f"10:0{n}:02:00"} for n in range(1, 5)]
    done = conformed(edit(*clips, {"name": camera, "roll": camera, "source": "10:05:02:00"}), *files)
    assert [match.state for match in done.matches] == ["placed"] * 4 + ["ambiguous"]
    assert {one.recording.first.stem for one in done.matches[-1].shortlist} == {"T5", "B"}


def test_a_roll_that_holds_few_of_its_clips_is_in_doubt_although_none_is_named():
    files = [rush(f"T{n}", f"1{n}:00:00:00", 60, roll="SR1") for n in range(5)]
    inside, outside = "10:00:02:00", [f"1{n}:30:00:00" for n in range(4)]
    done = conformed(edit(*({"roll": "SR1", "source": label} for label in [inside, *outside])), *files)
    assert not any(match.placed for match in done.matches)
    assert "1 of the 5 clips" in done.matches[0].why_not


def test_a_sound_roll_that_the_rushes_lack_is_not_replaced_by_whoever_recorded_then():
    clip = {"name": "line", "file": "A192C008_160909_R1BY", "roll": "SR018", "source": "10:00:02:00"}
    assert not only(edit(clip), rush("T1", "10:00:00:00", roll="SR7", day="160909")).placed


def test_a_camera_roll_that_a_list_cut_still_has_the_day_of_its_file():
    clip = {"name": "line", "file": "A192C008_160909_R1BY.MOV", "roll": "A192C008", "source": "10:00:02:00"}
    assert only(edit(clip), rush("T1", "10:00:00:00", roll="SR7", day="160909")).level == "day"


def test_freezes_stills_and_black_are_no_events():
    timeline = edit(
        {"roll": "SR1", "source": "10:00:02:00", "facts": {"speed": Fraction(0)}}, {"roll": "BL"}, {"roll": "SR1"}
    )
    assert [event.number for event in events_of(timeline)] == [0]


def test_a_clip_that_names_a_slate_which_the_rushes_lack_is_not_laid_on_another_of_the_hour():
    other = rush("B", "10:00:00:00", day="160909", scene="655B", take="2")
    clip = {"name": "155-4A", "roll": "A192C008_160909_R1BY", "source": "10:00:02:00"}
    match = only(edit(clip), other)
    assert not match.placed
    assert "its scene and take are others" in match.why_not
    assert only(edit(clip | {"name": "line 4"}), other).level == "day"


def test_on_its_roll_a_take_that_was_miscounted_is_laid_and_another_scene_is_not():
    clip = {"name": "155-4A", "roll": "SR1", "source": "10:00:02:00"}
    assert only(edit(clip), rush("T1", "10:00:00:00", roll="SR1", scene="155", take="5")).level == "roll"
    assert not only(edit(clip), rush("T1", "10:00:00:00", roll="SR1", scene="655B", take="2")).placed
