"""The course of an illness across days: a score whose every point names its row and its reason.

The official follow-up and the red flags are its floor (domain: "take the more severe"); what
changes between days is added on top and never takes anything away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flows.rules.conditions import Fact
from flows.rules.facts import CheckInFacts, PersonFacts
from flows.rules.packs import Pack
from flows.rules.rows import Row, every, first

Days = Sequence[CheckInFacts]


@dataclass(frozen=True, slots=True)
class Point:
    """What a row of `course` adds to the score, and why."""

    code: str
    row: str
    points: int


@dataclass(frozen=True, slots=True)
class Course:
    """`score` is the sum of its points, the highest first. `level` (0 to 3) and `row` are what the
    table `course_levels` makes of it, "" where it is under all of them.

    `trend`: calm (no sign at all), first (the first signs), worse, new (a new sign), better, same.
    """

    score: int
    trend: str
    points: tuple[Point, ...] = ()
    priority: str = ""
    level: int = 0
    row: str = ""


def course(
    pack: Pack,
    person: PersonFacts,
    answer: CheckInFacts,
    history: Days,
    on: date,
    *,
    gravity: int,
    fragile: bool,
) -> Course:
    """Score a day by the rows of `course`. `history`: earlier answers, oldest first; `gravity`:
    the highest of the official scales and the red flags."""
    facts = _facts(person, answer, history) | {"gravity": gravity, "fragile": fragile}
    rows = every(pack.table("course"), facts, on)
    points = sorted((_point(row) for row in rows), key=lambda point: -point.points)
    score = sum(point.points for point in points)
    level = first(pack.table("course_levels"), {"score": score}, on).row
    return Course(
        score=score,
        trend=trend(answer, history, gravity),
        points=tuple(points),
        priority=level.text("priority") if level else "",
        level=level.number("gravity") if level else 0,
        row=level.id if level else "",
    )


def trend(answer: CheckInFacts, history: Days, gravity: int = 0) -> str:
    """In one word how this day compares with those before."""
    known = _known(history)
    if answer.worse or gravity >= 3:
        return "worse"
    if not answer.all_symptoms and not gravity:
        return "better" if _had_signs(history[-1:]) else "calm"
    if not known:
        return "first"
    if answer.all_symptoms - known:
        return "new"
    fewer = answer.all_symptoms < _known(history[-1:])
    return "better" if fewer or "better" in (answer.state, answer.breathing) else "same"


def _point(row: Row) -> Point:
    return Point(row.text("reason"), row.id, row.number("points"))


def _facts(person: PersonFacts, answer: CheckInFacts, history: Days) -> dict[str, Fact]:
    days = [*history, answer]
    return {
        "breathing": answer.breathing,
        "state": answer.state,
        "worse": answer.worse,
        "worse_times": worse_times(days),
        "any_symptom": bool(answer.all_symptoms),
        "new_symptoms": len(answer.all_symptoms - _known(history)),
        "fever": answer.feverish,
        "fever_days": _fever_days(days),
        "fever_back": _is_fever_back(days),
        "fever_rises": _rise(answer, history),
        "oxygen_falls": _fall(answer, history),
        "illness_day": person.illness_day,
        "role": person.role,
    }


def worse_times(days: Days) -> int:
    """How many answers in a row, up to the last, say that it got worse."""
    times = 0
    for answer in reversed(days):
        if not answer.worse:
            break
        times += 1
    return times


def _known(history: Days) -> frozenset[str]:
    return frozenset().union(*(day.all_symptoms for day in history))


def _had_signs(days: Days) -> bool:
    return any(day.all_symptoms or day.worse for day in days)


def _fever_days(days: Days) -> int:
    """Answers with fever in a row, up to the last."""
    count = 0
    for day in reversed(days):
        if not day.feverish:
            break
        count += 1
    return count


def _is_fever_back(days: Days) -> bool:
    """Whether the fever of now began after days without, and there had been one before."""
    run = _fever_days(days)
    return run > 0 and any(day.feverish for day in days[:-run])


def _rise(answer: CheckInFacts, history: Days) -> float | None:
    """By how many degrees a fever is over the last figure told."""
    before = next((d.temperature for d in reversed(history) if d.temperature is not None), None)
    if answer.temperature is None or before is None or not answer.feverish:
        return None
    return max(answer.temperature - before, 0.0)


def _fall(answer: CheckInFacts, history: Days) -> int | None:
    """By how many points oxygen is under the last figure told."""
    before = next((d.oxygen for d in reversed(history) if d.oxygen is not None), None)
    return None if answer.oxygen is None or before is None else max(before - answer.oxygen, 0)
