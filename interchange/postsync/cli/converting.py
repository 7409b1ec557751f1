"""The command `convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from postsync.cli.common import ALL_MARKERS, DIALECT, PATH, TAGS, Common, console, finish, verb


@click.command()
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@click.option("--as", "as_format", metavar="FORMAT", help="The format to write, where the suffix does not say.")
@click.option(
    "--cue-clips",
    type=click.Choice(["tags", "edicue", "plain"]),
    help="Write the cues alone, as silent clips on tracks of their characters, named in this notation.",
)
@TAGS
@DIALECT
@ALL_MARKERS
@verb
def convert(common: Common, source: Path, target: Path, **how: Any) -> None:
    """Turn IN into OUT, whole or not at all; what OUT cannot hold is printed.

    Example: postsync convert reel1.fcpxml "reel1 cues.csv"
    """
    from postsync import verbs

    done = verbs.convert(source, target, **how, **common.reading())
    if not common.json and not common.quiet:
        console().print(f"{target} ({done.read_as} to {done.written_as})", markup=False)
    finish(common, done.report, done.to_json())
