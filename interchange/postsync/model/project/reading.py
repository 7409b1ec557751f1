"""The project file, `postsync.toml`, looked for in the folder of the work and upwards.

Unknown keys are refused by name, since a misspelt one would silently do nothing. `docs/project-file.md` is its manual.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from postsync.errors import FormatError, PostsyncError
from postsync.model.colours import COLOURS, colour_name
from postsync.model.cues import Character
from postsync.model.project.colouring import COLOURED_BY, ColourRules
from postsync.model.project.record import DIALECTS, CueRules, NumberRules, Project, Reel
from postsync.model.project.recording import recording_rules
from postsync.model.project.scheme import COUNTERS, SUFFIX_LETTERS, NumberScheme
from postsync.model.project.table import Table
from postsync.model.project.vocabulary import Code, CodeTable, Vocabulary
from postsync.model.sheets import sheet_templates
from postsync.timing import Rate, parse_timecode, rate_asked

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]

FILE_NAME = "postsync.toml"
PAPERS = ("A4", "Letter")

_TEXTS = ("show", "episode", "client", "supervisor", "picture_version")
_TABLES = ("reels", "cues", "numbers", "characters", "codes", "colours", "minutes", "sheets", "recording")
_KEYS = {*_TEXTS, *_TABLES, "rate", "drop_frame", "paper"}
_CODE_TABLES = {"reasons": "reasons", "kinds": "kinds", "flags": "flags", "uses": "uses", "status": "statuses"}
"""Tables of `[codes]` with the vocabulary that each one changes."""

_CODE = re.compile(r"\w[\w .&-]*")


def find_project(beside: Path) -> Project:
    """Give the project of a work: the `postsync.toml` in its folder or the nearest above, else an empty one.

    Raises FormatError where the file that was found is wrong.

    >>> Path("show", "R1").mkdir(parents=True)
    >>> Path("show", "postsync.toml").write_bytes(b'show = "The Crossing"')
    21
    >>> find_project(Path("show", "R1", "R1.otio")).show
    'The Crossing'
    """
    folder = beside.resolve() if beside.is_dir() else beside.resolve().parent
    for place in (folder, *folder.parents):
        candidate = place / FILE_NAME
        if candidate.is_file():
            return read_project(candidate)
    return Project()


def read_project(path: Path) -> Project:
    """Read a project file; FormatError names the file and the key that is wrong.

    >>> Path("show.toml").write_text('show = "The Crossing"\\nrate = "23.976"\\n', encoding="utf-8")
    38
    >>> read_project(Path("show.toml")).rate.text
    '24000/1001'
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise FormatError(f"not TOML: {fault}", path=path) from fault
    top = Table(data, path).only(_KEYS)
    rate = _rate(top)
    project = Project(
        show=top.text("show"),
        episode=top.text("episode"),
        client=top.text("client"),
        supervisor=top.text("supervisor"),
        picture_version=top.text("picture_version"),
        paper=top.choice("paper", PAPERS, "A4") or "A4",
        rate=rate,
        reels=_reels(top, rate),
        characters=_characters(top),
        vocabulary=_vocabulary(top.table("codes")),
        numbers=_numbers(top.table("numbers")),
        cue_rules=_cue_rules(top.table("cues")),
        sheets=sheet_templates(data, path),
        recording=recording_rules(top.table("recording")),
        path=path,
    )
    colours, minutes = _colours(top.table("colours"), project), _minutes(top.table("minutes"), project.vocabulary)
    return dataclasses.replace(project, colours=colours, minutes=minutes, cue_rules=_with_pattern(project, top))


@contextmanager
def _named(table: Table, key: str) -> Generator[None]:
    """Say in which file and at which key a value was refused by what it is for."""
    try:
        yield
    except PostsyncError as fault:
        fault.path, fault.place = str(table.path), fault.place or table.at(key)
        raise


def _rate(top: Table) -> Rate | None:
    drop, text = top.truth("drop_frame"), top.text("rate")
    if text is None:
        return None
    with _named(top, "rate"):
        rate = rate_asked(text)
        return rate.with_drop(True) if drop else rate


def _reels(top: Table, rate: Rate | None) -> tuple[Reel, ...]:
    reels: list[Reel] = []
    for entry in top.tables("reels"):
        entry.only({"name", "start", "ffoa", "lfoa"})
        labels = {name: entry.text(name) for name in ("start", "ffoa", "lfoa")}
        for name, label in labels.items():
            if label is not None and rate is not None:
                parse_timecode(label, rate, path=top.path, place=entry.at(name))
        reels.append(Reel(entry.needed_text("name"), **labels))
    _refuse_repeats(top, "reels", [reel.name for reel in reels])
    return tuple(reels)


def _characters(top: Table) -> tuple[Character, ...]:
    characters: list[Character] = []
    for entry in top.tables("characters"):
        entry.only({field.name for field in dataclasses.fields(Character)})
        name = entry.text("name") or entry.needed_text("id")
        characters.append(
            Character(
                id=entry.text("id") or name,
                name=name,
                prefix=entry.text("prefix"),
                actor=entry.text("actor"),
                aliases=entry.texts("aliases"),
                is_group=entry.truth("is_group"),
                colour=_colour(entry, "colour"),
            )
        )
    _refuse_repeats(top, "characters", [one.id for one in characters])
    _refuse_repeats(top, "characters", [one.prefix for one in characters if one.prefix], "the prefix ")
    return tuple(characters)


def _refuse_repeats(top: Table, key: str, words: list[str], what: str = "") -> None:
    seen: set[str] = set()
    for word in words:
        if word.casefold() in seen:
            top.fail(key, expected="each one once", found=f"{what}{word!r} twice")
        seen.add(word.casefold())


def _colour(table: Table, key: str) -> str | None:
    text = table.text(key)
    name = colour_name(text)
    if text is not None and name is None:
        table.fail(key, expected=f"a colour: {', '.join(COLOURS)}", found=repr(text))
    return name


def _vocabulary(codes: Table) -> Vocabulary:
    codes.only(_CODE_TABLES)
    tables: dict[str, CodeTable] = {}
    usual = Vocabulary()
    for key, name in _CODE_TABLES.items():
        with _named(codes, key):
            stated = [_code(table, code) for table in [codes.table(key)] for code in table.data]
            tables[name] = getattr(usual, name).with_codes(stated)
    return Vocabulary(**tables)


def _code(table: Table, code: str) -> Code:
    """Read `noise = "Set noise"` or `noise = { label = "Set noise", letters = ["N"] }`."""
    if not _CODE.fullmatch(code):
        table.fail(code, expected="a code of letters and digits", found=repr(code))
    if isinstance(table.data[code], str):
        return Code(code, table.needed_text(code))
    entry = table.table(code).only({"label", "letters"})
    return Code(code, entry.text("label") or "", entry.texts("letters"))


def _numbers(table: Table) -> NumberRules:
    table.only({"scheme", "counter", "start", "step", "padding", "suffix_letters"})
    counter = table.choice("counter", COUNTERS)
    letters = table.text("suffix_letters") or SUFFIX_LETTERS
    if not letters.isalpha() or len(set(letters.upper())) < len(letters):
        table.fail("suffix_letters", expected="letters, each once", found=repr(letters))
    padding = table.whole("padding", 1, least=1)
    template, scheme = table.text("scheme"), None
    if template is not None:
        with _named(table, "scheme"):
            scheme = NumberScheme(template, padding, letters.upper())
        _refuse_collisions(table, scheme, counter)
    return NumberRules(scheme, counter, table.whole("start", 1, least=0), table.whole("step", 1, least=1))


def _refuse_collisions(table: Table, scheme: NumberScheme, counter: str | None) -> None:
    """A counter that starts again for each character or reel needs that character or reel in the number."""
    needs = {
        "character": ({"prefix", "char"},),
        "reel": ({"reel"},),
        "character and reel": ({"prefix", "char"}, {"reel"}),
    }
    for tokens in needs.get(counter or "", ()):
        if not scheme.tokens & tokens:
            wanted = " or ".join(f"{{{token}}}" for token in sorted(tokens))
            table.fail(
                "counter",
                expected=f"{wanted} in the scheme {scheme.template!r}, else numbers repeat",
                found=repr(counter),
                remedy=f"put {wanted} into the scheme or count 'global'",
            )


def _colours(table: Table, project: Project) -> ColourRules:
    table.only({"by", "characters", "status"})
    by_character, by_status = table.table("characters"), table.table("status")
    by_status.only(project.vocabulary.statuses.by_code)
    return ColourRules(
        table.choice("by", COLOURED_BY),
        {key: colour for key in by_character.data if (colour := _colour(by_character, key))},
        {key: colour for key in by_status.data if (colour := _colour(by_status, key))},
    )


def _minutes(table: Table, vocabulary: Vocabulary) -> dict[str, Fraction]:
    table.only(vocabulary.kinds.by_code)
    minutes: dict[str, Fraction] = {}
    for kind in table.data:
        text = table.text(kind) or ""
        if not re.fullmatch(r"\d+(?:\.\d+)?", text):
            table.fail(kind, expected="minutes such as 6 or 2.5", found=repr(text))
        minutes[kind] = Fraction(text)
    return minutes


def _cue_rules(table: Table) -> CueRules:
    usual = CueRules()
    table.only({field.name for field in dataclasses.fields(CueRules)})
    pattern = table.text("number_pattern") or usual.number_pattern
    try:
        re.compile(pattern)
    except re.error as fault:
        table.fail("number_pattern", expected="a regular expression", found=f"{pattern!r} ({fault})")
    dialect = table.choice("dialect", DIALECTS, usual.dialect)
    return CueRules(
        words=table.texts("words", usual.words),
        colours=table.texts("colours", usual.colours),
        users=table.texts("users", usual.users),
        number_pattern=pattern,
        dialect=next(known for known in DIALECTS if known == dialect),
        tag_keys=table.texts("tag_keys", usual.tag_keys),
    )


def _with_pattern(project: Project, top: Table) -> CueRules:
    """Read numbers by the show's own scheme where no pattern is given and the scheme cannot be taken for common words."""
    scheme = project.numbers.scheme
    if "number_pattern" in top.table("cues") or scheme is None or not scheme.is_distinct:
        return project.cue_rules
    return dataclasses.replace(project.cue_rules, number_pattern=scheme.pattern(project.reels_in_numbers))
