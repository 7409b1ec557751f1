"""Forms: what a job has to ask, as data. A window where the edition has one, else file dialogs, else what stands there already.

`ask_form` gives a plain dict of choices, None where the person cancelled; no job knows how it was asked.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from postsync_resolve import system_dialogs

BROWSED = ("open", "save", "folder")
PLACES = (*BROWSED, "new")
"""Kinds of fields whose answer is a path."""

WITHOUT_WINDOWS = (19, 1)
"""From this version on the free edition shows an advertisement instead of a script's window."""


@dataclass(frozen=True)
class Field:
    """One question. `kind` is text, lines, choice, yes, or a path: open (a file), save, folder, new (a folder to make).

    `value` stands there already. Without a window only what is `needed`, or worth a dialog of its own (`ask`), is asked.
    """

    name: str
    label: str
    kind: str = "text"
    value: Any = ""
    choices: Sequence[str] = ()
    needed: bool = False
    ask: bool = False


@dataclass(frozen=True)
class Form:
    """What a job asks at once."""

    title: str
    fields: Sequence[Field]
    button: str = "OK"
    said: str = ""


@dataclass
class Dialogs:
    """The ways of asking that this build of Resolve has; each may be missing."""

    fusion: Any = None
    bmd: Any = None
    windows: bool = False
    folder: str = ""

    def ask_form(self, form: Form) -> Optional[Dict[str, Any]]:
        """Ask in a window; without one, ask for files by dialog and take the rest as it stands."""
        answers = self._asked(form)
        for one in form.fields if answers else ():
            if answers and one.kind in PLACES:
                answers[one.name] = self._whole_path(answers[one.name])
        return answers

    def _asked(self, form: Form) -> Optional[Dict[str, Any]]:
        if self.windows:
            try:
                return _ask_in_window(self.fusion, self.bmd, form)
            except (TypeError, AttributeError, KeyError):
                self.windows = False  # this build has no windows after all
        return self._ask_piecemeal(form)

    def _whole_path(self, typed: str) -> str:
        """Give a path as a person means it: `~` is the home, what begins nowhere lies in the timeline's folder.

        Finder and Explorer copy paths with quotes round them; what Resolve's own folder is depends on who started it.
        """
        if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "\"'":
            typed = typed[1:-1]
        return os.path.abspath(os.path.join(self.folder, os.path.expanduser(typed))) if typed else ""

    def show(
        self, title: str, text: str, rows: Sequence[Sequence[str]] = (), heads: Sequence[str] = ()
    ) -> Optional[int]:
        """Show a text and a table; give the row that the person chose to go to, None where there was no window."""
        if not self.windows:
            return None
        try:
            return _show_table(self.fusion, self.bmd, title, text, rows, heads)
        except (TypeError, AttributeError, KeyError):
            self.windows = False
            return None

    def _ask_piecemeal(self, form: Form) -> Optional[Dict[str, Any]]:
        answers: Dict[str, Any] = {}
        for one in form.fields:
            answers[one.name] = one.value
            if not (one.needed or one.ask):
                continue
            if one.kind in BROWSED:
                answer = self._place_of(one)
                if one.needed and not answer:
                    return None
                answers[one.name] = answer
            else:
                words = self._words_of(one)
                if words is None:
                    return None
                answers[one.name] = words == "Yes" if one.kind == "yes" else words
        return answers

    def _place_of(self, one: Field) -> str:
        """Ask for a place; what stands there already counts where no dialog comes up, or the person cancelled a saving."""
        try:
            answer = self.ask_place(one)
        except (TypeError, AttributeError):
            return str(one.value)
        return answer or (str(one.value) if one.kind == "save" else "")

    def _words_of(self, one: Field) -> Optional[str]:
        """Ask a small question by the system's dialog; what stands there already counts where there is none."""
        shown = ("Yes" if one.value else "No") if one.kind == "yes" else str(one.value)
        kind = one.kind if one.kind in ("yes", "choice") else "text"
        try:
            return system_dialogs.ask(kind, one.label, shown, one.choices)
        except system_dialogs.NoDialog:
            return shown

    def ask_place(self, one: Field) -> Optional[str]:
        """Ask for a file or folder in Resolve's own dialog. TypeError or AttributeError where it has none."""
        if one.kind == "folder":
            answer = self.fusion.RequestDir(str(one.value or self.folder))
        else:
            folder, name = os.path.split(str(one.value)) if one.value else (self.folder, "")
            answer = self.fusion.RequestFile(os.path.join(folder, ""), name, {"FReqB_Saving": one.kind == "save"})
        return os.path.abspath(os.path.expanduser(str(answer))) if answer else None


def has_windows(product: str, version: str, studio: bool) -> bool:
    """Whether a script's window comes up. Asked before any is opened: the free edition's advertisement blocks other calls."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return studio or (len(numbers) == 2 and numbers < WITHOUT_WINDOWS)


def _dispatcher(fusion: Any, bmd: Any) -> Tuple[Any, Any]:
    """Give the maker of elements and the loop; builds differ in whether the maker is called."""
    manager = fusion.UIManager
    loop = None if manager is None else bmd.UIDispatcher(manager)
    if loop is None and manager is not None:
        manager = manager()
        loop = bmd.UIDispatcher(manager)
    if loop is None:
        raise TypeError("no windows")
    return manager, loop


def _ask_in_window(fusion: Any, bmd: Any, form: Form) -> Optional[Dict[str, Any]]:
    ui, loop = _dispatcher(fusion, bmd)
    rows = [ui.Label({"ID": "said", "Text": form.said, "WordWrap": True, "Weight": 0})] if form.said else []
    rows += [_row(ui, one) for one in form.fields]
    buttons = ui.HGroup(
        {"Weight": 0}, [ui.Button({"ID": "cancel", "Text": "Cancel"}), ui.Button({"ID": "ok", "Text": form.button})]
    )
    window = loop.AddWindow(
        {"ID": "postsync", "WindowTitle": form.title, "Geometry": [300, 200, 640, 120 + 36 * len(form.fields)]},
        ui.VGroup(rows + [buttons]),
    )
    if window is None:
        raise TypeError("no windows")
    items = window.GetItems()
    _fill(items, form)
    pressed: List[bool] = []
    window.On.ok.Clicked = lambda event: (pressed.append(True), loop.ExitLoop())
    window.On.cancel.Clicked = lambda event: loop.ExitLoop()
    window.On.postsync.Close = lambda event: loop.ExitLoop()
    for one in form.fields:
        if one.kind in BROWSED:
            getattr(window.On, one.name + "_browse").Clicked = _browse(fusion, items, one)
    window.Show()
    loop.RunLoop()
    window.Hide()
    return {one.name: _answer(items[one.name], one) for one in form.fields} if pressed else None


def _row(ui: Any, one: Field) -> Any:
    label = ui.Label({"Text": "" if one.kind == "yes" else one.label, "Weight": 1})
    if one.kind == "yes":
        return ui.HGroup({"Weight": 0}, [label, ui.CheckBox({"ID": one.name, "Text": one.label, "Weight": 3})])
    if one.kind == "choice":
        return ui.HGroup({"Weight": 0}, [label, ui.ComboBox({"ID": one.name, "Weight": 3})])
    if one.kind == "lines":
        return ui.HGroup({"Weight": 1}, [label, ui.TextEdit({"ID": one.name, "Weight": 3})])
    parts = [label, ui.LineEdit({"ID": one.name, "Weight": 3})]
    if one.kind in BROWSED:
        parts.append(ui.Button({"ID": one.name + "_browse", "Text": "Choose", "Weight": 0}))
    return ui.HGroup({"Weight": 0}, parts)


def _fill(items: Any, form: Form) -> None:
    for one in form.fields:
        element = items[one.name]
        if one.kind == "yes":
            element.Checked = bool(one.value)
        elif one.kind == "choice":
            for choice in one.choices:
                element.AddItem(choice)
            if one.value in one.choices:
                element.CurrentIndex = list(one.choices).index(one.value)
        elif one.kind == "lines":
            element.PlainText = str(one.value)
        else:
            element.Text = str(one.value)


def _answer(element: Any, one: Field) -> Any:
    if one.kind == "yes":
        return bool(element.Checked)
    if one.kind == "choice":
        index = int(element.CurrentIndex)
        return one.choices[index] if 0 <= index < len(one.choices) else one.value
    return str(element.PlainText if one.kind == "lines" else element.Text).strip()


def _browse(fusion: Any, items: Any, one: Field) -> Any:
    def chosen(event: Any) -> None:
        shown = Field(one.name, one.label, one.kind, str(items[one.name].Text))
        answer = Dialogs(fusion, folder=os.path.expanduser("~")).ask_place(shown)
        if answer:
            items[one.name].Text = answer

    return chosen


def _show_table(
    fusion: Any, bmd: Any, title: str, text: str, rows: Sequence[Sequence[str]], heads: Sequence[str]
) -> Optional[int]:
    ui, loop = _dispatcher(fusion, bmd)
    parts = [ui.Tree({"ID": "rows", "Weight": 3, "SortingEnabled": False})] if rows else []
    parts += [
        ui.TextEdit({"ID": "text", "ReadOnly": True, "Weight": 1}),
        ui.HGroup(
            {"Weight": 0},
            [ui.Button({"ID": "go", "Text": "Go to"})] * bool(rows) + [ui.Button({"ID": "ok", "Text": "Close"})],
        ),
    ]
    window = loop.AddWindow(
        {"ID": "postsync", "WindowTitle": title, "Geometry": [200, 200, 1000, 600]}, ui.VGroup(parts)
    )
    if window is None:
        raise TypeError("no windows")
    items = window.GetItems()
    items["text"].PlainText = text
    if rows:
        _fill_table(items["rows"], rows, heads)
    gone: List[int] = []
    window.On.ok.Clicked = lambda event: loop.ExitLoop()
    window.On.postsync.Close = lambda event: loop.ExitLoop()
    if rows:
        window.On.go.Clicked = lambda event: (_chosen(items["rows"], gone), loop.ExitLoop())
    window.Show()
    loop.RunLoop()
    window.Hide()
    return gone[0] if gone else None


def _fill_table(tree: Any, rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    tree.ColumnCount = len(heads) + 1
    tree.SetHeaderLabels(["", *heads])
    for number, row in enumerate(rows):
        item = tree.NewItem()
        for column, cell in enumerate([str(number + 1), *row]):
            item.Text[column] = cell
        tree.AddTopLevelItem(item)


def _chosen(tree: Any, gone: List[int]) -> None:
    item = tree.CurrentItem()
    if item is not None:
        gone.append(int(item.Text[0]) - 1)
