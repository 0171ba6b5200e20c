"""An agent chooses the machine's voice for somebody, or announces it by letter."""

from __future__ import annotations

from datetime import datetime

from bot.deeds import carry_out
from bot.deeds.voicing import ring_later
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import VoiceWanted

__all__ = ["choose_voice", "ring_later"]


async def choose_voice(tx: Tx, desk: Desk, person_id: int, now: datetime, *, wanted: bool) -> None:
    """Somebody who cannot read is called from now on; not `wanted`: they are written to again."""
    await carry_out(tx, desk, VoiceWanted(person_id, 0, wanted), now)
