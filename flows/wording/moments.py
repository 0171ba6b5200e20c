"""Days and hours said shortly, as each language writes them, in western digits."""

from collections.abc import Mapping
from datetime import date, time
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date


class _Habits(NamedTuple):
    """How a language writes: Babel patterns for days, templates for whole and broken hours."""

    weekday: str
    day: str
    hour: str
    minutes: str


_HABITS: Mapping[str, _Habits] = {
    "fr": _Habits("EEEE d", "dd/MM", "{h} h", "{h} h {m:02}"),
    "en": _Habits("EEEE d", "d MMM", "{h12} {half}", "{h12}:{m:02} {half}"),
    "es": _Habits("EEEE d", "dd/MM", "{h} h", "{h}:{m:02} h"),
    "pt": _Habits("EEEE d", "dd/MM", "{h}h", "{h}h{m:02}"),
    "tr": _Habits("d EEEE", "dd.MM", "{h:02}.{m:02}", "{h:02}.{m:02}"),
    "ar": _Habits("EEEE d", "dd/MM", "{h}:{m:02}", "{h}:{m:02}"),
}


def day(on: date, lang: str) -> str:
    """The day of the week and of the month: fr "mercredi 18"."""
    return format_date(on, _HABITS[lang].weekday, _locale(lang))


def short_date(on: date, lang: str) -> str:
    """The day and the month: fr "27/11", en "27 Nov"."""
    return format_date(on, _HABITS[lang].day, _locale(lang))


def clock(at: time, lang: str) -> str:
    """The hour, with minutes where there are any: fr "18 h", en "6 pm"."""
    habits = _HABITS[lang]
    if lang == "en" and (at.hour % 12, at.minute) == (0, 0):
        return "noon" if at.hour else "midnight"
    pattern = habits.minutes if at.minute else habits.hour
    half = "pm" if at.hour >= 12 else "am"
    return pattern.format(h=at.hour, m=at.minute, h12=at.hour % 12 or 12, half=half)


def figures(value: float, lang: str) -> str:
    """A measured figure: fr "38,5", en "38.5"."""
    written = f"{value:.1f}".removesuffix(".0")
    return written if lang in ("en", "ar") else written.replace(".", ",")


def _locale(lang: str) -> Locale:
    return Locale.parse(lang)
