"""Plain text to cues: the shapes and notations that people write, what one marker says, and which markers are cues.

`shapes` reads plain words by their form, with `speakers`, `reasons`, `comments` and the tables of `words`; `dialects` reads
notations of names; `marker_text` chooses between them by the `signs`. `marker_cues` joins that with a tag or a record,
`spotting` goes over a timeline; `stated` takes cues that a file states field by field.
"""
