"""Codes, published flows, leases and what the service remembers of itself."""

import asyncio
from datetime import timedelta

import pytest

from bot.store import codes, people, state, versions
from bot.store.engines import Store
from flows.vocabulary import Person
from tests.stores import NOW

HOUR = timedelta(hours=1)


async def test_a_code_opens_once_for_its_purpose_and_in_time(store: Store) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0), NOW)
        code = await codes.issue(tx, "telegram", person.id, None, HOUR, NOW)
        late = await codes.issue(tx, "telegram", person.id, None, HOUR, NOW)
        assert await codes.redeem(tx, "page", code, NOW) is None
        assert await codes.redeem(tx, "telegram", late, NOW + HOUR) is None
        seen = await codes.look(tx, "telegram", code, NOW)
        typed = f" {code[:4]}-{code[4:]} ".lower()
        assert await codes.redeem(tx, "telegram", typed, NOW) == seen
        assert seen == codes.Code("telegram", person.id, None, NOW + HOUR)
        assert await codes.redeem(tx, "telegram", code, NOW) is None
        assert await codes.look(tx, "telegram", code, NOW) is None


async def test_a_code_redeemed_by_many_at_once_opens_for_one(store: Store) -> None:
    async with store.writing() as tx:
        code = await codes.issue(tx, "page", None, None, HOUR, NOW, length=28)
    assert len(code) == 28

    async def redeem() -> bool:
        async with store.writing() as tx:
            return await codes.redeem(tx, "page", code, NOW) is not None

    assert sorted(await asyncio.gather(*(redeem() for _ in range(5)))) == [False] * 4 + [True]


async def test_the_newest_version_is_served_and_earlier_ones_stay(store: Store) -> None:
    async with store.writing() as tx:
        assert await versions.mark(tx) == 0
        first = await versions.publish(tx, "case", "s1", "{}", NOW)
        before = await versions.mark(tx)
        second = await versions.publish(tx, "case", "s1", '{"a":1}', NOW + HOUR, by=7)
        third = await versions.publish(tx, "case", "s2", '{"a":2}', NOW + 2 * HOUR)
        assert await versions.mark(tx) > before
        assert await versions.newest(tx) == [third]
        assert await versions.of_structure(tx, "case", "s1") == second
        assert await versions.of_structure(tx, "case", "s9") is None
        assert await versions.history(tx, "case") == [third, second, first]


async def test_a_lease_is_for_one_until_its_end(store: Store) -> None:
    async with store.writing() as tx:
        assert await state.take_lease(tx, "sweep", "a", NOW + HOUR, NOW)
        assert not await state.take_lease(tx, "sweep", "b", NOW + HOUR, NOW)
        assert await state.take_lease(tx, "sweep", "a", NOW + 2 * HOUR, NOW + HOUR / 2)
        assert await state.take_lease(tx, "sweep", "b", NOW + 4 * HOUR, NOW + 3 * HOUR)
        await state.give_back(tx, "sweep", "a")
        assert not await state.take_lease(tx, "sweep", "a", NOW + 5 * HOUR, NOW + 3 * HOUR)
        await state.give_back(tx, "sweep", "b")
        assert await state.take_lease(tx, "sweep", "a", NOW + 5 * HOUR, NOW + 3 * HOUR)


async def test_a_database_belongs_to_one_mode(store: Store) -> None:
    async with store.writing() as tx:
        await state.claim_mode(tx, "production", NOW)
        await state.claim_mode(tx, "production", NOW)
        with pytest.raises(state.WrongMode):
            await state.claim_mode(tx, "demonstration", NOW)


async def test_what_is_put_is_got(store: Store) -> None:
    async with store.writing() as tx:
        assert await state.get(tx, "offset") is None
        await state.put(tx, "offset", "1", NOW)
        await state.put(tx, "offset", "2", NOW)
        assert await state.get(tx, "offset") == "2"
