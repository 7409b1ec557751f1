"""What is wrong with an AAF as a file: the rules of the AMWA's AAF Edit Protocol, and what real applications stumble over.

The number in brackets behind a rule is its requirement in the Edit Protocol, where there is one.
"""

from __future__ import annotations

from postsync.finding_codes.code import FindingCode

_AGAIN = "export the AAF again, or let postsync convert write it anew"

AAF_CODES: dict[str, FindingCode] = {
    "aaf-damaged": FindingCode("error", "cannot be read: {fault}", "damaged places", "export the AAF again"),
    # Header and container
    "aaf-sectors": FindingCode(
        "note", "sectors of {found} bytes, 4096 are the rule (254)", "files of small sectors", "leave it: all read both"
    ),
    "aaf-pattern": FindingCode(
        "note", "the operational pattern is {found} (255)", "files outside the Edit Protocol", "leave it"
    ),
    "aaf-producer": FindingCode(
        "note", "nothing says which application wrote it", "files of unknown origin", "ask for the application"
    ),
    # Mobs
    "aaf-top-level-none": FindingCode(
        "error", "no composition is marked as top level", "files without a top-level composition", _AGAIN
    ),
    "aaf-top-level-played": FindingCode(
        "warning", "is top level and played by {other} (025.2)", "top-level compositions that others play", _AGAIN
    ),
    "aaf-top-level-name": FindingCode(
        "warning", "{fault} (028)", "top-level compositions without a name of their own", "name the sequence"
    ),
    "aaf-mob-id-twice": FindingCode(
        "error",
        "{count} mobs have the id {mob}: {names}",
        "mob ids that stand twice",
        "export again: one of them is silently lost",
    ),
    "aaf-essence-id-twice": FindingCode(
        "error", "{count} embedded media have the id {mob}", "embedded media under one id", _AGAIN
    ),
    "aaf-mob-unnamed": FindingCode("note", "has no name", "compositions and masters without a name", "name the clip"),
    "aaf-mob-unused": FindingCode(
        "note", "nothing plays it", "mobs that nothing plays", "leave it; many make the file slow to open"
    ),
    "aaf-master-usage": FindingCode(
        "note", "is a master with a usage code (054)", "masters with a usage code", "leave it"
    ),
    # References
    "aaf-mob-missing": FindingCode(
        "error",
        "plays mob {mob}, which is not in the file (018)",
        "clips whose mob is not in the file",
        "export again with all master clips in the bin",
    ),
    "aaf-slot-missing": FindingCode(
        "error", "plays slot {slot} of {other}, which has {slots}", "clips of slots that are not there", _AGAIN
    ),
    "aaf-chain-circle": FindingCode("error", "is played by itself, by way of {way}", "mobs that play themselves", _AGAIN),
    "aaf-chain-open": FindingCode(
        "warning",
        "its chain ends at mob {mob}, which is not in the file (017)",
        "chains whose end is not in the file",
        "leave it; the tape or import cannot be told",
    ),
    "aaf-chain-short": FindingCode(
        "warning",
        "names no tape, import or recording that it comes from (063)",
        "media files without an origin",
        "leave it; its timecode is not in the AAF",
    ),
    "aaf-chain-kind": FindingCode(
        "warning", "plays {other}, which {kind} may not", "chains in the wrong order", _AGAIN
    ),
    # Slots
    "aaf-slot-id-twice": FindingCode("error", "{count} slots have the number {slot}", "slots of one number", _AGAIN),
    "aaf-slot-name-twice": FindingCode(
        "note", "{count} slots are called {name!r} (101)", "slots of one name", "rename one of the tracks"
    ),
    "aaf-slot-empty": FindingCode("warning", "holds no segment", "slots that hold nothing", _AGAIN),
    "aaf-track-number": FindingCode(
        "note", "has no track number (103)", "sound and picture slots without a track number", "leave it"
    ),
    "aaf-track-number-twice": FindingCode(
        "warning", "{count} sound tracks have the number {number}", "sound tracks of one number", _AGAIN
    ),
    "aaf-timecode-none": FindingCode(
        "warning", "has no timecode: it starts at 00:00:00:00 (131)", "compositions without timecode",
        "export with timecode",
    ),
    "aaf-timecode-several": FindingCode(
        "note", "{count} timecodes have track number 1 (131)", "compositions of several primary timecodes",
        "see that the right one is shown",
    ),
    "aaf-edit-rate": FindingCode("error", "has the edit rate {rate}", "slots of an impossible rate", _AGAIN),
    "aaf-edit-rate-mixed": FindingCode(
        "warning", "its sound tracks count at {rates} (099)", "compositions of several edit rates", _AGAIN
    ),
    "aaf-edit-rate-samples": FindingCode(
        "error",
        "its sound is cut in samples ({rate}), not in frames (089)",
        "compositions cut in samples",
        "write it with edits on frames: postsync convert --option profile=media-composer",
    ),
    "aaf-edit-rate-frames": FindingCode(
        "note",
        "its sound is cut in frames ({rate}): nothing lies between them",
        "compositions cut in frames",
        "leave it, unless cuts are finer where it comes from",
    ),
    # Segments
    "aaf-length": FindingCode(
        "warning", "states a length of {stated} and holds {found}", "sequences of another length than stated", _AGAIN
    ),
    "aaf-length-impossible": FindingCode(
        "error", "states a {what} of {stated}", "components of an impossible length", _AGAIN
    ),
    "aaf-source-beyond": FindingCode(
        "warning",
        "plays up to {end} of {other}, which has {length}",
        "clips that reach beyond what they play",
        "trim the clip: what is not there is silent, or the clip is refused",
    ),
    "aaf-transition-place": FindingCode(
        "error", "a transition {fault}", "transitions where none may be", "remove the transition"
    ),
    "aaf-transition-long": FindingCode(
        "error",
        "a transition of {length} lies on {side} of {found}",
        "transitions longer than what they join",
        "shorten the transition",
    ),
    "aaf-fade-on-clip": FindingCode(
        "note", "states a fade on the clip itself (234)", "fades outside transitions", "write them as transitions"
    ),
    "aaf-pan-on-clip": FindingCode(
        "note", "pans a clip; only tracks may be panned (239)", "pans of single clips", "pan the track"
    ),
    # Media
    "aaf-descriptor-none": FindingCode(
        "error", "nothing says what the media are", "media without a descriptor", _AGAIN
    ),
    "aaf-descriptor-linked": FindingCode(
        "error",
        "{url} is linked by a {descriptor}, behind which MXF is looked for",
        "linked WAVs that are described as MXF",
        "write it with WAVE descriptors: postsync convert --option profile=pro-tools",
    ),
    "aaf-summary": FindingCode(
        "error",
        "its summary of the WAV {fault}",
        "WAVs without a readable summary",
        "write it with true summaries: postsync convert --option profile=pro-tools",
    ),
    "aaf-summary-differs": FindingCode(
        "warning",
        "states {stated} Hz, its summary {found} Hz",
        "media of two sample rates",
        "see which is right: some applications take one, some the other",
    ),
    "aaf-container-none": FindingCode(
        "note", "names no container format (059)", "media without a container format", "leave it"
    ),
    "aaf-container-embedded": FindingCode(
        "error", "samples inside the file without a container format (059)", "embedded samples without a container format",
        _AGAIN,
    ),
    "aaf-codec": FindingCode(
        "error",
        "{codec} inside the file",
        "embedded media that are coded",
        "embed plain PCM, or send the sound beside the file",
    ),
    "aaf-essence-differs": FindingCode(
        "error",
        "is described by a {descriptor}, and its bytes are {found}",
        "embedded media that are not what is stated",
        _AGAIN,
    ),
    "aaf-essence-length": FindingCode(
        "warning", "states {stated} samples, {found} are there", "embedded media of another length than stated", _AGAIN
    ),
    "aaf-essence-lost": FindingCode(
        "warning", "embedded media of mob {mob}, which is not in the file", "embedded media of no mob", _AGAIN
    ),
    "aaf-locator-none": FindingCode(
        "error",
        "is neither inside the file nor named by a path",
        "media that nobody can find",
        "export again, linked or embedded",
    ),
    "aaf-picture-unnamed": FindingCode(
        "warning",
        "names neither a file nor a tape",
        "pictures of which neither a file nor a tape is named",
        "convert with --media and the folder of the pictures, or send the picture as a movie of its own",
    ),
    "aaf-picture-on-tape": FindingCode(
        "note",
        "is on {tape!r}, and no file is named",
        "pictures known by their tape or roll alone, as lists have them",
        "relink them to the roll, or convert with --media and the folder of the pictures",
    ),
    "aaf-locator-spelling": FindingCode(
        "warning",
        "{url!r} {fault}",
        "paths in a spelling that not everybody reads",
        "write it anew with postsync convert, or relink by hand",
    ),
    # Definitions and names of values
    "aaf-definition-none": FindingCode(
        "error", "uses {kind} {auid}, which the file does not define", "definitions that are missing", _AGAIN
    ),
    "aaf-definition-unnamed": FindingCode(
        "note", "{kind} {auid} has no name (161)", "definitions without a name", "leave it"
    ),
    "aaf-definition-old": FindingCode(
        "note", "runs under the old definition of {kind} (163)", "slots of old data definitions", "leave it"
    ),
    "aaf-tag-undeclared": FindingCode(
        "note", "the value {name!r} is used {count} times and declared nowhere (151)", "names of values not declared",
        "leave it",
    ),
    # Markers
    "aaf-marker-place": FindingCode(
        "note", "a {marker} lies in a {slot} (148)", "markers in slots that are not theirs", "leave it"
    ),
    "aaf-marker-track": FindingCode(
        "warning",
        "a marker names slot {slot}, which is not there: {text!r}",
        "markers of tracks that are not there",
        "export with the marked tracks, or put the marker on the timecode track",
    ),
}  # fmt: skip
"""What can be wrong with an AAF itself.

>>> AAF_CODES["aaf-damaged"].severity
'error'
"""
