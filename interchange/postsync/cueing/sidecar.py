"""The cue document: `NAME.cues.json`, every record whole, beside each output that carries cues.

`postsync.cues/1` holds the clock, the cues, the cast, facts of the project, and under `written` what each carrier was given,
which is the base of the three-way merge when cues come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import opentimelineio as otio

from postsync.cueing.merging.written import Snapshot, snapshot_from_json
from postsync.errors import FormatError
from postsync.model import (
    Character,
    Cue,
    TimelineFacts,
    block,
    character_name,
    cue_from_json,
    cue_marker,
    from_json,
    plain,
    put_block,
    put_characters,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
    to_json,
)
from postsync.timing import as_rate, fraction_text, parse_fraction, parse_timecode

SCHEMA = "postsync.cues/1"
"""The schema of the document that `cue_document` gives.

>>> cue_document(timeline)["schema"] == SCHEMA
True
"""
SUFFIX = ".cues.json"
"""The end of the document's name; it stands beside each output that carries cues.

>>> f"R1{SUFFIX}"
'R1.cues.json'
"""

_SHOWN = ("record_in_seconds", "record_out_seconds", "record_in_timecode", "record_out_timecode")
"""What `cues --json` adds to each cue; it can be worked out and is left aside on reading."""


def cue_document(timeline: otio.schema.Timeline) -> dict[str, Any]:
    """Give the cues of a timeline as the document of `NAME.cues.json`, with what each carrier was given (`put_written`).

    >>> document = cue_document(timeline)
    >>> document["rate"], document["start_timecode"], document["cues"][0]["number"]
    ('24000/1001', '01:00:00:00', 'R101')
    """
    return _document(timeline, timeline_cues(timeline))


def _document(timeline: otio.schema.Timeline, cues: Iterable[Cue]) -> dict[str, Any]:
    facts = timeline_facts(timeline)
    kept = block(timeline)
    return {
        "schema": SCHEMA,
        "name": timeline.name or None,
        "rate": facts.rate.text,
        "drop_frame": facts.rate.drop,
        "start_timecode": facts.start_timecode,
        "cues": [to_json(cue) for cue in cues],
        "characters": [plain(to_json(character)) for character in timeline_characters(timeline).values()],
        "project": kept.get("project") or {},
        "written": kept.get("written") or {},
    }


def cues_json(timeline: otio.schema.Timeline) -> dict[str, Any]:
    """Give the cue document with the times of each cue also as seconds and as timecode.

    >>> cue = cues_json(timeline)["cues"][0]
    >>> cue["record_in"], cue["record_in_seconds"], cue["record_in_timecode"]
    (8, '1001/3000', '01:00:00:08')
    """
    facts, cues = timeline_facts(timeline), timeline_cues(timeline)
    document = _document(timeline, cues)
    for cue, record in zip(cues, document["cues"], strict=True):
        end = cue.seconds_out(facts)
        record |= {
            "record_in_seconds": fraction_text(cue.seconds_in(facts)),
            "record_out_seconds": None if end is None else fraction_text(end),
            "record_in_timecode": facts.label(cue.record_in),
            "record_out_timecode": None if cue.record_out is None else facts.label(cue.record_out),
        }
    return document


def timeline_from_document(document: Mapping[str, Any]) -> otio.schema.Timeline:
    """Make a timeline of a cue document: no clips, every cue whole. Raises FormatError where the document is not one.

    >>> from postsync.model import timeline_cues
    >>> again = timeline_from_document(cue_document(timeline))
    >>> timeline_cues(again) == timeline_cues(timeline)
    True
    """
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, Mapping) else type(document).__name__
        raise FormatError(place="schema", expected=SCHEMA, found=repr(found))
    rate = as_rate(parse_fraction(_required(document, "rate")), drop=bool(document.get("drop_frame")))
    start = parse_timecode(str(document.get("start_timecode") or "00:00:00:00"), rate, place="start_timecode")
    facts = TimelineFacts(rate, start, format="cue_list")
    timeline = otio.schema.Timeline(name=str(document.get("name") or ""))
    put_timeline_facts(timeline, facts)
    cast = [from_json(Character, one) for one in _records(document, "characters")]
    put_characters(timeline, cast)
    names = {one.id: one for one in cast}
    for record in _records(document, "cues"):
        cue = cue_from_json({name: value for name, value in record.items() if name not in _SHOWN})
        timeline.tracks.markers.append(cue_marker(cue, facts, character_name(names, cue)))
    put_block(timeline, {name: _object(document, name) for name in ("project", "written")})
    return timeline


def _required(document: Mapping[str, Any], name: str) -> Any:
    if not isinstance(document.get(name), (str, int)):
        raise FormatError(place=name, expected="a frame rate such as 24000/1001", found=repr(document.get(name)))
    return document[name]


def _records(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise FormatError(place=name, expected="a list of records", found=type(found).__name__)
    return found


def _object(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name) or {}
    if not isinstance(found, dict):
        raise FormatError(place=name, expected="an object", found=type(found).__name__)
    return found


def put_written(timeline: otio.schema.Timeline, snapshots: Iterable[Snapshot]) -> None:
    """Write down in the work what some carriers were given; the latest of a name stands.

    >>> put_written(timeline, [take_snapshot(timeline, timeline.deepcopy(), "edl", "R1.edl")])
    >>> [snapshot.file for snapshot in written_snapshots(timeline)]
    ['R1.edl']
    """
    written = dict(block(timeline).get("written") or {})
    for snapshot in snapshots:
        written.pop(snapshot.file, None)
        written[snapshot.file] = snapshot.to_json()
    put_block(timeline, {"written": written})


def written_snapshots(timeline: otio.schema.Timeline) -> list[Snapshot]:
    """Give what the work remembers of carriers, the latest last.

    >>> put_written(timeline, [take_snapshot(timeline, timeline.deepcopy(), "cue_table", "R1 cues.csv")])
    >>> [(snapshot.format, len(snapshot.cues)) for snapshot in written_snapshots(timeline)]
    [('cue_table', 5)]
    """
    found = (block(timeline).get("written") or {}).values()
    return [snapshot for one in found if (snapshot := snapshot_from_json(one)) is not None]
