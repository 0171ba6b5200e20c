"""Cases, contacts, exposures, follow-ups: each once, whoever comes at the same time."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from bot.store import cases, contacts, following, people
from bot.store.engines import Store, Tx
from flows.vocabulary import Case, CheckIn, Contact, Exposure, FollowUp, Person
from tests.stores import NOW

TODAY = date(2026, 11, 23)


async def somebody(tx: Tx, name: str = "Sophie") -> Person:
    return await people.add(tx, Person(id=0, given_name=name), NOW)


def a_case(tx: Tx, person: Person, external_id: str = "") -> Case:
    return Case(
        id=tx.ids.new(NOW),
        person_id=person.id,
        external_id=external_id,
        test_date=TODAY,
        onset=TODAY - timedelta(days=1),
        told_by="Dr Morvan",
        told_on=TODAY,
        setting="choir",
        pack="fr-2022-02",
        created_at=NOW,
    )


async def test_a_case_comes_back_as_it_was_kept(store: Store) -> None:
    async with store.writing() as tx:
        person = await somebody(tx)
        case = await cases.add(tx, a_case(tx, person, "SIDEP-1"))
        assert await cases.get(tx, case.id) == case
        assert await cases.by_external_id(tx, "SIDEP-1") == case
        assert await cases.of_person(tx, person.id) == case
        changed = replace(case, onset=None, no_symptoms=True, state="closed", told_by="")
        await cases.save(tx, changed)
        assert await cases.get(tx, case.id) == changed
        assert await cases.get(tx, 1) is await cases.by_external_id(tx, "") is None


async def test_a_case_entered_twice_at_once_is_one(store: Store) -> None:
    async with store.writing() as tx:
        person = await somebody(tx)

    async def enter() -> int:
        async with store.writing() as tx:
            return (await cases.add(tx, a_case(tx, person, "SIDEP-1"))).id

    assert len(set(await asyncio.gather(*(enter() for _ in range(5))))) == 1


async def test_many_cases_are_kept_in_one_go_but_for_those_known(store: Store) -> None:
    async with store.writing() as tx:
        everybody = [await somebody(tx, f"P{n}") for n in range(3)]
        first = await cases.add(tx, a_case(tx, everybody[0], "A"))
        new = [a_case(tx, one, name) for one, name in zip(everybody, "ABC", strict=True)]
        assert await cases.add_many(tx, new) == new[1:]
        assert await cases.by_external_id(tx, "A") == first
        assert await cases.add_many(tx, []) == []


async def test_cases_are_paged_newest_first(store: Store) -> None:
    async with store.writing() as tx:
        person = await somebody(tx)
        kept = [
            await cases.add(tx, replace(a_case(tx, person), created_at=NOW + timedelta(hours=n)))
            for n in range(5)
        ]
        await cases.save(tx, replace(kept[4], state="closed"))
        first = await cases.page(tx, ["reported"], limit=3)
        assert first == [kept[3], kept[2], kept[1]]
        rest = await cases.page(tx, ["reported", "closed"], first[-1].id, 3)
        assert rest == [kept[0]]


async def test_a_person_has_one_open_contact(store: Store) -> None:
    async with store.writing() as tx:
        person = await somebody(tx)
        first = await contacts.add(tx, Contact(tx.ids.new(NOW), person.id, created_at=NOW))
        again = await contacts.add(tx, Contact(tx.ids.new(NOW), person.id, created_at=NOW))
        assert again == first
        closed = replace(first, state="closed", outcome="completed")
        await contacts.save(tx, closed)
        assert await contacts.of_person(tx, person.id) == closed
        later = await contacts.add(
            tx, Contact(tx.ids.new(NOW), person.id, created_at=NOW - timedelta(days=1))
        )
        assert later.id != first.id
        assert await contacts.of_person(tx, person.id) == later
        assert await contacts.get(tx, first.id) == closed


async def test_exposures_are_numbered_by_their_case(store: Store) -> None:
    async with store.writing() as tx:
        case = await cases.add(tx, a_case(tx, await somebody(tx)))
        person = await somebody(tx, "Léa")
        contact = await contacts.add(tx, Contact(tx.ids.new(NOW), person.id))
        second, first = [
            await contacts.add_exposure(
                tx, Exposure(tx.ids.new(NOW), case.id, contact.id, number, said_name="my sister")
            )
            for number in (2, 1)
        ]
        twin = replace(first, id=tx.ids.new(NOW), said_name="somebody else")
        assert await contacts.add_exposure(tx, twin) == first
        assert await contacts.exposures_of_case(tx, case.id) == [first, second]
        said = replace(
            first,
            relation="sister",
            kind="home",
            setting="kitchen",
            last_day=TODAY,
            protection="none",
            may_name=True,
            may_date=True,
        )
        await contacts.save_exposure(tx, said)
        assert await contacts.by_number(tx, case.id, 1) == said
        assert await contacts.exposures_of_contact(tx, contact.id) == [said, second]
        await contacts.remove_exposure(tx, second.id)
        assert await contacts.exposures_of_contacts(tx, [contact.id, 5]) == [said]
        assert await contacts.by_number(tx, case.id, 2) is None


async def test_a_person_has_one_follow_up_that_goes_on(store: Store) -> None:
    async with store.writing() as tx:
        person = await somebody(tx)

    async def enrol() -> int:
        async with store.writing() as tx:
            new = FollowUp(tx.ids.new(NOW), person.id, "contact", TODAY, None)
            return (await following.start(tx, new)).id

    ids = set(await asyncio.gather(*(enrol() for _ in range(5))))
    assert len(ids) == 1
    async with store.writing() as tx:
        going = await following.active_of_person(tx, person.id)
        assert going is not None and going.id in ids
        moved = replace(going, until=TODAY + timedelta(days=7), rule="r1", state="review")
        await following.save(tx, moved)
        assert await following.active_of_person(tx, person.id) == moved
        await following.save(tx, replace(moved, state="closed", outcome="completed"))
        assert await following.active_of_person(tx, person.id) is None
        assert await following.get(tx, going.id) == replace(
            moved, state="closed", outcome="completed"
        )
    assert await enrol() not in ids


async def test_a_day_has_one_check_in_for_ever(store: Store) -> None:
    async with store.writing() as tx:
        person = await somebody(tx)
        going = await following.start(tx, FollowUp(tx.ids.new(NOW), person.id, "case", TODAY, None))
        await following.asked(tx, going, TODAY, NOW)
        asked = await following.of_day(tx, going.id, TODAY)
        assert asked is not None and asked.state == "asked"
        answered = CheckIn(
            id=tx.ids.new(NOW),
            follow_up_id=going.id,
            person_id=person.id,
            day=TODAY,
            state="answered",
            answers={"danger": "no", "temperature": 38.2, "symptoms": ["toux"]},
            assessment={"priority": "P3", "reasons": ["new_symptom"]},
            answered_at=NOW,
        )
        await following.save_check_in(tx, answered)
        kept = replace(answered, id=asked.id)
        assert await following.of_day(tx, going.id, TODAY) == kept
        await following.asked(tx, going, TODAY, NOW)
        await following.asked(tx, going, TODAY - timedelta(days=1), NOW)
        days = await following.history(tx, going.id)
        assert [day.state for day in days] == ["asked", "answered"]
        assert days[1] == kept
        assert await following.of_day(tx, going.id, TODAY + timedelta(days=1)) is None
        assert await following.history(tx, 1) == []
