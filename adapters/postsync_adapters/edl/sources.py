"""What an event plays: where in its source, how fast, how much of it, and which file or tape that is.

An 8-character reel alone is no identity: sources are kept apart by reel and file, and by clip name where there is no reel.
What is known of a source's extent is what the list uses of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from postsync.report import Report
from postsync.sound import path_from_url
from postsync_adapters.edl.clock import Labels
from postsync_adapters.edl.edits import Edit, Grouped
from postsync_adapters.edl.laying import Piece
from postsync_adapters.edl.lists import Event
from postsync_adapters.edl.notes import Speed, replaced_reel, source_ids, speed_of
from postsync_adapters.edl.tables import NO_REELS

Key = tuple[str, str, str]
NO_FILE = ("(NULL)", "")


@dataclass(slots=True)
class Playing:
    """What one piece plays, in frames: `first` is the lowest frame used, `speed` negative backwards and 0 for a freeze.

    `file` is what the list calls the source, `key` tells sources apart, `drop` is the counting of its timecode.
    """

    first: int
    used: int
    speed: Fraction
    file: str
    key: Key
    drop: bool


class Sources:
    """Measures the pieces of one list, and remembers how much of each source they use."""

    def __init__(self, labels: Labels, groups: Grouped, report: Report) -> None:
        self.report, self._labels, self._rate = report, labels, labels.rate
        droppable = self._rate.can_drop
        self._by_mode = {
            drop: labels if drop == self._rate.drop else Labels(self._rate.with_drop(drop))
            for drop in (False, *([True] if droppable else []))
        }
        self._ids = source_ids(groups.tail)
        self._extents: dict[Key, tuple[int, int]] = {}

    def playing(self, piece: Piece) -> Playing:
        """Measure one piece, and note where its line contradicts itself."""
        event, edit = piece.event, piece.edit
        drop = self.drop_of(event, edit)
        labels = self._by_mode[drop]
        length = piece.end - piece.start
        entry = self._frame(event.source_in, labels, event, "source in")
        speed = self.speed(event, edit)
        used = length if speed == 1 else -(-length * abs(speed.numerator) // speed.denominator) or (1 if length else 0)
        self._compare(event, labels, entry, length + piece.late, speed)
        first = entry + (piece.late * speed.numerator // speed.denominator if piece.late else 0)
        if speed < 0:
            first = first - used + 1 if first - used + 1 >= 0 else entry
        file = self.file_of(event, edit)
        key = _key(event.reel, file, piece.name)
        self._extend(key, first, first + used)
        return Playing(first, used, speed, file, key, drop)

    def outgoing(self, piece: Piece) -> Playing:
        """Measure the outgoing side of a transition where it is no clip of its own yet."""
        side = piece.outgoing
        assert side is not None
        drop = self.drop_of(side, piece.edit)
        first = self._frame(side.source_in, self._by_mode[drop], side, "source in")
        file = self.file_of(side, piece.edit)
        key = _key(side.reel, file, piece.outgoing_name)
        self._extend(key, first, first + piece.mixed)
        return Playing(first, 0, self.speed(side, piece.edit), file, key, drop)

    def reach(self, before: Playing, mixed: int) -> None:
        """Count in what a transition uses of its outgoing source beyond the out."""
        more = -(-mixed * abs(before.speed.numerator) // before.speed.denominator)
        if before.speed >= 0:
            self._extend(before.key, before.first, before.first + before.used + more)
        else:
            self._extend(before.key, max(before.first - more, 0), before.first + before.used)

    def extent(self, key: Key) -> tuple[int, int]:
        """Give the first frame of a source that the list uses, and the first that it uses no more."""
        return self._extents[key]

    def drop_of(self, event: Event, edit: Edit) -> bool:
        """Say how a side of an edit counts its source: by the marks of the label, else by the FCM line before it."""
        mode = edit.first_mode if event is edit.first else edit.mode
        if ";" in event.source_in:
            mode = True
        drop = self._rate.drop if mode is None else mode
        return drop and True in self._by_mode

    def speed(self, event: Event, edit: Edit) -> Fraction:
        """Give the speed by the M2 line of a side of an edit; 1 where there is none."""
        if not edit.notes:
            return Fraction(1)
        found = [speed for note in edit.notes if note[1] == "speed" and (speed := speed_of(note)) is not None]
        if not found:
            return Fraction(1)
        other = edit.first if event is edit.main else edit.main
        mine = found[0] if other is None else _of_side(found, event, other)
        return Fraction(1) if mine is None else mine.fps / self._rate.nominal

    def file_of(self, event: Event, edit: Edit) -> str:
        """Give the file that a list names for a side of an edit.

        On a transition there is one line for two sources: it belongs to the side whose reel it begins with.
        """
        file = edit.value("source_file")
        path = edit.value("from_file" if edit.first is None or event is edit.first else "to_file")
        if file in NO_FILE or (path and base_name(path) == file):
            return path
        if edit.first is None:
            return file
        sides = (event, edit.first if event is edit.main else edit.main)
        mine, other = (_reads_as(side.reel, file) for side in sides)
        return path if other and not mine else file

    def umid(self, reel: str, file: str) -> str | None:
        """Give the id that Avid's table of sources has for a reel, unless the table means another file of that reel."""
        found = self._ids.get(reel)
        return found[0] if found is not None and found[1] in ("", file) else None

    def tape(self, event: Event, edit: Edit) -> str | None:
        """Give the reel by its own name: Final Cut says what it replaced. None where there is no reel."""
        for note in edit.notes:
            if note[1] == "fcp_reel":
                replaced = replaced_reel(note)
                if replaced is not None and replaced[1].upper() == event.reel.upper():
                    return replaced[0]
        return None if event.reel.upper() in NO_REELS else event.reel

    # ----------------------------------------------------------------------------------------------------------- parts

    def _extend(self, key: Key, first: int, last: int) -> None:
        low, high = self._extents.get(key, (first, last))
        self._extents[key] = (min(low, first), max(high, last))

    def _frame(self, text: str, labels: Labels, event: Event, name: str) -> int:
        """Read a source time: a label, or a frame number as Hiero writes it; 0 where it is neither."""
        if text.isdecimal():
            return int(text)
        try:
            frame = labels[text]
        except KeyError:
            self.report.note(
                "value-unreadable", where=f"event {event.number}", source=f"line {event.line}", name=name, value=text
            )
            return 0
        if not labels.exists(text):
            now = labels.text(frame)
            self.report.note(
                "timecode-repaired", where=f"event {event.number}", source=f"line {event.line}", was=text, now=now
            )
        return frame

    def _compare(self, event: Event, labels: Labels, entry: int, length: int, speed: Fraction) -> None:
        """Say so where source and record lengths disagree beyond what the speed explains."""
        text = event.source_out
        try:
            source = (int(text) if text.isdecimal() else labels[text]) - entry
        except KeyError:
            self.report.note(
                "value-unreadable",
                where=f"event {event.number}",
                source=f"line {event.line}",
                name="source out",
                value=text,
            )
            return
        if source < 0 and not text.isdecimal():
            source += self._rate.frames_per_day
        if source == length:
            return
        if speed != 1 and abs(source - length * abs(speed)) <= 1 + Fraction(length, 20 * self._rate.nominal):
            return
        if speed == 0 and source <= 1:
            return
        where, line = f"event {event.number}", f"line {event.line}"
        self.report.note("lengths-disagree", where=where, time=event.record_in, source=line, was=source, now=length)


def base_name(file: str) -> str:
    """Give the name of a file by its path, of whatever system."""
    return path_from_url(file).rstrip("/").rsplit("/", 1)[-1] if "/" in file or "\\" in file else file


def _key(reel: str, file: str, name: str) -> Key:
    """Tell sources apart: by reel and file, a clip's name standing for a file that is not named, and for a reel."""
    upper = reel.upper()
    return (upper, file or name, name if upper in NO_REELS else "")


def _of_side(found: list[Speed], event: Event, other: Event) -> Speed | None:
    """Give the M2 line of a side: that of its reel, and of its source in where both sides are one reel."""
    mine = [speed for speed in found if same_reel(speed.reel, event.reel)]
    rest = [speed for speed in mine if speed.entry != other.source_in or not same_reel(speed.reel, other.reel)]
    return next((speed for speed in mine if speed.entry == event.source_in), rest[0] if rest else None)


def same_reel(one: str, other: str) -> bool:
    """Whether two reels are one, where programs cut them to different widths."""
    first, second = one.upper(), other.upper()
    return first == second or (
        min(len(first), len(second)) >= 8 and (first.startswith(second) or second.startswith(first))
    )


def _reads_as(reel: str, file: str) -> bool:
    """Whether a reel is a file's name as Media Composer cuts it."""
    return bool(reel) and file.upper().replace(" ", "_").startswith(reel.upper())
