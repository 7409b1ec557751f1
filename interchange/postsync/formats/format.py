"""What a format is: one record with how to recognise it, what it carries, and the functions that do the work.

A format module ends with its `FORMAT = Format(...)` and the line `globals().update(FORMAT.otio_functions())`, which is all
that OpenTimelineIO, the command line, the capability table and the tests need to know of it.
"""

from __future__ import annotations

import dataclasses
import io
import typing
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import opentimelineio as otio

from postsync.cueing import Snapshot
from postsync.errors import CannotWrite, FormatError, PostsyncError, UnknownOption
from postsync.findings import Finding
from postsync.formats.features import CUE_FEATURES, FEATURE_WORDS, Feature, foreign_metadata, used_features
from postsync.formats.files import whole_bundle, whole_file
from postsync.formats.reading_back import read_back
from postsync.model import with_lifted_markers, without_searching_for_cycles
from postsync.report import Report
from postsync.sound import EmbeddedSound
from postsync.timing import Rate, rate_asked

Timelines = list[Any]
"""Timelines of one file, in its order (`otio.schema.Timeline` carries no types).

>>> Timelines([timeline])[0].name
'The Crossing R1'
"""


class Claim(IntEnum):
    """How sure a format is that some bytes are its own.

    >>> import postsync_adapters
    >>> edl = postsync_adapters.formats()["edl"]
    >>> edl.sniff(b"TITLE: R1\\n").name, edl.sniff(b"<xmeml/>").name
    ('MAYBE', 'NO')
    """

    NO = 0
    MAYBE = 1
    CERTAIN = 2


class Purpose(IntEnum):
    """What a format is for: a whole timeline, the cues of one, or paper.

    >>> import postsync_adapters
    >>> postsync_adapters.formats()["cue_table"].purpose.name
    'CUES'
    """

    TIMELINE = 0
    CUES = 1
    PAPER = 2


@dataclass(frozen=True)
class Options:
    """The options of a format without any of its own.

    >>> make_options(Options, {}, "edl")
    Options()
    >>> make_options(Options, {"nonsense": "1"}, "edl")
    Traceback (most recent call last):
        ...
    postsync.errors.UnknownOption: edl has no option 'nonsense'; it has: none
    """


@dataclass(frozen=True)
class ReadOptions(Options):
    """Options that every reader understands.

    `rate`: the frame rate, for files that leave it open. `name`: the timeline's name where the file has none.

    >>> ReadOptions(rate=timing.as_rate(25)).name is None
    True
    """

    rate: Rate | None = None
    name: str | None = None


Reader = Callable[[Any, Report, Any], Timelines]
Writer = Callable[[Any, BinaryIO, Report, Any], None]
EmbeddedReader = Callable[[BinaryIO, Report], list[EmbeddedSound]]
Checker = Callable[[Any], list[Finding]]


@dataclass(frozen=True)
class Format:
    """One format.

    `read(file, report, options)` takes an open binary file (the `Path` of the folder for a bundle) and gives its
    timelines; `write(timeline, file, report, options)` fills an open binary file. `sniff` looks at the first 4 KiB.
    `embedded(file, report)` gives the media inside an open file, which stays open while their sound is read. `check(file)`
    says what in an open file (the `Path` of a bundle) breaks the rules of the format, whatever becomes of its timelines.
    A path that ends in `bundle_suffix` is written as a folder with `bundle_document` in it.
    `narrowed(options)` gives what of `writes` is left with some options, where these make a difference.
    `keeps` names the metadata of other programs that its writer puts back beside its own.
    `read_options` and `write_options` are frozen dataclasses; their fields are the `--option name=value` of the format.

    >>> import postsync_adapters
    >>> edl = postsync_adapters.formats()["edl"]
    >>> edl.title, edl.suffixes, edl.otio_name
    ('CMX 3600 EDL', ('.edl',), 'postsync_edl')
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], Claim]
    reads: Feature = Feature.NONE
    writes: Feature = Feature.NONE
    purpose: Purpose = Purpose.TIMELINE
    read_options: type[ReadOptions] = ReadOptions
    write_options: type[Options] = Options
    read: Reader | None = None
    write: Writer | None = None
    bundle: Callable[[Path], Path | None] | None = None
    bundle_suffix: str | None = None
    bundle_document: str | None = None
    claims_suffixes_in_otio: bool = True
    keeps: tuple[str, ...] = ()
    embedded: EmbeddedReader | None = None
    check: Checker | None = None
    narrowed: Callable[[Any], Feature] | None = None

    def carries(self, options: Any) -> Feature:
        """Give what it carries when it is written with some options: a profile may leave out what others take."""
        return self.writes if self.narrowed is None else self.narrowed(options)

    @property
    def otio_name(self) -> str:
        """The name under which OpenTimelineIO knows it; ours alone, so that it collides with nobody's."""
        return f"postsync_{self.name}"

    def otio_functions(self) -> dict[str, Callable[..., Any]]:
        """Give the functions by the names that OpenTimelineIO looks for in an adapter module."""
        functions: dict[str, Callable[..., Any]] = {}
        if self.read is not None:
            functions |= {"read_from_file": self._otio_read, "read_from_string": self._otio_read_string}
        if self.write is not None:
            functions |= {"write_to_file": self._otio_write, "write_to_string": self._otio_write_string}
        return functions

    def _otio_read(
        self, filepath: str, report: Report | None = None, hook_function_argument_map: Any = None, **options: Any
    ) -> Any:
        """Read a file; pass `report=Report()` to learn what was not kept, and options by name."""
        path = Path(filepath)
        notes = Report() if report is None else report
        timelines = read_with(self, path, notes, make_options(self.read_options, options, self.name))
        return _one_or_collection(timelines, path.stem)

    def _otio_read_string(self, input_str: str, report: Report | None = None, **options: Any) -> Any:
        """Read text as if it were the file, encoded as UTF-8."""
        options.pop("hook_function_argument_map", None)
        notes = Report() if report is None else report
        with guarded(self, None):
            assert self.read is not None
            timelines = self.read(
                io.BytesIO(input_str.encode()), notes, make_options(self.read_options, options, self.name)
            )
        return _one_or_collection(timelines, "")

    def _otio_write(
        self,
        input_otio: Any,
        filepath: str,
        report: Report | None = None,
        hook_function_argument_map: Any = None,
        **options: Any,
    ) -> str:
        """Write a timeline; pass `report=Report()` to learn what was not kept, and options by name."""
        notes = Report() if report is None else report
        record = make_options(self.write_options, options, self.name)
        write_with(self, only_timeline(input_otio), Path(filepath), notes, record)
        return filepath

    def _otio_write_string(self, input_otio: Any, report: Report | None = None, **options: Any) -> str:
        """Give the text of the file."""
        options.pop("hook_function_argument_map", None)
        buffer = io.BytesIO()
        notes = Report() if report is None else report
        write_to(self, only_timeline(input_otio), buffer, notes, make_options(self.write_options, options, self.name))
        return buffer.getvalue().decode()


def _one_or_collection(timelines: Timelines, name: str) -> Any:
    if len(timelines) == 1:
        return timelines[0]
    return otio.schema.SerializableCollection(name=name, children=list(timelines))


def only_timeline(given: Any) -> Any:
    """Give the timeline, or the only timeline of a collection; CannotWrite names them where there are several."""
    if isinstance(given, otio.schema.Timeline):
        return given
    found = (
        list(given.find_children(descended_from_type=otio.schema.Timeline)) if hasattr(given, "find_children") else []
    )
    if len(found) == 1:
        return found[0]
    names = ", ".join(repr(timeline.name) for timeline in found)
    raise CannotWrite(expected="one timeline", found=names or type(given).__name__)


# ---------------------------------------------------------------------------------------------------------- options


def make_options(record: type[Any], given: Mapping[str, Any], owner: str) -> Any:
    """Make an options record from names and values, which may be text; an unknown name is refused with the known ones.

    Raises UnknownOption for a name or value that there is not; `owner` is who is said not to have it.

    >>> make_options(ReadOptions, {"rate": "25", "name": "R1"}, "edl").rate.text
    '25/1'
    """
    fields = {field.name: field for field in dataclasses.fields(record)}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        known = ", ".join(sorted(fields)) or "none"
        raise UnknownOption(f"{owner} has no option {unknown[0]!r}", remedy=f"it has: {known}")
    hints = typing.get_type_hints(record)
    return record(**{name: _option_value(name, value, hints[name]) for name, value in given.items()})


def options_for(record: type[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the part of some options that a record has a field for.

    >>> options_for(ReadOptions, {"name": "R1", "track": "A1"})
    {'name': 'R1'}
    """
    return {name: given[name] for name in given if name in {field.name for field in dataclasses.fields(record)}}


_SAID = {bool: "yes or no", int: "a whole number", float: "a number", Fraction: "a number"}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def _option_value(name: str, value: Any, hint: Any) -> Any:
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)] or [hint]
    kind = kinds[0]
    if not isinstance(value, str) or kind is str:
        return value
    choices = (
        typing.get_args(kind)
        if typing.get_origin(kind) is typing.Literal
        else kinds
        if typing.get_origin(hint) is typing.Literal
        else ()
    )
    if kind is Rate:
        return rate_asked(value)
    try:
        return _from_text(value, kind, choices)
    except (ValueError, KeyError, ZeroDivisionError) as fault:
        expected = " or ".join(str(choice) for choice in choices) or _SAID.get(kind, "a value")
        raise UnknownOption(f"option {name}", expected=expected, found=repr(value)) from fault


def _from_text(value: str, kind: Any, choices: Iterable[Any]) -> Any:
    if choices:
        return {str(choice): choice for choice in choices}[value]
    if kind is bool:
        if value.lower() not in _TRUE | _FALSE:
            raise ValueError(value)
        return value.lower() in _TRUE
    return kind(value) if kind in (int, float, Fraction, Path) else value


# ---------------------------------------------------------------------------------------------------------- the guard


@contextmanager
def guarded(fmt: Format, path: Path | None, *, writing: bool = False) -> Generator[None]:
    """Turn whatever a format raises that is not ours into FormatError once, with the original as its cause."""
    try:
        yield
    except PostsyncError as fault:
        if path is not None:
            fault.at(path)
        raise
    except OSError as fault:
        raise CannotWrite(f"{fault.strerror or fault}", path=fault.filename or path) from fault
    except RecursionError as fault:
        raise FormatError("nested deeper than any program writes", path=path) from fault
    except Exception as fault:
        cause = f"({type(fault).__name__}: {fault})"
        if writing:
            raise CannotWrite(f"this timeline cannot become {fmt.title} {cause}", path=path) from fault
        raise FormatError(f"not a readable {fmt.title} file {cause}", path=path) from fault


@without_searching_for_cycles()
def read_with(fmt: Format, path: Path, report: Report, options: Any) -> Timelines:
    """Read a file or bundle with one format. Raises only our errors."""
    if fmt.read is None:
        raise FormatError(f"{fmt.title} can be written but not read", path=path)
    try:
        if path.is_dir():
            with guarded(fmt, path):
                return fmt.read(path, report, options)
        with path.open("rb") as file, guarded(fmt, path):
            return fmt.read(file, report, options)
    except OSError as fault:
        if isinstance(fault, PostsyncError):
            raise
        raise FormatError(f"{fault.strerror or fault}", path=path) from fault


def write_with(
    fmt: Format, timeline: Any, path: Path, report: Report, options: Any, *, aside: list[Path] | None = None
) -> Snapshot | None:
    """Write a timeline whole or not at all: beside its name first, renamed when complete.

    Gives what the file says of each cue, where it carries cues and can be read. `aside` is as `whole_file` has it.
    """
    bundled = fmt.bundle_document if path.suffix.lower() == fmt.bundle_suffix else None
    place = whole_file(path, aside=aside) if bundled is None else whole_bundle(path, bundled, aside=aside)
    with place as file:
        return write_to(fmt, timeline, file, report, options, path)


def write_to(
    fmt: Format, timeline: Any, file: BinaryIO, report: Report, options: Any, path: Path | None = None
) -> Snapshot | None:
    """Write into an open binary file, first noting what the format has no place for, last what of the cues it lacks."""
    if fmt.write is None:
        raise CannotWrite(f"{fmt.title} can be read but not written", path=path)
    with guarded(fmt, path, writing=True):
        if ~fmt.writes:
            timeline = with_lifted_markers(timeline)
        note_uncarried(fmt, timeline, report, fmt.carries(options))
        fmt.write(timeline, file, report, options)
        return read_back(fmt, timeline, file, path.name if path else "", report, options)


def note_uncarried(fmt: Format, timeline: Any, report: Report, carried: Feature | None = None) -> None:
    """Compare what a timeline uses with what a format carries (all that it can, where not stated); the difference goes
    into the report.

    A cue carrier is not blamed for clips and all that is theirs: it is said once that they stay behind. What a readable
    file lacks of the cue records is named field by field when it is read back.
    """
    concern = CUE_FEATURES if fmt.purpose is not Purpose.TIMELINE else ~Feature.NONE
    clips = 0 if fmt.purpose is Purpose.TIMELINE else len(timeline.find_clips())
    if clips:
        report.note("clips-not-in-list", count=clips, format=fmt.title)
    for name, count in foreign_metadata(timeline, with_clips=clips == 0).items():
        if ~fmt.writes and name not in (fmt.name, *fmt.keeps):
            report.note("metadata-not-carried", name=name, count=count, format=fmt.title)
    carried = fmt.writes if carried is None else carried
    for feature, count in used_features(timeline, concern & ~carried).items():
        told_later = feature is Feature.CUE_RECORDS and fmt.read is not None and Feature.CUES in fmt.writes
        if feature in concern and feature not in carried and not told_later:
            report.note(
                "feature-not-carried",
                feature=f"{count} {FEATURE_WORDS[feature][count > 1]}",
                format=fmt.title,
                count=count,
            )


def path_of(file: Any) -> Path | None:
    """Give the path of an open file, where it has one.

    >>> with reel.open("rb") as file:
    ...     print(path_of(file).name)
    The Crossing R1.fcpxml
    """
    name = file if isinstance(file, Path) else getattr(file, "name", None)
    return Path(name) if isinstance(name, (str, Path)) and str(name) else None
