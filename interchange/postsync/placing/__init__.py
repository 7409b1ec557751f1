"""Placing sound on tracks: which channel of which clip lies where.

`channels` splits clips of several channels into mono clips on parallel tracks.
"""

from postsync.placing.channels import mono_tracks, sounding_channels

__all__ = ["mono_tracks", "sounding_channels"]
