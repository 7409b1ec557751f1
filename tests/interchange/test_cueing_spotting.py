"""Which markers are cues, and what they say."""

from __future__ import annotations

import json
from fractions import Fraction

import opentimelineio as otio
import pytest

from postsync.cueing import NAME_AND_NOTE, cues_json, lay_out, spot, timeline_from_document
from postsync.model import (
    CueRules,
    PlainMarker,
    Project,
    Reel,
    TimelineFacts,
    character_name,
    cue_of,
    plain_marker,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import Rate

FILM = Rate.of(Fraction(24))


def timeline_of(*markers: PlainMarker, rate: Rate = FILM) -> otio.schema.Timeline:
    timeline = otio.schema.Timeline(name="R1")
    put_timeline_facts(timeline, TimelineFacts(rate, 86400))
    timeline.tracks.markers.extend(to_otio_marker(marker, rate.fps) for marker in markers)
    return timeline


def spotted(name: str = "", comment: str = "", project: Project | None = None, **more: object):
    timeline = timeline_of(PlainMarker(Fraction(10), name=name, comment=comment, **more))
    spot(timeline, project or Project(), Report())
    cues = timeline_cues(timeline)
    if not cues:
        return None
    cue = cues[0]
    return (cue.number, character_name(timeline_characters(timeline), cue), cue.line)


@pytest.mark.parametrize(
    ("name", "comment", "expected"),
    [
        ("R106 ROBIN: Hold there!", "", ("R106", "ROBIN", "Hold there!")),
        ("ROBIN: Hold there!", "", (None, "ROBIN", "Hold there!")),
        ("ROBIN - Hold there! (noise)", "", (None, "ROBIN", "Hold there!")),
        ("R106 Hold there!", "", ("R106", "", "Hold there!")),
        ("GC101 Guest at Court: Hello", "", ("GC101", "Guest at Court", "Hello")),
        ("GC101 Guest at Court", "Hello", ("GC101", "Guest at Court", "Hello")),
        ("R106 Leader of the Pack: Hello", "", ("R106", "Leader of the Pack", "Hello")),
        ("R106 Look at me: I am here", "", ("R106", "", "Look at me: I am here")),
        ("1001 MUCH: Run.", "", ("1001", "MUCH", "Run.")),
        ("[N] Hold there!", "", (None, "", "Hold there!")),
        ("ADR 104", "Hold there!", ("ADR 104", "", "Hold there!")),
        ("ROBIN", "Hold there!", (None, "ROBIN", "Hold there!")),
        ("R106 ROBIN", "Hold there!", ("R106", "ROBIN", "Hold there!")),
        ("R106 ROBIN: Hold there!", "Hold there!\nReason: noise\nplane over", ("R106", "ROBIN", "Hold there!")),
        ("", "R106 ROBIN: Hold there!", ("R106", "ROBIN", "Hold there!")),
        ("Marker 4", "R106 ROBIN: Hold there!", ("R106", "ROBIN", "Hold there!")),
        ("ADR Robin", "Hold there!", (None, "Robin", "Hold there!")),
        ("ADR, ROBIN: Hold there!", "", (None, "ROBIN", "Hold there!")),
        ("ADR: the line is noisy", "", (None, "", "the line is noisy")),
        ("R106 ROBIN: [laughs] I owe you $500", "", ("R106", "ROBIN", "[laughs] I owe you $500")),
        ("ELDER REN: -No! =1+1", "", (None, "ELDER REN", "-No! =1+1")),
    ],
)
def test_a_marker_in_the_shape_of_a_cue_is_read_as_one(name, comment, expected):
    assert spotted(name, comment) == expected


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("Fix colour", ""), ("Marker 1", ""), ("Marker 2", "Son en avance de 2i"), ("https://example.com/x", "see link"),
        ("Chapter 3: The End", ""), ("VFX: clean the sky", ""), ("VFX-005", "paint"), ("Shot_06", ""), ("", ""),
        ("[laughs]", ""), ("[laughs] hello", ""), ("NOTE: darker", ""), ("GDT - New retake needed", ""),
        ("TEXT MESSAGE - GT4006_SC44.mov", ""), ("IPHONE SCREEN COMP", ""), ("31:04:01 = Chapter 3-4", ""),
        ("2000 frames late", ""), ("Director: brighter", ""), ("INSIDE 3", ""), ("$500 in dialogue", ""),
    ],
)  # fmt: skip
def test_an_ordinary_marker_stays_one(name, comment):
    assert spotted(name, comment) is None


def test_the_project_says_which_colours_users_and_words_make_a_cue():
    rules = CueRules(words=("LOOP",), colours=("purple",), users=("Anna",))
    project = Project(cue_rules=rules)
    assert spotted("look at this", "", project, colour="purple") == (None, "", "look at this")
    assert spotted("look at this", "", project, user="Anna") == (None, "", "look at this")
    assert spotted("LOOP MUCH", "Run.", project) == (None, "MUCH", "Run.")
    assert spotted("look at this", "", project) is None


@pytest.mark.parametrize("name", ["Marker 1", "Mark 1", "Location 12"])
def test_the_name_that_a_program_gave_is_nobody(name):
    timeline = timeline_of(PlainMarker(Fraction(1), name=name, comment="Hold there!"))
    spot(timeline, Project(), Report(), all_markers=True)
    assert [(cue.character, cue.line) for cue in timeline_cues(timeline)] == [(None, "Hold there!")]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Hold there!", None),
        ("ROBIN: Hold there!", (None, "ROBIN", "Hold there!")),
        ("R106 ROBIN: Hold there!", ("R106", "ROBIN", "Hold there!")),
    ],
)
def test_a_name_that_is_only_who_made_the_marker_is_nobody_who_speaks(comment, expected):
    assert spotted("JSMITH", comment, user="JSMITH") == expected


def test_all_markers_can_be_asked_for_and_unclear_text_goes_whole_into_the_line():
    timeline = timeline_of(PlainMarker(Fraction(1), name="Fix colour", comment="later\nplease"))
    assert spot(timeline, Project(), Report(), all_markers=True) == 1
    assert timeline_cues(timeline)[0].line == "Fix colour\nlater\nplease"


def test_reason_and_its_note_are_read_from_a_trailing_remark_and_reported_as_guessed():
    timeline = timeline_of(PlainMarker(Fraction(10), Fraction(2), "ROBIN", "Hold there! / plane", "red"))
    report = Report()
    spot(timeline, Project(reels=(Reel("R1", "01:00:00:00"),), rate=FILM), report)
    cue = timeline_cues(timeline)[0]
    assert (cue.line, cue.reasons, cue.reason_note) == ("Hold there!", ("noise",), "plane")
    assert (cue.record_in, cue.record_out, cue.reel, cue.colour) == (240, 288, "R1", "red")
    assert [loss.code for loss in report] == ["cue-guessed"]
    assert "ROBIN" in report.losses[0].facts["reading"]


def test_a_cue_between_frames_is_shown_on_the_frame_that_holds_it():
    timeline = timeline_of(PlainMarker(Fraction(241, 24) + Fraction(1, 100), name="ROBIN: Hold!"))
    report = Report()
    spot(timeline, Project(), report)
    cue = timeline_cues(timeline)[0]
    assert cue.record_in == 241
    assert cue.precise_in == Fraction(241, 24) + Fraction(1, 100)
    note = next(loss for loss in report if loss.code == "cue-off-frame")
    assert note.facts == {"remainder": "1/100", "frame": "01:00:10:01"}


def test_one_marker_found_twice_makes_one_cue():
    twice = PlainMarker(Fraction(10), name="ROBIN: Hold!")
    timeline, report = timeline_of(twice, twice), Report()
    assert spot(timeline, Project(), report) == 1
    assert len(timeline.tracks.markers) == 1
    assert "cue-repeated" in [loss.code for loss in report]


def test_one_marker_of_one_host_shown_in_two_places_makes_one_cue():
    first = PlainMarker(Fraction(10), name="ROBIN: Hold!", extra={"host": "r2", "host_time": "5/1"})
    again = PlainMarker(Fraction(20), name="ROBIN: Hold!", extra={"host": "r2", "host_time": "5/1"})
    timeline = timeline_of(first, again)
    assert spot(timeline, Project(), Report()) == 1
    assert len(timeline.tracks.markers) == 2


def test_a_marker_outside_its_clip_is_no_cue():
    assert spotted("R106 ROBIN: Hold there!", visible=False) is None


def test_a_tagged_marker_keeps_its_identity_and_takes_its_out_from_the_tag():
    timeline = timeline_of(PlainMarker(Fraction(10), name="R106 ROBIN: Hold there! {adr=7KQ2M9XD;o=40}"))
    report = Report()
    spot(timeline, Project(), report)
    cue = timeline_cues(timeline)[0]
    assert (cue.uid, cue.number, cue.line, cue.record_in, cue.record_out) == (
        "7KQ2M9XD",
        "R106",
        "Hold there!",
        240,
        280,
    )
    assert len(report) == 0


def test_a_copied_marker_gets_its_own_uid_and_says_where_it_came_from():
    name = "R106 ROBIN: Hold there! {adr=7KQ2M9XD}"
    timeline = timeline_of(PlainMarker(Fraction(10), name=name), PlainMarker(Fraction(20), name=name))
    assert spot(timeline, Project(), Report()) == 2
    first, second = timeline_cues(timeline)
    assert first.uid == "7KQ2M9XD"
    assert second.uid != "7KQ2M9XD"
    assert second.derived_from == "7KQ2M9XD"


def test_reading_twice_gives_the_same_uids_and_spotting_again_changes_nothing():
    markers = (PlainMarker(Fraction(10), name="ROBIN: Hold!"), PlainMarker(Fraction(12), name="ROBIN: Hold!"))
    one, other = timeline_of(*markers), timeline_of(*markers)
    assert spot(one, Project(), Report()) == spot(other, Project(), Report()) == 2
    assert [cue.uid for cue in timeline_cues(one)] == [cue.uid for cue in timeline_cues(other)]
    assert len({cue.uid for cue in timeline_cues(one)}) == 2
    assert spot(one, Project(), Report()) == 0


def test_the_marker_block_stays_beside_the_cue():
    timeline = timeline_of(PlainMarker(Fraction(10), name="ROBIN: Hold!", user="Anna", origin="line 3"))
    spot(timeline, Project(), Report())
    marker = timeline.tracks.markers[0]
    assert cue_of(marker) is not None
    assert (plain_marker(marker).user, plain_marker(marker).origin) == ("Anna", "line 3")


def test_a_record_in_custom_data_comes_back_whole_and_an_edited_line_wins():
    record = {"uid": "7KQ2M9XD", "record_in": 5, "number": "R106", "line": "Hold!", "character": "robin", "priority": 2}
    marker = PlainMarker(
        Fraction(10), name="R106 ROBIN", comment="Hold there!", custom_data=json.dumps({"cue": record})
    )
    timeline = timeline_of(marker)
    spot(timeline, Project(), Report())
    cue = timeline_cues(timeline)[0]
    assert (cue.uid, cue.priority, cue.record_in, cue.line) == ("7KQ2M9XD", 2, 240, "Hold there!")


def in_resolve(record, stands, frames, nudge=None):
    """The cue that is read from a marker of ours in Resolve, which stands on a frame and is at least one frame long."""
    mark = {"cue": {"uid": "7KQ2M9XD", **record}, **({"nudge": nudge} if nudge is not None else {})}
    length = Fraction(frames, 24) if frames > 1 else Fraction(0)
    marker = PlainMarker(Fraction(stands, 24), length, name="R106 ROBIN", custom_data=json.dumps({"postsync": mark}))
    timeline = timeline_of(marker)
    spot(timeline, Project(), Report())
    return timeline_cues(timeline)[0]


def test_a_marker_that_had_to_stand_late_says_so_out_of_sight():
    cue = in_resolve({"record_in": 240, "record_out": 280}, 242, 38, nudge=2)
    assert (cue.record_in, cue.record_out) == (240, 280)


def test_a_cue_that_nobody_moved_is_as_fine_as_its_record():
    cue = in_resolve(
        {"record_in": 240, "record_out": 280, "precise_in": "96096/9600", "precise_out": "93333/8000"}, 240, 40
    )
    assert (cue.precise_in, cue.precise_out, cue.record_out) == (Fraction(1001, 100), Fraction(93333, 8000), 280)


@pytest.mark.parametrize(("nudge", "stands", "out"), [(None, 240, 241), (3, 243, 242), (None, 240, None)])
def test_a_marker_of_one_frame_leaves_the_out_to_the_record(nudge, stands, out):
    cue = in_resolve({"record_in": 240, "record_out": out}, stands, 1, nudge=nudge)
    assert (cue.record_in, cue.record_out) == (240, out)


def test_a_marker_that_somebody_moved_or_stretched_counts():
    moved = in_resolve({"record_in": 240, "record_out": 280, "precise_in": "1001/100"}, 250, 40)
    assert (moved.record_in, moved.record_out, moved.precise_in) == (250, 290, None)
    longer = in_resolve({"record_in": 240, "record_out": 280, "precise_in": "1001/100"}, 240, 60)
    assert (longer.record_in, longer.record_out, longer.precise_in) == (240, 300, Fraction(1001, 100))


@pytest.mark.parametrize("nudge", ["2", True, -3, None, [2]])
def test_a_nudge_that_is_no_count_is_none(nudge):
    assert in_resolve({"record_in": 240}, 240, 1, nudge=nudge).record_in == 240


@pytest.mark.parametrize(("note", "line"), [("vfx", "sky replacement\nvfx"), ("better", "better")])
def test_a_marker_that_was_made_a_cues_as_it_stood_is_no_edit_of_the_line(note, line):
    mark = {
        "cue": {"uid": "7KQ2M9XD", "record_in": 240, "line": "sky replacement\nvfx"},
        "shown": {"name": "sky replacement", "note": "vfx"},
    }
    marker = PlainMarker(Fraction(10), name="sky replacement", comment=note, custom_data=json.dumps({"postsync": mark}))
    timeline = timeline_of(marker)
    spot(timeline, Project(), Report())
    assert timeline_cues(timeline)[0].line == line


@pytest.mark.parametrize(
    ("name", "note", "reasons"),
    [
        ("R105 ROSA: Wait!", "Reason: off mic", ("technical",)),
        ("R105 ROSA: Wait! (off mic)", "", ("technical",)),
        ("[off mic] R105 ROSA: Wait!", "", ("technical",)),
    ],
)
def test_the_words_of_a_reason_stay_beside_the_code_that_they_stand_for(name, note, reasons):
    timeline = timeline_of(PlainMarker(Fraction(10), name=name, comment=note))
    spot(timeline, Project(), Report())
    [cue] = timeline_cues(timeline)
    assert (cue.line, cue.reasons, cue.reason_note) == ("Wait!", reasons, "off mic")


@pytest.mark.parametrize("word", ["technical", "OM", "tech"])
def test_a_reason_in_the_words_of_the_table_needs_no_note(word):
    timeline = timeline_of(PlainMarker(Fraction(10), name="R105 ROSA: Wait!", comment=f"Reason: {word}"))
    spot(timeline, Project(), Report())
    [cue] = timeline_cues(timeline)
    assert (cue.reasons, cue.reason_note) == (("technical",), None)


def test_what_we_write_into_names_and_notes_is_read_back():
    source = timeline_of(
        PlainMarker(
            Fraction(10), Fraction(2), "R106 ROBIN", "Hold there!\nReason: noise (plane) · Priority 1 · TV\nask Anna"
        )
    )
    spot(source, Project(), Report())
    cue, cast = timeline_cues(source)[0], timeline_characters(source)
    assert (cue.reasons, cue.reason_note, cue.priority, cue.uses, cue.note) == (
        ("noise",), "plane", 1, ("theatrical", "tv"), "ask Anna",
    )  # fmt: skip
    text = lay_out(cue, cast, NAME_AND_NOTE)
    again = timeline_of(PlainMarker(Fraction(10), Fraction(2), text.name, text.comment))
    spot(again, Project(), Report())
    assert timeline_cues(again)[0] == cue


def test_the_cue_document_reads_back_with_every_record_whole():
    source = timeline_of(PlainMarker(Fraction(1001, 100), Fraction(2), 'R106 ROBIN: <b>"=1+1" שלום 你好 🎬'))
    spot(source, Project(), Report())
    document = json.loads(json.dumps(cues_json(source)))
    assert document["schema"] == "postsync.cues/1"
    assert document["cues"][0]["record_in_timecode"] == "01:00:10:00"
    assert document["cues"][0]["record_in_seconds"] == "1001/100"
    back = timeline_from_document(document)
    assert timeline_cues(back) == timeline_cues(source)
    assert timeline_characters(back) == timeline_characters(source)


@pytest.mark.parametrize(
    ("text", "number", "character", "line"),
    [
        ("R106 ROBIN - Hold there!", "R106", "ROBIN", "Hold there!"),
        ("R106 ROBIN - Hold: now!", "R106", "ROBIN", "Hold: now!"),
        ("LOOP 12 ROBIN: Hold there!", "LOOP 12", "ROBIN", "Hold there!"),
        ("LOOP #12: Hold there!", "LOOP 12", "", "Hold there!"),
        ("ADR #104 ROBIN: Hold there!", "ADR 104", "ROBIN", "Hold there!"),
        ("#104 ROBIN: Hold there!", "104", "ROBIN", "Hold there!"),
    ],
)
def test_a_dash_after_the_name_a_loop_and_the_sign_for_a_number_are_understood(text, number, character, line):
    assert spotted(text) == (number, character, line)


@pytest.mark.parametrize(
    "text", ["LOOP 12", "loop 2 bars", "LOOP 4 - fix sync", "VFX 12 - paint out", "Loop this: intro"]
)
def test_loops_of_music_and_notes_with_dashes_stay_markers(text):
    assert spotted(text) is None
