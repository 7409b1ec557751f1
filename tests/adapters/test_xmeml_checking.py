"""Every rule of an XMEML document: one that breaks it, made of one that does not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from postsync import verbs
from postsync.finding_codes import XMEML_CODES
from postsync_adapters.xmeml.checking import check

RATE = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"
RIGHT = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="4"><sequence id="s"><name>R1</name>{RATE}<media><video/><audio>
<track><clipitem id="a"><name>A</name>{RATE}<start>0</start><end>50</end><in>25</in><out>75</out>
<pproTicksIn>254016000000</pproTicksIn><pproTicksOut>762048000000</pproTicksOut>
<file id="f"><name>A.wav</name><pathurl>file://localhost/S/100%25%20A.wav</pathurl>{RATE}<duration>100</duration>
<timecode>{RATE}<frame>0</frame></timecode><media><audio><channelcount>1</channelcount></audio></media></file></clipitem>
<clipitem id="b"><name>B</name>{RATE}<start>50</start><end>60</end><in>0</in><out>10</out><file id="f"/></clipitem></track>
</audio></media></sequence></xmeml>
"""

WRONG = {
    "xmeml-rate": (f"<name>R1</name>{RATE}", "<name>R1</name>"),
    "xmeml-reference": ('<file id="f"/>', '<file id="g"/>'),
    "xmeml-percent": ("100%25%20A", "100% A"),
    "xmeml-timecode": (f"<timecode>{RATE}<frame>0</frame></timecode>", ""),
    "xmeml-ticks": ("<in>25</in>", "<in>27</in>"),
}
"""What is there, and what breaks the rule."""


def codes(path: Path, application: str = "resolve") -> set[str]:
    return {one.code for one in verbs.check(path, application=application).findings if one.code in XMEML_CODES}


@pytest.mark.parametrize("application", ["resolve", "premiere"])
def test_a_document_that_is_right_breaks_no_rule(tmp_path: Path, application: str) -> None:
    path = tmp_path / "right.xml"
    path.write_text(RIGHT, encoding="utf-8")
    assert codes(path, application) == set()


@pytest.mark.parametrize("code", XMEML_CODES)
def test_a_document_that_breaks_the_rule_is_found_with_its_line(code: str, tmp_path: Path) -> None:
    there, instead = WRONG[code]
    assert there in RIGHT
    path = tmp_path / "wrong.xml"
    path.write_text(RIGHT.replace(there, instead), encoding="utf-8")
    assert codes(path) == {code}
    (found,) = check(io.BytesIO(path.read_bytes()))
    assert "line " in found.where and "{" not in found.sentence() + found.remedy


@pytest.mark.parametrize(
    "name", ["premiere_single_clip_24", "premiere_mixed_rates_from_fcp", "premiere_enable_property"]
)
def test_what_premiere_writes_itself_breaks_nothing(corpus: Path, name: str) -> None:
    assert codes(corpus / "xmeml" / f"{name}.xml", "premiere") == set()
