"""Pro Tools' session text: every version, encoding, form of time and section."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import postsync
from postsync.cueing import spot
from postsync.errors import FormatError, PostsyncError
from postsync.formats.conversion import recognise
from postsync.model import (
    ClipFacts,
    Laid,
    Project,
    TimelineFacts,
    build_track,
    placed_tracks,
    plain_marker,
    put_clip_facts,
    put_timeline_facts,
    timeline_characters,
    timeline_cues,
    timeline_facts,
)
from postsync.report import Report
from postsync.timing import as_rate
from postsync_adapters.pro_tools_text import FORMAT, SessionTextOptions
from postsync_adapters.pro_tools_text.parse import parse_session
from pro_tools_made import Export, Location, session_text

RATE = as_rate("23.976")
FACTS = TimelineFacts(RATE, 86400, 48_000)


def made(clips, facts=FACTS, tracks=("ROBIN",)):
    """Make a timeline with the same clips, (name, first sample, last sample), on each track."""
    timeline = otio.schema.Timeline("R1 v4")
    put_timeline_facts(timeline, facts)
    for name in tracks:
        laid = []
        for text, start, end in clips:
            clip = otio.schema.Clip(text)
            put_clip_facts(clip, ClipFacts())
            laid.append(Laid(clip, Fraction(start, 48_000), Fraction(end - start, 48_000)))
        timeline.tracks.append(build_track(name, "Audio", laid, [48_000]))
    return timeline


def read(text, report=None, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return FORMAT.read(io.BytesIO(data), Report() if report is None else report, SessionTextOptions(**options))[0]


def places(timeline):
    """Give (name, first sample, last sample) of every clip."""
    return [
        (clip.clip.name, clip.record_in * 48_000, clip.record_out * 48_000)
        for track in placed_tracks(timeline)
        for clip in track.clips
    ]


CLIPS = [("Hold there!", 96096, 192192), ("Run", 200_000, 240_001), ("Now", 240_001, 290_290)]

# ---------------------------------------------------------------------------------------------------------------- times


def test_samples_are_exact():
    assert places(read(session_text(made(CLIPS)))) == CLIPS


@pytest.mark.parametrize(
    ("export", "within"),
    [
        (Export("timecode"), 2003), (Export("timecode", subframes=True), 12), (Export("minutes", subframes=True), 49),
        (Export("minutes"), 48_001), (Export("feet"), 2003), (Export("feet", subframes=True), 12),
    ],
)  # fmt: skip
def test_every_other_form_is_as_near_as_it_can_say_and_the_report_tells_how_near(export, within):
    report = Report()
    back = read(session_text(made(CLIPS), export), report)
    for (_, start, end), (_, true_start, true_end) in zip(places(back), CLIPS, strict=True):
        assert abs(start - true_start) <= within
        assert abs(end - true_end) <= within
    assert {"times-cut", "times-too-coarse"} & {loss.code for loss in report}
    assert Fraction(back.metadata["postsync"]["precision"]) * 48_000 <= within


def test_a_clip_without_length_in_a_coarse_form_lasts_a_frame():
    report = Report()
    back = read(session_text(made([("short", 1000, 2000)]), Export("minutes")), report)
    assert placed_tracks(back)[0].clips[0].duration == RATE.seconds_per_frame
    assert "time-rounded" in {loss.code for loss in report}


def test_a_session_that_runs_past_midnight_goes_on():
    facts = TimelineFacts(RATE, 24 * 3600 * 24 - 24 * 60, 48_000)
    back = read(session_text(made([("late", 48048 * 100, 48048 * 110)], facts), Export("timecode")))
    assert places(back) == [("late", 48048 * 100, 48048 * 110)]
    assert timeline_facts(back).timecode(Fraction(1001, 10)) == "00:00:40:00"


@pytest.mark.parametrize(
    "name", ["23.976", "24", "25", "29.97", "29.97 DF", "30", "30 DF", "50", "59.94 DF", "60", "120"]
)
def test_rates_are_read_with_their_drop_flag(name):
    facts = TimelineFacts(as_rate(name), 3600 * as_rate(name).nominal, 48_000)
    back = read(session_text(made(CLIPS, facts), Export("timecode", subframes=True)))
    assert timeline_facts(back).rate == facts.rate
    assert timeline_facts(back).start_timecode == facts.start_timecode


def test_an_exact_memory_location_tells_the_rate_of_the_feet():
    far = Location(48_000 * 600, 1, "end")
    for rate in (Fraction(24), Fraction(24000, 1001)):
        report = Report()
        back = read(session_text(made(CLIPS), Export("feet", feet_rate=rate), [far]), report)
        assert abs(places(back)[0][1] - 96096) <= 48_000 / rate + 2
        assert [loss.facts["rate"] for loss in report if loss.code == "feet-rate-found"] == [as_rate(rate).name]


def test_without_one_the_rate_of_the_feet_is_a_guess_that_can_be_put_right():
    report = Report()
    read(session_text(made(CLIPS), Export("feet")), report)
    assert [loss.level for loss in report if loss.code == "feet-rate-guessed"] == ["loss"]
    told = Report()
    read(session_text(made(CLIPS), Export("feet")), told, feet_rate=as_rate(24))
    assert "feet-rate-guessed" not in {loss.code for loss in told}


def in_bars(text):
    """Write the times of a samples export in bars and beats of 120 a minute."""

    def bars(match):
        ticks = int(match[2]) // 25
        beats, rest = divmod(ticks, 960)
        return f"{match[1]}{beats // 4 + 1}|{beats % 4 + 1}| {rest:03}"

    return re.sub(r"(\t *)(\d{4,})(?=\t)", bars, text)


def test_bars_and_beats_are_refused_without_a_tempo_and_read_with_one():
    text = in_bars(session_text(made(CLIPS)))
    with pytest.raises(FormatError, match="tempo") as refused:
        read(text)
    assert "Samples" in refused.value.remedy
    assert abs(places(read(text, tempo=Fraction(120)))[0][1] - 96096) <= 25


# ------------------------------------------------------------------------------------------------------------ encodings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "mac_roman", "cp1252"]
)  # fmt: skip
def test_every_encoding_of_latin_text_is_read(encoding):
    text = session_text(made([("“Où est-il… à la gare, Zoë?”", 0, 48048)]))
    assert places(read(text.encode(encoding)))[0][0] == "“Où est-il… à la gare, Zoë?”"


def test_mac_roman_is_taken_before_chinese_where_its_letters_are_usual():
    report = Report()
    text = session_text(made([("What…” he said", 0, 48048)]))
    assert places(read(text.encode("mac_roman"), report))[0][0] == "What…” he said"
    assert [loss.facts["encoding"] for loss in report if loss.code == "text-encoding-guessed"] == ["Mac Roman"]


def test_japanese_is_read_and_an_encoding_can_be_named():
    text = session_text(made([("兄はどこにいる。走れ、今すぐに", 0, 48048)]))
    assert places(read(text.encode("shift_jis")))[0][0] == "兄はどこにいる。走れ、今すぐに"
    assert places(read(text.encode("shift_jis"), encoding="shift_jis"))[0][0] == "兄はどこにいる。走れ、今すぐに"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_line_ends_of_every_age_are_read(end):
    text = session_text(made(CLIPS), Export("samples", old=True)).replace("\n", end)
    assert places(read(text, start="01:00:00:00")) == CLIPS


# --------------------------------------------------------------------------------------------------------------- tracks


def test_channels_of_a_stereo_track_are_one_clip():
    head, row = session_text(made([("Theme.L", 0, 48_000)], tracks=("MX (Stereo)",))).rsplit("1       \t1", 1)
    text = f"{head}1       \t1{row}2       \t1{row.replace('Theme.L', 'Theme.R')}"
    track = placed_tracks(read(text))[0]
    assert (track.name, track.facts.channels) == ("MX", 2)
    assert [clip.clip.name for clip in track.clips] == ["Theme"]


def fade_rows(*rows):
    return session_text(made(rows))


def test_fades_belong_to_their_clips():
    text = fade_rows(("(fade in)", 0, 4800), ("Sea", 4800, 48_000), ("(fade out)", 48_000, 50_000))
    clip = placed_tracks(read(text))[0].clips[0]
    assert (clip.record_in, clip.record_out) == (0, Fraction(50_000, 48_000))
    assert (clip.facts.fade_in.duration, clip.facts.fade_out.duration) == (Fraction(1, 10), Fraction(2000, 48_000))


def test_a_cross_fade_lies_on_the_cut_between_its_clips():
    report = Report()
    text = fade_rows(("Sea", 0, 48_000), ("(cross fade)", 48_000, 52_000), ("Wind", 52_000, 96_000))
    track = placed_tracks(read(text, report))[0]
    clip, crossing, other = track.items
    assert (clip.record_out, other.record_in) == (Fraction(50_000, 48_000),) * 2
    assert (crossing.record_in, crossing.duration) == (1, Fraction(4000, 48_000))
    assert "crossing-halved" in {loss.code for loss in report}


def test_states_comments_and_plug_ins_of_tracks_are_kept():
    text = session_text(made(CLIPS)).replace(
        "COMMENTS:\t\nUSER DELAY:\t0 Samples\nSTATE: ",
        "COMMENTS:\tfirst line\nsecond\tline\nUSER DELAY:\t12 Samples\nSTATE: Muted Solo NewWord \n"
        "PLUG-INS: \tEQ (mono)\tTrim (mono)",
    )
    track = placed_tracks(read(text))[0]
    assert (track.facts.muted, track.facts.soloed) == (True, True)
    kept = track.track.metadata["pro_tools_text"]
    assert kept["comments"] == "first line\nsecond\tline"
    assert list(kept["states"]) == ["Muted", "Solo", "NewWord"]
    assert list(kept["plug_ins"]) == ["EQ (mono)", "Trim (mono)"]
    assert places(read(text)) == CLIPS


def test_a_muted_clip_is_muted():
    text = session_text(made(CLIPS)).replace("Unmuted", "Muted", 1)
    assert [clip.facts.muted for clip in placed_tracks(read(text))[0].clips] == [True, False, False]


def test_names_keep_tabs_breaks_dollars_and_any_length():
    names = ["two\nlines", "a\ttab", "I owe you $500", "x" * 168, "", "[laughs] {softly} (fade in) 1\t2"]
    clips = [(name, 48048 * place, 48048 * place + 2002) for place, name in enumerate(names)]
    assert [name for name, _, _ in places(read(session_text(made(clips))))] == names


def test_files_of_clips_are_known_and_their_place_in_them_is_not():
    text = session_text(made([("Take 1.L", 0, 48_000)])).replace(
        "T R A C K",
        "O N L I N E  F I L E S  I N  S E S S I O N\nFilename     \tLocation\nTake 1.wav   \tDisk:Audio Files:\n\n\n"
        "O N L I N E  C L I P S  I N  S E S S I O N\nCLIP NAME\tSource File\nTake 1.L \tTake 1.wav\t[1]\n\n\nT R A C K",
    )
    report = Report()
    clip = placed_tracks(read(text, report))[0].clips[0]
    assert (clip.media.name, clip.facts.channels) == ("Take 1.wav", (1,))
    assert clip.media.extra["pro_tools_text"] == {"location": "Disk:Audio Files:", "online": True}
    assert "source-in-unknown" in {loss.code for loss in report}


def test_a_section_that_nobody_knows_is_skipped_and_named():
    text = session_text(made(CLIPS)).replace("T R A C K", "V I D E O  L I S T I N G\nsomething\n\n\nT R A C K")
    report = Report()
    assert places(read(text, report)) == CLIPS
    assert [loss.facts["text"] for loss in report if loss.code == "line-ignored"] == [
        "V I D E O  L I S T I N G",
        "something",
    ]


# -------------------------------------------------------------------------------------------------------------- markers

NASTY = [
    ("plain", ""), ("tab\tin name", "plain comment"), ("break\nin name", "a comment"), ("name", "tab\tin comment"),
    ("name", "break\nin comment"), ("tab\tand\nbreak", "both\t\nhere\n\nand blank"), ("x" * 60, "long name"),
    ("ends with blank", " "), ("é" * 33, "wide\tletters"), ("", "no name\nat all"), ("$500 for you", "{Note=x}\t[TV]"),
    ("T R A C K  L I S T I N G", "M A R K E R S  L I S T I N G"),
]  # fmt: skip


@pytest.mark.parametrize("marker_tracks", [False, True], ids=["six columns", "eight columns"])
def test_tabs_and_breaks_in_names_and_comments_give_every_record_back(marker_tracks):
    locations = [Location(2002 * place, place + 1, *texts) for place, texts in enumerate(NASTY)]
    back = read(session_text(made(CLIPS), Export("timecode", marker_tracks=marker_tracks), locations))
    found = [(plain.name, plain.comment) for plain in map(plain_marker, back.tracks.markers)]
    assert found == [(name.rstrip(), comment) for name, comment in NASTY]


TEXTS = st.text(st.sampled_from("abcé \t\n$|"), max_size=30).map(lambda text: text.strip(" \n\t"))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), st.booleans())
@settings(max_examples=80, deadline=None)
def test_any_name_and_comment_up_to_the_width_of_a_cell_comes_back(texts, marker_tracks):
    locations = [Location(2002 * place, place + 1, *pair) for place, pair in enumerate(texts)]
    session = parse_session(session_text(made([]), Export(marker_tracks=marker_tracks), locations))
    assert [(row.name, row.comments) for row in session.markers] == texts


def test_markers_stand_at_their_exact_reference_whatever_the_form():
    for form in ("samples", "timecode", "minutes", "feet"):
        back = read(session_text(made([]), Export(form), [Location(2_695_168, 7, "Marker")]))
        assert plain_marker(back.tracks.markers[0]).record_in == Fraction(2_695_168, 48_000)


def test_rulers_tracks_and_numbers_of_markers_are_kept():
    one = Location(0, 3, "on a track", "c", "ROBIN", "Track")
    back = read(
        session_text(made(CLIPS), Export(marker_tracks=True), [one, Location(5, 9, "on a ruler", "", "Markers 2")])
    )
    first, second = map(plain_marker, back.tracks.markers)
    assert first.attached_to.track == "ROBIN"
    assert second.attached_to is None
    assert [one.extra["pro_tools_text"]["number"] for one in (first, second)] == [3, 9]
    assert second.extra["pro_tools_text"]["track"] == "Markers 2"


# ----------------------------------------------------------------------------------------------------------- real files


def known(corpus):
    """Give the rows of the table of SOURCES.md: file, line ends, tracks, events, markers (None without a section)."""
    table = (corpus / "cues" / "SOURCES.md").read_text(encoding="utf-8")
    for row in re.findall(r"^\| (protools/.*?\.txt) \|(.*)\|$", table, re.MULTILINE):
        cells = [cell.strip() for cell in row[1].split("|")] if "\\|" not in row[1] else re.split(r"(?<!\\)\|", row[1])
        numbers = [cell.strip() for cell in cells]
        markers = None if numbers[6] == "no section" else int(numbers[6].split()[0])
        yield corpus / "cues" / row[0], numbers[2], int(numbers[4]), int(numbers[5]), markers


def test_every_real_file_has_the_tracks_events_and_markers_that_were_counted_in_it(corpus):
    found = list(known(corpus))
    assert len(found) == 37
    for path, rate, tracks, events, markers in found:
        text = postsync.formats.decode_text(path.read_bytes()).text
        session = parse_session(text, path)
        assert len(session.tracks) == tracks, path.name
        assert sum(len(track.rows) for track in session.tracks) == events, path.name
        assert (len(session.markers) if session.has_markers else None) == markers, path.name
        assert recognise(path) is FORMAT
        timeline, report = postsync.read(path)
        assert "line-ignored" not in {loss.code for loss in report}, path.name
        if rate != "—":
            assert timeline_facts(timeline).rate == as_rate(rate.replace("Drop", "DF"))


def swift(corpus, name):
    return next((corpus / "cues/protools/swift-daw-file-tools").glob(f"SessionText_{name}_PT*.txt"))


FORMS = {
    "Samples": 1, "Samples_ShowSubframes": 1, "Timecode": 2002, "MinSecs": 48_000, "MinSecs_ShowSubframes": 48,
    "FeetFrames": 2002, "BarsBeats_ShowSubframes": 26,
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_exports_of_one_session_in_every_form_are_the_same_session(corpus, form):
    timeline, _ = postsync.read(swift(corpus, f"TimeFormats_{form}"))
    truth = [("Audio Clip 1 Name", 1_201_200, 1_843_200), ("Audio Clip 2 Name", 401_408, 1_043_408)]
    for (name, start, end), (known_name, known_start, known_end) in zip(places(timeline), truth, strict=True):
        assert name == known_name
        assert abs(start - known_start) <= FORMS[form]
        assert abs(end - known_end) <= FORMS[form]
    first, second = map(plain_marker, timeline.tracks.markers)
    assert first.record_in * 48_000 == 2_695_168
    assert abs(second.record_in * 48_000 - 5_562_368) <= max(FORMS[form], 26)
    assert timeline_facts(timeline).start_timecode == "23:57:00:00"


def robin_hood(corpus, name):
    path = corpus / "cues/protools/ptulsconv" / f"Robin Hood Spotting{name}.txt"
    timeline, _ = postsync.read(path)
    return timeline


@pytest.mark.parametrize(("name", "within"), [("DF", 1602), ("MSS", 48), ("2", 2003)])
def test_ninety_clips_stand_at_the_same_samples_in_other_exports_of_their_session(corpus, name, within):
    truth, other = places(robin_hood(corpus, "samples")), places(robin_hood(corpus, name))
    assert len(truth) == len(other) == 92
    for (text, start, end), (same, other_start, other_end) in zip(truth, other, strict=True):
        assert text == same
        assert abs(start - other_start) <= within, text
        assert abs(end - other_end) <= within, text


def test_the_cues_of_a_spotted_session_are_the_same_in_every_export(corpus):
    lists = []
    for name in ("DF", "MSS", "samples"):
        timeline = robin_hood(corpus, name)
        assert spot(timeline, Project(), Report()) == 85
        names = timeline_characters(timeline)
        lists.append(
            [
                (cue.number, names[cue.character].name, cue.line, cue.scene, cue.record_in)
                for cue in timeline_cues(timeline)
            ]
        )
    assert lists[0] == lists[1] == lists[2]
    assert [cue[:2] for cue in lists[0]][:2] == [("TC101", "Town Crier"), ("TC102", "Town Crier")]
    assert "2 Int. Castle - John and Guy" in {cue[3] for cue in lists[0]}


def test_a_real_session_shows_its_fades_mutes_and_offline_files(corpus):
    timeline, _ = postsync.read(swift(corpus, "OneOfEverything_23-976fps_DefaultExportOptions"))
    tracks = {track.name: track for track in placed_tracks(timeline)}
    assert [clip.facts.muted for clip in tracks["Audio 3"].clips] == [False, True]
    faded = tracks["Audio 4"].clips[0]
    assert (faded.facts.fade_in.duration, faded.facts.fade_out.duration) == (5 / RATE.fps, 5 / RATE.fps)
    offline = tracks["Audio 5"].clips[0]
    assert offline.media.extra["pro_tools_text"]["online"] is False
    assert tracks["Audio 5"].facts.muted


# -------------------------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize("text", ["", "\0\0\0", "hello\nworld", "T R A C K", "SESSION"])
def test_a_text_that_is_none_is_refused_in_one_sentence(text):
    with pytest.raises(FormatError, match="Pro Tools session text"):
        read(text)


def test_a_start_that_is_no_timecode_is_named():
    with pytest.raises(FormatError, match="SESSION START TIMECODE"):
        read(session_text(made(CLIPS)).replace("01:00:00:00", "one o'clock"))


DAMAGE = session_text(made(CLIPS), Export("timecode", marker_tracks=True), [Location(2002, 1, "a\tb", "c\nd")]).encode()


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_reads_or_says_what_is_wrong(data):
    at = data.draw(st.integers(0, len(DAMAGE) - 1))
    end = data.draw(st.integers(at, min(len(DAMAGE), at + 60)))
    hurt = DAMAGE[:at] + data.draw(st.binary(max_size=8)) + DAMAGE[end:]
    try:
        read(hurt)
    except PostsyncError as fault:
        assert fault.sentence()
