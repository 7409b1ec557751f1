"""Every rule of an FCPXML document: one that breaks it, made of one that does not."""

from __future__ import annotations

import io

import pytest

from postsync import verbs
from postsync.finding_codes import FCPXML_CODES
from postsync_adapters.fcpxml.checking import check

RIGHT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9">
  <resources>
    <format id="r1" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>
    <asset id="r2" name="Shot" start="0s" duration="100s" hasVideo="1" format="r1" hasAudio="1" audioSources="1"
      audioChannels="2" audioRate="48000">
      <media-rep kind="original-media" src="file:///M/shot.mov"/>
    </asset>
    <asset id="r3" name="ADR" start="0s" duration="100s" hasAudio="1" audioSources="1" audioChannels="1" audioRate="48000">
      <media-rep kind="original-media" src="file:///M/ADR%20101.wav"/>
    </asset>
    <media id="r4" name="MC"><multicam format="r1" tcStart="0s"><mc-angle name="A" angleID="A"/></multicam></media>
  </resources>
  <library><event name="E"><project name="P">
    <sequence format="r1" duration="10s" tcStart="3600s" tcFormat="NDF" audioLayout="stereo" audioRate="48k"><spine>
      <asset-clip ref="r2" offset="3600s" name="Shot" start="20s" duration="4s" format="r1" audioRole="dialogue">
        <asset-clip ref="r3" lane="-1" offset="22s" name="ADR 101" duration="3s" audioRole="dialogue.ADR"/>
      </asset-clip>
      <gap offset="3604s" start="3600s" duration="6s"/>
    </spine></sequence></project></event></library>
</fcpxml>
"""

WRONG = {
    "fcpxml-version": ('version="1.9"', 'version="1.15"'),
    "fcpxml-decimal-time": ('start="20s"', 'start="20.5s"'),
    "fcpxml-reference": ('ref="r3"', 'ref="r9"'),
    "fcpxml-address": ("ADR%20101.wav", "ADR 101.wav"),
    "fcpxml-sound-in-spine": ('<gap offset="3604s" start="3600s"', '<asset-clip ref="r3" offset="3604s"'),
    "fcpxml-off-frame": ('duration="4s"', 'duration="193/48s"'),
    "fcpxml-gap": ('offset="3604s"', 'offset="3605s"'),
    "fcpxml-component-off": (
        'audioRole="dialogue.ADR"/>',
        'audioRole="dialogue.ADR"><audio-channel-source srcCh="1" role="dialogue.ADR" active="0"/></asset-clip>',
    ),
    "fcpxml-sound-off-frame": ('offset="22s"', 'offset="2201/100s"'),
    "fcpxml-angles-mixed": (
        '<gap offset="3604s" start="3600s" duration="6s"/>',
        '<mc-clip ref="r4" offset="3604s" duration="6s"><mc-source angleID="A" srcEnable="all"/>'
        '<mc-source angleID="B" srcEnable="audio"/></mc-clip>',
    ),
}
"""What is there, and what breaks the rule."""


def codes(path, application: str = "resolve") -> set[str]:
    return {one.code for one in verbs.check(path, application=application).findings if one.code in FCPXML_CODES}


@pytest.fixture
def right(tmp_path):
    path = tmp_path / "right.fcpxml"
    path.write_text(RIGHT, encoding="utf-8")
    return path


def test_a_document_that_is_right_breaks_no_rule(right):
    assert codes(right) == codes(right, "final-cut") == set()


@pytest.mark.parametrize("code", FCPXML_CODES)
def test_a_document_that_breaks_the_rule_is_found_with_its_line(code, tmp_path):
    there, instead = WRONG[code]
    assert there in RIGHT
    path = tmp_path / "wrong.fcpxml"
    path.write_text(RIGHT.replace(there, instead), encoding="utf-8")
    assert code in codes(path)
    (found, *_) = [one for one in check(io.BytesIO(path.read_bytes())) if one.code == code]
    assert code == "fcpxml-version" or "line " in found.where
    assert "{" not in found.sentence() + found.remedy


@pytest.mark.parametrize(("version", "refusing"), [("1.2", {"resolve"}), ("1.13", set()), ("1.14", {"resolve"})])
def test_each_application_has_versions_of_its_own(version, refusing, tmp_path):
    path = tmp_path / "r.fcpxml"
    path.write_text(RIGHT.replace('version="1.9"', f'version="{version}"'), encoding="utf-8")
    assert {one for one in ("resolve", "final-cut") if "fcpxml-version" in codes(path, one)} == refusing


def test_the_place_in_the_storyline_is_told_in_timecode(tmp_path):
    there, instead = WRONG["fcpxml-gap"]
    (found,) = [one for one in check(io.BytesIO(RIGHT.replace(there, instead).encode())) if one.code == "fcpxml-gap"]
    assert (found.time, found.facts["seconds"], found.facts["side"]) == ("01:00:05:00", "1.000", "behind")


def test_a_bundle_is_checked_like_its_document(tmp_path):
    folder = tmp_path / "R1.fcpxmld"
    folder.mkdir()
    there, instead = WRONG["fcpxml-address"]
    (folder / "Info.fcpxml").write_text(RIGHT.replace(there, instead), encoding="utf-8")
    assert codes(folder) == {"fcpxml-address"}


@pytest.mark.parametrize(
    "name", ["24.fcpxml", "TimelineSample.fcpxml", "resolve_1.9_one_cut.fcpxml", "SyncClipRoles.fcpxml"]
)
def test_what_final_cut_and_resolve_write_themselves_breaks_nothing(corpus, name):
    found = verbs.check(corpus / "fcpxml" / name, application="final-cut").findings
    assert {one.code for one in found if one.code in FCPXML_CODES and one.severity != "note"} == set()


def test_what_is_worth_knowing_of_real_sound_is_said(corpus):
    found = {name: codes(corpus / "fcpxml" / f"{name}.fcpxml", "pro-tools") for name in ("SyncClip", "24With25Media")}
    assert "fcpxml-component-off" in found["SyncClip"]
