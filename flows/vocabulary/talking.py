"""Conversations, texts, timers, reviews and the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from flows.vocabulary.words import ChannelName, Priority


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named inside a conversation; `number` counts from 1 and stays.

    Of a household: `role` is "self" for who answers, "own_phone" for who is followed apart;
    `risks` are what makes them fragile, joined by commas.
    """

    number: int
    name: str = ""
    phone: str = ""
    relation: str = ""
    last_day: date | None = None
    kind: str = "unknown"
    setting: str = ""
    minor: bool | None = None
    fragile: bool = False
    birth_date: date | None = None
    age_months: int | None = None
    may_name: bool = False
    removed: bool = False
    role: str = ""
    risks: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where one flow stands; a called or interrupting flow lies on top of its caller.

    `tries` counts replies not understood at this node; `item` is the round of a `collect`;
    `climbed` are the numbers of the steps that silence led to; `asked` is False while a delayed
    prompt has not gone out.
    """

    flow: str
    node: str
    structure: str = ""
    tries: int = 0
    item: int = 0
    climbed: tuple[int, ...] = ()
    asked: bool = True


def frame_from(kept: Mapping[str, Any]) -> Frame:
    """A frame as JSON kept it; in earlier rows `silences` told how many steps were climbed."""
    held = dict(kept)
    earlier = range(1, held.pop("silences", 0) + 1)
    return Frame(**{**held, "climbed": tuple(held.get("climbed", earlier))})


@dataclass(frozen=True, slots=True)
class Conversation:
    """One run of a flow at one address about one person.

    `bands` are the finite bands of the answers so far, `flow.node` → band: branching sees these
    alone. `kept` is their payload (names, dates, numbers), JSON-ready.
    `status`: queued, open, held (an agent has it), lapsed (timed out, may be taken up), ended.
    `hearing` is the last answer, JSON-ready: `at`, its `texts`, the state `before` it, the keys of
    the `drafts` that answered it; with it pieces are read as one, and an answer is corrected.
    """

    id: int
    address_id: int
    person_id: int
    frames: tuple[Frame, ...]
    status: str = "queued"
    bands: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    named: tuple[Named, ...] = ()
    pending: Mapping[str, Any] | None = None
    case_id: int | None = None
    contact_id: int | None = None
    follow_up_id: int | None = None
    day: date | None = None
    opened_at: datetime | None = None
    asked_at: datetime | None = None
    outcome: str = ""
    hearing: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """Which text of ours a message says: its key, its language, what filled its placeholders."""

    key: str
    lang: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that a turn wants sent to its own address.

    `kind`: safety, reply, question, reminder, agent, notice; it decides what may hold it back.
    `key` makes it unique for ever: the same key is never sent twice. `prompt` is told where the
    channel may have to send a template in its place.
    """

    key: str
    kind: str
    text: str
    person_id: int | None = None
    conversation_id: int | None = None
    options: tuple[str, ...] = ()
    not_before: datetime | None = None
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One text, inbound or outbound, as the store keeps it.

    Outbound `state`: waiting, claimed, accepted, sent, delivered, read, refused, undelivered,
    uncertain, cancelled. Inbound: heard, kept (it broke its turn), unread (media alone).
    `reading` is how it was understood (inbound): value, danger, command, spans.
    """

    id: int
    address_id: int
    direction: Literal["in", "out"]
    text: str
    at: datetime
    state: str
    kind: str = ""
    key: str = ""
    channel: ChannelName = "sms"
    person_id: int | None = None
    conversation_id: int | None = None
    provider_id: str = ""
    error_code: str = ""
    reason: str = ""
    options: tuple[str, ...] = ()
    not_before: datetime | None = None
    tries: int = 0
    author_id: int | None = None
    reading: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A due moment; `key` is unique, setting it again moves it.

    `kind`: prompt (a delayed question), silence (remind or give up), start (a conversation that
    is due), check_in (a day's check-in), ending (look whether a follow-up may close), recheck.
    """

    key: str
    kind: str
    due_at: datetime
    address_id: int | None = None
    conversation_id: int | None = None
    person_id: int | None = None
    follow_up_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """An item in the human queue. Those of one bundle (a number or household) go together.

    `key` keeps one open review for one matter: opening it again adds `detail` to the open one.
    `priority` None lets the rules' table of reasons decide. `detail` is JSON-ready and encrypted.
    `assigned_to` and `team` are for whom it was set aside, if for anybody.
    """

    id: int
    reason: str
    priority: Priority
    bundle_id: int
    key: str
    opened_at: datetime
    deadline: datetime
    person_id: int | None = None
    address_id: int | None = None
    case_id: int | None = None
    contact_id: int | None = None
    conversation_id: int | None = None
    follow_up_id: int | None = None
    detail: tuple[Mapping[str, Any], ...] = ()
    state: str = "open"
    outcome: str = ""
    closed_at: datetime | None = None
    closed_by: int | None = None
    assigned_to: int | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class ReviewWanted:
    """What a turn or a deed wants reviewed; the store gives it an id and its bundle.

    `lower_to` lowers an open review of the same key instead of opening one (never closes it).
    """

    reason: str
    priority: Priority
    deadline: datetime
    key: str
    person_id: int | None = None
    case_id: int | None = None
    contact_id: int | None = None
    conversation_id: int | None = None
    follow_up_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    lower_to: Priority | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the append-only trail. `kind`: heard, said, asked, learned, moved, reviewed,
    read, decided, signed_in … `actor`: "service", "person" or "user:<id>". `data` is JSON-ready
    and encrypted where it holds people's words."""

    kind: str
    at: datetime
    actor: str = "service"
    person_id: int | None = None
    address_id: int | None = None
    conversation_id: int | None = None
    case_id: int | None = None
    review_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
