"""Files of a job: whole or not at all, never over another, in a folder of the timeline's own."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any, Dict, List, Optional

from postsync_resolve.asking import Stop

NO_LETTERS = '<>:"/\\|?*'
RESERVED = {"con", "prn", "aux", "nul"} | {
    "%s%d" % (port, number) for port in ("com", "lpt") for number in range(1, 10)
}
"""Names that Windows keeps for itself, with any suffix."""


def file_name(name: str, default: str = "timeline") -> str:
    """Give a name for a file that every system takes."""
    clean = "".join("_" if letter in NO_LETTERS or ord(letter) < 32 else letter for letter in name)
    clean = clean.strip(" .")[:100].strip(" .") or default
    return "_" + clean if clean.split(".")[0].lower() in RESERVED else clean


def usual_folders() -> List[str]:
    """Give where to save, best first. In the App Store build, HOME is inside the sandbox and so is what we write."""
    home = os.path.expanduser("~")
    return [os.path.join(home, "Documents"), home, tempfile.gettempdir()]


def timeline_folder(project: str, timeline: str) -> str:
    """Make and give the folder of a timeline, in the first usual place that lets us write."""
    faults: List[str] = []
    for place in usual_folders():
        folder = os.path.join(place, "postsync", file_name(project, "project"), file_name(timeline))
        if not os.path.isdir(place):
            continue
        try:
            os.makedirs(folder, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError as fault:
            faults.append("%s (%s)" % (folder, fault.strerror or fault))
    raise Stop("Could not write to any of: %s." % "; ".join(faults))


def unused(path: str) -> str:
    """Give the path, or the first numbered one beside it that is not taken."""
    stem, suffix = os.path.splitext(path)
    number = 1
    while os.path.exists(path):
        number += 1
        path = "%s %d%s" % (stem, number, suffix)
    return path


def write_json(path: str, document: Any) -> str:
    """Write a document and give its path. Stops with the reason where the disk does not take it."""
    data = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_whole(path, data)
    except OSError as fault:
        raise Stop("Could not write %s (%s)." % (path, fault.strerror or fault)) from fault
    return path


def read_json(path: str, schema: str) -> Dict[str, Any]:
    """Read a document of ours. Stops where the file is something else."""
    found = json_if(path)
    if found is None:
        raise Stop("%s: expected a JSON file of postsync, found something else or nothing." % path)
    if found.get("schema") != schema:
        raise Stop("%s: expected %s, found %r." % (path, schema, found.get("schema")))
    return found


def json_if(path: str) -> Optional[Dict[str, Any]]:
    """Give the object in a JSON file, None where there is none."""
    try:
        with open(path, "rb") as file:
            found = json.loads(file.read().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def losses_in_words(path: str) -> str:
    """Write the losses and notes that the command left as JSON once more as text, one a line; give the path of the text."""
    sentences = [str(one.get("sentence") or one.get("code")) for one in (json_if(path) or {}).get("losses") or []]
    words = os.path.splitext(path)[0] + ".txt"
    try:
        write_whole(words, ("\n".join(sentences) + "\n").encode("utf-8", "backslashreplace"))
    except OSError:
        return path  # the JSON is there, and says the same
    return words


def write_whole(path: str, data: bytes) -> None:
    """Write beside the name first and rename when complete, so that a half file never has the name."""
    handle, part = tempfile.mkstemp(prefix=".postsync.", suffix=".part", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
