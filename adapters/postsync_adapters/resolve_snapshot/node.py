"""The JSON of a snapshot, taken apart so that a fault can be named by its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

from postsync.errors import FormatError

SCHEMA = "postsync.resolve-snapshot/1"


@dataclass(frozen=True)
class Node:
    """A JSON object with the way to it, so that a fault can be named by its place."""

    facts: Mapping[str, Any]
    place: str

    def fault(self, name: str, expected: str) -> FormatError:
        """Make the error of a value: where it stands, what is expected, what is there."""
        found = self.facts.get(name)
        return FormatError(
            place=f"{self.place}.{name}", expected=expected, found="nothing" if found is None else repr(found)
        )

    def child(self, name: str) -> Node:
        """Give an object inside; FormatError where there is none."""
        if not isinstance(self.facts.get(name), dict):
            raise self.fault(name, "an object")
        return Node(self.facts[name], f"{self.place}.{name}")

    def children(self, name: str) -> Iterator[Node]:
        """Yield the objects of a list, which may be missing."""
        found = self.facts.get(name)
        if found is not None and not isinstance(found, list):
            raise self.fault(name, "a list")
        for index, facts in enumerate(found or []):
            place = f"{self.place}.{name}[{index}]"
            if not isinstance(facts, dict):
                raise FormatError(place=place, expected="an object", found=repr(facts))
            yield Node(facts, place)

    def text(self, name: str) -> str:
        """Give a text, empty where there is none; numbers are as good."""
        found = self.facts.get(name)
        if found is not None and not isinstance(found, (str, int, float)):
            raise self.fault(name, "a text")
        return "" if found is None or isinstance(found, bool) else str(found).strip()

    def number(self, name: str) -> Fraction:
        """Give a number; FormatError where there is none."""
        found = self.maybe_number(name)
        if found is None:
            raise self.fault(name, "a number")
        return found

    def maybe_number(self, name: str) -> Fraction | None:
        """Give a number; Resolve hands many of them over as text, and an empty text where there is none."""
        found = self.facts.get(name)
        if found is None or found == "" or isinstance(found, bool):
            return None
        try:
            return Fraction(str(found).strip())
        except (ValueError, ZeroDivisionError):
            raise self.fault(name, "a number") from None

    def flag(self, name: str, default: bool) -> bool:
        """Give a yes or no."""
        found = self.facts.get(name)
        if found is not None and not isinstance(found, (bool, int)):
            raise self.fault(name, "true or false")
        return default if found is None else bool(found)


def root_of(file: BinaryIO) -> Node:
    """Read the whole file; FormatError where it is no snapshot of ours."""
    try:
        facts = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise FormatError("not UTF-8", place=f"byte {fault.start}") from fault
    except json.JSONDecodeError as fault:
        raise FormatError(f"not JSON: {fault.msg}", place=f"line {fault.lineno}") from fault
    if not isinstance(facts, dict):
        raise FormatError(place="$", expected="an object", found=type(facts).__name__)
    if facts.get("schema") != SCHEMA:
        remedy = "update postsync, or install the script again with `postsync resolve install`"
        raise FormatError(place="$.schema", expected=repr(SCHEMA), found=repr(facts.get("schema")), remedy=remedy)
    return Node(facts, "$")
