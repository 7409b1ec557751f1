"""An existing document, opened twice: once without comments, to be understood, and once as it stands, to be changed.

What is not touched keeps its order, its comments and its white space, so that the two documents differ in what was put in and
in nothing else.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from postsync.errors import CannotWrite
from postsync.report import Report
from postsync.sound import MediaFinder, address_from_elsewhere
from postsync_adapters.fcpxml.document import Element, Resources, parse, projects, read_resources
from postsync_adapters.fcpxml.reading import bundle
from postsync_adapters.fcpxml.writing.elements import rank

_BETWEEN = rb"\s|<!--.*?-->|<\?.*?\?>"
_BEFORE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:" + _BETWEEN + rb"|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*(?=<fcpxml\b)", re.DOTALL
)
_BEHIND = re.compile(rb"</fcpxml\s*>((?:" + _BETWEEN + rb")*)\Z", re.DOTALL)
"""What stands before and behind the root; comments there may speak of the root too."""


@dataclass
class Existing:
    """A document: its tree as it stands, the elements of the tree that is understood, and their twins in the other."""

    path: Path
    tree: Any
    understood: Element
    resources: Resources
    read: bytes
    _twins: dict[Element, Element]

    @property
    def root(self) -> Element:
        """The root that is changed."""
        return self.tree.getroot()

    @property
    def version(self) -> str:
        """The version that the document states."""
        return str(self.root.get("version") or "")

    def holder_of_resources(self) -> Element:
        """Give the element that holds the resources; one is made where a document has none."""
        found = next(self.root.iter("resources"), None)
        if found is None:
            found = etree.Element("resources")
            options = next(self.root.iterchildren("import-options"), None)
            put_before(self.root, found, 0 if options is None else self.root.index(options) + 1)
        return found

    def twin(self, element: Element) -> Element:
        """Give the element of the tree that is changed for one of the tree that is understood."""
        return self._twins[element]

    def sequence(self, name: str, event: str = "") -> Element:
        """Give the sequence of the project of a name, or of the only one. Raises CannotWrite where that is unclear.

        Of projects of one name that stand in several events it is the one in the event of that name.
        """
        found = list(projects(self.understood))
        alike = [(project, sequence) for project, sequence in found if project.get("name") == name]
        here = [one for one in alike if event and one[0].getparent().get("name") == event]
        named = [sequence for _, sequence in (here if len(alike) > 1 else alike)]
        if len(named) == 1 or len(found) == 1:
            return named[0] if named else found[0][1]
        names = ", ".join(repr(project.get("name") or "") for project, _ in found) or "none"
        raise CannotWrite(f"no one project {name!r} to put cues into", path=self.path, remedy=f"it has {names}")

    def reach_files_from(self, target: Path | None) -> None:
        """Let relative addresses lead to the same files where the document goes to another folder."""
        if target is None or target.resolve().parent == self.path.resolve().parent:
            return
        finder = MediaFinder(beside=self.path)
        # Data beside the document of a bundle, such as tracked masks, is named by locators.
        for name, tags in (("src", ("asset", "media-rep")), ("url", ("locator",))):
            for element in self.root.iter(*tags):
                there = str(element.get(name) or "")
                if (address := address_from_elsewhere(there, finder)) != there:
                    element.set(name, address)

    def data(self) -> bytes:
        """Give the document as bytes; what stands before and behind its root stays as it was."""
        body: bytes = etree.tostring(self.root, encoding="UTF-8", xml_declaration=False, with_tail=False)
        before, behind = _BEFORE.match(self.read), _BEHIND.search(self.read)
        encoding = str(self.tree.docinfo.encoding or "UTF-8").upper()
        if before is None or behind is None or encoding not in ("UTF-8", "ASCII", "US-ASCII"):
            return b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n\n' + body + b"\n"
        return before[0] + body + behind[1]


def opened(path: Path) -> Existing:
    """Open a document or the one in a bundle. Raises FormatError where it is broken or dangerous."""
    inner = bundle(path) if path.is_dir() else path
    if inner is None or not inner.is_file():
        raise CannotWrite("there is no document to put cues into", path=path)
    data = inner.read_bytes()
    understood = parse(io.BytesIO(data), inner)
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False)
    tree = etree.parse(io.BytesIO(data), parser)
    twins = dict(zip(understood.iter(etree.Element), tree.getroot().iter(etree.Element), strict=True))
    return Existing(inner, tree, understood, read_resources(understood, Report()), data, twins)


# ------------------------------------------------------------------------------------------------------- the tree itself


def put(parent: Element, child: Element) -> None:
    """Put a child where the DTD wants its kind, behind those like it, indented as what is beside it."""
    places = [place for place, one in enumerate(parent) if isinstance(one.tag, str) and rank(one.tag) > rank(child.tag)]
    put_before(parent, child, places[0] if places else len(parent))


def put_before(parent: Element, child: Element, place: int) -> None:
    """Put a child at a place among its siblings."""
    outer = _white_before(parent)
    inner = next((white for one in parent if (white := _white_before(one))), None)
    inner = inner or (outer and f"{outer}{_step(parent, outer)}")
    if inner:
        etree.indent(child, space=_step(parent, outer) or "    ", level=_depth(inner, _step(parent, outer)))
    if not len(parent):
        parent.text, child.tail = inner or parent.text, outer
    elif place == len(parent) and (parent[-1].tail or "").strip():
        child.tail = None
    elif place == len(parent):
        child.tail, parent[-1].tail = parent[-1].tail, inner
    else:
        child.tail = inner
    parent.insert(place, child)


def take_out(element: Element) -> None:
    """Take an element out so that what remains reads as if it had never been there."""
    parent, before = element.getparent(), element.getprevious()
    if before is None and element.getnext() is None:
        parent.text = None if not (parent.text or "").strip() else parent.text
    elif before is not None and element.getnext() is None:
        before.tail = element.tail
    parent.remove(element)


def _white_before(element: Element) -> str | None:
    """Give the line break and indentation that stand before an element; None where it stands in a line with others."""
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else "\n"
    return text if text and not text.strip() and "\n" in text else None


def _step(parent: Element, outer: str | None) -> str:
    """Give by how much a child is indented further than its parent."""
    above = parent.getparent()
    further = _white_before(above) if above is not None else None
    if outer and further and len(outer) > len(further):
        return outer[outer.rindex("\n") + 1 :][len(further[further.rindex("\n") + 1 :]) :] or "    "
    return "    "


def _depth(inner: str, step: str) -> int:
    return len(inner[inner.rindex("\n") + 1 :]) // max(len(step), 1)
