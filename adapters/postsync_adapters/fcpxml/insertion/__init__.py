"""Putting cues and placed takes into a document that exists, everything else of it kept.

`document` opens it twice, once to understand and once to change; `places` finds the items of the storyline that hold a time;
`cues` and `takes` say what goes in; `insert` does it. What we put in before is known by the tag in its note and replaced.
"""

from postsync_adapters.fcpxml.insertion.insert import insert

__all__ = ["insert"]
