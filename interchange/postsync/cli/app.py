"""The command `app`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from rich.markup import escape

from postsync.cli.common import FOLDER, console, errors_as_sentences


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; by itself, one that is free.")
@click.option("--no-browser", "browser", flag_value=False, default=True, help="Only say the address.")
@click.option("--language", metavar="TAG", default="en", show_default=True, help="en, de.")
@click.option(
    "--launcher",
    type=FOLDER,
    metavar="FOLDER",
    help="Write a file to double-click into FOLDER instead, such as the desktop.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def app(port: int, browser: bool, language: str, launcher: Path | None, debug: bool) -> None:
    """Open all jobs as a page in your browser, for this computer alone.

    Drop a timeline, a marker list, takes or a returned sheet; see what is in it; choose a job and the folder for its
    results. Nothing leaves this computer. Ends with Ctrl-C, or by the page's own button.

    Example: postsync app --launcher ~/Desktop
    """
    from postsync.app.launcher import write_launcher
    from postsync.app.serving import serve

    out = console()
    with errors_as_sentences(debug, as_json=False):
        if launcher is not None:
            out.print(escape(str(write_launcher(launcher))))
            return

        def told(address: str) -> None:
            out.print("postsync runs until you press Ctrl-C here, or Quit in the page:")
            out.print(f"  {address}", markup=False)

        serve(port=port, browser=browser, language=language, told=told)
