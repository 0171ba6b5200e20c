"""What is seen of somebody at a glance: a name, an age, and what must not be missed."""

from __future__ import annotations

from admin.labels import label
from admin.portraits import Portrait, Veiled
from admin.words import Speech
from flows.vocabulary import Address, Link, Person

Flag = tuple[str, str]

_SILENCES = {
    "stopped": "STOP: do not write",
    "violence": "Violence at home: do not write, leave no voice message",
    "wrong": "Wrong number: do not write",
    "bad": "Number does not work",
}


def name_of(speech: Speech, person: Person | None) -> str:
    """A person's name, or what stands for it."""
    if person is None:
        return speech("Somebody unknown")
    if isinstance(person, Veiled):
        return speech("Somebody of another territory")
    full = f"{person.given_name} {person.family_name}".strip()
    return full or speech("No name yet")


def age_of(speech: Speech, portrait: Portrait) -> str:
    """An age in years; in months for a baby."""
    if portrait.months is not None and portrait.months < 24:
        return speech.count(portrait.months, "{n} month", "{n} months")
    if portrait.years is None:
        return speech("age not known")
    return speech.count(portrait.years, "{n} year", "{n} years")


def flags(speech: Speech, portrait: Portrait) -> list[Flag]:
    """What must not be missed of this person: the worst first."""
    found = person_flags(speech, portrait.person, fragile=portrait.fragile)
    for at in portrait.at:
        found += address_flags(speech, at.address, at.link)
    return list(dict.fromkeys(found))


def person_flags(
    speech: Speech, person: Person, *, fragile: bool = False, short: bool = False
) -> list[Flag]:
    """Died, in hospital, minor, fragile."""
    found: list[Flag] = []
    if person.condition == "deceased":
        found.append(("stop", speech("Has died")))
    if person.condition == "hospital":
        found.append(("stop", speech("In hospital")))
    if person.minor:
        words = speech("Minor") if short else speech("Minor: speak with a guardian")
        found.append(("care", words))
    if fragile:
        found.append(("care", speech("Fragile")))
    return found


def address_flags(speech: Speech, address: Address, link: Link | None = None) -> list[Flag]:
    """What holds for a number: silence, sharing."""
    found: list[Flag] = []
    if address.silence in _SILENCES:
        found.append(("stop", speech(_SILENCES[address.silence])))
    if link and link.stopped:
        found.append(("stop", speech("STOP for this person: do not write")))
    if address.shared:
        found.append(("care", speech("Shared phone")))
    return found


def language_flag(speech: Speech, person: Person) -> Flag:
    """The language to speak in."""
    return "", speech("Speaks {language}", language=label(speech, "language", person.language))


def every_text() -> set[str]:
    """English texts that stand in tables here, for the translators' test."""
    return set(_SILENCES.values())
