"""Oxygen saturation, as an answer and in passing; never a pulse and never a temperature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flows.understanding.numbers import Number
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Understood
from flows.understanding.scan import Scan, scan
from flows.understanding.text import Text
from flows.understanding.words import openings

Found = tuple[int, int, int]

# "sat95", "o2:89": the figures stand on the word.
_GLUED = re.compile(r"[^\W\d_]\d")
_LEAST, _LIKELY, _MOST = 50, 70, 100
_NEAR_BEFORE, _NEAR_AFTER = 8, 4


class Saturation(NamedTuple):
    """A saturation at lexemes [first, last); `percent` where it was written as one."""

    value: int
    first: int
    last: int
    percent: bool


def _is_pulse(reply: Scan, number: Number) -> bool:
    """A word for the pulse stands just before, with no other number between, or just after."""
    after = reply.words.at("pulse", reply.lexemes, number.last) if (
        number.last < len(reply.lexemes)
    ) else None  # fmt: skip
    if after and number.last + after.length not in reply.starts:
        return True
    for at in (number.first, number.first - 1, number.first - 2):
        if reply.ends_a("oxygen", at) or at in reply.ends:
            return False
        if reply.ends_a("pulse", at):
            return at == number.first or at - 1 not in reply.ends
    return False


def _is_other(reply: Scan, number: Number) -> bool:
    """An age, a count of days or the like, or the figures after a decimal point."""
    last = number.last
    if reply.word(last) == "%" or reply.is_a("percent", last):
        return False
    decimal = reply.word(number.first - 1) in (",", ".") and reply.word(number.first - 2).isdigit()
    other = reply.is_a("not_heat", last) and not reply.is_a("pulse", last)
    return other or (decimal and len(number.digits) == 1)


def _decimals_end(reply: Scan, number: Number) -> int:
    """Where "97,5" ends: the tenths are dropped."""
    if reply.word(number.last) in (",", ".") and len(reply.word(number.last + 1)) == 1 and (
        reply.word(number.last + 1).isdigit()
    ):  # fmt: skip
        return number.last + 2
    return number.last


def _saturations(reply: Scan) -> Iterator[Saturation]:
    for number in reply.numbers:
        if not _LEAST <= number.value <= _MOST or number.digits.startswith("0"):
            continue
        if reply.ends_a("percent", number.last) and not number.digits:
            continue
        if _is_pulse(reply, number) or _is_other(reply, number):
            continue
        last = _decimals_end(reply, number)
        percent = reply.word(last) == "%" or reply.is_a("percent", last)
        percent = percent or reply.word(number.first - 1) == "%"
        percent = percent or reply.ends_a("percent", number.first)
        yield Saturation(number.value, number.first, last, percent)


def _is_near(reply: Scan, found: Saturation) -> bool:
    before = range(max(0, found.first - _NEAR_BEFORE), found.first)
    after = range(found.last, min(len(reply.lexemes), found.last + _NEAR_AFTER))
    return any(reply.is_a("oxygen", i) for i in (*before, *after))


def find(text: Text) -> tuple[Found, ...]:
    """Saturations said in passing, where a word for oxygen is near: (percent, start, end)."""
    if openings("oxygen").isdisjoint(token.word for token in text.tokens) and (
        _GLUED.search(text.folded) is None
    ):
        return ()
    reply = scan(text)
    spans = [(s.value, reply.span(s.first, s.last, "oxygen"))
             for s in _saturations(reply) if _is_near(reply, s)]  # fmt: skip
    return tuple((value, span.start, span.end) for value, span in spans)


def _chosen(reply: Scan, found: list[Saturation]) -> tuple[Saturation, bool]:
    """The saturation meant; of several the lowest, for a low one must not be lost."""
    if len({s.value for s in found}) == 1:
        return found[0], True
    between = range(found[0].last, found[-1].first)
    if any(reply.is_a("correction", i) for i in between):
        return found[-1], True
    likely = [s for s in found if s.value >= _LIKELY]
    if len({s.value for s in likely}) == 1:
        return likely[0], True
    named = [] if all(s.percent for s in found) else [s for s in found if _is_near(reply, s)]
    if len(named) == 1:
        return named[0], True
    if any(reply.is_a("past_hint", i) for i in range(found[0].last + 3)):
        return found[-1], False
    return min(found, key=lambda s: s.value), False


def read_oxygen(text: Text, question: Question) -> Understood:
    """The saturation that answers the question, in whole percent."""
    reply = scan(text)
    found = list(_saturations(reply))
    if not found:
        return NOT_UNDERSTOOD
    saturation, certain = _chosen(reply, found)
    sure = (
        certain
        and saturation.value >= _LIKELY
        and not reply.is_bound(saturation.first, saturation.last)
    )
    sure = sure and not reply.has_a("dont_know")
    span = reply.span(saturation.first, saturation.last, "oxygen")
    return Understood(saturation.value, "understood" if sure else "unsure", (span,))
