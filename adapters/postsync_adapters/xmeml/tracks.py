"""Which tracks are one, which channels of a file an item sounds, and which items belong together.

Premiere writes a stereo track as two ("exploded") and a stereo clip as two items; Final Cut 7 has an item for every channel;
Resolve one for each track of a file's sound, whatever its channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from postsync_adapters.xmeml.cuts import Mix, Span, lay_out
from postsync_adapters.xmeml.document import Document, Element, number, text, truth
from postsync_adapters.xmeml.media import MOST_CHANNELS, Source, Sources

TRACK_CHANNELS = {"mono": 1, "stereo": 2, "5.1": 6, "adaptive": None}

Key = tuple[object, ...]


@dataclass
class Lane:
    """One track with its items; `channels` are the source channels of each, where stated."""

    element: Element
    number: int
    spans: list[Span]
    mixes: list[Mix]
    channels: list[tuple[int, ...] | None]
    width: int | None = None
    twins: tuple[Element, ...] = ()


def lanes_of(media: Element | None, document: Document, sources: Sources, fps: Fraction) -> list[Lane]:
    """Give the tracks of a sequence's picture or sound."""
    if media is None:
        return []
    lanes: list[Lane] = []
    for place, track in enumerate(media.iterchildren("track"), 1):
        spans, mixes = lay_out(track, fps, document)
        width = TRACK_CHANNELS.get((track.get("premiereTrackType") or "").lower())
        lanes.append(Lane(track, place, spans, mixes, [None] * len(spans), width))
    if media.tag != "audio":
        return lanes
    _put_channels(lanes, document, sources, fps)
    return _imploded(lanes, sources, fps)


def _put_channels(lanes: list[Lane], document: Document, sources: Sources, fps: Fraction) -> None:
    """Find the channels of every sound item."""
    unstated: dict[Key, list[tuple[Lane, int]]] = {}
    for lane in lanes:
        for place, span in enumerate(lane.spans):
            source = sources.of_item(span.element, fps)
            index = number(span.element.findtext("sourcetrack/trackindex"))
            if index is None or not 0 < index <= MOST_CHANNELS:
                key = (None if source is None else source.key, span.start, span.end, span.first)
                unstated.setdefault(key, []).append((lane, place))
            else:
                lane.channels[place] = _stated(int(index), source, document.by_resolve)
    for holders in unstated.values():
        # Without a number, items of one file side by side are its channels in order; one alone is all of them.
        for count, (lane, place) in enumerate(holders, 1):
            lane.channels[place] = (count,) if len(holders) > 1 else None


def _stated(index: int, source: Source | None, by_resolve: bool) -> tuple[int, ...]:
    counts = () if source is None else source.tracks
    if not by_resolve or not counts:
        return (index,)
    if index > len(counts):
        return (index,)
    before = sum(counts[: index - 1])
    return tuple(range(before + 1, before + counts[index - 1] + 1))


def _imploded(lanes: list[Lane], sources: Sources, fps: Fraction) -> list[Lane]:
    """Join the tracks that Premiere wrote of one, where they hold the same edits."""
    joined: list[Lane] = []
    place = 0
    while place < len(lanes):
        count = _twins(lanes, place)
        group = lanes[place : place + count]
        if count > 1 and _same_edits(group, sources, fps):
            joined.append(_one_of(group))
        else:
            joined += group
        place += count
    return joined


def _twins(lanes: list[Lane], place: int) -> int:
    """Count how many tracks from here on are one track."""
    total = number(lanes[place].element.get("totalExplodedTrackCount"))
    count = 1 if total is None or total < 1 else int(total)
    group = lanes[place : place + count]
    numbered = [number(one.element.get("currentExplodedTrackIndex")) for one in group]
    return count if len(group) == count and numbered == list(range(count)) else 1


def _same_edits(group: list[Lane], sources: Sources, fps: Fraction) -> bool:
    shapes = [[_shape(span, sources, fps) for span in lane.spans] for lane in group]
    mixes = [[(mix.start, mix.end) for mix in lane.mixes] for lane in group]
    return all(shape == shapes[0] for shape in shapes) and all(mix == mixes[0] for mix in mixes)


def _shape(span: Span, sources: Sources, fps: Fraction) -> Key:
    source = sources.of_item(span.element, fps)
    levels = [one.text for one in span.element.iterfind("filter/effect/parameter//value")]
    nest = span.element.find("sequence")
    nested = None if nest is None else nest.get("id")
    enabled = truth(text(span.element, "enabled"), True)
    return span.start, span.end, span.first, None if source is None else source.key, nested, enabled, *levels


def _one_of(group: list[Lane]) -> Lane:
    first = group[0]
    channels: list[tuple[int, ...] | None] = []
    for found in zip(*(lane.channels for lane in group), strict=True):
        stated = [one[0] for one in found if one]
        if len(stated) == len(group) and len(set(stated)) == 1:
            # All of one number: it counts the stereo streams of the file.
            begin = (stated[0] - 1) * len(group) + 1
            stated = list(range(begin, begin + len(group)))
        channels.append(tuple(stated) if len(stated) == len(group) else None)
    others = tuple(lane.element for lane in group[1:])
    return Lane(first.element, first.number, first.spans, first.mixes, channels, len(group), others)


# ------------------------------------------------------------------------------------------------------------- links


Place = tuple[str, str, str]


def _ids_by_place(sequence: Element) -> dict[Place, str]:
    """Give the id of each item by kind, track and place in it, counted from 1; some links say no more."""
    return {
        (kind, str(number), str(place)): item.get("id") or ""
        for kind in ("video", "audio")
        for number, track in enumerate(sequence.iterfind(f"media/{kind}/track"), 1)
        for place, item in enumerate(track.iterchildren("clipitem", "generatoritem"), 1)
    }


def link_groups(sequence: Element) -> dict[str, str]:
    """Give the group of every linked item by its id: the id of the first of the group."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    places: dict[Place, str] | None = None
    for item in sequence.iter("clipitem", "generatoritem"):
        own = item.get("id") or ""
        for link in item.iterchildren("link") if own else ():
            other = text(link, "linkclipref")
            if not other:
                places = _ids_by_place(sequence) if places is None else places
                numbers = (text(link, "trackindex"), text(link, "clipindex"))
                other = places.get((text(link, "mediatype"), *numbers), "")
            if other and other != own:
                one, two = find(own), find(other)
                if one != two:
                    leader[two] = one
    return {name: find(name) for name in leader}
