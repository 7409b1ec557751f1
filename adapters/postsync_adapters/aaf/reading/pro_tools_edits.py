"""Pro Tools' rendered edits taken back: one-frame files for cuts between frames, and files of rendered fades.

Exported for Media Composer ("Enforce Media Composer compatibility"), a session has edits on frames only. What begins or ends
between two frames is rendered into a file of one frame, and fades into files of their own. Their names are in the language
of the application; their shape is not. A one-frame edit plays a file of one frame and a sample. A rendered fade plays its file
but for the frames that one-frame edits beside it replace, and the file begins on its tape where it lies on the timeline, or
at least, where a session changed its sample rate, with the edit before it. Each such file is used once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from postsync.report import Report
from postsync.wording import counted
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.chains import Nested, Source
from postsync_adapters.aaf.reading.layers import Crossing, Layer, Piece, Units, start_of

ProToolsEdits = Literal["keep", "join", "fades"]

_FASTEST_FRAMES = 121
"""Edit rates above it are sample rates, at which nothing needs rendering."""

_ONE_SAMPLE = Fraction(1, 200)
"""More than the one sample, in frames, that Pro Tools writes behind the end of every file."""

Follow = Callable[[AafObject], "Source | Nested"]


@dataclass(frozen=True)
class _Media:
    """What decides of one piece, in edit units of its slot.

    `tape` is where its file lies on its tape, `length` how long the file is in whole units and `sound` exactly, `start` and
    `end` what of it the clip may play.
    """

    tape: Fraction
    length: Fraction
    start: Units
    end: Fraction
    sound: Fraction


class Edits:
    """Takes back the rendered edits of one sound slot."""

    def __init__(self, layer: Layer, follow: Follow, uses: Counter[object], report: Report, where: str) -> None:
        self.layer, self.uses, self.report, self.where = layer, uses, report, where
        self.follow = follow
        self.pieces = sorted(layer.pieces, key=lambda piece: piece.start)
        self.media = [self._media(piece) for piece in self.pieces]
        self.edits = [self._is_edit(index) for index in range(len(self.pieces))]
        self.gone: set[int] = set()
        self.fades = [self._is_fade(index) for index in range(len(self.pieces))]

    def recover(self, how: ProToolsEdits) -> None:
        """Take rendered fades (for `fades`) and one-frame edits back into the clips beside them."""
        if how == "keep" or not any(self.edits):
            return
        if how == "fades":
            for index in range(len(self.pieces)):
                if self.fades[index]:
                    self._take_back_fade(index)
        for index in range(len(self.pieces)):
            if self.edits[index] and index not in self.gone:
                self._join(index)
        self.layer.pieces[:] = [piece for index, piece in enumerate(self.pieces) if index not in self.gone]

    # ------------------------------------------------------------------------------------------------------ the shape

    def _media(self, piece: Piece) -> _Media | None:
        """Give what is known of the media of a piece; None where its channels disagree or nothing is known."""
        if piece.layers or not piece.clips or piece.inner_rate is not None:
            return None
        found = {self._media_of(clip) for clip in piece.clips}
        return found.pop() if len(found) == 1 else None

    def _media_of(self, clip: AafObject) -> _Media | None:
        source = self.follow(clip)
        if isinstance(source, Nested) or source.tape_start is None or source.length is None or source.file is None:
            return None
        rate, start = self.layer.rate, start_of(clip)
        lead = source.lead * rate
        # Pro Tools writes one sample more than a file needs; a frame is what counts here.
        sound = (source.file.duration or source.length) * rate
        length = Fraction(int(min(source.length * rate, sound) + Fraction(1, 50)))
        return _Media(source.tape_start * rate - lead, length, start, length - lead, sound)

    def _is_alone(self, piece: Piece) -> bool:
        return all(self.uses[_file_of(self.follow(clip))] == 1 for clip in piece.clips)

    def _is_edit(self, index: int) -> bool:
        """Whether a piece is one rendered frame: at its own place, or with a file of just one frame and a sample."""
        piece, media = self.pieces[index], self.media[index]
        return (
            media is not None
            and piece.length == 1
            and media.start == 0
            and media.length == 1
            and (media.tape == piece.start or 1 <= media.sound < 1 + _ONE_SAMPLE)
            and self._is_alone(piece)
        )

    def _is_fade(self, index: int) -> bool:
        """Whether a piece is a rendered fade: at its own place, whole but for the frames that edits beside it replace."""
        piece, media = self.pieces[index], self.media[index]
        if media is None or self.edits[index]:
            return False
        before, after = self._edit_before(index), self._edit_after(index)
        head, tail = before is not None, after is not None
        with_edit = None if before is None else self.media[before]
        if media.tape != piece.start - media.start and (with_edit is None or with_edit.tape != media.tape):
            return False
        whole = media.start == int(head) and media.length == media.start + piece.length + int(tail)
        return (head or tail) and whole and self._is_alone(piece)

    # ------------------------------------------------------------------------------------------------------ neighbours

    def _before(self, index: int) -> int | None:
        """Give the piece that touches one from the left."""
        return index - 1 if index > 0 and self.pieces[index - 1].end == self.pieces[index].start else None

    def _after(self, index: int) -> int | None:
        following = index + 1
        touches = following < len(self.pieces) and self.pieces[following].start == self.pieces[index].end
        return following if touches else None

    def _real(self, index: int | None) -> int | None:
        """Give a neighbour that is a clip; edits and what is gone are none."""
        return None if index is None or self.edits[index] or index in self.gone else index

    def _edit_before(self, index: int) -> int | None:
        before = self._before(index)
        return before if before is not None and self.edits[before] and before not in self.gone else None

    def _edit_after(self, index: int) -> int | None:
        after = self._after(index)
        return after if after is not None and self.edits[after] and after not in self.gone else None

    def _has_head(self, index: int, wanted: Units) -> bool:
        """Whether the media of a piece reach far enough before it."""
        media = self.media[index]
        return media is not None and not self.edits[index] and media.start + self.pieces[index].shift >= wanted

    def _has_tail(self, index: int, wanted: Units) -> bool:
        piece, media = self.pieces[index], self.media[index]
        if media is None or self.edits[index]:
            return False
        return media.start + piece.shift + piece.length + wanted <= media.end

    # ---------------------------------------------------------------------------------------------------- taking back

    def _take_back_fade(self, index: int) -> None:
        """Replace a rendered fade, with the edits beside it, by a fade of the clips on either side."""
        first, last = self._edit_before(index), self._edit_after(index)
        left = self._real(self._before(index if first is None else first))
        right = self._real(self._after(index if last is None else last))
        lead = 0 if first is None else 1
        length = self.pieces[index].length + (0 if last is None else 1)
        total = length + lead
        if left is None and right is not None and self._has_head(right, total):
            self._fade_in(right, total)
        elif right is None and left is not None and self._has_tail(left, total):
            self._fade_out(left, lead, length)
        elif left is not None and right is not None and self._has_tail(left, total) and self._has_head(right, length):
            self._cross(left, right, lead, length, index)
        else:
            self.report.note("fade-kept-rendered", where=self._where(index), source=self.pieces[index].origin)
            return
        self.gone.update(one for one in (first, index, last) if one is not None)
        frames = counted(length if left is not None else total, "frame")
        self.report.note("fade-recovered", where=self._where(index), source=self.pieces[index].origin, length=frames)

    def _fade_in(self, index: int, total: Units) -> None:
        self._extend_left(index, total)
        self.pieces[index].fade_in = (total, "linear")

    def _fade_out(self, index: int, lead: int, length: Units) -> None:
        self.pieces[index].length += lead + length
        self.pieces[index].fade_out = (length, "linear")

    def _cross(self, left: int, right: int, lead: int, length: Units, index: int) -> None:
        """Let both clips run through the fade and cross there; the cut is put into its middle."""
        self.pieces[left].length += lead + length
        self._extend_left(right, length)
        before, after = self.pieces[left], self.pieces[right]
        crossing = Crossing(after.start, length, length // 2, None, self.pieces[index].origin, before, after)
        self.layer.crossings.append(crossing)

    def _extend_left(self, index: int, wanted: Units) -> None:
        piece = self.pieces[index]
        piece.start -= wanted
        piece.shift -= wanted
        piece.length += wanted

    def _join(self, index: int) -> None:
        """Give a one-frame edit back to the clip whose media reach over it: a real clip before a rendered one."""
        sides = [(self._touching(index, left=True), True), (self._touching(index, left=False), False)]
        for side, left in sorted(sides, key=lambda one: one[0] is not None and self.fades[one[0]]):
            if side is None or not (self._has_tail(side, 1) if left else self._has_head(side, 1)):
                continue
            if left:
                self.pieces[side].length += 1
            else:
                self._extend_left(side, 1)
            self.gone.add(index)
            self.report.note("edit-joined", where=self._where(index), source=self.pieces[index].origin)
            return
        self.report.note("edit-kept-rendered", where=self._where(index), source=self.pieces[index].origin)

    def _touching(self, index: int, *, left: bool) -> int | None:
        """Give the piece that lies at one side of another now, edits that are gone passed over."""
        here = self.pieces[index]
        found = (
            other
            for other in ((index - 1, index - 2, index - 3) if left else (index + 1, index + 2, index + 3))
            if 0 <= other < len(self.pieces) and other not in self.gone
        )
        side = next(found, None)
        if side is None:
            return None
        meets = self.pieces[side].end == here.start if left else self.pieces[side].start == here.end
        return side if meets else None

    def _where(self, index: int) -> str:
        return f"{self.where} / frame {self.pieces[index].start}"


def _file_of(source: Source | Nested) -> object:
    return None if isinstance(source, Nested) else (source.file_id or source.master_id)


def count_uses(layers: Sequence[Layer], follow: Follow) -> Counter[object]:
    """Count how often each media file is played in these layers."""
    uses: Counter[object] = Counter()
    for layer in layers:
        for piece in layer.pieces:
            uses.update(_file_of(follow(clip)) for clip in piece.clips)
    return uses


def may_be_rendered(layer: Layer) -> bool:
    """Whether a layer has edits on frames, so that Pro Tools can have rendered some."""
    return layer.rate < _FASTEST_FRAMES and any(piece.length == 1 for piece in layer.pieces)
