"""Body temperatures, as an answer and in passing; never ages, pulses, saturations or hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from flows.understanding.numbers import Number
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Understood
from flows.understanding.scan import Scan, scan
from flows.understanding.text import Text
from flows.understanding.words import openings

Found = tuple[float, int, int]

_DIGIT = re.compile(r"\d")
# A degree sign, a unit, or figures that stand on a word ("temp38").
_MARKED = re.compile(r"°|\d\s?[cf](?![a-z])|[^\W\d_]\d|d[eg]")
_POINTS = frozenset(".,'°:;-*/")
_PLAIN_POINTS = frozenset(".,'")
_LIKELY_C = (Decimal(34), Decimal(43))
_POSSIBLE_C = (Decimal(30), Decimal(45))
_LIKELY_F = (Decimal(93), Decimal(110))
_FAHRENHEIT_LANDS = frozenset({"US", "LR", "BS", "BZ", "KY", "PW"})
_NEAR_BEFORE, _NEAR_AFTER = 6, 4


class Degrees(NamedTuple):
    """A temperature at lexemes [first, last): Celsius, and how plainly it was one."""

    celsius: Decimal
    first: int
    last: int
    sure: bool
    marked: bool  # Written with a degree sign or a unit.
    decimal: bool
    guessed_unit: bool  # Taken for Fahrenheit by its size alone.


class _Written(NamedTuple):
    """The figures of a temperature before its unit is known."""

    amount: Decimal
    last: int
    decimal: bool
    marked: bool


_NO_HEAT = _Written(Decimal(0), 0, False, False)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _fraction_number(reply: Scan, i: int) -> Number | None:
    return reply.starts.get(i)


def _point(reply: Scan, i: int) -> tuple[int, bool, bool]:
    """Past what may stand between degrees and tenths: where they begin, explicit, with a degree."""
    explicit = marked = False
    for _ in range(4):
        word = reply.word(i)
        if not word:
            break
        if word in _POINTS or word == "h" or reply.is_a("point", i):
            explicit = True
            marked = marked or word == "°"
        elif reply.is_a("degree", i) or reply.is_a("celsius", i):
            marked = True
        else:
            break
        i += 1
    return i, explicit, marked


def _tenths(reply: Scan, number: Number) -> _Written | None:
    """38,5 · 38 5 · 38°5 · thirty-eight point five · 38 y 5: whole degrees and their tenths."""
    at, explicit, marked = _point(reply, number.last)
    joined = not explicit and reply.is_a("joiner", at)
    fraction = _fraction_number(reply, at + joined)
    if fraction is None or fraction.value > 99:
        return None
    if reply.is_a("not_heat", fraction.last):
        return _NO_HEAT if explicit else None
    digits = fraction.digits or str(fraction.value)
    loose = not explicit or reply.word(number.last) in ("-", "/", ":", "*", ";")
    if len(digits) > (1 if loose else 2) or reply.word(fraction.last) == "%":
        return None
    if joined and number.value > 45:
        return None
    if not explicit and not number.digits and fraction.digits:
        return None
    amount = Decimal(number.value) + Decimal(f"0.{digits}")
    return _Written(amount, fraction.last, True, marked)


def _half(reply: Scan, number: Number) -> _Written | None:
    at, _, marked = _point(reply, number.last)
    found = reply.words.at("half", reply.lexemes, at) if at < len(reply.lexemes) else None
    if found is None:
        return None
    return _Written(Decimal(number.value) + Decimal("0.5"), at + found.length, True, marked)


def _written(reply: Scan, number: Number) -> _Written | None:
    if len(number.digits) == 3 and 340 <= number.value <= 439:
        return _Written(Decimal(number.value) / 10, number.last, True, False)
    if len(number.digits) == 4 and (3400 <= number.value <= 4399 or 940 <= number.value <= 1089):
        scale = 100 if number.value >= 3400 else 10
        return _Written(Decimal(number.value) / scale, number.last, True, False)
    if not 30 <= number.value <= 115 or len(number.digits) > 3:
        return None
    whole = _Written(Decimal(number.value), number.last, False, False)
    return _half(reply, number) or _tenths(reply, number) or whole


def _unit(reply: Scan, i: int) -> tuple[str, int]:
    """The unit after the figures, and where it ends."""
    last, unit = i, ""
    for at in range(i, min(i + 3, len(reply.lexemes))):
        if reply.is_a("fahrenheit", at):
            return "F", at + 1
        if reply.is_a("celsius", at):
            return "C", at + 1
        if reply.word(at) != "°" and not reply.is_a("degree", at):
            break
        last, unit = at + 1, "°"
    return unit, last


def _celsius(amount: Decimal, unit: str) -> tuple[Decimal, bool] | None:
    """Celsius and whether the figure is likely, or None where nobody can be so hot or so cold."""
    if unit == "F" or (unit != "C" and _LIKELY_F[0] <= amount <= _LIKELY_F[1]):
        amount = (amount - 32) * 5 / 9
    if not _POSSIBLE_C[0] <= amount <= _POSSIBLE_C[1]:
        return None
    return _tenth(amount), _LIKELY_C[0] <= amount <= _LIKELY_C[1]


def _is_something_else(reply: Scan, first: int, last: int) -> bool:
    if reply.word(last) == "%" or reply.word(first - 1) in ("+", "#", "€", "$", "£"):
        return True
    if reply.word(last) in ("€", "$", "£") or reply.is_a("not_heat", last):
        return True
    return any(
        reply.ends_a("not_heat_before", at)
        and not any(reply.is_a("fever", between) for between in range(at, first))
        for at in (first, first - 1, first - 2)
        if at > 0
        and not any(
            at < n.last <= first or (n.last == at - 1 and at < first) for n in reply.numbers
        )
    )


_PARTING = frozenset({",", ".", ";", "(", "-", "\n"})


def _is_of_the_weather(reply: Scan, first: int, last: int) -> bool:
    """Whether the heat outside, or of a bath, is named right beside a figure."""
    before = range(max(0, first - 4), first)
    said = [i for i in (*before, last, last + 1) if i < len(reply.lexemes)]
    bodily = any(reply.is_a("fever", i) for i in said)
    bodily = bodily or any(reply.is_a("myself", i) for i in before)
    if bodily or not reply.has_a("weather"):
        return False
    others = [n for n in reply.numbers if first - 4 <= n.first < first]
    near = [i for i in before if not any(i < n.first for n in others)]
    after = list(range(last, min(len(reply.lexemes), last + 4)))
    if len(reply.numbers) > 1:
        # "36.7, and outside it is 41": what follows a comma belongs to the next figure.
        cut = next((i for i in after if reply.word(i) in _PARTING or reply.is_a("and", i)), None)
        after = [i for i in after if cut is None or i < cut]
    return any(reply.is_a("weather", i) for i in (*near, *after))


def _in_a_row(reply: Scan, number: Number) -> bool:
    """Whether the number is a pair of figures within a telephone number."""
    around = range(number.first - 6, number.last + 7)
    figures = sum(1 for i in around if reply.word(i).isdigit() and len(reply.word(i)) == 2)
    return figures >= 4 or (len(reply.word(number.first - 1)) > 4 and number.first > 0 and (
        reply.word(number.first - 1).isdigit()
    ))  # fmt: skip


def _degrees(reply: Scan) -> Iterator[Degrees]:
    taken = 0
    for number in reply.numbers:
        if number.first < taken:
            continue
        written = _written(reply, number)
        if written is None:
            continue
        unit, last = _unit(reply, written.last)
        marked = written.marked or bool(unit)
        converted = _celsius(written.amount, unit)
        if converted is None or _in_a_row(reply, number):
            continue
        if not marked and _is_something_else(reply, number.first, last):
            continue
        if _is_of_the_weather(reply, number.first, last):
            continue
        taken = last
        sure = converted[1] and len(number.digits) < 4
        guessed = not unit and written.amount >= _LIKELY_F[0]
        yield Degrees(converted[0], number.first, last, sure, marked, written.decimal, guessed)


def _is_near_fever(reply: Scan, degrees: Degrees) -> bool:
    before = range(max(0, degrees.first - _NEAR_BEFORE), degrees.first)
    after = range(degrees.last, min(len(reply.lexemes), degrees.last + _NEAR_AFTER))
    return any(reply.is_a("fever", i) for i in (*before, *after))


def find(text: Text, *, loose: bool = False) -> tuple[Found, ...]:
    """Temperatures said in passing: (Celsius, start, end) in the raw text.

    A figure counts where a word for fever is near or its form is unmistakable ("39°2", "104F");
    with `loose`, where health was asked after, also a bare decimal ("leo 38,5").
    """
    digits = _DIGIT.search(text.folded) is not None
    likely = digits and (loose or _MARKED.search(text.folded) is not None)
    if not likely and openings("fever").isdisjoint(token.word for token in text.tokens):
        return ()
    reply = scan(text)
    found = []
    for degrees in _degrees(reply):
        near = _is_near_fever(reply, degrees)
        if (
            (degrees.marked and (near or not reply.has_a("weather")))
            or near
            or (loose and degrees.decimal)
        ):
            span = reply.span(degrees.first, degrees.last, "temperature")
            found.append((float(degrees.celsius), span.start, span.end))
    return tuple(found)


def _without_the_past(reply: Scan, found: list[Degrees]) -> list[Degrees]:
    """What is measured now, where another figure is said to be earlier or another's."""

    def earlier(degrees: Degrees, since: int, until: int) -> bool:
        for i in range(degrees.first - 1, max(since, degrees.first - 4) - 1, -1):
            if reply.is_a("today_hint", i):
                return False
            if reply.is_a("past_hint", i):
                return True
        after = min(until, degrees.last + 1)
        return any(reply.is_a("past_hint", i) for i in range(degrees.last, after))

    edges = [0, *(_hint_end(reply, d.last) for d in found)]
    starts = [*(d.first for d in found[1:]), len(reply.lexemes)]
    now = [d for d, since, until in zip(found, edges, starts, strict=False)
           if not earlier(d, since, until) and not _is_anothers(reply, d, since)]  # fmt: skip
    own = [d for d in found if _is_own(reply, d)]
    return own if len(own) == 1 else now or found


def _is_own(reply: Scan, degrees: Degrees) -> bool:
    """ "Me 37.9", "37.9 for me"."""
    near = (*range(degrees.first - 2, degrees.first), degrees.last, degrees.last + 1)
    return any(reply.is_a("myself", i) for i in near if 0 <= i < len(reply.lexemes))


def _hint_end(reply: Scan, i: int) -> int:
    """Past "last night" behind a figure: it says nothing of the next one."""
    for kind in ("past_hint", "today_hint"):
        found = reply.words.at(kind, reply.lexemes, i) if i < len(reply.lexemes) else None
        if found:
            return i + found.length
    return i


def _is_anothers(reply: Scan, degrees: Degrees, since: int) -> bool:
    return any(
        reply.is_a(kind, i)
        for i in range(max(since, degrees.first - 4), degrees.first)
        for kind in ("relation", "called")
    )


def _chosen(reply: Scan, found: list[Degrees]) -> tuple[Degrees, bool]:
    """The temperature meant among several, and whether that is certain."""
    first, last = found[0], found[-1]
    between = range(first.last, last.first)
    if any(reply.is_a("either", i) or reply.word(i) in ("-", "/") for i in between):
        return max(found, key=lambda d: d.celsius), False
    if any(reply.is_a("correction", i) for i in between):
        return last, True
    now = _without_the_past(reply, found)
    if len({d.celsius for d in now}) == 1:
        return now[-1], True
    if any(reply.is_a("between", i) for i in range(first.first)):
        return max(found, key=lambda d: d.celsius), False
    return now[-1], False


def read_temperature(text: Text, question: Question) -> Understood:
    """The temperature that answers the question: Celsius with one decimal."""
    reply = scan(text)
    found = list(_degrees(reply))
    if not found:
        return NOT_UNDERSTOOD
    degrees, certain = _chosen(reply, found)
    # Up to 100 a whole number might be a saturation; above, only Fahrenheit remains.
    guessed = degrees.guessed_unit and not degrees.decimal and degrees.celsius <= 38
    abroad = question.country not in _FAHRENHEIT_LANDS and question.lang != "en"
    doubtful = guessed and abroad
    sure = (
        certain
        and degrees.sure
        and not doubtful
        and not reply.is_bound(degrees.first, degrees.last)
    )
    # "37.9 I think, I took it": a tenth was read off, whatever is thought of it.
    sure = sure and (degrees.decimal or not reply.has_a("dont_know"))
    span = reply.span(degrees.first, degrees.last, "temperature")
    return Understood(float(degrees.celsius), "understood" if sure else "unsure", (span,))
