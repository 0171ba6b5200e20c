"""Who is at risk of a severe illness."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from flows.rules.decision import Decision
from flows.rules.facts import PersonFacts
from flows.rules.packs import Pack
from flows.rules.rows import Row, every, holds, in_force


@lru_cache(maxsize=8192)
def is_fragile(pack: Pack, facts: PersonFacts, on: date) -> Decision[bool]:
    """True by the first row that holds; False names in `missing` what was never asked."""
    known = _facts(facts)
    rows = pack.table("fragile")
    for row in every(rows, known, on):
        return Decision(True, row.id, f"fragile.{row.text('why')}")
    open_rows = [row for row in in_force(rows, on) if holds(row, known) is None]
    return Decision(False, why="fragile.none", missing=_unasked(open_rows, facts))


def _facts(facts: PersonFacts) -> dict[str, bool | int | float | None]:
    return {
        "age": facts.age,
        "over_65": facts.over_65,
        "pregnant": facts.pregnant,
        "long_illness": facts.long_illness,
        "weak_defences": facts.weak_defences,
        "bmi": facts.bmi,
    }


def _unasked(rows: list[Row], facts: PersonFacts) -> tuple[str, ...]:
    known = _facts(facts)
    names = dict.fromkeys(name for row in rows for name in row.when if known[name] is None)
    return tuple(names)
