"""Media files as an XMEML document defines them: once, at their first use; afterwards by id."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from urllib.parse import quote

from lxml import etree

from postsync.model import PlacedClip, TimelineFacts, file_name
from postsync.report import Report
from postsync.sound import path_from_url
from postsync.timing import Rate, as_rate, format_timecode, nearest_frame, seconds_of_frame
from postsync_adapters.xmeml.document import Element, clock_rate, from_raw, text
from postsync_adapters.xmeml.plan import Piece
from postsync_adapters.xmeml.profiles import Profile, add, add_rate, shown

Key = tuple[Any, ...]


class Files:
    """Writes the files of one document."""

    def __init__(self, facts: TimelineFacts, profile: Profile, report: Report) -> None:
        self._facts = facts
        self._profile = profile
        self._report = report
        self._ids: dict[Key, str] = {}
        self._whole: dict[Key, bool] = {}
        self._channels: dict[Key, int] = {}

    def note_use(self, piece: Piece) -> None:
        """Note which channels of its file a piece of sound uses, before anything is written."""
        if piece.channels is None:
            return
        key = _key(piece.placed)
        count = max(piece.placed.media.channels or 0, *piece.channels)
        self._channels[key] = max(count, self._channels.get(key, 0))
        everything = piece.channels == tuple(range(1, count + 1))
        self._whole[key] = self._whole.get(key, True) and everything

    def uses_all_channels(self, piece: Piece) -> bool:
        """Say whether every piece of a file uses all of its channels, so that one item can stand for them."""
        return self._whole.get(_key(piece.placed), True)

    def add_to(self, item: Element, piece: Piece) -> None:
        """Add the file of a piece to its item: whole at the first use."""
        placed = piece.placed
        key = _key(placed)
        if key in self._ids:
            add(item, "file", id=self._ids[key])
            return
        name = shown(_name(placed), piece.where, self._report)
        self._ids[key] = self._profile.file_id.format(name=name or "file", number=len(self._ids) + 1)
        file = self._kept(placed)
        if file is None:
            file = self._made(placed, name, key)
        file.set("id", self._ids[key])
        item.append(file)

    def _kept(self, placed: PlacedClip) -> Element | None:
        """Give the definition that the file was read with, where it still says what is known of the file."""
        about = placed.clip.media_reference.metadata.get("xmeml")
        kept = None if about is None else about.get("file")
        if not kept:
            return None
        try:
            file = from_raw(str(kept))[0]
        except (etree.XMLSyntaxError, IndexError):
            return None
        if text(file, "pathurl") != (placed.url or ""):
            return None
        self._count_tracks(file, placed)
        return file

    def _count_tracks(self, file: Element, placed: PlacedClip) -> None:
        """Give a file the audio elements by which Resolve's items name its channels, where another program counted them."""
        key = _key(placed)
        media, found = file.find("media"), file.findall("media/audio")
        wanted = self._counts(key, placed)
        if self._profile.by_channel or media is None or [text(one, "channelcount") for one in found] == wanted:
            return
        for one in found:
            media.remove(one)
        for count in wanted:
            add(add(media, "audio"), "channelcount", count)

    def _counts(self, key: Key, placed: PlacedClip) -> list[str]:
        """Give the channels of each audio element: one for all, or one each where items name single channels."""
        channels = self._channels.get(key) or placed.media.channels or 0
        if not channels:
            return []
        whole = self._profile.by_channel or self._whole.get(key, True)
        return [str(channels)] if whole else ["1"] * channels

    def _made(self, placed: PlacedClip, name: str, key: Key) -> Element:
        file = etree.Element("file")
        add(file, "name", name)
        if placed.url is not None:
            add(file, "pathurl", path_url(placed.url, self._profile.drive))
        media = placed.media
        rate = self._facts.rate if media.rate is None else as_rate(media.rate)
        rate = clock_rate(rate.fps, media.drop_frame or (media.rate is None and self._facts.rate.drop))
        add_rate(file, rate)
        if placed.media_duration is not None:
            add(file, "duration", max(nearest_frame(placed.media_duration, rate), 1))
        self._add_timecode(file, placed, rate)
        self._add_media(file, placed, key)
        return file

    def _add_timecode(self, file: Element, placed: PlacedClip, rate: Rate) -> None:
        """Add where the media's own timecode begins; Resolve refuses a whole document for one file without."""
        frame = nearest_frame(placed.media_start, rate)
        moved = seconds_of_frame(frame, rate) - placed.media_start
        if moved:
            where, how = f"media {_name(placed)!r}", f"{float(moved):.4f} s"
            self._report.note("time-rounded", where=where, moved_by=moved, grid="frame of timecode", moved=how)
        block = add(file, "timecode")
        add_rate(block, rate)
        add(block, "string", format_timecode(frame, rate))
        add(block, "frame", frame)
        add(block, "displayformat", "DF" if rate.drop else "NDF")
        if placed.media.tape:
            add(add(block, "reel"), "name", shown(placed.media.tape, _name(placed), self._report))

    def _add_media(self, file: Element, placed: PlacedClip, key: Key) -> None:
        media = placed.media
        holder = add(file, "media")
        counts = self._counts(key, placed)
        if media.has_picture or media.kind in ("picture", "still") or not counts:
            add(holder, "video")
        for count in counts:
            sound = add(holder, "audio")
            about = add(sound, "samplecharacteristics")
            add(about, "samplerate", media.sample_rate or self._facts.sample_rate or 48000)
            add(about, "depth", media.bits or 16)
            add(sound, "channelcount", count)


def _key(placed: PlacedClip) -> Key:
    return placed.url, _name(placed), placed.media_start, placed.media_duration


def _name(placed: PlacedClip) -> str:
    return placed.media.name or placed.clip.media_reference.name or file_name(placed.url or "") or placed.clip.name


def path_url(url: str, drive: str) -> str:
    """Give an address as these programs write it: `file://localhost`, each part percent-encoded once.

    >>> path_url("file:///C:/Sound/12 A%20.wav", "%3a")
    'file://localhost/C%3a/Sound/12%20A%20.wav'
    """
    path = path_from_url(url)
    if len(path) > 2 and path[1] == ":" and path[2] == "/":
        return f"file://localhost/{path[0]}{drive}{quote(path[2:].encode('utf-8', 'surrogateescape'))}"
    encoded = quote(path.encode("utf-8", "surrogateescape"))
    if path.startswith("//"):
        return f"file:{encoded}"
    return f"file://localhost{encoded}" if path.startswith("/") else encoded


def source_time(placed: PlacedClip, frame: int, rate: Rate) -> Fraction:
    """Give where in its file a clip plays at a frame of the sequence, at its own constant speed."""
    into = seconds_of_frame(frame, rate) - placed.record_in
    speed = placed.facts.speed
    first = placed.source_in - placed.duration * speed if speed < 0 else placed.source_in
    return first + into * speed
