"""An AAF for each application: what each gets that others do not, and that three readers agree on all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import opentimelineio as otio
import pytest

from adapters.aaf_player import Player
from adapters.test_aaf_write import RATES, clip, cued, frames, make_wav, media, timeline, told, written
from postsync import verbs
from postsync.model import Fade, Laid, PlainMarker, build_track, placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync_adapters.aaf import FORMAT, WriteOptions
from postsync_adapters.aaf.read import AafReadOptions, read
from postsync_adapters.aaf.writing.profiles import PROFILES
from reels import Reel

NATIVE = ("media-composer", "resolve")


def read_back(path: Path) -> Any:
    with path.open("rb") as file:
        (found,) = read(file, Report(), AafReadOptions())
    return found


def everything(tmp_path: Path, name: str = "23.976") -> Any:
    """Two sound tracks, one of them stereo, two of picture, levels, fades, a speed, cues."""
    rate = RATES[name]
    made = cued(tmp_path) if name == "23.976" else timeline(rate, {})
    one = make_wav(tmp_path / "one.wav", 1, 300_000, stamp=4_800_000, tape="R1")
    pair = make_wav(tmp_path / "pair.wav", 7, 300_000, channels=2)
    start = Fraction(4_800_000, 48_000)
    reference = media(one, start=start, length=Fraction(300_000, 48_000), tape="R1")
    second = clip("b", media(one, start=start), fade_in=Fade(frames(4, rate)), muted=True)
    laid = [
        Laid(clip("a", reference, gain_db=-6.0, note="ü"), frames(10, rate), frames(20, rate), start + Fraction(1, 7)),
        Laid(second, frames(40, rate), frames(20, rate), start),
    ]  # fmt: skip
    made.tracks.append(build_track("DX2", "Audio", laid, [rate.fps, 48000]))
    stereo = [
        Laid(clip("mx", media(pair, channels=2, sample_rate=48_000)), frames(5, rate), frames(30, rate), Fraction(1))
    ]
    made.tracks.append(build_track("MX", "Audio", stereo, [rate.fps, 48000]))
    for number in (1, 2):
        movie = media(f"file:///Volumes/Media/v{number}.mov", length=Fraction(60), rate=str(rate.fps), kind="picture")
        shown = [Laid(clip(f"v{number}", movie), frames(12 * number, rate), frames(12, rate), frames(24, rate))]
        made.tracks.append(build_track(f"V{number}", "Video", shown, [rate.fps]))
    return made


@contextmanager
def slots(path: Path, kind: str) -> Iterator[list[Any]]:
    with aaf2.open(str(path), "r") as f:
        (mob,) = f.content.toplevel()
        yield [slot for slot in mob.slots if type(slot).__name__ == kind]


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_written_for_an_application_reads_as_it_was(tmp_path: Path, profile: str) -> None:
    made = everything(tmp_path)
    found = read_back(written(made, tmp_path / "x.aaf", profile=profile, channels="native", picture=True))
    assert timeline_facts(found).start_timecode == timeline_facts(made).start_timecode
    was, now = (
        [
            (track.kind, one.clip.name, one.record_in, one.duration, one.facts.channels or (1,), one.facts.muted,
             one.facts.note, one.facts.fade_in, one.facts.gain_db and round(one.facts.gain_db, 2))
            for track in placed_tracks(given)
            for one in track.clips
            if track.kind == "audio"
        ]
        for given in (made, found)
    )  # fmt: skip
    assert [row[1:] for row in now] == [
        (name, start, length, (1, 2) if name == "mx" else (1,), *rest) for _, name, start, length, _, *rest in was
    ]
    pictures = [
        (one.clip.name, one.record_in, one.url) for track in placed_tracks(found, "video") for one in track.clips
    ]
    assert pictures == [
        (f"v{number}", frames(12 * number, RATES["23.976"]), f"file:///Volumes/Media/v{number}.mov")
        for number in (1, 2)
    ]
    assert len(list(timeline_markers(found))) == 3


@pytest.mark.parametrize("profile", PROFILES)
def test_every_application_can_open_what_is_written_for_it(tmp_path: Path, profile: str) -> None:
    path = written(everything(tmp_path), tmp_path / "x.aaf", profile=profile, picture=False, media="embed")
    application = "nuendo" if profile == "generic" else profile
    checked = verbs.check(path, application=application)
    assert [one.sentence() for one in checked.findings if one.rated == "error"] == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("profile", PROFILES)
def test_pyaaf2_otio_aaf_adapter_and_we_agree_on_every_file(tmp_path: Path, profile: str) -> None:
    made = everything(tmp_path)
    path = written(made, tmp_path / "x.aaf", profile=profile, channels="mono", picture=False)
    ours = [
        [(one.clip.name, one.record_in, one.duration) for one in track.clips]
        for track in placed_tracks(read_back(path), "audio")
    ]
    theirs = otio.adapters.read_from_file(str(path), adapter_name="AAF")
    theirs = theirs if isinstance(theirs, otio.schema.Timeline) else theirs[0]
    adapter = [
        [(one.name, one.range_in_parent().start_time.to_seconds(), one.duration().to_seconds()) for one in track.find_clips()]
        for track in theirs.tracks if track.kind == "Audio"
    ]  # fmt: skip
    with Player(path) as player:
        pyaaf = [
            [(one.name, one.start / track.rate, one.length / track.rate) for one in track.segments]
            for track in player.tracks
        ]
    assert pyaaf == list(ours)
    for mine, other in zip([track for track in ours if track], [track for track in adapter if track], strict=True):
        # The adapter leaves out what is muted.
        kept = [one for one in mine if one[0] in {name for name, _, _ in other}]
        assert [name for name, _, _ in other] == [name for name, _, _ in kept]
        for (_, start, length), (_, at, duration) in zip(kept, other, strict=True):
            assert (at, duration) == pytest.approx((float(start), float(length)), abs=1e-6)


def test_a_file_of_two_channels_goes_into_a_file_for_pro_tools_as_two_of_one(tmp_path: Path) -> None:
    path = written(everything(tmp_path), tmp_path / "x.aaf", media="embed")
    with Player(path) as player:
        left, right = (track for track in player.tracks if track.name.startswith("MX"))
        for number, track in enumerate((left, right)):
            sound = player._sound(track.segments[0], Fraction(0), track)
            assert (player.wav(sound).channels, player.bytes_of(sound)) == (1, told(7 + number, 48_000))


def test_media_composer_cuts_on_frames_and_the_sound_stays_where_it_was(tmp_path: Path) -> None:
    one, rate = make_wav(tmp_path / "1.wav", 1, 200_000), RATES["25"]
    off = Fraction(301, 48_000)
    laid = [Laid(clip("a", media(one)), frames(3, rate) + off, frames(9, rate), Fraction(1))]
    report = Report()
    path = written(timeline(rate, {"A": laid}), tmp_path / "x.aaf", report, profile="media-composer")
    with Player(path) as player:
        (track,) = player.tracks
        (segment,) = track.segments
        assert (track.rate, segment.start, segment.length) == (25, 3, 9)
        for sample in (0, 7, 1919, 17_279):  # of the segment, which begins 301 samples before the clip
            sound = player._sound(segment, Fraction(sample, 1920), track)
            assert player.bytes_of(sound) == told(1, 48_000 - 301 + sample)
    assert {loss.facts["grid"] for loss in report if loss.code == "time-rounded"} == {"frame"}


def test_media_composer_gets_bare_samples_imports_and_a_slot_of_markers_for_each_track(tmp_path: Path) -> None:
    path = written(cued(tmp_path), tmp_path / "x.aaf", profile="media-composer", media="embed")
    with aaf2.open(str(path), "r") as f:
        kinds = [type(mob.descriptor).__name__ for mob in f.content.sourcemobs()]
        assert sorted(kinds) == ["ImportDescriptor", "PCMDescriptor"]
        (essence,) = f.content.essencedata
        assert essence.open("r").read(3) == told(1, 0)
    with slots(path, "EventMobSlot") as found:
        assert [slot.slot_id for slot in found] == [1000]
    with slots(path, "TimelineMobSlot") as found:
        assert [len(slot.segment.components) for slot in found if slot.name == "Segmentation"] == [2]


@pytest.mark.parametrize("profile", ["pro-tools", "media-composer", "resolve", "generic"])
def test_markers_of_a_timeline_without_sound_lie_on_a_slot_that_is_there(profile: str, tmp_path: Path) -> None:
    path = Reel(markers=[PlainMarker(Fraction(1), name="R101 ROBIN")]).write(
        tmp_path / "r.aaf", options={"profile": profile}
    )
    assert "aaf-marker-track" not in [one.code for one in verbs.check(path, application="media-composer").findings]


def test_resolve_gets_names_and_notes_of_markers_apart(tmp_path: Path) -> None:
    path = written(cued(tmp_path), tmp_path / "x.aaf", profile="resolve")
    with slots(path, "EventMobSlot") as (slot,):
        said = [(one["CommentMarkerUser"].value, one["Comment"].value) for one in slot.segment.components]
    assert said[0] == ("look", "here")
    assert said[-1] == ("R1-4 ANNA", "Grüße, 世界!\n{adr=k7}")


@pytest.mark.parametrize("profile", NATIVE)
def test_a_stereo_clip_stays_one_clip_on_a_stereo_track(tmp_path: Path, profile: str) -> None:
    path = written(everything(tmp_path), tmp_path / "x.aaf", profile=profile)
    with Player(path) as player:
        track = player.tracks[-1]
        assert track.attributes["_TRACK_FORMAT"] == 2
        assert [one.start for one in track.segments] == [track.segments[0].start] * 2
        for number, segment in enumerate(track.segments):
            sound = player._sound(segment, Fraction(0), track)
            assert (sound.channel, player.bytes_of(sound)) == (number + 1, told(7 + number, 48_000))


@pytest.mark.parametrize(("speed", "place"), [(Fraction(1, 2), 500), (Fraction(3, 2), 1500), (Fraction(-1), -1000)])
def test_a_changed_speed_is_an_effect_where_the_application_takes_one(
    tmp_path: Path, speed: Fraction, place: int
) -> None:
    one, rate = make_wav(tmp_path / "1.wav", 1, 200_000), RATES["25"]
    laid = [Laid(clip("a", media(one), speed=speed), frames(10, rate), frames(25, rate), Fraction(2))]
    report = Report()
    path = written(timeline(rate, {"A": laid}), tmp_path / "x.aaf", report)
    assert "clip-retimed" in {loss.code for loss in report}
    report = Report()
    path = written(timeline(rate, {"A": laid}), tmp_path / "y.aaf", report, profile="generic")
    assert "clip-retimed" not in {loss.code for loss in report}
    with Player(path) as player:
        (track,) = player.tracks
        (segment,) = track.segments
        assert (segment.start, segment.length) == (19_200, 48_000)
        assert player._sound(segment, Fraction(1000), track).index == 96_000 + place
    (clip_read,) = placed_tracks(read_back(path), "audio")[0].clips
    assert (clip_read.facts.speed, clip_read.duration) == (speed, 1)


def test_an_application_that_takes_no_pictures_is_said_to_take_none(tmp_path: Path) -> None:
    report = Report()
    written(everything(tmp_path), tmp_path / "x.aaf", report, profile="pro-tools")
    assert [loss.facts["feature"] for loss in report if loss.code == "feature-not-carried"] == ["2 picture clips"]
    report = Report()
    written(everything(tmp_path), tmp_path / "y.aaf", report, profile="resolve")
    assert "feature-not-carried" not in {loss.code for loss in report}


def test_every_profile_can_be_asked_for_by_name() -> None:
    assert all(FORMAT.carries(WriteOptions(profile=name)) for name in PROFILES)  # type: ignore[arg-type]
