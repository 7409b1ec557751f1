"""What every verb takes, and how every verb ends: report, losses on the screen, exit code."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import rich_click as click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from postsync.errors import PostsyncError, UnknownOption
from postsync.formats.files import whole_file
from postsync.report import LOSS_CODES, Report
from postsync.timing import Rate, rate_asked
from postsync.wording import counted

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
DIALECT = click.option(
    "--dialect",
    type=click.Choice(["auto", "tags", "edicue", "plain"]),
    help="The notation of names: tag language, EdiCue naming or plain words; else postsync.toml or the names decide.",
)
TAGS = click.option(
    "--tags",
    type=click.Choice(["none", "uid", "full"]),
    help="The mark by which cues are known again, in text: nothing, the uid, or the whole record.",
)
ALL_MARKERS = click.option("--all-markers", is_flag=True, help="Take every marker as a cue.")
BROKEN_PIPE = 141
ALWAYS_SHOWN = {"file-kept-aside"}
"""Notes that nobody should have to ask for."""
ENDLESS = 1_000_000


@dataclass
class Common:
    """The options that all verbs share, as typed."""

    from_format: str | None = None
    rate: Rate | None = None
    timeline: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    json: bool = False
    report: Path | None = None
    strict: bool = False
    allow: tuple[str, ...] = ()
    verbose: bool = False
    quiet: bool = False
    debug: bool = False

    def reading(self) -> dict[str, Any]:
        """Give what the reading verbs take."""
        return {
            "from_format": self.from_format,
            "rate": self.rate,
            "timeline": self.timeline,
            "options": self.options,
        }


def console() -> Console:
    """Give the console for results; it leaves colour out where it is not wanted (`NO_COLOR`, pipes).

    A pipe or a file has no width: nothing is broken over lines or cut short there.
    """
    return Console(highlight=False, soft_wrap=True, width=None if _has_width() else ENDLESS)


def _has_width() -> bool:
    return sys.stdout.isatty() or "COLUMNS" in os.environ


def notices() -> Console:
    """Give the console for losses, progress and errors: standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


_SHARED = (
    click.option(
        "--from", "from_format", metavar="FORMAT", help="Read the input as this format instead of recognising it."
    ),
    click.option(
        "--rate", metavar="RATE", help="Frame rate, only where the file leaves it open: 24, 23.976, '29.97 DF'."
    ),
    click.option("--timeline", metavar="NAME", help="Which timeline, where the file holds several."),
    click.option(
        "--option",
        "options",
        metavar="NAME=VALUE",
        multiple=True,
        help="An option of the format (`postsync formats FORMAT` lists them); repeatable.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."),
    click.option(
        "--report",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE.json",
        help="Write every loss and note.",
    ),
    click.option("--strict", is_flag=True, help="Exit with 1 when anything was lost."),
    click.option(
        "--allow", metavar="CODE", multiple=True, help="Under --strict, accept this kind of loss; repeatable."
    ),
    click.option("--verbose", "-v", is_flag=True, help="Show each loss and note, not only counts of losses."),
    click.option(
        "--quiet",
        "-q",
        is_flag=True,
        help="Print no losses, no progress, and not what was written; answers and errors still.",
    ),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)
_SHARED_NAMES = (
    "from_format", "rate", "timeline", "options", "as_json", "report", "strict", "allow", "verbose", "quiet", "debug",
)  # fmt: skip


def verb(function: F) -> F:
    """Give a command the shared options as one `Common` record, and end it with the right exit code."""

    @functools.wraps(function)
    def command(**given: Any) -> None:
        shared = {name: given.pop(name) for name in _SHARED_NAMES}
        with errors_as_sentences(bool(shared["debug"]), as_json=bool(shared["as_json"])):
            function(_common(shared), **given)

    for option in reversed(_SHARED):
        command = option(command)
    return cast("F", command)


def _common(shared: dict[str, Any]) -> Common:
    shared["json"] = shared.pop("as_json")
    shared["options"] = dict(_pair(text) for text in shared["options"])
    shared["rate"] = None if shared["rate"] is None else rate_asked(shared["rate"])
    unknown = [code for code in shared["allow"] if code not in LOSS_CODES]
    if unknown:
        raise UnknownOption(f"--allow: there is no loss code {unknown[0]!r}", remedy=f"known: {', '.join(LOSS_CODES)}")
    return Common(**shared)


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name.strip():
        raise UnknownOption("--option", expected="NAME=VALUE", found=repr(text))
    return name.strip().replace("-", "_"), value


@contextmanager
def errors_as_sentences(debug: bool, *, as_json: bool) -> Generator[None]:
    """Say our errors in one sentence and end with their exit code."""
    try:
        yield
    except PostsyncError as fault:
        if debug:
            raise
        if as_json:
            click.echo(json.dumps({"schema": "postsync.error/1", **fault.facts()}, ensure_ascii=False, indent=1))
        notices().print(f"postsync: {escape(fault.sentence())}", style="red")
        raise SystemExit(fault.exit_code) from fault
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(BROKEN_PIPE) from None
    except KeyboardInterrupt:
        notices().print("postsync: stopped; nothing half written")
        raise SystemExit(130) from None


def finish(common: Common, report: Report, document: Any = None, *, failed: bool = False) -> None:
    """Print the JSON if asked for, then the losses; write the report file; exit with 1 under --strict or where `failed`."""
    if common.report is not None:
        with whole_file(common.report) as file:
            file.write(
                json.dumps(
                    {"schema": "postsync.report/1", "losses": report.to_json()}, ensure_ascii=False, indent=1
                ).encode()
            )
    if common.json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    if not common.quiet:
        show_losses(report, verbose=common.verbose)
    forbidden = report.forbidden(common.allow)
    if common.strict and forbidden:
        codes = ", ".join(sorted({loss.code for loss in forbidden}))
        told = counted(len(forbidden), "loss", "losses")
        notices().print(f"postsync: --strict: {told} ({escape(codes)}); accept a kind with --allow CODE")
        raise SystemExit(1)
    if failed:
        raise SystemExit(1)


def show_losses(report: Report, *, verbose: bool) -> None:
    """Print losses in counted groups, or each on its line with the notes."""
    out = notices()
    if not verbose:
        for loss in report:
            if loss.code in ALWAYS_SHOWN:
                out.print(escape(loss.sentence()))
    shown = [loss.sentence() for loss in report.of_level("loss")] if verbose else report.grouped(notes=False)
    for line in shown:
        out.print(f"[yellow]![/yellow] {escape(line)}")
    for note in report.of_level("note") if verbose else ():
        out.print(f"[dim]·[/dim] {escape(note.sentence())}")
    hidden = len(report.of_level("note"))
    if hidden and not verbose:
        out.print(f"[dim]{counted(hidden, 'note')} (--verbose shows {'it' if hidden == 1 else 'them'})[/dim]")


@contextmanager
def progress_bar(common: Common) -> Generator[Any]:
    """Give a progress function that draws a bar on a terminal and nothing in a pipe."""
    if common.quiet or common.json or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=notices(), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield advance
