"""The text of a marker that nobody structured, read as a cue where it has the shape of one.

Shapes that people use: `R106 ROBIN: line`, `ROBIN: line`, `ROBIN - line (noise)`, `R106 line`, `[N] line`, and a name such
as `ADR 104`, `ROBIN` or `R106 ROBIN` over a comment that is the line. Ordinary markers (`Fix colour`, `VFX: clean up`,
`Marker 1`) must stay ordinary, so a shape counts only with the signs that tell it from a note; text that cannot be taken
apart goes whole into the line.
"""

from __future__ import annotations

import re
from functools import lru_cache

from postsync.cueing.reading.comments import with_comment
from postsync.cueing.reading.reasons import reason_at_end, with_reason_at_end
from postsync.cueing.reading.signs import Reading, Signs, is_strong_number, without_cue_word
from postsync.cueing.reading.speakers import is_for_crew, is_name, is_unshown, looks_capitalised, may_speak
from postsync.model import with_fields

_DEFAULT_NAME = re.compile(
    r"(?:marker|mark|location|markierung|marke|marqueur|marcador|marcatore|locator|маркер|标记|標記|マーカー|마커)\s*\d*",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\[(?P<reason>[^\[\]]{1,24})\]\s*(?P<rest>\S.*)", re.DOTALL)
_COLON = re.compile(r"(?P<who>[^:：\n]{1,40}?)\s*[:：](?!//)\s*(?P<line>\S.*)", re.DOTALL)
_DASH = re.compile(r"(?P<who>[^:：\n]{1,40}?)\s+[-–—]\s+(?P<line>\S.*)", re.DOTALL)
_SPACED_DASH = re.compile(r"\s[-–—]\s")
_NUMBER_SIGN = re.compile(r"^(?P<word>(?:ADR[ _-]?)?)\s*#\s?(?=\d)", re.IGNORECASE)
_LOOP = re.compile(
    r"(?P<word>LOOP)[ _-]*#?\s?(?P<number>\d{1,4}[A-Z]?)(?:(?P<colon>\s*[:：](?!\d))|(?=\s)|$)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


def read_plain_words(title: str, body: str, signs: Signs) -> Reading | None:
    """Read a text that is in nobody's notation."""
    if _DEFAULT_NAME.fullmatch(title):
        title = ""
    title = without_cue_word(title, signs.rules)
    if not title:
        reading = _shaped(body, "", signs)
        return reading or (_whole("", body, signs) if signs.trusted else None)
    reading = _shaped(title, body, signs)
    if reading is None and body and not signs.trusted:
        reading = _only_numbered(_shaped(body, "", signs))
    return reading or (_whole(title, body, signs) if signs.trusted else None)


def _only_numbered(reading: Reading | None) -> Reading | None:
    """Under a name that says something else, a comment is a cue only with both number and character."""
    return reading if reading is not None and reading.number and reading.character else None


def _whole(title: str, body: str, signs: Signs) -> Reading:
    text = "\n".join(part for part in (title, body) if part)
    return with_reason_at_end(Reading("text", line=text or None), signs)


def _shaped(title: str, body: str, signs: Signs) -> Reading | None:
    """Try the shapes from the surest to the loosest."""
    for shape in (_bracketed, _numbered, _spoken, _dashed, _named):
        reading = shape(title, body, signs)
        if reading is not None:
            return with_reason_at_end(with_comment(reading, body), signs)
    return None


def _bracketed(title: str, body: str, signs: Signs) -> Reading | None:
    match = _BRACKET.fullmatch(title)
    reason = signs.reason(match["reason"], letters=True) if match else None
    if match is None or reason is None:
        return None
    inner = _numbered(match["rest"], body, signs) or _spoken(match["rest"], body, signs)
    inner = inner or Reading("line", line=match["rest"])
    note = match["reason"].strip() if signs.says_more(match["reason"]) else None
    reasons = tuple(dict.fromkeys((reason, *inner.reasons)))
    return with_fields(inner, form=f"[reason] {inner.form}", reasons=reasons, reason_note=note or inner.reason_note)


def _numbered(title: str, body: str, signs: Signs) -> Reading | None:
    """`R106 ROBIN: line`, `R106 - ROBIN - line`, `R106 ROBIN - line`, `R106: line`, `R106 ROBIN`, `R106 line`, `R106`."""
    match = _number_match(title, signs)
    if match is None or not match["number"]:
        return _counted(title, signs)
    number, rest = " ".join(match["number"].split()), match["rest"].strip()
    strong = signs.trusted or is_strong_number(number, signs.rules)
    if match["colon"]:
        return Reading("number: line", number=number, line=rest) if strong and rest else None
    spoken = _said_by(rest, signs, strong)
    if spoken:
        return Reading("number character: line", number, spoken["who"], spoken["line"])
    if not rest:
        return Reading("number", number) if strong and (body or signs.trusted) else None
    if is_name(rest, signs) or (body and strong and (looks_capitalised(rest) or is_unshown(rest))):
        known = strong or (body and len(re.findall(r"\d", number)) >= 3)
        return Reading("number character", number, rest) if known else None
    if signs.trusted or (not is_for_crew(rest) and (strong or (_is_of_four(number) and not rest[0].islower()))):
        return Reading("number line", number, line=rest)
    return None


def _number_match(title: str, signs: Signs) -> re.Match[str] | None:
    """Find the number at the beginning, as the show writes it or with the sign for one before it: `ADR #104`."""
    pattern = _number_pattern(signs.rules.number_pattern)
    return pattern.match(title) or pattern.match(_NUMBER_SIGN.sub(r"\g<word>", title))


def _said_by(rest: str, signs: Signs, strong: bool) -> re.Match[str] | None:
    """Part who speaks from the line, by a colon or, behind a number that is surely one, by a dash."""
    dash = re.match(r"[-–—]\s+", rest) if strong else None
    after = rest[dash.end() :] if dash else rest
    spoken, parted = _COLON.fullmatch(after), _DASH.fullmatch(after) if strong else None
    if parted and is_name(parted["who"], signs) and (spoken is None or _SPACED_DASH.search(spoken["who"])):
        return parted
    spoken = spoken or (parted if dash else None)
    return spoken if spoken and may_speak(spoken["who"], signs, strong) else None


def _counted(title: str, signs: Signs) -> Reading | None:
    """`LOOP 12 ROBIN: line`, `LOOP 12: line`: the word makes a cue only where a colon follows, since music has loops too."""
    match = _LOOP.fullmatch(title)
    if match is None:
        return None
    number, rest = f"{match['word']} {match['number']}", match["rest"].strip()
    if match["colon"]:
        return Reading("number: line", number, line=rest) if rest and not is_for_crew(rest) else None
    spoken = _COLON.fullmatch(rest)
    if spoken is None or not may_speak(spoken["who"], signs, False):
        return Reading("number", number, line=rest or None) if signs.trusted else None
    return Reading("number character: line", number, spoken["who"], spoken["line"])


def _spoken(title: str, body: str, signs: Signs) -> Reading | None:
    match = _COLON.fullmatch(title)
    if match is None or not may_speak(match["who"], signs, False):
        return None
    return Reading("character: line", character=match["who"], line=match["line"])


def _dashed(title: str, body: str, signs: Signs) -> Reading | None:
    match = _DASH.fullmatch(title)
    if match is None or not is_name(match["who"], signs):
        return None
    known = match["who"].casefold() in signs.cast or signs.trusted or reason_at_end(match["line"], signs) is not None
    return Reading("character - line", character=match["who"], line=match["line"]) if known else None


def _named(title: str, body: str, signs: Signs) -> Reading | None:
    """A name that is nothing but a character's, over a comment that is the line."""
    if is_name(title, signs) and (signs.trusted or (body and not is_for_crew(body))):
        return Reading("character over line", character=title)
    if signs.trusted and body and looks_capitalised(title):
        return Reading("character over line", character=title)
    return None


@lru_cache(maxsize=16)
def _number_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<number>{pattern})(?:(?P<colon>\s*[:：](?!\d))|(?=\s)|$)(?P<rest>.*)", re.DOTALL)


def _is_of_four(number: str) -> bool:
    return re.fullmatch(r"\d{4}", number) is not None
