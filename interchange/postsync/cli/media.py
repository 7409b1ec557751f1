"""The commands `media list`, `media find` and `media extract`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from postsync.cli.common import FOLDER, PATH, Common, console, finish, verb
from postsync.cli.tables import draw_media

SEARCH = click.option(
    "--media", "search", type=FOLDER, multiple=True, metavar="FOLDER", help="Look for media here too; repeatable."
)


@click.group()
def media() -> None:
    """List, find and take out the media of a file.

    \b
    postsync media list reel1.aaf
    postsync media find reel1.aaf --media /Volumes/Sound
    postsync media extract reel1.aaf --into "R1 sound"
    """


@media.command("list")
@click.argument("file", type=PATH)
@SEARCH
@verb
def list_(common: Common, file: Path, search: tuple[Path, ...]) -> None:
    """List the media of FILE, each file once: where it lies, what it is, whether it is there.

    Example: postsync media list reel1.aaf --json
    """
    from postsync import verbs

    found = verbs.media_list(file, search=search, **common.reading())
    if not common.json:
        draw_media(console(), found)
    finish(common, found.report, found.to_json())


@media.command()
@click.argument("file", type=PATH)
@SEARCH
@click.option("--into", type=FOLDER, help="Copy what was found into this folder; nothing there is written over.")
@verb
def find(common: Common, file: Path, search: tuple[Path, ...], into: Path | None) -> None:
    """Find the linked media of FILE: where it says, beside it, and below the folders given.

    Example: postsync media find reel1.aaf --media /Volumes/Sound
    """
    from postsync import verbs

    found = verbs.media_find(file, into=into, search=search, **common.reading())
    if not common.json:
        draw_media(console(), found)
    finish(common, found.report, found.to_json())


@media.command()
@click.argument("file", type=PATH)
@click.option("--into", required=True, type=FOLDER, help="The folder for the WAVs; nothing there is written over.")
@verb
def extract(common: Common, file: Path, into: Path) -> None:
    """Take the sound inside FILE out as WAVs, with time stamp, scene and take.

    Example: postsync media extract reel1.aaf --into "R1 sound"
    """
    from postsync import verbs

    found = verbs.media_extract(file, into, **common.reading())
    if not common.json and not common.quiet:
        draw_media(console(), found)
    finish(common, found.report, found.to_json())
