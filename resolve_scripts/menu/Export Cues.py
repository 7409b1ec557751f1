"""Workspace > Scripts > Export Cues: the cues of the open timeline as any carrier.

Resolve may run this without `__file__` and with whatever Python it found, so the two paths below are written into the copy that
Resolve sees: the command as a list, the folder that holds postsync_resolve. They are JSON inside a string, so
'"/Users/me/postsync/resolve_scripts"' and '["/Users/me/.venv/bin/postsync"]'.
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
        if folder and os.path.isdir(os.path.join(folder, "postsync_resolve")) and folder not in sys.path:
            sys.path.insert(0, folder)
    try:
        import postsync_resolve
    except ImportError as fault:
        print("postsync_resolve was not found (%s): run `postsync resolve install` again." % fault)
        return
    postsync_resolve.run_job("Export Cues", globals(), json.loads(POSTSYNC_COMMAND))


_run()
