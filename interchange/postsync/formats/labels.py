"""What bare labels say of the clock they were taken from, for lists of markers that state neither rate nor start."""

from __future__ import annotations

import re
from collections.abc import Sequence

from postsync.errors import FormatError
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate, as_rate, parse_timecode, repair_timecode
from postsync.wording import counted

RATES_BY_COUNT: dict[bool, dict[int, str]] = {
    False: {24: "24", 25: "25", 30: "29.97", 48: "48", 50: "50", 60: "59.94", 100: "100", 120: "119.88"},
    True: {30: "29.97 DF", 60: "59.94 DF", 120: "119.88 DF"},
}
"""What a count of frames a second stands for where a file says no more, by drop frame."""


_LABEL = re.compile(r"(\d{1,3})[:;.](\d\d)[:;.](\d\d)([:;.,])(\d{2,3})")


def rate_of_labels(
    labels: Sequence[str], where: str, report: Report, *, drop: bool = False, ends: Sequence[str] = ()
) -> Rate:
    """Guess the rate: drop where that is stated or the labels are marked so, counting as far as frame numbers need.

    `ends` are the labels one frame after each: one that turns to :00 tells the count, and 25 then means nothing else.

    >>> rate_of_labels(["01:00:00:00", "01:00:04:24"], "R1", report).text
    '25/1'
    """
    counts = RATES_BY_COUNT[drop or (bool(labels) and all(";" in label for label in labels))]
    highest = max((_frames(label) for label in labels), default=0)
    pairs = zip(labels, ends, strict=False)
    turned = {_frames(label) + 1 for label, end in pairs if _is_label(end) and _frames(end) == 0} & set(counts)
    count = max(turned) if turned else next((count for count in counts if count > highest), max(counts))
    rate = as_rate(counts[count])
    if count != 25 or not turned:
        why = f"its labels count {count} frames a second" if turned else f"its highest frame number is {highest}"
        report.note("rate-guessed", where=where, rate=rate.name, why=why)
    return rate


def _is_label(text: str) -> bool:
    return _LABEL.fullmatch(text.strip()) is not None


def _frames(label: str) -> int:
    match = _LABEL.fullmatch(label.strip())
    return int(match[5]) if match is not None else 0


def _usual(label: str) -> str:
    """Give a label with colons before its last mark; some write `01;00;00;00`."""
    text = label.strip()
    return text if text[2:3] == text[5:6] == ":" else _LABEL.sub(r"\1:\2:\3\4\5", text)


def frame_of_label(label: str, rate: Rate, source: str, report: Report) -> int | None:
    """Give the frame of a label, mended where the rate has no such label; None, and a note, where it is none at all.

    >>> rate = timing.as_rate("29.97 DF")
    >>> frame_of_label("01:01:00;00", rate, "line 3", report)
    109692
    >>> report.losses[-1].code
    'timecode-repaired'
    """
    usual = _usual(label)
    try:
        return parse_timecode(usual, rate)
    except FormatError:
        frame = repair_timecode(usual, rate)
    if frame is None:
        report.note("line-ignored", source=source, text=label)
        return None
    now = TimelineFacts(rate, frame).start_timecode
    report.note("timecode-repaired", source=source, time=now, was=label, now=now)
    return frame


def marker_lengths(places: Sequence[tuple[int, int]], rate: Rate, where: str, report: Report) -> list[int]:
    """Give the length in frames of each marker of a list, from its frame and what stands behind `|D:`.

    Some programs write the frame at which a marker ends instead: then every one is beyond its marker's own frame, which for
    lengths would be markers longer than all the programme before them.

    >>> marker_lengths([(100, 24), (200, 1)], timing.as_rate(24), "R1", report)
    [24, 1]
    """
    ranges = [(frame, length) for frame, length in places if length > 1]
    ends = bool(ranges) and all(length > frame >= 60 * rate.nominal for frame, length in ranges)
    if ends:
        was, now = f"|D:{ranges[0][1]}", counted(ranges[0][1] - ranges[0][0], "frame")
        report.note("timecode-repaired", where=where, was=was, now=now)
    return [length - frame if ends and length > 1 else length for frame, length in places]


def start_of_frames(asked: str | None, frames: Sequence[int], rate: Rate, where: str, report: Report) -> int:
    """Give the frame that the timeline starts with: as told, else the hour of the first frame.

    >>> start_of_frames(None, [90250, 91000], timing.as_rate(25), "R1", report)
    90000
    """
    if asked is not None:
        return parse_timecode(asked, rate, place="option start")
    label = TimelineFacts(rate, min(frames, default=0)).start_timecode
    start = f"{label[:2]}:00:00:00"
    report.note("start-guessed", where=where, start=start, why="the hour of the first marker; the file states none")
    return parse_timecode(start, rate)
