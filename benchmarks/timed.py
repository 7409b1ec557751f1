"""How long work takes of the processor, for the measurements that compare readers and writers in one process."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any


def best(work: Callable[[], Any], times: int = 3) -> float:
    """Give the seconds of processor that the quickest of some runs took; what each made is thrown away outside the clock."""
    results: list[float] = []
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        kept = work()
        results.append(time.process_time() - begun)
        del kept
    return min(results)
