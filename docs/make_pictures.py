"""Make the pictures of the walks: `python docs/make_pictures.py`, with Chromium installed. The example, its pages, a window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).resolve().parent / "pictures"
REEL, NEW = "reel/The Crossing R1.fcpxml", "new cut/The Crossing R1 v4.fcpxml"
COMMANDS = (
    ("demo", "."),
    ("convert", REEL, "R1.otio"),
    ("sync", REEL, "ADR takes", "--page", "sync.html"),
    ("place", "R1.otio", "ADR takes", "--by", "sync", "--media", "reel", "--into", "placed", "--date", "2026-01-01"),
    ("reconform", REEL, NEW, "placed/The Crossing R1.otio", "--into", "v4", "--date", "2026-01-01"),
    ("report", "R1.otio", "--kind", "cue-sheet", "--out", "sheet.html", "--date", "2026-01-01"),
    ("report", "R1.otio", "--kind", "browser", "--out", "browser.html", "--date", "2026-01-01"),
)
PAGES = {
    "cue-sheet": ("sheet.html", "1100,760"),
    "browser": ("browser.html", "1280,760"),
    "sync": ("sync.html", "1100,760"),
    "reconform": ("v4/The Crossing R1 reconform.html", "1280,900"),
}
CHROMIUM = os.environ.get("CHROMIUM", "chromium")


def main() -> None:
    """Type the commands in a folder of their own and photograph the pages."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        for arguments in COMMANDS:
            done = subprocess.run([sys.executable, "-m", "postsync", *arguments], cwd=work, check=False)
            if done.returncode > 1:
                raise SystemExit(f"postsync {' '.join(arguments)} failed")
        for name, (page, size) in PAGES.items():
            target = f"--screenshot={PICTURES / name}.png"
            window = ("--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={size}", target)
            subprocess.run([CHROMIUM, *window, (Path(work) / page).as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
