"""From the objects of an AAF to timelines.

The AAF Object and Edit Protocol specifications of the AMWA say what mobs, slots and components mean; files of Media
Composer, Pro Tools, Resolve and Premiere say what each application makes of them. `timelines` finds the compositions and
puts each together; `slots` tells tracks from timecode and markers, `clock` finds a composition's timecode, `layers` walks a
slot, `chains` follows a clip to its media, `tapes` reads the timecode there, `levels` reads gain and pan, `transitions` fades
and cross fades, `pro_tools_edits` takes rendered edits back, `clips` makes the OpenTimelineIO objects, `markers` the markers.
`identifiers` are the AUIDs, `tags` named values, `leftovers` what is kept without being understood.
"""
