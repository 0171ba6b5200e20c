"""Dates as people write them into tables, taken only where they can be one day alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.+Zz-]*)?")
_ENDS_WITH_YEAR: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_HOW: Final = "write year-month-day, like 2021-02-13"


class UnclearDay(ValueError):
    """A date that cannot be taken; its words say why and what to write."""


def day_of(cell: str | date) -> date | None:
    """The day in a cell, None for an empty one. `UnclearDay` where it is none, or could be two."""
    if isinstance(cell, date) or not cell:
        return cell or None
    if iso := _ISO.fullmatch(cell):
        year, month, day = map(int, iso.groups())
        return _day(year, month, day)
    if found := _ENDS_WITH_YEAR.fullmatch(cell):
        first, second, year = map(int, found.groups())
        return _in_some_order(first, second, year)
    raise UnclearDay(f"is not a date: {_HOW}")


def _in_some_order(first: int, second: int, year: int) -> date:
    """Day and month in either order: clear where one is above 12, or both are the same."""
    if first <= 12 and second <= 12 and first != second:
        raise UnclearDay(f"can be two days: {_HOW}")
    return _day(year, first, second) if second > 12 else _day(year, second, first)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UnclearDay(f"is a day that does not exist: {_HOW}") from None
