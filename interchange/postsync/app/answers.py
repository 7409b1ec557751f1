"""What a job tells a person when it is done: a few sentences, the files, what waits, a table where there is one to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from postsync.app.running import Done, Made
from postsync.conforming.change_list import WORDS
from postsync.cueing import told
from postsync.delivery import Turnover
from postsync.findings import SEVERITIES, worst_first
from postsync.model import timeline_facts
from postsync.report import Report
from postsync.verbs import (
    Checked,
    Conformed,
    Conversion,
    Difference,
    MediaList,
    Merged,
    Numbered,
    Placed,
    Reconformed,
    Reported,
    Synced,
    Verified,
)

MOST_ROWS = 2000
MOST_LOSSES = 200

Say = Callable[..., str]
"""Gives a text by its key, with its facts filled in."""


def _done(report: Report, lines: Iterable[str], files: Iterable[Made] = (), **more: Any) -> Done:
    losses = report.grouped(notes=False)
    return Done(
        tuple(lines), tuple(files), losses=tuple(losses[:MOST_LOSSES]), notes=len(report.of_level("note")), **more
    )


def _files(paths: Iterable[Path]) -> list[Made]:
    return [Made(path) for path in paths]


def turned_over(made: Turnover, say: Say) -> Done:
    """Tell a turnover: the counts that a person checks first, each file with the way to bring it in, missing media."""
    line = say("done.turnover", name=made.timeline, clips=made.clips, cues=made.cues, sounds=made.sound_files)
    waits = [
        say("waits.media", name=name, tried=", ".join(tried) or say("waits.nowhere"))
        for name, tried in made.media_missing[:MOST_LOSSES]
    ]
    return _done(made.report, [line], [Made(one.path, one.what, one.how) for one in made.files], waits=tuple(waits))


def placed(done: Placed, say: Say) -> Done:
    """Tell a placing: what became of the takes, and those that wait for a person."""
    rows = done.placing.rows
    missing = done.placing.matching.cues_without_takes
    lines = [say("done.place", takes=len(rows), told=done.placing.amounts)]
    lines += [say("done.place.without", count=len(missing))] if missing else []
    waits = [
        say("waits.take", file=row.pairing.recorded.path.name, why=_meant(row, say))
        for row in rows
        if row.what in ("guess", "unpaired")
    ]
    table = [(say("head.take"), say("head.cue"), say("head.what"), say("head.why"))]
    table += [
        (row.pairing.recorded.path.name, _number(row), row.what, row.why or row.pairing.why())
        for row in rows[:MOST_ROWS]
    ]
    files = [Made(one.path, one.what, one.how) for one in done.turnover.files] + [Made(done.log, say("made.log"))]
    return _done(done.report, lines, files, waits=tuple(waits), table=tuple(table))


def _number(row: Any) -> str:
    cue = row.pairing.cue
    return "" if cue is None else cue.number or cue.uid


def _meant(row: Any, say: Say) -> str:
    return say("waits.perhaps", cue=_number(row), why=row.pairing.why()) if row.pairing.cue else say("waits.no-cue")


def conformed(done: Conformed, say: Say) -> Done:
    """Tell a conform: how many events were found, where they lie, and those that wait for a person."""
    matches, facts = done.conform.matches, done.facts
    found = sum(match.placed for match in matches)
    lines = [say("done.conform", placed=found, events=len(matches))]
    if done.laid is not None:
        lines.append(say("done.conform.tracks", clips=done.laid.clips, tracks=", ".join(done.laid.names)))
    waits = [
        say("waits.event", time=facts.timecode(match.event.record_in), name=match.event.name, why=match.why_not)
        for match in matches
        if not match.placed
    ]
    heads = ("head.in", "head.what", "head.state", "head.why")
    table = [tuple(say(head) for head in heads)]
    table += [
        (
            facts.timecode(match.event.record_in),
            match.event.name,
            match.state,
            "; ".join(match.reasons) or match.why_not,
        )
        for match in matches[:MOST_ROWS]
    ]
    how = {} if done.turnover is None else {one.path: one for one in done.turnover.files}
    files = [Made(path, how[path].what, how[path].how) if path in how else Made(path) for path in done.files]
    waiting = tuple(waits[:MOST_LOSSES])
    return _done(done.report, lines, [*files, Made(done.log, say("made.log"))], waits=waiting, table=tuple(table))


def reconformed(done: Reconformed, say: Say) -> Done:
    """Tell a reconform: how many cues have each status, and what needs ears."""
    outcome = done.outcome
    maps = outcome.maps.picture
    counts = ", ".join(f"{count} {status}" for status, count in outcome.counts.items()) or say("done.none")
    lines = [say("done.reconform", old=maps.old.name, new=maps.new.name, cues=len(outcome.cues), told=counts)]
    ears = outcome.needs_ears
    lines += [say("done.ears", count=len(ears))] if ears else []
    heads = ("head.cue", "head.character", "head.new-in", "head.moved", "head.status", "head.check")
    table = [tuple(say(head) for head in heads), *(_moved(one, maps.new, say) for one in ears[:MOST_ROWS])]
    return _done(done.report, lines, _files(done.written), table=tuple(table) if ears else ())


def _moved(one: Any, new: Any, say: Say) -> tuple[str, ...]:
    fate = one.fate
    place = say("done.lost") if fate.new_in is None else new.label(fate.new_in)
    return (
        one.number or one.kind,
        one.character,
        place,
        "" if fate.delta is None else f"{fate.delta:+d}",
        fate.status,
        one.check,
    )


def compared(found: Difference, say: Say) -> Done:
    """Tell a comparison: the change list."""
    heads = ("head.new-in", "head.length", "head.old-in", "head.what", "head.total")
    new, old = found.changes.new, found.changes.old
    table = [tuple(say(head) for head in heads)]
    table += [
        (
            new.label(row.at),
            str(row.frames),
            "" if row.old is None else old.label(row.old),
            " ".join(part for part in (WORDS[row.kind], row.name, row.detail) if part),
            f"{row.total:+d}",
        )
        for row in found.rows[:MOST_ROWS]
    ]
    line = say("done.compare", old=old.name, new=new.name, frames=f"{new.length - old.length:+d}", rows=len(found.rows))
    return _done(found.report, [line], _files(found.written), table=tuple(table))


def merged(done: Merged, say: Say) -> Done:
    """Tell a merge: how cues were known again, each field that changed, and conflicts that wait."""
    document, clock = done.to_json(), timeline_facts(done.merge.timeline)
    counts = document["counts"]
    known = ", ".join(f"{count} {say(f'known.{key}')}" for key, count in counts["known_by"].items() if count)
    facts = {name: counts[name] for name in ("changed", "conflicts", "new", "unsure", "missing")}
    lines = [say("done.merge", known=known or say("done.none")), say("done.merge.counts", **facts)]
    changes = [(cue["number"] or cue["uid"], change) for cue in document["cues"] for change in cue["changes"]]
    table = [tuple(say(head) for head in ("head.cue", "head.field", "head.ours", "head.theirs", "head.result"))]
    table += [
        (
            number,
            change["field"].replace("_", " "),
            told(change["field"], change["ours"], clock, ""),
            told(change["field"], change["theirs"], clock, ""),
            told(change["field"], change["result"], clock, ""),
        )
        for number, change in changes[:MOST_ROWS]
    ]
    waits = [
        say("waits.conflict", cue=number, field=change["field"].replace("_", " "))
        for number, change in changes
        if change["verdict"] == "conflict"
    ]
    waits += [say("waits.unsure", count=counts["unsure"])] if counts["unsure"] else []
    return _done(
        done.report,
        lines,
        [Made(done.out, say("made.work"))],
        waits=tuple(waits),
        table=tuple(table) if changes else (),
    )


def checked(found: Checked, say: Say) -> Done:
    """Tell a check: how many findings of each severity, and each with what to do."""
    findings = worst_first(found.findings)
    counts = {severity: sum(one.severity == severity for one in findings) for severity in SEVERITIES}
    lines = [say("done.check", errors=counts["error"], warnings=counts["warning"], notes=counts["note"])]
    table = [tuple(say(head) for head in ("head.severity", "head.where", "head.what", "head.remedy"))]
    for one in findings[:MOST_ROWS]:
        where = ", ".join(part for part in (one.where, one.time or "") if part)
        table.append((say(f"severity.{one.severity}"), where, one.words(), one.remedy))
    return _done(found.report, lines, table=tuple(table) if findings else ())


def verified(found: Verified, say: Say) -> Done:
    """Tell a verification: what came back otherwise."""
    result = found.verification
    lines = [say("done.verify.same") if result.same else say("done.verify", count=len(result.differences))]
    lines += [
        say("done.verify.count", what=what, sent=count["sent"], returned=count["returned"], same=count["same"])
        for what, count in result.counts.items()
    ]
    table = [(say("head.what"),), *((one.sentence(),) for one in result.differences[:MOST_ROWS])]
    return _done(found.report, lines, table=tuple(table) if result.differences else ())


def converted(done: Conversion, say: Say) -> Done:
    """Tell a conversion."""
    line = say("done.convert", name=done.target.name)
    return _done(done.report, [line], [Made(done.target)])


def reported(done: Reported, say: Say) -> Done:
    """Tell a report."""
    return _done(done.report, [say("done.report", count=len(done.files))], _files(done.files))


def numbered(done: Numbered, say: Say) -> Done:
    """Tell a numbering: how many got a number and how many kept theirs, each new one, and cues that stay without."""
    numbering = done.numbering
    lines = [say("done.number", given=len(numbering.changes), kept=numbering.kept, scheme=numbering.scheme.template)]
    lines += [say("done.number.left", count=len(numbering.left))] if numbering.left else []
    table = [(say("head.old"), say("head.new"))]
    table += [(change.old or "", change.new) for change in numbering.changes[:MOST_ROWS]]
    made = [Made(done.target, say("made.work"))]
    return _done(done.report, lines, made, table=tuple(table) if numbering.changes else ())


def synced(found: Synced, say: Say) -> Done:
    """Tell a measurement: each take with its offset, or why there is none to believe."""
    heads = ("head.take", "head.cue", "head.what", "head.offset", "head.why")
    table = [tuple(say(head) for head in heads), *(_offset(row) for row in found.rows[:MOST_ROWS])]
    lines = [say("done.sync", count=len(found.rows), unsure=found.unsure)]
    waits = [
        say("waits.take", file=row.pair.take.name, why=row.why or _reason(row)) for row in found.rows if not row.sure
    ]
    files = _files(path for path in (found.page, found.table) if path is not None)
    return _done(found.report, lines, files, waits=tuple(waits[:MOST_LOSSES]), table=tuple(table))


def _reason(row: Any) -> str:
    return "" if row.alignment is None else row.alignment.reason or row.alignment.verdict


def _offset(row: Any) -> tuple[str, ...]:
    if row.alignment is None:
        return row.pair.take.name, row.cue or "", "", "", row.why
    facts = row.alignment.to_json()
    offset = f"{abs(facts['offset_ms'])} ms {facts['direction'] or ''}".rstrip()
    return row.pair.take.name, row.cue or "", facts["verdict"], offset, _reason(row)


def extracted(done: MediaList, say: Say) -> Done:
    """Tell an extraction."""
    return _done(done.report, [say("done.extract", count=len(done.rows))])
