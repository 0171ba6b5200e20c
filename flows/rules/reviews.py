"""Why a person must look, how soon, and when somebody above must be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flows.rules.duty import staffed_spans
from flows.rules.packs import Pack
from flows.rules.rows import Row, first, in_force
from flows.vocabulary import Priority

PRIORITIES: dict[str, Priority] = {"P1": "P1", "P2": "P2", "P3": "P3", "P4": "P4"}
_HORIZON = 45


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """A reason, its priority unless the answer says otherwise, and what agents read.

    `may_wait`: in a surge a supervisor may put it off; never what is P1 or P2.
    """

    reason: str
    priority: Priority
    words: str
    minutes: int | None = None
    may_wait: bool = False


@lru_cache(maxsize=1024)
def review_rule(pack: Pack, reason: str, on: date) -> ReviewRule:
    """The row of a reason. One that the rules do not know is P2: somebody looks, and soon."""
    for row in in_force(pack.table("reviews"), on):
        if row.id == reason:
            minutes = row.number("minutes") or None
            level = PRIORITIES[row.text("priority")]
            waits = level in ("P3", "P4") and row.text("may_wait") != "no"
            return ReviewRule(reason, level, row.text("words"), minutes, waits)
    return ReviewRule(reason, "P2", reason.replace("_", " ").capitalize())


def review_reasons(pack: Pack) -> tuple[str, ...]:
    """Every reason the pack knows."""
    return tuple(row.id for row in pack.table("reviews"))


def deadline(
    pack: Pack,
    priority: Priority,
    now: datetime,
    *,
    fragile: bool = False,
    minutes: int | None = None,
    zone: ZoneInfo | None = None,
) -> datetime:
    """By when somebody must have looked; aware like `now`.

    `minutes` is a reason's own delay where its row has one. A P1 counts on the clock, day and
    night; a P2 that cannot be met before closing is due when the doors open; a P3 counts
    staffed time; a P4 counts on the clock, sooner for the fragile.
    """
    local = now.astimezone(zone or pack.zone)
    row = _priority_row(pack, priority, fragile, local.date())
    if row is None:
        return now
    wait = timedelta(minutes=minutes or row.number("minutes"))
    match row.text("closed"):
        case "clock":
            due = local + wait
        case "opening":
            due = _before_closing(pack, local, wait)
        case _:
            due = _staffed(pack, local, wait)
    return due.astimezone(now.tzinfo)


def escalates_at(pack: Pack, priority: Priority, opened: datetime, due: datetime) -> datetime:
    """When a review that nobody took goes to the supervisor: so long after it was opened, or
    after its deadline where that came later because nobody was there."""
    row = _priority_row(pack, priority, False, opened.astimezone(pack.zone).date())
    if row is None:
        return due
    late = timedelta(minutes=row.number("escalate_minutes") - row.number("minutes"))
    return due + max(late, timedelta())


def _priority_row(pack: Pack, priority: str, fragile: bool, on: date) -> Row | None:
    return first(pack.table("priorities"), {"priority": priority, "fragile": fragile}, on).row


def _before_closing(pack: Pack, local: datetime, wait: timedelta) -> datetime:
    for span in staffed_spans(pack, local, _HORIZON):
        if span.starts <= local and local + wait <= span.ends:
            return local + wait
        if span.starts > local:
            return span.starts
    return local + wait


def _staffed(pack: Pack, local: datetime, wait: timedelta) -> datetime:
    """`wait` of staffed time from `local` on; on the clock where no opening is in sight."""
    left = wait
    for span in staffed_spans(pack, local, _HORIZON):
        begins = max(span.starts, local)
        if begins + left <= span.ends:
            return begins + left
        left -= max(span.ends - begins, timedelta())
    return local + wait
