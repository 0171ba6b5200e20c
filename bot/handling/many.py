"""What is done to many at once: to whom it may be done, and the deed for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.reaching import best_address
from bot.store import bundles, messages, people, reviews
from bot.store.engines import Tx
from flows.rules import Pack, is_quiet, next_allowed
from flows.vocabulary import Address, Draft, Person, Review
from flows.wording.rendering import for_channel

DONE: Final = "done"
# A household and the person meant; either may be nobody's.
Pair = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class One:
    """One of those chosen: `address` is where they may be written to, `holder` who works there."""

    bundle_id: int
    person: Person | None
    address: Address | None
    open: tuple[Review, ...]
    holder: int | None

    @property
    def burns(self) -> bool:
        """Whether an emergency is open: it is decided on its own page, never among many."""
        return any(review.priority == "P1" for review in self.open)


async def look(tx: Tx, pairs: Sequence[Pair], now: datetime) -> list[One]:
    """Those chosen as they stand now, in their order."""
    known = {one.id: one for one in await people.get_many(tx, {p for _, p in pairs if p})}
    at = [bundle_id for bundle_id, _ in pairs]
    waiting = await reviews.of_addresses(tx, at)
    holders = await bundles.holders(tx, at, now)
    found = []
    for bundle_id, person_id in pairs:
        person = known.get(person_id or 0)
        reached = await best_address(tx, person.id) if person else None
        here = tuple(waiting.get(bundle_id, ()))
        address = reached[0] if reached else None
        found.append(One(bundle_id, person, address, here, holders.get(bundle_id)))
    return found


def left_out(act: str, one: One, user_id: int) -> str:
    """Why this is not done to one of those chosen; "" where it is."""
    if act in ("pause", "message") and one.person is None:
        return "nobody"
    if act == "message":
        gone = one.person is not None and one.person.condition
        return "gone" if gone else "" if one.address else "no_number"
    if act != "pause" and not one.open:
        return "nothing_open"
    if act == "assign":
        return ""
    if one.burns:
        return "emergency"
    theirs = one.holder is not None and one.holder != user_id
    return "theirs" if act == "close" and theirs else ""


async def close_all(
    tx: Tx, one: One, outcome: str, words: str, user_id: int, now: datetime
) -> list[int]:
    """Close the open reviews of a household; none where somebody took it meanwhile."""
    free, _ = await reviews.lease(tx, one.bundle_id, user_id, now)
    if not free:
        return []
    closed = []
    for review in one.open:
        if words:
            await reviews.note(tx, review.id, words, user_id, now)
        if await reviews.close(tx, review.id, outcome, user_id, now):
            closed.append(review.id)
    await reviews.release(tx, one.bundle_id, user_id)
    return closed


async def pause(tx: Tx, person_id: int, days: int, now: datetime) -> None:
    """Routine messages rest for so many days; danger is heard and answered all the same."""
    await people.learn(tx, person_id, {"paused_until": now + timedelta(days=days)}, now)


async def tell(
    tx: Tx, pack: Pack, one: One, text: str, key: str, author_id: int, now: datetime
) -> None:
    """Put a text into the outbox, for the morning where it is night; the same key sends once."""
    if one.person is None or one.address is None:
        return
    said = for_channel(text, one.address.channel)
    draft = Draft(key, "agent", said, one.person.id, not_before=morning(pack, one.person, now))
    await messages.queue_drafts(tx, [(one.address, draft)], now, author_id)


def morning(pack: Pack, person: Person, now: datetime) -> datetime | None:
    """When a text to many may go where it is night just now; None where it may go at once."""
    local = now.astimezone(ZoneInfo(person.zone))
    return next_allowed(pack, local).astimezone(now.tzinfo) if is_quiet(pack, local) else None
