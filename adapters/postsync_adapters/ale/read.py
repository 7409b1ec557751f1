"""A log as a timeline: its clips one after another in the order of the file, as an editor would drop a bin into a sequence.

A bin has no order in time, so the record times are ours: they begin at 00:00:00:00 unless `start` says otherwise. Picture
lies on one track, the sound of the same rows under it on another. Nothing of this is written back: a log is written from its
rows, which ride along whole.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.errors import FormatError, PostsyncError, RateError
from postsync.formats import ReadOptions, Timelines, decode_text, path_of
from postsync.model import (
    ClipFacts,
    Laid,
    MediaFacts,
    TimelineFacts,
    build_track,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
)
from postsync.report import Report
from postsync.sound import url_from_path
from postsync.timing import Rate, as_rate, parse_timecode, repair_timecode, seconds_of_frame, to_time_range
from postsync_adapters.ale import columns as c
from postsync_adapters.ale.cues import put_cues
from postsync_adapters.ale.log import AvidLog, cells_by_key, parse_log

VIDEO_RATES = {"NTSC": "29.97", "PAL": "25"}
"""What a video format says of the rate where `FPS` is missing."""

_TIME = re.compile(r"(?:(?:(\d{1,3})[:;.])?(\d{1,2})[:;.])?(\d{1,2})([:;.,])(\d{2,3})")
_KILOHERTZ = re.compile(r"\s*(\d+(?:\.\d+)?)\s*k", re.IGNORECASE)


@dataclass(frozen=True)
class AleReadOptions(ReadOptions):
    """`start`: label of the first clip's first frame. `encoding`: overrules the guess (`mac_roman`, `cp1252`, …)."""

    start: str = "00:00:00:00"
    encoding: str | None = None


@dataclass(frozen=True)
class LoggedClip:
    """One row as times and tracks: `start` and `length` in frames of its own `rate`, `record_in` in seconds of ours."""

    row: int
    line: int
    keyed: dict[str, str]
    cells: c.Cells
    rate: Rate
    start: int | None
    length: int
    picture: bool
    sound: tuple[int, ...]
    record_in: Fraction = Fraction(0)

    @property
    def duration(self) -> Fraction:
        """The length in exact seconds."""
        return seconds_of_frame(self.length, self.rate)

    @property
    def name(self) -> str:
        """What the clip is called."""
        return self.cells.first(c.NAME) or self.cells.first(c.SOURCE_FILE) or f"row {self.row}"


def read(file: BinaryIO, report: Report, options: AleReadOptions) -> Timelines:
    """Read the clips of one log."""
    path = path_of(file)
    text = decode_text(file.read(), report, options.encoding)
    log = parse_log(text.text, path)
    keyed = [cells_by_key(row, log.keys) for row in log.rows]
    rate = _rate(log, keyed, options.rate, report, path)
    clips = [_logged(number, log, cells, rate, report) for number, cells in enumerate(keyed, 1)]
    rate = _with_marks(rate, clips)
    clips = _end_to_end(clips, rate)
    timeline = otio.schema.Timeline(name=options.name or (path.stem if path else ""))
    start = parse_timecode(options.start, rate, place="option start")
    put_timeline_facts(timeline, TimelineFacts(rate, start, _sample_rate(log), _producer(keyed), "ale"))
    timeline.metadata["ale"] = _layout(log, text.encoding, text.mark)
    _lay(timeline, clips, dict(log.headings), rate)
    put_cues(timeline, clips, report)
    return [timeline]


def _layout(log: AvidLog, encoding: str, mark: bytes) -> dict[str, Any]:
    """Keep what the file looked like; a row only where its cells joined again are not it."""
    after = {str(number): row.after for number, row in enumerate(log.rows, 1) if row.after != log.line_end}
    raw = {str(number): row.raw for number, row in enumerate(log.rows, 1) if log.delimiter != "\t"}
    return {
        "heading": dict(log.headings),
        "columns": list(log.keys),
        "head": log.head,
        "delimiter": log.delimiter,
        "line_end": log.line_end,
        "encoding": encoding,
        "byte_order_mark": bool(mark),
        "after": after,
        "raw": raw,
    }


# ---------------------------------------------------------------------------------------------------------------- rate


def _rate(log: AvidLog, rows: list[dict[str, str]], asked: Rate | None, report: Report, path: object) -> Rate:
    """Settle the rate: the heading's, a row's, the video format's; what was asked for where they leave it open.

    `FPS 24` stands over logs of 23.976 and `30` over 29.97, so a rate that counts alike may be asked for.
    """
    headings = {key.upper(): value.strip() for key, value in log.headings}
    cells = (c.Cells(row).first(c.FPS) for row in rows)
    stated = next((rate for text in (headings.get("FPS", ""), *cells) if (rate := _as_rate(text)) is not None), None)
    if asked is not None:
        if stated is not None and stated.nominal != asked.nominal:
            raise RateError(
                "the log states another rate than the one asked for",
                path=path,
                expected=asked.name,
                found=f"FPS {stated.name}",
                remedy="leave --rate away",
            )
        return asked
    if stated is None and headings.get("VIDEO_FORMAT", "").upper() in VIDEO_RATES:
        stated = as_rate(VIDEO_RATES[headings["VIDEO_FORMAT"].upper()])
        report.note("rate-guessed", rate=stated.name, why=f"its video format is {headings['VIDEO_FORMAT']}")
    if stated is None:
        raise RateError("the log does not say its frame rate", path=path, remedy="give it with --rate")
    return stated


def _as_rate(text: str) -> Rate | None:
    try:
        return as_rate(text) if text else None
    except (PostsyncError, ArithmeticError):
        return None


def _with_marks(rate: Rate, clips: list[LoggedClip]) -> Rate:
    """Give the bin the drop flag that most of its rows show by their marks."""
    flags = Counter(clip.rate.drop for clip in clips if clip.start is not None and clip.rate.fps == rate.fps)
    return rate.with_drop(flags[True] > flags[False]) if flags else rate


def _row_rate(cells: c.Cells, bin_rate: Rate) -> Rate:
    """Give the rate that a row's labels count at: its own, dropped as its marks say."""
    own = _as_rate(cells.first(c.FPS))
    if own is None or own.nominal == bin_rate.nominal:
        own = bin_rate
    labels = [_TIME.fullmatch(cells.first(names)) for names in (c.START, c.END)]
    if any(label is not None and int(label[5]) >= own.nominal for label in labels):
        own = bin_rate
    marks = {label[4] for label in labels if label is not None}
    if own.nominal in (30, 60, 120) and marks:
        return own.with_drop(";" in marks)
    return own


# ---------------------------------------------------------------------------------------------------------------- rows


def _logged(number: int, log: AvidLog, keyed: dict[str, str], bin_rate: Rate, report: Report) -> LoggedClip:
    cells, line = c.Cells(keyed), log.rows[number - 1].line
    rate = _row_rate(cells, bin_rate)
    picture, sound, unknown = tracks_or_picture(cells.first(c.TRACKS))
    where = cells.first(c.NAME) or f"row {number}"
    if unknown:
        report.note("value-unreadable", where=where, source=f"line {line}", name="Tracks", value=cells.first(c.TRACKS))
    start = _frame(cells.first(c.START), "Start", rate, where, line, report)
    end = _frame(cells.first(c.END), "End", rate, where, line, report)
    length = _length(start, end, cells, rate, where, line, report)
    return LoggedClip(number, line, keyed, cells, rate, start, length, picture, sound)


def tracks_or_picture(text: str) -> tuple[bool, tuple[int, ...], str]:
    """Read tracks; a row that names none that we know is picture, as other readers of logs take it."""
    picture, sound, unknown = c.tracks_of(text)
    return picture or not sound, sound, unknown


def _frame(text: str, column: str, rate: Rate, where: str, line: int, report: Report) -> int | None:
    match = _TIME.fullmatch(text) if text else None
    if match is None:
        if text:
            report.note("value-unreadable", where=where, source=f"line {line}", name=column, value=text)
        return None
    hours, minutes, seconds, frames = (int(part or 0) for part in match.group(1, 2, 3, 5))
    label = f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"
    try:
        return parse_timecode(label, rate)
    except FormatError:
        mended = repair_timecode(label, rate)
    if mended is not None:
        now = TimelineFacts(rate, mended).start_timecode
        report.note("timecode-repaired", where=where, source=f"line {line}", was=text, now=now)
    return mended


def _length(
    start: int | None, end: int | None, cells: c.Cells, rate: Rate, where: str, line: int, report: Report
) -> int:
    """Give the frames of a row: from start to end, over midnight where the end is the lesser, else as it states.

    A row without any, such as a title, is one frame long, so that it has a place.
    """
    stated = _frame(cells.first(c.DURATION), "Duration", rate, where, line, Report())
    if stated is None and cells.first(c.FRAMES).isdecimal():
        stated = min(int(cells.first(c.FRAMES)[:9]), rate.frames_per_day)
    if start is None or end is None or start == end:
        if not stated:
            report.note("value-unreadable", where=where, source=f"line {line}", name="Duration", value="none")
        return stated or 1
    length = (end - start) % rate.frames_per_day or rate.frames_per_day
    if end < start and stated != length and length > rate.frames_per_day // 2:
        report.note("value-unreadable", where=where, source=f"line {line}", name="End", value=cells.first(c.END))
        return stated or 1
    if stated is not None and abs(stated - length) > 1:
        report.note(
            "stamp-disagrees", where=where, source=f"line {line}", was=f"duration {stated}", now=f"{length} frames"
        )
    return length


def _end_to_end(clips: list[LoggedClip], rate: Rate) -> list[LoggedClip]:
    """Lay the clips one after another, each on a whole frame of the bin."""
    laid, at = list[LoggedClip](), 0
    for clip in clips:
        laid.append(replace(clip, record_in=seconds_of_frame(at, rate)))
        frames = clip.duration * rate.fps
        at += -(-frames.numerator // frames.denominator)
    return laid


# ---------------------------------------------------------------------------------------------------------------- clips


def _lay(timeline: Any, clips: list[LoggedClip], headings: dict[str, str], rate: Rate) -> None:
    for kind in (otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio):
        video = kind == otio.schema.TrackKind.Video
        laid = [
            Laid(_clip(clip, headings, video), clip.record_in, clip.duration, _seconds(clip))
            for clip in clips
            if (clip.picture if video else clip.sound)
        ]
        if laid:
            timeline.tracks.append(build_track("", kind, laid, [rate.fps]))


def _seconds(clip: LoggedClip) -> Fraction:
    return seconds_of_frame(clip.start or 0, clip.rate)


def _clip(logged: LoggedClip, headings: dict[str, str], video: bool) -> Any:
    """Make the picture of a row, or its sound; the first of the two carries the row's cells."""
    clip = otio.schema.Clip(name=logged.name, media_reference=_media(logged, headings, video))
    cells = logged.cells
    facts = ClipFacts(
        channels=None if video else logged.sound,
        note=cells.first(c.NOTE) or None,
        link_group=f"row {logged.row}" if logged.picture and logged.sound else None,
        origin=f"line {logged.line}",
        extra={
            "scene": cells.first(c.SCENE) or None,
            "take": cells.first(c.TAKE) or None,
            "circled": cells.yes(c.CIRCLED),
        },
    )
    put_clip_facts(clip, facts)
    whole = video or not logged.picture
    clip.metadata["ale"] = {"row": logged.row, **({"columns": logged.keyed} if whole else {})}
    return clip


def _media(logged: LoggedClip, headings: dict[str, str], video: bool) -> Any:
    cells = logged.cells
    span = to_time_range(_seconds(logged), logged.duration, logged.rate.fps)
    path = _media_path(cells)
    media: Any = (
        otio.schema.ExternalReference(target_url=url_from_path(path), available_range=span)
        if path
        else otio.schema.MissingReference(available_range=span)
    )
    roll = cells.first(c.TAPE if logged.picture else c.SOUND_ROLL) or headings.get("TAPE", "").strip()
    bits = cells.first(c.BITS)
    facts = MediaFacts(
        name=cells.first(c.SOURCE_FILE if logged.picture else c.SOUND_FILE) or logged.name,
        channels=max(logged.sound) if logged.sound else None,
        sample_rate=_hertz(cells.first(c.SAMPLE_RATE)) or _hertz(headings.get("AUDIO_FORMAT", "")),
        bits=int(bits) if re.fullmatch(r"\d{1,2}", bits) else None,
        rate=logged.rate.text,
        drop_frame=logged.rate.drop,
        tape=roll or None,
        uid=cells.first(c.UID) or None,
        kind="picture" if video else "sound",
        has_picture=logged.picture,
    )
    put_media_facts(media, facts)
    return media


def _media_path(cells: c.Cells) -> str:
    """Give where the file lies, where the row says so by a whole path."""
    folder, name = cells.first(c.SOURCE_FOLDER), cells.first(c.SOURCE_FILE)
    whole = cells.first(c.SOURCE_PATH)
    if not whole and folder and name:
        slash = "\\" if "\\" in folder and "/" not in folder else "/"
        whole = folder if folder.endswith(name) else folder.rstrip("\\/") + slash + name
    return whole if re.match(r"(?:/|\\\\|[A-Za-z]:[\\/]|file:)", whole) else ""


def _hertz(text: str) -> int | None:
    """Read `48khz`, `48000`, `48 kHz`; `44khz` is 44100."""
    match = _KILOHERTZ.match(text)
    if match is not None:
        rate = int(Fraction(match[1]) * 1000)
        return {44000: 44100, 22000: 22050, 88000: 88200}.get(rate, rate)
    return int(text) if re.fullmatch(r"\d{4,6}", text) else None


def _sample_rate(log: AvidLog) -> int | None:
    return _hertz(dict(log.headings).get("AUDIO_FORMAT", "").strip())


def _producer(rows: list[dict[str, str]]) -> str | None:
    makers = {c.Cells(row).first(("Manufacturer",)) for row in rows} & {"DaVinci Resolve"}
    return makers.pop() if makers else None
