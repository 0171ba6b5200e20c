"""`bench turns-postgres`: the same turns on PostgreSQL, by one, two and four web processes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from bot.benches import servers
from bot.benches.figures import Figures, Size, median
from bot.benches.load import Driven, generate
from bot.benches.posting import requests
from bot.benches.processes import child, hear
from bot.benches.turns import drive, people, prepare, shares, told
from bot.commands import Fault
from bot.commands._opening import reached
from bot.settings import Settings
from bot.store.engines import open_store
from bot.store.migrating import pending

NAME: Final = "turns-postgres"
WEBS: Final = (1, 2, 4)
PAIRS: Final = 3
MISSING: Final = (
    f"{NAME} wants an empty PostgreSQL database of its own: createdb bench, then "
    f"vigie bench {NAME} --database postgresql://USER@HOST/bench"
)

Round = dict[int, tuple[Driven, Driven]]


def run(size: Size, database: str = "") -> Figures:
    """What one process takes, beside the bare handler, and how much of it two and four keep."""
    if not database.startswith("postgres"):
        raise Fault(MISSING, 2)
    settings = servers.settings_for(database)
    asyncio.run(_refuse_people(settings))
    asyncio.run(prepare(settings, people(size)))
    with ExitStack() as stack:
        webs = [stack.enter_context(child(servers.vigie, settings)) for _ in range(max(WEBS))]
        ports = tuple(hear(web) for web in webs)
        rounds = list(_rounds(stack, ports, size))
    kept = {
        f"kept_{n}": median([one[n][0].per_s / one[1][0].per_s for one in rounds], 3)
        for n in WEBS[1:]
    }
    several = {f"messages_per_s_{n}": median([one[n][0].per_s for one in rounds]) for n in WEBS[1:]}
    return Figures(NAME, {**told([one[1] for one in rounds]), **several, **kept})


async def _refuse_people(settings: Settings) -> None:
    """A crowd that was made up is not put among real people."""
    async with open_store(settings.database_url, settings.keyring()) as store:
        with reached():
            lacking = await pending(store)
    if lacking[:1] != ["0001"]:
        raise Fault(f"--database: there are tables in it already. {MISSING}", 2)


def _rounds(stack: ExitStack, ports: tuple[int, ...], size: Size) -> Iterator[Round]:
    bare = hear(stack.enter_context(child(servers.bare)))
    generator = stack.enter_context(child(generate))
    rounds = 1 if size == "quick" else PAIRS
    parts = shares(list(requests(people(size))), rounds * len(WEBS))
    for _ in range(rounds):
        one: Round = {}
        for n in WEBS:
            posted = next(parts)
            mine = drive(generator, ports[:n], posted)
            one[n] = mine, drive(generator, (bare,), posted)
        yield one
