"""Old cut and new cut: the map finds every frame again, whatever the lists call their sources."""

from __future__ import annotations

import json
import random
from collections import Counter
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from postsync import verbs
from postsync.conforming import ChangeMap, ChangeOptions, Namer, changes, cut_of, dialogue_changes, shooting_day
from postsync.conforming.names import version_patterns
from postsync.errors import RateError, UnknownOption
from postsync.report import Report
from postsync_adapters.edl import EdlReadOptions, parse_text, timeline_of
from recuts import START, edl, fcpxml, frames_of, label, old_reel, recut, timeline

HEAD = "TITLE: R1\nFCM: NON-DROP FRAME\n"


def read(text: str, **options):
    return timeline_of(parse_text(text), Report(), EdlReadOptions(**options))


def made(*events: tuple[str, int, int, int], speeds: dict[int, float] | None = None):
    """A list of (name, source in, record in, length) as a timeline; sources and records in frames."""
    lines = [HEAD]
    for number, (name, source, record, length) in enumerate(events, 1):
        used = int(length * (speeds or {}).get(number, 1))
        times = " ".join(label(frame) for frame in (source, source + used, record, record + length))
        lines.append(f"{number:03}  {name:<32} V     C        {times}\n")
        if number in (speeds or {}):
            lines.append(f"M2   {name:<32} {speeds[number] * 24:05.1f} {label(source)}\n")
        if name != "BL":
            lines.append(f"* FROM CLIP NAME: {name}\n")
    return read("".join(lines))


def told(found: ChangeMap) -> list[tuple[int, int, int, str]]:
    return [(piece.new_in - START, piece.new_out - START, piece.delta, piece.kind) for piece in found.pieces]


A, B, C, D = (("A001C001", 100_000), ("B001C002", 200_000), ("C001C003", 300_000), ("D001C004", 400_000))


def reel(*shots: tuple[tuple[str, int], int], at: int = START):
    """Shots one after another: each a source with its in, and a length."""
    events = []
    for (name, source), length in shots:
        events.append((name, source, at, length))
        at += length
    return made(*events)


# ------------------------------------------------------------------------------------------------------- what is found


def test_the_same_cut_is_one_piece_and_no_change():
    cut = reel((A, 50), (B, 60), (C, 70))
    found = changes(cut, cut)
    assert (told(found), found.is_identity) == ([(0, 180, 0, "order")], True)
    assert (found.inserted, found.deleted) == ([], [])


def test_a_trimmed_tail_moves_all_that_follows():
    found = changes(reel((A, 50), (B, 60), (C, 70)), reel((A, 40), (B, 60), (C, 70)))
    assert told(found) == [(0, 40, 0, "order"), (40, 170, -10, "order")]
    assert found.deleted == [(START + 40, START + 50)]


def test_a_trimmed_head_keeps_the_source_in_place():
    found = changes(reel((A, 50), (B, 60)), reel((A, 50), (("B001C002", 200_012), 48)))
    assert told(found) == [(0, 50, 0, "order"), (50, 98, -12, "order")]


def test_a_block_that_changed_places_is_moved():
    found = changes(reel((A, 80), (B, 30), (C, 90)), reel((A, 80), (C, 90), (B, 30)))
    assert told(found) == [(0, 80, 0, "order"), (80, 170, -30, "order"), (170, 200, 90, "moved")]


def test_a_shot_used_twice_is_a_repeat():
    found = changes(reel((A, 80), (B, 50), (C, 90)), reel((A, 80), (B, 50), (C, 90), (B, 50)))
    assert told(found)[-1] == (220, 270, 140, "repeat")


def test_a_replaced_picture_of_the_same_length_is_a_bridge():
    found = changes(reel((A, 80), (B, 50), (C, 90)), reel((A, 80), (D, 50), (C, 90)))
    assert told(found) == [(0, 80, 0, "order"), (80, 130, 0, "bridge"), (130, 220, 0, "order")]


def test_a_picture_of_another_name_is_paired_by_length_at_the_edge_where_the_neighbour_was_trimmed():
    old = reel((A, 80), (B, 50), (C, 90))
    new = reel((A, 70), (D, 50), (C, 90))
    assert told(changes(old, new))[1] == (70, 120, -10, "bridge")


@pytest.mark.parametrize(
    ("heal", "pieces"),
    [("none", 4), ("touching", 2), ("gaps", 2), ("inserts", 3)],
)
def test_healing_says_what_is_put_together(heal, pieces):
    old = reel((A, 80), (("A001C001", 100_080), 20), (B, 50), (C, 90), (("C001C003", 300_090), 10))
    new = reel((A, 80), (("A001C001", 100_080), 20), (D, 50), (C, 90), (("C001C003", 300_090), 10))
    assert len(changes(old, new, ChangeOptions(heal=heal)).pieces) == pieces


def test_a_gap_that_stays_is_healed_without_inserts_too():
    old = made(("A001C001", 100_000, START, 50), ("B001C002", 200_000, START + 80, 50))
    assert told(changes(old, old, ChangeOptions(heal="gaps"))) == [
        (0, 50, 0, "order"),
        (50, 80, 0, "bridge"),
        (80, 130, 0, "order"),
    ]


def test_a_shot_at_half_speed_is_retimed_and_each_frame_shows_its_old_one():
    old = made(("A001C001", 100_000, START, 100), ("B001C002", 200_000, START + 100, 60))
    new = made(("A001C001", 100_000, START, 200), ("B001C002", 200_000, START + 200, 60), speeds={1: 0.5})
    found = changes(old, new)
    piece = found.pieces[0]
    assert (piece.kind, piece.ratio, piece.length) == ("retimed", Fraction(1, 2), 200)
    assert [found.old_frame(START + frame) for frame in (0, 1, 2, 199)] == [START, START, START + 1, START + 99]


def test_a_shot_turned_round_runs_down_the_old_frames():
    old = made(("A001C001", 100_000, START, 100))
    new = made(("A001C001", 100_099, START, 100), speeds={1: -1})
    found = changes(old, new)
    assert found.pieces[0].ratio == -1
    assert (found.old_frame(START), found.old_frame(START + 99)) == (START + 99, START)


def test_two_uses_at_one_changed_speed_stand_a_whole_distance_apart():
    old = made(("B001C002", 200_000, START, 40), ("A001C001", 100_000, START + 40, 100), speeds={2: 0.5})
    new = made(("A001C001", 100_000, START, 100), speeds={1: 0.5})
    assert told(changes(old, new)) == [(0, 100, -40, "order")]


def test_black_between_the_same_shots_is_found_and_never_moves():
    old = reel((("BL", 0), 48), (A, 50), (("BL", 0), 20), (B, 60))
    new = reel((("BL", 0), 48), (A, 50), (("BL", 0), 30), (B, 60))
    found = changes(old, new)
    assert (found.old_frame(START + 5), found.old_frame(START + 100)) == (START + 5, START + 100)
    assert not [piece for piece in found.pieces if piece.kind == "moved"]


def test_cards_whose_source_time_begins_anew_follow_what_comes_after_them_and_are_doubtful():
    card = ("CARD 1", 86_400)
    long = (("C001C003", 300_000), 1500)
    old = reel((A, 40), (card, 100), long)
    new = reel((A, 40), (card, 90), long)
    pieces = changes(old, new).pieces
    assert [(piece.new_in - START, piece.delta, piece.ambiguous) for piece in pieces] == [
        (0, 0, False),
        (40, -10, True),
        (130, -10, False),
    ]


def test_a_loop_of_many_uses_keeps_its_order():
    loop = [(("LOOP", 86_410), 20)] * 300
    found = changes(reel((A, 50), *loop, (B, 60)), reel((A, 40), *loop, (B, 60)))
    assert all(found.old_frame(frame) == frame + 10 for frame in range(START + 40, START + 40 + 6060))


# -------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/vol/TOA_0101_v03.0100.exr", "TOA_0101_V04.MOV"),
        ("A202C024.mov", "a202c024.NEW.01"),
        ("SHOT 10_[0100-0212].dpx", "SHOT_10.mxf"),
        ("V492-1B_SC79 EB SERIES*", "V492-1B_SC79 EB SERIES"),
        ("C:\\media\\A001 C001.wav", "A001_C001"),
        ("VFX_010_ver3", "VFX_010_VERSION_12"),
    ],
)
def test_names_that_programs_write_differently_are_one(one, other):
    assert Namer().source(one).key == Namer().source(other).key


def test_a_scene_name_that_begins_with_a_v_and_a_number_is_no_version():
    assert Namer().source("V502-5_SC79").key != Namer().source("V490-5_SC79").key


def test_a_show_says_its_own_version_pattern():
    namer = Namer(version_patterns(["_cmp#"]))
    assert namer.source("VFX_010_cmp7").key == namer.source("VFX_010_CMP12").key
    with pytest.raises(UnknownOption, match="one #"):
        version_patterns(["cmp"])


def test_the_shooting_day_is_read_from_the_names_of_rolls():
    assert (shooting_day("A192C008_160909_R1BY"), shooting_day("A001C001"), shooting_day("X_991399")) == (
        "160909",
        None,
        None,
    )


def test_a_new_version_of_an_effects_shot_is_the_same_shot_and_said():
    old = reel((A, 50), (("VFX_010_CMP_V003", 1000), 40), (B, 60))
    new = reel((A, 50), (("VFX_010_CMP_V004", 1000), 40), (B, 60))
    found = changes(old, new)
    assert told(found) == [(0, 150, 0, "order")]
    assert found.pieces[0].version_changed


def test_versions_that_are_different_shots_are_told_apart():
    names = [(f"SHOT_V{number}", 1000) for number in (1, 2, 3)]
    old = reel(*((name, 50) for name in names))
    new = reel((names[1], 50), (names[0], 50), (names[2], 50))
    assert [changes(old, new).old_frame(START + at) for at in (0, 50, 100)] == [START + 50, START, START + 100]


def test_a_reel_of_eight_characters_that_stands_for_two_files_is_not_trusted():
    def event(number, reel_name, file, source, record):
        times = " ".join(label(frame) for frame in (source, source + 50, record, record + 50))
        return f"{number:03}  {reel_name} V     C        {times}\n* FROM CLIP NAME: {file}\n* SOURCE FILE: {file}\n"

    files = ("PGOODTROUBLE_E10.MOV", "PGOODTROUBLE_E20.MOV")
    old = read(HEAD + event(1, "PGOODTRO", files[0], 5000, START) + event(2, "PGOODTRO", files[1], 5000, START + 50))
    new = read(HEAD + event(1, "PGOODTRO", files[1], 5000, START) + event(2, "PGOODTRO", files[0], 5000, START + 50))
    found = changes(old, new)
    assert [found.old_frame(START), found.old_frame(START + 50)] == [START + 50, START]
    assert any("not trusted" in warning for warning in found.warnings)


def test_a_reel_that_one_list_has_cut_to_eight_characters_is_known_and_a_common_beginning_is_not():
    whole, cut_off = ("A192C008_R1BY", 700_000), ("A192C008", 700_000)
    assert changes(reel((whole, 50)), reel((cut_off, 50))).pieces[0].evidence == "reel"
    assert not changes(reel((A, 9), (whole, 50)), reel((A, 9), (("A192C008_XXXX", 700_010), 45))).pieces[1:]


def test_sources_that_were_renamed_are_known_by_their_times():
    old = reel((A, 50), *((("OFF1", 500_000 + 300 * n), 40 + n) for n in range(4)), (B, 60))
    new = reel((A, 40), *((("ON_LINE", 500_000 + 300 * n), 40 + n) for n in range(4)), (B, 60))
    found = changes(old, new)
    assert [piece.delta for piece in found.pieces] == [0, -10]
    assert any("renamed" in warning for warning in found.warnings)


def test_another_time_base_of_all_sources_is_found_by_vote():
    old = reel(*(((f"S{n:03}C001", 86_400), 40 + n) for n in range(9)))
    new = reel(*(((f"S{n:03}C001", 100), 40 + n) for n in (0, 1, 2, 4, 5, 6, 7, 8)))
    found = changes(old, new)
    assert [piece.kind for piece in found.pieces] == ["order", "order"]
    assert any("-86300 frames" in warning for warning in found.warnings)


def test_a_camera_that_was_switched_shows_the_same_moment_of_the_day():
    old = reel((("A192C008_160909_R1BY", 700_000), 50), (("A192C008_160909_R1BY", 700_200), 60))
    new = reel((("B140C001_160909_R16W", 700_010), 40), (("A192C008_160909_R1BY", 700_200), 60))
    found = changes(old, new)
    assert found.old_frame(START) == START + 10
    assert changes(old, new, ChangeOptions(heal="none")).pieces[0].evidence == "day"


# -------------------------------------------------------------------------------------------- tracks, reels and rates


def test_a_matte_over_the_whole_reel_explains_nothing():
    old, new = reel((A, 50), (B, 60), (C, 70), (D, 80)), reel((B, 60), (A, 50), (C, 70), (D, 80))
    for cut, length in ((old, 260), (new, 260)):
        span = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 24), otio.opentime.RationalTime(length, 24))
        matte = otio.schema.Clip("MATTE", otio.schema.MissingReference("MATTE", span), span)
        cut.tracks.append(otio.schema.Track("V2", [matte], kind="Video"))
    found = changes(old, new)
    assert [found.old_frame(START + at) for at in (0, 60, 110)] == [START + 50, START, START + 110]


def test_scenes_that_go_from_one_reel_to_the_next_are_found():
    first, second = reel((A, 50), (B, 60)), reel((C, 70), at=2 * START)
    new_first, new_second = reel((A, 50)), reel((B, 60), (C, 70), at=2 * START)
    found = changes([first, second], [new_first, new_second])
    assert found.old_frame(2 * START) == START + 50
    assert found.old_frame(2 * START + 60) == 2 * START


def test_reels_that_all_begin_at_one_hour_are_kept_apart_and_labelled_as_their_own():
    found = changes([reel((A, 50)), reel((B, 60))], [reel((A, 50)), reel((B, 55))])
    second = found.new.reels[1]
    assert second.shift == 24 * 86_400
    assert found.new.label(second.start) == "01:00:00:00"


def test_lists_at_24_and_at_23_976_are_not_taken_for_one():
    old = read(edl(old_reel(random.Random(1), 8), "O"), rate=postsync.timing.as_rate("23.976"))
    with pytest.raises(RateError, match="--rate"):
        changes(old, reel((A, 50)))


def test_cuts_of_different_rates_are_compared_in_real_time():
    def cut(rate, frames):
        span = otio.opentime.TimeRange(otio.opentime.RationalTime(0, rate), otio.opentime.RationalTime(frames, rate))
        clips = [otio.schema.Clip(name, otio.schema.MissingReference(name), span) for name in ("one", "two")]
        found = otio.schema.Timeline("R1", global_start_time=otio.opentime.RationalTime(0, rate))
        found.tracks.append(otio.schema.Track("V1", clips, kind="Video"))
        return found

    found = changes(cut(25, 100), cut(50, 200))
    assert [(piece.new_in, piece.new_out, piece.old_in) for piece in found.pieces] == [(0, 400, 0)]


def test_sound_between_frames_that_moved_by_whole_frames_stands_whole_frames_apart():
    def laid(at: Fraction, *, trim: int = 0):
        def time(seconds: Fraction):
            return otio.opentime.RationalTime(int(seconds * 48_000), 48_000)

        length = Fraction(5 * 48_000 + 7 - trim, 48_000)
        head = Fraction(1000 * 48_000 + 123 + trim, 48_000)
        gap = otio.schema.Gap(
            source_range=otio.opentime.TimeRange(time(Fraction(0)), time(at + Fraction(trim, 48_000)))
        )
        span = otio.opentime.TimeRange(time(head), time(length))
        clip = otio.schema.Clip("2A-3", otio.schema.MissingReference("2A-3"), span)
        made = otio.schema.Timeline("R1", global_start_time=otio.opentime.RationalTime(START, 24))
        made.tracks.append(otio.schema.Track("DX", [gap, clip], kind="Audio"))
        return made

    at = Fraction(10 * 48_000 + 1234, 48_000)
    for trim in (0, 1, 777, 1999, 2500):
        found = changes(laid(at), laid(at + Fraction(17, 24), trim=trim))
        assert {piece.delta for piece in found.pieces if piece.kind == "order"} == {17}


def test_dialogue_is_compared_beside_the_picture_where_both_cuts_have_some():
    rng = random.Random(3)
    cut = timeline(old_reel(rng, 10), "R1")
    assert dialogue_changes(cut, cut) is None
    cut.tracks.append(otio.schema.Track("V1", [clip.deepcopy() for clip in cut.tracks[0]], kind="Video"))
    spoken = dialogue_changes(cut, cut)
    assert spoken is not None
    assert spoken.track == "sound"


# ----------------------------------------------------------------------------------------------------------- invariants


def pair(seed: int, events: int = 60, operations: int = 8, without: tuple[str, ...] = ()):
    rng = random.Random(seed)
    old = old_reel(rng, events)
    new, _ = recut(rng, old, operations, without)
    return old, new


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_pieces_join_equal_frames_and_lie_apart_in_new_time(seed):
    old, new = pair(seed)
    found = changes(read(edl(old, "O")), read(edl(new, "N")))
    right = frames_of(new)
    was_shown = [(s.source, s.first + f) for s in old for f in range(s.length)]
    shown = [(s.source, s.first + f * s.speed // 100) for s in new for f in range(s.length)]
    reach = 0
    for piece in found.pieces:
        assert piece.new_in >= reach
        reach = piece.new_out
        if piece.kind == "bridge" or piece.ratio != 1 or piece.evidence == "still":
            continue
        for frame in range(piece.new_in, piece.new_out):
            source, at = shown[frame - START]
            other, there = was_shown[found.old_frame(frame) - START]
            same = right[frame - START] == found.old_frame(frame) or (source, at) == (other, there)
            assert same or source.startswith(("CARD", "VFX", "LEADER"))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_a_constant_added_to_all_record_times_is_added_to_all_distances(seed):
    old, new = pair(seed)
    one = changes(read(edl(old, "O")), read(edl(new, "N")))
    other = changes(read(edl(old, "O")), read(shifted(edl(new, "N"), 6 * 86_400)))
    assert [(piece.delta + 6 * 86_400, piece.kind) for piece in one.pieces] == [
        (piece.delta, piece.kind) for piece in other.pieces
    ]


def shifted(text: str, frames: int) -> str:
    """Give a list with all record times later."""
    lines = []
    for line in text.splitlines():
        words = line.rstrip().split(" ")
        if len(words) > 4 and words[-1].count(":") == 3 and not line.startswith("M2"):
            words[-2:] = [label(frame_of(word) + frames) for word in words[-2:]]
            line = " ".join(words)
        lines.append(line)
    return "\n".join(lines) + "\n"


def frame_of(text: str) -> int:
    hours, minutes, seconds, frames = (int(part) for part in text.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * 24 + frames


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_other_names_for_all_sources_and_another_order_in_the_file_change_nothing(seed):
    old, new = pair(seed, without=("new version",))
    known = changes(read(edl(old, "O")), read(edl(new, "N")))

    def renamed(text):
        return text.replace("C0", "K0")

    other = changes(read(renamed(edl(old, "O"))), read(renamed(edl(new, "N"))))
    assert told(known) == told(other)
    lines = edl(new, "N").splitlines(keepends=True)
    events: list[list[str]] = []
    for line in lines[2:]:
        if line[0].isdigit():
            events.append([])
        events[-1].append(line)
    random.Random(seed).shuffle(events)
    mixed = "".join(lines[:2] + [line for event in events for line in event])
    assert told(changes(read(edl(old, "O")), read(mixed))) == told(known)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_two_changes_one_after_the_other_agree_with_both_at_once(seed):
    rng = random.Random(seed)
    first = old_reel(rng, 60, reused=0)
    ordinary = ("duplicate", "retime", "drop-in", "new version", "replace", "cutaway")
    second, _ = recut(rng, first, 6, ordinary)
    third, _ = recut(rng, second, 6, ordinary)
    a, b, c = (cut_of(read(edl(one, "X"))) for one in (first, second, third))
    ab, bc, ac = changes(a, b), changes(b, c), changes(a, c)
    timed = [
        shot.kind not in ("card", "black") for shot in third for _ in shot.truth
    ]  # a card may be cut at either end
    for frame in (START + at for at, told_by_time in enumerate(timed) if told_by_time):
        between = by_evidence(bc, frame)
        by_two = None if between is None else by_evidence(ab, between)
        direct = by_evidence(ac, frame)
        if by_two is not None and direct is not None:
            assert by_two == direct


def by_evidence(found: ChangeMap, frame: int) -> int | None:
    piece = found.piece_at(frame)
    return piece.old_at(frame) if piece is not None and piece.kind != "bridge" and piece.evidence != "still" else None


@pytest.mark.parametrize("carrier", ["edl", "aaf", "fcpxml"])
def test_generated_recuts_are_found_in_every_carrier(carrier, tmp_path):
    right = total = 0
    for seed in range(2 if carrier == "aaf" else 6):
        old, new = pair(seed, 60, 6, ("retime",))
        found = changes(*(carried(carrier, shots, name, tmp_path) for shots, name in ((old, "OLD"), (new, "NEW"))))
        seen = [shot.kind != "black" for shot in new for _ in shot.truth]  # black is no clip in the richer carriers
        for frame, was in enumerate(frames_of(new), START):
            if was is not None and seen[frame - START]:
                total += 1
                right += found.old_frame(frame) == was
    assert right / total > 0.985


def carried(carrier, shots, name, folder):
    path = folder / f"{name}.{carrier}"
    if carrier == "aaf":
        postsync.write(timeline(shots, name), path)
    else:
        path.write_text(edl(shots, name) if carrier == "edl" else fcpxml(shots, name), encoding="utf-8")
    return postsync.read(path)[0]


# ----------------------------------------------------------------------------------------------------------- real lists


def opened(corpus, name):
    return postsync.read(corpus / "edl" / name)[0]


@pytest.mark.parametrize("number", range(1, 6))
def test_the_made_pairs_keep_every_frame_and_every_surviving_cue(corpus, number):
    from postsync.conforming import follow

    old, new = (opened(corpus, f"made/conform0{number}_{which}.edl") for which in ("old", "new"))
    truth = json.loads((corpus / "edl" / f"made/conform0{number}_truth.json").read_text())
    found = changes(old, new)
    frames = [(f, p["old_in"] + f - p["new_in"]) for p in truth["pieces"] for f in range(p["new_in"], p["new_out"])]
    assert sum(found.old_frame(frame) == was for frame, was in frames) / len(frames) >= 0.994
    for cue in truth["cues"]:
        fate = follow(found, cue["old_in"], cue["old_out"])
        places = {fate.new_in, *(one.new_in for one in fate.again)}
        if cue["truth"] == "whole":
            assert cue["new_in"] in places
            assert cue["copies"] > 1 or fate.new_in == cue["new_in"]
        assert fate.needs_ears or fate.new_in == cue["new_in"]


def test_a_reel_of_a_turnover_has_the_four_distances_that_were_checked_by_hand(corpus):
    found = changes(opened(corpus, "sg-otio/079_HA_V05.edl"), opened(corpus, "sg-otio/079_HA_006.edl"))
    assert [piece.delta for piece in found.pieces] == [56, 46, 26, 31]
    assert round(found.share(), 3) == 0.958
    assert found.inserted[-1][1] - found.inserted[-1][0] == 5


def test_a_locked_episode_stands_still_until_its_credits(corpus):
    old = opened(corpus, "EDL_tools/GT3001 MASTER LOCK.edl")
    new = opened(corpus, "EDL_tools/GT3001 MASTER LOCK 11242020 EDL with Locators.edl")
    found = changes(old, new)
    order = [piece for piece in found.pieces if piece.kind == "order"]
    assert list(dict.fromkeys(piece.delta for piece in order)) == [0, -207, -1545, -3896, -4289]
    assert found.new.label(next(piece.new_in for piece in order if piece.delta)) == "01:42:21:04"
    assert found.share() > 0.99


def test_an_online_list_with_another_time_base_is_mapped_whole(corpus):
    old = opened(corpus, "EDL_tools/TOA_s007-013_ONLINE_111020.edl")
    new = opened(corpus, "EDL_tools/TOA_s007-013_ONLINE_111020_mod2_conformed.edl")
    found = changes(old, new)
    assert {piece.delta for piece in found.pieces} == {0}
    assert found.share() > 0.995
    assert found.share("order") > 0.95


def test_dialogue_is_laid_against_an_older_picture_by_the_day_it_was_shot(corpus):
    old, new = opened(corpus, "pycmx/INS4_R1_010417.edl"), opened(corpus, "pycmx/INS4_R1_DX_092117.edl")
    found = changes(old, new)
    lengths: Counter[int] = Counter()
    for piece in found.pieces:
        lengths[piece.delta] += piece.length
    assert [delta for delta, _ in lengths.most_common(2)] == [580, 579]
    assert found.share("order", "moved", "repeat", "retimed") > 0.31


@pytest.mark.parametrize("folder", ["fcpxml", "edl/sg-otio", "edl/guerilla-di-edl"])
def test_every_real_cut_is_the_same_as_itself(corpus, folder):
    from postsync.errors import PostsyncError

    compared = 0
    for path in sorted((corpus / folder).iterdir())[:: 30 if folder == "fcpxml" else 1]:
        try:
            cuts = verbs.opened(path).timelines
        except PostsyncError:
            continue  # no timeline, or one for a program that we do not read
        for cut in cuts[:1]:
            found = changes(cut, cut)
            assert not [piece for piece in found.pieces if piece.delta or piece.ratio != 1], path
            assert not found.inserted, path
            compared += 1
    assert compared > 2
