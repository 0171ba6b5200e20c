"""Rows whose words stay sealed until somebody looks: most turns look back a day or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from sqlalchemy import Row

Value = TypeVar("Value")


class Unopened(Sequence[Value]):
    """What rows say, each read at the first look at it. Their keys are held."""

    __slots__ = ("_read", "_rows", "_values")

    def __init__(self, rows: Sequence[Row[Any]], read: Callable[[Row[Any]], Value]) -> None:
        self._rows = rows
        self._read = read
        self._values: list[Value | None] = [None] * len(rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Sequence[Value]:
        if isinstance(at, slice):
            return Unopened(self._rows[at], self._read)
        return self._opened(at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def _opened(self, place: int) -> Value:
        value = self._values[place]
        if value is None:
            value = self._values[place] = self._read(self._rows[place])
        return value
