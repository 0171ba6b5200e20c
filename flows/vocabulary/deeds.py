"""Deeds: what a turn asks the service to do elsewhere, a closed union."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flows.vocabulary.talking import Named
from flows.vocabulary.words import ChannelName


@dataclass(frozen=True, slots=True)
class ContactNamed:
    """A case named somebody, or said more of them: the whole row as it stands now."""

    case_id: int
    address_id: int
    named: Named


@dataclass(frozen=True, slots=True)
class MemberNamed:
    """A contact answers for somebody of their home: a person of their own, followed there."""

    responder_id: int
    contact_id: int
    address_id: int
    named: Named


@dataclass(frozen=True, slots=True)
class HelperAgreed:
    """An adult agreed that somebody at another address answers for them; `how`: aloud, written."""

    person_id: int
    address_id: int
    how: str


@dataclass(frozen=True, slots=True)
class HelperEnded:
    """Nobody answers for this person any more: they, or the helper, wished so."""

    person_id: int


@dataclass(frozen=True, slots=True)
class ListClosed:
    """A case's list is as complete as this conversation makes it.

    `outcome`: listed, none, refused, silent, later. Contacts at risk are told; what is missing
    is one review.
    """

    case_id: int
    outcome: str
    groups: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Enrol:
    """A person's daily follow-up begins (or is brought up to date)."""

    person_id: int
    role: str
    address_id: int
    case_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class PersonLearned:
    """Fields of `Person` (by name) or entries of its `facts` (as "facts.NAME") to set."""

    person_id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StateMoved:
    """A case or contact moved on: `what` is "case" or "contact"."""

    what: str
    id: int
    state: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class HelpReached:
    """Somebody in danger says that they reached help."""

    person_id: int


@dataclass(frozen=True, slots=True)
class Instructed:
    """Somebody proved who they are and answered what they were told: from now on they count as
    reached, as a case or as a contact."""

    case_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """A day's answers, complete or as far as they came."""

    follow_up_id: int
    person_id: int
    day: date
    answers: Mapping[str, Any]
    assessment: Mapping[str, Any]
    complete: bool


@dataclass(frozen=True, slots=True)
class ReachElsewhere:
    """This address does not reach the person: go on at another, or ask their second contact to
    make them call. `way`: second_channel and second_contact (silence), failed (`message_id` could
    not be delivered), carried (nor could it, and it asks nothing)."""

    person_id: int
    address_id: int
    conversation_id: int
    way: str
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class NumberWrong:
    """The number is not this person's: it leaves the record and goes on the do-not-write list."""

    address_id: int
    person_id: int
    case_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class RelayOpened:
    """A case passes its code on: from now on it enrols. `how_many` people, where they said so."""

    case_id: int
    how_many: int | None = None


@dataclass(frozen=True, slots=True)
class TurnedPositive:
    """A contact says that a test is positive: becomes a case linked to the exposure."""

    contact_id: int
    person_id: int
    address_id: int
    test_date: date | None = None


@dataclass(frozen=True, slots=True)
class PageWanted:
    """A person would rather go on as a web page: a single-use link is sent to this address."""

    person_id: int
    address_id: int


@dataclass(frozen=True, slots=True)
class ChatWanted:
    """A person, proven at this address, would rather go on in Telegram: a single-use code is sent
    there that ties a chat to them."""

    person_id: int
    address_id: int


@dataclass(frozen=True, slots=True)
class VoiceWanted:
    """A person would rather be called by the machine than read; not `wanted`: texts again."""

    person_id: int
    address_id: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """A person would rather be written to by this channel of their telephone: sms, whatsapp."""

    person_id: int
    address_id: int
    channel: ChannelName


@dataclass(frozen=True, slots=True)
class SilenceAsked:
    """STOP (or START) written where it does not reach the person's other addresses by itself."""

    person_id: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class CallChosen:
    """A person chose an hour for an agent's call: it is theirs if a seat is still free."""

    person_id: int
    address_id: int
    starts_at: datetime


Deed = (
    ContactNamed
    | MemberNamed
    | HelperAgreed
    | HelperEnded
    | ListClosed
    | Enrol
    | PersonLearned
    | StateMoved
    | Instructed
    | HelpReached
    | CheckedIn
    | NumberWrong
    | RelayOpened
    | ReachElsewhere
    | TurnedPositive
    | PageWanted
    | ChatWanted
    | VoiceWanted
    | WrittenBy
    | SilenceAsked
    | CallChosen
)
