"""FCPXML documents of every way to nest sound, each with what must sound where, told by hand.

The null test compares the AAF with what was read; these tables say what must be read: file, channel, its place in the
programme and the place in the file, all in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

F = Fraction
Heard = tuple[str, int, Fraction, Fraction, Fraction]
"""File, channel, record in, record out, and seconds from the file's first sample."""

RESOURCES = """
<format id="f24" frameDuration="1/24s"/><format id="f25" frameDuration="1/25s"/>
<asset id="cam" name="cam" src="file:///R/cam.wav" start="100s" duration="50s" hasVideo="1" hasAudio="1" audioChannels="2"
 audioRate="48000" format="f24"/>
<asset id="pal" name="pal" src="file:///R/pal.wav" start="0s" duration="50s" hasVideo="1" hasAudio="1" audioChannels="1"
 audioRate="48000" format="f25"/>
<asset id="rec" name="rec" src="file:///R/rec.wav" start="500s" duration="60s" hasAudio="1" audioChannels="2"
 audioRate="48000"/>"""

COMPOUND = """<media id="c" name="C"><sequence format="f24" tcStart="3600s"><spine>
<asset-clip ref="cam" name="cam" offset="3600s" start="110s" duration="4s"/>
<asset-clip ref="pal" name="pal" offset="3604s" start="7s" duration="16s">
<asset-clip ref="rec" name="rec" lane="-1" offset="8s" start="510s" duration="3s" audioRole="effects"/></asset-clip>
</spine></sequence></media>"""

NESTED = """<media id="n" name="N"><sequence format="f24" tcStart="0s"><spine>
<ref-clip ref="c" name="c" offset="0s" start="3602s" duration="6s"/></spine></sequence></media>"""

MULTICAM = """<media id="m" name="M"><multicam format="f24" tcStart="3600s">
<mc-angle name="A" angleID="A"><gap offset="0s" duration="2s"/>
<asset-clip ref="cam" name="cam" offset="2s" start="102s" duration="20s"/></mc-angle>
<mc-angle name="B" angleID="B"><asset-clip ref="rec" name="rec" offset="0s" start="500s" duration="40s"/></mc-angle>
</multicam></media>"""


@dataclass(frozen=True)
class Case:
    """One document: what stands on its storyline, its further resources, and what must sound."""

    spine: str
    heard: tuple[Heard, ...]
    resources: str = ""

    def text(self) -> str:
        """Give the document."""
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9"><resources>{RESOURCES}{self.resources}</resources><library><event name="E"><project name="P">
<sequence format="f24" tcStart="3600s" tcFormat="NDF" audioRate="48k"><spine>{self.spine}</spine></sequence>
</project></event></library></fcpxml>"""


def both(name: str, *times: Fraction) -> tuple[Heard, ...]:
    """The two channels of one file at the same place."""
    record_in, record_out, source_in = times
    return tuple((name, channel, record_in, record_out, source_in) for channel in (1, 2))


CASES: dict[str, Case] = {
    "compound": Case(
        '<gap offset="3600s" duration="1s"/><ref-clip ref="c" name="c" offset="3601s" start="3602s" duration="5s"/>',
        (*both("cam", F(1), F(3), F(12)), ("pal", 1, F(3), F(6), F(7)), *both("rec", F(4), F(6), F(10))),
        COMPOUND,
    ),
    "compound in a compound": Case(
        '<ref-clip ref="n" name="n" offset="3600s" start="1s" duration="3s"/>',
        (*both("cam", F(0), F(1), F(13)), ("pal", 1, F(1), F(3), F(7)), *both("rec", F(2), F(3), F(10))),
        COMPOUND + NESTED,
    ),
    "sync clip": Case(
        """<sync-clip name="s" offset="3600s" start="110s" duration="5s"><asset-clip ref="cam" name="cam" offset="100s"
        start="100s" duration="50s" audioRole="dialogue.Camera"><asset-clip ref="rec" name="rec" lane="-1" offset="108s"
        start="505s" duration="30s"><audio-channel-source srcCh="1" role="dialogue.Boom"/>
        <audio-channel-source srcCh="2" role="dialogue.Lav"/></asset-clip></asset-clip>
        <sync-source sourceID="storyline"><audio-role-source role="dialogue.Camera" active="0"/></sync-source>
        <sync-source sourceID="connected"><audio-role-source role="dialogue.Boom"/>
        <audio-role-source role="dialogue.Lav"/></sync-source></sync-clip>""",
        both("rec", F(0), F(5), F(7)),
    ),
    "multicam": Case(
        """<mc-clip ref="m" name="m" offset="3600s" start="3605s" duration="4s"><mc-source angleID="A" srcEnable="video"/>
        <mc-source angleID="B" srcEnable="audio"/></mc-clip>
        <mc-clip ref="m" name="m" offset="3604s" start="3609s" duration="4s"><mc-source angleID="A" srcEnable="all"/>
        </mc-clip>""",
        (*both("rec", F(0), F(4), F(5)), *both("cam", F(4), F(8), F(9))),
        MULTICAM,
    ),
    "split edit": Case(
        """<gap offset="3600s" duration="4s"/><asset-clip ref="cam" name="cam" offset="3604s" start="110s" duration="5s"
        audioStart="108s" audioDuration="8s"/>""",
        both("cam", F(2), F(10), F(8)),
    ),
    "audition": Case(
        """<audition offset="3600s"><asset-clip ref="cam" name="cam" start="101s" duration="5s"/>
        <asset-clip ref="pal" name="pal" start="1s" duration="5s"/></audition>""",
        both("cam", F(0), F(5), F(1)),
    ),
    "channels in tree form": Case(
        """<gap offset="3600s" start="3600s" duration="10s"><clip name="rec" lane="-1" offset="3601s" start="503s"
        duration="5s"><audio ref="rec" offset="500s" start="500s" duration="60s" role="dialogue.L" srcCh="1">
        <audio ref="rec" lane="-1" offset="500s" start="500s" duration="60s" role="dialogue.R" srcCh="2"/></audio>
        </clip></gap>""",
        both("rec", F(1), F(6), F(3)),
    ),
    "hung on what is rate-conformed": Case(
        """<asset-clip ref="pal" name="pal" offset="3600s" start="0s" duration="10s" srcEnable="video">
        <conform-rate srcFrameRate="25"/><asset-clip ref="rec" name="rec" lane="-1" offset="24/25s" start="502s"
        duration="4s"/></asset-clip>""",
        both("rec", F(1), F(5), F(2)),
    ),
    "rate not conformed": Case(
        """<asset-clip ref="pal" name="pal" offset="3600s" start="3s" duration="5s">
        <conform-rate scaleEnabled="0" srcFrameRate="25"/></asset-clip>""",
        (("pal", 1, F(0), F(5), F(3)),),
    ),
}
