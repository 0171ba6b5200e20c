"""`vigie metrics-key`: the bearer key with which Prometheus may read the figures."""

from __future__ import annotations

import argparse

from bot.commands._opening import read

NAME = "metrics-key"
HELP = "print the bearer key for GET /metrics from another machine"
EXAMPLE = "vigie metrics-key"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: the key is made from VIGIE_SECRET_KEY."""


def run(args: argparse.Namespace) -> int:
    """Print the key."""
    from bot.service import metrics_key

    print(metrics_key(read()))
    return 0
