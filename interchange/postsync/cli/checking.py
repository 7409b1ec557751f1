"""The command `check`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from postsync.cli.common import ALL_MARKERS, FOLDER, PATH, Common, console, finish, verb
from postsync.cli.tables import draw_findings


@click.command()
@click.argument("file", type=PATH)
@click.option("--for", "application", metavar="APPLICATION", help="Also say what this application refuses or misreads.")
@click.option(
    "--media", "search", type=FOLDER, multiple=True, metavar="FOLDER", help="Look for media here too; repeatable."
)
@click.option(
    "--guide", "guides", type=PATH, multiple=True, metavar="FILE",
    help="Measure the sound against this mix (WAV or movie); repeatable.",
)  # fmt: skip
@click.option("--handles", metavar="LENGTH", help="The sound that each clip should have before and after it: 4s, 12f.")
@ALL_MARKERS
@verb
def check(
    common: Common,
    file: Path,
    application: str | None,
    search: tuple[Path, ...],
    guides: tuple[Path, ...],
    handles: str | None,
    all_markers: bool,
) -> None:
    """Say what is wrong with FILE, or may be, and what to do.

    The cues: numbers, characters and actors, lines, times, reels, tags and takes; also against postsync.toml. With --for:
    media, rates, handles, nests, speeds, fades, names, markers, and the rules of the file itself, as that application takes
    them.
    With --guide: the pops, and where each clip lies against the mix, to the sample. Exits with 1 when an error is found.
    --verbose shows every finding and the notes.

    Applications: pro-tools, media-composer, resolve, nuendo, final-cut, premiere, logic.

    Example: postsync check reel1.aaf --for pro-tools --media /Volumes/Sound --handles 4s
    """
    from postsync import verbs

    found = verbs.check(
        file, application=application, search=search, handles=handles, guides=guides, all_markers=all_markers,
        **common.reading(),
    )  # fmt: skip
    if not common.json:
        draw_findings(console(), found.findings, verbose=common.verbose)
    finish(common, found.report, found.to_json())
    if found.has_errors:
        raise SystemExit(1)
