"""The words of titles and captions, plain and in their styled runs."""

from __future__ import annotations

from typing import Any

from postsync_adapters.fcpxml.document import Element


def plain_text(element: Element) -> str:
    """Give the words of a title or caption; the runs of one `text` join without a separator."""
    lines = (_joined(text) for text in element.iterchildren("text"))
    return "\n".join(line for line in lines if line)


def _joined(text: Element) -> str:
    runs = [run.text or "" for run in text.iterchildren("text-style")]
    return ("".join(runs) if runs else text.text or "").strip()


def text_runs(element: Element) -> list[dict[str, Any]]:
    """Give each run with its style, where a title or caption has more than one or states how it looks or where it stands."""
    styles = {one.get("id"): one for one in element.iterchildren("text-style-def")}
    runs: list[dict[str, Any]] = []
    for text in element.iterchildren("text"):
        place = {name: value for name, value in text.items() if value}
        for run in text.iterchildren("text-style"):
            definition = styles.get(run.get("ref"))
            style = None if definition is None else next(definition.iterchildren("text-style"), None)
            stated = {**({} if style is None else dict(style.items())), **dict(run.items())}
            stated.pop("ref", None)
            runs.append({"text": run.text or "", **({"style": stated} if stated else {}), **place})
    return runs if len(runs) > 1 or any(len(run) > 1 for run in runs) else []
