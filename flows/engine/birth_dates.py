"""Birth dates said beside names in the walk: kept as such, and never taken for a last day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from flows.engine import naming
from flows.engine.keywords import plain
from flows.engine.replies import Reply
from flows.engine.roll_call import date_of_birth, plain_digits
from flows.rules.ages import ADULT_MONTHS, age_in_months
from flows.understanding import normalise
from flows.vocabulary import Named

_YEAR = re.compile(r"(?<![\d])(19\d\d|20\d\d)(?!\d)")
# Whoever was met is told of within weeks: a date long before is a birth.
_LONG_AGO = timedelta(days=60)


def births_beside(named: tuple[Named, ...], reply: Reply) -> tuple[Named, ...]:
    """The people with the birth date that stands behind their name, before the next one."""
    born = dict(_births(named, reply))
    return tuple(_born(row, born[row.number], reply) if row.number in born else row
                 for row in named)  # fmt: skip


def _born(row: Named, on: date, reply: Reply) -> Named:
    minor = age_in_months(on, reply.ground.today) < ADULT_MONTHS
    before = next((one for one in reply.named if one.number == row.number), None)
    last_day = row.last_day
    if last_day == on:
        last_day = before.last_day if before else reply.day
    return replace(row, birth_date=on, age_months=None, minor=minor, last_day=last_day)


def _births(named: Sequence[Named], reply: Reply) -> Iterator[tuple[int, date]]:
    text = normalise(reply.raw, reply.ground.lang)
    places = sorted(
        (token.start, token.end, row.number)
        for row in naming.present(named)
        if row.name
        for token in text.tokens
        if token.word == plain(row.name).split()[0]
    )
    for index, (_, end, number) in enumerate(places):
        following = places[index + 1][0] if index + 1 < len(places) else len(reply.raw)
        on = _date_in(reply.raw[end:following], reply)
        if on and reply.ground.today - on > _LONG_AGO:
            yield number, on


def _date_in(words: str, reply: Reply) -> date | None:
    """A date in figures, or one in words that has its year."""
    today = reply.ground.today
    if found := date_of_birth(words, today):
        return found
    if not _YEAR.search(plain_digits(words)):
        return None
    told = reply.again("date", words).value
    return date.fromisoformat(told) if told and date.fromisoformat(told) <= today else None
