"""What turns ask to be done to other people: once, whoever asks, in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.entering import NewCase, enter_case
from bot.firing import fire
from bot.store import addresses, cases, contacts, conversations, following, people, reviews, timers
from bot.store.engines import Store, Tx
from flows.turn import Desk
from flows.vocabulary import (
    Case,
    CheckedIn,
    Contact,
    ContactNamed,
    Deed,
    Enrol,
    ListClosed,
    Named,
    NumberWrong,
    Person,
    PersonLearned,
    StateMoved,
    Timer,
    TurnedPositive,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MARC = Named(
    1, "Marc Besson", phone="+33639980021", kind="face_to_face", last_day=date(2026, 11, 20)
)


@pytest.fixture
def desk() -> Desk:
    return open_desk()


async def a_case(tx: Tx, desk: Desk, number: int = 1) -> Case:
    person = Person(0, f"Case{number}", "Martin", birth_date=date(1980, 1, 1))
    told = Case(0, 0, external_id=f"C{number}", test_date=TODAY, onset=date(2026, 11, 21))
    new = NewCase(person, replace(told, told_by="doctor"), f"+3363998000{number}")
    return (await enter_case(tx, desk, new, NOW)).case


async def do(tx: Tx, desk: Desk, *deeds: Deed, now: datetime = NOW) -> None:
    for deed in deeds:
        await carry_out(tx, desk, deed, now)


async def the_contact(tx: Tx, case: Case, number: int = 1) -> Contact:
    exposure = await contacts.by_number(tx, case.id, number)
    assert exposure is not None
    found = await contacts.get(tx, exposure.contact_id)
    assert found is not None
    return found


async def reasons(tx: Tx, person_id: int) -> list[str]:
    return sorted(r.reason for r in await reviews.of_person(tx, person_id) if r.state == "open")


async def test_naming_somebody_twice_makes_one_contact(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        row = ContactNamed(case.id, 1, MARC)
        await do(tx, desk, row, row)
        assert len(await contacts.exposures_of_case(tx, case.id)) == 1
        marc = await people.get(tx, (await the_contact(tx, case)).person_id)
        assert marc is not None and (marc.given_name, marc.family_name) == ("Marc", "Besson")


async def test_two_cases_who_name_one_person_make_one_follow_up_by_the_latest_exposure(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        one, other = await a_case(tx, desk, 1), await a_case(tx, desk, 2)
        await do(tx, desk, ContactNamed(one.id, 1, MARC))
        contact = await the_contact(tx, one)
        enrol = Enrol(contact.person_id, "contact", 1, contact_id=contact.id)
        await do(tx, desk, enrol, enrol)
        first = await following.active_of_person(tx, contact.person_id)
        assert first is not None and first.until == date(2026, 11, 27)
        later = replace(MARC, name="marc besson", last_day=date(2026, 11, 22))
        await do(tx, desk, ContactNamed(other.id, 1, later))
        assert (await the_contact(tx, other)).id == contact.id
        second = await following.active_of_person(tx, contact.person_id)
        assert second is not None
        assert (second.id, second.until) == (first.id, date(2026, 11, 29))


async def test_a_closed_list_tells_each_contact_once(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        closed = ListClosed(case.id, "listed")
        await do(tx, desk, ContactNamed(case.id, 1, MARC), closed, closed)
        contact = await the_contact(tx, case)
        assert contact.state == "contacting"
        (talk,) = await conversations.of_person(tx, contact.person_id)
        assert (talk.status, talk.frames[0].flow) == ("queued", "contact")


async def test_what_a_list_lacks_is_one_review(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        without_phone = Named(1, "Joel", kind="face_to_face", last_day=TODAY)
        without_day = Named(2, "Paul", phone="+33639980033", kind="face_to_face")
        group = {"label": "classe", "count": 20, "setting": "school"}
        await do(
            tx,
            desk,
            ContactNamed(case.id, 1, without_phone),
            ContactNamed(case.id, 1, without_day),
            ListClosed(case.id, "listed", (group,)),
        )
        (review,) = await reviews.of_person(tx, case.person_id)
        assert review.reason == "case_incomplete"
        assert review.detail[0]["phones"] == ["Joel"]
        assert review.detail[0]["days"] == ["Paul"]
        assert review.detail[0]["groups"] == [group]


async def test_a_child_of_the_house_is_followed_on_the_guardians_phone(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        lina = Named(1, "Lina", relation="child", kind="home", last_day=TODAY, minor=True)
        await do(tx, desk, ContactNamed(case.id, 1, lina), ListClosed(case.id, "listed"))
        contact = await the_contact(tx, case)
        (link,) = await people.links_of(tx, contact.person_id)
        (own,) = await people.links_of(tx, case.person_id)
        assert (link.role, link.address_id) == ("guardian", own.address_id)
        assert await following.active_of_person(tx, contact.person_id) is not None
        assert await conversations.of_person(tx, contact.person_id) == []


async def test_a_child_from_elsewhere_is_left_to_a_person(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        tom = Named(1, "Tom", phone="+33639980034", kind="face_to_face", last_day=TODAY, minor=True)
        await do(tx, desk, ContactNamed(case.id, 1, tom), ListClosed(case.id, "listed"))
        (review,) = await reviews.of_person(tx, case.person_id)
        assert review.detail[0]["minors"] == ["Tom"]
        contact = await the_contact(tx, case)
        assert await conversations.of_person(tx, contact.person_id) == []


async def test_somebody_named_after_the_list_was_closed_is_told_too(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        listed = StateMoved("case", case.id, "listed")
        await do(tx, desk, ListClosed(case.id, "listed"), listed, ContactNamed(case.id, 1, MARC))
        assert (await the_contact(tx, case)).state == "contacting"


async def test_a_wrong_number_leaves_the_record_and_is_not_taken_again(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        await do(tx, desk, ContactNamed(case.id, 1, MARC))
        contact = await the_contact(tx, case)
        (link,) = await people.links_of(tx, contact.person_id)
        await do(tx, desk, NumberWrong(link.address_id, contact.person_id))
        assert [one.dropped for one in await people.links_of(tx, contact.person_id)] == [True]
        assert await addresses.is_do_not_write(tx, MARC.phone, NOW)
        assert not await addresses.is_do_not_write(tx, MARC.phone, NOW + timedelta(days=100))
        other = await a_case(tx, desk, 2)
        await do(tx, desk, ContactNamed(other.id, 1, MARC))
        again = await the_contact(tx, other)
        assert [r for r in await people.links_of(tx, again.person_id) if not r.dropped] == []
        assert "number_bad" in await reasons(tx, again.person_id)


async def test_a_contact_who_is_a_case_already_is_not_told(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        one, other = await a_case(tx, desk, 1), await a_case(tx, desk, 2)
        named = replace(MARC, name="Case1 Martin", phone="+33639980001")
        await do(tx, desk, ContactNamed(other.id, 1, named), ListClosed(other.id, "listed"))
        contact = await the_contact(tx, other)
        assert contact.person_id == one.person_id
        assert (contact.state, contact.outcome) == ("closed", "already_case")


async def test_a_contact_who_turns_positive_becomes_a_case_linked_to_the_exposure(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        await do(tx, desk, ContactNamed(case.id, 1, MARC))
        contact = await the_contact(tx, case)
        (link,) = await people.links_of(tx, contact.person_id)
        await do(tx, desk, Enrol(contact.person_id, "contact", link.address_id, None, contact.id))
        turned = TurnedPositive(contact.id, contact.person_id, link.address_id, TODAY)
        await do(tx, desk, turned, turned)
        new = await cases.of_person(tx, contact.person_id)
        assert new is not None and new.from_contact_id == contact.id
        closed = await contacts.get(tx, contact.id)
        assert closed is not None and (closed.state, closed.outcome) == ("closed", "converted")
        assert await following.active_of_person(tx, contact.person_id) is None


async def test_a_death_closes_the_follow_up(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        (link,) = await people.links_of(tx, case.person_id)
        await do(tx, desk, Enrol(case.person_id, "case", link.address_id, case.id))
        await do(tx, desk, PersonLearned(case.person_id, {"condition": "deceased"}))
        assert await following.active_of_person(tx, case.person_id) is None
        assert await timers.of_person(tx, case.person_id) == [
            timer for timer in await timers.of_person(tx, case.person_id) if timer.kind == "start"
        ]


async def test_the_onset_a_case_tells_moves_the_end_of_the_follow_up(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        (link,) = await people.links_of(tx, case.person_id)
        await do(tx, desk, Enrol(case.person_id, "case", link.address_id, case.id))
        before = await following.active_of_person(tx, case.person_id)
        await do(tx, desk, PersonLearned(case.person_id, {"case.onset": "2026-11-19"}))
        after = await following.active_of_person(tx, case.person_id)
        assert before is not None and after is not None
        assert before.until is not None and after.until == before.until - timedelta(days=2)


async def enrolled(tx: Tx, desk: Desk) -> tuple[Case, Timer]:
    case = await a_case(tx, desk)
    (link,) = await people.links_of(tx, case.person_id)
    await do(tx, desk, Enrol(case.person_id, "case", link.address_id, case.id))
    due = next(t for t in await timers.of_person(tx, case.person_id) if t.kind == "check_in")
    return case, due


async def test_a_days_check_in_is_asked_and_the_next_is_planned(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case, due = await enrolled(tx, desk)
        assert due.due_at.astimezone().date() == TODAY + timedelta(days=1)
        await fire(tx, desk, due, due.due_at)
        asked = await following.history(tx, due.follow_up_id or 0)
        assert [(row.day, row.state) for row in asked] == [(TODAY + timedelta(days=1), "asked")]
        flows = {talk.frames[0].flow for talk in await conversations.of_person(tx, case.person_id)}
        assert "check_in" in flows
        (after,) = [t for t in await timers.of_person(tx, case.person_id) if t.kind == "check_in"]
        assert after.due_at.date() == TODAY + timedelta(days=2)


async def test_yesterdays_check_in_is_over_when_todays_is_asked(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case, due = await enrolled(tx, desk)
        await fire(tx, desk, due, due.due_at)
        await fire(tx, desk, due, due.due_at + timedelta(days=1))
        history = await following.history(tx, due.follow_up_id or 0)
        assert [row.state for row in history] == ["missed", "asked"]
        talks = [t for t in await conversations.of_person(tx, case.person_id) if t.day]
        assert sorted(t.status for t in talks) == ["ended", "queued"]


async def test_three_silent_days_go_to_a_person(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case, due = await enrolled(tx, desk)
        for back in (3, 2, 1):
            day = TODAY + timedelta(days=4 - back)
            missed = CheckedIn(due.follow_up_id or 0, case.person_id, day, {}, {}, complete=False)
            await do(tx, desk, missed)
            assert ("silent" in await reasons(tx, case.person_id)) is (back == 1)


async def test_a_case_closes_only_with_two_calm_check_ins_after_its_last_day(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case, due = await enrolled(tx, desk)
        follow_up = await following.active_of_person(tx, case.person_id)
        assert follow_up is not None and follow_up.until is not None
        after = datetime.combine(follow_up.until + timedelta(days=1), due.due_at.timetz())
        await fire(tx, desk, due, after)
        assert await following.active_of_person(tx, case.person_id) is not None
        calm = {"danger": "no", "fever": "none", "none": True}
        for days in (0, 1):
            now = after + timedelta(days=days, minutes=30)
            row = CheckedIn(follow_up.id, case.person_id, now.date(), calm, {}, complete=True)
            await do(tx, desk, row, now=now)
        await fire(tx, desk, due, after + timedelta(days=2))
        closed = await following.get(tx, follow_up.id)
        assert closed is not None and (closed.state, closed.outcome) == ("closed", "completed")
        talks = await conversations.of_person(tx, case.person_id)
        assert talks[0].frames[0].flow == "follow_up_end"


async def test_the_same_case_entered_twice_changes_nothing(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        person = await people.get(tx, case.person_id)
        assert person is not None
        same = NewCase(replace(person, id=0), replace(case, id=0, person_id=0), "+33639980001")
        assert (await enter_case(tx, desk, same, NOW)).kind == "unchanged"
        other = replace(same, person=replace(same.person, family_name="Martinez"))
        entered = await enter_case(tx, desk, other, NOW)
        assert (entered.kind, entered.changed) == ("updated", ("family_name",))


async def test_a_minor_is_not_written_to(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        child = Person(0, "Léa", "Guillou", birth_date=date(2011, 9, 8))
        told = Case(0, 0, external_id="C9", test_date=TODAY, told_by="doctor")
        case = (await enter_case(tx, desk, NewCase(child, told, "+33639980005"), NOW)).case
        assert await conversations.of_person(tx, case.person_id) == []
        assert await reasons(tx, case.person_id) == ["minor"]


async def test_who_shares_a_home_stays_at_home_as_long_as_the_case_and_the_days_after(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case = await a_case(tx, desk)
        await do(tx, desk, Enrol(case.person_id, "case", 1, case_id=case.id))
        await do(tx, desk, ContactNamed(case.id, 1, replace(MARC, kind="home")))
        contact = await the_contact(tx, case)
        shared = PersonLearned(contact.person_id, {"facts.separable": "no"})
        await do(tx, desk, shared, Enrol(contact.person_id, "contact", 1, contact_id=contact.id))
        own = await following.active_of_person(tx, case.person_id)
        theirs = await following.active_of_person(tx, contact.person_id)
        assert own and theirs and own.until and theirs.until
        assert theirs.rule == "demo-contact-home-shared"
        assert theirs.until == own.until + timedelta(days=7)
        apart = {"facts.separable": "yes", "facts.apart_since": TODAY.isoformat()}
        await do(tx, desk, PersonLearned(contact.person_id, apart))
        theirs = await following.active_of_person(tx, contact.person_id)
        assert theirs and theirs.until == TODAY + timedelta(days=10)
