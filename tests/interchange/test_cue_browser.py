"""The cue browser: one page that shows a whole show, in a real browser."""

from __future__ import annotations

import re

import pytest

from browser_show import HOSTILE, made_show
from headless import browser, faults_of_access
from postsync import verbs
from postsync.cueing import printable, spot
from postsync.model import Character, Project, Reel
from postsync.paper.browser import browser_page, shown_cues
from postsync.report import Report


@pytest.fixture(scope="module")
def chrome():
    with browser() as one:
        yield one


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    path = tmp_path_factory.mktemp("browser") / "show.html"
    path.write_text(browser_page(made_show(180), date="2026-01-02"), encoding="utf-8")
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


def rows(page):
    return page.locator("#list tbody tr:not([hidden])")


def counted(page, shown: int) -> None:
    """Wait until the page says that so many are shown."""
    page.locator("#count", has_text=re.compile(rf"^{shown} of")).wait_for()


def focused(page):
    return page.evaluate("document.activeElement.querySelector?.('th')?.textContent ?? document.activeElement.id")


# ---------------------------------------------------------------------------------------------------------- the file


def test_the_same_show_makes_the_same_bytes():
    assert browser_page(made_show(30), date="2026-01-02") == browser_page(made_show(30), date="2026-01-02")


def test_nothing_comes_from_outside():
    text = browser_page(made_show(30))
    assert re.findall(r"(?:src|href)\s*=\s*[\"']?([^\"'\s>]+)", text) == ["#list"]
    assert "http:" not in text and "https:" not in text and "url(" not in text and "@import" not in text


def test_two_thousand_cues_stay_below_two_megabytes():
    assert len(browser_page(made_show(2000)).encode()) < 2_000_000


def test_a_timeline_without_cues_says_so(chrome, tmp_path):
    path = tmp_path / "none.html"
    path.write_text(browser_page(made_show(0)), encoding="utf-8")
    opened = chrome.new_page()
    opened.goto(path.as_uri())
    assert "There are no cues here." in opened.inner_text("main")
    assert faults_of_access(opened) == ""
    opened.close()


def test_reels_are_those_of_the_cues_and_of_the_project():
    shown = shown_cues(made_show(60))
    assert [reel.name for reel in shown.reels] == ["1", "2", "3", "4", "5", "6"]
    assert [sum(cue.reel == place for cue in shown.cues) for place in range(6)] == [10] * 6


def test_hours_that_lie_far_apart_are_reels_where_nothing_states_them():
    timeline = made_show(60)
    for marker in timeline.tracks.markers:
        del marker.metadata["postsync"]["cue"]["reel"]
    assert [reel.name for reel in shown_cues(timeline).reels] == ["1", "2", "3", "4", "5", "6"]
    stated = Project(reels=tuple(Reel(f"{part}AB", f"0{part}:00:00:00") for part in range(1, 7)))
    assert [reel.name for reel in shown_cues(timeline, stated).reels] == [f"{part}AB" for part in range(1, 7)]


def test_cues_that_overlap_lie_in_lanes_of_their_own():
    timeline = made_show(6)
    for marker in timeline.tracks.markers:
        cue = marker.metadata["postsync"]["cue"]
        cue["record_in"], cue["record_out"], cue["reel"] = 100, 200, "1"
    shown = shown_cues(timeline)
    assert sorted(cue.lane for cue in shown.cues) == [0, 1, 2, 3, 4, 5]
    assert shown.reels[0].lanes == 6


def test_numbers_are_put_in_order_as_people_count():
    timeline = made_show(4)
    for marker, number in zip(timeline.tracks.markers, ("R10", "R9", "R9A", "R2"), strict=True):
        marker.metadata["postsync"]["cue"]["number"] = number
    by_number = sorted(shown_cues(timeline).cues, key=lambda cue: cue.by_number)
    assert [cue.row.number for cue in by_number] == ["R2", "R9", "R9A", "R10"]


def test_a_colour_that_the_show_states_for_a_character_is_used():
    project = Project(characters=(Character("C00", "HAMLET", colour="purple"),))
    text = browser_page(made_show(12), project)
    assert ">HAMLET<" in text
    assert "--q:#9013FE" in text


# ---------------------------------------------------------------------------------------------------- in the browser


def test_text_of_every_field_is_inert(chrome, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_text(browser_page(made_show(12, HOSTILE)), encoding="utf-8")
    opened = chrome.new_page()
    opened.goto(path.as_uri() + "#AAAAAAAA")
    assert opened.evaluate("window.hurt") is None
    assert opened.evaluate("document.scripts.length") == 2
    assert opened.locator("#list tbody td.x, #list img, aside img").count() == 0
    assert opened.locator("#list tbody th").first.text_content() == printable(HOSTILE)
    assert opened.inner_text("aside").count("window.hurt=1") >= 6
    opened.close()


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
    page.fill("#search", "GROSSE zolta plynie")
    counted(page, 23)
    assert "Żółta łódź płynie" in rows(page).first.inner_text()


def test_filters_join_and_are_counted_and_the_strip_follows(page):
    page.select_option("#by-reel", label="Reel 2")
    assert rows(page).count() == 30
    page.select_option("#by-status", "open")
    shown = rows(page).count()
    assert page.inner_text("#count") == f"{shown} of 180 cues"
    assert {rows(page).nth(at).locator("td").last.inner_text() for at in range(shown)} == {"spotted", "approved"}
    assert page.locator("#wide .q:not(.off)").count() == shown
    page.click("#clear")
    counted(page, 180)


def test_a_name_in_the_legend_filters_and_gives_all_back(page):
    chip = page.locator("#of-character button").nth(3)
    chip.click()
    assert rows(page).count() == 5
    assert chip.get_attribute("aria-pressed") == "true"
    chip.click()
    assert rows(page).count() == 180


def test_the_strip_is_coloured_by_character_or_by_status(page):
    colours = "new Set([...document.querySelectorAll('.q')].map(one => getComputedStyle(one).fill)).size"
    assert page.evaluate(colours) == 40
    page.select_option("#colour", "status")
    assert page.evaluate(colours) == 9
    assert page.locator("#of-status").is_visible() and not page.locator("#of-character").is_visible()


def test_a_click_in_the_strip_chooses_the_cue_and_shows_its_details(page):
    page.locator("#wide svg .q").nth(40).click(force=True)
    page.wait_for_selector("aside:not([hidden])")
    assert page.inner_text("aside .number") == "R2011"
    assert page.locator("tr[aria-selected=true] th").inner_text() == "R2011"


def test_details_show_takes_and_history(page):
    page.locator("#list tbody tr", has_text="R1021").click()
    assert "R1_20_tk01.wav" in page.inner_text("aside")
    assert "old words → new words" in page.inner_text("aside")


def test_heads_sort_the_list(page):
    page.click("#list thead th.character button")
    names = page.locator("#list tbody tr td:nth-child(5)").all_inner_texts()
    assert names == sorted(names)
    assert page.get_attribute("#list thead th.character", "aria-sort") == "ascending"
    page.click("#list thead th.number button")
    assert page.locator("#list tbody th").first.inner_text() == "R1001"


def test_it_works_with_the_keyboard_alone(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TR":
            break
    assert focused(page) == "R1001"
    for key, number in (
        ("ArrowDown", "R1002"),
        ("PageDown", "R1014"),
        ("End", "R6030"),
        ("[", "R5001"),
        ("Home", "R1001"),
    ):
        page.keyboard.press(key)
        assert focused(page) == number
    page.keyboard.press("Enter")
    assert focused(page) == "details"
    page.keyboard.press("Escape")
    assert focused(page) == "R1001"
    page.keyboard.press("c")
    assert page.evaluate("document.body.className") == "by-status"
    page.keyboard.press("/")
    page.keyboard.type("R3007")
    counted(page, 1)


def test_arrows_in_the_strip_go_from_cue_to_cue(page):
    page.focus("#scroll")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("aside .number") == "R1002"


def test_letters_typed_into_the_search_are_letters(page):
    page.focus("#search")
    page.keyboard.type("c/[")
    assert page.input_value("#search") == "c/["
    assert page.evaluate("document.body.className") == "by-character"


def test_the_address_remembers_the_cue(page, chrome):
    page.locator("#list tbody tr", has_text="R4003").click()
    again = chrome.new_page()
    again.goto(page.url)
    assert again.inner_text("aside .number") == "R4003"
    again.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_automated_check_of_accessibility_finds_nothing(chrome, show, scheme):
    opened = chrome.new_page(color_scheme=scheme)
    opened.goto(show.as_uri())
    assert faults_of_access(opened) == ""
    opened.locator("#list tbody tr").nth(20).click()
    opened.locator("#of-character button").first.click()
    opened.click("#keys")
    assert faults_of_access(opened) == ""
    opened.close()


def test_on_paper_stand_the_strips_and_the_filtered_list_without_controls(page):
    page.select_option("#by-reel", label="Reel 3")
    page.locator("#list tbody tr:not([hidden])").first.click()
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible() and not page.locator("aside").is_visible()
    assert rows(page).count() == 30 and rows(page).last.is_visible()


def test_texts_come_in_the_language_that_was_asked_for(chrome, tmp_path):
    path = tmp_path / "de.html"
    path.write_text(browser_page(made_show(12), language="de"), encoding="utf-8")
    opened = chrome.new_page()
    opened.goto(path.as_uri())
    assert opened.get_attribute("html", "lang") == "de"
    assert opened.inner_text("#count") == "12 von 12 Takes"
    opened.close()


def test_cues_of_a_real_session_are_shown(corpus, chrome, tmp_path):
    source = corpus / "cues" / "protools" / "ptulsconv" / "Robin Hood Spotting.txt"
    timeline = verbs.opened(source).timelines[0]
    spot(timeline, Project(), Report())
    path = tmp_path / "real.html"
    path.write_text(browser_page(timeline), encoding="utf-8")
    page = chrome.new_page()
    page.goto(path.as_uri())
    assert rows(page).count() == len(verbs.cues(source).rows) > 50
    page.fill("#search", "hold there")
    counted(page, 1)
    rows(page).first.click()
    assert "ROBIN" in page.inner_text("aside").upper()
    page.close()
