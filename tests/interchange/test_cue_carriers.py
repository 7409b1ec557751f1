"""Hostile cues through every format that writes and reads them, and merged back untouched: all known again, nothing changed."""

from __future__ import annotations

import pytest

import postsync
from cue_matrix import made_timeline
from postsync import verbs
from postsync.formats import Feature
from postsync_adapters import formats

CUES = 40
CARRIERS = sorted(
    fmt.name
    for fmt in formats().values()
    if fmt.read is not None and fmt.write is not None and Feature.CUES in fmt.writes and fmt.name != "otio"
)
OPTIONS = {"ale": {"cues": "rows"}}
"""A log of clips has rows for cues only where they are asked for."""


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    path = tmp_path_factory.mktemp("work") / "R1.otio"
    postsync.write(made_timeline(CUES, seed=9), path)
    return path


@pytest.mark.parametrize("tags", ["none", "uid", "full"])
@pytest.mark.parametrize("name", CARRIERS)
def test_a_list_that_came_back_untouched_changes_nothing(work, tmp_path, name, tags):
    if name == "cue_workbook":
        pytest.importorskip("openpyxl", reason="the extra sheets is not installed")
    carrier = tmp_path / f"R1{formats()[name].suffixes[0]}"
    verbs.convert(work, carrier, as_format=name, tags=tags, options=OPTIONS.get(name))
    merged = verbs.merge(work, carrier, tmp_path / "merged.otio", from_format=name).merge
    assert (len(merged.cues), merged.missing, merged.new, merged.unsure) == (CUES, [], [], {})
    assert [(cue.number, change) for cue in merged.cues for change in cue.changes] == []
