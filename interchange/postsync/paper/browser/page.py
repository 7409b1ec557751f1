"""The page of the cue browser: HTML that reads without scripts, and the script that filters, colours and shows details.

The list is a plain table and the strips are plain drawings, so the page prints, and shows where scripts do not run. Every text
is escaped; the page's own policy lets run only the script that is named by its hash, and lets nothing in from outside.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

import opentimelineio as otio

from postsync.cueing import STRUCK_STATUSES
from postsync.model import Project
from postsync.paper.browser.showing import Shown, ShownCue, cue_marks, shown_cues
from postsync.paper.browser.strips import Say, colours, reel_name, status_words, strip
from postsync.paper.browser.words import spoken, words

COLUMNS = ("number", "reel", "in", "out", "character", "line", "reasons", "status")


def browser_page(
    timeline: otio.schema.Timeline, project: Project | None = None, *, date: str | None = None, language: str = "en"
) -> str:
    """Give the page of a timeline whose cues were spotted. `date` is printed as given: the same input makes the same page."""
    shown, say = shown_cues(timeline, project), words(language)
    style = _resource("browser.css") + "\n".join(colours(shown))
    script = _resource("browser.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = shown.title or say["no-title"]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(spoken(language))}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="by-character">\n{_skip(shown, say)}'
        f"{_header(title, shown, date, say)}\n<main>\n{_body(shown, say)}\n</main>\n"
        f'<script type="application/json" id="data">{_data(shown, say)}</script>\n<script>{script}</script>\n'
        "</body>\n</html>\n"
    )


def _resource(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8', 'replace')).digest()).decode()}"


def _skip(shown: Shown, say: Say) -> str:
    return f'<a class="skip" href="#list">{escape(say["skip"])}</a>\n' if shown.cues else ""


def _header(title: str, shown: Shown, date: str | None, say: Say) -> str:
    struck = sum(cue.status in STRUCK_STATUSES for cue in shown.cues)
    told = {
        "episode": shown.episode,
        "version": shown.version,
        "date": date or "",
        "rate": shown.rate,
        "cues": str(len(shown.cues) - struck),
        "open": str(sum(cue.open for cue in shown.cues)),
        "struck": str(struck) if struck else "",
    }
    parts = "".join(
        f'<span>{escape(say[f"fact.{name}"])} <b dir="auto">{escape(text)}</b></span>'
        for name, text in told.items()
        if text
    )
    return f'<header>\n<h1 dir="auto">{escape(title)}</h1>\n<p class="facts">{parts}</p>\n</header>'


def _body(shown: Shown, say: Say) -> str:
    if not shown.cues:
        return f"<p>{escape(say['no-cues'])}</p>"
    return "\n".join(
        (
            f"<noscript><p>{escape(say['no-script'])}</p></noscript>",
            _controls(shown, say),
            strip(shown, say),
            '<div class="both">',
            _table(shown, say),
            f'<aside id="details" tabindex="-1" aria-label="{escape(say["details"])}" hidden></aside>',
            "</div>",
            _keys(say),
        )
    )


# ------------------------------------------------------------------------------------------------------------- controls


def _controls(shown: Shown, say: Say) -> str:
    reels = [(str(place), reel_name(reel, say)) for place, reel in enumerate(shown.reels)]
    characters = [(str(place), one.name or say["character.none"]) for place, one in enumerate(shown.characters)]
    statuses = [("open", say["open"])] + [(code, status_words(code, say)) for code in shown.statuses]
    marks = [(mark, mark) for mark in shown.marks]
    return "\n".join(
        (
            '<form class="controls" hidden>',
            f"<label>{escape(say['search'])} ",
            f'<input type="search" id="search" placeholder="{escape(say["search.hint"])}"></label>',
            _select("reel", reels if len(reels) > 1 else [], say),
            _select("character", characters, say),
            _select("status", statuses, say),
            _select("mark", marks, say),
            f'<button type="reset" id="clear">{escape(say["clear"])}</button>',
            f'<button type="button" id="print">{escape(say["print"])}</button>',
            f'<button type="button" id="keys" aria-haspopup="dialog">{escape(say["keys"])}</button>',
            '<output id="count" role="status"></output>',
            "</form>",
        )
    )


def _select(name: str, choices: Iterable[tuple[str, str]], say: Say) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in choices)
    if not options:
        return ""
    return (
        f'<label>{escape(say[f"filter.{name}"])} <select id="by-{name}">'
        f'<option value="">{escape(say["all"])}</option>{options}</select></label>'
    )


def _keys(say: Say) -> str:
    lines = "".join(f"<li>{escape(text)}</li>" for name, text in say.items() if name.startswith("key."))
    return (
        f'<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">{escape(say["keys"])}</h2><ul>{lines}</ul>'
        f'<form method="dialog"><button>{escape(say["close"])}</button></form></dialog>'
    )


# ------------------------------------------------------------------------------------------------------------- the list


def _table(shown: Shown, say: Say) -> str:
    columns = [name for name in COLUMNS if name != "reel" or len(shown.reels) > 1]
    heads = "".join(f'<th scope="col" class="{name}">{escape(say[f"field.{name}"])}</th>' for name in columns)
    rows = "\n".join(_row(cue, shown, columns, say) for cue in shown.cues)
    head = f'<table id="list" aria-label="{escape(say["list"])}">\n<thead><tr>{heads}</tr></thead>'
    return f"{head}\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(cue: ShownCue, shown: Shown, columns: Iterable[str], say: Say) -> str:
    row = cue.row
    texts = {
        "reel": shown.reels[cue.reel].name,
        "in": row.tc_in,
        "out": row.tc_out,
        "character": shown.characters[cue.character].name,
        "line": row.line,
        "reasons": row.reasons,
        "status": status_words(cue.status, say),
    }
    cells = "".join(_cell(name, texts[name]) for name in columns if name != "number")
    struck = " class=x" if row.struck else ""
    return f"<tr{struck}><th scope=row dir=auto>{escape(row.number)}</th>{cells}</tr>"


def _cell(name: str, text: str) -> str:
    auto = " dir=auto" if name in ("character", "line", "reel") else ""
    return f"<td{auto}>{escape(text)}</td>"


def _data(shown: Shown, say: Say) -> str:
    """Give what the script needs beside the table; no text in it can end the element that it stands in."""
    fields = sorted({name for cue in shown.cues for name, _ in cue.facts})
    places = {name: place for place, name in enumerate(fields)}
    marks = shown.marks
    mark_places = {mark: place for place, mark in enumerate(marks)}
    document: dict[str, Any] = {
        "words": {name: text for name, text in say.items() if not name.startswith(("key.", "fact.", "strip."))},
        "fields": [say.get(f"field.{name}", name) for name in fields],
        "marks": marks,
        "cues": [
            [
                cue.row.uid,
                cue.reel,
                cue.character,
                cue.status,
                int(cue.open),
                cue.by_number,
                [mark_places[mark] for mark in cue_marks(cue.row)],
                [[places[name], text] for name, text in cue.facts],
                cue.takes,
                cue.history,
            ]
            for cue in shown.cues
        ],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
