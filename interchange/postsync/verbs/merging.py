"""A cue list that came back into the work: `merge`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from postsync.cueing import EVERY_FIELD, Merge, MergePlan, Prefer, Snapshot, merge_cues, spot
from postsync.errors import RateError
from postsync.formats import Feature
from postsync.formats.conversion import Opened, format_for_writing, read_file, write_file
from postsync.model import Dialect, Project, find_project, timeline_cues, timeline_facts
from postsync.report import Report
from postsync.timing import Rate
from postsync.verbs.sidecars import find_base, read_base, write_sidecar


class _Notations(TypedDict):
    """In what names are written: those of markers, where it is known, and those of clips."""

    dialect: Dialect | None
    clip_dialect: Dialect


@dataclass(frozen=True)
class Merged:
    """What `merge` did: the files, the merge itself, and what served as its base (None where nothing was written down).

    >>> verbs.convert("R1.otio", "R1 returned.csv").written_as
    'cue_table'
    >>> done = verbs.merge("R1.otio", "R1 returned.csv", "R1 merged.otio")
    >>> done.settled, len(done.merge.cues)
    (True, 5)
    """

    work: Path
    returned: Path
    out: Path
    base: str | None
    merge: Merge
    report: Report

    @property
    def settled(self) -> bool:
        """Whether nothing waits for a person: no conflict, and no cue that may be one of ours."""
        return not self.merge.conflicts and not self.merge.unsure

    def to_json(self) -> dict[str, Any]:
        """Give the merge as plain values for programs."""
        return {
            "schema": "postsync.merge/1",
            "work": str(self.work),
            "returned": str(self.returned),
            "out": str(self.out),
            "base": self.base,
            **self.merge.to_json(),
            "losses": self.report.to_json(),
        }


def merge(
    work: Path | str,
    returned: Path | str,
    out: Path | str,
    *,
    from_format: str | None = None,
    rate: Rate | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
    dialect: Dialect | None = None,
    base: Path | str | None = None,
    take_offset: bool = True,
    prefer: Prefer | None = None,
    omit_missing: bool = False,
    date: str = "",
    as_format: str | None = None,
    project: Project | None = None,
) -> Merged:
    """Merge a cue list that came back into the work and write the result, whole or not at all.

    `from_format`, `rate` and `options` are for the list; `base` names the cue document that says what was written.

    >>> verbs.convert("R1.otio", "R1 back.csv").written_as
    'cue_table'
    >>> done = verbs.merge("R1.otio", "R1 back.csv", "R1b.otio")
    >>> done.merge.conflicts, done.merge.missing
    (0, [])
    """
    report, work, returned, out = Report(), Path(work), Path(returned), Path(out)
    format_for_writing(out, as_format)
    found = find_project(work) if project is None else project
    ours = read_file(work, report).choose(timeline)
    spot(ours, found, report)
    opened, theirs, start_known = _opened(returned, ours, from_format, rate, options, report)
    snapshot = _base(base, ours, work, returned, opened.format.name)
    # Markers that we wrote ourselves are in nobody's notation, whatever the lines look like; clips may be in any.
    notation = dialect or ("plain" if snapshot is not None else None)
    how: _Notations = {"dialect": notation, "clip_dialect": dialect or "auto"}
    spot(theirs, found, report, all_markers=all_markers, **how)
    doubtful = _spot_doubtful(theirs, found, how)
    whole = Feature.CUE_RECORDS in opened.format.reads
    plan = MergePlan(
        carrier=returned.name,
        when=date,
        base=snapshot,
        carried=EVERY_FIELD if whole else None,
        start_known=start_known,
        take_offset=take_offset,
        prefer=prefer,
        omit_missing=omit_missing,
        doubtful=doubtful,
    )
    result = merge_cues(ours, theirs, plan, report)
    written = write_file(result.timeline, out, report, as_format=as_format, read_from=[work, returned])
    write_sidecar(result.timeline, out, written, report)
    return Merged(work, returned, out, snapshot.file if snapshot else None, result, report)


def _base(base: Path | str | None, ours: Any, work: Path, returned: Path, carrier: str) -> Snapshot | None:
    """Give what was written into the list before it went out: from the document that was named, else from where it is kept."""
    if base is not None:
        return read_base(Path(base), returned, carrier)
    return find_base(ours, work, returned, carrier, (cue.uid for cue in timeline_cues(ours)))


def _spot_doubtful(theirs: Any, project: Project, how: _Notations) -> frozenset[str]:
    """Make cues of the rest of the markers too, and name them: what is known again by nothing else is no cue of theirs."""
    sure = {cue.uid for cue in timeline_cues(theirs)}
    spot(theirs, project, Report(), all_markers=True, **how)
    return frozenset(cue.uid for cue in timeline_cues(theirs)) - sure if sure else frozenset()


def _opened(
    returned: Path,
    ours: Any,
    from_format: str | None,
    rate: Rate | None,
    options: Mapping[str, Any] | None,
    report: Report,
) -> tuple[Opened, Any, bool]:
    """Read the list at the work's rate where it leaves its own open; say whether its start is known."""
    own, opened = Report(), None
    try:
        opened = read_file(returned, own, from_format=from_format, rate=rate, options=options)
    except RateError:
        if rate is not None:
            raise
    if opened is None or (rate is None and any(loss.code == "rate-guessed" for loss in own)):
        own, ours_at = Report(), timeline_facts(ours).rate
        opened = read_file(returned, own, from_format=from_format, rate=ours_at, options=options)
    report.extend(own)
    theirs = opened.choose()
    return opened, theirs, not any(loss.code == "start-guessed" for loss in own) or _counts_labels(theirs, ours)


def _counts_labels(theirs: Any, ours: Any) -> bool:
    """Whether a list that states no start holds timecodes all the same, as Media Composer's does.

    One that counts from zero beside a work that does not is the other kind: a MIDI file without an SMPTE offset.
    """
    return timeline_facts(theirs).start_frame > 0 or timeline_facts(ours).start_frame == 0
