"""How urgent an answer is, by the person and the answer."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from flows.rules import (
    Assessment,
    CheckInFacts,
    PersonFacts,
    assess,
    check_in_facts,
    shipped_packs,
)
from flows.rules.follow_up import gravity
from flows.rules.orientation import GRAVITY, orientation
from flows.rules.orienting import official_answers

PACK = shipped_packs().named("demonstration")
TODAY = date(2026, 11, 23)
CALM = CheckInFacts(danger_answer="no", fever=False)
ADULT = PersonFacts(age_months=41 * 12, minor=False, pregnant=False, long_illness=False)
CASE = replace(ADULT, role="case")


def aged(years: int = 0, months: int = 0, **more: object) -> PersonFacts:
    total = years * 12 + months
    facts = PersonFacts(age_months=total, minor=total < 216)
    return replace(facts, **more)  # type: ignore[arg-type]


def signs(*codes: str, **more: object) -> CheckInFacts:
    return replace(CALM, symptoms=frozenset(codes), **more)  # type: ignore[arg-type]


def weigh(
    person: PersonFacts, answer: CheckInFacts, history: tuple[CheckInFacts, ...] = ()
) -> Assessment:
    return assess(PACK, person, answer, history, TODAY)


DANGERS = [
    ("38 at two months", aged(months=2), replace(CALM, temperature=38.0), "very_high_fever"),
    ("felt fever at two months", aged(months=2), replace(CALM, fever=True), "very_high_fever"),
    ("a breathless child", aged(6), signs("breathlessness"), "severe_breathlessness"),
    (
        "a child who breathes worse",
        aged(6),
        replace(CALM, breathing="worse"),
        "severe_breathlessness",
    ),
    (
        "a minor of unknown age",
        PersonFacts(minor=True),
        signs("breathlessness"),
        "severe_breathlessness",
    ),
    ("a drowsy child", aged(4), signs("drowsiness"), "other_emergency"),
    ("a fall at 80", aged(80), signs("fall"), "other_emergency"),
    ("confusion at 80", aged(80), signs("confusion"), "confusion"),
    ("breathless at 65", aged(65), signs("breathlessness"), "severe_breathlessness"),
    (
        "breathless, pregnant",
        replace(ADULT, pregnant=True),
        signs("breathlessness"),
        "severe_breathlessness",
    ),
    (
        "breathless, long ill",
        replace(ADULT, long_illness=True),
        signs("breathlessness"),
        "severe_breathlessness",
    ),
    (
        "breathless, said over 65",
        PersonFacts(over_65=True),
        signs("breathlessness"),
        "severe_breathlessness",
    ),
    (
        "breathless on small effort",
        ADULT,
        signs("breathlessness", effort="small"),
        "severe_breathlessness",
    ),
    ("oxygen 92", ADULT, replace(CALM, oxygen=92), "low_oxygen"),
    ("40.0", ADULT, replace(CALM, temperature=40.0), "very_high_fever"),
    ("much worse breath", ADULT, replace(CALM, breathing="much_worse"), "severe_breathlessness"),
    ("much worse state", ADULT, replace(CALM, state="much_worse"), "other_emergency"),
    ("chest pain as a symptom", ADULT, signs("chest_pain"), "chest_pain"),
    ("pulse 111", ADULT, replace(CALM, pulse=111), "other_emergency"),
    (
        "a bare yes to the danger question",
        ADULT,
        CheckInFacts(danger_answer="yes"),
        "other_emergency",
    ),
    ("a danger in words", ADULT, replace(CALM, dangers=frozenset({"blue_lips"})), "blue_lips"),
    ("a doubtful danger", ADULT, replace(CALM, doubts=frozenset({"seizure"})), "seizure"),
    ("suicidal words", ADULT, replace(CALM, dangers=frozenset({"self_harm"})), "self_harm"),
]


@pytest.mark.parametrize(("what", "person", "answer", "danger"), DANGERS)
def test_a_danger_is_p1_and_has_a_code_for_its_safety_text(
    what: str, person: PersonFacts, answer: CheckInFacts, danger: str
) -> None:
    found = weigh(person, answer)
    assert found.priority == "P1", what
    assert danger in found.dangers
    assert found.gravity == 3


LESSER = [
    ("38.9 at two years", aged(2), replace(CALM, temperature=38.9), "P3"),
    ("38 at three months", aged(months=3), replace(CALM, temperature=38.0), "P2"),
    ("38 at eleven months", aged(months=11), replace(CALM, temperature=38.0), "P2"),
    ("38 at twelve months", aged(months=12), replace(CALM, temperature=38.0), "P3"),
    ("37.9 at two months", aged(months=2), replace(CALM, temperature=37.9), None),
    ("a minor of unknown age, fever", PersonFacts(minor=True), replace(CALM, fever=True), "P2"),
    ("39.0", CASE, replace(CALM, temperature=39.0), "P2"),
    ("38.9 in a case", CASE, replace(CALM, temperature=38.9), None),
    ("fever that stays", CASE, replace(CALM, fever=True, relieved=False), "P2"),
    ("oxygen 93", CASE, replace(CALM, oxygen=93), "P2"),
    ("oxygen 94", CASE, replace(CALM, oxygen=94), "P2"),
    ("oxygen 95", CASE, replace(CALM, oxygen=95), None),
    ("breathless at 41, effort not told", CASE, signs("breathlessness"), "P2"),
    ("worse than yesterday", CASE, replace(CALM, state="worse"), "P2"),
    ("cough at 64", aged(64, role="case"), signs("cough"), None),
    ("cough at 65", aged(65, role="case"), signs("cough"), "P2"),
    ("cough in pregnancy", replace(CASE, pregnant=True), signs("cough"), "P2"),
    ("cough, heavy", replace(CASE, bmi=30.0), signs("cough"), "P2"),
    ("an unclear answer to danger", CASE, replace(CALM, danger_answer="unclear"), "P2"),
    ("the danger question refused", CASE, replace(CALM, danger_answer="refused"), "P2"),
    ("diarrhoea at 80", aged(80, role="case"), signs("diarrhoea"), "P2"),
    ("a contact who coughs", ADULT, signs("cough"), "P3"),
    ("a case who coughs", CASE, signs("cough"), None),
    ("a child case who coughs", aged(9, role="case"), signs("cough"), "P3"),
    ("35.4", CASE, replace(CALM, temperature=35.4), "P3"),
    ("nothing", ADULT, CALM, None),
    ("nothing at 90", aged(90), CALM, None),
]


@pytest.mark.parametrize(("what", "person", "answer", "priority"), LESSER)
def test_what_is_less_than_danger_is_ranked(
    what: str, person: PersonFacts, answer: CheckInFacts, priority: str | None
) -> None:
    found = weigh(person, answer)
    assert found.priority == priority, what
    assert found.dangers == ()


def test_every_reason_names_the_row_that_fired() -> None:
    found = weigh(aged(70), replace(signs("cough"), temperature=39.5))
    codes = {(reason.code, reason.row) for reason in found.reasons}
    assert ("fragile_symptom", "triage-fragile-symptom") in codes
    assert ("high_fever", "triage-fever-39") in codes
    assert all(PACK.row(reason.row) for reason in found.reasons)
    of_the_day = [r.priority or "" for r in found.reasons if not r.points]
    assert of_the_day == sorted(of_the_day) and of_the_day


def test_a_symptom_known_since_yesterday_is_not_new() -> None:
    assert weigh(ADULT, signs("cough"), (signs("cough"),)).priority is None
    assert weigh(ADULT, signs("cough", "headache"), (signs("cough"),)).priority == "P3"


def test_worse_twice_in_a_row_is_a_reason_of_its_own() -> None:
    worse = replace(CALM, state="worse")
    assert "worse_twice" in {r.code for r in weigh(CASE, worse, (worse,)).reasons}
    assert "worse_twice" not in {r.code for r in weigh(CASE, worse, (worse, CALM)).reasons}


@pytest.mark.parametrize(("day", "watchful"), [(5, False), (6, True), (12, True), (13, False)])
def test_the_days_of_sudden_worsening_stay_watchful(day: int, watchful: bool) -> None:
    person = replace(CASE, illness_day=day)
    assert weigh(person, CALM).watchful is watchful
    assert weigh(person, signs("cough")).priority == ("P3" if watchful else None)


def test_violence_is_p1_without_a_medical_reason() -> None:
    found = weigh(ADULT, replace(CALM, dangers=frozenset({"violence"})))
    assert found.priority == "P1"
    assert next(reason.code for reason in found.reasons if reason.priority == "P1") == "violence"
    assert found.dangers == ("violence",)


def test_no_answer_is_taken_less_gravely_than_by_either_official_algorithm() -> None:
    people = [ADULT, CASE, aged(9), aged(55), aged(70), replace(ADULT, weak_defences=True)]
    codes = [(), ("cough",), ("cough", "fatigue", "bedridden"), ("diarrhoea", "muscle_pain")]
    temperatures = (None, 35.0, 36.8, 38.5, 39.2)
    breathing = (None, "stable", "worse", "much_worse")
    dangers = (
        frozenset[str](),
        frozenset({"unable_to_drink"}),
        frozenset({"severe_breathlessness"}),
    )
    for person, said, degrees, breath, danger in product(
        people, codes, temperatures, breathing, dangers
    ):
        answer = signs(*said, temperature=degrees, breathing=breath, dangers=danger)
        found = weigh(person, answer)
        official = GRAVITY[orientation(official_answers(person, answer))]
        floor = max(gravity(answer), official if said or danger else 0)
        assert found.gravity >= floor
        if floor >= 2:
            assert found.priority == ("P1" if floor == 3 else found.priority)
            assert found.priority in ("P1", "P2")


def test_gravity_is_that_of_the_official_follow_up() -> None:
    table = [
        (CALM, 0),
        (replace(CALM, temperature=38.9), 0),
        (replace(CALM, temperature=39.0), 1),
        (signs("diarrhoea"), 1),
        (signs("vomiting"), 1),
        (replace(CALM, breathing="worse"), 2),
        (replace(CALM, state="worse"), 2),
        (signs("confusion"), 2),
        (replace(CALM, dangers=frozenset({"unable_to_drink"})), 2),
        (replace(CALM, breathing="much_worse"), 3),
        (replace(CALM, state="much_worse"), 3),
        (replace(CALM, breathing="better"), 0),
    ]
    assert [gravity(answer) for answer, _ in table] == [wanted for _, wanted in table]


ANSWERS = [
    ({}, CheckInFacts()),
    ({"none": True}, CheckInFacts(danger_answer="no", fever=False)),
    ({"danger": "no", "fever": "none"}, CheckInFacts(danger_answer="no", fever=False)),
    ({"danger": "refused", "none": True}, CheckInFacts(danger_answer="refused", fever=False)),
    ({"fever": "felt"}, CheckInFacts(fever=True)),
    ({"fever": "figure", "temperature": 38.2}, CheckInFacts(temperature=38.2)),
    ({"absent": ["fever"]}, CheckInFacts(fever=False)),
    ({"symptoms": ["cough"], "dangers": None}, CheckInFacts(symptoms=frozenset({"cough"}))),
    ({"relieved": "no", "oxygen": 93}, CheckInFacts(relieved=False, oxygen=93)),
]


@pytest.mark.parametrize(("kept", "facts"), ANSWERS)
def test_answers_are_read_as_they_are_kept(kept: dict[str, object], facts: CheckInFacts) -> None:
    assert check_in_facts(kept) == facts


def test_a_figure_goes_before_a_word_of_fever() -> None:
    assert CheckInFacts(temperature=37.2, symptoms=frozenset({"fever"})).feverish is False
    assert CheckInFacts(temperature=38.0, fever=False).feverish is True
    assert CheckInFacts(symptoms=frozenset({"fever"})).feverish is True
    assert CheckInFacts().feverish is None
