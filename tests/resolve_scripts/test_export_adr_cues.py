"""The menu script, executed as Resolve does it: no `__file__`, names of the application as globals."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from postsync.model import placed_tracks, timeline_facts, timeline_markers
from postsync.report import Report
from postsync.timing import as_rate, parse_timecode
from postsync_adapters.resolve_snapshot import FORMAT

SCRIPTS = Path(__file__).resolve().parents[2] / "resolve_scripts"
MENU = SCRIPTS / "menu" / "Export ADR Cues.py"


def _module(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


double = _module("resolve_double", Path(__file__).with_name("double.py"))
support = _module("postsync_resolve", SCRIPTS / "postsync_resolve.py")

CLOCKS = [
    ("23.976", 23.976, False, "01:00:00:00"),
    ("24", 24.0, False, "01:00:00:00"),
    ("25", 25.0, False, "10:00:00:00"),
    ("29.97", 29.97, False, "01:00:00:00"),
    ("29.97 DF", 29.97, True, "01:00:00;00"),
    ("50", 50.0, False, "00:59:50:00"),
    ("59.94", 59.94, False, "01:00:00:00"),
    ("59.94 DF", 59.94, True, "01:00:00;00"),
]


def make_timeline(
    profile: Any, name: str = "R1 v12", rate: float = 24.0, drop: bool = False, start: str = "01:00:00:00"
) -> Any:
    exact = as_rate(f"{rate} DF" if drop else str(rate))
    first = parse_timecode(start, exact)
    wav = double.MediaPoolItem(
        profile,
        {"File Name": "12A-3.wav", "File Path": "/Sound/12A-3.wav", "FPS": rate, "Start TC": start, "Type": "Audio",
         "Frames": "2000", "Audio Ch": "4", "Sample Rate": "48000", "Audio Bit Depth": "24", "Reel Name": ""},
        metadata={"Scene": "12A"},
    )  # fmt: skip
    sound = double.TimelineItem(profile, "12A-3.wav", first + 100, first + 300, 48, wav, uid="b", kind="audio")
    sound.markers = {60: double.marker("LINE", "Noise", "Red"), 10: double.marker("CUT OFF")}
    sound.mapping = json.dumps({"track_mapping": {"1": {"channel_idx": [3, 4], "mute": False, "type": "Stereo"}}})
    picture = double.TimelineItem(profile, "12A-3.mov", first + 100, first + 300, 48, wav, uid="a", enabled=False)
    sound.linked, picture.linked = [picture], [sound]
    subtitle = double.TimelineItem(profile, "Hold there!", first + 120, first + 160, uid="c", kind="")
    return double.Timeline(
        profile, name, rate, drop, start, first,
        [double.Track("video", "V1", [picture]), double.Track("audio", "Dialogue", [sound], sub_type="stereo"),
         double.Track("audio", "Muted", [], False, "mono"), double.Track("subtitle", "Subs", [subtitle])],
        {1000: double.marker("R102 MARY", "Never, I said.\nNever.", "Fuchsia", 40, "uid-102"), 7: double.marker("R101")},
    )  # fmt: skip


def run_menu(text: str, **names: Any) -> None:
    exec(compile(text, "<string>", "exec"), {"__name__": "__main__", **names})


def installed(command: list[str] | None = None) -> str:
    return str(support.with_paths(MENU.read_text(encoding="utf-8"), command or [], str(SCRIPTS)))


def export(profile: Any, tmp_path: Path, timeline: Any, **names: Any) -> Path:
    path = tmp_path / "snapshot.json"
    resolve = double.Resolve(profile, double.Project(profile, timeline))
    run_menu(installed(), resolve=resolve, fusion=double.Fusion(str(path)), **names)
    return path


def read(path: Path, report: Report | None = None) -> Any:
    with path.open("rb") as file:
        (timeline,) = FORMAT.read(file, Report() if report is None else report, FORMAT.read_options())
    return timeline


@pytest.mark.parametrize("build", double.PROFILES)
@pytest.mark.parametrize(("rate_name", "rate", "drop", "start"), CLOCKS)
def test_markers_and_clips_arrive_at_their_exact_times(
    tmp_path: Path, build: str, rate_name: str, rate: float, drop: bool, start: str
) -> None:
    profile = double.PROFILES[build]
    report = Report()
    timeline = read(export(profile, tmp_path, make_timeline(profile, rate=rate, drop=drop, start=start)), report)
    facts = timeline_facts(timeline)
    fps = facts.rate.fps
    assert (facts.rate.name, facts.start_timecode) == (rate_name, start)
    times = {
        plain.name or plain.comment: (plain.record_in * fps, plain.duration * fps)
        for _, plain in timeline_markers(timeline)
    }
    assert times == {
        "R101": (7, 0), "R102 MARY": (1000, 40), "LINE": (112, 0), "CUT OFF": (62, 0), "Hold there!": (120, 40),
    }  # fmt: skip
    for track in placed_tracks(timeline)[:2]:
        (clip,) = track.clips
        assert (clip.record_in * fps, clip.duration * fps, clip.source_in * fps) == (100, 200, 48)
        assert clip.media_start == Fraction(facts.start_frame) / fps
    assert not report.losses


def test_text_colour_and_custom_data_of_a_marker_are_kept(tmp_path: Path) -> None:
    timeline = read(export(double.V21_0, tmp_path, make_timeline(double.V21_0)))
    plain = next(plain for _, plain in timeline_markers(timeline) if plain.name == "R102 MARY")
    assert (plain.comment, plain.colour, plain.custom_data) == ("Never, I said.\nNever.", "fuchsia", "uid-102")


def test_a_marker_outside_the_used_part_of_its_clip_is_not_visible(tmp_path: Path) -> None:
    timeline = read(export(double.V21_0, tmp_path, make_timeline(double.V21_0)))
    visible = {plain.name: plain.visible for _, plain in timeline_markers(timeline) if plain.attached_to}
    assert visible == {"LINE": True, "CUT OFF": False, "": True}


def test_clip_facts_arrive(tmp_path: Path) -> None:
    picture, sound, muted = placed_tracks(read(export(double.V21_1, tmp_path, make_timeline(double.V21_1))))
    assert (picture.clips[0].enabled, sound.clips[0].enabled, muted.facts.muted) == (False, True, True)
    assert picture.clips[0].facts.link_group == sound.clips[0].facts.link_group == "a"
    assert (sound.clips[0].facts.channels, sound.facts.channels) == ((3, 4), 2)
    media = sound.clips[0].media
    assert (media.channels, media.sample_rate, media.bits, media.kind) == (4, 48000, 24, "sound")
    assert sound.clips[0].url == "/Sound/12A-3.wav"


@pytest.mark.parametrize("name", ["resolve", "app", "bmd"])
def test_the_application_is_found_under_any_of_its_names(tmp_path: Path, name: str) -> None:
    class Finder:
        def GetResolve(self) -> Any:
            return resolve

        def scriptapp(self, asked: str) -> Any:
            return resolve

    resolve = double.Resolve(double.V21_0, double.Project(double.V21_0, make_timeline(double.V21_0)))
    path = tmp_path / "found.json"
    given = {name: resolve if name == "resolve" else Finder(), "fu": double.Fusion(str(path))}
    run_menu(installed(), **given)
    assert path.exists()


@pytest.mark.parametrize(
    ("project", "sentence"),
    [(None, "No project is open"), (double.Project(double.V21_0, None), "No timeline is open")],
)
def test_what_is_not_open_is_said_in_one_sentence(
    capsys: pytest.CaptureFixture[str], project: Any, sentence: str
) -> None:
    run_menu(installed(), resolve=double.Resolve(double.V21_0, project))
    said = capsys.readouterr().out
    assert said.startswith(sentence) and said.count("\n") == 1


def test_without_resolve_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    run_menu(installed())
    assert capsys.readouterr().out.startswith("DaVinci Resolve did not answer")


def test_without_the_support_module_it_says_what_to_write_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "postsync_resolve")
    run_menu(MENU.read_text(encoding="utf-8"))
    assert "POSTSYNC_SUPPORT" in capsys.readouterr().out


def test_cancelling_the_dialog_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    resolve = double.Resolve(double.V21_0, double.Project(double.V21_0, make_timeline(double.V21_0)))
    run_menu(installed(), resolve=resolve, fusion=double.Fusion(None))
    assert "Cancelled" in capsys.readouterr().out and not list(tmp_path.iterdir())


def test_without_a_dialog_it_saves_in_documents_and_never_over_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "Documents").mkdir()
    resolve = double.Resolve(double.V21_0, double.Project(double.V21_0, make_timeline(double.V21_0, "R1/v12: été")))
    run_menu(installed(), resolve=resolve)
    run_menu(installed(), resolve=resolve)
    names = sorted(path.name for path in (tmp_path / "Documents").iterdir())
    assert names == ["R1_v12_ été 2.json", "R1_v12_ été.json"]
    assert "postsync turnover" in capsys.readouterr().out


def test_a_place_that_cannot_be_written_gives_way_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    resolve = double.Resolve(double.V21_0, double.Project(double.V21_0, make_timeline(double.V21_0)))
    run_menu(installed(), resolve=resolve, fusion=double.Fusion(str(tmp_path / "absent" / "x.json")))
    assert [path.name for path in tmp_path.iterdir()] == ["R1 v12.json"]


def test_the_installed_command_is_run_on_the_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = installed([sys.executable, "-c", "import sys; print('RAN', sys.argv[1:3])"])
    path = tmp_path / "é\\snapshot.json" if sys.platform != "win32" else tmp_path / "é.json"
    resolve = double.Resolve(double.V21_0, double.Project(double.V21_0, make_timeline(double.V21_0)))
    run_menu(text, resolve=resolve, fusion=double.Fusion(str(path)))
    assert "RAN ['turnover'" in capsys.readouterr().out


def test_paths_with_backslashes_quotes_and_accents_survive_installation() -> None:
    command = ['C:\\Users\\Zoë\\it\'s "here"\\postsync.exe']
    text = support.with_paths(MENU.read_text(encoding="utf-8"), command, "/Volumes/été")
    names = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert json.loads(names["POSTSYNC_COMMAND"]) == command
    assert json.loads(names["POSTSYNC_SUPPORT"]) == "/Volumes/été"
    assert text.isascii() or MENU.read_text(encoding="utf-8").isascii() is False


def test_methods_that_answer_nothing_or_raise_lose_only_their_own_answer(tmp_path: Path) -> None:
    profile = double.Profile(
        silent=frozenset({"GetLinkedItems", "GetMediaPoolItem", "GetTrackName", "GetLeftOffset", "GetCurrentPage"}),
        raising=frozenset({"GetClipColor"}),
    )
    report = Report()
    timeline = read(export(profile, tmp_path, make_timeline(profile)), report)
    fps = timeline_facts(timeline).rate.fps
    assert [track.clips[0].record_in * fps for track in placed_tracks(timeline)[:2]] == [100, 100]
    assert {loss.code for loss in report} == {"value-unreadable"}


def test_the_page_is_restored() -> None:
    class Restless(double.Timeline):  # type: ignore[misc, name-defined]
        def GetMarkers(self) -> Any:
            resolve.page = "edit"
            return super().GetMarkers()

    plain = make_timeline(double.V21_0)
    restless = Restless(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    resolve = double.Resolve(double.V21_0, double.Project(double.V21_0, restless))
    support.take_snapshot(resolve)
    assert resolve.page == "fairlight"


@pytest.mark.parametrize(
    ("given", "meant"),
    [(24.0, "24"), ("24", "24"), (23.976024, "23.976"), ("23", "23.976"), ("29", "29.97"), ("29.97 DF", "29.97 DF"),
     (59, "59.94"), ("60.0", "60"), ("47", "47.952"), ("", None), (None, None), ("11", None)],
)  # fmt: skip
def test_every_spelling_of_a_rate_is_known(given: Any, meant: str | None) -> None:
    assert support.known_rate(given) == meant


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("*.py")), ids=lambda path: path.name)
def test_the_scripts_are_python_3_8_and_use_the_standard_library_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    named = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    named |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named <= set(sys.stdlib_module_names) | {"postsync_resolve", "resolve_api"}


def test_the_double_has_the_methods_of_the_declared_interface() -> None:
    api = _module("resolve_api", SCRIPTS / "resolve_api.py")
    pairs = [
        (api.TimelineApi, double.Timeline), (api.TimelineItemApi, double.TimelineItem), (api.ProjectApi, double.Project),
        (api.MediaPoolItemApi, double.MediaPoolItem), (api.ResolveApi, double.Resolve),
        (api.ProjectManagerApi, double.Resolve),
    ]  # fmt: skip
    for declared, ours in pairs:
        for name in (name for name in vars(declared) if name[:1].isupper()):
            expected, actual = inspect.signature(vars(declared)[name]), inspect.signature(vars(ours)[name])
            assert list(expected.parameters.values()) == [
                one.replace(annotation=expected.parameters[one.name].annotation) for one in actual.parameters.values()
            ], f"{ours.__name__}.{name}"
