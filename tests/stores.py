"""Stores for the tests: a keyring that is always the same, a schema made once and copied."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.ids import Ids
from bot.store.engines import Store, open_store
from bot.store.schema import metadata
from bot.store.secrets import Keyring

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def keyring() -> Keyring:
    """Keys for tests alone."""
    return Keyring({"test": b"k" * 32}, b"i" * 32)


async def fresh_store(url: str) -> Store:
    """A store with empty tables at a URL without any."""
    store = open_store(url, keyring(), ids=Ids(seed=1))
    async with store.engine.begin() as conn:
        await conn.run_sync(metadata.create_all)
    return store
