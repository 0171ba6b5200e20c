"""`vigie migrate`: the newest schema, on either database."""

import argparse
import asyncio

from bot.commands import Fault
from bot.commands._opening import reached, read
from bot.store.migrating import MigrationFailed, migrate

NAME = "migrate"
HELP = "bring the database to the newest schema"
EXAMPLE = "DATABASE_URL=sqlite:///var/vigie.db vigie migrate"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: the database is DATABASE_URL."""


def run(args: argparse.Namespace) -> int:
    """Take the steps that the database lacks: all of them, or none."""
    settings = read()
    try:
        with reached():
            steps = asyncio.run(migrate(settings.database_url))
    except MigrationFailed as fault:
        raise Fault(f"DATABASE_URL: the database was left as it was: {fault}") from None
    print(f"migrated: {', '.join(steps)}" if steps else "nothing to do: the schema is the newest")
    return 0
