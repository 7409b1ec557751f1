"""How Premiere, Final Cut Pro 7 and Resolve write the same thing: a table, and how elements are built."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from lxml import etree

from postsync.cueing import printable
from postsync.model import TimelineFacts
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters.xmeml.document import Element

ProfileName = Literal["as_read", "premiere", "final-cut-7", "resolve"]


@dataclass(frozen=True)
class Profile:
    """One program's way.

    `pairs`: a track of several channels is written as several that name each other. `by_channel`: an item for each channel
    of a clip; else one for all. `ticks`: source places and cuts also in Premiere's ticks. `bare_links`: links name a clip
    and no more. `levels`: every sound item states its level. `item_id`, `file_id`: how ids are made of name and number.
    """

    version: int
    pairs: bool = False
    by_channel: bool = True
    ticks: bool = False
    bare_links: bool = False
    levels: bool = False
    premiere_colours: bool = False
    drive: str = ":"
    item_id: str = "{name} {number}"
    file_id: str = "{name} {number}"


PROFILES: dict[str, Profile] = {
    "premiere": Profile(
        4,
        pairs=True,
        ticks=True,
        premiere_colours=True,
        drive="%3a",
        item_id="clipitem-{number}",
        file_id="file-{number}",
    ),
    "final-cut-7": Profile(5),
    "resolve": Profile(5, by_channel=False, bare_links=True, levels=True),
}

PRODUCERS = {"Adobe Premiere Pro": "premiere", "Final Cut Pro": "final-cut-7", "DaVinci Resolve": "resolve"}
"""The profile of each program whose files are read, by what it calls itself."""


def profile_named(name: str, facts: TimelineFacts) -> Profile:
    """Give the profile of a name; `as_read` is that of the program which wrote the XML that was read, else Premiere's."""
    if name == "as_read":
        name = PRODUCERS.get(facts.producer or "", "premiere") if facts.format == "xmeml" else "premiere"
    return PROFILES[name]


# ------------------------------------------------------------------------------------------------------------ elements


def add(parent: Element, tag: str, value: object = None, **attributes: str) -> Element:
    """Add an element; a value is written as text."""
    element = etree.SubElement(parent, tag, attributes)
    if value is not None:
        element.text = ("TRUE" if value else "FALSE") if isinstance(value, bool) else str(value)
    return element


def add_rate(parent: Element, rate: Rate) -> None:
    """Add the rate block: a whole time base, and whether it runs at 1000/1001 of that."""
    block = add(parent, "rate")
    whole = rate.fps.denominator == 1 or rate.is_ntsc
    add(block, "timebase", rate.nominal if whole else decimal(rate.fps))
    add(block, "ntsc", rate.is_ntsc)


def decimal(value: Fraction) -> str:
    """Write a number: whole where it is, else with ten decimals at most."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.10f}".rstrip("0").rstrip(".")


def shown(text: str, where: str, report: Report) -> str:
    """Give a text without what XML cannot hold."""
    now = printable(text)
    if now != text.replace("\r\n", "\n").replace("\r", "\n"):
        report.note("text-replaced", where=where, was=repr(text), now=repr(now))
    return now
