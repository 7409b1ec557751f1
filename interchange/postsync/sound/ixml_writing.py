"""Writing iXML: single elements, the speed block with its time stamp, and the copy of `bext` that it carries.

The iXML "object details" (gallery.co.uk/ixml). What a recorder wrote is left where it stands; only what has become untrue is
set. The copy of `bext` is there because editors that drop the chunk often keep the XML.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from postsync.sound.bext import Bext
from postsync.sound.ixml import child
from postsync.timing import Rate

VERSION = "1.61"


def new_root() -> Any:
    """Make an empty document."""
    root = etree.Element("BWFXML")
    set_xml(root, VERSION, "IXML_VERSION")
    return root


def set_xml(element: Any, text: str, *path: str) -> None:
    """Write the text of an element below a path of names, made where they are missing."""
    for name in path:
        inner = child(element, name)
        element = etree.SubElement(element, name) if inner is None else inner
    element.text = _xml_text(text)


def _xml_text(text: str) -> str:
    """Leave out the control letters that XML cannot hold and recorders leave behind."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def set_rate(root: Any, rate: Rate) -> None:
    """Say at which rate the timecode runs; master and current speed are the same where nothing was varied."""
    for name in ("MASTER_SPEED", "CURRENT_SPEED", "TIMECODE_RATE"):
        set_xml(root, f"{rate.fps.numerator}/{rate.fps.denominator}", "SPEED", name)
    set_xml(root, "DF" if rate.drop else "NDF", "SPEED", "TIMECODE_FLAG")


def set_stamp(root: Any, time_reference: int, sample_rate: int) -> None:
    """Write the time stamp, in samples since midnight, as two words of 32 bits."""
    high, low = divmod(time_reference, 2**32)
    set_xml(root, str(sample_rate), "SPEED", "TIMESTAMP_SAMPLE_RATE")
    set_xml(root, str(high), "SPEED", "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI")
    set_xml(root, str(low), "SPEED", "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO")


def mirror_bext(root: Any, bext: Bext) -> None:
    """Write the copy of `bext`: all of it, so that no word of an older one is left; loudness only where it is known."""
    high, low = divmod(bext.time_reference or 0, 2**32)
    rows = {
        "BWF_DESCRIPTION": bext.description,
        "BWF_ORIGINATOR": bext.originator,
        "BWF_ORIGINATOR_REFERENCE": bext.originator_reference,
        "BWF_ORIGINATION_DATE": bext.date,
        "BWF_ORIGINATION_TIME": bext.time,
        "BWF_TIME_REFERENCE_LOW": str(low),
        "BWF_TIME_REFERENCE_HIGH": str(high),
        "BWF_VERSION": "1" if bext.loudness is None else "2",
        "BWF_UMID": bext.umid.ljust(64, b"\0")[:64].hex().upper(),
        "BWF_CODING_HISTORY": bext.coding_history,
    }
    for name, text in rows.items():
        set_xml(root, text.replace("\r\n", "\n"), "BEXT", name)


def as_chunk(root: Any) -> bytes:
    """Give the document as the content of the chunk."""
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
