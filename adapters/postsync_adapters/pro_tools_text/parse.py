"""The text of an export taken apart into records; nothing in it is a time yet.

Sections begin with a heading of spaced letters and may come in any number and order. Names, comments and the comments of
tracks may hold tabs and line breaks, which Pro Tools writes as they are, so rows are known by how they begin and end.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from postsync.errors import FormatError
from postsync_adapters.pro_tools_text.markers import is_marker_start, marker_rows
from postsync_adapters.pro_tools_text.session import EventRow, ListedClip, ListedFile, MarkerRow, Session, TrackBlock

HEADINGS = {
    "FILES IN SESSION": "files", "ONLINE FILES IN SESSION": "files", "OFFLINE FILES IN SESSION": "files",
    "REGIONS IN SESSION": "clips", "ONLINE REGIONS IN SESSION": "clips", "OFFLINE REGIONS IN SESSION": "clips",
    "CLIPS IN SESSION": "clips", "ONLINE CLIPS IN SESSION": "clips", "OFFLINE CLIPS IN SESSION": "clips",
    "PLUG-INS LISTING": "plug_ins", "TRACK LISTING": "tracks", "MARKERS LISTING": "markers",
}  # fmt: skip
"""Every heading that a version is known to write, and the section that it begins."""

HEADER_KEYS = (
    "SESSION NAME", "SAMPLE RATE", "BIT DEPTH", "SESSION START TIMECODE", "TIMECODE FORMAT", "TIME CODE FORMAT",
    "# OF AUDIO TRACKS", "# OF AUDIO CLIPS", "# OF AUDIO REGIONS", "# OF AUDIO FILES",
)  # fmt: skip

_HEADING = re.compile(r"[A-Z](?: [A-Z]| -)+(?:  [A-Z](?: [A-Z]| -)*)+")
_HEADER = re.compile(r"(?P<key>[A-Z#][A-Z# ]+):\s?\t?(?P<value>.*)", re.DOTALL)
_COLUMNS = re.compile(r"CHANNEL *\t *EVENT *\t")
_ROW_START = re.compile(r"(\d+) *\t(\d+) *\t")
_TIME = r"[^\t\n]*?[\d][^\t\n]*?"
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """Part a text into lines at whatever ends its first one; any other break belongs to a cell.

    LF from Mac OS X on, CR from Pro Tools 5 to 8, CRLF where somebody edited the file.
    """
    text = text.rstrip("\0\x1a")
    first = _LINE_ENDS.search(text)
    return text.split(first[0]) if first else [text]


def heading_of(line: str) -> str | None:
    """Give the words of a heading, `T R A C K  L I S T I N G`; None where the line is none."""
    text = line.strip()
    if not _HEADING.fullmatch(text):
        return None
    return " ".join(word.replace(" ", "") for word in text.split("  "))


def parse_session(text: str, path: object = None) -> Session:
    """Take an export apart. Raises FormatError where there is nothing of one in the text."""
    parser = _Parser(lines_of(text), path)
    parser.run()
    session = parser.session
    if not parser.sections and not session.header:
        raise FormatError(
            path=path, place="line 1", expected="the header or a section of a Pro Tools session text", found="neither"
        )
    return session


class _Parser:
    """Walks the lines once; each section is a method that takes its lines."""

    def __init__(self, lines: list[str], path: object) -> None:
        self.lines, self.path = lines, path
        self.session = Session()
        self.sections = 0
        self.at = 0

    def run(self) -> None:
        """Walk from the header through every section."""
        sections: dict[str, Callable[[str], None]] = {
            "files": self._files,
            "clips": self._clips,
            "plug_ins": self._plug_ins,
            "tracks": self._tracks,
            "markers": self._markers,
        }
        self._header()
        while self.at < len(self.lines):
            heading = heading_of(self.lines[self.at])
            section = HEADINGS.get(heading or "")
            if section is None:
                self._other()
                continue
            self.at += 1
            self.sections += 1
            sections[section](heading or "")

    def _other(self) -> None:
        if self.lines[self.at].strip():
            self.session.other.append((self.at + 1, self.lines[self.at].strip()))
        self.at += 1

    def _until_heading(self) -> list[tuple[int, str]]:
        """Give the numbered lines up to the next heading of any kind."""
        start = self.at
        while self.at < len(self.lines) and heading_of(self.lines[self.at]) is None:
            self.at += 1
        return [(number + 1, self.lines[number]) for number in range(start, self.at)]

    # ------------------------------------------------------------------------------------------------------- lists

    def _header(self) -> None:
        """Read the lines before the first heading; a line that is no field continues the value before."""
        key = ""
        for number, line in self._until_heading():
            match = _HEADER.match(line)
            if match is not None and match["key"] in HEADER_KEYS:
                key = match["key"]
                self.session.header[key] = match["value"].strip()
            elif line.startswith("TRACK NAME:"):
                self.at = number - 1
                self.sections += 1
                self._tracks("")
                return
            elif key == "SESSION NAME" and line.strip():
                self.session.header[key] += f"\n{line.strip()}"
            elif line.strip():
                self.session.other.append((number, line.strip()))

    def _files(self, heading: str) -> None:
        online = not heading.startswith("OFFLINE")
        for _, line in self._until_heading():
            name, tab, location = line.rpartition("\t")
            if tab and name.strip() != "Filename":
                self.session.files.append(ListedFile(name.rstrip(), location.strip(), online))

    def _clips(self, heading: str) -> None:
        online = not heading.startswith("OFFLINE")
        for number, line in self._until_heading():
            cells = line.split("\t")
            if len(cells) < 2 or cells[0].strip() in ("CLIP NAME", "REGION NAME"):
                if line.strip() and len(cells) < 2:
                    self.session.other.append((number, line.strip()))
                continue
            channel = re.fullmatch(r"\[(\d+)\]", cells[-1].strip())
            source = cells[-2 if channel and len(cells) > 2 else -1].strip()
            self.session.clips.append(
                ListedClip(cells[0].rstrip(), source, int(channel[1]) if channel else None, online)
            )

    def _plug_ins(self, heading: str) -> None:
        maker = ""
        for _, line in self._until_heading():
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) < 2 or cells[0] == "MANUFACTURER":
                continue
            maker = cells[0] or maker
            self.session.plug_ins.append((maker, *cells[1:]))

    # ------------------------------------------------------------------------------------------------------ tracks

    def _tracks(self, heading: str) -> None:
        block: TrackBlock | None = None
        columns: list[str] = []
        row: re.Pattern[str] | None = None
        lines, count = self.lines, len(self.lines)
        while self.at < count:
            line = lines[self.at]
            if row is not None and block is not None and _ROW_START.match(line):
                self._event(block, columns, row)
                continue
            if heading_of(line) is not None:
                return
            if line.startswith("TRACK NAME:"):
                block, row = self._track(), None
                self.session.tracks.append(block)
                continue
            if _COLUMNS.match(line):
                columns = [cell.strip() for cell in line.split("\t")]
                row = self._row(columns)
                self.at += 1
                continue
            self._other()

    def _row(self, columns: list[str]) -> re.Pattern[str]:
        missing = [name for name in ("START TIME", "END TIME") if name not in columns]
        if missing:
            raise FormatError(
                path=self.path, place=f"line {self.at + 1}", expected=f"a column {missing[0]}", found=", ".join(columns)
            )
        return _row_pattern(columns)

    def _track(self) -> TrackBlock:
        """Read the lines above the events of a track; names and comments may run over several lines."""
        number, fields, key = self.at + 1, dict[str, str](), ""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            field = next((name for name in TRACK_FIELDS if line.startswith(f"{name}:")), None)
            if field is not None and field in fields:
                break
            if field is not None:
                key = field
                fields[key] = line[len(field) + 1 :].removeprefix("\t")
            elif _COLUMNS.match(line) or heading_of(line) in HEADINGS or _ROW_START.match(line):
                break
            elif key in ("TRACK NAME", "COMMENTS"):
                fields[key] += f"\n{line}"
            elif line.strip():
                break
            self.at += 1
        return TrackBlock(
            fields.get("TRACK NAME", "").strip(),
            number,
            fields.get("COMMENTS", "").strip(),
            fields.get("USER DELAY", "").strip(),
            tuple(fields.get("STATE", "").split()),
            tuple(name.strip() for name in fields.get("PLUG-INS", "").split("\t") if name.strip()),
        )

    def _event(self, block: TrackBlock, columns: list[str], pattern: re.Pattern[str]) -> None:
        """Read one row; where its end is not on its line, a break in the name carries it on to the next."""
        number, text = self.at, self.lines[self.at]
        for more in range(MOST_LINES):
            match = pattern.fullmatch(text)
            if match is not None:
                self.at = number + more + 1
                block.rows.append(_event_row(match, columns, number + 1))
                return
            follows = number + more + 1
            if follows >= len(self.lines) or _begins_anew(self.lines[follows]):
                break
            text += f"\n{self.lines[follows]}"
        self._other()

    def _markers(self, heading: str) -> None:
        """Read the rest of the listing; within comments anything may stand, so only a known heading after a gap ends it."""
        self.session.has_markers = True
        start = self.at
        while self.at < len(self.lines) and not self._ends_markers():
            self.at += 1
        lines = [(number + 1, self.lines[number]) for number in range(start, self.at)]
        head = next((line for _, line in lines if line.strip()), "")
        if re.match(r"# *\t *LOCATION", head):
            lines = lines[next(place for place, (_, line) in enumerate(lines) if line == head) + 1 :]
        while lines and not lines[-1][1].strip():
            lines.pop()
        for found in marker_rows(lines, "TRACK TYPE" in head):
            if isinstance(found, MarkerRow):
                self.session.markers.append(found)
            else:
                self.session.other.append((found[0], found[1].strip()))

    def _ends_markers(self) -> bool:
        line = self.lines[self.at]
        known = heading_of(line) in HEADINGS or line.startswith("SESSION NAME:\t")
        before = self.lines[self.at - 1].strip()
        return known and (not before or before.startswith("M A R K") or is_marker_start(before))


TRACK_FIELDS = ("TRACK NAME", "COMMENTS", "USER DELAY", "STATE", "PLUG-INS")

MOST_LINES = 50
"""A name of more lines than this is a damaged row."""


def _begins_anew(line: str) -> bool:
    return (
        bool(_ROW_START.match(line) or _COLUMNS.match(line))
        or line.startswith("TRACK NAME:")
        or (heading_of(line) in HEADINGS)
    )


def _row_pattern(columns: list[str]) -> re.Pattern[str]:
    """Make the pattern of a row of these columns: whatever stands between event and start is the name."""
    cells = {
        "CHANNEL": r"(?P<channel>\d+) *", "EVENT": r"(?P<event>\d+) *", "CLIP NAME": "(?P<name>.*?)",
        "REGION NAME": "(?P<name>.*?)", "START TIME": f"(?P<start>{_TIME})", "END TIME": f"(?P<end>{_TIME})",
        "DURATION": f"(?P<duration>{_TIME})", "TIMESTAMP": r"(?P<timestamp>[^\t\n]*)", "STATE": r"(?P<state>[^\t\n]*)",
    }  # fmt: skip
    parts = [cells.pop(column, r"[^\t\n]*") for column in columns if column]
    return re.compile("\t".join(parts) + r"\s*", re.DOTALL)


def _event_row(match: re.Match[str], columns: list[str], line: int) -> EventRow:
    found = match.groupdict()
    timestamp, state = found.get("timestamp"), found.get("state")
    return EventRow(
        int(found["channel"]), int(found["event"]), (found.get("name") or "").rstrip(" "),
        found["start"].strip(), found["end"].strip(), (found.get("duration") or "").strip(),
        None if timestamp is None else timestamp.strip(), None if state is None else state.strip(), line,
    )  # fmt: skip
