"""Reviews: one matter is one line of the queue, one household is one agent's."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.store import addresses, bundles, people, reviews, users
from bot.store.engines import Store, Tx
from flows.vocabulary import Address, Person, ReviewWanted
from tests.stores import NOW

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def wanted(key: str = "danger:1", priority: str = "P1", **more: Any) -> ReviewWanted:
    due = NOW + {"P1": 5, "P2": 120, "P3": 480, "P4": 1440}[priority] * MINUTE
    whole = {"reason": key.split(":")[0], "deadline": due, "key": key, **more}
    return ReviewWanted(priority=priority, **whole)  # type: ignore[arg-type]


async def somebody(
    tx: Tx, number: str = "+33639980001", language: str = "fr"
) -> tuple[Person, Address]:
    new = Person(id=0, given_name="Sophie", language=language)  # type: ignore[arg-type]
    person = await people.add(tx, new, NOW)
    address = await addresses.lock(tx, "sms", number, NOW)
    await people.link(tx, person.id, address.id)
    return person, address


async def two_users(tx: Tx) -> tuple[int, int]:
    one = await users.add(tx, "claire@example.org", "agent", "x", "Claire", now=NOW)
    two = await users.add(tx, "karim@example.org", "agent", "x", "Karim", now=NOW)
    return one.id, two.id


async def test_the_same_matter_twice_is_one_review_with_both_details(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        first = wanted("breathing:1", "P2", person_id=person.id, detail={"words": "j'étouffe"})
        second = replace(first, priority="P1", deadline=NOW + MINUTE, detail={"words": "aidez-moi"})
        later = replace(first, deadline=NOW + 9 * HOUR, detail={})
        ids = [await reviews.open_review(tx, one, address.id, NOW) for one in (first, second)]
        ids.append(await reviews.open_review(tx, later, address.id, NOW + MINUTE))
        assert len(set(ids)) == 1
        (one,) = await reviews.of_bundle(tx, address.id)
        assert (one.id, one.priority, one.deadline) == (ids[0], "P1", NOW + MINUTE)
        assert [said["words"] for said in one.detail] == ["j'étouffe", "aidez-moi"]
        assert (one.person_id, one.address_id) == (person.id, address.id)
        assert await reviews.of_person(tx, person.id) == [one]
        assert await reviews.of_addresses(tx, [address.id, 5]) == {address.id: [one]}


async def test_a_matter_that_comes_up_at_once_in_many_places_is_one_review(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)

    async def open_it(number: int) -> int | None:
        async with store.writing() as tx:
            said = wanted(person_id=person.id, detail={"n": number})
            return await reviews.open_review(tx, said, address.id, NOW)

    ids = await asyncio.gather(*(open_it(number) for number in range(6)))
    assert len(set(ids)) == 1
    async with store.reading() as tx:
        (one,) = await reviews.of_bundle(tx, address.id)
        assert sorted(said["n"] for said in one.detail) == list(range(6))


async def test_a_batch_holds_several_matters_some_twice(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        batch = [
            (wanted("danger:1", "P2", person_id=person.id, detail={"n": 1}), address.id),
            (wanted("rights:1", "P4"), None),
            (wanted("danger:1", "P1", person_id=person.id, detail={"n": 2}), address.id),
        ]
        ids = await reviews.open_many(tx, batch, NOW)
        assert sorted(ids) == ["danger:1", "rights:1"]
        assert await reviews.open_many(tx, batch[1:2], NOW) == {"rights:1": ids["rights:1"]}
        danger = await reviews.get(tx, ids["danger:1"])
        assert danger is not None and danger.priority == "P1"
        assert [said["n"] for said in danger.detail] == [1, 2]
        assert await reviews.open_many(tx, [], NOW) == {}


async def test_a_review_is_lowered_and_never_closed_by_it(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        lower = wanted(priority="P2", lower_to="P2", detail={"lowered": "no emergency"})
        assert await reviews.open_review(tx, lower, address.id, NOW) is None
        assert await reviews.of_bundle(tx, address.id) == []
        await reviews.open_review(tx, wanted(), address.id, NOW)
        await reviews.open_review(tx, lower, address.id, NOW)
        await reviews.open_review(tx, replace(lower, lower_to="P1"), address.id, NOW)
        (one,) = await reviews.of_bundle(tx, address.id)
        assert (one.priority, one.state, one.deadline) == ("P2", "open", lower.deadline)
        assert one.detail == ({"lowered": "no emergency"},)
        await reviews.open_many(tx, [(wanted(), address.id), (lower, address.id)], NOW)
        (one,) = await reviews.of_bundle(tx, address.id)
        assert one.priority == "P1"


async def test_a_closed_matter_that_comes_up_again_is_a_new_review(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        user, _ = await two_users(tx)
        first = await reviews.open_review(tx, wanted(detail={"n": 1}), address.id, NOW)
        assert first is not None
        await reviews.note(tx, first, "rappelée", user, NOW)
        closed = await reviews.close(tx, first, "reached", user, NOW + HOUR)
        assert closed is not None and closed.state == "closed" and closed.closed_by == user
        assert (closed.outcome, closed.closed_at) == ("reached", NOW + HOUR)
        assert closed.detail[1] == {"note": "rappelée", "by": user, "at": NOW.isoformat()}
        assert await reviews.close(tx, first, "again", user, NOW + HOUR) is None
        second = await reviews.open_review(tx, wanted(), address.id, NOW + HOUR)
        assert second != first
        assert [one.id for one in await reviews.of_bundle(tx, address.id)] == [second, first]
        assert await reviews.note(tx, 1, "nobody", user, NOW) is None


async def test_a_review_without_a_number_hangs_on_where_its_person_is_reached(
    store: Store,
) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        unreached = await people.add(tx, Person(id=0), NOW)
        for key, one in (("a:1", person), ("b:1", unreached)):
            asked = wanted(key, "P3", person_id=one.id)
            await reviews.open_review(tx, asked, None, NOW)
        assert [one.key for one in await reviews.of_bundle(tx, address.id)] == ["a:1"]
        assert [one.key for one in await reviews.of_bundle(tx, unreached.id)] == ["b:1"]


async def test_two_users_cannot_hold_one_bundle(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        mine, other = await two_users(tx)
        await reviews.open_review(tx, wanted(), address.id, NOW)

    async def take(user: int) -> tuple[bool, int]:
        async with store.writing() as tx:
            return await reviews.lease(tx, address.id, user, NOW, 10)

    taken = await asyncio.gather(*(take(user) for user in (mine, other) * 3))
    holder = taken[0][1]
    assert all(one == (user == holder, holder)
               for one, user in zip(taken, (mine, other) * 3, strict=True))  # fmt: skip


async def test_a_lease_goes_back_when_its_user_vanishes(store: Store) -> None:
    async with store.writing() as tx:
        mine, other = await two_users(tx)
        assert await reviews.lease(tx, 7, mine, NOW, 10) == (True, mine)
        assert await reviews.renew(tx, 7, mine, NOW + 9 * MINUTE, 10)
        assert not await reviews.renew(tx, 7, other, NOW + 9 * MINUTE, 10)
        assert await reviews.holders(tx, [7, 8], NOW + 18 * MINUTE) == {7: mine}
        late = NOW + 19 * MINUTE
        assert await reviews.holders(tx, [7], late) == {}
        assert not await reviews.renew(tx, 7, mine, late, 10)
        assert await reviews.lease(tx, 7, other, late, 10) == (True, other)
        assert await reviews.lease(tx, 7, mine, late, 10) == (False, other)
        await reviews.release(tx, 7, mine)
        assert await reviews.holders(tx, [7], late) == {7: other}
        await reviews.release(tx, 7, other)
        assert await reviews.lease(tx, 7, mine, late, 10) == (True, mine)


async def test_an_alarm_is_acknowledged_until_a_new_one_comes(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        user, other = await two_users(tx)
        await reviews.open_review(tx, wanted(), address.id, NOW)
        assert await reviews.acknowledge(tx, address.id, user, NOW)
        assert not await reviews.acknowledge(tx, address.id, other, NOW)
        await reviews.open_review(tx, wanted(), address.id, NOW)
        await reviews.open_review(tx, wanted("other:1", "P2"), address.id, NOW)
        stands = (await bundles.standing(tx, [address.id], NOW))[address.id]
        assert (stands.acknowledged_by, stands.acknowledged_at) == (user, NOW)
        await reviews.open_review(tx, wanted("other:1", "P1"), address.id, NOW)
        assert (await bundles.standing(tx, [address.id], NOW))[address.id].acknowledged_at is None


async def a_day(tx: Tx) -> list[Address]:
    """Three households: the first with two reviews, the second a Spanish speaker's."""
    (one, at_one), (two, at_two) = await somebody(tx), await somebody(tx, "+33639980002", "es")
    stranger = await addresses.lock(tx, "sms", "+33639980003", NOW)
    batch = [
        (wanted("silent:1", "P3", person_id=one.id), at_one.id),
        (wanted("fever:1", "P2", person_id=one.id), at_one.id),
        (wanted("fever:2", "P2", person_id=two.id), at_two.id),
        (wanted("danger:3", "P1"), stranger.id),
    ]
    await reviews.open_many(tx, batch, NOW)
    return [at_one, at_two, stranger]


async def test_the_queue_has_one_line_for_each_household_the_most_urgent_first(
    store: Store,
) -> None:
    async with store.writing() as tx:
        one, two, stranger = await a_day(tx)
        lines = await reviews.queue(tx, NOW)
        assert [line.bundle.id for line in lines] == [stranger.id, one.id, two.id]
        assert [line.review.key for line in lines] == ["danger:3", "fever:1", "fever:2"]
        assert [line.count for line in lines] == [1, 2, 1]
        assert [line.person and line.person.given_name for line in lines] == [
            None,
            "Sophie",
            "Sophie",
        ]
        assert await reviews.counts(tx) == {"P1": 1, "P2": 2, "P3": 1}
        await reviews.close(tx, lines[1].review.id, "reached", None, NOW)
        lines = await reviews.queue(tx, NOW)
        assert [line.review.key for line in lines] == ["danger:3", "fever:2", "silent:1"]


async def test_the_queue_is_paged_and_filtered(store: Store) -> None:
    async with store.writing() as tx:
        one, two, stranger = await a_day(tx)
        user, _ = await two_users(tx)

        async def ids(**asked: Any) -> list[int]:
            return [line.bundle.id for line in await reviews.queue(tx, NOW, **asked)]

        first = await reviews.queue(tx, NOW, limit=1)
        assert await ids(after=first[0].place) == [one.id, two.id]
        assert await ids(priority="P2") == [one.id, two.id]
        assert await ids(priority="P3") == []
        assert await ids(reason="silent") == [one.id]
        assert await ids(language="es") == [two.id]
        await reviews.lease(tx, two.id, user, NOW, 10)
        assert await ids(owner=user) == [two.id]
        assert await ids(owner="unassigned") == [stranger.id, one.id]
        (mine,) = await reviews.queue(tx, NOW, owner=user)
        assert (mine.bundle.holder, mine.bundle.holder_name) == (user, "Claire")
        assert mine.bundle.until == NOW + 10 * MINUTE
        later = await reviews.queue(tx, NOW + 11 * MINUTE, owner="unassigned")
        assert [line.bundle.holder for line in later] == [None] * 3


async def test_of_two_equally_urgent_the_fragile_one_comes_first(store: Store) -> None:
    async with store.writing() as tx:
        one, two, stranger = await a_day(tx)
        lines = await reviews.queue(tx, NOW, fragile=lambda person: person.language == "es")
        assert [line.bundle.id for line in lines] == [stranger.id, two.id, one.id]


async def test_what_is_said_of_a_stranger_is_kept_under_the_month(store: Store) -> None:
    async with store.writing() as tx:
        stranger = await addresses.lock(tx, "sms", "+33639980003", NOW)
        said = [{"words": f"help {n}"} for n in range(60)]
        for one in said:
            await reviews.open_review(tx, wanted(detail=one), stranger.id, NOW)
    async with store.reading() as tx:
        (review,) = await reviews.of_bundle(tx, stranger.id)
        assert list(review.detail) == [said[0], *said[-49:]]
