"""Proof of identity: typed names, tries, and when it is asked again; and who is fragile."""

from datetime import UTC, date, datetime, timedelta

import pytest

from flows.rules import (
    PersonFacts,
    is_fragile,
    names_match,
    needs_proof,
    person_facts,
    proof,
    shipped_packs,
)
from flows.vocabulary import Person

PACK = shipped_packs().named("demonstration")
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

SAME = [
    ("marc besson", "Marc", "Besson"),
    ("BESSON Marc", "Marc", "Besson"),
    ("Bonjour, je suis Marc Besson.", "Marc", "Besson"),
    ("c'est moi, Marc Besson", "Marc", "Besson"),
    ("Marc Beson", "Marc", "Besson"),
    ("M. Marc Besson", "Marc", "Besson"),
    ("marc", "Marc", ""),
    ("Marc Besson", "Marc", ""),
    ("Marc Antoine Besson", "Marc", "Besson"),
    ("Céline Le Goff", "celine", "LE GOFF"),
    ("celine legoff", "Céline", "Le Goff"),
    ("Jean Pierre Dupont", "Jean-Pierre", "Dupont"),
    ("Jeanpierre Dupont", "Jean-Pierre", "Dupont"),
    ("jean dupont", "Jean-Pierre", "Dupont"),
    ("Sofie Martin", "Sophie", "Martin"),
    ("sopie martin", "Sophie", "Martin"),
    ("Phillipe Durand", "Philippe", "Durand"),
    ("Mohammed Benali", "Mohamed", "Ben Ali"),
    ("Ana García López", "Ana", "Garcia"),
    ("Işıl Yıldız", "Isil", "Yildiz"),
    ("Œnone Lefèvre", "Oenone", "Lefevre"),
    ("Maëlle Kervella", "Maelle", "Kervela"),
    ("محمد علي", "محمد", "علي"),
]
OTHERS = [
    ("jean dupont", "Marc", "Besson"),
    ("marc", "Marc", "Besson"),
    ("besson", "Marc", "Besson"),
    ("Claire Besson", "Marc", "Besson"),
    ("Karima Besson", "Karim", "Besson"),
    ("Julia Besson", "Julie", "Besson"),
    ("Sonia Besson", "Sofia", "Besson"),
    ("Léa Besson", "Léo", "Besson"),
    ("Jean-Marie Dupont", "Jean-Pierre", "Dupont"),
    ("Pierre Dupont", "Jean-Pierre", "Dupont"),
    ("marc paul luc jean besson", "Marc", "Besson"),
    ("marc paul luc jean", "Marc", ""),
    ("", "Marc", "Besson"),
    ("oui", "Marc", "Besson"),
    ("1979", "Marc", "Besson"),
    ("Besson", "", "Besson"),
    ("maman", "maman", ""),
    ("la maman de Rose", "la maman de Rose", ""),
    ("quelqu'un", "", ""),
    ("de la", "Marc", "de la"),
]


@pytest.mark.parametrize(("typed", "given", "family"), SAME)
def test_the_same_name_is_recognised_however_it_is_spelt(
    typed: str, given: str, family: str
) -> None:
    assert names_match(typed, given, family)


@pytest.mark.parametrize(("typed", "given", "family"), OTHERS)
def test_another_name_is_another_person(typed: str, given: str, family: str) -> None:
    assert not names_match(typed, given, family)


def test_the_way_of_proof_is_a_row() -> None:
    case, contact = proof(PACK, "case", TODAY), proof(PACK, "contact", TODAY)
    assert (case.way, case.tries, case.row) == ("birth_year", 2, "identity-case")
    assert contact.way == "typed_name"
    assert proof(PACK, "stranger", TODAY).way == "call_only"


PROOFS = [
    (None, None, True),
    (timedelta(hours=1), None, False),
    (timedelta(hours=25), None, False),
    (timedelta(hours=37), None, True),
    (timedelta(hours=60), timedelta(hours=25), False),
    (timedelta(hours=60), timedelta(hours=37), True),
]


@pytest.mark.parametrize(("proven", "heard", "needed"), PROOFS)
def test_identity_is_asked_again_after_a_long_silence(
    proven: timedelta | None, heard: timedelta | None, needed: bool
) -> None:
    rule = proof(PACK, "case", TODAY)
    proven_at = NOW - proven if proven else None
    heard_at = NOW - heard if heard else None
    assert needs_proof(proven_at, heard_at, rule, NOW) is needed


FRAGILE = [
    (PersonFacts(age_months=65 * 12), "age"),
    (PersonFacts(over_65=True), "age"),
    (PersonFacts(pregnant=True), "pregnant"),
    (PersonFacts(long_illness=True), "long_illness"),
    (PersonFacts(weak_defences=True), "weak_defences"),
    (PersonFacts(bmi=30.0), "bmi"),
    (PersonFacts(age_months=65 * 12 - 1, bmi=29.9), "none"),
]


@pytest.mark.parametrize(("facts", "why"), FRAGILE)
def test_the_fragile_are_those_of_the_rules(facts: PersonFacts, why: str) -> None:
    found = is_fragile(PACK, facts, TODAY)
    assert (found.value, found.why) == (why != "none", f"fragile.{why}")


def test_what_was_never_asked_of_frailty_is_named() -> None:
    found = is_fragile(PACK, PersonFacts(age_months=480, pregnant=False), TODAY)
    assert found.missing == ("over_65", "long_illness", "weak_defences", "bmi")


BIRTHS = [
    ({"birth_date": date(2026, 9, 20)}, 2),
    ({"birth_date": date(2026, 9, 24)}, 1),
    ({"birth_date": date(1984, 2, 29)}, 42 * 12 + 8),
    ({"birth_year": 2026}, 0),
    ({"birth_year": 1979}, 47 * 12 + 10),
    ({"birth_year": 1961}, 65 * 12 + 10),
    ({"birth_year": 2008}, 17 * 12 + 10),
    ({"age_months": 7}, 7),
    ({}, None),
]


@pytest.mark.parametrize(("known", "months"), BIRTHS)
def test_ages_err_on_the_prudent_side(known: dict[str, object], months: int | None) -> None:
    person = Person(1, **known)  # type: ignore[arg-type]
    facts = person_facts(person, "contact", TODAY)
    assert facts.age_months == months
    assert facts.minor is (None if months is None else months < 216)


def test_enrolment_answers_are_read_from_the_record() -> None:
    person = Person(1, minor=True, facts={"pregnant": "unknown", "weak_defences": "yes"})
    facts = person_facts(person, "case", TODAY, date(2026, 11, 20))
    assert (facts.minor, facts.pregnant, facts.weak_defences) == (True, None, True)
    assert (facts.illness_day, facts.role) == (3, "case")
