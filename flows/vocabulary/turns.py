"""One turn: what it stands on, and everything it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.vocabulary.calls import CallBook
from flows.vocabulary.deeds import Deed
from flows.vocabulary.people import (
    Address,
    Case,
    CheckIn,
    Contact,
    Exposure,
    FollowUp,
    Link,
    Person,
)
from flows.vocabulary.talking import Conversation, Draft, Event, Named, Review, ReviewWanted, Timer


@dataclass(frozen=True, slots=True)
class PersonHere:
    """All that a turn may know of a person reached at this address."""

    person: Person
    link: Link
    case: Case | None = None
    contact: Contact | None = None
    exposures: tuple[Exposure, ...] = ()
    follow_up: FollowUp | None = None
    history: Sequence[CheckIn] = ()
    case_names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn stands on: one locked address, loaded in one read.

    `conversations`: those not ended, the open one first, and those that lapsed lately.
    `reviews`: the open ones of this address. `held_by`: the user who has its bundle on lease.
    `known_numbers`: do-not-write hit for strangers.
    `lately`: what was written here within the pause that makes pieces of one thought, and
    `waiting` the keys of replies not handed over yet. `ended`: the conversation that ended last,
    loaded for who corrects an answer or goes on within the pause. `listed`: whom the case here
    named, loaded for who asks. `calls`: the hours at which agents call, and what
    is promised of them.
    """

    address: Address
    people: tuple[PersonHere, ...]
    conversations: tuple[Conversation, ...]
    reviews: tuple[Review, ...] = ()
    held_by: int | None = None
    lately: tuple[str, ...] = ()
    waiting: frozenset[str] = frozenset()
    ended: Conversation | None = None
    listed: tuple[Named, ...] = ()
    calls: CallBook = field(default_factory=CallBook)


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one turn writes: its own address, and deeds for elsewhere.

    `taken_back` are keys of texts that wait and have stopped being right.
    """

    address: Address | None = None
    links: tuple[Link, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    timers: tuple[Timer, ...] = ()
    dropped_timers: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()
    reviews: tuple[ReviewWanted, ...] = ()
    deeds: tuple[Deed, ...] = ()
    events: tuple[Event, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)
    person_id: int | None = None
    conversation_id: int | None = None
