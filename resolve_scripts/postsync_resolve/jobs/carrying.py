"""Cues out to any carrier and back: Import Cues, Export Cues, Sync with Fairlight ADR List."""

from __future__ import annotations

import os
import shutil
from typing import Any, Dict, Optional, Sequence, Tuple

from postsync_resolve import instructions
from postsync_resolve.asking import Stop
from postsync_resolve.desk import Desk
from postsync_resolve.instructions import read_instructions
from postsync_resolve.saving import file_name, json_if, unused
from postsync_resolve.windows import Field, Form

CARRIERS: Dict[str, Tuple[str, str]] = {
    "Excel workbook": ("cue_workbook", ".xlsx"),
    "Table (CSV)": ("cue_table", ".csv"),
    "Cue sheet to print": ("cue_sheet", ".html"),
    "Fairlight ADR list": ("fairlight_adr", " ADR.csv"),
    "Resolve marker EDL": ("resolve_marker_edl", " markers.edl"),
    "Media Composer markers": ("avid_markers", " markers.txt"),
    "Media Composer markers (XML)": ("avid_marker_xml", " markers.xml"),
    "AAF": ("aaf", ".aaf"),
    "MIDI markers": ("midi_markers", " markers.mid"),
    "Reaper regions": ("reaper_markers", " markers.csv"),
    "Cubase and Nuendo track archive": ("cubase_archive", " markers.xml"),
    "Final Cut Pro XML": ("fcpxml", ".fcpxml"),
    "Final Cut Pro 7 and Premiere XML": ("xmeml", ".xml"),
    "Subtitles (SRT)": ("srt", ".srt"),
    "Captions (WebVTT)": ("webvtt", ".vtt"),
    "Dubbing script (DAPT)": ("dapt", ".dapt"),
    "OpenTimelineIO, with everything": ("otio", ".otio"),
}
"""What a person may choose: the format and the end of the name."""

ANY = "as the name of the file says"
BY_OURS, BY_THEIRS, LISTED = "keep ours", "take theirs", "list them, keep ours"


def stamp(desk: Desk, more: Sequence[str] = ()) -> None:
    """Give every cue of the timeline its identity, out of sight; nothing that a person sees changes."""
    path = desk.new_path(" instructions.json")
    desk.postsync("convert", desk.save_snapshot(), path, "--as", "resolve_instructions", "--quiet", *more)
    if desk.apply(read_instructions(path), only_stamp=True):
        desk.look_again()


def import_cues(desk: Desk) -> bool:
    """Bring in cues of any carrier, or instructions that somebody else made with `postsync`."""
    answers = desk.dialogs.ask_form(
        Form(
            "Import cues",
            (
                Field("file", "Cues that came back", "open", newest(os.path.join(desk.folder, "in")), needed=True),
                Field("conflicts", "Where both sides changed a field", "choice", LISTED, (LISTED, BY_OURS, BY_THEIRS)),
                Field("omit", "Cues that did not come back are omitted", "yes", False),
            ),
            "Import",
            "Each cue is known by its tag, its number, or its line and place. Nothing is dropped.",
        )
    )
    if answers is None or not answers["file"]:
        raise Stop(
            "No file was chosen: nothing was changed. Without dialogs, put it into %s."
            % os.path.join(desk.folder, "in")
        )
    return bring_in(desk, answers["file"], answers["conflicts"], answers["omit"])


def bring_in(desk: Desk, path: str, conflicts: str = LISTED, omit: bool = False) -> bool:
    """Merge a list into the cues of the timeline and show the result as markers."""
    found = json_if(path) or {}
    if found.get("schema") == instructions.SCHEMA:
        return desk.apply(instructions.instructions_of(found, path))
    made = desk.new_path(" instructions.json")
    arguments = ["merge", desk.save_snapshot(), path, made, "--as", "resolve_instructions", "--json"]
    if conflicts in (BY_OURS, BY_THEIRS):
        arguments += ["--prefer", "ours" if conflicts == BY_OURS else "theirs"]
    if omit:
        arguments.append("--omit-missing")
    answer = desk.postsync(*arguments)
    fine = desk.apply(read_instructions(made))
    _tell_merge(desk, answer.document())
    return fine and answer.settled


def _tell_merge(desk: Desk, merged: Dict[str, Any]) -> None:
    counts = merged.get("counts") or {}
    desk.say(
        ", ".join(
            "%s %s" % (counts[name], name) for name in ("changed", "new", "missing", "conflicts") if name in counts
        )
    )
    for cue in merged.get("cues") or []:
        for change in cue.get("changes") or []:
            if change.get("verdict") == "conflict":
                told = (cue.get("number") or cue["uid"], change["field"], change.get("ours"), change.get("theirs"))
                desk.say("  conflict in %s, %s: ours %r, theirs %r" % told)
    for one in merged.get("unsure") or []:
        desk.say("  %s may be %s: compare them, and delete one" % (one["uid"], " or ".join(one["candidates"])))


def newest(folder: str) -> str:
    """Give the newest file of a folder, where people without dialogs put what comes in."""
    os.makedirs(folder, exist_ok=True)
    files = [os.path.join(folder, name) for name in os.listdir(folder) if not name.startswith(".")]
    files = [path for path in files if os.path.isfile(path) and not path.endswith(".cues.json")]
    return max(files, key=os.path.getmtime) if files else ""


def export_cues(desk: Desk) -> bool:
    """Write the cues of the timeline as any carrier, the cue document beside it."""
    place = os.path.join(desk.folder, "out", file_name(desk.name))
    answers = desk.dialogs.ask_form(
        Form(
            "Export cues",
            (
                Field("carrier", "As", "choice", "Excel workbook", (*CARRIERS, ANY), ask=True),
                Field("file", "File (the ending comes by itself)", "save", place, ask=True),
                Field("all", "Every marker is a cue", "yes", False),
            ),
            "Export",
        )
    )
    if answers is None:
        raise Stop("Cancelled: nothing was written.")
    more = ["--all-markers"] if answers["all"] else []
    stamp(desk, more)
    fmt, suffix = CARRIERS.get(answers["carrier"], ("", ""))
    path = _with_suffix(answers["file"] or place, suffix)
    written = write_cues(desk, path, fmt, more)
    desk.say("Written: %s" % written)
    return True


def _with_suffix(path: str, suffix: str) -> str:
    if not suffix or path.lower().endswith(suffix[suffix.rindex(".") :]):
        return path
    return path + suffix


def write_cues(desk: Desk, path: str, fmt: str, more: Sequence[str]) -> str:
    """Write the cues as a carrier, never over another file, and remember what was written; give the path."""
    path = unused(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    snapshot = desk.save_snapshot()
    desk.postsync("convert", snapshot, path, *(["--as", fmt] if fmt else []), *more)
    sidecar = os.path.splitext(path)[0] + ".cues.json"
    if os.path.isfile(sidecar):
        # Beside the snapshots it is found when the list comes back, wherever it comes from.
        shutil.copyfile(sidecar, os.path.join(os.path.dirname(snapshot), os.path.basename(sidecar)))
    return path


def sync_fairlight(desk: Desk) -> bool:
    """Take in the list that the Fairlight ADR panel exported, and write the one that it shall import."""
    place = os.path.join(desk.folder, "out", file_name(desk.name) + " ADR.csv")
    answers = desk.dialogs.ask_form(
        Form(
            "Sync with the Fairlight ADR list",
            (
                Field(
                    "exported",
                    "List that the panel exported (may be empty)",
                    "open",
                    newest(os.path.join(desk.folder, "in")),
                    ask=True,
                ),
                Field("file", "List to import into the panel", "save", place, ask=True),
            ),
            "Sync",
            "Fairlight > ADR > List > option menu: Export Cue List. The panel has no other way in or out.",
        )
    )
    if answers is None:
        raise Stop("Cancelled: nothing was changed.")
    fine = True
    exported: Optional[str] = answers["exported"]
    if exported:
        fine = bring_in(desk, exported)
        desk.look_again()
    stamp(desk)
    path = write_cues(desk, _with_suffix(answers["file"] or place, " ADR.csv"), "fairlight_adr", [])
    desk.say("In Fairlight > ADR > List, option menu: Clear Cue List, then Import Cue List: %s" % path)
    return fine
