"""Takes placed on their cues: where each clip lies to the sample, what it is linked to, and what the log says."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest

import postsync
from made_media import MadeFile, make_wav
from postsync import model, verbs
from postsync.errors import CannotWrite, FormatError
from postsync.model import Character, Cue, TimelineFacts, clip_take, cue_marker, placed_tracks, timeline_cues
from postsync.timing import as_rate, round_half_up, samples_of_frame

RATE = 48_000
FACTS = TimelineFacts(as_rate("24000/1001"), 86_400, sample_rate=RATE)
CAST = [Character("1", "ROBIN", "R"), Character("2", "MARIAN", "M")]


def a_cue(number: str, at: int, length: int = 48, who: str = "1", uid: str = "") -> Cue:
    return Cue(
        uid=uid or f"{number:A<8}"[:8], number=number, record_in=at, record_out=at + length, character=who, line="l"
    )


CUES = [a_cue("R101", 240), a_cue("R102", 340), a_cue("M103", 344, who="2"), a_cue("R104", 700), a_cue("R105", 730)]


def work(tmp_path: Path, cues: list[Cue] = CUES, facts: TimelineFacts = FACTS) -> Path:
    timeline = otio.schema.Timeline("R1 v1")
    model.put_timeline_facts(timeline, facts)
    timeline.tracks.markers.extend(cue_marker(cue, facts) for cue in cues)
    model.put_characters(timeline, CAST)
    postsync.write(timeline, tmp_path / "R1.otio")
    return tmp_path / "R1.otio"


def a_take(
    folder: Path, name: str, at: int, *, frames: int = 120, beside: int = 0, number: int = 1, channels: int = 1,
    rate: int = RATE, stamped: bool = True, facts: TimelineFacts = FACTS,
) -> MadeFile:  # fmt: skip
    """A take whose file begins some samples beside a frame of the timeline."""
    stamp = samples_of_frame(facts.start_frame + at, facts.rate, rate) + beside
    length = round_half_up(Fraction(frames) / facts.rate.fps * rate)
    return make_wav(
        folder / f"{name}.wav", number, channels=channels, sample_rate=rate, length=length, used=[(0, length)],
        time_reference=stamp if stamped else None,
    )  # fmt: skip


def takes(tmp_path: Path) -> Path:
    folder = tmp_path / "Takes"
    for number, (name, at) in enumerate([
        ("R101_T1", 200), ("R101_T2_CIRC", 210), ("R101_T3", 205), ("R102_T1", 320), ("M103_T1", 330), ("R104_T1", 690),
        ("R105_T1", 700), ("Room tone", 9_000),
    ]):  # fmt: skip
        a_take(folder, name, at, beside=345 + number, number=number)
    return folder


def placed(tmp_path: Path, **how: Any) -> verbs.Placed:
    how.setdefault("media", "link")
    return verbs.place(work(tmp_path), [takes(tmp_path)], tmp_path / "out", date="2026-01-01", **how)


def clips(timeline: Any) -> dict[str, Any]:
    return {clip.clip.name: (track, clip) for track in placed_tracks(timeline, "audio") for clip in track.clips}


def the_work(done: verbs.Placed) -> Any:
    return postsync.read(done.turnover.folder / "R1 v1.otio")[0]


def test_each_character_has_a_track_and_alternates_lie_muted_beneath(tmp_path: Path) -> None:
    timeline = the_work(placed(tmp_path))
    assert [track.name for track in placed_tracks(timeline, "audio")] == [
        "ADR MARIAN", "ADR ROBIN", "ADR ROBIN (2)", "ADR ROBIN alt 1", "ADR ROBIN alt 2",
    ]  # fmt: skip
    found = clips(timeline)
    assert {name: (track.name, clip.facts.muted) for name, (track, clip) in found.items() if name.startswith("R101")} == {
        "R101_T2_CIRC": ("ADR ROBIN", False), "R101_T3": ("ADR ROBIN alt 1", True), "R101_T1": ("ADR ROBIN alt 2", True),
    }  # fmt: skip


def test_a_stamped_take_lies_on_its_sample(tmp_path: Path) -> None:
    _, clip = clips(the_work(placed(tmp_path)))["R102_T1"]
    first = samples_of_frame(320, FACTS.rate, RATE) + 345 + 3
    assert (clip.record_in - clip.source_in) * RATE == first
    assert (clip.record_in * RATE).denominator == 1


def test_a_clip_reaches_beyond_its_cue_by_the_handles(tmp_path: Path) -> None:
    _, clip = clips(the_work(placed(tmp_path, handles="12f")))["M103_T1"]
    frame = FACTS.rate.seconds_per_frame
    assert (clip.record_in, clip.record_out) == (332 * frame, 404 * frame)
    assert clip.facts.fade_in.duration == Fraction(1, 100)


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001"])
def test_clips_begin_and_end_on_frames_that_are_samples_too(tmp_path: Path, rate: str) -> None:
    facts = TimelineFacts(as_rate(rate), 90_000, sample_rate=RATE)
    for number, cue in enumerate(CUES):
        a_take(tmp_path / "Takes", f"{cue.number}_T1", cue.record_in - 31, beside=101, number=number, facts=facts)
    done = verbs.place(work(tmp_path, facts=facts), [tmp_path / "Takes"], tmp_path / "out", handles=Fraction(1, 2))
    edges = [edge for _, clip in clips(the_work(done)).values() for edge in (clip.record_in, clip.record_out)]
    assert all((edge * RATE).denominator == 1 for edge in edges)
    assert sum((edge * facts.rate.fps).denominator == 1 for edge in edges) >= len(edges) - 4


def test_a_take_that_has_no_handle_begins_on_its_first_sample(tmp_path: Path) -> None:
    a_take(tmp_path / "Takes", "R101_T1", 240, beside=7)
    done = verbs.place(work(tmp_path), [tmp_path / "Takes"], tmp_path / "out")
    _, clip = clips(the_work(done))["R101_T1"]
    assert (clip.source_in, clip.record_in) == (0, Fraction(samples_of_frame(240, FACTS.rate, RATE) + 7, RATE))


def test_no_clips_of_a_track_overlap_and_no_line_is_cut(tmp_path: Path) -> None:
    timeline = the_work(placed(tmp_path, handles=Fraction(4)))
    for track in placed_tracks(timeline, "audio"):
        ends = [(clip.record_in, clip.record_out) for clip in track.clips]
        assert all(before[1] <= after[0] for before, after in pairwise(ends))
    frame = FACTS.rate.seconds_per_frame
    for cue in timeline_cues(timeline):
        for place in cue.placements:
            start, length = Fraction(place["record_in"]), Fraction(place["duration"])
            assert start <= cue.record_in * frame
            assert start + length >= (cue.record_out or 0) * frame


def test_clip_cue_and_take_name_each_other(tmp_path: Path) -> None:
    timeline = the_work(placed(tmp_path))
    cue = next(cue for cue in timeline_cues(timeline) if cue.number == "R101")
    assert cue.status == "selected"
    assert {take["file"] for take in cue.takes} == {"R101_T1.wav", "R101_T2_CIRC.wav", "R101_T3.wav"}
    for name, (track, clip) in clips(timeline).items():
        if name.startswith("R101"):
            mine = [place for place in cue.placements if place["take"] == clip_take(clip.clip)]
            assert clip.facts.cue_uid == cue.uid
            assert [(place["track"], Fraction(place["record_in"])) for place in mine] == [(track.name, clip.record_in)]


def test_at_the_cue_a_take_begins_at_its_line(tmp_path: Path) -> None:
    _, clip = clips(the_work(placed(tmp_path, by="cue")))["R102_T1"]
    assert (clip.record_in, clip.source_in) == (340 * FACTS.rate.seconds_per_frame, 0)


def test_a_pre_roll_is_what_a_take_without_a_stamp_begins_before_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "Takes"
    a_take(folder, "R101_T1", 0, stamped=False)
    done = verbs.place(work(tmp_path), [folder], tmp_path / "out", pre_roll="1s", handles=0)
    _, clip = clips(the_work(done))["R101_T1"]
    assert (clip.record_in, clip.source_in) == (240 * FACTS.rate.seconds_per_frame, 1)


def test_what_is_not_sure_waits_until_guesses_are_accepted(tmp_path: Path) -> None:
    folder = tmp_path / "Takes"
    a_take(folder, "Audio 1_07", 330)
    waits = verbs.place(work(tmp_path), [folder], tmp_path / "out")
    assert [row.what for row in waits.placing.rows] == ["guess"]
    assert waits.unsettled
    accepted = verbs.place(work(tmp_path), [folder], tmp_path / "out 2", accept_guesses=True)
    assert [row.what for row in accepted.placing.rows] == ["plays"]
    assert "take-guessed" in {loss.code for loss in accepted.report}


def test_placing_again_adds_only_what_is_new(tmp_path: Path) -> None:
    first = placed(tmp_path)
    a_take(tmp_path / "More", "R104_T2", 690, number=40)
    again = verbs.place(
        first.turnover.folder / "R1 v1.otio", [tmp_path / "Takes", tmp_path / "More"], tmp_path / "again"
    )
    assert {row.what for row in again.placing.rows} == {"placed before", "unpaired", "alternate"}
    assert "R104_T1 plays already" in again.log.read_text()
    before, after = clips(the_work(first)), clips(the_work(again))
    assert set(after) - set(before) == {"R104_T2"}
    assert {name: clip.record_in for name, (_, clip) in before.items()} == {
        name: clip.record_in for name, (_, clip) in after.items() if name != "R104_T2"
    }


def test_what_the_editor_laid_on_a_track_stays(tmp_path: Path) -> None:
    done = placed(tmp_path)
    timeline = the_work(done)
    names = {track.name: [clip.clip.name for clip in track.clips] for track in placed_tracks(timeline, "audio")}
    a_take(tmp_path / "More", "R102_T1 PU", 325, number=41)
    again = verbs.place(done.turnover.folder / "R1 v1.otio", [tmp_path / "More"], tmp_path / "again", by="cue")
    kept = {track.name: [clip.clip.name for clip in track.clips] for track in placed_tracks(the_work(again), "audio")}
    assert all(name in kept[track] for track, mine in names.items() for name in mine)


def test_two_microphones_in_two_files_are_one_clip_of_two_channels(tmp_path: Path) -> None:
    folder = tmp_path / "Takes"
    a_take(folder, "R101_T1.A1", 200, number=1)
    a_take(folder, "R101_T1.A2", 200, number=2)
    done = verbs.place(work(tmp_path), [folder], tmp_path / "out")
    [(track, clip)] = clips(the_work(done)).values()
    assert track.facts.channels == 2
    assert [source.name for source in clip.facts.sources] == ["R101_T1.A1", "R101_T1.A2"]
    aaf, _ = postsync.read(done.turnover.folder / "R1 v1.aaf")
    sounds = {clip.url for track in placed_tracks(aaf, "audio") for clip in track.clips}
    assert len(sounds) == 2


@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001"])
def test_in_the_aaf_every_clip_starts_on_its_sample(tmp_path: Path, rate: str) -> None:
    facts = TimelineFacts(as_rate(rate), 90_000, sample_rate=RATE)
    folder = tmp_path / "Takes"
    for number, cue in enumerate(CUES):
        a_take(folder, f"{cue.number}_T1", cue.record_in - 31, beside=number * 101, number=number, facts=facts)
    done = verbs.place(work(tmp_path, facts=facts), [folder], tmp_path / "out")
    sent = clips(the_work(done))
    came = clips(postsync.read(done.turnover.folder / "R1 v1.aaf")[0])
    assert len(came) == len(CUES)
    for name, (_, clip) in sent.items():
        assert came[name][1].record_in * RATE == clip.record_in * RATE
        assert came[name][1].source_in * RATE == clip.source_in * RATE


def test_other_readers_of_the_aaf_see_the_same_samples(tmp_path: Path) -> None:
    done = placed(tmp_path, alternates=False)
    timeline = the_work(done)
    expected = {name: (clip.record_in * RATE, clip.duration * RATE) for name, (_, clip) in clips(timeline).items()}
    adapter = next(one for one in otio.plugins.ActiveManifest().adapters if one.name == "AAF")
    theirs = otio.adapters.read_from_file(str(done.turnover.folder / "R1 v1.aaf"), adapter_name=adapter.name)
    found: dict[str, tuple[float, float]] = {}
    for track in theirs.audio_tracks():
        at = 0.0
        for item in track:
            if isinstance(item, otio.schema.Transition):
                continue
            length = item.duration().rescaled_to(RATE).value
            if isinstance(item, otio.schema.Clip):
                found[item.name] = at, length
            at += length
    assert found == expected


def test_fcpxml_and_xmeml_keep_the_exact_place(tmp_path: Path) -> None:
    done = placed(tmp_path, alternates=False)
    timeline = the_work(done)
    for target in ("R1.fcpxml", "R1.xml"):
        postsync.write(timeline, tmp_path / target)
        came = clips(postsync.read(tmp_path / target)[0])
        for name, (_, clip) in clips(timeline).items():
            moved = abs(came[name][1].record_in - clip.record_in)
            assert moved == 0, (target, name)
            assert came[name][1].source_in == clip.source_in, (target, name)


def test_an_edl_needs_to_round_nothing_where_stamps_are_those_of_the_picture(tmp_path: Path) -> None:
    done = placed(tmp_path, alternates=False)
    report = postsync.write(the_work(done), tmp_path / "R1.edl", as_format="edl")
    assert not any(loss.moved_by for loss in report)


def test_an_edl_says_how_far_it_had_to_round(tmp_path: Path) -> None:
    done = placed(tmp_path, alternates=False, by="cue")
    report = postsync.write(the_work(done), tmp_path / "R1.edl", as_format="edl")
    assert any(loss.moved_by for loss in report)


def test_the_log_says_of_each_take_what_became_of_it(tmp_path: Path) -> None:
    done = placed(tmp_path)
    text = done.log.read_text()
    assert all(row.pairing.recorded.path.name in text for row in done.placing.rows)
    assert "Takes of no cue (1)" in text
    assert "ADR ROBIN at 01:00:09:12, by stamp" in text
    document = json.loads((done.log.parent / "R1 v1 placement.json").read_text())
    assert document["counts"]["plays"] == 5
    assert {take["what"] for take in document["takes"]} == {"plays", "alternate", "unpaired"}
    assert all(take["reasons"] for take in document["takes"] if take["cue"])


def test_alone_sends_the_adr_tracks_and_keeps_the_whole_work(tmp_path: Path) -> None:
    path = work(tmp_path)
    timeline, _ = postsync.read(path)
    timeline.tracks.append(otio.schema.Track("DX", kind="Audio"))
    postsync.write(timeline, path)
    done = verbs.place(path, [takes(tmp_path)], tmp_path / "out", alone=True)
    whole, (sent, _) = the_work(done), postsync.read(done.turnover.folder / "R1 v1.aaf")
    assert "DX" in [track.name for track in whole.tracks]
    assert "DX" not in [track.name for track in sent.tracks]


def test_a_reconform_takes_the_placed_clips_along(tmp_path: Path) -> None:
    done = placed(tmp_path)
    later = "002  AX       V     C        01:00:00:00 01:01:40:00 01:00:05:00 01:01:45:00\n"
    head = "TITLE: R1\nFCM: NON-DROP FRAME\n"
    (tmp_path / "v1.edl").write_text(head + later.replace("01:00:05:00 01:01:45:00", "01:00:00:00 01:01:40:00"))
    start = "001  BX       V     C        02:00:00:00 02:00:05:00 01:00:00:00 01:00:05:00\n"
    (tmp_path / "v2.edl").write_text(head + start + later)
    moved = verbs.reconform(
        tmp_path / "v1.edl", tmp_path / "v2.edl", done.turnover.folder / "R1 v1.otio", tmp_path / "v2", rate=FACTS.rate
    )
    assert moved is not None
    [new] = list((tmp_path / "v2").glob("*.otio"))
    timeline, _ = postsync.read(new)
    before = clips(the_work(done))
    for name, (_, clip) in clips(timeline).items():
        assert clip.record_in - before[name][1].record_in == 120 * FACTS.rate.seconds_per_frame
        cue = next(cue for cue in timeline_cues(timeline) if cue.uid == clip.facts.cue_uid)
        mine = [place for place in cue.placements if place["take"] == clip_take(clip.clip)]
        assert [Fraction(place["record_in"]) for place in mine] == [clip.record_in]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_log_pairs_what_no_name_says(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "Takes"
    a_take(folder, "ZOOM0001", 0, stamped=False)
    rows = [["File", "Cue", "Take", "Circled"], ["ZOOM0001.WAV", "R104", "2", "x"]]
    log = tmp_path / f"log.{kind}"
    if kind == "csv":
        log.write_text("\n".join(";".join(row) for row in rows))
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(log)
    done = verbs.place(work(tmp_path), [folder], tmp_path / "out", logs=[log])
    [row] = done.placing.rows
    assert (row.pairing.cue and row.pairing.cue.number, row.take and row.take.selected) == ("R104", "circled")


def test_a_file_that_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_text("Dear all,\nsee you")
    with pytest.raises(FormatError, match="not a log of takes"):
        verbs.place(work(tmp_path), [takes(tmp_path)], tmp_path / "out", logs=[tmp_path / "mail.csv"])


def test_without_cues_or_takes_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CannotWrite, match="no takes"):
        verbs.place(work(tmp_path), [tmp_path / "empty"], tmp_path / "out")
    with pytest.raises(CannotWrite, match="no cues"):
        verbs.place(work(tmp_path, cues=[]), [takes(tmp_path)], tmp_path / "out")
    assert not (tmp_path / "out").exists()


# By sync


def noise_wav(path: Path, sound: np.ndarray, stamp: int) -> Path:
    from postsync.sound import Bext, write_wav

    path.parent.mkdir(parents=True, exist_ok=True)
    data = (np.clip(sound, -1, 1) * 32_000).astype("<i2")
    with path.open("wb") as file:
        write_wav(
            file, sample_rate=RATE, bits=16, blocks=[data.tobytes()], length_samples=len(data),
            bext=Bext(time_reference=stamp),
        )  # fmt: skip
    return path


def test_by_sync_a_take_is_slipped_to_the_sample_of_its_guide(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    envelope = np.repeat(rng.random(300), RATE // 10)
    sound = rng.standard_normal(30 * RATE) * envelope * 0.2
    start = samples_of_frame(FACTS.start_frame, FACTS.rate, RATE)
    guide = noise_wav(tmp_path / "guide.wav", sound, start)
    begin, late = samples_of_frame(220, FACTS.rate, RATE), 3_000
    noise_wav(tmp_path / "Takes" / "R101_T1.wav", sound[begin : begin + 5 * RATE], start + begin + late)
    done = verbs.place(work(tmp_path), [tmp_path / "Takes"], tmp_path / "out", by="sync", guides=[guide])
    [row] = done.placing.rows
    assert row.placement is not None
    assert (row.placement.placed_by, row.placement.slip * RATE) == ("sync", -late)
    assert (row.placement.record_in - row.placement.source_in) * RATE == begin


def test_by_sync_without_a_guide_takes_stay_and_the_log_says_so(tmp_path: Path) -> None:
    done = placed(tmp_path, by="sync")
    assert {row.placement.placed_by for row in done.placing.placed if row.placement} == {"stamp"}
    assert "none of its sound is at hand: no sound tracks" in done.log.read_text()
    assert [loss.code for loss in done.report if loss.code.startswith("take")].count("takes-not-measured") == 1
    assert not any(loss.code == "take-not-slipped" for loss in done.report)


# The command


def run(*arguments: object) -> Any:
    from click.testing import CliRunner

    from postsync.cli import main

    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_the_command_says_what_it_placed_and_what_waits(tmp_path: Path) -> None:
    a_take(tmp_path / "Takes", "Audio 1_07", 330)
    a_take(tmp_path / "Takes", "R101_T1", 200, number=2)
    done = run("place", work(tmp_path), tmp_path / "Takes", "--into", tmp_path / "out")
    assert done.exit_code == 1
    assert "ADR ROBIN: 1 take" in done.output
    assert "Audio 1_07.wav perhaps" in done.output
    assert "R1 v1 placement.txt" in done.output


def test_the_command_gives_one_document(tmp_path: Path) -> None:
    a_take(tmp_path / "Takes", "R101_T1", 200)
    done = run("place", work(tmp_path), tmp_path / "Takes", "--into", tmp_path / "out", "--json", "--quiet")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert (document["schema"], document["counts"]) == ("postsync.place/1", {"plays": 1})
    assert all(Path(file).exists() for file in document["files"])
    assert document["takes"][0]["placement"]["record_in"].count("/") == 1


def test_a_place_without_takes_is_one_sentence(tmp_path: Path) -> None:
    done = run("place", work(tmp_path), tmp_path / "gone", "--into", tmp_path / "out")
    assert done.exit_code == 5
    assert "no such file or folder" in done.output
