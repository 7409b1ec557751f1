"""Run once in DaVinci Resolve Studio: measures what postsync could only read about, and writes it as JSON.

From a terminal, with Resolve open on a project that may be spoilt, and Preferences > System > General > External scripting on
Local:

    python3 live_checklist.py

or from Workspace > Scripts, once copied to `Utility` of the script folder. It makes timelines named `postsync checklist …` and
one sound file, asks Resolve what it does with them, and deletes the timelines again. The file `postsync resolve measured
VERSION.json` in Documents is what our double is compared with; please send it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
import wave
from typing import Any, Callable, Dict, List, Tuple

SCHEMA = "postsync.resolve-measured/1"
NAME = "postsync checklist"
RATE = 48000

WINDOWS_PLACE = ("Blackmagic Design", "DaVinci Resolve", "Support", "Developer", "Scripting")

CHECKS: List[Tuple[str, Callable[[Any], Any]]] = []
"""What is measured, in order: a name, and a function of the scene that gives plain values."""


def check(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Add a measurement under the name of its function."""
    CHECKS.append((function.__name__, function))
    return function


class Scene:
    """A timeline of ours with one sound clip of ten seconds on it."""

    def __init__(self, resolve: Any, folder: str) -> None:
        self.resolve = resolve
        self.folder = folder
        self.project = resolve.GetProjectManager().GetCurrentProject()
        self.pool = self.project.GetMediaPool()
        self.stamp = "%s %d" % (NAME, int(time.time()))
        self.before = self.project.GetCurrentTimeline()
        self.empty = self.pool.CreateEmptyTimeline(self.stamp + " empty")
        self.timeline = self.pool.CreateEmptyTimeline(self.stamp)
        self.wav = self._wav("postsync checklist")
        self.media: Any = (self.pool.ImportMedia([self.wav]) or [None])[0]
        self.project.SetCurrentTimeline(self.timeline)
        self.start = int(self.timeline.GetStartFrame())
        self.append(0, 120, self.start + 10)

    def _wav(self, name: str) -> str:
        path = os.path.join(self.folder, name + ".wav")
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(bytes(2 * RATE * 10))
        return path

    def append(self, start: Any, end: Any, record: Any, track: int = 1) -> Any:
        """Place a stretch of the sound file; give what Resolve answers."""
        info = {
            "mediaPoolItem": self.media, "startFrame": start, "endFrame": end, "mediaType": 2, "trackIndex": track,
            "recordFrame": record,
        }  # fmt: skip
        return self.pool.AppendToTimeline([info])

    def items(self, track: int = 1) -> List[Any]:
        """Give what lies on a sound track."""
        return self.timeline.GetItemListInTrack("audio", track) or []

    def spans(self, track: int = 1) -> List[List[float]]:
        """Give start and length of what lies on a sound track, counted from the timeline's first frame."""
        return sorted([item.GetStart() - self.start, item.GetEnd() - item.GetStart()] for item in self.items(track))

    def clear(self, frame: int) -> None:
        """Take a marker away, so that each measurement starts alike."""
        self.timeline.DeleteMarkerAtFrame(frame)

    def close(self) -> None:
        """Delete what was made."""
        made = [self.project.GetTimelineByIndex(index) for index in range(1, int(self.project.GetTimelineCount()) + 1)]
        ours = [one for one in made if one and str(one.GetName()).startswith(NAME)]
        if self.before:
            self.project.SetCurrentTimeline(self.before)
        self.pool.DeleteTimelines(ours)


def kind(value: Any) -> str:
    """Give the type of an answer as the double has it."""
    return type(value).__name__


# ------------------------------------------------------------------------------------------------ markers


@check
def marker_numbers(scene: Scene) -> Any:
    """Types of the frame and of the duration."""
    scene.timeline.AddMarker(20, "Blue", "a", "", 5, "x")
    found = scene.timeline.GetMarkers()
    frame = next(iter(found))
    scene.clear(20)
    return [kind(frame), kind(found[frame]["duration"])]


@check
def second_marker_on_a_frame(scene: Scene) -> Any:
    """Whether it is taken, and which one stays."""
    scene.timeline.AddMarker(20, "Blue", "first", "", 1, "")
    answer = scene.timeline.AddMarker(20, "Red", "second", "", 1, "")
    names = [facts["name"] for facts in scene.timeline.GetMarkers().values()]
    scene.clear(20)
    return [answer, names]


@check
def colours_that_are_refused(scene: Scene) -> Any:
    """Words that are none of the sixteen, and one of them in small letters."""
    answers = {}
    for color in ("Orange", "White", "Magenta", "blue", "Cream"):
        answers[color] = scene.timeline.AddMarker(20, color, "a", "", 1, "")
        scene.clear(20)
    return answers


@check
def marker_beyond_the_end(scene: Scene) -> Any:
    """Whether it is taken, and whether it comes back."""
    frame = int(scene.timeline.GetEndFrame()) - scene.start + 1000
    answer = scene.timeline.AddMarker(frame, "Blue", "far", "", 1, "")
    back = [int(one) for one in scene.timeline.GetMarkers()]
    scene.clear(frame)
    return [answer, frame in back]


@check
def marker_before_the_start(scene: Scene) -> Any:
    """A frame below zero."""
    answer = scene.timeline.AddMarker(-5, "Blue", "early", "", 1, "")
    back = [int(one) for one in (scene.timeline.GetMarkers() or {})]
    scene.clear(-5)
    return [answer, -5 in back]


@check
def marker_on_an_empty_timeline(scene: Scene) -> Any:
    """Whether a timeline without clips takes one."""
    return scene.empty.AddMarker(0, "Blue", "a", "", 1, "")


@check
def custom_data_left_out(scene: Scene) -> Any:
    """What stands there when nobody gave any."""
    answer = scene.timeline.AddMarker(20, "Blue", "a", "", 1)
    found = [facts.get("customData") for facts in (scene.timeline.GetMarkers() or {}).values()]
    scene.clear(20)
    return [answer, found]


@check
def custom_data_of_20000_letters(scene: Scene) -> Any:
    """Whether a long record comes back whole."""
    words = ('é"\\\n' * 5000)[:20000]
    scene.timeline.AddMarker(20, "Blue", "a", "", 1, words)
    found = [facts.get("customData") == words for facts in (scene.timeline.GetMarkers() or {}).values()]
    scene.clear(20)
    return found


@check
def texts_that_come_back(scene: Scene) -> Any:
    """Letters of other scripts, line breaks, and blanks at the ends."""
    name, note = "дом 日本 🎬", " first\nsecond\r\nthird "
    scene.timeline.AddMarker(20, "Blue", name, note, 1, "")
    found = [[facts["name"] == name, facts["note"]] for facts in scene.timeline.GetMarkers().values()]
    scene.clear(20)
    return found


@check
def custom_data_changed_in_place(scene: Scene) -> Any:
    """Whether nothing else changes."""
    scene.timeline.AddMarker(20, "Blue", "a", "b", 7, "old")
    answer = scene.timeline.UpdateMarkerCustomData(20, "new")
    found = [
        [facts["customData"], facts["note"], int(facts["duration"])] for facts in scene.timeline.GetMarkers().values()
    ]
    absent = scene.timeline.UpdateMarkerCustomData(21, "new")
    scene.clear(20)
    return [answer, found, absent]


@check
def deleting_where_nothing_is(scene: Scene) -> Any:
    """The answer for a frame without a marker."""
    return scene.timeline.DeleteMarkerAtFrame(55)


@check
def page_after_a_marker_was_added(scene: Scene) -> Any:
    """From the Fairlight and from the Color page."""
    pages = {}
    for page in ("fairlight", "color"):
        scene.resolve.OpenPage(page)
        scene.timeline.AddMarker(20, "Blue", "a", "", 1, "")
        pages[page] = scene.resolve.GetCurrentPage()
        scene.clear(20)
    scene.resolve.OpenPage("edit")
    return pages


@check
def markers_of_a_copy(scene: Scene) -> Any:
    """Whether a duplicated timeline has them with their data, and what a taken name gives."""
    scene.timeline.AddMarker(20, "Blue", "a", "", 1, "mark")
    twin = scene.timeline.DuplicateTimeline(scene.stamp + " twin")
    again = scene.timeline.DuplicateTimeline(scene.stamp + " twin")
    found = [facts["customData"] for facts in (twin.GetMarkers() if twin else {}).values()]
    scene.project.SetCurrentTimeline(scene.timeline)
    scene.clear(20)
    return [found, again is None]


@check
def item_marker_frames(scene: Scene) -> Any:
    """Where a clip that begins 24 frames into its source has a marker of frame 30."""
    scene.append(24, 84, scene.start + 400)
    item = next(one for one in scene.items() if one.GetStart() - scene.start == 400)
    answer = item.AddMarker(30, "Blue", "a", "", 1, "")
    found = [int(frame) for frame in (item.GetMarkers() or {})]
    changed = item.UpdateMarkerCustomData(30, "mark")
    scene.timeline.DeleteClips([item], False)
    return [answer, found, changed]


# ------------------------------------------------------------------------------------------------ the clock


@check
def settings(scene: Scene) -> Any:
    """How rate and drop frame come, and what an unknown name gives."""
    get = scene.timeline.GetSetting
    return [kind(get("timelineFrameRate")), get("timelineDropFrameTimecode"), get("no such setting")]


@check
def end_frame(scene: Scene) -> Any:
    """Frames of the timeline after its last clip's end."""
    last = max(item.GetEnd() for item in scene.items())
    return int(scene.timeline.GetEndFrame()) - int(last)


@check
def markers_when_the_start_moves(scene: Scene) -> Any:
    """Frames of markers, start frame and clips after another start timecode, then back."""
    start = scene.timeline.GetStartTimecode()
    scene.timeline.AddMarker(20, "Blue", "a", "", 1, "")
    clip = scene.items()[0].GetStart()
    moved = scene.timeline.SetStartTimecode("02:00:00:00")
    frames = [int(frame) for frame in scene.timeline.GetMarkers()]
    shift = [scene.items()[0].GetStart() - clip == scene.timeline.GetStartFrame() - scene.start]
    scene.timeline.SetStartTimecode(start)
    scene.clear(20)
    return [moved, frames, shift]


@check
def playhead_before_the_start(scene: Scene) -> Any:
    """Whether the playhead can be put there."""
    return scene.timeline.SetCurrentTimecode("00:00:00:00")


@check
def in_and_out(scene: Scene) -> Any:
    """What marks of frames 12 to 30 come back as."""
    scene.timeline.SetMarkInOut(12, 30)
    found = scene.timeline.GetMarkInOut()
    scene.timeline.ClearMarkInOut()
    return found


# ------------------------------------------------------------------------------------------------ clips


@check
def sound_file_properties(scene: Scene) -> Any:
    """The rate that a sound file gets, and the types of what is said of it."""
    get = scene.media.GetClipProperty
    rate = scene.timeline.GetSetting("timelineFrameRate")
    return [
        float(get("FPS")) == float(rate),
        kind(get("FPS")),
        kind(get("Frames")),
        get("Sample Rate"),
        get("Audio Ch"),
    ]


@check
def length_of_a_placed_clip(scene: Scene) -> Any:
    """Whether the end is exclusive."""
    return scene.spans()


@check
def a_taken_place(scene: Scene) -> Any:
    """What is answered, and what lies there after."""
    answer = scene.append(0, 50, scene.start + 100)
    return [[one is None for one in answer or []], scene.spans()]


@check
def a_track_that_is_not_there(scene: Scene) -> Any:
    """The answer for track 9."""
    answer = scene.append(0, 50, scene.start + 100, 9)
    return [[one is None for one in answer or []], int(scene.timeline.GetTrackCount("audio"))]


@check
def a_locked_track(scene: Scene) -> Any:
    """Whether a clip comes onto it."""
    scene.timeline.SetTrackLock("audio", 1, True)
    scene.append(0, 20, scene.start + 600)
    spans = scene.spans()
    scene.timeline.SetTrackLock("audio", 1, False)
    return [600, 20] in [[int(one) for one in span] for span in spans]


@check
def left_offset_of_sound(scene: Scene) -> Any:
    """What a clip from source frame 24 says."""
    scene.append(24, 84, scene.start + 700)
    item = next(one for one in scene.items() if one.GetStart() - scene.start == 700)
    found = [float(item.GetLeftOffset()), float(item.GetSourceStartFrame()), kind(item.GetLeftOffset())]
    scene.timeline.DeleteClips([item], False)
    return found


@check
def half_a_frame(scene: Scene) -> Any:
    """What becomes of a source and a record frame between two frames."""
    scene.append(24.5, 84.5, scene.start + 800.5)
    found = [
        [item.GetStart() - scene.start, item.GetLeftOffset()]
        for item in scene.items()
        if item.GetStart() - scene.start >= 800
    ]
    scene.timeline.DeleteClips([item for item in scene.items() if item.GetStart() - scene.start >= 800], False)
    return found


@check
def deleting_on_the_fairlight_page(scene: Scene) -> Any:
    """Whether clips can be deleted there."""
    scene.append(0, 20, scene.start + 900)
    item = next(one for one in scene.items() if one.GetStart() - scene.start == 900)
    scene.resolve.OpenPage("fairlight")
    answer = scene.timeline.DeleteClips([item], False)
    scene.resolve.OpenPage("edit")
    scene.timeline.DeleteClips([item], False)
    return answer


@check
def a_new_track(scene: Scene) -> Any:
    """Its kind when none is named, what a wrong kind gives, and its place."""
    count = int(scene.timeline.GetTrackCount("audio"))
    scene.timeline.AddTrack("audio", "mono")
    wrong = scene.timeline.AddTrack("audio", "sixteen")
    found = [
        int(scene.timeline.GetTrackCount("audio")) - count,
        scene.timeline.GetTrackSubType("audio", count + 1),
        wrong,
    ]
    scene.timeline.SetTrackName("audio", count + 1, "ADR")
    found.append(scene.timeline.GetTrackName("audio", count + 1))
    scene.timeline.DeleteTrack("audio", count + 1)
    return found


@check
def importing_twice(scene: Scene) -> Any:
    """What a file that is in the pool already gives."""
    again = scene.pool.ImportMedia([scene.wav]) or []
    return [bool(one) and one.GetUniqueId() == scene.media.GetUniqueId() for one in again]


@check
def metadata_of_our_own(scene: Scene) -> Any:
    """Whether a media pool clip keeps it."""
    return [scene.media.SetThirdPartyMetadata({"postsync": "id"}), scene.media.GetThirdPartyMetadata("postsync")]


# ------------------------------------------------------------------------------------------------ the rest


@check
def names_that_are_not_there(scene: Scene) -> Any:
    """What the proxies say of a method that no build has."""
    return [getattr(scene.timeline, "NoSuchMethod", "absent") is None, "AddMarker" in dir(scene.timeline)]


@check
def export_with_words(scene: Scene) -> Any:
    """Whether words instead of constants are refused, and what the constants are."""
    path = os.path.join(scene.folder, "postsync checklist.aaf")
    return [scene.timeline.Export(path, "AAF", "NEW"), kind(getattr(scene.resolve, "EXPORT_AAF", None))]


def measure(resolve: Any, folder: str) -> Dict[str, Any]:
    """Measure everything; one that fails says how, and the rest goes on."""
    scene = Scene(resolve, folder)
    found: Dict[str, Any] = {}
    try:
        for name, function in CHECKS:
            try:
                found[name] = function(scene)
            except Exception as fault:
                found[name] = {"failed": "%s: %s" % (type(fault).__name__, fault)}
    finally:
        scene.close()
    studio = getattr(resolve, "IsStudio", None)
    return {
        "schema": SCHEMA,
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "product": resolve.GetProductName(),
        "version": resolve.GetVersionString(),
        "studio": studio() if callable(studio) else "Studio" in str(resolve.GetProductName()),
        "python": platform.python_version(),
        "system": platform.system(),
        "rate": str(scene.project.GetSetting("timelineFrameRate")),
        "measured": found,
    }


def find_resolve(names: Dict[str, Any]) -> Any:
    """Find the application from the menu, or from outside by its own module."""
    if names.get("resolve") is not None:
        return names["resolve"]
    places = (
        os.environ.get("RESOLVE_SCRIPT_API", ""),
        "/Library/Application Support/Blackmagic Design/DaVinci Resolve/Developer/Scripting",
        os.path.join(os.environ.get("PROGRAMDATA", ""), *WINDOWS_PLACE),
        "/opt/resolve/Developer/Scripting",
    )  # fmt: skip
    sys.path.extend(os.path.join(place, "Modules") for place in places if place)
    try:
        return __import__("DaVinciResolveScript").scriptapp("Resolve")
    except ImportError:
        return None


def main(names: Dict[str, Any]) -> None:
    """Measure, write, and say where."""
    resolve = find_resolve(names)
    if resolve is None:
        print(
            "DaVinci Resolve did not answer: open it with a project, allow external scripting (Studio), and run this again."
        )
        return
    if resolve.GetProjectManager().GetCurrentProject() is None:
        print("No project is open: open one that may be spoilt, and run this again.")
        return
    document = measure(resolve, tempfile.mkdtemp(prefix="postsync-checklist-"))
    home = os.path.expanduser("~")
    folder = os.path.join(home, "Documents") if os.path.isdir(os.path.join(home, "Documents")) else home
    path = os.path.join(folder, "postsync resolve measured %s.json" % document["version"])
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1)
    failed = [name for name, value in document["measured"].items() if isinstance(value, dict) and "failed" in value]
    named = " (%s)" % ", ".join(failed) if failed else ""
    print("%d measured, %d failed%s. Written: %s" % (len(CHECKS), len(failed), named, path))


if __name__ == "__main__":
    main(globals())
