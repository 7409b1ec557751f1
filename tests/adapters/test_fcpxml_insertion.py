"""Cues and placed takes into existing FCPXML documents: exact on every kind of host, and nothing else changed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from lxml import etree

import postsync
from fcpxml_inserted import UIDS, canonical, inserted, insertion, with_cues
from postsync import verbs
from postsync.errors import CannotWrite, FormatError, RateError
from postsync.model import cue_of, plain_marker, put_cue, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import Rate

F = Fraction

SAMPLED = [
    "AudioOnly", "AuditionMarkers", "CompoundClips", "MulticamSample", "SyncClipRoles", "24With25Media",
    "TransitionMarkers2", "MakeSubtitlesTest", "resolve_1.10_multicam_25in24", "v1.2_3_clip_100_50_50", "Structure",
    "sample_fcpx_trimmed_dangling_refs", "rubric_60_markers",
]  # fmt: skip
"""Of every kind of host one; `python benchmarks/fcpxml_writing.py` fills all of the corpus."""

DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>

<fcpxml version="{version}">
    <!-- a remark of somebody -->
    <resources>
        <format id="r1" frameDuration="100/2400s"/>
        <format id="r2" frameDuration="100/2500s"/>
        <asset id="r7" name="Shot" start="100s" duration="500s" hasVideo="1" format="r2">{copy}</asset>
    </resources>
    <library>
        <event name="E">
            <project name="P">
                <sequence format="r1" duration="20s" tcStart="3600s" tcFormat="NDF">
                    <spine>
                        <asset-clip ref="r7" offset="3600s" start="100s" duration="10s" name="Conformed">
                            <conform-rate srcFrameRate="25"/>
                        </asset-clip>
                        <asset-clip ref="r7" offset="3610s" start="40s" duration="10s" name="Twice as fast"><timeMap>
                                <timept time="0s" value="0s" interp="linear"/>
                                <timept time="100s" value="200s" interp="linear"/>
                            </timeMap>
                            <marker start="42s" duration="100/2400s" value="R9 ROBIN: Mine" completed="0"/>
                            <filter-audio ref="r7"/>
                        </asset-clip>
                    </spine>
                </sequence>
            </project>
        </event>
    </library>
</fcpxml>
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "cut.fcpxml"
    path.write_text(DOCUMENT.format(version="1.9", copy='<media-rep src="file:///M/shot.mov"/>'), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SAMPLED)
def test_a_real_document_changes_in_nothing_but_what_was_put_in(corpus: Path, name: str) -> None:
    path = corpus / "fcpxml" / f"{name}.fcpxml"
    project = next(etree.parse(str(path)).iter("project")).get("name") or ""
    result = insertion(path, project, corpus / "fcpxml-dtd")
    assert result is not None
    assert (result.fault, result.inexact) == ("", [])


def test_what_stands_round_the_root_and_every_remark_stay_byte_for_byte(document: Path) -> None:
    before, after = document.read_text(), inserted(with_cues(document, count=3), document).decode()
    head = before[: before.index("<asset ")]
    assert after.startswith(head)
    assert "<!-- a remark of somebody -->" in after
    assert after.endswith("</fcpxml>\n")
    kept = [line.strip() for line in before.splitlines() if line.strip()]
    assert [line for line in kept if line not in [one.strip() for one in after.splitlines()]] == []


def test_times_go_through_the_clock_of_conformed_and_retimed_hosts(document: Path) -> None:
    root = etree.fromstring(inserted(with_cues(document, count=3), document))
    starts = {mark.get("value").split()[0]: mark.get("start") for mark in root.iter("marker")}
    assert starts["R100"] == "100s"
    assert starts["R101"] == f"{100 * 24 * 100 + (F(239, 24) * F(24, 25)) * 2400}/2400s"
    assert starts["R102"] == "119900/2400s"


def test_a_take_hangs_below_everything_with_its_role_and_the_tag_of_its_cue(document: Path) -> None:
    root = etree.fromstring(inserted(with_cues(document, count=1), document))
    take = root.find(".//asset-clip/asset-clip")
    assert (take.get("lane"), take.get("audioRole"), take.get("start")) == ("-1", "dialogue.ADR R100_T1", "3601s")
    assert take.findtext("note") == "{adr=K7Q2M9XA}"
    assert (take.get("ref"), take.find("adjust-volume").get("amount")) == ("r8", "-3dB")


def test_putting_in_again_replaces_what_was_put_in_and_moves_what_has_moved(document: Path, tmp_path: Path) -> None:
    timeline = with_cues(document, count=3)
    first = tmp_path / "first.fcpxml"
    first.write_bytes(inserted(timeline, document))
    assert inserted(timeline, first) == first.read_bytes()
    facts = timeline_facts(timeline)
    for marker in timeline.tracks.markers:
        cue = cue_of(marker)
        if cue is not None and cue.number == "R101":
            put_cue(
                marker, type(cue)(**{**vars(cue), "record_in": 480 - 12, "record_out": 480, "line": "Other!"}), facts
            )
    moved = etree.fromstring(inserted(timeline, first))
    found = [(mark.get("value"), mark.get("start"), mark.getparent().get("name")) for mark in moved.iter("marker")]
    assert ("R101 ROBIN: Other!", "118800/2400s", "Twice as fast") in found
    assert len(found) == 4


def test_a_cue_that_was_read_from_a_marker_of_the_document_stays_that_marker(document: Path, tmp_path: Path) -> None:
    verbs.convert(document, tmp_path / "work.otio")
    verbs.convert(tmp_path / "work.otio", tmp_path / "out.fcpxml", options={"into": document})
    marks = list(etree.parse(str(tmp_path / "out.fcpxml")).iter("marker"))
    assert [(mark.get("start"), mark.get("value"), "{adr=" in mark.get("note")) for mark in marks] == [
        ("42s", "R9 ROBIN: Mine", True)
    ]


@pytest.mark.parametrize("note", ["", "Reason: off mic", "Reason: noise (plane) · Priority 1&#10;ask Anna"])
def test_a_marker_that_says_what_the_cue_says_keeps_its_words_and_gets_the_tag(
    document: Path, tmp_path: Path, note: str
) -> None:
    text = document.read_text().replace('completed="0"', f'completed="0" note="{note}"')
    document.write_text(text)
    verbs.convert(document, tmp_path / "work.otio")
    verbs.convert(tmp_path / "work.otio", tmp_path / "out.fcpxml", options={"into": document})
    [mark] = etree.parse(str(tmp_path / "out.fcpxml")).iter("marker")
    assert mark.get("value") == "R9 ROBIN: Mine"
    lines = [line for line in note.split("&#10;") if line]
    assert mark.get("note").splitlines()[:-1] == lines
    assert mark.get("note").splitlines()[-1].startswith("{adr=")


def test_a_marker_whose_cue_was_changed_says_what_it_says_now(document: Path, tmp_path: Path) -> None:
    verbs.convert(document, tmp_path / "work.otio")
    timeline, _ = postsync.read(tmp_path / "work.otio")
    [marker] = timeline.tracks.markers
    put_cue(marker, replace(cue_of(marker), line="Yours", reasons=("noise",)), timeline_facts(timeline))
    postsync.write(timeline, tmp_path / "work.otio")
    verbs.convert(tmp_path / "work.otio", tmp_path / "out.fcpxml", options={"into": document})
    [mark] = etree.parse(str(tmp_path / "out.fcpxml")).iter("marker")
    assert (mark.get("value"), mark.get("note").splitlines()[:2]) == ("R9 ROBIN: Yours", ["Yours", "Reason: noise"])


def test_what_lies_behind_the_last_clip_gets_a_gap_and_the_sequence_its_length(document: Path) -> None:
    timeline, report = with_cues(document, count=2), Report()
    facts = timeline_facts(timeline)
    for marker in timeline.tracks.markers:
        cue = cue_of(marker)
        if cue is not None and cue.number == "R101":
            put_cue(marker, type(cue)(**{**vars(cue), "record_in": 720, "record_out": 744}), facts)
    root = etree.fromstring(inserted(timeline, document, report))
    gap = root.find(".//spine")[-1]
    assert (gap.tag, gap.get("offset"), gap.get("duration"), gap[0].get("start")) == ("gap", "3620s", "11s", "3610s")
    assert root.find(".//sequence").get("duration") == "31s"
    assert "storyline-extended" in {loss.code for loss in report}


def test_where_the_work_begins_at_another_label_the_labels_count(document: Path) -> None:
    timeline = with_cues(document, count=1)
    moved = document.with_name("later.fcpxml")
    moved.write_text(document.read_text().replace('tcStart="3600s"', 'tcStart="3590s"'), encoding="utf-8")
    mark = next(etree.fromstring(inserted(timeline, moved)).iter("marker"))
    assert (mark.get("value"), mark.get("start")) == ("R100 ROBIN: Hold there!", "100s")


def test_a_document_before_1_6_gets_clips_around_their_sound(document: Path) -> None:
    document.write_text(
        DOCUMENT.format(version="1.5", copy="").replace('name="Shot"', 'name="Shot" src="file:///M/shot.mov"'),
        encoding="utf-8",
    )
    root = etree.fromstring(inserted(with_cues(document, count=1), document))
    take = root.find(".//asset-clip/clip/audio")
    assert (take.get("ref"), take.get("role"), take.getparent().get("lane")) == ("r8", "dialogue.ADR R100_T1", "-1")


def test_a_bundle_is_filled_through_the_document_inside_it(document: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    inside = document.rename(bundle / "Info.fcpxml")
    after = inserted(with_cues(bundle, count=3), bundle)
    assert canonical(after, UIDS) == canonical(inside.read_bytes())


def test_another_rate_is_refused_with_both_rates(document: Path) -> None:
    timeline = with_cues(document, count=1)
    document.write_text(document.read_text().replace('"100/2400s"/>', '"100/2500s"/>'), encoding="utf-8")
    with pytest.raises(RateError, match="another rate"):
        inserted(timeline, document)
    assert timeline_facts(timeline).rate == Rate.of(F(24))


@pytest.mark.parametrize(
    ("text", "error"),
    [("<fcpxml version='1.9'/>", CannotWrite), ("<fcpxml", FormatError), ("", FormatError),
     ('<!DOCTYPE fcpxml [<!ENTITY a "b">]><fcpxml version="1.9"/>', FormatError), ("<other/>", FormatError)],
)  # fmt: skip
def test_a_document_that_cannot_be_filled_is_refused_in_one_sentence(
    document: Path, tmp_path: Path, text: str, error: type[Exception]
) -> None:
    timeline, broken = with_cues(document, count=1), tmp_path / "broken.fcpxml"
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(error):
        inserted(timeline, broken)
    with pytest.raises(CannotWrite, match="no document"):
        inserted(timeline, tmp_path / "gone.fcpxml")


def test_plain_markers_of_the_work_are_not_doubled(document: Path) -> None:
    timeline = with_cues(document, count=1)
    own = [plain_marker(marker).name for marker, _ in timeline_markers(timeline) if cue_of(marker) is None]
    marks = [mark.get("value") for mark in etree.fromstring(inserted(timeline, document)).iter("marker")]
    assert [marks.count(name) for name in own] == [1]


def test_copies_of_a_marker_that_come_with_every_use_of_its_clip_are_not_touched(
    document: Path, tmp_path: Path
) -> None:
    mark = '<marker start="42s" duration="100/2400s" value="R9 ROBIN: Mine" completed="0"/>'
    text = document.read_text().replace(
        '<conform-rate srcFrameRate="25"/>', f'<conform-rate scaleEnabled="0"/>{mark}{mark}'
    )
    document.write_text(text, encoding="utf-8")
    verbs.convert(document, tmp_path / "work.otio")
    verbs.convert(tmp_path / "work.otio", tmp_path / "out.fcpxml", options={"into": document})
    notes = [mark.get("note") for mark in etree.parse(str(tmp_path / "out.fcpxml")).iter("marker")]
    assert [bool(note) for note in notes] == [False, False, True]


def test_remarks_before_and_behind_the_root_that_speak_of_it_stay_where_they_are(document: Path) -> None:
    head, tail = '<!-- was <fcpxml version="1.8"> </fcpxml> -->', "<!-- end of </fcpxml> -->\n"
    text = document.read_text(encoding="utf-8").replace("<!DOCTYPE", f"{head}\n<!DOCTYPE") + tail
    document.write_text(text, encoding="utf-8")
    work = with_cues(document, count=2)
    after = inserted(work, document)
    etree.fromstring(after)
    assert after.startswith(text[: text.index("<fcpxml version", text.index("<!DOCTYPE"))].encode())
    assert after.endswith(b"</fcpxml>\n" + tail.encode())


def test_a_document_that_begins_between_two_frames_keeps_its_markers_where_they_are(
    document: Path, tmp_path: Path
) -> None:
    # Scripts write 3600 s at 23.976, which is no frame.
    text = document.read_text(encoding="utf-8").replace('frameDuration="100/2400s"', 'frameDuration="1001/24000s"')
    document.write_text(text, encoding="utf-8")
    verbs.convert(document, tmp_path / "work.otio")
    verbs.convert(tmp_path / "work.otio", tmp_path / "out.fcpxml", options={"into": document})
    marks = list(etree.parse(str(tmp_path / "out.fcpxml")).iter("marker"))
    assert [(mark.get("start"), mark.get("value")) for mark in marks] == [("42s", "R9 ROBIN: Mine")]


def test_data_beside_the_document_of_a_bundle_is_reached_from_another_folder(document: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "mask 1.bin").write_bytes(b"tracked")
    text = document.read_text(encoding="utf-8").replace('version="1.9"', 'version="1.10"')
    text = text.replace("</resources>", '<locator id="r9" url="mask%201.bin"/></resources>')
    (bundle / "Info.fcpxml").write_text(text, encoding="utf-8")
    verbs.convert(bundle, tmp_path / "work.otio")
    made = tmp_path / "with cues.fcpxml"
    verbs.convert(tmp_path / "work.otio", made, options={"into": bundle})
    (locator,) = etree.parse(str(made)).iter("locator")
    assert locator.get("url") == (bundle / "mask 1.bin").resolve().as_uri()


def test_of_two_projects_of_one_name_cues_go_into_the_one_in_the_event_they_come_from(
    document: Path, tmp_path: Path
) -> None:
    text = document.read_text(encoding="utf-8")
    event = text[text.index("<event") : text.index("</event>") + len("</event>")]
    other = event.replace('name="E"', 'name="Older"').replace("R9 ROBIN: Mine", "R9 ROBIN: Old")
    document.write_text(text.replace(event, other + event), encoding="utf-8")
    verbs.convert(document, tmp_path / "work.otio", timeline="P (2)")
    verbs.convert(tmp_path / "work.otio", tmp_path / "out.fcpxml", options={"into": document})
    marks = list(etree.parse(str(tmp_path / "out.fcpxml")).iter("marker"))
    assert [(mark.get("value"), "{adr=" in (mark.get("note") or "")) for mark in marks] == [
        ("R9 ROBIN: Old", False), ("R9 ROBIN: Mine", True),
    ]  # fmt: skip
