"""The media of timelines as a list: what each file is, where it lies, and the way out for those inside the timeline file.

A file is one row however many clips play it. Originals are only read; nothing that exists is written over.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

from postsync.delivery.free_names import Names
from postsync.delivery.turnover import AUDIO_FOLDER
from postsync.errors import CannotWrite, MediaError, PostsyncError
from postsync.formats.files import made_folder
from postsync.model import MediaFacts, TimelineFacts, file_name, media_facts, placed_tracks, timeline_facts
from postsync.report import Report
from postsync.sound import EmbeddedSound, Found, MediaFinder, path_from_url, read_facts, write_embedded
from postsync.sound.recognition import Recording, SoundIndex
from postsync.timing import Rate, as_rate, format_timecode, fraction_text, frame_at, from_rational_time
from postsync.wording import UNNAMED

MediaKey = tuple[str | None, str | None, str]
"""URL, id, and the name where neither is stated."""

_SOUND_ENDINGS = (".wav", ".aif", ".aiff", ".aifc", ".mp3", ".mxf", ".mov", ".mp4", ".wave", ".bwf", ".m4a")


@dataclass(frozen=True)
class MediaFile:
    """One media file of a timeline. `start` and `duration` in seconds, `start` by its own timecode.

    `other_urls` are further places that the timeline file states; `tried` is where it was looked for, `found` where it is;
    `written` is the WAV that was made of embedded sound, or the copy of a found file.
    """

    name: str
    url: str | None
    media: MediaFacts
    other_urls: tuple[str, ...] = ()
    start: Fraction | None = None
    duration: Fraction | None = None
    start_timecode: str | None = None
    clips: int = 0
    bytes: int | None = None
    online: bool | None = None
    found: Found | None = None
    tried: tuple[str, ...] = ()
    reason: str = ""
    written: Path | None = None

    @property
    def path(self) -> str | None:
        """The path that the URL means, in any spelling."""
        return path_from_url(self.url) if self.url else None

    def to_json(self) -> dict[str, Any]:
        """Give the row as plain values; what is not known is null."""
        media = self.media
        return {
            "name": self.name,
            "url": self.url,
            "path": self.path,
            "other_urls": list(self.other_urls),
            "kind": media.kind,
            "channels": media.channels,
            "sample_rate": media.sample_rate,
            "bits": media.bits,
            "duration": None if self.duration is None else fraction_text(self.duration),
            "start": None if self.start is None else fraction_text(self.start),
            "start_timecode": self.start_timecode,
            "tape": media.tape,
            "uid": media.uid,
            "embedded": media.embedded,
            "bytes": self.bytes,
            "clips": self.clips,
            "online": self.online,
            "found": None if self.found is None else str(self.found.path),
            "how": None if self.found is None else self.found.how,
            "tried": list(self.tried),
            "reason": self.reason or None,
            "written": None if self.written is None else str(self.written),
        }


# --------------------------------------------------------------------------------------------------------------- listing


def media_files(timelines: Iterable[Any]) -> list[MediaFile]:
    """Give the media of timelines, each file once, in the order in which clips first play them."""
    rows: dict[MediaKey, MediaFile] = {}
    for timeline in timelines:
        clock = timeline_facts(timeline)
        for track in placed_tracks(timeline):
            for placed in track.clips:
                for reference in placed.clip.media_references().values():
                    _count(rows, reference, placed.clip.name, clock)
    return list(rows.values())


def _count(rows: dict[MediaKey, MediaFile], reference: Any, clip: str, clock: TimelineFacts) -> None:
    """Add one clip to the row of its file; a clip without any media has none."""
    media = media_facts(reference)
    key = media_key(reference, media, clip)
    if key is not None:
        row = rows.get(key) or media_row(reference, media, clip, clock)
        rows[key] = replace(row, clips=row.clips + 1)


def media_key(reference: Any, media: MediaFacts, clip: str) -> MediaKey | None:
    """Tell media files apart: by place and id, else by name; None where a clip plays none at all."""
    url = getattr(reference, "target_url", None) or None
    if url is None and not media.uid and not media.name and not reference.name:
        return None
    return (url, media.uid, "" if url or media.uid else media.name or reference.name or clip)


def media_row(reference: Any, media: MediaFacts, clip: str, clock: TimelineFacts) -> MediaFile:
    """Give the row of the file that a clip plays, as its timeline states it."""
    span = reference.available_range
    start = None if span is None else from_rational_time(span.start_time)
    return MediaFile(
        media.name or reference.name or clip,
        getattr(reference, "target_url", None) or None,
        media,
        other_urls=tuple(str(one) for one in reference.metadata.get("aaf", {}).get("Locator", ())),
        start=start,
        duration=None if span is None else from_rational_time(span.duration),
        start_timecode=None if start is None else _label(start, _rate_of(media, clock)),
    )


def _rate_of(media: MediaFacts, clock: TimelineFacts) -> Rate:
    return clock.rate if media.rate is None else as_rate(Fraction(media.rate), drop=media.drop_frame)


def _label(start: Fraction, rate: Rate) -> str:
    return format_timecode(frame_at(start, rate), rate)


def with_embedded(rows: Sequence[MediaFile], sounds: Sequence[EmbeddedSound]) -> list[MediaFile]:
    """Add what the file holds inside to the rows of the clips that play it, and as rows of their own what no clip plays."""
    by_uid = {sound.uid: sound for sound in sounds}
    known = {row.media.uid for row in rows}
    listed = [_described(row, by_uid[row.media.uid]) if row.media.uid in by_uid else row for row in rows]
    bare = (MediaFile(one.name, None, MediaFacts(uid=one.uid, kind=one.kind)) for one in sounds if one.uid not in known)
    return [*listed, *(_described(row, by_uid[row.media.uid or ""]) for row in bare)]


def _described(row: MediaFile, sound: EmbeddedSound) -> MediaFile:
    """Say of an embedded file what its own bytes say."""
    essence = sound.essence
    facts = replace(row.media, embedded=True, tape=row.media.tape or sound.tape, kind=sound.kind or row.media.kind)
    made = replace(row, media=facts, bytes=sound.size, reason=sound.fault, online=essence is not None)
    if essence is None:
        return made
    stamp = sound.time_reference
    start = row.start if stamp is None else Fraction(stamp, essence.sample_rate)
    return replace(
        made,
        media=replace(facts, channels=essence.channels, sample_rate=essence.sample_rate, bits=essence.bits),
        start=start,
        start_timecode=row.start_timecode
        if start is None or sound.rate is None
        else _label(start, as_rate(sound.rate, drop=sound.drop)),
        duration=Fraction(essence.length_samples, essence.sample_rate),
    )


# --------------------------------------------------------------------------------------------------------------- finding


def find_media(rows: Sequence[MediaFile], finder: MediaFinder, report: Report) -> list[MediaFile]:
    """Look for every linked file: each stated place, then by name, then by what the recording is."""
    index = SoundIndex(finder.search)
    return [row if row.media.embedded else _found(row, finder, index, report) for row in rows]


def _found(row: MediaFile, finder: MediaFinder, index: SoundIndex, report: Report) -> MediaFile:
    tried: list[str] = []
    reason = ""
    for url in dict.fromkeys((row.url or "", *row.other_urls)):
        answer = finder.find(url, name=row.name)
        if isinstance(answer, Found):
            return _noted(row, answer, tried, report)
        tried += answer.tried
        reason = reason or answer.reason
    answer = index.find(Recording(row.media.uid, row.media.sample_rate, row.start, row.duration))
    if isinstance(answer, Found):
        return _noted(row, answer, tried, report)
    reason = reason or answer.reason
    places = tuple(dict.fromkeys(tried))
    report.note("media-missing", media=row.url or row.name or UNNAMED, tried=reason or ", ".join(places) or "no folder")
    return replace(row, online=False, tried=places, reason=reason)


def _noted(row: MediaFile, found: Found, tried: list[str], report: Report) -> MediaFile:
    stated = (row.path or row.name).replace("\\", "/").rsplit("/", 1)[-1]
    if found.path.name.casefold() != stated.casefold():
        report.note("media-found-elsewhere", media=row.name, found=found.path.name, how=found.how)
    return replace(row, online=True, found=found, tried=tuple(dict.fromkeys((*tried, str(found.path)))))


def as_they_are(rows: Sequence[MediaFile]) -> list[MediaFile]:
    """Give rows with what the headers of the found files say of their sound; a timeline may only have supposed that.

    An AAF has to state bits even of a file that its writer never saw.
    """
    return [
        row if row.found is None else replace(row, media=_as_it_is(row.media, row.found.path)) for row in rows
    ]  # fmt: skip


def _as_it_is(media: MediaFacts, path: Path) -> MediaFacts:
    if media.kind not in (None, "sound"):
        return media
    try:
        own = read_facts(path)
    except MediaError:
        return media
    return replace(media, channels=own.channels, sample_rate=own.sample_rate, bits=own.bits or media.bits)


def copy_found(rows: Sequence[MediaFile], folder: Path) -> list[MediaFile]:
    """Copy what was found into a folder; a file that is there already with the same content is taken as the copy."""
    names = Names(folder)
    return [row if row.found is None else replace(row, written=_copied(row.found.path, names)) for row in rows]


def _copied(source: Path, names: Names) -> Path:
    def fill(file: BinaryIO, name: str) -> None:
        try:
            with source.open("rb") as original:
                shutil.copyfileobj(original, file, 2**20)
        except OSError as fault:
            if isinstance(fault, PostsyncError):
                raise
            raise MediaError(f"cannot be copied: {fault.strerror}", path=source) from fault

    return names.write(source.stem, source.suffix, fill)


# ------------------------------------------------------------------------------------------------------------ taking out


def extract(
    rows: Sequence[MediaFile], sounds: Sequence[EmbeddedSound], folder: Path, report: Report
) -> list[MediaFile]:
    """Write every sound that lies inside the timeline file as a WAV into a folder; the rest is said and left."""
    by_uid = {sound.uid: sound for sound in sounds}
    names = Names(folder)
    return [_extracted(row, by_uid[row.media.uid], names, report) if row.media.uid in by_uid else row for row in rows]


def _extracted(row: MediaFile, sound: EmbeddedSound, names: Names, report: Report) -> MediaFile:
    if sound.essence is None:
        return row
    try:
        path = names.write(_stem(sound.name), ".wav", lambda file, name: write_embedded(sound, file, name))
    except MediaError as fault:
        report.note("media-unreadable", media=sound.name, why=fault.sentence())
        return replace(row, reason=fault.sentence(), online=False)
    except CannotWrite as fault:
        if fault.path is not None:
            raise
        report.note("media-unreadable", media=sound.name, why=fault.sentence())
        return replace(row, reason=fault.sentence())
    return replace(row, written=path)


@contextmanager
def at_hand(sounds: Sequence[EmbeddedSound], into: Path, report: Report, *, keep: bool) -> Generator[dict[str, Path]]:
    """Give sound from inside a file as WAVs for as long as the block lasts, by id; `keep` leaves them in the audio folder."""
    usable = [sound for sound in sounds if sound.essence is not None]
    if not usable:
        yield {}
        return
    folder = into / AUDIO_FOLDER if keep else Path(tempfile.mkdtemp(prefix=".inside.", dir=made_folder(into)))
    try:
        rows = extract(with_embedded([], usable), usable, folder, report)
        yield {row.media.uid: row.written for row in rows if row.media.uid and row.written}
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _stem(name: str) -> str:
    """Give the name of a master clip without the ending that Media Composer and Premiere leave on it."""
    ending = next((end for end in _SOUND_ENDINGS if name.lower().endswith(end)), "")
    return file_name(name[: len(name) - len(ending)] or name)
