"""The page that says what is looked at for which application, made from the tables so that it cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from postsync.delivery.checks.applications import CHECKED, Application, Limit
from postsync.delivery.checks.verdicts import PREPARED, VERDICTS
from postsync.finding_codes import AAF_CODES, DELIVERY_CODES, FCPXML_CODES, XMEML_CODES, FindingCode
from postsync.timing import Rate

_INTRODUCTION = """# What is checked for which application

`postsync check FILE --for APPLICATION` says what an application will refuse or misread of a file, before it is sent.
`--media FOLDER` (repeatable) says where else media may lie, `--handles 4s` what each clip should have on either side.

**E** is an error: refused, misread, or out of sync; the exit code is 1. **W** is a warning: it may go wrong, or costs somebody
time. **N** is a note, shown with `--verbose`. **–** is not looked at. A code with a star is what a turnover settles: where the
application does not open the file itself, so that it is turned over anyway, it is a note.

The verdicts come from the applications' manuals, the AAF Edit Protocol, and what editors report; none of them was tried in
the applications by us. Numbers in brackets are requirements of the Edit Protocol.
"""


def checks_page() -> str:
    """Give the page as Markdown."""
    parts = [
        _INTRODUCTION,
        "## Any file that postsync reads\n",
        _verdicts(DELIVERY_CODES, list(CHECKED.values())),
        "## An AAF as a file\n",
        _verdicts(AAF_CODES, [one for one in CHECKED.values() if "aaf" in one.opens]),
        "## An FCPXML document\n",
        _verdicts(FCPXML_CODES, [one for one in CHECKED.values() if "fcpxml" in one.opens]),
        "## A Final Cut Pro 7 XML document\n",
        _verdicts(XMEML_CODES, [one for one in CHECKED.values() if "xmeml" in one.opens]),
        "## What each application takes\n",
        _limits(list(CHECKED.values())),
    ]
    return "\n".join(parts)


def _verdicts(codes: Mapping[str, FindingCode], applications: list[Application]) -> str:
    """Give a table of codes: what each counts, and its letter for each application."""
    places = [list(CHECKED).index(one.key) for one in applications]
    rows = [["code", "what is found", *(one.title for one in applications)]]
    for code, row in codes.items():
        star = "*" if code in PREPARED else ""
        letters = [VERDICTS[code][place].replace("-", "–") for place in places]
        rows.append([f"`{code}`{star}", row.many, *letters])
    return _markdown(rows)


def _limits(applications: list[Application]) -> str:
    rows = [["", *(one.title for one in applications)]]
    lines: dict[str, Iterable[str]] = {
        "opens": (", ".join(f"`{name}`" for name in one.opens) for one in applications),
        "frame rates": (_rates(one.frame_rates) for one in applications),
        "drop frame at": (_rates(one.drop_rates) for one in applications),
        "sample rates, kHz": (", ".join(f"{rate / 1000:g}" for rate in one.sample_rates) for one in applications),
        "bits": (", ".join(map(str, one.bits)) for one in applications),
        "sound files": (" ".join(end.lstrip(".") for end in one.sounds) for one in applications),
        "cuts fall on": ("frames" if one.cuts_frames else "samples" for one in applications),
        "sound tracks": (_limit(one.most_tracks) for one in applications),
        "markers": (_limit(one.most_markers) for one in applications),
        "no markers from": (", ".join(f"`{name}`" for name in one.markers_lost) or "–" for one in applications),
        "letters of a name": (_limit(one.longest_name) for one in applications),
        "loudest level, dB": ("–" if one.loudest_db is None else f"{one.loudest_db:g}" for one in applications),
        "FCPXML": (_versions(one.fcpxml_versions) for one in applications),
    }
    rows += [[name, *cells] for name, cells in lines.items()]
    return _markdown(rows) + "\nA dash is no bound that we know of; *ours* is one that no maker states.\n"


def _rates(rates: Iterable[Fraction]) -> str:
    return ", ".join(Rate.of(one).name if one.denominator in (1, 1001) else f"{float(one):g}" for one in sorted(rates))


def _limit(limit: Limit | None) -> str:
    return "–" if limit is None else f"{limit.number} ({limit.whose})"


def _versions(versions: tuple[int, int] | None) -> str:
    return "–" if versions is None else f"1.{versions[0]} to 1.{versions[1]}"


def _markdown(rows: list[list[str]]) -> str:
    head, *body = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body]) + "\n"
