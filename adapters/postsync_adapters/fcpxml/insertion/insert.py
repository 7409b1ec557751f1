"""Cues and placed takes into the project of an existing document.

A cue becomes a marker on the item of the primary storyline that holds its time. Where the document has that cue's marker
already, by its tag or because the cue was read from it, the marker stays where it is unless the cue has moved, and keeps its
words unless the cue now says something else. A placed take becomes connected sound in a lane of its own below everything that
is there.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.cueing import MarkerText, find_tag, says_the_same, strip_tag
from postsync.errors import RateError
from postsync.model import Cue, PlainMarker, cue_of, placed_tracks, plain_marker, timeline_characters, timeline_facts
from postsync.report import Report
from postsync.timing import as_rate, nearest_frame, seconds_of_frame
from postsync_adapters.fcpxml.document import Element
from postsync_adapters.fcpxml.insertion.document import Existing, opened, take_out
from postsync_adapters.fcpxml.insertion.places import Places
from postsync_adapters.fcpxml.insertion.takes import put_takes
from postsync_adapters.fcpxml.reading.scene import Story
from postsync_adapters.fcpxml.reading.walk import walk_sequence
from postsync_adapters.fcpxml.time import seconds
from postsync_adapters.fcpxml.writing.marking import Text, cue_text, marker_element
from postsync_adapters.fcpxml.writing.options import FcpxmlWriteOptions
from postsync_adapters.fcpxml.writing.times import Times
from postsync_adapters.fcpxml.writing.write import kept_about

Known = dict[Any, list[Element]]
"""Markers of the document by what a cue may be known by: its tag, what its own marker said, what it would say."""


def insert(timeline: Any, report: Report, options: FcpxmlWriteOptions, target: Path | None = None) -> bytes:
    """Give the document named by `into` with the cues and placed takes of a timeline in it, for the file `target`.

    Raises CannotWrite where it has no such project, RateError where that runs at another rate.
    """
    assert options.into is not None
    document = opened(options.into)
    sequence = document.sequence(timeline.name, str(kept_about(timeline).get("event") or ""))
    facts = timeline_facts(timeline)
    speed = document.resources.speed_of_format(sequence.get("format"))
    if speed is not None and as_rate(speed).fps != facts.rate.fps:
        theirs = as_rate(speed).name
        raise RateError(
            "the document runs at another rate than the work",
            path=document.path, expected=facts.rate.name, found=theirs, remedy="reconform the work to this cut first",
        )  # fmt: skip
    times = Times(facts.rate)
    start = seconds(sequence.get("tcStart") or "0s") or Fraction(0)
    # Where the two begin at other labels, the labels count; a document may begin between two, as scripts write 3600 s.
    first = seconds_of_frame(facts.start_frame - nearest_frame(start, facts.rate), facts.rate)
    story = walk_sequence(sequence, document.resources, Report(), "", facts.rate.fps, start, keep_hosts=True)
    places = Places.of(document, sequence, story.hosts or [], times, report)
    places.needed = first + _reach(timeline)
    _put_cues(timeline, document, story, places, first, options, report)
    put_takes(timeline, document, sequence, story, places, first, options, report)
    times.note_moved(timeline.name, report)
    document.reach_files_from(target)
    return document.data()


def _reach(timeline: Any) -> Fraction:
    """Give the end of the last cue or take."""
    facts = timeline_facts(timeline)
    cues = [cue for marker in timeline.tracks.markers if (cue := cue_of(marker)) is not None]
    ends = [cue.seconds_out(facts) or cue.seconds_in(facts) for cue in cues]
    takes = [clip for track in placed_tracks(timeline, "audio") for clip in track.clips if clip.facts.cue_uid]
    return max([*ends, *(clip.record_out for clip in takes)], default=Fraction(0))


def _put_cues(
    timeline: Any,
    document: Existing,
    story: Story,
    places: Places,
    first: Fraction,
    options: FcpxmlWriteOptions,
    report: Report,
) -> None:
    facts, characters = timeline_facts(timeline), timeline_characters(timeline)
    known, stand = _known(story)
    paces = {host.element: host.pace for host in story.hosts or []}
    for marker in timeline.tracks.markers:
        cue = cue_of(marker)
        if cue is None:
            continue
        text = cue_text(cue, characters, facts, options.tags, places.times)
        at = first + cue.seconds_in(facts)
        theirs = _theirs(cue, at, text, plain_marker(marker), known)
        here = [element for element in theirs if stand[element].record_in == at]
        for element in theirs:
            if element not in here[:1]:
                take_out(document.twin(element))
        if here:
            pace = paces.get(here[0].getparent(), Fraction(1))
            said = text if options.tags == "full" else _as_said(here[0], text)
            _say(document.twin(here[0]), stand[here[0]].duration, said, pace, places, report)
        else:
            _put_new(cue, at, text, places, report)


def _known(story: Story) -> tuple[Known, dict[Element, PlainMarker]]:
    """Give the markers of a document by what they may be known by, and where in the programme each first stands."""
    known: Known = {}
    stand: dict[Element, PlainMarker] = {}
    for (*_, element), plain in story.markers.items():
        if element.tag == "caption" or element in stand:
            continue
        stand[element] = plain
        tag = find_tag(plain.comment) or find_tag(plain.name)
        for key in (tag and tag.uid, (plain.record_in, plain.name, plain.comment), _origin(plain)):
            if key:
                known.setdefault(key, []).append(element)
    return known, stand


def _origin(plain: PlainMarker) -> Any:
    """Give what a marker says and the name of what it hangs on, by which it is known after its cue has moved."""
    host = plain.attached_to.clip if plain.attached_to else None
    return (
        ("origin", host, plain.extra.get("host_time"), plain.name, plain.comment)
        if "host_time" in plain.extra
        else None
    )


def _theirs(cue: Cue, at: Fraction, text: Text, own: PlainMarker, known: Known) -> list[Element]:
    """Give the markers of the document that are this cue's, by the surest of what it may be known by.

    What we put in is known by its tag or by saying just what we say, and all of it is ours to replace. A marker of somebody
    else that the cue was read from is one: copies of it, which come with every use of a clip, are not touched.
    """
    for key in (cue.uid, (at, text.value, text.note)):
        if key in known:
            return known[key]
    here = known.get((at, own.name, own.comment), [])
    if here:
        return here[:1]
    moved = known.get(_origin(own), [])
    return moved if len(moved) == 1 else []


def _as_said(element: Element, text: Text) -> Text:
    """Give the words that are there, and the tag behind them, where they say of the cue what ours would."""
    value, note = str(element.get("value") or ""), strip_tag(str(element.get("note") or ""))
    if not says_the_same(MarkerText(value, note), MarkerText(text.value, text.note)):
        return text
    tag = text.note[len(strip_tag(text.note)) :].strip()
    return replace(text, value=value, note="\n".join(part for part in (note, tag) if part))


def _say(element: Element, length: Fraction, text: Text, pace: Fraction, places: Places, report: Report) -> None:
    """Let a marker that is there say what the cue says; of a chapter only the words, since it is no to-do."""
    wanted = marker_element(text, Fraction(0), pace, places.times, text.value, report)
    names = ["value", "note"] + (["completed"] if element.tag == "marker" else [])
    if length != (text.duration or 0):
        names.append("duration")
    for name in names:
        value = wanted.get(name)
        if value is None:
            element.attrib.pop(name, None)
        elif element.get(name) != value:
            element.set(name, value)


def _put_new(cue: Cue, at: Fraction, text: Text, places: Places, report: Report) -> None:
    where = cue.number or cue.uid
    place = places.at(at, text.duration or Fraction(0))
    if not place.span[0] <= at < place.span[1]:
        report.note("cue-outside-timeline", where=where, name=where)
    start = place.clock.local(at)
    place.put(marker_element(text, start, place.clock.pace, places.times, where, report))
