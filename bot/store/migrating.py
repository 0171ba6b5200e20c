"""Bringing a database to the newest schema: all steps in one transaction, or none."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.engines import Store
from bot.store.urls import read_url

SCRIPTS = Path(__file__).parent / "migrations"
WAIT_S = 60.0
# Any number will do, as long as nobody else takes it.
_ADVISORY = text("SELECT pg_advisory_xact_lock(7041997)")


class MigrationFailed(Exception):
    """The database was left as it was; the message says why, in one line."""


async def migrate(url: str | URL, to: str = "head") -> list[str]:
    """Bring the database at this URL to the newest schema; returns the steps that were taken.

    A second process that migrates at the same time waits, and then finds nothing to do.
    """
    read = read_url(url) if isinstance(url, str) else url
    if read.drivername.startswith("sqlite"):
        await asyncio.to_thread(_make_file, Path(read.database or ""))
    engine = _engine(read)
    try:
        async with engine.begin() as conn:
            return await conn.run_sync(_upgrade, to)
    finally:
        await engine.dispose()


async def pending(store: Store) -> list[str]:
    """The steps that the database lacks; empty if it is ready to serve."""
    async with store.reading() as tx:
        return _missing(await tx.conn.run_sync(_applied))


def _engine(url: URL) -> AsyncEngine:
    if not url.drivername.startswith("sqlite"):
        return create_async_engine(url, poolclass=NullPool)
    arguments = {"isolation_level": None, "timeout": WAIT_S}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=arguments)

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # Tables are changed by copying them: with foreign keys on, dropping the old copy would
        # take or refuse the rows that point to it.
        for pragma in ("synchronous=FULL", "foreign_keys=OFF"):
            connection.cursor().execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made before SQLite would make it, so that nobody else on the machine reads it.
    path.touch(mode=0o600)
    end = time.monotonic() + WAIT_S
    while not _is_wal(path):
        # Two who change the mode at once wait for each other: one has to let go and try again.
        if time.monotonic() > end:
            raise MigrationFailed(f"{path} is locked by another process")
        time.sleep(0.05)


def _is_wal(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=0.05)) as connection:
            return bool(connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",))
    except sqlite3.DatabaseError as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
        raise MigrationFailed(f"{path} cannot be opened: {fault}") from None


def _upgrade(connection: Connection, to: str) -> list[str]:
    if connection.dialect.name == "postgresql":
        connection.execute(_ADVISORY)
    before = set(_missing(_applied(connection)))
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, to)
    if connection.dialect.name == "sqlite":
        _check_references(connection)
    after = _missing(_applied(connection))
    return sorted(before.difference(after))


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken:
        raise MigrationFailed(
            f"a row of {broken[0]} points to one of {broken[2]} that is not there"
        )


def _applied(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


def _missing(applied: tuple[str, ...]) -> list[str]:
    """The steps that are not applied, in order; a database that is newer than us is refused."""
    scripts = ScriptDirectory(str(SCRIPTS))
    steps = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    if unknown := set(applied).difference(steps):
        raise MigrationFailed(f"the database is newer than this program (at {min(unknown)})")
    return steps[steps.index(applied[0]) + 1 :] if applied else steps
