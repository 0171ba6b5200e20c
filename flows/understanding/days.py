"""Days within a reply: the parts that dates are made of, and the walk that finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from flows.understanding.almanac import Day
from flows.understanding.scan import Scan


class Mention(NamedTuple):
    """A day spoken of at lexemes [first, last); `plain` is False for a bare number."""

    day: Day
    first: int
    last: int
    plain: bool = True


class Moment(NamedTuple):
    """When and where the reply was written."""

    now: datetime
    country: str

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.date()


Matcher = Callable[[Scan, int, Moment], Mention | None]

_ORDINAL_ENDINGS = frozenset(
    {"th", "st", "nd", "rd", "er", "ere", "eme", "e", "°", "ieme", "o", "a", "ste", "ter"}
)


def number_at(reply: Scan, i: int) -> tuple[int, int] | None:
    """A number that starts at lexeme i: its value and where it ends."""
    number = reply.starts.get(i)
    return (number.value, number.last) if number else None


def day_number(reply: Scan, i: int) -> tuple[int, int, bool] | None:
    """A day of the month: its value, where it ends, and whether it was an ordinal."""
    if i >= len(reply.lexemes):
        return None
    number = number_at(reply, i)
    if number and 1 <= number[0] <= 31:
        if reply.word(number[1]) == "." and reply.word(number[1] + 1) in ("°", "o", "a"):
            return number[0], number[1] + 2, True
        if reply.word(number[1]) in _ORDINAL_ENDINGS and are_adjacent(reply, i, number[1] + 1):
            return number[0], number[1] + 1, True
        return number[0], number[1], False
    ordinal = reply.words.at("ordinal", reply.lexemes, i)
    if ordinal and 1 <= int(ordinal.value) <= 31:
        return int(ordinal.value), i + ordinal.length, True
    return None


def year_at(reply: Scan, i: int) -> tuple[int | None, int]:
    """A year at lexeme i (past a comma or "of"), or None and i unchanged."""
    at = i
    while reply.word(at) in (",", "'") or reply.is_a("of", at):
        at += 1
    word = reply.word(at)
    if word.isdigit() and len(word) == 4 and 1900 <= int(word) <= 2099:
        return int(word), at + 1
    short = word.isdigit() and len(word) == 2 and reply.word(at - 1) != ","
    if short and not reply.word(at + 1)[:1].isalpha() and reply.word(at + 1) not in (":", "%"):
        return int(word), at + 1
    return None, i


def are_adjacent(reply: Scan, first: int, last: int) -> bool:
    lexemes = reply.lexemes
    return all(lexemes[i].end == lexemes[i + 1].start for i in range(first, last - 1))


def month_at(reply: Scan, i: int) -> tuple[int, int] | None:
    if i >= len(reply.lexemes):
        return None
    found = reply.words.at("months", reply.lexemes, i)
    return (int(found.value), i + found.length) if found else None


def _first_match(
    reply: Scan, i: int, moment: Moment, matchers: tuple[Matcher, ...]
) -> Mention | None:
    for matcher in matchers:
        mention = matcher(reply, i, moment)
        if mention:
            return mention
    return None


_SPEAKING = frozenset(
    {"weekdays", "days", "months", "ago", "from_now", "last_week", "last_month", "next_week",
     "weekend", "feasts",
     "day_before", "duals", "ordinal", "collective", "number", "units", "month_part"}
)  # fmt: skip


def _may_speak(reply: Scan, i: int) -> bool:
    """Whether a day could be spoken of from lexeme i on: a cheap first look."""
    lexeme = reply.lexemes[i]
    if lexeme.is_digits or lexeme.word in ("a", "an"):
        return True
    return reply.words.may_open(_SPEAKING, lexeme.word)


def walk(reply: Scan, moment: Moment, matchers: tuple[Matcher, ...]) -> Iterator[Mention]:
    """Every day spoken of, in order; at each place the first matcher that fits."""
    i = 0
    while i < len(reply.lexemes):
        if not _may_speak(reply, i):
            i += 1
            continue
        mention = _first_match(reply, i, moment, matchers)
        if mention:
            mention = _with_its_weekday(reply, mention)
            yield mention
        i = mention.last if mention else i + 1


def _with_its_weekday(reply: Scan, mention: Mention) -> Mention:
    """ "13 November, Friday": the weekday behind a date confirms it or makes it doubtful."""
    at = mention.last
    while reply.word(at) in ("(", ","):
        at += 1
    found = reply.words.at("weekdays", reply.lexemes, at) if at < len(reply.lexemes) else None
    if found is None or any(reply.is_a("weekdays", i) for i in range(mention.first, mention.last)):
        return mention
    agrees = mention.day.value.weekday() == int(found.value)
    if not agrees and at > mention.last:
        return mention
    last = at + found.length
    last += reply.word(last) == ")"
    day = Day(mention.day.value, mention.day.sure and agrees)
    return Mention(day, mention.first, last, mention.plain)
