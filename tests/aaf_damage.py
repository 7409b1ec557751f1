"""AAFs damaged on purpose, the same way for the same number: for the sample in the tests and the full count in `benchmarks`."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from io import BytesIO

from damage import Outcome, watched
from postsync.formats.format import make_options
from postsync.report import Report
from postsync_adapters.aaf import FORMAT

ENTRY = 128
NONE = 0xFFFFFFFF
EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def _sector_size(data: bytearray) -> int:
    return 1 << struct.unpack_from("<H", data, 30)[0]


def _sector_at(data: bytearray, number: int) -> int:
    return (number + 1) * _sector_size(data)


def _directory(data: bytearray) -> list[int]:
    """Where the entries of the directory lie, as far as they lie in a row from its first sector."""
    first = _sector_at(data, struct.unpack_from("<I", data, 48)[0])
    places: list[int] = []
    while first + ENTRY <= len(data) and len(places) < 20_000:
        name_size, kind = struct.unpack_from("<HB", data, first + 64)
        if kind not in (0, 1, 2, 5) or name_size > 64:
            break
        if kind:
            places.append(first)
        first += ENTRY
    return places


def _tables(data: bytearray) -> list[int]:
    """Where the sectors of the table lie that chains the others."""
    size = _sector_size(data)
    numbers = struct.unpack_from("<109I", data, 76)
    return [_sector_at(data, number) for number in numbers if number < len(data) // size]


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 4, 32, 512))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def flip_head(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 2, 4))):
        data[dice.randrange(min(len(data), 512))] = dice.randrange(256)


def loop_chain(data: bytearray, dice: random.Random) -> None:
    """Let chains of sectors run back into themselves and into each other."""
    for table in dice.sample(_tables(data), 1):
        entries = min(_sector_size(data), len(data) - table) // 4
        for _ in range(dice.choice((1, 3, 20))):
            struct.pack_into("<I", data, table + 4 * dice.randrange(entries), dice.randrange(entries))


def lie_in_directory(data: bytearray, dice: random.Random) -> None:
    """State sizes and first sectors that are not so."""
    for place in dice.choices(_directory(data), k=dice.choice((1, 3, 10))):
        lie = dice.choice((*EXTREMES, dice.randrange(1 << 32), dice.randrange(1 << 12)))
        struct.pack_into("<I", data, place + dice.choice((116, 120, 124)), lie)


def tangle_directory(data: bytearray, dice: random.Random) -> None:
    """Hang storages below each other and below themselves."""
    places = _directory(data)
    for place in dice.choices(places, k=dice.choice((1, 3, 10))):
        struct.pack_into(
            "<I", data, place + dice.choice((68, 72, 76)), dice.choice((NONE, dice.randrange(len(places))))
        )


def swap_classes(data: bytearray, dice: random.Random) -> None:
    """Give objects the class of others."""
    places = _directory(data)
    for place in dice.choices(places, k=dice.choice((1, 5, 50))):
        other = dice.choice(places)
        data[place + 80 : place + 96] = data[other + 80 : other + 96]


def lie_in_numbers(data: bytearray, dice: random.Random) -> None:
    """Put extreme numbers anywhere."""
    for _ in range(dice.choice((1, 10, 100))):
        form = dice.choice(("<B", "<H", "<I"))
        number = dice.choice(EXTREMES) & ((1 << 8 * struct.calcsize(form)) - 1)
        struct.pack_into(form, data, dice.randrange(max(len(data) - 4, 1)), number)


def swap_mobs(data: bytearray, dice: random.Random) -> None:
    """Let mobs refer to other mobs, and in circles: exchange one id for another wherever it stands."""
    ids: list[int] = []
    at = data.find(bytes.fromhex("060a2b34"))
    while at >= 0 and len(ids) < 4000:
        ids.append(at)
        at = data.find(bytes.fromhex("060a2b34"), at + 4)
    for _ in range(dice.choice((1, 3, 10)) if ids else 0):
        here, there = dice.choice(ids), dice.choice(ids)
        data[here : here + 32] = data[there : there + 32].ljust(32, b"\0")


def blank_sectors(data: bytearray, dice: random.Random) -> None:
    size = _sector_size(data)
    for _ in range(dice.choice((1, 3))):
        place = dice.randrange(max(len(data) // size, 1)) * size
        data[place : place + size] = bytes([dice.choice((0, 0xFF))]) * len(data[place : place + size])


def move_sectors(data: bytearray, dice: random.Random) -> None:
    size = _sector_size(data)
    one, two = (dice.randrange(1, max(len(data) // size, 2)) * size for _ in range(2))
    data[one : one + size], data[two : two + size] = data[two : two + size], data[one : one + size]


KINDS: dict[str, Callable[[bytearray, random.Random], None]] = {
    "cut short": cut,
    "bits flipped": flip,
    "header changed": flip_head,
    "chains in circles": loop_chain,
    "sizes that lie": lie_in_directory,
    "storages tangled": tangle_directory,
    "classes exchanged": swap_classes,
    "extreme numbers": lie_in_numbers,
    "mobs in circles": swap_mobs,
    "sectors blank": blank_sectors,
    "sectors exchanged": move_sectors,
}


def damaged(data: bytes, number: int) -> tuple[str, bytes]:
    """Give a copy damaged in the way of a number, and the name of the way."""
    dice = random.Random(number)
    kind = list(KINDS)[number % len(KINDS)]
    copy = bytearray(data)
    KINDS[kind](copy, dice)
    return kind, bytes(copy)


def outcome_of(kind: str, data: bytes) -> Outcome:
    """Read a copy as the library does, and the sound inside it, and check it against the rules."""

    def read() -> None:
        assert FORMAT.read is not None and FORMAT.embedded is not None and FORMAT.check is not None
        FORMAT.check(BytesIO(data))
        FORMAT.read(BytesIO(data), Report(), make_options(FORMAT.read_options, {}, FORMAT.name))
        for sound in FORMAT.embedded(BytesIO(data), Report()):
            for _ in sound.essence.blocks() if sound.essence else ():
                pass

    return watched(FORMAT, kind, read)
