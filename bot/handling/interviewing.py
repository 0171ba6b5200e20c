"""What an agent learns in a call goes the way of what people write: the same deeds and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.deeds import carry_out
from bot.handling.correcting import correct_day
from bot.reaching import best_address, person_of
from bot.store import cases, contacts, events, following
from bot.store.engines import Tx
from flows.rules import next_try
from flows.turn import Desk
from flows.vocabulary import (
    CheckIn,
    ContactNamed,
    Enrol,
    FollowUp,
    ListClosed,
    Named,
    PersonLearned,
    StateMoved,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a call brought. `values` as `PersonLearned` has them; `answers` of today, None where
    nothing was asked; `complete`: these are all whom the case met; `follow`: agrees to be asked."""

    values: Mapping[str, Any] = field(default_factory=dict)
    named: Sequence[Named] = ()
    complete: bool = False
    follow: bool = False
    answers: Mapping[str, Any] | None = None


async def keep_interview(tx: Tx, desk: Desk, person_id: int, told: Told, now: datetime) -> None:
    """Keep all of it, in the order in which a conversation would have."""
    if told.values:
        await carry_out(tx, desk, PersonLearned(person_id, dict(told.values)), now)
    await _name(tx, desk, person_id, told, now)
    follow_up = await following.active_of_person(tx, person_id)
    if follow_up is None and told.follow:
        follow_up = await _enrol(tx, desk, person_id, now)
    if follow_up and told.answers is not None:
        await _answer(tx, desk, follow_up, told.answers, now)


async def again_at(
    tx: Tx, desk: Desk, person_id: int, outcome: str, now: datetime
) -> datetime | None:
    """When to call again, by the tries that the trail has of today, this one included."""
    trail = await events.trail(tx, person_id=person_id)
    tried = [one.at for one in trail if one.data.get("what") == "call"]
    pack, person = desk.pack(now.date()), await person_of(tx, person_id)
    local = now.astimezone(ZoneInfo(person.zone))
    found = next_try(pack, outcome, [*tried, now], local)
    return found.astimezone(now.tzinfo) if found else None


async def _name(tx: Tx, desk: Desk, person_id: int, told: Told, now: datetime) -> None:
    case = await cases.of_person(tx, person_id)
    if case is None:
        return
    reached = await best_address(tx, person_id)
    known = await contacts.exposures_of_case(tx, case.id)
    first = max((one.number for one in known), default=0) + 1
    for number, named in enumerate(told.named, start=first):
        deed = ContactNamed(case.id, reached[0].id if reached else 0, replace(named, number=number))
        await carry_out(tx, desk, deed, now)
    if told.complete:
        outcome = "listed" if known or told.named else "none"
        await carry_out(tx, desk, ListClosed(case.id, outcome), now)
        await carry_out(tx, desk, StateMoved("case", case.id, "listed"), now)


async def _enrol(tx: Tx, desk: Desk, person_id: int, now: datetime) -> FollowUp | None:
    case = await cases.of_person(tx, person_id)
    contact = await contacts.of_person(tx, person_id)
    if case is None and contact is None:
        return None
    reached = await best_address(tx, person_id)
    deed = Enrol(
        person_id,
        "case" if case else "contact",
        reached[0].id if reached else 0,
        case_id=case.id if case else None,
        contact_id=contact.id if contact and not case else None,
    )
    await carry_out(tx, desk, deed, now)
    return await following.active_of_person(tx, person_id)


async def _answer(
    tx: Tx, desk: Desk, follow_up: FollowUp, answers: Mapping[str, Any], now: datetime
) -> None:
    """Today's answers, heard by an agent: they stand over what is read later."""
    person = await person_of(tx, follow_up.person_id)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    day = await following.of_day(tx, follow_up.id, today)
    fresh = CheckIn(tx.ids.new(now), follow_up.id, person.id, today)
    await correct_day(tx, desk, day or fresh, answers, now)
