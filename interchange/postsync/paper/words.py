"""Every word that reports print, in one table: a row for each text, a column for each language. Dates and numbers by locale.

A new language is a new column and a new row of `LOCALES`. What a language lacks is said in English.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from postsync.paper.word_table import WORDS
from postsync.timing import round_half_up
from postsync.wording import fill


@dataclass(frozen=True)
class Locale:
    """How a country writes: the column of its language, the decimal sign, a date, and the paper in its printers.

    `date` is filled with day, month (its name) and year.
    """

    column: int
    decimal: str
    date: str
    months: str
    paper: str = "A4"


_ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"

LOCALES: Mapping[str, Locale] = {
    "en": Locale(0, ".", "{day} {month} {year}", _ENGLISH),
    "en-US": Locale(0, ".", "{month} {day}, {year}", _ENGLISH, "Letter"),
    "en-CA": Locale(0, ".", "{month} {day}, {year}", _ENGLISH, "Letter"),
    "de": Locale(1, ",", "{day}. {month} {year}", "Jan. Feb. März Apr. Mai Juni Juli Aug. Sep. Okt. Nov. Dez."),
    "fr": Locale(2, ",", "{day} {month} {year}", "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
    "es": Locale(3, ",", "{day} {month} {year}", "ene feb mar abr may jun jul ago sept oct nov dic"),
}

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def is_spoken(language: str) -> bool:
    """Whether there are words for a tag, or for its main language."""
    return language.replace("_", "-").split("-", maxsplit=1)[0].casefold() in LOCALES


def is_day(date: str) -> bool:
    """Whether a text is an ISO date of the calendar."""
    try:
        return bool(_ISO.fullmatch(date)) and bool(datetime.date.fromisoformat(date))
    except ValueError:
        return False


@dataclass(frozen=True)
class Words:
    """The texts, numbers and dates of one language.

    >>> Words.of("de").say("cue"), Words.of("de").decimal(Fraction(5, 3)), Words.of("en-US").day("2026-03-09")
    ('Cue', '1,7', 'Mar 9, 2026')
    """

    language: str
    locale: Locale

    @classmethod
    def of(cls, language: str) -> Words:
        """Give the words of a language by its tag; of its main language, else English, where the country is not known."""
        wanted = language.replace("_", "-")
        by_tag = {tag.casefold(): locale for tag, locale in LOCALES.items()}
        main = wanted.split("-", maxsplit=1)[0].casefold()
        return cls(wanted, by_tag.get(wanted.casefold()) or by_tag.get(main) or LOCALES["en"])

    def say(self, key: str, **facts: object) -> str:
        """Give a text with its facts filled in."""
        texts = WORDS[key]
        column = self.locale.column
        text = (texts[column] if column < len(texts) else "") or texts[0]
        return fill(text, facts) if facts else text

    def code(self, table: str, code: str) -> str:
        """Give the word for a code of a vocabulary; one that the table does not have reads as written."""
        key = f"{table}.{code}"
        return self.say(key) if key in WORDS else code.replace("_", " ")

    def decimal(self, number: Fraction, places: int = 1) -> str:
        """Give a number with decimals as the locale writes it."""
        scaled = round_half_up(abs(number) * 10**places)
        whole, rest = divmod(scaled, 10**places)
        sign = "-" if number < 0 and scaled else ""
        return f"{sign}{whole}{self.locale.decimal}{rest:0{places}}" if places else f"{sign}{whole}"

    def day(self, date: str | None) -> str:
        """Give an ISO date as the locale writes it; anything else as it was given."""
        if not date or not is_day(date):
            return date or ""
        day = datetime.date.fromisoformat(date)
        return self.locale.date.format(day=day.day, month=self.locale.months.split()[day.month - 1], year=day.year)

    def clock(self, seconds: Fraction) -> str:
        """Give a length as minutes and seconds, `12:05`, hours where it has any."""
        minutes, rest = divmod(round_half_up(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
