"""Addresses: made once, locked in one order, forgotten for good, kept from being written to."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

from sqlalchemy import select

from bot.store import addresses, schema
from bot.store.engines import Store
from bot.store.secrets import Keyring
from flows.vocabulary import Address
from tests.stores import NOW

PHONE = "+33639980001"


async def known(store: Store, value: str = PHONE) -> Address:
    async with store.writing() as tx:
        return await addresses.lock(tx, "sms", value, NOW)


async def test_a_strangers_address_is_made_and_found_again(store: Store) -> None:
    made = await known(store)
    assert (made.channel, made.value, made.silence) == ("sms", PHONE, "")
    assert await known(store) == made
    store.keyring.forget(made.id)
    async with store.reading() as tx:
        assert await addresses.find(tx, "sms", PHONE) == made
        assert await addresses.get(tx, made.id) == made
        assert await addresses.find(tx, "whatsapp", PHONE) is None
        assert await addresses.get(tx, 1) is None


async def test_one_number_on_two_channels_is_two_addresses(store: Store) -> None:
    async with store.writing() as tx:
        both = await addresses.lock_many(tx, [("whatsapp", PHONE), ("sms", PHONE)], NOW)
        assert [one.channel for one in both] == ["whatsapp", "sms"]
        assert len({one.id for one in both}) == 2
        assert {one.id for one in await addresses.find_all(tx, PHONE)} == {one.id for one in both}


async def test_what_changes_is_saved(store: Store) -> None:
    made = await known(store)
    changed = replace(made, language="ar", shared=True, silence="stopped", last_heard_at=NOW)
    async with store.writing() as tx:
        await addresses.save(tx, changed)
    assert await known(store) == changed


async def test_a_family_word_is_kept_sealed_and_goes_with_the_number(store: Store) -> None:
    made = await known(store)
    async with store.writing() as tx:
        await addresses.keep_word(tx, made.id, "tournesol")
        await addresses.save(tx, replace(made, shared=True))
    assert await known(store) == replace(made, shared=True, word="tournesol")
    async with store.reading() as tx:
        kept = await tx.conn.scalar(select(schema.addresses.c.word))
        assert kept and b"tournesol" not in kept
    async with store.writing() as tx:
        await addresses.keep_word(tx, made.id, "")
    assert (await known(store)).word == ""
    async with store.writing() as tx:
        await addresses.keep_word(tx, made.id, "soleil")
        await addresses.forget(tx, made.id, NOW)
    store.keyring.forget(made.id)
    assert (await known(store)).word == ""


async def test_batches_that_lock_the_same_numbers_in_any_order_all_get_through(
    store: Store,
) -> None:
    numbers = [f"+3363998{n:04}" for n in range(12)]

    async def batch(seed: int) -> list[int]:
        mine = Random(seed).sample(numbers, 8)
        async with store.writing() as tx:
            locked = await addresses.lock_many(tx, [("sms", value) for value in mine], NOW)
            await asyncio.sleep(0.001)
            assert [one.value for one in locked] == mine
            return [one.id for one in locked]

    seen = await asyncio.wait_for(asyncio.gather(*map(batch, range(40))), 30)
    assert len({one for ids in seen for one in ids}) == len(numbers)


async def test_a_forgotten_number_is_empty_until_it_writes_again(store: Store) -> None:
    made = await known(store)
    async with store.writing() as tx:
        await addresses.forget(tx, made.id, NOW)
        assert await addresses.get(tx, made.id) == replace(made, value="")
    assert await known(store) == made
    async with store.reading() as tx:
        assert await addresses.get(tx, made.id) == made


async def test_a_number_on_the_list_is_not_written_to_until_its_day(store: Store) -> None:
    async with store.writing() as tx:
        assert not await addresses.is_do_not_write(tx, PHONE, NOW)
        await addresses.forbid(tx, PHONE, NOW + timedelta(days=1), "wrong number", NOW)
        assert await addresses.is_do_not_write(tx, PHONE, NOW)
        assert not await addresses.is_do_not_write(tx, PHONE, NOW + timedelta(days=2))
        await addresses.forbid(tx, PHONE, None, "wrong number", NOW)
        assert await addresses.is_do_not_write(tx, PHONE, NOW + timedelta(days=9000))
        assert not await addresses.is_do_not_write(tx, "+33639980002", NOW)


def test_hashes_need_the_index_key() -> None:
    one, other = (Keyring({"a": b"k" * 32}, key) for key in (b"x" * 32, b"y" * 32))
    assert one.index("address", PHONE) == one.index("address", PHONE)
    assert one.index("address", PHONE) != other.index("address", PHONE)
    assert one.index("address", PHONE) != one.index("name", PHONE)
