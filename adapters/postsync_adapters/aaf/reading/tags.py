"""Named values of an AAF: the attributes that applications hang on mobs, slots and components, and the bin's columns.

Media Composer and Pro Tools keep them in lists of their own, Premiere in the standard `Attributes`; Media Composer nests
lists in lists. Bin columns are user comments, and ADR departments keep the cue's fields there.
"""

from __future__ import annotations

from typing import Any

from postsync_adapters.aaf.objects import AafObject

_NESTED = "__AttributeList"
_DEEPEST = 8

Tags = dict[str, Any]

CUE_COLUMNS = {
    "character": ("Character", "short character", "Role"),
    "line": ("Line", "Script Line", "Logged Line", "Dialogue"),
    "number": ("Line Number", "Cue", "Cue Number", "ADR #", "Line ID"),
    "actor": ("Talent", "Actor"),
    "take": ("Take", "Take Number"),
    "scene": ("Scene",),
    "reel": ("Reel",),
    "note": ("Comments", "Comment", "Notes"),
    "direction": ("Performance Range", "Direction"),
}
"""Fields of a cue, and the columns of bins that hold each, the surest first."""


def tagged(owner: AafObject, name: str) -> Tags:
    """Give the named values of one list."""
    return {} if name not in owner else _values(owner.get(name), 0)


def _values(items: Any, depth: int) -> Tags:
    found: Tags = {}
    for item in items if isinstance(items, list) else ():
        value = item.get("Value")
        if value == _NESTED and depth < _DEEPEST:
            value = _values(item.get("TaggedValueAttributeList"), depth + 1)
        found[str(item.get("Name", ""))] = value
    return found


def attributes(owner: AafObject, own: str) -> Tags:
    """Give the attributes of a mob, slot or component, in whichever of the two lists they lie."""
    return {**tagged(owner, "Attributes"), **tagged(owner, own)}


def component_attributes(component: AafObject) -> Tags:
    """Give the attributes of a component, and what users commented on it."""
    found: Tags = {}
    for name in component.stated(_COMPONENT_LISTS):
        found |= tagged(component, name)
    return found


_COMPONENT_LISTS = ("UserComments", "Attributes", "ComponentAttributeList")


def text(tags: Tags, name: str) -> str | None:
    """Give a value that is text and not empty."""
    value = tags.get(name)
    return value if isinstance(value, str) and value.strip() else None


def number(tags: Tags, name: str) -> int | None:
    """Give a value that is a whole number, also where it was written as text."""
    value = tags.get(name)
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def columns(owner: AafObject) -> dict[str, str]:
    """Give the bin columns of a mob that say anything."""
    return {name: value for name, value in tagged(owner, "UserComments").items() if isinstance(value, str) and value}


def cue_fields(table: dict[str, str]) -> dict[str, str]:
    """Give the fields of a cue that bin columns hold; nothing where neither character nor line is among them.

    >>> cue_fields({"Character": "ROBIN", "Script Line": "Hold there!", "Take": "2"})
    {'character': 'ROBIN', 'line': 'Hold there!', 'take': '2'}
    """
    folded = {name.strip().casefold(): value.strip() for name, value in table.items() if value.strip()}
    found: dict[str, str] = {}
    for field, names in CUE_COLUMNS.items():
        value = next((folded[name.casefold()] for name in names if name.casefold() in folded), None)
        if value is not None:
            found[field] = value
    return found if {"character", "line"} & set(found) else {}
