"""Real AAFs of every program, read, written for every application and read again: nothing changes that no report names."""

from __future__ import annotations

from pathlib import Path

import pytest

from aaf_rounds import go_round, timelines_of

SAMPLED = {
    "DR_Multichannel_5.1_single_source.aaf": "resolve",
    "DR_Markers.aaf": "media-composer",
    "MC_Audio_Levels.aaf": "media-composer",
    "MC_Fades.aaf": "media-composer",
    "MC_Markers.aaf": "pro-tools",
    "MC_TC_120_DF.aaf": "generic",
    "PR_Fades.aaf": "pro-tools",
    "PT_Multichannel_stereo_multi_source.aaf": "generic",
    "PT_Fades.aaf": "media-composer",
    "marker-over-audio.aaf": "resolve",
    "step01.aaf": "generic",
    "subclip_sourceclip_references_compositionmob_with_mastermob.aaf": "generic",
    "transitions.aaf": "generic",
}
"""Of every program and every difficulty one; `python benchmarks/aaf_rounds.py` sends all of the corpus round for all."""


@pytest.mark.parametrize("name", SAMPLED)
def test_a_real_file_comes_back_as_it_was_or_the_report_says_how_not(corpus: Path, tmp_path: Path, name: str) -> None:
    (path,) = (corpus / "aaf").rglob(name)
    for timeline in timelines_of(path):
        made = go_round(timeline, tmp_path / "x.aaf", profile=SAMPLED[name])
        assert made.unsaid == []
        assert made.facts > 5


@pytest.mark.parametrize("name", ["PT_WAV_External.aaf", "MC_TC_25.aaf"])
def test_media_keep_the_ids_that_they_had(corpus: Path, tmp_path: Path, name: str) -> None:
    (path,) = (corpus / "aaf").rglob(name)
    (was,) = timelines_of(path)
    go_round(was, tmp_path / "x.aaf", profile="generic")
    (now,) = timelines_of(tmp_path / "x.aaf")
    ids = [
        sorted((media.metadata["postsync"]["uid"], media.metadata["aaf"]["MobID"]) for media in _media(timeline))
        for timeline in (was, now)
    ]
    assert ids[0] == ids[1] and ids[0]


def _media(timeline):
    return [one for clip in timeline.find_clips() for one in clip.media_references().values() if "aaf" in one.metadata]


def test_effects_that_nobody_here_understands_go_back(corpus: Path, tmp_path: Path) -> None:
    (path,) = (corpus / "aaf").rglob("linear01.aaf")
    (was,) = timelines_of(path)
    go_round(was, tmp_path / "x.aaf", profile="generic")
    (now,) = timelines_of(tmp_path / "x.aaf")
    kept = [
        [one.metadata["aaf"]["effects"][0]["Operation"] for one in found.find_clips() if "aaf" in one.metadata]
        for found in (was, now)
    ]
    assert kept[0] == kept[1] and kept[0]
