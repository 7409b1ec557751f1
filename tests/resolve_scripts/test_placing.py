"""Takes laid on tracks of the open timeline, seen there again, moved, and taken away."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import pytest

from resolve_double import V21_0, V21_1, Profile, Timeline, TimelineItem, new_world
from resolve_double.menu import RATES, make_timeline, run_job


def take(home: Path, name: str = "R106-T3", seconds: float = 10) -> Path:
    path = home / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(bytes(int(2 * 48000 * seconds)))
    return path


def clip(path: Path, **more: Any) -> dict[str, Any]:
    return {
        "id": "3F8S2KQD", "cue": "AAAAAAAA", "name": path.stem, "track": "ADR ROBIN", "channels": 1, "file_path": str(path),
        "record_frame": 988, "record_rest": "0/1", "duration": 64, "source_in": "1/2", "enabled": True, **more,
    }  # fmt: skip


def lay(home: Path, reel: Timeline, *clips: dict[str, Any], page: str = "edit") -> dict[str, Any]:
    told = {
        "name": reel.name, "frame_rate": str(reel.rate), "drop_frame": reel.drop, "start_timecode": reel.start_timecode,
    }  # fmt: skip
    document = {"schema": "postsync.resolve-instructions/1", "timeline": told, "cues": [], "clips": list(clips)}
    path = home / "instructions.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    resolve = reel.project and reel.project.resolve_of_tests
    if resolve is None:
        _, resolve = new_world(reel.world.profile, reel, page=page)
        reel.project.resolve_of_tests = resolve
    reel.world.page = page
    run_job("Import Cues", resolve, [str(path)])
    found = sorted(home.glob("Documents/postsync/*/*/exchange/* done*.json"), key=lambda one: one.stat().st_mtime_ns)
    return dict(json.loads(found[-1].read_text(encoding="utf-8")))


def undo(reel: Timeline) -> None:
    run_job("Undo Last Change", reel.project.resolve_of_tests)


def lying(reel: Timeline) -> dict[str, list[tuple[str, int, int, int]]]:
    """What lies on the tracks named ADR: name, start from the first frame, length, left offset."""
    return {
        track.name: [(one.name, one.start - reel.start_frame, one.end - one.start, one.left) for one in track.items]
        for track in reel.of("audio")
        if track.name.startswith("ADR")
    }


def outcome(done: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["result"], row["off_by"]) for row in done["clips"]]


@pytest.mark.parametrize(("name", "rate", "drop", "start"), RATES)
def test_a_take_lies_on_its_frame_at_every_clock(home: Path, name: str, rate: float, drop: bool, start: str) -> None:
    reel = make_timeline(V21_0, rate=rate, drop=drop, start=start)
    frame = reel.exact.seconds_per_frame
    done = lay(home, reel, clip(take(home), source_in=str(24 * frame)))
    assert lying(reel) == {"ADR ROBIN": [("R106-T3.wav", 988, 64, 24)]} and outcome(done) == [("placed", "0")]
    assert done["whole"]


def test_what_lies_between_frames_is_laid_on_the_nearest_and_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reel = make_timeline(V21_0)
    done = lay(home, reel, clip(take(home), source_in="101/200", record_rest="1/1000"))
    assert lying(reel)["ADR ROBIN"] == [("R106-T3.wav", 988, 64, 12)]
    assert outcome(done) == [("placed", "1/250")] and "4.00 ms off" in capsys.readouterr().out


def test_a_take_that_lies_there_is_not_laid_again(home: Path) -> None:
    reel = make_timeline(V21_0)
    one = clip(take(home))
    lay(home, reel, one)
    done = lay(home, reel, one)
    assert outcome(done) == [("there already", "0")] and len(lying(reel)["ADR ROBIN"]) == 1


def test_a_take_whose_cue_moved_goes_along(home: Path) -> None:
    reel = make_timeline(V21_0)
    path = take(home)
    lay(home, reel, clip(path))
    done = lay(home, reel, clip(path, record_frame=1200), page="fairlight")
    assert lying(reel) == {"ADR ROBIN": [("R106-T3.wav", 1200, 64, 12)]} and outcome(done)[0][0] == "moved"
    undo(reel)
    assert lying(reel) == {"ADR ROBIN": [("R106-T3.wav", 988, 64, 12)]}


@pytest.mark.parametrize("frame", [1000, 970])
def test_a_take_that_moves_by_less_than_its_length_stays_on_its_track(home: Path, frame: int) -> None:
    reel = make_timeline(V21_0)
    path = take(home)
    lay(home, reel, clip(path))
    done = lay(home, reel, clip(path, record_frame=frame))
    assert lying(reel) == {"ADR ROBIN": [("R106-T3.wav", frame, 64, 12)]} and outcome(done)[0][0] == "moved"
    undo(reel)
    assert lying(reel) == {"ADR ROBIN": [("R106-T3.wav", 988, 64, 12)]}


def test_a_take_that_cannot_be_moved_comes_back(home: Path) -> None:
    reel = make_timeline(V21_0)
    path = take(home)
    lay(home, reel, clip(path))
    reel.world.fail("AppendToTimeline", [None])
    done = lay(home, reel, clip(path, record_frame=1000))
    assert lying(reel) == {"ADR ROBIN": [("R106-T3.wav", 988, 64, 12)]} and outcome(done)[0][0] == "failed"


def test_one_file_may_lie_in_two_places(home: Path) -> None:
    reel = make_timeline(V21_0)
    path = take(home)
    both = [clip(path), clip(path, record_frame=1300, id="4F8S2KQD")]
    lay(home, reel, *both)
    done = lay(home, reel, *both)
    assert [one[1] for one in lying(reel)["ADR ROBIN"]] == [988, 1300]
    assert [result for result, _ in outcome(done)] == ["there already"] * 2


def test_a_taken_place_opens_the_next_layer_since_resolve_would_drop_the_take(home: Path) -> None:
    reel = make_timeline(V21_0)
    lay(home, reel, clip(take(home)), clip(take(home, "R106-T4"), id="4F8S2KQD", record_frame=1000))
    assert {name: len(items) for name, items in lying(reel).items()} == {"ADR ROBIN": 1, "ADR ROBIN (2)": 1}


def test_a_dropped_take_is_seen_and_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reel = make_timeline(V21_0)
    lay(home, reel)
    reel.world.fail("AppendToTimeline", [TimelineItem(reel.world, "ghost", 0, 1)])
    done = lay(home, reel, clip(take(home)), clip(take(home, "R106-T4"), id="4F8S2KQD", record_frame=1200))
    assert [result for result, _ in outcome(done)] == ["failed", "placed"] and not done["whole"]
    assert "Resolve dropped it; close any dialog" in capsys.readouterr().out


def test_a_take_too_short_for_its_place_is_taken_away_again(home: Path) -> None:
    reel = make_timeline(V21_0)
    done = lay(home, reel, clip(take(home, seconds=1)))
    assert outcome(done)[0][0] == "failed" and lying(reel) == {"ADR ROBIN": []}
    assert done["clips"][0]["why"] == "Resolve laid 12 frames instead of 64"


def test_a_locked_track_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reel = make_timeline(V21_0)
    path = take(home)
    lay(home, reel, clip(path))
    reel.of("audio")[-1].locked = True
    lay(home, reel, clip(take(home, "R106-T4"), record_frame=1500))
    assert "the track 'ADR ROBIN' is locked: unlock it" in capsys.readouterr().out


def test_a_missing_file_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reel = make_timeline(V21_0)
    done = lay(home, reel, clip(home / "gone.wav"))
    assert outcome(done)[0][0] == "refused" and "gone.wav is not there" in capsys.readouterr().out


def test_the_files_come_into_a_bin_of_their_own_and_know_their_take(home: Path) -> None:
    reel = make_timeline(V21_0)
    lay(home, reel, clip(take(home)))
    pool = reel.project.pool
    (made,) = pool.root.folders
    assert (made.name, pool.current) == ("ADR R1 v12", pool.root)
    assert [(one.properties["File Name"], one.third_party) for one in made.clips] == [
        ("R106-T3.wav", {"postsync": "3F8S2KQD"})
    ]


def test_alternates_are_muted_and_wide_takes_get_wide_tracks(home: Path) -> None:
    reel = make_timeline(V21_0)
    lay(home, reel, clip(take(home), enabled=False, channels=2, track="ADR ROBIN alt 1"))
    track = reel.of("audio")[-1]
    assert (track.sub_type, track.items[0].enabled) == ("stereo", False)


def test_levels_and_fades_are_set_where_the_build_can(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dressed = {"gain_db": -3.5, "fade_in": 1, "fade_out": 2}
    new, old = make_timeline(V21_1), make_timeline(V21_0, name="old")
    lay(home, new, clip(take(home), **dressed))
    assert (new.of("audio")[-1].items[0].properties, new.of("audio")[-1].items[0].fades) == (
        {"AudioVolume": -3.5}, {"FadeIn": 1.0, "FadeOut": 2.0},
    )  # fmt: skip
    capsys.readouterr()
    lay(home, old, clip(take(home), **dressed))
    assert "level -3.5 dB not set; fades of 1 and 2 frames not set" in capsys.readouterr().out


def test_undo_takes_clips_and_their_tracks_away(home: Path) -> None:
    reel = make_timeline(V21_0)
    lay(home, reel, clip(take(home)))
    undo(reel)
    assert lying(reel) == {} and len(reel.of("audio")) == 2


def test_a_build_that_gives_no_ids_places_and_undoes_all_the_same(home: Path) -> None:
    reel = make_timeline(Profile(silent=frozenset({"GetUniqueId"})))
    done = lay(home, reel, clip(take(home)))
    assert outcome(done) == [("placed", "0")] and len(lying(reel)["ADR ROBIN"]) == 1
    undo(reel)
    assert lying(reel) == {}


def test_undo_keeps_a_track_on_which_somebody_works(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reel = make_timeline(V21_0)
    lay(home, reel, clip(take(home)))
    mine = TimelineItem(reel.world, "mine.wav", reel.start_frame, reel.start_frame + 10, uid="mine", kind="audio")
    reel.of("audio")[-1].items.append(mine)
    undo(reel)
    assert [item.name for item in reel.of("audio")[-1].items] == ["mine.wav"]
    assert "is not empty and stays" in capsys.readouterr().out
