"""A small double of DaVinci Resolve's scripting objects: what our script calls, with the habits that were measured.

A name outside `resolve_api` raises AttributeError, so that typos show. A name that a build lacks answers None, as Resolve's
proxies do, and calling that raises TypeError.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NEW_IN_21_1 = frozenset({"IsStudio", "GetSettings", "GetType", "GetSpeed"})


@dataclass(frozen=True)
class Profile:
    """How one build answers: the type of marker keys, which names it lacks, what it says of rates, what it leaves open."""

    version: str = "21.0.0.28"
    floats: bool = True
    absent: frozenset[str] = NEW_IN_21_1
    studio: bool = True
    cut_rates: bool = False
    silent: frozenset[str] = frozenset()
    raising: frozenset[str] = frozenset()

    def number(self, value: int) -> Any:
        return float(value) if self.floats else value


V19_1 = Profile("19.1.3.7", cut_rates=True)
V21_0 = Profile("21.0.0.28")
V21_0_FREE = Profile("21.0.3.7", studio=False)
V21_1 = Profile("21.1.0.14", floats=False, absent=frozenset())
PROFILES = {"19.1": V19_1, "21.0": V21_0, "21.0 free": V21_0_FREE, "21.1": V21_1}


class Proxy:
    """Answers None for names that the build lacks; `silent` names answer None when called, `raising` ones raise."""

    profile: Profile

    def __getattribute__(self, name: str) -> Any:
        if name[:1].isupper():
            profile: Profile = object.__getattribute__(self, "profile")
            if name in profile.absent:
                return None
            if name in profile.silent:
                return lambda *arguments: None
            if name in profile.raising:
                return self._fail
        return object.__getattribute__(self, name)

    @staticmethod
    def _fail(*arguments: Any) -> Any:
        raise RuntimeError("Resolve is busy")


@dataclass
class MediaPoolItem(Proxy):
    profile: Profile
    properties: dict[str, Any]
    uid: str = "m-1"
    metadata: dict[str, str] = field(default_factory=dict)

    def GetName(self) -> str:
        return str(self.properties.get("Clip Name", ""))

    def GetUniqueId(self) -> str:
        return self.uid

    def GetClipProperty(self) -> dict[str, Any]:
        return dict(self.properties)

    def GetMetadata(self) -> dict[str, str]:
        return dict(self.metadata)


@dataclass(eq=False)
class TimelineItem(Proxy):
    profile: Profile
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

    def GetName(self) -> str:
        return self.name

    def GetStart(self) -> Any:
        return self.start

    def GetEnd(self) -> Any:
        return self.end

    def GetLeftOffset(self) -> Any:
        return self.profile.number(self.left)

    def GetRightOffset(self) -> Any:
        return self.profile.number(0)

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

    def GetClipColor(self) -> str:
        return ""

    def GetUniqueId(self) -> str:
        return self.uid

    def GetLinkedItems(self) -> list[TimelineItem]:
        return self.linked

    def GetMediaPoolItem(self) -> MediaPoolItem | None:
        return self.media

    def GetMarkers(self) -> dict[Any, dict[str, Any]]:
        return _fresh(self.markers, self.profile)

    def GetSourceAudioChannelMapping(self) -> str:
        return self.mapping

    def GetType(self) -> str:
        return self.kind

    def GetSpeed(self) -> dict[str, Any] | None:
        return None if self.percent is None else {"Percentage": self.percent}


@dataclass
class Track:
    kind: str
    name: str
    items: list[TimelineItem]
    enabled: bool = True
    sub_type: str = ""


@dataclass
class Timeline(Proxy):
    profile: Profile
    name: str
    rate: float
    drop: bool
    start_timecode: str
    start_frame: int
    tracks: list[Track] = field(default_factory=list)
    markers: dict[int, dict[str, Any]] = field(default_factory=dict)

    def GetName(self) -> str:
        return self.name

    def GetUniqueId(self) -> str:
        return "t-1"

    def GetSetting(self, name: str, /) -> Any:
        rate: Any = str(int(self.rate)) if self.profile.cut_rates else self.rate
        return {"timelineFrameRate": rate, "timelineDropFrameTimecode": "1" if self.drop else "0"}.get(name, "")

    def GetSettings(self) -> dict[str, Any]:
        return {"timelineFrameRate": self.rate, "timelineDropFrameTimecode": "1" if self.drop else "0"}

    def GetStartTimecode(self) -> str:
        return self.start_timecode

    def GetStartFrame(self) -> Any:
        return self.start_frame

    def GetEndFrame(self) -> Any:
        return max((item.end for track in self.tracks for item in track.items), default=self.start_frame)

    def GetMarkers(self) -> dict[Any, dict[str, Any]]:
        return _fresh(self.markers, self.profile)

    def GetTrackCount(self, kind: str, /) -> Any:
        return self.profile.number(len(self._of(kind)))

    def GetTrackName(self, kind: str, index: int, /) -> str:
        return self._of(kind)[index - 1].name

    def GetTrackSubType(self, kind: str, index: int, /) -> str:
        return self._of(kind)[index - 1].sub_type

    def GetIsTrackEnabled(self, kind: str, index: int, /) -> bool:
        return self._of(kind)[index - 1].enabled

    def GetItemListInTrack(self, kind: str, index: int, /) -> list[TimelineItem]:
        return list(self._of(kind)[index - 1].items)

    def _of(self, kind: str) -> list[Track]:
        return [track for track in self.tracks if track.kind == kind]


@dataclass
class Project(Proxy):
    profile: Profile
    timeline: Timeline | None

    def GetName(self) -> str:
        return "Feature"

    def GetCurrentTimeline(self) -> Timeline | None:
        return self.timeline


@dataclass
class Resolve(Proxy):
    """The application, its project manager in one."""

    profile: Profile
    project: Project | None
    page: str = "fairlight"

    def GetProductName(self) -> str:
        return "DaVinci Resolve Studio" if self.profile.studio else "DaVinci Resolve"

    def GetVersionString(self) -> str:
        return self.profile.version

    def IsStudio(self) -> bool:
        return self.profile.studio

    def GetProjectManager(self) -> Resolve:
        return self

    def GetCurrentProject(self) -> Project | None:
        return self.project

    def GetCurrentPage(self) -> str:
        return self.page

    def OpenPage(self, page: str, /) -> bool:
        self.page = page
        return True


@dataclass
class Fusion:
    """The dialogs; `answer` is what the user chose, None for Cancel."""

    answer: str | None

    def RequestFile(self, folder: str, name: str, attributes: dict[str, Any], /) -> str | None:
        return self.answer


def _fresh(markers: dict[int, dict[str, Any]], profile: Profile) -> dict[Any, dict[str, Any]]:
    """Give a new dict at each call, in no useful order, numbers as the build gives them."""
    return {
        profile.number(frame): {**facts, "duration": profile.number(facts.get("duration", 1))}
        for frame, facts in sorted(markers.items(), reverse=True)
    }


def marker(name: str, note: str = "", colour: str = "Blue", duration: int = 1, custom_data: str = "") -> dict[str, Any]:
    return {"color": colour, "name": name, "note": note, "duration": duration, "customData": custom_data}
