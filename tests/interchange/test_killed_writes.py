"""Writes killed on the way leave the old file or the new one, whole: a sample of what `benchmarks/killed.py` does in full."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

import killed

CHOSEN = (
    "aaf", "edl", "fcpxml bundle", "turnover for reaper", "reconform", "index of rushes", "scripts for Resolve",
    "file of a Resolve script",
)  # fmt: skip


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    return killed.prepared(tmp_path_factory.mktemp("killed"))


@pytest.mark.parametrize("place", range(len(CHOSEN)), ids=CHOSEN)
def test_a_killed_write_leaves_old_or_new_and_the_same_once_more_makes_all_of_it(place, given, tmp_path):
    write = next(one for one in killed.all_writes() if one.name == CHOSEN[place])
    one = killed.known(write, tmp_path, given)
    found = [killed.killed(one, given, number) for number in range(3 * place, 3 * place + 3)]
    assert [each.faults for each in found] == [()] * 3
    assert {each.way for each in found} == set(killed.WAYS)
    assert any(each.landed == "during" for each in found)


def test_a_half_file_would_be_seen(tmp_path):
    one = killed.Known(
        killed.VERBS[0], tmp_path, tmp_path, {"a": b"old", "b": b"old"}, {"a": b"newer", "c": b"new"}, 0, 0, 0
    )
    assert list(killed.faults_of(one, {"a": b"new", "b": b"old"})) == ["a is neither old nor new"]
    assert list(killed.faults_of(one, {"a": b"old", "b": b"old", "d": b""})) == ["d was never asked for"]
    assert list(killed.faults_of(one, {"b": b"old"})) == ["a is gone"]
    assert list(killed.faults_of(one, {"a": b"newer", "c": b"new", ".a.x.part": b"n"})) == []
    assert list(killed.faults_of(one, {"a": b"newer"}, finished=True)) == ["c is gone"]


def test_a_database_is_what_it_says_and_not_its_bytes(tmp_path):
    for name, page in (("one.sqlite", 1024), ("two.sqlite", 4096)):
        with closing(sqlite3.connect(tmp_path / name)) as base:
            base.execute(f"pragma page_size = {page}")
            base.execute("create table a (b)")
    one, two = killed.state_of(tmp_path).values()
    assert one == two != b""


def test_every_format_that_writes_is_among_the_writes():
    from postsync.formats.conversion import formats

    assert {fmt.name for fmt in formats().values() if fmt.write is not None} <= {
        one.name for one in killed.all_writes()
    }


def test_the_sound_of_a_kit_that_was_killed_is_made_again(tmp_path, monkeypatch):
    """A recording that is there is taken as it is: so it may only be there whole."""
    from postsync.delivery.acceptance import REELS, reels

    def killed_on_the_way(file, **how):
        file.write(b"RIFF")
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(reels, "write_wav", killed_on_the_way)
        REELS[0].timeline(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_demo_is_unpacked_file_by_file_and_each_whole(tmp_path, monkeypatch):
    from postsync import demo

    def killed_on_the_way(original, file):
        file.write(b"RIFF")
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.shutil, "copyfileobj", killed_on_the_way)
    with pytest.raises(KeyboardInterrupt):
        demo.unpack_example(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_same_turnover_with_its_sound_inside_is_the_same_file(given, tmp_path):
    made = []
    for name in ("one", "two"):
        words = ("turnover", str(given / "new" / "R1.otio"), "--embed", "--into", str(tmp_path / name), *killed.DATE)
        assert killed.run(words) == 0
        made.append((tmp_path / name / "The Crossing R1.aaf").read_bytes())
    assert made[0] == made[1]
