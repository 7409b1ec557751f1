"""Read by the type checker alone: every call that our scripts make, against the published stubs of Resolve's interface.

What the stubs do not know, or have wrong, carries its exception beside it; one that is no longer needed is an error too. The
stubs describe 21.0, so the methods of 21.1 are among them.
"""

# pyright: strict, reportUnnecessaryTypeIgnoreComment=true, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Any

import fusionscript as published


def application(resolve: published.Resolve) -> None:
    product: str | None = resolve.GetProductName()
    version: str | None = resolve.GetVersionString()
    resolve.IsStudio()  # pyright: ignore[reportAttributeAccessIssue] - new in 21.1
    page: str | None = resolve.GetCurrentPage()
    resolve.OpenPage("edit")
    manager = resolve.GetProjectManager()
    print(product, version, page, manager.GetCurrentProject())


def project(one: published.Project) -> None:
    name: str | None = one.GetName()
    uid: str | None = one.GetUniqueId()
    count: int | None = one.GetTimelineCount()
    print(name, uid, count, one.GetCurrentTimeline(), one.GetTimelineByIndex(1), one.GetMediaPool())


def timeline(one: published.Timeline, items: list[published.TimelineItem], constant: Any) -> None:
    name: str | None = one.GetName()
    uid: str | None = one.GetUniqueId()
    rate: Any = one.GetSetting("timelineFrameRate")
    one.GetSettings()  # pyright: ignore[reportAttributeAccessIssue] - new in 21.1
    start: str | None = one.GetStartTimecode()
    span: tuple[float, float] = (one.GetStartFrame(), one.GetEndFrame())
    playhead: str | None = one.GetCurrentTimecode()
    one.SetCurrentTimecode("01:00:00:00")
    one.GetMarkInOut()
    one.GetMarkers()
    added: bool = one.AddMarker(1, "Blue", "name", "note", 1, "mark")
    one.UpdateMarkerCustomData(1, "mark")
    one.DeleteMarkerAtFrame(1)
    one.GetTrackCount("audio")
    one.GetTrackName("audio", 1)
    one.SetTrackName("audio", 1, "ADR")
    one.GetTrackSubType("audio", 1)
    one.GetIsTrackEnabled("audio", 1)
    one.GetIsTrackLocked("audio", 1)
    one.AddTrack("audio", "mono")
    one.DeleteTrack("audio", 1)
    one.GetItemListInTrack("audio", 1)
    one.DeleteClips(items, False)
    one.Export("/file.aaf", constant, constant)
    print(name, uid, rate, start, span, playhead, added)


def item(one: published.TimelineItem) -> None:
    name: str | None = one.GetName()
    one.GetStart()  # pyright: ignore[reportCallIssue] - optional in Resolve, not in the stubs
    one.GetEnd()  # pyright: ignore[reportCallIssue] - optional in Resolve, not in the stubs
    one.GetLeftOffset()  # pyright: ignore[reportCallIssue] - optional in Resolve, not in the stubs
    one.GetRightOffset()  # pyright: ignore[reportCallIssue] - optional in Resolve, not in the stubs
    frames: tuple[int, int] = (one.GetSourceStartFrame(), one.GetSourceEndFrame())
    seconds: tuple[float, float] = (one.GetSourceStartTime(), one.GetSourceEndTime())
    enabled: bool = one.GetClipEnabled()
    one.SetClipEnabled(False)
    one.GetClipColor()
    one.SetClipColor("Orange")
    uid: str | None = one.GetUniqueId()
    one.GetLinkedItems()
    one.GetMediaPoolItem()
    one.GetMarkers()
    one.UpdateMarkerCustomData(1, "mark")
    mapping: str = one.GetSourceAudioChannelMapping()
    one.GetType()  # pyright: ignore[reportAttributeAccessIssue] - new in 21.1
    one.GetSpeed()  # pyright: ignore[reportAttributeAccessIssue] - new in 21.1
    one.SetProperties({"AudioVolume": -3.0})  # pyright: ignore[reportAttributeAccessIssue] - new in 21.1
    one.SetFades({"FadeIn": 1})  # pyright: ignore[reportAttributeAccessIssue] - new in 21.1
    print(name, frames, seconds, enabled, uid, mapping)


def media(one: published.MediaPoolItem) -> None:
    name: str | None = one.GetName()
    uid: str | None = one.GetUniqueId()
    one.GetClipProperty("FPS")
    one.GetClipProperty()  # pyright: ignore[reportCallIssue] - optional in Resolve, not in the stubs
    one.GetMetadata()  # pyright: ignore[reportCallIssue] - optional in Resolve, not in the stubs
    one.GetThirdPartyMetadata("postsync")
    one.SetThirdPartyMetadata({"postsync": "id"})
    print(name, uid)


def pool(one: published.MediaPool, clip: published.MediaPoolItem) -> None:
    info: published.MediaPoolClipInfo = {
        "mediaPoolItem": clip, "startFrame": 0, "endFrame": 1, "mediaType": 2, "trackIndex": 1, "recordFrame": 0,
    }  # fmt: skip
    root = one.GetRootFolder()
    current = one.GetCurrentFolder()
    one.SetCurrentFolder(root)
    made = one.AddSubFolder(root, "ADR")
    one.ImportMedia(["/file.wav"])
    one.AppendToTimeline([info])
    print(current, made)


def folder(one: published.Folder) -> None:
    name: str | None = one.GetName()
    print(name, one.GetClipList(), one.GetSubFolderList())
