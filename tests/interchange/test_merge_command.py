"""`postsync merge`, from files to files: what was written is remembered, found again, and merged back."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import postsync
from postsync import demo as packaged
from postsync import verbs
from postsync.cli import main
from postsync.errors import CannotWrite, PostsyncError
from postsync.model import timeline_cues

REEL = Path(packaged.REEL) / "The Crossing R1.fcpxml"


def run(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="postsync")


@pytest.fixture
def work(tmp_path) -> Path:
    path = tmp_path / "R1.otio"
    assert run("convert", REEL, path).exit_code == 0
    return path


def edit_csv(path: Path, **changes: dict[str, str]) -> None:
    """Change cells of a table by cue number and header, as a person in a spreadsheet does."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    for row in rows:
        row.update(changes.get(row["Number"], {}))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, fieldnames=list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def cues(path: Path) -> dict[str, postsync.Cue]:
    return {cue.number: cue for cue in timeline_cues(postsync.read(path)[0])}


def test_a_sheet_edited_elsewhere_merges_back_and_nothing_else_changes(work, tmp_path):
    sheet = tmp_path / "R1 cues.csv"
    assert run("convert", work, sheet).exit_code == 0
    edit_csv(sheet, R101={"Line": "You said the ferry would wait.", "Note": "ask Anna"})
    out = tmp_path / "merged.otio"
    done = run("merge", work, sheet, out, "--date", "2026-03-01")
    assert done.exit_code == 0, done.output
    before, after = cues(work), cues(out)
    assert (after["R101"].line, after["R101"].note) == ("You said the ferry would wait.", "ask Anna")
    assert {change.field for change in after["R101"].history} == {"line", "note"}
    assert {number: cue for number, cue in after.items() if number != "R101"} == {
        number: cue for number, cue in before.items() if number != "R101"
    }


def test_a_moved_cue_is_told_in_timecode(work, tmp_path):
    sheet, ours = tmp_path / "R1 cues.csv", tmp_path / "ours.otio"
    run("convert", work, sheet)
    edit_csv(sheet, R101={"In": "01:00:00:10"})
    shown = " ".join(run("merge", work, sheet, ours).stdout.split())
    assert "R101 in 01:00:00:08 01:00:00:10 taken" in shown
    run("convert", work, sheet)
    edit_csv(sheet, R101={"In": "01:00:00:12"})
    conflict = run("merge", ours, sheet, tmp_path / "merged.otio", "--verbose").stderr
    assert "ours 01:00:00:10, theirs 01:00:00:12" in " ".join(conflict.split())


def test_our_own_change_meanwhile_is_kept_and_a_double_change_is_a_conflict(work, tmp_path):
    sheet, ours = tmp_path / "R1 cues.csv", tmp_path / "ours.otio"
    run("convert", work, sheet)
    mine = tmp_path / "mine.csv"
    run("convert", work, mine)
    edit_csv(mine, R101={"Line": "Ours."}, R102={"Line": "Only ours."})
    assert run("merge", work, mine, ours).exit_code == 0
    edit_csv(sheet, R101={"Line": "Theirs."})
    out = tmp_path / "merged.otio"
    done = run("merge", ours, sheet, out, "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert document["schema"] == "postsync.merge/1"
    assert document["counts"]["conflicts"] == 1
    assert [cue["number"] for cue in document["cues"]] == ["R101"]
    after = cues(out)
    assert (after["R101"].line, after["R102"].line) == ("Ours.", "Only ours.")
    assert after["R101"].extra["conflicts"]["line"]["theirs"] == "Theirs."
    assert run("merge", ours, sheet, out, "--prefer", "theirs").exit_code == 0
    assert cues(out)["R101"].line == "Theirs."


def test_the_cue_document_beside_a_file_remembers_every_file_of_its_name(work, tmp_path):
    run("convert", work, tmp_path / "R1.csv")
    run("convert", work, tmp_path / "R1.mid")
    written = json.loads((tmp_path / "R1.cues.json").read_text())["written"]
    assert set(written) == {"R1.csv", "R1.mid"}
    assert {one["format"] for one in written.values()} == {"cue_table", "midi_markers"}


def test_a_poor_carrier_that_came_back_untouched_changes_nothing(work, tmp_path):
    midi, out = tmp_path / "R1.mid", tmp_path / "merged.otio"
    run("convert", work, midi)
    done = run("merge", work, midi, out)
    assert (done.exit_code, "0 changed" in done.output) == (0, True)
    assert cues(out) == cues(work)


def test_a_turnover_remembers_what_it_wrote(tmp_path):
    made = verbs.demo(tmp_path)
    folder = made.folder
    marks = next(folder.glob("* markers.mid"))
    merged = verbs.merge(next(folder.glob("*.otio")), marks, tmp_path / "merged.otio")
    assert merged.base == marks.name
    assert all(not cue.changes for cue in merged.merge.cues)
    assert len(merged.merge.cues) == made.cues


def test_a_cue_list_edited_by_another_program_is_merged_with_every_field(work, tmp_path):
    listed, out = tmp_path / "R1.cues.json", tmp_path / "merged.otio"
    run("convert", work, listed)
    document = json.loads(listed.read_text())
    document["cues"][0]["translations"] = {"de": "Du sagtest, das Boot wartet."}
    listed.write_text(json.dumps(document), encoding="utf-8")
    assert run("merge", work, listed, out).exit_code == 0
    assert cues(out)["R101"].translations == {"de": "Du sagtest, das Boot wartet."}


def test_omit_missing_and_offset_are_asked_for_by_name(work, tmp_path):
    sheet, out = tmp_path / "R1.csv", tmp_path / "merged.otio"
    run("convert", work, sheet)
    lines = sheet.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    sheet.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8-sig")
    assert "1 missing" in run("merge", work, sheet, out).output
    assert cues(out)["R101"].status == "spotted"
    run("merge", work, sheet, out, "--omit-missing")
    assert cues(out)["R101"].status == "omitted"


def test_what_cannot_be_merged_is_one_sentence(work, tmp_path):
    sheet = tmp_path / "R1.csv"
    run("convert", work, sheet)
    with pytest.raises(PostsyncError, match="there is no such file"):
        verbs.merge(work, tmp_path / "none.csv", tmp_path / "out.otio")
    (tmp_path / "empty.cues.json").write_text(
        json.dumps({"schema": "postsync.cues/1", "rate": "24/1", "cues": []}), encoding="utf-8"
    )
    with pytest.raises(PostsyncError, match="it does not say what was written"):
        verbs.merge(work, sheet, tmp_path / "out.otio", base=tmp_path / "empty.cues.json")
    with pytest.raises(CannotWrite):
        verbs.merge(work, sheet, tmp_path / "no folder" / "out.otio")
    assert not (tmp_path / "out.otio").exists()


def test_cues_go_out_in_the_colours_of_the_show_and_keep_their_own_in_the_work(work, tmp_path):
    (tmp_path / "postsync.toml").write_text(
        '[colours]\nby = "status"\nstatus = { spotted = "purple" }\n', encoding="utf-8"
    )
    marks, out = tmp_path / "R1 marks.edl", tmp_path / "merged.otio"
    assert run("convert", work, marks, "--as", "resolve_marker_edl").exit_code == 0
    assert marks.read_text().count("ResolveColorPurple") == len(cues(work))
    assert run("merge", work, marks, out).exit_code == 0
    assert {number: cue.colour for number, cue in cues(out).items()} == {
        number: cue.colour for number, cue in cues(work).items()
    }


def test_a_marker_that_only_its_place_makes_a_cue_is_joined_and_others_stay_markers(work, tmp_path):
    marks, out = tmp_path / "R1 marks.edl", tmp_path / "merged.otio"
    run("convert", work, marks, "--as", "resolve_marker_edl", "--tags", "none")
    text = marks.read_text(encoding="utf-8")
    plain = text.replace("|M:R101 ROSA |", "|M:x |").replace(
        "You said the boat would wait.", "You said the boat would wait"
    )
    assert plain != text
    marks.write_text(plain, encoding="utf-8")
    done = json.loads(run("merge", work, marks, out, "--json").stdout)
    assert (done["counts"]["missing"], done["counts"]["new"]) == (0, 0)
    assert "merge-marker-left" in {loss["code"] for loss in done["losses"]}


def test_a_marker_list_without_a_start_that_moved_as_a_whole_moves_our_cues(work, tmp_path):
    markers, out = tmp_path / "R1 cues.txt", tmp_path / "merged.otio"
    run("convert", work, markers, "--as", "avid_markers", "--tags", "none")
    text = markers.read_text(encoding="utf-8")
    later = re.sub(r"\t01:00:(\d\d):", lambda match: f"\t01:00:{int(match[1]) + 2:02}:", text)
    markers.write_text(later, encoding="utf-8")
    document = json.loads(run("merge", work, markers, out, "--from", "avid_markers", "--json").stdout)
    assert document["offset"] == {"seconds": "1001/500", "taken": True}
    before, after = cues(work), cues(out)
    assert {after[number].record_in - before[number].record_in for number in before} == {48}
