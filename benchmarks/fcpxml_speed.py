"""Read a document of many clips, beside a bare parse of it and OpenTimelineIO's official FCPXML adapter.

`python benchmarks/fcpxml_speed.py`, with `--clips 50000` and `--official FOLDER` where otio-fcpx-xml-adapter is installed
apart (two adapters of one suffix disturb each other). Best of three in CPU seconds, all of a document in one process, and each
document in its own: in memory that another has stretched, a bare parse takes half the time. The bare parse is lxml's with our
options, the model is the walk with every exact time, the timeline is OpenTimelineIO's. Of that, the least is what
OpenTimelineIO alone takes to make as many clips with a name, a range and the address of a file. Three documents: clips of
picture and sound, whose timeline holds twice as many clips; the same as Final Cut writes them, with level, channels,
adjustments, a keyword and a marker on some; and an edit whose sound is files of its own, half of the clips picture and half
connected sound. The last table doubles the clips: time grows as they do.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("interchange", "adapters")]

from timed import best  # noqa: E402

from postsync.model import markers as model_texts  # noqa: E402
from postsync.model import without_searching_for_cycles  # noqa: E402
from postsync.report import Report  # noqa: E402
from postsync_adapters.fcpxml import FORMAT  # noqa: E402
from postsync_adapters.fcpxml.document import parse, projects, read_resources  # noqa: E402
from postsync_adapters.fcpxml.reading import FcpxmlReadOptions  # noqa: E402
from postsync_adapters.fcpxml.reading.walk import walk_sequence  # noqa: E402

ASSETS = 2000
BOOKMARK = "Ym9va21hcms" * 60

_FULL = """<adjust-conform type="fit"/><adjust-transform position="0 0" scale="1 1" anchor="0 0"/>
<adjust-volume amount="-3dB"/>
{marker}<keyword start="{start}/24s" duration="{length}/24s" value="Scene {scene}, Interior"/>
<audio-channel-source srcCh="1, 2" outCh="L, R" role="dialogue.Boom {track}"><adjust-volume amount="2dB"/>
</audio-channel-source><metadata><md key="com.apple.proapps.studio.scene" value="{scene}"/>
<md key="com.apple.proapps.studio.shot" value="{take}"/></metadata>"""


DOCUMENTS: dict[str, dict[str, bool]] = {
    "picture and sound": {},
    "as Final Cut writes them": {"full": True},
    "sound apart": {"apart": True},
}


def document(clips: int, *, full: bool = False, apart: bool = False) -> bytes:
    rows = ['<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.10"><resources>']
    rows.append('<format id="r0" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>')
    for number in range(1, ASSETS + 1):
        sound = 'hasAudio="1" audioSources="1" audioChannels="2" audioRate="48000"'
        picture = 'hasVideo="1" format="r0" videoSources="1"'
        holds = (picture, sound)[number % 2] if apart else f"{picture} {sound}"
        rows.append(
            f'<asset id="r{number}" name="SHOT_{number:04}" uid="{number:032X}" start="3600s" duration="7200s" {holds}>'
            f'<media-rep kind="original-media" sig="{number:032X}" src="file:///Volumes/RUSHES/SHOT_{number:04}.mov">'
            f"<bookmark>{BOOKMARK}</bookmark></media-rep></asset>"
        )
    rows.append('</resources><library><event name="E"><project name="Big"><sequence format="r0" tcStart="3600s" ')
    rows.append('tcFormat="NDF" audioLayout="stereo" audioRate="48k"><spine>')
    at = 86400
    for number in range(0, clips, 2 if apart else 1):
        start, length = 86400 + number * 997 % 100_000, 20 + number % 37
        marker = f'<marker start="{start + 5}/24s" duration="1/24s" value="ADR {number}"/>' if number % 20 == 0 else ""
        inside = marker
        if full:
            inside = _FULL.format(
                marker=marker, start=start, length=length, scene=number % 120, take=number % 7, track=number % 3
            )
        if apart:
            times = f'offset="{start}/24s" start="{start + 7}/24s" duration="{length}/24s"'
            of = (number + 1) % ASSETS // 2 * 2 + 1
            sound = f'<asset-clip ref="r{of}" name="SHOT_{of:04}" lane="-1" {times} audioRole="dialogue"/>'
            inside = sound + inside
        ref = number % ASSETS // 2 * 2 + 2 if apart else number % ASSETS + 1
        rows.append(
            f'<asset-clip ref="r{ref}" offset="{at}/24s" name="SHOT_{ref:04}" start="{start}/24s" duration="{length}/24s" '
            f'tcFormat="NDF" audioRole="dialogue">{inside}</asset-clip>'
        )
        at += length
    rows.append("</spine></sequence></project></event></library></fcpxml>")
    return "\n".join(rows).encode()


def model(text: bytes) -> Any:
    with without_searching_for_cycles():
        root = parse(io.BytesIO(text), None)
        resources = read_resources(root, Report())
        return [
            walk_sequence(sequence, resources, Report(), "", Fraction(24), Fraction(3600))
            for _, sequence in projects(root)
        ]


def timeline(text: bytes) -> Any:
    assert FORMAT.read is not None
    return FORMAT.read(io.BytesIO(text), Report(), FcpxmlReadOptions())


def clips_of(timelines: Any) -> int:
    return sum(len(track) for one in timelines for track in one.tracks)


def bare_clips(count: int) -> Any:
    span = model_texts.range_text(86400, 24, Fraction(24))
    media = f'{{"OTIO_SCHEMA":"ExternalReference.1","name":"","target_url":"file:///A.mov","available_range":{span}}}'
    clip = (
        f'{{"OTIO_SCHEMA":"Clip.2","name":"A","source_range":{span},"media_references":{{"DEFAULT_MEDIA":{media}}},'
        f'"active_media_reference_key":"DEFAULT_MEDIA"}}'
    )
    return [otio.core.deserialize_json_from_string(clip) for _ in range(count)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clips", type=int, default=50_000)
    asked.add_argument("--official", type=Path)
    asked.add_argument("--document", choices=[*DOCUMENTS, "growth"])
    given = asked.parse_args()
    if given.official:
        sys.path.append(str(given.official))
    if given.document is None:
        for name in [*DOCUMENTS, "growth"]:
            subprocess.run([sys.executable, *sys.argv, "--document", name], check=True)
    elif given.document == "growth":
        _growth(given.clips)
    else:
        _measured(given.document, given.clips)


def _measured(name: str, clips: int) -> None:
    text = document(clips, **DOCUMENTS[name])
    parsed = best(lambda: parse(io.BytesIO(text), None))
    walked = best(lambda: model(text))
    laid = best(lambda: timeline(text))
    print(f"{clips} clips, {name}: {len(text) / 1e6:.1f} MB")
    print(f"  bare parse {parsed:8.2f} s")
    print(f"  model      {walked:8.2f} s {walked / parsed:8.1f} parses")
    print(f"  timeline   {laid:8.2f} s {laid / parsed:8.1f} parses")
    count = clips_of(timeline(text))
    least = best(lambda: bare_clips(count))
    print(f"  the least  {least:8.2f} s {least / parsed:8.1f} parses")
    _official(text, laid)


def _growth(clips: int) -> None:
    print("\nclips     model  timeline")
    for count in (clips // 4, clips // 2, clips):
        text = document(count)
        walked = best(lambda made=text: model(made))  # type: ignore[misc]
        laid = best(lambda made=text: timeline(made))  # type: ignore[misc]
        print(f"{count:6} {walked:8.2f} {laid:9.2f}")


def _official(text: bytes, laid: float) -> None:
    try:
        from otio_fcpx_xml_adapter.fcpx_xml import read_from_string
    except ImportError:
        print("  official   not installed: pip install --target FOLDER --no-deps otio-fcpx-xml-adapter")
        return
    peer = best(lambda: read_from_string(text.decode()), 1)
    print(f"  official   {peer:8.2f} s {peer / laid:8.1f} times ours")


if __name__ == "__main__":
    main()
