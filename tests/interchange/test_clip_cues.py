"""Cues as named clips on tracks of their characters: written in three notations, and read back from a Pro Tools text."""

from __future__ import annotations

import io
from fractions import Fraction

import opentimelineio as otio
import pytest

import postsync
from cue_matrix import made_timeline
from postsync import verbs
from postsync.cueing import spot
from postsync.cueing.cast import Cast
from postsync.cueing.clip_names import NamingRules, cue_clips, protected_line, unprotected_line
from postsync.cueing.merging.cue_values import cue_values
from postsync.cueing.tags import CUE_FIELDS
from postsync.errors import CannotWrite
from postsync.model import (
    Character,
    Cue,
    CueRules,
    PlainMarker,
    Project,
    TimelineFacts,
    cue_marker,
    placed_tracks,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    to_otio_marker,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters import formats
from pro_tools_made import Export, Location, session_text

FACTS = TimelineFacts(as_rate("23.976"), 86400, 48_000)
ROBIN = Character("1", "Robin", prefix="ROB", actor="E. Flynn")
CUE = Cue(
    uid="7KQ2M9XD", number="R106", record_in=48, record_out=96, character="1", line="Hold there!", reasons=("noise",),
    reason_note="plane over", priority=1, uses=("theatrical", "tv"), scene="12 A", reel="R1", note="second half",
)  # fmt: skip
USUAL, NO_PROJECT = Export(), Project()
NAMINGS = ("tags", "edicue", "plain")


def timeline_of(*cues):
    timeline = otio.schema.Timeline("R1 v4")
    put_timeline_facts(timeline, FACTS)
    put_characters(timeline, [ROBIN])
    timeline.tracks.markers.extend(cue_marker(cue, FACTS, "Robin") for cue in cues)
    return timeline


def read(text, **options):
    fmt = formats()["pro_tools_text"]
    return fmt.read(io.BytesIO(text.encode("utf-8", "surrogatepass")), Report(), fmt.read_options(**options))[0]


def through(timeline, rules, export=USUAL):
    """Send cues as clips through a session, and read its text back."""
    back = read(session_text(cue_clips(timeline, rules, Report()), export))
    spot(back, Project(), Report())
    return back


def session(tracks, markers=(), name="Film", export=USUAL):
    """Write a session text of (name, comment, [(clip, first frame, last frame)]), and read it with its cues."""
    timeline = otio.schema.Timeline(name)
    put_timeline_facts(timeline, FACTS)
    for track, _, clips in tracks:
        from postsync.model import Laid, build_track

        laid = [
            Laid(otio.schema.Clip(text), Fraction(a * 1001, 24000), Fraction((b - a) * 1001, 24000))
            for text, a, b in clips
        ]
        timeline.tracks.append(build_track(track, "Audio", laid, [FACTS.rate.fps]))
    locations = [Location(frame * 2002, place, *texts) for place, (frame, *texts) in enumerate(markers, 1)]
    text = session_text(timeline, export, locations)
    for _, comment, _ in tracks:
        text = text.replace("COMMENTS:\t\n", f"COMMENTS:\t{comment or ' '}\n", 1)
    return text


def cues_of(text, project=NO_PROJECT, **options):
    timeline = read(text, **options)
    report = Report()
    spot(timeline, project, report)
    cast = timeline_characters(timeline)
    return [(cue, cast[cue.character].name if cue.character else None) for cue in timeline_cues(timeline)], report


# -------------------------------------------------------------------------------------------------------------- writing


def names(rules):
    track = placed_tracks(cue_clips(timeline_of(CUE), rules, Report()))[0]
    return track.name, track.clips[0].clip.name


def test_the_tag_language_holds_every_field_that_it_has_a_key_for():
    assert names(NamingRules("tags", "none")) == (
        "Robin",
        "Hold there! $QN=R106 $P=1 {Sc=12 A} $Reel=R1 {Note=second half} {R=noise (plane over)} {Actor=E. Flynn} [TV]",
    )


def test_edicue_naming_holds_reason_and_note_and_its_track_prefix_and_actor():
    assert names(NamingRules("edicue")) == (
        "Robin[ROB]{E. Flynn}",
        "Hold there! [N] {second half} {adr=7KQ2M9XD}",
    )


def test_plain_names_are_in_our_usual_layout():
    assert names(NamingRules("plain")) == ("Robin", "R106 Robin: Hold there! {adr=7KQ2M9XD}")


def test_a_clip_lasts_as_long_as_its_cue_and_overlapping_cues_get_a_second_track():
    later = Cue(uid="9KQ2M9XD", number="R107", record_in=60, record_out=None, character="1", line="Now")
    report = Report()
    tracks = placed_tracks(cue_clips(timeline_of(CUE, later), NamingRules(), report))
    assert [track.name for track in tracks] == ["Robin", "Robin 2"]
    assert tracks[1].clips[0].clip.name == "Now {adr=9KQ2M9XD} $QN=R107 {Actor=E. Flynn} $Char=Robin"
    assert (tracks[0].clips[0].record_in, tracks[0].clips[0].record_out) == (48 / FACTS.rate.fps, 96 / FACTS.rate.fps)
    assert tracks[1].clips[0].duration == Fraction(1001, 1000)
    assert [loss.code for loss in report] == ["cue-without-end"]


@pytest.mark.parametrize(
    "line", ["$500", "it costs $500", "@home", "&c", "!now", "'$5", "'@x", "''$x", "no $a $b", "$QN=R1"]
)
def test_signs_in_a_line_are_guarded_and_come_back(line):
    guarded = protected_line(line)
    assert not guarded.startswith(("$", "@", "&", "!"))
    assert " $" not in guarded
    assert unprotected_line(guarded) == line


# -------------------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("naming", NAMINGS)
def test_a_cue_comes_back_whole_from_a_session_with_its_full_tag(naming):
    back = through(timeline_of(CUE), NamingRules(naming, "full"))
    assert timeline_cues(back)[0] == Cue(**{**CUE.__dict__, "character": timeline_cues(back)[0].character})
    (character,) = timeline_characters(back).values()
    assert (character.name, character.actor) == ("Robin", "E. Flynn")


@pytest.mark.parametrize("tags", ["uid", "full"])
@pytest.mark.parametrize("naming", NAMINGS)
@pytest.mark.parametrize("export", [Export("samples"), Export("timecode"), Export("timecode", subframes=True)])
def test_with_the_tag_every_hostile_cue_is_known_again_on_its_frame(naming, tags, export):
    timeline = made_timeline(30, seed=11)
    back = {cue.uid: cue for cue in timeline_cues(through(timeline, NamingRules(naming, tags), export))}
    assert sorted(back) == sorted(cue.uid for cue in timeline_cues(timeline))
    for cue in timeline_cues(timeline):
        assert back[cue.uid].record_in == cue.record_in
        assert abs(back[cue.uid].record_out - cue.record_out) <= 1


@pytest.mark.parametrize("naming", NAMINGS)
def test_with_the_full_tag_every_field_that_fits_it_comes_back(naming):
    timeline = made_timeline(100, seed=12)
    returned = through(timeline, NamingRules(naming, "full"))
    facts, back = timeline_facts(timeline), {cue.uid: cue for cue in timeline_cues(returned)}
    casts = [Cast(timeline_characters(one).values()) for one in (timeline, returned)]
    for cue in timeline_cues(timeline):
        was, now = cue_values(cue, facts, casts[0]), cue_values(back[cue.uid], facts, casts[1])
        assert {row.name: now[row.name] for row in CUE_FIELDS} == {row.name: was[row.name] for row in CUE_FIELDS}


def test_the_tag_language_alone_brings_back_each_field_that_it_holds():
    timeline = made_timeline(150, seed=13)
    returned = through(timeline, NamingRules("tags", "none"))
    back = {cue.number: cue for cue in timeline_cues(returned)}
    characters = timeline_characters(returned), timeline_characters(timeline)
    assert len(back) == 150
    for cue in timeline_cues(timeline):
        other = back[cue.number]
        assert characters[0][other.character].name == characters[1][cue.character].name
        assert characters[0][other.character].actor == characters[1][cue.character].actor
        for name in ("reasons", "priority", "reel", "scene"):
            assert getattr(other, name) == getattr(cue, name), name
        for name in ("line", "note", "reason_note"):
            was = getattr(cue, name)
            assert getattr(other, name) == (unprotected_line(protected_line(was)) if was else None), name


def test_the_flags_of_the_tag_language_come_back():
    marked = Cue(
        uid="7KQ2M9XD", number="1", record_in=0, record_out=9, character="1", kind="effort", uses=("theatrical", "tv"),
        flags=("to_be_written", "ad_lib", "optional"), status="omitted",
    )  # fmt: skip
    (cue,) = timeline_cues(through(timeline_of(marked), NamingRules("tags", "none")))
    assert (cue.kind, cue.uses, cue.flags, cue.status) == (marked.kind, marked.uses, marked.flags, marked.status)


def test_a_number_that_somebody_changed_beside_the_tag_wins():
    text = session_text(cue_clips(timeline_of(CUE), NamingRules("tags", "full"), Report())).replace(
        "$QN=R106", "$QN=R106A"
    )
    ((cue, _),), report = cues_of(text)
    assert (cue.uid, cue.number) == ("7KQ2M9XD", "R106A")
    assert "cue-text-edited" in {loss.code for loss in report}


# --------------------------------------------------------------------------------------------- the tag language in full


def test_a_clip_has_what_session_markers_ranges_and_track_say_and_its_own_words_outweigh_them():
    text = session(
        [
            ("Scenes", "", [("@ {Sc=12 Ext. Wood} $Reel=R1", 0, 100), ("@{Sc=13}", 101, 200)]),
            (
                "Robin $CN=1",
                "{Actor=E. Flynn} $P=3",
                [("Hold! $QN=R1", 10, 20), ("Run! $QN=R2 $P=1 {Sc=none}", 110, 120)],
            ),
        ],
        [(0, "{Title=Robin Hood}", "{Supv=N. L.}"), (105, "$Ver=v5")],
        name="Film $Ver=v4",
    )
    ((first, who), (second, _)), _ = cues_of(text)
    assert (first.number, first.scene, first.reel, first.picture_version, first.priority) == (
        "R1",
        "12 Ext. Wood",
        "R1",
        "v4",
        3,
    )
    assert (second.scene, second.picture_version, second.priority) == ("none", "v5", 1)
    assert who == "Robin"
    assert first.extra == {"cast_number": "1", "title": "Robin Hood", "supervisor": "N. L."}


def test_a_clip_that_begins_with_an_ampersand_goes_on_with_the_one_before():
    ((cue, _),), _ = cues_of(session([("Robin", "", [("Hold $QN=R1", 0, 10), ("& there! [TV]", 10, 30)])]))
    assert (cue.line, cue.record_out, cue.uses) == ("Hold there!", 30, ("theatrical", "tv"))


def test_dollars_brackets_and_braces_in_dialogue_stay_in_the_line():
    ((cue, _),), _ = cues_of(session([("Robin", "", [("I owe $500 [laughs] {softly} $QN=R1", 0, 10)])]))
    assert cue.line == "I owe $500 [laughs] {softly}"


def test_a_clip_without_a_number_or_muted_is_no_cue_and_the_muted_one_is_named():
    text = session([("Robin", "", [("Music", 0, 10), ("Hold $QN=R1", 20, 30), ("Run $QN=R2", 40, 50)])])
    head, end = text.split("$QN=R2")
    found, report = cues_of(head + "$QN=R2" + end.replace("Unmuted", "Muted", 1))
    assert [cue.number for cue, _ in found] == ["R1"]
    assert [loss.where for loss in report if loss.code == "cue-muted"] == ["R2"]


def test_keys_that_the_show_declares_are_kept_beside_the_cue():
    project = Project(cue_rules=CueRules(tag_keys=("Mic",)))
    ((cue, _),), _ = cues_of(session([("Robin", "", [("Hold $QN=R1 {Mic=416}", 0, 10)])]), project)
    assert cue.extra == {"Mic": "416"}


# ------------------------------------------------------------------------------------------------------ other notations


def test_tracks_named_as_edicue_names_them_hold_cues_and_others_do_not():
    text = session(
        [("Leo Tan[LEO]{J. Smith}", "", [("Where is she? [N] {plane}", 0, 10)]), ("Guide", "", [("Reel 1", 0, 90)])]
    )
    ((cue, who),), _ = cues_of(text)
    assert (who, cue.line, cue.reasons, cue.note) == ("Leo Tan", "Where is she?", ("noise",), "plane")


def test_plain_clips_are_cues_where_they_read_as_such_or_all_are_asked_for():
    text = session([("Robin", "", [("R101 ROBIN: Hold!", 0, 10), ("Something else", 20, 30)])])
    assert [cue.line for cue, _ in cues_of(text)[0]] == ["Hold!"]
    found, _ = cues_of(text, cues="all")
    assert [(cue.line, who) for cue, who in found] == [("Hold!", "ROBIN"), ("Something else", "ROBIN")]
    assert cues_of(text, cues="none")[0] == []


def test_a_cue_that_was_found_in_a_clip_is_not_found_twice():
    timeline = read(session_text(cue_clips(timeline_of(CUE), NamingRules(), Report())))
    assert [spot(timeline, Project(), Report()) for _ in range(2)] == [1, 0]


def test_clips_of_any_timeline_are_cues_where_they_carry_the_tag(tmp_path):
    path = tmp_path / "R1.otio"
    clips = cue_clips(timeline_of(CUE), NamingRules(), Report())
    for track in clips.tracks:
        for clip in track.find_clips():
            del clip.metadata["postsync"]
    postsync.write(clips, path)
    timeline, _ = postsync.read(path)
    assert spot(timeline, Project(), Report()) == 1
    assert timeline_cues(timeline)[0].uid == CUE.uid


@pytest.mark.parametrize(
    ("naming", "tags"), [("tags", "none"), *((naming, tags) for naming in NAMINGS for tags in ("uid", "full"))]
)
def test_cues_sent_as_clips_of_an_aaf_merge_back_untouched(tmp_path, naming, tags):
    work, sent = tmp_path / "R1.otio", tmp_path / "cues.aaf"
    postsync.write(made_timeline(20, seed=14), work)
    report = verbs.convert(work, sent, cue_clips=naming, tags=tags).report
    assert "media-missing" not in {loss.code for loss in report}
    assert (tmp_path / "cues silence.wav").stat().st_size > 44
    merged = verbs.merge(work, sent, tmp_path / "merged.otio").merge
    assert (len(merged.cues), merged.missing, merged.new, merged.unsure) == (20, [], [], {})
    assert [cue.number for cue in merged.cues if cue.changes] == []


def test_a_timeline_without_cues_makes_no_clips(tmp_path):
    work = tmp_path / "R1.otio"
    postsync.write(timeline_of(), work)
    with pytest.raises(CannotWrite, match="no cues"):
        verbs.convert(work, tmp_path / "cues.aaf", cue_clips="tags")
    assert list(tmp_path.iterdir()) == [work]


@pytest.mark.parametrize("naming", NAMINGS)
def test_every_field_that_names_do_not_hold_is_named(tmp_path, naming):
    work = tmp_path / "R1.otio"
    timeline = made_timeline(40, seed=15)
    postsync.write(timeline, work)
    report = verbs.convert(work, tmp_path / "cues.aaf", cue_clips=naming).report
    named = {loss.facts["field"] for loss in report if loss.code.startswith("cue-field")}
    back = {cue.uid: cue for cue in timeline_cues(through(timeline, NamingRules(naming)))}
    for cue in timeline_cues(timeline):
        for row in CUE_FIELDS:
            if row.name != "character" and getattr(cue, row.name) != getattr(back[cue.uid], row.name):
                assert row.name.replace("_", " ") in named


def test_the_text_of_the_session_that_cues_were_sent_to_merges_what_was_changed_there_alone(tmp_path):
    work, text = tmp_path / "R1.otio", tmp_path / "session.txt"
    postsync.write(timeline_of(CUE), work)
    verbs.convert(work, tmp_path / "cues.aaf", cue_clips="tags")
    session = session_text(cue_clips(timeline_of(CUE), NamingRules(), Report()), Export("timecode"))
    text.write_text(session.replace("Hold there!", "Hold it there!"), encoding="utf-8")
    (cue,) = verbs.merge(work, text, tmp_path / "merged.otio").merge.cues
    assert [(change.field, change.result) for change in cue.changes] == [("line", "Hold it there!")]


class TestOneCueInTwoPlaces:
    """A file may hold a cue as a marker and as a clip that is named for it."""

    def clips_and_markers(self, *markers):
        """Give a session that has clips in the tag language, read as no cues yet, and markers beside them."""
        timeline = read(session_text(cue_clips(timeline_of(CUE), NamingRules(tags="none"), Report()), USUAL))
        timeline.tracks.markers.extend(to_otio_marker(marker, FACTS.rate.fps) for marker in markers)
        return timeline

    def spotted(self, *markers):
        timeline = self.clips_and_markers(*markers)
        count = spot(timeline, Project(), Report())
        assert count == len(timeline_cues(timeline))
        return timeline_cues(timeline)

    @pytest.mark.parametrize("text", ["R106 ROBIN: Hold there!", "R106 {adr=7KQ2M9XD}"])
    @pytest.mark.parametrize("late", [0, 1])
    def test_a_marker_with_the_number_of_a_clip_beside_it_is_one_cue_with_it(self, text, late):
        (cue,) = self.spotted(PlainMarker(Fraction(48 + late) * FACTS.rate.seconds_per_frame, name=text))
        assert (cue.number, cue.line, cue.reasons, cue.scene) == ("R106", "Hold there!", ("noise",), "12 A")

    @pytest.mark.parametrize(("name", "late"), [("R106 ROBIN: Hold there!", 30), ("R107 ROBIN: Go!", 0)])
    def test_a_marker_elsewhere_or_of_another_number_is_another_cue(self, name, late):
        assert len(self.spotted(PlainMarker(Fraction(48 + late) * FACTS.rate.seconds_per_frame, name=name))) == 2

    def test_the_turnover_of_a_cue_session_reads_back_with_each_cue_once(self, tmp_path):
        source = tmp_path / "Film.txt"
        source.write_text(session_text(cue_clips(timeline_of(CUE), NamingRules(tags="none"), Report()), USUAL))
        made = verbs.turnover(source, tmp_path / "out")
        (aaf,) = (file.path for file in made.files if file.path.suffix == ".aaf")
        (work,) = (file.path for file in made.files if file.path.suffix == ".otio")
        assert [row.uid for row in verbs.cues(aaf).rows] == [row.uid for row in verbs.cues(work).rows]
        merged = verbs.merge(work, aaf, tmp_path / "merged.otio").merge
        assert (len(merged.cues), merged.new) == (1, [])

    def test_clips_that_name_no_file_are_named_and_those_that_are_cues_counted(self, tmp_path):
        source = tmp_path / "Film.txt"
        clips = cue_clips(timeline_of(CUE), NamingRules(tags="none"), Report())
        clips.tracks.append(
            cue_clips(timeline_of(CUE), NamingRules(naming="plain", tags="none"), Report()).tracks[0].deepcopy()
        )
        clips.tracks[1].name, clips.tracks[1][1].name = "Scenes", "@ {Sc=12 A}"
        source.write_text(session_text(clips, USUAL))
        report = verbs.turnover(source, tmp_path / "out").report
        assert [loss.facts["name"] for loss in report if loss.code == "clip-without-file"] == ["@ {Sc=12 A}"]
        assert [loss.facts["count"] for loss in report if loss.code == "cue-clips-silent"] == ["1"]
