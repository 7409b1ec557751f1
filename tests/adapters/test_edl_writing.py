"""Timelines written as lists: the same text where nothing changed, and by way of AAF and back."""

from __future__ import annotations

import io
import random
from collections import Counter
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from edl_lists import CUT, DISSOLVE, HEAD, clips, codes, edls, essence, made, written
from postsync import verbs
from postsync.errors import CannotWrite, PostsyncError
from postsync.formats import Claim, decode_text
from postsync.model import (
    clip_facts,
    media_facts,
    timeline_facts,
    timeline_markers,
)
from postsync.report import Report
from postsync.timing import as_rate, format_timecode
from postsync_adapters import formats
from postsync_adapters.edl import (
    FORMAT,
    EdlReadOptions,
    edit_list_of,
    parse_bytes,
    parse_text,
    sniff,
    timeline_of,
    track_lists,
)

# ------------------------------------------------------------------------------------------------------------- writing


def test_lengths_of_markers_are_lost_only_where_the_list_is_written_anew(corpus: Path, tmp_path: Path) -> None:
    timeline, _ = postsync.read(corpus / "edl/edl-to-youtube/example.edl", from_format="edl")
    assert not codes(postsync.write(timeline, tmp_path / "same.edl", as_format="edl"))
    lost = postsync.write(timeline, tmp_path / "new.edl", as_format="edl", options={"content": "locators"})
    assert [loss.facts["feature"] for loss in lost if loss.code == "feature-not-carried"] == ["13 marker durations"]


def test_every_real_list_converted_to_a_list_is_the_same_text(corpus: Path, tmp_path: Path) -> None:
    for path in [one for one in edls(corpus) if one.stat().st_size < 12_000]:
        out = tmp_path / "out.edl"
        verbs.convert(path, out)
        had, has = (decode_text(one.read_bytes()).text.replace("\0", " ").replace("\x1a", " ") for one in (path, out))
        assert had.split() == has.split(), path.name


@pytest.mark.parametrize("dialect", ["cmx3600", "file16", "file32", "file128"])
def test_every_real_list_written_from_its_timeline_holds_the_same(corpus: Path, dialect: Any) -> None:
    for path in [one for one in edls(corpus) if one.stat().st_size < 12_000]:
        timeline = timeline_of(parse_bytes(path.read_bytes()), Report())
        facts = timeline_facts(timeline)
        again = made(written(timeline, dialect=dialect), rate=facts.rate, start=facts.start_timecode)
        assert essence(again) == essence(timeline), path.name
        assert len(list(timeline_markers(again))) == len(list(timeline_markers(timeline))), path.name


def test_a_change_to_the_timeline_is_in_the_list_and_the_notes_stay() -> None:
    timeline = made(HEAD + CUT + "* ASC_SAT 0.9\n* a note\n* FROM CLIP NAME: old\n")
    timeline.tracks[0][0].name = "new"
    text = written(timeline)
    assert all(row in text for row in ("FROM CLIP NAME:  new", "* ASC_SAT 0.9", "* a note")) and "NAME: old" not in text


def test_a_transition_round_a_cut_is_written_from_where_it_begins() -> None:
    timeline = made(HEAD + DISSOLVE)
    mix = next(item for item in timeline.tracks[0] if isinstance(item, otio.schema.Transition))
    mix.in_offset, mix.out_offset = (otio.opentime.RationalTime(6, 24) for _ in range(2))
    lines = [line.split() for line in written(timeline).splitlines() if line[:3] in ("001", "002")]
    assert lines[1][-4:] == ["01:00:01:18", "01:00:01:18", "10:00:01:18", "10:00:01:18"]
    assert lines[2][3:] == ["D", "012", "01:59:59:18", "02:00:01:00", "10:00:01:18", "10:00:03:00"]


def test_fades_at_an_edge_are_written_from_and_to_black() -> None:
    rate = 24
    time = otio.opentime.RationalTime
    track = otio.schema.Track("V1")
    clip = otio.schema.Clip("x", source_range=otio.opentime.TimeRange(time(0, rate), time(48, rate)))
    mixes = [otio.schema.Transition("", "SMPTE_Dissolve", time(0, rate), time(12, rate)) for _ in range(2)]
    mixes[1].in_offset, mixes[1].out_offset = time(12, rate), time(0, rate)
    track.extend([mixes[0], clip, mixes[1]])
    timeline = otio.schema.Timeline("T", global_start_time=time(86400, rate))
    timeline.tracks.append(track)
    rows = [line.split()[:5] for line in written(timeline).splitlines() if line[:1].isdigit()]
    assert rows == [
        ["001", "BL", "V", "C", "00:00:00:00"], ["001", "X", "V", "D", "012"],
        ["002", "X", "V", "C", "00:00:01:12"], ["002", "BL", "V", "D", "012"],
    ]  # fmt: skip


def test_lines_of_clips_that_nobody_changed_stand_as_they_were_read(corpus: Path) -> None:
    had = parse_bytes((corpus / "edl/pycmx/INS4_R1_DX_092117.edl").read_bytes())
    timeline = timeline_of(had, Report())
    timeline.tracks[0][0].name = "another"
    has = parse_text(written(timeline))
    assert Counter(event[2:] for event in has.events) == Counter(event[2:] for event in had.events)


def test_a_key_keeps_its_background_and_number(corpus: Path) -> None:
    timeline = timeline_of(parse_bytes((corpus / "edl/guerilla-di-edl/KEY_TRANSITION.EDL").read_bytes()), Report())
    rows = [(event.number, event.transition) for event in parse_text(written(timeline, dialect="cmx3600")).events]
    assert rows == [("001", "K B"), ("001", "K")]


def test_a_level_keeps_its_place() -> None:
    level = "* AUDIO LEVEL AT 01:00:00:20 IS -8.98 DB  (REEL A001 A1)"
    assert level[2:] in written(made(HEAD + CUT.replace(" V  ", " A  ") + level), dialect="file32")


def test_sources_of_one_short_reel_are_kept_apart_by_name() -> None:
    second = "002  A001     V     C        05:00:00:00 05:00:02:00 10:00:02:00 10:00:04:00\n"
    timeline = made(HEAD + CUT + "* FROM CLIP NAME: one\n" + second + "* FROM CLIP NAME: two\n")
    assert [clip.media_duration for clip in clips(timeline)] == [2, 2]


def test_an_event_without_channels_is_said_to_be_taken_for_sound() -> None:
    report = Report()
    made(HEAD + CUT.replace(" V  ", " NONE  "), report)
    assert codes(report)["channels-unstated"] == 1


def test_reels_are_cut_without_meeting_and_can_be_undone() -> None:
    text = HEAD
    for number, name in enumerate(["TC R1 V6 TEMP2 M DX", "TC R1 V6 TEMP2 ST FX", "ÄÖÜ 12345678"], 1):
        text += f"{number:06}  {name:<32} V     C  01:00:00:00 01:00:02:00 10:00:0{number}:00 10:00:0{number + 1}:00\n"
    timeline = made(text)
    short = written(timeline, dialect="cmx3600")
    reels = [event.reel for event in parse_text(short).events]
    assert len(set(reels)) == 3 and all(len(reel) <= 8 for reel in reels)
    assert [clip.media.tape for clip in clips(made(short))] == [clip.media.tape for clip in clips(timeline)]


def test_sound_alone_is_written_without_any_picture() -> None:
    timeline = made(HEAD + CUT.replace(" V  ", " AA/V"))
    text = written(timeline, content="sound")
    assert [event.channels for event in parse_text(text).events] == ["AA"]


def test_one_track_is_written_and_one_that_is_missing_is_refused() -> None:
    timeline = made(HEAD + CUT.replace(" V  ", " AA/V"))
    assert [event.channels for event in parse_text(written(timeline, track="a2")).events] == ["A2"]
    with pytest.raises(CannotWrite, match="it has V1, A1, A2"):
        written(timeline, track="V9")


def test_a_list_for_each_track() -> None:
    lists = track_lists(made(HEAD + CUT.replace(" V  ", " AA/V")), Report())
    assert {name: [event.channels for event in one.events] for name, one in lists.items()} == {
        "V1": ["V"], "A1": ["A"], "A2": ["A2"]
    }  # fmt: skip


def test_locators_alone_are_a_list_for_media_composer() -> None:
    timeline = made(HEAD + CUT + "* LOC: 10:00:01:00 GREEN   a place\n")
    assert (
        written(timeline, content="locators")
        == "TITLE:   R1\nFCM: NON-DROP FRAME\n* LOC: 10:00:01:00 GREEN   a place\n"
    )


def test_past_999_events_the_numbers_get_four_digits_and_it_is_said() -> None:
    rate, time = as_rate("24"), otio.opentime.RationalTime
    track = otio.schema.Track("V1")
    used = otio.opentime.TimeRange(time(0, 24), time(24, 24))
    track.extend([otio.schema.Clip(f"c{n}", source_range=used) for n in range(1001)])
    timeline = otio.schema.Timeline("T", global_start_time=time(86400, 24))
    timeline.tracks.append(track)
    report = Report()
    found = edit_list_of(timeline, report)
    assert found.events[-1].number == "1001" and codes(report)["list-past-999"] == 1
    assert len(clips(timeline_of(found, Report(), EdlReadOptions(rate=rate)))) == 1001


def test_what_does_not_lie_on_frames_is_moved_and_said() -> None:
    time = otio.opentime.RationalTime
    track = otio.schema.Track("A1", kind="Audio")
    track.append(otio.schema.Clip("x", source_range=otio.opentime.TimeRange(time(100, 48000), time(48010, 48000))))
    timeline = otio.schema.Timeline("T", global_start_time=time(0, 24))
    timeline.tracks.append(track)
    report = Report()
    assert len(edit_list_of(timeline, report).events) == 1 and codes(report)["time-rounded"] == 1


def test_a_disabled_clip_is_left_out_and_said() -> None:
    timeline = made(HEAD + CUT)
    timeline.tracks[0][0].enabled = False
    report = Report()
    assert not edit_list_of(timeline, report).events and codes(report)["clip-disabled"] == 1


def test_writing_leaves_the_timeline_as_it_was_and_is_the_same_twice() -> None:
    timeline = made(HEAD + DISSOLVE)
    before = timeline.to_json_string()
    assert written(timeline, dialect="file32") == written(timeline, dialect="file32")
    assert timeline.to_json_string() == before


# ------------------------------------------------------------------------------------------------- choosing the format


def test_a_list_is_certainly_a_list_and_a_marker_list_certainly_a_marker_list(corpus: Path) -> None:
    markers = formats()["resolve_marker_edl"].sniff
    for path in edls(corpus):
        head = path.read_bytes()[:4096]
        if b"ResolveColor" in head:
            assert (markers(head), sniff(head)) == (Claim.CERTAIN, Claim.MAYBE), path.name
        else:
            assert markers(head) is Claim.NO and sniff(head) > Claim.NO, path.name


def test_an_edit_with_a_marker_in_it_is_an_edit() -> None:
    head = (HEAD + CUT + " |C:ResolveColorBlue |M:x |D:1\n").encode()
    assert formats()["resolve_marker_edl"].sniff(head) is Claim.NO and sniff(head) is Claim.MAYBE


def test_inspect_shows_everything_of_a_list(corpus: Path) -> None:
    document = verbs.inspect(corpus / "edl/pycmx/TEST.edl").document
    (timeline,) = document["timelines"]
    items = [item for track in timeline["tracks"] for item in track["items"]]
    assert Counter(item["kind"] for item in items) == {"clip": 120, "transition": 28}
    assert document["producer"] == "Avid Media Composer" and len(timeline["markers"]) == 30


# --------------------------------------------------------------------------------------------------------- by way of AAF


def test_every_sound_event_goes_into_the_aaf_or_is_named(corpus: Path, tmp_path: Path) -> None:
    aaf2 = pytest.importorskip("aaf2")
    source = corpus / "edl/pycmx/INS4_R1_DX_092117.edl"
    report = verbs.convert(source, tmp_path / "x.aaf").report
    with aaf2.open(str(tmp_path / "x.aaf")) as f:
        (top,) = f.content.toplevel()
        slots = [slot for slot in top.slots if slot.media_kind == "Sound"]
        found = sum(
            len([one for one in slot.segment.components if type(one).__name__ == "SourceClip"]) for slot in slots
        )
    unwritten = codes(report)["element-ignored"]
    assert found + unwritten == len(parse_bytes(source.read_bytes()).events) == 466


def test_a_list_comes_back_from_aaf_with_its_sound_events(corpus: Path, tmp_path: Path) -> None:
    if formats()["aaf"].read is None:
        pytest.skip("AAF is not read yet")
    source = corpus / "edl/pycmx/INS4_R1_DX_092117.edl"
    verbs.convert(source, tmp_path / "x.aaf")
    verbs.convert(tmp_path / "x.aaf", tmp_path / "y.edl")
    had, has = (parse_bytes(one.read_bytes()).events for one in (source, tmp_path / "y.edl"))
    assert {event[8:] for event in had} <= {event[8:] for event in has}


# ------------------------------------------------------------------------------------------------- generated and damaged


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, Any]:
    """A list as programs write them: any rate, through midnight or not, cuts and dissolves on any channels."""
    rate = as_rate(draw(st.sampled_from(["24", "25", "29.97", "29.97 DF", "30", "50", "59.94 DF", "120"])))
    at = draw(st.integers(0, rate.frames_per_day - 1))
    rows = [f"TITLE: T\nFCM: {'' if rate.drop else 'NON-'}DROP FRAME"]
    for number in range(1, draw(st.integers(1, 12)) + 1):
        length, source = draw(st.integers(12, 500)), draw(st.integers(0, rate.frames_per_day // 2))
        code = draw(st.sampled_from(["V", "A", "A2", "AA", "AA/V", "B", "A2/V", "A7", "V3", "NONE"]))
        times = [format_timecode(frame, rate) for frame in (source, source + length, at, at + length)]
        mix = draw(st.sampled_from(["C       ", "D    012"]))
        if mix[0] == "D":
            cut = f"{times[0]} {times[0]} {times[2]} {times[2]}"
            rows.append(f"{number:03}  OLD      {code:<5} C        {cut}")
        rows.append(f"{number:03}  R{number:03}     {code:<5} {mix} {' '.join(times)}")
        rows.append(
            f"* FROM CLIP NAME:  old {number}\n* TO CLIP NAME:  new {number}" if mix[0] == "D" else f"* free {number}"
        )
        if code == "NONE" and draw(st.booleans()):
            rows.append("AUD  3    4")
        at += length + draw(st.integers(0, 100))
    return "\n".join(rows) + "\n", rate


@given(lists())
@settings(max_examples=60, deadline=None)
def test_any_list_survives_timeline_and_list_again(case: tuple[str, Any]) -> None:
    text, rate = case
    timeline = made(text, rate=rate)
    start = timeline_facts(timeline).start_timecode
    assert written(timeline).split() == text.split()
    again = made(written(timeline, dialect="file32"), rate=rate, start=start)
    assert essence(again) == essence(timeline)


def test_damaged_lists_are_read_or_refused_in_our_own_words(corpus: Path) -> None:
    dice = random.Random(11)
    names = ["guerilla-di-edl/TRAILER_EDL.edl", "sg-otio/pxy5.edl", "edl-genius/cmx3600.edl", "python-edl/test.edl"]
    for name in names:
        data = (corpus / "edl" / name).read_bytes()
        for _ in range(40):
            broken = bytearray(data[dice.randrange(40) : dice.randrange(40, len(data))])
            for _ in range(dice.randrange(25)):
                broken[dice.randrange(len(broken))] = dice.choice(b"0123456789:; *\nACDVM\xff\0")
            try:
                (timeline,) = FORMAT.read(io.BytesIO(bytes(broken)), Report(), EdlReadOptions())  # type: ignore[misc]
                written(timeline, dialect="cmx3600")
            except PostsyncError:
                continue


def test_every_event_of_every_real_list_is_on_the_timeline(corpus: Path) -> None:
    """Each line is a clip's own, or the outgoing side of a transition that names it."""
    for path in edls(corpus):
        if path.stat().st_size > 60_000:
            continue
        edit_list = parse_bytes(path.read_bytes())
        timeline = timeline_of(edit_list, Report())
        seen: set[int] = set()
        for track in timeline.tracks:
            for item in track:
                about = item.metadata.get("edl")
                seen.add(int(about["line"])) if about else None
                seen.add(int(about["outgoing"]["line"])) if about and "outgoing" in about else None
        assert {event.line for event in edit_list.events} <= seen, path.name


def test_clip_and_media_facts_are_plain_records() -> None:
    timeline = made(HEAD + CUT)
    clip = timeline.tracks[0][0]
    assert clip_facts(clip).origin == "line 3" and media_facts(clip.media_reference).tape == "A001"
