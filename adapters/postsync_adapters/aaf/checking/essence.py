"""Rules of media: descriptors, summaries, locators, and what really lies inside the file (Edit Protocol 059 and after)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from fractions import Fraction

from postsync.errors import FormatError, MediaError
from postsync.findings import Finding, finding
from postsync.sound import StatedSound, open_essence
from postsync_adapters.aaf.checking.whole import FILES, Whole, number, short
from postsync_adapters.aaf.objects import AafObject
from postsync_adapters.aaf.reading.descriptors import summary_of
from postsync_adapters.aaf.reading.identifiers import SOUND_DESCRIPTORS

PLAIN_CODECS = {
    uuid.UUID("820f09b1-eb9b-11d2-809f-006008143e6f"),  # WAVE
    uuid.UUID("4b1c1a45-03f2-11d4-80fb-006008143e6f"),  # AIFC
    uuid.UUID("90ac17c8-e3e2-4596-9e9e-a6dd1c70c892"),  # PCM
}
"""Codecs of sound that is not coded."""

WRAPPINGS = {b"RIFF": "a WAV", b"RF64": "a WAV", b"FORM": "an AIFF", bytes.fromhex("060e2b34"): "MXF"}
EXPECTED = {"WAVEDescriptor": ("a WAV",), "AIFCDescriptor": ("an AIFF",)}
"""What the bytes of a descriptor's media are; those of all others are bare, or MXF."""

_WAVE_ENDINGS = (".wav", ".wave", ".bwf")
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")
_MUST_ENCODE = re.compile(r"[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]|#]")


def _files(whole: Whole) -> Iterator[tuple[AafObject, AafObject]]:
    """Yield the mobs of media files with what describes each; of several tracks in one file, each track's."""
    for mob in whole.of_class("SourceMob"):
        descriptor = mob.get("EssenceDescription")
        if not isinstance(descriptor, AafObject) or not descriptor.is_a(FILES):
            continue
        inner = [one for one in descriptor.get("FileDescriptors", ()) if isinstance(one, AafObject)]
        for one in inner if descriptor.class_name == "MultipleDescriptor" else [descriptor]:
            yield mob, one


def _is_sound(descriptor: AafObject) -> bool:
    return any(descriptor.is_a(name) for name in SOUND_DESCRIPTORS)


def _embedded(whole: Whole, mob: AafObject) -> bool:
    return mob.get("MobID") in whole.aaf.essences


def _urls(mob: AafObject) -> list[str]:
    """Give every path of a mob's media, the empty ones too."""
    descriptor = mob.get("EssenceDescription")
    holders = [descriptor, *descriptor.get("FileDescriptors", ())] if isinstance(descriptor, AafObject) else []
    locators = [one for holder in holders for one in holder.get("Locator", ())]
    return [str(one.get("URLString") or "") for one in locators if one.class_name == "NetworkLocator"]


def descriptors(whole: Whole) -> Iterator[Finding]:
    """Find media that nothing describes, and linked WAVs behind a descriptor of bare samples."""
    for mob in whole.of_class("SourceMob"):
        if not isinstance(mob.get("EssenceDescription"), AafObject):
            yield finding("aaf-descriptor-none", whole.called(mob))
    for mob, descriptor in _files(whole):
        own = descriptor.class_name in EXPECTED
        waves = [url for url in _urls(mob) if url.lower().endswith(_WAVE_ENDINGS)]
        if _is_sound(descriptor) and not own and waves and not _embedded(whole, mob):
            yield finding("aaf-descriptor-linked", whole.called(mob), url=waves[0], descriptor=descriptor.class_name)


def containers(whole: Whole) -> Iterator[Finding]:
    """Find media without a container format: Pro Tools stops at embedded samples that have none."""
    for mob, descriptor in _files(whole):
        if descriptor.ref_auid("ContainerFormat") is None:
            outer = mob.get("EssenceDescription")
            if outer is not descriptor and outer.ref_auid("ContainerFormat") is not None:
                continue
            bare = _embedded(whole, mob) and _is_sound(descriptor) and descriptor.class_name not in EXPECTED
            yield finding("aaf-container-embedded" if bare else "aaf-container-none", whole.called(mob))


def summaries(whole: Whole) -> Iterator[Finding]:
    """Find WAVs and AIFFs whose quoted header is missing or senseless, or has another rate than what is stated."""
    for mob, descriptor in _files(whole):
        if descriptor.class_name not in EXPECTED:
            continue
        data, summary = descriptor.get("Summary"), summary_of(descriptor)
        if summary is None:
            fault = "says nothing of its sound" if data else "is missing"
            yield finding("aaf-summary", whole.called(mob), fault=fault)
            continue
        stated = descriptor.get("SampleRate")
        is_sound_rate = isinstance(stated, Fraction) and stated >= 1000
        if is_sound_rate and stated != summary.sample_rate:
            yield finding("aaf-summary-differs", whole.called(mob), stated=stated, found=summary.sample_rate)


def _tapes(whole: Whole) -> dict[str, str]:
    """Give the name of the tape or roll behind each media file that has one, by the path of the file's mob."""
    found: dict[str, str] = {}
    for clip in whole.clips:
        target = whole.target(clip)
        descriptor = None if target is None else target.get("EssenceDescription")
        if isinstance(descriptor, AafObject) and descriptor.is_a("TapeDescriptor") and target is not None:
            found[clip.place.mob.path] = str(target.get("Name") or "")
    return {path: name for path, name in found.items() if name}


def places(whole: Whole) -> Iterator[Finding]:
    """Find linked media without a path, and paths in spellings that not everybody reads."""
    told: set[str] = set()
    tapes = _tapes(whole)
    for mob, descriptor in _files(whole):
        if mob.path in told:
            continue
        told.add(mob.path)
        urls = _urls(mob)
        if not any(urls) and not _embedded(whole, mob):
            yield _unplaced(whole, mob, _is_sound(descriptor), tapes.get(mob.path))
            continue
        for url in dict.fromkeys(urls):
            fault = spelling_fault(url)
            if fault and not _embedded(whole, mob):
                yield finding("aaf-locator-spelling", whole.called(mob), url=url, fault=fault)


def _unplaced(whole: Whole, mob: AafObject, is_sound: bool, tape: str | None) -> Finding:
    """Say of a medium without a path what that means: nobody finds the sound, a picture may be known by its tape."""
    if is_sound:
        return finding("aaf-locator-none", whole.called(mob))
    if tape is None:
        return finding("aaf-picture-unnamed", whole.called(mob))
    return finding("aaf-picture-on-tape", whole.called(mob), tape=tape)


def spelling_fault(url: str) -> str:
    """Say what is wrong with the spelling of a locator; nothing where it is a URL as RFC 8089 has it.

    >>> spelling_fault("C:\\\\Sound\\\\1.wav")
    'is a path, not a URL'
    """
    if not url:
        return "is empty"
    if not _SCHEME.match(url):
        return "is a path, not a URL" if url[:1] in "/\\" or url[1:2] == ":" else "is relative to the AAF"
    if "\\" in url:
        return "holds backslashes"
    if not url.lower().startswith("file:/"):
        return "is no file URL"
    if re.match(r"^file://(?:\?|[A-Za-z]:)", url, re.IGNORECASE):
        return "has the drive where the computer's name belongs"
    found = _MUST_ENCODE.search(url)
    return f"holds {found[0]!r}, which must be percent-encoded" if found else ""


def inside(whole: Whole) -> Iterator[Finding]:
    """Find embedded media that are coded, are not what is stated, or have another length."""
    for mob, descriptor in _files(whole):
        essence = whole.aaf.essences.get(mob.get("MobID"))
        if essence is None or not _is_sound(descriptor):
            continue
        codec = descriptor.ref_auid("CodecDefinition")
        if codec is not None and codec not in PLAIN_CODECS:
            yield finding("aaf-codec", whole.called(mob), codec=f"sound of codec {codec}")
        stream = essence.stream("Data")
        head = stream.read(4) if stream is not None else b""
        found, wanted = (
            WRAPPINGS.get(head, "bare samples"),
            EXPECTED.get(descriptor.class_name, ("bare samples", "MXF")),
        )
        if stream is None or not head:
            yield finding("aaf-essence-differs", whole.called(mob), descriptor=descriptor.class_name, found="missing")
        elif found not in wanted:
            yield finding("aaf-essence-differs", whole.called(mob), descriptor=descriptor.class_name, found=found)
        else:
            yield from _length(whole, mob, descriptor, essence)


def _length(whole: Whole, mob: AafObject, descriptor: AafObject, essence: AafObject) -> Iterator[Finding]:
    """Compare the length that is stated with the sound that is there."""
    rate, stated = descriptor.get("SampleRate"), number(descriptor, "Length")
    stream = essence.stream("Data")
    if stream is None or stated is None or not isinstance(rate, Fraction) or rate <= 0:
        return
    try:
        sound = open_essence(stream, _stated(descriptor))
    except (MediaError, FormatError):
        return  # Said when the media are looked at.
    found = Fraction(sound.length_samples, sound.sample_rate)
    if abs(Fraction(stated) / rate - found) > max(1 / rate, Fraction(1, sound.sample_rate)):
        yield finding("aaf-essence-length", whole.called(mob), stated=stated, found=sound.length_samples)


def _stated(descriptor: AafObject) -> StatedSound | None:
    channels, bits = descriptor.get("Channels"), descriptor.get("QuantizationBits")
    rate = descriptor.get("AudioSamplingRate") or descriptor.get("SampleRate")
    if not isinstance(channels, int) or not isinstance(bits, int) or not isinstance(rate, Fraction) or rate < 1:
        return None
    return StatedSound(channels, int(rate), bits) if channels and bits else None


def lost(whole: Whole) -> Iterator[Finding]:
    """Find embedded media of mobs that are not in the file."""
    for key, item in whole.keyed("EssenceData"):
        mob_id = item.get("MobID", key)
        if whole.aaf.mob(mob_id) is None:
            yield finding("aaf-essence-lost", mob=short(mob_id))
