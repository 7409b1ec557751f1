"""The command `postsync` and its verbs. Each parses, calls one function of `postsync.verbs`, and prints."""

from __future__ import annotations

import rich_click as click

from postsync import __version__
from postsync.cli.app import app
from postsync.cli.checking import check
from postsync.cli.converting import convert
from postsync.cli.looking import cues, formats, inspect
from postsync.cli.media import media
from postsync.cli.merging import merge
from postsync.cli.numbering import number, renumber
from postsync.cli.placing import place
from postsync.cli.reconforming import diff, reconform
from postsync.cli.reporting import report
from postsync.cli.rushes import conform, rushes, scene
from postsync.cli.syncing import sync
from postsync.cli.turning_over import demo, turnover
from postsync.cli.verifying import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="postsync")
def main() -> None:
    """Carry ADR cues and synced clips between picture editors and sound.

    \b
    postsync demo                                  see the main job run on a small made reel
    postsync inspect reel1.fcpxml                  what is in a file
    postsync cues reel1.fcpxml                     its ADR cues
    postsync turnover reel1.fcpxml --into R1       the folder for Pro Tools
    postsync merge R1.otio back.xlsx merged.otio   a cue list that came back
    postsync reconform v1.edl v2.edl R1.otio --into v2  cues and takes onto a new cut
    postsync place R1.otio Takes --into placed      recorded takes onto their cues
    postsync report R1.otio --kind cue-sheet --out R1.pdf  paper
    postsync app                                   all of it in a page, without a terminal
    postsync conform R1.edl --rushes SOUND --into isos  the recorder's channels under the edit
    """


for command in (
    inspect, cues, convert, number, renumber, check, turnover, verify, merge, diff, reconform, sync, place, rushes, conform,
    scene, report, media, formats, demo, app,
):  # fmt: skip
    main.add_command(command)
