"""One AAF made into another: what an application could not use becomes what the next one can."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from adapters.aaf_player import Player
from adapters.test_aaf_write import RATES, clip, frames, make_wav, media, timeline, told, written
from postsync import verbs
from postsync.model import Laid, TimelineFacts, put_timeline_facts
from postsync.report import Report


def stereo(tmp_path: Path) -> Any:
    rate = RATES["24"]
    pair = make_wav(tmp_path / "pair.wav", 7, 96_000, channels=2)
    laid = [
        Laid(
            clip("pair", media(pair, channels=2, sample_rate=48_000)), frames(4, rate), frames(24, rate), Fraction(1, 2)
        )
    ]
    return timeline(rate, {"MX": laid})


def heard(path: Path) -> list[tuple[str, bytes | None]]:
    with Player(path) as player:
        return [
            (track.name, player.bytes_of(player._sound(one, Fraction(100), track)))
            for track in player.tracks
            for one in track.segments
        ]


RIGHT = [("MX.L", told(7, 24_100)), ("MX.R", told(8, 24_100))]


def test_linked_sound_of_two_channels_becomes_mono_files_beside_the_new_one(tmp_path: Path) -> None:
    source = written(stereo(tmp_path), tmp_path / "resolve.aaf", profile="resolve")
    (tmp_path / "new").mkdir()
    made = verbs.convert(source, tmp_path / "new" / "out.aaf", options={"profile": "pro-tools"})
    names = sorted(one.name for one in (tmp_path / "new" / "Audio Files").iterdir())
    assert names == ["pair_A1.wav", "pair_A2.wav"]
    assert heard(made.target) == RIGHT
    assert [loss.code for loss in made.report.of_level("loss")] == []


def test_sound_inside_a_file_goes_inside_the_new_one(tmp_path: Path) -> None:
    source = written(stereo(tmp_path), tmp_path / "in.aaf", profile="resolve", media="embed")
    (tmp_path / "pair.wav").unlink()
    made = verbs.convert(source, tmp_path / "out.aaf", options={"profile": "pro-tools"})
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.aaf", "out.aaf"]
    assert heard(made.target) == RIGHT


def test_sound_inside_a_file_is_laid_beside_the_new_one_where_that_is_asked_for(tmp_path: Path) -> None:
    source = written(stereo(tmp_path), tmp_path / "in.aaf", profile="resolve", media="embed")
    (tmp_path / "pair.wav").unlink()
    made = verbs.convert(source, tmp_path / "out.aaf", options={"profile": "pro-tools", "media": "copy"})
    assert len(list((tmp_path / "Audio Files").iterdir())) == 2
    assert heard(made.target) == RIGHT
    checked = verbs.check(made.target, application="pro-tools")
    assert [one.sentence() for one in checked.findings if one.rated == "error"] == []


def test_a_name_that_resolve_cut_at_a_dot_is_whole_again(tmp_path: Path) -> None:
    rate = RATES["24"]
    one = make_wav(tmp_path / "5.1-TONE.wav", 1, 96_000)
    made = timeline(rate, {"A": [Laid(clip("5", media(one, name="5")), frames(0, rate), frames(12, rate))]})
    put_timeline_facts(made, TimelineFacts(rate, 0, 48_000, "DaVinci Resolve 18.5", "aaf"))
    report = Report()
    with Player(written(made, tmp_path / "x.aaf", report)) as player:
        assert [segment.name for segment in player.tracks[0].segments] == ["5.1-TONE"]
    assert [loss.facts for loss in report if loss.code == "name-restored"] == [{"was": "5", "now": "5.1-TONE"}]


def test_a_real_file_of_resolve_passes_the_check_for_pro_tools(corpus: Path, tmp_path: Path) -> None:
    source = corpus / "aaf" / "libaaf" / "DR_Markers.aaf"
    made = verbs.convert(source, tmp_path / "out.aaf", options={"profile": "pro-tools"})
    checked = verbs.check(made.target, application="pro-tools")
    assert [one.sentence() for one in checked.findings if one.rated == "error"] == []
    was, now = (list(verbs.opened(path).choose().tracks.markers) for path in (source, made.target))
    assert [one.name for one in now] == [one.name for one in was] and now
