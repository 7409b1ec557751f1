"""How builds and editions differ, and the proxy that all objects of the double are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NEW_IN_21_1 = frozenset({"IsStudio", "GetSettings", "GetType", "GetSpeed", "SetProperties", "SetFades"})

CHANGES = frozenset({
    "AddMarker", "UpdateMarkerCustomData", "DeleteMarkerAtFrame", "DeleteMarkersByColor", "DeleteMarkerByCustomData",
    "AddTrack",
    "DeleteTrack", "SetTrackName", "SetTrackLock", "DeleteClips", "AppendToTimeline", "ImportMedia", "AddSubFolder", "Export",
    "SetClipEnabled", "SetClipColor", "SetProperties", "SetFades", "SetThirdPartyMetadata", "SetStartTimecode",
    "DuplicateTimeline", "CreateEmptyTimeline", "DeleteTimelines", "SetCurrentTimeline", "SetSetting",
})  # fmt: skip
"""What a dialog that is open blocks."""


class Typo(BaseException):
    """A script asked for a name that Resolve has in no build; not an Exception, so that nobody swallows it."""


@dataclass(frozen=True)
class Profile:
    """How one build answers: numbers, names it lacks, what it says of rates; `silent` and `raising` are made trouble."""

    version: str = "21.0.0.28"
    floats: bool = True
    absent: frozenset[str] = NEW_IN_21_1
    studio: bool = True
    cut_rates: bool = False
    silent: frozenset[str] = frozenset()
    raising: frozenset[str] = frozenset()

    def number(self, value: int) -> Any:
        return float(value) if self.floats else value

    @property
    def windows(self) -> bool:
        return self.studio or tuple(int(part) for part in self.version.split(".")[:2]) < (19, 1)


V19_1 = Profile("19.1.3.7", cut_rates=True)
V21_0 = Profile("21.0.0.28")
V21_0_FREE = Profile("21.0.3.7", studio=False)
V21_1 = Profile("21.1.0.14", floats=False, absent=frozenset())
PROFILES = {"19.1": V19_1, "21.0": V21_0, "21.0 free": V21_0_FREE, "21.1": V21_1}


@dataclass
class World:
    """What all objects of one running application share: page, an open dialog, faults to come, and what was called."""

    profile: Profile
    page: str = "edit"
    modal: bool = False
    faults: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    ids: int = 0

    def new_id(self) -> str:
        self.ids += 1
        return f"uid-{self.ids}"

    def fail(self, name: str, *outcomes: Any) -> None:
        """Let the next calls of a method answer so: a value, an exception to raise, or `...` for as usual."""
        self.faults.setdefault(name, []).extend(outcomes)


class Proxy:
    """An object of the interface. Every call passes here: absent names, faults, dialogs."""

    world: World

    def __getattribute__(self, name: str) -> Any:
        if not name[:1].isupper():
            return object.__getattribute__(self, name)
        world: World = object.__getattribute__(self, "world")
        if name in world.profile.absent or name == "NoSuchMethod":  # what the checklist asks for, to see what comes
            return None
        try:
            method = object.__getattribute__(self, name)
        except AttributeError:
            raise Typo(f"{type(self).__name__}.{name}") from None
        return _Call(world, name, method) if callable(method) else method

    def __dir__(self) -> list[str]:
        absent = object.__getattribute__(self, "world").profile.absent
        return [name for name in object.__dir__(self) if name not in absent]


@dataclass(frozen=True)
class _Call:
    world: World
    name: str
    method: Any

    def __call__(self, *arguments: Any) -> Any:
        world, name = self.world, self.name
        world.calls.append(name)
        if name in world.profile.silent:
            return None
        if name in world.profile.raising:
            raise RuntimeError("Resolve is busy")
        waiting = world.faults.get(name)
        outcome = waiting.pop(0) if waiting else ...
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is not ...:
            return outcome
        if world.modal and name in CHANGES:
            return False
        return self.method(*arguments)
