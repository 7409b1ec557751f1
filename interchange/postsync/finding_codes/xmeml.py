"""What is wrong with the XML of Final Cut Pro 7 for Premiere or for Resolve, which refuse or misread it without a word."""

from __future__ import annotations

from postsync.finding_codes.code import FindingCode

XMEML_CODES: dict[str, FindingCode] = {
    "xmeml-rate": FindingCode(
        "error",
        "states no frame rate",
        "sequences without a frame rate",
        "export it again: Resolve makes no timeline of it",
    ),
    "xmeml-reference": FindingCode(
        "error",
        "names the {tag} {ref!r}, which the document does not define",
        "references to nothing",
        "export the sequence again, with its media online",
    ),
    "xmeml-percent": FindingCode(
        "error",
        "{url!r} holds a percent sign that begins no code",
        "addresses with a bare percent sign",
        "write it as %25: Resolve refuses the whole document",
    ),
    "xmeml-timecode": FindingCode(
        "warning",
        "states no timecode of its file",
        "files without a timecode",
        "add the media's start timecode: Resolve may refuse the whole document for one file without",
    ),
    "xmeml-ticks": FindingCode(
        "warning",
        "begins at frame {frame} of its source, by Premiere's ticks at {ticks}",
        "in points that frames and ticks state differently",
        "make both agree: Premiere and Resolve follow the ticks",
    ),
}
"""What can be wrong with a document of Final Cut Pro 7.

>>> XMEML_CODES["xmeml-rate"].one
'states no frame rate'
"""
