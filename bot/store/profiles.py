"""A person as the database keeps one: clear columns for queries, all the rest sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from bot.store.engines import Tx
from bot.store.names import sounds, tokens
from bot.store.times import micros, moment
from flows.vocabulary import Person

_CLEAR = ("language", "country", "zone", "territory", "minor", "condition")
_APART = {*_CLEAR, "id", "paused_until", "window", "created_at"}
SEALED = tuple(field.name for field in fields(Person) if field.name not in _APART)
LEARNABLE = frozenset(field.name for field in fields(Person)) - {"id", "check_code", "created_at"}


def context(person_id: int) -> str:
    """What the sealed profile is bound to."""
    return f"persons.profile:{person_id}"


def to_row(tx: Tx, person: Person, key_id: int) -> dict[str, Any]:
    """The columns that say who somebody is and how they are; the key is held."""
    plain: dict[str, Any] = {}
    for name in SEALED:
        value = getattr(person, name)
        if value not in (None, "") and value != {}:
            plain[name] = value.isoformat() if isinstance(value, date) else value
    return {
        **{name: getattr(person, name) for name in _CLEAR},
        "paused_until": micros(person.paused_until),
        "hours": person.window,
        "check_code_hash": code_hash(tx, person.check_code),
        "profile": tx.keyring.seal_json(key_id, context(person.id), plain),
    }


def from_row(tx: Tx, row: Row[Any]) -> Person:
    """A person from a row of `persons`, whose key is loaded; nameless once it is destroyed."""
    plain = tx.keyring.open_json(row.key_id, context(row.id), row.profile) or {}
    if "birth_date" in plain:
        plain["birth_date"] = date.fromisoformat(plain["birth_date"])
    return Person(
        id=row.id,
        **{name: getattr(row, name) for name in _CLEAR},
        paused_until=moment(row.paused_until),
        window=row.hours,
        created_at=moment(row.created_at),
        **plain,
    )


def learned(person: Person, values: Mapping[str, Any]) -> Person:
    """The person with these fields set, or entries of `facts` as "facts.NAME".

    Days and instants may be ISO text, as they come out of a deed. An unknown field is a ValueError.
    """
    facts = dict(person.facts)
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith("facts."):
            facts[name.removeprefix("facts.")] = value
        elif name in LEARNABLE:
            changed[name] = _read(name, value)
        else:
            raise ValueError(f"a person has no field {name} to learn")
    return replace(person, **{"facts": facts, **changed})


def full_name(person: Person) -> str:
    """Both names, the given one first."""
    return f"{person.given_name} {person.family_name}".strip()


def code_hash(tx: Tx, code: str) -> bytes | None:
    """The keyed hash of a check code, however it is written."""
    return tx.keyring.index("check_code", code.upper()) if code else None


def token_hashes(tx: Tx, person: Person) -> list[dict[str, Any]]:
    """The rows of `person_tokens` by which this person is found."""
    name = full_name(person)
    found = {
        "name": tokens(name),
        "phonetic": sounds(name),
        "birth_date": [person.birth_date.isoformat()] if person.birth_date else [],
        "postcode": tokens(person.postcode),
    }
    return [
        {"person_id": person.id, "kind": kind, "hash": tx.keyring.index(kind, value)}
        for kind, values in found.items()
        for value in values
    ]


def _read(name: str, value: Any) -> Any:
    if name == "birth_date" and isinstance(value, str):
        return date.fromisoformat(value)
    if name == "paused_until" and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
