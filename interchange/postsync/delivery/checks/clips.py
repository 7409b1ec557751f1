"""Checks of clips: nests, channels, speed, cuts between frames, what is switched off, levels and fades."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.delivery.checks.subject import Subject
from postsync.findings import Finding, finding
from postsync.model import PlacedClip, PlacedTrack, PlacedTransition
from postsync.placing import sounding_channels
from postsync.timing import from_rational_time, nearest_frame, seconds_of_frame
from postsync.wording import counted

NEAR_SPEED = Fraction(1, 20)
"""Nearer to 1 than this, a speed comes from frame rates that differ (0.1 % or 4 %), not from an editor."""


def seconds_text(time: Fraction) -> str:
    """Give seconds as a person reads them, to the millisecond.

    >>> seconds_text(Fraction(7, 2))
    '3.5'
    """
    return f"{float(time):.3f}".rstrip("0").rstrip(".")


def nests(subject: Subject) -> Iterator[Finding]:
    """Find timelines inside the timeline: Resolve puts black in their place, Pro Tools nothing."""
    for track in subject.tracks:
        at = Fraction(0)
        for item in track.track:
            if isinstance(item, otio.schema.Transition):
                continue
            if isinstance(item, otio.core.Composition):
                held = sum(1 for _ in item.find_clips())
                where = f"{track.name} / {item.name or 'nest'}"
                count = counted(held, "clip")
                yield finding("clip-nested", where, subject.clock.timecode(at), count=count)
            at += from_rational_time(item.duration())


def channels(subject: Subject) -> Iterator[Finding]:
    """Find clips of several channels on one sound track."""
    for use in subject.clips:
        if use.track.kind == "audio":
            count = len(sounding_channels(use.clip.facts, use.clip.media))
            if count > 1:
                yield subject.at("clip-multichannel", use, channels=count)


def speeds(subject: Subject) -> Iterator[Finding]:
    """Find clips that do not play at their own speed: those an editor retimed, and those that rates put off."""
    for use in subject.clips:
        speed, clip = use.clip.facts.speed, use.clip
        percent = f"{float(speed * 100):.3f}".rstrip("0").rstrip(".") + " %"
        if clip.facts.retime or abs(speed - 1) > NEAR_SPEED:
            said = "changing speed" if clip.facts.retime else "a freeze" if speed == 0 else percent
            yield subject.at("clip-retimed", use, speed=said, application=subject.application.title)
        elif speed != 1 and use.track.kind == "audio":
            drift = f"{abs(float(clip.duration * (speed - 1))) * 1000:.0f} ms"
            yield subject.at("clip-off-speed", use, speed=percent, drift=drift)


def off_frames(subject: Subject) -> Iterator[Finding]:
    """Find cuts that lie between frames; a sample beside the frame is how sound stands on it."""
    rate, grain = subject.clock.rate, Fraction(1, subject.session_rate)
    for use in subject.clips:
        for time, what in ((use.clip.record_in, "its beginning"), (use.clip.record_out, "its end")):
            frame = nearest_frame(time, rate)
            if abs(time - seconds_of_frame(frame, rate)) > grain:
                behind = time * rate.fps % 1
                label = subject.clock.timecode(time)
                yield subject.at("clip-off-frame", use, what=what, part=f"{float(behind):.2f}", timecode=label)
                break


def lengths(subject: Subject) -> Iterator[Finding]:
    """Find clips of no length, and slivers that are not longer than a frame."""
    frame = 1 / subject.clock.rate.fps
    for use in subject.clips:
        length = use.clip.duration
        if length <= 0:
            yield subject.at("clip-length-zero", use)
        elif length <= frame:
            yield subject.at("clip-flash", use, length="a frame" if length == frame else "less than a frame")


def silenced(subject: Subject) -> Iterator[Finding]:
    """Find clips that are disabled or muted."""
    for use in subject.clips:
        if not use.clip.enabled or use.clip.facts.muted:
            yield subject.at("clip-silenced", use, how="muted" if use.clip.enabled else "disabled")


def effects(subject: Subject) -> Iterator[Finding]:
    """Find sound clips under effects that no timeline format carries to another program."""
    for use in subject.clips:
        found = use.clip.clip.metadata.get("aaf", {}) if len(use.clip.clip.metadata) else {}
        count = len(found.get("effects", ()))
        if count and use.track.kind == "audio":
            yield subject.at("clip-effect", use, effects="an effect" if count == 1 else counted(count, "effect"))


def levels(subject: Subject) -> Iterator[Finding]:
    """Find levels that the application cannot set."""
    limit = subject.application.loudest_db
    if limit is None:
        return
    for use in subject.clips:
        facts = use.clip.facts
        highest = max([level for _, level in facts.gain_points] or [facts.gain_db or 0.0])
        if highest > limit:
            title = subject.application.title
            yield subject.at("gain-high", use, gain=f"{highest:.1f}", application=title, limit=f"{limit:.0f}")


# ----------------------------------------------------------------------------------------------------------------- fades


def fades(subject: Subject) -> Iterator[Finding]:
    """Find fades that are longer than their clip, or run into each other."""
    around = {key: ends for track in subject.tracks for key, ends in _transitions(track).items()}
    for use in subject.clips:
        facts, length = use.clip.facts, use.clip.duration
        before, after = around.get(id(use.clip), (Fraction(0), Fraction(0)))
        head = max(before, facts.fade_in.duration if facts.fade_in else Fraction(0))
        tail = max(after, facts.fade_out.duration if facts.fade_out else Fraction(0))
        long = [(what, fade) for what, fade in (("fade in", head), ("fade out", tail)) if fade > length]
        for what, fade in long:
            yield subject.at(
                "fade-longer-than-clip", use, what=what, fade=seconds_text(fade), length=seconds_text(length)
            )
        if not long and head + tail > length:
            yield subject.at(
                "fades-overlap", use, head=seconds_text(head), tail=seconds_text(tail), length=seconds_text(length)
            )


def _transitions(track: PlacedTrack) -> dict[int, tuple[Fraction, Fraction]]:
    """Give how much of each clip its transitions cover: at its beginning, at its end."""
    covered: dict[int, tuple[Fraction, Fraction]] = {}
    items = track.items
    for index, item in enumerate(items):
        if isinstance(item, PlacedTransition):
            for place, share in ((index - 1, item.before), (index + 1, item.after)):
                clip = items[place] if 0 <= place < len(items) else None
                if isinstance(clip, PlacedClip) and touches(clip, item):
                    head, tail = covered.get(id(clip), (Fraction(0), Fraction(0)))
                    covered[id(clip)] = (head, share) if place < index else (share, tail)
    return covered


def touches(clip: Any, transition: PlacedTransition) -> bool:
    """Whether a clip begins or ends at the cut of a transition."""
    return isinstance(clip, PlacedClip) and transition.cut in (clip.record_in, clip.record_out)


def transitions_of_nothing(subject: Subject) -> Iterator[Finding]:
    """Find transitions that join no clip."""
    for track in subject.tracks:
        for index, item in enumerate(track.items):
            beside = (*track.items[max(index - 1, 0) : index], *track.items[index + 1 : index + 2])
            if isinstance(item, PlacedTransition) and not any(touches(clip, item) for clip in beside):
                time = subject.clock.timecode(item.cut)
                yield finding("fade-at-nothing", track.name, time, length=seconds_text(item.duration))
