"""Starting the app: a free port of the loopback address, the browser opened, everything tidied up at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from postsync.app.session import Session
from postsync.errors import CannotWrite, UnknownOption

if TYPE_CHECKING:
    import uvicorn

INSTALL = 'pip install "postsync[app]"'
LOOPBACK = "127.0.0.1"


def serve(
    *,
    port: int = 0,
    browser: bool = True,
    language: str = "en",
    told: Callable[[str], None] = print,
    show: Callable[[Path], None] | None = None,
) -> None:
    """Run the app until it is ended by the page or from the keyboard. `port` 0 takes any that is free.

    `told` is given the address, `show` opens files for the person. Raises UnknownOption where the extra `app` is not
    installed, CannotWrite where the port is taken.
    """
    with _listening(port) as listener, tempfile.TemporaryDirectory(prefix="postsync-app-") as folder:
        session = Session(Path(folder), show or open_for_person, language=language, port=listener.getsockname()[1])

        def begun() -> None:
            told(f"{session.address}#token={session.token}")
            if browser:
                webbrowser.open(f"{session.address}#code={session.code}")

        server = _server(session, begun)
        with suppress(KeyboardInterrupt):  # Ctrl-C is how it is ended from the terminal.
            server.run(sockets=[listener])
        session.runs.end()


def _server(session: Session, begun: Callable[[], None]) -> uvicorn.Server:
    """Make the server of a session, which ends with it; `begun` is called as soon as it can be asked."""
    try:
        import uvicorn

        from postsync.app.routes import application
    except ImportError as fault:
        raise UnknownOption(f"the app needs {fault.name}", remedy=f"install it with: {INSTALL}") from fault

    class Server(uvicorn.Server):
        """Says that it has begun once Ctrl-C is heard by it: before, that would leave a loop half made."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            begun()

        def end(self) -> None:
            self.should_exit = True

    server = Server(
        uvicorn.Config(
            application(session), log_level="critical", access_log=False, server_header=False, lifespan="off",
            timeout_graceful_shutdown=2, ws="none",
        )
    )  # fmt: skip
    session.ended = server.end
    return server


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # There, the option would let two programs share the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()  # So that a browser that is quicker than the server waits instead of failing.
    except OSError as fault:
        listener.close()
        raise CannotWrite(
            f"port {port} cannot be used: {fault.strerror}", remedy="choose another with --port"
        ) from fault
    return listener


def open_for_person(path: Path) -> None:
    """Open a file or folder with what this computer opens it with."""
    if sys.platform == "win32":
        os.startfile(path)
    elif path.suffix.lower() in (".html", ".htm"):
        webbrowser.open(path.as_uri())
    else:
        subprocess.Popen(["open" if sys.platform == "darwin" else "xdg-open", str(path)])
