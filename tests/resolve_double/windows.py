"""The windows of UIManager: a person of the test fills in a form and presses a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resolve_double.profiles import World


class _Element:
    def __init__(self, kind: str, attributes: dict[str, Any]) -> None:
        self.kind = kind
        self.Text = attributes.get("Text", "")
        self.PlainText = ""
        self.Checked = False
        self.CurrentIndex = 0
        self.choices: list[str] = []
        self.rows: list[_Row] = []
        self.chosen: int | None = None
        self.ColumnCount = 0

    def AddItem(self, choice: str) -> None:
        self.choices.append(choice)

    def SetHeaderLabels(self, labels: list[str]) -> None:
        self.labels = labels

    def NewItem(self) -> _Row:
        return _Row()

    def AddTopLevelItem(self, row: _Row) -> None:
        self.rows.append(row)

    def CurrentItem(self) -> _Row | None:
        return None if self.chosen is None else self.rows[self.chosen]


class _Row:
    def __init__(self) -> None:
        self.Text: dict[int, str] = {}


class _Handlers:
    """`window.On.ok.Clicked = function`: any id, any event."""

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.by_id.setdefault(name, type("Events", (), {})())


class Windows:
    """UIManager and its dispatcher. `person` gets the title and the elements by id, and gives the id of the button."""

    def __init__(self, world: World, person: Callable[[str, dict[str, Any]], str]) -> None:
        self.world = world
        self.person = person
        self.shown: list[str] = []

    # -- UIManager

    def _make(self, kind: str, attributes: dict[str, Any]) -> tuple[str, dict[str, Any], list[Any]]:
        return kind, attributes, []

    def __getattr__(self, name: str) -> Any:
        if name in ("Label", "Button", "CheckBox", "ComboBox", "LineEdit", "TextEdit", "Tree"):
            return lambda attributes: self._make(name, attributes)
        raise AttributeError(name)

    def VGroup(self, *parts: Any) -> tuple[str, dict[str, Any], list[Any]]:
        return "group", {}, list(parts[-1])

    HGroup = VGroup

    # -- the dispatcher, which `bmd.UIDispatcher` gives

    def UIDispatcher(self, manager: Any) -> Windows:
        return self

    def AddWindow(self, attributes: dict[str, Any], content: Any) -> Windows | None:
        if not self.world.profile.windows:
            self.world.modal = True  # the advertisement, until a person closes it
            return None
        self.title = attributes["WindowTitle"]
        self.items: dict[str, _Element] = {}
        self.On = _Handlers()
        self._collect(content)
        return self

    def _collect(self, content: Any) -> None:
        kind, attributes, parts = content
        if "ID" in attributes:
            self.items[attributes["ID"]] = _Element(kind, attributes)
        for part in parts:
            self._collect(part)

    def GetItems(self) -> dict[str, _Element]:
        return self.items

    def Show(self) -> None:
        self.shown.append(self.title)

    def Hide(self) -> None:
        pass

    def ExitLoop(self) -> None:
        self.left = True

    def RunLoop(self) -> None:
        self.left = False
        pressed = self.person(self.title, self.items)
        handler = self.On.by_id["postsync"].Close if pressed == "close" else self.On.by_id[pressed].Clicked
        handler({})
        assert self.left, "the window would never close"
