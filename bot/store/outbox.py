"""The outbox: texts that wait, are claimed by one worker, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from sqlalchemy import Row, bindparam, case, func, or_, select, update

from bot.sending import Standing
from bot.store import addresses, bundles, conversations, messages, people
from bot.store.engines import Tx
from bot.store.schema import (
    HAS_PROVIDER_ID,
    MESSAGE_CLAIMED,
    MESSAGE_UNCERTAIN,
    MESSAGE_WAITING,
)
from bot.store.schema import messages as table
from bot.store.times import micros, moment
from flows.vocabulary import Accepted, ChannelName, DeliveryReport, Message

# A provider's word, and ours for how far a text has come; the number says which is further.
STATES: Final[Mapping[str, tuple[str, int]]] = {
    "accepted": ("accepted", 1),
    "scheduled": ("accepted", 1),
    "queued": ("accepted", 1),
    "sending": ("accepted", 1),
    "sent": ("sent", 2),
    "delivered": ("delivered", 3),
    "partially_delivered": ("undelivered", 3),
    "undelivered": ("undelivered", 3),
    "failed": ("undelivered", 3),
    "canceled": ("undelivered", 3),
    "read": ("read", 4),
}
_RANK: Final = dict(STATES.values())

Place = tuple[str, str]

_SAVE = update(table).where(table.c.id == bindparam("row_id"))
_DUE = (
    select(table)
    .where(
        MESSAGE_WAITING,
        or_(table.c.not_before.is_(None), table.c.not_before <= bindparam("now")),
        # One text at a time for each number, so that they arrive in order; danger does not wait.
        or_(
            table.c.rank == 0,
            table.c.address_id.not_in(select(table.c.address_id).where(MESSAGE_CLAIMED)),
        ),
    )
    .order_by(table.c.rank, table.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DOUBTFUL = (
    select(table)
    .where(MESSAGE_UNCERTAIN, table.c.not_before <= bindparam("now"))
    .order_by(table.c.not_before)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# A worker died: its safety texts are sent again, the others looked up first.
_LOST = (
    update(table)
    .where(MESSAGE_CLAIMED, table.c.lease_until <= bindparam("now"))
    .values(
        state=case((table.c.kind == "safety", "waiting"), else_="uncertain"),
        not_before=bindparam("now"),
        reason="worker_lost",
        lease_until=None,
    )
)
_CLAIM = _SAVE.values(
    state="claimed",
    lease_until=bindparam("until"),
    claimed_by=bindparam("worker"),
    tries=table.c.tries + 1,
    sent_at=bindparam("now"),
)
_SENT = select(table).where(
    HAS_PROVIDER_ID,
    # The index begins with the channel.
    table.c.channel.in_(get_args(ChannelName)),
    table.c.direction == "out",
    table.c.provider_id.in_(bindparam("ids", expanding=True)),
)


async def claim(tx: Tx, now: datetime, most: int, worker: str, lease: timedelta) -> list[Standing]:
    """Texts that may go now, leased to one worker, the most urgent first, with what stands by them.

    What a worker that died had claimed is uncertain from then on, but for safety texts.
    """
    await tx.conn.execute(_LOST, {"now": micros(now)})
    rows = (await tx.conn.execute(_DUE, {"now": micros(now), "most": most})).all()
    lent = {"until": micros(now + lease), "worker": worker, "now": micros(now)}
    await tx.write(_CLAIM, [{"row_id": row.id, **lent} for row in rows])
    return await _standing(tx, rows, now)


async def claim_uncertain(
    tx: Tx, now: datetime, most: int, lease: timedelta
) -> list[tuple[Standing, datetime]]:
    """Texts to be looked up at their provider, each with when it was handed over."""
    rows = (await tx.conn.execute(_DOUBTFUL, {"now": micros(now), "most": most})).all()
    again = micros(now + lease)
    await tx.write(
        _SAVE.values(not_before=bindparam("again")),
        [{"row_id": row.id, "again": again} for row in rows],
    )
    since = {row.id: moment(row.sent_at or row.at) for row in rows}
    return [(one, since[one.message.id]) for one in await _standing(tx, rows, now)]


async def accepted(tx: Tx, message_id: int, taken: Accepted, now: datetime) -> None:
    """The provider took it."""
    state = STATES.get(taken.status, ("accepted", 1))[0]
    values = {"provider_id": taken.provider_id, "segments": taken.segments, "reason": ""}
    await _settle(tx, message_id, state, now, **values)


async def wait_until(tx: Tx, message_id: int, until: datetime, reason: str) -> None:
    """It waits again, for a better moment or another try."""
    values = {"not_before": micros(until), "reason": reason, "state": "waiting"}
    await tx.conn.execute(_SAVE, {"row_id": message_id, "lease_until": None, **values})


async def cancel(tx: Tx, message_id: int, reason: str, now: datetime) -> None:
    """It has stopped being right and is never sent."""
    await _settle(tx, message_id, "cancelled", now, reason=reason)


async def refused(tx: Tx, message_id: int, code: str, meaning: str, now: datetime) -> None:
    """It will not be sent: the provider's code, and what that means."""
    await _settle(tx, message_id, "refused", now, error_code=code, reason=meaning)


async def uncertain(
    tx: Tx, message_id: int, look_up_at: datetime, reason: str, now: datetime
) -> None:
    """Nobody knows whether it was taken: it is looked up, not sent."""
    values = {"not_before": micros(look_up_at), "reason": reason}
    await _settle(tx, message_id, "uncertain", now, **values)


async def sent(tx: Tx, provider_ids: Iterable[str]) -> dict[Place, Message]:
    """Texts of ours by the names that providers gave them; those that we do not know are left
    out."""
    rows = (await tx.conn.execute(_SENT, {"ids": list(provider_ids)})).all()
    return {(one.channel, one.provider_id): one for one in await messages.from_rows(tx, rows)}


async def report(tx: Tx, said: DeliveryReport, now: datetime) -> bool:
    """Keep what a provider says; False if the text is as far already, or ended otherwise."""
    state, rank = STATES.get(said.status, ("", 0))
    values: dict[str, Any] = {"state": state, "changed_at": micros(now)}
    values |= {"error_code": said.error_code} if said.error_code else {}
    values |= {"segments": said.segments} if said.segments else {}
    values |= {"price": said.price} if said.price else {}
    moved = (
        update(table)
        .where(
            HAS_PROVIDER_ID,
            table.c.channel == said.channel,
            table.c.provider_id == said.provider_id,
            table.c.direction == "out",
            table.c.state.in_([ours for ours, before in _RANK.items() if before < rank]),
        )
        .values(values)
        .returning(table.c.id)
    )
    return await tx.conn.scalar(moved) is not None


async def _settle(tx: Tx, message_id: int, state: str, now: datetime, **values: Any) -> None:
    done = {"state": state, "lease_until": None, "changed_at": micros(now), **values}
    await tx.conn.execute(_SAVE, {"row_id": message_id, **done})


async def _standing(tx: Tx, rows: Sequence[Row[Any]], now: datetime) -> list[Standing]:
    """The claimed texts with all that may hold them back, in a fixed number of reads."""
    if not rows:
        return []
    found = await messages.from_rows(tx, rows)
    ids = sorted({row.address_id for row in rows})
    places = {one.id: one for one in await addresses.get_many(tx, ids)}
    links = {(one.person_id, one.address_id): one for one in await people.links_at(tx, ids)}
    known = await people.get_many(tx, {row.person_id for row in rows if row.person_id})
    whom = {person.id: person for person in known}
    talks = await conversations.get_many(
        tx, {row.conversation_id for row in rows if row.conversation_id}
    )
    held = await bundles.holders(tx, ids, now)
    forbidden = await addresses.forbidden(tx, [one.value for one in places.values()], now)
    return [
        Standing(
            message=one,
            address=places[one.address_id],
            person=whom.get(one.person_id or 0),
            link=links.get((one.person_id or 0, one.address_id)),
            conversation=talks.get(one.conversation_id or 0),
            do_not_write=places[one.address_id].value in forbidden,
            held=one.address_id in held,
        )
        for one in found
    ]


async def next_due(tx: Tx) -> datetime | None:
    """When the next text that was put off may go, None where none waits."""
    waiting = table.c.state == literal_column("'waiting'")
    return moment(await tx.conn.scalar(select(func.min(table.c.not_before)).where(waiting)))
