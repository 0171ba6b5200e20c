"""Imported once in the server that forks services: what each reads at its start is read here."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.__main__ import main
from bot.commands import serve, web, worker  # noqa: F401 - read before the fork
from bot.desk import desk_for
from integrations.channels.twilio import Account, Twilio

if __name__ == "tests.nursery":
    importlib.import_module("admin")
    Twilio(Account("AC", "token"))
    desk_for("demonstration", datetime.now(UTC))


def born(command: str, environ: Mapping[str, str], log: Path) -> BaseProcess:
    """A process of the service, started: `vigie serve`, `web` or `worker`."""
    context = get_context("forkserver")
    # By a name that is found from any folder.
    context.set_forkserver_preload(["bot.benches.begun", "tests.nursery"])
    process = context.Process(target=_live, args=(command, dict(environ), str(log)))
    process.start()
    return process


def _live(command: str, environ: dict[str, str], log: str) -> None:
    os.environ.update(environ)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(told, 1)
    os.dup2(told, 2)
    asyncio.set_event_loop(None)
    sys.exit(main([command]))
