"""The media inside an AAF: each entry of EssenceData with what its mobs say of it.

The AAF Object Specification, and how applications keep to it: Pro Tools and Media Composer embed bare samples that a
PCMDescriptor describes, Premiere a whole WAV or AIFC, whatever the container is called. Premiere's file mobs have no name,
so the name is that of the master clip.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import BinaryIO

from postsync.errors import FormatError, MediaError
from postsync.report import Report
from postsync.sound import EmbeddedSound, StatedSound, open_essence
from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.properties import MobId
from postsync_adapters.aaf.reading.chains import Chains, Source
from postsync_adapters.aaf.reading.descriptors import FileFacts, file_facts
from postsync_adapters.aaf.reading.tags import columns


def embedded(file: BinaryIO, report: Report) -> list[EmbeddedSound]:
    """Give the media inside an open AAF in the order of the file; the file must stay open while their sound is read."""
    aaf = AafFile.open(file)
    if not aaf.essences:
        return []
    chains = Chains(aaf, report)
    sources = _sources(aaf, chains)
    return [_sound(aaf, mob_id, essence, sources.get(mob_id, []), report) for mob_id, essence in aaf.essences.items()]


def _sources(aaf: AafFile, chains: Chains) -> dict[MobId, list[Source]]:
    """Give what master clips say of each file mob; of one that no master plays, what it says itself."""
    found: dict[MobId, list[Source]] = {}
    for kind in ("MasterMob", "SourceMob"):
        own: dict[MobId, list[Source]] = {}
        for mob in (one for one in aaf.mobs if one.class_name == kind):
            for slot in chains.slots(mob).values():
                source = chains.source_of(slot)
                if source.file_id is not None and source.file_id in aaf.essences:
                    own.setdefault(source.file_id, []).append(source)
        found = {**own, **found}
    return found


def _sound(aaf: AafFile, mob_id: MobId, essence: AafObject, sources: list[Source], report: Report) -> EmbeddedSound:
    source = sources[0] if sources else None
    mob = aaf.mob(mob_id)
    facts = None if mob is None else _facts(aaf, mob)
    own = {} if mob is None else columns(mob)
    made = EmbeddedSound(
        uid=str(mob_id),
        name=(source.name if source else "") or (str(mob.get("Name", "")) if mob else "") or str(mob_id),
        size=0,
        kind=facts.kind if facts else None,
        start=source.start if source else None,
        rate=source.rate if source else None,
        drop=bool(source and source.drop),
        tape=source.tape if source else None,
        columns=source.columns if source else own,
        track_names=_track_names(sources),
    )
    return _opened(made, essence, facts, report)


def _track_names(sources: list[Source]) -> tuple[str, ...]:
    """Give the name of each channel, where master clips call them differently."""
    names = {source.channel: source.clip_name for source in sources}
    if len(set(names.values())) < 2:
        return ()
    return tuple(names.get(channel, "") for channel in range(1, max(names) + 1))


def _facts(aaf: AafFile, mob: AafObject) -> FileFacts | None:
    slot = next(iter(mob.get("Slots", ())), None)
    if slot is None or mob.get("EssenceDescription") is None:
        return None
    return file_facts(mob, slot, Fraction(0), aaf)


def _opened(sound: EmbeddedSound, essence: AafObject, facts: FileFacts | None, report: Report) -> EmbeddedSound:
    """Open the stream; what cannot be taken out is listed with the reason."""
    try:
        stream = essence.stream("Data")
        if stream is None:
            return replace(sound, fault="an entry without data")
        sound = replace(sound, size=stream.seek(0, 2))
        if facts is not None and facts.kind == "picture":
            return replace(sound, fault="picture, not sound")
        return replace(sound, essence=open_essence(stream, _stated(facts)), kind="sound")
    except (MediaError, FormatError) as fault:
        report.note("media-unreadable", media=sound.name, why=fault.sentence())
        return replace(sound, fault=fault.sentence())


def _stated(facts: FileFacts | None) -> StatedSound | None:
    if facts is None or not facts.channels or not facts.sample_rate or not facts.bits:
        return None
    length = None if facts.duration is None else facts.duration * facts.sample_rate
    return StatedSound(
        facts.channels,
        facts.sample_rate,
        facts.bits,
        length_samples=int(length) if length is not None and length.denominator == 1 else None,
    )
