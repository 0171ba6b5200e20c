"""What forms bring, read into values; what cannot be read has a name that the page says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import phonenumbers

from bot.handling import Facts
from flows.vocabulary import LANGUAGES

_PLAIN: Final = ("given_name", "family_name", "street", "postcode", "town")
KINDS: Final = ("home", "face_to_face", "care", "closed_space", "class", "other", "unknown")
_WINDOWS: Final = ("", "morning", "noon", "evening")
_LONGEST: Final = 200
_FIGURES: Final = 19


def id_of(text: str) -> int | None:
    """An id, or None where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _FIGURES):
        return None
    return int(text) if int(text) < 2**63 else None


def day_of(text: str) -> date | None:
    """An ISO date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def phone_of(text: str, country: str) -> str | None:
    """A possible number as E.164; None where it is impossible."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(number: str) -> str:
    """A number as people read it."""
    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def facts_of(form: Mapping[str, Any], country: str, today: date) -> tuple[Facts, list[str]]:
    """What the form that completes a record says, and the names of its faults."""
    said = {name: " ".join(str(value).split())[:_LONGEST] for name, value in form.items()}
    faults: list[str] = []
    phone = ""
    if said.get("phone"):
        phone = phone_of(said["phone"], country) or ""
        faults += [] if phone else ["bad_phone"]
    born, met = (_past(said.get(name, ""), today, faults) for name in ("birth_date", "last_day"))
    facts = Facts(
        person={**_person(said), **({"birth_date": born} if born else {})},
        exposure_id=id_of(said.get("exposure", "")),
        exposure={**_exposure(said), **({"last_day": met} if met else {})},
        phone=phone,
    )
    return facts, faults


def _past(text: str, today: date, faults: list[str]) -> date | None:
    day = day_of(text)
    if text and (day is None or day > today or day.year < today.year - 120):
        faults.append("bad_day")
        return None
    return day


def _person(said: Mapping[str, str]) -> dict[str, Any]:
    # A field that was emptied by mistake destroys nothing.
    found: dict[str, Any] = {name: said[name] for name in _PLAIN if said.get(name)}
    if said.get("language") in LANGUAGES:
        found["language"] = said["language"]
    if said.get("window", "-") in _WINDOWS:
        found["window"] = said["window"]
    if said.get("minor") in ("yes", "no"):
        found["minor"] = said["minor"] == "yes"
    return found


def _exposure(said: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if said.get("kind") in KINDS:
        found["kind"] = said["kind"]
    if said.get("relation"):
        found["relation"] = said["relation"]
    return found
