"""TTML and the dubbing profile DAPT: real documents, every way to state a time, and cues there and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from adapters.carriers import CUE, plains, read_bytes, read_path, timeline_facts, with_cues, written
from postsync.errors import FormatError
from postsync.formats.conversion import recognise
from postsync.model import SyncPoint, timeline_characters, timeline_cues
from postsync_adapters import dapt, ttml

REAL = {
    "dapt/valid_dapt.ttml": ("dapt", 2, 1),
    "dapt/intro-times-and-text.xml": ("dapt", 2, 0),
    "dapt/intro-original-language.xml": ("dapt", 1, 1),
    "dapt/intro-original-language-with-dub-language-and-adaptation.xml": ("dapt", 1, 1),
    "ttml/ttml_example.ttml": ("ttml", 11, 0),
    "ttml/ttml_example2.ttml": ("ttml", 10, 0),
}
"""Format, events and events that are spoken by somebody: counted in the files by eye."""

FORMATS = {"dapt": dapt.FORMAT, "ttml": ttml.FORMAT}


def document(body: str, parameters: str = "") -> str:
    return (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="en" {parameters}>{body}</tt>'
    )


@pytest.mark.parametrize("name", REAL)
def test_every_event_of_a_real_document_is_read(corpus, name):
    form, events, cues = REAL[name]
    path = corpus / "cues" / name
    timeline = read_path(FORMATS[form], path)
    assert recognise(path).name == form
    assert (len(timeline.tracks.markers), len(timeline_cues(timeline))) == (events, cues)


def test_a_script_states_who_speaks_who_plays_and_what_the_mouth_does(corpus):
    timeline = read_path(dapt.FORMAT, corpus / "cues" / "dapt" / "valid_dapt.ttml")
    (cue,), (who,) = timeline_cues(timeline), timeline_characters(timeline).values()
    assert (cue.record_in, cue.record_out, cue.line, cue.screen) == (72, 240, "Look at this beautiful valley.", "on")
    assert (who.name, who.actor, cue.extra) == (
        "BOOKER",
        "Matthias Schoenaerts",
        {"dapt scene": "high mountain valley"},
    )


def test_the_line_is_in_the_language_of_the_script_and_words_have_their_times(corpus):
    name = "intro-original-language-with-dub-language-and-adaptation.xml"
    (cue,) = timeline_cues(read_path(dapt.FORMAT, corpus / "cues" / "dapt" / name))
    assert cue.line == "And thanks to that, we're gonna get rich."
    assert cue.production_line == "Et c'est grâce à ça qu'on va devenir riches."
    assert [(point.time, point.label) for point in cue.sync_points] == [
        (10, "And thanks to that,"),
        (Fraction(23, 2), "we're gonna get rich."),
    ]


def test_breaks_are_lines_and_the_white_space_of_the_layout_is_none(corpus):
    texts = [one.comment for one in plains(read_path(ttml.FORMAT, corpus / "cues" / "ttml" / "ttml_example.ttml"))]
    assert texts[1] == "that the image formed on\nthe Retina should be inverted?"


@pytest.mark.parametrize(
    ("begin", "parameters", "seconds"),
    [
        ("10.5s", "", Fraction("10.5")),
        ("10500ms", "", Fraction("10.5")),
        ("00:00:10.5", "", Fraction("10.5")),
        ("00:00:10:12", 'ttp:frameRate="24"', Fraction("10.5")),
        ("252f", 'ttp:frameRate="24"', Fraction("10.5")),
        ("240f", 'ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001"', Fraction(1001, 100)),
        ("105000000t", 'ttp:tickRate="10000000"', Fraction("10.5")),
        ("0.175m", "", Fraction("10.5")),
        ("00:00:10:12", 'ttp:frameRate="24" ttp:timeBase="smpte"', Fraction("10.5")),
    ],
)
def test_every_way_to_state_a_time_is_understood(begin, parameters, seconds):
    text = document(f'<body><div><p begin="{begin}" dur="1s">x</p></div></body>', parameters)
    assert plains(read_bytes(ttml.FORMAT, text, start="00:00:00:00"))[0].record_in == seconds


def test_times_count_from_the_element_around_them():
    first = '<div begin="10s" end="20s"><p begin="1s">a</p></div>'
    body = f'<body begin="100s">{first}<div><p><span begin="2s" end="3s">b</span></p></div></body>'
    first, second = sorted(plains(read_bytes(ttml.FORMAT, document(body), rate="24")), key=lambda one: one.comment)
    assert (first.record_in, first.duration) == (111, 9)
    assert (second.record_in, second.duration) == (102, 1)


@pytest.mark.parametrize("form", ["dapt", "ttml"])
def test_rate_start_uid_and_what_is_stated_come_back(form):
    marian = replace(CUE, uid="7KQ2M9XE", number="M1", character="marian", line='<"No" & {softly} {adr=ABCDEFGH}>\nno')
    marian = replace(marian, record_in=300, record_out=None, note="plane", colour=None)
    cues = [replace(CUE, colour=None), marian]
    timeline = read_bytes(FORMATS[form], written(FORMATS[form], with_cues(*cues, rate="29.97 DF"), tags="uid"))
    assert (timeline_facts(timeline).rate.name, timeline_facts(timeline).start_frame) == ("29.97 DF", 108000)
    assert timeline_cues(timeline) == cues


def test_a_script_holds_the_whole_record_and_what_was_changed_beside_it():
    cue = replace(
        CUE,
        translations={"fr": "Halte!"},
        production_line="Hold",
        screen="off_on",
        direction="loud",
        sync_points=(SyncPoint(Fraction(10), "Hold"), SyncPoint(Fraction(21, 2), "there!")),
        priority=2,
        scene="12A",
    )
    data = written(dapt.FORMAT, with_cues(cue)).decode()
    assert timeline_cues(read_bytes(dapt.FORMAT, data)) == [cue]
    edited = data.replace(">there!<", ">here!<").replace("Halte!", "Arrête!")
    (back,) = timeline_cues(read_bytes(dapt.FORMAT, edited))
    assert (back.line, back.translations, back.priority) == ("Hold here!", {"fr": "Arrête!"}, 2)


def test_a_damaged_record_is_named_and_the_rest_is_read():
    data = written(dapt.FORMAT, with_cues(CUE)).decode().replace('{"uid"', '{"uid')
    (back,) = timeline_cues(read_bytes(dapt.FORMAT, data))
    assert (back.uid, back.line) == (CUE.uid, CUE.line)


@pytest.mark.parametrize("form", ["dapt", "ttml"])
def test_other_documents_bad_times_and_entities_are_refused_in_one_sentence(form):
    for text, sentence in (
        ("<html/>", "the element tt"),
        (document('<body><div><p begin="soon">x</p></div></body>'), "a time such as"),
        ('<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tt>&b;</tt>', "entities of its own"),
        ("<tt", "not well-formed"),
    ):
        with pytest.raises(FormatError, match=sentence):
            read_bytes(FORMATS[form], text)
