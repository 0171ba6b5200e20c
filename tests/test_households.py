"""A household at one phone: asked together, kept apart, each by the rules of their own age."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.entering import NewCase, enter_case
from bot.firing import fire
from bot.store import addresses, contacts, conversations, following, people, timers
from bot.store.engines import Store, Tx
from flows.turn import Desk
from flows.vocabulary import (
    Case,
    Contact,
    ContactNamed,
    Conversation,
    Deed,
    Enrol,
    Link,
    ListClosed,
    MemberNamed,
    Named,
    Person,
    PersonLearned,
    Timer,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PHONE = "+33639980001"


@pytest.fixture
def desk() -> Desk:
    return open_desk()


async def do(tx: Tx, desk: Desk, *deeds: Deed, now: datetime = NOW) -> None:
    for deed in deeds:
        await carry_out(tx, desk, deed, now)


async def sophie(tx: Tx, desk: Desk) -> Case:
    """A case with two daughters, all three followed at her phone."""
    person = Person(0, "Sophie", "Le Goff", birth_date=date(1985, 3, 2))
    told = Case(0, 0, external_id="C1", test_date=TODAY, onset=TODAY, told_by="doctor")
    case = (await enter_case(tx, desk, NewCase(person, told, PHONE), NOW)).case
    (link,) = await people.links_of(tx, case.person_id)
    girls = [
        Named(n, name, relation="child", kind="home", last_day=TODAY, minor=True, age_months=age)
        for n, name, age in ((1, "Lina", 110), (2, "Nour", 170))
    ]
    await do(tx, desk, *(ContactNamed(case.id, link.address_id, girl) for girl in girls))
    await do(tx, desk, Enrol(case.person_id, "case", link.address_id, case.id))
    await do(tx, desk, ListClosed(case.id, "listed"))
    return case


async def check_ins_due(tx: Tx, case: Case) -> list[Timer]:
    (link,) = await people.links_of(tx, case.person_id)
    every = [one.person_id for one in await people.at_address(tx, link.address_id)]
    found = [timer for one in every for timer in await timers.of_person(tx, one)]
    return [timer for timer in found if timer.kind == "check_in"]


async def talks(tx: Tx, case: Case, flow: str) -> list[Conversation]:
    every = await conversations.of_person(tx, case.person_id)
    return [one for one in every if one.frames and one.frames[0].flow == flow]


async def test_one_conversation_asks_about_all_whoever_is_due_first(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await sophie(tx, desk)
        due = await check_ins_due(tx, case)
        assert len(due) == 3
        at = max(timer.due_at for timer in due)
        for timer in reversed(due):
            await fire(tx, desk, timer, at)
        (talk,) = await talks(tx, case, "household")
        assert talk.day == TODAY + timedelta(days=1)
        assert await talks(tx, case, "check_in") == []
        for timer in due:
            history = await following.history(tx, timer.follow_up_id or 0)
            assert [day.state for day in history] == ["asked"]
        again = await check_ins_due(tx, case)
        assert {timer.due_at.date() for timer in again} == {TODAY + timedelta(days=2)}


async def test_yesterdays_household_conversation_is_over_when_todays_begins(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await sophie(tx, desk)
        for days in (0, 1):
            for timer in await check_ins_due(tx, case):
                await fire(tx, desk, timer, timer.due_at + timedelta(minutes=days))
        states = [talk.status for talk in await talks(tx, case, "household")]
        assert sorted(states) == ["ended", "queued"]
        (lina,) = [
            timer for timer in await check_ins_due(tx, case) if timer.person_id != case.person_id
        ][:1]
        history = await following.history(tx, lina.follow_up_id or 0)
        assert [day.state for day in history] == ["missed", "asked"]


async def test_the_hour_that_a_mother_chooses_is_that_of_her_children(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await sophie(tx, desk)
        await do(tx, desk, PersonLearned(case.person_id, {"window": "evening"}))
        hours = {timer.due_at for timer in await check_ins_due(tx, case)}
        assert len(hours) == 1


async def test_a_member_who_was_stopped_is_not_asked_about(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await sophie(tx, desk)
        due = await check_ins_due(tx, case)
        children = [timer.person_id for timer in due if timer.person_id != case.person_id]
        for child in children:
            for link in await people.links_of(tx, child or 0):
                await people.save_link(tx, replace(link, stopped=True))
        await fire(tx, desk, due[0], due[0].due_at)
        assert await talks(tx, case, "household") == []


async def a_mother(tx: Tx, desk: Desk) -> tuple[Contact, Link]:
    """Anne, whose husband is a case, exposed at home; he named their son Léo, and no number."""
    person = Person(0, "Karim", "Martin", birth_date=date(1980, 1, 1))
    told = Case(0, 0, external_id="C9", test_date=TODAY, onset=TODAY, told_by="doctor")
    case = (await enter_case(tx, desk, NewCase(person, told, "+33639980009"), NOW)).case
    anne = Named(1, "Anne Martin", phone=PHONE, kind="home", last_day=TODAY, minor=False)
    leo = Named(2, "Léo", relation="child", kind="home", last_day=TODAY, minor=True)
    await do(tx, desk, ContactNamed(case.id, 1, anne), ContactNamed(case.id, 1, leo))
    exposure = await contacts.by_number(tx, case.id, 1)
    assert exposure is not None
    contact = await contacts.get(tx, exposure.contact_id)
    assert contact is not None
    (link,) = await people.links_of(tx, contact.person_id)
    await people.save_link(tx, replace(link, role="self", proven_at=NOW))
    await do(tx, desk, Enrol(contact.person_id, "contact", link.address_id, None, contact.id))
    return contact, link


def of_anne(contact: Contact, link: Link, named: Named) -> MemberNamed:
    return MemberNamed(contact.person_id, contact.id, link.address_id, named)


async def test_each_for_whom_a_mother_answers_becomes_a_person_followed_at_her_phone(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        contact, link = await a_mother(tx, desk)
        tom = Named(1, "Tom", age_months=72, minor=True, risks="long_illness")
        lou = Named(2, "Lou", birth_date=date(2026, 9, 20), minor=True)
        deeds = [of_anne(contact, link, row) for row in (tom, lou)]
        await do(tx, desk, *deeds, *deeds)
        here = await people.people_at(tx, link.address_id)
        known = {person.given_name: (person, at) for person, at in here}
        assert set(known) == {"Anne", "Tom", "Lou"}
        assert {at.role for _, at in here} == {"self", "guardian"}
        child, _ = known["Tom"]
        assert (child.facts["long_illness"], child.age_months, child.minor) == ("yes", 72, True)
        followed = await following.active_of_person(tx, child.id)
        own = await following.active_of_person(tx, contact.person_id)
        assert followed is not None and own is not None and followed.until == own.until
        exposed = await contacts.exposures_of_contact(tx, followed.contact_id or 0)
        assert [one.kind for one in exposed] == ["home"]
        # What the case names next gets the next number of its own.
        assert exposed[0].number > 1000


async def test_a_child_whom_the_case_named_is_no_second_person(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        contact, link = await a_mother(tx, desk)
        leo = Named(1, "Léo", age_months=180, minor=True)
        await do(tx, desk, of_anne(contact, link, leo))
        found = [p for p, at in await people.people_at(tx, link.address_id) if at.role != "self"]
        exposure = (await contacts.exposures_of_contact(tx, contact.id))[0]
        by_case = await contacts.by_number(tx, exposure.case_id, 2)
        known = await contacts.get(tx, by_case.contact_id) if by_case else None
        assert known is not None and [one.id for one in found] == [known.person_id]
        assert len(await contacts.exposures_of_contact(tx, known.id)) == 1


async def test_a_teenager_with_a_phone_is_written_to_there(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        contact, link = await a_mother(tx, desk)
        row = Named(1, "Max", "+33639980044", age_months=190, minor=True, role="own_phone")
        await do(tx, desk, of_anne(contact, link, row))
        (max_,) = [
            person
            for one in await addresses.find_all(tx, "+33639980044")
            for person, _ in await people.people_at(tx, one.id)
        ]
        (talk,) = await conversations.of_person(tx, max_.id)
        assert (talk.frames[0].flow, max_.facts["own_phone"]) == ("contact", "yes")
        assert "Max" not in [p.given_name for p, _ in await people.people_at(tx, link.address_id)]
