"""Cue numbers by the scheme of a show: given once, with suffixes for what comes between, and never given twice.

`series` reads numbers by a scheme, `counters` counts them, `suffixes` and `prefixes` make the letters, `numbers` does it for a
list.
"""
