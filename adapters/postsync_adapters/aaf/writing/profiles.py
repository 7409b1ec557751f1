"""What each application wants of an AAF: a row for each, and no branch by name anywhere else.

From what the applications' files hold, their manuals and the threads of people whose files were refused: Pro Tools takes one
composition of mono sound in samples and ignores what it does not play; Media Composer edits on frames and keeps the origin of
an import; Resolve takes several channels in one clip.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """How one application is written for.

    `frames`: edits fall on frames, else on samples. `native`: clips keep their channels unless asked otherwise. `picture`:
    pictures come along as references. `speeds`: changed speeds are written as effects, else sound runs at its own speed.
    `sub_clips`: a clip may have another name than its master.
    `bare`: embedded sound is bare samples, else a whole WAV. `imports`: media that name no tape come from an import.
    `avid_curves`: curves of fades are told as Media Composer does. `avid_markers`: markers lie in a slot for each track, those
    with a length in one of their own. `named_markers`: the name of a marker and its note are fields of their own.
    """

    name: str
    frames: bool = False
    native: bool = False
    picture: bool = True
    speeds: bool = True
    sub_clips: bool = True
    bare: bool = False
    imports: bool = False
    avid_curves: bool = False
    avid_markers: bool = False
    named_markers: bool = False


PROFILES = {
    one.name: one
    for one in (
        Profile("pro-tools", picture=False, speeds=False, sub_clips=False),
        Profile(
            "media-composer", frames=True, native=True, bare=True, imports=True, avid_curves=True, avid_markers=True
        ),
        Profile("resolve", native=True, named_markers=True),
        Profile("generic"),
    )
}
"""The applications that are written for, by the name that is typed."""
