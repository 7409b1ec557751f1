"""Damaged files through OpenTimelineIO's own adapters: each copy in a process of its own, which may hang or crash.

What counts as refused is generous: an exception that the adapter or OpenTimelineIO defines, or that one of their own lines
raises, of whatever class, or what OpenTimelineIO's core says of JSON. Everything else its user meets as the words of some
library, or as a line of code: it is astray.
"""

from __future__ import annotations

import faulthandler
import linecache
import logging
import multiprocessing
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

READ, REFUSED, STRAY, TOO_MUCH, CRASHED = "read", "refused", "stray", "too much", "crashed"
RESULTS = (READ, REFUSED, STRAY, TOO_MUCH, CRASHED)

PEERS = {"aaf": "AAF", "edl": "cmx_3600", "fcpxml": "fcpx_xml", "otio": "otio_json", "xmeml": "fcp_xml"}
"""The adapter of each of our formats that has one."""

PACKAGES = {
    "AAF": "otio_aaf_adapter", "cmx_3600": "otio_cmx3600_adapter", "fcpx_xml": "otio_fcpx_xml_adapter",
    "otio_json": "opentimelineio", "fcp_xml": "otio_fcp_adapter",
}  # fmt: skip
_CORE = "deserialize_json_from_"

_processes: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def make_known(adapter: str, folder: Path | None = None) -> bool:
    """Whether an adapter can be used; one that lies in a folder is made known to OpenTimelineIO."""
    import opentimelineio as otio

    if folder is not None and str(folder) not in sys.path:
        sys.path.append(str(folder))
    if adapter not in otio.adapters.available_adapter_names():
        with suppress(ImportError, AttributeError):
            otio.plugins.ActiveManifest().extend(__import__(PACKAGES[adapter]).plugin_manifest())
    return adapter in otio.adapters.available_adapter_names()


def outcome_by_peer(
    adapter: str, path: Path, folder: Path | None = None, *, seconds: int = 20, megabytes: int = 2048
) -> tuple[str, str]:
    """Read a file with an adapter; give one of the five results, and what was said.

    `seconds` of the processor and `megabytes` are what it may take.
    """
    mine, theirs = _processes.Pipe(duplex=False)
    child = _processes.Process(target=_read, args=(adapter, path, folder, (seconds, megabytes), theirs))
    child.start()
    theirs.close()
    answered = mine.poll(10 * seconds)
    try:
        result, said = mine.recv() if answered else (TOO_MUCH, "time")
    except EOFError:
        child.join()
        out_of_time = child.exitcode == -getattr(signal, "SIGXCPU", 0)
        return (TOO_MUCH, "time") if out_of_time else (CRASHED, f"exit code {child.exitcode}")
    finally:
        child.kill()
        child.join()
        mine.close()
    return result, said


def _read(adapter: str, path: Path, folder: Path | None, bounds: tuple[int, int], answer: Any) -> None:
    logging.disable()
    faulthandler.disable()
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    make_known(adapter, folder)
    with suppress(ImportError):  # Windows sets no such bounds.
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + bounds[0], used + bounds[0] + 5))
        resource.setrlimit(resource.RLIMIT_AS, (bounds[1] << 20, bounds[1] << 20))
    answer.send(_answer(adapter, path))
    answer.close()
    os._exit(0)


def _answer(adapter: str, path: Path) -> tuple[str, str]:
    import opentimelineio as otio

    try:
        otio.adapters.read_from_file(str(path), adapter_name=adapter)
    except MemoryError:
        return TOO_MUCH, "memory"
    except Exception as fault:  # noqa: BLE001 - whatever comes is what its user meets
        own = isinstance(fault, otio.exceptions.OTIOError) or is_own_word(fault, (adapter, PACKAGES[adapter]))
        return (REFUSED if own else STRAY), type(fault).__name__
    return READ, ""


def is_own_word(fault: BaseException, owners: tuple[str, ...]) -> bool:
    """Whether an exception is made or raised by the owners, named as modules or packages, or by OpenTimelineIO."""
    known = (*owners, "opentimelineio")
    if type(fault).__module__.split(".")[0] in known:
        return True
    path, line = _last_line(fault.__traceback__)
    within = any(name in Path(path).parts or name == Path(path).stem for name in known)
    return within and (line.startswith("raise") or _CORE in line)


def _last_line(trace: TracebackType | None) -> tuple[str, str]:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "", ""
    path = trace.tb_frame.f_code.co_filename
    return path, linecache.getline(path, trace.tb_lineno).strip()
