"""When people were seen: the days of a sentence given to those whom it names."""

from __future__ import annotations

from dataclasses import dataclass, field
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


# ("person", Person), ("day", ISO date) or ("item", None) where an item of the list begins.
Event = tuple[str, Any]


@dataclass(slots=True)
class _Days:
    """What is known of the days while a sentence is read."""

    ahead: str | None = None  # The day that holds for those still to come.
    waiting: list[Person] = field(default_factory=list)
    done: list[Person] = field(default_factory=list)


def give_days(events: list[Event]) -> str | None:
    """Give the days of a sentence to its people; the day that a heading leaves for the next."""
    kinds = [kind for kind, _ in events]
    if "day" not in kinds:
        return None
    if "person" not in kinds:
        return str(max(value for kind, value in events if kind == "day"))
    items, days = _items(events), _Days()
    for at, item in enumerate(items):
        more = any(kind == "person" for later in items[at + 1 :] for kind, _ in later)
        if any(kind == "person" for kind, _ in item):
            _item(days, item)
        elif item:
            _days_alone(days, max(value for _, value in item), more=more)
    return None


def _items(events: list[Event]) -> list[list[Event]]:
    items: list[list[Event]] = [[]]
    for event in events:
        if event[0] == "item":
            items.append([])
        elif event[0] != "many":
            items[-1].append(event)
    return items


def _item(days: _Days, item: list[Event]) -> None:
    """ "Paul lundi", "lundi Paul", "papa lundi avec Marie"."""
    here: list[Person] = []
    said, led = None, item[0][0] == "day"
    for kind, value in item:
        if kind == "person":
            value.day = said or days.ahead
            here.append(value)
        elif not here and said is None:
            days.ahead = max(days.ahead, value) if led and days.ahead in _led(item) else value
            days.waiting = []
        else:
            before = [] if days.ahead else days.waiting
            days.done = here[-1:] if led else [*before, *here]
            for person in days.done:
                person.day = value
            days.waiting, here, said = [], [], value
    if said is None and days.ahead is None:
        days.waiting += here


def _led(item: list[Event]) -> set[Any]:
    """The days with which an item opens: "lundi et mardi Paul"."""
    first = next(at for at, (kind, _) in enumerate(item) if kind == "person")
    return {value for _, value in item[:first]}


def _days_alone(days: _Days, day: str, *, more: bool) -> None:
    """ "Paul et Marie, hier", "hier : Paul et Marie", "Paul lundi et mardi"."""
    if days.waiting:
        for person in days.waiting:
            person.day = day
        days.done, days.waiting = days.waiting, []
    elif more:
        days.ahead = day
    else:
        for person in days.done:
            person.day = max(person.day or day, day)
