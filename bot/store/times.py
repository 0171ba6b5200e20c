"""Instants as the database keeps them: UTC microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@overload
def micros(instant: datetime) -> int: ...
@overload
def micros(instant: datetime | None) -> int | None: ...
def micros(instant: datetime | None) -> int | None:
    """Microseconds since 1970; exact, unlike a float's."""
    return None if instant is None else (instant - _EPOCH) // _TICK


@overload
def moment(value: int) -> datetime: ...
@overload
def moment(value: int | None) -> datetime | None: ...
def moment(value: int | None) -> datetime | None:
    """The instant that `micros` kept."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)
