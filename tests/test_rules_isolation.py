"""The contagious window, exposures, the days at home and when a follow-up may end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.rules import (
    CaseFacts,
    CheckInFacts,
    Decision,
    Met,
    Pack,
    PersonFacts,
    case_until,
    contact_tests,
    contact_until,
    contagious_window,
    is_at_risk,
    may_close_case,
    may_close_contact,
    needs_negative_test,
    shipped_packs,
)

DEMO = shipped_packs().named("demonstration")
FRANCE = shipped_packs().named("france")
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
NOBODY = PersonFacts()
Day = date

WINDOWS = [
    ("from 48 h before the first signs", Day(2026, 11, 20), Day(2026, 11, 21), Day(2026, 11, 18)),
    ("before the test without signs", None, Day(2026, 11, 21), Day(2026, 11, 19)),
    ("signs after a positive test", Day(2026, 11, 22), Day(2026, 11, 20), Day(2026, 11, 18)),
    ("never over 14 days before the test", Day(2026, 10, 20), Day(2026, 11, 20), Day(2026, 11, 6)),
    ("without a test", Day(2026, 11, 20), None, Day(2026, 11, 18)),
]


@pytest.mark.parametrize(("what", "onset", "test", "first"), WINDOWS)
def test_the_window_goes_back_from_the_first_signs(
    what: str, onset: date | None, test: date | None, first: date
) -> None:
    found = contagious_window(DEMO, onset, test, TODAY)
    assert found.value == (first, TODAY), what
    assert DEMO.row(found.row) is not None


def test_a_window_is_never_guessed() -> None:
    assert contagious_window(DEMO, None, None, TODAY).missing == ("onset", "test")
    ill = contagious_window(DEMO, None, TODAY, TODAY, symptoms=True)
    assert (ill.value, ill.missing) == (None, ("onset",))


EXPOSURES = [
    (DEMO, "home", "mask_both", None, TODAY, "yes"),
    (DEMO, "face_to_face", "unknown", None, TODAY, "yes"),
    (DEMO, "face_to_face", "mask_both", None, TODAY, "no"),
    (DEMO, "closed_space", "unknown", 14, TODAY, "no"),
    (DEMO, "closed_space", "unknown", 15, TODAY, "yes"),
    (DEMO, "closed_space", "unknown", None, TODAY, "yes"),
    (DEMO, "closed_space", "screen", 60, TODAY, "no"),
    (DEMO, "other", "none", 60, TODAY, "doubtful"),
    (DEMO, "unknown", "none", 60, TODAY, "doubtful"),
    (FRANCE, "closed_space", "none", None, Day(2020, 6, 1), "doubtful"),
    (FRANCE, "face_to_face", "mask_one", 60, Day(2020, 6, 1), "no"),
    (FRANCE, "face_to_face", "mask_one", 60, Day(2021, 12, 20), "doubtful"),
    (FRANCE, "class", "none", None, Day(2020, 6, 1), "yes"),
]


@pytest.mark.parametrize(("pack", "kind", "protection", "minutes", "on", "wanted"), EXPOSURES)
def test_an_exposure_is_judged_by_the_rules_of_its_day(
    pack: Pack, kind: str, protection: str, minutes: int | None, on: date, wanted: str
) -> None:
    assert is_at_risk(pack, kind, protection, minutes, on).value == wanted


def test_a_doubtful_exposure_names_what_would_settle_it() -> None:
    assert is_at_risk(FRANCE, "closed_space", "none", None, Day(2020, 6, 1)).missing == ("minutes",)
    assert is_at_risk(DEMO, "unknown", "none", 60, TODAY).missing == ("kind",)


HIGH = PersonFacts(
    age_months=360, vaccination="none", weak_defences=False, recovered_lately=False, separable=True
)
FULL = replace(HIGH, vaccination="complete")
CONTACTS = [
    (Day(2020, 5, 11), "face_to_face", HIGH, 14),
    (Day(2020, 9, 13), "face_to_face", HIGH, 14),
    (Day(2020, 9, 14), "face_to_face", HIGH, 7),
    (Day(2021, 2, 22), "home", HIGH, 7),
    (Day(2021, 2, 22), "home", replace(HIGH, separable=False), 17),
    (Day(2021, 7, 27), "face_to_face", HIGH, 7),
    (Day(2021, 7, 27), "face_to_face", FULL, None),
    (Day(2021, 7, 27), "face_to_face", replace(FULL, weak_defences=True), 7),
    (Day(2021, 7, 27), "home", replace(HIGH, separable=False), 17),
    (Day(2021, 7, 27), "home", replace(HIGH, recovered_lately=True), None),
    (Day(2022, 1, 3), "home", FULL, None),
    (Day(2022, 1, 3), "home", HIGH, 7),
    (Day(2022, 3, 21), "home", HIGH, None),
]


@pytest.mark.parametrize(("last", "kind", "person", "days"), CONTACTS)
def test_contact_isolation_follows_the_law_of_the_day(
    last: date, kind: str, person: PersonFacts, days: int | None
) -> None:
    found = contact_until(FRANCE, [(last, kind)], person, last)
    assert found.missing == ()
    assert found.value == (None if days is None else last + timedelta(days=days))
    assert found.why == ("contact.no_quarantine" if days is None else "contact.counted")


def test_exposed_twice_means_until_the_latest_end() -> None:
    exposures = [(Day(2026, 11, 20), "face_to_face"), (Day(2026, 11, 18), "home")]
    for order in (exposures, exposures[::-1]):
        found = contact_until(DEMO, order, NOBODY, TODAY)
        assert (found.value, found.row) == (Day(2026, 11, 28), "demo-contact-home")


SHARED = replace(HIGH, separable=False)


def test_under_one_roof_with_a_case_the_last_exposure_is_the_end_of_their_isolation() -> None:
    at_home = Met(Day(2026, 11, 20), "home", case_until=Day(2026, 11, 30))
    found = contact_until(DEMO, [at_home], SHARED, TODAY)
    assert (found.value, found.row) == (Day(2026, 12, 7), "demo-contact-home-shared")
    longer = at_home._replace(case_until=Day(2026, 12, 2))
    assert contact_until(DEMO, [longer], SHARED, TODAY).value == Day(2026, 12, 9)
    tests = contact_tests(DEMO, Day(2026, 11, 20), "home", SHARED, Day(2026, 11, 30))
    assert tests.value == (Day(2026, 12, 7),)


def test_who_keeps_apart_or_does_not_live_there_counts_from_the_last_time_together() -> None:
    at_home = Met(Day(2026, 11, 20), "home", case_until=Day(2026, 11, 30))
    assert contact_until(DEMO, [at_home], HIGH, TODAY).value == Day(2026, 11, 30)
    met = at_home._replace(kind="face_to_face")
    assert contact_until(DEMO, [met], SHARED, TODAY).value == Day(2026, 11, 27)


def test_who_keeps_apart_from_some_day_on_counts_from_it_and_never_longer_than_before() -> None:
    at_home = Met(Day(2026, 11, 20), "home", case_until=Day(2026, 11, 30))
    since = replace(HIGH, apart_since=Day(2026, 11, 23))
    found = contact_until(DEMO, [at_home], since, TODAY)
    assert (found.value, found.row) == (Day(2026, 12, 3), "demo-contact-home")
    late = replace(HIGH, apart_since=Day(2026, 11, 29))
    found = contact_until(DEMO, [at_home], late, Day(2026, 11, 29))
    assert (found.value, found.row) == (Day(2026, 12, 7), "demo-contact-home-shared")
    undecided = at_home._replace(case_until=None)
    assert contact_until(DEMO, [undecided], since, TODAY).value == Day(2026, 12, 3)
    met = at_home._replace(kind="face_to_face")
    assert contact_until(DEMO, [met], since, TODAY).value == Day(2026, 11, 27)
    assert contact_tests(DEMO, Day(2026, 11, 20), "home", since).value == (Day(2026, 11, 30),)


def test_under_one_roof_no_date_is_said_while_that_of_the_case_is_undecided() -> None:
    found = contact_until(DEMO, [(Day(2026, 11, 20), "home")], SHARED, TODAY)
    assert (found.value, found.missing) == (None, ("case_until",))


def test_the_law_of_2020_counted_on_while_a_home_was_shared() -> None:
    at_home = Met(Day(2020, 6, 1), "home", case_until=Day(2020, 6, 9))
    found = contact_until(FRANCE, [at_home], SHARED, Day(2020, 6, 2))
    assert found.value == Day(2020, 6, 23)


LACKING: list[tuple[list[tuple[date | None, str]], tuple[str, ...]]] = [
    ([], ("exposure",)),
    ([(None, "home")], ("last_day",)),
    ([(Day(2026, 11, 24), "home")], ("last_day",)),
    ([(Day(2026, 11, 20), "unknown")], ("kind",)),
    ([(Day(2026, 11, 20), "home"), (None, "care")], ("last_day",)),
]


@pytest.mark.parametrize(("exposures", "missing"), LACKING)
def test_with_a_fact_missing_no_end_date_is_said(
    exposures: list[tuple[date | None, str]], missing: tuple[str, ...]
) -> None:
    found = contact_until(DEMO, exposures, NOBODY, TODAY)
    assert (found.value, found.missing) == (None, missing)


def test_a_fact_that_changes_nothing_is_not_asked_for() -> None:
    day = Day(2022, 4, 1)
    assert contact_until(FRANCE, [(day, "home")], NOBODY, day).missing == ()
    assert contact_until(FRANCE, [(Day(2021, 8, 1), "care")], NOBODY, day).missing == (
        "recovered_lately",
        "vaccination",
        "weak_defences",
    )


def test_tests_are_dated_from_the_exposure() -> None:
    day = Day(2021, 7, 27)
    assert contact_tests(FRANCE, day, "care", HIGH).value == (day, day + timedelta(days=7))
    assert needs_negative_test(FRANCE, [(Day(2021, 3, 1), "care")], HIGH)
    assert not needs_negative_test(DEMO, [(TODAY, "home")], NOBODY)


ILL = PersonFacts(role="case", age_months=480, vaccination="none")
VACCINATED = replace(ILL, vaccination="complete")
CASES = [
    (Day(2020, 5, 20), ILL, 8),
    (Day(2020, 9, 14), ILL, 7),
    (Day(2021, 2, 21), ILL, 7),
    (Day(2021, 2, 22), ILL, 10),
    (Day(2022, 1, 3), ILL, 10),
    (Day(2022, 1, 3), VACCINATED, 7),
    (Day(2022, 1, 3), replace(ILL, age_months=11 * 12), 7),
]


@pytest.mark.parametrize(("day", "person", "length"), CASES)
def test_case_isolation_follows_the_law_of_the_day(
    day: date, person: PersonFacts, length: int
) -> None:
    until = day + timedelta(days=length)
    ill = CaseFacts(onset=day, test=day + timedelta(days=2), person=person)
    assert case_until(FRANCE, ill, day).value == until
    well = CaseFacts(test=day, no_symptoms=True, person=person)
    assert case_until(FRANCE, well, day).value == until


def test_a_negative_test_shortens_isolation_where_the_rules_say_so() -> None:
    early = CaseFacts(onset=Day(2022, 1, 3), person=VACCINATED, negative_test=True)
    assert case_until(FRANCE, early, Day(2022, 1, 4)).value == Day(2022, 1, 8)


def test_a_case_whose_onset_is_not_known_has_no_end_date() -> None:
    assert case_until(DEMO, CaseFacts(test=TODAY), TODAY).missing == ("onset",)
    assert case_until(DEMO, CaseFacts(no_symptoms=True), TODAY).missing == ("test",)
    unknown = CaseFacts(onset=Day(2022, 2, 1), person=PersonFacts(role="case", age_months=480))
    assert case_until(FRANCE, unknown, Day(2022, 2, 2)).missing == ("vaccination",)


# --- closing -----------------------------------------------------------------------------------

SICK = CaseFacts(onset=Day(2026, 11, 20), test=Day(2026, 11, 21))
GOOD = CheckInFacts(danger_answer="no", fever=False)


def ago(hours: float, answer: CheckInFacts = GOOD) -> CheckInFacts:
    return replace(answer, at=NOW - timedelta(hours=hours))


FEVER = replace(GOOD, temperature=38.0)
SHORT = replace(GOOD, symptoms=frozenset({"breathlessness"}))
CLOSINGS = [
    ("well for two days", [ago(1), ago(25)], "case.over"),
    ("a day too early", [ago(1), ago(25)], "case.too_early"),
    ("fever 47 hours ago", [ago(1), ago(25), ago(47, FEVER)], "case.fever"),
    ("fever 49 hours ago", [ago(1), ago(25), ago(49, FEVER)], "case.over"),
    ("fever never denied", [ago(1), ago(25, CheckInFacts(danger_answer="no"))], "case.fever"),
    ("breathless yesterday", [ago(1), ago(25, SHORT)], "case.breathing"),
    ("breathless but better", [ago(1), ago(25, replace(SHORT, breathing="better"))], "case.over"),
    ("breathing worse", [ago(1, replace(GOOD, breathing="worse")), ago(25)], "case.breathing"),
    ("danger yesterday", [ago(1), ago(25, replace(GOOD, danger_answer="yes"))], "case.danger"),
    ("two check-ins in an hour", [ago(1), ago(2)], "case.check_ins"),
    ("answered later yesterday", [ago(1), ago(20)], "case.over"),
    ("both within the day", [ago(1), ago(19)], "case.check_ins"),
    ("one that would count twice", [ago(22)], "case.check_ins"),
    ("two of yesterday", [ago(25), ago(26)], "case.check_ins"),
    ("one check-in", [ago(25)], "case.check_ins"),
    (
        "danger question refused",
        [ago(1), ago(25, replace(GOOD, danger_answer="refused"))],
        "case.breathing",
    ),
    ("danger never asked", [ago(1), ago(25, replace(GOOD, danger_answer=None))], "case.breathing"),
    ("none", [], "case.check_ins"),
]


@pytest.mark.parametrize(("what", "check_ins", "why"), CLOSINGS)
def test_a_case_closes_when_length_fever_breathing_and_check_ins_agree(
    what: str, check_ins: list[CheckInFacts], why: str
) -> None:
    case = replace(SICK, onset=Day(2026, 11, 21)) if why == "case.too_early" else SICK
    found = may_close_case(DEMO, case, check_ins, NOW)
    assert (found.value, found.why) == (why == "case.over", why), what


def test_a_case_without_a_needed_fact_never_closes_by_itself() -> None:
    found = may_close_case(DEMO, CaseFacts(test=Day(2026, 1, 1)), [ago(1), ago(25)], NOW)
    assert found == Decision(False, why="case.missing", missing=("onset",))


COUGH = replace(GOOD, symptoms=frozenset({"cough"}))
CONTACT_ENDS = [
    (Day(2026, 11, 30), [ago(1)], None, False, "contact.over"),
    (Day(2026, 12, 1), [ago(1)], None, False, "contact.too_early"),
    (None, [ago(1)], None, False, "contact.missing"),
    (Day(2026, 11, 30), [ago(40)], None, False, "contact.silent"),
    (Day(2026, 11, 30), [], None, False, "contact.silent"),
    (Day(2026, 11, 30), [ago(1, COUGH), ago(25)], None, False, "contact.symptom"),
    (Day(2026, 11, 30), [ago(25, COUGH), ago(1)], None, False, "contact.over"),
    (Day(2026, 11, 30), [ago(1)], None, True, "contact.test"),
    (Day(2026, 11, 30), [ago(1, CheckInFacts())], None, False, "contact.unanswered"),
    (Day(2026, 11, 30), [ago(1)], True, True, "contact.over"),
]


@pytest.mark.parametrize(("until", "check_ins", "negative", "needed", "why"), CONTACT_ENDS)
def test_a_contact_closes_on_the_last_day_if_well(
    until: date | None,
    check_ins: list[CheckInFacts],
    negative: bool | None,
    needed: bool,
    why: str,
) -> None:
    found = may_close_contact(
        DEMO, until, check_ins, NOW, negative_test=negative, test_needed=needed
    )
    assert (found.value, found.why) == (why == "contact.over", why)
