"""What each phone of the demonstration shows: its people, its messages, what may be tapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.service import Service
from bot.store import addresses, messages, outbox, people, timers
from bot.store.engines import Tx
from flows.vocabulary import Address, Message, Person

MOST_PHONES: Final = 40
MOST_MESSAGES: Final = 800
# What has left the service; what is held back or still waits is on no phone.
_ARRIVED: Final = frozenset({"accepted", "queued", "sent", "delivered", "read"})


async def seen(tx: Tx, service: Service, now: datetime) -> dict[str, Any]:
    """Everything that the page shows, ready for JSON."""
    known = [one for one in await addresses.latest(tx, MOST_PHONES) if one.value]
    talk = await messages.transcript(tx, [one.id for one in known], MOST_MESSAGES)
    here = {one.id: [p for p, _ in await people.people_at(tx, one.id)] for one in known}
    pack = service.desk.pack(now.date())
    due = await next_event(tx)
    return {
        "zone": str(pack.zone),
        "now": now.isoformat(),
        "next": due.isoformat() if due else "",
        "phones": [_phone(one, here[one.id], talk) for one in known],
    }


async def next_event(tx: Tx) -> datetime | None:
    """When the service will next do something of its own accord."""
    moments = (await timers.next_due(tx), await outbox.next_due(tx))
    return min((one for one in moments if one is not None), default=None)


def _phone(address: Address, here: Sequence[Person], talk: Sequence[Message]) -> dict[str, Any]:
    mine = [one for one in talk if one.address_id == address.id and _is_seen(one)]
    last = mine[-1] if mine else None
    return {
        "id": str(address.id),
        "channel": address.channel,
        "sender": address.value,
        "people": [{"id": str(one.id), "name": _name(one)} for one in here],
        "silence": address.silence,
        "messages": [_message(one) for one in mine],
        "options": list(last.options) if last and last.direction == "out" else [],
    }


def _is_seen(message: Message) -> bool:
    return message.direction == "in" or message.state in _ARRIVED


def _message(message: Message) -> Mapping[str, str]:
    return {
        "direction": message.direction,
        "kind": message.kind,
        "text": message.text,
        "at": message.at.isoformat(),
    }


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip() or "?"
