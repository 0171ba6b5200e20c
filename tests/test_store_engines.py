"""Transactions: none lost, none seen by half, none from a page."""

import asyncio

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.ids import Ids, made_at
from bot.store.engines import Store
from bot.store.schema import links, persons, service_state
from tests.stores import NOW, store_at

COUNTER = service_state.c.key == "counter"


async def count(store: Store) -> str:
    async with store.reading() as tx:
        return str(await tx.conn.scalar(select(service_state.c.value).where(COUNTER)))


async def set_up(store: Store) -> None:
    async with store.writing() as tx:
        row = {"key": "counter", "value": "0", "changed_at": 0}
        await tx.conn.execute(tx.insert(service_state), row)


async def add_one(store: Store) -> None:
    async with store.writing() as tx:
        read = select(service_state.c.value).where(COUNTER).with_for_update()
        value = int(await tx.conn.scalar(read) or 0)
        await asyncio.sleep(0)
        await tx.conn.execute(update(service_state).where(COUNTER).values(value=str(value + 1)))


async def test_thirty_transactions_that_read_and_then_write_lose_nothing(store: Store) -> None:
    await set_up(store)
    await asyncio.gather(*(add_one(store) for _ in range(30)))
    assert await count(store) == "30"


async def test_a_transaction_that_fails_leaves_no_trace(store: Store) -> None:
    await set_up(store)
    with pytest.raises(RuntimeError):
        async with store.writing() as tx:
            await tx.conn.execute(update(service_state).values(value="9"))
            raise RuntimeError
    assert await count(store) == "0"


async def test_a_cancelled_transaction_leaves_no_trace_and_frees_the_writer(store: Store) -> None:
    await set_up(store)
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with store.writing() as tx:
            await tx.conn.execute(update(service_state).values(value="9"))
            written.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add_one(store)
    assert await count(store) == "1"


async def test_a_page_cannot_write(store: Store) -> None:
    await set_up(store)
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        async with store.reading() as tx:
            await tx.conn.execute(update(service_state).values(value="9"))


async def test_a_page_sees_one_state_while_others_write(store: Store) -> None:
    await set_up(store)
    async with store.reading() as tx:
        before = await tx.conn.scalar(select(service_state.c.value))
        await add_one(store)
        assert await tx.conn.scalar(select(service_state.c.value)) == before


async def test_a_reference_to_nobody_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.writing() as tx:
            await tx.conn.execute(tx.insert(links), {"person_id": 1, "address_id": 2})


def test_ids_rise_and_repeat_only_with_the_same_seed() -> None:
    ids = Ids(seed=7)
    made = [ids.new(NOW) for _ in range(1000)]
    assert made == sorted(set(made))
    assert max(made) < 2**63
    again = Ids(seed=7)
    assert [again.new(NOW) for _ in range(1000)] == made
    assert Ids().new(NOW) != Ids().new(NOW)
    assert made_at(made[0]) == NOW


def test_tables_have_named_constraints() -> None:
    unnamed = [
        str(constraint)
        for table in persons.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert not unnamed


async def test_sqlite_is_durable_and_checks_references(sqlite_store_url: str) -> None:
    store = store_at(sqlite_store_url)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "query_only": 0}
    async with store.writing() as tx:
        for name, value in wanted.items():
            assert await tx.conn.scalar(text(f"PRAGMA {name}")) == value
    async with store.reading() as tx:
        assert await tx.conn.scalar(text("PRAGMA query_only")) == 1
    await store.close()
