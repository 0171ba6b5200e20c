"""Counts each day's cohorts anew for as long as they still move, a day at a time, by one worker."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.service import Service
from bot.store import cohorts, state, tallies
from bot.store.cohorts import Cohorts, Counted, Group
from bot.store.engines import Tx

# A follow-up lasts two weeks or more: a day's cohort is counted for so long.
DAYS: Final = 28
EVERY: Final = ((0, timedelta(minutes=15)), (3, timedelta(hours=3)), (DAYS, timedelta(days=1)))
_LEASE: Final = timedelta(minutes=10)
_KEY: Final = "tallied"


async def tally(service: Service) -> bool:
    """Count the day whose figures are the most overdue, if any is."""
    now = service.clock.now()
    pack = service.desk.pack(now.date())
    today = now.astimezone(pack.zone).date()
    async with service.store.writing() as tx:
        if not await state.take_lease(tx, _KEY, service.owner, now + _LEASE, now):
            return False
        counted_at = await _counted_at(tx)
    day = next_day(counted_at, today, now)
    if day is None:
        return False
    since, until = cohorts.day_span(day, pack.zone)
    async with service.store.reading() as tx:
        found = await cohorts.of_day(tx, day, since, until)
        people = (one.person_id for every in found.values() for one in every)
        groups = await cohorts.groups_of(tx, (one for one in people if one))
        sent = await cohorts.sent_of_day(tx, since, until)
    async with service.store.writing() as tx:
        await tallies.keep(tx, day, {**counted(found, groups), "delivered": sent})
        kept = {one: at for one, at in counted_at.items() if (today - one).days <= DAYS}
        said = {one.isoformat(): at.isoformat() for one, at in (kept | {day: now}).items()}
        await state.put(tx, _KEY, json.dumps(said), now)
    return False


def next_day(counted_at: Mapping[date, datetime], today: date, now: datetime) -> date | None:
    """The newest day whose figures are older than its age allows."""
    for back in range(DAYS):
        day = today - timedelta(days=back)
        rest = next(every for age, every in EVERY if back <= age)
        if day not in counted_at or now - counted_at[day] >= rest or counted_at[day] > now:
            return day
    return None


def counted(found: Cohorts, groups: Mapping[int, Group]) -> dict[str, Counter[tuple[Group, int]]]:
    """How many of each group stand where."""
    return {
        measure: Counter((_group(one, groups), one.bucket) for one in every)
        for measure, every in found.items()
    }


def _group(one: Counted, groups: Mapping[int, Group]) -> Group:
    mine = groups.get(one.person_id or 0, Group())
    return replace(mine, team=one.team)


async def _counted_at(tx: Tx) -> dict[date, datetime]:
    said = json.loads(await state.get(tx, _KEY) or "{}")
    return {date.fromisoformat(day): datetime.fromisoformat(at) for day, at in said.items()}
