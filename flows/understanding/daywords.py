"""Where a reply speaks of a day: every way of saying one, as a day and the lexemes that said it."""

from __future__ import annotations

from datetime import timedelta

from flows.understanding import almanac
from flows.understanding.almanac import Day
from flows.understanding.days import (
    Mention,
    Moment,
    are_adjacent,
    day_number,
    month_at,
    year_at,
)
from flows.understanding.scan import Scan


def _iso(parts: list[int], digits: list[str], moment: Moment) -> Day | None:
    if len(digits[0]) == 4:
        return almanac.written_day(parts[2], parts[1], parts[0], moment.today)
    if len(digits[2]) in (2, 4):
        return almanac.numeric_day(parts[0], parts[1], parts[2], moment.today, moment.country)
    return None


def numeric(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """17/11, 17.11.2026, 17-11-26, 2026-11-17."""
    mark = reply.word(i + 1)
    words = [reply.word(i), reply.word(i + 2), reply.word(i + 4)]
    if mark not in ("/", "-", ".") or not (words[0].isdigit() and words[1].isdigit()):
        return None
    # A figure with figures around it is a telephone number.
    if len(words[1]) > 2 or len(words[0]) not in (1, 2, 4):
        return None
    if reply.word(i + 3) == mark and words[2].isdigit() and are_adjacent(reply, i, i + 5):
        if reply.word(i + 5) == mark and reply.word(i + 6).isdigit():
            return None
        day = _iso([int(w) for w in words], words, moment)
        return Mention(day, i, i + 5) if day else None
    if mark == "-" or not are_adjacent(reply, i, i + 3) or len(words[0]) == 4:
        return None
    if mark == "." and len(words[1]) < 2:
        return None
    day = almanac.numeric_day(int(words[0]), int(words[1]), None, moment.today, moment.country)
    return Mention(day, i, i + 3) if day else None


def _is_future(reply: Scan, first: int, last: int) -> bool:
    return (reply.is_a("next", last) or reply.ends_a("next", first)
            or reply.ends_a("next_before", first))  # fmt: skip


def _dated(reply: Scan, day: int, month: int, first: int, last: int, moment: Moment) -> Day | None:
    year, _ = year_at(reply, last)
    if year is not None:
        return almanac.written_day(day, month, year, moment.today)
    return almanac.day_and_month(day, month, moment.today, future=_is_future(reply, first, last))


def day_then_month(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """17 novembre, the 3rd of March, 17 de noviembre, premier mai."""
    number = day_number(reply, i)
    if number is None:
        return None
    at = number[1]
    while at < len(reply.lexemes) and (reply.is_a("of", at) or reply.word(at) in "'-./"):
        at += 1
    month = month_at(reply, at)
    if month is None:
        return None
    day = _dated(reply, number[0], month[0], i, month[1], moment)
    last = year_at(reply, month[1])[1]
    return Mention(day, i, last) if day else None


def month_then_day(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """November 17th, kasımın 17si."""
    month = month_at(reply, i)
    if month is None:
        return None
    at = month[1]
    while reply.word(at) in (".", "'", "/", "-") or reply.word(at) == "the":
        at += 1
    number = day_number(reply, at)
    if number is None or reply.is_a("units", number[1]):
        return None
    if reply.word(number[1]).isdigit() and len(reply.word(number[1])) == 2:
        return None
    day = _dated(reply, number[0], month[0], i, number[1], moment)
    last = year_at(reply, number[1])[1]
    return Mention(day, i, last) if day else None


def _weekday_last(reply: Scan, at: int) -> tuple[int, int, bool]:
    """After a weekday: weeks from this one (99: not said), where it ends, "last" said."""
    skip = at
    while skip < len(reply.lexemes) and (
        reply.is_a("of", skip) or reply.is_a("the", skip) or reply.word(skip) in (",", "in")
    ):
        skip += 1
    for kind, weeks in (("last_week", -1), ("next_week", 1), ("this_week", 0)):
        found = reply.words.at(kind, reply.lexemes, skip) if skip < len(reply.lexemes) else None
        if found:
            return weeks, skip + found.length, False
    if reply.is_a("last", at):
        return 99, at + 1, True
    return 99, at, False


def weekday(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Mardi, mardi dernier, last Tuesday, Tuesday of last week, mardi 17 (checked)."""
    found = reply.words.at("weekdays", reply.lexemes, i)
    if found is None:
        return None
    day_of_week, at = int(found.value), i + found.length
    # Arabic Monday is also "the two" of them.
    if day_of_week == 0 and i and reply.lexemes[i].word.endswith("نين") and (
        reply.ends_a("relations", i)
    ):  # fmt: skip
        return None
    while reply.word(at) == "." and reply.word(at + 1).isdigit():
        at += 1
    dated = _weekday_with_date(reply, at, moment)
    if dated:
        agrees = dated.day.value.weekday() == day_of_week
        return Mention(Day(dated.day.value, agrees and dated.day.sure), i, dated.last)
    weeks, last, named_last = _weekday_last(reply, at)
    if weeks == 99:
        for kind, before in (("last_week", -1), ("next_week", 1)):
            if reply.ends_a(kind, i):
                weeks = before
    if weeks != 99:
        return Mention(almanac.weekday_of_week(day_of_week, moment.today, weeks), i, last)
    if _is_future(reply, i, at):
        ends = at + reply.is_a("next", at)
        return Mention(almanac.next_weekday(day_of_week, moment.today), i, ends)
    named_last = named_last or reply.ends_a("last", i) or reply.ends_a("last_before", i)
    return Mention(almanac.last_weekday(day_of_week, moment.today, named_last=named_last), i, last)


def _weekday_with_date(reply: Scan, at: int, moment: Moment) -> Mention | None:
    """The date that stands behind a weekday."""
    while at < len(reply.lexemes) and (
        reply.word(at) in (",", "(") or reply.word(at) in ("le", "the", "el", "dia", "o", "du")
    ):
        at += 1
    if at >= len(reply.lexemes):
        return None
    full = (numeric(reply, at, moment) or day_then_month(reply, at, moment)
            or month_then_day(reply, at, moment))  # fmt: skip
    if full:
        return full
    number = day_number(reply, at)
    if number is None or _is_hour_or_unit(reply, at, number[1]):
        return None
    if not (reply.word(at).isdigit() or number[2]) or (len(reply.word(number[1])) > 1 and (
        reply.word(number[1]).isdigit()
    )):  # fmt: skip
        return None
    day = almanac.last_day_of_month(number[0], moment.today)
    return Mention(day, at, number[1]) if day else None


def _is_hour_or_unit(reply: Scan, first: int, last: int) -> bool:
    after = reply.word(last)
    if after in ("h", ":", "%") or reply.is_a("units", last) or reply.is_a("relations", last):
        return True
    if after in ("am", "pm", "o") or reply.is_a("people", last):
        return True
    return reply.word(first - 1) in (
        "at",
        "saat",
        "las",
        "as",
        "vers",
        "a",
        "à",
        "around",
        "الساعه",
    )


def relative(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Hier, the day before yesterday, this morning, demain."""
    found = reply.words.at("days", reply.lexemes, i)
    if found is None:
        return None
    ahead, last = int(found.value), i + found.length
    # "por la mañana" is the morning, "mañana" tomorrow.
    if ahead == 1 and reply.word(i - 1) in ("la", "de", "las"):
        return None
    return Mention(Day(moment.today + timedelta(days=ahead)), i, last)


_FLOORS = frozenset({"e", "eme", "ieme"})  # "du 3e": a floor, a district; days have "1er" alone.


def _day_mark(reply: Scan, i: int) -> int:
    found = reply.words.at("day_before", reply.lexemes, i) if i < len(reply.lexemes) else None
    return i + found.length if found else i


def _of_month(reply: Scan, at: int) -> tuple[str, int]:
    for kind in ("last_month", "this_month"):
        found = reply.words.at(kind, reply.lexemes, at) if at < len(reply.lexemes) else None
        if found:
            return kind, at + found.length
    return "", at


def marked_day(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Le 17, the 17th, el 3, dia 5, ayın 17'si; with "of last month" too."""
    at = _day_mark(reply, i)
    if at > i:
        full = day_then_month(reply, at, moment) if at < len(reply.lexemes) else None
        full = full or (numeric(reply, at, moment) if at < len(reply.lexemes) else None)
        if full:
            return Mention(full.day, i, full.last)
    number = day_number(reply, at)
    if number is None:
        return None
    value, last, ordinal = number
    numeral = reply.word(at).isdigit()
    of_month = bool(_of_month(reply, last)[0])
    if not of_month and _is_hour_or_unit(reply, at, last):
        return None
    turkish = reply.word(last) == "'" and reply.words.has("day_after", reply.word(last + 1))
    if turkish or (numeral and reply.words.has("day_after", reply.word(last)) and at > i):
        last += 2 if turkish else 1
    elif at == i and numeral and not ordinal and of_month:
        return _in_its_month(reply, value, i, last, moment)
    elif (
        (at == i and not (ordinal and numeral))
        or reply.word(last - 1) in _FLOORS
        or reply.word(last).isdigit()
        or not (numeral or ordinal or at > i)
    ):
        return None
    return _in_its_month(reply, value, i, last, moment)


def _in_its_month(reply: Scan, value: int, i: int, last: int, moment: Moment) -> Mention | None:
    month, end = _of_month(reply, last)
    if month == "last_month":
        day = almanac.day_of_previous_month(value, moment.today)
    elif _is_future(reply, i, last):
        day = almanac.next_day_of_month(value, moment.today)
    else:
        day = almanac.last_day_of_month(value, moment.today)
    return Mention(day, i, end) if day else None


def feast(reply: Scan, i: int, moment: Moment) -> Mention | None:
    """Christmas and its like."""
    found = reply.words.at("feasts", reply.lexemes, i)
    if found is None:
        return None
    month, day = (int(part) for part in found.value.split("-"))
    when = almanac.day_and_month(day, month, moment.today)
    return Mention(when, i, i + found.length) if when else None
