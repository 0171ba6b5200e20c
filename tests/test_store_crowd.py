"""Many processes at once: turns, workers and agents at the same few numbers, and no deadlock."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

from bot.store import (
    addresses,
    deed_rows,
    messages,
    outbox,
    people,
    reviews,
    scenes,
    timers,
    turns,
)
from bot.store.engines import Store, Tx
from flows.vocabulary import (
    Accepted,
    Address,
    Conversation,
    DeliveryReport,
    Draft,
    Event,
    Frame,
    Incoming,
    Person,
    PersonLearned,
    ReviewWanted,
    Scene,
    Timer,
    Turn,
)
from tests.stores import NOW, store_at

MINUTE = timedelta(minutes=1)
NUMBERS = [f"+3363998000{n}" for n in range(8)]
ROUNDS = 8


async def household(tx: Tx) -> None:
    """Four people, each at two numbers: every number is shared."""
    locked = await addresses.lock_many(tx, [("sms", number) for number in NUMBERS], NOW)
    for n in range(4):
        person = await people.add(tx, Person(0, f"Nom{n}"), NOW)
        for address in (locked[n], locked[-1 - n], locked[(n + 3) % 8]):
            await people.link(tx, person.id, address.id)


def turn_at(tx: Tx, scene: Scene, message_id: int) -> Turn:
    """A turn about everybody at a number, in an order of its own."""
    key = f"m:{message_id}"
    ids = [here.person.id for here in scene.people]
    here = scene.address
    talk = Conversation(tx.ids.new(NOW), here.id, ids[0], (Frame("case", "who"),), "open")
    return Turn(
        address=replace(here, last_heard_at=NOW),
        links=tuple(replace(one.link, proven_at=NOW) for one in scene.people),
        conversations=(talk, *(replace(c, status="ended") for c in scene.conversations)),
        drafts=(Draft(f"{key}:0", "reply", "Merci.", ids[0], talk.id),),
        timers=(Timer(f"silence:{talk.id}", "silence", NOW, here.id, talk.id, ids[0]),),
        dropped_timers=tuple(f"silence:{c.id}" for c in scene.conversations),
        reviews=tuple(
            ReviewWanted("danger", "P1", NOW + MINUTE, f"danger:{one}", one) for one in ids
        ),
        deeds=tuple(PersonLearned(one, {"town": key}) for one in ids),
        events=tuple(Event("heard", NOW, "person", one, here.id, data={"n": 1}) for one in ids),
        reading={"value": "yes"},
        person_id=ids[0],
        conversation_id=talk.id,
    )


async def hear(store: Store, dice: Random, name: str) -> None:
    for number in range(ROUNDS):
        batch = dice.sample(NUMBERS, 4)
        async with store.writing() as tx:
            locked = await addresses.lock_many(tx, [("sms", one) for one in batch], NOW)
            heard = [Incoming("sms", f"{name}-{number}-{one}", one, "+336", "oui") for one in batch]
            filed = await messages.file_many(tx, list(zip(locked, heard, strict=True)), NOW)
            found = await scenes.scenes(tx, locked, NOW)
            taken = [(scene, turn_at(tx, scene, message.id), message)
                     for scene, message in zip(found, filed, strict=True) if message]  # fmt: skip
            await turns.save_turns(tx, taken, NOW)


async def send(store: Store, name: str) -> None:
    for _ in range(ROUNDS):
        async with store.writing() as tx:
            claimed = await outbox.claim(tx, NOW, 5, name, MINUTE)
        async with store.writing() as tx:
            for one in claimed:
                await outbox.accepted(tx, one.message.id, Accepted(f"SM{one.message.id}"), NOW)
        async with store.writing() as tx:
            for one in claimed:
                said = DeliveryReport("sms", f"SM{one.message.id}", "delivered")
                assert await outbox.report(tx, said, NOW)
        await asyncio.sleep(0)


async def fire(store: Store, name: str) -> None:
    """Timers set off turns of their own; deeds learn of people and open reviews."""
    for _ in range(ROUNDS):
        async with store.writing() as tx:
            due = await timers.claim(tx, NOW, 5, name, MINUTE)
            rows = await deed_rows.claim(tx, NOW, 5, name, MINUTE)
        for timer, _tries in due:
            async with store.writing() as tx:
                locked = await addresses.lock_ids(tx, [timer.address_id or 0])
                if await timers.take(tx, timer, name):
                    await wake(tx, locked[0])
        for row in rows:
            async with store.writing() as tx:
                assert isinstance(row.deed, PersonLearned)
                if await deed_rows.take(tx, row, name):
                    await people.learn(tx, row.deed.person_id, row.deed.values, NOW)
                    about = row.deed.person_id
                    wanted = ReviewWanted("danger", "P1", NOW, f"danger:{about}", about)
                    await reviews.open_review(tx, wanted, None, NOW)


async def wake(tx: Tx, address: Address) -> None:
    scene = await scenes.scene(tx, address, NOW)
    await turns.save_turns(tx, [(scene, turn_at(tx, scene, tx.ids.new(NOW)), None)], NOW)


async def look(store: Store) -> None:
    """An agent takes households, closes what is open there and hands them back."""
    for _ in range(ROUNDS):
        async with store.reading() as tx:
            queued = await reviews.queue(tx, NOW, limit=2)
        for one in queued:
            async with store.writing() as tx:
                await reviews.close(tx, one.review.id, "reached", None, NOW)
        await asyncio.sleep(0)


async def test_turns_workers_and_agents_at_the_same_numbers_all_get_through(
    store_url: str,
) -> None:
    first, second = store_at(store_url), store_at(store_url)
    # Two processes never draw the same ids.
    second.ids.random.seed(2)
    async with first.writing() as tx:
        await household(tx)
    async with asyncio.timeout(60):
        await asyncio.gather(
            *(hear(store, Random(name), name) for store, name in ((first, "a"), (second, "b"))),
            hear(second, Random(3), "c"),
            *(send(store, name) for store, name in ((first, "s1"), (second, "s2"))),
            *(fire(store, name) for store, name in ((first, "f1"), (second, "f2"))),
            look(first),
        )
    async with first.reading() as tx:
        at = [await addresses.find(tx, "sms", number) for number in NUMBERS]
        said = await messages.transcript(tx, [one.id for one in at if one], 10_000)
    assert sum(one.direction == "in" for one in said) == 3 * 4 * ROUNDS
    await first.close()
    await second.close()
