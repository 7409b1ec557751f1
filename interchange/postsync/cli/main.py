"""The command `postsync` and its verbs. Each parses, calls one function of `postsync.verbs`, and prints."""

from __future__ import annotations

import rich_click as click

from postsync import __version__
from postsync.cli.app import app
from postsync.cli.checking import check
from postsync.cli.completion import completion
from postsync.cli.converting import convert
from postsync.cli.looking import cues, formats, inspect
from postsync.cli.media import media
from postsync.cli.merging import merge
from postsync.cli.numbering import number, renumber
from postsync.cli.placing import place
from postsync.cli.reconforming import diff, reconform
from postsync.cli.reporting import report
from postsync.cli.resolving import resolve
from postsync.cli.rushes import conform, rushes, scene
from postsync.cli.syncing import sync
from postsync.cli.turning_over import demo, turnover
from postsync.cli.verifying import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="postsync")
def main() -> None:
    """Carry ADR cues and synced clips between picture editors and sound.

    \b
    postsync demo                                 the main job, on a small reel
    postsync inspect r1.fcpxml                    what is in a file
    postsync turnover r1.fcpxml --into R1         the folder for Pro Tools
    postsync merge R1.otio back.xlsx R1b.otio     a cue list that came back
    postsync place R1.otio Takes --into placed    takes onto their cues
    postsync reconform v1.edl v2.edl R1.otio --into v2
    postsync report R1.otio --kind cue-sheet --out R1.pdf
    postsync app                                  all of it, without a terminal
    """


PANELS: dict[str, tuple[click.Command, ...]] = {
    "Look": (inspect, cues, diff, formats),
    "Send": (turnover, convert, check, verify),
    "Cues": (number, renumber, merge, report),
    "Sound and new cuts": (place, sync, reconform, rushes, conform, scene, media),
    "Around it": (resolve, app, demo, completion),
}

for title, commands in PANELS.items():
    for command in commands:
        main.add_command(command)
    click.command_panel(title, commands=[str(command.name) for command in commands])(main)
