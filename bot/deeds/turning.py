"""A contact turns positive: a case of their own, linked to the exposure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.closing import close
from bot.reaching import new_conversation, person_of, queue_conversation
from bot.store import cases, contacts, following
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import Case, TurnedPositive


async def turn_positive(tx: Tx, desk: Desk, deed: TurnedPositive, now: datetime) -> None:
    """Close the contact as converted and begin the case; done again it changes nothing."""
    contact = await contacts.get(tx, deed.contact_id)
    if contact is None or await cases.of_person(tx, deed.person_id):
        return
    pack = desk.pack(now.date())
    follow_up = await following.active_of_person(tx, deed.person_id)
    if follow_up:
        await close(tx, follow_up, "converted")
    await contacts.save(tx, replace(contact, state="closed", outcome="converted"))
    case = await cases.add(
        tx,
        Case(
            id=tx.ids.new(now),
            person_id=deed.person_id,
            test_date=deed.test_date or now.date(),
            told_by="person",
            told_on=now.date(),
            pack=pack.name,
            state="notifying",
            from_contact_id=contact.id,
            created_at=now,
        ),
    )
    person = await person_of(tx, deed.person_id)
    talk = new_conversation(tx.ids.new(now), deed.address_id, person.id, "case")
    await queue_conversation(tx, desk.library, pack, replace(talk, case_id=case.id), person, now)
