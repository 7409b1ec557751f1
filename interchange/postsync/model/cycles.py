"""Python's search for cycles of objects, held while many records are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count

SEARCHED_EVERY = 128
"""After so many holds Python searches through everything once: what counts as old it would hardly ever look at by itself."""

_holds = count(1)


@contextmanager
def without_searching_for_cycles() -> Generator[None]:
    """Hold Python's search for cycles: tens of thousands of small records that stay make it a third of the time.

    What was made counts as old afterwards, so that the next small search does not go over all of it.

    >>> with without_searching_for_cycles():
    ...     timelines = [postsync.read(reel)[0]]
    >>> len(timelines)
    1
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if next(_holds) % SEARCHED_EVERY == 0:
                gc.collect()
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
