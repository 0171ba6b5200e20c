"""In a surge what may wait comes last and is not late; P1, P2 and who needs a person never wait."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.store import (
    addresses,
    cases,
    contacts,
    events,
    loads,
    overview,
    people,
    reviews,
    surges,
    users,
)
from bot.store.engines import Store, Tx
from bot.store.review_queue import change_mark
from flows.rules import review_reasons, review_rule
from flows.vocabulary import Case, Contact, Person, Review, ReviewWanted
from tests.admins import YVONNE, house
from tests.services import NOON, desk
from tests.stores import NOW

HOUR = timedelta(hours=1)
NEVER = ("human_wanted",)


async def opened(tx: Tx, number: int, reason: str, priority: str, **more: Any) -> int:
    """A review at a number of its own, already late by that many minutes less than an hour."""
    address = await addresses.lock(tx, "sms", f"+3363998{number:04}", NOW)
    due = NOW - HOUR + timedelta(minutes=number)
    wanted = ReviewWanted(reason, priority, due, f"{reason}:{number}", **more)  # type: ignore[arg-type]
    return await reviews.open_review(tx, wanted, address.id, NOW) or 0


async def in_order(tx: Tx, **how: Any) -> list[tuple[str, bool]]:
    queue = await reviews.queue(tx, NOW, **how)
    return [(one.review.reason, one.waits_until is not None) for one in queue]


async def start(tx: Tx, *reasons: str, only: tuple[str, ...] = (), hours: int = 24) -> int:
    known = await users.by_email(tx, "boss@example.org")
    user = known or await users.add(tx, "boss@example.org", "supervisor", "x", "Boss", now=NOW)
    await surges.start(tx, user.id, reasons, only, NEVER, NOW + hours * HOUR, NOW)
    return user.id


async def test_what_may_wait_comes_after_all_that_may_not_and_is_not_late(store: Store) -> None:
    async with store.writing() as tx:
        await opened(tx, 1, "silent", "P3")
        await opened(tx, 2, "no_contacts", "P3")
        await opened(tx, 3, "nobody_met", "P4")
        await opened(tx, 4, "silent", "P2")
        quiet = [
            ("silent", False),
            ("silent", False),
            ("no_contacts", False),
            ("nobody_met", False),
        ]
        assert await in_order(tx) == quiet
        assert (await overview.queues(tx, NOW)).reviews["P3"].late == 2
        before = await change_mark(tx, NOW)
        user = await start(tx, "silent")
        # A P2 of the same reason is no matter for later.
        late = [("silent", False), ("no_contacts", False), ("nobody_met", False), ("silent", True)]
        assert await in_order(tx) == late
        assert await in_order(tx, limit=3) == (await in_order(tx))[:3]
        assert await in_order(tx, limit=4, reason="silent") == [("silent", False), ("silent", True)]
        assert (await overview.queues(tx, NOW)).reviews["P3"].late == 1
        assert await change_mark(tx, NOW) != before
        assert await surges.end(tx, user, NOW + HOUR) != []
        assert await in_order(tx) == quiet
        assert (await overview.queues(tx, NOW)).reviews["P3"].late == 2
        assert await surges.end(tx, user, NOW + HOUR) == []


async def test_a_household_with_one_thing_that_may_not_wait_does_not_wait(store: Store) -> None:
    async with store.writing() as tx:
        await opened(tx, 1, "silent", "P3")
        await opened(tx, 1, "feedback", "P4")
        await opened(tx, 2, "silent", "P3")
        await start(tx, "silent")
        assert await in_order(tx) == [("feedback", False), ("silent", True)]
        await start(tx, "silent", "feedback")
        assert await in_order(tx) == [("silent", True), ("silent", True)]


async def test_who_gets_messages_only_waits_but_for_what_wants_a_person(store: Store) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(id=0, given_name="Léa"), NOW)
        case = await cases.add(tx, Case(tx.ids.new(NOW), person.id))
        contact = await contacts.add(tx, Contact(tx.ids.new(NOW), person.id, created_at=NOW))
        await opened(tx, 1, "new_symptom", "P3", contact_id=contact.id, case_id=case.id)
        await opened(tx, 2, "human_wanted", "P3", contact_id=contact.id)
        await opened(tx, 3, "open_list", "P3", case_id=case.id)
        await opened(tx, 4, "stranger", "P3")
        await start(tx, only=("contact",))
        assert await in_order(tx) == [
            ("human_wanted", False),
            ("open_list", False),
            ("stranger", False),
            ("new_symptom", True),
        ]
        surge = await surges.current(tx, NOW)
        assert surge is not None
        queued = await reviews.queue(tx, NOW)
        # The database and the page say the same of each.
        assert [surge.defers(one.review) for one in queued] == [False, False, False, True]


async def test_a_surge_is_over_at_its_hour_by_itself(store: Store) -> None:
    async with store.writing() as tx:
        await start(tx, "silent", hours=12)
        assert await surges.current(tx, NOW + 11.9 * HOUR) is not None
        assert await surges.current(tx, NOW + 12 * HOUR) is None
        assert [one.started_by for one in await surges.latest(tx)] == ["Boss"]


async def test_the_load_of_a_day_is_told_by_hour_and_by_who_closed(store: Store) -> None:
    async with store.writing() as tx:
        user = await start(tx, "silent")
        ids = [await opened(tx, n, "silent", "P4") for n in range(5)]
        for n, who in ((0, user), (1, user), (2, None)):
            await reviews.close(tx, ids[n], "done", who, NOW + HOUR)
        await users.open_session(tx, "token", user, NOW + HOUR)
        await reviews.lease(tx, 77, user, NOW + HOUR)
        day = await loads.of_day(tx, NOW + 2 * HOUR)
        assert len(day.hours) == 24 and day.hours[-1] == NOW + 2 * HOUR
        assert dict(day.opened) == {NOW: 5}
        assert (day.closed_at(NOW + HOUR), day.closed[NOW + HOUR, None]) == (2, 1)
        (there,) = await loads.on_line(tx, NOW + HOUR)
        assert (there.name, there.holds) == ("Boss", 1)
        assert await loads.on_line(tx, NOW + 2 * HOUR) == []
        tomorrow = await loads.of_day(tx, NOW + 30 * HOUR)
        assert not tomorrow.opened and not tomorrow.closed


def test_no_rule_lets_an_emergency_wait() -> None:
    pack = desk().pack(NOON.date())
    rules = [review_rule(pack, reason, NOON.date()) for reason in review_reasons(pack)]
    assert {rule.priority for rule in rules if rule.may_wait} == {"P3", "P4"}
    assert not review_rule(pack, "human_wanted", NOON.date()).may_wait
    urgent = Review(1, "silent", "P1", 1, "k", NOW, NOW, contact_id=3)
    surge = surges.Surge(1, frozenset({"silent"}), frozenset({"contact"}), frozenset(), NOW, NOW)
    assert not surge.defers(urgent) and surge.defers(replace(urgent, priority="P3"))


async def test_a_supervisor_starts_a_surge_and_ends_it_with_one_click(
    sqlite_store_url: str,
) -> None:
    async with house(sqlite_store_url) as home:
        await home.enter("Anne Legoff", YVONNE)
        async with home.service.store.writing() as tx:
            await opened(tx, 1, "silent", "P4")
        async with home.visitor("supervisor") as visitor:
            page = await visitor.get("/admin/supervision/surge")
            assert "No answer" in page and "Wants to speak with a person" not in page
            page = await visitor.post("/admin/supervision/surge", hours=24)
            assert "Nothing was started" in page
            asked = ["silent", "human_wanted", "danger"]
            page = await visitor.post("/admin/supervision/surge", hours=24, reason=asked)
            assert "A surge holds" in page and "Supervisor" in page
            assert "Surge until" in await visitor.get("/admin/supervision")
            async with home.service.store.reading() as tx:
                surge = await surges.current(tx, home.clock.now())
            assert surge is not None and surge.reasons == {"silent"}
            async with home.visitor("agent") as agent:
                page = await agent.get("/admin/")
                assert "may wait until" in page and "late by" not in page
                await agent.post("/admin/supervision/surge/end")
                assert agent.status == 403
            await visitor.get("/admin/supervision/surge")
            page = await visitor.post("/admin/supervision/surge/end")
            assert "The surge is over" in page and "A surge holds" not in page
            assert "late by" in await visitor.get("/admin/")
        async with home.service.store.reading() as tx:
            acts = [one.data["what"] for one in await events.trail(tx) if one.kind == "acted"]
        assert {"surge", "surge_over"} <= set(acts)


async def test_a_supervisor_gives_what_somebody_holds_to_somebody_else(
    sqlite_store_url: str,
) -> None:
    async with house(sqlite_store_url) as home:
        await home.alarm()
        (bundle,) = {line.bundle.id for line in await home.queue()}
        other, room = await home.user("claire"), "/admin/supervision/bundles/give"
        async with home.visitor("agent") as agent:
            await agent.get("/admin/")
            await agent.post("/admin/next")
        async with home.visitor("supervisor") as visitor:
            page = await visitor.get("/admin/supervision")
            # One list for all lines: repeated in each it made the page heavy.
            assert "Give to" in page and page.count(f'value="{other}"') == 2
            page = await visitor.post(room, user=other, bundle=bundle)
            assert "Given to somebody else" in page and "Nobody has taken anything" in page
            await visitor.post(room, user=77, bundle=bundle)
            assert visitor.status == 400
        (line,) = await home.queue()
        assert (line.bundle.holder, line.review.assigned_to) == (None, other)
