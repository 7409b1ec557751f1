"""Every check of a timeline for an application: one file that breaks it, and the nearest that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from postsync import verbs
from postsync.delivery.checks import CHECKED, VERDICTS, severity
from postsync.delivery.checks.verdicts import PREPARED
from postsync.errors import UnknownOption
from postsync.finding_codes import AAF_CODES, DELIVERY_CODES, FCPXML_CODES, XMEML_CODES
from postsync.findings import SEVERITIES
from postsync.model import ClipFacts, Fade, MediaFacts, PlainMarker, TrackFacts
from postsync.timing import as_rate
from reels import CLOCK, Reel, cross_fade, make_sound, nest, play

Broken = Callable[[Path], tuple[Reel, Reel]]
"""Given a folder, a reel that breaks a rule and the nearest one that does not."""

THIRD = Fraction(1, 3)
RULES: dict[str, tuple[str, Broken]] = {}


def breaks(code: str, application: str = "pro-tools") -> Callable[[Broken], Broken]:
    def keep(made: Broken) -> Broken:
        RULES[code] = (application, made)
        return made

    return keep


def one(*clips, **about) -> Reel:
    return Reel(**about).track("DX", *clips)


# ----------------------------------------------------------------------------------------------------------------- media


@breaks("media-missing")
def _(at):
    there = make_sound(at / "12A.wav")
    return one(play(at / "gone.wav")), one(play(there))


@breaks("picture-missing", "resolve")
def _(at):
    sound, picture = make_sound(at / "12A.wav"), at / "12A.mov"
    picture.write_bytes(b"\0" * 64)
    reels = (one(play(sound)).track("V1", play(media), kind="Video") for media in (at / "gone.mov", picture))
    return next(reels), next(reels)


@breaks("media-unstated")
def _(at):
    return one(play(None)), one(play(make_sound(at / "12A.wav")))


@breaks("media-unreadable")
def _(at):
    broken = at / "b" / "12A.wav"
    broken.parent.mkdir()
    broken.write_bytes(b"RIFF\4\0\0\0WAVE")
    return one(play(broken)), one(play(make_sound(at / "12A.wav")))


@breaks("media-kind-not-taken")
def _(at):
    movie = at / "12A.mov"
    movie.write_bytes(b"\0" * 64)
    return one(play(movie)), one(play(make_sound(at / "12A.wav")))


@breaks("media-multichannel")
def _(at):
    facts, stated = ClipFacts(channels=(1,)), MediaFacts(name="poly.wav", channels=2, sample_rate=48_000, bits=24)
    return (
        one(play(make_sound(at / "poly.wav", channels=2), facts=facts, media=stated)),
        one(play(make_sound(at / "mono.wav"))),
    )


@breaks("media-disagrees")
def _(at):
    sound = make_sound(at / "12A.wav")
    wrong = MediaFacts(name="12A.wav", channels=1, sample_rate=44_100, bits=24)
    return one(play(sound, media=wrong)), one(play(sound, seconds=Fraction(10) + Fraction(1, 25)))


@breaks("media-name-twice")
def _(at):
    first, second, third = (make_sound(at / name) for name in ("a/T1.wav", "b/t1.WAV", "b/T2.wav"))
    return one(play(first), play(second, 3)), one(play(first), play(third, 3), play(first, 6))


@breaks("media-id-twice")
def _(at):
    def with_id(name, uid, place):
        sound = make_sound(at / name)
        return play(sound, place, media=MediaFacts(name=name, channels=1, sample_rate=48_000, bits=24, uid=uid))

    return one(with_id("a.wav", "7", 0), with_id("b.wav", "7", 3)), one(
        with_id("a.wav", "7", 0), with_id("b.wav", "8", 3)
    )


@breaks("media-beyond-end")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, length=3, source=8)), one(play(sound, length=2, source=8))


@breaks("media-unstamped")
def _(at):
    return (
        one(play(make_sound(at / "a.wav", stamp=0), stamp=0, source=3)),
        one(play(make_sound(at / "b.wav"))),
    )


@breaks("media-pulled")
def _(at):
    def speeds(true):
        said = f"<FILE_SAMPLE_RATE>48000</FILE_SAMPLE_RATE><DIGITIZER_SAMPLE_RATE>{true}</DIGITIZER_SAMPLE_RATE>"
        return f"<BWFXML><SPEED>{said}</SPEED></BWFXML>".encode()

    return (
        one(play(make_sound(at / "a.wav", ixml=speeds(48_048)))),
        one(play(make_sound(at / "b.wav", ixml=speeds(48_000)))),
    )


@breaks("sample-rate-not-taken")
def _(at):
    low, half = (MediaFacts(name="12A.wav", channels=1, sample_rate=rate, bits=24) for rate in (22_050, 44_100))
    return (
        one(play(make_sound(at / "a" / "12A.wav", rate=22_050), media=low)),
        one(play(make_sound(at / "b" / "12A.wav", rate=44_100), media=half)),
    )


@breaks("sample-rate-mixed")
def _(at):
    other = MediaFacts(name="b.wav", channels=1, sample_rate=96_000, bits=24)
    plain = play(make_sound(at / "a.wav"))
    return one(plain, play(make_sound(at / "b.wav", rate=96_000, seconds=2), 3, source=0, seconds=2, media=other)), one(
        plain
    )


@breaks("bits-not-taken", "media-composer")
def _(at):
    def deep(name, bits):
        return play(
            make_sound(at / name, bits=bits), media=MediaFacts(name=name, channels=1, sample_rate=48_000, bits=bits)
        )

    return one(deep("a.wav", 8)), one(deep("b.wav", 16))


@breaks("bits-mixed")
def _(at):
    stated = MediaFacts(name="b.wav", channels=1, sample_rate=48_000, bits=16)
    first, second = play(make_sound(at / "a.wav")), play(make_sound(at / "c.wav"), 3)
    odd = play(make_sound(at / "b.wav", bits=16), 6, media=stated)
    return one(first, second, odd), one(first, second)


@breaks("handles-none")
def _(at):
    short = [play(make_sound(at / f"{n}.wav", seconds=2), 3 * n, source=0, seconds=2) for n in range(6)]
    long = play(make_sound(at / "long.wav", seconds=4), 20, source=1, seconds=4)
    return one(*short), one(*short, long)


# ----------------------------------------------------------------------------------------------------------------- clips


@breaks("clip-nested")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(nest(play(sound))), one(play(sound))


@breaks("clip-multichannel")
def _(at):
    stated = MediaFacts(name="poly.wav", channels=2, sample_rate=48_000, bits=24)
    poly = make_sound(at / "poly.wav", channels=2)
    return one(play(poly, media=stated)), one(play(poly, media=stated, facts=ClipFacts(channels=(2,))))


@breaks("clip-retimed")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, facts=ClipFacts(speed=Fraction(3, 2)))), one(
        play(sound, facts=ClipFacts(speed=Fraction(25, 24)))
    )


@breaks("clip-off-speed")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, facts=ClipFacts(speed=Fraction(1000, 1001)))), one(
        play(sound, facts=ClipFacts(speed=Fraction(2)))
    )


@breaks("clip-off-frame", "media-composer")
def _(at):
    sound = make_sound(at / "12A.wav")
    # A sample beside the frame is on it: at 29.97 no frame begins on a whole sample.
    return one(play(sound, at=Fraction(1, 100))), one(play(sound, at=Fraction(48_001, 48_000)))


@breaks("clip-length-zero")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, length=0)), one(play(sound, length=Fraction(1, 24)))


@breaks("clip-flash")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, length=Fraction(1, 24))), one(play(sound, length=Fraction(2, 24)))


@breaks("clip-silenced")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, enabled=False), play(sound, 3, facts=ClipFacts(muted=True)), play(sound, 6)), one(
        play(sound)
    )


@breaks("clip-effect")
def _(at):
    sound = make_sound(at / "12A.wav")
    wet, dry = play(sound), play(sound)
    wet.item.metadata["aaf"] = {"effects": [{"class": "OperationGroup"}]}
    dry.item.metadata["aaf"] = {"attributes": {"_COMMENT": "no effect"}}
    return one(wet), one(dry)


@breaks("gain-high", "final-cut")
def _(at):
    sound = make_sound(at / "12A.wav")
    points = ((Fraction(0), 0.0), (Fraction(1), 12.5))
    return one(play(sound, facts=ClipFacts(gain_points=points))), one(play(sound, facts=ClipFacts(gain_db=12.0)))


@breaks("fade-longer-than-clip")
def _(at):
    sound = make_sound(at / "12A.wav")
    return (
        one(play(sound, facts=ClipFacts(fade_in=Fade(Fraction(5, 2))))),
        one(play(sound, facts=ClipFacts(fade_in=Fade(Fraction(2))))),
    )


@breaks("fades-overlap")
def _(at):
    sound = make_sound(at / "12A.wav")
    half, more = Fade(Fraction(1)), Fade(Fraction(9, 8))
    return (
        one(play(sound, facts=ClipFacts(fade_in=half, fade_out=more))),
        one(play(sound, facts=ClipFacts(fade_in=half, fade_out=half))),
    )


@breaks("fade-without-media")
def _(at):
    sound = make_sound(at / "12A.wav")
    return (
        one(play(sound, 0, 2, 8), play(sound, 2), (1, cross_fade(1, 1))),
        one(play(sound, 0, 2, 7), play(sound, 2), (1, cross_fade(1, 1))),
    )


@breaks("fade-at-nothing")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, at=2), (0, cross_fade(0, 1))), one(play(sound, at=2), (1, cross_fade(0, 1)))


# ---------------------------------------------------------------------------------------------------------------- tracks


@breaks("tracks-many", "media-composer")
def _(at):
    sound = make_sound(at / "12A.wav")
    reels = (Reel(), Reel())
    for reel, count in zip(reels, (65, 64), strict=True):
        for number in range(count):
            reel.track(f"A{number}", play(sound))
    return reels


@breaks("track-unnamed")
def _(at):
    sound = make_sound(at / "12A.wav")
    return Reel().track("", play(sound)), Reel().track("DX", play(sound))


@breaks("track-name-twice")
def _(at):
    sound = make_sound(at / "12A.wav")
    return (
        Reel().track("DX", play(sound)).track("dx", play(sound)),
        Reel().track("DX 1", play(sound)).track("DX 2", play(sound)),
    )


@breaks("track-empty")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound)).track("FX"), one(play(sound)).track("FX", play(sound, enabled=False))


@breaks("track-silenced")
def _(at):
    sound = make_sound(at / "12A.wav")
    return Reel().track("DX", play(sound), facts=TrackFacts(soloed=True)), Reel().track(
        "DX", play(sound), facts=TrackFacts()
    )


@breaks("pan-not-taken")
def _(at):
    sound = make_sound(at / "12A.wav")
    panned, lowered = TrackFacts(pan=-1.0), TrackFacts(gain_db=-3.0)
    return Reel().track("DX", play(sound), facts=panned), Reel().track("DX", play(sound), facts=lowered)


# ----------------------------------------------------------------------------------------------------------------- names


@breaks("name-long")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, name="x" * 65)), one(play(sound, name="я" * 64))


@breaks("name-missing")
def _(at):
    sound = make_sound(at / "12A.wav")
    stated = MediaFacts(channels=1, sample_rate=48_000, bits=24)
    return one(play(sound, name="", media=stated)), one(play(sound, name="12A", media=stated))


@breaks("name-character")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, name="12A\ttake 3")), one(play(sound, name="12A, take 3 – Юрий"))


@breaks("file-name-character")
def _(at):
    return one(play(make_sound(at / "12A: take 3?.wav"))), one(play(make_sound(at / "12A, take 3.wav")))


# ----------------------------------------------------------------------------------------------------------------- clock


@breaks("frame-rate-not-taken", "logic")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound), clock=replace(CLOCK, rate=as_rate("48"))), one(play(sound))


@breaks("drop-frame-not-taken", "final-cut")
def _(at):
    sound = make_sound(at / "12A.wav")
    return (
        one(play(sound), clock=replace(CLOCK, rate=as_rate("30", drop=True))),
        one(play(sound), clock=replace(CLOCK, rate=as_rate("29.97", drop=True))),
    )


@breaks("past-midnight")
def _(at):
    sound, day = make_sound(at / "12A.wav"), 24 * 3600 * 24
    return (
        one(play(sound), clock=replace(CLOCK, start_frame=day - 47)),
        one(play(sound), clock=replace(CLOCK, start_frame=day - 48)),
    )


@breaks("start-zero")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound), clock=replace(CLOCK, start_frame=0)), one(play(sound), clock=replace(CLOCK, start_frame=1))


@breaks("no-sound")
def _(at):
    sound = make_sound(at / "12A.wav")
    return one(play(sound, enabled=False)), one(play(sound, enabled=False), play(sound, 3))


# --------------------------------------------------------------------------------------------------------------- markers


@breaks("markers-many")
def _(at):
    sound = make_sound(at / "12A.wav")
    markers = [PlainMarker(Fraction(n, 1000), name=f"m{n}") for n in range(1000)]
    return one(play(sound), markers=markers), one(play(sound), markers=markers[:999])


@breaks("markers-on-one-frame", "resolve")
def _(at):
    sound = make_sound(at / "12A.wav")
    first, same, after = (PlainMarker(Fraction(n, 48), name="m") for n in (24, 25, 26))
    return one(play(sound), markers=[first, same]), one(play(sound), markers=[first, after])


@breaks("marker-outside")
def _(at):
    sound = make_sound(at / "12A.wav")
    outside, hidden = PlainMarker(Fraction(3), name="m"), PlainMarker(Fraction(3), name="m", visible=False)
    return one(play(sound), markers=[outside]), one(play(sound), markers=[hidden])


# -------------------------------------------------------------------------------------------------------------- the rule

ELSEWHERE = {"format-not-opened", "timelines-several", "media-embedded", "handles-short", "markers-not-taken"}
"""Codes with a test of their own below: their file is of a certain format, or something is asked."""


def codes(path: Path, application: str, **how) -> set[str]:
    return {found.code for found in verbs.check(path, application=application, **how).findings}


@pytest.mark.parametrize("code", RULES)
def test_a_reel_that_breaks_the_rule_is_found_with_place_and_remedy_and_the_nearest_other_is_not(code, tmp_path):
    application, made = RULES[code]
    wrong, right = made(tmp_path)
    everything = verbs.check(wrong.write(tmp_path / "wrong.otio"), application=application).findings
    found = [one for one in everything if one.code == code]
    assert found, {one.code for one in everything}
    assert code not in codes(right.write(tmp_path / "right.otio"), application)
    assert found[0].severity in SEVERITIES
    assert found[0].remedy
    assert "{" not in found[0].sentence() + found[0].remedy
    if code.startswith(("media-", "clip-", "fade")):
        assert found[0].where
        assert str(found[0].time).startswith("01:00:0")


def test_every_code_has_a_reel_that_breaks_it():
    assert set(RULES) | ELSEWHERE == set(DELIVERY_CODES)


def test_a_reel_that_is_right_gives_no_error_and_no_warning(tmp_path):
    reel = one(play(make_sound(tmp_path / "12A.wav")), play(make_sound(tmp_path / "12B.wav"), 3))
    for application, path in (
        ("resolve", reel.write(tmp_path / "r.otio")),
        ("pro-tools", reel.write(tmp_path / "r.aaf")),
    ):
        found = verbs.check(path, application=application, handles="4s").findings
        assert [one.sentence() for one in found if one.severity != "note"] == []


# --------------------------------------------------------------------------------------------------- what is asked for


def test_a_session_at_a_rate_that_the_application_does_not_take_is_no_rate_to_convert_to(tmp_path):
    low = MediaFacts(name="12A.wav", channels=1, sample_rate=32_000, bits=24)
    reel = one(play(make_sound(tmp_path / "12A.wav", rate=32_000), media=low))
    reel.clock = replace(reel.clock, sample_rate=32_000)
    found = verbs.check(reel.write(tmp_path / "r.otio"), application="pro-tools").findings
    (rate,) = [one for one in found if one.code == "sample-rate-not-taken"]
    assert rate.facts["session"] == "32000"
    assert rate.remedy == "convert it to 48000 Hz"


def test_handles_are_measured_against_what_was_asked_for(tmp_path):
    sound = make_sound(tmp_path / "12A.wav")
    path = one(play(sound, source=4), play(sound, 3, source=2)).write(tmp_path / "r.otio")
    (found,) = [
        one for one in verbs.check(path, application="pro-tools", handles="4s").findings if one.code == "handles-short"
    ]
    assert found.facts == {"head": "2", "tail": "6", "asked": "4"}
    assert found.time == "01:00:03:00"
    assert "handles-short" not in codes(path, "pro-tools", handles="2s")
    assert "handles-short" not in codes(path, "pro-tools")


def test_handles_in_frames_are_those_of_the_timeline(tmp_path):
    path = one(play(make_sound(tmp_path / "12A.wav"), source=1)).write(tmp_path / "r.otio")
    assert "handles-short" in codes(path, "pro-tools", handles="25f")
    assert "handles-short" not in codes(path, "pro-tools", handles="24f")


def test_media_are_looked_for_in_every_folder_given(tmp_path):
    make_sound(tmp_path / "one" / "12A.wav")
    make_sound(tmp_path / "two" / "12B.wav")
    path = one(play("file:///D:/Sound/12A.wav"), play("file:///D:/Sound/12B.wav", 3)).write(tmp_path / "cut" / "r.otio")
    missing = [found for found in verbs.check(path, application="pro-tools").findings if found.code == "media-missing"]
    assert [found.facts["media"] for found in missing] == ["12A.wav", "12B.wav"]
    folders = [tmp_path / "one", tmp_path / "two"]
    assert "media-missing" not in codes(path, "pro-tools", search=folders)


# ------------------------------------------------------------------------------------------------- what the file is


def test_a_format_that_the_application_does_not_open_is_said_and_what_a_turnover_settles_is_a_note(tmp_path):
    stated = MediaFacts(name="poly.wav", channels=2, sample_rate=48_000, bits=24)
    reel = one(play(make_sound(tmp_path / "poly.wav", channels=2), media=stated))
    there = verbs.check(reel.write(tmp_path / "r.otio"), application="pro-tools").findings
    assert {one.code: one.severity for one in there} == {
        "format-not-opened": "warning", "media-multichannel": "note", "clip-multichannel": "note",
    }  # fmt: skip
    direct = verbs.check(reel.write(tmp_path / "r.aaf"), application="pro-tools").findings
    assert {one.code: one.severity for one in direct if one.severity == "error"} == {"media-multichannel": "error"}


def test_embedded_sound_is_a_warning_for_nuendo_alone(tmp_path):
    reel = one(play(make_sound(tmp_path / "12A.wav")))
    embedded = reel.write(tmp_path / "in.aaf", options={"media": "embed"})
    linked = reel.write(tmp_path / "out.aaf")
    found = {application: {one.code: one.severity for one in verbs.check(embedded, application=application).findings}
             for application in ("nuendo", "pro-tools")}  # fmt: skip
    assert found["nuendo"]["media-embedded"] == "warning"
    assert found["pro-tools"]["media-embedded"] == "note"
    assert "media-embedded" not in codes(linked, "nuendo")


def test_several_timelines_in_one_file_are_each_checked_and_said_once(tmp_path, corpus):
    path = corpus / "aaf" / "otio" / "multiple_top_level_mobs.aaf"
    found = verbs.check(path, application="pro-tools").findings
    (several,) = [one for one in found if one.code == "timelines-several"]
    assert several.severity == "error"
    first = several.facts["names"].split("'")[1]
    alone = verbs.check(path, application="pro-tools", timeline=first).findings
    assert len(alone) < len(found)
    assert "timelines-several" in {one.code for one in alone}
    assert "timelines-several" not in codes(corpus / "aaf" / "otio" / "simple.aaf", "pro-tools")


def test_markers_that_the_application_leaves_behind_are_said(tmp_path):
    reel = one(play(make_sound(tmp_path / "12A.wav")), markers=[PlainMarker(Fraction(1), name="R101 ROBIN")])
    path = reel.write(tmp_path / "r.aaf")
    assert "markers-not-taken" in codes(path, "logic")
    assert "markers-not-taken" not in codes(path, "pro-tools")


def test_an_application_without_checks_is_refused_by_name(tmp_path):
    path = one(play(make_sound(tmp_path / "12A.wav"))).write(tmp_path / "r.otio")
    with pytest.raises(UnknownOption, match=r"reaper.*there are: pro-tools"):
        verbs.check(path, application="reaper")


# --------------------------------------------------------------------------------------------------------- the tables


def test_every_code_has_a_verdict_of_every_application_and_the_worst_is_that_of_its_row():
    for table in (DELIVERY_CODES, AAF_CODES, FCPXML_CODES, XMEML_CODES):
        for code, row in table.items():
            verdicts = {severity(code, application) for application in CHECKED} - {None}
            assert len(VERDICTS[code]) == len(CHECKED), code
            assert min(verdicts, key=SEVERITIES.index) == row.severity, code
    assert set(VERDICTS) == {*DELIVERY_CODES, *AAF_CODES, *FCPXML_CODES, *XMEML_CODES}
    assert set(VERDICTS) >= PREPARED
