"""`vigie simulate`: a whole outbreak in virtual time, against the real engine and store."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from bot.commands import Fault
from bot.simulation.outbreak import Outbreak, Told
from bot.simulation.weather import CALM, ROUGH

NAME = "simulate"
HELP = "a whole outbreak in virtual time, against the real engine and store"
EXAMPLE = "vigie simulate --people 60 --days 5 --seed 7"

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
MOST_PEOPLE = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How large, how long, which one."""
    parser.add_argument("--people", metavar="N", type=int, default=100, help="100 unless given")
    parser.add_argument("--days", metavar="D", type=float, default=7.0, help="7 unless given")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="the same again, exactly")
    rough = "a provider that fails, and a service that is killed now and then"
    parser.add_argument("--rough", action="store_true", help=rough)
    parser.add_argument("--json", action="store_true", help="one line of JSON")


def run(args: argparse.Namespace) -> int:
    """Run it and say what became of everybody."""
    if not 1 <= args.people <= MOST_PEOPLE:
        raise Fault(f"--people wants a number from 1 to {MOST_PEOPLE}", 2)
    if not 0 < args.days <= 365:
        raise Fault("--days wants a number from 0 to 365", 2)
    # What goes wrong in rough weather is part of the play.
    logging.disable(logging.CRITICAL)
    weather = ROUGH if args.rough else CALM
    with _folder() as folder, _bar(args.days) as bar:
        outbreak = Outbreak(folder, args.seed, args.people, args.days, weather)
        told = outbreak.run(lambda days: _moved(bar, days))
    print(json.dumps(asdict(told)) if args.json else "\n".join(_lines(told, args.seed)))
    return 0


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder in memory where there is one: nothing of this is to be kept."""
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="vigie-simulation-", dir=where) as folder:
        yield Path(folder)


@contextmanager
def _bar(days: float) -> Iterator[tqdm[None]]:
    shown = "{l_bar}{bar}| day {n:.1f} of {total:g}"
    with tqdm(
        total=days, bar_format=shown, disable=not sys.stderr.isatty(), file=sys.stderr
    ) as bar:
        yield bar


def _moved(bar: tqdm[None], days: float) -> None:
    bar.update(days - bar.n)


def _lines(told: Told, seed: int) -> Iterator[str]:
    texts = ", ".join(f"{count} {kind}" for kind, count in sorted(told.texts.items()))
    reviews = ", ".join(f"{count} {word}" for word, count in told.reviews.items())
    yield f"outbreak {seed}: {told.people} people, {told.days:g} days"
    yield f"cases reported       {told.cases}"
    yield f"contacts, not closed {told.contacts}"
    yield f"followed each day    {told.followed}"
    yield f"people written to    {told.written_to}, {told.never_answered} of whom never answered"
    yield f"texts sent           {sum(told.texts.values())} ({texts or 'none'})"
    yield f"messages heard       {told.heard}, {told.dangers} of them words of danger"
    yield f"reviews open         {reviews or 'none'}"
    if told.crashes:
        yield f"killed and restarted {told.crashes} times"
    yield f"trace                {told.trace[:16]} (the same for the same seed)"
