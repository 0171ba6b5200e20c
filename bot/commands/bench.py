"""`vigie bench [NAME]`: the benchmarks, each beside its bare-metal reference."""

from __future__ import annotations

import argparse

from bot.benches import understanding

NAME = "bench"
HELP = "measure, beside a bare-metal reference in the same run"
EXAMPLE = "vigie bench understand --json"

BENCHES = {understanding.NAME: understanding.run}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which benchmark; all of them unless one is named."""
    parser.add_argument("name", metavar="NAME", nargs="?", choices=sorted(BENCHES))
    parser.add_argument("--json", action="store_true", help="one line of JSON for each")


def run(args: argparse.Namespace) -> int:
    """Run and print."""
    for name in [args.name] if args.name else sorted(BENCHES):
        figures = BENCHES[name]()
        print(figures.as_json() if args.json else figures)
    return 0
