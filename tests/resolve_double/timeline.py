"""Timelines, their tracks and what lies on them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postsync.errors import PostsyncError
from postsync.timing import as_rate, format_timecode, parse_timecode
from resolve_double.markers import Marked
from resolve_double.pool import MediaPoolItem
from resolve_double.profiles import World

SUB_TYPES = frozenset({
    "mono", "stereo", "lrc", "lcr", "lrcs", "lcrs", "quad", "5.0", "5.0film", "5.1", "5.1film", "7.0", "7.0film",
    "7.1", "7.1film",
}) | {f"adaptive{count}" for count in range(1, 37)}  # fmt: skip

CLIP_COLOURS = frozenset({
    "Orange", "Apricot", "Yellow", "Lime", "Olive", "Green", "Teal", "Navy", "Blue", "Purple", "Violet", "Pink",
    "Tan", "Beige", "Brown", "Chocolate",
})  # fmt: skip


@dataclass(eq=False)
class TimelineItem(Marked):
    world: World
    name: str
    start: int
    end: int
    left: int = 0
    media: MediaPoolItem | None = None
    uid: str = ""
    enabled: bool = True
    kind: str = "video"
    seconds: tuple[float, float] | None = None
    linked: list[TimelineItem] = field(default_factory=list)
    markers: dict[int, dict[str, Any]] = field(default_factory=dict)
    mapping: str = ""
    percent: float | None = None
    color: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    fades: dict[str, float] = field(default_factory=dict)

    def GetName(self) -> str:
        return self.name

    def GetStart(self) -> Any:
        return self.start

    def GetEnd(self) -> Any:
        return self.end

    def GetLeftOffset(self) -> Any:
        return self.world.profile.number(self.left)

    def GetRightOffset(self) -> Any:
        return self.world.profile.number(0)

    def GetSourceStartFrame(self) -> Any:
        return self.left

    def GetSourceEndFrame(self) -> Any:
        return self.left + self.end - self.start

    def GetSourceStartTime(self) -> Any:
        return None if self.seconds is None else self.seconds[0]

    def GetSourceEndTime(self) -> Any:
        return None if self.seconds is None else self.seconds[1]

    def GetClipEnabled(self) -> bool:
        return self.enabled

    def SetClipEnabled(self, enabled: bool, /) -> bool:
        self.enabled = enabled
        return True

    def GetClipColor(self) -> str:
        return self.color

    def SetClipColor(self, color: str, /) -> bool:
        if color not in CLIP_COLOURS:
            return False
        self.color = color
        return True

    def SetProperties(self, values: dict[str, Any], /) -> bool:
        self.properties.update(values)
        return True

    def SetFades(self, values: dict[str, Any], /) -> bool:
        self.fades.update({name: float(value) for name, value in values.items()})
        return True

    def GetUniqueId(self) -> str:
        return self.uid

    def GetLinkedItems(self) -> list[TimelineItem]:
        return self.linked

    def GetMediaPoolItem(self) -> MediaPoolItem | None:
        return self.media

    def GetSourceAudioChannelMapping(self) -> str:
        return self.mapping

    def GetType(self) -> str:
        return self.kind

    def GetSpeed(self) -> dict[str, Any] | None:
        return None if self.percent is None else {"Percentage": self.percent}


@dataclass(eq=False)
class Track:
    kind: str
    name: str
    items: list[TimelineItem]
    enabled: bool = True
    sub_type: str = ""
    locked: bool = False


@dataclass(eq=False)
class Timeline(Marked):
    world: World
    name: str
    rate: float
    drop: bool
    start_timecode: str
    start_frame: int
    tracks: list[Track] = field(default_factory=list)
    markers: dict[int, dict[str, Any]] = field(default_factory=dict)
    uid: str = "t-1"
    playhead: int = 0
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    exporter: Callable[[Path], None] | None = None
    project: Any = None

    def takes_markers(self) -> bool:
        return any(track.items for track in self.tracks)

    def GetName(self) -> str:
        return self.name

    def GetUniqueId(self) -> str:
        return self.uid

    def GetSetting(self, name: str, /) -> Any:
        rate: Any = str(int(self.rate)) if self.world.profile.cut_rates else self.rate
        return {"timelineFrameRate": rate, "timelineDropFrameTimecode": "1" if self.drop else "0"}.get(name, "")

    def GetSettings(self) -> dict[str, Any]:
        return {"timelineFrameRate": self.rate, "timelineDropFrameTimecode": "1" if self.drop else "0"}

    def GetStartTimecode(self) -> str:
        return self.start_timecode

    def GetStartFrame(self) -> Any:
        return self.start_frame

    def GetEndFrame(self) -> Any:
        return max((item.end for track in self.tracks for item in track.items), default=self.start_frame)

    @property
    def exact(self) -> Any:
        return as_rate(f"{self.rate} DF" if self.drop else str(self.rate))

    def GetCurrentTimecode(self) -> str | None:
        if self.world.page in ("media", "fusion"):
            return None
        return format_timecode(self.start_frame + self.playhead, self.exact)

    def SetCurrentTimecode(self, timecode: str, /) -> bool:
        try:
            frame = parse_timecode(timecode, self.exact) - self.start_frame
        except PostsyncError:
            return False
        if frame < 0 or self.world.page in ("media", "fusion"):
            return False
        self.playhead = frame
        return True

    def SetStartTimecode(self, timecode: str, /) -> bool:
        """Move everything along; markers count from the first frame and stay."""
        start = parse_timecode(timecode, self.exact)
        for track in self.tracks:
            for item in track.items:
                item.start, item.end = item.start + start - self.start_frame, item.end + start - self.start_frame
        self.start_timecode, self.start_frame = timecode, start
        return True

    def GetMarkInOut(self) -> dict[str, dict[str, int]]:
        return copy.deepcopy(self.marks)

    def SetMarkInOut(self, first: int, last: int, /) -> bool:
        self.marks = {kind: {"in": first, "out": last} for kind in ("video", "audio")}
        return True

    def ClearMarkInOut(self) -> bool:
        self.marks = {}
        return True

    def DuplicateTimeline(self, name: str, /) -> Timeline | None:
        if any(one.name == name for one in self.project.timelines):
            return None
        tracks = [
            Track(one.kind, one.name, [copy.copy(item) for item in one.items], one.enabled, one.sub_type, one.locked)
            for one in self.tracks
        ]
        twin = Timeline(
            self.world, name, self.rate, self.drop, self.start_timecode, self.start_frame, tracks,
            copy.deepcopy(self.markers), self.world.new_id(), project=self.project,
        )  # fmt: skip
        self.project.timelines.append(twin)
        return twin

    def GetTrackCount(self, kind: str, /) -> Any:
        return self.world.profile.number(len(self.of(kind)))

    def _track(self, kind: str, index: int) -> Track | None:
        tracks = self.of(kind)
        return tracks[int(index) - 1] if 1 <= int(index) <= len(tracks) else None

    def GetTrackName(self, kind: str, index: int, /) -> str | None:
        track = self._track(kind, index)
        return None if track is None else track.name

    def SetTrackName(self, kind: str, index: int, name: str, /) -> bool:
        track = self._track(kind, index)
        if track is None:
            return False
        track.name = name
        return True

    def GetTrackSubType(self, kind: str, index: int, /) -> str | None:
        track = self._track(kind, index)
        return None if track is None else track.sub_type

    def GetIsTrackEnabled(self, kind: str, index: int, /) -> bool | None:
        track = self._track(kind, index)
        return None if track is None else track.enabled

    def GetIsTrackLocked(self, kind: str, index: int, /) -> bool | None:
        track = self._track(kind, index)
        return None if track is None else track.locked

    def SetTrackLock(self, kind: str, index: int, locked: bool, /) -> bool:
        track = self._track(kind, index)
        if track is None:
            return False
        track.locked = locked
        return True

    def AddTrack(self, kind: str, sub_type: str = "mono", /) -> bool:
        if kind == "audio" and sub_type not in SUB_TYPES:
            return False
        name = f"{kind.capitalize()} {len(self.of(kind)) + 1}"
        self.tracks.append(Track(kind, name, [], sub_type=sub_type if kind == "audio" else ""))
        return True

    def DeleteTrack(self, kind: str, index: int, /) -> bool:
        track = self._track(kind, index)
        if track is None:
            return False
        self.tracks.remove(track)
        return True

    def GetItemListInTrack(self, kind: str, index: int, /) -> list[TimelineItem] | None:
        track = self._track(kind, index)
        return None if track is None else list(track.items)

    def DeleteClips(self, items: list[TimelineItem], ripple: bool, /) -> bool:
        """Delete the items given, their linked partners not; on the Fairlight page nothing at all."""
        if self.world.page == "fairlight":
            return False
        found = False
        for track in self.tracks:
            found = found or any(item in items for item in track.items)
            track.items = [item for item in track.items if item not in items]
        return found

    def Export(self, path: str, kind: Any, sub_kind: Any, /) -> bool:
        """Only constants count: a word is refused without a file."""
        if isinstance(kind, str) or isinstance(sub_kind, str) or self.exporter is None:
            return False
        self.exporter(Path(path))
        return True

    def of(self, kind: str) -> list[Track]:
        return [track for track in self.tracks if track.kind == kind]


def marker(name: str, note: str = "", colour: str = "Blue", duration: int = 1, custom_data: str = "") -> dict[str, Any]:
    return {"color": colour, "name": name, "note": note, "duration": duration, "customData": custom_data}
