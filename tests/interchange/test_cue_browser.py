"""The cue browser: one page that shows a whole show, in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from click.testing import CliRunner

from headless import browser, faults_of_access
from paper_show import HOSTILE, PROJECT, cue, feature, later, reel
from postsync import verbs
from postsync.cli import main
from postsync.cueing import printable, strip_tag
from postsync.model import Change, Character, Project
from postsync.paper.browser import browser_page, shown_cues
from postsync.paper.lines import PaperOptions, Request

CUES = 30
"""In each of the six reels of the show that most tests look at."""


@pytest.fixture(scope="module")
def chrome():
    with browser() as one:
        yield one


def request_of(works, project=PROJECT, **options):
    return Request(tuple(works), project, options=PaperOptions(**{"date": "2026-01-02", **options}))


def page_of(works, project=PROJECT, **options) -> str:
    return browser_page(shown_cues(request_of(works, project, **options)))


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    path = tmp_path_factory.mktemp("browser") / "show.html"
    path.write_text(page_of(feature(6, CUES)), encoding="utf-8")
    return path


@pytest.fixture
def page(chrome, show):
    opened = chrome.new_page(viewport={"width": 1400, "height": 900})
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda said: faults.append(said.text))
    opened.goto(show.as_uri())
    yield opened
    opened.close()
    assert faults == []


@pytest.fixture
def open_page(chrome, tmp_path):
    """Write a page and open it."""
    opened = []

    def look(text, **how):
        path = tmp_path / f"{len(opened)}.html"
        path.write_text(text, encoding="utf-8")
        opened.append(chrome.new_page(**how))
        opened[-1].goto(path.as_uri())
        return opened[-1]

    yield look
    for one in opened:
        one.close()


def rows(page):
    return page.locator("#list tbody tr:not([hidden])")


def counted(page, shown: int) -> None:
    """Wait until the page says that so many are shown."""
    page.locator("#count", has_text=re.compile(rf"^{shown} of")).wait_for()


def focused(page):
    return page.evaluate("document.activeElement.querySelector?.('th')?.textContent ?? document.activeElement.id")


# ---------------------------------------------------------------------------------------------------------- the file


def test_the_same_show_makes_the_same_bytes():
    assert page_of(feature(2, 20)) == page_of(feature(2, 20))


def test_nothing_comes_from_outside():
    text = page_of(feature(2, 20))
    assert re.findall(r"(?:src|href)\s*=\s*[\"']?([^\"'\s>]+)", text) == ["#list"]
    assert "http:" not in text and "https:" not in text and "url(" not in text and "@import" not in text


def test_two_thousand_cues_stay_below_two_megabytes():
    assert len(page_of(feature(6, 334)).encode()) < 2_000_000


def test_a_work_without_cues_says_so(open_page):
    opened = open_page(page_of([reel(1, 0)]))
    assert "There are no cues here." in opened.inner_text("main")
    assert faults_of_access(opened) == ""


def test_each_reel_is_a_strip_and_as_long_as_its_work():
    works = feature(3, 10)
    shown = shown_cues(request_of(works))
    assert [one.name for one in shown.reels] == ["R1", "R2", "R3"]
    assert [sum(cue.reel == place for cue in shown.cues) for place in range(3)] == [10, 10, 10]
    assert [one.first for one in shown.reels] == [86_400, 172_800, 259_200]


def test_cues_that_overlap_lie_in_lanes_of_their_own():
    together = [replace(cue(1, 50), uid=f"TWINQRS{letter}", number=letter) for letter in "ABC"]
    shown = shown_cues(request_of([reel(1, 0, extra=tuple(together))]))
    assert sorted(one.lane for one in shown.cues) == [0, 1, 2]
    assert shown.reels[0].lanes == 3


def test_numbers_are_put_in_order_as_people_count():
    several = [replace(cue(1, at), number=number) for at, number in enumerate(("R10", "R9", "R9A", "R2"))]
    shown = shown_cues(request_of([reel(1, 0, extra=tuple(several))]))
    ordered = sorted(shown.cues, key=lambda one: one.by_number)
    assert [one.texts["number"] for one in ordered] == ["R2", "R9", "R9A", "R10"]


def test_a_colour_that_the_show_states_for_a_character_is_used():
    text = page_of([reel(1, 3)], Project(characters=(Character("c0", "HAMLET", colour="purple"),)))
    assert ">HAMLET<" in text
    assert "--q:#9013FE" in text


def test_what_changed_since_the_paper_went_out_is_marked():
    shown = shown_cues(Request((later(20),), PROJECT, earlier=(reel(1, 20),)))
    marks = {one.texts["number"]: one.line.mark for one in shown.cues if one.line.mark}
    assert marks == {"R101": "changed", "R102": "moved", "R103": "struck", "R104A": "new"}
    assert browser_page(shown).count("data-mark=C") == 1


def test_the_command_writes_it_and_only_as_html(tmp_path):
    work = tmp_path / "R1.cues.json"
    verbs.convert(_demo(), work)
    out = tmp_path / "R1.html"
    done = CliRunner().invoke(main, ["report", str(work), "--kind", "browser", "--out", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8").count("<tr") == 6
    refused = CliRunner().invoke(main, ["report", str(work), "--kind", "browser", "--out", str(tmp_path / "R1.pdf")])
    assert refused.exit_code == 2 and "html" in refused.stderr


def _demo():
    from postsync import demo

    return demo.REEL / "The Crossing R1.fcpxml"


def test_totals_agree_with_the_progress_report(tmp_path):
    from postsync.paper.kinds import KINDS

    request = request_of(feature(2, 60))
    total = KINDS["progress"].make(request).rows[-1].values
    shown = shown_cues(request)
    assert sum(not one.line.struck for one in shown.cues) == total["lines"]
    assert sum(one.open for one in shown.cues) == total["count.left"]


# ---------------------------------------------------------------------------------------------------- in the browser


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_every_field_is_text(text):
    page = page_of([reel(1, 0, extra=(_hostile(text),))])
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    told = [fact[1] for fact in json.loads(data)["cues"][0][7]]
    assert printable(strip_tag(text)).strip() in told
    assert page.count("<script") == page.count("</script>") == 2


def _hostile(text):
    return replace(
        cue(1, 3), number=text, line=text, note=text, direction=text, scene=text, reasons=(text,), status=text,
        extra={text: text}, history=(Change("2026-01-02", text, "line", text, text),), translations={"de": text},
        takes=({"uid": "T1", "take": text, "file": text, "note": text},),
    )  # fmt: skip


def test_scripts_in_texts_do_not_run(open_page):
    hurt = "</script><script>window.hurt=1</script><img src=x onerror=window.hurt=1>"
    opened = open_page(page_of([reel(1, 2, extra=(_hostile(hurt),))]))
    opened.locator("#list tbody tr", has_text="window.hurt").click()
    opened.select_option("#by-mark", label=hurt)
    assert opened.evaluate("window.hurt") is None
    assert opened.evaluate("document.scripts.length") == 2
    assert opened.locator("img").count() == 0
    assert opened.inner_text("aside").count(hurt) >= 6


def test_the_page_asks_the_network_for_nothing(chrome, show):
    opened = chrome.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(show.as_uri())
    opened.locator("#list tbody tr").first.click()
    assert asked == [show.as_uri()]
    opened.close()


def test_without_scripts_the_list_is_complete(chrome, show):
    context = chrome.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(show.as_uri())
    assert rows(opened).count() == 180
    assert not opened.locator(".controls").is_visible()
    assert opened.locator("#wide svg .q").count() == 180
    context.close()


def test_search_finds_every_word_without_regard_to_accents_and_case(page):
    page.fill("#search", "ΕΛΑΤΕ εδω παρακαλω")
    counted(page, 24)
    assert "Ελάτε εδώ, σας παρακαλώ" in rows(page).first.inner_text()


def test_letters_that_do_not_come_apart_are_found_by_their_plain_ones(open_page):
    polish = replace(cue(1, 3), line="Żółta łódź, Größe, Ærø")
    opened = open_page(page_of([reel(1, 2, extra=(polish,))]))
    opened.fill("#search", "zolta LODZ grosse aero")
    counted(opened, 1)


def test_filters_join_and_are_counted_and_the_strip_follows(page):
    page.select_option("#by-reel", label="Reel R2")
    assert rows(page).count() == 30
    page.select_option("#by-status", "open")
    shown = rows(page).count()
    assert page.inner_text("#count") == f"{shown} of 180 cues"
    assert set(page.locator("#list tbody tr:not([hidden]) td:last-child").all_inner_texts()) == {"spotted"}
    assert page.locator("#wide .q:not(.off)").count() == shown
    page.click("#clear")
    counted(page, 180)


def test_a_name_in_the_legend_filters_and_gives_all_back(page):
    chip = page.locator("#of-character button").nth(3)
    chip.click()
    assert rows(page).count() == 6
    assert chip.get_attribute("aria-pressed") == "true"
    chip.click()
    assert rows(page).count() == 180


def test_the_strip_is_coloured_by_character_or_by_status(page):
    colours = "new Set([...document.querySelectorAll('.q')].map(one => getComputedStyle(one).fill)).size"
    assert page.evaluate(colours) == 30
    page.select_option("#colour", "status")
    assert page.evaluate(colours) == 3
    assert page.locator("#of-status").is_visible() and not page.locator("#of-character").is_visible()


def test_a_click_in_the_strip_chooses_the_cue_and_shows_its_details(page):
    page.locator("#wide svg .q").nth(40).click(force=True)
    page.wait_for_selector("aside:not([hidden])")
    assert page.inner_text("aside .number") == "R210"
    assert page.locator("tr[aria-selected=true] th").inner_text() == "R210"


def test_details_show_takes(page):
    page.locator("#list tbody tr", has_text="R111").click()
    assert "R111_tk2.wav" in page.inner_text("aside") and "circled" in page.inner_text("aside")


def test_details_show_the_history(open_page):
    changed = replace(cue(1, 3), history=(Change("2026-01-02", "Anna", "line", "old words", "new words"),))
    opened = open_page(page_of([reel(1, 0, extra=(changed,))]))
    opened.locator("#list tbody tr").click()
    assert "2026-01-02 Anna · line: old words → new words" in opened.inner_text("aside")


def test_heads_sort_the_list(page):
    page.click("#list thead th.character button")
    names = page.locator("#list tbody tr td:nth-child(5)").all_inner_texts()
    numbers = [int(name.removeprefix("ROBIN ")) for name in names if "/" not in name]
    assert numbers == sorted(numbers) and len(numbers) > 100
    assert page.get_attribute("#list thead th.character", "aria-sort") == "ascending"
    page.click("#list thead th.number button")
    assert page.locator("#list tbody th").first.inner_text() == "R100"


def test_it_works_with_the_keyboard_alone(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TR":
            break
    assert focused(page) == "R100"
    for key, number in (
        ("ArrowDown", "R101"),
        ("PageDown", "R113"),
        ("End", "R629"),
        ("[", "R500"),
        ("Home", "R100"),
    ):
        page.keyboard.press(key)
        assert focused(page) == number
    page.keyboard.press("Enter")
    assert focused(page) == "details"
    page.keyboard.press("Escape")
    assert focused(page) == "R100"
    page.keyboard.press("c")
    assert page.evaluate("document.body.className") == "by-status"
    page.keyboard.press("/")
    page.keyboard.type("R307")
    counted(page, 1)


def test_arrows_in_the_strip_go_from_cue_to_cue(page):
    page.focus("#scroll")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("aside .number") == "R101"


def test_a_chosen_cue_is_brought_into_sight_in_a_strip_that_was_stretched(open_page):
    opened = open_page(page_of(feature(20, 12)), viewport={"width": 1000, "height": 700})
    opened.evaluate(
        "zoom => { zoom.value = 20; zoom.dispatchEvent(new Event('input')); }", opened.query_selector("#zoom")
    )
    opened.locator("#list tbody tr").first.click()
    opened.keyboard.press("End")
    box, frame = opened.locator("#wide .q.on").bounding_box(), opened.locator("#scroll").bounding_box()
    assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"]
    assert frame["height"] < 350


def test_letters_typed_into_the_search_are_letters(page):
    page.focus("#search")
    page.keyboard.type("c/[")
    assert page.input_value("#search") == "c/["
    assert page.evaluate("document.body.className") == "by-character"


def test_the_address_remembers_the_cue(page, chrome):
    page.locator("#list tbody tr", has_text="R403").click()
    again = chrome.new_page()
    again.goto(page.url)
    assert again.inner_text("aside .number") == "R403"
    again.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_automated_check_of_accessibility_finds_nothing(open_page, scheme):
    opened = open_page(page_of(feature(2, 12)), color_scheme=scheme)
    assert faults_of_access(opened) == ""
    opened.locator("#list tbody tr").nth(11).click()
    opened.locator("#of-character button").nth(11).click()
    opened.click("#keys")
    assert faults_of_access(opened) == ""


def test_on_paper_stand_the_strips_and_the_filtered_list_without_controls(page):
    page.select_option("#by-reel", label="Reel R3")
    page.locator("#list tbody tr:not([hidden])").first.click()
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible() and not page.locator("aside").is_visible()
    assert rows(page).count() == 30 and rows(page).last.is_visible()
    assert page.locator("#wide svg:visible").count() == 1


def test_the_head_of_the_list_stands_on_every_printed_page(page, tmp_path):
    page.pdf(path=str(tmp_path / "list.pdf"), format="A4")
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed")
    text = subprocess.run(
        [reader, "-layout", tmp_path / "list.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = text.removesuffix("\f").split("\f")
    assert len(pages) > 4
    assert all(re.search(r"Cue +Reel +In .*Character +Line", one) for one in pages)


def test_texts_come_in_the_language_that_was_asked_for(open_page):
    opened = open_page(page_of(feature(1, 12), language="de-AT"))
    assert opened.get_attribute("html", "lang") == "de"
    assert opened.inner_text("#count") == "12 von 12 Cues"
    assert "2. Jan. 2026" in opened.inner_text("header")


def test_cues_of_a_real_session_are_shown(corpus, open_page, tmp_path):
    source = corpus / "cues" / "protools" / "ptulsconv" / "Robin Hood Spotting.txt"
    out = tmp_path / "robin.html"
    verbs.report(source, "browser", out)
    opened = open_page(out.read_text(encoding="utf-8"))
    assert rows(opened).count() == len(verbs.cues(source).rows) > 50
    opened.fill("#search", "hold there")
    counted(opened, 1)
    rows(opened).first.click()
    assert "ROBIN" in opened.inner_text("aside").upper()
