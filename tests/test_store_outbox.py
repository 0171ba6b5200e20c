"""The outbox: what waits goes out once, in order, by one worker, and never backward."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from bot.sending import Standing
from bot.store import addresses, conversations, messages, outbox, people, reviews, users
from bot.store.engines import Store, Tx
from bot.store.schema import messages as rows
from flows.vocabulary import (
    Accepted,
    Address,
    Conversation,
    DeliveryReport,
    Draft,
    Frame,
    Message,
    Person,
)
from tests.stores import NOW

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LEASE = 90 * SECOND


async def address_of(tx: Tx, number: int = 1) -> Address:
    return await addresses.lock(tx, "sms", f"+336399800{number:02}", NOW)


async def write(
    tx: Tx, address: Address, *kinds: str, now: datetime = NOW, **more: Any
) -> list[str]:
    """Put texts into the outbox; their keys."""
    made = [Draft(f"{kind}:{tx.ids.new(now)}", kind, "Bonjour", **more) for kind in kinds]
    await messages.queue_drafts(tx, [(address, draft) for draft in made], now)
    return [draft.key for draft in made]


async def claim(tx: Tx, now: datetime = NOW, most: int = 50, worker: str = "a") -> list[Standing]:
    return await outbox.claim(tx, now, most, worker, LEASE)


def keys_of(claimed: Sequence[Standing]) -> list[str]:
    return [standing.message.key for standing in claimed]


def kinds_of(claimed: Sequence[Standing]) -> list[str]:
    return [standing.message.kind for standing in claimed]


async def read(tx: Tx, key: str) -> Message:
    message_id = await tx.conn.scalar(select(rows.c.id).where(rows.c.key == key))
    message = await messages.get(tx, message_id or 0)
    assert message is not None
    return message


async def test_two_workers_never_claim_the_same_text(store: Store) -> None:
    async with store.writing() as tx:
        for number in range(40):
            await write(tx, await address_of(tx, number), "question")

    async def work(worker: str) -> list[str]:
        mine: list[str] = []
        for _ in range(6):
            async with store.writing() as tx:
                mine += keys_of(await claim(tx, most=7, worker=worker))
        return mine

    taken = [key for keys in await asyncio.gather(*map(work, "abcd")) for key in keys]
    assert len(taken) == len(set(taken)) == 40


async def test_many_workers_at_once_have_one_text_in_flight_to_a_number(store: Store) -> None:
    async with store.writing() as tx:
        for number in range(8):
            await write(tx, await address_of(tx, number), "reply", "question", "notice")

    async def work(worker: str) -> list[int]:
        async with store.writing() as tx:
            return [one.address.id for one in await claim(tx, worker=worker)]

    taken = [one for found in await asyncio.gather(*map(work, "abcd")) for one in found]
    assert len(taken) == len(set(taken)) == 8


async def test_what_is_urgent_goes_first_whatever_waited_longer(store: Store) -> None:
    kinds = ("notice", "reminder", "question", "agent", "reply", "safety")
    async with store.writing() as tx:
        for number, kind in enumerate(kinds):
            await write(tx, await address_of(tx, number), kind, now=NOW + number * SECOND)
        claimed = await claim(tx, NOW + MINUTE)
        assert kinds_of(claimed) == ["safety", "agent", "reply", "question", "reminder", "notice"]
        assert kinds_of(await claim(tx, NOW + MINUTE)) == []


async def test_one_text_at_a_time_is_in_flight_to_a_number(store: Store) -> None:
    async with store.writing() as tx:
        address = await address_of(tx)
        await write(tx, address, "reply", "question", "reply")
        for number, kind in enumerate(("reply", "reply", "question")):
            (one,) = await claim(tx)
            assert one.message.kind == kind
            assert await claim(tx) == []
            await outbox.accepted(tx, one.message.id, Accepted(f"SM{number}"), NOW)
        assert await claim(tx) == []


async def test_a_safety_text_waits_for_nothing(store: Store) -> None:
    async with store.writing() as tx:
        address = await address_of(tx)
        await write(tx, address, "reply")
        assert kinds_of(await claim(tx)) == ["reply"]
        await write(tx, address, "safety", "question")
        assert kinds_of(await claim(tx)) == ["safety"]
        assert await claim(tx) == []


async def test_what_a_provider_put_off_keeps_its_place(store: Store) -> None:
    async with store.writing() as tx:
        address = await address_of(tx)
        await write(tx, address, "reply", "question")
        (one,) = await claim(tx)
        await outbox.wait_until(tx, one.message.id, NOW + MINUTE, "busy")
        assert await claim(tx) == []
        (again,) = await claim(tx, NOW + MINUTE)
        assert (again.message.id, again.message.tries) == (one.message.id, 2)
        assert again.message.reason == "busy"


async def test_what_was_not_tried_holds_nobody_up(store: Store) -> None:
    async with store.writing() as tx:
        address = await address_of(tx)
        await write(tx, address, "question", "notice")
        (one,) = await claim(tx)
        assert one.message.tries == 1
        await outbox.postpone(tx, one.message.id, NOW + MINUTE, "quiet_hours")
        assert kinds_of(await claim(tx)) == ["notice"]
        kept = await messages.get(tx, one.message.id)
        assert kept is not None and (kept.state, kept.tries) == ("waiting", 0)
        assert kept.not_before == NOW + MINUTE


async def test_a_text_waits_for_its_moment(store: Store) -> None:
    async with store.writing() as tx:
        address = await address_of(tx)
        assert await outbox.next_due(tx) is None
        await write(tx, address, "reply", not_before=NOW + 4 * SECOND)
        assert await outbox.next_due(tx) == NOW + 4 * SECOND
        assert await claim(tx, NOW + 3 * SECOND) == []
        assert len(await claim(tx, NOW + 4 * SECOND)) == 1
        await write(tx, await address_of(tx, 2), "notice", now=NOW + SECOND)
        assert await outbox.next_due(tx) == NOW + SECOND


async def test_the_text_of_a_killed_worker_is_looked_up_and_never_sent_again(
    store: Store,
) -> None:
    async with store.writing() as tx:
        keys = await write(tx, await address_of(tx), "question")
        await claim(tx, worker="dead")
        assert await claim(tx, NOW + LEASE - SECOND, worker="b") == []
        assert await claim(tx, NOW + LEASE, worker="b") == []
        late = NOW + LEASE
        ((standing, handed_over),) = await outbox.claim_uncertain(tx, late, 9, "b", LEASE)
        assert (standing.message.key, handed_over) == (keys[0], NOW)
        assert standing.message.state == "uncertain"
        assert await outbox.claim_uncertain(tx, late, 9, "c", LEASE) == []
        await outbox.accepted(tx, standing.message.id, Accepted("SM1", "sent"), late)
        found = await read(tx, keys[0])
        assert (found.state, found.provider_id, found.reason) == ("sent", "SM1", "")


async def test_the_safety_text_of_a_killed_worker_is_sent_again(store: Store) -> None:
    async with store.writing() as tx:
        keys = await write(tx, await address_of(tx), "safety")
        await claim(tx, worker="dead")
        (again,) = await claim(tx, NOW + LEASE, worker="b")
        assert (again.message.key, again.message.tries) == (keys[0], 2)


async def test_an_uncertain_text_is_looked_up_when_its_moment_comes(store: Store) -> None:
    async with store.writing() as tx:
        keys = await write(tx, await address_of(tx), "question")
        (one,) = await claim(tx)
        text = one.message.id
        await outbox.uncertain(tx, text, NOW + MINUTE, "TimeoutError", NOW)
        assert await outbox.claim_uncertain(tx, NOW, 9, "a", LEASE) == []
        assert len(await outbox.claim_uncertain(tx, NOW + MINUTE, 9, "a", LEASE)) == 1
        await outbox.refused(tx, text, "", "uncertain", NOW + 10 * MINUTE)
        late = NOW + 60 * MINUTE
        assert await outbox.claim_uncertain(tx, late, 9, "a", LEASE) == []
        assert await claim(tx, late) == []
        kept = await read(tx, keys[0])
        assert (kept.state, kept.reason) == ("uncertain", "uncertain")


async def test_a_word_that_comes_too_late_changes_nothing(store: Store) -> None:
    async with store.writing() as tx:
        keys = await write(tx, await address_of(tx), "question")
        (one,) = await claim(tx)
        text = one.message.id
        await outbox.accepted(tx, text, Accepted("SM1"), NOW)
        await outbox.uncertain(tx, text, NOW, "late", NOW)
        await outbox.wait_until(tx, text, NOW, "late")
        await outbox.refused(tx, text, "30003", "unreachable", NOW)
        assert not await outbox.cancel(tx, text, "late", NOW)
        kept = await read(tx, keys[0])
        assert (kept.state, kept.provider_id, kept.error_code) == ("accepted", "SM1", "")


async def test_what_is_refused_or_cancelled_stays_with_its_reason(store: Store) -> None:
    async with store.writing() as tx:
        first = await write(tx, await address_of(tx, 1), "question")
        second = await write(tx, await address_of(tx, 2), "question")
        one, two = await claim(tx)
        await outbox.refused(tx, one.message.id, "21610", "opted_out", NOW)
        assert await outbox.cancel(tx, two.message.id, "stopped", NOW)
        refused, cancelled = await read(tx, first[0]), await read(tx, second[0])
        assert (refused.state, refused.error_code) == ("refused", "21610")
        assert refused.reason == "opted_out"
        assert (cancelled.state, cancelled.reason) == ("cancelled", "stopped")
        assert await claim(tx, NOW + 60 * MINUTE) == []


async def test_a_text_is_claimed_with_all_that_may_hold_it_back(store: Store) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0, condition="hospital"), NOW)
        address = replace(await address_of(tx), silence="stopped")
        await addresses.save(tx, address)
        link = await people.link(tx, person.id, address.id)
        talk = Conversation(tx.ids.new(NOW), address.id, person.id, (Frame("a", "b"),), "open")
        await conversations.save(tx, talk)
        await addresses.forbid(tx, address.value, None, "wrong", NOW)
        user = await users.add(tx, "claire@example.org", "agent", "x", now=NOW)
        await reviews.lease(tx, address.id, user.id, NOW, 10)
        await write(tx, address, "question", person_id=person.id, conversation_id=talk.id)
        other = await address_of(tx, 2)
        await write(tx, other, "notice")
        one, two = await claim(tx)
        assert one == Standing(one.message, address, person, link, talk, True, True)
        assert one.message.state == "claimed"
        assert two == Standing(two.message, other)


FORWARD = ("queued", "sending", "sent", "delivered", "read")
LOST = ("queued", "sent", "undelivered")
AGAINST = ("sent", "failed", "undelivered", "delivered")


@pytest.mark.parametrize(
    ("words", "ends"), [(FORWARD, "read"), (LOST, "undelivered"), (AGAINST, "delivered")]
)
async def test_every_order_of_delivery_reports_ends_alike(
    store: Store, words: tuple[str, ...], ends: str
) -> None:
    orders = list(permutations(words))
    async with store.writing() as tx:
        for number, order in enumerate(orders):
            keys = await write(tx, await address_of(tx), "reply")
            (one,) = await claim(tx)
            await outbox.accepted(tx, one.message.id, Accepted(f"SM{number}"), NOW)
            moved = [
                await outbox.report(tx, DeliveryReport("sms", f"SM{number}", word), NOW)
                for word in (*order, *order)
            ]
            assert (await read(tx, keys[0])).state == ends
            assert not any(moved[len(order) :])


async def test_a_report_tells_the_code_and_the_price(store: Store) -> None:
    async with store.writing() as tx:
        keys = await write(tx, await address_of(tx), "reply")
        (one,) = await claim(tx)
        lost = DeliveryReport("sms", "SM1", "undelivered", "30003", 2, "-0.07")
        assert not await outbox.report(tx, lost, NOW)
        assert await outbox.sent(tx, ["SM1"]) == {}
        await outbox.accepted(tx, one.message.id, Accepted("SM1"), NOW)
        assert set(await outbox.sent(tx, ["SM1", "SM2"])) == {("sms", "SM1")}
        assert await outbox.report(tx, lost, NOW)
        assert not await outbox.report(tx, lost, NOW)
        assert not await outbox.report(tx, replace(lost, channel="telegram"), NOW)
        assert not await outbox.report(tx, replace(lost, status="odd"), NOW)
        kept = await read(tx, keys[0])
        assert (kept.state, kept.error_code) == ("undelivered", "30003")
        paid = (await tx.conn.execute(select(rows.c.segments, rows.c.price))).one()
        assert tuple(paid) == (2, "-0.07")


async def test_two_texts_that_are_found_as_one_at_the_provider_are_both_recorded(
    store: Store,
) -> None:
    async with store.writing() as tx:
        await write(tx, await address_of(tx, 1), "reply")
        await write(tx, await address_of(tx, 2), "reply")
        for standing in await claim(tx):
            await outbox.accepted(tx, standing.message.id, Accepted("SM1"), NOW)
        states = await tx.conn.scalars(select(rows.c.state))
        assert states.all() == ["accepted", "accepted"]


async def test_all_workers_together_keep_to_the_pace_of_a_sender(store: Store) -> None:
    rates = {"sms": 10.0}
    numbers = [f"+33639981{n:03}" for n in range(40)]
    async with store.writing() as tx:
        at = await addresses.lock_many(tx, [("sms", number) for number in numbers], NOW)
        drafts = [(one, Draft(f"k{one.id}", "reply", "Merci.")) for one in at]
        await messages.queue_drafts(tx, drafts, NOW)
    taken = []
    for second, worker in ((0, "a"), (0, "b"), (0.5, "a"), (1, "b"), (60, "a"), (60, "b")):
        async with store.writing() as tx:
            now = NOW + second * SECOND
            claimed = await outbox.claim(tx, now, 64, worker, LEASE, rates)
            await outbox.spend(tx, rates, [one.message.channel for one in claimed], now)
        taken.append(len(claimed))
    assert taken == [10, 0, 5, 5, 10, 0]


async def test_at_any_pace_safety_goes_first_then_answers_then_bulk(store: Store) -> None:
    rates = {"sms": 1.0}
    kinds = ("notice", "reminder", "reply", "safety", "safety")
    async with store.writing() as tx:
        places = [("sms", f"+3363998200{n}") for n in range(len(kinds))]
        at = await addresses.lock_many(tx, places, NOW)
        drafts = [
            (one, Draft(f"k{n}", kind, "Oui"))
            for n, (one, kind) in enumerate(zip(at, kinds, strict=True))
        ]
        await messages.queue_drafts(tx, drafts, NOW)
    gone = []
    for second in range(6):
        async with store.writing() as tx:
            now = NOW + second * SECOND
            claimed = await outbox.claim(tx, now, 64, "a", LEASE, rates)
            await outbox.spend(tx, rates, ["sms"] * len(claimed), now)
        gone.append(kinds_of(claimed))
    # The second safety text was lent: the next second pays it back.
    assert gone == [["safety", "safety"], [], ["reply"], ["reminder"], ["notice"], []]


async def test_the_backlog_of_one_channel_holds_up_no_other(store: Store) -> None:
    async with store.writing() as tx:
        at = await addresses.lock_many(tx, [("sms", f"+3363998300{n}") for n in range(9)], NOW)
        chat = await addresses.lock(tx, "telegram", "4711", NOW + SECOND)
        drafts = [(one, Draft(f"k{one.id}", "reply", "Merci.")) for one in at]
        await messages.queue_drafts(tx, [*drafts, (chat, Draft("t", "notice", "Merci."))], NOW)
        claimed = await outbox.claim(tx, NOW, 4, "a", LEASE, {"sms": 1.0})
    assert sorted(one.message.channel for one in claimed) == ["sms", "telegram"]
