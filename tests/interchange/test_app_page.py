"""The app's page in a real browser: from a dropped file to the folder with the report, by mouse and by keyboard."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app_running import running
from headless import browser, faults_of_access
from postsync import demo

REEL = demo.REEL / "The Crossing R1.fcpxml"

DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const how = { bubbles: true, cancelable: true, dataTransfer: data };
    document.getElementById("drop").dispatchEvent(new DragEvent("drop", how));
}"""


@pytest.fixture(scope="module")
def chrome():
    with browser() as one:
        yield one


@pytest.fixture
def app():
    with running() as one:
        yield one


@pytest.fixture
def open_app(chrome, app):
    faults: list[str] = []

    def begin(address: str = "", **how):
        page = chrome.new_page(viewport={"width": 1200, "height": 1400}, **how)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(address or app.address)
        page.locator("#jobs label").first.wait_for()
        begin.pages.append(page)
        return page

    begin.pages = []
    yield begin
    for page in begin.pages:
        page.close()
    assert faults == []


def drop(page, path: Path) -> None:
    page.evaluate(DROP, [path.name, path.read_text(encoding="utf-8")])
    page.locator("#items li", has_text=path.name).wait_for()


def open_places(page, button: str) -> None:
    page.click(button)
    from playwright.sync_api import expect

    expect(page.locator("#place-path")).not_to_have_value("")


def choose_into(page, folder: Path) -> None:
    open_places(page, "#choose-into")
    page.fill("#place-path", str(folder))
    page.press("#place-path", "Enter")
    page.locator("#place-list li").first.wait_for()
    page.click("#place-take")
    page.locator("#into", has_text=folder.name).wait_for()


def ended(page):
    box = page.locator(".run").first
    box.locator(".state.done, .state.failed, .state.stopped").wait_for(timeout=60_000)
    return box


def test_a_dropped_timeline_becomes_a_turnover(open_app, app, tmp_path):
    (tmp_path / "R1").mkdir()
    page = open_app()
    drop(page, REEL)
    assert "timeline · FCPXML · Cues (5)" in page.inner_text("#items li")
    assert "01:00:00:00" in page.inner_text("#panel")
    page.click("#tab-cues")
    assert "Никто не придёт" in page.inner_text("#panel")
    page.click("#tab-findings")
    assert "warning" in page.inner_text("#panel")
    page.check("#jobs input[value=turnover]")
    assert page.locator("#slots select").first.evaluate("one => one.selectedOptions[0].textContent") == REEL.name
    choose_into(page, tmp_path)
    page.click("#job button.main")
    box = ended(page)
    assert "5 cues" in box.inner_text() and "12A-T3_Boom is missing" in box.inner_text()
    folder = tmp_path / "The Crossing R1 for Pro Tools"
    assert (folder / "The Crossing R1.aaf").exists()
    box.get_by_role("button", name="Open the folder").click()
    box.get_by_role("button", name="Open The Crossing R1 cues.html").click()
    page.wait_for_timeout(300)
    assert app.opened == [folder, folder / "The Crossing R1 cues.html"]


def test_files_and_folders_are_dropped_as_from_a_desktop(open_app, tmp_path):
    takes = tmp_path / "Takes of Monday"
    (takes / "Stage B").mkdir(parents=True)
    for place in ("R101_tk1.wav", "Stage B/R102_tk1.wav", ".DS_Store"):
        (takes / place).write_bytes(b"RIFF")
    page = open_app()
    link = page.context.new_cdp_session(page)
    area = page.locator("#drop").bounding_box()
    data = {"items": [], "files": [str(REEL), str(takes)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        where = {"x": area["x"] + 50, "y": area["y"] + 20}
        link.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})
    page.locator("#items li", has_text="Takes of Monday").wait_for()
    assert "folder · sound files: 2 · dropped" in page.inner_text("#items")
    assert "timeline · FCPXML" in page.inner_text("#items")


def test_it_works_with_the_keyboard_alone(open_app, tmp_path):
    (tmp_path / "R1").mkdir()
    page = open_app()

    def tab_to(what: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"no way to {what}")

    tab_to("#choose-here")
    page.keyboard.press("Enter")
    page.locator("#place[open]").wait_for()
    page.fill("#place-path", str(REEL.parent))
    page.keyboard.press("Enter")
    page.locator("#place-list label", has_text=REEL.name).wait_for()
    tab_to("#place-list input")
    while not page.evaluate("name => document.activeElement.parentNode.textContent.includes(name)", REEL.name):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to("#place-take")
    page.keyboard.press("Enter")
    page.locator("#items li", has_text=REEL.name).wait_for()
    tab_to("[role=tab]")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#tab-cues", "aria-selected") == "true"
    tab_to("#jobs input")
    while page.evaluate("document.activeElement.value") != "check":
        page.keyboard.press("ArrowDown")
    tab_to("#job button.main")
    page.keyboard.press("Enter")
    assert "warnings: 3" in ended(page).inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_automated_check_of_accessibility_finds_nothing(open_app, tmp_path, scheme):
    page = open_app(color_scheme=scheme)
    assert faults_of_access(page) == ""
    drop(page, REEL)
    page.click("#tab-findings")
    page.check("#jobs input[value=check]")
    page.click("#job button.main")
    ended(page)
    page.check("#jobs input[value=place]")
    assert faults_of_access(page) == ""
    open_places(page, "#choose-into")
    page.fill("#place-path", str(REEL.parent.parent))
    page.press("#place-path", "Enter")
    page.locator("#place-list li").first.wait_for()
    assert faults_of_access(page) == ""


def test_texts_of_files_are_inert(open_app):
    page = open_app()
    hurt = "<img src=x onerror=window.hurt=1></script><script>window.hurt=1</script>"
    text = REEL.read_text(encoding="utf-8").replace(
        "You said the boat would wait.", hurt.replace("&", "&amp;").replace("<", "&lt;")
    )
    page.evaluate(DROP, [f"{hurt.replace('/', '')}.fcpxml", text])
    page.locator("#items .name").wait_for()
    page.click("#tab-cues")
    assert hurt in page.inner_text("#panel")
    page.check("#jobs input[value=check]")
    page.click("#job button.main")
    ended(page)
    assert page.evaluate("window.hurt") is None and page.locator("img").count() == 0


def test_files_are_put_where_they_most_likely_belong_and_stay_where_they_are_put(open_app):
    page = open_app()
    new_cut = demo.EXAMPLE / "new cut" / "The Crossing R1 v4.fcpxml"
    drop(page, REEL)
    drop(page, new_cut)

    def slots(job: str) -> list[str]:
        page.check(f"#jobs input[value={job}]")
        return page.locator("#slots select").evaluate_all("all => all.map(one => one.selectedOptions[0].textContent)")

    assert slots("turnover") == [REEL.name, "none"]
    assert slots("reconform")[:2] == [REEL.name, new_cut.name]
    page.locator("#slots select").nth(2).select_option(label=REEL.name)
    page.evaluate(DROP, ["markers.txt", "ROBIN\t01:00:10:00\tV1\tred\tR101 ROBIN: Hold there!\t1\n"])
    page.locator("#items li", has_text="markers.txt").wait_for()
    assert slots("turnover") == [REEL.name, "markers.txt"]
    assert slots("merge") == [REEL.name, "markers.txt"]
    assert slots("reconform") == [REEL.name, new_cut.name, REEL.name]


def test_a_double_click_begins_a_job_once(open_app, tmp_path):
    (tmp_path / "R1").mkdir()
    page = open_app()
    drop(page, REEL)
    page.check("#jobs input[value=report]")
    choose_into(page, tmp_path)
    page.dblclick("#job button.main", delay=50)
    ended(page)
    page.wait_for_timeout(1000)
    assert page.locator(".run").count() == 1
    page.click("#job button.main")
    page.locator(".run").nth(1).wait_for()
    ended(page)
    names = ["R1", "The Crossing R1 Cue browser", "The Crossing R1 Cue browser 2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_what_the_person_forgot_is_said(open_app):
    page = open_app()
    page.check("#jobs input[value=turnover]")
    page.click("#job button.main")
    assert page.inner_text("#missing") == "Timeline is missing."
    drop(page, REEL)
    page.click("#job button.main")
    assert page.inner_text("#missing") == "Choose a folder for the results first."


def test_a_file_that_leaves_its_rate_open_is_asked_about(open_app):
    page = open_app()
    page.evaluate(DROP, ["markers.txt", "ROBIN\t01:00:10:00\tV1\tred\tR101 ROBIN: Hold there!\t1\n"])
    page.locator("#rate-asked").wait_for()
    page.select_option("#rate", "25")
    page.click("#use-rate")
    page.locator("#panel", has_text="25 fps").wait_for()
    assert not page.locator("#rate-asked").is_visible()


def test_settings_of_the_show_that_are_dropped_later_are_used_and_replaced_by_later_ones(open_app):
    page = open_app()
    drop(page, REEL)
    assert "Problems (3)" in page.inner_text("#items li")
    for known, left in ((("plane overhead",), 2), (("plane overhead", "clothing noise"), 1)):
        codes = "".join(f"{word!r} = 'x'\n" for word in known)
        page.evaluate(DROP, ["postsync.toml", f"[codes.reasons]\n{codes}"])
        page.locator("#items li", has_text=f"Problems ({left})").wait_for()
    assert page.locator("#items li").count() == 2


def test_what_is_too_large_is_refused_before_it_is_sent_and_says_what_to_do(open_app, app):
    page = open_app()
    page.evaluate("Object.defineProperty(File.prototype, 'size', { get: () => 2 ** 40 })")
    page.evaluate(DROP, ["long.wav", "RIFF"])
    page.locator("#trouble", has_text="choose it from this computer instead").wait_for()
    assert page.locator("#items .name").count() == 0 and page.inner_text("#sending") == ""


def test_a_failure_is_shown_as_its_sentence(open_app, tmp_path):
    (tmp_path / "R1").mkdir()
    page = open_app()
    drop(page, REEL)
    page.check("#jobs input[value=turnover]")
    page.locator("#fields input").first.fill("a while")
    choose_into(page, tmp_path)
    page.click("#job button.main")
    assert "expected a length such as 4s" in ended(page).inner_text()
    assert [path.name for path in tmp_path.iterdir()] == ["R1"]


def test_progress_is_seen_and_a_job_stopped(open_app, tmp_path, monkeypatch):
    from postsync.app.task import Slot, Task
    from postsync.app.tasks import TASKS

    def slow(given):
        for count in range(1, 4000):
            given.run.advance("sounds", min(count, 90), 100)
            time.sleep(0.01)

    monkeypatch.setitem(TASKS, "convert", Task("convert", (Slot("file", ("timeline",)),), slow))
    (tmp_path / "R1").mkdir()
    page = open_app()
    drop(page, REEL)
    page.check("#jobs input[value=convert]")
    choose_into(page, tmp_path)
    page.click("#job button.main")
    page.locator(".run p", has_text="sounds 90/100").wait_for()
    assert page.locator(".run progress").evaluate("bar => bar.position") == 0.9
    assert (tmp_path / "The Crossing R1").is_dir()
    page.locator(".run").get_by_role("button", name="Stop").click()
    assert "stopped" in ended(page).inner_text()
    assert [path.name for path in tmp_path.iterdir()] == ["R1"]


def test_a_page_that_is_loaded_again_still_has_its_files(open_app):
    page = open_app()
    drop(page, REEL)
    page.reload()
    page.locator("#items li", has_text=REEL.name).wait_for()


def test_without_its_secret_the_page_shows_nothing(chrome, app):
    page = chrome.new_page()
    page.goto(f"http://127.0.0.1:{app.port}/")
    page.locator("#trouble", has_text="belongs to no session").wait_for()
    assert not page.locator("#main").is_visible()
    page.close()


def test_the_page_asks_only_its_own_address(open_app, app):
    asked: list[str] = []
    page = open_app()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.locator("#jobs label").first.wait_for()
    drop(page, REEL)
    assert asked and all(url.startswith((f"http://127.0.0.1:{app.port}/", "data:")) for url in asked)


def test_a_page_elsewhere_can_do_nothing(chrome, app, tmp_path):
    """A page of another origin in the same browser: it knows the port, not the secret."""
    (tmp_path / "evil.html").write_text("<p>evil", encoding="utf-8")
    page = chrome.new_page()
    page.goto((tmp_path / "evil.html").as_uri())
    ask = """async (url) => { try { return (await fetch(url, { method: "POST", body: "{}", mode: "no-cors" })).type; }
             catch { return "refused"; } }"""
    assert page.evaluate(ask, f"http://127.0.0.1:{app.port}/ask/quit") in ("opaque", "refused")
    assert app.ask("GET", "start")["version"]
    page.close()


def test_quitting_ends_the_app(chrome):
    with running() as one:
        page = chrome.new_page()
        page.goto(one.address)
        page.locator("#jobs label").first.wait_for()
        one.ask = lambda *given, **how: None  # The page quits, not the test.
        page.click("#quit")
        page.locator("#trouble", has_text="has ended").wait_for()
        page.close()


def test_it_speaks_the_language_that_was_asked_for(chrome):
    with running(language="de") as one:
        page = chrome.new_page()
        page.goto(one.address)
        page.locator("#jobs label").first.wait_for()
        assert page.get_attribute("html", "lang") == "de"
        assert "An den Ton übergeben" in page.inner_text("#jobs")
        page.close()


def headings(page) -> list[str]:
    """Give the headings of the second level as a screen reader tells them."""
    found = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        node["name"]["value"]
        for node in found
        if node.get("role", {}).get("value") == "heading"
        and {"name": "level", "value": {"type": "integer", "value": 2}} in node.get("properties", [])
    ]


def test_the_steps_that_are_shown_are_numbered_without_a_gap(open_app) -> None:
    page = open_app()
    assert headings(page) == ["1. Your files", "2. What shall be done"]
    drop(page, REEL)
    page.locator("#inside").wait_for()
    assert headings(page) == ["1. Your files", "2. What is in The Crossing R1.fcpxml", "3. What shall be done"]
