"""Events made of clips: the two lines of a transition, fades from and to black, speed, reels, and the notes under them.

A transition of a list begins at the record in of what comes in. One that lies round a cut is therefore written from where it
begins: the incoming event starts earlier by that much, in its source too, and shows the same pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from postsync.cueing import note_with_tag
from postsync.model import MediaFacts, TimelineFacts, block
from postsync.report import Report
from postsync.timing import Rate, format_timecode, frame_at
from postsync.wording import counted
from postsync_adapters.edl.channels import Channel, channels_of
from postsync_adapters.edl.clip_notes import (
    clean,
    colour_notes,
    former_reel,
    has_no_file,
    is_needless,
    kept_notes,
    level_label,
    path_text,
    plain_notes,
    reel_name,
    says_so,
    stated_event,
    stated_outgoing,
    transition_code,
)
from postsync_adapters.edl.clock import Labels
from postsync_adapters.edl.made import ENTRY, ONE, Channels, Made, Side
from postsync_adapters.edl.programme import PLAIN, Lane, Mix, Span, speeds_of
from postsync_adapters.edl.reels import ReelTable
from postsync_adapters.edl.tables import BLACK_REELS

GENERATORS = {"black": "BL", "SMPTEBars": "BARS"}
KEY_TRACK = " KEY"
NO_TIME = "00:00:00:00"


class Times(dict[int, str]):
    """Frames to labels at one rate, each made once."""

    def __init__(self, rate: Rate, colons: bool = False) -> None:
        """`colons`: before the frames of drop-frame labels too, as most programs write them in lists."""
        super().__init__()
        self._rate, self._colons, self._nominal = rate, colons, rate.nominal
        self._plain = 0 if rate.drop or rate.nominal > 100 else rate.frames_per_day

    def __missing__(self, frame: int) -> str:
        if 0 <= frame < self._plain:
            seconds, frames = divmod(frame, self._nominal)
            label = _clock(seconds) + _TWO[frames]
        else:
            label = format_timecode(frame, self._rate)
            label = label.replace(";", ":") if self._colons else label
        self[frame] = label
        return label


_TWO = tuple(f"{number:02}" for number in range(101))


@lru_cache(maxsize=1 << 17)
def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:"


class Maker:
    """Makes the events of one list."""

    def __init__(
        self,
        facts: TimelineFacts,
        dialect: str,
        report: Report,
        as_read: bool = False,
        width: int = 0,
        colons: bool = False,
    ) -> None:
        """`as_read`: keep the reels that a list had, up to `width`, and its `colons` before frames that are dropped."""
        self.facts, self.report = facts, report
        self.reels = ReelTable(dialect, width if as_read else 0)
        self._as_list, self._colons = as_read, colons
        self.times = Times(facts.rate, colons)
        self._by_drop = {facts.rate.drop: self.times}
        self._read_by_drop: dict[bool, Labels] = {}

    def events(self, lanes: Iterable[Lane]) -> list[Made]:
        """Give the events of some tracks in order of record time; channels of one line of a list come together again."""
        made: list[Made] = []
        linked: dict[tuple[Any, ...], Made] = {}
        for lane in lanes:
            channels = self._channels(lane)
            for event in self._lane(lane, channels):
                if event.link is None:
                    made.append(event)
                    continue
                key = (event.link, event.start, event.end, event.side.source_in, event.side.reel, event.transition)
                twin = linked.setdefault(key, event)
                if twin is event:
                    made.append(event)
                else:
                    twin.channels += event.channels
                    twin.side.notes += [note for note in event.side.notes if note not in twin.side.notes]
        return sorted(made, key=lambda event: event.start)

    def spans(self, events: list[Made]) -> list[tuple[int, int]]:
        """Give where each event lies, in frames from 00:00:00:00."""
        return [(event.start, event.end) for event in events]

    def _channels(self, lane: Lane) -> Channels:
        name = lane.channel.upper().removesuffix(KEY_TRACK)
        return channels_of(name) or (Channel(name, 0),)

    # ---------------------------------------------------------------------------------------------------------- tracks

    def _lane(self, lane: Lane, channels: Channels) -> Iterable[Made]:
        """Yield the events of one track."""
        items = lane.items
        keyed = lane.channel.upper().endswith(KEY_TRACK)
        for place, item in enumerate(items):
            before = items[place - 1] if place else None
            after = items[place + 1] if place + 1 < len(items) else None
            if isinstance(item, Mix):
                if not (isinstance(after, Span) and after.start == item.at):
                    yield self._fade_out(item, before, lane, channels)
                continue
            into = before if isinstance(before, Mix) and before.at == item.start else None
            out = after if isinstance(after, Mix) and after.at == item.end else None
            if item.start == item.end and out is not None and into is None:
                continue
            yield self._event(item, into, out, items[place - 2] if place > 1 else None, channels, keyed)

    def _event(
        self,
        span: Span,
        into: Mix | None,
        out: Mix | None,
        previous: Span | Mix | None,
        channels: Channels,
        keyed: bool,
    ) -> Made:
        lead = into.before if into is not None else 0
        first, last = span.start - lead, span.end - out.before if out is not None else span.end
        last = max(first, last)
        side = self._side(span, lead, last - first, channels)
        start, end, times = self.facts.start_frame + first, self.facts.start_frame + last, self.times
        made = Made(start, end, times[start], times[end], side, channels)
        stored = None
        if span.metadata is not None:
            made.kept, made.link, stored = kept_notes(span), span.facts.link_group, stated_event(span)
        if keyed:
            made.transition, made.duration = "K", f"{into.before + into.after if into else 0:03}"
        elif into is not None:
            self._mix(made, into, previous, channels)
        elif stored is not None and stored.is_background:
            made.transition = stored.transition
        return made

    def _mix(self, made: Made, mix: Mix, previous: Span | Mix | None, channels: Channels) -> None:
        """Make an event come in by a transition."""
        frames = mix.before + mix.after
        made.transition, made.duration = transition_code(mix), f"{frames:03}"
        made.effect = clean(str(mix.transition.name))
        if not made.effect and block(mix.transition).get("curve") == "equal-power":
            made.effect = "Constant Power"
        if isinstance(previous, Span) and previous.end == mix.at:
            made.outgoing = self._side(previous, 0, previous.end - previous.start - mix.before, channels, ending=True)
            stated = stated_outgoing(mix)
            if stated is not None and stated.has_no_record and not mix.before and self._stands(previous):
                made.outgoing.begin_at(stated)
        else:
            made.outgoing = Side("BL", NO_TIME, NO_TIME, "", self.facts.rate.drop)

    def _fade_out(self, mix: Mix, before: Span | Mix | None, lane: Lane, channels: Channels) -> Made:
        """Make the black or silence that a last clip fades to."""
        frames = mix.before + mix.after
        start = self.facts.start_frame + mix.at - mix.before
        side = Side("BL", NO_TIME, self.times[frames], "", self.facts.rate.drop)
        made = Made(start, start + frames, self.times[start], self.times[start + frames], side, channels)
        self._mix(made, mix, before, channels)
        return made

    # ----------------------------------------------------------------------------------------------------------- sides

    def _side(self, span: Span, lead: int, length: int, channels: Channels, ending: bool = False) -> Side:
        """Give the source of a clip from `lead` frames before its in for `length` frames; at its end for an outgoing side."""
        speed = span.facts.speed
        reel, wanted = self._reel(span)
        wanted = clean(wanted)
        if span.facts is PLAIN and span.media.rate is None and not ending and span.first >= lead:
            first = span.first - lead
            name = "" if span.name.upper() in BLACK_REELS else clean(span.name)
            notes = plain_notes(span, reel, wanted)
            return Side(reel, self.times[first], self.times[first + length], name, self.facts.rate.drop, ONE, notes)
        drop = self._drop(span.media)
        times = self.times if drop == self.facts.rate.drop else self._times(drop)
        first, last = self._used(span, lead, length, speed)
        if first < 0:
            self.report.note(
                "value-clamped", where=span.name, was=f"source in {counted(first, 'frame')}", now="0 frames"
            )
            first, last = 0, last - first
        if ending:
            first = last if speed >= 0 else first - (last - first)
            last = first
        name = clean(span.name)
        labels = times[max(first, 0)], times[max(last, 0)]
        if not lead and not ending and span.metadata is not None:
            labels = self._as_read(span, first, length, drop) or labels
        side = Side(reel, *labels, "" if is_needless(name, reel, span) else name, drop, speed)
        side.notes = [] if ending and speed == 1 else self._notes(span, side, wanted, channels, ending)
        return side

    def _as_read(self, span: Span, first: int, length: int, drop: bool) -> tuple[str, str] | None:
        """Give the source labels that a list stated, while the clip still begins there and is as long; else None.

        Avid writes outs a frame further, and no times at all for sound without timecode: neither is ours to correct.
        """
        stored = stated_event(span)
        if stored is None:
            return None
        record, source = self._labels(self.facts.rate.drop), self._labels(drop)
        try:
            begins = int(stored.source_in) if stored.source_in.isdecimal() else source[stored.source_in]
            lasts = record[stored.record_out] - record[stored.record_in]
        except KeyError:
            return None
        low = (
            span.facts.speed < 0 and begins == span.first
        )  # Premiere names the lowest frame, others the one played first
        same = (begins == first or low) and lasts % self.facts.rate.frames_per_day == length
        return (stored.source_in, stored.source_out) if same else None

    def _stands(self, span: Span) -> bool:
        """Whether a clip is as its list had it, so that what the list says of its end holds."""
        length = span.end - span.start
        first, _ = self._used(span, 0, length, span.facts.speed)
        return self._as_read(span, first, length, self._drop(span.media)) is not None

    def _labels(self, drop: bool) -> Labels:
        if drop not in self._read_by_drop:
            self._read_by_drop[drop] = Labels(self.facts.rate.with_drop(drop))
        return self._read_by_drop[drop]

    def _used(self, span: Span, lead: int, length: int, speed: Fraction) -> tuple[int, int]:
        """Give source in and out in frames; a clip that runs backwards is entered at its highest frame."""
        if speed == 1:
            return span.first - lead, span.first - lead + length
        if speed == 0:
            return span.first, span.first + bool(length)
        used = -(-length * abs(speed.numerator) // speed.denominator)
        if speed > 0:
            first = span.first - lead * speed.numerator // speed.denominator
        else:
            whole = -((span.end - span.start) * speed.numerator // speed.denominator)
            first = span.first + whole - 1 - lead * speed.numerator // speed.denominator
        return first, first + used

    def _notes(self, span: Span, side: Side, wanted: str, channels: Channels, ending: bool) -> list[tuple[str, str]]:
        """Give the notes of a clip by kind and value."""
        notes: list[tuple[str, str]] = []
        if side.speed != 1 or span.facts.retime:
            notes += self._speed(span, side)
        if ending:
            return notes
        media, facts = span.media, span.facts
        if media.name and span.generator is None and not (media.name == span.name and has_no_file(span)):
            notes.append(("source_file", clean(media.name)))
        if span.url:
            notes.append(("from_file", clean(path_text(span.url))))
        if side.reel != wanted and wanted:
            notes.append(("fcp_reel", f"{wanted} REPLACED BY: {side.reel}"))
        said = note_with_tag(facts.note, facts.cue_uid)
        if said and not says_so(kept_notes(span), facts):
            notes += [("comment", row) for row in said.splitlines() if row.strip()]
        if facts.channels or facts.gain_db is not None or facts.gain_points:
            notes += self._sound_notes(span, side, channels)
        return notes + colour_notes(span.metadata) if span.metadata is not None else notes

    def _speed(self, span: Span, side: Side) -> list[tuple[str, str]]:
        """Give the M2 line of a clip, and what Media Composer writes where that is only the average."""
        exact = side.speed * self.facts.rate.nominal
        text = f"{float(exact):05.1f}" if exact >= 0 else f"-{float(-exact):05.1f}"
        if Fraction(text) != exact:
            now = Fraction(text) / self.facts.rate.nominal
            percents = [f"{float(value * 100):.3f} %" for value in (side.speed, now)]
            self.report.note("speed-rounded", where=span.name, was=percents[0], now=percents[1])
        notes = [("speed", ENTRY.join((side.reel, text, side.source_in)))]
        slow, fast = speeds_of(span.facts) if span.facts.retime else (exact, exact)
        if slow != fast:
            was = f"{float(slow * 100):.1f} to {float(fast * 100):.1f} %"
            self.report.note(
                "speed-rounded", where=span.name, was=was, now=f"{float(side.speed * 100):.1f} % throughout"
            )
            notes.append(("timewarp", f"{self.times[self.facts.start_frame + span.start]}."))
        return [*notes, ("freeze", "")] if side.speed == 0 else notes

    def _sound_notes(self, span: Span, side: Side, channels: Channels) -> list[tuple[str, str]]:
        """Give patches and levels, one for each sound channel."""
        facts = span.facts
        notes: list[tuple[str, str]] = []
        for channel in (one for one in channels if one.kind == "A"):
            source = (facts.channels or (channel.number,))[0]
            if source != channel.number:
                notes.append(("patch", f"{side.reel}:  FROM SOURCE {source} TO RECORD {channel.number}"))
            tail = f"(REEL {side.reel} A{channel.number})"
            if facts.gain_points:
                for at, level in facts.gain_points:
                    frame = span.first + frame_at(at * abs(facts.speed), self.facts.rate)
                    notes.append(("level", f"{self._times(side.drop)[max(frame, 0)]} IS {level:+.2f} DB  {tail}"))
            elif facts.gain_db is not None:
                place = level_label(span, facts.gain_db) or side.source_in
                notes.append(("level", f"{place} IS {facts.gain_db:+.2f} DB  {tail}"))
        return notes

    def _reel(self, span: Span) -> tuple[str, str]:
        """Give the reel of a clip, and the name that it was made of; that is empty where there is no name to keep."""
        if span.generator is not None:
            return GENERATORS.get(span.generator, "GEN"), ""
        stored = stated_event(span) if self._as_list else None
        if stored is not None and span.media.tape in (None, stored.reel, (was := former_reel(span, stored.reel))):
            wanted = was or (stored.reel if span.media.tape else "")
            self.reels.take(stored.reel, wanted or stored.reel)
            return stored.reel, wanted
        wanted = reel_name(span)
        if not wanted:
            return "AX", ""
        return self.reels.reel(wanted), wanted

    def _drop(self, media: MediaFacts) -> bool:
        rate = self.facts.rate
        return media.drop_frame if media.rate == rate.text and rate.can_drop else rate.drop

    def _times(self, drop: bool) -> Times:
        if drop not in self._by_drop:
            self._by_drop[drop] = Times(self.facts.rate.with_drop(drop), self._colons)
        return self._by_drop[drop]
