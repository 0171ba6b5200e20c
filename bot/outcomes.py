"""What follows from a provider's answer: taken, tried again, looked up, given up. Pure policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from flows.vocabulary import Accepted, Busy, Message, Refused, Sent, Uncertain

# How many tries a refusal that may pass is worth, by its meaning.
TRIES: Final = {"unreachable": 4, "unknown": 2, "configuration": 8}
SAFETY_TRIES: Final = 6
BUSY_LASTS: Final = timedelta(hours=24)

FIRST_WAIT_S: Final = 30.0
SAFETY_WAIT_S: Final = 5.0
LONGEST_WAIT_S: Final = 3600.0

# An uncertain text is looked up this often, for so long after it was handed over.
LOOKED_UP_EVERY: Final = timedelta(seconds=30)
LOOKED_UP_FOR: Final = timedelta(minutes=10)
# While the provider itself is out of reach nobody can know: a person looks after so long.
OUT_OF_REACH_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it."""

    accepted: Accepted


@dataclass(frozen=True, slots=True)
class Again:
    """It waits for another try."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It is looked up at the provider, and not sent again."""

    look_up_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It will not be sent; people are told by the meaning."""

    code: str
    meaning: str


Outcome = Taken | Again | InDoubt | GivenUp


def outcome(sent: Sent, message: Message, now: datetime, dice: float) -> Outcome:
    """What becomes of a text. `message.tries` counts this try; `dice` is drawn from 0 to 1."""
    match sent:
        case Accepted():
            return Taken(sent)
        case Busy(retry_after_s):
            return _later(message, now, dice, retry_after_s)
        case Uncertain(why):
            return _doubt(why, message, now, dice)
        case Refused():
            return _refused(sent, message, now, dice)
        case _:
            assert_never(sent)


def looked_up(
    found: Accepted | None, message: Message, handed_over: datetime, now: datetime
) -> Outcome:
    """What becomes of an uncertain text once it was looked up."""
    if found is not None:
        return Taken(found)
    if now - handed_over >= LOOKED_UP_FOR:
        return GivenUp("", "uncertain")
    return InDoubt(now + LOOKED_UP_EVERY, message.reason)


def out_of_reach(message: Message, handed_over: datetime, now: datetime) -> Outcome:
    """What becomes of an uncertain text of which the provider could not be asked."""
    if now - handed_over >= OUT_OF_REACH_FOR:
        return GivenUp("", "uncertain")
    return InDoubt(now + LOOKED_UP_EVERY, message.reason)


def backoff(message: Message, dice: float) -> timedelta:
    """The pause after so many tries, doubled each time, spread lest all come back at once."""
    first = SAFETY_WAIT_S if message.kind == "safety" else FIRST_WAIT_S
    # The exponent is bounded: 2.0**2000 is no number any more.
    doubled: float = first * 2.0 ** min(max(message.tries - 1, 0), 20)
    return timedelta(seconds=min(doubled, LONGEST_WAIT_S) * (0.5 + dice))


def _later(message: Message, now: datetime, dice: float, at_least_s: float) -> Outcome:
    if now - message.at > BUSY_LASTS:
        return GivenUp("429", "unreachable")
    asked = timedelta(seconds=at_least_s * (1 + dice / 2))
    # A provider that says when to come back is believed the first times.
    pause = asked if message.tries <= 3 else max(asked, backoff(message, dice))
    return Again(now + pause, "busy")


def _doubt(why: str, message: Message, now: datetime, dice: float) -> Outcome:
    """Twice is better than never for a safety text, and for nothing else."""
    if message.kind != "safety":
        return InDoubt(now + LOOKED_UP_EVERY, why)
    if message.tries >= SAFETY_TRIES:
        return GivenUp("", "uncertain")
    return Again(now + backoff(message, dice), why)


def _refused(sent: Refused, message: Message, now: datetime, dice: float) -> Outcome:
    tries = max(TRIES.get(sent.meaning, 1), SAFETY_TRIES if message.kind == "safety" else 0)
    if sent.permanent or message.tries >= tries:
        return GivenUp(sent.code, sent.meaning)
    return Again(now + backoff(message, dice), sent.meaning)
