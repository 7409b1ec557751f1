"""The text of a marker that nobody structured, read as a cue where it has the shape of one.

Shapes that people use: `R106 ROBIN: line`, `ROBIN: line`, `ROBIN - line (noise)`, `R106 line`, `[N] line`, and a name such
as `ADR 104`, `ROBIN` or `R106 ROBIN` over a comment that is the line. Ordinary markers (`Fix colour`, `VFX: clean up`,
`Marker 1`) must stay ordinary, so a shape counts only with the signs that tell it from a note; text that cannot be taken
apart goes whole into the line.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from postsync.cueing.reading.dialects import Said, read_edicue, read_edicue_track, read_tag_language
from postsync.cueing.reading.words import (
    CREW_WORDS,
    NAME_JOINTS,
    NOISES,
    ORDINARY_PREFIXES,
    ORDINARY_WORDS,
    REASON_WORDS,
)
from postsync.model import CueRules, Dialect, Vocabulary, with_fields
from postsync.model.cues import FLAGS, KINDS, USES

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
_REASON_AT_END = re.compile(r"\s*\((?P<words>[^()]{2,40})\)\s*$")
_NOISE_AT_END = re.compile(r"\s+/\s+(?P<words>[^/\n]{3,30})$")
_DETAILS = re.compile(r"(?:Reason: |Kind: |Priority \d+|TV\b|Airline\b|Foreign\b|Trailer\b)[^\n]*")
_SPACES = re.compile(r"\s+")
_LINE_END = re.compile(r"\s*(?:\n|$)")
_NAME = re.compile(r"[^\W\d_][\w '’.\-/#&()]{0,38}")
_NUMBERED_STRONGLY = re.compile(
    r"(?:ADR[ _-]?\w+|(?P<prefix>[A-Z]{1,4})\d{2,5}[A-Z]{0,2}|[A-Z]{0,4}\d{1,5}-[A-Z]+-\d+[A-Z]{0,2})"
)


@dataclass(frozen=True)
class Reading:
    """What a marker's text says. `form` names the shape by which it was read."""

    form: str
    number: str | None = None
    character: str | None = None
    line: str | None = None
    reasons: tuple[str, ...] = ()
    reason_note: str | None = None
    note: str | None = None
    details: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Signs:
    """What is known before a text is read.

    The show's rules, its cast (case folded), whether the text is surely a cue, the notation that the file is in, the track
    that the marker hangs on, the show's words for reasons, and whether the notation was guessed.
    """

    rules: CueRules
    cast: Collection[str] = ()
    trusted: bool = False
    dialect: Dialect = "plain"
    track: str | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    guessed: bool = False

    def reason(self, word: str, *, letters: bool = False) -> str | None:
        """Give the reason that a word stands for; single letters only where they are asked for and in capitals."""
        text = " ".join(word.split())
        known = self.vocabulary.reasons.find(text) if len(text) > 1 or (letters and text.isupper()) else None
        if known or text.casefold() in REASON_WORDS:
            return known or REASON_WORDS[text.casefold()]
        return "noise" if not letters and text and text.casefold().split()[0] in NOISES else None

    def says_more(self, word: str) -> bool:
        """Whether a word says more than its reason, as `off mic` does; codes, labels and letters of the table do not."""
        text = " ".join(word.split())
        return self.vocabulary.reasons.find(text) is None


def has_cue_word(text: str, rules: CueRules) -> bool:
    """Whether one of the show's words, such as ADR, stands in a text as a word (`ADR_104` and `ADR104` count)."""
    words = _any_of(rules.words)
    return bool(words and text) and re.search(rf"(?<![^\W_])(?:{words})(?![^\W\d_])", text, re.IGNORECASE) is not None


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in words if word)


def read_marker_text(name: str, comment: str, signs: Signs) -> Reading | None:
    """Read a marker's name and comment as a cue; None where they do not have its shape.

    >>> reading = read_marker_text("R106 ROBIN: Hold there! (noise)", "", Signs(CueRules()))
    >>> reading.number, reading.character, reading.line, reading.reasons
    ('R106', 'ROBIN', 'Hold there!', ('noise',))
    """
    reading = _in_notation(name.strip(), comment.strip(), signs)
    return reading or _in_plain_words(name.strip(), comment.strip(), signs)


def _in_plain_words(title: str, body: str, signs: Signs) -> Reading | None:
    """Read a text that is in nobody's notation."""
    if _DEFAULT_NAME.fullmatch(title):
        title = ""
    title = _without_cue_word(title, signs.rules)
    if not title:
        reading = _shaped(body, "", signs)
        return reading or (_whole("", body, signs) if signs.trusted else None)
    reading = _shaped(title, body, signs)
    if reading is None and body and not signs.trusted:
        reading = _only_numbered(_shaped(body, "", signs))
    return reading or (_whole(title, body, signs) if signs.trusted else None)


def _in_notation(name: str, comment: str, signs: Signs) -> Reading | None:
    """Read a text in the notation of its file; None where it holds nothing of it."""
    if signs.dialect == "tags":
        said, beside = (read_tag_language(text, signs.rules.tag_keys) for text in (name, comment))
        fields = {**beside.fields, **said.fields}
        both = Said(said.text or beside.text, fields, (*said.codes, *beside.codes))
        if signs.guessed and _is_laid_out(name, comment, fields.get("number"), signs):
            return None
        is_cue = signs.trusted or "number" in fields
        note = beside.text if said.text else None
        return _noted("tag language", both, note, signs) if is_cue and (fields or both.codes) else None
    if signs.dialect == "edicue":
        said = read_edicue(name)
        track = read_edicue_track(signs.track or "")
        if not (track or said.fields or said.reason_code):
            return None
        return _noted("EdiCue", Said(said.text, {**track, **said.fields}, (), said.reason_code), comment or None, signs)
    return None


def _is_laid_out(name: str, comment: str, number: str | None, signs: Signs) -> bool:
    """Whether a text is in our layout, `R106 ROBIN: …`, and what looks like a tag, with another number, is in its line."""
    plain = _in_plain_words(name, comment, with_fields(signs, trusted=False)) if number else None
    if plain is None or not plain.number or plain.number == number:
        return False
    return plain.form.startswith("number character") or _is_strong(plain.number, signs.rules)


_OF_READING = ("number", "character", "line", "note")


def _noted(form: str, said: Said, beside: str | None, signs: Signs) -> Reading:
    """Make a reading of what a notation says; a text that it says nothing of is read as plain words are."""
    plain = None
    if not {"number", "character", "line"} & set(said.fields):
        plain = _in_plain_words(said.text, "", with_fields(signs, trusted=True))
    reading = with_fields(plain, form=form) if plain else Reading(form, line=said.text or None)
    given: dict[str, Any] = {name: said.fields[name] for name in _OF_READING if said.fields.get(name)}
    note = "\n".join(part for part in (given.pop("note", None), beside) if part)
    reading = with_fields(reading, **given, note=note or None, fields=_code_fields(said))
    words = said.fields.get("reason") or said.reason_code
    return _reasoned(reading, words, signs) if words else reading


def _code_fields(said: Said) -> dict[str, Any]:
    """Give what a notation says beside number, character, line and note, as the cue record holds it."""
    fields: dict[str, Any] = {
        name: text for name, text in said.fields.items() if name not in (*_OF_READING, "reason") and text
    }
    if re.fullmatch(r"[1-9]\d{0,2}", str(fields.get("priority", ""))):
        fields["priority"] = int(fields["priority"])
    elif "priority" in fields:
        fields["stated_priority"] = fields.pop("priority")
    for name, code in said.codes:
        fields[name] = code if name in ("kind", "status") else (*fields.get(name, ()), code)
    if "uses" in fields:
        fields["uses"] = ("theatrical", *fields["uses"])
    if "recorded_on" in fields and "status" not in fields:
        fields["status"] = "recorded"
    return fields


def said_reading(form: str, said: Said, signs: Signs) -> Reading:
    """Make a reading of what a notation says of a clip: its text is the line, whatever it looks like."""
    given = {name: said.fields.get(name) for name in _OF_READING}
    reading = Reading(
        form, given["number"], given["character"], given["line"] or said.text or None, note=given["note"],
        fields=_code_fields(said),
    )  # fmt: skip
    words = said.fields.get("reason") or said.reason_code
    return _reasoned(reading, words, signs) if words else reading


_CODES_AND_NOTE = re.compile(r"(?P<codes>[^()]*?)\s*\((?P<note>.+)\)", re.DOTALL)
_HOUSE_CODE = re.compile(r"[A-Z][A-Z0-9&-]{0,7}")


def _reasoned(reading: Reading, words: str, signs: Signs) -> Reading:
    """Take in a stated reason: known words as codes, a short code of the house as it is, anything else as the note."""
    noted = _CODES_AND_NOTE.fullmatch(words)
    if noted is not None:
        codes = [code.strip() for code in noted["codes"].split(",") if code.strip()]
        read = [signs.vocabulary.reasons.find(code) or code for code in codes]
        if all(code in signs.vocabulary.reasons or _HOUSE_CODE.fullmatch(code) for code in read):
            return with_fields(reading, reasons=tuple(read), reason_note=noted["note"])
    parts = [part.strip() for part in re.split(r"[,;+/]", words) if part.strip()]
    known = [signs.reason(part, letters=True) or signs.reason(part) for part in parts]
    if parts and all(known):
        note = words if any(signs.says_more(part) for part in parts) else None
        return with_fields(reading, reasons=tuple(dict.fromkeys(filter(None, known))), reason_note=note)
    if parts and all(one or _HOUSE_CODE.fullmatch(part) for one, part in zip(known, parts, strict=True)):
        return with_fields(reading, reasons=tuple(one or part for one, part in zip(known, parts, strict=True)))
    return with_fields(reading, reason_note=words)


def _only_numbered(reading: Reading | None) -> Reading | None:
    """Under a name that says something else, a comment is a cue only with both number and character."""
    return reading if reading is not None and reading.number and reading.character else None


def _without_cue_word(title: str, rules: CueRules) -> str:
    """Take a leading `ADR` off; `ADR 104` is a number and stays."""
    words = _any_of(rules.words)
    if not words:
        return title
    return re.sub(rf"^(?:{words})(?![^\W_])(?![ _-]?#?\s?\d)[\s:：,;_–—-]*", "", title, flags=re.IGNORECASE)


def _whole(title: str, body: str, signs: Signs) -> Reading:
    text = "\n".join(part for part in (title, body) if part)
    return _finished(Reading("text", line=text or None), signs)


def _shaped(title: str, body: str, signs: Signs) -> Reading | None:
    """Try the shapes from the surest to the loosest."""
    for shape in (_bracketed, _numbered, _spoken, _dashed, _named):
        reading = shape(title, body, signs)
        if reading is not None:
            return _finished(_with_body(reading, body), signs)
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
    strong = signs.trusted or _is_strong(number, signs.rules)
    if match["colon"]:
        return Reading("number: line", number=number, line=rest) if strong and rest else None
    spoken = _said_by(rest, signs, strong)
    if spoken:
        return Reading("number character: line", number, spoken["who"], spoken["line"])
    if not rest:
        return Reading("number", number) if strong and (body or signs.trusted) else None
    if _is_name(rest, signs) or (body and strong and (_looks_capitalised(rest) or _is_unshown(rest))):
        known = strong or (body and len(re.findall(r"\d", number)) >= 3)
        return Reading("number character", number, rest) if known else None
    if signs.trusted or (not _is_for_crew(rest) and (strong or (_is_of_four(number) and not rest[0].islower()))):
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
    if parted and _is_name(parted["who"], signs) and (spoken is None or _SPACED_DASH.search(spoken["who"])):
        return parted
    spoken = spoken or (parted if dash else None)
    return spoken if spoken and _may_speak(spoken["who"], signs, strong) else None


def _counted(title: str, signs: Signs) -> Reading | None:
    """`LOOP 12 ROBIN: line`, `LOOP 12: line`: the word makes a cue only where a colon follows, since music has loops too."""
    match = _LOOP.fullmatch(title)
    if match is None:
        return None
    number, rest = f"{match['word']} {match['number']}", match["rest"].strip()
    if match["colon"]:
        return Reading("number: line", number, line=rest) if rest and not _is_for_crew(rest) else None
    spoken = _COLON.fullmatch(rest)
    if spoken is None or not _may_speak(spoken["who"], signs, False):
        return Reading("number", number, line=rest or None) if signs.trusted else None
    return Reading("number character: line", number, spoken["who"], spoken["line"])


def _spoken(title: str, body: str, signs: Signs) -> Reading | None:
    match = _COLON.fullmatch(title)
    if match is None or not _may_speak(match["who"], signs, False):
        return None
    return Reading("character: line", character=match["who"], line=match["line"])


def _dashed(title: str, body: str, signs: Signs) -> Reading | None:
    match = _DASH.fullmatch(title)
    if match is None or not _is_name(match["who"], signs):
        return None
    known = match["who"].casefold() in signs.cast or signs.trusted or _reason_at_end(match["line"], signs) is not None
    return Reading("character - line", character=match["who"], line=match["line"]) if known else None


def _named(title: str, body: str, signs: Signs) -> Reading | None:
    """A name that is nothing but a character's, over a comment that is the line."""
    if _is_name(title, signs) and (signs.trusted or (body and not _is_for_crew(body))):
        return Reading("character over line", character=title)
    if signs.trusted and body and _looks_capitalised(title):
        return Reading("character over line", character=title)
    return None


@lru_cache(maxsize=16)
def _number_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<number>{pattern})(?:(?P<colon>\s*[:：](?!\d))|(?=\s)|$)(?P<rest>.*)", re.DOTALL)


def _is_strong(number: str, rules: CueRules) -> bool:
    """Whether a number cannot be anything else: the show's own pattern says so, or letters with two digits and more."""
    if rules.number_pattern != CueRules().number_pattern:
        return True
    match = _NUMBERED_STRONGLY.fullmatch(number)
    return match is not None and match["prefix"] not in ORDINARY_PREFIXES


def _is_of_four(number: str) -> bool:
    return re.fullmatch(r"\d{4}", number) is not None


def _is_for_crew(text: str) -> bool:
    return any(word in CREW_WORDS for word in re.split(r"[\W_]+", text.casefold()))


def _may_speak(who: str, signs: Signs, strong: bool) -> bool:
    return (
        ((strong or signs.trusted) and _is_unshown(who))
        or _is_name(who, signs)
        or ((strong or signs.trusted) and _looks_capitalised(who))
    )


def _is_unshown(text: str) -> bool:
    """Whether a text is letters that a carrier could not show, each a question mark."""
    return set(text) == {"?"}


def _is_name(text: str, signs: Signs) -> bool:
    """Whether a text is a character: one of the cast, or a few words in capitals that no crew note is made of."""
    if text.casefold() in signs.cast:
        return True
    words = text.split()
    if not _NAME.fullmatch(text) or len(words) > 4 or text != text.upper() or len(re.findall(r"[^\W\d_]", text)) < 2:
        return False
    return signs.trusted or not any(
        word.strip(".()#").casefold() in ORDINARY_WORDS for word in re.split(r"[\s/\-]+", text)
    )


def _looks_capitalised(text: str) -> bool:
    """Whether a text is up to three words with capitals, and those between them that join a name: `Guest at Court`."""
    words = text.split()
    names = [word for word in words if word not in NAME_JOINTS]
    small = any(word[0].islower() for word in (*words[:1], *names, *words[-1:]))
    return bool(_NAME.fullmatch(text)) and len(words) <= 5 and len(names) <= 3 and not small


def _with_body(reading: Reading, body: str) -> Reading:
    """Bring in the comment: it is the line where the name has none, else it repeats the line and adds details and note."""
    if not body:
        return reading
    if reading.line is None:
        return _split_body(reading, body)
    rest = _after_line(body, reading.line)
    split = _split_body(reading, rest if rest is not None else body)
    note = (
        split.note
        if rest is not None and split.line is None
        else "\n".join(part for part in (split.line, split.note) if part)
    )
    line = reading.line
    if line.endswith(("…", "...")) and rest is None and body.startswith(line.rstrip("….").rstrip()):
        return with_fields(reading, line=split.line, note=split.note, details=split.details)
    return with_fields(reading, note=note or None, details=split.details)


def _after_line(body: str, line: str) -> str | None:
    """Give what follows the line in a comment that repeats it; None where the comment says something else."""
    at = 0
    for word in line.split():
        gap = _SPACES.match(body, at) if at else None
        begin = gap.end() if gap else 0
        if (at and gap is None) or not body.startswith(word, begin):
            return None
        at = begin + len(word)
    return body[at:].strip() if _LINE_END.match(body, at) else None


def _split_body(reading: Reading, body: str) -> Reading:
    """Take a comment in our layout apart: line, details, note. Without a line of details all of it is the line."""
    rows = body.split("\n")
    for place, row in enumerate(rows):
        details = _DETAILS.fullmatch(row.strip())
        if details or row.startswith("Note: "):
            line = "\n".join(rows[:place]).strip()
            note = "\n".join(rows[place + 1 :] if details else [row.removeprefix("Note: "), *rows[place + 1 :]]).strip()
            return with_fields(reading, line=line or None, note=note or None, details=row.strip() if details else None)
    return with_fields(reading, line=body or None)


def _finished(reading: Reading, signs: Signs) -> Reading:
    """Take a known reason off the end of the line."""
    line = reading.line
    if line is None:
        return reading
    found = _reason_at_end(line, signs)
    if found is None:
        return with_fields(reading, line=line.strip() or None)
    reasons, note, rest = found
    reasons = (*reading.reasons, *(reason for reason in reasons if reason not in reading.reasons))
    return with_fields(reading, line=rest or None, reasons=reasons, reason_note=note)


def _reason_at_end(line: str, signs: Signs) -> tuple[tuple[str, ...], str | None, str] | None:
    """Read `(noise)`, `(plane)` or `/ plane` at the end of a line: reasons, what was said, and the line before."""
    for pattern in (_REASON_AT_END, _NOISE_AT_END):
        match = pattern.search(line)
        if match is None:
            continue
        words = [word.strip() for word in re.split(r"[,;+/]| and ", match["words"]) if word.strip()]
        reasons = [signs.reason(word) for word in words]
        if words and all(reasons):
            note = match["words"].strip() if any(signs.says_more(word) for word in words) else None
            return tuple(dict.fromkeys(reason for reason in reasons if reason)), note, line[: match.start()].rstrip()
    return None


def details_fields(details: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Read back `Reason: noise (plane) · Priority 1 · TV`; words that are not ours stay where they were."""
    fields: dict[str, Any] = {}
    uses: list[str] = []
    flags: list[str] = []
    for part in (part.strip() for part in details.split("·")):
        folded = part.casefold().replace(" ", "_")
        if part.startswith("Reason: "):
            fields |= _reason_fields(part.removeprefix("Reason: "), vocabulary)
        elif part.startswith("Kind: ") and folded.removeprefix("kind:_") in KINDS:
            fields["kind"] = folded.removeprefix("kind:_")
        elif re.fullmatch(r"Priority \d{1,3}", part):
            fields["priority"] = int(part.split()[1])
        elif folded in USES:
            uses.append(folded)
        elif folded in FLAGS:
            flags.append(folded)
    if uses:
        fields["uses"] = ("theatrical", *uses)
    return fields | ({"flags": tuple(flags)} if flags else {})


def _reason_fields(text: str, vocabulary: Vocabulary) -> dict[str, Any]:
    match = re.fullmatch(r"(?P<codes>[^()]*?)\s*(?:\((?P<note>.*)\))?", text)
    if match is None:
        return {"reason_note": text}
    words = [code.strip() for code in match["codes"].split(",") if code.strip()]
    known = [vocabulary.reasons.find(word) for word in words]
    read = [
        REASON_WORDS.get(word.casefold()) if code is None else None for word, code in zip(words, known, strict=True)
    ]
    codes = tuple(code or other or word for word, code, other in zip(words, known, read, strict=True))
    note = match["note"] or (match["codes"].strip() if any(read) else None)
    return {"reasons": codes} | ({"reason_note": note} if note else {})
