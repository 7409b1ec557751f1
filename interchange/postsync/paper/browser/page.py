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

from postsync.paper.browser.showing import LISTED, Shown, ShownCue
from postsync.paper.browser.strips import colours, strip
from postsync.paper.browser.words import KEYS, written_in
from postsync.paper.values import MARKED
from postsync.report import Report

SCRIPT_WORDS = (
    "back", "choice", "comment", "file", "history", "microphone", "reel", "reasons", "shown", "status", "take", "takes",
)  # fmt: skip
"""The texts that the script writes."""


def browser_bytes(shown: Shown, report: Report) -> bytes:
    """Give the page as a file."""
    return browser_page(shown).encode("utf-8", "replace")


def browser_page(shown: Shown) -> str:
    """Give the page as text; the same input makes the same page."""
    style = _resource("browser.css") + "\n".join(colours(shown))
    script = _resource("browser.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{written_in(shown.words)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(f'{shown.head.title} – {shown.head.name}')}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="by-character">\n{_skip(shown)}{_header(shown)}\n<main>\n{_body(shown)}\n</main>\n'
        f'<script type="application/json" id="data">{_data(shown)}</script>\n<script>{script}</script>\n'
        "</body>\n</html>\n"
    )


def _resource(name: str) -> str:
    return files("postsync.paper.browser").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _skip(shown: Shown) -> str:
    return f'<a class="skip" href="#list">{escape(shown.say("skip"))}</a>\n' if shown.cues else ""


def _header(shown: Shown) -> str:
    struck = sum(cue.line.struck for cue in shown.cues)
    rates = " / ".join(dict.fromkeys(reel.clock.rate.name for reel in shown.reels))
    told = [
        *shown.head.facts,
        (shown.say("rate"), rates),
        (shown.say("cues"), str(len(shown.cues) - struck)),
        (shown.say("count.left"), str(sum(cue.open for cue in shown.cues))),
        (shown.say("count.struck"), str(struck or "")),
    ]
    parts = "".join(f'<span>{escape(name)} <b dir="auto">{escape(text)}</b></span>' for name, text in told if text)
    return f'<header>\n<h1 dir="auto">{escape(shown.head.title)}</h1>\n<p class="facts">{parts}</p>\n</header>'


def _body(shown: Shown) -> str:
    if not shown.cues:
        return f"<p>{escape(shown.say('no-cues'))}</p>"
    return "\n".join(
        (
            f"<noscript><p>{escape(shown.say('no-script'))}</p></noscript>",
            _controls(shown),
            strip(shown),
            '<div class="both">',
            _table(shown),
            f'<aside id="details" tabindex="-1" aria-label="{escape(shown.say("details"))}" hidden></aside>',
            "</div>",
            _keys(shown),
        )
    )


# ------------------------------------------------------------------------------------------------------------- controls


def _controls(shown: Shown) -> str:
    reels = [(str(place), shown.reel_name(reel)) for place, reel in enumerate(shown.reels)]
    characters = [(str(place), name) for place, name in enumerate(shown.names)]
    statuses = [("open", shown.say("open")), *shown.statuses]
    marks = [(str(place), text) for place, text in enumerate(_marks(shown))]
    return "\n".join(
        (
            '<form class="controls" hidden>',
            f"<label>{escape(shown.say('search'))} ",
            f'<input type="search" id="search" placeholder="{escape(shown.say("search.hint"))}"></label>',
            _select("reel", "reel", reels if len(reels) > 1 else [], shown),
            _select("character", "character", characters, shown),
            _select("status", "status", statuses, shown),
            _select("mark", "mark-filter", marks, shown),
            f'<button type="reset" id="clear">{escape(shown.say("clear"))}</button>',
            f'<button type="button" id="print">{escape(shown.say("print"))}</button>',
            f'<button type="button" id="keys" aria-haspopup="dialog">{escape(shown.say("keys"))}</button>',
            '<output id="count" role="status"></output>',
            "</form>",
        )
    )


def _marks(shown: Shown) -> list[str]:
    """Give every word that the cues can be found by beside character and status."""
    return sorted({text for cue in shown.cues for text in cue.filters}, key=str.casefold)


def _select(name: str, heading: str, choices: Iterable[tuple[str, str]], shown: Shown) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in choices)
    if not options:
        return ""
    return (
        f'<label>{escape(shown.say(heading))} <select id="by-{name}">'
        f'<option value="">{escape(shown.say("all"))}</option>{options}</select></label>'
    )


def _keys(shown: Shown) -> str:
    lines = "".join(f"<li>{escape(shown.say(key))}</li>" for key in KEYS)
    return (
        f'<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">{escape(shown.say("keys"))}</h2>'
        f'<ul>{lines}</ul><form method="dialog"><button>{escape(shown.say("close"))}</button></form></dialog>'
    )


# ------------------------------------------------------------------------------------------------------------- the list


def _table(shown: Shown) -> str:
    columns = [name for name in ("number", "reel", *LISTED[1:]) if name != "reel" or len(shown.reels) > 1]
    heads = "".join(f'<th scope="col" class="{name}">{escape(shown.say(name))}</th>' for name in columns)
    rows = "\n".join(_row(cue, shown, columns) for cue in shown.cues)
    head = f'<table id="list" aria-label="{escape(shown.say("list"))}">\n<thead><tr>{heads}</tr></thead>'
    return f"{head}\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(cue: ShownCue, shown: Shown, columns: Iterable[str]) -> str:
    texts = {**cue.texts, "reel": shown.reels[cue.reel].name}
    cells = "".join(_cell(name, texts[name]) for name in columns if name != "number")
    struck = " class=x" if cue.line.struck else ""
    mark = f" data-mark={MARKED[cue.line.mark]}" if cue.line.mark in MARKED else ""
    return f"<tr{struck}{mark}><th scope=row dir=auto>{escape(texts['number'])}</th>{cells}</tr>"


def _cell(name: str, text: str) -> str:
    how = {
        "character": " dir=auto",
        "line": " dir=auto",
        "reel": " dir=auto",
        "out": " class=out",
        "reasons": " class=reasons",
    }
    return f"<td{how.get(name, '')}>{escape(text)}</td>"


def _data(shown: Shown) -> str:
    """Give what the script needs beside the table; no text in it can end the element that it stands in."""
    headings = list(dict.fromkeys(name for cue in shown.cues for name, _ in cue.facts))
    places = {name: place for place, name in enumerate(headings)}
    marks = {text: place for place, text in enumerate(_marks(shown))}
    document: dict[str, Any] = {
        "words": {key: shown.say(key, shown="{shown}", count="{count}") for key in SCRIPT_WORDS},
        "headings": headings,
        "cues": [
            [
                cue.line.cue.uid,
                cue.reel,
                cue.character,
                cue.line.cue.status,
                int(cue.open),
                cue.by_number,
                [marks[text] for text in cue.filters],
                [[places[name], text] for name, text in cue.facts],
                cue.takes,
                cue.history,
            ]
            for cue in shown.cues
        ],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
