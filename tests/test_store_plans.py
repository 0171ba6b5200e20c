"""Queries of the hot paths are served by indexes: their cost does not grow with the years."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.store import (
    addresses,
    alarms,
    assigning,
    cases,
    codes,
    contacts,
    conversations,
    deed_rows,
    events,
    following,
    keys,
    messages,
    outbox,
    people,
    review_opening,
    review_queue,
    reviews,
    scenes,
    searching,
    state,
    timers,
)
from bot.store.engines import Store, Tx
from flows.vocabulary import Address, Case, Draft, Event, Person, ReviewWanted
from tests.stores import NOW, store_at

HOUR = timedelta(hours=1)
# A few rows for ever, or those alone that wait: read whole without harm.
SMALL = re.compile(
    r"SCAN (service_state|leases|surges|ever|one|call_hours|CONSTANT ROW|\(subquery|anon_\w+"
    r"|\w+ USING INDEX ix_\w+_(waiting|open|claimed|queue))\b"
)


@contextmanager
def overheard(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Every statement with its parameters, as the driver gets it."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: object, _cursor: object, sql: str, values: Any, _x: object, many: bool) -> None:
        heard.append((sql, values[0] if many else values))

    event.listen(store.engine.sync_engine, "before_cursor_execute", hear)
    yield heard
    event.remove(store.engine.sync_engine, "before_cursor_execute", hear)


async def everyday(tx: Tx, here: Address, person: Person, case: Case) -> None:
    """What turns, workers and agents ask all day long."""
    await addresses.lock_many(tx, [("sms", here.value), ("sms", "+33639980099")], NOW)
    await addresses.save(tx, here)
    await addresses.lock_ids(tx, [here.id])
    await addresses.is_do_not_write(tx, here.value, NOW)
    await people.get_many(tx, [person.id])
    await people.links_at(tx, [here.id])
    await people.links_of(tx, person.id)
    await people.find_same(tx, here.value, "Léa")
    await people.learn(tx, person.id, {"given_name": "Lia"}, NOW)
    await cases.of_people(tx, [person.id])
    await cases.by_external_id(tx, "A")
    await cases.page(tx, ["reported", "closed"], 1)
    await contacts.of_people(tx, [person.id])
    await contacts.exposures_of_contacts(tx, [1, 2])
    await contacts.exposures_of_case(tx, case.id)
    await following.active_of_people(tx, [person.id])
    await following.histories(tx, [1, 2])
    await following.of_day(tx, 1, date(2026, 11, 23))
    await conversations.of_addresses(tx, [here.id], NOW)
    await messages.known(tx, ["SM1", "SM2"])
    await messages.queue_drafts(tx, [(here, Draft("k", "reply", "hello"))], NOW)
    await messages.transcript(tx, [here.id])
    await timers.claim(tx, NOW, 10, "me", HOUR)
    await deed_rows.claim(tx, NOW, 10, "me", HOUR)
    await searching.search(tx, "Léa Martin 35000 12/03/1984 K7P42 0639980001")
    await codes.redeem(tx, "page", "X", NOW)
    await keys.of_owner(tx, "month:2026-11", NOW)
    await state.get(tx, "clock")
    await scenes.scenes(tx, [here], NOW)
    wanted = ReviewWanted("silent", "P3", NOW, "silent:1", person_id=person.id)
    await review_opening.open_review(tx, wanted, here.id, NOW)
    await reviews.of_bundle(tx, here.id)
    await reviews.of_person(tx, person.id)
    await review_queue.queue(tx, NOW)
    await review_queue.queue(tx, NOW, owner=1)
    await review_queue.queue(tx, NOW, owner=review_queue.FreeFor(1, "North"), language="tr")
    await review_queue.queue(tx, NOW, owner=review_queue.Whose(frozenset({1, 2}), "North"))
    await assigning.assign(tx, here.id, 1)
    await events.append_many(tx, [Event("heard", NOW, person_id=person.id)], NOW)
    await events.trail(tx, person_id=person.id)
    await outbox.claim(tx, NOW, 10, "me", HOUR)
    await outbox.claim_uncertain(tx, NOW, 10, "me", HOUR)
    await outbox.sent(tx, ["SM1"])
    await outbox.next_due(tx)
    await alarms.untaken(tx, NOW, 2, NOW)
    await reviews.acknowledge(tx, 5, 1, NOW)


@pytest.fixture
async def statements(sqlite_store_url: str) -> list[tuple[str, Any]]:
    store = store_at(sqlite_store_url)
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0, given_name="Léa"), NOW)
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await people.link(tx, person.id, here.id)
        case = await cases.add(tx, Case(tx.ids.new(NOW), person.id))
    with overheard(store) as heard:
        async with store.writing() as tx:
            await everyday(tx, here, person, case)
    await store.close()
    return heard


async def test_no_everyday_query_reads_a_whole_table(
    statements: list[tuple[str, Any]], sqlite_store_url: str
) -> None:
    database = sqlite3.connect(sqlite_store_url.removeprefix("sqlite:///"))
    scans = [
        f"{step[3]}: {sql:.300}"
        for sql, values in statements
        if not sql.startswith("BEGIN")
        for step in database.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        if step[3].startswith("SCAN") and not SMALL.match(step[3])
    ]
    database.close()
    assert len(statements) > 40
    assert not scans, "\n".join(scans)
