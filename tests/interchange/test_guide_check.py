"""`check --guide`: what lies off is said with its amount, what lies right raises no alarm, what is unsure is not said."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from guide_reels import RATE, GuideReel, pop, usual_reel, voice, write_mono
from postsync import verbs
from postsync.cli import main
from postsync.finding_codes import GUIDE_CODES
from postsync.model import ClipFacts, Fade
from postsync.sound import write_wav
from postsync.sound.same_recording import at_speed


def found(path, guide, **how):
    checked = verbs.check(path, guides=[guide], **how)
    return {one.code: one for one in checked.findings}, checked


def shifted(reel, samples):
    """The mix with everything so many samples late, stamped as if it were not."""
    guide = np.concatenate([np.zeros(max(samples, 0), np.float32), reel.guide[max(-samples, 0) :]])
    return write_mono(reel.folder / "off.wav", guide, stamp=3600 * RATE if reel.start[1] == "1" else (3600 - 8) * RATE)


def test_a_right_reel_raises_no_alarm_and_every_clip_is_in_place(tmp_path):
    reel = usual_reel(tmp_path)
    codes, checked = found(reel.write(), reel.write_guide())
    assert set(codes) == {"guide-compared", "pop-none"}
    assert codes["guide-compared"].facts["right"] == "4"
    assert np.all([clip["offset_samples"] == 0 for clip in checked.to_json()["guides"][0]["clips"]])


# --------------------------------------------------------------------------------------------------------------- the whole


@pytest.mark.parametrize("samples", [1, -480, 10_000, -96_000])
def test_a_guide_that_lies_off_by_samples_or_frames_is_said_once_with_the_amount(samples, tmp_path):
    reel = usual_reel(tmp_path)
    codes, checked = found(reel.write(), shifted(reel, samples))
    assert "clip-off-guide" not in codes
    assert codes["guide-offset"].facts["samples"] == str(-samples)
    assert codes["guide-offset"].facts["side"] == ("early" if samples > 0 else "late")
    assert checked.guides[0].alignment.offset == samples


@pytest.mark.parametrize(
    ("frames", "severity"), [(0.4, "note"), (0.9, "warning"), (1.2, "error"), (-1.2, "warning"), (-1.6, "error")]
)
def test_late_is_forgiven_more_than_early(frames, severity, tmp_path):
    reel = usual_reel(tmp_path)
    codes, _ = found(reel.write(), shifted(reel, round(frames * 2000)))
    assert codes["guide-offset"].severity == severity


def test_a_stamped_guide_with_a_leader_is_laid_by_its_stamp(tmp_path):
    reel = usual_reel(tmp_path)
    codes, _ = found(reel.write(), reel.write_guide(lead=8 * RATE + 17))
    assert set(codes) == {"guide-compared", "pop-none"}


def test_a_guide_without_a_stamp_that_begins_elsewhere_is_a_warning_with_the_amount(tmp_path):
    reel = usual_reel(tmp_path)
    codes, _ = found(reel.write(), reel.write_guide(lead=8 * RATE, stamped=False))
    assert (codes["guide-starts-elsewhere"].severity, codes["guide-starts-elsewhere"].facts["samples"]) == (
        "warning", str(-8 * RATE),
    )  # fmt: skip
    assert codes["guide-compared"].facts["right"] == "4"


def test_a_guide_that_begins_a_minute_and_more_into_the_reel_is_found(tmp_path):
    reel = usual_reel(tmp_path, 22)
    _, checked = found(reel.write(), reel.write_guide(lead=-100 * RATE, stamped=False))
    assert checked.guides[0].alignment.offset == -100 * RATE
    assert {one.offset for one in checked.guides[0].measurements if one.compared} == {0}


def test_without_a_stamp_a_guide_named_for_a_reel_is_laid_at_its_start(tmp_path):
    (tmp_path / "postsync.toml").write_text('[[reels]]\nname = "R2"\nstart = "01:00:10:00"\n')
    reel = usual_reel(tmp_path)
    codes, checked = found(reel.write(), reel.write_guide(lead=-10 * RATE, stamped=False, name="Show R2 mix.wav"))
    assert checked.guides[0].how == "the start of its reel"
    assert "guide-starts-elsewhere" not in codes


def test_a_guide_that_was_pulled_down_is_said_with_its_speed(tmp_path):
    reel = usual_reel(tmp_path)
    reel.guide = at_speed(reel.guide, Fraction(1000, 1001))
    codes, _ = found(reel.write(), reel.write_guide())
    assert (codes["guide-speed"].facts["ratio"], codes["guide-speed"].facts["side"]) == ("1000/1001", "slow")
    assert "clip-off-guide" not in codes
    assert codes["guide-compared"].facts["compared"] == "4"


def test_a_guide_of_turned_polarity_is_said_once(tmp_path):
    reel = usual_reel(tmp_path)
    codes, _ = found(reel.write(), reel.write_guide(gain=-0.5))
    assert "guide-inverted" in codes
    assert "clip-inverted" not in codes


def test_a_guide_of_another_reel_is_an_error_and_no_clip_is_blamed(tmp_path):
    reel, other = usual_reel(tmp_path), usual_reel(tmp_path / "other")
    other.guide = np.concatenate([voice(900 + number, 5) for number in range(8)])
    codes, _ = found(reel.write(), other.write_guide())
    assert codes["guide-unlike"].severity == "error"
    assert not {code for code in codes if code.startswith("clip-")}


def test_a_guide_whose_channels_cancel_each_other_is_said_and_compared_by_one_of_them(tmp_path):
    reel = usual_reel(tmp_path)
    guide = tmp_path / "mix.wav"
    pair = np.stack([reel.guide, -reel.guide], axis=1).astype("<f4").tobytes()
    with guide.open("wb") as file:
        write_wav(
            file, sample_rate=RATE, bits=32, blocks=[pair], length_samples=len(reel.guide), float_samples=True, channels=2
        )  # fmt: skip
    codes, _ = found(reel.write(), guide)
    assert codes["guide-channels-cancel"].facts["channel"] == "1"
    assert codes["guide-compared"].facts["right"] == "4"


def test_a_guide_of_floats_that_are_no_numbers_here_and_there_is_compared_all_the_same(tmp_path):
    reel = usual_reel(tmp_path)
    sound = reel.guide.copy()
    sound[7::50_000] = np.nan
    sound[9::70_000] = np.inf
    guide = tmp_path / "mix.wav"
    with guide.open("wb") as file:
        write_wav(
            file, sample_rate=RATE, bits=32, blocks=[sound.astype("<f4").tobytes()], length_samples=len(sound),
            float_samples=True,
        )  # fmt: skip
    codes, _ = found(reel.write(), guide)
    assert codes["guide-compared"].facts["right"] == "4"


def test_silence_is_compared_with_nothing(tmp_path):
    reel = usual_reel(tmp_path)
    reel.guide[:] = 0
    codes, _ = found(reel.write(), reel.write_guide())
    assert set(codes) == {"guide-unlike", "pop-none"}


# ----------------------------------------------------------------------------------------------------------- clip by clip


@pytest.mark.parametrize("samples", [5, 96, -2000, 24_000, 300_000])
def test_one_clip_that_lies_off_is_named_with_the_amount(samples, tmp_path):
    reel = usual_reel(tmp_path, 8).add("moved", voice(50, 6), 35.5, track="FX", shift=samples)
    codes, _ = found(reel.write(), reel.write_guide())
    assert "guide-offset" not in codes
    assert (codes["clip-off-guide"].where, codes["clip-off-guide"].facts["samples"]) == ("FX / moved", str(-samples))
    assert codes["guide-compared"].facts["right"] == "8"


def test_a_clip_of_the_wrong_take_is_not_in_the_guide(tmp_path):
    reel = usual_reel(tmp_path).add("12B-2", voice(60, 4), 34, track="FX", heard=voice(61, 4))
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["clip-not-in-guide"].where == "FX / 12B-2"


def test_a_clip_that_was_slipped_inside_its_file_is_off_by_the_slip(tmp_path):
    reel = usual_reel(tmp_path)
    sound = voice(60, 8)
    reel.add("slipped", sound, 34, track="FX", source=2, length=4, heard=np.roll(sound, RATE // 2))
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["clip-off-guide"].facts["samples"] == str(-RATE // 2)


def test_a_clip_at_a_pulled_rate_is_said_with_its_speed(tmp_path):
    sound = voice(70, 6)
    reel = usual_reel(tmp_path).add("pulled", sound, 34, track="FX", heard=at_speed(sound, Fraction(1001, 1000)))
    codes, _ = found(reel.write(), reel.write_guide())
    assert (codes["clip-speed-guide"].where, codes["clip-speed-guide"].facts["ratio"]) == ("FX / pulled", "1001/1000")


def test_a_clip_of_turned_polarity_is_named(tmp_path):
    reel = usual_reel(tmp_path).add("lav", voice(80, 4), 34, track="FX", level=-1.0)
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["clip-inverted"].where == "FX / lav"


def test_a_recorder_whose_clock_ran_free_drifts_and_is_measured_over_its_length(tmp_path):
    sound = voice(90, 60)
    drifted = at_speed(sound, Fraction(99_999, 100_000))
    reel = usual_reel(tmp_path, 12).add("free", sound, 4, track="FX", heard=drifted)
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["clip-drifts"].where == "FX / free"
    assert abs(int(codes["clip-drifts"].facts["parts"]) - 10) <= 2


def test_a_clip_under_louder_ones_is_found_in_place_or_not_judged(tmp_path):
    reel = usual_reel(tmp_path)
    reel.add("music", voice(95, 36), 2, track="MX", level=1.0)
    reel.add("whisper", 0.01 * voice(96, 4), 34, track="FX")
    codes, _ = found(reel.write(), reel.write_guide())
    assert not {"clip-not-in-guide", "clip-off-guide"} & set(codes)


def test_a_loop_is_in_place_wherever_else_it_sounds_the_same(tmp_path):
    reel = usual_reel(tmp_path)
    room = voice(97, 1)
    for number in range(8):
        reel.add("room", room, 30 + number, track="RT")
    codes, _ = found(reel.write(), reel.write_guide())
    assert set(codes) <= {"guide-compared", "pop-none", "guide-not-compared"}


def test_steady_music_raises_no_alarm(tmp_path):
    times = np.arange(30 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * tone * times) * (np.sin(np.pi * times * 2) ** 8) for tone in (220, 277.2, 329.6))
    reel = usual_reel(tmp_path).add("music", (0.1 * chord).astype(np.float32), 3, track="MX")
    codes, _ = found(reel.write(), reel.write_guide())
    assert set(codes) <= {"guide-compared", "pop-none", "guide-not-compared"}


def test_levels_and_fades_do_not_move_a_clip(tmp_path):
    sound = voice(98, 6)
    heard = sound * np.concatenate([np.linspace(0, 0.25, 2 * RATE), np.full(4 * RATE, 0.25)]).astype(np.float32)
    facts = ClipFacts(gain_db=-12.0, fade_in=Fade(Fraction(2)))
    reel = usual_reel(tmp_path).add("faded", sound, 32, track="FX", heard=heard, facts=facts)
    codes, _ = found(reel.write(), reel.write_guide())
    assert set(codes) == {"guide-compared", "pop-none"}


def test_what_only_the_guide_has_is_named_with_its_place(tmp_path):
    reel = usual_reel(tmp_path).mix(voice(99, 3), 35 * RATE)
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["guide-sound-without-clip"].time.startswith(("01:00:35:", "01:00:36:"))


# ---------------------------------------------------------------------------------------------------------------- not at hand


def test_what_is_missing_is_counted_and_the_rest_compared(tmp_path):
    reel = usual_reel(tmp_path).add("gone", voice(100, 4), 34, track="FX", missing=True)
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["guide-not-compared"].facts["why"] == "its media are not at hand"
    assert (codes["guide-compared"].facts["compared"], codes["guide-compared"].facts["right"]) == ("4", "4")
    assert "clip-not-in-guide" not in codes


def test_a_clip_is_not_called_absent_where_something_else_could_not_be_listened_to(tmp_path):
    reel = usual_reel(tmp_path).add("gone", voice(101, 4), 34, track="A", missing=True)
    reel.add("12B-2", voice(60, 4), 34, track="FX", heard=voice(61, 4))
    codes, _ = found(reel.write(), reel.write_guide())
    assert "clip-not-in-guide" not in codes


def test_retimed_and_muted_clips_are_left_and_counted(tmp_path):
    reel = usual_reel(tmp_path)
    reel.add("slow", voice(102, 4), 34, track="A", facts=ClipFacts(speed=Fraction(1, 2)), level=0)
    reel.add("muted", voice(103, 4), 34, track="B", facts=ClipFacts(muted=True), level=0)
    _, checked = found(reel.write(), reel.write_guide())
    why = {one.facts["why"] for one in checked.findings if one.code == "guide-not-compared"}
    assert why == {"it plays at another speed", "it is muted or disabled"}


def test_media_are_looked_for_below_the_folders_given(tmp_path):
    reel = usual_reel(tmp_path / "cut")
    path, guide = reel.write(), reel.write_guide()
    (tmp_path / "cut" / "sound").rename(tmp_path / "elsewhere")
    assert "guide-compared" not in found(path, guide)[0]
    assert found(path, guide, search=[tmp_path / "elsewhere"])[0]["guide-compared"].facts["right"] == "4"


def test_sound_inside_an_aaf_is_listened_to(tmp_path):
    reel = usual_reel(tmp_path)
    turned = verbs.turnover(reel.write(), tmp_path / "out", media="embed", date="2026-01-01")
    aaf = next(one.path for one in turned.files if one.path.suffix == ".aaf")
    for path in (tmp_path / "sound").iterdir():
        path.unlink()
    codes, _ = found(aaf, reel.write_guide())
    assert (codes["guide-compared"].facts["compared"], codes["guide-compared"].facts["right"]) == ("4", "4")


def test_media_at_another_sample_rate_are_in_place(tmp_path):
    reel = usual_reel(tmp_path)
    for path in (tmp_path / "sound").iterdir():
        number = int(path.stem.rsplit("-", 1)[1])
        write_mono(path, at_speed(voice(number, 5), Fraction(48_000, 44_100)), rate=44_100)
    codes, _ = found(reel.write(), reel.write_guide())
    assert codes["guide-compared"].facts["right"] == "4"


# ----------------------------------------------------------------------------------------------------------------------- pops

REELS = '[[reels]]\nname = "R1"\nstart = "00:59:52:00"\nffoa = "01:00:00:00"\nlfoa = "01:00:39:23"\n'


def reel_with_pops(folder: Path, *, guide_late: int = 0, guide: bool = True, timeline: bool = True, at: float = 6.0):
    """A reel that begins with eight seconds of leader; two-pop at 00:59:58:00, tail pop two seconds behind the action."""
    folder.mkdir(exist_ok=True)
    (folder / "postsync.toml").write_text(REELS)
    reel = GuideReel(folder, seconds=56, start="00:59:52:00")
    for number in range(6):
        reel.add(f"12A-{number}", voice(number, 5), 6 * number + 9, source=1.0, length=3.0)
    for name, place in (("2pop", at), ("tail", 50.0)):
        if timeline:
            reel.add(name, pop(), place, track="POP", level=0.0)
        if guide:
            reel.mix(pop(), round(place * RATE) + guide_late)
    return reel


def test_pops_where_they_belong_raise_no_alarm(tmp_path):
    reel = reel_with_pops(tmp_path)
    codes, checked = found(reel.write(), reel.write_guide())
    assert set(codes) <= {"guide-compared", "guide-not-compared"}
    assert [(one.guide, one.timeline, one.expected) for one in checked.guides[0].pops] == [
        (6, 6, 6),
        (50, 50, Fraction(1199, 24)),
    ]


def test_a_tail_pop_counted_from_the_end_of_the_last_frame_is_right_too(tmp_path):
    assert 50 == 8 + 40 + 2  # LFOA 01:00:39:23 ends 48 s into the reel: here the pop is counted from its end.
    reel = reel_with_pops(tmp_path)
    (tmp_path / "postsync.toml").write_text(REELS.replace("39:23", "40:00"))
    assert "pop-off-reel" not in found(reel.write(), reel.write_guide())[0]


def test_a_reel_that_begins_with_its_pop_is_right(tmp_path):
    (tmp_path / "postsync.toml").write_text(REELS.replace("00:59:52", "00:59:58"))
    reel = GuideReel(tmp_path, seconds=50, start="00:59:58:00")
    for number in range(6):
        reel.add(f"12A-{number}", voice(number, 5), 6 * number + 3, source=1.0, length=3.0)
    reel.add("2pop", pop(), 0, track="POP")
    codes, checked = found(reel.write(), reel.write_guide())
    assert "pop-off-reel" not in codes
    assert checked.guides[0].pops[0].guide == checked.guides[0].pops[0].timeline == 0


def test_a_pop_that_lies_off_against_the_guide_is_named_with_the_amount(tmp_path):
    reel = reel_with_pops(tmp_path, guide_late=4000)
    checked = verbs.check(reel.write(), guides=[reel.write_guide()])
    off = [one for one in checked.findings if one.code == "pop-off"]
    assert [(one.facts["pop"], one.facts["samples"]) for one in off] == [
        ("a two-pop", "-4000"),
        ("a tail pop", "-4000"),
    ]


def test_a_pop_that_is_not_two_seconds_before_the_action_is_an_error(tmp_path):
    reel = reel_with_pops(tmp_path, at=6.5)
    checked = verbs.check(reel.write(), guides=[reel.write_guide()])
    off = [one for one in checked.findings if one.code == "pop-off-reel" and one.facts["pop"] == "a two-pop"]
    assert {(one.facts["samples"], one.severity) for one in off} == {("24000", "error")}
    assert len(off) == 2


@pytest.mark.parametrize(
    ("guide", "timeline", "code"), [(True, False, "pop-in-guide-only"), (False, True, "pop-in-timeline-only")]
)
def test_a_pop_that_only_one_of_the_two_has_is_named(guide, timeline, code, tmp_path):
    reel = reel_with_pops(tmp_path, guide=guide, timeline=timeline)
    assert code in found(reel.write(), reel.write_guide())[0]


def test_where_nothing_else_can_be_measured_the_pops_lay_the_guide(tmp_path):
    reel = reel_with_pops(tmp_path)
    for path in (tmp_path / "sound").glob("12A*"):
        path.unlink()
    codes, checked = found(reel.write(), shifted(reel, 2000))
    assert checked.guides[0].alignment.by_pops
    assert codes["guide-offset"].facts["samples"] == "-2000"


def test_without_a_reel_table_a_pop_counts_only_before_the_programme(tmp_path):
    reel = usual_reel(tmp_path).mix(pop(), round(21.5 * RATE))  # A telephone between two lines.
    _, checked = found(reel.write(), reel.write_guide())
    assert checked.guides[0].pops[0].guide is None


# -------------------------------------------------------------------------------------------------------------- the command


def test_the_command_measures_several_guides_and_exits_with_1_when_one_is_off(tmp_path):
    reel = usual_reel(tmp_path)
    path, right, wrong = reel.write(), reel.write_guide(name="a.wav"), shifted(reel, 9600)
    assert CliRunner().invoke(main, ["check", str(path), "--guide", str(right)]).exit_code == 0
    done = CliRunner().invoke(main, ["check", str(path), "--guide", str(right), "--guide", str(wrong), "--json"])
    assert done.exit_code == 1
    measured = json.loads(done.stdout)["guides"]
    assert [(Path(one["file"]).name, one["offset_samples"]) for one in measured] == [("a.wav", 0), ("off.wav", -9600)]


def test_a_guide_that_is_no_sound_is_refused_in_one_sentence(tmp_path):
    reel = usual_reel(tmp_path)
    guide = tmp_path / "mix.wav"
    guide.write_bytes(b"not sound")
    done = CliRunner().invoke(main, ["check", str(reel.write()), "--guide", str(guide)])
    assert done.exit_code == 5
    assert "mix.wav" in done.stderr
    assert "Traceback" not in done.output


def test_a_movie_is_a_guide_and_its_timecode_lays_it(tmp_path):
    av = pytest.importorskip("av")
    reel = usual_reel(tmp_path)
    path = tmp_path / "R1.mov"
    with av.open(str(path), "w") as movie:
        stream = movie.add_stream("pcm_s24le", rate=RATE)
        stream.layout = "mono"
        whole = np.rint(reel.guide * (2**31 - 1)).astype(np.int32)[None, :]
        frame = av.AudioFrame.from_ndarray(whole, format="s32", layout="mono")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            movie.mux(packet)
    codes, _ = found(reel.write(), path)
    assert codes["guide-compared"].facts["right"] == "4"


def test_every_code_of_guides_is_met_in_these_tests():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in GUIDE_CODES if f'"{code}"' not in text] == []
