"""Asking Resolve, and taking every answer for what it is worth.

Resolve says that a call failed by answering `None`, `False` or nothing useful, numbers come as whole numbers, floats or text
by build and language, and a method that a build lacks is `None`. Nothing of that is an exception.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, TypeVar, cast

if TYPE_CHECKING:
    from postsync_resolve.api import ResolveApi

KNOWN_RATES = (
    "16", "18", "23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60", "72", "95.904", "96", "100",
    "119.88", "120",
)  # fmt: skip

PATIENCE = (0.0, 0.2, 0.6)
"""Seconds to wait before each try of a change: an automatic backup makes calls fail for a moment."""

T = TypeVar("T")


HUNG = 30.0
"""Seconds after which a person is told that Resolve does not answer."""

_calls: Dict[str, float] = {}
"""The call that is being waited for, since when; empty between calls."""


def watch(told: str) -> Callable[[], None]:
    """Say once where Resolve has not answered a call for long, until the function that this gives is called.

    A script runs beside Resolve, so it may still speak.
    """
    over = threading.Event()

    def look() -> None:
        while not over.wait(HUNG / 10):
            if time.monotonic() - _calls.get("since", time.monotonic()) > HUNG:
                tell("Resolve has not answered for %d seconds: close any dialog that is open in it. %s" % (HUNG, told))
                return

    try:
        threading.Thread(target=look, daemon=True).start()
    except RuntimeError:  # no threads here: nobody is told, and nothing else is lost
        pass
    return over.set


def counted(number: int, one: str) -> str:
    """Give a number with its noun."""
    return "%d %s%s" % (number, one, "" if number == 1 else "s")


def tell(words: str) -> None:
    """Print for the console; one that cannot show a letter gets its number."""
    try:
        print(words)
    except (UnicodeError, OSError, ValueError):
        print(words.encode("ascii", "backslashreplace").decode("ascii"))


class Stop(Exception):
    """The work cannot go on; the one sentence for the user is its text."""


def ask(question: Callable[[], Optional[T]], warnings: List[str]) -> Optional[T]:
    """Give Resolve's answer, or None where it has none: a method that a build lacks is `None` and cannot be called."""
    _calls["since"] = time.monotonic()
    try:
        return question()
    except (TypeError, AttributeError):
        return None
    except Exception as fault:
        warnings.append(f"{type(fault).__name__}: {fault}")
        return None
    finally:
        _calls.clear()


def done(change: Callable[[], Any]) -> bool:
    """Make a change and say whether Resolve took it; only `True` is a yes, some methods answer with the text of a fault."""
    for pause in PATIENCE:
        time.sleep(pause)
        if ask(change, []) is True:
            return True
    return False


def can(thing: Any, name: str) -> bool:
    """Whether this build has a method. `hasattr` says yes to anything on Resolve's objects."""
    try:
        return name in dir(thing)
    except Exception:  # a wedged object fails in any way; then it cannot
        return False


def whole(value: Any) -> Optional[int]:
    """Give a whole number out of 96, 96.0 or "96"; None for anything else."""
    number = decimal(value)
    return None if number is None else int(round(number))


def decimal(value: Any) -> Optional[float]:
    """Give a number out of what Resolve hands over; None where there is none in it."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number - number == 0 else None


def text(value: Any) -> str:
    """Give a text; numbers as people write them, nothing for nothing."""
    if value is None or isinstance(value, (bool, dict, list, tuple)):
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def known_rate(given: Any) -> Optional[str]:
    """Give the rate that Resolve means: `24.0`, "23.976024", "29.97 DF", or "23" with its decimals cut off."""
    words = text(given).split()
    number = decimal(words[0]) if words else None
    if number is None:
        return None
    near = [rate for rate in KNOWN_RATES if abs(float(rate) - number) < 0.005]
    cut = [rate for rate in KNOWN_RATES if int(float(rate)) == number]
    found = near or cut
    return " ".join([found[0]] + words[1:]) if found else None


def find_resolve(names: Mapping[str, Any]) -> Optional[ResolveApi]:
    """Find the application among the names that Resolve put into a script; builds differ in which they give."""
    probes = (
        lambda: names.get("resolve"),
        lambda: names["app"].GetResolve(),
        lambda: names["bmd"].scriptapp("Resolve"),
        _resolve_by_module,
    )
    for probe in probes:
        try:
            found = probe()
        except Exception:  # each build fails in a way of its own; the next probe may do
            continue
        if found is not None:
            return cast("ResolveApi", found)
    return None


def _resolve_by_module() -> Any:
    module = __import__("DaVinciResolveScript")
    return module.scriptapp("Resolve")
