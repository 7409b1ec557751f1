"""The commands `resolve install`, `uninstall`, `where` and `doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from rich.markup import escape

from postsync.cli.common import FOLDER, Common, console, finish, verb
from postsync.cli.listing import Listing
from postsync.wording import counted

if TYPE_CHECKING:
    from postsync.resolve import Check
    from postsync.verbs import Changes

INTO = click.option(
    "--into", type=FOLDER, metavar="FOLDER", help="This script folder, instead of Resolve's usual ones."
)


@click.group()
def resolve() -> None:
    """Put the menu scripts into DaVinci Resolve, and say why they do not run.

    \b
    postsync resolve install
    postsync resolve doctor
    postsync resolve where
    postsync resolve uninstall
    """


@resolve.command()
@click.option(
    "--for", "audience", type=click.Choice(["me", "everyone"]), default="me", show_default=True,
    help="For this user, or for all users of this computer (as an administrator).",
)  # fmt: skip
@INTO
@click.option(
    "--command", metavar="PATH", help="The command that the scripts start, where it is not the one that runs now."
)
@verb
def install(common: Common, audience: Any, into: Path | None, command: str | None) -> None:
    """Install the menu scripts: Workspace > Scripts > postsync, after a restart of Resolve.

    What is there from an older version is replaced; files of others are never touched. Exits with 1 where the command that the
    scripts start does not start.

    Example: postsync resolve install
    """
    from postsync import verbs

    done = verbs.resolve_install(audience=audience, into=into, command=[command] if command else None)
    starts = done.started is None or done.started.state == "ok"
    if not common.json and not common.quiet:
        out = console()
        for change in done.changes:
            entries = sum(path.is_relative_to(change.folder.menu) for path in change.written)
            out.print(f"{escape(str(change.folder.menu))}: {entries} menu entries")
        _print_kept(done)
        out.print("Restart Resolve: they are in Workspace > Scripts > postsync. If not: postsync resolve doctor")
        if done.started is not None and not starts:
            _print_check(done.started)
    finish(common, _nothing_lost(), done.to_json(), failed=not starts)


@resolve.command()
@click.option("--for", "audience", type=click.Choice(["me", "everyone"]), help="Only there; default everywhere.")
@INTO
@verb
def uninstall(common: Common, audience: Any, into: Path | None) -> None:
    """Take the menu scripts away again; nothing else is touched.

    Example: postsync resolve uninstall
    """
    from postsync import verbs

    done = verbs.resolve_uninstall(audience=audience, into=into)
    if not common.json and not common.quiet:
        for change in done.changes:
            console().print(f"{escape(str(change.folder.menu))}: {counted(len(change.removed), 'file')} removed")
        _print_kept(done)
        if not done.changes:
            console().print("Nothing of ours is installed.")
    finish(common, _nothing_lost(), done.to_json())


@resolve.command()
@verb
def where(common: Common) -> None:
    """Show the folders in which Resolve looks for scripts, and what of ours lies there.

    Example: postsync resolve where
    """
    from postsync import verbs

    found = verbs.resolve_where()
    if not common.json:
        table = Listing("for", "script folder", "Resolve", "scripts")
        for folder, there in found.folders:
            here = "yes" if folder.found else "no"
            table.add_row(folder.audience, escape(str(folder.scripts)), here, there.version if there else "")
        console().print(table)
    finish(common, _nothing_lost(), found.to_json())


@resolve.command()
@verb
def doctor(common: Common) -> None:
    """Say what keeps the scripts from running, and what to do. Exits with 1 where something does.

    Example: postsync resolve doctor
    """
    from postsync import verbs

    found = verbs.resolve_doctor()
    if not common.json:
        for check in found.checks:
            _print_check(check)
    finish(common, _nothing_lost(), found.to_json(), failed=not found.is_well)


def _print_check(check: Check) -> None:
    marks = {"ok": "[green]ok[/green]", "note": "[yellow]note[/yellow]", "problem": "[red]problem[/red]"}
    remedy = f"\n         do: {escape(check.remedy)}" if check.remedy else ""
    console().print(f"{marks[check.state]:<8} {check.topic}: {escape(check.found)}{remedy}")


def _print_kept(done: Changes) -> None:
    for change in done.changes:
        for path in change.kept:
            console().print(f"Changed by somebody, so kept: {escape(str(path))}")


def _nothing_lost() -> Any:
    from postsync.report import Report

    return Report()
