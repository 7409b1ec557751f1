"""What was found for every event, and why: the log that people read beside the session, and its JSON.

Nothing is left out: what was not placed stands first, with what was looked for and what it could be.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.conforming.rushes.clocks import recorder_rate
from postsync.conforming.rushes.laying import LaidTracks, chosen_microphones, start_in_media
from postsync.conforming.rushes.matches import Candidate, Conform, Match, Piece, counts
from postsync.conforming.rushes.records import Recording
from postsync.model import TimelineFacts
from postsync.timing import format_timecode, fraction_text, frame_at, round_half_up
from postsync.wording import counted

TITLES = (("ambiguous", "To be decided"), ("missing", "Not found"), ("placed", "Placed"))


def log_text(conform: Conform, laid: LaidTracks | None, name: str) -> str:
    """Give the log as a page of text."""
    lines = [f"Conform of {name} to its rushes", "", _counted(conform, laid), ""]
    lines += list(_clock_lines(conform))
    for state, title in TITLES:
        found = [match for match in conform.matches if match.state == state]
        if found:
            lines += [
                f"{title} ({len(found)})",
                *(line for match in found for line in _lines(match, conform.facts)),
                "",
            ]
    return "\n".join(lines).rstrip() + "\n"


def _counted(conform: Conform, laid: LaidTracks | None) -> str:
    found = counts(conform)
    placed, total = found.get("placed", 0), len(conform.matches)
    proven = sum(match.proof is not None and match.proof.same for match in conform.matches)
    told = f"{counted(total, 'event')}: {placed} placed, {found.get('ambiguous', 0)} to be decided, "
    told += f"{found.get('missing', 0)} not found."
    if proven:
        told += f" {proven} proven by their sound."
    if laid is not None and laid.clips:
        told += f" {counted(laid.clips, 'clip')} on {counted(len(laid.names), 'track')}: {', '.join(laid.names)}."
    return told


def _clock_lines(conform: Conform) -> Iterator[str]:
    told = [
        f"  roll {roll or 'without a name'}: {clock.why} "
        f"({clock.votes[0]} of {counted(clock.votes[1], 'clip agrees', 'clips agree')})"
        if clock.believed
        else f"  roll {roll or 'without a name'}: in doubt, {clock.why}"
        for roll, clock in sorted(conform.clocks.by_roll.items())
    ]
    if told:
        yield from ["Clocks of the rolls", *told, ""]


def _lines(match: Match, facts: TimelineFacts) -> Iterator[str]:
    event = match.event
    head = f"  {facts.timecode(event.record_in)}  {event.name}  ({event.track})"
    for piece in match.pieces:
        sample = round_half_up(piece.position * piece.recording.sample_rate)
        yield f"{head}  ->  {piece.recording.label}, {_at(piece, facts)} (sample {sample}), in {_folder(piece.recording)}"
    if match.placed:
        yield f"      by {match.level}: {'; '.join(match.reasons)}"
    else:
        yield head
        yield f"      {match.why_not}"
        if match.looked_for:
            yield f"      looked for: {'; '.join(match.looked_for)}"
        for one in match.shortlist:
            yield f"      could be {_known_by(one.recording, facts)}: {'; '.join(one.reasons())}"
    if match.proof is not None:
        yield f"      sound: {match.proof.says}"


def _known_by(recording: Recording, facts: TimelineFacts) -> str:
    """Say what tells a recording from others of its slate and name: roll, day, time and folder."""
    first = recording.first
    told = [f"roll {first.roll}" if first.roll else "", f"day {first.day}" if first.day else ""]
    if recording.start is not None:
        begin, end = (
            _label(time, recording, facts) for time in (recording.start, recording.start + recording.duration)
        )
        told.append(f"{begin} to {end}")
    told.append(f"in {_folder(recording)}")
    return ", ".join((recording.label, *(one for one in told if one)))


def _at(piece: Piece, facts: TimelineFacts) -> str:
    """Give where a piece begins by the recorder's timecode."""
    if piece.recording.start is None:
        return "without timecode"
    return _label(start_in_media(piece, piece.recording.first), piece.recording, facts)


def _label(time: Fraction, recording: Recording, facts: TimelineFacts) -> str:
    """Give a time as the recorder counts, or where it does not say how, as the edit does."""
    rate = recorder_rate(recording) or facts.rate
    within = Fraction(1, recording.sample_rate)  # Stamps are cut to whole samples: just before the frame that is meant.
    return format_timecode(frame_at(time + within, rate), rate)


def _folder(recording: Recording) -> str:
    return str(Path(recording.first.path).parent)


def log_json(conform: Conform, laid: LaidTracks | None) -> dict[str, Any]:
    """Give the log as plain values: counts, clocks, tracks, and every event in order of time."""
    return {
        "counts": counts(conform),
        "clocks": {roll: clock.to_json() for roll, clock in sorted(conform.clocks.by_roll.items())},
        "tracks": list(laid.names) if laid is not None else [],
        "events": [_event_json(match, conform.facts) for match in conform.matches],
    }


def _event_json(match: Match, facts: TimelineFacts) -> dict[str, Any]:
    event = match.event
    return {
        "number": event.number,
        "name": event.name,
        "track": event.track,
        "record_in": fraction_text(event.record_in),
        "record_in_timecode": facts.timecode(event.record_in),
        "duration": fraction_text(event.duration),
        "source_in": fraction_text(event.source),
        "state": match.state,
        "by": match.level,
        "reasons": list(match.reasons),
        "why_not": match.why_not or None,
        "looked_for": list(match.looked_for),
        "pieces": [_piece_json(match, piece) for piece in match.pieces],
        "shortlist": [_candidate_json(one) for one in match.shortlist],
        "sound": None if match.proof is None else match.proof.to_json(),
    }


def _piece_json(match: Match, piece: Piece) -> dict[str, Any]:
    file = piece.recording.first
    return {
        "files": [one.path for one in piece.recording.files],
        "scene": file.scene, "take": file.take, "roll": file.roll, "day": file.day,
        "event_offset": fraction_text(piece.start), "duration": fraction_text(piece.duration),
        "speed": fraction_text(piece.speed), "sample": round_half_up(piece.position * file.sample_rate),
        "sample_rate": file.sample_rate, "source_in": fraction_text(start_in_media(piece, file)),
        "microphones": [one.name for one in chosen_microphones(piece.recording, match.event.is_picture)],
    }  # fmt: skip


def _candidate_json(one: Candidate) -> dict[str, Any]:
    file = one.recording.first
    return {
        "files": [each.path for each in one.recording.files], "scene": file.scene, "take": file.take, "roll": file.roll,
        "day": file.day, "reasons": one.reasons(),
    }  # fmt: skip
