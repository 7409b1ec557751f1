"""Every exception that postsync raises, and the facts each one carries.

    PostsyncError
    ├── UnknownFormat(LookupError)    nothing claims the file; lists what is known
    │   └── AmbiguousFormat           more than one format does
    ├── UnknownOption(LookupError)    a format, a timeline or an option of that name does not exist
    ├── FormatError(ValueError)       the file breaks its own rules: place, expected, found
    ├── CannotWrite(ValueError)       the timeline cannot become this format, or the place cannot be written
    ├── RateError(ValueError)         rates missing or contradictory
    ├── MediaError(OSError)           sound missing or unreadable
    │   └── MissingLibrary            sound that an extra reads which is not installed
    └── ResolveError(RuntimeError)    DaVinci Resolve not running, wrong edition, script not installed

Each also derives from the builtin that plain Python callers catch. They live here and nowhere else: OpenTimelineIO loads
a format module a second time under another name, and a class defined there would not match in ``except``.
"""

from __future__ import annotations

from typing import Any


class PostsyncError(Exception):
    """Say in one sentence what went wrong, where, and what to do.

    `path`, `place` (a line, an offset, an element), `expected`, `found` and `remedy` are kept as attributes, so a program
    need not read the sentence.

    >>> fault = FormatError(path="reel1.edl", place=57, expected="a record-out timecode", found="'01:00'")
    >>> isinstance(fault, PostsyncError), fault.exit_code, fault.place
    (True, 3, '57')
    >>> print(fault.sentence())
    reel1.edl:57: expected a record-out timecode, found '01:00'
    """

    exit_code = 3

    def __init__(
        self,
        message: str = "",
        *,
        path: object = None,
        place: object = None,
        expected: str | None = None,
        found: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = None if path is None else str(path)
        self.place = None if place is None else str(place)
        self.expected = expected
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self) -> str:
        """Give the one line that a person reads: `reel1.edl:57: expected …, found …; do …`."""
        where = ":".join(part for part in (self.path, self.place) if part)
        facts = ", ".join(
            part
            for part in (
                self.message,
                f"expected {self.expected}" if self.expected else "",
                f"found {self.found}" if self.found else "",
            )
            if part
        )
        text = f"{where}: {facts}" if where else facts
        text = f"{text}; {self.remedy}" if self.remedy else text
        return " ".join(text.split())

    def at(self, path: object) -> PostsyncError:
        """Name the file, where the code that raised did not know it."""
        if self.path is None:
            self.path = str(path)
        return self

    def facts(self) -> dict[str, Any]:
        """Give everything known about the error as plain values for JSON."""
        return {
            "error": type(self).__name__,
            "message": self.message,
            "path": self.path,
            "place": self.place,
            "expected": self.expected,
            "found": self.found,
            "remedy": self.remedy,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, dict(self.__dict__))


def _rebuild(kind: type[PostsyncError], message: str, facts: dict[str, Any]) -> PostsyncError:
    """Make an error again from its pickle; keyword-only facts do not survive the default protocol."""
    error = kind(message)
    error.__dict__.update(facts)
    return error


class UnknownFormat(PostsyncError, LookupError):
    """Nothing that we know claims the file.

    >>> try:
    ...     postsync.read("no such file.xyz")
    ... except UnknownFormat as fault:
    ...     print(fault.exit_code, fault.path)
    3 no such file.xyz
    """


class AmbiguousFormat(UnknownFormat):
    """More than one format claims the file with the same strength; `--from` settles it.

    >>> issubclass(AmbiguousFormat, UnknownFormat)
    True
    """


class UnknownOption(PostsyncError, LookupError):
    """A name that was asked for does not exist: an option, a format, a timeline.

    >>> try:
    ...     postsync.read(reel, options={"nonsense": "1"})
    ... except UnknownOption as fault:
    ...     print(fault.message)
    fcpxml has no option 'nonsense'
    """

    exit_code = 2


class FormatError(PostsyncError, ValueError):
    """The file breaks the rules of its own format.

    >>> try:
    ...     timing.parse_timecode("01:00:75:00", timing.as_rate(24))
    ... except FormatError as fault:
    ...     print(fault.message, fault.found)
    a timecode's minutes and seconds end at 59 '01:00:75:00'
    """


class CannotWrite(PostsyncError, ValueError):
    """The timeline cannot become this format at all, or the place cannot be written to.

    >>> try:
    ...     postsync.write(timeline, "no such folder/R1.aaf")
    ... except CannotWrite as fault:
    ...     print(fault.exit_code, fault.message)
    4 cannot write here: No such file or directory
    """

    exit_code = 4


class RateError(PostsyncError, ValueError):
    """A frame rate is missing, or two rates or starts that must agree do not.

    >>> timing.parse_rate("fast")
    Traceback (most recent call last):
        ...
    postsync.errors.RateError: not a frame rate, expected a rate such as 24, 23.976, 24000/1001 or 29.97 DF, found 'fast'
    """


class MediaError(PostsyncError, OSError):
    """Sound is missing, unreadable, or of a kind that cannot be used.

    >>> from postsync.placing import read_take
    >>> Path("speech.wav").write_text("no sound at all")
    15
    >>> try:
    ...     read_take(Path("speech.wav"))
    ... except MediaError as fault:
    ...     print(fault.exit_code, fault.path)
    5 speech.wav
    """

    exit_code = 5


class MissingLibrary(MediaError):
    """Sound that can only be read with a library that is an extra; the remedy installs it.

    >>> print(MissingLibrary("needs PyAV", path="guide.mov", remedy="install postsync[media]"))
    guide.mov: needs PyAV; install postsync[media]
    """


class ResolveError(PostsyncError, RuntimeError):
    """DaVinci Resolve is not running, has the wrong edition, or lacks the script.

    >>> ResolveError("DaVinci Resolve is not running").exit_code
    6
    """

    exit_code = 6
