"""The app: who may ask it, its texts, and how it begins and ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app_running import running
from postsync.app.launcher import write_launcher
from postsync.app.words import LANGUAGES, WORDS, Sayer
from postsync.cli import main


@pytest.fixture(scope="module")
def app():
    with running() as one:
        yield one


# ------------------------------------------------------------------------------------------------------- who may ask


def test_only_the_loopback_address_listens(app):
    addresses = {address for address in _own_addresses() if not address.startswith("127.")}
    for address in addresses:
        with pytest.raises(OSError):
            http.client.HTTPConnection(address, app.port, timeout=1).request("GET", "/")


def _own_addresses():
    import socket

    try:
        return {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except OSError:
        return set()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"X-Postsync-Token": "wrong"}, "a session that has ended"),
        ({"X-Postsync-Token": ""}, "a session that has ended"),
        ({"Origin": "http://evil.example"}, "asked by another page"),
        ({"Origin": "http://127.0.0.1:1"}, "asked by another page"),
        ({"Origin": "null"}, "asked by another page"),
        ({"Origin": None}, "it is not said which page asks"),
        ({"Host": "evil.example"}, "another address"),
        ({"Sec-Fetch-Site": "cross-site"}, "asked by another page"),
    ],
)
def test_what_does_not_come_from_its_own_page_is_turned_away(app, change, said):
    usual = {"X-Postsync-Token": app.token, "Origin": app.origin}
    headers = {name: value for name, value in {**usual, **change}.items() if value is not None}
    status, _, text = app.raw("POST", "/ask/place", b"{}", headers)
    assert status == 403 and said in json.loads(text)["error"]
    assert app.raw("POST", "/ask/place", b"{}", usual)[0] == 200


def test_a_name_that_points_here_gets_nothing_either(app):
    assert app.raw("GET", "/", headers={"Host": "evil.example"})[0] == 403
    assert app.raw("GET", "/", headers={"Host": f"localhost:{app.port}"})[0] == 200


def test_every_answer_forbids_frames_caches_and_foreign_scripts(app):
    for path in ("/", "/app.js", "/app.css", "/ask/start", "/nothing"):
        _, headers, _ = app.raw("GET", path)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_page_itself_holds_no_secret(app):
    assert all(app.token not in app.raw("GET", path)[2] for path in ("/", "/app.js", "/app.css"))


def test_there_is_no_cross_origin_permission(app):
    status, headers, _ = app.raw("OPTIONS", "/ask/place", headers={"Origin": "http://evil.example"})
    assert status in (403, 405) and not [name for name in headers if name.startswith("access-control")]


def test_the_code_that_the_browser_is_started_with_works_once(tmp_path):
    from postsync.app.session import Session

    session = Session(tmp_path, lambda path: None)
    code = session.code
    assert session.enter("wrong") is None
    assert session.enter(code) == session.token
    assert session.enter(code) is None
    session.runs.end()


# ----------------------------------------------------------------------------------------------------- texts, command


def test_every_text_is_there_in_every_language_with_the_same_facts():
    import string

    for key, texts in WORDS.items():
        assert len(texts) == len(LANGUAGES), key
        facts = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
        assert facts[0] == facts[1], key


def test_every_job_slot_and_question_has_its_text():
    from postsync.app.tasks import TASKS, choice_titles

    known = {**WORDS, **choice_titles("en")}
    for task in TASKS.values():
        assert {f"task.{task.name}", f"task.{task.name}.why"} <= set(known)
        assert {f"slot.{slot.name}" for slot in task.slots} <= set(known)
        assert {f"field.{one.name}" for one in task.fields} <= set(known)
    assert Sayer("de")("done.convert", name="R1.otio") == "Geschrieben: R1.otio."


def test_every_text_that_the_page_asks_for_exists():
    from importlib.resources import files

    folder = files("postsync.app") / "page"
    asked = set(re.findall(r'data-text="([^"]+)"', (folder / "app.html").read_text(encoding="utf-8")))
    asked |= set(re.findall(r'say\("([^"]+[^."])"', (folder / "app.js").read_text(encoding="utf-8")))
    assert asked - set(WORDS) - {"state", "role", "slot", "field", "head", "task", "severity"} == set()


@pytest.mark.parametrize(
    ("platform", "name", "starts"),
    [
        ("darwin", "postsync.command", "#!/bin/sh"),
        ("win32", "postsync.cmd", "@echo off"),
        ("linux", "postsync.desktop", "[Desktop"),
    ],
)
def test_a_launcher_starts_the_app_with_the_python_that_made_it(tmp_path, platform, name, starts):
    path = write_launcher(tmp_path, platform=platform, python="/opt/my python/100%/python3")
    text = path.read_text(encoding="utf-8")
    assert path.name == name and text.startswith(starts) and "-m postsync app" in text
    quoted = {"darwin": "'/opt/my python/100%/python3'", "win32": '"/opt/my python/100%%/python3"'}
    assert quoted.get(platform, '"/opt/my python/100%%/python3"') in text
    assert path.stat().st_mode & 0o111


def test_the_command_writes_a_launcher(tmp_path):
    done = CliRunner().invoke(main, ["app", "--launcher", str(tmp_path)])
    assert done.exit_code == 0 and len(list(tmp_path.iterdir())) == 1
    assert CliRunner().invoke(main, ["app", "--launcher", str(tmp_path / "gone")]).exit_code == 4


def test_a_port_that_is_taken_is_said_in_one_sentence(app):
    done = CliRunner().invoke(main, ["app", "--no-browser", "--port", str(app.port)])
    assert done.exit_code == 4 and f"port {app.port}" in done.stderr and done.stderr.count("\n") == 1


def _hears_the_keyboard() -> None:
    """Undo what a shell does to its background jobs, to which the tests may belong."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="there, a program cannot be sent Ctrl-C alone")
def test_the_keyboard_ends_it_and_nothing_is_left(tmp_path):
    paths = os.pathsep.join(str(Path(__file__).resolve().parents[2] / root) for root in ("interchange", "adapters"))
    with subprocess.Popen(
        [sys.executable, "-m", "postsync", "app", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(tmp_path)},
        preexec_fn=_hears_the_keyboard,  # noqa: PLW1509 - no threads run here yet
    ) as started:  # fmt: skip
        started.stdout.readline()
        address = started.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#token=[\w-]{40,}", address)
        started.send_signal(signal.SIGINT)
        assert started.wait(60) == 0
        assert started.stderr.read() == "" and list(tmp_path.iterdir()) == []


def test_without_its_libraries_it_says_how_to_get_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = CliRunner().invoke(main, ["app", "--no-browser"])
    assert done.exit_code == 2 and 'pip install "postsync[app]"' in done.stderr
    assert done.stdout == ""
