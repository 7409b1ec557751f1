"""Reading AAFs: what each shape of composition means, in files made here with pyaaf2, and in real ones against a raw walk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import opentimelineio as otio
import pytest
from aaf2.auid import AUID
from aaf2.rational import AAFRational

from postsync import verbs
from postsync.errors import FormatError
from postsync.model import block, clip_facts, placed_tracks, timeline_facts, timeline_markers
from postsync.placing import mono_tracks
from postsync.report import Report
from postsync_adapters.aaf import FORMAT
from postsync_adapters.aaf.read import AafReadOptions, read

RATE = 24
SAMPLES = 48000
COMBINER = "6b46dd7a-132d-4856-ab21-8b751d8462ec"
MOTION = "9d2ea890-0968-11d3-8a38-0050040ef7d2"
SPEED = "72559a80-24d7-11d3-8a50-0050040ef7d2"


class Maker:
    """Makes the mobs of a small AAF: 24 frames a second, ten seconds of sound in each file."""

    def __init__(self, f: Any) -> None:
        self.f = f
        self.markers = 0
        for auid, name, inputs, kind in ((COMBINER, "Combiner", 8, "sound"), (MOTION, "Motion", 1, "picture")):
            definition = f.create.OperationDef(AUID(auid), name, "")
            definition.media_kind = kind
            definition["NumberInputs"].value = inputs
            definition["IsTimeWarp"].value = auid == MOTION
            definition["OperationCategory"].value = "OperationCategory_Effect"
            f.dictionary.register_def(definition)
        rational = f.metadict.lookup_typedef("Rational")
        self.speed = f.create.ParameterDef(AUID(SPEED), "SpeedRatio", "", rational)
        f.dictionary.register_def(self.speed)

    def slot(self, number: int, segment: Any, rate: int | str = RATE, name: str = "", track: int | None = 1) -> Any:
        slot = self.f.create.TimelineMobSlot(number, name, segment, 0, AAFRational(rate))
        if track is not None:
            slot["PhysicalTrackNumber"].value = track
        return slot

    def mob(self, mob: Any, name: str, *slots: Any) -> Any:
        mob.name = name
        mob["Slots"].value = list(slots)
        self.f.content.mobs.append(mob)
        return mob

    def clip(self, mob: Any, start: int, length: int, slot: int = 1, kind: str = "sound") -> Any:
        return self.f.create.SourceClip(start, length, None if mob is None else mob.mob_id, slot, kind)

    def filler(self, length: int, kind: str = "sound") -> Any:
        return self.f.create.Filler(kind, length)

    def sequence(self, *parts: Any, kind: str = "sound") -> Any:
        made = self.f.create.Sequence(
            kind, sum(part.length for part in parts if "Transition" not in type(part).__name__)
        )
        made["Components"].value = list(parts)
        return made

    def timecode(self, number: int, start: int, fps: int = RATE, track: int | None = 1, drop: bool = False) -> Any:
        code = self.f.create.Timecode(fps, drop=drop, length=86400)
        code.start = start
        return self.slot(number, code, "30000/1001" if drop else fps, "TC", track)

    def master(self, name: str, stamp: int = 0, url: str = "file:///Volumes/Sound/") -> Any:
        """Make a mono file that begins on its tape at a frame, and its master."""
        tape = self.f.create.SourceMob()
        tape["EssenceDescription"].value = self.f.create.TapeDescriptor()
        self.mob(tape, f"roll {name}", self.slot(1, self.clip(None, 0, 10_000)), self.timecode(2, 0))
        file = self.f.create.SourceMob()
        descriptor = self.f.create.PCMDescriptor()
        stated = {"Channels": 1, "BlockAlign": 3, "QuantizationBits": 24, "Locked": False, "AverageBPS": 144000}
        for field, value in {**stated, "Length": 480_000}.items():
            descriptor[field].value = value
        descriptor["AudioSamplingRate"].value = descriptor["SampleRate"].value = AAFRational(SAMPLES, 1)
        descriptor["ContainerFormat"].value = self.f.dictionary.lookup_containerdef("AAF")
        locator = self.f.create.NetworkLocator()
        locator["URLString"].value = f"{url}{name}.wav"
        descriptor["Locator"].value = [locator]
        file["EssenceDescription"].value = descriptor
        self.mob(file, name, self.slot(1, self.clip(tape, stamp, 240)))
        return self.mob(self.f.create.MasterMob(), name, self.slot(1, self.clip(file, 0, 240)))

    def composition(self, name: str, *slots: Any, usage: str | None = "Usage_TopLevel") -> Any:
        mob = self.f.create.CompositionMob()
        if usage:
            mob.usage = usage
        return self.mob(mob, name, *slots)

    def marker(self, position: int, comment: str, slots: set[int] | None = None, length: int = 0) -> Any:
        made = self.f.create.DescriptiveMarker()
        made["Position"].value = position
        made["Comment"].value = comment
        if slots is not None:
            made["DescribedSlots"].value = slots
        if length:
            made["Length"].value = length
        return made

    def events(self, number: int, *markers: Any) -> Any:
        sequence = self.f.create.Sequence("DescriptiveMetadata", 1000)
        sequence["Components"].value = list(markers)
        slot = self.f.create.EventMobSlot(number, "", sequence)
        slot["EditRate"].value = AAFRational(RATE, 1)
        return slot

    def group(self, auid: str, length: int, inputs: list[Any], kind: str = "sound") -> Any:
        definition = self.f.dictionary.lookup_operationdef(AUID(auid))
        made = self.f.create.OperationGroup(definition, length=length, media_kind=kind)
        made["InputSegments"].value = inputs
        return made


@contextmanager
def making(path: Path) -> Iterator[Maker]:
    with path.open("w+b") as file, aaf2.open(os.dup(file.fileno()), "w") as f:
        yield Maker(f)


def timelines(path: Path, report: Report | None = None, **options: Any) -> list[Any]:
    with path.open("rb") as file:
        return read(file, Report() if report is None else report, AafReadOptions(**options))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made.aaf"


def clips(timeline: Any) -> list[Any]:
    return [clip for track in placed_tracks(timeline) for clip in track.clips]


# ------------------------------------------------------------------------------------------------------- compositions


def test_every_top_level_composition_is_a_timeline(path: Path) -> None:
    with making(path) as make:
        source = make.master("a")
        for number in (1, 2):
            make.composition(f"R{number}", make.timecode(1, 86400 * number), make.slot(2, make.clip(source, 0, 48)))
        make.composition("helper", make.slot(1, make.clip(source, 0, 48)), usage="Usage_LowerLevel")
    found = timelines(path)
    assert [one.name for one in found] == ["R1", "R2"]
    assert [timeline_facts(one).start_timecode for one in found] == ["01:00:00:00", "02:00:00:00"]


def test_without_usage_codes_the_composition_that_nobody_plays_is_the_timeline(path: Path) -> None:
    with making(path) as make:
        sub = make.composition("sub", make.slot(1, make.clip(make.master("a"), 0, 48)), usage=None)
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.clip(sub, 0, 24)), usage=None)
    assert [one.name for one in timelines(path)] == ["R1"]


def test_a_master_alone_is_a_timeline_at_the_timecode_of_its_media(path: Path) -> None:
    with making(path) as make:
        master = make.master("a", stamp=2400)
        master["Slots"].value = [*master["Slots"].value, make.events(1000, make.marker(5, "here", {1}))]
    report = Report()
    (timeline,) = timelines(path, report)
    assert timeline_facts(timeline).start_timecode == "00:01:40:00"
    assert [marker.record_in for _, marker in timeline_markers(timeline)] == [Fraction(5, 24)]
    assert "start-guessed" in {loss.code for loss in report}


@pytest.mark.parametrize(
    ("codes", "start"), [([(2, 5), (1, 86400)], 86400), ([(None, 7), (3, 5)], 7), ([(4, 9), (3, 5)], 5)]
)
def test_the_timecode_of_track_1_is_the_one_that_people_see(
    path: Path, codes: list[tuple[int | None, int]], start: int
) -> None:
    with making(path) as make:
        slots = [make.timecode(10 + index, at, track=track) for index, (track, at) in enumerate(codes)]
        make.composition("R1", *slots)
    (timeline,) = timelines(path)
    assert timeline_facts(timeline).start_frame == start


def test_the_drop_flag_is_the_files_own(path: Path) -> None:
    with making(path) as make:
        make.composition("R1", make.timecode(1, 107892, fps=30, drop=True))
    (timeline,) = timelines(path)
    assert timeline_facts(timeline).start_timecode == "01:00:00;00"


def test_tracks_of_other_rates_meet_at_exact_times(path: Path) -> None:
    with making(path) as make:
        source = make.master("a")
        frames = make.sequence(make.filler(24), make.clip(source, 0, 24))
        samples = make.sequence(make.filler(48_001), make.clip(source, 0, 48_000))
        make.composition("R1", make.timecode(1, 0), make.slot(2, frames), make.slot(3, samples, SAMPLES))
    (timeline,) = timelines(path)
    assert [clip.record_in for clip in clips(timeline)] == [1, Fraction(48001, 48000)]


# --------------------------------------------------------------------------------------------------------------- clips


def test_source_timecode_adds_up_through_sub_clip_master_file_and_tape(path: Path) -> None:
    with making(path) as make:
        master = make.master("a", stamp=2400)
        sub = make.composition("a.Sub", make.slot(1, make.clip(master, 30, 60)), usage="Usage_SubClip")
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(make.clip(sub, 5, 20))))
    (timeline,) = timelines(path)
    (clip,) = clips(timeline)
    assert (clip.clip.name, clip.media.name, clip.media.tape) == ("a.Sub", "a", "roll a")
    assert (clip.source_in, clip.source_start) == (Fraction(35, 24), Fraction(2435, 24))
    assert (clip.media.sample_rate, clip.media.bits, clip.media_duration) == (SAMPLES, 24, 10)


def test_a_nested_sequence_plays_the_part_that_is_used_of_it(path: Path) -> None:
    with making(path) as make:
        one, two = make.master("one"), make.master("two")
        inner = make.sequence(make.clip(one, 0, 24), make.clip(two, 0, 24))
        nest = make.composition("nest", make.slot(1, inner), usage="Usage_LowerLevel")
        make.composition(
            "R1", make.timecode(1, 0), make.slot(2, make.sequence(make.filler(10), make.clip(nest, 12, 24)))
        )
    (timeline,) = timelines(path)
    found = [(one.clip.name, one.record_in * 24, one.duration * 24, one.source_in * 24) for one in clips(timeline)]
    assert found == [("one", 10, 12, 12), ("two", 22, 12, 0)]


def half_gain(f: Any) -> Any:
    """Give what puts an Audio Gain of one half over a clip of a length."""
    parameter = f.create.ParameterDef(
        AUID("e4962321-2267-11d3-8a4c-0050040ef7d2"), "Amplitude", "", f.metadict.lookup_typedef("Rational")
    )
    operation = f.create.OperationDef(AUID("9d2ea894-0968-11d3-8a38-0050040ef7d2"), "Audio Gain", "")
    f.dictionary.register_def(parameter)
    f.dictionary.register_def(operation)
    operation.media_kind = "sound"
    operation["NumberInputs"].value, operation["IsTimeWarp"].value = 1, False
    operation.parameters.append(parameter)

    def over(length: int, segment: Any) -> Any:
        group = f.create.OperationGroup(operation, length=length, media_kind="sound")
        group.parameters.append(f.create.ConstantValue(parameter, AAFRational(1, 2)))
        group.segments.append(segment)
        return group

    return over


def test_the_level_over_a_nest_is_that_of_the_clips_in_it(path: Path) -> None:
    with making(path) as make:
        at_half = half_gain(make.f)
        one = at_half(24, make.clip(make.master("one"), 0, 24))
        inner = make.sequence(one, make.clip(make.master("two"), 0, 24))
        nest = make.composition("nest", make.slot(1, inner), usage="Usage_LowerLevel")
        over = at_half(48, make.clip(nest, 0, 48))
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(over)))
    (timeline,) = timelines(path)
    assert [round(clip.facts.gain_db or 0, 1) for clip in clips(timeline)] == [-12.0, -6.0]


def test_compositions_that_play_each_other_end(path: Path) -> None:
    with making(path) as make:
        one = make.f.create.CompositionMob()
        two = make.composition("two", make.slot(1, make.sequence(make.clip(one, 0, 9), make.clip(one, 9, 9))))
        make.mob(one, "one", make.slot(1, make.sequence(make.clip(two, 0, 9), make.clip(two, 9, 9))))
        one.usage = "Usage_TopLevel"
    report = Report()
    assert len(timelines(path, report)) == 2
    assert "element-ignored" in {loss.code for loss in report}


def test_channels_of_a_combiner_keep_the_file_that_each_lies_in(path: Path) -> None:
    with making(path) as make:
        left, right = make.master("t-01.L"), make.master("t-01.R", stamp=48)
        group = make.group(COMBINER, 20, [make.clip(left, 3, 20), make.clip(right, 3, 20)])
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(group)))
    (timeline,) = timelines(path)
    (clip,) = clips(timeline)
    assert (clip.clip.name, clip.facts.channels) == ("t-01", (1, 2))
    assert [(source.name, source.file_channel) for source in clip.facts.sources] == [("t-01.L", 1), ("t-01.R", 1)]
    split = [one for track in placed_tracks(mono_tracks(timeline, Report())) for one in track.clips]
    assert [one.url for one in split] == ["file:///Volumes/Sound/t-01.L.wav", "file:///Volumes/Sound/t-01.R.wav"]
    assert [one.source_in for one in split] == [Fraction(3, 24)] * 2
    assert [one.source_start * 24 for one in split] == [3, 51]


def test_a_muted_clip_is_the_alternative_of_silence(path: Path) -> None:
    with making(path) as make:
        selector = make.f.create.Selector("sound", 24)
        selector["Selected"].value = make.filler(24)
        selector["Alternates"].value = [make.clip(make.master("a"), 0, 24)]
        flag = make.f.create.TaggedValue("_DISABLE_CLIP_FLAG", 1)
        selector["ComponentAttributeList"].value = [flag]
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(selector)))
    (timeline,) = timelines(path)
    assert [clip.facts.muted for clip in clips(timeline)] == [True]


def test_a_retimed_picture_tells_its_speed(path: Path) -> None:
    with making(path) as make:
        source = make.master("a")
        half = make.group(MOTION, 20, [make.clip(source, 4, 10, kind="picture")], "picture")
        half["Parameters"].value = [make.f.create.ConstantValue(make.speed, AAFRational(2, 1))]
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(half, kind="picture")))
    (timeline,) = timelines(path)
    (clip,) = clips(timeline)
    assert (clip.facts.speed, clip.duration, clip.source_in) == (Fraction(1, 2), Fraction(20, 24), Fraction(4, 24))
    assert [effect.time_scalar for effect in clip.clip.effects] == [0.5]


def test_a_clip_whose_media_the_file_does_not_hold_stays_and_is_said(path: Path) -> None:
    with making(path) as make:
        lost = make.f.create.MasterMob()
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(make.clip(lost, 0, 24))))
    report = Report()
    (timeline,) = timelines(path, report)
    assert [clip.duration for clip in clips(timeline)] == [1]
    assert [loss.code for loss in report] == ["reference-broken"]


def test_a_chain_that_runs_in_a_circle_ends_and_is_said(path: Path) -> None:
    with making(path) as make:
        one, two = make.f.create.MasterMob(), make.f.create.MasterMob()
        make.mob(one, "one", make.slot(1, make.clip(two, 0, 24)))
        make.mob(two, "two", make.slot(1, make.clip(one, 0, 24)))
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(make.clip(one, 0, 24))))
    report = Report()
    (timeline,) = timelines(path, report)
    assert len(clips(timeline)) == 1
    assert "reference-broken" in {loss.code for loss in report}


def test_what_is_not_understood_rides_along_and_is_said(path: Path) -> None:
    strange = "11111111-2222-3333-4444-555555555555"
    with making(path) as make:
        definition = make.f.create.OperationDef(AUID(strange), "Spaceverb", "")
        definition.media_kind = "sound"
        definition["NumberInputs"].value = 1
        definition["IsTimeWarp"].value = False
        definition["OperationCategory"].value = "OperationCategory_Effect"
        make.f.dictionary.register_def(definition)
        group = make.group(strange, 24, [make.clip(make.master("a"), 0, 24)])
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(group)))
    report = Report()
    (timeline,) = timelines(path, report)
    (clip,) = clips(timeline)
    assert clip.clip.metadata["aaf"]["effects"][0]["Operation"] == strange
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("element-ignored", "Spaceverb")]


def test_bin_columns_of_an_adr_department_become_fields_of_a_cue(corpus: Path) -> None:
    folder = corpus / "aaf" / "otio"
    (path,) = folder.glob("normalclip_*.aaf")
    (timeline,) = timelines(path)
    (clip,) = clips(timeline)
    wanted = {"character": "character", "line": "scriptline", "number": "000-0000", "actor": "talent", "take": "1"}
    assert {name: clip.facts.extra["cue"][name] for name in wanted} == wanted
    assert clip.media.extra["columns"]["Microphone"] == "mic"


@pytest.mark.parametrize("name", ["simple", "one_audio_clip"])
def test_pan_over_a_track_is_the_tracks(corpus: Path, name: str) -> None:
    (timeline,) = timelines(corpus / "aaf" / "otio" / f"{name}.aaf")
    sound = placed_tracks(timeline, "audio")
    assert [track.facts.pan for track in sound] == [0.0] * len(sound)
    assert all(level == 0.0 for track in sound for _, level in track.facts.pan_points)
    assert sound[0].facts.pan_points[-1][0] == Fraction(3281 if name == "simple" else 719, 24)


# ------------------------------------------------------------------------------------------------------------- markers


def test_markers_are_found_in_any_slot_and_need_no_more_than_a_place(path: Path) -> None:
    with making(path) as make:
        events = [make.marker(2, "on the track", {2}), make.marker(4, "on none"), make.marker(6, "on a lost one", {77})]
        spanned = make.f.create.Sequence("DescriptiveMetadata", 100)
        spanned["Components"].value = [make.marker(8, "long", length=4)]
        track = make.slot(2, make.sequence(make.clip(make.master("a"), 0, 24)), name="DX")
        make.composition(
            "R1",
            make.timecode(1, 0),
            track,
            make.events(1000, *events),
            make.slot(3003, spanned, name="Segmentation"),
        )
    (timeline,) = timelines(path)
    found = [marker for _, marker in timeline_markers(timeline)]
    assert [(one.record_in * 24, one.duration * 24, one.comment) for one in found] == [
        (2, 0, "on the track"), (4, 0, "on none"), (6, 0, "on a lost one"), (8, 4, "long"),
    ]  # fmt: skip
    assert [one.attached_to and one.attached_to.track for one in found] == ["DX", None, None, None]
    assert len(list(timeline.tracks)) == 1


def test_a_marker_of_a_master_shows_on_the_clip_that_plays_it(path: Path) -> None:
    with making(path) as make:
        master = make.master("a")
        marks = make.events(1000, make.marker(30, "inside", {1}), make.marker(200, "outside", {1}))
        master["Slots"].value = [*master["Slots"].value, marks]
        part = make.sequence(make.filler(10), make.clip(master, 24, 24))
        make.composition("R1", make.timecode(1, 0), make.slot(2, part))
    (timeline,) = timelines(path)
    found = [(one.comment, one.record_in * 24, one.visible) for _, one in timeline_markers(timeline)]
    assert found == [("inside", 16, True), ("outside", 186, False)]


# ------------------------------------------------------------------------------------------- Pro Tools' rendered edits


def rendered(make: Maker, name: str, at: int, length: int) -> Any:
    """Make a file that Pro Tools rendered: it begins on its tape where it lies on the timeline."""
    master = make.master(name, stamp=at)
    file = next(mob for mob in make.f.content.mobs if mob.mob_id == master.slots[0].segment.mob_id)
    master.slots[0].segment.length = file.slots[0].segment.length = length
    file["EssenceDescription"].value["Length"].value = 2000 * length + 1
    return master


def session(make: Maker, head: int) -> None:
    """A clip of 20 frames with a rendered fade in before it, as Pro Tools writes it; `head` is the clip's handle."""
    one = make.clip(rendered(make, "Édit exact", 100, 1), 0, 1)
    fade = make.clip(rendered(make, "Fondu ", 100, 8), 1, 6)
    two = make.clip(rendered(make, "Édit exact", 107, 1), 0, 1)
    clip = make.clip(make.master("take"), head, 20)
    make.composition(
        "R1", make.timecode(9, 0, track=None), make.slot(3, make.sequence(make.filler(100), one, fade, two, clip))
    )


def test_a_rendered_fade_is_a_fade_again_in_any_language(path: Path) -> None:
    with making(path) as make:
        session(make, head=33)
    report = Report()
    (timeline,) = timelines(path, report)
    (clip,) = clips(timeline)
    assert (clip.record_in * 24, clip.duration * 24, clip.source_in * 24) == (100, 28, 25)
    assert clip.facts.fade_in is not None and clip.facts.fade_in.duration == Fraction(8, 24)
    assert [loss.code for loss in report] == ["fade-recovered"]


def test_a_rendered_fade_stays_a_clip_where_the_take_has_no_handle(path: Path) -> None:
    with making(path) as make:
        session(make, head=3)
    report = Report()
    (timeline,) = timelines(path, report)
    assert [clip.clip.name for clip in clips(timeline)] == ["Fondu ", "take"]
    assert [(clip.record_in * 24, clip.duration * 24) for clip in clips(timeline)] == [(100, 7), (107, 21)]
    assert sorted({loss.code for loss in report}) == ["edit-joined", "fade-kept-rendered"]


def test_joining_takes_back_the_edits_and_leaves_the_fades(path: Path) -> None:
    with making(path) as make:
        session(make, head=33)
    (timeline,) = timelines(path, pro_tools_edits="join")
    assert [clip.clip.name for clip in clips(timeline)] == ["Fondu ", "take"]


def test_keeping_leaves_every_rendered_clip(path: Path) -> None:
    with making(path) as make:
        session(make, head=33)
    report = Report()
    (timeline,) = timelines(path, report, pro_tools_edits="keep")
    assert [clip.clip.name for clip in clips(timeline)] == ["Édit exact", "Fondu ", "Édit exact", "take"]
    assert len(report) == 0


def test_a_clip_of_one_frame_out_of_longer_media_is_nobodys_edit(path: Path) -> None:
    with making(path) as make:
        parts = [
            make.clip(make.master("a"), 40, 20),
            make.clip(make.master("b"), 0, 1),
            make.clip(make.master("c"), 40, 20),
        ]
        make.composition("R1", make.timecode(1, 0), make.slot(2, make.sequence(*parts)))
    (timeline,) = timelines(path)
    assert [clip.duration * 24 for clip in clips(timeline)] == [20, 1, 20]


# ---------------------------------------------------------------------------------------------------------- real files


def raw_walk(item: Any) -> tuple[int, int]:
    """Count clips and markers under a component: a combiner is one clip, a disabled clip is its alternative."""
    kind = type(item).__name__
    if kind in ("DescriptiveMarker", "CommentMarker"):
        return (0, 1)
    if kind == "SourceClip":
        return (1, 0)
    inner: list[Any] = []
    if kind == "Selector":
        tags = {tag.name: tag.value for tag in item.get("ComponentAttributeList").value or ()}
        inner = [item["Alternates"].value[0] if tags.get("_DISABLE_CLIP_FLAG") else item["Selected"].value]
    for name in ("Components", "InputSegments", "Slots"):
        found = item.get(name)
        inner += list(found.value or ()) if found is not None else []
    counts = [raw_walk(part) for part in inner]
    total = sum(count[0] for count in counts), sum(count[1] for count in counts)
    if kind == "OperationGroup" and str(item.operation.auid) == COMBINER:
        return (min(total[0], 1), total[1])
    return total


def test_real_files_hold_the_clips_and_markers_that_a_raw_walk_counts(corpus: Path) -> None:
    wrong: dict[str, Any] = {}
    paths = [path for folder in ("otio", "pyaaf2") for path in sorted((corpus / "aaf" / folder).glob("*.aaf"))]
    for path in paths:
        found = []
        for timeline in timelines(path, pro_tools_edits="keep"):
            own = [
                one for _, one in timeline_markers(timeline) if one.attached_to is None or one.attached_to.clip is None
            ]
            found.append((len(list(timeline.find_clips())), len(own)))
        counted = []
        with aaf2.open(str(path), "r") as f:
            for mob in f.content.toplevel():
                slots = [raw_walk(slot.segment) for slot in mob.slots if slot.segment is not None]
                counted.append((sum(slot[0] for slot in slots), sum(slot[1] for slot in slots)))
        if found != counted and counted:
            wrong[path.name] = (found, counted)
    assert len(paths) == 28
    assert wrong == {}


def test_a_file_with_no_mobs_holds_no_timeline(corpus: Path) -> None:
    assert timelines(corpus / "aaf" / "pyaaf2" / "empty.aaf") == []
    with pytest.raises(FormatError, match="holds no timeline"):
        verbs.cues(corpus / "aaf" / "pyaaf2" / "empty.aaf")


def test_inspect_shows_what_the_contract_asks(corpus: Path) -> None:
    document = verbs.inspect(corpus / "aaf" / "libaaf" / "MC_Fades.aaf").document
    assert (document["format"], document["producer"]) == ("aaf", "Avid Media Composer 23.12")
    track = document["timelines"][0]["tracks"][3]
    clip, crossing = track["items"][0], track["items"][3]
    assert track["channels"] == 2
    assert clip["fade_in"] == {"duration": "1001/6000", "curve": "linear"}
    assert [source["channel"] for source in clip["sources"]] == [1, 2]
    assert clip["sources"][0]["url"] != clip["sources"][1]["url"]
    assert clip["origin"].endswith("/slot 5/item 3")
    assert (crossing["kind"], crossing["name"], crossing["cut_point"]) == ("transition", "cross fade", "1001/6000")


def test_opentimelineio_reads_it_by_our_name(corpus: Path) -> None:
    path = corpus / "aaf" / "libaaf" / "PT_Fades.aaf"
    timeline = otio.adapters.read_from_file(str(path), adapter_name="postsync_aaf", pro_tools_edits="keep")
    assert len(list(timeline.find_clips())) == 22
    assert FORMAT.read is not None


def test_facts_that_are_as_usual_are_not_written_and_read_the_same(corpus: Path) -> None:
    (timeline,) = timelines(corpus / "aaf" / "libaaf" / "DR_Mono_Clip_Positioning.aaf")
    clip = next(iter(timeline.find_clips()))
    assert set(block(clip)) == {"schema", "channels", "origin"}
    assert clip_facts(clip).speed == 1
