"""A call is offered only as a free hour of agents who are there, promised once, and made good."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.firing import fire
from bot.store import addresses, calls, events, messages, people, reviews, timers
from bot.store.engines import Store, Tx
from bot.store.schema import calls as promised_rows
from bot.store.schema import messages as texts
from bot.taking import take_all
from flows.rehearsal import Rehearsal, lines, somebody
from flows.rules import free_slots, seats, two_of
from flows.vocabulary import CallBook, CallChosen, Event, Incoming, Link, Person, Timer
from tests.stores import NOW, store_at

DESK = open_desk()
PACK = DESK.pack(NOW.date())
# Monday 23 November 2026, 10:00 in Paris.
TODAY_AT_ELEVEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


BOOK = CallBook()


def taken(booked: Mapping[datetime, int]) -> CallBook:
    """So many seats are promised at each moment."""
    return CallBook(taken={at: frozenset(range(many)) for at, many in booked.items()})


def count(at: datetime) -> int:
    """How many seats the rules give to a moment."""
    return sum(len(one.numbers) for one in seats(PACK, BOOK.week, at))


async def a_person(tx: Tx, number: str) -> tuple[Person, int]:
    person = await people.add(tx, Person(0, given_name="Yanis", language="fr"), NOW)
    address = await addresses.lock(tx, "sms", number, NOW)
    await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=NOW))
    return person, address.id


async def said(tx: Tx, address_id: int) -> list[str]:
    out = select(texts.c.id).where(texts.c.address_id == address_id, texts.c.direction == "out")
    found = [await messages.get(tx, one) for one in await tx.conn.scalars(out.order_by(texts.c.id))]
    return [one.text for one in found if one]


async def chosen(tx: Tx, number: str, at: datetime = TODAY_AT_ELEVEN) -> tuple[Person, int]:
    """Somebody who chose an hour."""
    person, address_id = await a_person(tx, number)
    await carry_out(tx, DESK, CallChosen(person.id, address_id, at), NOW)
    return person, address_id


async def timer_of(tx: Tx, person: Person, kind: str) -> Timer:
    return next(one for one in await timers.of_person(tx, person.id) if one.kind == kind)


# -- which hours are free


def test_hours_are_free_only_while_agents_are_there() -> None:
    free = free_slots(PACK, NOW, BOOK, "fr")
    assert free[0] == NOW + timedelta(minutes=30)
    sundays = [one for one in free if one.astimezone(PACK.zone).weekday() == 6]
    assert not sundays and all(count(one) for one in free)
    assert count(datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) == 0


def test_an_hour_whose_seats_are_all_taken_is_offered_no_more() -> None:
    first = free_slots(PACK, NOW, BOOK, "fr")[0]
    many = count(first)
    assert first in free_slots(PACK, NOW, taken({first: many - 1}), "fr")
    assert first not in free_slots(PACK, NOW, taken({first: many}), "fr")


def test_a_holiday_has_no_hours() -> None:
    christmas_eve = datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    days = {one.astimezone(PACK.zone).day for one in free_slots(PACK, christmas_eve, BOOK, "fr")}
    assert 25 not in days and 26 in days


def test_of_two_hours_one_is_soon_and_one_another_day() -> None:
    soon, later = two_of(free_slots(PACK, NOW, BOOK, "fr"))
    assert soon.date() == NOW.date() < later.date()
    assert two_of((soon,)) == (soon,) and two_of(()) == ()


# -- what is offered


def rehearsed(lang: str = "fr", now: datetime = NOW) -> Rehearsal:
    here = somebody("contact", lang, now.date(), proven=True, now=now)
    talk = Rehearsal(DESK, here, now)
    talk.begin("check_in")
    return talk


@pytest.mark.parametrize(
    ("reply", "which"), [("1", 0), ("2", 1), ("demain", 1), ("demain 9h", 1), ("aujourd'hui", 0)]
)
def test_an_hour_is_chosen_by_its_number_or_its_words(reply: str, which: int) -> None:
    talk = rehearsed()
    talk.hear("je veux parler à quelqu'un")
    offered = two_of(free_slots(PACK, talk.now, BOOK, "fr"))
    (deed,) = talk.hear(reply).deeds
    assert isinstance(deed, CallChosen) and deed.starts_at == offered[which]


def test_the_open_question_comes_again_once_the_hour_is_chosen() -> None:
    talk = rehearsed()
    asked = talk.turns[-1].drafts[-1].text
    talk.hear("je veux parler à quelqu'un")
    assert talk.hear("1").drafts[-1].text == asked


def test_where_no_hour_is_free_nothing_is_promised() -> None:
    talk = rehearsed()
    full = dict.fromkeys(free_slots(PACK, NOW, BOOK, "fr"), 9)
    talk.scene = replace(talk.scene, calls=taken(full))
    said_now = [text for mark, text in lines(talk.hear("appel")) if mark == "<"]
    assert said_now and not any("Quand" in text for text in said_now)
    assert all("vous appelle" not in text for text in said_now)


def test_the_only_free_hour_is_offered_alone() -> None:
    talk = rehearsed()
    full = dict.fromkeys(free_slots(PACK, NOW, BOOK, "fr"), 9)
    talk.scene = replace(talk.scene, calls=taken(full | {TODAY_AT_ELEVEN: 0}))
    asked = talk.hear("appel").drafts[-1].text
    assert "? 1 aujourd'hui 11 h 2 autre moment." in asked
    (deed,) = talk.hear("1").deeds
    assert isinstance(deed, CallChosen) and deed.starts_at == TODAY_AT_ELEVEN


def test_another_hour_is_for_a_person_to_read() -> None:
    talk = rehearsed()
    talk.hear("appel")
    talk.hear("3")
    turn = talk.hear("jeudi vers 15 h")
    assert {one.reason for one in turn.reviews} == {"human_wanted"}


def test_danger_in_the_choice_of_an_hour_is_heard() -> None:
    talk = rehearsed()
    talk.hear("appel")
    turn = talk.hear("je n'arrive plus à respirer")
    assert [one.priority for one in turn.reviews] == ["P1"]


# -- promised once


async def test_an_hour_is_announced_with_its_word_and_is_a_review_due_then(store: Store) -> None:
    async with store.writing() as tx:
        person, address_id = await chosen(tx, "+33639980001")
        (text,) = await said(tx, address_id)
        assert "aujourd'hui 11 h" in text and "dira le mot" in text
        (wish,) = await reviews.of_person(tx, person.id)
        assert (wish.reason, wish.deadline) == ("human_wanted", TODAY_AT_ELEVEN)


async def test_carried_out_twice_it_is_one_promise(store: Store) -> None:
    async with store.writing() as tx:
        person, address_id = await chosen(tx, "+33639980001")
        await carry_out(tx, DESK, CallChosen(person.id, address_id, TODAY_AT_ELEVEN), NOW)
        assert (await calls.taken(tx, NOW)) == {TODAY_AT_ELEVEN: frozenset({0})}
        assert len(await said(tx, address_id)) == 1


async def test_another_hour_gives_the_first_back(store: Store) -> None:
    async with store.writing() as tx:
        person, address_id = await chosen(tx, "+33639980001")
        later = TODAY_AT_ELEVEN + timedelta(hours=2)
        await carry_out(tx, DESK, CallChosen(person.id, address_id, later), NOW)
        assert (await calls.taken(tx, NOW)) == {later: frozenset({0})}
        await fire(tx, DESK, await timer_of(tx, person, "call_missed"), TODAY_AT_ELEVEN)
        assert len(await said(tx, address_id)) == 2


async def test_two_processes_never_promise_one_seat_twice(store_url: str) -> None:
    one, other = store_at(store_url), store_at(store_url)
    other.ids.random.seed(2)
    try:
        async with one.writing() as tx:
            waiting = [await a_person(tx, f"+3363998{n:04}") for n in range(12)]

        async def choose(store: Store, person: Person, address_id: int) -> None:
            async with store.writing() as tx:
                deed = CallChosen(person.id, address_id, TODAY_AT_ELEVEN)
                await carry_out(tx, DESK, deed, NOW)

        await asyncio.gather(*(choose((one, other)[n % 2], *who) for n, who in enumerate(waiting)))
        async with one.reading() as tx:
            rows = (await tx.conn.execute(select(promised_rows))).all()
            assert len(rows) == count(TODAY_AT_ELEVEN) == len({row.seat for row in rows})
    finally:
        await one.close()
        await other.close()


async def test_who_came_too_late_is_offered_other_hours(store: Store) -> None:
    async with store.writing() as tx:
        for n in range(count(TODAY_AT_ELEVEN)):
            await chosen(tx, f"+3363998000{n}")
        person, address_id = await chosen(tx, "+33639980009")
        assert not await said(tx, address_id)
        await fire(tx, DESK, await timer_of(tx, person, "call_taken"), NOW)
        sorry, asked = await said(tx, address_id)
        assert "Pardon" in sorry and "11 h" not in asked and "1 aujourd'hui 10 h 30" in asked


async def test_what_somebody_writes_books_the_hour_that_was_offered(store: Store) -> None:
    async with store.writing() as tx:
        _, address_id = await a_person(tx, "+33639980001")
        for n, words in enumerate(("APPEL", "2")):
            now = NOW + timedelta(minutes=n)
            incoming = Incoming("sms", f"SM{n}", "+33639980001", "38000", words)
            await take_all(tx, [incoming], DESK, now)
        asked = (await said(tx, address_id))[0]
        assert "1 aujourd'hui 10 h 30 2 demain 9 h 3 autre moment" in asked


# -- kept, or made good


async def test_a_missed_hour_writes_first_and_offers_new_ones(store: Store) -> None:
    async with store.writing() as tx:
        person, address_id = await chosen(tx, "+33639980001")
        timer = await timer_of(tx, person, "call_missed")
        assert timer.due_at == TODAY_AT_ELEVEN + timedelta(minutes=20)
        await fire(tx, DESK, timer, timer.due_at)
        _, sorry, asked = await said(tx, address_id)
        assert "pardon" in sorry and "Quand pouvons-nous vous appeler" in asked
        assert await calls.of_person(tx, person.id) is None
        await fire(tx, DESK, timer, timer.due_at)
        assert len(await said(tx, address_id)) == 3


async def test_a_call_that_an_agent_logged_is_not_missed(store: Store) -> None:
    async with store.writing() as tx:
        person, address_id = await chosen(tx, "+33639980001")
        logged = Event("decided", TODAY_AT_ELEVEN, person_id=person.id, data={"what": "call"})
        await events.append_many(tx, [logged], TODAY_AT_ELEVEN)
        timer = await timer_of(tx, person, "call_missed")
        await fire(tx, DESK, timer, timer.due_at)
        assert len(await said(tx, address_id)) == 1


async def test_who_wrote_stop_hears_nothing_of_a_missed_hour(store: Store) -> None:
    async with store.writing() as tx:
        person, address_id = await chosen(tx, "+33639980001")
        incoming = Incoming("sms", "SM1", "+33639980001", "38000", "STOP")
        await take_all(tx, [incoming], DESK, NOW)
        before = await said(tx, address_id)
        timer = await timer_of(tx, person, "call_missed")
        await fire(tx, DESK, timer, timer.due_at)
        assert await said(tx, address_id) == before
