"""What a step stands on, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.rules import Pack, free_slots, person_facts
from flows.rules.ages import ADULT_MONTHS
from flows.spec.library import Library
from flows.vocabulary import Address, CallBook, Conversation, Deed, Lang, PersonHere
from flows.wording.catalogues import Catalogues

# So long a proof, or the family word, lets the answers after it in.
JUST_PROVEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """One person at one address at one moment.

    `members` are those of whom this person tells each day, themselves first, where they answer for
    others too. `word`: the message began with the family word. `calls`:
    the hours at which agents call.
    """

    library: Library
    pack: Pack
    here: PersonHere
    address: Address
    lang: Lang
    now: datetime
    catalogues: Catalogues = field(default_factory=Catalogues)
    members: tuple[PersonHere, ...] = ()
    word: bool = False
    calls: CallBook = field(default_factory=CallBook)
    # The moment on the person's own clock, and their own day: asked for twenty times a turn.
    local: datetime = field(init=False)
    today: date = field(init=False)

    def __post_init__(self) -> None:
        local = self.now.astimezone(ZoneInfo(self.here.person.zone))
        object.__setattr__(self, "local", local)
        object.__setattr__(self, "today", local.date())

    @property
    def free_slots(self) -> tuple[datetime, ...]:
        """The hours at which an agent may still be promised for a call, the soonest first."""
        return free_slots(self.pack, self.now, self.calls, self.lang)

    @property
    def proven(self) -> bool:
        """Whether the one who writes has proved just now who they are."""
        at = self.here.link.proven_at
        return at is not None and self.now - at < JUST_PROVEN

    @property
    def closed(self) -> bool:
        """Whether nothing of health may be said here: others read it, and the word is awaited."""
        return bool(self.address.word) and not self.proven

    @property
    def is_minor(self) -> bool:
        """Whether this person is known to be under 18."""
        months = person_facts(self.here.person, "contact", self.today).age_months
        if self.here.person.facts.get("own_phone") == "yes":
            # A guardian agreed that this teenager answers for themselves.
            return False
        return self.here.person.minor or (months is not None and months < ADULT_MONTHS)

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
    """A review that a step wants, by its reason; `about`: a member, None for who answers."""

    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a conversation leads to.

    `prompt_after` and `silent_after` are the timers of the question now open, None where there is
    none. `dangers` are those the answer itself asserted (the words' own are read before);
    `member_dangers` those of others for whom the sender answers, by person. `word` is a new family
    word.
    """

    conversation: Conversation
    sayings: tuple[Saying, ...] = ()
    deeds: tuple[Deed, ...] = ()
    reviews: tuple[Asked, ...] = ()
    dangers: tuple[str, ...] = ()
    member_dangers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    word: str = ""
    prompt_after: timedelta | None = None
    silent_after: timedelta | None = None
    proven: bool = False
    shared: bool = False
    number_wrong: bool = False
    danger_lowered: bool = False
    assessment: Mapping[str, Any] = field(default_factory=dict)
