"""`postsync.toml`: what it may say, what it decides, and how mistakes are named."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postsync import model
from postsync.errors import PostsyncError
from postsync.model import COLOURS, Character, Code, CodeTable, Cue, Project, Vocabulary
from postsync.model.project import assigned_colours

CAST = {name: Character(name, name.upper()) for name in ("guy", "marion", "robin", "soldiers")}
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "project-file.md"


def read(folder: Path, content: str) -> Project:
    path = folder / "postsync.toml"
    path.write_text(content, encoding="utf-8")
    return model.read_project(path)


def cue(**facts):
    return Cue(uid="AAAAAAAA", record_in=0, **facts)


@pytest.fixture
def show(tmp_path: Path) -> Project:
    """The project of the manual's example."""
    example = re.search(r"<!-- the example -->\n```toml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    return read(tmp_path, example[1])


class TestTheExampleOfTheManual:
    def test_every_part_of_it_arrives(self, show):
        assert (show.show, show.episode, show.picture_version, show.paper) == ("The Crossing", "104", "v12", "A4")
        assert show.rate is not None and show.rate.text == "24000/1001"
        assert [(reel.name, reel.ffoa) for reel in show.reels] == [("R1", "01:00:08:00"), ("R2", None)]
        assert show.numbers.scheme is not None and show.numbers.scheme.template == "{prefix}{reel}{seq:02}"
        assert (show.numbers.counter, show.numbers.start, show.numbers.step) == ("character and reel", 1, 1)
        assert show.minutes == {"line": 6, "effort": Fraction(5, 2), "group": 10}
        assert (show.cue_rules.words, show.cue_rules.tag_keys) == (("ADR", "LOOP"), ("Loc",))
        assert show.cue_rules.dialect == "auto"

    def test_its_numbers_are_those_that_plain_markers_are_read_by(self, show):
        assert re.fullmatch(show.cue_rules.number_pattern, "R106A")
        assert not re.fullmatch(show.cue_rules.number_pattern, "R906")

    def test_its_sentence_on_a_misspelt_key_is_true(self, tmp_path):
        with pytest.raises(PostsyncError) as caught:
            read(tmp_path, "[numbers]\nscheem = '{seq}'\n")
        said = str(caught.value).replace(str(tmp_path), "/show")
        assert f"postsync: {said}" in MANUAL.read_text(encoding="utf-8")

    def test_every_key_is_in_the_manual(self, show):
        text = MANUAL.read_text(encoding="utf-8")
        keys = [
            "number_pattern",
            "padding",
            "suffix_letters",
            "is_group",
            "aliases",
            "client",
            "supervisor",
            "drop_frame",
        ]
        assert all(key in text for key in keys)


class TestVocabularies:
    def test_letters_and_labels_give_the_code_and_back(self, show):
        words = show.vocabulary
        assert [words.reason(text) for text in ("NOI", "n", "Set noise", "noise")] == ["noise"] * 4
        assert (words.reasons.label("noise"), words.reasons.letters("noise")) == ("Set noise", "N")
        assert (words.kind("walla"), words.flag("On Hold"), words.use("inf")) == ("group", "hold", "airline")
        assert (words.status("signed off"), words.flag("to be written")) == ("approved", "to_be_written")

    def test_a_house_adds_codes(self, show):
        assert show.vocabulary.reason("ar4") == "AR4"
        assert show.vocabulary.reasons.label("AR4") == "Actor not available"
        assert "AR4" in show.vocabulary.reasons

    def test_unknown_words_are_kept_as_written(self):
        assert Vocabulary().reason("Zz9") == "Zz9"
        assert Vocabulary().reasons.find("Zz9") is None
        assert Vocabulary().reasons.label("Zz_9") == "Zz 9"

    def test_every_usual_code_is_found_by_each_of_its_letters(self):
        words = Vocabulary()
        for table in (words.reasons, words.kinds, words.flags, words.uses, words.statuses):
            for code in table.codes:
                assert {table.find(word) for word in (code.code, code.label, *code.letters)} == {code.code}

    def test_letters_of_the_house_leave_the_code_that_had_them(self, tmp_path):
        words = read(tmp_path, '[codes.reasons]\nadr_wish = { label = "Wish", letters = "N" }\n').vocabulary
        assert (words.reason("N"), words.reason("NOI")) == ("adr_wish", "noise")

    @given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5, unique=True))
    def test_a_code_finds_itself_whatever_else_is_there(self, codes):
        table = CodeTable(()).with_codes([Code(code, "") for code in codes])
        assert all(table.find(code) is not None for code in codes)


class TestTheCast:
    def test_a_character_is_found_by_name_or_alias_and_gains_what_the_project_says(self, show):
        cast = show.cast({"robin-hood": Character("robin-hood", "Robin Hood", actor="?")})
        assert cast["robin-hood"].name == "ROBIN"
        assert (cast["robin-hood"].prefix, cast["robin-hood"].actor) == ("R", "E. Flynn")
        assert "Robin Hood" in cast["robin-hood"].aliases

    def test_characters_of_the_project_join_the_cast(self, show):
        assert set(show.cast({"guy": Character("guy", "GUY")})) == {"guy", "1", "20"}

    def test_minutes_are_the_cues_own_else_those_of_its_kind(self, show):
        assert show.minutes_of(cue(minutes="1.5")) == Fraction(3, 2)
        assert show.minutes_of(cue(kind="effort")) == Fraction(5, 2)
        assert show.minutes_of(cue(kind="song")) is None
        assert show.minutes_of(cue(minutes="soon")) is None


class TestColours:
    def test_by_character_the_stated_colour_counts_else_one_of_the_palette(self, show):
        assert show.colour_of(cue(character="robin", colour="pink"), CAST) == "green"
        assert show.colour_of(cue(character="soldiers"), CAST) == "sand"
        given_one = show.colour_of(cue(character="guy"), CAST)
        assert given_one in COLOURS and given_one not in ("green", "sand")
        assert given_one == show.colour_of(cue(character="guy", colour="red"), CAST)

    def test_by_status_the_stated_colour_counts_else_the_usual_one(self, tmp_path):
        show = read(tmp_path, '[colours]\nby = "status"\n[colours.status]\ncut = "cream"\n')
        assert [show.colour_of(cue(status=status), {}) for status in ("cut", "spotted")] == ["cream", "red"]
        assert show.colour_of(cue(status="house", colour="sky"), {}) == "sky"

    def test_where_nothing_is_said_a_cue_keeps_its_colour(self):
        assert Project().colour_of(cue(character="guy", colour="pink"), CAST) == "pink"
        assert Project().colour_of(cue(character="guy"), CAST) in COLOURS
        assert Project().colour_of(cue(), CAST) is None

    @given(st.sets(st.text(max_size=6), max_size=16))
    def test_up_to_sixteen_characters_have_colours_of_their_own(self, names):
        assigned = assigned_colours(tuple((name, "") for name in sorted(names)))
        assert len(set(assigned.values())) == len(names)


MISTAKES = [
    ("shwo = 'x'", "shwo", "did you mean 'show'?"),
    ("show = true", "show", "expected text"),
    ("rate = 'fast'", "rate", "frame rate"),
    ("rate = '17'", "rate", "no application counts"),
    ("drop_frame = 'no'", "drop_frame", "true or false"),
    ("reels = 3", "reels", "[[reels]]"),
    ("[[reels]]\nname = 'R1'\nffao = 'x'", "reels 1 ffao", "did you mean 'ffoa'?"),
    ("[[reels]]\nname = 'R1'\n[[reels]]\nname = 'r1'", "reels", "twice"),
    ("[numbers]\nscheme = '{prefx}{seq}'", "numbers.scheme", "{prefx}"),
    ("[numbers]\nscheme = '{reel}'", "numbers.scheme", "{seq} exactly once"),
    ("[numbers]\ncounter = 'caracter'", "numbers.counter", "did you mean 'character'?"),
    ("[numbers]\nscheme = '{seq}'\ncounter = 'reel'", "numbers.counter", "{reel} in the scheme"),
    ("[numbers]\nstep = 0", "numbers.step", "from 1 on"),
    ("[numbers]\nsuffix_letters = 'AAB'", "numbers.suffix_letters", "each once"),
    ("[[characters]]\nactor = 'X'", "characters 1 id", "not empty"),
    ("[[characters]]\nname = 'A'\ncolour = 'plaid'", "characters 1 colour", "'plaid'"),
    (
        "[[characters]]\nname = 'A'\nprefix='R'\n[[characters]]\nname = 'B'\nprefix = 'r'",
        "characters",
        "prefix 'r' twice",
    ),
    ("[codes.reason]\nx = 'y'", "codes.reason", "did you mean 'reasons'?"),
    ("[codes.reasons]\nx = { lable = 'y' }", "codes.reasons.x.lable", "did you mean 'label'?"),
    ("[codes.reasons]\na = { letters = 'Q' }\nb = { letters = 'q' }", "codes.reasons", "stand for a and for b"),
    ("[colours]\nby = 'actor'", "colours.by", "character or status"),
    ("[colours.status]\nspoted = 'red'", "colours.status.spoted", "did you mean 'spotted'?"),
    ("[minutes]\nline = 'six'", "minutes.line", "6 or 2.5"),
    ("[minutes]\nlines = 6", "minutes.lines", "did you mean 'line'?"),
    ("[cues]\ndialect = 'tag'", "cues.dialect", "did you mean 'tags'?"),
    ("[cues]\nnumber_pattern = '('", "cues.number_pattern", "regular expression"),
    ("[cues]\nwords = [1]", "cues.words", "list of texts"),
]


@pytest.mark.parametrize(("content", "place", "words"), MISTAKES)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path, content, place, words):
    with pytest.raises(PostsyncError) as caught:
        read(tmp_path, content)
    said = caught.value.sentence()
    assert said.startswith(f"{tmp_path / 'postsync.toml'}:{place}: ")
    assert words in said


def test_numbers_that_are_common_words_do_not_make_cues(tmp_path):
    usual = model.CueRules().number_pattern
    assert read(tmp_path, "[numbers]\nscheme = '{seq}'").cue_rules.number_pattern == usual
    assert read(tmp_path, "[numbers]\nscheme = '{seq:03}'").cue_rules.number_pattern != usual
    stated = read(tmp_path, "[numbers]\nscheme = '{seq:03}'\n[cues]\nnumber_pattern = 'L\\d+'").cue_rules
    assert stated.number_pattern == r"L\d+"
