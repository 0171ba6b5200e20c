"""STOP on one channel holds on all of a person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.store import people
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import SilenceAsked


async def keep_silent(tx: Tx, desk: Desk, deed: SilenceAsked, now: datetime) -> None:
    """Stop (or start) the messages about this person at every address of theirs."""
    links = await people.links_of(tx, deed.person_id)
    await people.save_links(tx, [replace(link, stopped=deed.stopped) for link in links])
