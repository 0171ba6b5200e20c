"""The words that travel between the floors: frozen values, one word for one idea.

Instants are timezone-aware UTC datetimes, days are dates, ids are 63-bit integers made by the
service (`bot.ids`). Nothing here touches the world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Lang = Literal["fr", "en", "es", "ar", "pt", "tr"]
LANGUAGES: tuple[Lang, ...] = ("fr", "en", "es", "ar", "pt", "tr")

ChannelName = Literal["sms", "telegram", "whatsapp", "web"]
Priority = Literal["P1", "P2", "P3", "P4"]

# --- at the doors -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as a channel's translator read it.

    `sender` is E.164 for telephones, the chat id for Telegram, or whatever the provider gave
    (a short code, letters): then `answerable` is False. `opt_out` is the provider's own reading
    ("STOP", "START", "HELP" or ""). `link_code` is what followed Telegram's /start.
    """

    channel: ChannelName
    provider_id: str
    sender: str
    recipient: str
    text: str
    media: tuple[str, ...] = ()
    opt_out: str = ""
    link_code: str = ""
    answerable: bool = True
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a provider says about a message of ours; any order, any number of times."""

    channel: ChannelName
    provider_id: str
    status: str
    error_code: str = ""
    segments: int | None = None
    price: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to hand to a provider. `key` never changes between tries."""

    key: str
    channel: ChannelName
    to: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; `provider_id` is its name for it."""

    provider_id: str
    status: str = "queued"
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will not send it. `permanent` answers the one question that matters.

    `meaning` is one of: opted_out, bad_number, unreachable, landline, blocked, filtered,
    configuration, unknown.
    """

    code: str
    meaning: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Busy:
    """Too many requests: try again after so many seconds."""

    retry_after_s: float


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Nobody knows whether it was taken (a time-out, a 5xx): it is looked up, not sent again."""

    why: str


Sent = Accepted | Refused | Busy | Uncertain

# --- people -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we know.

    `facts` holds enrolment answers as finite bands: pregnant, long_illness, weak_defences
    (each yes/no/unknown), isolation (possible/difficult/refused) … `age_months` only for a baby
    whose birth date nobody gave. `condition` is "", "deceased" or "hospital".
    `notes` are free words for agents. `location` is the country last said, ISO alpha-2 or "".
    """

    id: int
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None
    age_months: int | None = None
    sex: str = ""
    language: Lang = "fr"
    country: str = "FR"
    location: str = ""
    zone: str = "Europe/Paris"
    town: str = ""
    street: str = ""
    postcode: str = ""
    minor: bool = False
    condition: str = ""
    paused_until: datetime | None = None
    window: str = ""
    check_code: str = ""
    doctor: str = ""
    notes: str = ""
    second_contact: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A person at an address. `role`: self, guardian, proxy, said (a number somebody gave).

    `proven_at` is when the person last proved who they are here; `stopped` silences this one
    person here while the address goes on for others; `dropped` says that the number is not theirs.
    """

    person_id: int
    address_id: int
    role: str = "said"
    proven_at: datetime | None = None
    stopped: bool = False
    dropped: bool = False
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """A channel and a number or chat, locked while a turn works on it.

    `silence`: "" | "stopped" (STOP) | "violence" | "wrong" (do not write) | "bad" (provider).
    `value` is "" once nobody living in the database holds it any more.
    """

    id: int
    channel: ChannelName
    value: str
    language: Lang | None = None
    shared: bool = False
    silence: str = ""
    last_heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A person tested positive. `onset` is None where unknown; `no_symptoms` where there were none.

    `state`: reported, notifying, interviewing, listed, following, closed.
    """

    id: int
    person_id: int
    external_id: str = ""
    test_date: date | None = None
    onset: date | None = None
    no_symptoms: bool = False
    told_by: str = ""
    told_on: date | None = None
    setting: str = ""
    pack: str = ""
    state: str = "reported"
    outcome: str = ""
    from_contact_id: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person exposed; one for all their exposures.

    `state`: declared, contacting, reached, following, closed;
    `outcome`: converted, completed, lost, refused, wrong_number, deceased, not_at_risk.
    """

    id: int
    person_id: int
    state: str = "declared"
    outcome: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """The dated, typed link between a case and a contact, as the case told it.

    `kind`: home, face_to_face, care, closed_space, class, other, unknown.
    `may_name`, `may_date`: the case's consent for this contact. `said_name` is the case's wording.
    """

    id: int
    case_id: int
    contact_id: int
    number: int
    said_name: str = ""
    relation: str = ""
    kind: str = "unknown"
    setting: str = ""
    last_day: date | None = None
    protection: str = "unknown"
    may_name: bool = False
    may_date: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The days during which a person is asked how they are.

    `role`: case or contact. `until` is the last day, None while a rule lacks a fact.
    `rule` is the row that decided `until`. `state`: active, review, closed.
    """

    id: int
    person_id: int
    role: str
    starts_on: date
    until: date | None
    rule: str = ""
    state: str = "active"
    outcome: str = ""
    case_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One day's answers. `state`: asked, answered, missed.

    `answers` are bands and figures ({"danger": "no", "temperature": 38.2, "symptoms": [...]});
    `assessment` keeps priority, reasons and the rows of the rules that decided.
    """

    id: int
    follow_up_id: int
    person_id: int
    day: date
    state: str = "asked"
    answers: Mapping[str, Any] = field(default_factory=dict)
    assessment: Mapping[str, Any] = field(default_factory=dict)
    answered_at: datetime | None = None


# --- talking ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a case named, inside a conversation; `number` counts from 1 and stays."""

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
    may_name: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Where one flow stands; a called or interrupting flow lies on top of its caller.

    `tries` counts replies not understood at this node; `item` is the round of a `collect`;
    `silences` counts reminders sent; `asked` is False while a delayed prompt has not gone out.
    """

    flow: str
    node: str
    structure: str = ""
    tries: int = 0
    item: int = 0
    silences: int = 0
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Conversation:
    """One run of a flow at one address about one person.

    `bands` are the finite bands of the answers so far, `flow.node` → band: branching sees these
    alone. `kept` is their payload (names, dates, numbers), JSON-ready.
    `status`: queued, open, held (an agent has it), lapsed (timed out, may be taken up), ended.
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that a turn wants sent to its own address.

    `kind`: safety, reply, question, reminder, agent, notice; it decides what may hold it back.
    `key` makes it unique for ever: the same key is never sent twice.
    """

    key: str
    kind: str
    text: str
    person_id: int | None = None
    conversation_id: int | None = None
    options: tuple[str, ...] = ()
    not_before: datetime | None = None


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


# --- deeds: what a turn asks the service to do elsewhere ----------------------------------------


@dataclass(frozen=True, slots=True)
class ContactNamed:
    """A case named somebody, or said more of them: the whole row as it stands now."""

    case_id: int
    address_id: int
    named: Named


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
class CheckedIn:
    """A day's answers, complete or as far as they came."""

    follow_up_id: int
    person_id: int
    day: date
    answers: Mapping[str, Any]
    assessment: Mapping[str, Any]
    complete: bool


@dataclass(frozen=True, slots=True)
class NumberWrong:
    """The number is not this person's: it leaves the record and goes on the do-not-write list."""

    address_id: int
    person_id: int
    case_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class TurnedPositive:
    """A contact says that a test is positive: becomes a case linked to the exposure."""

    contact_id: int
    person_id: int
    address_id: int
    test_date: date | None = None


Deed = (
    ContactNamed
    | ListClosed
    | Enrol
    | PersonLearned
    | StateMoved
    | CheckedIn
    | NumberWrong
    | TurnedPositive
)


# --- one turn ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonHere:
    """All that a turn may know of a person reached at this address."""

    person: Person
    link: Link
    case: Case | None = None
    contact: Contact | None = None
    exposures: tuple[Exposure, ...] = ()
    follow_up: FollowUp | None = None
    history: tuple[CheckIn, ...] = ()
    case_names: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn stands on: one locked address, loaded in one read.

    `conversations`: those not ended, the open one first, and those that lapsed lately.
    `reviews`: the open ones of this address. `held_by`: the user who has its bundle on lease.
    `known_numbers`: do-not-write hit for strangers.
    """

    address: Address
    people: tuple[PersonHere, ...]
    conversations: tuple[Conversation, ...]
    reviews: tuple[Review, ...] = ()
    held_by: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one turn writes: its own address, and deeds for elsewhere."""

    address: Address | None = None
    links: tuple[Link, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    drafts: tuple[Draft, ...] = ()
    timers: tuple[Timer, ...] = ()
    dropped_timers: tuple[str, ...] = ()
    reviews: tuple[ReviewWanted, ...] = ()
    deeds: tuple[Deed, ...] = ()
    events: tuple[Event, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)
    person_id: int | None = None
    conversation_id: int | None = None
