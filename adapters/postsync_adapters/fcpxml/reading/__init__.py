"""Reading FCPXML: from a document to timelines.

`walk` goes over the story elements with the help of `attributes` (what they say of time), `nesting` (what stands inside
containers), `picturing`, `sounding` and `marking` (what is seen, heard and marked); its records are in `scene`. `levels` and
`roles` hold the rules of sound, `words` those of titles and captions. `tracks`, with `dissolves`, `media` and `kept`, lays
what was found; `documents` puts it together. No module knows one that comes after it in this order, read backwards.
"""

from postsync_adapters.fcpxml.reading.documents import bundle, opened_root, read
from postsync_adapters.fcpxml.reading.options import FcpxmlReadOptions

__all__ = ["FcpxmlReadOptions", "bundle", "opened_root", "read"]
