"""The two databases behind one door: a store that gives transactions for writing and reading."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import URL, Connection, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.ids import Ids
from bot.store import one_hop
from bot.store.many import ready
from bot.store.secrets import Keyring
from bot.store.urls import read_url

Dialect = Literal["sqlite", "postgresql"]

BUSY_S = 10.0
POOL_WAIT_S = 30.0
READERS = 4


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction; every function of the store takes it first.

    `person_keys` are those that it has read: a person keeps one key for ever. `address_keys`
    hold until a link changes, `message_keys` for what it has filed itself.
    """

    conn: AsyncConnection
    keyring: Keyring
    dialect: Dialect
    ids: Ids
    person_keys: dict[int, int] = field(default_factory=dict)
    address_keys: dict[int, int] = field(default_factory=dict)
    message_keys: dict[int, int] = field(default_factory=dict)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
        return insert_into(table, self.dialect)

    async def write(self, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Carry out a statement once for each row, in one go; nothing at all for no rows."""
        if rows:
            one = ready(statement, self.conn.dialect, rows[0])
            await self.conn.exec_driver_sql(one.sql, one.arranged(rows))


def insert_into(table: Table, dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
    """Like `Tx.insert`, for statements that are made once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


class Store:
    """A database and the keys that open it."""

    def __init__(
        self, writer: AsyncEngine, reader: AsyncEngine, keyring: Keyring, ids: Ids
    ) -> None:
        self._writer = writer
        self._reader = reader
        self.keyring = keyring
        self.ids = ids

    @property
    def engine(self) -> AsyncEngine:
        """The writer's engine, for migrations and for tests of the engine itself."""
        return self._writer

    @property
    def dialect(self) -> Dialect:
        """Which of the two engines it is."""
        return "postgresql" if self._writer.dialect.name == "postgresql" else "sqlite"

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Tx]:
        """A transaction that commits at the end, or leaves no trace after an exception.

        On SQLite there is one at a time, from the first statement on: do not open a second one
        within it, and wait for nothing slow.
        """
        async with self._writer.begin() as conn:
            yield Tx(conn, self.keyring, self.dialect, self.ids)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """A transaction that sees one state of the database and cannot write."""
        async with self._reader.begin() as conn:
            yield Tx(conn, self.keyring, self.dialect, self.ids)

    async def __aenter__(self) -> Store:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def abandon(self) -> None:
        """Forget all connections as a process does that is killed: nothing is closed."""
        for engine in (self._reader, self._writer):
            engine.sync_engine.dispose(close=False)

    async def close(self) -> None:
        """Give all connections back."""
        await self._reader.dispose()
        await self._writer.dispose()


def open_store(
    url: str | URL,
    keyring: Keyring,
    *,
    ids: Ids | None = None,
    pool: int = 5,
    connect: Callable[..., Any] = one_hop.connect,
) -> Store:
    """A store at a database URL (any form that `DATABASE_URL` takes).

    Nothing is connected yet. `pool` is the number of PostgreSQL connections, `connect` how SQLite
    is reached.
    """
    read = read_url(url) if isinstance(url, str) else url
    ids = ids or Ids()
    if read.drivername.startswith("sqlite"):
        writer, reader = (_sqlite(read, connect, writer=one) for one in (True, False))
        return Store(writer, reader, keyring, ids)
    writer = _postgres(read, pool)
    reader = writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return Store(writer, reader, keyring, ids)


def _postgres(url: URL, pool: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=True,
        connect_args={"server_settings": {"application_name": "vigie", "jit": "off"}},
    )


def _sqlite(url: URL, connect: Callable[..., Any], *, writer: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=1 if writer else READERS,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        # The driver must open no transaction of its own: see the begin event.
        connect_args={
            "isolation_level": None,
            "timeout": BUSY_S,
            "async_creator_fn": connect,
        },
    )
    # A plain BEGIN takes the lock at the first write: what was read before may be stale by then,
    # and updates are lost without an error.
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS if writer else (*_PRAGMAS, "query_only=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32000",
    "temp_store=MEMORY",
)
