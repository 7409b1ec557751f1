"""The jobs where something is missing: the command, windows, dialogs, a project."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

import postsync
from postsync_resolve import command as command_module
from resolve_double import (
    V21_0_FREE,
    Fusion,
    Windows,
    in_process,
    marker,
    new_world,
)
from resolve_double.menu import run_job
from resolve_double.person import (
    cues_shown,
    folder,
    reel,
    running,
)


@pytest.fixture(autouse=True)
def _no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    in_process.use(monkeypatch)


# ---------------------------------------------------------------------------------------------------- how things stand


def test_diagnostics_say_what_is_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_job("Diagnostics", running(reel()))
    said = capsys.readouterr().out
    assert (
        "DaVinci Resolve Studio 21.0.0.28, studio" in said and "All is well." in said and "24 from 01:00:00:00" in said
    )
    assert (home / "Documents" / "postsync" / "diagnostics.json").is_file()


@pytest.mark.parametrize("command", [[], ["/nowhere/postsync"]])
def test_diagnostics_say_what_to_do_where_postsync_does_not_start(
    home: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run_job("Diagnostics", running(reel()), command=command)
    assert "postsync resolve install" in capsys.readouterr().out


def test_diagnostics_work_without_a_project(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_job("Diagnostics", new_world(V21_0_FREE)[1])
    said = capsys.readouterr().out
    assert "No timeline is open" in said and "Windows: no" in said


@pytest.mark.parametrize("command", [[], ["/nowhere/postsync"]])
def test_where_postsync_does_not_start_everything_is_saved_and_the_command_is_told(
    home: Path, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("postsync_resolve.desk.run", command_module.run)
    timeline = reel()
    back = home / "back.csv"
    back.write_text("x", "utf-8")
    before = copy.deepcopy(timeline.markers)
    run_job("Import Cues", running(timeline), [str(back)], command=command)
    said = capsys.readouterr().out
    assert "postsync resolve install" in said and "postsync merge" in said and "then run Import Cues and choose" in said
    assert timeline.markers == before and list(folder(home).glob("snapshots/*.json"))


def test_a_file_that_is_no_list_is_refused_with_the_commands_own_sentence(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel()
    bad = home / "notes.docx"
    bad.write_bytes(b"PK\x03\x04 nothing")
    before = copy.deepcopy(timeline.markers)
    run_job("Import Cues", running(timeline), [str(bad)])
    said = capsys.readouterr().out
    assert "notes.docx" in said and "Nothing was changed." in said and timeline.markers == before


def test_a_real_command_does_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postsync_resolve.desk.run", command_module.run)
    monkeypatch.setenv("PYTHONHOME", "/opt/resolve/python")  # as Resolve sets it for its own Python
    timeline = reel()
    run_job("Export Cues", running(timeline), [str(home / "out.xlsx")])
    assert list(home.glob("out*.xlsx")) and list(cues_shown(timeline)) == ["R101", "R102"]


# ---------------------------------------------------------------------------------------------------- without windows


class Asked:
    """The system's dialogs, answered by what stands in the question."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answers: dict[str, str | None]) -> None:
        self.questions: list[str] = []
        self.answers = answers
        monkeypatch.setattr("postsync_resolve.system_dialogs.ask", self.ask)

    def ask(self, kind: str, question: str, value: str, choices: Any = ()) -> str | None:
        self.questions.append(question)
        return next((answer for words, answer in self.answers.items() if words in question), value)


def test_the_free_edition_asks_by_the_systems_dialogs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = reel(V21_0_FREE)
    timeline.playhead = 500
    asked = Asked(monkeypatch, {"Character": "MARIAN", "Line": "Never."})
    run_job("Spot ADR Cue Here", new_world(V21_0_FREE, timeline, page="edit")[1])
    assert (timeline.markers[500]["name"], timeline.markers[500]["note"]) == ("MARIAN", "Never.")
    assert asked.questions == ["Character", "Line"]


def test_the_free_edition_numbers_when_it_is_asked_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = reel(V21_0_FREE)
    timeline.markers[600] = marker("ROBIN: Stand!", "", "Red", 20)
    resolve = running(timeline)
    Asked(monkeypatch, {})
    run_job("Cue List", resolve)
    assert cues_shown(timeline) == {}
    Asked(monkeypatch, {"Number": "Yes"})
    run_job("Cue List", resolve)
    assert list(cues_shown(timeline)) == ["R101", "R101A", "R102"]


def test_the_free_edition_exports_what_is_chosen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Asked(monkeypatch, {"As": "Subtitles (SRT)"})
    run_job("Export Cues", running(reel(V21_0_FREE)), [str(home / "lines")])
    assert "Hold there!" in (home / "lines.srt").read_text("utf-8")


def test_a_cancelled_question_changes_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    timeline = reel(V21_0_FREE)
    Asked(monkeypatch, {"Character": None})
    run_job("Spot ADR Cue Here", new_world(V21_0_FREE, timeline, page="edit")[1])
    assert "Cancelled: nothing was changed." in capsys.readouterr().out and len(timeline.markers) == 3


def test_what_lies_in_the_folder_in_is_taken_where_no_dialog_comes_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline = reel(V21_0_FREE)
    resolve = running(timeline)
    run_job("Export Cues", resolve, [str(home / "cues")])
    inbox = folder(home) / "in"
    inbox.mkdir()
    postsync.convert(home / "cues.xlsx", inbox / "back.csv")
    path = inbox / "back.csv"
    path.write_text(path.read_text("utf-8-sig").replace("Hold there!", "Hold on!"), "utf-8")
    for extra in inbox.glob("*.json"):
        extra.unlink()
    run_job("Import Cues", resolve, fusion=None)
    assert cues_shown(timeline)["R101"][2] == "Hold on!"


def test_what_stops_a_job_is_shown_in_its_window(home: Path) -> None:
    timeline = reel()
    shown: list[str] = []

    def person(title: str, items: dict[str, Any]) -> str:
        if "text" in items:
            shown.append(items["text"].PlainText)
            return "ok"
        items["start"].Text = "half past nine"
        return "ok"

    windows = Windows(timeline.world, person)
    run_job("Spot ADR Cue Here", running(timeline), fusion=Fusion([], windows), bmd=windows)
    assert shown == ["'half past nine' is no timecode such as 01:00:00:00. Nothing was changed."]
