"""What a data protection officer asks of the trail: who read, wrote and signed in, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from bot.store import events
from bot.store.engines import Tx
from bot.store.schema import events as lines
from bot.store.times import micros
from flows.vocabulary import Event

KINDS: Final = ("read", "acted", "signed_in", "signed_out")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; what is None or empty is not asked. `until` is not within."""

    people: Collection[int] | None = None
    addresses: Collection[int] = ()
    user_id: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def search(tx: Tx, asked: Question, limit: int) -> list[Event]:
    """The lines that answer, the latest first. A page without a person counts by its number."""
    wanted = select(lines).where(lines.c.kind.in_([asked.kind] if asked.kind else KINDS))
    if asked.people is not None:
        at = lines.c.person_id.is_(None) & lines.c.address_id.in_(list(asked.addresses))
        wanted = wanted.where(or_(lines.c.person_id.in_(list(asked.people)), at))
    if asked.user_id is not None:
        wanted = wanted.where(lines.c.actor == f"user:{asked.user_id}")
    if asked.since is not None:
        wanted = wanted.where(lines.c.at >= micros(asked.since))
    if asked.until is not None:
        wanted = wanted.where(lines.c.at < micros(asked.until))
    latest = wanted.order_by(lines.c.at.desc(), lines.c.id.desc()).limit(limit)
    return await events.from_rows(tx, (await tx.conn.execute(latest)).all())
