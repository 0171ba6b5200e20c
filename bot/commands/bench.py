"""`vigie bench [NAME]`: the benchmarks, each beside its bare-metal reference."""

from __future__ import annotations

import argparse
import importlib

NAME = "bench"
HELP = "measure, beside a bare-metal reference in the same run"
EXAMPLE = "vigie bench understand --json"

POSTGRES = "turns-postgres"
ADMIN = "admin"
# By name: the module and its function, imported only to run.
BENCHES = {
    "understand": ("understanding", "run"),
    "turns": ("turns", "run"),
    "turns-drained": ("turns", "run_drained"),
    POSTGRES: ("postgres", "run"),
    "outbox": ("sending", "run"),
    "timers": ("waiting", "run"),
    "growth": ("growth", "run"),
    ADMIN: ("admin", "run"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which benchmark; all of them unless one is named."""
    parser.add_argument("name", metavar="NAME", nargs="?", choices=BENCHES)
    parser.add_argument("--json", action="store_true", help="one line of JSON for each")
    parser.add_argument(
        "--database",
        metavar="URL",
        default="",
        help=f"an empty PostgreSQL, for {POSTGRES}; of either kind and kept, for {ADMIN}",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small: does it run at all?")
    size.add_argument("--full", action="store_true", help="as large as life: takes very long")


def run(args: argparse.Namespace) -> int:
    """Run and print; without a database of its own, PostgreSQL is left out of them all."""
    size = "quick" if args.quick else "full" if args.full else "usual"
    every = [name for name in BENCHES if args.database or name != POSTGRES]
    for name in [args.name] if args.name else every:
        module, function = BENCHES[name]
        measure = getattr(importlib.import_module(f"bot.benches.{module}"), function)
        # Two of them cannot fill the same database.
        wants = name == POSTGRES or args.name == ADMIN
        figures = measure(size, args.database) if wants else measure(size)
        print(figures.as_json() if args.json else figures, flush=True)
    return 0
