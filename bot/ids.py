"""Numbers for new rows: 63 bits, ordered by millisecond, unguessable within it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
RANDOM_BITS = 22


class Ids:
    """A source of ids; two in one process never give the same, two processes almost never.

    A seed makes the whole sequence repeat, for tests and simulations. `random` is the service's
    source of short codes as well.
    """

    __slots__ = ("_last", "random")

    def __init__(self, seed: int | None = None) -> None:
        self.random: Random = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - seeded in tests alone
        self._last = 0

    def new(self, now: datetime) -> int:
        """An id for a row made now; greater than all this source gave before."""
        moment = int((now - EPOCH).total_seconds() * 1000)
        drawn = moment << RANDOM_BITS | self.random.getrandbits(RANDOM_BITS)
        # Many rows may be made in one millisecond, and a clock may be set back.
        self._last = max(self._last + 1, drawn)
        return self._last


def first_at(moment: datetime) -> int:
    """The smallest id that a row made at a moment may have: rows are found by when they came."""
    return int((moment - EPOCH).total_seconds() * 1000) << RANDOM_BITS


_ids = Ids()


def made_at(row_id: int) -> datetime:
    """About when an id was made, to the millisecond (later ones of a busy one lie ahead)."""
    return EPOCH + timedelta(milliseconds=row_id >> RANDOM_BITS)


def new_id(now: datetime) -> int:
    """An id from the process's own source."""
    return _ids.new(now)
