"""SQLite carried out in the event loop itself, without its thread: for simulations."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from bot.store import one_hop

Function = Callable[[], Any]
_Future = asyncio.Future[Any]


class Disk(Protocol):
    """Where statements are carried out: a simulation may be slow there, fail there, or die."""

    def carry_out(self, function: Function, future: _Future | None, *, commits: bool) -> None:
        """Carry out one visit to the database and let its future know."""

    def opened(self, connection: Connection, raw: sqlite3.Connection) -> None:
        """Another connection is open."""


class Connection(one_hop.Connection):
    """A connection whose queue is a disk's; SQLAlchemy and the driver write to `_tx` alike."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], disk: Disk) -> None:
        super().__init__(connector, 64)
        self._disk = disk
        self._tx = self  # type: ignore[assignment]
        self._thread = self  # type: ignore[assignment]

    def start(self) -> None:
        """There is no thread."""

    def put_nowait(self, job: tuple[_Future | None, Function]) -> None:
        """What would go to the thread is carried out at once."""
        future, function = job
        self._disk.carry_out(function, future, commits=_commits(function))


class Plain:
    """A disk on which nothing goes wrong."""

    def carry_out(self, function: Function, future: _Future | None, *, commits: bool) -> None:
        """At once."""
        settle(future, function)

    def opened(self, connection: Connection, raw: sqlite3.Connection) -> None:
        """It is nobody's business."""


def connector(disk: Callable[[], Disk], file: Callable[[], str] = str) -> Callable[..., Connection]:
    """What the engine calls to connect; `disk` and `file` give those of this moment."""

    def connect(database: str, **arguments: Any) -> Connection:
        here = disk()

        def opened() -> sqlite3.Connection:
            # There is one thread and one writer: to wait for a lock would be to wait for ever.
            arguments["timeout"] = 0.0
            raw: sqlite3.Connection = sqlite3.connect(file() or database, **arguments)
            here.opened(connection, raw)
            return raw

        connection = Connection(opened, here)
        return connection

    return connect


def settle(future: _Future | None, function: Function) -> None:
    """Carry out a visit and say at once what came of it."""
    try:
        result = function()
    except Exception as error:
        if future is not None and not future.done():
            future.set_exception(error)
    else:
        if future is not None and not future.done():
            future.set_result(result)


def _commits(function: Function) -> bool:
    work = function.func if isinstance(function, partial) else function
    return getattr(work, "__name__", "") == "commit"


# What a worker could do, and from when on: "outbox", "look-up", "timers", "deeds".
_NEXT = """
SELECT 'outbox', min(coalesce(not_before, at)) FROM messages WHERE state = 'waiting'
UNION ALL SELECT 'outbox', min(lease_until) FROM messages WHERE state = 'claimed'
UNION ALL SELECT 'look-up', min(not_before) FROM messages WHERE state = 'uncertain'
UNION ALL SELECT 'timers', min(max(due_at, coalesce(lease_until, 0)))
  FROM (SELECT due_at, lease_until FROM timers ORDER BY due_at LIMIT 50)
UNION ALL SELECT 'deeds', min(max(due_at, coalesce(lease_until, 0)))
  FROM (SELECT due_at, lease_until FROM deeds WHERE state = 'waiting' ORDER BY id LIMIT 50)
"""


def next_moments(connection: sqlite3.Connection) -> dict[str, int]:
    """When each loop of a worker next has something to do, in microseconds since 1970."""
    found: dict[str, int] = {}
    for name, at in connection.execute(_NEXT):
        if at is not None:
            found[name] = min(at, found.get(name, at))
    return found
