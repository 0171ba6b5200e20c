"""Households: those who are followed at one phone, asked together once a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.reaching import best_address, new_conversation, queue_conversation
from bot.store import addresses, conversations, following, people, timers
from bot.store.engines import Tx
from flows.engine.household import ANSWERED_FOR, may_be_answered_for
from flows.rules import Pack
from flows.turn import Desk
from flows.vocabulary import Address, FollowUp, Person

_FLOW = "household"


@dataclass(frozen=True, slots=True)
class Household:
    """Who answers at an address, and all those of whom they tell, themselves first if followed."""

    address: Address
    responder: Person
    members: tuple[tuple[Person, FollowUp], ...]


async def household_of(tx: Tx, person_id: int) -> Household | None:
    """The household in which somebody is asked about; None for who is asked alone."""
    reached = await best_address(tx, person_id)
    if reached is None:
        return None
    near = [
        (person, link)
        for person, link in await people.people_at(tx, reached[0].id)
        if not link.stopped and not person.condition and may_be_answered_for(link)
    ]
    followed = await following.active_of_people(tx, [person.id for person, _ in near])
    own = [person for person, link in near if link.role not in ANSWERED_FOR]
    others = [person for person, link in near if link.role in ANSWERED_FOR]
    responder = next(iter(own or others), None)
    if responder is None:
        return None
    every = (responder, *(one for one in others if one.id != responder.id))
    members = tuple((one, followed[one.id]) for one in every if one.id in followed)
    if not any(one.id != responder.id for one, _ in members):
        return None
    there = any(one.id == person_id for one, _ in members)
    return Household(reached[0], responder, members) if there else None


async def answers_for(tx: Tx, person: Person) -> Person:
    """Who is asked about somebody, and at whose hour: in most cases they themselves."""
    home = await household_of(tx, person.id)
    return home.responder if home else person


async def ask_together(tx: Tx, desk: Desk, pack: Pack, home: Household, on: date,
                       now: datetime) -> bool:  # fmt: skip
    """One conversation for all; False where this day's was asked for already."""
    # Two members' timers may be due at once, in two workers.
    await addresses.lock_ids(tx, [home.address.id])
    ids = [follow_up.id for _, follow_up in home.members]
    for follow_up_id in ids:
        if await following.of_day(tx, follow_up_id, on):
            return False
    await _overtake(tx, home.responder, on)
    first = home.members[0][1]
    talk = replace(
        new_conversation(tx.ids.new(now), home.address.id, home.responder.id, _FLOW),
        case_id=first.case_id if first.person_id == home.responder.id else None,
        contact_id=first.contact_id if first.person_id == home.responder.id else None,
        follow_up_id=first.id,
        day=on,
    )
    await queue_conversation(tx, desk.library, pack, talk, home.responder, now)
    return True


async def _overtake(tx: Tx, responder: Person, on: date) -> None:
    """Yesterday's conversation is over when today's begins."""
    for talk in await conversations.of_person(tx, responder.id):
        past = (
            talk.day is not None and talk.day < on and talk.status in ("queued", "open", "lapsed")
        )
        if past and talk.frames and talk.frames[0].flow == _FLOW:
            await conversations.save(tx, replace(talk, status="ended", outcome="overtaken"))
            await timers.drop(tx, [f"{kind}:{talk.id}" for kind in ("silence", "prompt", "start")])


def others_than(home: Household, person_id: int) -> Sequence[tuple[Person, FollowUp]]:
    """The members but for one."""
    return [(person, follow_up) for person, follow_up in home.members if person.id != person_id]
