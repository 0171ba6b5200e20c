"""`bench timers`: the due of one minute among a million waiting, beside the bare indexed query."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.benches import servers
from bot.benches.crowd import settle_all
from bot.benches.figures import Figures, Size, median
from bot.desk import desk_for
from bot.due import AT_ONCE, fire_due
from bot.service import Service, close_service, open_service
from bot.settings import PACK
from bot.store import timers
from bot.store.engines import Store
from bot.store.migrating import migrate
from flows.vocabulary import Timer

NAME: Final = "timers"
DUE: Final = 700
CHUNK: Final = 20_000
# (few waiting, many waiting)
SIZES: Final = {"quick": (700, 5_000), "usual": (10_000, 1_000_000), "full": (10_000, 1_000_000)}
_BARE: Final = (
    "SELECT key, kind, due_at, address_id FROM timers WHERE due_at <= ? ORDER BY due_at LIMIT ?"
)


def run(size: Size) -> Figures:
    """Seconds to fire the same 700 among few and among many, and how much slower many make it."""
    few, many = SIZES[size]
    due = min(DUE, few // 10) if size == "quick" else DUE
    few_s, few_bare_s, _ = asyncio.run(_among(few, due))
    many_s, many_bare_s, filled_s = asyncio.run(_among(many, due))
    return Figures(
        NAME,
        {
            "waiting": many,
            "due": due,
            "fire_s": round(many_s, 3),
            "fire_few_s": round(few_s, 3),
            "slower": round(many_s / few_s, 3),
            "query_ms": round(many_bare_s * 1000, 3),
            "query_few_ms": round(few_bare_s * 1000, 3),
            "ratio": round(many_bare_s / many_s, 5),
            "filled_s": round(filled_s, 1),
        },
    )


async def _among(waiting: int, due: int) -> tuple[float, float, float]:
    """Seconds to fire the due, to find them by the bare query, to fill the database."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        settings = servers.settings_for(f"sqlite:///{file}")
        await migrate(settings.database_url)
        service = await open_service(settings)
        try:
            began = time.perf_counter()
            await _fill(service, waiting, due)
            filled = time.perf_counter() - began
            bare = _bare(file, due)
            return await _fire(service, due), bare, filled
        finally:
            await close_service(service)


async def _fill(service: Service, waiting: int, due: int) -> None:
    """Everybody's check-in waits, one each second of the days to come; some are due just now."""
    now = service.clock.now()
    await settle_all(service.store, desk_for(PACK, now), now, due, days=3)
    await _make_due(service.store, now)
    for start in range(0, waiting - due, CHUNK):
        later = [
            Timer(f"check_in:{place}", "check_in", now + timedelta(seconds=3600 + place))
            for place in range(start, min(start + CHUNK, waiting - due))
        ]
        async with service.store.writing() as tx:
            await timers.set_many(tx, later)


async def _make_due(store: Store, now: datetime) -> None:
    """The check-ins that the crowd waits for fall due within this minute."""
    async with store.writing() as tx:
        claimed = await timers.claim(tx, now + timedelta(days=2), 10**6, "bench", timedelta(0))
        moved = [
            Timer(
                one.key,
                one.kind,
                now - timedelta(milliseconds=80 * place),
                person_id=one.person_id,
                follow_up_id=one.follow_up_id,
            )
            for place, one in enumerate(one for one, _ in claimed if one.kind == "check_in")
        ]
        await timers.drop(tx, [one.key for one, _ in claimed if one.kind == "silence"])
        await timers.set_many(tx, moved)


async def _fire(service: Service, due: int) -> float:
    began = time.perf_counter()
    for _ in range(due // AT_ONCE + 1):
        await fire_due(service)
    return time.perf_counter() - began


def _bare(file: Path, due: int) -> float:
    """Seconds for the index alone to say what is due."""
    now = int(datetime.now(UTC).timestamp() * 1_000_000)

    def ask(connection: sqlite3.Connection) -> float:
        began = time.perf_counter()
        found = connection.execute(_BARE, (now, due)).fetchall()
        if len(found) != due:
            raise ValueError(f"{len(found)} of {due} are due")
        return time.perf_counter() - began

    with closing(sqlite3.connect(file)) as connection:
        return median([ask(connection) for _ in range(9)], 9)
