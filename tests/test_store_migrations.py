"""Migrations: they make the very schema that the code knows, and keep what is there."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, func, insert, inspect, select, text

from bot.store import addresses, cases, people
from bot.store.engines import Store, open_store
from bot.store.migrating import MigrationFailed, migrate, pending
from bot.store.schema import data_keys, links, metadata, persons
from flows.vocabulary import Case, Person
from tests.stores import NOW, fresh_store, keyring, store_at

STEPS = [f"{step:04}" for step in range(1, 20)]


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def definitions(connection: Connection) -> set[str]:
    """The SQL of every table and index, conditions of partial indexes included."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    else:
        rows = connection.execute(text("SELECT indexdef FROM pg_indexes WHERE schemaname='public'"))
    every = (" ".join(row[0].split()) for row in rows)
    return {one for one in every if "alembic_version" not in one and "CREATE TABLE" not in one}


async def test_migrations_make_the_schema_that_the_code_knows(database_url: str) -> None:
    assert await migrate(database_url) == STEPS
    store = store_at(database_url)
    async with store.engine.begin() as conn:
        assert await conn.run_sync(differences) == []
        migrated = await conn.run_sync(definitions)
        await conn.run_sync(metadata.drop_all)
        await conn.run_sync(metadata.create_all)
        assert migrated == await conn.run_sync(definitions)
    await store.close()


async def test_migrating_again_or_at_the_same_time_changes_nothing(database_url: str) -> None:
    taken = await asyncio.gather(*(migrate(database_url) for _ in range(3)))
    assert sorted(taken) == [[], [], STEPS]
    assert await migrate(database_url) == []


async def test_a_database_says_what_it_lacks(database_url: str) -> None:
    await migrate(database_url, "0001")
    store = store_at(database_url)
    assert await pending(store) == STEPS[1:]
    await migrate(database_url)
    assert await pending(store) == []
    await store.close()


async def test_an_empty_database_lacks_everything(database_url: str) -> None:
    store = store_at(database_url)
    assert await pending(store) == STEPS
    await store.close()


async def fill(store: Store) -> None:
    async with store.writing() as tx:
        everybody = [Person(id=0, given_name=f"P{n}") for n in range(20)]
        for person in await people.add_many(tx, everybody, NOW):
            at = await addresses.lock(tx, "sms", f"+3363998{person.given_name[1:]:0>4}", NOW)
            await people.link(tx, person.id, at.id)
            await cases.add(tx, Case(tx.ids.new(NOW), person.id, external_id=person.given_name))


async def copy(newest: Store, older: Store) -> None:
    """The rows of a filled newest database, as far as an older schema has room for them."""
    async with newest.engine.connect() as source, older.engine.begin() as target:
        known = MetaData()
        await target.run_sync(known.reflect)
        for table in metadata.sorted_tables:
            rows = [row._asdict() for row in await source.execute(select(table))]
            there = known.tables.get(table.name)
            if rows and there is not None:
                kept = [{name: row[name] for name in there.c.keys()} for row in rows]  # noqa: SIM118
                await target.execute(insert(there), kept)


async def counts(store: Store) -> dict[str, int]:
    async with store.reading() as tx:
        there = await tx.conn.run_sync(lambda conn: inspect(conn).get_table_names())
        kept = [table for table in metadata.sorted_tables if table.name in there]
        numbers = {
            table.name: await tx.conn.scalar(select(func.count()).select_from(table))
            for table in kept
        }
    return {name: number for name, number in numbers.items() if number}


@pytest.mark.parametrize("step", STEPS)
async def test_a_filled_database_of_an_earlier_version_survives(
    database_url: str, step: str, tmp_path: Path
) -> None:
    newest = await fresh_store(f"sqlite:///{tmp_path / 'newest.db'}")
    await fill(newest)
    await migrate(database_url, step)
    store = store_at(database_url)
    await copy(newest, store)
    await newest.close()
    before = await counts(store)
    assert before["persons"] == before["links"] == before["cases"] == 20
    await migrate(database_url)
    assert await counts(store) == before
    async with store.reading() as tx:
        case = await cases.by_external_id(tx, "P7")
        assert case is not None
        person = await people.get(tx, case.person_id)
        assert person is not None and person.given_name == "P7"
    await store.close()


async def test_a_broken_reference_stops_the_migration_and_leaves_all_as_it_was(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'vigie.db'}"
    await migrate(url, "0001")
    store = open_store(url, keyring())
    async with store.engine.connect() as conn:
        await conn.exec_driver_sql("COMMIT")
        await conn.exec_driver_sql("PRAGMA foreign_keys=OFF")
        await conn.execute(insert(links).values(person_id=1, address_id=2))
        await conn.exec_driver_sql("PRAGMA foreign_keys=ON")
    with pytest.raises(MigrationFailed, match="links"):
        await migrate(url)
    assert await pending(store) == STEPS[1:]
    await store.close()


async def test_a_database_newer_than_the_program_is_refused(database_url: str) -> None:
    await migrate(database_url)
    store = store_at(database_url)
    async with store.writing() as tx:
        await tx.conn.execute(text("UPDATE alembic_version SET version_num='9999'"))
    with pytest.raises(MigrationFailed, match="newer"):
        await pending(store)
    with pytest.raises(MigrationFailed, match="newer"):
        await migrate(database_url)
    await store.close()


def test_ids_are_the_rows_own_keys_in_sqlite() -> None:
    for table in (persons, data_keys):
        assert str(table.c.id.type.dialect_impl(_sqlite())) == "INTEGER"


def _sqlite() -> object:
    from sqlalchemy.dialects import sqlite

    return sqlite.dialect()
