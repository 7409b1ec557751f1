"""What an application will refuse or misread of a timeline, whichever format the timeline came in.

The severity here is the worst that any application gives; `delivery.checks.verdicts` says what each makes of it.
"""

from __future__ import annotations

from postsync.finding_codes.code import FindingCode

DELIVERY_CODES: dict[str, FindingCode] = {
    # The file
    "format-not-opened": FindingCode(
        "warning",
        "{application} does not open {format}",
        "files that the application does not open",
        "make what it opens: postsync turnover FILE --for {key} --into FOLDER",
    ),
    "timelines-several": FindingCode(
        "error",
        "{count} timelines in one file: {names}",
        "files of several timelines",
        "export each timeline as a file of its own",
    ),
    # Media
    "media-missing": FindingCode(
        "error",
        "{media} was not found: {tried}",
        "media files that were not found",
        "say where they are with --media FOLDER, or ask for the files",
    ),
    "picture-missing": FindingCode(
        "warning",
        "{media} was not found: {tried}",
        "pictures whose files were not found",
        "send the picture as a movie of its own, or say where the files are with --media FOLDER",
    ),
    "media-unstated": FindingCode(
        "error",
        "plays no media that the file names",
        "clips whose media the file does not name",
        "relink the clip in the application it comes from, and export again",
    ),
    "media-unreadable": FindingCode(
        "error", "{media} cannot be read: {why}", "media files that cannot be read", "copy or export the file again"
    ),
    "media-kind-not-taken": FindingCode(
        "error",
        "{media}: {application} takes {taken} here",
        "media files of kinds that the application does not take",
        "turn their sound into mono WAV",
    ),
    "media-multichannel": FindingCode(
        "error",
        "{media} has {channels} channels in one file; linked or embedded, only mono comes in right",
        "sound files of several channels",
        "split them to mono: postsync turnover does",
    ),
    "media-embedded": FindingCode(
        "warning",
        "{media} lies inside the file",
        "media files that lie inside the file",
        "send the sound beside the file: postsync turnover --copy-media",
    ),
    "media-disagrees": FindingCode(
        "error",
        "{media} is stated as {stated}, the file itself has {found}",
        "media files that are not what the timeline states",
        "relink the file where the timeline was made, and export again",
    ),
    "media-name-twice": FindingCode(
        "warning",
        "{media} is the name of {count} different files: {places}",
        "names that several media files share",
        "rename one of them: by name the wrong one is found",
    ),
    "media-id-twice": FindingCode(
        "error",
        "media id {uid} stands for {count} different files: {places}",
        "media ids that several files share",
        "export again, or give each file an id of its own: the application takes one for the other",
    ),
    "media-beyond-end": FindingCode(
        "warning",
        "plays {seconds} s {side} of {media}",
        "clips that reach beyond their media",
        "trim the clip, or find the whole file",
    ),
    "media-unstamped": FindingCode(
        "note",
        "{media} has no time stamp",
        "sound files without a time stamp",
        "nobody can find it again by timecode: stamp it, or keep its name",
    ),
    "media-pulled": FindingCode(
        "warning",
        "{media} was recorded at {true} Hz and says {stated} Hz: it plays {percent} % off on purpose",
        "sound files of pulled rates",
        "ask the recordist which speed is meant before it is converted",
    ),
    "sample-rate-not-taken": FindingCode(
        "warning",
        "{media} has {rate} Hz; {application} takes {taken}",
        "sound files at rates that the application does not take",
        "convert it to {wanted} Hz",
    ),
    "sample-rate-mixed": FindingCode(
        "warning",
        "{media} has {rate} Hz in a session of {session} Hz",
        "sound files at another rate than the session",
        "convert it to {session} Hz, or see that the application does",
    ),
    "bits-not-taken": FindingCode(
        "error",
        "{media} has {bits}; {application} takes {taken}",
        "sound files of bit depths that the application does not take",
        "convert it to 24 bit",
    ),
    "bits-mixed": FindingCode(
        "note",
        "{media} has {bits} where most have {most}",
        "sound files of another bit depth than most",
        "leave it, unless the stage wants one depth",
    ),
    # Handles
    "handles-short": FindingCode(
        "warning",
        "has {head} s before and {tail} s behind it, {asked} s were asked for",
        "clips with shorter handles than asked for",
        "export again with handles of {asked} s; a recording that begins or ends there has no more",
    ),
    "handles-none": FindingCode(
        "warning",
        "no clip has a handle: the media of all {count} were cut to what is used",
        "timelines without handles",
        "export again with handles, usually 2 to 5 s",
    ),
    # Clips
    "clip-nested": FindingCode(
        "error",
        "is a nest of {count}",
        "nests",
        "open the nest on the timeline, or render it to one clip",
    ),
    "clip-multichannel": FindingCode(
        "warning",
        "has {channels} channels on one track",
        "clips of several channels",
        "split it to mono tracks: postsync turnover does",
    ),
    "clip-retimed": FindingCode(
        "error",
        "plays at {speed}, which {application} does not do",
        "clips that play at another speed",
        "render the speed into the sound, and replace the clip",
    ),
    "clip-off-speed": FindingCode(
        "warning",
        "runs at {speed} because picture and timeline count at different rates: {drift} off at its end",
        "clips whose sound runs off speed",
        "decide with the sound department which speed is right; do not convert twice",
    ),
    "clip-off-frame": FindingCode(
        "error",
        "{what} lies {part} of a frame behind {timecode}",
        "cuts between frames",
        "move the cut to a frame, or expect it up to half a frame off",
    ),
    "clip-length-zero": FindingCode("error", "has no length", "clips of no length", "delete the clip"),
    "clip-flash": FindingCode(
        "note",
        "is {length} long",
        "clips not longer than a frame",
        "see whether it is meant: a sliver is left when a cut moves",
    ),
    "clip-silenced": FindingCode(
        "warning",
        "is {how}",
        "clips that are disabled or muted",
        "delete it, or say that it is meant to stay: it may come in sounding",
    ),
    "clip-effect": FindingCode(
        "warning",
        "has {effects}, which stays behind",
        "clips with effects",
        "render the effect and send both, or leave it to the mix",
    ),
    "gain-high": FindingCode(
        "warning",
        "is raised by {gain} dB; {application} goes to {limit} dB",
        "levels above what the application can set",
        "raise the sound itself by the rest",
    ),
    # Fades
    "fade-longer-than-clip": FindingCode(
        "error",
        "has a {what} of {fade} s and is {length} s long",
        "fades longer than their clip",
        "shorten the fade",
    ),
    "fades-overlap": FindingCode(
        "error",
        "has fades of {head} s and {tail} s on {length} s",
        "clips whose fades overlap",
        "shorten one of the fades",
    ),
    "fade-without-media": FindingCode(
        "error",
        "the cross fade needs {needed} s {side} of {media}, which has {there} s",
        "cross fades that reach beyond the media",
        "shorten the fade, or find the whole file",
    ),
    "fade-at-nothing": FindingCode(
        "warning",
        "a transition of {length} s stands between two gaps",
        "transitions of nothing",
        "delete the transition",
    ),
    # Tracks and names
    "tracks-many": FindingCode(
        "error",
        "{count:sound track|sound tracks}; {application} takes {limit}, {whose}",
        "more tracks than the application takes",
        "put clips that do not overlap on fewer tracks, or send two files",
    ),
    "track-unnamed": FindingCode(
        "note", "has no name", "sound tracks without a name", "name it for what is on it: DX, FX, MX, a character"
    ),
    "track-name-twice": FindingCode(
        "warning",
        "{count} tracks of this name",
        "names that several tracks share",
        "give each track a name of its own",
    ),
    "track-empty": FindingCode("note", "holds no clip", "empty sound tracks", "delete it"),
    "track-silenced": FindingCode(
        "warning",
        "is {how}",
        "tracks that are muted or soloed",
        "delete what must not sound: the state of a track stays behind",
    ),
    "pan-not-taken": FindingCode(
        "warning",
        "is panned, which {application} does not take in",
        "tracks whose pan stays behind",
        "write it down for the mixer",
    ),
    "name-long": FindingCode(
        "warning",
        "the name of the {what} has {length} characters, {limit} are safe: {name!r}",
        "long names",
        "shorten it: the end, where takes and tracks are told apart, is cut",
    ),
    "name-missing": FindingCode(
        "note", "the {what} has no name", "clips without a name", "name it: clip lists and files are made by name"
    ),
    "name-character": FindingCode(
        "warning",
        "the name of the {what} holds {characters}: {name!r}",
        "names with characters that break lists",
        "take them out",
    ),
    "file-name-character": FindingCode(
        "warning",
        "{name!r} holds {characters}, which a file's name cannot have on {system}",
        "names that not every computer can store",
        "rename it before it is copied",
    ),
    # Clock
    "frame-rate-not-taken": FindingCode(
        "error",
        "{rate} frames a second; {application} takes {taken}",
        "timelines at rates that the application does not take",
        "agree on a rate with the picture department",
    ),
    "drop-frame-not-taken": FindingCode(
        "error",
        "drop-frame counting at {rate}; {application} has it at {taken}",
        "timelines that drop frames where the application cannot",
        "count without dropping, and say so to everybody",
    ),
    "past-midnight": FindingCode(
        "error",
        "runs from {start} past 24 hours",
        "timelines that run past midnight",
        "start earlier: programmes begin at the hour of their reel",
    ),
    "start-zero": FindingCode(
        "note",
        "starts at zero",
        "timelines that start at zero",
        "see that this is meant: leader and pop have no room before it",
    ),
    "no-sound": FindingCode(
        "warning", "holds no sound that plays", "timelines without sound", "see that the sound tracks were exported"
    ),
    # Markers
    "markers-many": FindingCode(
        "warning",
        "{count:marker|markers}; {application} takes {limit}, {whose}",
        "more markers than the application takes",
        "send them as a list, or delete those that nobody needs",
    ),
    "markers-not-taken": FindingCode(
        "warning",
        "{count:marker|markers}, which {application} does not take in from {format}",
        "files whose markers stay behind",
        "send them beside it: postsync turnover FILE --for {key} --into FOLDER",
    ),
    "markers-on-one-frame": FindingCode(
        "warning",
        "{count} markers on one frame: {application} keeps the first",
        "frames with several markers",
        "move the others a frame",
    ),
    "marker-outside": FindingCode(
        "warning",
        "lies outside the timeline, which runs from {first} to {last}",
        "markers outside the timeline",
        "check rate and start, or delete it",
    ),
}  # fmt: skip
"""What an application refuses or misreads of a timeline.

>>> DELIVERY_CODES["format-not-opened"].severity
'warning'
"""
