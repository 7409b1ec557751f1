"""Relative links lead to the same files from wherever a timeline is written, and a work knows what its turnover found."""

from __future__ import annotations

import shutil
from pathlib import Path

import opentimelineio as otio
import pytest
from click.testing import CliRunner

import postsync
from postsync import demo as packaged
from postsync import verbs
from postsync.cli import main
from postsync.errors import MediaError
from postsync.formats.linked_media import file_references

SOUNDS = {"12A-T3_Boom.wav", "12A-T3_Rosa.wav", "12B-T1_Boom.wav", "14-T5_Boom.wav"}


@pytest.fixture
def reel(tmp_path):
    return Path(shutil.copytree(packaged.REEL, tmp_path / "a reel")) / "The Crossing R1.fcpxml"


def links(path):
    timeline, _ = postsync.read(path)
    return {str(reference.target_url) for reference in file_references(timeline)}


def found(path):
    return {row.found.path.name for row in verbs.media_find(path).rows if row.found is not None}


@pytest.mark.parametrize("name", ["R1.otio", "R1.fcpxml", "R1.resolve.otio"])
def test_a_conversion_into_another_folder_still_reaches_the_media(tmp_path, reel, name):
    (tmp_path / "elsewhere").mkdir()
    assert found(verbs.convert(reel, tmp_path / "elsewhere" / name).target) == SOUNDS


def test_beside_the_file_that_was_read_a_relative_link_stays_relative(reel):
    assert links(verbs.convert(reel, reel.with_name("R1.otio")).target) == links(reel)


def test_a_relative_link_that_leads_nowhere_is_not_made_a_path_that_never_was(tmp_path, reel):
    work = verbs.convert(reel, tmp_path / "R1.otio").target
    assert {link for link in links(work) if link.endswith(".mov")} == {"./12A-3.mov", "./12B-1.mov", "./14-5.mov"}


def test_a_link_written_as_a_url_or_as_a_plain_name_is_moved(tmp_path):
    folder = tmp_path / "from"
    folder.mkdir()
    for name in ("12 A.wav", "100%25.wav"):
        (folder / name).write_bytes(b"sound")
    track = otio.schema.Track("A1", kind="Audio")
    for url in ("12%20A.wav", "100%25.wav", "/Volumes/Gone/1.wav", "C:\\Gone\\1.wav"):
        span = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 24), otio.opentime.RationalTime(24, 24))
        track.append(otio.schema.Clip(url, otio.schema.ExternalReference(url, span), span))
    otio.adapters.write_to_file(otio.schema.Timeline("R1", tracks=[track]), str(folder / "R1.otio"))
    moved = links(verbs.convert(folder / "R1.otio", tmp_path / "R1.otio").target)
    assert moved == {
        (folder / "12 A.wav").as_uri(), (folder / "100%25.wav").as_uri(), "/Volumes/Gone/1.wav", "C:\\Gone\\1.wav",
    }  # fmt: skip


def test_cues_put_into_a_document_leave_its_media_where_they_are(tmp_path, reel):
    work = verbs.convert(reel, tmp_path / "R1.otio").target
    for name, moved in (("there.fcpxml", True), ("a reel/here.fcpxml", False)):
        made = verbs.convert(work, tmp_path / name, options={"into": reel}).target
        assert found(made) == SOUNDS
        assert (b'src="./12A-T3_Boom.wav"' not in made.read_bytes()) is moved


def test_merged_numbered_and_moved_works_reach_their_media(tmp_path, reel):
    work = verbs.convert(reel, reel.with_name("R1.otio")).target
    paper = verbs.convert(work, tmp_path / "R1.csv").target
    assert found(verbs.merge(work, paper, tmp_path / "merged.otio").out) == SOUNDS
    verbs.number(work, tmp_path / "numbered.otio")
    assert found(tmp_path / "numbered.otio") == SOUNDS
    new = Path(packaged.REEL).parent / "new cut" / "The Crossing R1 v4.fcpxml"
    new = Path(shutil.copy(new, reel.parent))
    verbs.reconform(reel, new, work, tmp_path / "v4")
    assert found(tmp_path / "v4" / "R1.otio") == SOUNDS


@pytest.mark.parametrize("application", ["pro-tools", "premiere", "recording"])
def test_a_work_knows_where_its_turnover_found_the_media(tmp_path, reel, application):
    timeline = Path(shutil.move(reel, tmp_path / reel.name))
    made = verbs.turnover(timeline, tmp_path / "R1", application=application, search=[tmp_path / "a reel"])
    work = next(one.path for one in made.files if one.path.suffixes[-1] == ".otio")
    assert found(work) == SOUNDS
    again = verbs.turnover(work, tmp_path / "P", application="premiere")
    assert {name for name, _ in again.media_missing} <= {"12A-3.mov", "12B-1.mov", "14-5.mov", "12A-3", "12B-1", "14-5"}


def test_a_folder_for_media_that_does_not_exist_is_said(tmp_path, reel):
    for act in (
        verbs.media_find,
        verbs.media_list,
        lambda path, search: verbs.turnover(path, tmp_path / "R1", search=search),
    ):
        with pytest.raises(MediaError, match="NoSuchFolder: there is no such folder to look for media in"):
            act(reel, search=[tmp_path / "NoSuchFolder"])
    assert not (tmp_path / "R1").exists()


def test_taking_sound_out_of_a_file_that_only_links_it_is_refused(tmp_path, reel):
    with pytest.raises(
        MediaError, match="no sound lies inside this file, found 7 linked media files; media find looks"
    ):
        verbs.media_extract(reel, tmp_path / "sound")
    assert not (tmp_path / "sound").exists() and MediaError.exit_code == 5


def test_missing_media_are_a_loss_that_fails_only_under_strict(tmp_path, reel):
    (reel.parent / "12A-T3_Boom.wav").unlink()
    for words in (["media", "find", str(reel)], ["turnover", str(reel), "--into", str(tmp_path / "R1")]):
        assert CliRunner().invoke(main, words).exit_code == 0
        done = CliRunner().invoke(main, [*words, "--strict"])
        assert done.exit_code == 1 and "media-missing" in done.output
