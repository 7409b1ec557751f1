"""Looking at a timeline once: what Resolve says of it, as `postsync.resolve-snapshot/1`.

The schema is read by `postsync_adapters.resolve_snapshot`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Sequence, Tuple, cast

from postsync_resolve.asking import Stop, ask, decimal, known_rate, text, whole

if TYPE_CHECKING:
    from postsync_resolve.api import MediaPoolItemApi, ProjectApi, ResolveApi, TimelineApi, TimelineItemApi

SCHEMA = "postsync.resolve-snapshot/1"

TRACK_TYPES = ("video", "audio", "subtitle")
SETTINGS = ("timelineFrameRate", "timelineDropFrameTimecode", "timelinePlaybackFrameRate", "useCustomSettings")

MEDIA_PROPERTIES = {
    "name": "File Name", "file_path": "File Path", "fps": "FPS", "start_tc": "Start TC", "sample_rate": "Sample Rate",
    "bit_depth": "Audio Bit Depth", "audio_ch": "Audio Ch", "reel": "Reel Name", "duration_tc": "Duration",
    "frames": "Frames", "type": "Type", "status": "Online Status",
}  # fmt: skip
"""Our names for the properties of a media pool clip."""

NUMBERS = ("sample_rate", "bit_depth", "audio_ch", "frames")


def open_project(resolve: ResolveApi, warnings: List[str]) -> ProjectApi:
    """Give the project that is open, or stop with what to do."""
    manager = ask(lambda: resolve.GetProjectManager(), warnings)
    project = ask(lambda: manager.GetCurrentProject(), warnings) if manager else None
    if not project:
        raise Stop("No project is open: open one and run this again.")
    return project


def open_timeline(project: ProjectApi, warnings: List[str]) -> TimelineApi:
    """Give the timeline that is open, or stop with what to do."""
    timeline = ask(lambda: project.GetCurrentTimeline(), warnings)
    if not timeline:
        raise Stop("No timeline is open: open the timeline with the cues and run this again.")
    return timeline


def take_snapshot(
    resolve: ResolveApi, project: ProjectApi, timeline: TimelineApi, kinds: Sequence[str] = TRACK_TYPES
) -> Dict[str, Any]:
    """Give everything that we want to know of a timeline, leaving Resolve on the page where it was.

    Only tracks of the given kinds are listed: every clip takes some twenty questions, which add up on a long reel.
    """
    warnings: List[str] = []
    page = ask(lambda: resolve.GetCurrentPage(), warnings)
    try:
        return {
            "schema": SCHEMA,
            "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "by": "python",
            "application": application_facts(resolve, warnings),
            "project": {
                "name": text(ask(lambda: project.GetName(), warnings)),
                "unique_id": text(ask(lambda: project.GetUniqueId(), warnings)),
            },
            "timeline": timeline_facts(timeline, warnings),
            "tracks": list(track_list(timeline, kinds, warnings)),
            "markers": marker_list(ask(lambda: timeline.GetMarkers(), warnings), "timeline", warnings),
            "warnings": warnings,
        }
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


def track_list(timeline: TimelineApi, kinds: Sequence[str], warnings: List[str]) -> Iterator[Dict[str, Any]]:
    """Yield every track with its items, picture first."""
    media: Dict[str, Dict[str, Any]] = {}
    for kind in kinds:
        count = whole(ask(lambda kind=kind: timeline.GetTrackCount(kind), warnings)) or 0
        for index in range(1, count + 1):
            yield track_facts(timeline, kind, index, media, warnings)


def track_facts(
    timeline: TimelineApi, kind: str, index: int, media: Dict[str, Dict[str, Any]], warnings: List[str]
) -> Dict[str, Any]:
    """Give one track; `media` keeps what was already asked of a media pool clip."""
    enabled = ask(lambda: timeline.GetIsTrackEnabled(kind, index), warnings)
    locked = ask(lambda: timeline.GetIsTrackLocked(kind, index), warnings)
    items = ask(lambda: timeline.GetItemListInTrack(kind, index), warnings) or []
    places = [item_facts(item, media, warnings) for item in items if item]
    return {
        "type": kind,
        "index": index,
        "name": text(ask(lambda: timeline.GetTrackName(kind, index), warnings)),
        "enabled": enabled if isinstance(enabled, bool) else True,
        "locked": locked is True,
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
    facts["take"] = text(ask(lambda: clip.GetThirdPartyMetadata("postsync"), warnings))
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
