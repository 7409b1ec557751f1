"""Laying takes on tracks of the open timeline, and seeing that they lie there.

Resolve drops a clip that does not fit without a word, and what `AppendToTimeline` answers says nothing: after each clip the
track is listed again. A clip cannot be moved: the new one is laid and seen first, then the old one is deleted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Tuple

from postsync_resolve.asking import Stop, ask, can, done, known_rate, text, whole
from postsync_resolve.clock import Clock
from postsync_resolve.instructions import WantedClip
from postsync_resolve.media_bin import imported, place_of, same_media

if TYPE_CHECKING:
    from postsync_resolve.api import MediaPoolApi, MediaPoolItemApi, ProjectApi, TimelineApi, TimelineItemApi

SUB_TYPES = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
AUDIO_ONLY = 2
MOST_LAYERS = 20


@dataclass
class ClipRow:
    """What became of one take. `off_by` is how much later than it should the sound lies, in seconds."""

    wanted: WantedClip
    result: str
    why: str = ""
    track: str = ""
    off_by: Fraction = Fraction(0)

    def to_json(self) -> Dict[str, Any]:
        """Give the row as the job's record has it."""
        return {
            "id": self.wanted.id, "name": self.wanted.name, "track": self.track or self.wanted.track,
            "frame": self.wanted.record_frame, "result": self.result, "off_by": str(self.off_by), "why": self.why,
        }  # fmt: skip


@dataclass
class Placing:
    """What was done: a row for each take, ids of the items laid, names of the tracks made, and the clips that had to go."""

    rows: List[ClipRow] = field(default_factory=list)
    items: List[str] = field(default_factory=list)
    tracks: List[str] = field(default_factory=list)
    removed: List[Dict[str, Any]] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every take lies where it shall."""
        return all(row.result in ("placed", "moved", "there already") for row in self.rows)


@dataclass(frozen=True)
class _Cut:
    """A take in whole frames: of the media from its first frame, of the timeline absolute."""

    start: int
    end: int
    record: int
    length: int
    off_by: Fraction


class Stage:
    """The open timeline with its pool, for one job. Wants the Edit page, where clips can be deleted."""

    def __init__(self, project: ProjectApi, timeline: TimelineApi, clock: Clock) -> None:
        self.timeline = timeline
        self.clock = clock
        pool = ask(lambda: project.GetMediaPool(), [])
        if not pool:
            raise Stop("Resolve gave no media pool: close any dialog that is open and run the job again.")
        self.pool: MediaPoolApi = pool
        self.made = Placing()
        self.media: Dict[str, MediaPoolItemApi] = {}

    def place(self, clips: Sequence[WantedClip], bin_name: str) -> Placing:
        """Lay every take; one that fails takes nothing else with it."""
        spans = [(clip.file_path, self._absolute_span(clip)) for clip in clips]
        self.media = imported(self.pool, [clip for clip in clips if os.path.isfile(clip.file_path)], bin_name)
        for clip in sorted(clips, key=lambda one: (one.record_frame, one.track)):
            others = [span for path, span in spans if path == clip.file_path and span != self._absolute_span(clip)]
            self.made.rows.append(self._place(clip, others))
        return self.made

    def _absolute_span(self, clip: WantedClip) -> Tuple[int, int]:
        record = self.clock.absolute(clip.record_frame)
        return record, record + clip.duration

    # ------------------------------------------------------------------------------------------------ one take

    def _place(self, clip: WantedClip, others: Sequence[Tuple[int, int]]) -> ClipRow:
        """Lay a take, unless it lies there; `others` are places where the same file is wanted too."""
        media = self.media.get(place_of(clip.file_path))
        if media is None:
            there = os.path.isfile(clip.file_path)
            why = "Resolve did not import %s" if there else "the file %s is not there"
            return ClipRow(clip, "refused", why % clip.file_path)
        if not self.clock.holds(clip.record_frame):
            return ClipRow(clip, "refused", "%s lies outside the timeline" % self.clock.label(clip.record_frame))
        cut = self._cut(clip, media)
        old = [(name, item) for name, item in self._items_of(clip, media) if _span(item) not in others]
        for name, item in old:
            if _span(item) == (cut.record, cut.record + cut.length) and _left(item) == self._left_wanted(cut, media):
                return ClipRow(clip, "there already", track=name, off_by=cut.off_by)
        return self._move(clip, media, cut, old) if old else self._lay(clip, media, cut)

    def _move(
        self, clip: WantedClip, media: MediaPoolItemApi, cut: _Cut, old: Sequence[Tuple[str, TimelineItemApi]]
    ) -> ClipRow:
        """Lay the take at its new place and delete the old clip, first only where it is in the way."""
        items = [item for _, item in old]
        gone = [self._as_wanted(name, item, clip) for name, item in old]
        first = not all(_clear(_span(item), cut) for item in items)
        if first and not self._take_away(items):
            return ClipRow(clip, "failed", "its old clip could not be deleted and stays")
        row = self._lay(clip, media, cut)
        if row.result != "placed":
            for facts in gone if first else ():
                again = _wanted(facts)
                self._lay(again, media, self._cut(again, media))
            return row
        row.result = "moved"
        if first or self._take_away(items):
            self.made.removed += gone
        else:
            row.why = "; ".join(filter(None, [row.why, "its old clip could not be deleted and lies there too"]))
        return row

    def _as_wanted(self, name: str, item: TimelineItemApi, clip: WantedClip) -> Dict[str, Any]:
        """Give an item as instructions would ask for it, so that it can be laid again."""
        start, end = _span(item)
        return {
            "id": clip.id, "cue": clip.cue, "name": clip.name, "track": name, "channels": clip.channels,
            "file_path": clip.file_path, "record_frame": self.clock.relative(start), "record_rest": "0/1",
            "duration": end - start, "source_in": str(Fraction(_left(item) or 0) / self.clock.fps),
            "enabled": ask(lambda: item.GetClipEnabled(), []) is not False,
            "color": text(ask(lambda: item.GetClipColor(), [])) or None,
        }  # fmt: skip

    def _cut(self, clip: WantedClip, media: MediaPoolItemApi) -> _Cut:
        """Count the take in frames of the media, whose rate Resolve lent a sound file when it was imported."""
        given = ask(lambda: media.GetClipProperty("FPS"), [])
        words = (known_rate(given) or "").split()
        fps = Clock(words[0], False, 0, 0).fps if words else self.clock.fps
        begin = clip.source_in - clip.record_rest  # the clip begins where its first frame does
        start = max(0, _nearest(begin * fps))
        length = max(1, _nearest(Fraction(clip.duration) / self.clock.fps * fps))
        off_by = begin - Fraction(start) / fps
        return _Cut(start, start + length, self.clock.absolute(clip.record_frame), clip.duration, off_by)

    def _left_wanted(self, cut: _Cut, media: MediaPoolItemApi) -> int:
        words = (known_rate(ask(lambda: media.GetClipProperty("FPS"), [])) or "").split()
        fps = Clock(words[0], False, 0, 0).fps if words else self.clock.fps
        return _nearest(Fraction(cut.start) / fps * self.clock.fps)

    def _items_of(self, clip: WantedClip, media: MediaPoolItemApi) -> List[Tuple[str, TimelineItemApi]]:
        """Give the items of the take's file on the tracks that are, or continue, the take's own."""
        found = []
        for index, name in self._tracks():
            if _belongs(name, clip.track):
                for item in self._items(index):
                    playing = ask(lambda item=item: item.GetMediaPoolItem(), [])
                    if playing and same_media(playing, media):
                        found.append((name, item))
        return found

    def _lay(self, clip: WantedClip, media: MediaPoolItemApi, cut: _Cut) -> ClipRow:
        index, name, why = self._free_track(clip, cut)
        if index is None:
            return ClipRow(clip, "refused", why)
        info = {
            "mediaPoolItem": media, "startFrame": cut.start, "endFrame": cut.end, "mediaType": AUDIO_ONLY,
            "trackIndex": index, "recordFrame": cut.record,
        }  # fmt: skip
        before = {_id(item) for item in self._items(index)}
        ask(lambda: self.pool.AppendToTimeline([info]), [])
        laid = [item for item in self._items(index) if _id(item) not in before]
        item = next((one for one in laid if _span(one)[0] == cut.record), None)
        if item is None:
            self._take_away(laid)
            return ClipRow(clip, "failed", "Resolve dropped it; close any dialog and run the job again", name)
        length = _span(item)[1] - cut.record
        if length not in (cut.length, cut.length - 1):  # media of another rate comes out a frame short
            self._take_away(laid)
            return ClipRow(clip, "failed", "Resolve laid %d frames instead of %d" % (length, cut.length), name)
        self.made.items.append(_id(item))
        return ClipRow(clip, "placed", "; ".join(_dress(item, clip)), name, cut.off_by)

    def _take_away(self, items: Sequence[TimelineItemApi]) -> bool:
        return not items or done(lambda: self.timeline.DeleteClips(list(items), False))

    # ------------------------------------------------------------------------------------------------ tracks

    def _tracks(self) -> List[Tuple[int, str]]:
        count = whole(ask(lambda: self.timeline.GetTrackCount("audio"), [])) or 0
        return [
            (index, text(ask(lambda index=index: self.timeline.GetTrackName("audio", index), [])))
            for index in range(1, count + 1)
        ]

    def _items(self, index: int) -> List[TimelineItemApi]:
        return [one for one in ask(lambda: self.timeline.GetItemListInTrack("audio", index), []) or [] if one]

    def _free_track(self, clip: WantedClip, cut: _Cut) -> Tuple[Optional[int], str, str]:
        """Find the take's track, or its next layer where the place is taken; make it where it is missing."""
        for layer in range(1, MOST_LAYERS + 1):
            name = clip.track if layer == 1 else "%s (%d)" % (clip.track, layer)
            index = next((index for index, found in self._tracks() if found == name), None)
            if index is None:
                index = self._new_track(name, clip.channels)
                if index is None:
                    return None, name, "Resolve made no track %r" % name
                return index, name, ""
            if ask(lambda index=index: self.timeline.GetIsTrackLocked("audio", index), []) is True:
                return None, name, "the track %r is locked: unlock it and run the job again" % name
            if all(_clear(_span(item), cut) for item in self._items(index)):
                return index, name, ""
        return None, clip.track, "the place is taken on %d tracks" % MOST_LAYERS

    def _new_track(self, name: str, channels: int) -> Optional[int]:
        kind = SUB_TYPES.get(channels, "adaptive%d" % channels)
        count = len(self._tracks())
        ask(lambda: self.timeline.AddTrack("audio", kind), [])
        if len(self._tracks()) != count + 1:
            return None
        ask(lambda: self.timeline.SetTrackName("audio", count + 1, name), [])
        self.made.tracks.append(name)
        return count + 1

    # ------------------------------------------------------------------------------------------------ taking back

    def undo(self, items: Sequence[str], tracks: Sequence[str]) -> List[str]:
        """Delete items and then the tracks of these names that are empty; give what could not be done."""
        left = []
        for index, _ in self._tracks():
            gone = [item for item in self._items(index) if _id(item) in items]
            if not self._take_away(gone):
                left += ["%r could not be deleted" % text(ask(lambda one=one: one.GetName(), [])) for one in gone]
        for index, name in reversed(self._tracks()):
            if name in tracks and self._items(index):
                left.append("the track %r is not empty and stays" % name)
            elif name in tracks and not done(lambda index=index: self.timeline.DeleteTrack("audio", index)):
                left.append("the track %r could not be deleted" % name)
        return left


def _wanted(facts: Dict[str, Any]) -> WantedClip:
    exact = {name: Fraction(facts[name]) for name in ("record_rest", "source_in")}
    return WantedClip(**dict(facts, **exact))


def _dress(item: TimelineItemApi, clip: WantedClip) -> List[str]:
    """Give a clip its state, level, fades and colour; say what this build cannot."""
    left = []
    if not clip.enabled and not done(lambda: item.SetClipEnabled(False)):
        left.append("could not be muted")
    if clip.gain_db is not None and not _set(item, "SetProperties", {"AudioVolume": clip.gain_db}):
        left.append("level %+.1f dB not set" % clip.gain_db)
    fades = {"FadeIn": clip.fade_in, "FadeOut": clip.fade_out}
    if any(fades.values()) and not _set(item, "SetFades", fades):
        left.append("fades of %d and %d frames not set" % (clip.fade_in, clip.fade_out))
    if clip.color and not done(lambda: item.SetClipColor(str(clip.color))):
        left.append("colour %s not set" % clip.color)
    return left


def _set(item: Any, name: str, values: Dict[str, Any]) -> bool:
    return can(item, name) and done(lambda: getattr(item, name)(values))


def _belongs(name: str, track: str) -> bool:
    return name == track or (name.startswith(track + " (") and name.endswith(")"))


def _span(item: TimelineItemApi) -> Tuple[int, int]:
    return whole(ask(lambda: item.GetStart(), [])) or 0, whole(ask(lambda: item.GetEnd(), [])) or 0


def _left(item: TimelineItemApi) -> Optional[int]:
    return whole(ask(lambda: item.GetLeftOffset(), []))


def _id(item: TimelineItemApi) -> str:
    """Give what an item is known by: its id, or its place where the build gives none."""
    return text(ask(lambda: item.GetUniqueId(), [])) or "%d-%d %s" % (*_span(item), _left(item))


def _clear(span: Tuple[int, int], cut: _Cut) -> bool:
    return span[1] <= cut.record or span[0] >= cut.record + cut.length


def _nearest(value: Fraction) -> int:
    return int(value + Fraction(1, 2))
