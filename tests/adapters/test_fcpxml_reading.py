"""What FCPXML says beyond places and markers: opened compounds, loose clips, roles as asked for, levels, what is kept."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pytest

from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.model import Project, placed_tracks, timeline_cues, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import from_rational_time
from postsync_adapters.fcpxml import FORMAT
from postsync_adapters.fcpxml.reading import FcpxmlReadOptions, walk
from postsync_adapters.fcpxml.time import TimePoint, time_map

F = Fraction

RESOURCES = """
<format id="f24" frameDuration="1/24s"/><effect id="e" name="Basic Title" uid=".../Title.moti"/>
<asset id="a" name="A" src="file:///a.mov" start="100s" duration="50s" hasVideo="1" hasAudio="1" audioChannels="2"
 format="f24"/>
<asset id="b" name="B" src="file:///b.mov" start="0s" duration="50s" hasVideo="1" hasAudio="1" audioChannels="1" format="f24"/>
<asset id="w" name="W" src="file:///w.wav" start="500s" duration="60s" hasAudio="1" audioChannels="2"/>"""


def document(spine: str, resources: str = "", version: str = "1.9") -> bytes:
    return f"""<!DOCTYPE fcpxml>
<fcpxml version="{version}"><resources>{RESOURCES}{resources}</resources><event name="E"><project name="P">
<sequence format="f24" tcFormat="NDF" audioRate="48k"><spine>{spine}</spine></sequence></project></event></fcpxml>""".encode()


def all_read(text: bytes, report: Report | None = None, **options: Any) -> list[Any]:
    assert FORMAT.read is not None
    return FORMAT.read(io.BytesIO(text), report if report is not None else Report(), FcpxmlReadOptions(**options))


def read(spine: str, resources: str = "", report: Report | None = None, **options: Any) -> Any:
    return all_read(document(spine, resources), report, **options)[0]


def rows(timeline: Any, kind: str = "audio") -> list[tuple[str, str | None, Fraction, Fraction, Fraction]]:
    return [
        (track.name, clip.url, clip.record_in, clip.record_out, clip.source_start)
        for track in placed_tracks(timeline, kind)
        for clip in track.clips
    ]


# --------------------------------------------------------------------------------------- opened to their media

ONE_FILE = """<media id="c" name="C"><sequence format="f24" tcStart="3600s"><spine>
<asset-clip ref="a" offset="3600s" start="110s" duration="20s"/></spine></sequence></media>"""
TWO_FILES = """<media id="c" name="C"><sequence format="f24" tcStart="3600s"><spine>
<asset-clip ref="a" offset="3600s" start="110s" duration="4s"/>
<asset-clip ref="b" offset="3604s" start="7s" duration="16s"><title ref="e" name="T" lane="1" offset="8s" duration="2s"/>
</asset-clip></spine></sequence></media>"""


def test_a_compound_clip_of_one_file_is_seen_and_heard_by_that_file() -> None:
    timeline = read('<ref-clip ref="c" name="c" offset="7s" start="3602s" duration="5s"/>', ONE_FILE)
    assert rows(timeline, "video") == [("V1", "file:///a.mov", F(7), F(12), F(112))]
    assert rows(timeline) == [("Dialogue", "file:///a.mov", F(7), F(12), F(112))]


def test_a_compound_clip_of_several_files_is_a_stack_cut_to_what_is_used() -> None:
    timeline = read('<ref-clip ref="c" name="c" offset="7s" start="3602s" duration="5s"/>', TWO_FILES)
    assert rows(timeline, "video") == [
        ("V1", "file:///a.mov", F(7), F(9), F(112)),
        ("V1", "file:///b.mov", F(9), F(12), F(7)),
        ("V1", None, F(10), F(12), F(0)),
    ]
    assert [row[1:] for row in rows(timeline)] == [
        ("file:///a.mov", F(7), F(9), F(112)),
        ("file:///b.mov", F(9), F(12), F(7)),
    ]
    stack = next(item for item in timeline.tracks[0] if item.schema_name() == "Stack")
    assert (stack.name, from_rational_time(stack.duration())) == ("c", 5)


def test_a_compound_clip_at_double_speed_shows_its_files_at_double_speed() -> None:
    spine = """<ref-clip ref="c" name="c" offset="0s" start="0s" duration="5s"><timeMap><timept time="0s" value="3600s"/>
    <timept time="10s" value="3620s"/></timeMap></ref-clip>"""
    timeline = read(spine, TWO_FILES)
    assert rows(timeline)[:2] == [
        ("Dialogue", "file:///a.mov", F(0), F(2), F(110)),
        ("Dialogue", "file:///b.mov", F(2), F(5), F(7)),
    ]
    assert [clip.facts.speed for clip in placed_tracks(timeline, "audio")[0].clips] == [2, 2]


def test_a_multicam_clip_is_seen_by_its_picture_angle_and_heard_by_all_that_sound() -> None:
    angles = """<media id="m" name="M"><multicam format="f24" tcStart="3600s">
    <mc-angle name="A" angleID="A"><asset-clip ref="a" offset="0s" start="100s" duration="20s"/></mc-angle>
    <mc-angle name="B" angleID="B"><asset-clip ref="b" offset="0s" start="0s" duration="20s"/></mc-angle>
    <mc-angle name="W" angleID="W"><asset-clip ref="w" offset="0s" start="500s" duration="20s"/></mc-angle>
    </multicam></media>"""
    spine = """<mc-clip ref="m" name="m" offset="0s" start="3602s" duration="5s"><mc-source angleID="B" srcEnable="video"/>
    <mc-source angleID="A" srcEnable="audio"/><mc-source angleID="W" srcEnable="audio"/></mc-clip>"""
    timeline = read(spine, angles)
    assert rows(timeline, "video") == [("V1", "file:///b.mov", F(0), F(5), F(2))]
    assert sorted(row[1:] for row in rows(timeline)) == [
        ("file:///a.mov", F(0), F(5), F(102)),
        ("file:///w.wav", F(0), F(5), F(502)),
    ]


def test_what_hangs_on_a_disabled_clip_plays_on_and_what_a_disabled_clip_contains_does_not() -> None:
    spine = """<clip name="c" offset="0s" start="100s" duration="5s" enabled="0"><video ref="a" offset="100s" start="100s"
    duration="50s"><audio ref="a" lane="-1" offset="100s" start="100s" duration="50s" role="dialogue"/></video>
    <asset-clip ref="w" lane="-1" offset="101s" start="500s" duration="2s" audioRole="effects"/></clip>"""
    timeline = read(spine)
    found = {track.name: track.clips[0].enabled for track in placed_tracks(timeline)}
    assert found == {"V1": False, "Dialogue": False, "Effects": True}


# -------------------------------------------------------------------------------------------- clips without a project


def test_clips_alone_are_timelines_of_their_own_at_their_own_time() -> None:
    text = f"""<fcpxml version="1.9"><resources>{RESOURCES}</resources><event>
    <asset-clip ref="a" name="one" start="110s" duration="5s"><marker start="112s" value="m"/></asset-clip>
    <asset-clip ref="w" name="two" audioRole="music"/></event></fcpxml>""".encode()
    one, two = all_read(text)
    assert (one.name, timeline_facts(one).start_timecode, timeline_facts(one).rate.fps) == ("one", "00:01:50:00", 24)
    assert rows(one) == [("Dialogue", "file:///a.mov", F(0), F(5), F(110))]
    assert [plain.record_in for _, plain in timeline_markers(one)] == [2]
    assert (two.name, [row[0] for row in rows(two)]) == ("two", ["Music"])


def test_the_oldest_versions_hold_clips_in_a_project_without_a_sequence() -> None:
    text = f"""<fcpxml version="1.1"><project name="Event"><resources>{RESOURCES}</resources>
    <clip name="c" start="100s" duration="5s"><video ref="a" offset="100s" start="100s" duration="50s">
    <audio ref="a" lane="-1" offset="100s" start="100s" duration="50s" srcCh="1" role="dialogue"/></video></clip>
    </project></fcpxml>""".encode()
    report = Report()
    assert [row[1:] for row in rows(all_read(text, report)[0])] == [("file:///a.mov", F(0), F(5), F(100))]


def test_clips_beside_a_project_are_counted_and_read_on_demand() -> None:
    text = document('<asset-clip ref="a" duration="5s"/>').replace(
        b"</project>", b'</project><asset-clip ref="b" name="B" duration="5s"/>'
    )
    report = Report()
    assert [one.name for one in all_read(text, report)] == ["P"]
    assert [loss.code for loss in report] == ["clips-beside-projects"]
    assert [one.name for one in all_read(text, clips=True)] == ["P", "B"]


# ------------------------------------------------------------------------------------------------------- roles, tracks

SOUNDS = """<gap duration="20s"><asset-clip ref="w" lane="-1" offset="0s" start="500s" duration="2s" audioRole="music"/>
<asset-clip ref="w" lane="-2" offset="3s" start="500s" duration="2s" audioRole="dialogue.Boom"/>
<asset-clip ref="w" lane="1" offset="6s" start="500s" duration="2s" audioRole="dialogue.Lav"/>
<asset-clip ref="w" lane="2" offset="6s" start="500s" duration="2s" audioRole="Foley"/></gap>"""


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["Dialogue Boom", "Dialogue Lav", "Foley", "Music"]),
        ({"role_order": "music, *"}, ["Music", "Dialogue Boom", "Dialogue Lav", "Foley"]),
        ({"role_order": "dialogue.Lav, *"}, ["Dialogue Lav", "Dialogue Boom", "Foley", "Music"]),
        ({"subroles": "merge"}, ["Dialogue", "Foley", "Music"]),
        ({"leave_out": "music, dialogue.Boom"}, ["Dialogue Lav", "Foley"]),
        ({"tracks": "lanes"}, ["Lane -1", "Lane -2", "Lane 1", "Lane 2"]),
    ],
)
def test_tracks_follow_roles_or_lanes_as_asked(options: dict[str, Any], names: list[str]) -> None:
    assert [track.name for track in placed_tracks(read(SOUNDS, **options), "audio")] == names


def test_a_role_that_is_left_out_is_noted() -> None:
    report = Report()
    read(SOUNDS, report=report, leave_out="music")
    assert [(loss.code, loss.facts["name"]) for loss in report] == [("clip-left-out", "W music")]


# ------------------------------------------------------------------------------------------------------------ levels


def facts_of(inside: str, version: str = "1.9") -> Any:
    text = document(f'<asset-clip ref="w" start="500s" duration="10s">{inside}</asset-clip>', version=version)
    return placed_tracks(all_read(text)[0], "audio")[0].clips[0].facts


def test_a_mute_is_a_level_that_falls_to_silence_and_comes_back() -> None:
    facts = facts_of('<audio-channel-source srcCh="1"><mute start="502s" duration="3s"/></audio-channel-source>')
    step = F(1, 48000)
    assert facts.gain_points == (
        (F(0), 0.0), (2 - step, 0.0), (F(2), -144.0), (F(5), -144.0), (5 + step, 0.0), (F(10), 0.0),
    )  # fmt: skip


def test_keyframes_of_old_versions_stand_in_two_lists() -> None:
    param = '<param name="amount" keyTimes="500s;505s;510s" keyValues="0dB;-6dB;-6dB"/>'
    facts = facts_of(f"<adjust-volume>{param}</adjust-volume>", "1.2")
    assert facts.gain_points == ((F(0), 0.0), (F(5), -6.0), (F(10), -6.0))


def test_channels_of_old_versions_are_sources_of_their_own() -> None:
    timeline = read("""<asset-clip ref="w" start="500s" duration="10s"><audio-source srcCh="1" role="dialogue.Boom"/>
    <audio-source srcCh="2" role="dialogue.Lav"/></asset-clip>""")
    found = {track.name: track.clips[0].facts.channels for track in placed_tracks(timeline, "audio")}
    assert found == {"Dialogue Boom": (1,), "Dialogue Lav": (2,)}


CROSSED = """<asset-clip ref="a" offset="0s" start="100s" duration="5s" audioRole="{}"/>
<transition name="X" offset="4s" duration="2s"><filter-audio ref="e"/></transition>
<asset-clip ref="b" offset="5s" start="10s" duration="5s" audioRole="dialogue"/>"""


def crossings(timeline: Any) -> dict[str, list[tuple[Fraction, Fraction]]]:
    return {
        track.name: [(one.record_in, one.duration) for one in track.items if not hasattr(one, "clip")]
        for track in placed_tracks(timeline, "audio")
    }


def test_sound_cross_fades_where_its_storyline_does() -> None:
    assert crossings(read(CROSSED.format("dialogue"))) == {"Dialogue": [(F(4), F(2))]}


def test_sound_that_meets_on_two_tracks_fades_on_each() -> None:
    assert crossings(read(CROSSED.format("music"))) == {"Dialogue": [(F(4), F(2))], "Music": [(F(4), F(2))]}


# --------------------------------------------------------------------------------------------------- retimes and words


def test_an_eased_change_of_speed_leaves_one_line_and_joins_the_next_without_a_corner() -> None:
    eased = time_map([TimePoint(F(0), F(0)), TimePoint(F(10), F(10), F(2), F(2)), TimePoint(F(20), F(30))])
    assert eased is not None
    assert [eased.value(F(time)) for time in (0, 8, 12, 20)] == [0, 8, 14, 30]
    assert eased.value(F(10)) == F(21, 2)
    speeds = [piece.speed for piece in eased.segments()]
    assert speeds == sorted(speeds)
    assert (speeds[0], speeds[-1]) == (1, 2)


def test_a_point_that_states_no_ease_is_a_corner() -> None:
    spine = """<asset-clip ref="a" duration="10s"><timeMap><timept time="0s" value="100s" interp="smooth2"/>
    <timept time="5s" value="105s" interp="smooth2"/><timept time="10s" value="115s" interp="smooth2"/></timeMap>
    </asset-clip>"""
    retime = placed_tracks(read(spine), "audio")[0].clips[0].facts.retime
    assert retime == ((F(0), F(0)), (F(5), F(5)), (F(10), F(15)))


def test_runs_of_titles_and_captions_keep_their_styles() -> None:
    spine = """<gap duration="9s"><title ref="e" name="T" lane="1" offset="0s" duration="2s"><text>
    <text-style ref="s1">One </text-style><text-style ref="s2">two</text-style></text>
    <text-style-def id="s1"><text-style font="Helvetica" fontSize="60"/></text-style-def>
    <text-style-def id="s2"><text-style font="Helvetica" italic="1"/></text-style-def></title>
    <caption lane="2" offset="3s" duration="2s" role="SRT?captionFormat=SRT.en" name="c"><text placement="top">
    <text-style ref="t">Hello</text-style></text></caption></gap>"""
    timeline = read(spine)
    title = next(track for track in placed_tracks(timeline, "video") if track.clips).clips[0].clip.media_reference
    assert title.parameters["text"] == "One two"
    assert [run["text"] for run in title.parameters["runs"]] == ["One ", "two"]
    assert title.parameters["runs"][1]["style"]["italic"] == "1"
    caption = next(plain for _, plain in timeline_markers(timeline))
    assert (caption.comment, caption.extra["role"]) == ("Hello", "SRT?captionFormat=SRT.en")
    assert caption.extra["runs"] == [{"text": "Hello", "placement": "top"}]


def test_what_is_not_modelled_is_kept_word_for_word_with_picture_or_sound() -> None:
    spine = """<asset-clip ref="a" duration="5s"><note>good</note><adjust-transform scale="2 2"/><adjust-volume amount="1dB"/>
    <keyword start="100s" duration="5s" value="Night, Rain"/><rating name="Favorite" value="favorite"/>
    <filter-audio ref="e" name="Echo"/></asset-clip>"""
    timeline = read(spine)
    picture, sound = (placed_tracks(timeline, kind)[0].clips[0].clip.metadata["fcpxml"] for kind in ("video", "audio"))
    assert picture["keywords"] == "Night, Rain"
    assert picture["xml"].startswith('<adjust-transform scale="2 2"/><keyword')
    assert "favorite" in picture["xml"]
    assert sound["xml"] == '<filter-audio ref="e" name="Echo"/>'
    assert timeline.metadata["fcpxml"]["effects"]["e"]["name"] == "Basic Title"


# ------------------------------------------------------------------------------------------------------------- safety


def nested_compounds(wide: int, deep: int) -> str:
    rows = [
        f'<media id="m{level}"><sequence format="f24"><spine>'
        + "".join(f'<ref-clip ref="m{level + 1}" offset="{one}s" duration="1s"/>' for one in range(wide))
        + "</spine></sequence></media>"
        for level in range(deep)
    ]
    return "".join(rows)


def test_compounds_that_unfold_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_UNFOLDED", 3000)
    with pytest.raises(FormatError, match="unfold to more than 3000 items"):
        read('<ref-clip ref="m0" duration="10s"/>', nested_compounds(10, 12))


def test_a_chain_of_compounds_ends_at_a_depth_that_nobody_works_at() -> None:
    report = Report()
    read('<ref-clip ref="m0" duration="10s"/>', nested_compounds(1, 400), report)
    assert [loss.code for loss in report] == ["reference-broken"]


@pytest.mark.parametrize(
    "text",
    [
        b"<fcpxml>" + b"<clip>" * 100_000 + b"</clip>" * 100_000 + b"</fcpxml>",
        b'<!DOCTYPE f [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><fcpxml>&b;</fcpxml>',
        b'<fcpxml version="' + b"9" * 11_000_000 + b'"/>',
    ],
    ids=["deep", "entities", "long"],
)
def test_what_is_made_to_exhaust_a_parser_is_refused(text: bytes) -> None:
    with pytest.raises(FormatError):
        all_read(text)


@pytest.mark.parametrize("time", ["9" * 5000 + "s", "9" * 24 + "s", "1/0s", "5m", "1e9s", "0x10s", "1/2/3s"])
def test_a_time_that_is_none_is_noted_and_taken_for_the_default(time: str) -> None:
    report = Report()
    timeline = read(f'<asset-clip ref="a" offset="{time}" start="100s" duration="5s"/>', report=report)
    assert rows(timeline) == [("Dialogue", "file:///a.mov", F(0), F(5), F(100))]
    assert {loss.code for loss in report} == {"value-unreadable"}


def test_thousands_of_odd_denominators_are_laid_on_a_grid_and_noted() -> None:
    report = Report()
    spine = "".join(f'<asset-clip ref="b" offset="{n}s" duration="{n}/{n * n + 1}s"/>' for n in range(2, 400))
    assert len(rows(read(spine, report=report))) == 398
    assert {loss.code for loss in report} == {"time-rounded"}


# -------------------------------------------------------------------------------------------------------------- cues


def test_a_marker_that_comes_with_every_use_of_its_clip_makes_one_cue() -> None:
    use = """<asset-clip ref="a" name="A" offset="{}s" start="100s" duration="5s">
    <marker start="102s" value="ADR 101"/></asset-clip>"""
    timeline, report = read(use.format(0) + use.format(5)), Report()
    assert [plain.record_in for _, plain in timeline_markers(timeline)] == [2, 7]
    assert spot(timeline, Project(), report, all_markers=True) == 1
    assert [cue.record_in for cue in timeline_cues(timeline)] == [48]
    assert "cue-repeated" in {loss.code for loss in report}


def test_markers_alike_on_two_files_are_two_cues() -> None:
    use = (
        '<asset-clip ref="{}" offset="{}s" start="{}s" duration="5s"><marker start="{}s" value="ADR 101"/></asset-clip>'
    )
    timeline = read(use.format("a", 0, 100, 102) + use.format("b", 5, 0, 2))
    assert spot(timeline, Project(), Report(), all_markers=True) == 2


def test_a_title_inside_a_sync_clip_lies_above_its_picture() -> None:
    spine = """<sync-clip name="s" offset="0s" start="110s" duration="5s"><asset-clip ref="a" offset="100s" start="100s"
    duration="50s"><title ref="e" name="T" lane="1" offset="111s" start="3600s" duration="2s"/></asset-clip></sync-clip>"""
    assert rows(read(spine), "video") == [
        ("V1", "file:///a.mov", F(0), F(5), F(110)),
        ("V1", None, F(1), F(3), F(3600)),
    ]
