"""Each day a few of yesterday's calm answers are drawn for a call: do people say how they are?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from bot.reviewing import ask_about
from bot.service import Service
from bot.store import following, state
from bot.store.cohorts import SPOT_CHECK
from bot.store.engines import Tx
from flows.rules import duty, spot_checks
from flows.turn import Desk

_KEY: Final = "spot_checked"


async def draw(service: Service) -> bool:
    """Draw once a day, when somebody is there to call; what was drawn is kept with its day."""
    now = service.clock.now()
    pack = service.desk.pack(now.date())
    today = now.astimezone(pack.zone).date()
    if not duty(pack, now).staffed:
        return False
    async with service.store.writing() as tx:
        # Two workers: the second one waits here, and finds it done.
        if await state.once(tx, _KEY, today.isoformat(), now):
            await _draw(tx, service.desk, today, now)
    return False


async def _draw(tx: Tx, desk: Desk, today: date, now: datetime) -> None:
    pack = desk.pack(now.date())
    rule = spot_checks(pack, today)
    if rule is None:
        return
    yesterday = today - timedelta(days=1)
    drawn = tx.keyring.index(SPOT_CHECK, today.isoformat())
    which = int.from_bytes(drawn[:8], "big") % rule.one_in
    for follow_up in await following.calm_days(tx, yesterday, rule.one_in, which, rule.most):
        detail = {"day": yesterday.isoformat(), "rule": rule.row}
        await ask_about(tx, pack, follow_up, now, SPOT_CHECK, detail=detail)
