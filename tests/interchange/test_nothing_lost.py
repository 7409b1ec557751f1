"""Everything that a timeline can hold arrives in every format, or the report names it. The table: `docs/formats.md`."""

from __future__ import annotations

import pytest

from nothing_lost import PROBES, SILENT, probed
from postsync.formats.conversion import formats

BOTH = sorted(name for name, fmt in formats().items() if fmt.read is not None and fmt.write is not None)


@pytest.mark.parametrize("name", BOTH)
def test_each_thing_arrives_or_the_report_names_it(name, tmp_path):
    findings = {probe.name: probed(probe, formats()[name], tmp_path) for probe in PROBES}
    assert {thing: found.said for thing, found in findings.items() if found.verdict == SILENT} == {}
