"""What is due: each timer fires once and each deed is done once, whoever dies on the way."""

import asyncio
from datetime import date, timedelta
from typing import get_args

import pytest

from bot.store import addresses, deed_rows, people, timers
from bot.store.engines import Store
from flows.vocabulary import (
    CallChosen,
    ChatWanted,
    CheckedIn,
    ContactNamed,
    Deed,
    Enrol,
    HelperAgreed,
    HelperEnded,
    HelpReached,
    Instructed,
    ListClosed,
    MemberNamed,
    Named,
    NumberWrong,
    PageWanted,
    Person,
    PersonLearned,
    ReachElsewhere,
    RelayOpened,
    SilenceAsked,
    StateMoved,
    Timer,
    TurnedPositive,
    VoiceWanted,
    WrittenBy,
)
from tests.stores import NOW

MINUTE = timedelta(minutes=1)
DAY = date(2026, 11, 20)
DEEDS: tuple[Deed, ...] = (
    ContactNamed(1, 2, Named(3, "Paul", "+33639980002", last_day=DAY, birth_date=DAY, minor=True)),
    ListClosed(1, "listed", groups=({"setting": "work", "count": 3},)),
    Enrol(1, "contact", 2, contact_id=3),
    PersonLearned(1, {"facts.pregnant": "yes", "birth_date": DAY.isoformat()}),
    StateMoved("case", 1, "closed", "completed"),
    CheckedIn(1, 2, DAY, {"temperature": 38.2, "symptoms": ["cough"]}, {"priority": "P3"}, True),
    NumberWrong(1, 2, contact_id=3),
    ReachElsewhere(1, 2, 3, "failed", 4),
    PageWanted(1, 2),
    RelayOpened(1, 3),
    HelperAgreed(1, 2, "aloud"),
    HelperEnded(1),
    MemberNamed(1, 2, 3, Named(1, "Tom", birth_date=DAY)),
    SilenceAsked(1, True),
    CallChosen(1, 2, NOW),
    TurnedPositive(1, 2, 3, DAY),
    HelpReached(1),
    Instructed(case_id=1),
    ChatWanted(1, 2),
    VoiceWanted(1, 2, True),
    WrittenBy(1, 2, "whatsapp"),
)


def timer(key: str = "a", after: timedelta = timedelta(0)) -> Timer:
    return Timer(key, "silence", NOW + after, data={"node": "case.who"})


async def test_a_timer_comes_back_once_it_is_due_the_oldest_first(store: Store) -> None:
    async with store.writing() as tx:
        await timers.set_many(tx, [timer("b", MINUTE), timer("a"), timer("later", 9 * MINUTE)])
        due = await timers.claim(tx, NOW + 2 * MINUTE, 10, "me", MINUTE)
        assert due == [(timer("a"), 1), (timer("b", MINUTE), 1)]
        assert await timers.next_due(tx) == NOW


async def test_a_timer_set_again_moves(store: Store) -> None:
    async with store.writing() as tx:
        await timers.set_timer(tx, timer())
        await timers.set_timer(tx, timer(after=MINUTE))
        assert await timers.claim(tx, NOW, 10, "me", MINUTE) == []
        assert await timers.claim(tx, NOW + MINUTE, 10, "me", MINUTE) == [(timer("a", MINUTE), 1)]


async def test_a_timer_that_moved_or_went_does_not_fire(store: Store) -> None:
    async with store.writing() as tx:
        await timers.set_many(tx, [timer("moved"), timer("gone"), timer("stays")])
        assert len(await timers.claim(tx, NOW, 10, "me", MINUTE)) == 3
    async with store.writing() as tx:
        await timers.set_timer(tx, timer("moved", MINUTE))
        await timers.drop(tx, ["gone", "never there"])
        fired = [
            key for key in ("moved", "gone", "stays") if await timers.take(tx, timer(key), "me")
        ]
        assert fired == ["stays"]
        assert not await timers.take(tx, timer("stays"), "me")


async def test_a_dead_workers_timer_is_anothers(store: Store) -> None:
    async with store.writing() as tx:
        await timers.set_timer(tx, timer())
        await timers.claim(tx, NOW, 10, "dead", MINUTE)
        assert await timers.claim(tx, NOW + MINUTE / 2, 10, "other", MINUTE) == []
        assert await timers.claim(tx, NOW + MINUTE, 10, "other", MINUTE) == [(timer(), 2)]
        assert not await timers.take(tx, timer(), "dead")
        assert await timers.take(tx, timer(), "other")


async def test_two_workers_never_claim_the_same_timer_or_deed(store: Store) -> None:
    many = 40
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await timers.set_many(tx, [timer(f"t{n}") for n in range(many)])
        wanted = [(f"d{n}", StateMoved("case", n, "closed"), here.id) for n in range(many)]
        await deed_rows.ask(tx, wanted, NOW)
    fired: list[str] = []
    done: list[int] = []

    async def work(worker: str) -> None:
        more = True
        while more:
            async with store.writing() as tx:
                due = await timers.claim(tx, NOW, 3, worker, MINUTE)
                rows = await deed_rows.claim(tx, NOW, 3, worker, MINUTE)
                await asyncio.sleep(0)
            fired.extend(one.key for one, _ in due)
            done.extend(row.id for row in rows)
            more = bool(due or rows)

    await asyncio.gather(*(work(f"w{n}") for n in range(4)))
    assert sorted(fired) == sorted(f"t{n}" for n in range(many))
    assert len(done) == len(set(done)) == many


async def test_what_waits_for_a_person_moves_with_them(store: Store) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(0), NOW)
        for key, address_id in (("a", 1), ("b", None)):
            await timers.set_timer(
                tx, Timer(key, "start", NOW, person_id=person.id, address_id=address_id)
            )
        await timers.move(tx, person.id, 2)
        moved = {one.key: one.address_id for one in await timers.of_person(tx, person.id)}
    assert moved == {"a": 2, "b": None}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: type(deed).__name__)
async def test_a_deed_comes_back_as_it_was_asked(store: Store, deed: Deed) -> None:
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await deed_rows.ask(tx, [("k", deed, here.id)], NOW)
        (row,) = await deed_rows.claim(tx, NOW, 10, "me", MINUTE)
    assert (row.deed, row.tries, row.address_id) == (deed, 1, here.id)


def test_every_kind_of_deed_is_among_them() -> None:
    assert {type(deed) for deed in DEEDS} == set(get_args(Deed))


async def test_a_deed_asked_twice_under_one_key_is_done_once(store: Store) -> None:
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        for _ in range(2):
            await deed_rows.ask(tx, [("k", DEEDS[4], here.id)], NOW)
        (row,) = await deed_rows.claim(tx, NOW, 10, "me", MINUTE)
        assert await deed_rows.take(tx, row, "me")
        assert not await deed_rows.take(tx, row, "me")
        assert await deed_rows.claim(tx, NOW + 2 * MINUTE, 10, "me", MINUTE) == []


async def test_deeds_are_done_in_the_order_in_which_they_were_asked(store: Store) -> None:
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await deed_rows.ask(tx, [(f"k{n}", deed, here.id) for n, deed in enumerate(DEEDS)], NOW)
        rows = await deed_rows.claim(tx, NOW, 50, "me", MINUTE)
    assert tuple(row.deed for row in rows) == DEEDS


async def test_a_deed_that_failed_waits_and_one_given_up_never_comes_again(store: Store) -> None:
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await deed_rows.ask(tx, [("k", DEEDS[0], here.id)], NOW)
        (row,) = await deed_rows.claim(tx, NOW, 10, "me", MINUTE)
        await deed_rows.failed(tx, row.id, "KeyError", NOW + 5 * MINUTE)
        assert await deed_rows.claim(tx, NOW + 4 * MINUTE, 10, "me", MINUTE) == []
        (again,) = await deed_rows.claim(tx, NOW + 5 * MINUTE, 10, "me", MINUTE)
        assert (again.deed, again.tries) == (DEEDS[0], 2)
        await deed_rows.failed(tx, row.id, "KeyError", None)
        assert await deed_rows.claim(tx, NOW + 99 * MINUTE, 10, "me", MINUTE) == []


async def test_a_deed_rolled_back_with_its_work_is_done_by_the_next_worker(store: Store) -> None:
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await deed_rows.ask(tx, [("k", DEEDS[0], here.id)], NOW)
        (row,) = await deed_rows.claim(tx, NOW, 10, "dead", MINUTE)
    with pytest.raises(RuntimeError):
        async with store.writing() as tx:
            assert await deed_rows.take(tx, row, "dead")
            raise RuntimeError("killed before the commit")
    async with store.writing() as tx:
        (again,) = await deed_rows.claim(tx, NOW + MINUTE, 10, "other", MINUTE)
        assert not await deed_rows.take(tx, row, "dead")
        assert await deed_rows.take(tx, again, "other")
