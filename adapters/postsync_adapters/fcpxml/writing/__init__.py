"""Writing FCPXML 1.8 to 1.14: a new document of any timeline.

`programme` lays tracks as storylines, `clips` makes the story elements, `timing` and `levels` what is inside them,
`resources` the files they refer to, `marking` the markers and cues. The truth lies in Apple's DTDs and in what the two
programs write themselves.
"""

from postsync_adapters.fcpxml.writing.options import FcpxmlWriteOptions
from postsync_adapters.fcpxml.writing.write import document, serialised_document

__all__ = ["FcpxmlWriteOptions", "document", "serialised_document"]
