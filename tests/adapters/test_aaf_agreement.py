"""Forty real AAFs: every fact that an independent reader states of them is what we read, but for what it got wrong.

Where the two differ, the file's own bytes decide; the proofs stand at the end.
"""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from aaf_agreement import ITS_ERRORS, Fact, disagreements, expectations, facts_of
from postsync.sound import read_facts
from postsync_adapters.aaf.objects import AafFile, AafObject
from postsync_adapters.aaf.reading.tags import tagged

ASKED = frozenset({
    "composition", "media", "track", "clip start", "clip length", "source offset", "channels", "clip mute", "clip name", "gain",
    "automation", "fade", "cross fade", "marker",
})  # fmt: skip


@pytest.fixture(scope="session")
def facts(corpus: Path) -> dict[str, list[Fact]]:
    return {path.stem: facts_of(path) for path in expectations(corpus)}


def test_every_fact_that_the_other_reader_states_is_what_we_read(facts: dict[str, list[Fact]]) -> None:
    assert len(facts) == 40
    assert {stem: found for stem, own in facts.items() if (found := disagreements(stem, own))} == {}


def test_facts_of_every_kind_are_compared(facts: dict[str, list[Fact]]) -> None:
    every = [fact for own in facts.values() for fact in own]
    assert {fact.kind for fact in every} == ASKED
    assert len(every) > 3500


def test_what_is_listed_as_its_error_is_one_still(facts: dict[str, list[Fact]]) -> None:
    assert {(stem, fact.name) for stem, own in facts.items() for fact in own if not fact.agrees} == set(ITS_ERRORS)


# ------------------------------------------------------------------------------------------------------------- proofs


def composition(path: Path) -> tuple[AafObject, AafFile]:
    file = AafFile.open(io.BytesIO(path.read_bytes()))
    (mob,) = [mob for mob in file.mobs if mob.class_name == "CompositionMob"]
    return mob, file


def clip_claim(path: Path) -> dict[str, Any]:
    stated = json.loads((path.parent / "expected" / f"{path.stem}.json").read_text())
    track = next(track for track in stated["tracks"] if track["kind"] == "audio")
    claim: dict[str, Any] = track["clips"][0]
    return claim


def test_a_resolve_marker_without_length_is_stated_as_points_of_media_composer_are(corpus: Path) -> None:
    """The JSON gives one a frame and the others nothing; none of the three states a length."""
    lengths = {}
    for stem in ("DR_Markers", "MC_Markers"):
        mob, _ = composition(corpus / "aaf" / "libaaf" / f"{stem}.aaf")
        slots = [slot.get("Segment") for slot in mob.get("Slots") if slot.class_name == "EventMobSlot"]
        lengths[stem] = ["Length" in marker for segment in slots for marker in segment.get("Components")]
    assert lengths == {"DR_Markers": [False, True], "MC_Markers": [False, False]}


def test_the_embedded_sound_of_pro_tools_lasts_two_seconds_not_five_and_a_half(corpus: Path) -> None:
    path = corpus / "aaf" / "libaaf" / "PT_PCM_Internal.aaf"
    mob, file = composition(path)
    (essence,) = file.essences.values()
    sound = essence.stream("Data").read()
    descriptor = next(one.get("EssenceDescription") for one in file.mobs if "EssenceDescription" in one)
    seconds = Fraction(len(sound) // descriptor.get("BlockAlign")) / descriptor.get("AudioSamplingRate")
    slot = mob.get("Slots")[0]
    filler, group = slot.get("Segment").get("Components")
    assert (seconds, group.get("Length") / slot.get("EditRate")) == (2, 2)
    assert filler.get("Length") / slot.get("EditRate") == 3600
    wrong = Fraction(44100, 16000)
    claim = clip_claim(path)
    assert (Fraction(*claim["start"]), Fraction(*claim["duration"])) == (3600 * wrong, 2 * wrong)


@pytest.mark.parametrize("where", ["same", "sub"])
def test_a_converted_session_of_pro_tools_ends_at_one_hour_and_two_seconds(corpus: Path, where: str) -> None:
    folder = corpus / "aaf" / "libaaf"
    path = folder / f"PT_WAV_External_{where}_directory.aaf"
    mob, _ = composition(path)
    assert tagged(mob, "MobAttributeList")["End"] == "01:00:02:00"
    wav = next((folder if where == "same" else folder / path.stem).glob("*.wav"))
    facts = read_facts(wav)
    assert (facts.length_samples, facts.sample_rate) == (64001, 32000)
    wrong = Fraction(44100, 32000)
    claim = clip_claim(path)
    assert (Fraction(*claim["start"]), Fraction(*claim["duration"])) == (3600 * wrong, 2 * wrong)


def test_the_stereo_clip_of_resolve_lies_within_its_composition(corpus: Path) -> None:
    """The JSON puts its end at 603 s; the timecode slot lasts 301.5 s, and the other channel layouts lie at half of it."""
    path = corpus / "aaf" / "libaaf" / "DR_Multichannel_stereo_single_source.aaf"
    mob, _ = composition(path)
    code = mob.get("Slots")[0]
    length = code.get("Segment").get("Length") / code.get("EditRate")
    claim = clip_claim(path)
    assert length == Fraction(603, 2)
    assert Fraction(*claim["start"]) + Fraction(*claim["duration"]) > length
    other = clip_claim(path.with_name("DR_Multichannel_5.1_single_source.aaf"))
    assert abs(Fraction(*claim["start"]) - 2 * Fraction(*other["start"])) < Fraction(1, 22050)
