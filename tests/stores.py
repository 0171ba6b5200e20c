"""Stores for the tests: a keyring that is always the same, a schema made once and copied."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.ids import Ids
from bot.store.engines import Store, open_store
from bot.store.migrating import migrate
from bot.store.secrets import Keyring

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def keyring() -> Keyring:
    """Keys for tests alone."""
    return Keyring({"test": b"k" * 32}, b"i" * 32)


def store_at(url: str) -> Store:
    """A store at a URL whose tables are there; the same ids come again in each test."""
    return open_store(url, keyring(), ids=Ids(seed=1))


async def fresh_store(url: str) -> Store:
    """A store with new, empty tables at a URL."""
    await migrate(url)
    return store_at(url)
