"""Rows whose words stay sealed until somebody looks: most turns never look back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from sqlalchemy import Row

Value = TypeVar("Value")


class Unopened(Sequence[Value]):
    """What rows say, read at the first look. Their keys are held."""

    __slots__ = ("_read", "_rows", "_values")

    def __init__(self, rows: Sequence[Row[Any]], read: Callable[[Row[Any]], Value]) -> None:
        self._rows = rows
        self._read = read
        self._values: tuple[Value, ...] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | Sequence[Value]:
        if isinstance(at, slice):
            return Unopened(self._rows[at], self._read)
        return self._opened()[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._opened() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._opened())

    def _opened(self) -> tuple[Value, ...]:
        if self._values is None:
            self._values = tuple(self._read(row) for row in self._rows)
        return self._values
