"""A killed write leaves the old file, a full disk gives one sentence and no half folder: turnovers, extracting, rendering."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guide_reels import usual_reel
from postsync import verbs
from postsync.errors import CannotWrite, PostsyncError
from postsync.formats.files import whole_file
from reels import Reel, play

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join(str(ROOT / part) for part in ("interchange", "adapters", "tests"))


@pytest.fixture
def full_disk(monkeypatch):
    """A disk on which every write of more than some bytes to a file being made fails."""

    def fill(room: int) -> None:
        real = os.fdopen

        def opened(handle, *words, **how):
            file = real(handle, *words, **how)
            return _Full(file, room) if "w" in (words[0] if words else how.get("mode", "r")) else file

        monkeypatch.setattr("postsync.formats.files.os.fdopen", opened)

    return fill


class _Full:
    """A file on a disk with little room."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, data):
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *words):
        self._file.close()


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("room", [0, 50_000])
def test_a_full_disk_gives_one_sentence_and_no_folder_of_a_turnover(full_disk, room, tmp_path):
    path = usual_reel(tmp_path).write()
    full_disk(room)
    with pytest.raises(CannotWrite) as caught:
        verbs.turnover(path, tmp_path / "out", date="2026-01-01")
    assert "No space left on device" in caught.value.sentence()
    assert "\n" not in caught.value.sentence()
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_an_earlier_turnover_as_it_was(full_disk, tmp_path):
    path = usual_reel(tmp_path).write()
    verbs.turnover(path, tmp_path / "out", date="2026-01-01")
    before = {name: (tmp_path / "out" / name).stat().st_size for name in everything(tmp_path / "out")}
    full_disk(1000)
    with pytest.raises(CannotWrite):
        verbs.turnover(path, tmp_path / "out", date="2026-01-01")
    assert {name: (tmp_path / "out" / name).stat().st_size for name in everything(tmp_path / "out")} == before


def test_a_full_disk_gives_one_sentence_for_embedded_sound_that_is_taken_out(full_disk, tmp_path):
    made = verbs.turnover(usual_reel(tmp_path).write(), tmp_path / "out", media="embed", date="2026-01-01")
    aaf = next(one.path for one in made.files if one.path.suffix == ".aaf")
    full_disk(50_000)
    with pytest.raises(CannotWrite) as caught:
        verbs.media_extract(aaf, tmp_path / "taken")
    assert "No space left on device" in caught.value.sentence()
    assert everything(tmp_path / "taken") == set()


def test_a_full_disk_gives_one_sentence_while_a_movie_is_rendered(full_disk, tmp_path):
    pytest.importorskip("av")
    from made_media import sample_values
    from made_movies import KINDS, encode

    def values(channel, start, count):
        return sample_values(1, channel, start, count)

    encode(tmp_path / "m.mov", KINDS["mov"], values, channels=1, sample_rate=48_000, length=480_000)
    work = Reel().track("DX", play(tmp_path / "m.mov", stamp=0)).write(tmp_path / "r.otio")
    full_disk(20_000)
    with pytest.raises(CannotWrite) as caught:
        verbs.turnover(work, tmp_path / "out", date="2026-01-01")
    assert "No space left on device" in caught.value.sentence()
    assert not (tmp_path / "out").exists()


def test_a_limit_of_the_system_on_the_size_of_files_is_one_sentence_too(tmp_path):
    path = usual_reel(tmp_path).write()
    done = _run(
        f"import postsync.cli as c; c.main(['turnover', {str(path)!r}, '--into', {str(tmp_path / 'out')!r}])",
        preexec=lambda: _limit(100_000),
    )
    assert done.returncode == CannotWrite.exit_code, done.stderr
    assert "cannot write here: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def _limit(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _run(code: str, *, preexec=None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": PATHS}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, preexec_fn=preexec, check=False
    )


KILLED = """
import sys, time
from pathlib import Path
from postsync.formats.files import whole_file
from reels import Reel, play
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    time.sleep(60)
"""


def test_a_killed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "R1.aaf"
    path.write_bytes(b"the old file")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": PATHS}
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"half\n"
    child.kill()
    child.wait()
    child.stdout.close()
    assert path.read_bytes() == b"the old file"
    with whole_file(path) as file:  # What the dead one left behind is in nobody's way.
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_a_turnover_that_is_killed_on_the_way_leaves_every_old_file_whole(tmp_path):
    path = usual_reel(tmp_path).write()
    out = tmp_path / "out"
    verbs.turnover(path, out, date="2026-01-01")
    before = {file: file.read_bytes() for file in out.rglob("*") if file.is_file()}
    code = f"import postsync.verbs as v; print('go', flush=True); v.turnover({str(path)!r}, {str(out)!r}, date='2026-01-01')"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": PATHS}
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.15)
    child.kill()
    child.wait()
    child.stdout.close()
    assert {file: file.read_bytes() for file in before} == before


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "R1.aaf") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert everything(tmp_path) == set()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    path = usual_reel(tmp_path).write()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PostsyncError) as caught:
        verbs.turnover(path, tmp_path / "file" / "out", date="2026-01-01")
    assert "cannot make this folder" in caught.value.sentence()
