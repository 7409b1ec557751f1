"""What was lost, changed or guessed on the way from one file to another.

Losing something is allowed; not saying so is a bug. Every reader and writer is handed one `Report` and notes what it could
not keep, with the place and the amount. The sentence is made from the table of codes (`loss_codes`) and the facts of each loss,
so the same loss always reads the same and a program never has to parse prose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from postsync.loss_codes import LOSS_CODES, LossCode
from postsync.wording import fill

__all__ = ["LOSS_CODES", "Loss", "LossCode", "Report"]


@dataclass(frozen=True)
class Loss:
    """One thing that did not arrive as it was.

    `where` is a place in the timeline (`A3 / clip 'LAV_12T3'`), `time` the timecode there, `source` a line, element path or
    mob in the file it came from, `moved_by` exact seconds where a time moved by rounding.

    >>> loss = Loss("clip-disabled", where="A2", time="01:00:10:00", facts={"name": "12A-3"})
    >>> loss.kind, loss.level
    ('dropped', 'note')
    >>> print(loss.sentence())
    A2, 01:00:10:00: disabled clip left out (12A-3)
    """

    code: str
    where: str = ""
    time: str | None = None
    source: str | None = None
    moved_by: Fraction | None = None
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`dropped`, `changed` or `guessed`."""
        return LOSS_CODES[self.code].kind

    @property
    def level(self) -> str:
        """`loss` or `note`."""
        return LOSS_CODES[self.code].level

    def sentence(self) -> str:
        """Say this one loss in words."""
        row = LOSS_CODES[self.code]
        detail = _fill(row.detail, self.facts)
        text = _fill(row.one, self.facts) + (f" ({detail})" if detail else "")
        place = ", ".join(part for part in (self.where, self.time or "") if part)
        return f"{place}: {text}" if place else text

    def to_json(self) -> dict[str, Any]:
        """Give the loss as plain values; `sentence` is there for people."""
        return {
            "code": self.code,
            "kind": self.kind,
            "level": self.level,
            "where": self.where or None,
            "time": self.time,
            "source": self.source,
            "moved_by": None if self.moved_by is None else f"{self.moved_by.numerator}/{self.moved_by.denominator}",
            "facts": dict(self.facts),
            "sentence": self.sentence(),
        }


def _fill(template: str, facts: dict[str, str]) -> str:
    """Fill a template; a fact that was not given reads as `?` instead of failing in the middle of a job."""
    return fill(template, _Facts(facts))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


class Report:
    """The losses of one job in the order they happened.

    >>> report = Report()
    >>> report.note("clip-disabled", where="A2", name="12A-3")
    >>> report.as_text()
    '1 disabled clip left out'
    """

    def __init__(self, losses: Iterable[Loss] = ()) -> None:
        self.losses: list[Loss] = list(losses)

    def note(
        self,
        code: str,
        *,
        where: str = "",
        time: str | None = None,
        source: str | None = None,
        moved_by: Fraction | None = None,
        **facts: object,
    ) -> None:
        """Add one loss; `code` must be in `LOSS_CODES`, everything else by name is a fact of it."""
        if code not in LOSS_CODES:
            raise KeyError(f"no loss code {code!r}: add a row to LOSS_CODES")
        self.losses.append(Loss(code, where, time, source, moved_by, {name: str(fact) for name, fact in facts.items()}))

    def extend(self, other: Report) -> None:
        """Add the losses of another step to this report."""
        self.losses.extend(other.losses)

    def __iter__(self) -> Iterator[Loss]:
        return iter(self.losses)

    def __len__(self) -> int:
        return len(self.losses)

    def of_level(self, level: str) -> list[Loss]:
        """Give the losses of one level, `loss` or `note`."""
        return [loss for loss in self.losses if loss.level == level]

    def forbidden(self, allowed: Iterable[str] = ()) -> list[Loss]:
        """Give what fails a job under ``--strict``: every loss whose code was not allowed."""
        allowed = set(allowed)
        return [loss for loss in self.of_level("loss") if loss.code not in allowed]

    def worst_move(self) -> Fraction:
        """Give the largest shift by rounding in seconds."""
        return max((abs(loss.moved_by) for loss in self.losses if loss.moved_by is not None), default=Fraction(0))

    def grouped(self, *, notes: bool = True) -> list[str]:
        """Give one counted line for each kind of loss, losses before notes."""
        chosen = self.of_level("loss") + (self.of_level("note") if notes else [])
        groups: dict[tuple[str, str], list[Loss]] = {}
        for loss in chosen:
            groups.setdefault((loss.code, _fill(LOSS_CODES[loss.code].many, loss.facts)), []).append(loss)
        return [_group_line(code, many, losses) for (code, many), losses in groups.items()]

    def as_text(self, *, notes: bool = True, verbose: bool = False) -> str:
        """Give the report for a person: counted groups, or every loss on a line of its own."""
        if verbose:
            return "\n".join(loss.sentence() for loss in self.losses if notes or loss.level == "loss")
        return "\n".join(self.grouped(notes=notes))

    def to_json(self) -> list[dict[str, Any]]:
        """Give every loss as plain values."""
        return [loss.to_json() for loss in self.losses]


def _group_line(code: str, many: str, losses: list[Loss]) -> str:
    words = many if len(losses) > 1 else _fill(LOSS_CODES[code].one, losses[0].facts)
    formats = sorted({loss.facts["format"] for loss in losses if "format" in loss.facts})
    counted = words if "count" in losses[0].facts else f"{len(losses)} {words}"
    return counted + (f": {', '.join(formats)}" if formats else "")
