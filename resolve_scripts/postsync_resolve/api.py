"""The part of DaVinci Resolve's scripting interface that our scripts call, for type checkers and the test double.

Arguments are positional only: keywords are not reliable on Resolve's objects. Results are optional wherever Resolve was
seen to answer `None`, which is nearly everywhere. Nothing here is needed while a script runs.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence, Union

Number = Union[int, float, str]
"""Resolve hands numbers over as whole numbers, as floats, or as text, by build and by language."""

Markers = Mapping[Any, Any]
"""Frame to facts; fresh at each call."""


class MediaPoolItemApi(Protocol):
    """A clip of the media pool."""

    def GetName(self) -> Optional[str]: ...  # noqa: N802
    def GetUniqueId(self) -> Optional[str]: ...  # noqa: N802
    def GetClipProperty(self, name: str = ..., /) -> Any: ...  # noqa: N802
    def GetMetadata(self) -> Optional[Mapping[str, Any]]: ...  # noqa: N802
    def GetThirdPartyMetadata(self, name: str, /) -> Any: ...  # noqa: N802
    def SetThirdPartyMetadata(self, values: Dict[str, str], /) -> Optional[bool]: ...  # noqa: N802


class TimelineItemApi(Protocol):
    """A clip on a track, or a title, a generator, a transition, a subtitle."""

    def GetName(self) -> Optional[str]: ...  # noqa: N802
    def GetStart(self) -> Optional[Number]: ...  # noqa: N802
    def GetEnd(self) -> Optional[Number]: ...  # noqa: N802
    def GetLeftOffset(self) -> Optional[Number]: ...  # noqa: N802
    def GetRightOffset(self) -> Optional[Number]: ...  # noqa: N802
    def GetSourceStartFrame(self) -> Optional[Number]: ...  # noqa: N802
    def GetSourceEndFrame(self) -> Optional[Number]: ...  # noqa: N802
    def GetSourceStartTime(self) -> Optional[Number]: ...  # noqa: N802
    def GetSourceEndTime(self) -> Optional[Number]: ...  # noqa: N802
    def GetClipEnabled(self) -> Optional[bool]: ...  # noqa: N802
    def SetClipEnabled(self, enabled: bool, /) -> Optional[bool]: ...  # noqa: N802
    def GetClipColor(self) -> Optional[str]: ...  # noqa: N802
    def SetClipColor(self, color: str, /) -> Optional[bool]: ...  # noqa: N802
    def GetUniqueId(self) -> Optional[str]: ...  # noqa: N802
    def GetLinkedItems(self) -> Optional[Sequence[TimelineItemApi]]: ...  # noqa: N802
    def GetMediaPoolItem(self) -> Optional[MediaPoolItemApi]: ...  # noqa: N802
    def GetMarkers(self) -> Optional[Markers]: ...  # noqa: N802
    def UpdateMarkerCustomData(self, frame: int, custom_data: str, /) -> Optional[bool]: ...  # noqa: N802
    def GetSourceAudioChannelMapping(self) -> Optional[str]: ...  # noqa: N802
    def GetType(self) -> Optional[str]: ...  # noqa: N802
    def GetSpeed(self) -> Optional[Mapping[str, Any]]: ...  # noqa: N802
    def SetProperties(self, values: Dict[str, Any], /) -> Optional[bool]: ...  # noqa: N802
    def SetFades(self, values: Dict[str, Any], /) -> Optional[bool]: ...  # noqa: N802


class FolderApi(Protocol):
    """A bin."""

    def GetName(self) -> Optional[str]: ...  # noqa: N802
    def GetClipList(self) -> Optional[Sequence[MediaPoolItemApi]]: ...  # noqa: N802
    def GetSubFolderList(self) -> Optional[Sequence[FolderApi]]: ...  # noqa: N802


class MediaPoolApi(Protocol):
    """The media pool of a project."""

    def GetRootFolder(self) -> Optional[FolderApi]: ...  # noqa: N802
    def GetCurrentFolder(self) -> Optional[FolderApi]: ...  # noqa: N802
    def SetCurrentFolder(self, folder: Any, /) -> Optional[bool]: ...  # noqa: N802
    def AddSubFolder(self, folder: Any, name: str, /) -> Optional[FolderApi]: ...  # noqa: N802
    def ImportMedia(self, paths: List[str], /) -> Optional[Sequence[MediaPoolItemApi]]: ...  # noqa: N802
    def AppendToTimeline(self, infos: List[Dict[str, Any]], /) -> Optional[Sequence[Any]]: ...  # noqa: N802


class TimelineApi(Protocol):
    """A timeline."""

    def GetName(self) -> Optional[str]: ...  # noqa: N802
    def GetUniqueId(self) -> Optional[str]: ...  # noqa: N802
    def GetSetting(self, name: str, /) -> Any: ...  # noqa: N802
    def GetSettings(self) -> Optional[Mapping[str, Any]]: ...  # noqa: N802
    def GetStartTimecode(self) -> Optional[str]: ...  # noqa: N802
    def GetStartFrame(self) -> Optional[Number]: ...  # noqa: N802
    def GetEndFrame(self) -> Optional[Number]: ...  # noqa: N802
    def GetCurrentTimecode(self) -> Optional[str]: ...  # noqa: N802
    def SetCurrentTimecode(self, timecode: str, /) -> Optional[bool]: ...  # noqa: N802
    def GetMarkInOut(self) -> Optional[Mapping[str, Any]]: ...  # noqa: N802
    def GetMarkers(self) -> Optional[Markers]: ...  # noqa: N802
    def AddMarker(  # noqa: N802
        self, frame: int, color: str, name: str, note: str, duration: int, custom_data: str, /
    ) -> Optional[bool]: ...
    def UpdateMarkerCustomData(self, frame: int, custom_data: str, /) -> Optional[bool]: ...  # noqa: N802
    def DeleteMarkerAtFrame(self, frame: int, /) -> Optional[bool]: ...  # noqa: N802
    def GetTrackCount(self, kind: str, /) -> Optional[Number]: ...  # noqa: N802
    def GetTrackName(self, kind: str, index: int, /) -> Optional[str]: ...  # noqa: N802
    def SetTrackName(self, kind: str, index: int, name: str, /) -> Optional[bool]: ...  # noqa: N802
    def GetTrackSubType(self, kind: str, index: int, /) -> Optional[str]: ...  # noqa: N802
    def GetIsTrackEnabled(self, kind: str, index: int, /) -> Optional[bool]: ...  # noqa: N802
    def GetIsTrackLocked(self, kind: str, index: int, /) -> Optional[bool]: ...  # noqa: N802
    def AddTrack(self, kind: str, sub_type: str, /) -> Optional[bool]: ...  # noqa: N802
    def DeleteTrack(self, kind: str, index: int, /) -> Optional[bool]: ...  # noqa: N802
    def GetItemListInTrack(self, kind: str, index: int, /) -> Optional[Sequence[TimelineItemApi]]: ...  # noqa: N802
    def DeleteClips(self, items: Sequence[TimelineItemApi], ripple: bool, /) -> Optional[bool]: ...  # noqa: N802
    def Export(self, path: str, kind: Any, sub_kind: Any, /) -> Optional[bool]: ...  # noqa: N802


class ProjectApi(Protocol):
    """A project."""

    def GetName(self) -> Optional[str]: ...  # noqa: N802
    def GetUniqueId(self) -> Optional[str]: ...  # noqa: N802
    def GetCurrentTimeline(self) -> Optional[TimelineApi]: ...  # noqa: N802
    def GetTimelineCount(self) -> Optional[Number]: ...  # noqa: N802
    def GetTimelineByIndex(self, index: int, /) -> Optional[TimelineApi]: ...  # noqa: N802
    def GetMediaPool(self) -> Optional[MediaPoolApi]: ...  # noqa: N802


class ProjectManagerApi(Protocol):
    """The project manager."""

    def GetCurrentProject(self) -> Optional[ProjectApi]: ...  # noqa: N802


class ResolveApi(Protocol):
    """The application."""

    def GetProductName(self) -> Optional[str]: ...  # noqa: N802
    def GetVersionString(self) -> Optional[str]: ...  # noqa: N802
    def IsStudio(self) -> Optional[bool]: ...  # noqa: N802
    def GetProjectManager(self) -> Optional[ProjectManagerApi]: ...  # noqa: N802
    def GetCurrentPage(self) -> Optional[str]: ...  # noqa: N802
    def OpenPage(self, page: str, /) -> Optional[bool]: ...  # noqa: N802


class FusionApi(Protocol):
    """The Fusion application inside Resolve, which has the file dialogs."""

    def RequestFile(self, folder: str, name: str, attributes: Dict[str, Any], /) -> Optional[str]: ...  # noqa: N802
    def RequestDir(self, folder: str, /) -> Optional[str]: ...  # noqa: N802
