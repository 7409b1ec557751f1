"""The table of what can be lost, changed or guessed: a closed set of codes, and how each reads once and many times."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LossCode:
    """One kind of loss: what it is called in JSON, how bad it is, and how it reads once and many times.

    `kind` is dropped, changed or guessed. `level` is `loss` for something that the user made, `note` for what is harmless.
    `detail` is filled from the facts of one loss.

    >>> code = LOSS_CODES["clip-disabled"]
    >>> code.kind, code.level, code.one
    ('dropped', 'note', 'disabled clip left out')
    """

    kind: str
    level: str
    one: str
    many: str
    detail: str = ""


LOSS_CODES: dict[str, LossCode] = {
    # What a format has no place for (noted before its writer runs, from the feature table)
    "feature-not-carried": LossCode("dropped", "loss", "{feature} not carried", "{feature} not carried", "{format}"),
    "feature-elsewhere": LossCode(
        "dropped", "note", "{feature} only in the work", "{feature} only in the work", "not in {format}"
    ),
    "metadata-not-carried": LossCode(
        "dropped",
        "note",
        "what only {name} knows of {count:thing|things} not carried",
        "what only {name} knows of {count:thing|things} not carried",
        "{format}",
    ),
    "clips-not-in-list": LossCode(
        "dropped",
        "note",
        "{count:clip stays|clips stay} behind: a list of cues",
        "clips stay behind: lists of cues",
        "{format}",
    ),
    # Markers and cues
    "marker-outside-clip": LossCode(
        "dropped",
        "note",
        "marker outside the used part of its clip",
        "markers outside the used part of their clips",
        "{name}",
    ),
    "marker-shortened": LossCode("changed", "loss", "marker made a point", "markers made points", "{duration}"),
    "marker-colour-changed": LossCode(
        "changed",
        "note",
        "marker colour changed to the nearest",
        "marker colours changed to the nearest",
        "{was} to {now}",
    ),
    "marker-text-changed": LossCode("changed", "loss", "marker text changed", "marker texts changed", "{was} to {now}"),
    "marker-nudged": LossCode(
        "changed", "note", "marker moved to a free frame", "markers moved to free frames", "{frames:frame|frames}"
    ),
    "cue-off-frame": LossCode(
        "changed",
        "note",
        "cue shown on the frame that holds its exact time",
        "cues shown on the frames that hold their exact times",
        "{remainder} s into the frame",
    ),
    "cue-guessed": LossCode(
        "guessed", "note", "cue read from a plain marker", "cues read from plain markers", "{reading}"
    ),
    "cue-text-edited": LossCode(
        "changed",
        "note",
        "text edited beside its tag: the text as it reads now is taken",
        "texts edited beside their tags: the texts as they read now are taken",
        "{now}",
    ),
    "cue-outside-timeline": LossCode(
        "changed", "loss", "cue outside the timeline", "cues outside the timeline", "{name}"
    ),
    "storyline-extended": LossCode(
        "changed",
        "note",
        "gap put into the storyline to hold what lies where nothing was",
        "gaps put into the storyline to hold what lies where nothing was",
        "from {name}",
    ),
    "cue-muted": LossCode("dropped", "note", "muted clip not read as a cue", "muted clips not read as cues"),
    "cue-without-end": LossCode(
        "guessed", "note", "cue without an end made a clip of a second", "cues without an end made clips of a second"
    ),
    "cue-repeated": LossCode(
        "dropped", "note", "repeat of a marker already read", "repeats of markers already read", "{name}"
    ),
    "no-marker-is-a-cue": LossCode(
        "dropped",
        "note",
        "{what}, of which none reads as a cue: --all-markers takes all of them",
        "{what}, of which none reads as a cue: --all-markers takes all of them",
    ),
    "turnover-empty": LossCode(
        "dropped", "loss", "nothing turned over: no sound clip and no cue", "turnovers without sound clips and cues"
    ),
    "cue-field-not-carried": LossCode(
        "dropped",
        "loss",
        "{what} of {count:cue|cues} not carried",
        "{what} of {count:cue|cues} not carried",
        "such as {was}",
    ),
    "cue-field-changed": LossCode(
        "changed",
        "loss",
        "{what} of {count:cue|cues} not carried whole",
        "{what} of {count:cue|cues} not carried whole",
        "such as {was} to {now}",
    ),
    "cue-shown-to-be-read": LossCode(
        "guessed",
        "note",
        "cue without an out shown as long as it takes to read",
        "cues without an out shown as long as they take to read",
        "{length}",
    ),
    "cue-field-elsewhere": LossCode(
        "dropped",
        "note",
        "{what} of {count:cue|cues} whole only in the work",
        "{what} of {count:cue|cues} whole only in the work",
        "not in {format}",
    ),
    # Cues of one file put onto the picture of another
    "cues-joined": LossCode(
        "changed",
        "note",
        "{joined} of {count:cue|cues} of {carrier} were in the timeline already and were joined",
        "cues were in the timeline already and were joined",
    ),
    "cue-joined-field": LossCode(
        "changed",
        "note",
        "{field} of {count:cue|cues} taken from {carrier}",
        "{field} of {count:cue|cues} taken from {carrier}",
        "such as {now}; the timeline said {was}",
    ),
    # Lists that come back
    "merge-offset": LossCode(
        "changed", "note", "the whole list stands {offset} from ours", "lists that stand apart from ours", "{taken}"
    ),
    "merge-move": LossCode(
        "changed", "note", "{count:cue|cues} moved alike", "runs of cues moved alike", "{first} to {last} by {offset}"
    ),
    "merge-conflict": LossCode(
        "changed",
        "loss",
        "both sides changed {field}: ours kept, theirs beside it",
        "fields that both sides changed: ours kept, theirs beside them",
        "ours {ours}, theirs {theirs}",
    ),
    "merge-unsure": LossCode(
        "guessed",
        "loss",
        "cue that may be one of ours: kept apart, please confirm",
        "cues that may be some of ours: kept apart, please confirm",
        "{name}; may be {candidates}",
    ),
    "merge-new": LossCode("changed", "note", "new cue", "new cues", "{name}"),
    "merge-copy": LossCode(
        "changed", "note", "copied cue given a uid of its own", "copied cues given uids of their own", "of {candidates}"
    ),
    "merge-missing": LossCode(
        "changed", "note", "cue that did not come back: kept", "cues that did not come back: kept", "{name}"
    ),
    "merge-without-base": LossCode(
        "guessed",
        "note",
        "{count:field|fields} taken as they came back: nothing says what was written",
        "fields taken as they came back: nothing says what was written",
        "{carrier}",
    ),
    "merge-marker-left": LossCode(
        "dropped",
        "note",
        "{count:marker that is no cue|markers that are no cues} left out",
        "markers that are no cues left out",
        "{carrier}",
    ),
    "merge-actor-differs": LossCode(
        "changed",
        "note",
        "another actor came back: ours kept",
        "other actors came back: ours kept",
        "{was}, theirs {now}",
    ),
    # Cue numbers
    "scheme-guessed": LossCode(
        "guessed", "note", "number scheme taken from the list", "number schemes taken from lists", "{scheme}"
    ),
    "prefix-guessed": LossCode(
        "guessed", "note", "prefix of a character derived", "prefixes of characters derived", "{prefix}, {why}"
    ),
    "number-not-given": LossCode("dropped", "loss", "cue left without a number", "cues left without a number", "{why}"),
    "number-out-of-order": LossCode(
        "changed",
        "note",
        "cue numbered out of order",
        "cues numbered out of order",
        "{number}, no room between its neighbours",
    ),
    # Time and rate
    "rate-guessed": LossCode("guessed", "loss", "frame rate guessed", "frame rates guessed", "{rate}, {why}"),
    "rate-found": LossCode("guessed", "note", "frame rate decided", "frame rates decided", "{rate}, {why}"),
    "rate-not-taken": LossCode(
        "guessed",
        "note",
        "the rate asked for was not taken: the file states another",
        "timelines that state another rate than the one asked for",
        "{rate}, not {asked}",
    ),
    "lengths-disagree": LossCode(
        "guessed",
        "note",
        "source and record lengths disagree: the record stands",
        "source and record lengths disagree: the record stands",
        "{was} against {now:frame|frames}",
    ),
    "speed-rounded": LossCode(
        "changed",
        "note",
        "speed rounded to what the list can say",
        "speeds rounded to what the list can say",
        "{was} to {now}",
    ),
    "list-past-999": LossCode(
        "changed",
        "note",
        "list of more than 999 events: numbers of four digits",
        "lists of more than 999 events: numbers of four digits",
        "{events}",
    ),
    "channels-unstated": LossCode(
        "guessed",
        "note",
        "event without a channel: taken for sound",
        "events without a channel: taken for sound",
        "{name}",
    ),
    "events-overlap": LossCode(
        "changed",
        "note",
        "track of overlapping events split",
        "tracks of overlapping events split",
        "{events:event|events} on {track}",
    ),
    "start-guessed": LossCode("guessed", "note", "start timecode guessed", "start timecodes guessed", "{start}, {why}"),
    "time-rounded": LossCode(
        "changed", "note", "time moved to the nearest {grid}", "times moved to the nearest {grid}", "by {moved}"
    ),
    "work-rate-differs": LossCode(
        "changed", "note", "times put on another frame rate", "times put on another frame rate", "{was} to {rate}"
    ),
    "feet-rate-found": LossCode(
        "guessed", "note", "rate of feet and frames taken from exact markers", "rates of feet and frames", "{rate}"
    ),
    "feet-rate-guessed": LossCode(
        "guessed",
        "loss",
        "rate of feet and frames guessed: no file states it",
        "rates of feet and frames guessed",
        "{rate}; say another with --option feet_rate=…",
    ),
    "tempo-found": LossCode(
        "guessed", "note", "tempo taken from exact markers", "tempos taken from exact markers", "{tempo}, bars of four"
    ),
    "work-without-cues": LossCode(
        "dropped",
        "loss",
        "work without cues (--all-markers takes every marker as one)",
        "works without cues (--all-markers takes every marker as one)",
        "{name}, {markers:marker|markers}",
    ),
    "font-of-computer": LossCode(
        "changed",
        "note",
        "letters set in a font of this computer, or as boxes where it has none",
        "pages with letters set in a font of this computer",
        "{letters}",
    ),
    "times-cut": LossCode(
        "changed",
        "note",
        "times that the file cuts to {unit}",
        "times that the file cuts to {unit}",
        "true to {within}",
    ),
    "times-too-coarse": LossCode(
        "changed",
        "loss",
        "times too coarse to place clips by: the file cuts them to {unit}",
        "times too coarse to place clips by: the file cuts them to {unit}",
        "export again with the time format Samples",
    ),
    "source-in-unknown": LossCode(
        "guessed",
        "loss",
        "clip laid on the beginning of its file: the list does not say which part it plays",
        "clips laid on the beginnings of their files: the list does not say which parts they play",
        "{media}",
    ),
    "crossing-halved": LossCode(
        "guessed",
        "note",
        "cross fade laid evenly on both sides of its cut",
        "cross fades laid evenly on both sides of their cuts",
    ),
    "timecode-repaired": LossCode("changed", "loss", "timecode repaired", "timecodes repaired", "{was} to {now}"),
    # Clips and sound
    "clip-not-sound": LossCode("dropped", "note", "picture clip left out", "picture clips left out", "{name}"),
    "clip-off-speed": LossCode(
        "changed",
        "loss",
        "clip whose sound runs off speed in this timeline: written at its own speed",
        "clips whose sound runs off speed in this timeline: written at their own speed",
        "{name} at {percent} %, {drift} late or early at its end",
    ),
    "clip-retimed": LossCode(
        "changed",
        "loss",
        "retimed clip written at its own speed",
        "retimed clips written at their own speed",
        "{name} at {speed}",
    ),
    "clip-beyond-media": LossCode(
        "changed", "loss", "clip longer than its media: padded with silence", "clips longer than their media", "{name}"
    ),
    "clip-disabled": LossCode("dropped", "note", "disabled clip left out", "disabled clips left out", "{name}"),
    "clip-inactive": LossCode(
        "dropped", "note", "inactive sound component left out", "inactive sound components left out", "{name}"
    ),
    "nest-opened": LossCode("changed", "note", "nest opened into its clips", "nests opened into their clips", "{name}"),
    "nest-not-retimed": LossCode(
        "changed",
        "loss",
        "nest that runs backwards or at changing speed opened at its own speed",
        "nests that run backwards or at changing speed opened at their own speed",
        "{name}",
    ),
    "channel-split": LossCode(
        "changed",
        "note",
        "multichannel clip split into mono clips",
        "multichannel clips split into mono clips",
        "{name}",
    ),
    "name-restored": LossCode(
        "changed",
        "note",
        "clip name that Resolve had cut at a dot made whole",
        "clip names that Resolve had cut at a dot made whole",
        "{was} to {now}",
    ),
    "master-renamed": LossCode(
        "changed",
        "note",
        "source clip named as the clip that plays it",
        "source clips named as the clips that play them",
        "{was} to {now}",
    ),
    "transition-not-carried": LossCode(
        "dropped", "loss", "transition not carried", "transitions not carried", "{name}"
    ),
    "fade-not-carried": LossCode("dropped", "loss", "fade not carried", "fades not carried", "{name}"),
    "fade-curve-changed": LossCode(
        "changed", "note", "fade curve changed to the nearest", "fade curves changed to the nearest", "{was} to {now}"
    ),
    "transition-made-dissolve": LossCode(
        "changed", "loss", "transition written as a dissolve", "transitions written as dissolves", "{name}"
    ),
    "black-made-gap": LossCode(
        "changed",
        "note",
        "black or silence written as an empty stretch",
        "stretches of black or silence written empty",
        "{name}",
    ),
    "generator-not-carried": LossCode(
        "dropped", "loss", "generated sound left out", "generated sounds left out", "{name}"
    ),
    "clip-below-frame": LossCode(
        "dropped",
        "loss",
        "clip of less than a frame, or of no length, left out",
        "clips of less than a frame, or of no length, left out",
        "{name}",
    ),
    "gain-points-not-carried": LossCode(
        "dropped", "loss", "level curve not carried", "level curves not carried", "{name}"
    ),
    "value-clamped": LossCode("changed", "loss", "value limited", "values limited", "{was} to {now}"),
    "edit-joined": LossCode(
        "changed",
        "note",
        "rendered one-frame edit joined to its clip",
        "rendered one-frame edits joined to their clips",
        "exact to the frame",
    ),
    "edit-kept-rendered": LossCode(
        "changed",
        "note",
        "rendered one-frame edit kept as a clip: no media beside it reach over it",
        "rendered one-frame edits kept as clips: no media beside them reach over them",
    ),
    "fade-recovered": LossCode(
        "guessed",
        "note",
        "rendered fade made a fade again",
        "rendered fades made fades again",
        "{length}, curve taken as linear",
    ),
    "fade-kept-rendered": LossCode(
        "changed",
        "note",
        "rendered fade kept as a clip: no media beside it reach under it",
        "rendered fades kept as clips: no media beside them reach under them",
    ),
    # Media
    "media-missing": LossCode(
        "dropped", "loss", "media file missing", "media files missing", "{media}, looked in {tried}"
    ),
    "clip-without-file": LossCode(
        "dropped", "loss", "sound clip that names no file: silent", "sound clips that name no file: silent", "{name}"
    ),
    "cue-clips-silent": LossCode(
        "dropped",
        "note",
        "{count:clip that is a cue plays|clips that are cues play} no file",
        "clips that are cues play no file",
        "such as {name}",
    ),
    "picture-size-guessed": LossCode(
        "changed",
        "note",
        "picture size stated as usual: the source does not say it",
        "picture sizes stated as usual: the source does not say them",
        "{media}, {size}",
    ),
    "media-without-address": LossCode(
        "changed",
        "note",
        "media without an address: written as offline",
        "media without an address: written as offline",
        "{media}",
    ),
    "media-not-wav": LossCode(
        "dropped",
        "loss",
        "media file that is not WAV: its sound is not in the folder",
        "media files that are not WAV: their sound is not in the folder",
        "{media}: {why}",
    ),
    "media-rendered": LossCode(
        "changed",
        "note",
        "sound rendered to 24-bit WAV",
        "sound rendered to 24-bit WAVs",
        "{media}, {was} to {rate} Hz",
    ),
    "media-damaged": LossCode(
        "dropped",
        "loss",
        "media file with damaged packets: silence stands for them",
        "media files with damaged packets: silence stands for them",
        "{media}, {count:packet|packets}",
    ),
    "sound-clipped": LossCode(
        "changed",
        "loss",
        "sound louder than full scale: clipped at 24 bits",
        "sounds louder than full scale: clipped at 24 bits",
        "{media}, {count:sample|samples}",
    ),
    "media-unreadable": LossCode(
        "dropped", "loss", "media file unreadable", "media files unreadable", "{media}: {why}"
    ),
    "media-rate-differs": LossCode(
        "changed", "note", "media at another sample rate", "media at other sample rates", "{media}, {rate} Hz"
    ),
    "media-not-mono": LossCode(
        "changed",
        "note",
        "linked file of several channels: Pro Tools takes mono files only",
        "linked files of several channels: Pro Tools takes mono files only",
        "{media}, {channels} channels",
    ),
    "media-found-elsewhere": LossCode(
        "guessed", "note", "media found by name elsewhere", "media found by name elsewhere", "{media} as {found}"
    ),
    "media-channel-missing": LossCode(
        "dropped",
        "loss",
        "channel that its file does not have",
        "channels that their files do not have",
        "{media}, {channel}",
    ),
    "stamp-disagrees": LossCode(
        "guessed", "note", "time stamps disagree", "time stamps disagree", "{was} against {now}"
    ),
    "wav-repaired": LossCode("changed", "note", "WAV read past a fault", "WAVs read past a fault", "{what}"),
    # Takes
    "take-guessed": LossCode(
        "guessed", "loss", "take placed on a guess", "takes placed on a guess", "{name} on {cue}, sure {sure}"
    ),
    "take-not-placed": LossCode("dropped", "loss", "take not placed", "takes not placed", "{name}, {why}"),
    "take-not-slipped": LossCode(
        "guessed", "loss", "take not slipped into sync", "takes not slipped into sync", "{name}, {why}"
    ),
    "takes-not-measured": LossCode(
        "guessed",
        "loss",
        "no guide: takes lie where stamps and cues say",
        "no guides: takes lie where stamps and cues say",
        "{why}",
    ),
    "take-left-out": LossCode("dropped", "note", "take left out", "takes left out", "{name}, {why}"),
    "cue-without-take": LossCode("dropped", "note", "cue without a take", "cues without a take", "{name}"),
    "beeps-left-out": LossCode(
        "dropped",
        "note",
        "cue counted in with fewer beeps",
        "cues counted in with fewer beeps",
        "{count} before the timeline",
    ),
    "stamps-judged": LossCode("guessed", "loss", "time stamps judged", "time stamps judged", "{why}"),
    # Rushes
    "folder-closed": LossCode("dropped", "loss", "folder not looked into", "folders not looked into", "{name}: {why}"),
    "uid-shared": LossCode(
        "guessed",
        "note",
        "one identity in several files, so not used",
        "identities in several files, so not used",
        "{name} ({uid})",
    ),
    "event-not-placed": LossCode(
        "dropped", "loss", "event without its recording", "events without their recordings", "{name}: {why}"
    ),
    "event-partly-placed": LossCode(
        "changed",
        "note",
        "event longer than its recording",
        "events longer than their recordings",
        "{name}, {missing} s",
    ),
    "row-unused": LossCode("dropped", "note", "row of the table not used", "rows of the table not used", "{name}"),
    "clock-judged": LossCode("guessed", "note", "clock of a roll judged", "clocks of rolls judged", "{name}: {why}"),
    # Cue sheets
    "column-read": LossCode(
        "guessed",
        "note",
        "column of the sheet read as a field",
        "columns of the sheet read as fields",
        "{header} as {field}, {how}",
    ),
    "column-kept": LossCode(
        "guessed",
        "note",
        "column that is not known, kept beside the cues",
        "columns that are not known, kept beside the cues",
        "{header}, {cells} cells",
    ),
    "section-read": LossCode(
        "guessed", "note", "row read as heading a group", "rows read as heading groups", "{text} as {field}"
    ),
    "word-read": LossCode(
        "guessed", "note", "word read as one of ours", "words read as ours", "{field}: {word} as {now}"
    ),
    "word-kept": LossCode("guessed", "note", "word kept as written", "words kept as written", "{field}: {word}"),
    "formula-kept": LossCode(
        "guessed",
        "loss",
        "formula without a result read as the text it may be",
        "formulas without a result read as the text they may be",
        "{was} as {now}",
    ),
    "cell-repaired": LossCode(
        "guessed",
        "loss",
        "cell that a spreadsheet had made a date or number taken back",
        "cells that a spreadsheet had made dates or numbers taken back",
        "{was} to {now}",
    ),
    "time-form-read": LossCode("guessed", "loss", "times of an open form", "times of open forms", "{text}: {form}"),
    "exact-time-dropped": LossCode(
        "changed",
        "note",
        "exact time dropped: the timecode beside it was moved",
        "exact times dropped: the timecodes beside them were moved",
        "{was} s, now {now}",
    ),
    "uid-doubled": LossCode(
        "changed",
        "note",
        "copied cue given a uid of its own",
        "copied cues given uids of their own",
        "{was}, now {now}",
    ),
    "cue-without-time": LossCode(
        "dropped",
        "loss",
        "cue whose sheet has no times: laid at the start",
        "cues whose sheet has no times: laid at the start",
        "{name}",
    ),
    "text-cut": LossCode("changed", "loss", "text cut", "texts cut", "{was} characters to {now}"),
    "quotes-unpaired": LossCode(
        "guessed",
        "loss",
        "quote marks that do not pair: the table read {how}",
        "quote marks that do not pair: the table read {how}",
        "{fault}",
    ),
    # Files
    "element-ignored": LossCode("dropped", "note", "element not understood", "elements not understood", "{name}"),
    "reference-broken": LossCode("dropped", "loss", "reference to nothing", "references to nothing", "{name}"),
    "value-unreadable": LossCode("dropped", "loss", "value not understood", "values not understood", "{name}={value}"),
    "line-ignored": LossCode("dropped", "loss", "line not understood", "lines not understood", "{text}"),
    "text-encoding-guessed": LossCode(
        "guessed", "note", "text encoding guessed", "text encodings guessed", "{encoding}"
    ),
    "text-encoding-changed": LossCode(
        "changed", "note", "text encoding changed", "text encodings changed", "{was} to {now}"
    ),
    "text-joined": LossCode(
        "guessed",
        "note",
        "text put together from what tabs had parted",
        "texts put together from what tabs had parted",
        "{text}",
    ),
    "edit-left-out": LossCode(
        "dropped",
        "note",
        "edit reduced to its sources",
        "edits reduced to their sources",
        "{clips:clip|clips} of {sources}",
    ),
    "text-replaced": LossCode(
        "changed", "loss", "text changed for the format", "texts changed for the format", "{was} to {now}"
    ),
    "letters-replaced": LossCode(
        "changed",
        "note",
        "{count:text|texts} with ? for letters",
        "texts with ? for letters",
        "{format}, in ASCII for hosts that mangle others, such as {now}; all letters: {remedy}",
    ),
    "name-truncated": LossCode("changed", "loss", "name cut", "names cut", "{was} to {now}"),
    "name-changed": LossCode(
        "changed", "note", "name changed to be unique", "names changed to be unique", "{was} to {now}"
    ),
    "clips-beside-projects": LossCode(
        "dropped",
        "note",
        "{count:clip|clips} beside the projects not read",
        "clips beside the projects not read",
        "{name}",
    ),
    "clip-left-out": LossCode("dropped", "note", "clip left out as asked", "clips left out as asked", "{name}"),
    "timeline-left-out": LossCode("dropped", "loss", "timeline left out", "timelines left out", "{name}"),
    # What stood where something was written
    "file-kept-aside": LossCode(
        "changed", "note", "what was there is kept beside it", "files that were there are kept beside them", "{kept}"
    ),
}
"""The closed set of codes. A new loss is a new row here, never a sentence in a reader or writer.

>>> LOSS_CODES["feature-not-carried"].level
'loss'
"""
