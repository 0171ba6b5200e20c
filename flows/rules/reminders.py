"""What silence calls for, step by step, and how long other things wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import zip_longest

from flows.rules.conditions import Fact
from flows.rules.hours import next_allowed
from flows.rules.packs import Pack
from flows.rules.rows import Row, every, first, in_force

TEXTS = frozenset({"remind", "second_channel", "second_contact"})
_GAP = timedelta(minutes=30)  # two texts that quiet hours held back do not come as one


@dataclass(frozen=True, slots=True)
class Silence:
    """Whose silence it is. `alert`: what they said last was worse or risky; `silent_days`: days
    before today without any answer; `window`: when they chose to be asked."""

    fragile: bool = False
    alert: bool = False
    silent_days: int = 0
    window: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: `after` the question was asked, do `action` (remind, second_channel,
    second_contact, review, stop); `reason` is the review's. A step with `soonest` comes at the
    hour at which the person usually answers, where that lies between then and the next step."""

    number: int
    after: timedelta
    action: str
    reason: str
    row: str
    soonest: timedelta | None = None


@lru_cache(maxsize=1024)
def reminders(pack: Pack, kind: str, on: date, silence: Silence | None = None) -> tuple[Step, ...]:
    """The ladder of a kind of question (check_in, danger, identity, contacts, routine), in order.

    For one step number the first row that fits decides; other kinds take the ladder of routine.
    """
    who = silence or Silence()
    facts: dict[str, Fact] = {
        "kind": kind,
        "fragile": who.fragile,
        "alert": who.alert,
        "silent_days": who.silent_days,
        "window": who.window,
    }
    rows = list(every(pack.table("reminders"), facts, on))
    if not rows and kind != "routine":
        return reminders(pack, "routine", on, silence)
    steps: dict[int, Step] = {}
    for row in rows:
        steps.setdefault(row.number("step"), _step(row))
    return tuple(steps[number] for number in sorted(steps))


def planned(
    pack: Pack, steps: Sequence[Step], asked: datetime, usual: time | None = None
) -> tuple[tuple[datetime, Step], ...]:
    """When each step is due, in that order. `asked` and the moments are the person's own clock.

    Texts keep out of quiet hours and apart from each other; what people look at waits for no
    morning, and may so come before a text that does.
    """
    due: list[tuple[datetime, Step]] = []
    earliest = asked
    for step, later in zip_longest(steps, steps[1:]):
        latest = later.after if later else step.after
        at = _usual(step, asked, usual, latest) or asked + step.after
        if step.action in TEXTS:
            at = next_allowed(pack, max(at, earliest))
            earliest = at + _GAP
        due.append((at, step))
    # What ends the ladder comes last, wherever the night has put the rest.
    return tuple(sorted(due, key=lambda pair: (pair[1].action == "stop", pair[0])))


def _usual(step: Step, asked: datetime, usual: time | None, latest: timedelta) -> datetime | None:
    """The usual hour of this person, where the step may come then: before the next one."""
    if usual is None or step.soonest is None:
        return None
    at = datetime.combine(asked.date(), usual, asked.tzinfo)
    return at if asked + step.soonest <= at < asked + latest else None


def _step(row: Row) -> Step:
    soonest = row.number("soonest")
    return Step(
        number=row.number("step"),
        after=timedelta(minutes=row.number("minutes")),
        action=row.text("action"),
        reason=row.text("reason"),
        row=row.id,
        soonest=timedelta(minutes=soonest) if soonest else None,
    )


def second_contact_again(
    pack: Pack, role: str, on: date, *, minor: bool | None, fragile: bool
) -> timedelta | None:
    """How long until a second contact may be asked again; None where the rules never ask one."""
    facts: dict[str, Fact] = {"role": role, "minor": minor, "fragile": fragile}
    row = first(pack.table("second_contact"), facts, on).row
    return timedelta(days=row.number("again_days", 1)) if row and row.flag("allowed") else None


@lru_cache(maxsize=1024)
def delay(pack: Pack, name: str, on: date, otherwise: timedelta | None = None) -> timedelta:
    """How long a named thing waits; the names are the ids of the table `delays`.

    `otherwise` is for a pack without the row, where a turn must not break; else a LookupError.
    """
    for row in in_force(pack.table("delays"), on):
        if row.id == name:
            return timedelta(
                seconds=row.number("seconds"),
                minutes=row.number("minutes"),
                hours=row.number("hours"),
                days=row.number("days"),
            )
    if otherwise is not None:
        return otherwise
    raise LookupError(f"the rules know no delay called `{name}`")
