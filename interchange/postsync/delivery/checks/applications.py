"""What each application takes: files, rates, depths, counts, names. Tables, no code.

From the applications' manuals and what editors report of them; `ours` marks a bound of our own, where the maker states none.
None is no bound that we know of.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

NTSC_24, NTSC_30, NTSC_60 = Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)
NTSC_48, NTSC_120 = Fraction(48000, 1001), Fraction(120000, 1001)
FILM_AND_TELEVISION = (NTSC_24, Fraction(24), Fraction(25), NTSC_30, Fraction(30))
HIGH = (Fraction(50), NTSC_60, Fraction(60))
HIGHEST = (NTSC_48, Fraction(48), Fraction(100), NTSC_120, Fraction(120))

MUSIC_AND_FILM = (44_100, 48_000, 88_200, 96_000, 176_400, 192_000)
PLAIN_SOUND = (".wav", ".wave", ".bwf", ".aif", ".aiff", ".aifc")
QUICKTIME = (".mov", ".mp4", ".m4v", ".m4a", ".mp3", ".caf", ".aac")


@dataclass(frozen=True)
class Limit:
    """A bound, and whose it is."""

    number: int
    whose: str


@dataclass(frozen=True)
class Application:
    """One application. `opens` are formats of ours, `sounds` the endings of files that it links to from a timeline.

    `cuts_frames` says that edits fall on frames, `markers_lost` from which formats no marker comes in, `embedded_ends` which
    wrappings of embedded sound it reads.
    """

    key: str
    title: str
    opens: tuple[str, ...]
    frame_rates: tuple[Fraction, ...]
    drop_rates: tuple[Fraction, ...]
    sample_rates: tuple[int, ...]
    bits: tuple[int, ...]
    sounds: tuple[str, ...]
    takes_float: bool = True
    takes_picture: bool = True
    cuts_frames: bool = True
    most_tracks: Limit | None = None
    most_markers: Limit | None = None
    longest_name: Limit = Limit(64, "ours")
    loudest_db: float | None = None
    markers_lost: tuple[str, ...] = ()
    fcpxml_versions: tuple[int, int] | None = None


_LISTS = ("edl", "resolve_marker_edl")

PRO_TOOLS = Application(
    "pro-tools",
    "Pro Tools",
    opens=("aaf", "midi_markers"),
    frame_rates=(*FILM_AND_TELEVISION, *HIGH, *HIGHEST),
    drop_rates=(NTSC_30, Fraction(30), NTSC_60, Fraction(60), NTSC_120, Fraction(120)),
    sample_rates=MUSIC_AND_FILM,
    bits=(16, 24, 32),
    sounds=(*PLAIN_SOUND, ".mxf"),
    takes_picture=False,
    cuts_frames=False,
    most_tracks=Limit(512, "in Pro Tools Studio; Ultimate has 2048"),
    most_markers=Limit(999, "before 2023.6; later versions 32000"),
    loudest_db=36.0,
)
MEDIA_COMPOSER = Application(
    "media-composer",
    "Media Composer",
    opens=("aaf", "ale", "avid_markers", "avid_marker_xml", "edl"),
    frame_rates=(*FILM_AND_TELEVISION, *HIGH, *HIGHEST),
    drop_rates=(NTSC_30, Fraction(30), NTSC_60, Fraction(60), NTSC_120, Fraction(120)),
    sample_rates=(32_000, 44_100, 48_000, 88_200, 96_000),
    bits=(16, 24, 32),
    sounds=(*PLAIN_SOUND, ".mxf", *QUICKTIME),
    most_tracks=Limit(64, "24 in versions before 2019"),
)
RESOLVE = Application(
    "resolve",
    "DaVinci Resolve",
    opens=("aaf", "fcpxml", "xmeml", "resolve_otio", "otio", "ale", *_LISTS),
    frame_rates=(Fraction(16), Fraction(18), *FILM_AND_TELEVISION, *HIGH, *HIGHEST, Fraction(72), Fraction(90),
                 Fraction(96), Fraction(96000, 1001)),
    drop_rates=(NTSC_30, NTSC_60, NTSC_120),
    sample_rates=(32_000, *MUSIC_AND_FILM),
    bits=(16, 24, 32),
    sounds=(*PLAIN_SOUND, ".mxf", *QUICKTIME, ".flac"),
    most_tracks=Limit(2000, "in Fairlight"),
    loudest_db=30.0,
    markers_lost=("fcpxml", "xmeml", "edl"),
    fcpxml_versions=(3, 13),
)  # fmt: skip
NUENDO = Application(
    "nuendo",
    "Nuendo",
    opens=("aaf", "midi_markers", "edl"),
    frame_rates=(*FILM_AND_TELEVISION, *HIGH),
    drop_rates=(NTSC_30, Fraction(30), NTSC_60, Fraction(60)),
    sample_rates=(*MUSIC_AND_FILM, 352_800, 384_000),
    bits=(16, 24, 32, 64),
    sounds=(*PLAIN_SOUND, ".mxf", ".w64", ".flac", ".mp3", ".ogg"),
    takes_picture=False,
    cuts_frames=False,
    loudest_db=24.0,
)
FINAL_CUT = Application(
    "final-cut",
    "Final Cut Pro",
    opens=("fcpxml",),
    frame_rates=(*FILM_AND_TELEVISION, *HIGH, Fraction(90), Fraction(100), NTSC_120, Fraction(120)),
    drop_rates=(NTSC_30, NTSC_60),
    sample_rates=(32_000, *MUSIC_AND_FILM),
    bits=(16, 24, 32),
    sounds=(*PLAIN_SOUND, ".mxf", *QUICKTIME),
    loudest_db=12.0,
    fcpxml_versions=(0, 14),
)
PREMIERE = Application(
    "premiere",
    "Premiere Pro",
    opens=("xmeml", "aaf", "edl", "otio"),
    frame_rates=(Fraction(10), Fraction(12), Fraction(25, 2), Fraction(15), *FILM_AND_TELEVISION, *HIGH, *HIGHEST),
    drop_rates=(NTSC_30, NTSC_60),
    sample_rates=(32_000, 44_100, 48_000, 88_200, 96_000),
    bits=(8, 16, 24, 32),
    sounds=(*PLAIN_SOUND, ".mxf", *QUICKTIME),
    loudest_db=15.0,
)
LOGIC = Application(
    "logic",
    "Logic Pro",
    opens=("aaf", "fcpxml", "midi_markers"),
    frame_rates=FILM_AND_TELEVISION,
    drop_rates=(NTSC_30, Fraction(30)),
    sample_rates=MUSIC_AND_FILM,
    bits=(16, 24, 32),
    sounds=(*PLAIN_SOUND, ".caf", ".m4a", ".mp3", ".flac"),
    takes_picture=False,
    cuts_frames=False,
    most_tracks=Limit(1000, "audio tracks"),
    loudest_db=30.0,
    markers_lost=("aaf",),
    fcpxml_versions=(0, 14),
)

CHECKED: dict[str, Application] = {
    one.key: one for one in (PRO_TOOLS, MEDIA_COMPOSER, RESOLVE, NUENDO, FINAL_CUT, PREMIERE, LOGIC)
}
"""The applications that a file can be checked for, by the name that is typed."""
