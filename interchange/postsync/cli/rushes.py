"""The commands `rushes index` and `conform`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.markup import escape

from postsync.cli.common import PATH, Common, console, finish, progress_bar, verb


@click.group()
def rushes() -> None:
    """Keep an index of what the sound recorders wrote, for `conform`.

    \b
    postsync rushes index /Volumes/Rushes/Sound --out film.sqlite
    postsync conform R1.edl --rushes film.sqlite --into "R1 isos"
    """


@rushes.command("index")
@click.argument("folders", type=PATH, nargs=-1, required=True)
@click.option(
    "--out",
    type=PATH,
    default="rushes.sqlite",
    show_default=True,
    metavar="FILE",
    help="The index, new or to go on with.",
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Read with so many processes; else as many as pay.")
@verb
def index_(common: Common, folders: tuple[Path, ...], out: Path, jobs: int | None) -> None:
    """Read the header of every sound file in FOLDERS into an index; the folders are only read.

    Run it again after each shooting day: only new and changed files are read. A run that was stopped goes on where it was.

    Example: postsync rushes index /Volumes/Rushes/Sound --out film.sqlite
    """
    from postsync import verbs

    with progress_bar(common) as progress:
        done = verbs.rushes_index(folders, out=out, jobs=jobs, progress=progress)
    if not common.json and not common.quiet:
        draw_index(console(), done)
    finish(common, done.report, done.to_json())


def draw_index(out: Console, done: Any) -> None:
    """Draw what was read, and what the index holds."""
    run, holds = done.indexing, done.holds
    out.print(
        f"[bold]{escape(str(done.index))}[/bold]: {run.there} sound files there: {run.new} new, {run.changed} changed, "
        f"{run.unchanged} as they were" + (f", {run.gone} gone" if run.gone else "")
    )
    told = f"{holds['recordings']} recordings in {holds['files']} files, {holds['rolls']} rolls, {holds['days']} days"
    copies = f", {holds['copies']} copies" if holds["copies"] else ""
    stamps = f", {holds['without_stamp']} without a time stamp" if holds["without_stamp"] else ""
    out.print(f"  holds {told}{copies}{stamps}", markup=False)
