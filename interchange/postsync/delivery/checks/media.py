"""Checks of the media: whether they are there, what they are, and how much of them is left beside each clip."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from postsync.delivery.checks.clips import seconds_text
from postsync.delivery.checks.subject import Medium, Subject, Use
from postsync.findings import Finding, finding
from postsync.model import PlacedClip, PlacedTransition
from postsync.wording import counted

USUAL_RATE = 48_000
"""To what sound is converted where the session itself runs at a rate that the application does not take."""

FEWEST = 5
"""From so many clips on, media that all were cut to the clip are no chance."""

_PLACES = 3
_LEAST = Fraction(1, 1000)
"""Seconds; what is less is rounding between frames and samples."""


def media_missing(subject: Subject) -> Iterator[Finding]:
    """Find files that are neither where they are said to be nor in the folders given, and clips that name none."""
    for medium in subject.media.values():
        row = medium.row
        if row.media.embedded or row.found is not None:
            continue
        code = "media-missing" if medium.is_sound else "picture-missing"
        yield subject.of(code, medium, tried=_whereabouts(medium), places=len(row.tried))
    for use in subject.uses:
        if use.medium is not None or _generated(use.clip):
            continue
        if use.track.kind == "audio":
            yield subject.at("media-unstated", use)
        else:
            yield subject.at(
                "picture-missing", use, media=use.clip.clip.name or "the picture", tried="no file is named"
            )


def _whereabouts(medium: Medium) -> str:
    """Say where a file should be, and where it was looked for; or which files fit equally well."""
    row = medium.row
    if row.reason:
        return row.reason
    return f"{row.path or 'no place is stated'}, looked in {counted(len(row.tried), 'place')}"


def _generated(clip: PlacedClip) -> bool:
    """Whether a clip makes its picture itself, as titles and generators do."""
    return type(clip.clip.media_reference).__name__ == "GeneratorReference"


def media_unreadable(subject: Subject) -> Iterator[Finding]:
    """Find files whose header cannot be read, and embedded sound that cannot be taken out."""
    for medium in subject.sound_media:
        if medium.fault:
            yield subject.of("media-unreadable", medium, why=medium.fault)
        elif medium.row.media.embedded and medium.row.online is False:
            yield subject.of("media-unreadable", medium, why=medium.row.reason or "no sound that we read")


def media_kinds(subject: Subject) -> Iterator[Finding]:
    """Find sound in files of a kind that the application cannot link to from a timeline."""
    takes = subject.application.sounds
    for medium in subject.sound_media:
        if medium.ending and not medium.row.media.embedded and medium.ending not in takes:
            yield subject.of(
                "media-kind-not-taken", medium, application=subject.application.title, taken=_listed(takes)
            )


def _listed(words: tuple[object, ...]) -> str:
    return ", ".join(str(word).lstrip(".") for word in words)


def media_channels(subject: Subject) -> Iterator[Finding]:
    """Find files of several channels: Pro Tools misreads them linked and embedded."""
    for medium in subject.sound_media:
        if (medium.channels or 1) > 1:
            yield subject.of("media-multichannel", medium, channels=medium.channels)


def media_inside(subject: Subject) -> Iterator[Finding]:
    """Find embedded media; Nuendo is reported to crash on some that scripts wrote."""
    for medium in subject.sound_media:
        if medium.row.media.embedded:
            yield subject.of("media-embedded", medium)


def media_disagreeing(subject: Subject) -> Iterator[Finding]:
    """Find files that are not what the timeline states: another rate, fewer channels, another length."""
    for medium in subject.sound_media:
        header, stated = medium.header, medium.row.media
        if header is None:
            continue
        pairs = [
            (stated.sample_rate, header.sample_rate, "Hz"),
            (stated.channels, header.channels, "channels"),
            (stated.bits, header.bits, "bit"),
        ]
        wrong = [(f"{was} {unit}", f"{now} {unit}") for was, now, unit in pairs if was and was != now]
        length, own = medium.row.duration, medium.duration
        # A frame apart is how picture editors count; Premiere rounds up to it.
        if length and own and abs(length - own) * subject.clock.rate.fps > 1:
            wrong.append((f"{float(length):.3f} s", f"{float(own):.3f} s"))
        if wrong:
            yield subject.of(
                "media-disagrees", medium, stated=", ".join(was for was, _ in wrong), found=", ".join(now for _, now in wrong)
            )  # fmt: skip


def media_sharing(subject: Subject) -> Iterator[Finding]:
    """Find names and ids that stand for several different files."""
    by_name: defaultdict[str, list[Medium]] = defaultdict(list)
    by_id: defaultdict[str, list[Medium]] = defaultdict(list)
    for medium in subject.media.values():
        if medium.row.path:
            by_name[medium.name.casefold()].append(medium)
        if medium.row.media.uid:
            by_id[medium.row.media.uid].append(medium)
    for same in by_name.values():
        if len(places := _different(same)) > 1:
            yield subject.of("media-name-twice", same[0], count=len(places), places=_some(places))
    for uid, same in by_id.items():
        if len(places := _different(same)) > 1:
            yield subject.of("media-id-twice", same[0], uid=uid, count=len(places), places=_some(places))


def _different(media: list[Medium]) -> list[str]:
    """Give the different files that some media are: by where they were found, else by where they are said to be."""
    return list(dict.fromkeys(str(one.row.found.path) if one.row.found else one.row.path or "" for one in media))


def _some(places: list[str]) -> str:
    return ", ".join(places[:_PLACES]) + (" …" if len(places) > _PLACES else "")


def rates(subject: Subject) -> Iterator[Finding]:
    """Find sample rates that the application does not take, or other ones than the session's."""
    takes, session = subject.application.sample_rates, subject.session_rate
    wanted = session if session in takes else USUAL_RATE
    for medium in subject.sound_media:
        rate = medium.sample_rate
        if rate is None:
            continue
        if rate not in takes:
            title = subject.application.title
            yield subject.of(
                "sample-rate-not-taken", medium, rate=rate, application=title, taken=_listed(takes), session=session,
                wanted=wanted,
            )  # fmt: skip
        elif rate != wanted:
            yield subject.of("sample-rate-mixed", medium, rate=rate, session=wanted)


def depths(subject: Subject) -> Iterator[Finding]:
    """Find bit depths that the application does not take, or another than most files have."""
    application = subject.application
    counted = Counter(_depth(one) for one in subject.sound_media if one.bits)
    most = counted.most_common(1)[0][0] if counted else ""
    for medium in subject.sound_media:
        if not medium.bits:
            continue
        depth = _depth(medium)
        if medium.bits not in application.bits or (_is_float(medium) and not application.takes_float):
            taken = f"{_listed(application.bits)} bit"
            yield subject.of("bits-not-taken", medium, bits=depth, application=application.title, taken=taken)
        elif depth != most:
            yield subject.of("bits-mixed", medium, bits=depth, most=most)


def _is_float(medium: Medium) -> bool:
    return medium.header is not None and medium.header.is_float


def _depth(medium: Medium) -> str:
    return f"{medium.bits} bit{' float' if _is_float(medium) else ''}"


def stamps(subject: Subject) -> Iterator[Finding]:
    """Find WAVs that do not say when they were recorded, and those that play off speed on purpose."""
    for medium in subject.sound_media:
        header = medium.header
        if header is None:
            continue
        if not header.stamped:
            yield subject.of("media-unstamped", medium)
        ixml = header.ixml
        true, stated = (ixml.digitizer_sample_rate, ixml.file_sample_rate) if ixml else (None, None)
        if true and stated and true != stated:
            percent = f"{abs(float(Fraction(stated, true) - 1)) * 100:.3g}"
            yield subject.of("media-pulled", medium, true=true, stated=stated, percent=percent)


# ------------------------------------------------------------------------------------------------------- what is left


def beyond_media(subject: Subject) -> Iterator[Finding]:
    """Find clips that begin before their media or end behind them."""
    for use in subject.clips:
        head, tail = _left(use)
        for left, side in ((head, "before the beginning"), (tail, "behind the end")):
            if left is not None and -left * _grid(subject, use) > 1:
                yield subject.at(
                    "media-beyond-end",
                    use,
                    seconds=seconds_text(-left),
                    side=side,
                    media=use.medium.name if use.medium else "",
                )


def handles(subject: Subject) -> Iterator[Finding]:
    """Find clips with shorter handles than asked for; where nobody asked, timelines whose media were all cut to the clip."""
    measured = [(use, *_left(use)) for use in subject.clips if use.track.kind == "audio"]
    known = [(use, head, tail) for use, head, tail in measured if head is not None and tail is not None]
    if subject.handles is None:
        if len(known) >= FEWEST and all(head <= _LEAST and tail <= _LEAST for _, head, tail in known):
            yield finding("handles-none", time=subject.clock.timecode(known[0][0].clip.record_in), count=len(known))
        return
    asked = subject.handles - _LEAST
    for use, head, tail in known:
        if head < asked or tail < asked:
            yield subject.at(
                "handles-short", use, head=seconds_text(max(head, Fraction(0))), tail=seconds_text(max(tail, Fraction(0))),
                asked=seconds_text(subject.handles),
            )  # fmt: skip


def _left(use: Use) -> tuple[Fraction | None, Fraction | None]:
    """Give the seconds of media before a clip and behind it; below zero where it reaches beyond, None where unknown.

    A clip that changes speed is not measured: its map says what it plays, and the file's end is beyond this check.
    """
    clip, length = use.clip, use.medium.duration if use.medium else None
    if length is None or clip.facts.retime or clip.facts.speed <= 0:
        return None, None
    return clip.source_in, length - clip.source_in - clip.duration * clip.facts.speed


def _grid(subject: Subject, use: Use) -> Fraction:
    """Give the rate in whose units a clip may run over: the file's samples where we know them, else frames."""
    known = use.medium is not None and use.medium.header is not None
    return Fraction(subject.session_rate) if known else subject.clock.rate.fps


def fades_beyond(subject: Subject) -> Iterator[Finding]:
    """Find cross fades under which the media of one side do not reach."""
    by_clip = {id(use.clip): use for use in subject.clips}
    for track in subject.tracks:
        for index, item in enumerate(track.items):
            if not isinstance(item, PlacedTransition):
                continue
            sides = ((index - 1, item.after, 1, "behind the end"), (index + 1, item.before, 0, "before the beginning"))
            for place, needed, end, side in sides:
                neighbour = track.items[place] if 0 <= place < len(track.items) else None
                use = by_clip.get(id(neighbour))
                if use is None or not _touches(use.clip, item, end):
                    continue
                there = _left(use)[end]
                if there is not None and (needed - there) * _grid(subject, use) > 1:
                    has, media = seconds_text(max(there, Fraction(0))), use.medium.name if use.medium else ""
                    yield subject.at(
                        "fade-without-media", use, needed=seconds_text(needed), side=side, there=has, media=media
                    )


def _touches(clip: PlacedClip, transition: PlacedTransition, end: int) -> bool:
    return transition.cut == (clip.record_out if end else clip.record_in)
