"""The media pool: clips, bins, import into the current bin, and `AppendToTimeline`, which places whole frames."""

from __future__ import annotations

import wave
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postsync.timing import as_rate
from resolve_double.profiles import Proxy, World

if TYPE_CHECKING:
    from resolve_double.application import Project
    from resolve_double.timeline import Timeline, TimelineItem


@dataclass(eq=False)
class MediaPoolItem(Proxy):
    world: World
    properties: dict[str, Any]
    uid: str = "m-1"
    metadata: dict[str, str] = field(default_factory=dict)
    third_party: dict[str, str] = field(default_factory=dict)

    def GetName(self) -> str:
        return str(self.properties.get("Clip Name", ""))

    def GetUniqueId(self) -> str:
        return self.uid

    def GetClipProperty(self, name: str = "", /) -> Any:
        return self.properties.get(name, "") if name else dict(self.properties)

    def GetMetadata(self) -> dict[str, str]:
        return dict(self.metadata)

    def GetThirdPartyMetadata(self, name: str, /) -> str:
        return self.third_party.get(name, "")

    def SetThirdPartyMetadata(self, values: dict[str, str], /) -> bool:
        self.third_party.update(values)
        return True


@dataclass(eq=False)
class Folder(Proxy):
    world: World
    name: str
    clips: list[MediaPoolItem] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)

    def GetName(self) -> str:
        return self.name

    def GetClipList(self) -> list[MediaPoolItem]:
        return list(self.clips)

    def GetSubFolderList(self) -> list[Folder]:
        return list(self.folders)

    def everything(self) -> list[MediaPoolItem]:
        return self.clips + [clip for folder in self.folders for clip in folder.everything()]


@dataclass(eq=False)
class MediaPool(Proxy):
    world: World
    project: Project
    root: Folder
    current: Folder

    def GetRootFolder(self) -> Folder:
        return self.root

    def GetCurrentFolder(self) -> Folder:
        return self.current

    def SetCurrentFolder(self, folder: Folder, /) -> bool:
        self.current = folder
        return True

    def AddSubFolder(self, folder: Folder, name: str, /) -> Folder:
        made = Folder(self.world, name)
        folder.folders.append(made)
        return made

    def ImportMedia(self, paths: list[str], /) -> list[MediaPoolItem]:
        """Import into the current bin; a path that is there already gives its clip, one without a file nothing."""
        found = []
        for path in paths:
            known = next((one for one in self.root.everything() if one.properties["File Path"] == path), None)
            if known is None and Path(path).is_file():
                known = MediaPoolItem(self.world, self._properties(path), self.world.new_id())
                self.current.clips.append(known)
            if known is not None:
                found.append(known)
        return found

    def _properties(self, path: str) -> dict[str, Any]:
        """A sound file has no rate: it gets that of the project, and keeps it."""
        with wave.open(path, "rb") as file:
            channels, rate, length = file.getnchannels(), file.getframerate(), file.getnframes()
        fps = self.project.rate
        frames = int(Fraction(length, rate) * as_rate(str(fps)).fps)
        return {
            "File Path": path, "File Name": Path(path).name, "Clip Name": Path(path).name, "Type": "Audio", "FPS": fps,
            "Frames": str(frames), "Audio Ch": str(channels), "Sample Rate": str(rate), "Start TC": "00:00:00:00",
        }  # fmt: skip

    def AppendToTimeline(self, infos: list[dict[str, Any]], /) -> list[Any]:
        """Place on the current timeline; what does not fit is dropped, and the answer says `None` for it."""
        timeline = self.project.current
        return [None if timeline is None else self._append(timeline, info) for info in infos]

    def _append(self, timeline: Timeline, info: dict[str, Any]) -> TimelineItem | None:
        from resolve_double.timeline import TimelineItem

        media: MediaPoolItem = info["mediaPoolItem"]
        kinds = {1: ["video"], 2: ["audio"]}.get(int(info.get("mediaType", 0)), ["video", "audio"])
        media_fps = as_rate(str(media.properties["FPS"])).fps
        fps = as_rate(str(timeline.rate)).fps
        length = int(Fraction(int(info["endFrame"]) - int(info["startFrame"])) / media_fps * fps)
        start = int(info["recordFrame"])
        left = int(Fraction(int(info["startFrame"])) / media_fps * fps)
        available = int(Fraction(int(media.properties["Frames"])) / media_fps * fps)
        length = min(length, available - left)
        for kind in kinds:
            tracks = timeline.of(kind)
            index = int(info["trackIndex"])
            if not 1 <= index <= len(tracks) or tracks[index - 1].locked or length <= 0:
                return None
            track = tracks[index - 1]
            if any(item.start < start + length and start < item.end for item in track.items):
                return None
            item = TimelineItem(
                self.world, str(media.properties["Clip Name"]), start, start + length, left, media, self.world.new_id(),
                kind=kind,
            )  # fmt: skip
            track.items.append(item)
        return item

    def CreateEmptyTimeline(self, name: str, /) -> Timeline | None:
        return self.project.new_timeline(name)

    def DeleteTimelines(self, timelines: list[Timeline], /) -> bool:
        self.project.timelines = [one for one in self.project.timelines if one not in timelines]
        return True
