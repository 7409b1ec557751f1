"""Checks of the timeline as a whole: its file, its clock, its tracks and its markers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from postsync.delivery.checks.subject import Subject
from postsync.findings import Finding, finding
from postsync.model import PlainMarker, timeline_markers
from postsync.timing import Rate, frame_at

_NAMES_SHOWN = 5


def format_opened(subject: Subject) -> Iterator[Finding]:
    """Say so where the application does not open such a file at all."""
    if not subject.direct:
        title, key = subject.application.title, subject.application.key
        yield finding("format-not-opened", application=title, format=subject.format_title, key=key)


def several_timelines(subject: Subject) -> Iterator[Finding]:
    """Find files of several timelines; Pro Tools takes one composition a file."""
    if len(subject.names) > 1:
        shown = ", ".join(repr(name) for name in subject.names[:_NAMES_SHOWN])
        more = " …" if len(subject.names) > _NAMES_SHOWN else ""
        yield finding("timelines-several", count=len(subject.names), names=shown + more)


# ----------------------------------------------------------------------------------------------------------------- clock


def frame_rates(subject: Subject) -> Iterator[Finding]:
    """Find rates that the application does not have, and drop-frame counting where it cannot count so."""
    rate, application = subject.clock.rate, subject.application
    if rate.fps not in application.frame_rates:
        taken = _rates(application.frame_rates)
        yield finding("frame-rate-not-taken", rate=_name(rate.fps), application=application.title, taken=taken)
    if rate.drop and rate.fps not in application.drop_rates:
        taken = _rates(application.drop_rates)
        yield finding("drop-frame-not-taken", rate=_name(rate.fps), application=application.title, taken=taken)


def _rates(rates: tuple[Fraction, ...]) -> str:
    return ", ".join(_name(rate) for rate in sorted(rates))


@cache
def _name(fps: Fraction) -> str:
    return Rate.of(fps).name if fps.denominator in (1, 1001) else f"{float(fps):.3f}".rstrip("0")


def clock(subject: Subject) -> Iterator[Finding]:
    """Find timelines that start at zero or run past midnight."""
    rate, start = subject.clock.rate, subject.clock.start_frame
    if start == 0 and subject.duration:
        yield finding("start-zero", time=subject.clock.start_timecode)
    if start + -frame_at(-subject.duration, rate) > rate.frames_per_day:
        yield finding("past-midnight", time=subject.clock.start_timecode, start=subject.clock.start_timecode)


# ---------------------------------------------------------------------------------------------------------------- tracks


def tracks(subject: Subject) -> Iterator[Finding]:
    """Find more tracks than the application takes, tracks without clips, and timelines without sound."""
    most, count = subject.application.most_tracks, len(subject.sound)
    if most is not None and count > most.number:
        title = subject.application.title
        yield finding("tracks-many", count=count, application=title, limit=most.number, whose=most.whose)
    for track in subject.sound:
        if not track.clips:
            yield finding("track-empty", track.name)
    heard = (clip for track in subject.sound for clip in track.clips if clip.enabled and not clip.facts.muted)
    if subject.timeline.tracks and next(heard, None) is None:
        yield finding("no-sound")


def track_states(subject: Subject) -> Iterator[Finding]:
    """Find tracks that are muted, soloed or panned: what is heard now is not what arrives."""
    for track in subject.sound:
        facts = track.facts
        if facts.muted or facts.soloed:
            yield finding("track-silenced", track.name, how="muted" if facts.muted else "soloed")
        if facts.pan is not None or facts.pan_points:
            yield finding("pan-not-taken", track.name, application=subject.application.title)


# --------------------------------------------------------------------------------------------------------------- markers


def markers(subject: Subject) -> Iterator[Finding]:
    """Find more markers than the application takes, and files whose markers it leaves behind."""
    found, most, application = _markers(subject), subject.application.most_markers, subject.application
    if most is not None and len(found) > most.number:
        yield finding(
            "markers-many", count=len(found), application=application.title, limit=most.number, whose=most.whose
        )
    if found and subject.format in application.markers_lost:
        yield finding(
            "markers-not-taken", count=len(found), application=application.title, format=subject.format_title,
            key=application.key,
        )  # fmt: skip


def marker_places(subject: Subject) -> Iterator[Finding]:
    """Find markers outside the timeline, and frames that hold several."""
    found = _markers(subject)
    first, end = subject.clock.start_timecode, subject.clock.timecode(subject.duration)
    for one in found:
        outside = one.record_in < 0 or one.record_in > subject.duration
        if outside and subject.duration:
            name = one.name or one.comment or "marker"
            yield finding("marker-outside", name, subject.clock.timecode(one.record_in), first=first, last=end)
    frames = Counter(frame_at(one.record_in, subject.clock.rate) for one in found)
    for frame, count in frames.items():
        if count > 1:
            label, title = subject.clock.label(frame), subject.application.title
            yield finding("markers-on-one-frame", time=label, count=count, application=title)


def _markers(subject: Subject) -> list[PlainMarker]:
    return [plain for _, plain in timeline_markers(subject.timeline) if plain.visible]
