"""What passes at the doors: messages as channels read them, texts as they are handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.vocabulary.words import ChannelName


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as a channel's translator read it.

    `sender` is E.164 for telephones, the chat id for Telegram, or whatever the provider gave
    (a short code, letters): then `answerable` is False. `opt_out` is the provider's own reading
    ("STOP", "START", "HELP" or ""). `link_code` is what followed Telegram's /start. `relayed`: it
    holds a code that a patient passed on, and its sender has just been enrolled by it.
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
    relayed: bool = False
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
class Template:
    """A text that the provider keeps, by its name there; `values` fill its numbered places."""

    sid: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to hand to a provider. `key` never changes between tries.

    With a `template` the provider sends that, and `text` is what people read in it.
    """

    key: str
    channel: ChannelName
    to: str
    text: str
    options: tuple[str, ...] = ()
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; `provider_id` is its name for it."""

    provider_id: str
    status: str = "queued"
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will not send it. `permanent` answers the one question that matters.

    `meaning` is one of: opted_out, bad_number, not_there (no account on that channel), window
    (nothing but an approved template may go now), unreachable, landline, blocked, filtered,
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
