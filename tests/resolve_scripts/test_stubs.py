"""What keeps the double honest: our declared interface, the published stubs, the calls of our scripts, and their syntax."""

from __future__ import annotations

import ast
import inspect
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import resolve_double as double
from postsync_resolve import api
from resolve_double.menu import SCRIPTS
from resolve_double.profiles import NEW_IN_21_1

PAIRS = [
    (api.ResolveApi, double.Resolve), (api.ProjectManagerApi, double.ProjectManager), (api.ProjectApi, double.Project),
    (api.TimelineApi, double.Timeline), (api.TimelineItemApi, double.TimelineItem), (api.MediaPoolApi, double.MediaPool),
    (api.MediaPoolItemApi, double.MediaPoolItem), (api.FolderApi, double.Folder), (api.FusionApi, double.Fusion),
]  # fmt: skip

FILES = sorted(SCRIPTS.rglob("*.py"))

LIBRARIES = {
    "__future__", "contextlib", "dataclasses", "fractions", "json", "math", "os", "platform", "re", "shlex", "shutil", "struct",
    "subprocess", "sys", "tempfile", "threading", "time", "traceback", "typing", "wave",
}  # fmt: skip
"""Modules that every Python from 3.8 to 3.14 has, Resolve's built-in one too."""

WINDOWS = {
    "AddItem", "AddTopLevelItem", "AddWindow", "Button", "CheckBox", "ComboBox", "CurrentItem", "ExitLoop",
    "GetItems", "GetResolve", "HGroup", "Hide", "Label", "LineEdit", "NewItem", "RunLoop", "SetHeaderLabels", "Show",
    "TextEdit", "Tree", "UIDispatcher", "VGroup",
}  # fmt: skip
"""Calls to Fusion's windows, which no stubs describe."""


def methods(protocol: Any) -> list[str]:
    return [name for name in vars(protocol) if name[:1].isupper()]


@pytest.mark.parametrize(("declared", "ours"), PAIRS, ids=lambda one: one.__name__)
def test_the_double_has_the_methods_of_the_declared_interface(declared: Any, ours: Any) -> None:
    for name in methods(declared):
        wanted = inspect.signature(vars(declared)[name]).parameters.values()
        there = inspect.signature(getattr(ours, name)).parameters.values()
        assert [one.kind for one in wanted] == [one.kind for one in there], f"{ours.__name__}.{name}"
        needed = [one.default is inspect.Parameter.empty for one in wanted]
        also = [one.default is inspect.Parameter.empty for one in there]
        assert all(ask or not must for ask, must in zip(needed, also, strict=True)), f"{ours.__name__}.{name}"


def test_every_declared_method_is_compared_with_the_published_stubs() -> None:
    """`against_stubs.py` is checked with the rest by the type checker of the house rules."""
    source = (Path(double.__file__).parent / "against_stubs.py").read_text(encoding="utf-8")
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    declared = {name for protocol, _ in PAIRS if protocol is not api.FusionApi for name in methods(protocol)}
    assert declared == {name for name in called if name[:1].isupper()}


def parameters_of_stub(text: str) -> dict[str, dict[str, list[str]]]:
    """Give classes, methods and parameter names of a stub file."""
    return {
        one.name: {
            method.name: [argument.arg for argument in method.args.posonlyargs + method.args.args][1:]
            for method in one.body
            if isinstance(method, ast.FunctionDef)
        }
        for one in ast.parse(text).body
        if isinstance(one, ast.ClassDef)
    }


def fits(stub: dict[str, dict[str, list[str]]], new: bool) -> list[str]:
    """Give what our declared interface has and a stub has not, or with fewer parameters."""
    faults = []
    for protocol, _ in PAIRS:
        there = stub.get(protocol.__name__.removesuffix("Api"), {})
        for name in methods(protocol):
            if name in there:
                ours = list(inspect.signature(vars(protocol)[name]).parameters)[1:]
                if len(ours) > len(there[name]):
                    faults.append(f"{protocol.__name__}.{name} takes {there[name]}")
            elif protocol is not api.FusionApi and (new or name not in NEW_IN_21_1):
                faults.append(f"{protocol.__name__}.{name}")
    return faults


def test_the_published_stubs_have_every_method_that_our_scripts_call() -> None:
    places = [Path(folder) / "fusionscript-stubs" / "fusionscript.pyi" for folder in sys.path]
    path = next((one for one in places if one.is_file()), None)
    if path is None:
        pytest.skip("fusionscript-stubs is not installed")
    assert fits(parameters_of_stub(path.read_text(encoding="utf-8")), new=False) == []


def test_the_stubs_of_an_installed_resolve_have_them_too() -> None:
    path = Path(os.environ.get("POSTSYNC_RESOLVE_STUBS", "") or "nowhere")
    if not path.is_file():
        pytest.skip("no Resolve 21.1: name its DaVinciResolveScript.pyi in POSTSYNC_RESOLVE_STUBS")
    assert fits(parameters_of_stub(path.read_text(encoding="utf-8")), new=True) == []


def test_the_scripts_call_nothing_that_is_not_declared() -> None:
    declared = {name for protocol, _ in PAIRS for name in methods(protocol)}
    others = {"Outcome", "TemporaryFile", "Event", "Thread"}
    for path in (one for one in FILES if "postsync_resolve" in one.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr[:1].isupper():
                assert node.func.attr in declared | WINDOWS | others, f"{path.name}: {node.func.attr}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_scripts_are_python_3_8_and_use_the_standard_library_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    named = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    named |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named <= LIBRARIES | {"postsync_resolve"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_scripts_hold_nothing_that_3_14_warns_of(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(text, str(path), "exec")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Try):  # from 3.14 on these are warnings at a finally
            assert not any(
                isinstance(one, (ast.Return, ast.Break, ast.Continue))
                for part in node.finalbody
                for one in ast.walk(part)
            )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_annotations_that_3_8_cannot_evaluate_stay_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "->" in text:
        assert "from __future__ import annotations" in text


OLD_AND_NEW = """
import pkgutil, sys
sys.path.insert(0, sys.argv[1])
import postsync_resolve
for one in pkgutil.walk_packages(postsync_resolve.__path__, "postsync_resolve."):
    if not one.name.endswith(".api"):
        __import__(one.name)
from postsync_resolve.clock import Clock
from postsync_resolve.instructions import WantedCue
from postsync_resolve.marker_plan import plan_markers
cue = WantedCue("AAAAAAAA", "R101", 10, 5, "Red", "R101", "line", '{"postsync":{"cue":{"uid":"AAAAAAAA"}}}')
taken = {"frame": 10, "color": "Blue", "name": "x", "note": "", "duration": 1, "custom_data": ""}
plan = plan_markers([taken], [cue], (), Clock("23.976", False, 86400, 100))
postsync_resolve.run_job("Cue List", {})
print([row.to_json() for row in plan.rows])
"""


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.12", "3.13", "3.14"])
def test_the_support_package_runs_on_every_python_that_resolve_may_pick(version: str) -> None:
    python = shutil.which(f"python{version}")
    works = python and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    if not python or not works:
        pytest.skip(f"no Python {version} on this machine")
    done = subprocess.run(
        [python, "-W", "error", "-c", OLD_AND_NEW, str(SCRIPTS)], capture_output=True, text=True, check=False
    )
    assert "DaVinci Resolve did not answer" in done.stdout and "'frame': 11, 'result': 'nudged'" in done.stdout, (
        done.stderr
    )


def test_a_name_that_no_build_has_is_a_typo_and_one_that_this_build_lacks_is_none() -> None:
    _, resolve = double.new_world(double.V21_0)
    with pytest.raises(double.Typo):
        _ = resolve.GetCurrentPagee
    assert resolve.IsStudio is None and hasattr(resolve, "IsStudio") and "IsStudio" not in dir(resolve)
    assert double.new_world(double.V21_1)[1].IsStudio() is True
