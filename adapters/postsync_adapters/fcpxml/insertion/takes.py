"""Placed takes of a timeline as connected sound of an existing document, each with its role and its cue's tag.

Lanes below everything that is there, one for each sound track that holds takes, so that nothing in the document is pushed
aside. A file that the document knows already is not entered twice.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lxml import etree

from postsync.cueing import find_tag
from postsync.model import PlacedClip, PlacedTrack, PlacedTransition, placed_tracks
from postsync.report import Report
from postsync.sound import path_from_url
from postsync_adapters._xml import picture_size
from postsync_adapters.fcpxml.document import Element, note_text
from postsync_adapters.fcpxml.insertion.document import Existing, put_before, take_out
from postsync_adapters.fcpxml.insertion.places import Places
from postsync_adapters.fcpxml.reading.scene import Story
from postsync_adapters.fcpxml.time import seconds
from postsync_adapters.fcpxml.writing.channels import one_file_a_clip, without_overlaps
from postsync_adapters.fcpxml.writing.clips import ClipMaker, Sound
from postsync_adapters.fcpxml.writing.elements import make, with_children
from postsync_adapters.fcpxml.writing.items import put_at
from postsync_adapters.fcpxml.writing.options import HABITS, FcpxmlWriteOptions
from postsync_adapters.fcpxml.writing.resources import Resources
from postsync_adapters.fcpxml.writing.returning import Returning
from postsync_adapters.fcpxml.writing.roles import role_of
from postsync_adapters.fcpxml.writing.write import version_of

ADR_ROLE = "dialogue.ADR"
FIRST_WITH_ASSET_CLIPS = (1, 6)
FIRST_WITH_MEDIA_REPS = (1, 9)


def put_takes(
    timeline: Any,
    document: Existing,
    sequence: Element,
    story: Story,
    places: Places,
    first: Fraction,
    options: FcpxmlWriteOptions,
    report: Report,
) -> None:
    """Put the takes that belong to cues into a document, in place of those of the same cues that we put there before."""
    tracks = _tracks_of_takes(timeline, report)
    uids = {placed.facts.cue_uid for track in tracks for placed in track.clips}
    left = _take_out_earlier(document, story, uids)
    if not tracks:
        return
    version = version_of(document.version)
    resources = Resources(places.times, report, picture_size(options.size), version >= FIRST_WITH_MEDIA_REPS)
    resources.begin_after(_highest_id(document.root))
    habits = replace(HABITS[options.profile], says_enabled=False)
    maker = ClipMaker(resources, places.times, habits, version, report, Returning(resources, report, None, version))
    lanes = _free_lanes(document.twin(sequence), above=HABITS[options.profile].sound_above)
    used: list[Element] = []
    for track, lane in zip(tracks, lanes, strict=False):
        for placed in track.clips:
            used.append(_connect(placed, track, lane, maker, places, first, version))
    _enter_files(document, resources, used)
    _drop_unused(document, left)


def _tracks_of_takes(timeline: Any, report: Report) -> list[PlacedTrack]:
    """Give the sound tracks with nothing but the clips that were placed for cues; a transition between them is named."""
    tracks: list[PlacedTrack] = []
    for track in one_file_a_clip(placed_tracks(timeline, "audio"), report):
        takes = [item for item in track.items if isinstance(item, PlacedClip) and item.facts.cue_uid]
        for item in track.items:
            if takes and isinstance(item, PlacedTransition):
                report.note("transition-not-carried", where=track.name, name=item.transition.name)
        if takes:
            tracks.append(replace(track, items=tuple(takes)))
    return without_overlaps(tracks)


def _take_out_earlier(document: Existing, story: Story, uids: set[str | None]) -> set[str]:
    """Take out the clips that carry the tags of these cues; give the ids of the files that they played."""
    left: set[str] = set()
    for host in story.hosts or []:
        tag = find_tag(note_text(host.element) or "") if host.tag in ("asset-clip", "clip") else None
        if tag is not None and tag.uid in uids:
            twin = document.twin(host.element)
            left |= {str(one.get("ref")) for one in twin.iter("asset-clip", "audio")}
            take_out(twin)
    return left


def _highest_id(root: Element) -> int:
    """Give the highest number of an id, also of those that are only referred to: none of them may come to mean our files."""
    names = (one.get(name) or "" for one in root.iter(etree.Element) for name in ("id", "ref", "format"))
    numbers = (re.fullmatch(r"r(\d{1,9})", name) for name in names)
    return max((int(match[1]) for match in numbers if match), default=0)


def _free_lanes(sequence: Element, *, above: bool) -> range:
    """Give lanes that nothing in a sequence uses, outward from the last that is used on that side."""
    texts = (one.get("lane") or "0" for one in sequence.iterdescendants() if isinstance(one.tag, str))
    lanes = [int(text) for text in texts if re.fullmatch(r"-?\d{1,6}", text)]
    if above:
        return range(max([0, *lanes]) + 1, 10**7)
    return range(min([0, *lanes]) - 1, -(10**7), -1)


def _connect(
    placed: PlacedClip,
    track: PlacedTrack,
    lane: int,
    maker: ClipMaker,
    places: Places,
    first: Fraction,
    version: tuple[int, int],
) -> Element:
    role = placed.facts.role or track.facts.role or _adr_role(placed, track)
    moved = replace(placed, record_in=first + placed.record_in)
    item = maker.sound(Sound(moved, role))
    place = places.at(moved.record_in, placed.duration)
    element = item.finish() if version >= FIRST_WITH_ASSET_CLIPS else _in_tree_form(item.finish())
    place.put(put_at(element, places.times.text(place.clock.local(moved.record_in)), lane))
    return element


def _adr_role(placed: PlacedClip, track: PlacedTrack) -> str:
    named = role_of(placed, track)
    return named if "adr" in named.casefold() else ADR_ROLE


def _in_tree_form(clip: Element) -> Element:
    """Give a clip as versions before 1.6 have it: a `clip` around the `audio` of its file."""
    outer = make(
        "clip",
        name=clip.get("name"),
        start=clip.get("start"),
        duration=clip.get("duration"),
        enabled=clip.get("enabled"),
    )
    source = clip.find("audio-channel-source")
    inner = make(
        "audio",
        ref=clip.get("ref"),
        name=clip.get("name"),
        offset=clip.get("start"),
        start=clip.get("start"),
        duration=clip.get("duration"),
        role=clip.get("audioRole"),
        srcCh=None if source is None else source.get("srcCh"),
    )
    kept = [clip.find(tag) for tag in ("note", "timeMap", "adjust-volume")]
    return with_children(outer, *kept, inner)


def _enter_files(document: Existing, resources: Resources, used: list[Element]) -> None:
    """Enter the files of the takes that the document does not know, and let the others refer to what is there."""
    holder = document.holder_of_resources()
    known = {_identity(asset): str(asset.get("id")) for asset in document.root.iter("asset")}
    renamed: dict[str, str] = {}
    for element in resources.elements():
        if element.tag == "asset" and _identity(element) in known:
            renamed[str(element.get("id"))] = known[_identity(element)]
        else:
            put_before(holder, element, len(holder))
    for clip in used:
        for one in clip.iter("asset-clip", "audio"):
            if one.get("ref") in renamed:
                one.set("ref", renamed[str(one.get("ref"))])


def _identity(asset: Element) -> Any:
    """Give what makes two assets one file: its place, its timecode and its length."""
    copy = asset.find("media-rep")
    src = asset.get("src") or (copy.get("src") if copy is not None else None) or ""
    times = (seconds(asset.get(name) or "0s") for name in ("start", "duration"))
    return path_from_url(src), asset.get("hasAudio"), *times


def _drop_unused(document: Existing, ids: set[str]) -> None:
    """Take out files that only clips played which are gone."""
    still = {one.get("ref") for one in document.root.iterdescendants() if isinstance(one.tag, str)}
    for asset in [one for one in document.root.iter("asset") if one.get("id") in ids and one.get("id") not in still]:
        take_out(asset)
