"""What is wrong, or may be, in a piece of work: findings, each with a code, a severity, a place and what to do.

A loss (`report`) says what did not arrive on the way from one file to another; a finding says what somebody should look at
before the work goes on. The sentence is made from the table below and the facts of each finding, so a program never has to
parse prose, and every check that joins adds rows here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from postsync.finding_codes import AAF_CODES, DELIVERY_CODES, FCPXML_CODES, GUIDE_CODES, XMEML_CODES, FindingCode
from postsync.wording import fill

SEVERITIES = ("error", "warning", "note")
"""From the worst: what will go wrong, what probably is, what is worth knowing.

>>> SEVERITIES
('error', 'warning', 'note')
"""


FINDING_CODES: dict[str, FindingCode] = {
    # Numbers
    "number-missing": FindingCode(
        "warning", "has no number", "cues without a number", "number the list: postsync number IN OUT"
    ),
    "number-used-twice": FindingCode(
        "error", "number {number} is also that of {other}", "numbers used twice", "give one of the two another number"
    ),
    "number-used-before": FindingCode(
        "error",
        "number {number} was formerly that of {other}",
        "numbers that other cues had before",
        "give it a number that was never used: paper with the old one may be out",
    ),
    "number-off-scheme": FindingCode(
        "warning",
        "number {number} does not follow the scheme {scheme} for its character and reel",
        "numbers that do not follow the scheme",
        "correct the number, the character or the reel, or leave it if it was meant so",
    ),
    # Who speaks
    "character-missing": FindingCode(
        "warning", "has no character", "cues without a character", "say who speaks, or make it a group cue"
    ),
    "character-unknown": FindingCode(
        "warning",
        "character {character!r} is not in the cast",
        "cues whose character is not in the cast",
        "add the character to the cast or to postsync.toml",
    ),
    "character-two-names": FindingCode(
        "error",
        "character id {character!r} stands for {names}",
        "character ids with two names",
        "give each character an id of its own, or make one name an alias of the other",
    ),
    "character-two-actors": FindingCode(
        "error",
        "character {character!r} has the actors {names}",
        "characters with two actors",
        "say in postsync.toml who speaks the part",
    ),
    "character-two-ids": FindingCode(
        "warning",
        "the name {name!r} stands under the ids {ids}",
        "names under two character ids",
        "bring the cues under one id, else their counters and lists stay apart",
    ),
    "actor-overlap": FindingCode(
        "warning",
        "{actor} also speaks {other} at the same time",
        "cues that one actor would have to speak at once",
        "record them in two passes: give the cues different groups",
    ),
    "character-overlap": FindingCode(
        "warning",
        "overlaps {other} of the same character",
        "cues that overlap another of the same character",
        "correct the in or out of one, or join the two",
    ),
    # What is said
    "line-empty": FindingCode("warning", "has no line", "cues without a line", "write the line, or flag it to be written"),
    "tv-cover-empty": FindingCode(
        "warning", "is TV cover but has no line", "TV cover without a line", "write the milder words, or flag it to be written"
    ),
    "line-fast": FindingCode(
        "warning",
        "{characters} characters in {seconds} s: {speed} a second, more than anybody speaks",
        "lines too long for their time",
        "check in and out, or shorten the line",
    ),
    "line-repeated": FindingCode(
        "note",
        "says the same as {other} in scene {scene}",
        "lines said twice in one scene",
        "leave it if it is said twice; else omit one",
    ),
    "cue-repeated": FindingCode(
        "warning",
        "same character, same words as {other}, within two seconds",
        "cues that look like copies of another",
        "omit one, unless it is said twice",
    ),
    "tag-unparsed": FindingCode(
        "warning",
        "{field} holds {text!r}, which looks like a tag but did not read as one",
        "texts with tags that did not read",
        "correct the tag, or take its signs out of the text",
    ),
    "word-unknown": FindingCode(
        "warning",
        "{vocabulary} {word!r} is in no table, {cues}",
        "words in no table",
        "add it under [codes.{table}] of postsync.toml, or correct it",
    ),
    # When
    "out-before-in": FindingCode("error", "ends before it begins", "cues that end before they begin", "correct in or out"),
    "length-zero": FindingCode("error", "has no length", "cues of no length", "set the out"),
    "cue-long": FindingCode("warning", "is {seconds} s long", "cues longer than a minute", "check the out, or split the cue"),
    "outside-timeline": FindingCode(
        "error",
        "lies outside the timeline, which runs from {first} to {last}",
        "cues outside the timeline",
        "check rate and start of the marker list against the picture",
    ),
    "outside-reel": FindingCode(
        "warning",
        "lies outside the action of reel {reel}, which runs {action}",
        "cues outside the action of their reel",
        "check the cue, or FFOA and LFOA of the reel in postsync.toml",
    ),
    "reel-disagrees": FindingCode(
        "warning",
        "says reel {reel}, but its timecode is in reel {found}",
        "cues whose reel and timecode disagree",
        "correct the reel, or the start of the list",
    ),
    "across-cut": FindingCode(
        "note", "runs across {count} of the picture: {places}", "cues across a picture cut", "check that it still fits"
    ),
    "timecode-impossible": FindingCode(
        "error",
        "{what} {timecode} does not exist at {rate}",
        "timecodes that do not exist",
        "check rate and drop-frame where it was written",
    ),
    "seconds-only": FindingCode(
        "warning",
        "all {count} cues begin on whole seconds",
        "lists whose times are whole seconds",
        "the list was written without frames: get one with frames, or spot the cues again",
    ),
    # Identity
    "uid-twice": FindingCode(
        "error", "has the uid of {other}", "cues with the uid of another", "merge from the work that both came from"
    ),
    # Takes
    "take-without-cue": FindingCode(
        "warning",
        "take {take} names {named!r}, which is no cue of the list",
        "takes without a cue",
        "find the cue that it belongs to",
    ),
    "take-of-omitted": FindingCode(
        "note", "is {status} but has {count}", "struck cues with takes", "take it back in, or leave it"
    ),
    "take-missing": FindingCode(
        "warning", "is {status} but has no take", "recorded cues without a take", "add its takes, or set the status back"
    ),
    "select-missing": FindingCode(
        "warning", "is {status} but no take of it is circled", "cues without a select", "circle the take that is used"
    ),
    **GUIDE_CODES,
    **DELIVERY_CODES,
    **AAF_CODES,
    **FCPXML_CODES,
    **XMEML_CODES,
}  # fmt: skip
"""The closed set of codes. A new check is a new row here and a function where its subject lives.

>>> FINDING_CODES["number-missing"].remedy
'number the list: postsync number IN OUT'
"""


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `where` names the cue, clip, file or key; `time` is the timecode there, where it has one.

    `rated` is how bad the application makes of it that the check is for; None for what the code says by itself.

    >>> one = finding("number-missing", where="ROSA, 01:00:12:00")
    >>> one.severity, one.remedy
    ('warning', 'number the list: postsync number IN OUT')
    >>> print(one.sentence())
    ROSA, 01:00:12:00: has no number
    """

    code: str
    where: str = ""
    time: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    rated: str | None = None

    @property
    def severity(self) -> str:
        """`error`, `warning` or `note`."""
        return self.rated or FINDING_CODES[self.code].severity

    @property
    def remedy(self) -> str:
        """What to do."""
        return fill(FINDING_CODES[self.code].remedy, self.facts)

    def words(self) -> str:
        """Say what was found, without the place."""
        return fill(FINDING_CODES[self.code].one, self.facts)

    def sentence(self) -> str:
        """Say what was found, and where.

        >>> Finding("number-missing", "ROBIN", "01:00:10:00").sentence()
        'ROBIN, 01:00:10:00: has no number'
        """
        place = ", ".join(part for part in (self.where, self.time or "") if part)
        return f"{place}: {self.words()}" if place else self.words()

    def to_json(self) -> dict[str, Any]:
        """Give the finding as plain values; `sentence` is there for people."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where or None,
            "time": self.time,
            "facts": dict(self.facts),
            "remedy": self.remedy,
            "sentence": self.sentence(),
        }


def finding(code: str, where: str = "", time: str | None = None, **facts: object) -> Finding:
    """Make a finding; `code` must be in `FINDING_CODES`, everything else by name is a fact of it.

    Raises KeyError for a code that is not in the table.

    >>> finding("number-used-twice", where="R101", time="01:00:00:08", number="R101", count=2).code
    'number-used-twice'
    """
    if code not in FINDING_CODES:
        raise KeyError(f"no finding code {code!r}: add a row to FINDING_CODES")
    return Finding(code, where, time, {name: str(fact) for name, fact in facts.items()})


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings by severity, those of one code together, else as they came.

    >>> found = [finding("number-missing"), finding("aaf-damaged", fault="no root storage")]
    >>> [one.code for one in worst_first(found)]
    ['aaf-damaged', 'number-missing']
    """
    places = {code: place for place, code in enumerate(FINDING_CODES)}
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), places[one.code]))


def findings_document(findings: Iterable[Finding], **beside: Any) -> dict[str, Any]:
    """Give the document `postsync.findings/1`.

    >>> document = findings_document([finding("number-missing", where="ROSA")], file="reel1.edl")
    >>> document["schema"], document["file"], document["findings"][0]["code"]
    ('postsync.findings/1', 'reel1.edl', 'number-missing')
    """
    return {"schema": "postsync.findings/1", **beside, "findings": [one.to_json() for one in findings]}
