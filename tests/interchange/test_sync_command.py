"""`postsync sync`: one pair, a batch, folders, a timeline's own production track; its JSON, table, page and exit codes."""

from __future__ import annotations

import csv
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from lxml import html

import postsync
from guide_reels import GuideReel, write_mono
from made_pairs import Pair, made_pair
from made_voices import RATE
from postsync import model, verbs
from postsync.cli import main
from postsync.delivery.syncing import SyncPair, _chunks
from postsync.demo import unpack_example
from postsync.errors import UnknownFormat, UnknownOption
from postsync.sound.alignment.spectra import at_rate

GOOD = made_pair(3, "fitted", "noise 20")
WRONG = made_pair(9, "wrong line", "noise 5")


def run(*words: object) -> Any:
    return CliRunner().invoke(main, ["sync", *map(str, words)])


def written(folder: Path, pair: Pair, name: str, take: str = "take") -> tuple[Path, Path]:
    return (
        write_mono(folder / f"{name}_guide.wav", pair.guide, rate=RATE),
        write_mono(folder / f"{name}_{take}.wav", pair.take, rate=RATE),
    )


def test_one_pair_is_told_in_sentences(tmp_path) -> None:
    guide, take = written(tmp_path, GOOD, "R106")

    done = run(guide, take)

    assert done.exit_code == 0, done.output
    first, second, third = done.output.splitlines()[:3]
    assert re.fullmatch(r"R106_take.wav: off, [\d.]+ ms (late|early) \([\d.]+ frames, [+-]\d+ samples\)", first), first
    assert re.match(r"confidence \d\.\d\d, spread [\d.]+ ms; laid by their first samples", second)
    assert re.match(r"drift [+-]\d+ ms/s, tempo \d\.\d\d", third)


def test_the_json_has_the_offset_exactly_and_in_words_that_people_use(tmp_path) -> None:
    document = json.loads(run(*written(tmp_path, GOOD, "R106"), "--json").output)
    take = document["takes"][0]

    assert document["schema"] == "postsync.sync/1"
    assert Fraction(take["offset_seconds"]) == Fraction(take["offset_samples"], take["sample_rate"])
    assert take["offset_ms"] == pytest.approx(GOOD.offset * 1000, abs=20)
    assert take["offset_frames"] == pytest.approx(take["offset_ms"] / 1000 * 24, abs=0.02)
    assert take["confidence"] > 0.5


def test_an_offset_that_is_not_sure_is_refused_with_exit_code_1(tmp_path) -> None:
    done = run(*written(tmp_path, WRONG, "R107"))

    assert done.exit_code == 1
    assert "unsure" in done.output


def test_a_missing_file_is_one_sentence(tmp_path) -> None:
    guide, _ = written(tmp_path, GOOD, "R106")

    with pytest.raises(UnknownFormat, match="there is no such file"):
        verbs.sync(guide, [tmp_path / "none.wav"])


def test_folders_pair_by_name_and_every_take_has_its_guide(tmp_path) -> None:
    guides, takes = tmp_path / "guides", tmp_path / "takes"
    for name in ("R1-2", "R1-20"):
        write_mono(guides / f"{name}.wav", GOOD.guide, rate=RATE)
    for name in ("R1-2_take", "R1-20_T03", "r1-20", "R2-1"):
        write_mono(takes / f"{name}.wav", GOOD.take, rate=RATE)

    found = verbs.sync(guides, [takes])

    assert [(row.pair.guide.name, row.pair.take.name) for row in found.rows] == [
        ("R1-2.wav", "R1-2_take.wav"),
        ("R1-20.wav", "r1-20.wav"),
        ("R1-20.wav", "R1-20_T03.wav"),
    ]


def test_folders_without_a_common_name_are_refused(tmp_path) -> None:
    write_mono(tmp_path / "a" / "one.wav", GOOD.guide, rate=RATE)
    write_mono(tmp_path / "b" / "two.wav", GOOD.take, rate=RATE)

    with pytest.raises(UnknownOption, match="no guide has the name of a take"):
        verbs.sync(tmp_path / "a", [tmp_path / "b"])


def test_a_batch_is_a_table_on_screen_and_in_a_file_and_a_page(tmp_path) -> None:
    written(tmp_path, GOOD, "R106")
    written(tmp_path, WRONG, "R107")
    (tmp_path / "R108_guide.wav").write_bytes(b"RIFF")
    write_mono(tmp_path / "R108_take.wav", GOOD.take, rate=RATE)

    done = run(tmp_path, tmp_path, "--out", tmp_path / "sync.csv", "--page", tmp_path / "sync.html")

    assert done.exit_code == 1
    assert "3 takes, 2 without an offset to believe" in done.output
    rows = list(csv.DictReader((tmp_path / "sync.csv").read_text("utf-8-sig").splitlines()))
    assert [Path(row["take"]).stem for row in rows] == ["R106_take", "R107_take", "R108_take"]
    assert int(rows[0]["offset_samples"]) / int(rows[0]["sample_rate"]) == pytest.approx(GOOD.offset, abs=0.02)
    assert rows[2]["reason"]
    page = html.parse(str(tmp_path / "sync.html")).getroot()
    assert len(page.findall(".//article")) == 3
    assert [len(one.findall(".//svg/path")) for one in page.findall(".//article")] == [4, 2, 0]


def test_the_page_needs_nothing_from_outside_and_shows_no_markup_of_names(tmp_path) -> None:
    guide, take = written(tmp_path, GOOD, "R106", take="<b>&take")

    verbs.sync(guide, [take], page=tmp_path / "sync.html")

    text = (tmp_path / "sync.html").read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|https?:|src=", text)
    assert "&lt;b&gt;&amp;take" in text


def test_a_page_can_be_sorted_without_a_script(tmp_path) -> None:
    written(tmp_path, GOOD, "R106")
    written(tmp_path, WRONG, "R107")

    verbs.sync(tmp_path, [tmp_path], page=tmp_path / "sync.html")

    text = (tmp_path / "sync.html").read_text("utf-8")
    page = html.fromstring(text)
    assert "#by-sure:checked ~ main > article { order: var(--sure); }" in text
    assert ["--sure:1" in one.get("style") for one in page.findall(".//article")] == [True, False]


def test_the_page_offers_pieces_of_what_is_sure_and_nothing_of_what_is_not(tmp_path) -> None:
    written(tmp_path, made_pair(8, "pause", "clean"), "R106")
    written(tmp_path, WRONG, "R107")

    found = verbs.sync(tmp_path, [tmp_path], page=tmp_path / "sync.html")

    page = html.parse(str(tmp_path / "sync.html")).getroot()
    sure, unsure = page.findall(".//article")
    pieces = sure.findall('.//svg/rect[@class="piece"]')
    assert len(pieces) == len(found.rows[0].edits) > 1
    assert found.rows[1].alignment is not None and len(found.rows[1].alignment.phrases) > 1
    assert not unsure.findall('.//svg/rect[@class="piece"]') + unsure.findall('.//svg/line[@class="cut"]')
    assert "phrases" not in unsure.text_content()


def test_a_number_that_is_not_believed_is_not_the_farthest_off(tmp_path) -> None:
    written(tmp_path, GOOD, "R106")
    written(tmp_path, WRONG, "R107")

    verbs.sync(tmp_path, [tmp_path], page=tmp_path / "sync.html")

    page = html.parse(str(tmp_path / "sync.html")).getroot()
    assert ["--off:0" in one.get("style") for one in page.findall(".//article")] == [True, False]


def test_takes_at_another_sample_rate_are_measured_alike(tmp_path) -> None:
    guide = write_mono(tmp_path / "guide.wav", at_rate(GOOD.guide, RATE, 48_000), rate=48_000)
    take = write_mono(tmp_path / "take.wav", at_rate(GOOD.take, RATE, 44_100), rate=44_100)

    row = verbs.sync(guide, [take]).rows[0]

    assert row.alignment is not None
    assert (row.alignment.sample_rate, float(row.alignment.offset_seconds)) == (
        48_000,
        pytest.approx(GOOD.offset, abs=0.02),
    )


def test_stamps_lay_a_take_into_a_long_guide_and_head_does_not(tmp_path) -> None:
    before = 30
    sound = np.concatenate([np.zeros(before * RATE, np.float32), GOOD.guide, np.zeros(60 * RATE, np.float32)])
    guide = write_mono(tmp_path / "reel.wav", sound, rate=RATE, stamp=3600 * RATE)
    take = write_mono(tmp_path / "take.wav", GOOD.take, rate=RATE, stamp=(3600 + before) * RATE)

    by_stamp = verbs.sync(guide, [take]).rows[0]
    by_head = verbs.sync(guide, [take], by="head").rows[0]

    assert (by_stamp.laid_at, by_stamp.laid_by) == (before, "their time stamps")
    assert by_stamp.alignment is not None
    assert float(by_stamp.alignment.offset_seconds) == pytest.approx(GOOD.offset, abs=0.02)
    assert not by_head.sure


def reel_with_a_cue(folder: Path, *, missing: bool = False) -> Path:
    """A timeline whose production track says the line of GOOD ten seconds in, with its cue."""
    reel = GuideReel(folder, seconds=30)
    reel.add("12A-1", at_rate(GOOD.guide, RATE, 48_000), 10, missing=missing)
    path = reel.write()
    timeline = verbs.opened(path).timelines[0]
    first, last = GOOD.guide_onsets[0], GOOD.guide_onsets[-1]
    start = round((10 + first) * 24)
    cue = model.Cue(uid="c1", number="R106", record_in=start, record_out=start + round((last - first + 0.3) * 24))
    timeline.tracks.markers.append(model.cue_marker(cue, reel.clock))
    timeline.to_json_file(str(path))
    return path


def test_the_guide_may_be_the_production_track_of_a_timeline(tmp_path) -> None:
    timeline = reel_with_a_cue(tmp_path)
    take = write_mono(tmp_path / "R106_take1.wav", at_rate(GOOD.take, RATE, 48_000), rate=48_000, stamp=3610 * 48_000)

    row = verbs.sync(timeline, [take]).rows[0]

    assert (row.cue, row.laid_by, row.laid_at) == ("R106", "their time stamps", 10)
    assert row.alignment is not None
    assert float(row.alignment.offset_seconds) == pytest.approx(GOOD.offset, abs=0.02)


def test_a_cue_may_be_named_where_the_take_has_no_stamp(tmp_path) -> None:
    timeline = reel_with_a_cue(tmp_path)
    head = int(GOOD.take_onsets[0] * RATE)
    take = write_mono(tmp_path / "a.wav", GOOD.take[max(0, head - RATE // 2) :], rate=RATE)

    row = verbs.sync(timeline, [take], cue="R106").rows[0]

    assert (row.cue, row.laid_by, row.sure) == ("R106", "the in of the cue", True)
    assert row.alignment is not None
    assert float(row.alignment.offset_seconds) == pytest.approx(min(0.5, GOOD.take_onsets[0]), abs=0.06)
    assert "no cue 'R999'" in verbs.sync(timeline, [take], cue="R999").rows[0].sentence


@pytest.mark.parametrize("before", [0, 6])
def test_a_take_without_a_stamp_is_known_by_its_name_and_its_line_is_found_in_it(tmp_path, before: int) -> None:
    timeline = reel_with_a_cue(tmp_path)
    sound = np.pad(at_rate(GOOD.take, RATE, 48_000), (before * 48_000, 0))
    take = write_mono(tmp_path / "takes" / "R106_T2.wav", sound, rate=48_000)

    row = verbs.sync(timeline, [tmp_path / "takes"], page=tmp_path / "sync.html").rows[0]

    assert (row.cue, row.laid_by, row.sure, row.pair.take) == ("R106", "the in of the cue", True, take)
    assert row.alignment is not None
    assert float(row.laid_at - row.alignment.offset_seconds) == pytest.approx(10 - before - GOOD.offset, abs=0.03)
    article = html.parse(str(tmp_path / "sync.html")).getroot().find(".//article")
    slipped = article.find('.//svg/path[@class="slipped"]').get("d")
    assert max(float(point.split(" ")[1]) for point in slipped.strip("MZ").split("L")[1:]) > 90


def test_a_line_without_an_out_ends_with_the_sound_of_its_reel(tmp_path) -> None:
    reel = unpack_example(tmp_path)
    row = verbs.sync(reel, [tmp_path / "ADR takes" / "R105_ROSA_T1.wav"], page=tmp_path / "sync.html").rows[0]

    assert row.cue == "R105"
    assert row.alignment is not None and row.waves is not None
    length = model.timeline_duration(postsync.read(reel)[0])
    assert Fraction(row.alignment.line[1], row.alignment.sample_rate) <= length
    assert row.waves.start + Fraction(len(row.waves.guide), 100) <= length


def test_a_timeline_without_media_at_hand_says_so(tmp_path) -> None:
    timeline = reel_with_a_cue(tmp_path, missing=True)
    take = write_mono(tmp_path / "a.wav", GOOD.take, rate=RATE)

    assert "none of its sound is at hand" in verbs.sync(timeline, [take]).rows[0].sentence


def test_several_processes_give_the_same_rows_in_the_same_order(tmp_path) -> None:
    for name in ("R106", "R107", "R108"):
        written(tmp_path, GOOD, name)
    told: list[tuple[str, int, int]] = []

    one = verbs.sync(tmp_path, [tmp_path])
    two = verbs.sync(tmp_path, [tmp_path], jobs=2, progress=lambda *step: told.append(step))

    assert two.rows == one.rows
    assert told[-1] == ("takes", 3, 3)


def test_takes_of_one_guide_stay_together_but_leave_work_for_every_process() -> None:
    pairs = [SyncPair(Path("a"), Path(str(number))) for number in range(8)] + [SyncPair(Path("b"), Path("z"))]

    chunks = _chunks(pairs, 2)

    assert [one for chunk in chunks for one in chunk] == pairs
    assert all(len({one.guide for one in chunk}) == 1 for chunk in chunks)
    assert max(map(len, chunks)) <= 2
