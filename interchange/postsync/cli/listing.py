"""A table of results as lines of text: columns two blanks apart, and no blanks behind the last word of a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.table import Table


class Listing(Table):
    """A table without rules, its titles dim; without titles it is only rows, further apart.

    Rich fills each line to the width of its table. In a file those blanks make every line as long as the longest.
    """

    def __init__(self, *titles: str) -> None:
        padding = (0, 1) if titles else (0, 2)
        super().__init__(
            *titles, box=None, pad_edge=False, header_style="dim", show_header=bool(titles), padding=padding
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """Give the lines of the table, each up to its last word."""
        filled = cast("Iterator[Segment]", super().__rich_console__(console, options))
        for line in Segment.split_lines(filled):
            yield from _up_to_last_word(line)
            yield Segment.line()


def _up_to_last_word(line: list[Segment]) -> list[Segment]:
    while line and not line[-1].text.strip():
        line = line[:-1]
    if not line:
        return []
    last = line[-1]
    return [*line[:-1], last._replace(text=last.text.rstrip())]
