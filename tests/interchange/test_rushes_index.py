"""The index of the rushes: what it reads, what it reads again, and what happens when folders or the disk fail it."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from made_rushes import Header, make_rush
from postsync.cli import main
from postsync.conforming.rushes import RushesIndex, TrackName, index_rushes, recordings_of, shared_identities
from postsync.conforming.rushes.book import Book
from postsync.conforming.rushes.reading import day_in_name, folded, read_rush
from postsync.errors import CannotWrite, FormatError, MediaError
from postsync.report import Report
from postsync.verbs import rushes_index
from postsync.verbs.conforming import read_rushes

SLATE = {"stamp": 4_800_000, "roll": "SR1", "scene": "12A", "take": "3"}


def indexed(folder: Path, **how):
    with RushesIndex(None, write=True) as index:
        done = index_rushes(index, [folder], **how)
        return done, index.files()


def recordings(folder: Path):
    return recordings_of(indexed(folder)[1])


def test_a_header_gives_roll_scene_take_day_stamp_and_track_names(tmp_path):
    header = Header(
        channels=3, stamp=172_800_000, roll="SR005", scene="12A", take="3", circled=True, uid="U1",
        tracks=("MIX", "BOOM", "LAV ROBIN"), rate="24000/1001", flag="NDF",
    )  # fmt: skip
    make_rush(tmp_path / "T001.WAV", header)
    [file] = indexed(tmp_path)[1]
    assert (file.roll, file.scene, file.take, file.day, file.stamp) == ("SR005", "12A", "3", "260302", 172_800_000)
    assert [one.name for one in file.tracks] == ["MIX", "BOOM", "LAV ROBIN"]
    assert (file.circled, file.frame_rate, file.drop_frame, file.file_uid) == (True, "24000/1001", False, "U1")


def test_everything_comes_back_out_of_the_index_as_it_went_in(tmp_path):
    path = make_rush(
        tmp_path / "schön.WAV", Header(channels=2, stamp=5, tracks=("A", "B"), scene="é", digitizer_rate=48_048)
    )
    told = path.stat()
    read = read_rush(str(path), told.st_size, told.st_mtime_ns)
    with RushesIndex(tmp_path / "index.sqlite", write=True) as index:
        index.put([read])
    with RushesIndex(tmp_path / "index.sqlite") as index:
        assert index.files() == [read]


def test_mono_files_of_one_family_are_one_recording_in_order_of_the_recorders_tracks(tmp_path):
    for place, name in enumerate(("LAV", "BOOM")):
        make_rush(
            tmp_path / f"A_{name}.WAV", Header(stamp=4_800_000, family="F", tracks=(name,), first_track=2 - place)
        )
    [one] = recordings(tmp_path)
    assert [microphone.name for microphone in one.microphones] == ["BOOM", "LAV"]


def test_mono_files_alike_but_for_their_number_are_one_recording(tmp_path):
    for number in (1, 2, 3):
        make_rush(tmp_path / f"A101_1_{number}.WAV", Header(stamp=4_800_000, has_ixml=False, scene="A101", take="1"))
    [one] = recordings(tmp_path)
    assert len(one.microphones) == 3


def test_mono_files_of_one_slate_length_and_stamp_are_one_recording_whatever_their_names(tmp_path):
    for name in ("Boom", "Rosa"):
        make_rush(
            tmp_path / f"12A-T3_{name}.WAV", Header(stamp=4_800_000, scene="12A", take="3", tracks=(name,), uid=name)
        )
    make_rush(
        tmp_path / "12A-T3_Boom copy.WAV", Header(stamp=4_800_000, scene="12A", take="3", tracks=("Boom",), uid="Boom")
    )
    [one] = recordings(tmp_path)
    assert [microphone.name for microphone in one.microphones] == ["Boom", "Rosa"]


@pytest.mark.parametrize(
    "mix",
    ["12A-3_MIX.WAV", "Mix/12A-3.WAV", "other name.WAV"],
    ids=["beside it", "in a folder of its own", "elsewhere named"],
)
def test_a_mix_in_a_file_of_its_own_belongs_to_the_poly_file_of_its_take(tmp_path, mix):
    make_rush(tmp_path / "12A-3.WAV", Header(channels=2, tracks=("Boom", "Rosa"), uid="U1", **SLATE))
    tracks = ("Mix L", "Mix R") if mix == "other name.WAV" else ()
    make_rush(tmp_path / mix, Header(channels=2, tracks=tracks, uid="U2", **SLATE))
    [one] = recordings(tmp_path)
    assert [microphone.name for microphone in one.microphones][:2] == ["Boom", "Rosa"]
    assert [microphone.is_mix for microphone in one.microphones] == [False, False, True, True]


def test_mono_microphones_and_a_stereo_mix_are_one_recording(tmp_path):
    for place, name in enumerate(("Boom", "Rosa"), start=1):
        make_rush(tmp_path / f"12A-3_{place}.WAV", Header(tracks=(name,), first_track=place, uid=name, **SLATE))
    make_rush(tmp_path / "12A-3.WAV", Header(channels=2, tracks=("MixL", "MixR"), uid="U2", **SLATE))
    [one] = recordings(tmp_path)
    assert [microphone.name for microphone in one.microphones] == ["Boom", "Rosa", "MixL", "MixR"]


def test_a_poly_file_that_was_split_and_kept_is_one_recording(tmp_path):
    make_rush(tmp_path / "12A-3.WAV", Header(channels=2, tracks=("Boom", "Rosa"), uid="U1", **SLATE))
    for place, name in enumerate(("Boom", "Rosa"), start=1):
        make_rush(tmp_path / "split" / f"12A-3_{place}.WAV", Header(tracks=(name,), uid=f"M{place}", **SLATE))
    [one] = recordings(tmp_path)
    assert [microphone.file.stem for microphone in one.microphones] == ["12A-3", "12A-3"]


def test_recorders_of_two_rolls_that_ran_alike_are_two_recordings(tmp_path):
    for roll, tracks in (("SR1", ("Boom", "Rosa")), ("SR2", ("Mix L", "Mix R"))):
        header = Header(channels=2, tracks=tracks, uid=roll, **{**SLATE, "roll": roll})
        make_rush(tmp_path / roll / "12A-3.WAV", header)
    assert len(recordings(tmp_path)) == 2


def test_mono_files_of_other_stamps_are_not_one_recording(tmp_path):
    for number in (1, 2):
        make_rush(tmp_path / f"A101_{number}.WAV", Header(stamp=4_800_000 * number))
    assert len(recordings(tmp_path)) == 2


def test_a_copy_of_a_file_is_no_second_recording(tmp_path):
    for folder in ("card", "backup"):
        make_rush(tmp_path / folder / "T001.WAV", Header(stamp=4_800_000, uid="U1", scene="1", take="1"))
    [one] = recordings(tmp_path)
    assert len(one.copies) == 1


def test_a_copy_is_known_by_name_header_and_sound_where_the_recorder_gave_no_identity(tmp_path):
    sound = {"card": 0.5, "backup": 0.5, "other recorder": 0.25}
    for folder, level in sound.items():
        make_rush(tmp_path / folder / "T001.WAV", Header(**SLATE), np.full((1, 48_000), level))
    first, other = recordings(tmp_path)
    assert [Path(path).parent.name for path in first.copies] == ["card"]
    assert Path(other.first.path).parent.name == "other recorder"


def test_a_copy_stands_in_for_a_recording_whose_drive_is_not_plugged_in(tmp_path):
    for folder in ("backup", "card"):
        make_rush(tmp_path / folder / "T001.WAV", Header(uid="U1", **SLATE))
    rushes_index([tmp_path], out=tmp_path / "film.sqlite")
    (tmp_path / "backup").rename(tmp_path / "unplugged")
    [one] = read_rushes([tmp_path / "film.sqlite"], Report())
    assert Path(one.first.path).parent.name == "card"


def test_an_index_of_an_earlier_version_is_read_and_goes_on(tmp_path):
    make_rush(tmp_path / "T001.WAV", Header(**SLATE))
    index = tmp_path / "film.sqlite"
    rushes_index([tmp_path], out=index)
    with closing(sqlite3.connect(index)) as base:
        base.execute("alter table files drop column sound_print")
        base.commit()
    with RushesIndex(index) as read:
        assert [file.sound_print for file in read.files()] == [None]
    make_rush(tmp_path / "T002.WAV", Header(**SLATE))
    assert rushes_index([tmp_path], out=index).indexing.new == 1


def test_two_recordings_with_one_uid_are_told_of_and_stay_two(tmp_path):
    make_rush(tmp_path / "T001.WAV", Header(stamp=4_800_000, uid="U1"))
    make_rush(tmp_path / "T002.WAV", Header(stamp=9_600_000, uid="U1"))
    both = recordings(tmp_path)
    assert {uid: len(owners) for uid, owners in shared_identities(both).items()} == {"U1": 2}
    done = rushes_index([tmp_path], out=tmp_path / "index.sqlite")
    assert [loss.code for loss in done.report] == ["uid-shared"]


def test_a_second_run_reads_only_what_is_new_or_changed(tmp_path):
    rushes, out = tmp_path / "rushes", tmp_path / "index.sqlite"
    for number in range(3):
        make_rush(rushes / f"{number}.WAV", Header(stamp=number + 1))
    rushes_index([rushes], out=out)
    make_rush(rushes / "1.WAV", Header(stamp=99, length=96_000))
    make_rush(rushes / "9.WAV", Header(stamp=7))
    (rushes / "2.WAV").unlink()
    run = rushes_index([rushes], out=out).indexing
    assert (run.there, run.new, run.changed, run.unchanged, run.gone) == (3, 1, 1, 1, 1)
    with RushesIndex(out) as index:
        assert {Path(file.path).name: file.stamp for file in index.files()} == {"0.WAV": 1, "1.WAV": 99, "9.WAV": 7}


def test_a_run_that_was_stopped_keeps_what_it_read_and_the_next_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("postsync.conforming.rushes.indexing.BATCH", 2)
    rushes, out = tmp_path / "rushes", tmp_path / "index.sqlite"
    for number in range(6):
        make_rush(rushes / f"{number}.WAV", Header(stamp=number + 1))

    def stop(what, done, total):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rushes_index([rushes], out=out, progress=stop)
    run = rushes_index([rushes], out=out).indexing
    assert (run.new, run.unchanged) == (2, 4)


def test_several_processes_read_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("postsync.conforming.rushes.indexing.BATCH", 2)
    for number in range(5):
        make_rush(tmp_path / f"{number}.WAV", Header(stamp=number + 1, scene=str(number)))
    assert indexed(tmp_path, jobs=2)[1] == indexed(tmp_path, jobs=1)[1]


def test_a_drive_that_is_not_plugged_in_loses_nothing(tmp_path):
    rushes, out = tmp_path / "rushes", tmp_path / "index.sqlite"
    make_rush(rushes / "1.WAV", Header(stamp=1))
    rushes_index([rushes], out=out)
    (rushes / "1.WAV").unlink()
    done = rushes_index([rushes], out=out)
    assert done.holds["files"] == 1
    assert [loss.code for loss in done.report] == ["folder-closed"]
    rushes.rmdir()
    with pytest.raises(MediaError, match="plugged in"):
        rushes_index([rushes], out=out)


def test_a_linked_folder_is_looked_into_once_and_a_link_back_up_never_ends_in_a_circle(tmp_path):
    rushes, card = tmp_path / "rushes", tmp_path / "card"
    make_rush(card / "1.WAV", Header(stamp=1))
    make_rush(rushes / "day 1" / "2.WAV", Header(stamp=2))
    (rushes / "card").symlink_to(card)
    (rushes / "the same card").symlink_to(card)
    (rushes / "day one").symlink_to(rushes / "day 1")
    (card / "up").symlink_to(tmp_path)
    assert sorted(Path(file.path).name for file in indexed(rushes)[1]) == ["1.WAV", "2.WAV"]


def test_read_only_rushes_are_indexed_and_stay_as_they_are(tmp_path):
    rushes = tmp_path / "rushes"
    path = make_rush(rushes / "1.WAV", Header(stamp=1))
    path.chmod(0o444)
    rushes.chmod(0o555)
    before = sorted(rushes.iterdir())
    try:
        assert rushes_index([rushes], out=tmp_path / "index.sqlite").holds["files"] == 1
        assert sorted(rushes.iterdir()) == before
    finally:
        rushes.chmod(0o755)


def test_files_that_cannot_be_read_are_listed_with_the_reason(tmp_path):
    make_rush(tmp_path / "good.WAV", Header(stamp=1))
    (tmp_path / "empty.WAV").write_bytes(b"")
    (tmp_path / "text.wav").write_text("this is no sound")
    (tmp_path / "._good.WAV").write_bytes(b"\0\5\x16\7")
    done = rushes_index([tmp_path], out=tmp_path / "index.sqlite")
    assert [Path(path).name for path, _ in done.indexing.unreadable] == ["empty.WAV", "text.wav"]
    assert "not a WAV file" in done.indexing.unreadable[1][1]
    assert done.holds["files"] == 1
    again = rushes_index([tmp_path], out=tmp_path / "index.sqlite")
    assert len(again.indexing.unreadable) == 2
    assert again.indexing.unchanged == 3


def test_a_full_disk_is_one_sentence_and_what_was_read_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("postsync.conforming.rushes.indexing.BATCH", 50)
    rushes, out = tmp_path / "rushes", tmp_path / "index.sqlite"
    for number in range(400):
        make_rush(rushes / f"{number:03}.WAV", Header(stamp=number + 1, scene="x" * 200))
    rushes_index([rushes / "000.WAV"], out=out)
    plain = sqlite3.connect

    def with_a_small_disk(*where, **how):
        base = plain(*where, **how)
        base.execute("pragma max_page_count = 30")
        return base

    with monkeypatch.context() as small:
        small.setattr(sqlite3, "connect", with_a_small_disk)
        with pytest.raises(CannotWrite, match="full") as fault:
            rushes_index([rushes], out=out)
    assert "\n" not in fault.value.sentence()
    with RushesIndex(out) as index:
        kept = len(index.files())
    assert 0 < kept < 400
    run = rushes_index([rushes], out=out).indexing
    assert (run.unchanged, run.new) == (kept, 400 - kept)


def test_a_file_that_is_no_index_is_refused_and_not_written_over(tmp_path):
    other = tmp_path / "other.sqlite"
    other.write_text("my notes")
    with pytest.raises(FormatError, match="no index of rushes"):
        rushes_index([tmp_path], out=other)
    assert other.read_text() == "my notes"
    with closing(sqlite3.connect(tmp_path / "theirs.sqlite")) as base:
        base.execute("create table files (path text)")
    with pytest.raises(FormatError):
        RushesIndex(tmp_path / "theirs.sqlite")


def test_names_that_are_no_text_are_kept(tmp_path):
    try:
        make_rush(Path(os.fsdecode(os.fsencode(tmp_path) + b"/T\xff01.WAV")), Header(stamp=1))
    except OSError as fault:
        assert fault.errno in (errno.EILSEQ, errno.EINVAL)
        pytest.skip("this file system takes names in UTF-8 alone")
    done = rushes_index([tmp_path], out=tmp_path / "index.sqlite")
    assert done.holds["files"] == 1
    assert rushes_index([tmp_path], out=tmp_path / "index.sqlite").indexing.unchanged == 1


@pytest.mark.parametrize(
    ("name", "day"),
    [("16Y09M09", "160909"), ("A192C008_160909_R1BY", "160909"), ("2016-09-09", "160909"), ("20160909", "160909"),
     ("SR005", None), ("991399", None), ("A101_000101_R", None)],
)  # fmt: skip
def test_days_are_read_from_rolls_and_folders(name, day):
    assert day_in_name(name) == day


def test_rolls_and_scenes_compare_without_zeros_and_marks():
    assert folded("SR-005") == folded("sr5")
    assert folded("12A") != folded("12B")


def test_the_command_tells_what_the_index_holds(tmp_path):
    make_rush(tmp_path / "1.WAV", Header(stamp=1, roll="SR1"))
    out = tmp_path / "film.sqlite"
    result = CliRunner().invoke(main, ["rushes", "index", str(tmp_path), "--out", str(out), "--json"])
    told = json.loads(result.stdout)
    assert (told["schema"], told["new"], told["holds"]["rolls"]) == ("postsync.rushes-index/1", 1, 1)
    shown = CliRunner().invoke(main, ["rushes", "index", str(tmp_path), "--out", str(out)]).stdout
    assert "1 as they were" in shown
    assert CliRunner().invoke(main, ["rushes", "index", str(tmp_path / "none"), "--out", str(out)]).exit_code == 5


@pytest.mark.parametrize(
    ("name", "function", "mix"),
    [("Mix", "", True), ("MIXL", "", True), ("MixR", "", True), ("LR Mix", "", True), ("Mono Mix 1", "", True),
     ("Tr1", "MIX", True), ("Boom", "", False), ("Lt", "", False), ("Remix girl", "", False), ("St", "LEFT", False)],
)  # fmt: skip
def test_the_mix_is_known_among_the_tracks(name, function, mix):
    assert TrackName(1, name, function).is_mix is mix


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1400), st.integers(0, 255)), max_size=12), st.integers(0, 1500))
def test_a_damaged_header_is_indexed_or_listed_and_never_stops_a_run(flips, end):
    with tempfile.TemporaryDirectory() as folder:
        header = Header(
            length=10, stamp=4_800_000, channels=2, roll="SR1", scene="1", take="1", uid="U", tracks=("A", "B")
        )
        path = make_rush(Path(folder) / "T1.WAV", header)
        data = bytearray(path.read_bytes())
        for place, value in flips:
            data[place % len(data)] = value
        path.write_bytes(bytes(data[: len(data) - end % len(data)]))
        done, files = indexed(Path(folder))
        Book.of(recordings_of(files))
        assert done.there == len(files) + len(done.unreadable) == 1


def test_a_damaged_index_is_one_sentence(tmp_path):
    for number in range(60):
        make_rush(tmp_path / "rushes" / f"{number}.WAV", Header(stamp=number + 1, scene="x" * 100))
    out = tmp_path / "film.sqlite"
    rushes_index([tmp_path / "rushes"], out=out)
    data = bytearray(out.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    out.write_bytes(bytes(data))
    with pytest.raises(FormatError, match="index") as fault:
        rushes_index([tmp_path / "rushes"], out=out)
    assert "\n" not in fault.value.sentence()
