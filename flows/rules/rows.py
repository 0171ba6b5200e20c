"""Rows of rules: dated, sourced, matched against facts in the order that settles doubts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from flows.rules.conditions import Condition, Fact, Facts, Scale, as_asked, meets, scale_of

Value = str | int | date | time | tuple[str, ...]
Verdicts = tuple[tuple["Row", bool | None], ...]


# A row is itself and no other, so that what follows from rows can be remembered.
@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One rule: from when (and to when) it holds, what it asks, what it gives, who says so.

    `weak` marks a figure that is remembered rather than read in its source.
    """

    id: str
    starts: date
    ends: date | None = None
    source: str = ""
    weak: bool = False
    when: Mapping[str, Condition] = field(default_factory=dict)
    gives: Mapping[str, Value] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    def in_force(self, on: date) -> bool:
        """Whether the row holds on that day; both its days are included."""
        return self.starts <= on and (self.ends is None or on <= self.ends)

    def text(self, key: str) -> str:
        """The words under a key, "" where the row has none."""
        value = self.gives.get(key, "")
        return value if isinstance(value, str) else str(value)

    def number(self, key: str, otherwise: int = 0) -> int:
        """The whole number under a key."""
        value = self.gives.get(key, otherwise)
        return value if isinstance(value, int) else otherwise

    def words(self, key: str) -> tuple[str, ...]:
        """The list under a key, empty where the row has none."""
        value = self.gives.get(key, ())
        return value if isinstance(value, tuple) else ()

    def clock(self, key: str) -> time | None:
        """The time of day under a key."""
        value = self.gives.get(key)
        return value if isinstance(value, time) else None

    def day(self, key: str) -> date | None:
        """The day under a key."""
        value = self.gives.get(key)
        return value if isinstance(value, date) else None

    def flag(self, key: str) -> bool:
        """Whether the row says yes under a key."""
        return self.gives.get(key) == "yes"


@dataclass(frozen=True, slots=True)
class Match:
    """The row that decides, or none and the facts that would be needed."""

    row: Row | None
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def in_force(rows: tuple[Row, ...], on: date) -> tuple[Row, ...]:
    """The rows of a day, newest first, else as written: a newer row goes before an older one."""
    held = [row for row in rows if row.in_force(on)]
    return tuple(sorted(held, key=lambda row: row.starts, reverse=True))


def first(rows: tuple[Row, ...], facts: Facts, on: date) -> Match:
    """The first row that holds. A row that may hold, for all we know, is not passed over
    unless it gives the same: then the facts it lacks are named and no row is chosen."""
    possible: list[Row] = []
    for row, verdict in _verdicts(rows, facts, on):
        if verdict:
            return _settled(row, possible, facts)
        possible.append(row)
    return Match(None, _lacking(possible, facts))


def every(rows: tuple[Row, ...], facts: Facts, on: date) -> Iterator[Row]:
    """All rows that surely hold; what is not known is not held against anybody."""
    return (row for row, verdict in _verdicts(rows, facts, on) if verdict)


def holds(row: Row, facts: Facts) -> bool | None:
    """True, False, or None where that hangs on facts that are not known."""
    known = True
    for name, condition in row.when.items():
        verdict = meets(condition, facts.get(name))
        if verdict is False:
            return False
        known = known and verdict is not None
    return True if known else None


def _verdicts(rows: tuple[Row, ...], facts: Facts, on: date) -> Verdicts:
    """The rows of a day that hold (True) or may hold (None), in their order."""
    asked = _asked(rows, on)
    told = tuple([as_asked(scale, facts.get(name)) for name, scale in asked.items()])
    return _matched(rows, told, on)


# People differ in more ways than rows tell apart: what is worked out for one serves for many.
@lru_cache(maxsize=16384)
def _matched(rows: tuple[Row, ...], told: tuple[Fact, ...], on: date) -> Verdicts:
    facts = dict(zip(_asked(rows, on), told, strict=True))
    verdicts = [(row, holds(row, facts)) for row in in_force(rows, on)]
    return tuple((row, verdict) for row, verdict in verdicts if verdict is not False)


@lru_cache(maxsize=1024)
def _asked(rows: tuple[Row, ...], on: date) -> Mapping[str, Scale]:
    """What the rows of a day ask of each fact."""
    conditions: dict[str, list[Condition]] = {}
    for row in in_force(rows, on):
        for name, condition in row.when.items():
            conditions.setdefault(name, []).append(condition)
    return {name: scale_of(asked) for name, asked in conditions.items()}


def _settled(row: Row, possible: Sequence[Row], facts: Facts) -> Match:
    rivals = [other for other in possible if other.gives != row.gives]
    return Match(None, _lacking(rivals, facts)) if rivals else Match(row)


def _lacking(rows: Sequence[Row], facts: Facts) -> tuple[str, ...]:
    names = (name for row in rows for name in row.when if facts.get(name) is None)
    return tuple(dict.fromkeys(names))
