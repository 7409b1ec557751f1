"""Workspace > Scripts > Export ADR Cues: save the open timeline with its markers for postsync.

Resolve may run this without `__file__` and with whatever Python it found, so the two paths below are put in when
`postsync resolve install` copies it. They are JSON inside a string.
"""

import json
import os
import sys

POSTSYNC_COMMAND = "[]"
POSTSYNC_SUPPORT = '""'


def _support_folders():
    yield json.loads(POSTSYNC_SUPPORT)
    if "__file__" in globals():
        yield os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _run():
    sys.dont_write_bytecode = True  # the folder may be read-only or watched
    for folder in _support_folders():
        if folder and os.path.isfile(os.path.join(folder, "postsync_resolve.py")) and folder not in sys.path:
            sys.path.insert(0, folder)
    try:
        import postsync_resolve
    except ImportError as fault:
        print("postsync is not installed completely (%s): run `postsync resolve install` in a terminal." % fault)
        return
    postsync_resolve.export_cues(globals(), json.loads(POSTSYNC_COMMAND))


_run()
