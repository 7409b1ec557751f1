"""Damaged XMEML either reads or is refused in a sentence of ours, and what was read can be written."""

from __future__ import annotations

import copy
import io
import random
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from postsync.errors import PostsyncError
from postsync.formats import ReadOptions
from postsync.formats.format import guarded, write_to
from postsync.report import Report
from postsync_adapters.xmeml import FORMAT, XmemlWriteOptions

NAMES = ("fcp7_transitions", "hiero_xml_export", "kdenlive_like_fcp5_audio", "premiere_example", "xmeml_project_root")
VALUES = ("", "-1", "0", "-5", "9" * 17, "1e99", "NaN", "TRUE", "x", "1,5", "2147483648", "-0.5", "9" * 30)
TIMES = 12


def damaged(path: Path, dice: random.Random) -> bytes:
    """Take elements out, move and double them, write nonsense into others; sometimes change bytes as well."""
    tree = etree.parse(path)
    elements = [one for one in tree.getroot().iter() if isinstance(one.tag, str) and one.getparent() is not None]
    for _ in range(dice.randint(1, 12)):
        _hurt(dice.choice(elements), elements, dice)
    data = bytearray(etree.tostring(tree))
    for _ in range(dice.choice((0, 0, 0, 1, 4))):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def _hurt(element: Any, elements: list[Any], dice: random.Random) -> None:
    parent, choice = element.getparent(), dice.random()
    if parent is None:
        return
    if choice < 0.3:
        parent.remove(element)
    elif choice < 0.7 and not len(element):
        element.text = dice.choice(VALUES)
    elif choice < 0.8:
        other = dice.choice(elements)
        if element not in (other, *other.iterancestors()):
            other.append(element)
    elif choice < 0.9:
        element.attrib.clear()
    elif sum(1 for _ in element.iter()) < 60:
        parent.append(copy.deepcopy(element))


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_read_or_refused(corpus: Path, name: str) -> None:
    assert FORMAT.read is not None
    dice = random.Random(name)
    read = 0
    for _ in range(TIMES):
        data = damaged(corpus / "xmeml" / f"{name}.xml", dice)
        try:
            with guarded(FORMAT, None):
                timelines = FORMAT.read(io.BytesIO(data), Report(), ReadOptions())
        except PostsyncError as refusal:
            assert refusal.__cause__ is None or isinstance(refusal.__cause__, etree.XMLSyntaxError)
            continue
        read += 1
        for timeline in timelines[:2]:
            profile: Any = dice.choice(("premiere", "final-cut-7", "resolve"))
            write_to(FORMAT, timeline, io.BytesIO(), Report(), XmemlWriteOptions(profile=profile))
    assert read > TIMES // 3
