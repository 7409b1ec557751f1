"""The whole set of paper from one Pro Tools session text, beside ptulsconv: time, and which scripts can be read on the page.

Run: PTULSCONV=path/to/ptulsconv PYTHONPATH=interchange:adapters:tests python benchmarks/paper_peers.py
The session is one of the corpus; for the scripts, eight of its lines are replaced by one line in each script.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2

import paper_show

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("POSTSYNC_CORPUS") or ROOT.parent / "shared" / "corpus")
SESSION = CORPUS / "cues" / "protools" / "ptulsconv" / "Robin Hood Spotting.txt"
REPLACED = (
    "News has come from Vienna", "known...", "public pronouncement tomorrow.", "news, Sir Guy?", "worried than (usual) your",
    "act on your plans?", "What better moment than this", "would be so considerate",
)  # fmt: skip


def main() -> None:
    peer = os.environ.get("PTULSCONV") or shutil.which("ptulsconv")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        session = folder / "session.txt"
        session.write_text(with_scripts(SESSION.read_text(encoding="utf-8")), encoding="utf-8")
        ours = [
            sys.executable,
            "-m",
            "postsync",
            "report",
            str(session),
            "--kind",
            "all",
            "--into",
            str(folder / "ours"),
        ]
        spent = timed(ours, folder)
        told("postsync", spent, folder / "ours")
        if peer:
            (folder / "theirs").mkdir()
            theirs = timed([peer, "--format", "doc", str(session)], folder / "theirs")
            told("ptulsconv", theirs, folder / "theirs")
            print(f"ratio of time, postsync to ptulsconv: {spent / theirs:.2f}")


def with_scripts(text: str) -> str:
    """Put the line of each script into one line of the session."""
    for said, line in zip(REPLACED, paper_show.LINES, strict=True):
        assert said in text, said
        text = text.replace(said, line.replace("(", "").replace(")", ""), 1)
    return text


def timed(command: list[str], folder: Path) -> float:
    """Give the seconds of work of a program, its start included: what the clock on the wall says depends on the neighbours."""
    start = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-500:], done.stderr[-1500:])
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - start


def told(name: str, seconds: float, folder: Path) -> None:
    pdfs = sorted(folder.rglob("*.pdf"))
    text = "\n".join(text_of(pdf) for pdf in pdfs)
    read = [line for line in paper_show.LINES if all(word in text for word in re.findall(r"\w+", line))]
    pages = sum(len(pypdfium2.PdfDocument(pdf)) for pdf in pdfs)
    print(f"{name}: {len(pdfs)} PDFs, {pages} pages, {seconds:.2f} s of work; lines that can be read: {len(read)} of 8")


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())


if __name__ == "__main__":
    main()
