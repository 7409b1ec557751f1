"""The application, its projects, and Fusion with the dialogs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from postsync.timing import as_rate, parse_timecode
from resolve_double.pool import Folder, MediaPool
from resolve_double.profiles import Profile, Proxy, World
from resolve_double.timeline import Timeline, Track


@dataclass(eq=False)
class Project(Proxy):
    world: World
    timelines: list[Timeline] = field(default_factory=list)
    current: Timeline | None = None
    rate: float = 24.0
    name: str = "Feature"
    resolve_of_tests: Any = None

    def __post_init__(self) -> None:
        root = Folder(self.world, "Master")
        self.pool = MediaPool(self.world, self, root, root)
        for timeline in self.timelines:
            timeline.project = self

    def GetName(self) -> str:
        return self.name

    def GetUniqueId(self) -> str:
        return "p-1"

    def GetSetting(self, name: str, /) -> Any:
        return {"timelineFrameRate": self.rate}.get(name, "")

    def GetCurrentTimeline(self) -> Timeline | None:
        return self.current

    def SetCurrentTimeline(self, timeline: Timeline, /) -> bool:
        self.current = timeline
        return True

    def GetTimelineCount(self) -> Any:
        return self.world.profile.number(len(self.timelines))

    def GetTimelineByIndex(self, index: int, /) -> Timeline | None:
        return self.timelines[int(index) - 1] if 1 <= int(index) <= len(self.timelines) else None

    def GetMediaPool(self) -> MediaPool:
        return self.pool

    def new_timeline(self, name: str) -> Timeline | None:
        if any(one.name == name for one in self.timelines):
            return None
        start = parse_timecode("01:00:00:00", as_rate(str(self.rate)))
        made = Timeline(
            self.world, name, self.rate, False, "01:00:00:00", start,
            [Track("video", "Video 1", []), Track("audio", "Audio 1", [], sub_type="stereo")], uid=self.world.new_id(),
            project=self,
        )  # fmt: skip
        self.timelines.append(made)
        self.current = made
        return made


@dataclass(eq=False)
class ProjectManager(Proxy):
    world: World
    project: Project | None

    def GetCurrentProject(self) -> Project | None:
        return self.project


@dataclass(eq=False)
class Resolve(Proxy):
    """The application. Constants are plain attributes that `dir` does not list."""

    world: World
    project: Project | None

    EXPORT_AAF = 0.0
    EXPORT_AAF_NEW = 1.0

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("EXPORT_")]

    def GetProductName(self) -> str:
        return "DaVinci Resolve Studio" if self.world.profile.studio else "DaVinci Resolve"

    def GetVersionString(self) -> str:
        return self.world.profile.version

    def IsStudio(self) -> bool:
        return self.world.profile.studio

    def GetProjectManager(self) -> ProjectManager:
        return ProjectManager(self.world, self.project)

    def GetCurrentPage(self) -> str:
        return self.world.page

    def OpenPage(self, page: str, /) -> bool:
        self.world.page = page
        return True


@dataclass
class Fusion:
    """The file dialogs; `answers` are what the person chooses, one after another, None for Cancel."""

    answers: list[Any] = field(default_factory=list)
    UIManager: Any = None

    def RequestFile(self, folder: str, name: str, attributes: dict[str, Any], /) -> str | None:
        return self.answers.pop(0) if self.answers else None

    def RequestDir(self, folder: str, /) -> str | None:
        return self.answers.pop(0) if self.answers else None


def new_world(profile: Profile, *timelines: Timeline, page: str = "edit", rate: float = 24.0) -> tuple[World, Resolve]:
    """Give a running application whose project has these timelines, the first one open."""
    world = timelines[0].world if timelines else World(profile)
    world.page = page
    project = Project(
        world, list(timelines), timelines[0] if timelines else None, timelines[0].rate if timelines else rate
    )
    return world, Resolve(world, project)
