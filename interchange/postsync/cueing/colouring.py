"""The colours of cues in other programs, where the show says by what they are coloured."""

from __future__ import annotations

import dataclasses

import opentimelineio as otio

from postsync.model import Project, cue_markers, put_cue, timeline_characters, timeline_facts


def with_show_colours(timeline: otio.schema.Timeline, project: Project) -> otio.schema.Timeline:
    """Give a copy whose cues have the colours of the show, by character or by status; the timeline itself where it has none.

    The work keeps the colours that people gave: a show that changes its mind colours anew with the next file it writes.

    >>> from postsync.model import ColourRules, timeline_cues
    >>> project = Project(colours=ColourRules(by="character", characters={"ROSA": "rose"}))
    >>> timeline_cues(with_show_colours(timeline, project))[0].colour
    'rose'
    """
    if project.colours.by is None:
        return timeline
    copy = timeline.deepcopy()
    facts, cast = timeline_facts(copy), timeline_characters(copy)
    for marker, cue in cue_markers(copy):
        colour = project.colour_of(cue, cast)
        who = cast[cue.character].name if cue.character in cast else None
        put_cue(marker, dataclasses.replace(cue, colour=colour), facts, who, was=cue)
    return copy
