"""Ages from what is known of a birth, on the prudent side where that is only a year."""

from __future__ import annotations

from datetime import date

ADULT_MONTHS = 18 * 12


def age_in_months(birth: date, today: date) -> int:
    """Whole months lived; 0 for a birth still to come."""
    months = (today.year - birth.year) * 12 + today.month - birth.month
    return max(0, months - (today.day < birth.day))


def months_from_year(year: int, today: date) -> int:
    """The youngest age a birth year allows for the young, the oldest for adults: babies and
    children are protected by being taken for younger, the old by being taken for older."""
    youngest = age_in_months(date(year, 12, 31), today)
    return youngest if youngest < ADULT_MONTHS else age_in_months(date(year, 1, 1), today)
