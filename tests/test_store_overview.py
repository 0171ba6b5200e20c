"""Figures of what waits and who stands where."""

from datetime import timedelta

from bot.store import addresses, cases, following, messages, overview, people, reviews, timers
from bot.store.engines import Store, Tx
from bot.store.overview import Backlog
from flows.vocabulary import (
    Case,
    Draft,
    FollowUp,
    Person,
    Priority,
    ReviewWanted,
    Timer,
)
from tests.stores import NOW

HOUR = timedelta(hours=1)


async def review(tx: Tx, key: str, priority: Priority, lasts: timedelta) -> None:
    wanted = ReviewWanted("danger", priority, NOW + lasts, key)
    await reviews.open_review(tx, wanted, None, NOW)


async def test_open_reviews_are_counted_by_priority_with_those_past_their_deadline(
    store: Store,
) -> None:
    async with store.writing() as tx:
        await review(tx, "a", "P1", timedelta(minutes=5))
        await review(tx, "b", "P1", 2 * HOUR)
        await review(tx, "c", "P3", 4 * HOUR)
        closed = await reviews.open_review(
            tx, ReviewWanted("danger", "P1", NOW, "d"), None, NOW - HOUR
        )
        assert closed is not None
        await reviews.close(tx, closed, "reached", None, NOW)
    async with store.reading() as tx:
        found = await overview.queues(tx, NOW + HOUR)
    assert found.reviews == {"P1": Backlog(2, NOW, 1), "P3": Backlog(1, NOW, 0)}


async def test_texts_that_wait_for_the_morning_are_no_backlog(store: Store) -> None:
    async with store.writing() as tx:
        here = await addresses.lock(tx, "sms", "+33639980001", NOW)
        drafts = [
            Draft("a", "reply", "Merci."),
            Draft("b", "reply", "Merci."),
            Draft("c", "question", "Comment allez-vous ?", not_before=NOW + HOUR),
        ]
        await messages.queue_drafts(tx, [(here, draft) for draft in drafts], NOW)
    async with store.reading() as tx:
        assert (await overview.queues(tx, NOW)).texts == {"reply": Backlog(2, NOW)}
        later = await overview.queues(tx, NOW + 2 * HOUR)
    assert later.texts["question"] == Backlog(1, NOW + HOUR)


async def test_a_timer_counts_once_it_is_due(store: Store) -> None:
    async with store.writing() as tx:
        await timers.set_timer(tx, Timer("a", "silence", NOW))
        await timers.set_timer(tx, Timer("b", "silence", NOW + HOUR))
    async with store.reading() as tx:
        found = await overview.queues(tx, NOW + timedelta(minutes=1))
    assert found.timers == Backlog(1, NOW)
    assert found.deeds == Backlog() and found.uncertain == Backlog()


async def test_people_are_counted_by_where_they_stand_unless_it_is_over(store: Store) -> None:
    async with store.writing() as tx:
        one, two = await people.add_many(tx, [Person(0), Person(0)], NOW)
        case = await cases.add(tx, Case(tx.ids.new(NOW), one.id))
        await cases.add(tx, Case(tx.ids.new(NOW), two.id, state="closed"))
        today = NOW.date()
        follow_up = FollowUp(tx.ids.new(NOW), one.id, "case", today, None, case_id=case.id)
        await following.asked(tx, await following.start(tx, follow_up), today, NOW)
    async with store.reading() as tx:
        found = await overview.people(tx, today)
    assert found.cases == {"reported": 1}
    assert found.contacts == {}
    assert found.follow_ups == {"active": 1}
    assert found.check_ins == {"asked": 1}
