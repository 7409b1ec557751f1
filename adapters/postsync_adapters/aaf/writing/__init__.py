"""From a timeline to an AAF.

`write` is the way in; `profiles` says what each application wants. `plan` and `fades` put the tracks on whole edit units
(`planned`), `files` and `sources` make the chains of media, `components` the clips, `markers` the markers, `returning` what an
AAF that was read held and nobody understood. All of these make `records`, which `skeleton` puts into a new file and `storage`
writes.
"""

from postsync_adapters.aaf.writing.write import WriteOptions, write

__all__ = ["WriteOptions", "write"]
