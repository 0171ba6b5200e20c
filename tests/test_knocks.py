"""Processes on PostgreSQL wake each other: what one has committed, another hears of at once."""

import asyncio

from bot.store import addresses, messages
from bot.store.engines import Store, open_store
from bot.store.knocks import listen
from flows.vocabulary import Draft
from tests.stores import NOW, keyring


async def say(store: Store, key: str) -> None:
    async with store.writing() as tx:
        at = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await messages.queue_drafts(tx, [(at, Draft(key, "reply", "Merci."))], NOW)


async def test_a_worker_hears_of_a_text_that_another_process_has_committed(
    postgres_store_url: str,
) -> None:
    async with (
        open_store(postgres_store_url, keyring()) as web,
        open_store(postgres_store_url, keyring()) as worker,
    ):
        woken = asyncio.Event()
        line = asyncio.create_task(listen(worker, woken.set))
        async with asyncio.timeout(30):
            await woken.wait()  # It listens.
            woken.clear()
            await say(web, "first")
            await woken.wait()
        line.cancel()
        await asyncio.gather(line, return_exceptions=True)


async def test_a_line_that_was_cut_ends_and_can_be_made_anew(postgres_store_url: str) -> None:
    async with open_store(postgres_store_url, keyring()) as store:
        for _ in range(2):
            woken = asyncio.Event()
            line = asyncio.create_task(listen(store, woken.set))
            async with asyncio.timeout(30):
                await woken.wait()
                async with store.writing() as tx:
                    await tx.conn.exec_driver_sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                await line
