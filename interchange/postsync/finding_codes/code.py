"""What a finding code is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FindingCode:
    """One kind of finding: how bad it is, how one reads, how many are counted, and what to do."""

    severity: str
    one: str
    many: str
    remedy: str
