"""A small outbreak for the boards: three generations, days of answers, some worse, some silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.store import cases, contacts, following, people
from bot.store.engines import Tx
from flows.vocabulary import Case, CheckIn, Contact, Exposure, FollowUp, Person
from tests.admins import House

PLACE = "Chorale de l'Odet"
CALM = {"danger": "no", "symptoms": [], "temperature": 36.8}
# How each day compared with those before, the latest last; "" where nobody answered.
COURSES = {
    "worse": ["calm", "calm", "first", "worse", "worse"],
    "silent": ["calm", "calm", "", "", ""],
    "calm": ["calm", "calm", "calm", "calm", "calm"],
    "better": ["first", "worse", "better", "better", "better"],
}
_SCORES = {"calm": 0, "first": 3, "worse": 9, "better": 2}
_PRIORITIES = {"worse": "P2", "first": "P3"}


async def outbreak(home: House, crowd: int = 0) -> dict[str, int]:
    """Fill the house; ids by name: the first case, the second, people who are worse or silent."""
    day = home.clock.at.date()
    async with home.service.store.writing() as tx:
        first = await a_case(tx, home, "Anne Le Goff", day - timedelta(days=9))
        second, ties = await _exposed(tx, home, first, "Karim Benali", 2, "work")
        await contacts.save(tx, replace(second, state="closed", outcome="converted"))
        turned = await a_case(
            tx, home, "", day - timedelta(days=5), person_id=second.person_id, came_from=second.id
        )
        found = {"first": first.id, "second": turned.id, "second_person": second.person_id}
        for number, course in enumerate(COURSES):
            name = f"{course.title()} Morvan"
            contact, _ = await _exposed(tx, home, turned, name, number, "home")
            await contacts.save(tx, replace(contact, state="following"))
            await followed(tx, home, contact, COURSES[course])
            found[course] = contact.person_id
        # Whom both cases met.
        both: dict[str, Any] = {
            "case_id": first.id,
            "contact_id": contact.id,
            "number": 90,
            "said_name": name,
        }
        await contacts.add_exposure(tx, replace(ties, id=tx.ids.new(home.clock.at), **both))
        for number in range(crowd):
            await _exposed(tx, home, first, f"Choriste {number}", 100 + number, "leisure")
    return found


async def a_case(
    tx: Tx,
    home: House,
    name: str,
    onset: date,
    *,
    person_id: int = 0,
    came_from: int | None = None,
) -> Case:
    """A case who sings in the choir."""
    now = home.clock.at
    if not person_id:
        given, _, family = name.partition(" ")
        person_id = (await people.add(tx, Person(0, given, family), now)).id
    return await cases.add(
        tx,
        Case(
            tx.ids.new(now),
            person_id,
            test_date=onset + timedelta(days=1),
            onset=onset,
            told_by="laboratory",
            setting=PLACE,
            state="following",
            from_contact_id=came_from,
            created_at=now,
        ),
    )


async def _exposed(
    tx: Tx, home: House, case: Case, name: str, number: int, setting: str
) -> tuple[Contact, Exposure]:
    now = home.clock.at
    given, _, family = name.partition(" ")
    person = await people.add(tx, Person(0, given, family), now)
    contact = await contacts.add(tx, Contact(tx.ids.new(now), person.id, created_at=now))
    exposure = Exposure(
        tx.ids.new(now),
        case.id,
        contact.id,
        number,
        said_name=name,
        kind="home" if setting == "home" else "closed_space",
        setting=setting,
        last_day=case.onset,
    )
    return contact, await contacts.add_exposure(tx, exposure)


async def followed(tx: Tx, home: House, contact: Contact, course: list[str]) -> FollowUp:
    """A follow-up whose days went so, up to today."""
    now = home.clock.at
    today = now.date()
    start = today - timedelta(days=len(course) - 1)
    follow_up = await following.start(
        tx,
        FollowUp(
            tx.ids.new(now),
            contact.person_id,
            "contact",
            start,
            today + timedelta(days=4),
            contact_id=contact.id,
        ),
    )
    for at, trend in enumerate(course):
        day = start + timedelta(days=at)
        row = CheckIn(tx.ids.new(now), follow_up.id, contact.person_id, day)
        if trend:
            told = {"trend": trend, "score": _SCORES[trend], "priority": _PRIORITIES.get(trend)}
            hot = {**CALM, "temperature": 38.6} if trend == "worse" else CALM
            row = replace(row, state="answered", answers=hot, assessment=told, answered_at=now)
        elif day < today:
            row = replace(row, state="missed")
        await following.save_check_in(tx, row)
    return follow_up
