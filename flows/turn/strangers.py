"""Somebody who writes and whom we do not know: a neutral ground, by their number alone."""

from __future__ import annotations

from datetime import datetime

import phonenumbers

from flows.engine.ground import Ground
from flows.turn.desk import Desk
from flows.turn.making import Making
from flows.vocabulary import LANGUAGES, Address, Lang, Link, Person, PersonHere

# The language of a neutral text where the number says more than nothing.
_SPOKEN: dict[str, Lang] = {
    "GB": "en", "IE": "en", "US": "en", "CA": "en", "AU": "en",
    "ES": "es", "MX": "es", "AR": "es", "CO": "es",
    "PT": "pt", "BR": "pt", "TR": "tr",
    "MA": "ar", "DZ": "ar", "TN": "ar", "EG": "ar", "SY": "ar", "LB": "ar", "SA": "ar",
}  # fmt: skip


def ground_of(making: Making, here: PersonHere | None) -> Ground:
    """The ground under a person we know, or under a stranger."""
    return making.ground(here or somebody(making))


def somebody(making: Making) -> PersonHere:
    """A stranger as a person without a record."""
    person = stranger(making.desk, making.address, making.now)
    return PersonHere(person, Link(0, making.address.id))


def stranger(desk: Desk, address: Address, now: datetime) -> Person:
    """Whoever writes from an address of which nothing is known but its number."""
    pack = desk.pack(now.date())
    country = prefix_country(address.value) if address.channel != "telegram" else ""
    fallback = pack.language if pack.language in LANGUAGES else "fr"
    lang: Lang = address.language or _SPOKEN.get(country, fallback)
    return Person(
        id=0, language=lang, country=country or pack.country, zone=str(pack.zone), minor=False
    )


def is_landline(value: str) -> bool:
    """Whether a number is of the kind that stands on a table: it rings, and takes no text."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(value, None))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.FIXED_LINE)


def prefix_country(value: str) -> str:
    """The country of a telephone number, "" where it has none."""
    try:
        parsed = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    return region if region and region != "001" else ""
