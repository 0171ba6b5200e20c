"""`bench turns`: signed webhooks of people in mid-check-in, beside one that parses the form."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from bot.benches import servers
from bot.benches.crowd import number_of, settle_all
from bot.benches.figures import PAIRS, Figures, Size, median
from bot.benches.load import Driven, Job, generate
from bot.benches.posting import ANSWERS, requests
from bot.benches.processes import child, hear
from bot.desk import desk_for
from bot.settings import PACK, Settings
from bot.store import addresses, overview, scenes
from bot.store.engines import Store, open_store
from bot.store.migrating import migrate
from flows.turn import Desk, take_turn
from flows.vocabulary import Incoming

NAME: Final = "turns"
DRAINED: Final = "turns-drained"
PEOPLE: Final = 5000
FEW: Final = 100
LOOKED_AT: Final = 500
APART_S: Final = 6


def run(size: Size) -> Figures:
    """Messages a second of one process on SQLite, committed before they are answered."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = servers.settings_for(f"sqlite:///{Path(folder) / 'bench.db'}")
        pure_us = asyncio.run(prepare(settings, people(size)))
        ours = stack.enter_context(child(servers.vigie, settings))
        pairs = list(_pairs(stack, ours, size))
    return Figures(NAME, {**told(pairs), "pure_us": round(pure_us, 1)})


def run_drained(size: Size) -> Figures:
    """The same with the worker beside it, which sends the replies meanwhile."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = hear(stack.enter_context(child(servers.provider)))
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        settings = servers.settings_for(url, f"http://127.0.0.1:{port}")
        asyncio.run(prepare(settings, people(size)))
        ours = stack.enter_context(child(servers.vigie, settings, True))
        pairs = list(_pairs(stack, ours, size))
        left = asyncio.run(waiting(settings))
    return Figures(DRAINED, {**told(pairs), "left": left})


def people(size: Size) -> int:
    """How many people write."""
    return FEW if size == "quick" else PEOPLE


async def prepare(settings: Settings, many: int) -> float:
    """Fill a new database; the microseconds that the pure part of a turn takes there."""
    await migrate(settings.database_url)
    now = datetime.now(UTC)
    desk = desk_for(PACK, now)
    async with open_store(settings.database_url, settings.keyring()) as store:
        await settle_all(store, desk, now, many)
        return await _pure(store, desk, now, min(many, LOOKED_AT))


async def _pure(store: Store, desk: Desk, now: datetime, many: int) -> float:
    """The median of the first answers of some people."""
    async with store.writing() as tx:
        at = await addresses.lock_many(tx, [("sms", number_of(n)) for n in range(many)], now)
        found = await scenes.scenes(tx, at, now)
    took = []
    for n, scene in enumerate(found):
        words = ANSWERS[0][n % len(ANSWERS[0])]
        began = time.perf_counter()
        take_turn(scene, Incoming("sms", f"{n}", number_of(n), "", words), desk, now, n)
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1e6


async def waiting(settings: Settings) -> int:
    """How many texts have not gone out yet."""
    store = open_store(settings.database_url, settings.keyring())
    async with store, store.reading() as tx:
        queues = await overview.queues(tx, datetime.now(UTC))
    return sum(backlog.count for backlog in queues.texts.values())


def _pairs(stack: ExitStack, ours: Connection, size: Size) -> Iterator[tuple[Driven, Driven]]:
    """Ours and the bare handler in turn, with the same requests."""
    port = hear(ours)
    bare = hear(stack.enter_context(child(servers.bare)))
    generator = stack.enter_context(child(generate))
    posted = list(requests(people(size)))
    for share in shares(posted, 1 if size == "quick" else PAIRS):
        # Sooner, an answer would be read as a further piece of the one before.
        time.sleep(0 if size == "quick" else APART_S)
        yield drive(generator, (port,), share), drive(generator, (bare,), share)


def shares(posted: Sequence[bytes], many: int) -> Iterator[Sequence[bytes]]:
    """Requests in so many parts, in their order."""
    each = len(posted) // many
    return (posted[part * each : (part + 1) * each] for part in range(many))


def drive(generator: Connection, ports: tuple[int, ...], posted: Sequence[bytes]) -> Driven:
    """Let the generator post these."""
    generator.send(Job(ports, posted))
    driven = hear(generator)
    assert isinstance(driven, Driven)  # noqa: S101
    return driven


def told(pairs: Sequence[tuple[Driven, Driven]]) -> dict[str, float]:
    """The medians, and how near the generator came to its own end."""
    return {
        "messages_per_s": median([mine.per_s for mine, _ in pairs]),
        "p50_ms": median([mine.p50_ms for mine, _ in pairs]),
        "p99_ms": median([mine.p99_ms for mine, _ in pairs]),
        "ratio": median([mine.per_s / bare.per_s for mine, bare in pairs], 4),
        "reference_per_s": median([bare.per_s for _, bare in pairs]),
        "refused": sum(mine.refused for mine, _ in pairs),
        # Below 1 the generator waited for the server, and not the server for it.
        "generator_busy": median([bare.busy for _, bare in pairs], 2),
    }
