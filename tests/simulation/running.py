"""Runs the worlds of many seeds, on as many processes as wanted."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

from bot.simulation.world import Stage
from tests.simulation.worlds import Outcome, Size, run, stage_in

_stage: Stage | None = None


def memory() -> str | None:
    """A folder in memory where there is one, so that fsync costs nothing."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def outcomes(seeds: range, size: Size, jobs: int) -> Iterator[Outcome]:
    """The worlds of these seeds, in any order."""
    if jobs == 1:
        yield from map(one, [(seed, size) for seed in seeds])
        return
    with get_context("spawn").Pool(jobs, maxtasksperchild=500) as pool:
        yield from pool.imap_unordered(one, [(seed, size) for seed in seeds])


def one(wanted: tuple[int, Size]) -> Outcome:
    """One world, on the stage of this process."""
    global _stage
    if _stage is None:
        logging.disable(logging.CRITICAL)
        folder = tempfile.mkdtemp(prefix="vigie-worlds-", dir=memory())
        _stage = stage_in(Path(folder))
    return run(_stage, *wanted)
