"""What commands open first: the settings, the store; faults in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

from bot.commands import Fault
from bot.settings import SettingFault, Settings, read_settings
from bot.store import state
from bot.store.engines import Store, open_store
from bot.store.migrating import MigrationFailed, pending
from bot.store.troubles import is_trouble


def read() -> Settings:
    """The settings of this environment; what is wrong with them ends the program with 2."""
    try:
        settings = read_settings(os.environ)
    except SettingFault as fault:
        raise Fault(str(fault), 2) from None
    for warning in settings.warnings:
        print(f"vigie: {warning}", file=sys.stderr)
    return settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, migrated and of this mode, or a fault that says what to do."""
    store = open_store(settings.database_url, settings.keyring())
    try:
        with reached():
            await _check(store, settings)
        yield store
    finally:
        await store.close()


@contextmanager
def reached() -> Iterator[None]:
    """Say a database that is away, full or locked in one line."""
    try:
        yield
    except Exception as fault:
        if not (is_trouble(fault) or _is_no_database(fault)):
            raise
        lines = str(getattr(fault, "orig", None) or fault).splitlines() or [type(fault).__name__]
        raise Fault(f"DATABASE_URL: the database cannot be used: {lines[0]}") from None


async def _check(store: Store, settings: Settings) -> None:
    try:
        if await pending(store):
            raise Fault("the database has not the newest schema: run vigie migrate first")
        async with store.writing() as tx:
            await state.claim_mode(tx, settings.mode, datetime.now(UTC))
    except MigrationFailed as fault:
        raise Fault(str(fault)) from None
    except state.WrongMode as fault:
        wants = f"DATABASE_URL is a database of VIGIE_MODE={fault}, not of {settings.mode}"
        raise Fault(wants, 2) from None


def _is_no_database(fault: Exception) -> bool:
    """True for a file that is something else, and for a server that has no such database."""
    original = getattr(fault, "orig", None) or fault
    missing = getattr(original, "sqlstate", "") in ("3D000", "28000", "28P01", "42501")
    return missing or "file is not a database" in str(original)
