"""Every check of a cue list: one list that breaks it, and one that does not."""

from __future__ import annotations

import dataclasses
from collections import Counter
from fractions import Fraction

import opentimelineio as otio
import pytest

from postsync import findings, model
from postsync.cueing import CHECKS, check_timeline, number_cues
from postsync.finding_codes import AAF_CODES, DELIVERY_CODES, FCPXML_CODES, GUIDE_CODES, XMEML_CODES
from postsync.findings import FINDING_CODES, Finding, worst_first
from postsync.model import (
    Character,
    Cue,
    Laid,
    MediaFacts,
    NumberRules,
    NumberScheme,
    Project,
    Reel,
    TimelineFacts,
)
from postsync.report import Report
from postsync.timing import as_rate

RATE = as_rate("24")
FACTS = TimelineFacts(RATE, 86400)
ROBIN, GUY = (
    Character("robin", "ROBIN", prefix="R", actor="E. Flynn"),
    Character("guy", "GUY", prefix="G", actor="B. Rathbone"),
)
SHOW = Project(
    numbers=NumberRules(NumberScheme()),
    reels=(Reel("R1", "01:00:00:00", "01:00:08:00", "01:10:00:00"), Reel("R2", "02:00:00:00")),
)


def cue(at=10, number=None, **facts):
    """A cue that nothing is wrong with, two seconds long, some frames after second `at`."""
    facts = {"character": "robin", "line": f"Line {at}", "record_out": at * 24 + 53, **facts}
    return Cue(uid=facts.pop("uid", f"AAAA{at:04}"), record_in=at * 24 + 5, number=number or f"R1{at:02}", **facts)


def timeline_of(*cues, cast=(ROBIN, GUY), clips=(), facts=FACTS):
    timeline = otio.schema.Timeline("R1 v1")
    model.put_timeline_facts(timeline, facts)
    model.put_characters(timeline, cast)
    for one in cues:
        timeline.tracks.markers.append(model.cue_marker(one, facts))
    if clips:
        timeline.tracks.append(model.build_track("V1", "Video", clips, [24]))
    return timeline


def clip(start, length, source=0, name="a.mov"):
    media = otio.schema.ExternalReference(name)
    model.put_media_facts(media, MediaFacts(name=name))
    return Laid(otio.schema.Clip(name, media), Fraction(start), Fraction(length), Fraction(source))


def codes(timeline, project=SHOW, report=None):
    return {one.code for one in check_timeline(timeline, project, report)}


# One row for each code: what breaks it, and the nearest thing that does not.
BROKEN = {
    "number-missing": ([dataclasses.replace(cue(), number=None)], [dataclasses.replace(cue(), number=None, status="omitted")]),
    "number-used-twice": (
        [cue(10, "R101"), cue(20, "r101", status="omitted")],
        [cue(10, "R101"), cue(20, "R101", episode="2")],
    ),
    "number-used-before": (
        [cue(10, "R101"), cue(20, "R102", former_numbers=("R101",))],
        [cue(10, "R101", former_numbers=("R101",))],
    ),
    "number-off-scheme": ([cue(10, "G101"), cue(20, "R201")], [cue(10, "R101A"), cue(20, "r1102")]),
    "uid-twice": ([cue(10), cue(20, uid="AAAA0010")], [cue(10), cue(20)]),
    "character-missing": ([cue(character=None)], [cue(character=None, kind="group")]),
    "character-unknown": ([cue(character="wat")], [cue(character="guy")]),
    "character-overlap": ([cue(10), cue(11)], [cue(10), cue(11, uses=("tv",)), cue(13)]),
    "line-empty": (
        [cue(line=" ")],
        [cue(10, line=None, kind="effort"), cue(20, line=None, flags=("to_be_written",)), cue(30, line=None, kind="group")],
    ),
    "tv-cover-empty": ([cue(line=None, reasons=("tv",)), cue(20, line="", uses=("tv",))], [cue(line="Darn", reasons=("tv",))]),
    "line-fast": ([cue(line="word " * 11)], [cue(line="word " * 9), cue(20, line="a" * 60, record_out=None)]),
    "line-repeated": (
        [cue(10, line="No! No.", scene="12"), cue(30, line="no no", scene="12")],
        [cue(10, line="No!", scene="12"), cue(30, line="No!", scene="13"), cue(50, line="No!"), cue(60, line="No!")],
    ),
    "cue-repeated": (
        [cue(10, line="Hold there!", record_out=260), cue(11, line="hold there")],
        [cue(10, line="Hold there!"), cue(14, line="Hold there!"), cue(11, line="Hold there!", derived_from="AAAA0010")],
    ),
    "tag-unparsed": (
        [cue(line="Hold {adr=7KQ2"), cue(20, note="$P=1"), cue(30, direction="softly}")],
        [cue(line="[laughs] That is $500, (really) 100%!")],
    ),
    "word-unknown": (
        [
            *(cue(reasons=("AR4",)), cue(20, flags=("later",)), cue(30, kind="yodel")),
            *(cue(40, uses=("vr",)), cue(50, status="gone")),
        ],
        [cue(reasons=("noise", "tv"), flags=("must",), kind="futz", uses=("tv",), status="approved")],
    ),
    "out-before-in": ([cue(record_out=100)], [cue(record_out=None)]),
    "length-zero": ([cue(record_out=245)], [cue(record_out=246)]),
    "cue-long": ([cue(record_out=245 + 60 * 24 + 1)], [cue(record_out=245 + 60 * 24)]),
    "outside-reel": ([cue(2), cue(599), cue(20, reel="R2")], [cue(8), cue(597)]),
    "reel-disagrees": ([cue(10, reel="2")], [cue(10, reel="1"), cue(20, reel="Reel 01")]),
    "take-missing": ([cue(status="recorded")], [cue(status="recorded", takes=({"take": 1},)), cue(20, status="approved")]),
    "select-missing": (
        [cue(status="cut", takes=({"take": 1, "selected": "hold"},))],
        [cue(status="cut", takes=({"take": 1, "selected": "circled"},))],
    ),
    "take-of-omitted": ([cue(status="omitted", takes=({"take": 1},))], [cue(status="omitted")]),
    "take-without-cue": (
        [cue(takes=({"take": 3, "file": "/s/R999_tk03_ROBIN.wav"},)), cue(20, takes=({"take": 1, "cue": "R77"},))],
        [
            cue(10, "R1/06", takes=({"take": 3, "file": "C:\\s\\R106_tk03_ROBIN.wav"}, {"take": 4, "cue": "AAAA0010"})),
            cue(20, takes=({"take": 1, "file": "take one.wav"},)),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", BROKEN)
def test_the_check_finds_what_breaks_it(code):
    broken, _ = BROKEN[code]
    found = [one for one in check_timeline(timeline_of(*broken), SHOW) if one.code == code]
    assert found
    assert all(one.where and one.time and one.remedy and "?" not in one.words() for one in found)


@pytest.mark.parametrize("code", BROKEN)
def test_the_check_leaves_what_does_not_break_it(code):
    _, sound = BROKEN[code]
    assert code not in codes(timeline_of(*sound))


def test_a_list_with_nothing_wrong_has_no_findings():
    assert check_timeline(timeline_of(cue(10), cue(20), cue(30, "G101", character="guy")), SHOW) == []


def test_every_code_has_a_test_here():
    others = {
        "character-two-names", "character-two-actors", "character-two-ids", "actor-overlap", "outside-timeline", "across-cut",
        "timecode-impossible", "seconds-only",
    }  # fmt: skip
    formats = {*DELIVERY_CODES, *AAF_CODES, *FCPXML_CODES, *XMEML_CODES, *GUIDE_CODES}
    assert set(BROKEN) | others == set(FINDING_CODES) - formats


# ------------------------------------------------------------------------------------------------- the cast as a whole


def test_one_id_with_two_names_or_actors_is_found():
    two_names = [ROBIN, dataclasses.replace(ROBIN, name="ROBYN")]
    two_actors = [ROBIN, dataclasses.replace(ROBIN, actor="R. Todd")]
    assert "character-two-names" in codes(timeline_of(cue(), cast=two_names))
    assert "character-two-actors" in codes(timeline_of(cue(), cast=two_actors))
    stated = dataclasses.replace(SHOW, characters=(Character("1", "Robin", actor="R. Todd", aliases=("robin",)),))
    assert "character-two-actors" in codes(timeline_of(cue()), stated)


def test_an_alias_is_no_second_name_and_spelling_no_second_actor():
    same = [ROBIN, dataclasses.replace(ROBIN, name="ROBYN", aliases=("Robin",), actor="e. flynn")]
    assert codes(timeline_of(cue(), cast=same)) == set()


def test_a_name_under_two_ids_is_found():
    assert "character-two-ids" in codes(timeline_of(cue(), cast=[ROBIN, Character("r-2", "Robin")]))
    assert "character-two-ids" not in codes(timeline_of(cue(), cast=[ROBIN, GUY]))


def test_one_actor_in_two_places_is_found_unless_they_are_other_passes():
    twin = dataclasses.replace(GUY, actor="e. flynn")
    at_once = [cue(10, group="1"), cue(11, "G101", character="guy", group="1")]
    found = [
        one for one in check_timeline(timeline_of(*at_once, cast=[ROBIN, twin]), SHOW) if one.code == "actor-overlap"
    ]
    assert [one.facts["other"] for one in found] == ["R110 ROBIN at 01:00:10:05"]
    passes = [at_once[0], dataclasses.replace(at_once[1], group="2")]
    assert codes(timeline_of(*passes, cast=[ROBIN, twin])) == set()


# ------------------------------------------------------------------------------------------------ timeline and picture


def test_cues_outside_the_timeline_are_found():
    clips = [clip(0, 60)]
    found = check_timeline(timeline_of(cue(10), cue(59), cue(-1, "R102"), clips=clips), Project())
    assert [one.facts["last"] for one in found if one.code == "outside-timeline"] == ["01:01:00:00"] * 2
    assert "outside-timeline" not in codes(timeline_of(cue(10), clips=clips))
    assert "outside-timeline" not in codes(timeline_of(cue(599)))


def test_cues_across_a_cut_are_found_and_a_clip_that_goes_on_is_no_cut():
    inside = timeline_of(cue(10), clips=[clip(0, 11), clip(11, 60, 30)])
    (found,) = [one for one in check_timeline(inside, SHOW) if one.code == "across-cut"]
    assert found.facts["places"] == "01:00:11:00"
    assert "across-cut" not in codes(timeline_of(cue(10), clips=[clip(0, 11), clip(11, 60, 11)]))
    assert "across-cut" not in codes(timeline_of(cue(10), clips=[clip(0, 10), clip(10, 60, 30)]))


def test_the_reel_is_compared_with_the_hour_where_no_table_is():
    assert "reel-disagrees" in codes(timeline_of(cue(10, reel="2")), Project())
    assert "reel-disagrees" not in codes(timeline_of(cue(10, reel="1")), Project())
    leader = dataclasses.replace(FACTS, start_frame=86400 - 8 * 24)
    assert "reel-disagrees" not in codes(timeline_of(cue(2, reel="1"), facts=leader), Project())
    television = dataclasses.replace(FACTS, start_frame=864000)
    assert "reel-disagrees" not in codes(timeline_of(cue(10, reel="1"), facts=television), Project())


def test_timecodes_that_do_not_exist_are_found():
    drop = TimelineFacts(as_rate("29.97 DF"), 0)
    ghost = Project(reels=(Reel("R1", "00:01:00;00"),))
    assert "timecode-impossible" in codes(timeline_of(facts=drop), ghost)
    assert "timecode-impossible" not in codes(timeline_of(facts=drop), Project(reels=(Reel("R1", "00:10:00;00"),)))
    assert "timecode-impossible" in codes(timeline_of(cue(extra={"TC": "01:00:00:24"})))
    assert "timecode-impossible" not in codes(timeline_of(cue(extra={"TC": "01:00:00:23", "other": "12:99"})))
    repaired = Report()
    repaired.note("timecode-repaired", source="row 3", was="01:01:00;00", now="01:01:00;02")
    found = [one for one in check_timeline(timeline_of(), SHOW, repaired) if one.code == "timecode-impossible"]
    assert [(one.where, one.facts["timecode"]) for one in found] == [("row 3", "01:01:00;00")]


def test_a_list_of_whole_seconds_is_found():
    whole = [Cue(uid=f"AAAA{at:04}", record_in=at * 24, record_out=at * 24 + 48) for at in range(10, 60, 10)]
    assert "seconds-only" in codes(timeline_of(*whole))
    assert "seconds-only" not in codes(timeline_of(*whole[:4]))
    assert "seconds-only" not in codes(timeline_of(*whole[:4], cue(90)))


# ----------------------------------------------------------------------------------------------------------- findings


def test_an_unknown_word_is_told_once_with_its_count():
    found = check_timeline(timeline_of(cue(10, reasons=("AR4",)), cue(20, reasons=("AR4",))), SHOW)
    assert [one.sentence() for one in found] == ["R110 ROBIN, 01:00:10:05: reason 'AR4' is in no table, in 2 cues"]


def test_words_of_the_house_are_known(tmp_path):
    path = tmp_path / "postsync.toml"
    path.write_text('[codes.reasons]\nAR4 = "Actor unavailable"\n', encoding="utf-8")
    assert "word-unknown" not in codes(timeline_of(cue(reasons=("AR4",))), model.read_project(path))


def test_findings_come_worst_first_and_as_json():
    found = check_timeline(timeline_of(cue(10, "R101", line=None), cue(20, "R101")), SHOW)
    assert [one.severity for one in found] == ["error", "warning"]
    document = findings.findings_document(found)
    assert document["schema"] == "postsync.findings/1"
    assert set(document["findings"][0]) == {"code", "severity", "where", "time", "facts", "remedy", "sentence"}


def test_a_finding_without_a_row_in_the_table_is_refused():
    with pytest.raises(KeyError):
        findings.finding("odd")
    assert worst_first([Finding("line-repeated"), Finding("uid-twice")])[0].code == "uid-twice"


def test_a_list_where_everything_overlaps_is_checked_in_the_time_of_any_other():
    # Counted, not timed: each cue is reported once, however many it overlaps.
    cues = [cue(at, f"R{1000 + at}", uid=f"U{at:07}", record_out=10**6) for at in range(400)]
    found = Counter(one.code for one in check_timeline(timeline_of(*cues), Project()))
    assert found["character-overlap"] == 399


def test_numbers_that_we_give_pass_our_checks():
    cues = [dataclasses.replace(cue(at), number=None) for at in range(10, 90, 10)]
    done = number_cues(cues, {"robin": ROBIN}, FACTS, SHOW)
    assert codes(timeline_of(*done.cues)) == set()
    assert len(CHECKS) > 20
