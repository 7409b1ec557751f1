"""How the sound of a timeline lies against a guide: the mix that the picture editor heard.

Amounts are given in samples, milliseconds and frames. What is off by up to half a frame is a note, as long as nobody flips the
phase; up to one frame early or one and a half late a warning; beyond that an error (the findings are rated by their amount).
"""

from __future__ import annotations

from postsync.finding_codes.code import FindingCode

GUIDE_CODES: dict[str, FindingCode] = {
    # The whole
    "guide-unlike": FindingCode(
        "error",
        "nothing of {guide} was found in the sound of the timeline, {compared} were looked for",
        "guides in which nothing of the timeline was found",
        "check that the guide is of this reel and version",
    ),
    "guide-offset": FindingCode(
        "error",
        "all sound lies {amount} {side} against {guide}, measured at {agreed} of {measured} places",
        "guides against which all sound is off",
        "check start timecode and rate of both; or move all clips by that much",
    ),
    "guide-starts-elsewhere": FindingCode(
        "warning",
        "{guide} has no time stamp that fits and was laid at {how}: all sound lies {amount} {side} against it, "
        "measured at {agreed} of {measured} places",
        "guides that begin elsewhere than the timeline, or against which all sound is off",
        "lay the guide by that much; if it was meant to begin there, all sound is off",
    ),
    "guide-speed": FindingCode(
        "error",
        "the sound runs at {ratio} times its speed in {guide} ({percent} % {side})",
        "guides that run at another speed",
        "export the guide at the timeline's rate, or check which of the two was pulled up or down",
    ),
    "guide-channels-cancel": FindingCode(
        "warning",
        "the channels of {guide} cancel each other in mono: channel {channel} alone was compared",
        "guides whose channels cancel each other",
        "turn the polarity of one channel of the guide, or ask for it anew",
    ),
    "guide-inverted": FindingCode(
        "warning",
        "the polarity of {guide} is turned against the sound",
        "guides of turned polarity",
        "turn the polarity of the guide before you listen to both",
    ),
    # Clips
    "clip-off-guide": FindingCode(
        "error",
        "lies {amount} {side} against {guide}",
        "clips that are off against the guide",
        "move it, or check its source timecode and its media",
    ),
    "clip-drifts": FindingCode(
        "error",
        "drifts from {guide} by {amount} over {over} s ({parts} millionths)",
        "clips that drift from the guide",
        "check the clock of the recorder and the sample rate of the file",
    ),
    "clip-speed-guide": FindingCode(
        "error",
        "runs at {ratio} times its speed in {guide} ({percent} % {side})",
        "clips that run at another speed in the guide",
        "check the sample rate of the file against that which it was recorded at",
    ),
    "clip-inverted": FindingCode(
        "warning",
        "its polarity is turned against {guide}",
        "clips of turned polarity against the guide",
        "turn its polarity, or check which microphone was used",
    ),
    "clip-not-in-guide": FindingCode(
        "warning",
        "is not heard in {guide} where it would have to be",
        "clips that the guide does not have",
        "check that it is the right take and the right place in it, and that the guide was not mixed without it",
    ),
    "guide-sound-without-clip": FindingCode(
        "warning",
        "{guide} has sound for {seconds} s, the timeline none",
        "stretches where only the guide sounds",
        "check whether a clip was lost on the way",
    ),
    # Pops
    "pop-off": FindingCode(
        "error",
        "{pop} lies {amount} {side} against that of {guide}",
        "pops that are off against the guide",
        "move the pop, and check whether the sound behind it is off as well",
    ),
    "pop-off-reel": FindingCode(
        "error",
        "{pop} of {whose} lies {amount} {side}: it belongs two seconds {where_it_belongs}",
        "pops that are not two seconds from the action",
        "check FFOA and LFOA of the reel in postsync.toml, and where the pop was laid",
    ),
    "pop-in-guide-only": FindingCode(
        "warning",
        "{guide} has {pop} here, the timeline has none",
        "pops that only the guide has",
        "lay a pop there: without one nobody can tell later whether the reel moved",
    ),
    "pop-in-timeline-only": FindingCode(
        "warning",
        "has {pop} here, {guide} has none",
        "pops that only the timeline has",
        "ask for a guide with pops, or check that it is of this version",
    ),
    "pop-none": FindingCode(
        "note",
        "neither {guide} nor the timeline has {pop}",
        "reels without a pop",
        "lay one: two seconds before the action",
    ),
    # What was done
    "guide-compared": FindingCode(
        "note",
        "{compared} of {count} compared with {guide}, {right} in place to the sample",
        "guides that were compared",
        "nothing to do",
    ),
    "guide-not-compared": FindingCode(
        "note",
        "{count} not compared with {guide}: {why}",
        "reasons why clips were not compared",
        "listen to them, or say with --media where their files are",
    ),
}
"""How sound can lie against its guide.

>>> GUIDE_CODES["guide-unlike"].severity
'error'
"""
