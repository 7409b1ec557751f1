"""What went where, and why: the placement log that people read beside the session, and its JSON.

Times are labels of the timeline with the samples beside the frame, because a list that counts frames cannot say where a take
begins; nothing is left out: unpaired takes, cues that wait, and lines of the log that fit no take stand at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from postsync.model import Cue, TimelineFacts, natural_key, to_json
from postsync.placing.matching import USUAL_RATE
from postsync.placing.pairings import Pairing
from postsync.placing.placements import PlacedTake, Placing
from postsync.timing import frame_at, round_half_up, seconds_of_frame, signed_milliseconds
from postsync.wording import counted

NEAR_A_FRAME = 10
"""Samples by which a stamp may miss a frame and still be meant for it: recorders do."""


def label_with_samples(time: Fraction, facts: TimelineFacts) -> str:
    """Give a time as a label and the samples that it lies behind that frame: `01:00:10:12 + 345`."""
    rate = facts.sample_rate or USUAL_RATE
    frame = frame_at(time, facts.rate)
    beside = round_half_up((time - seconds_of_frame(frame, facts.rate)) * rate)
    return f"{facts.label(frame)} + {beside}" if beside else facts.label(frame)


def log_text(placing: Placing, facts: TimelineFacts, name: str) -> str:
    """Give the log as a page of text.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> matching = match_takes([], timeline_cues(timeline), timeline_facts(timeline))
    >>> placing = place_takes(timeline, matching, PlacingPlan())
    >>> log_text(placing, timeline_facts(timeline), "R1").splitlines()[0]
    'Placement log of R1'
    """
    lines = [f"Placement log of {name}", "", _counts(placing), _sentence(placing.matching.clock.why)]
    lines += [_sentence(f"guide: {placing.guide}"), ""] if placing.guide else [""]
    for title, kinds in (
        ("Placed", ("plays", "alternate")), ("Not sure enough to place", ("guess",)), ("Placed before", ("placed before",)),
        ("Left out", ("left out", "copy")), ("Takes of no cue", ("unpaired",)),
    ):  # fmt: skip
        rows = sorted((row for row in placing.rows if row.what in kinds), key=_by_cue)
        if rows:
            lines += [f"{title} ({len(rows)})", *(line for row in rows for line in _row_lines(row, facts)), ""]
    waiting = placing.matching.cues_without_takes
    if waiting:
        lines += [f"Cues without a take ({len(waiting)})", *(f"  {_cue_line(cue, facts)}" for cue in waiting), ""]
    unused = placing.matching.log_unused
    if unused:
        lines.append(f"Lines of the log without a take ({len(unused)})")
        lines += [f"  {row.place}: {row.file or row.cue or row.scene} {row.take or ''}".rstrip() for row in unused]
        lines.append("")
    return "\n".join(lines)


def _by_cue(row: PlacedTake) -> tuple[object, ...]:
    """Order takes as the programme plays, each cue's playing take first."""
    cue = row.pairing.cue
    at = (0, cue.record_in, natural_key(cue.number or cue.uid)) if cue is not None else (1, 0, ())
    return (*at, row.what != "plays")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _counts(placing: Placing) -> str:
    plays, alternates = (placing.counts.get(what, 0) for what in ("plays", "alternate"))
    waiting = len(placing.matching.cues_without_takes)
    return (
        f"{counted(len(placing.rows), 'take')}: {counted(plays, 'plays', 'play')}, "
        f"{counted(alternates, 'lies', 'lie')} muted beneath, "
        f"{len(placing.rows) - plays - alternates} not placed. {counted(waiting, 'cue')} without a take."
    )


def _row_lines(row: PlacedTake, facts: TimelineFacts) -> Iterator[str]:
    pairing, cue = row.pairing, row.pairing.cue
    number = cue.number or cue.uid if cue is not None else "-"
    take = f"take {pairing.take}" if pairing.take else pairing.kind
    head = f"  {number}  {take}  {pairing.recorded.path.name}"
    if row.placement is not None:
        place = label_with_samples(row.placement.record_in, facts)
        head += f"  ->  {row.track} at {place}, by {row.placement.placed_by}"
        if row.anchor is not None and row.anchor.slip:
            head += f", slipped {signed_milliseconds(row.anchor.slip)}"
    elif cue is not None:
        head += f"  ({row.why})"
    yield head
    why = [f"sure {pairing.confidence:.2f}: {pairing.why()}" if cue is not None else pairing.why()]
    if pairing.runner_up is not None:
        why.append(f"next would be {pairing.runner_up.number or pairing.runner_up.uid}")
    if row.placement is not None:
        why.append(row.why)
        if len(row.placements) > 1:
            slips = ", ".join(signed_milliseconds(one.slip) for one in row.placements)
            why.append(f"cut into {len(row.placements)} phrases, slipped {slips}")
    if row.anchor is not None and row.anchor.remark:
        why.append(row.anchor.remark)
    text = ". ".join(one for one in why if one)
    if text:
        yield f"      {text}"


def _cue_line(cue: Cue, facts: TimelineFacts) -> str:
    return f"{cue.number or cue.uid}  {facts.timecode(cue.seconds_in(facts))}  {cue.line or ''}".rstrip()


def log_json(placing: Placing, facts: TimelineFacts) -> dict[str, Any]:
    """Give the log as plain values: `takes` in order, `cues_without_takes`, `log_without_takes`, `stamps`.

    >>> from postsync.model import timeline_cues, timeline_facts
    >>> matching = match_takes([], timeline_cues(timeline), timeline_facts(timeline))
    >>> placing = place_takes(timeline, matching, PlacingPlan())
    >>> len(log_json(placing, timeline_facts(timeline))["cues_without_takes"])
    5
    """
    return {
        "tracks": list(placing.tracks),
        "counts": placing.counts,
        "stamps": placing.matching.clock.to_json(),
        "guide": placing.guide or None,
        "takes": [_row_json(row, facts) for row in placing.rows],
        "cues_without_takes": [{"uid": cue.uid, "number": cue.number} for cue in placing.matching.cues_without_takes],
        "log_without_takes": [to_json(row) for row in placing.matching.log_unused],
    }


def _row_json(row: PlacedTake, facts: TimelineFacts) -> dict[str, Any]:
    pairing: Pairing = row.pairing
    cue, after = pairing.cue, pairing.runner_up
    rate = facts.sample_rate or USUAL_RATE
    place = row.placement
    return {
        "files": [str(path) for path in (pairing.recorded.path, *pairing.recorded.siblings)],
        "cue": None if cue is None else {"uid": cue.uid, "number": cue.number},
        "runner_up": None if after is None else {"uid": after.uid, "number": after.number},
        "confidence": pairing.confidence,
        "reasons": [to_json(one) for one in pairing.reasons if one.points],
        "remarks": list(pairing.remarks),
        "take": pairing.take,
        "kind": pairing.kind,
        "selected": pairing.selected,
        "what": row.what,
        "why": row.why,
        "placement": None if place is None else to_json(place),
        "placements": [to_json(one) for one in row.placements],
        "record_in_timecode": None if place is None else facts.timecode(place.record_in),
        "record_in_samples": None if place is None else round_half_up(place.record_in * rate),
        "sync": None if row.anchor is None else {"confidence": row.anchor.confidence, "says": row.anchor.remark},
    }
