"""What the page may ask: every question and its answer. Who may ask at all is the guard's matter."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from postsync import __version__
from postsync.app import places
from postsync.app.guard import Guard
from postsync.app.looking import RATES, look
from postsync.app.running import Run
from postsync.app.session import Session
from postsync.app.shelf import Item, TooMuch
from postsync.app.task import Given, Task, filled
from postsync.app.tasks import TASKS, choice_titles, task_named
from postsync.app.words import Sayer, spoken, table
from postsync.errors import FormatError, PostsyncError, UnknownOption
from postsync.timing import rate_asked

_log = logging.getLogger("postsync.app")

Ask = Callable[[Session, Request], Awaitable[Any]]

PAGE = {"/": ("app.html", "text/html"), "/app.css": ("app.css", "text/css"), "/app.js": ("app.js", "text/javascript")}


def application(session: Session) -> Guard:
    """Make the web application of a session."""
    routes = [Route(path, _page(session, name, kind)) for path, (name, kind) in PAGE.items()]
    routes += [Route(f"/ask/{path}", _answered(session, ask), methods=[method]) for method, path, ask in ASKED]
    return Guard(Starlette(routes=routes), session)


def _page(session: Session, name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    text = (files("postsync.app") / "page" / name).read_text(encoding="utf-8")

    for key, said in table(session.language).items():  # The few that the page needs before it may ask.
        text = text.replace(f"{{say:{key}}}", escape(said))
    text = text.replace("{language}", spoken(session.language))

    async def give(request: Request) -> Response:
        return Response(text, media_type=kind)

    return give


def _answered(session: Session, ask: Ask) -> Callable[[Request], Awaitable[Response]]:
    """Make a route of a question: what it gives as JSON, and our errors as one sentence."""

    async def give(request: Request) -> Response:
        try:
            return JSONResponse(await ask(session, request))
        except TooMuch as fault:
            return JSONResponse({"error": fault.sentence()}, status_code=413)
        except PostsyncError as fault:
            return JSONResponse({"error": fault.sentence()}, status_code=400)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as fault:  # noqa: BLE001 - the page shall say that something went wrong, and the app go on
            _log.exception("%s failed", request.url.path)
            return JSONResponse({"error": f"unexpected: {type(fault).__name__}: {fault}"}, status_code=500)

    return give


async def _body(session: Session, request: Request) -> dict[str, Any]:
    """Give the question's fields; FormatError where it is too long or no JSON object."""
    text = b""
    async for chunk in request.stream():
        text += chunk
        if len(text) > session.bounds.question:
            raise TooMuch("the question is too long")
    try:
        body = json.loads(text or b"{}")
    except ValueError as fault:
        raise FormatError(expected="a question in JSON", found="something else") from fault
    if not isinstance(body, dict):
        raise FormatError(expected="an object", found=type(body).__name__)
    return body


def _text(body: Mapping[str, Any], name: str, usual: str | None = None) -> str:
    value = body.get(name, usual)
    if not isinstance(value, str):
        raise FormatError(place=name, expected="a text", found=repr(value))
    return value


# -------------------------------------------------------------------------------------------------------- the session


async def _enter(session: Session, request: Request) -> Any:
    body = await _body(session, request)
    token = session.enter(_text(body, "code"))
    if token is None:
        raise UnknownOption("this address was used before", remedy="open the address that the app shows")
    return {"token": token}


async def _start(session: Session, request: Request) -> Any:
    return {
        "version": __version__,
        "words": {**table(session.language), **choice_titles(session.language)},
        "tasks": [task.to_json() for task in TASKS.values()],
        "rates": RATES,
        "usual": await run_sync(places.starting_places),
        "items": [_shown(item) for item in session.shelf.items.values() if item.whole],
        "runs": list(session.runs.runs),
    }


async def _quit(session: Session, request: Request) -> Any:
    session.ended()
    return {}


# ----------------------------------------------------------------------------------------------------------- the files


def _shown(item: Item) -> dict[str, Any]:
    return item.to_json()


async def _promise(session: Session, request: Request) -> Any:
    body = await _body(session, request)
    size = body.get("size", 0)
    if type(size) is not int or size < 0:
        raise FormatError(place="size", expected="a number of bytes", found=repr(size))
    return _shown(session.shelf.promised(_text(body, "name"), folder=body.get("folder") is True, size=size))


async def _receive(session: Session, request: Request) -> Any:
    item = session.shelf.get(request.path_params["item"])
    length = request.headers.get("content-length", "")
    announced = int(length) if length.isdecimal() else None
    await session.shelf.receive(item, request.query_params.get("inside", ""), announced, request.stream())
    return {}


async def _choose(session: Session, request: Request) -> Any:
    body = await _body(session, request)
    return _shown(session.shelf.chosen(Path(_text(body, "path"))))


async def _look(session: Session, request: Request) -> Any:
    item = session.shelf.get(request.path_params["item"])
    body = await _body(session, request)
    rate = body.get("rate")
    if rate is not None:
        rate_asked(_text(body, "rate"))
    timeline = body.get("timeline")
    if timeline is not None:
        timeline = _text(body, "timeline")
    item.settings = {"rate": rate, "all_markers": body.get("all_markers") is True, "timeline": timeline}
    return await run_sync(look, item)


async def _remove(session: Session, request: Request) -> Any:
    await run_sync(session.shelf.remove, request.path_params["item"])
    return {}


# ---------------------------------------------------------------------------------------------------------- the places


async def _place(session: Session, request: Request) -> Any:
    body = await _body(session, request)
    wants_files = body.get("files") is True
    return await run_sync(lambda: places.place(_text(body, "path", ""), files=wants_files))


async def _new_place(session: Session, request: Request) -> Any:
    body = await _body(session, request)
    made = await run_sync(places.new_folder, _text(body, "path"), _text(body, "name"))
    return {"path": str(made)}


# ------------------------------------------------------------------------------------------------------------ the jobs


async def _run(session: Session, request: Request) -> Any:
    body = await _body(session, request)
    task = task_named(_text(body, "task"))
    items = _items(session, task, body.get("items"))
    answers = filled(task, body.get("answers"))
    say = Sayer(session.language)
    first = next(iter(items.values()))[0]
    name = task.called(first.path.stem.removesuffix(".cues"), {**answers, **_titles(answers, session.language)})
    into = await run_sync(places.fresh_folder, _text(body, "into"), name) if task.writes else None

    def job(run: Run) -> Any:
        return task.do(Given(items, answers, into, run, say, session.language))

    return {"id": session.runs.start(say(f"task.{task.name}"), into, job).id}


def _items(session: Session, task: Task, asked: Any) -> dict[str, list[Item]]:
    """Give the items of each slot; UnknownOption where a slot that must be filled is empty."""
    if not isinstance(asked, dict):
        raise FormatError(place="items", expected="files by slot", found=repr(asked))
    found: dict[str, list[Item]] = {}
    for slot in task.slots:
        ids = asked.get(slot.name) or []
        if not isinstance(ids, list) or (len(ids) > 1 and not slot.many):
            raise FormatError(place=slot.name, expected="one file", found=repr(ids))
        found[slot.name] = [session.shelf.get(str(one)) for one in ids]
        if not found[slot.name] and not slot.optional:
            raise UnknownOption(f"{slot.name}: no file was given", remedy="choose one")
    return found


def _titles(answers: Mapping[str, Any], language: str) -> dict[str, str]:
    """Give the words of answers that name a folder well."""
    words = {**table(language), **choice_titles(language)}
    named = {name: words.get(f"choice.{name}.{answer}") for name, answer in answers.items() if isinstance(answer, str)}
    return {name: text for name, text in named.items() if text}


async def _how_far(session: Session, request: Request) -> Any:
    return session.runs.get(request.path_params["run"]).to_json()


async def _stop(session: Session, request: Request) -> Any:
    session.runs.get(request.path_params["run"]).stopping = True
    return {}


async def _open(session: Session, request: Request) -> Any:
    """Open a file that a job made, or its folder: nothing else on this computer."""
    run = session.runs.get(request.path_params["run"])
    body = await _body(session, request)
    number = body.get("file")
    made = () if run.outcome is None else run.outcome.files
    if number is None:
        path = run.folder
    else:
        path = made[number].path if type(number) is int and 0 <= number < len(made) else None
    if path is None or not path.exists():
        raise UnknownOption("there is no such file any more")
    await run_sync(session.show, path)
    return {}


ASKED: tuple[tuple[str, str, Ask], ...] = (
    ("POST", "enter", _enter),
    ("GET", "start", _start),
    ("POST", "quit", _quit),
    ("POST", "items", _promise),
    ("POST", "items/chosen", _choose),
    ("PUT", "items/{item}", _receive),
    ("POST", "items/{item}/look", _look),
    ("DELETE", "items/{item}", _remove),
    ("POST", "place", _place),
    ("POST", "place/new", _new_place),
    ("POST", "runs", _run),
    ("GET", "runs/{run}", _how_far),
    ("POST", "runs/{run}/stop", _stop),
    ("POST", "runs/{run}/open", _open),
)
