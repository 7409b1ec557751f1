"""The acceptance kit: each turnover passes its application's check and is the same as itself, its pages tell the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import postsync
from postsync import verbs
from postsync.delivery import APPLICATIONS, served
from postsync.delivery.acceptance import REELS, make_kit
from postsync.delivery.acceptance.__main__ import main
from postsync.delivery.acceptance.pages import NOT_YET, TITLES, Result, all_pages, overview, read_results
from postsync.delivery.checks import CHECKED
from postsync.errors import FormatError
from postsync_adapters import formats

DOCS = Path(__file__).resolve().parents[2] / "docs" / "acceptance"


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """All of it for Pro Tools, and for every other application three reels."""
    folder = tmp_path_factory.mktemp("kit")
    made = make_kit(folder, ["pro-tools"])
    others = [name for name in served() if name != "pro-tools"]
    return made + make_kit(folder, others, [REELS[5], REELS[10], REELS[11]])


def test_there_are_twelve_reels_and_each_tests_one_thing(kit):
    assert [one.number for one in REELS] == list(range(1, 13))
    assert len({one.name for one in REELS}) == len({one.tests for one in REELS}) == 12
    assert [one.reel for one in kit if one.application == "pro-tools"] == list(REELS)


def test_every_turnover_passes_the_check_of_its_application(kit):
    for one in kit:
        if one.application in CHECKED:
            found = verbs.check(one.sent, application=one.application, handles=None).findings
            errors = [each.sentence() for each in found if each.severity == "error" and each.code not in one.reel.minds]
            assert errors == [], one.sent


def test_every_turnover_is_the_same_as_itself_and_something_was_compared(kit):
    for one in kit:
        document = verbs.verify(one.sent, one.sent).to_json()
        assert document["same"], one.sent
        assert document["counts"]["clip"]["sent"] > 0


def test_made_where_one_stands_the_kit_has_its_sound(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["KIT", "pro-tools"]) == 0
    written = [path.parent.parent.name for path in Path("KIT", "pro-tools").glob("*/Audio Files/*.wav")]
    assert set(written) == {one.title for one in REELS}
    assert "without all sound" not in capsys.readouterr().err


def test_no_media_are_missing(kit):
    assert [one.sent for one in kit if one.turnover.media_missing] == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, ("30000/1001", True, "00:59:59;20")),
        (2, ("25/1", False, "10:00:00:00")),
        (12, ("24000/1001", False, "01:00:00:00")),
    ],
)
def test_rate_and_start_are_those_of_the_reel(kit, number, expected):
    (one,) = [one for one in kit if one.application == "pro-tools" and one.reel.number == number]
    timeline = verbs.inspect(one.sent).to_json()["timelines"][0]
    assert (timeline["rate"], timeline["drop_frame"], timeline["start_timecode"]) == expected


def test_what_each_reel_is_about_is_in_its_work(kit):
    by_number = {one.reel.number: verbs.inspect(one.work).to_json()["timelines"][0] for one in kit[:12]}
    clips = {
        number: [item for track in one["tracks"] for item in track["items"] if item["kind"] == "clip"]
        for number, one in by_number.items()
    }
    assert len({clip["fade_in"]["curve"] for clip in clips[4]}) == 5
    assert {clip["gain_db"] for clip in clips[5]} >= {-12.0, -3.0, 6.0}
    assert any(clip["gain_points"] for clip in clips[5])
    assert {clip["channels"] for clip in clips[6]} >= {2}
    assert len(by_number[7]["markers"]) == 5
    assert len(clips[8]) == 200
    assert sum(item["kind"] == "transition" for track in by_number[9]["tracks"] for item in track["items"]) == 2
    assert {clip["speed"] for clip in clips[10]} == {"1/2", "2/1", "25/24"}
    assert len(clips[11]) == 3
    assert sum(marker["cue"] is not None for marker in by_number[12]["markers"]) == 3


def test_handles_are_two_seconds_where_the_recording_has_them(kit):
    (one,) = [one for one in kit if one.application == "pro-tools" and one.reel.number == 3]
    found = verbs.check(one.sent, application="pro-tools", handles="2s").findings
    short = {each.where.rsplit("/", 1)[1].strip() for each in found if each.code == "handles-short"}
    assert short == {"Take 002", "Take 003"}


def test_the_command_makes_the_kit_and_refuses_what_it_does_not_know(tmp_path, capsys):
    assert main([str(tmp_path / "none"), "betamax"]) == 2
    assert "no turnover for 'betamax' yet" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    assert main([]) == 2


def test_the_pages_say_what_the_tables_say(accept):
    pages = all_pages(read_results(DOCS / "verified.json"))
    if accept:
        for name, text in pages.items():
            (DOCS / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")} == dict(pages)


def test_every_application_with_a_turnover_has_a_page():
    assert set(TITLES) == set(APPLICATIONS)


def test_cells_are_empty_until_somebody_sends_a_result():
    rows = [line for line in overview([]).splitlines() if "](pro-tools.md)" in line]
    assert rows == [f"| [Pro Tools](pro-tools.md) | {' | '.join([NOT_YET] * 4)} |"]
    seen = Result("pro-tools", "2024.6", "2026-02-01", "A. Mixer", 11, "fades are linear")
    assert "| [Pro Tools](pro-tools.md) | 2024.6 | 2026-02-01 | A. Mixer | 11 of 12: fades are linear |" in overview(
        [seen]
    )


OF_NOBODY = json.dumps([{"application": "x", "version": "", "date": "", "by": "", "same": 1}])


@pytest.mark.parametrize("text", ["{", "{}x", '[{"application": "pro-tools"}]', OF_NOBODY])
def test_results_that_do_not_read_are_refused(text, tmp_path):
    path = tmp_path / "verified.json"
    path.write_text(text)
    with pytest.raises(FormatError):
        read_results(path)


# ------------------------------------------------------------------------------------------- what applications give back


@pytest.mark.parametrize("name", ["aaf", "otio", "avid_markers", "avid_marker_xml", "resolve_marker_edl"])
@pytest.mark.parametrize("number", [1, 7, 12])
def test_what_came_back_untouched_in_another_form_is_no_difference(kit, number, name, tmp_path):
    (one,) = [one for one in kit if one.application == "pro-tools" and one.reel.number == number]
    suffix = formats()[name].suffixes[-1 if name == "resolve_marker_edl" else 0]
    verbs.convert(one.sent, tmp_path / f"back{suffix}", as_format=name)
    verification = verbs.verify(one.sent, tmp_path / f"back{suffix}").verification
    assert [each.sentence() for each in verification.differences] == []
    compared = verification.counts["cue"]["sent"] + verification.counts["marker"]["sent"]
    assert compared == len(verbs.inspect(one.sent).to_json()["timelines"][0]["markers"]) > 0


def test_a_track_of_another_name_is_said_once_and_not_of_each_clip(kit, tmp_path):
    (one,) = [one for one in kit if one.application == "pro-tools" and one.reel.number == 8]
    timeline = verbs.opened(one.work).choose()
    timeline.tracks[0].name = "Boom"
    postsync.write(timeline, tmp_path / "back.otio")
    found = verbs.verify(one.work, tmp_path / "back.otio").verification.differences
    assert [(each.what, each.field) for each in found] == [("track", "name")]


def test_a_marker_that_moved_in_a_list_without_a_rate_is_found_at_the_rate_that_was_sent(kit, tmp_path):
    (one,) = [one for one in kit if one.application == "pro-tools" and one.reel.number == 12]
    verbs.convert(one.sent, tmp_path / "back.txt", as_format="avid_markers")
    text = (tmp_path / "back.txt").read_text(encoding="utf-8")
    assert "01:00:02:12" in text
    (tmp_path / "moved.txt").write_text(text.replace("01:00:02:12", "01:00:02:14"), encoding="utf-8")
    (moved, *rest) = verbs.verify(one.sent, tmp_path / "moved.txt").verification.differences
    assert (moved.kind, moved.field, moved.sent, moved.returned) == ("moved", "record_in", "01:00:02:12", "01:00:02:14")
    assert {each.field for each in rest} <= {"record_out"}
