"""The code that a patient passes on in place of names: for how many, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.rules.packs import Pack
from flows.rules.rows import first


@dataclass(frozen=True, slots=True)
class Relay:
    """`places` people may use one code during `lifetime`; after `tries` wrong codes in a day from
    one address none is looked at there."""

    places: int
    lifetime: timedelta
    tries: int
    row: str


def relay(pack: Pack, on: date) -> Relay:
    """The rule for codes that are passed on; nobody may use one where no row says so."""
    row = first(pack.table("relay"), {}, on).row
    if row is None:
        return Relay(0, timedelta(), 0, "")
    days = timedelta(days=row.number("days"))
    return Relay(row.number("places"), days, row.number("tries"), row.id)
