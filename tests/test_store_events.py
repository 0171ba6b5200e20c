"""The trail: kept line by line, sealed where it tells of people, readable for who asks who read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store import addresses, events, keys, people
from bot.store.engines import Store
from bot.store.schema import events as rows
from flows.vocabulary import Event, Person
from tests.stores import NOW

HOUR = timedelta(hours=1)


async def test_the_trail_tells_what_happened_the_latest_first(store: Store) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0), NOW)
        address = await addresses.lock(tx, "sms", "+33639980001", NOW)
        first = Event(
            "heard", NOW, "person", person.id, address.id, 11, 12, 13, {"words": "j'étouffe"}
        )
        second = Event("moved", NOW + HOUR, person_id=person.id, data={"state": "closed"})
        third = Event("asked", NOW + HOUR, address_id=address.id, data={"words": "Qui ?"})
        await events.append_many(tx, [first, second, third], NOW + HOUR)
        assert await events.trail(tx, person_id=person.id) == [second, first]
        assert await events.trail(tx, address_id=address.id) == [third, first]
        assert await events.trail(tx, address_id=address.id, person_id=person.id) == [first]
        assert await events.trail(tx, review_id=13) == [first]
        assert await events.trail(tx, person_id=person.id, limit=1) == [second]
        await events.append_many(tx, [], NOW)
        await events.append(tx, [])


async def test_who_read_a_file_is_told_apart_from_what_else_happened(store: Store) -> None:
    async with store.writing() as tx:
        person, other = [await people.add(tx, Person(id=0), NOW) for _ in range(2)]
        seen = Event("read", NOW, "user:7", person.id, data={"page": "person"})
        await events.append(
            tx, [seen, Event("read", NOW, "user:8", other.id), Event("moved", NOW, "", person.id)]
        )
        assert await events.who_read(tx, person.id) == [seen]


@pytest.mark.parametrize("of_person", [True, False])
async def test_what_people_say_is_nowhere_in_clear(store: Store, of_person: bool) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0), NOW)
        address = await addresses.lock(tx, "sms", "+33639980001", NOW)
        said = Event(
            "heard", NOW, "person", person.id if of_person else None, address.id,
            data={"words": "secret"},
        )  # fmt: skip
        signed_in = Event("signed_in", NOW, "user:7", data={"role": "agent"})
        await events.append(tx, [said, signed_in])
        kept = (await tx.conn.execute(select(rows.c.data).order_by(rows.c.id))).scalars().all()
        assert b"secret" not in kept[0] and b"agent" in kept[1]


async def test_the_trail_of_an_erased_person_goes_on_without_words(store: Store) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0), NOW)
        said = Event("heard", NOW, "person", person.id, data={"words": "secret"})
        await events.append(tx, [said])
        await keys.destroy(tx, [keys.person_owner(person.id)], NOW)
        await events.append(tx, [Event("erased", NOW + HOUR, "user:7", person.id, data={"n": 1})])
        trail = await events.trail(tx, person_id=person.id)
        assert [(line.kind, line.data) for line in trail] == [("erased", {}), ("heard", {})]
