"""How results look on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.markup import escape

from postsync.cli.listing import Listing
from postsync.findings import FINDING_CODES, SEVERITIES
from postsync.wording import counted

LONG_LIST = 200
FEW = 10

CUE_TITLES = ("number", "in", "out", "character", "line", "reason")
WIDEST_CELL, NARROWEST_TEXT = 24, 12
"""Letters in a column of a long table, and the fewest in that of its lines."""


def draw_inspection(out: Console, document: dict[str, Any]) -> None:
    """Draw what `inspect` found: a head for each timeline, its tracks, its markers."""
    producer = f", {document['producer']}" if document["producer"] else ""
    out.print(f"{document['file']}: {document['format']}{producer}", markup=False)
    for timeline in document["timelines"]:
        drop = " drop" if timeline["drop_frame"] else ""
        name, length = escape(timeline["name"] or "untitled"), float(Fraction(timeline["duration"]))
        clock = f"{timeline['rate']}{drop}, from {timeline['start_timecode']}, {length:.3f} s"
        out.print(f"\n[bold]{name}[/bold]  {clock}")
        _draw_tracks(out, timeline["tracks"])
        _draw_markers(out, timeline["markers"])


def _draw_tracks(out: Console, tracks: list[dict[str, Any]]) -> None:
    table = Listing("track", "name", "clips", "first", "state")
    for track in tracks:
        clips = [item for item in track["items"] if item["kind"] == "clip"]
        first = clips[0]["record_in_timecode"] if clips else ""
        off = sum(not clip["enabled"] or clip["muted"] for clip in clips)
        state = " ".join(
            word for word, on in (("muted", track["muted"]), ("solo", track["soloed"]), (f"{off} off", off)) if on
        )
        table.add_row(f"{track['kind']} {track['index']}", escape(track["name"] or ""), str(len(clips)), first, state)
    out.print(table)


def _draw_markers(out: Console, markers: list[dict[str, Any]]) -> None:
    if not markers:
        return
    cues = sum(marker["cue"] is not None for marker in markers)
    hidden = sum(not marker["visible"] for marker in markers)
    out.print(
        f"{counted(len(markers), 'marker')}, {counted(cues, 'of them a cue', 'of them cues')}"
        + (f", {hidden} outside the used part of a clip" if hidden else "")
    )
    table = Listing("at", "kind", "name", "comment")
    for marker in [one for one in markers if one["visible"]][:LONG_LIST]:
        kind = "cue" if marker["cue"] else marker["kind"]
        table.add_row(
            marker["timecode"], kind, escape(marker["name"]), escape(" ".join(marker["comment"].split())[:80])
        )
    out.print(table)


def draw_cues(out: Console, found: Any) -> None:
    """Draw the cues in record order, or say why there are none; a uid is shown where a file holds it."""
    rows, made_up = found.rows, found.made_up
    if not rows:
        why = [loss.sentence() for loss in found.report if loss.code == "no-marker-is-a-cue"]
        out.print(f"0 cues: {why[0] if why else 'no marker stands in the timeline'}", markup=False)
        return
    lines = [(row.number, row.tc_in, row.tc_out, row.character, row.line, row.reasons) for row in rows]
    uids = ["" if row.uid in made_up else row.uid for row in rows]
    titles = (*CUE_TITLES, "uid") if any(uids) else CUE_TITLES
    found_cells = [(*line, uid) for line, uid in zip(lines, uids, strict=True)] if any(uids) else lines
    cells = [[" ".join((cell or "").split()) for cell in row] for row in found_cells]
    if len(cells) > LONG_LIST:
        _draw_long(out, titles, cells, CUE_TITLES.index("line"))
    else:
        table = Listing(*titles)
        for row in cells:
            table.add_row(*map(escape, row))
        out.print(table)
    out.print(counted(len(rows), "cue"))


def _draw_long(out: Console, titles: Sequence[str], rows: Sequence[Sequence[str]], widest: int) -> None:
    """Draw a table of any length; the column `widest` has what room the others leave.

    Rich lays out every cell by itself, which takes a second for each thousand rows.
    """
    needed = [max(map(cell_len, column)) for column in zip(titles, *rows, strict=True)]
    # A pipe has no width that anything is cut to, and needs no more than the longest text.
    widths = needed if out.width > sum(needed) + 2 * len(needed) else [min(WIDEST_CELL, width) for width in needed]
    room = out.width - sum(widths) + widths[widest] - 2 * (len(widths) - 1)
    widths[widest] = max(NARROWEST_TEXT, min(needed[widest], room))
    lines: list[str] = []
    for row in (titles, *rows):
        parts = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
        for line in zip_longest(*parts, fillvalue=""):
            padded = [part + " " * (width - cell_len(part)) for part, width in zip(line, widths, strict=True)]
            lines.append("  ".join(padded).rstrip())
    out.out("\n".join(lines), highlight=False)


def _wrapped(text: str, width: int) -> list[str]:
    """Part a text into lines of a width, between words where it can be."""
    if cell_len(text) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        for piece in [word] if cell_len(word) <= width else chop_cells(word, width):
            if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(piece) > width:
                lines.append(piece)
            else:
                lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines


def draw_turnover(out: Console, made: Any) -> None:
    """Draw what a turnover made, and what is missing."""
    out.print(f"[bold]{escape(str(made.folder))}[/bold]: {made.amounts}")
    for loss in made.report:
        if loss.code in ("cues-joined", "no-marker-is-a-cue"):
            out.print(f"  {escape(loss.sentence())}")
    for file in made.files:
        out.print(f"  {escape(file.path.name)}  [dim]{escape(file.what)}: {escape(file.how)}[/dim]")
    for name, tried in made.media_missing:
        out.print(
            f"  [yellow]missing[/yellow] {escape(name)}  [dim]looked in: {escape(', '.join(tried) or 'no folder')}[/dim]"
        )


def draw_numbering(out: Console, done: Any) -> None:
    """Draw what a numbering did: counts, and for a renumbering the old and the new numbers."""
    numbering = done.numbering
    ways = (
        ("renumbered", numbering.count("renumbered")), ("numbered", numbering.count("numbered")),
        ("with a suffix", numbering.count("suffixed")), ("in gaps", numbering.count("gap")), ("kept", numbering.kept),
        ("left without", len(numbering.left)),
    )  # fmt: skip
    counts = ", ".join(f"{count} {how}" for how, count in ways if count) or "no cues"
    out.print(f"{done.target}: {counts}; scheme {numbering.scheme.template}", markup=False)
    if done.old_to_new is None:
        return
    table = Listing("old", "new")
    for change in numbering.changes[:LONG_LIST]:
        table.add_row(escape(change.old or ""), escape(change.new))
    out.print(table)
    more = len(numbering.changes) - LONG_LIST
    out.print(f"{f'{more} more in ' if more > 0 else ''}{done.old_to_new}", markup=False)


def draw_findings(out: Console, findings: Sequence[Any], *, verbose: bool) -> None:
    """Draw findings by kind, the worst first: the kind with its count, what to do, and where; notes only when asked for."""
    kinds: dict[tuple[str, str], list[Any]] = {}
    for one in findings:
        kinds.setdefault((one.severity, one.code), []).append(one)
    for (severity, code), same in kinds.items():
        if severity == "note" and not verbose:
            continue
        style = {"error": "red", "warning": "yellow", "note": "dim"}[severity]
        head = f"{FINDING_CODES[code].many}: {len(same)}"
        out.print(
            f"[{style}]{severity}[/{style}] [bold]{escape(head)}[/bold]  [dim]{code}: {escape(same[0].remedy)}[/dim]"
        )
        shown = same if verbose else same[:FEW]
        for one in shown:
            out.print(f"  {one.sentence()}", markup=False)
        if len(same) > len(shown):
            out.print(f"  … {len(same) - len(shown)} more (--verbose shows them)")
    counts = {severity: sum(one.severity == severity for one in findings) for severity in SEVERITIES}
    said = ", ".join(counted(count, severity) for severity, count in counts.items() if count)
    hidden = " (--verbose shows the notes)" if counts["note"] and not verbose else ""
    out.print(f"{said or 'nothing found'}{hidden}")


def draw_media(out: Console, listed: Any) -> None:
    """Draw the media of a file: a line each, and where the missing were looked for."""
    table = Listing("media", "sound", "from", "clips", "where")
    for row in listed.rows:
        sound = " ".join(
            word
            for word in (
                f"{row.media.channels} ch" if row.media.channels else "",
                f"{row.media.sample_rate} Hz" if row.media.sample_rate else "",
                f"{row.media.bits} bit" if row.media.bits else "",
            )
            if word
        )
        table.add_row(escape(row.name), sound, row.start_timecode or "", str(row.clips), _whereabouts(row))
    out.print(table)
    missing = sum(row.online is False and not row.media.embedded for row in listed.rows)
    searched = ", ".join(
        ["where they are said to be", "beside the timeline", *(f"below {one}" for one in listed.searched)]
    )
    looked = f", {missing} missing: looked {searched}" if missing else ""
    out.print(f"{counted(len(listed.rows), 'media file')}{looked}", markup=False)


def _whereabouts(row: Any) -> str:
    """Say where a media file is, or why it is not at hand."""
    if row.written is not None:
        return escape(str(row.written))
    if row.found is not None:
        return f"{escape(str(row.found.path))} [dim]{escape(row.found.how)}[/dim]"
    if row.media.embedded:
        return f"[yellow]{escape(row.reason)}[/yellow]" if row.reason else "inside"
    return f"[yellow]missing[/yellow] [dim]{escape(row.reason or row.path or 'no place stated')}[/dim]"


def draw_formats(out: Console, rows: Sequence[Any]) -> None:
    """Draw the capability table."""
    table = Listing("format", "title", "suffixes", "read", "write")
    for row in rows:
        table.add_row(
            row.name, row.title, " ".join(row.suffixes), "yes" if row.can_read else "", "yes" if row.can_write else ""
        )
    out.print(table)
    out.print("Options of one: postsync formats NAME. What each holds: postsync formats --json")


def draw_format(out: Console, row: Any) -> None:
    """Draw the options of one format: how it is read, and how it is written."""
    out.print(f"{row.title} ({row.name}): {' '.join(row.suffixes)}", markup=False)
    ways = (("Read", row.can_read, row.read_options, row.about_reading),
            ("Written", row.can_write, row.write_options, row.about_writing))  # fmt: skip
    for title, can, options, about in ways:
        if not can:
            continue
        out.print(
            f"\n[bold]{title}[/bold] with --option NAME=VALUE:"
            if options
            else f"\n[bold]{title}[/bold] without options"
        )
        table = Listing()
        for option in options:
            default = "" if option.default is None else f"else {option.default}"
            table.add_row(option.name, escape(" | ".join(option.choices)), f"[dim]{escape(default)}[/dim]")
        out.print(table)
        if options:
            out.print(about, markup=False)


def draw_merge(out: Console, done: Any) -> None:
    """Draw what came back changed, and one line that says how the cues were known again."""
    from postsync.cueing import told
    from postsync.model import timeline_facts

    document, facts = done.to_json(), timeline_facts(done.merge.timeline)
    table = Listing("number", "field", "ours", "theirs", "")
    rows = [(cue, change) for cue in document["cues"] for change in cue["changes"]]
    for cue, change in rows[:LONG_LIST]:
        verdict = "conflict: ours kept" if change["verdict"] == "conflict" else "taken"
        cells = (
            cue["number"] or cue["uid"],
            change["field"].replace("_", " "),
            told(change["field"], change["ours"], facts, ""),
            told(change["field"], change["theirs"], facts, ""),
            verdict,
        )
        table.add_row(*(escape(" ".join(str("" if cell is None else cell).split())[:60]) for cell in cells))
    if rows:
        out.print(table)
    if len(rows) > LONG_LIST:
        out.print(f"and {len(rows) - LONG_LIST} more (--json lists all)")
    counts = document["counts"]
    known = ", ".join(f"{count} by {key}" for key, count in counts["known_by"].items() if count) or "none"
    out.print(f"{done.out}: cues known again: {known}", markup=False)
    words = ("changed", "conflicts", "new", "copies", "unsure", "missing")
    out.print(", ".join(f"{counts[word]} {word}" for word in words))


def draw_verification(out: Console, found: Any, *, verbose: bool) -> None:
    """Draw what came back otherwise, each difference on its line, and a count for each kind of thing."""
    shown = found.differences if verbose else found.differences[:LONG_LIST]
    for one in shown:
        out.print(one.sentence(), markup=False)
    if len(found.differences) > len(shown):
        out.print(f"and {len(found.differences) - len(shown)} more (--verbose shows them)")
    for what, count in found.counts.items():
        out.print(f"{what}s: {count['sent']} sent, {count['returned']} came back, {count['same']} the same")
    if found.not_compared:
        out.print(f"not compared, since one of the two files has no place for them: {', '.join(found.not_compared)}")
    out.print("all that was compared is the same" if found.same else counted(len(found.differences), "difference"))
