"""What became of texts that a provider took: the furthest word of theirs stays, in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, get_args

from sqlalchemy import Row, bindparam, select, update

from bot.store import messages as talk
from bot.store.engines import Tx
from bot.store.schema import HAS_PROVIDER_ID, messages
from bot.store.times import micros
from flows.vocabulary import ChannelName, DeliveryReport, Message

# Providers' words by ours. One that is not here says nothing of how far a text has come.
STATES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending"), "accepted"),
    # A part that is lacking may be the part that matters.
    **dict.fromkeys(("sent", "partially_delivered"), "sent"),
    **dict.fromkeys(("failed", "canceled", "undelivered"), "undelivered"),
    "delivered": "delivered",
    "read": "read",
}
# A text goes only forward here. Whatever comes after "sent" is final: of two final words that
# contradict each other the one that proves more stays, so that every order ends alike.
RANKS: Final[Mapping[str, int]] = {
    state: rank
    for rank, state in enumerate(("accepted", "sent", "undelivered", "delivered", "read"))
}
_COSTS: Final = ("segments", "price")
_SENT = select(messages).where(
    HAS_PROVIDER_ID,
    messages.c.channel.in_(get_args(ChannelName)),
    messages.c.provider_id.in_(bindparam("ids", expanding=True)),
    messages.c.direction == "out",
)
_ONE = _SENT.where(messages.c.channel == bindparam("on")).with_for_update()
_SAVE = update(messages).where(messages.c.id == bindparam("row_id"))


async def sent(tx: Tx, provider_ids: Iterable[str]) -> dict[tuple[str, str], Message]:
    """Our texts by (channel, provider id): those that a provider is known to have taken."""
    rows = (await tx.conn.execute(_SENT, {"ids": list(provider_ids)})).all()
    return {(one.channel, one.provider_id): one for one in await talk.from_rows(tx, rows)}


async def report(tx: Tx, said: DeliveryReport, now: datetime) -> bool:
    """Note what a provider says of a text; True if the text has come further by it.

    False for what was known already, comes late, or is about no text of ours.
    """
    where = {"ids": [said.provider_id], "on": said.channel}
    row = (await tx.conn.execute(_ONE, where)).one_or_none()
    if row is None:
        return False
    news = _news(row, said)
    if news:
        await tx.conn.execute(_SAVE, {"row_id": row.id, "changed_at": micros(now), **news})
    return "state" in news


async def priced(tx: Tx, said: DeliveryReport) -> None:
    """Note what a text took and cost; how far it came is not touched, nor when that changed."""
    where = {"ids": [said.provider_id], "on": said.channel}
    row = (await tx.conn.execute(_ONE, where)).one_or_none()
    if row is None:
        return
    news = {name: value for name, value in _news(row, said).items() if name in _COSTS}
    if news:
        await tx.conn.execute(_SAVE, {"row_id": row.id, **news})


def _news(row: Row[Any], said: DeliveryReport) -> dict[str, Any]:
    news: dict[str, Any] = {}
    state = STATES.get(said.status)
    if state is not None and RANKS[state] > RANKS.get(row.state, -1):
        news |= {"state": state, "error_code": said.error_code}
    elif state == row.state and said.error_code > row.error_code:
        news["error_code"] = said.error_code
    if said.segments is not None and said.segments != row.segments:
        news["segments"] = said.segments
    if said.price and said.price != row.price:
        news["price"] = said.price
    return news
