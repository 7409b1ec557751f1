"""Sound of picture and compressed files as mono 24-bit PCM: MOV, MP4, MXF, CAF, FLAC, MP3, AIFF and what else has sound.

`pyav` is the door to PyAV (extra `media`), `opening` finds channels and places, with `quicktime` for edits and timecode of
movies and `mxf_header` for those of MXF; `decoding` gives samples by range, `resampling` another rate, `statements` the header
that a copy gets. `rendered` puts them together and states what is done to samples. Files are read as streams, never whole, and
never written to.
"""

from postsync.sound.rendering.opening import OpenedSound, open_sound
from postsync.sound.rendering.pyav import INSTALL
from postsync.sound.rendering.rendered import RenderedSound

__all__ = ["INSTALL", "OpenedSound", "RenderedSound", "open_sound"]
