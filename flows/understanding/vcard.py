"""Forwarded contact cards: the names and numbers of vCard text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.understanding.letters import repair
from flows.understanding.phones import find_phones
from flows.understanding.text import fold

_CARD = "begin:vcard"
_FIELD = re.compile(r"^(?:item\d+\.)?([A-Za-z]+)((?:;[^:\n]*)?):(.*)$")


def is_card(folded: str) -> bool:
    """Whether a reply holds a contact card."""
    return _CARD in folded.replace(" ", "")


def _fields(raw: str) -> Iterator[tuple[str, str]]:
    # A provider may have put the lines of a card one behind the other.
    lines = re.sub(r"\s+(?=(?:item\d+\.)?(?:VERSION|FN|N|TEL|END|ORG|EMAIL|BEGIN)[;:])", "\n", raw)
    for line in lines.splitlines():
        field = _FIELD.match(line.strip())
        if field:
            yield field[1].upper(), field[3].strip()


def _structured(value: str) -> str:
    parts = [part.strip() for part in value.split(";")]
    family, given, *_ = [*parts, "", ""]
    return f"{given} {family}".strip()


def read_cards(raw: str, lang: str, country: str) -> list[dict[str, str | None]]:
    """The people on the cards, in order."""
    people: list[dict[str, str | None]] = []
    for name, value in _fields(raw):
        if name == "BEGIN":
            people.append({"name": None, "phone": None, "relation": None, "last_seen": None})
        if not people:
            continue
        person = people[-1]
        if name == "FN" and value:
            person["name"] = repair(value, lang)
        elif name == "N" and person["name"] is None and _structured(value):
            person["name"] = repair(_structured(value), lang)
        elif name == "TEL" and person["phone"] is None:
            found = find_phones(fold(value.removeprefix("tel:")), country)
            person["phone"] = found[0].e164 if found else None
    return [person for person in people if person["name"] or person["phone"]]
