"""The door to PyAV, which is an extra: what is opened with it, and how its errors are told.

Files are opened by a closed list of demuxers and as files only, so that a play list which calls itself a sound file leads to
no other file and no network.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postsync.errors import MediaError, MissingLibrary

if TYPE_CHECKING:
    from av.container import InputContainer

MOVIE = "mov,mp4,m4a,3gp,3g2,mj2"

EXACT = (MOVIE, "mxf", "wav", "w64", "aiff", "caf", "flac", "au")
"""Demuxers whose index leads to any sample exactly; with all others a file is decoded from its beginning."""

COUNTED = (
    "mp3", "aac", "ac3", "eac3", "ogg", "matroska,webm", "avi", "mpegts", "mpeg", "asf", "dv", "gxf", "wv", "tta", "ape",
    "dts", "truehd", "amr", "flv", "nut", "voc", "sox",
)  # fmt: skip

FORMATS = (*EXACT, *COUNTED)

INSTALL = 'pip install "postsync[media]"'


def library(path: Path) -> Any:
    """Give PyAV; MissingLibrary, with the command that installs it, where it is not installed."""
    try:
        import av
    except ImportError as fault:
        raise MissingLibrary("only WAV is read without PyAV", path=path, remedy=INSTALL) from fault
    return av


@contextmanager
def told(path: Path) -> Generator[None]:
    """Turn what the library or the disk raises into one sentence."""
    av = library(path)
    try:
        yield
    except MediaError as fault:
        fault.at(path)
        raise
    except (av.error.FFmpegError, OSError) as fault:
        raise MediaError("cannot be read", path=path, found=fault.strerror or type(fault).__name__) from fault
    except (ValueError, ArithmeticError, EOFError, MemoryError) as fault:
        raise MediaError("cannot be read", path=path, found=str(fault) or type(fault).__name__) from fault


def opened(path: Path, *, own_edits: bool) -> InputContainer:
    """Open a file for reading; `own_edits` gives the samples of a movie as its media has them, without its edit lists."""
    options = {"protocol_whitelist": "file", "format_whitelist": ",".join(FORMATS)}
    if own_edits:
        options["ignore_editlist"] = "1"
    container: InputContainer = library(path).open(f"file:{path}", "r", options=options, metadata_errors="replace")
    return container
