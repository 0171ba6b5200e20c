"""What an agent learned changes how a person is followed: a death, a test, an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot import closing
from bot.deeds import carry_out
from bot.reaching import best_address, take_up_others
from bot.store import contacts, conversations, following, people, timers
from bot.store.engines import Tx
from flows.rules import Pack, delay, is_fragile, person_facts
from flows.turn import Desk
from flows.vocabulary import Person, PersonLearned, TurnedPositive

_MOURNING = timedelta(days=7)  # domain 5.2: no message to the household of somebody who died


async def mark_condition(tx: Tx, desk: Desk, person_id: int, condition: str, now: datetime) -> None:
    """Somebody died, is in hospital, or is back (""): open conversations about them end."""
    await carry_out(tx, desk, PersonLearned(person_id, {"condition": condition}), now)
    if not condition:
        return
    going = [c for c in await conversations.of_person(tx, person_id) if c.status != "ended"]
    ended = [replace(talk, status="ended", outcome=condition) for talk in going]
    await conversations.save_many(tx, ended)
    kinds = ("prompt", "silence", "start")
    await timers.drop(tx, [f"{kind}:{talk.id}" for talk in going for kind in kinds])
    if condition == "deceased":
        await _mourn(tx, desk, person_id, now)
    await take_up_others(tx, desk.pack(now.date()), going, now)


async def _mourn(tx: Tx, desk: Desk, person_id: int, now: datetime) -> None:
    """The household is left in peace for some days."""
    try:
        pause = delay(desk.pack(now.date()), "household_mourning", now.date())
    except LookupError:
        pause = _MOURNING
    at = [link.address_id for link in await people.links_of(tx, person_id) if not link.dropped]
    near = {link.person_id for link in await people.links_at(tx, at) if not link.dropped}
    for other in sorted(near - {person_id}):
        await people.learn(tx, other, {"paused_until": now + pause}, now)


async def positive(
    tx: Tx, desk: Desk, person_id: int, test_date: date | None, now: datetime
) -> bool:
    """A contact's test is positive: they become a case. False without a contact or a number."""
    contact = await contacts.of_person(tx, person_id)
    reached = await best_address(tx, person_id)
    if contact is None or reached is None:
        return False
    deed = TurnedPositive(contact.id, person_id, reached[0].id, test_date)
    await carry_out(tx, desk, deed, now)
    return True


async def close_follow_up(tx: Tx, person_id: int, outcome: str) -> bool:
    """End a follow-up by an agent's decision: lost, refused, completed."""
    follow_up = await following.active_of_person(tx, person_id)
    if follow_up is None:
        return False
    await closing.close(tx, follow_up, outcome)
    return True


def fragile_by(pack: Pack, today: date) -> Callable[[Person], bool]:
    """Says of a person whether they are at risk of a severe illness, by the rules of a day."""

    def fragile(person: Person) -> bool:
        return is_fragile(pack, person_facts(person, "contact", today), today).value

    return fragile
