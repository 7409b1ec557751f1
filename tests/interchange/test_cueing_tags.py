"""The uid, the tag block and the text of a cue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from postsync.cueing import (
    NAME_AND_NOTE,
    Carrier,
    TagStyle,
    cue_name,
    find_tag,
    is_uid,
    lay_out,
    new_uid,
    one_line,
    strip_tag,
    to_ascii,
    write_tag,
)
from postsync.model import Character, Cue

ROBIN = {"robin": Character("robin", "ROBIN", actor="E. Flynn")}
CUE = Cue(
    uid="7KQ2M9XD",
    number="R106",
    record_in=100,
    record_out=140,
    character="robin",
    line="Hold there! What's his fault?",
    reasons=("noise",),
    priority=1,
    flags=("must",),
)


def test_a_uid_is_the_same_for_the_same_seed_and_the_next_one_where_it_is_taken():
    first = new_uid("reel 3", ())
    assert new_uid("reel 3", ()) == first
    second = new_uid("reel 3", {first})
    assert second != first
    assert is_uid(first) and is_uid(second)
    assert not is_uid("7KQ2M9X0")
    assert not is_uid("7kq2m9xd")


def test_the_shortest_tag_holds_the_uid_and_for_points_the_out():
    assert write_tag(CUE, TagStyle("uid")) == "{adr=7KQ2M9XD}"
    assert write_tag(CUE, TagStyle("uid", point=True)) == "{adr=7KQ2M9XD;o=40}"
    assert write_tag(CUE, TagStyle("none")) == ""


def test_the_full_tag_reads_back_with_every_field():
    tag = find_tag(
        "Hold! " + write_tag(CUE, TagStyle("full", point=True), character="ROBIN", actor="E. Flynn", human="Hold!")
    )
    assert tag is not None
    assert tag.uid == "7KQ2M9XD"
    assert tag.fields["n"] == "R106"
    assert tag.fields["c"] == "ROBIN"
    assert tag.fields["r"] == "noise"
    assert tag.frames("o") == 40
    assert len(tag.fields["h"]) == 4
    assert "s" not in tag.fields, "what is usual is left out"


def test_fields_fall_from_the_end_where_room_runs_out_and_the_cut_is_marked():
    text = write_tag(CUE, TagStyle("full", point=True, room=34), character="ROBIN")
    assert text == "{adr=7KQ2M9XD;n=R106;c=ROBIN;x=1}"
    assert find_tag(text).cut
    assert write_tag(CUE, TagStyle("full", room=14)) == "{adr=7KQ2M9XD}"
    assert write_tag(CUE, TagStyle("full", room=13)) == ""


def test_a_tag_is_found_after_what_carriers_do_to_text():
    for damaged in (
        "HOLD THERE! {ADR=7KQ2M9XD;N=R106}",
        "hold there! {adr=7kq2m9xd;n=r106}",
        "Hold there! { adr = 7KQ2M9XD ; n = R106 }",
        "Hold there! {adr=7KQ2M9XD",
        "{adr=ABCDEFGH} Hold there! {adr=7KQ2M9XD;o=4}",
    ):
        assert find_tag(damaged).uid == "7KQ2M9XD", damaged
    assert strip_tag("Hold there! { adr = 7KQ2M9XD ; n = R106 }") == "Hold there!"
    assert find_tag("{adr=7KQ2M9X0} {adr=} {note}") is None


def test_the_last_field_of_a_cut_tag_is_not_believed():
    assert find_tag("Hold {adr=7KQ2M9XD;n=R106;o=4").fields == {"n": "R106"}


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_passes_through_the_tag_on_one_line(note: str, number: str):
    cue = Cue(uid="7KQ2M9XD", record_in=0, number=number.strip() or None, note=note)
    for ascii_only in (False, True):
        text = write_tag(cue, TagStyle("full", ascii_only=ascii_only))
        assert not set(text) & set("|\t\n\r[]$")
        assert len(text.splitlines()) == 1
        fields = find_tag(text).fields
        surrogate_free = note.strip().encode("utf-8", "replace").decode()
        assert fields.get("no", "") == surrogate_free or fields.get("no", "").strip() == surrogate_free.strip()


def test_a_cue_is_laid_out_as_number_character_and_line():
    assert cue_name(CUE, ROBIN) == "R106 ROBIN"
    assert lay_out(CUE, ROBIN, Carrier(note=False, one_line=True, points=True)).name == (
        "R106 ROBIN: Hold there! What's his fault? {adr=7KQ2M9XD;o=40}"
    )
    assert lay_out(CUE, ROBIN, NAME_AND_NOTE).comment == (
        "Hold there! What's his fault?\nReason: noise · Priority 1 · must\n{adr=7KQ2M9XD}"
    )
    assert lay_out(CUE, ROBIN, Carrier(one_line=True)).comment == "Hold there! What's his fault? {adr=7KQ2M9XD}"


def test_a_short_field_keeps_the_tag_and_cuts_the_line():
    text = lay_out(CUE, ROBIN, Carrier(note=False, one_line=True, name_room=32)).name
    assert text == "R106 ROBIN: Hold… {adr=7KQ2M9XD}"
    assert len(text) == 32


def test_text_becomes_ascii_by_likeness():
    assert to_ascii("“Où — là…” ß Łódź") == '"Ou - la..." ss Lodz'
    assert to_ascii("你好") == "??"
    assert one_line("a\r\nb\tc\u2028d") == "a b c d"
