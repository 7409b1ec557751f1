"""An AAF that cannot be finished leaves what was there: a full disk, a process that is killed, a file that is taken away."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from adapters.test_aaf_write import RATES, clip, frames, make_wav, media, timeline, written
from postsync.errors import CannotWrite
from postsync.formats.format import guarded
from postsync.model import Laid
from postsync.report import Report
from postsync_adapters.aaf import FORMAT, WriteOptions

ROOT = Path(__file__).parents[2]


def made(tmp_path: Path) -> Any:
    rate = RATES["25"]
    one = make_wav(tmp_path / "1.wav", 1, 48_000)
    return timeline(rate, {"A": [Laid(clip("a", media(one)), frames(0, rate), frames(20, rate))]})


class FullDisk:
    """A file on a disk that takes so many bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)


@pytest.mark.parametrize("room", [0, 5_000, 100_000, 500_000])
def test_a_full_disk_is_said_in_one_sentence(tmp_path: Path, room: int) -> None:
    assert FORMAT.write is not None
    with pytest.raises(CannotWrite) as caught, guarded(FORMAT, tmp_path / "x.aaf", writing=True):
        FORMAT.write(made(tmp_path), FullDisk(room), Report(), WriteOptions(media="embed"))  # type: ignore[arg-type]
    assert "No space left on device" in caught.value.sentence() and "\n" not in caught.value.sentence()


def test_a_writing_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = written(made(tmp_path), tmp_path / "x.aaf")
    before = path.read_bytes()
    with pytest.raises(CannotWrite):
        written(made(tmp_path), path, created="9999-99-99")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_killed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = written(made(tmp_path), tmp_path / "x.aaf")
    before = path.read_bytes()
    otio.adapters.write_to_file(made(tmp_path), str(tmp_path / "t.otio"))
    code = (
        "import sys, time; from pathlib import Path; import opentimelineio as otio\n"
        "from postsync.formats.format import write_with; from postsync.report import Report\n"
        "from postsync_adapters.aaf import FORMAT, WriteOptions; from postsync_adapters.aaf.writing import storage\n"
        "true = storage._Sectors.write\n"
        "def slow(self, data):\n    true(self, data); self._file.flush(); Path(sys.argv[3]).touch(); time.sleep(5)\n"
        "storage._Sectors.write = slow\n"
        "write_with(FORMAT, otio.adapters.read_from_file(sys.argv[1]), Path(sys.argv[2]), Report(), WriteOptions())"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("interchange", "adapters")),
    }
    begun = tmp_path / "begun"
    child = subprocess.Popen([sys.executable, "-c", code, tmp_path / "t.otio", path, begun], env=environment)
    try:
        for _ in range(600):
            if begun.exists() or child.poll() is not None:
                break
            time.sleep(0.1)
        assert begun.exists()
        child.send_signal(signal.SIGKILL)
    finally:
        child.kill()
        child.wait()
    assert child.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
