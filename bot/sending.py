"""What may still be sent at the moment of sending: a pure look at one text and its surroundings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows.rules import Pack, is_quiet, machine_calls, next_allowed
from flows.turn import is_landline
from flows.vocabulary import Address, Conversation, Link, Message, Person

# Written by the service of its own accord; everything else answers somebody or is an agent's.
OF_OURS: Final = frozenset({"question", "reminder", "notice", "go_between"})
# What wants an answer that may have come meanwhile.
ASKING: Final = frozenset({"question", "reminder", "go_between"})
# Makes no telephone ring.
NEVER_RUNG: Final = frozenset({"reminder", "go_between", "agent"})
# The end of the key of a call that is made again, before its number.
TRY: Final = ":try"
# Asking again after so long confuses more than it helps.
REMINDER_LASTS: Final = timedelta(hours=24)
# An agent who has the household on lease is looked for again so soon.
LEASE_PAUSE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Standing:
    """One text that is about to go out, and all that may hold it back.

    `held`: an agent has this household on lease. `do_not_write`: the number is on that list.
    """

    message: Message
    address: Address
    person: Person | None = None
    link: Link | None = None
    conversation: Conversation | None = None
    do_not_write: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """It may go out now."""


@dataclass(frozen=True, slots=True)
class Postpone:
    """It is still right, but not before then."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """It has stopped being right."""

    reason: str


Verdict = Send | Postpone | Cancel
Rule = Callable[[Standing, Pack, datetime], Verdict | None]


def recheck(standing: Standing, pack: Pack, now: datetime) -> Verdict:
    """Whether this text may go out now. A safety text always may: it answers somebody's danger;
    an alarm too: it goes to whoever is on call."""
    if standing.message.kind in ("safety", "alarm"):
        return Send()
    for rule in RULES:
        if verdict := rule(standing, pack, now):
            return verdict
    return Send()


def _silence(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    """STOP silences everything; violence everything automatic; a wrong or a dead number
    whatever does not answer somebody who wrote from it."""
    kind = standing.message.kind
    match standing.address.silence:
        case "stopped":
            return Cancel("stopped")
        case "violence" if kind != "agent":
            return Cancel("violence")
        case "wrong" if kind != "reply":
            return Cancel("wrong_number")
        case "bad" if kind != "reply":
            return Cancel("bad_number")
    return Cancel("do_not_write") if standing.do_not_write and kind != "reply" else None


def _person(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    """What concerns one person at this number: the others there are still written to."""
    if standing.message.kind == "reply" or standing.message.person_id is None:
        return None
    if standing.message.kind == "go_between":
        # It is about the person, but goes to somebody who is not linked to them.
        return (
            Cancel(standing.person.condition)
            if standing.person and standing.person.condition
            else None
        )
    if standing.link is None or standing.link.dropped:
        return Cancel("wrong_number")
    if standing.link.stopped:
        return Cancel("stopped")
    if standing.message.kind == "agent" or standing.person is None:
        return None
    return Cancel(standing.person.condition) if standing.person.condition else None


def _answered(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    """Who wrote meanwhile has moved the conversation on, and was answered there."""
    message, heard = standing.message, standing.address.last_heard_at
    if message.kind not in ASKING:
        return None
    if heard is not None and heard > message.at and message.kind != "go_between":
        return Cancel("answered")
    if message.kind != "question" and now - message.at > REMINDER_LASTS:
        return Cancel("too_late")
    return _moved_on(message, standing.conversation)


def _moved_on(message: Message, conversation: Conversation | None) -> Verdict | None:
    """The conversation ended, stands at another question, or goes on at another address."""
    if conversation is None:
        return None
    if conversation.status not in ("open", "queued"):
        return Cancel("held" if conversation.status == "held" else "ended")
    asked = conversation.asked_at
    if message.kind != "question" and asked is not None and asked > message.at:
        return Cancel("answered")
    if message.kind != "go_between" and conversation.address_id != message.address_id:
        return Cancel("moved")
    return None


def _agent_at_work(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    """While an agent has the household, what is routine waits; danger does not."""
    if standing.held and standing.message.kind in OF_OURS and not _is_urgent(standing):
        return Postpone(now + LEASE_PAUSE, "agent_at_work")
    return None


def _pause(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    until = standing.person.paused_until if standing.person else None
    if until is None or until <= now or standing.message.kind not in OF_OURS:
        return None
    if standing.message.kind == "reminder":
        return Cancel("paused")
    return Postpone(until, "paused")


def _night(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    """Nobody is woken by a question; replies to people's own messages go at any hour."""
    if standing.message.kind not in OF_OURS or _is_urgent(standing):
        return None
    zone = ZoneInfo(standing.person.zone) if standing.person else pack.zone
    local = now.astimezone(zone)
    if not is_quiet(pack, local):
        return None
    return Postpone(next_allowed(pack, local).astimezone(now.tzinfo), "quiet_hours")


def _is_urgent(standing: Standing) -> bool:
    """After a danger, "could you reach help?" waits for neither morning nor agent."""
    conversation = standing.conversation
    return bool(conversation and conversation.frames and conversation.frames[-1].flow == "danger")


def _by_voice(standing: Standing, pack: Pack, now: datetime) -> Verdict | None:
    """Calls ask, answer and tell; they are repeated by their own rule, and no more than it says."""
    if standing.address.channel != "voice":
        return None
    message = standing.message
    if message.kind in NEVER_RUNG:
        return Cancel("voice")
    over = message.kind == "notice" and number_of(message) > machine_calls(pack, now.date()).tries
    return Cancel("unanswered") if over else None


def rings_only(standing: Standing) -> bool:
    """Whether a text could only fail: it goes to a landline from which nobody ever wrote. What
    warns or alarms is tried all the same."""
    address, kind = standing.address, standing.message.kind
    unheard = address.channel == "sms" and address.last_heard_at is None
    return unheard and kind not in ("safety", "alarm") and is_landline(address.value)


def in_turn(standing: Standing) -> tuple[int, bool, int]:
    """By address; there safety texts first, then in the order in which they were written."""
    message = standing.message
    return standing.address.id, message.kind != "safety", message.id


def number_of(message: Message) -> int:
    """Which of the calls for one text this is, from 1."""
    return int(message.key.partition(TRY)[2] or "1")


# In this order: what is wrong for good is cancelled before it is put off.
RULES: Final[tuple[Rule, ...]] = (
    _silence,
    _by_voice,
    _person,
    _answered,
    _pause,
    _agent_at_work,
    _night,
)
