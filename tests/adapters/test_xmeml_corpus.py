"""The XML of real programs: every item, transition and marker where it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from xmeml_expected import agreement, expected

NAMES = (
    "anima_v5_minimal", "fcp7_links_levels", "fcp7_transitions", "hiero_xml_export", "jumpcutter_yoga",
    "kdenlive_like_fcp5_audio", "openshot_template", "premiere_enable_property", "premiere_example",
    "premiere_mixed_rates_from_fcp", "premiere_single_clip_24", "resolve_60_audio_only", "resolve_60_empty",
    "resolve_60_two_tracks", "sample_just_track", "xmeml_project_root",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_item_and_marker_is_where_it_must_be(corpus: Path, name: str) -> None:
    found = agreement(corpus / "xmeml" / f"{name}.xml", expected(corpus)[f"{name}.xml"])
    assert found.faults == []
    assert (found.right, found.transitions_right, found.markers_right) == (
        found.items, found.transitions, found.markers,
    )  # fmt: skip


def test_the_expected_values_name_every_file_of_the_corpus(corpus: Path) -> None:
    assert set(expected(corpus)) == {path.name for path in (corpus / "xmeml").glob("*.xml")}
    assert set(expected(corpus)) == {f"{name}.xml" for name in NAMES}
