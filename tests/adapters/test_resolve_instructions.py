"""What Resolve's timeline shall look like: markers with their records, takes on frames; and back out of Resolve."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from adapters.carriers import CUE, at, codes, cues_of, timeline_at, with_cues, written
from postsync import verbs
from postsync.cueing import spot
from postsync.errors import FormatError
from postsync.formats import Claim, ReadOptions
from postsync.model import (
    ClipFacts,
    Fade,
    Laid,
    MediaFacts,
    Placement,
    Project,
    Take,
    TrackFacts,
    build_track,
    put_clip_facts,
    put_clip_take,
    put_media_facts,
    timeline_characters,
    timeline_cues,
    to_otio_marker,
)
from postsync.report import Report
from postsync.sound import read_facts, read_samples, url_from_path, write_wav
from postsync.timing import to_time_range
from postsync_adapters.resolve_instructions import FORMAT, read, sniff
from postsync_adapters.resolve_snapshot import FORMAT as SNAPSHOT

F = Fraction


def instructions(timeline: Any, report: Report | None = None, **options: Any) -> Any:
    return json.loads(written(FORMAT, timeline, report, **options))


def snapshot_of(document: Any, markers: list[dict[str, Any]]) -> bytes:
    """A snapshot as our script takes it of the timeline that instructions are for."""
    about = document["timeline"]
    start = 86400 if about["frame_rate"] in ("24", "23.976") else 90000
    return json.dumps(
        {
            "schema": "postsync.resolve-snapshot/1",
            "timeline": {**about, "start_frame": start, "end_frame": start + 100000, "settings": {}},
            "tracks": [],
            "markers": markers,
            "warnings": [],
        }
    ).encode()


def applied(document: Any, nudges: dict[str, int] | None = None) -> bytes:
    """What Resolve has once our script has carried out instructions, some markers set late."""
    markers = []
    for cue in document["cues"]:
        late, mark = (nudges or {}).get(cue["uid"], 0), json.loads(cue["custom_data"])
        if late:
            mark["postsync"]["nudge"] = late
        shown = {name: cue[name] for name in ("color", "name", "note")}
        length = max(1, cue["duration"] - late)
        markers.append(
            {
                **shown,
                "frame": cue["frame"] + late,
                "duration": length,
                "custom_data": json.dumps(mark, ensure_ascii=False),
            }
        )
    return snapshot_of(document, markers)


def out_of_resolve(data: bytes) -> Any:
    (timeline,) = SNAPSHOT.read(io.BytesIO(data), Report(), ReadOptions())
    spot(timeline, Project(), Report())
    return timeline


# --------------------------------------------------------------------------------------------------------------- cues


def test_the_clock_is_the_one_that_the_frames_count_in() -> None:
    document = instructions(timeline_at("29.97 DF", 107892))
    assert document["schema"] == "postsync.resolve-instructions/1"
    assert document["timeline"] == {
        "name": "R1", "frame_rate": "29.97", "drop_frame": True, "start_timecode": "01:00:00;00",
    }  # fmt: skip


def test_a_cue_is_a_marker_with_its_record_out_of_sight() -> None:
    (cue,) = instructions(with_cues(replace(CUE, colour="fuchsia", reasons=("noise",))))["cues"]
    record = json.loads(cue.pop("custom_data"))["postsync"]["cue"]
    assert cue == {
        "uid": CUE.uid, "label": "R106 ROBIN", "frame": 240, "duration": 40, "color": "Fuchsia", "name": "R106 ROBIN",
        "note": "Hold there!\nReason: noise", "was": None,
    }  # fmt: skip
    assert (record["uid"], record["number"], record["reasons"]) == (CUE.uid, "R106", ["noise"])
    assert (record["character"], record["character_name"]) == ("robin", "ROBIN")


def test_a_colour_that_resolve_lacks_becomes_the_nearest_and_comes_back_as_it_was() -> None:
    report = Report()
    document = instructions(with_cues(replace(CUE, colour="orange")), report)
    assert document["cues"][0]["color"] == "Yellow" and codes(report) == ["marker-colour-changed"]
    assert [cue.colour for cue in timeline_cues(out_of_resolve(applied(document)))] == ["orange"]


def test_a_colour_that_somebody_gave_in_resolve_is_the_cues() -> None:
    document = instructions(with_cues(replace(CUE, colour=None)))
    assert document["cues"][0]["color"] == "Blue"
    document["cues"][0]["color"] = "Mint"
    assert [cue.colour for cue in timeline_cues(out_of_resolve(applied(document)))] == ["mint"]


RECORDS = (
    CUE,
    replace(
        CUE, uid="B7KQ2M9X", number=None, character=None, line="¿Dónde está?\n«Aquí»", record_in=300, record_out=None
    ),
    replace(CUE, uid="C7KQ2M9X", number="R108", record_in=400, record_out=401, status="recorded", note="again"),
    replace(CUE, uid="D7KQ2M9X", number="R109", record_in=500, precise_in=F(500, 24) + F(1, 100), record_out=540),
)


def test_every_field_comes_back_out_of_resolve() -> None:
    timeline = with_cues(*RECORDS)
    returned = out_of_resolve(applied(instructions(timeline)))
    assert timeline_cues(returned) == timeline_cues(timeline)
    assert timeline_characters(returned)["robin"].name == "ROBIN"


def test_a_marker_that_stands_late_gives_its_cue_back_where_it_belongs() -> None:
    timeline = with_cues(*RECORDS)
    nudges = {CUE.uid: 2, "C7KQ2M9X": 3}
    assert timeline_cues(out_of_resolve(applied(instructions(timeline), nudges))) == timeline_cues(timeline)


def test_a_marker_that_was_moved_and_rewritten_in_resolve_moves_and_rewrites_its_cue() -> None:
    document = instructions(with_cues(CUE))
    document["cues"][0].update(frame=250, duration=30, note="Hold it there!")
    (cue,) = timeline_cues(out_of_resolve(applied(document)))
    assert (cue.uid, cue.record_in, cue.record_out, cue.line) == (CUE.uid, 250, 280, "Hold it there!")


def test_a_cue_that_was_read_from_a_plain_marker_says_what_it_looked_like() -> None:
    plain = {"frame": 98, "color": "Red", "name": "ROBIN: Hold there! ", "note": "", "duration": 1, "custom_data": ""}
    timeline = out_of_resolve(snapshot_of(instructions(timeline_at()), [plain]))
    (cue,) = instructions(timeline)["cues"]
    assert cue["was"] == {"frame": 98, "name": "ROBIN: Hold there! ", "note": ""}
    again = out_of_resolve(applied(instructions(timeline)))
    assert instructions(again)["cues"][0]["was"] is None


def test_cues_without_a_place_in_this_cut_lose_their_marker_alone() -> None:
    cues = [
        replace(CUE, uid=f"{letter}7KQ2M9X", status=status)
        for letter, status in zip("BCDE", ("lost", "replaced", "omitted", "spotted"), strict=True)
    ]
    document = instructions(with_cues(*cues))
    assert document["remove"] == ["B7KQ2M9X", "C7KQ2M9X"]
    assert [cue["uid"] for cue in document["cues"]] == ["D7KQ2M9X", "E7KQ2M9X"]


def test_markers_from_elsewhere_are_named_and_those_of_resolve_are_left_alone() -> None:
    timeline = with_cues(CUE)
    timeline.tracks.markers.append(to_otio_marker(at(5, name="todo"), 24))
    report = Report()
    assert len(instructions(timeline, report)["cues"]) == 1
    assert [loss.facts["feature"] for loss in report] == ["1 marker that is no cue"]
    plain = {"frame": 98, "color": "Red", "name": "todo", "note": "", "duration": 1, "custom_data": "theirs"}
    report = Report()
    assert instructions(out_of_resolve(snapshot_of(instructions(timeline_at()), [plain])), report)["cues"] == []
    assert not report.losses


def test_instructions_read_back_are_the_cues() -> None:
    timeline = with_cues(*RECORDS)
    data = written(FORMAT, timeline)
    assert sniff(data[:4096]) is Claim.CERTAIN
    (returned,) = read(io.BytesIO(data), Report(), ReadOptions())
    spot(returned, Project(), Report())
    assert timeline_cues(returned) == timeline_cues(timeline)
    assert written(FORMAT, returned) == data


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"schema": "postsync.resolve-instructions/9"}, "expected 'postsync.resolve-instructions/1'"),
        ({"timeline": None}, "timeline: expected an object"),
        ({"cues": {}}, "cues: expected a list"),
        ({"cues": [{"frame": "5"}]}, r"cues\[0\].frame: expected a whole number of frames, found '5'"),
    ],
)
def test_damage_is_named_with_its_place(changed: dict[str, Any], said: str) -> None:
    document = {**instructions(with_cues(CUE)), **changed}
    with pytest.raises(FormatError, match=said):
        read(io.BytesIO(json.dumps(document).encode()), Report(), ReadOptions())


def test_a_list_that_came_back_is_merged_straight_into_instructions(tmp_path: Path) -> None:
    document = instructions(with_cues(CUE))
    seen, sheet, made = tmp_path / "R1.json", tmp_path / "R1.csv", tmp_path / "R1 instructions.json"
    seen.write_bytes(applied(document))
    verbs.convert(seen, sheet)
    sheet.write_text(sheet.read_text(encoding="utf-8-sig").replace("Hold there!", "Hold it!"), encoding="utf-8")
    merged = verbs.merge(seen, sheet, made, as_format="resolve_instructions", date="2026-09-01")
    assert merged.settled
    (cue,) = json.loads(made.read_text())["cues"]
    assert (cue["uid"], cue["note"], cue["frame"]) == (CUE.uid, "Hold it!", 240)


def test_what_resolve_has_is_merged_back_into_the_work(tmp_path: Path) -> None:
    work, made, seen, out = (tmp_path / name for name in ("R1.otio", "R1.resolve.json", "seen.json", "back.otio"))
    import postsync

    postsync.write(with_cues(*RECORDS), work)
    verbs.convert(work, made)
    document = json.loads(made.read_text())
    document["cues"][0]["note"] = "Hold it!"
    seen.write_bytes(applied(document))
    merged = verbs.merge(work, seen, out, date="2026-09-01").merge
    changes = {cue.number: [change.field for change in cue.changes] for cue in merged.cues if cue.changes}
    assert changes == {"R106": ["line"]} and not merged.missing and not merged.new


# --------------------------------------------------------------------------------------------------------------- takes


def recorded(folder: Path, samples: list[int] | None = None, name: str = "R106-T3.wav", channels: int = 1) -> Path:
    """A take of a second at 48 kHz, 16 bit; its samples count up so that each is known again."""
    values = list(range(48000)) if samples is None else samples
    path = folder / name
    blocks = [b"".join((value % 30000).to_bytes(2, "little", signed=True) * channels for value in values)]
    with path.open("wb") as file:
        write_wav(file, sample_rate=48000, bits=16, channels=channels, blocks=blocks, length_samples=len(values))
    return path


def with_take(
    path: Path,
    record_in: Fraction,
    duration: Fraction,
    source_in: Fraction,
    facts: ClipFacts | None = None,
    **track: Any,
) -> Any:
    timeline = with_cues(CUE, rate="23.976")
    media = otio.schema.ExternalReference(url_from_path(str(path)), to_time_range(F(0), F(1)))
    media.name = path.name
    put_media_facts(media, MediaFacts(name=path.name, channels=1, sample_rate=48000))
    clip = otio.schema.Clip(path.stem, media)
    put_clip_facts(clip, facts or ClipFacts(cue_uid=CUE.uid))
    placement = Placement(
        take="3F8S2KQD", track="ADR ROBIN", clip=path.stem, record_in=record_in, duration=duration, source_in=source_in,
        offset_to_cue=F(0), placed_by="cue",
    )  # fmt: skip
    put_clip_take(clip, Take(uid="3F8S2KQD", file=path.name), placement)
    laid = [Laid(clip, record_in, duration, source_in)]
    timeline.tracks.append(build_track("ADR ROBIN", "Audio", laid, facts=TrackFacts(channels=1, **track)))
    return timeline


def test_a_take_is_known_by_its_uid_and_lies_to_the_sample(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    facts = ClipFacts(cue_uid=CUE.uid, gain_db=-3.0, fade_in=Fade(F(1, 100)), fade_out=Fade(F(1, 4)))
    record_in = F(240 * 1001, 24000) + F(7, 48000)
    (clip,) = instructions(with_take(path, record_in, F(1, 2), F(100, 48000), facts))["clips"]
    assert clip == {
        "id": "3F8S2KQD", "cue": CUE.uid, "name": "R106-T3", "track": "ADR ROBIN", "channels": 1, "file_path": str(path),
        "record_frame": 240, "record_rest": "7/48000", "duration": 12, "source_in": "1/480", "enabled": True,
        "gain_db": -3.0, "fade_in": 1, "fade_out": 6, "color": None,
    }  # fmt: skip


def test_alternates_are_off(tmp_path: Path) -> None:
    timeline = with_take(recorded(tmp_path), F(10), F(1, 2), F(0), muted=True)
    assert [clip["enabled"] for clip in instructions(timeline)["clips"]] == [False]


def test_clips_that_are_no_takes_stay_out(tmp_path: Path) -> None:
    timeline = with_take(recorded(tmp_path), F(10), F(1, 2), F(0))
    for clip in timeline.find_clips():
        del clip.metadata["postsync"]["take"]
    assert instructions(timeline)["clips"] == []


def test_a_take_between_frames_is_written_anew_so_that_it_begins_on_one(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    record_in = F(240 * 1001, 24000) + F(7, 48000)
    timeline = with_take(path, record_in, F(1, 2), F(100, 48000))
    (clip,) = instructions(timeline, media=tmp_path / "on frames")["clips"]
    made = read_facts(Path(clip["file_path"]))
    assert Path(clip["file_path"]).parent == tmp_path / "on frames"
    assert (clip["record_frame"], clip["record_rest"], clip["source_in"], clip["duration"]) == (240, "0/1", "0/1", 12)
    assert made.length_samples == 12 * 2002
    # Sample 100 of the take still plays seven samples after the frame.
    assert list(read_samples(made, 0, 9)[0]) == list(range(93, 102))


def test_before_the_beginning_of_a_take_there_is_silence(tmp_path: Path) -> None:
    timeline = with_take(recorded(tmp_path), F(240 * 1001, 24000) + F(7, 48000), F(1, 2), F(0))
    (clip,) = instructions(timeline, media=tmp_path / "m")["clips"]
    assert list(read_samples(read_facts(Path(clip["file_path"])), 5, 4)[0]) == [0, 0, 0, 1]


def test_a_take_that_lies_on_frames_stays_the_file_that_it_is(tmp_path: Path) -> None:
    path = recorded(tmp_path)
    timeline = with_take(path, F(240 * 1001, 24000), F(1001, 24000) * 12, F(0))
    (clip,) = instructions(timeline, media=tmp_path / "m")["clips"]
    assert clip["file_path"] == str(path)


def test_a_take_that_is_not_there_is_named_and_keeps_its_place(tmp_path: Path) -> None:
    report = Report()
    timeline = with_take(tmp_path / "gone.wav", F(10) + F(1, 48000), F(1, 2), F(0))
    (clip,) = instructions(timeline, report, media=tmp_path / "m")["clips"]
    assert clip["record_rest"] != "0/1" and "media-missing" in codes(report)


def test_cues_and_takes_of_place_become_instructions(tmp_path: Path) -> None:
    import postsync

    work = tmp_path / "R1.otio"
    postsync.write(with_cues(CUE), work)
    takes = tmp_path / "takes"
    takes.mkdir()
    recorded(takes, name="R106_T01.wav")
    placed = verbs.place(work, [takes], tmp_path / "placed", application="resolve", by="cue", date="2026-09-01")
    out = tmp_path / "placed" / "R1.otio"
    assert not placed.unsettled
    verbs.convert(out, tmp_path / "go.resolve.json", options={"media": str(tmp_path / "on frames")})
    document = json.loads((tmp_path / "go.resolve.json").read_text())
    (clip,) = document["clips"]
    assert (clip["cue"], clip["track"], clip["record_rest"]) == (CUE.uid, "ADR ROBIN", "0/1")
    assert Path(clip["file_path"]).is_file()
    assert cues_of(out_of_resolve(applied(document)))[0][:4] == cues_of(with_cues(CUE))[0][:4]
