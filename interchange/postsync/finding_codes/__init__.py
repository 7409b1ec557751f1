"""The tables of finding codes: one module a subject, one row a code.

`delivery` is what an application refuses or misreads of any timeline, `aaf`, `fcpxml` and `xmeml` what is wrong with a file
of that format itself, `guide` how its sound lies against a guide. The codes of cue lists stand in `postsync.findings`, which
puts all of them together.
"""

from __future__ import annotations

from postsync.finding_codes.aaf import AAF_CODES
from postsync.finding_codes.code import FindingCode
from postsync.finding_codes.delivery import DELIVERY_CODES
from postsync.finding_codes.fcpxml import FCPXML_CODES
from postsync.finding_codes.guide import GUIDE_CODES
from postsync.finding_codes.xmeml import XMEML_CODES

__all__ = ["AAF_CODES", "DELIVERY_CODES", "FCPXML_CODES", "GUIDE_CODES", "XMEML_CODES", "FindingCode"]
