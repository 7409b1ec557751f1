"""The cue sheet as a page: whole, escaped, quiet, and the same from the same input."""

from __future__ import annotations

import html
import io
import re
from fractions import Fraction
from html.parser import HTMLParser

import opentimelineio as otio
import pytest

from postsync.model import (
    Character,
    Cue,
    Take,
    TimelineFacts,
    cue_marker,
    put_characters,
    put_timeline_facts,
    with_takes,
)
from postsync.paper.forms.html_form import css_text
from postsync.report import Report
from postsync.timing import Rate
from postsync_adapters.cue_sheet import SheetOptions, write

HOSTILE = [
    "<script>alert(1)</script>",
    "\"quoted\" 'so'",
    "=1+1",
    "שלום עולם",
    "住手！",
    "🎬 cut",
    "two\nlines",
    "</style><b>&amp;",
]


def sheet(*cues: Cue, name: str = "R1 v12", **options: object) -> str:
    timeline = otio.schema.Timeline(name=name)
    facts = TimelineFacts(Rate.of(Fraction(24)), 86400)
    put_timeline_facts(timeline, facts)
    put_characters(timeline, [Character("robin", "ROBIN", actor="E. Flynn")])
    timeline.tracks.markers.extend(cue_marker(cue, facts, "ROBIN") for cue in cues)
    file = io.BytesIO()
    write(timeline, file, Report(), SheetOptions(**options))
    return file.getvalue().decode()


def a_cue(line: str = "Hold there!", **more: object) -> Cue:
    facts = {
        "uid": "7KQ2M9XD",
        "number": "R106",
        "character": "robin",
        "record_in": 240,
        "record_out": 280,
        "line": line,
    }
    return Cue(**{**facts, **more})


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs


def test_a_cue_stands_with_number_times_character_actor_line_and_five_take_boxes():
    page = sheet(a_cue(reasons=("noise",), reason_note="plane", note="ask Anna"))
    for text in (
        "R106",
        "01:00:10:00",
        "01:00:11:16",
        "1.7 s",
        "ROBIN",
        "E. Flynn",
        "Hold there!",
        "noise",
        "plane",
        "ask Anna",
    ):
        assert text in page
    assert re.search(r'<td class="boxes">(<i>\d</i>){5}</td>', page)


def test_the_boxes_of_takes_that_there_are_stand_out_and_the_circled_ones_are_round():
    takes = [Take(uid="a", take="1"), Take(uid="b", take="2", selected="circled"), Take(uid="c", take="3PU")]
    page = sheet(with_takes(a_cue(), takes, []))
    assert '<i class="taken">1</i><i class="circled">2</i><i>3</i>' in page
    assert '<br><i class="taken">3PU</i></td>' in page


@pytest.mark.parametrize("line", HOSTILE)
def test_hostile_text_arrives_intact_and_inert(line: str):
    page = sheet(a_cue(line, note=line), name=line, title=line, episode=line, version=line, date=line)
    assert html.escape(line) in page
    tags = Tags()
    tags.feed(page)
    assert not {"script", "b", "img", "link", "iframe"} & set(tags.names) - {"b"}
    assert "script" not in tags.names
    assert tags.names.count("style") == 1
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "href")]


def test_the_page_forbids_everything_but_its_own_style():
    page = sheet(a_cue())
    assert "default-src 'none'" in page
    assert "http://" not in page and "https://" not in page and "url(" not in page


def test_the_head_names_title_episode_reel_version_and_date_on_every_page():
    page = sheet(a_cue(reel="R1"), title="Robin Hood", episode="104", version="v12", date="2026-03-01")
    head = page[page.index("<thead>") : page.index("</thead>")]
    for text in ("Robin Hood", "104", "R1", "v12", "1 Mar 2026"):
        assert text in head
    assert "counter(page)" in page and "counter(pages)" in page
    assert "table-header-group" in page


def test_each_reel_has_its_own_table():
    page = sheet(a_cue(reel="R1"), a_cue(uid="7KQ2M9XE", reel="R2", record_in=4000, record_out=4040))
    assert page.count("<table>") == 2


def test_an_omitted_cue_stays_struck_through():
    page = sheet(a_cue(status="omitted"))
    assert '<tr class="struck">' in page
    assert "omitted" in page
    assert "0 and 1 struck" in page


def test_right_to_left_lines_run_their_way_and_the_language_is_stated():
    page = sheet(a_cue("שלום"), language="he")
    assert '<html lang="he">' in page
    assert '<td class="line"><span class="t" dir="auto">שלום' in page
    assert '<html lang="en">' in sheet(a_cue(), language='"><script>')


def test_paper_is_a4_or_letter():
    assert "size: A4" in sheet(a_cue())
    assert "size: letter" in sheet(a_cue(), paper="Letter")


def test_the_same_input_makes_the_same_page_and_no_cues_make_a_page_too():
    assert sheet(a_cue()) == sheet(a_cue())
    assert "Nothing." in sheet()


def test_tags_do_not_reach_paper():
    assert "{adr=" not in sheet(a_cue("Hold! {adr=7KQ2M9XD}"))


def test_a_css_string_holds_nothing_that_ends_it():
    assert css_text('a"</style>') == '"a\\000022\\00003c\\00002fstyle\\00003e"'
