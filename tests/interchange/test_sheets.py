"""Cue sheets as tables: headers found and shown, times of every form, words kept, damage of spreadsheets taken back."""

from __future__ import annotations

import dataclasses
import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postsync.cueing.sheets import (
    COLUMNS,
    TEMPLATES,
    SheetQuestion,
    find_heading,
    header_words,
    inert,
    layout_of,
    live,
    read_sheet,
    sheet_options,
    sheet_table,
    typed_inert,
)
from postsync.cueing.sheets.columns import NOT_HELD, extra_header, extra_key, language_header, language_of
from postsync.cueing.sheets.texts import exact_text, join_list, parse_exact, split_lines, split_list
from postsync.cueing.sheets.times import read_time
from postsync.cueing.sheets.values import text_of
from postsync.errors import FormatError, RateError, UnknownOption
from postsync.model import (
    Character,
    Cue,
    Project,
    SheetTemplate,
    block,
    read_project,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate
from sheet_cues import CAST, FILM, generated_cues, timeline_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def read(rows, report=None, **question):
    question.setdefault("rate", FILM)
    return read_sheet(rows, Report() if report is None else report, SheetQuestion(**question))


def cues_of(rows, report=None, **question):
    return timeline_cues(read(rows, report, **question))


def codes(report):
    return [loss.code for loss in report]


def day(*parts):
    """Give a date and time as spreadsheets hold them, in no zone."""
    return datetime.datetime(*parts)  # noqa: DTZ001


HEADER = ["Number", "Character", "In", "Out", "Line"]


# ---------------------------------------------------------------------------------------------------------- the whole


def test_every_field_of_a_cue_has_a_column_or_is_named_as_not_held():
    carried = {field for column in COLUMNS.values() for field in column.carries} | {"extra"}
    assert carried | set(NOT_HELD) == {field.name for field in dataclasses.fields(Cue)}


def test_the_full_template_reads_back_the_same_records():
    source = timeline_of(generated_cues(150), CAST)
    report = Report()
    table = sheet_table(source, layout_of("full"), report, "table")
    assert codes(report) == []
    back = read([table.headers, *(cells for _, cells in table.rows)], rate=None)
    assert timeline_cues(back) == timeline_cues(source)
    assert timeline_characters(back) == timeline_characters(source)
    assert timeline_facts(back).start_timecode == timeline_facts(source).start_timecode


@pytest.mark.parametrize(
    ("rate", "start"), [("29.97 DF", 107892), ("23.976", 0), ("25", 25 * 86400 - 50), ("30 DF", 0)]
)
def test_places_are_kept_at_every_rate_and_through_midnight(rate, start):
    cues = [
        Cue(uid=uid, record_in=place, record_out=place + 9) for uid, place in (("AAAAAAA2", 0), ("AAAAAAA3", 90_000))
    ]
    before = Cue(uid="AAAAAAA4", record_in=-30, record_out=-10)
    source = timeline_of([before, *cues], rate=as_rate(rate), start=start)
    table = sheet_table(source, layout_of("full"), Report(), "table")
    back = read([table.headers, *(cells for _, cells in table.rows)], rate=None)
    assert timeline_cues(back) == timeline_cues(source)
    assert timeline_facts(back).rate == as_rate(rate)


def test_takes_are_shown_and_what_is_known_of_characters_alone_is_named():
    cue = Cue(uid="AAAAAAA2", record_in=0, takes=({"take": 3, "selected": "circled"},))
    report = Report()
    cast = [Character("robin", "ROBIN", prefix="R", actor="E. Flynn")]
    table = sheet_table(timeline_of([cue], cast), layout_of("full"), report, "table")
    assert "3*" in table.rows[0][1]
    assert [loss.facts["feature"] for loss in report] == ["prefix, aliases or colour of a character"]


# --------------------------------------------------------------------------------------------------------- small texts


@given(TEXT)
def test_a_guarded_cell_is_never_a_formula_and_always_comes_back(text):
    assert live(inert(text)) == text
    assert live(typed_inert(text)) == text
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(TEXT, max_size=6))
def test_a_list_in_a_cell_comes_back_item_by_item(items):
    assert split_list(join_list(items)) == items
    assert split_lines(join_list(items, "\n", "\n")) == items


@given(st.fractions(min_value=-90_000, max_value=90_000, max_denominator=48_048_000))
def test_exact_seconds_come_back_exactly(seconds):
    assert parse_exact(exact_text(seconds)) == seconds


@given(
    st.one_of(st.sampled_from([column.header for column in COLUMNS.values()] + ["Extra: x", "line", "Line (de)"]), TEXT)
)
def test_an_unknown_column_keeps_its_name_whatever_it_is(name):
    assert extra_key(extra_header(name)) == name
    assert language_of(language_header(name)) == name


# ---------------------------------------------------------------------------------------------------------- the header


def test_the_header_of_any_program_is_read_and_shown():
    report = Report()
    timeline = read(
        [["Loop #", "ROLE", "TC IN", "TC OUT", "Dialogue"], ["7", "ROBIN", "01:00:01:00", "", "Hold!"]], report
    )
    cue = timeline_cues(timeline)[0]
    assert (cue.number, cue.line, cue.record_in, cue.record_out) == ("7", "Hold!", 24, None)
    shown = {loss.facts["header"]: loss.facts["field"] for loss in report if loss.code == "column-read"}
    assert shown == {"Loop #": "Number", "ROLE": "Character", "TC IN": "In", "TC OUT": "Out", "Dialogue": "Line"}
    columns = block(timeline)["sheet"]["columns"]
    assert columns[0] == {"column": 1, "header": "Loop #", "field": "number", "key": None, "how": "word"}


@pytest.mark.parametrize(
    "header",
    [
        ["Nr.", "Rolle", "Anfang", "Ende", "Text"],
        ["Numéro", "Personnage", "Début", "Fin", "Réplique"],
        ["Número", "Personaje", "Inicio", "Fin", "Diálogo"],
        ["cue_id", "character", "start_timecode", "end_timecode", "dialogue"],
        ["Cue Number", "Character Name", "Start", "Finish", "Prompt"],
        ["QN", "Role", "Time In", "Time Out", "Script (en-us)"],
    ],
)
def test_headers_of_many_languages_and_programs_are_known(header):
    cue = cues_of([header, ["7", "ROBIN", "01:00:01:00", "01:00:02:00", "Hold!"]])[0]
    assert (cue.number, cue.character, cue.record_in, cue.record_out, cue.line) == ("7", "robin", 24, 48, "Hold!")


def test_line_over_numbers_beside_dialogue_is_the_number():
    cue = cues_of([["Line", "Dialogue", "Character", "In"], ["12", "Hold!", "R", "01:00:01:00"]])[0]
    assert (cue.number, cue.line) == ("12", "Hold!")


def test_lines_in_several_languages_are_translations():
    rows = [["No", "In", "Script (en)", "Script (de)", "Line (pt-BR)"], ["1", "01:00:01:00", "Stop!", "Halt!", "Pare!"]]
    cue = cues_of(rows)[0]
    assert (cue.line, cue.translations) == ("Stop!", {"de": "Halt!", "pt-BR": "Pare!"})


def test_columns_that_no_word_names_are_told_by_their_content_or_kept():
    report = Report()
    rows = [
        ["No", "Pos A", "Pos B", "Text", "Key", "Cabin"],
        ["1", "01:00:01:00", "01:00:02:00", "Stop!", "7KQ2M9XD", "B"],
        ["2", "01:00:03:00", "01:00:04:00", "Go!", "7KQ2M9XE", ""],
    ]
    timeline = read(rows, report)
    cues = timeline_cues(timeline)
    assert [(cue.uid, cue.record_in, cue.record_out) for cue in cues] == [("7KQ2M9XD", 24, 48), ("7KQ2M9XE", 72, 96)]
    assert cues[0].extra == {"Cabin": "B"}
    assert [loss.facts["header"] for loss in report if loss.code == "column-kept"] == ["Cabin"]
    table = sheet_table(timeline, layout_of("full"), Report(), "table")
    assert "Cabin" in table.headers


def test_cells_beyond_the_header_are_kept_too():
    cue = cues_of([HEADER, ["1", "R", "01:00:01:00", "", "Stop!", "late note"]])[0]
    assert cue.extra == {"Column 6": "late note"}


def test_a_shows_own_headers_are_words_to_read_by():
    words = header_words(None, "", "number=Zählung, line=Was er sagt")
    report = Report()
    cue = cues_of([["Zählung", "Was er sagt", "In"], ["9", "Halt!", "01:00:00:00"]], report, words=words)[0]
    assert (cue.number, cue.line) == ("9", "Halt!")
    assert {loss.facts["how"] for loss in report if loss.code == "column-read"} == {"by the show's own header"}


@pytest.mark.parametrize(
    "header",
    [
        ["Marker Name", "Description", "In", "Out", "Duration", "Marker Type"],
        ["#", "Name", "Start", "End", "Length"],
        ["a", "b", "c"],
    ],
)
def test_marker_lists_of_other_kinds_are_no_cue_sheets(header):
    assert find_heading([header, ["x", "y", "00:00:01:00", "00:00:02:00", "1", "Comment"]]) is None


def test_a_table_without_a_header_is_one_sentence():
    with pytest.raises(FormatError, match="expected a header with in, line"):
        read([["1", "2"], ["3", "4"]])


# ------------------------------------------------------------------------------------------------------- printed sheets


def test_a_printed_sheet_repeats_its_header_and_heads_groups_with_names():
    report = Report()
    rows = [
        ["The Crossing — ADR", None, None, None],
        ["Frame rate: 25 fps", None, None, None],
        ["Cue", "In", "Out", "Dialogue"],
        ["ROBIN (2 cues)", None, None, None],
        ["R101", "10:00:01:00", "10:00:02:00", "Hold!"],
        ["Cue", "In", "Out", "Dialogue"],
        ["R102", "10:00:03:00", "10:00:04:00", "Now!"],
        ["Reel 2", None, None, None],
        ["MARIAN", "MARIAN", "MARIAN", "MARIAN"],
        ["M101", "10:00:05:00", "10:00:06:00", "No."],
    ]
    timeline = read(rows, report, rate=None)
    cues = timeline_cues(timeline)
    assert [(cue.number, cue.character, cue.reel) for cue in cues] == [
        ("R101", "robin", None), ("R102", "robin", None), ("M101", "marian", "2"),
    ]  # fmt: skip
    assert timeline_facts(timeline).rate == as_rate("25")
    assert codes(report).count("section-read") == 3
    assert "character" in block(timeline)["carried"]


def test_a_sheet_that_nowhere_states_a_rate_asks_for_it():
    with pytest.raises(RateError, match="--rate"):
        read([HEADER, ["1", "R", "01:00:01:00", "", "Stop!"]], rate=None)


# --------------------------------------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("text", "frames", "form"),
    [
        ("01:00:05:12", 86532, "label"), ("01:00:05;12", 86532, "label"), ("01;00;05;12", 86532, "label"),
        ("01.00.05.12", 86532, "label"), ("1:00:05:12", 86532, "label"), ("01000512", 86532, "label"),
        ("01:00:05:12.50", Fraction(173065, 2), "label"), ("-00:00:01:00", -24, "label"),
        ("01:00:05.500", 86532, "clock"), ("01:00:05,500", 86532, "clock"), ("1:00:05 AM", 86520, "whole seconds"),
        ("01:00:05", 86520, "whole seconds"), ("1:02.5", 1500, "minutes"), ("37+08", 600, "feet"), ("600", 600, "frames"),
        ("25.5 s", 612, "seconds"), ("25,5", 612, "seconds"),
    ],
)  # fmt: skip
def test_times_of_every_form_are_read(text, frames, form):
    found = read_time(text, FILM)
    assert (found.frames, found.form) == (frames, form)


@pytest.mark.parametrize("text", ["", "soon", "12:3", "01:61:00:00", "99:99:99:99", "1+99", "٠١:٠٠", "9" * 40])
def test_what_is_no_time_is_none(text):
    assert read_time(text, FILM) is None


def test_forms_mix_in_one_column_and_open_ones_are_said_once():
    report = Report()
    times = ["01:00:01:00", "01:00:02", "01:00:03", "4+00"]
    cues = cues_of([HEADER, *([str(n), "R", time, "", "x"] for n, time in enumerate(times))], report)
    assert [cue.record_in for cue in cues] == [24, 48, 64, 72]
    assert codes(report).count("time-form-read") == 2


def test_a_clock_time_beside_labels_runs_with_the_labels_at_ntsc_rates():
    cue = cues_of([HEADER, ["1", "R", "01:00:05.500", "", "x"]], rate=as_rate("23.976"), start="01:00:00:00")[0]
    assert (cue.record_in, cue.precise_in) == (132, None)


def test_a_label_that_somebody_moved_wins_over_the_exact_time_beside_it():
    report = Report()
    rows = [
        [*HEADER, "Exact in"],
        ["1", "R", "01:00:01:00", "", "x", "1.01 s"],
        ["2", "R", "01:00:09:00", "", "y", "1.5 s"],
    ]
    first, second = cues_of(rows, report, start="01:00:00:00")
    assert (first.record_in, first.precise_in) == (24, Fraction(101, 100))
    assert (second.record_in, second.precise_in) == (216, None)
    assert "exact-time-dropped" in codes(report)


def test_a_length_stands_in_for_the_out():
    cue = cues_of([["No", "In", "Length", "Line"], ["1", "01:00:01:00", "1.5", "x"]])[0]
    assert cue.record_out == 60


# --------------------------------------------------------------------------------------------------- spreadsheet damage


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (datetime.time(1, 0, 5), "time", "01:00:05"),
        (datetime.time(1, 0, 5, 120_000), "time", "01:00:05.120"),
        (datetime.timedelta(hours=25, seconds=5), "time", "25:00:05"),
        (day(1899, 12, 30, 1, 0, 5), "time", "01:00:05"),
        (day(1900, 1, 1, 1, 0, 5), "time", "25:00:05"),
        (3605 / 86400, "time", "01:00:05"),
        ("0.0417245370370370", "time", "01:00:05"),
        (day(2026, 1, 2), "code", "1-2"),
        ("2-Jan", "code", "1-2"),
        ("Jan-02", "code", "1-2"),
        (float("nan"), "text", ""),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_made_of_a_cell_is_taken_back(value, kind, text):
    assert text_of(value, kind) == (text, True)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (7.0, "code", "7"),
        (7, "text", "7"),
        (2.5, "text", "2.5"),
        (True, "text", "true"),
        (None, "text", ""),
        ("2-Jan", "text", "2-Jan"),
    ],
)
def test_harmless_types_become_the_text_that_was_meant(value, kind, text):
    assert text_of(value, kind) == (text, False)


def test_zeros_that_numbers_lost_are_put_back_where_others_kept_them():
    report = Report()
    rows = [
        HEADER,
        ["001", "R", "01:00:01:00", "", "x"],
        [2.0, "R", "01:00:02:00", "", "y"],
        [12, "R", "01:00:03:00", "", "z"],
    ]
    assert [cue.number for cue in cues_of(rows, report)] == ["001", "002", "012"]
    assert codes(report).count("cell-repaired") == 2


# ---------------------------------------------------------------------------------------------------------------- words


def test_words_nobody_knows_are_kept_and_said_once():
    report = Report()
    rows = [[*HEADER, "Kind", "Reason", "Status"]]
    rows += [[str(n), "R", "01:00:01:00", "", "x", "Sync Fix", "AR4, N", "In Dub"] for n in range(3)]
    cue = cues_of(rows, report)[2]
    assert (cue.kind, cue.reasons, cue.status, cue.extra) == ("Sync Fix", ("AR4", "noise"), "In Dub", {})
    assert codes(report).count("word-kept") == 3
    assert codes(report).count("word-read") == 1


def test_a_cell_that_is_not_what_its_column_holds_is_kept_beside_the_cue():
    report = Report()
    cue = cues_of([[*HEADER, "Priority"], ["1", "R", "01:00:01:00", "", "x", "high"]], report)[0]
    assert (cue.priority, cue.extra) == (None, {"Priority": "high"})
    assert "value-unreadable" in codes(report)


def test_columns_of_one_mark_set_uses_flags_and_states():
    rows = [[*HEADER, "TV", "OPT", "EFF", "OMIT"], ["1", "R", "01:00:01:00", "", "x", "TV", "x", "yes", "no"]]
    timeline = read(rows)
    cue = timeline_cues(timeline)[0]
    assert (cue.uses, cue.flags, cue.kind, cue.status) == (("theatrical", "tv"), ("optional",), "effort", "spotted")
    assert "uses" not in block(timeline)["carried"]
    assert block(timeline)["carried_parts"]["uses"] == ["tv"]


# ---------------------------------------------------------------------------------------------- identity and what came


def test_a_copied_row_gets_a_uid_of_its_own_and_says_where_it_came_from():
    report = Report()
    rows = [[*HEADER, "UID"], *(["1", "R", f"01:00:0{n}:00", "", "x", "7KQ2M9XD"] for n in (1, 2))]
    first, second = cues_of(rows, report)
    assert (first.uid, second.derived_from) == ("7KQ2M9XD", "7KQ2M9XD")
    assert second.uid != first.uid
    assert "uid-doubled" in codes(report)


def test_a_character_renamed_in_every_row_keeps_its_id_and_one_renamed_in_a_row_does_not():
    header = [*HEADER, "Character ID"]
    rows = [
        header,
        *(["1", "HOOD", f"01:00:0{n}:00", "", "x", "robin"] for n in range(3)),
        ["4", "MUCH", "01:00:09:00", "", "x", "robin"],
    ]
    timeline = read(rows)
    assert [cue.character for cue in timeline_cues(timeline)] == ["robin", "robin", "robin", "much"]
    assert timeline_characters(timeline)["robin"].name == "HOOD"


def test_the_sheet_says_which_fields_it_carried():
    carried = block(read([[*HEADER, "UID"], ["1", "R", "01:00:01:00", "", "", "7KQ2M9XD"]]))["carried"]
    assert carried == ["character", "in", "line", "number", "out", "uid"]


def test_what_a_translator_sends_back_has_no_times_and_says_so():
    report = Report()
    timeline = read([["UID", "Line", "Line (de)"], ["7KQ2M9XD", "Stop!", "Halt!"]], report)
    cue = timeline_cues(timeline)[0]
    assert (cue.uid, cue.translations) == ("7KQ2M9XD", {"de": "Halt!"})
    assert "in" not in block(timeline)["carried"]
    assert "cue-without-time" in codes(report)


# ------------------------------------------------------------------------------------------------------------ templates


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_read_back_as_a_cue_sheet(template):
    table = sheet_table(timeline_of(generated_cues(12), CAST), layout_of(template), Report(), "table")
    cues = cues_of([table.headers, *(cells for _, cells in table.rows)])
    assert len(cues) == 12


def test_a_show_names_its_sheets_in_its_project_file(tmp_path):
    path = tmp_path / "postsync.toml"
    path.write_text('[sheets.stage]\ncolumns = ["number", "in", "line"]\nheaders = { number = "Loop, #" }\n')
    project = read_project(path)
    assert project.sheets == {"stage": SheetTemplate(("number", "in", "line"), {"number": "Loop, #"})}
    options = sheet_options({"template": "stage"}, project, reading=False)
    layout = layout_of("full", options["columns"], options["headers"])
    assert [head.header for head in layout] == ["Loop, #", "In", "Line"]
    assert header_words(None, "", sheet_options({}, project, reading=True)["headers"]) == {"loop #": "number"}
    with pytest.raises(UnknownOption, match="stage"):
        sheet_options({"template": "stag"}, Project(sheets=project.sheets), reading=False)


@pytest.mark.parametrize(
    "text", ["sheets = 3", "[sheets.a]\ncolumn = []", '[sheets.a]\ncolumns = "in"', "[sheets.a]\nheaders = [1]"]
)
def test_a_wrong_sheet_in_the_project_file_is_named(text, tmp_path):
    path = tmp_path / "postsync.toml"
    path.write_text(text)
    with pytest.raises(FormatError, match="sheets"):
        read_project(path)


def test_a_column_that_does_not_exist_lists_those_that_do():
    with pytest.raises(UnknownOption, match="there are: number"):
        layout_of("full", "numbr")


CELL = st.one_of(
    st.none(), TEXT, st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.sampled_from([*HEADER, "01:00:01:00", "UID", "Status", "Exact in", "7KQ2M9XD"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, max_size=9), max_size=8))
def test_any_table_reads_or_says_why_not(rows):
    try:
        read([["Number", "In", "Line", "Priority", "Sync points", "Duration", "Kind"], *rows])
    except FormatError:
        pass
