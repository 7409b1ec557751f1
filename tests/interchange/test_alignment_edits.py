"""The edits of a take that is slipped phrase by phrase: where its pieces lie, and that no word is cut or covered."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from postsync.sound.alignment import Edit, Phrase, edits


def two(later: int, *, silence: int = 400) -> tuple[Edit, ...]:
    """Words up to 1000, a silence, words again; the second phrase lies so many samples later than the first."""
    cut, second = 1000 + silence // 2, 1000 + silence
    return edits([Phrase(0, cut, 50, 100, 1000), Phrase(cut, 3000, 50 + later, second, 2900)])


def test_one_phrase_is_one_edit_and_none_is_none() -> None:
    assert edits([Phrase(0, 900, -7, 10, 800)]) == (Edit(0, 900, -7),)
    assert edits([]) == ()


def test_a_longer_pause_is_shortened_by_what_it_is_too_long() -> None:
    first, second = two(200)
    assert first.record_out == second.record_in
    assert (first.take_out, second.take_in) == (1100, 1300)
    assert (first.earlier, second.earlier) == (50, 250)


def test_a_shorter_pause_is_prolonged_by_its_own_sound() -> None:
    first, second = two(-200)
    assert first.record_out == second.record_in
    assert (first.take_out, second.take_in) == (1300, 1100)


def test_a_pause_that_cannot_be_prolonged_as_far_leaves_a_gap() -> None:
    first, second = two(-1000)
    assert (first.take_out, second.take_in) == (1400, 1000)
    assert second.record_in - first.record_out == 200 + 400


def test_a_piece_comes_no_nearer_than_the_silence_is_long() -> None:
    first, second = two(900)
    assert (first.take_out, second.take_in) == (1000, 1400)
    assert second.earlier == 50 + 400
    assert first.record_out == second.record_in


@st.composite
def takes(draw: st.DrawFn) -> list[Phrase]:
    """A take of phrases with silences between, each phrase with an offset of its own."""
    made, at, begin = list[Phrase](), draw(st.integers(0, 500)), 0
    count = draw(st.integers(1, 5))
    for number in range(count):
        speech_in, speech_out = at, at + draw(st.integers(1, 900))
        at = speech_out + draw(st.integers(0, 700))
        end = at if number == count - 1 else (speech_out + at) // 2
        made.append(Phrase(begin, end, draw(st.integers(-2000, 2000)), speech_in, speech_out))
        begin = end
    return made


@given(takes())
def test_pieces_never_overlap_and_every_word_sounds_once(phrases: list[Phrase]) -> None:
    made = edits(phrases)
    assert len(made) == len(phrases)
    assert all(one.record_out <= other.record_in for one, other in pairwise(made))
    assert all(
        one.take_in <= phrase.speech_in and phrase.speech_out <= one.take_out
        for one, phrase in zip(made, phrases, strict=True)
    )
    assert (made[0].take_in, made[-1].take_out) == (phrases[0].take_in, phrases[-1].take_out)
    assert all(
        one.earlier == phrase.offset_samples or one.record_in == before.record_out
        for before, one, phrase in zip(made, made[1:], phrases[1:], strict=False)
    )
