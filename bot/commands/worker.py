"""`vigie worker`: sends, fires timers, carries out deeds, sweeps; without pages."""

from __future__ import annotations

import argparse

NAME = "worker"
HELP = "sending, timers, deeds and sweeps alone, beside one or more webs"
EXAMPLE = "vigie worker"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: how it runs is in the environment."""


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    from bot.commands import _running
    from bot.worker import work

    return _running.run(work)
