"""What is wrong with an FCPXML document for Final Cut Pro or for Resolve, which reads it in its own way."""

from __future__ import annotations

from postsync.finding_codes.code import FindingCode

FCPXML_CODES: dict[str, FindingCode] = {
    "fcpxml-version": FindingCode(
        "error",
        "is version {version}; {application} reads {taken}",
        "documents of a version that is not read",
        "export it as version {wanted}",
    ),
    "fcpxml-decimal-time": FindingCode(
        "error",
        "{attribute}={value!r} is a decimal number of seconds",
        "times in decimal seconds",
        "write times as fractions of a second: Resolve reads a decimal as one frame",
    ),
    "fcpxml-reference": FindingCode(
        "error", "names {ref!r}, which the document does not define", "references to nothing", "export the project again"
    ),
    "fcpxml-address": FindingCode(
        "warning",
        "{url!r} {fault}",
        "addresses of media in a spelling that not everybody reads",
        "percent-encode it: Resolve drops the sound of others",
    ),
    "fcpxml-sound-in-spine": FindingCode(
        "warning",
        "sound alone in the primary storyline",
        "sound clips in the primary storyline",
        "connect it to a gap: Resolve drops it",
    ),
    "fcpxml-off-frame": FindingCode(
        "warning", "its {attribute} is not on a frame", "picture edits that are not on a frame", "move the edit to a frame"
    ),
    "fcpxml-gap": FindingCode(
        "warning",
        "begins {seconds} s {side} the end of the item before it",
        "items of a storyline that do not join",
        "export again from the application",
    ),
    "fcpxml-component-off": FindingCode(
        "note",
        "its component {role} is switched off",
        "sound components that are switched off",
        "switch it on in the Audio inspector if the stage is to have it; it is left out otherwise",
    ),
    "fcpxml-sound-off-frame": FindingCode(
        "note",
        "its sound begins or ends {part} of a frame into one",
        "sound edits between frames",
        "nothing: the place is kept exactly where the next format counts samples, and moved to a frame where it does not",
    ),
    "fcpxml-angles-mixed": FindingCode(
        "note",
        "{count} angles sound at once",
        "multicam clips with several angles sounding",
        "listen to it: switch off what was only for the edit",
    ),
}  # fmt: skip
"""What can be wrong with a document of Final Cut Pro.

>>> FCPXML_CODES["fcpxml-version"].remedy
'export it as version {wanted}'
"""
