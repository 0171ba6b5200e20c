"""Who was named is said by name to who reads alone, and as a count where others read too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.store import addresses, cases, contacts, deed_rows, messages, people
from bot.store.engines import Store
from bot.taking import take_all
from flows.rehearsal import Rehearsal, somebody
from flows.vocabulary import (
    LANGUAGES,
    Case,
    ContactNamed,
    Conversation,
    Frame,
    Incoming,
    Link,
    Named,
    Person,
)
from tests.stores import NOW

LISTS = {"fr": "LISTE", "en": "list", "es": "lista", "pt": "lista", "tr": "liste", "ar": "القائمة"}
MET = tuple(
    Named(n, name=name, last_day=NOW.date()) for n, name in enumerate(("Karim", "Lina", "Nour"), 1)
)


def summing_up(lang: str = "fr", node: str = "summary", **address: object) -> Rehearsal:
    here = somebody("case", lang, NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    standing = Conversation(
        7, 1, 1, (Frame("case", node),), status="open", named=MET, case_id=1, asked_at=NOW
    )
    at = replace(talk.scene.address, **address)  # type: ignore[arg-type]
    talk.scene = replace(talk.scene, address=at, conversations=(standing,))
    return talk


def texts(talk: Rehearsal, words: str) -> str:
    return "\n".join(draft.text for draft in talk.hear(words).drafts)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_list_is_a_count_on_a_shared_phone(lang: str) -> None:
    said = texts(summing_up(lang, shared=True), LISTS[lang])
    assert "3" in said
    assert not any(row.name in said for row in MET)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_list_is_names_on_a_phone_of_ones_own(lang: str) -> None:
    said = texts(summing_up(lang), LISTS[lang])
    assert all(row.name in said for row in MET)


def test_the_open_question_comes_after_the_list() -> None:
    assert "numéros" in texts(summing_up(node="numbers"), "liste")


def test_a_summary_after_a_correction_names_nobody_on_a_shared_phone() -> None:
    said = texts(summing_up(shared=True), "et aussi Paul")
    assert "4 personnes" in said and "Karim" not in said


def followed(lang: str = "fr", **address: object) -> Rehearsal:
    """A case in their daily check-in, whose list is over and kept."""
    talk = summing_up(lang, **address)
    talk.scene = replace(talk.scene, conversations=(), listed=MET)
    return talk


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_list_that_is_over_is_said_as_long_as_the_case_is_followed(lang: str) -> None:
    talk = followed(lang)
    talk.begin("check_in")
    said = texts(talk, LISTS[lang])
    assert all(row.name in said for row in MET)
    assert "15" in said.splitlines()[-1]


def test_a_list_that_is_over_is_a_count_for_whoever_must_prove_themselves_again() -> None:
    talk = followed()
    [here] = talk.scene.people
    long_ago = replace(here, link=replace(here.link, proven_at=NOW - timedelta(days=30)))
    at = replace(talk.scene.address, last_heard_at=NOW - timedelta(days=30))
    talk.scene = replace(talk.scene, people=(long_ago,), address=at)
    assert "Vous avez nommé : 3 personnes." in texts(talk, "LISTE")


def test_a_list_that_is_over_is_told_to_nobody_before_a_proof() -> None:
    talk = followed()
    [here] = talk.scene.people
    stranger = replace(here, link=replace(here.link, proven_at=None))
    talk.scene = replace(talk.scene, people=(stranger,))
    said = texts(talk, "LISTE")
    assert "3" not in said and "Karim" not in said


def test_nobody_else_asks_for_a_list() -> None:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    talk.begin("check_in")
    assert "Noté jusqu'ici" not in texts(talk, "liste")


async def test_the_list_that_is_kept_is_the_record_s(store: Store) -> None:
    async with store.writing() as tx:
        address = await addresses.lock(tx, "sms", "+33639980001", NOW)
        person = await people.add(tx, Person(0, given_name="Sophie"), NOW)
        await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=NOW))
        met_on = date(2026, 11, 20)
        case = await cases.add(tx, Case(tx.ids.new(NOW), person.id, "C1", onset=met_on))
        named = ContactNamed(case.id, 1, Named(1, "Marc Besson", last_day=met_on))
        await carry_out(tx, open_desk(), named, NOW)
        incoming = Incoming("sms", "SM1", "+33639980001", "38000", "LISTE")
        await take_all(tx, [incoming], open_desk(), NOW)
        said = (await messages.of_person(tx, person.id))[-1]
        assert said.text.startswith("Vous avez nommé : Marc Besson.")


async def test_who_is_added_on_a_later_day_is_told_and_nobody_else_is_changed(store: Store) -> None:
    async with store.writing() as tx:
        address = await addresses.lock(tx, "sms", "+33639980001", NOW)
        person = await people.add(tx, Person(0, given_name="Sophie"), NOW)
        await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=NOW))
        met_on = date(2026, 11, 20)
        told = Case(tx.ids.new(NOW), person.id, "C1", onset=met_on, told_by="doctor")
        case = await cases.add(tx, replace(told, state="following"))
        for number, name in ((1, "Marc Besson"), (3, "Lou Simon")):
            met = Named(number, name, kind="home", setting="home", last_day=met_on, may_name=True)
            await carry_out(tx, open_desk(), ContactNamed(case.id, address.id, met), NOW)
        before = await contacts.exposures_of_case(tx, case.id)
        words = "j'ai oublié Zoé, vue samedi 06 39 98 00 77"
        await take_all(
            tx, [Incoming("sms", "SM1", "+33639980001", "38000", words)], open_desk(), NOW
        )
        for row in await deed_rows.claim(tx, NOW, 9, "worker", timedelta(minutes=1)):
            await carry_out(tx, open_desk(), row.deed, NOW)
        *others, zoe = await contacts.exposures_of_case(tx, case.id)
        assert others == before
        assert (zoe.number, zoe.said_name, zoe.last_day) == (4, "Zoé", date(2026, 11, 21))
        assert not zoe.may_name
        said = (await messages.of_person(tx, person.id))[-1]
        assert said.text.startswith("Vous avez nommé : Marc Besson, Lou Simon, Zoé.")


def test_nobody_is_added_by_whoever_must_prove_themselves_again() -> None:
    talk = followed()
    [here] = talk.scene.people
    long_ago = replace(here, link=replace(here.link, proven_at=NOW - timedelta(days=30)))
    at = replace(talk.scene.address, last_heard_at=NOW - timedelta(days=30))
    talk.scene = replace(talk.scene, people=(long_ago,), address=at)
    turn = talk.hear("ajoute Zoé 0639980077")
    assert not turn.deeds and [one.reason for one in turn.reviews] == ["message"]


@pytest.mark.parametrize(
    "words", ["j'ai oublié mes clés", "ajoute que je tousse", "ajoute Zoé ?", "il manque du pain"]
)
def test_what_names_nobody_adds_nobody(words: str) -> None:
    talk = followed()
    talk.begin("check_in")
    assert not any(isinstance(one, ContactNamed) for one in talk.hear(words).deeds)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "remove Lina. add Zak"),
        ("en", "add Zak, from the lecture. remove Lina"),
        ("es", "Lina no es nadie. falta Zak"),
        ("fr", "enlève Lina. ajoute Zak"),
    ],
)
def test_each_sentence_of_a_correction_counts(lang: str, words: str) -> None:
    said = texts(summing_up(lang), words)
    assert "Lina" not in said
    assert all(name in said for name in ("Karim", "Nour", "Zak"))
