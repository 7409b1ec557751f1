"""Plain text to cues: the shapes and notations that people write, what one marker says, and which markers are cues.

`words` and `shapes` read a text by its form, `dialects` by a notation of names, `marker_cues` joins that with a tag or a
record, `spotting` goes over a timeline; `stated` takes cues that a file states field by field.
"""
