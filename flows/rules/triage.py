"""How urgent an answer is: danger and priority from the person, the answer and the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.rules import follow_up
from flows.rules.conditions import Fact
from flows.rules.course import Course, course, worse_times
from flows.rules.facts import CheckInFacts, PersonFacts
from flows.rules.fragility import is_fragile
from flows.rules.orientation import GRAVITY, orientation
from flows.rules.orienting import official_answers
from flows.rules.packs import Pack
from flows.rules.rows import Row, every, first
from flows.rules.safety import NOT_MEDICAL
from flows.vocabulary import Priority

PRIORITIES: tuple[Priority, ...] = ("P1", "P2", "P3", "P4")
_LEAST = {3: "P1", 2: "P2"}  # domain 3: gravity 2 is seen within the hour, gravity 3 at once


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody looks at an answer, and the row that says so. `priority` is None for advice
    that needs nobody; `points` are what it adds to the score across days."""

    code: str
    row: str
    priority: Priority | None = None
    points: int = 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an answer calls for.

    `dangers` are the danger codes of the words and those that the person's age or state makes of
    them, `doubts` those among them that rest on a doubtful reading. `gravity` (0–3) is the highest
    of our rows, of the official follow-up and of the official orientation. `watchful` says that
    the days of sudden worsening are on: check-ins are not thinned out. `score` and `trend` are of
    the days up to this one: see `flows.rules.course`.
    """

    priority: Priority | None
    reasons: tuple[Reason, ...]
    dangers: tuple[str, ...]
    doubts: tuple[str, ...]
    gravity: int
    orientation: str
    fragile: bool
    watchful: bool = False
    score: int = 0
    trend: str = ""


def assess(
    pack: Pack,
    person: PersonFacts,
    answer: CheckInFacts,
    history: Sequence[CheckInFacts],
    on: date,
) -> Assessment:
    """Read an answer against the rows of `triage`. `history`: earlier answers, oldest first."""
    fragile = is_fragile(pack, person, on).value
    official = orientation(official_answers(person, answer))
    floor = max(follow_up.gravity(answer), GRAVITY[official] if answer_says(answer) else 0)
    facts = _facts(person, answer, history)
    facts |= {"fragile": fragile, "gravity": floor, "orientation": official}
    rows = list(every(pack.table("triage"), facts, on))
    worst = max([floor, *(row.number("gravity") for row in rows)])
    days = course(pack, person, answer, history, on, gravity=worst, fragile=fragile)
    watch = first(pack.table("watch"), {"illness_day": person.illness_day}, on).row
    return Assessment(
        priority=_most_urgent(rows, days, worst),
        reasons=(*_reasons(rows), *_across_days(days)),
        dangers=_dangers(answer, rows),
        doubts=tuple(sorted(answer.doubts)),
        gravity=max(worst, days.level),
        orientation=official,
        fragile=fragile,
        watchful=watch is not None and watch.flag("watchful"),
        score=days.score,
        trend=days.trend,
    )


def _most_urgent(rows: Sequence[Row], days: Course, gravity: int) -> Priority | None:
    """By the rows, by the days, and never less than gravity asks for, whatever rows a pack has."""
    asked = [row.text("priority") for row in rows] + [days.priority, _LEAST.get(gravity, "")]
    return min((_priority(said) for said in asked if said), default=None)


def answer_says(answer: CheckInFacts) -> bool:
    """Whether the answer tells of any sign at all."""
    return bool(
        answer.all_symptoms
        or answer.dangers
        or answer.doubts
        or answer.worse
        or answer.danger_answer == "yes"
        or (answer.temperature is not None and not 35.5 <= answer.temperature < 37.8)
    )


def _facts(
    person: PersonFacts, answer: CheckInFacts, history: Sequence[CheckInFacts]
) -> dict[str, Fact]:
    known: set[str] = set().union(*(past.all_symptoms for past in history))
    return {
        "danger": answer.dangers | answer.doubts,
        "any_danger": bool(answer.dangers - answer.doubts - NOT_MEDICAL),
        "any_doubt": bool(answer.doubts - NOT_MEDICAL),
        "danger_answer": answer.danger_answer,
        "symptom": answer.all_symptoms,
        "any_symptom": bool(answer.all_symptoms),
        "new_symptom": bool(answer.all_symptoms - known),
        "fever": answer.feverish,
        "relieved": answer.relieved,
        "breathing": answer.breathing,
        "state": answer.state,
        "effort": answer.effort,
        "temperature": answer.temperature,
        "oxygen": answer.oxygen,
        "pulse": answer.pulse,
        "worse_times": worse_times([*history, answer]),
        "illness_day": person.illness_day,
        "role": person.role,
        "age": person.age,
        "age_months": person.age_months,
        "age_known": person.age_months is not None,
        "minor": person.minor,
        "pregnant": person.pregnant,
        "weak_defences": person.weak_defences,
    }


def _priority(said: str) -> Priority:
    return PRIORITIES[int(said[1]) - 1]


def _reasons(rows: Sequence[Row]) -> tuple[Reason, ...]:
    reasons = (
        Reason(
            row.text("reason"), row.id, _priority(said) if (said := row.text("priority")) else None
        )
        for row in rows
    )
    return tuple(sorted(reasons, key=lambda each: each.priority or "P9"))


def _across_days(days: Course) -> tuple[Reason, ...]:
    return tuple(Reason(each.code, each.row, points=each.points) for each in days.points)


def _dangers(answer: CheckInFacts, rows: Sequence[Row]) -> tuple[str, ...]:
    found = answer.dangers | answer.doubts
    found |= {row.text("danger") for row in rows if row.text("danger")}
    if not found and any(row.text("priority") == "P1" for row in rows):
        # A bare "1" to the danger question names nothing: it is a danger all the same.
        found = frozenset({"other_emergency"})
    return tuple(sorted(found))
