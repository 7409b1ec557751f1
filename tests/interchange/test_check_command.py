"""`postsync check --for`: its JSON, its exit codes, its page of documentation, and that what we write passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from postsync import verbs
from postsync.cli import main
from postsync.delivery import served
from postsync.delivery.checks import CHECKED
from postsync.delivery.checks.table import checks_page
from postsync.errors import UnknownFormat
from postsync.findings import SEVERITIES
from postsync.formats.conversion import recognise
from postsync.model import PlainMarker
from reels import Fraction, Reel, make_sound, play

DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks.md"

SAMPLED = [
    "aaf/libaaf/PT_Fades.aaf", "aaf/libaaf/MC_Audio_Levels.aaf", "aaf/libaaf/DR_Markers.aaf", "aaf/otio/simple.aaf",
    "aaf/otio/multiple_top_level_mobs.aaf", "fcpxml/24With25Media.fcpxml", "fcpxml/MulticamSample.fcpxml",
    "edl/pycmx/TEST.edl", "resolve/otio/picchu_effects.otio",
]  # fmt: skip
"""Of every kind some; `python benchmarks/checks_corpus.py` runs all of the corpus for every application."""


def run(*words: object) -> object:
    return CliRunner().invoke(main, ["check", *map(str, words)])


@pytest.fixture
def reel(tmp_path) -> Path:
    sounds = [make_sound(tmp_path / f"{name}.wav") for name in ("12A", "12B")]
    marks = [PlainMarker(Fraction(1), name="R101 ROBIN: Hold there!")]
    made = Reel(markers=marks).track("DX A", play(sounds[0])).track("DX B", play(sounds[1], 3))
    return made.write(tmp_path / "reel.otio")


def test_json_is_one_document_with_code_severity_place_facts_and_remedy(tmp_path):
    path = Reel().track("DX", play(tmp_path / "gone.wav")).write(tmp_path / "r.aaf")
    done = run(path, "--for", "pro-tools", "--json")
    document = json.loads(done.stdout)
    assert (document["schema"], document["application"]) == ("postsync.findings/1", "pro-tools")
    (missing,) = [one for one in document["findings"] if one["code"] == "media-missing"]
    assert {"code", "severity", "where", "time", "facts", "remedy"} <= set(missing)
    assert (missing["severity"], missing["where"], missing["time"]) == ("error", "DX, 1 clip", "01:00:00:00")
    assert missing["facts"]["media"] == "gone.wav"
    assert [SEVERITIES.index(one["severity"]) for one in document["findings"]] == sorted(
        SEVERITIES.index(one["severity"]) for one in document["findings"]
    )


def test_the_exit_code_is_1_for_an_error_and_0_without_one(tmp_path):
    make_sound(tmp_path / "sound" / "12A.wav")
    path = Reel().track("DX", play("file:///Volumes/X/12A.wav")).write(tmp_path / "cut" / "r.aaf")
    assert run(path, "--for", "pro-tools").exit_code == 1
    assert run(path, "--for", "pro-tools", "--media", tmp_path / "sound").exit_code == 0


def test_an_application_without_checks_is_refused_with_the_list_of_those_with(reel):
    done = run(reel, "--for", "reaper")
    assert done.exit_code == 2
    assert "no checks for 'reaper' yet" in done.stderr
    assert all(key in done.stderr for key in CHECKED)


def test_without_an_application_only_the_cues_are_checked(tmp_path):
    path = Reel().track("DX", play(tmp_path / "gone.wav")).write(tmp_path / "r.aaf")
    assert verbs.check(path).findings == ()


@pytest.mark.parametrize("media", ["copy", "embed", "link"])
@pytest.mark.parametrize("application", [one for one in served() if one in CHECKED])
def test_what_a_turnover_writes_passes_the_check_of_its_application(application, media, reel, tmp_path):
    made = verbs.turnover(reel, tmp_path / "turnover", application=application, media=media, date="2026-01-01")
    checked = 0
    for file in made.files:
        try:
            recognise(file.path)
        except UnknownFormat:
            continue
        checked += 1
        found = verbs.check(file.path, application=application).findings
        ours = [one.sentence() for one in found if one.severity == "error"]
        assert ours == [], file.path.name
        if file.path.suffix == ".aaf":
            allowed = {"markers-not-taken", "media-embedded"}
            assert [one.sentence() for one in found if one.severity == "warning" and one.code not in allowed] == []
    assert checked >= 3


def test_the_handles_of_a_turnover_are_those_that_were_asked_for(reel, tmp_path):
    verbs.turnover(reel, tmp_path / "t", handles=Fraction(3), date="2026-01-01")
    (aaf,) = (tmp_path / "t").glob("*.aaf")
    assert "handles-short" not in {one.code for one in verbs.check(aaf, application="pro-tools", handles="3s").findings}
    assert "handles-short" in {one.code for one in verbs.check(aaf, application="pro-tools", handles="3500ms").findings}


@pytest.mark.parametrize("name", SAMPLED)
def test_a_real_file_is_checked_for_every_application(corpus, name):
    for application in CHECKED:
        done = verbs.check(corpus / name, application=application, handles="2s")
        assert done.findings
        assert all("{" not in one.sentence().replace("{{", "") for one in done.findings)


def test_the_page_says_what_the_tables_say(accept):
    made = checks_page()
    if accept:
        DOCS.write_text(made, encoding="utf-8")
    assert DOCS.read_text(encoding="utf-8") == made
