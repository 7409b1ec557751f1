"""What a name says of a take: its words, its take number, whether it is a select, a pick-up, an alternate or a comp.

Names are typed by hand or made by a workstation. The habits are those of Pro Tools (`TRACK_03`, `TRACK_03-01`, `.A1`, `.dup2`,
`-Gain_01`), of cue programs (`R106_T3`, `R106 ROBIN tk2`), of recorders (`R106-3`) and of file managers (`copy 2`, `(1)`).
A name is cut into runs of letters and runs of digits; a cue number is only ever found as a whole run of such words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TAKE_WORDS = frozenset({"T", "TK", "TKE", "TAKE", "PRISE", "TOMA"})

MARKS: dict[str, tuple[str, str | None]] = {
    "SEL": ("take", "circled"), "SELECT": ("take", "circled"), "SELECTED": ("take", "circled"),
    "CIRC": ("take", "circled"), "CIRCLE": ("take", "circled"), "CIRCLED": ("take", "circled"),
    "PICK": ("take", "circled"), "PRINT": ("take", "circled"), "HERO": ("take", "circled"), "BUY": ("take", "circled"),
    "ALT": ("alternate", "alternate"), "ALTERNATE": ("alternate", "alternate"), "HOLD": ("take", "hold"),
    "PU": ("pickup", None), "PICKUP": ("pickup", None), "WILD": ("wild", None), "WT": ("wild", None),
    "WLD": ("wild", None), "COMP": ("comp", "circled"), "CMP": ("comp", "circled"), "COMPED": ("comp", "circled"),
    "NG": ("take", "no_good"), "FS": ("take", "no_good"), "BAD": ("take", "no_good"), "REH": ("rehearsal", None),
    "REHEARSAL": ("rehearsal", None),
}  # fmt: skip
"""Words of names: what kind of take they make of it, and whether it was chosen."""

PLAIN_WORDS = frozenset({
    "ADR", "LOOP", "CUE", "Q", "LINE", "REC", "RECORDING", "BOOM", "LAV", "MIC", "DX", "VO", "GRP", "NEW", "FINAL", "SYNC",
    "RAW", "MIX", "MONO", "STEREO", "DIALOG", "DIALOGUE", "REEL", "EP", "EPISODE", "WAV", "BWF", "V", "VER", "K", "KHZ", "BIT",
})  # fmt: skip
"""Words that say nothing of which cue it is; they make no name less like a number."""

TRACK_WORDS = frozenset({"AUDIO", "TRACK", "SPUR", "PISTE", "INPUT", "CH", "CHANNEL", "IN", "TR", "TRK", "A"})
"""Words after which a number is that of a track, never of a cue: `Audio 1_12` is what a new Pro Tools track records."""

_TAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\.(?:wav|wave|bwf|aiff?|aifc|rf64)$",
        r"\.(?:L|R|C|Ls|Rs|LFE|M|S|A\d{1,2})$",
        r"\.dup\d*$",
        r"\.new\.?\d*$",
        r"\.cm$",
        r"[ _-]copy(?:[ _-]?\d+)?$",
        r" ?\(\d{1,2}\)$",
        r"-(?:gain|norm|nrml|nrm|eq\d?|rx|dnse|comp|dsr|rvrs|tcex|ptch|asuite|bnc)_\d{1,3}$",
        r"[ _-](?:boom|lav ?\d?|ch ?\d{1,2})$",
    )
)
_EDIT_OF_PASS = re.compile(r"(_\d{2,3})-\d{2,3}$")
_NOISE = re.compile(
    r"(?<!\d)(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<![a-z\d])(?:44|48|88|96|192)(?:\.\d)?k(?:hz)?(?![a-z\d])"
    r"|(?<![a-z\d])(?:16|24|32)[ -]?bit(?![a-z\d])",
    re.IGNORECASE,
)
"""Dates, sample rates and depths: digits that are never a cue."""

_RUN = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Word:
    """A run of letters or digits, folded; `joined` where nothing stands between it and the word before.

    `written` is how many characters it had, zeros in front included.
    """

    text: str
    joined: bool
    written: int

    @property
    def is_number(self) -> bool:
        """Whether it is a run of digits."""
        return self.text.isdecimal()


@dataclass(frozen=True)
class TakeName:
    """What a name says. `explained` are the places of words that say something else than which cue it is.

    `take_at` is the place of the number that is certainly the take, `maybe_take_at` of one at the end that may be.

    >>> name = read_name("R101_ROSA_T2")
    >>> name.take, name.kind
    ('2', 'take')
    """

    text: str
    words: tuple[Word, ...]
    take: str | None = None
    kind: str = "take"
    selected: str | None = None
    explained: frozenset[int] = frozenset()
    take_at: int | None = None
    maybe_take_at: int | None = None


def words_of(text: str) -> tuple[Word, ...]:
    """Cut a text into runs of letters or digits: accents and width folded, upper case, whole numbers without zeros.

    >>> [word.text for word in words_of("r106_T03")]
    ['R', '106', 'T', '3']
    """
    folded = unicodedata.normalize("NFKD", text)
    folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).upper()
    words: list[Word] = []
    end = -1
    for match in _RUN.finditer(folded):
        run = match[0]
        if run[0].isdecimal():
            run = "".join(str(unicodedata.decimal(digit)) for digit in run).lstrip("0") or "0"
        words.append(Word(run, match.start() == end, match.end() - match.start()))
        end = match.end()
    return tuple(words)


def without_tails(name: str) -> str:
    """Take off what workstations and file managers hang on names, however much of it there is."""
    name = name.strip()
    while True:
        shorter = name
        for tail in _TAILS:
            shorter = tail.sub("", shorter)
        shorter = _EDIT_OF_PASS.sub(r"\1", shorter)
        if shorter == name or not shorter.strip():
            return name
        name = shorter.strip()


def read_name(name: str) -> TakeName:
    """Read a name: what marks the take is set aside, the rest are words among which a cue number may be.

    >>> told = read_name("R106_ROBIN_T03_PU.wav")
    >>> told.take, told.kind
    ('3', 'pickup')
    """
    bare = _NOISE.sub(" ", without_tails(name))
    words = words_of(bare)
    explained = {place for place, word in enumerate(words) if word.text in PLAIN_WORDS}
    kind, selected, take, take_at = "take", None, None, None
    for place, word in enumerate(words):
        mark = MARKS.get(word.text)
        if mark is not None and (place or len(words) > 1):
            kind = mark[0] if mark[0] != "take" else kind
            selected = mark[1] or selected
            explained.add(place)
        following = words[place + 1] if place + 1 < len(words) else None
        if following is None or not following.is_number or len(following.text) > 3:
            continue
        if word.text in TAKE_WORDS and (place > 0 or len(words) > 2):
            take, take_at = following.text, place + 1
            explained |= {place, place + 1}
        elif mark is not None and following.joined:
            explained.add(place + 1)
    maybe = _maybe_take(words, take_at, explained)
    if take is None and maybe is not None:
        take = words[maybe].text
    return TakeName(bare, words, take, kind, selected, frozenset(explained), take_at, maybe)


def _maybe_take(words: tuple[Word, ...], take_at: int | None, explained: set[int]) -> int | None:
    """Give the place of a number at the end that may count takes: set off, or behind nothing that it could belong to."""
    if take_at is not None:
        return None
    last = len(words) - 1
    while last > 0 and last in explained:
        last -= 1
    if last <= 0 or not words[last].is_number or words[last].joined or len(words[last].text) > 3:
        return None
    return last if any(place not in explained for place in range(last)) else None
