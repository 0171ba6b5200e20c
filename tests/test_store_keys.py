"""Data keys: one for each owner, wrapped, bound to their place, gone once destroyed."""

import asyncio

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from bot.store import keys
from bot.store.engines import Store, open_store
from bot.store.schema import data_keys
from bot.store.secrets import KeyGone, Keyring, NoServiceKey
from tests.stores import NOW, keyring

MONTH = keys.month_owner(NOW)


async def key_of(store: Store, owner: str = MONTH) -> int:
    async with store.writing() as tx:
        return await keys.of_owner(tx, owner, NOW)


async def test_an_owner_has_one_key_whoever_asks_first(store: Store) -> None:
    found = await asyncio.gather(*(key_of(store) for _ in range(8)))
    assert MONTH == "month:2026-11"
    assert len(set(found)) == 1
    assert await key_of(store, "person:1") not in found


async def test_what_one_process_seals_another_opens(store: Store) -> None:
    key_id = await key_of(store)
    sealed = store.keyring.seal_json(key_id, "messages.body:1", {"text": "fièvre"})
    async with open_store(store.engine.url, keyring()) as other, other.reading() as tx:
        await keys.load(tx, [key_id])
        assert tx.keyring.open_json(key_id, "messages.body:1", sealed) == {"text": "fièvre"}
        with pytest.raises(InvalidTag):
            tx.keyring.open_json(key_id, "messages.body:2", sealed)


async def test_keys_are_wrapped_by_the_first_service_key_and_opened_by_any(store: Store) -> None:
    key_id = await key_of(store)
    sealed = store.keyring.seal(key_id, "c", b"words")
    rotated = Keyring({"new": b"n" * 32, "test": b"k" * 32}, b"i" * 32)
    async with open_store(store.engine.url, rotated) as other, other.writing() as tx:
        assert await keys.of_owner(tx, MONTH, NOW) == key_id
        assert rotated.open(key_id, "c", sealed) == b"words"
        young = await keys.of_owner(tx, "person:2", NOW)
        wrapped_by = await tx.conn.execute(select(data_keys.c.id, data_keys.c.kek_id))
        assert {row.id: row.kek_id for row in wrapped_by} == {key_id: "test", young: "new"}
    async with store.reading() as tx:
        with pytest.raises(NoServiceKey, match="VIGIE_DATA_KEYS lacks the key new"):
            await keys.load(tx, [young])


async def test_a_stolen_row_under_another_owner_does_not_open(store: Store) -> None:
    key_id = await key_of(store)
    async with store.writing() as tx:
        row = (await tx.conn.execute(select(data_keys).where(data_keys.c.id == key_id))).one()
    with pytest.raises(InvalidTag):
        keyring().unwrap(key_id, "person:9", row.wrapped, row.kek_id)


async def test_a_destroyed_key_opens_and_seals_nothing_and_its_owner_may_get_a_new_one(
    store: Store,
) -> None:
    key_id = await key_of(store)
    sealed = store.keyring.seal(key_id, "c", b"words")
    async with store.writing() as tx:
        await keys.destroy(tx, [MONTH, "person:404"], NOW)
        row = (await tx.conn.execute(select(data_keys).where(data_keys.c.id == key_id))).one()
        assert row.wrapped is None
        await keys.load(tx, [key_id])
        assert tx.keyring.open(key_id, "c", sealed) is None
        with pytest.raises(KeyGone):
            tx.keyring.seal(key_id, "c", b"more")
    assert await key_of(store) != key_id


async def test_few_keys_are_held_in_memory_and_the_others_come_back(store: Store) -> None:
    small = Keyring({"test": b"k" * 32}, b"i" * 32, capacity=2)
    async with open_store(store.engine.url, small) as other, other.writing() as tx:
        found = [await keys.of_owner(tx, f"person:{n}", NOW) for n in range(4)]
        assert [small.holds(one) for one in found] == [False, False, True, True]
        await keys.load(tx, found[:2])
        assert [small.holds(one) for one in found] == [True, True, False, False]
