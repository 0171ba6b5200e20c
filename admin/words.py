"""The admin's own words, in the language of who looks: English in the code, French beside it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_datetime,
    format_time,
    format_timedelta,
    get_day_names,
)
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

LANGUAGES = ("fr", "en")
_OWN_NAMES = {"fr": "Français", "en": "English"}


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """English → translation; empty for English."""
    file = resources.files("admin") / "locales" / lang / "LC_MESSAGES" / "admin.po"
    if lang == "en" or not file.is_file():
        return {}
    read = read_po(io.StringIO(file.read_text("utf-8")), locale=lang, abort_invalid=True)
    return {str(message.id): str(message.string) for message in read if message.id}


@dataclass(frozen=True, slots=True)
class Speech:
    """How a page speaks to one user: their language and the service's time zone."""

    lang: str
    zone: ZoneInfo

    def __call__(self, english: str, /, **values: object) -> str:
        """The translation of an English text, its {placeholders} filled."""
        text = catalogue(self.lang).get(english, english)
        return text.format(**values) if values else text

    @property
    def other(self) -> tuple[str, str]:
        """The language that this page is not in, and its own name."""
        lang = next(known for known in LANGUAGES if known != self.lang)
        return lang, _OWN_NAMES[lang]

    def count(self, number: int, one: str, many: str) -> str:
        """One text for one, another for none or several; `{n}` is the number."""
        # French counts none as one.
        singular = number == 1 or (number == 0 and self.lang == "fr")
        return self(one if singular else many, n=number)

    def day(self, on: date | None) -> str:
        """A day, short."""
        return _day(on, "EEE d MMM", self.lang) if on else "–"

    def near_day(self, on: date) -> str:
        """A day of these weeks, without its month."""
        return _day(on, "EEE d", self.lang)

    def long_day(self, on: date | None) -> str:
        """A day with its year."""
        return _day(on, "d MMM y", self.lang) if on else "–"

    def weekday(self, number: int) -> str:
        """The name of a weekday, short; 0 is Monday."""
        return str(get_day_names("abbreviated", "stand-alone", self.lang)[number])

    def moment(self, at: datetime | None) -> str:
        """A moment on the service's clock."""
        if at is None:
            return "–"
        return format_datetime(at, "d MMM HH:mm", tzinfo=self.zone, locale=self.lang)

    def figure(self, value: float) -> str:
        """A figure with one decimal, as this language writes it."""
        return _figure(value, self.lang)

    def minutes(self, many: int) -> str:
        """A span of minutes, in words: "4 hours"."""
        span = timedelta(minutes=many)
        return format_timedelta(span, locale=self.lang, threshold=2, granularity="minute")

    def money(self, amount: Decimal, currency: str) -> str:
        """A price, to the hundredth part of a cent where it is small."""
        pattern = "0.00##\u00a0¤"
        return format_currency(amount, currency, pattern, locale=self.lang, currency_digits=False)

    def clock(self, at: datetime | None) -> str:
        """The hour alone."""
        return format_time(at, "HH:mm", tzinfo=self.zone, locale=self.lang) if at else "–"

    def span(self, start: datetime, end: datetime) -> str:
        """How long, in words: "3 hours"."""
        minutes = max(end - start, timedelta()) // timedelta(minutes=1)
        return _span(minutes, self.lang)


# Babel reads its patterns anew each time, and a board says the same days and degrees in every line.
_day = lru_cache(maxsize=4096)(format_date)


@lru_cache(maxsize=4096)
def _figure(value: float, lang: str) -> str:
    return format_decimal(value, "0.#", locale=lang)


@lru_cache(maxsize=4096)
def _span(minutes: int, lang: str) -> str:
    long = timedelta(minutes=minutes)
    return format_timedelta(long, locale=lang, threshold=1.5, granularity="minute")
