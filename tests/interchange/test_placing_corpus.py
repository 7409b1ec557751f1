"""Takes placed on the cues of real timelines: every other reader finds each on its sample, and a reconform keeps its cue.

`python benchmarks/placing.py CORPUS` does the same with every file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from placed_takes import placed_round

SAMPLE = [
    "fcpxml/TwoClipsMarkers.fcpxml", "fcpxml/24With25Media.fcpxml", "fcpxml/rubric_60_markers.fcpxml",
    "aaf/libaaf/MC_Markers.aaf", "xmeml/premiere_example.xml",
]  # fmt: skip


@pytest.mark.parametrize("name", SAMPLE)
def test_other_readers_find_every_take_on_its_sample(corpus: Path, tmp_path: Path, name: str) -> None:
    made = placed_round(corpus / name, None, tmp_path, corpus / "fcpxml-dtd", most=8)
    assert made.takes >= 3
    assert min(made.read[reader] for reader in ("pyaaf2", "OpenTimelineIO's adapter", "FCPXML", "XMEML")) >= 2
    assert made.faults == []


def test_the_comparison_sees_a_clip_that_lies_a_sample_beside(corpus: Path, tmp_path: Path) -> None:
    from collections import Counter

    from placed_takes import Round, _compare

    made = Round()
    _compare("pyaaf2", Counter({("Q0001_T1", 100, 50, 7): 1}), Counter({("Q0001_T1", 101, 50, 7): 1}), made)
    assert made.faults == ["pyaaf2 does not see ('Q0001_T1', 100, 50, 7)"]
