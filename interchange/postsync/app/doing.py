"""What each job does: one verb with what the person gave, and its result in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from postsync import verbs
from postsync.app.answers import (
    checked,
    compared,
    conformed,
    converted,
    extracted,
    merged,
    numbered,
    placed,
    reconformed,
    reported,
    synced,
    turned_over,
    verified,
)
from postsync.app.running import Done
from postsync.app.shelf import Item, keep_beside
from postsync.app.task import Given
from postsync.cueing import SUFFIX
from postsync.model import file_name
from postsync.paper.kinds import KINDS
from postsync.paper.words import is_spoken
from postsync.timing import rate_asked

TAKES_FOLDER, RUSHES_FOLDER = "Takes", "Rushes"
"""Where dropped sound is kept beside the results that play it."""


def _reading(item: Item, *, of: Item | None = None) -> dict[str, Any]:
    """Give how an item is read, as the person settled it when looking into it; the timeline may be that of another."""
    rate = item.settings.get("rate")
    return {
        "rate": rate_asked(rate) if rate else None,
        "all_markers": bool(item.settings.get("all_markers")),
        "timeline": _timeline(of or item),
    }


def _timeline(item: Item) -> str | None:
    name = item.settings.get("timeline")
    return str(name) if name else None


def turnover(given: Given) -> Done:
    """Make the folder that the next application needs."""
    source, answers = given.one("timeline"), given.answers
    made = verbs.turnover(
        source.path,
        given.folder,
        application=answers["application"],
        cues=given.path("cues"),
        handles=answers["handles"],
        media=answers["media"],
        search=answers["search"],
        date=given.today,
        progress=given.run.advance,
        **_reading(source),
    )
    return turned_over(made, given.say)


def place(given: Given) -> Done:
    """Bring takes onto cues; dropped ones are kept beside the result."""
    work, answers = given.one("work"), given.answers
    takes = [keep_beside(item, given.folder / TAKES_FOLDER) for item in given.items["takes"]]
    done = verbs.place(
        work.path,
        takes,
        given.folder,
        guides=[item.path for item in given.items.get("guide", ())],
        logs=[item.path for item in given.items.get("log", ())],
        by=answers["by"],
        accept_guesses=answers["accept_guesses"],
        alternates=answers["alternates"],
        alone=answers["alone"],
        application=answers["application"],
        media=answers["media"],
        search=answers["search"],
        date=given.today,
        progress=given.run.advance,
        **_reading(work),
    )
    return placed(done, given.say)


def reconform(given: Given) -> Done:
    """Take a work along to a new cut."""
    old, new, work = given.one("old"), given.one("new"), given.one("work")
    done = verbs.reconform(
        old.path,
        new.path,
        work.path,
        given.folder,
        cut=given.answers["cut"],
        date=given.today,
        old_timeline=_timeline(old),
        new_timeline=_timeline(new),
        **_reading(work),
    )
    return reconformed(done, given.say)


def conform(given: Given) -> Done:
    """Lay the recorder's channels under an edit, or relink it to them; dropped rushes are kept beside the result."""
    edit, answers = given.one("edit"), given.answers
    how = _reading(edit)
    done = verbs.conform(
        edit.path,
        given.folder,
        rushes=[keep_beside(item, given.folder / RUSHES_FOLDER) for item in given.items["rushes"]],
        relink_only=answers["relink"],
        application=answers["application"],
        media=answers["media"],
        search=answers["search"],
        rate=how["rate"],
        timeline=how["timeline"],
        date=given.today,
        progress=given.run.advance,
    )
    return conformed(done, given.say)


def compare(given: Given) -> Done:
    """Say what changed between two cuts, as list, page and change EDL."""
    old, new = given.one("old"), given.one("new")
    name = file_name(f"{old.path.stem} to {new.path.stem}")
    found = verbs.diff(
        old.path,
        new.path,
        out=given.folder / f"{name} changes.edl",
        text=given.folder / f"{name} changes.txt",
        page=given.folder / f"{name}.html",
        rate=_reading(old)["rate"],
        old_timeline=_timeline(old),
        new_timeline=_timeline(new),
    )
    return compared(found, given.say)


def merge(given: Given) -> Done:
    """Bring a list that came back into the work."""
    work, returned, answers = given.one("work"), given.one("returned"), given.answers
    cue_document = work.path.name.endswith(SUFFIX)
    out = given.folder / f"{file_name(stem(work.path))}{SUFFIX if cue_document else '.otio'}"
    done = verbs.merge(
        work.path,
        returned.path,
        out,
        prefer=None if answers["prefer"] == "ask" else answers["prefer"],
        omit_missing=answers["omit_missing"],
        date=given.today,
        **_reading(returned, of=work),
    )
    return merged(done, given.say)


def check(given: Given) -> Done:
    """Say what is wrong with a file, or may be."""
    item, answers = given.one("file"), given.answers
    application = None if answers["checked_for"] == "none" else answers["checked_for"]
    guide = given.path("guide")
    found = verbs.check(
        item.path, application=application, search=answers["search"], guides=[guide] if guide else [], **_reading(item)
    )
    return checked(found, given.say)


def verify(given: Given) -> Done:
    """Compare what was sent with what came back."""
    return verified(
        verbs.verify(given.one("sent").path, given.one("returned").path, timeline=_timeline(given.one("returned"))),
        given.say,
    )


def convert(given: Given) -> Done:
    """Turn a file into another format."""
    item = given.one("file")
    row = next(one for one in verbs.formats() if one.name == given.answers["format"])
    target = given.folder / f"{file_name(stem(item.path))}{row.suffixes[0]}"
    return converted(verbs.convert(item.path, target, as_format=row.name, **_reading(item)), given.say)


def report(given: Given) -> Done:
    """Write a report of works, in the form that fits where none was asked for."""
    works, answers, first = given.items["works"], given.answers, given.one("works")
    kind = KINDS[answers["kind"]]
    form = next(iter(kind.forms)) if answers["form"] == "auto" else answers["form"]
    how: dict[str, Any] = {
        "as_form": form,
        "earlier": [item.path for item in given.items.get("earlier", ())],
        "language": given.language if is_spoken(given.language) else "en",
        "date": given.today,
        "revision": answers["revision"] or None,
        **_reading(first),
    }
    paths = [item.path for item in works]
    if answers["each_character"]:
        return reported(verbs.report(paths, kind.name, into=given.folder, **how), given.say)
    name = file_name(f"{stem(first.path)} {kind.name}")
    return reported(verbs.report(paths, kind.name, given.folder / f"{name}.{form}", **how), given.say)


def stem(path: Path) -> str:
    """Give the name of a file without its ending, also that of a cue document."""
    return path.name.removesuffix(SUFFIX) if path.name.endswith(SUFFIX) else path.stem


def number(given: Given) -> Done:
    """Number the cues that have no number."""
    item = given.one("file")
    cue_document = item.path.name.endswith(SUFFIX)
    target = given.folder / f"{file_name(stem(item.path))}{SUFFIX if cue_document else '.otio'}"
    return numbered(verbs.number(item.path, target, **_reading(item)), given.say)


def sync(given: Given) -> Done:
    """Measure how far takes lie from their guides, as table and page; nothing is moved."""
    guide = given.one("guide")
    takes = [item.path for item in given.items["takes"]]
    name = file_name(guide.path.stem)
    found = verbs.sync(
        guide.path,
        takes,
        media=given.answers["search"],
        out=given.folder / f"{name} sync.csv",
        page=given.folder / f"{name} sync.html",
        progress=given.run.advance,
        timeline=_timeline(guide),
    )
    return synced(found, given.say)


def extract(given: Given) -> Done:
    """Write the sound inside a file as WAVs."""
    return extracted(verbs.media_extract(given.one("file").path, given.folder), given.say)
