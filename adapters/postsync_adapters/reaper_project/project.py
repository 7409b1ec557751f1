"""The text of a project: blocks of `<NAME … >`, in each a line for every value; and the numbers that both ways know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.errors import FormatError
from postsync_adapters._carried import exact_number

REGION = 1
"""The bit of a marker's flags by which it is one end of a region."""

COLOUR_SET = 0x1000000
"""The bit of a colour that says that there is one; blue, green and red follow, a byte each."""

DROP, NTSC = 1, 2
"""The second number of the frame rate in `TIMEMODE`: drop frame, or 1000/1001 of the first number."""

DEEPEST = 64
_READ_BLOCKS = ("REAPER_PROJECT", "TRACK", "ITEM", "SOURCE")
_WORD = re.compile(r"\"([^\"]*)\"?|'([^']*)'?|`([^`]*)`?|(\S+)")


@dataclass
class Block:
    """One block: the words of its first line, its own lines as words, and the blocks inside it."""

    words: list[str]
    line: int
    lines: list[tuple[int, list[str]]] = field(default_factory=list[Any])
    blocks: list[Block] = field(default_factory=list[Any])
    texts: list[str] = field(default_factory=list[str])

    def first(self, name: str) -> list[str]:
        """Give the words of the first line of a name; none where there is no such line."""
        return next((words for _, words in self.lines if words[0] == name), [])

    def number(self, name: str, place: int = 1, default: str = "0") -> Fraction:
        """Give a number of the first line of a name."""
        line = next((line for line, words in self.lines if words[0] == name), self.line)
        words = self.first(name)
        return exact_number(words[place] if len(words) > place else default, name, f"line {line}")

    def inside(self, name: str) -> Iterator[Block]:
        """Yield the blocks of a name."""
        return (block for block in self.blocks if block.words[0] == name)


def parse_project(text: str, path: Path | None) -> Block:
    """Take a project apart; blocks that never end, end with the file."""
    open_blocks: list[Block] = []
    root: Block | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("<"):
            block = Block(_words(line[1:]) or [""], number)
            if open_blocks:
                open_blocks[-1].blocks.append(block)
            root = root or block
            open_blocks.append(block)
            if len(open_blocks) > DEEPEST:
                raise FormatError("nested deeper than any program writes", path=path, place=f"line {number}")
        elif line == ">" and open_blocks:
            open_blocks.pop()
        elif line.startswith("|") and open_blocks:
            open_blocks[-1].texts.append(line[1:])
        elif line and open_blocks and open_blocks[-1].words[0] in _READ_BLOCKS:
            open_blocks[-1].lines.append((number, _words(line) or [""]))
    if root is None or root.words[0] != "REAPER_PROJECT":
        raise FormatError(path=path, place="line 1", expected="<REAPER_PROJECT", found=repr(text[:20]))
    return root


def _words(line: str) -> list[str]:
    return ["".join(match.groups("")) for match in _WORD.finditer(line)]
