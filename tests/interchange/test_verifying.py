"""`verify`: what was sent against what an application gave back."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from click.testing import CliRunner

import postsync
from postsync import verbs
from postsync.cli import main
from postsync.delivery.verifying import verify_timelines
from postsync.errors import UnknownOption
from postsync.formats import EVERYTHING, Feature
from postsync.model import (
    ClipFacts,
    Cue,
    Fade,
    Laid,
    MediaFacts,
    PlainMarker,
    TimelineFacts,
    build_track,
    clip_facts,
    cue_marker,
    cue_of,
    placed_tracks,
    plain_marker,
    put_clip_facts,
    put_cue,
    put_media_facts,
    put_timeline_facts,
    put_track_facts,
    timeline_facts,
    to_otio_marker,
    track_facts,
)
from postsync.timing import as_rate

RATE = as_rate("23.976")
UID = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@cache
def made_reel() -> otio.schema.Timeline:
    return _reel(120)


def reel() -> otio.schema.Timeline:
    """Give a reel of three sound tracks, with levels, fades, notes, markers and cues."""
    return made_reel().deepcopy()


def _reel(count: int) -> otio.schema.Timeline:
    dice = random.Random(7)
    timeline = otio.schema.Timeline("R1")
    facts = TimelineFacts(RATE, 86400, sample_rate=48000)
    put_timeline_facts(timeline, facts)
    for number in range(3):
        at, laid = Fraction(number, 10), []
        for place in range(count // 3):
            length = Fraction(dice.randrange(48000, 400000), 48000)
            laid.append(Laid(made_clip(number, place, dice), at, length, Fraction(dice.randrange(10**6), 48000)))
            at += length + Fraction(dice.randrange(0, 48000), 48000)
        timeline.tracks.append(build_track(f"DX {number + 1}", "Audio", laid, (48000,)))
    for place in range(20):
        marker = PlainMarker(Fraction(place * 5), Fraction(1), f"mark {place}", f"note {place}", "red")
        timeline.tracks.markers.append(to_otio_marker(marker, RATE.fps))
        cue = Cue(
            uid=UID[place] * 8,
            number=f"R{100 + place}",
            record_in=50 * place,
            record_out=50 * place + 30,
            line=f"line {place}",
        )
        timeline.tracks.markers.append(cue_marker(cue, facts))
    return timeline


def made_clip(track: int, place: int, dice: random.Random) -> otio.schema.Clip:
    clip = otio.schema.Clip(f"12A-{track}-{place // 2}")
    clip.media_reference = otio.schema.ExternalReference(target_url=f"file:///sound/{track}_{place // 2}.wav")
    put_media_facts(clip.media_reference, MediaFacts(name=f"{track}_{place // 2}.wav", channels=1, sample_rate=48000))
    fade = Fade(Fraction(1, 10)) if dice.random() < 0.5 else None
    put_clip_facts(
        clip, ClipFacts(channels=(1,), gain_db=dice.choice((None, -3.0)), fade_in=fade, note=f"note {place}")
    )
    return clip


def differences(sent: Any, returned: Any, holds: Feature = EVERYTHING) -> list[str]:
    return [one.sentence() for one in verify_timelines(sent, returned, holds, holds).differences]


def test_an_identical_pair_has_no_difference():
    found = verify_timelines(reel(), reel(), EVERYTHING, EVERYTHING)
    assert (found.same, found.offset, found.not_compared) == (True, 0, [])
    assert found.counts["clip"] == {"sent": 120, "returned": 120, "same": 120}
    assert found.counts["cue"] == {"sent": 20, "returned": 20, "same": 20}


Change = Callable[[otio.schema.Timeline, random.Random], tuple[str, str | None]]


def some_clip(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[Any, int]:
    track = timeline.tracks[dice.randrange(3)]
    return track, dice.choice(
        [place for place, item in enumerate(track) if isinstance(item, otio.schema.Clip) and place > 2]
    )


def with_facts(**changes: object) -> Change:
    def change(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
        track, place = some_clip(timeline, dice)
        put_clip_facts(track[place], dataclasses.replace(clip_facts(track[place]), **changes))
        return "clip", next(iter(changes))

    return change


def gone(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
    track, place = some_clip(timeline, dice)
    gap = otio.schema.Gap(source_range=otio.opentime.TimeRange(duration=track[place].source_range.duration))
    track[place] = gap
    return "clip", None


def moved(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
    track, place = some_clip(timeline, dice)
    before = track[place - 1]
    while not isinstance(before, otio.schema.Gap):
        track, place = some_clip(timeline, dice)
        before = track[place - 1]
    samples = otio.opentime.RationalTime(2, 48000)
    span = before.source_range
    before.source_range = otio.opentime.TimeRange(span.start_time, span.duration - samples)
    after = otio.schema.Gap(source_range=otio.opentime.TimeRange(duration=samples))
    track.insert(place + 1, after)
    return "clip", "record_in"


def slipped(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
    track, place = some_clip(timeline, dice)
    span = track[place].source_range
    track[place].source_range = otio.opentime.TimeRange(
        span.start_time + otio.opentime.RationalTime(480, 48000), span.duration
    )
    return "clip", "source_in"


def renamed(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
    track, place = some_clip(timeline, dice)
    track[place].name += " new"
    return "clip", "name"


def switched_off(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
    track, place = some_clip(timeline, dice)
    track[place].enabled = False
    return "clip", "enabled"


def cue_changed(**changes: object) -> Change:
    def change(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
        marker = dice.choice([one for one in timeline.tracks.markers if cue_of(one) is not None])
        put_cue(marker, dataclasses.replace(cue_of(marker), **changes), timeline_facts(timeline))
        return "cue", next(iter(changes))

    return change


def cue_gone(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
    places = [place for place, one in enumerate(timeline.tracks.markers) if cue_of(one) is not None]
    del timeline.tracks.markers[dice.choice(places)]
    return "cue", None


def marker_changed(**changes: object) -> Change:
    def change(timeline: otio.schema.Timeline, dice: random.Random) -> tuple[str, str | None]:
        places = [place for place, one in enumerate(timeline.tracks.markers) if cue_of(one) is None]
        place = dice.choice(places)
        plain = dataclasses.replace(plain_marker(timeline.tracks.markers[place]), **changes)
        timeline.tracks.markers[place] = to_otio_marker(plain)
        return "marker", next(iter(changes))

    return change


CHANGES: tuple[Change, ...] = (
    gone, moved, slipped, renamed, switched_off, with_facts(gain_db=-12.0), with_facts(fade_out=Fade(Fraction(1, 4))),
    with_facts(note="another"), with_facts(channels=(2,)), with_facts(speed=Fraction(2)),
    with_facts(gain_points=((Fraction(0), 0.0), (Fraction(1, 2), -6.0))), with_facts(muted=True),
    cue_changed(line="other words"), cue_changed(record_in=3), cue_changed(number="X1"), cue_changed(note="new"), cue_gone,
    marker_changed(comment="new"), marker_changed(record_in=Fraction(333)), marker_changed(colour="green"),
)  # fmt: skip
FIELDS = {"muted": "enabled"}


@pytest.mark.parametrize("seed", range(100))
def test_each_of_a_hundred_made_differences_is_found_and_nothing_else(seed):
    dice = random.Random(seed)
    sent, returned = reel(), reel()
    what, name = CHANGES[seed % len(CHANGES)](returned, dice)
    found = verify_timelines(sent, returned, EVERYTHING, EVERYTHING).differences
    assert {one.what for one in found} == {what}, [one.sentence() for one in found]
    if name is None:
        assert [one.kind for one in found] == ["gone"]
    else:
        assert {one.field for one in found} == {FIELDS.get(name, name)}
        assert len({(one.where, one.time) for one in found}) == 1


def test_a_whole_timeline_that_moved_is_one_difference():
    sent, returned = reel(), reel()
    put_timeline_facts(returned, dataclasses.replace(timeline_facts(returned), start_frame=86400 + 240))
    (found,) = verify_timelines(sent, returned, EVERYTHING, EVERYTHING).differences
    assert (found.what, found.field, found.returned) == ("timeline", "offset", Fraction(1001, 100))


def cross_faded(curve: str) -> otio.schema.Timeline:
    timeline = reel()
    second = otio.opentime.RationalTime(12000, 48000)
    cross = otio.schema.Transition("cross fade", in_offset=second, out_offset=second)
    cross.metadata["postsync"] = {"schema": 1, "curve": curve}
    timeline.tracks[0].insert(3, cross)
    return timeline


def test_a_cross_fade_that_runs_along_another_curve_is_found():
    (found,) = verify_timelines(cross_faded("equal-power"), cross_faded("linear"), EVERYTHING, EVERYTHING).differences
    assert (found.what, found.field, found.sent, found.returned) == ("transition", "curve", "equal-power", "linear")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pan": -1.0}, "pan"),
        ({"pan_points": ((Fraction(0), 0.0), (Fraction(1), 0.5))}, "pan"),
        ({"gain_db": -6.0}, "gain_db"),
        ({"gain_points": ((Fraction(0), 0.0), (Fraction(1), -6.0))}, "gain_db"),
    ],
)
def test_a_pan_or_a_level_of_a_whole_track_that_changed_is_found(changes, field):
    sent, returned = reel(), reel()
    track = returned.tracks[1]
    put_track_facts(track, dataclasses.replace(track_facts(track), **changes))
    (found,) = verify_timelines(sent, returned, EVERYTHING, EVERYTHING).differences
    assert (found.what, found.field) == ("track", field)


def test_a_ramp_of_the_same_mean_speed_that_bends_elsewhere_is_found():
    sent, returned = reel(), reel()
    for timeline, bend in ((sent, Fraction(1, 4)), (returned, Fraction(3, 4))):
        clip = next(item for item in timeline.tracks[0] if isinstance(item, otio.schema.Clip))
        source = next(one for one in placed_tracks(timeline, "audio")[0].clips).source_in
        ramp = ((Fraction(0), source), (Fraction(1, 2), source + bend), (Fraction(1), source + 1))
        put_clip_facts(clip, dataclasses.replace(clip_facts(clip), retime=ramp))
    (found,) = verify_timelines(sent, returned, EVERYTHING, EVERYTHING).differences
    assert (found.what, found.field) == ("clip", "retime")


def test_one_of_several_timelines_that_were_sent_is_compared_by_its_name(corpus):
    both = corpus / "aaf" / "otio" / "multiple_top_level_mobs.aaf"
    assert verbs.verify(both, both, timeline="nestTest2").verification.same


def test_what_came_back_is_compared_with_the_timeline_of_its_name_among_those_sent(tmp_path, corpus):
    both = corpus / "aaf" / "otio" / "multiple_top_level_mobs.aaf"
    alone = tmp_path / "alone.otio"
    verbs.convert(both, alone, timeline="nestTest2")
    assert verbs.verify(both, alone).verification.same
    with pytest.raises(UnknownOption, match="--timeline"):
        verbs.verify(both, both)


def test_a_marker_whose_length_was_rounded_to_its_frame_is_the_same_and_one_frame_more_is_not():
    sent, returned = reel(), reel()
    for place, marker in enumerate(returned.tracks.markers):
        if cue_of(marker) is None:
            rounded = dataclasses.replace(plain_marker(marker), duration=Fraction(24 * 1001, 24000))
            returned.tracks.markers[place] = to_otio_marker(rounded, RATE.fps)
    assert differences(sent, returned) == []
    longer = dataclasses.replace(plain_marker(returned.tracks.markers[0]), duration=Fraction(25 * 1001, 24000))
    returned.tracks.markers[0] = to_otio_marker(longer, RATE.fps)
    assert len(differences(sent, returned)) == 1


def test_what_a_file_has_no_place_for_is_named_and_not_compared():
    sent, returned = reel(), reel()
    for track in returned.tracks:
        for clip in track:
            if isinstance(clip, otio.schema.Clip):
                put_clip_facts(clip, dataclasses.replace(clip_facts(clip), gain_db=None, fade_in=None))
    found = verify_timelines(sent, returned, EVERYTHING, EVERYTHING & ~(Feature.GAIN | Feature.FADES))
    assert found.same
    assert found.not_compared == ["clip levels", "fades"]


def test_the_command_tells_by_its_exit_code_and_its_json(tmp_path):
    sent, same, other = tmp_path / "sent.otio", tmp_path / "same.otio", tmp_path / "other.otio"
    postsync.write(reel(), sent)
    postsync.write(reel(), same)
    changed = reel()
    renamed(changed, random.Random(1))
    postsync.write(changed, other)
    run = CliRunner().invoke
    assert run(main, ["verify", str(sent), str(same)]).exit_code == 0
    done = run(main, ["verify", str(sent), str(other), "--json"])
    document = json.loads(done.stdout)
    assert (done.exit_code, document["schema"], document["kinds"]["changed"]) == (1, "postsync.verify/1", 1)
    assert "name" in run(main, ["verify", str(sent), str(other)]).stdout


def test_a_turnover_read_back_differs_from_its_work_in_nothing_that_the_aaf_holds(tmp_path):
    made = verbs.demo(tmp_path)
    aaf = next(made.folder.glob("*.aaf"))
    again = tmp_path / "again.aaf"
    verbs.convert(aaf, again)
    assert [one.sentence() for one in verbs.verify(aaf, again).verification.differences] == []


def corpus_files(corpus: Path) -> list[Path]:
    folders = ("aaf/otio", "fcpxml", "edl/otio-cmx3600-adapter")
    return [path for folder in folders for path in sorted((corpus / folder).rglob("*")) if path.is_file()][::6]


def test_every_file_is_the_same_as_itself(corpus):
    looked = 0
    for path in corpus_files(corpus):
        try:
            opened = verbs.opened(path)
        except postsync.PostsyncError:
            continue
        if len(opened.timelines) == 1:
            assert verbs.verify(path, path).verification.same, path
            looked += 1
    assert looked > 5
