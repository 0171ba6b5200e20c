"""`vigie web`: the web side alone; as many processes as wanted on PostgreSQL."""

from __future__ import annotations

import argparse
import asyncio

NAME = "web"
HELP = "the web pages and webhooks alone, beside one or more workers"
EXAMPLE = "vigie web"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: how it runs is in the environment."""


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from bot.commands import _running
    from bot.service import Service

    async def pages(service: Service, stop: asyncio.Event) -> None:
        async with _running.listening(service):
            await stop.wait()

    return _running.run(pages)
