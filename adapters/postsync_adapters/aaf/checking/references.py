"""Rules of what plays what: composition, master, file, origin, and each within the other (Edit Protocol 017, 018, 056, 063)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking.whole import FILES, Part, Whole, number, short
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.reading.identifiers import WARP
from postsync_adapters.aaf.reading.layers import operation
from postsync_adapters.aaf.reading.slots import exact_rate

MAY_PLAY = {
    "CompositionMob": ("CompositionMob", "MasterMob"),
    "MasterMob": ("SourceMob", "MasterMob", "CompositionMob"),
    "SourceMob": ("SourceMob",),
}
"""What a mob of each class plays. Masters of Media Composer play other masters and compositions where clips are grouped."""


def broken(whole: Whole) -> Iterator[Finding]:
    """Find source clips whose mob or slot is not in the file; each mob once in each mob that plays it."""
    told: set[tuple[str, object]] = set()
    for clip in whole.clips:
        mob_id, mob = clip.item.get("SourceID"), clip.place.mob
        if not isinstance(mob_id, MobId) or mob_id.is_zero:
            continue
        target = whole.aaf.mob(mob_id)
        slot = clip.item.get("SourceMobSlotID")
        key = (mob.path, mob_id if target is None else (mob_id, slot))
        if key in told:
            continue
        told.add(key)
        if target is None:
            code = "aaf-chain-open" if mob.class_name == "SourceMob" else "aaf-mob-missing"
            yield finding(code, whole.where(clip), whole.time(clip), mob=short(mob_id))
        else:
            slots = [place.slot.get("SlotID") for place in whole.slots(target)]
            if slot not in slots:
                listed = ", ".join(str(one) for one in slots[:8]) or "none"
                yield finding(
                    "aaf-slot-missing", whole.where(clip), whole.time(clip), slot=slot, other=whole.called(target),
                    slots=listed,
                )  # fmt: skip


def circles(whole: Whole) -> Iterator[Finding]:
    """Find mobs that play themselves, by way of others."""
    plays: dict[MobId, list[MobId]] = {}
    for clip in whole.clips:
        target = clip.item.get("SourceID")
        if isinstance(target, MobId) and whole.aaf.mob(target) is not None:
            plays.setdefault(clip.place.mob.get("MobID"), []).append(target)
    done: set[MobId] = set()
    for first in plays:
        way = _way_round(first, plays, done)
        if way:
            called = [whole.called(mob) for one in way if (mob := whole.aaf.mob(one)) is not None]
            yield finding("aaf-chain-circle", called[0] if called else "", way=", ".join(called[1:]) or "nothing else")


def _way_round(first: MobId, plays: dict[MobId, list[MobId]], done: set[MobId]) -> list[MobId]:
    """Give the mobs of a circle that is met from one on; what is done is not looked at again."""
    path: list[tuple[MobId, Iterator[MobId]]] = [(first, iter(dict.fromkeys(plays.get(first, ()))))]
    on_path = {first}
    while path:
        following = next((one for one in path[-1][1] if one not in done), None)
        if following is None:
            last, _ = path.pop()
            on_path.discard(last)
            done.add(last)
        elif following in on_path:
            way = [one for one, _ in path]
            done.update(way)
            return way[way.index(following) :]
        else:
            path.append((following, iter(dict.fromkeys(plays.get(following, ())))))
            on_path.add(following)
    return []


def order(whole: Whole) -> Iterator[Finding]:
    """Find chains in the wrong order: a source that plays a master, a composition that plays a file itself."""
    told: set[tuple[str, str]] = set()
    for clip in whole.clips:
        target, mob = whole.target(clip), clip.place.mob
        allowed = MAY_PLAY.get(mob.class_name)
        if target is None or allowed is None or target.class_name in allowed or (mob.path, target.path) in told:
            continue
        told.add((mob.path, target.path))
        kind = f"a {whole.called(mob).split(' ', 1)[0]}"
        yield finding("aaf-chain-kind", whole.where(clip), whole.time(clip), other=whole.called(target), kind=kind)


def origins(whole: Whole) -> Iterator[Finding]:
    """Find media files that name no tape, import or recording."""
    sources = {clip.place.mob.path for clip in whole.clips if not _ends(clip)}
    for mob in whole.of_class("SourceMob"):
        descriptor = mob.get("EssenceDescription")
        if isinstance(descriptor, AafObject) and descriptor.is_a(FILES) and mob.path not in sources:
            yield finding("aaf-chain-short", whole.called(mob))


def _ends(clip: Part) -> bool:
    mob_id = clip.item.get("SourceID")
    return not isinstance(mob_id, MobId) or mob_id.is_zero


def beyond(whole: Whole) -> Iterator[Finding]:
    """Find clips of compositions and masters that reach beyond what they play by more than an edit unit."""
    for clip in whole.clips:
        target = whole.target(clip)
        if target is None or clip.place.rate is None or clip.place.mob.class_name == "SourceMob" or _warped(clip):
            continue
        slot = _slot(whole, target, clip.item.get("SourceMobSlotID"))
        rate = None if slot is None else exact_rate(slot.get("EditRate"))
        segment = None if slot is None else slot.get("Segment")
        if rate is None or not isinstance(segment, AafObject) or (slot is not None and number(slot, "Origin")):
            continue
        length = number(segment, "Length")
        start, own = number(clip.item, "StartTime") or 0, number(clip.item, "Length") or 0
        end, there = (start + own) / clip.place.rate, Fraction(length or 0) / rate
        if length and length > 0 and end - there > max(1 / rate, 1 / clip.place.rate):
            yield finding(
                "aaf-source-beyond", whole.where(clip), whole.time(clip), end=f"{float(end):.3f} s",
                other=whole.called(target), length=f"{float(there):.3f} s",
            )  # fmt: skip


def _warped(clip: Part) -> bool:
    """Whether a clip lies under a change of speed or rate, where lengths are those of another clock."""
    return any(part.class_name == "OperationGroup" and operation(part.item) == WARP for part in clip.above())


def _slot(whole: Whole, mob: AafObject, slot: object) -> AafObject | None:
    return next((place.slot for place in whole.slots(mob) if place.slot.get("SlotID") == slot), None)
