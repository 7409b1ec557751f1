"""The command `postsync`: arguments in, sentences and exit codes out. It knows nothing of timelines.

Exit codes: 0 done, 1 losses under --strict, 2 usage, 3 unknown or broken input, 4 cannot write, 5 media, 6 Resolve.
"""

from postsync.cli.main import main

__all__ = ["main"]
