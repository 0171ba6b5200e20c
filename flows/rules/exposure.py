"""Whether an exposure puts a contact at risk."""

from __future__ import annotations

from datetime import date

from flows.rules.conditions import Fact
from flows.rules.decision import Decision
from flows.rules.packs import Pack
from flows.rules.rows import first


def is_at_risk(
    pack: Pack, kind: str, protection: str, minutes: int | None, on: date
) -> Decision[str]:
    """yes, no or doubtful, by the rules of the day of exposure.

    `kind` and `protection` are those of `vocabulary.Exposure`. A kind or duration that is not
    known and could change the answer makes it doubtful, and is named; a protection that nobody
    spoke of is the word "unknown", and the rows say what that is worth.
    """
    facts: dict[str, Fact] = {
        "kind": None if kind in ("", "unknown") else kind,
        "protection": protection or "unknown",
        "minutes": minutes,
        "minutes_known": minutes is not None,
    }
    match = first(pack.table("exposure"), facts, on)
    if match.row is None:
        return Decision("doubtful", why="exposure.missing", missing=match.missing or ("rule",))
    said = match.row.text("at_risk")
    return Decision(said, match.row.id, f"exposure.{said}")
