"""`bench growth`: what a turn costs among few people and among many, after weeks of check-ins."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.benches import servers
from bot.benches.crowd import number_of, settle_all
from bot.benches.figures import Figures, Size, median
from bot.benches.posting import ANSWERS
from bot.desk import desk_for
from bot.settings import PACK
from bot.store.engines import Store, open_store
from bot.store.migrating import migrate
from bot.taking import take_all
from flows.turn import Desk
from flows.vocabulary import Incoming

NAME: Final = "growth"
# (few people, many people, days of history)
SIZES: Final = {
    "quick": (64, 256, 2),
    "usual": (1_000, 20_000, 30),
    "full": (1_000, 1_000_000, 30),
}
BATCH: Final = 64
TURNS: Final = 640


def run(size: Size) -> Figures:
    """Microseconds of a turn among few and among many, and how much slower many make it."""
    few, many, days = SIZES[size]
    with tempfile.TemporaryDirectory() as folder:
        small, large = (f"sqlite:///{Path(folder) / name}.db" for name in ("small", "large"))
        return asyncio.run(_measured(small, large, few, many, days))


async def _measured(small: str, large: str, few: int, many: int, days: int) -> Figures:
    now = datetime.now(UTC)
    desk = desk_for(PACK, now)
    await _filled(small, desk, now, few, days)
    filled = await _filled(large, desk, now, many, days)
    keyring = servers.settings_for(small).keyring
    async with open_store(small, keyring()) as little, open_store(large, keyring()) as much:
        pairs = []
        for turn, words in enumerate(ANSWERS):
            mine = await _turns(much, desk, now, _spread(many), turn, words)
            theirs = await _turns(little, desk, now, _spread(few), turn, words)
            pairs.append((mine, theirs))
    return Figures(
        NAME,
        {
            "people": many,
            "days": days,
            "turn_us": median([mine for mine, _ in pairs]),
            "turn_few_us": median([theirs for _, theirs in pairs]),
            "slower": median([mine / theirs for mine, theirs in pairs], 3),
            "filled_s": round(filled, 1),
        },
    )


async def _filled(url: str, desk: Desk, now: datetime, people: int, days: int) -> float:
    await migrate(url)
    began = time.perf_counter()
    async with open_store(url, servers.settings_for(url).keyring()) as store:
        await settle_all(store, desk, now, people, days=days)
    return time.perf_counter() - began


def _spread(people: int) -> Sequence[int]:
    """Those who write: from the whole crowd, never neighbours where there are many."""
    return range(0, people, max(1, people // TURNS))[:TURNS]


async def _turns(
    store: Store, desk: Desk, now: datetime, places: Sequence[int], turn: int, words: Sequence[str]
) -> float:
    """Microseconds of one turn in batches, committed."""
    began = time.perf_counter()
    for start in range(0, len(places), BATCH):
        batch = [
            Incoming("sms", f"SM{turn}-{one}", number_of(one), "", words[one % len(words)])
            for one in places[start : start + BATCH]
        ]
        async with store.writing() as tx:
            await take_all(tx, batch, desk, now)
    return (time.perf_counter() - began) / len(places) * 1e6
