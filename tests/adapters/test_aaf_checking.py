"""Every rule of an AAF as a file: one file that breaks it, made of one of ours that does not."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import aaf2
import pytest
from aaf2.mobid import MobID

from postsync.finding_codes import AAF_CODES
from postsync.findings import Finding
from postsync.model import ClipFacts, Fade, PlainMarker, TrackFacts
from postsync_adapters.aaf.checking import check
from postsync_adapters.aaf.checking.essence import spelling_fault
from postsync_adapters.aaf.objects import AafFile
from reels import Reel, cross_fade, make_sound, play

Change = Callable[[Any], None]
"""Makes one thing wrong in an AAF that pyaaf2 has open."""

WRONG: dict[str, tuple[str, Change]] = {}
STRANGER = MobID("urn:smpte:umid:060a2b34.01010105.01010f20.13000000.01234567.89abcdef.01234567.89abcdef")


def breaks(code: str, base: str = "linked") -> Callable[[Change], Change]:
    def keep(change: Change) -> Change:
        WRONG[code] = (base, change)
        return change

    return keep


@pytest.fixture(scope="module")
def bases(tmp_path_factory) -> dict[str, bytes]:
    """Right files of ours: two tracks with a fade, a cross fade, a marker, a note and a pan; linked and embedded."""
    folder = tmp_path_factory.mktemp("bases")
    first, second = make_sound(folder / "12A.wav"), make_sound(folder / "12B.wav")
    reel = Reel(markers=[PlainMarker(Fraction(1), name="R101 ROBIN")])
    noted = ClipFacts(fade_in=Fade(Fraction(1, 2)), note="alt")
    fade = cross_fade(Fraction(1, 4), Fraction(1, 4))
    reel.track("DX", play(first, 0), play(first, 4, facts=noted), play(first, 6), (3, fade))
    reel.track("FX", play(second, 0), facts=TrackFacts(pan=-1.0))
    linked = reel.write(folder / "linked.aaf").read_bytes()
    return {"linked": linked, "embedded": reel.write(folder / "e.aaf", options={"media": "embed"}).read_bytes()}


def found_in(data: bytes) -> list[Finding]:
    return check(io.BytesIO(data))


def changed(data: bytes, change: Change, folder: Path) -> bytes:
    path = folder / "changed.aaf"
    path.write_bytes(data)
    with aaf2.open(str(path), "rw") as f:
        change(f)
    return path.read_bytes()


# ----------------------------------------------------------------------------------------------------- ways to the parts


def composition(f: Any) -> Any:
    return next(f.content.toplevel())


def slot(f: Any, number: int = 3) -> Any:
    return next(one for one in composition(f).slots if one.slot_id == number)


def components(f: Any) -> list[Any]:
    return list(slot(f).segment.components)


def first_clip(f: Any) -> Any:
    return components(f)[0]


def transition(f: Any) -> Any:
    return next(one for one in components(f) if type(one).__name__ == "Transition")


def master(f: Any) -> Any:
    return next(f.content.mastermobs())


def file_mob(f: Any) -> Any:
    return next(one for one in f.content.sourcemobs() if type(one.descriptor).__name__ == "WAVEDescriptor")


def tape(f: Any) -> Any:
    return next(one for one in f.content.sourcemobs() if type(one.descriptor).__name__ == "TapeDescriptor")


def own_clip(mob: Any) -> Any:
    return next(iter(mob.slots)).segment


def pcm(f: Any, **stated: Any) -> Any:
    descriptor = f.create.PCMDescriptor()
    about = {"SampleRate": "48000/1", "AudioSamplingRate": "48000/1", "Length": 480_000, "Channels": 1, "BlockAlign": 3,
             "QuantizationBits": 24, "AverageBPS": 144_000, "Locked": False, **stated}  # fmt: skip
    for name, value in about.items():
        descriptor[name].value = value
    return descriptor


# --------------------------------------------------------------------------------------------------------------- header


@breaks("aaf-pattern")
def _(f):
    f.header["OperationalPattern"].value = None


@breaks("aaf-producer")
def _(f):
    f.header["IdentificationList"].value[0]["ProductName"].value = ""


# ----------------------------------------------------------------------------------------------------------------- mobs


@breaks("aaf-top-level-none")
def _(f):
    composition(f)["UsageCode"].value = None


@breaks("aaf-top-level-played")
def _(f):
    above = f.create.CompositionMob("above")
    f.content.mobs.append(above)
    above.create_timeline_slot("48000/1").segment = composition(f).create_source_clip(3, 0, 100)


@breaks("aaf-top-level-name")
def _(f):
    composition(f).name = ""


@breaks("aaf-mob-unnamed")
def _(f):
    master(f).name = ""


@breaks("aaf-mob-unused")
def _(f):
    f.content.mobs.append(f.create.MasterMob("nobody plays me"))


@breaks("aaf-master-usage")
def _(f):
    master(f)["UsageCode"].value = UUID("0d010102-0101-0800-060e-2b3404010101")


# ----------------------------------------------------------------------------------------------------------- references


@breaks("aaf-mob-missing")
def _(f):
    first_clip(f)["SourceID"].value = STRANGER


@breaks("aaf-slot-missing")
def _(f):
    first_clip(f)["SourceMobSlotID"].value = 9


@breaks("aaf-chain-circle")
def _(f):
    own_clip(tape(f))["SourceID"].value = file_mob(f).mob_id
    own_clip(tape(f))["SourceMobSlotID"].value = 1


@breaks("aaf-chain-open")
def _(f):
    own_clip(tape(f))["SourceID"].value = STRANGER


@breaks("aaf-chain-short")
def _(f):
    own_clip(file_mob(f))["SourceID"].value = MobID(int=0)


@breaks("aaf-chain-kind")
def _(f):
    first_clip(f)["SourceID"].value = file_mob(f).mob_id


@breaks("aaf-source-beyond")
def _(f):
    first_clip(f)["StartTime"].value = 480_000 - 96_000 + 2


# ---------------------------------------------------------------------------------------------------------------- slots


@breaks("aaf-slot-id-twice")
def _(f):
    slot(f, 4)["SlotID"].value = 3


@breaks("aaf-slot-name-twice")
def _(f):
    slot(f, 4)["SlotName"].value = "DX"


@breaks("aaf-track-number")
def _(f):
    slot(f, 4)["PhysicalTrackNumber"].value = None


@breaks("aaf-track-number-twice")
def _(f):
    slot(f, 4)["PhysicalTrackNumber"].value = 1


@breaks("aaf-timecode-none")
def _(f):
    slot(f, 1)["Segment"].value = f.create.Filler("picture", 240)


@breaks("aaf-timecode-several")
def _(f):
    timecode = f.create.Timecode(25, length=100)
    second = f.create.TimelineMobSlot(2, "TC2", timecode, 0, "25/1")
    second["PhysicalTrackNumber"].value = 1
    composition(f).slots.append(second)


@breaks("aaf-edit-rate")
def _(f):
    slot(f, 4)["EditRate"].value = "0/1"


@breaks("aaf-edit-rate-mixed")
def _(f):
    slot(f, 4)["EditRate"].value = "24/1"


@breaks("aaf-edit-rate-frames")
def _(f):
    for number in (3, 4):
        slot(f, number)["EditRate"].value = "24000/1001"


# ------------------------------------------------------------------------------------------------------------- segments


@breaks("aaf-length")
def _(f):
    segment = slot(f).segment
    segment.length += 1


@breaks("aaf-length-impossible")
def _(f):
    first_clip(f)["Length"].value = -5


@breaks("aaf-transition-place")
def _(f):
    transition(f)["CutPoint"].value = transition(f).length + 1


@breaks("aaf-transition-long")
def _(f):
    transition(f)["Length"].value = components(f)[-1].length + components(f)[0].length + 48_000 * 60


@breaks("aaf-fade-on-clip")
def _(f):
    first_clip(f)["FadeInLength"].value = 4800


@breaks("aaf-pan-on-clip")
def _(f):
    over = slot(f, 4).segment
    inner = f.create.OperationGroup(over["Operation"].value, length=100, media_kind="sound")
    inner.segments.append(f.create.Filler("sound", 100))
    slot(f).segment.components.append(inner)


# -------------------------------------------------------------------------------------------------------------- essence


@breaks("aaf-descriptor-linked")
def _(f):
    mob = file_mob(f)
    locator = f.create.NetworkLocator()
    locator["URLString"].value = "file:///Sound/12A.wav"
    mob["EssenceDescription"].value = pcm(f, ContainerFormat=f.dictionary.lookup_containerdef("AAF"), Locator=[locator])


@breaks("aaf-summary")
def _(f):
    file_mob(f).descriptor["Summary"].value = bytearray(b"RIFF\0\0\0\0WAVEdata\0\0\0\0")


@breaks("aaf-summary-differs")
def _(f):
    file_mob(f).descriptor["SampleRate"].value = "44100/1"


@breaks("aaf-container-none")
def _(f):
    file_mob(f).descriptor["ContainerFormat"].value = None


@breaks("aaf-container-embedded", "embedded")
def _(f):
    file_mob(f)["EssenceDescription"].value = pcm(f)


@breaks("aaf-codec", "embedded")
def _(f):
    codec = f.create.CodecDef(f.dictionary, str(UUID(int=9)), "layer 3", "")
    codec["FileDescriptorClass"].value = f.metadict.lookup_classdef("WAVEDescriptor")
    codec["DataDefinitions"].value = [f.dictionary.lookup_datadef("Sound")]
    f.dictionary.register_def(codec)
    file_mob(f).descriptor["CodecDefinition"].value = codec


@breaks("aaf-essence-differs", "embedded")
def _(f):
    file_mob(f)["EssenceDescription"].value = pcm(f, ContainerFormat=f.dictionary.lookup_containerdef("AAF"))


@breaks("aaf-essence-length", "embedded")
def _(f):
    file_mob(f).descriptor["Length"].value = 240_000


@breaks("aaf-locator-none")
def _(f):
    file_mob(f).descriptor["Locator"].value = None


def pictured(f):
    """Make the first file one of picture and give it."""
    mob = file_mob(f)
    picture = f.create.CDCIDescriptor()
    facts = {
        "StoredWidth": 1920, "StoredHeight": 1080, "FrameLayout": "FullFrame", "ImageAspectRatio": "16/9", "Length": 10,
        "ComponentWidth": 8, "HorizontalSubsampling": 2, "VideoLineMap": [42, 0], "SampleRate": 25,
    }  # fmt: skip
    for name, value in facts.items():
        picture[name].value = value
    mob["EssenceDescription"].value = picture
    return mob


@breaks("aaf-picture-on-tape")
def _(f):
    pictured(f)


@breaks("aaf-picture-unnamed")
def _(f):
    for one in pictured(f).slots:
        one.segment.mob_id = aaf2.mobid.MobID()


@breaks("aaf-locator-spelling")
def _(f):
    file_mob(f).descriptor["Locator"].value[0]["URLString"].value = "D:\\Sound\\12A.wav"


# ---------------------------------------------------------------------------------------------------------- definitions


@breaks("aaf-definition-unnamed")
def _(f):
    transition(f)["OperationGroup"].value["Operation"].value.name = ""


@breaks("aaf-tag-undeclared")
def _(f):
    f.dictionary["TaggedValueDefinitions"].value = None


# -------------------------------------------------------------------------------------------------------------- markers


@breaks("aaf-marker-place")
def _(f):
    marker = f.create.CommentMarker()
    marker.media_kind = "DescriptiveMetadata"
    marker["Position"].value = 0
    sequence = f.create.Sequence("DescriptiveMetadata", 0)
    sequence.components.append(marker)
    composition(f).slots.append(f.create.TimelineMobSlot(1001, "notes", sequence, 0, "24/1"))


@breaks("aaf-marker-track")
def _(f):
    slot(f, 1000).segment.components[0]["DescribedSlots"].value = {77}


# ------------------------------------------------------------------------------------------------ what pyaaf2 cannot make


def with_one_id(kind: str) -> Callable[[bytes], bytes]:
    """Give the second mob of a kind the id of the first, wherever it stands."""

    def patch(data: bytes) -> bytes:
        aaf = AafFile.open(io.BytesIO(data))
        masters = [bytes(mob.get("MobID")) for mob in aaf.mobs if mob.class_name == "MasterMob"]
        first, second, *_ = [bytes(one) for one in aaf.essences] if kind == "essence" else masters
        return data.replace(second, first)

    return patch


def without_property(number: int) -> Callable[[bytes], bytes]:
    """Take the first property of a number that refers to an object out of the file, by giving it a number of nothing."""

    def patch(data: bytes) -> bytes:
        form = 0x22
        return data.replace(struct.pack("<HH", number, form), struct.pack("<HH", 0x7FFF, form), 1)

    return patch


def without_definition(data: bytes) -> bytes:
    """Let every use of the dissolve name another AUID than its definition has."""
    dissolve = UUID("0c3bea41-fc05-11d2-8a29-0050040ef7d2").bytes_le
    head, _, tail = data.rpartition(b"\x10" + dissolve)
    return head + b"\x10" + UUID(int=7).bytes_le + tail


def old_sound(data: bytes) -> bytes:
    now, then = UUID("01030202-0200-0000-060e-2b3404010101"), UUID("78e1ebe1-6cef-11d2-807d-006008143e6f")
    return data.replace(now.bytes_le, then.bytes_le)


def stray_essence(data: bytes) -> bytes:
    """Let the first embedded media say that they belong to a mob that is not there."""
    place = data.index(struct.pack("<HHH", 0x2701, 0x82, 32)) + 12
    assert data[place : place + 32] in {bytes(one) for one in AafFile.open(io.BytesIO(data)).essences}
    return data[:place] + STRANGER.bytes_le + data[place + 32 :]


def damaged(data: bytes) -> bytes:
    """Rename what holds a descriptor, so that its mob owns nothing of the name."""
    name = "EssenceDescrip-4701".encode("utf-16-le")
    return data.replace(name, "EssenceDescrix-4701".encode("utf-16-le"), 1)


PATCHED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "aaf-mob-id-twice": ("linked", with_one_id("master")),
    "aaf-essence-id-twice": ("embedded", with_one_id("essence")),
    "aaf-definition-none": ("linked", without_definition),
    "aaf-definition-old": ("linked", old_sound),
    "aaf-slot-empty": ("linked", without_property(0x4803)),
    "aaf-descriptor-none": ("linked", without_property(0x4701)),
    "aaf-essence-lost": ("embedded", stray_essence),
    "aaf-damaged": ("linked", damaged),
}

ELSEWHERE = {"aaf-sectors", "aaf-edit-rate-samples"}


# ---------------------------------------------------------------------------------------------------------------- tests


def codes(data: bytes) -> set[str]:
    return {one.code for one in found_in(data)}


@pytest.mark.parametrize("base", ["linked", "embedded"])
def test_our_own_file_breaks_no_rule(bases, base):
    assert [one.sentence() for one in found_in(bases[base]) if one.code != "aaf-edit-rate-samples"] == []


@pytest.mark.parametrize("code", WRONG)
def test_a_file_that_breaks_the_rule_is_found(code, bases, tmp_path):
    base, change = WRONG[code]
    found = [one for one in found_in(changed(bases[base], change, tmp_path)) if one.code == code]
    assert found
    assert "{" not in found[0].sentence() + found[0].remedy


@pytest.mark.parametrize("code", PATCHED)
def test_a_file_that_no_library_writes_is_found(code, bases):
    base, patch = PATCHED[code]
    assert code in codes(patch(bases[base]))


def test_files_of_small_sectors_are_found(tmp_path, bases):
    path = tmp_path / "small.aaf"
    with aaf2.file.AAFFile(str(path), "w", sector_size=512):
        pass
    assert "aaf-sectors" in codes(path.read_bytes())
    assert "aaf-sectors" not in codes(bases["linked"])


def test_compositions_cut_in_samples_and_in_frames_are_told_apart(tmp_path, bases):
    _, to_frames = WRONG["aaf-edit-rate-frames"]
    assert "aaf-edit-rate-samples" in codes(bases["linked"])
    assert "aaf-edit-rate-samples" not in codes(changed(bases["linked"], to_frames, tmp_path))


def test_every_code_has_a_file_that_breaks_it():
    assert set(WRONG) | set(PATCHED) | ELSEWHERE == set(AAF_CODES)


def test_a_finding_in_a_composition_says_mob_track_and_timecode(bases, tmp_path):
    _, change = WRONG["aaf-transition-place"]
    (found,) = [
        one for one in found_in(changed(bases["linked"], change, tmp_path)) if one.code == "aaf-transition-place"
    ]
    assert (found.where, found.time) == ("composition 'R1 v1' / DX", "01:00:04:00")


def test_a_transition_at_the_end_of_a_sequence_is_found(bases, tmp_path):
    def cut_off(f):
        segment = slot(f).segment
        segment.components.pop(len(segment.components) - 1)
        segment.length = 1

    found = found_in(changed(bases["linked"], cut_off, tmp_path))
    assert "ends its sequence" in {one.facts["fault"] for one in found if one.code == "aaf-transition-place"}


@pytest.mark.parametrize(
    "url",
    ["file:///Volumes/Sound/12%20A.wav", "file://localhost/C:/Sound/1.wav", "file:///C%3A/1.wav", "file://server/share/1.wav",
     "file:///c%3a/%d8%a7.wav"],
)  # fmt: skip
def test_a_locator_as_applications_write_it_has_no_fault(url):
    assert spelling_fault(url) == ""


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "is empty"),
        ("./Audio Files/1.wav", "is relative to the AAF"),
        ("/Volumes/Sound/1.wav", "is a path, not a URL"),
        ("C:\\Sound\\1.wav", "is a path, not a URL"),
        ("file:///Sound\\1.wav", "holds backslashes"),
        ("file://C:/Sound/1.wav", "has the drive where the computer's name belongs"),
        ("file:///Sound/12 A.wav", "holds ' ', which must be percent-encoded"),
        ("file:///Sound/Юрий.wav", "holds 'Ю', which must be percent-encoded"),
        ("http://server/1.wav", "is no file URL"),
    ],
)
def test_a_locator_in_another_spelling_says_what_is_wrong(url, fault):
    assert spelling_fault(url) == fault


@pytest.mark.parametrize(
    "name", ["libaaf/MC_Fades.aaf", "libaaf/DR_Markers.aaf", "libaaf/PT_Fades.aaf", "libaaf/PR_Fades.aaf"]
)
def test_what_applications_write_themselves_is_no_error(corpus, name):
    errors = [one.sentence() for one in found_in((corpus / "aaf" / name).read_bytes()) if one.severity == "error"]
    assert [one for one in errors if "in samples" not in one] == []
