"""Media Composer's marker XML: byte for byte, ids kept, and the same list as the text of the same sequence."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import postsync
from adapters.avid_markers_made import CUE, at, essence, plains, with_cues, with_markers
from postsync.cueing import spot
from postsync.errors import FormatError, PostsyncError, UnknownOption
from postsync.formats import Claim
from postsync.formats.format import guarded
from postsync.model import Project, timeline_cues, timeline_facts
from postsync.report import Report
from postsync_adapters._avid import AvidReadOptions
from postsync_adapters.avid_marker_xml import FORMAT, MarkerXmlWriteOptions, read, sniff, write

REAL = "cues/avid/TOA_Reel_01_Markers.xml"
TEXT = "cues/avid/TOA_Reel_01_MARKERS.txt"


def read_bytes(data: bytes, report: Report | None = None, **options: Any) -> Any:
    (timeline,) = read(io.BytesIO(data), Report() if report is None else report, AvidReadOptions(**options))
    return timeline


def written(timeline: Any, report: Report | None = None, **options: Any) -> bytes:
    file = io.BytesIO()
    write(timeline, file, Report() if report is None else report, MarkerXmlWriteOptions(**options))
    return file.getvalue()


def values(data: bytes, name: str) -> list[str]:
    """Give the values of one attribute, read with nothing of ours."""
    found = []
    for item in etree.fromstring(data, etree.XMLParser(load_dtd=False)).iter("ListElem"):
        texts = [prop.text or "" for prop in item]
        if len(texts) == 3 and texts[1] == name:
            found.append(texts[2])
    return found


def test_every_marker_of_a_real_export_is_read(corpus: Path):
    data = (corpus / REAL).read_bytes()
    assert sniff(data[:4096]) is Claim.CERTAIN
    found = plains(read_bytes(data))
    assert len(found) == 13
    assert (found[0].user, found[0].comment, found[0].colour) == ("gthorburn", "GDT - New retake needed", "red")


def test_a_real_export_is_written_byte_for_byte(corpus: Path):
    data = (corpus / REAL).read_bytes()
    report = Report()
    assert written(read_bytes(data), report) == data
    assert not report.losses


def test_text_and_xml_of_one_sequence_are_the_same_markers(corpus: Path):
    text, _ = postsync.read(corpus / TEXT)
    xml, _ = postsync.read(corpus / REAL)
    assert essence(text) == essence(xml)


def test_an_edited_marker_keeps_its_id_and_dates(corpus: Path):
    data = (corpus / REAL).read_bytes()
    timeline = read_bytes(data)
    assert spot(timeline, Project(), Report(), all_markers=True) == 13
    again = written(timeline)
    for name in ("_ATN_CRM_ID", "_ATN_CRM_LONG_CREATE_DATE", "_ATN_CRM_DATE", "_ATN_CRM_TRK", "_ATN_CRM_TC"):
        assert values(again, name) == values(data, name)
    assert all("{adr=" in comment for comment in values(again, "_ATN_CRM_COM"))


def test_ids_survive_the_work(corpus: Path, tmp_path: Path):
    timeline, _ = postsync.read(corpus / REAL)
    postsync.write(timeline, tmp_path / "work.otio")
    again, _ = postsync.read(tmp_path / "work.otio")
    postsync.write(again, tmp_path / "back.markers.xml")
    assert (tmp_path / "back.markers.xml").read_bytes() == (corpus / REAL).read_bytes()


def test_a_new_marker_gets_an_id_of_its_own_that_stays_the_same():
    timeline = with_cues(CUE, replace(CUE, uid="AAAAAAAA", number="R107", record_in=300))
    first, second = values(written(timeline), "_ATN_CRM_ID")
    assert first != second and [first, second] == values(written(timeline), "_ATN_CRM_ID")
    assert re.fullmatch(r"[0-9a-f]{26}-000000-[0-9a-f]{16}-060e2b347f7f-2a80", first)


def test_an_id_that_came_by_aaf_is_kept():
    data = written(with_markers(at(0, comment="A", extra={"aaf": {"id": "060a-1"}})))
    assert values(data, "_ATN_CRM_ID") == ["060a-1"]


def test_a_copied_marker_does_not_share_its_id(corpus: Path):
    timeline = read_bytes((corpus / REAL).read_bytes())
    timeline.tracks.markers.append(timeline.tracks.markers[0].deepcopy())
    ids = values(written(timeline), "_ATN_CRM_ID")
    assert len(set(ids)) == len(ids) == 14


def test_a_cue_is_written_and_comes_back_whole():
    data = written(with_cues(CUE))
    assert values(data, "_ATN_CRM_COM") == ["R106 ROBIN: Hold there! {adr=7KQ2M9XD}"]
    assert (values(data, "_ATN_CRM_COLOR"), values(data, "_ATN_CRM_LENGTH")) == (["Red"], ["40"])
    back = read_bytes(data, start="01:00:00:00")
    spot(back, Project(), Report())
    (cue,) = timeline_cues(back)
    assert (cue.uid, cue.number, cue.record_in, cue.record_out) == ("7KQ2M9XD", "R106", 240, 280)


def test_the_date_of_new_markers_is_handed_in():
    data = written(with_cues(CUE), created="2026-11-24T20:16:00")
    assert (values(data, "_ATN_CRM_DATE"), values(data, "_ATN_CRM_TIME")) == (["11//24//2026"], ["20:16"])
    assert values(data, "_ATN_CRM_LONG_CREATE_DATE") == ["1795551360"]
    with pytest.raises(UnknownOption, match="created"):
        written(with_cues(CUE), created="yesterday")


def test_the_number_of_attributes_is_what_stands_in_the_list():
    data = written(with_cues(CUE))
    assert data.count(b"OMFI:ATTB:Name") == int(re.search(rb"NumItems\" type=\"int32\">(\d+)<", data)[1])


def test_an_attribute_that_we_do_not_know_is_kept(corpus: Path):
    data = (corpus / REAL).read_bytes().replace(b"_ATN_CRM_TIME", b"_ATN_CRM_NEW")
    assert written(read_bytes(data)) == data


def test_colours_of_newer_versions_stand_beside_an_old_one():
    data = written(with_markers(at(0, comment="A", colour="orange")))
    assert (values(data, "_ATN_CRM_COLOR"), values(data, "_ATN_CRM_COLOR_EXTENDED")) == (["Yellow"], ["Orange"])
    assert plains(read_bytes(data))[0].colour == "orange"


@pytest.mark.parametrize("text", ["<b> & 'c' \"d\"", "]]>", "a\x01b\x0c", "台詞 🎬", "&#10;"])
def test_any_text_is_well_formed_xml(text: str):
    (marker,) = plains(read_bytes(written(with_markers(at(0, comment=text)))))
    assert (
        marker.comment == text.replace("\x01", "").replace("\x0c", " ").replace("b ", "b").strip()
        or text == marker.comment
    )


def test_an_entity_that_would_blow_up_is_not_opened():
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE Avid:StreamItems [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<Avid:StreamItems xmlns:Avid="http://www.avid.com"><AvClass id="ATTR"><List><ListElem>'
        b'<AvProp name="OMFI:ATTB:Name">_ATN_CRM_COM</AvProp><AvProp name="OMFI:ATTB:StringAttribute">&b;</AvProp>'
        b"</ListElem></List></AvClass></Avid:StreamItems>"
    )
    with pytest.raises(FormatError, match="_ATN_CRM_TC"):
        read_bytes(bomb)


@pytest.mark.parametrize("data", [b"", b"<", b"<Avid:StreamItems/>", b"<a><b></a>", b"\xff\xfe\x00"])
def test_what_is_no_export_is_one_sentence(data: bytes):
    with pytest.raises(FormatError):
        read_bytes(data)


def test_a_marker_without_timecode_is_reported_and_the_rest_is_read(corpus: Path):
    data = (corpus / REAL).read_bytes().replace(b"_ATN_CRM_TC<", b"_ATN_CRM_XX<", 1)
    report = Report()
    assert len(plains(read_bytes(data, report))) == 12
    assert [loss.source for loss in report if loss.code == "line-ignored"] == ["line 8"]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_export_is_read_or_refused_and_nothing_else_escapes(drawn: st.DataObject):
    data = bytearray(written(with_cues(CUE)))
    for _ in range(drawn.draw(st.integers(1, 5))):
        place = drawn.draw(st.integers(0, len(data) - 1))
        data[place : place + drawn.draw(st.integers(0, 4))] = drawn.draw(st.binary(max_size=4))
    try:
        with guarded(FORMAT, None):
            timeline = read_bytes(bytes(data))
    except PostsyncError as fault:
        assert not isinstance(fault.__cause__, (TypeError, AttributeError, KeyError, IndexError))
        return
    assert essence(read_bytes(written(timeline), start=timeline_facts(timeline).start_timecode))
