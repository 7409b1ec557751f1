"""The command `place`."""

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


@click.command()
@click.argument("work", type=PATH)
@click.argument("takes", type=PATH, nargs=-1, required=True)
@click.option("--into", required=True, type=FOLDER, help="The folder to make.")
@click.option(
    "--by",
    type=click.Choice(["auto", "cue", "stamp", "sync"]),
    default="auto",
    show_default=True,
    help="Where takes lie: at the cue, at their time stamp, slipped into sync with the guide; auto: stamp where it fits.",
)
@click.option(
    "--guide",
    "guides",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Guide sound or movie; else the timeline's own sound.",
)
@click.option(
    "--phrases", is_flag=True, help="With --by sync: cut takes in their own silences, a slip for each phrase."
)
@click.option("--log", "logs", type=PATH, multiple=True, metavar="FILE", help="The recordist's log, CSV or XLSX.")
@click.option("--accept-guesses", is_flag=True, help="Also place takes whose cue is not sure.")
@click.option("--for", "application", default="pro-tools", show_default=True, help="The application that receives it.")
@click.option("--alone", is_flag=True, help="Give it the ADR tracks alone, to be brought into a session that exists.")
@click.option("--no-alternates", "alternates", flag_value=False, default=True, help="Place only the takes that play.")
@click.option(
    "--handles", default="500ms", show_default=True, metavar="LENGTH", help="Sound beyond the cue's in and out."
)
@click.option("--fade", default="10ms", show_default=True, metavar="LENGTH", help="Fades at both ends of each clip.")
@click.option("--pre-roll", metavar="LENGTH", help="How long before the line a take without a time stamp begins.")
@click.option("--embed", "media", flag_value="embed", help="Sound inside the AAF.")
@click.option("--link", "media", flag_value="link", help="Point at the files where they are (the default).")
@click.option("--copy-media", "media", flag_value="copy", help="New mono WAVs with handles in the folder.")
@click.option(
    "--media", "search", type=FOLDER, multiple=True, metavar="FOLDER", help="Look for media here too; repeatable."
)
@click.option("--date", metavar="DATE", help="The date on paper; default today.")
@ALL_MARKERS
@verb
def place(common: Common, work: Path, takes: tuple[Path, ...], **how: Any) -> None:
    """Bring recorded TAKES (files or folders) onto the cues of WORK.

    Each take is paired with its cue by name, scene, folder, log and time stamp; what is not sure is listed and not placed. One
    ADR track for each character, alternates muted beneath. The exit code is 1 where takes wait for you to decide.

    Example: postsync place R1.otio "Stage A/Audio Files" --log "Stage A.csv" --into "R1 placed"
    """
    from postsync import verbs

    how["media"] = how["media"] or "link"
    how["date"] = how["date"] or datetime.date.today().isoformat()  # noqa: DTZ011 - the day where the paper is printed
    with progress_bar(common) as progress:
        done = verbs.place(work, takes, progress=progress, **common.reading(), **how)
    if not common.json and not common.quiet:
        draw_placing(console(), done)
    finish(common, done.report, done.to_json(), failed=done.unsettled)


def draw_placing(out: Console, done: Any) -> None:
    """Draw the counts, what lies where, and what waits."""
    rows = done.placing.rows
    amounts = f"{counted(len(rows), 'take')}: {done.placing.amounts}"
    out.print(f"[bold]{escape(str(done.turnover.folder))}[/bold]: {escape(amounts)}")
    for track in done.placing.tracks:
        count = sum(row.track == track for row in rows)
        out.print(f"  {escape(track)}: {counted(count, 'take')}")
    waiting = [row for row in rows if row.what in ("guess", "unpaired")]
    for row in waiting[:LONG_LIST]:
        cue = row.pairing.cue
        meant = f"perhaps {cue.number or cue.uid}: {row.pairing.why()}" if cue is not None else "no cue"
        out.print(f"  [yellow]?[/yellow] {escape(row.pairing.recorded.path.name)} [dim]{escape(meant)}[/dim]")
    if len(waiting) > LONG_LIST:
        out.print(f"  [dim]and {len(waiting) - LONG_LIST} more[/dim]")
    missing = done.placing.matching.cues_without_takes
    if missing:
        out.print(f"  {counted(len(missing), 'cue')} without a take", markup=False)
    out.print(f"  {done.log.name}: what went where, and why", markup=False)
