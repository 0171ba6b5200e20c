"""What a row asks of the facts: one of some words, or a number within bounds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import inf, isinf
from typing import assert_never

# A set holds codes of which any may match (symptoms, dangers); None is not known.
Fact = str | bool | int | float | Collection[str] | None
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of these words."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Between:
    """The fact is a number of at least `low`, and below `high` (or `high` itself, if inclusive)."""

    low: float = -inf
    high: float = inf
    inclusive: bool = False


Condition = OneOf | Between

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_BOUNDS = re.compile(
    rf"at least {_NUMBER}|at most {_NUMBER}|under {_NUMBER}|{_NUMBER} to {_NUMBER}|{_NUMBER}"
)


def bounds(text: str) -> Between | None:
    """`at least 15`, `at most 92`, `under 3`, `93 to 94` or `7`; None for other words."""
    found = _BOUNDS.fullmatch(text.strip())
    if found is None:
        return None
    at_least, at_most, under, low, high, just = (g and float(g) for g in found.groups())
    if at_least is not None:
        return Between(low=float(at_least))
    if at_most is not None:
        return Between(high=float(at_most), inclusive=True)
    if under is not None:
        return Between(high=float(under))
    if low is not None and high is not None:
        return Between(float(low), float(high), inclusive=True)
    return Between(float(just or 0), float(just or 0), inclusive=True)


def meets(condition: Condition, fact: Fact) -> bool | None:
    """Whether the fact meets the condition; None where the fact is not known."""
    if fact is None:
        return None
    match condition:
        case OneOf(words):
            return not words.isdisjoint(_words(fact))
        case Between(low, high, inclusive):
            number = _number(fact)
            return low <= number < high or (inclusive and number == high)
        case _:
            assert_never(condition)


@dataclass(frozen=True, slots=True)
class Scale:
    """How exactly some conditions ask for a fact: by these words, and at these figures."""

    words: frozenset[str]
    points: tuple[float, ...]


def scale_of(conditions: Iterable[Condition]) -> Scale:
    """What all these conditions together tell apart."""
    words: set[str] = set()
    points: set[float] = set()
    for condition in conditions:
        match condition:
            case OneOf(asked):
                words |= asked
            case Between(low, high):
                points |= {point for point in (low, high) if not isinf(point)}
            case _:
                assert_never(condition)
    return Scale(frozenset(words), tuple(sorted(points)))


def as_asked(scale: Scale, fact: Fact) -> Fact:
    """The fact told no more exactly than it is asked: every condition of the scale says the same
    of both. It can be the key of a dictionary."""
    if fact is None:
        return None
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, str):
        return fact if fact in scale.words else ""
    if isinstance(fact, int | float):
        return fact if scale.words else _between(scale.points, fact)
    return scale.words.intersection(fact)


def _between(points: tuple[float, ...], number: float) -> float:
    """The number itself where it is one of the points, else one between the same two."""
    place = bisect_left(points, number)
    if place == len(points):
        return points[-1] + 1 if points else 0.0
    if points[place] == number:
        return number
    return (points[place - 1] + points[place]) / 2 if place else points[0] - 1


def _words(fact: str | bool | int | float | Collection[str]) -> Collection[str]:
    if isinstance(fact, bool):
        return ("yes" if fact else "no",)
    return (str(fact),) if isinstance(fact, str | int | float) else fact


def _number(fact: str | bool | int | float | Collection[str]) -> float:
    if isinstance(fact, int | float) and not isinstance(fact, bool):
        return float(fact)
    raise TypeError("a bound is asked of a fact that is not a number")
