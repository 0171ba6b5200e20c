"""Whether somebody will be written to today of the service's own accord, and why (not)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flows.rules import Pack, is_quiet, next_allowed
from flows.vocabulary import Address, FollowUp, Link, Message, Person, Timer

# Timers that write, or may: the others only look.
_WRITING: Final = frozenset({"start", "check_in", "prompt", "silence"})
# What quiet hours hold back; what answers somebody goes at any hour.
_BY_DAY: Final = frozenset({"question", "reminder", "notice", "check_in", "start", "silence"})


@dataclass(frozen=True, slots=True)
class Known:
    """What stands about one person now. `waiting`: texts that have not gone out yet;
    `held`: an agent keeps their conversation; `leased`: somebody is at work on their household."""

    person: Person
    places: tuple[tuple[Address, Link], ...] = ()
    due: tuple[Timer, ...] = ()
    waiting: tuple[Message, ...] = ()
    follow_up: FollowUp | None = None
    held: bool = False
    leased: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """`why` says what will be written, or what holds it back; `at` when, where that is known.

    `delay` is what puts it off: quiet_hours, paused, agent_at_work, or nothing.
    """

    will: bool
    why: str
    at: datetime | None = None
    delay: str = ""


def outlook(known: Known, pack: Pack, now: datetime) -> Outlook:
    """What today brings for one person, by the same rules as the outbox."""
    if barred := _barred(known):
        return Outlook(False, barred)
    coming = min(_coming(known, pack, now), key=lambda one: one.at or now, default=None)
    if coming is None:
        return Outlook(False, "held" if known.held else _nothing(known))
    if known.held and coming.why in ("prompt", "silence"):
        return Outlook(False, "held")
    return coming


def _barred(known: Known) -> str:
    """Why nothing may be written at all, today or later; "" where something may."""
    if known.person.condition:
        return known.person.condition
    places = [place for place in known.places if not place[1].dropped and place[0].value]
    if not places:
        return "no_number"
    silent = ["stopped" if link.stopped else address.silence for address, link in places]
    return silent[0] if all(silent) else ""


def _coming(known: Known, pack: Pack, now: datetime) -> Iterator[Outlook]:
    for message in known.waiting:
        yield _put(known, pack, now, message.kind, message.not_before or now)
    for timer in known.due:
        if timer.kind in _WRITING:
            yield _put(known, pack, now, timer.kind, timer.due_at)


def _put(known: Known, pack: Pack, now: datetime, why: str, due: datetime) -> Outlook:
    """One thing that is due, at the moment at which it may really go."""
    at, delay = max(due, now), ""
    until = known.person.paused_until
    if why in _BY_DAY and until is not None and until > at:
        at, delay = until, "paused"
    zone = ZoneInfo(known.person.zone)
    if why in _BY_DAY and is_quiet(pack, at.astimezone(zone)):
        at, delay = next_allowed(pack, at.astimezone(zone)), delay or "quiet_hours"
    today = at.astimezone(zone).date() == now.astimezone(zone).date()
    if today and known.leased and why in _BY_DAY:
        delay = delay or "agent_at_work"
    return Outlook(today, why, at.astimezone(now.tzinfo), delay)


def _nothing(known: Known) -> str:
    if known.follow_up is None:
        return "not_followed"
    return "nothing_due"


def waiting_of(lines: Sequence[Message]) -> tuple[Message, ...]:
    """The texts of a transcript that wait to go out."""
    return tuple(one for one in lines if one.direction == "out" and one.state == "waiting")
