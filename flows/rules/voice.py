"""Calls by the machine: how often, to whom, and to whom somebody in danger is put through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flows.rules.duty import duty
from flows.rules.packs import Pack
from flows.rules.rows import in_force


@dataclass(frozen=True, slots=True)
class Calling:
    """`tries` calls at other hours, then a person looks; from `elder_age` on people hear a human
    voice first, or had a letter `letter_days` ago (domain: the old hang up on machines, and are
    right to)."""

    tries: int = 3
    elder_age: int = 75
    letter_days: int = 4
    row: str = ""


def machine_calls(pack: Pack, on: date) -> Calling:
    """The row that holds."""
    for row in in_force(pack.table("machine_calls"), on):
        tries, age = row.number("tries"), row.number("elder_age")
        return Calling(tries, age, row.number("letter_days"), row.id)
    return Calling()


def duty_phone(pack: Pack, now: datetime) -> str:
    """The telephone of whoever is there just now, E.164; "" where nobody is or none is given."""
    there = duty(pack, now)
    if not there.alerted:
        return ""
    row = pack.row(there.row)
    return (row.text("phone") if row else "") or pack.agency.get("duty_phone", "")
