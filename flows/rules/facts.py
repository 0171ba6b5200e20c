"""What the rules need to know of a person and of one day's answers; None is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flows.rules.ages import age_in_months, months_from_year
from flows.vocabulary import Person


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who answers, as far as rules care. `role` is case or contact; `illness_day` counts from
    the first signs (day 0); `vaccination` is complete, incomplete or none; `separable` says
    whether a case at home can be kept apart from this person, `apart_since` from which day on
    where they could not before."""

    role: str = "contact"
    age_months: int | None = None
    minor: bool | None = None
    over_65: bool | None = None
    pregnant: bool | None = None
    long_illness: bool | None = None
    weak_defences: bool | None = None
    bmi: float | None = None
    illness_day: int | None = None
    vaccination: str | None = None
    recovered_lately: bool | None = None
    separable: bool | None = None
    apart_since: date | None = None

    @property
    def age(self) -> int | None:
        """Age in whole years."""
        return None if self.age_months is None else self.age_months // 12


@dataclass(frozen=True, slots=True)
class CheckInFacts:
    """One day's answers, or one reply. Codes are those of `understanding.md`.

    `dangers` are sure, `doubts` rest on a doubtful reading. `danger_answer` is the reply to the
    danger question: yes (any yes, number or label), no, unclear (twice not understood), refused,
    silent.
    `breathing`: none, better, stable, worse, much_worse; `state` likewise without none.
    `effort` is what brings breathlessness on: rest, small, big. `fever` without a `temperature`
    is a fever that was not measured; `relieved` says whether paracetamol lowers it.
    """

    at: datetime | None = None
    dangers: frozenset[str] = frozenset()
    doubts: frozenset[str] = frozenset()
    danger_answer: str | None = None
    symptoms: frozenset[str] = frozenset()
    fever: bool | None = None
    temperature: float | None = None
    relieved: bool | None = None
    oxygen: int | None = None
    pulse: int | None = None
    breathing: str | None = None
    state: str | None = None
    effort: str | None = None

    @property
    def feverish(self) -> bool | None:
        """A fever said or measured (38.0 °C or more); a figure goes before a word."""
        if self.temperature is not None:
            return self.temperature >= 38.0
        return True if "fever" in self.symptoms else self.fever

    @property
    def all_symptoms(self) -> frozenset[str]:
        """Every symptom of the day, a fever known by its figure included."""
        return self.symptoms | {"fever"} if self.feverish else self.symptoms

    @property
    def worse(self) -> bool:
        """Whether the person says that breathing or general state got worse."""
        return bool({self.breathing, self.state} & {"worse", "much_worse"})


def person_facts(person: Person, role: str, today: date, onset: date | None = None) -> PersonFacts:
    """What the record says of a person, on a day."""
    said, since = person.facts, person.facts.get("apart_since")
    months = _months(person, today)
    return PersonFacts(
        role=role,
        age_months=months,
        minor=person.minor or (None if months is None else months < 18 * 12),
        over_65=_flag(said.get("over_65")),
        pregnant=_flag(said.get("pregnant")),
        long_illness=_flag(said.get("long_illness")),
        weak_defences=_flag(said.get("weak_defences")),
        illness_day=(today - onset).days if onset and onset <= today else None,
        vaccination=_known(said.get("vaccination")),
        recovered_lately=_flag(said.get("recovered_lately")),
        separable=_flag(said.get("separable")),
        apart_since=date.fromisoformat(since) if since else None,
    )


def check_in_facts(answers: Mapping[str, Any], at: datetime | None = None) -> CheckInFacts:
    """One day's answers as `vocabulary.CheckIn.answers` keeps them.

    Keys: danger (as `danger_answer`), dangers, doubts, symptoms, absent (lists), none (true where
    the person has no symptom at all), fever (none, felt, figure), temperature, relieved, oxygen,
    pulse, breathing, state, effort. Any may be absent or null: it was not asked.
    """
    return CheckInFacts(
        at=at,
        dangers=frozenset(answers.get("dangers") or ()),
        doubts=frozenset(answers.get("doubts") or ()),
        danger_answer=answers.get("danger") or ("no" if answers.get("none") is True else None),
        symptoms=frozenset(answers.get("symptoms") or ()),
        fever=_fever(answers),
        temperature=answers.get("temperature"),
        relieved=_flag(answers.get("relieved")),
        oxygen=answers.get("oxygen"),
        pulse=answers.get("pulse"),
        breathing=answers.get("breathing"),
        state=answers.get("state"),
        effort=answers.get("effort"),
    )


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules of isolation and closing need of a case."""

    onset: date | None = None
    test: date | None = None
    no_symptoms: bool = False
    negative_test: bool = False
    person: PersonFacts = field(default_factory=lambda: PersonFacts(role="case"))


def _months(person: Person, today: date) -> int | None:
    if person.birth_date:
        return age_in_months(person.birth_date, today)
    if person.birth_year:
        return months_from_year(person.birth_year, today)
    return person.age_months


def _flag(said: Any) -> bool | None:
    return {"yes": True, "no": False, True: True, False: False}.get(said)


def _known(said: str | None) -> str | None:
    return said if said and said != "unknown" else None


def _fever(answers: Mapping[str, Any]) -> bool | None:
    known = {"none": False, "no": False, "felt": True, "figure": None, "yes": True}
    said = answers.get("fever")
    if said in known:
        return known[said]
    denied = answers.get("none") is True or "fever" in (answers.get("absent") or ())
    return False if denied else None
