"""How a person proves who they are, and when again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.rules.packs import Pack
from flows.rules.rows import first


@dataclass(frozen=True, slots=True)
class Proof:
    """`way` is birth_year, typed_name or call_only; after `tries` wrong answers a person takes
    over; after `again_after` of silence it is asked anew."""

    way: str
    tries: int
    again_after: timedelta
    row: str


def proof(pack: Pack, who: str, on: date) -> Proof:
    """The way of proof for a case or a contact; by voice alone where no row says another."""
    row = first(pack.table("identity"), {"who": who}, on).row
    if row is None:
        return Proof("call_only", 0, timedelta(), "")
    hours = timedelta(hours=row.number("reproof_hours"))
    return Proof(row.text("proof"), row.number("tries"), hours, row.id)


def needs_proof(
    proven_at: datetime | None, heard_at: datetime | None, rule: Proof, now: datetime
) -> bool:
    """Whether identity is asked (again): never proven, or too long a silence since."""
    if proven_at is None:
        return True
    return now - max(proven_at, heard_at or proven_at) > rule.again_after
