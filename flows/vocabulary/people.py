"""People, where they are reached, and why they are followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flows.vocabulary.words import ChannelName, Lang


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we know.

    `facts` holds enrolment answers as finite bands: pregnant, long_illness, weak_defences
    (each yes/no/unknown), isolation (possible/difficult/refused) … `age_months` only for a baby
    whose birth date nobody gave. `condition` is "", "deceased" or "hospital".
    `territory` is the code of whose they are, "" where nobody knows.
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
    territory: str = ""
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
    An adult is answered for by a `proxy` only with their agreement: `agreed_at`, and `agreed_how`
    (aloud, written).
    """

    person_id: int
    address_id: int
    role: str = "said"
    proven_at: datetime | None = None
    stopped: bool = False
    dropped: bool = False
    rank: int = 0
    agreed_at: datetime | None = None
    agreed_how: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A channel and a number or chat, locked while a turn works on it.

    `silence`: "" | "stopped" (STOP) | "violence" | "wrong" (do not write) | "bad" (provider).
    `value` is "" once nobody living in the database holds it any more. `shared`: others read it;
    `word` is the family word that begins answers there, "" where none was chosen.
    """

    id: int
    channel: ChannelName
    value: str
    language: Lang | None = None
    shared: bool = False
    word: str = ""
    silence: str = ""
    last_heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A person tested positive. `onset` is None where unknown; `no_symptoms` where there were none.

    `state`: reported, notifying, interviewing, listed, following, closed. `relay_code` is what
    they may pass on to people whom they will not name; it lives once a deed has opened it.
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
    relay_code: str = ""
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
    `case_until` is the last day of the case's own isolation, as it stands; None while undecided.
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
    case_until: date | None = None


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
