"""Rules of mobs: which is the timeline, ids, names, and what nobody plays (Edit Protocol 018, 025, 028, 054)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from postsync.findings import Finding, finding
from postsync_adapters.aaf.checking.whole import Whole, short
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.reading.slots import usage_of


def top_levels(whole: Whole) -> Iterator[Finding]:
    """Find files without a top-level composition, and top levels that another mob plays."""
    if not whole.top_levels:
        yield finding("aaf-top-level-none")
    players = {clip.item.get("SourceID"): clip.place.mob for clip in reversed(whole.clips)}
    for mob in whole.top_levels:
        player = players.get(mob.get("MobID"))
        if player is not None:
            yield finding("aaf-top-level-played", whole.called(mob), other=whole.called(player))


def ids(whole: Whole) -> Iterator[Finding]:
    """Find ids that several mobs have, or several embedded media."""
    same: defaultdict[bytes, list[AafObject]] = defaultdict(list)
    for key, mob in whole.keyed("Mobs"):
        same[mob.get("MobID", key)].append(mob)
    for mob_id, mobs in same.items():
        if len(mobs) > 1:
            names = ", ".join(whole.called(mob) for mob in mobs[:3])
            yield finding("aaf-mob-id-twice", whole.called(mobs[0]), count=len(mobs), mob=short(mob_id), names=names)
    media = Counter(item.get("MobID", key) for key, item in whole.keyed("EssenceData"))
    for mob_id, count in media.items():
        if count > 1:
            yield finding("aaf-essence-id-twice", count=count, mob=short(mob_id))


def names(whole: Whole) -> Iterator[Finding]:
    """Find top levels without a name of their own, and compositions and masters without any."""
    counted = Counter(mob.get("Name") or "" for mob in whole.top_levels)
    for name, count in counted.items():
        if not name:
            yield finding("aaf-top-level-name", "composition", fault="has no name")
        elif count > 1:
            yield finding("aaf-top-level-name", f"composition {name!r}", fault=f"{count} have this name")
    for mob in (*whole.of_class("CompositionMob"), *whole.of_class("MasterMob")):
        if not mob.get("Name") and usage_of(mob) != "top-level":
            yield finding("aaf-mob-unnamed", whole.called(mob))


def unused(whole: Whole) -> Iterator[Finding]:
    """Find mobs that nothing plays, other than timelines."""
    played = {clip.item.get("SourceID") for clip in whole.clips}
    tops = {mob.path for mob in whole.top_levels}
    for mob in whole.mobs if whole.top_levels else ():
        if mob.path not in tops and mob.get("MobID", MobId()) not in played:
            yield finding("aaf-mob-unused", whole.called(mob))


def usages(whole: Whole) -> Iterator[Finding]:
    """Find masters that say what they are used for."""
    for mob in whole.of_class("MasterMob"):
        if mob.get("UsageCode") is not None:
            yield finding("aaf-master-usage", whole.called(mob))
