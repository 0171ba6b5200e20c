"""A household at one phone: asked together, kept apart, each by the rules of their own age."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.entering import NewCase, enter_case
from bot.firing import fire
from bot.store import conversations, following, people, timers
from bot.store.engines import Store, Tx
from flows.turn import Desk
from flows.vocabulary import (
    Case,
    ContactNamed,
    Conversation,
    Deed,
    Enrol,
    ListClosed,
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
