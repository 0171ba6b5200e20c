"""`vigie serve`: web and worker in one process."""

from __future__ import annotations

import argparse
import asyncio

NAME = "serve"
HELP = "the web pages, the webhooks and the worker in one process (the default)"
EXAMPLE = "PORT=8080 vigie serve"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: how it runs is in the environment."""


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from bot.commands import _running
    from bot.service import Service
    from bot.worker import work

    async def both(service: Service, stop: asyncio.Event) -> None:
        async with _running.listening(service):
            await work(service, stop)

    return _running.run(both)
