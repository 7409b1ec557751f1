"""Recorded takes: which files are one, what their names say, which cue each one is of."""

from __future__ import annotations

import os
import random
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_takes import STYLES, made_session, stamped_by_the_wall
from postsync.errors import MediaError
from postsync.model import Character, Cue, TimelineFacts
from postsync.placing import (
    TakeFile,
    TakeLog,
    log_rows,
    match_takes,
    read_name,
    read_takes,
    select,
    stamp_place,
    words_of,
)
from postsync.placing.stamps import StampClock, day_of
from postsync.report import Report
from postsync.sound import Bext, write_wav
from postsync.timing import as_rate, samples_of_frame

FACTS = TimelineFacts(as_rate("24"), 86_400, sample_rate=48_000)
ROBIN, MARIAN = Character("1", "Robin Hood", "R"), Character("2", "Marian", "M")
CAST = {"1": ROBIN, "2": MARIAN}


def cue(number: str, at: int, *, length: int = 48, who: str | None = "1", uid: str | None = None) -> Cue:
    return Cue(uid=uid or f"UID{number}", number=number, record_in=at, record_out=at + length, character=who)


CUES = [
    cue("R101", 240), cue("R102", 480), cue("R103", 720), cue("M101", 724, who="2"), cue("R1-2", 1000), cue("R1-20", 1200),
    cue("12", 1500), cue("R106A", 1800),
]  # fmt: skip


def take(name: str, at: int | None = None, *, seconds: int = 5, folder: str = "/stage", **facts: object) -> TakeFile:
    stamp = None if at is None else samples_of_frame(FACTS.start_frame + at, FACTS.rate, 48_000)
    made = TakeFile(Path(folder, f"{name}.wav"), 48_000, 1, seconds * 48_000, time_reference=stamp)
    return replace(made, **facts)  # type: ignore[arg-type]


def pairing(*takes: TakeFile, log: TakeLog | None = None):
    return match_takes(takes, CUES, FACTS, CAST, log).pairings[0]


def number_of(*takes: TakeFile, log: TakeLog | None = None) -> tuple[str | None, bool]:
    found = pairing(*takes, log=log)
    return (found.cue.number if found.cue else None), found.sure


# Names


@pytest.mark.parametrize(
    ("name", "number", "kind", "selected"),
    [
        ("R106_T03.wav", "3", "take", None),
        ("R106_03.wav", "3", "take", None),
        ("R106 Robin tk2", "2", "take", None),
        ("R106_T3_PU", "3", "pickup", None),
        ("R106 TAKE 4 CIRC", "4", "take", "circled"),
        ("R106_ALT2", None, "alternate", "alternate"),
        ("R106_COMP", None, "comp", "circled"),
        ("R106_T1_NG", "1", "take", "no_good"),
        ("R106_03-02.dup1", "3", "take", None),
        ("R106_T3-Gain_01.A1.wav", "3", "take", None),
        ("2026-03-12 R106 take 2 (1)", "2", "take", None),
        ("R106_T2 copy 2", "2", "take", None),
        ("T12", None, "take", None),
    ],
)
def test_a_name_says_take_and_kind(name: str, number: str | None, kind: str, selected: str | None) -> None:
    told = read_name(name)
    assert (told.take, told.kind, told.selected) == (number, kind, selected)


def test_words_are_runs_of_letters_and_digits_without_zeros() -> None:
    assert [word.text for word in words_of("réel_r106-T007 Ⅻ")][:5] == ["REEL", "R", "106", "T", "7"]


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_name_is_read(name: str) -> None:
    told = read_name(name)
    assert all(place < len(told.words) for place in told.explained)


# Takes to cues


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("R101_T3", "R101"), ("R101_03", "R101"), ("r101 robin hood t2", "R101"), ("ADR_R101_TAKE_2", "R101"),
        ("SHOW_EP203_R101_T2", "R101"), ("R1-20_T2", "R1-20"), ("R106A_T1", "R106A"), ("12_03", "12"), ("ADR 12 T1", "12"),
        ("R0101_T1", "R101"),
    ],
)  # fmt: skip
def test_a_cue_number_in_the_name_is_sure(name: str, number: str) -> None:
    assert number_of(take(name)) == (number, True)


@pytest.mark.parametrize("name", ["Audio 12_07", "Robin_12", "R106_T1", "R106B_T2", "R1-200", "Room tone", "XR101X"])
def test_a_name_that_only_looks_like_a_number_is_never_sure(name: str) -> None:
    assert not pairing(take(name)).sure


def test_a_number_that_may_count_the_take_is_no_sure_pair() -> None:
    cues = [cue("R106", 0), cue("R106-3", 400)]
    [found] = match_takes([take("R106-3")], cues, FACTS).pairings
    assert not found.sure
    assert {found.cue and found.cue.number, found.runner_up and found.runner_up.number} == {"R106", "R106-3"}


def test_the_uid_in_a_name_settles_it() -> None:
    cues = [cue("R106", 0, uid="7KQ2M9XD"), cue("R107", 400, uid="8KQ2M9XD")]
    [found] = match_takes(
        [
            take("R107 8kq2m9xd 2"),
        ],
        cues,
        FACTS,
    ).pairings
    assert (found.cue and found.cue.uid, found.sure) == ("8KQ2M9XD", True)


def test_the_scene_of_the_recorder_is_the_cue() -> None:
    assert number_of(take("181231_004", scene="R102", take="4")) == ("R102", True)


def test_name_and_scene_that_name_different_cues_are_no_sure_pair() -> None:
    assert not pairing(take("R101_T1", scene="R102", take="1")).sure


def test_the_folder_names_the_cue() -> None:
    assert number_of(take("Audio 1_03", folder="/stage/R102")) == ("R102", True)


def test_a_stamp_alone_is_enough_where_no_other_cue_lies() -> None:
    assert number_of(take("Audio 1_12", 200, seconds=6)) == ("R101", True)


def test_a_stamp_over_two_cues_is_a_guess_until_the_name_says_who_speaks() -> None:
    assert not pairing(take("Audio 1_12", 700)).sure
    assert number_of(take("Marian_12", 700)) == ("M101", True)


def test_a_name_that_the_stamp_rules_out_is_not_believed() -> None:
    found = pairing(take("R101_T1", 470))
    assert not found.sure
    assert "not at the cue" in found.why() or "covers" in found.why()


def test_a_slip_of_the_hand_is_read_where_the_stamp_agrees() -> None:
    assert number_of(take("R1O1_T2", 200, seconds=6)) == ("R101", True)
    assert not pairing(take("R1O1_T2")).sure


def test_an_hour_by_which_all_stamps_lie_beside_is_found_out() -> None:
    hour = 24 * 3600
    takes = [take(f"R10{1 + n % 3}_T{n}", 230 + 240 * (n % 3) - hour) for n in range(1, 9)]
    found = match_takes(takes, CUES, FACTS, CAST)
    assert found.clock.offset == -3600
    assert all(one.sure for one in found.pairings)


def test_stamps_of_the_clock_on_the_wall_are_left_aside() -> None:
    takes = [take(f"R10{1 + n // 3}_T{1 + n % 3}", 400_000 + n * 7_000) for n in range(9)]
    found = match_takes(takes, CUES, FACTS, CAST)
    assert not found.clock.believed
    assert all(one.sure for one in found.pairings)


def by_the_wall(*names: str) -> dict[str, tuple[bool, str]]:
    """Whether takes are sure that were recorded one after the other by the clock on the wall, and why not."""
    cues = [cue(number, 240 * place) for place, number in enumerate(("R106", "R107", "R110", "R160", "R170"))]
    takes = [take(name, 400_000 + place * 7_000) for place, name in enumerate(names)]
    found = match_takes(takes, cues, FACTS)
    assert not found.clock.believed
    return {one.recorded.name: (one.sure, one.why()) for one in found.pairings}


def test_a_number_recorded_among_those_that_it_is_a_slip_of_is_doubted() -> None:
    told = by_the_wall(
        "R106_T1", "R106_T2", "R160_T3", "R106_T4", "R107_T1", "R110_T1", "R110_T2", "R160_T1", "R160_T2", "R170_T1"
    )
    assert [name for name, (sure, _) in told.items() if not sure] == ["R160_T3"]
    assert "recorded where R106 was" in told["R160_T3"][1]


def test_a_cue_that_was_come_back_to_is_not_doubted() -> None:
    told = by_the_wall(
        "R106_T1", "R106_T2", "R107_T1", "R107_T2", "R106_T3", "R110_T1", "R110_T2", "R160_T1", "R170_T1"
    )
    assert all(sure for sure, _ in told.values())


def test_a_take_number_that_goes_on_in_a_cue_of_nearly_the_same_number_is_doubted() -> None:
    cues = [cue("R106", 240), cue("R160", 480)]
    takes = [take(f"R106_T{number}") for number in (1, 2, 3)] + [take("R160_T1"), take("R160_T4")]
    found = {one.recorded.name: one for one in match_takes(takes, cues, FACTS).pairings}
    assert [name for name, one in found.items() if not one.sure] == ["R160_T4"]
    assert "R106 has a take 3 but none 4" in found["R160_T4"].why()


def test_a_stamp_at_another_sample_rate_does_not_back_a_take_that_is_claimed_twice() -> None:
    right = take("R101_T3", 200)
    first = samples_of_frame(FACTS.start_frame + 230, FACTS.rate, 48_000)
    other = take("r101 t3", sample_rate=44_100, length_samples=44_100 * 6, time_reference=first)
    found = match_takes([right, other], CUES, FACTS).pairings
    assert [one.sure for one in found] == [True, False]


def test_a_take_that_its_stamp_speaks_for_is_not_doubted_for_the_order_of_the_day() -> None:
    days = [f"2026-03-12 10:{minute:02}:00" for minute in range(6)]
    names = ("R101_T1", "R101_T2", "R102_T3", "R101_T4", "R101_T5", "R103_T1")
    places = {"R101": 235, "R102": 475, "R103": 715}
    takes = [take(name, places[name[:4]], recorded_on=day) for name, day in zip(names, days, strict=True)]
    found = match_takes(takes, CUES, FACTS, CAST).pairings
    assert all(one.sure and not one.remarks for one in found)


def test_the_recorders_clock_tells_the_order_where_there_is_no_stamp() -> None:
    cues = [cue("R106", 240), cue("R107", 480), cue("R160", 720)]
    names = ("R106_T1", "R106_T2", "R160_T3", "R106_T4", "R107_T1", "R160_T1", "R160_T2")
    takes = [take(name, recorded_on=f"2026-03-12 10:{minute:02}:00") for minute, name in enumerate(names)]
    found = {one.recorded.name: one for one in match_takes(takes, cues, FACTS).pairings}
    assert [name for name, one in found.items() if not one.sure] == ["R160_T3"]
    assert "recorded where R106 was" in found["R160_T3"].why()


def test_few_printed_takes_are_no_reason_for_doubt() -> None:
    cues = [cue("R106", 240), cue("R107", 480), cue("R108", 720)]
    takes = [take("R106_T3"), take("R107_T2"), take("R108_T4")]
    assert all(one.sure for one in match_takes(takes, cues, FACTS).pairings)


def test_stamps_wrap_at_the_midnight_of_the_label_not_of_the_clock() -> None:
    facts = TimelineFacts(as_rate("24000/1001"), 0, sample_rate=48_000)
    assert day_of(facts) == Fraction(864_864, 10)
    late = take("a", sample_rate=48_000, time_reference=48_000 * 86_486)
    assert stamp_place(late, facts, StampClock()) == Fraction(-4, 10)


def test_a_copy_is_named_and_not_placed() -> None:
    found = match_takes([take("R101_T1", 200), take("R101_T1 copy", 200)], CUES, FACTS).pairings
    assert [one.copy_of for one in found] == [None, "R101_T1.wav"]


def test_two_recordings_that_claim_the_same_take_are_doubted() -> None:
    found = match_takes([take("R101_T1"), take("R101 tk1", seconds=7)], CUES, FACTS).pairings
    assert [one.sure for one in found] == [False, False]


def test_what_belongs_to_nothing_is_listed_on_both_sides() -> None:
    found = match_takes([take("Room tone"), take("R101_T1")], CUES, FACTS)
    assert [one.recorded.name for one in found.pairings if one.cue is None] == ["Room tone"]
    assert [one.number for one in found.cues_without_takes] == [one.number for one in CUES[1:]]


@pytest.mark.parametrize("style", STYLES)
def test_no_take_of_a_session_is_surely_given_to_the_wrong_cue(style: str) -> None:
    session = made_session(style, 7, takes=300, cues=120)
    found = match_takes(session.takes, session.cues, session.facts, session.characters, session.log)
    sure = [one for one in found.pairings if one.sure]
    wrong = [one.recorded.name for one in sure if one.cue and one.cue.uid != session.truth[one.recorded.path]]
    assert wrong == []
    assert len(sure) > 0.8 * len(found.pairings)
    assert all(one.why() for one in found.pairings if one.cue)


@pytest.mark.parametrize("style", ["plain", "prefix reel sequence"])
def test_no_take_stamped_by_the_clock_on_the_wall_is_surely_given_to_the_wrong_cue(style: str) -> None:
    session = made_session(style, 7, takes=300, cues=120)
    takes = stamped_by_the_wall(session, random.Random(1))
    found = match_takes(takes, session.cues, session.facts, session.characters, session.log)
    sure = [one for one in found.pairings if one.sure]
    assert not found.clock.believed
    assert [one.recorded.name for one in sure if one.cue and one.cue.uid != session.truth[one.recorded.path]] == []
    assert len(sure) > 0.6 * len(found.pairings)


# The log

LOG = [
    ["SOUND REPORT", None], ["Mixer:", "Anna"], [],
    ["File Name", "Cue #", "Take", "Circled", "Notes"],
    ["ZOOM0001.WAV", "R101", 1.0, "x", "nice"], ["ZOOM0002.WAV", "R102", 2, "", None], ["ZOOM0009.WAV", "R103", 1, "NG", ""],
]  # fmt: skip


def test_a_log_says_cue_take_choice_and_note() -> None:
    log = TakeLog()
    log.add(log_rows(LOG, "log.csv"))
    found = match_takes([take("ZOOM0001"), take("ZOOM0002")], CUES, FACTS, CAST, log)
    told = [(one.cue and one.cue.number, one.take, one.selected, one.note, one.sure) for one in found.pairings]
    assert told == [("R101", "1", "circled", "nice", True), ("R102", "2", None, None, True)]
    assert [row.place for row in found.log_unused] == ["log.csv:7"]


def test_a_log_without_files_is_found_by_cue_and_take() -> None:
    log = TakeLog()
    log.add(log_rows([["Scene", "Take", "Circled"], ["R101", "2", "yes"]], "log.csv"))
    assert pairing(take("R101_T02"), log=log).selected == "circled"


def test_cells_without_a_header_of_a_log_say_nothing() -> None:
    assert log_rows([["Dear all"], ["see below"]], "mail.csv") == []


# Selects


def chosen(*names: str) -> tuple[str | None, list[str], bool]:
    found = match_takes([take(name, 200 + place) for place, name in enumerate(names)], CUES, FACTS)
    done = select(found.of("UIDR101"))
    return done.active and done.active.recorded.name, [one.recorded.name for one in done.alternates], done.guessed


def test_the_circled_take_plays() -> None:
    assert chosen("R101_T1", "R101_T2_CIRC", "R101_T3") == ("R101_T2_CIRC", ["R101_T3", "R101_T1"], False)


def test_without_a_choice_the_last_take_plays_as_a_guess() -> None:
    assert chosen("R101_T1", "R101_T10", "R101_T9") == ("R101_T10", ["R101_T9", "R101_T1"], True)


def test_a_comp_plays_before_what_it_was_made_of() -> None:
    assert chosen("R101_T1_CIRC", "R101_COMP", "R101_T2_PU")[0] == "R101_COMP"


def test_a_pick_up_never_plays_alone_where_there_are_takes() -> None:
    assert chosen("R101_T1", "R101_T2_PU")[0] == "R101_T1"


# Files


def wav(path: Path, *, stamp: int = 0, seconds: int = 1, channels: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    length = seconds * 48_000
    with path.open("wb") as file:
        write_wav(
            file, sample_rate=48_000, bits=24, channels=channels, blocks=[bytes(length * 3 * channels)],
            length_samples=length, bext=Bext(time_reference=stamp),
        )  # fmt: skip
    return path


def test_mono_files_of_one_pass_are_one_take(tmp_path: Path) -> None:
    for name in ("R101_T1.A1", "R101_T1.A2", "R101_T2.A1"):
        wav(tmp_path / f"{name}.wav", stamp=100 if "T1" in name else 200)
    takes = read_takes([tmp_path], Report())
    assert [(one.path.name, [path.name for path in one.siblings]) for one in takes] == [
        ("R101_T1.A1.wav", ["R101_T1.A2.wav"]),
        ("R101_T2.A1.wav", []),
    ]


def test_files_that_merely_end_in_numbers_stay_takes_of_their_own(tmp_path: Path) -> None:
    for number in (1, 2):
        wav(tmp_path / f"R101_{number}.wav", stamp=100)
    assert len(read_takes([tmp_path], Report())) == 2


def test_the_recorders_mono_files_of_the_corpus_are_one_take(corpus: Path) -> None:
    takes = read_takes([corpus / "wav" / "metacorder"], Report())
    assert all(one.scene and one.take for one in takes)
    names = sorted(path.name for one in takes for path in (one.path, *one.siblings))
    assert names == sorted(path.name for path in (corpus / "wav" / "metacorder").iterdir() if path.suffix == ".WAV")


def test_folders_of_the_session_itself_and_of_macos_hold_no_takes(tmp_path: Path) -> None:
    for name in (
        "Audio Files/R101_T1.wav",
        "Fade Files/Fade 1.wav",
        "__MACOSX/R101_T1.wav",
        "Audio Files/._R101_T1.wav",
    ):
        wav(tmp_path / name)
    assert [one.path.name for one in read_takes([tmp_path], Report())] == ["R101_T1.wav"]


def test_a_file_that_is_no_sound_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    wav(tmp_path / "R101_T1.wav")
    (tmp_path / "R102_T1.wav").write_bytes(b"nothing of the kind")
    report = Report()
    assert [one.name for one in read_takes([tmp_path], report)] == ["R101_T1"]
    assert [loss.code for loss in report] == ["media-unreadable"]


def test_an_aiff_is_a_take_without_a_stamp(tmp_path: Path) -> None:
    common = struct.pack(">hIh10s", 1, 48_000, 16, struct.pack(">HQ", 16383 + 15, 48_000 << 48))
    sound = struct.pack(">II", 0, 0) + bytes(96_000)
    body = b"AIFF" + b"COMM" + struct.pack(">I", 18) + common + b"SSND" + struct.pack(">I", len(sound)) + sound
    (tmp_path / "R101_T1.aif").write_bytes(b"FORM" + struct.pack(">I", len(body)) + body)
    [found] = read_takes([tmp_path], Report())
    assert (found.sample_rate, found.duration, found.stamp) == (48_000, 1, None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("name", ["R102_T1.wav", "R102_T1.aif"])
def test_a_pipe_among_the_takes_is_told_and_not_waited_for(tmp_path: Path, name: str) -> None:
    wav(tmp_path / "R101_T1.wav")
    os.mkfifo(tmp_path / name)
    report = Report()
    assert [one.name for one in read_takes([tmp_path], report)] == ["R101_T1"]
    assert ["a pipe or a device" in str(loss.facts) for loss in report] == [True]


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no such file or folder"):
        read_takes([tmp_path / "gone"], Report())
