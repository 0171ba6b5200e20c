"""Texts of web pages: shown while somebody looks, or else found so that they go elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update

from bot.store import messages as talk
from bot.store.engines import Tx
from bot.store.schema import fixed, messages
from bot.store.times import micros
from flows.vocabulary import Message

# A reply that lingers a moment for a further piece of the same thought is shown at once:
# whoever looks at a page sees the pieces as they come.
_LINGERS = timedelta(seconds=10)

_SHOWN = (
    update(messages)
    .where(
        messages.c.address_id == bindparam("address"),
        messages.c.direction == "out",
        messages.c.state.in_(("waiting", "accepted", "sent")),
        or_(messages.c.not_before.is_(None), messages.c.not_before <= bindparam("until")),
    )
    .values(state="read", changed_at=bindparam("now"))
)
_UNSEEN = (
    select(messages)
    .where(
        fixed(messages.c.state, "sent"),
        fixed(messages.c.channel, "web"),
        messages.c.at <= bindparam("before"),
    )
    .order_by(messages.c.at)
    .limit(bindparam("most"))
)
_MISSED = (
    update(messages)
    .where(messages.c.id == bindparam("row_id"), messages.c.state == "sent")
    .values(state="undelivered", reason="unseen", changed_at=bindparam("now"))
    .returning(messages.c.id)
)


async def shown(tx: Tx, address_id: int, now: datetime) -> None:
    """Whatever waits for this page is on it now, and need not go out any more."""
    values = {"address": address_id, "now": micros(now), "until": micros(now + _LINGERS)}
    await tx.conn.execute(_SHOWN, values)


def is_shown(message: Message, now: datetime) -> bool:
    """Whether a text stands on its page by now."""
    held = message.not_before is not None and message.not_before > now + _LINGERS
    return message.direction == "in" or not (message.state in _NEVER or held)


_NEVER = frozenset(("cancelled", "refused", "undelivered"))


async def unseen(tx: Tx, before: datetime, most: int) -> list[Message]:
    """Texts that went to a page before then, which nobody has looked at since."""
    rows = (await tx.conn.execute(_UNSEEN, {"before": micros(before), "most": most})).all()
    return await talk.from_rows(tx, rows)


async def missed(tx: Tx, message_id: int, now: datetime) -> bool:
    """Nobody saw it on the page; False if somebody did meanwhile."""
    values = {"row_id": message_id, "now": micros(now)}
    return await tx.conn.scalar(_MISSED, values) is not None
