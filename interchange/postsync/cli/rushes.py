"""The commands `rushes index`, `conform` and `scene rename`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.markup import escape

from postsync.cli.common import ALL_MARKERS, FOLDER, PATH, Common, console, finish, progress_bar, verb
from postsync.wording import counted

LONG_LIST = 40


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
        f"[bold]{escape(str(done.index))}[/bold]: {counted(run.there, 'sound file')} there: {run.new} new, "
        f"{run.changed} changed, {run.unchanged} as they were" + (f", {run.gone} gone" if run.gone else "")
    )
    recordings, files, rolls, days = (counted(holds[f"{what}s"], what) for what in ("recording", "file", "roll", "day"))
    told = f"{recordings} in {files}, {rolls}, {days}"
    copies = f", {holds['copies']} of them copies" if holds["copies"] else ""
    stamps = f", {holds['without_stamp']} without a time stamp" if holds["without_stamp"] else ""
    out.print(f"  holds {told}{copies}{stamps}", markup=False)


@click.command()
@click.argument("edit", type=PATH)
@click.option(
    "--rushes",
    type=PATH,
    multiple=True,
    required=True,
    metavar="INDEX",
    help="The index that `rushes index` made, or a folder of rushes; repeatable.",
)
@click.option("--into", required=True, type=FOLDER, help="The folder to make.")
@click.option(
    "--relink", "relink_only", is_flag=True, help="Keep the edit; only let its clips play the recorder's files."
)
@click.option(
    "--events",
    type=click.Choice(["auto", "sound", "picture"]),
    default="auto",
    show_default=True,
    help="Which clips are conformed: sound, picture, or sound where there is any.",
)
@click.option(
    "--by",
    type=click.Choice(["microphone", "channel"]),
    default="microphone",
    show_default=True,
    help="A track for each microphone by its name, or for each track of the recorder.",
)
@click.option("--mix/--no-mix", default=None, help="Lay the recorder's mix too; else only under pictures.")
@click.option("--alone", is_flag=True, help="Give only the microphones, to be brought into a session that exists.")
@click.option(
    "--for",
    "application",
    default="pro-tools",
    show_default=True,
    help="The application that receives it; none: no turnover.",
)
@click.option(
    "--copy-media", "media", flag_value="copy", help="New mono WAVs with handles in the folder (the default)."
)
@click.option("--embed", "media", flag_value="embed", help="Sound inside the AAF.")
@click.option(
    "--link", "media", flag_value="link", help="Point at mono files where they are; poly files are still split."
)
@click.option(
    "--handles", default="4s", show_default=True, metavar="LENGTH", help="Sound beyond the ends of each clip."
)
@click.option(
    "--media",
    "search",
    type=FOLDER,
    multiple=True,
    metavar="FOLDER",
    help="Look for the edit's own sound here; repeatable.",
)
@click.option(
    "--scenes", type=PATH, metavar="TABLE", help="What the cut calls scenes and takes: CSV or XLSX of old and new."
)
@click.option(
    "--check/--no-check", default=True, help="Prove each match by the edit's own sound where that is at hand."
)
@click.option("--date", metavar="DATE", help="The date on paper; default today.")
@ALL_MARKERS
@verb
def conform(common: Common, edit: Path, **how: Any) -> None:
    """Lay the recorder's own channels under EDIT, a track for each microphone, every clip on its sample.

    Each clip is found by file, roll and timecode, shooting day and time, scene and take, in that order, with a reason. What is
    not sure is listed with what it could be, and not laid. The exit code is 1 where clips wait for you.

    Example: postsync conform "R1 dialogue.edl" --rushes film.sqlite --into "R1 isos"
    """
    from postsync import verbs

    how["media"] = how["media"] or "copy"
    how["date"] = how["date"] or datetime.date.today().isoformat()  # noqa: DTZ011 - the day where the paper is printed
    with progress_bar(common) as progress:
        done = verbs.conform(edit, progress=progress, **common.reading(), **how)
    if not common.json and not common.quiet:
        draw_conform(console(), done)
    finish(common, done.report, done.to_json(), failed=done.unsettled)


def draw_conform(out: Console, done: Any) -> None:
    """Draw the counts, the tracks, and what waits."""
    matches = done.conform.matches
    placed = sum(match.placed for match in matches)
    out.print(f"[bold]{escape(str(done.folder))}[/bold]: {placed} of {counted(len(matches), 'event')} placed")
    parts = sum(match.is_part for match in matches)
    if parts:
        out.print(f"  [yellow]{parts}[/yellow] of them only in part: the recording is shorter")
    proven = sum(match.proof is not None and match.proof.same for match in matches)
    if proven:
        out.print(f"  {proven} proven by their sound")
    if done.laid is not None and done.laid.clips:
        on = f"{counted(done.laid.clips, 'clip')} on {counted(len(done.laid.names), 'track')}"
        out.print(f"  {on}: {', '.join(done.laid.names)}", markup=False)
    elif done.laid is None:
        out.print(f"  {counted(done.relinked, 'clip')} relinked", markup=False)
    for roll, clock in sorted(done.conform.clocks.by_roll.items()):
        out.print(f"  roll {roll or 'without a name'}: {clock.why}", markup=False)
    waiting = [match for match in matches if not match.placed]
    for match in waiting[:LONG_LIST]:
        time = done.facts.timecode(match.event.record_in)
        out.print(f"  [yellow]?[/yellow] {time} {escape(match.event.name)} [dim]{escape(match.why_not)}[/dim]")
    if len(waiting) > LONG_LIST:
        out.print(f"  [dim]and {len(waiting) - LONG_LIST} more[/dim]")
    out.print(f"  {done.log.name}: what was found for each, and why", markup=False)


@click.group()
def scene() -> None:
    """Change scenes and takes of an edit.

    Example: postsync scene rename R1.aaf scenes.csv "R1 renamed.aaf"
    """


@scene.command()
@click.argument("source", metavar="EDIT", type=PATH)
@click.argument("table", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@click.option("--as", "as_format", metavar="FORMAT", help="The format to write, where the suffix does not say.")
@verb
def rename(common: Common, source: Path, table: Path, target: Path, as_format: str | None) -> None:
    """Give the clips of EDIT the scenes and takes of TABLE, and write all of it as OUT.

    TABLE is CSV, TSV or XLSX with columns Old scene and New scene and, where takes change too, Old take and New take.

    Example: postsync scene rename R1.aaf scenes.csv "R1 renamed.aaf"
    """
    from postsync import verbs

    done = verbs.scene_rename(source, table, target, as_format=as_format, **common.reading())
    if not common.json and not common.quiet:
        out = console()
        out.print(f"[bold]{escape(str(done.target))}[/bold]: {counted(len(done.renamed), 'clip')} renamed")
        for row in done.table.unused[:LONG_LIST]:
            out.print(f"  not found: {row.place}: scene {row.old_scene} take {row.old_take or '*'}", markup=False)
    finish(common, done.report, done.to_json())
