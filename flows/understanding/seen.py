"""When people were seen: the days of a sentence given to those whom it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Person:
    """Somebody in the making."""

    name: str | None = None
    phone: str | None = None
    relation: str | None = None
    day: str | None = None
    weak: bool = False
    bare: bool = False  # Known by a relation alone so far.


Event = tuple[str, Any]  # ("person", Person) or ("day", ISO date), in the order written.


def give_days(events: list[Event]) -> str | None:
    """Give the days of a sentence to its people; the day that a heading leaves for the next."""
    events = [event for event in events if event[0] != "many"]
    kinds = [kind for kind, _ in events]
    if "day" not in kinds:
        return None
    if "person" not in kinds:
        return str(max(day for _, day in events))
    if kinds[0] == "day":
        _forward(events)
    else:
        _backward(events)
    return None


def _forward(events: list[Event]) -> None:
    """Hier Paul et Marie, lundi Jean."""
    day = None
    for at, (kind, value) in enumerate(events):
        if kind == "day":
            last = at + 1 == len(events)
            before = events[at - 1] if at else None
            if last and before and before[0] == "person":
                before[1].day = value
            else:
                both = before is not None and before[0] == "day"
                day = max(day, value) if both and day else value
        else:
            value.day = day


def _backward(events: list[Event]) -> None:
    """Paul et Marie hier, Jean lundi."""
    waiting: list[Person] = []
    done: list[Person] = []
    ahead: str | None = None
    for at, (kind, value) in enumerate(events):
        if kind == "person":
            value.day = ahead
            waiting.append(value)
        elif (
            not waiting
            and [other for other, _ in events[at + 1 :]].count("day") == 0
            and (len(events) > at + 1)
        ):
            ahead = value  # "Paul jeudi puis vendredi Samia": a day before its people.
        elif waiting:
            for person in waiting:
                person.day = value
            waiting, done = [], waiting
        else:
            for person in done:
                person.day = max(person.day or value, value)
