"""The AAF writer against a player of its own, against otio-aaf-adapter, and against what Pro Tools wants."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import opentimelineio as otio
import pytest

from adapters.aaf_player import Player, Segment, Track
from postsync import read
from postsync.formats.format import write_with
from postsync.model import (
    Character,
    ClipFacts,
    Cue,
    Fade,
    Laid,
    MediaFacts,
    PlainMarker,
    TimelineFacts,
    TrackFacts,
    build_track,
    cue_marker,
    put_characters,
    put_clip_facts,
    put_media_facts,
    put_timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.sound import Bext, url_from_path, write_wav
from postsync.timing import Rate, as_rate, round_half_up
from postsync_adapters.aaf import FORMAT, WriteOptions, sniff
from postsync_adapters.aaf.writing.skeleton import _skeleton

RATES = {"23.976": as_rate("23.976"), "24": as_rate("24"), "25": as_rate("25"), "29.97 DF": as_rate("29.97", drop=True)}
HOUR = {"23.976": 86400, "24": 86400, "25": 90000, "29.97 DF": 107892}


def told(file_id: int, position: int, bits: int = 24) -> bytes:
    """A sample that says where it comes from: its file in the top byte, its place in the lower two."""
    return struct.pack("<I", (file_id << 16) | (position * 40503 & 0xFFFF))[:3]


def make_wav(
    path: Path,
    file_id: int,
    length: int,
    *,
    rate: int = 48000,
    channels: int = 1,
    stamp: int = 0,
    tape: str | None = None,
) -> Path:
    frames = b"".join(told(file_id + channel, place) for place in range(length) for channel in range(channels))
    description = f"sTAPE={tape}\r\n" if tape else ""
    with path.open("wb") as file:
        write_wav(
            file, sample_rate=rate, bits=24, channels=channels, blocks=[frames], length_samples=length,
            bext=Bext(description=description, time_reference=stamp),
        )  # fmt: skip
    return path


def media(
    path: Path | str | None, *, start: Fraction = Fraction(0), length: Fraction | None = None, **facts: Any
) -> Any:
    if path is None:
        reference: Any = otio.schema.MissingReference()
    else:
        url = url_from_path(path.as_posix()) if isinstance(path, Path) else path
        reference = otio.schema.ExternalReference(target_url=url)
    if length is not None:
        grid = start.denominator * length.denominator
        reference.available_range = otio.opentime.TimeRange(
            otio.opentime.RationalTime(float(start * grid), grid),
            otio.opentime.RationalTime(float(length * grid), grid),
        )
    put_media_facts(reference, MediaFacts(**facts))
    return reference


def clip(name: str, reference: Any, **facts: Any) -> otio.schema.Clip:
    made = otio.schema.Clip(name=name, media_reference=reference)
    put_clip_facts(made, ClipFacts(**facts))
    return made


def timeline(
    rate: Rate, tracks: dict[str, list[Laid]], *, start: int = 0, sample_rate: int | None = None, name: str = "Reel 1"
) -> Any:
    made = otio.schema.Timeline(name=name)
    put_timeline_facts(made, TimelineFacts(rate, start, sample_rate))
    for title, laid in tracks.items():
        made.tracks.append(build_track(title, "Audio", laid, [rate.fps, sample_rate or 48000], facts=TrackFacts()))
    return made


def frames(count: int, rate: Rate) -> Fraction:
    return Fraction(count) / rate.fps


def written(made: Any, path: Path, report: Report | None = None, **options: Any) -> Path:
    write_with(FORMAT, made, path, Report() if report is None else report, WriteOptions(**options))
    return path


def hears(
    player: Player, track: Track, segment: Segment, file_id: int, source: Callable[[int], int], seed: int = 1
) -> None:
    """200 random samples of a segment are those of the file that should sound."""
    dice = random.Random(seed)
    places = {segment.start, segment.start + segment.length - 1}
    places |= {dice.randrange(segment.start, segment.start + segment.length) for _ in range(200)}
    for place in places:
        sounds = [one for one in player.sounds_at(track, place) if one.clip_name == segment.name]
        assert [player.bytes_of(one) for one in sounds] == [told(file_id, source(place))]


@pytest.mark.parametrize("mode", ["link", "embed"])
@pytest.mark.parametrize("sample_rate", [44100, 48000])
@pytest.mark.parametrize("name", RATES)
def test_every_sample_of_butted_clips_sounds_where_it_was_cut(
    tmp_path: Path, name: str, sample_rate: int, mode: str
) -> None:
    rate = RATES[name]
    one = make_wav(tmp_path / "one.wav", 1, 60_000, rate=sample_rate)
    two = make_wav(tmp_path / "zwei ö ♯ 声.wav", 2, 60_000, rate=sample_rate)
    laid = [
        Laid(clip("a", media(one)), frames(3, rate), frames(7, rate), Fraction(1000, sample_rate)),
        Laid(clip("b 声", media(two)), frames(10, rate), frames(11, rate), Fraction(4321, sample_rate)),
        Laid(clip("c", media(one)), frames(21, rate), frames(5, rate), Fraction(9, sample_rate)),
        Laid(clip("d", media(one)), frames(40, rate), frames(1, rate), Fraction(50_000, sample_rate)),
    ]
    made = timeline(rate, {"DX 1 ö": laid}, start=HOUR[name], sample_rate=sample_rate)
    path = written(made, tmp_path / "x.aaf", media=mode)
    with Player(path) as player:
        (track,) = player.tracks
        assert player.start() == (HOUR[name], rate.nominal, rate.drop, rate.fps)
        assert (track.name, track.rate, track.number) == ("DX 1 ö", sample_rate, 1)
        for segment, want, file_id, source in zip(
            track.segments, laid, (1, 2, 1, 1), (1000, 4321, 9, 50_000), strict=True
        ):
            start, end = (
                round_half_up(time * sample_rate) for time in (want.record_in, want.record_in + want.duration)
            )
            assert (segment.start, segment.start + segment.length) == (start, end)
            hears(player, track, segment, file_id, lambda place, s=source, b=start: s + place - b)
        assert [segment.name for segment in track.segments] == ["a", "b 声", "c", "d"]
        assert track.segments[0].start + track.segments[0].length == track.segments[1].start
        assert player.sound_at(track, 0) is None


def test_a_file_of_another_sample_rate_plays_at_its_own(tmp_path: Path) -> None:
    slow = make_wav(tmp_path / "slow.wav", 3, 50_000, rate=44100)
    rate, report = RATES["25"], Report()
    laid = [Laid(clip("a", media(slow)), Fraction(1), Fraction(1, 2), Fraction(1, 3))]
    path = written(timeline(rate, {"A": laid}, sample_rate=48000), tmp_path / "x.aaf", report)
    with Player(path) as player:
        (track,) = player.tracks
        (segment,) = track.segments
        hears(player, track, segment, 3, lambda place: round_half_up(Fraction((place - 48000) + 16000) * 44100 / 48000))
    assert "media-rate-differs" in {loss.code for loss in report}


def test_source_timecode_is_exact_to_the_sample(tmp_path: Path) -> None:
    rate, stamp = RATES["23.976"], 2190940753
    take = make_wav(tmp_path / "A101_3.wav", 4, 20_000, stamp=stamp, tape="19Y02M13")
    start = Fraction(stamp, 48000)
    laid = [
        Laid(
            clip("take", media(take, start=start, length=Fraction(20_000, 48000))),
            Fraction(0),
            frames(4, rate),
            start + frames(2, rate),
        )
    ]
    report = Report()
    with Player(written(timeline(rate, {"A": laid}), tmp_path / "x.aaf", report)) as player:
        (track,) = player.tracks
        tape, frame, nominal, drop = player.source_frame(track, track.segments[0])
        assert track.segments[0].source_start == 4004
    assert (tape, nominal, drop) == ("19Y02M13", 24, False)
    assert frame == 1094376 + 2 + Fraction(1, 2002)
    assert not report.of_level("loss")


def test_an_unstamped_file_takes_the_start_that_the_timeline_states(tmp_path: Path) -> None:
    take = make_wav(tmp_path / "t.wav", 4, 48_000)
    laid = [
        Laid(
            clip("t", media(take, start=Fraction(3600), length=Fraction(1))),
            Fraction(0),
            Fraction(1, 2),
            Fraction(3600),
        )
    ]
    with Player(written(timeline(RATES["25"], {"A": laid}), tmp_path / "x.aaf")) as player:
        (track,) = player.tracks
        assert player.source_frame(track, track.segments[0])[:2] == ("t", 90_000)


def test_fades_lie_inside_the_clip_and_move_nothing(tmp_path: Path) -> None:
    one, rate = make_wav(tmp_path / "one.wav", 1, 60_000), RATES["24"]
    fade_in, fade_out = Fade(Fraction(301, 48000)), Fade(Fraction(1000, 48000), "equal-power")
    laid = [
        Laid(
            clip("a", media(one), fade_in=fade_in, fade_out=fade_out),
            Fraction(0),
            frames(5, rate),
            Fraction(100, 48000),
        ),
        Laid(clip("b", media(one), fade_in=fade_in), frames(5, rate), frames(5, rate), Fraction(200, 48000)),
        Laid(clip("c", media(one), fade_out=fade_out), frames(12, rate), frames(5, rate), Fraction(300, 48000)),
    ]
    with Player(written(timeline(rate, {"A": laid}), tmp_path / "x.aaf")) as player:
        (track,) = player.tracks
        assert [(s.start, s.length, s.source_start) for s in track.segments] == [
            (0, 10000, 100),
            (10000, 10000, 200),
            (24000, 10000, 300),
        ]
        assert [(f.start, f.length, f.cut, f.curve) for f in track.fades] == [
            (0, 301, 0, "LinearInterp"),
            (9000, 1000, 1000, "PowerInterp"),
            (10000, 301, 0, "LinearInterp"),
            (33000, 1000, 1000, "PowerInterp"),
        ]
        for segment, source in zip(track.segments, (100, 200, 300), strict=True):
            hears(player, track, segment, 1, lambda place, b=segment.start, s=source: s + place - b)


def test_a_cross_fade_uses_the_handles_of_both_clips(tmp_path: Path) -> None:
    one, two, rate = make_wav(tmp_path / "1.wav", 1, 60_000), make_wav(tmp_path / "2.wav", 2, 60_000), RATES["24"]
    laid = [
        Laid(clip("a", media(one)), frames(2, rate), frames(5, rate), Fraction(100, 48000)),
        Laid(clip("b", media(two)), frames(7, rate), frames(5, rate), Fraction(5000, 48000)),
    ]
    made = timeline(rate, {"A": laid})
    half = otio.opentime.RationalTime(500, 48000)
    made.tracks[0].insert(2, otio.schema.Transition(in_offset=half, out_offset=half + half))
    with Player(written(made, tmp_path / "x.aaf")) as player:
        (track,) = player.tracks
        assert [(f.start, f.length, f.cut) for f in track.fades] == [(13500, 1500, 500)]
        first, second = track.segments
        assert (first.start, first.length, first.source_start) == (4000, 11000, 100)
        assert (second.start, second.length, second.source_start) == (13500, 10500, 4500)
        hears(player, track, first, 1, lambda place: place - 4000 + 100)
        hears(player, track, second, 2, lambda place: place - 14000 + 5000)


def test_a_cross_fade_without_enough_handle_is_shortened_and_said(tmp_path: Path) -> None:
    one, rate, report = make_wav(tmp_path / "1.wav", 1, 60_000), RATES["24"], Report()
    laid = [
        Laid(clip("a", media(one)), Fraction(0), frames(5, rate), Fraction(100, 48000)),
        Laid(clip("b", media(one)), frames(5, rate), frames(5, rate), Fraction(200, 48000)),
    ]
    made = timeline(rate, {"A": laid})
    offset = otio.opentime.RationalTime(500, 48000)
    made.tracks[0].insert(1, otio.schema.Transition(in_offset=offset, out_offset=offset))
    with Player(written(made, tmp_path / "x.aaf", report)) as player:
        (track,) = player.tracks
        assert [(f.start, f.length, f.cut) for f in track.fades] == [(9800, 700, 200)]
        hears(player, track, track.segments[1], 1, lambda place: place - 10000 + 200)
    assert "value-clamped" in {loss.code for loss in report}


def test_fades_longer_than_their_clip_are_cut_to_it(tmp_path: Path) -> None:
    one, rate, report = make_wav(tmp_path / "1.wav", 1, 60_000), RATES["24"], Report()
    fade = Fade(Fraction(8000, 48000))
    laid = [Laid(clip("a", media(one), fade_in=fade, fade_out=fade), frames(1, rate), frames(5, rate))]
    with Player(written(timeline(rate, {"A": laid}), tmp_path / "x.aaf", report)) as player:
        assert [(f.start, f.length) for f in player.tracks[0].fades] == [(2000, 8000), (10000, 2000)]
    assert "value-clamped" in {loss.code for loss in report}


def test_levels_mutes_notes_and_roles_arrive(tmp_path: Path) -> None:
    one, rate = make_wav(tmp_path / "1.wav", 1, 60_000), RATES["25"]
    points = ((Fraction(0), 0.0), (Fraction(1, 25), -6.0), (Fraction(2, 25), -20.0))
    laid = [
        Laid(clip("loud", media(one), gain_db=14.0), Fraction(0), frames(2, rate)),
        Laid(clip("curve", media(one), gain_points=points), frames(2, rate), frames(2, rate)),
        Laid(clip("off", media(one), muted=True, gain_db=-6.0), frames(4, rate), frames(2, rate)),
        Laid(
            clip("noted", media(one), note="zu laut – 大", role="dialogue.boom", cue_uid="c1"),
            frames(6, rate),
            frames(2, rate),
        ),
    ]
    made = timeline(rate, {"A": laid})
    with Player(written(made, tmp_path / "x.aaf")) as player:
        (track,) = player.tracks
        loud, curve, off, noted = track.segments
        assert float(player.gain_at(loud, 5)) == pytest.approx(10 ** (14 / 20), rel=1e-8)
        assert [float(player.gain_at(curve, 3840 + at)) for at in (0, 1920, 3840)] == pytest.approx(
            [1, 10**-0.3, 0.1], rel=1e-6
        )
        assert [segment.muted for segment in track.segments] == [False, False, True, False]
        assert float(player.gain_at(off, 8000)) == pytest.approx(10**-0.3, rel=1e-6)
        hears(player, track, off, 1, lambda place: place - 7680)
        assert noted.attributes == {"_COMMENT": "zu laut – 大", "POSTSYNC_ROLE": "dialogue.boom", "POSTSYNC_CUE": "c1"}
    with Player(written(made, tmp_path / "y.aaf", include_disabled=False)) as player:
        assert [segment.name for segment in player.tracks[0].segments] == ["loud", "curve", "noted"]


def test_tracks_keep_mute_level_and_pan_and_get_names_of_their_own(tmp_path: Path) -> None:
    one, rate, report = make_wav(tmp_path / "1.wav", 1, 60_000), RATES["25"], Report()
    made = timeline(rate, {"A": [Laid(clip("a", media(one)), Fraction(0), frames(2, rate))]})
    facts = TrackFacts(muted=True, pan=-1.0, gain_db=-6.0)
    made.tracks.append(
        build_track("A", "Audio", [Laid(clip("b", media(one)), Fraction(0), frames(2, rate))], [25], facts=facts)
    )
    with Player(written(made, tmp_path / "x.aaf", report)) as player:
        assert [track.name for track in player.tracks] == ["A", "A 2"]
        second = player.tracks[1]
        assert second.attributes == {"AudioMixerCompMute": 1, "AudioMixerCompSolo": 0}
        assert float(player.gain_at(second.segments[0], 0)) == pytest.approx(10**-0.3, rel=1e-6)
    assert "name-changed" in {loss.code for loss in report}


def test_a_stereo_clip_becomes_two_tracks_that_each_play_their_channel(tmp_path: Path) -> None:
    pair, rate, report = make_wav(tmp_path / "pair.wav", 7, 30_000, channels=2), RATES["25"], Report()
    laid = [Laid(clip("mx", media(pair, channels=2)), Fraction(0), frames(5, rate), Fraction(10, 48000))]
    with Player(written(timeline(rate, {"MX": laid}), tmp_path / "x.aaf", report)) as player:
        assert [track.name for track in player.tracks] == ["MX.L", "MX.R"]
        for number, track in enumerate(player.tracks):
            hears(player, track, track.segments[0], 7 + number, lambda place: place + 10)
    assert [loss.code for loss in report].count("channel-split") == 1
    assert "media-not-mono" in {loss.code for loss in report}


@pytest.mark.parametrize(
    ("stated", "written_as"),
    [
        ("/Volumes/Gone/A #1.wav", "file:///Volumes/Gone/A%20%231.wav"),
        ("D:\\Sound\\A 1.wav", "file:///D:/Sound/A%201.wav"),
        ("\\\\server\\Sound\\A 1.wav", "file://server/Sound/A%201.wav"),
        ("file:///Volumes/Gone/A%201.wav", "file:///Volumes/Gone/A%201.wav"),
        ("A 1.wav", "A 1.wav"),
    ],
)
def test_a_bare_path_of_media_that_are_missing_is_written_as_a_url(tmp_path, stated, written_as) -> None:
    gone = media(stated, start=Fraction(0), length=Fraction(20), sample_rate=48000, channels=1)
    laid = [Laid(clip("A 1", gone, channels=(1,)), Fraction(1), Fraction(2), Fraction(5))]
    path = written(timeline(RATES["25"], {"A": laid}), tmp_path / "x.aaf")
    with aaf2.open(str(path)) as file:
        described = [mob.descriptor for mob in file.content.sourcemobs()]
        urls = [one["URLString"].value for descriptor in described for one in descriptor.locator]
    assert urls == [written_as]


def test_missing_media_keeps_its_clip_its_link_and_its_source_timecode(tmp_path: Path) -> None:
    rate, report = RATES["25"], Report()
    gone = media(
        "file:///Volumes/Gone/A%20001.mov",
        start=Fraction(36000),
        length=Fraction(20),
        sample_rate=48000,
        channels=4,
        tape="A001",
    )
    laid = [
        Laid(clip("A 001", gone, channels=(3,)), Fraction(1), Fraction(2), Fraction(36005)),
        Laid(clip("none", media(None)), Fraction(4), Fraction(1)),
    ]
    path = written(timeline(rate, {"A": laid}), tmp_path / "x.aaf", report)
    with Player(path) as player:
        (track,) = player.tracks
        sound = player.sound_at(track, 48000)
        assert sound is not None and (sound.path, sound.channel) == (Path("/Volumes/Gone/A 001.mov"), 3)
        assert player.source_frame(track, track.segments[0])[:2] == ("A001", 25 * 36005)
        assert [(one.start, one.length) for one in track.segments] == [(48000, 96000), (192000, 48000)]
    assert [loss.code for loss in report].count("media-missing") == 2


def test_media_that_is_no_wav_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "a.mov").write_bytes(b"\0\0\0\x14ftypqt  ")
    report = Report()
    laid = [Laid(clip("a", media(tmp_path / "a.mov")), Fraction(0), Fraction(1))]
    written(timeline(RATES["25"], {"A": laid}), tmp_path / "x.aaf", report, media="embed")
    assert "media-not-wav" in {loss.code for loss in report}


def test_speeds_and_ends_beyond_the_media_are_said(tmp_path: Path) -> None:
    one, rate, report = make_wav(tmp_path / "1.wav", 1, 48_000), RATES["25"], Report()
    laid = [
        Laid(clip("pull", media(one), speed=Fraction(1000, 1001)), Fraction(0), Fraction(1, 2)),
        Laid(clip("fast", media(one), speed=Fraction(2)), Fraction(1), Fraction(1, 5)),
        Laid(clip("long", media(one)), Fraction(2), Fraction(3)),
    ]
    written(timeline(rate, {"A": laid}), tmp_path / "x.aaf", report)
    codes = [loss.code for loss in report]
    assert [codes.count(code) for code in ("clip-off-speed", "clip-retimed", "clip-beyond-media")] == [1, 1, 1]
    assert "0.5 ms" in next(loss for loss in report if loss.code == "clip-off-speed").sentence()


def test_clips_that_overlap_in_a_nest_come_on_tracks_of_their_own(tmp_path: Path) -> None:
    one, rate = make_wav(tmp_path / "1.wav", 1, 48_000), RATES["25"]
    stack = otio.schema.Stack()
    for start in (0, 2):
        stack.append(
            build_track("", "Audio", [Laid(clip(f"n{start}", media(one)), frames(start, rate), frames(5, rate))], [25])
        )
    made = timeline(rate, {"A": [Laid(stack, Fraction(0), frames(7, rate))]})
    with Player(written(made, tmp_path / "x.aaf")) as player:
        assert [[(s.name, s.start) for s in track.segments] for track in player.tracks] == [[("n0", 0)], [("n2", 3840)]]


def cued(tmp_path: Path) -> Any:
    rate = RATES["23.976"]
    one = make_wav(tmp_path / "1.wav", 1, 96_000)
    made = timeline(rate, {"DX": [Laid(clip("a", media(one)), Fraction(0), frames(40, rate))]}, start=86400)
    facts = TimelineFacts(rate, 86400)
    put_characters(made, [Character("1", "ANNA", colour="green")])
    cue = Cue(uid="k7", number="R1-4", record_in=12, record_out=30, character="1", line="Grüße, 世界!")
    made.tracks.markers.append(cue_marker(cue, facts, "ANNA"))
    for plain in (
        PlainMarker(frames(3, rate), name="look", comment="here", colour="purple", colour_rgb="#9013FE"),
        PlainMarker(frames(5, rate), frames(2, rate), name="only a name", user="Jo"),
        PlainMarker(frames(6, rate) + Fraction(1, 1000), name="hidden", visible=False),
    ):
        made.tracks.markers.append(to_otio_marker(plain))
    return made


def _colour(marker: Any) -> tuple[int, ...] | None:
    found = marker.get("CommentMarkerColor")
    return tuple(value >> 8 for value in found.value.values()) if found is not None and found.value else None


def read_markers(path: Path) -> list[tuple[Any, ...]]:
    with aaf2.open(str(path), "r") as f:
        (mob,) = f.content.toplevel()
        (slot,) = [slot for slot in mob.slots if type(slot).__name__ == "EventMobSlot"]
        assert (slot.slot_id, slot["EditRate"].value, slot.segment.media_kind) == (
            1000,
            Fraction(24000, 1001),
            "DescriptiveMetadata",
        )
        return [
            (
                marker["Position"].value, marker["Length"].value, marker["CommentMarkerUser"].value, marker["Comment"].value,
                _colour(marker),
                {tag.name: tag.value for tag in marker["CommentMarkerAttributeList"].value},
            )
            for marker in slot.segment.components
        ]  # fmt: skip


def test_cues_and_markers_are_there_for_the_editor(tmp_path: Path) -> None:
    markers = read_markers(written(cued(tmp_path), tmp_path / "x.aaf"))
    assert [marker[:5] for marker in markers] == [
        (3, 0, "look", "here", (0x90, 0x13, 0xFE)),
        (5, 2, "Jo", "only a name", None),
        (12, 18, "ADR", "R1-4 ANNA: Grüße, 世界! {adr=k7}", (0x00, 0xAD, 0x00)),
    ]
    attributes = markers[2][5]
    assert (attributes["_ATN_CRM_ID"], attributes["_ATN_CRM_COLOR"], attributes["_ATN_CRM_LENGTH"]) == (
        "k7",
        "Green",
        18,
    )


@pytest.mark.parametrize("profile", ["pro-tools", "media-composer", "resolve", "generic"])
def test_the_name_of_a_marker_that_nobody_signed_makes_nobody_its_user(tmp_path: Path, profile: str) -> None:
    made, _ = read(written(cued(tmp_path), tmp_path / "x.aaf", profile=profile))
    (look,) = [one for one in made.tracks.markers if one.name == "look"]
    assert "user" not in look.metadata["postsync"]["marker"]


@pytest.mark.parametrize(("tags", "end"), [("none", "世界!"), ("uid", "{adr=k7}"), ("full", "}")])
def test_the_tag_of_a_cue_is_a_matter_of_choice(tmp_path: Path, tags: str, end: str) -> None:
    text = read_markers(written(cued(tmp_path), tmp_path / "x.aaf", tags=tags))[2][3]
    assert text.startswith("R1-4 ANNA: Grüße, 世界!") and text.endswith(end)
    assert ("n=R1-4" in text) is (tags == "full")


@pytest.mark.parametrize("day", ["2024-02-29", "2025-12-31"])
def test_definitions_kept_from_an_earlier_file_are_those_of_a_first_one(day: str, tmp_path: Path) -> None:
    """A process makes them once; each file has its own date and id all the same."""
    rate = RATES["25"]
    made = timeline(rate, {"A": [Laid(clip("a", media(make_wav(tmp_path / "1.wav", 1, 48_000))), frames(0, rate), 1)]})
    written(made, tmp_path / "other.aaf", created="2001-01-01")
    kept = written(made, tmp_path / "kept.aaf", created=day).read_bytes()
    _skeleton.cache_clear()
    assert kept == written(made, tmp_path / "first.aaf", created=day).read_bytes()
    with aaf2.open(str(tmp_path / "kept.aaf")) as file:
        saved = file.header["IdentificationList"].value[0]
        assert {file.header["LastModified"].value.date(), saved["Date"].value.date()} == {date.fromisoformat(day)}


def test_the_same_timeline_gives_the_same_bytes(tmp_path: Path) -> None:
    made = cued(tmp_path)
    first = written(made, tmp_path / "x.aaf", created="2024-05-06T07:08:09").read_bytes()
    assert first == written(made, tmp_path / "y.aaf", created="2024-05-06T07:08:09").read_bytes()
    otio.adapters.write_to_file(made, str(tmp_path / "t.otio"))
    code = (
        "import sys; from pathlib import Path; import opentimelineio as otio; from postsync.report import Report\n"
        "from postsync_adapters.aaf import write, WriteOptions\n"
        "with open(sys.argv[2], 'w+b') as file: write(otio.adapters.read_from_file(sys.argv[1]), file, Report(), "
        "WriteOptions(created='2024-05-06T07:08:09'))"
    )
    folders = [str(Path(__file__).parents[2] / name) for name in ("interchange", "adapters")]
    environment = {"PYTHONPATH": ":".join(folders), "PYTHONHASHSEED": "77"}
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "t.otio"), str(tmp_path / "z.aaf")], env=environment, check=True
    )
    assert first == (tmp_path / "z.aaf").read_bytes()


def test_media_keeps_its_mobs_from_export_to_export_and_a_new_cut_is_a_new_composition(tmp_path: Path) -> None:
    one, rate = make_wav(tmp_path / "1.wav", 1, 48_000), RATES["25"]

    def identifiers(start: int, name: str) -> tuple[set[str], set[str]]:
        laid = [Laid(clip("a", media(one)), frames(start, rate), frames(2, rate))]
        with aaf2.open(str(written(timeline(rate, {"A": laid}), tmp_path / name)), "r") as f:
            top = {str(mob.mob_id) for mob in f.content.toplevel()}
            return top, {str(mob.mob_id) for mob in f.content.mobs} - top

    (first, sources), (second, again) = identifiers(0, "x.aaf"), identifiers(1, "y.aaf")
    assert first != second
    assert sources == again and len(sources) == 3


def test_two_files_alike_in_every_fact_stay_two(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = [make_wav(tmp_path / folder / "1.wav", number, 4800) for number, folder in enumerate("ab", start=1)]
    laid = [Laid(clip("x", media(file)), Fraction(number, 10), Fraction(1, 10)) for number, file in enumerate(files)]
    with Player(written(timeline(RATES["25"], {"A": laid}), tmp_path / "x.aaf")) as player:
        (track,) = player.tracks
        for number, segment in enumerate(track.segments):
            hears(player, track, segment, number + 1, lambda place, b=segment.start: place - b)


def test_it_can_be_written_where_only_writing_is_possible(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    assert FORMAT.write is not None
    FORMAT.write(cued(tmp_path), buffer, Report(), WriteOptions())
    assert (
        sniff(buffer.getvalue()[:4096])
        and buffer.getvalue() == written(cued(tmp_path), tmp_path / "x.aaf").read_bytes()
    )


def test_real_files_of_every_program_are_recognised(corpus: Path) -> None:
    files = list((corpus / "aaf").rglob("*.aaf"))
    assert files and all(sniff(file.read_bytes()[:4096]) for file in files)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["23.976", "25"])
def test_otio_aaf_adapter_reads_the_same_places(tmp_path: Path, name: str) -> None:
    one, rate = make_wav(tmp_path / "one.wav", 1, 200_000), RATES[name]
    places = [(0, 5, 100), (5, 3, 200), (12, 9, 300)]
    laid = [
        Laid(clip(f"c{number}", media(one)), frames(start, rate), frames(length, rate), Fraction(source, 48000))
        for number, (start, length, source) in enumerate(places)
    ]
    path = written(timeline(rate, {"DX": laid}, start=HOUR[name]), tmp_path / "x.aaf")
    read = otio.adapters.read_from_file(str(path), adapter_name="AAF")
    read = read if isinstance(read, otio.schema.Timeline) else read[0]
    (track,) = [track for track in read.tracks if track.kind == "Audio"]
    found = [(one.name, one.range_in_parent(), one.source_range) for one in track.find_clips()]
    assert [one[0] for one in found] == ["c0", "c1", "c2"]
    for (_, parent, source), want in zip(found, laid, strict=True):
        assert parent.start_time.to_seconds() * 48000 == pytest.approx(float(want.record_in * 48000), abs=1e-3)
        assert parent.duration.to_seconds() * 48000 == pytest.approx(float(want.duration * 48000), abs=1e-3)
        assert source.start_time.to_seconds() * 48000 == pytest.approx(float(want.source_start * 48000), abs=1e-3)


def test_every_descriptor_quotes_the_true_header(tmp_path: Path) -> None:
    one, rate = make_wav(tmp_path / "one.wav", 1, 20_000), RATES["25"]
    laid = [Laid(clip("a", media(one)), Fraction(0), frames(2, rate))]
    with aaf2.open(str(written(timeline(rate, {"A": laid}), tmp_path / "x.aaf")), "r") as f:
        (descriptor,) = [
            mob["EssenceDescription"].value for mob in f.content.sourcemobs()
            if type(mob["EssenceDescription"].value).__name__ == "WAVEDescriptor"
        ]  # fmt: skip
        header = bytes(descriptor["Summary"].value)
        assert struct.unpack("<4sI4s4sIHHIIHH4sI", header) == (
            b"RIFF", 60_036, b"WAVE", b"fmt ", 16, 1, 1, 48000, 144_000, 3, 24, b"data", 60_000
        )  # fmt: skip
        assert descriptor["Length"].value == 20_000 and descriptor["ContainerFormat"].value.short_name == "AAF"
