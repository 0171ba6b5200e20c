"""The admin's own words, in the language of who looks: English in the code, French beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta

from flows.wording.catalogues import read_catalogue

LANGUAGES = ("fr", "en")


@cache
def _catalogue(lang: str) -> Mapping[str, str]:
    """English → translation; empty for English."""
    file = resources.files("admin") / "locales" / lang / "LC_MESSAGES" / "admin.po"
    if lang == "en" or not file.is_file():
        return {}
    read = read_catalogue(file.read_text("utf-8"), lang)
    return {found.english: found.text for found in read.values()}


@dataclass(frozen=True, slots=True)
class Speech:
    """How a page speaks to one user: their language and the service's time zone."""

    lang: str
    zone: ZoneInfo

    def __call__(self, english: str, /, **values: object) -> str:
        """The translation of an English text, its {placeholders} filled."""
        text = _catalogue(self.lang).get(english, english)
        return text.format(**values) if values else text

    def day(self, on: date | None) -> str:
        """A day, short."""
        return format_date(on, "EEE d MMM", locale=self.lang) if on else "–"

    def long_day(self, on: date | None) -> str:
        """A day with its year."""
        return format_date(on, "d MMM y", locale=self.lang) if on else "–"

    def moment(self, at: datetime | None) -> str:
        """A moment on the service's clock."""
        if at is None:
            return "–"
        return format_datetime(at, "d MMM HH:mm", tzinfo=self.zone, locale=self.lang)

    def clock(self, at: datetime | None) -> str:
        """The hour alone."""
        return format_time(at, "HH:mm", tzinfo=self.zone, locale=self.lang) if at else "–"

    def span(self, start: datetime, end: datetime) -> str:
        """How long, in words: "3 hours"."""
        return format_timedelta(end - start, locale=self.lang, threshold=1.5)
