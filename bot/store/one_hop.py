"""SQLite's own thread, visited once for each statement, where the driver goes there four times."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import aiosqlite

_Done = tuple[list[Any], Any, int, int | None]


class Cursor:
    """What a statement gave, fetched whole: nothing of it stays open in the thread."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Carry out one statement and fetch all its rows."""
        return await self._visit(_execute, sql, parameters)

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        """Carry out one statement for each row of parameters."""
        return await self._visit(_executemany, sql, rows)

    async def fetchall(self) -> list[Any]:
        """All rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    async def _visit(self, work: Any, sql: str, parameters: Any) -> Cursor:
        conn = self._connection
        # aiosqlite leaves this function without types.
        done: _Done = await conn._execute(work, conn._conn, sql, parameters)  # type: ignore[no-untyped-call]
        self._rows, self.description, self.rowcount, self.lastrowid = done
        return self


class Connection(aiosqlite.Connection):
    """A connection whose cursors go to its thread once."""

    _ending: asyncio.Future[Any] | None = None

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A new cursor, made without going anywhere."""
        return Cursor(self)

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread; the future is done when it has ended."""
        self._ending = super().stop()
        return self._ending

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except Exception:
            # The thread says goodbye to this loop, which may be closed by then.
            if self._ending is not None:
                await self._ending
            raise


def connect(database: str, **arguments: Any) -> Connection:
    """What the engine calls instead of `aiosqlite.connect`."""
    connection = Connection(partial(sqlite3.connect, database, **arguments), 64)
    # A process that ends without closing its store is not held up.
    connection._thread.daemon = True
    return connection


def _execute(connection: sqlite3.Connection, sql: str, parameters: Sequence[Any]) -> _Done:
    return _all_of(connection.execute(sql, parameters))


def _executemany(connection: sqlite3.Connection, sql: str, rows: Any) -> _Done:
    return _all_of(connection.executemany(sql, rows))


def _all_of(cursor: sqlite3.Cursor) -> _Done:
    rows = cursor.fetchall() if cursor.description else []
    done = (rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return done
