"""A channel that is down becomes a review, once, which closes itself when the channel is back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.channel_health import Health, health
from bot.service import Service
from bot.store import reviews, state
from bot.store.engines import Tx
from flows.rules import Pack, deadline, review_rule
from flows.vocabulary import ReviewWanted

REASON: Final = "channel_down"
BACK: Final = "channel_back"
_LEASE: Final = timedelta(seconds=150)


async def watch_channels(service: Service) -> bool:
    """Look at all channels; one worker does, the others rest."""
    now = service.clock.now()
    pack = service.desk.pack(now.date())
    async with service.store.writing() as tx:
        if not await state.take_lease(tx, "channels", service.owner, now + _LEASE, now):
            return False
    async with service.store.reading() as tx:
        found = await health(tx, pack, service.channels, now)
    async with service.store.writing() as tx:
        await mind_channels(tx, pack, found, now)
    return False


async def mind_channels(tx: Tx, pack: Pack, found: Sequence[Health], now: datetime) -> None:
    """Open a review for each channel that went down, close those of channels that are back."""
    for one in found:
        key = f"down:{one.channel}"
        noted = await state.get(tx, key) or ""
        if one.down and not noted:
            await state.put(tx, key, str(await _open(tx, pack, one, now)), now)
        elif noted and _is_back(one):
            await reviews.close(tx, int(noted), BACK, None, now)
            await state.put(tx, key, "", now)


def _is_back(one: Health) -> bool:
    """Something went since it last failed: quiet alone does not mean that it works."""
    at, failed = one.success_at, one.fault_at
    return not one.down and at is not None and (failed is None or at > failed)


async def _open(tx: Tx, pack: Pack, one: Health, now: datetime) -> int:
    rule = review_rule(pack, REASON, now.astimezone(pack.zone).date())
    worst = max(one.failures, key=lambda each: one.failures[each], default=("", "unknown"))
    wanted = ReviewWanted(
        reason=REASON,
        priority=rule.priority,
        deadline=deadline(pack, rule.priority, now, minutes=rule.minutes),
        key=f"{REASON}:{one.channel}",
        detail={"channel": one.channel, "undelivered": worst[1], "code": worst[0]},
    )
    return await reviews.open_review(tx, wanted, None, now) or 0
