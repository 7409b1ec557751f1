"""Our scripts in Resolve's folders, on made trees of three systems: installed, examined, taken away."""

from __future__ import annotations

import ast
import json
import os
import plistlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from postsync import __version__, verbs
from postsync.cli import main
from postsync.errors import CannotWrite, FormatError, ResolveError
from postsync.resolve import (
    Outside,
    Scripts,
    System,
    chosen_folders,
    examine,
    install,
    installed_in,
    packed_scripts,
    pythons_for_resolve,
    script_folders,
    uninstall,
    with_paths,
)

BRAND = "Blackmagic Design/DaVinci Resolve"
COMMAND = ("/Users/Änne/.venv/bin/postsync",)
MENU = b'"""A job."""\nPOSTSYNC_COMMAND = "[]"\nPOSTSYNC_SUPPORT = \'""\'\nprint(1)\n'
SCRIPTS = Scripts(
    {"Cue List.py": MENU, "Export ADR Cues.lua": b'local POSTSYNC_COMMAND = "[]"\nlocal POSTSYNC_SUPPORT = ""\n'},
    {"postsync_resolve/__init__.py": b"", "postsync_resolve/asking.py": b"X = 1\n"},
)


def macos(tmp: Path, *, store: bool = False, resolve: bool = True) -> System:
    home = tmp / "Users" / "anna"
    home.mkdir(parents=True)
    if resolve:
        (tmp / "Library/Application Support" / BRAND).mkdir(parents=True)
        (home / "Library/Application Support" / BRAND).mkdir(parents=True)
    if store:
        (home / "Library/Containers/com.blackmagic-design.DaVinciResolveLite/Data").mkdir(parents=True)
    return System("macos", home, tmp, {})


def windows(tmp: Path) -> System:
    home = tmp / "Users" / "anna"
    variables = {"APPDATA": str(home / "AppData/Roaming"), "PROGRAMDATA": str(tmp / "ProgramData")}
    (tmp / "ProgramData" / BRAND).mkdir(parents=True)
    (home / "AppData/Roaming" / BRAND).mkdir(parents=True)
    return System("windows", home, tmp, variables)


def linux(tmp: Path) -> System:
    home = tmp / "home" / "anna"
    (home / ".local/share/DaVinciResolve").mkdir(parents=True)
    (tmp / "opt/resolve/bin").mkdir(parents=True)
    (tmp / "opt/resolve/bin/resolve").write_bytes(b"")
    return System("linux", home, tmp, {})


SYSTEMS = {"macos": macos, "windows": windows, "linux": linux}


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest, tmp_path: Path) -> System:
    return SYSTEMS[request.param](tmp_path)


def tree(root: Path) -> dict[str, bytes | None]:
    """Everything below a folder, with its content."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def shown(paths: list[Path], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


# ------------------------------------------------------------------------------------------------------------- folders


def test_the_folders_are_those_that_resolve_scans(tmp_path: Path) -> None:
    mac, win, lin = macos(tmp_path / "m", store=True), windows(tmp_path / "w"), linux(tmp_path / "l")
    data = "Users/anna/Library/Containers/com.blackmagic-design.DaVinciResolveLite/Data"
    assert shown([one.scripts for one in script_folders(mac)], mac.root) == [
        f"Users/anna/Library/Application Support/{BRAND}/Fusion/Scripts",
        f"Library/Application Support/{BRAND}/Fusion/Scripts",
        f"{data}/Library/Application Support/{BRAND}/Fusion/Scripts",
        f"{data}/Library/Application Support/Fusion/Scripts",
    ]
    assert shown([one.scripts for one in script_folders(win)], win.root) == [
        f"Users/anna/AppData/Roaming/{BRAND}/Support/Fusion/Scripts",
        f"ProgramData/{BRAND}/Fusion/Scripts",
    ]
    assert shown([one.scripts for one in script_folders(lin)], lin.root) == [
        "home/anna/.local/share/DaVinciResolve/Fusion/Scripts",
        "opt/resolve/Fusion/Scripts",
        "home/resolve/Fusion/Scripts",
    ]


def test_the_support_lies_where_resolve_does_not_look(system: System) -> None:
    for folder in script_folders(system):
        assert not folder.support.is_relative_to(folder.scripts)
        assert folder.menu.is_relative_to(folder.scripts / "Utility")


def test_for_one_person_the_sandbox_of_the_app_store_is_one_more_place(tmp_path: Path) -> None:
    folders = chosen_folders(macos(tmp_path, store=True), "me")
    assert [one.audience for one in folders] == ["me", "app-store", "app-store"]
    assert [one.audience for one in chosen_folders(macos(tmp_path / "b", store=True), "everyone")] == ["everyone"]


def test_a_variable_that_windows_has_not_set_names_no_folder(tmp_path: Path) -> None:
    system = replace(windows(tmp_path), environment={"PROGRAMDATA": str(tmp_path / "ProgramData")})
    assert [one.audience for one in script_folders(system)] == ["everyone"]


# ------------------------------------------------------------------------------------------------------------- install


def test_installing_writes_menu_and_support_and_nothing_else(system: System) -> None:
    before = tree(system.root)
    (folder, *_) = chosen_folders(system, "me")
    done = install(folder, SCRIPTS, COMMAND, "1.0")
    new = {system.root / name for name in set(tree(system.root)) - set(before)}
    assert {path for path in new if path.is_file()} == {
        folder.menu / "Cue List.py",
        folder.menu / "Export ADR Cues.lua",
        folder.support / "postsync_resolve/__init__.py",
        folder.support / "postsync_resolve/asking.py",
        folder.support / "installed.json",
    }
    assert {name: data for name, data in tree(system.root).items() if name in before} == before
    assert set(done.written) == {path for path in new if path.is_file() and path.name != "installed.json"}


def test_the_menu_script_knows_the_command_and_its_support(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    text = (folder.menu / "Cue List.py").read_text(encoding="ascii")
    said = {
        node.targets[0].id: json.loads(ast.literal_eval(node.value))  # type: ignore[attr-defined]
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
    }
    assert said == {"POSTSYNC_COMMAND": list(COMMAND), "POSTSYNC_SUPPORT": str(folder.support)}


@pytest.mark.parametrize(
    "path", [r"C:\Users\Ann 'O\new\postsync.exe", '/Users/Jürgen "J"/bin/postsync', r"\\nas\x\u0041"]
)
def test_no_path_breaks_the_script_that_it_is_written_into(path: str) -> None:
    script = with_paths(MENU, [path], Path("/x"))
    assert json.loads(ast.literal_eval(script.decode("ascii").splitlines()[1].partition("=")[2].strip())) == [path]


def test_a_script_in_lua_has_them_in_a_long_string() -> None:
    script = with_paths(SCRIPTS.menu["Export ADR Cues.lua"], ["C:\\x\\postsync.exe"], Path("/x"), lua=True)
    assert script.decode().splitlines()[0] == r'local POSTSYNC_COMMAND = [==[["C:\\x\\postsync.exe"]]==]'


def test_a_newer_version_replaces_what_is_there_and_takes_away_what_it_no_longer_has(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    done = install(folder, Scripts({"Cue List.py": MENU + b"# 2\n"}, SCRIPTS.support), COMMAND, "2.0")
    assert [path.name for path in done.removed] == ["Export ADR Cues.lua"]
    assert (folder.menu / "Cue List.py").read_bytes().endswith(b"# 2\n")
    there = installed_in(folder)
    assert there is not None and there.version == "2.0"


def test_a_script_that_somebody_changed_is_kept_outside_the_menu(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    (folder.menu / "Cue List.py").write_text("mine")
    (kept,) = install(folder, SCRIPTS, COMMAND, "1.1").kept
    assert kept.read_text() == "mine" and not kept.is_relative_to(folder.scripts)
    (folder.menu / "Cue List.py").write_text("mine again")
    (second,) = install(folder, SCRIPTS, COMMAND, "1.1").kept
    assert (kept.read_text(), second.read_text()) == ("mine", "mine again")


def test_a_file_of_somebody_else_is_never_overwritten(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    folder.menu.mkdir(parents=True)
    (folder.menu / "Cue List.py").write_text("somebody else's")
    before = tree(system.root)
    with pytest.raises(ResolveError, match="a file that postsync did not write") as fault:
        install(folder, SCRIPTS, COMMAND, "1.0")
    assert fault.value.exit_code == 6 and tree(system.root) == before


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    system = linux(tmp_path)
    (folder,) = chosen_folders(system, "everyone")
    folder.product.joinpath("Fusion").write_bytes(b"a file where a folder must be")
    with pytest.raises(CannotWrite, match="install for yourself"):
        install(folder, SCRIPTS, COMMAND, "1.0")


def test_where_one_file_cannot_be_written_none_is(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    (folder.support / "postsync_resolve/asking.py").mkdir(parents=True)  # a folder where a file must be
    with pytest.raises((CannotWrite, ResolveError)):
        install(folder, SCRIPTS, COMMAND, "1.0")
    assert [path for path in folder.product.rglob("*") if path.is_file()] == []


def test_a_damaged_list_is_named(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    (folder.support / "installed.json").write_text("{")
    with pytest.raises(FormatError, match=r"installed\.json"):
        uninstall(folder)


@pytest.mark.parametrize("name", ["menu/../../../../secret.txt", "/etc/passwd", "support/", "other/x"])
def test_a_list_that_names_files_outside_is_refused(tmp_path: Path, name: str) -> None:
    (folder, *_) = chosen_folders(linux(tmp_path), "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    path = folder.support / "installed.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "files": {name: "00"}}))
    before = tree(tmp_path)
    with pytest.raises(FormatError, match="names a file outside"):
        uninstall(folder)
    assert tree(tmp_path) == before


# ----------------------------------------------------------------------------------------------------------- uninstall


def test_uninstalling_leaves_the_computer_as_it_was(system: System) -> None:
    before = tree(system.root)
    for folder in chosen_folders(system, "me"):
        install(folder, SCRIPTS, COMMAND, "1.0")
    cache = chosen_folders(system, "me")[0].support / "postsync_resolve/__pycache__"
    cache.mkdir()
    (cache / "asking.cpython-314.pyc").write_bytes(b"\0")
    verbs.resolve_uninstall(system=system)
    assert tree(system.root) == before


def test_uninstalling_leaves_the_scripts_of_others_and_the_folders_that_hold_them(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    other = folder.scripts / "Utility" / "Theirs.py"
    other.parent.mkdir(parents=True)
    other.write_text("theirs")
    before = tree(system.root)
    install(folder, SCRIPTS, COMMAND, "1.0")
    uninstall(folder)
    assert tree(system.root) == before


def test_uninstalling_leaves_what_somebody_changed_and_names_it(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    (folder.menu / "Cue List.py").write_text("mine")
    done = uninstall(folder)
    assert done is not None and done.kept == (folder.menu / "Cue List.py",)
    assert (folder.menu / "Cue List.py").read_text() == "mine"
    assert installed_in(folder) is None and uninstall(folder) is None


def test_a_second_uninstalling_finds_nothing(system: System) -> None:
    assert verbs.resolve_uninstall(system=system).changes == ()


# -------------------------------------------------------------------------------------------------- what we really bring


def test_what_we_bring_has_entries_and_all_that_they_import() -> None:
    scripts = packed_scripts()
    assert any(name.endswith(".py") for name in scripts.menu)
    assert scripts.support and not any(name.startswith(("menu/", "lua/")) for name in scripts.support)
    for name, data in scripts.menu.items():
        if name.endswith(".py"):
            assert b"\nPOSTSYNC_COMMAND =" in data and b"\nPOSTSYNC_SUPPORT =" in data, name


def test_the_verb_installs_for_this_computer_and_says_where(system: System) -> None:
    done = verbs.resolve_install(system=system, command=COMMAND)
    assert done.to_json()["schema"] == "postsync.resolve-install/1"
    found = {folder.audience: there for folder, there in verbs.resolve_where(system=system).folders}
    assert found["me"] is not None and found["me"].version == __version__
    assert found["everyone"] is None


def test_without_resolve_nothing_is_written_and_the_places_are_named(tmp_path: Path) -> None:
    system = macos(tmp_path, resolve=False)
    before = tree(tmp_path)
    with pytest.raises(ResolveError, match=r"was not found.*DaVinci Resolve.*--into"):
        verbs.resolve_install(system=system)
    assert tree(tmp_path) == before
    verbs.resolve_install(system=system, into=tmp_path / "Scripts", command=COMMAND)
    assert any((tmp_path / "Scripts/Utility/postsync").glob("*.py"))


# -------------------------------------------------------------------------------------------------------------- doctor


def answers(code: int | None = 0, text: str = "postsync, version 1.0", **given: Any) -> Outside:
    return Outside(
        launcher_variable=lambda name: given.get("launcher"),
        registered_pythons=lambda: given.get("registered", []),
        run=lambda command: (code, text),
    )


def with_python(system: System, tmp: Path) -> Outside:
    """A computer on which Resolve finds a Python."""
    place = tmp / "usr/local/bin/python3"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"")
    return answers(registered=[place])


def examined(system: System, outside: Outside) -> dict[str, tuple[str, str]]:
    """The worst of each topic with what was found and what to do."""
    order = {"problem": 0, "note": 1, "ok": 2}
    checks = sorted(examine(system, outside, "1.0"), key=lambda check: order[check.state], reverse=True)
    return {check.topic: (check.state, f"{check.found} -> {check.remedy}") for check in checks}


def seen_from_inside(system: System, version: str, edition: str) -> None:
    folder = system.home / "Documents/postsync/Show/R1"
    folder.mkdir(parents=True, exist_ok=True)
    about: Mapping[str, str] = {"product": "DaVinci Resolve", "version": version, "edition": edition}
    data = {"schema": "postsync.resolve-snapshot/1", "written": "2026-09-20T10:00:00Z", "application": about}
    (folder / "R1.json").write_text(json.dumps(data))


def test_a_computer_on_which_all_is_well_has_no_problem(system: System, tmp_path: Path) -> None:
    outside = with_python(system, tmp_path)
    for folder in chosen_folders(system, "me"):
        install(folder, SCRIPTS, COMMAND, "1.0")
    seen_from_inside(system, "20.3.2", "studio")
    assert {check.state for check in examine(system, outside, "1.0")} == {"ok"}


def test_a_computer_without_resolve_is_told_so(tmp_path: Path) -> None:
    state, said = examined(macos(tmp_path, resolve=False), answers())["Resolve"]
    assert state == "problem" and "--into" in said


def test_scripts_that_are_not_installed_are_a_problem(system: System) -> None:
    state, said = examined(system, answers())["scripts"]
    assert (state, said) == ("problem", "not installed -> postsync resolve install")


def test_scripts_of_another_version_are_a_problem(system: System) -> None:
    install(chosen_folders(system, "me")[0], SCRIPTS, COMMAND, "0.9")
    state, said = examined(system, answers())["scripts"]
    assert state == "problem" and "from postsync 0.9, this is 1.0" in said


def test_a_script_that_is_missing_is_named(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    (folder.support / "postsync_resolve/asking.py").unlink()
    state, said = examined(system, answers())["scripts"]
    assert state == "problem" and "missing asking.py" in said


def test_a_command_that_does_not_start_is_a_problem(system: System) -> None:
    install(chosen_folders(system, "me")[0], SCRIPTS, COMMAND, "1.0")
    state, said = examined(system, answers(None, "No such file or directory"))["command"]
    assert state == "problem" and "does not start: No such file or directory" in said


@pytest.mark.parametrize("name", SYSTEMS)
def test_no_python_that_resolve_would_find_is_named_with_what_to_install(tmp_path: Path, name: str) -> None:
    system = SYSTEMS[name](tmp_path)
    state, said = examined(system, answers())["Python"]
    assert state == "note" and "lists no Python script" in said and "install" in said


def test_an_old_build_without_python_is_a_problem(tmp_path: Path) -> None:
    system = windows(tmp_path)
    notes = tmp_path / "ProgramData" / BRAND / "Support/Developer/Scripting"
    notes.mkdir(parents=True)
    (notes / "README.txt").write_text("")
    assert examined(system, answers())["Python"][0] == "problem"
    (notes / "README.txt").rename(notes / "README.md")
    assert examined(system, answers())["Python"] == ("ok", "21.1 or newer: Studio brings its own -> None")


def test_the_pythons_are_those_that_resolve_looks_for(tmp_path: Path) -> None:
    system = macos(tmp_path)
    assert pythons_for_resolve(system, answers()) == []
    usual, named = tmp_path / "usr/local/bin/python3", tmp_path / "python/bin/python3"
    for place in (usual, named):
        place.parent.mkdir(parents=True)
        place.write_bytes(b"")
    assert pythons_for_resolve(system, answers()) == [usual]
    assert pythons_for_resolve(system, answers(launcher=str(tmp_path / "python"))) == [named, usual]


def test_the_version_of_a_mac_application_is_read_from_its_bundle(tmp_path: Path) -> None:
    system = macos(tmp_path)
    contents = tmp_path / "Applications/DaVinci Resolve/DaVinci Resolve.app/Contents"
    contents.mkdir(parents=True)
    (contents / "Info.plist").write_bytes(plistlib.dumps({"CFBundleShortVersionString": "21.1.0"}))
    found = examined(system, answers())
    assert found["Resolve"][1].endswith("DaVinci Resolve.app, version 21.1.0 -> None")
    assert found["Python"][0] == "ok"


def test_the_free_edition_from_21_1_on_is_a_problem_with_the_way_round(system: System) -> None:
    seen_from_inside(system, "21.1.0", "free")
    state, said = examined(system, answers())["edition"]
    assert state == "problem" and "runs no Python scripts from 21.1 on: use the Lua export" in said


@pytest.mark.parametrize(("version", "edition"), [("18.6.6", "free"), ("20.3.2", "free"), ("21.1.0", "studio")])
def test_other_editions_are_well(system: System, version: str, edition: str) -> None:
    seen_from_inside(system, version, edition)
    assert examined(system, answers())["edition"][0] == "ok"


def test_the_sandbox_of_the_app_store_is_explained(tmp_path: Path) -> None:
    state, said = examined(macos(tmp_path, store=True), answers())["sandbox"]
    assert state == "note" and "cannot start the command" in said


def test_a_double_installation_and_a_copy_made_by_hand_are_noted(tmp_path: Path) -> None:
    system = linux(tmp_path)
    for audience in ("me", "everyone"):
        install(chosen_folders(system, audience)[0], SCRIPTS, COMMAND, "1.0")  # type: ignore[arg-type]
    copy = chosen_folders(system, "me")[0].scripts / "Edit" / "Export ADR Cues.py"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(MENU)
    said = [check.found for check in examine(system, answers(), "1.0") if check.state == "note"]
    assert any("installed twice" in one for one in said)
    assert any(one == f"a copy made by hand: {copy}" for one in said)


def test_a_damaged_list_does_not_stop_the_doctor(system: System) -> None:
    (folder, *_) = chosen_folders(system, "me")
    install(folder, SCRIPTS, COMMAND, "1.0")
    (folder.support / "installed.json").write_text("[]")
    state, said = examined(system, answers())["scripts"]
    assert state == "problem" and "installed.json" in said


# ------------------------------------------------------------------------------------------------------- the command line


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    system = linux(tmp_path)
    monkeypatch.setattr(System, "this", lambda: system)
    return system


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["resolve", *words], prog_name="postsync")


def test_the_commands_install_show_examine_and_take_away(at_home: System) -> None:
    before = tree(at_home.root)
    assert "menu entries" in run("install", "--command", "/nowhere/postsync").output
    assert __version__ in run("where").output
    done = run("doctor")
    assert done.exit_code == 1 and "/nowhere/postsync does not start" in done.output.replace("\n", "")
    assert "files removed" in run("uninstall").output
    assert tree(at_home.root) == before
    assert run("uninstall").output.strip() == "Nothing of ours is installed."


def test_installing_says_at_once_that_the_command_does_not_start(at_home: System) -> None:
    done = run("install", "--command", "/nowhere/postsync")
    assert done.exit_code == 1 and "problem command: /nowhere/postsync does not start" in " ".join(done.output.split())
    assert (
        json.loads(run("install", "--json", "--command", "/nowhere/postsync").stdout)["started"]["state"] == "problem"
    )


def test_a_command_that_starts_is_written_from_the_root_on(
    at_home: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "Zoë's tools" / "postsync-here"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\necho postsync, version 9\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent), prepend=os.pathsep)
    monkeypatch.chdir(command.parent)
    for typed in ("postsync-here", "./postsync-here"):
        done = run("install", "--command", typed, "--json")
        assert (done.exit_code, json.loads(done.stdout)["command"]) == (0, [str(command)])


def test_a_folder_named_from_where_one_stands_is_written_from_the_root_on(
    at_home: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("install", "--into", "some where/Scripts")
    script = (tmp_path / "some where/Scripts/Utility/postsync/Cue List.py").read_text(encoding="utf-8")
    assert json.dumps(str(tmp_path / "some where" / "postsync")) in script
    assert "files removed" in run("uninstall", "--into", "some where/Scripts").output
    assert list((tmp_path / "some where").rglob("*.py")) == []


@pytest.mark.parametrize("named", ["", " ", "."])
def test_a_script_folder_without_a_name_is_refused(
    at_home: System, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    for word in ("install", "uninstall"):
        done = run(word, "--into", named)
        assert done.exit_code == 6 and "no script folder is named" in done.output
    assert tree(tmp_path) == before


def test_the_commands_print_one_document(at_home: System) -> None:
    for word in ("install", "where", "doctor", "uninstall"):
        assert json.loads(run(word, "--json").stdout)["schema"] == f"postsync.resolve-{word}/1"
