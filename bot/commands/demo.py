"""`vigie demo`: load the demonstration, fictional people all of them."""

from __future__ import annotations

import argparse
import asyncio

from bot.clock import Clock
from bot.commands import Fault
from bot.commands._opening import opened, reached, read
from bot.demonstration.loading import SIGN_INS, CutShort, load
from bot.desk import desk_for
from bot.settings import Settings

NAME = "demo"
HELP = "load the demonstration (fictional people)"
EXAMPLE = "vigie demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Load it once; a database that holds people is left as it is."""
    settings = read()
    if not settings.demonstration:
        raise Fault("VIGIE_MODE is production: the demonstration is for demonstrations alone", 2)
    loaded = asyncio.run(_load(settings))
    print("the demonstration is loaded" if loaded else "nothing to do: people are here already")
    for email, role, password in SIGN_INS:
        print(f"  sign in as {role}: {email} / {password}")
    return 0


async def _load(settings: Settings) -> bool:
    async with opened(settings) as store:
        clock = Clock(settings.now_offset)
        async with store.reading() as tx:
            await clock.recall(tx)
        try:
            with reached():
                return await load(store, desk_for(settings.pack, clock.now()), clock.now())
        except CutShort:
            raise Fault(
                "the demonstration was stopped while it loaded, and is here in part: "
                "remove the database (var/vigie.db unless DATABASE_URL says another) and begin anew"
            ) from None
