"""The one way out, on both databases: in order, once, and looked at again before each sending."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.metrics import Counts
from bot.outbox import Outbox
from bot.pace import Pace
from bot.store import addresses, bundles, messages, people, reviews, users
from bot.store.engines import Store
from flows.vocabulary import (
    Accepted,
    Address,
    ChannelName,
    Draft,
    Incoming,
    Message,
    Outgoing,
    Person,
    Sent,
    Uncertain,
)
from tests.services import MARIE, NOON, Still, desk


class Provider:
    """A channel that keeps what it was given; `answer` decides what it says."""

    def __init__(self, pause_s: float = 0.0) -> None:
        self.sent: list[Outgoing] = []
        self.busiest = 0
        self.answer: Callable[[Outgoing], Sent] = lambda given: Accepted(f"P-{given.key}", "sent")
        self._pause_s = pause_s
        self._now = 0

    @property
    def name(self) -> ChannelName:
        return "sms"

    async def send(self, outgoing: Outgoing) -> Sent:
        self._now += 1
        self.busiest = max(self.busiest, self._now)
        await asyncio.sleep(self._pause_s)
        self._now -= 1
        self.sent.append(outgoing)
        return self.answer(outgoing)

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        return None

    async def recent(self, since: datetime) -> list[Incoming]:
        return []

    async def close(self) -> None:
        """Nothing to give back."""

    @property
    def texts(self) -> list[str]:
        return [given.text for given in self.sent]


def outbox_of(
    store: Store, provider: Provider, clock: Still | None = None, owner: str = "w"
) -> Outbox:
    now = (clock or Still()).now
    made = Outbox(store, desk(), now, {"sms": provider}, Counts(), lambda: 0.5, owner)
    made._paces["sms"] = Pace(None)
    return made


async def work(outbox: Outbox) -> None:
    """Until nothing may go now."""
    while True:
        outbox.woken.clear()
        more = await outbox.step()
        await outbox.settle()
        if not more and not outbox.woken.is_set():
            return


async def waiting(
    store: Store, *drafts: Draft, number: str = MARIE, person: bool = False
) -> Address:
    """These texts wait at a number."""
    async with store.writing() as tx:
        address = await addresses.lock(tx, "sms", number, NOON)
        if person and not await people.at_address(tx, address.id):
            await people.add(tx, Person(7, "Marie", "Bernard"), NOON)
            await people.link(tx, 7, address.id)
        await messages.queue_drafts(tx, [(address, draft) for draft in drafts], NOON)
    return address


async def states(store: Store, number: str = MARIE) -> list[tuple[str, str]]:
    async with store.reading() as tx:
        found = await addresses.find_all(tx, number)
        said: list[Message] = await messages.transcript(tx, [one.id for one in found])
    return [(one.state, one.reason) for one in said]


async def test_the_texts_of_one_number_arrive_in_order(store: Store) -> None:
    provider = Provider(0.002)
    await waiting(store, *(Draft(f"k{n}", "reply", f"text {n}") for n in range(8)))
    await work(outbox_of(store, provider))
    assert provider.texts == [f"text {n}" for n in range(8)]


async def test_a_safety_text_overtakes_what_waited_before_it(store: Store) -> None:
    provider = Provider()
    await waiting(store, Draft("a", "notice", "later"), Draft("b", "safety", "call 15"))
    await work(outbox_of(store, provider))
    assert provider.texts == ["call 15", "later"]


async def test_many_numbers_are_written_to_at_once_but_never_more_than_64(store: Store) -> None:
    provider = Provider(0.02)
    for n in range(150):
        await waiting(store, Draft(f"k{n}", "reply", "x"), number=f"+3363998{n:04}")
    outbox = outbox_of(store, provider)
    await work(outbox)
    assert len(provider.sent) == 150
    assert 16 < provider.busiest <= 64
    # What came back together was recorded together.
    assert (outbox._results.broken, outbox._results.batches < 50) == (0, True)


async def test_two_workers_send_nothing_twice(store: Store) -> None:
    provider = Provider(0.001)
    for n in range(40):
        drafts = [Draft(f"k{n}-{i}", "reply", f"{n}-{i}") for i in range(3)]
        await waiting(store, *drafts, number=f"+3363998{n:04}")
    workers = [outbox_of(store, provider, owner=name) for name in "ab"]
    for _ in range(5):
        await asyncio.gather(*(work(one) for one in workers))
    assert sorted(provider.texts) == sorted(f"{n}-{i}" for n in range(40) for i in range(3))


async def test_what_stopped_being_right_is_cancelled_with_its_reason(store: Store) -> None:
    provider = Provider()
    address = await waiting(store, Draft("a", "question", "?", person_id=None))
    async with store.writing() as tx:
        await addresses.save(tx, replace(address, silence="stopped"))
    await work(outbox_of(store, provider))
    assert provider.sent == []
    assert await states(store) == [("cancelled", "stopped")]


async def test_a_number_on_the_do_not_write_list_is_not_written_to(store: Store) -> None:
    provider = Provider()
    await waiting(store, Draft("a", "question", "?"))
    async with store.writing() as tx:
        await addresses.forbid(tx, MARIE, None, "wrong number", NOON)
    await work(outbox_of(store, provider))
    assert await states(store) == [("cancelled", "do_not_write")]


async def test_while_an_agent_has_the_household_questions_wait_and_danger_does_not(
    store: Store,
) -> None:
    provider, clock = Provider(), Still()
    address = await waiting(
        store, Draft("a", "question", "?", person_id=7), Draft("b", "safety", "15"), person=True
    )
    async with store.writing() as tx:
        user = await users.add(tx, "a@example.org", "agent", "hash", now=NOON)
        assert await bundles.lease(tx, address.id, user.id, NOON, minutes=10)
    outbox = outbox_of(store, provider, clock)
    await work(outbox)
    assert provider.texts == ["15"]
    assert ("waiting", "agent_at_work") in await states(store)
    clock.forward(minutes=11)
    await work(outbox)
    assert provider.texts == ["15", "?"]


async def test_what_waits_for_the_morning_counts_as_no_try(store: Store) -> None:
    provider, clock = Provider(), Still(NOON + timedelta(hours=12))
    await waiting(store, Draft("a", "question", "?"))
    outbox = outbox_of(store, provider, clock)
    await work(outbox)
    assert await states(store) == [("waiting", "quiet_hours")]
    clock.forward(hours=9, minutes=59)
    await work(outbox)
    assert provider.sent == []
    clock.forward(minutes=2)
    await work(outbox)
    assert provider.texts == ["?"]


async def test_a_machine_that_slept_before_the_turn_of_a_text_looks_at_it_anew(
    store: Store,
) -> None:
    provider, clock = Provider(), Still()
    outbox = outbox_of(store, provider, clock)

    class Sleeping(Pace):
        async def turn(self, place: str) -> None:
            clock.forward(hours=12)
            outbox._paces["sms"] = Pace(None)

    outbox._paces["sms"] = Sleeping(None)
    await waiting(store, Draft("a", "question", "?"))
    await work(outbox)
    assert (provider.sent, await states(store)) == ([], [("waiting", "quiet_hours")])
    clock.forward(hours=11)
    await work(outbox)
    assert provider.texts == ["?"]


async def test_a_channel_that_breaks_leaves_the_text_uncertain(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    provider = Provider()

    def breaks(given: Outgoing) -> Sent:
        raise RuntimeError(given.to)

    provider.answer = breaks
    await waiting(store, Draft("a", "reply", "x"))
    await work(outbox_of(store, provider))
    assert await states(store) == [("uncertain", "RuntimeError")]
    assert MARIE not in caplog.text


async def test_a_lost_text_is_not_taken_for_another_of_the_same_words(store: Store) -> None:
    class Alike(Provider):
        async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
            return Accepted("P-a", "sent")

    provider, clock = Alike(), Still()
    outbox = outbox_of(store, provider, clock)
    await waiting(store, Draft("a", "reply", "the same"))
    await work(outbox)
    provider.answer = lambda given: Uncertain("time-out")
    await waiting(store, Draft("b", "reply", "the same"))
    await work(outbox)
    clock.forward(minutes=1)
    await outbox.look_up()
    await outbox.settle()
    assert [state for state, _ in await states(store)] == ["sent", "uncertain"]
    clock.forward(minutes=10)
    await outbox.look_up()
    async with store.reading() as tx:
        found = await addresses.find_all(tx, MARIE)
        reasons = [
            one.reason for one in (await reviews.of_addresses(tx, [found[0].id]))[found[0].id]
        ]
    assert reasons == ["send_uncertain"]


async def test_a_channel_that_is_not_set_up_is_no_end_of_the_world(store: Store) -> None:
    await waiting(store, Draft("a", "reply", "x"))
    outbox = outbox_of(store, Provider())
    outbox._channels = {}
    await work(outbox)
    assert await states(store) == [("waiting", "configuration")]


async def test_what_was_handed_over_is_recorded_before_the_end(store: Store) -> None:
    provider = Provider(0.02)
    await waiting(store, Draft("a", "reply", "x"))
    outbox = outbox_of(store, provider)
    await outbox.step()
    await outbox.close()
    assert await states(store) == [("sent", "")]


def test_a_pace_spreads_texts_and_holds_one_place_up_for_no_other() -> None:
    pace = Pace(1.0)
    assert [round(pace.slot(place, 100.0), 3) for place in "aabc"] == [100.0, 101.0, 100.0, 100.0]
    assert round(pace.slot("d", 200.0), 3) == 200.0
