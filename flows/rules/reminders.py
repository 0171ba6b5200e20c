"""What silence calls for, step by step, and how long other things wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from flows.rules.packs import Pack
from flows.rules.rows import Row, every, in_force


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: `after` the question was asked, do `action` (remind,
    second_channel, review, stop); `reason` is the review's."""

    number: int
    after: timedelta
    action: str
    reason: str
    row: str


@lru_cache(maxsize=256)
def reminders(pack: Pack, kind: str, on: date, *, fragile: bool = False) -> tuple[Step, ...]:
    """The ladder of a kind of question (check_in, danger, identity, contacts, routine), in order.

    For one step number the first row that fits decides; other kinds take the ladder of routine.
    """
    rows = list(every(pack.table("reminders"), {"kind": kind, "fragile": fragile}, on))
    if not rows and kind != "routine":
        return reminders(pack, "routine", on, fragile=fragile)
    steps: dict[int, Step] = {}
    for row in rows:
        after = timedelta(minutes=row.number("minutes"))
        number = row.number("step")
        steps.setdefault(
            number, Step(number, after, row.text("action"), row.text("reason"), row.id)
        )
    return tuple(steps[number] for number in sorted(steps))


def _step(row: Row) -> Step:
    after = timedelta(minutes=row.number("minutes"))
    return Step(row.number("step"), after, row.text("action"), row.text("reason"), row.id)


def delay(pack: Pack, name: str, on: date) -> timedelta:
    """How long a named thing waits; the names are the ids of the table `delays`."""
    for row in in_force(pack.table("delays"), on):
        if row.id == name:
            return timedelta(
                seconds=row.number("seconds"),
                minutes=row.number("minutes"),
                hours=row.number("hours"),
                days=row.number("days"),
            )
    raise LookupError(f"the rules know no delay called `{name}`")
