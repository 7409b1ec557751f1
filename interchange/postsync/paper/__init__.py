"""Data that people read, one function for each kind of report; the command line and the writers of paper draw it."""

from postsync.paper.inspection import inspection

__all__ = ["inspection"]
