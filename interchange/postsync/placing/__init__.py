"""Placing sound on tracks: which channel of which clip lies where.

`channels` splits clips of several channels into mono clips on parallel tracks, and joins them again.
"""

from postsync.placing.channels import mono_tracks, rejoined, sounding_channels

__all__ = ["mono_tracks", "rejoined", "sounding_channels"]
