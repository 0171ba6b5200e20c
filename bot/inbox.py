"""Takes what people write: many turns in one transaction, answered only once it is committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.grouping import Grouping, NoRoom, Unavailable, Work
from bot.store.engines import Store, Tx
from bot.taking import keep_one, take_all
from flows.turn import Desk
from flows.understanding import Question, read
from flows.vocabulary import LANGUAGES, Incoming

__all__ = ["Inbox", "InboxFull", "Unavailable", "file_all", "open_inbox"]

SIZE: Final = 2000
PER_ADDRESS: Final = 50
BATCH: Final = 64

Inbox = Grouping[Incoming]
InboxFull = NoRoom


def open_inbox(
    store: Store,
    desk: Desk,
    clock: Callable[[], datetime],
    written: Callable[[], None],
    *,
    size: int = SIZE,
    per_address: int = PER_ADDRESS,
) -> Inbox:
    """The inbox of a process; `written` is called when texts may wait to go out."""

    async def commit(tx: Tx, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        await take_all(tx, [_writable(one) for one in batch], desk, clock())
        return ()

    async def broken(tx: Tx, incoming: Incoming) -> None:
        await keep_one(tx, _writable(incoming), desk, clock())

    work = Work("inbox", _place, commit, broken, written, _is_urgent)
    return Grouping(store, work, size=size, per_place=per_address, batch=BATCH)


def _place(incoming: Incoming) -> tuple[str, str]:
    return incoming.channel, incoming.sender


def _is_urgent(incoming: Incoming) -> bool:
    """Whether danger is told in any language: no flood, one's own or others', keeps it out."""
    return any(
        read(incoming.text, Question("text", lang=language)).danger for language in LANGUAGES
    )


async def file_all(inbox: Inbox, incoming: Sequence[Incoming]) -> None:
    """File messages that were fetched, in order, never more at once than one number may have."""
    most = PER_ADDRESS // 2
    for start in range(0, len(incoming), most):
        for promise in [inbox.take(one) for one in incoming[start : start + most]]:
            await promise


def _writable(incoming: Incoming) -> Incoming:
    """Without what no database takes: half characters, and the zero that ends a text in C."""
    whole = incoming.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    sender, provider_id = (
        name.replace("\0", "") for name in (incoming.sender, incoming.provider_id)
    )
    return replace(incoming, text=whole, sender=sender, provider_id=provider_id)
