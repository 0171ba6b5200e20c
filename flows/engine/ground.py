"""What a step stands on, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.rules import Pack
from flows.spec.library import Library
from flows.vocabulary import Address, Conversation, Deed, Lang, PersonHere
from flows.wording.catalogues import Catalogues


@dataclass(frozen=True, slots=True)
class Ground:
    """One person at one address at one moment. `zone` is the person's time zone."""

    library: Library
    pack: Pack
    here: PersonHere
    address: Address
    lang: Lang
    now: datetime
    catalogues: Catalogues = field(default_factory=Catalogues)

    @property
    def local(self) -> datetime:
        """The moment on the person's own clock."""
        return self.now.astimezone(ZoneInfo(self.here.person.zone))

    @property
    def today(self) -> date:
        """The person's own day."""
        return self.local.date()

    @property
    def about_other(self) -> bool:
        """Whether the one who answers answers for somebody else."""
        return self.here.link.role in ("guardian", "proxy")


@dataclass(frozen=True, slots=True)
class Saying:
    """A text to say, by its key; `values` are the placeholders that only this moment knows."""

    key: str
    english: str
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A review that a step wants, by its reason."""

    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a conversation leads to.

    `prompt_after` and `silent_after` are the timers of the question now open, None where there is
    none. `dangers` are those the answer itself asserted (the words' own are read before).
    """

    conversation: Conversation
    sayings: tuple[Saying, ...] = ()
    deeds: tuple[Deed, ...] = ()
    reviews: tuple[Asked, ...] = ()
    dangers: tuple[str, ...] = ()
    prompt_after: timedelta | None = None
    silent_after: timedelta | None = None
    proven: bool = False
    shared: bool = False
    number_wrong: bool = False
    danger_lowered: bool = False
    assessment: Mapping[str, Any] = field(default_factory=dict)
