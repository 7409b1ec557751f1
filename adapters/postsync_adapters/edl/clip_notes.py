"""What there is to tell of a clip or transition: its reel, file and colour, and what the list that it came from said of it."""

from __future__ import annotations

from typing import Any

from postsync.cueing import note_and_uid, one_line
from postsync.model import ClipFacts
from postsync.sound import path_from_url
from postsync_adapters.edl.lists import Event, Note
from postsync_adapters.edl.notes import comments_of, level_of, replaced_reel
from postsync_adapters.edl.parse import parse_text
from postsync_adapters.edl.programme import Mix, Span
from postsync_adapters.edl.tables import BLACK_REELS


def reel_name(span: Span) -> str:
    """Give the name that a clip's reel is made of: its tape, what another adapter calls its reel, or its file."""
    if span.media.tape:
        return span.media.tape
    metadata = span.metadata
    if metadata is not None:
        other = metadata.get("cmx_3600")
        if other and other.get("reel"):
            return str(other["reel"])
        if metadata.get("edl"):
            return ""
    return stem_of(span.media.name or span.name)


def clean(text: str) -> str:
    """Give a text on one line; nearly every name is already."""
    return text.strip() if text.isprintable() else one_line(text)


def path_text(url: str) -> str:
    """Give the path of a URL; most are plain."""
    plain = url.startswith("file:///") and "%" not in url and ":" not in url[8:]
    return url[7:] if plain else path_from_url(url)


def stem_of(name: str) -> str:
    """Give a file name without its ending."""
    head, dot, tail = name.rpartition(".")
    return head if dot and 0 < len(tail) <= 4 and head else name


def former_reel(span: Span, reel: str) -> str | None:
    """Give what Final Cut says that a reel was called."""
    found = (replaced_reel(note) for note in kept_notes(span) if note.kind == "fcp_reel")
    return next((pair[0] for pair in found if pair is not None and pair[1].upper() == reel.upper()), None)


def level_label(span: Span, db: float) -> str | None:
    """Give the place at which a list stated the one level of a clip."""
    levels = (level_of(note) for note in kept_notes(span) if note.kind == "level")
    return next((level.label for level in levels if level is not None and level.db == db), None)


def stated_event(span: Span) -> Event | None:
    """Give the event line that a clip was read from."""
    found = span.metadata.get("edl") if span.metadata is not None else None
    events = parse_text(str(found["event"])).events if found and "event" in found else []
    return events[0] if events else None


def stated_outgoing(mix: Mix) -> Event | None:
    """Give the line of the outgoing side that a transition was read from."""
    found = mix.transition.metadata.get("edl") if len(mix.transition.metadata) else None
    side = found.get("outgoing") if found else None
    events = parse_text(str(side["event"])).events if side else []
    return events[0] if events else None


def is_needless(name: str, reel: str, span: Span) -> bool:
    """Whether a name only repeats the reel: that of black, or of a list without clip names."""
    if not name or name.upper() in BLACK_REELS:
        return True
    return bool(stated_event(span)) and name == reel and not any(n.kind.endswith("clip") for n in kept_notes(span))


def transition_code(mix: Mix) -> str:
    """Give the code of a transition: the one that its list had, else a dissolve, or the first wipe."""
    found = mix.transition.metadata.get("edl") if mix.transition.metadata else None
    code = str(found.get("transition") or "") if found else ""
    if code:
        return code.upper()
    return "W001" if "wipe" in str(mix.transition.transition_type).lower() else "D"


def kept_notes(span: Span) -> list[Note]:
    """Give the notes that a clip came with from a list; free comments only while they still say what its note says."""
    if span.metadata is None:
        return []
    found = span.metadata.get("edl")
    rows = found.get("notes") if found else None
    if not rows:
        return []
    notes = [note for note in parse_text(str(rows)).notes if note.kind != "blank"]
    if says_so(notes, span.facts):
        return notes
    return [note for note in notes if note.kind not in ("star", "comment")]


def says_so(notes: list[Note], facts: ClipFacts) -> bool:
    """Whether the free comments of a clip still are its note and name its cue."""
    return note_and_uid(comments_of(notes)) == (facts.note or None, facts.cue_uid)


def plain_notes(span: Span, reel: str, wanted: str) -> list[tuple[str, str]]:
    """Give the notes of a clip of which OTIO's own fields are all that is known."""
    notes: list[tuple[str, str]] = []
    media = span.media.name
    if media and span.generator is None:
        notes.append(("source_file", clean(media)))
    if span.url:
        notes.append(("from_file", clean(path_text(span.url))))
    if reel != wanted and wanted:
        notes.append(("fcp_reel", f"{wanted} REPLACED BY: {reel}"))
    return notes


def has_no_file(span: Span) -> bool:
    """Whether a clip came from a list that names no source file: its media is only called as the clip is."""
    came = span.metadata is not None and span.metadata.get("edl") is not None
    return came and not any(note.kind == "source_file" for note in kept_notes(span))


def colour_notes(metadata: Any) -> list[tuple[str, str]]:
    """Give a colour decision that did not come as a note of this list."""
    found = metadata.get("cdl")
    kept = metadata.get("edl")
    if not found or (kept and "ASC_S" in str(kept.get("notes") or "").upper()):
        return []
    notes: list[tuple[str, str]] = []
    sop = found.get("asc_sop")
    if sop:
        triples = (sop.get(name) or () for name in ("slope", "offset", "power"))
        notes.append(("asc_sop", "".join(f"({' '.join(f'{number:.4f}' for number in triple)})" for triple in triples)))
    if found.get("asc_sat") is not None:
        notes.append(("asc_sat", f"{found['asc_sat']:.4f}"))
    return notes
