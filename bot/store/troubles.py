"""Which failures are the database's own trouble, and which are the fault of what was written."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# PostgreSQL's codes for a transaction that lost against another one: done again it may pass.
_LOST = frozenset({"40001", "40P01"})


def is_trouble(error: BaseException) -> bool:
    """Whether the database is away, full or locked: later the very same may work."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout | OSError | TimeoutError):
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or lost_a_race(error))


def lost_a_race(error: BaseException) -> bool:
    """Whether another transaction came in the way: to be done again at once."""
    original = getattr(error, "orig", None)
    return str(getattr(original, "sqlstate", "")) in _LOST
