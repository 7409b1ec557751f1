"""Three-way merge of a cue list that came back: field by field, conflicts listed, nothing dropped.

A carrier that cannot hold a field never erases it, a cue missing from the list is kept and named, and a list that stands
later or earlier as a whole is said once. Values that a person cleared count only in files that say which fields they hold.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

import opentimelineio as otio

from postsync.cueing.cast import Cast
from postsync.cueing.identity import new_uid
from postsync.cueing.merging.cue_values import COUNTED, PLACES, VALUE_NAMES, cue_values, is_usual, told, with_values
from postsync.cueing.merging.knowing_again import Joined, know_again, known_cues
from postsync.cueing.merging.likeness import folded
from postsync.cueing.merging.outcome import CueMerge, FieldChange, Merge, MergePlan
from postsync.cueing.merging.three_way import CONFLICT, OURS, THEIRS, Settled, Written, counts_alike, settle
from postsync.cueing.merging.written import carried_fields, carried_parts, with_uncarried_parts
from postsync.cueing.reading.marker_cues import text_untouched
from postsync.cueing.tags import find_tag, tag_record
from postsync.cueing.text import to_ascii
from postsync.errors import RateError
from postsync.model import (
    Change,
    Cue,
    PlainMarker,
    TimelineFacts,
    cue_marker,
    cue_markers,
    plain_marker,
    put_characters,
    put_cue,
    timeline_characters,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import format_timecode, fraction_text, seconds_of_frame


def merge_cues(work: otio.schema.Timeline, returned: otio.schema.Timeline, plan: MergePlan, report: Report) -> Merge:
    """Merge the cues of a list that came back into a copy of the work.

    Raises RateError where the two count at different speeds.

    >>> from dataclasses import replace
    >>> from postsync.model import cue_markers, put_cue, timeline_facts
    >>> returned = timeline.deepcopy()
    >>> marker, cue = next(cue_markers(returned))
    >>> put_cue(marker, replace(cue, line="The boat is late."), timeline_facts(returned))
    >>> merged = merge_cues(timeline, returned, MergePlan("Nuendo list"), Report())
    >>> [(change.field, change.verdict) for one in merged.cues for change in one.changes]
    [('line', 'theirs')]
    """
    return _Merging(work, returned, plan, report).merged()


class _Merging:
    """One merge while it runs: both lists, the cast, and what is found."""

    def __init__(
        self, work: otio.schema.Timeline, returned: otio.schema.Timeline, plan: MergePlan, report: Report
    ) -> None:
        self.plan, self.report = plan, report
        self.facts, self.their_facts = timeline_facts(work), timeline_facts(returned)
        _refuse_other_speed(self.facts, self.their_facts)
        self.timeline = work.deepcopy()
        pairs = list(cue_markers(self.timeline))
        self.markers = {cue.uid: marker for marker, cue in pairs}
        self.ours = {cue.uid: cue for _, cue in pairs}
        self.cast = Cast(timeline_characters(self.timeline).values())
        self.their_cast = Cast(timeline_characters(returned).values())
        theirs = list(cue_markers(returned))
        self.theirs = [cue for _, cue in theirs]
        self.their_markers = {cue.uid: marker for marker, cue in theirs}
        self.others = len(returned.tracks.markers) - len(theirs)
        self.carried = plan.carried if plan.carried is not None else carried_fields(returned)
        self.parts = {} if plan.carried is not None else carried_parts(returned)
        self.frame = self.facts.rate.seconds_per_frame
        shown = {} if plan.base is None else {uid: cue["shown"] for uid, cue in plan.base.cues.items()}
        self.known_ours = known_cues(work, list(self.ours.values()), shown)
        self.known_theirs = known_cues(returned, self.theirs)
        self.without_base = 0
        self.moved, self.shift = Fraction(0), Fraction(0)
        self.other_start = False

    def merged(self) -> Merge:
        """Join the lists, merge what is joined, add what is new, name what is missing."""
        joined = know_again(self.known_ours, self.known_theirs, self.frame)
        result = Merge(self.timeline, offset=joined.offset)
        self.other_start = bool(joined.offset) and joined.offset == self._between_starts()
        known = self.plan.start_known and not self.other_start
        result.offset_taken = bool(joined.offset) and self.plan.take_offset and known
        self.moved, self.shift = (joined.offset, Fraction(0)) if result.offset_taken else (Fraction(0), joined.offset)
        for pair in joined.pairs:
            ours, theirs = self.ours[self.known_ours[pair.ours].uid], self.theirs[pair.theirs]
            result.cues.append(self._merge_cue(ours, theirs, pair.key))
        self._fill_cast()
        joined_theirs = {pair.theirs for pair in joined.pairs}
        for place, theirs in enumerate(self.theirs):
            if theirs.uid in self.plan.doubtful and place not in joined_theirs:
                self.others += 1
            elif place not in joined_theirs:
                self._add(place, joined, result)
        self._name_missing({pair.ours for pair in joined.pairs}, result)
        put_characters(self.timeline, self.cast.by_id.values())
        self._report(result)
        return result

    def _between_starts(self) -> Fraction:
        """Give by how much their timeline starts later: a list that stands later by just that did not move on its timeline."""
        ours, theirs = (seconds_of_frame(facts.start_frame, facts.rate) for facts in (self.facts, self.their_facts))
        return theirs - ours

    # ------------------------------------------------------------------------------------------------- one cue

    def _merge_cue(self, ours: Cue, theirs: Cue, key: str) -> CueMerge:
        mine = self._values(ours)
        came = with_uncarried_parts(self._their_values(theirs), mine, self.parts)
        written = self._written(ours, theirs, mine, came)
        changes: list[FieldChange] = []
        for name in VALUE_NAMES:
            if came[name] == mine[name] or not self._may_change(name, came[name]):
                continue
            base = written.get(name)
            settled = self._settled(name, base, mine[name], came[name])
            if settled.verdict in (THEIRS, CONFLICT):
                was = None if base is None else base.was
                changes.append(FieldChange(name, was, mine[name], settled.theirs, settled.value, settled.verdict))
        cue = ours
        if changes:
            cue = self._changed(ours, changes)
            self._put(cue, was=ours)
        told = tuple(change for change in changes if not self._went_with_the_list(change))
        return CueMerge(cue.uid, cue.number, key, told, theirs.uid)

    def _went_with_the_list(self, change: FieldChange) -> bool:
        """Whether a time moved only because the whole list did, which is said once for all."""
        if change.field not in PLACES or change.verdict != THEIRS or None in (change.ours, change.result):
            return False
        moved = Fraction(change.result) - Fraction(change.ours)
        return bool(self.moved) and abs(moved - self.moved) <= self.frame / 2

    def _may_change(self, name: str, came: Any) -> bool:
        """Whether the file can say something of a field; one that says nothing there erases only where it holds it."""
        if self.carried is not None:
            return name in self.carried or name in self.parts
        return not is_usual(name, came)

    def _settled(self, name: str, base: Written | None, ours: Any, theirs: Any) -> Settled:
        grain = self.frame / 2 if name in PLACES else Fraction(0)
        if base is not None:
            settled = settle(name, base, ours, theirs, grain)
        elif _alike(name, ours, theirs, grain):
            settled = Settled(ours, OURS)
        else:
            settled = settle(name, Written(ours, _as_it_may_be_shown(ours, theirs)), ours, theirs, grain)
            self.without_base += settled.verdict == THEIRS and not is_usual(name, ours)
        if settled.verdict == CONFLICT and self.plan.prefer is not None:
            wanted = settled.theirs if self.plan.prefer == "theirs" else ours
            return Settled(wanted, THEIRS if self.plan.prefer == "theirs" else OURS, settled.theirs)
        return settled

    def _written(self, ours: Cue, theirs: Cue, mine: Mapping[str, Any], came: Mapping[str, Any]) -> dict[str, Written]:
        """Give what is known of each field when it was written: from the snapshot, else from the tag itself."""
        snapshot = self.plan.base
        if snapshot is not None and ours.uid in snapshot.cues:
            found = {name: snapshot.written(ours.uid, name) for name in VALUE_NAMES}
            return {name: written for name, written in found.items() if written is not None}
        return _written_by_tag(plain_marker(self.their_markers[theirs.uid]), ours.uid, came)

    def _values(self, cue: Cue) -> dict[str, Any]:
        return cue_values(cue, self.facts, self.cast)

    def _their_values(self, cue: Cue) -> dict[str, Any]:
        values = cue_values(cue, self.their_facts, self.their_cast)
        for place in PLACES:
            if self.shift and values[place] is not None:
                values[place] = fraction_text(Fraction(values[place]) - self.shift)
        return values

    def _changed(self, ours: Cue, changes: list[FieldChange]) -> Cue:
        """Give our cue with what was taken, its history, and what stays in conflict beside it."""
        taken = [change for change in changes if change.verdict == THEIRS]
        conflicts = {
            change.field: {"theirs": change.theirs, "was": change.was, "from": self.plan.carrier}
            for change in changes
            if change.verdict == CONFLICT
        }
        cue = with_values(ours, {change.field: change.result for change in taken}, self.facts, self.cast)
        history = [
            Change(self.plan.when, self.plan.carrier, change.field, change.ours, change.result) for change in taken
        ]
        extra = dict(cue.extra)
        if conflicts:
            extra["conflicts"] = {**(extra.get("conflicts") or {}), **conflicts}
        return dataclasses.replace(cue, history=(*cue.history, *history), extra=extra)

    def _put(self, cue: Cue, *, was: Cue) -> None:
        self.ours[cue.uid] = cue
        put_cue(self.markers[cue.uid], cue, self.facts, self.cast.name(cue.character), was=was)

    # --------------------------------------------------------------------------------------- new, copied, missing

    def _add(self, place: int, joined: Joined, result: Merge) -> None:
        """Put a cue of theirs that is none of ours into the work, under a uid that nobody has."""
        theirs = self.theirs[place]
        values = {name: value for name, value in self._their_values(theirs).items() if not is_usual(name, value)}
        uid = theirs.uid if theirs.uid not in self.ours else new_uid(f"{theirs.uid}\x1f{place}", self.ours)
        cue = with_values(Cue(uid=uid, record_in=0), values, self.facts, self.cast)
        if place in joined.copies:
            root = self.known_ours[joined.copies[place]].uid
            cue = dataclasses.replace(cue, derived_from=root)
            result.copies[uid] = root
        elif place in joined.unsure:
            candidates = [self.known_ours[other].uid for other in joined.unsure[place]]
            cue = dataclasses.replace(cue, extra={**cue.extra, "confirm": candidates})
            result.unsure[uid] = candidates
        else:
            result.new.append(uid)
        self.ours[uid] = cue
        self.markers[uid] = cue_marker(cue, self.facts, self.cast.name(cue.character))
        self.timeline.tracks.markers.append(self.markers[uid])

    def _name_missing(self, joined: Collection[int], result: Merge) -> None:
        """Name the cues that were written and did not come back; they stay, and are omitted only on request."""
        base = self.plan.base
        for place, known in enumerate(self.known_ours):
            if place in joined or (base is not None and known.uid not in base.cues):
                continue
            result.missing.append(known.uid)
            if self.plan.omit_missing:
                cue = self.ours[known.uid]
                change = Change(self.plan.when, self.plan.carrier, "status", cue.status, "omitted")
                reason = f"not in {self.plan.carrier}"
                self._put(
                    dataclasses.replace(
                        cue,
                        status="omitted",
                        omitted_reason=cue.omitted_reason or reason,
                        omitted_on=cue.omitted_on or self.plan.when or None,
                        history=(*cue.history, change),
                    ),
                    was=cue,
                )

    def _fill_cast(self) -> None:
        """Learn actors and prefixes that came back for characters that have none."""
        for one in self.their_cast.by_id.values():
            known = self.cast.find(one.name)
            if known is not None:
                self.cast.id_of(one.name, one.actor, one.prefix)
                mine = self.cast.by_id[known]
                if one.actor and mine.actor != one.actor:
                    self.report.note("merge-actor-differs", where=mine.name, was=mine.actor, now=one.actor)

    # --------------------------------------------------------------------------------------------------- the report

    def _report(self, result: Merge) -> None:
        note, carrier = self.report.note, self.plan.carrier
        if result.offset:
            taken = "taken" if result.offset_taken else "left out"
            if self.other_start:
                taken = "left out: its timeline starts so much later or earlier"
            elif not self.plan.start_known:
                taken = "its start is not known"
            note("merge-offset", offset=_clock(result.offset, self.facts), taken=taken, carrier=carrier)
        for move in result.moves():
            first, last = (self.ours[uid].number or uid for uid in (move.first, move.last))
            note("merge-move", count=move.count, first=first, last=last, offset=_clock(move.by, self.facts))
        if self.without_base:
            note("merge-without-base", count=self.without_base, carrier=carrier)
        for cue in result.cues:
            for change in cue.conflicts:
                note(
                    "merge-conflict", where=cue.number or cue.uid, field=change.field.replace("_", " "),
                    ours=told(change.field, change.ours, self.facts),
                    theirs=told(change.field, change.theirs, self.facts), time=self._label(cue.uid),
                )  # fmt: skip
        for code, uids in (
            ("merge-unsure", result.unsure), ("merge-new", result.new), ("merge-copy", result.copies),
            ("merge-missing", result.missing),
        ):  # fmt: skip
            for uid in uids:
                one = self.ours[uid]
                roots = result.unsure.get(uid) or [result.copies.get(uid, "")]
                names = ", ".join(self.ours[root].number or root for root in roots if root)
                note(
                    code, where=one.number or self.cast.name(one.character) or uid, time=self._label(uid),
                    name=told("line", one.line, self.facts, ""), candidates=names,
                )  # fmt: skip
        if self.others:
            note("merge-marker-left", count=self.others, carrier=carrier)

    def _label(self, uid: str) -> str:
        return self.facts.label(self.ours[uid].record_in)


def _refuse_other_speed(ours: TimelineFacts, theirs: TimelineFacts) -> None:
    if ours.rate.fps != theirs.rate.fps:
        raise RateError(
            "the list counts at another rate than the work",
            expected=ours.rate.name,
            found=theirs.rate.name,
            remedy="give the list's rate with --rate where it leaves it open, or export it again at the work's rate",
        )


def _written_by_tag(plain: PlainMarker, uid: str, came: Mapping[str, Any]) -> dict[str, Written]:
    """Take a full tag as the base: what it states was written, and the text beside it too where nobody touched it."""
    tag = find_tag(plain.comment) or find_tag(plain.name)
    if tag is None or tag.uid != uid or not tag.is_full:
        return {}
    stated = {name: list(value) if isinstance(value, tuple) else value for name, value in tag_record(tag).items()}
    written = {name: Written(value, value) for name, value in stated.items()}
    if "line" not in written and text_untouched(tag, plain):
        written["line"] = Written(came["line"], came["line"])
    return written


def _alike(name: str, ours: Any, theirs: Any, grain: Fraction) -> bool:
    """Whether two values are the same but for what carriers do to text, where nobody wrote down what was sent."""
    if name in PLACES:
        return ours is not None and theirs is not None and abs(Fraction(ours) - Fraction(theirs)) <= grain
    if name in COUNTED and counts_alike(ours, theirs):
        return True
    if isinstance(ours, str) and isinstance(theirs, str):
        cut = theirs.rstrip("….").rstrip()
        was_cut = cut != theirs and folded(ours).startswith(folded(cut))
        shown = _as_it_may_be_shown(ours, theirs)
        return folded(ours) == folded(theirs) or shown.split() == theirs.split() or was_cut
    return bool(ours == theirs)


def _as_it_may_be_shown(ours: Any, theirs: Any) -> Any:
    """Give our text in capitals or in ASCII where theirs is all that, so that only the words that differ are taken."""
    if not isinstance(ours, str) or not isinstance(theirs, str):
        return ours
    shown = to_ascii(ours) if theirs.isascii() and not ours.isascii() else ours
    return shown.upper() if theirs.isupper() and not ours.isupper() else shown


def _clock(offset: Fraction, facts: TimelineFacts) -> str:
    frames = round(offset * facts.rate.fps)
    sign = "-" if frames < 0 else "+"
    return f"{sign}{format_timecode(abs(frames), facts.rate.with_drop(False), wrap=False)}"
