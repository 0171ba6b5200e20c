"""What a text that cannot be delivered calls for: another address of the person, a person, both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.rules.packs import Pack
from flows.rules.rows import first


@dataclass(frozen=True, slots=True)
class Rerouting:
    """`elsewhere`: the conversation goes on at the person's next address. `review`: somebody looks
    even then; where there is no next address somebody always does."""

    elsewhere: bool
    review: bool
    row: str = ""


def rerouting(pack: Pack, meaning: str, on: date) -> Rerouting:
    """By the meaning of the failure (as in `Refused`, or uncertain); a person where no row says."""
    row = first(pack.table("rerouting"), {"meaning": meaning}, on).row
    if row is None:
        return Rerouting(elsewhere=False, review=True)
    return Rerouting(row.flag("elsewhere"), row.flag("review"), row.id)
