"""Pictures in an AAF that we write: references with the size that their timeline states."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import aaf2
import opentimelineio as otio
import pytest

from postsync.formats.format import write_with
from postsync.model import Laid, MediaFacts, TimelineFacts, build_track, put_media_facts, put_timeline_facts
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs import convert
from postsync_adapters.aaf import FORMAT, WriteOptions


def sizes(path: Path) -> set[tuple[int, int, Fraction]]:
    """Give width, height and shape of every picture file, as another reader has them."""
    with aaf2.open(str(path), "r") as file:
        told = [mob["EssenceDescription"].value for mob in file.content.mobs if "EssenceDescription" in mob]
        pictures = [one for one in told if "StoredWidth" in one]
        return {
            (one["StoredWidth"].value, one["StoredHeight"].value, Fraction(one["ImageAspectRatio"].value))
            for one in pictures
        }


def with_picture(frame_size: str | None, path: Path) -> Report:
    made: Any = otio.schema.Timeline("Reel 1")
    rate = Rate.of(Fraction(25))
    put_timeline_facts(made, TimelineFacts(rate, 90000))
    reference = otio.schema.ExternalReference(target_url="file:///Rushes/A001.mov")
    put_media_facts(reference, MediaFacts(name="A001.mov", kind="picture", has_picture=True, frame_size=frame_size))
    clip = otio.schema.Clip("A001", reference, otio.opentime.TimeRange(duration=otio.opentime.RationalTime(50, 25)))
    made.tracks.append(build_track("V1", "Video", [Laid(clip, Fraction(0), Fraction(2))], [rate.fps]))
    report = Report()
    write_with(FORMAT, made, path, report, WriteOptions(profile="media-composer"))
    return report


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("3840x2160", (3840, 2160, Fraction(16, 9))),
        ("1440x1080", (1440, 1080, Fraction(16, 9))),
        ("720x576", (720, 576, Fraction(4, 3))),
    ],
)
def test_pictures_are_as_large_as_their_timeline_says(tmp_path: Path, stated: str, found: Any) -> None:
    report = with_picture(stated, tmp_path / "a.aaf")
    assert sizes(tmp_path / "a.aaf") == {found}
    assert not [loss for loss in report if loss.code == "picture-size-guessed"]


@pytest.mark.parametrize("stated", [None, "0x0", "wide"])
def test_a_size_that_nobody_states_is_named_in_the_report(tmp_path: Path, stated: str | None) -> None:
    report = with_picture(stated, tmp_path / "a.aaf")
    assert [loss.facts["size"] for loss in report if loss.code == "picture-size-guessed"] == ["1920x1080"]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("fcpxml/24With25Media.fcpxml", (1920, 1080, Fraction(16, 9))),
        ("xmeml/premiere_example.xml", (1280, 720, Fraction(16, 9))),
        ("aaf/otio/simple.aaf", (1920, 1080, Fraction(16, 9))),
    ],
)
def test_the_size_that_a_real_file_states_is_written(corpus: Path, tmp_path: Path, name: str, size: Any) -> None:
    done = convert(corpus / name, tmp_path / "a.aaf", options={"profile": "media-composer"})
    assert size in sizes(tmp_path / "a.aaf")
    assert not [loss for loss in done.report if loss.code == "picture-size-guessed"]
