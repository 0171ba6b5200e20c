"""The old hear a human voice before the machine's, or had a letter that announces it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.reaching import person_of
from bot.store import events
from bot.store.engines import Tx
from flows.rules import machine_calls, person_facts
from flows.turn import Desk
from flows.vocabulary import Event

# What an agent's call log says where the person was spoken with.
_SPOKEN_WITH: Final = frozenset({"done", "call_at"})
LETTER: Final = "letter"


async def may_ring(tx: Tx, desk: Desk, person_id: int, now: datetime) -> bool:
    """Whether the machine may call: the old have heard us first, or read of it."""
    pack, person = desk.pack(now.date()), await person_of(tx, person_id)
    rule = machine_calls(pack, now.date())
    months = person_facts(person, "contact", now.astimezone(pack.zone).date()).age_months
    if months is None or months < 12 * rule.elder_age:
        return True
    read_by = now - timedelta(days=rule.letter_days)

    def known(one: Event) -> bool:
        return _spoke(one) or (one.data.get("what") == LETTER and one.at <= read_by)

    return await events.any_of(tx, person_id, "acted", known)


def _spoke(one: Event) -> bool:
    return one.data.get("what") == "call" and one.data.get("outcome") in _SPOKEN_WITH
