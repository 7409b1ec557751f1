"""The commands `number` and `renumber`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from postsync.cli.common import ALL_MARKERS, PATH, Common, console, finish, verb
from postsync.cli.tables import draw_numbering

_AS = click.option("--as", "as_format", metavar="FORMAT", help="The format to write, where the suffix does not say.")

_ALL_IN_PLACE = (
    "no number changed, so there is no list of old and new: each cue has the one that the scheme gives it; "
    "postsync.toml states another scheme or start ([numbers])"
)


@click.command()
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@_AS
@ALL_MARKERS
@verb
def number(common: Common, source: Path, target: Path, as_format: str | None, all_markers: bool) -> None:
    """Number the cues of IN that have no number, and write all of it as OUT.

    A number that is there is never changed. Between two numbers a cue takes a suffix letter (R106A); after the last the
    sequence goes on. The scheme is that of postsync.toml, else the one that the list already follows.

    Example: postsync number reel1.otio "reel1 numbered.otio"
    """
    from postsync import verbs

    done = verbs.number(source, target, as_format=as_format, all_markers=all_markers, **common.reading())
    if not common.json and not common.quiet:
        draw_numbering(console(), done)
    finish(common, done.report, done.to_json())


@click.command()
@click.argument("source", metavar="IN", type=PATH)
@click.argument("target", metavar="OUT", type=PATH)
@click.option("--force", is_flag=True, help="Renumber although takes are recorded under the old numbers.")
@_AS
@ALL_MARKERS
@verb
def renumber(common: Common, source: Path, target: Path, force: bool, as_format: str | None, all_markers: bool) -> None:
    """Give every cue of IN a new number by the scheme, write OUT, and beside it the list of old and new numbers.

    The old numbers are remembered and never used again for another cue. A cue that has the number already which the scheme
    gives it keeps it; omitted cues keep theirs. Refused once takes are recorded, unless forced.

    Example: postsync renumber reel1.otio "reel1 v2.otio"
    """
    from postsync import verbs

    done = verbs.renumber(source, target, force=force, as_format=as_format, all_markers=all_markers, **common.reading())
    if not common.json and not common.quiet:
        draw_numbering(console(), done)
        if done.numbering.kept and not done.numbering.changes:
            console().print(_ALL_IN_PLACE, markup=False, soft_wrap=True)
    finish(common, done.report, done.to_json())
