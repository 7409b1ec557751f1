"""How far takes lie from their guides: `sync`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from postsync.delivery.syncing import Progress, SyncedPair, SyncPair, SyncPlan, measure_pairs
from postsync.errors import FormatError, UnknownFormat, UnknownOption
from postsync.formats.files import whole_file
from postsync.model import natural_key
from postsync.paper.sync_page import SyncLook, sync_page
from postsync.report import Report
from postsync.sound import search_folders
from postsync.sound.alignment import SEARCH_SECONDS
from postsync.timing import Rate, duration_from_text

SOUND_SUFFIXES = (
    ".wav", ".bwf", ".rf64", ".bw64", ".w64", ".aif", ".aiff", ".flac", ".caf", ".mp3", ".m4a", ".mp4", ".mov", ".mxf",
)  # fmt: skip
GUIDE_WORDS, TAKE_WORDS = ("guide", "gt", "prod"), ("take", "adr")
COLUMNS = (
    "guide", "take", "cue", "verdict", "offset_samples", "sample_rate", "offset_ms", "offset_frames", "direction",
    "spread_ms", "confidence", "same_recording", "tempo_ratio", "drift_ms_per_second", "phrases", "reason",
)  # fmt: skip
"""The columns of the table that `sync --out` writes."""


@dataclass(frozen=True)
class Synced:
    """What `sync` measured, a row for each take, in the order given; `table` and `page` where they were written.

    >>> done = verbs.sync(reel, ["ADR takes/R105_ROSA_T1.wav"])
    >>> done.unsure, len(done.rows)
    (0, 1)
    """

    rows: tuple[SyncedPair, ...]
    report: Report
    table: Path | None = None
    page: Path | None = None

    @property
    def unsure(self) -> int:
        """How many takes have no offset to believe."""
        return sum(not row.sure for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Give the document `postsync.sync/1`."""
        return {
            "schema": "postsync.sync/1",
            "takes": [row.to_json() for row in self.rows],
            "unsure": self.unsure,
            "table": None if self.table is None else str(self.table),
            "page": None if self.page is None else str(self.page),
            "losses": self.report.to_json(),
        }


def sync(
    guide: Path | str,
    takes: Sequence[Path | str],
    *,
    line: tuple[Fraction | str, Fraction | str] | None = None,
    cue: str | None = None,
    by: str = "auto",
    search: Fraction | str = SEARCH_SECONDS,
    frame_rate: Rate | None = None,
    out: Path | str | None = None,
    page: Path | str | None = None,
    media: Sequence[Path | str] = (),
    jobs: int = 1,
    progress: Progress | None = None,
    from_format: str | None = None,
    timeline: str | None = None,
    options: Mapping[str, Any] | None = None,
    all_markers: bool = False,
) -> Synced:
    """Measure how far takes lie from a guide: sound, a movie, a timeline with its production tracks, or a folder of guides.

    A folder of guides is paired with the takes by file name. `line` is in and out of the words in the guide (seconds, or text
    such as `12f`), `cue` a number or uid in a timeline. Takes are laid by their stamps where these meet the guide, else head
    to head, and looked for `search` seconds on either side. Nothing is moved. Raises UnknownFormat where a guide or a
    take is missing, UnknownOption where no file of a folder has a partner; a pair that cannot be measured says so in its row.

    Raises FormatError where the line ends before it begins, UnknownFormat for a guide that does not exist.

    >>> row = verbs.sync(reel, ["ADR takes/R105_ROSA_T1.wav"]).rows[0]
    >>> row.sure, row.cue
    (True, 'R105')
    """
    picture = None if frame_rate is None else frame_rate.fps
    edges = None if line is None else _edges(line, frame_rate)
    plan = SyncPlan(
        _seconds(search, frame_rate), picture, by, pictures=page is not None, media=search_folders(media),
        reading={
            "from_format": from_format, "timeline": timeline, "options": options, "all_markers": all_markers, "rate": frame_rate
        },
    )  # fmt: skip
    pairs = [SyncPair(one, take, edges, cue) for one, take in _pairs(Path(guide), [Path(take) for take in takes])]
    rows = tuple(measure_pairs(pairs, plan, jobs=jobs, progress=progress))
    table, drawn = (None if path is None else Path(path) for path in (out, page))
    if table is not None:
        with whole_file(table) as file:
            file.write(_table(rows).encode("utf-8-sig"))
    if drawn is not None:
        with whole_file(drawn) as file:
            file.write(sync_page(_looks(rows)).encode())
    return Synced(rows, Report(), table, drawn)


def _seconds(text: Fraction | str, rate: Rate | None) -> Fraction:
    return duration_from_text(text, rate) if isinstance(text, str) else text


def _edges(line: tuple[Fraction | str, Fraction | str], rate: Rate | None) -> tuple[Fraction, Fraction]:
    start, end = (_seconds(edge, rate) for edge in line)
    if start >= end:
        raise FormatError(
            "the line ends before it begins", expected="an in before the out", found=f"{start} to {end} s"
        )
    return start, end


def _pairs(guide: Path, takes: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield guide and take of each measurement; folders stand for the sound in them."""
    files = [file for take in takes for file in (_sounds(take) if take.is_dir() else [_there(take)])]
    if not guide.is_dir():
        yield from ((_there(guide), file) for file in files if file != guide)
        return
    guides = {_stem(file, GUIDE_WORDS): file for file in _sounds(guide) if not _is(file, TAKE_WORDS)}
    paired = [(found, file) for file in files if (found := _guide_of(file, guides)) is not None and found != file]
    if not paired:
        raise UnknownOption(
            f"{guide}: no guide has the name of a take", expected="R106_guide.wav for R106_take.wav, or equal names"
        )
    yield from paired


def _there(path: Path) -> Path:
    if not path.exists():
        raise UnknownFormat("there is no such file", path=path)
    return path


def _sounds(folder: Path) -> list[Path]:
    found = [one for one in folder.rglob("*") if one.suffix.lower() in SOUND_SUFFIXES and not one.name.startswith(".")]
    return sorted(found, key=lambda one: natural_key(str(one)))


def _guide_of(take: Path, guides: Mapping[str, Path]) -> Path | None:
    """Give the guide with the name of a take, else the longest that its name begins with, as in `R106_take3`."""
    name = _stem(take, TAKE_WORDS)
    if name in guides:
        return guides[name]
    begun = [one for one in guides if name.startswith(one) and not name[len(one)].isalnum()]
    return guides[max(begun, key=len)] if begun else None


def _stem(path: Path, words: Sequence[str]) -> str:
    """Give a name without the word at its end that says which of the two it is."""
    name = path.stem.lower()
    for word in words:
        short = name.removesuffix(word)
        if short != name and short and not short[-1].isalnum():
            return short.rstrip(" _-.")
    return name


def _is(path: Path, words: Sequence[str]) -> bool:
    return _stem(path, words) != path.stem.lower()


def _table(rows: Sequence[SyncedPair]) -> str:
    made = io.StringIO()
    writer: Any = csv.DictWriter(made, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        facts = row.to_json()
        phrases = " ".join(
            f"{one['take_in']}-{one['take_out']}:{one['offset_samples']}" for one in facts.get("phrases", ())
        )
        writer.writerow({**facts, "phrases": phrases, "reason": facts.get("reason") or row.sentence})
    return made.getvalue()


def _looks(rows: Sequence[SyncedPair]) -> list[SyncLook]:
    return [
        SyncLook(
            row.pair.guide.name, row.pair.take.name, row.cue, row.alignment, row.waves, row.laid_at, row.sentence
        )
        for row in rows
    ]  # fmt: skip
