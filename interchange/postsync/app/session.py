"""One session of the app: its secret, its bounds, the folder for what was dropped, and how files are opened."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from postsync.app.running import Runs
from postsync.app.shelf import Shelf

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """How much may be sent: bytes of one file, of all files, how many files, and bytes of one question."""

    file: int = 4096 * MEGABYTE
    session: int = 16384 * MEGABYTE
    files: int = 5000
    question: int = MEGABYTE


@dataclass
class Session:
    """The state of one run of the app. `folder` is its own, for what is dropped; `show` opens a file or folder for the person.

    The token goes with every question of the page. A code lets the browser in that was started with it, once, since the
    addresses that programs are started with can be seen by others on the same computer.
    """

    folder: Path
    show: Callable[[Path], None]
    bounds: Bounds = field(default_factory=Bounds)
    language: str = "en"
    port: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    code: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    ended: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder, self.bounds.file, self.bounds.session, self.bounds.files)
        self.runs = Runs()

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names under which a page of this session is asked for."""
        return tuple(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))

    @property
    def address(self) -> str:
        """The address without a secret."""
        return f"http://127.0.0.1:{self.port}/"

    def knows(self, token: str) -> bool:
        """Whether a question carries the token of this session."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def enter(self, code: str) -> str | None:
        """Give the token for the code, which is then spent; None for any other."""
        if self.code is None or not hmac.compare_digest(code.encode(), self.code.encode()):
            return None
        self.code = None
        return self.token
