"""The app as a person has it: served on a port of the loopback address, asked over HTTP as its page asks."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

WAIT = 60


class Running:
    """The address and token of an app that runs, and what it was asked to open."""

    def __init__(self, address: str, opened: list[Path]) -> None:
        parts = urlsplit(address)
        self.address, self.opened = address, opened
        self.port = parts.port or 0
        self.token = parts.fragment.removeprefix("token=")
        self.origin = f"http://127.0.0.1:{self.port}"

    def raw(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
        """Ask with exactly these headers; gives the status, the headers and the text."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        link.request(method, path, body, headers or {})
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, dict(answer.getheaders()), text

    def ask(self, method: str, path: str, body: Any = None, *, ok: bool = True) -> Any:
        """Ask as the page does; gives the answer, or with `ok` false the status and the error."""
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"X-Postsync-Token": self.token, "Origin": self.origin}
        status, _, text = self.raw(method, f"/ask/{path}", sent, headers)
        if ok:
            assert status == 200, text
            return json.loads(text)
        return status, json.loads(text)["error"]

    def give(self, name: str, content: bytes) -> str:
        """Drop a file; gives its id."""
        item = self.ask("POST", "items", {"name": name})["id"]
        self.ask("PUT", f"items/{item}", content)
        return item

    def choose(self, path: Path) -> str:
        """Choose a file of this computer; gives its id."""
        return self.ask("POST", "items/chosen", {"path": str(path)})["id"]

    def run(self, task: str, items: dict[str, list[str]], into: Path, **answers: Any) -> Any:
        """Do a job to its end; gives what it came to."""
        run = self.ask("POST", "runs", {"task": task, "items": items, "answers": answers, "into": str(into)})["id"]
        for _ in range(WAIT * 20):
            found = self.ask("GET", f"runs/{run}")
            if found["state"] not in ("waiting", "running"):
                return found
            time.sleep(0.05)
        raise TimeoutError(task)


@contextmanager
def running(**how: Any) -> Iterator[Running]:
    """Run the app in a thread for as long as the block lasts, and end it as its page does."""
    pytest.importorskip("starlette", reason="the extra app is not installed")
    pytest.importorskip("uvicorn", reason="the extra app is not installed")
    from postsync.app.serving import serve

    told: list[str] = []
    opened: list[Path] = []
    thread = threading.Thread(
        target=serve, kwargs={"browser": False, "told": told.append, "show": opened.append, **how}, daemon=True
    )
    thread.start()
    for _ in range(WAIT * 20):
        if told:
            break
        time.sleep(0.05)
    one = Running(told[0], opened)
    try:
        yield one
    finally:
        one.ask("POST", "quit", {})
        thread.join(WAIT)
        assert not thread.is_alive()
