"""Words by which the text of a marker is told apart: those of the crew, which make a note, and those that give a reason."""

from __future__ import annotations

_CREW_WORDS = """
    vfx sfx gfx fx cgi cg mx dx bg amb ambience fix fixed fixes color colour grade grading music foley mix title titles card
    note notes todo to-do tbd tbc qc online offline edit editorial cut scene sc act reel end start break text message split
    screen comp marker chapter credit credits logo subtitle subtitles subs stock shot shots http https www warning important
    attention fyi wip temp insert pickup slate sync sound audio video dialogue dialog roto retime speed stab stabilise
    stabilize blur clean cleanup paint lower third caption intro outro lfoa ffoa tc timecode hdr sdr di dit director producer
    client ext int inside outside test export render update delete remove replace check question answer ps nb ref version
    ver in out draft conform legal missing iphone phone task issue problem idea black hold done approved approval review
    camera cam take takes day part section verse chorus bridge song cue hook beat beats drop feedback comment comments url
    link episode ep season source song part bars bar commercial ad spot flash dissolve fade transition freeze frame frames
    注 备注 注意 说明 備註 メモ 注意点 примечание внимание glava глава
"""
ORDINARY_WORDS = frozenset(_CREW_WORDS.split())
"""Words by which a marker in capitals, or before a colon, is a note to the crew and nobody's name."""

_JOINTS = "of at the in on with from and to de da di du del della la le les van von der den und y e et"
NAME_JOINTS = frozenset(_JOINTS.split())
"""Small words inside a name that has capitals: `Guest at Court`, `Leader of the Pack`."""

CREW_WORDS = frozenset(
    {"vfx", "sfx", "gfx", "cgi", "fx", "qc", "comp", "roto", "screen", "retime", "stab", "render", "mov", "matte"}
)
"""Words that nobody says in a film: a text with one of them is no line, whatever stands before it."""

ORDINARY_PREFIXES = (
    "VFX",
    "SFX",
    "GFX",
    "CGI",
    "CG",
    "FX",
    "QC",
    "MX",
    "SH",
    "V",
    "IMG",
    "DSC",
    "MVI",
    "GX",
    "TC",
    "CAM",
)

REASON_WORDS = {
    "noi": "noise", "noisy": "noise", "tech": "technical", "om": "technical", "off mic": "technical",
    "perf": "performance", "clr": "clarity", "unintelligible": "clarity", "unclear": "clarity", "add": "added",
    "new line": "added", "ch": "changed", "story": "changed", "script": "changed", "ed": "continuity",
    "ol": "continuity", "overlap": "continuity", "pv": "perspective", "air": "tv", "m&e": "foreign", "tmp": "temp",
    "fill": "split",
}  # fmt: skip
_NOISE_WORDS = """
    plane airplane aeroplane helicopter traffic car cars truck siren wind rain hum buzz generator crew crowd noise
    footsteps rustle camera fan dog dogs birds sea waves clothing train
"""
NOISES = frozenset(_NOISE_WORDS.split())
