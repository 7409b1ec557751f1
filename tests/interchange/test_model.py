"""Records live in OTIO metadata and come back; times stay exact; names are fit for people and file systems."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postsync import model
from postsync.errors import FormatError
from postsync.model import Character, ClipFacts, Cue, Fade, Laid, PlainMarker, TimelineFacts
from postsync.timing import as_rate

NTSC = TimelineFacts(as_rate("23.976"), 86400)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
CLOCKS = [24, 25, 2400, 24000, 30000, 60000, 44100, 48000, 720000, 90000, 249750]
seconds = st.builds(Fraction, st.integers(0, 10**9), st.sampled_from(CLOCKS))


def new_timeline(facts: TimelineFacts = NTSC) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline("R1")
    model.put_timeline_facts(timeline, facts)
    return timeline


def through_json(thing):
    return otio.adapters.otio_json.read_from_string(otio.adapters.otio_json.write_to_string(thing))


@given(
    st.builds(
        Cue,
        uid=st.just("7KQ2M9XD"),
        number=st.none() | text,
        record_in=st.integers(0, 10**7),
        record_out=st.none() | st.integers(0, 10**7),
        precise_in=st.none() | seconds,
        line=st.none() | text,
        reasons=st.lists(text, max_size=3).map(tuple),
        translations=st.dictionaries(text, text, max_size=2),
        minutes=st.none() | st.just("4.5"),
    )
)
def test_a_cue_survives_marker_and_json(cue):
    marker = model.cue_marker(cue, NTSC)
    assert model.cue_of(through_json(marker)) == cue
    assert json.loads(json.dumps(model.to_json(cue)))["uid"] == "7KQ2M9XD"


@given(seconds, seconds, text, text)
def test_a_plain_marker_keeps_its_exact_time_and_text(record_in, duration, name, comment):
    plain = PlainMarker(record_in, duration, name, comment, colour="sky", user="ADR", custom_data='{"a": 1}')
    assert model.plain_marker(through_json(model.to_otio_marker(plain))) == plain


def test_a_field_that_we_do_not_know_stays_in_extra():
    cue = model.cue_from_json({"uid": "7KQ2M9XD", "record_in": 3, "mood": "wistful"})
    assert cue.extra == {"mood": "wistful"}


def test_a_file_of_a_newer_postsync_is_refused_by_name():
    timeline = new_timeline()
    timeline.metadata["postsync"]["schema"] = 99
    with pytest.raises(FormatError, match="newer postsync"):
        model.timeline_facts(timeline)


def test_a_cue_without_a_place_is_refused():
    with pytest.raises(FormatError, match="Cue"):
        model.cue_from_json({"uid": "7KQ2M9XD"})


def test_clip_facts_survive_the_file():
    facts = ClipFacts(
        channels=(1, 3),
        gain_db=-3.5,
        gain_points=((Fraction(0), 0.0), (Fraction(1001, 24000), -6.0)),
        fade_in=Fade(Fraction(1, 6), "equal-power"),
        role="dialogue.Boom",
        speed=Fraction(1001, 1000),
    )
    clip = otio.schema.Clip("12A")
    model.put_clip_facts(clip, facts)
    again = through_json(clip)
    assert model.clip_facts(again) == facts
    assert [type(effect) for effect in again.effects] == [otio.schema.LinearTimeWarp]


def test_characters_are_kept_by_id():
    timeline = new_timeline()
    model.put_characters(timeline, [Character("rosa", "Rosa", actor="J. Smith")])
    assert model.timeline_characters(through_json(timeline))["rosa"].actor == "J. Smith"


@given(st.lists(st.tuples(seconds, seconds.filter(bool)), min_size=1, max_size=8))
def test_items_laid_on_a_track_are_walked_at_the_same_exact_times(spans):
    at, laid, expected = Fraction(0), [], []
    for gap, length in spans:
        at += gap
        laid.append(Laid(otio.schema.Clip("c"), at, length, source_start=gap))
        expected.append((at, length, gap))
        at += length
    timeline = new_timeline()
    timeline.tracks.append(model.build_track("A1", "Audio", laid, [as_rate("24").fps, 48000]))
    walked = model.placed_tracks(through_json(timeline), "audio")[0].clips
    assert [(clip.record_in, clip.duration, clip.source_start) for clip in walked] == expected


def test_a_cue_put_where_it_was_changes_only_what_differs():
    facts = TimelineFacts(as_rate("24"))
    was = model.Cue(uid="AAAAAAAA", record_in=10, record_out=20, line="No!", extra={"theirs": [1, "a"]})
    now = dataclasses.replace(was, number="R101", former_numbers=("1",), record_out=None)
    marker = model.cue_marker(was, facts)
    model.put_cue(marker, now, facts, "ROBIN", was=was)
    whole = model.cue_marker(now, facts, "ROBIN")
    assert model.cue_of(marker) == model.cue_of(whole) == now
    assert (marker.name, marker.comment, marker.marked_range) == (whole.name, whole.comment, whole.marked_range)


def test_a_marker_holds_only_the_fields_of_a_cue_that_are_stated_and_reads_the_same():
    cue = model.Cue(uid="AAAAAAAA", record_in=10, line="No!", uses=("theatrical", "tv"))
    held = model.block(model.cue_marker(cue, TimelineFacts(as_rate("24"))))["cue"]
    assert held == {"uid": "AAAAAAAA", "record_in": 10, "line": "No!", "uses": ["theatrical", "tv"]}
    assert model.cue_from_json(held) == cue


def test_items_that_overlap_are_refused():
    laid = [
        Laid(otio.schema.Clip("a"), Fraction(0), Fraction(2)),
        Laid(otio.schema.Clip("b"), Fraction(1), Fraction(2)),
    ]
    with pytest.raises(ValueError, match="overlap"):
        model.build_track("A1", "Audio", laid)


@pytest.mark.parametrize(
    ("speed", "retime", "source_in", "kept"),
    [
        (Fraction(2), (), 2, ()),
        (Fraction(-1), ((0, 10), (10, 0)), 4, ((0, 9), (5, 4))),
        (Fraction(1), ((0, 0), (4, 2), (10, 10)), 1, ((0, Fraction(1, 2)), (3, 2), (5, Fraction(14, 3)))),
    ],
)
def test_a_clip_cut_at_both_ends_plays_what_it_played(speed, retime, source_in, kept):
    timeline, clip = new_timeline(), otio.schema.Clip("shot")
    model.put_clip_facts(clip, ClipFacts(speed=speed, retime=tuple((Fraction(a), Fraction(b)) for a, b in retime)))
    timeline.tracks.append(model.build_track("V1", "Video", [Laid(clip, Fraction(0), Fraction(10))], [24]))
    (whole,) = model.placed_tracks(timeline)[0].clips
    cut = model.recut(whole, Fraction(1), Fraction(6))
    assert (cut.record_in, cut.duration, cut.source_in, cut.facts.retime) == (1, 5, source_in, kept)


def test_levels_fades_and_cross_fades_of_a_nest_pass_at_its_speed_and_backwards():
    def second(count: float) -> otio.opentime.RationalTime:
        return otio.opentime.RationalTime(count * 24, 24)

    def clip(name: str, **facts: object) -> otio.schema.Clip:
        made = otio.schema.Clip(name, source_range=otio.opentime.TimeRange(second(0), second(4)))
        model.put_clip_facts(made, ClipFacts(**facts))
        return made

    levels = ((Fraction(1), -6.0), (Fraction(4), 0.0))
    inner = otio.schema.Track("in", kind="Audio")
    inner.extend([clip("a", gain_points=levels), clip("b", fade_out=Fade(Fraction(1)))])
    inner.insert(1, otio.schema.Transition("x", in_offset=second(1), out_offset=second(0.5)))
    nest = otio.schema.Stack("nest", [inner], effects=[otio.schema.LinearTimeWarp(time_scalar=-2.0)])
    nest.source_range = otio.opentime.TimeRange(second(0), second(4))
    timeline = new_timeline()
    timeline.tracks.append(otio.schema.Track("A", [nest], kind="Audio"))
    (track,) = model.placed_tracks(timeline)
    b, a = sorted(track.clips, key=lambda one: one.record_in)
    (cross,) = (item for item in track.items if isinstance(item, model.PlacedTransition))
    assert (b.record_in, b.duration, b.facts.fade_in, b.facts.fade_out) == (0, 2, Fade(Fraction(1, 2)), None)
    assert (a.record_in, a.facts.gain_points) == (2, ((Fraction(0), 0.0), (Fraction(3, 2), -6.0)))
    assert (cross.cut, cross.before, cross.after) == (2, Fraction(1, 4), Fraction(1, 2))


def test_a_nested_stack_shows_only_its_window():
    inner = otio.schema.Stack()
    clip = otio.schema.Clip("inside")
    inner.append(model.build_track("A", "Audio", [Laid(clip, Fraction(0), Fraction(10))], [24]))
    timeline = new_timeline(TimelineFacts(as_rate("24")))
    window = Laid(inner, Fraction(5), Fraction(3), source_start=Fraction(2))
    timeline.tracks.append(model.build_track("A1", "Audio", [window], [24]))
    walked = model.placed_tracks(timeline, "audio")[0].clips
    assert [(one.record_in, one.duration, one.source_in) for one in walked] == [(5, 3, 2)]


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30)), max_size=30))
def test_layers_hold_no_overlaps(spans):
    ranges = [(Fraction(start), Fraction(start + length)) for start, length in spans]
    layers = model.lay_without_overlaps(ranges)
    for number, (start, end) in enumerate(ranges):
        for other in range(number):
            overlap = start < ranges[other][1] and ranges[other][0] < end
            assert not (overlap and layers[number] == layers[other])


def test_numbers_sort_as_people_count():
    numbers = ["R10", "R9", "R106A", "R106", "R107", "2", "10"]
    assert sorted(numbers, key=model.natural_key) == ["2", "10", "R9", "R10", "R106", "R106A", "R107"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [('R1/v2: "lock"', "R1 v2 lock"), ("Ролик 1", "Ролик 1"), ("..", "untitled"), ("con", "_con"), ("a\x00b\n", "a b")],
)
def test_file_names_are_fit_for_every_system(wanted, name):
    assert model.file_name(wanted) == name


def test_colours_of_other_programs_are_ours():
    assert model.colour_name("ResolveColorSky") == "sky"
    assert model.colour_name("GREEN") == "green"
    assert model.colour_name("Plaid") is None
    assert model.nearest_colour("#E12300") == "red"
    assert {model.colour_in(model.RESOLVE_COLOURS, name) for name in model.COLOURS} <= set(model.RESOLVE_COLOURS)


class TestTheProjectFile:
    def test_it_is_found_beside_the_work_and_above(self, tmp_path):
        (tmp_path / "postsync.toml").write_text(
            'show = "Die Überfahrt"\nrate = "23.976"\npaper = "Letter"\n'
            '[[reels]]\nname = "R1"\nstart = "01:00:00:00"\nffoa = "01:00:08:00"\n'
            '[[reels]]\nname = "R2"\nstart = "02:00:00:00"\n',
            encoding="utf-8",
        )
        (tmp_path / "reel 2").mkdir()
        project = model.find_project(tmp_path / "reel 2" / "cut.fcpxml")
        assert (project.show, project.paper) == ("Die Überfahrt", "Letter")
        assert project.reel_at(2 * 86400 + 5, as_rate("23.976")) == "R2"
        assert project.reel_at(5, as_rate("23.976")) is None

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            ("shwo = 'x'", "shwo"),
            ("paper = 'A5'", "A4 or Letter"),
            ("rate = '24'\n[[reels]]\nname = 'R1'\nstart = '01:00:00:30'", "reels 1 start"),
            ("[[reels]]\nstart = '01:00:00:00'", "reels 1"),
            ("show = ", "not TOML"),
            ("[cues]\nwrods = ['ADR']", "cues"),
        ],
    )
    def test_a_mistake_in_it_is_named(self, tmp_path, content, word):
        path = tmp_path / "postsync.toml"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(FormatError) as caught:
            model.read_project(path)
        assert word in str(caught.value)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("a\0b", "ab"), ("a\\u0000b", "a\\u0000b"), ("\\\\ud800", "\\\\ud800"), ("half \ud83d", "half �"), ("😀", "😀")],
)
def test_a_marker_takes_any_text_but_nuls_and_half_letters(written: str, kept: str) -> None:
    marker = model.to_otio_marker(PlainMarker(Fraction(1), name=written, comment=written))
    assert marker.name == kept
    assert model.plain_marker(marker).comment == kept


def test_sound_on_the_sample_nearest_to_a_frame_is_said_to_be_at_that_frame():
    facts = TimelineFacts(as_rate("29.97"), 0)
    nearest_sample = Fraction(174_574, 48_000)  # Frame 109 is 174,574.4 samples in.
    assert facts.timecode(nearest_sample) == "00:00:03:19"
    assert facts.timecode(nearest_sample - Fraction(1, 48_000)) == "00:00:03:18"
