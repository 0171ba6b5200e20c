"""Somebody who is followed and may fall silent: for tests of ladders and of ways to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bot.deeds import carry_out
from bot.store import addresses, cases, following, people, reviews, timers
from flows.vocabulary import Case, ChannelName, CheckIn, Enrol, FollowUp, Link, Person
from tests.services import MARIE, Chain

OTHER = "+33639980102"
HUSBAND = "+33639980103"
CHAT = "77001"


async def follow_marie(
    one: Chain,
    *,
    second: bool = True,
    facts: Mapping[str, str] | None = None,
    channel: ChannelName = "sms",
) -> FollowUp:
    """Marie, proven at her number, in her daily follow-up as a case; her husband may be asked."""
    now = one.clock.at
    async with one.service.store.writing() as tx:
        contact = {"name": "Paul", "phone": HUSBAND, "relation": "husband"} if second else {}
        person = await people.add(
            tx,
            Person(
                0,
                "Marie",
                "Bernard",
                birth_date=date(1980, 5, 4),
                language="fr",
                second_contact=contact,
                facts=facts or {},
            ),
            now,
        )
        address = await addresses.lock(tx, channel, MARIE, now)
        await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=now))
        case = Case(tx.ids.new(now), person.id, "C-1", test_date=now.date(), onset=now.date())
        case = await cases.add(tx, case)
        await carry_out(
            tx, one.service.desk, Enrol(person.id, "case", address.id, case_id=case.id), now
        )
        started = await following.active_of_person(tx, person.id)
        assert started is not None
        return started


async def also_at(
    one: Chain,
    follow_up: FollowUp,
    number: str = OTHER,
    channel: ChannelName = "sms",
    **how: object,
) -> None:
    """Marie has another address."""
    async with one.service.store.writing() as tx:
        address = await addresses.lock(tx, channel, number, one.clock.at)
        await people.save_link(tx, Link(follow_up.person_id, address.id, **how))  # type: ignore[arg-type]


async def day_before(one: Chain, follow_up: FollowUp, **assessment: object) -> None:
    """Yesterday she answered, and that was how it was weighed."""
    day = one.clock.at.date() - timedelta(days=1)
    async with one.service.store.writing() as tx:
        row = CheckIn(tx.ids.new(one.clock.at), follow_up.id, follow_up.person_id, day)
        kept = CheckIn(
            row.id, follow_up.id, follow_up.person_id, day, "answered", {"symptoms": ["cough"]},
            assessment, one.clock.at - timedelta(days=1),
        )  # fmt: skip
        await following.save_check_in(tx, kept)


async def until_asked(one: Chain, follow_up: FollowUp) -> None:
    """The clock goes to the next check-in, which is asked."""
    async with one.service.store.reading() as tx:
        due = next(
            t for t in await timers.of_person(tx, follow_up.person_id) if t.kind == "check_in"
        )
    one.clock.at = due.due_at
    await one.work()


async def open_reasons(one: Chain, follow_up: FollowUp) -> dict[str, str]:
    """Reason → priority of Marie's open reviews."""
    async with one.service.store.reading() as tx:
        found = await reviews.of_person(tx, follow_up.person_id)
    return {review.reason: review.priority for review in found if review.state == "open"}
