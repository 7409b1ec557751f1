"""The columns of cue sheets: what each is called, by which words it is known elsewhere, and which field of a cue it holds.

One row a column. A new word of another program is a new word here, never a branch in the reader. `codec` says how the
field becomes the text of a cell and back (`codecs`); columns without a field are worked out when written and left aside
when read, or read by name in `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: `carries` are the fields of a cue that it holds whole, `width` its share of a page in characters.

    `kind` of its cells decides what a spreadsheet may have done to them: `time`, `code` (numbers, scenes: `1-2` becomes a
    date, `001` a number), `date`, or `text`.
    """

    name: str
    header: str
    words: str = ""
    carries: tuple[str, ...] = ()
    codec: str = ""
    kind: str = "text"
    width: int = 12


def _field(name: str, header: str, words: str = "", codec: str = "text", kind: str = "text", width: int = 14) -> Column:
    """Make a column that holds one field of a cue under the field's own name."""
    return Column(name, header, words, (name,), codec, kind, width)


_TABLE = (
    Column(
        "number", "Number",
        "cue|cue id|cue number|cue no|cue nr|cueid|no|nr|#|qn|loop|loop number|loop no|cue #|adr #|adr no|adr number|"
        "line no|line number|line #|numéro|numero|número|номер|番号",
        ("number",), "text", "code", 10,
    ),
    Column(
        "character", "Character",
        "char|role|speaker|source|name|character name|cast|rolle|figur|charakter|sprecher|personnage|rôle|personaje|"
        "personaggio|personagem|персонаж|роль|役名|キャラクター|角色",
        ("character",), width=16,
    ),
    Column("actor", "Actor", "talent|artist|voice|actor name|talent name|performer|darsteller|schauspieler|comédien", width=16),
    Column(
        "tc_in", "In",
        "start|tc in|timecode|start timecode|start time|in time|start tc|timecode in|begin|time in|tcin|time code in|in point|"
        "record in|cue in|time|tc|begin time|anfang|beginn|ein|début|debut|entrée|inicio|entrada|inizio|начало|開始",
        ("record_in",), kind="time", width=13,
    ),
    Column(
        "tc_out", "Out",
        "end|tc out|end timecode|finish|end time|out time|end tc|timecode out|time out|tcout|time code out|out point|stop|"
        "record out|cue out|finish time|ende|aus|fin|sortie|salida|fine|конец|終了",
        ("record_out",), kind="time", width=13,
    ),
    Column("duration", "Duration (s)", "duration s|length|dur|dauer|durée|duración|durata", kind="time", width=9),
    Column(
        "line", "Line",
        "dialogue|dialog|text|script|prompt|words|lines|cue text|adr line|dialogue line|replik|satz|texte|réplique|dialogues|"
        "texto|diálogo|battuta|testo|dialogo|реплика|текст|セリフ|台词",
        ("line",), "text", width=60,
    ),
    _field("direction", "Direction", "performance|acting|regie|interprétation|performance note", width=24),
    Column("reasons", "Reason", "reasons|code|why|reason code|grund|raison|motivo|motif", ("reasons",), "codes"),
    _field("reason_note", "Reason note", width=20),
    _field("note", "Note", "notes|comment|comments|remarks|remark|bemerkung|bemerkungen|remarque|notas|osservazioni", width=30),
    Column("priority", "Priority", "p|prio|priorität|priorité", ("priority",), "priority", width=7),
    Column("kind", "Kind", "cue type|type|cue kind", ("kind",), "code"),
    Column("uses", "Use", "uses|versions", ("uses",), "uses"),
    Column("flags", "Flags", "flag", ("flags",), "codes"),
    Column("status", "Status", "done|shot|state|cue status", ("status",), "code"),
    _field("reel", "Reel", "rl|reel no|akt|bobine|rollo|rullo", kind="code", width=7),
    _field("scene", "Scene", "sc|scene no|szene|scène|escena|scena|сцена", kind="code", width=8),
    _field("shot", "Shot number", "shot no|shot id|setup|slate", kind="code", width=8),
    _field("episode", "Episode", "ep|episode no|folge|épisode|episodio", kind="code", width=8),
    Column("version", "Version", "ver|picture version|edit version", ("picture_version",), "text", "code", 10),
    Column("screen", "Screen", "on screen|onscreen|on off|on off screen", ("screen",), "code", width=8),
    _field("engineer_note", "Engineer note", "engineer notes|engineering note|engineering notes|mixer note|mic", width=20),
    _field("pronunciation", "Pronunciation", "pronunciation note|aussprache|prononciation", width=16),
    _field("production_line", "Production line", "production text|original line|existing line|line in track|as shot", width=40),
    Column(
        "alternates", "Alternates", "alt|alts|alternate|alternate lines|alternative|alternatives",
        ("alternates",), "lines", width=40,
    ),
    Column("translations", "Line", "", ("translations",), width=40),
    _field("requested_by", "Requested by", "rq|requested|asked by"),
    _field("minutes", "Minutes", "mins|min|time budget|minuten", width=8),
    _field("group", "Group", "pass", kind="code"),
    Column("former_numbers", "Former numbers", "former number|old number|old numbers", ("former_numbers",), "list"),
    _field("omitted_reason", "Omitted reason", "reason omitted|omit reason"),
    _field("omitted_on", "Omitted on", "omitted date|date omitted", kind="date"),
    Column("sync_points", "Sync points", "sync|anchors", ("sync_points",), "sync_points", width=20),
    Column("exact_in", "Exact in", "", ("precise_in",), "exact"),
    Column("exact_out", "Exact out", "", ("precise_out",), "exact"),
    _field("pre_roll", "Pre-roll", "preroll", "exact"),
    _field("post_roll", "Post-roll", "postroll", "exact"),
    _field("head_handle", "Head handle", "", "exact"),
    _field("tail_handle", "Tail handle", "", "exact"),
    Column("takes", "Takes", "take", width=14),
    _field("colour", "Colour", "color|marker colour|marker color", "colour", width=9),
    Column("extra", "Extra"),
    _field("derived_from", "Derived from", "split from|parent uid", width=10),
    Column(
        "character_id", "Character ID", "character #|char #|character number|char no|cn|cast number|cast no",
        ("character",), width=10,
    ),
    Column("uid", "UID", "", ("uid",), width=10),
    Column("rate", "Rate", "frame rate|fps|framerate|timecode rate", width=9),
    Column("start", "Timeline start", "session start|programme start|program start", kind="time", width=12),
    Column("title", "Title", "show|project|production|production title", width=16),
    Column("seconds_in", "Start Seconds", "", width=10),
    Column("seconds_out", "Finish Seconds", "", width=10),
    Column("tv", "TV", "tv cover|tv version"),
    Column("optional", "Optional", "opt"),
    Column("to_be_written", "To be written", "tbw"),
    Column("ad_lib", "Ad lib", "adlib"),
    Column("effort", "Effort", "eff|efforts"),
    Column("omitted", "Omitted", "omit"),
)  # fmt: skip

COLUMNS: dict[str, Column] = {column.name: column for column in _TABLE}
"""Every column by name, in the order of the full template."""

ALIASES = {
    "in": "tc_in", "out": "tc_out", "record_in": "tc_in", "record_out": "tc_out", "picture_version": "version",
    "precise_in": "exact_in", "precise_out": "exact_out", "reason": "reasons", "use": "uses", "color": "colour",
}  # fmt: skip
"""Other names by which columns may be asked for."""

MARKED: dict[str, tuple[str, str]] = {
    "tv": ("uses", "tv"), "optional": ("flags", "optional"), "to_be_written": ("flags", "to_be_written"),
    "ad_lib": ("flags", "ad_lib"), "effort": ("kind", "effort"), "omitted": ("status", "omitted"),
}  # fmt: skip
"""Columns of one mark each, as the tag language's program writes them: the field that the mark goes into, and its code."""

SHOWN_ONLY = ("duration", "takes", "title", "seconds_in", "seconds_out")
"""Columns that are worked out when written; they hold nothing of a cue when they come back."""

NOT_HELD = ("takes", "placements", "history", "reconform")
"""Fields that no sheet holds; they stay in the work."""


def folded_header(header: str) -> str:
    """Fold a header for comparing: `Script (en-us)`, `Duration (s)` and `TC_IN:` are `script`, `duration` and `tc in`."""
    bare = re.sub(r"(?<=\S)\s*\([^()]*\)", " ", header)
    return " ".join(re.sub(r"[^\w#]+|_", " ", bare).casefold().split())


def _words() -> dict[str, str]:
    words: dict[str, str] = {}
    for column in _TABLE:
        if column.name in ("translations", "extra"):
            continue
        for word in (folded_header(column.header), *column.words.split("|")):
            if word:
                words.setdefault(word, column.name)
    return words


COLUMN_OF_WORD: dict[str, str] = _words()
"""The column that a folded header means."""


def column_of(header: str, words: Mapping[str, str] = COLUMN_OF_WORD) -> str | None:
    """Give the column that a header means; `Scene #` is `Scene`, where nobody says `Scene #` themselves."""
    folded = folded_header(header)
    return words.get(folded) or words.get(folded.replace("#", " ").strip())


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_WITH_LANGUAGE = re.compile(rf"(?P<base>.*?)\s*\((?P<language>{_LANGUAGE.pattern})\)", re.DOTALL)
_NO_LANGUAGES = {"tv", "vo", "os", "tc", "adr", "old", "new", "alt", "add", "max", "min", "sec", "raw"}

EXTRA_MARK, TRANSLATION_MARK = "Extra: ", "Translation: "


def language_of(header: str) -> str | None:
    """Give the language that heads a column of lines, `Line (de)`; None where the header is not that."""
    if header.startswith(TRANSLATION_MARK):
        return header.removeprefix(TRANSLATION_MARK)
    match = _WITH_LANGUAGE.fullmatch(header.strip())
    if match is None or match["language"].casefold() in _NO_LANGUAGES:
        return None
    return match["language"] if column_of(match["base"]) == "line" else None


def language_header(language: str) -> str:
    """Head the column of a translation so that `language_of` gives the language again."""
    plain = f"{COLUMNS['translations'].header} ({language})"
    return plain if language_of(plain) == language else f"{TRANSLATION_MARK}{language}"


def extra_header(key: str) -> str:
    """Head a column that we do not know with its own name, marked where that name would be taken for something else."""
    known = column_of(key) is not None or language_of(key) is not None or key.startswith(EXTRA_MARK)
    return f"{EXTRA_MARK}{key}" if known or key != key.strip() or not folded_header(key) else key


def extra_key(header: str) -> str:
    """Give the name that `extra_header` headed a column with."""
    return header.removeprefix(EXTRA_MARK) if header.startswith(EXTRA_MARK) else header.strip()
