"""Files of any format damaged on purpose, the same way for the same number: for the sample in the tests and the full count.

`aaf_damage` has more ways for the storage of AAFs. Everything must read or be refused in words of ours, soon.
"""

from __future__ import annotations

import io
import random
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from nothing_lost import CUE, MARKER, Plan
from postsync.errors import PostsyncError
from postsync.formats import Format
from postsync.formats.conversion import formats, recognise, write_file
from postsync.formats.format import guarded, make_options
from postsync.report import Report

Damage = Callable[[bytearray, random.Random], None]

NUMBER = re.compile(rb"-?\d+")
EXTREMES = (
    b"0",
    b"-1",
    b"1e999",
    b"99999999999999999999999",
    b"NaN",
    b"00:00:00;00",
    b"1/0",
    b"",
    b"2147483648",
    "٣".encode(),
)
BRACKETS = (b"<a>", b'{"a":', b"[", b"(", b"<clip>", b"<spine>", b"<!--", b"<![CDATA[", b"&", b'"')


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 4, 32, 256))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def lie_in_numbers(data: bytearray, dice: random.Random) -> None:
    """Put extreme numbers where numbers stand."""
    found = list(NUMBER.finditer(data))
    for match in sorted(dice.sample(found, min(len(found), dice.choice((1, 3, 20)))), key=lambda one: -one.start()):
        data[match.start() : match.end()] = dice.choice(EXTREMES)


def drop(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 5))):
        place = dice.randrange(max(len(data), 1))
        del data[place : place + dice.choice((1, 8, 80, 800))]


def repeat(data: bytearray, dice: random.Random) -> None:
    """Say a stretch again, sometimes a thousand times."""
    place = dice.randrange(len(data))
    data[place:place] = data[place : place + dice.choice((3, 40, 400))] * dice.choice((1, 2, 1000))


def exchange(data: bytearray, dice: random.Random) -> None:
    size = dice.choice((4, 64, 512))
    one, two = (dice.randrange(max(len(data) - size, 1)) for _ in range(2))
    data[one : one + size], data[two : two + size] = data[two : two + size], data[one : one + size]


def open_brackets(data: bytearray, dice: random.Random) -> None:
    """Open what is never closed, sometimes deeper than any program writes."""
    place = dice.randrange(len(data))
    data[place:place] = dice.choice(BRACKETS) * dice.choice((1, 30, 5000))


def strew(data: bytearray, dice: random.Random) -> None:
    """Put bytes of no text anywhere."""
    for _ in range(dice.choice((1, 20))):
        place = dice.randrange(len(data))
        data[place:place] = dice.choice((b"\0", b"\xff\xfe", b"\xc3", b"\x1b", b"\r", b"\n\n\n", "\u202e".encode()))


def recode(data: bytearray, dice: random.Random) -> None:
    """Write it in another encoding than it states."""
    text = bytes(data).decode("utf-8", "replace")
    data[:] = text.encode(dice.choice(("utf-16", "utf-16-be", "utf-8-sig", "utf-32", "cp1252", "mac_roman")), "replace")


def shuffle_lines(data: bytearray, dice: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    dice.shuffle(lines)
    data[:] = b"\n".join(lines)


def long_line(data: bytearray, dice: random.Random) -> None:
    data[:] = bytes(data).replace(b"\n", b" " if dice.random() < 0.5 else b"")


KINDS: dict[str, Damage] = {
    "cut short": cut,
    "bits flipped": flip,
    "extreme numbers": lie_in_numbers,
    "parts missing": drop,
    "parts repeated": repeat,
    "parts exchanged": exchange,
    "never closed": open_brackets,
    "strewn with bytes": strew,
    "another encoding": recode,
    "lines in disorder": shuffle_lines,
    "all on one line": long_line,
}


@dataclass(frozen=True)
class Outcome:
    """What became of one copy: `read`, `refused`, `caught` (a foreign error that the edge turned into ours) or `escaped`.

    `seconds` are those of the processor."""

    kind: str
    result: str
    detail: str
    seconds: float


@dataclass(frozen=True)
class Original:
    """A whole file that copies are made of."""

    name: str
    format: str
    data: bytes


def made_originals() -> list[Original]:
    """Write one file in every format that we write."""
    plan = Plan(
        cues=tuple(
            replace(CUE, uid=f"ABCDEFG{place}", record_in=24 * place, record_out=24 * place + 20)
            for place in range(2, 9)
        ),
        markers=tuple(replace(MARKER, record_in=Fraction(place)) for place in range(5)),
    )
    made: list[Original] = []
    with tempfile.TemporaryDirectory() as work:
        for fmt in formats().values():
            if fmt.read is not None and fmt.write is not None:
                path = Path(work) / f"made{fmt.suffixes[0]}"
                write_file(plan.made(), path, Report(), as_format=fmt.name)
                made.append(Original(path.name, fmt.name, path.read_bytes()))
    return made


def found_originals(folder: Path, *, largest: int = 300_000) -> list[Original]:
    """Take every file of a folder of real ones that some format knows, those with the same beginning and size once."""
    found: dict[bytes, Original] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or not 0 < path.stat().st_size <= largest:
            continue
        try:
            fmt = recognise(path)
        except PostsyncError:
            continue
        data = path.read_bytes()
        found.setdefault(data, Original(path.name, fmt.name, data))
    return list(found.values())


def damaged(original: Original, number: int) -> tuple[str, bytes]:
    """Give a copy damaged in the way of a number, and the name of the way."""
    dice = random.Random(number)
    kind = list(KINDS)[number % len(KINDS)]
    copy = bytearray(original.data)
    KINDS[kind](copy, dice)
    return kind, bytes(copy)


def outcome_of(fmt: Format, kind: str, data: bytes) -> Outcome:
    """Read a copy as the library does, and check it against the rules of its format."""

    def read() -> None:
        assert fmt.read is not None
        if fmt.check is not None:
            fmt.check(io.BytesIO(data))
        fmt.read(io.BytesIO(data), Report(), make_options(fmt.read_options, {}, fmt.name))

    return watched(fmt, kind, read)


def watched(fmt: Format, kind: str, read: Callable[[], None]) -> Outcome:
    """Do something with a damaged copy, and say how it ended."""
    begun = time.process_time()
    result, detail = "read", ""
    try:
        with guarded(fmt, None):
            read()
    except PostsyncError as error:
        foreign = error.__cause__ is not None and str(error).startswith("not a readable")
        result, detail = "caught" if foreign else "refused", where_from(error) if foreign else ""
    except Exception as error:  # noqa: BLE001 - what escapes is what is looked for
        result, detail = "escaped", repr(error)
    return Outcome(kind, result, detail, time.process_time() - begun)


def where_from(error: BaseException) -> str:
    """Name the foreign error and the line that raised it."""
    cause = error.__cause__
    assert cause is not None
    trace = cause.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    line = "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
    said = re.sub(r"\d+", "#", str(cause)[:80])
    return f"{type(cause).__name__} {said} at {line}"
