"""Whole tracks laid at once are those that are laid clip by clip."""

from __future__ import annotations

import itertools
import sys
import weakref
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.errors import RateError
from postsync.model import (
    ClipFacts,
    Laid,
    Planned,
    TrackFacts,
    build_track,
    clip_facts,
    clip_members,
    in_one_unit,
    lay_without_overlaps,
    media_facts,
    media_members,
    new_timeline,
    planned_track,
    put_clip_facts,
    stated_facts,
    track_facts,
    with_fact,
)
from postsync.model.cycles import SEARCHED_EVERY, without_searching_for_cycles
from postsync.model.facts import clip_and_media_facts
from postsync.timing import from_rational_time

F = Fraction
MEDIA = media_members("a", "file:///a%20b.wav", {"channels": 2}, (F(1001, 24000), F(100)))

PIECES = st.lists(
    st.tuples(
        st.integers(0, 50),
        st.integers(1, 50),
        st.integers(0, 10**6),
        st.sampled_from([F(1, 24), F(1001, 30000), F(1, 48000), F(1, 7)]),
    ),
    max_size=8,
)


def spans(pieces: list[tuple[int, int, int, Fraction]]) -> list[tuple[Fraction, Fraction, Fraction]]:
    at, found = F(0), []
    for gap, length, source, unit in pieces:
        begin = at + gap * unit
        at = begin + length * unit
        found.append((begin, at, source * unit))
    return found


def ranges(track: otio.schema.Track) -> list[tuple[str, Fraction, Fraction, float, float]]:
    return [
        (
            item.schema_name(),
            *map(from_rational_time, (item.source_range.start_time, item.source_range.duration)),
            item.source_range.start_time.rate,
            item.source_range.duration.rate,
        )
        for item in track
    ]


@settings(max_examples=80, deadline=None)
@given(PIECES)
def test_a_track_laid_at_once_is_the_track_laid_clip_by_clip(pieces: list[tuple[int, int, int, Fraction]]) -> None:
    preferred = [F(24), F(48000)]
    placed = spans(pieces)
    one_by_one = build_track(
        "A1",
        "Audio",
        [Laid(otio.schema.Clip("c"), begin, end - begin, start) for begin, end, start in placed],
        preferred,
    )
    members = clip_members("c", {}, MEDIA)
    planned = [Planned(members, *span) for span in reversed(placed)]
    at_once = planned_track("A1", "Audio", planned, preferred)
    assert ranges(at_once) == ranges(one_by_one)


def test_facts_media_and_foreign_metadata_arrive_whatever_their_letters() -> None:
    facts = ClipFacts(role="dialogue", speed=F(2), origin='a "quoted" \\ name', extra={"note": "naïve 🎬\n\0end"})
    text = clip_members("é🎬", stated_facts(facts), MEDIA, enabled=False, foreign={"fcpxml": {"xml": "<a b='1'/>"}})
    track = planned_track("A1", "Audio", [Planned(text, F(0), F(1))], facts=TrackFacts(role="dialogue", muted=True))
    clip = track[0]
    assert (clip.name, clip.enabled, clip.media_reference.target_url) == ("é🎬", False, "file:///a%20b.wav")
    assert from_rational_time(clip.media_reference.available_range.start_time) == F(1001, 24000)
    kept = clip_facts(clip)
    assert (kept.role, kept.speed, kept.origin) == ("dialogue", 2, facts.origin)
    assert kept.extra["note"] == "naïve 🎬\nend"
    assert clip.metadata["fcpxml"]["xml"] == "<a b='1'/>"
    assert (track.enabled, track_facts(track).role) == (False, "dialogue")


def test_what_clips_share_is_made_once_and_their_own_fact_is_added() -> None:
    shared = clip_members("c", {"role": "music", "extra": {"scene": "7"}}, MEDIA, foreign={"fcpxml": {"xml": "<a/>"}})
    planned = [
        Planned(with_fact(shared, "origin", f'line "{number}"'), F(number), F(number + 1)) for number in range(2)
    ]
    track = planned_track("A1", "Audio", planned)
    assert [(clip_facts(clip).origin, clip_facts(clip).role) for clip in track] == [
        ('line "0"', "music"),
        ('line "1"', "music"),
    ]
    assert all(clip_facts(clip).extra == {"scene": "7"} for clip in track)
    assert all(clip.metadata["fcpxml"]["xml"] == "<a/>" for clip in track)


def test_a_track_has_its_name_without_what_no_file_holds() -> None:
    planned = [Planned(clip_members("c", {}, MEDIA), F(0), F(1))]
    track = planned_track("Boom\0 \ud83c", "Audio", planned, facts=TrackFacts(role="a\0b"))
    assert (track.name, track.kind, track_facts(track).role) == ("Boom \ufffd", "Audio", "ab")


def test_the_effect_of_a_speed_is_the_one_that_facts_put() -> None:
    by_hand = otio.schema.Clip("c")
    put_clip_facts(by_hand, ClipFacts(speed=F(1, 2)))
    track = planned_track("A1", "Audio", [Planned(clip_members("c", {"speed": "1/2"}, MEDIA), F(0), F(1))])
    assert [one.time_scalar for one in track[0].effects] == [one.time_scalar for one in by_hand.effects]


def test_overlaps_and_times_without_a_common_unit_are_refused() -> None:
    members = clip_members("c", {}, MEDIA)
    with pytest.raises(ValueError, match="overlap"):
        planned_track("A1", "Audio", [Planned(members, F(0), F(2)), Planned(members, F(1), F(3))])
    odd = [Planned(members, F(n), n + F(1, 10**9 + n)) for n in range(1, 9, 2)]
    with pytest.raises(RateError):
        planned_track("A1", "Audio", odd)


def test_a_timeline_is_made_with_its_metadata() -> None:
    timeline = new_timeline("R1", {"fcpxml": {"version": "1.9"}})
    assert (timeline.name, len(timeline.tracks), timeline.metadata["fcpxml"]["version"]) == ("R1", 0, "1.9")


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.fractions(0, 20, max_denominator=9), st.fractions(F(1, 9), 9, max_denominator=9)), max_size=30
    )
)
def test_layers_never_overlap_and_are_as_few_as_can_be(pieces: list[tuple[Fraction, Fraction]]) -> None:
    placed = [(begin, begin + length) for begin, length in pieces]
    layers = lay_without_overlaps(placed)
    for layer in set(layers):
        mine = sorted(span for span, chosen in zip(placed, layers, strict=True) if chosen == layer)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(mine))
    most = max((sum(one[0] <= begin < one[1] for one in placed) for begin, _ in placed), default=0)
    assert len(set(layers)) == most


def test_a_long_track_holds_every_clip_in_order() -> None:
    planned = [Planned(clip_members(str(number), {}, MEDIA), F(number), F(number + 1)) for number in range(173)]
    track = planned_track("A1", "Audio", planned)
    assert [clip.name for clip in track] == [str(number) for number in range(173)]


def test_a_clip_and_its_media_are_known_at_once_as_they_are_one_by_one() -> None:
    track = planned_track("A1", "Audio", [Planned(clip_members("c", {"note": "n", "lane": -1}, MEDIA), F(0), F(1))])
    for clip in (track[0], otio.schema.Clip("bare"), otio.schema.Clip("own", metadata={"postsync": {"schema": 1}})):
        media = clip.media_reference
        assert clip_and_media_facts(clip, media) == (clip_facts(clip), media_facts(media))


def test_transitions_are_put_among_the_items_before_the_track_is_made() -> None:
    fade = otio.schema.Transition("fade", "SMPTE_Dissolve")

    def join(items: list[otio.core.Composable]) -> list[otio.core.Composable]:
        return [items[0], items[1], fade, items[2]]

    members = clip_members("a", {}, MEDIA)
    planned = [Planned(members, F(1), F(2)), Planned(members, F(2), F(3))]
    track = planned_track("V1", "Video", planned, [24], join=join)
    assert [type(item).__name__ for item in track] == ["Gap", "Clip", "Transition", "Clip"]


def test_times_too_fine_for_one_unit_are_still_compared_as_they_are() -> None:
    times = [F(1, 10**60 + odd) for odd in (7, 9, 13)]
    assert list(in_one_unit(times)) == times
    assert lay_without_overlaps([(F(0), times[0]), (times[1], F(1)), (times[0], F(1))]) == [0, 1, 0]


def test_tracks_that_are_let_go_leave_no_memory_behind() -> None:
    resource = pytest.importorskip("resource", reason="Windows does not say how much memory was held")
    planned = [Planned(clip_members("a", {"note": "wind"}, MEDIA), F(at), F(at + 1)) for at in range(2000)]

    def most_held() -> int:
        planned_track("A1", "Audio", planned, [24])
        held: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return held

    before = most_held()
    after = [most_held() for _ in range(12)][-1]
    # In kilobytes, on macOS in bytes. Clips kept by mistake are two kilobytes each: half as much again as this limit.
    assert after - before < 30_000 * (1024 if sys.platform == "darwin" else 1)


def test_cycles_that_readings_leave_do_not_pile_up():
    """Readings count as old what they made, and Python looks at the old hardly ever: a folder of reels took gigabytes."""

    class Kept:
        pass

    left = []
    for _ in range(3 * SEARCHED_EVERY):
        with without_searching_for_cycles():
            one = Kept()
            one.itself = one
            left.append(weakref.ref(one))
            del one
    assert sum(ref() is not None for ref in left) <= SEARCHED_EVERY
