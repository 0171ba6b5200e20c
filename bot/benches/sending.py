"""`bench outbox`: texts drained into a provider that takes 20 ms, beside a bare HTTP client."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import aiohttp

from bot.benches import servers
from bot.benches.crowd import number_of, settle_all
from bot.benches.figures import Figures, Size, median
from bot.benches.processes import Broken, child, hear
from bot.benches.processes import run as run_loop
from bot.desk import desk_for
from bot.settings import PACK, Settings
from bot.store import addresses, messages
from bot.store.engines import open_store
from bot.store.migrating import migrate
from flows.vocabulary import Draft

NAME: Final = "outbox"
TEXTS: Final = 20_000
FEW: Final = 200
AT_ONCE: Final = 64
PAIRS: Final = 3
WORDS: Final = "Merci. De la fièvre aujourd'hui ? Écrivez le chiffre, par exemple 38,2, ou 0."
PATIENCE_S: Final = 300.0


def run(size: Size) -> Figures:
    """Texts a second that the provider takes, by the worker and by the client."""
    texts, pairs = (FEW, 1) if size == "quick" else (TEXTS, PAIRS)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = hear(stack.enter_context(child(servers.provider)))
        provider = f"http://127.0.0.1:{port}"
        settings = servers.settings_for(f"sqlite:///{Path(folder) / 'bench.db'}", provider)
        asyncio.run(_prepare(settings, texts // pairs))
        rates = list(_rates(settings, provider, texts // pairs, pairs))
    return Figures(
        NAME,
        {
            "messages_per_s": median([mine for mine, _ in rates]),
            "reference_per_s": median([bare for _, bare in rates]),
            "ratio": median([mine / bare for mine, bare in rates], 4),
        },
    )


def _rates(
    settings: Settings, provider: str, each: int, pairs: int
) -> Iterator[tuple[float, float]]:
    for pair in range(pairs):
        asyncio.run(_queue(settings, each, pair))
        with child(servers.worker, settings) as working:
            hear(working)
            mine = _taken(provider, each)
        with child(client, provider, each) as bare:
            hear(bare)
            yield mine, _taken(provider, each)


async def _prepare(settings: Settings, people: int) -> None:
    await migrate(settings.database_url)
    now = datetime.now(UTC)
    async with open_store(settings.database_url, settings.keyring()) as store:
        await settle_all(store, desk_for(PACK, now), now, people, days=0)


async def _queue(settings: Settings, texts: int, pair: int) -> None:
    """One answer waits for everybody."""
    now = datetime.now(UTC)
    places = range(texts)
    async with open_store(settings.database_url, settings.keyring()) as store:
        for part in _parts(places, 1000):
            async with store.writing() as tx:
                numbers = [("sms", number_of(one)) for one in part]
                at = await addresses.lock_many(tx, numbers, now)  # type: ignore[arg-type]
                drafts = [(one, Draft(f"b:{pair}:{one.id}", "reply", WORDS)) for one in at]
                await messages.queue_drafts(tx, drafts, now)


def _parts(whole: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


def _taken(provider: str, wanted: int) -> float:
    """Wait until the provider took so many; how many a second it took, and count anew."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{provider}/taken") as answer:  # noqa: S310 - our own
            told = json.load(answer)
        if told["many"] >= wanted:
            urllib.request.urlopen(f"{provider}/anew").close()  # noqa: S310
            return float((told["many"] - 1) / (told["last"] - told["first"]))
        time.sleep(0.2)
    raise Broken(f"the provider took {told['many']} of {wanted} texts in {PATIENCE_S:g} seconds")


def client(pipe: Connection, provider: str, texts: int) -> None:
    """The reference: a bare client posts as many texts, as many at once."""
    address = f"{provider}/2010-04-01/Accounts/{servers.SID}/Messages.json"

    async def posting() -> None:
        left = iter(range(texts))
        async with aiohttp.ClientSession(auth=aiohttp.BasicAuth(servers.SID, "x")) as session:

            async def line() -> None:
                for one in left:
                    form = {"To": number_of(one), "From": servers.SENDER, "Body": WORDS}
                    async with session.post(address, data=form) as answer:
                        await answer.json()

            await asyncio.gather(*(line() for _ in range(AT_ONCE)))
        pipe.send(texts)

    run_loop(posting)
