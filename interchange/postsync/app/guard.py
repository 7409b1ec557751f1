"""Who may ask: only the page that this session opened, from this computer.

A web page elsewhere can make a browser send requests to the loopback address, and a name can be made to point at it. So every
question must name our own host, come from our own page, and carry the session's token in a header, which no page
elsewhere can set.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from postsync.app.session import Session

TOKEN = "x-postsync-token"
ASKED = "/ask/"
ENTER = "/ask/enter"
LOOPBACK = ("127.0.0.1", "::1")

SAFEGUARDS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Stands before every route; what it turns away is told why in one sentence."""

    def __init__(self, app: ASGIApp, session: Session) -> None:
        self.app, self.session = app, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or turn it away."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        fault = self._fault(scope)

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SAFEGUARDS)
            await send(message)

        if fault:
            await JSONResponse({"error": fault}, status_code=403)(scope, receive, safely)
        else:
            await self.app(scope, receive, safely)

    def _fault(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        client = scope.get("client")
        if client is not None and client[0] not in LOOPBACK:
            return "this page is for this computer only"
        if headers.get("host", "") not in self.session.hosts:
            return "this page has another address"
        if not scope["path"].startswith(ASKED):
            return ""
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "asked by another page"
        origin = headers.get("origin")
        if origin is None and scope["method"] != "GET":
            return "it is not said which page asks"
        if origin is not None and origin.removeprefix("http://") not in self.session.hosts:
            return "asked by another page"
        if scope["path"] != ENTER and not self.session.knows(headers.get(TOKEN, "")):
            return "this page belongs to a session that has ended: open the app anew"
        return ""
