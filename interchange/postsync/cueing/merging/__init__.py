"""A cue list that came back: which cue is which, what changed since it was written, and what both sides changed.

`cue_values` gives the fields of a cue as plain values, `written` remembers what a file was given, `knowing_again` finds which
cue is which, `three_way` settles one field, `merge` does it for all, and `outcome` is what came of it.
"""
