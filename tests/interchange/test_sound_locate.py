"""Finding media: how every application spells a path, and where a file may have gone."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.sound import Found, MediaFinder, Missing, path_from_url, url_from_path
from postsync.sound.places import other_disks, path_parts, spellings


def file(path: Path, content: bytes = b"sound") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


# Spellings, by text alone


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///C%3A/Sound/12%20A.wav", "C:/Sound/12 A.wav"),
        ("file:///C:/Sound/a.wav", "C:/Sound/a.wav"),
        ("file:///C|/Sound/a.wav", "C:/Sound/a.wav"),
        ("file://localhost/C:/Sound/a.wav", "C:/Sound/a.wav"),
        ("file://localhost/D%3a/a.wav", "D:/a.wav"),
        ("file://C:/Sound/a.wav", "C:/Sound/a.wav"),
        ("FILE://LOCALHOST/Users/x/a.wav", "/Users/x/a.wav"),
        ("file:///Macintosh%20HD/Users/x/a.wav", "/Macintosh HD/Users/x/a.wav"),
        ("file:///Volumes/T%C3%BCr/a.wav", "/Volumes/Tür/a.wav"),
        ("file:///Volumes/T%FCr/a.wav", "/Volumes/Tür/a.wav"),
        ("file:///Volumes/Tür/a.wav", "/Volumes/Tür/a.wav"),
        ("file://server/share/a.wav", "//server/share/a.wav"),
        ("file:////server/share/a.wav", "//server/share/a.wav"),
        ("file:/Users/x/a.wav", "/Users/x/a.wav"),
        ("file:///Users/x/take #3 50%.wav", "/Users/x/take #3 50%.wav"),
        ("file:///Users/x/what?.wav", "/Users/x/what?.wav"),
        ("file:///Users/x/100%2525.wav", "/Users/x/100%25.wav"),
        ("/Users/x/100%25.wav", "/Users/x/100%25.wav"),
        ("/Users/x/a.wav", "/Users/x/a.wav"),
        ("C:\\Sound\\a b.wav", "C:/Sound/a b.wav"),
        ("C:/Sound\\a.wav", "C:/Sound/a.wav"),
        ("\\\\server\\share\\a.wav", "//server/share/a.wav"),
        ("Sound\\a.wav", "Sound/a.wav"),
        ("../Sound/a.wav", "../Sound/a.wav"),
        ("/Users/x/back\\slash.wav", "/Users/x/back\\slash.wav"),
        ("", ""),
        ("file://", ""),
    ],
)
def test_every_spelling_of_a_url_means_one_path(url: str, path: str) -> None:
    assert path_from_url(url) == path


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("C:\\Sound\\Tür 1.wav", "file:///C:/Sound/T%C3%BCr%201.wav"),
        ("/Users/x/take #3 50%.wav", "file:///Users/x/take%20%233%2050%25.wav"),
        ("\\\\server\\share\\a.wav", "file://server/share/a.wav"),
        ("Sound/a b.wav", "Sound/a b.wav"),
        ("file:///Users/x/a%20b.wav", "file:///Users/x/a%20b.wav"),
        ("", ""),
    ],
)
def test_a_path_is_encoded_once(path: str, url: str) -> None:
    assert url_from_path(path) == url


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\|:"), min_size=1, max_size=12)


@given(st.sampled_from(["/", "C:/", "//server/share/"]), st.lists(NAMES.filter(str.strip), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_path_comes_back_from_its_url(root: str, names: list[str]) -> None:
    path = root + "/".join(name.strip() for name in names)
    assert path_from_url(url_from_path(path)) == path
    assert url_from_path(path).isascii()


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_some_path(text: str) -> None:
    for way in (text, f"file:{text}", f"file://{text}"):
        _ = (path_from_url(way), path_parts(path_from_url(way)), other_disks(path_from_url(way)))


def test_a_drive_is_only_looked_for_where_there_are_drives() -> None:
    assert spellings("C:/a.wav", windows=False) == ()
    assert spellings("C:/a.wav", windows=True) == ("C:/a.wav",)
    assert spellings("a.wav", windows=True) == ()


def test_a_disk_name_may_be_the_first_part_of_a_mac_path() -> None:
    assert other_disks("/Macintosh HD/Users/a.wav") == ("/Volumes/Macintosh HD/Users/a.wav", "/Users/a.wav")
    assert other_disks("/Users/a.wav") == ()
    assert other_disks("C:/Users/x/a.wav") == ()


def test_a_name_is_looked_for_composed_and_decomposed() -> None:
    forms = spellings("/Tür.wav", windows=False)
    assert forms == ("/Tür.wav", unicodedata.normalize("NFD", "/Tür.wav"))


def test_parts_lead_nowhere_but_down() -> None:
    assert path_parts("C:/a/../b/./c.wav") == ("a", "b", "c.wav")
    assert path_parts("//server/share/c.wav") == ("server", "share", "c.wav")


# On disk


def test_a_file_that_is_where_it_was_is_found_there(tmp_path: Path) -> None:
    path = file(tmp_path / "Tür #1 50%.wav")
    for url in (str(path), url_from_path(str(path)), f"file://localhost{url_from_path(str(path))[7:]}"):
        assert MediaFinder().find(url) == Found(path, "as is")


@pytest.mark.skipif(os.name == "nt", reason="there are no disk names in paths")
def test_a_mac_disk_name_before_the_path_is_dropped(tmp_path: Path) -> None:
    path = file(tmp_path / "a.wav")
    assert MediaFinder().find(f"file:///Macintosh%20HD{path}") == Found(path, "without the name of its disk")


def test_a_relative_path_begins_at_the_timeline(tmp_path: Path) -> None:
    path = file(tmp_path / "Sound Files" / "a.wav")
    timeline = file(tmp_path / "Reels" / "reel1.aaf")
    for beside in (timeline, timeline.parent):
        found = MediaFinder(beside=beside).find("../Sound%20Files/a.wav")
        assert isinstance(found, Found)
        assert found.path.samefile(path)


def test_a_file_beside_the_timeline_is_found_before_any_search(tmp_path: Path) -> None:
    path = file(tmp_path / "reel" / "a.wav")
    file(tmp_path / "rushes" / "x" / "a.wav")
    finder = MediaFinder([tmp_path / "rushes"], beside=tmp_path / "reel")
    assert finder.find("D:\\Sound\\x\\a.wav") == Found(path, "beside the timeline")


def test_the_longest_end_of_a_path_wins(tmp_path: Path) -> None:
    file(tmp_path / "a.wav")
    path = file(tmp_path / "day 2" / "a.wav")
    assert MediaFinder([tmp_path]).find("E:\\Film\\day 2\\a.wav") == Found(path, "by the end of its path")


def test_a_path_never_leads_out_of_the_search_folder(tmp_path: Path) -> None:
    file(tmp_path / "a.wav")
    assert isinstance(MediaFinder([tmp_path / "rushes"]).find("/x/../../a.wav"), Missing)


def test_a_name_is_found_anywhere_below_in_any_case_and_form(tmp_path: Path) -> None:
    path = file(tmp_path / "deep" / "er" / unicodedata.normalize("NFD", "TÜR.WAV"))
    assert MediaFinder([tmp_path]).find("file:///x/t%C3%BCr.wav") == Found(path, "by name below a search folder")


def test_of_several_the_one_whose_folders_agree_is_taken(tmp_path: Path) -> None:
    file(tmp_path / "in" / "day 1" / "a.wav")
    path = file(tmp_path / "in" / "day 2" / "a.wav")
    assert MediaFinder([tmp_path]).find("/Volumes/Film/day 2/A.wav") == Found(path, "by name below a search folder")


def test_two_that_fit_equally_well_are_no_find(tmp_path: Path) -> None:
    both = [file(tmp_path / "in" / day / "a.wav") for day in ("day 1", "day 2")]
    missing = MediaFinder([tmp_path]).find("/Volumes/Film/day 3/a.wav")
    assert isinstance(missing, Missing)
    assert missing.reason == f"2 files fit equally well: {both[0]}, {both[1]}"


def test_equal_ends_in_two_search_folders_are_no_find(tmp_path: Path) -> None:
    for disk in ("one", "two"):
        file(tmp_path / disk / "day 1" / "a.wav")
    missing = MediaFinder([tmp_path / "one", tmp_path / "two"]).find("/Film/day 1/a.wav")
    assert isinstance(missing, Missing)
    assert missing.reason.startswith("2 files fit equally well")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_two_names_of_one_file_are_one_file(tmp_path: Path) -> None:
    path = file(tmp_path / "in" / "a.wav")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.wav").symlink_to(path)
    assert isinstance(MediaFinder([tmp_path]).find("/x/a.wav"), Found)


def test_the_exact_case_settles_two_names_that_differ_in_case(tmp_path: Path) -> None:
    path = file(tmp_path / "in" / "a.wav")
    file(tmp_path / "other" / "A.wav")
    assert MediaFinder([tmp_path]).find("/x/a.wav") == Found(path, "by name below a search folder")


def test_another_extension_will_do_and_wav_is_preferred(tmp_path: Path) -> None:
    file(tmp_path / "in" / "a.mov")
    file(tmp_path / "in" / "a.txt")
    path = file(tmp_path / "in" / "a.WAV")
    assert MediaFinder([tmp_path]).find("/x/a.mxf") == Found(path, "with another extension")


def test_another_extension_beside_the_timeline_will_do(tmp_path: Path) -> None:
    path = file(tmp_path / "a.aif")
    file(tmp_path / "a.txt")
    assert MediaFinder(beside=tmp_path).find("/x/a.wav") == Found(path, "with another extension")


def test_the_assets_name_is_the_last_hope(tmp_path: Path) -> None:
    path = file(tmp_path / "in" / "A101_3.wav")
    for name in ("A101_3", "A101_3.wav"):
        assert MediaFinder([tmp_path]).find("", name=name) == Found(path, "by the asset's name")
        assert MediaFinder([tmp_path]).find("/x/urn-1234", name=name) == Found(path, "by the asset's name")
    assert MediaFinder(beside=tmp_path / "in").find("", name="A101_3") == Found(path, "by the asset's name")


def test_what_is_nowhere_says_where_it_was_looked_for(tmp_path: Path) -> None:
    missing = MediaFinder([tmp_path / "rushes"], beside=tmp_path).find("file:///D%3A/Sound/a.wav")
    assert isinstance(missing, Missing)
    assert missing.tried[0] == "D:/Sound/a.wav"
    assert (tmp_path / "a.wav").as_posix() in missing.tried
    assert f"below {tmp_path / 'rushes'}" in missing.tried
    assert missing.reason == ""


@pytest.mark.parametrize(
    "url", ["", "file://", "///", "..", "a\0b.wav", "x" * 5000, "http://host/a.wav", "/\ud800.wav"]
)
def test_no_url_is_an_error(tmp_path: Path, url: str) -> None:
    assert isinstance(MediaFinder([tmp_path], beside=tmp_path).find(url, name=url), Missing)


def test_the_search_folders_are_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[Path] = []
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda top: walks.append(top) or walk(top))
    finder = MediaFinder([tmp_path])
    for number in range(20):
        finder.find(f"/x/{number}.wav")
    assert walks == [tmp_path]


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    assert isinstance(MediaFinder([tmp_path], beside=tmp_path).find(str(tmp_path / "a.wav")), Missing)


def test_an_asset_known_by_name_alone_is_found_with_another_extension(tmp_path: Path) -> None:
    sound = file(tmp_path / "rushes" / "A001C003.wav")
    assert MediaFinder([tmp_path]).find("", name="A001C003.mov") == Found(sound, "with another extension")


def test_a_dot_in_the_name_of_a_take_begins_no_extension(tmp_path: Path) -> None:
    file(tmp_path / "rushes" / "12.wav")
    assert isinstance(MediaFinder([tmp_path]).find("", name="12.3"), Missing)
