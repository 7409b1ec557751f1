"""The forms of reports: what a person typed arrives as it was typed and does nothing, in whatever form."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import paper_show
from postsync.errors import CannotWrite
from postsync.model import Character, Cue
from postsync.paper.document import Document
from postsync.paper.forms import FORMS
from postsync.paper.forms.pdf_form import ranges
from postsync.paper.kinds import KINDS
from postsync.paper.lines import PaperOptions, Request
from postsync.paper.word_table import WORDS
from postsync.paper.words import LOCALES, Words
from postsync.report import Report

DATE = "2026-03-09"


def hostile_request(**asked) -> Request:
    """A reel in which every text is hostile: lines, notes, names, title, revision."""
    texts = paper_show.HOSTILE
    extra = tuple(
        Cue(uid=f"HSTQ{letter}QQQ", number=text, reel=text, scene=text, record_in=place * 10, record_out=place * 10 + 5,
            character="evil", line=text, note=text, direction=text, reason_note=text, reasons=(text,), flags=(text, "hold"),
            alternates=(text,), production_line=text, uses=("tv",), kind="group")
        for place, (letter, text) in enumerate(zip("ABCDEFGHJKMNPQRSTUVW", texts, strict=False))
    )  # fmt: skip
    reel = paper_show.reel(1, 0, extra=extra)
    from postsync.model import put_characters

    put_characters(reel, [Character("evil", texts[1], actor=texts[0])])
    reel.name = texts[0]
    options = PaperOptions(title=texts[1], revision=texts[0], date=DATE, **asked)
    return Request((reel,), options=options)


def show_request(**asked) -> Request:
    return Request(paper_show.feature(2, 24), paper_show.PROJECT, options=PaperOptions(date=DATE, **asked))


def drawn(kind: str, form: str, request: Request) -> bytes:
    return KINDS[kind].draw(request, form, Report())


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]


PAPER_KINDS = [name for name, kind in KINDS.items() if kind.forms is FORMS]


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_hostile_text_makes_no_element_of_any_page(kind):
    tags = Tags()
    tags.feed(drawn(kind, "html", hostile_request()).decode())
    assert not {"script", "img", "iframe", "link", "a"} & set(tags.names)
    assert tags.names.count("style") == 1
    assert not [name for name in tags.attributes if name.startswith("on") or name in ("src", "href")]


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_every_cell_of_every_workbook_is_text_or_a_count(kind):
    book = openpyxl.load_workbook(io.BytesIO(drawn(kind, "xlsx", hostile_request())))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}
    formulas = [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    assert not formulas


def test_what_was_typed_stands_in_the_workbook_as_it_was_typed():
    book = openpyxl.load_workbook(io.BytesIO(drawn("cue-sheet", "xlsx", hostile_request())))
    lines = {row[8].value for row in book.active.iter_rows(min_row=2)}
    assert {"=1+1", "@SUM(A1)", "+49", "-No!", "<script>alert(1)</script>", "said", "bell and escape[31m"} <= lines


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_no_cell_of_any_table_begins_a_formula(kind):
    rows = csv.reader(io.StringIO(drawn(kind, "csv", hostile_request()).decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@", "＝")]


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_hostile_text_is_only_text_in_the_pdf(kind):
    text = pdf_text(drawn(kind, "pdf", hostile_request()))
    assert "#strong[x]" in text or "<script>" in text or kind in ("progress", "line-count")


def test_markup_stands_in_the_pdf_as_it_was_typed():
    text = pdf_text(drawn("cue-sheet", "pdf", hostile_request()))
    for part in ("#strong[x] $a$ *b* _c_", "<script>alert(1)</script>", "=1+1", "{adr" * 0 + "said"):
        assert part in text
    assert "adr=" not in text


def test_hostile_text_does_nothing_in_a_real_browser(tmp_path):
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed")
    page = tmp_path / "page.html"
    hits = ("<script>document.title='hit'</script>", "</style><img src=x onerror=\"document.title='hit'\">")
    request = hostile_request()
    hit = replace(request, options=replace(request.options, title=hits[1], revision=hits[0], episode=hits[1]))
    page.write_bytes(drawn("cue-sheet", "html", hit))
    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=500", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "<main>" in done.stdout, done.stderr[-500:]
    assert "<title>hit" not in done.stdout


@pytest.mark.parametrize("form", ["pdf", "html", "xlsx", "csv", "json"])
@pytest.mark.parametrize("kind", ["cue-sheet", "line-count", "sides"])
def test_the_same_input_makes_the_same_bytes(kind, form):
    assert drawn(kind, form, show_request()) == drawn(kind, form, show_request())


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_a_work_without_cues_makes_a_page_that_says_so(kind):
    empty = Request((paper_show.reel(1, 0),), options=PaperOptions(date=DATE))
    assert "Nothing." in drawn(kind, "html", empty).decode() or kind in ("line-count", "progress", "schedule")
    for form in ("pdf", "xlsx", "csv"):
        assert drawn(kind, form, empty)


def pdf_text(pdf: bytes, page: int | None = None) -> str:
    reader = pytest.importorskip("pypdfium2").PdfDocument(pdf)
    pages = range(len(reader)) if page is None else [page]
    return "\n".join(reader[number].get_textpage().get_text_range().replace("\r\n", "\n") for number in pages)


def test_text_is_found_in_the_pdf_in_all_eight_scripts():
    text = pdf_text(drawn("cue-sheet", "pdf", show_request()), 0)
    for line in paper_show.LINES:
        plain = line.replace("(", ")").replace("היום)", "היום(") if "(" in line else line
        assert line in text or plain in text, line


def test_the_pdf_reads_row_by_row_in_the_order_of_the_sheet():
    text = pdf_text(drawn("cue-sheet", "pdf", show_request()), 0)
    order = [
        "The Crossing",
        "Cue",
        "R100",
        "01:00:00:00",
        "ROBIN / HOOD",
        "Hold there!",
        "whispered",
        "R101",
        "Ελάτε",
        "R102",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_each_page_of_the_pdf_names_show_episode_reel_date_and_page_of_pages():
    pdf = drawn("cue-sheet", "pdf", show_request(revision="Blue"))
    reader = pytest.importorskip("pypdfium2").PdfDocument(pdf)
    for number in range(len(reader)):
        text = pdf_text(pdf, number)
        for part in ("The Crossing", "104", "9 Mar 2026", "Blue", f"Page {number + 1} of {len(reader)}"):
            assert part in text
        assert re.search(r"Reel R[12]", text)


@pytest.mark.parametrize(("paper", "points"), [("A4", (842, 595)), ("Letter", (792, 612))])
def test_the_page_is_of_the_paper_that_was_asked_for(paper, points):
    pdf = drawn("cue-sheet", "pdf", show_request(paper=paper))
    size = pytest.importorskip("pypdfium2").PdfDocument(pdf)[0].get_size()
    assert tuple(map(round, size)) == points


def test_letters_that_our_fonts_lack_are_named():
    report = Report()
    cue = Cue(uid="GEXRGAAN", number="R1", record_in=0, record_out=9, character="c1", line="გამარჯობა 🎬")
    KINDS["cue-sheet"].draw(Request((paper_show.reel(1, 0, extra=(cue,)),)), "pdf", report)
    (loss,) = report
    assert loss.code == "font-of-computer"
    assert "გ" in loss.facts["letters"] and "🎬" in loss.facts["letters"]


def test_the_eight_scripts_need_no_font_of_the_computer():
    report = Report()
    KINDS["cue-sheet"].draw(show_request(), "pdf", report)
    assert not list(report)


def test_a_word_wider_than_its_column_breaks():
    text = pdf_text(drawn("cue-sheet", "pdf", hostile_request()))
    assert max(len(run) for run in re.findall("x+", text)) < 100
    assert sum(map(len, re.findall("x{20,}", text))) >= 1600


@pytest.mark.parametrize(
    ("text", "last"),
    [("word " * 279 + "ENDE", "ENDE"), ("你好世界" * 349 + "末尾", "末尾"), ("so\n" * 90 + "ENDE", "ENDE")],
)
@pytest.mark.parametrize("kind", ["cue-sheet", "sides", "directors-list"])
def test_a_text_higher_than_a_page_goes_on_on_the_next_one(kind, text, last):
    cue = Cue(uid="LNGTEXTS", number="R1", record_in=0, record_out=9, character="c1", line=text, note=text)
    request = Request((paper_show.reel(1, 2, extra=(cue,)),), options=PaperOptions(date=DATE, size=28))
    told = pdf_text(drawn(kind, "pdf", request))
    assert "".join(told.split()).count(last) == (1 if kind == "sides" else 2)


def test_without_typst_the_pdf_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(CannotWrite, match=r"postsync\[sheets\]"):
        drawn("cue-sheet", "pdf", show_request())


def test_the_json_is_the_document():
    document = json.loads(drawn("line-count", "json", show_request()))
    assert document["schema"] == "postsync.paper/1"
    assert document["sections"][0]["rows"][-1]["state"] == "total"


def test_a_struck_row_is_struck_in_the_workbook_and_keeps_its_words():
    book = openpyxl.load_workbook(io.BytesIO(drawn("cue-sheet", "xlsx", show_request())))
    row = next(row for row in book.active.iter_rows() if row[0].value == "R110")
    assert row[0].font.strike


def test_the_workbook_has_a_header_that_stays_a_filter_and_print_titles():
    sheet = openpyxl.load_workbook(io.BytesIO(drawn("cue-sheet", "xlsx", show_request()))).active
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B2", "$1:$1")
    assert sheet.auto_filter.ref.startswith("A1:")


def test_a_filter_leaves_the_total_at_the_foot():
    sheet = openpyxl.load_workbook(io.BytesIO(drawn("line-count", "xlsx", show_request()))).active
    assert sheet.max_row == int(re.search(r"\d+$", sheet.auto_filter.ref)[0]) + 1


def test_a_title_of_digits_and_signs_is_no_order_to_the_printer():
    request = show_request(title="12 Monkeys & 1 Man")
    sheet = openpyxl.load_workbook(io.BytesIO(drawn("cue-sheet", "xlsx", request))).active
    assert sheet.oddHeader.left.text == " 12 Monkeys && 1 Man – Cue sheet"
    assert sheet.oddHeader.left.size is None


@pytest.mark.parametrize("language", LOCALES)
def test_every_report_is_made_in_every_language(language):
    for kind in PAPER_KINDS:
        document: Document = KINDS[kind].make(show_request(language=language))
        assert document.name == Words.of(language).say(f"kind.{kind}")


def test_dates_numbers_and_paper_follow_the_locale():
    words = Words.of("de")
    assert (words.day(DATE), words.decimal(paper_show.PROJECT.minutes["effort"])) == ("9. März 2026", "2,5")
    assert KINDS["cue-sheet"].make(show_request(language="en-US")).paper == "Letter"
    assert Words.of("xx").say("page") == "Page"


def test_each_text_has_all_languages_or_is_the_same_in_all():
    assert not [key for key, texts in WORDS.items() if len(texts) not in (1, 4)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.text(max_size=60), min_size=8, max_size=8))
def test_whatever_a_person_types_can_be_printed(texts):
    line, note, number, scene, reason, direction, name, title = texts
    cue = Cue(
        uid="ANYTEXTA",
        number=number,
        scene=scene,
        reel=scene,
        record_in=0,
        record_out=9,
        character=name,
        line=line,
        note=note,
        reasons=(reason,),
        direction=direction,
        screen=reason,
        status="omitted" if len(line) % 2 else "spotted",
    )
    request = Request(
        (paper_show.reel(1, 0, extra=(cue,)),), options=PaperOptions(title=title, revision=note, date=title)
    )
    for kind in ("cue-sheet", "sides", "session"):
        assert drawn(kind, "pdf", request).startswith(b"%PDF")
    openpyxl.load_workbook(io.BytesIO(drawn("cue-sheet", "xlsx", request)))
    Tags().feed(drawn("cue-sheet", "html", request).decode())


def test_the_list_of_our_letters_is_that_of_the_fonts():
    folder = files("postsync.paper").joinpath("fonts")
    held = {
        letter for font in folder.iterdir() if font.name.endswith(".ttf") for letter in letters_of(font.read_bytes())
    }
    listed = {code for low, high in ranges() for code in range(low, high + 1)}
    assert {letter for letter in held if letter >= 32} == listed


def letters_of(font: bytes) -> set[int]:
    """Read the letters of a font from its own table (`cmap`, formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start, found = tables[b"cmap"], set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 4 + 8 * number + 4)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 12:
            groups = struct.unpack_from(">I", font, at + 12)[0]
            for group in range(groups):
                low, high, _ = struct.unpack_from(">3I", font, at + 16 + 12 * group)
                found |= set(range(low, high + 1))
        elif kind == 4:
            found |= segments_of(font, at)
    return found


def segments_of(font: bytes, at: int) -> set[int]:
    half = struct.unpack_from(">H", font, at + 6)[0]
    size, found = half // 2, set()
    for place in range(size):
        end, start, delta, offset = (
            struct.unpack_from(">H", font, at + base + 2 * place)[0]
            for base in (14, 16 + half, 16 + 2 * half, 16 + 3 * half)
        )
        for code in range(start, end + 1):
            where = at + 16 + 3 * half + 2 * place + offset + 2 * (code - start)
            glyph = (code + delta) % 65536 if offset == 0 else struct.unpack_from(">H", font, where)[0]
            if glyph and code != 0xFFFF:
                found.add(code)
    return found
