"""What edit decision lists are made of, as tables: layouts, lines, channels, colours, and the programs that write them.

The CMX 3600 manual gives the event; everything else was learned from lists that Media Composer, Premiere, Resolve, Final Cut
Pro 7, Nucoda, Hiero and Autodesk's programs wrote. A new dialect is a new row here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """The columns of a dialect: digits of the event number, width of the reel, what stands before a comment, tail of a line."""

    number: int
    reel: int
    star: str
    name_gap: str = "  "
    tail: str = " "


LAYOUTS: dict[str, Layout] = {
    "cmx3600": Layout(3, 8, "* "),
    "file16": Layout(6, 16, "*"),
    "file32": Layout(6, 32, "*"),
    "file128": Layout(6, 128, "*"),
}
"""Media Composer's own: CMX 3600 has three digits and `* `, the File lists six digits and `*` without a blank."""

MOST_EVENTS = 999
"""What a CMX 3600 editor counts to; Premiere goes on with four digits, and so do we."""

LABEL = r"\d{1,3}[:;.]\d\d[:;.]\d\d[:;.,]\d{2,3}"
CHANNEL = r"NONE|ASMBL|AA/V|A\d*/V|AA|VA\d*|V\d*|A\d*|B"
TRANSITION = r"C|D|W\d*|K(?:\s*[BO](?=[\s(]))?(?:\s*\(F\))?"
DURATION = r"\(?\d{1,4}\)?F?"

NOTE_PATTERNS: tuple[tuple[str, str], ...] = (
    ("from_clip", r"FROM CLIP NAME\s*:"),
    ("source_file", r"SOURCE FILE\s*:"),
    ("locator", r"LOC\s*:"),
    ("to_clip", r"TO CLIP NAME\s*:"),
    ("key_clip", r"KEY CLIP NAME\s*:"),
    ("reel_name", r"REEL\s*:"),
    ("from_file", r"FROM FILE\s*:|MEDIA PATH\s*:|FROM CLIP\s*:"),
    ("to_file", r"TO FILE\s*:|TO CLIP\s*:"),
    ("from_comment", r"FROM COMMENT\s*:"),
    ("to_comment", r"TO COMMENT\s*:"),
    ("patch", r"PATCH\s"),
    ("level", r"AUDIO LEVEL AT\s"),
    ("mix", r"A\d+ VOL\s*="),
    ("asc_sop", r"ASC_SOP\b\s*:?"),
    ("asc_sat", r"ASC_SAT\b\s*:?"),
    ("frame_counts", r"FRMC START\s*:"),
    ("effect", r"EFFECTS? NAME(?: IS|\s*:)|BLEND, DISSOLVE|EFF2_\w+"),
    ("freeze", r"FREEZE FRAME"),
    ("timewarp", r"TIMEWARP EFFECT AT SEQUENCE TC\s"),
    ("generator", r"(?:FROM|TO) CLIP IS A GENERATOR"),
    ("still", r"(?:FROM|TO) CLIP IS A STILL"),
    ("filter", r"CLIP FILTER\s*:"),
    ("problem", r"PROBLEM WITH EDIT\s*:|REPAIR\s*:"),
    ("comment", r"COMMENT\s*:"),
    ("unsupported", r"UNSUPPORTED EFFECT\s*:"),
    ("fcm", r"FCM\s*:"),
)
"""Lines that may begin with stars, by kind; what stands before the value, whatever its case."""

BARE_PATTERNS: tuple[tuple[str, str], ...] = (
    ("title", r"TITLE\s*:"),
    ("speed", r"M2\s"),
    ("audio", r"AUD\s"),
    ("source_table", r">>>\s*SOURCE\s"),
    ("split", r"SPLIT\s*:"),
    ("fcp_reel", r"FINAL CUT PRO REEL\s*:"),
    ("autodesk", r"DLEDL\s*:"),
    ("remark", r"REM\b"),
)
"""Lines that never have a star."""

VERBATIM = ("blank", "text", "star", "damaged")
"""Kinds of lines that are kept as they stand: empty, free text, a comment without a key, an event that cannot be read."""

BLACK_REELS = ("BL", "BLACK")
GENERATOR_REELS: dict[str, str] = {"BL": "black", "BLACK": "black", "BARS": "SMPTEBars", "GEN": "generator"}
"""Reels that are no reels: black or silence, bars, and Final Cut Pro 7's generators."""

NO_REELS = ("AX", "001", "")
"""What stands for a source without a reel: the auxiliary source everywhere, 001 in lists of Resolve."""

LOCATOR_COLOURS = ("red", "green", "blue", "cyan", "magenta", "yellow", "black", "white")
"""What Media Composer takes."""

EQUAL_POWER = "constant power"
"""Premiere's name of the cross fade that keeps the power; every other that it writes is linear."""

PRODUCERS: tuple[tuple[str, str], ...] = (
    ("source_table", "Avid Media Composer"),
    ("generator", "Final Cut Pro 7"),
    ("level", "Adobe Premiere Pro"),
    ("from_comment", "Nucoda"),
    ("autodesk", "Autodesk"),
    ("patch", "Avid Media Composer"),
)
"""Lines that only one program writes, surest first."""
