"""Files as an XMEML document states them: address, length, timecode, channels; and the references made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import opentimelineio as otio

from postsync.model import NAMESPACE, SCHEMA, MediaFacts, to_json
from postsync.model.keys import from_plain
from postsync.sound import path_from_url
from postsync.timing import as_rate, to_time_range
from postsync_adapters.xmeml.cuts import LAST
from postsync_adapters.xmeml.document import Document, Element, held, number, rate_of, raw, start_of, text, truth

STILLS = frozenset(
    {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".psd", ".bmp", ".tga", ".exr", ".dpx", ".gif", ".pict", ".pct"}
)
MOST_CHANNELS = 256


@dataclass(frozen=True)
class Source:
    """One media file. `tracks` are the channel counts of its audio elements; Resolve has one for each track of sound."""

    key: str
    name: str
    url: str | None
    start: Fraction
    duration: Fraction | None
    tracks: tuple[int, ...]
    facts: MediaFacts
    element: Element
    reference: otio.core.MediaReference = field(compare=False, repr=False)
    """Its media reference, to be copied for each clip."""


class Sources:
    """The files of a document, each made once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._made: dict[int, Source] = {}

    def of_item(self, item: Element, fps: Fraction) -> Source | None:
        """Give the file of a clip item, or of the master clip or active angle that it comes from."""
        element = self._file(item, 0)
        return None if element is None else self._source(element, fps)

    def _file(self, item: Element, depth: int) -> Element | None:
        file = item.find("file")
        if file is not None:
            found = self._document.resolved(file)
            return file if found is None and file.get("id") else found
        multiclip = item.find("multiclip")
        if multiclip is not None and depth < 4:
            return self._of_angle(multiclip, item, depth)
        master = self._document.defined("clip", text(item, "masterclipid"))
        return None if master is None or depth else next(self._files(master), None)

    def _of_angle(self, multiclip: Element, item: Element, depth: int) -> Element | None:
        """Give the file of the angle that is on, by the kind of the item; else of the first."""
        whole = self._document.resolved(multiclip)
        flag = "activeaudioangle" if text(item, "sourcetrack/mediatype") == "audio" else "activevideoangle"
        angles = [] if whole is None else list(whole.iterchildren("angle"))
        chosen = sorted(angles, key=lambda angle: not truth(text(angle, flag), False))
        for angle in chosen[:1]:
            for holder in angle:
                resolved = self._document.resolved(holder) if holder.tag == "clip" else holder
                found = None if resolved is None else next(self._files(resolved), None)
                if found is not None:
                    return found
        return None

    def _files(self, holder: Element) -> Any:
        for file in holder.iter("file"):
            found = self._document.resolved(file)
            if found is not None:
                yield found

    def _source(self, element: Element, fps: Fraction) -> Source:
        made = self._made.get(id(element))
        if made is None:
            made = self._made[id(element)] = _read(element, fps)
        return made


def _read(element: Element, fps: Fraction) -> Source:
    own = rate_of(element)
    rate = own or fps
    start = start_of(element, rate)
    frames = number(element.findtext("duration"))
    url = text(element, "pathurl") or None
    path = path_from_url(url or "").replace("\\", "/")
    name = text(element, "name") or PurePosixPath(path).name
    begins = held(Fraction(0) if start is None else start.seconds)
    length = None if frames is None or not 0 < frames <= LAST else held(frames / rate)
    facts = _facts(element, name, own, start is not None and start.drop, PurePosixPath(path or name).suffix.lower())
    plain = {
        "OTIO_SCHEMA": "MissingReference.1" if url is None else "ExternalReference.1",
        **({} if url is None else {"target_url": url}),
        "available_range": None,
        "available_image_bounds": None,
        "name": name,
        "metadata": {NAMESPACE: {"schema": SCHEMA, **to_json(facts)}, "xmeml": {"file": raw(element)}},
    }
    key = url or name or element.get("id") or ""
    reference: otio.core.MediaReference = from_plain(plain)
    if length is not None:
        # Set as an object, so that the rate is the very double that stands for it.
        reference.available_range = to_time_range(begins, length)
    return Source(key, name, url, begins, length, _tracks(element), facts, element, reference)


def _tracks(element: Element) -> tuple[int, ...]:
    """Give the channels of each audio element; one that counts none has what nobody says."""
    counts: list[int] = []
    for audio in element.iterfind("media/audio"):
        count = number(audio.findtext("channelcount"))
        if count is None or not 0 < count <= MOST_CHANNELS:
            return ()
        counts.append(int(count))
    return tuple(counts)


def _facts(element: Element, name: str, rate: Fraction | None, drop: bool, suffix: str) -> MediaFacts:
    audio, video = element.find("media/audio"), element.find("media/video")
    tracks = _tracks(element)
    sample_rate, bits = (_whole(audio, f"samplecharacteristics/{part}") for part in ("samplerate", "depth"))
    still = suffix in STILLS
    return MediaFacts(
        name=name or None,
        channels=sum(tracks) or None,
        sample_rate=sample_rate,
        bits=bits,
        rate=None if rate is None or still else as_rate(rate).text,
        drop_frame=drop,
        tape=text(element, "timecode/reel/name") or None,
        kind="still" if still else "picture" if video is not None else "sound" if audio is not None else None,
        has_picture=None if video is None and audio is None else video is not None,
        frame_size=_frame_size(video),
    )


def _frame_size(video: Element | None) -> str | None:
    width, height = (_whole(video, f"samplecharacteristics/{part}") for part in ("width", "height"))
    return f"{width}x{height}" if width and height else None


def _whole(element: Element | None, path: str) -> int | None:
    """Read a whole number above 0; some write a sample rate in kHz."""
    found = None if element is None else number(element.findtext(path))
    if found is None or found <= 0:
        return None
    found = found * 1000 if path.endswith("samplerate") and found < 1000 else found
    return int(found)
