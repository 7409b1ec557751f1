"""The command `report`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import rich_click as click
from rich.markup import escape

from postsync.cli.common import ALL_MARKERS, FOLDER, PATH, Common, console, finish, verb


@click.command()
@click.argument("works", type=PATH, nargs=-1, required=True, metavar="WORK…")
@click.option("--kind", required=True, metavar="KIND", help="Which report; the list stands below.")
@click.option("--out", type=PATH, metavar="FILE", help="The file: .pdf, .html, .xlsx, .csv or .json.")
@click.option("--into", type=FOLDER, metavar="FOLDER", help="A file for each character into this folder.")
@click.option("--as", "as_form", metavar="FORM", help="The form, where the suffix does not say; of a folder, else PDF.")
@click.option(
    "--since", "earlier", type=PATH, multiple=True, metavar="WORK",
    help="The work as it was when paper last went out: what changed since is marked; repeatable.",
)  # fmt: skip
@click.option("--character", "characters", multiple=True, metavar="NAME", help="Only this character; repeatable.")
@click.option("--reel", "reels", multiple=True, metavar="REEL", help="Only this reel; repeatable.")
@click.option(
    "--by", type=click.Choice(["reel", "character", "scene"]), default="reel", show_default=True,
    help="What a cue sheet is ordered by.",
)  # fmt: skip
@click.option("--size", type=click.IntRange(9, 40), default=20, show_default=True, help="Points of an actor's lines.")
@click.option("--context/--no-context", default=True, help="The lines before and after in an actor's script.")
@click.option(
    "--feet", type=click.Choice(["35mm-4perf", "35mm-3perf", "35mm-2perf", "16mm"]),
    help="Also tell feet and frames from the beginning of the reel, in a cue sheet.",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="Instead of the show's name.")
@click.option("--episode", metavar="TEXT", help="Instead of the project's.")
@click.option("--picture-version", "version", metavar="TEXT", help="Instead of the project's.")
@click.option("--revision", metavar="TEXT", help="The revision that the head names, such as Blue.")
@click.option("--paper", type=click.Choice(["A4", "Letter"]), help="Else the project's, or that of the language.")
@click.option("--language", metavar="TAG", default="en", show_default=True, help="en, en-US, de, fr, es.")
@click.option("--date", metavar="DATE", help="The date in the head; default today.")
@ALL_MARKERS
@verb
def report(common: Common, works: tuple[Path, ...], kind: str, **how: Any) -> None:
    """Write a report of one WORK or of several, a reel each, as PDF, HTML, XLSX, CSV or JSON.

    \b
    cue-sheet       every cue with boxes for takes, by reel, character or scene
    line-count      characters by reels, minutes, what is left
    sides           an actor's script in large type, with room to write
    session         a page for each line, with boxes for takes and the running time
    recordist-log   takes with circle, microphone and file; reads back as takes
    directors-list  by scene, with reason and who asked for it
    group-list      walla and callouts by scene, with room for the headcount
    continuity      scenes with in, out, length and who is in them
    progress        for each character spotted, recorded, cut, left
    missed-lines    the lines that are still open, by character
    changes         what is new, moved, changed, struck or gone, and what to do
    as-recorded     the final words with their times
    tv-cover        the words of the cinema and of television side by side
    questions       what the checks find and what waits, with room for answers
    schedule        actors with parts, lines and minutes to book
    browser         a page to look through all cues: strips, filters, details (HTML)
    all             all of these into a folder, a script for each actor

    Example: postsync report R1.otio R2.otio --kind cue-sheet --since "old R1.otio" --out sheet.pdf
    """
    from postsync import verbs

    how["date"] = how["date"] or datetime.date.today().isoformat()  # noqa: DTZ011 - the day on which a person prints
    done = verbs.report(works, kind, how.pop("out"), **common.reading(), **how)
    if not common.json and not common.quiet:
        for path in done.files:
            console().print(escape(str(path)))
    finish(common, done.report, done.to_json())
