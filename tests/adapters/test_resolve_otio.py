"""Resolve's OTIO: real exports, and single clips of real exports wrapped into a timeline."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from postsync.errors import FormatError
from postsync.formats import Claim, ReadOptions
from postsync.model import placed_tracks, plain, timeline_duration, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.resolve_otio import FORMAT, read, sniff

F = Fraction


def open_file(path: Path, report: Report | None = None, **options: Any) -> Any:
    with path.open("rb") as file:
        (timeline,) = read(file, Report() if report is None else report, ReadOptions(**options))
    return timeline


def reread(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    data = io.BytesIO(timeline.to_json_string().encode())
    (made,) = read(data, Report() if report is None else report, ReadOptions(**options))
    return made


def wrapped(corpus: Path, name: str, gap_frames: int = 10) -> Any:
    """Put a clip of the corpus on a track, behind a gap."""
    clip = otio.adapters.otio_json.read_from_file(str(corpus / "resolve" / "otio-clips" / f"{name}.json"))
    return on_track([clip], gap_frames=gap_frames, rate=clip.source_range.duration.rate)


def on_track(items: list[Any], kind: str = "Video", gap_frames: int = 10, rate: float = 24.0) -> Any:
    gap = otio.schema.Gap(duration=otio.opentime.RationalTime(gap_frames, rate))
    track = otio.schema.Track(name=f"{kind} 1", kind=kind, children=[gap, *items])
    timeline = otio.schema.Timeline(name="wrapped", global_start_time=otio.opentime.RationalTime(86400, rate))
    timeline.metadata["Resolve_OTIO"] = {"Resolve OTIO Meta Version": "1.0"}
    timeline.tracks.append(track)
    return timeline


def frames(start: float, length: float, rate: float = 24.0) -> Any:
    return otio.opentime.TimeRange(otio.opentime.RationalTime(start, rate), otio.opentime.RationalTime(length, rate))


def volume(*parameters: dict[str, Any]) -> Any:
    facts = {
        "Effect Name": "Fairlight Clip Volume and Fades",
        "Enabled": True,
        "Type": 62,
        "Parameters": list(parameters),
    }
    return otio.schema.Effect(effect_name="Resolve Effect", metadata={"Resolve_OTIO": facts})


def test_the_head_of_a_real_file_is_certain_and_plain_otio_is_not(corpus: Path) -> None:
    for path in sorted((corpus / "resolve" / "otio").iterdir()):
        assert sniff(path.read_bytes()[:4096]) is Claim.CERTAIN
    assert sniff(b'{"OTIO_SCHEMA": "Timeline.1", "metadata": {}}') is Claim.NO


def test_a_timeline_without_a_name_takes_that_of_its_file(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    facts = timeline_facts(timeline)
    assert (timeline.name, facts.rate.name, facts.start_timecode) == ("picchu_effects", "24", "01:00:00:00")
    assert facts.producer == "DaVinci Resolve"


def test_every_clip_of_the_big_timeline_arrives(corpus: Path) -> None:
    report = Report()
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio", report)
    tracks = placed_tracks(timeline)
    assert [len([t for t in tracks if t.kind == kind]) for kind in ("video", "audio")] == [8, 11]
    assert sum(len(track.clips) for track in tracks) == 37
    assert timeline_duration(timeline) == F(1125, 24)
    assert not report.losses


def test_offline_media_keep_their_path(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    clips = [clip for track in placed_tracks(timeline) for clip in track.clips]
    offline = [clip for clip in clips if clip.media.extra.get("offline")]
    assert len(offline) == 17
    assert all(clip.url and clip.url.endswith(clip.clip.name) for clip in offline)
    assert all(clip.url for clip in clips)


def test_media_are_known_as_sound_picture_or_still(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    kinds = {clip.clip.name.rsplit(".")[-1]: clip.media.kind for t in placed_tracks(timeline) for clip in t.clips}
    assert kinds == {"png": "still", "mp4": "picture", "wav": "sound", "mp3": "sound"}


def test_levels_are_decibels_without_noise(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    gains = [clip.facts.gain_db for track in placed_tracks(timeline, "audio") for clip in track.clips]
    assert gains[:4] == [-17.0, -8.6, 13.8587, 11.413]
    assert sum(gain is not None for gain in gains) == 12


def test_level_keys_stand_in_order_of_frame_not_of_text(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    curves = [clip.facts.gain_points for t in placed_tracks(timeline) for clip in t.clips if clip.facts.gain_points]
    assert curves == [((F(96, 24), 0.0), (F(194, 24), -2.0), (F(241, 24), -29.54))] * 2


def test_sound_clips_say_their_channels_and_tracks_their_width(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    tracks = placed_tracks(timeline, "audio")
    assert {clip.facts.channels for track in tracks for clip in track.clips} == {(1, 2)}
    assert {track.facts.channels for track in tracks} == {2}


def test_disabled_clips_stay_disabled(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    assert [clip.enabled for clip in placed_tracks(timeline)[2].clips] == [False]


def test_the_transition_stays(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "picchu_effects.otio")
    (transition,) = timeline.find_children(descended_from_type=otio.schema.Transition)
    assert transition.metadata["Resolve_OTIO"]["Transition Type"] == "Cross Fade 0DB"


def test_a_ramp_gives_where_in_the_media_each_piece_runs(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "speedramp_50-10-100_24fps_media_tc.otio")
    (clip,) = placed_tracks(timeline)[0].clips
    assert (clip.record_in, clip.duration, clip.source_in) == (F(44, 24), F(80, 24), F(48, 24))
    assert clip.facts.retime == (
        (F(0), F(2)), (F(1, 2), F(9, 4)), (F(31, 12), F(59, 24)), (F(80, 24), F(59, 24) + F(3, 4)),
    )  # fmt: skip


def test_a_ramp_that_starts_inside_its_first_piece(corpus: Path) -> None:
    timeline = open_file(corpus / "resolve" / "otio" / "speedramp_10-200_25fps.otio")
    (clip,) = placed_tracks(timeline)[0].clips
    (first, first_source), (second, _), (last, last_source) = clip.facts.retime
    assert (first, first_source, last) == (0, F(34, 25), F(96, 25))
    assert float(second) == pytest.approx(15.906236312658555 - 13.6, abs=1e-6)
    assert float(last_source) == pytest.approx(4.6582, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("img_seq_2x_speed_resolve", 5),
        ("img_seq_reverse_speed_no_tc", 20),
        ("img_seq_embedded_tc", 37),
        ("qt_embedded_tc", 22),
        ("img_seq_with_handles", 19),
        ("img_seq_review", 45),
        ("movie_with_handles", 85),
        ("qt_review", F(625, 24)),
    ],
)
def test_clip_markers_move_to_their_place_in_the_programme(corpus: Path, name: str, frame: Any) -> None:
    timeline = reread(wrapped(corpus, name))
    fps = timeline_facts(timeline).rate.fps
    ((_, found),) = timeline_markers(timeline)
    assert found.record_in * fps == 10 + frame
    assert found.visible and found.duration == 0 and found.colour == "green"
    assert found.comment.startswith("{")
    assert found.attached_to is not None and found.attached_to.track == "Video 1"
    assert not any(clip.markers for clip in timeline.find_clips())


def test_source_times_of_media_at_another_rate_are_exact(corpus: Path) -> None:
    (clip,) = placed_tracks(reread(wrapped(corpus, "img_seq_embedded_tc")))[0].clips
    assert (clip.media_start, clip.source_in) == (F(87399, 24), F(6, 25))


def test_reverse_runs_from_the_end_of_the_used_part(corpus: Path) -> None:
    (clip,) = placed_tracks(reread(wrapped(corpus, "img_seq_reverse_speed_no_tc")))[0].clips
    assert clip.facts.speed == -1
    assert clip.facts.retime == ((F(0), F(61, 24)), (F(41, 24), F(20, 24)))


def test_links_are_kept(corpus: Path) -> None:
    (clip,) = placed_tracks(reread(wrapped(corpus, "movie_with_handles")))[0].clips
    assert clip.facts.link_group == "1"


def sound_clip(length: float = 48, *effects: Any, **metadata: Any) -> Any:
    media = otio.schema.ExternalReference(target_url="/a.wav", available_range=frames(0, 1000))
    clip = otio.schema.Clip("a.wav", media, frames(0, length), metadata={"Resolve_OTIO": metadata})
    clip.effects.extend(effects)
    return clip


def test_faders_become_fades_no_longer_than_the_clip() -> None:
    report = Report()
    effect = volume(
        {"Parameter ID": "faderIn", "Parameter Value": 12}, {"Parameter ID": "faderOut", "Parameter Value": 2**31}
    )
    (clip,) = placed_tracks(reread(on_track([sound_clip(48, effect)], "Audio"), report))[0].clips
    assert clip.facts.fade_in is not None and clip.facts.fade_in.duration == F(1, 2)
    assert clip.facts.fade_out is not None and clip.facts.fade_out.duration == 2
    assert [loss.code for loss in report] == ["value-clamped"]


def test_channels_of_a_file_with_one_channel_tracks_count_by_track() -> None:
    pairs = [{"Source Channel ID": 0, "Source Track ID": 2}, {"Source Channel ID": 0, "Source Track ID": 3}]
    (clip,) = placed_tracks(reread(on_track([sound_clip(Channels=pairs)], "Audio")))[0].clips
    assert clip.facts.channels == (3, 4)


def test_markers_of_the_timeline_count_from_its_first_frame() -> None:
    timeline = on_track([sound_clip()], "Audio")
    facts = {"Keywords": ["adr"], "Note": "Hold there!"}
    marker = otio.schema.Marker("R101", frames(33, 20), "LAVENDER", {"Resolve_OTIO": facts})
    timeline.tracks.markers.append(marker)
    ((marked, found),) = timeline_markers(reread(timeline))
    assert (found.record_in, found.duration, found.comment) == (F(33, 24), F(20, 24), "Hold there!")
    assert (found.colour, found.extra) == ("lavender", {"keywords": ["adr"]})
    assert marked.metadata["Resolve_OTIO"]["Note"] == "Hold there!"


def test_a_marker_beyond_its_clip_is_not_visible() -> None:
    clip = sound_clip(48)
    clip.markers.append(otio.schema.Marker("late", frames(100, 1)))
    ((_, found),) = timeline_markers(reread(on_track([clip], "Audio")))
    assert (found.record_in, found.visible) == (F(110, 24), False)


def test_compound_clips_stay_nested_and_their_markers_come_out() -> None:
    clip = sound_clip(100)
    clip.markers.extend([otio.schema.Marker("seen", frames(30, 1)), otio.schema.Marker("hidden", frames(5, 1))])
    inner = otio.schema.Track(kind="Audio", children=[clip])
    stack = otio.schema.Stack("Compound", children=[inner], source_range=frames(20, 40))
    timeline = reread(on_track([stack], "Audio"))
    assert isinstance(timeline.tracks[0][1], otio.schema.Stack)
    places = {found.name: (found.record_in * 24, found.visible) for _, found in timeline_markers(timeline)}
    assert places == {"hidden": (-5, False), "seen": (20, True)}


@pytest.mark.parametrize(
    ("rate", "start", "name", "label", "guessed"),
    [
        (23.976, 86400, "23.976", "01:00:00:00", False),
        (23.98, 86400, "23.976", "01:00:00:00", False),
        (24000 / 1001, 86400, "23.976", "01:00:00:00", False),
        (30000 / 1001, 107892, "29.97 DF", "01:00:00;00", True),
        (29.97, 108000, "29.97", "01:00:00:00", False),
        (29.97, 0, "29.97", "00:00:00:00", True),
        (59.94, 215784, "59.94 DF", "01:00:00;00", True),
    ],
)
def test_float_rates_are_snapped_and_drop_frame_is_told_by_the_start(
    rate: float, start: int, name: str, label: str, guessed: bool
) -> None:
    report = Report()
    timeline = on_track([], rate=rate)
    timeline.global_start_time = otio.opentime.RationalTime(start, rate)
    facts = timeline_facts(reread(timeline, report))
    assert (facts.rate.name, facts.start_timecode) == (name, label)
    assert ("rate-guessed" in {loss.code for loss in report}) is guessed


def test_a_rate_that_is_given_settles_the_drop_flag() -> None:
    report = Report()
    facts = timeline_facts(reread(on_track([], rate=29.97), report, rate=as_rate("29.97 DF")))
    assert facts.rate.name == "29.97 DF" and not report.losses


def test_a_timeline_without_a_start_says_what_was_guessed() -> None:
    report = Report()
    timeline = on_track([sound_clip()], "Audio")
    timeline.global_start_time = None
    assert timeline_facts(reread(timeline, report)).start_frame == 0
    assert {loss.code for loss in report} == {"start-guessed", "rate-guessed"}


def test_resolves_own_metadata_stays_as_it_was(corpus: Path) -> None:
    path = corpus / "resolve" / "otio" / "picchu_effects.otio"
    before, after = otio.adapters.otio_json.read_from_file(str(path)), open_file(path)
    for old, new in zip(before.find_clips(), after.find_clips(), strict=True):
        assert plain(old.metadata["Resolve_OTIO"]) == plain(new.metadata["Resolve_OTIO"])
        assert [plain(one.metadata) for one in old.effects] == [plain(one.metadata) for one in new.effects]


def test_a_lone_clip_is_refused_by_name(corpus: Path) -> None:
    with pytest.raises(FormatError, match="expected a timeline, found Clip"):
        open_file(corpus / "resolve" / "otio-clips" / "qt_review.json")


def test_half_a_file_is_refused(corpus: Path) -> None:
    data = (corpus / "resolve" / "otio" / "picchu_effects.otio").read_bytes()
    with pytest.raises(FormatError, match="not OpenTimelineIO JSON"):
        read(io.BytesIO(data[: len(data) // 2]), Report(), FORMAT.read_options())
