"""Make the acceptance kit: `python -m postsync.delivery.acceptance FOLDER [APPLICATION…]`."""

from __future__ import annotations

import sys
from pathlib import Path

from postsync.delivery.acceptance import make_kit
from postsync.errors import MediaError, PostsyncError
from postsync.wording import counted


def main(words: list[str]) -> int:
    """Make what the words ask for, say what to do with it, and give the exit code."""
    if not words or words[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 0 if words[:1] in (["-h"], ["--help"]) else 2
    try:
        made = make_kit(Path(words[0]), words[1:])
    except PostsyncError as fault:
        sys.stderr.write(f"{fault.sentence()}\n")
        return fault.exit_code
    for one in made:
        sys.stdout.write(f"{one.sent}: {one.reel.tests}\n")
    silent = [one for one in made if one.turnover.media_missing]
    if silent:
        sys.stderr.write(f"{counted(len(silent), 'turnover')} without all sound; the reports say which\n")
        return MediaError.exit_code
    sys.stdout.write("Import each, export it again, then: postsync verify SENT RETURNED --json\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
