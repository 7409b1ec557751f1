"""What a carrier was given: each cue as it was, and as the carrier's own reader shows it, taken by reading the file back.

This is the base of the three-way merge. Because it is read back from the very file, it also tells which fields the file does
not hold, whatever the format: each is named in the report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import opentimelineio as otio

from postsync.cueing.cast import Cast
from postsync.cueing.merging.cue_values import SETS, TABLES, USUAL, VALUE_NAMES, cue_values, is_usual, told
from postsync.cueing.merging.knowing_again import know_again, known_cues
from postsync.cueing.merging.three_way import Written
from postsync.model import TimelineFacts, block, timeline_characters, timeline_cues, timeline_facts
from postsync.report import Report

CARRIED = "carried"
"""Key of our timeline block under which a reader says which fields its file has a place for."""


@dataclass(frozen=True)
class Snapshot:
    """One file that carries cues: its format and name, and by uid each cue as it was and as it is shown there.

    `cues[uid]` holds `was` (every field that said something) and `shown` (the fields that the file shows otherwise). `digest`
    is the SHA-256 of the file as it was written, where it was a file.

    >>> snapshot = take_snapshot(timeline, timeline.deepcopy(), "edl", "R1.edl")
    >>> snapshot.format, len(snapshot.cues)
    ('edl', 5)
    """

    format: str
    file: str
    cues: dict[str, dict[str, dict[str, Any]]]
    digest: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the snapshot as plain values."""
        return {"format": self.format, "file": self.file, "digest": self.digest, "cues": self.cues}

    def written(self, uid: str, name: str) -> Written | None:
        """Give one field of one cue as it was written; None where that cue was not."""
        cue = self.cues.get(uid)
        if cue is None:
            return None
        was = cue["was"].get(name, USUAL[name])
        return Written(was, cue["shown"].get(name) if name in cue["shown"] else was)


def snapshot_from_json(data: Mapping[str, Any]) -> Snapshot | None:
    """Read a snapshot; None where the value is not one.

    >>> snapshot = take_snapshot(timeline, timeline.deepcopy(), "edl", "R1.edl")
    >>> snapshot_from_json(snapshot.to_json()).file, snapshot_from_json({})
    ('R1.edl', None)
    """
    cues = data.get("cues")
    if not isinstance(cues, Mapping):
        return None
    whole = {
        str(uid): {part: dict(cue.get(part) or {}) for part in ("was", "shown")}
        for uid, cue in cues.items()
        if isinstance(cue, Mapping)
    }
    digest = data.get("digest")
    return Snapshot(
        str(data.get("format") or ""), str(data.get("file") or ""), whole, None if digest is None else str(digest)
    )


def take_snapshot(sent: otio.schema.Timeline, returned: otio.schema.Timeline, fmt: str, file: str) -> Snapshot:
    """Compare what was sent with the same file read back, cue by cue in order of uid or, without one, of place.

    Cues are matched by uid; a carrier without tags gives cues in record order, which is matched by time and number.

    >>> snapshot = take_snapshot(timeline, timeline.deepcopy(), "edl", "R1.edl")
    >>> sorted(next(iter(snapshot.cues.values())))
    ['shown', 'was']
    """
    pairs = _pairs(sent, returned)
    theirs = values_by_uid(returned)
    cues: dict[str, dict[str, dict[str, Any]]] = {}
    for uid, was in values_by_uid(sent).items():
        shown = theirs.get(pairs.get(uid, ""))
        kept = {name: value for name, value in was.items() if not is_usual(name, value)}
        differs = {} if shown is None else {name: shown[name] for name in VALUE_NAMES if shown[name] != was[name]}
        cues[uid] = {"was": kept, "shown": differs if shown is not None else dict.fromkeys(kept)}
    return Snapshot(fmt, file, cues)


def values_by_uid(timeline: otio.schema.Timeline) -> dict[str, dict[str, Any]]:
    """Give the values of every cue of a timeline by uid."""
    facts, cast = timeline_facts(timeline), Cast(timeline_characters(timeline).values())
    return {cue.uid: cue_values(cue, facts, cast) for cue in timeline_cues(timeline)}


def _pairs(sent: otio.schema.Timeline, returned: otio.schema.Timeline) -> dict[str, str]:
    """Say which cue read back is which cue sent."""
    mine, their = timeline_cues(sent), timeline_cues(returned)
    uids = {cue.uid for cue in their}
    pairs = {cue.uid: cue.uid for cue in mine if cue.uid in uids}
    rest = [cue for cue in mine if cue.uid not in pairs]
    if rest:
        facts = timeline_facts(sent)
        open_ours = known_cues(sent, rest)
        open_theirs = known_cues(returned, [cue for cue in their if cue.uid not in pairs])
        joined = know_again(open_ours, open_theirs, facts.rate.seconds_per_frame)
        pairs |= {open_ours[pair.ours].uid: open_theirs[pair.theirs].uid for pair in joined.pairs}
    return pairs


RECORDS = {"takes": "take records", "placements": "placement records"}
"""What is kept of a cue about clips that may well be there themselves: what is lost is the record, not the clip."""


def note_lost_fields(snapshot: Snapshot, title: str, report: Report, facts: TimelineFacts) -> None:
    """Say which fields the file does not hold, and which it shows otherwise, each once with how many cues it concerns.

    >>> snapshot = take_snapshot(timeline, timeline.deepcopy(), "edl", "R1.edl")
    >>> from postsync.model import timeline_facts
    >>> note_lost_fields(snapshot, "CMX 3600 EDL", report, timeline_facts(timeline))
    >>> [loss.code for loss in report if loss.code.startswith("cue-field")]
    []
    """
    missing: dict[str, list[Any]] = defaultdict(list)
    changed: dict[str, list[Any]] = defaultdict(list)
    for cue in snapshot.cues.values():
        for name, shown in cue["shown"].items():
            was = cue["was"].get(name)
            if is_usual(name, was):
                continue
            (missing if is_usual(name, shown) else changed)[name].append((was, shown))
    for code, found in (("cue-field-not-carried", missing), ("cue-field-changed", changed)):
        for name in (name for name in VALUE_NAMES if name in found):
            was, shown = found[name][0]
            report.note(
                code,
                field=name.replace("_", " "),
                what=RECORDS.get(name, name.replace("_", " ")),
                count=len(found[name]),
                format=title,
                was=told(name, was, facts, ""),
                now=told(name, shown, facts),
            )


def carried_fields(timeline: otio.schema.Timeline) -> frozenset[str] | None:
    """Give the fields that a reader says its file has a place for; None where it does not say."""
    names = block(timeline).get(CARRIED)
    return None if names is None else frozenset(str(name) for name in names)


def carried_parts(timeline: otio.schema.Timeline) -> dict[str, list[str]]:
    """Give which parts of a field a reader says its file has a place for; only of fields that have parts."""
    found = block(timeline).get(PARTS) or {}
    return {str(name): list(held) for name, held in found.items() if name in SETS or name in TABLES}


PARTS = "carried_parts"
"""Key under which a reader says which languages, extra values or codes of a field its file has a column for."""


def with_uncarried_parts(
    came: Mapping[str, Any], ours: Mapping[str, Any], parts: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """Give what came back with our own values where the file has no place: other languages, other codes.

    >>> with_uncarried_parts({"uses": ["tv"]}, {"uses": ["theatrical", "airline"]}, {"uses": ["tv"]})
    {'uses': ['theatrical', 'airline', 'tv']}
    """
    whole = dict(came)
    for name, held in parts.items():
        if name in TABLES:
            whole[name] = {key: value for key, value in ours[name].items() if key not in held}
            whole[name] |= {key: value for key, value in came[name].items() if key in held}
        elif name in SETS:
            whole[name] = [code for code in ours[name] if code not in held]
            whole[name] += [code for code in came[name] if code in held]
    return whole
