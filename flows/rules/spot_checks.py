"""How many of those who say that they are well are called to see whether it is so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.rules.packs import Pack
from flows.rules.rows import in_force


@dataclass(frozen=True, slots=True)
class SpotChecks:
    """One in `one_in` calm answers of a day, `most` at most."""

    one_in: int
    most: int
    row: str


def spot_checks(pack: Pack, on: date) -> SpotChecks | None:
    """The row that holds; None where nobody is checked."""
    for row in in_force(pack.table("spot_checks"), on):
        if row.number("one_in"):
            return SpotChecks(row.number("one_in"), row.number("most"), row.id)
    return None
