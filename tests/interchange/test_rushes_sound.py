"""Matches proven by sound: on the sample, moved, found without a time, refuted; and the result played by another reader."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from adapters.aaf_player import Player
from made_media import MadeFile, sample_values
from made_rushes import Header, make_rush
from null_test import Outcome, _check
from postsync.cli import main
from postsync.conforming.rushes import RushesIndex
from postsync.demo import unpack_example
from postsync.errors import CannotWrite, MediaError
from postsync.model import placed_tracks
from postsync.verbs import conform, cues, inspect, opened, rushes_index

RATE = 48_000
DAY = "2026-03-02"
HEAD = "TITLE: R1\nFCM: NON-DROP FRAME\n"


def stamp(label: str) -> int:
    hours, minutes, seconds, frames = (int(part) for part in label.split(":"))
    return (((hours * 60 + minutes) * 60 + seconds) * 24 + frames) * 2002


def event(number: int, roll: str, name: str, source: str, record: str, frames: int = 96) -> str:
    def later(label: str) -> str:
        total = stamp(label) // 2002 + frames
        return f"{total // 86400:02}:{total // 1440 % 60:02}:{total // 24 % 60:02}:{total % 24:02}"

    line = f"{number:03}  {roll:8} A     C        {source} {later(source)} {record} {later(record)}\n"
    return f"{line}* FROM CLIP NAME: {name}\n"


def noise(seed: int, seconds: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(seconds * RATE).astype(np.float32) * 0.05


def recording(folder: Path, name: str, label: str, seed: int, take: str, seconds: int = 20) -> np.ndarray:
    """A poly file of mix, boom and a lavalier; gives the mix."""
    boom, lav = noise(seed, seconds), noise(seed + 500, seconds)
    header = Header(
        length=seconds * RATE, stamp=stamp(label), channels=3, roll="SR1", scene="12", take=take, uid=name,
        tracks=("MIX", "BOOM", "ROBIN"), rate="24000/1001", date=DAY,
    )  # fmt: skip
    make_rush(folder / f"{name}.WAV", header, np.stack([boom + lav, boom, lav]))
    return boom + lav


def cut(folder: Path, name: str, sound: np.ndarray, label: str, late: int = 0) -> None:
    """The mix as the cutting room has it: `late` samples behind the stamp that it says."""
    shifted = np.concatenate([np.zeros(late, np.float32), sound])[: len(sound)]
    make_rush(
        folder / f"{name}.WAV", Header(length=len(sound), stamp=stamp(label), has_ixml=False), shifted[None] * 0.7
    )


def fcp7(name: str, clips: list[tuple[str, str, int]]) -> str:
    """An edit of one sound track: files with the frame of each that plays first, 96 frames each."""
    rows = "".join(
        f'<clipitem id="{n}"><name>{clip}</name><duration>480</duration><rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate>'
        f"<start>{n * 96}</start><end>{n * 96 + 96}</end><in>{first}</in><out>{first + 96}</out>"
        f'<file id="f{n}"><name>{file}.WAV</name><pathurl>file://localhost/cut/{file}.WAV</pathurl><duration>480</duration>'
        f"<rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate><timecode><rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate>"
        f"<string>10:0{n}:00:00</string><displayformat>NDF</displayformat></timecode><media><audio><samplecharacteristics>"
        f"<depth>24</depth><samplerate>48000</samplerate></samplecharacteristics><channelcount>1</channelcount></audio>"
        f"</media></file>"
        f"<sourcetrack><mediatype>audio</mediatype><trackindex>1</trackindex></sourcetrack>"
        f"</clipitem>"
        for n, (clip, file, first) in enumerate(clips)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="5"><sequence id="s"><name>{name}</name>'
        f"<duration>{len(clips) * 96}</duration><rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate><media><audio>"
        f"<track>{rows}</track></audio></media></sequence></xmeml>"
    )


@pytest.fixture
def shoot(tmp_path):
    """Three recordings, and the mixes of them as the cutting room has them."""
    rushes, room = tmp_path / "rushes", tmp_path / "room"
    mixes = [recording(rushes, f"T{n}", f"10:0{n}:00:00", n, str(n + 1)) for n in range(3)]
    return rushes, room, mixes


def conformed(tmp_path: Path, room: Path, rushes: Path, clips: list[tuple[str, str, int]], **how):
    edit = tmp_path / "edit.xml"
    edit.write_text(fcp7("R1", clips))
    return conform(edit, tmp_path / "out", rushes=[rushes], search=[room], application="none", **how)


def test_matches_are_proven_on_their_sample(tmp_path, shoot):
    rushes, room, mixes = shoot
    for n, mix in enumerate(mixes):
        cut(room, f"mix{n}", mix, f"10:0{n}:00:00")
    done = conformed(tmp_path, room, rushes, [(f"12-{n + 1}", f"mix{n}", 48) for n in range(3)])
    proofs = [match.proof for match in done.conform.matches]
    assert [(proof.verdict, proof.offset) for proof in proofs] == [("same", 0)] * 3


def test_what_lies_beside_its_timecode_is_moved_to_the_sample_and_said_so(tmp_path, shoot):
    rushes, room, mixes = shoot
    for n, mix in enumerate(mixes):
        cut(room, f"mix{n}", mix, f"10:0{n}:00:00", late=1234 + n)
    done = conformed(tmp_path, room, rushes, [(f"12-{n + 1}", f"mix{n}", 48) for n in range(3)])
    assert [match.proof.offset for match in done.conform.matches] == [-1234, -1235, -1236]
    assert [round(match.pieces[0].position * RATE) for match in done.conform.matches] == [
        48 * 2002 - 1234 - n for n in range(3)
    ]
    assert "-25.7 ms beside and was moved" in done.log.read_text()


def test_a_take_whose_clock_was_restarted_is_found_by_its_sound(tmp_path, shoot):
    rushes, room, _ = shoot
    late = recording(rushes, "T9", "00:00:10:00", 77, "9", seconds=90)
    cut(room, "mix3", late, "10:03:00:00")
    done = conformed(tmp_path, room, rushes, [("12-9", "mix3", 1000)])
    [match] = done.conform.matches
    assert (match.level, match.pieces[0].recording.first.stem) == ("sound", "T9")
    assert round(match.pieces[0].position * RATE) == 1000 * 2002


def test_of_several_recordings_that_fit_the_sound_chooses(tmp_path, shoot):
    rushes, room, _ = shoot
    other = recording(rushes, "T0 of B", "10:00:00:00", 31, "1")
    cut(room, "mix0", other, "10:00:00:00")
    done = conformed(tmp_path, room, rushes, [("12-1", "mix0", 48)])
    [match] = done.conform.matches
    assert (match.level, match.pieces[0].recording.first.stem) == ("sound", "T0 of B")


def test_a_match_whose_sound_is_another_is_taken_back_where_the_others_are_proven(tmp_path, shoot):
    rushes, room, mixes = shoot
    for n, mix in enumerate(mixes):
        cut(room, f"mix{n}", mix, f"10:0{n}:00:00")
    recording(rushes, "T3", "10:03:00:00", 40, "4")
    cut(room, "mix3", noise(99, 20), "10:03:00:00")
    done = conformed(tmp_path, room, rushes, [(f"12-{n + 1}", f"mix{n}", 48) for n in range(4)])
    assert [match.state for match in done.conform.matches] == ["placed"] * 3 + ["ambiguous"]
    assert "its sound is not" in done.conform.matches[3].why_not


def test_a_camera_microphone_proves_nothing_and_refutes_nothing(tmp_path, shoot):
    rushes, room, mixes = shoot
    for n in range(len(mixes)):
        cut(room, f"mix{n}", noise(90 + n, 20), f"10:0{n}:00:00")
    done = conformed(tmp_path, room, rushes, [(f"12-{n + 1}", f"mix{n}", 48) for n in range(3)])
    assert all(match.placed for match in done.conform.matches)
    assert {match.proof.verdict for match in done.conform.matches} == {"other"}


# ---------------------------------------------------------------------------------------------------------- what is delivered


def told_rush(folder: Path, number: int, label: str, seconds: int, **facts) -> tuple[MadeFile, Header]:
    """A poly file in which every sample tells file, channel and position."""
    header = Header(length=seconds * RATE, stamp=stamp(label), channels=3, tracks=("MIX", "BOOM", "ROBIN"), date=DAY,
                    rate="24000/1001", **facts)  # fmt: skip
    values = np.stack([sample_values(number, channel, 0, header.length) for channel in (1, 2, 3)])
    path = make_rush(folder / f"T{number}.WAV", header, values / np.float64(2**23))
    return MadeFile(path, number, 3, RATE, header.length), header


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("delivered")
    rushes = tmp_path / "rushes"
    files = {
        "A": told_rush(rushes, 1, "23:59:50:00", 40, roll="SR1", scene="12", take="1", uid="A")[0],
        "B": told_rush(rushes, 2, "10:00:00:07", 30, roll="SR2", scene="12", take="2", uid="B")[0],
    }
    edit = tmp_path / "R1.edl"
    edit.write_text(
        HEAD + event(1, "SR1", "12-1", "23:59:58:00", "01:00:00:00") + event(2, "SR2", "12-2", "10:00:04:11", "01:00:04:00")
        + event(3, "SR1", "12-1", "00:00:10:03", "01:00:08:00")
    )  # fmt: skip
    done = conform(edit, tmp_path / "out", rushes=[rushes], handles=Fraction(1), date="2026-01-01", alone=True)
    return done, files


def test_the_aaf_plays_the_very_samples_through_another_reader(delivered):
    done, files = delivered
    chance = random.Random(4)
    outcome = Outcome()
    work = opened(next(path for path in done.files if path.suffix == ".otio")).choose()
    isos = [clip for track in placed_tracks(work, "audio") if track.name in done.laid.names for clip in track.clips]
    with Player(next(path for path in done.files if path.suffix == ".aaf")) as player:
        segments = [(track, segment) for track in player.tracks for segment in track.segments]
        for clip in isos:
            file = files["B"] if "T2" in (clip.url or "") else files["A"]
            [channel] = clip.facts.channels
            _check(player, segments, clip, channel, file, chance, outcome)
    assert outcome.faults == []
    assert (outcome.right, len(isos)) == (6, 6)


def test_the_work_says_by_arithmetic_of_ours_which_sample_plays_when(delivered):
    done, _ = delivered
    work = opened(next(path for path in done.files if path.suffix == ".otio")).choose()
    boom = next(track for track in placed_tracks(work, "audio") if track.name == "BOOM")
    day = 24 * 3600 * 24 * 2002
    expected = [
        (0, stamp("23:59:58:00") - stamp("23:59:50:00")),
        (96 * 2002, stamp("10:00:04:11") - stamp("10:00:00:07")),
        (192 * 2002, stamp("00:00:10:03") + day - stamp("23:59:50:00")),
    ]
    assert [(clip.record_in * RATE, clip.source_in * RATE) for clip in boom.clips] == expected


def test_what_field_recorder_matching_needs_lies_in_the_new_files(delivered):
    from postsync.sound import read_facts

    done, _ = delivered
    made = sorted((done.folder / "Audio Files").glob("T2*.wav"))
    facts = [read_facts(path) for path in made]
    assert {(one.scene, one.take, one.tape) for one in facts} == {("12", "2", "SR2")}
    assert sorted(one.channel_name(1) for one in facts) == ["BOOM", "ROBIN"]
    assert {one.time_reference for one in facts} == {stamp("10:00:04:11") - RATE}
    assert {one.bext.date for one in facts} == {DAY}


def test_the_list_and_the_aaf_say_scene_take_and_roll(delivered):
    done, _ = delivered
    listed = next(path for path in done.files if path.suffix == ".edl").read_text()
    assert "*FROM CLIP NAME:  12-2 ROBIN" in listed
    assert " SR2 " in listed
    document = inspect(next(path for path in done.files if path.suffix == ".aaf")).to_json()
    tracks = {track["name"]: track for track in document["timelines"][0]["tracks"]}
    assert {"BOOM", "ROBIN"} <= set(tracks)


def test_the_cues_of_the_edit_stand_on_the_paper_of_its_microphones(tmp_path):
    reel = unpack_example(tmp_path)
    done = conform(reel, tmp_path / "isos", rushes=[reel.parent], check=False)
    paper = [next(path for path in done.files if path.suffix == suffix) for suffix in (".csv", ".html", ".aaf")]
    assert [len(cues(path).to_json()["cues"]) for path in (paper[0], paper[2])] == [5, 5]
    assert "You said the boat would wait." in paper[1].read_text(encoding="utf-8")


def test_a_folder_that_fails_halfway_is_not_left(tmp_path, delivered, monkeypatch):
    done, _ = delivered

    def full(*args, **how):
        raise CannotWrite("cannot write here: No space left on device")

    monkeypatch.setattr("postsync.verbs.conforming._write_log", full)
    with pytest.raises(CannotWrite, match="No space"):
        conform(done.edit, tmp_path / "second", rushes=done.rushes)
    assert not (tmp_path / "second").exists()


def test_the_command_lists_what_waits_and_ends_with_one(tmp_path, delivered):
    done, _ = delivered
    edit = tmp_path / "more.edl"
    edit.write_text(done.edit.read_text() + event(4, "SR7", "99-1", "12:00:00:00", "01:00:12:00"))
    index = tmp_path / "film.sqlite"
    rushes_index(done.rushes, out=index)
    asked = ["conform", str(edit), "--rushes", str(index), "--into", str(tmp_path / "third"), "--for", "none"]
    result = CliRunner().invoke(main, [*asked, "--json"])
    told = json.loads(result.stdout)
    assert (result.exit_code, told["schema"], told["counts"]["placed"]) == (1, "postsync.conform/1", 3)
    assert told["events"][3]["looked_for"]
    assert "99-1" in CliRunner().invoke(main, asked).stdout


def test_the_command_says_that_clips_are_laid_only_in_part(tmp_path):
    make_rush(tmp_path / "rushes" / "T1.WAV", Header(stamp=36_000 * 48_000, length=132_000, roll="SR7"))
    edit = tmp_path / "R1.edl"
    edit.write_text("TITLE: R1\nFCM: NON-DROP FRAME\n" + event(1, "SR7", "", "10:00:00:12", "01:00:00:00", 60))
    asked = [
        "conform",
        str(edit),
        "--rushes",
        str(tmp_path / "rushes"),
        "--into",
        str(tmp_path / "out"),
        "--rate",
        "24",
    ]
    told = CliRunner().invoke(main, [*asked, "--for", "none", "--no-check"])
    assert "1 of them only in part" in told.stdout


def test_relinked_the_edit_plays_the_recorders_mix(tmp_path, delivered):
    done, _ = delivered
    again = conform(done.edit, tmp_path / "relinked", rushes=done.rushes, relink_only=True, application="none")
    work = opened(next(path for path in again.files if path.suffix == ".otio")).choose()
    [track] = placed_tracks(work, "audio")
    assert [Path(clip.url or "").name for clip in track.clips] == ["T1.WAV", "T2.WAV", "T1.WAV"]
    assert {clip.facts.channels for clip in track.clips} == {(1,)}
    assert again.relinked == 3
    listed = next(path for path in again.files if path.suffix == ".edl").read_text()
    assert "T2.WAV" in listed


# ------------------------------------------------------------------------------------------------------------------- mishaps


def test_an_index_that_does_not_exist_is_one_sentence_that_says_how_to_make_it(tmp_path, delivered):
    done, _ = delivered
    asked = ["conform", str(done.edit), "--rushes", str(tmp_path / "film.sqlite"), "--into", str(tmp_path / "out")]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 3
    assert "make it: postsync rushes index" in " ".join(result.stderr.split())
    assert not (tmp_path / "out").exists()


def test_rushes_that_hold_nothing_are_said_to(tmp_path, delivered):
    done, _ = delivered
    (tmp_path / "empty").mkdir()
    with pytest.raises(MediaError, match="hold no recording"):
        conform(done.edit, tmp_path / "out", rushes=[tmp_path / "empty"])


def test_rushes_on_a_drive_that_is_not_there_are_placed_and_listed_as_missing(tmp_path, delivered):
    done, _ = delivered
    index = tmp_path / "film.sqlite"
    rushes_index(done.rushes, out=index)
    with RushesIndex(index, write=True) as base:
        files = base.files()
        base.forget([file.path for file in files])
        base.put([replace(file, path=file.path.replace("/rushes/", "/unplugged/")) for file in files])
    again = conform(done.edit, tmp_path / "out", rushes=[index], alone=True)
    assert len(again.conform.placed) == 3
    assert len(again.turnover.media_missing) == 2


def test_a_recording_that_cannot_be_heard_is_placed_and_not_proven(tmp_path, shoot):
    rushes, room, mixes = shoot
    cut(room, "mix0", mixes[0], "10:00:00:00")
    index = tmp_path / "film.sqlite"
    rushes_index([rushes], out=index)
    (rushes / "T0.WAV").unlink()
    (tmp_path / "edit.xml").write_text(fcp7("R1", [("12-1", "mix0", 48)]))
    how = {"rushes": [index], "search": [room], "application": "none"}
    [match] = conform(tmp_path / "edit.xml", tmp_path / "out", **how).conform.matches
    assert (match.placed, match.proof.verdict) == (True, "absent")
