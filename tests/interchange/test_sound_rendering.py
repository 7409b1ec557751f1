"""Sound of picture and compressed files lands on the right sample, in the right channel, with the file's own stamp."""

from __future__ import annotations

import hashlib
import random
import struct
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from made_media import sample_values
from made_movies import KINDS, PICTURE_RATES, Edit, ToneFile, encode, made_timeline, make_encoded, make_movie
from null_test import encoded, movie, null_test
from postsync import demo as packaged
from postsync import verbs
from postsync.errors import MediaError, MissingLibrary
from postsync.sound import RenderedSound, read_facts
from postsync.sound.rendering.mxf_header import MxfHeader, mxf_header
from postsync.sound.rendering.resampling import resampled
from postsync.timing import as_rate

SESSION = 48000


def heard(sound, channel, start, count):
    raw = np.frombuffer(b"".join(sound.blocks(channel, start, count)), np.uint8).reshape(-1, 3)
    wide = np.zeros((len(raw), 4), np.uint8)
    wide[:, 1:] = raw
    return wide.view("<i4")[:, 0] >> 8


def avid_header(*, frame, fps, position):
    """An MXF header by hand: material from 0, essence of 48 kHz from a place on a tape that has timecode."""

    def instance(number):
        return bytes(15) + bytes([number])

    def local_set(kind, number, **tags):
        body = {"x3c0a": instance(number), **tags}
        content = b"".join(
            struct.pack(">HH", int(tag[1:], 16), len(value)) + value for tag, value in body.items()
        )  # fmt: skip
        key = bytes.fromhex("060e2b34025301010d0101010101") + bytes([kind, 0])
        return key + b"\x83" + len(content).to_bytes(3, "big") + content

    def batch(number):
        return struct.pack(">II", 1, 16) + instance(number)

    def timecode(number, start):
        return local_set(0x14, number, x1501=struct.pack(">q", start), x1502=struct.pack(">H", fps), x1503=b"\0")

    umids = {name: letter * 32 for name, letter in (("material", b"\xaa"), ("file", b"\xbb"), ("tape", b"\xcc"))}
    rate, samples = struct.pack(">II", fps, 1), struct.pack(">II", 48000, 1)
    name = "TAPE 1".encode("utf-16-be")
    return b"".join([
        local_set(0x36, 1, x4401=umids["material"], x4403=batch(2)),
        local_set(0x3B, 2, x4b01=rate, x4803=instance(3)),
        timecode(3, 0),
        local_set(0x37, 4, x4401=umids["file"], x4403=batch(5)),
        local_set(0x3B, 5, x4b01=samples, x4803=instance(6)),
        local_set(0x0F, 6, x1001=batch(7)),
        local_set(0x11, 7, x1101=umids["tape"], x1201=struct.pack(">q", position)),
        local_set(0x37, 8, x4401=umids["tape"], x4402=name, x4403=batch(9)),
        local_set(0x3B, 9, x4b01=rate, x4803=instance(10)),
        timecode(10, frame),
    ])  # fmt: skip


CASES = [
    (name, kind.rates[index // 2 % len(kind.rates)], PICTURE_RATES[index % 5])
    for index, (name, kind) in enumerate(KINDS.items())
]
"""Every kind at one rate of sound; `python benchmarks/rendering.py` crosses all rates with every rate of picture."""


@pytest.mark.parametrize(("name", "sample_rate", "picture"), CASES)
def test_the_right_sample_of_every_kind_of_file_sounds(tmp_path, name, sample_rate, picture):
    source = made_timeline(tmp_path / "made.otio", picture, KINDS[name].suffix)
    outcome = null_test(source, tmp_path, maker=encoded(KINDS[name], sample_rate, picture))
    assert (outcome.right, outcome.faults) == (outcome.clips, [])
    assert outcome.clips == 6


APPLICATIONS = [
    ("mov", 44100, 0, "media-composer", "native", "copy"),
    ("mxf", 48000, 3, "resolve", "native", "embed"),
    ("mov of mono tracks", 48000, 1, "media-composer", "mono", "embed"),
    ("flac", 44100, 3, "media-composer", "mono", "copy"),
]


@pytest.mark.parametrize(("name", "sample_rate", "rate", "profile", "channels", "mode"), APPLICATIONS)
def test_sound_of_movies_is_right_for_every_application(tmp_path, name, sample_rate, rate, profile, channels, mode):
    picture = PICTURE_RATES[rate]
    source = made_timeline(tmp_path / "made.otio", picture, KINDS[name].suffix)
    outcome = null_test(
        source,
        tmp_path,
        maker=encoded(KINDS[name], sample_rate, picture),
        profile=profile,
        channels=channels,
        mode=mode,
    )
    assert (outcome.right, outcome.faults) == (outcome.clips, [])
    assert outcome.clips == 6


@pytest.mark.parametrize("mode", ["copy", "embed"])
def test_a_real_timeline_sounds_right_from_movies(corpus, tmp_path, mode):
    outcome = null_test(corpus / "fcpxml" / "24With25Media.fcpxml", tmp_path, mode=mode, maker=movie)
    assert (outcome.right, outcome.faults) == (outcome.clips, [])
    assert outcome.clips > 0


class TestPlaces:
    def test_any_range_is_the_same_whatever_was_asked_before(self, tmp_path):
        made = make_encoded(
            tmp_path / "a.mxf", 3, KINDS["mxf"], channels=3, sample_rate=SESSION, length=SESSION * 6,
            session=SESSION, picture=Fraction(30000, 1001),
        )  # fmt: skip
        sound, chance = RenderedSound.of(made.path, SESSION), random.Random(1)
        for _ in range(40):
            channel, start, count = chance.randint(1, 3), chance.randrange(SESSION * 5), chance.randrange(1, 9000)
            assert np.array_equal(heard(sound, channel, start, count), sample_values(3, channel, start, count))
        sound.close()

    def test_outside_the_file_there_is_silence(self, tmp_path):
        made = make_movie(tmp_path / "a.mov", 1, length=1000, used=[(0, 1000)])
        assert list(np.nonzero(heard(RenderedSound.of(made.path, SESSION), 1, -10, 1020) == 0)[0])[:10] == [*range(10)]
        assert not heard(RenderedSound.of(made.path, SESSION), 1, 1000, 50).any()

    def test_every_edit_of_a_movie_is_laid_where_it_plays(self, tmp_path):
        edits = [Edit(1001, -1), Edit(5003, 777), Edit(300, -1), Edit(30001, 5000), Edit(2000, 200)]
        made = make_movie(tmp_path / "a.mov", 8, tracks=(1, 2), length=90000, used=[(0, 90000)], edits=edits)
        sound = RenderedSound.of(made.path, SESSION)
        parts = [
            np.zeros(edit.duration, int) if edit.media_time < 0 else sample_values(8, 3, edit.media_time, edit.duration)
            for edit in edits
        ]
        expected = np.concatenate(parts)
        assert sound.facts.length_samples == len(expected)
        assert np.array_equal(heard(sound, 3, 0, len(expected)), expected)
        assert np.array_equal(heard(sound, 3, 6000, 500), expected[6000:6500])

    def test_channels_are_counted_over_all_tracks(self, tmp_path):
        made = make_movie(tmp_path / "a.mov", 5, tracks=(1, 2, 4), length=2000, used=[(0, 2000)])
        sound = RenderedSound.of(made.path, SESSION)
        assert sound.facts.channels == 7
        for channel in range(1, 8):
            assert np.array_equal(heard(sound, channel, 0, 2000), sample_values(5, channel, 0, 2000))

    @pytest.mark.parametrize("name", ["mp4 aac", "mp3"])
    def test_the_priming_of_an_encoder_is_taken_off(self, tmp_path, name):
        def noise(channel, start, count):
            return sample_values(1, channel, start, count) >> 2

        length = SESSION * 2
        path = encode(tmp_path / "a", KINDS[name], noise, channels=2, sample_rate=SESSION, length=length)
        sound = RenderedSound.of(path, SESSION)
        for channel, start in ((1, 0), (2, 30000), (1, 50001)):
            got, want = heard(sound, channel, start, 16384), noise(channel, start, 16384)
            spectrum = np.fft.rfft(got, 65536) * np.conj(np.fft.rfft(want, 65536))
            assert int(np.argmax(np.fft.irfft(spectrum))) == 0


class TestRates:
    @pytest.mark.parametrize("rate", [22050, 32000, 44056, 44100, 47952, 47999, 48048, 88200, 96000, 192000])
    def test_another_rate_moves_no_sample(self, rate):
        tones = ToneFile(Path(), 2, 1, rate, rate)

        def source(start, count):
            yield tones.tone(1, np.arange(start, start + count) / rate)

        start, count = 12345, 7000
        got = np.concatenate(list(resampled(source, start, count, Fraction(SESSION, rate))))
        want = tones.tone(1, np.arange(start, start + count) / SESSION)
        assert np.max(np.abs(got - want)) < 2**23 * 10 ** (-100 / 20)

    def test_any_stretch_of_a_changed_rate_is_the_same_as_of_the_whole(self):
        noise = np.random.default_rng(1).standard_normal(40000)

        def source(start, count):
            inside = np.arange(start, start + count)
            yield np.where((inside >= 0) & (inside < 40000), noise[np.clip(inside, 0, 39999)], 0)

        whole = np.concatenate(list(resampled(source, 0, 43000, Fraction(160, 147))))
        part = np.concatenate(list(resampled(source, 20011, 999, Fraction(160, 147))))
        assert np.allclose(whole[20011 : 20011 + 999], part, rtol=0, atol=1e-9)

    def test_a_file_of_the_sessions_rate_is_never_resampled(self, tmp_path):
        made = make_movie(tmp_path / "a.mov", 1, sample_rate=44100, length=5000, used=[(0, 5000)])
        assert np.array_equal(heard(RenderedSound.of(made.path, 44100), 1, 0, 5000), sample_values(1, 1, 0, 5000))


class TestSamples:
    def test_sixteen_bits_lie_in_the_high_bits(self, tmp_path):
        values = sample_values(1, 1, 0, 4000)
        kind = KINDS["mov"].__class__(".mov", "mov", "pcm_s16le", "s32", picture=False)
        path = self.encoded_as(tmp_path / "a.mov", kind, "s16", (values >> 8).astype(np.int16))
        assert np.array_equal(heard(RenderedSound.of(path, SESSION), 1, 0, 4000), (values >> 8) << 8)

    def test_float_over_full_scale_is_clipped_and_counted(self, tmp_path):
        kind = KINDS["mov"].__class__(".mov", "mov", "pcm_f32le", "flt", picture=False)
        path = self.encoded_as(tmp_path / "a.mov", kind, "flt", np.array([0.5, 1.5, -2.0, 2**-24] * 100, np.float32))
        sound = RenderedSound.of(path, SESSION)
        assert list(heard(sound, 1, 0, 4)) == [2**22, 2**23 - 1, -(2**23), 0]
        assert sound.clipped == 2

    def encoded_as(self, path, kind, sample_format, samples):
        import av

        with av.open(str(path), "w", format=kind.muxer) as container:
            stream = container.add_stream(kind.codec, rate=SESSION)
            stream.layout, stream.format = "mono", sample_format
            frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format=sample_format, layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = SESSION, 0, Fraction(1, SESSION)
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path


class TestStatements:
    @pytest.mark.parametrize(
        ("timecode", "seconds"),
        [
            ((86400, 24000, 1001, False), Fraction(86400 * 1001, 24000)),
            ((107892, 30000, 1001, True), Fraction(107892 * 1001, 30000)),
            ((90000, 25, 1, False), Fraction(3600)),
        ],
    )
    def test_the_stamp_is_that_of_the_timecode_track(self, tmp_path, timecode, seconds):
        made = make_movie(tmp_path / "a.mov", 1, length=100, used=[], timecode=timecode, reel="A001C002")
        facts = RenderedSound.of(made.path, SESSION).facts
        assert facts.time_reference == round(seconds * SESSION)
        assert (facts.tape, facts.frame_rate) == ("A001C002", Fraction(timecode[1], timecode[2]))
        assert facts.ixml is not None and facts.ixml.timecode_flag == ("DF" if timecode[3] else "NDF")

    def test_an_mxf_states_timecode_and_identity_on_its_material(self, tmp_path):
        made = make_encoded(
            tmp_path / "a.mxf", 1, KINDS["mxf"], channels=1, sample_rate=SESSION, length=SESSION, session=SESSION,
            picture=Fraction(30000, 1001), timecode="10:00:00;00",
        )  # fmt: skip
        facts = RenderedSound.of(made.path, SESSION).facts
        assert facts.time_reference == round(Fraction(1078920 * 1001, 30000) * SESSION)
        assert facts.ixml is not None and facts.ixml.file_uid is not None
        assert facts.ixml.file_uid.startswith("060A2B34")

    def test_an_mxf_of_avid_takes_its_timecode_from_its_place_on_the_tape(self, tmp_path):
        (tmp_path / "avid.mxf").write_bytes(avid_header(frame=90000, fps=25, position=48000 * 2 + 1920))
        assert mxf_header(tmp_path / "avid.mxf") == MxfHeader(90051, as_rate(25), "TAPE 1", "AA" * 32)

    def test_tags_of_a_compressed_file_stamp_it(self, tmp_path):
        kind, tags = KINDS["flac"], {"time_reference": str(44100 * 3600), "scene": "12A", "take": "3"}
        tones = ToneFile(Path(), 1, 2, 44100, 44100)
        path = encode(
            tmp_path / "a.flac", kind, tones.values, channels=2, sample_rate=44100, length=44100, tags=tags
        )  # fmt: skip
        facts = RenderedSound.of(path, SESSION).facts
        assert (facts.time_reference, facts.scene, facts.take) == (SESSION * 3600, "12A", "3")

    def test_a_turnover_writes_stamp_names_and_identity_into_each_wav(self, tmp_path):
        source = made_timeline(tmp_path / "made.otio", "24000/1001", ".mov")
        for number, name in enumerate("ab", start=1):
            make_movie(
                tmp_path / f"{name}.mov", number, tracks=(2,), length=3 * SESSION, used=[],
                timecode=(86400, 24000, 1001, False), reel="A001",
            )  # fmt: skip
        made = verbs.turnover(source, tmp_path / "out", handles=Fraction(1, 4))
        facts = read_facts(tmp_path / "out" / "Audio Files" / "b_A2.wav")
        original = RenderedSound.of(tmp_path / "b.mov", SESSION).facts
        assert original.ixml is not None and facts.ixml is not None
        assert facts.time_reference == original.time_reference + 60001 - SESSION // 4
        assert (facts.bits, facts.channels, facts.sample_rate) == (24, 1, SESSION)
        assert (facts.ixml.parent_uid, facts.ixml.original_filename) == (original.ixml.file_uid, "b.mov")
        assert facts.ixml.file_uid not in (None, original.ixml.file_uid)
        assert (facts.tape, facts.channel_name(1)) == ("A001", original.channel_name(2))
        assert [loss.code for loss in made.report if loss.code.startswith("media-")] == ["media-rendered"] * 2


class TestWhatGoesWrong:
    def reel(self, tmp_path, content):
        source = made_timeline(tmp_path / "made.otio", 25, ".mov", channels=1)
        make_movie(tmp_path / "a.mov", 1, length=3 * SESSION, used=[(0, 3 * SESSION)])
        (tmp_path / "b.mov").write_bytes(content)
        return source

    def test_without_the_extra_one_sentence_names_it(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "av", None)
        made = verbs.turnover(self.reel(tmp_path, b"x"), tmp_path / "out")
        sentences = [loss.sentence() for loss in made.report if loss.code == "media-not-wav"]
        assert len(sentences) == 2 and all('pip install "postsync[media]"' in one for one in sentences)
        with pytest.raises(
            MissingLibrary, match=r'a\.mov: only WAV is read without PyAV; pip install "postsync\[media\]"'
        ):
            RenderedSound.of(tmp_path / "a.mov", SESSION)

    def test_linked_files_that_are_not_wav_stay_where_they_are_and_are_named(self, tmp_path):
        made = verbs.turnover(self.reel(tmp_path, b"x"), tmp_path / "out", media="link")
        assert [loss.code for loss in made.report.of_level("loss") if loss.code == "media-not-wav"] == [
            "media-not-wav"
        ] * 2

    @pytest.mark.parametrize("content", [b"", b"no movie", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"])
    def test_a_file_that_is_none_is_reported_not_fatal(self, tmp_path, content):
        made = verbs.turnover(self.reel(tmp_path, content), tmp_path / "out")
        losses = [loss for loss in made.report.of_level("loss") if loss.code == "media-unreadable"]
        assert len(losses) == 1 and "b.mov" in losses[0].sentence() and "\n" not in losses[0].sentence()

    def test_originals_are_not_touched(self, tmp_path):
        source = self.reel(tmp_path, b"")
        make_movie(tmp_path / "b.mov", 2, length=3 * SESSION, used=[])
        before = {
            path: (hashlib.sha1(path.read_bytes()).digest(), path.stat().st_mtime_ns) for path in tmp_path.glob("*.mov")
        }
        verbs.turnover(source, tmp_path / "out")
        after = {path: (hashlib.sha1(path.read_bytes()).digest(), path.stat().st_mtime_ns) for path in before}
        assert after == before

    @pytest.mark.parametrize("name", ["mov", "mxf", "mp4 aac", "flac", "caf", "mp3"])
    def test_damaged_files_give_sound_or_one_sentence(self, tmp_path, name):
        kind, chance = KINDS[name], random.Random(name)
        tones = ToneFile(Path(), 1, 2, SESSION, SESSION)
        whole = encode(
            tmp_path / "whole", kind, tones.values, channels=2, sample_rate=SESSION, length=SESSION
        ).read_bytes()  # fmt: skip
        for number in range(12):
            content = bytearray(whole[: chance.randrange(len(whole))] if number % 3 == 0 else whole)
            for _ in range(chance.randrange(1, 30)):
                if content:
                    content[chance.randrange(min(len(content), 4000 if number % 2 else len(content)))] = (
                        chance.randrange(256)
                    )
            path = tmp_path / f"damaged {number}{kind.suffix}"
            path.write_bytes(content)
            try:
                sound = RenderedSound.of(path, SESSION)
                assert len(heard(sound, 1, 0, SESSION)) == SESSION
                sound.close()
            except MediaError as fault:
                assert str(path) in fault.sentence() and "\n" not in fault.sentence()


def test_the_demo_needs_no_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    assert verbs.demo(tmp_path).sound_files == 4
    assert packaged.REEL
