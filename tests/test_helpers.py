"""A chosen helper answers for an adult only by the adult's agreement, until either ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.entering import NewCase, enter_case
from bot.households import household_of
from bot.store import addresses, people
from bot.store.engines import Store, Tx
from flows.rehearsal import Rehearsal, somebody
from flows.turn import Desk
from flows.vocabulary import (
    Case,
    Conversation,
    Enrol,
    Frame,
    HelperAgreed,
    HelperEnded,
    Link,
    Person,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk() -> Desk:
    return open_desk()


async def two(tx: Tx, desk: Desk) -> tuple[Case, int]:
    """A grandfather who is followed, and the address of his granddaughter."""
    told = Case(0, 0, external_id="C1", test_date=NOW.date(), onset=NOW.date(), told_by="doctor")
    old = Person(0, "Yann", "Le Goff", birth_date=date(1938, 1, 1))
    case = (await enter_case(tx, desk, NewCase(old, told, "+33639980001"), NOW)).case
    (link,) = await people.links_of(tx, case.person_id)
    await people.save_link(tx, replace(link, role="self", proven_at=NOW))
    await carry_out(tx, desk, Enrol(case.person_id, "case", link.address_id, case.id), NOW)
    at = await addresses.lock(tx, "sms", "+33639980002", NOW)
    rose = await people.add(tx, Person(0, "Rose", "Le Goff"), NOW)
    await people.save_link(tx, Link(rose.id, at.id, role="self", proven_at=NOW))
    await addresses.save(tx, replace(at, last_heard_at=NOW))
    return case, at.id


async def test_with_agreement_the_helper_is_asked_and_the_agreement_is_kept(
    store: Store, desk: Desk
) -> None:
    async with store.writing() as tx:
        case, at = await two(tx, desk)
        await carry_out(tx, desk, HelperAgreed(case.person_id, at, "aloud"), NOW)
        link = next(x for x in await people.links_of(tx, case.person_id) if x.address_id == at)
        assert (link.role, link.agreed_how, link.agreed_at) == ("proxy", "aloud", NOW)
        home = await household_of(tx, case.person_id)
        assert home is not None and home.address.id == at
        assert home.responder.given_name == "Rose"


async def test_without_agreement_an_adult_is_nobodys_member(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case, at = await two(tx, desk)
        await people.save_link(tx, Link(case.person_id, at, role="proxy"))
        assert await household_of(tx, case.person_id) is None


async def test_once_ended_the_adult_answers_at_their_own_number(store: Store, desk: Desk) -> None:
    async with store.writing() as tx:
        case, at = await two(tx, desk)
        await carry_out(tx, desk, HelperAgreed(case.person_id, at, "written"), NOW)
        await carry_out(tx, desk, HelperEnded(case.person_id), NOW)
        link = next(x for x in await people.links_of(tx, case.person_id) if x.address_id == at)
        assert link.dropped and link.agreed_at is None
        assert await household_of(tx, case.person_id) is None


def asked_whether_rose_may() -> Rehearsal:
    here = somebody("case", "fr", NOW.date(), given_name="Yann", proven=True, now=NOW)
    talk = Rehearsal(open_desk(), replace(here, link=replace(here.link, role="self")), NOW)
    kept = {"helper": {"name": "Rose", "address_id": 77}}
    standing = Conversation(7, 1, 1, (Frame("helper", "agree"),), status="open", kept=kept)
    talk.scene = replace(talk.scene, conversations=(standing,))
    return talk


def test_a_yes_from_the_persons_own_number_is_an_agreement_in_writing() -> None:
    turn = asked_whether_rose_may().hear("oui d'accord")
    assert turn.deeds == (HelperAgreed(1, 77, "written"),)
    assert "Rose" in turn.drafts[0].text


def test_a_no_goes_to_a_person_and_changes_nothing() -> None:
    turn = asked_whether_rose_may().hear("non")
    assert turn.deeds == ()
    assert [review.reason for review in turn.reviews] == ["refusal"]


def test_the_person_ends_it_in_words_from_their_own_number() -> None:
    talk = asked_whether_rose_may()
    turn = talk.hear("Rose ne répond plus pour moi")
    assert turn.deeds == (HelperEnded(1),)
    assert [event.kind for event in turn.events if "helper" in event.kind] == ["helper_ended"]
