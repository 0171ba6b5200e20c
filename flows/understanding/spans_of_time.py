"""Days said by their distance: 3 days ago, il y a une semaine, dans 2 jours, a weekend, a month."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from flows.understanding import almanac
from flows.understanding.almanac import Day
from flows.understanding.days import Mention, Moment, day_number, month_at, number_at, year_at
from flows.understanding.scan import Scan

_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
_DATE_MARKS = frozenset({"/", "-"})
_RANGE = frozenset({"-", "/", "a", "to"})
_ABOUT = frozenset({"'", "kadar", "falan", "civari", "filan", "or"})


class Stretch(NamedTuple):
    """So many units of time at lexemes up to `last`."""

    amount: int
    unit: str
    last: int
    sure: bool


def _quantity(reply: Scan, i: int) -> tuple[int, int, bool] | None:
    """A number, "a", or a dozen: its value, where it ends, and whether it is exact."""
    collective = reply.words.at("collective", reply.lexemes, i)
    if collective:
        at = i + collective.length
        return int(collective.value), at + reply.is_a("of", at), False
    if reply.word(i) in ("a", "an"):
        return 1, i + 1, True
    number = number_at(reply, i)
    if number is None:
        return None
    at = number[1]
    if reply.word(at) in _RANGE or reply.is_a("either", at):
        other = number_at(reply, at + 1)
        if other and reply.is_a("units", other[1]):
            return number[0], other[1], False
    other = number_at(reply, at)
    if other and reply.is_a("units", other[1]):
        return number[0], other[1], False
    return number[0], at, True


def _stretch(reply: Scan, i: int, *, bare: bool) -> Stretch | None:
    """3 days, a week, يومين; with `bare` also a unit alone ("قبل اسبوع")."""
    if i >= len(reply.lexemes):
        return None
    dual = reply.words.at("duals", reply.lexemes, i)
    if dual:
        return Stretch(2, dual.value, i + dual.length, True)
    quantity = _quantity(reply, i)
    amount, at, sure = quantity or (1, i, True)
    if (quantity is None and not bare) or at >= len(reply.lexemes):
        return None
    unit = reply.words.at("units", reply.lexemes, at)
    # "from the day of Friday" names a day; it counts none.
    after = at + unit.length if unit else at
    if quantity is None and after < len(reply.lexemes) and (
        reply.is_a("weekdays", after) or reply.lexemes[after].is_digits
    ):  # fmt: skip
        return None
    return Stretch(amount, unit.value, at + unit.length, sure) if unit else None


def _day_at(stretch: Stretch, moment: Moment, direction: int, sure: bool) -> Day | None:
    sure = sure and stretch.sure
    if stretch.unit in ("hour", "minute"):
        if stretch.amount > 10_000:
            return None
        length = timedelta(hours=stretch.amount)
        length = length if stretch.unit == "hour" else timedelta(minutes=stretch.amount)
        return Day((moment.now + direction * length).date(), sure)
    days = _DAYS[stretch.unit] * stretch.amount
    if stretch.unit == "month":
        return _months_away(stretch.amount, moment, direction, sure)
    found = almanac.before(moment.today, -direction * days)
    return Day(found, sure and stretch.unit != "year") if found else None


def _months_away(months: int, moment: Moment, direction: int, sure: bool) -> Day | None:
    if months > 1200:
        return None
    index = moment.today.year * 12 + moment.today.month - 1 + direction * months
    year, month = divmod(index, 12)
    for day in range(moment.today.day, moment.today.day - 4, -1):
        found = almanac.day_or_none(year, month + 1, day)
        if found:
            return Day(found, sure)
    return None


def ago(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Il y a 3 jours, 3 days ago, hace una semana, 3 gün önce, قبل يومين."""
    sign = reply.words.at("ago", reply.lexemes, i)
    if sign:
        # Arabic says "before a week" without a number; "for the day" counts nothing.
        bare = not reply.word(i).isascii() or reply.text.lang == "ar"
        stretch = _stretch(reply, _past_about(reply, i + sign.length), bare=bare)
        if stretch:
            day = _day_at(stretch, moment, -1, True)
            last = stretch.last + reply.is_a("ago_after", stretch.last)
            return Mention(day, i, last) if day else None
    stretch = _stretch(reply, i, bare=False)
    if stretch is None:
        return None
    at = stretch.last + (reply.word(stretch.last) in _ABOUT)
    after = reply.words.at("ago_after", reply.lexemes, at) if at < len(reply.lexemes) else None
    if after is None and not reply.lexemes[stretch.last - 1].word.endswith(("dir", "dur")):
        return None
    day = _day_at(stretch, moment, -1, True)
    return Mention(day, i, at + after.length if after else stretch.last) if day else None


def _past_about(reply: Scan, i: int) -> int:
    """Past "about", "environ", "like": words between the sign and the number."""
    for at in range(i, min(i + 5, len(reply.lexemes))):
        if number_at(reply, at) or reply.is_a("units", at) or reply.is_a("duals", at):
            return at
        if reply.is_a("collective", at) or reply.word(at) in ("a", "an"):
            return at
    return i


def ahead(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Dans 2 jours, in 3 days, 2 gün sonra."""
    sign = reply.words.at("from_now", reply.lexemes, i)
    stretch = _stretch(reply, i + sign.length if sign else i, bare=False)
    if stretch is None:
        return None
    after = stretch.last < len(reply.lexemes) and reply.is_a("from_now_after", stretch.last)
    if not sign and not after:
        return None
    day = _day_at(stretch, moment, 1, True)
    return Mention(day, i, stretch.last + after) if day else None


def _weekday_follows(reply: Scan, i: int) -> bool:
    """ "last week on Thursday": the weekday says it all."""
    while reply.is_a("the", i) or reply.word(i) == "on":
        i += 1
    return reply.is_a("weekdays", i)


def week(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Last week, next week, the weekend: a guess that is confirmed."""
    for kind, weeks in (("last_week", -1), ("next_week", 1)):
        found = reply.words.at(kind, reply.lexemes, i)
        if found and reply.is_a("weekend", i):
            break
        if found and _weekday_follows(reply, i + found.length):
            return None
        if found:
            day = moment.today + timedelta(days=7 * weeks)
            return Mention(Day(day, sure=False), i, i + found.length)
    month = reply.words.at("last_month", reply.lexemes, i)
    away = _months_away(1, moment, -1, False) if month else None
    if month and away:
        return Mention(away, i, i + month.length)
    found = reply.words.at("weekend", reply.lexemes, i)
    if found is None:
        return None
    saturday = almanac.last_weekday(5, moment.today).value
    return Mention(Day(saturday, sure=False), i, i + found.length)


def duration(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """A bare "3 days": most likely so many days ago."""
    stretch = _stretch(reply, i, bare=False)
    day = _day_at(stretch, moment, -1, False) if stretch else None
    return Mention(day, i, stretch.last, plain=False) if stretch and day else None


def month(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Début novembre, mid-March, or the month alone: a guess that is confirmed."""
    part = reply.words.at("month_part", reply.lexemes, i)
    at = i + part.length if part else i
    while part and (reply.word(at) == "-" or reply.is_a("of", at)):
        at += 1
    named = month_at(reply, at)
    if named is None:
        return None
    after = reply.words.at("month_part_after", reply.lexemes, named[1]) if (
        named[1] < len(reply.lexemes)
    ) else None  # fmt: skip
    number = int(part.value if part else after.value if after else "1")
    year, last = year_at(reply, named[1])
    day = (almanac.written_day(number, named[0], year, moment.today) if year
           else almanac.day_and_month(number, named[0], moment.today))  # fmt: skip
    return Mention(Day(day.value, sure=False), i, last, plain=False) if day else None


def bare_day(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """A bare 17 in answer to "which day": the latest 17th."""
    number = day_number(reply, i)
    if number is None or reply.is_a("units", number[1]) or reply.word(number[1]) in ("h", ":", "%"):
        return None
    # A figure of 30/02: the date does not exist, and the 30th was not meant.
    if reply.word(number[1]) in _DATE_MARKS or reply.word(i - 1) in _DATE_MARKS:
        return None
    day = almanac.last_day_of_month(number[0], moment.today)
    return Mention(day, i, number[1], plain=False) if day else None


def _eight_figures(word: str, i: int, moment: Moment) -> Mention | None:
    if word.startswith(("19", "20")) and 1 <= int(word[4:6]) <= 12:
        parts = int(word[6:]), int(word[4:6]), int(word[:4])
    else:
        parts = int(word[:2]), int(word[2:4]), int(word[4:])
    day = almanac.numeric_day(*parts, moment.today, moment.country)
    return Mention(day, i, i + 1, plain=False) if day else None


def glued(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """17112026, 20261117, and "17 11" or "17 11 2026" with spaces."""
    word = reply.word(i)
    if not word.isdigit():
        return None
    if len(word) == 8:
        return _eight_figures(word, i, moment)
    second, third = reply.word(i + 1), reply.word(i + 2)
    if second == "-" and third.isdigit():
        second, third, i_last = third, reply.word(i + 3), i + 3
    else:
        i_last = i + 2
    if len(word) > 2 or not second.isdigit() or len(second) != 2:
        return None
    year = int(third) if third.isdigit() and len(third) in (2, 4) else None
    day = almanac.numeric_day(int(word), int(second), year, moment.today, moment.country)
    return Mention(day, i, i_last + (year is not None), plain=False) if day else None
