"""What postsync does inside DaVinci Resolve: look, ask `postsync`, change what it says, look again.

Runs on whatever Python Resolve picks: standard library only, syntax of Python 3.8. Installed beside the menu scripts, not in a
folder that Resolve scans. A menu script calls `run_job`; docs/resolve-exchange.md says what is exchanged.
"""

from postsync_resolve.desk import run_job as run_job
