"""The lines that reports are made of: each cue of the works with everything that people ask about it worked out once.

Several works (a reel each) become one list, ordered by reel and time. Where an earlier state is given, each line knows whether
it is new or changed since then; else what the last reconform did to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from postsync.cueing import STRUCK_STATUSES, printable, strip_tag
from postsync.model import (
    Cue,
    Project,
    Take,
    TimelineFacts,
    Vocabulary,
    cue_takes,
    natural_key,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.paper.words import Words
from postsync.timing import format_feet, parse_timecode

RECORDED = frozenset({"recorded", "selected", "cut", "approved_final"})

Mark = Literal["", "new", "changed", "moved", "struck"]

PRINTED = (
    "number", "character", "line", "kind", "reasons", "reason_note", "uses", "flags", "screen", "priority", "direction", "note",
    "engineer_note", "alternates", "pronunciation",
)  # fmt: skip
"""Fields of which a change is a change of the paper."""


@dataclass(frozen=True)
class PaperOptions:
    """What may be asked of a report. `characters` and `reels` leave the others out; `by` is what a cue sheet is ordered by.

    `date` is ISO; `revision` a word such as `Blue`; `size` the type of an actor's lines in points; `context` adds the lines
    before and after to an actor's script; `feet` is a film gauge by which a cue sheet also tells feet and frames.
    """

    title: str | None = None
    episode: str | None = None
    version: str | None = None
    date: str | None = None
    revision: str | None = None
    language: str = "en"
    paper: str | None = None
    by: Literal["reel", "character", "scene"] = "reel"
    characters: tuple[str, ...] = ()
    reels: tuple[str, ...] = ()
    size: int = 20
    context: bool = True
    feet: str | None = None


@dataclass(frozen=True)
class Request:
    """What a report is made of: the works, what holds for the show, an earlier state of the works if any, the options."""

    works: tuple[Any, ...]
    project: Project = field(default_factory=Project)
    earlier: tuple[Any, ...] = ()
    options: PaperOptions = field(default_factory=PaperOptions)
    read: dict[int, tuple[Any, list[Cue]]] = field(default_factory=dict, compare=False, repr=False)
    """Cues of works that were read: a whole set asks for them dozens of times, also of requests made from this one."""

    def cues_of(self, work: Any) -> list[Cue]:
        """Give the cues of one of the works, read once."""
        held = self.read.setdefault(id(work), (work, []))
        if not held[1]:
            held[1].extend(timeline_cues(work))
        return held[1]

    @property
    def words(self) -> Words:
        """The words of the report's language."""
        return Words.of(self.options.language)


@dataclass(frozen=True)
class PaperLine:
    """One cue as reports need it. `seconds` is its length, `start_seconds` its in from 00:00:00:00; `minutes` its time budget.

    `mark` says what became of it since the earlier state.
    """

    cue: Cue
    facts: TimelineFacts
    character: str
    actor: str
    is_group: bool
    reel: str
    episode: str
    version: str
    minutes: Fraction | None
    mark: Mark = ""
    feet: str = ""

    @property
    def number(self) -> str:
        """The printed number."""
        return clean(self.cue.number)

    @property
    def start(self) -> str:
        """The in as a label."""
        return self.facts.label(self.cue.record_in)

    @property
    def end(self) -> str:
        """The out as a label, empty where it is not known."""
        return "" if self.cue.record_out is None else self.facts.label(self.cue.record_out)

    @property
    def seconds(self) -> Fraction | None:
        """The length."""
        end = self.cue.seconds_out(self.facts)
        return None if end is None else end - self.cue.seconds_in(self.facts)

    @property
    def struck(self) -> bool:
        """Whether it stands struck through: omitted, lost or replaced."""
        return self.cue.status in STRUCK_STATUSES

    @property
    def recorded(self) -> bool:
        """Whether it has been recorded, by its status or by its takes."""
        return self.cue.status in RECORDED or any(take.selected != "no_good" for take in self.takes)

    @property
    def takes(self) -> list[Take]:
        """The takes that are known."""
        return cue_takes(self.cue)

    @property
    def line(self) -> str:
        """The words to say."""
        return clean(self.cue.line)

    @property
    def scene(self) -> str:
        """The scene, empty where none is stated."""
        return clean(self.cue.scene)

    def has(self, flag: str) -> bool:
        """Whether the cue has a flag."""
        return flag in self.cue.flags


def clean(text: str | None) -> str:
    """Give a text for paper: without our tags, without control characters."""
    return printable(strip_tag(text or "")).strip()


def paper_lines(request: Request, *, every: bool = False) -> list[PaperLine]:
    """Give the lines of all works by reel and time; with `every`, also those that the options leave out."""
    before = _earlier(request.earlier)
    lines = [
        line
        for work in request.works
        for line in _lines_of(work, request, before)
        if every or _wanted(line, request.options)
    ]
    return sorted(lines, key=_order(request.project))


def _lines_of(work: Any, request: Request, before: dict[str, dict[str, Any]] | None) -> Iterator[PaperLine]:
    project, options = request.project, request.options
    facts = timeline_facts(work)
    cast = project.cast(timeline_characters(work))
    for cue in request.cues_of(work):
        known = cast.get(cue.character or "")
        yield PaperLine(
            cue=cue,
            facts=facts,
            character=clean(known.name if known else cue.character),
            actor=clean(known.actor if known else ""),
            is_group=bool(known and known.is_group) or cue.kind == "group",
            reel=clean(reel_of(cue, facts, project)),
            episode=clean(options.episode or cue.episode or project.episode),
            version=clean(options.version or cue.picture_version or project.picture_version),
            minutes=project.minutes_of(cue),
            mark=_mark(cue, facts, before),
            feet=_feet(cue, facts, project, options.feet),
        )


def _feet(cue: Cue, facts: TimelineFacts, project: Project, gauge: str | None) -> str:
    """Give the in as feet and frames from the first frame of its reel, that of the timeline where no reel says its own."""
    if gauge is None:
        return ""
    frame = facts.start_frame + cue.record_in
    name = project.reel_at(frame, facts.rate)
    start = next((reel.start for reel in project.reels if reel.name == name and reel.start), None)
    return format_feet(frame - (facts.start_frame if start is None else parse_timecode(start, facts.rate)), gauge)


def reel_of(cue: Cue, facts: TimelineFacts, project: Project) -> str:
    """Give the reel of a cue: as stated, else the hour of its in, as numbers have it; hour 0 names no reel."""
    name = project.reel_name(cue, facts.start_frame, facts.rate)
    return "" if name == "0" and not cue.reel else name


def _wanted(line: PaperLine, options: PaperOptions) -> bool:
    names = {name.casefold() for name in options.characters}
    reels = {name.casefold() for name in options.reels}
    # Nobody's lines are asked for by no name; a part that is not cast yet is no answer to that.
    who = {line.character.casefold(), *(name.casefold() for name in (line.cue.character, line.actor) if name)}
    return (not names or bool(names & who)) and (not reels or line.reel.casefold() in reels)


def _order(project: Project) -> Any:
    places = {reel.name: place for place, reel in enumerate(project.reels)}

    def key(line: PaperLine) -> Any:
        start = (line.facts.start_frame + line.cue.record_in) / line.facts.rate.fps
        reel = places.get(line.reel, len(places))
        return natural_key(line.episode), reel, natural_key(line.reel), start, natural_key(line.number), line.cue.uid

    return key


def _earlier(works: Sequence[Any]) -> dict[str, dict[str, Any]] | None:
    """Give what each cue said in the earlier state; None where there is none."""
    if not works:
        return None
    return {
        cue.uid: {**_printed(cue, facts), "status": cue.status}
        for work in works
        for facts in [timeline_facts(work)]
        for cue in timeline_cues(work)
    }


def _printed(cue: Cue, facts: TimelineFacts) -> dict[str, Any]:
    place = {
        "in": facts.start_frame + cue.record_in,
        "length": None if cue.record_out is None else cue.record_out - cue.record_in,
    }
    return {name: getattr(cue, name) for name in PRINTED} | place


def _mark(cue: Cue, facts: TimelineFacts, before: dict[str, dict[str, Any]] | None) -> Mark:
    if before is None:
        return _reconform_mark(cue)
    was = before.get(cue.uid)
    if was is None:
        return "new"
    if cue.status in STRUCK_STATUSES and was["status"] not in STRUCK_STATUSES:
        return "struck"
    differing = {name for name, value in _printed(cue, facts).items() if value != was[name]}
    if not differing:
        return ""
    return "moved" if differing == {"in"} else "changed"


def _reconform_mark(cue: Cue) -> Mark:
    status = str((cue.reconform or {}).get("status") or "unchanged")
    if status == "unchanged":
        return ""
    if status == "lost":
        return "struck"
    return "moved" if status in ("moved", "moved-block", "reordered") else "changed"


def coded(codes: Iterable[str], table: str, vocabulary: Vocabulary, words: Words) -> str:
    """Give codes as people read them: in the house's own words where it has any, else in those of the language."""
    house, usual = getattr(vocabulary, table), getattr(_USUAL, table)
    return ", ".join(
        clean(house.label(code)) if house.label(code) != usual.label(code) else words.code(table, clean(code))
        for code in codes
    )


_USUAL = Vocabulary()
