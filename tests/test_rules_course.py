"""The course across days: a score with its reasons, never under the official scales."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from flows.rules import Assessment, CheckInFacts, PersonFacts, assess, shipped_packs
from flows.rules.follow_up import gravity
from flows.rules.orientation import GRAVITY, orientation
from flows.rules.orienting import official_answers
from flows.rules.triage import answer_says

PACK = shipped_packs().named("demonstration")
TODAY = date(2026, 11, 23)
SYMPTOMS = (
    "cough", "sore_throat", "fatigue", "diarrhoea", "vomiting", "headache", "loss_of_smell",
    "breathlessness", "confusion", "fall", "drowsiness", "changed_sputum", "bedridden", "fever",
)  # fmt: skip
# From the best to the worst.
BREATHING = (None, "better", "stable", "worse", "much_worse")
DEGREES = (None, 36.0, 37.2, 37.8, 38.0, 38.6, 39.0, 39.6, 40.1)
CALM = CheckInFacts(danger_answer="no", fever=False)
CASE = PersonFacts(role="case", age_months=41 * 12, minor=False, illness_day=3)

people = some.builds(
    PersonFacts,
    role=some.sampled_from(("case", "contact")),
    age_months=some.none() | some.integers(0, 95 * 12),
    pregnant=some.sampled_from((None, False)),
    long_illness=some.sampled_from((None, False)),
    weak_defences=some.sampled_from((None, False)),
    illness_day=some.none() | some.integers(0, 20),
)
answers = some.builds(
    CheckInFacts,
    dangers=some.frozensets(some.sampled_from(("chest_pain", "unable_to_drink")), max_size=1),
    danger_answer=some.sampled_from((None, "no", "unclear")),
    symptoms=some.frozensets(some.sampled_from(SYMPTOMS), max_size=5),
    temperature=some.sampled_from(DEGREES),
    oxygen=some.none() | some.integers(88, 99),
    breathing=some.sampled_from(BREATHING),
    state=some.sampled_from(BREATHING),
    relieved=some.sampled_from((None, True, False)),
)
histories = some.lists(answers, max_size=5)


def weigh(person: PersonFacts, days: list[CheckInFacts]) -> Assessment:
    return assess(PACK, person, days[-1], days[:-1], TODAY)


def rank(found: Assessment) -> tuple[int, int, int]:
    """Higher is more severe: score, gravity, priority."""
    return found.score, found.gravity, -int((found.priority or "P9")[1])


def never_less(more: Assessment, less: Assessment) -> bool:
    return all(a >= b for a, b in zip(rank(more), rank(less), strict=True))


@given(people, histories, answers, some.sampled_from(SYMPTOMS))
def test_one_symptom_more_never_lowers_anything(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts, one: str
) -> None:
    more = replace(today, symptoms=today.symptoms | {one})
    assert never_less(weigh(person, [*past, more]), weigh(person, [*past, today]))


@given(people, histories, answers, some.sampled_from(("breathing", "state")))
def test_a_worse_day_never_lowers_anything(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts, what: str
) -> None:
    place = BREATHING.index(getattr(today, what))
    for later in BREATHING[place + 1 :]:
        worse = replace(today, **{what: later})  # type: ignore[arg-type]
        assert never_less(weigh(person, [*past, worse]), weigh(person, [*past, today]))
        today = worse


@given(people, histories, answers)
def test_a_higher_fever_never_lowers_anything(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts
) -> None:
    fevers = [replace(today, temperature=degrees) for degrees in DEGREES[1:]]
    found = [weigh(person, [*past, one]) for one in fevers]
    assert all(never_less(more, less) for less, more in pairwise(found))


@given(people, histories, answers, some.integers(0, 4))
def test_a_past_day_that_was_worse_never_lowers_anything(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts, which: int
) -> None:
    if which >= len(past):
        return
    worse = [*past]
    worse[which] = replace(past[which], state="much_worse")
    assert never_less(weigh(person, [*worse, today]), weigh(person, [*past, today]))


@given(people, histories, answers)
def test_nothing_is_less_than_the_official_scales_say(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts
) -> None:
    found = weigh(person, [*past, today])
    official = GRAVITY[orientation(official_answers(person, today))] if answer_says(today) else 0
    floor = max(gravity(today), official)
    assert found.gravity >= floor
    assert (found.priority or "P9") <= {3: "P1", 2: "P2"}.get(floor, "P9")
    if today.dangers or today.doubts:
        assert found.priority == "P1" and found.gravity == 3


@given(people, histories, answers, some.sampled_from(("pregnant", "long_illness", "weak_defences")))
def test_the_fragile_are_never_weighed_lower(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts, what: str
) -> None:
    fragile = replace(person, **{what: True})  # type: ignore[arg-type]
    assert never_less(weigh(fragile, [*past, today]), weigh(person, [*past, today]))


@given(people, histories, answers)
def test_the_score_is_the_sum_of_its_reasons_and_each_names_its_row(
    person: PersonFacts, past: list[CheckInFacts], today: CheckInFacts
) -> None:
    found = weigh(person, [*past, today])
    assert found.score == sum(reason.points for reason in found.reasons)
    assert all(PACK.row(reason.row).source for reason in found.reasons)


def signs(*codes: str, **more: object) -> CheckInFacts:
    return replace(CALM, symptoms=frozenset(codes), **more)  # type: ignore[arg-type]


def hot(degrees: float) -> CheckInFacts:
    return signs("cough", temperature=degrees)


def codes(found: Assessment) -> set[str]:
    return {reason.code for reason in found.reasons if reason.points}


def test_a_fever_that_comes_back_in_the_second_week_is_seen_today() -> None:
    days = [hot(38.4), signs("cough"), signs("cough"), hot(38.3)]
    found = weigh(replace(CASE, illness_day=8), days)
    assert {"fever_back", "second_week_fever"} <= codes(found)
    assert found.priority == "P3" and found.score == 7
    early = weigh(CASE, days)
    assert early.score == 5 and early.priority == "P3"


def test_a_fever_of_three_days_is_looked_at() -> None:
    assert weigh(CASE, [hot(38.4), hot(38.5)]).priority is None
    assert "fever_lasts" in codes(weigh(CASE, [hot(38.4), hot(38.5), hot(38.2)]))
    assert weigh(CASE, [hot(38.4), hot(38.5), hot(38.2)]).priority == "P3"


def test_the_same_cough_day_after_day_calls_nobody() -> None:
    found = weigh(replace(CASE, illness_day=8), [signs("cough")] * 4)
    assert (found.priority, found.trend) == (None, "same")


TRENDS = [
    ([CALM], "calm"),
    ([signs("cough")], "first"),
    ([signs("cough"), signs("cough")], "same"),
    ([signs("cough"), signs("cough", "headache")], "new"),
    ([signs("cough", "headache"), signs("cough")], "better"),
    ([signs("cough"), CALM], "better"),
    ([signs("cough"), signs("cough", state="better")], "better"),
    ([signs("cough"), signs("cough", state="worse")], "worse"),
    ([signs("cough"), signs("cough", state="better", breathing="worse")], "worse"),
    ([CALM, replace(CALM, dangers=frozenset({"chest_pain"}))], "worse"),
]


def test_the_trend_is_told_in_one_word() -> None:
    assert [weigh(CASE, days).trend for days, _ in TRENDS] == [word for _, word in TRENDS]
