"""What our DaVinci Resolve scripts do: look at the open timeline once and save what was seen as JSON.

Runs inside Resolve, on whatever Python it picks: standard library only, syntax of Python 3.8. Installed beside the menu
script, not in a folder that Resolve scans. Resolve says that a call failed by answering `None`, `False` or nothing useful;
every answer here goes through `ask` and is taken for what it is worth. The schema is read by
`postsync_adapters.resolve_snapshot`.
"""

# A lambda keeps even the look-up of a method that a build lacks inside `ask`; 3.8 shapes stay 3.8 shapes.
# ruff: noqa: PLW0108, RUF005, RUF046

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple, TypeVar, cast

if TYPE_CHECKING:
    from resolve_api import FusionApi, MediaPoolItemApi, ResolveApi, TimelineApi, TimelineItemApi

SCHEMA = "postsync.resolve-snapshot/1"

KNOWN_RATES = (
    "16", "18", "23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60", "72", "95.904", "96", "100",
    "119.88", "120",
)  # fmt: skip
TRACK_TYPES = ("video", "audio", "subtitle")
SETTINGS = ("timelineFrameRate", "timelineDropFrameTimecode", "timelinePlaybackFrameRate", "useCustomSettings")

MEDIA_PROPERTIES = {
    "name": "File Name", "file_path": "File Path", "fps": "FPS", "start_tc": "Start TC", "sample_rate": "Sample Rate",
    "bit_depth": "Audio Bit Depth", "audio_ch": "Audio Ch", "reel": "Reel Name", "duration_tc": "Duration",
    "frames": "Frames", "type": "Type", "status": "Online Status",
}  # fmt: skip
"""Our names for the properties of a media pool clip."""

NUMBERS = ("sample_rate", "bit_depth", "audio_ch", "frames")

T = TypeVar("T")


class Stop(Exception):
    """The work cannot go on; the one sentence for the user is its text."""


# ------------------------------------------------------------------------------------------------ asking Resolve


def ask(question: Callable[[], Optional[T]], warnings: List[str]) -> Optional[T]:
    """Give Resolve's answer, or None where it has none: a method that a build lacks is `None` and cannot be called."""
    try:
        return question()
    except (TypeError, AttributeError):
        return None
    except Exception as fault:
        warnings.append(f"{type(fault).__name__}: {fault}")
        return None


def whole(value: Any) -> Optional[int]:
    """Give a whole number out of 96, 96.0 or "96"; None for anything else."""
    number = decimal(value)
    return None if number is None else int(round(number))


def decimal(value: Any) -> Optional[float]:
    """Give a number out of what Resolve hands over; None where there is none in it."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number - number == 0 else None


def text(value: Any) -> str:
    """Give a text; numbers as people write them, nothing for nothing."""
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def known_rate(given: Any) -> Optional[str]:
    """Give the rate that Resolve means: `24.0`, "23.976024", "29.97 DF", or "23" with its decimals cut off."""
    words = text(given).split()
    number = decimal(words[0]) if words else None
    if number is None:
        return None
    near = [rate for rate in KNOWN_RATES if abs(float(rate) - number) < 0.005]
    cut = [rate for rate in KNOWN_RATES if int(float(rate)) == number]
    found = near or cut
    return " ".join([found[0]] + words[1:]) if found else None


def find_resolve(names: Mapping[str, Any]) -> Optional[ResolveApi]:
    """Find the application among the names that Resolve put into a script; builds differ in which they give."""
    probes = (
        lambda: names.get("resolve"),
        lambda: names["app"].GetResolve(),
        lambda: names["bmd"].scriptapp("Resolve"),
        _resolve_by_module,
    )
    for probe in probes:
        try:
            found = probe()
        except Exception:  # each build fails in a way of its own; the next probe may do
            continue
        if found is not None:
            return cast("ResolveApi", found)
    return None


def _resolve_by_module() -> Any:
    module = __import__("DaVinciResolveScript")
    return module.scriptapp("Resolve")


# ------------------------------------------------------------------------------------------------ the snapshot


def open_timeline(resolve: ResolveApi, warnings: List[str]) -> Tuple[str, TimelineApi]:
    """Give the project's name and the timeline that is open, or stop with what to do."""
    manager = ask(lambda: resolve.GetProjectManager(), warnings)
    project = ask(lambda: manager.GetCurrentProject(), warnings) if manager else None
    if not project:
        raise Stop("No project is open: open one and run this again.")
    timeline = ask(lambda: project.GetCurrentTimeline(), warnings)
    if not timeline:
        raise Stop("No timeline is open: open the timeline with the cues and run this again.")
    return text(ask(lambda: project.GetName(), warnings)), timeline


def take_snapshot(resolve: ResolveApi) -> Dict[str, Any]:
    """Give everything that we want to know of the open timeline, leaving Resolve on the page where it was."""
    warnings: List[str] = []
    page = ask(lambda: resolve.GetCurrentPage(), warnings)
    try:
        project, timeline = open_timeline(resolve, warnings)
        snapshot: Dict[str, Any] = {"schema": SCHEMA, "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        snapshot["application"] = application_facts(resolve, warnings)
        snapshot["project"] = {"name": project}
        snapshot["timeline"] = timeline_facts(timeline, warnings)
        snapshot["tracks"] = list(track_list(timeline, warnings))
        snapshot["markers"] = marker_list(ask(lambda: timeline.GetMarkers(), warnings), "timeline", warnings)
        snapshot["warnings"] = warnings
        return snapshot
    finally:
        if page and ask(lambda: resolve.GetCurrentPage(), warnings) != page:
            ask(lambda: resolve.OpenPage(page), warnings)


def application_facts(resolve: ResolveApi, warnings: List[str]) -> Dict[str, Any]:
    """Give product, version and edition; `IsStudio` came with 21.1, before that the name tells."""
    product = text(ask(lambda: resolve.GetProductName(), warnings))
    studio = ask(lambda: resolve.IsStudio(), warnings)
    if not isinstance(studio, bool):
        studio = "studio" in product.lower()
    version = text(ask(lambda: resolve.GetVersionString(), warnings))
    return {"product": product, "version": version, "edition": "studio" if studio else "free"}


def timeline_facts(timeline: TimelineApi, warnings: List[str]) -> Dict[str, Any]:
    """Give name, clock and settings of a timeline. Rate and drop flag are the timeline's, never the project's."""
    settings = ask(lambda: timeline.GetSettings(), warnings)
    if not isinstance(settings, dict) or not settings:
        settings = {name: ask(lambda name=name: timeline.GetSetting(name), warnings) for name in SETTINGS}
    given = settings.get("timelineFrameRate")
    start = text(ask(lambda: timeline.GetStartTimecode(), warnings))
    if known_rate(given) is None:
        raise Stop("Resolve gave the frame rate of the timeline as %r, which is no rate that we know." % (given,))
    flag = text(settings.get("timelineDropFrameTimecode"))
    drop = ";" in start or "DF" in text(given).upper().split() or flag == "1"
    return {
        "name": text(ask(lambda: timeline.GetName(), warnings)),
        "unique_id": text(ask(lambda: timeline.GetUniqueId(), warnings)),
        "frame_rate": text(given),
        "drop_frame": drop,
        "start_timecode": start,
        "start_frame": whole(ask(lambda: timeline.GetStartFrame(), warnings)),
        "end_frame": whole(ask(lambda: timeline.GetEndFrame(), warnings)),
        "settings": {text(name): text(value) for name, value in settings.items() if text(value)},
    }


def track_list(timeline: TimelineApi, warnings: List[str]) -> Iterator[Dict[str, Any]]:
    """Yield every track with its items, picture first."""
    media: Dict[str, Dict[str, Any]] = {}
    for kind in TRACK_TYPES:
        count = whole(ask(lambda kind=kind: timeline.GetTrackCount(kind), warnings)) or 0
        for index in range(1, count + 1):
            yield track_facts(timeline, kind, index, media, warnings)


def track_facts(
    timeline: TimelineApi, kind: str, index: int, media: Dict[str, Dict[str, Any]], warnings: List[str]
) -> Dict[str, Any]:
    """Give one track; `media` keeps what was already asked of a media pool clip."""
    enabled = ask(lambda: timeline.GetIsTrackEnabled(kind, index), warnings)
    items = ask(lambda: timeline.GetItemListInTrack(kind, index), warnings) or []
    places = [item_facts(item, media, warnings) for item in items if item]
    return {
        "type": kind,
        "index": index,
        "name": text(ask(lambda: timeline.GetTrackName(kind, index), warnings)),
        "enabled": enabled if isinstance(enabled, bool) else True,
        "sub_type": text(ask(lambda: timeline.GetTrackSubType(kind, index), warnings)),
        "items": [place for place in places if place is not None],
    }


def item_facts(
    item: TimelineItemApi, media: Dict[str, Dict[str, Any]], warnings: List[str]
) -> Optional[Dict[str, Any]]:
    """Give one item of a track; None, with a warning, for one without a place."""
    name = text(ask(lambda: item.GetName(), warnings))
    start, end = whole(ask(lambda: item.GetStart(), warnings)), whole(ask(lambda: item.GetEnd(), warnings))
    if start is None or end is None:
        warnings.append("Resolve gave no place for %r." % name)
        return None
    enabled = ask(lambda: item.GetClipEnabled(), warnings)
    linked = ask(lambda: item.GetLinkedItems(), warnings) or []
    speed = ask(lambda: item.GetSpeed(), warnings)
    return {
        "name": name,
        "start": start,
        "end": end,
        "left_offset": whole(ask(lambda: item.GetLeftOffset(), warnings)),
        "right_offset": whole(ask(lambda: item.GetRightOffset(), warnings)),
        "source_start_frame": whole(ask(lambda: item.GetSourceStartFrame(), warnings)),
        "source_end_frame": whole(ask(lambda: item.GetSourceEndFrame(), warnings)),
        "source_start_time": decimal(ask(lambda: item.GetSourceStartTime(), warnings)),
        "source_end_time": decimal(ask(lambda: item.GetSourceEndTime(), warnings)),
        "speed_percent": decimal(speed.get("Percentage")) if isinstance(speed, dict) else None,
        "enabled": enabled if isinstance(enabled, bool) else True,
        "color": text(ask(lambda: item.GetClipColor(), warnings)),
        "type": text(ask(lambda: item.GetType(), warnings)),
        "unique_id": text(ask(lambda: item.GetUniqueId(), warnings)),
        "linked_ids": [text(ask(lambda one=one: one.GetUniqueId(), warnings)) for one in linked if one],
        "audio_mapping": text(ask(lambda: item.GetSourceAudioChannelMapping(), warnings)),
        "media": media_facts(ask(lambda: item.GetMediaPoolItem(), warnings), media, warnings),
        "markers": marker_list(ask(lambda: item.GetMarkers(), warnings), name, warnings),
    }


def media_facts(
    clip: Optional[MediaPoolItemApi], known: Dict[str, Dict[str, Any]], warnings: List[str]
) -> Optional[Dict[str, Any]]:
    """Give the media of an item; None for titles, generators and subtitles."""
    if not clip:
        return None
    uid = text(ask(lambda: clip.GetUniqueId(), warnings))
    if uid and uid in known:
        return known[uid]
    properties = ask(lambda: clip.GetClipProperty(), warnings)
    properties = properties if isinstance(properties, dict) else {}
    metadata = ask(lambda: clip.GetMetadata(), warnings)
    facts: Dict[str, Any] = {ours: text(properties.get(theirs)) for ours, theirs in MEDIA_PROPERTIES.items()}
    facts.update({name: whole(facts[name]) for name in NUMBERS})
    facts["name"] = facts["name"] or text(ask(lambda: clip.GetName(), warnings))
    facts["unique_id"] = uid
    facts["metadata"] = {text(key): text(value) for key, value in _pairs(metadata) if text(value)}
    known[uid] = facts
    return facts


def _pairs(found: Any) -> List[Tuple[Any, Any]]:
    return sorted(found.items(), key=lambda pair: str(pair[0])) if isinstance(found, dict) else []


def marker_list(found: Any, where: str, warnings: List[str]) -> List[Dict[str, Any]]:
    """Give markers in order of place. Keys are whole numbers or floats by build; an empty result may be anything."""
    markers: List[Dict[str, Any]] = []
    for key, facts in _pairs(found):
        frame = whole(key)
        if frame is None or not isinstance(facts, dict):
            warnings.append("A marker of %r could not be read: %r" % (where, key))
            continue
        if decimal(key) != frame:
            warnings.append("A marker of %r lies between frames (%s) and was put on frame %d." % (where, key, frame))
        markers.append(
            {
                "frame": frame,
                "color": text(facts.get("color")),
                "name": text(facts.get("name")),
                "note": text(facts.get("note")),
                "duration": whole(facts.get("duration")) or 1,
                "custom_data": text(facts.get("customData")),
            }
        )
    return sorted(markers, key=lambda marker: cast("int", marker["frame"]))


# ------------------------------------------------------------------------------------------------ saving


def file_name(snapshot: Mapping[str, Any]) -> str:
    """Give a name for the file that every system takes."""
    name = "".join(
        "_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in snapshot["timeline"]["name"]
    )
    return "%s.json" % (name.strip(" .")[:100] or "timeline")


def usual_folders() -> List[str]:
    """Give where to save, best first. In the App Store build, HOME is inside the sandbox and so is what we write."""
    home = os.path.expanduser("~")
    return [os.path.join(home, "Documents"), home, tempfile.gettempdir()]


def chosen_path(fusion: Optional[FusionApi], name: str) -> Optional[str]:
    """Let the user say where to save; None where no dialog came up. Stops where the user cancelled."""
    folder = next((one for one in usual_folders() if os.path.isdir(one)), "")
    for dialog in (_ask_file, _ask_folder):
        try:
            answer = dialog(fusion, folder, name)
        except (TypeError, AttributeError):
            continue  # this build has no such dialog
        if not answer:
            raise Stop("Cancelled: nothing was written.")
        path = os.path.abspath(os.path.expanduser(str(answer)))
        return path if path.lower().endswith(".json") else path + ".json"
    return None


def _ask_file(fusion: Any, folder: str, name: str) -> Optional[str]:
    attributes = {"FReqB_Saving": True, "FReqS_Filter": "postsync snapshot (*.json)|*.json"}
    answer: Optional[str] = fusion.RequestFile(os.path.join(folder, ""), name, attributes)
    return answer


def _ask_folder(fusion: Any, folder: str, name: str) -> Optional[str]:
    answer = fusion.RequestDir(folder)
    return os.path.join(str(answer), name) if answer else None


def save(snapshot: Mapping[str, Any], path: Optional[str]) -> str:
    """Write the snapshot where the user said, else where it can be written; give the path. Stops where nowhere can."""
    data = (json.dumps(snapshot, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
    spare = [unused(os.path.join(folder, file_name(snapshot))) for folder in usual_folders()]
    faults: List[str] = []
    for place in ([path] if path else []) + spare:
        try:
            write_whole(place, data)
            return place
        except OSError as fault:
            faults.append("%s (%s)" % (place, fault.strerror or fault))
    raise Stop("Could not write to any of: %s." % "; ".join(faults))


def unused(path: str) -> str:
    """Give the path, or the first numbered one beside it that is not taken."""
    stem, suffix = os.path.splitext(path)
    number = 1
    while os.path.exists(path):
        number += 1
        path = "%s %d%s" % (stem, number, suffix)
    return path


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


# ------------------------------------------------------------------------------------------------ the rest of the way


def turnover_arguments(path: str) -> List[str]:
    """Give the arguments of `postsync` that make the folder for Pro Tools of a snapshot."""
    return ["turnover", path, "--for", "pro-tools", "--into", os.path.splitext(path)[0] + " for Pro Tools"]


def command_line(command: List[str]) -> str:
    """Give a command as the user would type it on this system."""
    return subprocess.list2cmdline(command) if os.name == "nt" else " ".join(shlex.quote(part) for part in command)


def run_postsync(command: List[str], path: str) -> bool:
    """Run the installed `postsync` on the snapshot and show what it says; say False where it could not be started."""
    try:
        done = subprocess.run(
            command + turnover_arguments(path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, PYTHONIOENCODING="utf-8"),
            check=False,
        )
    except OSError as fault:
        print("postsync could not be started from here (%s)." % (fault.strerror or fault))
        return False
    print(done.stdout.decode("utf-8", "replace").rstrip())
    return done.returncode == 0


def export_cues(names: Mapping[str, Any], command: Optional[List[str]] = None) -> Optional[str]:
    """Do the whole menu entry; give the path of the snapshot, or None where it came to nothing."""
    try:
        resolve = find_resolve(names)
        if resolve is None:
            raise Stop("DaVinci Resolve did not answer: run this from Workspace > Scripts.")
        snapshot = take_snapshot(resolve)
        path = save(snapshot, chosen_path(names.get("fusion") or names.get("fu"), file_name(snapshot)))
    except Stop as stop:
        print(str(stop))
        return None
    markers = len(snapshot["markers"]) + sum(
        len(item["markers"]) for track in snapshot["tracks"] for item in track["items"]
    )
    words = "1 marker" if markers == 1 else "%d markers" % markers
    print("%s: %s, written to %s" % (snapshot["timeline"]["name"], words, path))
    for warning in snapshot["warnings"]:
        print("Resolve did not answer everything: %s" % warning)
    if not (command and os.path.exists(command[0]) and run_postsync(command, path)):
        print("Next, in a terminal: %s" % command_line(["postsync"] + turnover_arguments(path)))
    return path


# ------------------------------------------------------------------------------------------------ installing


def with_paths(menu_script: str, command: List[str], support: str) -> str:
    """Write the command and the folder of this module into the text of a menu script.

    Both go in as JSON in plain ASCII inside a Python string, so that neither backslashes nor accents can break it.
    """
    lines = []
    for line in menu_script.splitlines():
        if line.startswith("POSTSYNC_COMMAND ="):
            line = "POSTSYNC_COMMAND = %r" % json.dumps(command)
        elif line.startswith("POSTSYNC_SUPPORT ="):
            line = "POSTSYNC_SUPPORT = %r" % json.dumps(support)
        lines.append(line)
    return "\n".join(lines) + "\n"
