"""A person's daily follow-up begins, or is brought up to date: never a second one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.following_up import plan_next, refresh
from bot.reaching import person_of
from bot.store import cases, contacts, following
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import Enrol, FollowUp


async def enrol(tx: Tx, desk: Desk, deed: Enrol, now: datetime) -> None:
    """Start the follow-up of a case or contact; one person has one, by the latest exposure."""
    pack = desk.pack(now.date())
    person = await person_of(tx, deed.person_id)
    active = await following.active_of_person(tx, person.id)
    if active is not None:
        if deed.role == "case" and active.role == "contact":
            active = replace(active, role="case", case_id=deed.case_id)
        await refresh(tx, pack, active, now)
        return
    today = now.astimezone(ZoneInfo(person.zone)).date()
    started = await following.start(
        tx,
        FollowUp(
            id=tx.ids.new(now),
            person_id=person.id,
            role=deed.role,
            starts_on=today,
            until=None,
            case_id=deed.case_id,
            contact_id=deed.contact_id,
        ),
    )
    started = await refresh(tx, pack, started, now)
    await plan_next(tx, pack, started, person, now)
    await _following(tx, deed)


async def _following(tx: Tx, deed: Enrol) -> None:
    if deed.case_id and (case := await cases.get(tx, deed.case_id)):
        moved = "following" if case.state == "listed" else case.state
        await cases.save(tx, replace(case, state=moved))
    if deed.contact_id and (contact := await contacts.get(tx, deed.contact_id)):
        await contacts.save(tx, replace(contact, state="following"))
