"""What a row asks of the facts: one of some words, or a number within bounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
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

    low: float = float("-inf")
    high: float = float("inf")
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


def _words(fact: str | bool | int | float | Collection[str]) -> Collection[str]:
    if isinstance(fact, bool):
        return ("yes" if fact else "no",)
    return (str(fact),) if isinstance(fact, str | int | float) else fact


def _number(fact: str | bool | int | float | Collection[str]) -> float:
    if isinstance(fact, int | float) and not isinstance(fact, bool):
        return float(fact)
    raise TypeError("a bound is asked of a fact that is not a number")
